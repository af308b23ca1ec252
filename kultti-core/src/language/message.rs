//! Messages: a stable code, named parameters, and texts in three languages from one file that is compiled in.

use super::{Language, Text, format_number};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

const MESSAGES: &str = include_str!("messages.toml");

#[derive(Deserialize)]
struct Texts {
    fi: String,
    sv: String,
    en: String,
}

/// A message of the file, parsed when it is first shown: a command shows a few of them.
struct Entry {
    section: &'static str,
    texts: OnceLock<Option<Texts>>,
}

impl Entry {
    fn texts(&self) -> Option<&Texts> {
        // The file is part of the program: a test parses it, so a mistake in it never leaves the house.
        self.texts
            .get_or_init(|| toml::from_str(self.section).ok())
            .as_ref()
    }
}

fn entries() -> &'static BTreeMap<&'static str, Entry> {
    static ENTRIES: OnceLock<BTreeMap<&'static str, Entry>> = OnceLock::new();
    ENTRIES.get_or_init(|| sections().collect())
}

/// The codes with the lines below them. No line of a text begins with a bracket.
fn sections() -> impl Iterator<Item = (&'static str, Entry)> {
    MESSAGES.split("\n[").skip(1).filter_map(|section| {
        let (code, section) = section.split_once("]\n")?;
        let code = code.trim_matches('"');
        let texts = OnceLock::new();
        Some((code, Entry { section, texts }))
    })
}

/// Every code that has texts, in order.
pub fn all_codes() -> impl Iterator<Item = &'static str> {
    entries().keys().copied()
}

/// A fixed word or heading of the interface, such as `word.region`; the code itself where there is no text.
///
/// ```
/// use kultti_core::language::{Language, word};
/// assert_eq!(word("word.covered", Language::En), "covered");
/// ```
pub fn word(code: &str, language: Language) -> &str {
    entries()
        .get(code)
        .and_then(Entry::texts)
        .map_or(code, |text| match language {
            Language::Fi => &text.fi,
            Language::Sv => &text.sv,
            Language::En => &text.en,
        })
}

/// A value inside a message; it is written in the reader's language.
#[derive(Debug, Clone, PartialEq)]
pub enum Param {
    /// Text that is the same in every language: an id, a path, a code.
    Plain(String),
    /// A text with translations: a name or label.
    Text(Text),
    /// The code of another message, written in its place.
    Word(String),
    /// Another message with parameters of its own, written in its place.
    Message(Message),
    /// A number and how many decimals it is shown with.
    Number(f64, usize),
    /// Several values, separated by commas.
    List(Vec<Param>),
}

impl Param {
    /// The parameter in `language`.
    pub fn render(&self, language: Language) -> String {
        match self {
            Self::Plain(text) => text.clone(),
            Self::Text(text) => text.get(language).to_owned(),
            Self::Word(code) => word(code, language).to_owned(),
            Self::Message(message) => message.render(language),
            Self::Number(value, decimals) => format_number(*value, *decimals, language),
            Self::List(items) => items
                .iter()
                .map(|item| item.render(language))
                .collect::<Vec<_>>()
                .join(", "),
        }
    }
}

impl From<&str> for Param {
    fn from(text: &str) -> Self {
        Self::Plain(text.to_owned())
    }
}

impl From<&Message> for Param {
    fn from(message: &Message) -> Self {
        Self::Message(message.clone())
    }
}

impl From<&String> for Param {
    fn from(text: &String) -> Self {
        Self::Plain(text.clone())
    }
}

impl From<String> for Param {
    fn from(text: String) -> Self {
        Self::Plain(text)
    }
}

impl From<&Text> for Param {
    fn from(text: &Text) -> Self {
        Self::Text(text.clone())
    }
}

impl From<usize> for Param {
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    fn from(count: usize) -> Self {
        Self::Number(count as f64, 0)
    }
}

impl From<&usize> for Param {
    /// A place in a file: a line or column is never grouped, so that an editor can jump to it.
    fn from(place: &usize) -> Self {
        Self::Plain(place.to_string())
    }
}

impl From<&Vec<String>> for Param {
    fn from(items: &Vec<String>) -> Self {
        Self::List(items.iter().map(Self::from).collect())
    }
}

/// A stable code with named parameters, rendered at the edge in the reader's language.
///
/// In a template `{name}` is replaced by the parameter; a part in `[[ ]]` is left out when a parameter inside it is
/// empty, so that a suggestion is only offered when there is one.
///
/// ```
/// use kultti_core::language::{Language, Message};
/// let message = Message::new("note.direction-none").with("indicator", "x");
/// assert!(message.render(Language::En).contains("not"));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    code: &'static str,
    params: Vec<(&'static str, Param)>,
}

impl Message {
    /// A message without parameters.
    pub fn new(code: &'static str) -> Self {
        Self {
            code,
            params: Vec::new(),
        }
    }

    /// Adds a named parameter.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Param>) -> Self {
        self.params.push((name, value.into()));
        self
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The parameters, in the order they were given.
    pub fn params(&self) -> &[(&'static str, Param)] {
        &self.params
    }

    /// The sentence in `language`.
    pub fn render(&self, language: Language) -> String {
        let mut out = String::new();
        let mut rest = word(self.code, language);
        while let Some((before, after)) = rest.split_once("[[") {
            let (optional, following) = after.split_once("]]").unwrap_or((after, ""));
            self.fill(before, language, &mut out);
            let mut part = String::new();
            if self.fill(optional, language, &mut part) {
                out.push_str(&part);
            }
            rest = following;
        }
        self.fill(rest, language, &mut out);
        out
    }

    /// Writes `template` with its parameters; false if one of them was empty.
    fn fill(&self, template: &str, language: Language, out: &mut String) -> bool {
        let mut complete = true;
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let (name, following) = after.split_once('}').unwrap_or((after, ""));
            let value = self
                .params
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value.render(language));
            complete &= value.as_ref().is_some_and(|value| !value.is_empty());
            out.push_str(&value.unwrap_or_default());
            rest = following;
        }
        out.push_str(rest);
        complete
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_has_three_texts_with_the_same_parameters() {
        let parsed: BTreeMap<String, Texts> = toml::from_str(MESSAGES).expect("messages.toml is valid");
        assert!(parsed.len() > 50);
        assert!(
            all_codes().eq(parsed.keys().map(String::as_str)),
            "a section was cut wrongly"
        );
        for (code, texts) in &parsed {
            for (language, text) in [
                (Language::Fi, &texts.fi),
                (Language::Sv, &texts.sv),
                (Language::En, &texts.en),
            ] {
                assert_eq!(word(code, language), text, "{code}");
            }
            let names = |text: &str| {
                let mut names: Vec<String> = text
                    .split('{')
                    .skip(1)
                    .filter_map(|part| part.split_once('}').map(|(name, _)| name.to_owned()))
                    .collect();
                names.sort();
                names
            };
            for text in [&texts.fi, &texts.sv, &texts.en] {
                assert!(!text.trim().is_empty(), "{code} has an empty text");
            }
            assert_eq!(
                names(&texts.fi),
                names(&texts.en),
                "{code}: Finnish and English parameters differ"
            );
            assert_eq!(
                names(&texts.sv),
                names(&texts.en),
                "{code}: Swedish and English parameters differ"
            );
        }
    }

    #[test]
    fn an_optional_part_vanishes_with_its_parameter() {
        let message = Message::new("K0401")
            .with("area", "Kokola")
            .with("near", &Vec::new());
        assert!(!message.render(Language::En).contains("mean"));
        let message = Message::new("K0401")
            .with("area", "Kokola")
            .with("near", &vec!["Kokkola (272)".to_owned()]);
        assert!(
            message
                .render(Language::En)
                .ends_with("Did you mean Kokkola (272)?")
        );
    }
}
