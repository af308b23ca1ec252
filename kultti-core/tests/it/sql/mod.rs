//! SQL over releases: files of the form of sqllogictest with values from oracles, equality with the direct path, plans, refusals,
//! memory and cancellation.

mod direct;
mod distributed;
mod leaves;
mod limits;
mod logic;
mod observations;
mod own;
mod refused;

use arrow_array::RecordBatch;
use kultti_core::Result;
use kultti_core::language::Language;
use kultti_core::release::Release;
use kultti_core::sql::{Database, DatabaseOptions};
use std::future::Future;
use std::sync::Arc;

/// Runs to the end what a query waits for. Debug builds of the engine need a large stack.
fn wait<T: Send>(work: impl Future<Output = T> + Send) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_stack_size(32 << 20)
        .enable_all()
        .build()
        .expect("a runtime");
    // The thread of the test has a small stack: the work is done by one of the runtime.
    std::thread::scope(|scope| {
        let big = std::thread::Builder::new().stack_size(32 << 20);
        let thread = big.spawn_scoped(scope, || runtime.block_on(work));
        thread.expect("a thread").join().expect("no panic")
    })
}

fn options(threads: usize) -> DatabaseOptions {
    DatabaseOptions::default()
        .with_threads(threads)
        .with_language(Language::En)
}

fn database(release: Release, threads: usize) -> Database {
    Database::new(Arc::new(release), options(threads)).expect("a database")
}

fn example(threads: usize) -> Database {
    let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE).expect("the example release");
    database(release, threads)
}

async fn asked(database: &Database, sql: &str) -> Result<Vec<RecordBatch>> {
    database.query(sql).await?.collect().await
}

/// The rows of an answer as texts; null is `NULL`.
fn rows(database: &Database, sql: &str) -> Vec<Vec<String>> {
    let batches = wait(asked(database, sql)).unwrap_or_else(|error| panic!("{sql}: {error}"));
    logic::texts(&batches)
}

/// The code of the error that a question ends with, and the error.
fn refusal(database: &Database, sql: &str) -> (&'static str, String) {
    let error = wait(asked(database, sql))
        .map(|batches| logic::texts(&batches))
        .expect_err(sql);
    (error.code(), error.to_string())
}
