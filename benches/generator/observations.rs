//! The observations: one measure after another, so that a size of any length needs the memory of one row group.

use super::Size;
use super::catalogue::direction;
use super::random::{draw, skewed};
use super::territory::Territory;
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, DictionaryArray, Float64Array, Int32Array, RecordBatch, StringArray};
use arrow_schema::SchemaRef;
use kultti_core::model::observation_schema;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::Result;
use parquet::file::metadata::SortingColumn;
use parquet::file::properties::WriterProperties;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

/// Rows after which a new row group begins, at the next measure.
const ROW_GROUP_ROWS: usize = 1_000_000;
const STATUSES: [&str; 6] = ["A", "P", "E", "L", "O", "Q"];
const REASONS: [&str; 3] = ["not-collected", "missing", "suppressed"];
/// Where the statuses without a value begin in [`STATUSES`].
const WITHOUT_VALUE: u64 = 3;

/// The id of a measure.
pub(crate) fn measure_id(number: usize) -> String {
    format!("m{number:04}")
}

/// The rows of one measure, as positions in dictionaries.
#[derive(Default)]
struct Rows {
    period: Vec<i32>,
    area: Vec<i32>,
    value: Vec<Option<f64>>,
    status: Vec<i32>,
}

impl Rows {
    #[expect(clippy::cast_precision_loss, reason = "amounts are far below 2^53")]
    fn push(&mut self, period: usize, area: usize, (value, status): (Option<i64>, u64)) {
        self.period.push(i32::try_from(period).unwrap_or(0));
        self.area.push(i32::try_from(area).unwrap_or(0));
        self.value.push(value.map(|value| value as f64));
        self.status.push(i32::try_from(status).unwrap_or(0));
    }
}

/// Writes the observations, sorted by measure, period, area and territory, and answers how many there are.
pub(crate) fn write(size: &Size, territory: &Territory, path: &Path) -> Result<usize> {
    let sorting = [0, 1, 2, 6].map(|column_idx| SortingColumn {
        column_idx,
        descending: false,
        nulls_first: false,
    });
    let properties = WriterProperties::builder()
        .set_created_by("kultti-benches".to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
        .set_max_row_group_row_count(None)
        .set_sorting_columns(Some(sorting.to_vec()))
        .build();
    let mut writer = ArrowWriter::try_new(File::create(path)?, schema()?, Some(properties))?;
    let dictionaries = Dictionaries::new(size, territory);
    let (mut total, mut in_group) = (0, 0);
    for number in 1..=size.indicators {
        let rows = measure(size, territory, number);
        (total, in_group) = (total + rows.area.len(), in_group + rows.area.len());
        writer.write(&dictionaries.batch(&measure_id(number), rows)?)?;
        if in_group >= ROW_GROUP_ROWS {
            writer.flush()?;
            in_group = 0;
        }
    }
    let rows = population(size, territory);
    total += rows.area.len();
    writer.write(&dictionaries.batch("population.year_end", rows)?)?;
    writer.close()?;
    Ok(total)
}

/// The inhabitants of every area at the end of every year in which it exists.
fn population(size: &Size, territory: &Territory) -> Rows {
    let mut rows = Rows::default();
    for (period, year) in size.all_years().enumerate() {
        for (index, area) in territory.areas.iter().enumerate() {
            if area.exists(year) {
                rows.push(period, index, (Some(area.population[period]), 0));
            }
        }
    }
    rows
}

/// How many of a thousand areas report a measure in a year; in five of two hundred slices something unusual happens.
fn density(number: usize, year: i32) -> (u64, u64) {
    let m = number as u64;
    let kind = draw("slice", &[m, u64::from(year.unsigned_abs())]) % 200;
    let density = match kind {
        0 => 0,
        1 => 12,
        2 => 1_000,
        _ => 400 + draw("density", &[m]) % 601,
    };
    (kind, density)
}

/// The status of an area's row, as a position in [`STATUSES`], if it has a row.
fn status(place: [u64; 3], (kind, density): (u64, u64), last: bool) -> Option<u64> {
    if draw("present", &place) % 1_000 >= density {
        return None;
    }
    let random = draw("status", &place) % 300;
    Some(match random {
        _ if kind == 3 => WITHOUT_VALUE + random % 3,
        0..6 => WITHOUT_VALUE + random % 3,
        6..9 => 2,
        _ => u64::from(last),
    })
}

/// A measure near the middle that nearly all areas report in a year, one area among them, and whose indicator has no
/// direction: the peers rank the largest first.
pub(crate) fn reported(size: &Size, year: i32, area: usize) -> usize {
    let has_value = |number: &usize| {
        let slice = density(*number, year);
        let place = [*number as u64, area as u64, u64::from(year.unsigned_abs())];
        let usual = slice.0 > 4 && slice.1 >= 900 && direction(*number) == "none";
        usual && status(place, slice, false).is_some_and(|status| status < WITHOUT_VALUE)
    };
    (size.indicators / 2..=size.indicators)
        .find(has_value)
        .unwrap_or(1)
}

/// The rows of one measure.
fn measure(size: &Size, territory: &Territory, number: usize) -> Rows {
    let mut rows = Rows::default();
    for (period, year) in size.all_years().enumerate() {
        let slice = density(number, year);
        for (index, area) in territory
            .areas
            .iter()
            .enumerate()
            .filter(|(_, area)| area.exists(year))
        {
            let place = [number as u64, index as u64, u64::from(year.unsigned_abs())];
            let Some(status) = status(place, slice, period + 1 == size.years) else {
                continue;
            };
            let value = match slice.0 {
                _ if status >= WITHOUT_VALUE => None,
                // No spread, where all of a slice is zero.
                4 => Some(0),
                _ => Some(amount(place, area.population[period])),
            };
            rows.push(period, index, (value, status));
        }
    }
    rows
}

/// An amount in euros. Five kinds of measures take turns: net costs that may be negative; costs with many zeros; whole
/// euros per inhabitant, which tie; costs in whole thousands; and small sums, most of them zero.
fn amount([m, i, t]: [u64; 3], population: i64) -> i64 {
    let level = draw("level", &[m, i]);
    let noise = i64::try_from(draw("noise", &[m, i, t]) % 1_000).unwrap_or(0);
    let cents = skewed(skewed(20_000, 4, draw("measure", &[m])), 4, level);
    let euros = cents * (900 + noise / 5) / 1_000 * population / 100;
    match m % 5 {
        0 if noise < 40 => -euros / 3,
        1 if level.is_multiple_of(9) => 0,
        2 => population * (i64::try_from(level % 25).unwrap_or(0) + noise % 3),
        3 => (euros + 500) / 1_000 * 1_000,
        4 if noise < 700 => 0,
        4 => noise % 7 * 100,
        _ => euros,
    }
}

/// The distinct texts of every column but the measure.
struct Dictionaries {
    periods: ArrayRef,
    areas: ArrayRef,
    statuses: ArrayRef,
    reasons: ArrayRef,
    territories: ArrayRef,
    none: ArrayRef,
}

impl Dictionaries {
    fn new(size: &Size, territory: &Territory) -> Self {
        let texts = |texts: Vec<String>| -> ArrayRef { Arc::new(StringArray::from(texts)) };
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        Self {
            periods: texts(size.all_years().map(|year| year.to_string()).collect()),
            areas: texts(territory.areas.iter().map(|area| area.code.clone()).collect()),
            statuses: texts(owned(&STATUSES)),
            reasons: texts(owned(&REASONS)),
            territories: texts(size.all_years().map(|year| format!("{year}-12-31")).collect()),
            none: texts(Vec::new()),
        }
    }

    fn batch(&self, measure: &str, rows: Rows) -> Result<RecordBatch> {
        let length = rows.area.len();
        let column = |keys: Int32Array, texts: &ArrayRef| -> Result<ArrayRef> {
            Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(
                keys,
                Arc::clone(texts),
            )?))
        };
        let constant = || Int32Array::from(vec![0; length]);
        let reasons = rows.status.iter().zip(&rows.value).map(|(status, value)| {
            let without = i32::try_from(WITHOUT_VALUE).unwrap_or(0);
            value.is_none().then_some(status - without)
        });
        let measure: ArrayRef = Arc::new(StringArray::from(vec![measure.to_owned()]));
        let columns = vec![
            column(constant(), &measure)?,
            column(Int32Array::from(rows.period.clone()), &self.periods)?,
            column(Int32Array::from(rows.area), &self.areas)?,
            Arc::new(Float64Array::from(rows.value.clone())) as ArrayRef,
            column(Int32Array::from(rows.status.clone()), &self.statuses)?,
            column(reasons.collect(), &self.reasons)?,
            column(Int32Array::from(rows.period), &self.territories)?,
            column(Int32Array::new_null(length), &self.none)?,
        ];
        Ok(RecordBatch::try_new(schema()?, columns)?)
    }
}

/// The columns of a table that a release is built from: those of observations, without the table's own name.
fn schema() -> Result<SchemaRef> {
    let whole = observation_schema();
    let columns: Vec<usize> = (0..whole.fields().len())
        .filter(|index| whole.field(*index).name() != "origin")
        .collect();
    Ok(Arc::new(whole.project(&columns)?))
}
