//! Opening a release: what can be checked without reading its rows is checked.

use super::content::{MeasureContent, PeriodContent, release_id};
use super::guard::guarded;
use super::key;
use super::provenance::Provenance;
use super::rows::{KEPT_BYTES, Kept};
use super::storage::Storage;
use crate::catalogue::Catalogue;
use crate::error::{Error, Result};
use crate::model::{MeasureId, Period, observation_schema};
use crate::territory::Territory;
use bytes::Bytes;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::file::metadata::{ColumnChunkMetaData, PageIndexPolicy};
use parquet::file::reader::{ChunkReader, Length};
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

/// An open release.
///
/// Reading is free of locks: many threads may use one release.
#[derive(Debug)]
pub struct Release {
    name: String,
    storage: Storage,
    metadata: ArrowReaderMetadata,
    id: String,
    content: Vec<MeasureContent>,
    /// How many rows stand before each measure.
    offsets: Vec<usize>,
    catalogue: Catalogue,
    territory: Territory,
    provenance: Provenance,
    pub(super) kept: Kept,
}

impl Release {
    /// Opens a release file. Schema, metadata against the id, row counts, file length and the order of measures are
    /// checked; the rows themselves are checked as they are read ([`Release::verify`] checks them all).
    ///
    /// # Errors
    /// [`Error::Io`] when the file cannot be read; [`Error::NotARelease`] for any other file;
    /// [`Error::ReleaseAltered`] for a truncated or changed one.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let name = path.display().to_string();
        let file = File::open(path).map_err(|cause| Error::io(&name, &cause))?;
        if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
            return Err(Error::NotARelease {
                path: name,
                reason: "a folder".into(),
            });
        }
        Self::from_storage(name, Storage::file(file))
    }

    /// Opens a release that is compiled into the program.
    ///
    /// # Errors
    /// As [`Release::open`].
    pub fn from_static(bytes: &'static [u8]) -> Result<Self> {
        Self::from_bytes("-", Bytes::from_static(bytes))
    }

    /// Opens a release in memory; `name` is what messages call it.
    ///
    /// # Errors
    /// As [`Release::open`].
    pub fn from_bytes(name: &str, bytes: impl Into<Bytes>) -> Result<Self> {
        Self::from_storage(name.to_owned(), Storage::Memory(bytes.into()))
    }

    fn from_storage(name: String, storage: Storage) -> Result<Self> {
        let options = || {
            // The embedded Arrow schema is not trusted: the schema of observations is ours.
            ArrowReaderOptions::new()
                .with_page_index_policy(PageIndexPolicy::Optional)
                .with_skip_arrow_metadata(true)
        };
        let plain = guarded(&name, "footer", || {
            ArrowReaderMetadata::load(&storage, options())
                .map_err(|cause| not_parquet(&name, &storage, &cause))
        })?;
        let entries = plain.metadata().file_metadata().key_value_metadata();
        let text = |key: &str| {
            let entry = entries.and_then(|entries| entries.iter().find(|entry| entry.key == key));
            entry
                .and_then(|entry| entry.value.as_deref())
                .ok_or_else(|| Error::NotARelease {
                    path: name.clone(),
                    reason: format!("a Parquet file without {key}"),
                })
        };
        let id = text(key::ID)?.to_owned();
        let parts = [
            text(key::CONTENT)?,
            text(key::CATALOGUE)?,
            text(key::TERRITORY)?,
            text(key::PROVENANCE)?,
        ];
        let found = release_id(parts);
        if found != id {
            return Err(altered(&name, "metadata", &id, &found));
        }
        let unreadable =
            |cause: serde_json::Error| altered(&name, "metadata", "JSON of this version", &cause.to_string());
        let content: Vec<MeasureContent> = serde_json::from_str(parts[0]).map_err(unreadable)?;
        let catalogue = Catalogue::from_document(serde_json::from_str(parts[1]).map_err(unreadable)?)?;
        let territory = Territory::from_document(serde_json::from_str(parts[2]).map_err(unreadable)?);
        let provenance = serde_json::from_str(parts[3]).map_err(unreadable)?;
        let metadata = guarded(&name, "schema", || {
            let options = options().with_schema(observation_schema());
            ArrowReaderMetadata::try_new(Arc::clone(plain.metadata()), options)
                .map_err(|cause| altered(&name, "schema", "the schema of observations", &cause.to_string()))
        })?;
        let offsets = content.iter().scan(0, |before, measure| {
            let offset = *before;
            *before += measure.rows();
            Some(offset)
        });
        let offsets = offsets.collect();
        let release = Self {
            name,
            storage,
            metadata,
            id,
            offsets,
            content,
            catalogue,
            territory,
            provenance,
            kept: Kept::new(KEPT_BYTES),
        };
        guarded(&release.name, "footer", || release.check_layout())?;
        Ok(release)
    }

    /// Schema, row counts, length and the order of measures, all from the footer.
    fn check_layout(&self) -> Result<()> {
        let found = self.metadata.schema();
        let expected = observation_schema();
        let same = found.fields().len() == expected.fields().len()
            && found
                .fields()
                .iter()
                .zip(expected.fields())
                .all(|(found, expected)| {
                    found.name() == expected.name() && found.data_type() == expected.data_type()
                });
        if !same {
            let names = |schema: &arrow_schema::Schema| {
                schema
                    .fields()
                    .iter()
                    .map(|field| format!("{} {}", field.name(), field.data_type()))
                    .collect::<Vec<_>>()
                    .join(", ")
            };
            return Err(altered(&self.name, "schema", &names(&expected), &names(found)));
        }
        let rows: usize = self.content.iter().map(MeasureContent::rows).sum();
        let stored = self.metadata.metadata().file_metadata().num_rows();
        if i64::try_from(rows).ok() != Some(stored) {
            return Err(altered(
                &self.name,
                "rows",
                &rows.to_string(),
                &stored.to_string(),
            ));
        }
        self.check_row_groups()
    }

    /// No row group reaches beyond the file, and measures ascend from one to the next.
    fn check_row_groups(&self) -> Result<()> {
        let length = self.storage.len();
        let mut previous: Option<Vec<u8>> = None;
        for group in self.metadata.metadata().row_groups() {
            let negative = |column: &ColumnChunkMetaData| {
                let first = column
                    .dictionary_page_offset()
                    .unwrap_or(column.data_page_offset());
                first < 0 || column.data_page_offset() < 0 || column.compressed_size() < 0
            };
            if group.columns().iter().any(negative) {
                return Err(self.altered("row group", "offsets of the file", "< 0"));
            }
            let ends = group.columns().iter().map(|column| {
                let (start, length) = column.byte_range();
                start + length
            });
            let end = ends.max().unwrap_or(0);
            if end > length {
                return Err(self.altered("length", &format!(">= {end}"), &length.to_string()));
            }
            let statistics = group.column(0).statistics();
            let least = statistics.and_then(|statistics| statistics.min_bytes_opt());
            let most = statistics.and_then(|statistics| statistics.max_bytes_opt());
            if let (Some(previous), Some(least)) = (&previous, least)
                && previous.as_slice() >= least
            {
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                return Err(self.altered("order", &format!("> {}", text(previous)), &text(least)));
            }
            previous = most.map(<[u8]>::to_vec).or(previous);
        }
        Ok(())
    }

    /// What messages call the release.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// SHA-256 of the content, in hexadecimal.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The catalogue.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The territory.
    pub fn territory(&self) -> &Territory {
        &self.territory
    }

    /// Where it comes from.
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// The measures with observations, in order.
    pub fn content(&self) -> &[MeasureContent] {
        &self.content
    }

    /// The periods of a measure; empty for one without observations.
    pub fn periods(&self, measure: &MeasureId) -> &[PeriodContent] {
        self.content
            .binary_search_by(|content| content.measure.cmp(measure))
            .ok()
            .and_then(|index| self.content.get(index))
            .map_or(&[], |content| &content.periods)
    }

    /// Whether a measure has observations for a period.
    pub fn has(&self, measure: &MeasureId, period: Period) -> bool {
        self.periods(measure)
            .iter()
            .any(|content| content.period == period)
    }

    /// The content of a measure and how many rows stand before it.
    pub(super) fn place(&self, measure: &MeasureId) -> Option<(&MeasureContent, usize)> {
        let index = self
            .content
            .binary_search_by(|content| content.measure.cmp(measure))
            .ok()?;
        Some((self.content.get(index)?, *self.offsets.get(index)?))
    }

    /// The place of a measure in the content list.
    pub(super) fn measure_place(&self, measure: &MeasureId) -> Option<usize> {
        let place = self
            .content
            .binary_search_by(|content| content.measure.cmp(measure));
        place.ok()
    }

    pub(super) fn row_groups(&self) -> usize {
        self.metadata.metadata().num_row_groups()
    }

    pub(super) fn rows_of_group(&self, group: usize) -> usize {
        usize::try_from(self.metadata.metadata().row_group(group).num_rows()).unwrap_or_default()
    }

    pub(super) fn row_group_reader(&self, group: usize) -> Result<ParquetRecordBatchReaderBuilder<Storage>> {
        Ok(self.reader().with_row_groups(vec![group]))
    }

    pub(super) fn reader(&self) -> ParquetRecordBatchReaderBuilder<Storage> {
        ParquetRecordBatchReaderBuilder::new_with_metadata(self.storage.clone(), self.metadata.clone())
    }

    pub(super) fn altered(&self, part: &str, expected: &str, found: &str) -> Error {
        altered(&self.name, part, expected, found)
    }
}

pub(super) fn altered(path: &str, part: &str, expected: &str, found: &str) -> Error {
    Error::ReleaseAltered {
        path: path.to_owned(),
        part: part.to_owned(),
        expected: expected.to_owned(),
        found: found.to_owned(),
    }
}

/// A file that begins like Parquet but does not end like it has been cut off.
fn not_parquet(name: &str, storage: &Storage, cause: &parquet::errors::ParquetError) -> Error {
    let starts = storage
        .get_bytes(0, 4)
        .is_ok_and(|magic| magic.as_ref() == b"PAR1");
    let end = storage.len().saturating_sub(4);
    let ends = storage
        .get_bytes(end, 4)
        .is_ok_and(|magic| magic.as_ref() == b"PAR1");
    match (starts, ends) {
        (true, false) => altered(name, "end of file", "PAR1", "cut off"),
        (true, true) => altered(name, "footer", "readable Parquet metadata", &cause.to_string()),
        _ => Error::NotARelease {
            path: name.to_owned(),
            reason: "not a Parquet file".into(),
        },
    }
}
