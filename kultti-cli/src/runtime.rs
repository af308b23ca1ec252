//! Waiting for what the ledger does: the only runtime of the program.

use kultti_core::{Error, Result};
use std::future::Future;

/// Runs to the end what waits for files and networks.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|cause| Error::io("-", &cause))?;
    runtime.block_on(work)
}
