//! Tables of observations as Parquet: read as their CSV twins, refused by the same rules, streamed into whole files.

use crate::bad_input::refused;
use crate::data::{Folder, Northland};
use arrow_array::builder::StringDictionaryBuilder;
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, Date32Array, Float64Array, Int64Array, LargeStringArray, RecordBatch, StringArray,
};
use kultti_core::formats::COLUMNS;
use kultti_core::model::{Observation, observation_schema};
use kultti_core::release::{Release, ReleaseWriter, build_file, write};
use kultti_core::{Error, ErrorKind};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use std::io::{self, Write};
use std::sync::Arc;

const CSV: &str = "observations/costs.csv";
const PARQUET: &str = "observations/costs.parquet";

/// The cells of a CSV table, row by row; none of Northland's holds a comma or a quote.
fn cells(text: &str) -> Vec<Vec<String>> {
    let lines = text.lines().skip(1);
    let mut rows: Vec<Vec<String>> = lines
        .map(|line| line.split(',').map(str::to_owned).collect())
        .collect();
    rows.sort();
    rows
}

fn column(rows: &[Vec<String>], index: usize) -> Vec<Option<&str>> {
    rows.iter()
        .map(|row| Some(row[index].as_str()).filter(|cell| !cell.is_empty()))
        .collect()
}

fn values(rows: &[Vec<String>]) -> ArrayRef {
    let values = column(rows, 4).into_iter();
    let values: Float64Array = values
        .map(|cell| cell.map(|cell| cell.parse::<f64>().expect("a number")))
        .collect();
    Arc::new(values)
}

/// The columns of a table with text in plain columns.
fn plain(rows: &[Vec<String>]) -> Vec<(&'static str, ArrayRef)> {
    let text = |index: usize| -> ArrayRef { Arc::new(StringArray::from(column(rows, index))) };
    let array = |(index, name): (usize, &'static str)| match name {
        "value" => (name, values(rows)),
        _ => (name, text(index)),
    };
    COLUMNS.into_iter().enumerate().map(array).collect()
}

/// A Parquet file of some columns, in row groups of seven rows and with Snappy, as DuckDB and pyarrow compress.
fn file(columns: Vec<(&'static str, ArrayRef)>) -> Vec<u8> {
    let columns = columns.into_iter().map(|(name, array)| (name, array, true));
    let batch = RecordBatch::try_from_iter_with_nullable(columns).expect("a batch");
    let properties = WriterProperties::builder()
        .set_max_row_group_row_count(Some(7))
        .set_compression(parquet::basic::Compression::SNAPPY)
        .build();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).expect("a writer");
    writer.write(&batch).expect("written");
    writer.into_inner().expect("a file")
}

/// Northland with its table of costs as Parquet.
fn northland(bytes: &[u8]) -> Northland {
    Northland::new()
        .with("release.toml", CSV, PARQUET)
        .written(PARQUET, bytes)
}

fn costs() -> Vec<Vec<String>> {
    cells(&Northland::new().text(CSV))
}

/// Northland whose table of costs is Parquet with some rows changed.
fn changed(change: impl FnOnce(&mut Vec<Vec<String>>)) -> Northland {
    let mut rows = costs();
    change(&mut rows);
    northland(&file(plain(&rows)))
}

fn rows(release: &Release) -> Vec<Observation> {
    let mut rows = Vec::new();
    for content in release.content() {
        let (first, last) = (
            content.periods[0].period,
            content.periods[content.periods.len() - 1].period,
        );
        rows.extend(
            release
                .observations(&content.measure, &(first..=last))
                .expect("rows"),
        );
    }
    rows
}

/// Built from the Parquet table, and with the name and hash of the CSV file put back, a release has the same bytes.
fn is_the_csv_release(bytes: &[u8]) {
    let expected = Northland::new();
    let built = northland(bytes).release();
    built.verify().expect("verified");
    let mut found = rows(&built);
    for row in found.iter_mut().filter(|row| row.origin == PARQUET) {
        row.origin = CSV.to_owned();
    }
    let release = expected.release();
    let bytes = write(
        &found,
        release.catalogue().document(),
        release.territory().document(),
        release.provenance(),
    );
    assert!(bytes.expect("written") == expected.build().expect("built"));
}

#[test]
fn a_parquet_table_is_read_as_its_csv_twin() {
    is_the_csv_release(&file(plain(&costs())));
}

#[test]
fn text_may_be_large_or_in_a_dictionary_and_borders_a_date() {
    let rows = costs();
    let mut columns = plain(&rows);
    for (name, array) in &mut columns {
        let index = COLUMNS.iter().position(|known| known == name).expect("a column");
        *array = match *name {
            "measure" | "note" => Arc::new(LargeStringArray::from(column(&rows, index))),
            "period" | "area" => {
                let mut builder = StringDictionaryBuilder::<Int32Type>::new();
                column(&rows, index)
                    .into_iter()
                    .for_each(|cell| builder.append_option(cell));
                Arc::new(builder.finish())
            }
            // Empty texts instead of nulls.
            "missing" => Arc::new(
                rows.iter()
                    .map(|row| Some(row[index].as_str()))
                    .collect::<StringArray>(),
            ),
            "territory" => {
                let epoch = chrono::NaiveDate::from_ymd_opt(1970, 1, 1).expect("a day");
                let days = column(&rows, index).into_iter().map(|cell| {
                    let day: chrono::NaiveDate = cell.expect("a date").parse().expect("a date");
                    i32::try_from((day - epoch).num_days()).expect("a near day")
                });
                Arc::new(Date32Array::from_iter_values(days))
            }
            _ => continue,
        };
    }
    columns.reverse();
    is_the_csv_release(&file(columns));
}

#[test]
fn rows_of_two_tables_are_merged_in_key_order() {
    // Every second row in a table of its own; what the recipe's tables share is the register.
    let (even, odd): (Vec<_>, Vec<_>) = costs()
        .into_iter()
        .enumerate()
        .partition(|(index, _)| index % 2 == 0);
    let bare = |rows: Vec<(usize, Vec<String>)>| rows.into_iter().map(|(_, row)| row).collect::<Vec<_>>();
    let header = COLUMNS.join(",");
    let odd: Vec<String> = bare(odd).iter().map(|row| row.join(",")).collect();
    let recipe = Northland::new().text("release.toml");
    let start = recipe.find("[[table]]").expect("a table");
    let end = start + 1 + recipe[start + 1..].find("[[table]]").expect("another table");
    let more = recipe[start..end].replace(CSV, "observations/odd.csv");
    let built = northland(&file(plain(&bare(even))))
        .and("release.toml", &format!("\n{more}"))
        .written("observations/odd.csv", format!("{header}\n{}\n", odd.join("\n")))
        .release();
    built.verify().expect("verified");
    let mut found = rows(&built);
    found.iter_mut().for_each(|row| row.origin.clear());
    let mut expected = rows(&Northland::new().release());
    expected.iter_mut().for_each(|row| row.origin.clear());
    assert_eq!(found, expected);
}

#[test]
fn rows_out_of_order() {
    let northland = changed(|rows| rows.swap(2, 3));
    let rows = costs();
    let key = |row: usize| rows[row][..4].join(", ");
    refused(
        &northland,
        PARQUET,
        "K0105",
        &[
            "costs.parquet:4:",
            &format!("{} after {}", key(2), key(3)),
            "ORDER BY measure, period, area, territory",
        ],
    );
}

#[test]
fn a_row_twice() {
    let northland = changed(|rows| rows.insert(4, rows[3].clone()));
    let key = costs()[3][..4].join(", ");
    refused(
        &northland,
        PARQUET,
        "K0204",
        &["costs.parquet:5:", &key, "costs.parquet:4"],
    );
}

/// One cell of one row is written in another way.
fn bad_cell(column: &str, found: &str, code: &str, parts: &[&str]) {
    let index = COLUMNS
        .iter()
        .position(|known| *known == column)
        .expect("a column");
    let row = costs()
        .iter()
        .position(|row| row[..3] == ["cost.a", "2019", "03"])
        .expect("the row");
    let northland = changed(|rows| rows[row][index] = found.to_owned());
    let place = format!("costs.parquet:{}:", row + 1);
    let parts: Vec<&str> = parts.iter().copied().chain([place.as_str()]).collect();
    refused(&northland, PARQUET, code, &parts);
}

#[test]
fn cells_are_judged_as_those_of_a_csv_table() {
    bad_cell("measure", "cst.a", "K0206", &["\"cst.a\"", "Did you mean cost.a"]);
    bad_cell("measure", "", "K0201", &["column measure", "a value"]);
    bad_cell("area", "3", "K0205", &["codes: 3.", "Did you mean Seeta (03)?"]);
    bad_cell("area", "", "K0201", &["column area", "a value"]);
    bad_cell(
        "period",
        "2019/01",
        "K0201",
        &["column period", "2019-Q1", "2019/01"],
    );
    bad_cell("period", "2017", "K0207", &["2017", "2018–2022"]);
    bad_cell(
        "territory",
        "2019-1-1",
        "K0201",
        &["column territory", "YYYY-MM-DD"],
    );
    bad_cell(
        "territory",
        "2035-01-01",
        "K0201",
        &["column territory", "borders that the territory knows"],
    );
    bad_cell("value", "NaN", "K0201", &["column value", "finite", "NaN"]);
    bad_cell("value", "inf", "K0201", &["column value", "finite"]);
    bad_cell("value", "0.5", "K0201", &["column value", "decimals", "0.5"]);
    bad_cell("value", "9007199254740994", "K0201", &["column value", "2^53"]);
    bad_cell("value", "", "K0201", &["column value", "a value, for status"]);
    bad_cell("status", "X", "K0201", &["column status", "SDMX", "X"]);
    bad_cell("status", "", "K0201", &["column status", "a value"]);
    bad_cell(
        "status",
        "O",
        "K0201",
        &["column value", "no value, for status O"],
    );
    bad_cell("missing", "lost", "K0201", &["column missing", "lost"]);
}

#[test]
fn every_unknown_area_of_the_table_is_listed() {
    // Row groups have seven rows: the second code stands in another one.
    let northland = changed(|rows| {
        let last = rows.len() - 1;
        rows[1][2] = "98".to_owned();
        rows[last][2] = "99".to_owned();
    });
    refused(&northland, PARQUET, "K0205", &["costs.parquet:2:", "98, 99"]);
}

#[test]
fn other_columns() {
    let rows = costs();
    let without: Vec<_> = plain(&rows)
        .into_iter()
        .filter(|(name, _)| *name != "note")
        .collect();
    refused(&northland(&file(without)), PARQUET, "K0202", &["missing, note"]);
    let mut with = plain(&rows);
    with.push(("origin", Arc::new(StringArray::from(column(&rows, 0)))));
    refused(&northland(&file(with)), PARQUET, "K0202", &["note, origin"]);
}

#[test]
fn columns_of_another_type() {
    let rows = costs();
    let numbers: ArrayRef = Arc::new(Int64Array::from(vec![5; rows.len()]));
    for (column, expected) in [
        ("area", "text"),
        ("value", "64-bit float"),
        ("territory", "a date or text"),
    ] {
        let mut columns = plain(&rows);
        for (name, array) in &mut columns {
            if *name == column {
                *array = Arc::clone(&numbers);
            }
        }
        refused(
            &northland(&file(columns)),
            PARQUET,
            "K0210",
            &[column, expected, "Int64"],
        );
    }
}

#[test]
fn a_table_that_is_no_parquet() {
    refused(&northland(b"measure,period\n"), PARQUET, "K0209", &["Parquet"]);
}

// Writing.

/// A disk that is full after some bytes.
struct Full(usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self
            .0
            .checked_sub(bytes.len())
            .ok_or_else(|| io::Error::other("no space left"))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The batches of a release's rows.
fn batches(release: &[u8]) -> Vec<RecordBatch> {
    let bytes = bytes::Bytes::from(release.to_vec());
    let options = parquet::arrow::arrow_reader::ArrowReaderOptions::new()
        .with_skip_arrow_metadata(true)
        .with_schema(observation_schema());
    let reader =
        parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new_with_options(bytes, options)
            .expect("Parquet")
            .with_batch_size(5)
            .build()
            .expect("a reader");
    reader.map(|batch| batch.expect("a batch")).collect()
}

#[test]
fn batches_of_any_size_give_the_same_id() {
    let expected = Northland::new().build().expect("built");
    let release = Northland::new().release();
    let mut writer = ReleaseWriter::new("small", Vec::new()).expect("a writer");
    for batch in batches(&expected) {
        writer.write(&batch).expect("written");
    }
    let (catalogue, territory) = (release.catalogue().document(), release.territory().document());
    let (id, bytes) = writer
        .finish(catalogue, territory, release.provenance())
        .expect("finished");
    assert_eq!(id, release.id());
    assert_eq!(
        rows(&Release::from_bytes("small", bytes).expect("opened")),
        rows(&release)
    );
}

#[test]
fn a_writer_refuses_rows_out_of_order_and_other_schemas() {
    let batches = batches(&Northland::new().build().expect("built"));
    let mut writer = ReleaseWriter::new("new.parquet", Vec::new()).expect("a writer");
    writer.write(&batches[1]).expect("written");
    let error = writer.write(&batches[0]).expect_err("earlier rows");
    assert_eq!(error.code(), "K0105", "{error}");
    assert!(error.to_string().starts_with("new.parquet:6:"), "{error}");
    let mut writer = ReleaseWriter::new("new.parquet", Vec::new()).expect("a writer");
    writer.write(&batches[0]).expect("written");
    let error = writer
        .write(&batches[0].slice(4, 1))
        .expect_err("the last row again");
    assert_eq!(error.code(), "K0204", "{error}");
    let error = writer
        .write(&batches[0].project(&[0, 1]).expect("two columns"))
        .expect_err("two columns");
    assert_eq!(error.code(), "K0202", "{error}");
}

#[test]
fn a_full_disk_is_an_error() {
    let release = Northland::new().release();
    let batches = batches(&Northland::new().build().expect("built"));
    for room in [0, 3, 4, 100, 1_000, 3_000] {
        let written = || {
            let mut writer = ReleaseWriter::new("new.parquet", Full(room))?;
            batches.iter().try_for_each(|batch| writer.write(batch))?;
            let (catalogue, territory) = (release.catalogue().document(), release.territory().document());
            writer
                .finish(catalogue, territory, release.provenance())
                .map(|_| ())
        };
        let error: Error = written().expect_err("a full disk");
        assert_eq!(error.kind(), ErrorKind::Io, "{room}: {error}");
        assert!(error.to_string().contains("no space left"), "{room}: {error}");
    }
}

/// What stands in a folder.
fn names(folder: &Folder) -> Vec<String> {
    let entries = std::fs::read_dir(folder.path("")).expect("a folder");
    let mut names: Vec<String> = entries
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    names
}

#[test]
fn a_build_that_fails_leaves_the_release_that_was_there() {
    let folder = Folder::new();
    let path = folder.path("northland.parquet");
    let sources = Northland::new();
    let built = build_file(sources.path("").as_ref(), &path).expect("built");
    assert_eq!(names(&folder), ["northland.parquet"]);
    let bytes = std::fs::read(&path).expect("read");
    assert_eq!(bytes, sources.build().expect("built in memory"));
    assert_eq!(
        (built.bytes, built.id.as_str()),
        (bytes.len() as u64, sources.release().id())
    );
    // The last rows are wrong, so that most of the file has been written.
    let wrong = changed(|rows| rows.swap(0, 1));
    build_file(wrong.path("").as_ref(), &path).expect_err("rows out of order");
    assert_eq!(names(&folder), ["northland.parquet"]);
    assert_eq!(std::fs::read(&path).expect("read"), bytes);
}

#[test]
fn a_build_into_a_folder_that_does_not_exist() {
    let folder = Folder::new();
    let path = folder.path("absent/northland.parquet");
    let error = build_file(Northland::new().path("").as_ref(), &path).expect_err("no folder");
    assert_eq!(error.kind(), ErrorKind::Io, "{error}");
    assert!(error.to_string().contains("absent"), "{error}");
    assert!(names(&folder).is_empty());
}
