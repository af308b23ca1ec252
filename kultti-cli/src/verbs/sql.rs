//! `sql`: question after question in SQL.

use super::query::DatabaseArgs;
use crate::args::Common;
use crate::output::{Failure, Output};
use crate::shell::Shell;
use clap::Args;
use kultti_core::Error;
use std::io::{self, IsTerminal};

const HELP: &str = "\
At a terminal statements are edited, completed (Tab) and remembered (up, Ctrl-R); Ctrl-C ends a running one, Ctrl-D leaves. In a pipe
they are read from standard input, up to the first error. A statement ends with a semicolon; .help tells the commands. The history
is in kultti/sql_history of $XDG_STATE_HOME (~/.local/state).

Examples:
  kultti sql
  kultti sql --table visits.csv --memory 2GB
  kultti sql --format json < questions.sql";

/// Options of `sql`.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct Sql {
    #[command(flatten)]
    database: DatabaseArgs,
    /// Neither read nor keep the history of statements
    #[arg(long)]
    no_history: bool,
}

pub(crate) fn run(asked: &Sql, common: &Common, output: &Output) -> Result<(), Failure> {
    if let Some(path) = &common.output {
        return Err(Failure::Kultti(Error::InvalidArgument {
            name: "output".to_owned(),
            expected: "kultti query 'SELECT …' -o FILE".to_owned(),
            found: path.display().to_string(),
        }));
    }
    let answering = asked
        .database
        .open(common.release.as_deref(), output.language())?;
    let shell = Shell::new(answering, output.clone(), common.error_format);
    if io::stdin().is_terminal() && io::stdout().is_terminal() {
        return shell.talk(!asked.no_history);
    }
    shell.run(io::stdin().lock())
}
