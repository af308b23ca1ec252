//! A change group by group: from the value of the first period to that of the last.

use super::model::{Axis, Chart, ChartKind, ChartOptions, Drawn, Mark, Role, Row};
use super::rank::chosen;
use super::slope::{marked, unjoined};
use super::words::Words;
use crate::compare::{Change, ChangeEnd, ChangeRow};
use crate::error::Result;
use crate::language::{Language, Message, format_signed, word};
use crate::model::Period;

impl Drawn for Change {
    fn kinds(&self) -> &'static [ChartKind] {
        &[ChartKind::Change, ChartKind::Slope]
    }

    fn chart(&self, options: &ChartOptions, language: Language) -> Result<Chart> {
        let kind = ChartKind::among(self.kinds(), options.kind)?;
        let words = Words::new(language);
        let mut rows: Vec<Row> = self.rows.iter().map(|row| ends(self, row, language)).collect();
        let mut turns = Vec::new();
        if kind == ChartKind::Slope {
            let names = self.rows.iter().map(|row| (row.group.as_str(), &row.name));
            marked(&mut rows, &chosen(&options.mark, names)?);
            turns = unjoined(self, words);
        }
        let axis = words.axis(&self.context);
        let about = format!("{} {}–{}", self.grouping_name.get(language), self.from, self.to);
        Ok(Chart {
            kind,
            language,
            title: words.title(&self.context, &about),
            description: described(self, &axis, words),
            axis,
            rows,
            turns,
            bands: None,
            source: words.source(&self.context),
        })
    }
}

fn ends(result: &Change, row: &ChangeRow, language: Language) -> Row {
    let name = row.name.get(language).to_owned();
    let mark = |(period, end, broken): (Period, &ChangeEnd, bool)| Mark {
        role: Role::Group,
        code: row.group.to_string(),
        name: name.clone(),
        period,
        value: end.value,
        status: end.status,
        missing: end.missing,
        rank: None,
        after_break: broken,
    };
    // Where there is no change to speak of, no line leads from one value to the other.
    let broken = row.missing.is_some();
    Row {
        role: Role::Group,
        marks: [(result.from, &row.from, false), (result.to, &row.to, broken)]
            .map(mark)
            .to_vec(),
        name,
    }
}

/// The groups that rose most and least.
fn described(result: &Change, axis: &Axis, words: Words) -> String {
    let mut known: Vec<(f64, &ChangeRow)> = result
        .rows
        .iter()
        .filter_map(|row| row.absolute.map(|change| (change, row)))
        .collect();
    known.sort_by(|left, right| right.0.total_cmp(&left.0));
    let said = |(change, row): &(f64, &ChangeRow)| {
        let change = format_signed(*change, axis.decimals, words.language);
        let unit = if result.context.unit.is_percent() {
            word("word.percentage-points", words.language)
        } else {
            &axis.unit
        };
        format!(
            "{}\u{a0}{change}\u{a0}{}",
            row.name.get(words.language),
            unit.replace(' ', "\u{a0}")
        )
    };
    let last = known.last().filter(|_| known.len() > 1);
    let message = Message::new("chart.changed")
        .with("n", result.rows.len())
        .with("from", result.from.to_string())
        .with("to", result.to.to_string())
        .with("first", known.first().map(said).unwrap_or_default())
        .with("last", last.map(said).unwrap_or_default());
    words.render(&message)
}
