//! `status`: how a round stands.

use super::collection::{LedgerArgs, Moment, RoundFile, moment};
use crate::output::{Failure, Output};
use crate::runtime::block_on;
use clap::Args;
use kultti_core::collection;

const HELP: &str = "\
A finding is open until the figure is corrected, explained beside it, or waived..

Examples:
  kultti status culture-2020.round.json
  kultti status culture-2020.round.json --findings --format csv > open.csv
  kultti status culture-2020.round.json --as-of 2021-03-31";

/// Options of `status`.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct Status {
    #[command(flatten)]
    round: RoundFile,
    #[command(flatten)]
    ledger: LedgerArgs,
    /// As it was known at a moment, or at the end of a day
    #[arg(long, value_name = "TIME", value_parser = moment)]
    as_of: Option<Moment>,
    /// The findings instead of the municipalities
    #[arg(long)]
    findings: bool,
}

pub(crate) fn run(asked: &Status, output: &Output) -> Result<(), Failure> {
    let round = asked.round.open()?;
    let day = collection::day_of(asked.as_of.unwrap_or_else(chrono::Utc::now));
    if asked.findings {
        let check = block_on(async {
            let ledger = asked.ledger.open(&round).await?;
            collection::open_findings(&ledger, &round, asked.as_of, day).await
        })?;
        return output.result(&check, None);
    }
    let status = block_on(async {
        let ledger = asked.ledger.open(&round).await?;
        collection::status(&ledger, &round, asked.as_of, day).await
    })?;
    output.result(&status, None)
}
