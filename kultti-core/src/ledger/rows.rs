//! Lines as rows of the table, and back.

use super::entry::{Entry, EntryKind, Recorded};
use super::facts::KnownFigure;
use super::failure::damaged;
use super::schema;
use crate::error::{Error, Result};
use crate::model::{AreaCode, Date, MeasureId, Missing, Observation, Scenario, Stage, Status};
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, Int32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, Float64Array, Int32Array, Int64Array, RecordBatch,
    StringArray, TimestampMicrosecondArray,
};
use chrono::{DateTime, Utc};
use datafusion::arrow::compute::cast;
use std::str::FromStr;
use std::sync::Arc;

/// The rows of one commit.
pub(super) fn batch(
    address: &str,
    entries: &[Entry],
    sequence: i64,
    recorded: DateTime<Utc>,
) -> Result<RecordBatch> {
    let lines = 0..i32::try_from(entries.len()).map_err(|error| damaged(address, error))?;
    let time = TimestampMicrosecondArray::from_value(recorded.timestamp_micros(), entries.len())
        .with_timezone("UTC");
    let territory = entries.iter().map(|entry| entry.territory.days_since_epoch());
    let until = entries
        .iter()
        .map(|entry| entry.until.map(Date::days_since_epoch));
    let columns: Vec<ArrayRef> = vec![
        Arc::new(Int64Array::from_value(sequence, entries.len())),
        Arc::new(Int32Array::from_iter_values(lines)),
        Arc::new(time),
        text(entries, |entry| Some(entry.kind.name())),
        text(entries, |entry| Some(&entry.round)),
        text(entries, |entry| Some(entry.area.as_str())),
        text(entries, |entry| entry.measure.as_ref().map(MeasureId::as_str)),
        Arc::new(StringArray::from_iter_values(
            entries.iter().map(|entry| entry.period.to_string()),
        )),
        Arc::new(Date32Array::from_iter_values(territory)),
        text(entries, |entry| Some(entry.scenario.name())),
        text(entries, |entry| Some(entry.stage.name())),
        Arc::new(Float64Array::from_iter(entries.iter().map(|entry| entry.value))),
        Arc::new(StringArray::from_iter_values(
            entries.iter().map(|entry| entry.status.letter().to_string()),
        )),
        text(entries, |entry| entry.missing.map(Missing::code)),
        said(entries, |entry| &entry.note),
        said(entries, |entry| &entry.author),
        said(entries, |entry| &entry.reason),
        said(entries, |entry| &entry.document),
        said(entries, |entry| &entry.sha256),
        said(entries, |entry| &entry.place),
        said(entries, |entry| &entry.finding),
        Arc::new(Date32Array::from_iter(until)),
        Arc::new(BooleanArray::from_iter(entries.iter().map(|entry| entry.consent))),
    ];
    RecordBatch::try_new(schema::arrow().clone(), columns).map_err(|error| damaged(address, error))
}

fn text(entries: &[Entry], get: impl Fn(&Entry) -> Option<&str>) -> ArrayRef {
    Arc::new(entries.iter().map(get).collect::<StringArray>())
}

/// A text that is null where it is empty.
fn said(entries: &[Entry], get: impl Fn(&Entry) -> &str) -> ArrayRef {
    text(entries, |entry| Some(get(entry)).filter(|text| !text.is_empty()))
}

/// The columns of a batch that was read, as they were written: readers have several kinds of text.
pub(super) fn as_written(address: &str, batch: &RecordBatch) -> Result<RecordBatch> {
    let fields = batch.schema();
    let mut columns = Vec::new();
    let mut kept = Vec::new();
    for (field, column) in fields.fields().iter().zip(batch.columns()) {
        let ours = schema::arrow().field_with_name(field.name());
        let ours = ours.map_err(|error| damaged(address, error))?;
        columns.push(cast(column, ours.data_type()).map_err(|error| damaged(address, error))?);
        kept.push(ours.clone());
    }
    let schema = Arc::new(arrow_schema::Schema::new(kept));
    RecordBatch::try_new(schema, columns).map_err(|error| damaged(address, error))
}

/// The lines of a batch with every column.
pub(super) fn lines(address: &str, batch: &RecordBatch) -> Result<Vec<Recorded>> {
    let rows = Rows {
        address,
        batch: &as_written(address, batch)?,
    };
    (0..batch.num_rows()).map(|row| rows.line(row)).collect()
}

/// The figures of a batch of [`super::Facts`].
pub(super) fn figures(address: &str, batch: &RecordBatch) -> Result<Vec<KnownFigure>> {
    let rows = Rows { address, batch };
    (0..batch.num_rows()).map(|row| rows.figure(row)).collect()
}

struct Rows<'a> {
    address: &'a str,
    batch: &'a RecordBatch,
}

impl Rows<'_> {
    fn line(&self, row: usize) -> Result<Recorded> {
        let time = self
            .column("recorded")?
            .as_primitive::<TimestampMicrosecondType>()
            .value(row);
        let recorded = DateTime::from_timestamp_micros(time);
        Ok(Recorded {
            sequence: self.column("sequence")?.as_primitive::<Int64Type>().value(row),
            line: self.column("line")?.as_primitive::<Int32Type>().value(row),
            recorded: recorded.ok_or_else(|| self.unknown(row, "recorded", &time.to_string()))?,
            entry: self.entry(row)?,
        })
    }

    fn entry(&self, row: usize) -> Result<Entry> {
        let value = self.column("value")?.as_primitive::<Float64Type>();
        let consent = self.column("consent")?.as_boolean();
        let measure = self.text(row, "measure")?.map(MeasureId::new);
        let missing = self
            .text(row, "missing")?
            .map(|code| self.known(row, "missing", code, Missing::from_code));
        let until = self.day(row, "until")?;
        Ok(Entry {
            kind: self.name(row, "kind", EntryKind::parse)?,
            round: self.said(row, "round")?,
            area: AreaCode::new(self.said(row, "area")?),
            measure,
            period: self.name(row, "period", |text| FromStr::from_str(text).ok())?,
            territory: self.day(row, "territory")?.unwrap_or(Date::MIN),
            scenario: self.name(row, "scenario", Scenario::parse)?,
            stage: self.name(row, "stage", Stage::parse)?,
            value: value.is_valid(row).then(|| value.value(row)),
            status: self.name(row, "status", Status::from_letter)?,
            missing: missing.transpose()?,
            note: self.said(row, "note")?,
            author: self.said(row, "author")?,
            reason: self.said(row, "reason")?,
            document: self.said(row, "document")?,
            sha256: self.said(row, "sha256")?,
            place: self.said(row, "place")?,
            finding: self.said(row, "finding")?,
            until,
            consent: consent.is_valid(row).then(|| consent.value(row)),
        })
    }

    fn figure(&self, row: usize) -> Result<KnownFigure> {
        let value = self.column("value")?.as_primitive::<Float64Type>();
        let missing = self
            .text(row, "missing")?
            .map(|code| self.known(row, "missing", code, Missing::from_code));
        Ok(KnownFigure {
            observation: Observation {
                measure: MeasureId::new(self.said(row, "measure")?),
                period: self.name(row, "period", |text| FromStr::from_str(text).ok())?,
                area: AreaCode::new(self.said(row, "area")?),
                value: value.is_valid(row).then(|| value.value(row)),
                status: self.name(row, "status", Status::from_letter)?,
                missing: missing.transpose()?,
                territory: self.day(row, "territory")?.unwrap_or(Date::MIN),
                origin: self.said(row, "round")?,
                note: self.said(row, "note")?,
            },
            stage: self.name(row, "stage", Stage::parse)?,
            reason: self.said(row, "reason")?,
            sequence: self.column("sequence")?.as_primitive::<Int64Type>().value(row),
        })
    }

    fn column(&self, name: &str) -> Result<&ArrayRef> {
        let column = self.batch.column_by_name(name);
        column.ok_or_else(|| damaged(self.address, format!("column {name} was not read")))
    }

    fn text(&self, row: usize, name: &str) -> Result<Option<&str>> {
        let column = self.column(name)?.as_string::<i32>();
        Ok(column.is_valid(row).then(|| column.value(row)))
    }

    /// A text, empty where there is none.
    fn said(&self, row: usize, name: &str) -> Result<String> {
        Ok(self.text(row, name)?.unwrap_or_default().to_owned())
    }

    fn day(&self, row: usize, name: &str) -> Result<Option<Date>> {
        let column = self.column(name)?.as_primitive::<Date32Type>();
        Ok(column
            .is_valid(row)
            .then(|| column.value(row))
            .and_then(Date::from_epoch))
    }

    fn name<T>(&self, row: usize, column: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T> {
        let text = self.text(row, column)?.unwrap_or_default();
        self.known(row, column, text, parse)
    }

    fn known<T>(&self, row: usize, column: &str, text: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T> {
        parse(text).ok_or_else(|| self.unknown(row, column, text))
    }

    fn unknown(&self, row: usize, column: &str, found: &str) -> Error {
        let sequence = self
            .column("sequence")
            .map(|column| column.as_primitive::<Int64Type>().value(row));
        let line = self
            .column("line")
            .map(|column| column.as_primitive::<Int32Type>().value(row));
        Error::LedgerCell {
            address: self.address.to_owned(),
            sequence: sequence.unwrap_or_default().to_string(),
            line: line.unwrap_or_default().to_string(),
            column: column.to_owned(),
            found: found.to_owned(),
        }
    }
}
