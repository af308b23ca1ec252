//! Waiting for the ledger and for queries, which answer in their own time: the only runtime of the process.

use kultti_core::Result;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use std::sync::OnceLock;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

/// How long a key that was pressed may go unheard.
pub(crate) const PATIENCE: Duration = Duration::from_millis(50);

/// Plans of queries are walked to their depth; a build without optimisation needs more than the usual 2 MiB for that.
const STACK: usize = 32 << 20;

/// The process's runtime, or an error in a forked child, where its threads do not exist.
pub(crate) fn runtime() -> PyResult<&'static Runtime> {
    static RUNTIME: OnceLock<(u32, std::io::Result<Runtime>)> = OnceLock::new();
    let here = std::process::id();
    let made = || {
        let mut builder = Builder::new_multi_thread();
        builder
            .enable_all()
            .thread_name("kultti")
            .thread_stack_size(STACK);
        (here, builder.build())
    };
    let (owner, runtime) = RUNTIME.get_or_init(made);
    if *owner != here {
        return Err(PyRuntimeError::new_err(format!(
            "a ledger or SQL was used before this process was forked (parent {owner}, child {here}): start workers with \
             multiprocessing's 'spawn' or 'forkserver', or use both in the children only"
        )));
    }
    let failed = |cause: &std::io::Error| PyRuntimeError::new_err(format!("no threads to be had: {cause}"));
    runtime.as_ref().map_err(failed)
}

/// Waits for work without holding the interpreter, and raises what a signal raises meanwhile. The work then ends where it
/// waits next: a commit is there as a whole, or not at all.
pub(crate) fn wait<T: Send + 'static>(
    py: Python<'_>,
    work: impl Future<Output = Result<T>> + Send + 'static,
) -> PyResult<Result<T>> {
    let (done, mut waiting) = sync_channel(1);
    let task = runtime()?.spawn(async move {
        // Whoever asked may have stopped waiting.
        let _ = done.send(work.await);
    });
    loop {
        let (answer, still) = py.detach(move || (waiting.recv_timeout(PATIENCE), waiting));
        waiting = still;
        match answer {
            Ok(answer) => return Ok(answer),
            Err(RecvTimeoutError::Timeout) => py.check_signals().inspect_err(|_| task.abort())?,
            Err(RecvTimeoutError::Disconnected) => {
                let text = "a thread of Kultti failed; its message is on standard error";
                return Err(PyRuntimeError::new_err(text));
            }
        }
    }
}
