//! JSON-stat: 2.0 is written; 2.0, 1.x, its bundles and collections are read.
//!
//! A document has texts of one language. Those of a cube's first language stand where the format has them; the others in
//! `extension.labels`, one object by language, in the shape of the document (`label`, `source`, `note`, and under `dimension`
//! for each code `label`, `note` and `category` with `label`, `note` and `unit`). What a status means stands in
//! `extension.status.label`, by its SDMX name. What the format has no place for stands in `extension.kultti`:
//!
//! - `language`: the language of the document's texts;
//! - `cells`: `every`, `some` (those in `value` or `status`), or `others-zero`;
//! - `status`: what each text of `status` is, its symbol and its SDMX status;
//! - `cube`: what the rest of the document does not say of the cube, by JSON pointer into the cube as JSON: notes on cells,
//!   what only another format knows, and so on;
//! - `marks` and `marked`: marks with attributes, and which cells have them.
//!
//! So a cube is the same after it was written and read, and a document is still one that every other program can read.
//! What only JSON-stat knows of a table from elsewhere (`href`, `link`, `extension`, more about a unit) is kept in
//! `foreign["jsonstat"]` and written back.
//!
//! Missing values are understood in both dialects of PX services: the symbol of PX in `status` (PxWeb), and the codes 1 to 7
//! of Statistics Finland's service, which become the symbol they stand for. Nothing is read into any other status unless
//! the document describes it.

mod cells;
mod dataset;
mod dimension;
mod document;
mod header;
mod meaning;
mod own;
mod source;
mod values;
mod write;

pub(super) use write::write;

use super::format::{Format, ReadOptions, Reading};
use crate::error::{Error, Result};

/// Reads a document.
pub(super) fn read(name: &str, bytes: &[u8], options: &ReadOptions) -> Result<Reading> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|cause| {
        let before = bytes.get(..cause.valid_up_to()).unwrap_or_default();
        Error::NotUtf8 {
            path: name.to_owned(),
            line: before.iter().filter(|byte| **byte == b'\n').count() + 1,
        }
    })?;
    let mut warnings = Vec::new();
    let cube = document::read_document(source::Source { name, text }, options, &mut warnings)?;
    Ok(Reading {
        cube,
        format: Format::JsonStat,
        encoding: Some("UTF-8".into()),
        warnings,
    })
}
