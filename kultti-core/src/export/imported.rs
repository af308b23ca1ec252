//! Observations of an imported table, in the columns that a release is built from.

use super::document::{Align, Block, Document, Grid};
use super::people::Writer;
use super::table::{Table, Value, text};
use crate::formats::{COLUMNS, Imported};
use crate::language::{Language, Message};
use crate::model::Observation;
use std::collections::BTreeMap;

/// Observations that people see of each measure.
const SHOWN: usize = 5;

impl super::Export for Imported {
    /// The table that a recipe names: written as CSV or Parquet it is what `release build` reads.
    fn table(&self, language: Language) -> Table {
        Table {
            columns: COLUMNS.to_vec(),
            rows: self.observations.iter().map(row).collect(),
            notes: Vec::new(),
            language,
        }
    }

    fn document(&self, language: Language) -> Document {
        let writer = Writer { language };
        let mut by_measure: BTreeMap<&str, Vec<&Observation>> = BTreeMap::new();
        for observation in &self.observations {
            by_measure
                .entry(observation.measure.as_str())
                .or_default()
                .push(observation);
        }
        let header = |code, align| writer.header(code, align);
        let mut blocks = Vec::new();
        for (measure, observations) in by_measure {
            let counted = Message::new("word.imported-measure")
                .with("measure", measure)
                .with("rows", observations.len())
                .with(
                    "values",
                    observations.iter().filter(|one| one.value.is_some()).count(),
                );
            let rows = observations.iter().take(SHOWN).map(|one| {
                vec![
                    one.period.to_string(),
                    one.area.to_string(),
                    one.value
                        .map_or_else(String::new, |value| writer.number(value, decimals(value))),
                    one.status.letter().to_string(),
                    one.note.clone(),
                ]
            });
            blocks.push(Block::Grid(Grid {
                caption: counted.render(language),
                headers: vec![
                    header("word.period", Align::Left),
                    header("word.code", Align::Left),
                    header("word.value", Align::Right),
                    header("word.status", Align::Left),
                    header("word.notes", Align::Left),
                ],
                rows: rows.collect(),
            }));
        }
        let left_out = self
            .left_out
            .iter()
            .map(|(dimension, code)| format!("{dimension}: {code}"));
        let left_out: Vec<String> = left_out.collect();
        if !left_out.is_empty() {
            blocks.push(Block::List {
                title: writer.word("word.left-out"),
                items: left_out,
            });
        }
        writer.document(blocks)
    }
}

fn row(observation: &Observation) -> Vec<Value> {
    let some = |text: &str| Value::Text(Some(text.to_owned()).filter(|text| !text.is_empty()));
    vec![
        text(&observation.measure),
        text(observation.period),
        text(&observation.area),
        text(observation.territory),
        Value::Number(observation.value),
        text(observation.status.letter()),
        some(observation.missing.map_or("", |missing| missing.code())),
        some(&observation.note),
    ]
}

/// As many decimals as the figure has.
fn decimals(value: f64) -> usize {
    value
        .to_string()
        .split_once('.')
        .map_or(0, |(_, decimals)| decimals.len())
}
