//! Similar municipalities on the command line: three languages, narrow terminals, machine forms, what is refused.

use super::{failure, json, kultti, stdout};

const CULTURE: &str = "culture.net_operating_cost_per_inhabitant";

#[test]
fn people_see_who_and_why_in_their_language() {
    for (language, title, method, column, hint) in [
        (
            "fi",
            "Samankaltaiset kunnat: Kokkola (Karleby) 272",
            "Kulttuurin kustannukset, versio 1",
            "eniten erottaa",
            "Vertaa näihin",
        ),
        (
            "sv",
            "Liknande kommuner: Karleby (Kokkola) 272",
            "Kulturens kostnader, version 1",
            "skiljer mest",
            "Jämför med dessa",
        ),
        (
            "en",
            "Similar municipalities: Kokkola (Karleby) 272",
            "Cost of culture, version 1",
            "differs most in",
            "Compare with these",
        ),
    ] {
        let text = stdout(&[
            "peers", CULTURE, "--area", "Kokkola", "--period", "2019", "--format", "table", "--lang",
            language,
        ]);
        for part in [title, method, column, hint, "--peers similar:8@culture_cost"] {
            assert!(text.contains(part), "{language}: {part} is not in {text}");
        }
    }
}

#[test]
fn a_table_fits_eighty_columns() {
    for language in ["fi", "sv", "en"] {
        let asked = [
            "peers", CULTURE, "--area", "272", "--period", "2019", "--format", "table", "--lang", language,
        ];
        let output = kultti(&asked).env("COLUMNS", "80").output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        // Not a line per cell: a peer's distance stands on the line of its code.
        assert!(
            text.lines()
                .any(|line| line.trim_start().starts_with("858") && line.contains("100")),
            "{text}"
        );
    }
}

#[test]
fn the_hint_is_a_command_that_runs() {
    let text = stdout(&[
        "peers", CULTURE, "--area", "Kokkola", "-k", "4", "--format", "table", "--lang", "en",
    ]);
    let (_, command) = text.split_once("Compare with these: kultti ").expect("a hint");
    let words: Vec<&str> = command.split_whitespace().collect();
    let compared = json(&words);
    assert_eq!(compared["peers"][0]["group"], "culture_cost@1");
    assert_eq!(
        (&compared["peers"][0]["n"], &compared["peers"][0]["includes_area"]),
        (&4.into(), &false.into())
    );
}

#[test]
fn machines_get_everything() {
    let found = json(&[
        "peers", CULTURE, "--area", "Karleby", "--period", "2019", "-k", "2",
    ]);
    assert_eq!(
        (&found["schema"], &found["model"]["id"]),
        (&1.into(), &"culture_cost".into())
    );
    assert_eq!(found["indicator"]["indicator"], CULTURE);
    // 7,371,000 / 47,681 inhabitants.
    assert_eq!(found["area"]["value"], 7_371_000.0 / 47_681.0);
    let peer = &found["peers"][0];
    let shares: f64 = peer["contributions"]
        .as_object()
        .unwrap()
        .values()
        .map(|share| share.as_f64().unwrap())
        .sum();
    assert!((shares - 1.0).abs() < 1e-12);
    for field in ["distance", "reciprocal", "stability", "values", "value", "status"] {
        assert!(!peer[field].is_null(), "{field}");
    }
    let csv = stdout(&[
        "peers", "--model", "general", "--area", "272", "-k", "3", "--format", "csv",
    ]);
    assert_eq!(csv.lines().count(), 4);
    assert!(csv.starts_with("code,name,distance,reciprocal,stability,"));
    let models = json(&["peer-models", "--lang", "sv"]);
    assert_eq!(models[0]["id"], "general");
    assert!(
        models[1]["variables"][0]["reason"]
            .as_str()
            .unwrap()
            .contains("Teatrar")
    );
}

#[test]
fn variables_of_ones_own() {
    let found = json(&[
        "peers",
        "--area",
        "Kokkola",
        "--period",
        "2019",
        "--variables",
        "population.total:2,population.change_5_years",
        "--log",
        "population.total",
        "--candidates",
        "region",
        "--max-distance",
        "9",
    ]);
    assert_eq!(found["model"]["id"], "own");
    assert_eq!(found["variables"][0]["weight"], 2.0 / 3.0);
    assert_eq!(found["variables"][0]["log"], true);
    assert_eq!(
        (&found["candidates"]["group"], &found["candidates"]["n"]),
        (&"16".into(), &7.into())
    );
    // The region has seven other municipalities, fewer than eight.
    assert!(
        found["notes"]
            .as_array()
            .unwrap()
            .iter()
            .any(|note| note["code"] == "peers-fewer")
    );
}

#[test]
fn a_result_can_be_walked_back() {
    let why = json(&[
        "peers",
        "--area",
        "Kokkola",
        "--model",
        "general",
        "--period",
        "2019",
        "-k",
        "2",
        "--explain",
    ]);
    assert_eq!(why["steps"].as_array().unwrap().len(), 3 + 2);
    assert_eq!(why["inputs"].as_array().unwrap().len(), 3);
}

#[test]
fn refusals_have_their_exit_codes() {
    for (asked, exit, code) in [
        (&["--model", "generl"][..], 4, "K0721"),
        (&["--candidates", "region:16", "-k", "20"], 2, "K0724"),
        (&["--variables", "population.total:-1"], 2, "K0501"),
        (
            &[
                "--variables",
                "population.change_5_years",
                "--log",
                "population.change_5_years",
            ],
            2,
            "K0723",
        ),
        (&["--model", "nowhere.toml"], 3, "K0101"),
        (&["--log", "population.total"], 2, "--variables"),
        (
            &["--variables", "population.total", "--model", "general"],
            2,
            "--model",
        ),
    ] {
        let (status, text) = failure(&[&["peers", "--area", "Kokkola", "--lang", "en"][..], asked].concat());
        assert_eq!(status, exit, "{text}");
        assert!(text.contains(code), "{text}");
    }
}
