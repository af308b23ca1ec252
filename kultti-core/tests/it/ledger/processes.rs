//! Several processes at one ledger: killed at any moment, and all at once.
//!
//! The processes are this very test program, started again for one test that does nothing unless it is told which ledger to
//! write to.

use super::{by, fact, time, wait};
use kultti_core::ErrorKind;
use kultti_core::ledger::{Entry, Ledger, Recorded, Select};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Lines of one commit of a writer.
const LINES: usize = 7;
/// What a writer says before the name of a commit that it was told has landed.
const ACKNOWLEDGED: &str = "acknowledged ";
/// What it says before a commit that somebody else was faster than.
const REFUSED: &str = "refused ";
/// How often a writer is killed, unless `KULTTI_KILL_ROUNDS` says how often.
const KILL_ROUNDS: usize = 8;

/// The lines of one commit: their document is the commit's name.
fn lines(name: &str) -> Vec<Entry> {
    let line = |at: usize| Entry {
        document: name.to_owned(),
        ..fact("272", &format!("m{at}"), at as f64)
    };
    (0..LINES).map(line).collect()
}

/// What a writer does: commits until it has made as many as it should, trying again where somebody else was faster.
#[test]
fn writer() {
    let Ok(address) = std::env::var("KULTTI_TEST_LEDGER") else {
        return;
    };
    let said = |name: &str| std::env::var(name).expect("said by the test that started this");
    let (name, commits): (String, usize) = (
        said("KULTTI_TEST_WRITER"),
        said("KULTTI_TEST_COMMITS").parse().expect("a number"),
    );
    let say = |what: &str, name: &str| {
        // One call, so that a kill leaves no half of a line.
        let mut out = std::io::stdout().lock();
        out.write_all(format!("\n{what}{name}\n").as_bytes())
            .expect("said");
        out.flush().expect("said");
    };
    wait(async {
        let mut ledger = Ledger::open_or_create(&address).await.expect("opened");
        for commit in 0..commits {
            let name = format!("{name}-{commit}");
            loop {
                match ledger
                    .commit(&lines(&name), time("2021-03-01T09:00:00Z"), &by(&name))
                    .await
                {
                    Ok(_) => break say(ACKNOWLEDGED, &name),
                    Err(error) => assert_eq!(error.kind(), ErrorKind::Conflict, "{error}"),
                }
                say(REFUSED, &name);
                ledger.refresh().await.expect("refreshed");
            }
        }
    });
}

fn start(address: &str, name: &str, commits: usize) -> Child {
    Command::new(std::env::current_exe().expect("this program"))
        .args([
            "--exact",
            "ledger::processes::writer",
            "--nocapture",
            "--test-threads=1",
        ])
        .env("KULTTI_TEST_LEDGER", address)
        .env("KULTTI_TEST_WRITER", name)
        .env("KULTTI_TEST_COMMITS", commits.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a writer")
}

/// What a writer said after `what`.
fn said(output: &std::process::Output, what: &str) -> Vec<String> {
    let out = String::from_utf8_lossy(&output.stdout);
    out.lines()
        .filter_map(|line| Some(line.strip_prefix(what)?.to_owned()))
        .collect()
}

/// The commits of a ledger by name, each whole and once: `LINES` lines in their order, of one version.
fn whole_commits(lines: &[Recorded]) -> BTreeMap<String, i64> {
    let mut commits: BTreeMap<String, Vec<&Recorded>> = BTreeMap::new();
    for line in lines {
        commits.entry(line.entry.document.clone()).or_default().push(line);
    }
    let whole = |(name, lines): (String, Vec<&Recorded>)| {
        let sequence = lines[0].sequence;
        assert!(
            lines.iter().all(|line| line.sequence == sequence),
            "{name} stands in two versions"
        );
        let places: Vec<i32> = lines.iter().map(|line| line.line).collect();
        assert_eq!(
            places,
            (0..LINES as i32).collect::<Vec<_>>(),
            "{name} is not whole"
        );
        (name, sequence)
    };
    commits.into_iter().map(whole).collect()
}

/// What came of killing writers of one ledger.
#[derive(Debug, Default)]
pub(crate) struct Kills {
    /// Commits that somebody was told of.
    acknowledged: usize,
    /// Commits that are whole in the ledger though the writer was killed before it could say so.
    unsaid: usize,
    /// Kills before the first commit of a writer.
    early: usize,
}

/// Starts a writer and kills it, again and again, at one ledger.
pub(crate) fn kill_writers(address: &str, rounds: std::ops::Range<usize>) -> Kills {
    let mut acknowledged = BTreeSet::new();
    let mut kills = Kills::default();
    for round in rounds {
        let mut child = start(address, &format!("r{round}"), usize::MAX);
        // From before it has opened the ledger to well into its commits, at moments spread evenly and in no order.
        std::thread::sleep(Duration::from_micros(
            60_000 + (round as u64 * 7_919_111) % 900_000,
        ));
        child.kill().expect("killed");
        let said = said(&child.wait_with_output().expect("ended"), ACKNOWLEDGED);
        kills.early += usize::from(said.is_empty());
        acknowledged.extend(said);
        let next = format!("after-{round}");
        let commits = wait(async {
            let mut ledger = Ledger::open_or_create(address)
                .await
                .expect("opened after a kill");
            let landed = ledger
                .commit(&lines(&next), time("2021-03-01T09:00:00Z"), &by("next"))
                .await;
            landed.expect("the next command works");
            whole_commits(
                &ledger
                    .entries(&Select::default())
                    .await
                    .expect("read after a kill"),
            )
        });
        acknowledged.insert(next);
        let lost: Vec<_> = acknowledged
            .iter()
            .filter(|name| !commits.contains_key(*name))
            .collect();
        assert!(lost.is_empty(), "round {round}: {lost:?}");
        kills.acknowledged = acknowledged.len();
        kills.unsaid = commits.len() - acknowledged.len();
    }
    kills
}

#[test]
fn a_killed_writer_leaves_every_acknowledged_line_and_no_half_commit() {
    const OF_ONE_LEDGER: usize = 10;
    let rounds =
        std::env::var("KULTTI_KILL_ROUNDS").map_or(KILL_ROUNDS, |rounds| rounds.parse().expect("a number"));
    let mut all = Kills::default();
    for first in (0..rounds).step_by(OF_ONE_LEDGER) {
        let folder = tempfile::tempdir().expect("a folder");
        let address = folder.path().join("ledger").display().to_string();
        let kills = kill_writers(&address, first..rounds.min(first + OF_ONE_LEDGER));
        all.acknowledged += kills.acknowledged;
        all.unsaid += kills.unsaid;
        all.early += kills.early;
    }
    assert!(all.acknowledged > rounds, "no writer came as far as a commit");
    eprintln!("{rounds} kills: none of the acknowledged commits lost, no half of one: {all:?}");
}

#[test]
fn two_and_eight_processes_lose_nothing_and_double_nothing() {
    for (processes, commits) in [(2, 12), (8, 5)] {
        let folder = tempfile::tempdir().expect("a folder");
        race(
            &folder.path().join("ledger").display().to_string(),
            processes,
            commits,
        );
    }
}

/// Several writers at one ledger, which is made by whoever comes first.
pub(crate) fn race(address: &str, processes: usize, commits: usize) {
    let children: Vec<Child> = (0..processes)
        .map(|at| start(address, &format!("p{at}"), commits))
        .collect();
    let (mut acknowledged, mut refused) = (BTreeSet::new(), 0);
    for child in children {
        let output = child.wait_with_output().expect("ended");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let said_now = said(&output, ACKNOWLEDGED);
        assert_eq!(said_now.len(), commits);
        acknowledged.extend(said_now);
        refused += said(&output, REFUSED).len();
    }
    let lines = wait(async {
        let ledger = Ledger::open(address).await.expect("opened");
        assert_eq!(ledger.version(), (processes * commits) as i64);
        ledger.entries(&Select::default()).await.expect("read")
    });
    let found = whole_commits(&lines);
    assert_eq!(found.keys().cloned().collect::<BTreeSet<_>>(), acknowledged);
    let versions: BTreeSet<i64> = found.values().copied().collect();
    assert_eq!(versions, (1..=(processes * commits) as i64).collect());
    eprintln!(
        "{address}: {processes} processes: {} commits landed, {refused} attempts met a conflict",
        acknowledged.len()
    );
}
