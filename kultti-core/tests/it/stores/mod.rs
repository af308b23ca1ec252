//! Releases and ledgers on object stores: an S3 server that is not ours, and answers of other servers made by the tests.
//!
//! Settings come from the environment, which a test must not change for the others beside it. So a test that wants them is
//! started again as a process of its own.

mod ledgers;
mod releases;
mod s3;
pub(crate) mod web;

use s3::{S3, Settings};
use std::process::Command;

/// Set in the process that a test is started again in.
const INSIDE: &str = "KULTTI_TEST_INSIDE";

/// Runs a test with settings in its environment: `name` is that of the test.
fn with_settings(name: &str, settings: Settings, test: impl FnOnce()) {
    if std::env::var(INSIDE).is_ok_and(|inside| inside == name) {
        return test();
    }
    let output = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", name, "--nocapture"])
        .env(INSIDE, name)
        .envs(settings)
        .output()
        .expect("the test");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Runs a test beside an S3 server, by somebody who may do everything.
fn with_s3(name: &str, test: impl FnOnce()) {
    if std::env::var(INSIDE).is_ok_and(|inside| inside == name) {
        return test();
    }
    if let Some(server) = S3::start() {
        with_settings(name, server.settings("owner"), test);
    }
}

/// Waits for a future in a runtime of its own.
fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new()
        .expect("a runtime")
        .block_on(future)
}
