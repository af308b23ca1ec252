//! A dimension of a document.

use super::source::{Fields, Part, Source};
use crate::error::Result;
use crate::formats::{Category, Dimension, Labels, Note, NotePlace, Role, Unit, Warning};
use crate::language::Message;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// A dimension as read: what belongs to the cube beside it, and what only JSON-stat knows.
pub(super) struct Read {
    pub(super) dimension: Dimension,
    pub(super) notes: Vec<Note>,
    pub(super) foreign: Map<String, Value>,
}

/// Reads one dimension of a document.
pub(super) struct DimensionReader<'r, 'a> {
    pub(super) source: Source<'a>,
    pub(super) language: &'r str,
    /// The place of the dimension in its cube.
    pub(super) place: usize,
    pub(super) warnings: &'r mut Vec<Warning>,
}

impl<'a> DimensionReader<'_, 'a> {
    /// Reads the dimension `code`; `field` is what messages call it.
    pub(super) fn read(&mut self, field: &str, code: &str, part: Part<'a>) -> Result<Read> {
        let fields = self.source.fields(part, field)?;
        let mut read = Read {
            dimension: Dimension::new(code, Role::default(), Vec::new()),
            notes: Vec::new(),
            foreign: Map::new(),
        };
        let mut mandatory = Mandatory::default();
        for (name, part) in fields.iter() {
            let field = format!("{field}.{name}");
            match name {
                "label" => read.dimension.label = self.text(&self.source.value(part, &field)?),
                "category" => {}
                "note" => {}
                "extension" => {
                    let mut extension: Value = self.source.value(part, &field)?;
                    mandatory = Mandatory::take(&mut extension);
                    if extension.as_object().is_none_or(|object| !object.is_empty()) {
                        read.foreign.insert(name.into(), extension);
                    }
                }
                _ => {
                    read.foreign.insert(name.into(), self.source.value(part, &field)?);
                }
            }
        }
        if let Some(note) = fields.get("note") {
            let texts = texts(&self.source.value(note, &format!("{field}.note"))?);
            for (at, text) in texts.into_iter().enumerate() {
                read.notes.push(Note {
                    text: Labels::new(self.language, text),
                    mandatory: mandatory.dimension.get(&at.to_string()) == Some(&Value::Bool(true)),
                    place: NotePlace::Dimension(self.place),
                });
            }
        }
        let Some(category) = fields.get("category") else {
            return Err(self
                .source
                .error(part.get(), field, "a field \"category\"", "none"));
        };
        let field = format!("{field}.category");
        let category_fields = self.source.fields(category, &field)?;
        let codes = self.codes(&field, category, &category_fields)?;
        self.categories(&field, codes, &category_fields, &mut read)?;
        self.category_notes(&field, &category_fields, &mandatory, &mut read)?;
        Ok(read)
    }

    /// The codes in order.
    fn codes(&self, field: &str, part: Part<'a>, fields: &Fields<'a>) -> Result<Vec<String>> {
        let Some(index) = fields.get("index") else {
            let label = fields.get("label").filter(|label| label.get() != "null");
            let label = label
                .map(|label| self.source.fields(label, &format!("{field}.label")))
                .transpose()?;
            return match label {
                Some(label) if label.len() == 1 => {
                    Ok(label.iter().map(|(code, _)| code.to_owned()).collect())
                }
                _ => {
                    let expected = "\"index\" with the order of the categories";
                    Err(self.source.error(part.get(), field, expected, "none"))
                }
            };
        };
        let field = format!("{field}.index");
        let wrong = |expected: &str, found: &str| self.source.error(index.get(), &field, expected, found);
        let codes: Vec<String> = match self.source.value(index, &field)? {
            Value::Array(codes) => codes.iter().filter_map(code_of).collect::<Vec<_>>(),
            Value::Object(_) => {
                // The order is that of the positions, not that of the file.
                let mut places = Vec::new();
                for (code, place) in self.source.fields(index, &field)?.iter() {
                    let place: f64 = self.source.value(place, &format!("{field}.{code}"))?;
                    places.push((place, code.to_owned()));
                }
                places.sort_by(|left, right| left.0.total_cmp(&right.0));
                if let Some(pair) = places.windows(2).find(|pair| pair[0].0 == pair[1].0) {
                    let found = format!("{} at \"{}\" and \"{}\"", pair[0].0, pair[0].1, pair[1].1);
                    return Err(wrong("each position once", &found));
                }
                places.into_iter().map(|(_, code)| code).collect()
            }
            _ => {
                return Err(wrong(
                    "an array of codes, or an object with their positions",
                    index.get(),
                ));
            }
        };
        let mut seen = std::collections::HashSet::new();
        match codes.iter().find(|code| !seen.insert(code.as_str())) {
            Some(twice) => Err(wrong("each code once", &format!("\"{twice}\" twice"))),
            None => Ok(codes),
        }
    }

    fn categories(
        &mut self,
        field: &str,
        codes: Vec<String>,
        fields: &Fields<'a>,
        read: &mut Read,
    ) -> Result<()> {
        let places: HashMap<String, usize> = codes
            .iter()
            .enumerate()
            .map(|(at, code)| (code.clone(), at))
            .collect();
        let mut categories: Vec<Category> = codes.into_iter().map(Category::new).collect();
        let mut units = Map::new();
        let mut unknown = Vec::new();
        for (name, part) in fields
            .iter()
            .filter(|(name, _)| !matches!(*name, "index" | "note"))
        {
            let field = format!("{field}.{name}");
            if !matches!(name, "label" | "unit" | "coordinates" | "child") {
                let more = read
                    .foreign
                    .entry("category")
                    .or_insert_with(|| Value::Object(Map::new()));
                more[name] = self.source.value(part, &field)?;
                continue;
            }
            if part.get() == "null" {
                continue;
            }
            let entries: Map<String, Value> = self.source.value(part, &field)?;
            for (code, value) in entries {
                let Some(category) = places.get(&code).and_then(|place| categories.get_mut(*place)) else {
                    unknown.push(format!("{field}.{code}"));
                    continue;
                };
                match name {
                    "label" => category.label = self.text(&value),
                    "coordinates" => category.coordinates = serde_json::from_value(value).ok(),
                    "unit" => {
                        let rest = unit(category, value, self.language);
                        if !rest.is_empty() {
                            units.insert(code, Value::Object(rest));
                        }
                    }
                    _ => {
                        for child in texts(&value) {
                            match places.get(&child) {
                                Some(place) => category.children.push(*place),
                                None => unknown.push(format!("{field}.{code}: {child}")),
                            }
                        }
                    }
                }
            }
        }
        if !units.is_empty() {
            read.foreign.insert("unit".into(), Value::Object(units));
        }
        if !unknown.is_empty() {
            let warning = Message::new("warning.jsonstat-unknown-category").with("fields", &unknown);
            self.warnings.push(Warning(warning));
        }
        read.dimension.categories = categories;
        Ok(())
    }

    fn category_notes(
        &self,
        field: &str,
        fields: &Fields<'a>,
        mandatory: &Mandatory,
        read: &mut Read,
    ) -> Result<()> {
        let Some(notes) = fields.get("note").filter(|part| part.get() != "null") else {
            return Ok(());
        };
        let notes: Map<String, Value> = self.source.value(notes, &format!("{field}.note"))?;
        for (at, category) in read.dimension.categories.iter().enumerate() {
            let texts = notes.get(&category.code).map(texts).unwrap_or_default();
            for (number, text) in texts.into_iter().enumerate() {
                let marked = mandatory.category.get(&category.code);
                let marked = marked.and_then(|marked| marked.get(number.to_string()));
                read.notes.push(Note {
                    text: Labels::new(self.language, text),
                    mandatory: marked == Some(&Value::Bool(true)),
                    place: NotePlace::Category(self.place, at),
                });
            }
        }
        Ok(())
    }

    fn text(&self, value: &Value) -> Labels {
        let text = texts(value).into_iter().next();
        text.map_or_else(Labels::default, |text| Labels::new(self.language, text))
    }
}

/// Which notes must be shown, as PxWeb says it in an extension.
#[derive(Default)]
pub(super) struct Mandatory {
    pub(super) dimension: Map<String, Value>,
    category: Map<String, Value>,
}

impl Mandatory {
    /// Takes it out of an extension.
    pub(super) fn take(extension: &mut Value) -> Self {
        let mut take = |name: &str| match extension.as_object_mut().and_then(|object| object.remove(name)) {
            Some(Value::Object(marked)) => marked,
            _ => Map::new(),
        };
        let dimension = take("noteMandatory");
        let mut category = take("categoryNoteMandatory");
        category.extend(take("valueNoteMandatory"));
        Self { dimension, category }
    }
}

/// A text, or the texts of an array; numbers and booleans as they are written.
pub(super) fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().filter_map(code_of).collect(),
        other => code_of(other).into_iter().collect(),
    }
}

fn code_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(yes.to_string()),
        _ => None,
    }
}

/// Gives a category its unit; what is left of it is what a cube has no field for. PxWeb calls the unit `base`.
fn unit(category: &mut Category, value: Value, language: &str) -> Map<String, Value> {
    let Value::Object(mut rest) = value else {
        return Map::new();
    };
    let decimals = rest.get("decimals").and_then(Value::as_f64);
    // The cast saturates; no figure has more than 255 decimals.
    category.decimals = decimals.map(|decimals| decimals as u8);
    let label = rest.get("label").or_else(|| rest.get("base"));
    let label = label.and_then(code_of).map(|label| Labels::new(language, label));
    let symbol = rest.get("symbol").and_then(code_of);
    let position = rest.get("position").and_then(Value::as_str);
    if label.is_some() || symbol.is_some() || position.is_some() {
        category.unit = Some(Unit {
            label: label.unwrap_or_default(),
            symbol,
            symbol_first: position == Some("start"),
        });
    }
    for known in ["decimals", "label", "symbol", "position"] {
        rest.remove(known);
    }
    rest
}
