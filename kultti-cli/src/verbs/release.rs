//! `release`: build, verify, describe and compare release files.

use crate::args::{Periods, periods};
use crate::output::{Failure, Output};
#[cfg(feature = "ledger")]
use crate::runtime::block_on;
#[cfg(feature = "ledger")]
use crate::verbs::address;
use crate::verbs::open;
use clap::{Args, Subcommand};
use kultti_core::Error;
use kultti_core::compare::{DiffOptions, DiffPart};
use kultti_core::export::{DiffShown, ReleaseCard};
use kultti_core::language::Message;
#[cfg(feature = "ledger")]
use kultti_core::release::build_at;
use kultti_core::release::{Built, build_file};
use std::path::{Path, PathBuf};

/// Verbs on release files.
#[derive(Debug, Subcommand)]
pub(crate) enum ReleaseVerb {
    /// Build a release from a folder with a release.toml
    Build {
        /// The folder
        folder: PathBuf,
        /// The file or the address to write
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
    /// What changed from one release to another: definitions, observations, groups, ranks
    #[command(after_help = DIFF_HELP)]
    Diff(Diff),
}

const DIFF_HELP: &str = "\
Both files are verified first: every row is read and every hash made anew.
A release that differs from the one before it is what a publisher means to make, so the exit code is 0 whenever the
question could be answered, as that of git diff is; --exit-code makes it 1 where something differs.

Examples:
  kultti release diff kultti-2024.2.parquet kultti-2025.1.parquet
  kultti release diff old.parquet new.parquet --indicator 'library.*' --period 2019..
  kultti release diff old.parquet new.parquet --part ranks --format csv > moved.csv
  kultti release diff old.parquet s3://statistics/kultti-2025.1.parquet
  kultti release verify new.parquet && kultti release diff --exit-code old.parquet new.parquet";

/// Options of `release diff`.
#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// The earlier release
    before: PathBuf,
    /// The later release
    after: PathBuf,
    /// Ids with * and ?, several with commas between them [default: all indicators]
    #[arg(long, value_name = "GLOB")]
    indicator: Option<String>,
    /// One period or a range, such as 2019, 2015..2019 or 2015.. [default: all periods]
    #[arg(long, value_parser = periods, value_name = "A..B")]
    period: Option<Periods>,
    /// definitions, cells, groups, ranks [default: all of them]
    #[arg(long, value_delimiter = ',', value_parser = part, value_name = "PARTS")]
    part: Vec<DiffPart>,
    /// Rows of each table for people; other formats hold everything
    #[arg(long, default_value_t = 10, value_name = "N")]
    limit: usize,
    /// Exit with 1 where something differs
    #[arg(long)]
    exit_code: bool,
}

fn part(text: &str) -> Result<DiffPart, Error> {
    text.trim().parse()
}

pub(crate) fn run(verb: &ReleaseVerb, file: Option<&Path>, output: &Output) -> Result<(), Failure> {
    let chosen = |own: &Option<PathBuf>| own.as_deref().or(file).map(Path::to_path_buf);
    match verb {
        ReleaseVerb::Build { folder, output: path } => {
            let built = build(folder, path)?;
            let message = Message::new("word.built")
                .with("path", path.display().to_string())
                .with("bytes", usize::try_from(built.bytes).unwrap_or(usize::MAX));
            output.message(
                &message.with("rows", built.rows).with("id", built.id.clone()),
                &built.id,
            )
        }
        ReleaseVerb::Verify { file } => {
            let verified = open(chosen(file).as_deref())?.verify()?;
            let message = Message::new("word.verified")
                .with("measures", verified.measures)
                .with("rows", verified.rows);
            output.message(&message.with("id", verified.id.clone()), &verified.id)
        }
        ReleaseVerb::Info { file } => {
            let release = open(chosen(file).as_deref())?;
            output.result(&ReleaseCard(&release), None)
        }
        ReleaseVerb::Diff(asked) => diff(asked, output),
    }
}

#[cfg(feature = "ledger")]
fn build(folder: &Path, path: &Path) -> Result<Built, Error> {
    match address(path) {
        Some(address) => block_on(build_at(folder, address)),
        None => build_file(folder, path),
    }
}

#[cfg(not(feature = "ledger"))]
fn build(folder: &Path, path: &Path) -> Result<Built, Error> {
    build_file(folder, path)
}

fn diff(asked: &Diff, output: &Output) -> Result<(), Failure> {
    let options = DiffOptions {
        indicators: asked.indicator.clone(),
        from: asked.period.and_then(|periods| periods.from),
        to: asked.period.and_then(|periods| periods.to),
        parts: asked.part.clone(),
    };
    let (before, after) = (open(Some(&asked.before))?, open(Some(&asked.after))?);
    let found = before.diff(&after, &options)?;
    let shown = DiffShown {
        diff: &found,
        limit: asked.limit,
    };
    output.result(&shown, None)?;
    if asked.exit_code && !found.is_empty() {
        return Err(Failure::Different);
    }
    Ok(())
}
