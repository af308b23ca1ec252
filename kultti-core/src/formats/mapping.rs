//! What the columns of a table mean: the mapping file, the same one for `convert --map` and `import --map`.

use super::{ImportMapping, Labels, Role, Unit};
use crate::error::Result;
use crate::source::{parse_toml, read_text};
use encoding_rs::Encoding;
use serde::de::{Error as _, Unexpected};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::path::Path;

/// What the columns of a table mean, and how the table lies in its file.
///
/// A statistician writes it once for a form or an export that comes again. Every table of it may be left out: without a
/// single `[[column]]` the columns are found out by rules, and the rest of the mapping still holds.
///
/// ```
/// use kultti_core::formats::{ColumnRole, Mapping};
/// let mapping = Mapping::parse("costs.toml", r#"
/// [[column]]
/// name = "Kunta"
/// role = "geo"
/// dimension = "area"
///
/// [[column]]
/// name = "Nettokustannukset"
/// role = "value"
/// "#)?;
/// assert_eq!(mapping.columns[0].role, ColumnRole::Geo);
/// assert_eq!(mapping.columns[0].dimension.as_deref(), Some("area"));
/// // A field that does not exist is refused with its line, so that a slip of the pen changes no figure.
/// let error = Mapping::parse("costs.toml", "[table]\ndecimals = \",\"").unwrap_err();
/// assert!(error.to_string().starts_with("costs.toml:2:1:"), "{error}");
/// # Ok::<(), kultti_core::Error>(())
/// ```
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mapping {
    /// The file it came from, for messages.
    #[serde(skip)]
    pub path: String,
    /// How the table lies in its file.
    pub table: TableShape,
    /// What no cell says of the table.
    pub cube: CubeTexts,
    /// What symbols in place of numbers mean in this source.
    pub symbols: BTreeMap<String, Symbol>,
    /// What the columns are.
    #[serde(rename = "column")]
    pub columns: Vec<ColumnMapping>,
    /// How the headings of columns of figures name the categories of dimensions, such as `{measure} {year}`: every column
    /// that has no `[[column]]` and whose heading is so spelt holds figures.
    pub wide: Option<String>,
    /// Dimensions with one category that no column names, by the dimension's code.
    pub constants: BTreeMap<String, String>,
    /// What else is known of dimensions.
    #[serde(rename = "dimension")]
    pub dimensions: Vec<DimensionMapping>,
    /// How the cells become observations; only `kultti import` reads it.
    pub import: Option<ImportMapping>,
}

impl Mapping {
    /// Reads a mapping from its file.
    ///
    /// # Errors
    /// As [`Mapping::parse`], [`crate::Error::Io`] and [`crate::Error::NotUtf8`].
    pub fn open(path: &Path) -> Result<Self> {
        Self::parse(&path.display().to_string(), &read_text(path)?)
    }

    /// Reads a mapping file.
    ///
    /// # Errors
    /// [`crate::Error::MalformedToml`] with line and column for anything that is not a mapping.
    pub fn parse(path: &str, text: &str) -> Result<Self> {
        let mut mapping: Self = parse_toml(path, text)?;
        path.clone_into(&mut mapping.path);
        Ok(mapping)
    }
}

/// How a table lies in its file. What is not given is found out from the whole file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TableShape {
    /// What parts the cells of a line: `,`, `;`, `|`, a space or `tab`.
    #[serde(deserialize_with = "one_byte")]
    pub delimiter: Option<u8>,
    /// What stands around texts; `"` unless said.
    #[serde(deserialize_with = "one_byte")]
    pub quote: Option<u8>,
    /// The encoding by its IANA name, such as `windows-1252`; a byte order mark is stronger.
    #[serde(deserialize_with = "encoding")]
    pub encoding: Option<String>,
    /// The decimal mark, `.` or `,`.
    pub decimal: Option<char>,
    /// A mark between groups of three digits, such as `.`; spaces of every kind are understood unasked.
    pub thousands: Option<char>,
    /// The sheet of a workbook, by name or by its number from 1.
    pub sheet: Option<SheetChoice>,
    /// The cells of a sheet that the table stands in, header included, such as `A5:F310`.
    pub range: Option<String>,
    /// The line or row of the header, counted from 1 in the file or sheet.
    pub header_row: Option<usize>,
    /// How many rows the header has; 1 unless said. The heading of a column is then what stands in all of them, from the
    /// top, with a space between; an empty cell above stands below the one to its left, as in merged headings.
    pub header_rows: Option<usize>,
    /// The last line or row of the table, where footnotes follow.
    pub last_row: Option<usize>,
    /// The language of labels whose column names none; `""` unless said.
    pub language: Option<String>,
    /// Whose symbols the table has: `statistics-finland`. `[symbols]` is stronger.
    pub symbols: Option<SymbolsOf>,
}

/// A sheet of a workbook.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum SheetChoice {
    /// By its number, counted from 1.
    Number(usize),
    /// By its name.
    Name(String),
}

/// An office whose symbols are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SymbolsOf {
    /// Statistics Finland: `.` O, `..` M, `...` Q, `....` and `.....` L, `......` O, `-` zero.
    StatisticsFinland,
}

impl SymbolsOf {
    /// The symbols and what they mean.
    pub fn symbols(self) -> BTreeMap<String, Symbol> {
        let missing = |status: &str| Symbol::Missing(Some(status.to_owned()));
        let known = [
            (".", missing("O")),
            ("..", missing("M")),
            ("...", missing("Q")),
            ("....", missing("L")),
            (".....", missing("L")),
            ("......", missing("O")),
            ("-", Symbol::Zero),
        ];
        let owned = known
            .into_iter()
            .map(|(symbol, meaning)| (symbol.to_owned(), meaning));
        owned.collect()
    }
}

/// What a symbol in place of a number means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Symbol {
    /// No number, with this code of SDMX `CL_OBS_STATUS` where it is known (`missing` in the file where not).
    Missing(Option<String>),
    /// Exactly zero (`zero` in the file).
    Zero,
}

/// Codes of SDMX `CL_OBS_STATUS`.
pub(super) const STATUSES: &str = "ABDEFGHIJKLMNOPQSUVW";

impl<'de> Deserialize<'de> for Symbol {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.as_str() {
            "zero" => Ok(Self::Zero),
            "missing" => Ok(Self::Missing(None)),
            status if status.len() == 1 && STATUSES.contains(status) => {
                Ok(Self::Missing(Some(status.to_owned())))
            }
            other => Err(D::Error::invalid_value(
                Unexpected::Str(other),
                &"`zero`, `missing` or a code of SDMX CL_OBS_STATUS such as O, M, L, Q",
            )),
        }
    }
}

/// What no cell says of a table.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CubeTexts {
    /// Languages of the texts, the default one first.
    pub languages: Vec<String>,
    /// The table's id.
    pub id: Option<String>,
    /// The title.
    pub label: Labels,
    /// What is counted.
    pub contents: Labels,
    /// Who publishes it.
    pub source: Labels,
    /// When it was last updated: `YYYY-MM-DD`, or a date and time in ISO 8601.
    pub updated: Option<String>,
    /// Unit of all figures.
    pub unit: Option<Unit>,
    /// Decimals that figures are shown with.
    pub decimals: Option<u8>,
}

/// What a column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ColumnRole {
    /// Codes of a classification.
    Dimension,
    /// Periods.
    Time,
    /// Codes of areas.
    Geo,
    /// What is measured, one figure per row.
    Metric,
    /// Labels of the categories of `dimension`, in `language`.
    Label,
    /// Figures.
    Value,
    /// Observation status, a code of SDMX `CL_OBS_STATUS`.
    Status,
    /// The office's own symbol.
    Symbol,
    /// A text in place of a number.
    Text,
    /// An attribute of the cells of the row.
    Attribute,
    /// A note on the cells of the row, in `language`.
    Note,
    /// Nothing that is wanted.
    Ignore,
}

/// What a column is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnMapping {
    /// Its heading.
    pub name: Option<String>,
    /// Its number, counted from 1, where the heading is empty or stands twice.
    pub number: Option<usize>,
    /// What it is for.
    pub role: ColumnRole,
    /// The code of its dimension or attribute; the heading unless said.
    pub dimension: Option<String>,
    /// The language of labels and notes.
    pub language: Option<String>,
    /// For figures: their category in every dimension that has no column.
    #[serde(default)]
    pub categories: BTreeMap<String, String>,
    /// What stands before every code and does not belong to it: `KU` makes `005` of `KU005`.
    #[serde(default)]
    pub strip_prefix: String,
    /// Codes of the cube by those of the table.
    #[serde(default)]
    pub codes: BTreeMap<String, String>,
    /// Whether an empty cell has the code of the row above, as in tables laid out for reading.
    #[serde(default)]
    pub fill_down: bool,
}

/// What is known of a dimension beside the codes in the table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DimensionMapping {
    /// Its code in the cube.
    pub code: String,
    /// What it is for; what its column says unless said.
    pub role: Option<Role>,
    /// Its name.
    #[serde(default)]
    pub label: Labels,
    /// What is known of its categories, by their codes in the cube.
    #[serde(default, rename = "category")]
    pub categories: BTreeMap<String, CategoryMapping>,
}

/// What is known of a category.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CategoryMapping {
    /// Its name.
    pub label: Labels,
    /// The unit of its figures.
    pub unit: Option<Unit>,
    /// Decimals that its figures are shown with.
    pub decimals: Option<u8>,
}

fn one_byte<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    match text.as_bytes() {
        b"tab" => Ok(Some(b'\t')),
        [byte] => Ok(Some(*byte)),
        _ => Err(D::Error::invalid_value(
            Unexpected::Str(&text),
            &"one character of ASCII, or `tab`",
        )),
    }
}

fn encoding<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if Encoding::for_label(text.as_bytes()).is_none() {
        let expected = "an encoding, such as utf-8, windows-1252, iso-8859-15 or utf-16le";
        return Err(D::Error::invalid_value(Unexpected::Str(&text), &expected));
    }
    Ok(Some(text))
}
