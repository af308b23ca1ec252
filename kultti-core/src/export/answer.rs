//! Answers of queries: columns of any name and type, written batch by batch in any format that is not one of cubes.

use super::document::{Align, Block, Document, Grid};
use super::file::{Encoder, FileFormat};
use super::result_file::{FLAT_FORMATS, ResultFormat, page};
use super::table::Value;
use super::{RowFormat, RowWriter, TextOptions, to_markdown, to_text, workbook};
use crate::error::{Error, Result};
use crate::formats::Format;
use crate::language::{Language, format_number};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, RecordBatch, StringArray};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use datafusion::arrow::compute::{CastOptions, cast, cast_with_options};
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::Arc;

/// Columns of a text that nothing is known of the reader of.
const WIDTH: usize = 100;

/// Whether a format can hold an answer with these columns.
///
/// # Errors
/// [`Error::ResultNotACube`] for a format of cubes; [`Error::RepeatedColumn`] for two columns of one name in a format that
/// finds columns by it.
///
/// ```
/// use arrow_schema::{DataType, Field, Schema};
/// use kultti_core::export::{ResultFormat, holds_columns};
/// let twice = Schema::new(["area", "area"].map(|name| Field::new(name, DataType::Utf8, true)).to_vec());
/// assert!(holds_columns(ResultFormat::Text, &twice).is_ok());
/// assert!(holds_columns(ResultFormat::Json, &twice).is_err());
/// ```
pub fn holds_columns(format: ResultFormat, schema: &Schema) -> Result<()> {
    let by_name = match format {
        ResultFormat::Table(Format::Px | Format::JsonStat | Format::SdmxCsv) => {
            return Err(Error::ResultNotACube {
                format: format.name().to_owned(),
                known: FLAT_FORMATS.map(str::to_owned).to_vec(),
            });
        }
        ResultFormat::Json | ResultFormat::JsonLines => true,
        ResultFormat::Table(format) => matches!(format, Format::Parquet | Format::Arrow),
        _ => false,
    };
    let mut known = BTreeSet::new();
    let twice = schema.fields().iter().find(|field| !known.insert(field.name()));
    match twice {
        Some(field) if by_name => Err(Error::RepeatedColumn {
            column: field.name().clone(),
        }),
        _ => Ok(()),
    }
}

/// The columns of an answer, with the release it is of and the query as metadata: Parquet and Arrow files carry them. What the
/// tables of a query brought with them is left out, for it was said of them and not of the answer.
///
/// ```
/// use arrow_schema::{DataType, Field, Schema};
/// use kultti_core::export::with_provenance;
/// let columns = Schema::new(vec![Field::new("n", DataType::Int64, false)]);
/// let known = with_provenance(&columns, "3f9c2a", "SELECT 1 AS n");
/// assert_eq!(known.metadata()["kultti.release"], "3f9c2a");
/// ```
pub fn with_provenance(schema: &Schema, release: &str, query: &str) -> SchemaRef {
    let metadata = [("kultti.release", release), ("kultti.query", query.trim())];
    let metadata = metadata.map(|(key, text)| (key.to_owned(), text.to_owned()));
    Arc::new(Schema::new_with_metadata(
        schema.fields().clone(),
        metadata.into(),
    ))
}

/// Writes the answer of a query batch by batch, in any format that [`holds_columns`] allows.
///
/// CSV, TSV and JSON have the spelling of the other tables: decimal points, dates as ISO 8601, nothing where there is no value.
/// Parquet and Arrow keep the types of the query. Memory does not grow with the rows, but for text, Markdown, HTML and XLSX,
/// which are for reading.
///
/// ```
/// use arrow_array::{Float64Array, RecordBatch};
/// use kultti_core::export::AnswerWriter;
/// use kultti_core::language::Language;
/// use std::sync::Arc;
/// let ratio: arrow_array::ArrayRef = Arc::new(Float64Array::from(vec![Some(0.5), None]));
/// let batch = RecordBatch::try_from_iter([("ratio", ratio)]).unwrap();
/// let mut writer = AnswerWriter::new("csv".parse()?, &batch.schema(), Language::Fi, Vec::new()).unwrap();
/// writer.write(&batch).unwrap();
/// assert_eq!(writer.finish().unwrap(), b"ratio\n0.5\n\"\"\n");
/// # Ok::<(), kultti_core::Error>(())
/// ```
pub struct AnswerWriter<W: Write + Send>(Form<W>);

enum Form<W: Write + Send> {
    Rows(RowWriter<W>),
    Columns(Encoder<W>),
    Sheet(Box<workbook::Rows>, W),
    Whole(Whole, W),
}

/// An answer that is written when all of it is known.
struct Whole {
    format: ResultFormat,
    language: Language,
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

impl<W: Write + Send> AnswerWriter<W> {
    /// Begins with the names of the columns; their metadata go into Parquet and Arrow.
    ///
    /// # Errors
    /// Whatever `out` fails with.
    pub fn new(format: ResultFormat, schema: &SchemaRef, language: Language, out: W) -> io::Result<Self> {
        let rows = match format {
            ResultFormat::Table(Format::Tsv) => RowFormat::Tsv,
            ResultFormat::Json => RowFormat::Json(language),
            ResultFormat::JsonLines => RowFormat::JsonLines(language),
            ResultFormat::Table(Format::Parquet) => {
                return Encoder::new(FileFormat::Parquet, schema, out)
                    .map(|encoder| Self(Form::Columns(encoder)));
            }
            ResultFormat::Table(Format::Arrow) => {
                return Encoder::new(FileFormat::Arrow, schema, out)
                    .map(|encoder| Self(Form::Columns(encoder)));
            }
            ResultFormat::Table(Format::Xlsx) => {
                let names = schema.fields().iter().map(|field| field.name().as_str());
                let rows = workbook::Rows::new(names).map_err(io::Error::other)?;
                return Ok(Self(Form::Sheet(Box::new(rows), out)));
            }
            ResultFormat::Text | ResultFormat::Markdown | ResultFormat::Html => {
                let whole = Whole {
                    format,
                    language,
                    schema: Arc::clone(schema),
                    batches: Vec::new(),
                };
                return Ok(Self(Form::Whole(whole, out)));
            }
            ResultFormat::Table(_) => RowFormat::Csv,
        };
        RowWriter::new(rows, schema, out).map(|rows| Self(Form::Rows(rows)))
    }

    /// Writes the rows of a batch.
    ///
    /// # Errors
    /// Whatever `out` fails with; a type of column that the format does not know; more rows than a sheet of Excel has.
    pub fn write(&mut self, batch: &RecordBatch) -> io::Result<()> {
        match &mut self.0 {
            Form::Rows(rows) => rows.write(&spelled(batch).map_err(io::Error::other)?),
            Form::Columns(encoder) => encoder.write(batch),
            Form::Whole(whole, _) => {
                whole.batches.push(batch.clone());
                Ok(())
            }
            Form::Sheet(rows, _) => {
                let batch = spelled(batch).map_err(io::Error::other)?;
                for row in 0..batch.num_rows() {
                    let cells = batch.columns().iter().map(|column| cell(column, row));
                    rows.write(cells).map_err(io::Error::other)?;
                }
                Ok(())
            }
        }
    }

    /// Writes what is left and gives `out` back.
    ///
    /// # Errors
    /// Whatever `out` fails with.
    pub fn finish(self) -> io::Result<W> {
        match self.0 {
            Form::Rows(rows) => rows.finish(),
            Form::Columns(encoder) => encoder.finish(),
            Form::Sheet(rows, mut out) => {
                out.write_all(&rows.finish().map_err(io::Error::other)?)?;
                Ok(out)
            }
            Form::Whole(whole, mut out) => {
                out.write_all(whole.text()?.as_bytes())?;
                Ok(out)
            }
        }
    }
}

impl Whole {
    fn text(&self) -> io::Result<String> {
        let document =
            answer_document(&self.schema, &self.batches, self.language).map_err(io::Error::other)?;
        let options = TextOptions {
            width: WIDTH,
            styled: false,
        };
        Ok(match self.format {
            ResultFormat::Markdown => to_markdown(&document),
            ResultFormat::Html => page(&document, self.language),
            _ => to_text(&document, options),
        })
    }
}

/// An answer for people: one table, numbers on the right in the spelling of the language, nothing where there is no value.
///
/// Whole numbers stand as they are, for they may be years; the others have as many decimals as the column needs, at most six,
/// and two from a hundred on.
///
/// # Errors
/// [`ArrowError`] for a whole number that no 64 bits with a sign hold.
pub fn answer_document(
    schema: &Schema,
    batches: &[RecordBatch],
    language: Language,
) -> Result<Document, ArrowError> {
    let batches: Vec<RecordBatch> = batches.iter().map(spelled).collect::<Result<_, _>>()?;
    let column = |place: usize| batches.iter().map(move |batch| batch.column(place));
    let headers = schema.fields().iter().map(|field| {
        let align = if field.data_type().is_numeric() {
            Align::Right
        } else {
            Align::Left
        };
        (field.name().clone(), align)
    });
    let decimals: Vec<usize> = (0..schema.fields().len())
        .map(|place| decimals(column(place)))
        .collect();
    let mut rows = Vec::new();
    for batch in &batches {
        for row in 0..batch.num_rows() {
            let cells = batch.columns().iter().zip(&decimals);
            rows.push(
                cells
                    .map(|(column, decimals)| shown(column, row, (*decimals, language)))
                    .collect(),
            );
        }
    }
    Ok(Document {
        language: language.code(),
        blocks: vec![Block::Grid(Grid {
            caption: String::new(),
            headers: headers.collect(),
            rows,
        })],
    })
}

/// A cell as people read it.
fn shown(column: &ArrayRef, row: usize, (decimals, language): (usize, Language)) -> String {
    if column.data_type() == &DataType::Int64 && column.is_valid(row) {
        return column.as_primitive::<Int64Type>().value(row).to_string();
    }
    match cell(column, row) {
        Value::Number(Some(number)) if number.is_finite() => format_number(number, decimals, language),
        // A line break, or what moves the cursor of a terminal, would break the table.
        Value::Text(Some(text)) => text.replace(char::is_control, " "),
        Value::Flag(flag) => flag.to_string(),
        _ => String::new(),
    }
}

/// A cell of a batch that is [`spelled`].
#[expect(clippy::cast_precision_loss, reason = "a cell of Excel holds no more")]
fn cell(column: &ArrayRef, row: usize) -> Value {
    if column.is_null(row) {
        return Value::Text(None);
    }
    match column.data_type() {
        DataType::Float64 => Value::Number(Some(column.as_primitive::<Float64Type>().value(row))),
        DataType::Int64 => Value::Number(Some(column.as_primitive::<Int64Type>().value(row) as f64)),
        DataType::Boolean => Value::Flag(column.as_boolean().value(row)),
        _ => Value::Text(Some(column.as_string::<i32>().value(row).to_owned())),
    }
}

/// As many decimals as the numbers of a column have, but no more than tell them apart at their size.
fn decimals<'c>(column: impl Iterator<Item = &'c ArrayRef>) -> usize {
    let mut most = 0;
    let mut largest: f64 = 0.0;
    for numbers in column.filter_map(|array| array.as_primitive_opt::<Float64Type>()) {
        for number in numbers.iter().flatten().filter(|number| number.is_finite()) {
            let text = number.to_string();
            most = most.max(text.split_once('.').map_or(0, |(_, decimals)| decimals.len()));
            largest = largest.max(number.abs());
        }
    }
    let wanted = if largest >= 100.0 {
        2
    } else if largest >= 1.0 {
        4
    } else {
        6
    };
    most.min(wanted)
}

/// A batch in the types that rows of text have: texts, numbers, whole numbers, truth values.
fn spelled(batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let mut fields = Vec::new();
    let mut columns = Vec::new();
    for (field, column) in batch.schema_ref().fields().iter().zip(batch.columns()) {
        let column = spelled_column(column)?;
        fields.push(Field::new(field.name(), column.data_type().clone(), true));
        columns.push(column);
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
}

fn spelled_column(column: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    match column.data_type() {
        DataType::Utf8 | DataType::Float64 | DataType::Int64 | DataType::Boolean => Ok(Arc::clone(column)),
        DataType::LargeUtf8 | DataType::Utf8View => cast(column, &DataType::Utf8),
        DataType::Float16 | DataType::Float32 => cast(column, &DataType::Float64),
        kind if kind.is_integer() => {
            // A number that does not fit is an error, not nothing.
            let options = CastOptions {
                safe: false,
                ..CastOptions::default()
            };
            cast_with_options(column, &DataType::Int64, &options)
        }
        DataType::Dictionary(_, values) => spelled_column(&cast(column, values)?),
        _ => {
            let options = FormatOptions::default();
            let formatter = ArrayFormatter::try_new(column, &options)?;
            let text = |row| column.is_valid(row).then(|| formatter.value(row).to_string());
            Ok(Arc::new((0..column.len()).map(text).collect::<StringArray>()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::{
        BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float64Array, Int32Array, UInt64Array,
    };

    fn everything() -> RecordBatch {
        let decimal = Decimal128Array::from(vec![Some(1_250), None]).with_precision_and_scale(10, 2);
        let columns: [(&str, ArrayRef); 7] = [
            ("text", Arc::new(StringArray::from(vec![Some("a \"b\""), None]))),
            (
                "code",
                Arc::new(
                    vec![Some("049"), None]
                        .into_iter()
                        .collect::<DictionaryArray<arrow_array::types::Int32Type>>(),
                ),
            ),
            (
                "number",
                Arc::new(Float64Array::from(vec![Some(0.125), Some(f64::NAN)])),
            ),
            ("count", Arc::new(UInt64Array::from(vec![Some(7), None]))),
            ("truth", Arc::new(BooleanArray::from(vec![Some(true), None]))),
            ("day", Arc::new(Date32Array::from(vec![Some(18_628), None]))),
            ("exact", Arc::new(decimal.expect("a decimal"))),
        ];
        RecordBatch::try_from_iter(columns).expect("columns of one length")
    }

    fn written(format: &str, batch: &RecordBatch) -> String {
        let format = format.parse().expect("a format");
        let mut writer =
            AnswerWriter::new(format, &batch.schema(), Language::Fi, Vec::new()).expect("a header");
        writer.write(batch).expect("rows");
        String::from_utf8(writer.finish().expect("an end")).expect("UTF-8")
    }

    #[test]
    fn every_type_is_spelled() {
        assert_eq!(
            written("csv", &everything()),
            "text,code,number,count,truth,day,exact\n\"a \"\"b\"\"\",049,0.125,7,true,2021-01-01,12.50\n,,,,,,\n"
        );
        assert_eq!(
            written("jsonl", &everything()),
            "{\"text\":\"a \\\"b\\\"\",\"code\":\"049\",\"number\":0.125,\"count\":7,\"truth\":true,\"day\":\"2021-01-01\",\"exact\":\"12.50\"}\n\
             {\"text\":null,\"code\":null,\"number\":null,\"count\":null,\"truth\":null,\"day\":null,\"exact\":null}\n"
        );
    }

    #[test]
    fn a_number_that_does_not_fit_is_no_empty_cell() {
        let huge: ArrayRef = Arc::new(UInt64Array::from(vec![u64::MAX]));
        let batch = RecordBatch::try_from_iter([("n", huge)]).expect("a batch");
        let mut writer = AnswerWriter::new(ResultFormat::Json, &batch.schema(), Language::En, Vec::new())
            .expect("a header");
        assert!(writer.write(&batch).is_err());
    }

    #[test]
    fn people_see_as_many_decimals_as_tell_numbers_apart() {
        let columns: [(&str, ArrayRef); 4] = [
            ("euros", Arc::new(Float64Array::from(vec![1234.5678, 0.004]))),
            ("share", Arc::new(Float64Array::from(vec![0.123_456_789, 0.5]))),
            ("whole", Arc::new(Float64Array::from(vec![1000.0, 2.0]))),
            ("year", Arc::new(Int32Array::from(vec![2019, 2020]))),
        ];
        let batch = RecordBatch::try_from_iter(columns).expect("columns of one length");
        let document = answer_document(&batch.schema(), &[batch], Language::En).expect("a table");
        let Some(Block::Grid(grid)) = document.blocks.first() else {
            unreachable!("an answer is one table");
        };
        assert_eq!(grid.rows[0], ["1,234.57", "0.123457", "1,000", "2019"]);
        assert_eq!(grid.rows[1], ["0.00", "0.500000", "2", "2020"]);
    }

    #[test]
    fn nothing_in_a_cell_moves_the_cursor() {
        let text: ArrayRef = Arc::new(StringArray::from(vec!["a\nb\u{1b}[2J"]));
        let batch = RecordBatch::try_from_iter([("text", text)]).expect("a batch");
        let page = written("table", &batch);
        assert!(page.contains("a b [2J"), "{page}");
    }
}
