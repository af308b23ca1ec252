//! Intervals of chance variation: counts by Byar and exactly, proportions by Wilson.
//!
//! `alpha` is what is left outside an interval: 0.05 for 95 %, 0.002 for 99.8 %; half of it on each side.

use statrs::distribution::{ContinuousCDF, Normal};
use statrs::function::gamma::{gamma_lr, gamma_ur};

/// Below this count Byar's approximation gives way to the exact interval.
pub const EXACT_BELOW: f64 = 10.0;

/// An interval of chance variation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower limit.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
}

impl Interval {
    /// The interval of a figure that is `factor` times as large, such as a rate: m/d times the count.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        Self {
            lower: self.lower * factor,
            upper: self.upper * factor,
        }
    }
}

/// The two-sided quantile of the standard normal distribution, `Φ⁻¹(1 − α/2)`.
///
/// # Missing values
/// `None` unless 0 < α < 1.
///
/// # Source
/// The normal distribution; computed by `statrs`.
///
/// # Example
/// ```
/// use kultti_core::stats::normal_quantile;
/// assert!((normal_quantile(0.05).unwrap() - 1.959_963_984_540_054).abs() < 1e-14);
/// assert!((normal_quantile(0.002).unwrap() - 3.090_232_306_167_814).abs() < 1e-13);
/// assert_eq!(normal_quantile(0.0), None);
/// ```
#[must_use]
pub fn normal_quantile(alpha: f64) -> Option<f64> {
    // The lower tail keeps the digits of a small α.
    (alpha > 0.0 && alpha < 1.0).then(|| -Normal::standard().inverse_cdf(alpha / 2.0))
}

/// The exact interval of a Poisson count: the means under which so many, or so few, would be seen with
/// probability α/2.
///
/// The lower limit L solves P(X ≥ x | L) = α/2, the upper limit U solves P(X ≤ x | U) = α/2: half the
/// χ² quantiles with 2x and 2x + 2 degrees of freedom. At x = 0 the lower limit is 0.
///
/// # Missing values
/// `None` for a negative count, a count that is not finite, or unless 0 < α < 1.
///
/// # Source
/// Garwood (1936), *Fiducial limits for the Poisson distribution*, Biometrika 28.
///
/// # Example: nothing was seen
/// ```
/// use kultti_core::stats::exact_interval;
///
/// // exp(−U) = 0.025, so U = −ln 0.025.
/// let none = exact_interval(0.0, 0.05).unwrap();
/// assert_eq!(none.lower, 0.0);
/// assert!((none.upper - -(0.025_f64.ln())).abs() < 1e-13);
/// ```
#[must_use]
pub fn exact_interval(count: f64, alpha: f64) -> Option<Interval> {
    let around = approximate(count, alpha)?;
    // Where the approximation has strayed, the search widens around it.
    let lower = if count > 0.0 {
        root(around.lower, |mean| gamma_lr(count, mean) - alpha / 2.0)
    } else {
        0.0
    };
    let upper = root(around.upper, |mean| alpha / 2.0 - gamma_ur(count + 1.0, mean));
    Some(Interval { lower, upper })
}

/// Where an increasing function of a positive number crosses zero, to the last digit, from a guess.
fn root(guess: f64, f: impl Fn(f64) -> f64) -> f64 {
    let guess = guess.max(1e-3);
    let (mut low, mut high) = (guess, guess);
    while f(low) > 0.0 && low > f64::MIN_POSITIVE {
        low /= 2.0;
    }
    while f(high) < 0.0 && high.is_finite() {
        high *= 2.0;
    }
    loop {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            return middle;
        }
        if f(middle) < 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
}

/// Byar's formula at any count.
fn approximate(count: f64, alpha: f64) -> Option<Interval> {
    if !(count >= 0.0 && count.is_finite()) {
        return None;
    }
    let z = normal_quantile(alpha)?;
    let limit = |x: f64, side: f64| {
        let base = 1.0 - 1.0 / (9.0 * x) + side * z / (3.0 * x.sqrt());
        x * base.max(0.0).powi(3)
    };
    Some(Interval {
        lower: if count > 0.0 { limit(count, -1.0) } else { 0.0 },
        upper: limit(count + 1.0, 1.0),
    })
}

/// The interval of a count by Byar's approximation, below 10 the exact one ([`exact_interval`]).
///
/// `L = x·(1 − 1/(9x) − z/(3√x))³`, `U = (x+1)·(1 − 1/(9(x+1)) + z/(3√(x+1)))³` with
/// `z = Φ⁻¹(1 − α/2)`. The interval of a rate m·x/d is m/d times as large. A full count has no sampling
/// error: the interval shows how far the count could have come out elsewhere by chance, if events
/// happened independently and at the same underlying rate.
///
/// # Missing values
/// As [`exact_interval`].
///
/// # Source
/// Byar's approximation in Breslow & Day (1987), *Statistical Methods in Cancer Research* II, p. 69; the
/// exact one below 10 as in OHID's Fingertips.
///
/// # Example
/// ```
/// use kultti_core::stats::byar_interval;
///
/// // x = 100: L = 100·(1 − 1/900 − 1.96/30)³ = 81.36; U = 101·(1 − 1/909 + 1.96/(3·√101))³ = 121.63.
/// let interval = byar_interval(100.0, 0.05).unwrap();
/// assert_eq!(format!("{:.2} {:.2}", interval.lower, interval.upper), "81.36 121.63");
/// ```
#[must_use]
pub fn byar_interval(count: f64, alpha: f64) -> Option<Interval> {
    if count < EXACT_BELOW {
        exact_interval(count, alpha)
    } else {
        approximate(count, alpha)
    }
}

/// Wilson's score interval of a proportion x/n.
///
/// `(2x + z² ∓ z·√(z² + 4x(1 − x/n))) / (2(n + z²))`: the underlying proportions from which x/n lies no
/// further than z standard errors. It never leaves 0–1, and is 0 below at x = 0 and 1 above at x = n.
///
/// # Missing values
/// `None` unless 0 ≤ x ≤ n, n > 0 and 0 < α < 1.
///
/// # Source
/// Wilson (1927), *Probable inference, the law of succession, and statistical inference*, JASA 22; Newcombe (1998).
///
/// # Example: Newcombe's 81 of 263
/// ```
/// use kultti_core::stats::wilson_interval;
///
/// let interval = wilson_interval(81.0, 263.0, 0.05).unwrap();
/// assert_eq!(format!("{:.4} {:.4}", interval.lower, interval.upper), "0.2553 0.3662");
/// ```
#[must_use]
pub fn wilson_interval(count: f64, of: f64, alpha: f64) -> Option<Interval> {
    wilson_at(count, of, normal_quantile(alpha)?)
}

/// Wilson's interval at a quantile z.
pub(super) fn wilson_at(count: f64, of: f64, z: f64) -> Option<Interval> {
    if !(count >= 0.0 && count <= of && of > 0.0 && of.is_finite()) {
        return None;
    }
    let square = z * z;
    let spread = z * (square + 4.0 * count * (1.0 - count / of)).sqrt();
    let middle = 2.0 * count + square;
    let scale = 2.0 * (of + square);
    Some(Interval {
        lower: if count > 0.0 {
            (middle - spread) / scale
        } else {
            0.0
        },
        upper: if count < of {
            (middle + spread) / scale
        } else {
            1.0
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(found: f64, expected: f64, tolerance: f64) {
        assert!(
            (found - expected).abs() <= tolerance * expected.abs().max(1e-300),
            "{found} is not {expected}"
        );
    }

    #[test]
    fn garwoods_table() {
        // The 95 % limits of Pearson & Hartley's Biometrika Tables for Statisticians, table 40.
        for (count, lower, upper) in [
            (0.0, "0.0000", "3.69"),
            (1.0, "0.0253", "5.57"),
            (2.0, "0.242", "7.22"),
            (5.0, "1.62", "11.67"),
            (10.0, "4.80", "18.39"),
            (20.0, "12.22", "30.89"),
            (50.0, "37.11", "65.92"),
        ] {
            let interval = exact_interval(count, 0.05).unwrap();
            let decimals = |text: &str| text.len() - 2 - usize::from(text.find('.') == Some(2));
            assert_eq!(format!("{:.*}", decimals(lower), interval.lower), lower);
            assert_eq!(format!("{:.2}", interval.upper), upper);
        }
    }

    #[test]
    fn the_exact_limits_of_one_event() {
        // P(X ≥ 1) = 1 − exp(−L) = 0.001, so L = −ln 0.999; P(X ≤ 1) = (1 + U)·exp(−U) = 0.001.
        let interval = exact_interval(1.0, 0.002).unwrap();
        close(interval.lower, -(0.999_f64.ln()), 1e-12);
        close((1.0 + interval.upper) * (-interval.upper).exp(), 0.001, 1e-12);
    }

    #[test]
    fn wilson_by_hand() {
        // x = 15 of 148: p = 0.10135, z² = 3.84146. Newcombe (1998), table I, method 3: 0.0624 to 0.1605.
        let interval = wilson_interval(15.0, 148.0, 0.05).unwrap();
        assert_eq!(
            format!("{:.4} {:.4}", interval.lower, interval.upper),
            "0.0624 0.1605"
        );
        // None of 20: 0 to z²/(20 + z²); all of 20 the other way round.
        let square = normal_quantile(0.05).unwrap().powi(2);
        let none = wilson_interval(0.0, 20.0, 0.05).unwrap();
        assert_eq!(none.lower, 0.0);
        close(none.upper, square / (20.0 + square), 1e-14);
        let all = wilson_interval(20.0, 20.0, 0.05).unwrap();
        assert_eq!(all.upper, 1.0);
        close(all.lower, 20.0 / (20.0 + square), 1e-14);
    }

    #[test]
    fn what_has_no_interval() {
        for count in [-1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(byar_interval(count, 0.05), None);
            assert_eq!(exact_interval(count, 0.05), None);
            assert_eq!(wilson_interval(count, 10.0, 0.05), None);
        }
        assert_eq!(wilson_interval(11.0, 10.0, 0.05), None);
        assert_eq!(wilson_interval(0.0, 0.0, 0.05), None);
        for alpha in [0.0, 1.0, -0.1, f64::NAN] {
            assert_eq!(byar_interval(20.0, alpha), None);
            assert_eq!(wilson_interval(2.0, 10.0, alpha), None);
        }
    }

    #[test]
    fn byar_gives_way_below_ten() {
        assert_eq!(byar_interval(9.0, 0.05), exact_interval(9.0, 0.05));
        // At 10: 10·(1 − 1/90 − 1.95996/(3·√10))³ = 10·0.782289³ = 4.78743, the exact limit is 4.79539.
        let ten = byar_interval(10.0, 0.05).unwrap();
        assert_eq!(format!("{:.4}", ten.lower), "4.7874");
        assert_ne!(byar_interval(10.0, 0.05), exact_interval(10.0, 0.05));
    }

    proptest! {
        #[test]
        fn the_limits_leave_half_of_alpha_on_each_side(count in 1..3_000_u32, alpha in 0.001..0.5_f64) {
            let count = f64::from(count);
            let interval = exact_interval(count, alpha).unwrap();
            prop_assert!((gamma_lr(count, interval.lower) - alpha / 2.0).abs() <= 1e-12);
            prop_assert!((gamma_ur(count + 1.0, interval.upper) - alpha / 2.0).abs() <= 1e-12);
            prop_assert!(interval.lower < count && count < interval.upper);
        }

        #[test]
        fn byar_is_near_the_exact_limits(count in 10..5_000_u32) {
            let (near, exact) = (byar_interval(count.into(), 0.05).unwrap(), exact_interval(count.into(), 0.05).unwrap());
            // Breslow & Day: accurate even for small counts; half a per cent at ten.
            prop_assert!((near.lower / exact.lower - 1.0).abs() < 0.005);
            prop_assert!((near.upper / exact.upper - 1.0).abs() < 0.005);
        }

        #[test]
        fn wilson_limits_are_z_standard_errors_away((count, of) in (1..5_000_u32).prop_flat_map(|of| (0..=of, Just(of)))) {
            let (count, of) = (f64::from(count), f64::from(of));
            let interval = wilson_interval(count, of, 0.05).unwrap();
            let square = normal_quantile(0.05).unwrap().powi(2);
            for limit in [interval.lower, interval.upper] {
                // (p̂ − p)² = z²·p(1 − p)/n, multiplied by n²; at 0 and 1 both sides vanish.
                let distance = (count - of * limit).powi(2);
                let expected = square * of * limit * (1.0 - limit);
                prop_assert!((distance - expected).abs() <= 1e-9 * of * of, "{distance} {expected}");
            }
        }

        #[test]
        fn successes_and_failures_mirror_one_another((count, of) in (1..5_000_u32).prop_flat_map(|of| (0..=of, Just(of)))) {
            let (count, of) = (f64::from(count), f64::from(of));
            let (own, other) = (wilson_interval(count, of, 0.05).unwrap(), wilson_interval(of - count, of, 0.05).unwrap());
            prop_assert!((own.lower - (1.0 - other.upper)).abs() <= 1e-12);
        }
    }
}
