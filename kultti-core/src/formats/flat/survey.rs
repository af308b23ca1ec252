//! What the cells of every column are, over all rows of a table: a sample would not do.

use super::layout::USUAL_SYMBOLS;
use super::mapped::mapping_numbers;
use super::{FlatCell, FlatTable, Numbers};
use crate::error::Result;
use crate::formats::mapping::STATUSES;
use crate::formats::{Mapping, TimePeriod};

/// What all the cells of a column are.
#[derive(Debug, Clone)]
pub(super) struct Surveyed {
    /// Whether any cell is filled.
    pub(super) filled: bool,
    /// Whether a cell is a number by the first, the second … spelling that the table may have.
    any_number: Vec<bool>,
    /// Whether every filled cell is a number by that spelling, or a usual symbol.
    every_number: Vec<bool>,
    /// Whether every filled cell is a period.
    pub(super) periods: bool,
    /// Whether a number begins with a needless zero: a code.
    pub(super) zero_first: bool,
    /// Whether every filled cell is a code of SDMX `CL_OBS_STATUS`.
    pub(super) statuses: bool,
    /// Whether a cell begins like a number.
    digits: bool,
    /// The row and text of the first cell that made it no column of figures.
    odd: Option<(usize, String)>,
}

/// What was found in all rows.
pub(super) struct Survey {
    pub(super) columns: Vec<Surveyed>,
    spellings: Vec<Numbers>,
}

/// What a cell may be that is a figure.
struct Known<'k> {
    spellings: &'k [Numbers],
    symbols: Vec<&'k str>,
}

impl Survey {
    /// Reads all rows.
    pub(super) fn of(table: &mut dyn FlatTable, mapping: Option<&Mapping>) -> Result<Self> {
        let said = mapping.and_then(mapping_numbers);
        let spellings = said.map_or_else(|| table.numbers().to_vec(), |numbers| vec![numbers]);
        let own = mapping.map(|mapping| mapping.symbols.keys().map(String::as_str).collect());
        let known = Known {
            spellings: &spellings,
            symbols: own.unwrap_or_default(),
        };
        let column = Surveyed {
            filled: false,
            any_number: vec![false; spellings.len()],
            every_number: vec![true; spellings.len()],
            periods: true,
            zero_first: false,
            statuses: true,
            digits: false,
            odd: None,
        };
        let mut columns = vec![column; table.columns().len()];
        table.rows(&mut |row, cells| {
            for (column, cell) in columns.iter_mut().zip(cells) {
                column.cell(row, cell, &known);
            }
            Ok(())
        })?;
        Ok(Self { columns, spellings })
    }

    /// The spellings by which every filled cell of a column is a number or a usual symbol, and one at least a number.
    pub(super) fn numeric(&self, column: usize) -> Vec<Numbers> {
        let Some(column) = self.columns.get(column) else {
            return Vec::new();
        };
        let fits = column.any_number.iter().zip(&column.every_number);
        let fits = fits
            .zip(&self.spellings)
            .filter(|((any, every), _)| **any && **every);
        fits.map(|(_, numbers)| *numbers).collect()
    }

    /// The last column that holds something like numbers and is none of figures, with its first odd cell.
    pub(super) fn nearest(&self) -> Option<(usize, usize, &str)> {
        let columns = self.columns.iter().enumerate().rev();
        let mut odd = columns.filter(|(_, column)| column.digits && !column.periods);
        odd.find_map(|(place, column)| {
            let (row, text) = column.odd.as_ref()?;
            Some((place, *row, text.as_str()))
        })
    }

    /// The spelling of the numbers of some columns: the first by which all of them are numbers, else the first there is.
    pub(super) fn spelling(&self, columns: &[usize]) -> Numbers {
        let fits = |place: usize| {
            let mut surveyed = columns.iter().filter_map(|column| self.columns.get(*column));
            surveyed.all(|column| column.every_number.get(place) == Some(&true))
        };
        let place = (0..self.spellings.len()).find(|place| fits(*place)).unwrap_or(0);
        self.spellings.get(place).copied().unwrap_or(Numbers::POINT)
    }
}

impl Surveyed {
    fn cell(&mut self, row: usize, cell: &FlatCell<'_>, known: &Known<'_>) {
        match cell {
            FlatCell::Empty => {}
            FlatCell::Number(number) => {
                self.filled = true;
                self.any_number.fill(true);
                self.digits = true;
                self.statuses = false;
                self.periods = self.periods && is_period(&number.to_string());
            }
            // A formula that failed says nothing of how the others are spelt: its cell is named when it is read.
            FlatCell::Failed(_) => (self.filled, self.periods, self.statuses) = (true, false, false),
            FlatCell::Text(text) => {
                self.filled = true;
                self.text(row, text, known);
            }
        }
    }

    fn text(&mut self, row: usize, text: &str, known: &Known<'_>) {
        self.periods = self.periods && is_period(text);
        self.statuses = self.statuses && text.len() == 1 && STATUSES.contains(text);
        let bare = text.trim_start_matches(['-', '\u{2212}']);
        self.digits = self.digits || bare.starts_with(|first: char| first.is_ascii_digit());
        if !self.every_number.contains(&true) {
            return;
        }
        let mut symbols = bare.chars();
        let zero = symbols.next() == Some('0');
        if zero && symbols.next().is_some_and(|second| second.is_ascii_digit()) {
            self.zero_first = true;
        }
        let symbol = USUAL_SYMBOLS.contains(&text.trim()) || known.symbols.contains(&text.trim());
        let flags = self.any_number.iter_mut().zip(&mut self.every_number);
        for ((any, every), numbers) in flags.zip(known.spellings) {
            let number = *every && numbers.parse(text).is_some();
            *any |= number;
            *every = *every && (number || symbol);
        }
        if !self.every_number.contains(&true) {
            self.odd = Some((row, text.to_owned()));
        }
    }
}

/// A period of this age of the world: codes of four digits look like years.
pub(super) fn is_period(text: &str) -> bool {
    TimePeriod::parse(text).is_some_and(|period| (1700..=2200).contains(&period.year()))
}
