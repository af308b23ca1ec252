//! The three languages of Kultti: messages, numbers, sorting and searching of names.
//!
//! A message is a stable code with named parameters; its texts stand in `messages.toml`, which is compiled in. Nothing
//! here knows what a municipality is.

mod collation;
mod message;
mod number;
mod search;

pub use collation::compare_names;
pub use message::{Message, Param, all_codes, word};
pub use number::{format_number, format_percent, format_signed, format_within, round_for_display};
pub use search::{fold, near_matches};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::sync::Arc;

/// A language that Kultti speaks.
///
/// ```
/// use kultti_core::language::Language;
/// assert_eq!(Language::parse("sv"), Some(Language::Sv));
/// assert_eq!(Language::parse("sv_FI.UTF-8"), Some(Language::Sv));
/// assert_eq!(Language::parse("C"), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// Finnish.
    #[default]
    Fi,
    /// Swedish.
    Sv,
    /// English.
    En,
}

impl Language {
    /// All languages, in the order Finnish, Swedish, English.
    pub const ALL: [Self; 3] = [Self::Fi, Self::Sv, Self::En];

    /// The language of an ISO 639-1 code in any case; `None` for any other text.
    ///
    /// ```
    /// use kultti_core::language::Language;
    /// assert_eq!(Language::of_code("SV"), Some(Language::Sv));
    /// assert_eq!(Language::of_code("sv_FI"), None);
    /// ```
    pub fn of_code(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|language| language.code().eq_ignore_ascii_case(text))
    }

    /// Reads a language code or a POSIX locale name; `None` for any other language.
    pub fn parse(text: &str) -> Option<Self> {
        let primary = text.split(['_', '-', '.', '@']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "fi" => Some(Self::Fi),
            "sv" => Some(Self::Sv),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The language of the environment: `KULTTI_LANG`, then `LC_ALL`, `LC_MESSAGES` and `LANG`, then Finnish.
    ///
    /// A variable that names another language (or `C`) is passed over. `lookup` is given a variable's name and answers
    /// its value, so that the rule can be tested without touching the process.
    ///
    /// ```
    /// use kultti_core::language::Language;
    /// let swedish = |name: &str| (name == "LANG").then(|| "sv_FI.UTF-8".to_owned());
    /// assert_eq!(Language::from_environment(swedish), Language::Sv);
    /// assert_eq!(Language::from_environment(|_| None), Language::Fi);
    /// ```
    pub fn from_environment(lookup: impl Fn(&str) -> Option<String>) -> Self {
        ["KULTTI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .filter_map(|name| lookup(name))
            .find_map(|value| Self::parse(&value))
            .unwrap_or_default()
    }

    /// The ISO 639-1 code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Fi => "fi",
            Self::Sv => "sv",
            Self::En => "en",
        }
    }
}

/// A text in all three languages.
///
/// Labels need every language (the loader refuses a gap). Proper names may lack Swedish: [`Text::proper_name`] then
/// falls back to the Finnish name and says so in [`Text::is_fallback`].
///
/// ```
/// use kultti_core::language::{Language, Text};
/// let name = Text::proper_name("Haukipudas", None, None);
/// assert_eq!(name.get(Language::Sv), "Haukipudas");
/// assert!(name.is_fallback(Language::Sv));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text(Arc<Languages>);

/// The languages of a text. Results carry many names: their copies share one.
#[derive(Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "Text", deny_unknown_fields)]
struct Languages {
    #[serde(default)]
    fi: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sv: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    en: Option<String>,
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Languages::deserialize(deserializer).map(|languages| Self(Arc::new(languages)))
    }
}

impl Text {
    /// A label with all three languages.
    pub fn new(fi: impl Into<String>, sv: impl Into<String>, en: impl Into<String>) -> Self {
        Self::proper_name(fi, Some(sv.into()), Some(en.into()))
    }

    /// A text made anew in each language.
    ///
    /// ```
    /// use kultti_core::language::{Language, Text, format_number};
    /// let text = Text::each(|language| format!("< {}", format_number(1234.5, 1, language)));
    /// assert_eq!(text.get(Language::En), "< 1,234.5");
    /// ```
    pub fn each<T: Into<String>>(text: impl Fn(Language) -> T) -> Self {
        Self::new(text(Language::Fi), text(Language::Sv), text(Language::En))
    }

    /// A proper name; a missing Swedish or English name falls back to the Finnish one.
    pub fn proper_name(fi: impl Into<String>, sv: Option<String>, en: Option<String>) -> Self {
        let fi = fi.into();
        Self(Arc::new(Languages { fi, sv, en }))
    }

    /// The text in `language`, or the Finnish one where the name has none of its own.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Fi => &self.0.fi,
            Language::Sv => self.0.sv.as_deref().unwrap_or(&self.0.fi),
            Language::En => self.0.en.as_deref().unwrap_or(&self.0.fi),
        }
    }

    /// Whether `language` shows the Finnish text because there is no other.
    pub fn is_fallback(&self, language: Language) -> bool {
        match language {
            Language::Fi => false,
            Language::Sv => self.0.sv.is_none(),
            Language::En => self.0.en.is_none(),
        }
    }

    /// The first language in which the text is absent or blank.
    pub fn gap(&self) -> Option<Language> {
        Language::ALL
            .into_iter()
            .find(|language| self.is_fallback(*language) || self.get(*language).trim().is_empty())
    }
}
