//! Release files as other writers lay them out, and as accidents leave them: read as they are, or refused, never wrongly.

mod altered;
mod foreign;

use crate::naive::{Country, Size};
use arrow_array::RecordBatch;
use kultti_core::compare::{
    CompareAllOptions, CompareOptions, ExplainOptions, GroupsOptions, Order, RankOptions, TrendOptions,
};
use kultti_core::model::{Observation, Period, observation_schema};
use kultti_core::panel::Borders;
use kultti_core::release::{Release, write};
use kultti_core::{Error, Result};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterPropertiesBuilder};
use std::fmt::Debug;
use std::sync::Arc;

/// A country whose measures are yearly, but for one that is monthly and one that is quarterly.
fn mixed() -> Vec<u8> {
    let size = Size {
        areas: 9,
        years: 4,
        copies: 1,
    };
    let mut country = Country::random(21, size);
    let parts = |row: &Observation| -> Vec<Observation> {
        let (count, mark) = match row.measure.as_str() {
            "d" => (12, ""),
            "b" => (4, "Q"),
            _ => return vec![row.clone()],
        };
        let year = row.period;
        let part = |number: u32| Observation {
            period: format!(
                "{year}-{mark}{number:0width$}",
                width = if count == 4 { 1 } else { 2 }
            )
            .parse()
            .expect("a period"),
            value: row.value.map(|value| value + f64::from(number)),
            ..row.clone()
        };
        (1..=count).map(part).collect()
    };
    country.observations = country.observations.iter().flat_map(parts).collect();
    country
        .observations
        .sort_by(|left, right| left.key().cmp(&right.key()));
    let written = write(
        &country.observations,
        &country.catalogue(),
        &country.territory(),
        &country.provenance(),
    );
    written.expect("a release")
}

/// The rows of a file in one batch.
fn whole(bytes: &[u8]) -> RecordBatch {
    let options = ArrowReaderOptions::new()
        .with_skip_arrow_metadata(true)
        .with_schema(observation_schema());
    let bytes = bytes::Bytes::from(bytes.to_vec());
    let reader = ParquetRecordBatchReaderBuilder::try_new_with_options(bytes, options).expect("Parquet");
    let mut batches = reader.with_batch_size(1_000_000).build().expect("a reader");
    let batch = batches.next().expect("rows").expect("a batch");
    assert!(batches.next().is_none(), "one row group");
    batch
}

/// What a release says of itself.
fn sayings(bytes: &[u8]) -> Vec<KeyValue> {
    let reader =
        ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(bytes.to_vec())).expect("Parquet");
    let entries = reader
        .metadata()
        .file_metadata()
        .key_value_metadata()
        .expect("metadata");
    entries
        .iter()
        .filter(|entry| entry.key.starts_with("kultti."))
        .cloned()
        .collect()
}

/// A release whose rows are written anew: with other properties, in other pieces. With `cut`, every piece is a row group.
fn rewritten(
    original: &[u8],
    properties: WriterPropertiesBuilder,
    pieces: &[RecordBatch],
    cut: bool,
) -> Vec<u8> {
    let properties = properties.build();
    let mut writer =
        ArrowWriter::try_new(Vec::new(), observation_schema(), Some(properties)).expect("a writer");
    for piece in pieces {
        writer.write(piece).expect("written");
        if cut {
            writer.flush().expect("a row group");
        }
    }
    writer.flush().expect("a row group");
    let start = writer.bytes_written();
    writer.write_all(lists(original)).expect("written");
    for mut saying in sayings(original) {
        if saying.key == "kultti.lists" {
            saying.value = Some(start.to_string());
        }
        writer.append_key_value_metadata(saying);
    }
    writer.into_inner().expect("a file")
}

/// The lists between the rows and the footer, whose indexes say how long they are.
fn lists(original: &[u8]) -> &[u8] {
    let sayings = sayings(original);
    let text = |key: &str| {
        let saying = sayings.iter().find(|saying| saying.key == key);
        saying.and_then(|saying| saying.value.as_deref()).expect("a text")
    };
    let bytes = |index: &str| -> usize {
        let blocks = index.lines().map(|line| line.split('\t').nth(2).expect("bytes"));
        blocks
            .map(|bytes| bytes.parse::<usize>().expect("a number"))
            .sum()
    };
    let start: usize = text("kultti.lists").parse().expect("a number");
    let length: usize = ["kultti.content", "kultti.measures", "kultti.indicators"]
        .map(|key| bytes(text(key)))
        .iter()
        .sum();
    &original[start..start + length]
}

/// Rows of a batch in pieces of a size.
fn pieces(batch: &RecordBatch, size: usize) -> Vec<RecordBatch> {
    let starts = (0..batch.num_rows()).step_by(size);
    starts
        .map(|start| batch.slice(start, size.min(batch.num_rows() - start)))
        .collect()
}

/// Nothing that a reader could check rows by before it reads them.
fn bare(properties: WriterPropertiesBuilder) -> WriterPropertiesBuilder {
    properties
        .set_statistics_enabled(EnabledStatistics::None)
        .set_offset_index_disabled(true)
}

fn is_refusal(error: &Error) -> bool {
    ["K0102", "K0103"].contains(&error.code())
}

/// The rows of every slice, read one by one.
fn slices(release: &Release) -> Result<Vec<Observation>> {
    let mut rows = Vec::new();
    for content in release.content() {
        for period in content.periods.iter().map(|content| content.period) {
            rows.extend(release.observations(&content.measure, &(period..=period))?);
        }
    }
    Ok(rows)
}

/// What a release answers to everything that can be asked.
#[derive(PartialEq)]
struct Answers {
    rows: Vec<Observation>,
    batches: Vec<RecordBatch>,
    verbs: Vec<String>,
}

/// The answers, or the refusal of a damaged file; other errors are answers.
fn answers(bytes: &[u8]) -> Result<Answers> {
    let release = Arc::new(Release::from_bytes("file", bytes.to_vec())?.with_cache_bytes(0));
    let mut answers = Answers {
        rows: slices(&release)?,
        batches: Vec::new(),
        verbs: Vec::new(),
    };
    for borders in [Borders::Now, Borders::Then] {
        let columns = [
            "rank",
            "robust_z",
            "difference:country",
            "change",
            "numerator",
            "denominator",
        ];
        let options = CompareAllOptions::columns(columns)?.with_threads(2);
        let options = options.with_order(Order::Descending).with_borders(borders);
        for batch in release.compare_all(options)? {
            answers.batches.push(batch?);
        }
    }
    let ids: Vec<String> = release
        .catalogue()
        .indicators()
        .map(|item| item.id.to_string())
        .collect();
    let (first, last) = (release.territory().first(), release.territory().now());
    let both = [
        release.territory().areas_on(first),
        release.territory().areas_on(last),
    ];
    let grouping = release.territory().document().groupings[0].id.to_string();
    for id in &ids {
        let rank = RankOptions {
            order: Some(Order::Ascending),
            borders: Borders::Then,
            ..RankOptions::default()
        };
        answers.verbs.push(said(release.rank(id, rank))?);
        answers
            .verbs
            .push(said(release.groups(id, GroupsOptions::from(grouping.as_str())))?);
        for area in both.iter().filter_map(|areas| areas.codes().first()) {
            let area = area.as_str();
            answers
                .verbs
                .push(said(release.compare(id, CompareOptions::from(area)))?);
            answers
                .verbs
                .push(said(release.trend(id, TrendOptions::from(area)))?);
            answers
                .verbs
                .push(said(release.explain(id, ExplainOptions::from(area)))?);
        }
    }
    Ok(answers)
}

/// A result as text; only the refusal of a damaged file stays an error.
fn said<T: Debug>(result: Result<T>) -> Result<String> {
    match result {
        Err(error) if is_refusal(&error) => Err(error),
        other => Ok(format!("{other:?}")),
    }
}

/// A measure and a period of a release.
fn place(row: &Observation) -> (String, Period) {
    (row.measure.to_string(), row.period)
}
