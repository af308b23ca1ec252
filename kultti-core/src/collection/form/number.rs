//! Numbers as people write them into a form. What could mean two numbers is never guessed.

/// What a text says where a number is asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Spelt {
    /// A number.
    Number(f64),
    /// Either of two: `1,500` is one and a half, or one thousand five hundred.
    Either(f64, f64),
    /// A lone hyphen or dash: zero, or nothing.
    Dash,
    /// Per cent where none are asked.
    Percent,
    /// More digits than a figure has.
    TooLarge,
    /// Something else.
    Other,
}

/// Whole numbers beyond this are not exact (2^53).
pub(super) const LARGEST: f64 = 9_007_199_254_740_992.0;

/// Reads a number.
///
/// Digits may stand in groups of three with spaces of any kind; the decimal mark is a comma or a point; the minus may be a
/// dash of the typesetter. Two different marks, or one that repeats, say by themselves which of them groups digits
/// (`1.500,50`, `1,500,000`). One mark before exactly three digits does not (`1,500`), unless nothing but zero stands before
/// it or spaces group already. One of `units` may stand behind the number, and `%` where per cent are asked. A leading
/// apostrophe, which makes a spreadsheet keep a text, is passed over.
pub(super) fn read(text: &str, units: &[&str], percent: bool) -> Spelt {
    let text = text.trim();
    let text = text.strip_prefix('\'').unwrap_or(text).trim();
    if matches!(
        text,
        "-" | "\u{2010}" | "\u{2011}" | "\u{2012}" | "–" | "—" | "\u{2212}"
    ) {
        return Spelt::Dash;
    }
    let (text, in_percent) = match text.strip_suffix('%') {
        Some(rest) => (rest.trim_end(), true),
        None => (without_unit(text, units), false),
    };
    let (negative, body) = match text.strip_prefix(['-', '\u{2212}', '–']) {
        Some(rest) => (true, rest.trim_start()),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let signed = |value: f64| if negative { -value } else { value };
    let spelt = match plain(body) {
        Some(Plain::One(digits)) => value(&digits).map_or(Spelt::Other, |value| Spelt::Number(signed(value))),
        Some(Plain::Two(decimal, grouped)) => match (value(&decimal), value(&grouped)) {
            (Some(left), Some(right)) => Spelt::Either(signed(left), signed(right)),
            _ => Spelt::Other,
        },
        None => Spelt::Other,
    };
    match spelt {
        Spelt::Number(value) if value.abs() >= LARGEST => Spelt::TooLarge,
        Spelt::Number(_) | Spelt::Either(..) if in_percent && !percent => Spelt::Percent,
        spelt => spelt,
    }
}

/// Digits with a decimal point, or the two that they may be.
enum Plain {
    One(String),
    Two(String, String),
}

fn value(digits: &str) -> Option<f64> {
    digits.parse().ok().filter(|value: &f64| value.is_finite())
}

/// The text without the unit behind it.
fn without_unit<'t>(text: &'t str, units: &[&str]) -> &'t str {
    let lower = text.to_lowercase();
    let behind = |unit: &&&str| !unit.is_empty() && lower.ends_with(&unit.to_lowercase());
    let unit = units.iter().filter(behind).max_by_key(|unit| unit.len());
    let rest = unit.and_then(|unit| text.get(..text.len().checked_sub(unit.len())?));
    rest.map(str::trim_end)
        .filter(|rest| rest.ends_with(|digit: char| digit.is_ascii_digit()))
        .unwrap_or(text)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit())
}

/// Groups of three digits, the first of one to three.
fn are_groups<'a>(mut groups: impl Iterator<Item = &'a str>) -> bool {
    let first = groups
        .next()
        .is_some_and(|first| is_digits(first) && first.len() <= 3);
    first && groups.all(|group| is_digits(group) && group.len() == 3)
}

fn plain(text: &str) -> Option<Plain> {
    let is_mark = |symbol: char| symbol == '.' || symbol == ',';
    if text.contains(char::is_whitespace) {
        // Spaces group, so that a mark can only be the decimal one.
        let (whole, fraction) = match text.split_once(is_mark) {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (text, None),
        };
        let whole_is = !whole.ends_with(char::is_whitespace) && are_groups(whole.split(char::is_whitespace));
        if !whole_is || fraction.is_some_and(|fraction| !is_digits(fraction)) {
            return None;
        }
        let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
        return Some(Plain::One(with_fraction(&digits, fraction)));
    }
    let marks: Vec<char> = text.chars().filter(|symbol| is_mark(*symbol)).collect();
    match marks.as_slice() {
        [] => is_digits(text).then(|| Plain::One(text.to_owned())),
        [_] => {
            let (whole, fraction) = text.split_once(is_mark)?;
            if !is_digits(whole) || !is_digits(fraction) {
                return None;
            }
            let decimal = with_fraction(whole, Some(fraction));
            let grouped = fraction.len() == 3 && whole.len() <= 3 && !whole.starts_with('0');
            Some(if grouped {
                Plain::Two(decimal, format!("{whole}{fraction}"))
            } else {
                Plain::One(decimal)
            })
        }
        [first, .., last] if first != last => {
            let (whole, fraction) = text.rsplit_once(*last)?;
            let groups = are_groups(whole.split(*first));
            let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
            (groups && is_digits(fraction)).then(|| Plain::One(with_fraction(&digits, Some(fraction))))
        }
        [first, ..] => {
            let groups = are_groups(text.split(*first));
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            groups.then_some(Plain::One(digits))
        }
    }
}

fn with_fraction(whole: &str, fraction: Option<&str>) -> String {
    fraction.map_or_else(|| whole.to_owned(), |fraction| format!("{whole}.{fraction}"))
}

#[cfg(test)]
mod tests {
    use super::{Spelt, read};
    use proptest::prelude::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, expected) in [
            ("1500", 1500.0),
            ("1 500,0", 1500.0),
            ("1\u{a0}500", 1500.0),
            ("1\u{202f}234\u{2009}567,89", 1_234_567.89),
            ("'1500", 1500.0),
            ("  1500,5 ", 1500.5),
            ("1500.5", 1500.5),
            ("0,125", 0.125),
            ("0.125", 0.125),
            ("1.500,50", 1500.5),
            ("1,500.50", 1500.5),
            ("1.500.000", 1_500_000.0),
            ("1,500,000", 1_500_000.0),
            ("1 500,500", 1500.5),
            ("1500,500", 1500.5),
            ("-12", -12.0),
            ("\u{2212}12", -12.0),
            ("–12", -12.0),
            ("+12", 12.0),
            ("1 500 €", 1500.0),
            ("1500€", 1500.0),
            ("1500 EUR", 1500.0),
            ("0", 0.0),
            ("007", 7.0),
        ] {
            assert_eq!(
                read(text, &["€", "EUR"], false),
                Spelt::Number(expected),
                "{text:?}"
            );
        }
    }

    #[test]
    fn what_may_be_two_numbers_is_not_guessed() {
        assert_eq!(read("1,500", &[], false), Spelt::Either(1.5, 1500.0));
        assert_eq!(read("-12.345", &[], false), Spelt::Either(-12.345, -12_345.0));
    }

    #[test]
    fn other_texts_are_no_numbers() {
        for text in [
            "",
            "1 50",
            "15 00",
            "1  500",
            "1,5,0",
            "1.50.000",
            "1,500,00",
            "1.5e3",
            "1e6",
            "inf",
            "NaN",
            "0x10",
            "1500 t€",
            "1,5 M€",
            "(500)",
            "noin 500",
            "500-600",
            "1'500",
            "١٢",
            "１２",
            ",5",
            "5,",
            "--5",
            "1 500 ,5",
            "€",
            "1_000",
        ] {
            assert_eq!(read(text, &["€", "EUR"], false), Spelt::Other, "{text:?}");
        }
        for text in ["-", "–", "—", " - "] {
            assert_eq!(read(text, &[], false), Spelt::Dash, "{text:?}");
        }
        assert_eq!(read("12,5 %", &[], false), Spelt::Percent);
        assert_eq!(read("12,5 %", &[], true), Spelt::Number(12.5));
        assert_eq!(read("99999999999999999999", &[], false), Spelt::TooLarge);
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(text in "\\PC{0,24}") {
            let _ = read(&text, &["€", "EUR", "lainaa"], true);
        }

        /// The numbers that Kultti shows are read back, in every language.
        #[test]
        fn what_kultti_writes_is_read(value in -1e12_f64..1e12, decimals in 0_usize..3) {
            use crate::language::{Language, format_number, round_for_display};
            let meant: f64 = round_for_display(value, decimals).parse().unwrap();
            for language in Language::ALL {
                let text = format_number(value, decimals, language);
                match read(&text, &[], false) {
                    Spelt::Number(found) => prop_assert_eq!(found, meant),
                    // One comma before three digits: English thousands.
                    Spelt::Either(_, grouped) => prop_assert_eq!(grouped, meant),
                    other => prop_assert!(false, "{text}: {other:?}"),
                }
            }
        }
    }
}
