//! Damaged files: some make a decoder panic that we did not write, and here that is an error like any other.

use super::{Error, Result};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs a decoder over bytes that may be damaged; `damaged` is the error where it panics.
///
/// # Errors
/// Those of `decode`, and `damaged`.
pub(crate) fn guarded<T>(decode: impl FnOnce() -> Result<T>, damaged: impl FnOnce() -> Error) -> Result<T> {
    // What a decoder leaves behind is dropped with it, so nothing half-made can be seen afterwards.
    catch_unwind(AssertUnwindSafe(decode)).unwrap_or_else(|_| Err(damaged()))
}
