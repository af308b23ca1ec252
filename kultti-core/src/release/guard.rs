//! Damaged files: some make the decoders of Parquet and Arrow panic, and here that is an error like any other.

use super::open::altered;
use crate::error::Result;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs a decoder over bytes that may be damaged.
///
/// # Errors
/// Those of `decode`; [`crate::Error::ReleaseAltered`] where it panics.
pub(super) fn guarded<T>(name: &str, part: &str, decode: impl FnOnce() -> Result<T>) -> Result<T> {
    // What a decoder leaves behind is dropped with it, so nothing half-made can be seen afterwards.
    catch_unwind(AssertUnwindSafe(decode))
        .unwrap_or_else(|_| Err(altered(name, part, "readable Parquet", "damaged bytes")))
}
