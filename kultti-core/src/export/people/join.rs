//! A joined frame for people: how many rows found a municipality, which did not, and what was joined to them.

use super::{Writer, title};
use crate::compare::Joined;
use crate::export::document::{Align, Block, Document, Grid};
use crate::language::{Language, Message, Param};

/// Rows shown of those that have their figures.
const SHOWN: usize = 5;

pub(in crate::export) fn joined(joined: &Joined, language: Language) -> Document {
    let writer = Writer { language };
    let header = |code, align| writer.header(code, align);
    let mut blocks = vec![title(summary(joined).render(language), String::new())];
    blocks.extend(lost(joined, writer));
    let mut headers = vec![
        header("word.row", Align::Right),
        (joined.on.clone(), Align::Left),
        header("word.code", Align::Left),
        header("word.name", Align::Left),
    ];
    headers.extend(joined.figures.iter().map(|figures| {
        let heading = format!("{}, {}", writer.title(&figures.context), figures.period);
        (heading, Align::Right)
    }));
    let rows = (0..joined.rows.len())
        .filter_map(|row| Some((row, joined.row(row)?)))
        .filter_map(|(row, found)| {
            let area = found.area.as_ref()?;
            let mut cells = vec![
                (row + 1).to_string(),
                found.found.clone(),
                area.code.to_string(),
                area.name.get(language).to_owned(),
            ];
            cells.extend(joined.figures.iter().map(|figures| {
                let decimals = figures.context.decimals;
                figures
                    .cell(&area.code)
                    .map_or_else(String::new, |cell| writer.cell(cell, decimals))
            }));
            Some(cells)
        });
    blocks.push(Block::Grid(Grid {
        caption: String::new(),
        headers,
        rows: rows.take(SHOWN).collect(),
    }));
    blocks.extend([writer.notes(&joined.notes), origin(joined, writer)]);
    writer.document(blocks)
}

/// The rows that found no municipality, and nothing else.
pub(in crate::export) fn unmatched(joined: &Joined, language: Language) -> Document {
    let writer = Writer { language };
    let mut blocks = vec![title(summary(joined).render(language), String::new())];
    blocks.extend(lost(joined, writer));
    writer.document(blocks)
}

fn lost(joined: &Joined, writer: Writer) -> Option<Block> {
    let rows: Vec<Vec<String>> = joined
        .unmatched()
        .map(|(row, area)| vec![row.to_string(), area.found.clone(), area.near.join(", ")])
        .collect();
    let grid = Grid {
        caption: writer.word("word.join-unmatched"),
        headers: vec![
            writer.header("word.row", Align::Right),
            (joined.on.clone(), Align::Left),
            writer.header("word.near", Align::Left),
        ],
        rows,
    };
    (!grid.rows.is_empty()).then_some(Block::Grid(grid))
}

/// The borders, the release and the registers.
fn origin(joined: &Joined, writer: Writer) -> Block {
    let mut lines = vec![writer.borders_and_release(&joined.territory, &joined.release)];
    let sources = joined.figures.iter().flat_map(|figures| &figures.context.sources);
    for source in sources {
        let line = format!("{}: {}", writer.word("word.source"), source.get(writer.language));
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    Block::Footer(lines)
}

/// How many rows found a municipality, and the first that did not.
fn summary(joined: &Joined) -> Message {
    let lost: Vec<Param> = joined
        .unmatched()
        .take(3)
        .map(|(row, area)| Param::from(format!("{row}: {}", area.found)))
        .collect();
    Message::new("word.joined")
        .with("rows", joined.rows.len())
        .with("matched", joined.matched())
        .with("unmatched", joined.rows.len() - joined.matched())
        .with("lost", Param::List(lost))
}
