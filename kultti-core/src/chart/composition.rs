//! What a figure is made of: a bar for each part of the area's, with the part of a group beside it.

use super::groups::by_value;
use super::model::{Chart, ChartKind, ChartOptions, Drawn, Mark, Role, Row};
use super::words::{Words, dated};
use crate::compare::{Composition, CompositionPart, PartFigure};
use crate::error::Result;
use crate::language::{Language, Message, format_percent, word};

impl Drawn for Composition {
    fn kinds(&self) -> &'static [ChartKind] {
        &[ChartKind::Composition]
    }

    /// The parts, largest first; beside the area's the first of the groups that were asked for.
    fn chart(&self, options: &ChartOptions, language: Language) -> Result<Chart> {
        ChartKind::among(self.kinds(), options.kind)?;
        let words = Words::new(language);
        let parts = self.parts.iter().enumerate();
        let mut rows: Vec<Row> = parts.map(|part| row(self, part, language)).collect();
        by_value(&mut rows);
        let about = dated(self.area.name.get(language), self.period);
        Ok(Chart {
            kind: ChartKind::Composition,
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

fn row(result: &Composition, (at, part): (usize, &CompositionPart), language: Language) -> Row {
    let mark = |role: Role, (code, name): (String, &str), figure: &PartFigure| Mark {
        role,
        code,
        name: name.to_owned(),
        period: result.period,
        value: figure.value,
        status: figure.status,
        missing: figure.missing,
        rank: None,
        after_break: false,
    };
    let area = (result.area.code.to_string(), result.area.name.get(language));
    let mut marks = vec![mark(Role::Area, area, &part.figure)];
    let group = result.groups.first();
    marks.extend(group.and_then(|group| {
        let about = (group.row.group.to_string(), group.row.name.get(language));
        Some(mark(Role::Group, about, group.parts.get(at)?))
    }));
    Row {
        role: Role::Area,
        name: part.label.get(language).to_owned(),
        marks,
    }
}

/// `Kokkola 2019: 154.59 € / inhabitant in 6 parts; largest Libraries 60.02 (38.8 %), smallest …; compared with: …`
fn described(result: &Composition, rows: &[Row], words: Words) -> String {
    let axis = words.axis(&result.context);
    let whole = match (result.whole.value, result.whole.missing) {
        (Some(value), _) => words.figure(value, &axis),
        (None, reason) => reason
            .map_or("–", |reason| word(reason.message_code(), words.language))
            .to_owned(),
    };
    let above_zero = result.whole.value.filter(|whole| *whole > 0.0);
    let mut known = rows.iter().filter_map(|row| {
        let value = row.marks.first()?.value?;
        let number = words.number(value, axis.decimals);
        let share = above_zero.map(|whole| format_percent(value / whole, 0, words.language));
        let share = share.map_or_else(String::new, |share| format!("\u{a0}({share})"));
        Some(format!("{}\u{a0}{number}{share}", row.name))
    });
    let first = known.next().unwrap_or_default();
    let last = known.next_back().unwrap_or_default();
    let group = result.groups.first().and_then(|group| {
        let value = words.number(group.row.value?, axis.decimals);
        Some(format!("{}\u{a0}{value}", group.row.name.get(words.language)))
    });
    let message = Message::new("chart.composed")
        .with("area", dated(result.area.name.get(words.language), result.period))
        .with("value", whole)
        .with("n", rows.len())
        .with("first", first)
        .with("last", last)
        .with("group", group.unwrap_or_default());
    words.render(&message)
}
