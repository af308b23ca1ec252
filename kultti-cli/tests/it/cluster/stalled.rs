//! Executors that stall in the middle of a job, are waited for or given up, and come back.

use super::{Cluster, PATIENCE, outcome, question, release, signal_to, stdout, until};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

/// Parts of the question: every indicator is one.
const PARTS: usize = 400;

/// The executor that stalls.
const STALLED: usize = 1;

/// The other two.
const OTHERS: [usize; 2] = [0, 2];

/// A question that three executors work on, and what it must come to.
struct Asked {
    cluster: Cluster,
    folder: tempfile::TempDir,
    release: String,
    job: Child,
}

impl Asked {
    fn begin() -> Self {
        let cluster = Cluster::of(3);
        let folder = tempfile::tempdir().expect("a folder");
        let release = release(folder.path(), "generated", PARTS, 1)
            .display()
            .to_string();
        let file = folder.path().join("there.csv");
        let job = cluster.begin(&release, &["-o", file.to_str().expect("a path")]);
        Self {
            cluster,
            folder,
            release,
            job,
        }
    }

    /// Waits until everybody works and so many parts have been begun.
    fn wait_for(&self, parts: usize) {
        let all_work = || (0..3).all(|executor| self.cluster.written(executor) > 2);
        assert!(until(|| all_work() && self.written() >= parts), "work is shared");
        assert!(self.written() < PARTS, "there is work left");
    }

    fn written(&self) -> usize {
        (0..3).map(|executor| self.cluster.written(executor)).sum()
    }

    fn signal(&self, executor: usize, signal: &str) {
        signal_to(&self.cluster.executors[executor].child, signal);
    }

    fn is_running(&mut self) -> bool {
        self.job.try_wait().expect("a process of ours").is_none()
    }

    /// Waits until nobody begins anything any more.
    fn wait_for_rest(&self) {
        let mut written = 0;
        while written != self.written() {
            written = self.written();
            thread::sleep(Duration::from_secs(1));
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Waits for the answer, which must be that of this machine, byte for byte.
    fn assert_whole(self) -> (Cluster, String, tempfile::TempDir) {
        let (here, there) = (self.file("here.csv"), self.file("there.csv"));
        let output = outcome(self.job);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{said}");
        stdout(
            &[
                &question(&self.release)[..],
                &["-o", here.to_str().expect("a path")],
            ]
            .concat(),
        );
        assert_same(&here, &there);
        (self.cluster, self.release, self.folder)
    }
}

fn assert_same(here: &Path, there: &Path) {
    let same = fs::read(here).expect("a file") == fs::read(there).expect("a file");
    assert!(same, "another answer");
}

#[test]
fn an_executor_that_stalls_is_waited_for() {
    let mut asked = Asked::begin();
    asked.wait_for(PARTS * 3 / 4);
    asked.signal(STALLED, "-STOP");
    asked.wait_for_rest();
    // The others have done all they could: what is missing is with the one that stalls.
    assert!(asked.is_running());
    asked.signal(STALLED, "-CONT");
    asked.assert_whole();
}

#[test]
fn an_executor_that_stalls_for_good_is_given_up_and_may_come_back() {
    let asked = Asked::begin();
    asked.wait_for(PARTS * 3 / 4);
    asked.signal(STALLED, "-STOP");
    let (mut cluster, release, folder) = asked.assert_whole();
    cluster.scheduler.hear("executor left");
    let said = Arc::clone(&cluster.scheduler.said);
    let late = &mut cluster.executors[STALLED].child;
    signal_to(late, "-CONT");
    // It hears that it was given up and ends, or that it is still there is heard first, and it works again.
    let back = || said.lock().expect("a lock").matches("executor joined").count() > 3;
    let begun = Instant::now();
    while late.try_wait().expect("a process of ours").is_none() && !back() {
        assert!(begun.elapsed() < PATIENCE, "{}", said.lock().expect("a lock"));
        thread::sleep(Duration::from_millis(10));
    }
    let again = folder.path().join("again.csv");
    let output = cluster.ask(&release, &["-o", again.to_str().expect("a path")]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert_same(&folder.path().join("here.csv"), &again);
}

#[test]
fn results_that_come_late_are_not_taken_twice() {
    let mut asked = Asked::begin();
    asked.wait_for(PARTS / 8);
    asked.signal(STALLED, "-STOP");
    // The others are heard of now and then, and have work left when the one that stalls is given up.
    let said = Arc::clone(&asked.cluster.scheduler.said);
    let begun = Instant::now();
    while !said.lock().expect("a lock").contains("executor left") {
        assert!(begun.elapsed() < PATIENCE, "nobody is given up");
        for (signal, pause) in [("-STOP", 2_000), ("-CONT", 150)] {
            OTHERS.iter().for_each(|other| asked.signal(*other, signal));
            thread::sleep(Duration::from_millis(pause));
        }
    }
    assert_eq!(said.lock().expect("a lock").matches("executor left").count(), 1);
    assert!(asked.is_running() && asked.written() < PARTS);
    // What it had in hand is done by now, or soon, by another as well.
    asked.signal(STALLED, "-CONT");
    asked.assert_whole();
}
