//! Results as tables, JSON, Arrow and text for people. Nothing here computes a figure.
//!
//! Every result has one machine form per shape ([`Export::table`] flat, [`Export::json`] nested) and one human form, a
//! [`Document`] that is written as text, Markdown or HTML.

#[cfg(feature = "sql")]
mod answer;
mod arrow;
mod change;
#[cfg(feature = "ledger")]
mod check;
mod citation;
#[cfg(feature = "ledger")]
mod collection;
mod composition;
mod cost_per_use;
mod cube;
mod cube_column;
mod delimited;
mod derivation;
mod document;
mod expected;
mod file;
mod html;
mod imported;
mod inequality;
mod intervals;
mod join;
mod json;
mod markdown;
mod peers;
mod people;
mod release_diff;
mod result_file;
mod rows;
#[cfg(feature = "ledger")]
mod sarif;
mod scalar;
mod standing;
mod table;
mod text;
mod trend;
mod workbook;

#[cfg(feature = "sql")]
pub use answer::{AnswerWriter, answer_document, holds_columns, with_provenance};
pub use arrow::to_record_batch;
pub use citation::{Citation, CitationStyle};
pub use cube::{Axis, Shape, to_cube};
pub(crate) use cube::{GROUPS_OF_GROUPINGS, PERIODS};
pub use delimited::{write_delimited, write_json_lines};
pub use document::{Align, Block, Document, Grid};
pub use file::{FileFormat, Written, write_cube_file, write_file, write_structure_file, write_table_file};
pub use html::to_html;
pub use intervals::Tests;
pub use join::{Unmatched, joined_batches};
pub use markdown::to_markdown;
#[cfg(feature = "ledger")]
pub use people::RoundCard;
pub(crate) use people::Writer;
pub use people::{FormatCard, ReleaseCard, TableCard, outline};
pub use release_diff::DiffShown;
pub use result_file::{ResultFormat, write_result, write_result_file};
pub use rows::{RowFormat, RowWriter};
#[cfg(feature = "ledger")]
pub use sarif::to_sarif;
pub use scalar::note_json;
pub(crate) use table::{CONTEXT, context, text};
pub use table::{Table, Value};
pub use text::{TextOptions, to_text};

use crate::language::Language;

/// What every result can be turned into.
pub trait Export {
    /// The flat machine form: one record per row, every row complete in itself.
    fn table(&self, language: Language) -> Table;

    /// The JSON form: nested for a comparison or explanation, an array of records otherwise.
    fn json(&self, language: Language) -> serde_json::Value {
        self.table(language).to_json()
    }

    /// Whether it is a list with something about it, so that JSON lines are its rows though its JSON is one object.
    fn is_list(&self) -> bool {
        false
    }

    /// What makes it a cube; `None` for a list that is none.
    fn shape(&self) -> Option<Shape<'_>> {
        None
    }

    /// The form for people.
    fn document(&self, language: Language) -> Document;
}
