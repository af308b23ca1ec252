//! What there is to ask about: lists of indicators and areas that can be searched and completed with the tab key.

use crate::error::exception;
use crate::indicator::IndicatorRow;
use crate::record::{AreaRow, Many};
use crate::table::Table;
use kultti_core::compare as core;
use kultti_core::language::Language;
use kultti_core::release;
use kultti_core::{Error, Result};
use pyo3::prelude::*;
use pyo3::types::{PyIterator, PyString, PyTuple};
use std::sync::Arc;

/// Indicators: a sequence of ``IndicatorRow`` that can be searched, and asked for an id.
///
/// Calling it searches too: ``release.indicators("kirjasto")``.
#[pyclass(frozen, extends = Table, module = "kultti")]
pub(crate) struct IndicatorList {
    release: Arc<release::Release>,
    language: Language,
    result: Arc<core::IndicatorList>,
    rows: Py<PyTuple>,
}

impl IndicatorList {
    pub(crate) fn of(
        py: Python<'_>,
        release: Arc<release::Release>,
        query: &str,
        language: Language,
    ) -> PyResult<Py<Self>> {
        let result = Arc::new(py.detach(|| release.indicators(query)));
        let rows = result
            .rows
            .iter()
            .map(|row| IndicatorRow::new(row, &release, language))
            .collect::<Many<_>>();
        let rows = rows.into_pyobject(py)?.unbind();
        let table = Table::new(Arc::clone(&result), language);
        Py::new(
            py,
            PyClassInitializer::from(table).add_subclass(Self {
                release,
                language,
                result,
                rows,
            }),
        )
    }

    fn position(&self, id: &str) -> Result<usize> {
        // An id that no one knows is answered with those like it.
        self.release.catalogue().indicator(id)?;
        let found = self
            .result
            .rows
            .iter()
            .position(|row| row.declared.id.as_str() == id);
        found.ok_or_else(|| Error::UnknownIndicator {
            indicator: id.to_owned(),
            near: Vec::new(),
        })
    }
}

#[pymethods]
impl IndicatorList {
    /// Searches ids, names, definitions and synonyms.
    ///
    /// Args:
    ///     text: Words in Finnish, Swedish or English; all of them must be found.
    ///
    /// Returns:
    ///     The indicators of the release that match, the best first.
    ///
    /// Examples:
    ///     >>> found = kultti.example().indicators.search("kirjastolainat asukas")
    ///     >>> found[0].indicator
    ///     'library.loans_per_inhabitant'
    fn search(&self, py: Python<'_>, text: &str) -> PyResult<Py<Self>> {
        Self::of(py, Arc::clone(&self.release), text, self.language)
    }

    #[pyo3(signature = (text=""))]
    fn __call__(&self, py: Python<'_>, text: &str) -> PyResult<Py<Self>> {
        self.search(py, text)
    }

    /// An id, a name or a code that is in the list, or one of its rows.
    fn __contains__(&self, key: &Bound<'_, PyAny>) -> PyResult<bool> {
        match key.extract::<String>() {
            Ok(text) => Ok(self.position(&text).is_ok()),
            Err(_) => self.rows.bind(key.py()).contains(key),
        }
    }

    fn __len__(&self, py: Python<'_>) -> usize {
        self.rows.bind(py).len()
    }

    fn __getitem__<'py>(&self, key: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let rows = self.rows.bind(key.py());
        match key.cast::<PyString>() {
            Ok(id) => {
                let position = self.position(&id.to_cow()?);
                rows.get_item(position.map_err(|error| exception(key.py(), &error, self.language))?)
            }
            Err(_) => rows.as_any().get_item(key),
        }
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        self.rows.bind(py).try_iter()
    }

    fn _ipython_key_completions_(&self) -> Vec<&str> {
        self.result
            .rows
            .iter()
            .map(|row| row.declared.id.as_str())
            .collect()
    }
}

/// Areas: a sequence of ``AreaRow`` that can be searched, and asked for a name or code.
///
/// Calling it searches too: ``release.areas("Karleby")``.
#[pyclass(frozen, extends = Table, module = "kultti")]
pub(crate) struct AreaList {
    release: Arc<release::Release>,
    language: Language,
    result: Arc<core::AreaList>,
    rows: Py<PyTuple>,
}

impl AreaList {
    pub(crate) fn of(
        py: Python<'_>,
        release: Arc<release::Release>,
        query: &str,
        language: Language,
    ) -> PyResult<Py<Self>> {
        let result = Arc::new(py.detach(|| release.areas(query)));
        let rows = result
            .rows
            .iter()
            .map(|row| area(row, language))
            .collect::<Many<_>>();
        let rows = rows.into_pyobject(py)?.unbind();
        let table = Table::new(Arc::clone(&result), language);
        Py::new(
            py,
            PyClassInitializer::from(table).add_subclass(Self {
                release,
                language,
                result,
                rows,
            }),
        )
    }

    fn position(&self, text: &str) -> Result<usize> {
        let code = &self.release.territory().resolve(text)?.code;
        let found = self.result.rows.iter().position(|row| row.area.code == *code);
        found.ok_or_else(|| Error::UnknownArea {
            area: text.to_owned(),
            near: Vec::new(),
        })
    }
}

#[pymethods]
impl AreaList {
    /// Searches codes and names.
    ///
    /// Args:
    ///     text: A code, or a name in any language; typing errors are forgiven.
    ///
    /// Returns:
    ///     The areas of the release that are like it, the most alike first.
    ///
    /// Examples:
    ///     >>> kultti.example().areas.search("Karleby")[0].code
    ///     '272'
    fn search(&self, py: Python<'_>, text: &str) -> PyResult<Py<Self>> {
        Self::of(py, Arc::clone(&self.release), text, self.language)
    }

    #[pyo3(signature = (text=""))]
    fn __call__(&self, py: Python<'_>, text: &str) -> PyResult<Py<Self>> {
        self.search(py, text)
    }

    /// An id, a name or a code that is in the list, or one of its rows.
    fn __contains__(&self, key: &Bound<'_, PyAny>) -> PyResult<bool> {
        match key.extract::<String>() {
            Ok(text) => Ok(self.position(&text).is_ok()),
            Err(_) => self.rows.bind(key.py()).contains(key),
        }
    }

    fn __len__(&self, py: Python<'_>) -> usize {
        self.rows.bind(py).len()
    }

    fn __getitem__<'py>(&self, key: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let rows = self.rows.bind(key.py());
        match key.cast::<PyString>() {
            Ok(text) => {
                let position = self.position(&text.to_cow()?);
                rows.get_item(position.map_err(|error| exception(key.py(), &error, self.language))?)
            }
            Err(_) => rows.as_any().get_item(key),
        }
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        self.rows.bind(py).try_iter()
    }

    fn _ipython_key_completions_(&self) -> Vec<&str> {
        self.result
            .rows
            .iter()
            .map(|row| row.area.name.get(self.language))
            .collect()
    }
}

fn area(row: &core::AreaRow, language: Language) -> AreaRow {
    let name = &row.area.name;
    AreaRow {
        code: row.area.code.to_string(),
        name: name.get(language).to_owned(),
        name_fi: name.get(Language::Fi).to_owned(),
        name_sv: (!name.is_fallback(Language::Sv)).then(|| name.get(Language::Sv).to_owned()),
        valid_from: row.from.map(|day| day.to_string()),
        valid_to: row.to.map(|day| day.to_string()),
        successor: row.successor.as_ref().map(|next| next.code.to_string()),
    }
}
