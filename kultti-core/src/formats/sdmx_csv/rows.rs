//! The rows of the table below the first line, one at a time.

use super::FORMAT;
use super::header::Header;
use crate::error::{Error, Result};
use csv::{ReaderBuilder, StringRecord, Trim};

/// The rows of a table.
pub(super) struct Rows<'a> {
    path: &'a str,
    columns: usize,
    text: &'a [u8],
    reader: csv::Reader<&'a [u8]>,
    record: StringRecord,
    /// The byte up to which lines are counted, and the line there.
    counted: (usize, usize),
}

/// A row and the line it begins on.
pub(super) struct Row<'a> {
    record: &'a StringRecord,
    /// The line, counted from 1.
    pub(super) line: usize,
}

/// The fields of the first line.
pub(super) fn first(path: &str, separator: u8, text: &str) -> Result<Vec<String>> {
    let mut record = StringRecord::new();
    match reader(separator, text).read_record(&mut record) {
        Ok(_) => Ok(record.iter().map(str::to_owned).collect()),
        Err(cause) => Err(Error::malformed(
            path,
            FORMAT,
            1,
            "a line of CSV",
            &cause.to_string(),
        )),
    }
}

fn reader(separator: u8, text: &str) -> csv::Reader<&[u8]> {
    ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .trim(Trim::None)
        .from_reader(text.as_bytes())
}

impl<'a> Rows<'a> {
    pub(super) fn new(path: &'a str, header: &Header, text: &'a str) -> Self {
        let mut rows = Self {
            path,
            columns: header.columns.len(),
            text: text.as_bytes(),
            reader: reader(header.separator, text),
            record: StringRecord::new(),
            counted: (0, 1),
        };
        // The first line is the header, which has been read.
        let _ = rows.reader.read_record(&mut rows.record);
        rows
    }

    /// The next row; `None` after the last. Empty fields beyond the last column are let pass, as spreadsheets leave them.
    ///
    /// # Errors
    /// [`Error::MalformedFile`] for a row of another length.
    pub(super) fn next(&mut self) -> Result<Option<Row<'_>>> {
        let more = self.reader.read_record(&mut self.record);
        let line = self.line();
        let more = more.map_err(|cause| {
            Error::malformed(self.path, FORMAT, line, "a line of CSV", &cause.to_string())
        })?;
        if !more {
            return Ok(None);
        }
        let row = Row {
            record: &self.record,
            line,
        };
        let extra = (self.columns..row.record.len()).any(|place| !row.text(place).is_empty());
        if row.record.len() < self.columns || extra {
            let expected = format!("{} fields, as in the first line", self.columns);
            let found = row.record.len().to_string();
            return Err(Error::malformed(self.path, FORMAT, line, &expected, &found));
        }
        Ok(Some(row))
    }

    /// The line that the record begins on, empty lines before it aside: the CSV reader counts only up to them.
    fn line(&mut self) -> usize {
        let start = self.record.position().map_or(0, csv::Position::byte);
        let start = usize::try_from(start).unwrap_or(usize::MAX).min(self.text.len());
        let ends = |byte: &&u8| **byte == b'\r' || **byte == b'\n';
        let rest = self.text.get(start..).unwrap_or_default();
        let start = start + rest.iter().take_while(ends).count();
        let (from, line) = self.counted;
        let between = self.text.get(from..start).unwrap_or_default();
        let line = line + memchr::memchr_iter(b'\n', between).count();
        self.counted = (start.max(from), line);
        line
    }
}

impl Row<'_> {
    /// The cell of a column.
    pub(super) fn text(&self, column: usize) -> &str {
        self.record.get(column).unwrap_or_default()
    }

    /// An [`Error::MalformedFile`] for a cell of this row.
    pub(super) fn wrong(&self, path: &str, part: &str, expected: &str, found: &str) -> Error {
        Error::MalformedFile {
            path: path.to_owned(),
            format: FORMAT.to_owned(),
            line: self.line,
            column: String::new(),
            part: part.to_owned(),
            expected: expected.to_owned(),
            found: found.chars().take(60).collect(),
        }
    }
}
