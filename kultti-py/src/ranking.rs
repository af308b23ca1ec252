//! A ranking.

use crate::argument::Texts;
use crate::chart::Chart;
use crate::record::{Many, Missing, RankRow, whole};
use crate::table::Answer;
use kultti_core::chart::ChartOptions;
use kultti_core::compare as core;
use kultti_core::language::Language;
use kultti_core::release::Release;
use pyo3::prelude::*;
use pyo3::types::{PyIterator, PyTuple};
use std::sync::Arc;

/// Areas in order; the answer of ``Release.rank``. A sequence of ``RankRow``.
///
/// Areas without a rank stand at the end, with the reason.
#[pyclass(frozen, extends = Answer, module = "kultti")]
pub(crate) struct Ranking {
    result: Arc<core::Ranking>,
    rows: Py<PyTuple>,
}

impl Ranking {
    pub(crate) fn of(
        py: Python<'_>,
        release: &Arc<Release>,
        result: impl Into<Arc<core::Ranking>>,
        language: Language,
    ) -> PyResult<Py<Self>> {
        let result = result.into();
        let rows = result.rows.iter().map(|row| RankRow {
            code: row.area.code.to_string(),
            name: row.area.name.get(language).to_owned(),
            value: row.cell.value,
            rank: whole(row.rank),
            percent_rank: row.percent_rank,
            status: row.cell.letter().to_string(),
            missing: Missing::new(row.cell.missing, language),
        });
        let rows = rows.collect::<Many<_>>().into_pyobject(py)?.unbind();
        let base = Answer::of(release, Arc::clone(&result), language);
        Py::new(py, base.add_subclass(Self { result, rows }))
    }
}

#[pymethods]
impl Ranking {
    /// The period, text.
    #[getter]
    fn period(&self) -> String {
        self.result.period.to_string()
    }

    /// Areas ranked.
    #[getter]
    fn n(&self) -> usize {
        self.result.n
    }

    /// ``"ascending"`` or ``"descending"``: which end is first.
    #[getter]
    fn order(&self) -> &'static str {
        self.result.order.name()
    }

    /// Draws the ranking: each area a dot, those in ``mark`` with their names. Up to 40 areas are named one by one.
    ///
    /// Args:
    ///     mark: Areas to mark: a name or code, or several.
    ///
    /// Returns:
    ///     A ``Chart``, which a notebook shows.
    ///
    /// Raises:
    ///     NotFoundError: If an area to mark is not in the ranking.
    ///
    /// Examples:
    ///     >>> ranking = kultti.example(language="en").rank("library.loans_per_inhabitant", order="desc", period=2019)
    ///     >>> [row["name"] for row in ranking.plot(mark="Kokkola").data.to_dict() if row["role"] == "area"]
    ///     ['Kokkola']
    #[pyo3(signature = (mark=None))]
    fn plot(this: PyRef<'_, Self>, mark: Option<Texts>) -> PyResult<Chart> {
        let py = this.py();
        let options = ChartOptions {
            mark: mark.map(Texts::whole).unwrap_or_default(),
            ..ChartOptions::default()
        };
        this.into_super().into_super().plot(py, &options)
    }

    fn __len__(&self, py: Python<'_>) -> usize {
        self.rows.bind(py).len()
    }

    fn __getitem__<'py>(&self, key: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        self.rows.bind(key.py()).as_any().get_item(key)
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        self.rows.bind(py).try_iter()
    }
}
