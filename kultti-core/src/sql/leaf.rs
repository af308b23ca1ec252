//! Where rows come from: the leaves of a query's plan, each part of them worked on by a thread of its own.

use super::failure::external;
#[cfg(feature = "cluster")]
use super::wanted_rows::WantedRows;
use crate::error::{Error, Result};
use arrow_array::RecordBatch;
use datafusion::catalog::Session;
use datafusion::common::Statistics;
use datafusion::common::stats::Precision;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::error::Result as EngineResult;
use datafusion::execution::TaskContext;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_plan::execution_plan::SchedulingType;
use datafusion::physical_plan::metrics::{BaselineMetrics, ExecutionPlanMetricsSet, MetricsSet};
use datafusion::physical_plan::statistics::StatisticsArgs;
use datafusion::physical_plan::stream::RecordBatchReceiverStreamBuilder;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties, ReplaceChildrenOptions,
    SendableRecordBatchStream,
};
use std::fmt;
use std::sync::Arc;

/// In how many parts leaves are cut, in sessions where that is not the number of threads.
#[cfg(feature = "cluster")]
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cut {
    /// In so many at most.
    Most(usize),
    /// One for every so many measures or indicators, and so many at most.
    Each { each: usize, most: usize },
}

#[cfg(feature = "cluster")]
impl Cut {
    /// The number of parts of so many measures or indicators at most.
    pub(crate) fn parts(self, of: usize) -> usize {
        match self {
            Self::Most(most) => most,
            Self::Each { each, most } => of.div_ceil(each).clamp(1, most),
        }
    }
}

/// In how many parts so many measures or indicators are cut at most.
pub(super) fn parts_at_most(session: &dyn Session, of: usize) -> usize {
    #[cfg(feature = "cluster")]
    if let Some(cut) = session.config().get_extension::<Cut>() {
        return cut.parts(of);
    }
    let _ = of;
    session.config().target_partitions()
}

/// Batches that are made before somebody takes them.
const AHEAD: usize = 2;

/// What makes the rows of a leaf. Its parts are independent of one another.
pub(super) trait Work: fmt::Debug + Send + Sync + 'static {
    /// The name of the leaf in EXPLAIN.
    fn name(&self) -> &'static str;

    /// What is made, for EXPLAIN.
    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;

    /// Exactly how many rows a part has; `None` where only the work can tell.
    fn rows(&self, part: usize) -> Option<usize>;

    /// What is made, for whoever could make it elsewhere; `None` for what is not worth the way.
    #[cfg(feature = "cluster")]
    fn wanted(&self) -> Option<WantedRows> {
        None
    }

    /// Makes a part on this thread. An error of `take` ends the work.
    fn run(&self, part: usize, take: &mut Take) -> Result<()>;
}

/// Takes batches as they are made.
pub(super) type Take<'t> = dyn FnMut(RecordBatch) -> Result<()> + 't;

/// A leaf.
#[derive(Debug)]
pub(crate) struct LeafExec {
    work: Arc<dyn Work>,
    properties: Arc<PlanProperties>,
    /// No part needs to make more rows.
    limit: Option<usize>,
    metrics: ExecutionPlanMetricsSet,
}

impl LeafExec {
    pub(super) fn new(work: Arc<dyn Work>, properties: PlanProperties, limit: Option<usize>) -> Self {
        // Whoever takes batches waits on a channel, which pauses by itself.
        let properties = properties.with_scheduling_type(SchedulingType::Cooperative);
        Self {
            work,
            properties: Arc::new(properties),
            limit,
            metrics: ExecutionPlanMetricsSet::new(),
        }
    }

    /// What it makes, for whoever could make it elsewhere; `None` for what is not worth the way.
    #[cfg(feature = "cluster")]
    pub(crate) fn wanted(&self) -> Option<WantedRows> {
        self.work.wanted()
    }
}

impl DisplayAs for LeafExec {
    fn fmt_as(&self, form: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if form == DisplayFormatType::TreeRender {
            return self.work.describe(f);
        }
        let parts = self.properties.partitioning.partition_count();
        write!(f, "{}: ", self.work.name())?;
        self.work.describe(f)?;
        write!(f, ", parts={parts}")?;
        if let Some(limit) = self.limit {
            write!(f, ", limit={limit}")?;
        }
        Ok(())
    }
}

impl ExecutionPlan for LeafExec {
    fn name(&self) -> &str {
        self.work.name()
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        Vec::new()
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> EngineResult<TreeNodeRecursion>,
    ) -> EngineResult<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn replace_children(
        self: Arc<Self>,
        _: Vec<Arc<dyn ExecutionPlan>>,
        _: ReplaceChildrenOptions,
    ) -> EngineResult<Arc<dyn ExecutionPlan>> {
        Ok(self)
    }

    fn with_new_children(
        self: Arc<Self>,
        _: Vec<Arc<dyn ExecutionPlan>>,
    ) -> EngineResult<Arc<dyn ExecutionPlan>> {
        Ok(self)
    }

    /// Counts from nothing: a plan that is kept and executed again and again would remember every time.
    fn reset_state(self: Arc<Self>) -> EngineResult<Arc<dyn ExecutionPlan>> {
        Ok(Arc::new(Self {
            work: Arc::clone(&self.work),
            properties: Arc::clone(&self.properties),
            limit: self.limit,
            metrics: ExecutionPlanMetricsSet::new(),
        }))
    }

    fn execute(&self, part: usize, _: Arc<TaskContext>) -> EngineResult<SendableRecordBatchStream> {
        let mut stream = RecordBatchReceiverStreamBuilder::new(self.schema(), AHEAD);
        let output = stream.tx();
        let made = BaselineMetrics::new(&self.metrics, part);
        let work = Arc::clone(&self.work);
        let mut left = self.limit.unwrap_or(usize::MAX);
        stream.spawn_blocking(move || {
            let outcome = work.run(part, &mut |batch| {
                let rows = batch.num_rows().min(left);
                left -= rows;
                made.record_output(rows);
                let gone = output.blocking_send(Ok(batch.slice(0, rows))).is_err();
                if gone || left == 0 {
                    return Err(Error::Interrupted {});
                }
                Ok(())
            });
            match outcome {
                // Nobody listens any more, or there are rows enough.
                Err(Error::Interrupted {}) => Ok(()),
                outcome => outcome.map_err(external),
            }
        });
        Ok(stream.build())
    }

    fn metrics(&self) -> Option<MetricsSet> {
        Some(self.metrics.clone_inner())
    }

    fn statistics_from_inputs(
        &self,
        _: &[Arc<Statistics>],
        args: &StatisticsArgs,
    ) -> EngineResult<Arc<Statistics>> {
        let parts = match args.partition() {
            Some(part) => part..part + 1,
            None => 0..self.properties.partitioning.partition_count(),
        };
        let of_part = |part| {
            let rows = self.work.rows(part)?;
            Some(self.limit.map_or(rows, |limit| rows.min(limit)))
        };
        let rows: Option<usize> = parts.map(of_part).sum();
        let rows = rows.map_or(Precision::Absent, Precision::Exact);
        Ok(Arc::new(
            Statistics::new_unknown(&self.schema()).with_num_rows(rows),
        ))
    }
}
