//! A table of named columns and rows of cells ↔ a cube: what CSV, XLSX and columns without a cube's metadata share.

mod assumed;
mod below;
mod build;
mod heading;
mod layout;
mod long;
mod mapped;
mod number;
mod roles;
mod survey;

pub(super) use below::{Below, Lone};
pub(super) use heading::{LongColumn, LongTable, is_own, joined};
pub(super) use long::{LongRows, lost, shown};
pub(super) use number::Numbers;

use super::{Absent, Cube, Labels, Mapping, Note, NotePlace, Warning};
use crate::error::{Error, Result};
use crate::language::{Message, Param};
use std::borrow::Cow;

/// A cell as its file types it. Dates and truth values are text: `2019-12-31`, `true`.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum FlatCell<'a> {
    /// Nothing.
    Empty,
    /// Text, which is a number only where its column is one of figures.
    Text(Cow<'a, str>),
    /// A number; as the code of a category it is spelt without a needless `.0`.
    Number(f64),
    /// What a formula that failed left, such as `#N/A`.
    Failed(String),
}

impl<'a> FlatCell<'a> {
    /// A cell of a text file: empty, or text.
    pub(super) fn of_text(text: &'a str) -> Self {
        if text.is_empty() {
            Self::Empty
        } else {
            Self::Text(Cow::Borrowed(text))
        }
    }

    /// The cell as text; empty where there is nothing.
    pub(super) fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Failed(error) => Cow::Borrowed(error),
            Self::Number(number) => Cow::Owned(number.to_string()),
        }
    }
}

/// What a row is handed to: its number for messages (a line, a row of a sheet), and one cell for every column.
pub(super) type EachRow<'e> = dyn FnMut(usize, &[FlatCell<'_>]) -> Result<()> + 'e;

/// A table with named columns, of any format. Implement it and call [`read_flat`].
pub(super) trait FlatTable {
    /// The names of the columns, from its header or schema.
    fn columns(&self) -> &[String];

    /// Hands every row to `each`, in order. It is called once with a mapping and for tables that Kultti wrote, and once
    /// more where the columns' meaning must be found out first: memory stays in proportion to the cube.
    ///
    /// # Errors
    /// Those of the file, and what `each` returns.
    fn rows(&mut self, each: &mut EachRow<'_>) -> Result<()>;

    /// Where the table is, for messages.
    fn place(&self) -> TablePlace;

    /// How numbers are spelt where nothing but the cells can tell, best first. A table with typed cells keeps this.
    fn numbers(&self) -> &'static [Numbers] {
        &[Numbers::POINT, Numbers::COMMA]
    }

    /// Texts that stand below the table, once its rows have been read.
    fn footnotes(&self) -> &[String] {
        &[]
    }

    /// The text of a cell of a table that Kultti wrote, without what its writer put before formulas.
    fn unguarded(&self) -> fn(&str) -> Cow<'_, str> {
        as_it_stands
    }
}

fn as_it_stands(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}

/// Where a table is: what its errors name.
#[derive(Debug, Clone, Default)]
pub(super) struct TablePlace {
    /// The file.
    pub(super) path: String,
    /// The format, as `--from` names it.
    pub(super) format: &'static str,
    /// The sheet of a workbook, and the column of the sheet (from 0) that the first column of the table is.
    pub(super) sheet: Option<(String, usize)>,
}

impl TablePlace {
    /// The error for a cell, by the number of its row and the place and name of its column.
    pub(super) fn cell(&self, row: usize, column: (usize, &str), expected: Message, found: &str) -> Error {
        let (path, found) = (self.path.clone(), found.to_owned());
        let (place, column) = (self.of(row, column.0), column.1.to_owned());
        if self.sheet.is_some() {
            return Error::SheetCell {
                path,
                cell: place,
                column,
                expected,
                found,
            };
        }
        Error::TextCell {
            path,
            line: row,
            column,
            expected,
            found,
        }
    }

    /// A cell as people name it: `Tiedot!B7`, or the file and its line.
    pub(super) fn of(&self, row: usize, column: usize) -> String {
        match &self.sheet {
            Some((sheet, first)) => format!("{sheet}!{}{row}", column_letters(first + column)),
            None => format!("{}:{row}", self.path),
        }
    }

    /// The error for a cell of a sheet that stands beside the table, by its row from 1 and its column of the sheet from 0.
    pub(super) fn away(&self, row: usize, column: usize) -> Error {
        let sheet = self.sheet.as_ref().map_or("", |(sheet, _)| sheet.as_str());
        Error::SheetCell {
            path: self.path.clone(),
            cell: format!("{sheet}!{}{row}", column_letters(column)),
            column: String::new(),
            expected: Message::new("word.cell-beside"),
            found: String::new(),
        }
    }
}

/// The letters of a column of a sheet, counted from 0: `A`, …, `Z`, `AA`.
pub(super) fn column_letters(column: usize) -> String {
    let mut letters = String::new();
    let mut rest = column + 1;
    while rest > 0 {
        let letter = u8::try_from((rest - 1) % 26).unwrap_or(0);
        letters.insert(0, char::from(b'A' + letter));
        rest = (rest - 1) / 26;
    }
    letters
}

/// A cube read from a table.
#[derive(Debug)]
pub(super) struct Flat {
    /// The cube.
    pub(super) cube: Cube,
    /// What was assumed.
    pub(super) warnings: Vec<Warning>,
}

/// Reads a table into a cube: by the mapping where there is one, else by the header of a table that Kultti wrote, else by
/// rules over all its rows, which a warning tells.
///
/// # Errors
/// [`Error::TextCell`] and [`Error::SheetCell`] for a cell that is not what its column holds,
/// [`Error::DuplicateCell`] for two rows with the same categories, [`Error::NoFigures`] where no column is one of
/// figures, [`Error::UnknownColumn`] where the mapping names a column that the table lacks.
pub(super) fn read_flat(table: &mut dyn FlatTable, mapping: Option<&Mapping>) -> Result<Flat> {
    let mut warnings = Vec::new();
    let layout = match mapping {
        Some(mapping) => mapped::layout(table, mapping, &mut warnings)?,
        None => match heading::layout(&*table) {
            Some(layout) => layout,
            None => assumed::layout(table, None, &mut warnings)?,
        },
    };
    let own = layout.own;
    let mut cube = build::cube(table, layout, &mut warnings)?;
    let notes = table.footnotes();
    if !notes.is_empty() {
        let begun = |text: &String| Param::from(text.chars().take(NOTE_SHOWN).collect::<String>());
        let begun = notes.iter().map(begun).collect();
        warnings.push(Warning(
            Message::new("warning.table-footnotes").with("notes", Param::List(begun)),
        ));
        for text in notes {
            note(&mut cube, text);
        }
    }
    if own {
        warnings.extend(roles::by_names(&mut cube));
    }
    Ok(Flat { cube, warnings })
}

/// Characters of a note that a warning shows.
const NOTE_SHOWN: usize = 60;

fn note(cube: &mut Cube, text: &str) {
    let language = cube.languages.first().cloned().unwrap_or_default();
    cube.notes.push(Note {
        text: Labels::new(&language, text),
        mandatory: false,
        place: NotePlace::Cube,
    });
}

/// Gives a cube the texts above the header of its table: the first is its title unless it has one, the others are notes.
pub(super) fn titled(cube: &mut Cube, titles: &[String]) {
    for title in titles {
        if cube.label.is_empty() {
            let language = cube.languages.first().cloned().unwrap_or_default();
            cube.label.set(&language, title);
        } else {
            note(cube, title);
        }
    }
}

/// Reads a table of which everything but the cells is known already: its header is that of a table of Kultti's, and its
/// rows name no other categories than the cube.
///
/// # Errors
/// Those of [`read_flat`].
pub(super) fn read_known(table: &mut dyn FlatTable, cube: Cube, absent: Absent) -> Result<Flat> {
    let place = table.place();
    let found: Vec<String> = table.columns().to_vec();
    let known = heading::layout(&*table).and_then(|layout| layout.of_cube(cube, absent));
    let Some(layout) = known else {
        return Err(Error::Header {
            path: place.path,
            expected: vec!["the columns that Kultti wrote".into()],
            found,
        });
    };
    let mut warnings = Vec::new();
    let cube = build::cube(table, layout, &mut warnings)?;
    Ok(Flat { cube, warnings })
}
