//! SDMX-CSV: the data messages of SDMX as a table. Versions 1.0, 2.0 and 2.1 are read, 1.0 and 2.0 written.
//!
//! A row is an observation: its structure, the codes of its dimensions, its measures and its attributes. `OBS_STATUS`
//! becomes the status of the cell and is written from it; the symbol of another format stands in the attribute
//! `OBS_SYMBOL`. What a table cannot say (labels in several languages, the roles of dimensions) stands in the data
//! structure definition that [`data_structure`] makes beside it.

mod build;
mod categories;
mod definition;
mod extras;
mod found;
mod header;
mod ids;
mod lift;
mod lost;
mod marks;
mod number;
mod order;
mod plan;
mod read;
mod rows;
mod sheet;
mod spread;
mod structure;
mod survey;
mod tail;
mod write;

pub use definition::data_structure;
pub use header::SdmxLabels;
pub(super) use read::read;
pub use structure::DataStructure;
pub(super) use write::write;

/// How an SDMX-CSV file is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SdmxOptions {
    /// Whether version 1.0 is written in place of 2.0.
    pub first_version: bool,
    /// How names stand beside ids; ids only where it is not given, or as in the file that the cube was read from.
    pub labels: Option<SdmxLabels>,
    /// Whether [`data_structure`] is written beside it, which holds the names and roles that the file itself does not.
    pub with_structure: bool,
}

/// The name of the format in messages and in `Cube::foreign`.
const FORMAT: &str = "sdmx-csv";

/// Whether a text begins like one of this format.
pub(super) fn begins(text: &[u8]) -> bool {
    header::separator(text).is_some()
}
