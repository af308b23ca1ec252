//! What a number is equal to: `'091' = 91` is true, and `'total' = 91` is false rather than the end of the query.

use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode};
use datafusion::common::{DFSchema, Result};
use datafusion::config::ConfigOptions;
use datafusion::logical_expr::expr::{Cast, InList, TryCast};
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{BinaryExpr, Expr, ExprSchemable, LogicalPlan, Operator};
use datafusion::optimizer::AnalyzerRule;

/// The engine makes a number of a text that is compared with one, and fails where the text is none. A text that is no number
/// equals no number; where an order is asked for, such a text has no place, and the failure stays.
#[derive(Debug)]
pub(super) struct TextsAsNumbers;

impl AnalyzerRule for TextsAsNumbers {
    fn analyze(&self, plan: LogicalPlan, _config: &ConfigOptions) -> Result<LogicalPlan> {
        plan.transform_up_with_subqueries(lenient).data()
    }

    fn name(&self) -> &'static str {
        "TextsAsNumbers"
    }
}

fn lenient(plan: LogicalPlan) -> Result<Transformed<LogicalPlan>> {
    let schema = merge_schema(&plan.inputs());
    let names = NamePreserver::new(&plan);
    // The two sides of an equality in ON stand by themselves.
    let is_join = matches!(plan, LogicalPlan::Join(_));
    let changed = plan.map_expressions(|expression| {
        let name = names.save(&expression);
        let side = if is_join {
            tried(expression, &schema)
        } else {
            Transformed::no(expression)
        };
        let within =
            side.transform_data(|expression| expression.transform_up(|part| Ok(equality(part, &schema))))?;
        Ok(within.update_data(|expression| name.restore(expression)))
    })?;
    changed.map_data(LogicalPlan::recompute_schema)
}

fn equality(part: Expr, schema: &DFSchema) -> Transformed<Expr> {
    match part {
        Expr::BinaryExpr(BinaryExpr {
            left,
            op: Operator::Eq,
            right,
        }) => {
            let (left, right) = (tried(*left, schema), tried(*right, schema));
            let changed = left.transformed || right.transformed;
            let equal = BinaryExpr::new(Box::new(left.data), Operator::Eq, Box::new(right.data));
            Transformed::new_transformed(Expr::BinaryExpr(equal), changed)
        }
        Expr::InList(InList {
            expr,
            list,
            negated: false,
        }) => tried(*expr, schema).update_data(|expr| Expr::InList(InList::new(Box::new(expr), list, false))),
        other => Transformed::no(other),
    }
}

/// A text as a number, where it is one.
fn tried(expression: Expr, schema: &DFSchema) -> Transformed<Expr> {
    match expression {
        Expr::Cast(Cast { expr, field }) if field.data_type().is_numeric() && is_text(&expr, schema) => {
            Transformed::yes(Expr::TryCast(TryCast::new_from_field(expr, field)))
        }
        other => Transformed::no(other),
    }
}

fn is_text(expression: &Expr, schema: &DFSchema) -> bool {
    expression.get_type(schema).is_ok_and(|kind| match kind {
        arrow_schema::DataType::Dictionary(_, values) => values.is_string(),
        kind => kind.is_string(),
    })
}
