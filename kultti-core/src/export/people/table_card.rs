//! What a table of a statistical office holds.

use super::{Writer, title};
use crate::export::document::{Align, Block, Document, Grid};
use crate::export::table::{Table, Value, text};
use crate::formats::{Absent, Category, Cube, Dimension, Labels, Note, NotePlace, Reading, Role};
use crate::language::{Language, Message};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// Categories that a dimension shows where not all are asked for.
const SHOWN: usize = 6;

/// What a table holds: dimensions with codes and labels, units, time, missing values by symbol, notes, languages.
pub struct TableCard<'a> {
    /// What the file is called.
    pub name: &'a str,
    /// Its size, where it is a file.
    pub bytes: Option<u64>,
    /// The table.
    pub reading: &'a Reading,
    /// Whether people see every category.
    pub all: bool,
}

impl crate::export::Export for TableCard<'_> {
    /// A row for every category of every dimension.
    fn table(&self, language: Language) -> Table {
        let columns = vec![
            "dimension",
            "dimension_label",
            "role",
            "place",
            "code",
            "label",
            "unit",
            "decimals",
        ];
        let cube = &self.reading.cube;
        let words = self.words(language);
        let optional = |labels: &Labels| Value::Text(labels.in_order(&words).map(str::to_owned));
        let rows = cube.dimensions.iter().flat_map(|dimension| {
            let words = &words;
            dimension
                .categories
                .iter()
                .enumerate()
                .map(move |(place, category)| {
                    let unit = category.unit.as_ref().and_then(|unit| unit.label.in_order(words));
                    vec![
                        text(&dimension.code),
                        optional(&dimension.label),
                        text(dimension.role.name()),
                        Value::Count(place),
                        text(&category.code),
                        optional(&category.label),
                        Value::Text(unit.map(str::to_owned)),
                        Value::Number(category.decimals.map(f64::from)),
                    ]
                })
        });
        Table {
            columns,
            rows: rows.collect(),
            notes: Vec::new(),
            language,
        }
    }

    /// Everything that the file says, cells aside: of these the counts.
    fn json(&self, language: Language) -> Json {
        let cube = &self.reading.cube;
        let (numbers, symbols) = counts(cube);
        let warnings = self.reading.warnings.iter();
        json!({
            "file": self.name,
            "bytes": self.bytes,
            "format": self.reading.format.name(),
            "encoding": self.reading.encoding,
            "cells": {
                "given": cube.cells.len(),
                "positions": cube.size(),
                "numbers": numbers,
                "symbols": symbols,
                "absent": cube.cells.absent(),
            },
            "warnings": warnings
                .map(|warning| json!({ "code": warning.0.code(), "text": warning.0.render(language) }))
                .collect::<Vec<_>>(),
            "cube": cube,
        })
    }

    fn document(&self, language: Language) -> Document {
        let writer = Writer { language };
        let words = self.words(language);
        let cube = &self.reading.cube;
        let label = cube.label.in_order(&words).unwrap_or(self.name).to_owned();
        let mut blocks = vec![
            title(label, self.reading.format.name().to_owned()),
            Block::List {
                title: writer.word("word.table"),
                items: self.facts(writer, &words),
            },
            dimensions(cube, writer, &words),
        ];
        for dimension in &cube.dimensions {
            blocks.push(self.categories(dimension, writer, &words));
        }
        let notes: Vec<String> = cube
            .notes
            .iter()
            .map(|one| note(one, cube, writer, &words))
            .collect();
        if !notes.is_empty() {
            blocks.push(Block::List {
                title: writer.word("word.notes"),
                items: notes,
            });
        }
        writer.document(blocks)
    }
}

impl TableCard<'_> {
    /// The reader's language, then those of the file.
    fn words(&self, language: Language) -> Vec<String> {
        let own = self.reading.cube.languages.iter().cloned();
        std::iter::once(language.code().to_owned()).chain(own).collect()
    }

    /// One line each: id, source, when updated, languages, encoding, size, cells and what is missing among them.
    fn facts(&self, writer: Writer, words: &[String]) -> Vec<String> {
        let cube = &self.reading.cube;
        let (numbers, symbols) = counts(cube);
        let languages: Vec<&str> = cube
            .languages
            .iter()
            .map(String::as_str)
            .filter(|code| !code.is_empty())
            .collect();
        let unit = cube.unit.as_ref().and_then(|unit| unit.label.in_order(words));
        let mut lines = Vec::new();
        let mut line = |code: &'static str, value: Option<&str>| {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                lines.push(format!("{}: {value}", writer.word(code)));
            }
        };
        line("word.id", cube.id.as_deref());
        line("word.contents", cube.contents.in_order(words));
        line("word.unit", unit);
        line("word.source", cube.source.in_order(words));
        line("word.updated", cube.updated.as_deref());
        line("word.languages", Some(&languages.join(", ")));
        line("word.encoding", self.reading.encoding.as_deref());
        line(
            "word.bytes",
            self.bytes.map(|bytes| writer.count_of(bytes)).as_deref(),
        );
        let message = Message::new("word.cells")
            .with("cells", cube.cells.len())
            .with("numbers", numbers);
        lines.push(message.render(writer.language));
        if cube.cells.absent() == Absent::Zero {
            lines.push(writer.word("word.absent-zero"));
        }
        let missing = symbols.iter().map(|(symbol, count)| {
            let message = Message::new("word.symbol")
                .with("symbol", symbol.clone())
                .with("count", *count);
            message.render(writer.language)
        });
        lines.extend(missing);
        lines
    }

    /// The categories of a dimension: all of them, or the first and the last.
    fn categories(&self, dimension: &Dimension, writer: Writer, words: &[String]) -> Block {
        let with_units = dimension
            .categories
            .iter()
            .any(|category| category.unit.is_some());
        let mut headers = vec![
            writer.header("word.code", Align::Left),
            writer.header("word.name", Align::Left),
        ];
        if with_units {
            headers.push(writer.header("word.unit", Align::Left));
            headers.push(writer.header("word.decimals", Align::Right));
        }
        let row = |category: &Category| {
            let label = category.label.in_order(words).unwrap_or_default().to_owned();
            let mut row = vec![category.code.clone(), label];
            if with_units {
                let unit = category.unit.as_ref().and_then(|unit| unit.label.in_order(words));
                row.push(unit.unwrap_or_default().to_owned());
                row.push(
                    category
                        .decimals
                        .map_or_else(String::new, |decimals| decimals.to_string()),
                );
            }
            row
        };
        let count = dimension.categories.len();
        let mut rows: Vec<Vec<String>> = Vec::new();
        for (place, category) in dimension.categories.iter().enumerate() {
            if self.all || count <= SHOWN + 2 || place < SHOWN || place + 1 == count {
                rows.push(row(category));
            } else if place == SHOWN {
                rows.push(vec!["…".to_owned(); headers.len()]);
            }
        }
        Block::Grid(Grid {
            caption: format!("{} · {}", name(dimension, words), writer.count_of(count as u64)),
            headers,
            rows,
        })
    }
}

fn name(dimension: &Dimension, words: &[String]) -> String {
    let label = dimension.label.in_order(words).filter(|label| !label.is_empty());
    label.unwrap_or(&dimension.code).to_owned()
}

fn dimensions(cube: &Cube, writer: Writer, words: &[String]) -> Block {
    let row = |dimension: &Dimension| {
        let role = match dimension.role {
            Role::Time => "word.role-time",
            Role::Geo => "word.role-geo",
            Role::Metric => "word.role-metric",
            Role::Classification => "word.role-classification",
        };
        vec![
            dimension.code.clone(),
            name(dimension, words),
            writer.word(role),
            writer.count_of(dimension.categories.len() as u64),
        ]
    };
    Block::Grid(Grid {
        caption: String::new(),
        headers: vec![
            writer.header("word.dimension", Align::Left),
            writer.header("word.name", Align::Left),
            writer.header("word.role", Align::Left),
            writer.header("word.categories", Align::Right),
        ],
        rows: cube.dimensions.iter().map(row).collect(),
    })
}

/// How many cells have a number, and how many have each symbol or, without one, each status.
fn counts(cube: &Cube) -> (usize, BTreeMap<String, usize>) {
    let numbers = cube.cells.values().iter().filter(|value| !value.is_nan()).count();
    let mut by_mark = vec![0usize; cube.cells.distinct_marks().len()];
    for index in 0..cube.cells.len() {
        by_mark[cube.cells.mark_number(index) as usize] += 1;
    }
    let mut symbols = BTreeMap::new();
    for (mark, count) in cube.cells.distinct_marks().iter().zip(by_mark) {
        // A figure of status A is what figures are.
        let status = mark.status.as_ref().filter(|status| *status != "A");
        let symbol = mark.symbol.as_ref().or(status);
        if let Some(symbol) = symbol.filter(|_| count > 0) {
            *symbols.entry(symbol.clone()).or_default() += count;
        }
    }
    (numbers, symbols)
}

/// A note with the place it belongs to.
fn note(note: &Note, cube: &Cube, writer: Writer, words: &[String]) -> String {
    let said = note.text.in_order(words).unwrap_or_default();
    let dimension = |place: usize| cube.dimensions.get(place);
    let category = |place: usize, category: usize| {
        let dimension = dimension(place)?;
        let found = dimension.categories.get(category)?;
        let label = found.label.in_order(words).filter(|label| !label.is_empty());
        Some(format!(
            "{}: {}",
            name(dimension, words),
            label.unwrap_or(&found.code)
        ))
    };
    let place = match &note.place {
        NotePlace::Cube => None,
        NotePlace::Dimension(place) => dimension(*place).map(|found| name(found, words)),
        NotePlace::Category(place, of) => category(*place, *of),
        NotePlace::Cells(key) => {
            let parts = key
                .iter()
                .enumerate()
                .filter_map(|(place, of)| category(place, (*of)?));
            Some(parts.collect::<Vec<_>>().join(", "))
        }
    };
    let mandatory = if note.mandatory {
        format!(" ({})", writer.word("word.mandatory"))
    } else {
        String::new()
    };
    match place {
        Some(place) => format!("{place}: {said}{mandatory}"),
        None => format!("{said}{mandatory}"),
    }
}
