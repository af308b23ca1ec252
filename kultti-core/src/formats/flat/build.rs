//! The rows of a table become the cells of a cube.

use super::layout::{Axis, Layout, Part};
use super::survey::is_period;
use super::{FlatCell, FlatTable, TablePlace, as_it_stands, shown};
use crate::error::{Error, Result};
use crate::formats::mapping::Symbol;
use crate::formats::{Category, Cells, Cube, Dimension, Mark, Note, NotePlace, Role, Warning};
use crate::language::{Message, Param};
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

/// Reads all rows.
pub(super) fn cube(table: &mut dyn FlatTable, layout: Layout, warnings: &mut Vec<Warning>) -> Result<Cube> {
    let mut builder = Builder::new(&*table, layout);
    table.rows(&mut |row, cells| builder.row(row, cells))?;
    builder.warn(warnings);
    let rows = builder.order()?;
    match rows {
        Order::Twice(first, second) => Err(builder.twice(table, first, second)),
        Order::Rows(rows) => Ok(builder.finish(rows)),
    }
}

/// The categories of a dimension as they turn up.
struct Found {
    axis: Axis,
    categories: Vec<Category>,
    places: HashMap<String, u32>,
    /// The place that followed each one last time, and the last place: tables repeat themselves.
    next: Vec<u32>,
    last: u32,
}

impl Found {
    fn new(axis: Axis) -> Self {
        let begun = axis.fixed || !axis.in_column;
        let categories = if begun {
            axis.categories.clone()
        } else {
            Vec::new()
        };
        let places = categories
            .iter()
            .zip(0..)
            .map(|(category, place)| (category.code.clone(), place));
        Self {
            places: places.collect(),
            next: vec![0; categories.len()],
            last: 0,
            categories,
            axis,
        }
    }

    /// The place of a code of the table, and whether it is new.
    fn place(&mut self, text: &str) -> (u32, bool) {
        if !self.axis.prefix.is_empty() || !self.axis.codes.is_empty() {
            let bare = text.strip_prefix(self.axis.prefix.as_str()).unwrap_or(text);
            let code = self.axis.codes.get(text).or_else(|| self.axis.codes.get(bare));
            let code = code.map_or(bare, String::as_str).to_owned();
            return self.place_of(&code);
        }
        self.place_of(text)
    }

    fn place_of(&mut self, code: &str) -> (u32, bool) {
        let same = |place: u32| {
            let category = self.categories.get(place as usize);
            category.is_some_and(|category| category.code == code)
        };
        let guess = self.next.get(self.last as usize).copied().unwrap_or(0);
        let known = if same(self.last) {
            return (self.last, false);
        } else if same(guess) {
            Some(guess)
        } else {
            self.places.get(code).copied()
        };
        let place = known.unwrap_or_else(|| {
            let place = u32::try_from(self.categories.len()).unwrap_or(u32::MAX);
            let known = self.axis.categories.iter().find(|category| category.code == code);
            self.categories
                .push(known.cloned().unwrap_or_else(|| Category::new(code)));
            self.places.insert(code.to_owned(), place);
            self.next.push(0);
            place
        });
        if let Some(next) = self.next.get_mut(self.last as usize) {
            *next = place;
        }
        self.last = place;
        (place, known.is_none())
    }
}

struct Builder {
    layout: Layout,
    place: TablePlace,
    names: Vec<String>,
    unguarded: fn(&str) -> Cow<'_, str>,
    axes: Vec<Found>,
    /// Places in the dimensions that have columns, row by row.
    keys: Vec<u32>,
    /// Numbers and marks, row by row and within it by value column.
    values: Vec<f64>,
    marks: Vec<u32>,
    cells: Cells,
    rows: usize,
    /// Symbols whose meaning nobody told.
    unknown: BTreeSet<String>,
    /// Dimensions with a category that has two labels in one language.
    relabelled: BTreeSet<String>,
    notes: Vec<(usize, String, String)>,
}

/// The rows in the order of their positions.
enum Order {
    Rows(Ordered),
    /// Two cells have the same categories.
    Twice(usize, usize),
}

/// Positions in the order of the table's cells, and the cells in ascending order where that is another.
struct Ordered {
    positions: Vec<u64>,
    sorted: Option<Vec<u32>>,
}

impl Builder {
    fn new(table: &dyn FlatTable, mut layout: Layout) -> Self {
        let axes = std::mem::take(&mut layout.axes);
        Self {
            axes: axes.into_iter().map(Found::new).collect(),
            place: table.place(),
            names: table.columns().to_vec(),
            unguarded: if layout.own {
                table.unguarded()
            } else {
                as_it_stands
            },
            layout,
            keys: Vec::new(),
            values: Vec::new(),
            marks: Vec::new(),
            cells: Cells::dense(),
            rows: 0,
            unknown: BTreeSet::new(),
            relabelled: BTreeSet::new(),
            notes: Vec::new(),
        }
    }

    fn wrong(&self, row: usize, column: usize, expected: Message, found: &str) -> Error {
        let name = self.names.get(column).map_or("", String::as_str);
        self.place.cell(row, (column, name), expected, found)
    }

    fn row(&mut self, row: usize, cells: &[FlatCell<'_>]) -> Result<()> {
        let mut mark = Mark::default();
        let columns = std::mem::take(&mut self.layout.columns);
        // Labels belong to the codes of their own row, and may stand before them.
        for (column, (part, cell)) in columns.iter().zip(cells).enumerate() {
            if let Part::Dimension(axis) = part {
                self.code(row, column, *axis, cell)?;
            }
        }
        for (part, cell) in columns.iter().zip(cells) {
            match part {
                Part::Label(axis, language) => self.label(*axis, language, cell),
                Part::Status => mark.status = self.given(cell),
                Part::Symbol => mark.symbol = self.given(cell),
                Part::Text => mark.text = self.given(cell),
                Part::Attribute(place) => self.attribute(&mut mark, *place, cell),
                Part::Note(language) => {
                    if let Some(text) = self.given(cell) {
                        self.notes.push((self.rows, language.clone(), text));
                    }
                }
                Part::Dimension(_) | Part::Value(_) | Part::Ignored => {}
            }
        }
        for (column, (part, cell)) in columns.iter().zip(cells).enumerate() {
            if matches!(part, Part::Value(_)) {
                self.value(row, column, cell, &mark)?;
            }
        }
        self.layout.columns = columns;
        self.rows += 1;
        Ok(())
    }

    /// The text of a cell, where it has one.
    fn given(&self, cell: &FlatCell<'_>) -> Option<String> {
        match cell {
            FlatCell::Empty => None,
            FlatCell::Text(text) => Some((self.unguarded)(text).into_owned()),
            FlatCell::Number(_) | FlatCell::Failed(_) => Some(cell.text().into_owned()),
        }
    }

    fn attribute(&self, mark: &mut Mark, place: usize, cell: &FlatCell<'_>) {
        if let Some(text) = self.given(cell) {
            if mark.attributes.len() <= place {
                mark.attributes.resize(place + 1, None);
            }
            if let Some(attribute) = mark.attributes.get_mut(place) {
                *attribute = Some(text);
            }
        }
    }

    fn code(&mut self, row: usize, column: usize, axis: usize, cell: &FlatCell<'_>) -> Result<()> {
        if let FlatCell::Failed(error) = cell {
            return Err(self.wrong(row, column, Message::new("word.cell-category"), error));
        }
        if *cell == FlatCell::Empty && !self.layout.own {
            let above = self
                .axes
                .get(axis)
                .filter(|found| found.axis.fill_down && !found.categories.is_empty());
            let Some(above) = above else {
                return Err(self.wrong(row, column, Message::new("word.cell-category"), ""));
            };
            self.keys.push(above.last);
            return Ok(());
        }
        let text = cell.text();
        let text = (self.unguarded)(&text);
        let Some(found) = self.axes.get_mut(axis) else {
            return Ok(());
        };
        let (place, new) = found.place(&text);
        if new && found.axis.fixed {
            let expected = Message::new("word.cell-known").with("dimension", found.axis.code.as_str());
            return Err(self.wrong(row, column, expected, &text));
        }
        self.keys.push(place);
        Ok(())
    }

    fn label(&mut self, axis: usize, language: &str, cell: &FlatCell<'_>) {
        if *cell == FlatCell::Empty {
            return;
        }
        let text = cell.text();
        let text = (self.unguarded)(&text);
        let Some(found) = self.axes.get_mut(axis) else {
            return;
        };
        if let Some(category) = found.categories.get_mut(found.last as usize) {
            match category.label.get(language) {
                None => category.label.set(language, text),
                Some(known) if known == text => {}
                Some(_) => {
                    self.relabelled.insert(found.axis.code.clone());
                }
            }
        }
    }

    fn value(&mut self, row: usize, column: usize, cell: &FlatCell<'_>, mark: &Mark) -> Result<()> {
        let number = match cell {
            FlatCell::Empty => f64::NAN,
            FlatCell::Number(number) => *number,
            FlatCell::Failed(error) => return self.symbol(row, column, error, mark),
            FlatCell::Text(text) => match self.layout.numbers.parse(text) {
                Some(number) => number,
                None => return self.symbol(row, column, text, mark),
            },
        };
        self.push(number, mark.clone());
        Ok(())
    }

    fn push(&mut self, number: f64, mark: Mark) {
        self.values.push(number);
        let mark = if mark == Mark::default() {
            0
        } else {
            self.cells.intern(mark)
        };
        self.marks.push(mark);
    }

    fn symbol(&mut self, row: usize, column: usize, text: &str, mark: &Mark) -> Result<()> {
        let symbol = text.trim();
        if self.layout.own && shown(mark) == Some(text) {
            self.push(f64::NAN, mark.clone());
            return Ok(());
        }
        let Some(meaning) = self.layout.symbols.get(symbol) else {
            let code = if self.layout.own {
                "word.cell-number"
            } else {
                "word.cell-figure"
            };
            let expected = Message::new(code);
            return Err(self.wrong(row, column, expected, text));
        };
        let mut mark = mark.clone();
        let (number, status) = match meaning {
            Symbol::Zero => (0.0, None),
            Symbol::Missing(status) => (f64::NAN, status.clone()),
        };
        if *meaning == Symbol::Missing(None) && mark.status.is_none() {
            self.unknown.insert(symbol.to_owned());
        }
        mark.status = mark.status.or(status);
        mark.symbol = mark.symbol.or_else(|| Some(symbol.to_owned()));
        self.push(number, mark);
        Ok(())
    }

    fn warn(&self, warnings: &mut Vec<Warning>) {
        let list = |texts: &BTreeSet<String>| Param::List(texts.iter().map(Param::from).collect());
        if !self.unknown.is_empty() {
            let message = Message::new("warning.table-symbols").with("symbols", list(&self.unknown));
            warnings.push(Warning(message));
        }
        if !self.relabelled.is_empty() {
            let message = Message::new("warning.table-labels").with("dimensions", list(&self.relabelled));
            warnings.push(Warning(message));
        }
    }

    /// The positions of all cells, ascending or not, each once.
    fn order(&self) -> Result<Order> {
        let positions = self.positions()?;
        if positions.is_sorted_by(|before, after| before < after) {
            let sorted = None;
            return Ok(Order::Rows(Ordered { positions, sorted }));
        }
        let cells = u32::try_from(positions.len()).map_err(|_| self.too_large())?;
        let mut sorted: Vec<u32> = (0..cells).collect();
        let position = |cell: u32| positions.get(cell as usize).copied();
        sorted.sort_by_key(|cell| position(*cell));
        let twice = sorted.windows(2).find_map(|pair| match pair {
            [first, second] if position(*first) == position(*second) => Some((*first, *second)),
            _ => None,
        });
        if let Some((first, second)) = twice {
            return Ok(Order::Twice(first as usize, second as usize));
        }
        let sorted = Some(sorted);
        Ok(Order::Rows(Ordered { positions, sorted }))
    }

    fn too_large(&self) -> Error {
        Error::CannotHold {
            path: self.place.path.clone(),
            format: self.place.format.to_owned(),
            what: "a table of more than 2^64 positions".into(),
            advice: "Leave out columns with the role ignore in a mapping (--map).".into(),
        }
    }

    fn positions(&self) -> Result<Vec<u64>> {
        let sizes: Vec<u64> = self
            .axes
            .iter()
            .map(|found| found.categories.len() as u64)
            .collect();
        let whole = sizes.iter().try_fold(1_u64, |size, axis| size.checked_mul(*axis));
        if whole.is_none() {
            return Err(self.too_large());
        }
        let strides = strides(&sizes);
        let columns: Vec<u64> = self.value_offsets(&strides);
        let axes: Vec<u64> = self
            .key_axes()
            .filter_map(|axis| strides.get(axis).copied())
            .collect();
        let mut positions = Vec::with_capacity(self.values.len());
        for row in 0..self.rows {
            let key = self
                .keys
                .get(row * axes.len()..(row + 1) * axes.len())
                .unwrap_or_default();
            let start: u64 = key
                .iter()
                .zip(&axes)
                .map(|(place, stride)| u64::from(*place) * stride)
                .sum();
            positions.extend(columns.iter().map(|offset| start + offset));
        }
        Ok(positions)
    }

    /// The dimensions of a row's key, in the order of their columns.
    fn key_axes(&self) -> impl Iterator<Item = usize> {
        self.layout.columns.iter().filter_map(|part| match part {
            Part::Dimension(axis) => Some(*axis),
            _ => None,
        })
    }

    /// How far the cell of every value column lies from the first of its row.
    fn value_offsets(&self, strides: &[u64]) -> Vec<u64> {
        let others: Vec<u64> = self
            .axes
            .iter()
            .zip(strides)
            .filter(|(found, _)| !found.axis.in_column)
            .map(|(_, stride)| *stride)
            .collect();
        let offset = |places: &[usize]| {
            places
                .iter()
                .zip(&others)
                .map(|(place, stride)| *place as u64 * stride)
                .sum()
        };
        self.layout.values().map(|(_, places)| offset(places)).collect()
    }

    /// The error for two cells with the same categories: the file is read once more to find their rows.
    fn twice(&self, table: &mut dyn FlatTable, first: usize, second: usize) -> Error {
        let per_row = self.layout.values().count().max(1);
        let (first, second) = (first / per_row, second / per_row);
        let (mut row_number, mut rows) = (0, (0, 0));
        let read = table.rows(&mut |row, _| {
            if row_number == first {
                rows.0 = row;
            }
            if row_number == second {
                rows.1 = row;
            }
            row_number += 1;
            Ok(())
        });
        let axes: Vec<usize> = self.key_axes().collect();
        let key = self
            .keys
            .get(second * axes.len()..(second + 1) * axes.len())
            .unwrap_or_default();
        let codes = axes.iter().zip(key).filter_map(|(axis, place)| {
            let found = self.axes.get(*axis)?;
            let category = found.categories.get(*place as usize)?;
            Some(format!("{} {}", found.axis.code, category.code))
        });
        read.err().unwrap_or_else(|| Error::DuplicateCell {
            path: self.place.path.clone(),
            line: rows.1,
            first: rows.0,
            key: codes.collect::<Vec<_>>().join(", "),
        })
    }

    fn finish(mut self, rows: Ordered) -> Cube {
        let notes = self.notes();
        let fixed = self.axes.iter().any(|found| found.axis.fixed);
        let mut cube = std::mem::replace(&mut self.layout.cube, Cube::new(Vec::new()));
        let dimensions = std::mem::take(&mut self.axes).into_iter().map(|found| Dimension {
            code: found.axis.code,
            label: found.axis.label,
            role: found.axis.role,
            categories: found.categories,
        });
        cube.dimensions = dimensions.collect();
        if self.layout.own && !fixed {
            find_time(&mut cube.dimensions);
        }
        cube.notes.extend(notes);
        cube.cells = self.cells(&rows, cube.size());
        cube
    }

    fn cells(&mut self, rows: &Ordered, size: Option<u64>) -> Cells {
        let every = size == Some(self.values.len() as u64);
        let known = std::mem::replace(&mut self.cells, Cells::dense());
        let mut cells = known.without_cells((!every).then_some(self.layout.absent));
        cells.reserve(self.values.len());
        for index in 0..self.values.len() {
            let cell = match &rows.sorted {
                None => index,
                Some(sorted) => sorted.get(index).map_or(index, |cell| *cell as usize),
            };
            let value = self.values.get(cell).copied().unwrap_or(f64::NAN);
            let mark = self.marks.get(cell).copied().unwrap_or(0);
            if every {
                cells.push_interned(value, mark);
            } else {
                cells.push_interned_at(rows.positions.get(cell).copied().unwrap_or(0), value, mark);
            }
        }
        cells
    }

    fn notes(&self) -> Vec<Note> {
        let axes: Vec<usize> = self.key_axes().collect();
        let note = |(row, language, text): &(usize, String, String)| {
            let key = self
                .keys
                .get(row * axes.len()..(row + 1) * axes.len())
                .unwrap_or_default();
            let mut place = vec![None; self.axes.len()];
            for (axis, category) in axes.iter().zip(key) {
                if let Some(slot) = place.get_mut(*axis) {
                    *slot = Some(*category as usize);
                }
            }
            Note {
                text: crate::formats::Labels::new(language, text.clone()),
                mandatory: false,
                place: NotePlace::Cells(place),
            }
        };
        self.notes.iter().map(note).collect()
    }
}

/// How far apart two neighbours of every dimension lie.
fn strides(sizes: &[u64]) -> Vec<u64> {
    let mut strides = vec![1; sizes.len()];
    let mut stride = 1_u64;
    for (slot, size) in strides.iter_mut().zip(sizes).rev() {
        *slot = stride;
        stride = stride.saturating_mul(*size);
    }
    strides
}

/// The one dimension whose codes are all periods is that of time: a table of Kultti's in text does not say so.
fn find_time(dimensions: &mut [Dimension]) {
    let of_periods = |dimension: &Dimension| {
        let codes = || dimension.categories.iter().map(|category| category.code.as_str());
        codes().next().is_some() && codes().all(is_period)
    };
    let mut found = dimensions.iter_mut().filter(|dimension| of_periods(dimension));
    if let (Some(time), None) = (found.next(), found.next()) {
        time.role = Role::Time;
    }
}
