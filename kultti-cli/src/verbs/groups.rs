//! `groups`: the value of every group.

use crate::args::{Drawing, Question, aggregate, level, period};
use crate::output::{Failure, Output};
use crate::verbs::show_drawn;
use clap::Args;
use kultti_core::compare::{GroupsOptions, IntervalLevel};
use kultti_core::model::{Aggregate, Period};
use kultti_core::release::Release;

/// Options of `groups`.
#[derive(Debug, Args)]
pub(crate) struct Groups {
    #[command(flatten)]
    pub(crate) question: Question,
    /// Grouping: region, sub_region, urban_rural, language, size, country and others
    #[arg(long, value_name = "GROUPING")]
    pub(crate) by: String,
    /// Period [default: the last one with values]
    #[arg(long, value_parser = period)]
    pub(crate) period: Option<Period>,
    /// ratio-of-sums, mean, median, weighted-mean or total [default: the indicator's own way]
    #[arg(long, value_parser = aggregate, value_name = "AGGREGATE")]
    pub(crate) aggregate: Option<Aggregate>,
    /// Year whose groups are used [default: that of the period]
    #[arg(long, value_name = "YEAR")]
    pub(crate) as_of_year: Option<i32>,
    /// Intervals of chance; 95 or 99.8 per cent
    #[arg(long, value_name = "LEVEL", value_parser = level, num_args = 0..=1, default_missing_value = "95")]
    pub(crate) intervals: Option<IntervalLevel>,
    /// Walk the result back to the observations it was made of
    #[arg(long)]
    pub(crate) explain: bool,
}

pub(crate) fn run(release: &Release, asked: &Groups, output: &Output) -> Result<(), Failure> {
    let options = GroupsOptions {
        by: asked.by.clone(),
        period: asked.period,
        aggregate: asked.aggregate,
        borders: asked.question.territory,
        as_of_year: asked.as_of_year,
        intervals: asked.intervals,
    };
    let result = release.groups(&asked.question.indicator, options)?;
    show_drawn(release, &result, (asked.explain, &Drawing::default()), output)
}
