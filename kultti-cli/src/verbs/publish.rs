//! `publish`: a release from the ledger.

use super::collection::{Moment, moment};
use super::{address, open};
use crate::args::Common;
use crate::output::{Failure, Output};
use crate::runtime::block_on;
use clap::Args;
use kultti_core::Error;
use kultti_core::collection::{self, PublishOptions, Round};
use kultti_core::ledger::Ledger;
use kultti_core::model::Stage;
use std::path::PathBuf;

const HELP: &str = "\
The release holds the figures of --release (population and other registers) and those of the ledger
from the minimum stage on. Municipalities that have not allowed publication are in it without values,
as suppressed; who has not answered, as not reported. The same ledger version, rounds and base give the
same bytes: --as-of makes an earlier release again.

Examples:
  kultti publish ledger/ -o kultti-2020.1.parquet
  kultti publish ledger/ --minimum submitted --id pilot --title 'Pilot, provisional' -o provisional.parquet
  kultti publish s3://statistics/ledger -o s3://statistics/kultti-2020.1.parquet
  kultti publish ledger/ --as-of 2021-06-30 -o again.parquet && kultti release diff kultti-2020.1.parquet again.parquet";

/// Options of `publish`.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct Publish {
    /// The ledger: a folder or an address
    ledger: String,
    /// Files of rounds [default: the *.round.json beside the ledger and here]
    #[arg(long, value_delimiter = ',', value_name = "FILES")]
    round: Vec<PathBuf>,
    /// The lowest stage that is published: draft, submitted, approved, final or corrected
    #[arg(long, default_value = "approved", value_name = "STAGE", value_parser = stage)]
    minimum: Stage,
    /// As it was known at a moment, or at the end of a day
    #[arg(long, value_name = "TIME", value_parser = moment)]
    as_of: Option<Moment>,
    /// Identifier of the series of releases [default: that of the round]
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// Title, in every language the same [default: the name of the round]
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
}

fn stage(text: &str) -> Result<Stage, Error> {
    Stage::parse(text).ok_or_else(|| Error::InvalidArgument {
        name: "minimum".to_owned(),
        expected: Stage::ALL.map(Stage::name).join(", "),
        found: text.to_owned(),
    })
}

pub(crate) fn run(asked: &Publish, common: &Common, output: &Output) -> Result<(), Failure> {
    let Some(path) = common.output.as_deref() else {
        return Err(Failure::Kultti(Error::InvalidArgument {
            name: "output".into(),
            expected: "a file: kultti publish ledger/ -o release.parquet".into(),
            found: "–".into(),
        }));
    };
    let base = open(common.release.as_deref())?;
    let options = PublishOptions {
        minimum: asked.minimum,
        as_of: asked.as_of,
        id: asked.id.clone(),
        title: asked.title.clone(),
    };
    let given: Vec<Round> = asked.round.iter().map(Round::open).collect::<Result<_, _>>()?;
    let (release, mut published) = block_on(async {
        let ledger = Ledger::open(&asked.ledger).await?;
        let rounds = collection::rounds_of(&ledger, given).await?;
        collection::publish(&ledger, &rounds, &base, &options).await
    })?;
    match address(path) {
        Some(address) => block_on(release.write_at(address))?,
        None => release.write_file(path)?,
    }
    published.path = path.display().to_string();
    output.result(&published, None)
}
