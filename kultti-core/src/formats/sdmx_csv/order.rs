//! Rows in the order of their keys; a key that stands twice is a mistake unless an action makes it an update.

use super::FORMAT;
use super::marks::{self, Marks, trim};
use crate::error::{Error, Result};
use crate::formats::Mark;

/// Observations in the order of the file.
pub(super) struct Rowed {
    dimensions: usize,
    measures: usize,
    /// Numbers of codes, one for each dimension of each observation.
    pub(super) keys: Vec<u32>,
    /// Values, one for each measure of each observation.
    pub(super) values: Vec<f64>,
    /// Numbers of marks, beside the values.
    pub(super) marks: Vec<u32>,
    lines: Vec<usize>,
    actions: Vec<u8>,
}

/// Observations in the order of the cube.
pub(super) struct Ordered {
    /// Positions of the cells.
    pub(super) positions: Vec<u64>,
    /// Their values.
    pub(super) values: Vec<f64>,
    /// Numbers of their marks.
    pub(super) marks: Vec<u32>,
    /// How many rows updated another.
    pub(super) updates: usize,
}

/// A key that stands twice: the observations by their number.
pub(super) struct Twice {
    pub(super) first: usize,
    pub(super) second: usize,
}

impl Rowed {
    pub(super) fn new(dimensions: usize, measures: usize) -> Self {
        Self {
            dimensions,
            measures: measures.max(1),
            keys: Vec::new(),
            values: Vec::new(),
            marks: Vec::new(),
            lines: Vec::new(),
            actions: Vec::new(),
        }
    }

    /// Begins an observation, after its codes.
    pub(super) fn begin(&mut self, line: usize, action: &str) {
        self.lines.push(line);
        self.actions
            .push(marks::action(action).as_bytes().first().copied().unwrap_or(b'I'));
    }

    /// Puts them into the order of `places`: for each dimension the place of every number.
    ///
    /// # Errors
    /// The first key that stands twice without an action that makes it an update.
    pub(super) fn ordered(&self, places: &[Vec<usize>], marks: &mut Marks) -> Result<Ordered, Twice> {
        let count = self.lines.len();
        let positions: Vec<u64> = (0..count).map(|row| self.position(row, places)).collect();
        let at = |row: usize| positions.get(row).copied().unwrap_or_default();
        let mut order: Vec<usize> = (0..count).collect();
        if !positions.is_sorted() {
            order.sort_by_key(|row| at(*row));
        }
        let cells = count.saturating_mul(self.measures);
        let mut ordered = Ordered {
            positions: Vec::with_capacity(cells),
            values: Vec::with_capacity(cells),
            marks: Vec::with_capacity(cells),
            updates: 0,
        };
        let mut before: Option<usize> = None;
        for row in order {
            match before.filter(|before| at(*before) == at(row)) {
                None => self.push(row, at(row), &mut ordered),
                Some(first) if self.actions.get(row) == Some(&b'I') => {
                    return Err(Twice { first, second: row });
                }
                Some(_) => self.update(row, marks, &mut ordered),
            }
            before = Some(row);
        }
        Ok(ordered)
    }

    fn position(&self, row: usize, places: &[Vec<usize>]) -> u64 {
        let from = row * self.dimensions;
        let key = self.keys.get(from..from + self.dimensions).unwrap_or_default();
        key.iter().zip(places).fold(0, |position, (number, places)| {
            let place = places.get(*number as usize).copied().unwrap_or_default();
            position * places.len() as u64 + place as u64
        })
    }

    fn cell(&self, row: usize, measure: usize) -> (f64, u32) {
        let at = row * self.measures + measure;
        let value = self.values.get(at).copied().unwrap_or(f64::NAN);
        (value, self.marks.get(at).copied().unwrap_or_default())
    }

    fn push(&self, row: usize, position: u64, ordered: &mut Ordered) {
        for measure in 0..self.measures {
            let (value, mark) = self.cell(row, measure);
            ordered
                .positions
                .push(position * self.measures as u64 + measure as u64);
            ordered.values.push(value);
            ordered.marks.push(mark);
        }
    }

    /// Changes the last observation: replaced as a whole, or only in what the row says.
    fn update(&self, row: usize, marks: &mut Marks, ordered: &mut Ordered) {
        ordered.updates += 1;
        let replaces = self.actions.get(row) == Some(&b'R');
        let from = ordered.values.len() - self.measures;
        for measure in 0..self.measures {
            let (value, mark) = self.cell(row, measure);
            let old = ordered.values.get_mut(from + measure);
            let old_mark = ordered.marks.get_mut(from + measure);
            let (Some(old), Some(old_mark)) = (old, old_mark) else {
                continue;
            };
            if replaces {
                (*old, *old_mark) = (value, mark);
            } else {
                let merged = merge(&marks.get(*old_mark), &marks.get(mark), !value.is_nan());
                *old_mark = marks.intern(merged);
                *old = if value.is_nan() { *old } else { value };
            }
        }
    }

    /// The error of a key that stands twice, which `key` spells.
    pub(super) fn twice(&self, path: &str, twice: &Twice, key: &str) -> Error {
        let line = |row: usize| self.lines.get(row).copied().unwrap_or_default();
        Error::MalformedFile {
            path: path.to_owned(),
            format: FORMAT.to_owned(),
            line: line(twice.second),
            column: String::new(),
            part: key.to_owned(),
            expected: "every key once".to_owned(),
            found: format!("the key of line {}", line(twice.first)),
        }
    }

    /// The numbers of an observation's codes.
    pub(super) fn key(&self, row: usize) -> &[u32] {
        let from = row * self.dimensions;
        self.keys.get(from..from + self.dimensions).unwrap_or_default()
    }
}

/// What a row that appends leaves of a mark: what it does not say stays.
fn merge(old: &Mark, new: &Mark, has_value: bool) -> Mark {
    let length = old.attributes.len().max(new.attributes.len());
    let attribute = |place: usize| {
        let value = new.attribute(place).or_else(|| old.attribute(place));
        value.map(str::to_owned)
    };
    let says = has_value || new.symbol.is_some() || new.text.is_some();
    let of = if says { new } else { old };
    let mut merged = Mark {
        status: new.status.clone().or_else(|| old.status.clone()),
        symbol: of.symbol.clone(),
        text: of.text.clone(),
        attributes: (0..length).map(attribute).collect(),
    };
    trim(&mut merged);
    merged
}
