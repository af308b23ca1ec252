//! What is wrong in a PX file, and where.

/// A place in a file: line and column, both counted from 1, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) line: usize,
    pub(super) column: usize,
}

impl Default for Place {
    fn default() -> Self {
        Self { line: 1, column: 1 }
    }
}

impl Place {
    /// The place after these bytes, when they begin here.
    pub(super) fn after(self, bytes: &[u8]) -> Self {
        let line = self.line + memchr::memchr_iter(b'\n', bytes).count();
        // The second and later bytes of a character of UTF-8 count for nothing; in the one-byte encodings of PX files
        // such bytes are seldom enough in a line before a mistake.
        let characters = |bytes: &[u8]| bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
        let column = match memchr::memrchr(b'\n', bytes) {
            None => self.column + characters(bytes),
            Some(end) => 1 + characters(bytes.get(end + 1..).unwrap_or_default()),
        };
        Self { line, column }
    }
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cause {
    /// Something else must stand here.
    Expected { expected: String, found: String },
    /// A text or bracket that has no end.
    Unterminated,
    /// A keyword that every file must have.
    Missing,
    /// A list of another length than it must have.
    Count { expected: usize, found: usize },
    /// Too few or too many figures.
    Cells { expected: String, found: String },
    /// A text that names none of what it should name.
    Unknown { text: String },
    /// A text that stands twice where each must be another.
    Twice { text: String },
    /// Nothing in the file.
    Outside(Outside),
}

/// What stops a reader or writer beside the file.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Outside {
    /// An encoding that no table is known for.
    Encoding { name: String },
    /// A character that the encoding lacks.
    Unencodable {
        encoding: String,
        character: char,
        text: String,
    },
    /// The stream failed.
    Io(String),
}

/// A mistake in a PX file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PxError {
    pub(super) place: Place,
    /// The keyword; empty before the first one.
    pub(super) keyword: String,
    pub(super) cause: Cause,
}

pub(super) type PxResult<T> = Result<T, PxError>;

impl PxError {
    pub(super) fn new(place: Place, keyword: impl Into<String>, cause: Cause) -> Self {
        Self {
            place,
            keyword: keyword.into(),
            cause,
        }
    }
}
