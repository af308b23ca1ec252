//! Ctrl-C and SIGTERM during long work.
//!
//! Whoever has something to clear away asks [`requested`] now and then and ends in an orderly way; without that the
//! program ends at once, also where it waits for a reader that does not read.

use crate::run::INTERRUPTED;
use kultti_core::{Error, Result};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

static REQUESTED: AtomicBool = AtomicBool::new(false);
static ORDERLY: AtomicBool = AtomicBool::new(false);
static HANDLER: OnceLock<()> = OnceLock::new();

/// From now on an interruption ends the work: when it next asks (`orderly`), or at once.
pub(crate) fn listen(orderly: bool) {
    ORDERLY.store(orderly, Ordering::SeqCst);
    HANDLER.get_or_init(|| {
        // Where no handler can be had, the system ends the program, which leaves nothing under the final name either.
        let _ = ctrlc::set_handler(|| {
            if REQUESTED.swap(true, Ordering::SeqCst) || !ORDERLY.load(Ordering::SeqCst) {
                std::process::exit(i32::from(INTERRUPTED));
            }
        });
    });
}

/// Fails once an interruption was asked for.
pub(crate) fn requested() -> Result<()> {
    if REQUESTED.load(Ordering::SeqCst) {
        return Err(Error::Interrupted {});
    }
    Ok(())
}

/// The work that was interrupted has ended; the next begins afresh.
#[cfg(feature = "sql")]
pub(crate) fn answered() {
    REQUESTED.store(false, Ordering::SeqCst);
}
