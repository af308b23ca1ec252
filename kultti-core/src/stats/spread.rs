//! Mean, spread and standard scores.

use super::ordered::Ordered;
use super::quantile::median_of_ascending;
use super::rank::present;
use super::sum::exact_sum;

/// Times the median absolute deviation: the standard deviation, for normally distributed values.
pub const MEDIAN_ABSOLUTE_DEVIATION_SCALE: f64 = 1.4826;

/// Times the mean absolute deviation about the median: the standard deviation, for normally
/// distributed values; `√(π/2)`.
pub const MEAN_ABSOLUTE_DEVIATION_SCALE: f64 = 1.2533;

/// The unweighted mean, `Σx / n`: every area counts the same, however large.
///
/// The sum is exact and rounded once, so the order of the input does not matter. The mean of ratios
/// is not the ratio of the sums: see [`ratio_of_sums`](super::ratio_of_sums).
///
/// # Missing values
/// Pass the values present. `None` when there are none.
///
/// # Example
/// ```
/// use kultti_core::stats::mean;
///
/// assert_eq!(mean(&[1.0, 2.0, 6.0]), Some(3.0));
/// assert_eq!(mean(&[]), None);
/// ```
#[must_use]
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| exact_sum(values.iter().copied()) / values.len() as f64)
}

/// The weighted mean of `(value, weight)` pairs, `Σwx / Σw`.
///
/// With the denominators of a ratio as weights it is the ratio of sums, up to rounding.
///
/// # Missing values
/// Pass the pairs with both present. A weight of 0 takes no part. `None` when a weight is negative or
/// no weight is positive.
///
/// # Example
/// ```
/// use kultti_core::stats::weighted_mean;
///
/// // (3 · 10 + 1 · 2) / 4
/// assert_eq!(weighted_mean(&[(10.0, 3.0), (2.0, 1.0)]), Some(8.0));
/// ```
#[must_use]
pub fn weighted_mean(pairs: &[(f64, f64)]) -> Option<f64> {
    if pairs.iter().any(|&(_, weight)| weight < 0.0) {
        return None;
    }
    let total = exact_sum(pairs.iter().map(|&(_, weight)| weight));
    let weighted = exact_sum(pairs.iter().map(|&(value, weight)| value * weight));
    (total > 0.0).then(|| weighted / total)
}

/// The sample standard deviation, `√(Σ(x − x̄)² / (n − 1))`.
///
/// In two passes, the mean first: the one-pass formula `Σx² − n·x̄²` loses every digit when the spread
/// is small beside the values. Values that are all equal have exactly 0.
///
/// # Missing values
/// Pass the values present. `None` for fewer than two: one value says nothing of the spread.
///
/// # Example
/// ```
/// use kultti_core::stats::standard_deviation;
///
/// // Mean 4, deviations −3, 0, 3: √(18 / 2).
/// assert_eq!(standard_deviation(&[1.0, 4.0, 7.0]), Some(3.0));
/// assert_eq!(standard_deviation(&[4.0]), None);
/// ```
#[must_use]
pub fn standard_deviation(values: &[f64]) -> Option<f64> {
    mean_and_deviation(values).map(|(_, deviation)| deviation)
}

/// Mean and sample standard deviation; `None` for fewer than two values.
pub(super) fn mean_and_deviation(values: &[f64]) -> Option<(f64, f64)> {
    let center = mean(values)?;
    if values.len() < 2 {
        return None;
    }
    if !has_spread(values) {
        return Some((center, 0.0));
    }
    let squares = exact_sum(values.iter().map(|value| (value - center).powi(2)));
    Some((center, (squares / (values.len() - 1) as f64).sqrt()))
}

/// The median absolute deviation about the median, `MAD = median(|x − median(x)|)`.
///
/// A spread that stays put while fewer than half of the values run away: one municipality's new
/// concert hall hardly moves it. It is not scaled; times [`MEDIAN_ABSOLUTE_DEVIATION_SCALE`] it estimates
/// the standard deviation. It is 0 as soon as more than half of the values are equal.
///
/// # Missing values
/// Pass the values present. `None` when there are none.
///
/// # Source
/// Iglewicz & Hoaglin (1993), *How to Detect and Handle Outliers*.
///
/// # Example
/// ```
/// use kultti_core::stats::median_absolute_deviation;
///
/// // Median 3; deviations 2, 1, 0, 1, 97, in order 0, 1, 1, 2, 97.
/// assert_eq!(median_absolute_deviation(&[1.0, 2.0, 3.0, 4.0, 100.0]), Some(1.0));
/// ```
#[must_use]
pub fn median_absolute_deviation(values: &[f64]) -> Option<f64> {
    median_deviation(Ordered::of(values.iter().copied().map(Some)).values())
}

/// The standard score of each value, `z = (x − x̄) / s`, with the sample standard deviation.
///
/// How many standard deviations a value lies above the mean of its group; the scores have mean 0 and
/// standard deviation 1. One extreme value pulls both `x̄` and `s` towards itself: see
/// [`robust_z_scores`].
///
/// # Missing values
/// A missing value has no score and takes no part in `x̄` and `s`. Every score is missing when fewer
/// than two values are present or all are equal.
///
/// # Example
/// ```
/// use kultti_core::stats::z_scores;
///
/// // Mean 4, standard deviation 3.
/// assert_eq!(
///     z_scores(&[Some(1.0), None, Some(4.0), Some(7.0)]),
///     [Some(-1.0), None, Some(0.0), Some(1.0)],
/// );
/// ```
#[must_use]
pub fn z_scores(values: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut out = vec![0.0; values.len()];
    Ordered::of(values.iter().copied()).z_scores(&mut out);
    present(out)
}

/// The measure of spread that a set of robust z-scores was divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RobustScale {
    /// 1.4826 times the median absolute deviation about the median.
    MedianAbsoluteDeviation,
    /// 1.2533 times the mean absolute deviation about the median: the median one was 0, because more
    /// than half of the values are equal.
    MeanAbsoluteDeviation,
}

/// The robust score of each value, `(x − median) / (1.4826 · MAD)`, and the scale it was divided by.
///
/// An outlier cannot hide itself here: it hardly moves the median and the MAD. Where
/// the MAD is 0 though the values differ, the scale is `1.2533 ·` the mean absolute deviation about
/// the median, and the answer says so.
///
/// # Missing values
/// A missing value has no score and takes no part in the scale. When no value is present or all are
/// equal there is no spread: every score is missing and so is the scale.
///
/// # Source
/// Iglewicz & Hoaglin (1993), *How to Detect and Handle Outliers*, whose 0.6745 is 1/1.4826 rounded.
///
/// # Example: the fallback is named
/// ```
/// use kultti_core::stats::{RobustScale, robust_z_scores};
///
/// let values = [Some(0.0), Some(0.0), Some(0.0), Some(4.0), None];
/// // Median 0, MAD 0, mean absolute deviation 4/4 = 1: the score of 4 is 4 / 1.2533.
/// let (scores, scale) = robust_z_scores(&values);
/// assert_eq!(scores, [Some(0.0), Some(0.0), Some(0.0), Some(4.0 / 1.2533), None]);
/// assert_eq!(scale, Some(RobustScale::MeanAbsoluteDeviation));
/// ```
#[must_use]
pub fn robust_z_scores(values: &[Option<f64>]) -> (Vec<Option<f64>>, Option<RobustScale>) {
    let mut out = vec![0.0; values.len()];
    let scale = Ordered::of(values.iter().copied()).robust_z_scores(&mut out);
    (present(out), scale)
}

/// The standard score of one value against a group that it need not belong to, `(x − x̄) / s` over the
/// group's values.
///
/// # Missing values
/// Pass the values present. `None` for fewer than two, or where all are equal.
///
/// # Example
/// ```
/// use kultti_core::stats::standard_score;
///
/// // Mean 4, standard deviation 3.
/// assert_eq!(standard_score(10.0, &[1.0, 4.0, 7.0]), Some(2.0));
/// assert_eq!(standard_score(10.0, &[4.0, 4.0]), None);
/// ```
#[must_use]
pub fn standard_score(value: f64, group: &[f64]) -> Option<f64> {
    let (center, deviation) = mean_and_deviation(group)?;
    (deviation > 0.0).then(|| (value - center) / deviation)
}

/// The robust score of one value against a group that it need not belong to, and the scale it was divided
/// by: as [`robust_z_scores`].
///
/// # Missing values
/// Pass the values present. `None` where there are none, or all are equal.
///
/// # Source
/// Iglewicz & Hoaglin (1993), *How to Detect and Handle Outliers*.
///
/// # Example
/// ```
/// use kultti_core::stats::{RobustScale, robust_score};
///
/// // Median 3, MAD 1.
/// let (score, scale) = robust_score(6.0, &[1.0, 2.0, 3.0, 4.0, 100.0]).unwrap();
/// assert_eq!((score, scale), (3.0 / 1.4826, RobustScale::MedianAbsoluteDeviation));
/// ```
#[must_use]
pub fn robust_score(value: f64, group: &[f64]) -> Option<(f64, RobustScale)> {
    let ordered = Ordered::of(group.iter().copied().map(Some));
    let center = median_of_ascending(ordered.values())?;
    let (spread, scale) = robust_spread(ordered.values())?;
    Some(((value - center) / spread, scale))
}

/// The scaled robust spread of ascending values and its name; `None` without spread.
pub(super) fn robust_spread(ascending: &[f64]) -> Option<(f64, RobustScale)> {
    let by_median = MEDIAN_ABSOLUTE_DEVIATION_SCALE * median_deviation(ascending)?;
    if by_median > 0.0 {
        return Some((by_median, RobustScale::MedianAbsoluteDeviation));
    }
    let center = median_of_ascending(ascending)?;
    let total = exact_sum(ascending.iter().map(|value| (value - center).abs()));
    let by_mean = MEAN_ABSOLUTE_DEVIATION_SCALE * (total / ascending.len() as f64);
    (by_mean > 0.0).then_some((by_mean, RobustScale::MeanAbsoluteDeviation))
}

/// The median of `|x − median|` of ascending values, without sorting again; `None` when there are none.
///
/// Going down from the median the deviations grow, and so they do going up: they are two ascending
/// sequences. How many of the first half come from the lower one is found by bisection.
fn median_deviation(ascending: &[f64]) -> Option<f64> {
    let center = median_of_ascending(ascending)?;
    let (n, half) = (ascending.len(), ascending.len() / 2);
    // The `k`th of each sequence, from 0; past its end, larger than any other.
    let lower = |k: usize| {
        half.checked_sub(k + 1)
            .map_or(f64::INFINITY, |at| center - ascending[at])
    };
    let upper = |k: usize| {
        ascending
            .get(half + k)
            .map_or(f64::INFINITY, |value| value - center)
    };
    // As many deviations as come before the middle one, or before the first of the two middle ones.
    let before = (n - 1) / 2;
    let (mut least, mut most) = (0, before.min(half));
    while least < most {
        let taken = usize::midpoint(least, most);
        if lower(taken) < upper(before - taken - 1) {
            least = taken + 1;
        } else {
            most = taken;
        }
    }
    let (next_lower, next_upper) = (lower(least), upper(before - least));
    let middle = next_lower.min(next_upper);
    if n % 2 == 1 {
        return Some(middle);
    }
    let second = if next_lower <= next_upper {
        lower(least + 1).min(next_upper)
    } else {
        next_lower.min(upper(before - least + 1))
    };
    median_of_ascending(&[middle, second])
}

/// Whether any two values differ. Asked of the values themselves: a mean of equal values can be off by
/// one unit in the last place, and their computed spread then is not 0.
fn has_spread(values: &[f64]) -> bool {
    values.windows(2).any(|pair| matches!(pair, [a, b] if a != b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::rank::map_present;
    use proptest::prelude::*;

    #[test]
    fn spread_is_not_lost_beside_large_values() {
        // Deviations −1, 0, 1 whatever the level: √(2/2) = 1.
        let level = 1e9;
        assert_eq!(standard_deviation(&[level, level + 1.0, level + 2.0]), Some(1.0));
    }

    #[test]
    fn equal_values_have_no_spread() {
        for n in 2..40 {
            let values = vec![0.1; n];
            assert_eq!(standard_deviation(&values), Some(0.0));
            assert_eq!(median_absolute_deviation(&values), Some(0.0));
        }
        assert_eq!(z_scores(&[Some(0.1); 7]), [None; 7]);
        assert_eq!(robust_z_scores(&[Some(0.1); 7]), (vec![None; 7], None));
        assert_eq!(z_scores(&[Some(0.0), Some(-0.0)]), [None; 2]);
    }

    #[test]
    fn a_member_scores_against_its_group_as_within_it() {
        let values = [1.0, 1.5, 4.0, 9.0, 9.0];
        let slots: Vec<_> = values.map(Some).to_vec();
        let (robust, scale) = robust_z_scores(&slots);
        for (place, value) in values.into_iter().enumerate() {
            assert_eq!(standard_score(value, &values), z_scores(&slots)[place]);
            assert_eq!(robust_score(value, &values), robust[place].zip(scale));
        }
        assert_eq!(standard_score(1.0, &[2.0]), None);
        assert_eq!(robust_score(1.0, &[]), None);
        assert_eq!(robust_score(1.0, &[2.0, 2.0]), None);
    }

    #[test]
    fn too_few_values() {
        assert_eq!(standard_deviation(&[]), None);
        assert_eq!(median_absolute_deviation(&[]), None);
        assert_eq!(z_scores(&[None, Some(3.0)]), [None; 2]);
        assert_eq!(z_scores(&[None; 2]), [None; 2]);
        assert_eq!(robust_z_scores(&[None, Some(3.0)]), (vec![None; 2], None));
        assert_eq!(robust_z_scores(&[]), (vec![], None));
    }

    #[test]
    fn robust_scores_by_the_median_deviation() {
        // Median 3, MAD 1 (see the example of the MAD): (100 − 3) / 1.4826 and (2 − 3) / 1.4826.
        let values = [1.0, 2.0, 3.0, 4.0, 100.0].map(Some);
        let (scores, scale) = robust_z_scores(&values);
        assert_eq!(scale, Some(RobustScale::MedianAbsoluteDeviation));
        assert_eq!(scores[4], Some(97.0 / 1.4826));
        assert_eq!(scores[1], Some(-1.0 / 1.4826));
        assert_eq!(scores[2], Some(0.0));
    }

    #[test]
    fn weighted_means_at_the_edges() {
        assert_eq!(weighted_mean(&[]), None);
        assert_eq!(weighted_mean(&[(5.0, 0.0)]), None);
        assert_eq!(weighted_mean(&[(5.0, 2.0), (1.0, -1.0)]), None);
        assert_eq!(weighted_mean(&[(5.0, 2.0), (1.0, 0.0)]), Some(5.0));
    }

    fn columns() -> impl Strategy<Value = Vec<Option<f64>>> {
        prop::collection::vec(
            prop::option::weighted(0.8, (-9..9_i32).prop_map(f64::from)),
            0..30,
        )
    }

    proptest! {
        #[test]
        fn reducers_do_not_depend_on_order(
            (values, permuted) in prop::collection::vec(-1e6..1e6_f64, 0..30)
                .prop_flat_map(|v| (Just(v.clone()), Just(v).prop_shuffle()))
        ) {
            prop_assert_eq!(mean(&values), mean(&permuted));
            prop_assert_eq!(standard_deviation(&values), standard_deviation(&permuted));
            prop_assert_eq!(
                median_absolute_deviation(&values),
                median_absolute_deviation(&permuted)
            );
            let pairs = |v: &[f64]| v.iter().map(|x| (*x, x.abs())).collect::<Vec<_>>();
            prop_assert_eq!(weighted_mean(&pairs(&values)), weighted_mean(&pairs(&permuted)));
        }

        #[test]
        fn permuting_the_input_permutes_the_scores(
            (values, places) in columns().prop_flat_map(|v| {
                let places: Vec<usize> = (0..v.len()).collect();
                (Just(v), Just(places).prop_shuffle())
            })
        ) {
            let pick = |column: &[Option<f64>]| -> Vec<Option<f64>> {
                places.iter().map(|&place| column[place]).collect()
            };
            prop_assert_eq!(z_scores(&pick(&values)), pick(&z_scores(&values)));
            let (scores, scale) = robust_z_scores(&values);
            prop_assert_eq!(robust_z_scores(&pick(&values)), (pick(&scores), scale));
        }

        #[test]
        fn z_scores_have_mean_0_and_standard_deviation_1(values in columns()) {
            let scores: Vec<f64> = z_scores(&values).into_iter().flatten().collect();
            prop_assume!(!scores.is_empty());
            prop_assert!(mean(&scores).unwrap().abs() <= 1e-14);
            prop_assert!((standard_deviation(&scores).unwrap() - 1.0).abs() <= 1e-14);
        }

        #[test]
        fn scores_ignore_origin_and_unit(values in columns()) {
            // Eighths of small integers are exact, so even the scale in use must stay the same.
            let moved = map_present(&values, |x| x / 8.0 - 3.0);
            let close = |a: &[Option<f64>], b: &[Option<f64>]| {
                a.iter().zip(b).all(|pair| match pair {
                    (Some(x), Some(y)) => (x - y).abs() <= 1e-13 * x.abs().max(1.0),
                    (x, y) => x == y,
                })
            };
            prop_assert!(close(&z_scores(&values), &z_scores(&moved)));
            let (scores, scale) = robust_z_scores(&values);
            let (moved_scores, moved_scale) = robust_z_scores(&moved);
            prop_assert!(close(&scores, &moved_scores));
            prop_assert_eq!(scale, moved_scale);
        }
    }
}
