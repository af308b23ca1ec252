//! Rules against numpy and DuckDB on random panels.

use super::{answers, check, known, round, rules};
use crate::oracle;
use kultti_core::model::AreaCode;
use kultti_core::rules::{Known, Outcome, Record, Records};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

const COST: &str = "library.operating_cost";

/// A draw from 0 to 1.
fn draw(random: &mut ChaCha8Rng) -> f64 {
    (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}

/// A panel of municipalities of very different sizes, some with a figure in another unit, some without one.
fn panel(seed: u64, count: usize) -> (Records, Json) {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut records: Vec<Record> = Vec::new();
    let mut areas: BTreeMap<AreaCode, Known> = BTreeMap::new();
    let mut rows = Vec::new();
    for place in 0..count {
        let area = format!("{place:03}");
        let inhabitants = (10_f64.powf(2.5 + 3.0 * draw(&mut random))).round();
        let group = ["a", "b", "c"][(draw(&mut random) * 3.0) as usize];
        let before = (inhabitants * 60.0 * (0.5 + draw(&mut random))).round();
        let mut now = (before * (0.8 + 0.4 * draw(&mut random))).round();
        let fate = draw(&mut random);
        let mut previous = Some(before);
        if fate < 0.08 {
            now *= 10_f64.powf((draw(&mut random) - 0.5) * 14.0);
        } else if fate < 0.12 {
            now = 0.0;
        } else if fate < 0.2 {
            previous = None;
        } else if fate < 0.24 {
            previous = Some(0.0);
        } else if fate < 0.27 {
            now = -now;
        }
        let figures: &[(&str, f64)] = &[(COST, now)];
        records.push(answers(
            &area,
            if (0.3..0.34).contains(&fate) { &[] } else { figures },
        ));
        let value = (!(0.3..0.34).contains(&fate)).then_some(now);
        let mut of_area = known(inhabitants, &[]);
        of_area
            .previous
            .extend(previous.map(|before| (COST.into(), before)));
        of_area.group = Some(group.to_owned());
        areas.insert(area.as_str().into(), of_area);
        rows.push(json!({
            "area": area, "inhabitants": inhabitants, "group": group, "previous": previous, "value": value,
        }));
    }
    (round(records, areas), Json::Array(rows))
}

fn ask(question: &Json) -> Option<Json> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("question.json");
    std::fs::write(&path, question.to_string()).expect("written");
    oracle::run("check_rules.py", &[&path])
}

fn failing(records: &Records, fields: &str) -> BTreeSet<String> {
    let cases = check(&rules(fields), records).cases;
    let fails = cases.into_iter().filter(|case| case.outcome == Outcome::Fail);
    fails.map(|case| case.area.to_string()).collect()
}

fn texts(list: &Json) -> BTreeSet<String> {
    let list = list.as_array().expect("a list");
    list.iter()
        .map(|text| text.as_str().expect("a text").to_owned())
        .collect()
}

#[test]
fn panels_are_judged_as_by_numpy() {
    let mut judged = [0; 3];
    for (seed, count) in [(1, 309), (2, 60), (3, 25), (4, 12), (5, 309)] {
        let (records, rows) = panel(seed, count);
        let Some(expected) = ask(&json!({ "panel": rows })) else {
            return;
        };
        let measures = format!("measures = [\"{COST}\"]");
        let unlike = failing(
            &records,
            &format!("kind = \"hidiroglou-berthelot\"\n{measures}\nu = 0.4\na = 0.05\nc = 4"),
        );
        // What is no pair of positive values is a finding of its own.
        let turned = texts(&expected["turned"]);
        let alone: BTreeSet<String> = unlike.difference(&turned).cloned().collect();
        assert_eq!(alone, texts(&expected["unlike"]), "seed {seed}");
        assert!(turned.is_subset(&unlike), "seed {seed}");
        let peers = failing(
            &records,
            &format!("kind = \"peers\"\n{measures}\nthreshold = 3.5"),
        );
        assert_eq!(peers, texts(&expected["peers"]), "seed {seed}");
        let units = check(&rules(&format!("kind = \"unit\"\n{measures}")), &records);
        let repairs: BTreeMap<String, f64> = units
            .findings
            .iter()
            .map(|finding| {
                (
                    finding.area.to_string(),
                    finding.repair.as_ref().expect("a repair").value,
                )
            })
            .collect();
        let wanted = expected["units"].as_object().expect("units");
        assert_eq!(
            repairs.keys().collect::<Vec<_>>(),
            wanted.keys().collect::<Vec<_>>(),
            "seed {seed}"
        );
        for (area, repair) in &repairs {
            let want = wanted[area].as_f64().expect("a repair");
            assert!(
                (repair - want).abs() <= 1e-9 * want.abs(),
                "seed {seed}, {area}: {repair} not {want}"
            );
        }
        judged[0] += alone.len();
        judged[1] += peers.len();
        judged[2] += repairs.len();
    }
    assert!(
        judged.iter().all(|count| *count > 5),
        "panels without findings prove nothing: {judged:?}"
    );
}

/// Expressions with what they may meet: something missing, zero, negative figures, halves, and edges of a tolerance.
const EXPRESSIONS: [(&str, &str, &str); 34] = [
    ("", "library.visits > 0", ""),
    ("", "library.visits = library.loans", ""),
    ("", "library.visits <> library.loans", ""),
    ("", "library.visits + library.loans >= museum.visits * 2", ""),
    ("", "library.visits / library.loans <= 1", ""),
    ("library.loans <> 0", "library.visits / library.loans < 1 / 2", ""),
    (
        "library.visits > 0 and library.loans > 0",
        "library.visits > library.loans",
        "",
    ),
    (
        "library.visits > 0 or library.loans > 0",
        "museum.visits is not null",
        "",
    ),
    ("not library.visits > 0", "library.loans is null", ""),
    ("", "library.visits between library.loans and museum.visits", ""),
    ("", "library.visits not between -1 and 1", ""),
    ("", "library.visits in (0, 1, 2.5, -3)", ""),
    ("", "library.visits not in (0, library.loans)", ""),
    (
        "",
        "case when library.visits > 0 then library.loans > 0 when library.visits < 0 then true end",
        "",
    ),
    (
        "",
        "case when library.visits is null then 0 else library.visits end >= library.loans",
        "",
    ),
    ("", "coalesce(library.visits, library.loans, 0) >= 0", ""),
    ("", "abs(library.visits) = library.visits", ""),
    (
        "",
        "greatest(library.visits, library.loans) > least(library.visits, museum.visits)",
        "",
    ),
    ("", "nullif(library.visits, 0) > -5", ""),
    ("", "round(library.visits) = library.visits", ""),
    ("", "round(library.visits / 7, 2) > floor(library.visits / 7)", ""),
    ("", "ceil(library.visits / 2) - floor(library.visits / 2) = 1", ""),
    ("", "sign(library.visits) * sign(library.loans) > 0", ""),
    ("", "(library.visits > 0) is not true", ""),
    (
        "previous(library.visits) > 0",
        "library.visits / previous(library.visits) < 3",
        "",
    ),
    ("", "library.visits = library.loans", "0.5"),
    ("", "library.visits * -1 = 0", ""),
    ("", "-library.visits >= 0", ""),
    ("", "0 / library.loans = 0", ""),
    ("", "1 / (library.visits * -1) < 1000", ""),
    ("", "ceil(library.visits / -10) >= 0", ""),
    ("", "round(library.visits / -10) in (0, 1)", ""),
    ("", "library.visits + 1 <= library.loans", "abs(museum.visits)"),
    (
        "",
        "library.visits >= library.loans + museum.visits",
        "0.1 * library.visits",
    ),
];

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn expressions_are_judged_as_by_duckdb() {
    let values = [
        None,
        Some(0.0),
        Some(-0.0),
        Some(1.0),
        Some(2.5),
        Some(-3.0),
        Some(3.0),
        Some(0.5),
        Some(1e9),
    ];
    let mut records = Vec::new();
    let mut areas = BTreeMap::new();
    let mut rows = Vec::new();
    for (place, visits) in values.iter().enumerate() {
        for (other, loans) in values.iter().enumerate() {
            let (museum, before) = (
                values[(place * 7 + other * 3) % 9],
                values[(place * 5 + other) % 9],
            );
            let area = format!("{place}{other}");
            let figures = [
                ("library.visits", *visits),
                ("library.loans", *loans),
                ("museum.visits", museum),
            ];
            let figures: Vec<(&str, f64)> = figures
                .iter()
                .filter_map(|(id, value)| Some((*id, (*value)?)))
                .collect();
            records.push(answers(&area, &figures));
            let mut of_area = Known::default();
            of_area
                .previous
                .extend(before.map(|before| ("library.visits".into(), before)));
            areas.insert(area.as_str().into(), of_area);
            rows.push(
                json!({ "area": area, "visits": visits, "loans": loans, "museum": museum, "before": before }),
            );
        }
    }
    let records = round(records, areas);
    let asked: Vec<Json> = EXPRESSIONS
        .iter()
        .map(|(when, assert, tolerance)| json!({ "when": when, "assert": assert, "tolerance": tolerance }))
        .collect();
    let Some(answer) = ask(&json!({ "rows": rows, "rules": asked })) else {
        return;
    };
    let mut seen = BTreeSet::new();
    for ((when, assert, tolerance), expected) in
        EXPRESSIONS.iter().zip(answer["rules"].as_array().expect("rules"))
    {
        let mut fields = format!(
            "kind = \"sql\"\nassert = \"{assert}\"\nmessage = {{ fi = \"a\", sv = \"b\", en = \"c\" }}"
        );
        if !when.is_empty() {
            fields.push_str(&format!("\nwhen = \"{when}\""));
        }
        if !tolerance.is_empty() {
            fields.push_str(&format!("\ntolerance = \"{tolerance}\""));
        }
        let found: BTreeMap<String, &str> = check(&rules(&fields), &records)
            .cases
            .iter()
            .map(|case| (case.area.to_string(), case.outcome.name()))
            .collect();
        let expected: BTreeMap<String, &str> = expected
            .as_object()
            .expect("outcomes")
            .iter()
            .map(|(area, outcome)| (area.clone(), outcome.as_str().expect("an outcome")))
            .collect();
        seen.extend(found.values().copied());
        assert_eq!(
            found, expected,
            "when {when} assert {assert} tolerance {tolerance}"
        );
    }
    assert_eq!(seen, BTreeSet::from(["pass", "fail", "missing"]));
}

/// A number beyond the range of doubles is larger than any other, and what is neither true nor false of it is missing.
#[test]
fn an_expression_beyond_the_range_of_doubles_does_not_pass() {
    for (assert, outcome) in [
        ("library.visits * 1e300 * 1e300 = 5", Outcome::Fail),
        ("library.visits * 1e300 * 1e300 > 5", Outcome::Pass),
        ("1 / (library.visits - 1) > 0", Outcome::Missing),
    ] {
        let rules = rules(&format!(
            "kind = \"sql\"\nassert = \"{assert}\"\nmessage = {{ fi = \"a\", sv = \"b\", en = \"c\" }}"
        ));
        let checked = check(
            &rules,
            &super::form(answers("272", &[("library.visits", 1.0)]), Known::default()),
        );
        assert_eq!(super::outcomes(&checked), [outcome], "{assert}");
    }
}
