//! Numbers as tables spell them: decimal point or comma, digits in groups, a minus sign from the typesetter's case.

use std::borrow::Cow;

/// How the numbers of a table are spelt where a cell is text.
///
/// Digits may stand in groups of three with a space between them (U+0020, U+00A0, U+2009, U+202F), as Finnish and Swedish
/// tables have them, and U+2212 is a minus sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::formats) struct Numbers {
    /// The decimal mark.
    pub(in crate::formats) decimal: char,
    /// A mark between groups of three digits, beside spaces.
    pub(in crate::formats) group: Option<char>,
}

impl Numbers {
    /// Decimal point.
    pub(in crate::formats) const POINT: Self = Self {
        decimal: '.',
        group: None,
    };
    /// Decimal comma.
    pub(in crate::formats) const COMMA: Self = Self {
        decimal: ',',
        group: None,
    };

    /// The number that a text spells, `None` for any other text.
    pub(in crate::formats) fn parse(self, text: &str) -> Option<f64> {
        if self.decimal == '.' && is_plain(text.as_bytes()) {
            return finite(text);
        }
        let plain = self.plain(text.trim())?;
        is_plain(plain.as_bytes()).then(|| finite(&plain)).flatten()
    }

    /// The number in plain digits with a decimal point.
    fn plain(self, text: &str) -> Option<Cow<'_, str>> {
        let is_group = |symbol: char| is_space(symbol) || self.group == Some(symbol);
        let usual = |symbol: char| symbol != self.decimal && symbol != '\u{2212}' && !is_group(symbol);
        if self.decimal == '.' && text.chars().all(|symbol| usual(symbol) || symbol == '.') {
            return Some(Cow::Borrowed(text));
        }
        let mut plain = String::with_capacity(text.len());
        let mut symbols = text.chars().peekable();
        while let Some(symbol) = symbols.next() {
            match symbol {
                '\u{2212}' => plain.push('-'),
                _ if symbol == self.decimal => plain.push('.'),
                // Any other point or comma would change the number by a thousand without a word.
                '.' | ',' if self.group != Some(symbol) => return None,
                _ if is_group(symbol) => {
                    let rest: String = symbols.clone().collect();
                    let before = plain.ends_with(|digit: char| digit.is_ascii_digit());
                    if !before || plain.contains('.') || !begins_with_group(&rest) {
                        return None;
                    }
                }
                _ => plain.push(symbol),
            }
        }
        Some(Cow::Owned(plain))
    }
}

fn is_space(symbol: char) -> bool {
    matches!(symbol, ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}')
}

/// Three digits and no fourth.
fn begins_with_group(text: &str) -> bool {
    text.bytes().take_while(u8::is_ascii_digit).count() == 3
}

/// Digits with at most one point among them, a sign before and an exponent after: what `f64` reads, without its words.
fn is_plain(text: &[u8]) -> bool {
    let text = text
        .strip_prefix(b"-")
        .or_else(|| text.strip_prefix(b"+"))
        .unwrap_or(text);
    let (mut digits, mut points, mut at) = (0_usize, 0_usize, 0_usize);
    for byte in text {
        match byte {
            b'0'..=b'9' => digits += 1,
            b'.' => points += 1,
            _ => break,
        }
        at += 1;
    }
    if digits == 0 || points > 1 {
        return false;
    }
    let Some(exponent) = text.get(at..).filter(|rest| !rest.is_empty()) else {
        return true;
    };
    let exponent = exponent
        .strip_prefix(b"e")
        .or_else(|| exponent.strip_prefix(b"E"));
    let exponent = exponent.map(|digits| {
        let signless = digits.strip_prefix(b"-").or_else(|| digits.strip_prefix(b"+"));
        signless.unwrap_or(digits)
    });
    exponent.is_some_and(|digits| !digits.is_empty() && digits.iter().all(u8::is_ascii_digit))
}

/// A number that fits a 64-bit float: one that is too large is none rather than infinite.
fn finite(plain: &str) -> Option<f64> {
    plain.parse().ok().filter(|number: &f64| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::Numbers;

    #[test]
    fn numbers_of_finnish_tables_are_read() {
        for (text, value) in [
            ("1234,5", 1234.5),
            ("1 234 567,25", 1_234_567.25),
            ("1\u{a0}234\u{a0}567", 1_234_567.0),
            ("12\u{202f}000", 12_000.0),
            ("\u{2212}3,5", -3.5),
            ("-3,5", -3.5),
            (" 7 ", 7.0),
            ("1e3", 1000.0),
        ] {
            assert_eq!(Numbers::COMMA.parse(text), Some(value), "{text}");
        }
    }

    #[test]
    fn numbers_with_a_point_are_read() {
        let german = Numbers {
            decimal: ',',
            group: Some('.'),
        };
        assert_eq!(Numbers::POINT.parse("12.50"), Some(12.5));
        assert_eq!(Numbers::POINT.parse("\u{2212}1 000.5"), Some(-1000.5));
        assert_eq!(Numbers::POINT.parse("1E-3"), Some(0.001));
        assert_eq!(german.parse("1.234.567,8"), Some(1_234_567.8));
    }

    #[test]
    fn what_is_no_number_stays_text() {
        for text in [
            "", "-", "..", "inf", "nan", "1,5", "1,234", "1e", "12 34", "1 2345", "1.2.3", "0x1f", "5 %",
            "1. 000", "1e400",
        ] {
            assert_eq!(Numbers::POINT.parse(text), None, "{text}");
        }
        // A point where the comma is the decimal mark may be a thousand or a half: nobody says.
        assert_eq!(Numbers::COMMA.parse("1.234"), None);
    }
}
