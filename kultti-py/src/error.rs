//! Errors of the core as Python exceptions. The classes are written in Python (`kultti/_errors.py`), because each is
//! both a `KulttiError` and one of Python's own.

use kultti_core::language::Language;
use kultti_core::{Error, ErrorKind};
use pyo3::prelude::*;
use pyo3::types::PyType;
use std::fs::File;

/// The exception for an error, its sentence in `language`.
pub(crate) fn exception(py: Python<'_>, error: &Error, language: Language) -> PyErr {
    made(py, error, language).unwrap_or_else(|failure| failure)
}

fn made(py: Python<'_>, error: &Error, language: Language) -> PyResult<PyErr> {
    let text = error.message().render(language);
    let instance = match (error, error.kind()) {
        (Error::Io { path, .. }, _) => {
            // The core keeps the words of the system, Python wants its number as well: the system is asked again.
            let cause = File::open(path).err();
            let missing = cause
                .as_ref()
                .is_some_and(|cause| cause.kind() == std::io::ErrorKind::NotFound);
            let name = if missing { "MissingFileError" } else { "FileError" };
            class(py, name)?.call1((
                text,
                error.code(),
                cause.and_then(|cause| cause.raw_os_error()),
                path,
            ))?
        }
        (_, kind) => class(py, class_of(kind))?.call1((text, error.code()))?,
    };
    Ok(PyErr::from_value(instance))
}

fn class_of(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::NotFound => "NotFoundError",
        ErrorKind::InvalidArgument => "InvalidArgumentError",
        ErrorKind::InvalidData => "InvalidDataError",
        ErrorKind::Io => "FileError",
        _ => "KulttiError",
    }
}

fn class<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyType>> {
    Ok(py.import("kultti._errors")?.getattr(name)?.cast_into()?)
}
