//! Series of areas.

use crate::chart::Chart;
use crate::record::{Many, Missing, TrendPoint, records, shown};
use crate::table::Answer;
use kultti_core::compare as core;
use kultti_core::language::Language;
use kultti_core::release::Release;
use kultti_core::stats::TrendTest;
use pyo3::prelude::*;
use pyo3::types::{PyIterator, PyTuple};
use std::sync::Arc;

records! {
    /// The trend of an area's series.
    TrendFit {
        /// Code of the area.
        code: String,
        /// Name of the area.
        name: String,
        /// Change per year, by Theil and Sen.
        slope: Option<f64>,
        /// The lower end of Sen's 95 % interval.
        slope_lower: Option<f64>,
        /// Its upper end.
        slope_upper: Option<f64>,
        /// The height of the line in the first period of the series.
        intercept: Option<f64>,
        /// Pairs that rise minus pairs that fall.
        s: Option<i64>,
        /// Kendall's tau-b; ``None`` where all figures are equal.
        tau: Option<f64>,
        /// The two-sided probability of Mann and Kendall.
        p: Option<f64>,
        /// Figures that entered.
        n: usize,
        /// ``"exact"`` or ``"normal"``: how the probability was found.
        method: Option<&'static str>,
        /// Why there is no trend.
        missing: Option<Missing>,
    }

    /// A period of a group's series.
    GroupPoint {
        /// The group's code.
        group: String,
        /// The group's name.
        name: String,
        /// The period.
        period: String,
        /// The value on the areas that have a figure in every period.
        value: Option<f64>,
        /// SDMX letter of the value, or of its absence.
        status: String,
        /// Why there is none.
        missing: Option<Missing>,
        /// Those areas.
        n: usize,
        /// The areas of the group.
        members: usize,
        /// The index chained over changing panels; the first period = 100.
        index_chained: Option<f64>,
        /// The index on the areas that have a figure in the first period and in this one.
        index_direct: Option<f64>,
        /// Chained/direct - 1.
        drift: Option<f64>,
    }
}

/// The series of one or more areas; the answer of ``Release.trend``. A sequence of ``TrendPoint``, area by area.
#[pyclass(frozen, extends = Answer, module = "kultti")]
pub(crate) struct Trend {
    result: Arc<core::Trend>,
    language: Language,
    rows: Py<PyTuple>,
}

fn of_area(
    point: &core::TrendPoint,
    fit: Option<&core::TrendFit>,
    (real, language): (bool, Language),
) -> TrendPoint {
    TrendPoint {
        code: point.area.code.to_string(),
        name: point.area.name.get(language).to_owned(),
        period: point.period.to_string(),
        value: point.cell.value,
        change: point.change,
        change_relative: point.change_relative,
        change_missing: Missing::new(point.change_missing, language),
        index: point.index,
        index_missing: Missing::new(point.index_missing, language),
        chain_factor: point.chained,
        status: point.cell.letter().to_string(),
        missing: Missing::new(point.cell.missing, language),
        value_nominal: if real { point.nominal } else { point.cell.value },
        index_direct: None,
        drift: None,
        slope: fit.and_then(|fit| fit.slope),
        slope_lower: fit.and_then(|fit| fit.slope_lower),
        slope_upper: fit.and_then(|fit| fit.slope_upper),
        intercept: fit.and_then(|fit| fit.intercept),
        s: fit.and_then(|fit| fit.s),
        tau: fit.and_then(|fit| fit.tau),
        p: fit.and_then(|fit| fit.p),
        n: fit.map(|fit| fit.n),
        method: fit.and_then(|fit| fit.method).map(TrendTest::name),
        trend_missing: Missing::new(fit.and_then(|fit| fit.missing), language),
    }
}

fn of_group(group: &core::GroupSeries, point: &core::GroupPoint, language: Language) -> TrendPoint {
    TrendPoint {
        code: group.group.to_string(),
        name: group.name.get(language).to_owned(),
        period: point.period.to_string(),
        value: point.value,
        change: None,
        change_relative: None,
        change_missing: None,
        index: point.chained,
        index_missing: Missing::new(point.index_missing, language),
        chain_factor: None,
        status: point.status.to_string(),
        missing: Missing::new(point.missing, language),
        value_nominal: None,
        index_direct: point.direct,
        drift: point.drift,
        slope: None,
        slope_lower: None,
        slope_upper: None,
        intercept: None,
        s: None,
        tau: None,
        p: None,
        n: Some(point.n),
        method: None,
        trend_missing: None,
    }
}

impl Trend {
    pub(crate) fn of(
        py: Python<'_>,
        release: &Arc<Release>,
        result: impl Into<Arc<core::Trend>>,
        language: Language,
    ) -> PyResult<Py<Self>> {
        let result = result.into();
        let real = result.context.price_basis.is_some();
        let of_area = result.points.iter().map(|point| {
            let fit = result.fits.iter().find(|fit| fit.area == point.area);
            of_area(point, fit, (real, language))
        });
        let groups = result.groups.iter();
        let of_group = groups.flat_map(|group| {
            let points = group.points.iter();
            points.map(move |point| of_group(group, point, language))
        });
        let rows = of_area.chain(of_group);
        let rows = rows.collect::<Many<_>>().into_pyobject(py)?.unbind();
        let base = Answer::of(release, Arc::clone(&result), language);
        let made = Self {
            result,
            language,
            rows,
        };
        Py::new(py, base.add_subclass(made))
    }
}

#[pymethods]
impl Trend {
    /// The trend of each area.
    #[getter]
    fn fits(&self) -> Many<TrendFit> {
        let fit = |fit: &core::TrendFit| TrendFit {
            code: fit.area.code.to_string(),
            name: fit.area.name.get(self.language).to_owned(),
            slope: fit.slope,
            slope_lower: fit.slope_lower,
            slope_upper: fit.slope_upper,
            intercept: fit.intercept,
            s: fit.s,
            tau: fit.tau,
            p: fit.p,
            n: fit.n,
            method: fit.method.map(TrendTest::name),
            missing: Missing::new(fit.missing, self.language),
        };
        self.result.fits.iter().map(fit).collect()
    }

    /// The series of the group that was asked for, period by period.
    #[getter]
    fn group(&self) -> Many<GroupPoint> {
        let point = |group: &core::GroupSeries, point: &core::GroupPoint| GroupPoint {
            group: group.group.to_string(),
            name: group.name.get(self.language).to_owned(),
            period: point.period.to_string(),
            value: point.value,
            status: point.status.to_string(),
            missing: Missing::new(point.missing, self.language),
            n: point.n,
            members: group.members,
            index_chained: point.chained,
            index_direct: point.direct,
            drift: point.drift,
        };
        let groups = self.result.groups.iter();
        groups
            .flat_map(|group| group.points.iter().map(move |one| point(group, one)))
            .collect()
    }

    /// Draws the series as lines, which stop where a figure is missing or the series breaks.
    ///
    /// Args:
    ///     kind: ``"trend"`` for all series in one picture; ``"slope"`` for the first and the last period alone; ``"multiples"``
    ///         for a small picture of each area, all on one scale.
    ///
    /// Returns:
    ///     A ``Chart``, which a notebook shows.
    ///
    /// Raises:
    ///     InvalidArgumentError: If the kind is another one.
    ///
    /// Examples:
    ///     >>> trend = kultti.example(language="en").trend("library.loans_per_inhabitant", "Kokkola")
    ///     >>> trend.plot().title.replace("\u00a0", " ")
    ///     'Library loans per inhabitant: Kokkola 2012–2022'
    ///     >>> [row["period"] for row in trend.plot(kind="slope").data.to_dict()]
    ///     ['2012', '2022']
    #[pyo3(signature = (kind="trend"))]
    fn plot(this: PyRef<'_, Self>, kind: &str) -> PyResult<Chart> {
        let py = this.py();
        this.into_super().into_super().plot_as(py, kind, None)
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
