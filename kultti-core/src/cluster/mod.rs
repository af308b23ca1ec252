//! What outgrows one machine: the comparison of everything on a cluster.
//!
//! A [`Scheduler`] hands out work and any number of executors ([`execute_for`]) do it; both are processes of this program.
//! A [`Cluster`] is who asks: it plans [`Release::compare_all`](crate::release::Release::compare_all) as always, and has its
//! parts computed by the executors, which open the release themselves. What comes back is what would have been computed here,
//! batch by batch, or an error: numbers of rows, indicators and parts are compared with the plan.
//!
//! Beneath it is Ballista. Nobody in a cluster is asked who they are: it belongs into a trusted network.

mod address;
mod answer;
mod client;
mod codec;
mod executor;
mod failure;
mod listen;
mod members;
mod parts;
mod question;
mod releases;
mod scheduler;
mod session;

pub use address::{ClusterAddress, SCHEDULER_PORT};
pub use executor::{ExecutorOptions, execute_for};
pub use listen::Listen;
pub use members::{Member, Membership};
pub use scheduler::Scheduler;

use crate::compare::{CompareAll, Computed};
use crate::error::{Error, Result};
use answer::{Answer, Job};
use codec::{Codec, Role};
use datafusion::error::DataFusionError;
use datafusion_proto::physical_plan::AsExecutionPlan;
use datafusion_proto::protobuf::PhysicalPlanNode;
use parts::PartsExec;
use question::Question;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;

/// How often an executor says that it is there.
const HEARTBEAT: Duration = Duration::from_secs(2);

/// After how long an executor that is not heard of is given up, and its work done by others.
const GONE_AFTER: Duration = Duration::from_secs(15);

/// Indicators in a part, unless the number of parts is said.
const PART: usize = 4;

/// Parts that are made at most, unless more are asked for.
const MOST_PARTS: usize = 128;

/// Asked now and then while results are waited for; an error ends the job.
pub type Listener = Arc<dyn Fn() -> Result<()> + Send + Sync>;

/// A cluster that one may ask.
///
/// ```no_run
/// use kultti_core::cluster::Cluster;
/// use kultti_core::compare::CompareAllOptions;
/// use kultti_core::release::Release;
/// use std::sync::Arc;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let runtime = tokio::runtime::Runtime::new()?;
/// let cluster = Cluster::new("df://stat-1.example:50050".parse()?, runtime.handle());
/// let path = "/releases/kultti-2025.parquet";
/// let release = Arc::new(Release::open(path)?);
/// let all = release.compare_all(CompareAllOptions::columns(["rank", "z"])?)?;
/// for batch in cluster.compare_all(all, path)? {
///     println!("{} rows", batch?.num_rows());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Cluster {
    address: ClusterAddress,
    runtime: Handle,
    parts: Option<NonZeroUsize>,
    listener: Option<Listener>,
}

impl Cluster {
    /// The cluster of a scheduler. Nobody is asked yet; `runtime` waits for the network.
    pub fn new(address: ClusterAddress, runtime: &Handle) -> Self {
        Self {
            address,
            runtime: runtime.clone(),
            parts: None,
            listener: None,
        }
    }

    /// Sets in how many parts the work is cut at most: one for every four indicators, and 128 at most, unless said.
    #[must_use]
    pub fn with_parts(mut self, parts: NonZeroUsize) -> Self {
        self.parts = Some(parts);
        self
    }

    /// Sets who is asked, while results are waited for, whether they are still wanted.
    #[must_use]
    pub fn with_listener(mut self, listener: Listener) -> Self {
        self.listener = Some(listener);
        self
    }

    /// The same comparison, computed by the executors of the cluster: the same batches in the same order.
    ///
    /// `release` is where executors find the release: an absolute path that exists on every machine, or an address of an object
    /// store, for which each of them has credentials in its environment. The job begins with the
    /// first batch that is asked for, and is ended when the rest is not wanted. Batches must not be asked for on a thread of
    /// the runtime.
    ///
    /// # Errors
    /// [`Error::ReleaseWithoutAddress`] for an empty `release`. Batches fail with [`Error::ClusterUnreachable`],
    /// [`Error::ClusterLost`], [`Error::NoExecutors`], [`Error::OtherKulttiVersion`], [`Error::ExecutorWithoutRelease`],
    /// [`Error::ExecutorWithOtherRelease`], [`Error::ResultLost`], [`Error::ClusterAnswer`], [`Error::ClusterJobFailed`] and
    /// the errors of the listener.
    pub fn compare_all(&self, all: CompareAll, release: &str) -> Result<CompareAll> {
        if release.is_empty() {
            return Err(Error::ReleaseWithoutAddress {});
        }
        let indicators: Vec<String> = all.indicators().map(ToString::to_string).collect();
        let usual = indicators.len().div_ceil(PART).clamp(1, MOST_PARTS);
        let most = self.parts.map_or(usual, NonZeroUsize::get);
        let parts = all.parts(most).len();
        let job = Arc::new(Job {
            address: self.address.clone(),
            runtime: self.runtime.clone(),
            listener: self.listener.clone(),
            question: Question::of(&all, release, most),
            parts,
            indicators,
            schema: all.schema(),
        });
        Ok(all.computed_by(Arc::new(move || {
            Box::new(Answer::new(Arc::clone(&job))) as Computed
        })))
    }
}

/// The plan of some parts of a question, as it travels.
fn plan(question: &Question, parts: Range<usize>) -> Result<Vec<u8>, DataFusionError> {
    let numbers: Vec<u32> = (0_u32..).take(parts.end).skip(parts.start).collect();
    let parts = PartsExec::new(Arc::new(question.clone()), parts::numbers(&numbers)?, None)?;
    let codec = Codec::new(Role::Client);
    let plan = PhysicalPlanNode::try_from_physical_plan(Arc::new(parts), &codec)?;
    let mut bytes = Vec::new();
    plan.try_encode(&mut bytes)?;
    Ok(bytes)
}
