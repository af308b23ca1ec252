//! Rows as observations, for verifying.

use super::open::Release;
use crate::error::Result;
use crate::model::{AreaCode, Date, MeasureId, Missing, Observation, Status};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type};
use arrow_array::{Array, RecordBatch, StringArray};

impl Release {
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
