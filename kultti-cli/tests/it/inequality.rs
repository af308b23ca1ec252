//! `inequality` at a shell.

use super::{failure, json, stdout};

const CULTURE: &str = "culture.net_operating_cost_per_inhabitant";

#[test]
fn inequality_answers_with_the_promised_names() {
    let answer = json(&["inequality", CULTURE, "--by", "region", "--period", "2019"]);
    for name in [
        "schema",
        "indicator",
        "definition",
        "unit",
        "period",
        "territory",
        "release",
        "gini",
        "theil",
        "lorenz",
        "n",
        "members",
        "coverage_areas",
        "coverage_denominator",
        "status",
        "missing",
        "groups",
        "left_out",
        "notes",
    ] {
        assert!(answer.get(name).is_some(), "{name}");
    }
    let number = |value: &serde_json::Value| value.as_f64().expect("a number");
    let theil = &answer["theil"];
    let parts = number(&theil["within"]) + number(&theil["between"]);
    assert!((parts - number(&theil["total"])).abs() < 1e-12);
    assert_eq!(answer["groups"].as_array().map(Vec::len), Some(19));
    assert_eq!(
        (&answer["n"], &answer["lorenz"][0]["numerator"]),
        (&308.into(), &0.into())
    );
}

#[test]
fn it_reads_in_three_languages_and_names_the_next_command() {
    for (language, words) in [
        (
            "fi",
            [
                "Alueiden välinen eriarvoisuus",
                "Ryhmien sisällä ja välillä:",
                "osuus jakajasta",
            ],
        ),
        (
            "sv",
            [
                "Ojämlikhet mellan områdena",
                "Inom och mellan grupper:",
                "andel av nämnaren",
            ],
        ),
        (
            "en",
            [
                "Inequality between areas",
                "Within and between groups:",
                "share of denominator",
            ],
        ),
    ] {
        let text = stdout(&[
            "inequality",
            CULTURE,
            "--period",
            "2019",
            "--format",
            "table",
            "--lang",
            language,
        ]);
        for word in words {
            assert!(text.contains(word), "{word}: {text}");
        }
        let command = text.split("kultti inequality ").nth(1).expect("a next command");
        let args: Vec<&str> = std::iter::once("inequality")
            .chain(command.split_whitespace())
            .collect();
        assert!(stdout(&args).lines().count() > 19);
    }
}

#[test]
fn the_first_row_of_the_flat_form_is_the_country() {
    let text = stdout(&[
        "inequality",
        CULTURE,
        "--by",
        "language",
        "--period",
        "2019",
        "--format",
        "csv",
        "--lang",
        "en",
    ]);
    let mut lines = text.lines();
    assert!(
        lines
            .next()
            .is_some_and(|line| line.starts_with("group,name,gini,theil,theil_within,theil_between,mean,"))
    );
    assert!(
        lines
            .next()
            .is_some_and(|line| line.starts_with("SSS,Whole country,"))
    );
}

#[test]
fn what_has_no_parts_is_refused_in_three_languages() {
    for (language, reason) in [
        (
            "fi",
            "eriarvoisuus ei ole laskettavissa: luku on julkaistu valmiina suhdelukuna",
        ),
        (
            "sv",
            "ojämlikheten kan inte beräknas: siffran är publicerad som en färdig kvot",
        ),
        (
            "en",
            "inequality cannot be computed: the figure is published as a finished ratio",
        ),
    ] {
        let (code, text) = failure(&["inequality", "library.loans_per_inhabitant", "--lang", language]);
        assert_eq!(code, 2);
        assert!(text.contains("K0508") && text.contains(reason), "{text}");
    }
    let (code, text) = failure(&["inequality", CULTURE, "--by", "regoin", "--lang", "en"]);
    assert_eq!(code, 4);
    assert!(text.contains("region"), "{text}");
}

#[test]
fn every_figure_of_a_group_stands_under_its_heading() {
    let asked = [
        "inequality",
        "culture.net_operating_cost_per_inhabitant",
        "--by",
        "region",
        "--lang",
        "en",
    ];
    let answer = json(&asked);
    let group = &answer["groups"][0];
    let table = stdout(&[&asked[..], &["--format", "md"]].concat());
    let cells = |start: &str| -> Vec<String> {
        let line = table
            .lines()
            .find(|line| line.starts_with(start))
            .expect("a line");
        line.split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    let (head, row) = (cells("| code |"), cells("| 01 |"));
    assert_eq!(head.len(), row.len());
    let under = |heading: &str| {
        let place = head.iter().position(|cell| cell == heading).expect("a heading");
        row[place].clone()
    };
    assert_eq!(under("group"), "Uusimaa");
    assert_eq!(under("Gini"), format!("{:.3}", group["gini"].as_f64().unwrap()));
    assert_eq!(under("value"), format!("{:.2}", group["mean"].as_f64().unwrap()));
}
