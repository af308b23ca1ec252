//! A change for people: both values of every group, the change, what it is made of, and who contributed.

use super::Writer;
use crate::compare::{AreaChange, Change, ChangeEnd, ChangeRow};
use crate::export::document::{Align, Block, Document, Grid};
use crate::language::{Language, word};

pub(in crate::export) fn change(result: &Change, language: Language) -> Document {
    let writer = Writer { language };
    let mut blocks = vec![Block::Grid(values(writer, result))];
    if result.rows.iter().any(|row| row.terms.is_some()) {
        blocks.push(Block::Grid(terms(writer, result)));
    }
    for row in result.rows.iter().filter(|row| !row.areas.is_empty()) {
        blocks.push(Block::Grid(areas(writer, result, row)));
    }
    let aside = format!("{}–{}", result.from, result.to);
    writer.sheet(&result.context, aside, blocks, &result.notes)
}

fn value(writer: Writer, result: &Change, end: &ChangeEnd) -> String {
    writer.value(end.value, end.missing, result.context.decimals)
}

fn values(writer: Writer, result: &Change) -> Grid {
    let row = |row: &ChangeRow| {
        let absolute = match (row.absolute, row.missing) {
            // The reason stands where the value is missing already.
            (None, Some(reason)) if row.from.value.is_some() && row.to.value.is_some() => {
                word(reason.message_code(), writer.language).to_owned()
            }
            (absolute, _) => writer.difference(absolute, &result.context),
        };
        vec![
            row.name.get(writer.language).to_owned(),
            value(writer, result, &row.from),
            value(writer, result, &row.to),
            absolute,
            writer.signed_percent(row.relative),
            writer.signed_percent(row.cagr),
            writer.of(row.to.n, row.members),
        ]
    };
    Grid {
        caption: result.grouping_name.get(writer.language).to_owned(),
        headers: vec![
            writer.header("word.group", Align::Left),
            (result.from.to_string(), Align::Right),
            (result.to.to_string(), Align::Right),
            writer.header("word.change", Align::Right),
            writer.header("word.change-relative", Align::Right),
            writer.header("word.per-year", Align::Right),
            writer.header("word.areas", Align::Right),
        ],
        rows: result.rows.iter().map(row).collect(),
    }
}

fn terms(writer: Writer, result: &Change) -> Grid {
    let decimals = result.context.decimals;
    let priced = result.prices.is_some();
    let ratio = result.rows.iter().any(|row| row.within.is_some());
    let mut headers = vec![writer.header("word.group", Align::Left)];
    if priced {
        headers.push(writer.header("word.price-effect", Align::Right));
    }
    headers.push(writer.header("word.volume-effect", Align::Right));
    if ratio {
        let denominator = if result.of_persons {
            "word.population-effect"
        } else {
            "word.denominator-effect"
        };
        headers.push(writer.header(denominator, Align::Right));
        headers.push(writer.header("word.within-areas", Align::Right));
        headers.push(writer.header("word.between-areas", Align::Right));
    }
    let row = |row: &ChangeRow| {
        let signed = |value| writer.signed(value, decimals);
        let mut cells = vec![row.name.get(writer.language).to_owned()];
        if priced {
            cells.push(signed(row.terms.and_then(|terms| terms.price)));
        }
        cells.push(signed(row.terms.map(|terms| terms.volume)));
        if ratio {
            cells.push(signed(row.terms.and_then(|terms| terms.population)));
            cells.extend([signed(row.within), signed(row.between)]);
        }
        cells
    };
    Grid {
        caption: writer.word(if ratio {
            "word.change-made-of"
        } else {
            "word.change-made-of-sum"
        }),
        headers,
        rows: result.rows.iter().map(row).collect(),
    }
}

/// The areas that moved their group most stand first.
fn areas(writer: Writer, result: &Change, group: &ChangeRow) -> Grid {
    let decimals = result.context.decimals;
    let parted = group.within.is_some();
    let weight = |area: &AreaChange| match area.within.zip(area.between) {
        Some((within, between)) => (within + between).abs(),
        None => area.absolute.abs(),
    };
    let mut sorted: Vec<&AreaChange> = group.areas.iter().collect();
    sorted.sort_by(|left, right| weight(right).total_cmp(&weight(left)));
    let mut headers = vec![
        writer.header("word.name", Align::Left),
        (result.from.to_string(), Align::Right),
        (result.to.to_string(), Align::Right),
        writer.header("word.change", Align::Right),
        writer.header("word.change-relative", Align::Right),
    ];
    if parted {
        headers.push(writer.header("word.within-areas", Align::Right));
        headers.push(writer.header("word.between-areas", Align::Right));
    }
    let row = |area: &AreaChange| {
        let mut cells = vec![
            writer.name(&area.area),
            writer.number(area.from, decimals),
            writer.number(area.to, decimals),
            writer.difference(Some(area.absolute), &result.context),
            writer.signed_percent(area.relative),
        ];
        if parted {
            // One area is a small part of a group: more decimals than its figure has.
            cells.push(writer.signed(area.within, decimals + 2));
            cells.push(writer.signed(area.between, decimals + 2));
        }
        cells
    };
    Grid {
        caption: group.name.get(writer.language).to_owned(),
        headers,
        rows: sorted.into_iter().map(row).collect(),
    }
}
