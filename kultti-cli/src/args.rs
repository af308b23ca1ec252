//! What can be typed: the verbs, what they have in common, and how values are read. The options of a verb stand beside it.

#[cfg(feature = "ledger")]
use crate::verbs::approve::Approve;
use crate::verbs::change::Change;
#[cfg(feature = "ledger")]
use crate::verbs::check::CheckArgs;
use crate::verbs::cite::Cite;
#[cfg(feature = "cluster")]
use crate::verbs::cluster::ClusterVerb;
use crate::verbs::compare::Compare;
use crate::verbs::compare_all::CompareAll;
use crate::verbs::completions::Completions;
use crate::verbs::composition::Composition;
use crate::verbs::convert::Convert;
#[cfg(feature = "ledger")]
use crate::verbs::correct::{Consent, Correct};
use crate::verbs::cost_per_use::CostPerUse;
use crate::verbs::expected::Expected;
use crate::verbs::explain::Explain;
#[cfg(feature = "ledger")]
use crate::verbs::form::FormArgs;
use crate::verbs::groups::Groups;
use crate::verbs::import::Import;
use crate::verbs::inequality::Inequality;
use crate::verbs::inspect::Inspect;
use crate::verbs::intervals::Intervals;
use crate::verbs::lists::{Describe, Search};
#[cfg(feature = "ledger")]
use crate::verbs::log::Log;
use crate::verbs::man::ManPages;
use crate::verbs::peers::PeersArgs;
#[cfg(feature = "ledger")]
use crate::verbs::publish::Publish;
#[cfg(feature = "sql")]
use crate::verbs::query::Query;
use crate::verbs::rank::Rank;
use crate::verbs::release::ReleaseVerb;
use crate::verbs::report::Report;
#[cfg(feature = "ledger")]
use crate::verbs::round::RoundVerb;
use crate::verbs::site::Site;
#[cfg(feature = "sql")]
use crate::verbs::sql::Sql;
#[cfg(feature = "ledger")]
use crate::verbs::status::Status;
#[cfg(feature = "ledger")]
use crate::verbs::submit::Submit;
use crate::verbs::trend::Trend;
#[cfg(feature = "ledger")]
use crate::verbs::waive::Waive;
use clap::{Args, Parser, Subcommand, ValueEnum};
use kultti_core::Error;
use kultti_core::chart::{ChartKind, ChartOptions};
use kultti_core::compare::{Column, IntervalLevel};
use kultti_core::export::ResultFormat;
use kultti_core::formats::Format as TableFormat;
use kultti_core::model::{Aggregate, Period};
use kultti_core::panel::{Borders, PriceBasis};
use kultti_core::stats::Order;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  kultti compare culture.net_operating_cost_per_inhabitant --area Kokkola
  kultti rank library.net_operating_cost_per_inhabitant --within region:16 --order desc
  kultti groups culture.net_operating_cost_per_inhabitant --by region
  kultti change library.net_operating_cost_per_inhabitant --by region --from 2015 --to 2019
  kultti trend library.net_operating_cost_per_inhabitant --area Kokkola,Pietarsaari --real cpi@2018
  kultti peers culture.net_operating_cost_per_inhabitant --area Kokkola
  kultti expected library.net_operating_cost_per_inhabitant --area Kokkola
  kultti report --area Kokkola --lang sv -o kokkola.html
  kultti site -o public/
  kultti compare-all --order desc -o positions.parquet
  kultti indicators kirjasto
  kultti describe library.loans_per_inhabitant
  kultti cite --style bibtex compare library.loans_per_inhabitant --area Kokkola";

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
#[command(next_help_heading = "Options of every verb")]
pub(crate) struct Common {
    /// Release: a file, or an address such as s3://bucket/name [default: the example release in the program]
    #[arg(long, global = true, env = "KULTTI_RELEASE", value_name = "FILE")]
    pub(crate) release: Option<PathBuf>,
    /// Output format [default: table on a terminal, tsv otherwise]
    #[arg(long, global = true, env = "KULTTI_FORMAT", value_enum)]
    pub(crate) format: Option<Format>,
    /// File to write the answer to, whole or not at all; its ending says the format where --format does not
    #[arg(short, long, global = true, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Language of texts: fi, sv or en; convert takes several, and any that the file has [default: KULTTI_LANG, then the
    /// locale, then fi]
    #[arg(long, global = true, value_delimiter = ',', value_name = "LANGUAGE")]
    pub(crate) lang: Vec<String>,
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
    /// A page of HTML
    Html,
    /// PX (PC-Axis)
    Px,
    /// JSON-stat 2.0
    Jsonstat,
    /// SDMX-CSV 2.0
    SdmxCsv,
    /// A workbook of Excel
    Xlsx,
    /// Apache Parquet
    Parquet,
    /// Apache Arrow
    Arrow,
    /// A tagged PDF, of reports only
    Pdf,
    /// SARIF 2.1.0, of checks only
    Sarif,
}

impl Format {
    /// The format of a result; `None` for one that only reports have.
    pub(crate) fn of_results(self) -> Option<ResultFormat> {
        Some(match self {
            Self::Table => ResultFormat::Text,
            Self::Csv => ResultFormat::Table(TableFormat::Csv),
            Self::Tsv => ResultFormat::Table(TableFormat::Tsv),
            Self::Json => ResultFormat::Json,
            Self::Jsonl => ResultFormat::JsonLines,
            Self::Md => ResultFormat::Markdown,
            Self::Html => ResultFormat::Html,
            Self::Px => ResultFormat::Table(TableFormat::Px),
            Self::Jsonstat => ResultFormat::Table(TableFormat::JsonStat),
            Self::SdmxCsv => ResultFormat::Table(TableFormat::SdmxCsv),
            Self::Xlsx => ResultFormat::Table(TableFormat::Xlsx),
            Self::Parquet => ResultFormat::Table(TableFormat::Parquet),
            Self::Arrow => ResultFormat::Table(TableFormat::Arrow),
            Self::Pdf | Self::Sarif => return None,
        })
    }
}

/// How errors are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ErrorFormat {
    /// A sentence
    Text,
    /// One JSON object a line
    Json,
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
    /// What changed between two periods, group by group, and what the change is made of
    Change(Change),
    /// The series of areas, with change, index and real prices
    Trend(Trend),
    /// How unequally a figure is spread over the areas: Gini, Theil, Lorenz
    Inequality(Inequality),
    /// The municipalities that are most like one, and what separates them
    Peers(PeersArgs),
    /// By which variables, weights and reasons similar municipalities can be found
    PeerModels,
    /// The cost that a municipality with such a structure typically has, and the difference from it
    Expected(Expected),
    /// How far counts and proportions vary by chance: intervals, a funnel, tests of differences
    Intervals(Intervals),
    /// What a figure is made of: its parts, function by function, beside those of groups
    Composition(Composition),
    /// Who uses and who pays: cost per inhabitant as cost per use times uses per inhabitant
    CostPerUse(CostPerUse),
    /// How a figure was computed, back to the observations
    Explain(Explain),
    /// What people read about one area: a page with figures, charts and what to keep in mind
    Report(Report),
    /// The open site: a page for every municipality, region and indicator, in three languages
    Site(Site),
    /// Every indicator in every period for every area, as a file or a stream of rows
    CompareAll(CompareAll),
    /// One question in SQL: joins with tables of your own, windows, aggregates
    #[cfg(feature = "sql")]
    Query(Query),
    /// Question after question in SQL, with history and completion
    #[cfg(feature = "sql")]
    Sql(Sql),
    /// Run the processes of a cluster, on which everything can be compared
    #[cfg(feature = "cluster")]
    Cluster {
        #[command(subcommand)]
        verb: ClusterVerb,
    },
    /// Find an indicator, in any language
    Indicators(Search),
    /// What an indicator tells, how it is computed, what it covers, where it comes from
    Describe(Describe),
    /// Find an area, by code or by name in any language
    Areas(Search),
    /// How a release, or the answer to a question, is cited
    Cite(Cite),
    /// Turn a table into another format: px, jsonstat, sdmx-csv, csv, tsv, xlsx, parquet, arrow
    Convert(Convert),
    /// What a table holds: dimensions, codes, labels, time, units, notes
    Inspect(Inspect),
    /// The formats of tables, and what each of them keeps
    Formats,
    /// Turn a table into the observations of a release
    Import(Import),
    /// Build, verify, describe and compare release files
    Release {
        #[command(subcommand)]
        verb: ReleaseVerb,
    },
    /// Define a round of a collection, and show what it asks
    #[cfg(feature = "ledger")]
    Round {
        #[command(subcommand)]
        verb: RoundVerb,
    },
    /// The form of a municipality in a round, or everybody's: a workbook, CSV or JSON
    #[cfg(feature = "ledger")]
    Form(FormArgs),
    /// Test filled forms by the rules of their round
    #[cfg(feature = "ledger")]
    Check(CheckArgs),
    /// Take filled forms into the ledger of a round
    #[cfg(feature = "ledger")]
    Submit(Submit),
    /// How a round stands: who has answered, and what is open
    #[cfg(feature = "ledger")]
    Status(Status),
    /// Approve what was submitted, or settle what is approved
    #[cfg(feature = "ledger")]
    Approve(Approve),
    /// Accept a finding as it is, with a reason
    #[cfg(feature = "ledger")]
    Waive(Waive),
    /// Correct or withdraw one approved figure, with a reason
    #[cfg(feature = "ledger")]
    Correct(Correct),
    /// Record whether a municipality's figures may be published
    #[cfg(feature = "ledger")]
    Consent(Consent),
    /// Who recorded what, when and why
    #[cfg(feature = "ledger")]
    Log(Log),
    /// A release from the figures of a ledger
    #[cfg(feature = "ledger")]
    Publish(Publish),
    /// A script that lets a shell complete verbs, options and their values
    Completions(Completions),
    /// The manual page of a verb, or all of them as files
    Man(ManPages),
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

/// What is drawn, where the answer goes to the file of a chart.
#[derive(Debug, Args, Default)]
pub(crate) struct Drawing {
    /// What the chart of -o FILE.svg shows [default: the usual one of the verb]: distribution, peers, trend, slope, multiples, change
    #[arg(long, value_name = "KIND", value_parser = chart_kind)]
    pub(crate) chart: Option<ChartKind>,
    /// Areas or groups that the chart marks: codes or names, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "AREA")]
    pub(crate) mark: Vec<String>,
}

impl Drawing {
    /// The same as the chart has it.
    pub(crate) fn options(&self) -> ChartOptions {
        ChartOptions {
            kind: self.chart,
            mark: self.mark.clone(),
        }
    }
}

pub(crate) fn chart_kind(text: &str) -> Result<ChartKind, Error> {
    text.parse()
}

/// A range of periods, open where an end is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Periods {
    pub(crate) from: Option<Period>,
    pub(crate) to: Option<Period>,
}

pub(crate) fn period(text: &str) -> Result<Period, Error> {
    text.parse()
}

/// `A`, `A..B`, `A..` or `..B`.
pub(crate) fn periods(text: &str) -> Result<Periods, Error> {
    let end = |text: &str| Some(text).filter(|text| !text.is_empty()).map(period).transpose();
    let (from, to) = text.split_once("..").unwrap_or((text, text));
    Ok(Periods {
        from: end(from)?,
        to: end(to)?,
    })
}

pub(crate) fn column(text: &str) -> Result<Column, Error> {
    text.trim().parse()
}

pub(crate) fn borders(text: &str) -> Result<Borders, Error> {
    text.parse()
}

pub(crate) fn prices(text: &str) -> Result<PriceBasis, Error> {
    text.parse()
}

pub(crate) fn level(text: &str) -> Result<IntervalLevel, Error> {
    text.parse()
}

pub(crate) fn aggregate(text: &str) -> Result<Aggregate, Error> {
    text.parse()
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
