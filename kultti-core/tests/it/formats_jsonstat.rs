//! JSON-stat: small documents worked out by hand, what is written against the validator of the format's author, and real
//! files against an independent reader.

use crate::cubes::any_cube;
use kultti_core::formats::{
    Absent, Category, Cells, Cube, Dimension, Format, Labels, Mark, NotePlace, ReadOptions, Reading, Role,
    Target, WriteOptions, read_cube, write_cube,
};
use kultti_core::language::Language;
use kultti_core::{Error, ErrorKind};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::Command;

fn read(text: &str) -> kultti_core::Result<Reading> {
    let options = ReadOptions {
        format: Some(Format::JsonStat),
        ..ReadOptions::default()
    };
    read_cube("doc.json", text.as_bytes(), &options)
}

fn read_one(text: &str, dataset: &str) -> kultti_core::Result<Reading> {
    let options = ReadOptions {
        dataset: Some(dataset.to_owned()),
        ..ReadOptions::default()
    };
    read_cube("doc.json", text.as_bytes(), &options)
}

fn warnings(reading: &Reading) -> Vec<&'static str> {
    reading.warnings.iter().map(|warning| warning.0.code()).collect()
}

fn write(cube: &Cube, name: &str, format: Format) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut target = Target {
        name,
        out: &mut bytes,
    };
    write_cube(cube, format, &WriteOptions::default(), &mut target).expect("written");
    bytes
}

fn written(cube: &Cube) -> String {
    String::from_utf8(write(cube, "doc.json", Format::JsonStat)).expect("UTF-8")
}

/// What the validator of the format's author calls an error. It does not check the formats of texts, so that a date matches
/// both forms that `updated` may have, and is refused for it, also in the documents of the format's author: that one is left
/// out.
pub(crate) fn errors(document: &str) -> Vec<String> {
    let Some(result) = crate::oracle::validate_jsonstat(document) else {
        return Vec::new();
    };
    let text = |found: &Value, field: &str| found[field].as_str().unwrap_or_default().to_owned();
    let date = |found: &Value| {
        text(found, "code") == "STRUCTURAL_VIOLATION"
            && text(found, "message").contains("valid under more than one of the schemas")
            && text(found, "path").ends_with("/updated")
    };
    let findings = result["findings"].as_array().expect("a list").iter();
    let errors = findings.filter(|found| text(found, "severity") == "error" && !date(found));
    errors
        .map(|found| {
            let [code, path, message] = ["code", "path", "message"].map(|field| text(found, field));
            format!("{code} {path}: {message}")
        })
        .collect()
}

/// A cell as value, symbol, status and text.
fn cell(cube: &Cube, position: u64) -> (Option<f64>, Option<&str>, Option<&str>, Option<&str>) {
    let cell = cube.cells.at(position).expect("a cell");
    let mark = cell.mark;
    (
        cell.value,
        mark.symbol.as_deref(),
        mark.status.as_deref(),
        mark.text.as_deref(),
    )
}

fn codes(cube: &Cube, dimension: usize) -> Vec<&str> {
    cube.dimensions[dimension]
        .categories
        .iter()
        .map(|one| one.code.as_str())
        .collect()
}

#[test]
fn positions_of_an_index_decide_whatever_their_order() {
    let reading = read(
        r#"{"version":"2.0","class":"dataset","id":["a","b"],"size":[3,2],
        "dimension":{"b":{"category":{"index":["x","y"]}},
                     "a":{"category":{"index":{"0":0,"1":2,"2":1},"label":{"1":"one","0":"nil","2":"two"}}}},
        "value":[0,1,2,3,4,5]}"#,
    )
    .expect("read");
    let cube = reading.cube;
    assert_eq!(codes(&cube, 0), ["0", "2", "1"]);
    assert_eq!(cube.dimensions[0].categories[1].label, Labels::new("", "two"));
    // Row-major: the second row is the category at position 1, "2".
    assert_eq!(
        cell(&cube, cube.position(&[1, 0]).expect("a position")).0,
        Some(2.0)
    );
    assert!(reading.warnings.is_empty());
}

const ONE: &str = r#""version":"2.0","class":"dataset","id":["a"],"size":[4],"dimension":{"a":{"category":{"index":["p","q","r","s"]}}}"#;

#[test]
fn both_dialects_of_missing_values_are_understood() {
    // PxWeb: null and the symbol, and a symbol beside a number.
    let text = format!(r#"{{{ONE},"value":[null,null,1.5,null],"status":{{"0":"..","1":"-","2":"e"}}}}"#);
    let cube = read(&text).expect("read").cube;
    assert_eq!(cell(&cube, 0), (None, Some(".."), Some("M"), None));
    assert_eq!(cell(&cube, 1), (Some(0.0), Some("-"), Some("A"), None));
    assert_eq!(cell(&cube, 2), (Some(1.5), Some("e"), None, None));
    assert_eq!(cell(&cube, 3), (None, None, None, None));
    // Statistics Finland's service: codes of Px.Utils, described in the extension.
    let described = r#""extension":{"missingValueDescriptions":{"Confidential":"Secret"}}"#;
    let text =
        format!(r#"{{{ONE},{described},"value":[null,null,1.5,null],"status":{{"0":"3","1":"7","3":"1"}}}}"#);
    let reading = read(&text).expect("read");
    assert_eq!(cell(&reading.cube, 0), (None, Some("..."), Some("Q"), None));
    assert_eq!(cell(&reading.cube, 1), (Some(0.0), Some("-"), Some("A"), None));
    assert_eq!(cell(&reading.cube, 3), (None, Some("."), Some("O"), None));
    assert!(reading.warnings.is_empty());
    let reading = read(&text.replace("missingValueDescriptions", "other")).expect("read");
    assert_eq!(cell(&reading.cube, 0), (None, Some("..."), Some("Q"), None));
    assert_eq!(warnings(&reading), ["warning.jsonstat-codes"]);
    // A status that a label explains; nothing is read into one that none explains.
    let labels = r#""extension":{"status":{"label":{"p":"provisional"}}}"#;
    let text = format!(r#"{{{ONE},{labels},"value":[1,2,3,4],"status":["p","x",null,null]}}"#);
    let cube = read(&text).expect("read").cube;
    assert_eq!(cell(&cube, 0), (Some(1.0), Some("p"), Some("P"), None));
    assert_eq!(cell(&cube, 1), (Some(2.0), Some("x"), None, None));
}

#[test]
fn values_and_statuses_come_in_every_form() {
    let text = format!(r#"{{{ONE},"value":{{"3":-0.5,"0":null}},"status":{{"1":"x"}}}}"#);
    let cube = read(&text).expect("read").cube;
    assert_eq!(cube.cells.positions(), Some(&[0, 1, 3][..]));
    assert_eq!(cell(&cube, 3), (Some(-0.5), None, None, None));
    assert_eq!(cell(&cube, 1), (None, Some("x"), None, None));
    let text = format!(r#"{{{ONE},"value":["a","0\u0031",1e3,12345678901234567890],"status":"n"}}"#);
    let reading = read(&text).expect("read");
    assert_eq!(cell(&reading.cube, 0), (None, Some("n"), None, Some("a")));
    assert_eq!(cell(&reading.cube, 1), (None, Some("n"), None, Some("01")));
    assert_eq!(cell(&reading.cube, 2).0, Some(1000.0));
    assert_eq!(cell(&reading.cube, 3).0, Some(12_345_678_901_234_567_890.0));
    assert_eq!(warnings(&reading), ["warning.jsonstat-numbers-as-text"]);
    let text = format!(r#"{{{ONE},"value":[1,2,3,4],"status":["a"]}}"#);
    let reading = read(&text).expect("read");
    assert_eq!(warnings(&reading), ["warning.jsonstat-one-status"]);
    assert_eq!(cell(&reading.cube, 3), (Some(4.0), Some("a"), None, None));
    for none in [r#","value":[]"#, r#","value":{}"#, ""] {
        let reading = read(&format!("{{{ONE}{none}}}")).expect("read");
        assert!(reading.cube.cells.is_empty());
        assert_eq!(warnings(&reading), ["warning.jsonstat-no-values"], "{none}");
        // A header that is written on has no figures either, least of all zeros.
        let header: Value = serde_json::from_str(&written(&reading.cube)).expect("JSON");
        assert_eq!(header["value"], serde_json::json!({}), "{none}");
        assert_eq!(
            read(&header.to_string()).expect("read").cube,
            reading.cube,
            "{none}"
        );
    }
}

#[test]
fn numbers_are_the_nearest_there_are() {
    for number in [
        "0.1",
        "-0.30000000000000004",
        "123456789012345",
        "1234567890.12345",
        "5e-324",
        "1.7976931348623157e308",
        "0.000001",
        "9007199254740993",
    ] {
        let text = format!(r#"{{{ONE},"value":[{number},0,0,0]}}"#);
        let value = cell(&read(&text).expect("read").cube, 0).0.expect("a number");
        assert_eq!(
            value.to_bits(),
            number.parse::<f64>().expect("a number").to_bits(),
            "{number}"
        );
    }
}

#[test]
fn old_documents_and_bundles_are_read() {
    let set = |label: &str| {
        format!(
            r#"{{"label":"{label}","dimension":{{"id":["a","t"],"size":["1",2],"role":{{"time":["t"]}},
            "a":{{"category":{{"label":{{"FI":"Finland"}}}}}},"t":{{"category":{{"index":{{"2020":1,"2019":0}}}}}}}},
            "value":[1,2]}}"#
        )
    };
    let alone = read(&format!(r#"{{"dataset":{}}}"#, set("one"))).expect("read");
    assert_eq!(
        (alone.cube.label.get(""), alone.cube.id.as_deref()),
        (Some("one"), None)
    );
    assert_eq!(codes(&alone.cube, 1), ["2019", "2020"]);
    assert_eq!(alone.cube.dimensions[1].role, Role::Time);
    assert!(alone.warnings.is_empty());
    let both = format!(r#"{{"first":{},"second":{}}}"#, set("one"), set("two"));
    let list = read(&both).expect("read");
    assert_eq!(codes(&list.cube, 0), ["first", "second"]);
    assert_eq!(warnings(&list), ["warning.jsonstat-list"]);
    let said = list.warnings[0].0.render(Language::En);
    assert!(
        said.contains("--dataset NAME") && said.contains("first, second"),
        "{said}"
    );
    for (wanted, label) in [("second", "two"), ("1", "one"), ("two", "two")] {
        let reading = read_one(&both, wanted).expect("read");
        assert_eq!(reading.cube.label.get(""), Some(label), "{wanted}");
    }
    let error = read_one(&both, "third").expect_err("none");
    assert_eq!((error.code(), error.kind()), ("K0821", ErrorKind::NotFound));
    assert!(error.to_string().contains("first, second"));
}

#[test]
fn collections_are_lists_of_their_items() {
    let here = format!(r#"{{{ONE},"label":"here","value":[1,2,3,4]}}"#);
    let text = format!(
        r#"{{"version":"2.0","class":"collection","label":"all","link":{{"item":[
        {{"class":"dataset","href":"http://x.org/samples/far.json","label":"far"}},{here}]}}}}"#
    );
    let list = read(&text).expect("read");
    assert_eq!(codes(&list.cube, 0), ["http://x.org/samples/far.json", "2"]);
    let mark = list.cube.cells.at(0).expect("a cell").mark;
    assert_eq!(
        (mark.attribute(0), mark.attribute(1)),
        (Some("dataset"), Some("http://x.org/samples/far.json"))
    );
    assert_eq!(read_one(&text, "here").expect("read").cube.cells.len(), 4);
    let error = read_one(&text, "far").expect_err("elsewhere");
    assert_eq!(error.code(), "K0822");
    assert!(error.to_string().contains("Download it first"), "{error}");
}

#[test]
fn order_is_found_where_id_is_no_list() {
    let text = r#"{"version":"2.0","class":"dataset","id":"12tg","dimension":{"b":{"category":{"index":["x","y"]}},
        "a":{"category":{"index":["z"]}}},"value":[1,2]}"#;
    let reading = read(text).expect("read");
    assert_eq!(reading.cube.dimensions[0].code, "b");
    assert_eq!(warnings(&reading), ["warning.jsonstat-order"]);
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    let head = "{\"class\":\"dataset\",\n \"id\":[\"a\"],\n";
    let dimension =
        |index: &str| format!("{head} \"dimension\":{{\"a\":{{\"category\":{{\"index\":{index}}}}}}},\n");
    let four = dimension("[\"p\",\"q\"]");
    let cases = [
        (format!("{four} \"value\":[1]}}"), 4, "10", "value"),
        (format!("{four} \"value\":[1,true]}}"), 4, "13", "value"),
        (format!("{four} \"value\":{{\"2\":1}}}}"), 4, "10", "value"),
        (
            format!("{four} \"value\":{{\"0\":1,\"0\":2}}}}"),
            4,
            "10",
            "value",
        ),
        (format!("{four} \"value\":[1,1e999]}}"), 4, "13", "value"),
        (format!("{four} \"size\":[3],\"value\":[1,2]}}"), 4, "9", "size"),
        (
            format!("{four} \"value\":[1,2],\"status\":[\"a\",\"b\",\"c\"]}}"),
            4,
            "25",
            "status",
        ),
        (format!("{four} \"value\":[1,2],\"value\":[1,2]}}"), 4, "24", ""),
        (format!("{four} \"value\":[1,2"), 4, "13", ""),
        (
            dimension("{\"p\":0,\"q\":0}") + "\"value\":[1,2]}",
            3,
            "40",
            "dimension.a.category.index",
        ),
        (
            dimension("[\"p\",\"p\"]") + "\"value\":[1,2]}",
            3,
            "40",
            "dimension.a.category.index",
        ),
    ];
    for (text, line, column, part) in cases {
        match read(&text).expect_err(&text) {
            Error::MalformedFile {
                line: at,
                column: of,
                part: field,
                ..
            } => {
                assert_eq!((at, of.as_str(), field.as_str()), (line, column, part), "{text}");
            }
            other => panic!("{text}: {other}"),
        }
    }
}

#[test]
fn a_small_document_takes_little_memory() {
    let category = |count: usize| {
        let codes: Vec<String> = (0..count).map(|code| format!("\"{code}\"")).collect();
        format!("{{\"category\":{{\"index\":[{}]}}}}", codes.join(","))
    };
    let dimensions: Vec<String> = (0..12).map(|n| format!("\"d{n}\":{}", category(40))).collect();
    let ids: Vec<String> = (0..12).map(|n| format!("\"d{n}\"")).collect();
    // 40¹² cells are fewer than 2⁶⁴ and of course not there; eight more dimensions are too many for any file.
    let text = |more: &str| {
        format!(
            "{{\"class\":\"dataset\",\"id\":[{}],\"dimension\":{{{}}},{more}}}",
            ids.join(","),
            dimensions.join(",")
        )
    };
    let every = r#""extension":{"kultti":{"cells":"every"}},"value":{"5":1}"#;
    assert_eq!(read(&text(every)).map(|reading| reading.cube.cells.len()), Ok(1));
    assert_eq!(
        read(&text(r#""value":{"5":1},"status":"x""#)).map(|reading| reading.cube.cells.len()),
        Ok(1)
    );
    assert!(read(&text(r#""value":[1,2]"#)).is_err());
    assert!(read(&text("\"size\":[99999999999]")).is_err());
    let deep = format!(
        "{{\"class\":\"dataset\",\"dimension\":{{}},\"extension\":{{\"x\":{}1{}}}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    assert!(read(&deep).is_err());
}

#[test]
fn the_document_is_one_that_others_can_read() {
    let mut area = Dimension::new("area", Role::Geo, vec![Category::new("1"), Category::new("2")]);
    area.label = Labels::new("fi", "Alue");
    area.label.set("sv", "Område");
    area.categories[0].label = Labels::new("fi", "Kokkola");
    area.categories[0].label.set("sv", "Karleby");
    area.categories[0].children = vec![1];
    let mut what = Dimension::new("what", Role::Metric, vec![Category::new("n")]);
    what.categories[0].unit = Some(kultti_core::formats::Unit {
        label: Labels::new("fi", "kpl"),
        ..Default::default()
    });
    let mut cube = Cube::new(vec![area, what]);
    cube.languages = vec!["fi".into(), "sv".into()];
    cube.updated = Some("2026-06-08T08:00".into());
    let secret = Mark {
        symbol: Some("...".into()),
        status: Some("Q".into()),
        ..Mark::default()
    };
    cube.cells.push(Some(12.25), Mark::default());
    cube.cells.push(None, secret);
    let document: Value = serde_json::from_str(&written(&cube)).expect("JSON");
    assert_eq!(document["value"], json!([12.25, null]));
    assert_eq!(document["status"], json!([null, "..."]));
    assert_eq!(
        document["extension"]["status"]["label"]["..."],
        "Missing value; suppressed"
    );
    assert_eq!(document["updated"], "2026-06-08");
    assert_eq!(document["role"], json!({"geo": ["area"], "metric": ["what"]}));
    // 12.25 needs two decimals, and the table does not say how many it shows.
    assert_eq!(
        document["dimension"]["what"]["category"]["unit"]["n"],
        json!({"label": "kpl", "decimals": 2})
    );
    assert_eq!(
        document["dimension"]["area"]["category"]["child"],
        json!({"1": ["2"]})
    );
    let swedish = &document["extension"]["labels"]["sv"]["dimension"]["area"];
    assert_eq!(
        *swedish,
        json!({"label": "Område", "category": {"label": {"1": "Karleby"}}})
    );
    assert_eq!(errors(&written(&cube)), [""; 0]);
    assert_eq!(read(&written(&cube)).expect("read").cube, cube);
}

#[test]
fn what_is_mostly_missing_is_written_sparse() {
    let categories = |count: usize| (0..count).map(|code| Category::new(code.to_string())).collect();
    let mut cube = Cube::new(vec![Dimension::new("a", Role::default(), categories(5))]);
    cube.cells = Cells::of_values(vec![f64::NAN, 2.0, f64::NAN, f64::NAN, -0.0]);
    let document: Value = serde_json::from_str(&written(&cube)).expect("JSON");
    assert_eq!(document["value"], json!({"1": 2, "4": -0.0}));
    let again = read(&written(&cube)).expect("read").cube;
    assert_eq!(again, cube);
    assert_eq!(again.cells.positions(), None);
    // A cell that is there without a number is not the same as one that is not there.
    cube.cells = Cells::sparse(Absent::NotGiven);
    cube.cells.push_at(1, None, Mark::default());
    cube.cells.push_at(3, Some(4.0), Mark::default());
    let document: Value = serde_json::from_str(&written(&cube)).expect("JSON");
    assert_eq!(document["value"], json!({"1": null, "3": 4}));
    assert_eq!(read(&written(&cube)).expect("read").cube, cube);
    // Zeros that a KEYS file leaves out are figures here, and left out again afterwards.
    cube.cells = Cells::sparse(Absent::Zero);
    cube.cells.push_at(3, Some(4.0), Mark::default());
    let document: Value = serde_json::from_str(&written(&cube)).expect("JSON");
    assert_eq!(document["value"], json!([0, 0, 0, 4, 0]));
    let again = read(&written(&cube)).expect("read").cube;
    assert_eq!(
        (again.cells.positions(), again.cells.absent()),
        (Some(&[3][..]), Absent::Zero)
    );
}

proptest! {
    #[test]
    fn a_cube_survives(cube in any_cube()) {
        let text = written(&cube);
        let read = read(&text).expect("read").cube;
        prop_assert_eq!(&read, &cube, "{}", text);
        for (name, format) in [("c.parquet", Format::Parquet), ("c.arrow", Format::Arrow), ("c.arrows", Format::Arrow)] {
            let read = read_cube(name, &write(&cube, name, format), &ReadOptions::default()).expect("read").cube;
            prop_assert_eq!(&read, &cube, "{}", name);
        }
    }

    #[test]
    fn the_same_cube_gives_the_same_bytes(cube in any_cube()) {
        prop_assert_eq!(written(&cube), written(&cube.clone()));
    }

    #[test]
    fn damaged_documents_are_errors_and_no_panics(cube in any_cube(), cuts in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut bytes = written(&cube).into_bytes();
        for (at, byte) in cuts {
            let at = at.index(bytes.len());
            if byte < 64 { bytes.truncate(at.max(1)); } else { bytes[at] = byte; }
        }
        let options = ReadOptions { format: Some(Format::JsonStat), ..ReadOptions::default() };
        let _ = read_cube("doc.json", &bytes, &options);
    }

    #[test]
    fn any_bytes_are_met_calmly(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        for format in [Format::JsonStat, Format::Parquet, Format::Arrow] {
            let options = ReadOptions { format: Some(format), ..ReadOptions::default() };
            let _ = read_cube("x", &bytes, &options);
        }
    }
}

/// The folder of real files; says so on the error stream where there is none.
#[expect(clippy::print_stderr, reason = "a test that is left out says so")]
fn interop() -> Option<PathBuf> {
    let folder = std::env::var_os("KULTTI_INTEROP").map(|folder| PathBuf::from(folder).join("jsonstat"));
    let folder = folder.filter(|folder| folder.is_dir());
    if folder.is_none() {
        eprintln!(
            "SKIPPED: KULTTI_INTEROP names no folder of real files; JSON-stat was not read against them"
        );
    }
    folder
}

fn files(folder: &PathBuf) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
    files.sort();
    assert!(!files.is_empty());
    files
}

/// Every data set of a real file.
fn cubes(text: &str) -> Vec<Cube> {
    let reading = read(text).expect("read");
    if warnings(&reading).contains(&"warning.jsonstat-list") {
        let names = reading.cube.dimensions[0]
            .categories
            .iter()
            .map(|one| one.code.as_str());
        let read: Vec<Cube> = names
            .filter_map(|name| read_one(text, name).ok())
            .map(|reading| reading.cube)
            .collect();
        if !read.is_empty() {
            return read;
        }
    }
    vec![reading.cube]
}

/// The validator is a program: not as many cubes as elsewhere.
#[test]
fn what_is_written_is_valid_to_others() {
    let mut runner = TestRunner::deterministic();
    for _ in 0..24 {
        let cube = any_cube().new_tree(&mut runner).expect("a cube").current();
        let document = written(&cube);
        assert_eq!(errors(&document), [""; 0], "{document}");
    }
}

#[test]
fn real_files_convert_and_come_back() {
    let Some(folder) = interop() else { return };
    for path in files(&folder) {
        let text = std::fs::read_to_string(&path).expect("a file");
        for cube in cubes(&text) {
            let document = written(&cube);
            assert_eq!(errors(&document), [""; 0], "{}", path.display());
            assert_eq!(read(&document).expect("read").cube, cube, "{}", path.display());
            for (name, format) in [("c.parquet", Format::Parquet), ("c.arrow", Format::Arrow)] {
                let bytes = write(&cube, name, format);
                let again = read_cube(name, &bytes, &ReadOptions::default())
                    .expect("read")
                    .cube;
                assert_eq!(again, cube, "{} as {name}", path.display());
            }
        }
    }
}

/// The rows of a cube as an independent reader gives them: codes, and the value or text.
fn rows(cube: &Cube) -> Vec<Value> {
    let row = |position: u64| {
        let codes = cube.key(position).into_iter().zip(&cube.dimensions);
        let mut row: Vec<Value> = codes
            .map(|(place, one)| one.categories[place].code.clone().into())
            .collect();
        let cell = cube.cells.at(position);
        let text = cell.and_then(|cell| cell.mark.text.clone()).map(Value::from);
        let value = cell.and_then(|cell| cell.value).map(Value::from);
        row.push(value.or(text).unwrap_or(Value::Null));
        Value::Array(row)
    };
    (0..cube.size().expect("a size")).map(row).collect()
}

/// Whole numbers as the floats that a cube holds.
fn floats(value: &Value) -> Value {
    match value {
        Value::Array(values) => values.iter().map(floats).collect(),
        Value::Number(number) => number.as_f64().into(),
        other => other.clone(),
    }
}

#[test]
fn real_files_are_read_as_pyjstat_reads_them() {
    let Some(folder) = interop() else { return };
    let Some(python) = std::env::var_os("KULTTI_ORACLES") else {
        eprintln!("SKIPPED: KULTTI_ORACLES names no python with pyjstat; JSON-stat was not compared with it");
        return;
    };
    let script = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../kultti-py/tests/independent/read_jsonstat.py"
    );
    let mut compared = Vec::new();
    for path in files(&folder) {
        let output = Command::new(&python)
            .arg(script)
            .arg(&path)
            .output()
            .expect("python");
        let answer: Value = serde_json::from_slice(&output.stdout).expect("JSON of the script");
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let Some(tables) = answer.as_array() else {
            // No figures to read: pyjstat takes neither a header alone nor a collection.
            assert!(
                ["TAB6471_metadata.json", "collection.json"].contains(&name.as_str()),
                "{name}: {answer}"
            );
            continue;
        };
        let cubes = cubes(&std::fs::read_to_string(&path).expect("a file"));
        assert_eq!(cubes.len(), tables.len(), "{name}");
        for (cube, table) in cubes.iter().zip(tables) {
            let theirs = table["rows"].as_array().expect("rows");
            assert_eq!(
                rows(cube),
                theirs.iter().map(floats).collect::<Vec<_>>(),
                "{name}"
            );
            compared.push(theirs.len());
        }
    }
    assert!(compared.len() >= 8, "{compared:?}");
}

#[test]
fn the_table_beside_a_real_file_is_its_cube() {
    let Some(folder) = interop() else { return };
    let text = std::fs::read_to_string(folder.join("oecd-canada.json")).expect("a file");
    let cube = read_one(&text, "oecd").expect("read").cube;
    let mut table = csv::Reader::from_path(folder.join("oecd-canada-to_table.csv")).expect("a table");
    let mut count = 0;
    for (position, record) in table.records().enumerate() {
        let record = record.expect("a record");
        let key = cube.key(position as u64);
        let label = |dimension: usize| {
            let category = &cube.dimensions[dimension].categories[key[dimension]];
            category.label.get("").unwrap_or(&category.code).to_owned()
        };
        assert_eq!(
            [label(0), label(1), label(2)].as_slice(),
            [&record[0], &record[1], &record[2]].as_slice()
        );
        assert_eq!(
            cell(&cube, position as u64).0,
            record[3].parse().ok(),
            "row {position}"
        );
        count += 1;
    }
    assert_eq!(Some(count), cube.size());
}

#[test]
fn what_pxweb_says_beside_the_figures_is_kept() {
    let Some(folder) = interop() else { return };
    let text = std::fs::read_to_string(folder.join("TAB6471_data.json")).expect("a file");
    let reading = read(&text).expect("read");
    let cube = &reading.cube;
    assert!(reading.warnings.is_empty());
    assert_eq!(
        (cube.id.as_deref(), cube.languages.as_slice()),
        (Some("TAB6471"), ["sv".to_owned()].as_slice())
    );
    assert_eq!(cube.contents.get("sv"), Some("Folkmängden per månad"));
    let places: Vec<_> = cube
        .notes
        .iter()
        .map(|note| (note.place.clone(), note.mandatory))
        .collect();
    let mut expected = vec![(NotePlace::Cube, true); 4];
    expected.push((NotePlace::Dimension(1), true));
    assert_eq!(places, expected);
    let what = &cube.dimensions[3].categories[0];
    assert_eq!(
        what.unit.as_ref().and_then(|unit| unit.label.get("sv")),
        Some("antal")
    );
    assert_eq!(what.decimals, Some(0));
    let document: Value = serde_json::from_str(&written(cube)).expect("JSON");
    let original: Value = serde_json::from_str(&text).expect("JSON");
    for path in [
        "/value",
        "/role",
        "/id",
        "/size",
        "/note",
        "/updated",
        "/extension/px",
        "/extension/contact",
        "/extension/noteMandatory",
        "/dimension/ContentsCode/extension",
        "/dimension/Alder/note",
        "/dimension/Alder/extension",
    ] {
        assert_eq!(document.pointer(path), original.pointer(path), "{path}");
    }
}
