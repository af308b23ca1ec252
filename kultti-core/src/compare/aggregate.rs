//! The value of a group: which members enter, how they are summarised, and how much of the group they cover.

use super::notes;
use super::result::{GroupRow, Note};
use crate::catalogue::Catalogue;
use crate::error::{Error, Result};
use crate::language::Message;
use crate::model::{Additivity, Aggregate, Expression, GroupCode, Indicator, Missing, Status, StatusSet};
use crate::panel::{Cell, Slice};
use crate::release::Release;
use crate::stats::{
    COVERAGE_THRESHOLD, Coverage, decimal_sum, exact_sum, mean, median, ratio_of_sums, weighted_mean,
};
use crate::territory::{GroupLabel, Territory};
use std::collections::BTreeSet;

/// How an indicator's groups are summarised.
#[derive(Debug, Clone, Copy)]
pub(super) struct Method<'a> {
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

impl<'a> Method<'a> {
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

impl Method<'_> {
    /// The same method, said to be asked for or not.
    pub(super) fn asked(self, asked: bool) -> Self {
        Self { asked, ..self }
    }
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

/// Which members of a group enter its value.
struct Entered<'a> {
    slice: &'a Slice,
    /// Members where the datum can exist.
    members: Vec<usize>,
    /// Members with numerator and, for a ratio, a positive denominator.
    entered: Vec<usize>,
    /// Hosts whose joint unit reaches beyond the group.
    left_out: Vec<usize>,
}

impl<'a> Entered<'a> {
    fn of(slice: &'a Slice, group: &[usize], ratio: bool) -> Self {
        let inside: BTreeSet<usize> = group.iter().copied().collect();
        let members: Vec<usize> = group
            .iter()
            .copied()
            .filter(|index| !slice.cells[*index].missing.is_some_and(Missing::cannot_exist))
            .collect();
        let reaches_out = |index: usize| {
            slice.joint.iter().any(|joint| {
                joint.host == index && !joint.members.iter().all(|member| inside.contains(member))
            })
        };
        let left_out: Vec<usize> = members
            .iter()
            .copied()
            .filter(|index| slice.cells[*index].value.is_some() && reaches_out(*index))
            .collect();
        let enters =
            |cell: &Cell| cell.value.is_some() && (!ratio || cell.denominator.is_some_and(|d| d > 0.0));
        let entered = members
            .iter()
            .copied()
            .filter(|index| enters(&slice.cells[*index]) && !left_out.contains(index))
            .collect();
        Self {
            slice,
            members,
            entered,
            left_out,
        }
    }

    /// Whether the member's figure is in the value: its own, or inside that of a host that entered.
    fn holds(&self, member: usize) -> bool {
        let inside = self
            .slice
            .host_of(member)
            .is_some_and(|host| self.entered.contains(&host));
        inside || self.entered.contains(&member)
    }

    fn cells(&self) -> impl Iterator<Item = &'a Cell> + '_ {
        self.entered.iter().map(|index| &self.slice.cells[*index])
    }

    /// Σd over those that entered, and over all members; the second is `None` where a member's d is unknown, with the
    /// members it is unknown of. A member inside a joint unit that entered is counted in the unit's d.
    fn denominators(&self) -> (f64, Option<f64>, Vec<usize>) {
        let covered: Vec<f64> = self.cells().filter_map(|cell| cell.denominator).collect();
        let mut rest = Vec::new();
        let mut unknown = Vec::new();
        for index in self.members.iter().filter(|index| !self.entered.contains(index)) {
            if self.holds(*index) {
                continue;
            }
            match self.slice.cells[*index].own_denominator {
                Some(own) => rest.push(own),
                None => unknown.push(*index),
            }
        }
        let total = unknown
            .is_empty()
            .then(|| exact_sum(covered.iter().copied().chain(rest)));
        (exact_sum(covered), total, unknown)
    }
}

/// The value of a group.
///
/// Only areas with a value, and for a ratio with d > 0, enter. A joint unit enters whole when all its areas lie in the
/// group, else it is left out and named. Ratios, means and medians are given from a coverage of 0.6 of areas and of the
/// denominator; a total needs every member.
pub(super) fn summarise(method: &Method, slice: &Slice, group: &[usize], label: GroupLabel) -> Summary {
    let ratio = method.indicator.formula.denominator.is_some();
    let entered = Entered::of(slice, group, ratio);
    let (covered, total, unknown) = entered.denominators();
    let coverage = Coverage::new(
        entered.members.len(),
        entered.entered.len(),
        ratio.then_some(covered),
        total.filter(|_| ratio),
    );
    let value = publishable(method, &entered, &coverage).and_then(|()| {
        let cells: Vec<&Cell> = entered.cells().collect();
        value_of(method, slice, &cells).ok_or(Missing::NoMembers)
    });
    let zero = |cell: &&Cell| cell.numerator == Some(0.0);
    let zeros = if method.zeros {
        entered.cells().filter(zero).count()
    } else {
        0
    };
    let others: Vec<&Cell> = entered.cells().filter(|cell| !zero(cell)).collect();
    let status = entered
        .cells()
        .fold(StatusSet::default(), |all, cell| all.union(cell.status));
    let found = remarks(method, &entered, &label, if ratio { &unknown } else { &[] });
    let row = GroupRow {
        group: label.code,
        name: label.name,
        aggregate: method.aggregate,
        value: value.ok(),
        status: value
            .err()
            .map_or_else(|| status.letter(), |reason| reason.status().letter()),
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
    };
    let mut outside = entered.left_out;
    outside.extend(group.iter().filter(|index| !entered.members.contains(index)));
    Summary {
        row,
        outside,
        notes: found,
    }
}

/// What must be said of who entered: hosts that were left out, members whose denominator is unknown.
fn remarks(method: &Method, entered: &Entered, label: &GroupLabel, unknown: &[usize]) -> Vec<Note> {
    let mut found = Vec::new();
    if !entered.left_out.is_empty() {
        found.push(notes::joint_left_out(
            method.territory,
            label,
            entered.slice,
            &entered.left_out,
        ));
    }
    if !unknown.is_empty() {
        found.push(notes::coverage_unknown(
            method.territory,
            label,
            entered.slice,
            unknown,
        ));
    }
    found
}

fn publishable(method: &Method, entered: &Entered, coverage: &Coverage) -> Result<(), Missing> {
    if entered.entered.is_empty() {
        return Err(Missing::NoMembers);
    }
    if method.aggregate == Aggregate::Total {
        return if entered.members.iter().all(|member| entered.holds(*member)) {
            Ok(())
        } else {
            Err(Missing::TotalIncomplete)
        };
    }
    if coverage.is_sufficient(COVERAGE_THRESHOLD) {
        Ok(())
    } else {
        Err(Missing::CoverageTooLow)
    }
}

fn value_of(method: &Method, slice: &Slice, cells: &[&Cell]) -> Option<f64> {
    let values: Vec<f64> = cells.iter().filter_map(|cell| cell.value).collect();
    let multiplier = method.indicator.multiplier;
    // A share of a figure has more decimals than the figure was declared with: it is not rounded before it is added.
    let estimated = cells.iter().any(|cell| cell.status.contains(Status::Estimated));
    let fractions = estimated || method.fractions;
    let real = |nominal: f64| slice.factor.map_or(nominal, |factor| factor.apply(nominal));
    match method.aggregate {
        Aggregate::RatioOfSums => {
            let pairs: Vec<(f64, f64)> = cells
                .iter()
                .filter_map(|cell| cell.numerator.zip(cell.denominator))
                .collect();
            if fractions {
                let (numerators, denominators): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
                let denominator = exact_sum(denominators);
                let ratio = (multiplier * exact_sum(numerators)) / denominator;
                return (denominator > 0.0).then(|| real(ratio));
            }
            ratio_of_sums(&pairs, multiplier, method.decimals).map(real)
        }
        Aggregate::WeightedMean => {
            let pairs: Vec<(f64, f64)> = cells
                .iter()
                .filter_map(|cell| cell.value.zip(cell.denominator))
                .collect();
            weighted_mean(&pairs)
        }
        Aggregate::Mean => mean(&values),
        Aggregate::Median | Aggregate::Published => median(&values),
        Aggregate::Total if cells.is_empty() => None,
        Aggregate::Total => {
            let numerators = cells.iter().filter_map(|cell| cell.numerator);
            let sum = if fractions {
                exact_sum(numerators)
            } else {
                decimal_sum(numerators, method.decimals.0)
            };
            Some(real(multiplier * sum))
        }
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
