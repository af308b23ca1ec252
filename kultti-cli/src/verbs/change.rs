//! `change`: what changed between two periods, and what the change is made of.

use crate::args::{Drawing, Question, period, prices};
use crate::output::{Failure, Output};
use crate::verbs::show_drawn;
use clap::Args;
use kultti_core::Error;
use kultti_core::compare::{ChangeMethod, ChangeOptions, ChangePanel};
use kultti_core::model::Period;
use kultti_core::panel::PriceBasis;
use kultti_core::release::Release;

/// Options of `change`.
#[derive(Debug, Args)]
pub(crate) struct Change {
    #[command(flatten)]
    pub(crate) question: Question,
    /// Grouping (region), one group of it (region:16), or country
    #[arg(long, value_name = "GROUPING", default_value = "country")]
    pub(crate) by: String,
    /// First period [default: the first one with values]
    #[arg(long, value_parser = period, value_name = "PERIOD")]
    pub(crate) from: Option<Period>,
    /// Last period [default: the last one with values]
    #[arg(long, value_parser = period, value_name = "PERIOD")]
    pub(crate) to: Option<Period>,
    /// Real prices, such as cpi@2018
    #[arg(long, value_name = "INDEX@YEAR", value_parser = prices)]
    pub(crate) real: Option<PriceBasis>,
    /// How the change is taken apart: shapley, or lmdi where every figure is positive
    #[arg(long, value_name = "METHOD", default_value = "shapley", value_parser = method)]
    pub(crate) method: ChangeMethod,
    /// constant: the same areas at both ends; all: at each end those that have a figure
    #[arg(long, value_name = "PANEL", default_value = "constant", value_parser = panel)]
    pub(crate) panel: ChangePanel,
    /// Year whose groups are used at both ends [default: that of the last period]
    #[arg(long, value_name = "YEAR")]
    pub(crate) as_of_year: Option<i32>,
    /// List every area with its part in the change
    #[arg(long)]
    pub(crate) list: bool,
    /// Walk the result back to the observations it was made of
    #[arg(long)]
    pub(crate) explain: bool,
    #[command(flatten)]
    pub(crate) drawing: Drawing,
}

fn method(text: &str) -> Result<ChangeMethod, Error> {
    text.parse()
}

fn panel(text: &str) -> Result<ChangePanel, Error> {
    text.parse()
}

pub(crate) fn run(release: &Release, asked: &Change, output: &Output) -> Result<(), Failure> {
    let options = ChangeOptions {
        by: asked.by.clone(),
        from: asked.from,
        to: asked.to,
        borders: asked.question.territory,
        real: asked.real.clone(),
        method: asked.method,
        panel: asked.panel,
        as_of_year: asked.as_of_year,
        list: asked.list,
    };
    let result = release.change(&asked.question.indicator, options)?;
    show_drawn(release, &result, (asked.explain, &asked.drawing), output)
}
