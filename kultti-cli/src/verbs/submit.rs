//! `submit`: filled forms become lines of the ledger.

use super::collection::{ActArgs, LedgerArgs};
use crate::args::Common;
use crate::output::{Failure, Output};
use crate::runtime::block_on;
use clap::Args;
use kultti_core::Error;
use kultti_core::collection::{self, Act, Answers, FormFile, Round, Submitted};
use kultti_core::language::Message;
use kultti_core::ledger::Ledger;
use kultti_core::model::Stage;
use std::path::{Path, PathBuf};

const HELP: &str = "\
A form is taken whatever the rules find in it; kultti check shows the findings. All of a form is taken,
or nothing; a form that cannot be taken keeps no other from it. Forms of one round that are submitted
together become one commit. The same file a second time is recognised. When somebody else writes at the
same moment it is tried again; exit code 5 says that this went on for too long, and trying later will do.

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
    let stage = if asked.draft {
        Stage::Draft
    } else {
        Stage::Submitted
    };
    let mut parcels: Vec<Parcel> = Vec::new();
    let mut failures = Vec::new();
    for (place, file) in asked.files.iter().enumerate() {
        match read(asked, file) {
            Ok((round, address, answers)) => Parcel::add(&mut parcels, round, address, (place, answers)),
            Err(error) => failures.push((place, error)),
        }
    }
    let mut taken = Vec::new();
    for parcel in parcels {
        let first = parcel.places.first().copied().unwrap_or_default();
        match block_on(parcel.submit(stage, &act, output)) {
            Err(error) => failures.push((first, error)),
            Ok(outcomes) => {
                for (place, outcome) in parcel.places.into_iter().zip(outcomes) {
                    match outcome {
                        Ok(submitted) => taken.push((place, submitted)),
                        Err(error) => failures.push((place, error)),
                    }
                }
            }
        }
    }
    // Whichever round they were of, the answer has the order of the files.
    taken.sort_by_key(|(place, _)| *place);
    failures.sort_by_key(|(place, _)| *place);
    if !taken.is_empty() {
        let taken: Vec<Submitted> = taken.into_iter().map(|(_, submitted)| submitted).collect();
        output.result(&taken, None)?;
    }
    // One bad form keeps no other from being taken; the last failure decides the exit code.
    let last = failures.pop();
    for (_, error) in &failures {
        output.error(error, common.error_format);
    }
    last.map_or(Ok(()), |(_, error)| Err(error.into()))
}

fn read(asked: &Submit, file: &Path) -> Result<(Round, String, Answers), Error> {
    let form = FormFile::open(file)?;
    let round = form.find_round(asked.round.as_deref())?;
    let answers = form.answers(&round)?;
    let address = asked.ledger.address(&round)?;
    Ok((round, address, answers))
}

/// The forms of one round, which go to its ledger together.
struct Parcel {
    round: Round,
    address: String,
    places: Vec<usize>,
    forms: Vec<Answers>,
}

impl Parcel {
    fn add(parcels: &mut Vec<Self>, round: Round, address: String, (place, form): (usize, Answers)) {
        let same = |parcel: &&mut Self| parcel.round.sha256() == round.sha256() && parcel.address == address;
        match parcels.iter_mut().find(same) {
            Some(parcel) => {
                parcel.places.push(place);
                parcel.forms.push(form);
            }
            None => parcels.push(Self {
                round,
                address,
                places: vec![place],
                forms: vec![form],
            }),
        }
    }

    async fn submit(
        &self,
        stage: Stage,
        act: &Act,
        output: &Output,
    ) -> Result<Vec<Result<Submitted, Error>>, Error> {
        let address = &self.address;
        let mut ledger = match Ledger::open(address).await {
            // Whoever mistyped the address, or lost the ledger, should not take a new one for the old.
            Err(Error::NoLedger { .. }) => {
                let made = Message::new("collection.ledger-made").with("address", address);
                output.remark(&made.render(output.language()));
                Ledger::open_or_create(address).await?
            }
            opened => opened?,
        };
        collection::submit_all(&mut ledger, &self.round, &self.forms, stage, act).await
    }
}
