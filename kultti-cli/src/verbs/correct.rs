//! `correct` and `consent`: what a coordinator records without a form.

use super::collection::{ActArgs, LedgerArgs, RoundFile, reporters};
use crate::output::{Failure, Output};
use crate::runtime::block_on;
use clap::{ArgGroup, Args, ValueEnum};
use kultti_core::Error;
use kultti_core::collection;
use kultti_core::language::Message;
use kultti_core::model::{MeasureId, Missing, Status};
use kultti_core::rules::Figure;
use serde_json::json;

const HELP: &str = "\
The figure before stays in the ledger; kultti log shows both. A figure that has not been approved yet is mended by another form.

Examples:
  kultti correct culture-2020.round.json --area Kokkola --measure library.visits --value 287340 --reason 'counted twice'
  kultti correct culture-2020.round.json --area Kokkola --measure library.visits --missing missing --reason 'withdrawn'";

/// Options of `correct`.
#[derive(Debug, Args)]
#[command(after_help = HELP, group(ArgGroup::new("figure").required(true).args(["value", "missing"])))]
pub(crate) struct Correct {
    #[command(flatten)]
    round: RoundFile,
    /// The municipality, by code or name
    #[arg(long, value_name = "AREA")]
    area: String,
    /// The measure
    #[arg(long, value_name = "MEASURE")]
    measure: String,
    /// The right value
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true, value_parser = number)]
    value: Option<f64>,
    /// Why there is no value: missing (not reported), not-applicable, not-collected, included, suppressed
    #[arg(long, value_name = "REASON", value_parser = missing)]
    missing: Option<Missing>,
    /// What readers should know of the figure
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
    #[command(flatten)]
    ledger: LedgerArgs,
    #[command(flatten)]
    act: ActArgs,
}

fn number(text: &str) -> Result<f64, Error> {
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
    number.ok_or_else(|| Error::InvalidArgument {
        name: "value".to_owned(),
        expected: "287340, 12.5".to_owned(),
        found: text.to_owned(),
    })
}

fn missing(text: &str) -> Result<Missing, Error> {
    Missing::from_code(text).ok_or_else(|| Error::InvalidArgument {
        name: "missing".to_owned(),
        expected: Missing::ALL
            .into_iter()
            .filter(|reason| Missing::from_code(reason.code()).is_some())
            .map(Missing::code)
            .collect::<Vec<_>>()
            .join(", "),
        found: text.to_owned(),
    })
}

pub(crate) fn correct(asked: &Correct, output: &Output) -> Result<(), Failure> {
    let round = asked.round.open()?;
    let act = asked.act.act()?;
    let area = round.resolve(&asked.area)?.area.clone();
    let measure = MeasureId::from(asked.measure.as_str());
    let figure = Figure {
        value: asked.value,
        status: asked.missing.map_or(Status::Normal, Missing::status),
        missing: asked.missing,
        note: asked.note.clone(),
    };
    let corrected = block_on(async {
        let mut ledger = asked.ledger.open(&round).await?;
        collection::correct(&mut ledger, &round, (&area, &measure), &figure, &act).await
    })?;
    output.result(&corrected, None)
}

/// Whether figures may be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Allowed {
    /// They may
    Yes,
    /// They may not
    No,
}

/// Options of `consent`.
#[derive(Debug, Args)]
pub(crate) struct Consent {
    #[command(flatten)]
    round: RoundFile,
    /// The municipalities, by code or name
    #[arg(long, value_delimiter = ',', required = true, value_name = "AREA")]
    area: Vec<String>,
    /// Whether their figures may be published
    #[arg(long, value_enum)]
    publish: Allowed,
    #[command(flatten)]
    ledger: LedgerArgs,
    #[command(flatten)]
    act: ActArgs,
}

pub(crate) fn consent(asked: &Consent, output: &Output) -> Result<(), Failure> {
    let round = asked.round.open()?;
    let act = asked.act.act()?;
    let areas = reporters(&round, &asked.area)?;
    let allowed = asked.publish == Allowed::Yes;
    let version = block_on(async {
        let mut ledger = asked.ledger.open(&round).await?;
        let mut version = ledger.version();
        for area in &areas {
            version = collection::consent(&mut ledger, &round, area, allowed, &act).await?;
        }
        Ok(version)
    })?;
    let codes: Vec<String> = areas.iter().map(ToString::to_string).collect();
    let message = Message::new(if allowed {
        "collection.consent"
    } else {
        "collection.no-consent"
    })
    .with("areas", &codes)
    .with("version", version.to_string());
    output.done(
        &message,
        &json!({ "areas": codes, "publish": allowed, "version": version }),
    )
}
