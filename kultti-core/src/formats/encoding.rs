//! The encoding that whoever asks knows better than the file.

use super::ReadOptions;
use super::px::Codepage;
use crate::error::{Error, Result};
use crate::language::near_matches;
use encoding_rs::Encoding;

/// Encodings that tables come in, for whoever mistypes one.
const USUAL: [&str; 13] = [
    "utf-8",
    "utf-16le",
    "utf-16be",
    "windows-1252",
    "windows-1250",
    "windows-1251",
    "windows-1257",
    "iso-8859-1",
    "iso-8859-15",
    "iso-8859-4",
    "iso-8859-13",
    "ibm850",
    "ibm437",
];

/// The encoding that is asked for.
///
/// # Errors
/// [`Error::UnknownEncoding`] for a name that none has.
pub(super) fn asked(options: &ReadOptions) -> Result<Option<Codepage>> {
    let Some(name) = &options.encoding else {
        return Ok(None);
    };
    let unknown = || Error::UnknownEncoding {
        name: name.clone(),
        suggestions: suggested(name),
    };
    Codepage::of_label(name).map(Some).ok_or_else(unknown)
}

fn suggested(name: &str) -> Vec<String> {
    let near = near_matches(name, USUAL, 3);
    let near = if near.is_empty() { USUAL.to_vec() } else { near };
    near.into_iter().map(str::to_owned).collect()
}

/// Refuses bytes that are no text in an encoding, with the first line that is none; a byte order mark decides before it.
///
/// # Errors
/// [`Error::MalformedFile`].
pub(super) fn checked(path: &str, format: &str, bytes: &[u8], asked: Option<Codepage>) -> Result<()> {
    let (Some(codepage), None) = (asked, Encoding::for_bom(bytes)) else {
        return Ok(());
    };
    let text = codepage.decode(bytes);
    let Some(at) = text.find('\u{fffd}').filter(|_| codepage.lacks(bytes)) else {
        return Ok(());
    };
    let line = 1 + text.get(..at).unwrap_or_default().matches('\n').count();
    let expected = format!("text in {}", codepage.name());
    Err(Error::malformed(
        path,
        format,
        line,
        &expected,
        "bytes that are none",
    ))
}
