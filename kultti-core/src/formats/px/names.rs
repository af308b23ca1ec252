//! Variables and values of a file by the texts that name them in each language.

use super::document::Entry;
use super::error::{Cause, PxResult};
use super::foreign::{At, is_of_cells, is_of_content};
use crate::formats::{Category, Dimension, Labels, NotePlace, Role};
use std::collections::HashMap;

/// Which of several equal texts is meant: a text that stands once, else the first that has it.
#[derive(Debug, Default)]
struct Index {
    places: HashMap<String, (usize, bool)>,
}

impl Index {
    fn add(&mut self, text: &str, place: usize) {
        self.places
            .entry(text.to_owned())
            .and_modify(|(_, once)| *once = false)
            .or_insert((place, true));
    }

    fn get(&self, text: &str) -> Option<(usize, bool)> {
        self.places.get(text).copied()
    }
}

/// What the subkeys of a file can name.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Languages, the default one first.
    pub(super) languages: Vec<String>,
    /// Dimensions, with categories as soon as they are known.
    pub(super) dimensions: Vec<Dimension>,
    /// How many of them are in the stub.
    pub(super) stub: usize,
    /// The dimension of contents.
    pub(super) content: Option<usize>,
    variables: Vec<Index>,
    codes_of_variables: Index,
    values: Vec<Vec<Index>>,
    codes: Vec<Index>,
}

impl Names {
    /// Languages and variables: LANGUAGE, LANGUAGES, STUB, HEADING, VARIABLECODE.
    pub(super) fn of(entries: &[Entry]) -> PxResult<Self> {
        let mut names = Self {
            languages: languages(entries),
            ..Self::default()
        };
        for language in 0..names.languages.len() {
            names.read_variables(entries, language)?;
        }
        for entry in entries.iter().filter(|entry| entry.keyword == "VARIABLECODE") {
            let (Some(variable), Some(code)) = (names.variable_of(entry), entry.text()) else {
                continue;
            };
            if let Some(dimension) = names.dimensions.get_mut(variable)
                && !code.is_empty()
            {
                code.clone_into(&mut dimension.code);
            }
        }
        let mut codes: HashMap<&str, usize> = HashMap::new();
        for (place, dimension) in names.dimensions.iter().enumerate() {
            names.codes_of_variables.add(&dimension.code, place);
            if codes.insert(&dimension.code, place).is_some() {
                let entry = entries.iter().find(|entry| {
                    entry.keyword == "VARIABLECODE" && entry.text() == Some(dimension.code.as_str())
                });
                let cause = Cause::Twice {
                    text: dimension.code.clone(),
                };
                return Err(entry.or(entries.first()).map_or_else(
                    || super::error::PxError::new(super::error::Place::default(), "STUB", cause.clone()),
                    |entry| entry.wrong(cause.clone()),
                ));
            }
        }
        let sizes = names.dimensions.len();
        names.codes.resize_with(sizes, Index::default);
        names.values.resize_with(names.languages.len(), Vec::new);
        for values in &mut names.values {
            values.resize_with(sizes, Index::default);
        }
        Ok(names)
    }

    fn read_variables(&mut self, entries: &[Entry], language: usize) -> PxResult<()> {
        let mut index = Index::default();
        let mut place = 0;
        for keyword in ["STUB", "HEADING"] {
            if language > 0 && keyword == "HEADING" {
                place = self.stub;
            }
            let own = |entry: &&Entry| entry.keyword == keyword && self.language(entry) == language;
            let Some(entry) = entries.iter().find(own) else {
                continue;
            };
            for name in entry.texts() {
                if index.get(name).is_some() {
                    return Err(entry.wrong(Cause::Twice {
                        text: name.to_owned(),
                    }));
                }
                index.add(name, place);
                if language == 0 {
                    self.dimensions
                        .push(Dimension::new(name, Role::Classification, Vec::new()));
                }
                if let Some(dimension) = self.dimensions.get_mut(place) {
                    dimension
                        .label
                        .set(self.languages.get(language).map_or("", String::as_str), name);
                }
                place += 1;
            }
            if language == 0 && keyword == "STUB" {
                self.stub = place;
            }
            let expected = if keyword == "STUB" {
                self.stub
            } else {
                self.dimensions.len()
            };
            if place != expected {
                let cause = Cause::Count {
                    expected,
                    found: place,
                };
                return Err(entry.wrong(cause));
            }
        }
        self.variables.push(index);
        Ok(())
    }

    /// The language of an entry, by its place; the default one where it names none.
    pub(super) fn language(&self, entry: &Entry) -> usize {
        let named = entry.language.as_ref();
        named
            .and_then(|named| self.languages.iter().position(|language| language == named))
            .unwrap_or(0)
    }

    /// The variable that the first subkey names, by its name in the entry's language, in any other, or by its code.
    pub(super) fn variable_of(&self, entry: &Entry) -> Option<usize> {
        self.variable(self.language(entry), entry.subkeys.first()?)
    }

    fn variable(&self, language: usize, text: &str) -> Option<usize> {
        let own = self.variables.get(language).and_then(|index| index.get(text));
        let code = || self.codes_of_variables.get(text);
        let default = || self.variables.first().and_then(|index| index.get(text));
        own.or_else(code).or_else(default).map(|(place, _)| place)
    }

    /// Reads VALUES and CODES of every variable.
    pub(super) fn read_values(&mut self, entries: &[Entry]) -> PxResult<()> {
        let mut sizes: Vec<Option<usize>> = vec![None; self.dimensions.len()];
        for wanted in ["VALUES", "CODES"] {
            // The default language first, so that it decides where languages disagree.
            let mut chosen: Vec<&Entry> = entries.iter().filter(|entry| entry.keyword == wanted).collect();
            chosen.sort_by_key(|entry| self.language(entry));
            for entry in chosen {
                let Some(variable) = self.variable_of(entry) else {
                    continue;
                };
                let texts = entry.texts();
                let size = sizes
                    .get_mut(variable)
                    .map(|size| *size.get_or_insert(texts.len()));
                if let Some(expected) = size.filter(|size| *size != texts.len()) {
                    let found = texts.len();
                    return Err(entry.wrong(Cause::Count { expected, found }));
                }
                if wanted == "VALUES" {
                    self.set_values(variable, self.language(entry), &texts);
                } else {
                    self.set_codes(variable, entry, &texts)?;
                }
            }
        }
        for variable in 0..self.dimensions.len() {
            self.complete(variable, entries)?;
        }
        Ok(())
    }

    fn set_values(&mut self, variable: usize, language: usize, texts: &[&str]) {
        let name = self.languages.get(language).cloned().unwrap_or_default();
        let (Some(dimension), Some(index)) = (
            self.dimensions.get_mut(variable),
            self.values
                .get_mut(language)
                .and_then(|values| values.get_mut(variable)),
        ) else {
            return;
        };
        dimension.categories.resize_with(texts.len(), Category::default);
        for (place, (category, text)) in dimension.categories.iter_mut().zip(texts).enumerate() {
            if category.label.get(&name).is_none() {
                category.label.set(&name, *text);
                index.add(text, place);
            }
        }
    }

    fn set_codes(&mut self, variable: usize, entry: &Entry, texts: &[&str]) -> PxResult<()> {
        let (Some(dimension), Some(index)) =
            (self.dimensions.get_mut(variable), self.codes.get_mut(variable))
        else {
            return Ok(());
        };
        if !index.places.is_empty() {
            return Ok(());
        }
        dimension.categories.resize_with(texts.len(), Category::default);
        for (place, (category, text)) in dimension.categories.iter_mut().zip(texts).enumerate() {
            if index.get(text).is_some() {
                return Err(entry.wrong(Cause::Twice {
                    text: (*text).to_owned(),
                }));
            }
            index.add(text, place);
            (*text).clone_into(&mut category.code);
        }
        Ok(())
    }

    /// A variable without CODES has its values as codes, one without VALUES its codes as values.
    fn complete(&mut self, variable: usize, entries: &[Entry]) -> PxResult<()> {
        let default = self.languages.first().cloned().unwrap_or_default();
        let (Some(dimension), Some(index)) =
            (self.dimensions.get_mut(variable), self.codes.get_mut(variable))
        else {
            return Ok(());
        };
        let name = dimension.label.get(&default).unwrap_or_default().to_owned();
        if dimension.categories.is_empty() {
            let in_stub = variable < self.stub;
            let keyword = if in_stub { "STUB" } else { "HEADING" };
            let entry = entries.iter().find(|entry| entry.keyword == keyword);
            let place = entry.map(|entry| entry.place).unwrap_or_default();
            let missing = format!("VALUES(\"{name}\")");
            return Err(super::error::PxError::new(place, missing, Cause::Missing));
        }
        let coded = !index.places.is_empty();
        for (place, category) in dimension.categories.iter_mut().enumerate() {
            if coded {
                if category.label.is_empty() {
                    category.label = Labels::new(&default, category.code.clone());
                }
                continue;
            }
            let text = category
                .label
                .in_order(&self.languages)
                .unwrap_or_default()
                .to_owned();
            if index.get(&text).is_some() {
                let entry = entries
                    .iter()
                    .find(|entry| entry.keyword == "VALUES" && entry.subkeys.first() == Some(&name));
                let place = entry.map(|entry| entry.place).unwrap_or_default();
                let keyword = format!("VALUES(\"{name}\")");
                return Err(super::error::PxError::new(place, keyword, Cause::Twice { text }));
            }
            index.add(&text, place);
            category.code = text;
        }
        Ok(())
    }

    /// The value of a variable that a text names: its text in the language where only one has it, its code, its text in
    /// the default language.
    pub(super) fn value(&self, language: usize, variable: usize, text: &str) -> Option<usize> {
        let of = |language: usize| self.values.get(language)?.get(variable)?.get(text);
        let code = || self.codes.get(variable)?.get(text);
        match of(language) {
            Some((place, true)) => Some(place),
            Some((place, false)) => Some(code().map_or(place, |(coded, _)| coded)),
            None => code().or_else(|| of(0)).map(|(place, _)| place),
        }
    }

    /// The place of a code.
    pub(super) fn code(&self, variable: usize, text: &str) -> Option<usize> {
        self.codes.get(variable)?.get(text).map(|(place, _)| place)
    }

    /// The only variable of which each of these texts is a value in the default language.
    pub(super) fn variable_with(&self, texts: &[&str]) -> Option<usize> {
        let values = self.values.first()?;
        let mut found = values
            .iter()
            .enumerate()
            .filter(|(_, index)| texts.iter().all(|text| index.get(text).is_some()));
        let (place, _) = found.next()?;
        found.next().is_none().then_some(place)
    }

    /// What the subkeys of an entry name.
    pub(super) fn at(&self, entry: &Entry) -> At {
        self.known_at(entry)
            .unwrap_or_else(|| At::Subkeys(entry.subkeys.clone()))
    }

    fn known_at(&self, entry: &Entry) -> Option<At> {
        let language = self.language(entry);
        if is_of_cells(&entry.keyword) && entry.subkeys.len() == self.dimensions.len() {
            let key = self.cells(entry)?;
            let codes = key.iter().enumerate().map(|(variable, place)| {
                place.and_then(|place| Some(self.category(variable, place)?.code.clone()))
            });
            return Some(At::Cells(codes.collect()));
        }
        match entry.subkeys.as_slice() {
            [] => Some(At::Table),
            [only] => {
                let content = || {
                    let content = self.content?;
                    let place = self.value(language, content, only)?;
                    Some(At::Content(self.category(content, place)?.code.clone()))
                };
                let variable = || {
                    Some(At::Dimension(
                        self.dimensions.get(self.variable(language, only)?)?.code.clone(),
                    ))
                };
                if is_of_content(&entry.keyword) {
                    content().or_else(variable)
                } else {
                    variable().or_else(content)
                }
            }
            [variable, value] => {
                let variable = self.variable(language, variable)?;
                let place = self.value(language, variable, value)?;
                let dimension = self.dimensions.get(variable)?;
                Some(At::Category(
                    dimension.code.clone(),
                    self.category(variable, place)?.code.clone(),
                ))
            }
            _ => None,
        }
    }

    /// The categories that subkeys name, one for each dimension; `*` is every one.
    pub(super) fn cells(&self, entry: &Entry) -> Option<Vec<Option<usize>>> {
        let language = self.language(entry);
        let named = |(variable, text): (usize, &String)| match text.as_str() {
            "*" => Some(None),
            text => self.value(language, variable, text).map(Some),
        };
        let key: Option<Vec<_>> = entry.subkeys.iter().enumerate().map(named).collect();
        key.filter(|key| key.len() == self.dimensions.len())
    }

    /// Where a note belongs.
    pub(super) fn note_place(&self, entry: &Entry) -> Option<NotePlace> {
        let language = self.language(entry);
        match (entry.keyword.as_str(), entry.subkeys.as_slice()) {
            ("NOTE" | "NOTEX", []) => Some(NotePlace::Cube),
            ("NOTE" | "NOTEX", [variable]) => self.variable(language, variable).map(NotePlace::Dimension),
            ("VALUENOTE" | "VALUENOTEX", [variable, value]) => {
                let variable = self.variable(language, variable)?;
                Some(NotePlace::Category(
                    variable,
                    self.value(language, variable, value)?,
                ))
            }
            ("CELLNOTE" | "CELLNOTEX", _) => self.cells(entry).map(NotePlace::Cells),
            _ => None,
        }
    }

    fn category(&self, variable: usize, place: usize) -> Option<&Category> {
        self.dimensions.get(variable)?.categories.get(place)
    }
}

/// The default language, the others in the order of LANGUAGES, and any that a keyword names beside them.
fn languages(entries: &[Entry]) -> Vec<String> {
    let listed = |keyword: &str| {
        let entry = entries.iter().find(|entry| entry.keyword == keyword);
        entry.map(Entry::texts).unwrap_or_default()
    };
    let named = entries.iter().filter_map(|entry| entry.language.as_deref());
    let mut languages: Vec<String> = listed("LANGUAGE")
        .first()
        .map(|one| (*one).to_owned())
        .into_iter()
        .collect();
    if languages.is_empty() && listed("LANGUAGES").is_empty() {
        languages.push(String::new());
    }
    let mut known: std::collections::HashSet<String> = languages.iter().cloned().collect();
    for language in listed("LANGUAGES").into_iter().chain(named) {
        if known.insert(language.to_owned()) {
            languages.push(language.to_owned());
        }
    }
    languages
}
