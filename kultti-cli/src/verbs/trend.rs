//! `trend`: series of areas.

use crate::args::{Question, period, prices};
use crate::output::{Failure, Output};
use crate::verbs::show;
use clap::Args;
use kultti_core::compare::TrendOptions;
use kultti_core::model::Period;
use kultti_core::panel::PriceBasis;
use kultti_core::release::Release;

/// Options of `trend`.
#[derive(Debug, Args)]
pub(crate) struct Trend {
    #[command(flatten)]
    pub(crate) question: Question,
    /// Areas: codes or names, separated by commas
    #[arg(long, value_delimiter = ',', required = true, value_name = "AREA")]
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
    /// Walk the result back to the observations it was made of
    #[arg(long)]
    pub(crate) explain: bool,
}

pub(crate) fn run(release: &Release, asked: &Trend, output: &Output) -> Result<(), Failure> {
    let options = TrendOptions {
        areas: asked.area.clone(),
        from: asked.from,
        to: asked.to,
        borders: asked.question.territory,
        real: asked.real.clone(),
    };
    let result = release.trend(&asked.question.indicator, options)?;
    show(release, &result, asked.explain, output)
}
