//! What the leading figure is made of, beside its groups.

use super::{Cell, Part, Section, TableRow, Tabular, Words};
use crate::chart::{ChartOptions, Drawn};
use crate::compare::{Composition, CompositionGroup, CompositionPart, PartFigure};
use crate::error::Result;
use crate::language::Message;
use crate::report::facts::Report;
use crate::report::page::Header;

pub(super) fn section(report: &Report, words: Words) -> Result<Option<Section>> {
    let Some(composition) = &report.composition else {
        return Ok(None);
    };
    let chart = composition.chart(&ChartOptions::default(), words.0.language)?;
    let mut parts = vec![
        words.illustration(&chart, None),
        Part::Table(table(composition, words)),
    ];
    let known = report
        .headline()
        .map(|headline| headline.notes.as_slice())
        .unwrap_or_default();
    let notes = composition.notes.iter().filter(|note| !known.contains(note));
    let items: Vec<String> = notes.map(|note| note.message.render(words.0.language)).collect();
    if !items.is_empty() {
        parts.push(Part::List {
            title: words.word("word.keep-in-mind"),
            items,
        });
    }
    Ok(Some(words.section("composition", "report.composition", parts)))
}

fn table(composition: &Composition, words: Words) -> Tabular {
    let context = &composition.context;
    let language = words.0.language;
    let mut headers = vec![
        words.header("report.function", false),
        words.header("word.value", true),
        words.header("report.share", true),
    ];
    headers.extend(composition.groups.iter().map(|group| Header {
        text: group.row.name.get(language).to_owned(),
        numeric: true,
    }));
    let row = |(place, part): (usize, &CompositionPart)| {
        let mut name = Cell::words(part.label.get(language));
        if let Some(host) = &part.host {
            let message = Message::new("report.included-in").with("area", &host.name);
            name.aside = message.render(language);
        }
        let mut cells = vec![name];
        cells.extend(own(&part.figure, context.decimals, words));
        let of_group = |group: &CompositionGroup| {
            let figure = group.parts.get(place);
            let difference = group.differences.get(place).copied().flatten();
            beside(figure, difference, composition, words)
        };
        cells.extend(composition.groups.iter().map(of_group));
        TableRow {
            group: String::new(),
            own: false,
            cells,
        }
    };
    let mut rows: Vec<TableRow> = composition.parts.iter().enumerate().map(row).collect();
    let mut whole = vec![Cell::words(words.word("report.together"))];
    whole.extend(own(&composition.whole, context.decimals, words));
    let of_group =
        |group: &CompositionGroup| beside(Some(&group.whole()), group.difference, composition, words);
    whole.extend(composition.groups.iter().map(of_group));
    rows.push(TableRow {
        group: String::new(),
        own: true,
        cells: whole,
    });
    Tabular {
        caption: format!(
            "{} {}, {}",
            words.label(context),
            composition.period,
            words.unit(context)
        ),
        headers,
        rows,
    }
}

/// The area's figure and its share of the whole.
fn own(figure: &PartFigure, decimals: usize, words: Words) -> Vec<Cell> {
    let mut cell = words.value(figure.value, figure.missing, decimals);
    if figure.value.is_some() {
        words.mark(&mut cell, figure.status);
    }
    let share = Cell::number(words.0.percent(figure.share, 1), figure.share);
    vec![cell, share]
}

/// A group's figure, with the difference of the area from it.
fn beside(
    figure: Option<&PartFigure>,
    difference: Option<f64>,
    composition: &Composition,
    words: Words,
) -> Cell {
    let context = &composition.context;
    let value = figure.and_then(|figure| figure.value);
    let mut cell = words.value(value, figure.and_then(|figure| figure.missing), context.decimals);
    cell.aside = difference
        .filter(|_| value.is_some())
        .map(|_| words.0.difference(difference, context))
        .unwrap_or_default();
    cell
}
