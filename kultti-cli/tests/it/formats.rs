//! Machine formats: the same records in each, free of language, clean in a pipe.

use super::{failure, json, kultti, stdout};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

const RANK: [&str; 6] = [
    "rank",
    "library.loans_per_inhabitant",
    "--period",
    "2018",
    "--order",
    "desc",
];

fn with<'a>(format: &'a str, language: &'a str) -> Vec<&'a str> {
    let mut args = RANK.to_vec();
    args.extend(["--format", format, "--lang", language]);
    args
}

#[test]
fn csv_tsv_and_json_lines_hold_what_json_holds() {
    let records = json(&RANK);
    let records = records.as_array().unwrap();
    let lines: Vec<Value> = stdout(&with("jsonl", "fi"))
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(&lines, records);
    for (format, separator) in [("csv", ','), ("tsv", '\t')] {
        let text = stdout(&with(format, "fi"));
        let mut rows = text.lines().map(|line| line.split(separator).collect::<Vec<_>>());
        let header = rows.next().unwrap();
        assert_eq!(&header[..5], ["code", "name", "value", "rank", "percent_rank"]);
        for (row, record) in rows.by_ref().zip(records) {
            assert_eq!(row[0], record["code"].as_str().unwrap());
            let value = (!row[2].is_empty()).then(|| row[2].parse::<f64>().expect("a decimal point"));
            assert_eq!(value, record["value"].as_f64());
            assert_eq!(row[6], record["missing"]["code"].as_str().unwrap_or_default());
        }
        assert_eq!(text.lines().count(), records.len() + 1);
    }
}

#[test]
fn figures_do_not_depend_on_the_language() {
    let strip = |text: String| -> Vec<String> {
        text.lines()
            .skip(1)
            .map(|line| {
                line.split('\t')
                    .enumerate()
                    .filter(|(i, _)| *i != 1)
                    .map(|(_, c)| c)
                    .collect()
            })
            .collect()
    };
    assert_eq!(
        strip(stdout(&with("tsv", "fi"))),
        strip(stdout(&with("tsv", "en")))
    );
}

#[test]
fn piped_output_is_tsv_without_colour() {
    let text = stdout(&RANK);
    assert!(text.starts_with("code\tname\tvalue\t"), "{text}");
    assert!(!text.contains('\u{1b}'));
}

#[test]
fn a_reader_that_leaves_early_ends_the_program_quietly() {
    for format in ["tsv", "csv", "json", "jsonl", "table", "md"] {
        let mut child = kultti(&with(format, "en"))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{format}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{format}");
    }
}

#[test]
fn a_reader_of_the_help_may_leave_early_too() {
    let mut child = kultti(&["--help"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn an_error_can_be_one_json_object() {
    let (code, text) = failure(&[
        "areas",
        "x",
        "--release",
        "/nowhere/at/all.parquet",
        "--error-format",
        "json",
    ]);
    assert_eq!(code, 3);
    let error: Value = serde_json::from_str(text.trim()).expect("one JSON object");
    assert_eq!(error["code"], "K0101");
    assert_eq!(error["fields"]["path"], "/nowhere/at/all.parquet");
}

#[test]
fn impossible_numbers_are_null() {
    // Åland has no figure in the library statistics' year 2018 rows; Siuntio's published zero means missing.
    let records = json(&RANK);
    let siuntio = records
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["code"] == "755")
        .unwrap();
    assert_eq!(siuntio["value"], Value::Null);
    assert_eq!(siuntio["status"], "O");
    assert_eq!(siuntio["missing"]["code"], "missing");
}

#[test]
fn a_command_line_that_cannot_be_read_is_json_too() {
    for args in [
        &[
            "compare",
            "x",
            "--area",
            "272",
            "--perod",
            "2019",
            "--error-format",
            "json",
        ][..],
        &["compare", "x", "--error-format=json"],
    ] {
        let (code, text) = failure(args);
        assert_eq!(code, 2);
        let error: Value = serde_json::from_str(text.trim()).expect("one JSON object");
        assert_eq!(error["code"], "usage");
        assert!(
            error["text"].as_str().is_some_and(|text| text.contains("--")),
            "{error}"
        );
    }
}

#[test]
fn a_value_that_cannot_be_read_is_refused_in_the_readers_language() {
    let asked = ["compare", "x", "--area", "272", "--bands", "statistcal"];
    for (language, words) in [
        ("fi", "virhe (K0501): bands: odotettiin"),
        ("sv", "fel (K0501): bands: förväntat"),
        ("en", "error (K0501): bands: expected"),
    ] {
        let (code, text) = failure(&[&asked[..], &["--lang", language]].concat());
        assert_eq!(code, 2);
        assert!(text.starts_with(words) && text.contains("statistcal"), "{text}");
    }
    let (code, text) = failure(&[&asked[..], &["--lang=sv", "--error-format=json"]].concat());
    let error: Value = serde_json::from_str(text.trim()).expect("one JSON object");
    assert_eq!((code, error["code"].as_str()), (2, Some("K0501")));
    assert_eq!(error["fields"]["found"], "statistcal");
    for wrong in [
        ["--period", "19"],
        ["--territory", "yesterday"],
        ["--real", "2018"],
        ["--aggregate", "modus"],
        ["--intervals", "90"],
    ] {
        let asked = [
            "compare", "x", "--area", "272", wrong[0], wrong[1], "--lang", "fi",
        ];
        let (code, text) = failure(&asked);
        assert_eq!(code, 2);
        assert!(text.starts_with("virhe (K") && text.contains(wrong[1]), "{text}");
    }
}
