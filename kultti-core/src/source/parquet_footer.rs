//! The footer of a Parquet file before it is read: its declared lengths must fit into it. The reader makes room for as many
//! row groups and columns as a footer declares, and two bytes that say 2³¹ would end the program.

use parquet::errors::ParquetError;
use parquet::file::reader::ChunkReader;

/// What a Parquet file ends with.
const MAGIC: &[u8; 4] = b"PAR1";
/// The length of the footer and the magic word.
const END: usize = 8;
/// How deep values may lie in each other; the format's own lie 6 deep.
const MOST_DEEP: u8 = 32;

/// The key in a file's metadata that makes it a release; its value is the release's id.
pub(crate) const RELEASE_ID: &str = "kultti.id";

/// Refuses a file whose footer declares more than it holds. What else may be wrong with it its reader says.
///
/// # Errors
/// [`ParquetError`] for such a footer, and for a file that cannot be read.
pub(crate) fn check_footer<R: ChunkReader>(file: &R) -> Result<(), ParquetError> {
    let Some(end) = file.len().checked_sub(END as u64) else {
        return Ok(());
    };
    let tail = file.get_bytes(end, END)?;
    let Some((length, magic)) = tail.split_first_chunk::<4>() else {
        return Ok(());
    };
    let length = u32::from_le_bytes(*length);
    let Some(start) = end.checked_sub(u64::from(length)).filter(|_| magic == MAGIC) else {
        return Ok(());
    };
    let footer = file.get_bytes(start, usize::try_from(length)?)?;
    if fits(&footer) {
        return Ok(());
    }
    let message = "the footer declares more than it holds".to_owned();
    Err(ParquetError::General(message))
}

/// Whether every list of a footer has room for as many values as it declares, and every group of columns for its children.
fn fits(footer: &[u8]) -> bool {
    let mut rest = Walk(footer);
    rest.file().is_some()
}

/// The types of Thrift's compact protocol.
mod kind {
    pub(super) const STOP: u8 = 0;
    pub(super) const TRUE: u8 = 1;
    pub(super) const FALSE: u8 = 2;
    pub(super) const BYTE: u8 = 3;
    pub(super) const I16: u8 = 4;
    pub(super) const I32: u8 = 5;
    pub(super) const I64: u8 = 6;
    pub(super) const DOUBLE: u8 = 7;
    pub(super) const BINARY: u8 = 8;
    pub(super) const LIST: u8 = 9;
    pub(super) const SET: u8 = 10;
    pub(super) const MAP: u8 = 11;
    pub(super) const STRUCT: u8 = 12;
    pub(super) const UUID: u8 = 13;
}

/// The field of the file's metadata with the elements of its schema.
const SCHEMA: i16 = 2;
/// The field of an element with the number of its children.
const CHILDREN: i16 = 5;

/// The bytes that are left; `None` of any step is a footer that does not fit.
struct Walk<'f>(&'f [u8]);

impl Walk<'_> {
    fn file(&mut self) -> Option<()> {
        let mut id = 0;
        while let Some(kind) = self.field(&mut id)? {
            if id == SCHEMA && kind == kind::LIST {
                self.schema()?;
            } else {
                self.value(kind, MOST_DEEP)?;
            }
        }
        Some(())
    }

    fn schema(&mut self) -> Option<()> {
        let (elements, kind) = self.list()?;
        if kind != kind::STRUCT {
            return (0..elements).try_for_each(|_| self.value(kind, MOST_DEEP));
        }
        for _ in 0..elements {
            let mut id = 0;
            while let Some(kind) = self.field(&mut id)? {
                if id == CHILDREN && kind == kind::I32 {
                    let children = self.varint()?;
                    // Zigzag: an odd number is a negative one.
                    let fits = children % 2 == 0 && children / 2 <= elements;
                    fits.then_some(())?;
                } else {
                    self.value(kind, MOST_DEEP)?;
                }
            }
        }
        Some(())
    }

    /// The type of the next field, nothing at the end of its structure.
    fn field(&mut self, id: &mut i16) -> Option<Option<u8>> {
        let header = self.byte()?;
        if header & 0x0f == kind::STOP {
            return Some(None);
        }
        *id = match header >> 4 {
            0 => {
                let zigzag = self.varint()?;
                let whole = i64::try_from(zigzag / 2).ok()?;
                i16::try_from(if zigzag % 2 == 0 { whole } else { -whole - 1 }).ok()?
            }
            delta => id.checked_add(i16::from(delta))?,
        };
        Some(Some(header & 0x0f))
    }

    /// How many values a list declares, and their type. Each takes a byte at least.
    fn list(&mut self) -> Option<(u64, u8)> {
        let header = self.byte()?;
        let size = match header >> 4 {
            15 => self.varint()?,
            size => u64::from(size),
        };
        (size <= self.0.len() as u64).then_some((size, header & 0x0f))
    }

    fn value(&mut self, kind: u8, deep: u8) -> Option<()> {
        let deeper = deep.checked_sub(1)?;
        match kind {
            // A field's own type says which of the two it is.
            kind::TRUE | kind::FALSE => Some(()),
            kind::BYTE => self.skip(1),
            kind::I16 | kind::I32 | kind::I64 => self.varint().map(|_| ()),
            kind::DOUBLE => self.skip(8),
            kind::UUID => self.skip(16),
            kind::BINARY => {
                let length = self.varint()?;
                self.skip(usize::try_from(length).ok()?)
            }
            kind::LIST | kind::SET => {
                let (size, kind) = self.list()?;
                (0..size).try_for_each(|_| self.element(kind, deeper))
            }
            kind::MAP => {
                let size = self.varint()?;
                if size == 0 {
                    return Some(());
                }
                let kinds = self.byte()?;
                (0..size).try_for_each(|_| {
                    self.element(kinds >> 4, deeper)?;
                    self.element(kinds & 0x0f, deeper)
                })
            }
            kind::STRUCT => {
                let mut id = 0;
                while let Some(kind) = self.field(&mut id)? {
                    self.value(kind, deeper)?;
                }
                Some(())
            }
            _ => None,
        }
    }

    /// A value of a list or map, where truth takes a byte.
    fn element(&mut self, kind: u8, deep: u8) -> Option<()> {
        match kind {
            kind::TRUE | kind::FALSE => self.skip(1),
            other => self.value(other, deep),
        }
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn skip(&mut self, length: usize) -> Option<()> {
        self.0 = self.0.get(length..)?;
        Some(())
    }

    fn varint(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::fits;

    /// Version 1; a schema of a root with one child and that child; no rows; one row group without anything.
    /// A field's header is the step of its number and its type, a list's the number of its values and theirs.
    const SOUND: [u8; 18] = [
        0x15, 0x02, // 1: i32 1
        0x19, 0x2c, // 2: list of 2 structures
        0x48, 0x01, b'r', 0x15, 0x02, 0x00, // 4: "r", 5: 1 child
        0x48, 0x01, b'c', 0x00, // 4: "c"
        0x16, 0x00, // 3: i64 0
        0x19, 0x0c, // 4: list of 0 structures
    ];

    fn footer(from: usize, to: &[u8]) -> Vec<u8> {
        let mut bytes = SOUND[..from].to_vec();
        bytes.extend_from_slice(to);
        bytes
    }

    #[test]
    fn a_footer_fits_that_holds_what_it_declares() {
        assert!(fits(&footer(18, &[0x00])));
        assert!(!fits(&SOUND), "no end");
    }

    #[test]
    fn row_groups_and_children_beyond_the_footer_do_not_fit() {
        // 2^31 - 1 row groups.
        assert!(!fits(&footer(17, &[0xfc, 0xff, 0xff, 0xff, 0xff, 0x07, 0x00])));
        // A root with 2^30 children, and with -1.
        for children in [&[0x80, 0x80, 0x80, 0x80, 0x08][..], &[0x01][..]] {
            let mut bytes = footer(8, children);
            bytes.extend_from_slice(&SOUND[9..]);
            bytes.push(0x00);
            assert!(!fits(&bytes));
        }
    }
}
