//! From arguments to an answer.

use crate::args::{self, Cli, Common, Verb};
use crate::output::{Failure, Output};
use crate::verbs::{self, open};
use kultti_core::export::FormatCard;
use kultti_core::language::Language;
use kultti_core::release::Release;
use kultti_core::{Error, ErrorKind};
use std::sync::Arc;

/// Runs a parsed command line and answers the exit code; `typed` is what was read.
pub(crate) fn run(cli: &Cli, typed: Vec<String>) -> u8 {
    let language = language(&cli.common.lang);
    let file = cli
        .common
        .output
        .as_deref()
        .filter(|_| !writes_its_own_file(&cli.verb));
    let output = Output::new(&cli.common, language, typed).into_file(file);
    let errors = output.clone();
    let answered = known_language(cli)
        .and_then(|()| known_format(cli))
        .map_err(Failure::Kultti)
        .and_then(|()| answer(cli, output));
    let output = errors;
    match answered {
        Ok(()) => 0,
        Err(Failure::ClosedPipe) => 0,
        Err(Failure::Different) => FINDINGS,
        // Whoever pressed the keys knows why; the exit code tells the others.
        Err(Failure::Kultti(Error::Interrupted {})) => INTERRUPTED,
        Err(Failure::Usage(error)) => crate::refused(&error, language, cli.common.error_format),
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

/// Whether a verb has a file of its own to write, which is not its answer.
fn writes_its_own_file(verb: &Verb) -> bool {
    match verb {
        Verb::Convert(_)
        | Verb::Import(_)
        | Verb::CompareAll(_)
        | Verb::Completions(_)
        | Verb::Man(_)
        | Verb::Report(_)
        | Verb::Site(_) => true,
        #[cfg(feature = "ledger")]
        Verb::Form(_) | Verb::Publish(_) => true,
        #[cfg(feature = "ledger")]
        Verb::Round { verb } => matches!(verb, verbs::round::RoundVerb::New { .. }),
        Verb::Release { verb } => matches!(verb, verbs::release::ReleaseVerb::Build { .. }),
        _ => false,
    }
}

/// The language asked for, or that of the environment. A list of a file's languages speaks in the first that Kultti knows.
pub(crate) fn language(asked: &[String]) -> Language {
    let known = asked.iter().find_map(|code| Language::of_code(code));
    known.unwrap_or_else(|| Language::from_environment(|name| std::env::var(name).ok()))
}

/// Kultti itself speaks one language at a time; only a conversion has use for several, or for those of the file.
fn known_language(cli: &Cli) -> Result<(), Error> {
    let asked = &cli.common.lang;
    let known = asked.is_empty() || (asked.len() == 1 && Language::of_code(&asked[0]).is_some());
    if known || matches!(cli.verb, Verb::Convert(_)) {
        return Ok(());
    }
    Err(Error::InvalidArgument {
        name: "lang".into(),
        expected: Language::ALL.map(Language::code).join(", "),
        found: asked.join(","),
    })
}

/// A format that only reports or checks have is refused of anything else.
fn known_format(cli: &Cli) -> Result<(), Error> {
    match cli.common.format {
        Some(args::Format::Pdf) if !matches!(cli.verb, Verb::Report(_)) => Err(Error::OnlyOfReports {
            format: "pdf".to_owned(),
        }),
        Some(args::Format::Sarif) if !is_check(&cli.verb) => Err(Error::OnlyOfChecks {
            format: "sarif".to_owned(),
        }),
        _ => Ok(()),
    }
}

/// Whether findings are asked for.
#[cfg_attr(
    not(feature = "ledger"),
    expect(unused_variables, reason = "without the ledger nothing is checked")
)]
fn is_check(verb: &Verb) -> bool {
    #[cfg(feature = "ledger")]
    if matches!(verb, Verb::Check(_)) {
        return true;
    }
    false
}

/// Something was found that was asked about.
const FINDINGS: u8 = 1;

/// 128 + SIGINT, as shells have it.
pub(crate) const INTERRUPTED: u8 = 130;

fn exit_code(error: &Error) -> u8 {
    match error.kind() {
        ErrorKind::InvalidArgument => 2,
        ErrorKind::InvalidData | ErrorKind::Io => 3,
        ErrorKind::NotFound => 4,
        ErrorKind::Conflict => 5,
        ErrorKind::Interrupted => INTERRUPTED,
        _ => 70,
    }
}

fn answer(cli: &Cli, output: Output) -> Result<(), Failure> {
    if let Verb::Cite(asked) = &cli.verb {
        return verbs::cite::run(asked, &cli.common, output);
    }
    let output = &output;
    let file = cli.common.release.as_deref();
    if let Verb::Release { verb } = &cli.verb {
        return verbs::release::run(verb, file, output);
    }
    match &cli.verb {
        Verb::Convert(asked) => return verbs::convert::run(asked, &cli.common.lang, output),
        Verb::Inspect(asked) => return verbs::inspect::run(asked, output),
        Verb::Formats => return output.result(&FormatCard, None),
        Verb::Import(asked) => return verbs::import::run(asked, || open(file), output),
        Verb::Completions(asked) => return verbs::completions::run(asked, cli.common.output.as_deref()),
        Verb::Man(asked) => return verbs::man::run(asked, cli.common.output.as_deref()),
        _ => {}
    }
    #[cfg(feature = "cluster")]
    if let Verb::Cluster { verb } = &cli.verb {
        return verbs::cluster::run(verb, output);
    }
    #[cfg(feature = "ledger")]
    if let Some(answered) = verbs::collection::run(&cli.verb, &cli.common, output) {
        return answered;
    }
    #[cfg(feature = "sql")]
    match &cli.verb {
        Verb::Query(asked) => return verbs::query::run(asked, &cli.common, output),
        Verb::Sql(asked) => return verbs::sql::run(asked, &cli.common, output),
        _ => {}
    }
    if let Verb::Site(asked) = &cli.verb {
        return verbs::site::run(asked, &cli.common, output);
    }
    let release = open(file)?;
    if let Some(answered) = question(&release, &cli.verb, &cli.common, output) {
        return answered;
    }
    match &cli.verb {
        Verb::Report(asked) => verbs::report::run(&release, asked, &cli.common, output),
        Verb::PeerModels => verbs::peers::models(&release, output),
        Verb::CompareAll(asked) => verbs::compare_all::run(Arc::new(release), asked, file, output),
        Verb::Indicators(asked) => verbs::lists::indicators(&release, asked, output),
        Verb::Areas(asked) => verbs::lists::areas(&release, asked, output),
        Verb::Describe(asked) => verbs::lists::describe(&release, asked, output),
        _ => Ok(()),
    }
}

/// Answers a question about one indicator or area; `None` for a verb that asks for something else.
pub(crate) fn question(
    release: &Release,
    verb: &Verb,
    common: &Common,
    output: &Output,
) -> Option<Result<(), Failure>> {
    Some(match verb {
        Verb::Compare(asked) => verbs::compare::run(release, asked, common, output),
        Verb::Rank(asked) => verbs::rank::run(release, asked, output),
        Verb::Groups(asked) => verbs::groups::run(release, asked, output),
        Verb::Inequality(asked) => verbs::inequality::run(release, asked, output),
        Verb::Change(asked) => verbs::change::run(release, asked, output),
        Verb::Intervals(asked) => verbs::intervals::run(release, asked, output),
        Verb::Trend(asked) => verbs::trend::run(release, asked, output),
        Verb::Peers(asked) => verbs::peers::run(release, asked, common, output),
        Verb::Expected(asked) => verbs::expected::run(release, asked, output),
        Verb::Composition(asked) => verbs::composition::run(release, asked, output),
        Verb::CostPerUse(asked) => verbs::cost_per_use::run(release, asked, output),
        Verb::Explain(asked) => verbs::explain::run(release, asked, output),
        _ => return None,
    })
}
