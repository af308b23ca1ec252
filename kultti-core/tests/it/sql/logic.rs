//! A small reader of files of sqllogictest: `statement ok`, `statement error CODE`, `query TYPES [rowsort]`.
//!
//! Cells of a row have blanks between them; null is `NULL`, the empty text `(empty)`. A column of type R is compared in twelve
//! significant digits, of type I as a whole number, of type T as text.

use super::{asked, database, example, wait};
use crate::data::northland;
use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, Int64Type, UInt64Type};
use arrow_array::{Array, ArrayRef, StringArray};
use arrow_schema::DataType;
use kultti_core::Result;

/// One record of a file.
struct Record<'f> {
    line: usize,
    head: Vec<&'f str>,
    sql: String,
    expected: Vec<&'f str>,
}

fn records(file: &str) -> Vec<Record<'_>> {
    let mut records = Vec::new();
    let mut lines = file.lines().enumerate().peekable();
    while let Some((number, line)) = lines.next() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let mut sql = Vec::new();
        let mut expected = Vec::new();
        let mut results = false;
        while let Some((_, line)) = lines.next_if(|(_, line)| !line.trim().is_empty()) {
            match (line, results) {
                ("----", _) => results = true,
                (line, true) => expected.push(line.trim_end()),
                (line, false) => sql.push(line),
            }
        }
        records.push(Record {
            line: number + 1,
            head: line.split_whitespace().collect(),
            sql: sql.join("\n"),
            expected,
        });
    }
    records
}

/// The cells of batches as texts.
pub(super) fn texts(batches: &[RecordBatch]) -> Vec<Vec<String>> {
    let of_batch = |batch: &RecordBatch| {
        let columns: Vec<Vec<String>> = batch.columns().iter().map(cells).collect();
        let rows = 0..batch.num_rows();
        rows.map(move |row| columns.iter().map(|column| column[row].clone()).collect())
            .collect::<Vec<_>>()
    };
    batches.iter().flat_map(of_batch).collect()
}

fn cells(array: &ArrayRef) -> Vec<String> {
    let cell = |row: usize| match array.data_type() {
        _ if array.is_null(row) => "NULL".to_owned(),
        DataType::Float64 => array.as_primitive::<Float64Type>().value(row).to_string(),
        DataType::Int64 => array.as_primitive::<Int64Type>().value(row).to_string(),
        DataType::UInt64 => array.as_primitive::<UInt64Type>().value(row).to_string(),
        DataType::Int32 => array.as_primitive::<Int32Type>().value(row).to_string(),
        DataType::Boolean => array.as_boolean().value(row).to_string(),
        DataType::Utf8View => text(array.as_string_view().value(row)),
        DataType::LargeUtf8 => text(array.as_string::<i64>().value(row)),
        DataType::Dictionary(..) => {
            let texts = array.as_dictionary::<Int32Type>().downcast_dict::<StringArray>();
            text(arrow_array::ArrayAccessor::value(&texts.expect("texts"), row))
        }
        _ => text(array.as_string::<i32>().value(row)),
    };
    (0..array.len()).map(cell).collect()
}

fn text(text: &str) -> String {
    if text.is_empty() {
        "(empty)".into()
    } else {
        text.to_owned()
    }
}

/// Whoever answers questions.
pub(super) type Answering<'a> = dyn Fn(&str) -> Result<Vec<RecordBatch>> + 'a;

fn check(answering: &Answering, name: &str, record: &Record) {
    let place = format!("{name}:{}", record.line);
    let found = answering(&record.sql);
    match record.head.as_slice() {
        ["statement", "ok"] => assert!(found.is_ok(), "{place}: {}", found.expect_err("an error")),
        ["statement", "error", code] => {
            let error = found.err().unwrap_or_else(|| panic!("{place}: no error"));
            assert_eq!(error.code(), *code, "{place}: {error}");
        }
        ["query", types, sorted @ ..] => {
            let batches = found.unwrap_or_else(|error| panic!("{place}: {error}"));
            let rows = texts(&batches);
            assert!(
                rows.iter().all(|row| row.len() == types.len()),
                "{place}: other columns"
            );
            let line = |cells: &mut dyn Iterator<Item = &str>| {
                let cells = cells
                    .enumerate()
                    .map(|(place, cell)| normal(cell, types.as_bytes().get(place)));
                cells.collect::<Vec<_>>().join(" ")
            };
            let mut found: Vec<String> = rows
                .iter()
                .map(|row| line(&mut row.iter().map(String::as_str)))
                .collect();
            let mut expected: Vec<String> = record
                .expected
                .iter()
                .map(|row| line(&mut row.split_whitespace()))
                .collect();
            if sorted == ["rowsort"] {
                found.sort();
                expected.sort();
            }
            assert_eq!(found, expected, "{place}");
        }
        other => panic!("{place}: {other:?}"),
    }
}

/// A cell; a real number in twelve significant digits. A text with blanks may only be the last of its row.
fn normal(cell: &str, kind: Option<&u8>) -> String {
    match (kind, cell.parse::<f64>()) {
        (Some(b'R'), Ok(value)) => {
            let short: f64 = format!("{value:.11e}").parse().expect("a number");
            short.to_string()
        }
        _ => cell.to_owned(),
    }
}

/// Whether everything that a file asks is answered as it says.
fn run(name: &str, file: &str, answering: &Answering) {
    let records = records(file);
    assert!(!records.is_empty(), "{name} is empty");
    for record in &records {
        check(answering, name, record);
    }
}

/// Northland, as worked out by hand.
pub(super) fn of_northland(answering: &Answering) {
    run("tables.slt", include_str!("tables.slt"), answering);
    run("functions.slt", include_str!("functions.slt"), answering);
    run("refused.slt", include_str!("refused.slt"), answering);
}

/// The example release, as another engine answers.
pub(super) fn of_the_example(answering: &Answering) {
    run("example.slt", include_str!("example.slt"), answering);
}

#[test]
fn the_release_of_a_made_up_country_answers_as_worked_out_by_hand() {
    for threads in [1, 2, 5] {
        let database = database(northland(), threads);
        of_northland(&|sql| wait(asked(&database, sql)));
    }
}

#[test]
fn the_example_release_answers_as_another_engine() {
    for threads in [1, 2, 5] {
        let database = example(threads);
        of_the_example(&|sql| wait(asked(&database, sql)));
    }
}
