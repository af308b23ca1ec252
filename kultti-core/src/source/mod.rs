//! Text files with positions: tables and TOML documents whose errors name file, line and column; and what must hold of a
//! Parquet file before its reader may have it.
//!
//! Knows nothing of what the files mean.

mod parquet_footer;
mod table;
mod toml_document;

pub(crate) use parquet_footer::{RELEASE_ID, check_footer};
pub use table::{Row, read_table};
pub use toml_document::{line_declaring, parse_toml, position};

use crate::error::{Error, Result};
use std::path::Path;

/// Reads a whole file as UTF-8 text, without a byte order mark.
///
/// # Errors
/// [`Error::Io`] when the system cannot read it, [`Error::NotUtf8`] when it is not UTF-8.
pub fn read_text(path: &Path) -> Result<String> {
    let name = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|cause| Error::io(&name, &cause))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes()[..valid]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count();
        Error::NotUtf8 { path: name, line }
    })?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}
