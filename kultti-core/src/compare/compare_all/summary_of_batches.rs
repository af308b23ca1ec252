//! Adding up batches that others made.

use super::summary::{Summing, hash, mixed};
use crate::error::{Error, Result};
use crate::model::{Missing, Status};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, Int64Type};
use arrow_array::{Array, DictionaryArray, RecordBatch, StringArray};
use std::ops::Range;

/// Columns before those asked for.
const BEFORE_ASKED: usize = 6;

/// A column of texts, each row's by its number.
struct Texts<'b> {
    keys: &'b DictionaryArray<Int32Type>,
    texts: &'b StringArray,
}

impl<'b> Texts<'b> {
    fn of(batch: &'b RecordBatch, column: usize) -> Result<Self> {
        let keys = batch.column(column).as_dictionary_opt::<Int32Type>();
        let texts = keys.and_then(|keys| keys.values().as_string_opt::<i32>());
        match (keys, texts) {
            (Some(keys), Some(texts)) => Ok(Self { keys, texts }),
            _ => Err(unreadable(batch, column)),
        }
    }

    fn at(&self, row: usize) -> Option<&'b str> {
        self.keys.key(row).map(|key| self.texts.value(key))
    }

    /// What is made of every text, for each row.
    fn each<T: Copy>(&self, rows: Range<usize>, made: impl Fn(&str) -> T) -> Vec<Option<T>> {
        let made: Vec<T> = (0..self.texts.len())
            .map(|at| made(self.texts.value(at)))
            .collect();
        rows.map(|row| self.keys.key(row).map(|key| made[key])).collect()
    }
}

/// A batch that is not made as it should be.
fn unreadable(batch: &RecordBatch, column: usize) -> Error {
    Error::Io {
        path: "record batch".into(),
        cause: format!("column {column}: {}", batch.column(column).data_type()),
    }
}

/// Numbers of some rows, NaN where there is none.
fn numbers(batch: &RecordBatch, column: usize, rows: &Range<usize>) -> Result<Vec<f64>> {
    let array = batch.column(column).slice(rows.start, rows.len());
    if let Some(numbers) = array.as_primitive_opt::<Float64Type>() {
        return Ok(numbers.iter().map(|number| number.unwrap_or(f64::NAN)).collect());
    }
    let whole = array
        .as_primitive_opt::<Int64Type>()
        .ok_or_else(|| unreadable(batch, column))?;
    #[expect(clippy::cast_precision_loss, reason = "ranks and quarters are small")]
    let number = |number: Option<i64>| number.map_or(f64::NAN, |number| number as f64);
    Ok(whole.iter().map(number).collect())
}

impl Summing {
    /// Adds the slices of a batch: neighbouring rows of one period.
    pub(super) fn batch(&mut self, batch: &RecordBatch) -> Result<()> {
        let periods = Texts::of(batch, 1)?;
        let mut start = 0;
        while start < batch.num_rows() {
            let period = periods.at(start);
            let others = (start..batch.num_rows()).find(|row| periods.at(*row) != period);
            let end = others.unwrap_or(batch.num_rows());
            self.rows_of_batch(batch, period.unwrap_or_default(), start..end)?;
            start = end;
        }
        Ok(())
    }

    fn rows_of_batch(&mut self, batch: &RecordBatch, period: &str, rows: Range<usize>) -> Result<()> {
        let indicator = Texts::of(batch, 0)?.at(rows.start).unwrap_or_default();
        let of_slice = mixed(hash(indicator).wrapping_add(hash(period).rotate_left(32)));
        let areas = Texts::of(batch, 2)?.each(rows.clone(), hash);
        let hashes: Vec<u64> = areas
            .iter()
            .map(|area| area.unwrap_or_default().wrapping_add(of_slice))
            .collect();
        let columns = std::iter::once(3).chain(BEFORE_ASKED..batch.num_columns());
        let values: Vec<Vec<f64>> = columns
            .map(|column| numbers(batch, column, &rows))
            .collect::<Result<_>>()?;
        let status = |text: &str| {
            Status::ALL
                .iter()
                .position(|status| text.starts_with(status.letter()))
        };
        let reason = |text: &str| Missing::ALL.iter().position(|reason| reason.code() == text);
        let statuses = Texts::of(batch, 4)?.each(rows.clone(), status);
        let reasons = Texts::of(batch, 5)?.each(rows, reason);
        self.slice_of(&hashes, &values, statuses.into_iter().flatten().flatten());
        self.reasons_of(reasons.into_iter().flatten().flatten());
        Ok(())
    }
}
