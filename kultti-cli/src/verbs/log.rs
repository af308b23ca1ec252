//! `log`: who recorded what, when and why.

use super::collection::{LedgerArgs, Moment, RoundFile, moment};
use crate::output::{Failure, Output};
use crate::runtime::block_on;
use clap::Args;
use kultti_core::Error;
use kultti_core::collection::{self, LogOptions, Round};
use kultti_core::model::MeasureId;

const HELP: &str = "\
Without an area or a measure: one line for each commit. With one: every line of it, with the figure before.

Examples:
  kultti log culture-2020.round.json
  kultti log culture-2020.round.json Kokkola
  kultti log culture-2020.round.json Kokkola library.visits --format json";

/// Options of `log`.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct Log {
    #[command(flatten)]
    round: RoundFile,
    /// A municipality, by code or name, or a measure; or both
    #[arg(value_name = "AREA|MEASURE", num_args = 0..=2)]
    about: Vec<String>,
    #[command(flatten)]
    ledger: LedgerArgs,
    /// As it was known at a moment, or at the end of a day
    #[arg(long, value_name = "TIME", value_parser = moment)]
    as_of: Option<Moment>,
}

pub(crate) fn run(asked: &Log, output: &Output) -> Result<(), Failure> {
    let round = asked.round.open()?;
    let options = options(asked, &round)?;
    let log = block_on(async {
        let ledger = asked.ledger.open(&round).await?;
        collection::log(&ledger, &round, &options).await
    })?;
    output.result(&log, None)
}

fn options(asked: &Log, round: &Round) -> Result<LogOptions, Error> {
    let mut options = LogOptions {
        as_of: asked.as_of,
        ..LogOptions::default()
    };
    for word in &asked.about {
        let measure = MeasureId::from(word.as_str());
        if round.catalogue().measure(&measure).is_some() {
            options.measure = Some(measure);
        } else {
            options.area = Some(round.resolve(word)?.area.clone());
        }
    }
    Ok(options)
}
