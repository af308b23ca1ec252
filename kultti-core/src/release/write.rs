//! Writing a release as Parquet, batch by batch, so that the same content gives the same bytes.

use super::blocks::WrittenList;
use super::content::{ContentBuilder, content_lines, release_id};
use super::key;
use super::order::Order;
use super::provenance::Provenance;
use crate::catalogue::Document;
use crate::error::{Error, Result};
use crate::model::{Observation, ObservationColumns, observation_schema};
use crate::territory::TerritoryDocument;
use arrow_array::builder::{Float64Builder, StringDictionaryBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, RecordBatch};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::{KeyValue, SortingColumn};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use std::io::Write;
use std::ops::Range;
use std::sync::Arc;

/// Rows after which a new row group begins, at the next measure.
const ROW_GROUP_ROWS: usize = 1_000_000;
/// Rows after which a new row group begins within a measure, so that memory stays bounded.
const MOST_ROW_GROUP_ROWS: usize = 4 * ROW_GROUP_ROWS;
/// A page of run-length keys would otherwise hold a whole row group, and the page index would prune nothing.
const PAGE_ROWS: usize = 8_192;
const PAGE_BYTES: usize = 64 * 1024;
/// Rows that are turned into one batch.
const BATCH_ROWS: usize = 65_536;

/// Writes a release to any sink, batch by batch: memory is that of one row group, however many rows there are.
///
/// Rows come in the order of their keys (measure, period, area, territory), without duplicates. The same batches give the
/// same bytes; the id is the same for any batches and row groups.
///
/// ```
/// use kultti_core::release::{Release, ReleaseWriter};
/// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
/// let writer = ReleaseWriter::new("empty.parquet", Vec::new())?;
/// let (id, bytes) =
///     writer.finish(release.catalogue().document(), release.territory().document(), release.provenance())?;
/// assert_eq!(Release::from_bytes("empty.parquet", bytes)?.id(), id);
/// # Ok::<(), kultti_core::Error>(())
/// ```
pub struct ReleaseWriter<W: Write + Send> {
    name: String,
    parquet: ArrowWriter<W>,
    content: ContentBuilder,
    order: Order,
    rows: usize,
}

impl<W: Write + Send> ReleaseWriter<W> {
    /// Begins a release; `name` is what messages call it.
    ///
    /// # Errors
    /// [`Error::Io`] when the sink fails.
    pub fn new(name: &str, sink: W) -> Result<Self> {
        let failed = |cause| failed(name, cause);
        let properties = properties().map_err(failed)?;
        Ok(Self {
            name: name.to_owned(),
            parquet: ArrowWriter::try_new(sink, observation_schema(), Some(properties)).map_err(failed)?,
            content: ContentBuilder::default(),
            order: Order::default(),
            rows: 0,
        })
    }

    /// Rows written.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Takes the next rows, in the schema of observations ([`observation_schema`]).
    ///
    /// # Errors
    /// [`Error::Header`] for another schema; [`Error::Unsorted`] and [`Error::DuplicateObservation`] for rows out of
    /// order; [`Error::Cell`] for a cell that cannot be read or does not fit its status; [`Error::Io`] when the sink
    /// fails.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        let columns = ObservationColumns::of(batch).ok_or_else(|| other_schema(&self.name, batch))?;
        self.order.check(&columns).map_err(|flaw| {
            let line = self.rows + flaw.row + 1;
            flaw.into_error(self.name.clone(), line, || format!("{}:{}", self.name, line - 1))
        })?;
        let mut begins = columns.rows > 0 && self.content.begins(&columns);
        self.content.push(&columns);
        let (mut from, mut at) = (0, 0);
        while at < columns.rows {
            if begins && self.parquet.in_progress_rows() + (at - from) >= ROW_GROUP_ROWS {
                self.store(batch, from..at)?;
                self.parquet.flush().map_err(|cause| failed(&self.name, cause))?;
                from = at;
            }
            at = columns.measure.run_end(at, columns.rows);
            begins = true;
        }
        self.store(batch, from..columns.rows)?;
        self.rows += columns.rows;
        Ok(())
    }

    /// Hands rows to the row group, in pieces, so that one huge measure or batch does not pile up.
    fn store(&mut self, batch: &RecordBatch, rows: Range<usize>) -> Result<()> {
        let failed = |cause| failed(&self.name, cause);
        for start in rows.clone().step_by(BATCH_ROWS) {
            let piece = batch.slice(start, BATCH_ROWS.min(rows.end - start));
            let piece = RecordBatch::try_new(observation_schema(), piece.columns().to_vec());
            let piece = piece.map_err(|cause| failed(cause.into()))?;
            self.parquet.write(&piece).map_err(failed)?;
            if self.parquet.in_progress_rows() >= MOST_ROW_GROUP_ROWS {
                self.parquet.flush().map_err(failed)?;
            }
        }
        Ok(())
    }

    /// Writes what the release says of itself and ends the file. The answer is the id of the release and the sink.
    ///
    /// # Errors
    /// [`Error::Io`] when the sink fails.
    pub fn finish(
        mut self,
        catalogue: &Document,
        territory: &TerritoryDocument,
        provenance: &Provenance,
    ) -> Result<(String, W)> {
        let json = |cause: serde_json::Error| failed(&self.name, ParquetError::External(cause.into()));
        let (catalogue, measures, indicators) = catalogue.to_release().map_err(json)?;
        let territory = serde_json::to_string(territory).map_err(json)?;
        let provenance = serde_json::to_string(provenance).map_err(json)?;
        let content = WrittenList::of(content_lines(&self.content.finish()));
        let (measures, indicators) = (WrittenList::of(measures), WrittenList::of(indicators));
        let id = release_id([
            &content.index,
            &catalogue,
            &measures.index,
            &indicators.index,
            &territory,
            &provenance,
        ]);
        self.parquet.flush().map_err(|cause| failed(&self.name, cause))?;
        let lists = self.parquet.bytes_written();
        for list in [&content, &measures, &indicators] {
            let written = self.parquet.write_all(list.text.as_bytes());
            written.map_err(|cause| failed(&self.name, cause.into()))?;
        }
        for (key, text) in [
            (key::ID, id.clone()),
            (key::CONTENT, content.index),
            (key::CATALOGUE, catalogue),
            (key::MEASURES, measures.index),
            (key::INDICATORS, indicators.index),
            (key::TERRITORY, territory),
            (key::PROVENANCE, provenance),
            (key::LISTS, lists.to_string()),
        ] {
            let entry = KeyValue::new(key.to_owned(), text);
            self.parquet.append_key_value_metadata(entry);
        }
        let sink = self.parquet.into_inner();
        Ok((id, sink.map_err(|cause| failed(&self.name, cause))?))
    }
}

/// Writes observations, already in key order and without duplicates, as a release file in memory. For more rows than
/// memory holds there is [`ReleaseWriter`].
///
/// # Errors
/// Those of [`ReleaseWriter::write`].
pub fn write(
    observations: &[Observation],
    catalogue: &Document,
    territory: &TerritoryDocument,
    provenance: &Provenance,
) -> Result<Vec<u8>> {
    let mut writer = ReleaseWriter::new("-", Vec::new())?;
    for batch in batches(observations) {
        writer.write(&batch?)?;
    }
    let (_, bytes) = writer.finish(catalogue, territory, provenance)?;
    Ok(bytes)
}

/// Observations as batches in the schema of observations.
pub(super) fn batches(observations: &[Observation]) -> impl Iterator<Item = Result<RecordBatch>> + '_ {
    observations.chunks(BATCH_ROWS).map(batch)
}

fn properties() -> Result<WriterProperties, ParquetError> {
    let sorting = [0, 1, 2, 6].map(|column_idx| SortingColumn {
        column_idx,
        descending: false,
        nulls_first: false,
    });
    Ok(WriterProperties::builder()
        .set_created_by(format!("kultti {}", env!("CARGO_PKG_VERSION")))
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(9)?))
        .set_data_page_size_limit(PAGE_BYTES)
        .set_data_page_row_count_limit(PAGE_ROWS)
        // A dictionary of values is as large as the values, and every slice would decode all of it.
        .set_column_dictionary_enabled(ColumnPath::from("value"), false)
        .set_max_row_group_row_count(None)
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_column_index_truncate_length(None)
        .set_statistics_truncate_length(None)
        .set_sorting_columns(Some(sorting.to_vec()))
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
    RecordBatch::try_new(observation_schema(), columns).map_err(|cause| failed("-", cause.into()))
}

/// The error for a batch in another schema: its columns, each with its type.
fn other_schema(name: &str, batch: &RecordBatch) -> Error {
    let names = |schema: &arrow_schema::Schema| {
        let fields = schema.fields().iter();
        fields
            .map(|field| format!("{} {}", field.name(), field.data_type()))
            .collect()
    };
    Error::Header {
        path: name.to_owned(),
        expected: names(&observation_schema()),
        found: names(batch.schema_ref()),
    }
}

fn failed(name: &str, cause: ParquetError) -> Error {
    Error::Io {
        path: name.to_owned(),
        cause: match cause {
            ParquetError::External(cause) => cause.to_string(),
            other => other.to_string(),
        },
    }
}
