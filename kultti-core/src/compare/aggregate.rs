//! The value of a group: which members enter, how they are summarised, and how much of the group they cover.

use super::notes;
use super::result::{GroupRow, Note};
use crate::catalogue::Catalogue;
use crate::error::{Error, Result};
use crate::language::Message;
use crate::model::{Additivity, Aggregate, Expression, GroupCode, Indicator, Missing, Status, StatusSet};
use crate::panel::Slice;
use crate::release::Release;
use crate::stats::{
    COVERAGE_THRESHOLD, Coverage, Grouped, decimal_sum, exact_sum, mean, median, ratio_of_sums, weighted_mean,
};
use crate::territory::{GroupLabel, Territory};

/// How an indicator's groups are summarised.
#[derive(Debug, Clone, Copy)]
pub(super) struct GroupMethod<'a> {
    pub(super) indicator: &'a Indicator,
    pub(super) aggregate: Aggregate,
    /// Whether the aggregate was asked for, rather than being the indicator's own way.
    pub(super) asked: bool,
    territory: &'a Territory,
    /// Decimals of numerator and denominator, in which their sums are exact.
    decimals: (u8, u8),
    /// Whether a mean of several times enters, which has more decimals than its parts.
    fractions: bool,
    /// Whether a zero of the numerator may mean a joint arrangement.
    zeros: bool,
}

impl<'a> GroupMethod<'a> {
    /// The aggregate asked for, or the indicator's own; a ratio whose numerator does not add up falls to the median.
    pub(super) fn new(
        release: &'a Release,
        indicator: &'a Indicator,
        asked: Option<Aggregate>,
    ) -> Result<Self> {
        let catalogue = release.catalogue();
        let additive = adds_up(catalogue, &indicator.formula.numerator)
            && indicator
                .formula
                .denominator
                .as_ref()
                .is_none_or(|side| adds_up(catalogue, side));
        let aggregate = match asked {
            Some(aggregate) => match refusal(indicator, aggregate, additive) {
                Some(reason) => {
                    return Err(Error::AggregateRefused {
                        indicator: indicator.id.to_string(),
                        aggregate: aggregate.name().to_owned(),
                        reason: Message::new(reason),
                    });
                }
                None => aggregate,
            },
            None if refusal(indicator, indicator.aggregate, additive).is_some() => Aggregate::Median,
            None => indicator.aggregate,
        };
        let decimals = |side: &Expression| {
            side.measures()
                .iter()
                .filter_map(|id| catalogue.measure(id))
                .map(|measure| measure.decimals)
                .max()
        };
        let numerator = indicator.formula.numerator.measures();
        Ok(Self {
            indicator,
            aggregate,
            asked: asked.is_some(),
            territory: release.territory(),
            decimals: (
                decimals(&indicator.formula.numerator).unwrap_or_default(),
                indicator
                    .formula
                    .denominator
                    .as_ref()
                    .and_then(decimals)
                    .unwrap_or_default(),
            ),
            fractions: indicator
                .formula
                .measures()
                .iter()
                .filter_map(|id| catalogue.measure(id))
                .any(|measure| {
                    measure
                        .derived
                        .as_ref()
                        .is_some_and(|derived| derived.lags.len() > 1)
                }),
            zeros: numerator
                .iter()
                .filter_map(|id| catalogue.measure(id))
                .any(|measure| measure.zero_may_mean_joint),
        })
    }
}

impl GroupMethod<'_> {
    /// The areas at `entered` whose numerator is zero, where that may mean a joint arrangement.
    pub(super) fn zeros_among(&self, slice: &Slice, entered: &[usize]) -> Vec<usize> {
        let zero = |index: &&usize| self.zeros && slice.numerators[**index] == 0.0;
        entered.iter().filter(zero).copied().collect()
    }

    /// The same method, said to be asked for or not.
    pub(super) fn asked(self, asked: bool) -> Self {
        Self { asked, ..self }
    }
}

impl<'a> GroupMethod<'a> {
    /// The same method for a part of its indicator, in the decimals of the whole.
    pub(super) fn of_part(self, part: &'a Indicator) -> Self {
        Self {
            indicator: part,
            ..self
        }
    }
}

/// The method of a ratio of sums, for verbs that know no other; the reason where the indicator has none.
pub(super) fn ratio_of_sums_method<'a>(
    release: &'a Release,
    indicator: &'a Indicator,
    asked_for: &'static str,
) -> Result<GroupMethod<'a>> {
    GroupMethod::new(release, indicator, Some(Aggregate::RatioOfSums)).map_err(|error| match error {
        Error::AggregateRefused {
            indicator, reason, ..
        } => Error::MethodRefused {
            indicator,
            method: Message::new(asked_for),
            reason,
        },
        other => other,
    })
}

fn refusal(indicator: &Indicator, aggregate: Aggregate, additive: bool) -> Option<&'static str> {
    let ratio = indicator.formula.denominator.is_some();
    match aggregate {
        Aggregate::RatioOfSums | Aggregate::WeightedMean if !ratio && !additive => {
            Some("reason.not-additive")
        }
        Aggregate::RatioOfSums | Aggregate::WeightedMean if !ratio => Some("reason.no-denominator"),
        Aggregate::RatioOfSums if !additive => Some("reason.not-additive"),
        Aggregate::Total if ratio => Some("reason.ratio"),
        Aggregate::Total if !additive => Some("reason.not-additive"),
        _ => None,
    }
}

/// Whether the side is a sum of measures that add up over areas.
fn adds_up(catalogue: &Catalogue, side: &Expression) -> bool {
    side.is_linear()
        && side.measures().iter().all(|id| {
            catalogue
                .measure(id)
                .is_some_and(|measure| measure.additivity.areas == Additivity::Sum)
        })
}

/// A group's figures with the notes that they call for.
pub(super) struct Summary {
    pub(super) row: GroupRow,
    /// Areas of the group that are not part of its value: those where the datum cannot exist, and hosts whose joint unit
    /// reaches beyond it.
    pub(super) outside: Vec<usize>,
    pub(super) notes: Vec<Note>,
}

/// A distance from the threshold of coverage that is far more than the rounding of a running sum over a country's areas.
const CLEARLY: f64 = 1e-6;

/// Which members of a group enter its value, as positions in ascending order. The lists are filled anew for each group, so
/// that many groups cost no allocation.
#[derive(Default)]
pub(super) struct Entered {
    /// Members where the datum can exist.
    members: Vec<usize>,
    /// Members with numerator and, for a ratio, a positive denominator.
    entered: Vec<usize>,
    /// Members that did not enter.
    others: Vec<usize>,
    /// Hosts whose joint unit reaches beyond the group.
    left_out: Vec<usize>,
}

impl Entered {
    pub(super) fn of(slice: &Slice, group: &[usize], ratio: bool) -> Self {
        let mut entered = Self::default();
        entered.fill(slice, group, ratio);
        entered
    }

    /// Areas that have all entered already.
    pub(super) fn all(entered: Vec<usize>) -> Self {
        Self {
            members: entered.clone(),
            entered,
            ..Self::default()
        }
    }

    /// Takes the areas of a group, ascending.
    pub(super) fn fill(&mut self, slice: &Slice, group: &[usize], ratio: bool) {
        self.members.clear();
        self.left_out.clear();
        // Which areas enter cannot be guessed: each is written to both lists, and one of them goes on.
        self.entered.resize(group.len(), 0);
        self.others.resize(group.len(), 0);
        let (mut entered, mut others) = (0, 0);
        let joint = !slice.joint.is_empty();
        let reaches_out = |index: usize| {
            let outside = |member: &usize| group.binary_search(member).is_err();
            let mut joint = slice.joint.iter();
            joint.any(|joint| joint.host == index && joint.members.iter().any(outside))
        };
        for index in group.iter().copied() {
            if slice.figures.cannot_exist(index) {
                continue;
            }
            self.members.push(index);
            let has_value = !slice.figures.values()[index].is_nan();
            let left_out = joint && has_value && reaches_out(index);
            if left_out {
                self.left_out.push(index);
            }
            let enters = has_value & !left_out & (!ratio | (slice.denominators[index] > 0.0));
            self.entered[entered] = index;
            self.others[others] = index;
            entered += usize::from(enters);
            others += usize::from(!enters);
        }
        self.entered.truncate(entered);
        self.others.truncate(others);
    }

    /// The members that entered, ascending.
    pub(super) fn entered(&self) -> &[usize] {
        &self.entered
    }

    /// The members that did not.
    pub(super) fn others(&self) -> &[usize] {
        &self.others
    }

    /// The members, ascending.
    pub(super) fn members(&self) -> &[usize] {
        &self.members
    }

    /// Hosts whose joint unit reaches beyond the group.
    pub(super) fn left_out(&self) -> &[usize] {
        &self.left_out
    }

    /// Whether a member entered.
    pub(super) fn has(&self, member: usize) -> bool {
        self.entered.binary_search(&member).is_ok()
    }

    /// Takes all others from those that entered.
    pub(super) fn keep(&mut self, panel: &[usize]) {
        let (kept, others): (Vec<usize>, Vec<usize>) = self
            .entered
            .iter()
            .partition(|member| panel.binary_search(member).is_ok());
        self.entered = kept;
        self.others.extend(others);
        self.others.sort_unstable();
    }

    /// The members whose figure is not in the value: they did not enter, nor did a host whose value they are inside.
    fn lacking<'a>(&'a self, slice: &'a Slice) -> impl Iterator<Item = usize> + Clone + 'a {
        let entered = |host: usize| self.entered.binary_search(&host).is_ok();
        let others = self.others.iter().copied();
        others.filter(move |member| !slice.host_of(*member).is_some_and(entered))
    }

    /// Σd over those that entered, and over all members; the second is `None` where a member's d is unknown. A member
    /// inside a joint unit that entered is counted in the unit's d.
    fn denominators(&self, slice: &Slice) -> (f64, Option<f64>) {
        let covered = || self.entered.iter().filter_map(|index| slice.denominator(*index));
        let rest = || self.lacking(slice).map(|index| slice.own_denominators()[index]);
        let total = rest()
            .all(|own| !own.is_nan())
            .then(|| exact_sum(covered().chain(rest())));
        (exact_sum(covered()), total)
    }

    /// The members whose d is unknown, so that nothing can be said of its coverage.
    fn unknown(&self, slice: &Slice) -> Vec<usize> {
        let unknown = |index: &usize| slice.own_denominator(*index).is_none();
        self.lacking(slice).filter(unknown).collect()
    }

    /// How much of the group has entered.
    pub(super) fn coverage(&self, slice: &Slice, ratio: bool) -> Coverage {
        let (covered, total) = if ratio {
            self.denominators(slice)
        } else {
            (0.0, None)
        };
        let covered = ratio.then_some(covered);
        Coverage::new(self.members.len(), self.entered.len(), covered, total)
    }

    /// Why a ratio of these areas may not be given: too little is covered, or nothing.
    pub(super) fn insufficient(&self, slice: &Slice) -> Option<Missing> {
        if self.entered.is_empty() {
            Some(Missing::NoMembers)
        } else if self.coverage(slice, true).is_sufficient(COVERAGE_THRESHOLD) {
            None
        } else {
            Some(Missing::CoverageTooLow)
        }
    }

    /// Whether the group's value may be given.
    fn publishable(&self, method: &GroupMethod, slice: &Slice) -> Result<(), Missing> {
        if self.entered.is_empty() {
            return Err(Missing::NoMembers);
        }
        if method.aggregate == Aggregate::Total {
            let whole = self.lacking(slice).next().is_none();
            return if whole {
                Ok(())
            } else {
                Err(Missing::TotalIncomplete)
            };
        }
        let ratio = method.indicator.formula.denominator.is_some();
        let sufficient = self.clearly_covered(slice, ratio).unwrap_or_else(|| {
            let coverage = self.coverage(slice, ratio);
            coverage.is_sufficient(COVERAGE_THRESHOLD)
        });
        if sufficient {
            Ok(())
        } else {
            Err(Missing::CoverageTooLow)
        }
    }

    /// Whether the coverage is sufficient, where running sums of the denominators are too far from the threshold for
    /// their rounding to matter; `None` where only exact sums can tell.
    fn clearly_covered(&self, slice: &Slice, ratio: bool) -> Option<bool> {
        if !ratio {
            return None;
        }
        let covered: f64 = self.entered.iter().map(|index| slice.denominators[*index]).sum();
        let mut rest = 0.0;
        for own in self.lacking(slice).map(|index| slice.own_denominators()[index]) {
            // A negative or unknown denominator is left to the exact way.
            if own.is_nan() || own < 0.0 {
                return None;
            }
            rest += own;
        }
        let share = covered / (covered + rest);
        let areas = Coverage::new(self.members.len(), self.entered.len(), None, None);
        ((share - COVERAGE_THRESHOLD).abs() > CLEARLY)
            .then(|| areas.is_sufficient(COVERAGE_THRESHOLD) && share > COVERAGE_THRESHOLD)
    }

    /// The SDMX letter of a figure of those that entered, or of the reason why there is none.
    pub(super) fn letter(&self, slice: &Slice, missing: Option<Missing>) -> char {
        let statuses = self.entered.iter().map(|index| slice.figures.status(*index));
        missing.map_or_else(
            || statuses.fold(StatusSet::default(), StatusSet::union).letter(),
            |reason| reason.status().letter(),
        )
    }

    /// The group's value, or why there is none.
    pub(super) fn value(&self, method: &GroupMethod, slice: &Slice) -> Result<f64, Missing> {
        self.publishable(method, slice)?;
        value_of(method, slice, &self.entered).ok_or(Missing::NoMembers)
    }
}

/// The median of a group whose values have been put in order; `None` where the usual way has to be gone: for another
/// aggregate, with joint values, for values that do not enter, and where only exact sums tell whether enough is covered.
pub(super) fn median_in_order(
    method: &GroupMethod,
    slice: &Slice,
    group: &[usize],
    (ordered, place): (&Grouped, usize),
) -> Option<Result<f64, Missing>> {
    if method.aggregate != Aggregate::Median
        || !slice.joint.is_empty()
        || method.indicator.formula.denominator.is_none()
    {
        return None;
    }
    let (mut members, mut covered, mut total, mut negative) = (0, 0.0, 0.0, false);
    for index in group.iter().copied() {
        let own = slice.own_denominators()[index];
        let counts = !slice.figures.cannot_exist(index);
        let own = if counts { own } else { 0.0 };
        let present = !slice.figures.values()[index].is_nan();
        members += usize::from(counts);
        covered += if present { own } else { 0.0 };
        total += own;
        negative |= own <= 0.0 && counts;
    }
    let entered = ordered.values(place).len();
    if entered == 0 || negative {
        return None;
    }
    let areas = Coverage::new(members, entered, None, None);
    let share = covered / total;
    // An unknown denominator makes the share NaN, and that is not clear.
    let clear = (share - COVERAGE_THRESHOLD).abs() > CLEARLY;
    clear.then(|| {
        if areas.is_sufficient(COVERAGE_THRESHOLD) && share > COVERAGE_THRESHOLD {
            ordered.median(place).ok_or(Missing::NoMembers)
        } else {
            Err(Missing::CoverageTooLow)
        }
    })
}

/// The value of a group.
///
/// Only areas with a value, and for a ratio with d > 0, enter. A joint unit enters whole when all its areas lie in the
/// group, else it is left out and named. Ratios, means and medians are given from a coverage of 0.6 of areas and of the
/// denominator; a total needs every member.
pub(super) fn summarise(method: &GroupMethod, slice: &Slice, group: &[usize], label: GroupLabel) -> Summary {
    let ratio = method.indicator.formula.denominator.is_some();
    let entered = Entered::of(slice, group, ratio);
    let coverage = entered.coverage(slice, ratio);
    let value = entered.value(method, slice);
    let zero = |index: &usize| slice.numerators[*index] == 0.0;
    let (zeros, others): (Vec<usize>, Vec<usize>) = entered.entered.iter().partition(|index| zero(index));
    let zeros = if method.zeros { zeros.len() } else { 0 };
    let found = remarks(method, slice, &entered, &label);
    let row = GroupRow {
        group: label.code,
        name: label.name,
        aggregate: method.aggregate,
        value: value.ok(),
        status: entered.letter(slice, value.err()),
        missing: value.err(),
        n: coverage.n,
        members: coverage.members,
        coverage_areas: coverage.areas,
        coverage_denominator: coverage.denominator,
        zeros,
        value_without_zeros: if zeros > 0 {
            value_of(method, slice, &others)
        } else {
            None
        },
        areas: group.to_vec(),
    };
    let mut outside = entered.left_out;
    outside.extend(
        group
            .iter()
            .filter(|index| entered.members.binary_search(index).is_err()),
    );
    Summary {
        row,
        outside,
        notes: found,
    }
}

/// What must be said of who entered: hosts that were left out, members whose denominator is unknown.
pub(super) fn remarks(
    method: &GroupMethod,
    slice: &Slice,
    entered: &Entered,
    label: &GroupLabel,
) -> Vec<Note> {
    let territory = method.territory;
    let mut found = Vec::new();
    if !entered.left_out.is_empty() {
        found.push(notes::joint_left_out(territory, label, slice, &entered.left_out));
    }
    if method.indicator.formula.denominator.is_some() {
        let unknown = entered.unknown(slice);
        if !unknown.is_empty() {
            found.push(notes::coverage_unknown(territory, label, slice, &unknown));
        }
    }
    found
}

/// The value of the areas at `entered`.
pub(super) fn value_of(method: &GroupMethod, slice: &Slice, entered: &[usize]) -> Option<f64> {
    let values = || entered.iter().filter_map(|index| slice.value(*index));
    let numerators = || entered.iter().filter_map(|index| slice.numerator(*index));
    let denominators = || entered.iter().filter_map(|index| slice.denominator(*index));
    let multiplier = method.indicator.multiplier;
    let fractions = || has_fractions(method, slice, entered);
    let real = |nominal: f64| slice.factor.map_or(nominal, |factor| factor.apply(nominal));
    match method.aggregate {
        Aggregate::RatioOfSums if fractions() => {
            let denominator = exact_sum(denominators());
            let ratio = (multiplier * exact_sum(numerators())) / denominator;
            (denominator > 0.0).then(|| real(ratio))
        }
        Aggregate::RatioOfSums => {
            let pairs: Vec<(f64, f64)> = numerators().zip(denominators()).collect();
            ratio_of_sums(&pairs, multiplier, method.decimals).map(real)
        }
        Aggregate::WeightedMean => {
            let pairs: Vec<(f64, f64)> = values().zip(denominators()).collect();
            weighted_mean(&pairs)
        }
        Aggregate::Mean => mean(&values().collect::<Vec<f64>>()),
        Aggregate::Median | Aggregate::Published => median(&values().collect::<Vec<f64>>()),
        Aggregate::Total if entered.is_empty() => None,
        Aggregate::Total => {
            let sum = if fractions() {
                exact_sum(numerators())
            } else {
                decimal_sum(numerators(), method.decimals.0)
            };
            Some(real(multiplier * sum))
        }
    }
}

/// A share of a figure has more decimals than the figure was declared with, and so have three years in the money of one:
/// they are not rounded before they are added.
fn has_fractions(method: &GroupMethod, slice: &Slice, entered: &[usize]) -> bool {
    let estimated = |index: &usize| slice.figures.status(*index).contains(Status::Estimated);
    method.fractions || slice.years > 1 || entered.iter().any(estimated)
}

/// Σn and Σd of the areas at `entered`, in the money of their own time, summed as [`value_of`] sums them; no Σd without a
/// denominator.
pub(super) fn sums_of(method: &GroupMethod, slice: &Slice, entered: &[usize]) -> (f64, Option<f64>) {
    let numerators = entered.iter().filter_map(|index| slice.numerator(*index));
    let denominators = entered.iter().filter_map(|index| slice.denominator(*index));
    let ratio = method.indicator.formula.denominator.is_some();
    if has_fractions(method, slice, entered) {
        (exact_sum(numerators), ratio.then(|| exact_sum(denominators)))
    } else {
        let (above, below) = method.decimals;
        let denominator = ratio.then(|| decimal_sum(denominators, below));
        (decimal_sum(numerators, above), denominator)
    }
}

/// A figure that the source publishes for the whole country.
pub(super) struct PublishedFigure {
    pub(super) value: f64,
    pub(super) status: char,
}

/// The country's row as the source publishes it, in the place of one computed; n and coverage stay those of the areas.
pub(super) fn published(row: GroupRow, figure: PublishedFigure, code: GroupCode) -> GroupRow {
    GroupRow {
        group: code,
        aggregate: Aggregate::Published,
        value: Some(figure.value),
        status: figure.status,
        missing: None,
        zeros: 0,
        value_without_zeros: None,
        ..row
    }
}
