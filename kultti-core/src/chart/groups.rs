//! The groups of a grouping, largest first.

use super::model::{Chart, ChartKind, ChartOptions, Drawn, Mark, Role, Row};
use super::words::{Words, dated};
use crate::compare::{GroupRow, Groups};
use crate::error::Result;
use crate::language::{Language, Message};

impl Drawn for Groups {
    fn kinds(&self) -> &'static [ChartKind] {
        &[ChartKind::Groups]
    }

    fn chart(&self, options: &ChartOptions, language: Language) -> Result<Chart> {
        ChartKind::among(self.kinds(), options.kind)?;
        let words = Words::new(language);
        let row = |row: &GroupRow| {
            let name = row.name.get(language).to_owned();
            Row {
                role: Role::Group,
                marks: vec![Mark {
                    role: Role::Group,
                    code: row.group.to_string(),
                    name: name.clone(),
                    period: self.period,
                    value: row.value,
                    status: row.status,
                    missing: row.missing,
                    rank: None,
                    after_break: false,
                }],
                name,
            }
        };
        let mut rows: Vec<Row> = self.rows.iter().map(row).collect();
        by_value(&mut rows);
        let about = dated(self.grouping_name.get(language), self.period);
        Ok(Chart {
            kind: ChartKind::Groups,
            language,
            title: words.title(&self.context, &about),
            description: described(self, &rows, words),
            axis: words.axis(&self.context),
            rows,
            turns: Vec::new(),
            bands: None,
            source: words.source(&self.context),
        })
    }
}

/// The largest first value first; rows without one at the end.
pub(super) fn by_value(rows: &mut [Row]) {
    let value = |row: &Row| row.marks.first().and_then(|mark| mark.value);
    rows.sort_by(|left, right| match (value(left), value(right)) {
        (Some(left), Some(right)) => right.total_cmp(&left),
        (left, right) => right.is_some().cmp(&left.is_some()),
    });
}

fn described(result: &Groups, rows: &[Row], words: Words) -> String {
    let axis = words.axis(&result.context);
    let mut known = rows.iter().flat_map(|row| &row.marks).filter_map(|mark| {
        let value = mark.value?;
        Some(format!("{} {}", mark.name, words.figure(value, &axis)))
    });
    let first = known.next().unwrap_or_default();
    let last = known.next_back().unwrap_or_default();
    let message = Message::new("chart.grouped")
        .with("n", result.rows.len())
        .with("first", first)
        .with("last", last);
    words.render(&message)
}
