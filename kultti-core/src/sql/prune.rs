//! Conditions that are decided before a row is read.

use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef, DictionaryArray, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use datafusion::catalog::Session;
use datafusion::common::DFSchema;
use datafusion::common::tree_node::TreeNode;
use datafusion::error::Result;
use datafusion::logical_expr::utils::conjunction;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown};
use std::sync::Arc;

/// What becomes of conditions, when those about `keys` alone are decided before a row is read: as `decided` says, for whoever
/// asks needs not decide them again where it is exact.
pub(super) fn pushed_down(
    filters: &[&Expr],
    keys: [&str; 2],
    decided: &TableProviderFilterPushDown,
) -> Vec<TableProviderFilterPushDown> {
    let of = |filter: &&Expr| {
        if is_about(filter, keys) {
            decided.clone()
        } else {
            TableProviderFilterPushDown::Unsupported
        }
    };
    filters.iter().map(of).collect()
}

/// Whether a condition is about these columns alone and says the same whenever it is asked.
fn is_about(filter: &Expr, keys: [&str; 2]) -> bool {
    let foreign = |part: &Expr| {
        Ok(matches!(
            part,
            Expr::ScalarSubquery(_)
                | Expr::InSubquery(_)
                | Expr::Exists(_)
                | Expr::OuterReferenceColumn(..)
                | Expr::Placeholder(_)
        ))
    };
    let known = filter
        .column_refs()
        .iter()
        .all(|column| keys.contains(&column.name()));
    known && !filter.is_volatile() && !filter.exists(foreign).unwrap_or(true)
}

/// Which pairs of keys fulfil all conditions about them.
pub(super) fn fulfilling<'k>(
    session: &dyn Session,
    filters: &[Expr],
    names: [&str; 2],
    pairs: impl Iterator<Item = (&'k str, String)>,
) -> Result<Vec<bool>> {
    let (first, second): (Vec<&str>, Vec<String>) = pairs.unzip();
    let about = filters.iter().filter(|filter| is_about(filter, names)).cloned();
    let Some(condition) = conjunction(about) else {
        return Ok(vec![true; first.len()]);
    };
    let arrays: [ArrayRef; 2] = [
        Arc::new(first.into_iter().collect::<DictionaryArray<Int32Type>>()),
        Arc::new(
            second
                .iter()
                .map(String::as_str)
                .collect::<DictionaryArray<Int32Type>>(),
        ),
    ];
    let text = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let fields = names.map(|name| Field::new(name, text.clone(), false));
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields.to_vec())), arrays.to_vec())?;
    let schema = DFSchema::try_from(batch.schema())?;
    let condition = session.create_physical_expr(condition, &schema)?;
    let found = condition.evaluate(&batch)?.into_array(batch.num_rows())?;
    let found = found.as_boolean();
    // What is neither true nor false is not fulfilled.
    Ok((0..found.len())
        .map(|row| found.is_valid(row) && found.value(row))
        .collect())
}
