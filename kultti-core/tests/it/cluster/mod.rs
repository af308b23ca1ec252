//! What a scheduler of ours does with the plans of others, and whom it gives no work.

mod adaptive;

use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use kultti_core::Error;
use kultti_core::cluster::{Cluster, ClusterAddress, Listen, Scheduler};
use kultti_core::compare::CompareAllOptions;
use kultti_core::release::Release;
use std::net::TcpListener;
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;
use tokio::time::timeout;

/// How long anything is waited for: far longer than it takes.
const PATIENCE: Duration = Duration::from_secs(120);

/// Plans are deep for a build without optimisation.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
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

fn free_port() -> u16 {
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
async fn scheduler() -> (ClusterAddress, mpsc::UnboundedReceiver<()>) {
    let scheduler = Scheduler::listen(&Listen::locally(0)).await.expect("a scheduler");
    let address = scheduler.address().clone();
    let (join, joined) = mpsc::unbounded_channel();
    tokio::spawn(scheduler.run(move |_| {
        let _ = join.send(());
    }));
    (address, joined)
}

async fn one_more(joined: &mut mpsc::UnboundedReceiver<()>) {
    let heard = timeout(PATIENCE, joined.recv()).await.expect("in time");
    heard.expect("a scheduler that runs");
}

#[test]
fn executors_of_another_program_get_no_work() {
    let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE).expect("the example");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("release.parquet");
    std::fs::write(&path, kultti_datasets::EXAMPLE_RELEASE).expect("a file");
    let address = RUNTIME.block_on(async {
        let (address, mut joined) = scheduler().await;
        let port = free_port();
        let theirs = ExecutorProcessConfig {
            scheduler_host: address.host().to_owned(),
            scheduler_port: address.port(),
            external_host: Some("127.0.0.1".into()),
            port,
            grpc_port: port + 1,
            ..ExecutorProcessConfig::default()
        };
        tokio::spawn(async move { start_executor_process(Arc::new(theirs)).await });
        one_more(&mut joined).await;
        address
    });
    let options = CompareAllOptions::columns(["z"]).expect("columns");
    let all = Arc::new(release).compare_all(options).expect("a plan");
    let cluster = Cluster::new(address, RUNTIME.handle());
    let mut all = cluster
        .compare_all(all, path.to_str().expect("a path"))
        .expect("a question");
    let refused = all.next().expect("an error").expect_err("an error");
    let Error::OtherKulttiVersion { who, expected, .. } = &refused else {
        panic!("{refused}");
    };
    assert!(who.contains("executor 127.0.0.1:"), "{refused}");
    assert_eq!(expected, env!("CARGO_PKG_VERSION"));
    assert!(all.next().is_none());
}
