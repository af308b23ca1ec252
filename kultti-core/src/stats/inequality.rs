//! Inequality between areas: Gini, Theil with its exact split by groups, the Lorenz curve.

use super::sum::exact_sum;
use std::fmt;

/// Why inequality has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InequalityMissing {
    /// No pair has a positive denominator.
    NoValues,
    /// A numerator is negative: shares of the sum are not shares then.
    NegativeValue,
    /// Everything is zero, so that there is nothing to have a share of.
    MeanNotPositive,
}

impl fmt::Display for InequalityMissing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoValues => "no values",
            Self::NegativeValue => "negative value",
            Self::MeanNotPositive => "mean not positive",
        })
    }
}

impl std::error::Error for InequalityMissing {}

/// The pairs that enter, by value `n / d`; equal values by denominator. The sums are N and D.
struct Sorted {
    pairs: Vec<(f64, f64)>,
    numerator: f64,
    denominator: f64,
}

impl Sorted {
    fn new(pairs: &[(f64, f64)]) -> Result<Self, InequalityMissing> {
        let mut pairs: Vec<(f64, f64)> = pairs.iter().copied().filter(|pair| pair.1 > 0.0).collect();
        if pairs.is_empty() {
            return Err(InequalityMissing::NoValues);
        }
        if pairs.iter().any(|pair| pair.0 < 0.0) {
            return Err(InequalityMissing::NegativeValue);
        }
        // Adding zero turns −0 into 0, which stands before it.
        let value = |pair: &(f64, f64)| pair.0 / pair.1 + 0.0;
        pairs.sort_by(|a, b| value(a).total_cmp(&value(b)).then(a.1.total_cmp(&b.1)));
        let numerator = exact_sum(pairs.iter().map(|pair| pair.0));
        let denominator = exact_sum(pairs.iter().map(|pair| pair.1));
        if numerator > 0.0 {
            Ok(Self {
                pairs,
                numerator,
                denominator,
            })
        } else {
            Err(InequalityMissing::MeanNotPositive)
        }
    }

    fn mean(&self) -> f64 {
        self.numerator / self.denominator
    }
}

/// The Gini coefficient between areas, `G = Σ_i Σ_j p_i p_j |x_i − x_j| / 2μ`.
///
/// From `(numerator, denominator)` pairs: `x = n/d`, `p = d/Σd`, so that μ is the ratio of sums
/// `Σn/Σd` and every inhabitant counts once, with the value of the own area. 0 where all values are
/// equal; towards 1 where one small area has everything. The multiplier of an indicator and the price
/// level change nothing.
///
/// The double sum is computed from the sorted values as `Σ_k P_k (1 − P_k)(x_(k+1) − x_(k)) / μ`, where
/// `P_k` is the share of the denominators of the k smallest values: O(n log n), and exactly 0 without
/// differences.
///
/// # Missing values
/// Pass the pairs with both present. A pair enters only when its denominator is positive. A zero is a
/// value. One area alone has no inequality: 0.
///
/// # Ties
/// Equal values add nothing, in whatever order.
///
/// # Errors
/// [`InequalityMissing`]: no values, a negative value, or a mean that is not positive.
///
/// # Source
/// Gini (1912); the weighted form as in Mookherjee & Shorrocks (1982).
///
/// # Example
/// ```
/// use kultti_core::stats::{InequalityMissing, gini};
///
/// // Two areas of equal size with 1 and 3 each: 2 · ½ · ½ · |1 − 3| / (2 · 2) = 0.25.
/// assert_eq!(gini(&[(100.0, 100.0), (300.0, 100.0)]), Ok(0.25));
/// assert_eq!(gini(&[(100.0, 100.0), (-1.0, 100.0)]), Err(InequalityMissing::NegativeValue));
/// ```
pub fn gini(pairs: &[(f64, f64)]) -> Result<f64, InequalityMissing> {
    let sorted = Sorted::new(pairs)?;
    let total = sorted.denominator;
    // What lies above is added up from the top: 1 − P would have no digits left beside a large last step.
    let mut above = vec![0.0; sorted.pairs.len()];
    for place in (1..sorted.pairs.len()).rev() {
        above[place - 1] = above[place] + sorted.pairs[place].1;
    }
    let mut below = 0.0;
    let steps = sorted.pairs.windows(2).zip(&above);
    let terms = steps.map(|(pair, above)| {
        let [(n, d), (next_n, next_d)] = [pair[0], pair[1]];
        below += d;
        (below / total) * (above / total) * (next_n / next_d - n / d)
    });
    let terms: Vec<f64> = terms.collect();
    Ok(exact_sum(terms) / sorted.mean())
}

/// `s · ln(s / p)` for shares of the sum and of the denominators; `0 · ln 0 = 0`.
fn theil_term(share: f64, weight: f64) -> f64 {
    if share > 0.0 {
        share * (share / weight).ln()
    } else {
        0.0
    }
}

/// The Theil index between areas, `T = Σ p_i (x_i/μ) ln(x_i/μ)`, with `0 · ln 0 = 0`.
///
/// From `(numerator, denominator)` pairs as [`gini`]. With `s_i = n_i/Σn` it is `Σ s_i ln(s_i/p_i)`:
/// how far the distribution of the numerator lies from that of the denominator. 0 where all values are
/// equal; at most `ln(Σd / min d)`. Unlike the Gini coefficient it splits exactly into inequality within
/// and between groups ([`theil_decomposition`]).
///
/// # Missing values
/// As [`gini`].
///
/// # Errors
/// As [`gini`].
///
/// # Source
/// Theil (1967), *Economics and Information Theory*.
///
/// # Example
/// ```
/// use kultti_core::stats::theil;
///
/// // One of two equal areas has everything: 1 · ln(1 / ½) = ln 2.
/// let index = theil(&[(0.0, 100.0), (300.0, 100.0)])?;
/// assert!((index - 2.0_f64.ln()).abs() < 1e-15);
/// # Ok::<(), kultti_core::stats::InequalityMissing>(())
/// ```
pub fn theil(pairs: &[(f64, f64)]) -> Result<f64, InequalityMissing> {
    let sorted = Sorted::new(pairs)?;
    let first = sorted.pairs[0];
    let same = |pair: &(f64, f64)| pair.0 / pair.1 == first.0 / first.1;
    if sorted.pairs.iter().all(same) {
        return Ok(0.0);
    }
    let term = |&(n, d): &(f64, f64)| theil_term(n / sorted.numerator, d / sorted.denominator);
    // The index is never negative; a sum of rounded terms may be, by a last digit.
    Ok(exact_sum(sorted.pairs.iter().map(term)).max(0.0))
}

/// A point of a Lorenz curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LorenzPoint {
    /// Share of the denominators of the areas with the smallest values so far.
    pub denominator: f64,
    /// Their share of the numerators.
    pub numerator: f64,
}

/// The Lorenz curve: the areas by value, smallest first, with their cumulated shares of the
/// denominators and of the numerators.
///
/// From `(numerator, denominator)` pairs as [`gini`]. n areas give n + 1 points, from (0, 0) to (1, 1); the
/// line between two points is straight. Twice the area between the curve and the diagonal is the Gini
/// coefficient.
///
/// # Missing values
/// As [`gini`].
///
/// # Ties
/// Areas of equal value stand by denominator; they lie on one straight line.
///
/// # Errors
/// As [`gini`].
///
/// # Source
/// Lorenz (1905).
///
/// # Example
/// ```
/// use kultti_core::stats::lorenz;
///
/// // 1 and 3 for each of 100 inhabitants: the first half has 100 of 400.
/// let curve = lorenz(&[(300.0, 100.0), (100.0, 100.0)])?;
/// let points: Vec<_> = curve.iter().map(|point| (point.denominator, point.numerator)).collect();
/// assert_eq!(points, [(0.0, 0.0), (0.5, 0.25), (1.0, 1.0)]);
/// # Ok::<(), kultti_core::stats::InequalityMissing>(())
/// ```
pub fn lorenz(pairs: &[(f64, f64)]) -> Result<Vec<LorenzPoint>, InequalityMissing> {
    let sorted = Sorted::new(pairs)?;
    let point = |n: f64, d: f64| LorenzPoint {
        denominator: (d / sorted.denominator).min(1.0),
        numerator: (n / sorted.numerator).min(1.0),
    };
    let mut points = vec![point(0.0, 0.0)];
    let (mut n, mut d) = (0.0, 0.0);
    for pair in &sorted.pairs {
        n += pair.0;
        d += pair.1;
        points.push(point(n, d));
    }
    // Whatever rounding has gathered, all of the areas have all of it.
    if let Some(last) = points.last_mut() {
        *last = point(sorted.numerator, sorted.denominator);
    }
    Ok(points)
}

/// The share of the numerators that falls on the share `denominator` with the smallest values, on the
/// straight lines of a [`lorenz`] curve.
///
/// # Missing values
/// `None` without points, or for a share outside 0–1.
///
/// # Source
/// Lorenz (1905).
///
/// # Example: the half that has least
/// ```
/// use kultti_core::stats::{lorenz, lorenz_share};
///
/// // 100 have nothing, 300 have all: half of all are these 100 and 100 of the 300.
/// let curve = lorenz(&[(0.0, 100.0), (600.0, 300.0)])?;
/// let share = lorenz_share(&curve, 0.5).unwrap();
/// assert!((share - 1.0 / 3.0).abs() < 1e-15);
/// # Ok::<(), kultti_core::stats::InequalityMissing>(())
/// ```
#[must_use]
pub fn lorenz_share(points: &[LorenzPoint], denominator: f64) -> Option<f64> {
    if !(0.0..=1.0).contains(&denominator) {
        return None;
    }
    let after = points.partition_point(|point| point.denominator < denominator);
    let upper = points.get(after)?;
    let Some(lower) = after.checked_sub(1).and_then(|before| points.get(before)) else {
        return Some(upper.numerator);
    };
    let part = (denominator - lower.denominator) / (upper.denominator - lower.denominator);
    Some(lower.numerator + part * (upper.numerator - lower.numerator))
}

/// A group's part in a Theil index.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TheilGroup {
    /// `S_g`: its share of the numerators.
    pub share: f64,
    /// Its share of the denominators.
    pub weight: f64,
    /// `μ_g/μ`: its ratio of sums as a multiple of that of all; `None` for a group without pairs.
    pub relative_mean: Option<f64>,
    /// `T_g`: the inequality inside the group; `None` where there is nothing to have a share of.
    pub theil: Option<f64>,
}

/// A Theil index with what lies within groups and what between them.
#[derive(Debug, Clone, PartialEq)]
pub struct TheilDecomposition {
    /// T.
    pub total: f64,
    /// `Σ S_g T_g`.
    pub within: f64,
    /// `Σ S_g ln(μ_g/μ)`.
    pub between: f64,
    /// The groups, in their order.
    pub groups: Vec<TheilGroup>,
}

/// Splits a Theil index exactly: `T = Σ S_g T_g + Σ S_g ln(μ_g/μ)`.
///
/// From `(numerator, denominator)` pairs as [`gini`], group by group. The first part is what would be left
/// if all groups had the same mean, the second what would be left if every area had the mean of its group.
/// A group without pairs, or with zeros only, adds nothing.
///
/// # Missing values
/// As [`gini`], over all groups together.
///
/// # Errors
/// As [`gini`].
///
/// # Source
/// Theil (1967); Shorrocks (1980) for the split.
///
/// # Example: all of it between
/// ```
/// use kultti_core::stats::theil_decomposition;
///
/// // Two groups with 1 and 3 for everyone: nothing within; ¼ ln(½) + ¾ ln(1.5) between.
/// let parts = theil_decomposition(&[vec![(10.0, 10.0), (40.0, 40.0)], vec![(150.0, 50.0)]])?;
/// assert_eq!(parts.within, 0.0);
/// assert!((parts.between - (0.25 * 0.5_f64.ln() + 0.75 * 1.5_f64.ln())).abs() < 1e-15);
/// # Ok::<(), kultti_core::stats::InequalityMissing>(())
/// ```
pub fn theil_decomposition(groups: &[Vec<(f64, f64)>]) -> Result<TheilDecomposition, InequalityMissing> {
    let all: Vec<(f64, f64)> = groups.iter().flatten().copied().collect();
    let total = theil(&all)?;
    let sums = |pairs: &[(f64, f64)]| {
        let entering = || pairs.iter().filter(|pair| pair.1 > 0.0);
        (
            exact_sum(entering().map(|pair| pair.0)),
            exact_sum(entering().map(|pair| pair.1)),
        )
    };
    let (numerator, denominator) = sums(&all);
    let part = |pairs: &Vec<(f64, f64)>| {
        let (n, d) = sums(pairs);
        TheilGroup {
            share: n / numerator,
            weight: d / denominator,
            relative_mean: (d > 0.0).then(|| (n / d) / (numerator / denominator)),
            theil: theil(pairs).ok(),
        }
    };
    let groups: Vec<TheilGroup> = groups.iter().map(part).collect();
    let within = groups
        .iter()
        .filter_map(|group| group.theil.map(|theil| group.share * theil));
    let between = groups.iter().map(|group| theil_term(group.share, group.weight));
    Ok(TheilDecomposition {
        total,
        within: exact_sum(within),
        between: exact_sum(between).max(0.0),
        groups,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Half the mean absolute difference over the mean, straight from the definition.
    fn double_sum(pairs: &[(f64, f64)]) -> f64 {
        let total: f64 = pairs.iter().map(|pair| pair.1).sum();
        let mean = pairs.iter().map(|pair| pair.0).sum::<f64>() / total;
        let mut sum = 0.0;
        for (n, d) in pairs {
            for (other_n, other_d) in pairs {
                sum += (d / total) * (other_d / total) * (n / d - other_n / other_d).abs();
            }
        }
        sum / (2.0 * mean)
    }

    fn close(found: f64, expected: f64) {
        assert!(
            (found - expected).abs() <= 1e-14 * expected.abs().max(1e-2),
            "{found} is not {expected}"
        );
    }

    #[test]
    fn three_areas_by_hand() {
        // x = 10, 20, 40; p = 0.5, 0.3, 0.2; μ = 5 + 6 + 8 = 19.
        // ΣΣ p p |Δ| = 2(0.5·0.3·10 + 0.5·0.2·30 + 0.3·0.2·20) = 2(1.5 + 3 + 1.2) = 11.4; G = 11.4/38 = 0.3.
        let pairs = [(800.0, 20.0), (500.0, 50.0), (600.0, 30.0)];
        close(gini(&pairs).unwrap(), 0.3);
        // s = 5/19, 6/19, 8/19.
        let theil_by_hand = 5.0 / 19.0 * (10.0_f64 / 19.0).ln()
            + 6.0 / 19.0 * (20.0_f64 / 19.0).ln()
            + 8.0 / 19.0 * (40.0_f64 / 19.0).ln();
        close(theil(&pairs).unwrap(), theil_by_hand);
        let curve = lorenz(&pairs).unwrap();
        let expected = [(0.0, 0.0), (0.5, 5.0 / 19.0), (0.8, 11.0 / 19.0), (1.0, 1.0)];
        assert_eq!(curve.len(), 4);
        for (point, (denominator, numerator)) in curve.iter().zip(expected) {
            close(point.denominator, denominator);
            close(point.numerator, numerator);
        }
        // 0.65 lies halfway from 0.5 to 0.8: 8/19.
        close(lorenz_share(&curve, 0.65).unwrap(), 8.0 / 19.0);
        assert_eq!(lorenz_share(&curve, 0.0), Some(0.0));
        assert_eq!(lorenz_share(&curve, 1.0), Some(1.0));
        assert_eq!(lorenz_share(&curve, 1.1), None);
        assert_eq!(lorenz_share(&[], 0.5), None);
    }

    #[test]
    fn one_of_many_has_everything() {
        // p = 1/4 each: G = 1 − 1/4, T = ln 4.
        let pairs = [(0.0, 5.0), (0.0, 5.0), (7.0, 5.0), (0.0, 5.0)];
        close(gini(&pairs).unwrap(), 0.75);
        close(theil(&pairs).unwrap(), 4.0_f64.ln());
    }

    #[test]
    fn no_differences_are_exactly_zero() {
        // A third each, which is no binary fraction.
        let pairs = [(1.0, 3.0), (7.0, 21.0), (123_457.0, 370_371.0)];
        assert_eq!((gini(&pairs), theil(&pairs)), (Ok(0.0), Ok(0.0)));
        assert_eq!((gini(&[(5.0, 2.0)]), theil(&[(5.0, 2.0)])), (Ok(0.0), Ok(0.0)));
    }

    #[test]
    fn what_has_no_inequality() {
        use InequalityMissing::{MeanNotPositive, NegativeValue, NoValues};
        for (pairs, reason) in [
            (vec![], NoValues),
            (vec![(3.0, 0.0), (3.0, -1.0)], NoValues),
            (vec![(3.0, 1.0), (-0.5, 1.0)], NegativeValue),
            (vec![(0.0, 1.0), (-0.0, 2.0)], MeanNotPositive),
        ] {
            assert_eq!(gini(&pairs), Err(reason));
            assert_eq!(theil(&pairs), Err(reason));
            assert_eq!(lorenz(&pairs), Err(reason));
            assert_eq!(theil_decomposition(&[pairs]), Err(reason));
        }
        // A negative numerator over nothing does not enter.
        assert_eq!(gini(&[(-3.0, 0.0), (3.0, 1.0)]), Ok(0.0));
    }

    #[test]
    fn groups_by_hand() {
        // Group 1: 10 and 30 for 50 each, mean 20, T = ¼ ln ½ + ¾ ln 1.5. Group 2: 40 for 100, T = 0. Group 3: zeros.
        // N = 500 + 1,500 + 4,000 = 6,000, D = 50 + 50 + 100 + 100 = 300, μ = 20.
        let groups = [
            vec![(500.0, 50.0), (1_500.0, 50.0)],
            vec![(4_000.0, 100.0)],
            vec![(0.0, 100.0)],
            vec![],
        ];
        let parts = theil_decomposition(&groups).unwrap();
        let inside = 0.25 * 0.5_f64.ln() + 0.75 * 1.5_f64.ln();
        close(parts.groups[0].theil.unwrap(), inside);
        close(parts.within, inside / 3.0);
        // S ln(μ_g/μ): ⅓ ln 1 + ⅔ ln 2.
        close(parts.between, 2.0 / 3.0 * 2.0_f64.ln());
        close(parts.total, inside / 3.0 + 2.0 / 3.0 * 2.0_f64.ln());
        assert_eq!((parts.groups[2].share, parts.groups[2].theil), (0.0, None));
        assert_eq!(parts.groups[2].relative_mean, Some(0.0));
        assert_eq!(
            (parts.groups[3].weight, parts.groups[3].relative_mean),
            (0.0, None)
        );
        close(parts.groups[1].relative_mean.unwrap(), 2.0);
        close(parts.groups[1].weight, 1.0 / 3.0);
    }

    fn country() -> impl Strategy<Value = Vec<(f64, f64)>> {
        let area = (0..5_000_000_u32, 1..700_000_u32);
        prop::collection::vec(area, 1..80)
            .prop_map(|areas| {
                areas
                    .into_iter()
                    .map(|(n, d)| (f64::from(n), f64::from(d)))
                    .collect()
            })
            .prop_filter("somebody has something", |areas: &Vec<(f64, f64)>| {
                areas.iter().any(|area| area.0 > 0.0)
            })
    }

    proptest! {
        #[test]
        fn the_sorted_form_is_the_double_sum(pairs in country()) {
            let found = gini(&pairs).unwrap();
            prop_assert!((found - double_sum(&pairs)).abs() <= 1e-12);
            prop_assert!((0.0..1.0).contains(&found));
        }

        #[test]
        fn the_curve_encloses_half_the_gini_coefficient(pairs in country()) {
            let curve = lorenz(&pairs).unwrap();
            let trapezoid = |pair: &[LorenzPoint]| {
                (pair[1].denominator - pair[0].denominator) * (pair[0].numerator + pair[1].numerator) / 2.0
            };
            let under: f64 = curve.windows(2).map(trapezoid).sum();
            prop_assert!((1.0 - 2.0 * under - gini(&pairs).unwrap()).abs() <= 1e-12);
            prop_assert!(curve.windows(2).all(|pair| pair[0].numerator <= pair[1].numerator));
        }

        #[test]
        fn within_and_between_are_the_whole(pairs in country(), groups in prop::collection::vec(0..6_usize, 80)) {
            let mut split = vec![Vec::new(); 6];
            for (pair, group) in pairs.iter().zip(&groups) {
                split[*group].push(*pair);
            }
            let parts = theil_decomposition(&split).unwrap();
            prop_assert!((parts.within + parts.between - parts.total).abs() <= 1e-12);
            prop_assert_eq!(parts.total, theil(&pairs).unwrap());
            prop_assert!(parts.within >= 0.0 && parts.between >= 0.0);
        }

        #[test]
        fn the_unit_of_the_figures_changes_nothing(pairs in country(), factor in 0.001..1_000.0_f64) {
            let scaled: Vec<_> = pairs.iter().map(|&(n, d)| (n * factor, d)).collect();
            prop_assert!((gini(&pairs).unwrap() - gini(&scaled).unwrap()).abs() <= 1e-12);
            prop_assert!((theil(&pairs).unwrap() - theil(&scaled).unwrap()).abs() <= 1e-12);
        }

        #[test]
        fn a_country_twice_is_as_unequal(pairs in country()) {
            let twice = [pairs.clone(), pairs.clone()].concat();
            prop_assert!((gini(&pairs).unwrap() - gini(&twice).unwrap()).abs() <= 1e-12);
            prop_assert!((theil(&pairs).unwrap() - theil(&twice).unwrap()).abs() <= 1e-12);
        }

        #[test]
        fn an_area_in_two_halves_is_as_unequal(pairs in country()) {
            let halves: Vec<_> = pairs.iter().flat_map(|&(n, d)| [(n / 2.0, d / 2.0); 2]).collect();
            prop_assert!((gini(&pairs).unwrap() - gini(&halves).unwrap()).abs() <= 1e-12);
            prop_assert!((theil(&pairs).unwrap() - theil(&halves).unwrap()).abs() <= 1e-12);
        }

        #[test]
        fn the_order_of_the_areas_does_not_matter(
            (pairs, permuted) in country().prop_flat_map(|v| (Just(v.clone()), Just(v).prop_shuffle()))
        ) {
            prop_assert_eq!(gini(&pairs), gini(&permuted));
            prop_assert_eq!(theil(&pairs), theil(&permuted));
            prop_assert_eq!(lorenz(&pairs), lorenz(&permuted));
        }
    }
}
