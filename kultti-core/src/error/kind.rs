//! What sort of mistake an error is.

/// What sort of mistake an [`crate::Error`] is: it decides the exit code of the CLI and the Python exception.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An id, name or code that does not exist, or has no data. Exit code 4; `KeyError` in Python.
    NotFound,
    /// An argument that cannot be used as given. Exit code 2; `ValueError` in Python.
    InvalidArgument,
    /// A file with content that breaks a rule. Exit code 3.
    InvalidData,
    /// A file that cannot be read or written. Exit code 3; `OSError` in Python.
    Io,
    /// Somebody else wrote to the same store first; trying again may succeed. Exit code 5.
    Conflict,
    /// Whoever asked ended the work. Exit code 130; `KeyboardInterrupt` in Python.
    Interrupted,
}
