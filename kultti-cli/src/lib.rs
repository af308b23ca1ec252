//! The command line of Kultti: what is typed becomes a question to `kultti-core`, and its answer is written.
//!
//! `args` says what can be typed, `run` finds the verb, `verbs` hold the options and the question of each, `output` writes; `shell` puts
//! question after question to one database. Data go to standard output, words about them to standard
//! error. Exit codes: 0 answered, 1 findings that were asked for as an exit code, 2 a wrong argument, 3 a file that cannot be read or breaks a rule, 4 something that
//! does not exist, 5 somebody else wrote first and trying again will do, 70 a fault of the program, 130 interrupted.

#[cfg(feature = "sql")]
mod answer;
mod args;
mod interrupt;
mod output;
mod progress;
mod run;
#[cfg(feature = "sql")]
mod runtime;
#[cfg(feature = "sql")]
mod shell;
mod verbs;

use args::ErrorFormat;
use clap::Parser;
use clap::error::ErrorKind;
use kultti_core::language::Language;
use std::error::Error as _;
use std::ffi::OsString;

/// Runs the command line and answers the exit code; `args` begins with the program's name.
///
/// A reader that closes the pipe early (`| head -1`) ends the program quietly with 0.
pub fn run<I: IntoIterator<Item = OsString>>(args: I) -> u8 {
    let args: Vec<OsString> = args.into_iter().collect();
    match args::Cli::try_parse_from(&args) {
        Ok(cli) => {
            let typed = args.iter().map(|arg| arg.to_string_lossy().into_owned());
            run::run(&cli, typed.collect())
        }
        Err(error) if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
            // A reader that has seen enough of the help may leave.
            let _ = error.print();
            0
        }
        Err(error) => {
            let errors = match wants_json(&args) {
                true => ErrorFormat::Json,
                false => ErrorFormat::Text,
            };
            refused(&error, language_of(&args), errors)
        }
    }
}

/// Says what is wrong with a command line that cannot be read, and answers the exit code.
pub(crate) fn refused(error: &clap::Error, language: Language, errors: ErrorFormat) -> u8 {
    let as_json = errors == ErrorFormat::Json;
    // A value that Kultti itself reads is refused in its own words, in the reader's language.
    match error.source().and_then(|cause| cause.downcast_ref()) {
        Some(cause) => output::error(cause, language, as_json),
        None => output::usage_error(error, as_json),
    }
    2
}

/// The language asked for, in a command line that could not be read.
fn language_of(args: &[OsString]) -> Language {
    let after = args
        .windows(2)
        .find(|pair| pair[0] == "--lang")
        .map(|pair| &pair[1]);
    let typed = after.and_then(|code| code.to_str());
    let joined = || args.iter().find_map(|arg| arg.to_str()?.strip_prefix("--lang="));
    let asked: Vec<String> = typed.or_else(joined).map(str::to_owned).into_iter().collect();
    run::language(&asked)
}

/// Whether errors are asked for as JSON, in a command line that could not be read.
fn wants_json(args: &[OsString]) -> bool {
    let after = |pair: &[OsString]| pair[0] == "--error-format" && pair[1] == "json";
    args.windows(2).any(after) || args.iter().any(|arg| arg == "--error-format=json")
}
