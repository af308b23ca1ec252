//! Tables: CSV with a header whose cells are read by column name.

use crate::error::{Error, Result};
use std::str::FromStr;

/// One row of a table.
#[derive(Debug, Clone)]
pub struct Row<'a> {
    path: &'a str,
    columns: &'a [&'a str],
    record: csv::StringRecord,
    /// Line in the file, counted from 1.
    pub line: usize,
}

impl Row<'_> {
    /// The cell of a column as it stands; empty for an unknown column.
    pub fn text(&self, column: &str) -> &str {
        let index = self.columns.iter().position(|name| *name == column);
        index.and_then(|index| self.record.get(index)).unwrap_or_default()
    }

    /// The cell, or `None` where it is empty.
    pub fn optional(&self, column: &str) -> Option<&str> {
        Some(self.text(column)).filter(|cell| !cell.is_empty())
    }

    /// The cell, which may not be empty.
    ///
    /// # Errors
    /// [`Error::Cell`] for an empty cell.
    pub fn required(&self, column: &str) -> Result<&str> {
        self.optional(column).ok_or_else(|| self.wrong(column, "a value"))
    }

    /// The cell read as a `T`, or `None` where it is empty.
    ///
    /// # Errors
    /// [`Error::Cell`] that says what was `expected`.
    pub fn parse<T: FromStr>(&self, column: &str, expected: &str) -> Result<Option<T>> {
        self.optional(column)
            .map(|cell| cell.parse().map_err(|_| self.wrong(column, expected)))
            .transpose()
    }

    /// The cell read as a `T`; it may not be empty.
    ///
    /// # Errors
    /// [`Error::Cell`] that says what was `expected`.
    pub fn parse_required<T: FromStr>(&self, column: &str, expected: &str) -> Result<T> {
        self.parse(column, expected)?
            .ok_or_else(|| self.wrong(column, expected))
    }

    /// The error for a cell that is not what its column holds.
    pub fn wrong(&self, column: &str, expected: &str) -> Error {
        Error::Cell {
            path: self.path.to_owned(),
            line: self.line,
            column: column.to_owned(),
            expected: expected.to_owned(),
            found: self.text(column).to_owned(),
        }
    }
}

/// Reads a CSV table that must have exactly `columns`, in that order, and hands every row to `each`.
///
/// # Errors
/// [`Error::Header`] for other columns, [`Error::MalformedTable`] for broken CSV, and whatever `each` returns.
///
/// ```
/// use kultti_core::source::read_table;
/// let mut sum = 0;
/// read_table("x.csv", "area,value\n005,7\n009,8\n", &["area", "value"], |row| {
///     sum += row.parse_required::<i32>("value", "a whole number")?;
///     Ok(())
/// })?;
/// assert_eq!(sum, 15);
/// # Ok::<(), kultti_core::Error>(())
/// ```
pub fn read_table(
    path: &str,
    text: &str,
    columns: &[&str],
    mut each: impl FnMut(&Row) -> Result<()>,
) -> Result<()> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(false)
        .from_reader(text.as_bytes());
    let broken = |error: &csv::Error| {
        let line = error
            .position()
            .map_or(1, |position| usize::try_from(position.line()).unwrap_or(1));
        let cause = match error.kind() {
            csv::ErrorKind::UnequalLengths {
                expected_len, len, ..
            } => format!("{len} cells, {expected_len} columns"),
            _ => error.to_string(),
        };
        Error::MalformedTable {
            path: path.to_owned(),
            line,
            cause,
        }
    };
    let found: Vec<String> = reader
        .headers()
        .map_err(|error| broken(&error))?
        .iter()
        .map(str::to_owned)
        .collect();
    if found != columns {
        let expected = columns.iter().map(|column| (*column).to_owned()).collect();
        return Err(Error::Header {
            path: path.to_owned(),
            expected,
            found,
        });
    }
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|error| broken(&error))? {
        let line = record
            .position()
            .map_or(0, |position| usize::try_from(position.line()).unwrap_or(0));
        let row = Row {
            path,
            columns,
            record,
            line,
        };
        each(&row)?;
        record = row.record;
    }
    Ok(())
}
