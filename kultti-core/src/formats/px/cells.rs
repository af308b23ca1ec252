//! From figures to the cells of a cube.

use super::attributes::Attributed;
use super::data::{Shape, Sink, Symbol};
use super::encoding::Codepage;
use super::error::Cause;
use super::header::Header;
use super::names::Names;
use super::symbols::STANDARD;
use crate::formats::{Absent, Cells, Cube, Mark, Warning};
use crate::language::{Message, Param};
use std::sync::Arc;

/// Takes figures into [`Cells`].
pub(super) struct CellSink {
    pub(super) cells: Cells,
    names: Arc<Names>,
    codepage: Codepage,
    /// Cells of a row; the row's first position in a file with KEYS.
    row: u64,
    base: u64,
    keyed: bool,
    in_row: u64,
    /// Position of the next cell of a dense file.
    next: u64,
    /// Marks of the symbols.
    marks: [u32; 8],
    statuses: [Option<&'static str>; 8],
    confidential: bool,
    attributes: Option<Attributed>,
    /// The first cell of each sort that a warning is due for.
    pub(super) inexact: Option<(u64, String)>,
    pub(super) changed: Option<u64>,
    pub(super) strange: Option<(u64, String)>,
    pub(super) last_row: Option<u64>,
    pub(super) unsorted: bool,
    /// Whether each cell is pushed with its position: in a file with KEYS, and in a batch of a stream.
    pub(super) placed: bool,
}

/// How many figures there must be by the header.
pub(super) fn shape(header: &Header) -> Option<Shape> {
    let stub = header.names.stub;
    let sizes = header.cube.sizes();
    let product = |sizes: &[usize]| {
        sizes.iter().try_fold(1u64, |product, size| {
            product.checked_mul(u64::try_from(*size).ok()?)
        })
    };
    Some(Shape {
        keys: if header.keys { stub } else { 0 },
        row: product(sizes.get(stub..).unwrap_or_default())?,
        cells: product(&sizes)?,
    })
}

impl CellSink {
    pub(super) fn new(header: &Header, shape: Shape, codepage: Codepage) -> Self {
        let mut cells = Self::empty(header.keys);
        let mut marks = [0; 8];
        for (mark, (standard, status)) in marks.iter_mut().zip(STANDARD.iter().zip(&header.statuses)) {
            *mark = cells.intern(symbol_mark(standard.symbol, *status));
        }
        Self {
            cells,
            names: Arc::clone(&header.names),
            codepage,
            row: shape.row,
            base: 0,
            keyed: header.keys,
            in_row: 0,
            next: 0,
            marks,
            statuses: header.statuses,
            confidential: header.confidential,
            attributes: Attributed::new(&header.cube, &header.attributes),
            inexact: None,
            changed: None,
            strange: None,
            last_row: None,
            unsorted: false,
            placed: header.keys,
        }
    }

    fn empty(keyed: bool) -> Cells {
        if keyed {
            Cells::sparse(Absent::Zero)
        } else {
            Cells::dense()
        }
    }

    fn position(&self) -> u64 {
        if self.keyed {
            self.base + self.in_row
        } else {
            self.next
        }
    }

    #[inline]
    fn push(&mut self, value: f64, mark: u32) {
        if self.placed {
            self.cells.push_interned_at(self.position(), value, mark);
        } else {
            self.cells.push_interned(value, mark);
        }
        if self.keyed {
            self.in_row += 1;
        } else {
            self.next += 1;
        }
    }

    /// The mark of the next cell: with its attributes where the file has any. Place 8 is a number.
    fn mark(&mut self, symbol: usize) -> u32 {
        let plain = self.marks.get(symbol).copied().unwrap_or_default();
        let position = self.position();
        let Some(attributed) = &mut self.attributes else {
            return plain;
        };
        let explicit = attributed.at(position);
        let Some(set) = explicit.or(attributed.default) else {
            return plain;
        };
        let place = (set, explicit.is_some(), symbol);
        if let Some(known) = attributed.known.get(&place) {
            return *known;
        }
        let Some((status, others)) = attributed.sets.get(set) else {
            return plain;
        };
        let mut mark = match STANDARD.get(symbol) {
            Some(standard) => symbol_mark(standard.symbol, self.statuses.get(symbol).copied().flatten()),
            None => Mark::default(),
        };
        // A default status is one of figures; a symbol says why there is none.
        if explicit.is_some() || symbol >= STANDARD.len() {
            mark.status = status
                .clone()
                .or(mark.status)
                .filter(|_| explicit.is_none() || status.is_some());
        }
        mark.attributes.clone_from(others);
        let known = self.cells.intern(mark);
        attributed.known.insert(place, known);
        known
    }

    /// Warnings that the figures gave cause for.
    pub(super) fn warnings(&self, cube: &Cube) -> Vec<Warning> {
        let mut warnings = Vec::new();
        if let Some((position, token)) = &self.inexact {
            let message = Message::new("warning.px-inexact")
                .with("cell", cell_name(cube, *position))
                .with("number", token);
            warnings.push(Warning(message));
        }
        if let Some(position) = self.changed {
            let message = Message::new("warning.px-confidential").with("cell", cell_name(cube, position));
            warnings.push(Warning(message));
        }
        if let Some((position, text)) = &self.strange {
            let message = Message::new("warning.px-strange-symbol")
                .with("cell", cell_name(cube, *position))
                .with("symbol", text);
            warnings.push(Warning(message));
        }
        warnings
    }

    /// The cells so far, as a batch of a stream; marks keep their numbers.
    pub(super) fn take(&mut self) -> Cells {
        let mut next = Cells::sparse(self.cells.absent());
        for mark in self.cells.distinct_marks() {
            next.intern(mark.clone());
        }
        std::mem::replace(&mut self.cells, next)
    }

    /// The cells in ascending order; a row that stands twice is the error, by its first position.
    pub(super) fn into_cells(self) -> Result<Cells, u64> {
        if self.unsorted {
            ascending(&self.cells)
        } else {
            Ok(self.cells)
        }
    }
}

/// Cells in the order of their positions; one that stands twice is the error.
pub(super) fn ascending(from: &Cells) -> Result<Cells, u64> {
    let positions = from.positions().unwrap_or_default();
    let mut order: Vec<usize> = (0..positions.len()).collect();
    order.sort_by_key(|index| positions.get(*index));
    let mut cells = Cells::sparse(from.absent());
    for mark in from.distinct_marks() {
        cells.intern(mark.clone());
    }
    let mut before = None;
    for index in order {
        let (Some(position), Some(value)) = (positions.get(index), from.values().get(index)) else {
            continue;
        };
        if before == Some(*position) {
            return Err(*position);
        }
        before = Some(*position);
        cells.push_interned_at(*position, *value, from.mark_number(index));
    }
    Ok(cells)
}

/// The codes of a cell, as warnings name it.
pub(super) fn cell_name(cube: &Cube, position: u64) -> Param {
    let key = cube.key(position);
    let codes = cube.dimensions.iter().zip(key).filter_map(|(dimension, place)| {
        let category = dimension.categories.get(place)?;
        Some(Param::from(format!("{}={}", dimension.code, category.code)))
    });
    Param::List(codes.collect())
}

fn symbol_mark(symbol: &str, status: Option<&str>) -> Mark {
    Mark {
        status: status.map(str::to_owned),
        symbol: Some(symbol.to_owned()),
        ..Mark::default()
    }
}

impl Sink for CellSink {
    #[inline]
    fn number(&mut self, mut value: f64) {
        if self.confidential && (value == 1.0 || value == 2.0) {
            let position = self.position();
            self.changed.get_or_insert(position);
            value = if value == 1.0 { 0.0 } else { 3.0 };
        }
        let mark = if self.attributes.is_some() {
            self.mark(STANDARD.len())
        } else {
            0
        };
        self.push(value, mark);
    }

    fn inexact(&mut self, token: &[u8]) {
        let position = self.position();
        self.inexact
            .get_or_insert_with(|| (position, String::from_utf8_lossy(token).into_owned()));
    }

    fn symbol(&mut self, symbol: Symbol<'_>) {
        let (place, value) = match symbol {
            Symbol::Dots(dots) => (usize::from(dots).saturating_sub(1), f64::NAN),
            Symbol::Nil => (super::symbols::NIL, 0.0),
            Symbol::Other(bytes) => {
                let text = self.codepage.decode(bytes).into_owned();
                let position = self.position();
                self.strange.get_or_insert_with(|| (position, text.clone()));
                let mark = self.cells.intern(symbol_mark(&text, None));
                self.push(f64::NAN, mark);
                return;
            }
        };
        let mark = self.mark(place);
        self.push(value, mark);
    }

    fn row(&mut self, keys: &[&[u8]]) -> Result<(), Cause> {
        let mut row = 0u64;
        for (variable, key) in keys.iter().enumerate() {
            let text = self.codepage.decode(key);
            let size = self
                .names
                .dimensions
                .get(variable)
                .map_or(0, |dimension| dimension.categories.len());
            let place = self
                .names
                .value(0, variable, &text)
                .ok_or_else(|| Cause::Unknown {
                    text: text.clone().into_owned(),
                })?;
            row = row * size as u64 + place as u64;
        }
        if self.last_row == Some(row) {
            let text = keys
                .iter()
                .map(|key| self.codepage.decode(key))
                .collect::<Vec<_>>()
                .join("\",\"");
            return Err(Cause::Twice { text });
        }
        self.unsorted |= self.last_row.is_some_and(|last| last > row);
        self.last_row = Some(row);
        self.base = row * self.row;
        self.in_row = 0;
        Ok(())
    }
}
