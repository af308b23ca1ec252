//! Numbers and what stands in their place in the cells of measures.

/// What a cell of a measure looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A whole number without leading zeros.
    Whole,
    /// A whole number with leading zeros, which looks like a code.
    Padded,
    /// A number with a decimal point or an exponent.
    Point,
    /// A number with a decimal comma.
    Comma,
    /// `NaN`, `#N/A`: no number on purpose.
    Missing,
    /// Anything else.
    Text,
}

/// What a cell looks like.
pub(super) fn kind(text: &str) -> Kind {
    if is_missing(text) {
        return Kind::Missing;
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (digits, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    let only_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if exponent.is_empty() || !only_digits(exponent) {
        return Kind::Text;
    }
    let mark = digits.find([',', '.']);
    let (whole, fraction) = match mark.and_then(|mark| digits.split_at_checked(mark)) {
        Some((whole, fraction)) => (whole, fraction.get(1..).unwrap_or_default()),
        None => (digits, ""),
    };
    if whole.len() + fraction.len() == 0 || !only_digits(whole) || !only_digits(fraction) {
        return Kind::Text;
    }
    match mark {
        Some(_) if digits.contains(',') => Kind::Comma,
        Some(_) => Kind::Point,
        None if unsigned.len() != digits.len() => Kind::Point,
        None if whole.len() > 1 && whole.starts_with('0') => Kind::Padded,
        None => Kind::Whole,
    }
}

/// Whether a cell says that there is no value, as version 2.1 spells it.
pub(super) fn is_missing(text: &str) -> bool {
    text == "NaN" || text == "#N/A"
}

/// The number of a cell; `None` where it is not a finite one.
pub(super) fn parse(text: &str, comma: bool) -> Option<f64> {
    let number: f64 = match kind(text) {
        Kind::Whole | Kind::Padded => text.parse(),
        Kind::Point if !comma => text.parse(),
        Kind::Comma if comma => text.replace(',', ".").parse(),
        _ => return None,
    }
    .ok()?;
    number.is_finite().then_some(number)
}

/// The shortest spelling that reads as the same number; large and tiny ones with an exponent.
pub(super) fn spell(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-5..1e16).contains(&size) {
        return format!("{value:e}");
    }
    format!("{value}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_told_apart() {
        for (text, expected, value) in [
            ("12", Kind::Whole, Some(12.0)),
            ("-0", Kind::Whole, Some(0.0)),
            ("091", Kind::Padded, Some(91.0)),
            ("12.5", Kind::Point, Some(12.5)),
            (".5", Kind::Point, Some(0.5)),
            ("1e3", Kind::Point, Some(1000.0)),
            ("1E-2", Kind::Point, Some(0.01)),
            ("1e999", Kind::Point, None),
            ("12,5", Kind::Comma, None),
            ("1,234,5", Kind::Text, None),
            ("NaN", Kind::Missing, None),
            ("#N/A", Kind::Missing, None),
            ("inf", Kind::Text, None),
            ("2014-01", Kind::Text, None),
            ("1e", Kind::Text, None),
            ("-", Kind::Text, None),
            (".", Kind::Text, None),
            ("", Kind::Text, None),
        ] {
            assert_eq!((kind(text), parse(text, false)), (expected, value), "{text:?}");
        }
        assert_eq!(parse("-12,5", true), Some(-12.5));
        assert_eq!(parse("12.5", true), None);
    }

    #[test]
    fn spellings_read_as_the_same_number() {
        for value in [0.1 + 0.2, 1e300, -5e-324, 123_456_789_012_345.0, 0.0, -2.5] {
            assert_eq!(spell(value).parse::<f64>(), Ok(value));
        }
        assert_eq!(spell(12.40), "12.4");
    }
}
