//! How many jobs a client has that have not come to their end, so that a program can wait for it.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// The jobs of a client.
#[derive(Debug, Default)]
pub(super) struct Underway {
    jobs: Mutex<usize>,
    ended: Condvar,
}

/// A job that has not come to its end; it has when this is dropped.
#[derive(Debug)]
pub(super) struct Begun(Arc<Underway>);

impl Underway {
    pub(super) fn begin(self: &Arc<Self>) -> Begun {
        *self.jobs.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        Begun(Arc::clone(self))
    }

    /// Waits until every job has come to its end, but no longer than this.
    pub(super) fn wait(&self, patience: Duration) {
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever is not told in time is told nothing: the program goes on.
        let _ = self.ended.wait_timeout_while(jobs, patience, |jobs| *jobs > 0);
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        *self.0.jobs.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        self.0.ended.notify_all();
    }
}
