//! Where the figures of a release come from.

use crate::language::Text;
use serde::{Deserialize, Serialize};

/// The origin of a release.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// Identifier of the series of releases.
    pub id: String,
    /// Title.
    pub title: Text,
    /// Publisher.
    pub publisher: Text,
    /// The tables it was built from.
    pub tables: Vec<TableProvenance>,
}

/// A table that a release was built from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableProvenance {
    /// The file, as observations name it in `origin`.
    pub file: String,
    /// The register, an id of the catalogue's sources.
    pub source: String,
    /// The day on which the figures were taken over; absent where nobody has said it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retrieved: Option<crate::model::Date>,
    /// What was taken over and what was changed.
    pub description: Text,
    /// Rows.
    pub rows: usize,
    /// SHA-256 of the file; of figures that were no file, that of the table of observations that they make.
    pub sha256: String,
}
