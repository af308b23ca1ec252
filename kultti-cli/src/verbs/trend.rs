//! `trend`: series of areas.

use crate::args::{Drawing, Question, period, prices};
use crate::output::{Failure, Output};
use crate::verbs::show_drawn;
use clap::Args;
use kultti_core::Error;
use kultti_core::compare::{Chain, TrendOptions};
use kultti_core::model::Period;
use kultti_core::panel::PriceBasis;
use kultti_core::release::Release;

/// Options of `trend`.
#[derive(Debug, Args)]
pub(crate) struct Trend {
    #[command(flatten)]
    pub(crate) question: Question,
    /// Areas: codes or names, separated by commas
    #[arg(
        long,
        value_delimiter = ',',
        required_unless_present = "group",
        value_name = "AREA"
    )]
    pub(crate) area: Vec<String>,
    /// First period [default: the first one with values]
    #[arg(long, value_parser = period, value_name = "PERIOD")]
    pub(crate) from: Option<Period>,
    /// Last period [default: the last one with values]
    #[arg(long, value_parser = period, value_name = "PERIOD")]
    pub(crate) to: Option<Period>,
    /// Real prices, such as cpi@2018
    #[arg(long, value_name = "INDEX@YEAR", value_parser = prices)]
    pub(crate) real: Option<PriceBasis>,
    /// Period that is 100, or first: the first of the series [default: first]
    #[arg(long, value_parser = base, value_name = "PERIOD|first")]
    pub(crate) index: Option<Base>,
    /// Go on across breaks: with the factor that the release states, or with this one (new/old)
    #[arg(long, value_parser = chain, value_name = "FACTOR", num_args = 0..=1, default_missing_value = "stated", allow_negative_numbers = true)]
    pub(crate) chain: Option<Chain>,
    /// Add the series of country or of a group such as region:16, with a chained index
    #[arg(long, value_name = "GROUP")]
    pub(crate) group: Option<String>,
    /// Three years as one, which evens out small areas: sums of the period and the two before, in the money of one year
    #[arg(long)]
    pub(crate) three_year: bool,
    /// Walk the result back to the observations it was made of
    #[arg(long)]
    pub(crate) explain: bool,
    #[command(flatten)]
    pub(crate) drawing: Drawing,
}

/// The base of the index; nothing for the first period.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Base(Option<Period>);

fn base(text: &str) -> Result<Base, Error> {
    if text == "first" {
        return Ok(Base(None));
    }
    period(text).map(Some).map(Base)
}

fn chain(text: &str) -> Result<Chain, Error> {
    text.parse()
}

pub(crate) fn run(release: &Release, asked: &Trend, output: &Output) -> Result<(), Failure> {
    let options = TrendOptions {
        areas: asked.area.clone(),
        from: asked.from,
        to: asked.to,
        borders: asked.question.territory,
        real: asked.real.clone(),
        index: asked.index.and_then(|base| base.0),
        chain: asked.chain,
        group: asked.group.clone(),
        three_year: asked.three_year,
    };
    let result = release.trend(&asked.question.indicator, options)?;
    show_drawn(release, &result, (asked.explain, &asked.drawing), output)
}
