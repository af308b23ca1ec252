//! Reading the rows of one measure, for some periods, through row ranges: nothing else is decoded.

use super::guard::guarded;
use super::open::Release;
use crate::error::Result;
use crate::model::{AreaCode, Date, MeasureId, Missing, Observation, Period, Status};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type};
use arrow_array::{Array, RecordBatch, StringArray};
use parquet::arrow::arrow_reader::{RowSelection, RowSelector};
use std::ops::RangeInclusive;

impl Release {
    /// The observations of a measure in a range of periods, in key order.
    ///
    /// The rows are found by the counts of the content list and only their pages are decoded; each row is checked
    /// against the place it should stand in.
    ///
    /// # Errors
    /// [`crate::Error::ReleaseAltered`] when a row is not where the content list says, or out of order.
    pub fn observations(
        &self,
        measure: &MeasureId,
        periods: &RangeInclusive<Period>,
    ) -> Result<Vec<Observation>> {
        guarded(self.name(), "rows", || self.read(measure, periods))
    }

    fn read(&self, measure: &MeasureId, periods: &RangeInclusive<Period>) -> Result<Vec<Observation>> {
        let Some((content, offset)) = self.place(measure) else {
            return Ok(Vec::new());
        };
        let before = offset + rows_where(content, |period| period < *periods.start());
        let count = rows_where(content, |period| periods.contains(&period));
        if count == 0 {
            return Ok(Vec::new());
        }
        let selection = RowSelection::from(vec![RowSelector::skip(before), RowSelector::select(count)]);
        let reader = self
            .reader()
            .with_row_selection(selection)
            .with_batch_size(count)
            .build();
        let reader = reader.map_err(|cause| self.altered("rows", "readable pages", &cause.to_string()))?;
        let mut observations: Vec<Observation> = Vec::with_capacity(count);
        for batch in reader {
            let batch = batch.map_err(|cause| self.altered("rows", "readable pages", &cause.to_string()))?;
            self.decode(&batch, &mut observations)?;
        }
        let misplaced = observations
            .iter()
            .find(|row| row.measure != *measure || !periods.contains(&row.period));
        if let Some(row) = misplaced {
            return Err(self.altered("rows", measure.as_str(), &row.key_text()));
        }
        if observations.len() != count {
            return Err(self.altered("rows", &count.to_string(), &observations.len().to_string()));
        }
        self.check_order(&observations)?;
        Ok(observations)
    }

    pub(super) fn check_order(&self, rows: &[Observation]) -> Result<()> {
        rows.windows(2)
            .find(|pair| pair[0].key() >= pair[1].key())
            .map_or(Ok(()), |pair| {
                Err(self.altered("order", &format!("> {}", pair[0].key_text()), &pair[1].key_text()))
            })
    }

    /// Appends the rows of a batch.
    pub(super) fn decode(&self, batch: &RecordBatch, rows: &mut Vec<Observation>) -> Result<()> {
        let text = |index: usize| Texts::of(batch, index);
        let (measures, periods, areas) = (text(0), text(1), text(2));
        let values = batch.column(3).as_primitive_opt::<Float64Type>();
        let (statuses, missing, territories, origins, notes) = (text(4), text(5), text(6), text(7), text(8));
        for row in 0..batch.num_rows() {
            let wrong = |column: &str, found: &str| self.altered(column, "a value of the schema", found);
            let null = |column: &str| wrong(column, "null");
            let period = cell(periods.as_ref(), row).ok_or_else(|| null("period"))?;
            let status = cell(statuses.as_ref(), row).ok_or_else(|| null("status"))?;
            let territory = cell(territories.as_ref(), row).ok_or_else(|| null("territory"))?;
            let reason = cell(missing.as_ref(), row);
            let value = values
                .filter(|values| values.is_valid(row))
                .map(|values| values.value(row));
            if value.is_some_and(|value| !value.is_finite()) {
                return Err(wrong("value", "NaN"));
            }
            rows.push(Observation {
                measure: MeasureId::new(cell(measures.as_ref(), row).ok_or_else(|| null("measure"))?),
                period: period.parse().map_err(|_| wrong("period", period))?,
                area: AreaCode::new(cell(areas.as_ref(), row).ok_or_else(|| null("area"))?),
                value,
                status: Status::from_letter(status).ok_or_else(|| wrong("status", status))?,
                missing: reason
                    .map(|code| Missing::from_code(code).ok_or_else(|| wrong("missing", code)))
                    .transpose()?,
                territory: territory
                    .parse::<Date>()
                    .map_err(|_| wrong("territory", territory))?,
                origin: cell(origins.as_ref(), row)
                    .ok_or_else(|| null("origin"))?
                    .to_owned(),
                note: cell(notes.as_ref(), row).unwrap_or_default().to_owned(),
            });
        }
        Ok(())
    }
}

fn rows_where(content: &super::MeasureContent, keep: impl Fn(Period) -> bool) -> usize {
    content
        .periods
        .iter()
        .filter(|period| keep(period.period))
        .map(|period| period.rows)
        .sum()
}

fn cell<'a>(texts: Option<&Texts<'a>>, row: usize) -> Option<&'a str> {
    texts.and_then(|texts| texts.get(row))
}

/// A dictionary column of text.
struct Texts<'a> {
    keys: &'a arrow_array::PrimitiveArray<Int32Type>,
    values: &'a StringArray,
}

impl<'a> Texts<'a> {
    fn of(batch: &'a RecordBatch, index: usize) -> Option<Self> {
        let dictionary = batch.column(index).as_dictionary_opt::<Int32Type>()?;
        Some(Self {
            keys: dictionary.keys(),
            values: dictionary.values().as_string_opt::<i32>()?,
        })
    }

    fn get(&self, row: usize) -> Option<&'a str> {
        let valid = self.keys.is_valid(row);
        valid.then(|| {
            self.values
                .value(usize::try_from(self.keys.value(row)).unwrap_or(0))
        })
    }
}
