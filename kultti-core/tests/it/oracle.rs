//! Independent readers and writers in Python, and the validator of JSON-stat beside it: run where `KULTTI_ORACLES` names a
//! python that has them.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs a script of `kultti-py/tests/independent`; `None`, said loudly, where there is no python for it.
pub(crate) fn run(script: &str, arguments: &[&Path]) -> Option<serde_json::Value> {
    let Some(python) = std::env::var_os("KULTTI_ORACLES") else {
        eprintln!("SKIPPED: KULTTI_ORACLES names no python with independent readers; {script} was not run");
        return None;
    };
    let scripts = concat!(env!("CARGO_MANIFEST_DIR"), "/../kultti-py/tests/independent/");
    let output = Command::new(python)
        .arg(format!("{scripts}{script}"))
        .args(arguments)
        .output()
        .expect("python");
    assert!(
        output.status.success(),
        "{script}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(serde_json::from_slice(&output.stdout).expect("JSON of the script"))
}

/// What the validator of JSON-stat's author says of a document; `None`, said loudly, where it is not installed.
pub(crate) fn validate_jsonstat(document: &str) -> Option<serde_json::Value> {
    let program = std::env::var_os("KULTTI_ORACLES")
        .map(|python| Path::new(&python).with_file_name("validate"))
        .filter(|program| program.exists());
    let Some(program) = program else {
        eprintln!("SKIPPED: no validator of JSON-stat beside KULTTI_ORACLES (make oracles)");
        return None;
    };
    let mut child = Command::new(program)
        .arg("-")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the validator");
    let mut input = child.stdin.take().expect("its input");
    input.write_all(document.as_bytes()).expect("written");
    drop(input);
    let output = child.wait_with_output().expect("its answer");
    Some(serde_json::from_slice(&output.stdout).expect("JSON of the validator"))
}
