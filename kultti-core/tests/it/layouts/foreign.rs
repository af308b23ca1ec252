//! Other writers' layouts: every verb gives the same answers as on the file that Kultti wrote.

use super::{Answers, answers, bare, mixed, pieces, place, rewritten, whole};
use crate::data::Northland;
use kultti_core::release::Release;
use kultti_datasets::EXAMPLE_RELEASE;
use parquet::basic::{Compression, Encoding};
use parquet::file::properties::{
    EnabledStatistics, WriterProperties, WriterPropertiesBuilder, WriterVersion,
};
use std::collections::BTreeSet;

fn plain() -> WriterPropertiesBuilder {
    WriterProperties::builder()
}

/// Pages of a few rows each.
fn small_pages() -> WriterPropertiesBuilder {
    plain().set_data_page_row_count_limit(3).set_write_batch_size(3)
}

/// A dictionary that is full after a few texts, so that the pages behind are plain: what pyarrow does with long lists.
fn fallback() -> WriterPropertiesBuilder {
    small_pages().set_dictionary_page_size_limit(8)
}

/// A layout: its name, properties, rows of a piece, and whether pieces are row groups.
type Layout = (&'static str, WriterPropertiesBuilder, usize, bool);

/// Everything in one row group.
fn in_one() -> Vec<Layout> {
    let chunks = small_pages().set_statistics_enabled(EnabledStatistics::Chunk);
    let cut = small_pages().set_statistics_truncate_length(Some(1));
    let second = small_pages().set_writer_version(WriterVersion::PARQUET_2_0);
    let layouts = [
        ("as parquet-rs writes", plain()),
        ("no statistics, no index, small pages", bare(small_pages())),
        ("statistics of chunks", chunks),
        ("truncated statistics", cut),
        ("plain", small_pages().set_dictionary_enabled(false)),
        ("pages of version 2", second),
        ("a full dictionary", fallback()),
        ("a full dictionary, nothing said of it", bare(fallback())),
    ];
    let layouts = layouts.into_iter();
    layouts
        .map(|(name, properties)| (name, properties, 1_000_000, false))
        .collect()
}

/// Row groups that cut measures and periods in the middle.
fn in_groups() -> Vec<Layout> {
    let plain_values = || small_pages().set_dictionary_enabled(false);
    let delta = plain_values().set_encoding(Encoding::DELTA_BYTE_ARRAY);
    let delta = delta.set_column_encoding("value".into(), Encoding::PLAIN);
    let uncompressed = plain_values().set_compression(Compression::UNCOMPRESSED);
    let second = plain_values().set_writer_version(WriterVersion::PARQUET_2_0);
    let second = second.set_column_encoding("value".into(), Encoding::PLAIN);
    let snappy = small_pages().set_compression(Compression::SNAPPY);
    let layouts = [
        ("row groups of one row", plain(), 1),
        (
            "row groups of seven rows, nothing said of them",
            bare(small_pages()),
            7,
        ),
        ("delta lengths", delta, 31),
        ("Snappy", snappy, 13),
        ("uncompressed", uncompressed, 53),
        ("pages of version 2 in groups", second, 17),
        ("a full dictionary in groups", fallback(), 29),
    ];
    let layouts = layouts.into_iter();
    layouts
        .map(|(name, properties, size)| (name, properties, size, true))
        .collect()
}

/// The first answer that is another.
fn same(found: &Answers, expected: &Answers, layout: &str) {
    let verbs = found.verbs.iter().zip(&expected.verbs);
    for (found, expected) in verbs {
        assert_eq!(found, expected, "{layout}");
    }
    assert!(found.rows == expected.rows, "{layout}: other rows");
    assert!(found == expected, "{layout}: other batches");
}

fn check(original: &[u8]) {
    let expected = answers(original).expect("the file as it was written");
    let rows = whole(original);
    let id = Release::from_bytes("file", original.to_vec())
        .expect("opened")
        .id()
        .to_owned();
    for (layout, properties, size, cut) in in_one().into_iter().chain(in_groups()) {
        let file = rewritten(original, properties, &pieces(&rows, size), cut);
        let release =
            Release::from_bytes("file", file.clone()).unwrap_or_else(|error| panic!("{layout}: {error}"));
        let verified = release
            .verify()
            .unwrap_or_else(|error| panic!("{layout}: {error}"));
        assert_eq!(verified.id, id, "{layout}");
        let found = answers(&file).unwrap_or_else(|error| panic!("{layout}: {error}"));
        same(&found, &expected, layout);
    }
}

#[test]
fn northland_in_every_layout() {
    check(&Northland::new().build().expect("builds"));
}

#[test]
fn measures_of_several_frequencies_in_every_layout() {
    let file = mixed();
    let release = Release::from_bytes("mixed", file.clone()).expect("opened");
    let rows = super::slices(&release).expect("rows");
    let frequencies: BTreeSet<usize> = rows.iter().map(|row| place(row).1.to_string().len()).collect();
    assert_eq!(
        frequencies,
        BTreeSet::from([4, 7]),
        "years, and quarters and months"
    );
    check(&file);
}

#[test]
fn the_example_release_in_small_row_groups() {
    let expected = answers(EXAMPLE_RELEASE).expect("the example release");
    let properties = plain()
        .set_dictionary_page_size_limit(64)
        .set_data_page_row_count_limit(100)
        .set_write_batch_size(50)
        .set_compression(Compression::SNAPPY);
    let file = rewritten(
        EXAMPLE_RELEASE,
        properties,
        &pieces(&whole(EXAMPLE_RELEASE), 777),
        true,
    );
    same(&answers(&file).expect("answers"), &expected, "777 rows");
}
