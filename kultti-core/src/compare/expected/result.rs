//! What is answered of an expected cost.

use super::options::ExpectedMethod;
use crate::compare::{AreaLabel, Context, Note};
use crate::language::{Message, Text};
use crate::model::{AreaCode, IndicatorId, Missing, Period};
use crate::panel::Cell;
use crate::stats::Coefficient;

/// A variable of the model, with what it does.
#[derive(Debug, Clone, PartialEq)]
pub struct ExpectedModelVariable {
    /// The indicator.
    pub indicator: IndicatorId,
    /// Its name.
    pub label: Text,
    /// Its unit as people write it.
    pub unit_symbol: Text,
    /// Decimals shown.
    pub decimals: usize,
    /// The period of its figures.
    pub period: Period,
    /// Whether its natural logarithm enters.
    pub log: bool,
    /// Why it is in the model, where the catalogue chose it.
    pub reason: Option<Text>,
    /// Its unweighted mean over the areas of the model, as it enters: of logarithms where `log`.
    pub mean: f64,
    /// β, with its standard error.
    pub coefficient: Coefficient,
}

/// The model.
#[derive(Debug, Clone, PartialEq)]
pub struct ExpectedModel {
    /// `id@version` of the catalogue's model; `None` for variables that were chosen.
    pub definition: Option<String>,
    /// How it was fitted.
    pub method: ExpectedMethod,
    /// The constant on the log scale of n/d.
    pub constant: Coefficient,
    /// The variables.
    pub variables: Vec<ExpectedModelVariable>,
    /// σ̂; √φ for quasi-Poisson.
    pub sigma: f64,
    /// Weighted R² on the log scale; the share of deviance for quasi-Poisson.
    pub r2: f64,
    /// The areas in the model, by code.
    pub areas: Vec<AreaCode>,
    /// How many they are.
    pub n: usize,
    /// Areas of the country in the measures' scope.
    pub members: usize,
    /// n less the number of coefficients.
    pub degrees_of_freedom: usize,
    /// Steps of the iteration.
    pub iterations: usize,
    /// m·exp(ŷ) where every variable has its mean: what the factors of [`VariableContribution`] multiply.
    pub at_means: f64,
}

/// An area's cost beside the one expected of it.
#[derive(Debug, Clone, PartialEq)]
pub struct ExpectedRow {
    /// The area.
    pub area: AreaLabel,
    /// Its figure.
    pub cell: Cell,
    /// m·exp(ŷ), an estimate (status E); `None` where a variable or the denominator is missing.
    pub expected: Option<f64>,
    /// Lower end of the prediction interval.
    pub lower: Option<f64>,
    /// Upper end.
    pub upper: Option<f64>,
    /// x − expected, in the unit of the indicator.
    pub difference: Option<f64>,
    /// x/expected − 1, a fraction.
    pub residual: Option<f64>,
    /// ln(x/expected); needs x > 0.
    pub residual_log: Option<f64>,
    /// x/expected − 1 with a model that has not seen the area; that of the model for an area outside it.
    pub leave_one_out: Option<f64>,
    /// (x − expected)·d/m: the difference in money of the area's own budget; `None` unless the cost is in money.
    pub budget_difference: Option<f64>,
    /// Huber's weight, 0 to 1; `None` outside the model and for quasi-Poisson.
    pub weight: Option<f64>,
    /// Whether the area is one of those that made the model.
    pub in_model: bool,
    /// The variables' values, not yet logarithms, in the order of the model.
    pub variables: Vec<Option<f64>>,
    /// What it can afford, where the catalogue names a measure of it: not in the model.
    pub capacity: Option<f64>,
}

/// What one variable does to the expected cost of one area.
#[derive(Debug, Clone, PartialEq)]
pub struct VariableContribution {
    /// The variable's indicator.
    pub indicator: IndicatorId,
    /// The area's value.
    pub value: f64,
    /// The mean it is held against: exp of the mean of logarithms where the logarithm enters.
    pub typical: f64,
    /// exp(β·(x − x̄)): the expected cost is the one at the means times the factors of all variables.
    pub factor: f64,
}

/// An area that did not enter the model.
#[derive(Debug, Clone, PartialEq)]
pub struct UnmodelledArea {
    /// The area.
    pub area: AreaLabel,
    /// The SDMX letter of its figure.
    pub status: char,
    /// Why the figure has no value, where that is the reason.
    pub missing: Option<Missing>,
    /// Why.
    pub reason: Message,
}

/// What is shown beside the expected cost without being in the model.
#[derive(Debug, Clone, PartialEq)]
pub struct CapacityIndicator {
    /// The indicator.
    pub indicator: IndicatorId,
    /// Its name.
    pub label: Text,
    /// Its unit as people write it.
    pub unit_symbol: Text,
    /// Decimals shown.
    pub decimals: usize,
    /// The period of its figures.
    pub period: Period,
}

/// The answer of [`crate::release::Release::expected`].
#[derive(Debug, Clone, PartialEq)]
pub struct Expected {
    /// Indicator, unit, borders, release.
    pub context: Context,
    /// The period.
    pub period: Period,
    /// The area asked for.
    pub area: Option<AreaLabel>,
    /// Of the interval, in per cent.
    pub level: f64,
    /// The model.
    pub model: ExpectedModel,
    /// By code; the one of the area where one was asked for.
    pub rows: Vec<ExpectedRow>,
    /// What each variable does for the area asked for.
    pub contributions: Vec<VariableContribution>,
    /// Areas that did not enter the model.
    pub left_out: Vec<UnmodelledArea>,
    /// What is shown beside the model.
    pub capacity: Option<CapacityIndicator>,
    /// What to keep in mind.
    pub notes: Vec<Note>,
}
