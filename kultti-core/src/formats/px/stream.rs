//! PX files larger than memory: the header first, then the cells in batches.

use super::cells::{self, CellSink, ascending};
use super::data::DataParser;
use super::document::DataFinder;
use super::encoding;
use super::error::{Cause, Outside, Place, PxError, PxResult};
use super::header::Header;
use crate::error::Result;
use crate::formats::{Cells, Cube, Warning};
use std::io::Read;

/// How many bytes are read at a time, at least.
const CHUNK: usize = 1 << 16;

/// A PX file read piece by piece, for one that is larger than memory: dimensions, texts and notes at once, the cells in
/// batches of as many as are asked for. The cells are those of [`crate::formats::read_cube`].
///
/// ```
/// use kultti_core::formats::PxStream;
/// let file = br#"CHARSET="ANSI";
/// LANGUAGE="fi";
/// STUB="Kunta";
/// HEADING="Vuosi";
/// VALUES("Kunta")="Kokkola","Helsinki";
/// VALUES("Vuosi")="2018","2019";
/// DATA=
/// 12.5 13
/// ".." 20;
/// "#;
/// let mut stream = PxStream::open("costs.px", &file[..])?;
/// assert_eq!(stream.cube().sizes(), [2, 2]);
/// let first = stream.next_cells(3)?.unwrap();
/// assert_eq!(first.len(), 3);
/// assert_eq!(first.at(2).unwrap().mark.symbol.as_deref(), Some(".."));
/// let rest = stream.next_cells(3)?.unwrap();
/// assert_eq!(rest.at(3).unwrap().value, Some(20.0));
/// assert!(stream.next_cells(3)?.is_none());
/// # Ok::<(), kultti_core::Error>(())
/// ```
pub struct PxStream<R> {
    name: String,
    reader: R,
    header: Header,
    sink: CellSink,
    parser: DataParser,
    buffer: Vec<u8>,
    at: usize,
    /// Whether the reader has nothing more, and whether everything was handed out.
    last: bool,
    ended: bool,
}

impl<R: Read> PxStream<R> {
    /// Reads everything before the figures. `name` is what messages call the file.
    ///
    /// # Errors
    /// As [`crate::formats::read_cube`]; a file in UTF-16 can only be read whole.
    pub fn open(name: &str, mut reader: R) -> Result<Self> {
        let opened = Self::read_header(&mut reader).map_err(|error| super::kultti_error(name, error))?;
        let (header, sink, parser, buffer, at, last) = opened;
        Ok(Self {
            name: name.to_owned(),
            reader,
            header,
            sink,
            parser,
            buffer,
            at,
            last,
            ended: false,
        })
    }

    fn read_header(reader: &mut R) -> PxResult<(Header, CellSink, DataParser, Vec<u8>, usize, bool)> {
        let mut buffer = Vec::new();
        let mut finder = DataFinder::default();
        let mut last = false;
        while !last && finder.find(&buffer).is_none() {
            last = more(reader, &mut buffer)?;
        }
        let (codepage, _, _) = encoding::of_header(buffer.get(..buffer.len().min(4)).unwrap_or_default());
        if !codepage.is_ascii_compatible() {
            let name = codepage.name().to_owned();
            let cause = Cause::Outside(Outside::Encoding { name });
            return Err(PxError::new(Place::default(), "CODEPAGE", cause));
        }
        let (header, codepage, start) = super::read_header(&buffer, None)?;
        let shape = super::shape_of(&header)?;
        let place = Place::default().after(buffer.get(..start).unwrap_or_default());
        let mut sink = CellSink::new(&header, shape, codepage);
        sink.placed = true;
        Ok((header, sink, DataParser::new(shape, place), buffer, start, last))
    }

    /// The table without its cells.
    pub fn cube(&self) -> &Cube {
        &self.header.cube
    }

    /// What was assumed so far.
    pub fn warnings(&self) -> Vec<Warning> {
        let mut warnings = self.header.warnings.clone();
        warnings.extend(self.sink.warnings(&self.header.cube));
        warnings
    }

    /// The next cells, each with its position: `most` of them, fewer at the end, none after it. Rows of a file with KEYS
    /// come as they stand in the file; positions ascend within a batch.
    ///
    /// # Errors
    /// As [`crate::formats::read_cube`], when the reader comes to the mistake; a row that stands twice is found within a
    /// batch only.
    pub fn next_cells(&mut self, most: usize) -> Result<Option<Cells>> {
        let batch = self.read_batch(most.max(1) as u64);
        batch.map_err(|error| super::kultti_error(&self.name, error))
    }

    fn read_batch(&mut self, most: u64) -> PxResult<Option<Cells>> {
        if self.ended {
            return Ok(None);
        }
        let limit = self.parser.done.saturating_add(most);
        loop {
            let rest = self.buffer.get(self.at..).unwrap_or_default();
            self.at += self.parser.parse(rest, limit, self.last, &mut self.sink)?;
            if self.parser.done >= limit {
                break;
            }
            if self.last {
                self.parser.finish()?;
                self.ended = true;
                break;
            }
            self.buffer.drain(..self.at.min(self.buffer.len()));
            self.at = 0;
            self.last = more(&mut self.reader, &mut self.buffer)?;
        }
        let cells = self.sink.take();
        if cells.is_empty() {
            return Ok(None);
        }
        if !self.sink.unsorted {
            return Ok(Some(cells));
        }
        ascending(&cells).map(Some).map_err(|position| {
            let text = cells::cell_name(&self.header.cube, position).render(crate::language::Language::En);
            PxError::new(Place::default(), "DATA", Cause::Twice { text })
        })
    }
}

/// Reads on; true at the end. As much as is there already, so that a long token is not looked at again and again.
fn more(reader: &mut impl Read, buffer: &mut Vec<u8>) -> PxResult<bool> {
    let room = buffer.len().max(CHUNK) as u64;
    let read = reader.take(room).read_to_end(buffer).map_err(|cause| {
        let cause = Cause::Outside(Outside::Io(cause.to_string()));
        PxError::new(Place::default(), "DATA", cause)
    })?;
    Ok(read == 0)
}
