//! `compare-all`: files, streams, summaries, and how they end when they cannot go on.

use super::{failure, json, kultti, run, stdout};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;

const COSTS: &str = "*.net_operating_cost_per_inhabitant";
const COLUMNS: &str = "rank,percent_rank,z,difference:region,change_relative,index:2015";

/// An empty folder of its own for a test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[test]
fn rows_stream_to_standard_output() {
    let all = [
        "compare-all",
        "--indicators",
        COSTS,
        "--columns",
        "change",
        "--period",
        "2018..2019",
    ];
    let csv = stdout(&[&all[..], &["--format", "csv"]].concat());
    let mut lines = csv.lines();
    assert_eq!(
        lines.next(),
        Some("indicator,period,area,value,status,missing,change")
    );
    let tsv = stdout(&all);
    assert_eq!(tsv.replace('\t', ","), csv, "TSV is what a pipe gets unless told");
    // The same figures as `trend` has, spelled the same.
    let trend = [
        "trend",
        "library.net_operating_cost_per_inhabitant",
        "--area",
        "Kokkola",
        "--from",
        "2018",
    ];
    let trend = stdout(&[&trend[..], &["--format", "csv"]].concat());
    let cells: Vec<&str> = trend.lines().nth(2).unwrap().split(',').collect();
    let row = format!(
        "library.net_operating_cost_per_inhabitant,2019,272,{},A,,{}",
        cells[2], cells[3]
    );
    assert!(csv.contains(&row), "{row}");

    // In the borders of the year some members of joint units have no figure of their own.
    let all = [&all[..], &["--territory", "then"]].concat();
    let array = json(&all);
    let rows = array.as_array().expect("an array");
    let lines = stdout(&[&all[..], &["--format", "jsonl"]].concat());
    let objects: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(&objects, rows);
    let csv = stdout(&[&all[..], &["--format", "csv"]].concat());
    assert_eq!(rows.len(), csv.lines().count() - 1);
    let without = rows
        .iter()
        .find(|row| row["value"].is_null())
        .expect("a missing value");
    assert!(without["missing"]["code"].is_string(), "{without}");
}

#[test]
fn the_summary_counts_what_the_rows_hold() {
    let all = [
        "compare-all",
        "--indicators",
        COSTS,
        "--columns",
        COLUMNS,
        "--order",
        "desc",
    ];
    let summary = json(&[&all[..], &["--summary"]].concat());
    let rows = json(&all);
    let rows = rows.as_array().unwrap();
    assert_eq!(summary["schema"], 1);
    assert_eq!(summary["territory"], "2026-01-01");
    assert_eq!(summary["rows"], rows.len());
    assert_eq!(summary["indicators_without_data"], json!([]));
    for column in summary["columns"].as_array().unwrap() {
        let values: Vec<f64> = rows
            .iter()
            .filter_map(|row| row[column["column"].as_str().unwrap()].as_f64())
            .collect();
        assert_eq!(column["n"], values.len());
        assert_eq!(column["missing"], rows.len() - values.len());
        let sum: f64 = values.iter().sum();
        let found = column["sum"].as_f64().unwrap();
        assert!((found - sum).abs() <= 1e-9 * values.iter().map(|value| value.abs()).sum::<f64>());
        let largest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        assert_eq!(column["max"].as_f64(), Some(largest));
        assert_eq!(column["checksum"].as_str().unwrap().len(), 16);
    }
    let status = summary["status"].as_object().unwrap();
    assert_eq!(
        status.values().filter_map(Value::as_u64).sum::<u64>(),
        rows.len() as u64
    );

    let text = stdout(&[&all[..], &["--format", "table", "--lang", "en"]].concat());
    assert!(text.contains("Comparison of all indicators"), "{text}");
    // Lines are broken at blanks.
    let words: Vec<&str> = text.split_whitespace().collect();
    assert!(
        words.ends_with(&["--order", "descending", "-o", "all.parquet"]),
        "{text}"
    );
}

#[test]
fn the_bytes_do_not_depend_on_the_threads() {
    let folder = folder("compare-all-threads");
    for ending in ["parquet", "csv"] {
        let mut first: Option<Vec<u8>> = None;
        for threads in ["1", "2", "7"] {
            let path = folder.join(format!("{threads}.{ending}"));
            let args = [
                "compare-all",
                "--columns",
                COLUMNS,
                "--order",
                "desc",
                "--threads",
                threads,
                "-o",
            ];
            let said = stdout(&[&args[..], &[path.to_str().unwrap(), "--lang", "en"]].concat());
            // 23 indicators have tables in the example release; the others are named.
            assert!(said.contains("23 indicators"), "{said}");
            assert!(
                said.contains("without data: basic_arts_education.share_of_under_18"),
                "{said}"
            );
            let bytes = fs::read(&path).unwrap();
            assert_eq!(
                *first.get_or_insert_with(|| bytes.clone()),
                bytes,
                "{threads} threads"
            );
        }
    }
    let csv = fs::read_to_string(folder.join("7.csv")).unwrap();
    let args = [
        "compare-all",
        "--columns",
        COLUMNS,
        "--order",
        "desc",
        "--format",
        "csv",
    ];
    assert_eq!(csv, stdout(&args), "a file and a stream hold the same");
    assert_eq!(names(&folder).len(), 6, "nothing else is left");
}

#[test]
fn what_cannot_be_asked_is_said_before_anything_is_computed() {
    let folder = folder("compare-all-refused");
    let file = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let refused: [(&[&str], i32, &[&str]); 11] = [
        (&["--columns", "rank"], 2, &["K0502", "--order desc"]),
        (&["--period", "2019..2015"], 2, &["K0501", "2019", "2015"]),
        (&["--period", "20"], 2, &["2019-Q1"]),
        (&["--indicators", "libary.*"], 4, &["K0404", "libary.*"]),
        (&["--columns", "difference:nope"], 4, &["K0405", "nope", "region"]),
        (&["--columns", "index:1890"], 4, &["K0409", "1890", "1990–2022"]),
        (&["--columns", "z,change,z"], 2, &["K0501", "z twice"]),
        (&["--columns", "ranks"], 2, &["rank", "ranks"]),
        (&["--columns", "z", "--threads", "0"], 2, &["--threads"]),
        (
            &["--columns", "z", "-o", &file("a.xlsx")],
            2,
            &["*.parquet", "*.csv", "a.xlsx"],
        ),
        (
            &["--columns", "z", "-o", &file("no/a.csv")],
            3,
            &["K0101", "a.csv"],
        ),
    ];
    for (args, code, parts) in refused {
        let (found, text) = failure(&[&["compare-all", "--lang", "en"], args].concat());
        assert_eq!(found, code, "{args:?}: {text}");
        for part in parts {
            assert!(text.contains(part), "{args:?}: {part} is missing from {text}");
        }
    }
    assert!(names(&folder).is_empty());
}

#[test]
fn a_reader_that_leaves_early_is_no_error() {
    let mut child = kultti(&["compare-all", "--columns", "z", "--format", "csv"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    assert!(line.starts_with("indicator,"));
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn a_file_that_stood_there_stays_when_the_new_one_fails() {
    let folder = folder("compare-all-kept");
    let path = folder.join("a.csv");
    fs::write(&path, "before").unwrap();
    let output = run(&["compare-all", "--columns", "rank", "-o", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(fs::read_to_string(&path).unwrap(), "before");
    assert_eq!(names(&folder), ["a.csv"]);
}

/// A limit on the size of files stands for a full disk.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_nothing_behind() {
    let folder = folder("compare-all-full");
    for name in ["a.csv", "a.parquet"] {
        let script =
            r#"trap "" XFSZ; ulimit -f 8; exec "$0" compare-all --columns z,change --lang en -o "$1""#;
        let output = std::process::Command::new("sh")
            .args(["-c", script, env!("CARGO_BIN_EXE_kultti")])
            .arg(folder.join(name))
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{text}");
        assert!(
            text.contains("K0101") && text.contains(name) && text.contains("File too large"),
            "{text}"
        );
        assert!(names(&folder).is_empty());
    }
}

#[cfg(unix)]
fn interrupt(child: &std::process::Child) {
    let done = std::process::Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(done.unwrap().success());
}

/// The reader does not read, so that the program is surely in the middle of it.
#[cfg(unix)]
#[test]
fn an_interruption_ends_a_stream() {
    let mut child = kultti(&["compare-all", "--columns", "z", "--format", "csv"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::with_capacity(16, child.stdout.take().unwrap());
    out.read_line(&mut String::new()).unwrap();
    interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

/// The signal is sent as soon as the partial file is there; a machine may be fast enough to finish before it comes.
#[cfg(unix)]
#[test]
fn an_interruption_leaves_no_file() {
    let folder = folder("compare-all-interrupted");
    let path = folder.join("a.csv");
    let args = [
        "compare-all",
        "--columns",
        COLUMNS,
        "--order",
        "desc",
        "-o",
        path.to_str().unwrap(),
    ];
    for _ in 0..50 {
        let mut child = kultti(&args).stdout(Stdio::null()).spawn().unwrap();
        while names(&folder).is_empty() && child.try_wait().unwrap().is_none() {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        if child.try_wait().unwrap().is_none() {
            interrupt(&child);
        }
        let code = child.wait().unwrap().code();
        if code == Some(130) {
            assert!(names(&folder).is_empty(), "{:?}", names(&folder));
            return;
        }
        assert_eq!((code, names(&folder)), (Some(0), vec!["a.csv".to_owned()]));
        fs::remove_file(&path).unwrap();
    }
    panic!("no signal came in time");
}
