//! The answer of a query on its way: computed by the threads of the runtime, taken batch by batch by the one that writes.

use crate::interrupt;
use crate::output::Output;
use crate::runtime::{begin, heard, wait};
use crate::verbs::query::Asked;
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use kultti_core::Result;
#[cfg(feature = "cluster")]
use kultti_core::cluster::Cluster;
use kultti_core::export::with_provenance;
#[cfg(feature = "cluster")]
use kultti_core::language::word;
use kultti_core::sql::Answer;
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
    /// The cluster that was asked, and whether it had anything to do.
    #[cfg(feature = "cluster")]
    cluster: Option<(Cluster, bool)>,
}

impl Batches {
    /// Plans a query, which finds its mistakes, and begins to answer it.
    ///
    /// # Errors
    /// Those of the query; [`kultti_core::Error::Interrupted`].
    pub(crate) fn of(asked: &Asked, sql: &str) -> Result<Self> {
        #[cfg(feature = "cluster")]
        let (mut answer, cluster) = match asked.cluster.clone() {
            None => (here(asked, sql)?, None),
            Some((cluster, place)) => {
                let (database, text) = (Arc::clone(&asked.database), sql.to_owned());
                let all = cluster.clone();
                let made = wait(async move { all.query(&database, &place, &text).await })?;
                (made.answer, Some((cluster, made.fragments > 0)))
            }
        };
        #[cfg(not(feature = "cluster"))]
        let mut answer = here(asked, sql)?;
        let release = asked.database.release().id().to_owned();
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
            #[cfg(feature = "cluster")]
            cluster,
        })
    }

    /// Says so where a cluster was asked and had nothing to do.
    pub(crate) fn remark(&self, output: &Output) {
        #[cfg(feature = "cluster")]
        if let Some((_, false)) = &self.cluster {
            output.remark(word("cluster.nothing", output.language()));
        }
        let _ = output;
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

/// Answers on this machine.
fn here(asked: &Asked, sql: &str) -> Result<Answer> {
    let (database, text) = (Arc::clone(&asked.database), sql.to_owned());
    wait(async move { database.query(&text).await })
}

impl Drop for Batches {
    fn drop(&mut self) {
        self.task.abort();
        #[cfg(feature = "cluster")]
        if let Some((cluster, true)) = &self.cluster {
            // The program may end now.
            cluster.wait_for_farewells();
        }
    }
}
