//! Tables in text: any delimiter, any of the offices' dialects, read; RFC 4180 and Finnish Excel written.

mod dialect;
mod guard;
mod table;
mod write;

pub(super) use write::write;

/// A text made harmless for a table with a delimiter: a spreadsheet would take it for a formula.
#[cfg(feature = "ledger")]
pub(crate) fn guarded_text(text: &str, delimiter: u8) -> std::borrow::Cow<'_, str> {
    guard::guarded(text, delimiter)
}

/// The text that [`guarded_text`] was given.
#[cfg(feature = "ledger")]
pub(crate) fn unguarded_text(text: &str, delimiter: u8) -> std::borrow::Cow<'_, str> {
    match delimiter {
        b'\t' => guard::unguarded::<b'\t'>(text),
        b';' => guard::unguarded::<b';'>(text),
        _ => guard::unguarded::<b','>(text),
    }
}

use super::encoding::asked;
use super::flat::{read_flat, titled};
use super::format::{Format, ReadOptions, Reading};
use super::px::Codepage;
use crate::error::{Error, Result};
use encoding_rs::Encoding;
use table::{Given, TextTable};

/// Reads a table in text.
pub(super) fn read(name: &str, bytes: &[u8], format: Format, options: &ReadOptions) -> Result<Reading> {
    let mapping = options.mapping.as_ref();
    let mut warnings = Vec::new();
    let named = mapping.and_then(|mapping| mapping.table.encoding.as_deref());
    let named = named.and_then(|label| Encoding::for_label(label.as_bytes()));
    let named = asked(options)?.or(named.map(Codepage::Known));
    let (text, encoding) = dialect::decoded(name, bytes, named, &mut warnings)?;
    let given = Given {
        path: name,
        format,
        mapping,
    };
    let mut table = TextTable::new(&text, &given)?;
    let mut flat = read_flat(&mut table, mapping)?;
    titled(&mut flat.cube, table.titles());
    warnings.append(&mut flat.warnings);
    Ok(Reading {
        cube: flat.cube,
        format,
        encoding: Some(encoding.name().to_owned()),
        warnings,
    })
}

/// The error for a line of a table in text.
fn broken(path: &str, format: Format, line: usize, expected: &str, found: &str) -> Error {
    Error::malformed(path, format.name(), line, expected, found)
}
