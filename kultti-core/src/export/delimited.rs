//! CSV, TSV and JSON lines.

use super::table::{Table, Value};
use std::io::{self, Write};

/// Writes a table as CSV (`,`) or TSV (tab), RFC 4180 quoting, decimal points, empty cells for missing values.
///
/// # Errors
/// Whatever `out` fails with.
///
/// ```
/// use kultti_core::export::{Export, write_delimited};
/// use kultti_core::language::Language;
/// use kultti_core::release::Release;
/// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
/// let groups = release.groups("library.loans_per_inhabitant", "country")?;
/// let mut csv = Vec::new();
/// write_delimited(&groups.table(Language::En), b',', &mut csv).unwrap();
/// assert!(String::from_utf8(csv).unwrap().starts_with("group,name,value,aggregator,"));
/// # Ok::<(), kultti_core::Error>(())
/// ```
pub fn write_delimited(table: &Table, delimiter: u8, out: &mut impl Write) -> io::Result<()> {
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(out);
    writer.write_record(&table.columns).map_err(unwrapped)?;
    let notes = table.note_codes();
    for row in &table.rows {
        writer
            .write_record(row.iter().map(|cell| plain(cell, &notes)))
            .map_err(unwrapped)?;
    }
    writer.flush()
}

/// The error of `out` itself, so that a closed pipe can be told from a full disk.
pub(super) fn unwrapped(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(cause) => cause,
        other => io::Error::other(format!("{other:?}")),
    }
}

fn plain(cell: &Value, notes: &str) -> String {
    match cell {
        Value::Text(text) => text.clone().unwrap_or_default(),
        Value::Number(number) => number
            .filter(|number| number.is_finite())
            .map(|number| (number + 0.0).to_string())
            .unwrap_or_default(),
        Value::Count(count) => count.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Missing(missing) => missing.map(|reason| reason.code().to_owned()).unwrap_or_default(),
        Value::Notes => notes.to_owned(),
    }
}

/// Writes a table as one JSON object a line.
///
/// # Errors
/// Whatever `out` fails with.
pub fn write_json_lines(table: &Table, out: &mut impl Write) -> io::Result<()> {
    for row in &table.rows {
        writeln!(out, "{}", table.record(row))?;
    }
    Ok(())
}
