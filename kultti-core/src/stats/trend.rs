//! The trend of a series: its slope by Theil and Sen, and the test of Mann and Kendall.

use super::quantile::median;
use statrs::distribution::{ContinuousCDF, Normal};
use statrs::function::erf::erfc;

/// The fewest points of which a trend is said anything: 5.
///
/// # Source
/// Kultti's own rule. With four points no ordering is rarer than 2 in 24, so that a test at 5 % could never find a trend;
/// with five it can (2 in 120).
pub const TREND_MINIMUM: usize = 5;

/// Up to this many points the distribution of S is counted out rather than approximated.
const EXACT: usize = 10;

/// The share of the interval of a slope.
const CONFIDENCE: f64 = 0.95;

/// A line through a series that a few odd points do not bend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TheilSen {
    /// The median of the slopes of all pairs of points, per unit of time.
    pub slope: f64,
    /// Sen's 95 % interval of the slope: its lower end.
    pub lower: f64,
    /// Its upper end.
    pub upper: f64,
    /// The height of the line at time 0: median(x) − slope · median(t).
    pub intercept: f64,
    /// The points.
    pub n: usize,
}

/// The slope of a series by Theil and Sen: the median of `(x_j − x_i) / (t_j − t_i)` over all pairs of points.
///
/// Up to 29 % of the points may be anything at all without carrying the slope away, which a least-squares line cannot say
/// of one. Points are `(time, value)`; the slope is in the unit of the value per unit of time, so that with years it is per
/// year. The intercept is `median(x) − slope · median(t)`.
///
/// Sen's interval: of the `N` slopes in order, those in places `(N ∓ z·σ)/2` with `z` the normal quantile of 95 % and
/// `σ² = [n(n−1)(2n+5) − Σ u(u−1)(2u+5)] / 18` over groups of `u` equal values. It rests on points that are independent of
/// one another; with few points it can be no wider than from the smallest slope to the largest.
///
/// # Missing values
/// Pass the points present: gaps in time are allowed, for every pair is divided by its own distance. `None` for fewer than
/// [`TREND_MINIMUM`] points.
///
/// # Ties
/// Equal values give slopes of 0. Two points at the same time give no slope.
///
/// # Source
/// Theil 1950; Sen 1968; the intercept is Conover's (1980).
///
/// # Example
/// ```
/// use kultti_core::stats::theil_sen;
///
/// // A rise of 2 a year with one odd year.
/// let series = [(0.0, 10.0), (1.0, 12.0), (2.0, 14.0), (3.0, 90.0), (4.0, 18.0)];
/// let line = theil_sen(&series).unwrap();
/// // The ten slopes in order: −72, 2, 2, 2, 2, 2, 2, 80/3, 39, 76.
/// assert_eq!(line.slope, 2.0);
/// // 14 − 2 · 2
/// assert_eq!(line.intercept, 10.0);
/// ```
#[must_use]
pub fn theil_sen(points: &[(f64, f64)]) -> Option<TheilSen> {
    if points.len() < TREND_MINIMUM {
        return None;
    }
    let mut slopes = Vec::with_capacity(points.len() * (points.len() - 1) / 2);
    for (place, (t, x)) in points.iter().enumerate() {
        let later = points[place + 1..].iter().filter(|(other, _)| other != t);
        // Adding 0 makes the zero of equal values a positive one.
        slopes.extend(later.map(|(other, value)| (value - x) / (other - t) + 0.0));
    }
    slopes.sort_unstable_by(f64::total_cmp);
    let slope = median(&slopes)?;
    let of = |side: fn(&(f64, f64)) -> f64| median(&points.iter().map(side).collect::<Vec<_>>());
    let (lower, upper) = interval(&slopes, points);
    Some(TheilSen {
        slope,
        lower,
        upper,
        intercept: of(|point| point.1)? - slope * of(|point| point.0)?,
        n: points.len(),
    })
}

/// The slopes in Sen's places.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "places among a few slopes; a negative one becomes the first"
)]
fn interval(slopes: &[f64], points: &[(f64, f64)]) -> (f64, f64) {
    let (times, values): (Vec<f64>, Vec<f64>) = points.iter().copied().unzip();
    let variance = variance_of_s(points.len(), &tied(&values)) - correction(&tied(&times)) / 18.0;
    let z = Normal::standard().inverse_cdf(f64::midpoint(1.0, CONFIDENCE));
    let (count, reach) = (slopes.len() as f64, z * variance.max(0.0).sqrt());
    let low = (f64::midpoint(count, -reach).round_ties_even() - 1.0).max(0.0) as usize;
    let high = f64::midpoint(count, reach).round_ties_even() as usize;
    let at = |place: usize| slopes[place.min(slopes.len() - 1)];
    (at(low), at(high))
}

/// How a probability was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TrendTest {
    /// Every order of the values was counted, ties and all.
    Exact,
    /// From the normal distribution.
    Normal,
}

impl TrendTest {
    /// The name in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Normal => "normal",
        }
    }
}

/// Whether a series rises or falls more than chance would let it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MannKendall {
    /// Pairs that rise minus pairs that fall.
    pub s: i64,
    /// Kendall's τ-b, from −1 to 1: S over the pairs, corrected for ties; `None` where all values are equal.
    pub tau: Option<f64>,
    /// The two-sided probability of an |S| at least this large if the order of the values were chance.
    pub p: f64,
    /// How it was found.
    pub method: TrendTest,
    /// The values.
    pub n: usize,
}

/// The test of Mann and Kendall on values in the order of time: `S = Σ sign(x_j − x_i)` over all pairs `i < j`.
///
/// Up to 10 values the probability is exact: the share of the orders in which the very same values, ties included, could
/// have come and that give an |S| at least as large. Above, `z = (S ∓ 1)/σ` with the continuity correction and
/// `σ² = [n(n−1)(2n+5) − Σ u(u−1)(2u+5)] / 18` over groups of `u` equal values, and `p = 2·(1 − Φ(|z|))`.
///
/// The test assumes that a value says nothing of the next but through the trend. Yearly figures of an area often do (a
/// dear year is followed by a dear year), and then p is too small.
///
/// # Missing values
/// Pass the values present. `None` for fewer than [`TREND_MINIMUM`].
///
/// # Ties
/// A pair of equal values neither rises nor falls. All equal: S = 0, p = 1, and no τ.
///
/// # Source
/// Mann 1945; Kendall 1970 for ties. The exact distribution is that of the inversions of the orders of a multiset
/// (MacMahon 1916).
///
/// # Example
/// ```
/// use kultti_core::stats::{TrendTest, mann_kendall};
///
/// // All ten pairs rise; of the 120 orders of five values only this one and its reverse are as far out.
/// let test = mann_kendall(&[1.0, 2.0, 3.0, 5.0, 8.0]).unwrap();
/// assert_eq!((test.s, test.tau, test.method), (10, Some(1.0), TrendTest::Exact));
/// assert_eq!(test.p, 2.0 / 120.0);
/// ```
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "pairs of a series")]
pub fn mann_kendall(values: &[f64]) -> Option<MannKendall> {
    if values.len() < TREND_MINIMUM {
        return None;
    }
    let mut s = 0_i64;
    for (place, value) in values.iter().enumerate() {
        for later in &values[place + 1..] {
            s += i64::from(later > value) - i64::from(later < value);
        }
    }
    let groups = tied(values);
    let pairs = |of: usize| (of * of.saturating_sub(1) / 2) as f64;
    let all = pairs(values.len());
    let untied = all - groups.iter().copied().map(pairs).sum::<f64>();
    let exact = values.len() <= EXACT;
    Some(MannKendall {
        s,
        tau: (untied > 0.0).then(|| s as f64 / (all * untied).sqrt()),
        p: if exact {
            share_as_far_out(&groups, s)
        } else {
            normal(s, variance_of_s(values.len(), &groups))
        },
        method: if exact {
            TrendTest::Exact
        } else {
            TrendTest::Normal
        },
        n: values.len(),
    })
}

/// The sizes of the groups of equal values, those of one included.
fn tied(values: &[f64]) -> Vec<usize> {
    let mut sorted: Vec<f64> = values.iter().map(|value| value + 0.0).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let groups = sorted.chunk_by(|left, right| left.total_cmp(right).is_eq());
    groups.map(<[f64]>::len).collect()
}

#[expect(clippy::cast_precision_loss, reason = "the length of a series")]
fn correction(groups: &[usize]) -> f64 {
    let of = |size: &usize| {
        let size = *size as f64;
        size * (size - 1.0) * (2.0 * size + 5.0)
    };
    groups.iter().map(of).sum()
}

fn variance_of_s(n: usize, groups: &[usize]) -> f64 {
    (correction(&[n]) - correction(groups)) / 18.0
}

#[expect(clippy::cast_precision_loss, reason = "pairs of a series")]
fn normal(s: i64, variance: f64) -> f64 {
    let nearer = (s.abs() - 1).max(0) as f64;
    if variance > 0.0 {
        erfc(nearer / variance.sqrt() / std::f64::consts::SQRT_2)
    } else {
        1.0
    }
}

/// The share of the orders of values, in groups of equal ones, whose |S| is at least as large.
///
/// S is the untied pairs minus twice the inversions. When a group of `t` larger values is laid among `m` smaller ones, each
/// of the `t` stands before between 0 and `m` of them: the inversions added are those of a partition in a box of `t` by
/// `m`, so that the numbers of orders by inversions multiply up group by group.
#[expect(clippy::cast_precision_loss, reason = "at most 10! orders")]
fn share_as_far_out(groups: &[usize], s: i64) -> f64 {
    let mut orders = vec![1_u64];
    let mut laid = 0;
    for size in groups {
        orders = product(&orders, &partitions(*size, laid));
        laid += size;
    }
    let untied = i64::try_from(orders.len()).unwrap_or(i64::MAX) - 1;
    let mut far = 0;
    let mut left = untied;
    for count in &orders {
        far += if left.abs() >= s.abs() { *count } else { 0 };
        left -= 2;
    }
    far as f64 / orders.iter().sum::<u64>() as f64
}

/// The number of partitions of 0, 1, 2 … into at most `parts` parts of at most `size` each.
fn partitions(parts: usize, size: usize) -> Vec<u64> {
    if parts == 0 || size == 0 {
        return vec![1];
    }
    // Either no part has the full size, or one has and is taken away.
    let mut all = partitions(parts, size - 1);
    all.resize(parts * size + 1, 0);
    for (place, count) in partitions(parts - 1, size).into_iter().enumerate() {
        all[place + size] += count;
    }
    all
}

fn product(left: &[u64], right: &[u64]) -> Vec<u64> {
    let mut all = vec![0; left.len() + right.len() - 1];
    for (place, count) in left.iter().enumerate() {
        for (other, times) in right.iter().enumerate() {
            all[place + other] += count * times;
        }
    }
    all
}

/// A group's index over changing panels, 100 in the first period:
/// `I_t = I_{t−1} · (Σn_t/Σd_t) / (Σn_{t−1}/Σd_{t−1})`, each step on the areas that have both its periods.
///
/// `steps` are the group's values at both ends of each step, `(before, after)`. An area that has no figure in one year is
/// out of two steps and not of the whole series; the price is drift: the product of many steps need not come back to where a
/// direct comparison of first and last stands.
///
/// # Missing values
/// A step that is missing, or begins at a value that is not positive, leaves the index missing from there on.
///
/// # Source
/// Chained index numbers (Fisher 1922).
///
/// # Example
/// ```
/// use kultti_core::stats::chained_index;
///
/// // 10 → 11 on one panel, 20 → 30 on another: 100 · 1.1 · 1.5.
/// let index = chained_index(&[Some((10.0, 11.0)), Some((20.0, 30.0))]);
/// assert!((index[2].unwrap() - 165.0).abs() < 1e-12);
/// ```
#[must_use]
pub fn chained_index(steps: &[Option<(f64, f64)>]) -> Vec<Option<f64>> {
    let mut index = vec![Some(100.0)];
    for step in steps {
        let last = index.last().copied().flatten();
        let positive = step.filter(|(before, _)| *before > 0.0);
        index.push(
            last.zip(positive)
                .map(|(last, (before, after))| last * (after / before)),
        );
    }
    index
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// |S| of every order of the values, one by one.
    fn enumerated(values: &[f64]) -> f64 {
        fn s(values: &[f64]) -> i64 {
            let pairs = (0..values.len()).flat_map(|i| (i + 1..values.len()).map(move |j| (i, j)));
            pairs
                .map(|(i, j)| match values[j].partial_cmp(&values[i]) {
                    Some(std::cmp::Ordering::Greater) => 1,
                    Some(std::cmp::Ordering::Less) => -1,
                    _ => 0,
                })
                .sum()
        }
        fn permute(values: &mut Vec<f64>, from: usize, each: &mut dyn FnMut(&[f64])) {
            if from == values.len() {
                each(values);
            }
            for place in from..values.len() {
                values.swap(from, place);
                permute(values, from + 1, each);
                values.swap(from, place);
            }
        }
        let own = s(values).abs();
        let (mut far, mut all) = (0_u32, 0_u32);
        permute(&mut values.to_vec(), 0, &mut |order| {
            all += 1;
            far += u32::from(s(order).abs() >= own);
        });
        f64::from(far) / f64::from(all)
    }

    #[test]
    fn a_line_is_itself_even_with_gaps() {
        // x = 3 − 0.5·t, at times that are not evenly spaced.
        let points = [0.0, 1.0, 4.0, 7.0, 8.0].map(|t| (t, 3.0 - 0.5 * t));
        let line = theil_sen(&points).unwrap();
        assert_eq!((line.slope, line.lower, line.upper), (-0.5, -0.5, -0.5));
        // median(x) − slope · median(t) = 1 + 0.5 · 4
        assert_eq!((line.intercept, line.n), (3.0, 5));
    }

    #[test]
    fn sens_interval_takes_the_slopes_in_its_places() {
        // n = 6, no ties: σ² = 6·5·17/18 = 28.33…, z·σ = 1.95996 · 5.32291 = 10.43271; of the 15 slopes the places are
        // (15 − 10.43)/2 = 2.28 → the second, and (15 + 10.43)/2 = 12.72 → the one after the thirteenth. In order:
        // 1, 1, 2, 2.5, 2.5, 2.5, 2.5, 3, 4, 4, 4, 4.75, 5, 7, 10.
        let values = [0.0, 1.0, 5.0, 6.0, 10.0, 20.0];
        let points: Vec<(f64, f64)> = (0..6).map(f64::from).zip(values).collect();
        let line = theil_sen(&points).unwrap();
        assert_eq!((line.lower, line.slope, line.upper), (1.0, 3.0, 7.0));
        // median(x) − 3 · median(t) = 5.5 − 3 · 2.5
        assert_eq!(line.intercept, -2.0);
    }

    #[test]
    fn equal_values_have_no_trend() {
        for n in [5, 10, 11, 30] {
            let points: Vec<(f64, f64)> = (0..n).map(|t| (f64::from(t), 7.0)).collect();
            let line = theil_sen(&points).unwrap();
            assert_eq!(
                (line.slope, line.lower, line.upper, line.intercept),
                (0.0, 0.0, 0.0, 7.0)
            );
            let values: Vec<f64> = points.iter().map(|point| point.1).collect();
            let test = mann_kendall(&values).unwrap();
            assert_eq!((test.s, test.tau, test.p), (0, None, 1.0));
        }
    }

    #[test]
    fn fewer_than_five_points_say_nothing() {
        assert_eq!(theil_sen(&[(0.0, 1.0), (1.0, 2.0), (2.0, 3.0), (3.0, 4.0)]), None);
        assert_eq!(mann_kendall(&[1.0, 2.0, 3.0, 4.0]), None);
    }

    #[test]
    fn ties_are_counted_out() {
        // 1 1 1 1 2: the 2 has five places, S = 4, 2, 0, −2, −4; |S| ≥ 4 in two of five.
        let test = mann_kendall(&[1.0, 1.0, 1.0, 1.0, 2.0]).unwrap();
        assert_eq!((test.s, test.p), (4, 0.4));
        // τ-b = 4 / √(10 · (10 − 6))
        assert_eq!(test.tau, Some(4.0 / 40.0_f64.sqrt()));
        // −0 and 0 are the same value.
        assert_eq!(mann_kendall(&[0.0, -0.0, 0.0, -0.0, 2.0]).unwrap().p, 0.4);
    }

    #[test]
    fn eleven_values_are_tested_with_the_normal_distribution() {
        // S = 55, σ² = 11·10·27/18 = 165, z = 54/12.845 = 4.2039; 2·(1 − Φ(4.2039)) = 2.6232e-5.
        let values: Vec<f64> = (0..11).map(f64::from).collect();
        let test = mann_kendall(&values).unwrap();
        assert_eq!(
            (test.s, test.tau, test.method),
            (55, Some(1.0), TrendTest::Normal)
        );
        assert!((test.p - 2.6232e-5).abs() < 1e-8, "{}", test.p);
    }

    #[test]
    fn a_chain_that_breaks_stays_broken() {
        let steps = [Some((10.0, 11.0)), None, Some((10.0, 12.0))];
        let index = chained_index(&steps);
        assert!((index[1].unwrap() - 110.0).abs() < 1e-12);
        assert_eq!((index[2], index[3]), (None, None));
        assert_eq!(chained_index(&[Some((0.0, 5.0))])[1], None);
        assert_eq!(chained_index(&[Some((4.0, -2.0))])[1], Some(-50.0));
    }

    proptest! {
        #[test]
        fn the_exact_probability_is_that_of_enumeration(values in prop::collection::vec(0..4_i32, 5..=7)) {
            let values: Vec<f64> = values.into_iter().map(f64::from).collect();
            prop_assert_eq!(mann_kendall(&values).unwrap().p, enumerated(&values));
        }

        #[test]
        fn turning_time_turns_the_trend(values in prop::collection::vec(-50..50_i32, 5..=14)) {
            let forth: Vec<f64> = values.iter().copied().map(f64::from).collect();
            let back: Vec<f64> = forth.iter().rev().copied().collect();
            let (one, other) = (mann_kendall(&forth).unwrap(), mann_kendall(&back).unwrap());
            prop_assert_eq!((one.s, one.p), (-other.s, other.p));
            let line = |values: &[f64]| {
                let points: Vec<(f64, f64)> = (0..).map(f64::from).zip(values.iter().copied()).collect();
                theil_sen(&points).unwrap()
            };
            let (one, other) = (line(&forth), line(&back));
            prop_assert!((one.slope + other.slope).abs() <= 1e-15 * 100.0);
            prop_assert!(one.lower <= one.slope && one.slope <= one.upper);
        }

        #[test]
        fn one_panel_has_no_drift(values in prop::collection::vec(0.1..1e6_f64, 2..12)) {
            let steps: Vec<_> = values.windows(2).map(|pair| Some((pair[0], pair[1]))).collect();
            let last = chained_index(&steps).last().copied().flatten().unwrap();
            let direct = 100.0 * values[values.len() - 1] / values[0];
            prop_assert!((last - direct).abs() <= 1e-13 * direct * 12.0);
        }
    }
}
