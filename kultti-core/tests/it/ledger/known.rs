//! What is known of every figure at any time and stage, against a model that looks at every line, over made-up histories.

use super::{by, fact, time, wait};
use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, Int32Type, Int64Type};
use chrono::{DateTime, TimeDelta, Utc};
use kultti_core::ledger::{Entry, EntryKind, Known, Ledger};
use kultti_core::model::{Date, Missing, Period, Scenario, Stage};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Measure, period, area, territory.
type Key = (String, String, String, i32);
/// The value, and which line it is.
type Found = (Option<f64>, String, i64, i32);

fn any_entry() -> impl Strategy<Value = Entry> {
    let key = (0..3usize, 2019..2022i32, 0..3usize, 0..2i32);
    let state = (0..5usize, 0..2usize, any::<Option<i16>>(), 0..6usize, 0..2usize);
    (key, state).prop_map(
        |((measure, year, area, territory), (stage, scenario, value, kind, round))| {
            let value = value.map(f64::from);
            Entry {
                kind: EntryKind::ALL[kind.saturating_sub(2)],
                period: Period::year(year),
                territory: Date::new(2020 + territory, 1, 1).expect("a day"),
                scenario: Scenario::ALL[scenario],
                stage: Stage::ALL[stage],
                value,
                missing: value.is_none().then_some(Missing::NotReported),
                round: ["first", "second"][round].into(),
                ..fact(["091", "272", "049"][area], ["a", "b", "a.b"][measure], 0.0)
            }
        },
    )
}

/// Commits, each with how many minutes the clock went on before it; it may go back.
fn any_history() -> impl Strategy<Value = Vec<(i64, Vec<Entry>)>> {
    prop::collection::vec((-20..60i64, prop::collection::vec(any_entry(), 1..12)), 1..8)
}

fn begin() -> DateTime<Utc> {
    time("2021-01-01T00:00:00Z")
}

/// The law, in its own words: the last line with knowledge time at or before `as_of` and a stage of at least the minimum;
/// equal times are ordered by sequence, and by line within one.
fn model(history: &[(i64, Vec<Entry>)], known: &Known) -> BTreeMap<Key, Found> {
    let (mut clock, mut last) = (begin(), begin() - TimeDelta::days(1));
    let mut found: BTreeMap<Key, (DateTime<Utc>, Found)> = BTreeMap::new();
    for (sequence, (minutes, entries)) in (1..).zip(history) {
        clock += TimeDelta::minutes(*minutes);
        last = last.max(clock);
        for (line, entry) in (0..).zip(entries) {
            let counts = entry.kind == EntryKind::Fact
                && entry.scenario == known.scenario
                && entry.stage >= known.minimum
                && known.as_of.is_none_or(|as_of| last <= as_of)
                && (known.rounds.is_empty() || known.rounds.contains(&entry.round));
            if !counts {
                continue;
            }
            let day = if entry.territory.year() == 2020 {
                18_262
            } else {
                18_628
            };
            let measure = entry.measure.as_ref().expect("a measure").to_string();
            let key = (measure, entry.period.to_string(), entry.area.to_string(), day);
            let new = (last, (entry.value, entry.stage.name().to_owned(), sequence, line));
            let later = |old: &(DateTime<Utc>, Found)| (new.0, new.1.2, new.1.3) > (old.0, old.1.2, old.1.3);
            if found.get(&key).is_none_or(later) {
                found.insert(key, new);
            }
        }
    }
    found.into_iter().map(|(key, (_, found))| (key, found)).collect()
}

fn rows(batch: &RecordBatch) -> Vec<(Key, Found)> {
    let text = |name: &str| batch[name].as_string::<i32>();
    let value = batch["value"].as_primitive::<Float64Type>();
    let row = |row: usize| {
        let day = batch["territory"].as_primitive::<Date32Type>().value(row);
        let [measure, period, area] =
            ["measure", "period", "area"].map(|name| text(name).value(row).to_owned());
        let value = (!batch["value"].is_null(row)).then(|| value.value(row));
        let stage = text("stage").value(row).to_owned();
        let sequence = batch["sequence"].as_primitive::<Int64Type>().value(row);
        let line = batch["line"].as_primitive::<Int32Type>().value(row);
        ((measure, period, area, day), (value, stage, sequence, line))
    };
    (0..batch.num_rows()).map(row).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn as_the_law_has_it(history in any_history(), minutes in prop::collection::vec(-30..400i64, 3), round in 0..3usize) {
        wait(async {
            let mut ledger = Ledger::create("memory:///known").await.expect("made");
            let mut clock = begin();
            for (minutes, entries) in &history {
                clock += TimeDelta::minutes(*minutes);
                ledger.commit(entries, clock, &by("a")).await.expect("added");
            }
            let times = minutes.iter().map(|minutes| Some(begin() + TimeDelta::minutes(*minutes))).chain([None]);
            for as_of in times {
                for (minimum, scenario) in [(Stage::Draft, Scenario::Actual), (Stage::Approved, Scenario::Actual), (Stage::Submitted, Scenario::Budget)] {
                    let rounds = ["first", "second"].get(round).map(|round| (*round).to_owned()).into_iter().collect();
                    let known = Known { as_of, minimum, scenario, rounds };
                    let mut found = Vec::new();
                    let mut facts = ledger.facts(&known).await.expect("read");
                    while let Some(batch) = facts.next().await.expect("a batch") {
                        found.extend(rows(&batch));
                    }
                    // The order of a map is the order of the key.
                    let expected: Vec<(Key, Found)> = model(&history, &known).into_iter().collect();
                    assert_eq!(found, expected, "{known:?}");
                }
            }
        });
    }
}

/// Eight hundred thousand lines with long notes are more than a reading keeps in memory: they are sorted on disk, and of every figure the line of the
/// last of four commits is known. Keys come in descending order, so that nothing is sorted before.
#[test]
fn more_than_memory_holds_is_known_too() {
    const FIGURES: usize = 200_000;
    let said = |figure: usize, commit: i32| format!("figure {figure} of commit {commit}{}", ".".repeat(500));
    let folder = tempfile::tempdir().expect("a folder");
    let address = folder.path().join("ledger").display().to_string();
    let figures = wait(async {
        let mut ledger = Ledger::create(&address).await.expect("created");
        for commit in 1..=4 {
            let entry = |figure: usize| {
                let (measure, area) = (figure / 400, figure % 400);
                let note = said(figure, commit);
                Entry {
                    note,
                    ..fact(
                        &format!("{area:03}"),
                        &format!("measure_{measure:03}"),
                        f64::from(commit),
                    )
                }
            };
            let entries: Vec<Entry> = (0..FIGURES).rev().map(entry).collect();
            let now = begin() + TimeDelta::minutes(commit.into());
            ledger.commit(&entries, now, &by("test")).await.expect("added");
        }
        let mut facts = ledger
            .facts(&Known::from_stage(Stage::Submitted))
            .await
            .expect("read");
        let mut figures = 0;
        while let Some(known) = facts.next_figures().await.expect("read on") {
            for one in known {
                let observation = one.observation;
                let key = (observation.measure.to_string(), observation.area.to_string());
                let (measure, area) = (figures / 400, figures % 400);
                assert_eq!(key, (format!("measure_{measure:03}"), format!("{area:03}")));
                assert_eq!((observation.value, one.sequence), (Some(4.0), 4));
                assert_eq!(observation.note, said(figures, 4));
                figures += 1;
            }
        }
        figures
    });
    assert_eq!(figures, FIGURES);
}
