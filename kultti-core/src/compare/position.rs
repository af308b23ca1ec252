//! Places among others: rank and percent rank on unrounded values.

use super::notes::area_name;
use super::result::{AreaLabel, Unranked};
use crate::model::{Direction, Indicator, Status};
use crate::panel::Slice;
use crate::stats::{Order, Ties, Worst, percent_rank, rank};
use crate::territory::Territory;

/// Ranks of some areas of a slice; all vectors run along `members`.
pub(super) struct Positions {
    pub(super) ranks: Vec<Option<f64>>,
    pub(super) percent_ranks: Vec<Option<f64>>,
    pub(super) n: usize,
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
    let values: Vec<Option<f64>> = members
        .iter()
        .map(|index| {
            slice
                .value(*index)
                .filter(|_| !is_too_small(indicator, slice, *index))
        })
        .collect();
    Positions {
        ranks: rank(&values, order, Ties::Min),
        percent_ranks: percent_rank(&values, worst_end(indicator.direction)),
        n: values.iter().flatten().count(),
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
        .map(|(index, _)| {
            let code = slice.areas.codes()[*index].clone();
            let status = if slice.value(*index).is_some() {
                Status::LowReliability.letter()
            } else {
                slice.figures.letter(*index)
            };
            Unranked {
                area: AreaLabel {
                    name: area_name(territory, &code),
                    code,
                },
                status,
                missing: slice.missing(*index),
            }
        })
        .collect()
}
