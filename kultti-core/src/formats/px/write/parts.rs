//! The keywords of variables, contents, notes, symbols and attributes.

use super::super::document::Value;
use super::super::figures::Set;
use super::super::foreign::{At, Item};
use super::super::header::usual_type;
use super::super::symbols::STANDARD;
use super::super::time;
use super::{NOTHING, Writer};
use crate::formats::{Labels, NotePlace, Role, Unit};

impl Writer<'_> {
    pub(super) fn variables(&mut self) {
        let count = self.cube.dimensions.len();
        for language in 0..self.texts.languages.len() {
            let tag = self.texts.tag(language);
            let names: Vec<Value> = (0..count)
                .map(|place| Value::Text(self.texts.name(language, place)))
                .collect();
            let (stub, heading) = names.split_at(self.stub.min(names.len()));
            for (keyword, names) in [("STUB", stub), ("HEADING", heading)] {
                if !names.is_empty() {
                    self.push(keyword, tag.clone(), Vec::new(), names.to_vec());
                }
            }
            for place in 0..count {
                let values = self
                    .texts
                    .variables
                    .get(language)
                    .and_then(|variables| variables.get(place));
                let values =
                    values.map(|variable| variable.values.iter().cloned().map(Value::Text).collect());
                let name = self.texts.name(language, place);
                self.push("VALUES", tag.clone(), vec![name], values.unwrap_or_default());
            }
        }
        for place in 0..count {
            self.variable(place);
        }
    }

    /// What is said of a variable once, whatever the language.
    pub(super) fn variable(&mut self, place: usize) {
        let cube = self.cube;
        let Some(dimension) = cube.dimensions.get(place) else {
            return;
        };
        let name = self.texts.name(0, place);
        let (code, codes) = self.texts.codes.get(place).cloned().unwrap_or_default();
        self.add("VARIABLECODE", vec![name.clone()], vec![Value::Text(code)]);
        let texts = codes.iter().cloned().map(Value::Text).collect();
        self.add("CODES", vec![name.clone()], texts);
        if dimension.role == Role::Time {
            let own = self.foreign.timeval.get(&dimension.code).cloned();
            let own = own.filter(|timeval| timeval.periods.len() == dimension.categories.len());
            if let Some(timeval) = own.or_else(|| time::of_codes(dimension)) {
                let mut values = vec![Value::TimeList(timeval.scale, Vec::new())];
                values.extend(timeval.periods.into_iter().map(Value::Text));
                self.add("TIMEVAL", vec![name.clone()], values);
            }
        }
        let at = At::Dimension(dimension.code.clone());
        let typed = self
            .foreign
            .entries
            .iter()
            .any(|kept| kept.keyword == "VARIABLE-TYPE" && kept.at == at);
        if let Some(kind) = usual_type(dimension.role).filter(|_| !typed) {
            self.add(
                "VARIABLE-TYPE",
                vec![name.clone()],
                vec![Value::Text(kind.to_owned())],
            );
        }
        for (category, value) in dimension.categories.iter().enumerate() {
            if let Some(decimals) = value.decimals {
                let subkeys = vec![name.clone(), self.texts.value(0, place, category)];
                self.add("PRECISION", subkeys, vec![Value::Word(decimals.to_string())]);
            }
            if value.coordinates.is_some() {
                self.lose("word.px-coordinates", &value.code);
            }
        }
        self.hierarchy(place, &name, &codes);
    }

    pub(super) fn hierarchy(&mut self, place: usize, name: &str, codes: &[String]) {
        let cube = self.cube;
        let Some(dimension) = cube.dimensions.get(place) else {
            return;
        };
        let mut has_parent = vec![false; dimension.categories.len()];
        for child in dimension
            .categories
            .iter()
            .flat_map(|category| &category.children)
        {
            if let Some(has) = has_parent.get_mut(*child) {
                *has = true;
            }
        }
        let parents = dimension.categories.iter().enumerate();
        let parents: Vec<_> = parents
            .filter(|(_, category)| !category.children.is_empty())
            .collect();
        if parents.is_empty() {
            return;
        }
        let code = |place: usize| codes.get(place).cloned().unwrap_or_default();
        let roots = parents
            .iter()
            .filter(|(place, _)| has_parent.get(*place) == Some(&false));
        let roots: Vec<Value> = roots.map(|(place, _)| Value::Text(code(*place))).collect();
        if roots.len() > 1 {
            self.lose("word.px-roots", &dimension.code);
        }
        let pairs = parents.iter().flat_map(|(parent, category)| {
            category
                .children
                .iter()
                .map(|child| Value::Pair(code(*parent), code(*child)))
        });
        let values = roots.into_iter().chain(pairs).collect();
        self.add("HIERARCHIES", vec![name.to_owned()], values);
    }

    /// The variable of contents, units and dates.
    pub(super) fn contents(&mut self) {
        let cube = self.cube;
        let content = cube
            .dimensions
            .iter()
            .position(|dimension| dimension.role == Role::Metric);
        self.texts.content = content;
        self.units(content);
        let updated = cube.updated.as_deref().map(time::date_to_px);
        let Some((place, dimension)) = content.and_then(|place| Some((place, cube.dimensions.get(place)?)))
        else {
            if let Some(updated) = updated {
                self.add_text("LAST-UPDATED", &updated);
            }
            return;
        };
        for language in 0..self.texts.languages.len() {
            let tag = self.texts.tag(language);
            let name = self.texts.name(language, place);
            self.push("CONTVARIABLE", tag, Vec::new(), vec![Value::Text(name)]);
        }
        let mut latest = None;
        for (category, value) in dimension.categories.iter().enumerate() {
            if let Some(unit) = &value.unit {
                self.unit(unit, Some((place, category)));
            }
            let own = self
                .foreign
                .updated
                .get(&value.code)
                .or(cube.updated.as_ref())
                .cloned();
            if let Some(own) = own {
                let subkey = self.texts.value(0, place, category);
                let date = self.texts.line(&time::date_to_px(&own));
                self.add("LAST-UPDATED", vec![subkey], vec![Value::Text(date)]);
                latest = latest.max(Some(own));
            }
        }
        if let Some(updated) = updated.filter(|_| latest != cube.updated) {
            self.add_text("LAST-UPDATED", &updated);
        }
    }

    /// UNITS of the table; units that stand where PX has no place for them are lost.
    fn units(&mut self, content: Option<usize>) {
        let cube = self.cube;
        match &cube.unit {
            Some(unit) => self.unit(unit, None),
            None => {
                self.add_text("UNITS", NOTHING);
                let of_content = content.and_then(|content| cube.dimensions.get(content));
                if !of_content
                    .is_some_and(|content| content.categories.iter().all(|category| category.unit.is_some()))
                {
                    self.filled.push("UNITS".to_owned());
                }
            }
        }
        for (place, dimension) in cube
            .dimensions
            .iter()
            .enumerate()
            .filter(|(place, _)| Some(*place) != content)
        {
            let stray = dimension
                .categories
                .iter()
                .find(|category| category.unit.is_some());
            if let Some(category) = stray.filter(|_| Some(place) != content) {
                self.lose("word.px-units", &category.code);
            }
        }
    }

    /// UNITS of the table or of a value of contents.
    pub(super) fn unit(&mut self, unit: &Unit, of: Option<(usize, usize)>) {
        if let Some(symbol) = &unit.symbol
            && !unit.label.is_empty()
        {
            self.lose("word.px-unit-symbols", symbol);
        }
        let label = match &unit.symbol {
            Some(symbol) if unit.label.is_empty() => Labels::new("", symbol.clone()),
            _ => unit.label.clone(),
        };
        for (language, (tag, text)) in self.texts.in_all(&label).into_iter().enumerate() {
            let subkeys = of.map(|(place, category)| self.texts.value(language, place, category));
            self.push(
                "UNITS",
                tag,
                subkeys.into_iter().collect(),
                vec![Value::Text(text)],
            );
        }
    }

    pub(super) fn notes(&mut self) {
        let cube = self.cube;
        for note in &cube.notes {
            for (language, text) in self.texts.note(&note.text) {
                let (keyword, subkeys) = match &note.place {
                    NotePlace::Cube => ("NOTE", Vec::new()),
                    NotePlace::Dimension(place) => ("NOTE", vec![self.texts.name(language, *place)]),
                    NotePlace::Category(place, category) => {
                        let value = self.texts.value(language, *place, *category);
                        ("VALUENOTE", vec![self.texts.name(language, *place), value])
                    }
                    NotePlace::Cells(key) => {
                        let named = key.iter().enumerate().map(|(place, category)| match category {
                            None => "*".to_owned(),
                            Some(category) => self.texts.value(language, place, *category),
                        });
                        ("CELLNOTE", named.collect())
                    }
                };
                let keyword = if note.mandatory {
                    format!("{keyword}X")
                } else {
                    keyword.to_owned()
                };
                let tag = self.texts.tag(language);
                self.push(&keyword, tag, subkeys, vec![Value::Text(text)]);
            }
        }
    }

    /// What the symbols mean, in every language: those of the data, and those that the file explained itself.
    pub(super) fn symbols(&mut self) {
        for (standard, used) in STANDARD.iter().zip(self.figures.symbols_used()) {
            let keyword = format!("DATASYMBOL{}", standard.name.to_ascii_uppercase());
            let own = self.foreign.symbols.get(standard.name).cloned();
            for language in 0..self.texts.languages.len() {
                let tag = self.texts.tag(language);
                let key = self
                    .texts
                    .languages
                    .get(language)
                    .map(|(_, key)| key.clone())
                    .unwrap_or_default();
                let text = match &own {
                    Some(own) => own.get(&key).map(|text| self.texts.line(text)),
                    None => used.then(|| standard.text(&key).to_owned()),
                };
                if let Some(text) = text {
                    self.push(&keyword, tag, Vec::new(), vec![Value::Text(text)]);
                }
            }
        }
    }

    /// Keywords that came from a PX file and have no field in a cube.
    pub(super) fn kept(&mut self) {
        for kept in std::mem::take(&mut self.foreign.entries) {
            let known = kept.values.iter().filter_map(|(key, items)| {
                let free = key.is_empty() && self.texts.language(key).is_none();
                Some((if free { 0 } else { self.texts.language(key)? }, items))
            });
            let mut chosen: Vec<_> = known.collect();
            chosen.sort_by_key(|(language, _)| *language);
            if chosen.is_empty() {
                chosen.extend(kept.values.values().next().map(|items| (0, items)));
            }
            for (language, items) in chosen {
                // What it names may have gone from the table since.
                let Some(subkeys) = self.texts.subkeys(language, &kept.at) else {
                    continue;
                };
                let values: Option<Vec<Value>> = items
                    .iter()
                    .map(|item| self.value(language, &kept.at, item))
                    .collect();
                if let Some(values) = values {
                    let tag = self.texts.tag(language);
                    self.push(&kept.keyword, tag, subkeys, values);
                }
            }
        }
    }

    pub(super) fn value(&mut self, language: usize, at: &At, item: &Item) -> Option<Value> {
        Some(match item {
            Item::Text(text) => Value::Text(self.texts.line(text)),
            Item::Word { word } => Value::Word(word.clone()),
            Item::Category { category } => Value::Text(self.texts.value_of_code(language, at, category)?),
            Item::Range { from, to } => Value::Range(from.clone(), to.clone()),
            Item::Pair { parent, child } => Value::Pair(parent.clone(), child.clone()),
            Item::TimeList { scale, inside } => {
                let inside = inside
                    .iter()
                    .filter_map(|item| self.value(language, at, item))
                    .collect();
                Value::TimeList(scale.clone(), inside)
            }
        })
    }

    /// OBS_STATUS and the attributes of the cube: what most figures have, then every cell that has something else.
    pub(super) fn attributes(&mut self) {
        let cube = self.cube;
        let Some(default) = self.figures.default_set() else {
            return;
        };
        let mut ids = vec![Value::Text("OBS_STATUS".to_owned())];
        for attribute in &cube.attributes {
            ids.push(Value::Text(self.texts.line(&attribute.code)));
        }
        self.add("ATTRIBUTE-ID", Vec::new(), ids);
        let labelled =
            !self.foreign.status.is_empty() || cube.attributes.iter().any(|one| !one.label.is_empty());
        for language in (0..self.texts.languages.len()).filter(|_| labelled) {
            let status = self.foreign.status.clone();
            let labels = std::iter::once((&status, "OBS_STATUS"));
            let labels = labels.chain(cube.attributes.iter().map(|one| (&one.label, one.code.as_str())));
            let key = self
                .texts
                .languages
                .get(language)
                .map(|(_, key)| key.clone())
                .unwrap_or_default();
            let mut texts = Vec::new();
            for (label, code) in labels {
                let text = label.in_order(&[key.as_str()]).unwrap_or(code).to_owned();
                texts.push(Value::Text(self.texts.line(&text)));
            }
            let tag = self.texts.tag(language);
            self.push("ATTRIBUTE-TEXT", tag, Vec::new(), texts);
        }
        let values = self.set(&default);
        self.add("ATTRIBUTES", Vec::new(), values);
        let exceptions: Vec<(u64, Set)> = self.figures.exceptions(&default).collect();
        for (position, set) in exceptions {
            let codes = cube.key(position).into_iter().zip(&self.texts.codes);
            let subkeys = codes
                .map(|(place, (_, codes))| codes.get(place).cloned().unwrap_or_default())
                .collect();
            let values = self.set(&set);
            self.add("ATTRIBUTES", subkeys, values);
        }
    }

    pub(super) fn set(&mut self, set: &Set) -> Vec<Value> {
        let texts = std::iter::once(&set.status).chain(&set.others);
        texts
            .map(|text| Value::Text(self.texts.line(text.as_deref().unwrap_or_default())))
            .collect()
    }
}
