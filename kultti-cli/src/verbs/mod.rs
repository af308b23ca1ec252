//! The verbs, one file each: the options that can be typed, and the question that they become.

#[cfg(feature = "ledger")]
pub(crate) mod approve;
pub(crate) mod change;
#[cfg(feature = "ledger")]
pub(crate) mod check;
pub(crate) mod cite;
#[cfg(feature = "cluster")]
pub(crate) mod cluster;
#[cfg(feature = "ledger")]
pub(crate) mod collection;
pub(crate) mod compare;
pub(crate) mod compare_all;
pub(crate) mod completions;
pub(crate) mod composition;
pub(crate) mod convert;
#[cfg(feature = "ledger")]
pub(crate) mod correct;
pub(crate) mod cost_per_use;
pub(crate) mod expected;
pub(crate) mod explain;
#[cfg(feature = "ledger")]
pub(crate) mod form;
pub(crate) mod groups;
pub(crate) mod import;
pub(crate) mod inequality;
pub(crate) mod inspect;
pub(crate) mod intervals;
pub(crate) mod lists;
#[cfg(feature = "ledger")]
pub(crate) mod log;
pub(crate) mod man;
pub(crate) mod peers;
#[cfg(feature = "ledger")]
pub(crate) mod publish;
#[cfg(feature = "sql")]
pub(crate) mod query;
pub(crate) mod rank;
pub(crate) mod release;
pub(crate) mod report;
#[cfg(feature = "ledger")]
pub(crate) mod round;
pub(crate) mod site;
#[cfg(feature = "sql")]
pub(crate) mod sql;
#[cfg(feature = "ledger")]
pub(crate) mod status;
#[cfg(feature = "ledger")]
pub(crate) mod submit;
pub(crate) mod trend;
#[cfg(feature = "ledger")]
pub(crate) mod waive;

use crate::args::Drawing;
use crate::output::{Failure, Output};
#[cfg(feature = "ledger")]
use crate::runtime::block_on;
use kultti_core::Error;
use kultti_core::chart::Drawn;
use kultti_core::compare::Derived;
use kultti_core::export::{Citation, Export};
use kultti_core::release::Release;
#[cfg(feature = "ledger")]
use kultti_core::store::is_address;
use std::io::{self, Write};
use std::path::Path;

/// The release of a file or an address, or the one in the program.
pub(crate) fn open(file: Option<&Path>) -> Result<Release, Error> {
    match file {
        Some(path) => open_path(path),
        None => Release::from_static(kultti_datasets::EXAMPLE_RELEASE),
    }
}

#[cfg(feature = "ledger")]
fn open_path(path: &Path) -> Result<Release, Error> {
    match address(path) {
        Some(address) => block_on(Release::open_at(address)),
        None => Release::open(path),
    }
}

/// Without the ledger there are no stores; the core says so where an address is given.
#[cfg(not(feature = "ledger"))]
fn open_path(path: &Path) -> Result<Release, Error> {
    Release::open(path)
}

/// What was typed for a file, where it is the address of a store.
#[cfg(feature = "ledger")]
pub(crate) fn address(path: &Path) -> Option<&str> {
    path.to_str().filter(|text| is_address(text))
}

/// A word of a command line, as a shell takes it.
pub(crate) fn quoted(text: &str) -> String {
    let plain = |symbol: char| symbol.is_alphanumeric() || "-_.,:/@=+%^~".contains(symbol);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// Writes a result, or how it is cited where that was asked for.
pub(crate) fn show_or_cite<R: Derived + Export>(
    release: &Release,
    result: &R,
    hint: Option<(&'static str, &str)>,
    output: &Output,
) -> Result<(), Failure> {
    if output.cites() {
        return output.citation(Citation::of_answer(release, result.context()));
    }
    output.result(result, hint)
}

/// Writes a result that can be drawn, or walks it back to the observations it was made of.
pub(crate) fn show_drawn<R: Derived + Export + Drawn>(
    release: &Release,
    result: &R,
    (explain, drawing): (bool, &Drawing),
    output: &Output,
) -> Result<(), Failure> {
    if explain || !output.draws() {
        output.no_chart(drawing)?;
        return show(release, result, explain, output);
    }
    output.drawn(result, &drawing.options())
}

/// Writes a result, or walks it back to the observations it was made of.
pub(crate) fn show<R: Derived + Export>(
    release: &Release,
    result: &R,
    explain: bool,
    output: &Output,
) -> Result<(), Failure> {
    if explain && !output.cites() {
        return output.result(&release.explain_result(result)?, None);
    }
    let command = output.typed_with("--explain");
    show_or_cite(release, result, Some(("word.explain-hint", &command)), output)
}

/// Writes bytes that are no answer about figures to a file, or to standard output.
pub(crate) fn put(bytes: &[u8], file: Option<&Path>) -> Result<(), Failure> {
    let Some(path) = file else {
        let mut out = io::stdout().lock();
        out.write_all(bytes)?;
        return Ok(out.flush()?);
    };
    std::fs::write(path, bytes).map_err(|cause| Error::io(path.display().to_string(), &cause).into())
}
