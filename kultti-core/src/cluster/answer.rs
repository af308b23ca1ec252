//! The batches of a comparison of everything, in their order and none too few or too many.

use super::job::{Asking, Job, PartReader, not_whole};
use super::question::Question;
use super::underway::Underway;
use super::{FAREWELL, Listener};
use crate::error::Result;
use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{Array, RecordBatch};
use arrow_schema::SchemaRef;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// How long an interruption may go unheard.
const PATIENCE: Duration = Duration::from_millis(50);

/// What is to be computed, and what must come back.
pub(super) struct Everything {
    pub(super) asking: Asking,
    pub(super) listener: Option<Listener>,
    pub(super) question: Arc<Question>,
    /// The indicators, in the order of their batches.
    pub(super) indicators: Vec<String>,
    pub(super) schema: SchemaRef,
}

/// The batches: work begins when the first is asked for, and ends when nobody asks any more.
pub(super) struct Answer {
    asked: Arc<Everything>,
    underway: Arc<Underway>,
    /// The part that is being handed out; none before the first and after the last.
    reader: Option<PartReader>,
    job: Option<Arc<Job>>,
    /// The next part.
    part: usize,
    /// Indicators of which a batch has come.
    begun: usize,
}

impl Answer {
    pub(super) fn new(asked: Arc<Everything>) -> Self {
        // It waits for the end of its own job, not for those of others who ask the same cluster.
        let asking = Asking {
            underway: Arc::default(),
            ..asked.asking.clone()
        };
        let job = Job::new(&asking, Arc::clone(&asked.question));
        Self {
            underway: asking.underway,
            asked,
            reader: None,
            job: Some(Arc::new(job)),
            part: 0,
            begun: 0,
        }
    }

    /// The next batch of the parts in their order.
    fn step(&mut self) -> Result<Option<RecordBatch>> {
        loop {
            if let Some(reader) = &mut self.reader {
                if let Some(batch) = waited(&self.asked, reader.next())? {
                    return Ok(Some(batch));
                }
                self.reader = None;
            }
            match &self.job {
                Some(job) if self.part < self.asked.question.parts => {
                    self.reader = Some(PartReader::new(job, self.part));
                    self.part += 1;
                }
                _ => return Ok(None),
            }
        }
    }

    /// Whether a batch is the next one. Its place among the indicators comes back with it.
    fn placed(&mut self, batch: &RecordBatch) -> Result<(usize, RecordBatch)> {
        let asked = &self.asked;
        let found = indicator(batch).unwrap_or_default();
        let last = self
            .begun
            .checked_sub(1)
            .and_then(|last| asked.indicators.get(last));
        if last.is_none_or(|last| last != found) {
            let next = asked.indicators.get(self.begun);
            if next.is_none_or(|next| next != found) {
                return Err(not_whole("indicator", next.map_or("–", String::as_str), found));
            }
            self.begun += 1;
        }
        let batch = RecordBatch::try_new(Arc::clone(&asked.schema), batch.columns().to_vec());
        let batch = batch.map_err(|cause| not_whole("columns", &asked.schema, cause))?;
        Ok((self.begun - 1, batch))
    }

    fn advance(&mut self) -> Result<Option<(usize, RecordBatch)>> {
        let Some(batch) = self.step()? else {
            let indicators = self.asked.indicators.len();
            if self.begun < indicators {
                return Err(not_whole("indicators", indicators, self.begun));
            }
            return Ok(None);
        };
        self.placed(&batch).map(Some)
    }

    /// Ends the job, if it has not ended.
    fn leave(&mut self) {
        self.reader = None;
        if self.job.take().is_some() {
            self.underway.wait(FAREWELL);
        }
    }
}

impl Iterator for Answer {
    type Item = Result<(usize, RecordBatch)>;

    fn next(&mut self) -> Option<Self::Item> {
        self.job.as_ref()?;
        let next = self.advance().transpose();
        if !matches!(next, Some(Ok(_))) {
            self.leave();
        }
        next
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.leave();
    }
}

/// Waits for work, asking now and then whether it is still wanted.
fn waited<T>(asked: &Everything, work: impl Future<Output = Result<T>>) -> Result<T> {
    asked.asking.runtime.block_on(async {
        let mut work = pin!(work);
        loop {
            if let Ok(done) = timeout(PATIENCE, &mut work).await {
                return done;
            }
            if let Some(listener) = &asked.listener {
                listener()?;
            }
        }
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::{Cluster, ClusterAddress};
    use crate::compare::CompareAllOptions;
    use crate::error::Error;
    use crate::release::Release;

    #[test]
    fn batches_that_are_out_of_place_are_refused() {
        let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE).expect("the example");
        let options = CompareAllOptions::columns(["z"]).expect("columns");
        let all = Arc::new(release).compare_all(options).expect("a plan");
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let cluster = Cluster::new(ClusterAddress::new("localhost", 1), runtime.handle());
        let asked = cluster.everything(&all, "/release.parquet");
        let asked = Arc::new(asked.expect("a question"));
        let batches: Vec<RecordBatch> = all.again().collect::<Result<_>>().expect("batches");
        let after = |taken: usize, next: usize| {
            let mut answer = Answer::new(Arc::clone(&asked));
            for batch in &batches[..taken] {
                answer.placed(batch).expect("its place");
            }
            answer.placed(&batches[next]).map(|(place, _)| place)
        };
        assert_eq!(batches.len(), asked.indicators.len());
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
