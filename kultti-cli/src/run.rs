//! From arguments to an answer.

use crate::args::{Cli, Lang, Verb};
use crate::output::{Failure, Output};
use crate::verbs::{self, open};
use kultti_core::language::Language;
use kultti_core::{Error, ErrorKind};
use std::sync::Arc;

/// Runs a parsed command line and answers the exit code; `typed` is what was read.
pub(crate) fn run(cli: &Cli, typed: Vec<String>) -> u8 {
    let language = language(cli.common.lang);
    let output = Output::new(cli.common.format, language, typed);
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

/// The language asked for, or that of the environment.
pub(crate) fn language(asked: Option<Lang>) -> Language {
    match asked {
        Some(Lang::Fi) => Language::Fi,
        Some(Lang::Sv) => Language::Sv,
        Some(Lang::En) => Language::En,
        None => Language::from_environment(|name| std::env::var(name).ok()),
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

fn answer(cli: &Cli, output: &Output) -> Result<(), Failure> {
    let file = cli.common.release.as_deref();
    if let Verb::Release { verb } = &cli.verb {
        return verbs::release::run(verb, file, output);
    }
    let release = open(file)?;
    match &cli.verb {
        Verb::Compare(asked) => verbs::compare::run(&release, asked, &cli.common, output),
        Verb::Rank(asked) => verbs::rank::run(&release, asked, output),
        Verb::Groups(asked) => verbs::groups::run(&release, asked, output),
        Verb::Inequality(asked) => verbs::inequality::run(&release, asked, output),
        Verb::Change(asked) => verbs::change::run(&release, asked, output),
        Verb::Intervals(asked) => verbs::intervals::run(&release, asked, output),
        Verb::Trend(asked) => verbs::trend::run(&release, asked, output),
        Verb::Peers(asked) => verbs::peers::run(&release, asked, &cli.common, output),
        Verb::PeerModels => verbs::peers::models(&release, output),
        Verb::Expected(asked) => verbs::expected::run(&release, asked, output),
        Verb::CostPerUse(asked) => verbs::cost_per_use::run(&release, asked, output),
        Verb::Explain(asked) => verbs::explain::run(&release, asked, output),
        Verb::CompareAll(asked) => verbs::compare_all::run(Arc::new(release), asked, file, output),
        Verb::Indicators(asked) => verbs::lists::indicators(&release, asked, output),
        Verb::Areas(asked) => verbs::lists::areas(&release, asked, output),
        Verb::Release { .. } => Ok(()),
    }
}
