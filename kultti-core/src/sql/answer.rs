//! What a question is answered with.

use super::failure::failed;
use crate::error::Result;
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use datafusion::error::DataFusionError;
use datafusion::physical_plan::SendableRecordBatchStream;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use futures::StreamExt;
use futures::stream;
use std::fmt;

/// The rows that answer a question, batch by batch as they are computed. Dropping it ends the work.
pub struct Answer {
    stream: SendableRecordBatchStream,
    memory: usize,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("schema", &self.schema())
            .finish_non_exhaustive()
    }
}

impl Answer {
    pub(super) fn new(stream: SendableRecordBatchStream, memory: usize) -> Self {
        Self { stream, memory }
    }

    /// One batch that is there already.
    pub(super) fn ready(batch: RecordBatch) -> Self {
        let schema = batch.schema();
        let only = stream::iter([Ok::<_, DataFusionError>(batch)]);
        Self::new(Box::pin(RecordBatchStreamAdapter::new(schema, only)), 0)
    }

    /// The columns.
    pub fn schema(&self) -> SchemaRef {
        self.stream.schema()
    }

    /// The next rows; `None` when there are no more.
    ///
    /// # Errors
    /// [`crate::Error::SqlMemory`] for a query that needs more memory than it has been given, and whose work cannot be put on
    /// disk; [`crate::Error::SqlExecution`] for what cannot be computed, such as a text that is no number;
    /// [`crate::Error::ReleaseAltered`] for a damaged release.
    pub async fn next(&mut self) -> Option<Result<RecordBatch>> {
        let next = self.stream.next().await?;
        Some(next.map_err(|error| failed(&error, self.memory)))
    }

    /// All rows at once.
    ///
    /// # Errors
    /// As [`Answer::next`].
    pub async fn collect(mut self) -> Result<Vec<RecordBatch>> {
        let mut batches = Vec::new();
        while let Some(batch) = self.next().await {
            batches.push(batch?);
        }
        Ok(batches)
    }
}
