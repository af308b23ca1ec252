//! The batches of a job, in their order and none too few or too many.

use super::client::{Client, fetch, holder, result_lost};
use super::question::Question;
use super::{ClusterAddress, Listener, plan};
use crate::error::{Error, Result};
use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{Array, RecordBatch};
use arrow_schema::SchemaRef;
use ballista_core::serde::protobuf::PartitionLocation;
use datafusion::physical_plan::SendableRecordBatchStream;
use futures::StreamExt;
use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, mpsc};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::time::{sleep, timeout};

/// How long an interruption may go unheard.
const PATIENCE: Duration = Duration::from_millis(50);

/// How often work is begun anew when results are lost.
const AGAIN: usize = 2;

/// How long after the end of a job an executor may begin a part of it.
const STRAGGLING: Duration = Duration::from_millis(300);

/// How long the scheduler has to hear that nobody wants a job's results any more.
const FAREWELL: Duration = Duration::from_secs(2);

/// What is to be computed, and what must come back.
pub(super) struct Job {
    pub(super) address: ClusterAddress,
    pub(super) runtime: Handle,
    pub(super) listener: Option<Listener>,
    pub(super) question: Question,
    /// Parts of which everything consists.
    pub(super) parts: usize,
    /// The indicators, in the order of their batches.
    pub(super) indicators: Vec<String>,
    pub(super) schema: SchemaRef,
}

/// A job that is being worked on.
struct Running {
    client: Client,
    id: String,
    /// The parts that are still to be fetched, in their order.
    left: VecDeque<PartitionLocation>,
    part: Option<Part>,
}

/// A part that is being fetched.
struct Part {
    batches: SendableRecordBatchStream,
    executor: String,
    /// Rows that are still to come.
    rows: i64,
    /// Batches that were handed out before, when the part was fetched from somebody else.
    known: usize,
}

/// The batches of a job: it begins when the first is asked for, and ends when nobody asks any more.
pub(super) struct Answer {
    job: Arc<Job>,
    running: Option<Running>,
    /// Everything was fetched.
    whole: bool,
    ended: bool,
    /// The part that is being handed out, and how many of its batches have been.
    part: usize,
    batches: usize,
    /// How often work was begun anew because results were lost.
    again: usize,
    /// Indicators of which a batch has come.
    begun: usize,
}

impl Answer {
    pub(super) fn new(job: Arc<Job>) -> Self {
        Self {
            job,
            running: None,
            whole: false,
            ended: false,
            part: 0,
            batches: 0,
            again: 0,
            begun: 0,
        }
    }

    /// Has the parts computed that have not been handed out.
    fn begin(&mut self) -> Result<()> {
        let job = Arc::clone(&self.job);
        let parts = job.parts - self.part;
        let plan = plan(&job.question, self.part..job.parts).map_err(|cause| Error::ClusterJobFailed {
            address: job.address.to_string(),
            cause: cause.to_string(),
        })?;
        let mut client = waited(&job, Client::connect(&job.address))?;
        // A job of which it is not known whether it was taken could not be ended: whoever interrupts waits for that.
        let id = job.runtime.block_on(client.submit(plan))?;
        let running = self.running.insert(Running {
            client,
            id,
            left: VecDeque::new(),
            part: None,
        });
        let results = waited(&job, running.client.done(&running.id))?;
        // A part whose executor was lost is computed again by another: what it says last is there to be fetched.
        let results: BTreeMap<_, _> = results
            .into_iter()
            .map(|result| (number(&result), result))
            .collect();
        if !results.keys().copied().eq((0..parts).map(Some)) {
            return Err(not_whole("parts", parts, results.len()));
        }
        running.left = results.into_values().collect();
        Ok(())
    }

    fn step(&mut self) -> Result<Option<RecordBatch>> {
        loop {
            match self.fetched() {
                // Whoever held it is gone: the others compute what it had not yet handed over.
                Err(Error::ResultLost { .. }) if self.again < AGAIN => {
                    self.again += 1;
                    self.leave();
                }
                done => return done,
            }
        }
    }

    fn fetched(&mut self) -> Result<Option<RecordBatch>> {
        let job = Arc::clone(&self.job);
        if self.running.is_none() {
            self.begin()?;
        }
        let Some(running) = &mut self.running else {
            return Ok(None);
        };
        loop {
            let Some(part) = &mut running.part else {
                let Some(location) = running.left.pop_front() else {
                    return Ok(None);
                };
                running.part = Some(Part {
                    batches: waited(&job, fetch(&location))?,
                    executor: holder(&location),
                    rows: location
                        .partition_stats
                        .as_ref()
                        .map_or(0, |stats| stats.num_rows),
                    known: self.batches,
                });
                continue;
            };
            let Some(batch) = waited(&job, async { Ok(part.batches.next().await) })? else {
                if part.rows != 0 {
                    return Err(not_whole("rows", 0, -part.rows));
                }
                running.part = None;
                (self.part, self.batches) = (self.part + 1, 0);
                continue;
            };
            let batch = batch.map_err(|cause| result_lost(&part.executor, &cause))?;
            part.rows -= i64::try_from(batch.num_rows()).unwrap_or(i64::MAX);
            if part.known > 0 {
                part.known -= 1;
                continue;
            }
            self.batches += 1;
            return Ok(Some(batch));
        }
    }

    /// Whether a batch is the next one. Its place among the indicators comes back with it.
    fn placed(&mut self, batch: &RecordBatch) -> Result<(usize, RecordBatch)> {
        let job = &self.job;
        let found = indicator(batch).unwrap_or_default();
        let last = self
            .begun
            .checked_sub(1)
            .and_then(|last| job.indicators.get(last));
        if last.is_none_or(|last| last != found) {
            let next = job.indicators.get(self.begun);
            if next.is_none_or(|next| next != found) {
                return Err(not_whole("indicator", next.map_or("–", String::as_str), found));
            }
            self.begun += 1;
        }
        let batch = RecordBatch::try_new(Arc::clone(&job.schema), batch.columns().to_vec());
        let batch = batch.map_err(|cause| not_whole("columns", &job.schema, cause))?;
        Ok((self.begun - 1, batch))
    }

    fn advance(&mut self) -> Result<Option<(usize, RecordBatch)>> {
        let Some(batch) = self.step()? else {
            if self.begun < self.job.indicators.len() {
                return Err(not_whole("indicators", self.job.indicators.len(), self.begun));
            }
            self.whole = true;
            return Ok(None);
        };
        self.placed(&batch).map(Some)
    }
}

impl Iterator for Answer {
    type Item = Result<(usize, RecordBatch)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = self.advance().transpose();
        if !matches!(next, Some(Ok(_))) {
            self.ended = true;
            self.leave();
        }
        next
    }
}

impl Answer {
    /// Tells the scheduler that nobody wants anything more of the job.
    fn leave(&mut self) {
        let Some(Running { mut client, id, .. }) = self.running.take() else {
            return;
        };
        let (told, heard) = mpsc::channel();
        let whole = self.whole;
        self.job.runtime.spawn(async move {
            if !whole {
                client.cancel(id.clone()).await;
                // Parts that were on their way to an executor are still written.
                sleep(STRAGGLING).await;
            }
            client.forget(id).await;
            told.send(())
        });
        // Without an answer the program goes on: a scheduler that is gone has no job any more.
        let _ = heard.recv_timeout(FAREWELL);
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.leave();
    }
}

/// Waits for work, asking now and then whether it is still wanted.
fn waited<T>(job: &Job, work: impl Future<Output = Result<T>>) -> Result<T> {
    job.runtime.block_on(async {
        let mut work = pin!(work);
        loop {
            if let Ok(done) = timeout(PATIENCE, &mut work).await {
                return done;
            }
            if let Some(listener) = &job.listener {
                listener()?;
            }
        }
    })
}

/// The number of a result's part.
fn number(location: &PartitionLocation) -> Option<usize> {
    let partition = location.partition_id.as_ref()?;
    usize::try_from(partition.partition_id).ok()
}

/// The indicator of a batch: it has only one.
fn indicator(batch: &RecordBatch) -> Option<&str> {
    let column = batch.columns().first()?.as_dictionary_opt::<Int32Type>()?;
    let texts = column.values().as_string_opt::<i32>()?;
    column
        .key(0)
        .filter(|_| texts.len() == 1)
        .map(|key| texts.value(key))
}

fn not_whole(part: &str, expected: impl ToString, found: impl ToString) -> Error {
    Error::ClusterAnswer {
        part: part.to_owned(),
        expected: expected.to_string(),
        found: found.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::CompareAllOptions;
    use crate::release::Release;

    #[test]
    fn batches_that_are_out_of_place_are_refused() {
        let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE).expect("the example");
        let options = CompareAllOptions::columns(["z"]).expect("columns");
        let all = Arc::new(release).compare_all(options).expect("a plan");
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let job = Arc::new(Job {
            address: ClusterAddress::new("localhost", 1),
            runtime: runtime.handle().clone(),
            listener: None,
            question: Question::of(&all, "/release.parquet", 4),
            parts: 4,
            indicators: all.indicators().map(ToString::to_string).collect(),
            schema: all.schema(),
        });
        let batches: Vec<RecordBatch> = all.again().collect::<Result<_>>().expect("batches");
        let after = |taken: usize, next: usize| {
            let mut answer = Answer::new(Arc::clone(&job));
            for batch in &batches[..taken] {
                answer.placed(batch).expect("its place");
            }
            answer.placed(&batches[next]).map(|(place, _)| place)
        };
        assert_eq!(batches.len(), job.indicators.len());
        assert_eq!(after(0, 0), Ok(0));
        assert_eq!(after(3, 3), Ok(3));
        // One that is lacking, one that comes again, one that comes too late, and more than there are.
        let whole = batches.len();
        for (taken, next) in [(0, 1), (3, 4), (3, 0), (5, 3), (whole, 0)] {
            let refused = after(taken, next);
            assert!(matches!(refused, Err(Error::ClusterAnswer { .. })), "{refused:?}");
        }
    }
}
