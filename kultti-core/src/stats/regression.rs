//! Expected rates: a regression of ln(n/d) on structural variables, robust or quasi-Poisson.

use super::spread::{MEDIAN_ABSOLUTE_DEVIATION_SCALE, mean, mean_and_deviation, median_absolute_deviation};
use super::sum::exact_sum;
use nalgebra::{DMatrix, DVector};
use statrs::distribution::{ContinuousCDF, StudentsT};
use std::fmt;

/// Huber's k: 95 % efficient for normally distributed errors.
pub const HUBER_K: f64 = 1.345;

/// So many areas are needed for each variable.
pub const AREAS_PER_VARIABLE: usize = 10;

/// An iteration has converged when no fitted value moves by more than this, in units of its own spread.
const TOLERANCE: f64 = 1e-9;

/// Steps after which an iteration that has not converged is given up.
const MOST_STEPS: usize = 1_000;

/// A column whose part outside the columns before it is smaller than this share of it is a combination of them.
const RANK_TOLERANCE: f64 = 1e-7;

/// A spread below this, beside logarithms of the size of one, is rounding and not spread.
const NO_SPREAD: f64 = 1e-10;

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

/// The areas as columns: the constant and the standardised variables.
struct Design {
    numerators: Vec<f64>,
    denominators: Vec<f64>,
    columns: DMatrix<f64>,
    means: Vec<f64>,
    deviations: Vec<f64>,
}

/// An orthonormal basis Q of √w·Z = QR, in which every step of an iteration is solved: however the variables are scaled
/// or related, the equations of a step are then as well conditioned as its weights are near w.
struct Basis {
    /// √w.
    roots: Vec<f64>,
    /// Q, row by row.
    rows: Vec<f64>,
    upper: DMatrix<f64>,
}

/// The end of an iteration.
struct Fit {
    gamma: DVector<f64>,
    /// ŷ of every area, in the model or not.
    fitted: Vec<f64>,
    sigma: f64,
    robustness: Vec<f64>,
    iterations: usize,
}

impl Basis {
    fn new(columns: &DMatrix<f64>, weights: &[f64]) -> Self {
        let roots: Vec<f64> = weights.iter().map(|weight| weight.sqrt()).collect();
        let mut scaled = columns.clone();
        for (place, root) in roots.iter().enumerate() {
            scaled.row_mut(place).scale_mut(*root);
        }
        let factors = scaled.qr();
        // Column by column in memory: of the transpose, row by row.
        let rows = factors.q().transpose().as_slice().to_vec();
        Self {
            roots,
            rows,
            upper: factors.r(),
        }
    }

    fn width(&self) -> usize {
        self.upper.ncols()
    }

    /// θ that makes Σ ω·(√w·y − q′θ)² smallest; an ω of 0 leaves the area out.
    fn solve(&self, target: &[f64], factors: &[f64]) -> Option<DVector<f64>> {
        let width = self.width();
        let mut square = DMatrix::zeros(width, width);
        let mut right = DVector::zeros(width);
        let rows = self
            .rows
            .chunks(width)
            .zip(&self.roots)
            .zip(target.iter().zip(factors));
        let mut sums = vec![0.0; width * width];
        let mut ends = vec![0.0; width];
        for ((row, root), (target, factor)) in rows {
            for (left, sums) in row.iter().zip(sums.chunks_mut(width)) {
                let weighted = factor * left;
                sums.iter_mut()
                    .zip(row)
                    .for_each(|(sum, right)| *sum += weighted * right);
            }
            let weighted = factor * root * target;
            ends.iter_mut()
                .zip(row)
                .for_each(|(end, left)| *end += weighted * left);
        }
        square.copy_from_slice(&sums);
        right.copy_from_slice(&ends);
        let solved = square.cholesky()?.solve(&right);
        solved.iter().all(|value| value.is_finite()).then_some(solved)
    }

    /// √w·ŷ of every area.
    fn project(&self, theta: &DVector<f64>) -> Vec<f64> {
        let dot = |row: &[f64]| {
            row.iter()
                .zip(theta.iter())
                .map(|(left, right)| left * right)
                .sum()
        };
        self.rows.chunks(self.width()).map(dot).collect()
    }

    /// γ = R⁻¹θ.
    fn gamma(&self, theta: &DVector<f64>) -> Option<DVector<f64>> {
        self.upper.solve_upper_triangular(theta)
    }

    /// (Z′WZ)⁻¹ = R⁻¹·R⁻¹′.
    fn inverse(&self) -> Option<DMatrix<f64>> {
        let identity = DMatrix::identity(self.width(), self.width());
        let inverse = self.upper.solve_upper_triangular(&identity)?;
        Some(&inverse * inverse.transpose())
    }
}

impl Design {
    fn new(rows: &[RegressionRow], order: &[usize]) -> Result<Self, RegressionRefused> {
        let count = rows.first().map_or(0, |row| row.variables.len());
        let mut design = Self {
            numerators: order.iter().map(|row| rows[*row].numerator).collect(),
            denominators: order.iter().map(|row| rows[*row].denominator).collect(),
            columns: DMatrix::from_element(rows.len(), count + 1, 1.0),
            means: Vec::new(),
            deviations: Vec::new(),
        };
        for variable in 0..count {
            let values: Vec<f64> = order.iter().map(|row| rows[*row].variables[variable]).collect();
            let spread = mean_and_deviation(&values);
            let (mean, deviation) = spread
                .filter(|(mean, deviation)| *deviation > mean.abs() * NO_SPREAD)
                .ok_or(RegressionRefused::NoSpread { variable })?;
            let column = values.iter().map(|value| (value - mean) / deviation);
            for (place, value) in column.enumerate() {
                design.columns[(place, variable + 1)] = value;
            }
            design.means.push(mean);
            design.deviations.push(deviation);
        }
        design.check_rank()?;
        Ok(design)
    }

    /// Refuses a column that is a combination of the columns before it.
    fn check_rank(&self) -> Result<(), RegressionRefused> {
        let upper = self.columns.clone().qr().r();
        for column in 1..upper.ncols() {
            let length = upper.column(column).norm();
            if upper[(column, column)].abs() > RANK_TOLERANCE * length {
                continue;
            }
            let before = upper.view((0, 0), (column, column)).into_owned();
            let shares = before.solve_upper_triangular(&upper.view((0, column), (column, 1)).into_owned());
            let involved = |other: &usize| shares.as_ref().is_none_or(|shares| shares[*other].abs() > 1e-6);
            return Err(RegressionRefused::Collinear {
                variable: column - 1,
                with: (1..column).filter(involved).map(|other| other - 1).collect(),
            });
        }
        Ok(())
    }

    fn len(&self) -> usize {
        self.numerators.len()
    }

    /// Every area but the one at `skip`.
    fn used(&self, skip: Option<usize>) -> impl Iterator<Item = usize> {
        (0..self.len()).filter(move |place| Some(*place) != skip)
    }

    /// ln(n/d).
    fn logs(&self) -> Vec<f64> {
        let pairs = self.numerators.iter().zip(&self.denominators);
        pairs.map(|(n, d)| (n / d).ln()).collect()
    }

    /// The basis of a method: its weights, or for quasi-Poisson those of the common rate.
    fn basis(&self, method: RegressionMethod) -> Basis {
        let weight = |denominator: &f64| match method {
            RegressionMethod::Huber => denominator.sqrt(),
            RegressionMethod::QuasiPoisson => *denominator,
        };
        let weights: Vec<f64> = self.denominators.iter().map(weight).collect();
        Basis::new(&self.columns, &weights)
    }

    fn fit(
        &self,
        basis: &Basis,
        method: RegressionMethod,
        skip: Option<usize>,
    ) -> Result<Fit, RegressionRefused> {
        match method {
            RegressionMethod::Huber => self.huber(basis, skip),
            RegressionMethod::QuasiPoisson => self.quasi_poisson(basis, skip),
        }
    }

    /// Huber's estimate, without the area at `skip`.
    fn huber(&self, basis: &Basis, skip: Option<usize>) -> Result<Fit, RegressionRefused> {
        let logs = self.logs();
        let scaled: Vec<f64> = logs
            .iter()
            .zip(&basis.roots)
            .map(|(log, root)| log * root)
            .collect();
        let largest = basis.roots.iter().copied().fold(0.0, f64::max);
        let scale = |residuals: &[f64]| {
            let used: Vec<f64> = self.used(skip).map(|place| residuals[place]).collect();
            let scale = MEDIAN_ABSOLUTE_DEVIATION_SCALE * median_absolute_deviation(&used)?;
            (scale > NO_SPREAD * largest).then_some(scale)
        };
        let residuals = |projected: &[f64]| -> Vec<f64> {
            scaled
                .iter()
                .zip(projected)
                .map(|(target, fitted)| target - fitted)
                .collect()
        };
        let solve = |mut factors: Vec<f64>| {
            skip.iter().for_each(|place| factors[*place] = 0.0);
            basis
                .solve(&logs, &factors)
                .ok_or(RegressionRefused::NotConverged)
        };
        let robust = |residuals: &[f64], sigma: f64| -> Vec<f64> {
            residuals
                .iter()
                .map(|residual| (HUBER_K * sigma / residual.abs()).min(1.0))
                .collect()
        };
        let mut projected = basis.project(&solve(vec![1.0; self.len()])?);
        for step in 1..=MOST_STEPS {
            let current = residuals(&projected);
            let sigma = scale(&current).ok_or(RegressionRefused::NoResidualSpread)?;
            let theta = solve(robust(&current, sigma))?;
            let next = basis.project(&theta);
            let moves = next
                .iter()
                .zip(&projected)
                .map(|(next, before)| (next - before).abs());
            let moved = moves.fold(0.0, f64::max);
            projected = next;
            if moved <= TOLERANCE * sigma {
                let last = residuals(&projected);
                let sigma = scale(&last).ok_or(RegressionRefused::NoResidualSpread)?;
                let fitted = projected
                    .iter()
                    .zip(&basis.roots)
                    .map(|(value, root)| value / root);
                return Ok(Fit {
                    gamma: basis.gamma(&theta).ok_or(RegressionRefused::NotConverged)?,
                    fitted: fitted.collect(),
                    robustness: robust(&last, sigma),
                    sigma,
                    iterations: step,
                });
            }
        }
        Err(RegressionRefused::NotConverged)
    }

    /// The quasi-Poisson estimate, without the area at `skip`.
    fn quasi_poisson(&self, basis: &Basis, skip: Option<usize>) -> Result<Fit, RegressionRefused> {
        let total = |values: &[f64]| exact_sum(self.used(skip).map(|place| values[place]));
        let rate = total(&self.numerators) / total(&self.denominators);
        if rate <= 0.0 {
            return Err(RegressionRefused::NoResidualSpread);
        }
        let pairs = self.numerators.iter().zip(&self.denominators);
        let mut fitted: Vec<f64> = pairs.map(|(n, d)| ((n / d + rate) / 2.0).ln()).collect();
        for step in 1..=MOST_STEPS {
            // Beside the weights d of the basis: exp(ŷ).
            let mut factors: Vec<f64> = fitted.iter().map(|fitted| fitted.exp()).collect();
            let working = |place: usize| {
                let expected = self.denominators[place] * factors[place];
                fitted[place] + self.numerators[place] / expected - 1.0
            };
            let target: Vec<f64> = (0..self.len()).map(working).collect();
            skip.iter().for_each(|place| factors[*place] = 0.0);
            let theta = basis
                .solve(&target, &factors)
                .ok_or(RegressionRefused::NotConverged)?;
            let projected = basis.project(&theta);
            let next: Vec<f64> = projected
                .iter()
                .zip(&basis.roots)
                .map(|(value, root)| value / root)
                .collect();
            let moved = self
                .used(skip)
                .map(|place| (next[place] - fitted[place]).abs())
                .fold(0.0, f64::max);
            fitted = next;
            if moved <= TOLERANCE {
                return Ok(Fit {
                    gamma: basis.gamma(&theta).ok_or(RegressionRefused::NotConverged)?,
                    sigma: self.dispersion(&fitted).sqrt(),
                    fitted,
                    robustness: vec![1.0; self.len()],
                    iterations: step,
                });
            }
        }
        Err(RegressionRefused::NotConverged)
    }

    /// φ = Pearson's χ²/(n − p).
    fn dispersion(&self, fitted: &[f64]) -> f64 {
        let square = |(place, fitted): (usize, &f64)| {
            let mean = self.denominators[place] * fitted.exp();
            (self.numerators[place] - mean).powi(2) / mean
        };
        exact_sum(fitted.iter().enumerate().map(square)) / (self.len() - self.columns.ncols()) as f64
    }

    /// The weights of the interval, (Z′WZ)⁻¹, and what that is multiplied by for the variances of γ.
    fn errors(
        &self,
        basis: &Basis,
        fit: &Fit,
        method: RegressionMethod,
    ) -> Result<Errors, RegressionRefused> {
        let lost = RegressionRefused::NotConverged;
        match method {
            RegressionMethod::Huber => {
                let residual = |((log, fitted), root): ((&f64, &f64), &f64)| root * (log - fitted);
                let logs = self.logs();
                let residuals: Vec<f64> = logs
                    .iter()
                    .zip(&fit.fitted)
                    .zip(&basis.roots)
                    .map(residual)
                    .collect();
                Ok(Errors {
                    variance: huber_variance(&residuals, fit.sigma, self.columns.ncols()),
                    inverse: basis.inverse().ok_or(lost)?,
                })
            }
            RegressionMethod::QuasiPoisson => {
                let means = self
                    .denominators
                    .iter()
                    .zip(&fit.fitted)
                    .map(|(d, fitted)| d * fitted.exp());
                let means: Vec<f64> = means.collect();
                let largest = means.iter().copied().fold(0.0, f64::max);
                if fit.sigma <= NO_SPREAD * largest.sqrt() {
                    return Err(RegressionRefused::NoResidualSpread);
                }
                Ok(Errors {
                    variance: fit.sigma.powi(2),
                    inverse: Basis::new(&self.columns, &means).inverse().ok_or(lost)?,
                })
            }
        }
    }

    /// β and standard errors in the units of the variables: β_j = γ_j/s_j, β_0 = γ_0 − Σ γ_j·m_j/s_j.
    fn coefficients(&self, fit: &Fit, errors: &Errors) -> Vec<Coefficient> {
        let count = self.means.len();
        let mut constant = DVector::zeros(count + 1);
        constant[0] = 1.0;
        let mut rows = Vec::new();
        for (variable, (mean, deviation)) in self.means.iter().zip(&self.deviations).enumerate() {
            constant[variable + 1] = -mean / deviation;
            let mut row = DVector::zeros(count + 1);
            row[variable + 1] = 1.0 / deviation;
            rows.push(row);
        }
        let coefficient = |row: &DVector<f64>| Coefficient {
            estimate: row.dot(&fit.gamma),
            standard_error: (errors.variance * row.dot(&(&errors.inverse * row))).sqrt(),
        };
        std::iter::once(&constant).chain(&rows).map(coefficient).collect()
    }

    /// The share of the spread that the variables explain.
    fn explained(&self, fit: &Fit, method: RegressionMethod) -> f64 {
        let pairs = || self.numerators.iter().zip(&self.denominators);
        let (unexplained, whole) = match method {
            RegressionMethod::Huber => {
                let logs = self.logs();
                let weights = || self.denominators.iter().map(|d| d.sqrt());
                let weighted = logs.iter().zip(weights()).map(|(log, weight)| log * weight);
                let center = exact_sum(weighted) / exact_sum(weights());
                let around = |at: &dyn Fn(usize) -> f64| {
                    let square = |(place, weight): (usize, f64)| weight * (logs[place] - at(place)).powi(2);
                    exact_sum(weights().enumerate().map(square))
                };
                (around(&|place| fit.fitted[place]), around(&|_| center))
            }
            RegressionMethod::QuasiPoisson => {
                let all = exact_sum(self.numerators.iter().copied());
                let rate = all / exact_sum(self.denominators.iter().copied());
                let deviance = |at: &dyn Fn(usize) -> f64| {
                    let one = |(place, (n, d)): (usize, (&f64, &f64))| {
                        let expected = d * at(place);
                        let log = if *n > 0.0 { n * (n / expected).ln() } else { 0.0 };
                        log - (n - expected)
                    };
                    exact_sum(pairs().enumerate().map(one))
                };
                (deviance(&|place| fit.fitted[place].exp()), deviance(&|_| rate))
            }
        };
        1.0 - unexplained / whole
    }
}

/// What the uncertainty of a fit is made of.
struct Errors {
    /// What the inverse is multiplied by for the variances of γ.
    variance: f64,
    /// (Z′WZ)⁻¹.
    inverse: DMatrix<f64>,
}

/// The variance of Huber's estimate beside (Z′WZ)⁻¹: κ²·σ̂²·[Σψ²/(n − p)]/m², m = mean of ψ′,
/// κ = 1 + (p/n)·var(ψ′)/m².
fn huber_variance(residuals: &[f64], sigma: f64, parameters: usize) -> f64 {
    let n = residuals.len() as f64;
    let p = parameters as f64;
    let bounded = |residual: &f64| (residual / sigma).clamp(-HUBER_K, HUBER_K);
    let inside: Vec<f64> = residuals
        .iter()
        .map(|residual| f64::from((residual / sigma).abs() <= HUBER_K))
        .collect();
    let squares = exact_sum(residuals.iter().map(|residual| bounded(residual).powi(2)));
    let slope = mean(&inside).unwrap_or(1.0);
    let spread = slope * (1.0 - slope);
    let correction = 1.0 + p / n * spread / slope.powi(2);
    (correction * sigma / slope).powi(2) * squares / (n - p)
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
