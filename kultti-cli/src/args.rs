//! What can be typed: verbs, options and their words of help.

use clap::{Args, Parser, Subcommand, ValueEnum};
use kultti_core::compare::Column;
use kultti_core::model::{Aggregate, Period};
use kultti_core::panel::{Borders, PriceBasis};
use kultti_core::stats::Order;
use std::num::NonZeroUsize;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  kultti compare culture.net_operating_cost_per_inhabitant --area Kokkola
  kultti rank library.net_operating_cost_per_inhabitant --within region:16 --order desc
  kultti groups culture.net_operating_cost_per_inhabitant --by region
  kultti trend library.net_operating_cost_per_inhabitant --area Kokkola,Pietarsaari --real cpi@2018
  kultti compare-all --order desc -o positions.parquet
  kultti indicators kirjasto";

/// Compare municipalities: an open engine for municipal culture and other local statistics.
#[derive(Debug, Parser)]
#[command(name = "kultti", version, after_help = EXAMPLES, propagate_version = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

/// Options of every verb.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// Release file [default: the example release in the program]
    #[arg(long, global = true, env = "KULTTI_RELEASE", value_name = "FILE")]
    pub(crate) release: Option<PathBuf>,
    /// Output format [default: table on a terminal, tsv otherwise]
    #[arg(long, global = true, env = "KULTTI_FORMAT", value_enum)]
    pub(crate) format: Option<Format>,
    /// Language of texts [default: KULTTI_LANG, then the locale, then fi]
    #[arg(long, global = true, value_enum, value_name = "LANGUAGE")]
    pub(crate) lang: Option<Lang>,
    /// How errors are written on standard error
    #[arg(long, global = true, value_enum, default_value_t = ErrorFormat::Text)]
    pub(crate) error_format: ErrorFormat,
}

/// An output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people, aligned to the terminal
    Table,
    /// Comma-separated values
    Csv,
    /// Tab-separated values
    Tsv,
    /// One JSON document
    Json,
    /// One JSON object a line
    Jsonl,
    /// Markdown
    Md,
}

/// How errors are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ErrorFormat {
    /// A sentence
    Text,
    /// One JSON object a line
    Json,
}

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    /// Suomi
    Fi,
    /// Svenska
    Sv,
    /// English
    En,
}

/// Which end comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RankOrder {
    /// Smallest first
    #[value(alias = "ascending")]
    Asc,
    /// Largest first
    #[value(alias = "descending")]
    Desc,
}

impl From<RankOrder> for Order {
    fn from(direction: RankOrder) -> Self {
        match direction {
            RankOrder::Asc => Self::Ascending,
            RankOrder::Desc => Self::Descending,
        }
    }
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// One area among all, and against the groups it belongs to
    Compare(Compare),
    /// All areas of the country or of a group in order
    Rank(Rank),
    /// The value of every group of a grouping
    Groups(Groups),
    /// The series of areas, with change, index and real prices
    Trend(Trend),
    /// How a figure was computed, back to the observations
    Explain(Explain),
    /// Every indicator in every period for every area, as a file or a stream of rows
    CompareAll(CompareAll),
    /// Find an indicator, in any language
    Indicators(Search),
    /// Find an area, by code or by name in any language
    Areas(Search),
    /// Build, verify and describe release files
    Release {
        #[command(subcommand)]
        verb: ReleaseVerb,
    },
}

/// An indicator on some borders.
#[derive(Debug, Args)]
pub(crate) struct Question {
    /// Indicator id (kultti indicators lists them)
    pub(crate) indicator: String,
    /// Borders: now, then (those of the period) or a date
    #[arg(long, default_value = "now", value_name = "now|then|DATE", value_parser = borders)]
    pub(crate) territory: Borders,
}

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
    /// Groupings, groups (region:16), country, or areas [default: region,urban_rural,language,size,country]
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
}

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
}

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
}

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
}

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

/// Options of `compare-all`.
#[derive(Debug, Args)]
pub(crate) struct CompareAll {
    /// Ids with * and ?, several with commas between them [default: all indicators]
    #[arg(long, value_name = "GLOB")]
    pub(crate) indicators: Option<String>,
    /// One period or a range, such as 2019, 2015..2019 or 2015.. [default: all periods]
    #[arg(long, value_parser = periods, value_name = "A..B")]
    pub(crate) period: Option<Periods>,
    /// rank, percent_rank, quartile, z, robust_z, difference:GROUPING[:AGGREGATE], difference_relative:GROUPING, change,
    /// change_relative, index:PERIOD, numerator, denominator
    #[arg(long, value_delimiter = ',', value_parser = column, value_name = "COLUMNS",
          default_value = "rank,percent_rank,quartile")]
    pub(crate) columns: Vec<Column>,
    /// Which end comes first; needed for ranks and quartiles of indicators without a direction
    #[arg(long, value_enum)]
    pub(crate) order: Option<RankOrder>,
    /// Borders: now, then (those of each period) or a date
    #[arg(long, default_value = "now", value_name = "now|then|DATE", value_parser = borders)]
    pub(crate) territory: Borders,
    /// Threads that compute; the answer does not depend on them [default: as many as the machine has]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
    /// The file to write; its ending says the form: .parquet or .csv
    #[arg(short, long, value_name = "FILE", conflicts_with = "summary")]
    pub(crate) output: Option<PathBuf>,
    /// Counts, sums and checksums of every column instead of the rows
    #[arg(long)]
    pub(crate) summary: bool,
}

/// A range of periods, open where an end is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Periods {
    pub(crate) from: Option<Period>,
    pub(crate) to: Option<Period>,
}

/// Words to search for.
#[derive(Debug, Args)]
pub(crate) struct Search {
    /// Words, in Finnish, Swedish or English; all are listed without any
    pub(crate) search: Vec<String>,
}

/// Verbs on release files.
#[derive(Debug, Subcommand)]
pub(crate) enum ReleaseVerb {
    /// Build a release from a folder with a release.toml
    Build {
        /// The folder
        folder: PathBuf,
        /// The file to write
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
    },
    /// Read every row and check it against the id
    Verify {
        /// The release [default: --release]
        file: Option<PathBuf>,
    },
    /// What a release holds
    Info {
        /// The release [default: --release]
        file: Option<PathBuf>,
    },
}

fn period(text: &str) -> Result<Period, String> {
    text.parse()
        .map_err(|error: kultti_core::Error| error.to_string())
}

/// `A`, `A..B`, `A..` or `..B`.
fn periods(text: &str) -> Result<Periods, String> {
    let end = |text: &str| Some(text).filter(|text| !text.is_empty()).map(period).transpose();
    let (from, to) = text.split_once("..").unwrap_or((text, text));
    Ok(Periods {
        from: end(from)?,
        to: end(to)?,
    })
}

fn column(text: &str) -> Result<Column, String> {
    text.trim()
        .parse()
        .map_err(|error: kultti_core::Error| error.to_string())
}

fn borders(text: &str) -> Result<Borders, String> {
    text.parse()
        .map_err(|error: kultti_core::Error| error.to_string())
}

fn prices(text: &str) -> Result<PriceBasis, String> {
    text.parse()
        .map_err(|error: kultti_core::Error| error.to_string())
}

fn aggregate(text: &str) -> Result<Aggregate, String> {
    text.parse()
        .map_err(|error: kultti_core::Error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_of_periods_may_be_open_or_a_single_one() {
        let year = |year: &str| year.parse::<Period>().ok();
        for (text, from, to) in [
            ("2019", year("2019"), year("2019")),
            ("2015..2019", year("2015"), year("2019")),
            ("2015..", year("2015"), None),
            ("..2019", None, year("2019")),
            ("2019-Q1..2019-Q3", year("2019-Q1"), year("2019-Q3")),
        ] {
            assert_eq!(periods(text), Ok(Periods { from, to }), "{text}");
        }
        assert!(periods("2015-2019").is_err());
        assert!(periods("2015...2019").is_err());
    }
}
