//! sdmx_csv.

use super::Cube;
use super::format::{ReadOptions, Reading, Target, Warning, WriteOptions};
use crate::error::{Error, Result};

/// Whether a text begins like one of this format.
pub(super) fn begins(_text: &[u8]) -> bool {
    false
}

pub(super) fn read(name: &str, _bytes: &[u8], _options: &ReadOptions) -> Result<Reading> {
    Err(Error::malformed(name, "sdmx_csv", 1, "a reader", "none"))
}

pub(super) fn write(_cube: &Cube, _options: &WriteOptions, target: &mut Target) -> Result<Vec<Warning>> {
    Err(Error::malformed(target.name, "sdmx_csv", 1, "a writer", "none"))
}
