//! Rules in SQL.

use super::super::scene::{Found, Names, Scene, Sink, Subject, shown_decimals};
use super::super::{Outcome, Severity};
use crate::error::Result;
use crate::language::{Language, Message, Param, Text};
use crate::model::MeasureId;
use crate::session::{Comparison, Compiled, number_batch};
use std::collections::BTreeSet;

/// The column with the inhabitants.
const INHABITANTS: &str = "inhabitants";

/// The columns of an expression: each measure, each measure of the period before, and the inhabitants.
pub(in super::super) fn columns<'a>(measures: impl Iterator<Item = &'a MeasureId>) -> BTreeSet<String> {
    let of = |measure: &MeasureId| [measure.to_string(), format!("previous({measure})")];
    measures.flat_map(of).chain([INHABITANTS.to_owned()]).collect()
}

/// What an expression of SQL says of a record.
///
/// Where `when` is false the rule does not apply. Where `when` or `assert` is neither true nor false, because a figure is
/// missing or a denominator is zero, the rule cannot be tested. With a tolerance, `assert` is a comparison whose sides may be
/// so far apart.
#[derive(Debug)]
pub(in super::super) struct Assertion {
    pub(in super::super) measures: Vec<MeasureId>,
    pub(in super::super) when: Option<Compiled>,
    pub(in super::super) assert: Compiled,
    /// Both sides, where it is a comparison.
    pub(in super::super) sides: Option<Comparison>,
    pub(in super::super) tolerance: Option<Compiled>,
    pub(in super::super) message: Text,
}

/// What the sides of a comparison are in a record.
#[derive(Clone, Copy, Default)]
struct Sides {
    left: Option<f64>,
    right: Option<f64>,
    tolerance: Option<f64>,
}

impl Assertion {
    pub(super) fn check(&self, scene: &Scene<'_>, sink: &mut Sink<'_>) -> Result<()> {
        let subjects: Vec<Subject<'_>> = scene.subjects().collect();
        let applies = match &self.when {
            Some(when) => truths(when, &subjects)?,
            None => vec![Some(true); subjects.len()],
        };
        let holds = truths(&self.assert, &subjects)?;
        let sides = self.sides(&subjects)?;
        for (row, subject) in subjects.iter().enumerate() {
            let sides = sides.get(row).copied().unwrap_or_default();
            let outcome = match (applies[row], self.outcome(holds[row], sides)) {
                (Some(false), _) => continue,
                (None, _) => Outcome::Missing,
                (Some(true), outcome) => outcome,
            };
            sink.case(*subject, self.measures.first(), outcome);
            if outcome == Outcome::Fail {
                sink.find(*subject, self.found(scene, *subject, sides));
            }
        }
        Ok(())
    }

    fn outcome(&self, holds: Option<bool>, sides: Sides) -> Outcome {
        let within = match (&self.sides, &self.tolerance) {
            (Some(comparison), Some(_)) => match (sides.left, sides.right, sides.tolerance) {
                (Some(left), Some(right), Some(tolerance)) => {
                    Some(comparison.operator.holds(left, right, tolerance.max(0.0)))
                }
                _ => None,
            },
            _ => holds,
        };
        match within {
            Some(true) => Outcome::Pass,
            Some(false) => Outcome::Fail,
            None => Outcome::Missing,
        }
    }

    fn sides(&self, subjects: &[Subject<'_>]) -> Result<Vec<Sides>> {
        let Some(comparison) = &self.sides else {
            return Ok(Vec::new());
        };
        let (left, right) = (
            numbers(&comparison.left, subjects)?,
            numbers(&comparison.right, subjects)?,
        );
        let tolerance = match &self.tolerance {
            Some(tolerance) => numbers(tolerance, subjects)?,
            None => vec![None; subjects.len()],
        };
        let sides = left.into_iter().zip(right).zip(tolerance);
        Ok(sides
            .map(|((left, right), tolerance)| Sides {
                left,
                right,
                tolerance,
            })
            .collect())
    }

    fn found(&self, scene: &Scene<'_>, subject: Subject<'_>, sides: Sides) -> Found {
        let decimals = self
            .measures
            .first()
            .map_or(0, |measure| scene.names.decimals(measure));
        let number = |value: f64| Param::Number(value, shown_decimals(value, decimals));
        let mut message = Message::new("finding.sql").with("text", &self.text(scene.names, subject, sides));
        if let (Some(comparison), Some(left), Some(right)) = (&self.sides, sides.left, sides.right) {
            message = message
                .with("left", number(left))
                .with("sign", comparison.operator.sign())
                .with("right", number(right))
                .with("difference", number((left - right).abs()));
        }
        if let Some(tolerance) = sides.tolerance.filter(|tolerance| *tolerance > 0.0) {
            message = message.with("tolerance", number(tolerance));
        }
        Found {
            measures: self.measures.clone(),
            observed: sides.left,
            expected: sides.right,
            message,
            repair: None,
            most: Severity::Error,
        }
    }

    /// The rule's own text with `{observed}`, `{expected}`, `{difference}` and `{a.measure}` filled in.
    fn text(&self, names: &Names, subject: Subject<'_>, sides: Sides) -> Text {
        let decimals = self.measures.first().map_or(0, |measure| names.decimals(measure));
        let difference = sides
            .left
            .zip(sides.right)
            .map(|(left, right)| (left - right).abs());
        let shown = |value: Option<f64>, decimals: u8, language: Language| match value {
            Some(value) => Param::Number(value, shown_decimals(value, decimals)).render(language),
            None => "\u{2026}".to_owned(),
        };
        Text::each(|language| {
            let mut text = self.message.get(language).to_owned();
            for (name, value) in [
                ("{observed}", sides.left),
                ("{expected}", sides.right),
                ("{difference}", difference),
            ] {
                text = text.replace(name, &shown(value, decimals, language));
            }
            for measure in &self.measures {
                let value = shown(subject.value(measure), names.decimals(measure), language);
                text = text.replace(&format!("{{{measure}}}"), &value);
            }
            text
        })
    }
}

fn truths(expression: &Compiled, subjects: &[Subject<'_>]) -> Result<Vec<Option<bool>>> {
    expression.truths(&batch(expression, subjects)?)
}

fn numbers(expression: &Compiled, subjects: &[Subject<'_>]) -> Result<Vec<Option<f64>>> {
    expression.numbers(&batch(expression, subjects)?)
}

fn batch(expression: &Compiled, subjects: &[Subject<'_>]) -> Result<arrow_array::RecordBatch> {
    number_batch(expression.columns(), subjects.len(), |column, row| {
        let subject = subjects[row];
        if column == INHABITANTS {
            return subject.inhabitants();
        }
        match of_before(column) {
            Some(measure) => subject.previous(&measure),
            None => subject.value(&MeasureId::new(column)),
        }
    })
}

/// The measure of a column of the period before.
pub(in super::super) fn of_before(column: &str) -> Option<MeasureId> {
    let measure = column.strip_prefix("previous(")?.strip_suffix(')')?;
    Some(MeasureId::new(measure))
}
