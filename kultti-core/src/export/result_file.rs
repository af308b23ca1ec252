//! A result in any format, to a file or anywhere else.
//!
//! CSV, TSV, Parquet, Arrow and XLSX hold the flat form, with the same columns; PX, JSON-stat and SDMX-CSV hold a cube.

use super::file::table_as;
use super::{
    Document, Export, TextOptions, cube, to_html, to_markdown, to_record_batch, to_text, workbook,
    write_delimited, write_json_lines,
};
use crate::error::{Error, Result};
use crate::formats::{Format, Target, Warning, WriteOptions, write_cube};
use crate::language::{Language, word};
use crate::release::WholeFile;
use std::io;
use std::path::Path;
use std::str::FromStr;

/// Formats that hold any result.
pub(super) const FLAT_FORMATS: [&str; 6] = ["csv", "tsv", "xlsx", "parquet", "arrow", "json"];

/// A format that results are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResultFormat {
    /// For people, as text.
    Text,
    /// Markdown.
    Markdown,
    /// A page of HTML.
    Html,
    /// One JSON document.
    Json,
    /// One JSON object a line.
    JsonLines,
    /// A format of statistical tables.
    Table(Format),
}

impl ResultFormat {
    /// Names, as `--format` takes them.
    const NAMED: [(&'static str, Self); 13] = [
        ("table", Self::Text),
        ("csv", Self::Table(Format::Csv)),
        ("tsv", Self::Table(Format::Tsv)),
        ("json", Self::Json),
        ("jsonl", Self::JsonLines),
        ("md", Self::Markdown),
        ("html", Self::Html),
        ("px", Self::Table(Format::Px)),
        ("jsonstat", Self::Table(Format::JsonStat)),
        ("sdmx-csv", Self::Table(Format::SdmxCsv)),
        ("xlsx", Self::Table(Format::Xlsx)),
        ("parquet", Self::Table(Format::Parquet)),
        ("arrow", Self::Table(Format::Arrow)),
    ];

    /// The name.
    pub fn name(self) -> &'static str {
        let found = Self::NAMED.into_iter().find(|(_, format)| *format == self);
        found.map_or("table", |(name, _)| name)
    }

    /// The format that the ending of a name asks for. `.json` is the answer as JSON, `.jsonstat` is JSON-stat.
    ///
    /// # Errors
    /// [`Error::UnknownFormat`] for an ending that stands for none.
    ///
    /// ```
    /// use kultti_core::export::ResultFormat;
    /// use kultti_core::formats::Format;
    /// assert_eq!(ResultFormat::of("ranks.px".as_ref())?, ResultFormat::Table(Format::Px));
    /// assert_eq!(ResultFormat::of("ranks.json".as_ref())?, ResultFormat::Json);
    /// assert!(ResultFormat::of("ranks".as_ref()).is_err());
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn of(path: &Path) -> Result<Self> {
        let name = path.display().to_string();
        let lower = name.to_lowercase();
        let endings = [
            (".json", Self::Json),
            (".jsonl", Self::JsonLines),
            (".ndjson", Self::JsonLines),
            (".md", Self::Markdown),
            (".html", Self::Html),
            (".txt", Self::Text),
        ];
        let own = endings.into_iter().find(|(ending, _)| lower.ends_with(ending));
        let own = own.map(|(_, format)| format);
        let found = own.or_else(|| Format::of_name(&name).map(Self::Table));
        found.ok_or_else(|| Error::UnknownFormat {
            path: name,
            known: Self::NAMED.map(|(name, _)| name.to_owned()).to_vec(),
        })
    }

    /// Whether a terminal can show it.
    pub fn is_text(self) -> bool {
        !matches!(self, Self::Table(Format::Xlsx | Format::Parquet | Format::Arrow))
    }
}

impl FromStr for ResultFormat {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let found = Self::NAMED.into_iter().find(|(name, _)| *name == text);
        found
            .map(|(_, format)| format)
            .ok_or_else(|| Error::InvalidArgument {
                name: "format".into(),
                expected: Self::NAMED.map(|(name, _)| name).join(", "),
                found: text.to_owned(),
            })
    }
}

/// Writes a result. The answer names what the format cannot hold.
///
/// # Errors
/// [`Error::ResultNotACube`] and [`Error::CannotHold`] for a result that a format of cubes cannot hold; [`Error::Io`].
///
/// ```
/// use kultti_core::export::{ResultFormat, write_result};
/// use kultti_core::formats::Target;
/// use kultti_core::language::Language;
/// use kultti_core::release::Release;
/// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
/// let groups = release.groups("library.loans_per_inhabitant", "country")?;
/// let mut out = Vec::new();
/// let mut target = Target { name: "groups.csv", out: &mut out };
/// write_result(&groups, "csv".parse()?, Language::En, &mut target)?;
/// assert!(out.starts_with(b"group,name,value,"));
/// # Ok::<(), kultti_core::Error>(())
/// ```
pub fn write_result(
    result: &dyn Export,
    format: ResultFormat,
    language: Language,
    target: &mut Target,
) -> Result<Vec<Warning>> {
    if let ResultFormat::Table(cubic @ (Format::Px | Format::JsonStat | Format::SdmxCsv)) = format {
        let cube = cube::to_cube(result, language, (target.name, format.name()))?;
        return write_cube(&cube, cubic, &WriteOptions::default(), target);
    }
    written(result, format, language, target).map_err(|cause| target.failed(&cause))?;
    Ok(Vec::new())
}

fn written(
    result: &dyn Export,
    format: ResultFormat,
    language: Language,
    target: &mut Target,
) -> io::Result<()> {
    let out = &mut *target.out;
    match format {
        ResultFormat::Text => {
            let options = TextOptions {
                width: 100,
                styled: false,
            };
            out.write_all(to_text(&result.document(language), options).as_bytes())
        }
        ResultFormat::Markdown => out.write_all(to_markdown(&result.document(language)).as_bytes()),
        ResultFormat::Html => out.write_all(page(&result.document(language), language).as_bytes()),
        ResultFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &result.json(language))?;
            out.write_all(b"\n")
        }
        ResultFormat::JsonLines => match result.json(language) {
            object if object.is_object() && !result.is_list() => writeln!(out, "{object}"),
            _ => write_json_lines(&result.table(language), &mut &mut *out),
        },
        ResultFormat::Table(Format::Tsv) => write_delimited(&result.table(language), b'\t', &mut &mut *out),
        ResultFormat::Table(Format::Xlsx) => {
            let title = word("word.keep-in-mind", language);
            let bytes = workbook::workbook(&result.table(language), title).map_err(io::Error::other)?;
            out.write_all(&bytes)
        }
        ResultFormat::Table(Format::Parquet | Format::Arrow) => {
            let batch = to_record_batch(&result.table(language)).map_err(io::Error::other)?;
            table_as(&batch, format == ResultFormat::Table(Format::Arrow), out)
        }
        ResultFormat::Table(_) => write_delimited(&result.table(language), b',', &mut &mut *out),
    }
}

/// A page that stands alone: no script, no style sheet, nothing fetched.
pub(super) fn page(document: &Document, language: Language) -> String {
    let code = language.code();
    let body = to_html(document);
    format!(
        "<!DOCTYPE html>\n<html lang=\"{code}\">\n<head><meta charset=\"utf-8\"><title>Kultti</title></head>\n<body>\n{body}\n</body>\n</html>\n"
    )
}

/// Writes a result to a file, whole or not at all; the ending of its name says the format where none is given.
///
/// # Errors
/// [`Error::UnknownFormat`] for a name that stands for no format; otherwise as [`write_result`]. Whatever fails, the name
/// keeps what stood under it.
///
/// ```
/// use kultti_core::export::write_result_file;
/// use kultti_core::language::Language;
/// use kultti_core::release::Release;
/// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
/// let groups = release.groups("library.loans_per_inhabitant", "region")?;
/// let folder = tempfile::tempdir().unwrap();
/// let path = folder.path().join("groups.parquet");
/// write_result_file(&groups, None, Language::En, &path)?;
/// assert!(std::fs::read(&path).unwrap().starts_with(b"PAR1"));
/// # Ok::<(), kultti_core::Error>(())
/// ```
pub fn write_result_file(
    result: &dyn Export,
    format: Option<ResultFormat>,
    language: Language,
    path: &Path,
) -> Result<Vec<Warning>> {
    let format = format.map_or_else(|| ResultFormat::of(path), Ok)?;
    let mut file = WholeFile::create(path)?;
    let name = path.display().to_string();
    let mut out = io::BufWriter::new(&mut file);
    let mut target = Target {
        name: &name,
        out: &mut out,
    };
    let lost = write_result(result, format, language, &mut target)?;
    let flushed = out.into_inner().map(drop).map_err(io::IntoInnerError::into_error);
    flushed.map_err(|cause| Error::io(&name, &cause))?;
    file.commit()?;
    Ok(lost)
}
