//! The cells of a cube: a number each, and beside it what a number cannot say.

use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What a file says of a cell beside its number. Most cells of a table share a few of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Mark {
    /// The observation status, a code of SDMX `CL_OBS_STATUS`, where the format's reader knows what the symbol means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The symbol as it stands in the file: `..`, `-`, `e`, a status code of the office's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub symbol: Option<String>,
    /// A text in place of a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Values of the cube's attributes, in their order; the list may be shorter than theirs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<Option<String>>,
}

impl Mark {
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.status.is_none()
            && self.symbol.is_none()
            && self.text.is_none()
            && self.attributes.iter().all(Option::is_none)
    }

    /// The value of an attribute, by its place in the cube's list.
    pub fn attribute(&self, place: usize) -> Option<&str> {
        self.attributes.get(place)?.as_deref()
    }
}

/// What a cell is that stands nowhere in the file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Absent {
    /// Nothing is said of it: it is no observation.
    #[default]
    NotGiven,
    /// Zero, as in a PX file with KEYS, which leaves out rows of zeros.
    Zero,
}

/// A cell of a cube.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell<'a> {
    /// Its place in row-major order: the last dimension runs fastest.
    pub position: u64,
    /// The number, where there is one.
    pub value: Option<f64>,
    /// What else the file says.
    pub mark: &'a Mark,
}

/// The cells of a cube in row-major order, all of them or only those that the file has.
///
/// A number takes eight bytes, a mark four more as soon as one cell has one, a position eight more where not every cell
/// is in the file.
///
/// ```
/// use kultti_core::formats::{Cells, Mark};
/// let mut cells = Cells::dense();
/// cells.push(Some(12.5), Mark::default());
/// cells.push(None, Mark { symbol: Some("..".into()), status: Some("M".into()), ..Mark::default() });
/// let second = cells.iter().nth(1).unwrap();
/// assert_eq!((second.position, second.value, second.mark.symbol.as_deref()), (1, None, Some("..")));
/// ```
#[derive(Debug, Clone)]
pub struct Cells {
    positions: Option<Vec<u64>>,
    values: Vec<f64>,
    marks: Vec<u32>,
    distinct: Vec<Mark>,
    known: HashMap<Mark, u32>,
    absent: Absent,
}

impl Cells {
    /// No cells yet; they are pushed in order, every position of the cube.
    pub fn dense() -> Self {
        Self {
            positions: None,
            values: Vec::new(),
            marks: Vec::new(),
            distinct: vec![Mark::default()],
            known: HashMap::from([(Mark::default(), 0)]),
            absent: Absent::NotGiven,
        }
    }

    /// No cells yet; they are pushed with ascending positions, and a position that is left out is `absent`.
    pub fn sparse(absent: Absent) -> Self {
        Self {
            positions: Some(Vec::new()),
            absent,
            ..Self::dense()
        }
    }

    /// Numbers of every position without any mark; NaN is a cell without a number.
    pub fn of_values(values: Vec<f64>) -> Self {
        Self {
            values,
            ..Self::dense()
        }
    }

    /// Adds the next cell of dense cells.
    pub fn push(&mut self, value: Option<f64>, mark: Mark) {
        let mark = self.intern(mark);
        self.push_interned(value.unwrap_or(f64::NAN), mark);
    }

    /// Adds a cell of sparse cells at `position`, which is above every one before.
    pub fn push_at(&mut self, position: u64, value: Option<f64>, mark: Mark) {
        let mark = self.intern(mark);
        self.push_interned_at(position, value.unwrap_or(f64::NAN), mark);
    }

    /// The number that stands for a mark in [`Cells::push_interned`]; 0 is the empty one.
    pub fn intern(&mut self, mark: Mark) -> u32 {
        if let Some(known) = self.known.get(&mark) {
            return *known;
        }
        let next = u32::try_from(self.distinct.len()).unwrap_or(u32::MAX);
        self.distinct.push(mark.clone());
        self.known.insert(mark, next);
        next
    }

    /// Adds the next cell by the number of its mark; NaN is a cell without a number. The way of readers in a hurry.
    #[inline]
    pub fn push_interned(&mut self, value: f64, mark: u32) {
        if mark != 0 && self.marks.is_empty() {
            self.marks.reserve(self.values.capacity());
            self.marks.resize(self.values.len(), 0);
        }
        if mark != 0 || !self.marks.is_empty() {
            self.marks.push(mark);
        }
        self.values.push(value);
    }

    /// As [`Cells::push_interned`], for sparse cells.
    #[inline]
    pub fn push_interned_at(&mut self, position: u64, value: f64, mark: u32) {
        self.push_interned(value, mark);
        self.positions.get_or_insert_default().push(position);
    }

    /// No cells, and the marks that are known already, so that their numbers keep: sparse where `absent` says what a
    /// position is that is left out, else dense.
    #[must_use]
    pub fn without_cells(self, absent: Option<Absent>) -> Self {
        Self {
            positions: absent.map(|_| Vec::new()),
            values: Vec::new(),
            marks: Vec::new(),
            absent: absent.unwrap_or_default(),
            ..self
        }
    }

    /// Makes room for so many more cells.
    pub fn reserve(&mut self, more: usize) {
        self.values.reserve(more);
    }

    /// How many cells the file has.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether the file has no cell.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The positions, ascending, where not every cell is there.
    pub fn positions(&self) -> Option<&[u64]> {
        self.positions.as_deref()
    }

    /// The numbers, in the order of the cells; NaN where there is none.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The distinct marks; the first is the empty one.
    pub fn distinct_marks(&self) -> &[Mark] {
        &self.distinct
    }

    /// What a position is that is not among the cells.
    pub fn absent(&self) -> Absent {
        self.absent
    }

    /// The `index`-th cell that the file has.
    pub fn cell(&self, index: usize) -> Option<Cell<'_>> {
        let value = *self.values.get(index)?;
        let position = match &self.positions {
            None => index as u64,
            Some(positions) => *positions.get(index)?,
        };
        let mark = self.marks.get(index).copied().unwrap_or_default();
        Some(Cell {
            position,
            value: (!value.is_nan()).then_some(value),
            mark: self.distinct.get(mark as usize)?,
        })
    }

    /// The number of the mark of the `index`-th cell, a place in [`Cells::distinct_marks`].
    pub fn mark_number(&self, index: usize) -> u32 {
        self.marks.get(index).copied().unwrap_or_default()
    }

    /// The cell at a position: `None` where the file has none.
    pub fn at(&self, position: u64) -> Option<Cell<'_>> {
        match &self.positions {
            None => self.cell(usize::try_from(position).ok()?),
            Some(positions) => self.cell(positions.binary_search(&position).ok()?),
        }
    }

    /// The cells of the file, by position.
    pub fn iter(&self) -> impl Iterator<Item = Cell<'_>> {
        (0..self.len()).filter_map(|index| self.cell(index))
    }
}

impl PartialEq for Cells {
    /// Two are equal when they say the same: the same cells at the same positions, whichever way they are held. Where what
    /// is not given is zero, a zero without a mark is the same whether it is given or not.
    fn eq(&self, other: &Self) -> bool {
        let every = |cells: &Self| cells.positions.is_none();
        let zeros = self.absent == Absent::Zero || other.absent == Absent::Zero;
        if self.absent != other.absent && !every(self) && !every(other) {
            return false;
        }
        if !zeros {
            return self.len() == other.len() && self.iter().eq(other.iter());
        }
        let said = |cell: &Cell| cell.value != Some(0.0) || !cell.mark.is_empty();
        self.iter().filter(said).eq(other.iter().filter(said))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zero_that_is_left_out_is_a_zero() {
        let mut rows = Cells::sparse(Absent::Zero);
        rows.push_at(2, Some(7.0), Mark::default());
        let mut longer = Cells::sparse(Absent::Zero);
        longer.push_at(1, Some(0.0), Mark::default());
        longer.push_at(2, Some(7.0), Mark::default());
        assert_eq!(rows, longer);
        assert_eq!(rows, Cells::of_values(vec![0.0, 0.0, 7.0]));
        assert_ne!(rows, Cells::of_values(vec![0.0, 0.0, 8.0]));
        // A cell without a number is no zero.
        assert_ne!(rows, Cells::of_values(vec![f64::NAN, 0.0, 7.0]));
        // Nor is one left out of a file whose absent cells are no observations.
        let mut some = Cells::sparse(Absent::NotGiven);
        some.push_at(2, Some(7.0), Mark::default());
        assert_ne!(some, rows);
        assert_ne!(some, Cells::of_values(vec![0.0, 0.0, 7.0]));
    }
}
