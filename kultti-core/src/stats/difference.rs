//! Tests of a difference: two counts over their exposures, two proportions, many of them at once.

use super::intervals::{Interval, normal_quantile, wilson_at};
use statrs::distribution::{ContinuousCDF, Normal};

/// The two-sided p-value of a difference between two rates: the exact conditional binomial test.
///
/// Two counts over the exposures `d_1` and `d_2`. If the underlying rates were equal, the first count would be
/// binomial given the sum of both, with n = x_1 + x_2 and the probability d_1/(d_1 + d_2). The p-value is the
/// probability of all outcomes that are no more likely than the one seen.
///
/// # Missing values
/// `None` unless both counts are whole and not negative and both exposures positive. Without any event p = 1.
///
/// # Ties
/// Outcomes as likely as the one seen count; equality is taken up to a relative 10⁻⁷, as in R and SciPy.
///
/// # Source
/// Przyborowski & Wilenski (1940), *Homogeneity of results in testing samples from Poisson series*, Biometrika 31;
/// the binomial probabilities by Loader (2000), *Fast and accurate computation of binomial probabilities*.
///
/// # Example: 10 events against 2 over equal exposures
/// ```
/// use kultti_core::stats::conditional_test;
///
/// // n = 12, ½: P(X ≤ 2) = (1 + 12 + 66)/4096, and as much on the other side.
/// let p = conditional_test((10.0, 50.0), (2.0, 50.0)).unwrap();
/// assert!((p - 2.0 * 79.0 / 4096.0).abs() < 1e-14);
/// ```
#[must_use]
pub fn conditional_test(one: (f64, f64), other: (f64, f64)) -> Option<f64> {
    let whole = |count: f64| count >= 0.0 && count.is_finite() && count.fract() == 0.0;
    if !(whole(one.0) && whole(other.0) && one.1 > 0.0 && other.1 > 0.0) {
        return None;
    }
    let binomial = Binomial {
        trials: one.0 + other.0,
        success: one.1 / (one.1 + other.1),
        failure: other.1 / (one.1 + other.1),
    };
    Some(binomial.two_sided(one.0))
}

/// A binomial distribution; `failure` is `1 − success` without cancellation.
struct Binomial {
    trials: f64,
    success: f64,
    failure: f64,
}

/// Outcomes within this of the one seen are as likely.
const AS_LIKELY: f64 = 1e-7;

/// What a tail's terms may add before they are left out.
const NEGLIGIBLE: f64 = 1e-18;

impl Binomial {
    fn two_sided(&self, seen: f64) -> f64 {
        let mean = self.trials * self.success;
        let likelihood = self.probability(seen);
        let bound = likelihood * (1.0 + AS_LIKELY);
        let mode = ((self.trials + 1.0) * self.success).floor().min(self.trials);
        if self.probability(mode) <= bound {
            return 1.0;
        }
        let (below, above) = if seen < mean {
            (seen, self.first_above(mode, bound))
        } else {
            (self.last_below(mode, bound), seen)
        };
        (self.lower_tail(below) + self.upper_tail(above)).min(1.0)
    }

    /// The first outcome from the mode on that is no more likely than the bound; one past the end if there is none.
    fn first_above(&self, mode: f64, bound: f64) -> f64 {
        let (mut low, mut high) = (mode, self.trials + 1.0);
        while high - low > 1.0 {
            let middle = f64::midpoint(low, high).floor();
            if self.probability(middle) <= bound {
                high = middle;
            } else {
                low = middle;
            }
        }
        high
    }

    /// The last outcome up to the mode that is no more likely than the bound; one before the beginning if there is none.
    fn last_below(&self, mode: f64, bound: f64) -> f64 {
        let (mut low, mut high) = (-1.0, mode);
        while high - low > 1.0 {
            let middle = f64::midpoint(low, high).floor();
            if self.probability(middle) <= bound {
                low = middle;
            } else {
                high = middle;
            }
        }
        low
    }

    /// P(X ≤ k) for k below the mode, where terms shrink from k on.
    fn lower_tail(&self, k: f64) -> f64 {
        if k < 0.0 {
            return 0.0;
        }
        let odds = self.failure / self.success;
        let (mut at, mut term) = (k, self.probability(k));
        let mut sum = term;
        while at > 0.0 && term > NEGLIGIBLE * sum {
            term *= at / (self.trials - at + 1.0) * odds;
            at -= 1.0;
            sum += term;
        }
        sum
    }

    /// P(X ≥ k) for k above the mode.
    fn upper_tail(&self, k: f64) -> f64 {
        if k > self.trials {
            return 0.0;
        }
        let odds = self.success / self.failure;
        let (mut at, mut term) = (k, self.probability(k));
        let mut sum = term;
        while at < self.trials && term > NEGLIGIBLE * sum {
            term *= (self.trials - at) / (at + 1.0) * odds;
            at += 1.0;
            sum += term;
        }
        sum
    }

    /// P(X = k) by Loader's saddle-point expansion: no factor is so large that digits are lost in it.
    fn probability(&self, k: f64) -> f64 {
        let (n, p, q) = (self.trials, self.success, self.failure);
        if k == 0.0 {
            return if n == 0.0 { 1.0 } else { (n * (-p).ln_1p()).exp() };
        }
        if k >= n {
            return (n * (-q).ln_1p()).exp();
        }
        let rest = n - k;
        let exponent = stirling_error(n)
            - stirling_error(k)
            - stirling_error(rest)
            - deviance(k, n * p)
            - deviance(rest, n * q);
        exponent.exp() * (n / (std::f64::consts::TAU * k * rest)).sqrt()
    }
}

/// `ln k! − ln(√(2πk)·(k/e)^k)`.
fn stirling_error(k: f64) -> f64 {
    if k <= 15.0 {
        let half_ln_tau = 0.5 * std::f64::consts::TAU.ln();
        let factorial = statrs::function::gamma::ln_gamma(k + 1.0);
        return factorial - (k + 0.5) * k.ln() + k - half_ln_tau;
    }
    let square = k * k;
    let series = 1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / 1188.0 / square) / square;
    (1.0 / 12.0 - (1.0 / 360.0 - series / square) / square) / k
}

/// `x·ln(x/m) + m − x`, without cancellation where both are near.
fn deviance(x: f64, mean: f64) -> f64 {
    let difference = x - mean;
    if difference.abs() >= 0.1 * (x + mean) {
        return x * (x / mean).ln() + mean - x;
    }
    let ratio = difference / (x + mean);
    let mut sum = difference * ratio;
    let mut power = 2.0 * x * ratio;
    let mut odd = 1.0;
    loop {
        power *= ratio * ratio;
        odd += 2.0;
        let next = sum + power / odd;
        if next == sum {
            return next;
        }
        sum = next;
    }
}

/// A difference of two proportions with its interval and p-value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProportionDifference {
    /// `x_1/n_1 − x_2/n_2`.
    pub difference: f64,
    /// Newcombe's interval.
    pub interval: Interval,
    /// The α at which the interval just reaches 0.
    pub p_value: f64,
}

/// Newcombe's hybrid score interval of a difference of two proportions, with the p-value that belongs to it.
///
/// With Wilson's limits l and u of each proportion p:
/// `p_1 − p_2 − √((p_1 − l_1)² + (u_2 − p_2)²)` to `p_1 − p_2 + √((u_1 − p_1)² + (p_2 − l_2)²)`. The p-value is the
/// α at which the interval just reaches 0, so that it is below 0.05 exactly when the 95 % interval leaves 0 out.
///
/// # Missing values
/// `None` unless 0 ≤ x ≤ n and n > 0 on both sides and 0 < α < 1.
///
/// # Source
/// Newcombe (1998), *Interval estimation for the difference between independent proportions*, Statistics in Medicine
/// 17, method 10. The p-value by turning the interval round is Kultti's own.
///
/// # Example: Newcombe's 56 of 70 against 48 of 80
/// ```
/// use kultti_core::stats::newcombe_difference;
///
/// let found = newcombe_difference((56.0, 70.0), (48.0, 80.0), 0.05).unwrap();
/// assert!((found.difference - 0.2).abs() < 1e-15);
/// assert_eq!(format!("{:.4} {:.4}", found.interval.lower, found.interval.upper), "0.0524 0.3339");
/// assert!(found.p_value < 0.05);
/// ```
#[must_use]
pub fn newcombe_difference(one: (f64, f64), other: (f64, f64), alpha: f64) -> Option<ProportionDifference> {
    let at = |z: f64| newcombe_at(one, other, z);
    let interval = at(normal_quantile(alpha)?)?;
    let difference = one.0 / one.1 - other.0 / other.1;
    // The near limit falls towards zero and beyond as z grows.
    let includes_zero = |z: f64| at(z).is_none_or(|found| found.lower <= 0.0 && found.upper >= 0.0);
    Some(ProportionDifference {
        difference,
        interval,
        p_value: if difference == 0.0 {
            1.0
        } else {
            tail_beyond(includes_zero)
        },
    })
}

fn newcombe_at(one: (f64, f64), other: (f64, f64), z: f64) -> Option<Interval> {
    let (first, second) = (wilson_at(one.0, one.1, z)?, wilson_at(other.0, other.1, z)?);
    let (p, q) = (one.0 / one.1, other.0 / other.1);
    Some(Interval {
        lower: p - q - (p - first.lower).hypot(second.upper - q),
        upper: p - q + (first.upper - p).hypot(q - second.lower),
    })
}

/// The two-sided tail beyond the smallest z that fulfils a condition which all larger ones fulfil.
fn tail_beyond(fulfilled: impl Fn(f64) -> bool) -> f64 {
    // Beyond forty standard deviations a double has no tail left.
    let (mut low, mut high) = (0.0, 40.0);
    loop {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            return 2.0 * Normal::standard().cdf(-high);
        }
        if fulfilled(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
}

/// Adjusts p-values for being many, so that of those below q at most the share q is expected to be by chance alone.
///
/// In ascending order `p'_(k) = min over j ≥ k of (m/j)·p_(j)`, at most 1; m is how many there are.
///
/// # Missing values
/// Pass the p-values present; the answer has the same order. None give none.
///
/// # Ties
/// Equal p-values have equal adjusted ones.
///
/// # Source
/// Benjamini & Hochberg (1995), *Controlling the false discovery rate*, JRSS B 57.
///
/// # Example
/// ```
/// use kultti_core::stats::benjamini_hochberg;
///
/// // 3·0.01/1, 3·0.02/2 and 0.5.
/// assert_eq!(benjamini_hochberg(&[0.5, 0.01, 0.02]), [0.5, 0.03, 0.03]);
/// ```
#[must_use]
pub fn benjamini_hochberg(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|a, b| p_values[*a].total_cmp(&p_values[*b]));
    let many = p_values.len() as f64;
    let mut adjusted = vec![1.0; p_values.len()];
    let mut smallest = 1.0_f64;
    for (place, index) in order.into_iter().enumerate().rev() {
        // The factor is at least 1, so that no p-value becomes smaller.
        smallest = smallest.min(many / (place + 1) as f64 * p_values[index]);
        adjusted[index] = smallest;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(found: f64, expected: f64, tolerance: f64) {
        assert!(
            (found - expected).abs() <= tolerance * expected.abs(),
            "{found} is not {expected}"
        );
    }

    /// P(X = k) by multiplying it out.
    fn plain(n: u32, k: u32, p: f64) -> f64 {
        let mut value = 1.0;
        for i in 0..k {
            value *= f64::from(n - i) / f64::from(i + 1) * p;
        }
        value * (1.0 - p).powi(i32::try_from(n - k).unwrap())
    }

    /// The definition: all outcomes no more likely than the one seen.
    fn enumerated(n: u32, k: u32, p: f64) -> f64 {
        let bound = plain(n, k, p) * (1.0 + AS_LIKELY);
        (0..=n)
            .map(|i| plain(n, i, p))
            .filter(|value| *value <= bound)
            .sum()
    }

    #[test]
    fn unequal_exposures_by_hand() {
        // x = 3 of n = 4 with 1/4: P(3) = 4·(1/64)·(3/4) = 12/256, P(4) = 1/256; P(0) = 81/256 is likelier.
        close(
            conditional_test((3.0, 10.0), (1.0, 30.0)).unwrap(),
            13.0 / 256.0,
            1e-14,
        );
        // x = 0 of 4: 81/256, and 12/256 + 1/256 + P(2) = 54/256 are less likely.
        close(
            conditional_test((0.0, 10.0), (4.0, 30.0)).unwrap(),
            148.0 / 256.0,
            1e-14,
        );
        // The likeliest outcome: everything is.
        assert_eq!(conditional_test((1.0, 10.0), (3.0, 30.0)), Some(1.0));
        assert_eq!(conditional_test((0.0, 10.0), (0.0, 30.0)), Some(1.0));
        assert_eq!(conditional_test((1.0, 10.0), (0.0, 10.0)), Some(1.0));
    }

    #[test]
    fn what_has_no_test() {
        for (one, other) in [
            ((1.5, 10.0), (3.0, 30.0)),
            ((-1.0, 10.0), (3.0, 30.0)),
            ((1.0, 0.0), (3.0, 30.0)),
            ((1.0, 10.0), (f64::NAN, 30.0)),
        ] {
            assert_eq!(conditional_test(one, other), None);
        }
        assert_eq!(newcombe_difference((5.0, 4.0), (1.0, 4.0), 0.05), None);
        assert_eq!(newcombe_difference((1.0, 4.0), (1.0, 0.0), 0.05), None);
        assert_eq!(newcombe_difference((1.0, 4.0), (1.0, 4.0), 0.0), None);
    }

    #[test]
    fn millions_of_loans_keep_their_digits() {
        // n = 8,000,000 at ½: the normal distribution with continuity correction is right to five digits at z = 2.
        let (x, y) = (4_002_829.0, 3_997_171.0);
        let z = (x - 4_000_000.0 - 0.5) / 2_000_000.0_f64.sqrt();
        let normal = 2.0 * Normal::standard().cdf(-z);
        close(conditional_test((x, 1.0), (y, 1.0)).unwrap(), normal, 1e-5);
    }

    #[test]
    fn newcombes_table() {
        // Newcombe (1998), table II, method 10.
        for (one, other, lower, upper) in [
            ((56.0, 70.0), (48.0, 80.0), "0.0524", "0.3339"),
            ((9.0, 10.0), (3.0, 10.0), "0.1705", "0.8090"),
            ((10.0, 10.0), (0.0, 20.0), "0.6791", "1.0000"),
            ((0.0, 10.0), (0.0, 20.0), "-0.1611", "0.2775"),
        ] {
            let found = newcombe_difference(one, other, 0.05).unwrap().interval;
            assert_eq!(format!("{:.4}", found.lower), lower);
            assert_eq!(format!("{:.4}", found.upper), upper);
        }
        assert_eq!(
            newcombe_difference((5.0, 10.0), (10.0, 20.0), 0.05)
                .unwrap()
                .p_value,
            1.0
        );
    }

    #[test]
    fn adjusted_p_values() {
        // m = 4: 4·0.04 = 0.16; 2·0.05 = 0.1 lies below it and is taken; 4/3·0.09 = 0.12; 0.9.
        let found = benjamini_hochberg(&[0.09, 0.04, 0.9, 0.05]);
        for (found, expected) in found.into_iter().zip([0.12, 0.1, 0.9, 0.1]) {
            close(found, expected, 1e-14);
        }
        assert_eq!(benjamini_hochberg(&[]), Vec::<f64>::new());
    }

    proptest! {
        #[test]
        fn the_test_enumerates_the_outcomes((n, k) in (1..150_u32).prop_flat_map(|n| (Just(n), 0..=n)), d in 1..50_u32) {
            let p = f64::from(d) / f64::from(d + 7);
            let found = conditional_test((f64::from(k), f64::from(d)), (f64::from(n - k), 7.0)).unwrap();
            let expected = enumerated(n, k, p).min(1.0);
            prop_assert!((found - expected).abs() <= 1e-9 * expected, "{found} {expected}");
        }

        #[test]
        fn the_sides_may_be_exchanged(x in 0..3_000_u32, y in 0..3_000_u32, d in 1..900_u32, e in 1..900_u32) {
            let (one, other) = ((f64::from(x), f64::from(d)), (f64::from(y), f64::from(e)));
            let (there, back) = (conditional_test(one, other).unwrap(), conditional_test(other, one).unwrap());
            prop_assert!((there - back).abs() <= 1e-9 * there);
        }

        #[test]
        fn the_p_value_is_that_of_the_interval(
            (x, n) in (1..300_u32).prop_flat_map(|n| (0..=n, Just(n))),
            (y, m) in (1..300_u32).prop_flat_map(|m| (0..=m, Just(m))),
        ) {
            let (one, other) = ((f64::from(x), f64::from(n)), (f64::from(y), f64::from(m)));
            let found = newcombe_difference(one, other, 0.05).unwrap();
            let leaves_zero_out = found.interval.lower > 0.0 || found.interval.upper < 0.0;
            if (found.p_value - 0.05).abs() > 1e-9 {
                prop_assert_eq!(leaves_zero_out, found.p_value < 0.05);
            }
        }

        #[test]
        fn adjusting_keeps_the_order(p_values in prop::collection::vec(0.0..1.0_f64, 0..40)) {
            let adjusted = benjamini_hochberg(&p_values);
            for (p, q) in p_values.iter().zip(&adjusted) {
                prop_assert!(p <= q && *q <= 1.0);
                for (other, other_q) in p_values.iter().zip(&adjusted) {
                    prop_assert!(p >= other || q <= other_q);
                }
            }
        }
    }
}
