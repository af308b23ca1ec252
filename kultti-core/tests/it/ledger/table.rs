//! Made, opened, written, read, at a version; what it refuses.

use super::{by, fact, lines_of_every_kind, time, wait};
use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use kultti_core::ledger::{EntryKind, Known, Ledger, Select};
use kultti_core::model::Stage;
use kultti_core::{Error, ErrorKind};

#[test]
fn every_field_comes_back_as_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let address = folder.path().join("ledger").display().to_string();
    let entries = lines_of_every_kind();
    let now = time("2021-03-01T09:00:00.123456Z");
    wait(async {
        let mut ledger = Ledger::create(&address).await.expect("made");
        assert_eq!((ledger.version(), ledger.address()), (0, address.as_str()));
        assert_eq!(ledger.commit(&entries, now, &by("a")).await.expect("added"), 1);
        for ledger in [ledger, Ledger::open(&address).await.expect("opened")] {
            let lines = ledger.entries(&Select::default()).await.expect("read");
            assert_eq!(
                lines.iter().map(|line| line.entry.clone()).collect::<Vec<_>>(),
                entries
            );
            for (at, line) in lines.iter().enumerate() {
                assert_eq!((line.sequence, line.line, line.recorded), (1, at as i32, now));
            }
        }
    });
}

fn selecting(set: impl FnOnce(&mut Select)) -> Select {
    let mut select = Select::default();
    set(&mut select);
    select
}

#[test]
fn lines_are_chosen_by_what_stands_in_them() {
    wait(async {
        let mut ledger = Ledger::create("memory:///chosen").await.expect("made");
        let entries = lines_of_every_kind();
        for (at, entry) in entries.iter().enumerate() {
            let now = time(&format!("2021-03-0{}T00:00:00Z", at + 1));
            ledger
                .commit(std::slice::from_ref(entry), now, &by("a"))
                .await
                .expect("added");
        }
        let sha256 = entries[2].sha256.clone();
        let chosen: [(Select, &[i64]); 10] = [
            (Select::default(), &[1, 2, 3, 4, 5, 6]),
            (selecting(|it| it.kind = Some(EntryKind::Fact)), &[1, 2, 3]),
            (selecting(|it| it.area = Some("091".into())), &[3]),
            (
                selecting(|it| it.measure = Some("culture.visits".into())),
                &[2, 6],
            ),
            (selecting(|it| it.round = Some("none".into())), &[]),
            (selecting(|it| it.sha256 = Some(sha256)), &[3]),
            (selecting(|it| it.period = Some(2019.into())), &[]),
            (
                selecting(|it| it.as_of = Some(time("2021-03-03T00:00:00Z"))),
                &[1, 2, 3],
            ),
            (
                selecting(|it| it.as_of = Some(time("2021-03-02T23:59:59.999999Z"))),
                &[1, 2],
            ),
            (
                selecting(|it| (it.kind, it.area) = (Some(EntryKind::Waiver), Some("272".into()))),
                &[6],
            ),
        ];
        for (select, expected) in chosen {
            let lines = ledger.entries(&select).await.expect("read");
            let sequences: Vec<i64> = lines.iter().map(|line| line.sequence).collect();
            assert_eq!(sequences, expected, "{select:?}");
        }
    });
}

#[test]
fn who_comes_second_is_told_so_and_lands_when_tried_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let address = folder.path().display().to_string();
    wait(async {
        let mut first = Ledger::open_or_create(&address).await.expect("made");
        let mut second = Ledger::open_or_create(&address).await.expect("opened");
        let now = time("2021-03-01T09:00:00Z");
        first
            .commit(&[fact("272", "m", 1.0)], now, &by("a"))
            .await
            .expect("added");
        let refused = second
            .commit(&[fact("091", "m", 2.0)], now, &by("b"))
            .await
            .expect_err("a conflict");
        assert_eq!((refused.code(), refused.kind()), ("K1041", ErrorKind::Conflict));
        assert_eq!(second.version(), 0);
        second.refresh().await.expect("refreshed");
        assert_eq!(second.entries(&Select::default()).await.expect("read").len(), 1);
        assert_eq!(
            second
                .commit(&[fact("091", "m", 2.0)], now, &by("b"))
                .await
                .expect("added"),
            2
        );
        assert_eq!(second.entries(&Select::default()).await.expect("read").len(), 2);
        // What was opened before still shows what it showed.
        assert_eq!(first.entries(&Select::default()).await.expect("read").len(), 1);
        assert_eq!(
            second
                .at(1)
                .await
                .expect("at 1")
                .entries(&Select::default())
                .await
                .expect("read")
                .len(),
            1
        );
        assert_eq!(
            second
                .at(0)
                .await
                .expect("at 0")
                .entries(&Select::default())
                .await
                .expect("read"),
            []
        );
        let none = second.at(3).await.expect_err("no version 3");
        assert_eq!((none.code(), none.kind()), ("K1048", ErrorKind::NotFound));
        assert!(second.at(-1).await.is_err());
    });
}

#[test]
fn of_those_who_make_a_ledger_at_once_one_makes_it() {
    for _ in 0..10 {
        let folder = tempfile::tempdir().expect("a folder");
        let address = folder.path().join("ledger").display().to_string();
        wait(async {
            let all: Vec<_> = (0..6)
                .map(|_| {
                    let address = address.clone();
                    tokio::spawn(async move { Ledger::create(&address).await.map(|ledger| ledger.version()) })
                })
                .collect();
            let mut made = 0;
            for one in all {
                match one.await.expect("no panic") {
                    Ok(version) => made += 1 + version,
                    Err(error) => assert_eq!(error.code(), "K1044", "{error}"),
                }
            }
            assert_eq!(made, 1);
            let ledger = Ledger::open(&address).await.expect("opened");
            assert_eq!(
                (ledger.version(), ledger.history().await.expect("read").len()),
                (0, 1)
            );
        });
    }
}

#[test]
fn a_clock_set_back_does_not_turn_the_order_of_what_was_known() {
    let folder = tempfile::tempdir().expect("a folder");
    let address = folder.path().display().to_string();
    wait(async {
        let mut ledger = Ledger::create(&address).await.expect("made");
        let late = time("2021-03-01T09:00:00.000007Z");
        ledger
            .commit(&[fact("272", "m", 1.0)], late, &by("a"))
            .await
            .expect("added");
        let mut again = Ledger::open(&address).await.expect("opened");
        again
            .commit(&[fact("272", "m", 2.0)], time("2020-01-01T00:00:00Z"), &by("a"))
            .await
            .expect("added");
        // Microseconds are what is kept; what is finer is cut off, not rounded up into the future.
        again
            .commit(
                &[fact("272", "m", 3.0)],
                time("2021-03-01T09:00:00.000008999Z"),
                &by("a"),
            )
            .await
            .expect("added");
        let lines = again.entries(&Select::default()).await.expect("read");
        let times: Vec<_> = lines.iter().map(|line| line.recorded).collect();
        assert_eq!(times, [late, late, time("2021-03-01T09:00:00.000008Z")]);
    });
}

/// Measure, area and value of every figure that is known.
async fn figures(ledger: &Ledger, known: &Known) -> Vec<String> {
    let mut facts = ledger.facts(known).await.expect("read");
    let mut rows = Vec::new();
    while let Some(batch) = facts.next().await.expect("a batch") {
        let values = batch["value"].as_primitive::<Float64Type>();
        let [measure, area] = ["measure", "area"].map(|name| batch[name].as_string::<i32>().clone());
        let row = |row| format!("{} {} {}", measure.value(row), area.value(row), values.value(row));
        rows.extend((0..batch.num_rows()).map(row));
    }
    rows
}

#[test]
fn the_last_line_of_every_figure_is_what_is_known() {
    let folder = tempfile::tempdir().expect("a folder");
    let address = folder.path().display().to_string();
    wait(async {
        let mut ledger = Ledger::create(&address).await.expect("made");
        let staged = |entry: kultti_core::ledger::Entry, stage| kultti_core::ledger::Entry { stage, ..entry };
        let commits = [
            (
                "2021-01-01T00:00:00Z",
                vec![
                    fact("272", "b", 1.0),
                    fact("091", "b", 2.0),
                    fact("272", "a", 3.0),
                ],
            ),
            (
                "2021-01-02T00:00:00Z",
                vec![staged(fact("272", "b", 1.5), Stage::Approved)],
            ),
            // Of two lines of one commit the later holds.
            (
                "2021-01-03T00:00:00Z",
                vec![fact("272", "b", 7.0), fact("272", "b", 8.0)],
            ),
        ];
        for (now, entries) in commits {
            ledger.commit(&entries, time(now), &by("a")).await.expect("added");
        }
        let known = async |as_of: Option<&str>, minimum| {
            let as_of = as_of.map(time);
            figures(
                &ledger,
                &Known {
                    as_of,
                    ..Known::from_stage(minimum)
                },
            )
            .await
        };
        assert_eq!(known(None, Stage::Draft).await, ["a 272 3", "b 091 2", "b 272 8"]);
        assert_eq!(
            known(Some("2021-01-02T12:00:00Z"), Stage::Draft).await,
            ["a 272 3", "b 091 2", "b 272 1.5"]
        );
        assert_eq!(
            known(Some("2021-01-01T00:00:00Z"), Stage::Draft).await,
            ["a 272 3", "b 091 2", "b 272 1"]
        );
        assert_eq!(known(None, Stage::Approved).await, ["b 272 1.5"]);
        assert_eq!(known(None, Stage::Final).await, [""; 0]);
    });
}

#[test]
fn the_log_tells_who_did_what_when_and_why() {
    let folder = tempfile::tempdir().expect("a folder");
    let address = folder.path().display().to_string();
    wait(async {
        let mut ledger = Ledger::create(&address).await.expect("made");
        let info = kultti_core::ledger::CommitInfo {
            what: "correct".into(),
            author: "Åsa".into(),
            reason: "luku oli \"tuhansina\"".into(),
            run: "job-7".into(),
            inputs: vec![kultti_core::ledger::Input {
                name: "kokkola.xlsx".into(),
                sha256: "ab".repeat(32),
            }],
        };
        let now = time("2021-03-01T09:00:00.123Z");
        ledger
            .commit(&lines_of_every_kind(), now, &info)
            .await
            .expect("added");
        let history = ledger.history().await.expect("read");
        assert_eq!(history.len(), 2);
        assert_eq!(
            (history[0].version, history[0].what.as_str()),
            (0, "CREATE TABLE")
        );
        let commit = &history[1];
        assert_eq!((commit.version, commit.time), (1, Some(now)));
        assert_eq!((commit.author.as_str(), commit.what.as_str()), ("Åsa", "correct"));
        assert_eq!(
            (commit.reason.as_str(), commit.run.as_str()),
            (info.reason.as_str(), "job-7")
        );
        assert_eq!(commit.inputs, info.inputs);
        let lines = commit.lines;
        assert_eq!(
            (lines.facts, lines.submissions, lines.consents, lines.waivers),
            (3, 1, 1, 1)
        );
        assert_eq!(commit.tool, format!("kultti/{}", env!("CARGO_PKG_VERSION")));
        assert_eq!(
            ledger
                .at(0)
                .await
                .expect("at 0")
                .history()
                .await
                .expect("read")
                .len(),
            1
        );
    });
}

#[test]
fn what_is_no_ledger_is_called_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name).display().to_string();
    std::fs::create_dir(folder.path().join("empty")).expect("a folder");
    std::fs::create_dir(folder.path().join("other")).expect("a folder");
    std::fs::write(folder.path().join("other/report.html"), "").expect("a file");
    wait(async {
        for (name, said) in [
            ("none", "no such folder"),
            ("empty", "is empty"),
            ("other", "report.html"),
        ] {
            let error = Ledger::open(&at(name)).await.expect_err("no ledger");
            assert_eq!(
                (error.code(), error.kind()),
                ("K1042", ErrorKind::NotFound),
                "{error}"
            );
            assert!(error.to_string().contains(said), "{error}");
        }
        Ledger::create(&at("other")).await.expect("beside other files");
        let error = Ledger::create(&at("other")).await.expect_err("there is one");
        assert_eq!(error.code(), "K1044");
        for address in [
            "s4://bucket/ledger",
            "ftp://example.org/ledger",
            "https://example.org/ledger",
        ] {
            for error in [Ledger::open(address).await, Ledger::create(address).await]
                .map(|made| made.expect_err("no store"))
            {
                assert_eq!(
                    (error.code(), error.kind()),
                    ("K1047", ErrorKind::InvalidArgument),
                    "{error}"
                );
                assert!(
                    error.to_string().contains(address) && error.to_string().contains("file://"),
                    "{error}"
                );
            }
        }
        let url = format!("file://{}", at("other"));
        assert_eq!(Ledger::open(&url).await.expect("opened").version(), 0);
    });
}

#[test]
fn lines_that_mean_nothing_are_refused() {
    wait(async {
        let mut ledger = Ledger::create("memory:///refused").await.expect("made");
        let now = time("2021-03-01T09:00:00Z");
        let none = ledger.commit(&[], now, &by("a")).await.expect_err("no lines");
        assert_eq!(none.code(), "K1050");
        let good = fact("272", "m", 1.0);
        let mut bad = vec![good.clone(); 4];
        bad[0].measure = None;
        bad[1].value = Some(f64::NAN);
        bad[2].value = None;
        bad[3].missing = Some(kultti_core::model::Missing::NotReported);
        for entry in bad {
            let refused = ledger
                .commit(&[good.clone(), entry], now, &by("a"))
                .await
                .expect_err("refused");
            let Error::UnsoundEntry { line: 1, .. } = refused else {
                panic!("{refused}");
            };
        }
        assert_eq!(ledger.version(), 0);
    });
}
