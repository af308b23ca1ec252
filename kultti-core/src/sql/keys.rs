//! What is declared of rows that stand in the order of their keys: the order itself, and who has which range of them.

use arrow_schema::{DataType, SchemaRef};
use datafusion::common::{ScalarValue, SplitPoint};
use datafusion::error::Result;
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_expr::{
    AcrossPartitions, ConstExpr, EquivalenceProperties, LexOrdering, Partitioning, PhysicalExpr,
    PhysicalSortExpr, RangePartitioning,
};
use datafusion::physical_plan::PlanProperties;
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use std::sync::Arc;

/// A column of the key.
pub(super) struct Key<'k> {
    pub(super) name: &'k str,
    /// Whether all rows have the same.
    pub(super) same: bool,
}

/// Rows in the order of `keys`, ascending; the second and every later part begins with the first key of `firsts`.
///
/// Keys that the schema lacks have been left out of the rows; so the order ends before the first of them, unless all rows have
/// the same.
pub(super) fn in_order(schema: &SchemaRef, keys: &[Key], firsts: &[&str]) -> Result<PlanProperties> {
    let column = |name: &str| -> Option<Arc<dyn PhysicalExpr>> {
        let place = schema.index_of(name).ok()?;
        Some(Arc::new(Column::new(name, place)))
    };
    let mut ordering: Vec<PhysicalSortExpr> = Vec::new();
    let mut constants = Vec::new();
    for key in keys {
        match column(key.name) {
            Some(known) if key.same => {
                constants.push(ConstExpr::new(known, AcrossPartitions::Uniform(None)));
            }
            Some(known) => ordering.push(PhysicalSortExpr::new_default(known).asc().nulls_last()),
            None if key.same => {}
            None => break,
        }
    }
    let mut equivalences = EquivalenceProperties::new_with_orderings(Arc::clone(schema), [ordering]);
    equivalences.add_constants(constants)?;
    let first = keys.first().and_then(|key| column(key.name));
    let ranged =
        first.and_then(|first| LexOrdering::new([PhysicalSortExpr::new_default(first).asc().nulls_last()]));
    let partitioning = match ranged {
        Some(ranged) if !firsts.is_empty() => {
            let points = firsts
                .iter()
                .map(|first| SplitPoint::new(vec![text_value(first)]));
            Partitioning::Range(RangePartitioning::try_new(ranged, points.collect())?)
        }
        _ => Partitioning::UnknownPartitioning(firsts.len() + 1),
    };
    Ok(PlanProperties::new(
        equivalences,
        partitioning,
        EmissionType::Incremental,
        Boundedness::Bounded,
    ))
}

/// A text of the type that keys have.
fn text_value(text: &str) -> ScalarValue {
    ScalarValue::Dictionary(
        Box::new(DataType::Int32),
        Box::new(ScalarValue::Utf8(Some(text.to_owned()))),
    )
}
