//! Forgiving search: names without case and diacritics, and near matches for what was mistyped.

use unicode_normalization::UnicodeNormalization;

/// A text without case, diacritics and outer blanks, for comparing what was typed with what exists.
///
/// ```
/// use kultti_core::language::fold;
/// assert_eq!(fold(" Äänekoski"), "aanekoski");
/// ```
pub fn fold(text: &str) -> String {
    let text = text.trim();
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfd()
        .filter(|symbol| !unicode_normalization::char::is_combining_mark(*symbol))
        .flat_map(char::to_lowercase)
        .collect()
}

/// The candidates most like `query`, best first, at most `limit`.
///
/// A candidate is near when its folded text contains the query, or when their Jaro–Winkler similarity is at least 0.8;
/// equal similarity keeps the order of the candidates.
///
/// ```
/// use kultti_core::language::near_matches;
/// let names = ["Kokkola", "Kolari", "Helsinki"];
/// assert_eq!(near_matches("kokola", names, 2), ["Kokkola", "Kolari"]);
/// ```
pub fn near_matches<'a>(
    query: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    limit: usize,
) -> Vec<&'a str> {
    let query = fold(query);
    let mut scored: Vec<(f64, &str)> = candidates
        .into_iter()
        .filter_map(|candidate| {
            let folded = fold(candidate);
            let contains = query.len() > 2 && folded.contains(&query);
            let similarity = strsim::jaro_winkler(&query, &folded);
            let score = if contains { 1.0 + similarity } else { similarity };
            (score >= 0.8).then_some((score, candidate))
        })
        .collect();
    scored.sort_by(|left, right| right.0.total_cmp(&left.0));
    scored.dedup_by(|left, right| left.1 == right.1);
    scored
        .into_iter()
        .take(limit)
        .map(|(_, candidate)| candidate)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_ascii_are_folded_like_all_others() {
        // The same word with a letter that is no ASCII behind it takes the long way.
        for text in ["Kokkola", " KOKKOLA\t", "", "i1512", "a B-c\u{b}"] {
            let long = format!("{}é", text.trim());
            assert_eq!(format!("{}e", fold(text)), fold(&long), "{text:?}");
        }
    }
}
