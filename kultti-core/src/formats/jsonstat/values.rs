//! The figures of a document, read without a tree of them.

use super::source::{Part, Source};
use crate::error::{Error, Result};
use std::borrow::Cow;

/// One figure.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Datum<'a> {
    Null,
    Number(f64),
    Text(Cow<'a, str>),
}

/// Powers of ten that are exact as a 64-bit float.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];

/// Goes through the figures of an array or object, of which serde_json has checked the syntax.
pub(super) struct Figures<'a, 'f> {
    source: Source<'a>,
    field: &'f str,
    text: &'a str,
    at: usize,
    keyed: bool,
}

impl<'a, 'f> Figures<'a, 'f> {
    /// The figures of a part; `None` where it is neither array nor object.
    pub(super) fn of(source: Source<'a>, field: &'f str, part: Part<'a>) -> Option<Self> {
        let text = part.get();
        let keyed = match text.as_bytes().first() {
            Some(b'[') => false,
            Some(b'{') => true,
            _ => return None,
        };
        Some(Self {
            source,
            field,
            text,
            at: 1,
            keyed,
        })
    }

    /// Whether each has its position.
    pub(super) fn keyed(&self) -> bool {
        self.keyed
    }

    /// The next figure of an array.
    pub(super) fn next(&mut self) -> Result<Option<Datum<'a>>> {
        match self.significant() {
            None | Some(b']' | b'}') => Ok(None),
            _ => self.datum().map(Some),
        }
    }

    /// The next position and figure of an object.
    pub(super) fn next_keyed(&mut self) -> Result<Option<(u64, Datum<'a>)>> {
        if self.significant() != Some(b'"') {
            return Ok(None);
        }
        let start = self.at;
        let key = self.string()?;
        let position = Some(&*key)
            .filter(|key| key.bytes().all(|digit| digit.is_ascii_digit()))
            .and_then(|key| key.parse().ok());
        let position = position.ok_or_else(|| self.error(start, "the position of a cell", &key))?;
        self.significant();
        Ok(Some((position, self.datum()?)))
    }

    /// An error at a byte of the part.
    fn error(&self, at: usize, expected: &str, found: &str) -> Error {
        let part = self.text.get(at..).unwrap_or(self.text);
        self.source.error(part, self.field, expected, found)
    }

    /// The next byte that is neither white space nor a separator.
    fn significant(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            match byte {
                b' ' | b'\n' | b'\r' | b'\t' | b',' | b':' => self.at += 1,
                other => return Some(*other),
            }
        }
        None
    }

    fn datum(&mut self) -> Result<Datum<'a>> {
        let start = self.at;
        match self.text.as_bytes().get(start) {
            Some(b'"') => self.string().map(Datum::Text),
            Some(b'n') => {
                self.at += 4;
                Ok(Datum::Null)
            }
            Some(b'-' | b'0'..=b'9') => self.number().map(Datum::Number),
            _ => {
                let found: String = self
                    .text
                    .get(start..)
                    .unwrap_or_default()
                    .chars()
                    .take(20)
                    .collect();
                Err(self.error(start, "a number, a text or null", &found))
            }
        }
    }

    fn number(&mut self) -> Result<f64> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let negative = bytes.get(self.at) == Some(&b'-');
        self.at += usize::from(negative);
        let (mut digits, mut count, mut decimals, mut point) = (0u64, 0, 0usize, false);
        while let Some(byte) = bytes.get(self.at) {
            match byte {
                b'0'..=b'9' => {
                    digits = digits.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
                    count += usize::from(digits != 0);
                    decimals += usize::from(point);
                }
                b'.' => point = true,
                _ => break,
            }
            self.at += 1;
        }
        let plain = !matches!(bytes.get(self.at), Some(b'e' | b'E'));
        // Fifteen digits and a power of ten that is exact: one division rounds once, so the result is the nearest number.
        if let Some(power) = POWERS.get(decimals).filter(|_| plain && count <= 15) {
            let number = digits as f64 / power;
            return Ok(if negative { -number } else { number });
        }
        let more = |byte: &&u8| matches!(byte, b'0'..=b'9' | b'e' | b'E' | b'+' | b'-');
        self.at += bytes
            .get(self.at..)
            .unwrap_or_default()
            .iter()
            .take_while(more)
            .count();
        let text = self.text.get(start..self.at).unwrap_or_default();
        let number = text.parse().ok().filter(|number: &f64| number.is_finite());
        number.ok_or_else(|| self.error(start, "a number of up to 1.8e308", text))
    }

    fn string(&mut self) -> Result<Cow<'a, str>> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let mut escaped = false;
        self.at += 1;
        while let Some(byte) = bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'"' => break,
                b'\\' => {
                    escaped = true;
                    self.at += 1;
                }
                _ => {}
            }
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        if !escaped {
            let inner = text.get(1..text.len().saturating_sub(1)).unwrap_or_default();
            return Ok(Cow::Borrowed(inner));
        }
        let whole = serde_json::from_str(text);
        whole
            .map(Cow::Owned)
            .map_err(|_| self.error(start, "a text", text))
    }
}

/// The statuses of a document: distinct texts, and which cells have which.
#[derive(Default)]
pub(super) struct Statuses {
    pub(super) texts: Vec<String>,
    pub(super) of: StatusOf,
}

/// Which cells have which status.
#[derive(Default)]
pub(super) enum StatusOf {
    /// None has one.
    #[default]
    None,
    /// All have the same.
    All,
    /// One for each position, `u32::MAX` where there is none.
    Each(Vec<u32>),
    /// Ascending positions.
    Some(Vec<(u64, u32)>),
}

/// No status.
pub(super) const NONE: u32 = u32::MAX;

impl Statuses {
    /// Reads `status`: a text for all, an array or an object.
    ///
    /// # Errors
    /// [`Error::MalformedFile`] for anything else, and for a position that comes twice.
    pub(super) fn read<'a>(source: Source<'a>, field: &str, part: Part<'a>) -> Result<Self> {
        let mut statuses = Self::default();
        if part.get() == "null" {
            return Ok(statuses);
        }
        let Some(mut figures) = Figures::of(source, field, part) else {
            statuses.texts.push(source.value(part, field)?);
            statuses.of = StatusOf::All;
            return Ok(statuses);
        };
        let mut known = std::collections::HashMap::new();
        let mut number = |datum: Datum<'a>| {
            let text = match datum {
                Datum::Null => return NONE,
                Datum::Number(number) => Cow::Owned(number.to_string()),
                Datum::Text(text) => text,
            };
            *known.entry(text).or_insert_with_key(|text| {
                statuses.texts.push(text.clone().into_owned());
                u32::try_from(statuses.texts.len() - 1).unwrap_or(NONE)
            })
        };
        if figures.keyed() {
            let mut some = Vec::new();
            while let Some((position, datum)) = figures.next_keyed()? {
                some.push((position, number(datum)));
            }
            ascending(source, field, part, &mut some, |(position, _)| *position)?;
            some.retain(|(_, status)| *status != NONE);
            statuses.of = StatusOf::Some(some);
        } else {
            let mut each = Vec::new();
            while let Some(datum) = figures.next()? {
                each.push(number(datum));
            }
            statuses.of = StatusOf::Each(each);
        }
        Ok(statuses)
    }
}

/// Sorts by position, and refuses one that comes twice.
pub(super) fn ascending<T>(
    source: Source,
    field: &str,
    part: Part,
    list: &mut [T],
    position: impl Fn(&T) -> u64,
) -> Result<()> {
    if !list.is_sorted_by_key(&position) {
        list.sort_by_key(&position);
    }
    let twice = list.windows(2).find_map(|pair| match pair {
        [left, right] if position(left) == position(right) => Some(position(left)),
        _ => None,
    });
    match twice {
        None => Ok(()),
        Some(twice) => Err(source.error(
            part.get(),
            field,
            "each position once",
            &format!("\"{twice}\" twice"),
        )),
    }
}
