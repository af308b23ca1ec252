//! Compares one municipality with its region and the country, and explains the figure.
//!
//! `cargo run --package kultti-examples`

use kultti_core::compare::CompareOptions;
use kultti_core::export::{Export, TextOptions, to_text};
use kultti_core::language::Language;
use kultti_core::release::Release;
use std::io::Write;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    let options = CompareOptions::from("Karleby")
        .with_period(2019)
        .with_peers(["region", "country"]);
    let comparison = release.compare("library.net_operating_cost_per_inhabitant", options)?;
    let explanation = release.explain("library.net_operating_cost_per_inhabitant", "Karleby")?;

    let mut out = std::io::stdout().lock();
    write!(
        out,
        "{}",
        to_text(&comparison.document(Language::Sv), TextOptions::default())
    )?;
    writeln!(out, "\n {}", explanation.formula_with_numbers)?;
    Ok(())
}
