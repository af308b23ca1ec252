//! Reading a filled form from a workbook, whatever program saved it.

use super::super::cell::shown;
use super::super::layout::{
    ANSWER, AREA_ROW, AUTHOR_ROW, CONSENT_ROW, HIDDEN, LABEL, Layout, Line, NOTE, SCHEMA, STATUS, letter,
};
use super::super::raw::{Identity, Raw, RawLine, Written};
use super::{KEYS, MAP_ROW};
use crate::collection::Place;
use crate::error::{Error, Result, guarded};
use crate::formats::check_package;
use crate::language::{Language, Message};
use crate::model::AreaCode;
use calamine::{DataRef, Reader, SheetType, Xlsx};
use std::collections::BTreeMap;
use std::io::Cursor;

/// A form may unpack to this and no more.
const MOST_UNPACKED: u64 = 64 << 20;

type Workbook<'b> = Xlsx<Cursor<&'b [u8]>>;
/// The cells of a sheet that have something in them, by row and column from 0.
type Cells = BTreeMap<(u32, u32), Written>;

/// What the workbook says it is of.
pub(in crate::collection::form) fn identity(name: &str, bytes: &[u8]) -> Result<Identity> {
    if check_package(name, bytes, MOST_UNPACKED)? {
        return Err(refused(name, Message::new("reason.form-macros")));
    }
    guarded(
        || {
            let mut workbook = open(name, bytes)?;
            // The sheet names each measure once; what stands below is nothing of a form's.
            let cells = cells(name, &mut workbook, HIDDEN, (MAP_ROW, 1))?;
            of_hidden(name, &cells)
        },
        || damaged(name),
    )
}

/// What was written into the workbook.
pub(in crate::collection::form) fn read(name: &str, bytes: &[u8], layout: &Layout<'_>) -> Result<Raw> {
    guarded(
        || {
            let mut workbook = open(name, bytes)?;
            check_map(name, &mut workbook, layout)?;
            answers(name, &mut workbook, layout)
        },
        || damaged(name),
    )
}

fn refused(name: &str, reason: Message) -> Error {
    Error::NotAForm {
        path: name.to_owned(),
        reason,
    }
}

fn damaged(name: &str) -> Error {
    Error::NotAWorkbook {
        path: name.to_owned(),
        reason: Message::new("word.workbook-damaged"),
    }
}

fn open<'b>(name: &str, bytes: &'b [u8]) -> Result<Workbook<'b>> {
    let workbook: Workbook<'b> = Xlsx::new(Cursor::new(bytes)).map_err(|_| damaged(name))?;
    let hidden = workbook
        .sheets_metadata()
        .iter()
        .any(|sheet| sheet.name == HIDDEN);
    if hidden {
        return Ok(workbook);
    }
    Err(refused(
        name,
        Message::new("reason.form-no-map").with("sheet", HIDDEN),
    ))
}

fn structure(name: &str, place: String, expected: &str, found: &str) -> Error {
    Error::FormStructure {
        path: name.to_owned(),
        place,
        expected: expected.to_owned(),
        found: shown(found),
    }
}

/// The cells of a sheet up to a last row and column. Others are none of the form's and are passed over.
fn cells(name: &str, workbook: &mut Workbook<'_>, sheet: &str, last: (u32, u32)) -> Result<Cells> {
    let known = workbook
        .sheets_metadata()
        .iter()
        .any(|known| known.name == sheet && known.typ == SheetType::WorkSheet);
    if !known {
        return Err(structure(name, sheet.to_owned(), sheet, ""));
    }
    let broken = |_| damaged(name);
    let mut reader = workbook.worksheet_cells_reader(sheet).map_err(broken)?;
    let mut cells = Cells::new();
    while let Some(record) = reader.next_cell_with_formula_metadata().map_err(broken)? {
        let (row, column) = record.pos;
        if row > last.0 || column > last.1 {
            continue;
        }
        let written = match record.formula {
            Some(_) => Written::Formula,
            None => written(record.value),
        };
        if written == Written::Nothing {
            continue;
        }
        if cells.insert((row, column), written).is_some() {
            let column = letter(u16::try_from(column).unwrap_or(0));
            return Err(structure(name, format!("{sheet}!{column}{}", row + 1), "1", "2"));
        }
    }
    Ok(cells)
}

fn written(value: DataRef<'_>) -> Written {
    #[expect(
        clippy::cast_precision_loss,
        reason = "beyond 2^53 a cell is refused as too large"
    )]
    match value {
        DataRef::Empty => Written::Nothing,
        DataRef::Int(number) => Written::Number(number as f64),
        DataRef::Float(number) => Written::Number(number),
        DataRef::String(text) => Written::of_text(&text),
        DataRef::SharedString(text) => Written::of_text(text),
        DataRef::Bool(_) => Written::Truth,
        DataRef::DateTime(_) | DataRef::DateTimeIso(_) | DataRef::DurationIso(_) => Written::Date,
        DataRef::Error(error) => Written::Failed(error.to_string()),
    }
}

fn text(cells: &Cells, row: u32, column: u16) -> String {
    cells
        .get(&(row, u32::from(column)))
        .map_or_else(String::new, Written::text)
}

fn of_hidden(name: &str, cells: &Cells) -> Result<Identity> {
    let mut values = KEYS.iter().zip(0u32..).map(|(key, row)| {
        let found = text(cells, row, 0);
        if found == *key {
            return Ok(text(cells, row, 1));
        }
        Err(structure(name, format!("{HIDDEN}!A{}", row + 1), key, &found))
    });
    let mut next = || values.next().unwrap_or_else(|| Ok(String::new()));
    let (schema, round, round_sha256, area, language) = (next()?, next()?, next()?, next()?, next()?);
    if schema != SCHEMA.to_string() {
        return Err(refused(
            name,
            Message::new("reason.form-schema").with("found", shown(&schema)),
        ));
    }
    let Some(language) = Language::of_code(&language) else {
        return Err(refused(
            name,
            Message::new("reason.form-language").with("found", shown(&language)),
        ));
    };
    Ok(Identity {
        round,
        round_sha256,
        area: AreaCode::new(area),
        language,
    })
}

/// Requires that the hidden sheet names every measure, and where it stands, as the round lays the form out.
fn check_map(name: &str, workbook: &mut Workbook<'_>, layout: &Layout<'_>) -> Result<()> {
    let rows = u32::try_from(layout.lines.len()).unwrap_or(u32::MAX - MAP_ROW);
    let map = cells(name, workbook, HIDDEN, (MAP_ROW + rows, 2))?;
    for (row, line) in (MAP_ROW..).zip(&layout.lines) {
        let cell = format!("{}{}", letter(ANSWER), line.row + 1);
        let expected = [line.measure.id.as_str(), layout.sheet(line), &cell];
        for (column, expected) in (0u16..).zip(expected) {
            let found = text(&map, row, column);
            if found != expected {
                let place = format!("{HIDDEN}!{}{}", letter(column), row + 1);
                return Err(structure(name, place, expected, &found));
            }
        }
    }
    let behind = text(&map, MAP_ROW + rows, 0);
    if behind.is_empty() {
        return Ok(());
    }
    Err(structure(
        name,
        format!("{HIDDEN}!A{}", MAP_ROW + rows + 1),
        "",
        &behind,
    ))
}

fn answers(name: &str, workbook: &mut Workbook<'_>, layout: &Layout<'_>) -> Result<Raw> {
    let first = cells(name, workbook, &layout.instructions, (CONSENT_ROW, 1))?;
    let (area, found) = (layout.area(), text(&first, AREA_ROW, 1));
    if !same(&area, &found) {
        return Err(Error::TwoAreas {
            path: name.to_owned(),
            place: format!("{}!B{}", layout.instructions, AREA_ROW + 1),
            expected: area,
            found: shown(&found),
        });
    }
    let mut sheets = Vec::with_capacity(layout.sheets.len());
    for sheet in &layout.sheets {
        let cells = cells(name, workbook, &sheet.name, (sheet.rows, u32::from(NOTE)))?;
        for column in [LABEL, ANSWER, STATUS, NOTE] {
            let (expected, found) = (layout.heading(column), text(&cells, 0, column));
            if !same(&expected, &found) {
                let place = format!("{}!{}1", sheet.name, letter(column));
                return Err(structure(name, place, &expected, &found));
            }
        }
        sheets.push(cells);
    }
    let line = |line: &Line<'_>| {
        let empty = Cells::new();
        let cells = sheets.get(line.sheet).unwrap_or(&empty);
        answer(name, layout, line, cells)
    };
    Ok(Raw {
        author: text(&first, AUTHOR_ROW, 1),
        consent: first.get(&(CONSENT_ROW, 1)).cloned().unwrap_or(Written::Nothing),
        lines: layout.lines.iter().map(line).collect::<Result<_>>()?,
    })
}

fn answer(name: &str, layout: &Layout<'_>, line: &Line<'_>, cells: &Cells) -> Result<RawLine> {
    let place = |column: u16| Place {
        sheet: layout.sheet(line).to_owned(),
        cell: format!("{}{}", letter(column), line.row + 1),
    };
    let label = line.measure.label.get(layout.language);
    let found = text(cells, line.row, LABEL);
    if !same(label, &found) {
        return Err(structure(name, place(LABEL).to_string(), label, &found));
    }
    let cell = |column: u16| {
        let found = cells.get(&(line.row, u32::from(column)));
        found.cloned().unwrap_or(Written::Nothing)
    };
    Ok(RawLine {
        measure: line.measure.id.clone(),
        place: place(ANSWER),
        value: cell(ANSWER),
        status: cell(STATUS),
        note: cell(NOTE),
    })
}

/// Whether two texts say the same; programs differ in how they keep spaces.
fn same(left: &str, right: &str) -> bool {
    left.split_whitespace().eq(right.split_whitespace())
}
