//! A web server on this machine that answers whatever a test wants.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

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
        head: format!(
            "{HEAD}Content-Range: bytes {start}-{}/{}\r\n",
            end - 1,
            bytes.len()
        ),
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
    let length = request
        .header("content-length")
        .and_then(|length| length.parse().ok());
    reader
        .take(length.unwrap_or(0))
        .read_to_end(&mut Vec::new())
        .ok()?;
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
