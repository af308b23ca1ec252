//! The terms of a group's change: prices, volume and population; within and between areas.

use super::options::{ChangeMethod, ChangeOptions};
use super::result::{AreaChange, ChangeTerms, PriceTerm};
use crate::error::{Error, Result};
use crate::model::{Indicator, Period};
use crate::stats::{PanelMember, exact_sum, lmdi, shapley, within_between};

/// The sums of a group at one end: Σn, in real prices where they were asked for, and Σd.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sums {
    pub(super) numerator: f64,
    pub(super) denominator: Option<f64>,
}

/// What the terms of every group have in common.
pub(super) struct Parting<'a> {
    pub(super) indicator: &'a str,
    pub(super) multiplier: f64,
    pub(super) method: ChangeMethod,
    /// I_t / I_0.
    pub(super) inflation: Option<f64>,
    pub(super) periods: (Period, Period),
}

impl<'a> Parting<'a> {
    pub(super) fn new(
        indicator: &'a Indicator,
        options: &ChangeOptions,
        prices: Option<&PriceTerm>,
        periods: (Period, Period),
    ) -> Self {
        Self {
            indicator: indicator.id.as_str(),
            multiplier: indicator.multiplier,
            method: options.method,
            inflation: prices.map(|prices| prices.to / prices.from),
            periods,
        }
    }
}

impl Parting<'_> {
    /// The change of m·Σn/Σd: price · Σn in constant prices · m/Σd. Without a denominator, of m·Σn.
    pub(super) fn of_value(&self, group: &str, ends: (Sums, Sums)) -> Result<ChangeTerms> {
        let over = |sums: Sums| sums.denominator.map_or(self.multiplier, |d| self.multiplier / d);
        self.terms(group, ends, |sums, prices| {
            [prices, sums.numerator / prices, over(sums)]
        })
    }

    /// The change of Σn: price · Σn in constant prices per unit of the denominator · Σd.
    pub(super) fn of_numerator(&self, group: &str, ends: (Sums, Sums)) -> Result<Option<ChangeTerms>> {
        let positive = |sums: Sums| sums.denominator.is_some_and(|d| d > 0.0);
        if !positive(ends.0) || !positive(ends.1) {
            return Ok(None);
        }
        let people = |sums: Sums| sums.denominator.unwrap_or(1.0);
        let factors =
            |sums: Sums, prices: f64| [prices, sums.numerator / (prices * people(sums)), people(sums)];
        self.terms(group, ends, factors).map(Some)
    }

    /// A factor that plays no part stands still and has a term of 0, which is not shown.
    fn terms(
        &self,
        group: &str,
        (from, to): (Sums, Sums),
        factors: impl Fn(Sums, f64) -> [f64; 3],
    ) -> Result<ChangeTerms> {
        let first = factors(from, 1.0);
        let last = factors(to, self.inflation.unwrap_or(1.0));
        let parted = match self.method {
            ChangeMethod::Shapley => shapley(&first, &last),
            ChangeMethod::Lmdi => lmdi(&first, &last),
        };
        let terms = parted.ok_or_else(|| self.refused(group, (from, to)))?;
        Ok(ChangeTerms {
            change: last.iter().product::<f64>() - first.iter().product::<f64>(),
            price: self.inflation.map(|_| terms[0]),
            volume: terms[1],
            population: from.denominator.map(|_| terms[2]),
        })
    }

    fn refused(&self, group: &str, (from, to): (Sums, Sums)) -> Error {
        let (period, sums) = if from.numerator > 0.0 {
            (self.periods.1, to)
        } else {
            (self.periods.0, from)
        };
        Error::FactorNotPositive {
            indicator: self.indicator.to_owned(),
            group: group.to_owned(),
            period: period.to_string(),
            found: sums.numerator.to_string(),
        }
    }
}

/// Gives each area its part of the group's change, and answers the sums of both kinds.
pub(super) fn part_by_area(areas: &mut [AreaChange], panel: &[PanelMember]) -> Option<(f64, f64)> {
    let parts = within_between(panel)?;
    for (area, part) in areas.iter_mut().zip(&parts) {
        area.within = Some(part.within);
        area.between = Some(part.between);
    }
    let within = exact_sum(parts.iter().map(|part| part.within));
    let between = exact_sum(parts.iter().map(|part| part.between));
    Some((within, between))
}
