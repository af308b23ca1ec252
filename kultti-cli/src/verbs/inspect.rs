//! `inspect`: what a table holds.

use super::convert::TableFile;
use crate::output::{Failure, Output};
use clap::Args;
use kultti_core::export::TableCard;

/// Options of `inspect`.
#[derive(Debug, Args)]
pub(crate) struct Inspect {
    #[command(flatten)]
    pub(crate) table: TableFile,
    /// Every category, not the first of each dimension
    #[arg(long)]
    pub(crate) all: bool,
}

pub(crate) fn run(asked: &Inspect, output: &Output) -> Result<(), Failure> {
    let reading = asked.table.read(output)?;
    let path = asked.table.file.display().to_string();
    let bytes = std::fs::metadata(&asked.table.file).map(|file| file.len()).ok();
    let card = TableCard {
        name: &path,
        bytes,
        reading: &reading,
        all: asked.all,
    };
    output.result(&card, None)
}
