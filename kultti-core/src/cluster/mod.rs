//! What outgrows one machine: the comparison of everything, and queries in SQL, on a cluster.
//!
//! A [`Scheduler`] hands out work and any number of executors ([`execute_for`]) do it; both are processes of this program.
//! A [`Cluster`] is who asks: it plans [`Release::compare_all`](crate::release::Release::compare_all) and
//! [`Database::query`](crate::sql::Database::query) as always, and has executors, which open the release themselves, make the rows of
//! the release and whatever each part of them needs no other for. What comes back is what would have been computed here, or an error:
//! every part comes once and with as many rows as were written, and of a comparison of everything each indicator in its place.
//!
//! Beneath it is Ballista. Nobody in a cluster is asked who they are: it belongs into a trusted network.

mod address;
mod answer;
mod client;
mod codec;
mod distributed;
mod executor;
mod failure;
mod fragment;
mod job;
mod listen;
mod members;
mod parts;
mod question;
mod releases;
mod scheduler;
mod session;
mod state;
mod underway;

pub use address::{ClusterAddress, SCHEDULER_PORT};
pub use executor::{ExecutorOptions, execute_for};
pub use listen::Listen;
pub use members::{Member, Membership};
pub use scheduler::Scheduler;

use crate::compare::{CompareAll, Computed};
use crate::error::{Error, Result};
use crate::sql::{self, Cut, Database, DatabaseOptions, WantedComparison, WantedRows};
use answer::{Answer, Everything};
use arrow_schema::Schema;
use datafusion::execution::SessionStateBuilder;
use distributed::Distribute;
use fragment::Fragment;
use job::Asking;
use question::{Place, Question};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::runtime::Handle;

/// How often an executor says that it is there.
const HEARTBEAT: Duration = Duration::from_secs(2);

/// After how long an executor that is not heard of is given up, and its work done by others.
const GONE_AFTER: Duration = Duration::from_secs(15);

/// How long the scheduler has to hear that nobody wants a job's results any more.
const FAREWELL: Duration = Duration::from_secs(2);

/// Indicators or measures in a part, unless the number of parts is said.
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
    asking: Asking,
    parts: Option<NonZeroUsize>,
    listener: Option<Listener>,
}

/// The answer to a query that a cluster has worked on.
#[derive(Debug)]
#[non_exhaustive]
pub struct Distributed {
    /// The rows.
    pub answer: sql::Answer,
    /// How many pieces of the plan executors work on; 0 where the query has nothing for them and was answered without the cluster.
    pub fragments: usize,
}

impl Cluster {
    /// The cluster of a scheduler. Nobody is asked yet; `runtime` waits for the network.
    pub fn new(address: ClusterAddress, runtime: &Handle) -> Self {
        Self {
            asking: Asking {
                address,
                runtime: runtime.clone(),
                underway: Arc::default(),
            },
            parts: None,
            listener: None,
        }
    }

    /// Sets in how many parts the work is cut at most: one for every four indicators, or measures where observations are read, and
    /// 128 at most, unless said.
    #[must_use]
    pub fn with_parts(mut self, parts: NonZeroUsize) -> Self {
        self.parts = Some(parts);
        self
    }

    /// Sets who is asked, while results of [`Cluster::compare_all`] are waited for, whether they are still wanted.
    #[must_use]
    pub fn with_listener(mut self, listener: Listener) -> Self {
        self.listener = Some(listener);
        self
    }

    fn cut(&self) -> Cut {
        match self.parts {
            Some(parts) => Cut::Most(parts.get()),
            None => Cut::Each {
                each: PART,
                most: MOST_PARTS,
            },
        }
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
    /// [`Error::ExecutorWithOtherRelease`], [`Error::ResultLost`], [`Error::ClusterAnswer`] and [`Error::ClusterJobFailed`],
    /// and the errors of the listener.
    pub fn compare_all(&self, all: CompareAll, release: &str) -> Result<CompareAll> {
        let asked = Arc::new(self.everything(&all, release)?);
        Ok(all.computed_by(Arc::new(move || {
            Box::new(Answer::new(Arc::clone(&asked))) as Computed
        })))
    }

    fn everything(&self, all: &CompareAll, release: &str) -> Result<Everything> {
        let refused = |cause: &dyn std::fmt::Display| Error::Engine {
            cause: cause.to_string(),
        };
        let place = place(release, all.release())?;
        let indicators: Vec<String> = all.indicators().map(ToString::to_string).collect();
        let most = self.cut().parts(indicators.len());
        let parts = all.parts(most).len();
        let wanted = WantedRows::CompareAll(WantedComparison::whole(all.options(), most));
        let fragment = Fragment::of_rows(&wanted).map_err(|cause| refused(&cause))?;
        // What only the client can say of them stays with the client.
        let columns = Arc::new(Schema::new(all.schema().fields().clone()));
        let memory = DatabaseOptions::default().memory;
        let question = Question::new(&place, fragment, &columns, parts, memory);
        Ok(Everything {
            asking: self.asking.clone(),
            listener: self.listener.clone(),
            question: Arc::new(question.map_err(|cause| refused(&cause))?),
            indicators,
            schema: all.schema(),
        })
    }

    /// Asks in SQL, as [`Database::query`], and has executors make the rows of `observations` and `compare_all`: read, compute,
    /// filter, aggregate and sort them as far as each part needs no other. What is left is done here: joins, windows, what
    /// is left to chance, and aggregates over what parts have aggregated; so data of one's own need not travel. EXPLAIN shows what is done where.
    ///
    /// Rows are those of [`Database::query`], in an order that is only theirs where the query says one. Sums and averages of
    /// fractions over several parts may differ from it in their last digits, as they do there with another number of threads:
    /// they depend on the order of addition. So may, there as here, what a query leaves to chance: which rows LIMIT takes without
    /// ORDER BY or among equals, and the order of aggregates that collect values.
    ///
    /// `release` is where executors find the release of the database, as in [`Cluster::compare_all`]. The memory that the database
    /// gives its queries is what each part may take where it is worked on. Dropping the answer ends the work;
    /// [`Cluster::wait_for_farewells`] waits until the scheduler knows.
    ///
    /// # Errors
    /// Those of [`Database::query`] and of [`Cluster::compare_all`].
    ///
    /// ```no_run
    /// use kultti_core::cluster::Cluster;
    /// use kultti_core::release::Release;
    /// use kultti_core::sql::{Database, DatabaseOptions};
    /// use std::sync::Arc;
    /// # async fn ask() -> Result<(), Box<dyn std::error::Error>> {
    /// let cluster = Cluster::new("df://stat-1.example:50050".parse()?, &tokio::runtime::Handle::current());
    /// let path = "/releases/kultti-2025.parquet";
    /// let database = Database::new(Arc::new(Release::open(path)?), DatabaseOptions::default())?;
    /// let sql = "SELECT indicator, avg(z) FROM compare_all('z', 'descending') GROUP BY indicator";
    /// let asked = cluster.query(&database, path, sql).await?;
    /// assert_eq!(asked.fragments, 1);
    /// let batches = asked.answer.collect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn query(&self, database: &Database, release: &str, sql: &str) -> Result<Distributed> {
        let sent = Arc::new(AtomicUsize::new(0));
        let place = place(release, database.release().id())?;
        let (cut, counted) = (self.cut(), Arc::clone(&sent));
        let answer = database.query_with(sql, |state| {
            let rule = Distribute {
                asking: self.asking.clone(),
                place,
                memory: database.memory(),
                context: state.task_ctx(),
                sent: counted,
            };
            let config = state.config().clone().with_extension(Arc::new(cut));
            // The catalogue with the tables is there already.
            let config = config.with_create_default_catalog_and_schema(false);
            SessionStateBuilder::new_from_existing(state)
                .with_config(config)
                .with_physical_optimizer_rule(Arc::new(rule))
                .build()
        });
        Ok(Distributed {
            answer: answer.await?,
            fragments: sent.load(Ordering::Relaxed),
        })
    }

    /// Waits until the scheduler knows which results nobody wants any more, two seconds at most: for programs that end.
    pub fn wait_for_farewells(&self) {
        self.asking.underway.wait(FAREWELL);
    }
}

/// Where executors find a release, and which it must be.
fn place(release: &str, id: &str) -> Result<Place> {
    if release.is_empty() {
        return Err(Error::ReleaseWithoutAddress {});
    }
    Ok(Place {
        release: release.to_owned(),
        id: id.to_owned(),
    })
}
