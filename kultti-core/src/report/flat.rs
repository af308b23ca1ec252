//! A report as one table: a row for each figure of the area and of each group, and for each period of the leading figure.

use super::facts::Report;
use crate::compare::{Comparison, Context, Trend};
use crate::export::{
    Axis, CONTEXT, Document, Export, GROUPS_OF_GROUPINGS, PERIODS, Shape, Table, Value, context, text,
};
use crate::formats::Role;
use crate::language::Language;
use crate::model::Missing;

const INDICATORS: Axis = Axis {
    code: "indicator",
    within: None,
    label: Some("indicator_label"),
    role: Role::Classification,
    word: "word.indicator",
};

const PRICES: Axis = Axis {
    code: "price_basis",
    within: None,
    label: None,
    role: Role::Classification,
    word: "word.price-basis",
};

/// The columns before those that every record carries.
const COLUMNS: [&str; 19] = [
    "code",
    "name",
    "indicator_label",
    "grouping",
    "group",
    "label",
    "value",
    "rank",
    "percent_rank",
    "ranked",
    "difference",
    "difference_relative",
    "aggregator",
    "n",
    "members",
    "coverage_areas",
    "coverage_denominator",
    "status",
    "missing",
];

impl Export for Report {
    /// A row without a group is the area's own figure. Rows with a price basis are in the money of one year.
    fn table(&self, language: Language) -> Table {
        let mut columns = COLUMNS.to_vec();
        columns.extend(CONTEXT);
        let mut rows = Vec::new();
        for figure in &self.figures {
            rows.extend(self.of_comparison(&figure.comparison, language));
        }
        let known = self.headline().map(|headline| headline.period);
        let nominal = self.nominal.as_ref().map(|trend| (trend, known));
        let real = self.real.as_ref().and_then(|real| real.as_ref().ok());
        for (trend, except) in nominal.into_iter().chain(real.map(|real| (real, None))) {
            rows.extend(self.of_trend(trend, except, language));
        }
        let mut notes = Vec::new();
        for (note, _) in self.notes() {
            notes.push(note.clone());
        }
        Table {
            columns,
            rows,
            notes,
            language,
        }
    }

    fn shape(&self) -> Option<Shape<'_>> {
        self.headline().map(|headline| Shape {
            name: "report",
            context: &headline.context,
            axes: vec![INDICATORS, GROUPS_OF_GROUPINGS, PERIODS, PRICES],
        })
    }

    fn document(&self, language: Language) -> Document {
        match self.page(language) {
            Ok(page) => page.document(),
            // A chart that cannot be made is an error of the page; the text goes without.
            Err(error) => Document {
                language: language.code(),
                blocks: vec![crate::export::Block::Paragraph(error.message().render(language))],
            },
        }
    }
}

/// A figure of a row: its value, or why there is none.
struct Told {
    value: Option<f64>,
    status: char,
    missing: Option<Missing>,
}

impl Report {
    fn of_comparison(&self, comparison: &Comparison, language: Language) -> Vec<Vec<Value>> {
        let none = || Value::Number(None);
        let own = Told {
            value: comparison.cell.value,
            status: comparison.cell.letter(),
            missing: comparison.cell.missing,
        };
        let position = &comparison.position;
        let mut rows = vec![self.row(
            &comparison.context,
            (None, self.area.name.get(language), own),
            vec![
                Value::Number(position.rank),
                Value::Number(position.percent_rank),
                Value::Count(position.n),
                none(),
                none(),
                Value::Text(None),
                none(),
                none(),
                none(),
                none(),
            ],
            (comparison.period, language),
        )];
        for peer in &comparison.peers {
            let row = &peer.row;
            let told = Told {
                value: row.value,
                status: row.status,
                missing: row.missing,
            };
            let group = Some((peer.grouping.as_str(), row.group.as_str()));
            rows.push(self.row(
                &comparison.context,
                (group, row.name.get(language), told),
                vec![
                    none(),
                    none(),
                    none(),
                    Value::Number(peer.difference),
                    Value::Number(peer.difference_relative),
                    text(row.aggregate.name()),
                    Value::Count(row.n),
                    Value::Count(row.members),
                    Value::Number(row.coverage_areas),
                    Value::Number(row.coverage_denominator),
                ],
                (comparison.period, language),
            ));
        }
        rows
    }

    /// The periods of a series; that of the comparison is there already.
    fn of_trend(
        &self,
        trend: &Trend,
        except: Option<crate::model::Period>,
        language: Language,
    ) -> Vec<Vec<Value>> {
        let points = trend.points.iter().filter(|point| Some(point.period) != except);
        let row = |point: &crate::compare::TrendPoint| {
            let told = Told {
                value: point.cell.value,
                status: point.cell.letter(),
                missing: point.cell.missing,
            };
            let mut beside = vec![Value::Number(None); 10];
            beside[5] = Value::Text(None);
            self.row(
                &trend.context,
                (None, self.area.name.get(language), told),
                beside,
                (point.period, language),
            )
        };
        points.map(row).collect()
    }

    fn row(
        &self,
        about: &Context,
        (group, label, told): (Option<(&str, &str)>, &str, Told),
        beside: Vec<Value>,
        (period, language): (crate::model::Period, Language),
    ) -> Vec<Value> {
        let mut cells = vec![
            text(&self.area.code),
            text(self.area.name.get(language)),
            text(about.label.get(language)),
            Value::Text(group.map(|(grouping, _)| grouping.to_owned())),
            Value::Text(group.map(|(_, group)| group.to_owned())),
            text(label),
            Value::Number(told.value),
        ];
        cells.extend(beside);
        cells.push(text(told.status));
        cells.push(Value::Missing(told.missing));
        cells.extend(context(about, period));
        cells
    }
}
