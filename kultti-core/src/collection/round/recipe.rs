//! `round.toml` as a coordinator writes it, with the place of everything that can be wrong.

use crate::error::{Error, Result};
use crate::language::{Language, Message, Text, near_matches};
use crate::model::{Date, MeasureId, Period, Scenario};
use crate::source::{parse_toml, position};
use serde::Deserialize;
use std::collections::BTreeSet;
use toml::Spanned;

/// The recipe of a round.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Recipe {
    schema: Spanned<u32>,
    pub(super) id: Spanned<String>,
    pub(super) label: Spanned<Text>,
    pub(super) instructions: Spanned<Text>,
    pub(super) contact: Spanned<String>,
    pub(super) period: Spanned<Period>,
    #[serde(default)]
    pub(super) scenario: Scenario,
    pub(super) opens: Spanned<Date>,
    pub(super) due: Spanned<Date>,
    pub(super) closes: Option<Spanned<Date>>,
    #[serde(default = "ledger")]
    pub(super) ledger: String,
    /// Files of catalogues; the release's catalogue where there are none.
    #[serde(default)]
    pub(super) catalogues: Vec<Spanned<String>>,
    /// The register that the answers are published as; that of the measures where they have one.
    pub(super) source: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) rules: Vec<Spanned<String>>,
    /// Codes, names, `grouping:group` or `country`.
    pub(super) areas: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) languages: Languages,
    #[serde(rename = "measure")]
    pub(super) measures: Vec<AskedRecipe>,
}

/// A measure to ask.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AskedRecipe {
    pub(super) id: Spanned<String>,
    #[serde(default = "required")]
    pub(super) required: bool,
}

/// The language of each reporter's form: that of its group in a grouping, else the default.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Languages {
    pub(super) default: Option<Spanned<String>>,
    pub(super) grouping: Option<Spanned<String>>,
    #[serde(default)]
    fi: Vec<Spanned<String>>,
    #[serde(default)]
    sv: Vec<Spanned<String>>,
    #[serde(default)]
    en: Vec<Spanned<String>>,
}

impl Languages {
    /// The groups whose members get a language.
    pub(super) fn groups(&self) -> impl Iterator<Item = (Language, &Spanned<String>)> {
        let of = |language: Language, groups: &'_ [Spanned<String>]| -> Vec<(Language, usize)> {
            (0..groups.len()).map(|place| (language, place)).collect()
        };
        let places = [
            of(Language::Fi, &self.fi),
            of(Language::Sv, &self.sv),
            of(Language::En, &self.en),
        ];
        places.into_iter().flatten().filter_map(|(language, place)| {
            let groups = match language {
                Language::Fi => &self.fi,
                Language::Sv => &self.sv,
                Language::En => &self.en,
            };
            groups.get(place).map(|group| (language, group))
        })
    }
}

fn ledger() -> String {
    "ledger".to_owned()
}

fn required() -> bool {
    true
}

/// A recipe with its file, so that errors can point into it.
pub(super) struct RecipeFile<'a> {
    pub(super) path: &'a str,
    text: &'a str,
    pub(super) recipe: Recipe,
}

impl<'a> RecipeFile<'a> {
    /// Reads a recipe and checks what can be checked of it alone.
    pub(super) fn read(path: &'a str, text: &'a str) -> Result<Self> {
        let recipe = parse_toml(path, text)?;
        let file = Self { path, text, recipe };
        file.check_fields()?;
        file.check_texts()?;
        file.check_dates()?;
        file.check_measures()?;
        Ok(file)
    }

    fn check_fields(&self) -> Result<()> {
        let recipe = &self.recipe;
        if *recipe.schema.get_ref() != 1 {
            let found = recipe.schema.get_ref().to_string();
            return Err(self.invalid(&recipe.schema, "schema", "1", &found));
        }
        if !is_id(recipe.id.get_ref()) {
            let expected = "small letters, digits, hyphens, points and underscores";
            return Err(self.invalid(&recipe.id, "id", expected, recipe.id.get_ref()));
        }
        if recipe.contact.get_ref().trim().is_empty() {
            let expected = "whom answerers can ask: an e-mail address or a telephone number";
            return Err(self.invalid(&recipe.contact, "contact", expected, ""));
        }
        let default = recipe.languages.default.as_ref();
        match default.filter(|code| Language::of_code(code.get_ref()).is_none()) {
            Some(code) => Err(self.invalid(code, "languages.default", "fi, sv, en", code.get_ref())),
            None => Ok(()),
        }
    }

    fn check_texts(&self) -> Result<()> {
        let texts = [
            ("label", &self.recipe.label),
            ("instructions", &self.recipe.instructions),
        ];
        let gap = texts
            .into_iter()
            .find_map(|(field, text)| text.get_ref().gap().map(|language| (field, text, language)));
        gap.map_or(Ok(()), |(field, text, language)| {
            Err(Error::MissingText {
                path: self.path.to_owned(),
                line: self.place(text).0,
                id: self.id().to_owned(),
                field: field.to_owned(),
                language: language.code().to_owned(),
            })
        })
    }

    fn check_dates(&self) -> Result<()> {
        let Recipe {
            opens, due, closes, ..
        } = &self.recipe;
        let ordered = |field: &str, earlier: &Spanned<Date>, later: &Spanned<Date>| {
            if later.get_ref() >= earlier.get_ref() {
                return Ok(());
            }
            let expected = format!("a day not before {}", earlier.get_ref());
            Err(self.invalid(later, field, &expected, &later.get_ref().to_string()))
        };
        ordered("due", opens, due)?;
        closes
            .as_ref()
            .map_or(Ok(()), |closes| ordered("closes", due, closes))
    }

    fn check_measures(&self) -> Result<()> {
        let mut seen = BTreeSet::new();
        let mut measures = self.recipe.measures.iter();
        let twice = measures.find(|asked| !seen.insert(asked.id.get_ref()));
        twice.map_or(Ok(()), |asked| {
            Err(Error::DuplicateId {
                path: self.path.to_owned(),
                line: self.place(&asked.id).0,
                id: asked.id.get_ref().clone(),
            })
        })
    }

    pub(super) fn id(&self) -> &str {
        self.recipe.id.get_ref()
    }

    /// Line and column of a value.
    pub(super) fn place<T>(&self, value: &Spanned<T>) -> (usize, usize) {
        position(self.text, value.span().start)
    }

    /// The error for a value that is not what its field holds.
    pub(super) fn invalid<T>(&self, at: &Spanned<T>, field: &str, expected: &str, found: &str) -> Error {
        Error::InvalidField {
            path: self.path.to_owned(),
            line: self.place(at).0,
            id: self.id().to_owned(),
            field: field.to_owned(),
            expected: expected.to_owned(),
            found: found.to_owned(),
        }
    }

    /// The error for a measure that the catalogue does not have.
    pub(super) fn unknown_measure(&self, at: &Spanned<String>, known: &[&MeasureId]) -> Error {
        let (line, column) = self.place(at);
        let near = near_matches(at.get_ref(), known.iter().map(|id| id.as_str()), 3);
        Error::UnknownReference {
            path: self.path.to_owned(),
            line,
            column,
            id: self.id().to_owned(),
            field: "measure".to_owned(),
            reference: at.get_ref().clone(),
            near: near.into_iter().map(str::to_owned).collect(),
        }
    }

    /// An error about something that a value names, with the place of that value.
    pub(super) fn because(&self, at: &Spanned<String>, reason: Message) -> Error {
        let (line, column) = self.place(at);
        Error::RoundReference {
            path: self.path.to_owned(),
            line,
            column,
            reason,
        }
    }
}

/// Whether a text can be the id of a round, which is part of the names of files.
pub(super) fn is_id(text: &str) -> bool {
    let allowed =
        |symbol: char| symbol.is_ascii_lowercase() || symbol.is_ascii_digit() || "-._".contains(symbol);
    let begins = text.starts_with(|symbol: char| symbol.is_ascii_lowercase() || symbol.is_ascii_digit());
    begins && text.len() <= 64 && text.chars().all(allowed)
}
