//! The figures of all groups of a grouping.

use crate::chart::Chart;
use crate::record::{GroupRow, Many, Missing};
use crate::table::Answer;
use kultti_core::chart::ChartOptions;
use kultti_core::compare as core;
use kultti_core::language::Language;
use kultti_core::release::Release;
use pyo3::prelude::*;
use pyo3::types::{PyIterator, PyTuple};
use std::sync::Arc;

/// The groups of a grouping; the answer of ``Release.groups``. A sequence of ``GroupRow``.
#[pyclass(frozen, extends = Answer, module = "kultti")]
pub(crate) struct Groups {
    result: Arc<core::Groups>,
    rows: Py<PyTuple>,
}

impl Groups {
    pub(crate) fn of(
        py: Python<'_>,
        release: &Arc<Release>,
        result: impl Into<Arc<core::Groups>>,
        language: Language,
    ) -> PyResult<Py<Self>> {
        let result = result.into();
        let interval = |place: usize| {
            result
                .intervals
                .as_ref()
                .and_then(|found| found.groups.get(place))
        };
        let limits = |place: usize| interval(place).and_then(|found| found.interval);
        let rows = result.rows.iter().enumerate().map(|(place, row)| GroupRow {
            group: row.group.to_string(),
            name: row.name.get(language).to_owned(),
            value: row.value,
            aggregator: row.aggregate.name(),
            n: row.n,
            members: row.members,
            coverage_areas: row.coverage_areas,
            coverage_denominator: row.coverage_denominator,
            status: row.status.to_string(),
            missing: Missing::new(row.missing, language),
            zeros: row.zeros,
            value_without_zeros: row.value_without_zeros,
            lower: limits(place).map(|interval| interval.lower),
            upper: limits(place).map(|interval| interval.upper),
            interval_missing: Missing::new(interval(place).and_then(|found| found.missing), language),
        });
        let rows = rows.collect::<Many<_>>().into_pyobject(py)?.unbind();
        let base = Answer::of(release, Arc::clone(&result), language);
        Py::new(py, base.add_subclass(Self { result, rows }))
    }
}

#[pymethods]
impl Groups {
    /// The period, text.
    #[getter]
    fn period(&self) -> String {
        self.result.period.to_string()
    }

    /// The grouping, such as ``"region"``.
    #[getter]
    fn grouping(&self) -> &str {
        &self.result.grouping
    }

    /// Draws the groups, the largest value first.
    ///
    /// Returns:
    ///     A ``Chart``, which a notebook shows.
    ///
    /// Examples:
    ///     >>> groups = kultti.example(language="en").groups("library.loans_per_inhabitant", by="region", period=2019)
    ///     >>> len(groups.plot().data.to_dict()) == len(groups)
    ///     True
    fn plot(this: PyRef<'_, Self>) -> PyResult<Chart> {
        let py = this.py();
        this.into_super().into_super().plot(py, &ChartOptions::default())
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
