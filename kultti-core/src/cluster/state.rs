//! What the scheduler keeps of its executors.
//!
//! An executor that is not of this version of Kultti may join at any moment, also while a job is running. Handed a part, it
//! could not read it, and Ballista would end the job without saying why. So it is known, listed and given up like the others,
//! and is never taken for one that is able to work.

use super::members::is_ours;
use ballista_core::JobId;
use ballista_core::error::Result;
use ballista_core::serde::protobuf::ExecutorHeartbeat;
use ballista_core::serde::scheduler::{ExecutorData, ExecutorMetadata};
use ballista_scheduler::cluster::memory::InMemoryClusterState;
use ballista_scheduler::cluster::{BoundTask, ClusterState, ClusterStateEventStream, ExecutorSlot};
use ballista_scheduler::config::TaskDistributionPolicy;
use ballista_scheduler::state::task_manager::JobInfoCache;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// All executors, of which only those of this version of Kultti can work.
#[derive(Default)]
pub(super) struct Executors(InMemoryClusterState);

#[async_trait::async_trait]
impl ClusterState for Executors {
    async fn bind_schedulable_tasks(
        &self,
        distribution: TaskDistributionPolicy,
        active_jobs: Arc<HashMap<JobId, JobInfoCache>>,
        executors: Option<HashSet<String>>,
    ) -> Result<Vec<BoundTask>> {
        let bound = self
            .0
            .bind_schedulable_tasks(distribution, active_jobs, executors);
        bound.await
    }

    async fn unbind_tasks(&self, slots: Vec<ExecutorSlot>) -> Result<()> {
        self.0.unbind_tasks(slots).await
    }

    async fn register_executor(&self, metadata: ExecutorMetadata, data: ExecutorData) -> Result<()> {
        self.0.register_executor(metadata, data).await
    }

    async fn save_executor_metadata(&self, metadata: ExecutorMetadata) -> Result<()> {
        self.0.save_executor_metadata(metadata).await
    }

    async fn get_executor_metadata(&self, id: &str) -> Result<ExecutorMetadata> {
        self.0.get_executor_metadata(id).await
    }

    async fn registered_executor_metadata(&self) -> Vec<ExecutorMetadata> {
        self.0.registered_executor_metadata().await
    }

    async fn save_executor_heartbeat(&self, heartbeat: ExecutorHeartbeat) -> Result<()> {
        self.0.save_executor_heartbeat(heartbeat).await
    }

    async fn remove_executor(&self, id: &str) -> Result<()> {
        self.0.remove_executor(id).await
    }

    fn executor_heartbeats(&self) -> HashMap<String, ExecutorHeartbeat> {
        let known = |(id, heartbeat): (String, ExecutorHeartbeat)| {
            // Who does not say that it is active gets no work; the moment it was heard of stays, by which it is given up.
            let status = heartbeat.status.filter(|_| is_ours(&id));
            (id, ExecutorHeartbeat { status, ..heartbeat })
        };
        self.0.executor_heartbeats().into_iter().map(known).collect()
    }

    fn get_executor_heartbeat(&self, id: &str) -> Option<ExecutorHeartbeat> {
        self.0.get_executor_heartbeat(id)
    }

    async fn cluster_state_events(&self) -> Result<ClusterStateEventStream> {
        self.0.cluster_state_events().await
    }
}

#[cfg(test)]
mod tests {
    use super::super::members::executor_id;
    use super::*;
    use ballista_core::serde::protobuf::{ExecutorStatus, executor_status};

    #[test]
    fn others_are_heard_of_and_never_active() {
        let executors = Executors::default();
        let ours = executor_id("a");
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let ids = [ours.as_str(), "kultti-0.0.1-b", "5f2c-11"];
        for id in ids {
            let heard = executors.save_executor_heartbeat(ExecutorHeartbeat {
                executor_id: id.to_owned(),
                timestamp: 7,
                status: Some(ExecutorStatus {
                    status: Some(executor_status::Status::Active(String::new())),
                }),
                ..ExecutorHeartbeat::default()
            });
            runtime.block_on(heard).expect("heard");
        }
        let heartbeats = executors.executor_heartbeats();
        assert_eq!(heartbeats.len(), 3);
        for id in ids {
            let heartbeat = &heartbeats[id];
            assert_eq!(heartbeat.status.is_some(), id == ours, "{id}");
            assert_eq!(heartbeat.timestamp, 7, "{id}");
        }
    }
}
