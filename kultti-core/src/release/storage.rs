//! Where the bytes of a release are, and how many threads read them at once.

use bytes::Bytes;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::sync::Arc;

/// Bytes that hold the header of a page, which has some fifty.
const SHORT: usize = 256;

/// A file or memory.
#[derive(Debug, Clone)]
pub(super) enum Storage {
    File(Arc<File>),
    Memory(Bytes),
}

impl Storage {
    pub(super) fn file(file: File) -> Self {
        Self::File(Arc::new(file))
    }
}

impl Storage {
    /// A reader of something short, such as the header of a page.
    pub(super) fn short_read(&self, start: u64) -> Result<Box<dyn Read>> {
        match self {
            Self::File(file) => {
                let place = Positioned {
                    file: Arc::clone(file),
                    offset: start,
                };
                Ok(Box::new(BufReader::with_capacity(SHORT, place)))
            }
            Self::Memory(bytes) => Ok(Box::new(bytes.get_read(start)?)),
        }
    }
}

impl Length for Storage {
    fn len(&self) -> u64 {
        match self {
            Self::File(file) => file.len(),
            Self::Memory(bytes) => bytes.len() as u64,
        }
    }
}

impl ChunkReader for Storage {
    type T = Box<dyn Read>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        match self {
            Self::File(file) => Ok(Box::new(BufReader::new(Positioned {
                file: Arc::clone(file),
                offset: start,
            }))),
            Self::Memory(bytes) => Ok(Box::new(bytes.get_read(start)?)),
        }
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        match self {
            Self::File(file) => {
                let mut reader = Positioned {
                    file: Arc::clone(file),
                    offset: start,
                }
                .take(length as u64);
                let mut bytes = Vec::with_capacity(length);
                let read = reader.read_to_end(&mut bytes)?;
                if read == length {
                    return Ok(bytes.into());
                }
                Err(ParquetError::EOF(format!(
                    "{length} bytes at {start}, {read} there"
                )))
            }
            Self::Memory(bytes) => bytes.get_bytes(start, length),
        }
    }
}

/// A reader with a place of its own: clones of a file handle share one, so that two threads that seek would read each
/// other's bytes.
struct Positioned {
    file: Arc<File>,
    offset: u64,
}

impl Read for Positioned {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        #[cfg(unix)]
        let read = std::os::unix::fs::FileExt::read_at(self.file.as_ref(), buffer, self.offset)?;
        #[cfg(windows)]
        let read = std::os::windows::fs::FileExt::seek_read(self.file.as_ref(), buffer, self.offset)?;
        self.offset += read as u64;
        Ok(read)
    }
}
