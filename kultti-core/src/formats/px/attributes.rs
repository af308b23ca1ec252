//! ATTRIBUTES: which of them each cell has.

use super::header::Attributes;
use crate::formats::Cube;
use std::collections::HashMap;

/// A status and the values of the cube's attributes.
type Set = (Option<String>, Vec<Option<String>>);

/// Sets of attributes by position. Wildcards are kept as patterns, so that it takes memory in proportion to the file.
pub(super) struct Attributed {
    pub(super) sets: Vec<Set>,
    /// What a cell has that no key names.
    pub(super) default: Option<usize>,
    masks: Vec<Mask>,
    /// Numbers of marks by set, whether a key names it, and symbol, as they are met; the last symbol is a number.
    pub(super) known: HashMap<(usize, bool, usize), u32>,
}

/// Keys that leave the same dimensions open.
struct Mask {
    /// Of each dimension that is not open: how many positions one step in it is, and its size. None where no dimension is
    /// open, since the position then says it all.
    closed: Option<Vec<(u64, u64)>>,
    /// By the place within the closed dimensions: which key in the order of the file, and its set.
    sets: HashMap<u64, (usize, usize)>,
}

impl Attributed {
    /// Of the keys of a file; `None` where it has none.
    pub(super) fn new(cube: &Cube, attributes: &[Attributes]) -> Option<Self> {
        if attributes.is_empty() {
            return None;
        }
        let strides = strides(cube);
        let mut all = Self {
            sets: Vec::new(),
            default: None,
            masks: Vec::new(),
            known: HashMap::new(),
        };
        let mut places: HashMap<Set, usize> = HashMap::new();
        let mut masks: HashMap<Vec<bool>, usize> = HashMap::new();
        for (order, one) in attributes.iter().enumerate() {
            let set = (one.status.clone(), one.others.clone());
            let place = *places.entry(set).or_insert_with_key(|set| {
                all.sets.push(set.clone());
                all.sets.len() - 1
            });
            let Some(key) = &one.key else {
                all.default = Some(place);
                continue;
            };
            let closed: Vec<bool> = key.iter().map(Option::is_some).collect();
            let mask = *masks.entry(closed).or_insert_with_key(|closed| {
                all.masks.push(Mask::new(&strides, closed));
                all.masks.len() - 1
            });
            if let Some(mask) = all.masks.get_mut(mask) {
                let within = mask.of_key(&strides, key);
                mask.sets.insert(within, (order, place));
            }
        }
        Some(all)
    }

    /// The set that a key gives a position; of several keys the last in the file.
    pub(super) fn at(&self, position: u64) -> Option<usize> {
        let found = self
            .masks
            .iter()
            .filter_map(|mask| mask.sets.get(&mask.of(position)));
        found.max().map(|(_, set)| *set)
    }
}

impl Mask {
    fn new(strides: &[(u64, u64)], closed: &[bool]) -> Self {
        let some = strides.iter().zip(closed).filter(|(_, closed)| **closed);
        Self {
            closed: (!closed.iter().all(|closed| *closed)).then(|| some.map(|(stride, _)| *stride).collect()),
            sets: HashMap::new(),
        }
    }

    /// The place of a position within the closed dimensions.
    fn of(&self, position: u64) -> u64 {
        let Some(closed) = &self.closed else {
            return position;
        };
        closed.iter().fold(0u64, |within, (stride, size)| {
            within.wrapping_mul(*size).wrapping_add(position / stride % size)
        })
    }

    /// The same of a key.
    fn of_key(&self, strides: &[(u64, u64)], key: &[Option<usize>]) -> u64 {
        let position = strides
            .iter()
            .zip(key)
            .fold(0u64, |position, ((stride, _), place)| {
                position.wrapping_add(stride.wrapping_mul(place.unwrap_or_default() as u64))
            });
        self.of(position)
    }
}

/// Of each dimension: how many positions one step in it is, and its size; neither is zero.
fn strides(cube: &Cube) -> Vec<(u64, u64)> {
    let mut stride = 1u64;
    let mut strides: Vec<(u64, u64)> = cube
        .sizes()
        .iter()
        .rev()
        .map(|size| {
            let size = u64::try_from(*size).unwrap_or(u64::MAX).max(1);
            let own = stride;
            stride = stride.saturating_mul(size);
            (own, size)
        })
        .collect();
    strides.reverse();
    strides
}
