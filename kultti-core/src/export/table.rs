//! The flat machine form of a result: locale-free, with codes and ids as text.

use super::cube::{AREAS, GROUPS, GROUPS_OF_GROUPINGS, PERIODS, Shape};
use super::intervals;
use super::scalar::{missing_json, note_json, number_json};
use crate::compare::{Comparison, Context, Explanation, GroupRow, Groups, MeasureUse, Note, Ranking};
use crate::language::Language;
use crate::model::{Missing, Period};
use crate::panel::{Cell, UsedPart};
use serde_json::{Map, Value as Json, json};

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A text, or nothing.
    Text(Option<String>),
    /// A number, or nothing.
    Number(Option<f64>),
    /// A count.
    Count(usize),
    /// Yes or no.
    Flag(bool),
    /// Why there is no value.
    Missing(Option<Missing>),
    /// Notes, the same on every row of a result.
    Notes,
}

/// A table with named columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Column names.
    pub columns: Vec<&'static str>,
    /// Rows, each as long as `columns`.
    pub rows: Vec<Vec<Value>>,
    /// What a [`Value::Notes`] cell stands for.
    pub notes: Vec<Note>,
    /// The language of texts.
    pub language: Language,
}

impl Table {
    /// The table as an array of JSON objects.
    pub fn to_json(&self) -> Json {
        self.rows.iter().map(|row| self.record(row)).collect()
    }

    /// A row as a JSON object.
    pub(super) fn record(&self, row: &[Value]) -> Json {
        let cells = self
            .columns
            .iter()
            .zip(row)
            .map(|(name, value)| ((*name).to_owned(), self.cell(value)));
        Json::Object(cells.collect::<Map<_, _>>())
    }

    fn cell(&self, value: &Value) -> Json {
        match value {
            Value::Text(text) => json!(text),
            Value::Number(number) => number_json(*number),
            Value::Count(count) => json!(count),
            Value::Flag(flag) => json!(flag),
            Value::Missing(missing) => missing_json(*missing, self.language),
            Value::Notes => self
                .notes
                .iter()
                .map(|note| note_json(note, self.language))
                .collect(),
        }
    }

    /// The codes of the notes, joined by `;`, as they stand in CSV and Arrow.
    pub(super) fn note_codes(&self) -> String {
        let mut codes: Vec<&str> = Vec::new();
        for code in self.notes.iter().map(Note::code) {
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        codes.join(";")
    }
}

pub(crate) fn text(text: impl ToString) -> Value {
    Value::Text(Some(text.to_string()))
}

/// Columns that every record carries.
pub(crate) const CONTEXT: [&str; 9] = [
    "indicator",
    "definition",
    "period",
    "territory",
    "release",
    "unit",
    "price_basis",
    "three_year",
    "notes",
];

pub(crate) fn context(context: &Context, period: Period) -> [Value; 9] {
    [
        text(&context.indicator),
        text(&context.definition),
        text(period),
        text(&context.territory),
        text(&context.release),
        text(&context.unit),
        Value::Text(context.price_basis.as_ref().map(ToString::to_string)),
        Value::Flag(context.three_year),
        Value::Notes,
    ]
}

pub(super) fn status(cell: &Cell) -> [Value; 2] {
    [text(cell.letter()), Value::Missing(cell.missing)]
}

impl super::Export for Ranking {
    fn table(&self, language: Language) -> Table {
        let mut columns = vec![
            "code",
            "name",
            "value",
            "rank",
            "percent_rank",
            "status",
            "missing",
        ];
        columns.extend(CONTEXT);
        columns.extend(["order", "n"]);
        let row = |row: &crate::compare::RankRow| {
            let mut cells = vec![
                text(&row.area.code),
                text(row.area.name.get(language)),
                Value::Number(row.cell.value),
                Value::Number(row.rank),
                Value::Number(row.percent_rank),
            ];
            cells.extend(status(&row.cell));
            cells.extend(context(&self.context, self.period));
            cells.extend([text(self.order.name()), Value::Count(self.n)]);
            cells
        };
        Table {
            columns,
            rows: self.rows.iter().map(row).collect(),
            notes: self.notes.clone(),
            language,
        }
    }

    fn shape(&self) -> Option<Shape<'_>> {
        Some(Shape {
            name: "rank",
            context: &self.context,
            axes: vec![AREAS, PERIODS],
        })
    }

    fn document(&self, language: Language) -> super::Document {
        super::people::ranking(self, language)
    }
}

/// Columns of a group's figures.
const GROUP: [&str; 12] = [
    "group",
    "name",
    "value",
    "aggregator",
    "n",
    "members",
    "coverage_areas",
    "coverage_denominator",
    "status",
    "missing",
    "zeros",
    "value_without_zeros",
];

fn group(row: &GroupRow, language: Language) -> [Value; 12] {
    [
        text(&row.group),
        text(row.name.get(language)),
        Value::Number(row.value),
        text(row.aggregate.name()),
        Value::Count(row.n),
        Value::Count(row.members),
        Value::Number(row.coverage_areas),
        Value::Number(row.coverage_denominator),
        text(row.status),
        Value::Missing(row.missing),
        Value::Count(row.zeros),
        Value::Number(row.value_without_zeros),
    ]
}

impl super::Export for Groups {
    fn table(&self, language: Language) -> Table {
        let mut columns = GROUP.to_vec();
        if self.intervals.is_some() {
            columns.extend(intervals::LIMITS);
            columns.extend(intervals::HOW);
        }
        columns.extend(CONTEXT);
        let row = |(place, row): (usize, &GroupRow)| {
            let mut cells = group(row, language).to_vec();
            if let Some(found) = &self.intervals {
                cells.extend(intervals::limits(found.groups.get(place)));
                cells.extend(intervals::how(found));
            }
            cells.extend(context(&self.context, self.period));
            cells
        };
        Table {
            columns,
            rows: self.rows.iter().enumerate().map(row).collect(),
            notes: self.notes.clone(),
            language,
        }
    }

    fn shape(&self) -> Option<Shape<'_>> {
        Some(Shape {
            name: "groups",
            context: &self.context,
            axes: vec![GROUPS, PERIODS],
        })
    }

    fn document(&self, language: Language) -> super::Document {
        super::people::groups(self, language)
    }
}

impl super::Export for Comparison {
    /// One row per group, with the area's own figures on each; where the members were asked for, one row per member.
    fn table(&self, language: Language) -> Table {
        if self.peers.iter().any(|peer| !peer.standing.list.is_empty()) {
            return super::standing::members(self, language);
        }
        let mut columns = vec![
            "code",
            "name",
            "area_value",
            "area_status",
            "area_missing",
            "rank",
            "percent_rank",
            "ranked",
        ];
        columns.push("grouping");
        columns.extend(GROUP);
        // A column name stands once: the group's name is its label here.
        columns[10] = "label";
        columns.extend(["includes_area", "difference", "difference_relative"]);
        if self.intervals.is_some() {
            columns.extend(["area_lower", "area_upper", "area_interval_missing"]);
            columns.extend(intervals::LIMITS);
            columns.push("significance");
            columns.extend(intervals::HOW);
        }
        columns.extend(CONTEXT);
        columns.extend(super::standing::COLUMNS);
        let row = |(place, peer): (usize, &crate::compare::PeerGroup)| {
            let mut cells = vec![
                text(&self.area.code),
                text(self.area.name.get(language)),
                Value::Number(self.cell.value),
                text(self.cell.letter()),
                Value::Missing(self.cell.missing),
                Value::Number(self.position.rank),
                Value::Number(self.position.percent_rank),
                Value::Count(self.position.n),
                text(&peer.grouping),
            ];
            cells.extend(group(&peer.row, language));
            cells.extend([
                Value::Flag(peer.includes_area),
                Value::Number(peer.difference),
                Value::Number(peer.difference_relative),
            ]);
            if let Some(found) = &self.intervals {
                cells.extend(intervals::limits(found.area.as_ref()));
                cells.extend(intervals::limits(found.groups.get(place)));
                let band = found.bands.get(place).copied().flatten();
                cells.push(Value::Text(band.map(|band| band.name().to_owned())));
                cells.extend(intervals::how(found));
            }
            cells.extend(context(&self.context, self.period));
            cells.extend(super::standing::cells(&peer.standing));
            cells
        };
        Table {
            columns,
            rows: self.peers.iter().enumerate().map(row).collect(),
            notes: self.notes.clone(),
            language,
        }
    }

    fn json(&self, language: Language) -> Json {
        super::json::comparison(self, language)
    }

    fn shape(&self) -> Option<Shape<'_>> {
        Some(Shape {
            name: "compare",
            context: &self.context,
            axes: vec![AREAS, GROUPS_OF_GROUPINGS, PERIODS],
        })
    }

    fn document(&self, language: Language) -> super::Document {
        super::people::comparison(self, language)
    }
}

impl super::Export for Explanation {
    /// One row per observation used; a measure without any has one row that says why.
    fn table(&self, language: Language) -> Table {
        let mut columns = vec![
            "measure",
            "side",
            "measure_value",
            "measure_unit",
            "area",
            "observed_period",
            "value",
            "share",
            "status",
            "missing",
            "borders",
            "origin",
            "note",
        ];
        columns.extend(CONTEXT);
        let mut rows = Vec::new();
        for used in &self.measures {
            for mut row in observed(used) {
                row.extend(context(&self.context, self.period));
                rows.push(row);
            }
        }
        Table {
            columns,
            rows,
            notes: self.notes.clone(),
            language,
        }
    }

    fn json(&self, language: Language) -> Json {
        super::json::explanation(self, language)
    }

    fn document(&self, language: Language) -> super::Document {
        super::people::explanation(self, language)
    }
}

/// The rows of one measure: its figure, and each observation behind it.
pub(super) fn observed(used: &MeasureUse) -> Vec<Vec<Value>> {
    let none = || Value::Text(None);
    let head = || {
        vec![
            text(&used.measure),
            text(if used.denominator {
                "denominator"
            } else {
                "numerator"
            }),
            Value::Number(used.value),
            text(&used.unit),
        ]
    };
    if used.parts.is_empty() {
        let mut row = head();
        row.extend([
            none(),
            none(),
            Value::Number(None),
            Value::Number(None),
            text(used.status),
        ]);
        row.extend([Value::Missing(used.missing), none(), none(), none()]);
        return vec![row];
    }
    let row = |part: &UsedPart| {
        let mut row = head();
        row.extend([
            text(&part.area),
            text(part.period),
            Value::Number(part.value),
            Value::Number(Some(part.share)),
            text(part.status.letter()),
            Value::Missing(part.missing),
            text(part.territory),
            text(&part.origin),
            Value::Text(Some(part.note.clone()).filter(|note| !note.is_empty())),
        ]);
        row
    };
    used.parts.iter().map(row).collect()
}
