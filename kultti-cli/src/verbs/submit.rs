//! `submit`: filled forms become lines of the ledger.

use super::collection::{ActArgs, LedgerArgs};
use crate::args::Common;
use crate::output::{Failure, Output};
use crate::runtime::block_on;
use clap::Args;
use kultti_core::Error;
use kultti_core::collection::{self, Act, FormFile, Submitted};
use kultti_core::language::Message;
use kultti_core::ledger::Ledger;
use kultti_core::model::Stage;
use std::path::{Path, PathBuf};

const HELP: &str = "\
A form is taken whatever the rules find in it; kultti check shows the findings. All of a form is taken, or nothing; a form that cannot
be taken keeps no other from it. The same file a second time is recognised. When somebody else writes at the same moment it is tried again; exit code 5 says that
this went on for too long, and trying later will do.

Examples:
  kultti submit kokkola.xlsx
  kultti submit forms/*.xlsx --ledger ledger/
  kultti submit kokkola-2.xlsx --reason 'visits had been counted twice'";

/// Options of `submit`.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct Submit {
    /// Filled forms
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The file of the round [default: the one beside the form, in a folder above it, or here]
    #[arg(long, env = "KULTTI_ROUND", value_name = "FILE")]
    round: Option<PathBuf>,
    /// Keep it as a draft, which counts as no answer
    #[arg(long)]
    draft: bool,
    #[command(flatten)]
    ledger: LedgerArgs,
    #[command(flatten)]
    act: ActArgs,
}

pub(crate) fn run(asked: &Submit, common: &Common, output: &Output) -> Result<(), Failure> {
    let act = asked.act.act()?;
    let mut submitted = Vec::new();
    let mut failed: Option<Error> = None;
    for file in &asked.files {
        match one(asked, file, &act, output) {
            Ok(form) => submitted.push(form),
            // One bad form keeps no other from being taken; the last failure decides the exit code.
            Err(error) => {
                if let Some(before) = failed.replace(error) {
                    output.error(&before, common.error_format);
                }
            }
        }
    }
    if !submitted.is_empty() {
        output.result(&submitted, None)?;
    }
    failed.map_or(Ok(()), |error| Err(error.into()))
}

fn one(asked: &Submit, file: &Path, act: &Act, output: &Output) -> Result<Submitted, Error> {
    let stage = if asked.draft {
        Stage::Draft
    } else {
        Stage::Submitted
    };
    let form = FormFile::open(file)?;
    let round = form.find_round(asked.round.as_deref())?;
    let answers = form.answers(&round)?;
    block_on(async {
        let address = asked.ledger.address(&round)?;
        let mut ledger = match Ledger::open(&address).await {
            // Whoever mistyped the address, or lost the ledger, should not take a new one for the old.
            Err(Error::NoLedger { .. }) => {
                let made = Message::new("collection.ledger-made").with("address", &address);
                output.remark(&made.render(output.language()));
                Ledger::open_or_create(&address).await?
            }
            opened => opened?,
        };
        collection::submit(&mut ledger, &round, &answers, stage, act).await
    })
}
