//! `change` and the trend of series at the shell; expected figures are sums of the tables under `datasets/finland`.

use super::{failure, json, stdout};
use serde_json::Value;

const LIBRARY: &str = "library.net_operating_cost_per_inhabitant";

fn number(value: &Value, pointer: &str) -> f64 {
    let found = value.pointer(pointer).and_then(Value::as_f64);
    assert!(found.is_some(), "no number at {pointer} of {value}");
    found.expect("a number")
}

#[test]
fn change_answers_with_the_promised_names() {
    let answer = json(&[
        "change",
        LIBRARY,
        "--by",
        "region:16",
        "--from",
        "2015",
        "--to",
        "2019",
        "--list",
    ]);
    for name in [
        "schema",
        "indicator",
        "unit",
        "from",
        "to",
        "territory",
        "release",
        "grouping",
        "rows",
        "notes",
    ] {
        assert!(answer.get(name).is_some(), "{name}");
    }
    let row = &answer["rows"][0];
    for name in [
        "group",
        "name",
        "from",
        "to",
        "absolute",
        "relative",
        "cagr",
        "panel",
        "decomposition",
        "within",
        "between",
        "areas",
    ] {
        assert!(row.get(name).is_some(), "{name}");
    }
    assert_eq!(row["panel"]["kind"], "constant");
    assert_eq!(
        (&row["panel"]["n"], &row["panel"]["members"]),
        (&8.into(), &8.into())
    );
    assert_eq!(row["decomposition"]["method"], "shapley");
    let sum = number(row, "/decomposition/price")
        + number(row, "/decomposition/volume")
        + number(row, "/decomposition/population");
    assert!((sum - number(row, "/absolute")).abs() < 1e-12);
    assert_eq!(row["areas"].as_array().map(Vec::len), Some(8));
    // Kokkola: 2,861,000 / 47,681 in 2019.
    let kokkola = row["areas"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|area| area["code"] == "272");
    let to = kokkola.map(|area| number(area, "/to"));
    assert_eq!(to, Some(2_861_000.0 / 47_681.0));
}

#[test]
fn a_table_has_a_row_for_each_group_or_listed_area() {
    let asked = [
        "change", LIBRARY, "--by", "region", "--from", "2015", "--to", "2019", "--format", "csv",
    ];
    let groups = stdout(&asked);
    assert_eq!(groups.lines().count(), 1 + 19);
    assert!(
        groups.starts_with(
            "group,name,value_from,value_to,absolute,relative,relative_missing,cagr,cagr_missing,"
        ),
        "{groups}"
    );
    let listed = stdout(&[&asked[..], &["--list"]].concat());
    assert!(listed.starts_with("code,area,area_from,"), "{listed}");
    assert_eq!(listed.lines().count(), 1 + 308);
}

#[test]
fn people_read_it_in_three_languages_on_a_narrow_terminal() {
    for (language, words) in [
        ("fi", ["Mistä muutos koostuu", "väestö", "samoja alueita"]),
        (
            "sv",
            ["Vad förändringen består av", "befolkning", "samma områden"],
        ),
        (
            "en",
            ["What the change is made of", "population", "the same areas"],
        ),
    ] {
        let text = super::kultti(&[
            "change", LIBRARY, "--by", "region", "--from", "2015", "--to", "2019",
        ])
        .args(["--lang", language, "--format", "table"])
        .env("COLUMNS", "80")
        .output()
        .expect("the program starts");
        let text = String::from_utf8(text.stdout).expect("UTF-8");
        let plain = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for word in words {
            assert!(plain.contains(word), "{word}: {text}");
        }
        // Only headings that cannot be broken may be wider.
        let wide = text.lines().filter(|line| line.chars().count() > 80).count();
        assert!(wide <= 1, "{text}");
    }
}

#[test]
fn a_trend_tells_its_slope_and_test() {
    let rows = json(&[
        "trend",
        "culture.net_operating_cost_per_inhabitant",
        "--area",
        "272",
        "--index",
        "2016",
    ]);
    let row = &rows[0];
    assert_eq!((&row["n"], &row["method"]), (&5.into(), &"exact".into()));
    // Of the ten pairs of 164.56, 160.59, 158.31, 151.96 and 154.59 one rises: S = −8, and |S| ≥ 8 in 10 of 120 orders.
    assert_eq!(row["s"], -8);
    assert!((number(row, "/p") - 10.0 / 120.0).abs() < 1e-15);
    assert_eq!(number(&rows[1], "/index"), 100.0);
    let text = stdout(&[
        "trend",
        LIBRARY,
        "--group",
        "region:16",
        "--lang",
        "fi",
        "--format",
        "table",
    ]);
    assert!(
        text.contains("ketjuindeksi") && text.contains("Keski-Pohjanmaa"),
        "{text}"
    );
}

#[test]
fn explain_walks_a_change_back() {
    let answer = json(&[
        "change",
        LIBRARY,
        "--by",
        "region:16",
        "--from",
        "2015",
        "--to",
        "2019",
        "--explain",
    ]);
    assert_eq!(answer["inputs"].as_array().map(Vec::len), Some(2));
    assert_eq!(answer["inputs"][0]["period"], "2015");
    let steps = answer["steps"].as_array().into_iter().flatten();
    assert!(steps.filter(|step| step["step"] == "within-between").count() == 1);
}

#[test]
fn what_cannot_be_answered_says_what_to_do_in_three_languages() {
    let cases: [(&[&str], i32, [&str; 3]); 5] = [
        (
            &["--from", "2019", "--to", "2015"],
            2,
            ["odotettiin", "förväntat", "expected"],
        ),
        (
            &["--from", "2014"],
            4,
            ["saatavilla", "tillgängliga", "available"],
        ),
        (
            &["--territory", "then"],
            2,
            ["--territory", "--territory", "--territory"],
        ),
        (&["--by", "regio"], 4, ["Tarkoititko", "Menade", "Did you mean"]),
        (
            &["--real", "cpi@1999"],
            2,
            ["saatavilla", "tillgängliga", "available"],
        ),
    ];
    for (args, code, words) in cases {
        for (language, word) in ["fi", "sv", "en"].into_iter().zip(words) {
            let asked = [&["change", LIBRARY, "--lang", language], args].concat();
            let (found, text) = failure(&asked);
            assert_eq!(found, code, "{text}");
            assert!(text.contains(word), "{text}");
        }
    }
    let (code, text) = failure(&["trend", LIBRARY, "--area", "272", "--chain", "-1"]);
    assert_eq!(code, 2);
    assert!(text.contains("> 0"), "{text}");
    assert_eq!(failure(&["trend", LIBRARY]).0, 2);
}
