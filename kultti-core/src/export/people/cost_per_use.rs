//! A cost and its use for people: the three figures together, and where the difference comes from.

use super::Writer;
use crate::compare::{CostPerUse, UseFigures, UseGroup, UsePair};
use crate::export::document::{Align, Block, Document, Grid};
use crate::language::{Language, Message};

pub(in crate::export) fn cost_per_use(result: &CostPerUse, language: Language) -> Document {
    let writer = Writer { language };
    let mut blocks = vec![Block::Heading {
        text: format!("{} {}", writer.name(&result.area), result.area.code),
        aside: String::new(),
        level: 2,
    }];
    for pair in &result.pairs {
        blocks.push(Block::Grid(figures(writer, result, pair)));
        if pair.groups.iter().any(|group| group.difference.is_some()) {
            blocks.push(Block::Grid(differences(writer, result, pair)));
        }
    }
    writer.sheet(&result.context, result.period.to_string(), blocks, &result.notes)
}

fn figures(writer: Writer, result: &CostPerUse, pair: &UsePair) -> Grid {
    let cells = |figures: &UseFigures| {
        vec![
            writer.value(
                figures.cost_per_inhabitant,
                figures.missing,
                result.context.decimals,
            ),
            writer.value(figures.cost_per_use, figures.missing, pair.cost_per_use.decimals),
            writer.value(
                figures.uses_per_inhabitant,
                figures.missing,
                pair.uses_per_inhabitant.decimals,
            ),
        ]
    };
    let row = |name: String, figures: &UseFigures, count: String| {
        let mut row = vec![name];
        row.extend(cells(figures));
        row.push(count);
        row
    };
    let mut rows = vec![row(
        result.area.name.get(writer.language).to_owned(),
        &pair.area,
        String::new(),
    )];
    rows.extend(pair.groups.iter().map(|group| {
        let count = Message::new("word.of")
            .with("n", group.n)
            .with("members", group.members);
        let name = group.name.get(writer.language).to_owned();
        row(name, &group.figures, count.render(writer.language))
    }));
    let unit = |symbol: &crate::language::Text, sign: &str| {
        (format!("{sign}{}", symbol.get(writer.language)), Align::Right)
    };
    Grid {
        caption: pair.label.get(writer.language).to_owned(),
        headers: vec![
            writer.header("word.area-or-group", Align::Left),
            unit(&result.context.unit_symbol, ""),
            unit(&pair.cost_per_use.unit_symbol, "= "),
            unit(&pair.uses_per_inhabitant.unit_symbol, "× "),
            writer.header("word.areas", Align::Right),
        ],
        rows,
    }
}

fn differences(writer: Writer, result: &CostPerUse, pair: &UsePair) -> Grid {
    let decimals = result.context.decimals;
    let row = |group: &UseGroup| {
        let difference = group.difference?;
        Some(vec![
            group.name.get(writer.language).to_owned(),
            writer.difference(Some(difference.total), &result.context),
            writer.signed(Some(difference.by_cost_per_use), decimals),
            writer.signed(Some(difference.by_uses), decimals),
        ])
    };
    Grid {
        caption: writer.word("word.difference-made-of"),
        headers: vec![
            writer.header("word.compared-with", Align::Left),
            writer.header("word.difference", Align::Right),
            writer.header("word.by-cost-per-use", Align::Right),
            writer.header("word.by-uses", Align::Right),
        ],
        rows: pair.groups.iter().filter_map(row).collect(),
    }
}
