//! Expected rates: a regression of ln(n/d) on structural variables, robust or quasi-Poisson.

mod design;

use design::Design;
use nalgebra::{DMatrix, DVector};
use statrs::distribution::{ContinuousCDF, StudentsT};
use std::fmt;

/// Huber's k: 95 % efficient for normally distributed errors.
pub const HUBER_K: f64 = 1.345;

/// So many areas are needed for each variable.
pub const AREAS_PER_VARIABLE: usize = 10;

/// One area of a regression: n, d, and the variables in a fixed order.
#[derive(Debug, Clone, PartialEq)]
pub struct RegressionRow {
    /// n; above 0 for [`RegressionMethod::Huber`], not below 0 for [`RegressionMethod::QuasiPoisson`].
    pub numerator: f64,
    /// d, above 0.
    pub denominator: f64,
    /// The variables, as they enter: already a logarithm where one is wanted.
    pub variables: Vec<f64>,
}

/// How the rate is explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RegressionMethod {
    /// Weighted least squares of ln(n/d), weights √d, made robust with Huber's weights.
    Huber,
    /// Quasi-Poisson: n with mean d·exp(x′β) and variance φ times the mean.
    QuasiPoisson,
}

/// Why a regression cannot be computed. Variables are numbered from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RegressionRefused {
    /// Fewer than [`AREAS_PER_VARIABLE`] areas for each variable.
    TooFewAreas {
        /// Areas there are.
        n: usize,
        /// Areas needed.
        needed: usize,
    },
    /// A variable that is the same in every area explains nothing.
    NoSpread {
        /// The variable.
        variable: usize,
    },
    /// A variable that is a combination of others.
    Collinear {
        /// The variable.
        variable: usize,
        /// The others.
        with: Vec<usize>,
    },
    /// The variables explain more than half of the areas exactly, so that there is no spread to measure against.
    NoResidualSpread,
    /// The iteration did not come to rest.
    NotConverged,
}

impl fmt::Display for RegressionRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooFewAreas { n, needed } => write!(f, "{n} areas, {needed} needed"),
            Self::NoSpread { variable } => write!(f, "variable {variable} has no spread"),
            Self::Collinear { variable, with } => write!(f, "variable {variable} depends on {with:?}"),
            Self::NoResidualSpread => f.write_str("the residuals have no spread"),
            Self::NotConverged => f.write_str("not converged"),
        }
    }
}

impl std::error::Error for RegressionRefused {}

/// A coefficient on the log scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coefficient {
    /// β: a variable that is one unit larger goes with exp(β) times the rate.
    pub estimate: f64,
    /// Its standard error.
    pub standard_error: f64,
}

impl Coefficient {
    /// t = estimate / standard error.
    #[must_use]
    pub fn t(&self) -> f64 {
        self.estimate / self.standard_error
    }
}

/// What the regression says of one of its areas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FittedArea {
    /// ŷ, the logarithm of the expected n/d.
    pub fitted: f64,
    /// The same from a regression without the area; `None` where that cannot be computed.
    pub leave_one_out: Option<f64>,
    /// Huber's weight in 0 to 1: below 1 for an area far from what is expected. 1 for the quasi-Poisson method.
    pub weight: f64,
}

/// An expected rate with its prediction interval, as logarithms of n/d.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prediction {
    /// ŷ.
    pub fitted: f64,
    /// Lower end.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
}

/// A fitted regression; made by [`expected_rates`].
#[derive(Debug, Clone, PartialEq)]
pub struct Regression {
    /// How it was fitted.
    pub method: RegressionMethod,
    /// The constant first, then the variables in their order.
    pub coefficients: Vec<Coefficient>,
    /// σ̂ = 1.4826·MAD of √w·e, or √φ for the quasi-Poisson method.
    pub sigma: f64,
    /// 1 − Σw·e²/Σw·(y − ȳ_w)² on the log scale; the share of deviance for the quasi-Poisson method.
    pub r2: f64,
    /// Areas less coefficients.
    pub degrees_of_freedom: usize,
    /// Steps until nothing moved.
    pub iterations: usize,
    /// The unweighted mean of each variable.
    pub means: Vec<f64>,
    /// Area by area, in the order of the input.
    pub areas: Vec<FittedArea>,
    deviations: Vec<f64>,
    /// γ, for the constant and the standardised variables.
    standardised: DVector<f64>,
    /// (Z′WZ)⁻¹ for the standardised variables.
    inverse: DMatrix<f64>,
}

impl Regression {
    /// What the regression expects of an area, inside it or not: ŷ and the interval
    /// ŷ ± t·σ̂·√(1/w + x′(X′WX)⁻¹x), with w = √d, or d·exp(ŷ) for the quasi-Poisson method, and Student's t at
    /// n − p degrees of freedom.
    ///
    /// `level` is a fraction between 0 and 1, such as 0.95. `None` where `denominator` is not positive, `level` lies
    /// outside, or the number of variables is another.
    #[must_use]
    pub fn predict(&self, denominator: f64, variables: &[f64], level: f64) -> Option<Prediction> {
        if !(denominator > 0.0 && level > 0.0 && level < 1.0 && variables.len() == self.means.len()) {
            return None;
        }
        let row = self.standardise(variables);
        let fitted = row.dot(&self.standardised);
        let weight = match self.method {
            RegressionMethod::Huber => denominator.sqrt(),
            RegressionMethod::QuasiPoisson => denominator * fitted.exp(),
        };
        let spread = 1.0 / weight + row.dot(&(&self.inverse * &row));
        let t = StudentsT::new(0.0, 1.0, self.degrees_of_freedom as f64).ok()?;
        let half = t.inverse_cdf(0.5 + level / 2.0) * self.sigma * spread.sqrt();
        Some(Prediction {
            fitted,
            lower: fitted - half,
            upper: fitted + half,
        })
    }

    /// ln of the rate expected where every variable has its mean.
    #[must_use]
    pub fn at_means(&self) -> f64 {
        self.standardised[0]
    }

    fn standardise(&self, variables: &[f64]) -> DVector<f64> {
        let scaled = variables.iter().zip(&self.means).zip(&self.deviations);
        let scaled = scaled.map(|((value, mean), deviation)| (value - mean) / deviation);
        DVector::from_iterator(1 + variables.len(), std::iter::once(1.0).chain(scaled))
    }
}

/// Explains the rate n/d by structural variables: what a typical area with such variables would have.
///
/// [`RegressionMethod::Huber`]: y = ln(n/d) = x′β + ε with Var ε = σ²/w, w = √d: large areas weigh more, but less than
/// their size. β is Huber's M-estimate (k = 1.345) on √w·e by iteratively re-weighted least squares, the scale
/// σ̂ = 1.4826·MAD (about the median) of √w·e made anew in every step. exp(ŷ) is the typical area: the median and not the
/// mean, without smearing. Standard errors are Huber's with the small-sample factor of the H1 form.
///
/// [`RegressionMethod::QuasiPoisson`]: E n = d·exp(x′β), Var n = φ·E n, φ = Pearson's χ²/(n − p); not robust, but for zeros
/// and for a mean in the unit of n.
///
/// Both start from the constant and standardised variables, so that neither units nor the order of the areas move the
/// result, and end when no fitted value moves by more than 10⁻⁹ of its spread.
///
/// # Missing values
/// Pass the areas with n, d and all variables present.
///
/// # Errors
/// [`RegressionRefused`] for fewer than ten areas a variable, a variable without spread or dependent on others, residuals
/// without spread, or an iteration that does not come to rest.
///
/// # Source
/// Huber (1964), *Robust estimation of a location parameter*; Huber & Ronchetti (2009), *Robust Statistics*, 7.6 (standard
/// errors); McCullagh & Nelder (1989), *Generalized Linear Models*, 9.2 (quasi-likelihood). Weights √d and the refusals are
/// Kultti's own.
///
/// # Example
/// ```
/// use kultti_core::stats::{RegressionMethod, RegressionRow, expected_rates};
///
/// // The rate doubles with every unit of x; every other area lies a tenth above, every other a tenth below.
/// let row = |i: i32| RegressionRow {
///     numerator: 100.0 * 2_f64.powi(i) * if i % 2 == 0 { 1.1 } else { 1.0 / 1.1 },
///     denominator: 100.0,
///     variables: vec![f64::from(i)],
/// };
/// let rows: Vec<RegressionRow> = (0..12).map(row).collect();
/// let fit = expected_rates(&rows, RegressionMethod::Huber).unwrap();
/// assert!((fit.coefficients[1].estimate - 2_f64.ln()).abs() < 0.01);
/// assert!(fit.r2 > 0.99);
/// ```
pub fn expected_rates(
    rows: &[RegressionRow],
    method: RegressionMethod,
) -> Result<Regression, RegressionRefused> {
    let variables = rows.first().map_or(0, |row| row.variables.len());
    let needed = (AREAS_PER_VARIABLE * variables).max(variables + 2);
    if rows.len() < needed {
        return Err(RegressionRefused::TooFewAreas {
            n: rows.len(),
            needed,
        });
    }
    // One order for all: sums of rounded products would otherwise carry the order of the input.
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by(|left, right| compare_rows(&rows[*left], &rows[*right]));
    let design = Design::new(rows, &order)?;
    let basis = design.basis(method);
    let fit = design.fit(&basis, method, None)?;
    let errors = design.errors(&basis, &fit, method)?;
    let mut areas = vec![None; rows.len()];
    for (place, area) in order.iter().enumerate() {
        let without = design.fit(&basis, method, Some(place));
        areas[*area] = Some(FittedArea {
            fitted: fit.fitted[place],
            leave_one_out: without.ok().map(|without| without.fitted[place]),
            weight: fit.robustness[place],
        });
    }
    Ok(Regression {
        method,
        coefficients: design.coefficients(&fit, &errors),
        sigma: fit.sigma,
        r2: design.explained(&fit, method),
        degrees_of_freedom: rows.len() - variables - 1,
        iterations: fit.iterations,
        means: design.means,
        areas: areas.into_iter().flatten().collect(),
        deviations: design.deviations,
        standardised: fit.gamma,
        inverse: errors.inverse,
    })
}

fn compare_rows(left: &RegressionRow, right: &RegressionRow) -> std::cmp::Ordering {
    let key = |row: &RegressionRow| -> Vec<f64> {
        let mut key = vec![row.numerator, row.denominator];
        key.extend(&row.variables);
        key
    };
    let mut pairs = key(left).into_iter().zip(key(right));
    let differ = pairs.find_map(|(left, right)| Some(left.total_cmp(&right)).filter(|order| order.is_ne()));
    differ.unwrap_or(std::cmp::Ordering::Equal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn row(numerator: f64, denominator: f64, variables: &[f64]) -> RegressionRow {
        RegressionRow {
            numerator,
            denominator,
            variables: variables.to_vec(),
        }
    }

    fn close(found: f64, expected: f64, tolerance: f64) {
        let error = (found - expected).abs() / expected.abs().max(1.0);
        assert!(error <= tolerance, "{found} is not {expected}");
    }

    /// ln(n/d) is 1, 2, 3, 4 and 100, every weight 1, no variable. Median 3, deviations 2, 1, 0, 1, 97: MAD = 1,
    /// σ̂ = 1.4826 wherever the constant lies. k·σ̂ = 1.345 · 1.4826 = 1.994097. At 3 the areas 1 and 100 lie outside
    /// it, one on each side, and the others balance: −1 + 0 + 1 = 0. So the constant is 3.
    #[test]
    fn one_area_far_away_does_not_move_the_typical_one() {
        let rows: Vec<_> = [1.0, 2.0, 3.0, 4.0, 100.0]
            .iter()
            .map(|log: &f64| row(log.exp(), 1.0, &[]))
            .collect();
        let fit = expected_rates(&rows, RegressionMethod::Huber).unwrap();
        close(fit.coefficients[0].estimate, 3.0, 1e-8);
        close(fit.at_means(), 3.0, 1e-8);
        close(fit.sigma, 1.4826, 1e-12);
        let weights: Vec<f64> = fit.areas.iter().map(|area| area.weight).collect();
        for (found, expected) in weights
            .iter()
            .zip([1.994_097 / 2.0, 1.0, 1.0, 1.0, 1.994_097 / 97.0])
        {
            close(*found, expected, 1e-8);
        }
        // Without the last: median 2.5, deviations 1.5, 0.5, 0.5, 1.5, MAD 1; all four lie within 1.994 of 2.5.
        close(fit.areas[4].leave_one_out.unwrap(), 2.5, 1e-8);
        // 3 of 5 inside: m = 0.6, var ψ′ = 0.24, κ = 1 + 0.2 · 0.24 / 0.36. Σψ² = 2/1.4826² + 2 · 1.345².
        let squares = 2.0 / 1.4826_f64.powi(2) + 2.0 * 1.345_f64.powi(2);
        let kappa = 1.0 + 0.2 * 0.24 / 0.36;
        let error = kappa * 1.4826 / 0.6 * (squares / 4.0 / 5.0).sqrt();
        close(fit.coefficients[0].standard_error, error, 1e-8);
        // t of 4 degrees of freedom at 0.975 is 2.776445 (any table); 1/w + 1/5 = 1.2.
        let interval = fit.predict(1.0, &[], 0.95).unwrap();
        close(
            interval.upper - interval.fitted,
            2.776_445_105 * 1.4826 * 1.2_f64.sqrt(),
            1e-7,
        );
        close(
            interval.fitted - interval.lower,
            interval.upper - interval.fitted,
            1e-12,
        );
    }

    /// n = 0, 2, 4 over d = 1, 1, 2: the rate is 6/4 = 1.5, expected 1.5, 1.5, 3;
    /// φ = (2.25/1.5 + 0.25/1.5 + 1/3)/2 = 2/2 = 1.
    #[test]
    fn without_variables_quasi_poisson_is_the_ratio_of_sums() {
        let rows = [row(0.0, 1.0, &[]), row(2.0, 1.0, &[]), row(4.0, 2.0, &[])];
        let fit = expected_rates(&rows, RegressionMethod::QuasiPoisson).unwrap();
        close(fit.coefficients[0].estimate, 1.5_f64.ln(), 1e-12);
        close(fit.sigma, 1.0, 1e-12);
        // (Z′WZ)⁻¹ = 1/Σμ = 1/6.
        close(fit.coefficients[0].standard_error, (1.0_f64 / 6.0).sqrt(), 1e-12);
        // Without the second: 4/3.
        close(fit.areas[1].leave_one_out.unwrap(), (4.0_f64 / 3.0).ln(), 1e-12);
        close(fit.r2, 0.0, 1e-12);
    }

    /// Σn expected = Σn reported: what quasi-Poisson is asked for when a mean in euros is wanted.
    #[test]
    fn quasi_poisson_keeps_the_total() {
        let rows: Vec<_> = (0..24_i32)
            .map(|i| {
                row(
                    f64::from((i * 37) % 11),
                    f64::from(1 + i % 5),
                    &[f64::from(i % 7)],
                )
            })
            .collect();
        let fit = expected_rates(&rows, RegressionMethod::QuasiPoisson).unwrap();
        let expected = rows
            .iter()
            .zip(&fit.areas)
            .map(|(row, area)| row.denominator * area.fitted.exp());
        let reported: f64 = rows.iter().map(|row| row.numerator).sum();
        close(expected.sum(), reported, 1e-9);
    }

    fn country(variables: impl Fn(i32) -> Vec<f64>) -> Vec<RegressionRow> {
        let noise = |i: i32| f64::from((i * 7_919) % 101) / 101.0 - 0.5;
        let area = |i: i32| {
            row(
                (4.0 + noise(i)).exp() * f64::from(i + 3),
                f64::from(i + 3),
                &variables(i),
            )
        };
        (0..40).map(area).collect()
    }

    #[test]
    fn what_cannot_be_estimated_is_refused_by_name() {
        let refused = |rows: &[RegressionRow]| expected_rates(rows, RegressionMethod::Huber).unwrap_err();
        let x = |i: i32| f64::from((i * 17) % 23);
        let y = |i: i32| f64::from((i * 5) % 13);
        let rows = country(|i| vec![x(i), y(i)]);
        assert_eq!(
            refused(&rows[..19]),
            RegressionRefused::TooFewAreas { n: 19, needed: 20 }
        );
        assert!(expected_rates(&rows[..20], RegressionMethod::Huber).is_ok());
        assert_eq!(
            refused(&country(|i| vec![x(i), 4.0])),
            RegressionRefused::NoSpread { variable: 1 }
        );
        let dependent = country(|i| vec![x(i), y(i), 3.0 - 2.0 * x(i)]);
        assert_eq!(
            refused(&dependent),
            RegressionRefused::Collinear {
                variable: 2,
                with: vec![0]
            }
        );
        let sums = country(|i| vec![x(i), y(i), x(i) + y(i)]);
        assert_eq!(
            refused(&sums),
            RegressionRefused::Collinear {
                variable: 2,
                with: vec![0, 1]
            }
        );
        let exact: Vec<_> = (0..20).map(|i| row(x(i).exp(), 1.0, &[x(i)])).collect();
        assert_eq!(refused(&exact), RegressionRefused::NoResidualSpread);
        let nothing: Vec<_> = (0..20).map(|i| row(0.0, 1.0, &[x(i)])).collect();
        assert_eq!(
            expected_rates(&nothing, RegressionMethod::QuasiPoisson).unwrap_err(),
            RegressionRefused::NoResidualSpread
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn neither_order_nor_units_move_the_result(
            data in proptest::collection::vec((1.0..1e6_f64, 10.0..1e5_f64, -3.0..3.0_f64), 12..30),
            turn in 1..11_usize,
            unit in 0.01..100.0_f64,
        ) {
            let rows: Vec<_> = data.iter().map(|(n, d, x)| row(*n, *d, &[*x])).collect();
            let mut turned = rows.clone();
            turned.rotate_left(turn);
            for method in [RegressionMethod::Huber, RegressionMethod::QuasiPoisson] {
                let (Ok(fit), Ok(other)) = (expected_rates(&rows, method), expected_rates(&turned, method)) else {
                    continue;
                };
                prop_assert_eq!(&fit.coefficients, &other.coefficients);
                prop_assert_eq!(fit.areas[turn], other.areas[0]);
                // n in another unit shifts the constant by its logarithm; x in another unit divides its coefficient.
                let scaled: Vec<_> = data.iter().map(|(n, d, x)| row(n * unit, *d, &[x * unit])).collect();
                let scaled = expected_rates(&scaled, method).unwrap();
                let near = |left: f64, right: f64| (left - right).abs() <= 1e-6 * (1.0 + right.abs());
                prop_assert!(near(scaled.coefficients[0].estimate, fit.coefficients[0].estimate + unit.ln()));
                prop_assert!(near(scaled.coefficients[1].estimate * unit, fit.coefficients[1].estimate));
                prop_assert!(near(scaled.r2, fit.r2));
            }
        }

        /// Σ w·ω·e·x = 0 for the constant and every variable: the equations that the estimate solves.
        #[test]
        fn weighted_residuals_are_orthogonal_to_the_variables(
            data in proptest::collection::vec((1.0..1e6_f64, 10.0..1e5_f64, -3.0..3.0_f64), 12..30),
        ) {
            let rows: Vec<_> = data.iter().map(|(n, d, x)| row(*n, *d, &[*x])).collect();
            if let Ok(fit) = expected_rates(&rows, RegressionMethod::Huber) {
                let term = |(row, area): (&RegressionRow, &FittedArea)| {
                    let error = (row.numerator / row.denominator).ln() - area.fitted;
                    row.denominator.sqrt() * area.weight * error
                };
                let terms: Vec<f64> = rows.iter().zip(&fit.areas).map(term).collect();
                let size: f64 = terms.iter().map(|term| term.abs()).sum();
                let with_x: f64 = terms.iter().zip(&rows).map(|(term, row)| term * row.variables[0]).sum();
                prop_assert!(terms.iter().sum::<f64>().abs() <= 1e-6 * size);
                prop_assert!(with_x.abs() <= 1e-5 * size);
            }
        }
    }
}
