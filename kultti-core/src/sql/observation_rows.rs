//! Rows of a release as Arrow columns: those that were asked for, and no other.

use super::failure::made;
use crate::error::Result;
use crate::model::{AreaCode, MeasureId, Missing, Period, Status};
use crate::release::{PeriodRows, Release};
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, DictionaryArray, Float64Array, Int32Array, RecordBatch, RecordBatchOptions, StringArray,
};
use arrow_schema::SchemaRef;
use std::collections::HashMap;
use std::sync::Arc;

/// Rows of a batch, about.
const BATCH_ROWS: usize = 8_192;

/// Rows on their way into a batch.
pub(super) struct ObservationRows {
    schema: SchemaRef,
    columns: Vec<Growing>,
    rows: usize,
}

/// A column that grows.
enum Growing {
    Texts(Source, Texts),
    /// Numbers of texts that are known beforehand.
    Known(KnownSource, Vec<Option<i32>>, ArrayRef),
    Values(Vec<f64>),
}

#[derive(Clone, Copy, PartialEq)]
enum Source {
    Measure,
    Period,
    Territory,
    Origin,
    Note,
}

#[derive(Clone, Copy)]
enum KnownSource {
    Area,
    Status,
    Missing,
}

/// Texts, each kept once.
#[derive(Default)]
struct Texts {
    keys: Vec<Option<i32>>,
    texts: Vec<String>,
    known: HashMap<String, i32>,
}

impl Texts {
    /// The number of a text; `None` for the empty one, which stands for nothing.
    fn key(&mut self, text: &str) -> Option<i32> {
        if text.is_empty() {
            return None;
        }
        if let Some(known) = self.known.get(text) {
            return Some(*known);
        }
        let key = key(self.texts.len());
        self.texts.push(text.to_owned());
        self.known.extend(key.map(|key| (text.to_owned(), key)));
        key
    }

    fn repeat(&mut self, text: &str, rows: usize) {
        let key = self.key(text);
        self.keys.resize(self.keys.len() + rows, key);
    }

    fn finish(&mut self) -> Result<ArrayRef> {
        self.known.clear();
        let texts = StringArray::from(std::mem::take(&mut self.texts));
        numbered(std::mem::take(&mut self.keys), Arc::new(texts))
    }
}

fn numbered(keys: Vec<Option<i32>>, texts: ArrayRef) -> Result<ArrayRef> {
    let array = DictionaryArray::<Int32Type>::try_new(Int32Array::from(keys), texts);
    Ok(Arc::new(array.map_err(|cause| made(&cause))?))
}

fn key(place: usize) -> Option<i32> {
    i32::try_from(place).ok()
}

impl Growing {
    fn of(column: usize, release: &Release) -> Self {
        let texts = |source| Self::Texts(source, Texts::default());
        let known = |source, texts: StringArray| Self::Known(source, Vec::new(), Arc::new(texts));
        match column {
            0 => texts(Source::Measure),
            1 => texts(Source::Period),
            2 => {
                let codes = release.territory().codes().iter();
                known(KnownSource::Area, codes.map(AreaCode::as_str).map(Some).collect())
            }
            3 => Self::Values(Vec::new()),
            4 => {
                let letters = Status::ALL.map(|status| status.letter().to_string());
                known(KnownSource::Status, letters.into_iter().map(Some).collect())
            }
            5 => known(
                KnownSource::Missing,
                Missing::ALL.map(Missing::code).map(Some).into_iter().collect(),
            ),
            6 => texts(Source::Territory),
            7 => texts(Source::Origin),
            _ => texts(Source::Note),
        }
    }

    fn push(&mut self, measure: &MeasureId, period: Period, rows: &PeriodRows) {
        match self {
            Self::Texts(Source::Measure, texts) => texts.repeat(measure.as_str(), rows.len()),
            Self::Texts(Source::Period, texts) => texts.repeat(&period.to_string(), rows.len()),
            Self::Texts(Source::Territory, texts) => {
                let dates: Vec<Option<i32>> = rows
                    .territories()
                    .iter()
                    .map(|date| texts.key(&date.to_string()))
                    .collect();
                texts
                    .keys
                    .extend((0..rows.len()).map(|row| dates[rows.table(row)]));
            }
            Self::Texts(source, texts) => {
                for row in 0..rows.len() {
                    let row = rows.row(row);
                    let text = if *source == Source::Origin {
                        row.origin
                    } else {
                        row.note
                    };
                    let key = texts.key(text);
                    texts.keys.push(key);
                }
            }
            Self::Known(KnownSource::Area, keys, _) => {
                keys.extend(rows.areas().iter().map(|area| i32::try_from(*area).ok()));
            }
            Self::Known(KnownSource::Status, keys, _) => {
                let place = |status: &Status| Status::ALL.iter().position(|known| known == status);
                keys.extend(rows.statuses().iter().map(|status| place(status).and_then(key)));
            }
            Self::Known(KnownSource::Missing, keys, _) => {
                let place = |reason: &Option<Missing>| reason.and_then(|reason| key(reason as usize));
                keys.extend(rows.missing().iter().map(place));
            }
            Self::Values(values) => values.extend_from_slice(rows.values()),
        }
    }

    fn finish(&mut self) -> Result<ArrayRef> {
        match self {
            Self::Texts(_, texts) => texts.finish(),
            Self::Known(_, keys, texts) => numbered(std::mem::take(keys), Arc::clone(texts)),
            Self::Values(values) => {
                let values = std::mem::take(values).into_iter();
                let present = values.map(|value| (!value.is_nan()).then_some(value));
                Ok(Arc::new(present.collect::<Float64Array>()))
            }
        }
    }
}

impl ObservationRows {
    /// Columns by their places in the schema of observations, of which `schema` is what is asked for.
    pub(super) fn new(release: &Release, columns: &[usize], schema: &SchemaRef) -> Self {
        Self {
            schema: Arc::clone(schema),
            columns: columns
                .iter()
                .map(|column| Growing::of(*column, release))
                .collect(),
            rows: 0,
        }
    }

    /// Whether origins or notes must be read.
    pub(super) fn need_texts(&self) -> bool {
        let needs = |column: &Growing| matches!(column, Growing::Texts(Source::Origin | Source::Note, _));
        self.columns.iter().any(needs)
    }

    pub(super) fn push(&mut self, measure: &MeasureId, period: Period, rows: &PeriodRows) {
        for column in &mut self.columns {
            column.push(measure, period, rows);
        }
        self.rows += rows.len();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows == 0
    }

    pub(super) fn is_full(&self) -> bool {
        self.rows >= BATCH_ROWS
    }

    /// The rows as a batch; the next begins empty.
    pub(super) fn finish(&mut self) -> Result<RecordBatch> {
        let columns = self.columns.iter_mut().map(Growing::finish);
        let columns = columns.collect::<Result<Vec<_>>>()?;
        let rows = RecordBatchOptions::new().with_row_count(Some(std::mem::take(&mut self.rows)));
        let batch = RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &rows);
        batch.map_err(|cause| made(&cause))
    }
}
