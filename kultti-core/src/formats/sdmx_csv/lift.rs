//! Unit and decimals of all cells become those of the cube, and those of a measure become its own: every format can say
//! that, and an attribute of each cell only few.

use super::extras::Extras;
use super::marks::trim;
use super::order::Ordered;
use crate::formats::{Cube, Dimension, Labels, Mark, Role, Unit, Warning};
use crate::language::Message;
use std::collections::BTreeMap;

/// The attribute of units.
pub(super) const UNIT: &str = "UNIT_MEASURE";
/// The attribute of the power of ten that figures are given in.
const MULTIPLIER: &str = "UNIT_MULT";
/// The attribute of decimals.
pub(super) const DECIMALS: &str = "DECIMALS";

/// How the ids of dimensions of measures begin, beside those that SDMX itself names (`MEASURE`, `INDICATOR`): in the
/// statistical offices' own structures and in those made of PX files.
const MEASURES: [&str; 8] = [
    "CONTENT",
    "INDIC",
    "SERIES",
    "STATISTIC",
    "SUBJECT",
    "TIEDOT",
    "UPPGIFTER",
    "VARIABLE",
];

/// Moves `UNIT_MEASURE` and `DECIMALS` from the marks to the cube where all cells have the same, or to the categories of
/// the dimension of measures where all cells of each have. `guess` says that no structure tells which dimension that is:
/// then it is the one that is called like one and has a unit for each category. A name alone, or units alone, make none:
/// units differ by country too.
pub(super) fn lift(
    cube: &mut Cube,
    extras: &mut Extras,
    distinct: &mut [Mark],
    ordered: &Ordered,
    guess: bool,
) {
    for id in [UNIT, DECIMALS] {
        let place = cube.attributes.iter().position(|attribute| attribute.code == id);
        let Some(place) = place else { continue };
        if id == DECIMALS && !all_decimals(distinct, place) {
            continue;
        }
        let value = |number: u32| distinct.get(number as usize)?.attribute(place);
        let everywhere = groups(ordered.marks.iter().map(|mark| (0, value(*mark))));
        // A unit that only some cells have is not the table's.
        let all = ordered.marks.iter().all(|mark| value(*mark).is_some());
        if let Some(values) = everywhere.filter(|_| all) {
            set(cube, extras, id, &values, None);
        } else {
            let by_category = |dimension: usize| {
                let cells = ordered.positions.iter().zip(&ordered.marks);
                groups(cells.map(|(position, mark)| {
                    let category = cube.key(*position).get(dimension).copied();
                    (category.unwrap_or_default(), value(*mark))
                }))
            };
            let mut measures = measures(cube, guess).into_iter();
            let found = measures.find_map(|dimension| Some((dimension, by_category(dimension)?)));
            let Some((dimension, values)) = found else {
                continue;
            };
            set(cube, extras, id, &values, Some(dimension));
        }
        extras.lifted.push(id.to_owned());
        cube.attributes.remove(place);
        for mark in distinct.iter_mut() {
            if place < mark.attributes.len() {
                mark.attributes.remove(place);
                trim(mark);
            }
        }
    }
}

/// What a reader must know of figures that are given in thousands or millions: other formats have no place for it.
pub(super) fn multiplied(cube: &Cube, distinct: &[Mark]) -> Option<Warning> {
    let place = cube
        .attributes
        .iter()
        .position(|attribute| attribute.code == MULTIPLIER)?;
    let mut values = distinct.iter().filter_map(|mark| mark.attribute(place));
    let message = Message::new("warning.sdmx-multiplier").with("attribute", MULTIPLIER);
    values
        .any(|power| power.trim() != "0")
        .then_some(Warning(message))
}

/// The dimension of measures, or those that may be it.
fn measures(cube: &Cube, guess: bool) -> Vec<usize> {
    if cube
        .dimensions
        .iter()
        .any(|dimension| dimension.role == Role::Metric)
    {
        return cube
            .with_role(Role::Metric)
            .into_iter()
            .map(|(place, _)| place)
            .collect();
    }
    let like = |dimension: &&Dimension| {
        let id = dimension.code.to_ascii_uppercase();
        dimension.role == Role::Classification && MEASURES.iter().any(|start| id.starts_with(start))
    };
    let all = cube.dimensions.iter().enumerate();
    let found = all.filter(|(_, dimension)| guess && like(dimension));
    found.map(|(place, _)| place).collect()
}

/// The value of each group that has one, where all cells of a group say the same.
fn groups<'a>(cells: impl Iterator<Item = (usize, Option<&'a str>)>) -> Option<BTreeMap<usize, String>> {
    let mut values: BTreeMap<usize, Option<&str>> = BTreeMap::new();
    for (group, value) in cells {
        if *values.entry(group).or_insert(value) != value {
            return None;
        }
    }
    let filled = values
        .into_iter()
        .filter_map(|(group, value)| Some((group, value?.to_owned())));
    let filled: BTreeMap<_, _> = filled.collect();
    Some(filled).filter(|values| !values.is_empty())
}

/// Whether every value of an attribute is a number of decimals as it is written.
fn all_decimals(distinct: &[Mark], place: usize) -> bool {
    let mut values = distinct.iter().filter_map(|mark| mark.attribute(place));
    values.all(|text| {
        let decimals = text.parse::<u8>();
        decimals.is_ok_and(|decimals| decimals.to_string() == text)
    })
}

/// Sets unit or decimals of the cube, or of the categories of a dimension.
fn set(cube: &mut Cube, extras: &Extras, id: &str, values: &BTreeMap<usize, String>, metric: Option<usize>) {
    if let Some(dimension) = metric.and_then(|metric| cube.dimensions.get_mut(metric)) {
        dimension.role = Role::Metric;
    }
    let names = extras.codes.get(UNIT);
    for (category, value) in values {
        let named = names.and_then(|codes| codes.get(value)).cloned();
        let unit = (id == UNIT).then(|| Unit {
            label: named.unwrap_or_else(|| Labels::new("", value)),
            ..Unit::default()
        });
        let decimals = value.parse().ok().filter(|_| id == DECIMALS);
        let category =
            metric.and_then(|metric| cube.dimensions.get_mut(metric)?.categories.get_mut(*category));
        match category {
            Some(category) => {
                category.unit = unit.or(category.unit.take());
                category.decimals = decimals.or(category.decimals);
            }
            None => {
                cube.unit = unit.or(cube.unit.take());
                cube.decimals = decimals.or(cube.decimals);
            }
        }
    }
}
