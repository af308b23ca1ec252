//! The plan that travels: which parts, below a node that computes them.
//!
//! A task is given some of the partitions of a plan, and Ballista cuts the plan down to them at leaves that it knows. The
//! numbers of the parts are therefore rows of such a leaf, one to a partition: a task computes what its rows say, whatever it
//! is given, and nothing twice. A leaf of our own would travel uncut, and every task would compute everything.

use super::failure::Failure;
use super::question::Question;
use super::releases::Releases;
use arrow_array::cast::AsArray;
use arrow_array::types::UInt32Type;
use arrow_array::{Array, RecordBatch, RecordBatchOptions, UInt32Array};
use arrow_schema::{DataType, Field, Schema};
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::TaskContext;
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType, SchedulingType};
use datafusion::physical_plan::stream::RecordBatchReceiverStreamBuilder;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, Partitioning, PlanProperties, ReplaceChildrenOptions,
    SendableRecordBatchStream,
};
use futures::{StreamExt, TryStreamExt};
use std::fmt;
use std::sync::Arc;

/// Batches that are made before somebody takes them.
const AHEAD: usize = 2;

/// Answers for the parts whose numbers its input holds.
#[derive(Debug)]
pub(super) struct PartsExec {
    question: Arc<Question>,
    numbers: Arc<dyn ExecutionPlan>,
    /// Absent where nothing is computed: at the client and in the scheduler.
    releases: Option<Arc<Releases>>,
    properties: Arc<PlanProperties>,
}

impl PartsExec {
    pub(super) fn new(
        question: Arc<Question>,
        numbers: Arc<dyn ExecutionPlan>,
        releases: Option<Arc<Releases>>,
    ) -> Result<Self> {
        let schema = question.schema()?;
        let partitions = numbers.properties().output_partitioning().partition_count();
        let properties = PlanProperties::new(
            EquivalenceProperties::new(schema),
            Partitioning::UnknownPartitioning(partitions),
            EmissionType::Incremental,
            Boundedness::Bounded,
        );
        Ok(Self {
            question,
            numbers,
            releases,
            // Whoever takes batches waits on a channel, which pauses by itself.
            properties: Arc::new(properties.with_scheduling_type(SchedulingType::Cooperative)),
        })
    }

    pub(super) fn question(&self) -> &Question {
        &self.question
    }

    /// The same over other numbers.
    fn over(&self, mut children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        let (Some(numbers), true) = (children.pop(), children.is_empty()) else {
            return Err(DataFusionError::Internal("one input".into()));
        };
        let releases = self.releases.clone();
        Ok(Arc::new(Self::new(
            Arc::clone(&self.question),
            numbers,
            releases,
        )?))
    }
}

/// A leaf with the numbers of parts, each in a partition of its own.
pub(super) fn numbers(parts: &[usize]) -> Result<Arc<dyn ExecutionPlan>> {
    let schema = Arc::new(Schema::new(vec![Field::new("part", DataType::UInt32, false)]));
    let row = |part: &usize| {
        let number = u32::try_from(*part).map_err(|cause| DataFusionError::External(Box::new(cause)))?;
        let column = Arc::new(UInt32Array::from(vec![number]));
        Ok(vec![RecordBatch::try_new(Arc::clone(&schema), vec![column])?])
    };
    let rows: Vec<_> = parts.iter().map(row).collect::<Result<_>>()?;
    let leaf = MemorySourceConfig::try_new_exec(&rows, Arc::clone(&schema), None)?;
    Ok(leaf)
}

/// The numbers in the rows of a partition.
fn listed(batches: &[RecordBatch]) -> Result<Vec<u32>> {
    let mut parts = Vec::new();
    for batch in batches {
        let column = batch.column(0).as_primitive_opt::<UInt32Type>();
        let column = column.filter(|column| column.null_count() == 0);
        let column = column.ok_or_else(|| DataFusionError::Internal("numbers of parts".into()))?;
        parts.extend(column.values());
    }
    Ok(parts)
}

impl DisplayAs for PartsExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Question { release, parts, .. } = &*self.question;
        write!(f, "KulttiPartsExec: release={release}, parts={parts}")
    }
}

impl ExecutionPlan for PartsExec {
    fn name(&self) -> &'static str {
        "KulttiPartsExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.numbers]
    }

    fn benefits_from_input_partitioning(&self) -> Vec<bool> {
        vec![false]
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn replace_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
        _: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        self.over(children)
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        self.over(children)
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let Some(releases) = self.releases.clone() else {
            return Err(DataFusionError::Internal("only executors compute".into()));
        };
        let mut stream = RecordBatchReceiverStreamBuilder::new(self.schema(), AHEAD);
        let (output, schema, question) = (stream.tx(), self.schema(), Arc::clone(&self.question));
        let numbers = self.numbers.execute(partition, context)?;
        stream.spawn(async move {
            let numbers: Vec<RecordBatch> = numbers.try_collect().await?;
            for part in listed(&numbers)? {
                let begun = releases.compute(&question, part as usize).await;
                let mut batches = begun.map_err(Failure::into_engine)?;
                while let Some(batch) = batches.next().await {
                    let batch = batch.map_err(|error| releases.failed(&question, &error).into_engine())?;
                    let rows = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
                    let columns = batch.columns().to_vec();
                    let batch = RecordBatch::try_new_with_options(Arc::clone(&schema), columns, &rows)?;
                    // Nobody listens when the job has ended elsewhere.
                    if output.send(Ok(batch)).await.is_err() {
                        return Ok(());
                    }
                }
            }
            Ok(())
        });
        Ok(stream.build())
    }
}
