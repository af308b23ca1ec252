//! Writing a release as Parquet, so that the same content gives the same bytes.

use super::content::{ContentBuilder, release_id};
use super::key;
use super::provenance::Provenance;
use crate::catalogue::Document;
use crate::error::{Error, Result};
use crate::model::{Observation, observation_schema};
use crate::territory::TerritoryDocument;
use arrow_array::builder::{Float64Builder, StringDictionaryBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, RecordBatch};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::{KeyValue, SortingColumn};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use std::sync::Arc;

/// Rows after which a new row group begins, at the next measure.
const ROW_GROUP_ROWS: usize = 1_000_000;
/// A page of run-length keys would otherwise hold a whole row group, and the page index would prune nothing.
const PAGE_ROWS: usize = 8_192;
const PAGE_BYTES: usize = 64 * 1024;

/// Writes observations, already in key order and without duplicates, as a release file.
///
/// # Errors
/// [`Error::Unsorted`] for rows out of order; [`Error::Io`] when the Parquet writer fails.
pub fn write(
    observations: &[Observation],
    catalogue: &Document,
    territory: &TerritoryDocument,
    provenance: &Provenance,
) -> Result<Vec<u8>> {
    if let Some(pair) = observations
        .windows(2)
        .find(|pair| pair[0].key() >= pair[1].key())
    {
        return Err(Error::ReleaseAltered {
            path: "-".into(),
            part: "rows".into(),
            expected: "ascending measure, period, area, territory".into(),
            found: format!("{:?} after {:?}", pair[1].key(), pair[0].key()),
        });
    }
    let mut content = ContentBuilder::new();
    observations.iter().for_each(|row| content.push(row));
    let texts = [
        json(&content.finish())?,
        json(catalogue)?,
        json(territory)?,
        json(provenance)?,
    ];
    let id = release_id([&texts[0], &texts[1], &texts[2], &texts[3]]);
    let [content, catalogue, territory, provenance] = texts;
    let metadata = [
        (key::ID, id),
        (key::CONTENT, content),
        (key::CATALOGUE, catalogue),
        (key::TERRITORY, territory),
        (key::PROVENANCE, provenance),
    ];
    let metadata = metadata
        .into_iter()
        .map(|(name, text)| KeyValue::new(name.to_owned(), text))
        .collect();
    let mut writer = ArrowWriter::try_new(Vec::new(), observation_schema(), Some(properties(metadata)?))
        .map_err(failed)?;
    let mut start = 0;
    while start < observations.len() {
        let end = row_group_end(observations, start);
        writer.write(&batch(&observations[start..end])?).map_err(failed)?;
        writer.flush().map_err(failed)?;
        start = end;
    }
    writer.into_inner().map_err(failed)
}

/// The first measure boundary at or after a full row group.
fn row_group_end(observations: &[Observation], start: usize) -> usize {
    let full = start + ROW_GROUP_ROWS;
    (full..observations.len())
        .find(|index| observations[*index].measure != observations[*index - 1].measure)
        .unwrap_or(observations.len())
}

fn properties(metadata: Vec<KeyValue>) -> Result<WriterProperties> {
    let sorting = [0, 1, 2, 6].map(|column_idx| SortingColumn {
        column_idx,
        descending: false,
        nulls_first: false,
    });
    Ok(WriterProperties::builder()
        .set_created_by(format!("kultti {}", env!("CARGO_PKG_VERSION")))
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(9).map_err(failed)?))
        .set_data_page_size_limit(PAGE_BYTES)
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_max_row_group_row_count(None)
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_column_index_truncate_length(None)
        .set_statistics_truncate_length(None)
        .set_sorting_columns(Some(sorting.to_vec()))
        .set_key_value_metadata(Some(metadata))
        .build())
}

fn batch(rows: &[Observation]) -> Result<RecordBatch> {
    let text = |each: &dyn Fn(&Observation) -> Option<String>| -> ArrayRef {
        let mut builder = StringDictionaryBuilder::<Int32Type>::new();
        for row in rows {
            builder.append_option(each(row));
        }
        Arc::new(builder.finish())
    };
    let mut values = Float64Builder::with_capacity(rows.len());
    rows.iter().for_each(|row| values.append_option(row.value));
    let columns: Vec<ArrayRef> = vec![
        text(&|row| Some(row.measure.to_string())),
        text(&|row| Some(row.period.to_string())),
        text(&|row| Some(row.area.to_string())),
        Arc::new(values.finish()),
        text(&|row| Some(row.status.letter().to_string())),
        text(&|row| row.missing.map(|reason| reason.code().to_owned())),
        text(&|row| Some(row.territory.to_string())),
        text(&|row| Some(row.origin.clone())),
        text(&|row| Some(row.note.clone()).filter(|note| !note.is_empty())),
    ];
    RecordBatch::try_new(observation_schema(), columns).map_err(failed)
}

fn json<T: serde::Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(failed)
}

fn failed(cause: impl std::fmt::Display) -> Error {
    Error::Io {
        path: "release".into(),
        cause: cause.to_string(),
    }
}
