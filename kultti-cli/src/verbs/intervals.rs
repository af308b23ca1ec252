//! `intervals`: how far figures vary by chance.

use crate::args::{Question, level, period};
use crate::output::{Failure, Output};
use crate::verbs::show;
use clap::Args;
use kultti_core::Error;
use kultti_core::compare::{FunnelDispersion, IntervalLevel, IntervalMethod, IntervalsOptions};
use kultti_core::export::Tests;
use kultti_core::model::Period;
use kultti_core::release::Release;

/// Options of `intervals`.
#[derive(Debug, Args)]
pub(crate) struct Intervals {
    #[command(flatten)]
    pub(crate) question: Question,
    /// Period [default: the last one with values]
    #[arg(long, value_parser = period)]
    pub(crate) period: Option<Period>,
    /// Grouping: one row for each of its groups instead of the areas
    #[arg(long, value_name = "GROUPING")]
    pub(crate) by: Option<String>,
    /// Group whose areas are shown, such as region:16 [default: the whole country]
    #[arg(long, value_name = "GROUPING:GROUP")]
    pub(crate) within: Option<String>,
    /// Per cent that the intervals cover: 95 or 99.8
    #[arg(long, value_name = "LEVEL", value_parser = level, default_value = "95")]
    pub(crate) level: IntervalLevel,
    /// byar or exact for counts, wilson for proportions [default: byar or wilson]
    #[arg(long, value_name = "METHOD", value_parser = method)]
    pub(crate) method: Option<IntervalMethod>,
    /// Funnel around the common value; auto, none, multiplicative or additive over-dispersion
    #[arg(long, value_name = "FORM", value_parser = funnel, num_args = 0..=1, default_missing_value = "auto")]
    pub(crate) funnel: Option<FunnelDispersion>,
    /// Areas and groups whose differences are tested, each with each: 272,598 or 272,country
    #[arg(long, value_delimiter = ',', value_name = "AREA,AREA")]
    pub(crate) test: Vec<String>,
    /// Year whose groups are used [default: that of the period]
    #[arg(long, value_name = "YEAR")]
    pub(crate) as_of_year: Option<i32>,
    /// Walk the result back to the observations it was made of
    #[arg(long)]
    pub(crate) explain: bool,
}

fn method(text: &str) -> Result<IntervalMethod, Error> {
    text.parse()
}

fn funnel(text: &str) -> Result<FunnelDispersion, Error> {
    text.parse()
}

pub(crate) fn run(release: &Release, asked: &Intervals, output: &Output) -> Result<(), Failure> {
    let options = IntervalsOptions {
        period: asked.period,
        by: asked.by.clone(),
        within: asked.within.clone(),
        level: asked.level,
        method: asked.method,
        funnel: asked.funnel,
        test: asked.test.clone(),
        borders: asked.question.territory,
        as_of_year: asked.as_of_year,
    };
    let result = release.intervals(&asked.question.indicator, options)?;
    if asked.explain || result.tests.is_empty() || output.cites() {
        return show(release, &result, asked.explain, output);
    }
    // Tests that were asked for are the rows of the answer.
    let command = output.typed_with("--explain");
    output.result(&Tests(&result), Some(("word.explain-hint", &command)))
}
