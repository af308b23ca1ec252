//! Unit and decimals of all cells become those of the cube, which every format can say.

use super::extras::Extras;
use super::marks::trim;
use crate::formats::{Cube, Labels, Mark, Unit};
use std::collections::BTreeSet;

/// The attribute of units.
pub(super) const UNIT: &str = "UNIT_MEASURE";
/// The attribute of decimals.
pub(super) const DECIMALS: &str = "DECIMALS";

/// Moves `UNIT_MEASURE` and `DECIMALS` from the marks to the cube where all cells have the same.
pub(super) fn lift(cube: &mut Cube, extras: &mut Extras, distinct: &mut [Mark], used: &[u32]) {
    let used: BTreeSet<u32> = used.iter().copied().collect();
    for id in [UNIT, DECIMALS] {
        let place = cube.attributes.iter().position(|attribute| attribute.code == id);
        let Some(place) = place else { continue };
        let Some(value) = same(place, distinct, &used) else {
            continue;
        };
        if !set(cube, extras, id, &value) {
            continue;
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

fn same(place: usize, distinct: &[Mark], used: &BTreeSet<u32>) -> Option<String> {
    let mut values = used
        .iter()
        .map(|number| distinct.get(*number as usize)?.attribute(place));
    let first = values.next()??;
    values.all(|value| value == Some(first)).then(|| first.to_owned())
}

fn set(cube: &mut Cube, extras: &Extras, id: &str, value: &str) -> bool {
    if id == DECIMALS {
        let decimals: Option<u8> = value
            .parse()
            .ok()
            .filter(|number: &u8| number.to_string() == value);
        cube.decimals = decimals;
        return decimals.is_some();
    }
    let name = extras.codes.get(UNIT).and_then(|codes| codes.get(value));
    cube.unit = Some(Unit {
        label: name.cloned().unwrap_or_else(|| Labels::new("", value)),
        ..Unit::default()
    });
    true
}
