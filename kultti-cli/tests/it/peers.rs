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
    assert_eq!(found["indicator"], CULTURE);
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

#[test]
fn compare_lists_members_and_bands() {
    let loans = "library.loans_per_inhabitant";
    let asked = [
        "compare",
        loans,
        "--area",
        "Kokkola",
        "--period",
        "2019",
        "--peers",
        "region,similar:5@general",
        "--bands",
        "relative",
        "--list",
    ];
    let found = json(&asked);
    let region = &found["peers"][0];
    assert_eq!(region["list"].as_array().unwrap().len(), 8);
    assert_eq!(region["bands"]["method"], "relative");
    let own: Vec<&serde_json::Value> = region["list"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["own"] == true)
        .collect();
    assert_eq!((own.len(), &own[0]["code"]), (1, &"272".into()));
    for (language, best, mark) in [
        ("fi", "parhaat", "▸ Kokkola (Karleby)"),
        ("sv", "bästa", "▸ Karleby (Kokkola)"),
        ("en", "best", "▸ Kokkola (Karleby)"),
    ] {
        let text = stdout(&[&asked[..], &["--format", "table", "--lang", language]].concat());
        assert!(text.contains(best) && text.contains(mark), "{text}");
    }
    let csv = stdout(&[&asked[..], &["--format", "csv"]].concat());
    // Eight of the region; five similar ones and Kokkola itself; the header.
    assert_eq!(csv.lines().count(), 8 + 6 + 1);
    assert!(csv.starts_with("grouping,group,label,code,name,own,value,rank,difference,band,"));
}

#[test]
fn the_difference_is_also_told_in_the_budget() {
    // Libraries 2019, Kokkola 60.003 and Lestijärvi 123.783 a head: −63.780 for each of 47,681 inhabitants, 3,041,1xx euros.
    let library = "library.net_operating_cost_per_inhabitant";
    let asked = [
        "compare", library, "--area", "272", "--period", "2019", "--peers", "421", "--list",
    ];
    let expected = 2_861_000.0 - 89_000.0 / 719.0 * 47_681.0;
    let found = json(&asked)["peers"][0]["difference_budget"].as_f64().unwrap();
    assert!((found - expected).abs() < 1e-6, "{found} {expected}");
    let text = stdout(&[&asked[..], &["--format", "table", "--lang", "en"]].concat());
    assert!(
        text.contains("difference in the municipality's budget \u{2212}3,041,"),
        "{text}"
    );
}

#[test]
fn bands_that_make_no_sense_have_their_exit_codes() {
    let asked = ["compare", CULTURE, "--area", "272", "--lang", "en"];
    for (bands, code) in [
        ("relative", "K0508"),
        ("absolute:1,2", "K0508"),
        ("absolute:2,1", "LOW < HIGH"),
    ] {
        let (status, text) = failure(&[&asked[..], &["--bands", bands]].concat());
        assert_eq!(status, 2, "{text}");
        assert!(text.contains(code), "{text}");
    }
}
