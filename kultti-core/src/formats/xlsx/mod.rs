//! Workbooks of Excel: any sheet read by a mapping or by rules, a cube written with its notes beside the figures.
//!
//! A workbook that Kultti wrote carries the cube without its cells in a hidden sheet, so that it is read back exactly;
//! figures that someone changed in it are read as they stand. Any other is a table like one in text, with typed cells.

mod carried;
mod notes;
mod package;
mod sheet;
mod write;

pub(super) use write::write;

use super::flat::{Flat, read_flat, read_known, titled};
use super::format::{Format, ReadOptions, Reading, Warning};
use super::mapping::{Mapping, SheetChoice};
use crate::error::{Error, Result, guarded};
use crate::language::{Message, Param};
use calamine::{Reader, SheetType, SheetVisible, Xlsx};
use sheet::{SheetTable, Workbook};
use std::io::Cursor;

/// Reads a table of a workbook.
pub(super) fn read(name: &str, bytes: &[u8], options: &ReadOptions) -> Result<Reading> {
    let package = package::check(name, bytes)?;
    let mut reading = guarded(|| workbook(name, bytes, options), || damaged(name))?;
    if package.links {
        reading.warnings.push(Warning(Message::new("warning.xlsx-links")));
    }
    Ok(reading)
}

/// Looks through a workbook that may unpack to `most` bytes before anything of it is believed; the answer is whether it carries
/// macros.
///
/// # Errors
/// [`Error::NotAWorkbook`], [`Error::Oversized`].
#[cfg(feature = "ledger")]
pub(crate) fn check_package(name: &str, bytes: &[u8], most: u64) -> Result<bool> {
    Ok(package::check_within(name, bytes, most)?.macros)
}

fn damaged(name: &str) -> Error {
    Error::NotAWorkbook {
        path: name.to_owned(),
        reason: Message::new("word.workbook-damaged"),
    }
}

fn workbook(name: &str, bytes: &[u8], options: &ReadOptions) -> Result<Reading> {
    let mut workbook: Workbook<'_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| damaged(name))?;
    let mapping = options.mapping.as_ref();
    let carried = match mapping {
        // Who says what the columns mean does not want to hear what the workbook says.
        Some(_) => None,
        None => carried::read(name, &mut workbook)?,
    };
    let flat = match carried {
        Some(carried) => {
            let mut table = SheetTable::new(name, &mut workbook, &carried.sheet, None)?;
            let mut flat = read_known(&mut table, carried.cube, carried.absent)?;
            flat.warnings.extend(formulas(&table));
            flat
        }
        None => foreign(name, &mut workbook, mapping)?,
    };
    Ok(Reading {
        cube: flat.cube,
        format: Format::Xlsx,
        encoding: None,
        warnings: flat.warnings,
    })
}

/// A table that Kultti did not write.
fn foreign(name: &str, workbook: &mut Workbook<'_>, mapping: Option<&Mapping>) -> Result<Flat> {
    let (sheet, others) = chosen(name, workbook, mapping)?;
    let mut table = SheetTable::new(name, workbook, &sheet, mapping.map(|mapping| &mapping.table))?;
    let mut flat = read_flat(&mut table, mapping)?;
    titled(&mut flat.cube, table.titles());
    flat.warnings.extend(formulas(&table));
    if !others.is_empty() {
        let others = Param::List(others.iter().map(Param::from).collect());
        let message = Message::new("warning.xlsx-sheet").with("sheet", sheet.as_str());
        flat.warnings.push(Warning(message.with("others", others)));
    }
    Ok(flat)
}

fn formulas(table: &SheetTable<'_, '_>) -> Option<Warning> {
    let count = table.formulas();
    (count > 0).then(|| Warning(Message::new("warning.xlsx-formulas").with("count", count)))
}

/// The sheet that is read, and those that might have been: the first that is not hidden unless the mapping names one.
fn chosen(name: &str, workbook: &Workbook<'_>, mapping: Option<&Mapping>) -> Result<(String, Vec<String>)> {
    let sheets = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let names: Vec<(String, bool)> = sheets
        .map(|sheet| (sheet.name.clone(), sheet.visible == SheetVisible::Visible))
        .collect();
    let wanted = mapping.and_then(|mapping| mapping.table.sheet.as_ref());
    let Some(wanted) = wanted else {
        let mut visible = names
            .into_iter()
            .filter(|(_, visible)| *visible)
            .map(|(name, _)| name);
        let first = visible.next().ok_or_else(|| damaged(name))?;
        return Ok((first, visible.collect()));
    };
    let found = match wanted {
        SheetChoice::Number(number) => number.checked_sub(1).and_then(|place| names.get(place)),
        SheetChoice::Name(wanted) => names.iter().find(|(name, _)| name == wanted),
    };
    let found = found.map(|(name, _)| (name.clone(), Vec::new()));
    found.ok_or_else(|| Error::MappingField {
        path: mapping.map_or_else(|| name.to_owned(), |mapping| mapping.path.clone()),
        field: "sheet".into(),
        expected: names
            .iter()
            .map(|(name, _)| name.as_str())
            .collect::<Vec<_>>()
            .join(", "),
        found: match wanted {
            SheetChoice::Number(number) => number.to_string(),
            SheetChoice::Name(name) => name.clone(),
        },
    })
}
