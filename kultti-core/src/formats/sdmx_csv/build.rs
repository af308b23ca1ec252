//! Rows become a cube: codes become categories, keys positions, statuses and attributes marks.

use super::FORMAT;
use super::categories::Categories;
use super::extras::Extras;
use super::found::Found;
use super::header::Use;
use super::ids::{Reference, without_version};
use super::lift::{lift, multiplied};
use super::marks::{self, Marks};
use super::order::{Ordered, Rowed};
use super::rows::Row;
use crate::error::{Error, Result};
use crate::formats::{Absent, Category, Cells, Cube, Dimension, Labels, Mark, Role, Warning};
use crate::language::Message;
use std::collections::BTreeMap;

/// The agency of structures that only Kultti knows.
pub(super) const OWN_AGENCY: &str = "KULTTI";
/// The version of those.
pub(super) const OWN_VERSION: &str = "1.0";
/// The dimension that several columns of measures become.
const MEASURE: &str = "MEASURE";

/// A cube in the making.
pub(super) struct Build<'a> {
    path: &'a str,
    found: &'a Found,
    categories: Vec<Categories>,
    marks: Marks,
    rows: Rowed,
}

impl<'a> Build<'a> {
    pub(super) fn new(path: &'a str, found: &'a Found) -> Self {
        let dimensions = found.plan.dimensions.iter();
        Self {
            path,
            found,
            categories: dimensions.map(|_| Categories::default()).collect(),
            marks: Marks::new(found),
            rows: Rowed::new(found.plan.dimensions.len(), found.plan.measures.len()),
        }
    }

    /// Begins an observation: its key, its action, and what stands beside its values.
    pub(super) fn row(&mut self, row: &Row, structure: &str, action: &str) {
        for (place, categories) in self.found.plan.dimensions.iter().zip(&mut self.categories) {
            let code = self.found.code(*place, row.text(*place));
            let number = categories.number(code, || self.found.name(*place, row));
            self.rows.keys.push(number);
        }
        self.rows.begin(row.line, action);
        self.marks.row(self.found, row, structure, action);
    }

    /// The codes of a row of deletion become categories without a cell.
    pub(super) fn deletion(&mut self, row: &Row) {
        for (place, categories) in self.found.plan.dimensions.iter().zip(&mut self.categories) {
            let code = self.found.code(*place, row.text(*place));
            if !code.is_empty() && code != "~" {
                categories.number(code, || self.found.name(*place, row));
            }
        }
    }

    /// Adds a measure of the observation; NaN is none, `missing` and `text` stand in its place.
    pub(super) fn cell(&mut self, value: f64, missing: &str, text: &str) {
        self.rows.values.push(value);
        self.rows.marks.push(self.marks.cell(missing, text));
    }

    /// The cube, with the rows that are no observations beside it.
    ///
    /// # Errors
    /// [`Error::MalformedFile`] for a key that stands twice, and for more combinations of codes than can be counted.
    pub(super) fn cube(
        self,
        kept: Vec<BTreeMap<String, String>>,
        warnings: &mut Vec<Warning>,
    ) -> Result<Cube> {
        let found = self.found;
        let mut marks = self.marks;
        let mut dimensions = Vec::new();
        let mut places = Vec::new();
        for (place, categories) in found.plan.dimensions.iter().zip(self.categories) {
            let (dimension, order) = categories.dimension(*place, found);
            dimensions.push(dimension);
            places.push(order);
        }
        let metric = metric(found, &dimensions);
        dimensions.extend(metric.clone());
        let mut cube = Cube::new(dimensions);
        let size = cube.size().ok_or_else(|| {
            let expected = "dimensions with fewer than 2⁶⁴ combinations of their codes";
            Error::malformed(self.path, FORMAT, 1, expected, "more")
        })?;
        let ordered = self.rows.ordered(&places, &mut marks);
        let ordered = ordered.map_err(|twice| {
            let key = key(&cube, &places, self.rows.key(twice.second));
            self.rows.twice(self.path, &twice, &key)
        })?;
        if ordered.updates > 0 {
            warnings.push(Warning(
                Message::new("warning.sdmx-updates").with("count", ordered.updates),
            ));
        }
        cube.attributes = marks.attributes(found);
        let mut extras = extras(found, kept, metric.as_ref(), &marks);
        let mut distinct = marks.into_distinct();
        warnings.extend(multiplied(&cube, &distinct));
        lift(
            &mut cube,
            &mut extras,
            &mut distinct,
            &ordered,
            found.known.is_none(),
        );
        cube.cells = cells(&ordered, distinct, size);
        name(&mut cube, found, &extras);
        extras.keep(&mut cube);
        Ok(cube)
    }
}

/// The codes of a key, for a message.
fn key(cube: &Cube, places: &[Vec<usize>], numbers: &[u32]) -> String {
    let codes = cube.dimensions.iter().zip(places).zip(numbers);
    let codes = codes.filter_map(|((dimension, places), number)| {
        let place = places.get(*number as usize)?;
        Some(dimension.categories.get(*place)?.code.as_str())
    });
    codes.collect::<Vec<_>>().join(".")
}

/// Several measures are the categories of a dimension.
fn metric(found: &Found, dimensions: &[Dimension]) -> Option<Dimension> {
    let measures = &found.plan.measures;
    if measures.len() < 2 {
        return None;
    }
    let mut code = MEASURE.to_owned();
    while dimensions.iter().any(|dimension| dimension.code == code) {
        code.push('_');
    }
    let categories = measures.iter().map(|place| Category {
        code: found.id(*place).to_owned(),
        label: label(found, *place),
        ..Category::default()
    });
    Some(Dimension::new(code, Role::Metric, categories.collect()))
}

/// The name of a component: of the structure, else of the header.
fn label(found: &Found, place: usize) -> Labels {
    if let Some(component) = found
        .component(place)
        .filter(|component| !component.label.is_empty())
    {
        return component.label.clone();
    }
    let column = found.header.columns.get(place);
    let label = column.and_then(|column| column.label.clone());
    label.map(|label| Labels::new("", label)).unwrap_or_default()
}

fn cells(ordered: &Ordered, distinct: Vec<Mark>, size: u64) -> Cells {
    let every = ordered.positions.len() as u64 == size;
    let mut cells = if every {
        Cells::dense()
    } else {
        Cells::sparse(Absent::NotGiven)
    };
    cells.reserve(ordered.positions.len());
    let numbers: Vec<u32> = distinct.into_iter().map(|mark| cells.intern(mark)).collect();
    let rows = ordered.positions.iter().zip(&ordered.values).zip(&ordered.marks);
    for ((position, value), mark) in rows {
        let mark = numbers.get(*mark as usize).copied().unwrap_or_default();
        if every {
            cells.push_interned(*value, mark);
        } else {
            cells.push_interned_at(*position, *value, mark);
        }
    }
    cells
}

fn extras(
    found: &Found,
    rows: Vec<BTreeMap<String, String>>,
    metric: Option<&Dimension>,
    marks: &Marks,
) -> Extras {
    let header = &found.header;
    let survey = &found.survey;
    let mut actions = survey.actions.keys().map(|letter| marks::action(letter));
    let first = actions
        .next()
        .filter(|first| actions.all(|other| other == *first));
    let id = |place: &usize| found.id(*place).to_owned();
    let formed = header.columns.iter().filter(|column| !column.form.is_empty());
    let forms: BTreeMap<String, String> = formed
        .map(|column| (column.id.clone(), column.form.clone()))
        .collect();
    let only = found.plan.measures.first().filter(|_| metric.is_none());
    let version = match (header.first_version, survey.merges) {
        (true, _) => "1.0",
        (false, false) => "2.0",
        (false, true) => "2.1",
    };
    Extras {
        version: version.to_owned(),
        kind: survey.kind.clone(),
        structure: survey.versions().first().copied().unwrap_or_default().to_owned(),
        action: first.filter(|action| *action != "I").map(str::to_owned),
        keys: header.places(Use::Key).map(|place| id(&place)).collect(),
        labels: header.labels,
        subfield: header.subfield.filter(|_| !forms.is_empty()),
        forms,
        measures: found.plan.measures.iter().map(id).collect(),
        measure_dimension: metric.map(|metric| metric.code.clone()),
        measure_label: only.map(|place| label(found, *place)).unwrap_or_default(),
        codes: codes(found, marks),
        own_status: marks.own_status,
        lifted: Vec::new(),
        rows,
    }
}

/// Names of the codes of attributes: those of the file, else those of the structure.
fn codes(found: &Found, marks: &Marks) -> BTreeMap<String, BTreeMap<String, Labels>> {
    let mut all = marks.names.clone();
    for place in found.plan.attributes.iter().chain(&found.plan.status) {
        let listed = found
            .component(*place)
            .and_then(|component| component.codes.as_ref());
        for code in listed.into_iter().flatten() {
            if !code.label.is_empty() {
                let names = all.entry(found.id(*place).to_owned()).or_default();
                names.insert(code.id.clone(), code.label.clone());
            }
        }
    }
    all
}

/// Id and title of the cube.
fn name(cube: &mut Cube, found: &Found, extras: &Extras) {
    if let Some(name) = &found.survey.name {
        cube.label = Labels::new("", name);
    }
    let own = Reference::parse(&extras.structure).filter(|parsed| {
        let bare = without_version(&extras.structure);
        parsed.agency == OWN_AGENCY && parsed.version == OWN_VERSION && bare != extras.structure
    });
    let id = own.map_or_else(|| extras.structure.clone(), |own| own.id);
    cube.id = Some(id).filter(|id| !id.is_empty());
    if let Some(known) = &found.known {
        known.name(cube);
    }
}
