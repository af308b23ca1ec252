//! From arguments to an answer.

use crate::args::{self, Cli, Lang, ReleaseVerb, Verb};
use crate::compare_all;
use crate::output::{Failure, Output};
use kultti_core::compare::{
    CompareOptions, ExplainOptions, Explanation, Groups, GroupsOptions, RankOptions, Ranking, Trend,
    TrendOptions,
};
use kultti_core::export::ReleaseCard;
use kultti_core::language::{Language, Message};
use kultti_core::model::Period;
use kultti_core::release::{Release, build_file};
use kultti_core::{Error, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Runs a parsed command line and answers the exit code.
pub(crate) fn run(cli: &Cli) -> u8 {
    let language = match cli.common.lang {
        Some(Lang::Fi) => Language::Fi,
        Some(Lang::Sv) => Language::Sv,
        Some(Lang::En) => Language::En,
        None => Language::from_environment(|name| std::env::var(name).ok()),
    };
    let output = Output::new(cli.common.format, language);
    match answer(cli, &output) {
        Ok(()) => 0,
        Err(Failure::ClosedPipe) => 0,
        // Whoever pressed the keys knows why; the exit code tells the others.
        Err(Failure::Kultti(Error::Interrupted {})) => INTERRUPTED,
        Err(Failure::Write(cause)) => {
            let error = Error::io("-", &cause);
            output.error(&error, cli.common.error_format);
            exit_code(&error)
        }
        Err(Failure::Kultti(error)) => {
            output.error(&error, cli.common.error_format);
            exit_code(&error)
        }
    }
}

/// 128 + SIGINT, as shells have it.
pub(crate) const INTERRUPTED: u8 = 130;

fn exit_code(error: &Error) -> u8 {
    match error.kind() {
        ErrorKind::InvalidArgument => 2,
        ErrorKind::InvalidData | ErrorKind::Io => 3,
        ErrorKind::NotFound => 4,
        ErrorKind::Interrupted => INTERRUPTED,
        _ => 70,
    }
}

fn open(file: Option<&Path>) -> Result<Release, Error> {
    match file {
        Some(path) => Release::open(path),
        None => Release::from_static(kultti_datasets::EXAMPLE_RELEASE),
    }
}

fn answer(cli: &Cli, output: &Output) -> Result<(), Failure> {
    let file = cli.common.release.as_deref();
    if let Verb::Release { verb } = &cli.verb {
        return release(verb, file, output);
    }
    let release = open(file)?;
    match &cli.verb {
        Verb::CompareAll(asked) => compare_all::run(Arc::new(release), asked, file, output),
        Verb::Compare(asked) => compare(&release, asked, cli, output),
        Verb::Rank(asked) => output.result(&rank(&release, asked)?, None),
        Verb::Groups(asked) => output.result(&groups(&release, asked)?, None),
        Verb::Trend(asked) => output.result(&trend(&release, asked)?, None),
        Verb::Explain(asked) => output.result(&explain(&release, asked)?, None),
        Verb::Indicators(search) => {
            let words = search.search.join(" ");
            let found = release.indicators(&words);
            let none = || Error::UnknownIndicator {
                indicator: words.clone(),
                near: Vec::new(),
            };
            if found.rows.is_empty() {
                Err(none().into())
            } else {
                output.result(&found, None)
            }
        }
        Verb::Areas(search) => {
            let words = search.search.join(" ");
            let found = release.areas(&words);
            let none = || Error::UnknownArea {
                area: words.clone(),
                near: Vec::new(),
            };
            if found.rows.is_empty() {
                Err(none().into())
            } else {
                output.result(&found, None)
            }
        }
        Verb::Release { .. } => Ok(()),
    }
}

fn rank(release: &Release, asked: &args::Rank) -> Result<Ranking, Error> {
    let options = RankOptions {
        period: asked.period,
        within: asked.within.clone(),
        order: asked.order.map(Into::into),
        borders: asked.question.territory,
        as_of_year: asked.as_of_year,
    };
    release.rank(&asked.question.indicator, options)
}

fn groups(release: &Release, asked: &args::Groups) -> Result<Groups, Error> {
    let options = GroupsOptions {
        by: asked.by.clone(),
        period: asked.period,
        aggregate: asked.aggregate,
        borders: asked.question.territory,
        as_of_year: asked.as_of_year,
    };
    release.groups(&asked.question.indicator, options)
}

fn trend(release: &Release, asked: &args::Trend) -> Result<Trend, Error> {
    let options = TrendOptions {
        areas: asked.area.clone(),
        from: asked.from,
        to: asked.to,
        borders: asked.question.territory,
        real: asked.real.clone(),
    };
    release.trend(&asked.question.indicator, options)
}

fn explain(release: &Release, asked: &args::Explain) -> Result<Explanation, Error> {
    let options = ExplainOptions {
        area: asked.area.clone(),
        period: asked.period,
        borders: asked.question.territory,
        real: asked.real.clone(),
    };
    release.explain(&asked.question.indicator, options)
}

fn compare(release: &Release, asked: &args::Compare, cli: &Cli, output: &Output) -> Result<(), Failure> {
    let options = CompareOptions {
        area: asked.area.clone(),
        period: asked.period,
        peers: asked.peers.clone(),
        borders: asked.question.territory,
        aggregate: asked.aggregate,
        as_of_year: asked.as_of_year,
        real: asked.real.clone(),
    };
    let comparison = release.compare(&asked.question.indicator, options)?;
    let hint = next_step(asked, comparison.period, cli);
    output.result(&comparison, Some(("word.explain-hint", &hint)))
}

/// A word of a command line.
pub(crate) fn quoted(text: &str) -> String {
    if text.contains([' ', '*', '?', '[']) {
        format!("'{text}'")
    } else {
        text.to_owned()
    }
}

/// The command that explains the figure just shown.
fn next_step(asked: &args::Compare, period: Period, cli: &Cli) -> String {
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
    if let Some(file) = &cli.common.release {
        command.push_str(&format!(" --release {}", quoted(&file.display().to_string())));
    }
    command
}

fn release(verb: &ReleaseVerb, file: Option<&Path>, output: &Output) -> Result<(), Failure> {
    let chosen = |own: &Option<PathBuf>| own.as_deref().or(file).map(Path::to_path_buf);
    match verb {
        ReleaseVerb::Build { folder, output: path } => {
            let built = build_file(folder, path)?;
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
    }
}
