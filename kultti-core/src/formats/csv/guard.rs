//! Texts that a spreadsheet would take for a formula, made harmless and given back.
//!
//! Excel takes a cell of a CSV file that begins with `=`, `+`, `-`, `@`, a tab or a carriage return for a formula. Such a
//! text is written with an apostrophe before it, which Excel takes for the sign of a text. So is what stands after a
//! separator that a reader with another delimiter would cut at, and after a line break. A text that had an apostrophe
//! there already gets one more, so that a reader who takes one away has the exact text again. A lone sign and a plain
//! number are no formulas and stay as they are.

use std::borrow::Cow;

/// Signs that begin a formula, in their wide forms too.
const SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
/// Where some reader of tables begins a cell.
const BREAKS: [char; 5] = [';', ',', '\t', '\r', '\n'];

/// A text as it is written in a table with a delimiter.
///
/// `=1+1` becomes `'=1+1`, `-5` and `-` stay, `'=1` becomes `''=1`, and `a;=1+1` becomes `a;'=1+1` in a table with
/// commas.
pub(super) fn guarded(text: &str, delimiter: u8) -> Cow<'_, str> {
    if !text.contains(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']) || is_harmless(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 1);
    let mut begins = true;
    for (at, symbol) in text.char_indices() {
        if begins && text.get(at..).is_some_and(is_formula) {
            out.push('\'');
        }
        out.push(symbol);
        begins = symbol != char::from(delimiter) && BREAKS.contains(&symbol);
    }
    Cow::Owned(out)
}

/// The text that [`guarded`] was given.
pub(super) fn unguarded<const DELIMITER: u8>(text: &str) -> Cow<'_, str> {
    if !text.contains('\'') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut begins = true;
    for (at, symbol) in text.char_indices() {
        let guard = begins && symbol == '\'' && text.get(at..).is_some_and(is_formula);
        if !guard {
            out.push(symbol);
        }
        begins = symbol != char::from(DELIMITER) && BREAKS.contains(&symbol);
    }
    Cow::Owned(out)
}

/// Whether a formula begins here, after apostrophes and spaces.
fn is_formula(text: &str) -> bool {
    let text = text.trim_start_matches('\'');
    if text.starts_with(['\t', '\r']) {
        return true;
    }
    let is_space = |symbol: char| symbol != '\n' && symbol.is_whitespace() && !BREAKS.contains(&symbol);
    text.trim_start_matches(is_space).starts_with(SIGNS)
}

/// A lone sign, or a plain number.
fn is_harmless(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(SIGNS) else {
        return false;
    };
    let (whole, fraction) = rest.split_once(['.', ',']).unwrap_or((rest, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    rest.is_empty() || text.starts_with(['+', '-']) && digits(whole) && digits(fraction)
}

#[cfg(test)]
mod tests {
    use super::{guarded, unguarded};
    use proptest::prelude::*;

    #[test]
    fn formulas_get_an_apostrophe_and_other_texts_stay() {
        for (text, written) in [
            ("=1+1", "'=1+1"),
            ("+1+1", "'+1+1"),
            ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t'=1"),
            ("\r1", "'\r1"),
            (" =1", "' =1"),
            ("＝1+1", "'＝1+1"),
            ("'=1", "''=1"),
            ("a;=1", "a;'=1"),
            ("a\n-b", "a\n'-b"),
            ("a,-b", "a,-b"),
            ("-", "-"),
            ("-15", "-15"),
            ("+358", "+358"),
            ("-1,5", "-1,5"),
            ("'t Hart", "'t Hart"),
            ("Etelä-Karjala", "Etelä-Karjala"),
            ("a = b", "a = b"),
            ("", ""),
        ] {
            assert_eq!(guarded(text, b','), written, "{text:?}");
            assert_eq!(unguarded::<b','>(written), text, "{written:?}");
        }
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text in "[-'=+@;, \t\r\na1\u{a0}＝]{0,12}") {
            let (comma, semicolon, tab) = (guarded(&text, b','), guarded(&text, b';'), guarded(&text, b'\t'));
            prop_assert_eq!(unguarded::<b','>(&comma).into_owned(), text.clone());
            prop_assert_eq!(unguarded::<b';'>(&semicolon).into_owned(), text.clone());
            prop_assert_eq!(unguarded::<b'\t'>(&tab).into_owned(), text.clone());
        }
    }
}
