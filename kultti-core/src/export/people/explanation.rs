//! An explanation for people: the formula with its numbers and the observations behind them.

use super::Writer;
use crate::compare::{Explanation, MeasureUse, Unranked};
use crate::export::document::{Align, Block, Document, Grid};
use crate::language::{Language, compare_names, format_within, word};
use crate::model::Missing;
use crate::panel::Factor;

pub(in crate::export) fn explanation(result: &Explanation, language: Language) -> Document {
    let writer = Writer { language };
    let context = &result.context;
    let aside = writer.cell(&result.cell, context.decimals);
    let mut blocks = vec![
        Block::Heading {
            text: format!("{} {}", writer.name(&result.area), result.area.code),
            aside,
            level: 2,
        },
        Block::Paragraph(format!(
            "{}: {}",
            writer.word("word.definition"),
            context.description.get(language)
        )),
        Block::Paragraph(format!("{}: {}", writer.word("word.formula"), result.formula)),
        Block::Paragraph(equation(writer, result)),
    ];
    blocks.push(Block::Grid(observations(writer, result)));
    if !result.left_out.is_empty() {
        blocks.push(Block::List {
            title: writer.word("word.left-out"),
            items: left_out(writer, &result.left_out),
        });
    }
    writer.sheet(context, result.period.to_string(), blocks, &result.notes)
}

/// The formula with its numbers, the index numbers of real prices, and what comes out.
fn equation(writer: Writer, result: &Explanation) -> String {
    let prices = result.factor.map(|factor| price_factor(writer, factor));
    let decimals = result.context.decimals + 4;
    let value = writer.value(result.cell.value, result.cell.missing, decimals);
    format!(
        "= {}{} = {value}",
        format_within(&result.formula_with_numbers, writer.language),
        prices.unwrap_or_default()
    )
}

/// The index numbers that make a figure real, as they stand in its equation.
pub(super) fn price_factor(writer: Writer, factor: Factor) -> String {
    let (above, below) = if factor.power < 0 {
        (factor.index, factor.base)
    } else {
        (factor.base, factor.index)
    };
    format!(" × {} / {}", writer.number(above, 1), writer.number(below, 1))
}

fn observations(writer: Writer, result: &Explanation) -> Grid {
    let mut rows = Vec::new();
    for used in &result.measures {
        if used.parts.is_empty() {
            let value = writer.value(used.value, used.missing, used.decimals);
            let blank = String::new;
            rows.push(vec![
                measure_name(writer, used),
                blank(),
                blank(),
                value,
                used.status.to_string(),
                blank(),
                blank(),
            ]);
        }
        for (position, part) in used.parts.iter().enumerate() {
            rows.push(vec![
                // The measure stands once, on the first of its observations.
                if position == 0 {
                    measure_name(writer, used)
                } else {
                    String::new()
                },
                part.area.to_string(),
                part.period.to_string(),
                writer.value(part.value, None, used.decimals),
                part.status.letter().to_string(),
                part.territory.to_string(),
                part.origin.clone(),
            ]);
        }
    }
    Grid {
        caption: writer.word("word.observations"),
        headers: vec![
            writer.header("word.measure", Align::Left),
            writer.header("word.code", Align::Left),
            writer.header("word.period", Align::Left),
            writer.header("word.value", Align::Right),
            writer.header("word.status", Align::Left),
            writer.header("word.territory", Align::Left),
            writer.header("word.origin", Align::Left),
        ],
        rows,
    }
}

fn measure_name(writer: Writer, used: &MeasureUse) -> String {
    format!(
        "{}, {}",
        used.label.get(writer.language),
        used.unit_symbol.get(writer.language)
    )
}

/// Reason by reason, the areas in alphabetical order.
pub(super) fn left_out(writer: Writer, areas: &[Unranked]) -> Vec<String> {
    let mut reasons: Vec<Option<Missing>> = areas.iter().map(|area| area.missing).collect();
    reasons.sort_unstable();
    reasons.dedup();
    let line = |reason: &Option<Missing>| {
        let mut names: Vec<&str> = areas
            .iter()
            .filter(|area| area.missing == *reason)
            .map(|area| area.area.name.get(writer.language))
            .collect();
        names.sort_by(|left, right| compare_names(left, right, writer.language));
        let why = reason.map_or("", |reason| word(reason.message_code(), writer.language));
        format!("{why}: {}", names.join(", "))
    };
    reasons.iter().map(line).collect()
}
