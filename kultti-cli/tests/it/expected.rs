//! The cost that is typical of a structure, as its users ask for it.

use super::{failure, json, stdout};

const LIBRARY: &str = "library.net_operating_cost_per_inhabitant";

#[test]
fn an_area_stands_beside_what_is_expected_of_it() {
    let answer = json(&[
        "expected", LIBRARY, "--area", "Kokkola", "--period", "2019", "--lang", "en",
    ]);
    assert_eq!(answer["schema"], 1);
    assert_eq!(answer["model"]["definition"], "structure@1");
    let area = &answer["areas"][0];
    // 2,861,000 / 47,681.
    assert_eq!(area["numerator"], 2_861_000);
    assert_eq!(area["denominator"], 47_681);
    let (value, expected) = (
        area["value"].as_f64().unwrap(),
        area["expected"].as_f64().unwrap(),
    );
    let budget = (value - expected) * 47_681.0;
    assert!((area["budget_difference"].as_f64().unwrap() - budget).abs() < 1e-6 * budget.abs());
    let codes: Vec<&str> = answer["notes"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|note| note["code"].as_str())
        .collect();
    for code in [
        "expected-indicative",
        "expected-not-in-model",
        "capacity-not-need",
    ] {
        assert!(codes.contains(&code), "{codes:?}");
    }
}

#[test]
fn the_table_names_the_next_step_and_the_rows_are_complete() {
    let asked = [
        "expected", LIBRARY, "--area", "272", "--period", "2019", "--lang", "en",
    ];
    let text = stdout(&[&asked[..], &["--format", "table"]].concat());
    assert!(text.contains("--explain"), "{text}");
    assert!(text.contains("neither a norm nor a target"), "{text}");
    let rows = stdout(&["expected", LIBRARY, "--period", "2019", "--format", "csv"]);
    let mut lines = rows.lines();
    assert!(
        lines
            .next()
            .unwrap()
            .starts_with("code,name,value,expected,lower,upper,difference,residual")
    );
    // Every municipality of the borders of 2026 has a row.
    assert_eq!(lines.count(), 308);
    let why = stdout(&[&asked[..], &["--format", "table", "--explain"]].concat());
    assert!(why.contains("ln(47681)"), "{why}");
}

#[test]
fn a_cost_with_many_zeros_names_the_way_out() {
    let museum = "museum.net_operating_cost_per_inhabitant";
    let (code, text) = failure(&["expected", museum, "--period", "2019", "--lang", "fi"]);
    assert_eq!(code, 2);
    assert!(
        text.contains("K0741") && text.contains("--method quasi-poisson"),
        "{text}"
    );
    let (code, text) = failure(&["expected", LIBRARY, "--variables", "population.total:sqrt"]);
    assert_eq!(code, 2);
    assert!(text.contains("INDICATOR[@PERIOD][:log]"), "{text}");
}
