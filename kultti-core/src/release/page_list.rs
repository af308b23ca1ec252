//! Whether the list of pages of a row group is that of its pages.
//!
//! A slice finds its pages by this list. One that lies about the row at which a page begins would shift values against
//! areas, and no other check sees it. So a list is compared with the headers of the pages before it is used; a row group
//! whose list is not true is read without one, which is slow and right.

use super::storage::Storage;
use bytes::Bytes;
use parquet::column::page::PageReader;
use parquet::errors::Result;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};
use parquet::file::page_index::offset_index::PageLocation;
use parquet::file::reader::{ChunkReader, Length};
use parquet::file::serialized_reader::SerializedPageReader;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Remembers where it was last read from: a reader of pages asks for each header at its place.
struct Watched {
    storage: Storage,
    last: AtomicU64,
}

impl Length for Watched {
    fn len(&self) -> u64 {
        self.storage.len()
    }
}

impl ChunkReader for Watched {
    type T = <Storage as ChunkReader>::T;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        self.last.store(start, Ordering::Relaxed);
        self.storage.short_read(start)
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        self.storage.get_bytes(start, length)
    }
}

/// Whether the lists in the metadata of a row group alone name its pages, the rows at which they begin and their sizes;
/// without lists there is nothing to be wrong.
///
/// # Errors
/// Those of the Parquet reader for pages that cannot be read.
pub(super) fn is_true(group: &ParquetMetaData, storage: &Storage) -> Result<bool> {
    let columns = group.row_groups().iter().flat_map(|group| group.columns());
    let lists = group.offset_index().into_iter().flatten().flatten();
    for (column, list) in columns.zip(lists) {
        if !names_pages(column, list.page_locations(), storage)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn names_pages(column: &ColumnChunkMetaData, list: &[PageLocation], storage: &Storage) -> Result<bool> {
    let watched = Arc::new(Watched {
        storage: storage.clone(),
        last: AtomicU64::new(0),
    });
    let rows = usize::try_from(column.num_values()).unwrap_or(0);
    let mut pages = SerializedPageReader::new(Arc::clone(&watched), column, rows, None)?;
    let mut listed = list.iter();
    let mut row = 0;
    // Where the page before ends by the list.
    let mut end = None;
    while let Some(page) = pages.peek_next_page()? {
        if !page.is_dict {
            let start = i64::try_from(watched.last.load(Ordering::Relaxed)).ok();
            let fits = |page: &&PageLocation| {
                Some(page.offset) == start
                    && page.first_row_index == row
                    && end.is_none_or(|end| end == page.offset)
            };
            let Some(found) = listed.next().filter(fits) else {
                return Ok(false);
            };
            end = Some(found.offset + i64::from(found.compressed_page_size));
            // Columns are flat: a page has as many rows as levels.
            let count = page.num_rows.or(page.num_levels).unwrap_or(0);
            row += i64::try_from(count).unwrap_or(0);
        }
        pages.skip_next_page()?;
    }
    let (start, length) = column.byte_range();
    let whole = end.is_none_or(|end| u64::try_from(end).ok() == start.checked_add(length));
    Ok(whole && listed.next().is_none())
}
