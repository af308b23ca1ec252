//! `inequality`: how unequally a figure is spread over the areas.

use crate::args::{Question, period, prices};
use crate::output::{Failure, Output};
use crate::verbs::{show, show_or_cite};
use clap::Args;
use kultti_core::compare::InequalityOptions;
use kultti_core::model::Period;
use kultti_core::panel::PriceBasis;
use kultti_core::release::Release;

/// Options of `inequality`.
#[derive(Debug, Args)]
pub(crate) struct Inequality {
    #[command(flatten)]
    pub(crate) question: Question,
    /// Grouping to split the inequality by: within its groups and between them
    #[arg(long, value_name = "GROUPING")]
    pub(crate) by: Option<String>,
    /// Period [default: the last one with values]
    #[arg(long, value_parser = period)]
    pub(crate) period: Option<Period>,
    /// Year whose groups are used [default: that of the period]
    #[arg(long, value_name = "YEAR")]
    pub(crate) as_of_year: Option<i32>,
    /// Real prices, such as cpi@2018
    #[arg(long, value_name = "INDEX@YEAR", value_parser = prices)]
    pub(crate) real: Option<PriceBasis>,
    /// Walk the result back to the observations it was made of
    #[arg(long)]
    pub(crate) explain: bool,
}

pub(crate) fn run(release: &Release, asked: &Inequality, output: &Output) -> Result<(), Failure> {
    let options = InequalityOptions {
        by: asked.by.clone(),
        period: asked.period,
        borders: asked.question.territory,
        as_of_year: asked.as_of_year,
        real: asked.real.clone(),
    };
    let result = release.inequality(&asked.question.indicator, options)?;
    // The first of the groups that areas are usually compared with.
    let usual = release.territory().document().peers.first();
    match usual.filter(|_| asked.by.is_none() && !asked.explain) {
        Some(by) => {
            let command = output.typed_with(&format!("--by {by}"));
            show_or_cite(release, &result, Some(("word.inequality-hint", &command)), output)
        }
        None => show(release, &result, asked.explain, output),
    }
}
