//! The value of a group of areas, and how much of the group stands behind it.

use super::sum::decimal_sum;

/// The share of the members, and of their denominator, from which a ratio, mean, median or quantile
/// of a group is published: 0.6.
///
/// # Source
/// Kultti's own default; it can be changed, and the coverage is always shown beside the value.
pub const COVERAGE_THRESHOLD: f64 = 0.6;

/// The value of a group as the ratio of its sums, `m · Σn / Σd`.
///
/// From `(numerator, denominator)` pairs: what the group has for each unit of its denominator, as if
/// it were one area, so that large areas weigh more. `decimals` are the declared decimals of
/// numerator and denominator; both sums are exact ([`decimal_sum`]) and there is one division.
///
/// It differs from the unweighted mean of the ratios `x = m·n/d` by `|G| · Cov(d, x) / Σd`: the two
/// agree only where the ratio does not go with size.
///
/// # Missing values
/// Pass the pairs with both present. A pair enters, with both of its parts, only when its denominator
/// is positive; a numerator may be zero or negative. `None` when nothing enters.
///
/// # Source
/// The ratio estimator of survey sampling, and its identity with the covariance of size and ratio.
///
/// # Example: the large area decides
/// ```
/// use kultti_core::stats::{mean, ratio_of_sums};
///
/// // Euros and inhabitants: 10 €/inhabitant in a town of 90, 20 in a village of 10.
/// let group = [(900.0, 90.0), (200.0, 10.0)];
/// // (900 + 200) / (90 + 10)
/// assert_eq!(ratio_of_sums(&group, 1.0, (2, 0)), Some(11.0));
/// assert_eq!(mean(&[10.0, 20.0]), Some(15.0));
/// ```
#[must_use]
pub fn ratio_of_sums(pairs: &[(f64, f64)], multiplier: f64, decimals: (u8, u8)) -> Option<f64> {
    let entering = || pairs.iter().filter(|&&(_, denominator)| denominator > 0.0);
    let numerator = decimal_sum(entering().map(|pair| pair.0), decimals.0);
    let denominator = decimal_sum(entering().map(|pair| pair.1), decimals.1);
    (denominator > 0.0).then(|| multiplier * numerator / denominator)
}

/// How much of a group stands behind its value.
///
/// The share of the areas says how many answered, the share of the denominator how much of the
/// group's population (or other denominator) they hold: one missing city can be a thousandth of the
/// areas and a tenth of the inhabitants.
///
/// # Missing values
/// An area where the datum cannot exist is no member. A denominator share that cannot be known stays
/// `None`; it is never taken for 1.
///
/// # Source
/// Kultti's own rule.
///
/// # Example
/// ```
/// use kultti_core::stats::{COVERAGE_THRESHOLD, Coverage};
///
/// // 3 of 4 areas have the figure, but the largest does not: 400 of 1 000 inhabitants.
/// let coverage = Coverage::new(4, 3, Some(400.0), Some(1000.0));
/// assert_eq!(coverage.areas, Some(0.75));
/// assert_eq!(coverage.denominator, Some(0.4));
/// assert!(!coverage.is_sufficient(COVERAGE_THRESHOLD));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coverage {
    /// The areas of the group where the datum can exist.
    pub members: usize,
    /// The members with numerator and denominator.
    pub n: usize,
    /// `n / members`; `None` without members.
    pub areas: Option<f64>,
    /// The denominator of the `n` as a share of the denominator of all members; `None` when the
    /// denominator of a member is not known or there is none.
    pub denominator: Option<f64>,
}

impl Coverage {
    /// Computes both shares.
    ///
    /// `covered_denominator` is `Σd` over the `n`, `total_denominator` is `Σd` over all members: `None`
    /// when it is not known for every one of them.
    ///
    /// # Missing values
    /// The denominator share is `None` when either sum is, or when the total is not positive.
    ///
    /// # Example: a member of unknown size
    /// ```
    /// use kultti_core::stats::Coverage;
    ///
    /// let coverage = Coverage::new(5, 4, Some(800.0), None);
    /// assert_eq!(coverage.areas, Some(0.8));
    /// assert_eq!(coverage.denominator, None);
    /// ```
    #[must_use]
    pub fn new(
        members: usize,
        n: usize,
        covered_denominator: Option<f64>,
        total_denominator: Option<f64>,
    ) -> Self {
        let total = total_denominator.filter(|&total| total > 0.0);
        Self {
            members,
            n,
            areas: (members > 0).then(|| n as f64 / members as f64),
            denominator: covered_denominator
                .zip(total)
                .map(|(covered, total)| covered / total),
        }
    }

    /// Whether a ratio, mean, median or quantile may be published: both shares reach the threshold.
    ///
    /// The threshold itself is enough. A total is another matter: it needs all members.
    ///
    /// # Missing values
    /// An unknown denominator share is not counted against the group; the result carries a note
    /// instead. A group without members is never sufficient.
    ///
    /// # Example
    /// ```
    /// use kultti_core::stats::Coverage;
    ///
    /// // 3 of 5 are 0.6.
    /// assert!(Coverage::new(5, 3, Some(70.0), Some(100.0)).is_sufficient(0.6));
    /// assert!(Coverage::new(5, 3, Some(70.0), None).is_sufficient(0.6));
    /// assert!(!Coverage::new(0, 0, None, None).is_sufficient(0.6));
    /// ```
    #[must_use]
    pub fn is_sufficient(&self, threshold: f64) -> bool {
        self.areas.is_some_and(|share| share >= threshold)
            && self.denominator.is_none_or(|share| share >= threshold)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{exact_sum, mean, weighted_mean};
    use proptest::prelude::*;

    #[test]
    fn library_loans_of_2019() {
        // In any two parts, 85 965 258 loans / 5 488 130 inhabitants of the mainland a year earlier = 15.66.
        let parts = [(80_000_000.0, 5_000_000.0), (5_965_258.0, 488_130.0)];
        let loans = ratio_of_sums(&parts, 1.0, (0, 0)).unwrap();
        assert_eq!((loans * 100.0).round(), 1566.0);
    }

    #[test]
    fn the_multiplier_comes_before_the_division() {
        // 1 000 · (1.5 + 0.5) / (300 + 100) = 5
        assert_eq!(
            ratio_of_sums(&[(1.5, 300.0), (0.5, 100.0)], 1000.0, (2, 0)),
            Some(5.0)
        );
    }

    #[test]
    fn a_pair_without_a_positive_denominator_leaves_both_sums() {
        // The 50 and the 70 do not enter: 30 / 10.
        let pairs = [(30.0, 10.0), (50.0, 0.0), (70.0, -5.0)];
        assert_eq!(ratio_of_sums(&pairs, 1.0, (0, 0)), Some(3.0));
        // A negative or zero numerator does: (30 − 10 + 0) / (10 + 5 + 5).
        let pairs = [(30.0, 10.0), (-10.0, 5.0), (0.0, 5.0)];
        assert_eq!(ratio_of_sums(&pairs, 1.0, (0, 0)), Some(1.0));
        assert_eq!(ratio_of_sums(&[(50.0, 0.0)], 1.0, (0, 0)), None);
        assert_eq!(ratio_of_sums(&[], 1.0, (0, 0)), None);
    }

    #[test]
    fn coverage_at_its_edges() {
        let none = Coverage::new(0, 0, None, None);
        assert_eq!((none.areas, none.denominator), (None, None));
        assert_eq!(Coverage::new(2, 2, Some(0.0), Some(0.0)).denominator, None);
        assert_eq!(Coverage::new(2, 1, None, Some(5.0)).denominator, None);
        // Six of ten areas; the size of a member is not known, which is not held against the rest.
        assert!(Coverage::new(10, 6, Some(90.0), None).is_sufficient(0.6));
        assert!(!none.is_sufficient(0.0));
        // Enough inhabitants, too few areas; then the other way round.
        assert!(!Coverage::new(10, 5, Some(90.0), Some(100.0)).is_sufficient(0.6));
        assert!(!Coverage::new(10, 9, Some(50.0), Some(100.0)).is_sufficient(0.6));
    }

    proptest! {
        #[test]
        fn three_fifths_of_any_group_are_enough(fifths in 1..100_000_usize) {
            // The shares are correctly rounded, so 3k/5k and the threshold are the same double.
            let size = (5 * fifths) as f64;
            let coverage = Coverage::new(5 * fifths, 3 * fifths, Some(size * 3.0), Some(size * 5.0));
            prop_assert!(coverage.is_sufficient(COVERAGE_THRESHOLD));
            let short = Coverage::new(5 * fifths, 3 * fifths - 1, None, None);
            prop_assert!(!short.is_sufficient(COVERAGE_THRESHOLD));
        }

        #[test]
        fn ratio_of_sums_minus_mean_is_the_covariance_term(
            cents in prop::collection::vec((1..1_000_000_000_u32, 1..700_000_u32), 1..60),
            multiplier in prop_oneof![Just(1.0), Just(100.0), Just(1000.0)],
        ) {
            let pairs: Vec<(f64, f64)> =
                cents.iter().map(|&(n, d)| (f64::from(n) / 100.0, f64::from(d))).collect();
            let ratios: Vec<f64> = pairs.iter().map(|(n, d)| multiplier * n / d).collect();
            let sizes: Vec<f64> = pairs.iter().map(|pair| pair.1).collect();
            let (x_mean, d_mean) = (mean(&ratios).unwrap(), mean(&sizes).unwrap());
            // |G| · Cov(d, x) is the plain sum of the products of deviations.
            let products = sizes.iter().zip(&ratios).map(|(d, x)| (d - d_mean) * (x - x_mean));
            let term = exact_sum(products) / exact_sum(sizes.iter().copied());
            let ratio = ratio_of_sums(&pairs, multiplier, (2, 0)).unwrap();
            let size = ratio.max(x_mean);
            prop_assert!((ratio - x_mean - term).abs() <= 1e-12 * size);
        }

        #[test]
        fn ratio_of_sums_is_the_mean_weighted_by_denominators(
            cents in prop::collection::vec((-1_000_000_i32..1_000_000, 1..700_000_u32), 1..60),
        ) {
            let pairs: Vec<(f64, f64)> =
                cents.iter().map(|&(n, d)| (f64::from(n) / 100.0, f64::from(d))).collect();
            let weighted: Vec<(f64, f64)> = pairs.iter().map(|&(n, d)| (n / d, d)).collect();
            let ratio = ratio_of_sums(&pairs, 1.0, (2, 0)).unwrap();
            let size = weighted_mean(&weighted.iter().map(|&(x, d)| (x.abs(), d)).collect::<Vec<_>>());
            let difference = ratio - weighted_mean(&weighted).unwrap();
            prop_assert!(difference.abs() <= 1e-12 * size.unwrap());
        }

        #[test]
        fn the_order_of_the_areas_does_not_matter(
            (pairs, permuted) in prop::collection::vec((-1e6..1e6_f64, -1e3..1e6_f64), 0..40)
                .prop_flat_map(|v| (Just(v.clone()), Just(v).prop_shuffle()))
        ) {
            prop_assert_eq!(
                ratio_of_sums(&pairs, 1.0, (2, 0)),
                ratio_of_sums(&permuted, 1.0, (2, 0))
            );
        }
    }
}
