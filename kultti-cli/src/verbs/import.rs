//! `import`: a table of a statistical office becomes observations of a release.

use super::convert::TableFile;
use crate::output::{Failure, Output};
use clap::Args;
use kultti_core::Error;
use kultti_core::export::{FileFormat, write_table_file};
use kultti_core::formats::{ImportContext, Imported, import_cube};
use kultti_core::language::Message;
use kultti_core::release::{Release, Sources};
use serde_json::json;
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  kultti import kta_2019.px --map kta.toml -o observations/kta_2019.csv
  kultti import loans.px --measure library.loans --territory then
  kultti import loans.px --map loans.toml --sources datasets/finland -o loans.parquet

A mapping of a StatFin table (docs/formats.md has every field):
  [import]
  territory = \"2021-01-01\"
  area_prefix = \"KU\"
  skip_areas = [\"SSS\", \"MK*\"]
  [import.measures]
  nettokayttokustannus = \"library.net_operating_cost\"";

/// Options of `import`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Import {
    #[command(flatten)]
    pub(crate) table: TableFile,
    /// The measure of the figures: an id, or CATEGORY=ID for a table of several
    #[arg(long, value_name = "[CATEGORY=]ID", value_delimiter = ',')]
    pub(crate) measure: Vec<String>,
    /// The borders that the figures stand on: a date, or then (those of each period)
    #[arg(long, value_name = "then|DATE")]
    pub(crate) territory: Option<String>,
    /// The folder of the release that is being made: its catalogue and territory [default: those of --release]
    #[arg(long, value_name = "FOLDER", conflicts_with = "release")]
    pub(crate) sources: Option<PathBuf>,
    /// The file to write, .csv or .parquet, which release.toml can name [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// A release is built from tables of two forms.
fn readable(path: &Path) -> Result<(), Error> {
    match FileFormat::of(path) {
        Ok(FileFormat::Parquet | FileFormat::Csv) => Ok(()),
        _ => Err(Error::InvalidArgument {
            name: "output".into(),
            expected: "*.parquet, *.csv".into(),
            found: path.display().to_string(),
        }),
    }
}

pub(crate) fn run(
    asked: &Import,
    release: impl Fn() -> Result<Release, Error>,
    output: &Output,
) -> Result<(), Failure> {
    asked.output.as_deref().map(readable).transpose()?;
    let imported = match &asked.sources {
        Some(folder) => {
            let sources = Sources::open(folder)?;
            import(asked, &sources.catalogue, &sources.territory, output)?
        }
        None => {
            let release = release()?;
            import(asked, release.catalogue(), release.territory(), output)?
        }
    };
    let Some(path) = &asked.output else {
        return output.result(&imported, None);
    };
    write_table_file(&imported, output.language(), path)?;
    let left_out: Vec<String> = imported
        .left_out
        .iter()
        .map(|(dimension, code)| format!("{dimension}={code}"))
        .collect();
    let message = Message::new("word.imported")
        .with("path", path.display().to_string())
        .with("rows", imported.observations.len())
        .with("left_out", left_out.join(", "));
    let record = json!({
        "file": path.display().to_string(),
        "observations": imported.observations.len(),
        "left_out": left_out,
        "text": message.render(output.language()),
    });
    output.done(&message, &record)
}

fn import(
    asked: &Import,
    catalogue: &kultti_core::catalogue::Catalogue,
    territory: &kultti_core::territory::Territory,
    output: &Output,
) -> Result<Imported, Failure> {
    let mapping = asked.table.mapping()?;
    let mut rules = mapping.and_then(|mapping| mapping.import).unwrap_or_default();
    // What is typed goes before what the file says.
    rules.territory = asked.territory.clone().or(rules.territory);
    for measure in &asked.measure {
        match measure.split_once('=') {
            Some((category, id)) => {
                rules.measures.insert(category.to_owned(), id.to_owned());
            }
            None => rules.measure = Some(measure.clone()),
        }
    }
    let reading = asked.table.read(output)?;
    let name = asked.table.file.display().to_string();
    let context = ImportContext {
        name: &name,
        catalogue,
        territory,
    };
    Ok(import_cube(&reading.cube, &rules, context)?)
}
