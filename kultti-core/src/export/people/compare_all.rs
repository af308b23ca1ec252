//! What a comparison of everything comes to.

use super::{Writer, title};
use crate::compare::{ColumnSummary, CompareAll, CompareAllSummary};
use crate::export::document::{Align, Block, Document, Grid};
use crate::export::scalar::number_json;
use crate::export::table::{Table, Value, text};
use crate::language::{Language, Message, word};
use crate::model::IndicatorId;
use serde_json::{Map, Value as Json, json};

/// Version of the JSON schema.
const SCHEMA: u32 = 1;

/// A checksum as it is shown: sixteen hexadecimal digits.
fn hexadecimal(checksum: u64) -> String {
    format!("{checksum:016x}")
}

impl crate::export::Export for CompareAllSummary {
    /// One row per column.
    fn table(&self, language: Language) -> Table {
        let columns = vec![
            "column",
            "n",
            "n_missing",
            "sum",
            "min",
            "max",
            "checksum",
            "indicators",
            "slices",
            "rows",
            "territory",
            "release",
        ];
        let row = |column: &ColumnSummary| {
            vec![
                text(&column.column),
                counted(column.n),
                counted(column.missing),
                Value::Number(Some(column.sum)),
                Value::Number(column.min),
                Value::Number(column.max),
                text(hexadecimal(column.checksum)),
                Value::Count(self.indicators),
                counted(self.slices),
                counted(self.rows),
                text(&self.territory),
                text(&self.release),
            ]
        };
        Table {
            columns,
            rows: self.columns.iter().map(row).collect(),
            notes: Vec::new(),
            language,
        }
    }

    fn json(&self, _: Language) -> Json {
        let column = |column: &ColumnSummary| {
            json!({
                "column": column.column,
                "n": column.n,
                "missing": column.missing,
                "sum": number_json(Some(column.sum)),
                "min": number_json(column.min),
                "max": number_json(column.max),
                "checksum": hexadecimal(column.checksum),
            })
        };
        let statuses = self
            .statuses
            .iter()
            .map(|(letter, rows)| (letter.to_string(), json!(rows)));
        let reasons = self
            .reasons
            .iter()
            .map(|(reason, rows)| (reason.code().to_owned(), json!(rows)));
        json!({
            "schema": SCHEMA,
            "release": self.release,
            "territory": self.territory,
            "indicators": self.indicators,
            "indicators_without_data": self.without_data,
            "slices": self.slices,
            "rows": self.rows,
            "columns": self.columns.iter().map(column).collect::<Vec<_>>(),
            "status": statuses.collect::<Map<_, _>>(),
            "missing": reasons.collect::<Map<_, _>>(),
        })
    }

    fn document(&self, language: Language) -> Document {
        let writer = Writer { language };
        let counts = Message::new("word.all-counts")
            .with("indicators", self.indicators)
            .with("slices", writer.count_of(self.slices))
            .with("rows", writer.count_of(self.rows));
        let mut blocks = vec![
            title(writer.word("word.all-title"), String::new()),
            Block::Paragraph(counts.render(language)),
            Block::Grid(self.columns_grid(writer)),
            Block::Grid(self.rows_grid(writer)),
        ];
        blocks.extend(writer.without_data(&self.without_data));
        blocks.push(Block::Footer(vec![
            writer.borders_and_release(&self.territory, &self.release),
        ]));
        writer.document(blocks)
    }
}

/// What a comparison of everything is about, before it is computed: its columns, borders and release, and the indicators
/// that it has nothing to say about.
pub fn outline(all: &CompareAll, language: Language) -> Document {
    let writer = Writer { language };
    let schema = all.schema();
    let mut blocks = vec![
        title(writer.word("word.all-title"), String::new()),
        Block::List {
            title: writer.word("word.column"),
            items: schema.fields().iter().map(|field| field.name().clone()).collect(),
        },
    ];
    blocks.extend(writer.without_data(all.without_data()));
    blocks.push(Block::Footer(vec![
        writer.borders_and_release(&all.territory(), all.release()),
    ]));
    writer.document(blocks)
}

impl Writer {
    /// The indicators without data, where there are any.
    fn without_data(self, indicators: &[IndicatorId]) -> Option<Block> {
        (!indicators.is_empty()).then(|| Block::List {
            title: self.word("word.all-without-data"),
            items: indicators.iter().map(ToString::to_string).collect(),
        })
    }
}

impl CompareAllSummary {
    fn columns_grid(&self, writer: Writer) -> Grid {
        let number = |number: Option<f64>| {
            number.map_or_else(
                || "–".to_owned(),
                |number| writer.number(number, decimals(number)),
            )
        };
        let row = |column: &ColumnSummary| {
            vec![
                column.column.clone(),
                writer.count_of(column.n),
                writer.count_of(column.missing),
                number(Some(column.sum)),
                number(column.min),
                number(column.max),
                hexadecimal(column.checksum),
            ]
        };
        Grid {
            caption: String::new(),
            headers: vec![
                writer.header("word.column", Align::Left),
                writer.header("word.values", Align::Right),
                writer.header("word.without-value", Align::Right),
                writer.header("word.sum", Align::Right),
                writer.header("word.lowest", Align::Right),
                writer.header("word.highest", Align::Right),
                writer.header("word.checksum", Align::Right),
            ],
            rows: self.columns.iter().map(row).collect(),
        }
    }

    /// Rows by status, and those without a value by reason.
    fn rows_grid(&self, writer: Writer) -> Grid {
        let mut rows: Vec<Vec<String>> = Vec::new();
        for (letter, count) in &self.statuses {
            rows.push(vec![letter.to_string(), writer.count_of(*count)]);
        }
        for (reason, count) in &self.reasons {
            let words = word(reason.message_code(), writer.language);
            rows.push(vec![words.to_owned(), writer.count_of(*count)]);
        }
        Grid {
            caption: String::new(),
            headers: vec![
                writer.header("word.status-or-reason", Align::Left),
                writer.header("word.rows", Align::Right),
            ],
            rows,
        }
    }
}

/// Six significant digits, or the whole part where it is longer; what nine decimals do not show is 0.
fn decimals(number: f64) -> usize {
    if number.abs() < 5e-10 || number.fract() == 0.0 {
        return 0;
    }
    #[expect(clippy::cast_possible_truncation, reason = "an exponent of ten is below 400")]
    let digits = number.abs().log10().floor() as i32;
    usize::try_from(5 - digits).unwrap_or(0).min(9)
}

fn counted(count: u64) -> Value {
    Value::Count(usize::try_from(count).unwrap_or(usize::MAX))
}
