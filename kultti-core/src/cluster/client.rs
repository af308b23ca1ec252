//! Asking a scheduler, and fetching what its executors have computed.

use super::failure::{Failure, cause_of};
use super::question::VERSION;
use super::{ClusterAddress, session};
use crate::error::{Error, Result};
use ballista_core::BALLISTA_VERSION;
use ballista_core::client::BallistaClient;
use ballista_core::error::BallistaError;
use ballista_core::extension::{BallistaConfigGrpcEndpoint, SessionConfigHelperExt};
use ballista_core::ids::new_instance_id;
use ballista_core::serde::protobuf::execute_query_params::Query;
use ballista_core::serde::protobuf::scheduler_grpc_client::SchedulerGrpcClient;
use ballista_core::serde::protobuf::{
    CancelJobParams, CleanJobDataParams, ExecuteQueryParams, GetJobStatusParams, PartitionLocation,
    execute_query_failure_result, execute_query_result, job_status,
};
use ballista_core::utils::{GrpcClientConfig, create_grpc_client_endpoint};
use ballista_core::version;
use datafusion::physical_plan::SendableRecordBatchStream;
use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep};
use tonic::transport::Channel;
use tonic::{Request, Status};

/// How soon the scheduler is asked again how far a job is: at first, and when it takes long.
const LOOKS: [Duration; 2] = [Duration::from_millis(2), Duration::from_millis(50)];

/// Seconds until a host that does not answer is given up.
const CONNECTING: u64 = 5;

/// Seconds until a scheduler that is there and says nothing is given up.
const ANSWERING: u64 = 10;

/// How long a scheduler may not know of a job that it has taken.
const UNKNOWN: Duration = Duration::from_secs(10);

/// What the scheduler says of a job whose last executor has gone.
const ALL_LOST: &str = "all executors were lost";

/// A connection to a scheduler.
#[derive(Clone)]
pub(super) struct Client {
    address: ClusterAddress,
    scheduler: SchedulerGrpcClient<Channel>,
}

impl Client {
    pub(super) async fn connect(address: &ClusterAddress) -> Result<Self> {
        let unreachable = |cause: &dyn std::error::Error| Error::ClusterUnreachable {
            address: address.to_string(),
            cause: cause_of(cause),
        };
        let config = transport();
        let endpoint = create_grpc_client_endpoint(address.url(), Some(&config));
        let endpoint = endpoint.map_err(|cause| unreachable(&cause))?;
        let channel = endpoint.connect().await.map_err(|cause| unreachable(&cause))?;
        let scheduler = SchedulerGrpcClient::new(channel)
            .max_encoding_message_size(config.max_message_size)
            .max_decoding_message_size(config.max_message_size);
        Ok(Self {
            address: address.clone(),
            scheduler,
        })
    }

    /// Has a plan computed, and answers the id of the job.
    pub(super) async fn submit(&mut self, plan: Vec<u8>) -> Result<String> {
        let mut request = Request::new(ExecuteQueryParams {
            query: Some(Query::PhysicalPlan(plan)),
            settings: session::config().to_key_value_pairs(),
            session_id: new_instance_id(),
            operation_id: new_instance_id(),
        });
        version::insert_version_header(request.metadata_mut());
        let answer = self.scheduler.execute_query(request).await;
        let answer = answer.map_err(|status| self.refused(&status))?;
        let theirs = version::version_from_metadata(answer.metadata());
        if version::check_compatibility(Some(BALLISTA_VERSION), theirs).is_err() {
            return Err(self.other_program(theirs));
        }
        match answer.into_inner().result {
            Some(execute_query_result::Result::Success(job)) => Ok(job.job_id),
            Some(execute_query_result::Result::Failure(failure)) => Err(match failure.failure {
                Some(execute_query_failure_result::Failure::PlanParsingFailure(text)) => self.unread(&text),
                failure => self.failed(&format!("{failure:?}")),
            }),
            None => Err(self.failed("no answer")),
        }
    }

    /// Waits until a job is done, and answers where its results are.
    pub(super) async fn done(&mut self, job: &str) -> Result<Vec<PartitionLocation>> {
        let begun = Instant::now();
        let mut known = false;
        loop {
            let job_id = job.to_owned();
            let status = self.scheduler.get_job_status(GetJobStatusParams { job_id }).await;
            let status = status.map_err(|status| self.lost(&status))?.into_inner().status;
            match status.and_then(|status| status.status) {
                Some(job_status::Status::Successful(job)) => return Ok(job.partition_location),
                Some(job_status::Status::Failed(job)) => return Err(self.failed(&job.error)),
                Some(job_status::Status::Queued(_) | job_status::Status::Running(_)) => known = true,
                // A scheduler that was started anew knows nothing of what was asked before.
                None if known || begun.elapsed() > UNKNOWN => {
                    return Err(Error::ClusterLost {
                        address: self.address.to_string(),
                        cause: format!("job {job}: ?"),
                    });
                }
                None => {}
            }
            let [first, last] = LOOKS;
            sleep((begun.elapsed() / 8).clamp(first, last)).await;
        }
    }

    /// Ends a job.
    pub(super) async fn cancel(&mut self, job: String) {
        // Where the scheduler cannot be told any more, there is nobody left to work on it.
        let _ = self.scheduler.cancel_job(CancelJobParams { job_id: job }).await;
    }

    /// Lets executors delete the results of a job.
    pub(super) async fn forget(&mut self, job: String) {
        // Otherwise they do so by themselves, later.
        let cleaned = CleanJobDataParams {
            job_id: job,
            remove_stage_ids: Vec::new(),
        };
        let _ = self.scheduler.clean_job_data(cleaned).await;
    }

    fn unread(&self, text: &str) -> Error {
        match Failure::within(text) {
            Some(failure) => failure.into_error(&self.address),
            // A scheduler of Ballista itself cannot read a node of ours.
            None if text.contains("BallistaPhysicalPlanNode") => self.other_program(None),
            None => self.failed(text),
        }
    }

    fn other_program(&self, version: Option<&str>) -> Error {
        Error::OtherKulttiVersion {
            who: format!("scheduler {}", self.address),
            expected: VERSION.to_owned(),
            found: version.map_or_else(|| "?".to_owned(), |version| format!("Ballista {version}")),
        }
    }

    fn refused(&self, status: &Status) -> Error {
        match status.code() {
            tonic::Code::FailedPrecondition | tonic::Code::Unimplemented => self.other_program(None),
            _ => Error::ClusterUnreachable {
                address: self.address.to_string(),
                cause: said(status),
            },
        }
    }

    fn lost(&self, status: &Status) -> Error {
        Error::ClusterLost {
            address: self.address.to_string(),
            cause: said(status),
        }
    }

    fn failed(&self, text: &str) -> Error {
        match Failure::within(text) {
            Some(failure) => failure.into_error(&self.address),
            None if text.contains(ALL_LOST) => Failure::NoExecutors.into_error(&self.address),
            None => Error::ClusterJobFailed {
                address: self.address.to_string(),
                cause: text.to_owned(),
            },
        }
    }
}

/// Why there is no answer.
fn said(status: &Status) -> String {
    match status.source() {
        Some(source) => cause_of(source),
        None => status.message().to_owned(),
    }
}

fn transport() -> GrpcClientConfig {
    GrpcClientConfig {
        connect_timeout_seconds: CONNECTING,
        timeout_seconds: ANSWERING,
        ..GrpcClientConfig::default()
    }
}

/// The executor that holds a result.
pub(super) fn holder(location: &PartitionLocation) -> String {
    let executor = location.executor_meta.as_ref();
    executor.map_or_else(String::new, |executor| {
        format!("{}:{}", executor.host, executor.port)
    })
}

/// The error for a result that can be fetched no more.
pub(super) fn result_lost(executor: &str, cause: &dyn std::error::Error) -> Error {
    Error::ResultLost {
        executor: executor.to_owned(),
        cause: cause_of(cause),
    }
}

/// Begins to fetch a result, as it was written: in the same batches.
pub(super) async fn fetch(location: &PartitionLocation) -> Result<SendableRecordBatchStream> {
    let executor = holder(location);
    let lost = |cause: BallistaError| result_lost(&executor, &cause);
    let (Some(there), Some(partition)) = (&location.executor_meta, &location.partition_id) else {
        return Err(lost(BallistaError::Internal("no location".into())));
    };
    let port = u16::try_from(there.port).map_err(|cause| result_lost(&executor, &cause))?;
    let patience = BallistaConfigGrpcEndpoint::new(Arc::new(|endpoint: tonic::transport::Endpoint| {
        Ok(endpoint.connect_timeout(Duration::from_secs(CONNECTING)))
    }));
    let config = transport();
    let client = BallistaClient::try_new(
        &there.host,
        port,
        config.max_message_size,
        false,
        Some(Arc::new(patience)),
        1,
        0,
        0,
        0,
    );
    let mut client = client.await.map_err(lost)?;
    let (partition, as_written) = (partition.clone().into(), false);
    let stream = client.fetch_partition(
        &there.id,
        &partition,
        location.file_id,
        location.layout(),
        as_written,
    );
    stream.await.map_err(lost)
}
