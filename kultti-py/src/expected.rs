//! What is expected of areas with such a structure.

use crate::record::{
    Area, Capacity, Coefficient, ExpectedModel, ExpectedModelVariable, ExpectedRow, Many, Missing,
    UnmodelledArea, VariableContribution,
};
use crate::table::Answer;
use kultti_core::compare as core;
use kultti_core::language::Language;
use kultti_core::release::Release;
use kultti_core::stats;
use pyo3::prelude::*;
use pyo3::types::{PyIterator, PyTuple};
use std::sync::Arc;

/// Costs beside those expected; the answer of ``Release.expected``. A sequence of ``ExpectedRow``, by code.
#[pyclass(frozen, extends = Answer, module = "kultti")]
pub(crate) struct Expected {
    result: Arc<core::Expected>,
    language: Language,
    rows: Py<PyTuple>,
}

fn coefficient(one: &stats::Coefficient) -> Coefficient {
    Coefficient {
        estimate: one.estimate,
        standard_error: one.standard_error,
        t: one.t(),
    }
}

impl Expected {
    pub(crate) fn of(
        py: Python<'_>,
        release: &Arc<Release>,
        result: impl Into<Arc<core::Expected>>,
        language: Language,
    ) -> PyResult<Py<Self>> {
        let result = result.into();
        let rows = result.rows.iter().map(|row| ExpectedRow {
            code: row.area.code.to_string(),
            name: row.area.name.get(language).to_owned(),
            value: row.cell.value,
            expected: row.expected,
            lower: row.lower,
            upper: row.upper,
            difference: row.difference,
            residual: row.residual,
            residual_log: row.residual_log,
            leave_one_out: row.leave_one_out,
            budget_difference: row.budget_difference,
            weight: row.weight,
            in_model: row.in_model,
            capacity: row.capacity,
            status: row.cell.letter().to_string(),
            missing: Missing::new(row.cell.missing, language),
        });
        let rows = rows.collect::<Many<_>>().into_pyobject(py)?.unbind();
        let base = Answer::of(release, Arc::clone(&result), language);
        let own = Self {
            result,
            language,
            rows,
        };
        Py::new(py, base.add_subclass(own))
    }
}

#[pymethods]
impl Expected {
    /// Version of the JSON form.
    #[classattr]
    fn schema() -> u32 {
        1
    }

    /// The period, text.
    #[getter]
    fn period(&self) -> String {
        self.result.period.to_string()
    }

    /// The area asked for; ``None`` for all.
    #[getter]
    fn area(&self) -> Option<Area> {
        self.result
            .area
            .as_ref()
            .map(|area| Area::new(area, self.language))
    }

    /// Of the interval, in per cent.
    #[getter]
    fn level(&self) -> f64 {
        self.result.level
    }

    /// The model.
    #[getter]
    fn model(&self) -> ExpectedModel {
        let model = &self.result.model;
        let variable = |one: &core::ExpectedModelVariable| ExpectedModelVariable {
            indicator: one.indicator.to_string(),
            label: one.label.get(self.language).to_owned(),
            period: one.period.to_string(),
            log: one.log,
            mean: one.mean,
            coefficient: coefficient(&one.coefficient),
            reason: one
                .reason
                .as_ref()
                .map(|reason| reason.get(self.language).to_owned()),
        };
        ExpectedModel {
            definition: model.definition.clone(),
            method: model.method.name(),
            constant: coefficient(&model.constant),
            variables: model.variables.iter().map(variable).collect(),
            sigma: model.sigma,
            r2: model.r2,
            n: model.n,
            members: model.members,
            degrees_of_freedom: model.degrees_of_freedom,
            iterations: model.iterations,
            at_means: model.at_means,
        }
    }

    /// The indicator of capacity that is shown apart, if the catalogue declares one: capacity is not need.
    #[getter]
    fn capacity(&self) -> Option<Capacity> {
        self.result.capacity.as_ref().map(|capacity| Capacity {
            indicator: capacity.indicator.to_string(),
            label: capacity.label.get(self.language).to_owned(),
            period: capacity.period.to_string(),
        })
    }

    /// What each variable does to the expected cost of the area asked for.
    #[getter]
    fn contributions(&self) -> Many<VariableContribution> {
        let contribution = |one: &core::VariableContribution| VariableContribution {
            indicator: one.indicator.to_string(),
            value: one.value,
            typical: one.typical,
            factor: one.factor,
        };
        self.result.contributions.iter().map(contribution).collect()
    }

    /// Areas that did not enter the model, and why.
    #[getter]
    fn left_out(&self) -> Many<UnmodelledArea> {
        let out = |out: &core::UnmodelledArea| UnmodelledArea {
            code: out.area.code.to_string(),
            name: out.area.name.get(self.language).to_owned(),
            status: out.status.to_string(),
            reason: out.reason.code().to_owned(),
            text: out.reason.render(self.language),
        };
        self.result.left_out.iter().map(out).collect()
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
