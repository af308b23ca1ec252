//! How a regression is solved: standardised columns, one orthonormal basis, and a fit with or without an area.

use super::super::spread::{
    MEDIAN_ABSOLUTE_DEVIATION_SCALE, mean, mean_and_deviation, median_absolute_deviation,
};
use super::super::sum::exact_sum;
use super::{Coefficient, HUBER_K, RegressionMethod, RegressionRefused, RegressionRow};
use nalgebra::{DMatrix, DVector};

/// An iteration has converged when no fitted value moves by more than this, in units of its own spread.
const TOLERANCE: f64 = 1e-9;

/// Steps after which an iteration that has not converged is given up.
const MOST_STEPS: usize = 1_000;

/// A column whose part outside the columns before it is smaller than this share of it is a combination of them.
const RANK_TOLERANCE: f64 = 1e-7;

/// A spread below this, beside logarithms of the size of one, is rounding and not spread.
const NO_SPREAD: f64 = 1e-10;

/// The areas as columns: the constant and the standardised variables.
pub(super) struct Design {
    numerators: Vec<f64>,
    denominators: Vec<f64>,
    columns: DMatrix<f64>,
    pub(super) means: Vec<f64>,
    pub(super) deviations: Vec<f64>,
}

/// An orthonormal basis Q of √w·Z = QR, in which every step of an iteration is solved: however the variables are scaled
/// or related, the equations of a step are then as well conditioned as its weights are near w.
pub(super) struct Basis {
    /// √w.
    roots: Vec<f64>,
    /// Q, row by row.
    rows: Vec<f64>,
    upper: DMatrix<f64>,
}

/// The end of an iteration.
pub(super) struct Fit {
    pub(super) gamma: DVector<f64>,
    /// ŷ of every area, in the model or not.
    pub(super) fitted: Vec<f64>,
    pub(super) sigma: f64,
    pub(super) robustness: Vec<f64>,
    pub(super) iterations: usize,
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
    pub(super) fn new(rows: &[RegressionRow], order: &[usize]) -> Result<Self, RegressionRefused> {
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
    pub(super) fn basis(&self, method: RegressionMethod) -> Basis {
        let weight = |denominator: &f64| match method {
            RegressionMethod::Huber => denominator.sqrt(),
            RegressionMethod::QuasiPoisson => *denominator,
        };
        let weights: Vec<f64> = self.denominators.iter().map(weight).collect();
        Basis::new(&self.columns, &weights)
    }

    pub(super) fn fit(
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
    pub(super) fn errors(
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
    pub(super) fn coefficients(&self, fit: &Fit, errors: &Errors) -> Vec<Coefficient> {
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
    pub(super) fn explained(&self, fit: &Fit, method: RegressionMethod) -> f64 {
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
pub(super) struct Errors {
    /// What the inverse is multiplied by for the variances of γ.
    variance: f64,
    /// (Z′WZ)⁻¹.
    pub(super) inverse: DMatrix<f64>,
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
