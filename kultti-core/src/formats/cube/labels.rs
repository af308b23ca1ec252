//! A text in the languages of a file.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A text by language code (`fi`, `sv`, `en` … as the file spells it); empty where the file has none.
///
/// A file of one language that does not name it uses the code `""`.
///
/// ```
/// use kultti_core::formats::Labels;
/// let mut area = Labels::new("fi", "Kokkola");
/// area.set("sv", "Karleby");
/// assert_eq!(area.get("sv"), Some("Karleby"));
/// assert_eq!(area.get("en"), None);
/// // A reader of English sees the first language of the list that has the text.
/// assert_eq!(area.in_order(&["en", "fi"]), Some("Kokkola"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Labels(BTreeMap<String, String>);

impl Labels {
    /// A text in one language.
    pub fn new(language: &str, text: impl Into<String>) -> Self {
        Self(BTreeMap::from([(language.to_owned(), text.into())]))
    }

    /// Sets the text of a language.
    pub fn set(&mut self, language: &str, text: impl Into<String>) {
        self.0.insert(language.to_owned(), text.into());
    }

    /// The text of a language.
    pub fn get(&self, language: &str) -> Option<&str> {
        self.0.get(language).map(String::as_str)
    }

    /// The text of the first of these languages that has one; else that of any language.
    pub fn in_order<S: AsRef<str>>(&self, languages: &[S]) -> Option<&str> {
        let first = languages.iter().find_map(|language| self.get(language.as_ref()));
        first.or_else(|| self.0.values().next().map(String::as_str))
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Languages with their texts, by language code.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(language, text)| (language.as_str(), text.as_str()))
    }

    /// The text in the languages kept; one that has none of them keeps its first.
    #[must_use]
    pub fn only<S: AsRef<str>>(&self, languages: &[S]) -> Self {
        let kept = |language: &str| languages.iter().any(|one| one.as_ref() == language);
        let texts: BTreeMap<_, _> = self.0.iter().filter(|(language, _)| kept(language)).collect();
        if texts.is_empty() {
            return Self(self.0.iter().take(1).map(owned).collect());
        }
        Self(texts.into_iter().map(owned).collect())
    }
}

fn owned((language, text): (&String, &String)) -> (String, String) {
    (language.clone(), text.clone())
}
