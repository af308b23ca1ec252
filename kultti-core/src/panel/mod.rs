//! One indicator's area × period matrix: formula, denominator, borders, real prices, and the algebra of statuses.
//!
//! A [`Slicer`] reads a release for one question and remembers what it has read. A [`Slice`] is one period: a cell for
//! every area of the borders asked for. Nothing here ranks or formats.

mod borders;
mod joint;
mod measure;
mod prices;
mod slice;

pub use borders::Borders;
pub use measure::{MeasureCell, MeasureSlice, UsedPart};
pub use prices::{Deflator, Factor, PriceBasis};
pub use slice::{Cell, JointGroup, Slice};

use crate::error::{Error, Result};
use crate::model::{Date, Indicator, Measure, MeasureId, Observation, Period};
use crate::release::Release;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

/// Observations by measure and period.
type ObservationCache = HashMap<(MeasureId, Period), Rc<Vec<Observation>>>;
/// Measures by period and version of the borders.
type MeasureCache = HashMap<(MeasureId, Period, usize), Rc<MeasureSlice>>;

/// Reads a release for one question: observations and slices that were made once are not made again.
pub struct Slicer<'r> {
    release: &'r Release,
    observations: RefCell<ObservationCache>,
    measures: RefCell<MeasureCache>,
}

impl<'r> Slicer<'r> {
    /// A slicer with nothing read yet.
    pub fn new(release: &'r Release) -> Self {
        Self {
            release,
            observations: RefCell::default(),
            measures: RefCell::default(),
        }
    }

    /// The release.
    pub fn release(&self) -> &'r Release {
        self.release
    }

    /// The observations of a measure in a period.
    ///
    /// # Errors
    /// [`Error::ReleaseAltered`] for a damaged release.
    pub fn observations(&self, measure: &MeasureId, period: Period) -> Result<Rc<Vec<Observation>>> {
        let key = (measure.clone(), period);
        if let Some(rows) = self.observations.borrow().get(&key) {
            return Ok(Rc::clone(rows));
        }
        let rows = Rc::new(self.release.observations(measure, &(period..=period))?);
        self.observations.borrow_mut().insert(key, Rc::clone(&rows));
        Ok(rows)
    }

    /// Reads the observations of an indicator's measures for a range of periods at once: one pass over the pages instead
    /// of one per period.
    ///
    /// # Errors
    /// [`Error::ReleaseAltered`] for a damaged release.
    pub fn read_ahead(&self, indicator: &Indicator, periods: &[Period]) -> Result<()> {
        let (Some(first), Some(last)) = (periods.first(), periods.last()) else {
            return Ok(());
        };
        for measure in self.measures_of(indicator) {
            let (id, earliest, latest) = match &measure.derived {
                None => (&measure.id, *first, *last),
                Some(derived) => {
                    let year = |period: &Period, lag: Option<&i32>| {
                        Period::year(period.calendar_year() - lag.unwrap_or(&0))
                    };
                    let lags = &derived.lags;
                    (
                        &derived.measure,
                        year(first, lags.iter().max()),
                        year(last, lags.iter().min()),
                    )
                }
            };
            let mut by_period: BTreeMap<Period, Vec<Observation>> = BTreeMap::new();
            for row in self.release.observations(id, &(earliest..=latest))? {
                by_period.entry(row.period).or_default().push(row);
            }
            let mut known = self.observations.borrow_mut();
            for (period, rows) in by_period {
                known.entry((id.clone(), period)).or_insert_with(|| Rc::new(rows));
            }
        }
        Ok(())
    }

    /// One measure on the borders of a day, for every area that existed then.
    ///
    /// # Errors
    /// [`Error::ReleaseAltered`] for a damaged release.
    pub fn measure(&self, measure: &Measure, period: Period, date: Date) -> Result<Rc<MeasureSlice>> {
        let key = (measure.id.clone(), period, self.release.territory().version(date));
        if let Some(slice) = self.measures.borrow().get(&key) {
            return Ok(Rc::clone(slice));
        }
        let slice = Rc::new(self.make_measure(measure, period, date)?);
        self.measures.borrow_mut().insert(key, Rc::clone(&slice));
        Ok(slice)
    }

    /// The measures of an indicator's formula, from the catalogue.
    pub fn measures_of(&self, indicator: &Indicator) -> Vec<&'r Measure> {
        indicator
            .formula
            .measures()
            .into_iter()
            .filter_map(|id| self.release.catalogue().measure(id))
            .collect()
    }

    /// The periods in which every measure of the indicator has values, ascending.
    ///
    /// # Errors
    /// [`Error::NoData`] naming the measures without observations; an indicator without a period in which all of them
    /// have values is without data too.
    pub fn periods(&self, indicator: &Indicator) -> Result<Vec<Period>> {
        let measures = self.measures_of(indicator);
        let lacking: Vec<String> = measures
            .iter()
            .filter(|measure| self.periods_of(measure).is_empty())
            .map(|measure| measure.id.to_string())
            .collect();
        let mut common: Option<BTreeSet<Period>> = None;
        for measure in &measures {
            let periods = self.periods_of(measure);
            common = Some(match common {
                None => periods,
                Some(common) => common.intersection(&periods).copied().collect(),
            });
        }
        let common: Vec<Period> = common
            .unwrap_or_default()
            .into_iter()
            .filter(|period| indicator.valid.contains(*period))
            .collect();
        if !lacking.is_empty() || common.is_empty() {
            let measures = if lacking.is_empty() {
                measures.iter().map(|m| m.id.to_string()).collect()
            } else {
                lacking
            };
            return Err(Error::NoData {
                indicator: indicator.id.to_string(),
                measures,
            });
        }
        Ok(common)
    }

    /// The periods for which a measure can be given: those observed, or those whose lagged base is observed.
    fn periods_of(&self, measure: &Measure) -> BTreeSet<Period> {
        let observed = |id: &MeasureId| -> BTreeSet<Period> {
            let periods = self
                .release
                .periods(id)
                .iter()
                .filter(|content| content.values > 0);
            periods.map(|content| content.period).collect()
        };
        let Some(derived) = &measure.derived else {
            return observed(&measure.id);
        };
        let base = observed(&derived.measure);
        base.iter()
            .flat_map(|period| derived.lags.iter().map(|lag| period.calendar_year() + lag))
            .map(Period::year)
            .filter(|period| {
                derived
                    .lags
                    .iter()
                    .all(|lag| base.contains(&Period::year(period.calendar_year() - lag)))
            })
            .collect()
    }

    /// The period asked for, or the last one with values.
    ///
    /// # Errors
    /// [`Error::NoDataForPeriod`] with the periods there are; [`Error::NoData`].
    pub fn period(&self, indicator: &Indicator, asked: Option<Period>) -> Result<Period> {
        let periods = self.periods(indicator)?;
        match asked {
            Some(period) if periods.contains(&period) => Ok(period),
            Some(period) => Err(Error::NoDataForPeriod {
                indicator: indicator.id.to_string(),
                period: period.to_string(),
                available: span(&periods),
            }),
            None => periods.last().copied().ok_or_else(|| Error::NoData {
                indicator: indicator.id.to_string(),
                measures: indicator
                    .formula
                    .measures()
                    .into_iter()
                    .map(ToString::to_string)
                    .collect(),
            }),
        }
    }
}

/// Periods for a message: runs of years as `2015–2019`, everything else one by one.
pub fn span(periods: &[Period]) -> String {
    let mut runs: Vec<(Period, Period)> = Vec::new();
    for period in periods {
        match runs.last_mut() {
            Some((_, end)) if end.shift(1) == *period => *end = *period,
            _ => runs.push((*period, *period)),
        }
    }
    let texts = runs.iter().map(|(start, end)| {
        if start == end {
            start.to_string()
        } else {
            format!("{start}–{end}")
        }
    });
    texts.collect::<Vec<_>>().join(", ")
}
