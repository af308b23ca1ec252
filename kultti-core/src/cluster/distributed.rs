//! Queries whose rows are made elsewhere: the plan is that of one machine, with fragments that executors work on.

use super::fragment::{Fragment, sorted_apart};
use super::job::{Asking, Job, PartReader};
use super::question::{Place, Question};
use crate::sql::external;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion};
use datafusion::config::ConfigOptions;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::TaskContext;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::coop::make_cooperative;
use datafusion::physical_plan::execution_plan::SchedulingType;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, ExecutionPlanProperties, PlanProperties,
    ReplaceChildrenOptions, SendableRecordBatchStream,
};
use futures::stream;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

/// Sends fragments to a cluster, the largest that there are. It comes after everything that would change the plan.
#[derive(Debug)]
pub(super) struct Distribute {
    pub(super) asking: Asking,
    pub(super) place: Place,
    /// Bytes of memory that the work on one part may take.
    pub(super) memory: usize,
    /// Functions that fragments may call.
    pub(super) context: Arc<TaskContext>,
    /// Fragments that were sent.
    pub(super) sent: Arc<AtomicUsize>,
}

impl PhysicalOptimizerRule for Distribute {
    fn optimize(&self, plan: Arc<dyn ExecutionPlan>, _: &ConfigOptions) -> Result<Arc<dyn ExecutionPlan>> {
        plan.transform_down(|node| {
            let sorted = sorted_apart(&node);
            let changed = sorted.is_some();
            let node = sorted.unwrap_or(node);
            Ok(match self.sent(&node)? {
                Some(elsewhere) => Transformed::new(elsewhere, true, TreeNodeRecursion::Jump),
                None => Transformed::new(node, changed, TreeNodeRecursion::Continue),
            })
        })
        .data()
    }

    fn name(&self) -> &'static str {
        "Distribute"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

impl Distribute {
    /// A plan whose rows are made elsewhere; `None` where they cannot be.
    fn sent(&self, plan: &Arc<dyn ExecutionPlan>) -> Result<Option<Arc<dyn ExecutionPlan>>> {
        let Some(fragment) = Fragment::of_plan(plan, &self.context) else {
            return Ok(None);
        };
        let parts = plan.output_partitioning().partition_count();
        let question = Question::new(&self.place, fragment, &plan.schema(), parts, self.memory)?;
        self.sent.fetch_add(1, Ordering::Relaxed);
        let elsewhere = ClusterExec::new(self.asking.clone(), Arc::new(question), Arc::clone(plan));
        Ok(Some(Arc::new(elsewhere)))
    }
}

/// A fragment that executors work on, each part for itself.
#[derive(Debug)]
struct ClusterExec {
    asking: Asking,
    question: Arc<Question>,
    /// What is executed there; here it is only shown.
    fragment: Arc<dyn ExecutionPlan>,
    properties: Arc<PlanProperties>,
    /// The work, which begins when the first part is wanted.
    job: OnceLock<Arc<Job>>,
}

impl ClusterExec {
    fn new(asking: Asking, question: Arc<Question>, fragment: Arc<dyn ExecutionPlan>) -> Self {
        let properties = PlanProperties::clone(fragment.properties());
        Self {
            asking,
            question,
            fragment,
            properties: Arc::new(properties.with_scheduling_type(SchedulingType::Cooperative)),
            job: OnceLock::new(),
        }
    }

    fn over(&self, mut children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        let (Some(fragment), true) = (children.pop(), children.is_empty()) else {
            return Err(DataFusionError::Internal("one fragment".into()));
        };
        let (asking, question) = (self.asking.clone(), Arc::clone(&self.question));
        Ok(Arc::new(Self::new(asking, question, fragment)))
    }
}

impl DisplayAs for ClusterExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "ClusterExec: {}, parts={}",
            self.asking.address, self.question.parts
        )
    }
}

impl ExecutionPlan for ClusterExec {
    fn name(&self) -> &'static str {
        "ClusterExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.fragment]
    }

    fn maintains_input_order(&self) -> Vec<bool> {
        vec![true]
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

    fn execute(&self, part: usize, _: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let begin = || Arc::new(Job::new(&self.asking, Arc::clone(&self.question)));
        let reader = PartReader::new(self.job.get_or_init(begin), part);
        let batches = stream::try_unfold(reader, |mut reader| async move {
            let next = reader.next().await.map_err(external)?;
            Ok(next.map(|batch| (batch, reader)))
        });
        let batches = RecordBatchStreamAdapter::new(self.schema(), batches);
        Ok(make_cooperative(Box::pin(batches)))
    }
}
