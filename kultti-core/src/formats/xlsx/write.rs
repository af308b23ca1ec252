//! A cube as a workbook: a sheet of cells, a sheet of notes, and a hidden one that carries the rest of the cube.

use super::{carried, notes};
use crate::error::{Error, Result};
use crate::formats::flat::{LongColumn, LongRows, LongTable, shown};
use crate::formats::format::{Format, Target, Warning, WriteOptions};
use crate::formats::{Category, Cell, Cube};
use crate::language::{Language, word};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format as CellFormat, Workbook, Worksheet, XlsxError};

/// Rows and columns of a sheet of Excel.
pub(super) const MOST_ROWS: u64 = 1_048_576;
pub(super) const MOST_COLUMNS: usize = 16_384;
/// Characters of a cell.
const MOST_CHARACTERS: usize = 32_767;

/// Writes a workbook.
pub(in crate::formats) fn write(
    cube: &Cube,
    options: &WriteOptions,
    target: &mut Target,
) -> Result<Vec<Warning>> {
    let rows = LongRows::of(cube, Format::Xlsx, target.name)?;
    let table = LongTable::of(cube, options);
    let refused = |what: String| Error::CannotHold {
        path: target.name.to_owned(),
        format: Format::Xlsx.name().to_owned(),
        what,
        advice: "Write CSV or Parquet.".into(),
    };
    if rows.count() >= MOST_ROWS || table.columns.len() > MOST_COLUMNS {
        let (rows, columns) = (rows.count() + 1, table.columns.len());
        return Err(refused(format!(
            "{rows} rows and {columns} columns: a sheet has {MOST_ROWS} and {MOST_COLUMNS}"
        )));
    }
    let language = language(cube);
    let data = word("word.sheet-data", language);
    let failed = |cause: XlsxError| match cause {
        XlsxError::MaxStringLengthExceeded => refused(format!(
            "a code or symbol of more than {MOST_CHARACTERS} characters"
        )),
        cause => Error::Io {
            path: target.name.to_owned(),
            cause: cause.to_string(),
        },
    };
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(cube).map_err(failed)?);
    let sheet = workbook.add_worksheet_with_low_memory().map_err(failed)?;
    sheet.set_name(data).map_err(failed)?;
    let writer = Cells::new(cube, &table);
    writer.header(sheet).map_err(failed)?;
    let mut row = 0_u32;
    rows.each(|key, cell| {
        row += 1;
        writer.row(sheet, row, key, cell).map_err(failed)
    })?;
    let last = u16::try_from(table.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    sheet.autofilter(0, 0, row, last).map_err(failed)?;
    sheet.set_freeze_panes(1, 0).map_err(failed)?;
    notes::write(cube, language, &mut workbook).map_err(failed)?;
    let hidden = workbook.add_worksheet();
    hidden
        .set_name(carried::SHEET)
        .map_err(failed)?
        .set_very_hidden(true);
    for (row, text) in (0..).zip(carried::texts(target.name, cube, data)?) {
        hidden.write_string(row, 0, text).map_err(failed)?;
    }
    let bytes = workbook.save_to_buffer().map_err(failed)?;
    target
        .out
        .write_all(&bytes)
        .map_err(|cause| target.failed(&cause))?;
    Ok(Vec::new())
}

/// The language of headings and names of sheets: the first of the cube's that Kultti speaks.
fn language(cube: &Cube) -> Language {
    let spoken = cube
        .languages
        .iter()
        .find_map(|language| Language::of_code(language));
    spoken.unwrap_or(Language::En)
}

/// The same cube is the same bytes: the workbook is as old as its figures, or as the century.
fn properties(cube: &Cube) -> Result<DocProperties, XlsxError> {
    let mut parts = cube
        .updated
        .as_deref()
        .unwrap_or_default()
        .split(['-', 'T'])
        .map(str::parse::<u16>);
    let mut part = || parts.next().and_then(Result::ok);
    let date = part().zip(part()).zip(part()).and_then(|((year, month), day)| {
        let (month, day) = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
        ExcelDateTime::from_ymd(year, month, day).ok()
    });
    let date = match date {
        Some(date) => date,
        None => ExcelDateTime::from_ymd(2000, 1, 1)?,
    };
    let title = cube.label.in_order(&cube.languages).unwrap_or_default();
    let title: String = title.chars().take(255).collect();
    Ok(DocProperties::new().set_title(title).set_creation_datetime(&date))
}

/// The cells of the sheet.
struct Cells<'c> {
    cube: &'c Cube,
    table: &'c LongTable,
    bold: CellFormat,
    /// Number formats by decimals.
    numbers: Vec<CellFormat>,
    /// The dimension whose categories have decimals of their own.
    metric: Option<usize>,
}

impl<'c> Cells<'c> {
    fn new(cube: &'c Cube, table: &'c LongTable) -> Self {
        let number = |decimals: usize| {
            let text = if decimals == 0 {
                "0".to_owned()
            } else {
                format!("0.{}", "0".repeat(decimals))
            };
            CellFormat::new().set_num_format(text)
        };
        let has_decimals = |category: &Category| category.decimals.is_some();
        Self {
            cube,
            table,
            bold: CellFormat::new().set_bold(),
            numbers: (0..=15).map(number).collect(),
            metric: cube
                .dimensions
                .iter()
                .position(|dimension| dimension.categories.iter().any(has_decimals)),
        }
    }

    fn header(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        for (place, (column, name)) in (0..).zip(&self.table.columns) {
            sheet.write_string_with_format(0, place, name, &self.bold)?;
            sheet.set_column_width(place, self.width(column, name))?;
        }
        Ok(())
    }

    /// Wide enough for what stands in a column, up to a limit.
    fn width(&self, column: &LongColumn, name: &str) -> f64 {
        let categories = |place: &usize| {
            let dimension = self.cube.dimensions.get(*place);
            dimension
                .map(|dimension| dimension.categories.as_slice())
                .unwrap_or_default()
        };
        let longest = match column {
            LongColumn::Code(place) => categories(place)
                .iter()
                .map(|category| category.code.chars().count())
                .max(),
            LongColumn::Label(place, language) => {
                let label = |category: &Category| {
                    category
                        .label
                        .get(language)
                        .map_or(0, |text| text.chars().count())
                };
                categories(place).iter().map(label).max()
            }
            _ => None,
        };
        let characters = longest.unwrap_or(10).max(name.chars().count() + 3).min(60);
        f64::from(u32::try_from(characters).unwrap_or(60)) + 1.0
    }

    fn decimals(&self, key: &[usize]) -> Option<usize> {
        let of_category = self.metric.and_then(|place| {
            let categories = &self.cube.dimensions.get(place)?.categories;
            categories.get(*key.get(place)?)?.decimals
        });
        of_category.or(self.cube.decimals).map(usize::from)
    }

    fn row(&self, sheet: &mut Worksheet, row: u32, key: &[usize], cell: Cell<'_>) -> Result<(), XlsxError> {
        for (place, (column, _)) in (0..).zip(&self.table.columns) {
            let category = |dimension: &usize| -> Option<&Category> {
                let categories = &self.cube.dimensions.get(*dimension)?.categories;
                categories.get(*key.get(*dimension)?)
            };
            let text = match column {
                LongColumn::Value => {
                    self.number(sheet, (row, place), key, cell)?;
                    continue;
                }
                LongColumn::Label(dimension, language) => {
                    let label = category(dimension).and_then(|category| category.label.get(language));
                    if let Some(label) = label {
                        write_shortened(sheet, row, place, label)?;
                    }
                    continue;
                }
                LongColumn::Code(dimension) => category(dimension).map(|category| category.code.as_str()),
                LongColumn::Status => cell.mark.status.as_deref(),
                LongColumn::Symbol => cell.mark.symbol.as_deref(),
                LongColumn::Text => cell.mark.text.as_deref(),
                LongColumn::Attribute(attribute) => cell.mark.attribute(*attribute),
            };
            if let Some(text) = text {
                sheet.write_string(row, place, text)?;
            }
        }
        Ok(())
    }

    fn number(
        &self,
        sheet: &mut Worksheet,
        (row, column): (u32, u16),
        key: &[usize],
        cell: Cell<'_>,
    ) -> Result<(), XlsxError> {
        let format = self.decimals(key).and_then(|decimals| self.numbers.get(decimals));
        match (cell.value, format) {
            (Some(value), Some(format)) => sheet.write_number_with_format(row, column, value, format)?,
            (Some(value), None) => sheet.write_number(row, column, value)?,
            (None, _) => sheet.write_string(row, column, shown(cell.mark).unwrap_or_default())?,
        };
        Ok(())
    }
}

/// A text for reading, cut where a cell ends: the hidden sheet has all of it.
pub(super) fn write_shortened(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    text: &str,
) -> Result<(), XlsxError> {
    if text.chars().nth(MOST_CHARACTERS).is_none() {
        sheet.write_string(row, column, text)?;
    } else {
        let cut: String = text.chars().take(MOST_CHARACTERS - 1).chain(['…']).collect();
        sheet.write_string(row, column, cut)?;
    }
    Ok(())
}
