//! The explanation of a result for people: the steps, the figures with their formulas filled in, who was left out.

use super::Writer;
use super::explanation::{left_out, price_factor};
use crate::compare::{DerivationStep, ExplainedFigure, ExplainedInput, ResultExplanation};
use crate::export::document::{Align, Block, Document, Grid};
use crate::language::{Language, Message, format_within};

/// Figures of an input that people are shown; the machine forms have them all.
const SHOWN: usize = 12;

pub(in crate::export) fn derivation(result: &ResultExplanation, language: Language) -> Document {
    let writer = Writer { language };
    let mut blocks = vec![Block::Paragraph(format!(
        "{}: {}",
        writer.word("word.definition"),
        result.context.description.get(language)
    ))];
    // A single figure has no steps beyond its own formula.
    if !result.steps.is_empty() {
        blocks.push(Block::Grid(steps(writer, &result.steps)));
    }
    for input in &result.inputs {
        blocks.extend(figures(writer, input));
    }
    if !result.left_out.is_empty() {
        blocks.push(Block::List {
            title: writer.word("word.left-out"),
            items: left_out(writer, &result.left_out),
        });
    }
    writer.sheet(&result.context, String::new(), blocks, &result.notes)
}

fn steps(writer: Writer, steps: &[DerivationStep]) -> Grid {
    let row = |step: &DerivationStep| {
        let numbers = if step.numbers.is_empty() {
            step.formula.clone()
        } else {
            format!(
                "{} = {}",
                step.formula,
                format_within(&step.numbers, writer.language)
            )
        };
        let value = match (step.value, step.missing) {
            (None, None) => String::new(),
            (value, missing) => writer.value(value, missing, step.decimals),
        };
        vec![step.what.render(writer.language), numbers, value]
    };
    Grid {
        caption: writer.word("word.how-computed"),
        headers: vec![
            writer.header("word.step", Align::Left),
            writer.header("word.formula", Align::Left),
            writer.header("word.value", Align::Right),
        ],
        rows: steps.iter().map(row).collect(),
    }
}

fn figures(writer: Writer, input: &ExplainedInput) -> Vec<Block> {
    let prices = input
        .factor
        .map(|factor| price_factor(writer, factor))
        .unwrap_or_default();
    let row = |figure: &ExplainedFigure| {
        // Where a figure was put together from several observations, the codes say from which.
        let mut parts: Vec<&str> = figure
            .measures
            .iter()
            .flat_map(|used| &used.parts)
            .map(|part| part.area.as_str())
            .collect();
        parts.sort_unstable();
        parts.dedup();
        vec![
            writer.name(&figure.area),
            format!(
                "{}{prices}",
                format_within(&figure.formula_with_numbers, writer.language)
            ),
            writer.cell(&figure.cell, input.decimals),
            parts.join(" + "),
        ]
    };
    let grid = Grid {
        caption: format!(
            "{}: {} {}",
            writer.word("word.figures-used"),
            input.label.get(writer.language),
            input.period
        ),
        headers: vec![
            writer.header("word.name", Align::Left),
            writer.header("word.with-numbers", Align::Left),
            writer.header("word.value", Align::Right),
            writer.header("word.observations", Align::Left),
        ],
        rows: input.figures.iter().take(SHOWN).map(row).collect(),
    };
    let mut blocks = vec![
        Block::Grid(grid),
        Block::Paragraph(format!("{}: {}", writer.word("word.formula"), input.formula)),
    ];
    let more = input.figures.len().saturating_sub(SHOWN);
    if more > 0 {
        let message = Message::new("word.more-figures").with("count", more);
        blocks.insert(1, Block::Paragraph(message.render(writer.language)));
    }
    blocks
}
