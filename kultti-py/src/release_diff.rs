//! What changed from one release to another.

use crate::record::{Many, Note};
use crate::table::Table;
use kultti_core::compare::{self as core, DiffPart};
use kultti_core::language::Language;
use pyo3::prelude::*;
use std::sync::Arc;

/// What changed from one release to another; the answer of ``Release.diff``.
///
/// As a table it has one row for each changed field of a definition, changed observation, group and rank; ``part`` says
/// which of them it is. ``definitions``, ``cells``, ``groups`` and ``ranks`` are tables of their own, with their own columns.
#[pyclass(frozen, extends = Table, module = "kultti")]
pub(crate) struct ReleaseDiff {
    result: Arc<core::ReleaseDiff>,
    language: Language,
}

impl ReleaseDiff {
    pub(crate) fn of(py: Python<'_>, result: core::ReleaseDiff, language: Language) -> PyResult<Py<Self>> {
        let result = Arc::new(result);
        let table = Table::new(Arc::clone(&result), language);
        Py::new(
            py,
            PyClassInitializer::from(table).add_subclass(Self { result, language }),
        )
    }

    fn part(&self, py: Python<'_>, part: DiffPart) -> Table {
        Table::new(Arc::new(py.detach(|| self.result.only(part))), self.language)
    }
}

#[pymethods]
impl ReleaseDiff {
    /// Whether nothing that was asked for differs.
    #[getter]
    fn same(&self) -> bool {
        self.result.is_empty()
    }

    /// The id of the earlier release.
    #[getter]
    fn before(&self) -> &str {
        &self.result.before.release
    }

    /// The id of the later release.
    #[getter]
    fn after(&self) -> &str {
        &self.result.after.release
    }

    /// Changed indicators, measures, areas, registers and source tables, one row for each field.
    #[getter]
    fn definitions(&self, py: Python<'_>) -> Table {
        self.part(py, DiffPart::Definitions)
    }

    /// Observations that came, went or changed.
    #[getter]
    fn cells(&self, py: Python<'_>) -> Table {
        self.part(py, DiffPart::Cells)
    }

    /// Groups whose figures differ.
    #[getter]
    fn groups(&self, py: Python<'_>) -> Table {
        self.part(py, DiffPart::Groups)
    }

    /// Areas whose rank moved, and why.
    #[getter]
    fn ranks(&self, py: Python<'_>) -> Table {
        self.part(py, DiffPart::Ranks)
    }

    /// What to keep in mind.
    #[getter]
    fn notes(&self) -> Many<Note> {
        let notes = self.result.notes.iter();
        notes.map(|note| Note::new(note, self.language)).collect()
    }

    /// Whether something differs, so that ``if before.diff(after):`` reads as it should.
    fn __bool__(&self) -> bool {
        !self.result.is_empty()
    }
}
