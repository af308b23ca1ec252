//! How a text file spells its table: encoding, delimiter, titles above the header. Found out from the whole file.

use crate::error::{Error, Result};
use crate::formats::Warning;
use crate::formats::px::Codepage;
use crate::language::Message;
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Delimiters, the likeliest first: a table with semicolons may have a comma in every number.
const DELIMITERS: [u8; 5] = [b'\t', b';', b',', b'|', b' '];

/// The text of a file, without a byte order mark, and its encoding.
///
/// A byte order mark decides, then the encoding that was named; a file that is UTF-8 throughout is that, and any other is
/// taken for windows-1252, which a warning tells.
pub(super) fn decoded<'b>(
    path: &str,
    bytes: &'b [u8],
    named: Option<Codepage>,
    warnings: &mut Vec<Warning>,
) -> Result<(Cow<'b, str>, Codepage)> {
    let marked = Encoding::for_bom(bytes).map(|(encoding, _)| Codepage::Known(encoding));
    let codepage = marked.or(named).unwrap_or_else(|| {
        if std::str::from_utf8(bytes).is_ok() {
            return Codepage::Known(UTF_8);
        }
        let message = Message::new("warning.table-encoding").with("encoding", WINDOWS_1252.name());
        warnings.push(Warning(message));
        Codepage::Known(WINDOWS_1252)
    });
    let (text, broken) = match codepage {
        Codepage::Known(encoding) => {
            let (text, _, broken) = encoding.decode(bytes);
            (text, broken)
        }
        Codepage::Dos(..) => (codepage.decode(bytes), false),
    };
    if broken {
        let line = 1 + text
            .split('\u{fffd}')
            .next()
            .map_or(0, |before| before.matches('\n').count());
        let expected = format!("text in {}", codepage.name());
        return Err(Error::malformed(
            path,
            "csv",
            line,
            &expected,
            "bytes that are none",
        ));
    }
    if let Some(at) = memchr::memchr(0, text.as_bytes()) {
        let line = 1 + text.get(..at).unwrap_or_default().matches('\n').count();
        return Err(Error::TextCell {
            path: path.to_owned(),
            line,
            column: String::new(),
            expected: Message::new("word.text-without-nul"),
            found: "NUL".into(),
        });
    }
    Ok((text, codepage))
}

/// Where a table begins in a text, and what parts its cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) delimiter: u8,
    pub(super) quote: u8,
}

/// The delimiter of a text: the one of which most records have the same number, at least one.
///
/// A quote turns text on and off; a file in which quotes stand elsewhere is refused later, line by line.
pub(super) fn delimiter(text: &str, quote: u8, likely: u8) -> u8 {
    let mut tallies = [const { Tally::new() }; DELIMITERS.len()];
    let mut counts = [0_u32; DELIMITERS.len()];
    let (mut quoted, mut empty) = (false, true);
    for byte in text.bytes() {
        if byte == b'\n' || byte == b'\r' {
            if !quoted && !empty {
                for (tally, count) in tallies.iter_mut().zip(&mut counts) {
                    tally.record(*count);
                    *count = 0;
                }
                empty = true;
            }
            continue;
        }
        empty = false;
        if byte == quote {
            quoted = !quoted;
        } else if !quoted && let Some(place) = DELIMITERS.iter().position(|delimiter| *delimiter == byte) {
            counts[place] += 1;
        }
    }
    if !empty {
        for (tally, count) in tallies.iter_mut().zip(counts) {
            tally.record(count);
        }
    }
    let found = DELIMITERS.iter().zip(tallies).rev().map(|(delimiter, tally)| {
        let usual = tally.most();
        // Words have spaces between them: they part cells only where nothing else does.
        let spaces = *delimiter == b' ';
        ((!spaces, usual, *delimiter == likely), *delimiter)
    });
    let best = found
        .filter(|((_, usual, _), _)| *usual > 0)
        .max_by_key(|(score, _)| *score);
    best.map_or(likely, |(_, delimiter)| delimiter)
}

/// How often each number of delimiters was found in a record.
struct Tally {
    last: u32,
    run: u64,
    known: BTreeMap<u32, u64>,
}

impl Tally {
    const fn new() -> Self {
        Self {
            last: 0,
            run: 0,
            known: BTreeMap::new(),
        }
    }

    fn record(&mut self, count: u32) {
        if count != self.last {
            self.flush();
            self.last = count;
        }
        self.run += 1;
    }

    fn flush(&mut self) {
        if self.run > 0 {
            *self.known.entry(self.last).or_default() += self.run;
            self.run = 0;
        }
    }

    /// How many records have the commonest number above 0.
    fn most(mut self) -> u64 {
        self.flush();
        let above = self.known.iter().filter(|(count, _)| **count > 0);
        above.map(|(_, records)| *records).max().unwrap_or(0)
    }
}

/// The delimiter that Excel's first line names, and the text after that line.
pub(super) fn excel_line(text: &str) -> Option<(u8, &str)> {
    let rest = text.strip_prefix("sep=")?;
    let delimiter = rest.bytes().next().filter(u8::is_ascii)?;
    let rest = rest.get(1..)?;
    let rest = rest
        .strip_prefix("\r\n")
        .or_else(|| rest.strip_prefix(['\n', '\r']))?;
    Some((delimiter, rest))
}

/// The line on which a quoted cell begins that nothing ends, counted from 1.
pub(super) fn unterminated(text: &str, dialect: Dialect) -> Option<usize> {
    let bytes = text.as_bytes();
    if memchr::memchr_iter(dialect.quote, bytes)
        .count()
        .is_multiple_of(2)
    {
        return None;
    }
    let (mut line, mut opened, mut begins, mut at) = (1, None, true, 0);
    while let Some(byte) = bytes.get(at) {
        if opened.is_some() {
            if *byte == dialect.quote {
                if bytes.get(at + 1) == Some(&dialect.quote) {
                    at += 1;
                } else {
                    opened = None;
                }
            }
            begins = false;
        } else if *byte == dialect.quote && begins {
            opened = Some(line);
        } else {
            begins = *byte == dialect.delimiter || *byte == b'\n' || *byte == b'\r';
        }
        line += usize::from(*byte == b'\n');
        at += 1;
    }
    opened
}
