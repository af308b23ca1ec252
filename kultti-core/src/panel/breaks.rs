//! Where the series of an indicator break.

use super::{Borders, MeasureSlice, Slicer};
use crate::error::Result;
use crate::model::{Indicator, Period, Status, StatusSet};
use std::collections::BTreeSet;

/// A break in the series of an indicator: figures from `period` on are not of the same kind as those before it.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesBreak {
    /// The first period of the new kind.
    pub period: Period,
    /// The numbers of the areas whose series breaks, ascending.
    pub areas: Vec<usize>,
}

impl SeriesBreak {
    /// Whether the series of an area breaks here between two periods, in whichever order they stand.
    pub fn parts(&self, area: usize, (one, other): (Period, Period)) -> bool {
        let (low, high) = (one.min(other), one.max(other));
        low < self.period && self.period <= high && self.areas.binary_search(&area).is_ok()
    }
}

impl Slicer<'_> {
    /// The breaks of an indicator after `first` and up to `last`, by period: an area's series breaks where an observation
    /// that goes into its figure has status B, even where the figure itself is missing and in periods in which the
    /// indicator has no figures at all.
    ///
    /// # Errors
    /// [`crate::Error::ReleaseAltered`] for a damaged release; as [`Borders::date`].
    pub fn breaks(
        &self,
        indicator: &Indicator,
        borders: Borders,
        (first, last): (Period, Period),
    ) -> Result<Vec<SeriesBreak>> {
        let territory = self.release.territory();
        let measures = self.measures_of(indicator);
        let known = measures.iter().flat_map(|measure| self.some_periods_of(measure));
        let asked = |period: &Period| {
            let unknown = borders == Borders::Then && period.last_day() < territory.first();
            first < *period && *period <= last && !unknown
        };
        let mut breaks = Vec::new();
        for period in known.filter(asked).collect::<BTreeSet<_>>() {
            let date = borders.date(territory, period)?;
            let numbers = territory.areas_on(date);
            let mut areas = Vec::new();
            for measure in &measures {
                let slice = self.measure(measure, period, date)?;
                areas.extend(slice.broken.iter().map(|position| numbers.numbers()[*position]));
            }
            areas.sort_unstable();
            areas.dedup();
            if !areas.is_empty() {
                breaks.push(SeriesBreak { period, areas });
            }
        }
        Ok(breaks)
    }
}

impl MeasureSlice {
    /// Notes which figures have status B.
    pub(super) fn note_breaks(&mut self) {
        // One pass over all statuses tells, almost always, that there is nothing to note.
        let statuses = self.figures.statuses();
        let all = statuses
            .iter()
            .fold(StatusSet::default(), |all, one| all.union(*one));
        if all.contains(Status::Break) {
            let positions = 0..statuses.len();
            let broken = positions.filter(|position| statuses[*position].contains(Status::Break));
            self.broken.extend(broken);
            self.broken.sort_unstable();
            self.broken.dedup();
        }
    }
}
