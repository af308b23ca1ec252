//! Places among others: rank and percent rank on unrounded values.

use super::result::{AreaLabel, RankedArea, Unranked};
use crate::model::{Direction, Indicator, Status};
use crate::panel::Slice;
use crate::stats::{Order, Ordered, Ties, Worst};
use crate::territory::Territory;

/// Ranks of some areas of a slice, along `members`.
pub(super) struct Positions {
    pub(super) ranks: Vec<Option<f64>>,
    pub(super) percent_ranks: Vec<Option<f64>>,
    /// The values ranked, ascending.
    pub(super) ascending: Vec<f64>,
}

/// The order that an indicator's direction gives: the best first; `None` without a direction.
pub(super) fn natural_order(direction: Direction) -> Option<Order> {
    match direction {
        Direction::Higher => Some(Order::Descending),
        Direction::Lower => Some(Order::Ascending),
        Direction::None => None,
    }
}

/// The end that percent ranks count from; without a direction the lowest.
pub(super) fn worst_end(direction: Direction) -> Worst {
    match direction {
        Direction::Higher | Direction::None => Worst::Lowest,
        Direction::Lower => Worst::Highest,
    }
}

/// Ranks `members` of a slice: ties share the smallest rank; the percent rank counts from the worst by the indicator's
/// direction, whatever the order.
pub(super) fn positions(indicator: &Indicator, slice: &Slice, members: &[usize], order: Order) -> Positions {
    let ranked = |index: &usize| {
        let value = slice.value(*index);
        value.filter(|_| !is_too_small(indicator, slice, *index))
    };
    let values: Vec<f64> = members
        .iter()
        .map(|index| ranked(index).unwrap_or(f64::NAN))
        .collect();
    let mut ordered = Ordered::new();
    ordered.sort(&values);
    let mut out = values;
    let taken = |out: &[f64]| {
        let present = |value: &f64| (!value.is_nan()).then_some(*value);
        out.iter().map(present).collect()
    };
    ordered.rank(order, Ties::Min, &mut out);
    let ranks = taken(&out);
    ordered.percent_rank(worst_end(indicator.direction), &mut out);
    Positions {
        ranks,
        percent_ranks: taken(&out),
        ascending: ordered.values().to_vec(),
    }
}

/// Whether the area's denominator is below the indicator's minimum.
pub(super) fn is_too_small(indicator: &Indicator, slice: &Slice, index: usize) -> bool {
    indicator.minimum_denominator.is_some_and(|minimum| {
        slice
            .denominator(index)
            .is_some_and(|denominator| denominator < minimum)
    })
}

/// The members with a rank, by value and then by code, as [`Positions::ascending`] has their values.
pub(super) fn ranked(
    territory: &Territory,
    slice: &Slice,
    members: &[usize],
    positions: &Positions,
) -> Vec<RankedArea> {
    let with_rank = members.iter().zip(&positions.ranks);
    let mut found: Vec<(f64, usize)> = with_rank
        .filter(|(_, rank)| rank.is_some())
        .filter_map(|(index, _)| slice.value(*index).map(|value| (value, *index)))
        .collect();
    found.sort_by(|left, right| left.0.total_cmp(&right.0).then(left.1.cmp(&right.1)));
    let area = |(_, index): (f64, usize)| RankedArea {
        area: AreaLabel::at(territory, slice, index),
        status: slice.figures.letter(index),
    };
    found.into_iter().map(area).collect()
}

/// The members without a rank, and why.
pub(super) fn unranked(
    territory: &Territory,
    slice: &Slice,
    members: &[usize],
    positions: &Positions,
) -> Vec<Unranked> {
    members
        .iter()
        .zip(&positions.ranks)
        .filter(|(_, rank)| rank.is_none())
        .map(|(index, _)| left_out(territory, slice, *index))
        .collect()
}

/// The members that are not among those that entered, and why.
pub(super) fn not_entered(
    territory: &Territory,
    slice: &Slice,
    members: &[usize],
    entered: &[usize],
) -> Vec<Unranked> {
    members
        .iter()
        .filter(|index| entered.binary_search(index).is_err())
        .map(|index| left_out(territory, slice, *index))
        .collect()
}

/// An area and why it has no value; one that has a value is only too small.
fn left_out(territory: &Territory, slice: &Slice, index: usize) -> Unranked {
    let status = if slice.value(index).is_some() {
        Status::LowReliability.letter()
    } else {
        slice.figures.letter(index)
    };
    Unranked {
        area: AreaLabel::at(territory, slice, index),
        status,
        missing: slice.missing(index),
    }
}
