//! The cells of a cube as the figures of a PX file, and what of them goes into ATTRIBUTES.

use super::print;
use super::symbols::{NIL, STANDARD, of_status, of_symbol};
use crate::formats::{Absent, Cells, Cube, Mark};
use std::io::{self, Write};

/// A status and the values of the cube's attributes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Set {
    pub(super) status: Option<String>,
    pub(super) others: Vec<Option<String>>,
}

/// How each mark of a cube is written.
pub(super) struct Figures<'a> {
    cube: &'a Cube,
    /// By mark: the symbol of a cell with a number, and of one without.
    symbols: Vec<[Option<usize>; 2]>,
    /// By mark: how many cells have a number and how many have none.
    counts: Vec<[u64; 2]>,
    /// Statuses that a reader gives the symbols.
    statuses: [Option<&'static str>; 8],
    size: u64,
}

impl<'a> Figures<'a> {
    pub(super) fn new(cube: &'a Cube, statuses: [Option<&'static str>; 8], size: u64) -> Self {
        let symbols = cube
            .cells
            .distinct_marks()
            .iter()
            .map(|mark| [with_number(mark), Some(without_number(mark))]);
        let mut counts = vec![[0u64; 2]; cube.cells.distinct_marks().len()];
        for (index, value) in cube.cells.values().iter().enumerate() {
            if let Some(count) = counts.get_mut(cube.cells.mark_number(index) as usize) {
                let place = usize::from(!value.is_finite());
                if let Some(count) = count.get_mut(place) {
                    *count += 1;
                }
            }
        }
        Self {
            cube,
            symbols: symbols.collect(),
            counts,
            statuses,
            size,
        }
    }

    /// Marks that some cell has: the mark, whether its cells lack a number, how many there are, and their symbol.
    fn used(&self) -> impl Iterator<Item = (&Mark, bool, u64, Option<usize>)> {
        let marks = self
            .cube
            .cells
            .distinct_marks()
            .iter()
            .zip(&self.counts)
            .zip(&self.symbols);
        marks
            .flat_map(|((mark, [with, without]), [number, missing])| {
                [(mark, false, *with, *number), (mark, true, *without, *missing)]
            })
            .filter(|(_, _, count, _)| *count > 0)
    }

    /// Cells of the table that stand nowhere in the cube and are not zero.
    pub(super) fn not_given(&self) -> u64 {
        if self.cube.cells.absent() == Absent::Zero && self.cube.cells.positions().is_some() {
            return 0;
        }
        self.size.saturating_sub(self.cube.cells.len() as u64)
    }

    /// Which symbols stand in the data.
    pub(super) fn symbols_used(&self) -> [bool; 8] {
        let mut used = [false; 8];
        for symbol in self.used().filter_map(|(_, _, _, symbol)| symbol) {
            if let Some(used) = used.get_mut(symbol) {
                *used = true;
            }
        }
        if let Some(first) = used.first_mut() {
            *first |= self.not_given() > 0;
        }
        used
    }

    /// What of the cells PX cannot hold: a word for it, how many cells, the first such thing.
    pub(super) fn lost(&self) -> Vec<(&'static str, u64, String)> {
        let mut lost: Vec<(&'static str, u64, String)> = Vec::new();
        let mut add = |word: &'static str, count: u64, text: &str| match lost
            .iter_mut()
            .find(|(known, _, _)| *known == word)
        {
            Some((_, known, _)) => *known += count,
            None => lost.push((word, count, text.to_owned())),
        };
        for (mark, _, count, symbol) in self.used() {
            if let Some(text) = &mark.text {
                add("word.px-texts", count, text);
            }
            let written = symbol
                .and_then(|symbol| STANDARD.get(symbol))
                .map(|standard| standard.symbol);
            if let Some(symbol) = mark.symbol.as_deref().filter(|symbol| Some(*symbol) != written) {
                add("word.px-symbols", count, symbol);
            }
        }
        lost
    }

    /// Whether any cell says something that only ATTRIBUTES can hold, and what most figures say.
    pub(super) fn default_set(&self) -> Option<Set> {
        let needed = !self.cube.attributes.is_empty()
            || self.used().any(|(mark, _, _, symbol)| match symbol {
                None => mark.status.is_some(),
                Some(symbol) => mark.status.is_some() && mark.status.as_deref() != self.status(symbol),
            });
        if !needed {
            return None;
        }
        let mut sets: Vec<(Set, u64)> = Vec::new();
        for (mark, _, count, _) in self.used().filter(|(_, _, _, symbol)| symbol.is_none()) {
            let set = self.set(mark);
            match sets.iter_mut().find(|(known, _)| *known == set) {
                Some((_, known)) => *known += count,
                None => sets.push((set, count)),
            }
        }
        let most = sets
            .into_iter()
            .rev()
            .max_by_key(|(_, count)| *count)
            .map(|(set, _)| set);
        let mut most = most.unwrap_or_else(|| self.set(&Mark::default()));
        if self.not_given() > 0 {
            // A cell that is not in the cube has no attribute either.
            most.others.fill(None);
        }
        Some(most)
    }

    fn set(&self, mark: &Mark) -> Set {
        Set {
            status: mark.status.clone(),
            others: (0..self.cube.attributes.len())
                .map(|place| mark.attribute(place).map(str::to_owned))
                .collect(),
        }
    }

    fn status(&self, symbol: usize) -> Option<&'static str> {
        self.statuses.get(symbol).copied().flatten()
    }

    /// Cells that say something else than the default set.
    pub(super) fn exceptions<'b>(&'b self, default: &'b Set) -> impl Iterator<Item = (u64, Set)> + 'b {
        let of_symbol = |mark: &Mark, symbol: usize| {
            let mut set = self.set(mark);
            let usual = self.status(symbol).map(str::to_owned);
            set.status = set.status.or_else(|| usual.clone());
            let expected = Set {
                status: usual,
                others: default.others.clone(),
            };
            (set != expected).then_some(set)
        };
        let exception = move |mark: &Mark, symbol: Option<usize>| match symbol {
            None => Some(self.set(mark)).filter(|set| set != default),
            Some(symbol) => of_symbol(mark, symbol),
        };
        let by_mark: Vec<[Option<Set>; 2]> = self
            .cube
            .cells
            .distinct_marks()
            .iter()
            .zip(&self.symbols)
            .map(|(mark, [with, without])| [exception(mark, *with), exception(mark, *without)])
            .collect();
        let cells = &self.cube.cells;
        (0..cells.len()).filter_map(move |index| {
            let value = cells.values().get(index)?;
            let place = usize::from(!value.is_finite());
            let set = by_mark
                .get(cells.mark_number(index) as usize)?
                .get(place)?
                .clone()?;
            let position = cells
                .positions()
                .map_or(Some(index as u64), |positions| positions.get(index).copied())?;
            Some((position, set))
        })
    }

    /// Writes all figures; `row` of them to a line.
    pub(super) fn write_all(&self, row: u64, out: &mut dyn Write) -> io::Result<()> {
        let mut line = Line::new(out);
        let cells = &self.cube.cells;
        let (positions, row) = (cells.positions(), row.max(1));
        let absent: &[u8] = match cells.absent() {
            Absent::Zero => b"0",
            Absent::NotGiven => b"\".\"",
        };
        let (mut index, mut position) = (0, 0);
        while position < self.size {
            for position in position..self.size.min(position.saturating_add(row)) {
                let here = positions.map_or(index < cells.len(), |all| all.get(index) == Some(&position));
                if here {
                    self.figure(cells, index, &mut line.bytes);
                    index += 1;
                } else {
                    line.bytes.extend_from_slice(absent);
                }
                line.bytes.push(b' ');
            }
            position = position.saturating_add(row);
            line.end()?;
        }
        line.close()
    }

    /// Writes the rows that have a cell, each after its keys.
    pub(super) fn write_rows(
        &self,
        row: u64,
        keys: &dyn Fn(u64) -> Option<Vec<u8>>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let mut line = Line::new(out);
        let cells = &self.cube.cells;
        let positions = cells.positions().unwrap_or_default();
        let mut index = 0;
        while let Some(position) = positions.get(index) {
            let begin = position - position % row;
            line.bytes.extend_from_slice(&keys(begin).unwrap_or_default());
            for position in begin..begin + row {
                if positions.get(index) == Some(&position) {
                    self.figure(cells, index, &mut line.bytes);
                    index += 1;
                } else {
                    line.bytes.push(b'0');
                }
                line.bytes.push(b' ');
            }
            line.end()?;
        }
        line.close()
    }

    #[inline]
    fn figure(&self, cells: &Cells, index: usize, out: &mut Vec<u8>) {
        let value = cells.values().get(index).copied().unwrap_or(f64::NAN);
        let mark = cells.mark_number(index);
        let missing = !value.is_finite();
        if mark == 0 && !missing {
            print::number(out, value);
            return;
        }
        let symbols = self.symbols.get(mark as usize);
        match symbols
            .and_then(|symbols| symbols.get(usize::from(missing)).copied())
            .flatten()
        {
            Some(symbol) if missing || value == 0.0 => {
                out.push(b'"');
                out.extend_from_slice(
                    STANDARD
                        .get(symbol)
                        .map_or(".", |standard| standard.symbol)
                        .as_bytes(),
                );
                out.push(b'"');
            }
            _ => print::number(out, value),
        }
    }
}

/// The symbol of a cell with a number: `-` says that its zero is exact. (A cell with it and another number keeps the
/// number.)
fn with_number(mark: &Mark) -> Option<usize> {
    mark.symbol
        .as_deref()
        .filter(|symbol| *symbol == "-")
        .map(|_| NIL)
}

/// The symbol of a cell without a number: its own, else the one of its status.
fn without_number(mark: &Mark) -> usize {
    let own = mark
        .symbol
        .as_deref()
        .and_then(of_symbol)
        .filter(|symbol| *symbol != NIL);
    own.unwrap_or_else(|| of_status(mark.status.as_deref()))
}

/// Lines on their way out, some thousands of bytes at a time.
struct Line<'a> {
    bytes: Vec<u8>,
    out: &'a mut dyn Write,
}

impl<'a> Line<'a> {
    fn new(out: &'a mut dyn Write) -> Self {
        Self {
            bytes: Vec::with_capacity(1 << 17),
            out,
        }
    }

    fn end(&mut self) -> io::Result<()> {
        self.bytes.push(b'\n');
        if self.bytes.len() > 1 << 16 {
            self.out.write_all(&self.bytes)?;
            self.bytes.clear();
        }
        Ok(())
    }

    fn close(mut self) -> io::Result<()> {
        self.bytes.extend_from_slice(b";\n");
        self.out.write_all(&self.bytes)
    }
}
