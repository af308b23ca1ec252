//! The session that answers SQL: every function of the engine, bounded memory, and no way to a file that was not registered.

use super::texts_as_numbers::TextsAsNumbers;
use datafusion::common::not_impl_err;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode};
use datafusion::config::ConfigOptions;
use datafusion::error::Result;
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::object_store::ObjectStoreRegistry;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::execution::session_state::SessionStateBuilder;
use datafusion::object_store::ObjectStore;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::aggregates::AggregateExec;
use datafusion::physical_plan::buffer::BufferExec;
use datafusion::physical_plan::coop::CooperativeExec;
use datafusion::physical_plan::filter::FilterExec;
use datafusion::physical_plan::projection::ProjectionExec;
use datafusion::physical_plan::sorts::sort_preserving_merge::SortPreservingMergeExec;
use datafusion::physical_plan::{ExecutionPlan, ExecutionPlanProperties, replace_children_if_necessary};
use datafusion::prelude::{SessionConfig, SessionContext};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use url::Url;

/// What a session may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Bytes of memory; what sorts, groups or joins more goes to a temporary file, or ends.
    pub(crate) memory: usize,
    /// Parts of a query that are worked on at once.
    pub(crate) threads: usize,
}

/// What a sort keeps back for the merging of what it has put on disk, unless memory is scarce.
const MERGING: usize = 10 << 20;

/// Bytes of memory for each row of a batch: what merges sorted runs holds two batches of each.
const PER_ROW: usize = 32 << 10;

/// Bytes of aggregates of one part that wait until those of the parts before it have been taken.
const WAITING: usize = 16 << 20;

/// A session for questions in SQL. Names without quotes are taken in small letters; there is no table but those registered, no
/// list of settings, and no format by which a statement could name a file.
pub(crate) fn database(limits: Limits) -> Result<SessionContext> {
    let runtime = RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(FairSpillPool::new(limits.memory)))
        .with_object_store_registry(Arc::new(RegisteredStores::default()))
        .build_arc()?;
    let merging = MERGING.min(limits.memory / (8 * limits.threads));
    let config = SessionConfig::new()
        .with_target_partitions(limits.threads)
        .with_information_schema(false)
        .with_sort_spill_reservation_bytes(merging)
        .with_batch_size((limits.memory / PER_ROW).clamp(1_024, 8_192))
        // The order and the ranges in which a release stands are kept rather than made anew.
        .set_bool("datafusion.optimizer.prefer_existing_sort", true)
        // Of sorts side by side each keeps what it holds while another's merging, which cannot be put on disk, finds no room.
        .set_bool("datafusion.optimizer.repartition_sorts", false)
        .set_usize("datafusion.optimizer.subset_repartition_threshold", 1);
    let state = SessionStateBuilder::new_with_default_features()
        .with_file_formats(Vec::new())
        .with_table_factories(HashMap::new())
        .with_config(config)
        .with_runtime_env(runtime)
        .with_analyzer_rule(Arc::new(TextsAsNumbers))
        .with_physical_optimizer_rule(Arc::new(JoinsYield))
        .with_physical_optimizer_rule(Arc::new(AggregatesGoOn {
            parts: limits.threads,
            capacity: WAITING.min(limits.memory / (16 * limits.threads)),
        }))
        .build();
    Ok(SessionContext::new_with_state(state))
}

/// The stores of registered files, by the scheme and host of their addresses; there is none for anything else.
#[derive(Debug, Default)]
struct RegisteredStores(RwLock<HashMap<String, Arc<dyn ObjectStore>>>);

fn key(url: &Url) -> String {
    format!("{}://{}", url.scheme(), url.authority())
}

impl ObjectStoreRegistry for RegisteredStores {
    fn register_store(&self, url: &Url, store: Arc<dyn ObjectStore>) -> Option<Arc<dyn ObjectStore>> {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(key(url), store)
    }

    fn get_store(&self, url: &Url) -> Result<Arc<dyn ObjectStore>> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        match known.get(&key(url)) {
            Some(store) => Ok(Arc::clone(store)),
            None => not_impl_err!("only registered files are read, not {url}"),
        }
    }
}

/// Lets a query be ended while it joins. What stands above a join may ask it for batches without a pause, and joins do not
/// pause by themselves: between them, whoever waits for the query would never be heard.
#[derive(Debug)]
struct JoinsYield;

impl PhysicalOptimizerRule for JoinsYield {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        plan.transform_up(|node| {
            Ok(if node.name().ends_with("JoinExec") {
                Transformed::yes(Arc::new(CooperativeExec::new(node)) as Arc<dyn ExecutionPlan>)
            } else {
                Transformed::no(node)
            })
        })
        .data()
    }

    fn name(&self) -> &'static str {
        "JoinsYield"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// Lets parts be aggregated side by side although their groups are wanted in the order of the parts. Whoever merges takes the first
/// part to its end before it takes a second row of the next, and aggregates in order come row by row: the others would stand still.
#[derive(Debug)]
struct AggregatesGoOn {
    /// As many parts as are worked on at once, and for which there is memory.
    parts: usize,
    capacity: usize,
}

impl PhysicalOptimizerRule for AggregatesGoOn {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        plan.transform_up(|node| match node.downcast_ref::<SortPreservingMergeExec>() {
            Some(merge) if is_aggregate(merge.input()) && self.parts >= parts(merge.input()) => {
                let waiting = BufferExec::new(Arc::clone(merge.input()), self.capacity);
                replace_children_if_necessary(node, vec![Arc::new(waiting)]).map(Transformed::yes)
            }
            _ => Ok(Transformed::no(node)),
        })
        .data()
    }

    fn name(&self) -> &'static str {
        "AggregatesGoOn"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

fn parts(plan: &Arc<dyn ExecutionPlan>) -> usize {
    plan.output_partitioning().partition_count()
}

/// Whether a plan has the rows of an aggregate.
fn is_aggregate(plan: &Arc<dyn ExecutionPlan>) -> bool {
    match plan.children()[..] {
        [input] if plan.is::<ProjectionExec>() || plan.is::<FilterExec>() => is_aggregate(input),
        _ => plan.is::<AggregateExec>(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use datafusion::datasource::listing::ListingTableUrl;
    use datafusion::object_store::memory::InMemory;

    #[test]
    fn only_registered_stores_are_there() {
        let limits = Limits {
            memory: 1 << 20,
            threads: 2,
        };
        let session = database(limits).expect("a session");
        let stores = session.runtime_env();
        for url in ["file:///etc/hostname", "s3://bucket/x", "https://example.org/x"] {
            let url = ListingTableUrl::parse(url).expect("an address");
            assert!(
                stores.object_store(url.object_store()).is_err(),
                "{url} was opened"
            );
        }
        let own = |host: &str| ListingTableUrl::parse(format!("own://{host}/x")).expect("an address");
        session.register_object_store(own("mine").get_url(), Arc::new(InMemory::new()));
        assert!(stores.object_store(own("mine").object_store()).is_ok());
        assert!(stores.object_store(own("other").object_store()).is_err());
    }
}
