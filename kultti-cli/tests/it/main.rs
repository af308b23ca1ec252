//! The command line as its users run it: real processes, real data, exit codes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers of tests fail the test"
)]
#![allow(clippy::print_stderr, reason = "a test that could not look says so")]

mod change;
#[cfg(feature = "ledger")]
mod checks;
#[cfg(feature = "cluster")]
mod cluster;
#[cfg(feature = "ledger")]
mod collections;
mod compare_all;
mod counted;
mod expected;
mod formats;
#[cfg(feature = "cluster")]
mod generated;
mod imported;
mod inequality;
mod interop;
mod intervals;
mod peers;
mod people;
mod pictures;
#[cfg(feature = "sql")]
mod query;
mod questions;
mod releases;
mod reports;
#[cfg(feature = "ledger")]
mod rounds;
#[cfg(feature = "ledger")]
#[path = "../../../kultti-core/tests/it/stores/s3.rs"]
mod s3;
mod same_answers;
mod sdmx;
#[cfg(feature = "sql")]
mod shell;
mod shells;
mod stores;
mod tables;

use serde_json::Value;
use std::process::{Command, Output};

/// The program, with an environment that decides nothing.
fn kultti(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kultti"));
    command.args(args);
    for name in [
        "KULTTI_LANG",
        "KULTTI_RELEASE",
        "KULTTI_FORMAT",
        "KULTTI_ROUND",
        "KULTTI_LEDGER",
        "KULTTI_AUTHOR",
        "KULTTI_NOW",
        "LC_ALL",
        "LC_MESSAGES",
        "LANG",
        "COLUMNS",
    ] {
        command.env_remove(name);
    }
    command
}

fn run(args: &[&str]) -> Output {
    kultti(args).output().expect("the program starts")
}

/// Standard output of a run that must succeed.
fn stdout(args: &[&str]) -> String {
    let output = run(args);
    assert!(
        output.status.success(),
        "{args:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The JSON of a run that must succeed.
fn json(args: &[&str]) -> Value {
    let mut args = args.to_vec();
    args.extend(["--format", "json"]);
    serde_json::from_str(&stdout(&args)).expect("JSON")
}

/// Exit code and standard error of a run that must fail and print nothing.
fn failure(args: &[&str]) -> (i32, String) {
    let output = run(args);
    assert!(
        output.stdout.is_empty(),
        "{args:?} printed {}",
        String::from_utf8_lossy(&output.stdout)
    );
    (
        output.status.code().expect("an exit code"),
        String::from_utf8(output.stderr).expect("UTF-8"),
    )
}
