//! Independent readers and writers in Python: run where `KULTTI_ORACLES` names a python that has them.

use std::path::Path;
use std::process::Command;

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
