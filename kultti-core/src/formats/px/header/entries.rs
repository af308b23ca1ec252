//! One keyword at a time into the cube.

use super::super::document::{Entry, Value};
use super::super::error::{Cause, PxResult};
use super::super::foreign::{At, Item, Kept};
use super::super::symbols::STANDARD;
use super::super::time;
use super::{Attributes, Builder, Same, digits, first};
use crate::formats::{Attribute, Category, Labels, Note, Warning};
use crate::language::{Message, Param};
use std::collections::BTreeMap;

/// How many sets of open dimensions ATTRIBUTES may have: each is looked up at every cell.
const MOST_MASKS: usize = 64;

impl Same {
    /// The place of the next one in a language: the first that lacks it, or `next`, which it then takes.
    fn place(&mut self, language: &str, next: usize) -> usize {
        let seen = self.seen.entry(language.to_owned()).or_default();
        let place = self.places.get(*seen).copied().unwrap_or(next);
        if *seen == self.places.len() {
            self.places.push(next);
        }
        *seen += 1;
        place
    }
}

/// A category that is its own descendant.
fn of_circle(categories: &[Category]) -> Option<usize> {
    let mut parents = vec![0usize; categories.len()];
    for child in categories.iter().flat_map(|category| &category.children) {
        if let Some(count) = parents.get_mut(*child) {
            *count += 1;
        }
    }
    // Whatever has no parent goes, and its children lose one; what stays at last is on a circle or below one.
    let mut free: Vec<usize> = (0..parents.len())
        .filter(|at| parents.get(*at) == Some(&0))
        .collect();
    while let Some(gone) = free.pop() {
        for child in categories
            .get(gone)
            .into_iter()
            .flat_map(|category| &category.children)
        {
            if let Some(count) = parents.get_mut(*child) {
                *count -= 1;
                if *count == 0 {
                    free.push(*child);
                }
            }
        }
    }
    parents.iter().position(|count| *count > 0)
}

impl Builder {
    pub(super) fn read_keys(&mut self, entry: &Entry) -> PxResult<()> {
        let Some(variable) = self
            .names
            .variable_of(entry)
            .filter(|variable| *variable < self.names.stub)
        else {
            let text = entry.subkeys.join("\",\"");
            return Err(entry.wrong(Cause::Unknown { text }));
        };
        if let Some(keyed) = self.keys.get_mut(variable) {
            *keyed = true;
        }
        Ok(())
    }

    /// UNITS and LAST-UPDATED of a content value, PRECISION of a value.
    pub(super) fn read_of_category(&mut self, entry: &Entry, language: &str, text: String) -> PxResult<()> {
        let place = self.names.language(entry);
        let found = match entry.subkeys.as_slice() {
            [value] => self
                .names
                .content
                .and_then(|content| Some((content, self.names.value(place, content, value)?))),
            [_, value] => {
                let variable = self.names.variable_of(entry);
                variable.and_then(|variable| Some((variable, self.names.value(place, variable, value)?)))
            }
            _ => None,
        };
        let Some((variable, value)) = found else {
            self.keep(entry);
            return Ok(());
        };
        let Some(category) = self
            .cube
            .dimensions
            .get_mut(variable)
            .and_then(|dimension| dimension.categories.get_mut(value))
        else {
            return Ok(());
        };
        match entry.keyword.as_str() {
            "UNITS" => category.unit.get_or_insert_default().label.set(language, text),
            "PRECISION" => category.decimals = Some(digits(entry)?),
            _ => {
                let date = time::date_from_px(&text);
                self.content_updated.entry(value).or_insert(date);
            }
        }
        Ok(())
    }

    pub(super) fn read_timeval(&mut self, entry: &Entry) {
        let Some(variable) = self.names.variable_of(entry) else {
            self.keep(entry);
            return;
        };
        let (Some(dimension), Some(seen)) =
            (self.cube.dimensions.get(variable), self.timeval.get_mut(variable))
        else {
            return;
        };
        if seen.is_some() {
            return;
        }
        let size = dimension.categories.len();
        let found = time::read(&entry.values, size).filter(|timeval| timeval.periods.len() == size);
        *seen = Some(found.is_some());
        let Some(timeval) = found else {
            let message = Message::new("warning.px-timeval")
                .with("keyword", entry.name())
                .with("line", Param::from(&entry.place.line))
                .with("count", size);
            self.warnings.push(Warning(message));
            return;
        };
        let known = time::of_codes(dimension).is_some_and(|of_codes| time::same(&of_codes, &timeval));
        if !known {
            self.foreign.timeval.insert(dimension.code.clone(), timeval);
        }
    }

    pub(super) fn read_type(&mut self, entry: &Entry, text: String) {
        match self
            .names
            .variable_of(entry)
            .and_then(|variable| self.types.get_mut(variable))
        {
            Some(kind) => first(kind, text),
            None => self.keep(entry),
        }
    }

    /// `"root","root":"child"`; codes, or texts in the language.
    pub(super) fn read_hierarchy(&mut self, entry: &Entry) {
        let Some(variable) = self.names.variable_of(entry) else {
            self.keep(entry);
            return;
        };
        let pairs = match self.pairs(entry, variable) {
            Ok(pairs) => pairs,
            Err(unresolved) => {
                self.keep(entry);
                self.unresolved.push(unresolved);
                return;
            }
        };
        let Some(dimension) = self.cube.dimensions.get_mut(variable) else {
            return;
        };
        let mut known: std::collections::HashSet<(usize, usize)> = dimension
            .categories
            .iter()
            .enumerate()
            .flat_map(|(parent, category)| category.children.iter().map(move |child| (parent, *child)))
            .collect();
        for (parent, child) in pairs {
            if known.insert((parent, child))
                && let Some(category) = dimension.categories.get_mut(parent)
            {
                category.children.push(child);
            }
        }
    }

    /// Parents and children that an entry names; the error is the first pair that names no two categories.
    fn pairs(&self, entry: &Entry, variable: usize) -> Result<Vec<(usize, usize)>, String> {
        let language = self.names.language(entry);
        let find = |text: &str| {
            let code = self.names.code(variable, text);
            code.or_else(|| self.names.value(language, variable, text))
        };
        let mut pairs = Vec::new();
        for value in &entry.values {
            let Value::Pair(parent, child) = value else {
                continue;
            };
            match (find(parent), find(child)) {
                (Some(parent), Some(child)) if parent != child => pairs.push((parent, child)),
                _ => return Err(format!("{}: \"{parent}\":\"{child}\"", entry.name())),
            }
        }
        Ok(pairs)
    }

    /// A hierarchy in which a category is its own descendant is none: the keyword is kept as it stands.
    pub(super) fn drop_circles(&mut self, entries: &[Entry]) {
        for variable in 0..self.cube.dimensions.len() {
            let Some(dimension) = self.cube.dimensions.get_mut(variable) else {
                continue;
            };
            let Some(circular) = of_circle(&dimension.categories) else {
                continue;
            };
            let category = dimension.categories.get(circular);
            let message = Message::new("warning.px-circular")
                .with("dimension", &dimension.code)
                .with(
                    "category",
                    category.map(|one| one.code.clone()).unwrap_or_default(),
                );
            self.warnings.push(Warning(message));
            for category in &mut dimension.categories {
                category.children.clear();
            }
            for entry in entries.iter().filter(|entry| entry.keyword == "HIERARCHIES") {
                if self.names.variable_of(entry) == Some(variable) && self.pairs(entry, variable).is_ok() {
                    self.keep(entry);
                }
            }
        }
    }

    pub(super) fn read_note(&mut self, entry: &Entry, language: &str, text: &str) {
        let Some(place) = self.names.note_place(entry) else {
            self.keep(entry);
            return;
        };
        let mandatory = entry.keyword.ends_with('X');
        let text = text.replace("\r\n", "\n").replace(['#', '\r'], "\n");
        let key = format!("{mandatory} {place:?}");
        let next = self.cube.notes.len();
        let at = self.notes.entry(key).or_default().place(language, next);
        if let Some(note) = self.cube.notes.get_mut(at) {
            note.text.set(language, text);
            return;
        }
        self.cube.notes.push(Note {
            text: Labels::new(language, text),
            mandatory,
            place,
        });
    }

    pub(super) fn read_symbol(&mut self, entry: &Entry, language: String, text: String) {
        let name = entry
            .keyword
            .trim_start_matches("DATASYMBOL")
            .to_ascii_lowercase();
        if STANDARD.iter().any(|standard| standard.name == name) {
            self.foreign
                .symbols
                .entry(name)
                .or_default()
                .insert(language, text);
        } else {
            self.keep(entry);
        }
    }

    /// OBS_STATUS becomes the status of cells; the others are attributes of the cube.
    pub(super) fn read_attributes(&mut self, entry: &Entry, language: &str) {
        let texts = entry.texts();
        if entry.keyword == "ATTRIBUTE-ID" && entry.subkeys.is_empty() {
            if self.cube.attributes.is_empty() && self.statuses.is_none() {
                self.statuses = texts.iter().position(|id| *id == "OBS_STATUS");
                let others = texts.iter().filter(|id| **id != "OBS_STATUS");
                self.cube.attributes = others
                    .map(|id| Attribute {
                        code: (*id).to_owned(),
                        label: Labels::default(),
                    })
                    .collect();
            }
            return;
        }
        let split = |texts: &[&str]| {
            let status = self
                .statuses
                .and_then(|at| texts.get(at))
                .map(|text| (*text).to_owned());
            let others = texts
                .iter()
                .enumerate()
                .filter(|(at, _)| Some(*at) != self.statuses);
            (
                status,
                others.map(|(_, text)| (*text).to_owned()).collect::<Vec<_>>(),
            )
        };
        let (status, others) = split(&texts);
        if entry.keyword == "ATTRIBUTE-TEXT" && entry.subkeys.is_empty() {
            if let Some(status) = status {
                self.foreign.status.set(language, status);
            }
            for (attribute, text) in self.cube.attributes.iter_mut().zip(others) {
                attribute.label.set(language, text);
            }
            return;
        }
        let key = if entry.subkeys.is_empty() {
            Some(None)
        } else {
            self.names.cells(entry).map(Some)
        };
        let known = self.statuses.is_some() || !self.cube.attributes.is_empty();
        match key.filter(|_| known && entry.keyword == "ATTRIBUTES") {
            None => self.keep(entry),
            Some(Some(key)) if !self.is_within_masks(&key) => self.keep_unused(entry),
            Some(key) => {
                let given = |text: String| Some(text).filter(|text| !text.is_empty());
                let others = others
                    .into_iter()
                    .take(self.cube.attributes.len())
                    .map(given)
                    .collect();
                let status = status.and_then(given);
                self.attributes.push(Attributes { key, status, others });
            }
        }
    }

    /// Whether the dimensions that a key leaves open are among the few sets of them that are looked for at every cell.
    fn is_within_masks(&mut self, key: &[Option<usize>]) -> bool {
        let mask: Vec<bool> = key.iter().map(Option::is_some).collect();
        if self.masks.len() < MOST_MASKS {
            self.masks.insert(mask);
            return true;
        }
        self.masks.contains(&mask)
    }

    /// Keeps a keyword that could not be used, and says so.
    fn keep_unused(&mut self, entry: &Entry) {
        self.keep(entry);
        self.unresolved.push(entry.name());
    }

    /// Keeps a keyword that no field holds, together with the same one in other languages.
    pub(super) fn keep(&mut self, entry: &Entry) {
        let at = self.names.at(entry);
        if let At::Subkeys(_) = at {
            self.unresolved.push(entry.name());
        }
        let language = self.language(entry);
        let items: Vec<Item> = entry.values.iter().map(|value| self.item(entry, value)).collect();
        let next = self.foreign.entries.len();
        let same = self.kept.entry((entry.keyword.clone(), at.clone())).or_default();
        if let Some(kept) = self.foreign.entries.get_mut(same.place(&language, next)) {
            kept.values.insert(language, items);
            return;
        }
        self.foreign.entries.push(Kept {
            keyword: entry.keyword.clone(),
            at,
            values: BTreeMap::from([(language, items)]),
        });
    }

    pub(super) fn item(&self, entry: &Entry, value: &Value) -> Item {
        match value {
            Value::Text(text) if entry.keyword == "ELIMINATION" => {
                let variable = self.names.variable_of(entry);
                let category = variable.and_then(|variable| {
                    let place = self.names.value(self.names.language(entry), variable, text)?;
                    let dimension = self.names.dimensions.get(variable)?;
                    Some(dimension.categories.get(place)?.code.clone())
                });
                category.map_or_else(
                    || Item::Text(text.clone()),
                    |category| Item::Category { category },
                )
            }
            Value::Text(text) => Item::Text(text.clone()),
            Value::Word(word) => Item::Word { word: word.clone() },
            Value::Range(from, to) => Item::Range {
                from: from.clone(),
                to: to.clone(),
            },
            Value::Pair(parent, child) => Item::Pair {
                parent: parent.clone(),
                child: child.clone(),
            },
            Value::TimeList(scale, inside) => Item::TimeList {
                scale: scale.clone(),
                inside: inside.iter().map(|value| self.item(entry, value)).collect(),
            },
        }
    }
}
