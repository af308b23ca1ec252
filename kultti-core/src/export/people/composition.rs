//! A composition for people: the parts of the area with their shares, then beside each group.

use super::Writer;
use crate::compare::{Composition, CompositionGroup, PartFigure};
use crate::export::document::{Align, Block, Document, Grid};
use crate::language::{Language, Message};

pub(in crate::export) fn composition(result: &Composition, language: Language) -> Document {
    let writer = Writer { language };
    let mut blocks = vec![
        Block::Heading {
            text: format!("{} {}", writer.name(&result.area), result.area.code),
            aside: writer.value(result.whole.value, result.whole.missing, result.context.decimals),
            level: 2,
        },
        Block::Grid(own(writer, result)),
    ];
    let onward = onward(writer, result);
    if !onward.is_empty() {
        blocks.push(Block::List {
            title: writer.word("word.composition-onward"),
            items: onward,
        });
    }
    let groups = result.groups.iter();
    blocks.extend(groups.map(|group| Block::Grid(beside(writer, result, group))));
    writer.sheet(&result.context, result.period.to_string(), blocks, &result.notes)
}

/// The names of the parts and of the whole.
fn names(writer: Writer, result: &Composition) -> Vec<String> {
    let parts = result.parts.iter();
    let mut names: Vec<String> = parts
        .map(|part| part.label.get(writer.language).to_owned())
        .collect();
    names.push(writer.word("word.whole"));
    names
}

fn value(writer: Writer, result: &Composition, figure: &PartFigure) -> String {
    let text = writer.value(figure.value, figure.missing, result.context.decimals);
    if figure.value.is_some() && figure.status != 'A' {
        format!("{text} {}", figure.status)
    } else {
        text
    }
}

fn own(writer: Writer, result: &Composition) -> Grid {
    let figures = result.parts.iter().map(|part| &part.figure);
    let figures = figures.chain(std::iter::once(&result.whole));
    let rows = names(writer, result).into_iter().zip(figures);
    let row = |(name, figure): (String, &PartFigure)| {
        vec![
            name,
            value(writer, result, figure),
            writer.percent(figure.share, 1),
        ]
    };
    Grid {
        caption: String::new(),
        headers: vec![
            writer.header("word.part", Align::Left),
            writer.header("word.value", Align::Right),
            writer.header("word.share", Align::Right),
        ],
        rows: rows.map(row).collect(),
    }
}

/// The indicators of the parts alone.
fn onward(writer: Writer, result: &Composition) -> Vec<String> {
    let parts = result.parts.iter();
    parts
        .filter_map(|part| {
            let indicator = part.indicator.as_ref()?;
            Some(format!("{}: {indicator}", part.label.get(writer.language)))
        })
        .collect()
}

fn beside(writer: Writer, result: &Composition, group: &CompositionGroup) -> Grid {
    let whole = group.whole();
    let figures = group.parts.iter().chain(std::iter::once(&whole));
    let differences = group.differences.iter().chain(std::iter::once(&group.difference));
    let rows = names(writer, result).into_iter().zip(figures).zip(differences);
    let row = |((name, figure), difference): ((String, &PartFigure), &Option<f64>)| {
        vec![
            name,
            value(writer, result, figure),
            writer.percent(figure.share, 1),
            writer.difference(*difference, &result.context),
        ]
    };
    let caption = Message::new("word.composition-group")
        .with("group", &group.row.name)
        .with("count", writer.count(&group.row))
        .with("covered", writer.coverage(group.row.coverage_denominator));
    Grid {
        caption: caption.render(writer.language),
        headers: vec![
            writer.header("word.part", Align::Left),
            writer.header("word.value", Align::Right),
            writer.header("word.share", Align::Right),
            writer.header("word.difference", Align::Right),
        ],
        rows: rows.map(row).collect(),
    }
}
