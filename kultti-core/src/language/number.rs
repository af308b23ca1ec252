//! Numbers as readers of Finnish, Swedish and English expect them; rounding happens here and nowhere earlier.

use super::Language;

const NO_BREAK_SPACE: char = '\u{a0}';
const MINUS: char = '\u{2212}';

/// Rounds for presentation: to 15 significant digits, then half away from zero to `decimals`, as decimal digits.
///
/// Fifteen significant digits are what a binary double holds for certain, so 0.285 (stored as 0.28499999999999998) is
/// rounded as the 0.285 that was meant. Negative zero becomes zero.
///
/// ```
/// use kultti_core::language::round_for_display;
/// assert_eq!(round_for_display(0.285, 2), "0.29");
/// assert_eq!(round_for_display(-2.5, 0), "-3");
/// assert_eq!(round_for_display(-0.001, 2), "0.00");
/// assert_eq!(round_for_display(999.999, 1), "1000.0");
/// ```
pub fn round_for_display(value: f64, decimals: usize) -> String {
    let scientific = format!("{:.14e}", value.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let digits: Vec<u8> = mantissa
        .bytes()
        .filter(u8::is_ascii_digit)
        .map(|digit| digit - b'0')
        .collect();
    // digits[i] stands for 10^(exponent - i); keep everything down to 10^-decimals.
    let kept = exponent + 1 + i32::try_from(decimals).unwrap_or(0);
    let mut rounded: Vec<u8> = vec![0];
    for position in 0..kept.max(0) {
        rounded.push(
            usize::try_from(position)
                .ok()
                .and_then(|index| digits.get(index))
                .copied()
                .unwrap_or(0),
        );
    }
    let next = usize::try_from(kept)
        .ok()
        .and_then(|index| digits.get(index))
        .copied()
        .unwrap_or(0);
    if next >= 5 {
        let mut position = rounded.len();
        while position > 0 {
            position -= 1;
            if rounded[position] == 9 {
                rounded[position] = 0;
            } else {
                rounded[position] += 1;
                break;
            }
        }
    }
    while rounded.len() <= decimals {
        rounded.insert(0, 0);
    }
    let point = rounded.len() - decimals;
    let text: String = rounded.iter().map(|digit| char::from(b'0' + digit)).collect();
    let whole = text[..point].trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let sign = if value < 0.0 && rounded.iter().any(|digit| *digit != 0) {
        "-"
    } else {
        ""
    };
    if decimals == 0 {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{}", &text[point..])
    }
}

/// A calculation for a reader: every plain number in it is grouped and pointed as the language does, and stars and hyphens
/// that calculate are the signs that people write. Names with letters or underscores are left as they are.
///
/// ```
/// use kultti_core::language::{Language, format_within};
/// assert_eq!(format_within("1000 * (2861000 - 0.5) / 47681", Language::Fi),
///     "1\u{a0}000 · (2\u{a0}861\u{a0}000 − 0,5) / 47\u{a0}681");
/// assert_eq!(format_within("area_2.count + -2000", Language::Sv), "area_2.count + −2\u{a0}000");
/// ```
pub fn format_within(text: &str, language: Language) -> String {
    let word = |word: &str| {
        let bare = word.trim_matches(['(', ')', ',', ';']);
        let number = bare.parse().ok().filter(|number: &f64| number.is_finite());
        let plain = bare
            .chars()
            .all(|char| char.is_ascii_digit() || char == '.' || char == '-');
        match (bare, number.filter(|_| plain)) {
            ("*", _) => word.replace('*', "·"),
            ("-", _) => word.replace('-', "\u{2212}"),
            (_, Some(number)) => {
                let decimals = bare.split_once('.').map_or(0, |(_, decimals)| decimals.len());
                word.replace(bare, &format_number(number, decimals, language))
            }
            _ => word.to_owned(),
        }
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// A number for a reader: decimal comma and no-break space in Finnish and Swedish, point and comma in English; the minus
/// is U+2212 in all three.
///
/// ```
/// use kultti_core::language::{Language, format_number};
/// assert_eq!(format_number(-1234567.891, 2, Language::Fi), "\u{2212}1\u{a0}234\u{a0}567,89");
/// assert_eq!(format_number(1234.5, 1, Language::En), "1,234.5");
/// ```
pub fn format_number(value: f64, decimals: usize, language: Language) -> String {
    let plain = round_for_display(value, decimals);
    let (sign, magnitude) = plain
        .strip_prefix('-')
        .map_or(("", plain.as_str()), |rest| ("-", rest));
    let (whole, fraction) = magnitude.split_once('.').unwrap_or((magnitude, ""));
    let (group, point) = match language {
        Language::Fi | Language::Sv => (NO_BREAK_SPACE, ','),
        Language::En => (',', '.'),
    };
    let mut out = String::new();
    if !sign.is_empty() {
        out.push(MINUS);
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            out.push(group);
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push(point);
        out.push_str(fraction);
    }
    out
}

/// A number with its sign, for differences: `+` before a positive one, nothing before zero.
///
/// ```
/// use kultti_core::language::{Language, format_signed};
/// assert_eq!(format_signed(3.0, 1, Language::Sv), "+3,0");
/// assert_eq!(format_signed(0.04, 1, Language::En), "0.0");
/// ```
pub fn format_signed(value: f64, decimals: usize, language: Language) -> String {
    let text = format_number(value, decimals, language);
    let is_zero = text
        .chars()
        .all(|symbol| !symbol.is_ascii_digit() || symbol == '0');
    if value > 0.0 && !is_zero {
        format!("+{text}")
    } else {
        text
    }
}

/// A fraction as per cent, with a no-break space before the sign.
///
/// ```
/// use kultti_core::language::{Language, format_percent};
/// assert_eq!(format_percent(0.125, 1, Language::Fi), "12,5\u{a0}%");
/// ```
pub fn format_percent(fraction: f64, decimals: usize, language: Language) -> String {
    format!(
        "{}{NO_BREAK_SPACE}%",
        format_number(fraction * 100.0, decimals, language)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_is_half_away_from_zero_on_what_was_meant() {
        // 1.005 is stored as 1.00499999999999989…; at 15 significant digits it is 1.00500000000000, so it rounds up.
        for (value, decimals, expected) in [
            (1.005, 2, "1.01"),
            (-1.005, 2, "-1.01"),
            (2.5, 0, "3"),
            (0.5, 0, "1"),
            (0.4, 0, "0"),
            (0.05, 1, "0.1"),
            (0.0049, 2, "0.00"),
            (9.995, 2, "10.00"),
            (123_456_789_012.0, 0, "123456789012"),
            (0.0, 3, "0.000"),
            (-0.0, 1, "0.0"),
            (1e-9, 2, "0.00"),
        ] {
            assert_eq!(
                round_for_display(value, decimals),
                expected,
                "{value} to {decimals} decimals"
            );
        }
    }

    #[test]
    fn groups_of_three_from_the_right() {
        assert_eq!(format_number(1_000.0, 0, Language::En), "1,000");
        assert_eq!(format_number(999.0, 0, Language::En), "999");
        assert_eq!(
            format_number(12_345_678.0, 0, Language::Sv),
            "12\u{a0}345\u{a0}678"
        );
    }
}
