//! Many small files of a ledger as few large ones.

use super::table::Ledger;
use crate::error::Result;
use datafusion::error::DataFusionError;
use deltalake::kernel::transaction::CommitProperties;
use std::num::NonZeroU64;

/// Files are joined until they are about as large as this.
const TARGET: u64 = 64 << 20;

impl Ledger {
    /// Joins the small files that commits leave, as a version of its own: every line stays as it is, with its sequence, and
    /// every earlier version can still be read. [`Ledger::commit`] does it at every hundredth version, so that reading does not
    /// grow slower with the number of forms; calling it is never needed.
    ///
    /// Others may add lines meanwhile. Returns how many files were joined; nothing is written where there is nothing to join.
    ///
    /// # Errors
    /// [`crate::Error::LedgerDamaged`] for a file that is not there or cannot be read; [`crate::Error::Io`]. The ledger is then
    /// as it was.
    pub async fn compact(&mut self) -> Result<u64> {
        let properties = CommitProperties::default()
            .with_create_checkpoint(false)
            .with_cleanup_expired_logs(Some(false));
        let mut join = self.table.clone().optimize().with_commit_properties(properties);
        if let Some(target) = NonZeroU64::new(TARGET) {
            join = join.with_target_size(target);
        }
        let joined = self.guarded(async {
            join.await
                .map_err(|error| DataFusionError::External(Box::new(error)))
        });
        let (table, metrics) = joined.await?;
        self.table = table;
        Ok(metrics.num_files_removed)
    }
}
