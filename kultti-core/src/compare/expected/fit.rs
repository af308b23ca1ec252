//! From figures to a model and back to areas.

use super::Question;
use super::options::ExpectedMethod;
use super::result::{
    ExpectedModel, ExpectedModelVariable, ExpectedRow, UnmodelledArea, VariableContribution,
};
use crate::catalogue::Expectation;
use crate::compare::AreaLabel;
use crate::compare::compare_verb::reliable;
use crate::compare::label::unit_symbol;
use crate::error::{Error, Result};
use crate::language::Message;
use crate::model::Missing;
use crate::panel::Slice;
use crate::stats::{Regression, RegressionMethod, RegressionRefused, RegressionRow, expected_rates};
use std::collections::BTreeMap;

/// Above this share of areas with n ≤ 0 a logarithm would leave out too many.
const MOST_NOT_POSITIVE: f64 = 0.1;
/// Areas that a refusal names.
const NAMED: usize = 10;

/// A model that has been fitted.
pub(super) struct Fitted {
    regression: Regression,
    /// The areas of the model, by position in the slice: their place in the regression.
    places: BTreeMap<usize, usize>,
    pub(super) left_out: Vec<UnmodelledArea>,
}

impl Fitted {
    /// Fits the model on the areas of the country.
    pub(super) fn new(question: &Question, country: &[usize]) -> Result<Self> {
        let mut places = BTreeMap::new();
        let mut rows = Vec::new();
        let mut left_out = Vec::new();
        let mut not_positive = Vec::new();
        for index in country {
            match question.row(*index) {
                Ok(row) => {
                    places.insert(*index, rows.len());
                    rows.push(row);
                }
                Err(reason) => {
                    if reason.code() == "reason.not-positive" {
                        not_positive.push(*index);
                    }
                    left_out.push(UnmodelledArea {
                        area: question.label(*index),
                        status: question.slice.figures.letter(*index),
                        missing: question.slice.missing(*index),
                        reason,
                    });
                }
            }
        }
        question.check_not_positive(&not_positive, rows.len())?;
        let method = match question.options.method {
            ExpectedMethod::Log => RegressionMethod::Huber,
            ExpectedMethod::QuasiPoisson => RegressionMethod::QuasiPoisson,
        };
        let regression =
            expected_rates(&rows, method).map_err(|refused| question.refused(refused, rows.len()))?;
        Ok(Self {
            regression,
            places,
            left_out,
        })
    }

    /// The areas that the model was fitted to, ascending.
    pub(super) fn areas(&self) -> Vec<usize> {
        self.places.keys().copied().collect()
    }

    /// The model as it is told.
    pub(super) fn model(
        &self,
        question: &Question,
        declared: Option<&Expectation>,
        members: usize,
    ) -> ExpectedModel {
        let regression = &self.regression;
        let slopes = regression.coefficients.iter().skip(1).zip(&regression.means);
        let variables = question
            .variables
            .iter()
            .zip(slopes)
            .map(|(variable, (coefficient, mean))| {
                let indicator = variable.indicator;
                ExpectedModelVariable {
                    indicator: indicator.id.clone(),
                    label: indicator.label.clone(),
                    unit_symbol: unit_symbol(question.slicer.release().catalogue(), &indicator.unit),
                    decimals: indicator.decimals,
                    period: variable.slice.period,
                    log: variable.log,
                    reason: variable.reason.clone(),
                    mean: *mean,
                    coefficient: *coefficient,
                }
            });
        ExpectedModel {
            definition: declared.map(Expectation::definition_id),
            method: question.options.method,
            constant: regression.coefficients[0],
            variables: variables.collect(),
            sigma: regression.sigma,
            r2: regression.r2,
            areas: self
                .places
                .keys()
                .filter_map(|index| question.slice.code(*index))
                .cloned()
                .collect(),
            n: self.places.len(),
            members,
            degrees_of_freedom: regression.degrees_of_freedom,
            iterations: regression.iterations,
            at_means: question.indicator.multiplier * regression.at_means().exp(),
        }
    }

    /// An area beside what is expected of it.
    pub(super) fn row(&self, question: &Question, index: usize, capacity: Option<&Slice>) -> ExpectedRow {
        let slice = question.slice;
        let multiplier = question.indicator.multiplier;
        let entering: Option<Vec<f64>> = question
            .variables
            .iter()
            .map(|variable| variable.entering(index))
            .collect();
        // The variables are those of the area alone: a joint figure is another's too.
        let denominator = slice.denominator(index).filter(|_| !question.is_joint(index));
        let level = question.options.level / 100.0;
        let prediction = entering
            .zip(denominator)
            .and_then(|(entering, denominator)| self.regression.predict(denominator, &entering, level));
        let rate = |log: f64| multiplier * log.exp();
        let cell = reliable(question.indicator, slice, index);
        let expected = prediction.map(|prediction| rate(prediction.fitted));
        let pair = cell.value.zip(expected);
        let place = self.places.get(&index);
        let fitted = place.map(|place| self.regression.areas[*place]);
        let residual = pair.map(|(value, expected)| value / expected - 1.0);
        let without = fitted.map_or(residual, |fitted| {
            let without = cell.value.zip(fitted.leave_one_out);
            without.map(|(value, log)| value / rate(log) - 1.0)
        });
        let difference = pair.map(|(value, expected)| value - expected);
        let budget = difference.zip(denominator).filter(|_| question.is_money());
        ExpectedRow {
            area: question.label(index),
            expected,
            lower: prediction.map(|prediction| rate(prediction.lower)),
            upper: prediction.map(|prediction| rate(prediction.upper)),
            difference,
            residual,
            residual_log: pair
                .filter(|(value, _)| *value > 0.0)
                .map(|(value, expected)| (value / expected).ln()),
            leave_one_out: without,
            budget_difference: budget.map(|(difference, denominator)| difference * denominator / multiplier),
            weight: fitted
                .filter(|_| question.options.method == ExpectedMethod::Log)
                .map(|fitted| fitted.weight),
            in_model: place.is_some(),
            variables: question
                .variables
                .iter()
                .map(|variable| variable.slice.value(index))
                .collect(),
            capacity: capacity.and_then(|slice| slice.value(index)),
            cell,
        }
    }

    /// exp(β·(x − x̄)) of each variable for an area; none where a variable is missing.
    pub(super) fn contributions(&self, question: &Question, index: usize) -> Vec<VariableContribution> {
        let slopes = self
            .regression
            .coefficients
            .iter()
            .skip(1)
            .zip(&self.regression.means);
        let contribution =
            |(variable, (slope, mean)): (&super::Variable, (&crate::stats::Coefficient, &f64))| {
                let entering = variable.entering(index)?;
                Some(VariableContribution {
                    indicator: variable.indicator.id.clone(),
                    value: variable.slice.value(index)?,
                    typical: if variable.log { mean.exp() } else { *mean },
                    factor: (slope.estimate * (entering - mean)).exp(),
                })
            };
        let found: Option<Vec<_>> = question.variables.iter().zip(slopes).map(contribution).collect();
        found.unwrap_or_default()
    }
}

impl Question<'_, '_> {
    fn is_joint(&self, index: usize) -> bool {
        let mut joint = self.slice.joint.iter();
        joint.any(|joint| joint.host == index || joint.members.contains(&index))
    }

    /// An area as it enters the model, or why it does not.
    fn row(&self, index: usize) -> Result<RegressionRow, Message> {
        let missing = |reason: Missing| Message::new(reason.message_code());
        let reason = self.slice.missing(index).unwrap_or(Missing::NotReported);
        let numerator = self.slice.value(index).and(self.slice.numerator(index));
        let numerator = numerator.ok_or_else(|| missing(reason))?;
        if self.is_joint(index) {
            return Err(Message::new("reason.joint-figure"));
        }
        let denominator = self.slice.denominator(index).ok_or_else(|| missing(reason))?;
        let mut variables = Vec::new();
        for variable in self.variables {
            let value = variable.entering(index).ok_or_else(|| {
                Message::new("reason.variable-missing").with("variable", &variable.indicator.label)
            })?;
            variables.push(value);
        }
        let positive = match self.options.method {
            ExpectedMethod::Log => numerator > 0.0,
            ExpectedMethod::QuasiPoisson => numerator >= 0.0,
        };
        if !positive || denominator <= 0.0 {
            return Err(Message::new("reason.not-positive"));
        }
        Ok(RegressionRow {
            numerator,
            denominator,
            variables,
        })
    }

    fn check_not_positive(&self, refused: &[usize], entered: usize) -> Result<()> {
        let areas = refused.len() + entered;
        if refused.len() as f64 <= MOST_NOT_POSITIVE * areas as f64 {
            return Ok(());
        }
        let territory = self.slicer.release().territory();
        let codes = refused.iter().filter_map(|index| self.slice.code(*index));
        // Two hundred names would bury the sentence, and their number is in it.
        let described = |code| AreaLabel::named(territory, code).described();
        let mut names: Vec<String> = codes.take(NAMED).map(described).collect();
        if refused.len() > NAMED {
            names.push("…".to_owned());
        }
        Err(Error::TooManyNotPositive {
            indicator: self.indicator.id.to_string(),
            count: refused.len(),
            n: areas,
            areas: names,
        })
    }

    /// A refusal of the kernel with the names of the variables.
    fn refused(&self, refused: RegressionRefused, entered: usize) -> Error {
        let indicator = self.indicator.id.to_string();
        let name = |variable: usize| self.variables[variable].indicator.id.to_string();
        let method = |reason| Error::MethodRefused {
            indicator: indicator.clone(),
            method: Message::new("word.expected-cost"),
            reason: Message::new(reason),
        };
        match refused {
            RegressionRefused::TooFewAreas { needed, .. } => Error::TooFewAreas {
                indicator,
                n: entered,
                needed,
                variables: self.variables.len(),
            },
            RegressionRefused::NoSpread { variable } => Error::RegressorWithoutSpread {
                indicator,
                variable: name(variable),
            },
            RegressionRefused::Collinear { variable, with } => Error::CollinearVariables {
                indicator,
                variable: name(variable),
                with: with.into_iter().map(name).collect(),
            },
            RegressionRefused::NoResidualSpread => method("reason.no-residual-spread"),
            RegressionRefused::NotConverged => method("reason.not-converged"),
        }
    }
}
