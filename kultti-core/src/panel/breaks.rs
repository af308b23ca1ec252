//! Where the series of an indicator break: where a source says so (status B), and where the register of breaks does.

use super::{Borders, MeasureSlice, Slicer};
use crate::error::Result;
use crate::model::{Date, Indicator, Measure, Period, Status, StatusSet};
use std::collections::BTreeSet;

/// A break in the series of an indicator: figures from `period` on are not of the same kind as those before it.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesBreak {
    /// The first period of the new kind.
    pub period: Period,
    /// The numbers of the areas whose series breaks, ascending; `None` for all of them.
    pub areas: Option<Vec<usize>>,
    /// The place in the territory's register of breaks; `None` where only the status B of a source says so.
    pub declared: Option<usize>,
}

impl SeriesBreak {
    /// Whether the series of an area breaks here.
    pub fn touches(&self, area: usize) -> bool {
        self.areas
            .as_ref()
            .is_none_or(|areas| areas.binary_search(&area).is_ok())
    }

    /// Whether it lies between two periods, in whichever order they stand.
    pub fn is_between(&self, (one, other): (Period, Period)) -> bool {
        let first = self.period.first_day();
        one.min(other).last_day() < first && first <= one.max(other).last_day()
    }

    /// Whether the series of an area breaks here between two periods.
    pub fn parts(&self, area: usize, between: (Period, Period)) -> bool {
        self.is_between(between) && self.touches(area)
    }
}

impl Slicer<'_> {
    /// The breaks of an indicator after `first` and up to `last`, by period: an area's series breaks where an observation
    /// that goes into its figure has status B, even where the figure itself is missing and in periods in which the
    /// indicator has no figures at all, and where the register of breaks names a measure of the formula.
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
        let unknown = |period: &Period| borders == Borders::Then && period.last_day() < territory.first();
        let measures = self.measures_of(indicator);
        let known = measures.iter().flat_map(|measure| self.some_periods_of(measure));
        let asked = |period: &Period| first < *period && *period <= last && !unknown(period);
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
                breaks.push(SeriesBreak {
                    period,
                    areas: Some(areas),
                    declared: None,
                });
            }
        }
        for (period, place) in measures.iter().flat_map(|measure| self.declared(measure)) {
            let one = SeriesBreak {
                period,
                areas: None,
                declared: Some(place),
            };
            if one.is_between((first, last)) && !unknown(&period) {
                let date = borders.date(territory, period)?;
                let areas = territory.touched_by(&territory.document().breaks[place], date);
                breaks.push(SeriesBreak { areas, ..one });
            }
        }
        breaks.sort_by_key(|one| (one.period, one.declared));
        breaks.dedup();
        Ok(breaks)
    }

    /// The breaks that the register names for a measure, or for the years of a lagged base, with their places.
    fn declared(&self, measure: &Measure) -> Vec<(Period, usize)> {
        let territory = self.release.territory();
        let own = territory
            .breaks(&measure.id)
            .map(|(place, one)| (one.period, place));
        let mut all: Vec<(Period, usize)> = own.collect();
        if let Some(derived) = &measure.derived {
            for (place, one) in territory.breaks(&derived.measure) {
                let year = one.period.calendar_year();
                all.extend(derived.lags.iter().map(|lag| (Period::year(year + lag), place)));
            }
        }
        all
    }

    /// Adds the breaks that the register names for a measure in a period.
    pub(super) fn declare_breaks(&self, slice: &mut MeasureSlice, period: Period, date: Date) {
        let territory = self.release.territory();
        let inside =
            |one: Period| period.first_day() <= one.first_day() && one.first_day() <= period.last_day();
        for (_, one) in territory
            .breaks(&slice.measure)
            .filter(|(_, one)| inside(one.period))
        {
            let areas = territory.areas_on(date);
            match territory.touched_by(one, date) {
                None => slice.broken.extend(0..areas.len()),
                Some(numbers) => {
                    let positions = numbers.iter().filter_map(|number| areas.position_of(*number));
                    slice.broken.extend(positions);
                }
            }
            slice.broken.sort_unstable();
            slice.broken.dedup();
        }
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
