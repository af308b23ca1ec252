//! The hidden sheet in which a workbook of Kultti's carries the cube without its cells.

use super::sheet::Workbook;
use crate::error::{Error, Result};
use crate::formats::{Absent, Cube};
use calamine::{DataRef, Reader};
use serde::{Deserialize, Serialize};

/// The name of the hidden sheet.
pub(super) const SHEET: &str = "kultti";
/// What stands in its first cell.
pub(super) const MARK: &str = "kultti-cube-1";
/// A cell of Excel holds 32,767 characters.
const MOST: usize = 32_000;

#[derive(Serialize)]
struct Written<'c> {
    sheet: &'c str,
    absent: Absent,
    cube: &'c Cube,
}

/// What a workbook carries.
#[derive(Deserialize)]
pub(super) struct Carried {
    /// The sheet with the cells.
    pub(super) sheet: String,
    /// What a cell is that stands nowhere.
    pub(super) absent: Absent,
    /// The cube without its cells.
    pub(super) cube: Cube,
}

/// The texts of the hidden sheet, one below the other. They are plain ASCII, so that no spreadsheet changes them.
pub(super) fn texts(path: &str, cube: &Cube, sheet: &str) -> Result<Vec<String>> {
    let written = Written {
        sheet,
        absent: cube.cells.absent(),
        cube,
    };
    let json = serde_json::to_string(&written)
        .map_err(|cause| Error::malformed(path, "xlsx", 1, "a cube", &cause.to_string()))?;
    let mut plain = String::with_capacity(json.len());
    for symbol in json.chars() {
        // Excel reads `_x0041_` in a text as a letter: no underscore stands in ours.
        if symbol.is_ascii() && symbol != '_' {
            plain.push(symbol);
        } else {
            let mut units = [0; 2];
            for unit in symbol.encode_utf16(&mut units) {
                plain.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    let chunks = plain.as_bytes().chunks(MOST);
    let chunks = chunks.map(|chunk| String::from_utf8_lossy(chunk).into_owned());
    Ok([MARK.to_owned()].into_iter().chain(chunks).collect())
}

/// What a workbook carries, `None` for one that Kultti did not write.
pub(super) fn read(path: &str, workbook: &mut Workbook<'_>) -> Result<Option<Carried>> {
    if !workbook.sheet_names().iter().any(|name| name == SHEET) {
        return Ok(None);
    }
    let broken = |cause: String| {
        Error::malformed(
            path,
            "xlsx",
            1,
            "what the hidden sheet of a workbook of Kultti's holds",
            &cause,
        )
    };
    let mut reader = workbook
        .worksheet_cells_reader(SHEET)
        .map_err(|cause| broken(cause.to_string()))?;
    let mut json = String::new();
    let mut marked = false;
    while let Some(cell) = reader.next_cell().map_err(|cause| broken(cause.to_string()))? {
        let text = match cell.get_value() {
            DataRef::SharedString(text) => text,
            DataRef::String(text) => text.as_str(),
            _ => continue,
        };
        if marked {
            json.push_str(text);
        } else if text == MARK {
            marked = true;
        } else {
            return Ok(None);
        }
    }
    let carried: Carried = serde_json::from_str(&json).map_err(|cause| broken(cause.to_string()))?;
    if !carried.cube.is_sound() {
        return Err(broken("a cube that names what it does not have".into()));
    }
    Ok(Some(carried))
}
