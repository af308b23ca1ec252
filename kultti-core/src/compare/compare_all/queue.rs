//! Numbered pieces of work, done by several threads and handed out in their order.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// What a piece of work came to: its result, or the panic that ended it.
type Outcome<T> = Result<T, Box<dyn Any + Send>>;

/// The results of pieces `0..count`, in that order, from threads that run no further ahead than a few pieces, so that
/// memory does not grow with their number. Dropping it ends the threads after the piece they are at.
pub(super) struct InOrder<T> {
    shared: Arc<Shared<T>>,
    count: usize,
    threads: Vec<JoinHandle<()>>,
}

struct Shared<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
    count: usize,
    /// How far ahead of what has been handed out a thread may begin.
    ahead: usize,
}

struct State<T> {
    begun: usize,
    handed_out: usize,
    done: BTreeMap<usize, Outcome<T>>,
    /// The panic of a thread outside its pieces.
    failed: Option<Box<dyn Any + Send>>,
    stopped: bool,
}

/// Where a thread takes its work from and puts its results.
pub(super) struct Work<T>(Arc<Shared<T>>);

impl<T> Shared<T> {
    fn state(&self) -> MutexGuard<'_, State<T>> {
        // The lock is held for moves only, so that a panic elsewhere leaves the state sound.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'s>(&self, state: MutexGuard<'s, State<T>>) -> MutexGuard<'s, State<T>> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Send + 'static> InOrder<T> {
    /// Starts `threads` threads, each of which calls `run` with its source of work.
    pub(super) fn start(
        count: usize,
        threads: usize,
        run: impl Fn(Work<T>) + Clone + Send + 'static,
    ) -> Self {
        let threads = threads.clamp(1, count.max(1));
        let shared = Arc::new(Shared {
            state: Mutex::new(State {
                begun: 0,
                handed_out: 0,
                done: BTreeMap::new(),
                failed: None,
                stopped: false,
            }),
            changed: Condvar::new(),
            count,
            ahead: 2 * threads,
        });
        let spawn = |_| {
            let (run, shared) = (run.clone(), Arc::clone(&shared));
            std::thread::spawn(move || {
                let work = Work(Arc::clone(&shared));
                if let Err(panic) = catch_unwind(AssertUnwindSafe(|| run(work))) {
                    shared.state().failed = Some(panic);
                    shared.changed.notify_all();
                }
            })
        };
        Self {
            threads: (0..threads).map(spawn).collect(),
            shared,
            count,
        }
    }

    /// How many pieces have been handed out, and how many there are.
    pub(super) fn progress(&self) -> (usize, usize) {
        (self.shared.state().handed_out, self.count)
    }
}

impl<T: Send + 'static> Work<T> {
    /// Does pieces of work until there are none left or nobody wants them.
    pub(super) fn each(&self, mut piece: impl FnMut(usize) -> T) {
        while let Some(number) = self.next() {
            let outcome = catch_unwind(AssertUnwindSafe(|| piece(number)));
            let panicked = outcome.is_err();
            self.0.state().done.insert(number, outcome);
            self.0.changed.notify_all();
            if panicked {
                return;
            }
        }
    }

    fn next(&self) -> Option<usize> {
        let mut state = self.0.state();
        while !state.stopped && state.begun < self.0.count && state.begun >= state.handed_out + self.0.ahead {
            state = self.0.wait(state);
        }
        if state.stopped || state.begun >= self.0.count {
            return None;
        }
        state.begun += 1;
        Some(state.begun - 1)
    }
}

impl<T> Iterator for InOrder<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        let mut state = self.shared.state();
        let number = state.handed_out;
        if number >= self.count || state.stopped {
            return None;
        }
        let outcome = loop {
            let failed = state.failed.take().map(Err);
            match state.done.remove(&number).or(failed) {
                Some(outcome) => break outcome,
                None => state = self.shared.wait(state),
            }
        };
        state.handed_out += 1;
        drop(state);
        self.shared.changed.notify_all();
        // A fault of the program in a thread is one here.
        Some(outcome.unwrap_or_else(|panic| resume_unwind(panic)))
    }
}

impl<T> Drop for InOrder<T> {
    fn drop(&mut self) {
        self.shared.state().stopped = true;
        self.shared.changed.notify_all();
        for thread in self.threads.drain(..) {
            // A thread that panicked has handed its panic over, or nobody waits for it.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_their_order_whoever_is_faster() {
        for threads in [1, 2, 7] {
            let squares = InOrder::start(100, threads, |work: Work<usize>| {
                work.each(|number| {
                    if number % 5 == 0 {
                        std::thread::yield_now();
                    }
                    number * number
                });
            });
            let expected: Vec<usize> = (0..100).map(|number| number * number).collect();
            assert_eq!(squares.collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn nobody_runs_far_ahead() {
        let mut numbers = InOrder::start(1_000, 3, |work: Work<usize>| work.each(|number| number));
        assert_eq!(numbers.next(), Some(0));
        std::thread::sleep(std::time::Duration::from_millis(20));
        assert!(numbers.shared.state().begun <= 1 + 2 * 3);
        assert_eq!(numbers.progress(), (1, 1_000));
    }

    #[test]
    fn a_panic_reaches_whoever_waits() {
        let numbers = InOrder::start(10, 2, |work: Work<usize>| {
            work.each(|number| if number == 4 { panic!("four") } else { number });
        });
        let caught = catch_unwind(AssertUnwindSafe(|| numbers.count()));
        assert!(caught.is_err());
    }

    #[test]
    fn a_panic_before_any_work_reaches_whoever_waits() {
        let numbers = InOrder::start(10, 2, |_: Work<usize>| panic!("no work"));
        let caught = catch_unwind(AssertUnwindSafe(|| numbers.count()));
        assert!(caught.is_err());
    }
}
