//! Quantiles by named type, weighted quantiles and quantile groups.

use super::exact::ExactSum;
use super::ordered::Ordered;
use super::rank::{Order, map_present, present};

/// Positions closer to a whole number than this, relative to their size, are that number: `0.07 · 100`
/// is 7.000000000000001 in doubles. R's `quantile` uses the same allowance.
const POSITION_TOLERANCE: f64 = 4.0 * f64::EPSILON;

/// How a quantile is read between the ordered values `x_1 ≤ … ≤ x_n`.
///
/// The nine types of Hyndman & Fan. Types 1 to 3 step from value to value; types 4 to 9 interpolate at
/// the position `h`, giving `x_⌊h⌋ + (h − ⌊h⌋)(x_⌊h⌋+1 − x_⌊h⌋)`, with `h` held between 1 and `n`.
///
/// # Source
/// Hyndman & Fan (1996), *Sample quantiles in statistical packages*, The American Statistician 50(4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum QuantileType {
    /// Inverse of the empirical distribution: the smallest value with at least `np` values up to it.
    Type1,
    /// As type 1, with the mean of the two neighbours where `np` is whole.
    Type2,
    /// The value nearest to position `np`, the even position at a tie (SAS).
    Type3,
    /// `h = np`.
    Type4,
    /// `h = np + 1/2` (Hazen).
    Type5,
    /// `h = (n + 1)p` (Weibull; SPSS, Minitab).
    Type6,
    /// `h = (n − 1)p + 1` (default here, in R, NumPy, DuckDB and in Excel's `QUARTILE.INC`).
    #[default]
    Type7,
    /// `h = (n + 1/3)p + 1/3`: about median-unbiased whatever the distribution.
    Type8,
    /// `h = (n + 1/4)p + 3/8`: about unbiased for the normal distribution.
    Type9,
}

impl QuantileType {
    /// The position among `1..=n` at which the quantile is read; a fraction means between two values.
    fn position(self, n: f64, p: f64) -> f64 {
        let whole = |position: f64| {
            let nearest = position.round();
            let close = (position - nearest).abs() <= POSITION_TOLERANCE * nearest.abs().max(1.0);
            if close { nearest } else { position }
        };
        match self {
            Self::Type1 => whole(n * p).ceil(),
            Self::Type2 => {
                let position = whole(n * p);
                if position.fract() == 0.0 {
                    position + 0.5
                } else {
                    position.ceil()
                }
            }
            Self::Type3 => (whole(n * p - 0.5) + 0.5).round_ties_even(),
            Self::Type4 => whole(n * p),
            Self::Type5 => whole(n * p + 0.5),
            Self::Type6 => whole((n + 1.0) * p),
            Self::Type7 => whole((n - 1.0) * p + 1.0),
            Self::Type8 => whole((n + 1.0 / 3.0) * p + 1.0 / 3.0),
            Self::Type9 => whole((n + 0.25) * p + 0.375),
        }
    }
}

/// The quantile of order `p` of ascending values, by the named type.
///
/// Quartiles of the same data differ between programs because the types differ, so the type is part
/// of every published quantile. Exact, never approximate. The values must be sorted ascending.
///
/// # Missing values
/// Pass the values present. `None` when there are none or `p` lies outside `[0, 1]`.
///
/// # Ties
/// Equal values need no rule: between two equal values every type gives that value.
///
/// # Source
/// Hyndman & Fan (1996); see [`QuantileType`].
///
/// # Example: the lower quartile of four values, by three types
/// ```
/// use kultti_core::stats::{QuantileType, quantile};
///
/// let visits = [1.0, 3.0, 10.0, 40.0];
/// // Type 7: h = 3 · 0.25 + 1 = 1.75, so 1 + 0.75 · (3 − 1).
/// assert_eq!(quantile(&visits, 0.25, QuantileType::Type7), Some(2.5));
/// // Type 6: h = 5 · 0.25 = 1.25, so 1 + 0.25 · 2.
/// assert_eq!(quantile(&visits, 0.25, QuantileType::Type6), Some(1.5));
/// // Type 1: np = 1 value is enough.
/// assert_eq!(quantile(&visits, 0.25, QuantileType::Type1), Some(1.0));
/// ```
#[must_use]
pub fn quantile(sorted: &[f64], p: f64, kind: QuantileType) -> Option<f64> {
    if !(0.0..=1.0).contains(&p) {
        return None;
    }
    let last = sorted.len().checked_sub(1)?;
    let position = kind.position(sorted.len() as f64, p);
    let below = position.floor();
    let at = |place: f64| sorted.get(((place - 1.0).max(0.0) as usize).min(last)).copied();
    Some(interpolate(at(below)?, at(below + 1.0)?, position - below))
}

/// The point at `fraction` of the way between two values; exact at both ends and between equals.
fn interpolate(low: f64, high: f64, fraction: f64) -> f64 {
    let span = high - low;
    if fraction == 0.0 {
        low
    } else if span.is_infinite() {
        // Two finite values may lie further apart than the largest double.
        (1.0 - fraction) * low + fraction * high
    } else if fraction < 0.5 {
        low + fraction * span
    } else {
        high - (1.0 - fraction) * span
    }
}

/// The median: the middle value, or halfway between the two middle ones.
///
/// The type 7 quantile of order ½; all types from 5 to 9, and type 2, agree on it. The order of the
/// input does not matter.
///
/// # Missing values
/// Pass the values present. `None` when there are none.
///
/// # Source
/// Hyndman & Fan (1996).
///
/// # Example
/// ```
/// use kultti_core::stats::median;
///
/// // Between 3 and 10; the 400 does not move it.
/// assert_eq!(median(&[400.0, 3.0, 1.0, 10.0]), Some(6.5));
/// assert_eq!(median(&[]), None);
/// ```
#[must_use]
pub fn median(values: &[f64]) -> Option<f64> {
    Ordered::of(values.iter().copied().map(Some)).median()
}

/// The median of values that are ascending already: the type 7 quantile of order ½, whose position is
/// always on a value or halfway between two.
pub(super) fn median_of_ascending(sorted: &[f64]) -> Option<f64> {
    let (low, high) = (
        sorted.get(sorted.len().checked_sub(1)? / 2)?,
        sorted.get(sorted.len() / 2)?,
    );
    let fraction = if sorted.len() % 2 == 1 { 0.0 } else { 0.5 };
    Some(interpolate(*low, *high, fraction))
}

/// Divides values into `groups` of about equal size, numbered from 1 in the order asked for.
///
/// `q = 1 + ⌊Q(r − 1)/n⌋` with `r` the min rank, in integers. With four groups and an ascending
/// order, 1 is the quarter with the lowest values.
///
/// # Missing values
/// A missing value has no group and is not counted in `n`. With fewer values than groups, or with no
/// group asked for, every group is missing.
///
/// # Ties
/// Equal values share a group, so groups may differ in size and some may be empty. SQL's `NTILE`
/// would part equal values by the order of the rows instead.
///
/// # Source
/// Kultti's own rule.
///
/// # Example: a tie across the cut
/// ```
/// use kultti_core::stats::{Order, quantile_groups};
///
/// let costs = [Some(5.0), Some(8.0), Some(8.0), None, Some(9.0)];
/// // Ranks 1, 2, 2, 4 of n = 4 in two groups: ⌊0/4⌋, ⌊2/4⌋, ⌊2/4⌋, ⌊6/4⌋.
/// assert_eq!(
///     quantile_groups(&costs, 2, Order::Ascending),
///     [Some(1), Some(1), Some(1), None, Some(2)],
/// );
/// ```
#[must_use]
pub fn quantile_groups(values: &[Option<f64>], groups: u32, order: Order) -> Vec<Option<u32>> {
    let mut out = vec![0.0; values.len()];
    Ordered::of(values.iter().copied()).quantile_groups(groups, order, &mut out);
    map_present(&present(out), |group| group as u32)
}

/// The weighted quantile of order `p`: the value up to which a share `p` of the weight lies.
///
/// From `(value, weight)` pairs, the smallest `x` whose cumulated weight reaches `p · Σw`; where it is
/// reached exactly, the mean of `x` and the next value. With equal weights this is the type 2 quantile.
/// The median distance to a library, with the inhabitants of each grid cell as weight, is the distance
/// within which half of them live.
///
/// The cumulated weights are exact sums, rounded once each; they count as equal to `p · Σw` when they
/// differ by no more than a few units in the last place.
///
/// # Missing values
/// Pass the pairs with both present. A weight of 0 takes no part. `None` when a weight is negative,
/// when no weight is positive, or when `p` lies outside `[0, 1]`.
///
/// # Ties
/// The weights of equal values add up, in any order.
///
/// # Source
/// The inverse of the weighted empirical distribution; type 2 of Hyndman & Fan (1996) for equal weights.
///
/// # Example: most of the inhabitants live close
/// ```
/// use kultti_core::stats::weighted_quantile;
///
/// // (km, inhabitants); 100 in all, half of them is 50.
/// let cells = [(9.0, 10.0), (1.0, 30.0), (2.0, 40.0), (4.0, 20.0)];
/// // Cumulated 30, 70, 90, 100: 50 is reached at 2 km.
/// assert_eq!(weighted_quantile(&cells, 0.5), Some(2.0));
/// // 70 is reached exactly at 2 km, so halfway to the next value, 4 km.
/// assert_eq!(weighted_quantile(&cells, 0.7), Some(3.0));
/// ```
#[must_use]
pub fn weighted_quantile(pairs: &[(f64, f64)], p: f64) -> Option<f64> {
    if !(0.0..=1.0).contains(&p) || pairs.iter().any(|&(_, weight)| weight < 0.0) {
        return None;
    }
    let mut sorted: Vec<(f64, f64)> = pairs.iter().copied().filter(|pair| pair.1 > 0.0).collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let target = p * super::exact_sum(sorted.iter().map(|pair| pair.1));
    let tolerance = POSITION_TOLERANCE * target;
    let mut cumulated = ExactSum::new();
    let mut rest = sorted.iter();
    while let Some(&(value, weight)) = rest.next() {
        cumulated.add(weight);
        let reached = cumulated.value();
        if (reached - target).abs() <= tolerance {
            let next = rest.next().map_or(value, |pair| pair.0);
            return Some(f64::midpoint(value, next));
        }
        if reached > target {
            return Some(value);
        }
    }
    // Only rounding of the last cumulated weight could lead here.
    sorted.last().map(|pair| pair.0)
}

#[cfg(test)]
mod tests {
    use super::QuantileType::*;
    use super::*;
    use proptest::prelude::*;

    const ALL_TYPES: [QuantileType; 9] = [Type1, Type2, Type3, Type4, Type5, Type6, Type7, Type8, Type9];

    #[test]
    fn nine_types_agree_with_numpy() {
        // NumPy 2.4.6: numpy.quantile([1, 3, 10, 40], p, method=...) at p = .1, .25, .5, .9.
        let oracle = [
            (Type1, [1.0, 1.0, 3.0, 40.0]),                     // inverted_cdf
            (Type2, [1.0, 2.0, 6.5, 40.0]),                     // averaged_inverted_cdf
            (Type3, [1.0, 1.0, 3.0, 40.0]),                     // closest_observation
            (Type4, [1.0, 1.0, 3.0, 28.0]),                     // interpolated_inverted_cdf
            (Type5, [1.0, 2.0, 6.5, 40.0]),                     // hazen
            (Type6, [1.0, 1.5, 6.5, 40.0]),                     // weibull
            (Type7, [1.6, 2.5, 6.5, 31.0]),                     // linear
            (Type8, [1.0, 1.833_333_333_333_333_5, 6.5, 40.0]), // median_unbiased
            (Type9, [1.0, 1.875, 6.5, 40.0]),                   // normal_unbiased
        ];
        for (kind, expected) in oracle {
            for (p, want) in [0.1, 0.25, 0.5, 0.9].into_iter().zip(expected) {
                let got = quantile(&[1.0, 3.0, 10.0, 40.0], p, kind).unwrap();
                assert!(
                    (got - want).abs() <= 1e-14 * want,
                    "{kind:?} at {p}: {got} not {want}"
                );
            }
        }
    }

    #[test]
    fn a_tie_of_type_3_goes_to_the_even_position() {
        let sorted = [10.0, 20.0, 30.0, 40.0, 50.0];
        // np = 2.5 is halfway between positions 2 and 3: the even one, 2.
        assert_eq!(quantile(&sorted, 0.5, Type3), Some(20.0));
        // np = 3.5 is halfway between 3 and 4: again the even one, 4.
        assert_eq!(quantile(&sorted, 0.7, Type3), Some(40.0));
    }

    #[test]
    fn a_whole_position_is_seen_through_rounding() {
        // 100 · 0.07 is 7.000000000000001 in doubles; the seventh value is meant, not the eighth.
        let sorted: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!(quantile(&sorted, 0.07, Type1), Some(7.0));
        assert_eq!(quantile(&sorted, 0.07, Type2), Some(7.5));
    }

    #[test]
    fn quantiles_of_nothing_and_of_one() {
        for kind in ALL_TYPES {
            assert_eq!(quantile(&[], 0.5, kind), None);
            assert_eq!(quantile(&[7.0], 0.3, kind), Some(7.0));
            assert_eq!(quantile(&[7.0, 8.0], -0.1, kind), None);
            assert_eq!(quantile(&[7.0, 8.0], 1.1, kind), None);
            assert_eq!(quantile(&[0.1; 5], 0.37, kind), Some(0.1));
        }
    }

    #[test]
    fn groups_of_nine_in_four() {
        // ⌊4·k/9⌋ for k = 0..8 is 0 0 0 1 1 2 2 3 3.
        let values: Vec<_> = (0..9).map(|k| Some(f64::from(k))).collect();
        let ascending = quantile_groups(&values, 4, Order::Ascending);
        assert_eq!(ascending, [1, 1, 1, 2, 2, 3, 3, 4, 4].map(Some));
        let descending = quantile_groups(&values, 4, Order::Descending);
        assert_eq!(descending, [4, 4, 3, 3, 2, 2, 1, 1, 1].map(Some));
    }

    #[test]
    fn groups_with_ties_may_be_empty() {
        // Ranks 1 1 1 1 5 of n = 5: ⌊5·0/5⌋ and ⌊5·4/5⌋; groups 2, 3 and 4 are empty.
        let values = [2.0, 2.0, -0.0, 0.0, 0.0].map(Some);
        assert_eq!(
            quantile_groups(&values, 5, Order::Descending),
            [1, 1, 3, 3, 3].map(Some) // 0 follows two larger values: 1 + ⌊5·2/5⌋ = 3
        );
        assert_eq!(
            quantile_groups(&[Some(4.0); 3], 3, Order::Ascending),
            [Some(1); 3]
        );
    }

    #[test]
    fn too_few_values_have_no_groups() {
        assert_eq!(
            quantile_groups(&[Some(1.0), None], 2, Order::Ascending),
            [None, None]
        );
        assert_eq!(quantile_groups(&[Some(1.0)], 0, Order::Ascending), [None]);
        assert_eq!(quantile_groups(&[None; 2], 1, Order::Ascending), [None; 2]);
        assert_eq!(
            quantile_groups(&[Some(1.0), None], 1, Order::Ascending),
            [Some(1), None]
        );
    }

    #[test]
    fn weights_that_are_no_weights() {
        assert_eq!(weighted_quantile(&[], 0.5), None);
        assert_eq!(weighted_quantile(&[(1.0, 0.0)], 0.5), None);
        assert_eq!(weighted_quantile(&[(1.0, 3.0), (2.0, -1.0)], 0.5), None);
        assert_eq!(weighted_quantile(&[(1.0, 3.0)], 1.5), None);
        // A weight of 0 is no neighbour: half of the weight is reached at 1, the next value is 5.
        assert_eq!(
            weighted_quantile(&[(1.0, 3.0), (2.0, 0.0), (5.0, 3.0)], 0.5),
            Some(3.0)
        );
    }

    #[test]
    fn weighted_quantile_at_both_ends() {
        let pairs = [(2.0, 0.1), (1.0, 0.1), (3.0, 0.1)];
        assert_eq!(weighted_quantile(&pairs, 0.0), Some(1.0));
        assert_eq!(weighted_quantile(&pairs, 1.0), Some(3.0));
    }

    proptest! {
        #[test]
        fn the_median_is_the_type_7_quantile_of_one_half(
            mut values in prop::collection::vec(-1e300..1e300_f64, 0..40)
        ) {
            let middle = median(&values);
            values.sort_by(f64::total_cmp);
            prop_assert_eq!(middle, quantile(&values, 0.5, Type7));
        }

        #[test]
        fn quantiles_grow_with_p_and_stay_within_the_values(
            mut values in prop::collection::vec(-1e6..1e6_f64, 1..30),
            (p, q) in (0.0..=1.0_f64, 0.0..=1.0_f64),
        ) {
            values.sort_by(f64::total_cmp);
            let (low, high) = (p.min(q), p.max(q));
            for kind in ALL_TYPES {
                let at_low = quantile(&values, low, kind).unwrap();
                let at_high = quantile(&values, high, kind).unwrap();
                prop_assert!(values[0] <= at_low && at_low <= at_high);
                prop_assert!(at_high <= values[values.len() - 1]);
            }
        }

        #[test]
        fn equal_weights_give_type_2(
            mut values in prop::collection::vec(-1e6..1e6_f64, 1..30),
            weight in 1..50_u8, percent in 0..=100_u8,
        ) {
            let pairs: Vec<_> = values.iter().map(|&v| (v, f64::from(weight))).collect();
            values.sort_by(f64::total_cmp);
            let p = f64::from(percent) / 100.0;
            let plain = quantile(&values, p, Type2).unwrap();
            let weighted = weighted_quantile(&pairs, p).unwrap();
            prop_assert!((weighted - plain).abs() <= 1e-12 * plain.abs().max(1.0));
        }

        #[test]
        fn weighted_quantile_does_not_depend_on_order(
            (pairs, permuted) in prop::collection::vec(((0..9_u8).prop_map(f64::from), 0.0..5.0_f64), 0..30)
                .prop_flat_map(|v| (Just(v.clone()), Just(v).prop_shuffle())),
            p in 0.0..=1.0_f64,
        ) {
            prop_assert_eq!(weighted_quantile(&pairs, p), weighted_quantile(&permuted, p));
        }

        #[test]
        fn groups_follow_their_values(
            (values, places) in prop::collection::vec(
                prop::option::weighted(0.8, (-6..6_i32).prop_map(f64::from)), 0..30)
                .prop_flat_map(|v| {
                    let places: Vec<usize> = (0..v.len()).collect();
                    (Just(v), Just(places).prop_shuffle())
                }),
            count in 1..6_u32,
        ) {
            let groups = quantile_groups(&values, count, Order::Ascending);
            let shuffled: Vec<_> = places.iter().map(|&place| values[place]).collect();
            let expected: Vec<_> = places.iter().map(|&place| groups[place]).collect();
            prop_assert_eq!(quantile_groups(&shuffled, count, Order::Ascending), expected);
            let grown = map_present(&values, |x| (x / 3.0).exp() - 7.0);
            prop_assert_eq!(&quantile_groups(&grown, count, Order::Ascending), &groups);
            let flipped = map_present(&values, |x| -x);
            prop_assert_eq!(&quantile_groups(&flipped, count, Order::Descending), &groups);
            prop_assert!(groups.iter().flatten().all(|group| (1..=count).contains(group)));
        }

        #[test]
        fn without_ties_groups_differ_by_one_at_most(n in 1..60_u32, count in 1..12_u32) {
            prop_assume!(n >= count);
            let values: Vec<_> = (0..n).map(|k| Some(f64::from(k))).collect();
            let groups = quantile_groups(&values, count, Order::Ascending);
            for group in 1..=count {
                let size = groups.iter().filter(|&&g| g == Some(group)).count() as u32;
                prop_assert!(size == n / count || size == n.div_ceil(count));
            }
        }
    }
}
