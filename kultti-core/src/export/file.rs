//! Results and cubes as files, whole or not at all.

use super::rows::{RowFormat, RowWriter};
use crate::compare::{CompareAll, Progress};
use crate::error::{Error, Result};
use crate::formats::{Cube, Format, Target, Warning, WriteOptions, data_structure, write_cube};
use crate::language::Language;
use crate::release::WholeFile;
use arrow_array::RecordBatch;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{DataType, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use std::io::{self, Write};
use std::path::Path;

/// Rows of a row group: what is held in memory before it is written.
const ROW_GROUP_ROWS: usize = 262_144;

/// A form of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFormat {
    /// Apache Parquet: zstd, dictionaries for texts, the metadata of the schema as key-value metadata.
    Parquet,
    /// Comma-separated values, RFC 4180.
    Csv,
    /// Tab-separated values.
    Tsv,
    /// A stream of Apache Arrow, which may name its texts anew in every batch.
    Arrow,
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Rows.
    pub rows: u64,
    /// Indicators with data.
    pub indicators: usize,
}

impl FileFormat {
    /// The form that the ending of a name asks for.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] for an ending that is none of `.parquet`, `.arrow`, `.csv` and `.tsv`.
    ///
    /// ```
    /// use kultti_core::export::FileFormat;
    /// assert_eq!(FileFormat::of("positions.parquet".as_ref())?, FileFormat::Parquet);
    /// assert!(FileFormat::of("positions.xlsx".as_ref()).is_err());
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn of(path: &Path) -> Result<Self> {
        let ending = path.extension().map(|ending| ending.to_ascii_lowercase());
        match ending.as_deref().and_then(|ending| ending.to_str()) {
            Some("parquet") => Ok(Self::Parquet),
            Some("csv") => Ok(Self::Csv),
            Some("tsv") => Ok(Self::Tsv),
            Some("arrow" | "arrows") => Ok(Self::Arrow),
            _ => Err(Error::InvalidArgument {
                name: "output".into(),
                expected: "*.parquet, *.arrow, *.csv, *.tsv".into(),
                found: path.display().to_string(),
            }),
        }
    }
}

/// Writes every row to a file, in the form that its ending asks for.
///
/// Memory does not grow with the number of rows, and the bytes do not depend on the number of threads. The file has its
/// name only when it is complete: until then it stands beside it under another one, which is removed when anything
/// fails. `progress` hears how many indicators are written; an error from it ends the work.
///
/// # Errors
/// [`Error::InvalidArgument`] for another ending; [`Error::Io`] when the file cannot be written; those of the batches and
/// of `progress`.
///
/// ```
/// use kultti_core::compare::{CompareAllOptions, Order};
/// use kultti_core::export::write_file;
/// use kultti_core::release::Release;
/// use std::sync::Arc;
/// let release = Arc::new(Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?);
/// let options = CompareAllOptions::default().with_order(Order::Descending);
/// let folder = tempfile::tempdir().unwrap();
/// let written = write_file(release.compare_all(options)?, &folder.path().join("positions.parquet"), &mut |_, _| Ok(()))?;
/// assert!(written.rows > 10_000);
/// # Ok::<(), kultti_core::Error>(())
/// ```
pub fn write_file(mut all: CompareAll, path: &Path, progress: &mut Progress) -> Result<Written> {
    let format = FileFormat::of(path)?;
    let failed = |cause: &io::Error| Error::io(path.display().to_string(), cause);
    let file = WholeFile::create(path)?;
    let schema = all.schema();
    let mut encoder = Encoder::new(format, &schema, file).map_err(|cause| failed(&cause))?;
    let mut rows = 0;
    let mut told = None;
    while let Some(batch) = all.next() {
        let batch = batch?;
        rows += batch.num_rows() as u64;
        encoder.write(&batch).map_err(|cause| failed(&cause))?;
        let done = all.progress();
        if told != Some(done) {
            progress(done.0, done.1)?;
            told = Some(done);
        }
    }
    encoder.finish().map_err(|cause| failed(&cause))?.commit()?;
    Ok(Written {
        rows,
        indicators: all.progress().1,
    })
}

/// Writes the flat form of a result to a file: Parquet, an Arrow stream, CSV or TSV by the ending of its name.
///
/// # Errors
/// [`Error::InvalidArgument`] for another ending; [`Error::Io`].
pub fn write_table_file(result: &impl super::Export, language: Language, path: &Path) -> Result<()> {
    let format = FileFormat::of(path)?;
    let failed = |cause: &io::Error| Error::io(path.display().to_string(), cause);
    let mut file = WholeFile::create(path)?;
    let table = result.table(language);
    let separator = match format {
        FileFormat::Csv => b',',
        FileFormat::Tsv => b'\t',
        FileFormat::Parquet | FileFormat::Arrow => {
            let batch = super::to_record_batch(&table);
            let batch = batch.map_err(|cause| failed(&io::Error::other(cause)))?;
            let encoder = Encoder::new(format, batch.schema_ref(), file);
            let written = encoder.and_then(|mut encoder| {
                encoder.write(&batch)?;
                encoder.finish()
            });
            return written.map_err(|cause| failed(&cause))?.commit();
        }
    };
    super::write_delimited(&table, separator, &mut file).map_err(|cause| failed(&cause))?;
    file.commit()
}

/// Writes one batch as Parquet, or as an Arrow file.
pub(super) fn table_as(batch: &RecordBatch, arrow: bool, out: &mut (dyn Write + Send)) -> io::Result<()> {
    if arrow {
        let writer = arrow_ipc::writer::FileWriter::try_new(out, batch.schema_ref());
        let mut writer = writer.map_err(io::Error::other)?;
        writer.write(batch).map_err(io::Error::other)?;
        return writer.finish().map_err(io::Error::other);
    }
    let mut encoder = Encoder::new(FileFormat::Parquet, batch.schema_ref(), out)?;
    encoder.write(batch)?;
    encoder.finish().map(drop)
}

/// Writes a cube to a file. The answer names what the format cannot hold.
///
/// # Errors
/// [`Error::CannotHold`] for a cube that the format cannot hold at all; [`Error::Io`]. Whatever fails, the name keeps what
/// stood under it.
pub fn write_cube_file(
    cube: &Cube,
    format: Format,
    options: &WriteOptions,
    path: &Path,
) -> Result<Vec<Warning>> {
    let name = path.display().to_string();
    let mut out = io::BufWriter::with_capacity(1 << 20, WholeFile::create(path)?);
    let mut target = Target {
        name: &name,
        out: &mut out,
    };
    let warnings = write_cube(cube, format, options, &mut target)?;
    let file = out
        .into_inner()
        .map_err(|cause| Error::io(&name, cause.error()))?;
    file.commit()?;
    Ok(warnings)
}

/// Writes the data structure definition of a cube to a file, as [`data_structure`] makes it: what the SDMX-CSV file that
/// [`write_cube_file`] writes with the same options cannot say.
///
/// # Errors
/// [`Error::Io`]. Whatever fails, the name keeps what stood under it.
pub fn write_structure_file(cube: &Cube, options: &WriteOptions, path: &Path) -> Result<()> {
    let fewer = (!options.languages.is_empty()).then(|| cube.in_languages(&options.languages));
    let message = data_structure(fewer.as_ref().unwrap_or(cube));
    let mut file = WholeFile::create(path)?;
    let written = file.write_all(message.as_bytes());
    written.map_err(|cause| Error::io(path.display().to_string(), &cause))?;
    file.commit()
}

/// Writes batches in one of the forms.
pub(super) enum Encoder<W: Write + Send> {
    Parquet(Box<ArrowWriter<W>>),
    Rows(RowWriter<W>),
    Arrow(Box<StreamWriter<W>>),
}

impl<W: Write + Send> Encoder<W> {
    pub(super) fn new(format: FileFormat, schema: &Schema, out: W) -> io::Result<Self> {
        match format {
            FileFormat::Csv => RowWriter::new(RowFormat::Csv, schema, out).map(Self::Rows),
            FileFormat::Tsv => RowWriter::new(RowFormat::Tsv, schema, out).map(Self::Rows),
            FileFormat::Arrow => {
                let writer = StreamWriter::try_new(out, schema).map_err(io::Error::other)?;
                Ok(Self::Arrow(Box::new(writer)))
            }
            FileFormat::Parquet => {
                let properties = properties(schema)?;
                // The metadata stand in the file's own, where every reader finds them.
                let fields = Schema::new(schema.fields().clone()).into();
                let writer = ArrowWriter::try_new(out, fields, Some(properties)).map_err(unwrapped)?;
                Ok(Self::Parquet(Box::new(writer)))
            }
        }
    }

    pub(super) fn write(&mut self, batch: &RecordBatch) -> io::Result<()> {
        match self {
            Self::Parquet(writer) => writer.write(batch).map_err(unwrapped),
            Self::Rows(rows) => rows.write(batch),
            Self::Arrow(writer) => writer.write(batch).map_err(io::Error::other),
        }
    }

    pub(super) fn finish(self) -> io::Result<W> {
        match self {
            Self::Parquet(writer) => writer.into_inner().map_err(unwrapped),
            Self::Rows(rows) => rows.finish(),
            Self::Arrow(mut writer) => {
                writer.finish().map_err(io::Error::other)?;
                writer.into_inner().map_err(io::Error::other)
            }
        }
    }
}

fn properties(schema: &Schema) -> io::Result<WriterProperties> {
    let mut metadata: Vec<KeyValue> = schema
        .metadata()
        .iter()
        .map(|(key, value)| KeyValue::new(key.clone(), value.clone()))
        .collect();
    metadata.sort_by(|left, right| left.key.cmp(&right.key));
    let mut builder = WriterProperties::builder()
        .set_created_by(format!("kultti {}", env!("CARGO_PKG_VERSION")))
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1).map_err(unwrapped)?))
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_key_value_metadata(Some(metadata));
    for field in schema.fields() {
        if *field.data_type() == DataType::Float64 {
            // Nearly every figure is another one, so that a dictionary would only cost time; their bytes side by side
            // compress better.
            let column = ColumnPath::from(vec![field.name().clone()]);
            builder = builder
                .set_column_dictionary_enabled(column.clone(), false)
                .set_column_encoding(column, Encoding::BYTE_STREAM_SPLIT);
        }
    }
    Ok(builder.build())
}

/// The error of the file itself, so that a full disk is called one.
fn unwrapped(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(cause) => match cause.downcast::<io::Error>() {
            Ok(cause) => *cause,
            Err(other) => io::Error::other(other),
        },
        other => io::Error::other(other),
    }
}
