//! What changed between two periods, and what the change is made of.

use crate::argument::Texts;
use crate::chart::Chart;
use crate::record::{Many, Missing, records, shown};
use crate::table::Answer;
use kultti_core::compare as core;
use kultti_core::language::Language;
use kultti_core::release::Release;
use pyo3::prelude::*;
use pyo3::types::{PyIterator, PyTuple};
use std::sync::Arc;

records! {
    /// An area that the values of its group do not rest on.
    UnpairedArea {
        /// Code.
        code: String,
        /// Name.
        name: String,
        /// The period in which it lacks what is needed.
        period: String,
        /// What it lacks.
        missing: Option<Missing>,
    }

    /// The terms of a change; they add up to it.
    ChangeTerms {
        /// The change.
        change: f64,
        /// What prices did; ``None`` where there is no such term.
        price: Option<f64>,
        /// What the quantity did.
        volume: f64,
        /// What the denominator did; ``None`` without one.
        population: Option<f64>,
    }

    /// An area's own change, and its part in that of its group.
    AreaChange {
        /// Code.
        code: String,
        /// Name.
        name: String,
        /// Its value in the first period.
        value_from: f64,
        /// Its value in the last.
        value_to: f64,
        /// The difference.
        absolute: f64,
        /// The same as a fraction of the first; ``None`` unless that is positive.
        relative: Option<f64>,
        /// What its own figure did to the group's.
        within: Option<f64>,
        /// What its weight in the group did.
        between: Option<f64>,
        /// Whether its first denominator is below the indicator's minimum.
        small_base: bool,
    }

    /// The change of a group.
    ChangeRow {
        /// The group's code, text.
        group: String,
        /// The group's name.
        name: String,
        /// How it was summarised.
        aggregator: &'static str,
        /// The value in the first period.
        value_from: Option<f64>,
        /// The value in the last.
        value_to: Option<f64>,
        /// The difference.
        absolute: Option<f64>,
        /// SDMX letter of the last value: ``"D"`` where flags of comparability differ between its areas or have turned.
        status: String,
        /// Why there is no change.
        missing: Option<Missing>,
        /// The difference as a fraction of the first value.
        relative: Option<f64>,
        /// Why not.
        relative_missing: Option<Missing>,
        /// The constant yearly growth.
        cagr: Option<f64>,
        /// Why there is none.
        cagr_missing: Option<Missing>,
        /// Whether the first denominator is below the indicator's minimum.
        small_base: bool,
        /// Areas that the last value rests on.
        n: usize,
        /// Areas where the figure can exist.
        members: usize,
        /// Areas that the values do not rest on, and why.
        left_out: Many<UnpairedArea>,
        /// The change of the value, taken apart.
        terms: Option<ChangeTerms>,
        /// The change of the numerator, taken apart.
        numerator_terms: Option<ChangeTerms>,
        /// What happened within areas.
        within: Option<f64>,
        /// What moving weight between areas did.
        between: Option<f64>,
        /// Area by area, where that was asked for.
        areas: Many<AreaChange>,
    }
}

/// What changed between two periods; the answer of ``Release.change``. A sequence of ``ChangeRow``, group by group.
#[pyclass(frozen, extends = Answer, module = "kultti")]
pub(crate) struct Change {
    result: Arc<core::Change>,
    rows: Py<PyTuple>,
}

fn terms(terms: core::ChangeTerms) -> ChangeTerms {
    ChangeTerms {
        change: terms.change,
        price: terms.price,
        volume: terms.volume,
        population: terms.population,
    }
}

fn area(area: &core::AreaChange, language: Language) -> AreaChange {
    AreaChange {
        code: area.area.code.to_string(),
        name: area.area.name.get(language).to_owned(),
        value_from: area.from,
        value_to: area.to,
        absolute: area.absolute,
        relative: area.relative,
        within: area.within,
        between: area.between,
        small_base: area.small_base,
    }
}

fn row(row: &core::ChangeRow, language: Language) -> ChangeRow {
    let left_out = |left: &core::UnpairedArea| UnpairedArea {
        code: left.area.code.to_string(),
        name: left.area.name.get(language).to_owned(),
        period: left.period.to_string(),
        missing: Missing::new(Some(left.missing), language),
    };
    ChangeRow {
        group: row.group.to_string(),
        name: row.name.get(language).to_owned(),
        aggregator: row.aggregate.name(),
        value_from: row.from.value,
        value_to: row.to.value,
        absolute: row.absolute,
        status: row.to.status.to_string(),
        missing: Missing::new(row.missing, language),
        relative: row.relative,
        relative_missing: Missing::new(row.relative_missing, language),
        cagr: row.cagr,
        cagr_missing: Missing::new(row.cagr_missing, language),
        small_base: row.small_base,
        n: row.to.n,
        members: row.members,
        left_out: row.left_out.iter().map(left_out).collect(),
        terms: row.terms.map(terms),
        numerator_terms: row.numerator_terms.map(terms),
        within: row.within,
        between: row.between,
        areas: row.areas.iter().map(|one| area(one, language)).collect(),
    }
}

impl Change {
    pub(crate) fn of(
        py: Python<'_>,
        release: &Arc<Release>,
        result: impl Into<Arc<core::Change>>,
        language: Language,
    ) -> PyResult<Py<Self>> {
        let result = result.into();
        let rows = result.rows.iter().map(|one| row(one, language));
        let rows = rows.collect::<Many<_>>().into_pyobject(py)?.unbind();
        let base = Answer::of(release, Arc::clone(&result), language);
        Py::new(py, base.add_subclass(Self { result, rows }))
    }
}

#[pymethods]
impl Change {
    /// Version of the JSON form.
    #[classattr]
    fn schema() -> u32 {
        1
    }

    /// The first period, text.
    #[getter]
    fn start(&self) -> String {
        self.result.from.to_string()
    }

    /// The last period, text.
    #[getter]
    fn end(&self) -> String {
        self.result.to.to_string()
    }

    /// The grouping, such as ``"region"``.
    #[getter]
    fn grouping(&self) -> &str {
        &self.result.grouping
    }

    /// The year whose groups are used at both ends.
    #[getter]
    fn groups_of_year(&self) -> i32 {
        self.result.groups_of_year
    }

    /// ``"constant"`` or ``"all"``.
    #[getter]
    fn panel(&self) -> &'static str {
        self.result.panel.name()
    }

    /// ``"shapley"`` or ``"lmdi"``.
    #[getter]
    fn method(&self) -> &'static str {
        self.result.method.name()
    }

    /// The price index of the price term; ``None`` where there is no such term.
    #[getter]
    fn price_index(&self) -> Option<&str> {
        self.result.prices.as_ref().map(|prices| prices.index.as_str())
    }

    /// Draws the change of each group, from the value of the first period to that of the last.
    ///
    /// Args:
    ///     kind: ``"change"`` for a row for each group; ``"slope"`` for a line for each between two periods side by side.
    ///     mark: Groups to mark among the slopes: a name or code, or several.
    ///
    /// Returns:
    ///     A ``Chart``, which a notebook shows.
    ///
    /// Raises:
    ///     InvalidArgumentError: If the kind is another one.
    ///     NotFoundError: If a group to mark is not there.
    ///
    /// Examples:
    ///     >>> release = kultti.example(language="en")
    ///     >>> change = release.change("library.net_operating_cost_per_inhabitant", by="country", start=2015, end=2019)
    ///     >>> [row["period"] for row in change.plot().data.to_dict()]
    ///     ['2015', '2019']
    #[pyo3(signature = (kind="change", mark=None))]
    fn plot(this: PyRef<'_, Self>, kind: &str, mark: Option<Texts>) -> PyResult<Chart> {
        let py = this.py();
        this.into_super().into_super().plot_as(py, kind, mark)
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
