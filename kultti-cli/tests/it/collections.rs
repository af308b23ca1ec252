//! A collection as its users run it: the pilot round from the recipe to the second release, processes that are killed, and
//! processes that write at once.

use super::{kultti, run, stdout};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const PILOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/pilot_round");

fn json(args: &[&str]) -> Value {
    serde_json::from_str(&stdout(&[args, &["--format", "json"]].concat())).expect("JSON")
}

/// A folder with a round and the forms of some municipalities.
pub(crate) struct Desk {
    folder: tempfile::TempDir,
    forms: Vec<(String, PathBuf)>,
}

impl Desk {
    pub(crate) fn new(areas: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut desk = Self {
            folder,
            forms: Vec::new(),
        };
        let round = desk.path("pilot-2020.round.json");
        stdout(&["round", "new", &format!("{PILOT}/round.toml"), "-o", &round]);
        for area in areas {
            let path = desk.path(&format!("{area}.json"));
            stdout(&["form", &round, "--area", area, "-o", &path]);
            desk.forms.push(((*area).to_owned(), path.into()));
        }
        desk
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    pub(crate) fn round(&self) -> String {
        self.path("pilot-2020.round.json")
    }

    /// A copy of a form with a value in every row.
    pub(crate) fn filled(&self, form: usize, name: u32, value: impl Fn(&str) -> u32) -> String {
        let (area, empty) = &self.forms[form];
        let text = std::fs::read_to_string(empty).expect("a form");
        let mut document: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).expect("JSON");
        fill(&mut document, &value);
        document["consent"] = Value::Bool(true);
        let path = self.path(&format!("{area}-{name}.json"));
        std::fs::write(&path, document.to_string()).expect("written");
        path
    }

    pub(crate) fn submit(&self, file: &str, more: &[&str]) -> Command {
        let args = ["submit", file, "--now", "2021-04-01T09:00:00Z"];
        act(&[&args, more].concat())
    }

    fn approve(&self) -> Command {
        act(&["approve", &self.round(), "--now", "2021-05-01T09:00:00Z"])
    }

    /// The lines of an area, as the ledger has them.
    fn lines(&self, area: &str) -> Vec<Value> {
        let lines = json(&["log", &self.round(), area]);
        lines.as_array().expect("lines").clone()
    }
}

/// Gives every row of a form a value, wherever in the document the rows stand.
fn fill(part: &mut Value, value: &impl Fn(&str) -> u32) {
    match part {
        Value::Object(fields) if fields.contains_key("measure") => {
            let measure = fields["measure"].as_str().unwrap_or_default().to_owned();
            fields.insert("value".to_owned(), value(&measure).into());
        }
        Value::Object(fields) => fields.values_mut().for_each(|field| fill(field, value)),
        Value::Array(items) => items.iter_mut().for_each(|item| fill(item, value)),
        _ => {}
    }
}

/// Answers without errors: no costs, so that every sum holds, and a value for the eleven other figures.
pub(crate) fn sound(value: u32) -> impl Fn(&str) -> u32 {
    move |measure| {
        let none = ["operating_cost", "operating_income", "grants"];
        let zero = measure.starts_with("management.") || none.iter().any(|end| measure.ends_with(end));
        if zero { 0 } else { value }
    }
}

/// A command that records something.
pub(crate) fn act(args: &[&str]) -> Command {
    let mut command = kultti(args);
    command.env("KULTTI_AUTHOR", "tester");
    command
}

/// The figures of an act are all there or none is: all 36 the first time, later the eleven that change.
pub(crate) fn assert_whole(lines: &[Value]) {
    let mut by_version: BTreeMap<&str, usize> = BTreeMap::new();
    for line in lines.iter().filter(|line| line["kind"] == "fact") {
        *by_version
            .entry(line["sequence"].as_str().expect("a version"))
            .or_default() += 1;
    }
    for (version, figures) in by_version {
        assert!(
            [36, 11].contains(&figures),
            "version {version}: {figures} figures"
        );
    }
}

/// The visits that an area has at the end.
pub(crate) fn visits(lines: &[Value]) -> Option<f64> {
    let mut facts = lines
        .iter()
        .filter(|line| line["kind"] == "fact" && line["measure"] == "library.visits");
    facts.next_back().and_then(|line| line["value"].as_f64())
}

/// Starts a command and kills it at some moment; whether it had ended well by then.
#[cfg(unix)]
fn killed_after(moment: Duration, command: &mut Command) -> bool {
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("run");
    std::thread::sleep(moment);
    let ended = child.try_wait().expect("asked");
    let _ = child.kill();
    child.wait().expect("ended");
    ended.is_some_and(|status| status.code() == Some(0))
}

/// Every act is killed at some moment of it, again and again: what was acknowledged is there, nothing is there by half, and the
/// next command works. `KULTTI_KILLS` says how often.
#[test]
#[cfg(unix)]
fn whoever_is_killed_leaves_the_ledger_whole() {
    let kills: u32 = std::env::var("KULTTI_KILLS").map_or(12, |text| text.parse().expect("a number"));
    let desk = Desk::new(&["Kokkola", "Kannus", "Pori"]);
    let release = desk.path("release.parquet");
    let ledger = desk.path("ledger");
    let submit = |form: usize, value: u32| {
        let file = desk.filled(form, value, sound(value));
        desk.submit(&file, &["--reason", "again"])
    };
    let publish = || kultti(&["publish", &ledger, "--minimum", "submitted", "-o", &release]);
    let timed = |mut command: Command| {
        let begun = Instant::now();
        assert!(command.output().expect("run").status.success());
        begun.elapsed()
    };
    let forms = (0..3).map(|form| timed(submit(form, 1000)));
    let submitting = forms.max().expect("three forms");
    let usual = [timed(publish()), timed(desk.approve()), submitting, submitting];
    let mut known = [1000.0; 3];
    let mut acknowledged = 0;
    for turn in 1..=kills {
        // From the first moment to a little after the usual end, evenly and not in order.
        let kind = (turn % 4) as usize;
        let moment = usual[kind] * (turn * 7 % (kills + 1)) / kills * 6 / 5;
        let form = (turn % 3) as usize;
        let mut command = match kind {
            0 => publish(),
            1 => desk.approve(),
            _ => submit(form, 1000 + turn),
        };
        let ended = killed_after(moment, &mut command);
        acknowledged += u32::from(ended);
        if Path::new(&release).exists() {
            stdout(&["release", "verify", &release]);
        }
        for (place, (area, _)) in desk.forms.iter().enumerate() {
            let lines = desk.lines(area);
            assert_whole(&lines);
            let last = visits(&lines).expect("a figure");
            let submitted = kind > 1 && place == form;
            // A form whose sender was killed may still have been taken, wholly.
            let possible = match (submitted, ended) {
                (false, _) => vec![known[place]],
                (true, true) => vec![f64::from(1000 + turn)],
                (true, false) => vec![known[place], f64::from(1000 + turn)],
            };
            assert!(
                possible.contains(&last),
                "turn {turn}, {area}: {last} of {possible:?}"
            );
            known[place] = last;
        }
    }
    assert!(desk.approve().status().expect("run").success());
    eprintln!("{kills} acts were killed; {acknowledged} of them had been acknowledged by then");
}

/// All of them get their place in the order, some after having been told to try again.
#[test]
fn eight_write_at_once_and_nothing_is_lost() {
    let areas = [
        "Kokkola", "Kannus", "Pori", "Vaasa", "Kajaani", "Rauma", "Eura", "Sotkamo",
    ];
    let desk = Desk::new(&areas);
    let files: Vec<String> = (0..areas.len())
        .map(|form| desk.filled(form, 7, sound(7)))
        .collect();
    let start = |file: &String| {
        let mut command = desk.submit(file, &[]);
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        command.spawn().expect("run")
    };
    for count in [2, 8] {
        let mut waiting: Vec<&String> = files[..count].iter().collect();
        while !waiting.is_empty() {
            let children: Vec<_> = waiting.iter().map(|file| (*file, start(file))).collect();
            waiting.clear();
            for (file, child) in children {
                let output = child.wait_with_output().expect("ended");
                match output.status.code() {
                    Some(0) => {}
                    Some(5) => waiting.push(file),
                    other => panic!("{file}: {other:?} {}", String::from_utf8_lossy(&output.stderr)),
                }
            }
        }
    }
    for area in areas {
        let lines = desk.lines(area);
        assert_whole(&lines);
        let submissions = lines.iter().filter(|line| line["kind"] == "submission").count();
        assert_eq!((submissions, visits(&lines)), (1, Some(7.0)), "{area}");
    }
    let versions = json(&["log", &desk.round()]);
    assert_eq!(
        versions.as_array().map(Vec::len),
        Some(9),
        "the making and eight forms"
    );
}

/// A field of every row, without quotes.
fn texts(rows: &Value, field: &str) -> Vec<String> {
    let rows = rows.as_array().expect("rows").iter();
    rows.map(|row| row[field].to_string().trim_matches('"').to_owned())
        .collect()
}

/// Forms that come together are one version of the ledger; two of the same municipality are two, the later one of which counts;
/// and what cannot be taken is told without keeping the rest away.
#[test]
fn forms_submitted_together_are_one_commit_and_a_bad_one_keeps_no_other_away() {
    let desk = Desk::new(&["Kokkola", "Kannus", "Pori"]);
    let first = desk.filled(0, 1, sound(5));
    let second = desk.filled(0, 2, sound(6));
    let kannus = desk.filled(1, 1, sound(8));
    let pori = desk.filled(2, 1, sound(9));
    let broken = desk.path("broken.json");
    std::fs::write(
        &broken,
        std::fs::read_to_string(&pori)
            .expect("a form")
            .replace(":9,", ":\"nine\","),
    )
    .expect("written");
    let missing = desk.path("nowhere.json");

    let more = [&kannus, &second, &broken, &missing].map(String::as_str);
    let output = desk
        .submit(&first, &[&more[..], &["--format", "json"]].concat())
        .output()
        .expect("run");
    assert_eq!(
        output.status.code(),
        Some(3),
        "a file that is not there, and one that cannot be read"
    );
    let complaints = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        complaints.contains("broken.json") && complaints.contains("nowhere.json"),
        "{complaints}"
    );
    let taken: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let of = |field: &str| texts(&taken, field);
    assert_eq!(
        of("document"),
        ["Kokkola-1.json", "Kannus-1.json", "Kokkola-2.json"],
        "in the order of the files"
    );
    assert_eq!(of("version"), ["1", "1", "2"]);
    // All 36 figures the first time; of the second form of Kokkola the eleven that are not zero.
    assert_eq!(of("written"), ["36", "36", "11"]);
    let lines = desk.lines("Kokkola");
    assert_whole(&lines);
    assert_eq!(visits(&lines), Some(6.0));

    // Two forms of 36 figures, each with a line of its file and one of consent; then a file and what it changes.
    let commits = json(&["log", &desk.round()]);
    let of = |commit: usize| {
        (
            commits[commit]["operation"].clone(),
            commits[commit]["lines"].clone(),
        )
    };
    assert_eq!(of(1), ("submit".into(), 76.into()));
    assert_eq!(of(2), ("submit".into(), 12.into()));
    assert!(commits[3].is_null(), "{commits}");
}

#[test]
fn the_same_file_again_is_recognised_and_a_changed_approved_figure_wants_a_reason() {
    let desk = Desk::new(&["Kokkola"]);
    let (first, second) = (desk.filled(0, 5, sound(5)), desk.filled(0, 6, sound(6)));
    let submit = |file: &str, more: &[&str]| {
        let more = [&["--format", "json"], more].concat();
        desk.submit(file, &more).output().expect("run")
    };
    let new = submit(&first, &[]);
    assert_eq!(new.status.code(), Some(0));
    assert!(
        String::from_utf8_lossy(&new.stderr).contains(&desk.path("ledger")),
        "a new ledger is told of"
    );
    let again: Value = serde_json::from_slice(&submit(&first, &[]).stdout).expect("JSON");
    assert_eq!(again[0]["already"], "2021-04-01T09:00:00Z");
    assert_eq!(
        (&again[0]["written"], &again[0]["version"]),
        (&0.into(), &"1".into())
    );
    assert!(desk.approve().status().expect("run").success());
    let refused = submit(&second, &[]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("K1061"));
    let taken = submit(&second, &["--reason", "six, not five"]);
    assert_eq!(taken.status.code(), Some(0));
    assert!(desk.approve().status().expect("run").success());
    let stages: Vec<Value> = json(&["log", &desk.round(), "Kokkola", "library.visits"])
        .as_array()
        .expect("lines")
        .iter()
        .map(|line| line["stage"].clone())
        .collect();
    assert_eq!(stages, ["submitted", "approved", "submitted", "corrected"]);
    // The first file after the second is no repetition: it brings the first figures back.
    let back = submit(&first, &["--reason", "five after all"]);
    let back: Value = serde_json::from_slice(&back.stdout).expect("JSON");
    assert_eq!(
        (&back[0]["already"], &back[0]["written"]),
        (&Value::Null, &11.into())
    );
    assert_eq!(visits(&desk.lines("Kokkola")), Some(5.0));
}

#[test]
fn what_has_errors_is_approved_only_when_they_are_accepted() {
    let desk = Desk::new(&["Kokkola"]);
    // Every figure is 5: no sum holds.
    let file = desk.filled(0, 5, |_| 5);
    assert!(desk.submit(&file, &[]).status().expect("run").success());
    assert_eq!(desk.approve().status().expect("run").code(), Some(1));
    let found = json(&["status", &desk.round(), "--findings"]);
    let findings = found["findings"].as_array().expect("findings").iter();
    let errors: Vec<&Value> = findings
        .filter(|finding| finding["severity"] == "error")
        .collect();
    assert!(!errors.is_empty());
    for error in errors {
        let id = error["finding"].as_str().expect("an id");
        let waive = |reason: &[&str]| {
            let args = ["waive", &desk.round(), id, "--now", "2021-05-01T09:00:00Z"];
            act(&[&args, reason].concat()).output().expect("run")
        };
        assert_eq!(waive(&[]).status.code(), Some(2), "without a reason");
        let waived = waive(&["--reason", "a test"]);
        let text = String::from_utf8_lossy(&waived.stderr).into_owned();
        assert_eq!(waived.status.code(), Some(0), "{text}");
    }
    assert!(desk.approve().status().expect("run").success());
    // A waiver of other values is none.
    let moved = desk.filled(0, 9, |_| 9);
    let taken = desk.submit(&moved, &["--reason", "nine"]).status().expect("run");
    assert!(taken.success());
    assert_eq!(desk.approve().status().expect("run").code(), Some(1));
}

/// The script that the documentation shows, with its 48 municipalities; the figures are counted by hand from fill_in.py.
#[test]
#[cfg(unix)]
fn the_pilot_round_runs_to_its_second_release() {
    let folder = tempfile::tempdir().expect("a folder");
    let pilot = folder.path().join("pilot");
    let output = Command::new(format!("{PILOT}/run_round.sh"))
        .arg(&pilot)
        .env("KULTTI", env!("CARGO_BIN_EXE_kultti"))
        .env_remove("KULTTI_LANG")
        .output()
        .expect("sh");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let path = |name: &str| pilot.join(name).display().to_string();
    let round = path("pilot-2020.round.json");
    // Of 48 three are silent (105, 578, 747); one more could not be read at first; two came in May.
    let may = json(&["status", &round, "--as-of", "2021-05-04"]);
    assert_eq!(
        (&may["expected"], &may["answered"], &may["late"]),
        (&48.into(), &44.into(), &2.into())
    );
    assert_eq!(may["response_rate"], 44.0 / 48.0);
    let june = json(&["status", &round, "--as-of", "2021-06-04"]);
    assert_eq!((&june["answered"], &june["late"]), (&45.into(), &3.into()));
    assert_eq!(june["open"]["errors"], 0);
    // 45 forms of 36 figures; two municipalities do not allow publication: 43 × 36 figures, 2 × 36 and 3 × 36 without value.
    let info = json(&[
        "release",
        "diff",
        &path("pilot-2020.1.parquet"),
        &path("pilot-2020.2.parquet"),
        "--part",
        "cells",
    ]);
    let visits = info["cells"]
        .as_array()
        .expect("cells")
        .iter()
        .find(|cell| cell["measure"] == "library.visits" && cell["code"] == "272");
    let visits = visits.expect("the corrected figure");
    assert_eq!(visits["value_after"], 140_591.0);
    assert_eq!(visits["note_after"], "visits had been counted twice");
    for (count, text) in [
        (43 * 36, "collected"),
        (2 * 36, "allowed publication"),
        (3 * 36, "have no answer"),
    ] {
        let second = said.rsplit("## The second release").next().expect("the part");
        let grouped =
            kultti_core::language::format_number(f64::from(count), 0, kultti_core::language::Language::En);
        assert!(
            second.contains(text) && second.contains(&grouped),
            "{grouped} {text}"
        );
    }
    let recorded = run(&["log", &round, "Kokkola", "library.visits", "--format", "json"]);
    assert!(String::from_utf8_lossy(&recorded.stdout).contains("visits had been counted twice"));
}
