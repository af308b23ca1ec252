//! How unequally a figure is spread over the areas.

use crate::record::{Many, Missing, Unranked, records, shown};
use crate::table::Answer;
use kultti_core::compare as core;
use kultti_core::language::Language;
use kultti_core::release::Release;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use std::sync::Arc;

records! {
    /// A Theil index and its exact split.
    Theil {
        /// The index.
        total: f64,
        /// What lies within the groups; ``None`` without a grouping.
        within: Option<f64>,
        /// What lies between them.
        between: Option<f64>,
    }

    /// Inequality without the zeros that may mean a joint arrangement.
    InequalityWithoutZeros {
        /// Gini coefficient.
        gini: f64,
        /// Theil index.
        theil: f64,
    }

    /// A point of a Lorenz curve.
    LorenzPoint {
        /// Share of the denominators of the areas with the smallest values.
        denominator: f64,
        /// Their share of the numerators.
        numerator: f64,
    }

    /// A group's part in an inequality.
    InequalityGroup {
        /// The group's code, text; ``None`` for areas that no group holds whole.
        group: Option<String>,
        /// The group's name.
        name: String,
        /// Its share of the numerators.
        share_numerator: Option<f64>,
        /// Its share of the denominators.
        share_denominator: Option<f64>,
        /// Its ratio of sums.
        mean: Option<f64>,
        /// Theil index between its areas.
        theil: Option<f64>,
        /// Gini coefficient between its areas.
        gini: Option<f64>,
        /// SDMX letter.
        status: String,
        /// Why there are no figures.
        missing: Option<Missing>,
        /// Members that entered.
        n: usize,
        /// Members where the figure can exist.
        members: usize,
        /// n / members.
        coverage_areas: Option<f64>,
        /// Share of the members' denominator that entered.
        coverage_denominator: Option<f64>,
        /// Members whose numerator is zero, where that may mean a joint arrangement.
        zeros: usize,
    }
}

/// How unequally a figure is spread over the areas; the answer of ``Release.inequality``.
///
/// As a table it has the country in the first row, then one row for each group.
#[pyclass(frozen, extends = Answer, module = "kultti")]
pub(crate) struct Inequality {
    result: Arc<core::Inequality>,
    groups: Py<PyTuple>,
    language: Language,
}

impl Inequality {
    pub(crate) fn of(
        py: Python<'_>,
        release: &Arc<Release>,
        result: impl Into<Arc<core::Inequality>>,
        language: Language,
    ) -> PyResult<Py<Self>> {
        let result = result.into();
        let groups = result.groups.iter().map(|row| group(row, language));
        let groups = groups.collect::<Many<_>>().into_pyobject(py)?.unbind();
        let base = Answer::of(release, Arc::clone(&result), language);
        Py::new(
            py,
            base.add_subclass(Self {
                result,
                groups,
                language,
            }),
        )
    }
}

fn group(row: &core::InequalityGroup, language: Language) -> InequalityGroup {
    InequalityGroup {
        group: row.group.as_ref().map(ToString::to_string),
        name: row.name.get(language).to_owned(),
        share_numerator: row.share,
        share_denominator: row.weight,
        mean: row.mean,
        theil: row.theil,
        gini: row.gini,
        status: row.status.to_string(),
        missing: Missing::new(row.missing, language),
        n: row.n,
        members: row.members,
        coverage_areas: row.coverage_areas,
        coverage_denominator: row.coverage_denominator,
        zeros: row.zeros,
    }
}

fn point(point: &kultti_core::stats::LorenzPoint) -> LorenzPoint {
    LorenzPoint {
        denominator: point.denominator,
        numerator: point.numerator,
    }
}

#[pymethods]
impl Inequality {
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

    /// Gini coefficient: 0 where all values are equal.
    #[getter]
    fn gini(&self) -> Option<f64> {
        self.result.whole.gini
    }

    /// Theil index, with its parts within and between groups where a grouping was asked for.
    #[getter]
    fn theil(&self) -> Option<Theil> {
        let theil = self.result.theil;
        theil.map(|theil| Theil {
            total: theil.total,
            within: theil.within,
            between: theil.between,
        })
    }

    /// Ratio of sums of all areas.
    #[getter]
    fn mean(&self) -> Option<f64> {
        self.result.whole.mean
    }

    /// SDMX letter.
    #[getter]
    fn status(&self) -> String {
        self.result.whole.status.to_string()
    }

    /// Why there are no figures.
    #[getter]
    fn missing(&self) -> Option<Missing> {
        Missing::new(self.result.whole.missing, self.language)
    }

    /// Areas that entered.
    #[getter]
    fn n(&self) -> usize {
        self.result.whole.n
    }

    /// Areas where the figure can exist.
    #[getter]
    fn members(&self) -> usize {
        self.result.whole.members
    }

    /// n / members.
    #[getter]
    fn coverage_areas(&self) -> Option<f64> {
        self.result.whole.coverage_areas
    }

    /// Share of the members' denominator that entered.
    #[getter]
    fn coverage_denominator(&self) -> Option<f64> {
        self.result.whole.coverage_denominator
    }

    /// Areas whose numerator is zero, where that may mean a joint arrangement.
    #[getter]
    fn zeros(&self) -> usize {
        self.result.whole.zeros
    }

    /// Both measures without those zeros.
    #[getter]
    fn without_zeros(&self) -> Option<InequalityWithoutZeros> {
        let without = self.result.without_zeros;
        without.map(|without| InequalityWithoutZeros {
            gini: without.gini,
            theil: without.theil,
        })
    }

    /// The Lorenz curve, from (0, 0) to (1, 1).
    #[getter]
    fn lorenz(&self) -> Many<LorenzPoint> {
        self.result.lorenz.iter().map(point).collect()
    }

    /// The shares of the numerators that fall on the 20, 40, 60 and 80 % of the denominators with the smallest values.
    #[getter]
    fn fifths(&self) -> Many<LorenzPoint> {
        self.result.fifths.iter().map(point).collect()
    }

    /// The grouping, such as ``"region"``.
    #[getter]
    fn grouping(&self) -> Option<&str> {
        self.result.grouping.as_deref()
    }

    /// The groups; areas that no group holds whole stand at the end.
    #[getter]
    fn groups(&self, py: Python<'_>) -> Py<PyTuple> {
        self.groups.clone_ref(py)
    }

    /// Areas without a value, and why.
    #[getter]
    fn left_out(&self) -> Many<Unranked> {
        let areas = self.result.left_out.iter();
        areas.map(|area| Unranked::new(area, self.language)).collect()
    }
}
