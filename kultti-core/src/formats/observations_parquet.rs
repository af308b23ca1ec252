//! Observations as a Parquet table with the columns of the CSV one, read batch by batch.

use super::observations_csv::COLUMNS;
use super::place::{Observed, Place};
use crate::catalogue::Catalogue;
use crate::error::{Error, Result};
use crate::model::{Date, ObservationColumns, Parsed, Period, Status, observation_schema};
use crate::source::check_footer;
use crate::territory::{Area, Territory};
use arrow_array::builder::StringDictionaryBuilder;
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Int32Type};
use arrow_array::{ArrayRef, DictionaryArray, Int32Array, PrimitiveArray, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use std::collections::BTreeMap;
use std::fmt::Display;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

/// Rows read at once.
const BATCH_ROWS: usize = 65_536;

/// A Parquet table of observations, read as batches of the observation schema and checked against catalogue and
/// territory by the rules of the CSV table.
///
/// The columns are `measure, period, area, territory, value, status, missing, note`, in any order and no other; `value`
/// is a 64-bit float, `territory` a date or text, the others text, plain or in a dictionary. Null and the empty text are
/// the empty cell. Memory is that of one batch, however large the table. Messages name the row, counted from 1.
pub struct ParquetObservations<'a> {
    path: String,
    origin: String,
    catalogue: &'a Catalogue,
    territory: &'a Territory,
    reader: ParquetRecordBatchReader,
    /// Rows of the batches before.
    before: usize,
}

impl<'a> ParquetObservations<'a> {
    /// Opens the table; `origin` is what its observations say of where they come from.
    ///
    /// # Errors
    /// [`Error::Io`] for a file that cannot be opened, [`Error::MalformedParquet`] for one that is not Parquet,
    /// [`Error::Header`] for other columns, [`Error::ColumnType`] for a column of another type. Reading a batch gives
    /// [`Error::UnknownAreasInTable`], [`Error::UnknownMeasureInTable`], [`Error::OutsideValidity`],
    /// [`Error::AreaOutsideTerritory`] and [`Error::Cell`] with the row.
    pub fn open(
        path: &Path,
        origin: &str,
        catalogue: &'a Catalogue,
        territory: &'a Territory,
    ) -> Result<Self> {
        let name = path.display().to_string();
        let file = File::open(path).map_err(|cause| Error::io(&name, &cause))?;
        let malformed = |cause: &dyn Display| malformed(&name, cause);
        // The embedded Arrow schema is not needed: what the columns hold is said by Parquet itself.
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        check_footer(&file).map_err(|cause| malformed(&cause))?;
        let plain = ArrowReaderMetadata::load(&file, options.clone()).map_err(|cause| malformed(&cause))?;
        let schema = Arc::new(wanted(&name, plain.schema())?);
        let metadata =
            ArrowReaderMetadata::try_new(Arc::clone(plain.metadata()), options.with_schema(schema));
        let metadata = metadata.map_err(|cause| malformed(&cause))?;
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata)
            .with_batch_size(BATCH_ROWS)
            .build()
            .map_err(|cause| malformed(&cause))?;
        Ok(Self {
            path: name,
            origin: origin.to_owned(),
            catalogue,
            territory,
            reader,
            before: 0,
        })
    }

    fn batch(&mut self, batch: &RecordBatch) -> Result<RecordBatch> {
        let batch = self.in_order(batch)?;
        let columns = self.columns(&batch)?;
        let unknown = self.unknown_areas(&columns, self.before);
        if !unknown.is_empty() {
            return Err(self.every_unknown_area(unknown, self.before + batch.num_rows()));
        }
        check(&columns, &self.place(), self.before)?;
        self.before += batch.num_rows();
        RecordBatch::try_new(observation_schema(), batch.columns().to_vec())
            .map_err(|cause| malformed(&self.path, &cause))
    }

    /// The batch with the columns of the observation schema, any of which may still have nulls.
    fn in_order(&self, batch: &RecordBatch) -> Result<RecordBatch> {
        let fields: Vec<Field> = observation_schema()
            .fields()
            .iter()
            .map(|field| field.as_ref().clone().with_nullable(true))
            .collect();
        let column = |field: &Field| {
            if field.name() == "origin" {
                return constant(&self.origin, batch.num_rows());
            }
            let column = batch.column_by_name(field.name()).cloned()?;
            match (field.name().as_str(), column.as_primitive_opt::<Date32Type>()) {
                ("value", _) => Some(column),
                (_, Some(days)) => Some(dates(days)),
                _ => without_empty(&column),
            }
        };
        let columns: Option<Vec<ArrayRef>> = fields.iter().map(column).collect();
        let columns = columns.ok_or_else(|| malformed(&self.path, &"a column of another type"))?;
        RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
            .map_err(|cause| malformed(&self.path, &cause))
    }

    fn columns<'b>(&self, batch: &'b RecordBatch) -> Result<ObservationColumns<'b>> {
        ObservationColumns::of(batch).ok_or_else(|| malformed(&self.path, &"a column of another type"))
    }

    fn place(&self) -> Place<'_> {
        Place {
            path: &self.path,
            catalogue: self.catalogue,
            territory: self.territory,
        }
    }

    /// The unknown area codes of a batch with their first rows.
    fn unknown_areas(&self, columns: &ObservationColumns, before: usize) -> BTreeMap<String, usize> {
        let place = self.place();
        let mut areas = Parsed::new(columns.area);
        let mut unknown = BTreeMap::new();
        for row in 0..columns.rows {
            let known = areas.get(row, |code| Ok::<bool, ()>(place.area(code).is_ok()));
            if known == Ok(Some(false)) {
                let code = columns.area.get(row).unwrap_or_default();
                unknown.entry(code.to_owned()).or_insert(before + row + 1);
            }
        }
        unknown
    }

    /// One unknown area was found: the rest of the table is read for others, so that the error lists them all.
    fn every_unknown_area(&mut self, mut unknown: BTreeMap<String, usize>, mut before: usize) -> Error {
        while let Some(batch) = self.reader.next() {
            let batch = batch.map_err(|cause| malformed(&self.path, &cause));
            let more = batch.and_then(|batch| {
                let batch = self.in_order(&batch)?;
                let more = self.unknown_areas(&self.columns(&batch)?, before);
                before += batch.num_rows();
                Ok(more)
            });
            match more {
                Err(error) => return error,
                Ok(more) => more.into_iter().for_each(|(code, row)| {
                    unknown.entry(code).or_insert(row);
                }),
            }
        }
        self.place().unknown_areas(&unknown)
    }
}

impl Iterator for ParquetObservations<'_> {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.reader.next()?;
        let batch = batch.map_err(|cause| malformed(&self.path, &cause));
        Some(batch.and_then(|batch| self.batch(&batch)))
    }
}

fn malformed(path: &str, cause: &dyn Display) -> Error {
    Error::MalformedParquet {
        path: path.to_owned(),
        cause: cause.to_string(),
    }
}

fn dictionary() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

/// The schema that the file is read with: text comes as a dictionary.
fn wanted(path: &str, found: &Schema) -> Result<Schema> {
    let names: Vec<String> = found.fields().iter().map(|field| field.name().clone()).collect();
    let (mut sorted, mut expected) = (names.clone(), COLUMNS.map(str::to_owned));
    sorted.sort_unstable();
    expected.sort_unstable();
    if sorted != expected {
        return Err(Error::Header {
            path: path.to_owned(),
            expected: COLUMNS.map(str::to_owned).to_vec(),
            found: names,
        });
    }
    let field = |field: &Arc<Field>| -> Result<Field> {
        let refused = |expected: &str| {
            Err(Error::ColumnType {
                path: path.to_owned(),
                column: field.name().clone(),
                expected: expected.to_owned(),
                found: field.data_type().to_string(),
            })
        };
        let kind = match (field.name().as_str(), field.data_type()) {
            ("value", DataType::Float64) => DataType::Float64,
            ("value", _) => return refused("a 64-bit float (DOUBLE)"),
            ("territory", DataType::Date32) => DataType::Date32,
            (_, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View) => dictionary(),
            ("territory", _) => return refused("a date or text (DATE, VARCHAR)"),
            _ => return refused("text (VARCHAR)"),
        };
        Ok(field.as_ref().clone().with_data_type(kind))
    };
    let fields: Vec<Field> = found.fields().iter().map(field).collect::<Result<_>>()?;
    Ok(Schema::new(fields))
}

/// Every row against catalogue and territory; `before` rows stand before the batch.
fn check(columns: &ObservationColumns, place: &Place, before: usize) -> Result<()> {
    let mut measures: Parsed<Observed> = Parsed::new(columns.measure);
    let mut periods: Parsed<Period> = Parsed::new(columns.period);
    let mut areas: Parsed<Option<&Area>> = Parsed::new(columns.area);
    let mut borders: Parsed<Date> = Parsed::new(columns.territory);
    let mut statuses: Parsed<Status> = Parsed::new(columns.status);
    let mut valid = None;
    for row in 0..columns.rows {
        let line = before + row + 1;
        let needed = |column: &str| place.cell(line, column, "a value", "");
        let measure = measures.get(row, |text| place.measure(line, text))?;
        let observed = measure.ok_or_else(|| needed("measure"))?;
        let period = periods.get(row, |text| place.period(line, text))?;
        let period = period.ok_or_else(|| needed("period"))?;
        let pair = (columns.measure.key(row), columns.period.key(row));
        if valid != Some(pair) {
            place.valid(line, observed.measure, period)?;
            valid = Some(pair);
        }
        // Unknown codes have been found before, all at once.
        let area = areas.get(row, |code| Ok::<_, Error>(place.area(code).ok().flatten()))?;
        let area = area.ok_or_else(|| needed("area"))?;
        let date = borders.get(row, |text| place.borders(line, text))?;
        let date = date.ok_or_else(|| needed("territory"))?;
        place.exists(line, area, date)?;
        let status = statuses.get(row, |text| place.status(line, text))?;
        let status = status.ok_or_else(|| needed("status"))?;
        let value = columns.value(row);
        place.presence(line, status, value.as_ref().map(|value| value as &dyn Display))?;
        if let Some(value) = value {
            place.number(line, value, &observed)?;
        }
        place.missing(line, status, columns.missing.get(row))?;
    }
    Ok(())
}

/// The same text in every row.
fn constant(text: &str, rows: usize) -> Option<ArrayRef> {
    let keys = Int32Array::from(vec![0; rows]);
    let values: ArrayRef = Arc::new(StringArray::from(vec![text]));
    Some(Arc::new(
        DictionaryArray::<Int32Type>::try_new(keys, values).ok()?,
    ))
}

/// A dictionary column whose empty texts are null: both are the empty cell.
fn without_empty(column: &ArrayRef) -> Option<ArrayRef> {
    let dictionary = column.as_dictionary_opt::<Int32Type>()?;
    let values = dictionary.values().as_string_opt::<i32>()?;
    if values.iter().all(|text| text != Some("")) {
        return Some(column.clone());
    }
    let filled = |key: Option<i32>| {
        key.filter(|key| usize::try_from(*key).is_ok_and(|key| !values.value(key).is_empty()))
    };
    let keys: Int32Array = dictionary.keys().iter().map(filled).collect();
    let keyed = DictionaryArray::<Int32Type>::try_new(keys, Arc::clone(dictionary.values()));
    Some(Arc::new(keyed.ok()?))
}

/// Days since 1970 as ISO 8601 text.
fn dates(days: &PrimitiveArray<Date32Type>) -> ArrayRef {
    let mut builder = StringDictionaryBuilder::<Int32Type>::new();
    let mut last: Option<(i32, String)> = None;
    for day in days {
        let known = day
            .zip(last.as_ref())
            .is_some_and(|(day, (known, _))| day == *known);
        if !known {
            last = day.map(|day| {
                (
                    day,
                    Date::from_epoch(day).map_or_else(|| day.to_string(), |date| date.to_string()),
                )
            });
        }
        builder.append_option(day.and(last.as_ref()).map(|(_, text)| text.as_str()));
    }
    Arc::new(builder.finish())
}
