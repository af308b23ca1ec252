//! Wide views: the indicators of a theme side by side.

use super::compare_all::CompareAllTable;
use crate::compare::CompareAllOptions;
use crate::release::Release;
use arrow_schema::{Schema, SchemaRef};
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::not_impl_err;
use datafusion::datasource::provider_as_source;
use datafusion::error::Result as EngineResult;
use datafusion::functions_aggregate::expr_fn::max;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, TableType, col, lit, when};
use datafusion::physical_plan::ExecutionPlan;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// The view of a theme: a row for each area and period, a column for each indicator, on present borders. It is planned when it is
/// first asked for.
pub(super) struct ThemeView {
    release: Arc<Release>,
    theme: String,
    plan: OnceLock<Option<LogicalPlan>>,
}

impl fmt::Debug for ThemeView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ThemeView")
            .field("theme", &self.theme)
            .finish_non_exhaustive()
    }
}

/// The name of the view of a theme.
pub(super) fn view_name(theme: &str) -> String {
    format!("theme_{}", plain(theme))
}

/// An id as a name that needs no quotes in SQL.
fn plain(id: &str) -> String {
    let plain = |symbol: char| {
        if symbol.is_ascii_alphanumeric() {
            symbol.to_ascii_lowercase()
        } else {
            '_'
        }
    };
    id.chars().map(plain).collect()
}

impl ThemeView {
    pub(super) fn new(release: &Arc<Release>, theme: &str) -> Self {
        Self {
            release: Arc::clone(release),
            theme: theme.to_owned(),
            plan: OnceLock::new(),
        }
    }

    fn plan(&self) -> Option<&LogicalPlan> {
        self.plan.get_or_init(|| self.make_plan().ok()).as_ref()
    }

    fn make_plan(&self) -> EngineResult<LogicalPlan> {
        let all = CompareAllTable {
            release: Arc::clone(&self.release),
            options: CompareAllOptions {
                columns: Vec::new(),
                ..CompareAllOptions::default()
            },
        };
        let of_theme = self.release.catalogue().indicators();
        let of_theme = of_theme.filter(|indicator| indicator.theme.as_deref() == Some(&self.theme));
        let ids: Vec<&str> = of_theme.map(|indicator| indicator.id.as_str()).collect();
        let mut names = BTreeSet::from(["area".to_owned(), "period".to_owned()]);
        let mut columns = Vec::new();
        for id in &ids {
            // Two ids that are one without their dots keep them.
            let short = plain(id);
            let name = if names.contains(&short) {
                (*id).to_owned()
            } else {
                short
            };
            names.insert(name.clone());
            let value = when(col("indicator").eq(lit(*id)), col("value")).end()?;
            columns.push(max(value).alias(name));
        }
        let wanted = ids.iter().map(|id| lit(*id)).collect();
        LogicalPlanBuilder::scan("compare_all", provider_as_source(Arc::new(all)), None)?
            .filter(col("indicator").in_list(wanted, false))?
            .aggregate([col("area"), col("period")], columns)?
            .build()
    }
}

#[async_trait]
impl TableProvider for ThemeView {
    fn schema(&self) -> SchemaRef {
        self.plan().map_or_else(
            || Arc::new(Schema::empty()),
            |plan| Arc::clone(plan.schema().inner()),
        )
    }

    fn table_type(&self) -> TableType {
        TableType::View
    }

    fn get_logical_plan(&self) -> Option<Cow<'_, LogicalPlan>> {
        self.plan().map(Cow::Borrowed)
    }

    async fn scan(
        &self,
        _: &dyn Session,
        _: Option<&Vec<usize>>,
        _: &[Expr],
        _: Option<usize>,
    ) -> EngineResult<Arc<dyn ExecutionPlan>> {
        not_impl_err!("a view is planned as what it stands for")
    }
}
