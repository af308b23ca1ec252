//! Unit and decimals of all cells become those of the cube, which every format can say.

use super::extras::Extras;
use super::marks::trim;
use super::order::Ordered;
use crate::formats::{Cube, Labels, Mark, Role, Unit};
use std::collections::BTreeMap;

/// The attribute of units.
pub(super) const UNIT: &str = "UNIT_MEASURE";
/// The attribute of decimals.
pub(super) const DECIMALS: &str = "DECIMALS";

/// Moves `UNIT_MEASURE` and `DECIMALS` from the marks to the cube where all cells have the same, or to the categories of
/// the dimension of measures where all cells of each have.
pub(super) fn lift(cube: &mut Cube, extras: &mut Extras, distinct: &mut [Mark], ordered: &Ordered) {
    for id in [UNIT, DECIMALS] {
        let place = cube.attributes.iter().position(|attribute| attribute.code == id);
        let Some(place) = place else { continue };
        let value = |number: u32| {
            let value = distinct.get(number as usize)?.attribute(place);
            value.filter(|value| id == UNIT || is_decimals(value))
        };
        let everywhere = groups(ordered.marks.iter().map(|mark| (0, value(*mark))));
        let metric = cube.with_role(Role::Metric).map(|(place, _)| place);
        let by_category = metric.filter(|_| everywhere.is_none()).and_then(|metric| {
            let cells = ordered.positions.iter().zip(&ordered.marks);
            groups(cells.map(|(position, mark)| {
                let category = cube.key(*position).get(metric).copied();
                (category.unwrap_or_default(), value(*mark))
            }))
        });
        match (everywhere, by_category, metric) {
            (Some(values), ..) => set(cube, extras, id, &values, None),
            (None, Some(values), Some(metric)) => set(cube, extras, id, &values, Some(metric)),
            _ => continue,
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

/// The value of each group, where every cell has one and all of a group have the same.
fn groups<'a>(cells: impl Iterator<Item = (usize, Option<&'a str>)>) -> Option<BTreeMap<usize, String>> {
    let mut values: BTreeMap<usize, String> = BTreeMap::new();
    for (group, value) in cells {
        match (values.get(&group), value?) {
            (Some(known), value) if known != value => return None,
            (Some(_), _) => {}
            (None, value) => {
                values.insert(group, value.to_owned());
            }
        }
    }
    Some(values).filter(|values| !values.is_empty())
}

fn is_decimals(text: &str) -> bool {
    text.parse()
        .is_ok_and(|decimals: u8| decimals.to_string() == text)
}

/// Sets unit or decimals of the cube, or of the categories of a dimension.
fn set(cube: &mut Cube, extras: &Extras, id: &str, values: &BTreeMap<usize, String>, metric: Option<usize>) {
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
