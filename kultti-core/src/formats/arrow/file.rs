//! Parquet and Arrow IPC, as files and streams.

use super::batches::{BATCH_ROWS, cube_batches};
use super::foreign::{self, Batches, Opened};
use super::rebuild::Table;
use crate::error::{Error, Result, guarded};
use crate::formats::{Cube, Format, Mapping, ReadOptions, Reading, Target, Warning, WriteOptions};
use crate::source::{RELEASE_ID, check_footer};
use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_ipc::reader::StreamDecoder;
use arrow_ipc::writer::{FileWriter, StreamWriter};
use arrow_schema::{ArrowError, Schema, SchemaRef};
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::schema::types::ColumnPath;
use std::io;

/// Rows of a row group: what the writer holds in memory.
const ROW_GROUP_ROWS: usize = 1_000_000;
/// What an Arrow file begins with; after it stands a stream.
const FILE_BEGINS: &[u8] = b"ARROW1\0\0";
/// Rows that a file of any size may have, and how many more for each of its bytes: columns that repeat compress to next to
/// nothing, and a small file must not fill the memory.
const ROWS_OF_ANY_FILE: u64 = 4_000_000;
const ROWS_OF_A_BYTE: u64 = 256;

/// Reads a cube from Parquet or Arrow IPC.
pub(crate) fn read(name: &str, bytes: &[u8], format: Format, options: &ReadOptions) -> Result<Reading> {
    let more = (bytes.len() as u64).saturating_mul(ROWS_OF_A_BYTE);
    let table = Table {
        name,
        format,
        most_rows: ROWS_OF_ANY_FILE.saturating_add(more),
    };
    let mapping = options.mapping.as_ref();
    let bytes = Bytes::copy_from_slice(bytes);
    let decode = || match format {
        Format::Parquet => parquet(&table, &bytes, mapping),
        _ => ipc(&table, &bytes, mapping),
    };
    let damaged = || table.error("", 1, "a readable file", "damaged bytes");
    guarded(decode, damaged)
}

/// Reads a table that can be opened once more.
fn read_opened(
    table: &Table,
    schema: &Schema,
    mapping: Option<&Mapping>,
    open: Opened<'_, '_>,
) -> Result<Reading> {
    if !table.says_what_it_is(schema, mapping) {
        return foreign::read(table, schema, mapping, open);
    }
    Ok(Reading {
        cube: table.cube(schema, open()?)?,
        format: table.format,
        encoding: None,
        warnings: Vec::new(),
    })
}

fn parquet(table: &Table, bytes: &Bytes, mapping: Option<&Mapping>) -> Result<Reading> {
    let failed = |cause: ParquetError| table.error("", 1, "a readable file", &cause.to_string());
    let options = ArrowReaderOptions::new();
    check_footer(bytes).map_err(failed)?;
    let metadata = ArrowReaderMetadata::load(bytes, options).map_err(failed)?;
    if let Some(release) = release(&metadata).filter(|_| mapping.is_none()) {
        let path = table.name.to_owned();
        return Err(Error::IsRelease { path, release });
    }
    let mut open = || -> Result<Batches<'static>> {
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(bytes.clone(), metadata.clone());
        let reader = builder.with_batch_size(BATCH_ROWS).build().map_err(failed)?;
        Ok(Box::new(reader))
    };
    read_opened(table, metadata.schema(), mapping, &mut open)
}

/// The id of a release: its rows are of many measures on several borders, and no table without more being said.
fn release(metadata: &ArrowReaderMetadata) -> Option<String> {
    let pairs = metadata.metadata().file_metadata().key_value_metadata()?;
    let id = pairs.iter().find(|pair| pair.key == RELEASE_ID)?;
    id.value.clone()
}

/// Reads the stream, also that of a file: the footer says nothing that the stream does not, and a reader that followed it
/// would make room for whatever sizes a damaged one declares.
fn ipc(table: &Table, bytes: &Bytes, mapping: Option<&Mapping>) -> Result<Reading> {
    let stream = match bytes.strip_prefix(FILE_BEGINS) {
        None => bytes.clone(),
        Some(rest) => {
            let stream =
                without_footer(rest).ok_or_else(|| table.error("", 1, "the end of a file", "none"))?;
            bytes.slice_ref(stream)
        }
    };
    let (schema, _) = opened(table, &stream)?;
    read_opened(table, &schema, mapping, &mut || {
        opened(table, &stream).map(|(_, batches)| batches)
    })
}

/// The schema of a stream, and its rows.
fn opened(table: &Table, stream: &Bytes) -> Result<(SchemaRef, Batches<'static>)> {
    let failed = |cause: ArrowError| table.error("", 1, "a readable file", &cause.to_string());
    let mut decoder = StreamDecoder::new();
    let mut rest = stream.clone().into();
    let first = decoder.decode(&mut rest).map_err(failed)?;
    let schema = decoder.schema();
    let schema = schema.ok_or_else(|| table.error("", 1, "a schema", "none"))?;
    let mut over = false;
    let next = move || {
        if over {
            return None;
        }
        match decoder.decode(&mut rest) {
            Ok(Some(batch)) => Some(Ok(batch)),
            Ok(None) => {
                over = true;
                decoder.finish().err().map(Err)
            }
            Err(cause) => {
                over = true;
                Some(Err(cause))
            }
        }
    };
    let batches = first.map(Ok).into_iter().chain(std::iter::from_fn(next));
    Ok((schema, Box::new(batches)))
}

/// The stream in a file, of which the beginning is gone: a footer, its length and the name of the format stand at its end,
/// and zeros before it, eight by eight.
fn without_footer(rest: &[u8]) -> Option<&[u8]> {
    let rest = rest.strip_suffix(b"ARROW1")?;
    let (rest, length) = rest.split_last_chunk::<4>()?;
    let length = usize::try_from(i32::from_le_bytes(*length)).ok()?;
    let mut stream = rest.get(..rest.len().checked_sub(length)?)?;
    while let Some(after) = stream.strip_prefix(&[0; 8]) {
        stream = after;
    }
    Some(stream)
}

/// Writes a cube: Parquet with zstd; Arrow as a stream where the name ends with `.arrows`, else as a file.
pub(crate) fn write(
    cube: &Cube,
    format: Format,
    _options: &WriteOptions,
    target: &mut Target,
) -> Result<Vec<Warning>> {
    let batches = cube_batches(target.name, cube)?;
    let schema = batches.schema();
    let stream = target.name.to_lowercase().ends_with(".arrows");
    let out = &mut *target.out;
    let written = match format {
        Format::Parquet => write_parquet(&schema, batches, out),
        _ if stream => StreamWriter::try_new(out, &schema)
            .and_then(|mut writer| {
                each(batches, |batch| writer.write(batch))?;
                writer.finish()
            })
            .map_err(of_arrow),
        _ => FileWriter::try_new(out, &schema)
            .and_then(|mut writer| {
                each(batches, |batch| writer.write(batch))?;
                writer.finish()
            })
            .map_err(of_arrow),
    };
    written.map_err(|cause| Error::io(target.name, &cause))?;
    Ok(Vec::new())
}

fn each<E: From<ArrowError>>(
    batches: impl Iterator<Item = Result<RecordBatch, ArrowError>>,
    mut write: impl FnMut(&RecordBatch) -> Result<(), E>,
) -> Result<(), E> {
    for batch in batches {
        write(&batch?)?;
    }
    Ok(())
}

fn write_parquet(
    schema: &Schema,
    batches: impl Iterator<Item = Result<RecordBatch, ArrowError>>,
    out: &mut (dyn io::Write + Send),
) -> io::Result<()> {
    // The metadata of the schema stand in the file's own, where every reader finds them, and only there.
    let plain = Schema::new(schema.fields().clone());
    let properties = properties(schema).map_err(of_parquet)?;
    let write = || -> Result<(), ParquetError> {
        let mut writer = ArrowWriter::try_new(out, plain.clone().into(), Some(properties))?;
        each(batches, |batch| {
            let batch = RecordBatch::try_new(plain.clone().into(), batch.columns().to_vec())?;
            writer.write(&batch)
        })?;
        writer.close()?;
        Ok(())
    };
    write().map_err(of_parquet)
}

fn properties(schema: &Schema) -> Result<WriterProperties, ParquetError> {
    let pairs = schema.metadata().iter();
    let mut metadata: Vec<KeyValue> = pairs
        .map(|(key, value)| KeyValue::new(key.clone(), value.clone()))
        .collect();
    metadata.sort_by(|left, right| left.key.cmp(&right.key));
    let mut builder = WriterProperties::builder()
        .set_created_by(format!("kultti {}", env!("CARGO_PKG_VERSION")))
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_key_value_metadata(Some(metadata));
    for field in schema
        .fields()
        .iter()
        .filter(|field| field.data_type().is_numeric())
    {
        // Nearly every figure is another one: a dictionary would only cost time, their bytes side by side compress better.
        let column = ColumnPath::from(vec![field.name().clone()]);
        builder = builder
            .set_column_dictionary_enabled(column.clone(), false)
            .set_column_encoding(column, Encoding::BYTE_STREAM_SPLIT);
    }
    Ok(builder.build())
}

/// The error of the file itself, so that a full disk is called one.
fn of_parquet(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(cause) => match cause.downcast::<io::Error>() {
            Ok(cause) => *cause,
            Err(other) => io::Error::other(other),
        },
        other => io::Error::other(other),
    }
}

fn of_arrow(error: ArrowError) -> io::Error {
    match error {
        ArrowError::IoError(_, cause) => cause,
        other => io::Error::other(other),
    }
}
