//! Funnel plots: how far areas of each size may lie from the common value by chance, with over-dispersion.

use super::ordered::Ordered;
use super::quantile::QuantileType;
use super::sum::exact_sum;

/// With fewer areas the spread of their scores says nothing: the tenth and ninetieth percentiles would lie between
/// single areas. Kultti's own bound.
pub const FUNNEL_MINIMUM: usize = 10;

/// Above this φ the additive form is used: more than three quarters of the variation is then more than chance, which
/// Higgins et al. (2003), BMJ 327, call high heterogeneity (I² = (φ − 1)/φ > 75 %). That this bound decides the form is
/// Kultti's own choice.
pub const ADDITIVE_ABOVE: f64 = 4.0;

/// What figures are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Chance {
    /// Events over an exposure, such as loans per inhabitant: Poisson.
    Count,
    /// A part of those in the denominator: binomial.
    Proportion,
}

impl Chance {
    /// The variance of `n/d` by chance, where the common value is `target`.
    fn variance(self, target: f64, denominator: f64) -> f64 {
        match self {
            Self::Count => target / denominator,
            Self::Proportion => target * (1.0 - target) / denominator,
        }
    }

    /// Limits stay where such figures can be.
    fn within(self, limit: f64) -> f64 {
        match self {
            Self::Count => limit.max(0.0),
            Self::Proportion => limit.clamp(0.0, 1.0),
        }
    }
}

/// How more variation than chance is allowed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dispersion {
    /// There is none: limits of chance alone.
    None,
    /// Standard errors are √φ times as large.
    Multiplicative,
    /// Areas differ with the variance τ² besides chance.
    Additive,
}

impl Dispersion {
    /// Every form.
    pub const ALL: [Self; 3] = [Self::None, Self::Multiplicative, Self::Additive];

    /// The name in options and results.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Multiplicative => "multiplicative",
            Self::Additive => "additive",
        }
    }
}

/// A funnel: the common value, and what the areas' scores say of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Funnel {
    /// What the figures are made of.
    pub chance: Chance,
    /// `θ = Σn/Σd`.
    pub target: f64,
    /// `z_i = (n_i/d_i − θ)/s_i` by chance alone, in the order of the input.
    pub scores: Vec<f64>,
    /// `φ = Σ z²/I`, z winsorised at the 10th and 90th percentiles (type 7).
    pub phi: f64,
    /// `τ²`, the variance between areas besides chance; 0 where chance explains the spread.
    pub tau_squared: f64,
    /// The form that the limits have.
    pub dispersion: Dispersion,
}

impl Funnel {
    /// The score of an area with the over-dispersion allowed for: beyond ±z it lies outside the limits.
    #[must_use]
    pub fn score(&self, numerator: f64, denominator: f64) -> f64 {
        (numerator / denominator - self.target) / self.standard_error(denominator)
    }

    /// The limits around the target for an area with the denominator `d`: `θ ± z·s`, `θ ± z·√φ·s` or
    /// `θ ± z·√(s² + τ²)`, not beyond what such figures can be.
    #[must_use]
    pub fn limits(&self, denominator: f64, z: f64) -> (f64, f64) {
        let error = z * self.standard_error(denominator);
        (
            self.chance.within(self.target - error),
            self.chance.within(self.target + error),
        )
    }

    fn standard_error(&self, denominator: f64) -> f64 {
        let variance = self.chance.variance(self.target, denominator);
        match self.dispersion {
            Dispersion::None => variance,
            Dispersion::Multiplicative => self.phi * variance,
            Dispersion::Additive => variance + self.tau_squared,
        }
        .sqrt()
    }
}

/// A funnel around the common value of areas, with over-dispersion.
///
/// From `(numerator, denominator)` pairs. With `θ = Σn/Σd` and `s_i² = θ/d_i` for counts, `θ(1−θ)/d_i` for
/// proportions, `z_i = (n_i/d_i − θ)/s_i`. Areas differ by more than chance nearly always; limits of chance
/// alone would then call most large areas unusual. `φ = Σ z²/I` over the z winsorised at the 10th and
/// 90th percentiles (so that those outside do not hide themselves) is used only if φ > 1: up to
/// [`ADDITIVE_ABOVE`] standard errors grow by √φ, above it the variance between areas
/// `τ² = (Iφ − (I − 1))/(Σw − Σw²/Σw)`, `w = 1/s²`, is added. `dispersion` asks for one of the forms.
///
/// The limits are approximate where fewer than about ten events are expected.
///
/// # Missing values
/// Pass the pairs with both present; all denominators must be positive. `None` with fewer than
/// [`FUNNEL_MINIMUM`] areas, or where the target has no chance variation: nothing, or in a proportion all.
///
/// # Source
/// Spiegelhalter (2005), *Funnel plots for comparing institutional performance*, Statistics in Medicine 24,
/// and *Handling over-dispersion of performance indicators*, Quality and Safety in Health Care 14; the moment
/// estimate of τ² is that of DerSimonian & Laird (1986).
///
/// # Example: areas that differ by chance only
/// ```
/// use kultti_core::stats::{Chance, Dispersion, funnel};
///
/// // Ten areas with 92 or 108 events for 100 persons: θ = 1, s = 0.1, every z is −0.8 or 0.8, so φ = 0.64.
/// let pairs: Vec<_> = (0..10).map(|i| (if i % 2 == 0 { 92.0 } else { 108.0 }, 100.0)).collect();
/// let result = funnel(&pairs, Chance::Count, None).unwrap();
/// assert_eq!((result.target, result.dispersion), (1.0, Dispersion::None));
/// assert!((result.phi - 0.64).abs() < 1e-12);
/// let (lower, upper) = result.limits(100.0, 2.0);
/// assert!((lower - 0.8).abs() < 1e-15 && (upper - 1.2).abs() < 1e-15);
/// ```
#[must_use]
pub fn funnel(pairs: &[(f64, f64)], chance: Chance, dispersion: Option<Dispersion>) -> Option<Funnel> {
    if pairs.len() < FUNNEL_MINIMUM || pairs.iter().any(|pair| pair.1 <= 0.0) {
        return None;
    }
    let denominator = exact_sum(pairs.iter().map(|pair| pair.1));
    let target = exact_sum(pairs.iter().map(|pair| pair.0)) / denominator;
    if chance.variance(target, 1.0) <= 0.0 {
        return None;
    }
    let variances: Vec<f64> = pairs.iter().map(|pair| chance.variance(target, pair.1)).collect();
    let score = |(pair, variance): (&(f64, f64), &f64)| (pair.0 / pair.1 - target) / variance.sqrt();
    let scores: Vec<f64> = pairs.iter().zip(&variances).map(score).collect();
    let sum_of_squares = winsorised_squares(&scores)?;
    let areas = pairs.len() as f64;
    let phi = sum_of_squares / areas;
    let weights = || variances.iter().map(|variance| 1.0 / variance);
    let weight = exact_sum(weights());
    let scale = weight - exact_sum(weights().map(|weight| weight * weight)) / weight;
    let tau_squared = ((sum_of_squares - (areas - 1.0)) / scale).max(0.0);
    let fitting = if phi <= 1.0 {
        Dispersion::None
    } else if phi <= ADDITIVE_ABOVE {
        Dispersion::Multiplicative
    } else {
        Dispersion::Additive
    };
    Some(Funnel {
        chance,
        target,
        scores,
        phi,
        tau_squared,
        // Limits are never narrower than chance alone makes them.
        dispersion: dispersion.filter(|_| phi > 1.0).unwrap_or(fitting),
    })
}

/// Σz² with what lies beyond the 10th and 90th percentiles brought back to them.
fn winsorised_squares(scores: &[f64]) -> Option<f64> {
    let sorted = Ordered::of(scores.iter().copied().map(Some));
    let low = sorted.quantile(0.1, QuantileType::Type7)?;
    let high = sorted.quantile(0.9, QuantileType::Type7)?;
    Some(exact_sum(
        scores.iter().map(|score| score.clamp(low, high).powi(2)),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Ten areas of 100 inhabitants with these events.
    fn areas(events: [f64; 10]) -> Vec<(f64, f64)> {
        events.map(|n| (n, 100.0)).to_vec()
    }

    fn close(found: f64, expected: f64) {
        assert!(
            (found - expected).abs() <= 1e-12 * expected.abs().max(1.0),
            "{found} is not {expected}"
        );
    }

    #[test]
    fn a_mild_over_dispersion_widens_by_the_root_of_phi() {
        // θ = 1, s = 0.1: z = −2, −2, −1, −1, 0, 0, 1, 1, 2, 2. Type 7 on n = 10: the 10th percentile stands at
        // 1.9 between −2 and −2, the 90th between 2 and 2, so nothing is winsorised: Σz² = 4·4 + 4·1 = 20, φ = 2.
        let pairs = areas([80.0, 80.0, 90.0, 90.0, 100.0, 100.0, 110.0, 110.0, 120.0, 120.0]);
        let found = funnel(&pairs, Chance::Count, None).unwrap();
        close(found.phi, 2.0);
        assert_eq!(found.dispersion, Dispersion::Multiplicative);
        let (lower, upper) = found.limits(400.0, 3.0);
        // s = √(1/400) = 0.05: 1 ∓ 3·√2·0.05.
        close(lower, 1.0 - 0.15 * 2.0_f64.sqrt());
        close(upper, 1.0 + 0.15 * 2.0_f64.sqrt());
        close(found.score(120.0, 100.0), 2.0_f64.sqrt());
        // τ² = (20 − 9)/(Σw − Σw²/Σw), w = 100: (1,000 − 100) = 900.
        close(found.tau_squared, 11.0 / 900.0);
        let additive = funnel(&pairs, Chance::Count, Some(Dispersion::Additive)).unwrap();
        close(
            additive.limits(100.0, 1.0).1,
            1.0 + (0.01 + 11.0 / 900.0_f64).sqrt(),
        );
    }

    #[test]
    fn a_huge_over_dispersion_is_added() {
        // θ = 1, s = 0.1: z = ±3 five times each: Σz² = 90, φ = 9 > 4; τ² = (90 − 9)/900 = 0.09.
        let pairs = areas([70.0, 130.0, 70.0, 130.0, 70.0, 130.0, 70.0, 130.0, 70.0, 130.0]);
        let found = funnel(&pairs, Chance::Count, None).unwrap();
        assert_eq!(found.dispersion, Dispersion::Additive);
        close(found.tau_squared, 0.09);
        // However large an area is, the limits stay 1.96·0.3 away; small ones cannot go below nothing.
        close(found.limits(1e12, 1.96).1, 1.0 + 1.96 * (0.09_f64 + 1e-12).sqrt());
        assert_eq!(found.limits(0.5, 3.0).0, 0.0);
        let none = funnel(&pairs, Chance::Count, Some(Dispersion::None)).unwrap();
        close(none.limits(100.0, 1.0).0, 0.9);
    }

    #[test]
    fn one_area_far_out_does_not_widen_the_funnel() {
        // Nine areas with 100, one with 200 of 100: θ = 1.1, s² = 0.011. Position 9.1 of 10: 0.9·z₉ + 0.1·z₁₀ with
        // z₉ = −0.1/s, z₁₀ = 0.9/s: the 90th percentile is (−0.09 + 0.09)/s = 0, so the tenth score becomes 0.
        let mut events = [100.0; 10];
        events[9] = 200.0;
        let found = funnel(&areas(events), Chance::Count, None).unwrap();
        close(found.phi, 9.0 * 0.01 / 0.011 / 10.0);
        assert_eq!(found.dispersion, Dispersion::None);
        assert!(found.score(200.0, 100.0) > 3.0);
    }

    #[test]
    fn proportions_have_binomial_errors() {
        // θ = ½, s² = ¼/100: z = ±2 of 40 and 60.
        let pairs = areas([40.0, 60.0, 40.0, 60.0, 40.0, 60.0, 40.0, 60.0, 40.0, 60.0]);
        let found = funnel(&pairs, Chance::Proportion, Some(Dispersion::None)).unwrap();
        close(found.phi, 4.0);
        assert_eq!(
            found.scores.iter().map(|z| z.round()).collect::<Vec<_>>()[..2],
            [-2.0, 2.0]
        );
        assert_eq!(found.limits(1.0, 3.0), (0.0, 1.0));
        // A form asked for is used only where there is over-dispersion.
        let even = areas([50.0; 10]);
        let found = funnel(&even, Chance::Proportion, Some(Dispersion::Additive)).unwrap();
        assert_eq!(
            (found.phi, found.tau_squared, found.dispersion),
            (0.0, 0.0, Dispersion::None)
        );
    }

    #[test]
    fn what_has_no_funnel() {
        assert_eq!(funnel(&areas([100.0; 10])[..9], Chance::Count, None), None);
        assert_eq!(funnel(&areas([0.0; 10]), Chance::Count, None), None);
        assert_eq!(funnel(&areas([100.0; 10]), Chance::Proportion, None), None);
        let mut nobody = areas([5.0; 10]);
        nobody[3].1 = 0.0;
        assert_eq!(funnel(&nobody, Chance::Count, None), None);
    }

    proptest! {
        #[test]
        fn an_area_is_outside_exactly_when_its_score_is(
            areas in prop::collection::vec((1..5_000_u32, 1..9_000_u32), 10..60),
            z in 1.0..4.0_f64,
        ) {
            let pairs: Vec<(f64, f64)> = areas.iter().map(|&(n, d)| (f64::from(n), f64::from(d))).collect();
            let found = funnel(&pairs, Chance::Count, None).unwrap();
            for (n, d) in &pairs {
                let (score, (lower, upper)) = (found.score(*n, *d), found.limits(*d, z));
                // The very limit is left to rounding.
                if (score.abs() - z).abs() > 1e-9 {
                    prop_assert_eq!(score > z, n / d > upper);
                    if lower > 0.0 {
                        prop_assert_eq!(score < -z, n / d < lower);
                    }
                }
            }
        }

        #[test]
        fn the_order_of_the_areas_does_not_matter(
            (pairs, permuted) in prop::collection::vec((0..5_000_u32, 1..9_000_u32), 10..40)
                .prop_map(|v| v.into_iter().map(|(n, d)| (f64::from(n) + 1.0, f64::from(d))).collect::<Vec<_>>())
                .prop_flat_map(|v| (Just(v.clone()), Just(v).prop_shuffle()))
        ) {
            let (one, other) = (funnel(&pairs, Chance::Count, None).unwrap(), funnel(&permuted, Chance::Count, None).unwrap());
            prop_assert_eq!((one.phi, one.tau_squared, one.target), (other.phi, other.tau_squared, other.target));
        }
    }
}
