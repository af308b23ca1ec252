//! Memory that is bounded, and work that ends when nobody waits for it.

use super::{asked, database, example, options, rows, wait};
use crate::data::northland;
use kultti_core::release::Release;
use kultti_core::sql::Database;
use std::sync::{Arc, mpsc};
use std::time::Duration;

fn small(bytes: usize) -> Database {
    let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE).expect("the example release");
    Database::new(Arc::new(release), options(2).with_memory(bytes)).expect("a database")
}

#[test]
fn what_sorts_more_than_memory_holds_is_sorted_all_the_same() {
    // 200,000 rows of more than 400 bytes are 80 MB, more than three times the memory.
    let sql = "SELECT value, (value * 7919) % 200003 AS place, lpad(CAST(value AS VARCHAR), 400, 'x') AS filling \
               FROM generate_series(1, 200000) ORDER BY place";
    let found = rows(&small(24 << 20), sql);
    assert_eq!(found.len(), 200_000);
    // 200003 is a prime, so that all places differ.
    let mut expected: Vec<(u64, u64)> = (1..=200_000)
        .map(|value| ((value * 7_919) % 200_003, value))
        .collect();
    expected.sort_unstable();
    let agree = found.iter().zip(&expected).all(|(row, (place, value))| {
        row[0] == value.to_string() && row[1] == place.to_string() && row[2].len() == 400
    });
    assert!(agree);
}

#[test]
fn what_memory_cannot_hold_ends_with_what_to_do() {
    let wide =
        "(SELECT value, lpad(CAST(value AS VARCHAR), 300, 'x') AS filling FROM generate_series(1, 100000))";
    let sql = format!(
        "SELECT count(*) FROM {wide} a JOIN {wide} b ON a.filling = b.filling AND a.value < b.value + 1"
    );
    let error = wait(asked(&small(2 << 20), &sql))
        .map(|batches| batches.len())
        .expect_err("more than 2 MiB");
    assert_eq!(error.code(), "K1088", "{error}");
    assert!(error.to_string().contains("2 MiB"), "{error}");
}

/// Runs work on a thread of its own, and fails where it does not end.
fn must_end(work: impl FnOnce() + Send + 'static) {
    let (done, ended) = mpsc::channel();
    std::thread::spawn(move || {
        work();
        let _ = done.send(());
    });
    ended
        .recv_timeout(Duration::from_secs(300))
        .expect("the work ends when nobody waits for it");
}

#[test]
fn a_query_ends_when_nobody_waits_for_it() {
    for sql in [
        "SELECT sum(a.value * b.value * c.value) FROM observations a CROSS JOIN observations b CROSS JOIN observations c",
        "SELECT count(*) FROM observations a JOIN observations b ON a.value + 1 < b.value JOIN observations c ON c.value < b.value",
        "SELECT max(a.value + b.value) FROM observations a JOIN observations b ON a.status = b.status \
         JOIN observations c ON c.status = b.status",
    ] {
        must_end(move || {
            let database = example(2);
            wait(async {
                let patience = Duration::from_millis(500);
                let outcome = tokio::time::timeout(patience, asked(&database, sql)).await;
                assert!(outcome.is_err(), "{sql} was done too soon to tell");
            });
        });
    }
}

#[test]
fn dropping_an_answer_ends_the_work() {
    must_end(|| {
        let database = example(2);
        wait(async {
            let sql = "SELECT * FROM compare_all('z', 'robust_z') a CROSS JOIN observations b";
            let mut answer = database.query(sql).await.expect("an answer");
            let first = answer.next().await.expect("a batch").expect("no error");
            assert!(first.num_rows() > 0);
        });
    });
}

#[test]
fn an_answer_outlives_its_database() {
    let found = wait(async {
        let database = database(northland(), 2);
        let answer = database
            .query("SELECT count(*) FROM observations WHERE value > 0")
            .await
            .expect("an answer");
        drop(database);
        answer.collect().await.expect("rows")
    });
    assert_eq!(super::logic::texts(&found).len(), 1);
}
