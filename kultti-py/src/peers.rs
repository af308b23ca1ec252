//! Similar municipalities, and the models by which they are found.

use crate::argument::{self, BordersArgument};
use crate::chart::Chart;
use crate::cite;
use crate::derivation::ResultExplanation;
use crate::error::exception;
use crate::interrupt::heard;
use crate::record::{Area, Many, Missing, Note, shown};
use crate::table::Table;
use kultti_core::catalogue;
use kultti_core::chart::ChartOptions;
use kultti_core::compare as core;
use kultti_core::export::Citation;
use kultti_core::language::Language;
use kultti_core::panel::Cell;
use kultti_core::release::Release;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyIterator, PyTuple};
use std::sync::Arc;

/// Figures by the id of their variable; a dict in Python.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ByVariable(Vec<(String, Option<f64>)>);

impl<'py> IntoPyObject<'py> for ByVariable {
    type Target = PyDict;
    type Output = Bound<'py, PyDict>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        for (variable, figure) in self.0 {
            dict.set_item(variable, figure)?;
        }
        Ok(dict)
    }
}

/// A similar municipality.
#[pyclass(frozen, eq, get_all, module = "kultti")]
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Peer {
    /// Code.
    code: String,
    /// Name.
    name: String,
    /// Distance, in standard deviations.
    distance: f64,
    /// What each variable contributes to the square of the distance; the shares sum to 1.
    contributions: ByVariable,
    /// Whether the area is among this one's own nearest as well.
    reciprocal: bool,
    /// The share of drawn weights with which it stays among the nearest.
    stability: f64,
    /// The share of the weights that both have values for.
    common_weight: f64,
    /// Its figures of the variables.
    values: ByVariable,
    /// Its figure of the indicator asked about, if one was.
    value: Option<f64>,
    /// SDMX letter of that figure.
    status: Option<String>,
    /// Why there is none.
    missing: Option<Missing>,
}

/// The fields of a peer that say which one it is and how near.
const SHOWN: [&str; 6] = ["code", "name", "distance", "reciprocal", "stability", "value"];

#[pymethods]
impl Peer {
    #[classattr]
    #[pyo3(name = "__match_args__")]
    fn fields() -> Many<&'static str> {
        Many(SHOWN.to_vec())
    }

    fn __repr__(this: &Bound<'_, Self>) -> PyResult<String> {
        shown(this.as_any(), &SHOWN)
    }

    fn __hash__(this: &Bound<'_, Self>) -> PyResult<isize> {
        let fields = SHOWN.map(|field| this.getattr(field));
        let fields: Vec<_> = fields.into_iter().collect::<PyResult<_>>()?;
        PyTuple::new(this.py(), fields)?.hash()
    }
}

crate::record::records! {
    /// A variable by which similar municipalities were found.
    PeerVariable {
        /// The indicator's id.
        indicator: String,
        /// Its name.
        label: String,
        /// Its unit, such as ``"inhabitant"``.
        unit: String,
        /// Its period.
        period: String,
        /// Its weight; all weights sum to 1.
        weight: f64,
        /// Whether its natural logarithm was taken.
        log: bool,
        /// Why it is there.
        reason: String,
        /// The area's figure.
        value: Option<f64>,
        /// SDMX letter.
        status: String,
        /// Why there is no value.
        missing: Option<Missing>,
        /// The median of the peers' figures.
        peers_median: Option<f64>,
        /// Mean over the candidates and the area, of the logarithms where these were taken.
        mean: f64,
        /// Sample standard deviation of the same.
        sd: f64,
        /// Areas with a value.
        n: usize,
    }

    /// Two variables that say nearly the same.
    CorrelatedVariables {
        /// One of them.
        left: String,
        /// The other.
        right: String,
        /// Their correlation.
        r: f64,
    }

    /// A candidate that could not be compared.
    IncomparableArea {
        /// Code.
        code: String,
        /// Name.
        name: String,
        /// The share of the weights that both have values for.
        common_weight: f64,
        /// The variables that it has no value of.
        lacking: Many<String>,
    }

    /// A variable of a peer model.
    PeerModelVariable {
        /// The indicator's id.
        indicator: String,
        /// Its name.
        label: String,
        /// Its weight beside the others.
        weight: f64,
        /// Whether its natural logarithm is taken.
        log: bool,
        /// The period that is always used; ``None`` for that of the question.
        period: Option<String>,
        /// Why it makes municipalities alike.
        reason: String,
    }

    /// A named, versioned way of finding similar municipalities.
    PeerModel {
        /// Its id.
        id: String,
        /// Its version.
        version: u32,
        /// Its name.
        label: String,
        /// What it is for.
        description: String,
        /// How many peers it gives.
        k: usize,
        /// The smallest share of the weights that two areas must both have values for.
        min_weight_share: f64,
        /// The scopes whose indicators it is the usual model of.
        scopes: Many<String>,
        /// The variables.
        variables: Many<PeerModelVariable>,
    }
}

/// The municipalities most like one, nearest first; the answer of ``Release.peers``. A sequence of ``Peer``.
#[pyclass(frozen, extends = Table, module = "kultti")]
pub(crate) struct Peers {
    result: Arc<core::Peers>,
    release: Arc<Release>,
    language: Language,
    rows: Py<PyTuple>,
}

impl Peers {
    pub(crate) fn of(
        py: Python<'_>,
        release: &Arc<Release>,
        result: impl Into<Arc<core::Peers>>,
        language: Language,
    ) -> PyResult<Py<Self>> {
        let result = result.into();
        let rows = result.peers.iter().map(|row| peer(&result, row, language));
        let rows = rows.collect::<Many<_>>().into_pyobject(py)?.unbind();
        let table = Table::drawn(Arc::clone(&result), language);
        Py::new(
            py,
            PyClassInitializer::from(table).add_subclass(Self {
                result,
                release: Arc::clone(release),
                language,
                rows,
            }),
        )
    }

    fn of_area<T>(&self, field: impl Fn(&Cell) -> Option<T>) -> Option<T> {
        self.result
            .indicator
            .as_ref()
            .and_then(|beside| field(&beside.cell))
    }
}

#[pymethods]
impl Peers {
    /// Version of the JSON form.
    #[classattr]
    fn schema() -> u32 {
        1
    }

    /// Gives the same peers in another language; see ``Result.in_language``.
    ///
    /// Args:
    ///     language: ``"fi"``, ``"sv"`` or ``"en"``.
    ///
    /// Returns:
    ///     The peers; these stay as they are.
    ///
    /// Raises:
    ///     InvalidArgumentError: If the language is another one.
    ///
    /// Examples:
    ///     >>> peers = kultti.example(language="fi").peers(area="Kokkola", model="general", period=2019, k=3)
    ///     >>> peers.in_language("sv").area.name
    ///     'Karleby'
    fn in_language(&self, py: Python<'_>, language: &str) -> PyResult<Py<Self>> {
        let wanted = argument::language(Some(language));
        let wanted = wanted.map_err(|error| exception(py, &error, self.language))?;
        Self::of(py, &self.release, Arc::clone(&self.result), wanted)
    }

    /// Says how the peers are cited; see ``Result.cite``.
    ///
    /// Args:
    ///     language: ``"fi"``, ``"sv"`` or ``"en"``; that of the peers without it.
    ///     style: ``"text"``, ``"bibtex"`` or ``"csl-json"``.
    ///     accessed: The day on which the sources were looked at.
    ///
    /// Returns:
    ///     A text; for ``"csl-json"`` a list of dicts.
    ///
    /// Raises:
    ///     InvalidArgumentError: If the language, the style or the day cannot be read.
    ///
    /// Examples:
    ///     >>> peers = kultti.example(language="en").peers(area="Kokkola", model="general", period=2019, k=3)
    ///     >>> 'release.peers(area="272", model="general", k=3' in peers.cite()
    ///     True
    #[pyo3(signature = (language=None, style="text", *, accessed=None))]
    fn cite<'py>(
        &self,
        py: Python<'py>,
        language: Option<&str>,
        style: &str,
        accessed: Option<BordersArgument>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let citation = Citation::of_answer(&self.release, &self.result.context);
        cite::written(py, citation, (language, self.language), style, accessed)
    }

    /// The model as ``id@version``; ``"own@0"`` for variables that were asked for one by one.
    #[getter]
    fn model(&self) -> &str {
        &self.result.context.definition
    }

    /// The indicator whose figures stand beside the peers, if one was given.
    #[getter]
    fn indicator(&self) -> Option<&str> {
        let beside = self.result.indicator.as_ref();
        beside.map(|beside| beside.context.indicator.as_str())
    }

    /// The period, text.
    #[getter]
    fn period(&self) -> String {
        self.result.period.to_string()
    }

    /// The area.
    #[getter]
    fn area(&self) -> Area {
        Area::new(&self.result.area, self.language)
    }

    /// The area's figure of the indicator, not rounded.
    #[getter]
    fn value(&self) -> Option<f64> {
        self.of_area(|cell| cell.value)
    }

    /// Why there is none.
    #[getter]
    fn missing(&self) -> Option<Missing> {
        self.of_area(|cell| Missing::new(cell.missing, self.language))
    }

    /// The number of peers asked for.
    #[getter]
    fn k(&self) -> usize {
        self.result.model.k
    }

    /// The candidates that could be compared.
    #[getter]
    fn comparable(&self) -> usize {
        self.result.candidates.comparable
    }

    /// The variables with the area's figures and what they were standardised with.
    #[getter]
    fn variables(&self) -> Many<PeerVariable> {
        let variables = self.result.variables.iter();
        variables.map(|used| variable(used, self.language)).collect()
    }

    /// Pairs of variables that say nearly the same, ``|r| > 0.8``.
    #[getter]
    fn correlated(&self) -> Many<CorrelatedVariables> {
        let pairs = self.result.correlated.iter();
        pairs
            .map(|pair| CorrelatedVariables {
                left: pair.left.to_string(),
                right: pair.right.to_string(),
                r: pair.r,
            })
            .collect()
    }

    /// Candidates that could not be compared, and what they lack.
    #[getter]
    fn left_out(&self) -> Many<IncomparableArea> {
        let areas = self.result.left_out.iter();
        areas
            .map(|area| IncomparableArea {
                code: area.area.code.to_string(),
                name: area.area.name.get(self.language).to_owned(),
                common_weight: area.common_weight,
                lacking: area.lacking.iter().map(ToString::to_string).collect(),
            })
            .collect()
    }

    /// The borders, an ISO date.
    #[getter]
    fn territory(&self) -> &str {
        &self.result.context.territory
    }

    /// The id of the release.
    #[getter]
    fn release(&self) -> &str {
        &self.result.context.release
    }

    /// Walks the distances back to the observations they were made of.
    ///
    /// Returns:
    ///     A ``ResultExplanation``: the area's scores, each distance term by term, the figures of every candidate with the
    ///     observations behind them, and who was left out and why.
    ///
    /// Raises:
    ///     InvalidDataError: If the release has been altered.
    ///
    /// Examples:
    ///     >>> peers = kultti.example(language="en").peers(area="Kokkola", model="general", period=2019)
    ///     >>> peers.explain().steps[0].formula
    ///     '(ln x − x̄)/s'
    fn explain(&self, py: Python<'_>) -> PyResult<Py<ResultExplanation>> {
        let (result, release) = (Arc::clone(&self.result), Arc::clone(&self.release));
        let explained = heard(py, move || release.explain_result(&*result))?;
        let explained = explained.map_err(|error| exception(py, &error, self.language))?;
        ResultExplanation::of(py, explained, self.language)
    }

    /// What to keep in mind.
    #[getter]
    fn notes(&self) -> Many<Note> {
        let notes = self.result.notes.iter();
        notes.map(|note| Note::new(note, self.language)).collect()
    }

    /// The registers, with publishers and licences.
    #[getter]
    fn sources(&self) -> Many<&str> {
        let sources = self.result.context.sources.iter();
        sources.map(|source| source.get(self.language)).collect()
    }

    /// Draws the area and its peers: by their figures of the indicator, the largest first, or by distance without one.
    ///
    /// Returns:
    ///     A ``Chart``, which a notebook shows.
    ///
    /// Examples:
    ///     >>> peers = kultti.example(language="en").peers("library.loans_per_inhabitant", area="Kokkola")
    ///     >>> len(peers.plot().data.to_dict()) == len(peers) + 1
    ///     True
    fn plot(this: PyRef<'_, Self>) -> PyResult<Chart> {
        let py = this.py();
        this.into_super().plot(py, &ChartOptions::default())
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

fn peer(result: &core::Peers, row: &core::PeerRow, language: Language) -> Peer {
    let by_variable = |figure: &dyn Fn(usize) -> Option<f64>| {
        let variables = result.variables.iter().enumerate();
        ByVariable(
            variables
                .map(|(place, used)| (used.indicator.to_string(), figure(place)))
                .collect(),
        )
    };
    let cell = row.cell.as_ref();
    Peer {
        code: row.area.code.to_string(),
        name: row.area.name.get(language).to_owned(),
        distance: row.distance,
        contributions: by_variable(&|place| row.contributions[place]),
        reciprocal: row.reciprocal,
        stability: row.stability,
        common_weight: row.common_weight,
        values: by_variable(&|place| row.cells[place].value),
        value: cell.and_then(|cell| cell.value),
        status: cell.map(|cell| cell.letter().to_string()),
        missing: Missing::new(cell.and_then(|cell| cell.missing), language),
    }
}

fn variable(used: &core::PeerVariableUse, language: Language) -> PeerVariable {
    PeerVariable {
        indicator: used.indicator.to_string(),
        label: used.label.get(language).to_owned(),
        unit: used.unit.to_string(),
        period: used.period.to_string(),
        weight: used.weight,
        log: used.log,
        reason: used.reason.get(language).to_owned(),
        value: used.cell.value,
        status: used.cell.letter().to_string(),
        missing: Missing::new(used.cell.missing, language),
        peers_median: used.peers_median,
        mean: used.standard.mean,
        sd: used.standard.deviation,
        n: used.standard.n,
    }
}

/// The peer models of a release: a sequence of ``PeerModel``.
#[pyclass(frozen, extends = Table, module = "kultti")]
pub(crate) struct PeerModelList {
    rows: Py<PyTuple>,
}

impl PeerModelList {
    pub(crate) fn of(py: Python<'_>, result: core::PeerModelList, language: Language) -> PyResult<Py<Self>> {
        let models = result.models.iter().map(|model| listed(&result, model, language));
        let rows = models.collect::<Many<_>>().into_pyobject(py)?.unbind();
        let table = Table::new(Arc::new(result), language);
        Py::new(py, PyClassInitializer::from(table).add_subclass(Self { rows }))
    }
}

#[pymethods]
impl PeerModelList {
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

fn listed(list: &core::PeerModelList, model: &catalogue::PeerModel, language: Language) -> PeerModel {
    let variables = model.variables.iter().map(|variable| PeerModelVariable {
        indicator: variable.indicator.to_string(),
        label: list.label(&variable.indicator).get(language).to_owned(),
        weight: variable.weight,
        log: variable.log,
        period: variable.period.map(|period| period.to_string()),
        reason: variable.reason.get(language).to_owned(),
    });
    PeerModel {
        id: model.id.clone(),
        version: model.version,
        label: model.label.get(language).to_owned(),
        description: model.description.get(language).to_owned(),
        k: model.k,
        min_weight_share: model.min_weight_share,
        scopes: model.scopes.iter().map(ToString::to_string).collect(),
        variables: variables.collect(),
    }
}
