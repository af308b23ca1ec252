//! Everything compared on a cluster: a scheduler and executors as real processes, and what happens when they fail.

mod queries;
mod stalled;
mod stored;

use super::generated::release;
use super::s3::{EXAMPLE, S3, Settings};
use super::{json, kultti, run, stdout};
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// How long anything is waited for: far longer than it takes.
const PATIENCE: Duration = Duration::from_secs(180);

const COLUMNS: &str = "rank,percent_rank,quartile,z,robust_z,difference:region,change,index:2022,numerator";

/// A process that ends with its test, however that ends.
struct Process {
    child: Child,
    lines: Receiver<String>,
    said: Arc<Mutex<String>>,
}

impl Process {
    fn start(args: &[&str]) -> Self {
        Self::start_with(&Settings::new(), args)
    }

    fn start_with(settings: &Settings, args: &[&str]) -> Self {
        let mut command = kultti(args);
        command.envs(settings.iter().cloned());
        command.args(["--lang", "en"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let (line, lines) = channel();
        let out = BufReader::new(child.stdout.take().unwrap());
        thread::spawn(move || {
            out.lines()
                .map_while(Result::ok)
                .try_for_each(|text| line.send(text))
        });
        let said = Arc::new(Mutex::new(String::new()));
        let (heard, mut err) = (Arc::clone(&said), BufReader::new(child.stderr.take().unwrap()));
        thread::spawn(move || {
            let mut text = String::new();
            while err.read_line(&mut text).is_ok_and(|read| read > 0) {
                heard.lock().unwrap().push_str(&std::mem::take(&mut text));
            }
        });
        Self { child, lines, said }
    }

    /// The end of the line that says that it is ready, or what it said instead.
    fn ready(&mut self) -> Result<String, String> {
        match self.lines.recv_timeout(PATIENCE) {
            Ok(line) => Ok(line
                .split_once("ready: ")
                .expect("a line that says so")
                .1
                .to_owned()),
            Err(_) => Err(self.said.lock().unwrap().clone()),
        }
    }

    /// Kills it, as a machine that loses its power would.
    fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Asks it to end by a signal, and answers how it did.
    fn end(&mut self, signal: &str) -> Option<i32> {
        signal_to(&self.child, signal);
        ended(&mut self.child)
    }

    /// Waits until it has said something.
    fn hear(&self, words: &str) {
        let heard = || self.said.lock().unwrap().contains(words);
        assert!(
            until(heard),
            "{words:?} is not in {:?}",
            self.said.lock().unwrap()
        );
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

fn signal_to(child: &Child, signal: &str) {
    let told = std::process::Command::new("kill")
        .args([signal, &child.id().to_string()])
        .status();
    assert!(told.expect("kill").success());
}

/// Waits until something is so.
fn until(so: impl Fn() -> bool) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if so() {
            return true;
        }
        thread::sleep(Duration::from_millis(10));
    }
    false
}

fn ended(child: &mut Child) -> Option<i32> {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("a process of ours") {
            return status.code();
        }
        assert!(begun.elapsed() < PATIENCE, "it did not end");
        thread::sleep(Duration::from_millis(10));
    }
}

/// A port that is free with the one after it.
fn free_ports() -> u16 {
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

/// An executor with a folder for its results.
fn executor(settings: &Settings, scheduler: &str, folder: &Path) -> Process {
    let folder = folder.display().to_string();
    // Somebody else may take a port after it was found free.
    let mut attempts = (0..20).filter_map(|_| {
        let port = free_ports().to_string();
        let place = ["--scheduler", scheduler, "--port", &port, "--work-dir", &folder];
        let args = [&["cluster", "executor", "--threads", "1"][..], &place].concat();
        let mut executor = Process::start_with(settings, &args);
        let ready = executor.ready();
        let taken = ready.as_ref().is_err_and(|said| said.contains("K1140"));
        assert!(ready.is_ok() || taken, "{ready:?}");
        ready.is_ok().then_some(executor)
    });
    attempts.next().expect("free ports")
}

struct Cluster {
    scheduler: Process,
    executors: Vec<Process>,
    address: String,
    folder: tempfile::TempDir,
}

impl Cluster {
    fn of(executors: usize) -> Self {
        Self::with(&Settings::new(), executors)
    }

    /// A cluster whose executors have something in their environment.
    fn with(settings: &Settings, executors: usize) -> Self {
        let mut scheduler = Process::start(&["cluster", "scheduler", "--port", "0"]);
        let address = scheduler.ready().expect("a scheduler");
        let folder = tempfile::tempdir().expect("a folder");
        let mut cluster = Self {
            scheduler,
            executors: Vec::new(),
            address,
            folder,
        };
        for number in 0..executors {
            let executor = executor(settings, &cluster.address, &cluster.results(number));
            cluster.executors.push(executor);
        }
        let all = || {
            cluster
                .scheduler
                .said
                .lock()
                .unwrap()
                .matches("executor joined")
                .count()
                == executors
        };
        assert!(until(all), "{}", cluster.scheduler.said.lock().unwrap());
        cluster
    }

    /// The folder of an executor.
    fn results(&self, executor: usize) -> PathBuf {
        self.folder.path().join(format!("executor-{executor}"))
    }

    /// How many results an executor has begun to write.
    fn written(&self, executor: usize) -> usize {
        fn below(folder: &Path) -> usize {
            let entries = fs::read_dir(folder).into_iter().flatten().flatten();
            let path = entries.map(|entry| entry.path());
            path.map(|path| if path.is_dir() { below(&path) } else { 1 })
                .sum()
        }
        below(&self.results(executor))
    }

    fn arguments<'a>(&'a self, release: &'a str, more: &[&'a str]) -> Vec<&'a str> {
        let cluster = ["--cluster", &self.address];
        [&question(release)[..], &cluster, more].concat()
    }

    fn ask(&self, release: &str, more: &[&str]) -> Output {
        run(&self.arguments(release, more))
    }

    /// Begins a question that takes a while: every indicator is a part.
    fn begin(&self, release: &str, more: &[&str]) -> Child {
        let mut command = kultti(&self.arguments(release, &[&["--parts", "100000"], more].concat()));
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("the program starts")
    }
}

fn question(release: &str) -> Vec<&str> {
    let asked = [
        "compare-all",
        "--release",
        release,
        "--columns",
        COLUMNS,
        "--order",
        "desc",
        "--lang",
        "en",
    ];
    asked.to_vec()
}

fn refused(output: &Output) -> String {
    assert!(!output.status.success());
    assert!(
        output.stdout.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

/// What a process that was begun has come to.
fn outcome(mut child: Child) -> Output {
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let read = |mut from: Box<dyn Read + Send>| {
        thread::spawn(move || {
            let mut bytes = Vec::new();
            let _ = from.read_to_end(&mut bytes);
            bytes
        })
    };
    let (out, err) = (read(Box::new(out.unwrap())), read(Box::new(err.unwrap())));
    let code = ended(&mut child);
    let status = child.wait().expect("a process of ours");
    assert_eq!(status.code(), code);
    Output {
        status,
        stdout: out.join().unwrap(),
        stderr: err.join().unwrap(),
    }
}

#[test]
fn a_cluster_answers_as_one_machine_does() {
    let cluster = Cluster::of(3);
    let folder = tempfile::tempdir().expect("a folder");
    let generated = release(folder.path(), "generated", 300, 1).display().to_string();
    let finland = folder.path().join("finland.parquet");
    fs::write(&finland, kultti_datasets::EXAMPLE_RELEASE).expect("a file");
    let file = |name: &str| folder.path().join(name);
    for release in [generated.as_str(), finland.to_str().unwrap()] {
        for format in ["csv", "tsv", "jsonl", "json"] {
            let local = stdout(&[&question(release)[..], &["--format", format]].concat());
            let remote = cluster.ask(release, &["--format", format]);
            assert!(
                remote.status.success(),
                "{}",
                String::from_utf8_lossy(&remote.stderr)
            );
            assert!(
                String::from_utf8_lossy(&remote.stdout) == local,
                "{release} {format}"
            );
        }
        for ending in ["parquet", "arrow", "csv", "tsv"] {
            let (here, there) = (file(&format!("here.{ending}")), file(&format!("there.{ending}")));
            stdout(&[&question(release)[..], &["-o", here.to_str().unwrap()]].concat());
            let remote = cluster.ask(release, &["-o", there.to_str().unwrap()]);
            assert!(
                remote.status.success(),
                "{}",
                String::from_utf8_lossy(&remote.stderr)
            );
            assert!(
                fs::read(&here).unwrap() == fs::read(&there).unwrap(),
                "{release} {ending}"
            );
        }
        let summary = [&question(release)[..], &["--summary"]].concat();
        let at = ["--cluster", &cluster.address];
        assert_eq!(json(&[&summary[..], &at].concat()), json(&summary));
        // However the work is cut.
        let local = stdout(&[&question(release)[..], &["--format", "csv"]].concat());
        for parts in ["1", "7", "100000"] {
            let remote = cluster.ask(release, &["--format", "csv", "--parts", parts]);
            assert!(
                String::from_utf8_lossy(&remote.stdout) == local,
                "{release} in {parts} parts"
            );
        }
    }
    // All three have had work, and nothing is left of it.
    let idle = || (0..3).all(|executor| cluster.written(executor) == 0);
    assert!(until(idle));
}

#[test]
fn work_is_shared_and_an_executor_that_dies_changes_nothing() {
    let mut cluster = Cluster::of(3);
    let folder = tempfile::tempdir().expect("a folder");
    let release = release(folder.path(), "generated", 400, 1).display().to_string();
    let local = stdout(&[&question(&release)[..], &["--format", "csv"]].concat());
    let job = cluster.begin(&release, &["--format", "csv"]);
    assert!(
        until(|| (0..3).all(|executor| cluster.written(executor) > 2)),
        "all three work"
    );
    cluster.executors[1].kill();
    let written: usize = (0..3).map(|executor| cluster.written(executor)).sum();
    assert!(written < 400, "it was killed in the middle");
    let output = outcome(job);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    assert!(String::from_utf8_lossy(&output.stdout) == local, "another answer");
    cluster.scheduler.hear("executor left");
}

#[test]
fn results_that_are_lost_before_they_are_fetched_are_computed_again() {
    let mut cluster = Cluster::of(3);
    let folder = tempfile::tempdir().expect("a folder");
    let release = release(folder.path(), "generated", 400, 1).display().to_string();
    let local = stdout(&[&question(&release)[..], &["--format", "csv"]].concat());
    assert!(
        local.len() > 1 << 20,
        "more than waits in a pipe that nobody reads"
    );
    let job = cluster.begin(&release, &["--format", "csv"]);
    let written = || (0..3).map(|executor| cluster.written(executor)).sum::<usize>();
    assert!(until(|| written() == 400));
    cluster.executors[2].kill();
    let output = outcome(job);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    assert!(String::from_utf8_lossy(&output.stdout) == local, "another answer");
}

#[test]
fn without_executors_nothing_is_computed_and_that_is_said() {
    let mut cluster = Cluster::of(1);
    let folder = tempfile::tempdir().expect("a folder");
    let release = release(folder.path(), "generated", 400, 1).display().to_string();
    let job = cluster.begin(&release, &["--format", "csv"]);
    assert!(until(|| cluster.written(0) > 2));
    cluster.executors[0].kill();
    let said = refused(&outcome(job));
    assert!(said.contains("K1134"), "{said}");
    // Nobody is waited for who is not there.
    let said = refused(&cluster.ask(&release, &[]));
    assert!(
        said.contains("K1134") && said.contains(&cluster.address),
        "{said}"
    );
}

#[test]
fn a_scheduler_that_is_lost_is_named() {
    let mut cluster = Cluster::of(1);
    let folder = tempfile::tempdir().expect("a folder");
    let release = release(folder.path(), "generated", 400, 1).display().to_string();
    let job = cluster.begin(&release, &["-o", folder.path().join("all.csv").to_str().unwrap()]);
    assert!(until(|| cluster.written(0) > 2));
    cluster.scheduler.kill();
    let said = refused(&outcome(job));
    assert!(
        said.contains("K1132") && said.contains(&cluster.address),
        "{said}"
    );
    assert!(!folder.path().join("all.csv").exists());
    // An executor does not wait for ever for a scheduler that is gone.
    assert_eq!(ended(&mut cluster.executors[0].child), Some(3));
    cluster.executors[0].hear("K1132");
    // And nobody is there any more.
    let said = refused(&cluster.ask(&release, &[]));
    assert!(
        said.contains("K1131") && said.contains(&cluster.address),
        "{said}"
    );
}

#[test]
fn an_interrupted_question_ends_its_job() {
    let cluster = Cluster::of(1);
    let folder = tempfile::tempdir().expect("a folder");
    let release = release(folder.path(), "generated", 400, 1).display().to_string();
    for signal in ["-INT", "-TERM"] {
        let job = cluster.begin(&release, &["--format", "csv"]);
        assert!(until(|| cluster.written(0) > 2));
        signal_to(&job, signal);
        let output = outcome(job);
        assert_eq!(output.status.code(), Some(130));
        assert!(output.stdout.is_empty());
        // What was computed is deleted, and nothing more is: the executor is free for the next question.
        assert!(until(|| cluster.written(0) == 0));
    }
    let few = ["--indicators", "i0001", "--format", "csv"];
    let local = stdout(&[&question(&release)[..], &few].concat());
    let remote = cluster.ask(&release, &few);
    assert!(String::from_utf8_lossy(&remote.stdout) == local);
}

/// Stands between a client and its scheduler, and does something when the client, which has opened its release by then, calls.
fn between(scheduler: &str, then: impl FnOnce() + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("df://{}", listener.local_addr().unwrap());
    let scheduler = scheduler.strip_prefix("df://").unwrap().to_owned();
    thread::spawn(move || {
        let (client, _) = listener.accept()?;
        then();
        let server = TcpStream::connect(scheduler)?;
        let (mut from, mut to) = (client.try_clone()?, server.try_clone()?);
        thread::spawn(move || std::io::copy(&mut from, &mut to));
        let (mut from, mut to) = (server, client);
        std::io::copy(&mut from, &mut to)
    });
    address
}

#[test]
fn a_release_that_is_missing_or_another_is_never_computed() {
    let cluster = Cluster::of(1);
    let folder = tempfile::tempdir().expect("a folder");
    let (one, other) = (
        release(folder.path(), "one", 20, 1),
        release(folder.path(), "other", 20, 2),
    );
    let id = |path: &Path| {
        json(&["release", "verify", path.to_str().unwrap()])["release"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let (expected, found) = (id(&one), id(&other));
    assert_ne!(expected, found);
    let asked = folder.path().join("asked.parquet");
    let path = asked.to_str().unwrap();
    let ask = |then: Box<dyn FnOnce() + Send>| {
        fs::copy(&one, &asked).expect("a release");
        let address = between(&cluster.address, then);
        let to = ["--cluster", &address, "--format", "csv"];
        run(&[&question(path)[..], &to].concat())
    };
    let gone = asked.clone();
    let output = ask(Box::new(move || fs::remove_file(gone).unwrap()));
    assert_eq!(output.status.code(), Some(3));
    let said = refused(&output);
    assert!(
        said.contains("K1135") && said.contains(path) && said.contains("127.0.0.1:"),
        "{said}"
    );

    let (from, to) = (other.clone(), asked.clone());
    let output = ask(Box::new(move || fs::rename(from, to).unwrap()));
    assert_eq!(output.status.code(), Some(3));
    let said = refused(&output);
    assert!(said.contains("K1136") && said.contains(path), "{said}");
    assert!(said.contains(&expected) && said.contains(&found), "{said}");

    // Once it has the release, an executor goes on with it whatever stands at the path later.
    let output = ask(Box::new(|| ()));
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let local = stdout(&[&question(path)[..], &["--format", "csv"]].concat());
    assert!(String::from_utf8_lossy(&output.stdout) == local);
    let gone = asked.clone();
    let output = ask(Box::new(move || fs::remove_file(gone).unwrap()));
    assert!(String::from_utf8_lossy(&output.stdout) == local);
}

#[test]
fn the_release_in_the_program_cannot_be_sent() {
    let question = [
        "compare-all",
        "--columns",
        "z",
        "--cluster",
        "df://127.0.0.1:1",
        "--lang",
        "en",
    ];
    let output = run(&question);
    assert_eq!(output.status.code(), Some(2));
    let said = refused(&output);
    assert!(said.contains("K1137") && said.contains("--release"), "{said}");
}

#[test]
fn a_cluster_that_is_not_there_is_said_quickly() {
    let folder = tempfile::tempdir().expect("a folder");
    let release = release(folder.path(), "generated", 2, 1).display().to_string();
    let nobody = format!("df://127.0.0.1:{}", free_ports());
    let output = run(&[&question(&release)[..], &["--cluster", &nobody]].concat());
    assert_eq!(output.status.code(), Some(3));
    let said = refused(&output);
    assert!(
        said.contains("K1131") && said.contains(&nobody) && said.contains("refused"),
        "{said}"
    );
    let output = run(&[&question(&release)[..], &["--cluster", "http://h:1"]].concat());
    assert_eq!(output.status.code(), Some(2));
    assert!(refused(&output).contains("df://HOST:PORT"));
    let mut executor = Process::start(&["cluster", "executor", "--scheduler", &nobody[5..]]);
    assert_eq!(ended(&mut executor.child), Some(3));
    executor.hear("K1131");
    // Nor does it answer who speaks something else.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let other = format!("df://{}", listener.local_addr().unwrap());
    thread::spawn(move || listener.incoming().for_each(drop));
    let output = run(&[&question(&release)[..], &["--cluster", &other]].concat());
    assert_eq!(output.status.code(), Some(3));
    assert!(refused(&output).contains(&other));
}

#[test]
fn processes_end_when_they_are_told_to() {
    for signal in ["-INT", "-TERM"] {
        let mut cluster = Cluster::of(1);
        assert_eq!(cluster.executors[0].end(signal), Some(0));
        cluster.scheduler.hear("executor left");
        assert_eq!(cluster.scheduler.end(signal), Some(0));
    }
    // A port that is taken is named.
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = run(&["cluster", "scheduler", "--port", &port, "--lang", "en"]);
    assert_eq!(output.status.code(), Some(3));
    let said = refused(&output);
    assert!(said.contains("K1140") && said.contains(&port), "{said}");
    // Everybody may be listened to only under a name that the others are told.
    let output = run(&["cluster", "scheduler", "--bind", "0.0.0.0", "--lang", "en"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(refused(&output).contains("--host"));
}

#[test]
fn a_release_in_a_store_is_computed_where_it_is_read() {
    let Some(server) = S3::start() else { return };
    let owner = server.settings("owner");
    let local = stdout(&[&question(EXAMPLE)[..], &["--format", "csv"]].concat());
    let ask = |cluster: &Cluster| {
        let question = cluster.arguments("s3://kultti/example.parquet", &["--format", "csv"]);
        let mut command = kultti(&question);
        command
            .envs(owner.iter().cloned())
            .output()
            .expect("the program starts")
    };
    let remote = ask(&Cluster::with(&owner, 2));
    assert!(
        remote.status.success(),
        "{}",
        String::from_utf8_lossy(&remote.stderr)
    );
    assert!(String::from_utf8_lossy(&remote.stdout) == local, "another answer");
    // Credentials are those of each process: one who has none cannot compute, and says so.
    let said = refused(&ask(&Cluster::with(&server.settings("unknown"), 1)));
    assert!(
        said.contains("K1135") && said.contains("s3://kultti/example.parquet"),
        "{said}"
    );
    for (name, value) in &owner {
        assert!(
            *name != "AWS_SECRET_ACCESS_KEY" || !said.contains(value),
            "{said}"
        );
    }
}
