//! A sheet of a workbook as a table of columns and rows, read cell by cell.

use super::write::{MOST_COLUMNS, MOST_ROWS};
use crate::error::{Error, Result};
use crate::formats::flat::{
    Below, EachRow, FlatCell, FlatTable, Numbers, TablePlace, column_letters, is_own, joined,
};
use crate::formats::mapping::TableShape;
use crate::language::Message;
use calamine::{DataRef, ExcelDateTime, Xlsx};
use std::borrow::Cow;
use std::io::Cursor;

/// A workbook in memory.
pub(super) type Workbook<'b> = Xlsx<Cursor<&'b [u8]>>;

/// A sheet as a table.
pub(super) struct SheetTable<'w, 'b> {
    path: String,
    workbook: &'w mut Workbook<'b>,
    sheet: String,
    columns: Vec<String>,
    /// The column of the sheet, from 0, that is the table's first.
    first: u32,
    /// The last row of the header, from 0.
    header: u32,
    area: Area,
    titles: Vec<String>,
    /// Texts below the table, once its rows have been read.
    footnotes: Vec<String>,
    /// Cells whose figure a formula worked out, in the last reading.
    formulas: usize,
}

/// The part of a sheet that a table stands in, rows and columns from 0.
#[derive(Debug, Clone, Copy)]
struct Area {
    rows: (u32, u32),
    columns: (u32, u32),
    /// Whether someone named it: what stands beside it is then none of the table's.
    named: bool,
}

/// The rows of a header, and those above it.
#[derive(Default)]
struct Header {
    rows: Vec<(u32, Vec<(u32, String)>)>,
    titles: Vec<(u32, Vec<(u32, String)>)>,
}

/// The cells of one row, each with its column.
type Cells<'c> = Vec<(u32, FlatCell<'c>)>;

impl<'w, 'b> SheetTable<'w, 'b> {
    /// Finds the header.
    pub(super) fn new(
        path: &str,
        workbook: &'w mut Workbook<'b>,
        sheet: &str,
        shape: Option<&TableShape>,
    ) -> Result<Self> {
        let mut table = Self {
            path: path.to_owned(),
            workbook,
            sheet: sheet.to_owned(),
            columns: Vec::new(),
            first: 0,
            header: 0,
            area: area(path, shape)?,
            titles: Vec::new(),
            footnotes: Vec::new(),
            formulas: 0,
        };
        let row = shape
            .and_then(|shape| shape.header_row)
            .and_then(|row| u32::try_from(row).ok());
        let rows = shape
            .and_then(|shape| shape.header_rows)
            .and_then(|rows| u32::try_from(rows).ok());
        let header = table.read_header(row.map(|row| row.saturating_sub(1)), rows.unwrap_or(1))?;
        table.take_header(header)?;
        Ok(table)
    }

    /// The texts above the header.
    pub(super) fn titles(&self) -> &[String] {
        &self.titles
    }

    /// How many cells of the table hold a figure that a formula worked out.
    pub(super) fn formulas(&self) -> usize {
        self.formulas
    }

    /// A title fills one cell of its row, merged or not; the header is the first row with more of them.
    fn read_header(&mut self, wanted: Option<u32>, rows: u32) -> Result<Header> {
        let mut found = Header::default();
        let named = self.area.named;
        self.scan(&mut |row, cells| {
            let begins = match wanted {
                Some(wanted) => row >= wanted,
                None => named || cells.len() > 1,
            };
            let first = found.rows.first().map(|(first, _)| *first);
            if first.is_some_and(|first| row - first >= rows) {
                return Ok(false);
            }
            let text = |(column, cell): &(u32, FlatCell<'_>)| (*column, cell.text().into_owned());
            let texts: Vec<(u32, String)> = cells.iter().map(text).collect();
            if first.is_some() || begins {
                found.rows.push((row, texts));
                return Ok(rows > 1);
            }
            found.titles.push((row, texts));
            Ok(true)
        })?;
        if found.rows.is_empty() {
            // Nothing but single cells: a table of one column.
            found.rows.extend(found.titles.drain(..).take(1));
        }
        Ok(found)
    }

    /// Takes the headings from the rows of the header.
    fn take_header(&mut self, found: Header) -> Result<()> {
        let named = self.area.named;
        let columns = || {
            found
                .rows
                .iter()
                .flat_map(|(_, cells)| cells.iter().map(|(column, _)| *column))
        };
        let (Some(mut left), Some(mut right)) = (columns().min(), columns().max()) else {
            return Err(self.empty());
        };
        if named {
            left = self.area.columns.0;
            right = if self.area.columns.1 == u32::MAX {
                right
            } else {
                self.area.columns.1
            };
        }
        let width = (right.saturating_sub(left)) as usize + 1;
        let row = |(_, cells): &(u32, Vec<(u32, String)>)| {
            let mut row = vec![String::new(); width];
            for (column, text) in cells {
                let place = column
                    .checked_sub(left)
                    .and_then(|place| row.get_mut(place as usize));
                if let Some(name) = place {
                    name.clone_from(text);
                }
            }
            row
        };
        let headings: Vec<Vec<String>> = found.rows.iter().map(row).collect();
        self.columns = match headings.as_slice() {
            [only] => only.clone(),
            several => joined(several),
        };
        self.first = left;
        self.header = found.rows.last().map_or(0, |(row, _)| *row);
        self.titles = found
            .titles
            .into_iter()
            .flat_map(|(_, cells)| cells)
            .map(|(_, text)| text)
            .collect();
        Ok(())
    }

    fn empty(&self) -> Error {
        Error::SheetCell {
            path: self.path.clone(),
            cell: format!("{}!A1", self.sheet),
            column: String::new(),
            expected: Message::new("word.cell-header"),
            found: String::new(),
        }
    }

    /// Hands every row that has a cell to `each`, until it says that it is enough.
    fn scan(&mut self, each: &mut dyn FnMut(u32, &Cells<'_>) -> Result<bool>) -> Result<()> {
        let (path, sheet, area) = (self.path.clone(), self.sheet.clone(), self.area);
        let broken = |cause: calamine::XlsxError| {
            Error::malformed(
                &path,
                "xlsx",
                1,
                &format!("the sheet {sheet}"),
                &cause.to_string(),
            )
        };
        self.formulas = 0;
        let mut reader = self.workbook.worksheet_cells_reader(&sheet).map_err(broken)?;
        let mut row: Cells<'_> = Vec::new();
        let mut at = 0;
        while let Some(record) = reader.next_cell_with_formula_metadata().map_err(broken)? {
            let (number, column) = record.pos;
            if number < at && !row.is_empty() {
                return Err(Error::malformed(
                    &path,
                    "xlsx",
                    number as usize + 1,
                    "rows in order",
                    "an earlier row",
                ));
            }
            if number > at {
                if !row.is_empty() && !each(at, &row)? {
                    return Ok(());
                }
                row.clear();
                at = number;
            }
            if u64::from(number) >= MOST_ROWS || column as usize >= MOST_COLUMNS {
                return Err(beyond(&path, &sheet, record.pos));
            }
            let inside = (area.rows.0..=area.rows.1).contains(&number)
                && (area.columns.0..=area.columns.1).contains(&column);
            if !inside {
                continue;
            }
            if record.formula.is_some() {
                self.formulas += 1;
                if record.value == DataRef::Empty {
                    return Err(formula_without_value(&path, &sheet, (number, column)));
                }
            }
            if let Some(cell) = cell(record.value) {
                row.push((column, cell));
            }
        }
        if !row.is_empty() {
            each(at, &row)?;
        }
        Ok(())
    }
}

/// A cell where no sheet of Excel has one: no spreadsheet has made this file.
fn beyond(path: &str, sheet: &str, (row, column): (u32, u32)) -> Error {
    let message = Message::new("word.cell-within");
    Error::SheetCell {
        path: path.to_owned(),
        cell: format!(
            "{sheet}!{}{}",
            column_letters(column as usize),
            u64::from(row) + 1
        ),
        column: String::new(),
        expected: message.with("last", format!("XFD{MOST_ROWS}")),
        found: String::new(),
    }
}

fn formula_without_value(path: &str, sheet: &str, (row, column): (u32, u32)) -> Error {
    Error::SheetCell {
        path: path.to_owned(),
        cell: format!("{sheet}!{}{}", column_letters(column as usize), row + 1),
        column: String::new(),
        expected: Message::new("word.cell-computed"),
        found: String::new(),
    }
}

/// A cell of a workbook as one of a table, `None` for an empty one.
fn cell(value: DataRef<'_>) -> Option<FlatCell<'_>> {
    let text = |text: Cow<'_, str>| {
        if text.is_empty() {
            None
        } else {
            Some(text.into_owned())
        }
    };
    Some(match value {
        DataRef::Empty => return None,
        DataRef::Int(number) => FlatCell::Text(Cow::Owned(number.to_string())),
        DataRef::Float(number) => FlatCell::Number(number),
        DataRef::String(found) => FlatCell::Text(Cow::Owned(text(Cow::Owned(found))?)),
        DataRef::SharedString("") => return None,
        DataRef::SharedString(found) => FlatCell::Text(Cow::Borrowed(found)),
        DataRef::Bool(found) => FlatCell::Text(Cow::Borrowed(if found { "true" } else { "false" })),
        DataRef::DateTime(found) => date(&found),
        DataRef::DateTimeIso(found) | DataRef::DurationIso(found) => FlatCell::Text(Cow::Owned(found)),
        DataRef::Error(error) => FlatCell::Failed(error.to_string()),
    })
}

/// A date as ISO 8601 spells it, with the time of the day where it is not midnight; a duration is its number of days.
fn date(found: &ExcelDateTime) -> FlatCell<'static> {
    if found.is_duration() {
        return FlatCell::Number(found.as_f64());
    }
    let (year, month, day, hour, minute, second, milli) = found.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    let time = match (hour, minute, second, milli) {
        (0, 0, 0, 0) => String::new(),
        _ => format!("T{hour:02}:{minute:02}:{second:02}"),
    };
    FlatCell::Text(Cow::Owned(date + &time))
}

/// The area that a mapping names, else the whole sheet.
fn area(path: &str, shape: Option<&TableShape>) -> Result<Area> {
    let mut area = Area {
        rows: (0, u32::MAX),
        columns: (0, u32::MAX),
        named: false,
    };
    let Some(shape) = shape else {
        return Ok(area);
    };
    if let Some(range) = &shape.range {
        let corners = range
            .split_once(':')
            .and_then(|(from, to)| Some((corner(from)?, corner(to)?)));
        let Some(((top, left), (bottom, right))) =
            corners.filter(|(from, to)| from.0 <= to.0 && from.1 <= to.1)
        else {
            return Err(Error::MappingField {
                path: path.to_owned(),
                field: "range".into(),
                expected: "two corners, such as A5:F310".into(),
                found: range.clone(),
            });
        };
        area = Area {
            rows: (top, bottom),
            columns: (left, right),
            named: true,
        };
    }
    if let Some(last) = shape.last_row.and_then(|row| u32::try_from(row).ok()) {
        area.rows.1 = area.rows.1.min(last.saturating_sub(1));
    }
    Ok(area)
}

/// Row and column, from 0, of a cell such as `$B$7`.
fn corner(text: &str) -> Option<(u32, u32)> {
    let text = text.trim().replace('$', "");
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (letters, digits) = text.split_at_checked(letters)?;
    let column = letters.bytes().try_fold(0_u32, |column, letter| {
        let value = u32::from(letter.to_ascii_uppercase() - b'A') + 1;
        column.checked_mul(26)?.checked_add(value)
    })?;
    let row: u32 = digits.parse().ok()?;
    Some((row.checked_sub(1)?, column.checked_sub(1)?))
}

impl FlatTable for SheetTable<'_, '_> {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn rows(&mut self, each: &mut EachRow<'_>) -> Result<()> {
        let (first, header, width) = (self.first, self.header, self.columns.len());
        let place = self.place();
        let own = is_own(&self.columns);
        let mut below = Below::default();
        let mut before = header;
        self.scan(&mut |row, found| {
            if row <= header {
                return Ok(true);
            }
            let gap = row > before + 1;
            before = row;
            if let (false, [(column, FlatCell::Text(text))]) = (own || width < 2, found.as_slice())
                && *column == first
            {
                if gap {
                    below.gap();
                }
                if below.holds(row as usize + 1, text, width) {
                    return Ok(true);
                }
            }
            for lone in below.row() {
                let mut cells = vec![FlatCell::Empty; width];
                if let Some(first) = cells.first_mut() {
                    *first = FlatCell::of_text(&lone.text);
                }
                each(lone.row, &cells)?;
            }
            let mut cells: Vec<FlatCell<'_>> = vec![FlatCell::Empty; width];
            for (column, cell) in found {
                let slot = column
                    .checked_sub(first)
                    .and_then(|column| cells.get_mut(column as usize));
                match slot {
                    Some(slot) => *slot = cell.clone(),
                    None if own => {}
                    None => {
                        let away = place.away(row as usize + 1, *column as usize);
                        return Err(away);
                    }
                }
            }
            each(row as usize + 1, &cells)?;
            Ok(true)
        })?;
        self.footnotes = below.notes();
        Ok(())
    }

    fn footnotes(&self) -> &[String] {
        &self.footnotes
    }

    fn place(&self) -> TablePlace {
        TablePlace {
            path: self.path.clone(),
            format: "xlsx",
            sheet: Some((self.sheet.clone(), self.first as usize)),
        }
    }

    fn numbers(&self) -> &'static [Numbers] {
        &[Numbers::POINT, Numbers::COMMA]
    }
}
