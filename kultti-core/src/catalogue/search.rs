//! Finding an indicator by what a person types: words of ids, names, definitions and synonyms in any language, typing errors
//! forgiven.

use super::{Catalogue, IndicatorDeclaration};
use crate::language::{Language, fold, near_matches};
use std::collections::HashMap;

/// What near words are worth in sum before a search that lost a word shows anything: a word in one of three indicators.
const LEAST_WORTH: f64 = 1.1;

impl Catalogue {
    /// Indicators whose id, name, definition or synonym in any language holds every word of `query`. Those whose name begins
    /// with the first word stand first, then those whose name holds every word, then the others; among equals the
    /// catalogue's order holds.
    ///
    /// Where no indicator holds them all, words like them are looked for, rare ones and those in names before others, and of
    /// several words one that is like nothing may be lost.
    ///
    /// ```
    /// use kultti_core::catalogue::Catalogue;
    /// let catalogue = Catalogue::from_toml("culture.toml", kultti_datasets::CULTURE)?;
    /// let found = catalogue.search("kirjasto");
    /// assert!(found[0].id.as_str().starts_with("library."));
    /// assert!(found.iter().any(|indicator| indicator.id.as_str() == "library.loans_per_inhabitant"));
    /// let forgiven = catalogue.search("biblotek");
    /// assert!(forgiven[0].id.as_str().starts_with("library."));
    /// assert!(catalogue.search("per xyzzy").is_empty());
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn search(&self, query: &str) -> Vec<&IndicatorDeclaration> {
        let words: Vec<String> = fold(query).split_whitespace().map(str::to_owned).collect();
        let entries: Vec<Entry> = self.indicators().map(Entry::new).collect();
        let mut exact: Vec<&IndicatorDeclaration> = entries
            .iter()
            .filter(|entry| words.iter().all(|word| entry.text.contains(word.as_str())))
            .map(|entry| entry.indicator)
            .collect();
        if !exact.is_empty() {
            exact.sort_by_key(|indicator| distance_from_name(indicator, &words));
            return exact;
        }
        forgiving(&entries, &words)
    }
}

/// An indicator with the texts that are searched.
struct Entry<'a> {
    indicator: &'a IndicatorDeclaration,
    /// Everything.
    text: String,
    /// The id and the names.
    names: Vec<String>,
}

impl<'a> Entry<'a> {
    fn new(indicator: &'a IndicatorDeclaration) -> Self {
        let labels = Language::ALL.map(|language| fold(indicator.label.get(language)));
        let mut names = vec![fold(indicator.id.as_str())];
        names.extend(labels);
        Self {
            indicator,
            text: haystack(indicator),
            names,
        }
    }
}

/// How well an entry answers each word: 0 not at all, 1 somewhere, 2 in a name, 3 at the beginning of a name.
fn levels<'t>(
    entry: &'t Entry,
    words: &'t [String],
    compared: &mut HashMap<(&'t str, &'t str), bool>,
) -> Vec<f64> {
    let mut like = |text: &'t str, word: &'t str| text.contains(word) || holds_near(text, word, compared);
    let mut level = |word: &'t str| {
        let first = |name: &'t String| name.split(|letter: char| !letter.is_alphanumeric()).next();
        if entry
            .names
            .iter()
            .filter_map(first)
            .any(|start| like(start, word))
        {
            3.0
        } else if entry.names.iter().any(|name| like(name, word)) {
            2.0
        } else if like(&entry.text, word) {
            1.0
        } else {
            0.0
        }
    };
    words.iter().map(|word| level(word)).collect()
}

/// Those that are like the most words, the rare words counting for more.
fn forgiving<'a>(entries: &[Entry<'a>], words: &[String]) -> Vec<&'a IndicatorDeclaration> {
    let mut compared = HashMap::new();
    let found: Vec<Vec<f64>> = entries
        .iter()
        .map(|entry| levels(entry, words, &mut compared))
        .collect();
    let matched = |levels: &Vec<f64>| levels.iter().filter(|level| **level > 0.0).count();
    let most = found.iter().map(matched).max().unwrap_or(0);
    // One word may be lost, if something of weight is left.
    if most == 0 || most + 1 < words.len() {
        return Vec::new();
    }
    let worth: Vec<f64> = (0..words.len()).map(|word| rarity(&found, word)).collect();
    let weighed = |levels: &Vec<f64>| -> f64 {
        let each = levels.iter().zip(&worth);
        each.map(|(level, worth)| level * worth).sum()
    };
    let of_matched = |levels: &Vec<f64>| -> f64 {
        let each = levels.iter().zip(&worth).filter(|(level, _)| **level > 0.0);
        each.map(|(_, worth)| *worth).sum()
    };
    let enough = |levels: &Vec<f64>| most == words.len() || of_matched(levels) >= LEAST_WORTH;
    let mut best: Vec<(f64, &'a IndicatorDeclaration)> = entries
        .iter()
        .zip(&found)
        .filter(|(_, levels)| matched(levels) == most && enough(levels))
        .map(|(entry, levels)| (weighed(levels), entry.indicator))
        .collect();
    best.sort_by(|left, right| right.0.total_cmp(&left.0));
    best.into_iter().map(|(_, indicator)| indicator).collect()
}

/// The logarithm of how many indicators there are for each one that is like a word; a little more than 0 for a word in all.
#[expect(clippy::cast_precision_loss, reason = "indicators are far fewer than 2^53")]
fn rarity(found: &[Vec<f64>], word: usize) -> f64 {
    let like = found.iter().filter(|levels| levels[word] > 0.0).count();
    ((found.len() + 1) as f64 / like.max(1) as f64).ln()
}

/// Whether some word of a text is near another. Texts share most of their words: `compared` holds what each came to.
fn holds_near<'t>(text: &'t str, word: &'t str, compared: &mut HashMap<(&'t str, &'t str), bool>) -> bool {
    let mut tokens = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|token| token.len() > 2);
    tokens.any(|token| {
        let near = || !near_matches(word, [token], 1).is_empty();
        *compared.entry((word, token)).or_insert_with(near)
    })
}

/// 0 where the name in some language begins with the first word, 1 where it holds every word, 2 otherwise.
fn distance_from_name(indicator: &IndicatorDeclaration, words: &[String]) -> u8 {
    let names = Language::ALL.map(|language| fold(indicator.label.get(language)));
    let begins = |name: &String| words.first().is_some_and(|word| name.starts_with(word.as_str()));
    let holds = |name: &String| words.iter().all(|word| name.contains(word.as_str()));
    if names.iter().any(begins) {
        0
    } else if names.iter().any(holds) {
        1
    } else {
        2
    }
}

fn haystack(indicator: &IndicatorDeclaration) -> String {
    let mut text = fold(indicator.id.as_str());
    for language in Language::ALL {
        for part in [indicator.label.get(language), indicator.definition.get(language)] {
            text.push(' ');
            text.push_str(&fold(part));
        }
    }
    for synonym in indicator.synonyms.iter() {
        text.push(' ');
        text.push_str(&fold(synonym));
    }
    text
}
