//! Queries in SQL whose rows executors make, as somebody at a shell asks them.

use super::{Cluster, outcome, signal_to, until};
use crate::generated::release;
use crate::{kultti, run, stdout};
use std::fs;
use std::process::{Child, Output, Stdio};

/// Every row of everything, in an order of its own.
const ALL: &str = "SELECT indicator, period, area, value, z FROM compare_all('z', 'descending') ORDER BY area, indicator, period";

fn query<'a>(release: &'a str, sql: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["query", "--release", release, "--lang", "en", sql], more].concat()
}

fn ask(cluster: &Cluster, release: &str, sql: &str, more: &[&str]) -> Output {
    let output = run(&[&query(release, sql, more)[..], &["--cluster", &cluster.address]].concat());
    assert!(
        output.status.success(),
        "{sql}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

/// Begins a question that takes a while: every indicator is a part.
fn begin(cluster: &Cluster, release: &str, sql: &str, more: &[&str]) -> Child {
    let place = ["--cluster", &cluster.address, "--parts", "100000"];
    let mut command = kultti(&[&query(release, sql, more)[..], &place].concat());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("the program starts")
}

#[test]
fn a_query_is_answered_as_on_one_machine() {
    let cluster = Cluster::of(2);
    let folder = tempfile::tempdir().expect("a folder");
    let release = release(folder.path(), "generated", 60, 1).display().to_string();
    let own = folder.path().join("own.csv");
    fs::write(&own, "area,budget\n101,10\n105,20\n").expect("a file");
    let table = format!("own={}", own.display());
    let joined = "SELECT area, budget, sum(rank) AS ranks, count(value) AS n FROM compare_all('rank', 'descending') JOIN own USING (area) \
                  GROUP BY area, budget ORDER BY area";
    for (sql, more) in [
        (ALL, vec!["--format", "csv"]),
        (ALL, vec!["--format", "jsonl", "--parts", "7"]),
        (
            "SELECT measure, count(*), max(value) FROM observations GROUP BY measure ORDER BY measure",
            vec!["--format", "tsv"],
        ),
        (joined, vec!["--table", &table, "--format", "csv"]),
    ] {
        let local = more
            .iter()
            .copied()
            .filter(|word| !matches!(*word, "--parts" | "7"));
        let local = stdout(&query(&release, sql, &local.collect::<Vec<_>>()));
        assert!(local.lines().count() > 2, "{local}");
        let remote = ask(&cluster, &release, sql, &more);
        assert!(String::from_utf8_lossy(&remote.stdout) == local, "{sql} {more:?}");
        assert!(
            remote.stderr.is_empty(),
            "{}",
            String::from_utf8_lossy(&remote.stderr)
        );
    }
    let file = |name: &str| folder.path().join(name).display().to_string();
    let (here, there) = (file("here.parquet"), file("there.parquet"));
    stdout(&query(&release, ALL, &["-o", &here]));
    ask(&cluster, &release, ALL, &["-o", &there]);
    assert!(fs::read(here).unwrap() == fs::read(there).unwrap());
    // What has nothing for the cluster is answered all the same, and that is said.
    let small = ask(
        &cluster,
        &release,
        "SELECT count(*) AS n FROM areas",
        &["--format", "csv"],
    );
    assert_eq!(String::from_utf8_lossy(&small.stdout), "n\n12\n");
    let said = String::from_utf8_lossy(&small.stderr);
    assert!(said.contains("nothing for the cluster"), "{said}");
    // Both have had work, and nothing is left of it.
    assert!(until(|| (0..2).all(|executor| cluster.written(executor) == 0)));
}

#[test]
fn an_executor_that_dies_changes_no_query() {
    let mut cluster = Cluster::of(2);
    let folder = tempfile::tempdir().expect("a folder");
    let release = release(folder.path(), "generated", 400, 1).display().to_string();
    let local = stdout(&query(&release, ALL, &["--format", "csv"]));
    let job = begin(&cluster, &release, ALL, &["--format", "csv"]);
    assert!(until(|| (0..2).all(|executor| cluster.written(executor) > 2)));
    cluster.executors[1].kill();
    let written: usize = (0..2).map(|executor| cluster.written(executor)).sum();
    assert!(written < 400, "it was killed in the middle");
    let output = outcome(job);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    assert!(String::from_utf8_lossy(&output.stdout) == local, "another answer");
}

#[test]
fn an_interrupted_query_ends_its_job() {
    let cluster = Cluster::of(1);
    let folder = tempfile::tempdir().expect("a folder");
    let release = release(folder.path(), "generated", 400, 1).display().to_string();
    for signal in ["-INT", "-TERM"] {
        let job = begin(&cluster, &release, ALL, &["--format", "csv"]);
        assert!(until(|| cluster.written(0) > 2));
        signal_to(&job, signal);
        let output = outcome(job);
        assert_eq!(output.status.code(), Some(130));
        assert!(output.stdout.is_empty());
        // What was computed is deleted, and nothing more is: the executor is free for the next question.
        assert!(until(|| cluster.written(0) == 0));
    }
    let few = "SELECT count(*) AS n FROM compare_all() WHERE indicator = 'i0001'";
    let local = stdout(&query(&release, few, &["--format", "csv"]));
    let remote = ask(&cluster, &release, few, &["--format", "csv"]);
    assert!(String::from_utf8_lossy(&remote.stdout) == local);
}

#[test]
fn a_query_says_what_keeps_a_cluster_from_answering() {
    let folder = tempfile::tempdir().expect("a folder");
    let release = release(folder.path(), "generated", 5, 1).display().to_string();
    let refused = |words: &[&str]| {
        let output = run(words);
        assert!(!output.status.success() && output.stdout.is_empty());
        String::from_utf8(output.stderr).expect("UTF-8")
    };
    let nobody = query(&release, ALL, &["--cluster", "df://127.0.0.1:1"]);
    assert!(refused(&nobody).contains("K1131"));
    let example = ["query", ALL, "--cluster", "df://127.0.0.1:1"];
    assert!(refused(&example).contains("K1137"));
    let shell = ["sql", "--release", &release, "--cluster", "df://127.0.0.1:1"];
    let mut command = kultti(&shell);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut shell = command.spawn().expect("the program starts");
    let asked = std::io::Write::write_all(
        &mut shell.stdin.take().expect("a pipe"),
        b"SELECT count(*) FROM compare_all() WHERE value > 0;\n",
    );
    asked.expect("a question");
    let output = outcome(shell);
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("K1131"));
}
