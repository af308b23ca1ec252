//! `explain`: a figure back to its observations.

use crate::args::{Question, period, prices};
use crate::output::{Failure, Output};
use crate::verbs::show_or_cite;
use clap::Args;
use kultti_core::compare::ExplainOptions;
use kultti_core::model::Period;
use kultti_core::panel::PriceBasis;
use kultti_core::release::Release;

/// Options of `explain`.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    #[command(flatten)]
    pub(crate) question: Question,
    /// Area: code or name
    #[arg(long, value_name = "AREA")]
    pub(crate) area: String,
    /// Period [default: the last one with values]
    #[arg(long, value_parser = period)]
    pub(crate) period: Option<Period>,
    /// Real prices, such as cpi@2018
    #[arg(long, value_name = "INDEX@YEAR", value_parser = prices)]
    pub(crate) real: Option<PriceBasis>,
}

pub(crate) fn run(release: &Release, asked: &Explain, output: &Output) -> Result<(), Failure> {
    let options = ExplainOptions {
        area: asked.area.clone(),
        period: asked.period,
        borders: asked.question.territory,
        real: asked.real.clone(),
    };
    let result = release.explain(&asked.question.indicator, options)?;
    show_or_cite(release, &result, None, output)
}
