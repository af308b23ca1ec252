//! `rank`: all areas in order.

use crate::args::{Drawing, Question, RankOrder, period};
use crate::output::{Failure, Output};
use crate::verbs::show_drawn;
use clap::Args;
use kultti_core::compare::RankOptions;
use kultti_core::model::Period;
use kultti_core::release::Release;

/// Options of `rank`.
#[derive(Debug, Args)]
pub(crate) struct Rank {
    #[command(flatten)]
    pub(crate) question: Question,
    /// Period [default: the last one with values]
    #[arg(long, value_parser = period)]
    pub(crate) period: Option<Period>,
    /// Group to rank within, such as region:16 [default: the whole country]
    #[arg(long, value_name = "GROUPING:GROUP")]
    pub(crate) within: Option<String>,
    /// Which end comes first; needed where the indicator has no direction
    #[arg(long, value_enum)]
    pub(crate) order: Option<RankOrder>,
    /// Year whose groups are used [default: that of the period]
    #[arg(long, value_name = "YEAR")]
    pub(crate) as_of_year: Option<i32>,
    /// Three years as one, which evens out small areas: sums of the period and the two before, in the money of one year
    #[arg(long)]
    pub(crate) three_year: bool,
    /// Walk the result back to the observations it was made of
    #[arg(long)]
    pub(crate) explain: bool,
    #[command(flatten)]
    pub(crate) drawing: Drawing,
}

pub(crate) fn run(release: &Release, asked: &Rank, output: &Output) -> Result<(), Failure> {
    let options = RankOptions {
        period: asked.period,
        within: asked.within.clone(),
        order: asked.order.map(Into::into),
        borders: asked.question.territory,
        as_of_year: asked.as_of_year,
        three_year: asked.three_year,
    };
    let result = release.rank(&asked.question.indicator, options)?;
    show_drawn(release, &result, (asked.explain, &asked.drawing), output)
}
