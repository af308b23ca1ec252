//! The columns of a batch of observations, read row by row without a text being copied.

use super::observation::NAMES;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type};
use arrow_array::{Array, Float64Array, Int32Array, RecordBatch, StringArray};

/// A dictionary column of text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TextColumn<'a> {
    keys: &'a Int32Array,
    values: &'a StringArray,
}

impl<'a> TextColumn<'a> {
    /// The column, where it is text in a dictionary.
    pub(crate) fn of(column: &'a dyn Array) -> Option<Self> {
        let dictionary = column.as_dictionary_opt::<Int32Type>()?;
        Some(Self {
            keys: dictionary.keys(),
            values: dictionary.values().as_string_opt::<i32>()?,
        })
    }

    /// The key of a row's text in the dictionary; `None` for null.
    pub(crate) fn key(&self, row: usize) -> Option<usize> {
        let valid = self.keys.is_valid(row);
        let key = || usize::try_from(self.keys.value(row)).ok();
        // A dictionary may hold a null of its own.
        valid.then(key).flatten().filter(|key| self.values.is_valid(*key))
    }

    /// The text of a row; `None` for null.
    pub(crate) fn get(&self, row: usize) -> Option<&'a str> {
        self.key(row).map(|key| self.values.value(key))
    }

    /// The first row after `row` with another text, at most `end`.
    pub(crate) fn run_end(&self, row: usize, end: usize) -> usize {
        let key = self.key(row);
        let other = |next: &usize| self.key(*next) != key && self.get(*next) != self.get(row);
        (row + 1..end).find(other).unwrap_or(end)
    }
}

/// A text column together with what its texts mean, each worked out once, when the first row with it is met.
pub(crate) struct Parsed<'a, T> {
    column: TextColumn<'a>,
    known: Vec<Option<T>>,
}

impl<'a, T: Copy> Parsed<'a, T> {
    pub(crate) fn new(column: TextColumn<'a>) -> Self {
        Self {
            known: vec![None; column.values.len()],
            column,
        }
    }

    /// What stands in a row; `None` for null.
    pub(crate) fn get<E>(
        &mut self,
        row: usize,
        parse: impl FnOnce(&'a str) -> Result<T, E>,
    ) -> Result<Option<T>, E> {
        let Some(key) = self.column.key(row) else {
            return Ok(None);
        };
        if let Some(known) = self.known[key] {
            return Ok(Some(known));
        }
        let parsed = parse(self.column.values.value(key))?;
        self.known[key] = Some(parsed);
        Ok(Some(parsed))
    }
}

/// The columns of a batch in the schema of observations.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ObservationColumns<'a> {
    pub(crate) rows: usize,
    pub(crate) measure: TextColumn<'a>,
    pub(crate) period: TextColumn<'a>,
    pub(crate) area: TextColumn<'a>,
    pub(crate) value: &'a Float64Array,
    pub(crate) status: TextColumn<'a>,
    pub(crate) missing: TextColumn<'a>,
    pub(crate) territory: TextColumn<'a>,
    pub(crate) origin: TextColumn<'a>,
    pub(crate) note: TextColumn<'a>,
}

impl<'a> ObservationColumns<'a> {
    /// The columns of a batch; `None` where it has another schema.
    pub(crate) fn of(batch: &'a RecordBatch) -> Option<Self> {
        let names = batch
            .schema_ref()
            .fields()
            .iter()
            .map(|field| field.name().as_str());
        if !names.eq(NAMES) {
            return None;
        }
        let text = |index: usize| TextColumn::of(batch.column(index).as_ref());
        Some(Self {
            rows: batch.num_rows(),
            measure: text(0)?,
            period: text(1)?,
            area: text(2)?,
            value: batch.column(3).as_primitive_opt::<Float64Type>()?,
            status: text(4)?,
            missing: text(5)?,
            territory: text(6)?,
            origin: text(7)?,
            note: text(8)?,
        })
    }

    /// The value of a row.
    pub(crate) fn value(&self, row: usize) -> Option<f64> {
        self.value.is_valid(row).then(|| self.value.value(row))
    }

    /// The key of a row, in the order in which a release is sorted. Periods of one frequency and dates are in the order
    /// of their texts. Empty where a column has no text.
    pub(crate) fn key(&self, row: usize) -> [&'a str; 4] {
        [self.measure, self.period, self.area, self.territory]
            .map(|column| column.get(row).unwrap_or_default())
    }
}
