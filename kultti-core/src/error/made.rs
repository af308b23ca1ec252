//! Errors as the rest of the library makes and shows them.

use super::Error;
use crate::language::Language;

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message().render(Language::En))
    }
}

impl std::error::Error for Error {}

impl Error {
    /// An [`Error::Io`] for `path`.
    pub fn io(path: impl Into<String>, cause: &std::io::Error) -> Self {
        Self::Io {
            path: path.into(),
            cause: cause.to_string(),
        }
    }

    /// An [`Error::MalformedFile`] of which the line is known and neither column nor part.
    pub fn malformed(path: &str, format: &str, line: usize, expected: &str, found: &str) -> Self {
        Self::MalformedFile {
            path: path.to_owned(),
            format: format.to_owned(),
            line,
            column: String::new(),
            part: String::new(),
            expected: expected.to_owned(),
            found: found.to_owned(),
        }
    }
}
