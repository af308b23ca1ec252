//! The table function `compare_all`: every indicator, period and area, computed as it is read.

use super::arguments::Arguments;
use super::failure::{external, made};
use super::keys::{Key, in_order};
use super::leaf::{LeafExec, Take, Work, parts_at_most};
use super::prune::{fulfilling, pushed_down};
#[cfg(feature = "cluster")]
use super::wanted_rows::WantedRows;
use crate::compare::{CompareAll, CompareAllOptions, CompareAllPart};
use crate::error::{Error, Result};
use crate::model::{IndicatorId, Period};
use crate::release::Release;
use arrow_array::{RecordBatch, RecordBatchOptions};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use async_trait::async_trait;
use datafusion::catalog::{Session, TableFunctionArgs, TableFunctionImpl, TableProvider};
use datafusion::error::Result as EngineResult;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown, TableType};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::empty::EmptyExec;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

pub(super) const NAME: &str = "compare_all";
pub(super) const SIGNATURE: &str = "compare_all([column\u{2026}][, from][, to][, order][, territory])";

/// The columns by which the work is narrowed before it begins.
const NARROWED_BY: [&str; 2] = ["indicator", "period"];

/// Columns before those asked for.
const BASE: [&str; 6] = ["indicator", "period", "area", "value", "status", "missing"];

/// The function.
#[derive(Debug)]
pub(super) struct CompareAllFunction(pub(super) Arc<Release>);

impl TableFunctionImpl for CompareAllFunction {
    fn call_with_args(&self, given: TableFunctionArgs) -> EngineResult<Arc<dyn TableProvider>> {
        let options = asked(given.exprs()).map_err(external)?;
        Ok(Arc::new(CompareAllTable {
            release: Arc::clone(&self.0),
            options,
        }))
    }
}

/// What a call asks for.
fn asked(given: &[Expr]) -> Result<CompareAllOptions> {
    let choices = Arguments::read(SIGNATURE, given)?
        .choices(|_| false)?
        .within(2, usize::MAX, true)?;
    let mut options = CompareAllOptions::columns(&choices.names)?;
    options.from = choices.periods.first().copied();
    options.to = choices.periods.get(1).copied();
    options.order = choices.order;
    options.borders = choices.borders.unwrap_or_default();
    Ok(options)
}

/// Everything, as a table.
#[derive(Debug)]
pub(super) struct CompareAllTable {
    pub(super) release: Arc<Release>,
    pub(super) options: CompareAllOptions,
}

impl CompareAllTable {
    /// The question that answers what is projected and not filtered away; `None` where nothing is left.
    fn narrowed(
        &self,
        session: &dyn Session,
        columns: &[usize],
        filters: &[Expr],
    ) -> EngineResult<Option<CompareAllOptions>> {
        let mut options = self.options.clone();
        let wanted = columns.iter().filter_map(|column| column.checked_sub(BASE.len()));
        let wanted: BTreeSet<usize> = wanted.collect();
        options.columns = wanted
            .iter()
            .map(|column| self.options.columns[*column].clone())
            .collect();
        if filters.is_empty() {
            return Ok(Some(options));
        }
        let rows = self.release.indicators("").rows;
        let pairs = || {
            rows.iter()
                .flat_map(|row| row.periods.iter().map(|period| (&row.declared.id, *period)))
        };
        let texts = pairs().map(|(indicator, period)| (indicator.as_str(), period.to_string()));
        let fulfilled = fulfilling(session, filters, NARROWED_BY, texts)?;
        let kept: Vec<(&IndicatorId, Period)> = pairs()
            .zip(fulfilled)
            .filter(|(_, kept)| *kept)
            .map(|(pair, _)| pair)
            .collect();
        let periods = || kept.iter().map(|(_, period)| *period);
        let (Some(first), Some(last)) = (periods().min(), periods().max()) else {
            return Ok(None);
        };
        let indicators: BTreeSet<&str> = kept.iter().map(|(indicator, _)| indicator.as_str()).collect();
        options.indicators = Some(indicators.into_iter().collect::<Vec<_>>().join(","));
        options.from = Some(options.from.map_or(first, |from| from.max(first)));
        options.to = Some(options.to.map_or(last, |to| to.min(last)));
        Ok((options.from <= options.to).then_some(options))
    }
}

/// What is computed, in words that travel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct WantedComparison {
    /// The table, as it was asked for.
    asked: CompareAllOptions,
    /// What of it is computed.
    narrowed: CompareAllOptions,
    /// The places of the wanted columns in the table.
    columns: Vec<usize>,
    /// In how many parts they are cut at most.
    parts: usize,
    /// No part needs to make more rows.
    limit: Option<usize>,
}

impl WantedComparison {
    /// Every column of everything.
    #[cfg(feature = "cluster")]
    pub(crate) fn whole(options: &CompareAllOptions, parts: usize) -> Self {
        Self {
            asked: options.clone(),
            narrowed: options.clone(),
            columns: (0..BASE.len() + options.columns.len()).collect(),
            parts,
            limit: None,
        }
    }
}

/// The columns that are always there.
pub(super) fn base_schema() -> Schema {
    let text = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let field = |name| match name {
        "value" => Field::new(name, DataType::Float64, true),
        _ => Field::new(name, text.clone(), name == "missing"),
    };
    Schema::new(BASE.map(field).to_vec())
}

#[async_trait]
impl TableProvider for CompareAllTable {
    fn schema(&self) -> SchemaRef {
        let asked = self.options.columns.iter().map(|column| {
            let kind = if column.is_whole() {
                DataType::Int64
            } else {
                DataType::Float64
            };
            // A name in SQL has no colons.
            Arc::new(Field::new(
                column.to_string().replace([':', '-'], "_").to_lowercase(),
                kind,
                true,
            ))
        });
        let base = base_schema();
        Arc::new(Schema::new(
            base.fields().iter().cloned().chain(asked).collect::<Vec<_>>(),
        ))
    }

    fn table_type(&self) -> TableType {
        TableType::Temporary
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> EngineResult<Vec<TableProviderFilterPushDown>> {
        // A change needs the period before it: rows of a series are left out at its ends only.
        Ok(pushed_down(
            filters,
            NARROWED_BY,
            &TableProviderFilterPushDown::Inexact,
        ))
    }

    async fn scan(
        &self,
        session: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> EngineResult<Arc<dyn ExecutionPlan>> {
        let columns = match projection {
            Some(columns) => columns.clone(),
            None => (0..BASE.len() + self.options.columns.len()).collect(),
        };
        let nothing = || -> EngineResult<Arc<dyn ExecutionPlan>> {
            let schema = self.schema().project(&columns)?;
            Ok(Arc::new(EmptyExec::new(Arc::new(schema))))
        };
        let Some(narrowed) = self.narrowed(session, &columns, filters)? else {
            return nothing();
        };
        let all = match self.release.compare_all(narrowed.clone()) {
            // Nothing of what is asked for has data, for the conditions leave nothing.
            Err(Error::NoDataForPeriod { available, .. }) if available.is_empty() && !filters.is_empty() => {
                return nothing();
            }
            all => all.map_err(external)?,
        };
        let (_, indicators) = all.progress();
        let wanted = WantedComparison {
            asked: self.options.clone(),
            narrowed,
            columns,
            parts: parts_at_most(session, indicators),
            limit,
        };
        Ok(Arc::new(self.computed(&all, wanted)?))
    }
}

impl CompareAllTable {
    /// The table that some rows were wanted of.
    #[cfg(feature = "cluster")]
    pub(super) fn of(release: &Arc<Release>, wanted: &WantedComparison) -> Self {
        Self {
            release: Arc::clone(release),
            options: wanted.asked.clone(),
        }
    }

    /// The leaf that computes some rows.
    #[cfg(feature = "cluster")]
    pub(super) fn leaf(&self, wanted: WantedComparison) -> EngineResult<LeafExec> {
        let all = self.release.compare_all(wanted.narrowed.clone());
        self.computed(&all.map_err(external)?, wanted)
    }

    fn computed(&self, all: &CompareAll, wanted: WantedComparison) -> EngineResult<LeafExec> {
        let schema = Arc::new(self.schema().project(&wanted.columns)?);
        let parts = all.parts(wanted.parts);
        let indicators: usize = parts.iter().map(CompareAllPart::indicators).sum();
        let firsts = parts.iter().skip(1).filter_map(CompareAllPart::first);
        let firsts: Vec<String> = firsts.map(ToString::to_string).collect();
        let key = |name, same| Key { name, same };
        let CompareAllOptions { from, to, .. } = wanted.narrowed;
        let keys = [
            key("indicator", indicators == 1),
            key("period", from.is_some() && from == to),
            key("area", false),
        ];
        let firsts: Vec<&str> = firsts.iter().map(String::as_str).collect();
        let properties = in_order(&schema, &keys, &firsts)?;
        let limit = wanted.limit;
        let work = CompareAllWork {
            columns: places(&wanted.columns),
            parts,
            #[cfg(feature = "cluster")]
            wanted,
            schema,
        };
        Ok(LeafExec::new(Arc::new(work), properties, limit))
    }
}

/// Where the projected columns stand in batches that have the base and those of the others that are projected.
fn places(columns: &[usize]) -> Vec<usize> {
    let computed: BTreeSet<usize> = columns
        .iter()
        .copied()
        .filter(|column| *column >= BASE.len())
        .collect();
    let place = |column: &usize| {
        let before = computed.range(..*column).count();
        if *column < BASE.len() {
            *column
        } else {
            BASE.len() + before
        }
    };
    columns.iter().map(place).collect()
}

/// Computes parts.
struct CompareAllWork {
    #[cfg(feature = "cluster")]
    wanted: WantedComparison,
    parts: Vec<CompareAllPart>,
    /// The places of the projected columns in the kernel's batches.
    columns: Vec<usize>,
    schema: SchemaRef,
}

impl fmt::Debug for CompareAllWork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.describe(f)
    }
}

impl Work for CompareAllWork {
    fn name(&self) -> &'static str {
        "CompareAllExec"
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns: Vec<&str> = self
            .schema
            .fields()
            .iter()
            .map(|field| field.name().as_str())
            .collect();
        let indicators: usize = self.parts.iter().map(CompareAllPart::indicators).sum();
        write!(f, "columns=[{}], indicators={indicators}", columns.join(", "))
    }

    fn rows(&self, _: usize) -> Option<usize> {
        None
    }

    #[cfg(feature = "cluster")]
    fn wanted(&self) -> Option<WantedRows> {
        Some(WantedRows::CompareAll(self.wanted.clone()))
    }

    fn run(&self, part: usize, take: &mut Take) -> Result<()> {
        self.parts[part].compute(&mut |batch| {
            let columns = self.columns.iter().map(|column| batch.column(*column).clone());
            let rows = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
            let batch = RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns.collect(), &rows);
            take(batch.map_err(|cause| made(&cause))?)
        })
    }
}
