//! Jobs of a scheduler, and the results of their parts: each whole and once, whatever becomes of who computed it.

use super::ClusterAddress;
use super::client::{Client, fetch, holder, result_lost};
use super::codec::{Codec, Role};
use super::parts::{PartsExec, numbers};
use super::question::Question;
use super::underway::{Begun, Underway};
use crate::error::{Error, Result};
use arrow_array::RecordBatch;
use ballista_core::serde::protobuf::PartitionLocation;
use datafusion::error::DataFusionError;
use datafusion::physical_plan::SendableRecordBatchStream;
use datafusion_proto::physical_plan::AsExecutionPlan;
use datafusion_proto::protobuf::PhysicalPlanNode;
use futures::StreamExt;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::time::sleep;

/// How often work is begun anew when results are lost.
const AGAIN: usize = 2;

/// How long after the end of a job an executor may begin a part of it.
const STRAGGLING: Duration = Duration::from_millis(300);

/// Who is asked, and how.
#[derive(Debug, Clone)]
pub(super) struct Asking {
    pub(super) address: ClusterAddress,
    pub(super) runtime: Handle,
    pub(super) underway: Arc<Underway>,
}

/// A question to a cluster. Work begins when a result is first wanted, and ends when this is dropped.
#[derive(Debug)]
pub(super) struct Job {
    asking: Asking,
    question: Arc<Question>,
    runs: tokio::sync::Mutex<Runs>,
    /// The parts that have not been handed over.
    open: Mutex<BTreeSet<usize>>,
}

/// Every time that work was begun: parts whose results were lost are computed again.
#[derive(Debug, Default)]
struct Runs {
    made: Vec<Run>,
    /// Why nothing more is begun.
    failed: Option<Error>,
}

impl Runs {
    /// The last result of a part, of this run or a later one.
    fn result(&self, part: usize, from: usize) -> Option<(usize, PartitionLocation)> {
        let mut latest = self.made.iter().enumerate().skip(from).rev();
        latest.find_map(|(run, made)| Some((run, made.results.get(&part)?.clone())))
    }
}

/// Work on some parts of a question.
struct Run {
    asking: Asking,
    client: Client,
    id: String,
    /// Where the results are.
    results: BTreeMap<usize, PartitionLocation>,
    /// Everything was handed over.
    whole: bool,
    begun: Option<Begun>,
}

impl std::fmt::Debug for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Run")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl Job {
    pub(super) fn new(asking: &Asking, question: Arc<Question>) -> Self {
        Self {
            asking: asking.clone(),
            open: Mutex::new((0..question.parts).collect()),
            question,
            runs: tokio::sync::Mutex::default(),
        }
    }

    fn open(&self) -> std::sync::MutexGuard<'_, BTreeSet<usize>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where the result of a part is, and in which run it was made; after `lost`, where it was made anew.
    async fn result(&self, part: usize, lost: Option<(usize, Error)>) -> Result<(usize, PartitionLocation)> {
        // Whoever finds that results are lost begins anew, for all; the others wait here, and take what was made meanwhile.
        let mut runs = self.runs.lock().await;
        if let Some(error) = &runs.failed {
            return Err(error.clone());
        }
        let after = lost.as_ref().map_or(0, |(run, _)| run + 1);
        if let Some(made) = runs.result(part, after) {
            return Ok(made);
        }
        let open: Vec<usize> = self.open().iter().copied().collect();
        match lost {
            Some((_, error)) if runs.made.len() > AGAIN || !open.contains(&part) => return Err(error),
            _ => {}
        }
        match self.begin(&open).await {
            Ok(run) => runs.made.push(run),
            Err(error) => {
                runs.failed = Some(error.clone());
                return Err(error);
            }
        }
        runs.result(part, after)
            .ok_or_else(|| not_whole("part", part, "–"))
    }

    /// Has parts computed.
    async fn begin(&self, parts: &[usize]) -> Result<Run> {
        let asking = self.asking.clone();
        let plan = plan(&self.question, parts).map_err(|cause| Error::ClusterJobFailed {
            address: asking.address.to_string(),
            cause: cause.to_string(),
        })?;
        let begun = asking.underway.begin();
        // The connection belongs to the runtime that will end the job, not to whoever happens to wait.
        let address = asking.address.clone();
        let connected = asking
            .runtime
            .spawn(async move { Client::connect(&address).await });
        let client = connected.await.unwrap_or(Err(Error::Interrupted {}))?;
        // A job of which it is not known whether it was taken could not be ended: this is not given up half-way.
        let submitted = self.asking.runtime.spawn(async move {
            let mut client = client;
            let id = client.submit(plan).await?;
            Ok::<_, Error>(Run {
                asking,
                client,
                id,
                results: BTreeMap::new(),
                whole: false,
                begun: Some(begun),
            })
        });
        let mut run = submitted.await.unwrap_or(Err(Error::Interrupted {}))?;
        let results = run.client.done(&run.id).await?;
        // A part whose executor was lost is computed again by another: what it says last is there to be fetched.
        run.results = results
            .into_iter()
            .filter_map(|result| Some((*parts.get(number(&result)?)?, result)))
            .collect();
        if !run.results.keys().eq(parts) {
            return Err(not_whole("parts", parts.len(), run.results.len()));
        }
        Ok(run)
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        let whole = self.open().is_empty();
        for run in &mut self.runs.get_mut().made {
            run.whole = whole;
        }
    }
}

impl Drop for Run {
    /// Tells the scheduler that nobody wants anything more.
    fn drop(&mut self) {
        let (mut client, id, whole) = (self.client.clone(), std::mem::take(&mut self.id), self.whole);
        let begun = self.begun.take();
        self.asking.runtime.spawn(async move {
            if !whole {
                client.cancel(id.clone()).await;
                // Parts that were on their way to an executor are still written.
                sleep(STRAGGLING).await;
            }
            client.forget(id).await;
            drop(begun);
        });
    }
}

/// The batches of a part, in the order in which they were made.
#[derive(Debug)]
pub(super) struct PartReader {
    job: Arc<Job>,
    part: usize,
    /// The rows of each batch that was handed out.
    handed: Vec<usize>,
    /// The rows of the part, as whoever computed it first has said.
    rows: Option<i64>,
    source: Option<Source>,
}

/// Who a part is fetched from.
struct Source {
    run: usize,
    batches: SendableRecordBatchStream,
    executor: String,
    /// Batches that have come, and their rows.
    come: usize,
    rows: i64,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source")
            .field("executor", &self.executor)
            .finish_non_exhaustive()
    }
}

impl PartReader {
    pub(super) fn new(job: &Arc<Job>, part: usize) -> Self {
        Self {
            job: Arc::clone(job),
            part,
            handed: Vec::new(),
            rows: None,
            source: None,
        }
    }

    /// The next batch; `None` when the part is whole.
    pub(super) async fn next(&mut self) -> Result<Option<RecordBatch>> {
        let mut lost = None;
        loop {
            if self.source.is_none() {
                let (run, result) = self.job.result(self.part, lost.take()).await?;
                match self.begin(run, &result).await {
                    // Whoever held it is gone: the others compute what was not yet handed over.
                    Err(error @ Error::ResultLost { .. }) => {
                        lost = Some((run, error));
                        continue;
                    }
                    begun => begun?,
                }
            }
            let Some(source) = &mut self.source else {
                return Ok(None);
            };
            match source.next().await {
                Err(error @ Error::ResultLost { .. }) => {
                    lost = Some((source.run, error));
                    self.source = None;
                }
                Err(error) => return Err(error),
                Ok(Some(batch)) => {
                    let (place, rows) = (source.come - 1, batch.num_rows());
                    match self.handed.get(place) {
                        None => {
                            self.handed.push(rows);
                            return Ok(Some(batch));
                        }
                        // What is computed again must be what it was.
                        Some(known) if *known != rows => return Err(not_whole("rows", known, rows)),
                        Some(_) => {}
                    }
                }
                Ok(None) => {
                    let rows = self.rows.unwrap_or_default();
                    if source.rows != rows {
                        return Err(not_whole("rows", rows, source.rows));
                    }
                    self.job.open().remove(&self.part);
                    return Ok(None);
                }
            }
        }
    }

    async fn begin(&mut self, run: usize, result: &PartitionLocation) -> Result<()> {
        let stats = result.partition_stats.as_ref();
        let rows = stats.map_or(0, |stats| stats.num_rows);
        let first = *self.rows.get_or_insert(rows);
        if first != rows {
            return Err(not_whole("rows", first, rows));
        }
        self.source = Some(Source {
            run,
            batches: fetch(result).await?,
            executor: holder(result),
            come: 0,
            rows: 0,
        });
        Ok(())
    }
}

impl Source {
    async fn next(&mut self) -> Result<Option<RecordBatch>> {
        let batch = self.batches.next().await.transpose();
        let batch = batch.map_err(|cause| result_lost(&self.executor, &cause))?;
        if let Some(batch) = &batch {
            self.come += 1;
            self.rows += i64::try_from(batch.num_rows()).unwrap_or(i64::MAX);
        }
        Ok(batch)
    }
}

/// The number of a result among the parts asked for.
fn number(result: &PartitionLocation) -> Option<usize> {
    let partition = result.partition_id.as_ref()?;
    usize::try_from(partition.partition_id).ok()
}

/// The error for an answer that is not what was asked for.
pub(super) fn not_whole(part: &str, expected: impl ToString, found: impl ToString) -> Error {
    Error::ClusterAnswer {
        part: part.to_owned(),
        expected: expected.to_string(),
        found: found.to_string(),
    }
}

/// The plan of some parts of a question, as it travels.
fn plan(question: &Arc<Question>, parts: &[usize]) -> Result<Vec<u8>, DataFusionError> {
    let parts = PartsExec::new(Arc::clone(question), numbers(parts)?, None)?;
    let codec = Codec::new(Role::Client);
    let plan = PhysicalPlanNode::try_from_physical_plan(Arc::new(parts), &codec)?;
    let mut bytes = Vec::new();
    plan.try_encode(&mut bytes)?;
    Ok(bytes)
}
