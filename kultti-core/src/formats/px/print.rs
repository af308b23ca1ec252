//! Keywords and figures as the bytes of a PX file.

use super::document::{Entry, Value};
use super::encoding::Codepage;
use super::error::{Cause, Outside, Place, PxError, PxResult};

/// The longest line of a keyword, in characters.
const LINE: usize = 256;

/// Writes keywords: one to a line, lists broken after commas, long texts in several quoted lines.
pub(super) struct Printer {
    codepage: Codepage,
    pub(super) bytes: Vec<u8>,
    /// Characters of the line so far.
    column: usize,
}

impl Printer {
    pub(super) fn new(codepage: Codepage) -> Self {
        Self {
            codepage,
            bytes: Vec::new(),
            column: 0,
        }
    }

    pub(super) fn entry(&mut self, entry: &Entry) -> PxResult<()> {
        let mut head = entry.keyword.clone();
        if let Some(language) = &entry.language {
            head.push_str(&format!("[{language}]"));
        }
        if !entry.subkeys.is_empty() {
            head.push_str(&format!("(\"{}\")", entry.subkeys.join("\",\"")));
        }
        head.push('=');
        self.put(entry, &head)?;
        let mut values = entry.values.iter().peekable();
        while let Some(value) = values.next() {
            self.value(entry, value)?;
            if values.peek().is_some() {
                self.put(entry, ",")?;
            }
        }
        self.put(entry, ";")?;
        self.end_line();
        Ok(())
    }

    fn value(&mut self, entry: &Entry, value: &Value) -> PxResult<()> {
        match value {
            Value::Text(text) => self.text(entry, text),
            Value::Word(word) => self.whole(entry, word),
            Value::Range(from, to) => self.whole(entry, &format!("\"{from}\"-\"{to}\"")),
            Value::Pair(parent, child) => self.whole(entry, &format!("\"{parent}\":\"{child}\"")),
            Value::TimeList(scale, inside) => {
                let inside: Vec<String> = inside
                    .iter()
                    .map(|value| match value {
                        Value::Text(text) => format!("\"{text}\""),
                        Value::Range(from, to) => format!("\"{from}\"-\"{to}\""),
                        _ => String::new(),
                    })
                    .collect();
                let rest = if inside.is_empty() {
                    String::new()
                } else {
                    format!(",{}", inside.join(","))
                };
                self.whole(entry, &format!("TLIST({scale}{rest})"))
            }
        }
    }

    /// Something that is not broken; it begins a line where it does not fit on this one.
    fn whole(&mut self, entry: &Entry, text: &str) -> PxResult<()> {
        if self.column > 0 && self.column + text.chars().count() + 1 > LINE {
            self.end_line();
        }
        self.put(entry, text)
    }

    /// A text in quotes. One that fits on a line of its own stands there; a longer one fills this line and the next ones.
    fn text(&mut self, entry: &Entry, text: &str) -> PxResult<()> {
        let length = text.chars().count();
        if length + 3 <= LINE {
            return self.whole(entry, &format!("\"{text}\""));
        }
        let mut rest = text;
        while !rest.is_empty() {
            let room = (LINE - 3).saturating_sub(self.column);
            if room < 20 {
                self.end_line();
                continue;
            }
            let cut = rest.char_indices().nth(room).map_or(rest.len(), |(at, _)| at);
            let (line, after) = rest.split_at(cut);
            self.put(entry, &format!("\"{line}\""))?;
            if !after.is_empty() {
                self.end_line();
            }
            rest = after;
        }
        Ok(())
    }

    fn end_line(&mut self) {
        self.bytes.push(b'\n');
        self.column = 0;
    }

    fn put(&mut self, entry: &Entry, text: &str) -> PxResult<()> {
        let bytes = self.codepage.encode(text).map_err(|character| {
            let cause = Outside::Unencodable {
                encoding: self.codepage.name().to_owned(),
                character,
                text: text.trim_matches('"').to_owned(),
            };
            PxError::new(Place::default(), entry.name(), Cause::Outside(cause))
        })?;
        self.bytes.extend_from_slice(&bytes);
        self.column += text.chars().count();
        Ok(())
    }
}

/// Writes a number so that it reads back as the same double: as few decimals as do, never an exponent.
pub(super) fn number(out: &mut Vec<u8>, value: f64) {
    // Fifteen digits are exact in a double, and so is the power of ten: see the reader.
    const MOST: f64 = 1e15;
    let (negative, size) = (value.is_sign_negative(), value.abs());
    let mut power = 1.0;
    for decimals in 0..=6 {
        let scaled = size * power + 0.5;
        if scaled >= MOST {
            break;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a number from 0 to 10^15; to a whole number the processor goes faster than to a rounded double"
        )]
        let whole = scaled as u64;
        #[expect(clippy::cast_precision_loss, reason = "at most 15 digits")]
        if whole as f64 / power == size {
            digits(out, negative, whole, decimals);
            return;
        }
        power *= 10.0;
    }
    out.extend_from_slice(value.to_string().as_bytes());
}

/// A whole number below 10¹⁵ with a point before its last `decimals` digits.
#[inline]
fn digits(out: &mut Vec<u8>, negative: bool, mut rest: u64, decimals: usize) {
    let mut text = [b'0'; 24];
    let mut at = text.len();
    let mut put = |byte: u8| {
        at -= 1;
        if let Some(place) = text.get_mut(at) {
            *place = byte;
        }
    };
    let mut digit = || {
        let digit = b'0' + (rest % 10) as u8;
        rest /= 10;
        (digit, rest > 0)
    };
    if decimals > 0 {
        for _ in 0..decimals {
            put(digit().0);
        }
        put(b'.');
    }
    loop {
        let (digit, more) = digit();
        put(digit);
        if !more {
            break;
        }
    }
    if negative {
        put(b'-');
    }
    out.extend_from_slice(text.get(at..).unwrap_or_default());
}
