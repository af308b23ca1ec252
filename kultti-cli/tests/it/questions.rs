//! Questions and their answers in JSON; expected figures are the sums of the tables under `datasets/finland`.

use super::{failure, json};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const CULTURE: &str = "culture.net_operating_cost_per_inhabitant";

fn keys(value: &Value) -> BTreeSet<&str> {
    value
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect()
}

fn holds(value: &Value, names: &[&str]) {
    let keys = keys(value);
    for name in names {
        assert!(keys.contains(name), "{name} is not among {keys:?}");
    }
}

#[test]
fn compare_answers_with_the_promised_names() {
    let answer = json(&["compare", CULTURE, "--area", "Kokkola", "--period", "2019"]);
    holds(
        &answer,
        &[
            "schema",
            "indicator",
            "definition",
            "unit",
            "period",
            "territory",
            "release",
            "area",
            "value",
            "status",
            "missing",
            "position",
            "peers",
            "notes",
        ],
    );
    holds(
        &answer["position"],
        &["rank", "n", "percent_rank", "order", "unranked"],
    );
    holds(
        &answer["peers"][0],
        &[
            "label",
            "grouping",
            "group",
            "aggregator",
            "value",
            "n",
            "members",
            "coverage_areas",
            "coverage_denominator",
            "includes_area",
            "difference",
            "difference_relative",
        ],
    );
    holds(&answer["notes"][0], &["code", "severity", "text"]);
    assert_eq!(answer["schema"], 1);
    assert_eq!(answer["area"], json!({ "code": "272", "name": "Kokkola" }));
    assert_eq!(answer["period"], "2019");
    assert_eq!(answer["territory"], "2026-01-01");
    assert_eq!(answer["status"], "A");
    assert_eq!(answer["missing"], Value::Null);
    assert_eq!(answer["position"]["order"], "descending");
    // 2,861,000 + 1,181,000 + 1,110,000 + 1,001,000 + 573,000 + 645,000 = 7,371,000 EUR; 47,681 inhabitants.
    assert_eq!(answer["value"].as_f64(), Some(7_371_000.0 / 47_681.0));
    let groupings: Vec<&str> = answer["peers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["grouping"].as_str().unwrap())
        .collect();
    assert_eq!(
        groupings,
        ["region", "urban_rural", "language", "size", "country"]
    );
}

#[test]
fn areas_that_are_named_form_a_group_of_their_own() {
    let answer = json(&[
        "compare",
        CULTURE,
        "--area",
        "272",
        "--peers",
        "598,Pietarsaari,272,region:16",
    ]);
    let peers = answer["peers"].as_array().unwrap();
    assert_eq!(peers.len(), 2);
    assert_eq!(peers[0]["group"], "16");
    assert_eq!(peers[1]["grouping"], "areas");
    assert_eq!(peers[1]["group"], "272,598");
    assert_eq!(peers[1]["members"], 2);
    assert_eq!(peers[1]["includes_area"], true);
}

#[test]
fn a_ranking_is_an_array_of_flat_records() {
    let rows = json(&[
        "rank",
        CULTURE,
        "--order",
        "asc",
        "--territory",
        "then",
        "--period",
        "2019",
    ]);
    let rows = rows.as_array().unwrap();
    // 311 municipalities at the end of 2019: Valtimo is inside Nurmes; Kankaanpää and Honkajoki have no population.
    assert_eq!(rows.len(), 311);
    holds(
        &rows[0],
        &[
            "code",
            "name",
            "value",
            "rank",
            "percent_rank",
            "status",
            "missing",
            "indicator",
            "period",
            "territory",
            "release",
            "unit",
            "notes",
            "order",
            "n",
        ],
    );
    assert_eq!(rows[0]["rank"], 1);
    assert_eq!(rows[0]["order"], "ascending");
    assert_eq!(rows[0]["territory"], "then");
    let unranked: BTreeSet<&str> = rows
        .iter()
        .filter(|row| row["rank"].is_null())
        .map(|row| row["code"].as_str().unwrap())
        .collect();
    assert_eq!(unranked, BTreeSet::from(["099", "214", "911"]));
    let valtimo = rows.iter().find(|row| row["code"] == "911").unwrap();
    assert_eq!(
        (valtimo["status"].as_str(), valtimo["missing"]["code"].as_str()),
        (Some("K"), Some("included"))
    );
    assert!(rows.iter().all(|row| row["n"] == 308));
}

#[test]
fn groups_are_an_array_of_flat_records() {
    let groups = json(&["groups", CULTURE, "--by", "region", "--aggregate", "median"]);
    let groups = groups.as_array().unwrap();
    assert_eq!(groups.len(), 19);
    holds(
        &groups[0],
        &[
            "group",
            "name",
            "value",
            "aggregator",
            "n",
            "members",
            "coverage_areas",
            "coverage_denominator",
            "indicator",
            "period",
            "territory",
            "release",
            "unit",
            "notes",
        ],
    );
    assert!(groups.iter().all(|group| group["aggregator"] == "median"));
}

#[test]
fn trend_in_real_prices_divides_by_the_index_of_the_year() {
    let nominal = json(&[
        "trend", CULTURE, "--area", "272", "--from", "2016", "--to", "2018",
    ]);
    let real = json(&[
        "trend", CULTURE, "--area", "272", "--from", "2016", "--to", "2018", "--real", "cpi@2018",
    ]);
    assert_eq!(nominal.as_array().unwrap().len(), 3);
    // Consumer price index 2010=100 (the longest series): 109.2 in 2016, 111.2 in 2018.
    let value = nominal[0]["value"].as_f64().unwrap();
    assert!((real[0]["value"].as_f64().unwrap() - value * 111.2 / 109.2).abs() < 1e-9);
    assert_eq!(real[2]["value"], nominal[2]["value"]);
    assert_eq!(real[0]["price_basis"], "cpi@2018");
    assert_eq!(real[0]["index"], 100);
}

#[test]
fn explain_names_every_observation_used() {
    let answer = json(&[
        "explain",
        "library.net_operating_cost_per_inhabitant",
        "--area",
        "Nurmes",
        "--period",
        "2017",
    ]);
    let measures = answer["measures"].as_array().unwrap();
    assert_eq!(measures.len(), 2);
    let cost = measures[0]["observations"].as_array().unwrap();
    let areas: Vec<(&str, &str)> = cost
        .iter()
        .map(|part| (part["area"].as_str().unwrap(), part["status"].as_str().unwrap()))
        .collect();
    assert_eq!(areas, [("541", "W"), ("911", "K")]);
    assert_eq!(
        answer["formula"],
        "library.net_operating_cost / population.year_end"
    );
    let quotient = measures[0]["value"].as_f64().unwrap() / measures[1]["value"].as_f64().unwrap();
    assert_eq!(answer["value"].as_f64(), Some(quotient));
}

#[test]
fn what_does_not_exist_exits_4_with_near_matches() {
    let (code, text) = failure(&["compare", CULTURE, "--area", "Kokola", "--lang", "en"]);
    assert_eq!(code, 4);
    assert!(
        text.contains("K0401") && text.contains("Did you mean Kokkola (272)"),
        "{text}"
    );
    let (code, text) = failure(&["compare", CULTURE, "--area", "Valtimo", "--lang", "en"]);
    assert_eq!(code, 4);
    for part in ["2019-12-31", "Nurmes (541)", "--territory then"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let (code, text) = failure(&["rank", "culture.net_operating_cost_per_inhabitan", "--lang", "en"]);
    assert_eq!(code, 4);
    assert!(text.contains(CULTURE), "{text}");
    let (code, text) = failure(&["groups", CULTURE, "--by", "regoin", "--lang", "en"]);
    assert_eq!(code, 4);
    assert!(text.contains("region"), "{text}");
    let (code, text) = failure(&[
        "rank",
        CULTURE,
        "--within",
        "region:99",
        "--order",
        "asc",
        "--lang",
        "en",
    ]);
    assert_eq!(code, 4);
    assert!(text.contains("Uusimaa (01)"), "{text}");
    let (code, text) = failure(&[
        "compare",
        "museum.visits_per_site",
        "--area",
        "272",
        "--lang",
        "en",
    ]);
    assert_eq!(code, 4);
    assert!(text.contains("no data"), "{text}");
}

/// Arguments that cannot be used, and what the message must name.
const WRONG: &[(&[&str], &str)] = &[
    (&["rank", CULTURE], "--order desc"),
    (
        &["compare", CULTURE, "--area", "272", "--period", "19"],
        "2019-Q1",
    ),
    (
        &["compare", CULTURE, "--area", "272", "--territory", "1812-01-01"],
        "2013-01-01",
    ),
    (
        &["groups", CULTURE, "--by", "avi", "--as-of-year", "2026"],
        "2013–2025",
    ),
    (
        &[
            "groups",
            "library.loans_per_inhabitant",
            "--by",
            "region",
            "--aggregate",
            "ratio-of-sums",
        ],
        "published",
    ),
    (
        &[
            "trend",
            "library.loans_per_inhabitant",
            "--area",
            "272",
            "--real",
            "cpi@2018",
        ],
        "euros",
    ),
    (
        &["trend", CULTURE, "--area", "272", "--real", "cpi@1999"],
        "2010–2020",
    ),
    (
        &[
            "compare",
            "library.loans_per_inhabitant",
            "--area",
            "272",
            "--period",
            "2012",
            "--territory",
            "then",
        ],
        "2013",
    ),
    (&["compare", CULTURE], "--area"),
    (
        &["groups", CULTURE, "--by", "region", "--aggregate", "sum"],
        "median",
    ),
];

#[test]
fn wrong_arguments_exit_2_and_say_what_is_expected() {
    for (args, part) in WRONG {
        let mut args = args.to_vec();
        args.extend(["--lang", "en"]);
        let (code, text) = failure(&args);
        assert_eq!(code, 2, "{args:?}: {text}");
        assert!(text.contains(part), "{args:?}: {part} is not in {text}");
    }
}

#[test]
fn a_search_without_a_hit_exits_4() {
    let (code, text) = failure(&["indicators", "zzzzqq", "--lang", "en"]);
    assert_eq!(code, 4, "{text}");
    assert!(text.contains("K0404") && text.contains("\"zzzzqq\""), "{text}");
    let (code, text) = failure(&["areas", "zzzz", "--lang", "en"]);
    assert_eq!(code, 4, "{text}");
    assert!(text.contains("K0401") && text.contains("\"zzzz\""), "{text}");
}

#[test]
fn a_group_may_be_given_by_its_name() {
    let rank = |within: &str| json(&["rank", CULTURE, "--order", "desc", "--within", within]);
    let named = rank("region:Keski-Pohjanmaa");
    assert_eq!(named, rank("region:16"));
    assert_eq!(named.as_array().unwrap().len(), 8);
    assert_eq!(named[0]["n"], 8);
}

#[test]
fn a_series_does_not_end_before_it_begins() {
    let (code, text) = failure(&[
        "trend", CULTURE, "--area", "272", "--from", "2019", "--to", "2015", "--lang", "en",
    ]);
    assert_eq!(code, 2, "{text}");
    assert!(
        text.contains("K0501") && text.contains("not before 2019") && text.contains("\"2015\""),
        "{text}"
    );
}

#[test]
fn a_series_on_each_borders_begins_where_borders_are_known() {
    // Loans are known from 2012, borders from 2013-01-01.
    let loans = "library.loans_per_inhabitant";
    let args = ["trend", loans, "--area", "272", "--territory", "then"];
    let series = json(&args);
    let series = series.as_array().unwrap();
    assert_eq!(series.len(), 10);
    assert_eq!(
        (&series[0]["period"], &series[0]["index"]),
        (&json!("2013"), &json!(100))
    );
    let now = json(&["trend", loans, "--area", "272"]);
    assert_eq!(now[0]["period"], "2012");
    let asked = [&args[..], &["--from", "2012", "--lang", "en"]].concat();
    let (code, text) = failure(&asked);
    assert_eq!(code, 2, "{text}");
    assert!(text.contains("K0506") && text.contains("2012"), "{text}");
}

#[test]
fn the_nominal_value_of_real_prices_is_that_of_the_nominal_series() {
    for area in ["272", "091", "541"] {
        let nominal = json(&["trend", CULTURE, "--area", area]);
        for basis in ["cpi@2013", "cpi@2018", "cpi@2020"] {
            let real = json(&["trend", CULTURE, "--area", area, "--real", basis]);
            let (nominal, real) = (nominal.as_array().unwrap(), real.as_array().unwrap());
            assert_eq!((nominal.len(), real.len()), (5, 5));
            for (nominal, real) in nominal.iter().zip(real) {
                assert!(nominal["value"].is_f64());
                assert_eq!(real["value_nominal"], nominal["value"], "{area} {basis}");
            }
        }
    }
}

#[test]
fn a_joint_library_names_the_members_of_the_register() {
    // joint_units.csv: 491 holds 097, 588 and 623. Pertunmaa (588) has since become part of Mäntyharju (507), which has
    // a library of its own.
    let answer = json(&[
        "compare",
        "library.loans_per_inhabitant",
        "--area",
        "Mikkeli",
        "--period",
        "2012",
        "--lang",
        "en",
    ]);
    let notes = answer["notes"].as_array().unwrap();
    let text = |code: &str| {
        let note = notes.iter().find(|note| note["code"] == code);
        note.and_then(|note| note["text"].as_str())
    };
    let joint = text("joint-value").expect("a note");
    for name in ["Mikkeli", "Hirvensalmi", "Pertunmaa", "Puumala"] {
        assert!(joint.contains(name), "{name}: {joint}");
    }
    assert!(!joint.contains("Mäntyharju"), "{joint}");
    assert!(text("joint-derived").is_some(), "{notes:?}");
}
