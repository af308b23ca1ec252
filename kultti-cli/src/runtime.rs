//! Waiting for what the ledger, queries and clusters do: the only runtime of the program.

use crate::interrupt;
use kultti_core::{Error, Result};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::task::{JoinError, JoinHandle};

/// Plans of queries are walked to their depth; a build without optimisation needs more than the usual 2 MiB for that.
const STACK: usize = 32 << 20;

/// How long a key that was pressed may go unheard.
const PATIENCE: Duration = Duration::from_millis(50);

/// The runtime, made when it is first needed.
pub(crate) fn runtime() -> Result<&'static Runtime> {
    static RUNTIME: OnceLock<std::io::Result<Runtime>> = OnceLock::new();
    let made = || {
        Builder::new_multi_thread()
            .enable_all()
            .thread_name("kultti")
            .thread_stack_size(STACK)
            .build()
    };
    RUNTIME
        .get_or_init(made)
        .as_ref()
        .map_err(|cause| Error::io("-", cause))
}

/// Runs to the end what waits for files and networks.
#[cfg(feature = "ledger")]
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    runtime()?.block_on(work)
}

/// Begins work on a thread of the runtime.
pub(crate) fn begin<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> Result<JoinHandle<T>> {
    Ok(runtime()?.spawn(work))
}

/// Runs work on a thread of the runtime, and ends it when an interruption asks for that.
///
/// # Errors
/// Those of the work; [`Error::Interrupted`].
pub(crate) fn wait<T: Send + 'static>(work: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    let mut task = begin(work)?;
    let ended = heard(&mut task).inspect_err(|_| task.abort())?;
    ended.unwrap_or_else(|failed| resumed(failed))
}

/// Waits for something, looking now and then whether an interruption was asked for. The runtime's own clock would not do: it is
/// looked at by the very threads that compute, when they come to it.
///
/// # Errors
/// [`Error::Interrupted`]; what was waited for is then dropped, or goes on where it was only lent.
pub(crate) fn heard<T>(mut work: impl Future<Output = T> + Unpin) -> Result<T> {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(done) = Pin::new(&mut work).poll(&mut context) {
            return Ok(done);
        }
        interrupt::requested()?;
        thread::park_timeout(PATIENCE);
    }
}

/// Wakes the thread that waits.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// A fault in a thread of the runtime is one of the program.
fn resumed<T>(failed: JoinError) -> Result<T> {
    match failed.try_into_panic() {
        Ok(fault) => std::panic::resume_unwind(fault),
        // Nobody else ends the work.
        Err(_) => Err(Error::Interrupted {}),
    }
}
