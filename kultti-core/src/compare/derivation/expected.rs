//! How an expected cost came about: the model, its coefficients, and for one area the way from its variables to the
//! difference.

use super::{Derivation, DerivationInput, DerivationStep, Derived, shown};
use crate::compare::result::{AreaLabel, Context, Unranked};
use crate::compare::{Expected, ExpectedMethod, ExpectedModelVariable, ExpectedRow};
use crate::error::Result;
use crate::language::{Message, Text};
use crate::model::AreaCode;
use crate::panel::Borders;
use crate::release::Release;

fn step(
    what: Message,
    formula: &str,
    numbers: String,
    value: Option<f64>,
    decimals: usize,
) -> DerivationStep {
    DerivationStep {
        what,
        formula: formula.to_owned(),
        numbers,
        value,
        missing: None,
        decimals,
    }
}

impl Expected {
    /// The model: its spread, and the coefficient of each variable.
    fn model_steps(&self) -> Vec<DerivationStep> {
        let model = &self.model;
        let formula = match model.method {
            ExpectedMethod::Log => "ln(n/d) = β₀ + Σβ·x, w = √d, Huber(√w·e), σ̂ = 1.4826·MAD(√w·e)",
            ExpectedMethod::QuasiPoisson => "E n = d·exp(β₀ + Σβ·x), Var n = φ·E n, σ̂ = √φ",
        };
        let what = Message::new("step.expected-model")
            .with("n", model.n)
            .with("members", model.members);
        let mut steps = vec![step(what, formula, String::new(), Some(model.sigma), 4)];
        let coefficient = |name: &Text, value: f64| {
            let what = Message::new("step.coefficient").with("variable", name);
            step(what, "β", String::new(), Some(value), 6)
        };
        let constant = crate::compare::notes::word_text("word.constant");
        steps.push(coefficient(&constant, model.constant.estimate));
        let variables = model.variables.iter();
        steps.extend(variables.map(|variable| coefficient(&variable.label, variable.coefficient.estimate)));
        steps
    }

    /// From the variables of an area to what is expected of it and the difference.
    fn area_steps(&self, row: &ExpectedRow, multiplier: f64) -> Vec<DerivationStep> {
        let decimals = self.context.decimals;
        let (Some(expected), Some(terms)) = (row.expected, self.terms(row)) else {
            return Vec::new();
        };
        let what = |code| Message::new(code).with("area", &row.area.name);
        let numbers = format!("{} * exp({terms})", shown(multiplier));
        let mut steps = vec![step(
            what("step.expected"),
            "m·exp(β₀ + Σβ·x)",
            numbers,
            Some(expected),
            decimals,
        )];
        let pair = row.cell.value.zip(row.difference);
        if let Some((value, difference)) = pair {
            let numbers = format!("{} - {}", shown(value), shown(expected));
            let what = what("step.expected-difference");
            steps.push(step(what, "x − x̂", numbers, Some(difference), decimals));
        }
        if let Some(((budget, difference), below)) = row
            .budget_difference
            .zip(row.difference)
            .zip(row.cell.denominator)
        {
            let numbers = format!("{} * {} / {}", shown(difference), shown(below), shown(multiplier));
            let what = what("step.budget-difference");
            steps.push(step(what, "(x − x̂)·d/m", numbers, Some(budget), 0));
        }
        steps
    }

    /// β₀ + Σβ·x with the numbers of an area.
    fn terms(&self, row: &ExpectedRow) -> Option<String> {
        let mut terms = shown(self.model.constant.estimate);
        for (variable, value) in self.model.variables.iter().zip(&row.variables) {
            let entering = |variable: &ExpectedModelVariable, value: f64| {
                if variable.log {
                    format!("ln({})", shown(value))
                } else {
                    shown(value)
                }
            };
            let entering = entering(variable, (*value)?);
            let (sign, slope) = match variable.coefficient.estimate {
                slope if slope < 0.0 => ('-', -slope),
                slope => ('+', slope),
            };
            terms.push_str(&format!(" {sign} {} * {entering}", shown(slope)));
        }
        Some(terms)
    }

    /// The areas of the model, and the one asked for where it is none of them.
    fn entered(&self) -> Vec<AreaCode> {
        let mut codes = self.model.areas.clone();
        let own = self.area.as_ref().map(|area| &area.code);
        codes.extend(own.filter(|own| !self.model.areas.contains(own)).cloned());
        codes
    }
}

impl Derived for Expected {
    fn context(&self) -> &Context {
        &self.context
    }

    fn areas(&self) -> Vec<&AreaLabel> {
        self.area.iter().collect()
    }

    fn derivation(&self, release: &Release) -> Result<Derivation> {
        let indicator = release.catalogue().indicator(self.context.indicator.as_str())?;
        let borders: Borders = self.context.territory.parse()?;
        let date = borders.date(release.territory(), self.period)?;
        let mut steps = self.model_steps();
        if let (Some(_), Some(row)) = (&self.area, self.rows.first()) {
            steps.extend(self.area_steps(row, indicator.multiplier));
        }
        let mut inputs = vec![DerivationInput {
            indicator: self.context.indicator.clone(),
            period: self.period,
            borders,
            real: None,
            areas: self.entered(),
        }];
        inputs.extend(self.model.variables.iter().map(|variable| DerivationInput {
            indicator: variable.indicator.clone(),
            period: variable.period,
            borders: Borders::On(date),
            real: None,
            areas: self.entered(),
        }));
        let left_out = self.left_out.iter().map(|out| Unranked {
            area: out.area.clone(),
            status: out.status,
            missing: out.missing,
        });
        Ok(Derivation {
            steps,
            inputs,
            left_out: left_out.collect(),
        })
    }
}
