//! The cells of a data set: `value` and `status` together.

use super::dataset::Dataset;
use super::meaning::Meanings;
use super::own::Given;
use super::source::{Part, Source};
use super::values::{Datum, Figures, NONE, StatusOf, Statuses, ascending};
use crate::error::Result;
use crate::formats::{Absent, Cells, Mark, Warning};
use crate::language::Message;
use std::iter::Peekable;
use std::vec::IntoIter;

/// Cells up to which a table of few figures is filled up with cells without a number, and how many more for each byte of
/// the document: more would be out of proportion to it.
const FILLED: u64 = 1_048_576;
const FILLED_BY_BYTE: u64 = 32;

/// Reads the cells of data sets.
pub(super) struct CellReader<'r, 'a> {
    pub(super) source: Source<'a>,
    /// What stands before the names of fields in messages.
    pub(super) prefix: &'r str,
    pub(super) warnings: &'r mut Vec<Warning>,
}

impl<'a> CellReader<'_, 'a> {
    pub(super) fn read(&mut self, dataset: &Dataset<'a>) -> Result<Cells> {
        let source = self.source;
        let sizes = dataset.cube.sizes();
        let size = dataset.cube.size().ok_or_else(|| {
            let sizes: Vec<_> = sizes.iter().map(ToString::to_string).collect();
            let field = format!("{}size", self.prefix);
            source.error(source.text, &field, "fewer than 2^64 cells", &sizes.join(" × "))
        })?;
        let statuses = self.statuses(dataset.status, size)?;
        let marked = self.marked(dataset, size)?;
        let mut builder = Builder::new(dataset, statuses, marked);
        let field = format!("{}value", self.prefix);
        let given = dataset.own.as_ref().map(|own| own.cells);
        match dataset.value.filter(|part| part.get() != "null") {
            Some(part) => {
                let figures = Figures::of(source, &field, part)
                    .ok_or_else(|| source.error(part.get(), &field, "an array or an object", part.get()))?;
                if figures.keyed() {
                    self.sparse(&mut builder, (&field, part, figures), size, given)?;
                } else {
                    self.dense(&mut builder, (&field, part, figures), size)?;
                }
            }
            None => self.described(size),
        }
        builder.meanings.warn(self.warnings);
        if builder.numeric_texts > 0 {
            let warning =
                Message::new("warning.jsonstat-numbers-as-text").with("count", builder.numeric_texts);
            self.warnings.push(Warning(warning));
        }
        Ok(match given {
            Some(Given::OthersZero) => without_zeros(&builder.cells),
            _ => builder.cells,
        })
    }

    /// Says that a document has no figures.
    fn described(&mut self, size: u64) {
        if size > 0 {
            self.warnings
                .push(Warning(Message::new("warning.jsonstat-no-values")));
        }
    }

    fn statuses(&mut self, part: Option<Part<'a>>, size: u64) -> Result<Statuses> {
        let Some(part) = part else {
            return Ok(Statuses::default());
        };
        let field = format!("{}status", self.prefix);
        let mut statuses = Statuses::read(self.source, &field, part)?;
        match &statuses.of {
            StatusOf::Each(each) if each.len() as u64 == size => {}
            StatusOf::Each(each) if each.is_empty() => statuses.of = StatusOf::None,
            StatusOf::Each(each) if each.len() == 1 => {
                statuses.of = if each.first() == Some(&NONE) {
                    StatusOf::None
                } else {
                    StatusOf::All
                };
                self.warnings
                    .push(Warning(Message::new("warning.jsonstat-one-status")));
            }
            StatusOf::Each(each) => {
                let expected = format!("{size} statuses, one for each cell");
                return Err(self
                    .source
                    .error(part.get(), &field, &expected, &each.len().to_string()));
            }
            StatusOf::Some(some) => {
                self.within(&field, part, some.last().map(|(position, _)| *position), size)?;
            }
            StatusOf::None | StatusOf::All => {}
        }
        Ok(statuses)
    }

    /// The marks of single cells in our part of the extension, by ascending position.
    fn marked(&self, dataset: &Dataset<'a>, size: u64) -> Result<Vec<(u64, u32)>> {
        let Some(part) = dataset.marked else {
            return Ok(Vec::new());
        };
        let field = format!("{}extension.kultti.marked", self.prefix);
        let known = dataset.own.as_ref().map_or(0, |own| own.marks.len());
        let wrong = || {
            self.source
                .error(part.get(), &field, "places in the list of marks", "others")
        };
        let mut figures = Figures::of(self.source, &field, part).ok_or_else(wrong)?;
        let mut marked = Vec::new();
        let mut place = |position: u64, datum: Datum| match datum {
            Datum::Null => Ok(()),
            Datum::Number(number) if number >= 0.0 && number < known as f64 && number.fract() == 0.0 => {
                marked.push((position, number as u32));
                Ok(())
            }
            _ => Err(wrong()),
        };
        if figures.keyed() {
            while let Some((position, datum)) = figures.next_keyed()? {
                place(position, datum)?;
            }
            ascending(self.source, &field, part, &mut marked, |(position, _)| *position)?;
        } else {
            let mut position = 0;
            while let Some(datum) = figures.next()? {
                place(position, datum)?;
                position += 1;
            }
        }
        self.within(&field, part, marked.last().map(|(position, _)| *position), size)?;
        Ok(marked)
    }

    fn within(&self, field: &str, part: Part<'a>, last: Option<u64>, size: u64) -> Result<()> {
        match last.filter(|last| *last >= size) {
            None => Ok(()),
            Some(last) => {
                let expected = format!("positions below {size}, the number of cells");
                Err(self.source.error(part.get(), field, &expected, &last.to_string()))
            }
        }
    }

    fn dense(
        &mut self,
        builder: &mut Builder,
        (field, part, mut figures): (&str, Part<'a>, Figures<'a, '_>),
        size: u64,
    ) -> Result<()> {
        // Two bytes a figure at least, so the room is in proportion to the document.
        let room = usize::try_from(size)
            .unwrap_or(usize::MAX)
            .min(part.get().len() / 2);
        builder.cells.reserve(room);
        let mut position = 0u64;
        while let Some(datum) = figures.next()? {
            builder.add(position, datum, false);
            position += 1;
        }
        if position == 0 && size > 0 {
            builder.cells = Cells::sparse(Absent::NotGiven);
            self.described(size);
            return Ok(());
        }
        if position != size {
            let expected = format!("{size} figures, one for each cell");
            return Err(self
                .source
                .error(part.get(), field, &expected, &position.to_string()));
        }
        Ok(())
    }

    fn sparse(
        &mut self,
        builder: &mut Builder,
        (field, part, mut figures): (&str, Part<'a>, Figures<'a, '_>),
        size: u64,
        given: Option<Given>,
    ) -> Result<()> {
        let mut list = Vec::new();
        while let Some(entry) = figures.next_keyed()? {
            list.push(entry);
        }
        ascending(self.source, field, part, &mut list, |(position, _)| *position)?;
        self.within(field, part, list.last().map(|(position, _)| *position), size)?;
        let most = FILLED.saturating_add(FILLED_BY_BYTE.saturating_mul(self.source.text.len() as u64));
        let mut list = list.into_iter().peekable();
        if given == Some(Given::Every) && size <= most {
            for position in 0..size {
                let datum = list.next_if(|(at, _)| *at == position);
                builder.add(position, datum.map_or(Datum::Null, |(_, datum)| datum), false);
            }
            return Ok(());
        }
        builder.cells = Cells::sparse(Absent::NotGiven);
        if list.peek().is_none() && builder.says_nothing() {
            self.described(size);
        }
        loop {
            let next = list.peek().map(|(position, _)| *position);
            let Some(position) = next.into_iter().chain(builder.next_status()).min() else {
                return Ok(());
            };
            let datum = list.next_if(|(at, _)| *at == position);
            builder.add(position, datum.map_or(Datum::Null, |(_, datum)| datum), true);
        }
    }
}

/// Puts figures, statuses and marks together.
struct Builder {
    cells: Cells,
    meanings: Meanings,
    each: Vec<u32>,
    some: Peekable<IntoIter<(u64, u32)>>,
    all: bool,
    marked: Peekable<IntoIter<(u64, u32)>>,
    marks: Vec<Mark>,
    /// The numbers of marks in the cells, by status, with and without a number.
    interned: Vec<[Option<u32>; 2]>,
    numeric_texts: usize,
}

impl Builder {
    fn new(dataset: &Dataset, statuses: Statuses, marked: Vec<(u64, u32)>) -> Self {
        let (mut each, mut some, mut all) = (Vec::new(), Vec::new(), false);
        match statuses.of {
            StatusOf::None => {}
            StatusOf::All => all = true,
            StatusOf::Each(list) => each = list,
            StatusOf::Some(list) => some = list,
        }
        Self {
            cells: Cells::dense(),
            interned: vec![[None; 2]; statuses.texts.len()],
            meanings: Meanings::new(dataset, statuses.texts),
            each,
            some: some.into_iter().peekable(),
            all,
            marked: marked.into_iter().peekable(),
            marks: dataset
                .own
                .as_ref()
                .map(|own| own.marks.clone())
                .unwrap_or_default(),
            numeric_texts: 0,
        }
    }

    /// Whether no cell has a status or mark of its own.
    fn says_nothing(&mut self) -> bool {
        self.each.is_empty() && self.some.peek().is_none() && self.marked.peek().is_none()
    }

    /// The next position that has a status or mark of its own, where cells are given one by one.
    fn next_status(&mut self) -> Option<u64> {
        let after = self
            .cells
            .positions()
            .and_then(|positions| positions.last())
            .map_or(0, |last| last + 1);
        let each = usize::try_from(after).ok().and_then(|after| {
            let rest = self.each.get(after..)?;
            rest.iter().position(|status| *status != NONE)
        });
        let each = each.map(|more| after + more as u64);
        let some = self.some.peek().map(|(position, _)| *position);
        let marked = self.marked.peek().map(|(position, _)| *position);
        each.into_iter().chain(some).chain(marked).min()
    }

    fn status(&mut self, position: u64) -> u32 {
        if self.all {
            return 0;
        }
        if let Some((_, status)) = self.some.next_if(|(at, _)| *at == position) {
            return status;
        }
        let each = usize::try_from(position)
            .ok()
            .and_then(|position| self.each.get(position));
        each.copied().unwrap_or(NONE)
    }

    fn add(&mut self, position: u64, datum: Datum, some: bool) {
        let status = self.status(position);
        let marked = self.marked.next_if(|(at, _)| *at == position);
        let (value, mark) = match datum {
            Datum::Text(text) => {
                self.numeric_texts += usize::from(text.parse::<f64>().is_ok());
                let mut mark = self.meanings.of(status, false).1;
                mark.text = Some(text.into_owned());
                (f64::NAN, self.cells.intern(mark))
            }
            Datum::Number(number) => (number, self.mark(status, true).1),
            Datum::Null => self.mark(status, false),
        };
        let mark = match marked.and_then(|(_, place)| self.marks.get(place as usize)) {
            None => mark,
            Some(own) => self.cells.intern(own.clone()),
        };
        if some {
            self.cells.push_interned_at(position, value, mark);
        } else {
            self.cells.push_interned(value, mark);
        }
    }

    /// What a status says of a cell with a number or without: its number where it has none, and its mark.
    fn mark(&mut self, status: u32, number: bool) -> (f64, u32) {
        if status == NONE {
            return (f64::NAN, 0);
        }
        let (value, mark) = match self
            .interned
            .get(status as usize)
            .and_then(|known| known[usize::from(number)])
        {
            Some(known) => (self.meanings.value(status), known),
            None => {
                let (value, mark) = self.meanings.of(status, number);
                let mark = self.cells.intern(mark);
                if let Some(known) = self.interned.get_mut(status as usize) {
                    known[usize::from(number)] = Some(mark);
                }
                (value, mark)
            }
        };
        (value, mark)
    }
}

/// The cells without those that a KEYS file leaves out.
fn without_zeros(cells: &Cells) -> Cells {
    let mut kept = Cells::sparse(Absent::Zero);
    for cell in cells.iter() {
        let zero = cell.mark.is_empty() && cell.value.is_some_and(|value| value.to_bits() == 0);
        if !zero {
            kept.push_at(cell.position, cell.value, cell.mark.clone());
        }
    }
    kept
}
