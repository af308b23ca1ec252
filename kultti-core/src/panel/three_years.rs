//! Three years as one figure: Σn/Σd of the period and the two before it, in the money of one year.

use super::figures::Figures;
use super::prices::{Deflator, Factor};
use super::slice::{JointGroup, Slice};
use super::{Borders, SeriesBreak, Slicer};
use crate::catalogue::UnitKind;
use crate::error::{Error, Result};
use crate::language::Message;
use crate::model::{Expression, Frequency, Indicator, Missing, Period};
use crate::stats::exact_sum;
use std::collections::{BTreeMap, BTreeSet};

/// How many years.
const YEARS: i32 = 3;

impl Slicer<'_> {
    /// One indicator over three years, the last of which is `period`, on the borders of that year: x = m·Σn/Σd, with
    /// euros of n and d in the money of one year, n_real = n·I_base/I_t.
    ///
    /// A yearly figure of a small area varies by chance and by single purchases; three years even that out. The areas of
    /// all three years are those of the borders of the last, so that nothing but the figures changes from year to year.
    ///
    /// # Missing values
    /// A year without a value makes the whole missing, with the reason that takes precedence among the years: two years
    /// are not three. Where the series breaks after the first year and up to the last ([`Slicer::breaks`]), the years are
    /// not of one kind and are not added: missing, break in the series. Statuses are those of all three years.
    ///
    /// # Errors
    /// [`Error::MethodRefused`] without a denominator, or for a period that is no year; [`Error::NoDataForPeriod`] where
    /// one of the three years is not there; those of [`Slicer::slice`].
    ///
    /// ```
    /// use kultti_core::panel::{Borders, Slicer};
    /// use kultti_core::release::Release;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// let indicator = release.catalogue().indicator("library.net_operating_cost_per_inhabitant")?;
    /// let slicer = Slicer::new(&release);
    /// let three = slicer.three_years(indicator, 2019.into(), Borders::Now, None)?;
    /// let year = |year: i32| slicer.slice(indicator, year.into(), Borders::Now, None);
    /// let (first, second, third) = (year(2017)?, year(2018)?, year(2019)?);
    /// let sum = [&first, &second, &third].iter().filter_map(|slice| slice.denominator(0)).sum();
    /// assert_eq!(three.denominator(0), Some(sum));
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    ///
    /// Source: pooling of years as statistics of small areas have it (Fingertips, OHID); the rule for gaps is Kultti's own.
    pub fn three_years(
        &self,
        indicator: &Indicator,
        period: Period,
        borders: Borders,
        deflator: Option<&Deflator>,
    ) -> Result<Slice> {
        let years = self.years_of(indicator, period)?;
        let borders = Borders::On(borders.date(self.release().territory(), period)?);
        self.read_ahead(indicator, &years)?;
        let slices = years
            .iter()
            .map(|year| self.slice(indicator, *year, borders, None))
            .collect::<Result<Vec<_>>>()?;
        let factors = |power: i32| -> Result<Vec<Option<Factor>>> {
            let of = deflator.filter(|_| power != 0);
            let factor = |year: &Period| of.map(|deflator| deflator.factor(*year, power)).transpose();
            years.iter().map(factor).collect()
        };
        let above = factors(self.money_in(&indicator.formula.numerator))?;
        let below = indicator
            .formula
            .denominator
            .as_ref()
            .map_or(0, |below| self.money_in(below));
        let below = factors(below)?;
        let breaks = self.breaks_within(indicator, period, borders)?;
        let pooled = combine(indicator.multiplier, &slices, (&above, &below), &breaks);
        pooled.ok_or_else(|| Error::NoData {
            indicator: indicator.id.to_string(),
            measures: Vec::new(),
        })
    }

    /// The breaks in the series of an indicator inside the three years up to a period: those between its first year and
    /// its last.
    ///
    /// # Errors
    /// As [`Slicer::breaks`].
    pub fn breaks_within(
        &self,
        indicator: &Indicator,
        period: Period,
        borders: Borders,
    ) -> Result<Vec<SeriesBreak>> {
        let borders = Borders::On(borders.date(self.release().territory(), period)?);
        self.breaks(indicator, borders, (period.shift(1 - YEARS), period))
    }

    /// The periods that a three-year figure is made of, ascending.
    fn years_of(&self, indicator: &Indicator, period: Period) -> Result<Vec<Period>> {
        let refused = |reason| Error::MethodRefused {
            indicator: indicator.id.to_string(),
            method: Message::new("word.three-year-value"),
            reason: Message::new(reason),
        };
        if indicator.formula.denominator.is_none() {
            return Err(refused("reason.no-denominator"));
        }
        if period.frequency() != Frequency::Year {
            return Err(refused("reason.three-year-years"));
        }
        let years: Vec<Period> = (0..YEARS).rev().map(|back| period.shift(-back)).collect();
        for year in &years {
            self.period(indicator, Some(*year))?;
        }
        Ok(years)
    }

    /// The power of money in an expression: that of the first measure, for what is added has one unit.
    fn money_in(&self, expression: &Expression) -> i32 {
        let catalogue = self.release().catalogue();
        let first = expression
            .measures()
            .into_iter()
            .find_map(|id| catalogue.measure(id));
        first.map_or(0, |measure| catalogue.power_of(UnitKind::Money, &measure.unit))
    }
}

/// Adds the sides of three slices of the same borders.
fn combine(
    multiplier: f64,
    slices: &[Slice],
    (above, below): (&[Option<Factor>], &[Option<Factor>]),
    breaks: &[SeriesBreak],
) -> Option<Slice> {
    let areas = slices.first().map_or(0, Slice::len);
    let total = |side: &dyn Fn(&Slice) -> Option<f64>, factors: &[Option<Factor>]| {
        let real = |(slice, factor): (&Slice, &Option<Factor>)| {
            let value = side(slice)?;
            Some(factor.map_or(value, |factor| factor.apply(value)))
        };
        let years: Option<Vec<f64>> = slices.iter().zip(factors).map(real).collect();
        years.map_or(f64::NAN, exact_sum)
    };
    let plain = vec![None; slices.len()];
    let column = |side: &dyn Fn(&Slice, usize) -> Option<f64>, factors: &[Option<Factor>]| -> Vec<f64> {
        (0..areas)
            .map(|index| total(&|slice| side(slice, index), factors))
            .collect()
    };
    let numerators = column(&Slice::numerator, above);
    let denominators = column(&Slice::denominator, below);
    let own = column(&Slice::own_denominator, below);
    let nominal = column(&Slice::numerator, &plain)
        .into_iter()
        .zip(column(&Slice::denominator, &plain));
    let nominal: Vec<f64> = nominal.map(|(n, d)| (multiplier * n) / d).collect();
    let mut figures = Figures::with_capacity(areas);
    let areas_on = slices.last()?.areas.clone();
    let numbers = areas_on.numbers();
    let prices = above.iter().chain(below).flatten().map(|factor| factor.status);
    let prices = prices.fold(Default::default(), crate::model::StatusSet::union);
    for index in 0..areas {
        let broken = breaks.iter().any(|one| one.touches(numbers[index]));
        let broken = broken.then_some(Missing::BreakInSeries);
        let reason = slices
            .iter()
            .filter_map(|slice| slice.missing(index))
            .chain(broken)
            .min();
        let quotient = (multiplier * numerators[index]) / denominators[index];
        let status = slices
            .iter()
            .fold(prices, |all, slice| all.union(slice.figures.status(index)));
        match reason {
            Some(reason) => figures.push_missing(reason),
            None if denominators[index] == 0.0 => figures.push_missing(Missing::DenominatorZero),
            None => figures.push(quotient, status),
        }
    }
    let mut pooled = slices.last()?.clone();
    pooled.replace(figures, (numerators, denominators, own), nominal);
    pooled.joint = joint(slices);
    pooled.years = slices.len();
    Some(pooled)
}

/// The joint units of any of the years: whoever was inside another's value in one of them has no figure for the three.
fn joint(slices: &[Slice]) -> Vec<JointGroup> {
    let mut units: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for joint in slices.iter().flat_map(|slice| &slice.joint) {
        units.entry(joint.host).or_default().extend(&joint.members);
    }
    let group = |(host, members): (usize, BTreeSet<usize>)| JointGroup {
        host,
        members: members.into_iter().collect(),
    };
    units.into_iter().map(group).collect()
}
