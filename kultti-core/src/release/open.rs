//! Opening a release: what can be checked without reading its rows is checked.

use super::blocks::Blocks;
use super::content::{ContentList, MeasureContent, PeriodContent, release_id};
use super::guard::guarded;
use super::key;
use super::page_list;
use super::provenance::Provenance;
use super::row_group::{RowGroups, load_row_group, options};
use super::rows::{KEPT_BYTES, Kept};
use super::storage::Storage;
use crate::catalogue::Catalogue;
use crate::error::{Error, Result};
use crate::model::{MeasureId, Period, observation_schema};
use crate::source::check_footer;
use crate::store::file_only;
use crate::territory::Territory;
use arrow_array::RecordBatch;
use bytes::Bytes;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ParquetRecordBatchReaderBuilder};
use parquet::file::metadata::{ColumnChunkMetaData, PageIndexPolicy, ParquetMetaData};
use parquet::file::reader::{ChunkReader, Length};
use std::fs::File;
use std::io::Read;
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
    groups: RowGroups,
    content: ContentList,
    catalogue: Catalogue,
    territory: Territory,
    provenance: Provenance,
    pub(super) kept: Kept,
}

impl Release {
    /// Opens a release file. Schema, metadata against the id, row counts, file length and the order of measures are
    /// checked; the rows themselves are checked as they are read ([`Release::verify`] checks them all). Releases at addresses
    /// of object stores are opened with `Release::open_at` (feature `ledger`).
    ///
    /// # Errors
    /// [`Error::Io`] when the file cannot be read; [`Error::NotARelease`] for any other file;
    /// [`Error::ReleaseAltered`] for a truncated or changed one; [`Error::FilesOnly`] for an address.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        file_only(path)?;
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

    pub(super) fn from_storage(name: String, storage: Storage) -> Result<Self> {
        let plain = guarded(&name, "footer", || {
            check_footer(&storage)
                .and_then(|()| ArrowReaderMetadata::load(&storage, options()))
                .map_err(|cause| not_parquet(&name, &storage, &cause))
        })?;
        let text = |key: &str| entry(plain.metadata(), key, &name);
        let (id, content, catalogue) = (text(key::ID)?, text(key::CONTENT)?, text(key::CATALOGUE)?);
        let (measures, indicators) = (text(key::MEASURES)?, text(key::INDICATORS)?);
        let (territory, provenance) = (text(key::TERRITORY)?, text(key::PROVENANCE)?);
        let found = release_id([content, catalogue, measures, indicators, territory, provenance]);
        if found != id {
            return Err(altered(&name, "metadata", id, &found));
        }
        let unreadable = |cause: &str| altered(&name, "metadata", "JSON of this version", cause);
        let no_json = |cause: serde_json::Error| unreadable(&cause.to_string());
        let no_list = || unreadable("other lists");
        let start = text(key::LISTS)?.parse().map_err(|_| no_list())?;
        let mut end = start;
        let mut list = |index: &str| {
            let (list, after) = Blocks::of(&storage, index, end).ok_or_else(no_list)?;
            end = after;
            let other = |(expected, found): (String, String)| altered(&name, "metadata", &expected, &found);
            list.check().map_err(other).map(|()| list)
        };
        let (content, measures, indicators) = (list(content)?, list(measures)?, list(indicators)?);
        let content = ContentList::of(content).ok_or_else(no_list)?;
        let catalogue = Catalogue::from_release(catalogue, Box::new(measures), Box::new(indicators))
            .map_err(|found| unreadable(&found))?;
        let territory = Territory::from_document(serde_json::from_str(territory).map_err(no_json)?);
        let provenance = serde_json::from_str(provenance).map_err(no_json)?;
        let id = id.to_owned();
        let metadata = guarded(&name, "schema", || {
            let options = options().with_schema(observation_schema());
            ArrowReaderMetadata::try_new(Arc::clone(plain.metadata()), options)
                .map_err(|cause| altered(&name, "schema", "the schema of observations", &cause.to_string()))
        })?;
        let groups = RowGroups::of(metadata.metadata());
        let release = Self {
            groups: groups.ok_or_else(|| altered(&name, "row group", "rows", "< 0"))?,
            name,
            storage,
            metadata,
            id,
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
        let rows = self.content.rows();
        let stored = self.metadata.metadata().file_metadata().num_rows();
        if i64::try_from(rows).ok() != Some(stored) || self.groups.rows() != rows {
            return Err(altered(
                &self.name,
                "rows",
                &rows.to_string(),
                &stored.to_string(),
            ));
        }
        self.check_row_groups()
    }

    /// No row group reaches beyond the file, and none begins with a measure before the last one of the group before it, so
    /// that a file in which somebody has moved row groups is noticed. Groups may begin anywhere.
    fn check_row_groups(&self) -> Result<()> {
        let mut last: Option<&[u8]> = None;
        let length = self.storage.len();
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
                start.checked_add(length)
            });
            let end = ends.max().flatten().unwrap_or(0);
            if end > length {
                return Err(self.altered("length", &format!(">= {end}"), &length.to_string()));
            }
            let statistics = group.column(0).statistics();
            let least = statistics
                .filter(|known| known.min_is_exact())
                .and_then(|known| known.min_bytes_opt());
            let most = statistics
                .filter(|known| known.max_is_exact())
                .and_then(|known| known.max_bytes_opt());
            if let (Some(last), Some(least)) = (last, least)
                && least < last
            {
                let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
                return Err(self.altered("order", &format!(">= {}", text(last)), &text(least)));
            }
            last = most.or(last);
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
    pub fn content(&self) -> impl Iterator<Item = &MeasureContent> {
        self.content.iter()
    }

    /// Whether every line of the content list can be read and fits the others.
    pub(super) fn content_is_sound(&self) -> bool {
        self.content.is_sound()
    }

    /// The periods of a measure; empty for one without observations.
    pub fn periods(&self, measure: &MeasureId) -> &[PeriodContent] {
        self.place(measure).map_or(&[], |(content, _)| &content.periods)
    }

    /// Whether a measure has observations for a period.
    pub fn has(&self, measure: &MeasureId, period: Period) -> bool {
        self.periods(measure)
            .iter()
            .any(|content| content.period == period)
    }

    /// The content of a measure and how many rows stand before it.
    pub(super) fn place(&self, measure: &MeasureId) -> Option<(&MeasureContent, usize)> {
        self.content.get(measure.as_str())
    }

    /// The place of a measure in the content list.
    pub(super) fn measure_place(&self, measure: &str) -> Option<usize> {
        self.content.place(measure)
    }

    /// Columns by their places in the schema of observations.
    pub(super) fn columns(&self, places: &[usize]) -> ProjectionMask {
        ProjectionMask::leaves(self.metadata.parquet_schema(), places.iter().copied())
    }

    /// A reader of the whole file.
    pub(super) fn reader(&self) -> ParquetRecordBatchReaderBuilder<Storage> {
        ParquetRecordBatchReaderBuilder::new_with_metadata(self.storage.clone(), self.metadata.clone())
    }

    /// All rows, batch by batch, in the schema of observations.
    ///
    /// # Errors
    /// [`Error::ReleaseAltered`] for a file that cannot be read; batches give it too.
    pub(super) fn batches(&self) -> Result<impl Iterator<Item = Result<RecordBatch>> + '_> {
        let unreadable =
            |cause: &dyn std::fmt::Display| self.altered("rows", "readable rows", &cause.to_string());
        let reader = self.reader().build().map_err(|cause| unreadable(&cause))?;
        Ok(reader.map(move |batch| batch.map_err(|cause| unreadable(&cause))))
    }

    /// The bytes of the file.
    pub(super) fn bytes(&self) -> Result<Box<dyn Read>> {
        let read = self.storage.get_read(0);
        read.map_err(|cause| Error::Io {
            path: self.name.clone(),
            cause: cause.to_string(),
        })
    }

    /// The row group that holds a row, and the first row of that group.
    pub(super) fn row_group_of(&self, row: usize) -> Option<(usize, usize)> {
        self.groups.of_row(row)
    }

    /// The row after the last one of a row group.
    pub(super) fn row_group_end(&self, group: usize) -> usize {
        self.groups.ends(group).map_or(0, |(_, last)| last + 1)
    }

    /// A reader of some columns of one row group, which has the group's pages before it where the file lists them. Rows
    /// count from the first of the group.
    ///
    /// # Errors
    /// [`Error::ReleaseAltered`] for a group that the file does not have, or whose pages cannot be listed.
    pub(super) fn row_group_reader(
        &self,
        group: usize,
        columns: ProjectionMask,
    ) -> Result<ParquetRecordBatchReaderBuilder<Storage>> {
        let metadata = self.row_group(group)?;
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(self.storage.clone(), metadata);
        Ok(reader.with_projection(columns))
    }

    /// The metadata of one row group alone, with the lists of its pages where those are true.
    fn row_group(&self, group: usize) -> Result<ArrowReaderMetadata> {
        self.groups.metadata(group, || {
            let listed = self.listed_row_group(group, PageIndexPolicy::Optional)?;
            if self.lists_are_true(&listed)? {
                return Ok(listed);
            }
            self.listed_row_group(group, PageIndexPolicy::Skip)
        })
    }

    fn listed_row_group(&self, group: usize, lists: PageIndexPolicy) -> Result<ArrowReaderMetadata> {
        guarded(&self.name, "pages", || {
            let loaded = load_row_group(self.metadata.metadata(), group, lists, &self.storage);
            loaded.map_err(|cause| self.altered("pages", "a readable list", &cause.to_string()))
        })
    }

    fn lists_are_true(&self, group: &ArrowReaderMetadata) -> Result<bool> {
        guarded(&self.name, "pages", || {
            let compared = page_list::is_true(group.metadata(), &self.storage);
            compared.map_err(|cause| self.altered("pages", "readable pages", &cause.to_string()))
        })
    }

    /// Compares the lists of pages with the pages.
    ///
    /// # Errors
    /// [`Error::ReleaseAltered`] for a list that names other pages or rows.
    pub(super) fn check_page_lists(&self) -> Result<()> {
        for group in 0..self.metadata.metadata().num_row_groups() {
            let listed = self.listed_row_group(group, PageIndexPolicy::Optional)?;
            if !self.lists_are_true(&listed)? {
                return Err(self.altered("pages", "a list of the pages", "a list of others"));
            }
        }
        Ok(())
    }

    pub(super) fn altered(&self, part: &str, expected: &str, found: &str) -> Error {
        altered(&self.name, part, expected, found)
    }
}

/// A text of the file's metadata.
fn entry<'a>(metadata: &'a ParquetMetaData, key: &str, name: &str) -> Result<&'a str> {
    let entries = metadata.file_metadata().key_value_metadata();
    let found = entries.and_then(|entries| entries.iter().find(|entry| entry.key == key)?.value.as_deref());
    found.ok_or_else(|| Error::NotARelease {
        path: name.to_owned(),
        reason: format!("a Parquet file without {key}"),
    })
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
