//! What a scheduler of ours does with the plans of others, and whom it gives no work.

mod adaptive;
mod others;

use kultti_core::cluster::{ClusterAddress, Listen, Scheduler};
use std::net::TcpListener;
use std::sync::LazyLock;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;
use tokio::time::timeout;

/// How long anything is waited for: far longer than it takes.
const PATIENCE: Duration = Duration::from_secs(120);

/// Plans are deep for a build without optimisation.
pub(crate) static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let runtime = Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(32 << 20)
        .build()
        .expect("a runtime");
    // Schedulers and executors listen to signals; a test that is to end should end all the same.
    runtime.spawn(async {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = ballista_executor::terminate::sig_term() => {}
        }
        std::process::exit(130);
    });
    runtime
});

pub(crate) fn free_port() -> u16 {
    let listen = |port| TcpListener::bind(("127.0.0.1", port));
    let pair = || {
        let first = listen(0).ok()?.local_addr().ok()?.port();
        (listen(first).is_ok() && listen(first.checked_add(1)?).is_ok()).then_some(first)
    };
    std::iter::from_fn(|| Some(pair()))
        .flatten()
        .next()
        .expect("ports")
}

/// A scheduler, and how many have joined it so far.
pub(crate) async fn scheduler() -> (ClusterAddress, mpsc::UnboundedReceiver<()>) {
    let scheduler = Scheduler::listen(&Listen::locally(0)).await.expect("a scheduler");
    let address = scheduler.address().clone();
    let (join, joined) = mpsc::unbounded_channel();
    tokio::spawn(scheduler.run(move |_| {
        let _ = join.send(());
    }));
    (address, joined)
}

pub(crate) async fn one_more(joined: &mut mpsc::UnboundedReceiver<()>) {
    let heard = timeout(PATIENCE, joined.recv()).await.expect("in time");
    heard.expect("a scheduler that runs");
}
