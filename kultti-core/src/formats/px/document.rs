//! A PX file as what it is: keywords in their order, each with its language, subkeys and values. What the keywords mean is
//! no matter here, so every one of them is kept.

use super::encoding::Codepage;
use super::error::{Cause, Place, PxError, PxResult};

/// One keyword of the file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub(super) keyword: String,
    pub(super) language: Option<String>,
    pub(super) subkeys: Vec<String>,
    pub(super) values: Vec<Value>,
    pub(super) place: Place,
}

/// One value of a keyword.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// A text in quotes; several quoted lines in a row are one text.
    Text(String),
    /// A word or number without quotes: `YES`, `0`, `VALUES`.
    Word(String),
    /// `"1994"-"1996"`.
    Range(String, String),
    /// `"parent":"child"`.
    Pair(String, String),
    /// `TLIST(A1)` or `TLIST(A1,"1994"-"1996")`: the scale and what stands beside it.
    TimeList(String, Vec<Value>),
}

impl Value {
    /// The text or word.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Word(text) => Some(text),
            _ => None,
        }
    }
}

impl Entry {
    /// The first value, where it is a text or a word.
    pub(super) fn text(&self) -> Option<&str> {
        self.values.first().and_then(Value::text)
    }

    /// All values that are texts or words.
    pub(super) fn texts(&self) -> Vec<&str> {
        self.values.iter().filter_map(Value::text).collect()
    }

    /// The keyword as the file writes it, with subkeys, as messages name it.
    pub(super) fn name(&self) -> String {
        if self.subkeys.is_empty() {
            return self.keyword.clone();
        }
        format!("{}(\"{}\")", self.keyword, self.subkeys.join("\",\""))
    }

    /// A mistake in this keyword.
    pub(super) fn wrong(&self, cause: Cause) -> PxError {
        PxError::new(self.place, self.name(), cause)
    }
}

/// Where the figures begin: the byte after `DATA=`, when the bytes begin at the start of a keyword. `None` where there is
/// no DATA in them. Quotes toggle, so a semicolon in a text ends nothing.
#[derive(Debug, Default)]
pub(super) struct DataFinder {
    at: usize,
    begin: usize,
    quoted: bool,
}

impl DataFinder {
    /// Looks on from where it stopped, in the same bytes with more at their end.
    pub(super) fn find(&mut self, bytes: &[u8]) -> Option<usize> {
        loop {
            let rest = bytes.get(self.at..)?;
            if self.quoted {
                let Some(quote) = memchr::memchr(b'"', rest) else {
                    self.at = bytes.len();
                    return None;
                };
                self.at += quote + 1;
                self.quoted = false;
                continue;
            }
            let Some(next) = memchr::memchr3(b'"', b';', b'=', rest) else {
                self.at = bytes.len();
                return None;
            };
            let here = self.at + next;
            self.at = here + 1;
            match bytes.get(here) {
                Some(b'"') => self.quoted = true,
                Some(b';') => self.begin = here + 1,
                _ => {
                    let keyword = bytes.get(self.begin..here).unwrap_or_default();
                    let keyword = keyword.strip_prefix(b"\xef\xbb\xbf").unwrap_or(keyword);
                    if keyword.trim_ascii().eq_ignore_ascii_case(b"DATA") {
                        return Some(here + 1);
                    }
                }
            }
        }
    }
}

/// Cuts the part of a file before its figures into keywords.
pub(super) struct Lexer<'a> {
    bytes: &'a [u8],
    at: usize,
    codepage: Codepage,
    /// A place already worked out, and its byte.
    known: (usize, Place),
    keyword: String,
}

impl<'a> Lexer<'a> {
    /// `bytes` ends before DATA.
    pub(super) fn new(bytes: &'a [u8], codepage: Codepage) -> Self {
        Self {
            bytes,
            at: 0,
            codepage,
            known: (0, Place::default()),
            keyword: String::new(),
        }
    }

    /// Every keyword up to the end.
    pub(super) fn entries(mut self) -> PxResult<Vec<Entry>> {
        let mut entries = Vec::new();
        loop {
            self.keyword.clear();
            self.skip_space();
            // A semicolon too many is no keyword.
            if self.peek() == Some(b';') {
                self.at += 1;
                continue;
            }
            if self.peek().is_none() {
                return Ok(entries);
            }
            entries.push(self.entry()?);
        }
    }

    fn entry(&mut self) -> PxResult<Entry> {
        let place = self.place(self.at);
        let begin = self.at;
        while self
            .peek()
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        {
            self.at += 1;
        }
        let keyword = self.decode(begin, self.at).trim().to_ascii_uppercase();
        if keyword.is_empty() {
            return Err(self.expected("A-Z"));
        }
        self.keyword.clone_from(&keyword);
        self.skip_space();
        let mut entry = Entry {
            keyword,
            language: None,
            subkeys: Vec::new(),
            values: Vec::new(),
            place,
        };
        if self.peek() == Some(b'[') {
            self.at += 1;
            let begin = self.at;
            let rest = self.bytes.get(begin..).unwrap_or_default();
            let Some(end) = memchr::memchr2(b']', b'\n', rest).filter(|end| rest.get(*end) == Some(&b']'))
            else {
                return Err(self.error(begin - 1, Cause::Unterminated));
            };
            let language = self.decode(begin, begin + end);
            entry.language = Some(language.trim().trim_matches('"').to_owned());
            self.at = begin + end + 1;
            self.skip_space();
        }
        if self.peek() == Some(b'(') {
            entry.subkeys = self.subkeys()?;
        }
        self.take(b'=')?;
        entry.values = self.values()?;
        Ok(entry)
    }

    fn subkeys(&mut self) -> PxResult<Vec<String>> {
        let open = self.at;
        self.at += 1;
        let mut subkeys = Vec::new();
        loop {
            self.skip_space();
            match self.peek() {
                Some(b'"') => subkeys.push(self.text()?),
                Some(b',' | b')') | None => {}
                Some(_) => subkeys.push(self.word(|byte| matches!(byte, b',' | b')' | b'"' | b'=' | b';'))),
            }
            self.skip_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b')') => {
                    self.at += 1;
                    self.skip_space();
                    return Ok(subkeys);
                }
                None => return Err(self.error(open, Cause::Unterminated)),
                Some(_) => return Err(self.expected(", )")),
            }
        }
    }

    /// The values up to the semicolon.
    fn values(&mut self) -> PxResult<Vec<Value>> {
        let mut values = Vec::new();
        loop {
            self.skip_space();
            match self.peek() {
                Some(b';') | None => return self.end(values),
                Some(b'"') => values.push(self.quoted_value()?),
                Some(_) => {
                    let word = self.word(|byte| matches!(byte, b',' | b';' | b'"' | b'('));
                    if self.peek() == Some(b'(') && word.eq_ignore_ascii_case("TLIST") {
                        values.push(self.time_list()?);
                    } else {
                        let rest = self.word(|byte| matches!(byte, b',' | b';' | b'"'));
                        values.push(Value::Word(word + &rest));
                    }
                }
            }
            self.skip_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b';') | None => return self.end(values),
                Some(_) => return Err(self.expected(", ;")),
            }
        }
    }

    fn end(&mut self, values: Vec<Value>) -> PxResult<Vec<Value>> {
        self.take(b';')?;
        Ok(values)
    }

    /// A text, a range or a pair.
    fn quoted_value(&mut self) -> PxResult<Value> {
        let first = self.text()?;
        self.skip_space();
        let kind = match self.peek() {
            Some(b'-') => Value::Range,
            Some(b':') => Value::Pair,
            _ => return Ok(Value::Text(first)),
        };
        self.at += 1;
        self.skip_space();
        if self.peek() != Some(b'"') {
            return Err(self.expected("\""));
        }
        Ok(kind(first, self.text()?))
    }

    /// `(A1)` or `(A1,"1994"-"1996")`, after `TLIST`.
    fn time_list(&mut self) -> PxResult<Value> {
        let open = self.at;
        self.at += 1;
        self.skip_space();
        let scale = self.word(|byte| matches!(byte, b',' | b')' | b';' | b'"'));
        let mut inside = Vec::new();
        loop {
            self.skip_space();
            match self.peek() {
                Some(b')') => {
                    self.at += 1;
                    return Ok(Value::TimeList(scale, inside));
                }
                Some(b',') => self.at += 1,
                Some(b'"') => inside.push(self.quoted_value()?),
                None => return Err(self.error(open, Cause::Unterminated)),
                Some(_) => return Err(self.expected(", )")),
            }
        }
    }

    /// One or more quoted parts in a row.
    fn text(&mut self) -> PxResult<String> {
        let mut bytes: Vec<u8> = Vec::new();
        loop {
            let open = self.at;
            let rest = self.bytes.get(open + 1..).unwrap_or_default();
            let Some(length) = memchr::memchr(b'"', rest) else {
                return Err(self.error(open, Cause::Unterminated));
            };
            bytes.extend_from_slice(rest.get(..length).unwrap_or_default());
            self.at = open + 1 + length + 1;
            let end = self.at;
            self.skip_space();
            if self.peek() != Some(b'"') {
                self.at = end;
                return Ok(self.codepage.decode(&bytes).into_owned());
            }
        }
    }

    /// What stands without quotes, up to a byte that ends it, without the space around it.
    fn word(&mut self, ends: impl Fn(u8) -> bool) -> String {
        let begin = self.at;
        while self.peek().is_some_and(|byte| !ends(byte)) {
            self.at += 1;
        }
        self.decode(begin, self.at).trim().to_owned()
    }

    fn decode(&self, begin: usize, end: usize) -> String {
        self.codepage
            .decode(self.bytes.get(begin..end).unwrap_or_default())
            .into_owned()
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while self
            .peek()
            .is_some_and(|byte| byte.is_ascii_whitespace() || matches!(byte, 0 | 0x1a))
        {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> PxResult<()> {
        if self.peek() != Some(byte) {
            return Err(self.expected(&char::from(byte).to_string()));
        }
        self.at += 1;
        Ok(())
    }

    /// The place of a byte; they are asked for in ascending order but for mistakes.
    fn place(&mut self, at: usize) -> Place {
        let (known_at, known) = if at < self.known.0 {
            (0, Place::default())
        } else {
            self.known
        };
        let place = known.after(self.bytes.get(known_at..at).unwrap_or_default());
        self.known = (at, place);
        place
    }

    fn error(&mut self, at: usize, cause: Cause) -> PxError {
        PxError::new(self.place(at), self.keyword.clone(), cause)
    }

    fn expected(&mut self, expected: &str) -> PxError {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len()).min(40);
        let found: String = self.decode(self.at, self.at + length).chars().take(20).collect();
        let cause = Cause::Expected {
            expected: expected.to_owned(),
            found: found.trim_end().to_owned(),
        };
        self.error(self.at, cause)
    }
}
