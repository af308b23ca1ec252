//! The process that cuts work up and hands it out.

use super::codec::{Codec, Role};
use super::failure::cause_of;
use super::listen::{Listen, cannot_listen};
use super::members::{Member, Members, Membership};
use super::state::Executors;
use super::{ClusterAddress, GONE_AFTER, session};
use crate::error::{Error, Result};
use ballista_core::config::TaskSchedulingPolicy;
use ballista_core::utils::default_session_builder;
use ballista_executor::terminate::sig_term;
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::{SchedulerConfig, TaskDistributionPolicy};
use ballista_scheduler::scheduler_process::{create_scheduler, start_grpc_service_with_listener};
use ballista_scheduler::scheduler_server::SchedulerServer;
use datafusion_proto::protobuf::{LogicalPlanNode, PhysicalPlanNode};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::time::sleep;

/// How often the scheduler looks who is there.
const LOOKS: Duration = Duration::from_millis(200);

type Server = SchedulerServer<LogicalPlanNode, PhysicalPlanNode>;

/// A scheduler that listens and does not yet answer.
///
/// ```
/// use kultti_core::cluster::{Listen, Scheduler};
/// let runtime = tokio::runtime::Runtime::new()?;
/// let scheduler = runtime.block_on(Scheduler::listen(&Listen::locally(0)))?;
/// assert_eq!(scheduler.address().host(), "127.0.0.1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Scheduler {
    server: Server,
    listener: TcpListener,
    address: ClusterAddress,
    members: Arc<Members>,
}

impl Scheduler {
    /// Begins to listen; port 0 takes any that is free.
    ///
    /// # Errors
    /// [`Error::CannotListen`]; [`Error::InvalidArgument`] where the others cannot be told a name.
    pub async fn listen(at: &Listen) -> Result<Self> {
        let host = at.advertised()?;
        let failed = |cause: &dyn std::error::Error| cannot_listen(at.socket(), cause_of(cause));
        let listener = TcpListener::bind(at.socket())
            .await
            .map_err(|cause| failed(&cause))?;
        let port = listener.local_addr().map_err(|cause| failed(&cause))?.port();
        let address = ClusterAddress::new(host, port);
        let members = Arc::new(Members::default());
        let config = config(at, &address, &members);
        let cluster = BallistaCluster::new_from_config(&config);
        let cluster = cluster.await.map_err(|cause| failed(&cause))?;
        let cluster = BallistaCluster::new(Arc::new(Executors::default()), cluster.job_state());
        let server = create_scheduler(cluster, Arc::new(config));
        Ok(Self {
            server: server.await.map_err(|cause| failed(&cause))?,
            listener,
            address,
            members,
        })
    }

    /// Where clients and executors find it.
    pub fn address(&self) -> &ClusterAddress {
        &self.address
    }

    /// Answers until Ctrl-C or SIGTERM; `heard` is told who comes and goes.
    ///
    /// # Errors
    /// [`Error::ClusterLost`] where it can answer no longer.
    pub async fn run(self, heard: impl FnMut(Membership)) -> Result<()> {
        let state = Arc::clone(&self.server.state);
        let lost = |cause: &dyn std::error::Error| Error::ClusterLost {
            address: self.address.to_string(),
            cause: cause_of(cause),
        };
        let told = async {
            let mut heard = heard;
            loop {
                let there = state.executor_manager.get_executors_state().await;
                let there = there.map_err(|cause| lost(&cause))?;
                let member = |executor: ballista_core::serde::scheduler::ExecutorMetadata| {
                    let address = format!("{}:{}", executor.host, executor.port);
                    let threads = executor.specification.vcores as usize;
                    let member = Member::new(&executor.id, address, threads);
                    (executor.id, member)
                };
                let there: BTreeMap<_, _> = there.into_iter().map(|(one, ..)| member(one)).collect();
                self.members.update(there).into_iter().for_each(&mut heard);
                sleep(LOOKS).await;
            }
        };
        tokio::select! {
            ended = start_grpc_service_with_listener(self.listener, self.server) => {
                ended.map_err(|cause| lost(&cause))
            }
            failed = told => failed,
            told = tokio::signal::ctrl_c() => told.map_err(|cause| lost(&cause)),
            told = sig_term() => told.map_err(|cause| lost(&cause)),
        }
    }
}

fn config(at: &Listen, address: &ClusterAddress, members: &Arc<Members>) -> SchedulerConfig {
    let seconds = GONE_AFTER.as_secs();
    SchedulerConfig {
        bind_host: at.bind.to_string(),
        bind_port: address.port(),
        external_host: address.host().to_owned(),
        scheduling_policy: TaskSchedulingPolicy::PushStaged,
        task_distribution: TaskDistributionPolicy::RoundRobin,
        executor_timeout_seconds: seconds,
        no_executors_grace_period_seconds: seconds,
        expire_dead_executor_interval_seconds: 1,
        override_physical_codec: Some(Arc::new(Codec::new(Role::Scheduler(Arc::clone(members))))),
        override_config_producer: Some(Arc::new(session::config)),
        // Whatever a client asks for: the planner that adapts gives wrong results.
        override_session_builder: Some(Arc::new(|config| {
            default_session_builder(session::without_adapting(config))
        })),
        ..SchedulerConfig::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ballista_core::extension::SessionConfigExt;
    use datafusion::prelude::SessionConfig;

    #[test]
    fn a_scheduler_does_not_adapt_even_for_who_asks_for_it() {
        let address = ClusterAddress::new("localhost", 1);
        let config = config(&Listen::locally(1), &address, &Arc::default());
        let usual = config.override_config_producer.expect("a configuration");
        assert!(!usual().ballista_adaptive_query_planner_enabled());
        let asked = SessionConfig::new_with_ballista().with_ballista_adaptive_query_planner(true);
        let made = config.override_session_builder.expect("a session");
        let session = made(asked).expect("a session");
        assert!(!session.config().ballista_adaptive_query_planner_enabled());
    }
}
