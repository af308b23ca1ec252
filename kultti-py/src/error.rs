//! Errors of the core as Python exceptions. The classes are written in Python (`kultti/_errors.py`), because each is
//! both a `KulttiError` and one of Python's own.

use crate::spelling::{in_python, in_python_name};
use kultti_core::language::Language;
use kultti_core::{Error, ErrorKind};
use pyo3::prelude::*;
use pyo3::types::PyType;

/// The exception for an error, its sentence in `language`.
pub(crate) fn exception(py: Python<'_>, error: &Error, language: Language) -> PyErr {
    made(py, error, language).unwrap_or_else(|failure| failure)
}

fn made(py: Python<'_>, error: &Error, language: Language) -> PyResult<PyErr> {
    // A range is `start` and `end` in Python, where `from` is a word of the language.
    let message = match error {
        Error::InvalidArgument {
            name,
            expected,
            found,
        } => Error::InvalidArgument {
            name: in_python_name(name).unwrap_or(name).to_owned(),
            expected: expected.clone(),
            found: found.clone(),
        }
        .message(),
        _ => error.message(),
    };
    let text = in_python(&message.render(language));
    let instance = match (error, error.kind()) {
        (Error::Io { path, cause }, _) => {
            let number = system_error(cause);
            let missing = number.is_some_and(|number| {
                std::io::Error::from_raw_os_error(number).kind() == std::io::ErrorKind::NotFound
            });
            let name = if missing { "MissingFileError" } else { "FileError" };
            class(py, name)?.call1((text, error.code(), number, path))?
        }
        (Error::MissingPackage { .. }, _) => class(py, "MissingPackageError")?.call1((text, error.code()))?,
        (_, kind) => class(py, class_of(kind))?.call1((text, error.code()))?,
    };
    Ok(PyErr::from_value(instance))
}

/// The system's number of an error, which Python wants beside its words: `No such file or directory (os error 2)`.
fn system_error(cause: &str) -> Option<i32> {
    let (_, rest) = cause.rsplit_once("(os error ")?;
    rest.split_once(')')?.0.parse().ok()
}

fn class_of(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::NotFound => "NotFoundError",
        ErrorKind::InvalidArgument => "InvalidArgumentError",
        ErrorKind::InvalidData => "InvalidDataError",
        ErrorKind::Io => "FileError",
        ErrorKind::Conflict => "ConflictError",
        _ => "KulttiError",
    }
}

fn class<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyType>> {
    Ok(py.import("kultti._errors")?.getattr(name)?.cast_into()?)
}
