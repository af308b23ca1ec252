//! What the columns of a message to be written are: ids that SDMX allows, and the cells they take from the cube.

use super::SdmxLabels;
use super::build::{OWN_AGENCY, OWN_VERSION};
use super::extras::Extras;
use super::ids::{self, Reference};
use super::lift::{DECIMALS, UNIT};
use super::marks::{ACTION, STRUCTURE_ID};
use super::number::{self, Kind};
use super::plan::{ATTRIBUTES, STATUS, SYMBOL, TEXT, TIME, VALUE};
use super::survey::code_and_name;
use crate::formats::{Cube, Labels, Mark, Role, TimePeriod, Unit};

/// Columns that say what a row is, in any version.
const FIXED: [&str; 7] = [
    "DATAFLOW",
    "STRUCTURE",
    STRUCTURE_ID,
    "STRUCTURE_NAME",
    ACTION,
    "SERIES_KEY",
    "OBS_KEY",
];

/// A dimension as it is written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Axis {
    /// Its place in the cube.
    pub(super) place: usize,
    /// Its id.
    pub(super) id: String,
    /// The codes of its categories.
    pub(super) codes: Vec<String>,
}

/// An attribute as it is written, and its place in the cube.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Column {
    pub(super) place: usize,
    pub(super) id: String,
    /// What stands in brackets after the id.
    pub(super) form: String,
}

/// The columns of a message.
#[derive(Debug)]
pub(super) struct Sheet<'a> {
    pub(super) cube: &'a Cube,
    pub(super) extras: Extras,
    /// Dimensions with a column of their own.
    pub(super) axes: Vec<Axis>,
    /// The dimension whose categories are columns of measures.
    pub(super) spread: Option<Axis>,
    /// The id of the only measure.
    pub(super) measure: String,
    /// Attributes, those with a meaning of their own aside.
    pub(super) attributes: Vec<Column>,
    /// Places of the attributes that hold structure, action and a second status of a cell.
    pub(super) version_place: Option<usize>,
    pub(super) action_place: Option<usize>,
    pub(super) status_place: Option<usize>,
    /// Which columns there are.
    pub(super) has_status: bool,
    pub(super) has_symbol: bool,
    pub(super) has_text: bool,
    pub(super) has_unit: bool,
    pub(super) has_decimals: bool,
    /// The artefact that the rows belong to.
    pub(super) reference: Reference,
    /// The units with their codes.
    unit_codes: Vec<(&'a Unit, String)>,
    /// How many codes and ids were changed to what SDMX allows.
    pub(super) changed: Vec<String>,
}

impl<'a> Sheet<'a> {
    /// Decides the columns.
    pub(super) fn of(cube: &'a Cube) -> Self {
        let kept = Extras::of(cube);
        let own = kept.is_some();
        let extras = kept.unwrap_or_default();
        let mut sheet = Self {
            cube,
            axes: Vec::new(),
            spread: None,
            measure: VALUE.to_owned(),
            attributes: Vec::new(),
            version_place: place(cube, STRUCTURE_ID),
            action_place: place(cube, ACTION),
            status_place: place(cube, STATUS),
            has_status: false,
            has_symbol: false,
            has_text: false,
            has_unit: place(cube, UNIT).is_none() && units(cube),
            has_decimals: place(cube, DECIMALS).is_none() && decimals(cube),
            reference: reference(cube, &extras),
            unit_codes: Vec::new(),
            changed: Vec::new(),
            extras,
        };
        sheet.find_units();
        sheet.find_axes(own);
        sheet.find_columns(own);
        sheet.find_marks();
        sheet
    }

    fn find_axes(&mut self, own: bool) {
        let cube = self.cube;
        let time = cube
            .with_role(Role::Time)
            .filter(|(_, dimension)| !own && dimension.periods().is_some());
        let time = time.map(|(place, _)| place);
        let mut taken: Vec<&str> = FIXED.to_vec();
        if !own {
            taken.extend(ATTRIBUTES);
            taken.extend([VALUE, TIME, UNIT]);
        }
        let codes = cube.dimensions.iter().map(|dimension| dimension.code.as_str());
        let ids = ids::distinct(codes, if own { kept_id } else { ids::component }, &taken);
        for (place, (dimension, id)) in cube.dimensions.iter().zip(ids).enumerate() {
            let is_time = time == Some(place);
            let codes = dimension.categories.iter().map(|category| category.code.as_str());
            let codes = if is_time {
                let periods = dimension.periods().unwrap_or_default();
                periods.into_iter().map(TimePeriod::sdmx).collect()
            } else {
                let codes = ids::distinct(codes, if own { kept_code } else { ids::code }, &["", "~"]);
                self.note_changes(place, &codes);
                codes
            };
            let id = if is_time { TIME.to_owned() } else { id };
            if id != dimension.code && !is_time {
                self.changed.push(dimension.code.clone());
            }
            self.axes.push(Axis { place, id, codes });
        }
        self.find_spread();
    }

    fn note_changes(&mut self, place: usize, codes: &[String]) {
        let categories = self
            .cube
            .dimensions
            .get(place)
            .map_or(&[][..], |dimension| &dimension.categories);
        let changed = categories
            .iter()
            .zip(codes)
            .filter(|(category, code)| category.code != **code);
        self.changed
            .extend(changed.map(|(category, _)| category.code.clone()));
    }

    /// The last dimension is columns of measures again, where it was when the cube was read and the marks of each row agree.
    fn find_spread(&mut self) {
        if let [measure] = self.extras.measures.as_slice()
            && !self.axes.iter().any(|axis| axis.id == *measure)
            && !FIXED.contains(&measure.as_str())
        {
            measure.clone_into(&mut self.measure);
        }
        let last = self.cube.dimensions.last();
        let was = last.filter(|last| Some(&last.code) == self.extras.measure_dimension.as_ref());
        let Some(was) = was else { return };
        let known = |code: &str| self.extras.measures.iter().any(|measure| measure == code);
        let all = was.categories.iter().all(|category| known(&category.code));
        let units = was
            .categories
            .iter()
            .any(|category| category.unit.is_some() || category.decimals.is_some());
        if all && !units && was.categories.len() > 1 && super::spread::agrees(self.cube, was.categories.len())
        {
            self.spread = self.axes.pop();
        }
    }

    fn find_columns(&mut self, own: bool) {
        let special = [self.version_place, self.action_place, self.status_place];
        let places: Vec<usize> = (0..self.cube.attributes.len())
            .filter(|place| !special.contains(&Some(*place)))
            .collect();
        let code = |place: &usize| {
            self.cube
                .attributes
                .get(*place)
                .map_or("", |attribute| attribute.code.as_str())
        };
        let mut taken: Vec<&str> = FIXED.to_vec();
        taken.extend([STATUS, SYMBOL, TEXT, self.measure.as_str()]);
        taken.extend(self.axes.iter().map(|axis| axis.id.as_str()));
        taken.extend(
            self.spread
                .iter()
                .flat_map(|axis| axis.codes.iter().map(String::as_str)),
        );
        if self.has_unit {
            taken.push(UNIT);
        }
        if self.has_decimals {
            taken.push(DECIMALS);
        }
        let nearest = if own { kept_id } else { ids::component };
        let ids = ids::distinct(places.iter().map(code), nearest, &taken);
        let changed = places
            .iter()
            .zip(&ids)
            .filter(|(place, id)| code(place) != id.as_str());
        let changed: Vec<String> = changed.map(|(place, _)| code(place).to_owned()).collect();
        let form = |id: &str| self.extras.forms.get(id).cloned().unwrap_or_default();
        let columns = places.into_iter().zip(ids).map(|(place, id)| Column {
            place,
            form: form(&id),
            id,
        });
        self.attributes = columns.collect();
        self.changed.extend(changed);
    }

    fn find_marks(&mut self) {
        let marks = self.cube.cells.distinct_marks();
        self.has_text = marks.iter().any(|mark| mark.text.is_some()) && !self.texts_are_values();
        self.has_status = marks.iter().any(|mark| self.status(mark).is_some());
        self.has_symbol = marks.iter().any(|mark| self.symbol(mark).is_some());
    }

    /// Whether the texts can stand in the column of the measure: no cell of it is a number, and no text looks like one.
    fn texts_are_values(&self) -> bool {
        let numbers = self.cube.cells.values().iter().any(|value| !value.is_nan());
        let marks = self.cube.cells.distinct_marks().iter();
        let mut texts = marks.filter_map(|mark| mark.text.as_deref());
        self.spread.is_some()
            || (!numbers && texts.all(|text| !text.is_empty() && number::kind(text) == Kind::Text))
    }

    /// The status of a mark, or the office's own in its place.
    pub(super) fn status<'m>(&self, mark: &'m Mark) -> Option<&'m str> {
        let second = self.status_place.and_then(|place| mark.attribute(place));
        let own = mark
            .symbol
            .as_deref()
            .filter(|symbol| self.extras.own_status && !number::is_missing(symbol));
        mark.status.as_deref().or(second).or(own)
    }

    /// The symbol of a mark, unless it is a status or the word in place of a number.
    pub(super) fn symbol<'m>(&self, mark: &'m Mark) -> Option<&'m str> {
        let symbol = mark.symbol.as_deref()?;
        let is_own = self.extras.own_status && self.status(mark) == Some(symbol) && mark.status.is_none();
        (!is_own && !number::is_missing(symbol)).then_some(symbol)
    }

    /// The code of a unit.
    pub(super) fn unit_code(&self, unit: &Unit) -> String {
        let known = self.unit_codes.iter().find(|(known, _)| same(known, unit));
        known.map(|(_, code)| code.clone()).unwrap_or_default()
    }

    /// The codes of units: of the code list read with them, else the nearest to their names, each its own.
    fn find_units(&mut self) {
        let mut distinct: Vec<&Unit> = Vec::new();
        for unit in self.units() {
            if !distinct.iter().any(|known| same(known, unit)) {
                distinct.push(unit);
            }
        }
        let kept = self.extras.lifted.iter().any(|id| id == UNIT);
        let texts = distinct.iter().map(|unit| {
            let codes = self.extras.codes.get(UNIT).into_iter().flatten();
            let known = codes.into_iter().find(|(_, label)| **label == unit.label);
            known.map_or_else(
                || unit_name(unit, &self.cube.languages),
                |(code, _)| code.as_str(),
            )
        });
        let nearest = if kept { str::to_owned } else { ids::code };
        let codes = ids::distinct(texts, nearest, &[""]);
        self.unit_codes = distinct.into_iter().zip(codes).collect();
    }

    /// The names of an attribute's values stand beside them only where each has one: else no reader could tell them apart.
    pub(super) fn names(&self, column: &Column) -> Option<&std::collections::BTreeMap<String, Labels>> {
        let names = self.extras.codes.get(&column.id)?;
        let marks = self.cube.cells.distinct_marks().iter();
        let mut values = marks.filter_map(|mark| mark.attribute(column.place));
        let named = |value: &str| {
            let name = names.get(value).is_some_and(|label| !label.is_empty());
            name && !value.is_empty() && !value.contains([' ', '\n']) && !value.ends_with(':')
        };
        values.all(named).then_some(names)
    }

    /// Whether every value of a column made of marks or units has a name: one without would hide those of the others.
    pub(super) fn is_named(&self, id: &str) -> bool {
        match id {
            STATUS => self.extras.codes.get(STATUS).is_some_and(|names| {
                let marks = self.cube.cells.distinct_marks().iter();
                let mut statuses = marks.filter_map(|mark| self.status(mark));
                statuses.all(|status| names.get(status).is_some_and(|label| !label.is_empty()))
            }),
            UNIT => self
                .units()
                .all(|unit| !unit.label.is_empty() && !self.unit_code(unit).contains(' ')),
            _ => false,
        }
    }

    /// The columns made of marks and units, in the order of the header.
    pub(super) fn mark_columns(&self) -> impl Iterator<Item = &'static str> + use<> {
        let columns = [
            (STATUS, self.has_status),
            (SYMBOL, self.has_symbol),
            (TEXT, self.has_text),
            (UNIT, self.has_unit),
            (DECIMALS, self.has_decimals),
        ];
        columns.into_iter().filter(|(_, there)| *there).map(|(id, _)| id)
    }

    /// The units of the cube and of its measures.
    pub(super) fn units(&self) -> impl Iterator<Item = &'a Unit> + use<'a> {
        let own = metric(self.cube).filter_map(|category| category.unit.as_ref());
        let all = self.cube.unit.iter().chain(own);
        all.filter(|unit| !unit_name(unit, &[]).is_empty())
    }

    /// Whether cells of a column have names, so that its head needs one too.
    pub(super) fn needs_name(&self, id: &str) -> bool {
        let axis = self.axes.iter().find(|axis| axis.id == id);
        let dimension = axis.and_then(|axis| self.cube.dimensions.get(axis.place));
        let column = self.attributes.iter().find(|column| column.id == id);
        dimension.is_some_and(|dimension| {
            dimension
                .categories
                .iter()
                .any(|category| !category.label.is_empty())
        }) || column.is_some_and(|column| self.names(column).is_some())
            || self.is_named(id)
    }

    /// Whether every value of an attribute looks like a code with its name, though it is none.
    pub(super) fn misleads(&self, column: &Column) -> bool {
        let marks = self.cube.cells.distinct_marks().iter();
        let mut values = marks.filter_map(|mark| mark.attribute(column.place)).peekable();
        values.peek().is_some() && values.all(|value| code_and_name(value).1.is_some())
    }

    /// How names stand beside ids: as asked, else as they did when the cube was read.
    pub(super) fn labels(&self, asked: Option<SdmxLabels>) -> SdmxLabels {
        asked.unwrap_or(self.extras.labels)
    }
}

fn place(cube: &Cube, code: &str) -> Option<usize> {
    cube.attributes
        .iter()
        .position(|attribute| attribute.code == code)
}

fn metric(cube: &Cube) -> impl Iterator<Item = &crate::formats::Category> {
    let metric = cube.with_role(Role::Metric);
    metric
        .into_iter()
        .flat_map(|(_, dimension)| &dimension.categories)
}

fn units(cube: &Cube) -> bool {
    let unit = |unit: &Option<Unit>| unit.as_ref().is_some_and(|unit| !unit_name(unit, &[]).is_empty());
    unit(&cube.unit) || metric(cube).any(|category| unit(&category.unit))
}

/// What a unit is called, in the first of these languages that has a word for it, else by its symbol; a unit of empty
/// texts, as some offices have it, is none.
fn unit_name<'u>(unit: &'u Unit, languages: &[String]) -> &'u str {
    let words = languages.iter().filter_map(|language| unit.label.get(language));
    let words = words.chain(unit.label.iter().map(|(_, word)| word));
    let mut names = words.chain(unit.symbol.as_deref());
    names.find(|name| !name.is_empty()).unwrap_or_default()
}

/// Whether two units are one: by name, or by symbol where they have none.
fn same(one: &Unit, other: &Unit) -> bool {
    one.label == other.label && (!one.label.is_empty() || one.symbol == other.symbol)
}

fn decimals(cube: &Cube) -> bool {
    cube.decimals.is_some() || metric(cube).any(|category| category.decimals.is_some())
}

/// The artefact: as it was read, else the cube's id as one, else an id made of it.
fn reference(cube: &Cube, extras: &Extras) -> Reference {
    let id = cube.id.as_deref().unwrap_or_default();
    Reference::parse(&extras.structure)
        .or_else(|| Reference::parse(id))
        .unwrap_or_else(|| Reference {
            agency: OWN_AGENCY.to_owned(),
            id: if id.is_empty() {
                "DATA".to_owned()
            } else {
                ids::code(id)
            },
            version: OWN_VERSION.to_owned(),
        })
}

/// An id that a file had stays as it is.
fn kept_id(id: &str) -> String {
    if id.is_empty() || id.contains(['[', ']', '\n']) || id.contains(": ") {
        return ids::component(id);
    }
    id.to_owned()
}

/// A code that a file had stays as it is, unless it could not be told from its name.
fn kept_code(code: &str) -> String {
    if code.contains(": ") || code.ends_with(':') {
        return ids::code(code);
    }
    code.to_owned()
}
