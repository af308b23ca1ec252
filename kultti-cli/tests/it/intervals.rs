//! `intervals` at a shell, and intervals beside other figures.

use super::{failure, json, stdout};

const SHARE: &str = "population.share_0_17";
const CULTURE: &str = "culture.net_operating_cost_per_inhabitant";

#[test]
fn intervals_answer_with_the_promised_names() {
    let answer = json(&[
        "intervals",
        SHARE,
        "--within",
        "region:16",
        "--test",
        "Kokkola,Kannus,country",
    ]);
    for name in [
        "schema",
        "indicator",
        "definition",
        "unit",
        "period",
        "territory",
        "release",
        "level",
        "method",
        "kind",
        "whole",
        "rows",
        "funnel",
        "tests",
        "left_out",
        "notes",
    ] {
        assert!(answer.get(name).is_some(), "{name}");
    }
    assert_eq!(
        (answer["level"].as_f64(), answer["method"].as_str()),
        (Some(95.0), Some("wilson"))
    );
    assert_eq!(answer["rows"].as_array().map(Vec::len), Some(8));
    assert_eq!(answer["tests"].as_array().map(Vec::len), Some(3));
    let row = &answer["rows"][0];
    let number = |name: &str| row[name].as_f64().expect("a number");
    assert!(number("lower") < number("value") && number("value") < number("upper"));
}

#[test]
fn a_funnel_may_name_its_form() {
    let auto = json(&["intervals", SHARE, "--by", "region", "--funnel"]);
    assert_eq!(auto["funnel"]["dispersion"], "additive");
    let chance = json(&[
        "intervals",
        SHARE,
        "--by",
        "region",
        "--funnel",
        "none",
        "--level",
        "99.8",
    ]);
    assert_eq!(chance["funnel"]["dispersion"], "none");
    assert_eq!(chance["level"].as_f64(), Some(99.8));
}

#[test]
fn intervals_read_in_three_languages_and_on_a_narrow_page() {
    for (language, words) in [
        (
            "fi",
            [
                "Satunnaisvaihtelun väli 95",
                "otantavirhettä",
                "Erojen testit",
                "muut alueet",
            ],
        ),
        (
            "sv",
            [
                "Slumpvariationens intervall 95",
                "urvalsfel",
                "Test av skillnader",
                "övriga områden",
            ],
        ),
        (
            "en",
            [
                "Interval of chance 95",
                "sampling error",
                "Tests of differences",
                "other areas",
            ],
        ),
    ] {
        let text = stdout(&[
            "intervals",
            SHARE,
            "--within",
            "region:16",
            "--test",
            "272,country",
            "--format",
            "table",
            "--lang",
            language,
        ]);
        for word in words {
            assert!(text.contains(word), "{word}: {text}");
        }
    }
}

#[test]
fn other_verbs_show_intervals_where_they_are_asked_for() {
    let asked = ["compare", SHARE, "--area", "Kokkola", "--intervals"];
    let answer = json(&asked);
    assert_eq!(answer["interval"]["level"].as_f64(), Some(95.0));
    assert!(answer["peers"][0]["significance"].is_string());
    let text = stdout(&[&asked[..], &["99.8", "--format", "table", "--lang", "fi"]].concat());
    assert!(
        text.contains("Satunnaisvaihtelun väli 99,8") && text.contains("välin mukaan"),
        "{text}"
    );
    let text = stdout(&[
        "groups",
        SHARE,
        "--by",
        "region",
        "--intervals",
        "--format",
        "csv",
    ]);
    assert!(
        text.lines()
            .next()
            .is_some_and(|line| line.contains(",lower,upper,interval_missing,"))
    );
    let plain = stdout(&["groups", SHARE, "--by", "region", "--format", "csv"]);
    assert!(!plain.contains("lower"));
}

#[test]
fn euros_are_refused_in_three_languages() {
    for (language, reason) in [
        ("fi", "eurot eivät ole lukumääriä"),
        ("sv", "euro är inte antal"),
        ("en", "euros are not counts"),
    ] {
        for asked in [
            &["intervals", CULTURE, "--lang", language][..],
            &[
                "compare",
                CULTURE,
                "--area",
                "272",
                "--intervals",
                "--lang",
                language,
            ],
            &[
                "groups",
                CULTURE,
                "--by",
                "region",
                "--intervals",
                "--lang",
                language,
            ],
        ] {
            let (code, text) = failure(asked);
            assert_eq!(code, 2);
            assert!(text.contains("K0508") && text.contains(reason), "{text}");
        }
    }
    for option in [["--level", "90"], ["--method", "wald"], ["--funnel", "wide"]] {
        let (code, text) = failure(&["intervals", SHARE, option[0], option[1]]);
        assert!(code == 2 && text.contains(option[1]), "{text}");
    }
}
