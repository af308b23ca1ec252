//! Slices as Arrow record batches.

use super::column::Column;
use super::plan::Plan;
use super::slice_columns::SliceColumns;
use super::work::Sink;
use crate::error::{Error, Result};
use crate::model::{IndicatorId, Missing, Status};
use crate::panel::Slice;
use crate::release::Release;
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, DictionaryArray, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray,
};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use std::collections::HashMap;
use std::sync::Arc;

/// Areas per batch at most, so that one indicator with many periods does not become one large batch.
const BATCH_ROWS: usize = 65_536;

/// The columns of a result: who, when, where, the figure as a record, then the columns asked for by the names asked.
pub(super) fn fields(asked: &[Column]) -> Vec<Field> {
    let text = || DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let mut fields = vec![
        Field::new("indicator", text(), false),
        Field::new("period", text(), false),
        Field::new("area", text(), false),
        Field::new("value", DataType::Float64, true),
        Field::new("status", text(), false),
        Field::new("missing", text(), true),
    ];
    let asked = asked.iter().map(|column| {
        let kind = if column.is_whole() {
            DataType::Int64
        } else {
            DataType::Float64
        };
        Field::new(column.to_string(), kind, true)
    });
    fields.extend(asked);
    fields
}

/// The columns of a result, with what holds for all of it.
pub(super) fn schema(release: &Release, plan: &Plan) -> SchemaRef {
    let options = &plan.options;
    let order = options.order.map_or("by direction", crate::stats::Order::name);
    let without_data: Vec<&str> = plan.without_data.iter().map(IndicatorId::as_str).collect();
    let metadata = [
        ("kultti.release", release.id().to_owned()),
        ("kultti.territory", options.borders.name(release.territory())),
        ("kultti.order", order.to_owned()),
        ("kultti.ties", "min".to_owned()),
        ("kultti.among", "country".to_owned()),
        ("kultti.indicators_without_data", without_data.join(",")),
    ];
    let metadata = metadata.into_iter().map(|(key, text)| (key.to_owned(), text));
    Arc::new(Schema::new_with_metadata(
        fields(&options.columns),
        metadata.collect::<HashMap<_, _>>(),
    ))
}

/// Texts that rows name by number.
fn dictionary(keys: Vec<Option<i32>>, texts: &ArrayRef) -> Result<ArrayRef> {
    let array = DictionaryArray::<Int32Type>::try_new(Int32Array::from(keys), Arc::clone(texts));
    Ok(Arc::new(array.map_err(|cause| failed(&cause))?))
}

fn failed(cause: &dyn std::fmt::Display) -> Error {
    Error::Io {
        path: "record batch".into(),
        cause: cause.to_string(),
    }
}

fn texts<S: AsRef<str>>(of: impl IntoIterator<Item = S>) -> ArrayRef {
    Arc::new(
        of.into_iter()
            .map(|text| Some(text.as_ref().to_owned()))
            .collect::<StringArray>(),
    )
}

/// Makes batches of the slices of one indicator each.
pub(super) struct Batches {
    schema: SchemaRef,
    whole: Vec<bool>,
    /// The codes of all areas, named by their numbers.
    areas: ArrayRef,
    statuses: ArrayRef,
    reasons: ArrayRef,
    indicator: Option<IndicatorId>,
    periods: Vec<String>,
    rows: Rows,
    made: Vec<RecordBatch>,
}

/// Columns under construction.
#[derive(Default)]
struct Rows {
    periods: Vec<Option<i32>>,
    areas: Vec<Option<i32>>,
    values: Vec<f64>,
    statuses: Vec<Option<i32>>,
    reasons: Vec<Option<i32>>,
    asked: Vec<Vec<f64>>,
}

impl Batches {
    pub(super) fn new(release: &Release, schema: SchemaRef, asked: &[Column]) -> Self {
        Self {
            schema,
            whole: asked.iter().map(Column::is_whole).collect(),
            areas: texts(
                release
                    .territory()
                    .codes()
                    .iter()
                    .map(crate::model::AreaCode::as_str),
            ),
            statuses: texts(Status::ALL.map(|status| status.letter().to_string())),
            reasons: texts(Missing::ALL.map(Missing::code)),
            indicator: None,
            periods: Vec::new(),
            rows: Rows::default(),
            made: Vec::new(),
        }
    }

    fn flush(&mut self) -> Result<()> {
        let Some(indicator) = self.indicator.take().filter(|_| !self.rows.areas.is_empty()) else {
            return Ok(());
        };
        let rows = std::mem::take(&mut self.rows);
        let count = rows.areas.len();
        let mut columns = vec![
            dictionary(vec![Some(0); count], &texts([indicator.as_str()]))?,
            dictionary(rows.periods, &texts(std::mem::take(&mut self.periods)))?,
            dictionary(rows.areas, &self.areas)?,
            numbers(&rows.values, false),
            dictionary(rows.statuses, &self.statuses)?,
            dictionary(rows.reasons, &self.reasons)?,
        ];
        columns.extend(
            rows.asked
                .iter()
                .zip(&self.whole)
                .map(|(values, whole)| numbers(values, *whole)),
        );
        let batch =
            RecordBatch::try_new(Arc::clone(&self.schema), columns).map_err(|cause| failed(&cause))?;
        self.made.push(batch);
        Ok(())
    }
}

/// Numbers with null where there is none.
fn numbers(values: &[f64], whole: bool) -> ArrayRef {
    let present = |value: &f64| (!value.is_nan()).then_some(*value);
    if whole {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "ranks and quarters are whole and small"
        )]
        let whole = values
            .iter()
            .map(|value| present(value).map(|value| value as i64));
        return Arc::new(whole.collect::<Int64Array>());
    }
    Arc::new(values.iter().map(present).collect::<Float64Array>())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "places in short lists"
)]
fn key(place: usize) -> Option<i32> {
    Some(place as i32)
}

impl Sink for Batches {
    type Made = Vec<RecordBatch>;

    fn slice(&mut self, indicator: &IndicatorId, slice: &Slice, columns: &SliceColumns) -> Result<()> {
        if self.rows.areas.len() + slice.len() > BATCH_ROWS {
            self.flush()?;
        }
        self.indicator = Some(indicator.clone());
        self.periods.push(slice.period.to_string());
        let rows = &mut self.rows;
        let count = rows.areas.len() + slice.len();
        rows.periods.resize(count, key(self.periods.len() - 1));
        rows.areas
            .extend(slice.areas.numbers().iter().map(|number| key(*number)));
        rows.values.extend_from_slice(slice.figures.values());
        for index in 0..slice.len() {
            let letter = columns.letter(slice, index);
            let status = Status::ALL.iter().position(|status| status.letter() == letter);
            rows.statuses.push(status.and_then(key));
            rows.reasons
                .push(slice.missing(index).and_then(|reason| key(reason as usize)));
        }
        rows.asked.resize(columns.columns().len(), Vec::new());
        for (all, one) in rows.asked.iter_mut().zip(columns.columns()) {
            all.extend_from_slice(one);
        }
        Ok(())
    }

    fn end_of_indicator(&mut self) -> Result<()> {
        self.flush()
    }

    fn end_of_chunk(&mut self) -> Result<Self::Made> {
        Ok(std::mem::take(&mut self.made))
    }
}
