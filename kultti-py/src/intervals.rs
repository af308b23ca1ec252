//! How far figures vary by chance.

use crate::record::{Many, Missing, Unranked, records, shown};
use crate::table::Answer;
use kultti_core::compare as core;
use kultti_core::language::Language;
use kultti_core::release::Release;
use kultti_core::stats::Chance;
use pyo3::prelude::*;
use pyo3::types::{PyIterator, PyTuple};
use std::sync::Arc;

records! {
    /// The interval of an area in a comparison.
    Interval {
        /// Per cent that it covers.
        level: f64,
        /// ``"byar"``, ``"exact"`` or ``"wilson"``.
        method: &'static str,
        /// Lower limit.
        lower: Option<f64>,
        /// Upper limit.
        upper: Option<f64>,
        /// Why there is none.
        missing: Option<Missing>,
    }

    /// A figure's place in a funnel.
    FunnelPoint {
        /// Its score, over-dispersion allowed for.
        score: f64,
        /// Lower 95 % limit at its denominator.
        lower_95: f64,
        /// Upper 95 % limit.
        upper_95: f64,
        /// Lower 99.8 % limit.
        lower_998: f64,
        /// Upper 99.8 % limit.
        upper_998: f64,
        /// ``"within"``, ``"above-95"``, ``"above-99.8"``, ``"below-95"`` or ``"below-99.8"``.
        place: &'static str,
    }

    /// A figure with its interval.
    IntervalRow {
        /// Code of the area or group.
        code: String,
        /// Its name.
        name: String,
        /// The value.
        value: Option<f64>,
        /// Lower limit.
        lower: Option<f64>,
        /// Upper limit.
        upper: Option<f64>,
        /// Numerator, or its sum.
        numerator: Option<f64>,
        /// Denominator, or its sum.
        denominator: Option<f64>,
        /// Members that entered.
        n: usize,
        /// Members where the figure can exist.
        members: usize,
        /// n / members, of a group.
        coverage_areas: Option<f64>,
        /// Share of the members' denominator that entered, of a group.
        coverage_denominator: Option<f64>,
        /// SDMX letter.
        status: String,
        /// Why there is no value.
        missing: Option<Missing>,
        /// Why there is no interval.
        interval_missing: Option<Missing>,
        /// Its place in the funnel, where one was asked for.
        funnel: Option<FunnelPoint>,
    }

    /// What a funnel is made of.
    Funnel {
        /// The common value.
        target: f64,
        /// φ: 1 where chance explains the spread.
        phi: f64,
        /// τ², in squares of the unit.
        tau_squared: f64,
        /// ``"none"``, ``"multiplicative"`` or ``"additive"``.
        dispersion: &'static str,
        /// Figures in the funnel.
        n: usize,
    }

    /// A side of a test.
    TestSide {
        /// Code of the area or group.
        code: String,
        /// Its name.
        name: String,
        /// Whether it is a group without the other side.
        rest: bool,
        /// Sum of the numerators.
        numerator: f64,
        /// Sum of the denominators.
        denominator: f64,
        /// The value.
        value: Option<f64>,
    }

    /// A test of a difference.
    DifferenceTest {
        /// The first side.
        one: TestSide,
        /// The second.
        other: TestSide,
        /// Value of the first − value of the second.
        difference: Option<f64>,
        /// Lower limit of the difference, for proportions.
        lower: Option<f64>,
        /// Upper limit.
        upper: Option<f64>,
        /// Value of the first / value of the second, for counts.
        ratio: Option<f64>,
        /// Two-sided p-value.
        p_value: Option<f64>,
        /// The same, adjusted for all tests of the answer.
        p_adjusted: Option<f64>,
        /// Why there is no test.
        missing: Option<Missing>,
    }
}

impl Interval {
    pub(crate) fn new(found: &core::ComparedIntervals, language: Language) -> Self {
        let area = found.area.as_ref();
        let interval = area.and_then(|area| area.interval);
        Self {
            level: found.level.percent(),
            method: found.method.name(),
            lower: interval.map(|interval| interval.lower),
            upper: interval.map(|interval| interval.upper),
            missing: Missing::new(area.and_then(|area| area.missing), language),
        }
    }
}

impl IntervalRow {
    fn new(row: &core::IntervalRow, language: Language) -> Self {
        Self {
            code: row.code.clone(),
            name: row.name.get(language).to_owned(),
            value: row.value,
            lower: row.interval.map(|interval| interval.lower),
            upper: row.interval.map(|interval| interval.upper),
            numerator: row.numerator,
            denominator: row.denominator,
            n: row.n,
            members: row.members,
            coverage_areas: row.coverage_areas,
            coverage_denominator: row.coverage_denominator,
            status: row.status.to_string(),
            missing: Missing::new(row.missing, language),
            interval_missing: Missing::new(row.interval_missing, language),
            funnel: row.funnel.map(|point| FunnelPoint {
                score: point.score,
                lower_95: point.limits_95.lower,
                upper_95: point.limits_95.upper,
                lower_998: point.limits_998.lower,
                upper_998: point.limits_998.upper,
                place: point.place.name(),
            }),
        }
    }
}

impl TestSide {
    fn new(side: &core::TestSide, language: Language) -> Self {
        Self {
            code: side.code.clone(),
            name: side.name.get(language).to_owned(),
            rest: side.rest,
            numerator: side.numerator,
            denominator: side.denominator,
            value: side.value,
        }
    }
}

/// Intervals of chance; the answer of ``Release.intervals``. A sequence of ``IntervalRow``.
#[pyclass(frozen, extends = Answer, module = "kultti")]
pub(crate) struct Intervals {
    result: Arc<core::Intervals>,
    rows: Py<PyTuple>,
    language: Language,
}

impl Intervals {
    pub(crate) fn of(
        py: Python<'_>,
        release: &Arc<Release>,
        result: impl Into<Arc<core::Intervals>>,
        language: Language,
    ) -> PyResult<Py<Self>> {
        let result = result.into();
        let rows = result.rows.iter().map(|row| IntervalRow::new(row, language));
        let rows = rows.collect::<Many<_>>().into_pyobject(py)?.unbind();
        let base = Answer::of(release, Arc::clone(&result), language);
        Py::new(
            py,
            base.add_subclass(Self {
                result,
                rows,
                language,
            }),
        )
    }
}

#[pymethods]
impl Intervals {
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

    /// Per cent that the intervals cover.
    #[getter]
    fn level(&self) -> f64 {
        self.result.level.percent()
    }

    /// ``"byar"``, ``"exact"`` or ``"wilson"``.
    #[getter]
    fn method(&self) -> &'static str {
        self.result.method.name()
    }

    /// ``"count"`` or ``"proportion"``.
    #[getter]
    fn kind(&self) -> &'static str {
        match self.result.chance {
            Chance::Count => "count",
            Chance::Proportion => "proportion",
        }
    }

    /// The grouping, if the rows are groups.
    #[getter]
    fn grouping(&self) -> Option<&str> {
        self.result.grouping.as_deref()
    }

    /// The group whose areas are shown, as it was asked for.
    #[getter]
    fn within(&self) -> Option<&str> {
        self.result.within.as_deref()
    }

    /// All of the rows' areas together.
    #[getter]
    fn whole(&self) -> IntervalRow {
        IntervalRow::new(&self.result.whole, self.language)
    }

    /// The funnel, where one was asked for.
    #[getter]
    fn funnel(&self) -> Option<Funnel> {
        self.result.funnel.map(|funnel| Funnel {
            target: funnel.target,
            phi: funnel.phi,
            tau_squared: funnel.tau_squared,
            dispersion: funnel.dispersion.name(),
            n: funnel.n,
        })
    }

    /// The tests asked for.
    #[getter]
    fn tests(&self) -> Many<DifferenceTest> {
        let made = |test: &core::DifferenceTest| DifferenceTest {
            one: TestSide::new(&test.one, self.language),
            other: TestSide::new(&test.other, self.language),
            difference: test.difference,
            lower: test.interval.map(|interval| interval.lower),
            upper: test.interval.map(|interval| interval.upper),
            ratio: test.ratio,
            p_value: test.p_value,
            p_adjusted: test.p_adjusted,
            missing: Missing::new(test.missing, self.language),
        };
        self.result.tests.iter().map(made).collect()
    }

    /// Areas without a value, and why.
    #[getter]
    fn left_out(&self) -> Many<Unranked> {
        let areas = self.result.left_out.iter();
        areas.map(|area| Unranked::new(area, self.language)).collect()
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
