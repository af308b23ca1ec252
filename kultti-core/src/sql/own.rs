//! Data of one's own beside the release: files and batches, under a name.

use super::failure::made;
use crate::error::{Error, Result};
use arrow_array::RecordBatch;
use arrow_ipc::reader::{FileReader, StreamReader};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::csv::reader::Format;
use datafusion::catalog::TableProvider;
use datafusion::datasource::MemTable;
use datafusion::datasource::file_format::FileFormat;
use datafusion::datasource::file_format::arrow::ArrowFormat;
use datafusion::datasource::file_format::csv::CsvFormat;
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::{ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl};
use datafusion::object_store::local::LocalFileSystem;
use datafusion::prelude::SessionContext;
use parquet::arrow::arrow_reader::ArrowReaderMetadata;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use url::Url;

/// Rows of a CSV file from which the types of its columns are inferred.
pub(super) const INFERRED_FROM: usize = 10_000;

/// Data of one's own, to be asked together with a release.
#[derive(Debug, Clone)]
pub enum OwnData {
    /// A Parquet file.
    Parquet(PathBuf),
    /// A CSV file in UTF-8 with a header, and commas, semicolons or tabs. Types are inferred from its first 10,000 rows; a column whose numbers begin
    /// with zeros (`091`) is text, and so are columns called `area`, `period`, `measure` or `indicator`, so that they fit those of
    /// the release.
    Csv(PathBuf),
    /// An Arrow IPC file or stream.
    Arrow(PathBuf),
    /// A frame that is in memory.
    Batches {
        /// Its columns.
        schema: SchemaRef,
        /// Its rows.
        batches: Vec<RecordBatch>,
    },
}

impl OwnData {
    /// The file of a path, by its ending: `.parquet`, `.csv`, `.arrow`, `.arrows`, `.feather` or `.ipc`.
    ///
    /// # Errors
    /// [`Error::OwnTable`] for any other.
    ///
    /// ```
    /// use kultti_core::sql::OwnData;
    /// assert!(matches!(OwnData::from_path("budget.csv")?, OwnData::Csv(_)));
    /// assert_eq!(OwnData::from_path("budget.doc").unwrap_err().code(), "K1093");
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn from_path(path: impl Into<PathBuf>) -> Result<Self> {
        let path = path.into();
        let ending = path
            .extension()
            .unwrap_or_default()
            .to_string_lossy()
            .to_lowercase();
        match ending.as_str() {
            "parquet" => Ok(Self::Parquet(path)),
            "csv" => Ok(Self::Csv(path)),
            "arrow" | "arrows" | "feather" | "ipc" => Ok(Self::Arrow(path)),
            _ => Err(unreadable(&path, "parquet, csv, arrow", &format!(".{ending}"))),
        }
    }

    /// The data as a table of a session; `name` is that of the table.
    pub(super) fn table(self, name: &str, session: &SessionContext) -> Result<Arc<dyn TableProvider>> {
        let (path, schema, format): (PathBuf, SchemaRef, Arc<dyn FileFormat>) = match self {
            Self::Parquet(path) => {
                let schema = parquet_schema(&path)?;
                (path, schema, Arc::new(ParquetFormat::new()))
            }
            Self::Csv(path) => {
                let delimiter = delimiter(&path)?;
                let schema = csv_schema(&path, delimiter)?;
                let format = CsvFormat::default()
                    .with_has_header(true)
                    .with_delimiter(delimiter);
                (path, schema, Arc::new(format))
            }
            Self::Arrow(path) => {
                let schema = arrow_schema(&path)?;
                (path, schema, Arc::new(ArrowFormat))
            }
            Self::Batches { schema, batches } => {
                let table = MemTable::try_new(schema, vec![batches]);
                return Ok(Arc::new(table.map_err(|cause| made(&cause))?));
            }
        };
        let unfit = |cause: &dyn std::fmt::Display| unreadable(&path, "-", &cause.to_string());
        let address = address(name, &path, session)?;
        let url = ListingTableUrl::parse(address).map_err(|cause| unfit(&cause))?;
        let options = ListingOptions::new(format).with_file_extension("");
        let config = ListingTableConfig::new(url)
            .with_listing_options(options)
            .with_schema(schema);
        Ok(Arc::new(
            ListingTable::try_new(config).map_err(|cause| unfit(&cause))?,
        ))
    }
}

/// Where the session finds a file: in a store of its own, which holds its folder and which no statement can name.
fn address(name: &str, path: &Path, session: &SessionContext) -> Result<String> {
    let unfit = |cause: &dyn std::fmt::Display| unreadable(path, "-", &cause.to_string());
    let found = path.canonicalize();
    let found = found.map_err(|cause| Error::io(path.display().to_string(), &cause))?;
    let folder = found.parent().unwrap_or(Path::new("/"));
    let store = LocalFileSystem::new_with_prefix(folder).map_err(|cause| unfit(&cause))?;
    let mut address =
        Url::parse(&format!("own://{}/", name.replace('_', "-"))).map_err(|cause| unfit(&cause))?;
    session.register_object_store(&address, Arc::new(store));
    let file = found.file_name().unwrap_or_default().to_string_lossy();
    if let Ok(mut segments) = address.path_segments_mut() {
        // What has a meaning in addresses is only a letter in the name of a file.
        segments.pop_if_empty().push(&file);
    }
    Ok(address.into())
}

fn unreadable(path: &Path, format: &str, cause: &str) -> Error {
    Error::OwnTable {
        path: path.display().to_string(),
        format: format.to_owned(),
        cause: cause.to_owned(),
    }
}

fn open(path: &Path) -> Result<File> {
    File::open(path).map_err(|cause| Error::io(path.display().to_string(), &cause))
}

fn parquet_schema(path: &Path) -> Result<SchemaRef> {
    let file = open(path)?;
    let read = crate::error::guarded(
        || {
            let metadata = ArrowReaderMetadata::load(&file, Default::default());
            metadata.map_err(|cause| unreadable(path, "Parquet", &cause.to_string()))
        },
        || unreadable(path, "Parquet", "damaged bytes"),
    )?;
    Ok(Arc::new(
        read.schema().as_ref().clone().with_metadata(Default::default()),
    ))
}

/// An IPC file begins with its name, a stream with its schema.
fn arrow_schema(path: &Path) -> Result<SchemaRef> {
    const MAGIC: &[u8] = b"ARROW1";
    let failed = |cause: &dyn std::fmt::Display| unreadable(path, "Arrow", &cause.to_string());
    let mut file = BufReader::new(open(path)?);
    let mut magic = Vec::new();
    file.by_ref()
        .take(MAGIC.len() as u64)
        .read_to_end(&mut magic)
        .map_err(|cause| failed(&cause))?;
    file.seek(SeekFrom::Start(0)).map_err(|cause| failed(&cause))?;
    if magic == MAGIC {
        let reader = FileReader::try_new(file, None).map_err(|cause| failed(&cause))?;
        return Ok(reader.schema());
    }
    let reader = StreamReader::try_new(file, None).map_err(|cause| failed(&cause))?;
    Ok(reader.schema())
}

/// Columns of the release that hold codes.
const KEYS: [&str; 4] = ["area", "period", "measure", "indicator"];

/// Comma, semicolon or tab: what the header has most of.
fn delimiter(path: &Path) -> Result<u8> {
    let mut header = Vec::new();
    let mut file = BufReader::new(open(path)?);
    file.read_until(b'\n', &mut header)
        .map_err(|cause| Error::io(path.display().to_string(), &cause))?;
    let times = |delimiter: &u8| header.iter().filter(|byte| *byte == delimiter).count();
    // Of several the last is taken: the comma, where there are none.
    Ok([b'\t', b';', b','].into_iter().max_by_key(times).unwrap_or(b','))
}

fn csv_schema(path: &Path, delimiter: u8) -> Result<SchemaRef> {
    let failed = |cause: &dyn std::fmt::Display| unreadable(path, "CSV", &cause.to_string());
    let format = Format::default().with_header(true).with_delimiter(delimiter);
    let (inferred, _) = format
        .infer_schema(open(path)?, Some(INFERRED_FROM))
        .map_err(|cause| failed(&cause))?;
    let zeros = leading_zeros(path, delimiter, inferred.fields().len()).map_err(|cause| failed(&cause))?;
    let fields = inferred.fields().iter().zip(zeros).map(|(field, zeros)| {
        let name = field.name();
        let of_key = KEYS.contains(&name.as_str());
        // A number equals the code that it spells, also where its zeros have been lost; a date is no period.
        let text = zeros
            || (of_key && field.data_type() != &DataType::Int64)
            || field.data_type() == &DataType::Null;
        let holds = if text {
            DataType::Utf8
        } else {
            field.data_type().clone()
        };
        Field::new(name, holds, true)
    });
    Ok(Arc::new(Schema::new(fields.collect::<Vec<_>>())))
}

/// Which columns have a number that begins with a zero which is part of it: a code.
fn leading_zeros(path: &Path, delimiter: u8, columns: usize) -> std::result::Result<Vec<bool>, csv::Error> {
    let mut found = vec![false; columns];
    let mut rows = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .from_path(path)?;
    for row in rows.records().take(INFERRED_FROM) {
        for (cell, found) in row?.iter().zip(&mut found) {
            let digits = cell.as_bytes();
            *found |= digits.len() > 1 && digits[0] == b'0' && digits.iter().all(u8::is_ascii_digit);
        }
    }
    Ok(found)
}
