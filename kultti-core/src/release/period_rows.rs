//! The rows of one measure in one period, column by column.

use crate::model::{AreaCode, Date, MeasureId, Missing, Observation, Period, Status};
use crate::territory::Territory;
use std::mem::size_of;

/// The observations of one measure in one period, in key order.
///
/// Areas are numbers of [`Territory::codes`]. Where a release has figures of the same area on several borders, its rows
/// stand one after another.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PeriodRows {
    pub(super) areas: Vec<u32>,
    /// NaN where there is no value.
    pub(super) values: Vec<f64>,
    pub(super) statuses: Vec<Status>,
    pub(super) missing: Vec<Option<Missing>>,
    /// Which of `territories` each row stands on; empty where there is but one.
    pub(super) tables: Vec<u16>,
    pub(super) territories: Vec<Date>,
    pub(super) texts: Option<Texts>,
}

/// Origin and note of every row.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Texts {
    /// Places in `distinct`.
    pub(super) origins: Vec<u32>,
    pub(super) notes: Vec<u32>,
    pub(super) distinct: Vec<String>,
}

/// One row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row<'a> {
    /// The number of the area's code.
    pub area: usize,
    /// The value.
    pub value: Option<f64>,
    /// Its status.
    pub status: Status,
    /// Why there is no value.
    pub missing: Option<Missing>,
    /// The borders it stands on.
    pub territory: Date,
    /// The table that it came from; empty where the texts were not read.
    pub origin: &'a str,
    /// Its notes; empty where there is none or the texts were not read.
    pub note: &'a str,
}

impl PeriodRows {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.areas.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.areas.is_empty()
    }

    /// The number of each row's area.
    #[inline]
    pub fn areas(&self) -> &[u32] {
        &self.areas
    }

    /// The borders that rows stand on, each once.
    #[inline]
    pub fn territories(&self) -> &[Date] {
        &self.territories
    }

    /// Which of the borders a row stands on.
    #[inline]
    pub fn table(&self, row: usize) -> usize {
        self.tables.get(row).map_or(0, |table| usize::from(*table))
    }

    /// The value of a row.
    pub fn value(&self, row: usize) -> Option<f64> {
        self.values.get(row).copied().filter(|value| !value.is_nan())
    }

    /// The values, NaN where there is none.
    #[inline]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The status of each row.
    #[inline]
    pub fn statuses(&self) -> &[Status] {
        &self.statuses
    }

    /// Why each row has no value.
    #[inline]
    pub fn missing(&self) -> &[Option<Missing>] {
        &self.missing
    }

    /// A row as a record.
    ///
    /// # Panics
    /// When there is no such row.
    pub fn row(&self, row: usize) -> Row<'_> {
        let text = |place: &dyn Fn(&Texts) -> u32| {
            let texts = self.texts.as_ref();
            texts.map_or("", |texts| texts.distinct[place(texts) as usize].as_str())
        };
        Row {
            area: self.areas[row] as usize,
            value: self.value(row),
            status: self.statuses[row],
            missing: self.missing[row],
            territory: self.territories[self.table(row)],
            origin: text(&|texts| texts.origins[row]),
            note: text(&|texts| texts.notes[row]),
        }
    }

    /// Whether origins and notes were read.
    pub(crate) fn has_texts(&self) -> bool {
        self.texts.is_some()
    }

    /// Memory in bytes, near enough to bound a cache by.
    pub(super) fn bytes(&self) -> usize {
        let row = size_of::<(u32, f64, Status, Option<Missing>)>();
        let tables = self.tables.len() * size_of::<u16>();
        let texts = self.texts.as_ref().map_or(0, |texts| {
            let distinct: usize = texts
                .distinct
                .iter()
                .map(|text| text.len() + size_of::<String>())
                .sum();
            distinct + (texts.origins.len() + texts.notes.len()) * size_of::<u32>()
        });
        size_of::<Self>() + self.len() * row + tables + texts
    }

    /// The rows as observations.
    pub(super) fn observations(
        &self,
        territory: &Territory,
        measure: &MeasureId,
        period: Period,
    ) -> Vec<Observation> {
        let code = |number: usize| territory.codes().get(number).cloned();
        let observation = |row: Row| Observation {
            measure: measure.clone(),
            period,
            area: code(row.area).unwrap_or_else(|| AreaCode::new("")),
            value: row.value,
            status: row.status,
            missing: row.missing,
            territory: row.territory,
            origin: row.origin.to_owned(),
            note: row.note.to_owned(),
        };
        (0..self.len()).map(|row| observation(self.row(row))).collect()
    }
}
