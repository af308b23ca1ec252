//! From keywords to a cube without cells.

mod entries;

use super::document::{Entry, Value};
use super::encoding::{Codepage, Reason};
use super::error::{Cause, Place, PxError, PxResult};
use super::foreign::{At, Foreign, Item, Kept, is_language_free, rank};
use super::names::Names;
use super::symbols::STANDARD;
use super::time;
use super::write::NOTHING;
use crate::formats::{Cube, Labels, Role, Unit, Warning};
use crate::language::Message;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// A file up to its figures.
pub(super) struct Header {
    pub(super) cube: Cube,
    pub(super) names: Arc<Names>,
    /// Statuses of the symbols, as [`STANDARD`] orders them.
    pub(super) statuses: [Option<&'static str>; 8],
    /// Whether readers must show 1 as 0 and 2 as 3.
    pub(super) confidential: bool,
    /// Whether rows begin with keys.
    pub(super) keys: bool,
    pub(super) attributes: Vec<Attributes>,
    pub(super) warnings: Vec<Warning>,
}

/// Values of attributes for some cells, in the order of ATTRIBUTE-ID: the status first, then those of the cube.
pub(super) struct Attributes {
    /// `None` for the default ones.
    pub(super) key: Option<Vec<Option<usize>>>,
    pub(super) status: Option<String>,
    pub(super) others: Vec<Option<String>>,
}

/// Builds it.
struct Builder {
    cube: Cube,
    foreign: Foreign,
    names: Names,
    warnings: Vec<Warning>,
    title: Labels,
    description: Labels,
    table: Option<String>,
    matrix: Option<String>,
    decimals: Option<u8>,
    shown: Option<u8>,
    updated: Option<String>,
    content_updated: BTreeMap<usize, String>,
    units: Labels,
    types: Vec<Option<String>>,
    maps: Vec<bool>,
    timeval: Vec<Option<bool>>,
    statuses: Option<usize>,
    attributes: Vec<Attributes>,
    confidential: bool,
    keys: Vec<bool>,
    /// Places in `foreign.entries` by keyword and subkeys.
    kept: HashMap<(String, At), Same>,
    /// The same of notes.
    notes: HashMap<String, Same>,
    /// Which dimensions ATTRIBUTES name a category of.
    masks: HashSet<Vec<bool>>,
    unresolved: Vec<String>,
}

/// Keywords or notes of one place: where they are, and how many of them each language has had.
#[derive(Default)]
struct Same {
    places: Vec<usize>,
    seen: HashMap<String, usize>,
}

/// The cube that the keywords describe.
pub(super) fn read(entries: &[Entry], end: Place) -> PxResult<Header> {
    let mut names = Names::of(entries)?;
    if names.dimensions.is_empty() {
        return Err(PxError::new(end, "STUB", Cause::Missing));
    }
    names.read_values(entries)?;
    let mut builder = Builder::new(names);
    builder.find_content(entries);
    for entry in entries {
        builder.read(entry)?;
    }
    builder.finish(entries)
}

/// Why the text was decoded as it was, where that needs saying.
pub(super) fn encoding_warning(codepage: Codepage, reason: Reason, stated: &str) -> Option<Warning> {
    let code = match reason {
        Reason::Stated => return None,
        Reason::Default => "warning.px-encoding-default",
        Reason::NotUtf8 => "warning.px-encoding-not-utf8",
        Reason::LooksLikeUtf8 => "warning.px-encoding-looks-utf8",
        Reason::UnknownName => "warning.px-encoding-unknown",
    };
    let message = Message::new(code)
        .with("encoding", codepage.name())
        .with("stated", stated);
    Some(Warning(message))
}

impl Builder {
    fn new(names: Names) -> Self {
        let mut cube = Cube::new(names.dimensions.clone());
        cube.languages.clone_from(&names.languages);
        let dimensions = names.dimensions.len();
        Self {
            cube,
            foreign: Foreign {
                stub: Some(names.stub),
                ..Foreign::default()
            },
            names,
            warnings: Vec::new(),
            title: Labels::default(),
            description: Labels::default(),
            table: None,
            matrix: None,
            decimals: None,
            shown: None,
            updated: None,
            content_updated: BTreeMap::new(),
            units: Labels::default(),
            types: vec![None; dimensions],
            maps: vec![false; dimensions],
            timeval: vec![None; dimensions],
            statuses: None,
            attributes: Vec::new(),
            confidential: false,
            keys: vec![false; dimensions],
            kept: HashMap::new(),
            notes: HashMap::new(),
            masks: HashSet::new(),
            unresolved: Vec::new(),
        }
    }

    /// CONTVARIABLE; where it is missing and UNITS names the values of one variable, that one.
    fn find_content(&mut self, entries: &[Entry]) {
        let stated = entries.iter().find(|entry| entry.keyword == "CONTVARIABLE");
        if let Some(entry) = stated {
            let as_subkey = Entry {
                subkeys: entry.text().map(str::to_owned).into_iter().collect(),
                ..entry.clone()
            };
            self.names.content = self.names.variable_of(&as_subkey);
            if self.names.content.is_none() {
                self.unresolved
                    .push(format!("CONTVARIABLE=\"{}\"", entry.text().unwrap_or_default()));
            }
        }
        let units = entries
            .iter()
            .filter(|entry| entry.keyword == "UNITS" && self.names.language(entry) == 0);
        let named: Vec<&str> = units
            .filter_map(|entry| entry.subkeys.first().map(String::as_str))
            .collect();
        if self.names.content.is_none()
            && !named.is_empty()
            && let Some(variable) = self.names.variable_with(&named)
        {
            self.names.content = Some(variable);
            let code = self
                .names
                .dimensions
                .get(variable)
                .map(|dimension| dimension.code.clone());
            let message =
                Message::new("warning.px-content-assumed").with("dimension", code.unwrap_or_default());
            self.warnings.push(Warning(message));
        }
    }

    fn language(&self, entry: &Entry) -> String {
        let place = self.names.language(entry);
        self.names.languages.get(place).cloned().unwrap_or_default()
    }

    fn read(&mut self, entry: &Entry) -> PxResult<()> {
        let language = self.language(entry);
        let text = entry
            .values
            .iter()
            .filter_map(Value::text)
            .collect::<Vec<_>>()
            .join("\n");
        let table = entry.subkeys.is_empty();
        match entry.keyword.as_str() {
            "CHARSET" | "AXIS-VERSION" | "CODEPAGE" | "LANGUAGE" | "LANGUAGES" | "STUB" | "HEADING"
            | "CONTVARIABLE"
                if table => {}
            "TITLE" if table => self.title.set(&language, text),
            "DESCRIPTION" if table => {
                self.description.set(&language, text);
                self.keep(entry);
            }
            "CONTENTS" if table => self.cube.contents.set(&language, text),
            "SOURCE" if table => self.cube.source.set(&language, text),
            "UNITS" if table => self.units.set(&language, text),
            "TABLEID" if table => first(&mut self.table, text),
            "MATRIX" if table => first(&mut self.matrix, text),
            "DECIMALS" if table => self.decimals = Some(digits(entry)?),
            "SHOWDECIMALS" if table => self.shown = Some(digits(entry)?),
            "LAST-UPDATED" if table => first(&mut self.updated, time::date_from_px(&text)),
            "VALUES" | "CODES" | "VARIABLECODE" if self.names.variable_of(entry).is_some() => {}
            "KEYS" => self.read_keys(entry)?,
            "UNITS" | "LAST-UPDATED" | "PRECISION" => self.read_of_category(entry, &language, text)?,
            "TIMEVAL" => self.read_timeval(entry),
            "VARIABLE-TYPE" => self.read_type(entry, text),
            "MAP" => {
                if let Some(map) = self.names.variable_of(entry).and_then(|at| self.maps.get_mut(at)) {
                    *map = true;
                }
                self.keep(entry);
            }
            "HIERARCHIES" => self.read_hierarchy(entry),
            "NOTE" | "NOTEX" | "VALUENOTE" | "VALUENOTEX" | "CELLNOTE" | "CELLNOTEX" => {
                self.read_note(entry, &language, &text);
            }
            "CONFIDENTIAL" if table => {
                self.confidential = text.trim() == "1";
                self.keep(entry);
            }
            "ATTRIBUTE-ID" | "ATTRIBUTE-TEXT" | "ATTRIBUTES" => self.read_attributes(entry, &language),
            name if table && name.starts_with("DATASYMBOL") => self.read_symbol(entry, language, text),
            _ => self.keep(entry),
        }
        Ok(())
    }

    fn finish(mut self, entries: &[Entry]) -> PxResult<Header> {
        self.warn_missing(entries);
        self.drop_circles(entries);
        self.set_roles();
        self.set_texts();
        self.set_updated();
        let statuses = self.set_symbols();
        let stub = self.names.stub;
        let keys = self.keys.iter().any(|keyed| *keyed);
        if keys && let Some(without) = self.keys.iter().take(stub).position(|keyed| !keyed) {
            let name = self
                .cube
                .dimensions
                .get(without)
                .map(|dimension| dimension.code.clone());
            let entry = entries.iter().find(|entry| entry.keyword == "KEYS");
            let keyword = format!("KEYS(\"{}\")", name.unwrap_or_default());
            let place = entry.map(|entry| entry.place).unwrap_or_default();
            return Err(PxError::new(place, keyword, Cause::Missing));
        }
        if let Some(first) = self.unresolved.first() {
            let message = Message::new("warning.px-unresolved")
                .with("first", first)
                .with("count", self.unresolved.len());
            self.warnings.push(Warning(message));
        }
        let says_nothing = |items: &Vec<Item>| *items == [Item::Text(NOTHING.to_owned())];
        self.foreign
            .entries
            .retain(|kept| !(kept.keyword.starts_with("SUBJECT-") && kept.values.values().all(says_nothing)));
        for kept in &mut self.foreign.entries {
            let mut values = kept.values.values();
            let first = values.next().cloned();
            if is_language_free(&kept.keyword)
                && let Some(first) = first
                && kept.values.values().all(|value| *value == first)
            {
                kept.values = BTreeMap::from([(String::new(), first)]);
            }
        }
        self.foreign.entries.sort_by_key(|kept| rank(&kept.keyword));
        self.foreign.put(&mut self.cube);
        self.names.dimensions.clone_from(&self.cube.dimensions);
        Ok(Header {
            cube: self.cube,
            names: Arc::new(self.names),
            statuses,
            confidential: self.confidential,
            keys,
            attributes: self.attributes,
            warnings: self.warnings,
        })
    }

    /// Names keywords that every file must have and a reader can do without.
    fn warn_missing(&mut self, entries: &[Entry]) {
        let has = |keyword: &&str| entries.iter().any(|entry| entry.keyword == **keyword);
        let wanted = [
            "CONTENTS",
            "DECIMALS",
            "LANGUAGE",
            "MATRIX",
            "SUBJECT-AREA",
            "SUBJECT-CODE",
            "UNITS",
        ];
        let mut missing: Vec<String> = wanted
            .iter()
            .filter(|keyword| !has(keyword))
            .map(|one| (*one).to_owned())
            .collect();
        if !has(&"TITLE") && !has(&"DESCRIPTION") {
            missing.push("TITLE".to_owned());
        }
        if !missing.is_empty() {
            let message = Message::new("warning.px-missing-keywords").with("keywords", &missing);
            self.warnings.push(Warning(message));
        }
    }

    fn set_roles(&mut self) {
        for (place, dimension) in self.cube.dimensions.iter_mut().enumerate() {
            let kind = self.types.get(place).cloned().flatten().unwrap_or_default();
            let of_kind = match kind.to_lowercase().as_str() {
                "time" | "t" => Role::Time,
                "content" | "contents" | "c" => Role::Metric,
                "geographical" | "g" => Role::Geo,
                _ => Role::Classification,
            };
            let timed = self.timeval.get(place).is_some_and(Option::is_some);
            let mapped = self.maps.get(place).copied().unwrap_or_default();
            dimension.role = if timed {
                Role::Time
            } else if self.names.content == Some(place) {
                Role::Metric
            } else if mapped {
                Role::Geo
            } else {
                of_kind
            };
            if !kind.is_empty() && Some(kind.as_str()) != usual_type(dimension.role) {
                self.foreign.entries.push(Kept {
                    keyword: "VARIABLE-TYPE".to_owned(),
                    at: At::Dimension(dimension.code.clone()),
                    values: BTreeMap::from([(String::new(), vec![Item::Text(kind)])]),
                });
            }
        }
    }

    fn set_texts(&mut self) {
        let given = |labels: &Labels| labels.iter().any(|(_, text)| !text.is_empty() && text != NOTHING);
        let titles = [&self.title, &self.description, &self.cube.contents];
        let title = titles.into_iter().find(|labels| given(labels));
        self.cube.label = title.cloned().unwrap_or_default();
        if !given(&self.cube.contents) || self.cube.contents == self.cube.label {
            self.cube.contents = Labels::default();
        }
        if !given(&self.cube.source) {
            self.cube.source = Labels::default();
        }
        if given(&self.units) {
            self.cube.unit = Some(Unit {
                label: std::mem::take(&mut self.units),
                ..Unit::default()
            });
        }
        self.cube.id = self
            .table
            .take()
            .filter(|id| !id.is_empty())
            .or_else(|| self.matrix.clone());
        self.foreign.matrix = self
            .matrix
            .take()
            .filter(|matrix| Some(matrix) != self.cube.id.as_ref());
        self.cube.decimals = self.shown.or(self.decimals);
        self.foreign.decimals = self
            .decimals
            .filter(|decimals| Some(*decimals) != self.cube.decimals);
    }

    /// The table's date is its own, else the latest of a content value.
    fn set_updated(&mut self) {
        let latest = self.content_updated.values().max().cloned();
        self.cube.updated = self.updated.take().or(latest);
        let Some(content) = self
            .names
            .content
            .and_then(|content| self.cube.dimensions.get(content))
        else {
            return;
        };
        for (place, date) in std::mem::take(&mut self.content_updated) {
            if Some(&date) != self.cube.updated.as_ref()
                && let Some(category) = content.categories.get(place)
            {
                self.foreign.updated.insert(category.code.clone(), date);
            }
        }
    }

    /// What the symbols mean in this file. Texts that say the usual are not kept.
    fn set_symbols(&mut self) -> [Option<&'static str>; 8] {
        let mut statuses = [None; 8];
        let mut redefined = Vec::new();
        for (status, standard) in statuses.iter_mut().zip(&STANDARD) {
            let texts = self.foreign.symbols.get(standard.name);
            *status = standard.status_with(texts);
            if let Some(texts) = texts
                && *status != standard.status
            {
                let text = self
                    .names
                    .languages
                    .iter()
                    .find_map(|language| texts.get(language));
                redefined.push(format!(
                    "\"{}\" = {}",
                    standard.symbol,
                    text.cloned().unwrap_or_default()
                ));
            }
            if texts.is_some_and(|texts| standard.is_usual(texts)) {
                self.foreign.symbols.remove(standard.name);
            }
        }
        if !redefined.is_empty() {
            let message = Message::new("warning.px-symbols").with("symbols", &redefined);
            self.warnings.push(Warning(message));
        }
        statuses
    }
}

/// The VARIABLE-TYPE that a role is written as.
pub(super) fn usual_type(role: Role) -> Option<&'static str> {
    match role {
        Role::Time => Some("Time"),
        Role::Geo => Some("Geographical"),
        Role::Metric => Some("Content"),
        Role::Classification => None,
    }
}

fn first(known: &mut Option<String>, text: String) {
    known.get_or_insert(text);
}

/// A number of decimals.
fn digits(entry: &Entry) -> PxResult<u8> {
    let text = entry.text().unwrap_or_default();
    text.trim()
        .parse()
        .ok()
        .filter(|digits| *digits <= 30)
        .ok_or_else(|| {
            entry.wrong(Cause::Expected {
                expected: "0–15".to_owned(),
                found: text.to_owned(),
            })
        })
}
