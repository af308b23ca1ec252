//! A comparison for people: the figure, its place, the groups, what to keep in mind.

use super::Writer;
use crate::compare::{Comparison, Order, PeerGroup};
use crate::export::document::{Align, Block, Document, Grid};
use crate::language::{Language, Message, Param, word};
use crate::model::Aggregate;

pub(in crate::export) fn comparison(result: &Comparison, language: Language) -> Document {
    let writer = Writer { language };
    let context = &result.context;
    let aside = result
        .cell
        .value
        .map_or_else(String::new, |_| writer.cell(&result.cell, context.decimals));
    let mut blocks = vec![Block::Heading {
        text: format!("{} {}", writer.name(&result.area), result.area.code),
        aside,
        level: 2,
    }];
    if result.cell.value.is_none() {
        blocks.push(Block::Paragraph(writer.cell(&result.cell, context.decimals)));
    }
    blocks.push(strip(writer, result));
    if !result.peers.is_empty() {
        blocks.push(Block::Grid(peers(writer, result)));
    }
    writer.sheet(context, result.period.to_string(), blocks, &result.notes)
}

fn strip(writer: Writer, result: &Comparison) -> Block {
    let position = &result.position;
    // With a direction the first is the best; without one it is only the largest or the smallest.
    let code = match (position.rank, position.order) {
        (None, _) => "word.not-ranked",
        (_, Order::Descending) if !direction_is_known(result) => "word.position-descending",
        (_, Order::Ascending) if !direction_is_known(result) => "word.position-ascending",
        _ => "word.position-best",
    };
    let rank = position
        .rank
        .map_or_else(|| Param::from(""), |rank| Param::Number(rank, 0));
    let label = Message::new(code)
        .with("rank", rank)
        .with("n", position.n)
        .render(writer.language);
    let end = |code, value: Option<&f64>| {
        value.map(|value| {
            format!(
                "{} {}",
                writer.word(code),
                writer.number(*value, result.context.decimals)
            )
        })
    };
    let low = end("word.lowest", result.distribution.first()).unwrap_or_default();
    let high = result.distribution.last();
    let high = high.map(|value| {
        format!(
            "{} {}",
            writer.number(*value, result.context.decimals),
            writer.word("word.highest")
        )
    });
    Block::Strip {
        label,
        values: result.distribution.clone(),
        marked: result.cell.value,
        ends: (low, high.unwrap_or_default()),
    }
}

fn direction_is_known(result: &Comparison) -> bool {
    !result.notes.iter().any(|note| note.code() == "direction-none")
}

fn peers(writer: Writer, result: &Comparison) -> Grid {
    let usual = result
        .peers
        .iter()
        .map(|peer| peer.row.aggregate)
        .find(|aggregate| *aggregate != Aggregate::Published);
    let decimals = result.context.decimals;
    let row = |peer: &PeerGroup| {
        let row = &peer.row;
        let name = row.name.get(writer.language);
        let name = match usual {
            Some(usual) if usual != row.aggregate => {
                format!("{name} ({})", word(row.aggregate.word_code(), writer.language))
            }
            _ => name.to_owned(),
        };
        vec![
            name,
            writer.value(row.value, row.missing, decimals),
            writer.difference(peer.difference, &result.context),
            writer.signed_percent(peer.difference_relative),
            writer.count(row),
            writer.coverage(row.coverage_denominator.or(row.coverage_areas)),
        ]
    };
    Grid {
        caption: String::new(),
        headers: vec![
            writer.header("word.compared-with", Align::Left),
            writer.header("word.value", Align::Right),
            writer.header("word.difference", Align::Right),
            (String::new(), Align::Right),
            writer.header("word.areas", Align::Right),
            writer.header("word.covered", Align::Right),
        ],
        rows: result.peers.iter().map(row).collect(),
    }
}
