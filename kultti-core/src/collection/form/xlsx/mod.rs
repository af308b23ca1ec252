//! A form as a workbook: written so that only answers can be changed, read so that every cell is believed only where it stands.

mod instructions;
mod read;
mod styles;
mod write;

pub(super) use read::{identity, read};
pub(super) use write::write;

/// Keys of the hidden sheet, in its first column from the first row on; what they name stands in the second.
const KEYS: [&str; 5] = ["kultti_form", "round", "round_sha256", "area", "language"];
/// The row of the hidden sheet, from 0, from which on every row names a measure, its sheet and the cell of its answer.
const MAP_ROW: u32 = 6;
