//! A part of a plan that is executed elsewhere: rows of a release at the bottom, and above them only what works on each part for
//! itself.
//!
//! Functions travel by their names and are those of the same program at the other end. Rows travel as what is wanted of a release,
//! never as rows. Only operators that are known to travel whole are sent: windows are not, as what they filter, whether they pass over
//! what is missing and in which direction they look is lost on the way without a trace. Nor is what another run would answer
//! otherwise, such as random numbers: a part may have to be computed again. So a fragment means the same wherever that release is open.

use crate::release::Release;
use crate::sql::{LeafExec, WantedRows};
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{internal_datafusion_err, internal_err};
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::TaskContext;
use datafusion::physical_expr_common::physical_expr;
use datafusion::physical_plan::aggregates::AggregateExec;
use datafusion::physical_plan::coalesce_partitions::CoalescePartitionsExec;
use datafusion::physical_plan::coop::CooperativeExec;
use datafusion::physical_plan::filter::FilterExec;
use datafusion::physical_plan::limit::{GlobalLimitExec, LocalLimitExec};
use datafusion::physical_plan::projection::ProjectionExec;
use datafusion::physical_plan::sorts::sort::SortExec;
use datafusion::physical_plan::sorts::sort_preserving_merge::SortPreservingMergeExec;
use datafusion::physical_plan::{ExecutionPlan, ExecutionPlanProperties, displayable};
use datafusion_proto::physical_plan::{
    AsExecutionPlan, PhysicalExtensionCodec, PhysicalProtoConverterExtension,
};
use datafusion_proto::protobuf::physical_plan_node::PhysicalPlanType;
use datafusion_proto::protobuf::{PhysicalExtensionNode, PhysicalPlanNode};
use std::sync::Arc;

/// A fragment as it is written.
pub(super) struct Fragment(pub(super) Vec<u8>);

/// What a written leaf becomes.
#[derive(Debug)]
pub(super) enum LeafOf {
    /// One that makes the rows.
    Release(Arc<Release>),
    /// One that is there already.
    Plan(Arc<dyn ExecutionPlan>),
}

impl Fragment {
    /// Nothing but rows.
    pub(super) fn of_rows(rows: &WantedRows) -> Result<Self> {
        let leaf = PhysicalExtensionNode {
            node: written(rows)?,
            inputs: Vec::new(),
        };
        encoded(&PhysicalPlanNode {
            physical_plan_type: Some(PhysicalPlanType::Extension(leaf)),
        })
    }

    /// A whole plan; `None` where some of it must be executed here.
    pub(super) fn of_plan(plan: &Arc<dyn ExecutionPlan>, context: &TaskContext) -> Option<Self> {
        let leaf = leaf_of(plan)?;
        let codec = LeafCodec(LeafOf::Plan(Arc::clone(leaf)));
        let node = PhysicalPlanNode::try_from_physical_plan(Arc::clone(plan), &codec).ok()?;
        let fragment = encoded(&node).ok()?;
        // What is not read as it was written is not sent: a subquery's value, for one, is known only where the subquery is.
        let read = Self::read(&fragment.0, codec.0, context).ok()?;
        let text = |plan: &Arc<dyn ExecutionPlan>| displayable(plan.as_ref()).indent(true).to_string();
        let same = read.schema() == plan.schema() && text(&read) == text(plan);
        same.then_some(fragment)
    }

    /// The plan of a written fragment.
    pub(super) fn read(bytes: &[u8], leaf: LeafOf, context: &TaskContext) -> Result<Arc<dyn ExecutionPlan>> {
        PhysicalPlanNode::try_decode(bytes)?.try_into_physical_plan(context, &LeafCodec(leaf))
    }
}

/// A sort of all parts together as sorts of each part, which are then merged: so that rows are sorted where they are made. `None` for
/// any other plan, and where the parts are not rows that may be made elsewhere.
pub(super) fn sorted_apart(plan: &Arc<dyn ExecutionPlan>) -> Option<Arc<dyn ExecutionPlan>> {
    let sort = plan.downcast_ref::<SortExec>()?;
    let together = sort.input().downcast_ref::<CoalescePartitionsExec>()?;
    let parts = together.input();
    if together.fetch().is_some() || leaf_of(parts).is_none() {
        return None;
    }
    let apart = SortExec::new(sort.expr().clone(), Arc::clone(parts));
    let apart = apart.with_fetch(sort.fetch()).with_preserve_partitioning(true);
    let merged = SortPreservingMergeExec::new(sort.expr().clone(), Arc::new(apart));
    Some(Arc::new(merged.with_fetch(sort.fetch())))
}

fn encoded(node: &PhysicalPlanNode) -> Result<Fragment> {
    let mut bytes = Vec::new();
    node.try_encode(&mut bytes)?;
    Ok(Fragment(bytes))
}

/// The leaf of a plan that works on each part of its rows for itself.
fn leaf_of(plan: &Arc<dyn ExecutionPlan>) -> Option<&Arc<dyn ExecutionPlan>> {
    if plan.is::<LeafExec>() {
        return wanted(plan).map(|_| plan);
    }
    let alone = plan.is::<FilterExec>()
        || plan.is::<ProjectionExec>()
        || plan.is::<AggregateExec>()
        || plan.is::<SortExec>()
        || plan.is::<LocalLimitExec>()
        || plan.is::<GlobalLimitExec>()
        || plan.is::<CooperativeExec>();
    let [input] = plan.children()[..] else {
        return None;
    };
    let parts = |plan: &Arc<dyn ExecutionPlan>| plan.output_partitioning().partition_count();
    // Where there are fewer than before, parts are put together.
    (alone && parts(plan) == parts(input) && !is_volatile(plan)).then(|| leaf_of(input))?
}

/// The rows of a leaf that may be made elsewhere.
fn wanted(leaf: &Arc<dyn ExecutionPlan>) -> Option<WantedRows> {
    leaf.downcast_ref::<LeafExec>()?.wanted()
}

/// Whether a plan would have another answer if it were executed again.
fn is_volatile(plan: &Arc<dyn ExecutionPlan>) -> bool {
    let mut volatile = false;
    let seen = plan.apply_expressions(&mut |expression| {
        volatile |= physical_expr::is_volatile(expression);
        Ok(TreeNodeRecursion::Continue)
    });
    volatile || seen.is_err()
}

/// How leaves are written.
#[derive(Debug)]
struct LeafCodec(LeafOf);

fn written(rows: &WantedRows) -> Result<Vec<u8>> {
    serde_json::to_vec(rows).map_err(|cause| DataFusionError::External(Box::new(cause)))
}

impl PhysicalExtensionCodec for LeafCodec {
    fn try_decode(
        &self,
        bytes: &[u8],
        _: &[Arc<dyn ExecutionPlan>],
        _: &TaskContext,
        _: &dyn PhysicalProtoConverterExtension,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let unread = |cause: serde_json::Error| DataFusionError::External(Box::new(cause));
        let rows: WantedRows = serde_json::from_slice(bytes).map_err(unread)?;
        match &self.0 {
            LeafOf::Release(release) => Ok(Arc::new(rows.leaf(release)?)),
            LeafOf::Plan(leaf) if wanted(leaf).as_ref() == Some(&rows) => Ok(Arc::clone(leaf)),
            LeafOf::Plan(leaf) => internal_err!("{} is not read as it was written", leaf.name()),
        }
    }

    fn try_encode(
        &self,
        node: Arc<dyn ExecutionPlan>,
        bytes: &mut Vec<u8>,
        _: &dyn PhysicalProtoConverterExtension,
    ) -> Result<()> {
        let rows =
            wanted(&node).ok_or_else(|| internal_datafusion_err!("{} stays where it is", node.name()))?;
        bytes.extend(written(&rows)?);
        Ok(())
    }
}
