//! What a scheduler of ours does with the plans of others, and whom it gives no work.

use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type};
use arrow_array::{DictionaryArray, Int32Array, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use ballista_core::extension::{SessionConfigExt, SessionStateExt};
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use datafusion::execution::SessionState;
use datafusion::prelude::{ParquetReadOptions, SessionContext};
use kultti_core::Error;
use kultti_core::cluster::{Cluster, ClusterAddress, ExecutorOptions, Listen, Scheduler, execute_for};
use kultti_core::compare::CompareAllOptions;
use kultti_core::release::Release;
use parquet::arrow::ArrowWriter;
use std::net::TcpListener;
use std::num::NonZeroUsize;
use std::path::Path;
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

/// 60 indicators in 3 years of 48 areas.
fn observations(folder: &Path) {
    let schema = Arc::new(Schema::new(vec![
        Field::new_dictionary("ind", DataType::Int32, DataType::Utf8, false),
        Field::new("year", DataType::Int32, false),
    ]));
    let rows = 0..60 * 3 * 48;
    let (indicators, years): (Vec<String>, Vec<i32>) = rows
        .map(|row| (format!("i{:04}", row / 144), 2022 + row / 48 % 3))
        .unzip();
    let columns: [arrow_array::ArrayRef; 2] = [
        Arc::new(
            indicators
                .iter()
                .map(String::as_str)
                .collect::<DictionaryArray<Int32Type>>(),
        ),
        Arc::new(Int32Array::from(years)),
    ];
    let batch = RecordBatch::try_new(Arc::clone(&schema), columns.to_vec()).expect("a batch");
    let out = std::fs::File::create(folder.join("obs.parquet")).expect("a file");
    let mut writer = ArrowWriter::try_new(out, schema, None).expect("a writer");
    writer.write(&batch).expect("rows");
    writer.close().expect("a file");
}

/// Ballista's planner that adapts has lost rows here, without an error.
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
    // Every row of an indicator sees all 144 of it.
    assert_eq!(found, 60 * 144 * 144);
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
