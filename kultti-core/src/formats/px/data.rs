//! The figures of a PX file, from bytes: all at once or piece by piece.

use super::error::{Cause, Place, PxError, PxResult};

/// What stands in place of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Symbol<'a> {
    /// One to seven dots.
    Dots(u8),
    /// `-`: nothing, an exact zero.
    Nil,
    /// Anything else in quotes; the format has no such cell.
    Other(&'a [u8]),
}

/// Takes the cells in the order of the file.
pub(super) trait Sink {
    /// A number.
    fn number(&mut self, value: f64);
    /// A whole number of more digits than a double holds, as it stands in the file. [`Sink::number`] follows.
    fn inexact(&mut self, token: &[u8]);
    /// Something else.
    fn symbol(&mut self, symbol: Symbol<'_>);
    /// A row of a file with KEYS begins.
    fn row(&mut self, keys: &[&[u8]]) -> Result<(), Cause>;
}

/// How many figures there must be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    /// How many keys each row begins with; 0 in a file without KEYS.
    pub(super) keys: usize,
    /// How many figures a row has.
    pub(super) row: u64,
    /// How many figures the table has.
    pub(super) cells: u64,
}

/// Reads figures. It may be given the part after DATA in pieces; a piece begins with what was left of the one before.
#[derive(Debug)]
pub(super) struct DataParser {
    shape: Shape,
    /// Figures read.
    pub(super) done: u64,
    /// Figures that the row still lacks, in a file with KEYS.
    left: u64,
    /// Whether a semicolon was the last thing, and where the last token stood at the very end.
    closed: bool,
    touches_end: bool,
    place: Place,
}

const POWERS: [f64; 16] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
];

const fn is_separator(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t' | b',' | b';')
}

impl DataParser {
    /// `place` is where the figures begin.
    pub(super) fn new(shape: Shape, place: Place) -> Self {
        Self {
            shape,
            done: 0,
            left: 0,
            closed: false,
            touches_end: false,
            place,
        }
    }

    /// Reads from `bytes` until `limit` figures are done or the bytes are used up; returns how many bytes it used. Without
    /// `last` it leaves a token at the end, of which more may come.
    pub(super) fn parse(
        &mut self,
        bytes: &[u8],
        limit: u64,
        last: bool,
        sink: &mut impl Sink,
    ) -> PxResult<usize> {
        let mut at = 0;
        while let Some(byte) = bytes.get(at).copied() {
            if byte == b' ' || byte == b'\n' {
                at += 1;
                continue;
            }
            if self.done >= limit && !is_separator(byte) {
                break;
            }
            let rest = bytes.get(at..).unwrap_or_default();
            if let Some((value, length)) = number_in_word(rest).or_else(|| short_number(rest))
                && self.may_follow()
            {
                self.count();
                sink.number(value);
                at += length;
                continue;
            }
            let Some(next) = self.token(bytes, at, last, sink)? else {
                break;
            };
            at = next;
        }
        self.place = self.place.after(bytes.get(..at).unwrap_or_default());
        Ok(at)
    }

    #[inline]
    fn may_follow(&self) -> bool {
        if self.shape.keys == 0 {
            self.done < self.shape.cells
        } else {
            self.left > 0
        }
    }

    #[inline]
    fn count(&mut self) {
        self.done += 1;
        self.left = self.left.saturating_sub(1);
        self.closed = false;
    }

    /// Anything but a short number; where the next token may begin, or `None` where more bytes are needed.
    fn token(
        &mut self,
        bytes: &[u8],
        at: usize,
        last: bool,
        sink: &mut impl Sink,
    ) -> PxResult<Option<usize>> {
        let byte = bytes.get(at).copied().unwrap_or_default();
        if is_separator(byte) || matches!(byte, 0 | 0x1a) {
            self.closed = byte == b';' || (self.closed && byte != b',');
            return Ok(Some(at + 1));
        }
        if self.shape.keys > 0 && self.left == 0 {
            return self.begin_row(bytes, at, last, sink);
        }
        if !self.may_follow() {
            let cause = Cause::Cells {
                expected: self.shape.cells.to_string(),
                found: format!("> {}", self.shape.cells),
            };
            return Err(self.error(bytes, at, cause));
        }
        let (token, end, quoted) = match self.cut(bytes, at, last)? {
            Some(cut) => cut,
            None => return Ok(None),
        };
        let symbol = match token {
            b"-" => Some(Symbol::Nil),
            dots if !dots.is_empty() && dots.len() <= 7 && dots.iter().all(|byte| *byte == b'.') => {
                Some(Symbol::Dots(u8::try_from(dots.len()).unwrap_or(7)))
            }
            other if quoted => Some(Symbol::Other(other)),
            _ => None,
        };
        if let Some(symbol) = symbol {
            self.count();
            sink.symbol(symbol);
            return Ok(Some(end));
        }
        let Some((value, exact)) = long_number(token) else {
            let cause = Cause::Expected {
                expected: "0-9 \".\" \"-\"".to_owned(),
                found: String::from_utf8_lossy(token.get(..40).unwrap_or(token)).into_owned(),
            };
            return Err(self.error(bytes, at, cause));
        };
        self.count();
        if !exact {
            sink.inexact(token);
        }
        sink.number(value);
        Ok(Some(end))
    }

    /// The token at `at` without its quotes, and where it ends; `None` where more bytes are needed.
    fn cut<'a>(
        &mut self,
        bytes: &'a [u8],
        at: usize,
        last: bool,
    ) -> PxResult<Option<(&'a [u8], usize, bool)>> {
        let rest = bytes.get(at..).unwrap_or_default();
        if let Some(text) = rest.strip_prefix(b"\"") {
            return match memchr::memchr(b'"', text) {
                Some(length) => Ok(Some((
                    text.get(..length).unwrap_or_default(),
                    at + length + 2,
                    true,
                ))),
                None if last => Err(self.error(bytes, at, Cause::Unterminated)),
                None => Ok(None),
            };
        }
        let length = rest
            .iter()
            .position(|byte| is_separator(*byte) || matches!(byte, b'"' | 0 | 0x1a));
        match length {
            None if !last => Ok(None),
            None => {
                self.touches_end = true;
                Ok(Some((rest, bytes.len(), false)))
            }
            Some(length) => Ok(Some((rest.get(..length).unwrap_or_default(), at + length, false))),
        }
    }

    /// The quoted keys of a row.
    fn begin_row(
        &mut self,
        bytes: &[u8],
        at: usize,
        last: bool,
        sink: &mut impl Sink,
    ) -> PxResult<Option<usize>> {
        let mut keys: Vec<&[u8]> = Vec::new();
        let mut end = at;
        while keys.len() < self.shape.keys {
            while bytes.get(end).is_some_and(|byte| is_separator(*byte)) {
                end += 1;
            }
            let rest = bytes.get(end..).unwrap_or_default();
            let Some(text) = rest.strip_prefix(b"\"") else {
                if rest.is_empty() && !last {
                    return Ok(None);
                }
                let cause = Cause::Expected {
                    expected: "\"".to_owned(),
                    found: String::from_utf8_lossy(rest.get(..20).unwrap_or(rest)).into_owned(),
                };
                return Err(self.error(bytes, end, cause));
            };
            let Some(length) = memchr::memchr(b'"', text) else {
                return if last {
                    Err(self.error(bytes, end, Cause::Unterminated))
                } else {
                    Ok(None)
                };
            };
            keys.push(text.get(..length).unwrap_or_default());
            end += length + 2;
        }
        sink.row(&keys).map_err(|cause| self.error(bytes, at, cause))?;
        self.left = self.shape.row;
        self.closed = false;
        Ok(Some(end))
    }

    /// Checks that nothing is lacking at the end. True when the semicolon is there; a file without it that has every
    /// figure, the last of them followed by space, was hardly cut.
    pub(super) fn finish(&self) -> PxResult<bool> {
        if self.shape.keys == 0 && self.done < self.shape.cells {
            let cause = Cause::Cells {
                expected: self.shape.cells.to_string(),
                found: self.done.to_string(),
            };
            return Err(self.error(&[], 0, cause));
        }
        if self.left > 0 {
            let cause = Cause::Cells {
                expected: self.shape.row.to_string(),
                found: (self.shape.row - self.left).to_string(),
            };
            return Err(self.error(&[], 0, cause));
        }
        if !self.closed && (self.shape.keys > 0 || self.touches_end) {
            let cause = Cause::Expected {
                expected: ";".to_owned(),
                found: String::new(),
            };
            return Err(self.error(&[], 0, cause));
        }
        Ok(self.closed)
    }

    fn error(&self, bytes: &[u8], at: usize, cause: Cause) -> PxError {
        PxError::new(
            self.place.after(bytes.get(..at).unwrap_or_default()),
            "DATA",
            cause,
        )
    }
}

/// The same byte in each place of a word.
const fn eight(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// A number of at most seven characters, the most frequent sort by far: read from one word of eight bytes, without a branch
/// for each digit, because a processor cannot foretell how long the next number is.
#[inline]
fn number_in_word(bytes: &[u8]) -> Option<(f64, usize)> {
    let word = u64::from_le_bytes(*bytes.first_chunk()?);
    if word & 0xff == u64::from(b'-') {
        // What follows the word is not known, so it ends with no space.
        let (value, length) = digits_in_word(word >> 8 | u64::from(b'-') << 56)?;
        return Some((-value, length + 1));
    }
    digits_in_word(word)
}

/// Digits with at most one point among them, from the lowest byte of a word to the first byte that is a space or less.
#[inline]
fn digits_in_word(word: u64) -> Option<(f64, usize)> {
    // Subtraction sets the highest bit of each byte below `!`; a borrow can only touch bytes after the first of them.
    let ends = word.wrapping_sub(eight(b'!')) & !word & eight(0x80);
    let bits = ends.trailing_zeros() & !7;
    if ends == 0 || bits == 0 {
        return None;
    }
    let token = word & ((1 << bits) - 1);
    let others = token ^ eight(b'.');
    let points = others.wrapping_sub(eight(1)) & !others & eight(0x80);
    let digits = (token ^ eight(b'0')) & ((1 << bits) - 1);
    let (digits, places, decimals) = if points == 0 {
        (digits, bits, 0)
    } else {
        let whole = points.trailing_zeros() & !7;
        let before = digits & ((1 << whole) - 1);
        (
            (digits >> 8 >> whole << whole) | before,
            bits - 8,
            bits - 8 - whole,
        )
    };
    if places == decimals {
        return None;
    }
    // The first digit is the highest: those that are lacking before it become zeros.
    let digits = digits << (64 - places);
    let above_nine = (digits | digits.wrapping_add(eight(6))) & eight(0xf0);
    if above_nine != 0 {
        return None;
    }
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8);
    let odd = (pairs & 0x0000_00ff_0000_00ff).wrapping_mul(0x000f_4240_0000_0064);
    let even = (pairs >> 16 & 0x0000_00ff_0000_00ff).wrapping_mul(0x0000_2710_0000_0001);
    #[expect(clippy::cast_precision_loss, reason = "at most seven digits")]
    let value = (odd.wrapping_add(even) >> 32) as f64 / POWERS.get(decimals as usize / 8)?;
    Some((value, bits as usize / 8))
}

/// A number of at most 15 digits without exponent that a separator follows, and its length. Fifteen digits and a power of
/// ten up to 10¹⁵ are doubles without any rounding, so one division gives the double nearest to the decimal number.
#[inline]
fn short_number(bytes: &[u8]) -> Option<(f64, usize)> {
    let negative = bytes.first() == Some(&b'-');
    let begin = usize::from(negative);
    let mut at = begin;
    let mut digits = 0u64;
    while let Some(digit) = digit(bytes, at) {
        digits = digits.wrapping_mul(10).wrapping_add(digit);
        at += 1;
    }
    let whole = at - begin;
    let mut decimals = 0;
    if bytes.get(at) == Some(&b'.') {
        at += 1;
        let point = at;
        while let Some(digit) = digit(bytes, at) {
            digits = digits.wrapping_mul(10).wrapping_add(digit);
            at += 1;
        }
        decimals = at - point;
    }
    let known = whole > 0 && whole + decimals <= 15 && bytes.get(at).is_some_and(|byte| is_separator(*byte));
    if !known {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "at most 15 digits")]
    let value = digits as f64 / POWERS.get(decimals)?;
    Some((if negative { -value } else { value }, at))
}

#[inline]
fn digit(bytes: &[u8], at: usize) -> Option<u64> {
    let digit = bytes.get(at)?.wrapping_sub(b'0');
    (digit < 10).then_some(u64::from(digit))
}

/// Any number of the format, and whether the double is it exactly where it is a whole number.
fn long_number(token: &[u8]) -> Option<(f64, bool)> {
    let text = std::str::from_utf8(token).ok()?;
    let of_number = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E');
    if !text.bytes().all(of_number) {
        return None;
    }
    let value: f64 = text.parse().ok().filter(|value: &f64| value.is_finite())?;
    let digits = text.trim_start_matches(['+', '-']).trim_start_matches('0');
    let whole = digits.bytes().all(|byte| byte.is_ascii_digit());
    let exact = !whole || digits.len() <= 15 || format!("{:.0}", value.abs()) == digits;
    Some((value, exact))
}
