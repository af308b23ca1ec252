//! The flat form of a result as a workbook of Excel: typed cells, and a sheet of notes.

use super::scalar::missing_code;
use super::table::{Table, Value};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

/// Characters that a cell of Excel holds.
const LONGEST: usize = 32_767;

/// A table as the bytes of a workbook. Texts are texts, whatever they begin with: nothing in it is a formula.
pub(super) fn workbook(table: &Table, notes_title: &str) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let bold = Format::new().set_bold();
    let sheet = workbook.add_worksheet();
    begin(sheet, table.columns.iter().copied())?;
    let codes = table.note_codes();
    for (line, row) in (1u32..).zip(&table.rows) {
        for (place, cell) in (0u16..).zip(row) {
            write(sheet, (line, place), cell, &codes)?;
        }
    }
    if !table.notes.is_empty() {
        let sheet = workbook.add_worksheet();
        sheet.set_name("notes")?;
        sheet.write_string_with_format(0, 0, "code", &bold)?;
        sheet.write_string_with_format(0, 1, notes_title, &bold)?;
        for (line, note) in (1u32..).zip(&table.notes) {
            text(sheet, (line, 0), note.code())?;
            text(sheet, (line, 1), &note.message.render(table.language))?;
        }
    }
    workbook.save_to_buffer()
}

/// The names of the columns, which stay in sight.
fn begin<'n>(sheet: &mut Worksheet, names: impl Iterator<Item = &'n str>) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    sheet.set_name("data")?;
    sheet.set_freeze_panes(1, 0)?;
    for (place, name) in (0u16..).zip(names) {
        sheet.write_string_with_format(0, place, name, &bold)?;
    }
    Ok(())
}

/// A sheet whose rows are written as they come and kept in a temporary file until the end.
#[cfg(feature = "sql")]
pub(super) struct Rows {
    workbook: Workbook,
    line: u32,
}

#[cfg(feature = "sql")]
impl Rows {
    pub(super) fn new<'n>(names: impl Iterator<Item = &'n str>) -> Result<Self, XlsxError> {
        let mut workbook = Workbook::new();
        begin(workbook.add_worksheet_with_constant_memory()?, names)?;
        Ok(Self { workbook, line: 0 })
    }

    pub(super) fn write(&mut self, row: impl Iterator<Item = Value>) -> Result<(), XlsxError> {
        self.line += 1;
        let sheet = self.workbook.worksheet_from_index(0)?;
        for (place, cell) in (0u16..).zip(row) {
            write(sheet, (self.line, place), &cell, "")?;
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<Vec<u8>, XlsxError> {
        self.workbook.save_to_buffer()
    }
}

fn write(sheet: &mut Worksheet, at: (u32, u16), cell: &Value, notes: &str) -> Result<(), XlsxError> {
    match cell {
        Value::Text(Some(written)) => text(sheet, at, written),
        Value::Number(Some(number)) if number.is_finite() => {
            sheet.write_number(at.0, at.1, *number).map(drop)
        }
        #[expect(clippy::cast_precision_loss, reason = "counts are below 2^53")]
        Value::Count(count) => sheet.write_number(at.0, at.1, *count as f64).map(drop),
        Value::Flag(flag) => sheet.write_boolean(at.0, at.1, *flag).map(drop),
        Value::Missing(Some(reason)) => text(sheet, at, &missing_code(*reason)),
        Value::Notes => text(sheet, at, notes),
        Value::Text(None) | Value::Number(_) | Value::Missing(None) => Ok(()),
    }
}

fn text(sheet: &mut Worksheet, (line, place): (u32, u16), written: &str) -> Result<(), XlsxError> {
    if written.is_empty() {
        return Ok(());
    }
    let held: String = written.chars().take(LONGEST).collect();
    sheet.write_string(line, place, held).map(drop)
}
