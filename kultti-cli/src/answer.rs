//! The answer of a query on its way: computed by the threads of the runtime, taken batch by batch by the one that writes.

use crate::interrupt;
use crate::runtime::{begin, heard, wait};
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use kultti_core::Result;
use kultti_core::export::with_provenance;
use kultti_core::sql::Database;
use std::pin::pin;
use std::sync::Arc;
use tokio::sync::mpsc::{Receiver, channel};
use tokio::task::JoinHandle;

/// Batches that are computed while an earlier one is being written.
const AHEAD: usize = 2;

/// The batches of an answer; dropping it ends the work.
pub(crate) struct Batches {
    schema: SchemaRef,
    release: String,
    batches: Receiver<Result<RecordBatch>>,
    task: JoinHandle<()>,
}

impl Batches {
    /// Plans a query, which finds its mistakes, and begins to answer it.
    ///
    /// # Errors
    /// Those of the query; [`kultti_core::Error::Interrupted`].
    pub(crate) fn of(database: &Arc<Database>, sql: &str) -> Result<Self> {
        let (asked, text) = (Arc::clone(database), sql.to_owned());
        let mut answer = wait(async move { asked.query(&text).await })?;
        let release = database.release().id().to_owned();
        let schema = with_provenance(&answer.schema(), &release, sql);
        let (put, batches) = channel(AHEAD);
        let task = begin(async move {
            while let Some(batch) = answer.next().await {
                let failed = batch.is_err();
                if put.send(batch).await.is_err() || failed {
                    break;
                }
            }
        })?;
        Ok(Self {
            schema,
            release,
            batches,
            task,
        })
    }

    /// The columns, with the release and the query as metadata.
    pub(crate) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// The id of the release.
    pub(crate) fn release(&self) -> &str {
        &self.release
    }
}

impl Iterator for Batches {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        // Asked also where batches come without a pause.
        let batch = interrupt::requested().and_then(|()| heard(pin!(self.batches.recv())));
        batch.and_then(Option::transpose).transpose()
    }
}

impl Drop for Batches {
    fn drop(&mut self) {
        self.task.abort();
    }
}
