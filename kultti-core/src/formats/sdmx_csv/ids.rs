//! Ids as SDMX allows them: of codes, of components, and of the structures that a message belongs to.

use std::collections::HashSet;
use unicode_normalization::UnicodeNormalization;

/// Whether a code may stand in an SDMX code list.
pub(super) fn is_code(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_@$-".contains(&byte))
}

/// Whether a component may have the id: it begins with a letter.
pub(super) fn is_component(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}

/// The nearest code: `äidinkieli (yht.)` becomes `aidinkieli_yht`.
pub(super) fn code(text: &str) -> String {
    if is_code(text) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    // Accents fall off their letters; everything else that is no part of an id separates.
    for symbol in text
        .nfd()
        .filter(|symbol| !('\u{300}'..='\u{36f}').contains(symbol))
    {
        let word = match symbol {
            '+' => "PLUS",
            '%' => "PERCENT",
            _ => "",
        };
        if symbol.is_ascii_alphanumeric() || "_@$-".contains(symbol) {
            out.push(symbol);
            continue;
        }
        if !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
        out.push_str(word);
    }
    let out = out.trim_end_matches('_');
    if out.is_empty() {
        "_".to_owned()
    } else {
        out.to_owned()
    }
}

/// The nearest component id.
pub(super) fn component(text: &str) -> String {
    if is_component(text) {
        return text.to_owned();
    }
    let id: String = code(text).replace(['@', '$'], "_");
    if is_component(&id) { id } else { format!("C{id}") }
}

/// Ids that differ from one another and from `taken`, each the nearest to its text.
pub(super) fn distinct<'a>(
    texts: impl Iterator<Item = &'a str>,
    nearest: fn(&str) -> String,
    taken: &[&str],
) -> Vec<String> {
    let texts: Vec<&str> = texts.collect();
    // A text that is an id already keeps it, whatever stands before it.
    let kept: HashSet<&str> = texts
        .iter()
        .copied()
        .filter(|text| nearest(text) == **text && !taken.contains(text))
        .collect();
    let mut used: HashSet<String> = kept.iter().map(ToString::to_string).collect();
    used.extend(taken.iter().map(ToString::to_string));
    let mut next = std::collections::HashMap::new();
    let mut seen = HashSet::new();
    texts
        .into_iter()
        .map(|text| {
            // The same text twice is two things with one name: only the first has it as its id.
            if seen.insert(text) && kept.contains(text) {
                return text.to_owned();
            }
            let base = nearest(text);
            if used.insert(base.clone()) {
                return base;
            }
            let count = next.entry(base.clone()).or_insert(1usize);
            loop {
                *count += 1;
                let id = format!("{base}_{count}");
                if used.insert(id.clone()) {
                    return id;
                }
            }
        })
        .collect()
}

/// The parts of `AGENCY:ID(VERSION)`; the version may be left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reference {
    /// Who maintains it.
    pub(super) agency: String,
    /// Its id.
    pub(super) id: String,
    /// Its version, `1.0` where none is given.
    pub(super) version: String,
}

impl Reference {
    /// Reads a reference; `None` where it is not one.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (agency, rest) = text.split_once(':')?;
        let (id, version) = match rest.strip_suffix(')').and_then(|rest| rest.split_once('(')) {
            Some((id, version)) => (id, version),
            None => (rest, "1.0"),
        };
        let dotted = |text: &str| text.split('.').all(is_component);
        let versioned = !version.is_empty()
            && version
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".-+*".contains(&byte));
        (dotted(agency) && is_code(id) && versioned).then(|| Self {
            agency: agency.to_owned(),
            id: id.to_owned(),
            version: version.to_owned(),
        })
    }
}

impl Reference {
    /// `AGENCY:ID(VERSION)`.
    pub(super) fn spell(&self) -> String {
        format!("{}:{}({})", self.agency, self.id, self.version)
    }
}

/// A reference without its version: rows of two versions of one dataflow belong together.
pub(super) fn without_version(reference: &str) -> &str {
    match reference.strip_suffix(')').and_then(|rest| rest.rsplit_once('(')) {
        Some((artefact, _)) => artefact,
        None => reference,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_the_nearest_that_sdmx_allows_and_stay_apart() {
        for (text, id) in [
            ("0-17", "0-17"),
            ("65+", "65_PLUS"),
            ("%", "PERCENT"),
            ("0-17 (%)", "0-17_PERCENT"),
            ("äidinkieli (yht.)", "aidinkieli_yht"),
            ("1.1.2020", "1_1_2020"),
            ("", "_"),
            ("…", "_"),
        ] {
            assert_eq!(code(text), id, "{text}");
        }
        assert_eq!(component("2020"), "C2020");
        let ids = distinct(
            ["a.b", "a_b", "a b", "OBS_VALUE"].into_iter(),
            code,
            &["OBS_VALUE"],
        );
        assert_eq!(ids, ["a_b_2", "a_b", "a_b_3", "OBS_VALUE_2"]);
    }

    #[test]
    fn a_reference_is_agency_id_and_version() {
        let parsed = Reference::parse("ESTAT.A:NA_MAIN(1.6.0)").expect("a reference");
        assert_eq!(
            (parsed.agency.as_str(), parsed.version.as_str()),
            ("ESTAT.A", "1.6.0")
        );
        assert_eq!(Reference::parse("A:B").expect("a reference").version, "1.0");
        for text in ["A", "A:B(", "A:B()", ":B(1.0)", "A:B C(1.0)"] {
            assert_eq!(Reference::parse(text), None, "{text}");
        }
        assert_eq!(without_version("A:B(1.0)"), without_version("A:B(1.1)"));
    }
}
