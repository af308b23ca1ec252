//! An S3 server on this machine, which is not ours.

use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../kultti-py/tests/independent/");
/// The release in the program, as a file.
pub(crate) const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../datasets/example.parquet");

/// Variables of the environment, with their values.
pub(crate) type Settings = Vec<(&'static str, String)>;

/// An S3 server with the bucket `kultti`, which goes with this value.
pub(crate) struct S3 {
    child: Child,
    // The server ends when its input does, even where a test is killed.
    _input: Option<ChildStdin>,
    said: Value,
}

impl S3 {
    /// Starts one; `None`, said loudly, where `KULTTI_ORACLES` names no python that has it.
    pub(crate) fn start() -> Option<Self> {
        let Some(python) = std::env::var_os("KULTTI_ORACLES") else {
            eprintln!("SKIPPED: KULTTI_ORACLES names no python with an S3 server; nothing was stored");
            return None;
        };
        let mut child = Command::new(python)
            .args([Path::new(&format!("{SCRIPTS}serve_s3.py")), Path::new(EXAMPLE)])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python");
        let mut line = String::new();
        let output = child.stdout.take().expect("its output");
        BufReader::new(output).read_line(&mut line).expect("a line");
        Some(Self {
            _input: child.stdin.take(),
            said: serde_json::from_str(&line).expect("what the server says of itself"),
            child,
        })
    }

    /// Settings for somebody: `owner` may do everything, `stranger` nothing, `unknown` is unknown.
    pub(crate) fn settings(&self, who: &str) -> Settings {
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        vec![
            ("AWS_ENDPOINT_URL", text(&self.said["endpoint"])),
            ("AWS_ALLOW_HTTP", "true".to_owned()),
            ("AWS_REGION", "eu-north-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", text(&self.said[who][0])),
            ("AWS_SECRET_ACCESS_KEY", text(&self.said[who][1])),
            ("NO_PROXY", "127.0.0.1".to_owned()),
        ]
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port on which nobody listens, as an address.
pub(crate) fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    format!("http://{}", listener.local_addr().expect("its address"))
}
