//! Rank and percent rank.

use super::ordered::Ordered;

/// Which value comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// The smallest value is first: for an indicator where lower is better.
    Ascending,
    /// The largest value is first: for an indicator where higher is better.
    Descending,
}

impl Order {
    /// The name in results.
    ///
    /// ```
    /// use kultti_core::stats::Order;
    /// assert_eq!(Order::Descending.name(), "descending");
    /// ```
    pub fn name(self) -> &'static str {
        match self {
            Self::Ascending => "ascending",
            Self::Descending => "descending",
        }
    }
}

/// The rank that equal values share.
///
/// Of four values `40, 30, 30, 10` ranked from the largest, the two equal ones get
/// 2 by [`Ties::Min`], 3 by [`Ties::Max`], 2 by [`Ties::Dense`] and 2.5 by [`Ties::Mean`]; the last
/// one gets 4, 4, 3 and 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Ties {
    /// The best position they hold: "shared second", as in sports.
    #[default]
    Min,
    /// The last position they hold.
    Max,
    /// The number of distinct values up to and including theirs: no rank is skipped.
    Dense,
    /// The mean of their positions: the sum of all ranks is `n(n+1)/2` whatever the ties.
    Mean,
}

/// Which end of the scale is the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Worst {
    /// Low values are worse: the lowest has percent rank 0.
    Lowest,
    /// High values are worse: the highest has percent rank 0.
    Highest,
}

/// Ranks values: 1 is first in the order asked for.
///
/// With [`Ties::Min`], `r_i = 1 + #{j : x_j comes strictly before x_i}`. Ranks are taken on the
/// values as they are, unrounded: values that differ only in decimals not shown have different ranks.
///
/// # Missing values
/// A missing value has no rank and no place among the `n` that are ranked.
///
/// # Ties
/// Equal values share a rank, chosen by [`Ties`]; `-0.0` equals `0.0`.
///
/// # Source
/// The tie rules are those of pandas' `rank`; the default is "standard competition ranking".
///
/// # Example: two municipalities share the second place
/// ```
/// use kultti_core::stats::{Order, Ties, rank};
///
/// let euros = [Some(30.0), Some(40.0), None, Some(30.0), Some(10.0)];
/// assert_eq!(
///     rank(&euros, Order::Descending, Ties::Min),
///     [Some(2.0), Some(1.0), None, Some(2.0), Some(4.0)],
/// );
/// ```
#[must_use]
pub fn rank(values: &[Option<f64>], order: Order, ties: Ties) -> Vec<Option<f64>> {
    let mut out = vec![0.0; values.len()];
    Ordered::of(values.iter().copied()).rank(order, ties, &mut out);
    present(out)
}

/// The share of the other areas that are strictly worse: 0 is worst, 1 is best.
///
/// `(number of values strictly worse) / (n − 1)`, a fraction and not per cent. It depends on neither
/// the tie rule of a rank nor the size of the group, so positions in groups of different size can be
/// laid side by side.
///
/// # Missing values
/// A missing value has no percent rank and is not counted in `n`. A single value has no others to be
/// compared with: its percent rank is missing, neither 0 nor 1.
///
/// # Ties
/// Equal values are not worse than each other, so they share the lower figure: if all are equal, all
/// have 0. `-0.0` equals `0.0`.
///
/// # Source
/// The relative rank of SQL's `PERCENT_RANK`, `(min rank from the worst − 1) / (n − 1)`.
///
/// # Example: equal values are not worse than each other
/// ```
/// use kultti_core::stats::{Worst, percent_rank};
///
/// // n = 5, so each strictly worse value counts for a quarter.
/// let visits = [Some(3.0), Some(9.0), Some(5.0), Some(5.0), None, Some(7.0)];
/// assert_eq!(
///     percent_rank(&visits, Worst::Lowest),
///     [Some(0.0), Some(1.0), Some(0.25), Some(0.25), None, Some(0.75)],
/// );
/// ```
#[must_use]
pub fn percent_rank(values: &[Option<f64>], worst: Worst) -> Vec<Option<f64>> {
    let mut out = vec![0.0; values.len()];
    Ordered::of(values.iter().copied()).percent_rank(worst, &mut out);
    present(out)
}

/// Answers as they leave a kernel, where NaN is missing, with `None` for a missing one.
pub(super) fn present(values: Vec<f64>) -> Vec<Option<f64>> {
    values
        .into_iter()
        .map(|value| (!value.is_nan()).then_some(value))
        .collect()
}

/// Applies `f` to the values present and keeps the missing ones missing.
pub(super) fn map_present<T>(values: &[Option<f64>], f: impl Fn(f64) -> T) -> Vec<Option<T>> {
    values.iter().map(|value| value.map(&f)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL_TIES: [Ties; 4] = [Ties::Min, Ties::Max, Ties::Dense, Ties::Mean];

    #[test]
    fn tie_rules_side_by_side() {
        // From the largest: 40 | 30 30 | 10 stand on positions 1 | 2 3 | 4.
        let values = [Some(10.0), Some(30.0), Some(40.0), Some(30.0)];
        let ranks = |ties| rank(&values, Order::Descending, ties);
        assert_eq!(ranks(Ties::Min), [4.0, 2.0, 1.0, 2.0].map(Some));
        assert_eq!(ranks(Ties::Max), [4.0, 3.0, 1.0, 3.0].map(Some));
        assert_eq!(ranks(Ties::Dense), [3.0, 2.0, 1.0, 2.0].map(Some));
        assert_eq!(ranks(Ties::Mean), [4.0, 2.5, 1.0, 2.5].map(Some));
        assert_eq!(ranks(Ties::default()), ranks(Ties::Min));
    }

    #[test]
    fn ascending_puts_the_smallest_first() {
        let values = [Some(-5.0), None, Some(2.0), Some(0.5)];
        assert_eq!(
            rank(&values, Order::Ascending, Ties::Min),
            [Some(1.0), None, Some(3.0), Some(2.0)]
        );
    }

    #[test]
    fn negative_zero_is_zero() {
        let values = [Some(0.0), Some(-0.0), Some(1.0)];
        assert_eq!(
            rank(&values, Order::Ascending, Ties::Min),
            [1.0, 1.0, 3.0].map(Some)
        );
        assert_eq!(
            rank(&values, Order::Ascending, Ties::Dense),
            [1.0, 1.0, 2.0].map(Some)
        );
        assert_eq!(percent_rank(&values, Worst::Lowest), [0.0, 0.0, 1.0].map(Some));
        assert_eq!(percent_rank(&values, Worst::Highest), [0.5, 0.5, 0.0].map(Some));
    }

    #[test]
    fn groups_without_a_comparison() {
        let alone = [None, Some(7.0)];
        assert_eq!(rank(&alone, Order::Ascending, Ties::Mean), [None, Some(1.0)]);
        assert_eq!(percent_rank(&alone, Worst::Lowest), [None, None]);
        assert_eq!(rank(&[None; 3], Order::Ascending, Ties::Min), [None; 3]);
        assert_eq!(percent_rank(&[None; 3], Worst::Highest), [None; 3]);
        assert!(rank(&[], Order::Descending, Ties::Dense).is_empty());
        // All equal: nobody is worse than anybody.
        assert_eq!(percent_rank(&[Some(4.0); 3], Worst::Lowest), [Some(0.0); 3]);
        assert_eq!(
            rank(&[Some(4.0); 3], Order::Ascending, Ties::Mean),
            [Some(2.0); 3]
        );
        assert_eq!(rank(&[Some(4.0); 3], Order::Ascending, Ties::Max), [Some(3.0); 3]);
    }

    /// Integers from a small range, so that ties and missing values are common.
    fn columns() -> impl Strategy<Value = Vec<Option<f64>>> {
        prop::collection::vec(
            prop::option::weighted(0.8, (-6..6_i32).prop_map(f64::from)),
            0..30,
        )
    }

    fn orders() -> impl Strategy<Value = Order> {
        prop_oneof![Just(Order::Ascending), Just(Order::Descending)]
    }

    proptest! {
        #[test]
        fn permuting_the_input_permutes_the_result(
            (values, places) in columns().prop_flat_map(|v| {
                let places: Vec<usize> = (0..v.len()).collect();
                (Just(v), Just(places).prop_shuffle())
            }),
            order in orders(),
        ) {
            let pick = |column: &[Option<f64>]| -> Vec<Option<f64>> {
                places.iter().map(|&place| column[place]).collect()
            };
            for ties in ALL_TIES {
                let ranks = rank(&values, order, ties);
                prop_assert_eq!(rank(&pick(&values), order, ties), pick(&ranks));
            }
            let shares = percent_rank(&values, Worst::Lowest);
            prop_assert_eq!(percent_rank(&pick(&values), Worst::Lowest), pick(&shares));
        }

        #[test]
        fn a_monotone_transform_changes_nothing(values in columns(), order in orders()) {
            let grown = map_present(&values, |x| x.powi(3) + 2.0 * x - 100.0);
            let flipped = map_present(&values, |x| -x);
            let opposite = match order {
                Order::Ascending => Order::Descending,
                Order::Descending => Order::Ascending,
            };
            for ties in ALL_TIES {
                prop_assert_eq!(rank(&values, order, ties), rank(&grown, order, ties));
                prop_assert_eq!(rank(&values, order, ties), rank(&flipped, opposite, ties));
            }
            let shares = percent_rank(&values, Worst::Lowest);
            prop_assert_eq!(&shares, &percent_rank(&grown, Worst::Lowest));
            prop_assert_eq!(&shares, &percent_rank(&flipped, Worst::Highest));
        }

        #[test]
        fn mean_is_halfway_from_min_to_max_and_keeps_the_sum(
            values in columns(), order in orders()
        ) {
            let [min, max, _, mean] = ALL_TIES.map(|ties| rank(&values, order, ties));
            for ((low, high), middle) in min.iter().zip(&max).zip(&mean) {
                prop_assert_eq!(low.zip(*high).map(|(l, h)| (l + h) / 2.0), *middle);
            }
            let n = values.iter().flatten().count() as f64;
            prop_assert_eq!(mean.iter().flatten().sum::<f64>(), n * (n + 1.0) / 2.0);
        }

        #[test]
        fn percent_rank_follows_from_the_min_rank_counted_from_the_worst(values in columns()) {
            let n = values.iter().flatten().count() as f64;
            prop_assume!(n >= 2.0);
            for (worst, order) in
                [(Worst::Lowest, Order::Ascending), (Worst::Highest, Order::Descending)]
            {
                let ranks = rank(&values, order, Ties::Min);
                let expected = map_present(&ranks, |r| (r - 1.0) / (n - 1.0));
                prop_assert_eq!(percent_rank(&values, worst), expected);
            }
        }
    }
}
