//! An indicator: what stands in lists, and its card for whoever looks closer.

use crate::error::exception;
use crate::record::{Many, records, shown};
use crate::spelling::texts_in_python;
use crate::table::{as_html, as_text};
use kultti_core::compare::{self as core, CardBreak, CardMeasure};
use kultti_core::export::Export;
use kultti_core::language::{Language, Text};
use kultti_core::model::Period;
use kultti_core::release::Release;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

records! {
    /// The functions that the figures of an indicator cover.
    IndicatorScope {
        /// Identifier.
        id: String,
        /// Name.
        label: String,
        /// What a reader must know.
        sentence: String,
        /// The functions in it.
        includes: Many<String>,
        /// The functions of the widest scope around it that are not in it.
        excludes: Many<String>,
    }

    /// A measure in the formula of an indicator.
    IndicatorMeasure {
        /// Its id.
        measure: String,
        /// Its name.
        label: String,
        /// What exactly is counted.
        description: String,
        /// Its unit as people write it.
        unit: String,
        /// The register that it comes from: the id of a source.
        source: String,
        /// The part of the country that it exists for; ``None`` for the whole.
        areas: Option<String>,
    }

    /// A register that figures come from.
    IndicatorSource {
        /// Its id.
        id: String,
        /// Its name.
        label: String,
        /// Who publishes it.
        publisher: String,
        /// Its licence.
        license: String,
        /// How it is cited.
        citation: String,
        /// Its address.
        url: Option<String>,
    }

    /// A place where the series of an indicator breaks.
    IndicatorBreak {
        /// First period of the new kind.
        period: String,
        /// What changed; ``None`` where the source only marks its figures.
        cause: Option<String>,
        /// Who says so.
        source: Option<String>,
        /// New/old at the overlap, where somebody has measured it.
        factor: Option<f64>,
        /// Names of the areas whose series breaks; none for all of them.
        areas: Many<String>,
    }
}

/// An indicator of the catalogue.
///
/// Shown at the end of a cell it is a card: what the indicator tells, how it is computed, what it covers and leaves out,
/// where its figures come from, where its series breaks, what to keep in mind, and which questions to ask next.
#[pyclass(frozen, module = "kultti")]
pub(crate) struct IndicatorRow {
    row: core::IndicatorRow,
    release: Arc<Release>,
    language: Language,
    card: OnceLock<Arc<core::IndicatorCard>>,
}

impl IndicatorRow {
    pub(crate) fn new(row: &core::IndicatorRow, release: &Arc<Release>, language: Language) -> Self {
        Self {
            row: row.clone(),
            release: Arc::clone(release),
            language,
            card: OnceLock::new(),
        }
    }

    /// The card, made when somebody first looks at it.
    fn card(&self, py: Python<'_>) -> PyResult<Arc<core::IndicatorCard>> {
        if let Some(card) = self.card.get() {
            return Ok(Arc::clone(card));
        }
        let made = py.detach(|| self.release.describe(self.row.declared.id.as_str()));
        let made = made.map_err(|error| exception(py, &error, self.language))?;
        Ok(Arc::clone(self.card.get_or_init(|| Arc::new(made))))
    }

    fn own(&self, text: &Text) -> String {
        text.get(self.language).to_owned()
    }

    fn texts(&self, texts: &[Text]) -> Many<String> {
        texts.iter().map(|text| self.own(text)).collect()
    }

    fn same(&self, other: &Self) -> bool {
        self.release.id() == other.release.id() && self.language == other.language && self.row == other.row
    }

    fn measure(&self, one: &CardMeasure) -> IndicatorMeasure {
        IndicatorMeasure {
            measure: one.id.to_string(),
            label: self.own(&one.label),
            description: self.own(&one.definition),
            unit: self.own(&one.unit_symbol),
            source: one.source.clone(),
            areas: one.area_scope.as_ref().map(|part| self.own(part)),
        }
    }

    fn series_break(&self, one: &CardBreak) -> IndicatorBreak {
        IndicatorBreak {
            period: one.period.to_string(),
            cause: one.cause.as_ref().map(|cause| self.own(cause)),
            source: one.source.clone(),
            factor: one.factor,
            areas: one.areas.iter().map(|area| self.own(&area.name)).collect(),
        }
    }
}

#[pymethods]
impl IndicatorRow {
    #[classattr]
    #[pyo3(name = "__match_args__")]
    fn fields() -> Many<&'static str> {
        Many(vec![
            "indicator",
            "label",
            "unit",
            "direction",
            "scope",
            "first_period",
            "last_period",
            "definition",
            "periods",
        ])
    }

    /// Its id.
    #[getter]
    fn indicator(&self) -> &str {
        self.row.declared.id.as_str()
    }

    /// Its name.
    #[getter]
    fn label(&self) -> &str {
        self.row.declared.label.get(self.language)
    }

    /// Its unit, such as ``"EUR/inhabitant"``.
    #[getter]
    fn unit(&self) -> String {
        self.row.declared.unit.to_string()
    }

    /// Its unit as people write it, such as ``"€ / inhabitant"``.
    #[getter]
    fn unit_symbol(&self) -> &str {
        self.row.unit_symbol.get(self.language)
    }

    /// Which end is better: ``"higher"``, ``"lower"`` or ``"none"``.
    #[getter]
    fn direction(&self) -> &'static str {
        self.row.declared.direction.name()
    }

    /// The id of the scope of functions.
    #[getter]
    fn scope(&self) -> Option<String> {
        self.row.declared.scope.as_ref().map(ToString::to_string)
    }

    /// First period with values; ``None`` where the release has none.
    #[getter]
    fn first_period(&self) -> Option<String> {
        self.row.periods.first().map(Period::to_string)
    }

    /// Last period with values.
    #[getter]
    fn last_period(&self) -> Option<String> {
        self.row.periods.last().map(Period::to_string)
    }

    /// What it tells.
    #[getter]
    fn definition(&self) -> &str {
        self.row.declared.definition.get(self.language)
    }

    /// Every period with values.
    #[getter]
    fn periods(&self) -> Many<String> {
        self.row.periods.iter().map(Period::to_string).collect()
    }

    /// The theme.
    #[getter]
    fn theme(&self) -> Option<String> {
        self.row.theme.as_ref().map(|theme| self.own(theme))
    }

    /// The formula as the catalogue has it: measures and other indicators.
    #[getter]
    fn formula(&self) -> &str {
        &self.row.declared.formula
    }

    /// What the formula is multiplied by.
    #[getter]
    fn multiplier(&self) -> f64 {
        self.row.declared.multiplier
    }

    /// Decimals that its figures are shown with.
    #[getter]
    fn decimals(&self) -> usize {
        self.row.declared.decimals
    }

    /// What to keep in mind.
    #[getter]
    fn caveats(&self) -> Many<String> {
        self.texts(&self.row.declared.caveats)
    }

    /// First and last period of the definition; ``None`` for an open end.
    #[getter]
    fn valid(&self) -> (Option<String>, Option<String>) {
        let end = |period: Option<Period>| period.map(|period| period.to_string());
        let valid = self.row.declared.valid;
        (end(valid.from), end(valid.to))
    }

    /// How a group is summarised unless asked otherwise, such as ``"ratio-of-sums"``.
    #[getter]
    fn aggregate(&self, py: Python<'_>) -> PyResult<&'static str> {
        Ok(self.card(py)?.aggregate.name())
    }

    /// Which functions the figures cover and which not; ``None`` for an indicator without a scope.
    #[getter]
    fn covers(&self, py: Python<'_>) -> PyResult<Option<IndicatorScope>> {
        let card = self.card(py)?;
        Ok(card.scope.as_ref().map(|scope| IndicatorScope {
            id: scope.id.to_string(),
            label: self.own(&scope.label),
            sentence: self.own(&scope.sentence),
            includes: self.texts(&scope.includes),
            excludes: self.texts(&scope.excludes),
        }))
    }

    /// The measures of the formula.
    #[getter]
    fn measures(&self, py: Python<'_>) -> PyResult<Many<IndicatorMeasure>> {
        let card = self.card(py)?;
        Ok(card.measures.iter().map(|one| self.measure(one)).collect())
    }

    /// The registers that the figures come from, with their licences.
    #[getter]
    fn sources(&self, py: Python<'_>) -> PyResult<Many<IndicatorSource>> {
        let card = self.card(py)?;
        let sources = card.sources.iter().map(|source| IndicatorSource {
            id: source.id.clone(),
            label: self.own(&source.label),
            publisher: self.own(&source.publisher),
            license: source.license.clone(),
            citation: self.own(&source.citation),
            url: source.url.clone(),
        });
        Ok(sources.collect())
    }

    /// Where the series breaks.
    #[getter]
    fn breaks(&self, py: Python<'_>) -> PyResult<Many<IndicatorBreak>> {
        let card = self.card(py)?;
        Ok(card.breaks.iter().map(|one| self.series_break(one)).collect())
    }

    /// Ids of indicators near this one.
    #[getter]
    fn related(&self, py: Python<'_>) -> PyResult<Many<String>> {
        let card = self.card(py)?;
        Ok(card.related.iter().map(|(id, _)| id.to_string()).collect())
    }

    /// Turns the card into the JSON form's dict, the same as ``kultti describe --format json`` gives.
    ///
    /// Returns:
    ///     The dict.
    ///
    /// Raises:
    ///     InvalidDataError: If the release has been altered.
    ///
    /// Examples:
    ///     >>> loans = kultti.example(language="en").indicators["library.loans_per_inhabitant"]
    ///     >>> loans.to_dict()["direction_text"]
    ///     'higher is better'
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let card = self.card(py)?;
        let text = py.detach(|| {
            let mut json = card.json(self.language);
            texts_in_python(&mut json);
            serde_json::to_string(&json)
        });
        let text = text.map_err(|cause| PyRuntimeError::new_err(cause.to_string()))?;
        py.import("json")?.call_method1("loads", (text,))
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let card = self.card(py)?;
        Ok(as_text(&*card, self.language))
    }

    /// The card as a fragment of HTML for notebooks.
    ///
    /// Examples:
    ///     >>> loans = kultti.example(language="sv").indicators["library.loans_per_inhabitant"]
    ///     >>> loans._repr_html_().startswith('<div class="kultti" lang="sv"')
    ///     True
    fn _repr_html_(&self, py: Python<'_>) -> PyResult<String> {
        let card = self.card(py)?;
        Ok(as_html(&*card, self.language))
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| self.same(other.get()))
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.release.id(), self.language, self.indicator()).hash(&mut hasher);
        hasher.finish()
    }
}
