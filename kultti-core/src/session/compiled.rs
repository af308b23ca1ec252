//! Expressions that are ready to be evaluated.

use super::allowed::{Problem, ProblemKind, Translated};
use super::engine;
use crate::error::Result;
use arrow_array::{Array, ArrayRef, BooleanArray, Float64Array, RecordBatch, RecordBatchOptions};
use arrow_schema::{DataType, Field, Schema};
use datafusion::common::DFSchema;
use datafusion::execution::session_state::SessionState;
use datafusion::physical_expr::PhysicalExpr;
use sqlparser::ast::BinaryOperator;
use std::sync::Arc;

/// How two numbers are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `=`
    Equal,
    /// `<>`
    Unequal,
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
}

impl Operator {
    pub(super) fn of(operator: &BinaryOperator) -> Option<Self> {
        Some(match operator {
            BinaryOperator::Eq => Self::Equal,
            BinaryOperator::NotEq => Self::Unequal,
            BinaryOperator::Lt => Self::Below,
            BinaryOperator::LtEq => Self::AtMost,
            BinaryOperator::Gt => Self::Above,
            BinaryOperator::GtEq => Self::AtLeast,
            _ => return None,
        })
    }

    /// How it is written.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::Unequal => "<>",
            Self::Below => "<",
            Self::AtMost => "<=",
            Self::Above => ">",
            Self::AtLeast => ">=",
        }
    }

    /// Whether it holds within a tolerance: a difference of exactly the tolerance is within it.
    ///
    /// ```
    /// use kultti_core::session::Operator;
    /// assert!(Operator::Equal.holds(100.0, 101.5, 1.5));
    /// assert!(!Operator::AtMost.holds(103.0, 101.0, 1.5));
    /// // Without one, the two are compared as they are.
    /// assert!(!Operator::Below.holds(1.0, 1.0, 0.0));
    /// ```
    pub fn holds(self, left: f64, right: f64, tolerance: f64) -> bool {
        match self {
            Self::Equal => (left - right).abs() <= tolerance,
            Self::Unequal => (left - right).abs() > tolerance,
            Self::AtMost => left <= right + tolerance,
            Self::AtLeast => left >= right - tolerance,
            Self::Below if tolerance > 0.0 => left <= right + tolerance,
            Self::Above if tolerance > 0.0 => left >= right - tolerance,
            Self::Below => left < right,
            Self::Above => left > right,
        }
    }
}

/// A comparison with both of its sides.
#[derive(Debug)]
pub struct Comparison {
    /// What stands left.
    pub left: Compiled,
    /// How the two are compared.
    pub operator: Operator,
    /// What stands right.
    pub right: Compiled,
}

/// An expression that is ready to be evaluated on any batch with its columns.
#[derive(Debug)]
pub struct Compiled {
    columns: Vec<String>,
    expression: Arc<dyn PhysicalExpr>,
    truth: bool,
}

impl Compiled {
    /// The columns it needs, by name.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Whether it is true or false of a row, rather than a number.
    pub fn is_truth(&self) -> bool {
        self.truth
    }

    /// True, false or missing for each row of a batch that has just the [`Compiled::columns`], in their order. Of an
    /// expression that is a number, all are missing.
    ///
    /// # Errors
    /// [`crate::Error::Engine`] for what the engine cannot compute.
    pub fn truths(&self, batch: &RecordBatch) -> Result<Vec<Option<bool>>> {
        let values = self.evaluate(batch)?;
        let values = values.as_any().downcast_ref::<BooleanArray>();
        Ok(values.map_or_else(|| vec![None; batch.num_rows()], |values| values.iter().collect()))
    }

    /// The number for each row of a batch that has just the [`Compiled::columns`], in their order; what is beyond the
    /// range of a double is missing. Of an expression that is true or false, all are missing.
    ///
    /// # Errors
    /// [`crate::Error::Engine`] for what the engine cannot compute.
    pub fn numbers(&self, batch: &RecordBatch) -> Result<Vec<Option<f64>>> {
        let values = self.evaluate(batch)?;
        let Some(values) = values.as_any().downcast_ref::<Float64Array>() else {
            return Ok(vec![None; batch.num_rows()]);
        };
        Ok(values
            .iter()
            .map(|value| value.filter(|value| value.is_finite()))
            .collect())
    }

    fn evaluate(&self, batch: &RecordBatch) -> Result<ArrayRef> {
        let value = self.expression.evaluate(batch).map_err(|cause| engine(&cause))?;
        value.into_array(batch.num_rows()).map_err(|cause| engine(&cause))
    }
}

/// A batch with columns of numbers.
///
/// # Errors
/// [`crate::Error::Engine`] for what the engine cannot hold.
pub fn number_batch(
    columns: &[String],
    rows: usize,
    value: impl Fn(&str, usize) -> Option<f64>,
) -> Result<RecordBatch> {
    // Adding 0 makes −0, which to the engine is less than 0, the 0 that it is.
    let at = |column: &str, row: usize| value(column, row).map(|value| value + 0.0);
    let arrays = columns
        .iter()
        .map(|column| Arc::new((0..rows).map(|row| at(column, row)).collect::<Float64Array>()) as ArrayRef)
        .collect();
    // A constant expression has no columns, yet is true or false of every row.
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(Arc::new(schema(columns)), arrays, &options).map_err(|cause| {
        crate::Error::Engine {
            cause: cause.to_string(),
        }
    })
}

fn schema(columns: &[String]) -> Schema {
    let field = |column: &String| Field::new(column, DataType::Float64, true);
    Schema::new(columns.iter().map(field).collect::<Vec<_>>())
}

pub(super) fn compile(state: &SessionState, translated: Translated) -> Result<Compiled, Problem> {
    let columns: Vec<String> = translated.columns.into_iter().collect();
    let plain = schema(&columns);
    let wrong = |cause: String| Problem::new(ProblemKind::Type, translated.span, cause);
    let planned = || -> datafusion::common::Result<_> {
        let schema = DFSchema::try_from(plain.clone())?;
        let logical = state.create_logical_expr(&translated.sql, &schema)?;
        let physical = state.create_physical_expr(logical, &schema)?;
        let kind = physical.data_type(&plain)?;
        Ok((physical, kind))
    };
    let (expression, kind) = planned().map_err(|cause| wrong(cause.strip_backtrace()))?;
    let truth = match kind {
        DataType::Boolean => true,
        DataType::Float64 => false,
        other => return Err(wrong(other.to_string())),
    };
    Ok(Compiled {
        columns,
        expression,
        truth,
    })
}
