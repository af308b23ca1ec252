//! Ballista's planner that adapts to what it finds, which is wrong about windows within windows, stays off with us.

use super::{PATIENCE, RUNTIME, free_port, one_more, scheduler};
use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type};
use arrow_array::{DictionaryArray, Int32Array, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use ballista_core::config::TaskSchedulingPolicy;
use ballista_core::extension::{SessionConfigExt, SessionStateExt};
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use ballista_scheduler::standalone::new_standalone_scheduler;
use datafusion::execution::SessionStateBuilder;
use datafusion::prelude::{ParquetReadOptions, SessionConfig, SessionContext};
use kultti_core::cluster::{ExecutorOptions, Listen, execute_for};
use parquet::arrow::ArrowWriter;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use tokio::time::timeout;

/// 60 indicators in 3 years of 48 areas: 8,640 rows, more than a batch has. Fewer are counted rightly even by Ballista.
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

/// Both counts are asked for: a window that nobody looks at is never computed.
const WINDOWS_IN_WINDOWS: &str = "select sum(c), sum(d) from (select d, count(*) over (partition by ind) c from \
    (select ind, count(*) over (partition by ind, year) d from obs))";

/// Each of 144 rows of an indicator sees all of them, and of its 48 in a year those.
const RIGHT: (i64, i64) = (60 * 144 * 144, 60 * 3 * 48 * 48);

/// The answer of a cluster to a client that asks for the planner that adapts, or for the other.
async fn windows_in_windows(url: String, folder: &Path, adapts: bool) -> (i64, i64) {
    // In two partitions the fault shows the same every time.
    let config = SessionConfig::new_with_ballista().with_target_partitions(2);
    let config = config.with_ballista_adaptive_query_planner(adapts);
    let state = SessionStateBuilder::new()
        .with_default_features()
        .with_config(config);
    let state = state.build().upgrade_for_ballista(url).expect("a session");
    assert_eq!(state.config().ballista_adaptive_query_planner_enabled(), adapts);
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
    let value = |column: usize| row.column(column).as_primitive::<Int64Type>().value(0);
    (value(0), value(1))
}

#[test]
fn windows_within_windows_are_right_whatever_a_client_asks_for() {
    let folder = tempfile::tempdir().expect("a folder");
    observations(folder.path());
    let (asked, unasked) = RUNTIME.block_on(async {
        let (address, mut joined) = scheduler().await;
        let options = ExecutorOptions::new(address.clone(), Listen::locally(free_port()));
        let options = options.with_threads(NonZeroUsize::new(2).expect("2"));
        tokio::spawn(async move { execute_for(&options, || ()).await });
        one_more(&mut joined).await;
        let url = format!("http://{}:{}", address.host(), address.port());
        let asked = windows_in_windows(url.clone(), folder.path(), true).await;
        (asked, windows_in_windows(url, folder.path(), false).await)
    });
    assert_eq!(asked, RIGHT, "a client that asks for the planner that adapts");
    assert_eq!(unasked, RIGHT);
}

/// The reason for it all. The day this fails, Ballista is right, and its planner may be tried again.
#[test]
fn ballistas_planner_that_adapts_is_still_wrong() {
    let folder = tempfile::tempdir().expect("a folder");
    observations(folder.path());
    let results = tempfile::tempdir().expect("a folder");
    let (adapted, planned) = RUNTIME.block_on(async {
        let port = new_standalone_scheduler().await.expect("a scheduler").port();
        let executor = ExecutorProcessConfig {
            scheduler_port: port,
            // Whoever hands out work in this way lets those who do it come for it.
            task_scheduling_policy: TaskSchedulingPolicy::PullStaged,
            external_host: Some("127.0.0.1".into()),
            port: free_port(),
            vcores: 2,
            work_dir: Some(results.path().display().to_string()),
            ..ExecutorProcessConfig::default()
        };
        tokio::spawn(async move { start_executor_process(Arc::new(executor)).await });
        let url = format!("http://localhost:{port}");
        let adapted = windows_in_windows(url.clone(), folder.path(), true).await;
        (adapted, windows_in_windows(url, folder.path(), false).await)
    });
    assert_eq!(planned, RIGHT, "its other planner");
    assert_ne!(adapted, RIGHT, "Ballista's planner that adapts is right now");
}
