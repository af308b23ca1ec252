//! Series of areas.

use crate::record::{Many, Missing, TrendPoint};
use crate::table::Answer;
use kultti_core::compare as core;
use kultti_core::language::Language;
use kultti_core::release::Release;
use pyo3::prelude::*;
use pyo3::types::{PyIterator, PyTuple};
use std::sync::Arc;

/// The series of one or more areas; the answer of ``Release.trend``. A sequence of ``TrendPoint``, area by area.
#[pyclass(frozen, extends = Answer, module = "kultti")]
pub(crate) struct Trend {
    rows: Py<PyTuple>,
}

impl Trend {
    pub(crate) fn of(
        py: Python<'_>,
        release: &Arc<Release>,
        result: core::Trend,
        language: Language,
    ) -> PyResult<Py<Self>> {
        let result = Arc::new(result);
        let real = result.context.price_basis.is_some();
        let rows = result.points.iter().map(|point| TrendPoint {
            code: point.area.code.to_string(),
            name: point.area.name.get(language).to_owned(),
            period: point.period.to_string(),
            value: point.cell.value,
            change: point.change,
            change_relative: point.change_relative,
            index: point.index,
            status: point.cell.letter().to_string(),
            missing: Missing::new(point.cell.missing, language),
            value_nominal: if real { point.nominal } else { point.cell.value },
        });
        let rows = rows.collect::<Many<_>>().into_pyobject(py)?.unbind();
        let base = Answer::of(release, Arc::clone(&result), language);
        Py::new(py, base.add_subclass(Self { rows }))
    }
}

#[pymethods]
impl Trend {
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
