//! The verbs, one file each: the options that can be typed, and the question that they become.

pub(crate) mod compare;
pub(crate) mod compare_all;
pub(crate) mod explain;
pub(crate) mod groups;
pub(crate) mod lists;
pub(crate) mod rank;
pub(crate) mod release;
pub(crate) mod trend;

use kultti_core::Error;
use kultti_core::release::Release;
use std::path::Path;

/// The release of a file, or the one in the program.
pub(crate) fn open(file: Option<&Path>) -> Result<Release, Error> {
    match file {
        Some(path) => Release::open(path),
        None => Release::from_static(kultti_datasets::EXAMPLE_RELEASE),
    }
}

/// A word of a command line.
pub(crate) fn quoted(text: &str) -> String {
    if text.contains([' ', '*', '?', '[']) {
        format!("'{text}'")
    } else {
        text.to_owned()
    }
}
