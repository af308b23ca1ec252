//! `approve`: what was submitted becomes what may be published.

use super::collection::{ActArgs, LedgerArgs, RoundFile, reporters};
use crate::output::{Failure, Output};
use crate::runtime::block_on;
use clap::Args;
use kultti_core::collection;
use kultti_core::model::Stage;

const HELP: &str = "\
Without --area all that have answered are approved, except those with open errors: these are named, and the exit code is 1.
A figure that replaces an approved one becomes a corrected one, with the reason that its form gave.

Examples:
  kultti approve culture-2020.round.json
  kultti approve culture-2020.round.json --area Kokkola,Kruunupyy
  kultti approve culture-2020.round.json --final --reason 'accounts closed'";

/// Options of `approve`.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct Approve {
    #[command(flatten)]
    round: RoundFile,
    #[command(flatten)]
    ledger: LedgerArgs,
    #[command(flatten)]
    act: ActArgs,
    /// The municipalities, by code or name [default: all that have answered]
    #[arg(long, value_delimiter = ',', value_name = "AREA")]
    area: Vec<String>,
    /// Settle what is approved: the accounts are closed
    #[arg(long = "final")]
    settle: bool,
}

pub(crate) fn run(asked: &Approve, output: &Output) -> Result<(), Failure> {
    let round = asked.round.open()?;
    let areas = reporters(&round, &asked.area)?;
    let act = asked.act.act()?;
    let stage = if asked.settle {
        Stage::Final
    } else {
        Stage::Approved
    };
    let approved = block_on(async {
        let mut ledger = asked.ledger.open(&round).await?;
        collection::approve(&mut ledger, &round, &areas, stage, &act).await
    })?;
    output.result(&approved, None)?;
    if approved.held_back.is_empty() {
        return Ok(());
    }
    Err(Failure::Different)
}
