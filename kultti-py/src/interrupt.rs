//! Ctrl-C while a question that may take long is being answered.
//!
//! The core hears of no signals, and a kernel of statistics cannot ask after them. So the work is done by a thread, and the
//! one that asked waits for it, looking every 50 ms whether somebody wants it to stop. Then it stops waiting at once; what has
//! been begun ends by itself, unheard, and holds nothing that another question needs. A short question is answered where it
//! is asked: a thread would cost it more than the wait.

use pyo3::exceptions::{PyKeyboardInterrupt, PyRuntimeError};
use pyo3::prelude::*;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

/// How long a key that was pressed may go unheard.
const PATIENCE: Duration = Duration::from_millis(50);

/// Does work without holding the interpreter, and raises what a signal raises meanwhile.
pub(crate) fn heard<T: Send + 'static>(
    py: Python<'_>,
    work: impl FnOnce() -> T + Send + 'static,
) -> PyResult<T> {
    let (done, mut waiting) = sync_channel(1);
    let thread = std::thread::Builder::new().name("kultti".to_owned());
    thread.spawn(move || {
        // Whoever asked may have stopped waiting.
        let _ = done.send(work());
    })?;
    loop {
        let (answer, still) = py.detach(move || (waiting.recv_timeout(PATIENCE), waiting));
        waiting = still;
        match answer {
            Ok(answer) => return Ok(answer),
            Err(RecvTimeoutError::Timeout) => py.check_signals()?,
            Err(RecvTimeoutError::Disconnected) => {
                let text = "a thread of Kultti failed; its message is on standard error";
                return Err(PyRuntimeError::new_err(text));
            }
        }
    }
}

/// Raises `KeyboardInterrupt` in this thread as soon as Python goes on in it. As an exception rather than as the signal:
/// a signal would be heard even while Python writes the reader's error, and spoil that.
pub(crate) fn interrupt_again(py: Python<'_>) -> PyResult<()> {
    let ctypes = py.import("ctypes")?;
    let thread = py.import("threading")?.call_method0("get_ident")?;
    let exception = py.get_type::<PyKeyboardInterrupt>();
    ctypes.getattr("pythonapi")?.call_method1(
        "PyThreadState_SetAsyncExc",
        (
            ctypes.call_method1("c_ulong", (thread,))?,
            ctypes.call_method1("py_object", (exception,))?,
        ),
    )?;
    Ok(())
}
