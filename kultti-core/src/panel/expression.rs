//! Expressions over measures, evaluated for all areas at once.

use super::figures::PRESENT;
use crate::model::{Expression, MeasureId, Missing};
use std::borrow::Cow;

/// One side of a formula for every area: a value, or the number of the reason why there is none.
#[derive(Clone)]
pub(super) struct Column<'a> {
    /// NaN where there is none.
    pub(super) values: Cow<'a, [f64]>,
    pub(super) reasons: Cow<'a, [u8]>,
}

impl Column<'_> {
    /// The same value for every area.
    pub(super) fn constant(value: f64, areas: usize) -> Self {
        Column {
            values: Cow::Owned(vec![value; areas]),
            reasons: Cow::Owned(vec![PRESENT; areas]),
        }
    }

    /// A column in which no area has a value.
    pub(super) fn missing(reason: Missing, areas: usize) -> Self {
        Column {
            values: Cow::Owned(vec![f64::NAN; areas]),
            reasons: Cow::Owned(vec![reason as u8; areas]),
        }
    }
}

/// The values of an expression; of several reasons for the absence of one the first in precedence. A division by zero is
/// a reason of its own.
pub(super) fn evaluate<'a>(
    expression: &Expression,
    areas: usize,
    measure: &impl Fn(&MeasureId) -> Column<'a>,
) -> Column<'a> {
    let both = |left: &Expression, right: &Expression, apply: fn(f64, f64) -> f64| {
        let left = evaluate(left, areas, measure);
        let right = evaluate(right, areas, measure);
        joined(&left, &right, apply)
    };
    match expression {
        Expression::Number(number) => Column::constant(*number, areas),
        Expression::Measure(id) => measure(id),
        Expression::Negate(inner) => {
            let mut column = evaluate(inner, areas, measure);
            column
                .values
                .to_mut()
                .iter_mut()
                .for_each(|value| *value = -*value);
            column
        }
        Expression::Add(left, right) => both(left, right, |l, r| l + r),
        Expression::Subtract(left, right) => both(left, right, |l, r| l - r),
        Expression::Multiply(left, right) => both(left, right, |l, r| l * r),
        Expression::Divide(left, right) => {
            let left = evaluate(left, areas, measure);
            let right = evaluate(right, areas, measure);
            let mut quotient = joined(&left, &right, |l, r| l / r);
            let (values, reasons) = (quotient.values.to_mut(), quotient.reasons.to_mut());
            for ((value, reason), divisor) in values.iter_mut().zip(reasons).zip(right.values.iter()) {
                if *reason == PRESENT && *divisor == 0.0 {
                    *value = f64::NAN;
                    *reason = Missing::DenominatorZero as u8;
                }
            }
            quotient
        }
    }
}

fn joined<'a>(left: &Column, right: &Column, apply: fn(f64, f64) -> f64) -> Column<'a> {
    let values = left.values.iter().zip(right.values.iter());
    let reasons = left.reasons.iter().zip(right.reasons.iter());
    Column {
        values: values.map(|(left, right)| apply(*left, *right)).collect(),
        reasons: reasons.map(|(left, right)| *left.min(right)).collect(),
    }
}
