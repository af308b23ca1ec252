//! Slopes: from the first period to the last, a line for each area or group.

use super::model::{Mark, Role, Row, Turn, TurnKind};
use super::words::Words;
use crate::compare::Change;
use crate::language::{Message, word};
use crate::model::Period;

/// The first and the last figure of each series. No line leads from one to the other where the series breaks between them.
pub(super) fn ends(rows: Vec<Row>) -> Vec<Row> {
    let periods = || rows.iter().flat_map(|row| &row.marks).map(|mark| mark.period);
    let Some((first, last)) = periods().min().zip(periods().max()) else {
        return rows;
    };
    let row = |row: Row| {
        let broken = row.marks.iter().any(|mark| mark.after_break);
        let at = |period: Period| row.marks.iter().find(|mark| mark.period == period).cloned();
        let from = at(first).map(|mark| Mark {
            after_break: false,
            ..mark
        });
        let to = at(last).filter(|_| first != last).map(|mark| Mark {
            after_break: broken,
            ..mark
        });
        Row {
            marks: from.into_iter().chain(to).collect(),
            ..row
        }
    };
    rows.into_iter().map(row).collect()
}

/// Why no line leads from one value to the other, though both are there: the reasons that the change gives.
pub(super) fn unjoined(result: &Change, words: Words) -> Vec<Turn> {
    let both = result
        .rows
        .iter()
        .filter(|row| row.from.value.is_some() && row.to.value.is_some());
    let turn = |row: &crate::compare::ChangeRow| {
        let reason = word(row.missing?.message_code(), words.language);
        let message = Message::new("chart.no-line")
            .with("name", &row.name)
            .with("reason", reason);
        Some(Turn {
            period: result.to,
            kind: TurnKind::Break,
            label: words.render(&message),
        })
    };
    both.filter_map(turn).collect()
}

/// Marks the groups asked for; the others step back.
pub(super) fn marked(rows: &mut [Row], codes: &[&str]) {
    if codes.is_empty() {
        return;
    }
    for row in rows {
        let is_marked = row.marks.iter().any(|mark| codes.contains(&mark.code.as_str()));
        row.role = if is_marked { Role::Area } else { Role::Other };
        for mark in &mut row.marks {
            mark.role = row.role;
        }
    }
}
