//! One indicator's area × period matrix: formula, denominator, borders, real prices, and the algebra of statuses.
//!
//! A [`Slicer`] reads a release for one question and remembers what it has read. A [`Slice`] is one period: a cell for
//! every area of the borders asked for. Nothing here ranks or formats.

mod borders;
mod breaks;
mod expression;
mod figures;
mod joint;
mod measure;
mod observed;
mod prices;
mod slice;
mod tables;
mod three_years;

pub use borders::Borders;
pub use breaks::SeriesBreak;
pub use figures::Figures;
pub use measure::MeasureSlice;
pub use observed::UsedPart;
pub use prices::{Deflator, Factor, PriceBasis};
pub use slice::{Cell, JointGroup, Slice};

use crate::error::{Error, Result};
use crate::model::{Date, Indicator, IndicatorId, Measure, MeasureId, Period};
use crate::release::{PeriodRows, Release};
use observed::Observed;
use slice::KnownFormula;
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::ops::RangeInclusive;
use std::sync::Arc;

/// Rows by measure and period.
pub type RowsCache = HashMap<(MeasureId, Period), Arc<PeriodRows>>;
/// Measures by period and version of the borders.
type MeasureCache = HashMap<(MeasureId, Period, usize), Arc<MeasureSlice>>;
/// Rows with their texts, by measure, period and borders.
type ObservedCache = HashMap<(MeasureId, Period, Date), Arc<Observed>>;

/// Reads a release for one question: rows and slices that were made once are not made again.
pub struct Slicer<'r> {
    release: &'r Release,
    /// Rows that were read before and are never forgotten.
    shared: Arc<RowsCache>,
    rows: RefCell<RowsCache>,
    measures: RefCell<MeasureCache>,
    observed: RefCell<ObservedCache>,
    formulas: RefCell<HashMap<IndicatorId, Arc<KnownFormula<'r>>>>,
}

impl<'r> Slicer<'r> {
    /// A slicer with nothing read yet.
    pub fn new(release: &'r Release) -> Self {
        Self::with_shared(release, Arc::default())
    }

    /// A slicer that finds some rows read already.
    pub fn with_shared(release: &'r Release, shared: Arc<RowsCache>) -> Self {
        Self {
            release,
            shared,
            rows: RefCell::default(),
            measures: RefCell::default(),
            observed: RefCell::default(),
            formulas: RefCell::default(),
        }
    }

    /// Takes rows that were read for it.
    pub(crate) fn put(&self, measure: &MeasureId, period: Period, rows: PeriodRows) {
        self.rows
            .borrow_mut()
            .insert((measure.clone(), period), Arc::new(rows));
    }

    /// Forgets everything but what is shared, and what was made of it.
    pub(crate) fn forget(&self) {
        self.rows.borrow_mut().clear();
        self.observed.borrow_mut().clear();
        self.formulas.borrow_mut().clear();
        let mut measures = self.measures.borrow_mut();
        measures.retain(|(measure, period, _), _| self.shared.contains_key(&(measure.clone(), *period)));
    }

    /// The release.
    pub fn release(&self) -> &'r Release {
        self.release
    }

    /// The rows of a measure in a period.
    ///
    /// # Errors
    /// [`Error::ReleaseAltered`] for a damaged release.
    pub fn rows(&self, measure: &MeasureId, period: Period) -> Result<Arc<PeriodRows>> {
        let key = (measure.clone(), period);
        if let Some(rows) = self.shared.get(&key).or(self.rows.borrow().get(&key)) {
            return Ok(Arc::clone(rows));
        }
        let rows = self.release.rows(measure, period)?;
        self.rows.borrow_mut().insert(key, Arc::clone(&rows));
        Ok(rows)
    }

    /// Reads the rows of an indicator's measures for a range of periods at once: one pass over the pages instead of one
    /// per period.
    ///
    /// # Errors
    /// [`Error::ReleaseAltered`] for a damaged release.
    pub fn read_ahead(&self, indicator: &Indicator, periods: &[Period]) -> Result<()> {
        let (Some(first), Some(last)) = (periods.first(), periods.last()) else {
            return Ok(());
        };
        for measure in self.measures_of(indicator) {
            let (id, periods) = observed(measure, *first..=*last);
            let read = self.release.rows_between(&id, &periods)?;
            let mut known = self.rows.borrow_mut();
            for (period, rows) in read {
                known.entry((id.clone(), period)).or_insert(rows);
            }
        }
        Ok(())
    }

    /// One measure on the borders of a day, for every area that existed then.
    ///
    /// # Errors
    /// [`Error::ReleaseAltered`] for a damaged release.
    pub fn measure(&self, measure: &Measure, period: Period, date: Date) -> Result<Arc<MeasureSlice>> {
        let key = (measure.id.clone(), period, self.release.territory().version(date));
        if let Some(slice) = self.measures.borrow().get(&key) {
            return Ok(Arc::clone(slice));
        }
        let mut slice = self.make_measure(measure, period, date)?;
        self.declare_breaks(&mut slice, period, date);
        let slice = Arc::new(slice);
        self.measures.borrow_mut().insert(key, Arc::clone(&slice));
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
        let mut common: Option<Vec<Period>> = None;
        for measure in &measures {
            let periods = self.periods_of(measure);
            common = Some(match common {
                None => periods,
                Some(mut common) => {
                    common.retain(|period| periods.binary_search(period).is_ok());
                    common
                }
            });
        }
        let mut common = common.unwrap_or_default();
        common.retain(|period| indicator.valid.contains(*period));
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

    /// The periods in which a measure has values, ascending.
    fn observed_periods(&self, id: &MeasureId) -> Vec<Period> {
        let periods = self.release.periods(id).iter();
        let valued = periods.filter(|content| content.values > 0);
        valued.map(|content| content.period).collect()
    }

    /// The periods for which something is known of a measure, ascending: those observed, or those for which one of the
    /// years of a lagged base is observed.
    fn some_periods_of(&self, measure: &Measure) -> BTreeSet<Period> {
        let Some(derived) = &measure.derived else {
            return self.observed_periods(&measure.id).into_iter().collect();
        };
        let base = self.observed_periods(&derived.measure).into_iter();
        let years = base.map(Period::calendar_year);
        let lagged = years.flat_map(|year| derived.lags.iter().map(move |lag| Period::year(year + lag)));
        lagged.collect()
    }

    /// The periods for which a measure can be given, ascending: those observed, or those whose lagged base is observed.
    fn periods_of(&self, measure: &Measure) -> Vec<Period> {
        let Some(derived) = &measure.derived else {
            return self.observed_periods(&measure.id);
        };
        let base = self.observed_periods(&derived.measure);
        let known = |period: &Period| {
            let year = |lag: &i32| Period::year(period.calendar_year() - lag);
            let mut lags = derived.lags.iter();
            lags.all(|lag| base.binary_search(&year(lag)).is_ok())
        };
        self.some_periods_of(measure).into_iter().filter(known).collect()
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

/// The measure that is observed and the periods of it that are needed: for a derived one, those of its base.
pub(crate) fn observed(
    measure: &Measure,
    periods: RangeInclusive<Period>,
) -> (MeasureId, RangeInclusive<Period>) {
    let Some(derived) = &measure.derived else {
        return (measure.id.clone(), periods);
    };
    let year = |period: &Period, lag: Option<&i32>| Period::year(period.calendar_year() - lag.unwrap_or(&0));
    let earliest = year(periods.start(), derived.lags.iter().max());
    let latest = year(periods.end(), derived.lags.iter().min());
    (derived.measure.clone(), earliest..=latest)
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
