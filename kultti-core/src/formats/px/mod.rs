//! PX (PC-Axis), the format of the Nordic statistical offices.
//!
//! The files below fall in two layers. `error`, `encoding`, `document`, `data` and `print` know the format and nothing of
//! Kultti; `names`, `header`, `attributes`, `cells`, `time`, `symbols`, `foreign` and `write` carry it to and from a cube,
//! and this file is the only one that turns its mistakes into Kultti's.

mod attributes;
mod cells;
mod data;
mod document;
mod encoding;
mod error;
mod figures;
mod foreign;
mod header;
mod names;
mod print;
mod stream;
mod symbols;
mod texts;
mod time;
mod write;

pub use stream::PxStream;

use super::Cube;
use super::encoding::{asked, checked};
use super::format::{Format, ReadOptions, Reading, Target, Warning, WriteOptions};
use crate::error::{Error, Result};
use crate::language::Message;
use cells::CellSink;
use data::DataParser;
use document::{DataFinder, Lexer};
pub(super) use encoding::Codepage;
use encoding::Reason;
use error::{Cause, Outside, Place, PxError, PxResult};
use header::Header;
use std::borrow::Cow;

/// Whether a text begins like one of this format: with a keyword of PX and what may follow one.
pub(super) fn begins(text: &[u8]) -> bool {
    let length = text
        .iter()
        .take(40)
        .position(|byte| !(byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'-'));
    let Some((keyword, rest)) = length.and_then(|length| text.split_at_checked(length)) else {
        return false;
    };
    let known = foreign::rank("\u{1a}") != foreign::rank(&String::from_utf8_lossy(keyword));
    known && !keyword.is_empty() && matches!(rest.trim_ascii_start().first(), Some(b'=' | b'[' | b'('))
}

/// Reads a file.
pub(super) fn read(name: &str, bytes: &[u8], options: &ReadOptions) -> Result<Reading> {
    let asked = asked(options)?;
    checked(name, Format::Px.name(), bytes, asked)?;
    read_file(bytes, asked).map_err(|error| kultti_error(name, error))
}

fn read_file(bytes: &[u8], asked: Option<Codepage>) -> PxResult<Reading> {
    let (bytes, encoding) = in_ascii(bytes, asked);
    let (header, codepage, start) = read_header(&bytes, asked)?;
    let shape = shape_of(&header)?;
    let data = bytes.get(start..).unwrap_or_default();
    let place = Place::default().after(bytes.get(..start).unwrap_or_default());
    let mut sink = CellSink::new(&header, shape, codepage);
    // A cell takes two bytes at least, so what the header promises is never believed beyond what the file can hold.
    let room = usize::try_from(shape.cells).unwrap_or(usize::MAX);
    sink.cells.reserve(room.min(data.len() / 2 + 1));
    let mut parser = DataParser::new(shape, place);
    parser.parse(data, u64::MAX, true, &mut sink)?;
    let closed = parser.finish()?;
    let mut warnings = header.warnings.clone();
    warnings.extend(sink.warnings(&header.cube));
    if !closed {
        warnings.push(Warning(Message::new("warning.px-not-closed")));
    }
    let cells = sink.into_cells().map_err(|position| {
        let text = cells::cell_name(&header.cube, position).render(crate::language::Language::En);
        PxError::new(place, "DATA", Cause::Twice { text })
    })?;
    let mut cube = header.cube;
    cube.cells = cells;
    Ok(Reading {
        cube,
        format: Format::Px,
        encoding: Some(encoding.unwrap_or(codepage.name()).to_owned()),
        warnings,
    })
}

/// The file as bytes in which quotes and digits are those of ASCII. UTF-16 is turned into UTF-8; its name comes along.
fn in_ascii(bytes: &[u8], asked: Option<Codepage>) -> (Cow<'_, [u8]>, Option<&'static str>) {
    let (marked, _, mark) = encoding::of_header(bytes.get(..bytes.len().min(4)).unwrap_or_default());
    let codepage = asked.filter(|_| mark == 0).unwrap_or(marked);
    if codepage.is_ascii_compatible() {
        return (Cow::Borrowed(bytes), None);
    }
    let text = codepage
        .decode(bytes.get(mark..).unwrap_or_default())
        .into_owned();
    let mut utf8 = b"\xef\xbb\xbf".to_vec();
    utf8.extend_from_slice(text.as_bytes());
    (Cow::Owned(utf8), Some(codepage.name()))
}

/// Everything before the figures, its encoding, and where the figures begin.
fn read_header(bytes: &[u8], asked: Option<Codepage>) -> PxResult<(Header, Codepage, usize)> {
    let start = DataFinder::default().find(bytes);
    let text = bytes.get(..start.unwrap_or(bytes.len())).unwrap_or_default();
    let (found, reason, mark) = encoding::of_header(text);
    let (codepage, reason) = match asked {
        Some(asked) if mark == 0 => (asked, Reason::Stated),
        _ => (found, reason),
    };
    let text = text.get(mark..).unwrap_or_default();
    let Some(start) = start else {
        // A text without an end hides DATA: that is the mistake to be told of.
        Lexer::new(text, codepage).entries()?;
        let place = Place::default().after(text);
        return Err(PxError::new(place, "DATA", Cause::Missing));
    };
    let before_data = text
        .iter()
        .rposition(|byte| *byte == b';')
        .map_or(0, |semicolon| semicolon + 1);
    let entries = Lexer::new(text.get(..before_data).unwrap_or_default(), codepage).entries()?;
    let mut header = header::read(&entries, Place::default().after(text))?;
    let stated = encoding::keyword(text, b"CODEPAGE").unwrap_or_default();
    header
        .warnings
        .extend(header::encoding_warning(codepage, reason, &stated));
    Ok((header, codepage, start))
}

fn shape_of(header: &Header) -> PxResult<data::Shape> {
    cells::shape(header).ok_or_else(|| {
        let cause = Cause::Cells {
            expected: "< 2^64".to_owned(),
            found: header
                .cube
                .sizes()
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(" × "),
        };
        PxError::new(Place::default(), "VALUES", cause)
    })
}

/// A mistake in a file as Kultti's error.
fn kultti_error(path: &str, error: PxError) -> Error {
    let PxError {
        place,
        keyword,
        cause,
    } = error;
    let path = path.to_owned();
    let line = place.line;
    match cause {
        Cause::Expected { expected, found } => Error::MalformedFile {
            path,
            format: Format::Px.to_string(),
            line,
            column: place.column.to_string(),
            part: keyword,
            expected,
            found,
        },
        Cause::Unterminated => Error::PxUnterminated {
            path,
            line,
            column: place.column,
            keyword,
        },
        Cause::Missing => Error::PxMissing { path, line, keyword },
        Cause::Count { expected, found } => Error::PxCount {
            path,
            line,
            keyword,
            expected: expected.to_string(),
            found: found.to_string(),
        },
        Cause::Cells { expected, found } => Error::PxCells {
            path,
            line,
            expected,
            found,
        },
        Cause::Unknown { text } => Error::PxUnknown {
            path,
            line,
            keyword,
            text,
        },
        Cause::Twice { text } => Error::PxTwice {
            path,
            line,
            keyword,
            text,
        },
        Cause::Outside(cause) => outside(path, cause),
    }
}

/// A mistake that has no place in a file.
fn outside(path: String, cause: Outside) -> Error {
    match cause {
        Outside::Encoding { name } => Error::PxEncoding { path, name },
        Outside::Unencodable {
            encoding,
            character,
            text,
        } => Error::PxUnencodable {
            path,
            encoding,
            character: character.to_string(),
            text,
        },
        Outside::Io(cause) => Error::Io { path, cause },
    }
}

/// Writes a file.
pub(super) fn write(cube: &Cube, options: &WriteOptions, target: &mut Target) -> Result<Vec<Warning>> {
    let size = writable(cube).map_err(|(what, advice)| Error::CannotHold {
        path: target.name.to_owned(),
        format: Format::Px.to_string(),
        what,
        advice: advice.to_owned(),
    })?;
    write::write(cube, options, size, target.out).map_err(|error| kultti_error(target.name, error))
}

/// How many figures the file will have, or what is in the way. PX writes every cell of a table down, so a table of a few
/// cells among very many would become a file out of all proportion.
fn writable(cube: &Cube) -> Result<u64, (String, &'static str)> {
    const ALWAYS: u64 = 10_000_000;
    const TIMES: u64 = 1000;
    if cube.dimensions.is_empty() {
        return Err(("a table without dimensions".to_owned(), ""));
    }
    let empty = cube
        .dimensions
        .iter()
        .find(|dimension| dimension.categories.is_empty());
    if let Some(dimension) = empty {
        return Err((format!("the empty dimension {}", dimension.code), ""));
    }
    let size = cube.size().ok_or_else(|| ("2^64".to_owned(), "sdmx-csv"))?;
    let keyed = cube.cells.absent() == super::Absent::Zero && cube.cells.positions().is_some();
    if size > ALWAYS && size / TIMES > cube.cells.len() as u64 && !keyed {
        return Err((format!("{} / {size}", cube.cells.len()), "sdmx-csv"));
    }
    Ok(size)
}
