//! Which format a file has, and the way from any of them to a cube and back.

use super::{Cube, DataStructure, Mapping, SdmxOptions, arrow, csv, jsonstat, px, sdmx_csv, xlsx};
use crate::error::{Error, Result};
use crate::language::Message;
use std::fmt;
use std::io::{self, Write};
use std::path::Path;
use std::str::FromStr;

/// A format of statistical tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// PX (PC-Axis), the format of the Nordic statistical offices.
    Px,
    /// JSON-stat 2.0; 1.x is read too.
    JsonStat,
    /// SDMX-CSV 2.0; 1.0 and 2.1 are read too.
    SdmxCsv,
    /// Comma-separated values, in any dialect.
    Csv,
    /// Tab-separated values.
    Tsv,
    /// A workbook of Excel.
    Xlsx,
    /// Apache Parquet.
    Parquet,
    /// Apache Arrow IPC, as a file or a stream.
    Arrow,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 8] = [
        Self::Px,
        Self::JsonStat,
        Self::SdmxCsv,
        Self::Csv,
        Self::Tsv,
        Self::Xlsx,
        Self::Parquet,
        Self::Arrow,
    ];

    /// The name, as `--from` and `--to` take it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Px => "px",
            Self::JsonStat => "jsonstat",
            Self::SdmxCsv => "sdmx-csv",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Xlsx => "xlsx",
            Self::Parquet => "parquet",
            Self::Arrow => "arrow",
        }
    }

    /// The format that the ending of a name stands for. `.sdmx.csv` is SDMX-CSV; a file without a known ending has none.
    ///
    /// ```
    /// use kultti_core::formats::Format;
    /// assert_eq!(Format::of_name("statfin_ras_pxt_13m4.PX"), Some(Format::Px));
    /// assert_eq!(Format::of_name("costs.sdmx.csv"), Some(Format::SdmxCsv));
    /// assert_eq!(Format::of_name("costs"), None);
    /// ```
    pub fn of_name(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        let endings = [
            (".px", Self::Px),
            (".json", Self::JsonStat),
            (".jsonstat", Self::JsonStat),
            (".sdmx.csv", Self::SdmxCsv),
            (".csv", Self::Csv),
            (".tsv", Self::Tsv),
            (".tab", Self::Tsv),
            (".xlsx", Self::Xlsx),
            (".parquet", Self::Parquet),
            (".arrow", Self::Arrow),
            (".arrows", Self::Arrow),
            (".feather", Self::Arrow),
        ];
        let found = endings.into_iter().find(|(ending, _)| name.ends_with(ending));
        found.map(|(_, format)| format)
    }

    /// The format of a file: by what its first bytes say, else by the ending of its name.
    ///
    /// # Errors
    /// [`Error::UnknownFormat`] when neither tells.
    pub fn of(name: &str, bytes: &[u8]) -> Result<Self> {
        let by_name = Self::of_name(name);
        by_content(bytes, by_name)
            .or(by_name)
            .ok_or_else(|| Error::UnknownFormat {
                path: name.to_owned(),
                known: names(),
            })
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|format| format.name() == text);
        found.ok_or_else(|| Error::InvalidArgument {
            name: "format".into(),
            expected: names().join(", "),
            found: text.to_owned(),
        })
    }
}

fn names() -> Vec<String> {
    Format::ALL.iter().map(ToString::to_string).collect()
}

/// What the first bytes say. Signatures decide alone; text is PX, JSON or SDMX-CSV only where its first word says so.
fn by_content(bytes: &[u8], by_name: Option<Format>) -> Option<Format> {
    let signatures: [(&[u8], Format); 4] = [
        (b"PAR1", Format::Parquet),
        (b"ARROW1", Format::Arrow),
        (b"\xff\xff\xff\xff", Format::Arrow),
        (b"PK\x03\x04", Format::Xlsx),
    ];
    let signed = signatures
        .iter()
        .find(|(signature, _)| bytes.starts_with(signature));
    if let Some((_, format)) = signed {
        return Some(*format);
    }
    let text = bytes
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(bytes)
        .trim_ascii_start();
    if text.first() == Some(&b'{') || text.first() == Some(&b'[') {
        return Some(Format::JsonStat);
    }
    if sdmx_csv::begins(text) && by_name != Some(Format::Tsv) {
        return Some(Format::SdmxCsv);
    }
    px::begins(text).then_some(Format::Px)
}

/// How a file is read.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// The format; found out by content and name where it is not given.
    pub format: Option<Format>,
    /// What the columns of a table mean; found out where it is not given.
    pub mapping: Option<Mapping>,
    /// Which data set of a bundle.
    pub dataset: Option<String>,
    /// The encoding of a text file by its IANA name, such as `windows-1252`: stronger than what the file or its mapping
    /// says, weaker than a byte order mark.
    pub encoding: Option<String>,
    /// The data structure definition of an SDMX-CSV file.
    pub structure: Option<DataStructure>,
}

/// How a file is written.
#[derive(Debug, Clone, Default)]
pub struct WriteOptions {
    /// The languages to keep, the default one first; those of the cube where none is given.
    pub languages: Vec<String>,
    /// The encoding of a PX file, such as `iso-8859-15`; UTF-8 where it is not given.
    pub codepage: Option<String>,
    /// A table for Finnish Excel: UTF-8 with a byte order mark, `;` and decimal commas.
    pub excel: bool,
    /// The version and the names of an SDMX-CSV file.
    pub sdmx: SdmxOptions,
}

/// Something a reader or writer has to say that is no error: what it assumed, or what the format cannot hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Warning(pub Message);

/// A cube as read from a file.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The cube.
    pub cube: Cube,
    /// The format it was in.
    pub format: Format,
    /// The encoding of a text file, by its IANA name.
    pub encoding: Option<String>,
    /// What the reader assumed or could not use.
    pub warnings: Vec<Warning>,
}

/// Reads a table in any format from its bytes; `name` is what messages call it.
///
/// # Errors
/// [`Error::UnknownFormat`], and [`Error::MalformedFile`] with line, column and keyword or field.
pub fn read_cube(name: &str, bytes: &[u8], options: &ReadOptions) -> Result<Reading> {
    let format = options.format.map_or_else(|| Format::of(name, bytes), Ok)?;
    match format {
        Format::Px => px::read(name, bytes, options),
        Format::JsonStat => jsonstat::read(name, bytes, options),
        Format::SdmxCsv => sdmx_csv::read(name, bytes, options),
        Format::Csv | Format::Tsv => csv::read(name, bytes, format, options),
        Format::Xlsx => xlsx::read(name, bytes, options),
        Format::Parquet | Format::Arrow => arrow::read(name, bytes, format, options),
    }
}

/// Reads a table in any format from a file.
///
/// # Errors
/// As [`read_cube`], and [`Error::Io`].
pub fn read_cube_file(path: &Path, options: &ReadOptions) -> Result<Reading> {
    let name = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|cause| Error::io(&name, &cause))?;
    read_cube(&name, &bytes, options)
}

/// Where a file is written, and what messages call it.
pub struct Target<'a> {
    /// The name.
    pub name: &'a str,
    /// The bytes go here.
    pub out: &'a mut (dyn Write + Send),
}

impl Target<'_> {
    /// A failure to write as Kultti's error.
    pub fn failed(&self, cause: &io::Error) -> Error {
        Error::io(self.name, cause)
    }
}

/// Writes a cube in a format. The answer names what the format cannot hold.
///
/// # Errors
/// [`Error::CannotHold`] for a cube that the format cannot hold at all; [`Error::Io`].
pub fn write_cube(
    cube: &Cube,
    format: Format,
    options: &WriteOptions,
    target: &mut Target,
) -> Result<Vec<Warning>> {
    let fewer = (!options.languages.is_empty()).then(|| cube.in_languages(&options.languages));
    let cube = fewer.as_ref().unwrap_or(cube);
    match format {
        Format::Px => px::write(cube, options, target),
        Format::JsonStat => jsonstat::write(cube, options, target),
        Format::SdmxCsv => sdmx_csv::write(cube, options, target),
        Format::Csv | Format::Tsv => csv::write(cube, format, options, target),
        Format::Xlsx => xlsx::write(cube, options, target),
        Format::Parquet | Format::Arrow => arrow::write(cube, format, options, target),
    }
}
