//! The structural variables of a question: from the catalogue or chosen, each with its figures.

use super::options::{ExpectedOptions, VariableChoice};
use crate::catalogue::{Expectation, UnitKind};
use crate::compare::AreaLabel;
use crate::error::{Error, Result};
use crate::language::{Message, Text};
use crate::model::{FunctionId, Indicator, Measure};
use crate::panel::{Borders, Slice, Slicer};

/// A variable with its figures on the borders of the cost.
pub(super) struct Variable<'r> {
    pub(super) indicator: &'r Indicator,
    pub(super) log: bool,
    pub(super) reason: Option<Text>,
    pub(super) slice: Slice,
}

impl Variable<'_> {
    /// The value as it enters the model.
    pub(super) fn entering(&self, index: usize) -> Option<f64> {
        let value = self.slice.value(index)?;
        Some(if self.log { value.ln() } else { value })
    }
}

/// The variables asked for, or those of the catalogue with the model that declares them.
pub(super) fn variables<'r>(
    slicer: &Slicer<'r>,
    cost: &Indicator,
    slice: &Slice,
    options: &ExpectedOptions,
) -> Result<(Option<&'r Expectation>, Vec<Variable<'r>>)> {
    let catalogue = slicer.release().catalogue();
    if !options.variables.is_empty() {
        let chosen = options.variables.iter().map(|choice| (choice.clone(), None));
        return Ok((None, read(slicer, cost, slice, chosen.collect())?));
    }
    let model = catalogue
        .expectation(cost.id.as_str())
        .ok_or_else(|| Error::MethodRefused {
            indicator: cost.id.to_string(),
            method: Message::new("word.expected-cost"),
            reason: Message::new("reason.expected-no-variables"),
        })?;
    let declared = model.variables.iter().map(|variable| {
        let choice = VariableChoice {
            indicator: variable.indicator.to_string(),
            log: variable.log,
            period: variable.period,
        };
        (choice, Some(variable.reason.clone()))
    });
    Ok((Some(model), read(slicer, cost, slice, declared.collect())?))
}

fn read<'r>(
    slicer: &Slicer<'r>,
    cost: &Indicator,
    slice: &Slice,
    choices: Vec<(VariableChoice, Option<Text>)>,
) -> Result<Vec<Variable<'r>>> {
    let mut found: Vec<Variable> = Vec::new();
    for (choice, reason) in choices {
        let indicator = slicer.release().catalogue().indicator(&choice.indicator)?;
        check_circle(slicer, cost, indicator)?;
        if found.iter().any(|known| known.indicator.id == indicator.id) {
            return Err(Error::InvalidArgument {
                name: "variables".into(),
                expected: "each variable once".into(),
                found: choice.indicator,
            });
        }
        let period = slicer.period(indicator, Some(choice.period.unwrap_or(slice.period)))?;
        let variable = Variable {
            log: choice.log,
            reason,
            slice: slicer.slice(indicator, period, Borders::On(slice.date), None)?,
            indicator,
        };
        check_logarithm(slicer, cost, &variable)?;
        found.push(variable);
    }
    Ok(found)
}

/// A cost may not be explained by itself: not by a measure of its numerator, nor by money of the same function.
fn check_circle(slicer: &Slicer, cost: &Indicator, variable: &Indicator) -> Result<()> {
    let catalogue = slicer.release().catalogue();
    let own = cost.formula.numerator.measures();
    let function = |measure: &Measure| -> Option<FunctionId> {
        let money = catalogue.power_of(UnitKind::Money, &measure.unit) != 0;
        measure.function.clone().filter(|_| money)
    };
    let functions: Vec<FunctionId> = own
        .iter()
        .filter_map(|id| catalogue.measure(id))
        .filter_map(function)
        .collect();
    let circular: Vec<String> = slicer
        .measures_of(variable)
        .into_iter()
        .filter(|measure| {
            own.contains(&&measure.id) || function(measure).is_some_and(|of| functions.contains(&of))
        })
        .map(|measure| measure.id.to_string())
        .collect();
    if circular.is_empty() {
        return Ok(());
    }
    Err(Error::CircularVariable {
        indicator: cost.id.to_string(),
        variable: variable.id.to_string(),
        measures: circular,
    })
}

/// A logarithm needs positive values in every area.
fn check_logarithm(slicer: &Slicer, cost: &Indicator, variable: &Variable) -> Result<()> {
    if !variable.log {
        return Ok(());
    }
    let values = variable.slice.figures.values().iter().enumerate();
    let refused: Vec<String> = values
        .filter(|(_, value)| **value <= 0.0)
        .filter_map(|(index, _)| variable.slice.code(index))
        .map(|code| AreaLabel::named(slicer.release().territory(), code).described())
        .collect();
    if refused.is_empty() {
        return Ok(());
    }
    Err(Error::RegressorNotPositive {
        indicator: cost.id.to_string(),
        variable: variable.indicator.id.to_string(),
        areas: refused,
    })
}
