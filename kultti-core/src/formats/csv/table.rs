//! A text as a table of columns and rows.

use super::broken;
use super::dialect::{Dialect, delimiter, excel_line, unterminated};
use super::guard::unguarded;
use crate::error::{Error, Result};
use crate::formats::flat::{Below, EachRow, FlatCell, FlatTable, Lone, Numbers, TablePlace, is_own, joined};
use crate::formats::{Format, Mapping};
use crate::language::Message;
use std::borrow::Cow;

/// A text as a table.
pub(super) struct TextTable<'t> {
    path: String,
    format: Format,
    text: &'t str,
    dialect: Dialect,
    /// Lines before `text`.
    before: usize,
    columns: Vec<String>,
    /// The last line of the header, counted from 1 in the file.
    header: usize,
    /// The last line of the table, where footnotes follow.
    last: usize,
    titles: Vec<String>,
    /// Texts below the table, once its rows have been read.
    footnotes: Vec<String>,
}

/// What a table is read with.
pub(super) struct Given<'g> {
    pub(super) path: &'g str,
    pub(super) format: Format,
    pub(super) mapping: Option<&'g Mapping>,
}

impl<'t> TextTable<'t> {
    /// Finds out the dialect and reads the header.
    pub(super) fn new(text: &'t str, given: &Given) -> Result<Self> {
        let shape = given.mapping.map(|mapping| &mapping.table);
        let named = shape.and_then(|shape| shape.delimiter);
        let quote = shape.and_then(|shape| shape.quote).unwrap_or(b'"');
        let likely = if given.format == Format::Tsv { b'\t' } else { b',' };
        let (parted, text, before) = match excel_line(text) {
            Some((delimiter, rest)) => (Some(delimiter), rest, 1),
            None => (None, text, 0),
        };
        let delimiter = named.or(parted).unwrap_or_else(|| delimiter(text, quote, likely));
        let dialect = Dialect { delimiter, quote };
        if let Some(line) = unterminated(text, dialect) {
            let expected = "a quotation mark that ends the cell";
            return Err(broken(
                given.path,
                given.format,
                line + before,
                expected,
                "the end of the file",
            ));
        }
        let mut table = Self {
            path: given.path.to_owned(),
            format: given.format,
            text,
            dialect,
            before,
            columns: Vec::new(),
            header: 0,
            last: shape.and_then(|shape| shape.last_row).unwrap_or(usize::MAX),
            titles: Vec::new(),
            footnotes: Vec::new(),
        };
        let below = shape.and_then(|shape| shape.header_rows).unwrap_or(1);
        table.read_header(shape.and_then(|shape| shape.header_row), below)?;
        Ok(table)
    }

    /// The texts above the header.
    pub(super) fn titles(&self) -> &[String] {
        &self.titles
    }

    fn reader(&self) -> csv::Reader<&'t [u8]> {
        csv::ReaderBuilder::new()
            .delimiter(self.dialect.delimiter)
            .quote(self.dialect.quote)
            .has_headers(false)
            .flexible(true)
            .from_reader(self.text.as_bytes())
    }

    /// Titles stand above the header, in one cell each; the header is the first record with more of them, or with one
    /// where the table has one column.
    fn read_header(&mut self, line: Option<usize>, rows: usize) -> Result<()> {
        let mut reader = self.reader();
        let mut record = csv::StringRecord::new();
        let mut first: Option<(usize, String)> = None;
        let mut lines = Lines::new(self);
        let mut header: Vec<Vec<String>> = Vec::new();
        while self.read_record(&mut reader, &mut record)? {
            let at = lines.of(&record);
            let single = record.iter().skip(1).all(str::is_empty);
            let wanted = match line {
                Some(line) => at >= line,
                None => !single,
            };
            if wanted || !header.is_empty() {
                self.header = at;
                header.push(record.iter().map(str::to_owned).collect());
                if header.len() >= rows {
                    break;
                }
                continue;
            }
            let text = record.get(0).unwrap_or_default().to_owned();
            first.get_or_insert((at, text.clone()));
            if !text.is_empty() {
                self.titles.push(text);
            }
        }
        self.columns = match header.as_mut_slice() {
            [only] => std::mem::take(only),
            several => joined(several),
        };
        if let (true, Some((line, column))) = (self.columns.is_empty(), first) {
            self.header = line;
            self.columns = vec![column];
            self.titles.clear();
        }
        if self.columns.is_empty() {
            return Err(Error::TextCell {
                path: self.path.clone(),
                line: 1,
                column: String::new(),
                expected: Message::new("word.cell-header"),
                found: String::new(),
            });
        }
        Ok(())
    }

    /// A row of the table with only its first cell filled.
    fn lone(&self, lone: &Lone, each: &mut EachRow<'_>) -> Result<()> {
        if lone.text.is_empty() {
            return Ok(());
        }
        if lone.cells != self.columns.len() {
            return Err(self.length(lone.row, lone.cells));
        }
        let mut cells = vec![FlatCell::Empty; lone.cells];
        if let Some(first) = cells.first_mut() {
            *first = FlatCell::of_text(&lone.text);
        }
        each(lone.row, &cells)
    }

    fn length(&self, line: usize, cells: usize) -> Error {
        Error::RowLength {
            path: self.path.clone(),
            line,
            cells,
            columns: self.columns.len(),
            header: self.header,
        }
    }

    fn read_record(&self, reader: &mut csv::Reader<&[u8]>, record: &mut csv::StringRecord) -> Result<bool> {
        reader.read_record(record).map_err(|error| {
            let line = error.position().map_or(1, csv::Position::line);
            let line = usize::try_from(line).unwrap_or(usize::MAX) + self.before;
            broken(&self.path, self.format, line, "a record", &error.to_string())
        })
    }
}

/// The lines of records, counted along: the reader's own count stops before line breaks that it skips.
struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    line: usize,
    /// Whether an empty line stands before the record.
    gap: bool,
}

impl<'t> Lines<'t> {
    fn new(table: &TextTable<'t>) -> Self {
        Self {
            text: table.text.as_bytes(),
            at: 0,
            line: table.before + 1,
            gap: false,
        }
    }

    /// The line on which a record begins, counted from 1; records come in order.
    fn of(&mut self, record: &csv::StringRecord) -> usize {
        let start = record.position().map_or(0, csv::Position::byte);
        let start = usize::try_from(start).unwrap_or(usize::MAX).min(self.text.len());
        let passed = self.text.get(self.at..start).unwrap_or_default();
        self.line += memchr::memchr_iter(b'\n', passed).count();
        self.at = start;
        // The line feed after a carriage return belongs to the record before.
        let ended = self.at.checked_sub(1).and_then(|before| self.text.get(before)) == Some(&b'\r');
        while let Some(byte @ (b'\r' | b'\n')) = self.text.get(self.at) {
            self.line += usize::from(*byte == b'\n');
            self.at += 1;
        }
        let breaks = self.text.get(start..self.at).unwrap_or_default();
        self.gap = breaks.len() > usize::from(ended && breaks.starts_with(b"\n"));
        self.line
    }
}

impl FlatTable for TextTable<'_> {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn rows(&mut self, each: &mut EachRow<'_>) -> Result<()> {
        let mut reader = self.reader();
        let mut record = csv::StringRecord::new();
        let own = is_own(&self.columns);
        let mut lines = Lines::new(self);
        let mut below = Below::default();
        while self.read_record(&mut reader, &mut record)? {
            let line = lines.of(&record);
            if line <= self.header {
                continue;
            }
            if line > self.last {
                break;
            }
            let text = record.get(0).unwrap_or_default();
            if !own && self.columns.len() > 1 && record.iter().skip(1).all(str::is_empty) {
                if lines.gap || text.is_empty() {
                    below.gap();
                }
                if below.holds(line, text, record.len()) {
                    continue;
                }
            }
            for lone in below.row() {
                self.lone(&lone, each)?;
            }
            if record.len() != self.columns.len() {
                return Err(self.length(line, record.len()));
            }
            let cells: Vec<FlatCell<'_>> = record.iter().map(FlatCell::of_text).collect();
            if own || cells.iter().any(|cell| *cell != FlatCell::Empty) {
                each(line, &cells)?;
            }
        }
        self.footnotes = below.notes();
        Ok(())
    }

    fn footnotes(&self) -> &[String] {
        &self.footnotes
    }

    fn place(&self) -> TablePlace {
        TablePlace {
            path: self.path.clone(),
            format: self.format.name(),
            sheet: None,
        }
    }

    fn numbers(&self) -> &'static [Numbers] {
        match self.dialect.delimiter {
            b',' => &[Numbers::POINT],
            b';' => &[Numbers::COMMA, Numbers::POINT],
            _ => &[Numbers::POINT, Numbers::COMMA],
        }
    }

    fn unguarded(&self) -> fn(&str) -> Cow<'_, str> {
        match self.dialect.delimiter {
            b'\t' => unguarded::<b'\t'>,
            b';' => unguarded::<b';'>,
            _ => unguarded::<b','>,
        }
    }
}
