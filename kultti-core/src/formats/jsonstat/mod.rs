//! jsonstat.

use super::Cube;
use super::format::{ReadOptions, Reading, Target, Warning, WriteOptions};
use crate::error::{Error, Result};

pub(super) fn read(name: &str, _bytes: &[u8], _options: &ReadOptions) -> Result<Reading> {
    Err(Error::malformed(name, "jsonstat", 1, "a reader", "none"))
}

pub(super) fn write(_cube: &Cube, _options: &WriteOptions, target: &mut Target) -> Result<Vec<Warning>> {
    Err(Error::malformed(target.name, "jsonstat", 1, "a writer", "none"))
}
