//! Long lists of a release: lines by key, in blocks between the rows and the footer, read when they are asked for.

use super::content::sha256_of;
use super::storage::Storage;
use crate::catalogue::Lines;
use parquet::file::reader::{ChunkReader, Length};
use std::sync::OnceLock;

/// A block ends before it would grow beyond this many bytes; a longer line is a block of its own. The ids of releases rest
/// on it.
const BLOCK_BYTES: usize = 32 * 1024;

/// A list as it is written: its lines, and its index, a line for each block: first key, lines, bytes and SHA-256, tabs
/// between them.
pub(super) struct WrittenList {
    pub(super) text: String,
    pub(super) index: String,
}

impl WrittenList {
    /// The list of lines in the order of their keys; each begins with its key and a tab and ends with a line feed.
    pub(super) fn of(lines: impl IntoIterator<Item = String>) -> Self {
        let (mut text, mut index) = (String::new(), String::new());
        let (mut start, mut count) = (0, 0);
        let mut end_block = |text: &str, start: usize, count: usize| {
            let block = &text[start..];
            let first = block.split('\t').next().unwrap_or_default();
            index.push_str(&format!(
                "{first}\t{count}\t{}\t{}\n",
                block.len(),
                sha256_of(block.as_bytes())
            ));
        };
        for line in lines {
            if count > 0 && text.len() - start + line.len() > BLOCK_BYTES {
                end_block(&text, start, count);
                (start, count) = (text.len(), 0);
            }
            text.push_str(&line);
            count += 1;
        }
        if count > 0 {
            end_block(&text, start, count);
        }
        Self { text, index }
    }
}

/// A list in a file.
pub(super) struct Blocks {
    storage: Storage,
    blocks: Vec<Block>,
    lines: usize,
}

struct Block {
    first: Box<str>,
    sha256: Box<str>,
    /// Where it stands in the file.
    start: u64,
    bytes: usize,
    /// Lines of the blocks before it.
    before: usize,
    lines: usize,
    /// What it holds, once it has been read.
    read: OnceLock<BlockLines>,
}

struct BlockLines {
    text: Box<str>,
    places: Vec<Place>,
}

/// Where a line stands in its block, without its line feed.
struct Place {
    start: usize,
    key_end: usize,
    end: usize,
}

impl Blocks {
    /// The list of an index, whose blocks begin at `start`; with the place after its last block. `None` where the text is
    /// no index, or the blocks would reach beyond the file.
    pub(super) fn of(storage: &Storage, index: &str, start: u64) -> Option<(Self, u64)> {
        let mut blocks: Vec<Block> = Vec::new();
        let (mut place, mut before) = (start, 0_usize);
        for line in index.lines() {
            let mut fields = line.split('\t');
            let (first, lines, bytes, sha256) =
                (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
            let (lines, bytes): (usize, usize) = (lines.parse().ok()?, bytes.parse().ok()?);
            if blocks.last().is_some_and(|last| *last.first >= *first) || lines == 0 {
                return None;
            }
            blocks.push(Block {
                first: first.into(),
                sha256: sha256.into(),
                start: place,
                bytes,
                before,
                lines,
                read: OnceLock::new(),
            });
            place = place.checked_add(bytes as u64)?;
            before = before.checked_add(lines)?;
        }
        let list = Self {
            storage: storage.clone(),
            blocks,
            lines: before,
        };
        (place <= storage.len()).then_some((list, place))
    }

    /// Compares every block with its hash.
    ///
    /// # Errors
    /// The hash that a block should have, and what was found.
    pub(super) fn check(&self) -> Result<(), (String, String)> {
        for block in &self.blocks {
            let found = self.storage.get_bytes(block.start, block.bytes);
            let found = found.map_or_else(|cause| cause.to_string(), |bytes| sha256_of(&bytes));
            if found != *block.sha256 {
                return Err((block.sha256.to_string(), found));
            }
        }
        Ok(())
    }

    fn read(&self, block: &Block) -> Option<BlockLines> {
        let bytes = self.storage.get_bytes(block.start, block.bytes).ok()?;
        if sha256_of(&bytes) != *block.sha256 {
            return None;
        }
        let text: Box<str> = std::str::from_utf8(&bytes).ok()?.into();
        let mut places: Vec<Place> = Vec::with_capacity(block.lines);
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let (key, _) = line.strip_suffix('\n')?.split_once('\t')?;
            let before = places.last().map(|last| &text[last.start..last.key_end]);
            if before.map_or(key != &*block.first, |before| before >= key) {
                return None;
            }
            places.push(Place {
                start,
                key_end: start + key.len(),
                end: start + line.len() - 1,
            });
            start += line.len();
        }
        (places.len() == block.lines).then_some(BlockLines { text, places })
    }

    /// The lines of a block. They were checked when the release was opened: `None` where the file has been changed since.
    fn lines_of(&self, block: usize) -> Option<&BlockLines> {
        let block = self.blocks.get(block)?;
        if let Some(known) = block.read.get() {
            return Some(known);
        }
        let read = self.read(block)?;
        Some(block.read.get_or_init(|| read))
    }

    /// The line at a place: its key and what stands behind it.
    fn at(&self, place: usize) -> Option<(&str, &str)> {
        let after = self.blocks.partition_point(|block| block.before <= place);
        let index = after.checked_sub(1)?;
        let lines = self.lines_of(index)?;
        let place = lines.places.get(place - self.blocks[index].before)?;
        Some((
            &lines.text[place.start..place.key_end],
            &lines.text[place.key_end + 1..place.end],
        ))
    }
}

impl Lines for Blocks {
    fn len(&self) -> usize {
        self.lines
    }

    fn place(&self, key: &str) -> Option<usize> {
        let after = self.blocks.partition_point(|block| *block.first <= *key);
        let index = after.checked_sub(1)?;
        let lines = self.lines_of(index)?;
        let found = lines
            .places
            .binary_search_by(|place| lines.text[place.start..place.key_end].cmp(key));
        Some(self.blocks[index].before + found.ok()?)
    }

    fn key(&self, place: usize) -> Option<&str> {
        self.at(place).map(|(key, _)| key)
    }

    fn line(&self, place: usize) -> Option<&str> {
        self.at(place).map(|(_, line)| line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    /// 3,000 lines of some 50 bytes, one of which is longer than a block.
    fn lines() -> Vec<(String, String)> {
        let line = |number: usize| {
            let length = if number == 1_234 {
                2 * BLOCK_BYTES
            } else {
                40 + number % 7
            };
            (format!("m{number:05}"), "x".repeat(length))
        };
        (0..3_000).map(line).collect()
    }

    fn written() -> WrittenList {
        WrittenList::of(lines().iter().map(|(key, line)| format!("{key}\t{line}\n")))
    }

    fn opened(text: &str, index: &str) -> Option<Blocks> {
        let storage = Storage::Memory(Bytes::from(format!("rows{text}footer")));
        let (list, end) = Blocks::of(&storage, index, 4)?;
        assert_eq!(end, 4 + text.len() as u64);
        Some(list)
    }

    #[test]
    fn every_line_is_found_by_key_and_by_place() {
        let written = written();
        let list = opened(&written.text, &written.index).expect("a list");
        assert_eq!(list.check(), Ok(()));
        assert_eq!(list.len(), 3_000);
        for (place, (key, line)) in lines().iter().enumerate() {
            assert_eq!(list.place(key), Some(place));
            assert_eq!(list.key(place), Some(key.as_str()));
            assert_eq!(list.line(place), Some(line.as_str()));
        }
        for absent in ["", "m", "m00000x", "m01234x", "m02999x", "n"] {
            assert_eq!(list.place(absent), None, "{absent:?}");
        }
        assert_eq!(list.line(3_000), None);
    }

    #[test]
    fn blocks_are_bounded_and_one_long_line_is_a_block_of_its_own() {
        let index = written().index;
        let sizes = index.lines().map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            (fields[0].to_owned(), fields[2].parse().expect("bytes"))
        });
        let sizes: Vec<(String, usize)> = sizes.collect();
        let long: Vec<&(String, usize)> = sizes.iter().filter(|(_, bytes)| *bytes > BLOCK_BYTES).collect();
        // The key, a tab and a line feed stand around the line.
        assert_eq!(long, [&("m01234".to_owned(), 2 * BLOCK_BYTES + 8)]);
        assert!(sizes.len() > 5);
    }

    #[test]
    fn a_list_may_be_empty() {
        let list = opened("", "").expect("a list");
        assert_eq!((list.len(), list.place("m00000"), list.line(0)), (0, None, None));
    }

    #[test]
    fn a_changed_byte_is_noticed_on_checking_and_on_reading() {
        let written = written();
        let changed = written.text.replacen("m00002\txx", "m00002\txy", 1);
        let list = opened(&changed, &written.index).expect("a list");
        let (expected, found) = list.check().expect_err("another text");
        assert_eq!((expected.len(), found.len()), (64, 64));
        assert_eq!(list.place("m00002"), None);
        // Another block is what it was.
        assert_eq!(list.place("m02999"), Some(2_999));
    }

    #[test]
    fn an_index_that_reaches_beyond_the_file_or_is_out_of_order_is_none() {
        let written = written();
        assert!(opened(&written.text[..100], &written.index).is_none());
        let mut lines: Vec<&str> = written.index.lines().collect();
        lines.swap(0, 1);
        assert!(opened(&written.text, &lines.join("\n")).is_none());
        assert!(opened(&written.text, "m00000\t1").is_none());
        let huge = format!("a\t1\t{}\tx\nb\t1\t{}\tx\n", usize::MAX, usize::MAX);
        assert!(opened(&written.text, &huge).is_none());
    }
}
