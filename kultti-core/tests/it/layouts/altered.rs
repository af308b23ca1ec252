//! Accidents: rows that were moved, statistics that lie, files cut off, bytes that flipped.

use super::{Answers, answers, bare, is_refusal, mixed, pieces, rewritten, sayings, slices, whole};
use crate::data::Northland;
use arrow_array::builder::Float64Builder;
use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, RecordBatch};
use kultti_core::model::{Observation, observation_schema};
use kultti_core::release::Release;
use parquet::arrow::ArrowWriter;
use parquet::data_type::ByteArray;
use parquet::file::metadata::{
    PageIndexPolicy, ParquetMetaData, ParquetMetaDataReader, ParquetMetaDataWriter,
};
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder};
use parquet::file::statistics::Statistics;
use parquet::file::writer::TrackedWrite;
use std::io::Write;
use std::sync::Arc;

fn northland() -> Vec<u8> {
    Northland::new().build().expect("builds")
}

fn small_pages() -> WriterPropertiesBuilder {
    WriterProperties::builder()
        .set_data_page_row_count_limit(3)
        .set_write_batch_size(3)
}

/// A file in which rows were moved is refused, by opening it or by whatever reads those rows.
fn refused(file: &[u8], what: &str) {
    let read = Release::from_bytes("file", file.to_vec()).and_then(|release| slices(&release));
    let error = read.err().unwrap_or_else(|| panic!("{what}: rows were read"));
    assert_eq!(error.code(), "K0103", "{what}: {error}");
    let verified = Release::from_bytes("file", file.to_vec()).and_then(|release| release.verify());
    assert!(
        verified.is_err_and(|error| is_refusal(&error)),
        "{what}: verified"
    );
}

/// Refused, or the answers of the file before it was altered.
fn refused_or(file: &[u8], expected: &Answers, what: &str) {
    match answers(file) {
        Ok(found) => assert!(found == *expected, "{what}: other answers"),
        Err(error) => assert!(is_refusal(&error), "{what}: {error}"),
    }
}

#[test]
fn row_groups_in_another_order() {
    for original in [northland(), mixed()] {
        for size in [5, 40] {
            let mut groups = pieces(&whole(&original), size);
            let last = groups.len() - 1;
            for (left, right) in [(0, last), (last / 2, last / 2 + 1)] {
                groups.swap(left, right);
                for properties in [small_pages(), bare(small_pages())] {
                    let file = rewritten(&original, properties, &groups, true);
                    refused(&file, &format!("groups of {size} rows, {left} and {right}"));
                }
                groups.swap(left, right);
            }
        }
    }
}

#[test]
fn two_rows_swapped() {
    let original = northland();
    let rows = whole(&original);
    let count = rows.num_rows();
    let expected = answers(&original).expect("answers");
    for (at, distance) in (0..count - 1)
        .map(|at| (at, 1))
        .chain((0..count - 20).step_by(17).map(|at| (at, 19)))
    {
        let (other, after) = (at + distance, at + distance + 1);
        let pieces = [
            rows.slice(0, at),
            rows.slice(other, 1),
            rows.slice(at + 1, distance - 1),
            rows.slice(at, 1),
            rows.slice(after, count - after),
        ];
        let file = rewritten(&original, bare(WriterProperties::builder()), &pieces, false);
        let what = format!("rows {at} and {other}");
        refused(&file, &what);
        if at % 40 == 0 {
            refused_or(&file, &expected, &what);
        }
    }
}

/// A row too many, and one too few.
#[test]
fn rows_twice_and_rows_left_out() {
    let original = northland();
    let rows = whole(&original);
    let count = rows.num_rows();
    for at in (0..count).step_by(7) {
        let doubled = [rows.slice(0, at + 1), rows.slice(at, count - at)];
        let without = [rows.slice(0, at), rows.slice(at + 1, count - at - 1)];
        // As many rows as before: the next one stands in the place of the one left out.
        let next = (at + 1) % count;
        let replaced = [
            rows.slice(0, at),
            rows.slice(next, 1),
            rows.slice(at + 1, count - at - 1),
        ];
        for pieces in [&doubled[..], &without[..], &replaced[..]] {
            let file = rewritten(&original, bare(WriterProperties::builder()), pieces, false);
            refused(&file, &format!("row {at}"));
        }
    }
}

/// The footer of a file, and where it begins.
fn footer(file: &[u8]) -> (ParquetMetaData, usize) {
    let length = file.len();
    let size: [u8; 4] = file[length - 8..length - 4].try_into().expect("four bytes");
    let start = length - 8 - usize::try_from(u32::from_le_bytes(size)).expect("a length");
    let mut reader = ParquetMetaDataReader::new().with_page_index_policy(PageIndexPolicy::Skip);
    reader
        .try_parse(&bytes::Bytes::from(file.to_vec()))
        .expect("a footer");
    (reader.finish().expect("a footer"), start)
}

/// The file with other statistics of a column in every row group.
fn with_statistics(file: &[u8], column: usize, statistics: &Statistics) -> Vec<u8> {
    let (metadata, start) = footer(file);
    let groups = metadata.row_groups().iter().map(|group| {
        let mut columns = group.columns().to_vec();
        let changed = columns[column]
            .clone()
            .into_builder()
            .set_statistics(statistics.clone());
        columns[column] = changed.build().expect("a column");
        group
            .clone()
            .into_builder()
            .set_column_metadata(columns)
            .build()
            .expect("a row group")
    });
    let groups = groups.collect();
    let metadata = metadata.into_builder().set_row_groups(groups).build();
    let mut file_written = Vec::new();
    let mut tracked = TrackedWrite::new(&mut file_written);
    tracked.write_all(&file[..start]).expect("written");
    let writer = ParquetMetaDataWriter::new_with_tracked(tracked, &metadata);
    writer.finish().expect("a footer");
    file_written
}

#[test]
fn statistics_that_lie() {
    let original = northland();
    let rows = whole(&original);
    let expected = answers(&original).expect("answers");
    let text = |least: &str, most: &str| {
        let bytes = |text: &str| Some(ByteArray::from(text.as_bytes().to_vec()));
        Statistics::byte_array(bytes(least), bytes(most), None, Some(0), false)
    };
    for (size, cut) in [(1_000, false), (40, true)] {
        let file = rewritten(&original, small_pages(), &pieces(&rows, size), cut);
        // Of the measure: what a row group begins and ends with.
        for lie in [
            text("a", "z"),
            text("budget.net", "cost.a"),
            text("wait.mean_days", "budget.net"),
            text("", ""),
        ] {
            match answers(&with_statistics(&file, 0, &lie)) {
                Ok(found) => assert!(found == expected, "measure: other answers"),
                Err(error) => assert_eq!(error.code(), "K0103", "{error}"),
            }
        }
        // Of the others: nothing is left out because of them.
        for column in [1, 2, 6] {
            let found = answers(&with_statistics(&file, column, &text("zzzz", "a"))).expect("the same rows");
            assert!(found == expected, "column {column}: other answers");
        }
        let lie = Statistics::double(
            Some(f64::INFINITY),
            Some(f64::NEG_INFINITY),
            Some(1),
            Some(0),
            false,
        );
        let found = answers(&with_statistics(&file, 3, &lie)).expect("the same rows");
        assert!(found == expected, "value: other answers");
    }
}

/// The rows with one value made larger by 1.
fn with_other_value(rows: &RecordBatch, row: usize) -> RecordBatch {
    let values = rows.column(3).as_primitive::<Float64Type>();
    let mut builder = Float64Builder::new();
    for at in 0..values.len() {
        let value = (!values.is_null(at)).then(|| values.value(at) + f64::from(u8::from(at == row)));
        builder.append_option(value);
    }
    let mut columns = rows.columns().to_vec();
    columns[3] = Arc::new(builder.finish());
    RecordBatch::try_new(rows.schema(), columns).expect("a batch")
}

#[test]
fn a_changed_value_is_found_by_verifying() {
    let original = northland();
    let rows = whole(&original);
    let release = Release::from_bytes("file", original.clone()).expect("opened");
    let observations = slices(&release).expect("rows");
    for row in (0..rows.num_rows())
        .filter(|row| !rows.column(3).is_null(*row))
        .step_by(3)
    {
        let file = rewritten(&original, small_pages(), &[with_other_value(&rows, row)], false);
        let altered = Release::from_bytes("file", file).expect("opened");
        let error = altered.verify().expect_err("another value");
        assert_eq!(error.code(), "K0103", "{error}");
        let measure = observations[row].measure.as_str();
        assert!(error.to_string().contains(measure), "{measure}: {error}");
    }
}

#[test]
fn a_file_without_its_lists_is_refused() {
    // What a program makes that copies rows and metadata and knows nothing of the lists between them.
    let original = northland();
    let properties = WriterProperties::builder().set_key_value_metadata(Some(sayings(&original)));
    let mut writer =
        ArrowWriter::try_new(Vec::new(), observation_schema(), Some(properties.build())).expect("a writer");
    writer.write(&whole(&original)).expect("written");
    let error = Release::from_bytes("file", writer.into_inner().expect("a file")).expect_err("no lists");
    assert_eq!(error.code(), "K0103", "{error}");
}

#[test]
fn a_foreign_file_that_was_cut_off() {
    let original = northland();
    let rows = whole(&original);
    for properties in [small_pages(), bare(small_pages())] {
        let file = rewritten(&original, properties, &pieces(&rows, 9), true);
        for twentieth in 0..20 {
            let length = file.len() * twentieth / 20;
            let read =
                Release::from_bytes("file", file[..length].to_vec()).and_then(|release| slices(&release));
            let error = read.expect_err("a part of a file");
            assert!(is_refusal(&error), "{length} bytes: {error}");
        }
    }
}

/// What a flipped byte leads to. A wrong row that was read without an error must at least be found by verifying.
fn flipped(file: &[u8], original: &[Observation], at: usize, mask: u8) -> Option<String> {
    let mut bytes = file.to_vec();
    bytes[at] ^= mask;
    let attempt = std::panic::catch_unwind(|| {
        let release = Release::from_bytes("file", bytes)?.with_cache_bytes(0);
        let rows = slices(&release)?;
        Ok::<_, kultti_core::Error>((rows, release.verify()))
    });
    let wrong = match attempt {
        Err(_) => "a panic".to_owned(),
        Ok(Err(error)) if is_refusal(&error) => return None,
        Ok(Err(error)) => error.to_string(),
        Ok(Ok((rows, _))) if rows == original => return None,
        Ok(Ok((_, Err(_)))) => return None,
        Ok(Ok((_, Ok(_)))) => "other rows, and verified".to_owned(),
    };
    Some(format!("byte {at} ^ {mask:#04x}: {wrong}"))
}

/// Where the pages end and the lists of pages begin.
fn end_of_pages(file: &[u8]) -> usize {
    let (metadata, _) = footer(file);
    let columns = metadata.row_groups().iter().flat_map(|group| group.columns());
    let ends = columns
        .map(|column| column.byte_range())
        .map(|(start, length)| start + length);
    usize::try_from(ends.max().expect("columns")).expect("a small file")
}

/// Northland with pages of three rows in row groups of sixty, its rows, and where pages, lists of pages and footer begin.
fn many_pages() -> (Vec<u8>, Vec<Observation>, [usize; 3]) {
    let original = northland();
    let release = Release::from_bytes("file", original.clone()).expect("opened");
    let expected = slices(&release).expect("rows");
    let file = rewritten(&original, small_pages(), &pieces(&whole(&original), 60), true);
    let (pages, (_, footer)) = (end_of_pages(&file), footer(&file));
    (file, expected, [4, pages, footer])
}

fn flips(file: &[u8], expected: &[Observation], positions: impl Iterator<Item = usize>) {
    let masks = [0x01, 0x06, 0xff];
    let wrong: Vec<String> = positions
        .enumerate()
        .filter_map(|(count, at)| flipped(file, expected, at, masks[count % masks.len()]))
        .collect();
    assert!(wrong.is_empty(), "{} flips\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn flipped_bytes_of_pages_and_footer() {
    let (file, expected, [first, pages, footer]) = many_pages();
    let positions = (first..pages)
        .step_by(541)
        .chain((footer..file.len()).step_by(1_399));
    flips(&file, &expected, positions);
}

/// The lists of pages say at which row each begins: one that lies is not used, so that no row is ever another.
#[test]
fn flipped_bytes_of_the_lists_of_pages() {
    let (file, expected, [_, pages, footer]) = many_pages();
    for at in (pages..footer).step_by(61) {
        let mut bytes = file.clone();
        bytes[at] ^= 0x06;
        let read = Release::from_bytes("file", bytes).and_then(|release| slices(&release));
        match read {
            Ok(found) => assert!(found == expected, "byte {at}: other rows"),
            Err(error) => assert!(is_refusal(&error), "byte {at}: {error}"),
        }
    }
}
