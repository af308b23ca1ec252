//! Servers on this machine: an S3 that is not ours, and one that answers whatever a test wants.

use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Arc;

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

/// A request: its first line and its head, in small letters, and how it was asked for.
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    head: String,
}

impl Request {
    /// A header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines();
        lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

/// An answer to a request: the status with its words, more headers, the body.
pub(crate) struct Answer {
    pub(crate) status: &'static str,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
    /// How many bytes of the body are sent before the connection is closed.
    pub(crate) sent: usize,
}

/// An answer without headers of its own.
pub(crate) fn plain(status: &'static str, body: &[u8]) -> Answer {
    Answer {
        status,
        head: String::new(),
        body: body.to_vec(),
        sent: body.len(),
    }
}

/// An object as stores answer with it: whole, or the range that was asked for.
pub(crate) fn object(request: &Request, bytes: &[u8]) -> Answer {
    const HEAD: &str = "ETag: \"1\"\r\nLast-Modified: Mon, 02 Nov 2026 10:00:00 GMT\r\n";
    let range = request.header("range").and_then(|range| {
        let (start, end) = range.strip_prefix("bytes=")?.split_once('-')?;
        Some((start.parse::<usize>().ok()?, end.parse::<usize>().ok()?))
    });
    let Some((start, end)) = range else {
        return Answer {
            head: HEAD.to_owned(),
            ..plain("200 OK", bytes)
        };
    };
    let end = (end + 1).min(bytes.len());
    Answer {
        head: format!("{HEAD}Content-Range: bytes {start}-{}/{}\r\n", end - 1, bytes.len()),
        ..plain("206 Partial Content", &bytes[start..end])
    }
}

/// A web server of one function, until this process ends; its address, such as `http://127.0.0.1:4711`.
pub(crate) fn answering(answer: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("its address"));
    let answer = Arc::new(answer);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = Arc::clone(&answer);
            std::thread::spawn(move || serve(stream, answer.as_ref()));
        }
    });
    address
}

fn serve(mut stream: TcpStream, answer: &dyn Fn(&Request) -> Answer) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let (mut first, mut head) = (String::new(), String::new());
    reader.read_line(&mut first).ok()?;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        if line.trim().is_empty() {
            break;
        }
        head.push_str(&line.to_lowercase());
    }
    let mut words = first.split(' ').map(str::to_owned);
    let request = Request {
        method: words.next()?,
        path: words.next()?,
        head,
    };
    let length = request.header("content-length").and_then(|length| length.parse().ok());
    reader.take(length.unwrap_or(0)).read_to_end(&mut Vec::new()).ok()?;
    let answer = answer(&request);
    let head = format!(
        "HTTP/1.1 {}\r\nContent-Length: {}\r\nConnection: close\r\n{}\r\n",
        answer.status,
        answer.body.len(),
        answer.head
    );
    stream.write_all(head.as_bytes()).ok()?;
    if request.method != "HEAD" {
        stream.write_all(&answer.body[..answer.sent]).ok()?;
    }
    Some(())
}

/// A port on which nobody listens, as an address.
pub(crate) fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    format!("http://{}", listener.local_addr().expect("its address"))
}
