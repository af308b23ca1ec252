//! Rounds and forms at a shell.

use super::{failure, json, run, stdout};
use std::path::Path;

const RECIPE: &str = r#"schema = 1
id = "libraries-2019"
label = { fi = "Kirjastot 2019", sv = "Biblioteken 2019", en = "Libraries 2019" }
instructions = { fi = "Luvut tilinpäätöksestä.", sv = "Tal ur bokslutet.", en = "Figures of the accounts." }
contact = "keruu@example.org"
period = "2019"
opens = "2020-03-01"
due = "2020-04-30"
areas = ["Kokkola", "Pietarsaari"]

[languages]
grouping = "language"
sv = ["2", "3"]

[[measure]]
id = "library.net_operating_cost"
"#;

/// A folder with a round.
fn folder() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let recipe = folder.path().join("round.toml");
    std::fs::write(&recipe, RECIPE).expect("written");
    let round = at(folder.path(), "libraries-2019.round.json");
    let made = stdout(&[
        "round",
        "new",
        &at(folder.path(), "round.toml"),
        "-o",
        &round,
        "--lang",
        "en",
    ]);
    assert!(
        made.contains("libraries-2019; questions 1, reporters 2, files of rules 0; numbers of the year before (2018) 2 of 2"),
        "{made}"
    );
    (folder, round)
}

fn at(folder: &Path, name: &str) -> String {
    folder.join(name).display().to_string()
}

#[test]
fn a_round_is_made_and_shown_in_every_language_and_for_programs() {
    let (_folder, round) = folder();
    for (language, words) in [("fi", "Keneltä kysytään"), ("sv", "Av vem"), ("en", "Of whom")] {
        let shown = stdout(&["round", "show", &round, "--lang", language, "--format", "table"]);
        assert!(shown.contains(words), "{shown}");
        assert!(shown.contains("272") && shown.contains("2020-04-30"), "{shown}");
    }
    let shown = json(&["round", "show", &round]);
    assert_eq!(
        shown["reporters"][1]["language"], "sv",
        "Jakobstad is Swedish in the main"
    );
    assert_eq!(shown["measures"][0]["measure"], "library.net_operating_cost");
    assert_eq!(shown["measures"][0]["previous_known"], 2);
    assert_eq!(shown["sha256"].as_str().map(str::len), Some(64));
    let rows = stdout(&["round", "show", &round, "--format", "csv"]);
    assert_eq!(rows.lines().count(), 2, "a header and one measure");
}

#[test]
fn forms_are_written_for_one_and_for_all() {
    let (folder, round) = folder();
    for name in ["kokkola.xlsx", "kokkola.csv", "kokkola.json"] {
        let path = at(folder.path(), name);
        let made = json(&["form", &round, "--area", "karleby", "-o", &path]);
        assert_eq!((&made["area"], &made["language"]), (&"272".into(), &"fi".into()));
        assert!(std::fs::metadata(&path).expect("the form").len() > 100);
    }
    let swedish = json(&[
        "form",
        &round,
        "--area",
        "Kokkola",
        "--lang",
        "sv",
        "-o",
        &at(folder.path(), "sv.xlsx"),
    ]);
    assert_eq!(swedish["language"], "sv");
    let forms = at(folder.path(), "forms/2019");
    stdout(&["form", &round, "--all", "-o", &forms]);
    let mut names: Vec<String> = std::fs::read_dir(&forms)
        .expect("the folder")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "libraries-2019-272-kokkola.xlsx",
            "libraries-2019-598-pietarsaari.xlsx"
        ]
    );
    let first = std::fs::read(Path::new(&forms).join(&names[0])).expect("a form");
    stdout(&["form", &round, "--all", "--format", "xlsx", "-o", &forms]);
    assert_eq!(
        std::fs::read(Path::new(&forms).join(&names[0])).expect("a form"),
        first,
        "the same bytes again"
    );
}

#[test]
fn what_cannot_be_made_is_refused_by_code() {
    let (folder, round) = folder();
    let out = at(folder.path(), "x.xlsx");
    let recipe = at(folder.path(), "round.toml");
    let nowhere = at(folder.path(), "nothing.round.json");
    let csv = at(folder.path(), "x.pdf");
    for (args, exit, code) in [
        (vec!["form", &round, "--area", "Kokola", "-o", &out], 4, "K1004"),
        (vec!["form", &round, "--area", "Kokkola", "-o", &csv], 2, "K1011"),
        (vec!["form", &round, "--area", "Kokkola"], 2, "K0501"),
        (vec!["form", &recipe, "--area", "Kokkola", "-o", &out], 3, "K1001"),
        (
            vec!["form", &nowhere, "--area", "Kokkola", "-o", &out],
            3,
            "K0101",
        ),
        (vec!["round", "new", &recipe], 2, "K0501"),
        (vec!["round", "new", &round, "-o", &out], 3, "K0301"),
        (vec!["round", "show", &recipe], 3, "K1001"),
    ] {
        let (found, said) = failure(&args);
        assert_eq!(found, exit, "{args:?}: {said}");
        assert!(said.contains(code), "{args:?}: {said}");
        assert!(!Path::new(&out).exists(), "{args:?}");
    }
    let neither = run(&["form", &round, "-o", &out]);
    assert_eq!(neither.status.code(), Some(2));
}
