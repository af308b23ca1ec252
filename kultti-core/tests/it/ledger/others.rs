//! Readers that are not ours find the same lines: deltalake and polars in Python, which also work out what is known.

use super::{by, fact, lines_of_every_kind, time, wait};
use crate::oracle;
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use kultti_core::ledger::{Entry, Known, Ledger, Recorded, Select};
use kultti_core::model::Stage;
use serde_json::{Value, json};
use std::path::Path;

/// A line as the script writes it: the columns in their order.
fn row(line: &Recorded) -> Value {
    let entry = &line.entry;
    let said = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    json!([
        line.sequence,
        line.line,
        line.recorded.timestamp_micros(),
        entry.kind.name(),
        entry.round,
        entry.area.as_str(),
        entry.measure.as_ref().map(ToString::to_string),
        entry.period.to_string(),
        entry.territory.to_string(),
        entry.scenario.name(),
        entry.stage.name(),
        entry.value,
        entry.status.letter().to_string(),
        entry.missing.map(|missing| missing.code()),
        said(&entry.note),
        said(&entry.author),
        said(&entry.reason),
        said(&entry.document),
        said(&entry.sha256),
        said(&entry.place),
        said(&entry.finding),
        entry.until.map(|until| until.to_string()),
        entry.consent,
    ])
}

/// More commits than one checkpoint takes, so that readers meet log entries and a checkpoint.
async fn filled(address: &str) -> Ledger {
    let mut ledger = Ledger::create(address).await.expect("made");
    for at in 0..55u32 {
        let mut entries = if at % 10 == 0 {
            lines_of_every_kind()
        } else {
            Vec::new()
        };
        let stage = Stage::ALL[at as usize % 5];
        let measure = format!("m{}", at % 3);
        let value = f64::from(at) / 3.0;
        entries.push(Entry {
            stage,
            ..fact(["091", "272"][at as usize % 2], &measure, value)
        });
        let now = time("2021-03-01T09:00:00.000001Z") + chrono::TimeDelta::seconds(i64::from(at));
        ledger.commit(&entries, now, &by("a")).await.expect("added");
    }
    ledger
}

#[test]
fn joined_files_hold_the_same_lines_and_earlier_versions_are_still_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let address = folder.path().join("ledger").display().to_string();
    wait(async {
        let mut ledger = filled(&address).await;
        let before = ledger.entries(&Select::default()).await.expect("read");
        assert_eq!(ledger.compact().await.expect("joined"), 55);
        assert_eq!(ledger.version(), 56);
        // Nothing is left to join, and nothing is written.
        assert_eq!(
            (ledger.compact().await.expect("joined"), ledger.version()),
            (0, 56)
        );
        assert_eq!(ledger.entries(&Select::default()).await.expect("read"), before);
        let earlier = ledger
            .at(1)
            .await
            .expect("at 1")
            .entries(&Select::default())
            .await
            .expect("read");
        assert_eq!(
            earlier,
            before
                .iter()
                .filter(|line| line.sequence == 1)
                .cloned()
                .collect::<Vec<_>>()
        );
        // The time of the last line is known though no line came with the last version.
        let mut again = Ledger::open(&address).await.expect("opened");
        let late = again
            .commit(&[fact("272", "m", 1.0)], time("2020-01-01T00:00:00Z"), &by("b"))
            .await;
        assert_eq!(late.expect("added"), 57);
        let lines = again.entries(&Select::default()).await.expect("read");
        let last = lines.last().expect("a line");
        assert_eq!(
            (last.sequence, last.recorded),
            (57, before.last().expect("a line").recorded)
        );
        let what: Vec<String> = again
            .history()
            .await
            .expect("read")
            .into_iter()
            .map(|commit| commit.what)
            .collect();
        assert_eq!(
            (what[55].as_str(), what[56].as_str(), what[57].as_str()),
            ("submit", "OPTIMIZE", "submit")
        );
        if let Some(theirs) = oracle::run("read_ledger.py", &[Path::new(&address), Path::new("57")]) {
            let ours: Vec<Value> = lines.iter().map(row).collect();
            assert_eq!(
                (&theirs["deltalake"], &theirs["polars"]),
                (&json!(ours), &json!(ours))
            );
        }
    });
}

#[test]
fn others_read_the_same_lines() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("ledger");
    others_read_the_lines_of(&path.display().to_string());
    assert!(
        path.join(format!("_delta_log/{:020}.checkpoint.parquet", 50))
            .exists()
    );
}

/// Fills a ledger, and has it read at several versions by readers that are not ours.
pub(crate) fn others_read_the_lines_of(address: &str) {
    let ledger = wait(filled(address));
    for version in [1, 50, 55] {
        let Some(theirs) = oracle::run(
            "read_ledger.py",
            &[Path::new(address), Path::new(&version.to_string())],
        ) else {
            return;
        };
        let (ours, known) = wait(async {
            let ledger = ledger.at(version).await.expect("at a version");
            let ours = ledger.entries(&Select::default()).await.expect("read");
            let mut facts = ledger
                .facts(&Known::from_stage(Stage::Approved))
                .await
                .expect("read");
            let mut known = Vec::new();
            while let Some(batch) = facts.next().await.expect("a batch") {
                known.extend(batch["sequence"].as_primitive::<Int64Type>().values().to_vec());
            }
            (ours.iter().map(row).collect::<Vec<_>>(), known)
        });
        assert_eq!(theirs["version"], json!(version));
        assert_eq!(theirs["deltalake"], json!(ours), "deltalake at {version}");
        assert_eq!(theirs["polars"], json!(ours), "polars at {version}");
        assert_eq!(theirs["known"], json!(known), "polars at {version}");
        assert_eq!(theirs["appendOnly"], json!("true"));
        assert_eq!(theirs["authors"], json!(vec!["a"; 55]));
    }
}
