//! Streams of record batches as rows of text: CSV, TSV, JSON lines, one JSON array.

use super::scalar::{missing_json, number_json};
use crate::language::Language;
use crate::model::Missing;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, Int64Type};
use arrow_array::{Array, BooleanArray, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::Schema;
use serde_json::json;
use std::fmt::Write as _;
use std::io::{self, Write};

/// How rows are written as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowFormat {
    /// Comma-separated values.
    Csv,
    /// Tab-separated values.
    Tsv,
    /// One JSON object a line.
    JsonLines(Language),
    /// One JSON array, an object a line.
    Json(Language),
}

/// Writes record batches as rows of text, batch by batch, with the spelling of the other tables: decimal points, whole
/// numbers without a fraction, empty cells or `null` for missing values.
///
/// ```
/// use kultti_core::compare::CompareAllOptions;
/// use kultti_core::export::{RowFormat, RowWriter};
/// use kultti_core::release::Release;
/// use std::sync::Arc;
/// let release = Arc::new(Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?);
/// let all = release.compare_all(CompareAllOptions::columns(["change"])?)?;
/// let mut rows = RowWriter::new(RowFormat::Csv, &all.schema(), Vec::new()).unwrap();
/// for batch in all {
///     rows.write(&batch?).unwrap();
/// }
/// let csv = String::from_utf8(rows.finish().unwrap()).unwrap();
/// assert!(csv.starts_with("indicator,period,area,value,status,missing,change\n"));
/// # Ok::<(), kultti_core::Error>(())
/// ```
pub struct RowWriter<W: Write>(Form<W>);

enum Form<W: Write> {
    Delimited { out: Box<csv::Writer<W>>, cell: String },
    Json(JsonRows<W>),
}

struct JsonRows<W> {
    out: W,
    /// `"name":` of every column.
    names: Vec<String>,
    language: Language,
    /// Whether the objects stand in an array.
    array: bool,
    first: bool,
}

/// A column of a batch; texts that are named by numbers stand beside them.
enum Cells<'b> {
    Named(&'b Int32Array, Vec<&'b str>),
    Texts(&'b StringArray),
    Numbers(&'b Float64Array),
    Whole(&'b Int64Array),
    Truths(&'b BooleanArray),
}

const BUFFER_BYTES: usize = 1 << 18;

impl<W: Write> RowWriter<W> {
    /// Begins with the names of the columns.
    ///
    /// # Errors
    /// Whatever `out` fails with.
    pub fn new(format: RowFormat, schema: &Schema, out: W) -> io::Result<Self> {
        let names = || schema.fields().iter().map(|field| field.name());
        let (delimiter, language, array) = match format {
            RowFormat::Csv => (Some(b','), Language::En, false),
            RowFormat::Tsv => (Some(b'\t'), Language::En, false),
            RowFormat::JsonLines(language) => (None, language, false),
            RowFormat::Json(language) => (None, language, true),
        };
        if let Some(delimiter) = delimiter {
            let mut writer = csv::WriterBuilder::new()
                .delimiter(delimiter)
                .buffer_capacity(BUFFER_BYTES)
                .from_writer(out);
            writer
                .write_record(names())
                .map_err(super::delimited::unwrapped)?;
            return Ok(Self(Form::Delimited {
                out: Box::new(writer),
                cell: String::new(),
            }));
        }
        Ok(Self(Form::Json(JsonRows {
            out,
            names: names().map(|name| format!("{}:", json!(name))).collect(),
            language,
            array,
            first: true,
        })))
    }

    /// Writes the rows of a batch.
    ///
    /// # Errors
    /// Whatever `out` fails with; [`io::ErrorKind::InvalidInput`] for a column that is neither of texts (`Utf8`, or a dictionary
    /// of them), numbers (`Float64`, `Int64`) nor truth values.
    pub fn write(&mut self, batch: &RecordBatch) -> io::Result<()> {
        let columns = columns(batch)?;
        match &mut self.0 {
            Form::Delimited { out, cell } => delimited(out, cell, &columns, batch.num_rows()),
            Form::Json(rows) => rows.write(batch, &columns),
        }
    }

    /// Writes what is left and gives `out` back.
    ///
    /// # Errors
    /// Whatever `out` fails with.
    pub fn finish(self) -> io::Result<W> {
        match self.0 {
            Form::Delimited { out, .. } => out.into_inner().map_err(csv::IntoInnerError::into_error),
            Form::Json(rows) => rows.finish(),
        }
    }
}

fn columns(batch: &RecordBatch) -> io::Result<Vec<Cells<'_>>> {
    let unknown =
        |array: &dyn Array| io::Error::new(io::ErrorKind::InvalidInput, array.data_type().to_string());
    batch
        .columns()
        .iter()
        .map(|array| Cells::of(array).ok_or_else(|| unknown(array)))
        .collect()
}

impl<'b> Cells<'b> {
    fn of(array: &'b dyn Array) -> Option<Self> {
        if let Some(numbers) = array.as_primitive_opt::<Float64Type>() {
            return Some(Self::Numbers(numbers));
        }
        if let Some(whole) = array.as_primitive_opt::<Int64Type>() {
            return Some(Self::Whole(whole));
        }
        if let Some(texts) = array.as_string_opt::<i32>() {
            return Some(Self::Texts(texts));
        }
        if let Some(truths) = array.as_boolean_opt() {
            return Some(Self::Truths(truths));
        }
        let texts = array.as_dictionary_opt::<Int32Type>()?;
        let known = texts.values().as_string_opt::<i32>()?;
        Some(Self::Named(
            texts.keys(),
            known.iter().map(Option::unwrap_or_default).collect(),
        ))
    }
}

/// The place of a text in the list of texts.
fn place(keys: &Int32Array, row: usize) -> Option<usize> {
    keys.is_valid(row)
        .then(|| usize::try_from(keys.value(row)).unwrap_or_default())
}

fn delimited<W: Write>(
    out: &mut csv::Writer<W>,
    cell: &mut String,
    columns: &[Cells],
    rows: usize,
) -> io::Result<()> {
    for row in 0..rows {
        for column in columns {
            cell.clear();
            let field = match column {
                Cells::Named(keys, texts) => place(keys, row).map_or("", |place| texts[place]),
                Cells::Texts(texts) if texts.is_valid(row) => texts.value(row),
                Cells::Truths(truths) if truths.is_valid(row) => truth(truths.value(row)),
                Cells::Texts(_) | Cells::Truths(_) => "",
                Cells::Numbers(numbers) => {
                    if numbers.is_valid(row) {
                        plain_number(cell, numbers.value(row));
                    }
                    cell.as_str()
                }
                Cells::Whole(whole) => {
                    if whole.is_valid(row) {
                        spelled(cell, whole.value(row));
                    }
                    cell.as_str()
                }
            };
            out.write_field(field).map_err(super::delimited::unwrapped)?;
        }
        out.write_record(None::<&[u8]>)
            .map_err(super::delimited::unwrapped)?;
    }
    Ok(())
}

fn truth(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

/// A number as CSV has it: decimal point, no exponent, as many digits as tell it from its neighbours.
fn plain_number(cell: &mut String, number: f64) {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if !number.is_finite() {
        return;
    }
    if number.fract() == 0.0 && number.abs() < EXACT {
        #[expect(clippy::cast_possible_truncation, reason = "whole and below 2^53")]
        // Whole numbers are spelled faster as such, and the same.
        spelled(cell, number as i64);
    } else {
        spelled(cell, number);
    }
}

fn spelled(cell: &mut String, value: impl std::fmt::Display) {
    // Writing to a text does not fail.
    let _ = write!(cell, "{value}");
}

impl<W: Write> JsonRows<W> {
    fn write(&mut self, batch: &RecordBatch, columns: &[Cells]) -> io::Result<()> {
        let texts: Vec<Vec<String>> = batch
            .schema_ref()
            .fields()
            .iter()
            .zip(columns)
            .map(|(field, column)| match column {
                Cells::Named(_, texts) => texts.iter().map(|text| self.text(field.name(), text)).collect(),
                _ => Vec::new(),
            })
            .collect();
        for row in 0..batch.num_rows() {
            self.begin()?;
            for (place_of_column, column) in columns.iter().enumerate() {
                let comma = if place_of_column == 0 { "" } else { "," };
                write!(self.out, "{comma}{}", self.names[place_of_column])?;
                self.cell(column, &texts[place_of_column], row)?;
            }
            self.out.write_all(if self.array { b"}" } else { b"}\n" })?;
        }
        Ok(())
    }

    /// A cell; `named` are the texts of a column whose cells name them.
    fn cell(&mut self, column: &Cells, named: &[String], row: usize) -> io::Result<()> {
        let out = &mut self.out;
        match column {
            Cells::Named(keys, _) => {
                let text = place(keys, row).map_or("null", |place| named[place].as_str());
                out.write_all(text.as_bytes())
            }
            Cells::Numbers(numbers) => {
                let number = numbers.is_valid(row).then(|| numbers.value(row));
                write!(out, "{}", number_json(number))
            }
            Cells::Texts(texts) if texts.is_valid(row) => write!(out, "{}", json!(texts.value(row))),
            Cells::Whole(whole) if whole.is_valid(row) => write!(out, "{}", whole.value(row)),
            Cells::Truths(truths) if truths.is_valid(row) => write!(out, "{}", truths.value(row)),
            Cells::Texts(_) | Cells::Whole(_) | Cells::Truths(_) => out.write_all(b"null"),
        }
    }

    /// What stands before an object.
    fn begin(&mut self) -> io::Result<()> {
        let before = match (self.array, self.first) {
            (true, true) => "[\n{",
            (true, false) => ",\n{",
            (false, _) => "{",
        };
        self.first = false;
        self.out.write_all(before.as_bytes())
    }

    /// A text as JSON; a reason as the other tables have it, with its words.
    fn text(&self, column: &str, text: &str) -> String {
        let reason = Missing::ALL.into_iter().find(|reason| reason.code() == text);
        if column == "missing" && reason.is_some() {
            return missing_json(reason, self.language).to_string();
        }
        json!(text).to_string()
    }

    fn finish(mut self) -> io::Result<W> {
        if self.array {
            let end: &[u8] = if self.first { b"[]\n" } else { b"\n]\n" };
            self.out.write_all(end)?;
        }
        self.out.flush()?;
        Ok(self.out)
    }
}
