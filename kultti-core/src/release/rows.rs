//! The rows of a release by measure and period, kept in memory for the next question.

use super::open::Release;
use super::period_rows::PeriodRows;
use crate::error::Result;
use crate::model::{MeasureId, Observation, Period};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use std::fmt;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// Bytes of rows that an open release keeps unless told otherwise: some ten thousand slices of a country of 300 areas.
pub(super) const KEPT_BYTES: u64 = 64 << 20;

/// Places of a measure in the content list and of a period among the measure's.
type Place = (usize, usize);

/// Rows that were asked for lately, up to a number of bytes.
pub(super) struct Kept(Cache<Place, Arc<PeriodRows>, Bytes>);

#[derive(Clone)]
struct Bytes;

impl Weighter<Place, Arc<PeriodRows>> for Bytes {
    fn weight(&self, _: &Place, rows: &Arc<PeriodRows>) -> u64 {
        rows.bytes() as u64
    }
}

impl Kept {
    pub(super) fn new(bytes: u64) -> Self {
        // A slice of a country has some 300 rows; the estimate only sizes the table of keys.
        let items = usize::try_from(bytes / 8_192).unwrap_or(usize::MAX);
        Self(Cache::with_weighter(items.max(1), bytes, Bytes))
    }
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept").field("slices", &self.0.len()).finish()
    }
}

impl Release {
    /// Keeps up to that many bytes of recently read rows for the next question; 0 keeps none. 64 MiB unless told.
    ///
    /// ```
    /// use kultti_core::release::Release;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?.with_cache_bytes(0);
    /// assert!(release.compare("library.loans_per_inhabitant", "Kokkola").is_ok());
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    #[must_use]
    pub fn with_cache_bytes(mut self, bytes: u64) -> Self {
        self.kept = Kept::new(bytes);
        self
    }

    /// The rows of a measure in a period, with origins and notes; empty where there are none. They are kept, so that
    /// asking again costs no reading.
    ///
    /// # Errors
    /// [`crate::Error::ReleaseAltered`] when a row is not where the content list says, or out of order.
    pub fn rows(&self, measure: &MeasureId, period: Period) -> Result<Arc<PeriodRows>> {
        let found = self.rows_between(measure, &(period..=period))?;
        Ok(found.into_iter().next().map(|(_, rows)| rows).unwrap_or_default())
    }

    /// The rows of a measure for a range of periods, period by period: those not kept yet are read in one pass.
    ///
    /// # Errors
    /// As [`Release::rows`].
    pub fn rows_between(
        &self,
        measure: &MeasureId,
        periods: &RangeInclusive<Period>,
    ) -> Result<Vec<(Period, Arc<PeriodRows>)>> {
        let Some(measure_place) = self.measure_place(measure.as_str()) else {
            return Ok(Vec::new());
        };
        let first = self
            .periods(measure)
            .partition_point(|content| content.period < *periods.start());
        let runs = self.runs(measure, periods);
        let place = |index: usize| (measure_place, first + index);
        let mut found: Vec<Option<Arc<PeriodRows>>> = (0..runs.len())
            .map(|index| self.kept.0.get(&place(index)))
            .collect();
        let lacking: Vec<usize> = (0..runs.len()).filter(|index| found[*index].is_none()).collect();
        if !lacking.is_empty() {
            let unread: Vec<_> = lacking.iter().map(|index| runs[*index].clone()).collect();
            let mut next = lacking.into_iter();
            self.read_runs(&unread, true, &mut |_, _, rows| {
                if let Some(index) = next.next() {
                    let rows = Arc::new(rows);
                    self.kept.0.insert(place(index), Arc::clone(&rows));
                    found[index] = Some(rows);
                }
                Ok(())
            })?;
        }
        let periods = runs.iter().map(|run| run.period);
        Ok(periods
            .zip(found.into_iter().map(Option::unwrap_or_default))
            .collect())
    }

    /// The observations of a measure in a range of periods, in key order.
    ///
    /// The rows are found by the counts of the content list and only their pages are decoded; each row is checked
    /// against the place it should stand in.
    ///
    /// # Errors
    /// As [`Release::rows`].
    ///
    /// ```
    /// use kultti_core::release::Release;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// let year = 2019.into();
    /// let persons = release.observations(&"population.year_end".into(), &(year..=year))?;
    /// assert!(persons.iter().any(|row| row.area.as_str() == "272" && row.value == Some(47_681.0)));
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn observations(
        &self,
        measure: &MeasureId,
        periods: &RangeInclusive<Period>,
    ) -> Result<Vec<Observation>> {
        let found = self.rows_between(measure, periods)?;
        let observations = found
            .iter()
            .flat_map(|(period, rows)| rows.observations(self.territory(), measure, *period));
        Ok(observations.collect())
    }
}
