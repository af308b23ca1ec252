//! `round`: what is asked of whom, as a file that travels with the forms.

use crate::args::Common;
use crate::output::{Failure, Output};
use crate::verbs::open;
use clap::Subcommand;
use kultti_core::Error;
use kultti_core::collection::Round;
use kultti_core::export::RoundCard;
use std::path::PathBuf;

/// Verbs on rounds.
#[derive(Debug, Subcommand)]
pub(crate) enum RoundVerb {
    /// Make a round of its recipe, round.toml
    #[command(after_help = NEW_HELP)]
    New {
        /// The recipe
        recipe: PathBuf,
    },
    /// What a round asks, of whom, and by when
    Show {
        /// The round, *.round.json
        round: PathBuf,
    },
}

const NEW_HELP: &str = "\
The recipe names the period, the days, the measures, the municipalities, and the files of catalogues and rules beside it.
Last year's values and the inhabitants are taken from --release. The file that is made holds everything that a form,
a check and a submission need; keep it with the forms.

Examples:
  kultti round new round.toml -o culture-2020.round.json
  kultti round show culture-2020.round.json
  kultti form culture-2020.round.json --area Kokkola --lang sv -o kokkola.xlsx";

pub(crate) fn run(verb: &RoundVerb, common: &Common, output: &Output) -> Result<(), Failure> {
    match verb {
        RoundVerb::New { recipe } => {
            let Some(path) = common.output.as_deref() else {
                return Err(Failure::Kultti(Error::InvalidArgument {
                    name: "output".into(),
                    expected: "a file: kultti round new round.toml -o culture-2020.round.json".into(),
                    found: "–".into(),
                }));
            };
            let release = open(common.release.as_deref())?;
            let round = Round::define(recipe, &release)?;
            round.write_file(path)?;
            let shown = path.display().to_string();
            let record = serde_json::json!({
                "path": shown,
                "round": round.document().id,
                "sha256": round.sha256(),
                "measures": round.document().asked.len(),
                "reporters": round.document().reporters.len(),
                "rules": round.document().rules.len(),
                "previous_period": round.document().previous_period,
            });
            output.done(&RoundCard(&round).summary(&shown), &record)
        }
        RoundVerb::Show { round } => output.result(&RoundCard(&Round::open(round)?), None),
    }
}
