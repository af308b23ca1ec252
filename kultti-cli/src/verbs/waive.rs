//! `waive`: a finding is accepted as it is.

use super::collection::{ActArgs, LedgerArgs, RoundFile};
use crate::output::{Failure, Output};
use crate::runtime::block_on;
use clap::Args;
use kultti_core::Error;
use kultti_core::collection;
use kultti_core::model::Date;

const HELP: &str = "\
A waiver is void once a figure concerned gets another value. The ids of findings: kultti status ROUND --findings.

Examples:
  kultti waive culture-2020.round.json F3A91C07E2 --reason 'confirmed by telephone' --until 2021-12-31";

/// Options of `waive`.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct Waive {
    #[command(flatten)]
    round: RoundFile,
    /// The finding, by its id
    finding: String,
    /// The last day on which it holds [default: as long as the figures stand]
    #[arg(long, value_name = "DATE", value_parser = date)]
    until: Option<Date>,
    #[command(flatten)]
    ledger: LedgerArgs,
    #[command(flatten)]
    act: ActArgs,
}

pub(crate) fn date(text: &str) -> Result<Date, Error> {
    text.parse()
}

pub(crate) fn run(asked: &Waive, output: &Output) -> Result<(), Failure> {
    let round = asked.round.open()?;
    let act = asked.act.act()?;
    let waived = block_on(async {
        let mut ledger = asked.ledger.open(&round).await?;
        collection::waive(&mut ledger, &round, &asked.finding, asked.until, &act).await
    })?;
    output.result(&waived, None)
}
