//! The points of one area: change, index, and levels chained across breaks.

use crate::compare::options::Chain;
use crate::compare::result::{AreaLabel, ChainLink, TrendPoint};
use crate::error::{Error, Result};
use crate::model::{Expression, Indicator, Missing, Period, Status};
use crate::panel::{Cell, SeriesBreak, Slice};
use crate::stats::{absolute_change, index, relative_change};
use crate::territory::{Break, Territory};

/// An area and the breaks in its series.
pub(super) struct Line<'a> {
    pub(super) area: AreaLabel,
    pub(super) breaks: Vec<&'a SeriesBreak>,
    /// The breaks that are chained, instead of ending the series.
    pub(super) links: Vec<ChainLink>,
}

impl<'a> Line<'a> {
    pub(super) fn new(territory: &Territory, area: AreaLabel, breaks: &'a [SeriesBreak]) -> Self {
        let number = territory.number(area.code.as_str());
        let of_area = |one: &&SeriesBreak| number.is_some_and(|number| one.touches(number));
        Self {
            area,
            breaks: breaks.iter().filter(of_area).collect(),
            links: Vec::new(),
        }
    }

    /// Chains the series: a factor for every break, the one stated in the register or the one given.
    pub(super) fn chain(&mut self, indicator: &Indicator, territory: &Territory, chain: Chain) -> Result<()> {
        let mut periods: Vec<Period> = self.breaks.iter().map(|one| one.period).collect();
        periods.dedup();
        if let (Chain::Factor(_), [_, _, ..]) = (chain, periods.as_slice()) {
            return Err(Error::SeveralBreaks {
                indicator: indicator.id.to_string(),
                area: self.area.code.to_string(),
                periods: periods.iter().map(ToString::to_string).collect(),
            });
        }
        for period in periods {
            let factor = match chain {
                Chain::Factor(factor) => Some(factor),
                Chain::Stated => self.stated(indicator, territory, period),
            };
            let factor = factor.ok_or_else(|| Error::NoChainingFactor {
                indicator: indicator.id.to_string(),
                area: self.area.code.to_string(),
                period: period.to_string(),
            })?;
            self.links.push(ChainLink {
                area: self.area.clone(),
                period,
                factor,
            });
        }
        self.breaks.clear();
        Ok(())
    }

    /// The factor that the register states for a whole figure: the same for every measure of the numerator, with none of
    /// the denominator broken.
    fn stated(&self, indicator: &Indicator, territory: &Territory, period: Period) -> Option<f64> {
        let at = self.breaks.iter().filter(|one| one.period == period);
        let declared: Vec<&Break> = at
            .filter_map(|one| territory.document().breaks.get(one.declared?))
            .collect();
        let of = |id| declared.iter().find(|one| one.measures.contains(id));
        let below = indicator
            .formula
            .denominator
            .iter()
            .flat_map(Expression::measures);
        if below.into_iter().any(|id| of(id).is_some()) {
            return None;
        }
        let measures = indicator.formula.numerator.measures();
        let mut factors = measures.into_iter().map(|id| of(id).and_then(|one| one.factor));
        let first = factors.next()??;
        factors
            .all(|factor| factor.is_some_and(|factor| (factor - first).abs() <= f64::EPSILON * first))
            .then_some(first)
    }

    /// What a figure of a period is multiplied by, so that it stands on the newest level.
    fn level(&self, period: Period) -> Option<f64> {
        let later = self
            .links
            .iter()
            .filter(|link| period.last_day() < link.period.first_day());
        later
            .map(|link| link.factor)
            .reduce(|level, factor| level * factor)
    }

    /// The area's figure on the newest level; the parts of one that was multiplied no longer make it up.
    fn cell(&self, slice: &Slice) -> (Cell, Option<f64>) {
        let absent = || Cell {
            missing: Some(Missing::NotApplicable),
            ..Cell::default()
        };
        let mut cell = slice.cell_of(&self.area.code).unwrap_or_else(absent);
        let level = self.level(slice.period).filter(|_| cell.value.is_some());
        if let Some(level) = level {
            cell.value = cell.value.map(|value| value * level);
            cell.nominal = cell.nominal.map(|value| value * level);
            cell.numerator = None;
            cell.denominator = None;
            cell.own_denominator = None;
            cell.status = cell.status.union(Status::Estimated.into());
        }
        (cell, level)
    }

    /// Whether the series breaks after one period and up to another, whichever is earlier.
    fn breaks_between(&self, one: Period, other: Period) -> bool {
        self.breaks.iter().any(|found| found.is_between((one, other)))
    }

    /// The points; the index begins anew after a break, unless a base was asked for.
    pub(super) fn points(&self, slices: &[Slice], base: Option<&Slice>) -> Vec<TrendPoint> {
        let base = base.map(|slice| (slice.period, self.cell(slice).0));
        let mut points: Vec<TrendPoint> = Vec::new();
        let mut first: Option<f64> = None;
        for slice in slices {
            let (cell, chained) = self.cell(slice);
            let last = points.last();
            let broken = last.is_some_and(|last| self.breaks_between(last.period, slice.period));
            // Nothing is compared across a break: the series begins anew.
            first = if broken { cell.value } else { first.or(cell.value) };
            let before = last
                .filter(|point| point.period.shift(1) == slice.period)
                .and_then(|point| point.cell.value);
            let both = before.zip(cell.value);
            let pair = both.filter(|_| !broken);
            let (index, index_missing) = match (&base, cell.value) {
                (_, None) => (None, None),
                (Some(base), Some(value)) => self.against(base, slice.period, value),
                (None, Some(value)) => based(first, value),
            };
            points.push(TrendPoint {
                area: self.area.clone(),
                period: slice.period,
                nominal: cell.nominal.filter(|_| slice.factor.is_some()),
                change: pair.map(|(before, now)| absolute_change(before, now)),
                change_relative: pair.and_then(|(before, now)| relative_change(before, now).ok()),
                change_missing: both.filter(|_| broken).map(|_| Missing::BreakInSeries),
                index,
                index_missing,
                chained,
                cell,
            });
        }
        points
    }

    /// The index on the base that was asked for.
    fn against(
        &self,
        (period, base): &(Period, Cell),
        now: Period,
        value: f64,
    ) -> (Option<f64>, Option<Missing>) {
        if base.value.is_none() {
            return (None, base.missing);
        }
        if self.breaks_between(*period, now) {
            return (None, Some(Missing::BreakInSeries));
        }
        based(base.value, value)
    }
}

fn based(base: Option<f64>, value: f64) -> (Option<f64>, Option<Missing>) {
    let found = base.and_then(|base| index(base, value).ok());
    (found, found.is_none().then_some(Missing::BaseNotPositive))
}
