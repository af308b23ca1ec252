//! `compare-all`: rows to a file or to standard output, or what they come to.

use crate::args::{Periods, RankOrder, borders, column, periods};
use crate::interrupt;
use crate::output::{Failure, Output};
use crate::progress::Bar;
use crate::verbs::quoted;
use clap::Args;
use kultti_core::compare::{self as core, Column, CompareAllOptions, Order};
use kultti_core::export::{FileFormat, RowFormat, RowWriter, write_file};
use kultti_core::language::{Message, word};
use kultti_core::model::{IndicatorId, Period};
use kultti_core::panel::Borders;
use kultti_core::release::Release;
use std::io;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

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
    /// The file to write; its ending says the form: .parquet, .arrow, .csv or .tsv
    #[arg(short, long, value_name = "FILE", conflicts_with = "summary")]
    pub(crate) output: Option<PathBuf>,
    /// Counts, sums and checksums of every column instead of the rows
    #[arg(long)]
    pub(crate) summary: bool,
    #[cfg(feature = "cluster")]
    #[command(flatten)]
    pub(crate) on: crate::verbs::cluster::OnCluster,
}

pub(crate) fn run(
    release: Arc<Release>,
    asked: &CompareAll,
    file: Option<&Path>,
    output: &Output,
) -> Result<(), Failure> {
    // A name that cannot be written is found before anything is computed.
    asked.output.as_deref().map(FileFormat::of).transpose()?;
    #[cfg(feature = "cluster")]
    let elsewhere = asked.on.cluster.is_some();
    #[cfg(not(feature = "cluster"))]
    let elsewhere = false;
    interrupt::listen(asked.output.is_some() || elsewhere);
    let all = release.compare_all(options(asked))?;
    #[cfg(feature = "cluster")]
    let all = asked.on.computed(all, file)?;
    match (&asked.output, output.rows()?) {
        (Some(path), _) => to_file(all, path, output),
        (None, Some(format)) if !asked.summary => to_standard_output(all, format, output),
        (None, _) => {
            let command = with_output(asked, file);
            let hint = (!asked.summary).then_some(("word.all-hint", command.as_str()));
            let bar = Bar::new();
            let summary = all.summary(&mut |done, of| bar.at(done, of))?;
            drop(bar);
            output.result(&summary, hint)
        }
    }
}

fn options(asked: &CompareAll) -> CompareAllOptions {
    CompareAllOptions {
        indicators: asked.indicators.clone(),
        from: asked.period.and_then(|periods| periods.from),
        to: asked.period.and_then(|periods| periods.to),
        columns: asked.columns.clone(),
        order: asked.order.map(Into::into),
        borders: asked.territory,
        threads: asked.threads.map(NonZeroUsize::get),
    }
}

/// The same question with a file to write the rows to.
fn with_output(asked: &CompareAll, file: Option<&Path>) -> String {
    let mut command = String::from("kultti compare-all");
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            command.push_str(&format!(" --{name} {}", quoted(&value)));
        }
    };
    let end = |period: Option<Period>| period.map(|period| period.to_string()).unwrap_or_default();
    let columns: Vec<String> = asked.columns.iter().map(ToString::to_string).collect();
    add("indicators", asked.indicators.clone());
    add(
        "period",
        asked
            .period
            .map(|periods| format!("{}..{}", end(periods.from), end(periods.to))),
    );
    add("columns", Some(columns.join(",")));
    add(
        "order",
        asked.order.map(|order| Order::from(order).name().to_owned()),
    );
    add(
        "territory",
        Some(asked.territory.to_string()).filter(|borders| borders != "now"),
    );
    #[cfg(feature = "cluster")]
    add("cluster", asked.on.cluster.as_ref().map(ToString::to_string));
    add("release", file.map(|file| file.display().to_string()));
    command.push_str(" -o all.parquet");
    command
}

/// Indicators without data that are named beside rows; the summary names all.
const NAMED: usize = 10;

/// The indicators without data, as a line that a person can read.
fn without_data(all: &core::CompareAll, output: &Output) -> String {
    let ids: Vec<&str> = all.without_data().iter().map(IndicatorId::as_str).collect();
    // One more takes no more room than to say that there is one more.
    if ids.len() <= NAMED + 1 {
        return ids.join(", ");
    }
    Message::new("word.all-without-data-more")
        .with("first", ids[..NAMED].join(", "))
        .with("more", ids.len() - NAMED)
        .render(output.language())
}

fn to_file(all: core::CompareAll, path: &Path, output: &Output) -> Result<(), Failure> {
    let release = all.release().to_owned();
    let without_data = without_data(&all, output);
    let message = Message::new("word.all-written")
        .with("path", path.display().to_string())
        .with("borders", all.territory())
        .with("id", release.clone())
        .with("without_data", without_data);
    let bar = Bar::new();
    let written = write_file(all, path, &mut |done, of| bar.at(done, of))?;
    drop(bar);
    let message = message
        .with("rows", written.rows.to_string())
        .with("indicators", written.indicators);
    output.message(&message, &release)
}

fn to_standard_output(mut all: core::CompareAll, format: RowFormat, output: &Output) -> Result<(), Failure> {
    let without_data = without_data(&all, output);
    // What fails from the start prints nothing.
    let first = all.next().transpose()?;
    let out = io::BufWriter::new(io::stdout().lock());
    let mut rows = RowWriter::new(format, &all.schema(), out)?;
    for batch in first.map(Ok).into_iter().chain(all) {
        rows.write(&batch?)?;
    }
    rows.finish()?;
    if !without_data.is_empty() {
        let words = word("word.all-without-data", output.language());
        output.remark(&format!("{words}: {without_data}"));
    }
    Ok(())
}
