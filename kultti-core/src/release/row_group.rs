//! Row groups: which rows each holds, and its pages, listed when the group is first read.

use crate::error::Result;
use crate::model::observation_schema;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::errors::ParquetError;
use parquet::file::metadata::{FileMetaData, PageIndexPolicy, ParquetMetaData, ParquetMetaDataReader};
use parquet::file::reader::ChunkReader;
use std::sync::{Arc, OnceLock};

/// The row groups of a file.
#[derive(Debug)]
pub(super) struct RowGroups {
    /// The first row of each group, and the row after the last.
    firsts: Vec<usize>,
    /// The metadata of each group alone, once it has been read.
    metadata: Vec<OnceLock<ArrowReaderMetadata>>,
}

impl RowGroups {
    /// The groups of a footer; `None` where it counts rows below 0.
    pub(super) fn of(metadata: &ParquetMetaData) -> Option<Self> {
        let mut firsts = vec![0_usize];
        for group in metadata.row_groups() {
            let rows = usize::try_from(group.num_rows()).ok()?;
            firsts.push(firsts.last()?.checked_add(rows)?);
        }
        Some(Self {
            metadata: metadata.row_groups().iter().map(|_| OnceLock::new()).collect(),
            firsts,
        })
    }

    /// Rows of all groups.
    pub(super) fn rows(&self) -> usize {
        self.firsts.last().copied().unwrap_or(0)
    }

    /// The group that holds a row, and its first row.
    pub(super) fn of_row(&self, row: usize) -> Option<(usize, usize)> {
        let group = self
            .firsts
            .partition_point(|first| *first <= row)
            .checked_sub(1)?;
        (row < self.rows()).then(|| (group, self.firsts[group]))
    }

    /// The first and the last row of a group; `None` for an empty one.
    pub(super) fn ends(&self, group: usize) -> Option<(usize, usize)> {
        let (first, after) = (*self.firsts.get(group)?, *self.firsts.get(group + 1)?);
        (first < after).then(|| (first, after - 1))
    }

    /// The metadata of one group alone.
    ///
    /// # Errors
    /// Those of `load`.
    pub(super) fn metadata(
        &self,
        group: usize,
        load: impl FnOnce() -> Result<ArrowReaderMetadata>,
    ) -> Result<ArrowReaderMetadata> {
        let slot = self.metadata.get(group);
        match slot.and_then(OnceLock::get) {
            Some(known) => Ok(known.clone()),
            None => {
                let loaded = load()?;
                Ok(slot.map_or(loaded.clone(), |slot| slot.get_or_init(|| loaded).clone()))
            }
        }
    }
}

/// How a footer is read: without the lists of pages, which are many, and without the Arrow schema that a writer left, for
/// the schema of observations is ours.
pub(super) fn options() -> ArrowReaderOptions {
    ArrowReaderOptions::new()
        .with_page_index_policy(PageIndexPolicy::Skip)
        .with_skip_arrow_metadata(true)
}

/// The metadata of one row group, with the list of its pages where it is asked for and the file has one.
pub(super) fn load_row_group(
    whole: &ParquetMetaData,
    group: usize,
    lists: PageIndexPolicy,
    storage: &impl ChunkReader,
) -> Result<ArrowReaderMetadata, ParquetError> {
    let group = whole.row_groups().get(group);
    let group = group.ok_or_else(|| ParquetError::General("no such row group".to_owned()))?;
    let file = whole.file_metadata();
    let file = FileMetaData::new(
        file.version(),
        group.num_rows(),
        file.created_by().map(str::to_owned),
        None,
        file.schema_descr_ptr(),
        file.column_orders().cloned(),
    );
    let alone = ParquetMetaData::new(file, vec![group.clone()]);
    let mut reader = ParquetMetaDataReader::new_with_metadata(alone)
        .with_column_index_policy(PageIndexPolicy::Skip)
        .with_offset_index_policy(lists);
    reader.read_page_indexes(storage)?;
    ArrowReaderMetadata::try_new(
        Arc::new(reader.finish()?),
        options().with_schema(observation_schema()),
    )
}
