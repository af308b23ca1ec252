//! Several threads make the pages, one page in three languages at a time; the one that asked hears how far they are.

use super::folder::Folder;
use super::maker::Maker;
use crate::compare::Progress;
use crate::error::Result;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;

/// Makes and writes every page and file of a site.
pub(super) fn run(
    maker: &Maker,
    folder: &Folder,
    threads: Option<usize>,
    progress: &mut Progress,
) -> Result<()> {
    let of = maker.pages.len();
    let machine = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let threads = threads.unwrap_or(machine).clamp(1, of.max(1));
    let next = AtomicUsize::new(0);
    let stop = AtomicBool::new(false);
    let (done, heard) = mpsc::channel::<Result<()>>();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let done = done.clone();
            let (next, stop) = (&next, &stop);
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let Some(page) = maker.pages.get(next.fetch_add(1, Ordering::Relaxed)) else {
                        break;
                    };
                    let made = maker.make(page, &mut |name, bytes| folder.put(name, bytes));
                    if done.send(made).is_err() {
                        break;
                    }
                }
            });
        }
        drop(done);
        let mut outcome = Ok(());
        for (made, pages) in heard.into_iter().zip(1..) {
            let went = made.and_then(|()| progress(pages, of));
            if went.is_err() && outcome.is_ok() {
                outcome = went;
                stop.store(true, Ordering::Relaxed);
            }
        }
        outcome
    })?;
    maker.shared(&mut |name, bytes| folder.put(name, bytes))
}
