//! Damaged releases: what a decoder of Parquet makes of them is an error of the release.

use super::open::altered;
use crate::error::Result;

/// Runs a decoder over bytes that may be damaged.
///
/// # Errors
/// Those of `decode`; [`crate::Error::ReleaseAltered`] where it panics.
pub(super) fn guarded<T>(name: &str, part: &str, decode: impl FnOnce() -> Result<T>) -> Result<T> {
    crate::error::guarded(decode, || {
        altered(name, part, "readable Parquet", "damaged bytes")
    })
}
