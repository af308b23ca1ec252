//! `compare`: one area among all, and against its groups.

use crate::args::{Common, Drawing, Question, aggregate, level, period, prices};
use crate::output::{Failure, Output};
use crate::verbs::{quoted, show_drawn, show_or_cite};
use clap::Args;
use kultti_core::Error;
use kultti_core::compare::{Bands, CompareOptions, IntervalLevel};
use kultti_core::model::{Aggregate, Period};
use kultti_core::panel::PriceBasis;
use kultti_core::release::Release;

/// Options of `compare`.
#[derive(Debug, Args)]
pub(crate) struct Compare {
    #[command(flatten)]
    pub(crate) question: Question,
    /// Area: code or name
    #[arg(long, value_name = "AREA")]
    pub(crate) area: String,
    /// Period [default: the last one with values]
    #[arg(long, value_parser = period)]
    pub(crate) period: Option<Period>,
    /// Groupings, groups (region:16), country, similar[:K][@MODEL], or areas [default:
    /// region,urban_rural,language,size,country]
    #[arg(long, value_delimiter = ',', value_name = "PEERS")]
    pub(crate) peers: Vec<String>,
    /// How groups are summarised [default: the indicator's own way]
    #[arg(long, value_parser = aggregate, value_name = "AGGREGATE")]
    pub(crate) aggregate: Option<Aggregate>,
    /// Year whose groups are used [default: that of the period]
    #[arg(long, value_name = "YEAR")]
    pub(crate) as_of_year: Option<i32>,
    /// Real prices, such as cpi@2018
    #[arg(long, value_name = "INDEX@YEAR", value_parser = prices)]
    pub(crate) real: Option<PriceBasis>,
    /// Bands within each group: by its quartiles, by two thresholds, or by what chance allows: statistical[:95|99.8]
    #[arg(long, value_name = "relative|absolute:LOW,HIGH|statistical", value_parser = bands)]
    pub(crate) bands: Option<Bands>,
    /// Where the thresholds come from
    #[arg(long, value_name = "TEXT", requires = "bands")]
    pub(crate) bands_source: Option<String>,
    /// List the members of each group
    #[arg(long)]
    pub(crate) list: bool,
    /// Intervals of chance beside any bands; 95 or 99.8 per cent
    #[arg(long, value_name = "LEVEL", value_parser = level, num_args = 0..=1, default_missing_value = "95")]
    pub(crate) intervals: Option<IntervalLevel>,
    /// Three years as one, which evens out small areas: sums of the period and the two before, in the money of one year
    #[arg(long)]
    pub(crate) three_year: bool,
    /// Walk the whole comparison back to the observations it was made of
    #[arg(long)]
    pub(crate) explain: bool,
    #[command(flatten)]
    pub(crate) drawing: Drawing,
}

pub(crate) fn run(
    release: &Release,
    asked: &Compare,
    common: &Common,
    output: &Output,
) -> Result<(), Failure> {
    let options = CompareOptions {
        area: asked.area.clone(),
        period: asked.period,
        peers: asked.peers.clone(),
        borders: asked.question.territory,
        aggregate: asked.aggregate,
        as_of_year: asked.as_of_year,
        intervals: asked.intervals,
        real: asked.real.clone(),
        bands: asked
            .bands
            .clone()
            .map(|bands| bands.with_source(asked.bands_source.clone())),
        list: asked.list,
        three_year: asked.three_year,
    };
    let comparison = release.compare(&asked.question.indicator, options)?;
    // A single figure is explained as one of its year.
    if asked.explain || asked.three_year {
        return show_drawn(release, &comparison, (asked.explain, &asked.drawing), output);
    }
    let hint = next_step(asked, comparison.period, common);
    if output.draws() {
        return output.drawn(&comparison, &asked.drawing.options());
    }
    output.no_chart(&asked.drawing)?;
    show_or_cite(release, &comparison, Some(("word.explain-hint", &hint)), output)
}

/// The command that explains the figure just shown.
fn next_step(asked: &Compare, period: Period, common: &Common) -> String {
    let mut command = format!(
        "kultti explain {} --area {} --period {period}",
        asked.question.indicator,
        quoted(&asked.area)
    );
    if asked.question.territory.to_string() != "now" {
        command.push_str(&format!(" --territory {}", asked.question.territory));
    }
    if let Some(real) = &asked.real {
        command.push_str(&format!(" --real {real}"));
    }
    if let Some(file) = &common.release {
        command.push_str(&format!(" --release {}", quoted(&file.display().to_string())));
    }
    command
}

fn bands(text: &str) -> Result<Bands, Error> {
    text.parse()
}
