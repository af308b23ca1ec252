//! Which interval an indicator's figures have, and the interval of one of them.

use super::options::{IntervalLevel, IntervalMethod};
use super::result::{AreaInterval, ComparedIntervals, Significance};
use crate::compare::aggregate::Entered;
use crate::compare::result::PeerGroup;
use crate::error::{Error, Result};
use crate::language::Message;
use crate::model::{Aggregate, Direction, Indicator, Missing};
use crate::panel::Slice;
use crate::release::Release;
use crate::stats::{
    Band, Chance, Interval, byar_interval, exact_interval, exact_sum, interval_band, wilson_interval,
};

/// The method of an indicator's intervals.
#[derive(Debug, Clone, Copy)]
pub(in crate::compare) struct Rule {
    pub(super) chance: Chance,
    pub(super) method: IntervalMethod,
    pub(super) level: IntervalLevel,
    multiplier: f64,
    direction: Direction,
}

/// A refusal with the reason.
pub(super) fn refused(indicator: &Indicator, method: &'static str, reason: &'static str) -> Error {
    Error::MethodRefused {
        indicator: indicator.id.to_string(),
        method: Message::new(method),
        reason: Message::new(reason),
    }
}

impl Rule {
    /// What suits the indicator, or what was asked for where it suits.
    pub(in crate::compare) fn new(
        release: &Release,
        indicator: &Indicator,
        level: IntervalLevel,
        asked: Option<IntervalMethod>,
    ) -> Result<Self> {
        let chance = release
            .catalogue()
            .chance(indicator)
            .map_err(|reason| refused(indicator, "word.interval", reason))?;
        let own = match chance {
            Chance::Count => IntervalMethod::Byar,
            Chance::Proportion => IntervalMethod::Wilson,
        };
        let method = asked.unwrap_or(own);
        if (method == IntervalMethod::Wilson) != (chance == Chance::Proportion) {
            let reason = match chance {
                Chance::Count => "reason.interval-of-counts",
                Chance::Proportion => "reason.interval-of-proportions",
            };
            return Err(refused(indicator, method.word_code(), reason));
        }
        Ok(Self {
            chance,
            method,
            level,
            multiplier: indicator.multiplier,
            direction: indicator.direction,
        })
    }

    /// Whether n and d are such that chance is defined for them.
    pub(super) fn checked(&self, numerator: f64, denominator: f64) -> Result<(), Missing> {
        if numerator < 0.0 {
            Err(Missing::NegativeValue)
        } else if numerator.fract() != 0.0 {
            Err(Missing::NotACount)
        } else if denominator <= 0.0 {
            Err(Missing::DenominatorNotPositive)
        } else if self.chance == Chance::Proportion && numerator > denominator {
            Err(Missing::NumeratorAboveDenominator)
        } else {
            Ok(())
        }
    }

    /// The interval of m·n/d.
    pub(super) fn interval(&self, numerator: f64, denominator: f64) -> Result<Interval, Missing> {
        self.checked(numerator, denominator)?;
        let alpha = self.level.alpha();
        let (interval, scale) = match self.method {
            IntervalMethod::Byar => (byar_interval(numerator, alpha), self.multiplier / denominator),
            IntervalMethod::Exact => (exact_interval(numerator, alpha), self.multiplier / denominator),
            IntervalMethod::Wilson => (wilson_interval(numerator, denominator, alpha), self.multiplier),
        };
        interval
            .map(|interval| interval.scaled(scale))
            .ok_or(Missing::NotACount)
    }

    /// Σn and Σd of areas that entered.
    pub(super) fn sums(slice: &Slice, entered: &[usize]) -> (f64, f64) {
        (
            exact_sum(entered.iter().filter_map(|index| slice.numerator(*index))),
            exact_sum(entered.iter().filter_map(|index| slice.denominator(*index))),
        )
    }

    /// The interval of the value of areas that entered; `missing` is why there is no value.
    fn of(&self, slice: &Slice, entered: &[usize], missing: Option<Missing>) -> AreaInterval {
        let (numerator, denominator) = Self::sums(slice, entered);
        let found = missing.map_or_else(|| self.interval(numerator, denominator), Err);
        AreaInterval {
            interval: found.ok(),
            missing: found.err(),
        }
    }

    /// The intervals of groups of areas whose values are missing for a reason, or are not.
    pub(in crate::compare) fn of_groups<'a>(
        &self,
        slice: &Slice,
        groups: impl Iterator<Item = (&'a [usize], Option<Missing>)>,
    ) -> ComparedIntervals {
        let interval = |(areas, missing): (&[usize], Option<Missing>)| {
            let entered = Entered::of(slice, areas, true);
            self.of(slice, entered.entered(), missing)
        };
        ComparedIntervals {
            level: self.level,
            method: self.method,
            area: None,
            groups: groups.map(interval).collect(),
            bands: Vec::new(),
        }
    }

    /// The intervals of a comparison: of the area, of the groups, and the area's against the value of each group.
    pub(in crate::compare) fn of_comparison(
        &self,
        slice: &Slice,
        area: usize,
        groups: &[PeerGroup],
    ) -> ComparedIntervals {
        let own = self.of(slice, &[area], slice.missing(area));
        let band = |group: &PeerGroup| {
            let pair = own.interval.zip(group.row.value);
            pair.map(|(interval, value)| self.band(interval, value))
        };
        let rows = groups.iter().map(|group| &group.row);
        ComparedIntervals {
            area: Some(own),
            bands: groups.iter().map(band).collect(),
            ..self.of_groups(slice, rows.map(|row| (row.areas.as_slice(), row.missing)))
        }
    }

    /// An interval against a benchmark.
    fn band(&self, interval: Interval, benchmark: f64) -> Significance {
        let limits = (interval.lower, interval.upper);
        let direction = match self.direction {
            Direction::Lower => crate::stats::Direction::Lower,
            // Without a good side the upper one is only the higher one.
            Direction::Higher | Direction::None => crate::stats::Direction::Higher,
        };
        let known = self.direction != Direction::None;
        match interval_band(limits, benchmark, direction) {
            Some(Band::Best) if known => Significance::Better,
            Some(Band::Best) => Significance::Higher,
            Some(Band::Worst) if known => Significance::Worse,
            Some(Band::Worst) => Significance::Lower,
            Some(Band::Middle) | None => Significance::Similar,
        }
    }
}

/// The rule for intervals beside other figures, where they are asked for; only a ratio of sums has counts behind it.
pub(in crate::compare) fn interval_rule(
    release: &Release,
    (indicator, aggregate): (&Indicator, Aggregate),
    level: Option<IntervalLevel>,
) -> Result<Option<Rule>> {
    let Some(level) = level else {
        return Ok(None);
    };
    let rule = Rule::new(release, indicator, level, None)?;
    if aggregate != Aggregate::RatioOfSums {
        return Err(refused(indicator, "word.interval", "reason.interval-aggregate"));
    }
    Ok(Some(rule))
}
