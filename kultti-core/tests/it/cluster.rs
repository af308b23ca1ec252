//! What a scheduler of ours does with the plans of others, and whom it gives no work.

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Int32Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use ballista_core::extension::{SessionConfigExt, SessionStateExt};
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::SchedulerConfig;
use ballista_scheduler::scheduler_process::start_server;
use datafusion::execution::SessionState;
use datafusion::prelude::{ParquetReadOptions, SessionContext};
use kultti_core::Error;
use kultti_core::cluster::{Cluster, ClusterAddress, ExecutorOptions, Listen, Scheduler, execute_for};
use kultti_core::compare::CompareAllOptions;
use kultti_core::release::Release;
use parquet::arrow::ArrowWriter;
use std::net::{TcpListener, TcpStream};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

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

/// 12 indicators in 10 years of 9 areas, in four files.
fn observations(folder: &Path) {
    let schema = Arc::new(Schema::new(vec![
        Field::new("ind", DataType::Utf8, false),
        Field::new("year", DataType::Int32, false),
    ]));
    for file in 0..4 {
        let rows = (0..12 * 10 * 9).filter(|row| row % 4 == file);
        let (indicators, years): (Vec<String>, Vec<i32>) = rows
            .map(|row| (format!("i{}", row % 12), 2010 + row / 12 % 10))
            .unzip();
        let columns: [arrow_array::ArrayRef; 2] = [
            Arc::new(StringArray::from(indicators)),
            Arc::new(Int32Array::from(years)),
        ];
        let batch = RecordBatch::try_new(Arc::clone(&schema), columns.to_vec()).expect("a batch");
        let out = std::fs::File::create(folder.join(format!("{file}.parquet"))).expect("a file");
        let mut writer = ArrowWriter::try_new(out, Arc::clone(&schema), None).expect("a writer");
        writer.write(&batch).expect("rows");
        writer.close().expect("a file");
    }
}

/// Ballista's planner that adapts loses rows here, without an error.
const WINDOWS_IN_WINDOWS: &str = "select sum(c) from (select count(*) over (partition by ind) c from \
    (select ind, year, count(*) over (partition by ind, year) d from obs))";

/// The answer of a cluster to a client that adapts.
async fn windows_in_windows(address: &ClusterAddress, folder: &Path) -> i64 {
    let url = format!("http://{}:{}", address.host(), address.port());
    let state = SessionState::new_ballista_state(url).expect("a session");
    let adapts = state.config().ballista_adaptive_query_planner_enabled();
    assert!(adapts, "a client that adapts");
    let session = SessionContext::new_with_state(state);
    let path = folder.to_str().expect("a path");
    let table = session.register_parquet("obs", path, ParquetReadOptions::default());
    table.await.expect("a table");
    let asked = tokio::spawn(async move { session.sql(WINDOWS_IN_WINDOWS).await?.collect().await });
    let batches = timeout(PATIENCE, asked)
        .await
        .expect("in time")
        .expect("no panic");
    let batches = batches.expect("an answer");
    let row = batches.iter().find(|batch| batch.num_rows() == 1).expect("a row");
    row.column(0).as_primitive::<Int64Type>().value(0)
}

#[test]
fn windows_within_windows_are_right_whatever_a_client_asks_for() {
    let folder = tempfile::tempdir().expect("a folder");
    observations(folder.path());
    let found = RUNTIME.block_on(async {
        let (address, mut joined) = scheduler().await;
        let options = ExecutorOptions::new(address.clone(), Listen::locally(free_port()));
        let options = options.with_threads(NonZeroUsize::new(4).expect("4"));
        tokio::spawn(async move { execute_for(&options, || ()).await });
        one_more(&mut joined).await;
        windows_in_windows(&address, folder.path()).await
    });
    // Every row of an indicator sees all 90 of it.
    assert_eq!(found, 12 * 90 * 90);
}

/// When this test fails, Ballista has been mended: then its planner may be allowed to adapt.
#[test]
fn ballista_itself_is_still_wrong_about_windows_within_windows() {
    let folder = tempfile::tempdir().expect("a folder");
    observations(folder.path());
    let found = RUNTIME.block_on(async {
        let port = free_port();
        let config = SchedulerConfig {
            bind_port: port,
            external_host: "127.0.0.1".into(),
            ..SchedulerConfig::default()
        };
        let cluster = BallistaCluster::new_from_config(&config)
            .await
            .expect("a cluster");
        let socket = ([127, 0, 0, 1], port).into();
        tokio::spawn(start_server(cluster, socket, Arc::new(config)));
        let address = ClusterAddress::new("127.0.0.1", port);
        let options = ExecutorOptions::new(address.clone(), Listen::locally(free_port()));
        let options = options.with_threads(NonZeroUsize::new(4).expect("4"));
        let (join, mut joined) = mpsc::unbounded_channel();
        while TcpStream::connect((address.host(), port)).is_err() {
            sleep(Duration::from_millis(10)).await;
        }
        tokio::spawn(async move { execute_for(&options, move || drop(join.send(()).is_ok())).await });
        one_more(&mut joined).await;
        windows_in_windows(&address, folder.path()).await
    });
    assert_ne!(found, 12 * 90 * 90);
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
