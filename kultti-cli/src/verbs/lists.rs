//! `indicators` and `areas`: what there is, by any word; `describe`: one indicator in full.

use crate::output::{Failure, Output};
use clap::Args;
use kultti_core::Error;
use kultti_core::release::Release;

/// Words to search for.
#[derive(Debug, Args)]
pub(crate) struct Search {
    /// Words, in Finnish, Swedish or English; all are listed without any
    pub(crate) search: Vec<String>,
}

/// Indicators that are like the words.
pub(crate) fn indicators(release: &Release, asked: &Search, output: &Output) -> Result<(), Failure> {
    let words = asked.search.join(" ");
    let found = release.indicators(&words);
    if found.rows.is_empty() {
        return Err(Error::UnknownIndicator {
            indicator: words,
            near: Vec::new(),
        }
        .into());
    }
    output.result(&found, None)
}

/// The indicator to describe.
#[derive(Debug, Args)]
pub(crate) struct Describe {
    /// Indicator id (kultti indicators lists them)
    pub(crate) indicator: String,
}

/// The card of an indicator.
pub(crate) fn describe(release: &Release, asked: &Describe, output: &Output) -> Result<(), Failure> {
    output.result(&release.describe(&asked.indicator)?, None)
}

/// Areas that are like the words.
pub(crate) fn areas(release: &Release, asked: &Search, output: &Output) -> Result<(), Failure> {
    let words = asked.search.join(" ");
    let found = release.areas(&words);
    if found.rows.is_empty() {
        return Err(Error::UnknownArea {
            area: words,
            near: Vec::new(),
        }
        .into());
    }
    output.result(&found, None)
}
