//! Ledgers on S3 by the same code as in folders: others read the same lines, writers that are killed or meet lose nothing,
//! and a store that could lose lines is refused.

use super::web::{answering, plain};
use super::{wait, with_s3, with_settings};
use crate::ledger::{others, processes};
use kultti_core::ledger::{Ledger, Select};
use kultti_core::{ErrorKind, ledger};

const ADDRESS: &str = "s3://kultti/collection/ledger";

#[test]
fn others_read_the_same_lines_on_s3() {
    with_s3("stores::ledgers::others_read_the_same_lines_on_s3", || {
        others::others_read_the_lines_of(ADDRESS);
    });
}

#[test]
fn two_and_eight_processes_lose_nothing_on_s3() {
    with_s3(
        "stores::ledgers::two_and_eight_processes_lose_nothing_on_s3",
        || {
            processes::race(&format!("{ADDRESS}-2"), 2, 8);
            processes::race(&format!("{ADDRESS}-8"), 8, 3);
        },
    );
}

#[test]
fn a_killed_writer_leaves_whole_commits_on_s3() {
    with_s3(
        "stores::ledgers::a_killed_writer_leaves_whole_commits_on_s3",
        || {
            let kills = processes::kill_writers(ADDRESS, 0..6);
            eprintln!("6 kills on S3: none of the acknowledged commits lost, no half of one: {kills:?}");
        },
    );
}

#[test]
fn a_ledger_on_s3_goes_from_nothing_to_joined_files() {
    with_s3(
        "stores::ledgers::a_ledger_on_s3_goes_from_nothing_to_joined_files",
        || {
            wait(async {
                let code = |address: &'static str| async move {
                    let error = Ledger::open(address).await.expect_err("none");
                    (error.code(), error.to_string())
                };
                let (none, said) = code(ADDRESS).await;
                assert!(none == "K1042" && said.contains("nothing is there"), "{said}");
                let (others, said) = code("s3://kultti").await;
                assert!(others == "K1042" && said.contains("example.parquet"), "{said}");
                assert_eq!(code("s3://no-such-bucket/ledger").await.0, "K1114");
                let mut ledger = Ledger::create(ADDRESS).await.expect("made");
                assert_eq!(
                    Ledger::create(ADDRESS).await.expect_err("there is one").code(),
                    "K1044"
                );
                for at in 0..3 {
                    let lines = [crate::ledger::fact("272", "m", f64::from(at))];
                    let now = crate::ledger::time("2021-03-01T09:00:00Z");
                    ledger
                        .commit(&lines, now, &crate::ledger::by("a"))
                        .await
                        .expect("added");
                }
                let mut behind = ledger.at(2).await.expect("an earlier one");
                let lines = [crate::ledger::fact("091", "m", 9.0)];
                let now = crate::ledger::time("2021-03-01T09:00:00Z");
                let error = behind
                    .commit(&lines, now, &crate::ledger::by("b"))
                    .await
                    .expect_err("too late");
                assert_eq!((error.code(), error.kind()), ("K1041", ErrorKind::Conflict));
                assert_eq!(ledger.compact().await.expect("joined"), 3);
                let lines = ledger.entries(&Select::default()).await.expect("read");
                let values: Vec<_> = lines.iter().map(|line| line.entry.value).collect();
                assert_eq!(values, [Some(0.0), Some(1.0), Some(2.0)]);
                let what: Vec<_> = ledger
                    .history()
                    .await
                    .expect("read")
                    .into_iter()
                    .map(|commit| commit.what)
                    .collect();
                assert_eq!(what[1..], ["submit", "submit", "submit", "OPTIMIZE"]);
            });
        },
    );
}

#[test]
fn a_store_that_could_lose_lines_is_refused() {
    // Says yes to everything that is written, whatever the conditions.
    let server = answering(|request| match request.method.as_str() {
        "GET" => plain(
            "200 OK",
            b"<ListBucketResult><Name>kultti</Name><IsTruncated>false</IsTruncated></ListBucketResult>",
        ),
        _ => super::web::Answer {
            head: "ETag: \"1\"\r\n".to_owned(),
            ..plain("200 OK", b"")
        },
    });
    let settings = vec![
        ("AWS_ENDPOINT_URL", server),
        ("AWS_ALLOW_HTTP", "true".to_owned()),
        ("AWS_ACCESS_KEY_ID", "AKIA".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "a secret".to_owned()),
        ("NO_PROXY", "127.0.0.1".to_owned()),
    ];
    let name = "stores::ledgers::a_store_that_could_lose_lines_is_refused";
    with_settings(name, settings, || {
        let error = wait(ledger::Ledger::create(ADDRESS)).expect_err("unsafe");
        assert_eq!(
            (error.code(), error.kind()),
            ("K1123", ErrorKind::InvalidArgument),
            "{error}"
        );
    });
}
