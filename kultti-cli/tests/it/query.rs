//! `query`: answers in every format, tables of one's own, and how a query ends that cannot go on.

use super::{failure, kultti, run, stdout};
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

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

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

const FIVE: &str = "SELECT period, area, value, value > 200000 AS many FROM observations \
                    WHERE measure = 'population.year_end' AND area IN ('049', '091', '272') AND period >= '2018' \
                    ORDER BY period, area LIMIT 5";

#[test]
fn an_answer_is_the_same_in_every_format() {
    let csv = stdout(&["query", FIVE, "--format", "csv"]);
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines[0], "period,area,value,many");
    // The figures of Statistics Finland for Espoo and Helsinki at the end of 2018.
    assert_eq!(lines[1], "2018,049,283632,true");
    assert_eq!(lines[2], "2018,091,648042,true");
    assert_eq!(lines.len(), 6);
    assert_eq!(
        stdout(&["query", FIVE]).replace('\t', ","),
        csv,
        "TSV is what a pipe gets unless told"
    );

    let array: Value = serde_json::from_str(&stdout(&["query", FIVE, "--format", "json"])).unwrap();
    let objects: Vec<Value> = stdout(&["query", FIVE, "--format", "jsonl"])
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(array.as_array(), Some(&objects));
    let cells = |row: &Value| {
        format!(
            "{},{},{},{}",
            row["period"], row["area"], row["value"], row["many"]
        )
    };
    let rows: Vec<String> = objects.iter().map(|row| cells(row).replace('"', "")).collect();
    assert_eq!(rows, lines[1..]);

    let table = stdout(&["query", FIVE, "--format", "table", "--lang", "fi"]);
    assert!(table.contains("648\u{a0}042") && table.contains("049"), "{table}");
    for (format, part) in [
        ("md", "| 2018 | 049 | 283,632 | true |"),
        ("html", ">283,632</td>"),
    ] {
        let page = stdout(&["query", FIVE, "--format", format, "--lang", "en"]);
        assert!(page.contains(part), "{page}");
    }
    let (code, said) = failure(&["query", FIVE, "--format", "px", "--lang", "en"]);
    assert_eq!(code, 2);
    assert!(said.contains("K0851") && said.contains("parquet"), "{said}");
}

#[test]
fn files_are_written_whole_and_can_be_asked_again() {
    let folder = folder("query-files");
    let csv = stdout(&["query", FIVE, "--format", "csv"]);
    for ending in ["parquet", "csv", "arrow"] {
        let path = folder.join(format!("answer.{ending}"));
        let said = stdout(&["query", FIVE, "-o", text(&path), "--lang", "en"]);
        assert_eq!(said, format!("wrote {}: 5 rows\n", path.display()));
        let again = "SELECT period, lpad(CAST(area AS VARCHAR), 3, '0') AS area, value, many FROM answer";
        let found = stdout(&["query", "--table", text(&path), again, "--format", "csv"]);
        assert_eq!(found, csv, "{ending}");
    }
    for (ending, begins) in [
        ("xlsx", "PK"),
        ("json", "[\n{"),
        ("jsonl", "{\"period\""),
        ("md", "| period"),
        ("html", "<!DOCTYPE html>"),
    ] {
        let path = folder.join(format!("answer.{ending}"));
        stdout(&["query", FIVE, "-o", text(&path)]);
        let bytes = fs::read(&path).unwrap();
        assert!(bytes.starts_with(begins.as_bytes()), "{ending}");
    }
    let before = names(&folder).len();
    let taken = folder.join("answer.csv");
    let written = fs::read(&taken).unwrap();
    for args in [
        ["SELECT nothing FROM observations", text(&taken)],
        [FIVE, text(&folder.join("nowhere/answer.csv"))],
        [FIVE, text(&folder.join("answer.svg"))],
    ] {
        let (code, _) = failure(&["query", args[0], "-o", args[1]]);
        assert!([2, 3, 4].contains(&code), "{args:?}: {code}");
    }
    assert_eq!(names(&folder).len(), before);
    assert_eq!(
        fs::read(&taken).unwrap(),
        written,
        "a query that fails leaves what was there"
    );
}

#[test]
fn a_long_answer_is_shown_in_part_and_says_how_to_get_all() {
    let all =
        "SELECT area, period FROM observations WHERE measure = 'population.year_end' ORDER BY period, area";
    assert_eq!(stdout(&["query", all]).lines().count() - 1, 14_469);
    let shown = stdout(&["query", all, "--format", "table", "--lang", "en"]);
    // The header, forty rows, and what is said of them.
    assert!(shown.contains("rows 14,469, of which the first 40"), "{shown}");
    assert!((43..50).contains(&shown.lines().count()), "{shown}");
    // The command is one that a shell takes: it has quotation marks of its own.
    let words: Vec<&str> = shown.split_whitespace().collect();
    let said = words.join(" ");
    assert!(
        said.ends_with(
            r"measure = '\''population.year_end'\'' ORDER BY period, area' --lang en -o answer.csv"
        ),
        "{said}"
    );
    let few = stdout(&["query", "SELECT 1 AS one", "--format", "table", "--lang", "en"]);
    assert!(
        few.contains("rows 1 · release ") && !few.contains("answer.csv"),
        "{few}"
    );
    let none = stdout(&[
        "query",
        "SELECT area FROM observations WHERE area = 'x'",
        "--format",
        "csv",
    ]);
    assert_eq!(none, "area\n");
}

#[test]
fn a_statement_comes_from_the_command_line_a_file_or_standard_input() {
    let folder = folder("query-sources");
    let file = folder.join("question.sql");
    fs::write(&file, "-- five\nSELECT 5 AS n;\n").unwrap();
    assert_eq!(stdout(&["query", "--file", text(&file)]), "n\n5\n");
    let mut child = kultti(&["query", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"SELECT 6 AS n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "n\n6\n");
    for args in [&["query"][..], &["query", "SELECT 1", "--file", text(&file)]] {
        assert_eq!(failure(args).0, 2, "{args:?}");
    }
    let (code, said) = failure(&["query", "--file", "nowhere.sql"]);
    assert!(code == 3 && said.contains("nowhere.sql"), "{said}");
}

#[test]
fn tables_of_ones_own_are_joined() {
    let folder = folder("query-own");
    let visits = folder.join("visits.csv");
    fs::write(&visits, "municipality,visits\nKokkola,95362\nNowhere,1\n").unwrap();
    let join = "SELECT municipality, visits, a.area FROM own LEFT JOIN areas a ON a.name_fi = municipality ORDER BY visits DESC";
    let named = format!("own={}", text(&visits));
    assert_eq!(
        stdout(&["query", "--table", &named, join, "--lang", "fi"]),
        "municipality\tvisits\tarea\nKokkola\t95362\t272\nNowhere\t1\t\n"
    );
    let counted = stdout(&[
        "query",
        "--table",
        text(&visits),
        "SELECT count(*) AS n FROM visits",
    ]);
    assert_eq!(counted, "n\n2\n");
    for (table, code) in [
        ("=", 2),
        ("observations=visits.csv", 2),
        ("own=visits.docx", 3),
        ("own=nowhere.csv", 3),
    ] {
        let (found, said) = failure(&["query", "--table", table, "SELECT count(*) FROM own"]);
        assert_eq!(found, code, "{table}: {said}");
    }
    for memory in ["much", "0", "1PB"] {
        let (code, said) = failure(&["query", "--memory", memory, "SELECT 1", "--lang", "en"]);
        assert!(code == 2 && said.contains("1GB"), "{said}");
    }
    let too_much = "SELECT array_agg(a.value) AS n FROM observations a CROSS JOIN observations b";
    let (code, said) = failure(&["query", "--memory", "2MB", too_much, "--lang", "en"]);
    assert!(code == 2 && said.contains("K1088"), "{said}");
    assert_eq!(
        stdout(&["query", "--memory", "64MB", "--threads", "1", "SELECT 1 AS n"]),
        "n\n1\n"
    );
}

#[test]
fn whatever_is_no_question_is_refused() {
    let folder = folder("query-refused");
    let out = folder.join("out.csv");
    for sql in [
        "CREATE TABLE mine AS SELECT 1".to_owned(),
        "CREATE EXTERNAL TABLE mine STORED AS CSV LOCATION '/etc/passwd'".to_owned(),
        format!("COPY (SELECT 1) TO '{}'", out.display()),
        "INSERT INTO observations VALUES (1)".to_owned(),
        "DROP TABLE observations".to_owned(),
        "SET datafusion.execution.batch_size = 1".to_owned(),
        "SELECT 1; SELECT 2".to_owned(),
        "SELECT * FROM '/etc/passwd'".to_owned(),
        "SELEC 1".to_owned(),
        String::new(),
    ] {
        let (code, said) = failure(&["query", &sql, "--lang", "en"]);
        assert!([2, 4].contains(&code), "{sql}: {code} {said}");
        assert!(said.contains("(K10"), "{sql}: {said}");
    }
    assert!(names(&folder).is_empty());
    let (code, said) = failure(&[
        "query",
        "SELECT * FROM observation",
        "--lang",
        "en",
        "--error-format",
        "json",
    ]);
    let said: Value = serde_json::from_str(&said).expect("one JSON object");
    assert_eq!(code, 4);
    assert!(said["text"].as_str().unwrap().contains("observations"), "{said}");
}

#[test]
fn two_columns_of_one_name_stand_only_where_names_do_not_matter() {
    let twice =
        "SELECT a.area, b.area FROM observations a JOIN observations b USING (measure, period, area) LIMIT 1";
    let twice = &twice.replace(
        "USING (measure, period, area)",
        "ON a.area = b.area AND a.period = b.period AND a.measure = b.measure",
    );
    assert!(stdout(&["query", twice]).starts_with("area\tarea\n"));
    for format in ["json", "jsonl"] {
        let (code, said) = failure(&["query", twice, "--format", format, "--lang", "en"]);
        assert!(
            code == 2 && said.contains("K1101") && said.contains("AS other"),
            "{said}"
        );
    }
}

/// A query that would take years, and writes rows from its first second on.
const ENDLESS: &str = "SELECT a.value AS a, b.value AS b, c.value AS c FROM observations a CROSS JOIN observations b CROSS JOIN observations c";

fn interrupted(mut child: Child) {
    let killed = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(killed.unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_query_and_leaves_nothing() {
    let folder = folder("query-interrupted");
    let path = folder.join("answer.parquet");
    let mut child = kultti(&["query", ENDLESS, "-o", text(&path)]).spawn().unwrap();
    while names(&folder).is_empty() {
        assert_eq!(child.try_wait().unwrap(), None, "it ended by itself");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    interrupted(child);
    assert_eq!(names(&folder), Vec::<String>::new());

    let mut child = kultti(&["query", ENDLESS])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    assert_eq!(line, "a\tb\tc\n");
    // The reader goes on, so that the program is not waiting for it.
    let reader = std::thread::spawn(move || std::io::copy(&mut out, &mut std::io::sink()));
    interrupted(child);
    reader.join().unwrap().unwrap();

    // No row comes before all have been added up. How many there are would be known beforehand.
    let sum = format!("SELECT sum(a * b * c) FROM ({ENDLESS})");
    let mut child = kultti(&["query", "-"]).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(sum.as_bytes()).unwrap();
    // Beside the thread that waits and the one that hears there are those that compute.
    while threads(child.id()) < 3 {
        assert_eq!(child.try_wait().unwrap(), None, "it ended by itself");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    interrupted(child);
}

/// How many threads a process has; as many as are waited for where the system does not tell.
#[cfg(unix)]
fn threads(process: u32) -> usize {
    fs::read_dir(format!("/proc/{process}/task")).map_or(3, Iterator::count)
}

#[test]
fn a_reader_that_has_had_enough_ends_the_query() {
    let mut child = kultti(&["query", ENDLESS])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn the_release_that_is_asked_is_the_one_named() {
    let folder = folder("query-release");
    let path = folder.join("release.parquet");
    fs::copy(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../datasets/example.parquet"),
        &path,
    )
    .unwrap();
    let count = "SELECT count(*) AS n FROM observations";
    assert_eq!(
        stdout(&["query", count, "--release", text(&path)]),
        stdout(&["query", count])
    );
    let output = run(&["query", count, "--release", "nowhere.parquet"]);
    assert_eq!(output.status.code(), Some(3));
}
