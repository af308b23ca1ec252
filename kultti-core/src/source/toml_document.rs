//! TOML documents.

use crate::error::{Error, Result};
use serde::de::DeserializeOwned;

/// Reads a TOML document into `T`.
///
/// # Errors
/// [`Error::MalformedToml`] with line and column.
///
/// ```
/// use kultti_core::source::parse_toml;
/// #[derive(serde::Deserialize, Debug)]
/// struct Year { year: i32 }
/// let error = parse_toml::<Year>("x.toml", "\nyear = \"2019\"").unwrap_err();
/// assert!(error.to_string().starts_with("x.toml:2:8:"), "{error}");
/// ```
pub fn parse_toml<T: DeserializeOwned>(path: &str, text: &str) -> Result<T> {
    toml::from_str(text).map_err(|error| {
        let (line, column) = position(text, error.span().map_or(0, |span| span.start));
        Error::MalformedToml {
            path: path.to_owned(),
            line,
            column,
            cause: error.message().to_owned(),
        }
    })
}

/// The last line on which `id = "…"` declares that id; 1 where none does.
pub fn line_declaring(text: &str, id: &str) -> usize {
    let declared = text.rfind(&format!("id = \"{id}\""));
    declared.map_or(1, |offset| position(text, offset).0)
}

/// Line and column, both from 1, of a byte offset; the column counts characters.
pub fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset.min(text.len())).unwrap_or(text);
    let line = 1 + before.matches('\n').count();
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (line, 1 + before[start..].chars().count())
}
