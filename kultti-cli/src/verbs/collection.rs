//! What the verbs of a collection have in common: the round, its ledger, and who acts.

use crate::args::{Common, Verb};
use crate::output::{Failure, Output};
use crate::verbs;
use clap::Args;
use kultti_core::Error;
pub(crate) use kultti_core::collection::moment;
use kultti_core::collection::{Act, Round};
use kultti_core::ledger::Ledger;
use kultti_core::model::AreaCode;
use std::path::PathBuf;

/// Where the ledger is.
#[derive(Debug, Args)]
pub(crate) struct LedgerArgs {
    /// The ledger: a folder or an address [default: the one that the round names]
    #[arg(long, env = "KULTTI_LEDGER", value_name = "ADDRESS")]
    pub(crate) ledger: Option<String>,
}

/// Who acts, and why.
#[derive(Debug, Args)]
pub(crate) struct ActArgs {
    /// Who records it [default: KULTTI_AUTHOR, else the user of this machine]
    #[arg(long, env = "KULTTI_AUTHOR", value_name = "NAME")]
    pub(crate) author: Option<String>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    /// The moment to record, for what is taken over from elsewhere; never earlier than what is recorded already [default: now]
    #[arg(long, env = "KULTTI_NOW", value_name = "TIME", value_parser = moment)]
    pub(crate) now: Option<Moment>,
}

/// A moment in UTC.
pub(crate) type Moment = chrono::DateTime<chrono::Utc>;

impl ActArgs {
    /// The act, by whoever is named here or is known to the machine.
    pub(crate) fn act(&self) -> Result<Act, Error> {
        Ok(Act {
            author: Act::author(self.author.clone(), |name| std::env::var(name).ok())?,
            reason: self.reason.clone().unwrap_or_default(),
            now: self.now.unwrap_or_else(chrono::Utc::now),
        })
    }
}

impl LedgerArgs {
    /// The address: the one typed, or the one that the round names, which is beside the round's file where it is no address of
    /// its own.
    pub(crate) fn address(&self, round: &Round) -> Result<String, Error> {
        if let Some(address) = &self.ledger {
            return Ok(address.clone());
        }
        round.ledger()
    }

    /// Opens the ledger of a round.
    pub(crate) async fn open(&self, round: &Round) -> Result<Ledger, Error> {
        Ledger::open(&self.address(round)?).await
    }
}

/// The codes of the areas that were typed, each a reporter of the round.
pub(crate) fn reporters(round: &Round, typed: &[String]) -> Result<Vec<AreaCode>, Error> {
    typed
        .iter()
        .map(|text| round.resolve(text).map(|reporter| reporter.area.clone()))
        .collect()
}

/// The file of a round, typed as an argument.
#[derive(Debug, Args)]
pub(crate) struct RoundFile {
    /// The file of the round
    #[arg(value_name = "ROUND")]
    pub(crate) round: PathBuf,
}

impl RoundFile {
    pub(crate) fn open(&self) -> Result<Round, Error> {
        Round::open(&self.round)
    }
}

/// Runs a verb of a collection; `None` for any other.
pub(crate) fn run(verb: &Verb, common: &Common, output: &Output) -> Option<Result<(), Failure>> {
    Some(match verb {
        Verb::Round { verb } => verbs::round::run(verb, common, output),
        Verb::Form(asked) => verbs::form::run(asked, common, output),
        Verb::Check(asked) => verbs::check::run(asked, common, output),
        Verb::Submit(asked) => verbs::submit::run(asked, common, output),
        Verb::Status(asked) => verbs::status::run(asked, output),
        Verb::Approve(asked) => verbs::approve::run(asked, output),
        Verb::Waive(asked) => verbs::waive::run(asked, output),
        Verb::Correct(asked) => verbs::correct::correct(asked, output),
        Verb::Consent(asked) => verbs::correct::consent(asked, output),
        Verb::Log(asked) => verbs::log::run(asked, output),
        Verb::Publish(asked) => verbs::publish::run(asked, common, output),
        _ => return None,
    })
}
