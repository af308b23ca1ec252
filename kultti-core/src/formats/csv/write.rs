//! A cube as a table in text, one row per cell.

use super::guard::guarded;
use crate::error::{Error, Result};
use crate::formats::flat::{LongColumn, LongRows, LongTable, lost};
use crate::formats::format::{Format, Target, Warning, WriteOptions};
use crate::formats::{Cell, Cube};
use std::borrow::Cow;
use std::io::{BufWriter, Write};

/// Writes a table in text: RFC 4180, tabs, or the dialect of Finnish Excel.
pub(in crate::formats) fn write(
    cube: &Cube,
    format: Format,
    options: &WriteOptions,
    target: &mut Target,
) -> Result<Vec<Warning>> {
    let dialect = match (format, options.excel) {
        (Format::Tsv, _) => Spelling::new(b'\t', false),
        (_, true) => Spelling::new(b';', true),
        _ => Spelling::new(b',', false),
    };
    let rows = LongRows::of(cube, format, target.name)?;
    let table = LongTable::of(cube, options);
    let name = target.name;
    let mut out = BufWriter::with_capacity(1 << 16, &mut *target.out);
    let failed = |cause: std::io::Error| Error::io(name, &cause);
    if options.excel && format == Format::Csv {
        out.write_all("\u{feff}".as_bytes()).map_err(failed)?;
    }
    let mut csv = csv::WriterBuilder::new()
        .delimiter(dialect.delimiter)
        .terminator(csv::Terminator::CRLF)
        .from_writer(out);
    let mut writer = Rows::new(cube, &table, dialect);
    let broken = |cause: csv::Error| Error::io(name, &cause.into());
    csv.write_record(
        table
            .columns
            .iter()
            .map(|(_, name)| dialect.text(name).into_owned()),
    )
    .map_err(broken)?;
    rows.each(|key, cell| writer.row(&mut csv, key, cell).map_err(broken))?;
    csv.flush().map_err(failed)?;
    Ok(lost(cube, format).into_iter().collect())
}

/// How cells are spelt.
#[derive(Clone, Copy)]
struct Spelling {
    delimiter: u8,
    comma: bool,
}

impl Spelling {
    fn new(delimiter: u8, comma: bool) -> Self {
        Self { delimiter, comma }
    }

    fn text(self, text: &str) -> Cow<'_, str> {
        guarded(text, self.delimiter)
    }
}

/// The rows, with what repeats in them spelt once.
struct Rows<'c> {
    columns: Vec<&'c LongColumn>,
    /// The texts of a column of codes or labels, by category; empty for other columns.
    texts: Vec<Vec<Cow<'c, str>>>,
    spelling: Spelling,
    number: String,
}

impl<'c> Rows<'c> {
    fn new(cube: &'c Cube, table: &'c LongTable, spelling: Spelling) -> Self {
        let texts = |column: &'c LongColumn| -> Vec<Cow<'c, str>> {
            let (place, language) = match column {
                LongColumn::Code(place) => (*place, None),
                LongColumn::Label(place, language) => (*place, Some(language)),
                _ => return Vec::new(),
            };
            let categories = cube
                .dimensions
                .get(place)
                .map(|dimension| dimension.categories.iter());
            let text = |category: &'c crate::formats::Category| match language {
                None => spelling.text(&category.code),
                Some(language) => spelling.text(category.label.get(language).unwrap_or_default()),
            };
            categories.into_iter().flatten().map(text).collect()
        };
        Self {
            columns: table.columns.iter().map(|(column, _)| column).collect(),
            texts: table.columns.iter().map(|(column, _)| texts(column)).collect(),
            spelling,
            number: String::new(),
        }
    }

    fn row<W: Write>(&mut self, csv: &mut csv::Writer<W>, key: &[usize], cell: Cell<'_>) -> csv::Result<()> {
        for (column, texts) in self.columns.iter().zip(&self.texts) {
            let text = match column {
                LongColumn::Code(place) | LongColumn::Label(place, _) => {
                    let category = key.get(*place).and_then(|category| texts.get(*category));
                    csv.write_field(category.map_or("", |text| text.as_ref()))?;
                    continue;
                }
                LongColumn::Value => {
                    spell(&mut self.number, cell.value, self.spelling.comma);
                    csv.write_field(&self.number)?;
                    continue;
                }
                LongColumn::Status => cell.mark.status.as_deref(),
                LongColumn::Symbol => cell.mark.symbol.as_deref(),
                LongColumn::Text => cell.mark.text.as_deref(),
                LongColumn::Attribute(place) => cell.mark.attribute(*place),
            };
            match text {
                None => csv.write_field("")?,
                Some(text) => csv.write_field(self.spelling.text(text).as_ref())?,
            }
        }
        csv.write_record(None::<&[u8]>)
    }
}

/// The shortest decimal number that is read as the same double.
fn spell(out: &mut String, value: Option<f64>, comma: bool) {
    use std::fmt::Write as _;
    out.clear();
    let Some(value) = value else {
        return;
    };
    let size = value.abs();
    let plain = size == 0.0 || (1e-9..1e17).contains(&size);
    // Writing to a string does not fail.
    let _ = if plain {
        write!(out, "{value}")
    } else {
        write!(out, "{value:e}")
    };
    if comma {
        *out = out.replace('.', ",");
    }
}
