//! A release, and the questions that can be put to it.

use crate::argument::{self, BordersArgument, ChainArgument, LevelArgument, PeriodArgument, Texts};
use crate::change::Change;
use crate::cite;
use crate::compare_all::CompareAll;
use crate::comparison::Comparison;
use crate::composition::Composition;
use crate::cost_per_use::CostPerUse;
use crate::error::exception;
use crate::expected::Expected;
use crate::explanation::Explanation;
use crate::frame::{
    self, CatalogueArgument, FrameArgument, FrameOptions, MeasureArgument, TerritoryArgument, TextArgument,
};
use crate::groups::Groups;
use crate::inequality::Inequality;
use crate::interrupt::heard;
use crate::intervals::Intervals;
use crate::join::Joined;
use crate::lists::{AreaList, IndicatorList};
use crate::peers::{PeerModelList, Peers};
use crate::progress::Progress;
use crate::ranking::Ranking;
use crate::record::{Many, SiteWritten, Verification, shown};
use crate::release_diff::ReleaseDiff;
use crate::report::Report;
use crate::runtime::wait;
use crate::sql::{Means, MemoryArgument, Own, OwnArgument, SqlResult};
use crate::table::Table;
use crate::trend::Trend;
use kultti_core::Result;
use kultti_core::compare::{
    ChangeOptions, CompareAllOptions, CompareOptions, CompositionOptions, CostPerUseOptions, DiffOptions,
    ExpectedOptions, ExplainOptions, GroupsOptions, InequalityOptions, IntervalsOptions, JoinOptions,
    PeersOptions, RankOptions, TrendOptions,
};
use kultti_core::export::{Citation, Export, ReleaseCard, to_html};
use kultti_core::language::Language;
use kultti_core::release;
use kultti_core::report::{ReportOptions, SiteOptions};
use kultti_core::store::is_address;
use pyo3::prelude::*;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Opens the example release, which travels with the package: Finland's municipalities from open registers.
///
/// Args:
///     language: ``"fi"``, ``"sv"`` or ``"en"`` for names, notes and errors; that of ``kultti.language`` without it.
///
/// Returns:
///     The release.
///
/// Raises:
///     InvalidArgumentError: If the language is another one.
///
/// Examples:
///     >>> release = kultti.example(language="en")
///     >>> c = release.compare("culture.net_operating_cost_per_inhabitant", area="Kokkola", period=2019)
///     >>> round(c.value, 2), c.position.rank, c.position.n
///     (154.59, 46, 308)
#[pyfunction]
#[pyo3(signature = (language=None))]
pub(crate) fn example(py: Python<'_>, language: Option<&str>) -> PyResult<Release> {
    let errors = argument::language_of_errors(None);
    let language = argument::language(language).map_err(|error| exception(py, &error, errors))?;
    let opened = py.detach(|| release::Release::from_bytes("example", kultti_datasets::EXAMPLE_RELEASE));
    let release = opened.map_err(|error| exception(py, &error, language))?;
    Ok(Release::new(Arc::new(release), language))
}

/// Opens a release file, or the release at an address of an object store.
///
/// What can be checked without reading the rows is checked at once; the rows are checked as they are read. A release at an
/// address (``s3://``, ``az://``, ``gs://``, ``https://``) is read once, wholly, when it is opened; credentials come from the
/// environment (``AWS_…``, ``AZURE_…``, ``GOOGLE_…``).
///
/// Args:
///     path: The file or the address.
///     verify: Whether to read every row and compare its hash first.
///     language: ``"fi"``, ``"sv"`` or ``"en"``; that of ``kultti.language`` without it.
///     cache_bytes: How many bytes of recently read figures to keep for the next question; 0 keeps none, and without it
///         64 MiB are kept.
///
/// Returns:
///     The release.
///
/// Raises:
///     FileError: If the file cannot be read; a ``FileNotFoundError`` if there is none. If a store does not answer, or does
///         not accept the credentials.
///     NotFoundError: If there is nothing at the address; the message has names like it.
///     InvalidDataError: If it is no release, or has been altered or cut off.
///     InvalidArgumentError: If the language is another one, or the address one of no store.
///
/// Examples:
///     >>> try:
///     ...     kultti.open("kultti-2025.parquet", language="en")
///     ... except FileNotFoundError as error:
///     ...     error.filename, error.code
///     ('kultti-2025.parquet', 'K0101')
#[pyfunction]
#[pyo3(signature = (path, *, verify=false, language=None, cache_bytes=None))]
pub(crate) fn open(
    py: Python<'_>,
    path: PathBuf,
    verify: bool,
    language: Option<&str>,
    cache_bytes: Option<u64>,
) -> PyResult<Release> {
    let errors = argument::language_of_errors(language);
    let language = argument::language(language).map_err(|error| exception(py, &error, errors))?;
    let stored = match address(&path) {
        Some(address) => {
            let read = wait(py, async move { release::Release::open_at(&address).await })?;
            Some(read.map_err(|error| exception(py, &error, errors))?)
        }
        None => None,
    };
    let opened = heard(py, move || {
        let release = match stored {
            Some(release) => release,
            None => release::Release::open(&path)?,
        };
        if verify {
            release.verify()?;
        }
        Ok(match cache_bytes {
            Some(bytes) => release.with_cache_bytes(bytes),
            None => release,
        })
    })?;
    // Until there is a release, only a language that somebody chose is better than English.
    let release = opened.map_err(|error| exception(py, &error, errors))?;
    Ok(Release::new(Arc::new(release), language))
}

/// What was given for a file, where it is the address of a store.
fn address(path: &Path) -> Option<String> {
    path.to_str().filter(|text| is_address(text)).map(str::to_owned)
}

/// Sets the language of everything that is opened or read from now on without a ``language`` of its own, and of the errors
/// of opening and reading. What is open already keeps its language.
///
/// It holds for the whole process, all threads included.
///
/// Args:
///     language: ``"fi"``, ``"sv"`` or ``"en"``; ``None`` leaves it to the environment again.
///
/// Raises:
///     InvalidArgumentError: If the language is another one.
///
/// Examples:
///     >>> kultti.set_language("sv")
///     >>> kultti.example().areas["272"].name
///     'Karleby'
///     >>> kultti.set_language(None)
#[pyfunction]
pub(crate) fn set_language(py: Python<'_>, language: Option<&str>) -> PyResult<()> {
    let errors = argument::language_of_errors(None);
    let wanted = language.map(|code| argument::language(Some(code))).transpose();
    argument::set_language(wanted.map_err(|error| exception(py, &error, errors))?);
    Ok(())
}

/// Says in which language releases open without one of their own: the one of ``kultti.set_language``, else that of
/// ``KULTTI_LANG``, else that of the locale (``LC_ALL``, ``LC_MESSAGES``, ``LANG``), else Finnish.
///
/// Returns:
///     ``"fi"``, ``"sv"`` or ``"en"``.
///
/// Examples:
///     >>> kultti.example().language == kultti.language()
///     True
#[pyfunction]
pub(crate) fn language() -> &'static str {
    argument::current_language().code()
}

/// An open release: facts, catalogue and territory in one file, citable by its id.
///
/// Made by ``kultti.example`` and ``kultti.open``. Many threads may use one release.
///
/// What it can be asked, each with a docstring of its own:
///
/// - what there is: ``indicators``, ``areas``, ``peer_models``
/// - how one area stands: ``compare``, ``composition``, ``peers``, ``expected``, ``cost_per_use``
/// - how all of them stand: ``rank``, ``groups``, ``inequality``, ``intervals``, ``compare_all``
/// - what has changed: ``trend``, ``change``, and ``diff`` from one release to another
/// - anything else: ``sql``, over what ``tables`` lists and frames that ``register`` takes
/// - whether to believe it: ``explain``, ``verify``; how to say where it is from: ``cite``
///
/// The indicator comes first, then the area or the grouping; all else goes by name.
#[pyclass(frozen, module = "kultti")]
pub(crate) struct Release {
    pub(crate) release: Arc<release::Release>,
    pub(crate) language: Language,
    own: Own,
}

impl Release {
    /// A release that was given no data of one's own.
    pub(crate) fn new(release: Arc<release::Release>, language: Language) -> Self {
        Self {
            release,
            language,
            own: Own::default(),
        }
    }

    /// Puts a question without holding the interpreter; an error becomes an exception in the release's language.
    fn ask<T: Send>(
        &self,
        py: Python<'_>,
        question: impl FnOnce(&release::Release) -> Result<T> + Send,
    ) -> PyResult<T> {
        py.detach(|| question(&self.release))
            .map_err(|error| exception(py, &error, self.language))
    }

    /// Puts a question that may take long, and hears Ctrl-C meanwhile.
    fn ask_long<T: Send + 'static>(
        &self,
        py: Python<'_>,
        question: impl FnOnce(&release::Release) -> Result<T> + Send + 'static,
    ) -> PyResult<T> {
        let release = Arc::clone(&self.release);
        heard(py, move || question(&release))?.map_err(|error| exception(py, &error, self.language))
    }
}

#[pymethods]
impl Release {
    /// SHA-256 of the content, in hexadecimal.
    #[getter]
    fn id(&self) -> &str {
        self.release.id()
    }

    /// What messages call the release: its path, or ``"example"``.
    #[getter]
    fn name(&self) -> &str {
        self.release.name()
    }

    /// The language of names, notes and errors.
    #[getter]
    fn language(&self) -> &'static str {
        self.language.code()
    }

    /// Gives the same release in another language. Nothing is read again.
    ///
    /// Args:
    ///     language: ``"fi"``, ``"sv"`` or ``"en"``.
    ///
    /// Returns:
    ///     The release; this one stays as it is.
    ///
    /// Raises:
    ///     InvalidArgumentError: If the language is another one.
    ///
    /// Examples:
    ///     >>> kultti.example(language="fi").in_language("sv").areas["272"].name
    ///     'Karleby'
    fn in_language(&self, py: Python<'_>, language: &str) -> PyResult<Self> {
        let wanted = argument::language(Some(language));
        Ok(Self {
            release: Arc::clone(&self.release),
            language: wanted.map_err(|error| exception(py, &error, self.language))?,
            own: self.own.clone(),
        })
    }

    /// Says how the release is cited: every register that it holds tables of, and the release by its id.
    ///
    /// An answer has a ``cite`` of its own, with the registers of its figures only and the question.
    ///
    /// Args:
    ///     language: ``"fi"``, ``"sv"`` or ``"en"``; that of the release without it.
    ///     style: ``"text"``, ``"bibtex"`` for LaTeX, or ``"csl-json"`` for reference managers.
    ///     accessed: The day on which the sources were looked at, a ``datetime.date`` or ``"YYYY-MM-DD"``; the day on which
    ///         their tables were taken over into the release without it.
    ///
    /// Returns:
    ///     A text; for ``"csl-json"`` a list with a dict for each source, the release and the software.
    ///
    /// Raises:
    ///     InvalidArgumentError: If the language, the style or the day cannot be read.
    ///
    /// Examples:
    ///     >>> release = kultti.example(language="en")
    ///     >>> release.id in release.cite()
    ///     True
    #[pyo3(signature = (language=None, style="text", *, accessed=None))]
    fn cite<'py>(
        &self,
        py: Python<'py>,
        language: Option<&str>,
        style: &str,
        accessed: Option<BordersArgument>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let citation = Citation::of_release(&self.release);
        cite::written(py, citation, (language, self.language), style, accessed)
    }

    /// The indicators of the catalogue; search them with ``release.indicators("words")``.
    #[getter]
    fn indicators(&self, py: Python<'_>) -> PyResult<Py<IndicatorList>> {
        IndicatorList::of(py, Arc::clone(&self.release), "", self.language)
    }

    /// The areas of the territory; search them with ``release.areas("name")``.
    #[getter]
    fn areas(&self, py: Python<'_>) -> PyResult<Py<AreaList>> {
        AreaList::of(py, Arc::clone(&self.release), "", self.language)
    }

    /// Compares an area with all others and with the groups it belongs to: how does it stand, and among whom?
    ///
    /// An area without a value has no rank and no differences, and says why in ``missing``. Equal values share the
    /// smallest rank. Group values are given from a coverage of 0.6.
    ///
    /// Args:
    ///     indicator: The indicator's id.
    ///     area: Name in any language, or code.
    ///     period: Such as ``2019`` or ``"2019-Q1"``; the last one with values without it.
    ///     peers: Groupings (``"region"``), groups (``"region:16"``), ``"country"``, ``"similar[:k][@model]"`` for the
    ///         municipalities most like the area, or areas; a list, or one text with commas. The usual groupings without it.
    ///     territory: Borders: ``"now"``, ``"then"`` (those of each period) or a date.
    ///     aggregate: How groups are summarised: ``"ratio-of-sums"``, ``"mean"``, ``"median"``, ``"weighted-mean"`` or
    ///         ``"total"``; the indicator's own way without it.
    ///     as_of_year: The year whose groups are used; that of the period without it.
    ///     real: Real prices, such as ``"cpi@2018"``.
    ///     bands: Three bands within each group: ``"relative"`` by its quartiles, or by thresholds as
    ///         ``"absolute:25,50"``; the indicator says which end is the good one. ``"statistical"`` or
    ///         ``"statistical:99.8"`` holds the interval of chance against each group, as ``intervals`` does.
    ///     bands_source: Where the thresholds come from.
    ///     list: Whether the members of each group are listed, in ``Comparison.list``.
    ///     intervals: 95 (or ``True``) or 99.8 for intervals of chance of that level, and where the area lies against each group;
    ///         of counts and proportions only.
    ///     three_year: Three years as one: sums of the period and the two before it, in the money of one year.
    ///
    /// Returns:
    ///     A ``Comparison``.
    ///
    /// Raises:
    ///     NotFoundError: If the indicator, area, grouping or period is not known, or has no data.
    ///     InvalidArgumentError: If an argument cannot be read, or does not suit the indicator.
    ///     InvalidDataError: If the release has been altered.
    ///
    /// Examples:
    ///     >>> release = kultti.example(language="en")
    ///     >>> c = release.compare("culture.net_operating_cost_per_inhabitant", "Kokkola", period=2019)
    ///     >>> c.area, round(c.value, 2)
    ///     (Area(code='272', name='Kokkola'), 154.59)
    ///
    ///     Chosen groups, on the borders of the time:
    ///
    ///     >>> c = release.compare(
    ///     ...     "culture.net_operating_cost_per_inhabitant", "Kokkola", period=2019, peers=["region"], territory="then"
    ///     ... )
    ///     >>> [(peer.label, peer.n, peer.members) for peer in c.peers]
    ///     [('Central Ostrobothnia', 8, 8)]
    #[pyo3(
        signature = (indicator, area, *, period=None, peers=None, territory=BordersArgument::from("now"), aggregate=None, as_of_year=None, real=None, bands=None, bands_source=None, list=false, intervals=None, three_year=false),
        text_signature = "($self, indicator, area, *, period=None, peers=None, territory='now', aggregate=None, as_of_year=None, real=None, bands=None, bands_source=None, list=False, intervals=None, three_year=False)"
    )]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn compare(
        &self,
        py: Python<'_>,
        indicator: &str,
        area: String,
        period: Option<PeriodArgument>,
        peers: Option<Texts>,
        territory: BordersArgument,
        aggregate: Option<&str>,
        as_of_year: Option<i32>,
        real: Option<&str>,
        bands: Option<&str>,
        bands_source: Option<String>,
        list: bool,
        intervals: Option<LevelArgument>,
        three_year: bool,
    ) -> PyResult<Py<Comparison>> {
        let result = self.ask(py, |release| {
            let options = CompareOptions {
                area,
                period: PeriodArgument::read(period)?,
                peers: Texts::split(peers),
                borders: territory.read()?,
                aggregate: argument::aggregate(aggregate)?,
                as_of_year,
                real: argument::prices(real)?,
                bands: argument::bands(bands, bands_source)?,
                list,
                intervals: LevelArgument::read(intervals)?,
                three_year,
            };
            release.compare(indicator, options)
        })?;
        Comparison::of(py, &self.release, result, self.language)
    }

    /// The models by which similar municipalities are found, with their variables, weights and reasons.
    #[getter]
    fn peer_models(&self, py: Python<'_>) -> PyResult<Py<PeerModelList>> {
        PeerModelList::of(py, self.release.peer_models(), self.language)
    }

    /// Finds the municipalities that are most like one: with whom is it fair to be compared?
    ///
    /// Each variable is standardised over the candidates and the area; the distance of two areas is
    /// ``sqrt(sum(w * (z_i - z_j) ** 2))`` with weights that sum to 1. Two areas are compared by the variables that both
    /// have; a candidate that lacks too many is in ``left_out``. Of equal distances the smaller code is nearer.
    ///
    /// Args:
    ///     indicator: An indicator whose figures are shown beside the peers; it also says which model is usual.
    ///     area: Name in any language, or code; always needed.
    ///     model: The id of a peer model (``release.peer_models``), or a file that ends in ``.toml``.
    ///     variables: Indicators to be alike in instead of a model, with weights after a colon
    ///         (``"population.total:2"``); a list, or one text with commas.
    ///     log: Those of ``variables`` whose natural logarithm is taken.
    ///     candidates: Where to look: a group (``"region:16"``), or a grouping for the area's own group; the whole country
    ///         without it.
    ///     k: Number of peers; that of the model without it.
    ///     max_distance: Largest distance of a peer, in standard deviations.
    ///     period: Such as ``2019``; the last one of the indicator, or of each variable, without it.
    ///     territory: Borders: ``"now"``, ``"then"`` or a date.
    ///     as_of_year: The year whose groups are used.
    ///
    /// Returns:
    ///     A ``Peers``.
    ///
    /// Raises:
    ///     NotFoundError: If the area, indicator, model or period is not known, or has no data.
    ///     InvalidArgumentError: If no area is given, an argument cannot be read, a variable does not differ between the
    ///         candidates or has no logarithm, there are fewer candidates than ``k``, or the area lacks too many variables.
    ///     InvalidDataError: If a file holds no peer model.
    ///
    /// Examples:
    ///     >>> release = kultti.example(language="en")
    ///     >>> peers = release.peers("culture.net_operating_cost_per_inhabitant", "Kokkola", period=2019, k=3)
    ///     >>> peers.model, len(peers), round(sum(peers[0].contributions.values()), 12)
    ///     ('culture_cost@1', 3, 1.0)
    ///
    ///     Without an indicator, by a model:
    ///
    ///     >>> release.peers(area="Kokkola", model="general", period=2019)[0].value is None
    ///     True
    #[pyo3(
        signature = (indicator=None, area=None, *, model=None, variables=None, log=None, candidates=None, k=None, max_distance=None, period=None, territory=BordersArgument::from("now"), as_of_year=None),
        text_signature = "($self, indicator=None, area=None, *, model=None, variables=None, log=None, candidates=None, k=None, max_distance=None, period=None, territory='now', as_of_year=None)"
    )]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn peers(
        &self,
        py: Python<'_>,
        indicator: Option<String>,
        area: Option<String>,
        model: Option<PathBuf>,
        variables: Option<Texts>,
        log: Option<Texts>,
        candidates: Option<String>,
        k: Option<usize>,
        max_distance: Option<f64>,
        period: Option<PeriodArgument>,
        territory: BordersArgument,
        as_of_year: Option<i32>,
    ) -> PyResult<Py<Peers>> {
        let result = self.ask_long(py, move |release| {
            release.peers(PeersOptions {
                area: area.unwrap_or_default(),
                indicator,
                model: model.map(|model| model.display().to_string()),
                variables: Texts::split(variables),
                log: Texts::split(log),
                candidates,
                k,
                max_distance,
                period: PeriodArgument::read(period)?,
                borders: territory.read()?,
                as_of_year,
            })
        })?;
        Peers::of(py, &self.release, result, self.language)
    }

    /// Ranks the areas of the country, or of one group: who is first, and who is last?
    ///
    /// Areas without a value have no rank, are not counted in ``n`` and stand at the end with the reason. Equal values
    /// share the smallest rank.
    ///
    /// Args:
    ///     indicator: The indicator's id.
    ///     period: Such as ``2019``; the last one with values without it.
    ///     within: A group to rank within, such as ``"region:16"``.
    ///     order: ``"asc"`` or ``"desc"``; needed where the indicator says of neither end that it is better.
    ///     territory: Borders: ``"now"``, ``"then"`` or a date.
    ///     as_of_year: The year whose groups are used.
    ///     three_year: Three years as one: sums of the period and the two before it, in the money of one year.
    ///
    /// Returns:
    ///     A ``Ranking``.
    ///
    /// Raises:
    ///     NotFoundError: If the indicator, group or period is not known, or has no data.
    ///     InvalidArgumentError: If an argument cannot be read, or an order is needed.
    ///     InvalidDataError: If the release has been altered.
    ///
    /// Examples:
    ///     >>> release = kultti.example(language="en")
    ///     >>> ranking = release.rank(
    ///     ...     "culture.net_operating_cost_per_inhabitant", period=2019, within="region:16", order="desc"
    ///     ... )
    ///     >>> ranking[0].name, ranking[0].rank, ranking.n
    ///     ('Kokkola', 1, 8)
    #[pyo3(
        signature = (indicator, *, period=None, within=None, order=None, territory=BordersArgument::from("now"), as_of_year=None, three_year=false),
        text_signature = "($self, indicator, *, period=None, within=None, order=None, territory='now', as_of_year=None, three_year=False)"
    )]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn rank(
        &self,
        py: Python<'_>,
        indicator: &str,
        period: Option<PeriodArgument>,
        within: Option<String>,
        order: Option<&str>,
        territory: BordersArgument,
        as_of_year: Option<i32>,
        three_year: bool,
    ) -> PyResult<Py<Ranking>> {
        let result = self.ask(py, |release| {
            let options = RankOptions {
                period: PeriodArgument::read(period)?,
                within,
                order: argument::order(order)?,
                borders: territory.read()?,
                as_of_year,
                three_year,
            };
            release.rank(indicator, options)
        })?;
        Ranking::of(py, &self.release, result, self.language)
    }

    /// Summarises every group of a grouping: how do regions, size classes or languages differ?
    ///
    /// A group's sums hold the areas whose numerator and denominator are both known; ``n``, ``members`` and the
    /// coverages say how many. Below a coverage of 0.6 there is no value.
    ///
    /// Args:
    ///     indicator: The indicator's id.
    ///     by: The grouping, such as ``"region"``.
    ///     period: Such as ``2019``; the last one with values without it.
    ///     aggregate: How groups are summarised; the indicator's own way without it.
    ///     territory: Borders: ``"now"``, ``"then"`` or a date.
    ///     as_of_year: The year whose groups are used.
    ///     intervals: 95 (or ``True``) or 99.8 for intervals of chance of that level; of counts and proportions only.
    ///
    /// Returns:
    ///     ``Groups``.
    ///
    /// Raises:
    ///     NotFoundError: If the indicator, grouping or period is not known, or has no data.
    ///     InvalidArgumentError: If an argument cannot be read, or the aggregate does not suit the indicator.
    ///     InvalidDataError: If the release has been altered.
    ///
    /// Examples:
    ///     >>> release = kultti.example(language="en")
    ///     >>> groups = release.groups("culture.net_operating_cost_per_inhabitant", by="region", period=2019)
    ///     >>> len(groups), groups[0].aggregator
    ///     (19, 'ratio-of-sums')
    #[pyo3(
        signature = (indicator, by, *, period=None, aggregate=None, territory=BordersArgument::from("now"), as_of_year=None, intervals=None),
        text_signature = "($self, indicator, by, *, period=None, aggregate=None, territory='now', as_of_year=None, intervals=None)"
    )]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn groups(
        &self,
        py: Python<'_>,
        indicator: &str,
        by: String,
        period: Option<PeriodArgument>,
        aggregate: Option<&str>,
        territory: BordersArgument,
        as_of_year: Option<i32>,
        intervals: Option<LevelArgument>,
    ) -> PyResult<Py<Groups>> {
        let result = self.ask(py, |release| {
            let options = GroupsOptions {
                by,
                period: PeriodArgument::read(period)?,
                aggregate: argument::aggregate(aggregate)?,
                borders: territory.read()?,
                as_of_year,
                intervals: LevelArgument::read(intervals)?,
            };
            release.groups(indicator, options)
        })?;
        Groups::of(py, &self.release, result, self.language)
    }

    /// What changed from this release to a later one: definitions, observations, the values of groups, the ranks of areas.
    ///
    /// Both releases are verified first: every row is read and every hash made anew. Ranks and groups are those on the
    /// present borders of each; a rank that moved says whether the area's own figure changed or only those of others.
    ///
    /// Args:
    ///     after: The later release.
    ///     indicators: Ids with ``*`` and ``?``, several with commas between them; all without it.
    ///     start: First period of the observations, groups and ranks.
    ///     end: Last period of them.
    ///     parts: Of ``"definitions"``, ``"cells"``, ``"groups"`` and ``"ranks"``; all without it.
    ///
    /// Returns:
    ///     A ``ReleaseDiff``, which is true where something differs.
    ///
    /// Raises:
    ///     NotFoundError: If a pattern fits no indicator of either release.
    ///     InvalidArgumentError: If a part is not known, or the range ends before it begins.
    ///     InvalidDataError: If one of the releases has been altered.
    ///
    /// Examples:
    ///     >>> release = kultti.example()
    ///     >>> release.diff(kultti.example()).same
    ///     True
    #[pyo3(signature = (after, indicators=None, *, start=None, end=None, parts=None))]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn diff(
        &self,
        py: Python<'_>,
        after: &Self,
        indicators: Option<String>,
        start: Option<PeriodArgument>,
        end: Option<PeriodArgument>,
        parts: Option<Vec<String>>,
    ) -> PyResult<Py<ReleaseDiff>> {
        let later = Arc::clone(&after.release);
        let result = self.ask_long(py, move |release| {
            let parts = parts.iter().flatten().map(|part| part.parse());
            let options = DiffOptions {
                indicators,
                from: PeriodArgument::read(start)?,
                to: PeriodArgument::read(end)?,
                parts: parts.collect::<Result<_>>()?,
            };
            release.diff(&later, &options)
        })?;
        ReleaseDiff::of(py, result, self.language)
    }

    /// How unequally a figure is spread over the areas: Gini, Theil, Lorenz.
    ///
    /// Areas are weighted by their denominator, so that every inhabitant counts once with the value of the own area. With
    /// ``by`` the Theil index is split exactly into what lies within the groups and what between them. A negative value, or
    /// a coverage below 0.6, gives no figures and the reason.
    ///
    /// Args:
    ///     indicator: The indicator's id; it needs a denominator.
    ///     by: A grouping, such as ``"region"``.
    ///     period: Such as ``2019``; the last one with values without it.
    ///     territory: Borders: ``"now"``, ``"then"`` or a date.
    ///     as_of_year: The year whose groups are used.
    ///     real: Real prices, such as ``"cpi@2018"``; they change the means only.
    ///
    /// Returns:
    ///     An ``Inequality``.
    ///
    /// Raises:
    ///     NotFoundError: If the indicator, grouping or period is not known, or has no data.
    ///     InvalidArgumentError: If an argument cannot be read, or the indicator has no parts to be shared out.
    ///     InvalidDataError: If the release has been altered.
    ///
    /// Examples:
    ///     >>> release = kultti.example(language="en")
    ///     >>> i = release.inequality("library.net_operating_cost_per_inhabitant", by="region", period=2019)
    ///     >>> i.n, len(i.groups), abs(i.theil.within + i.theil.between - i.theil.total) < 1e-12
    ///     (308, 19, True)
    #[pyo3(
        signature = (indicator, by=None, *, period=None, territory=BordersArgument::from("now"), as_of_year=None, real=None),
        text_signature = "($self, indicator, by=None, *, period=None, territory='now', as_of_year=None, real=None)"
    )]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn inequality(
        &self,
        py: Python<'_>,
        indicator: &str,
        by: Option<String>,
        period: Option<PeriodArgument>,
        territory: BordersArgument,
        as_of_year: Option<i32>,
        real: Option<&str>,
    ) -> PyResult<Py<Inequality>> {
        let result = self.ask(py, |release| {
            let options = InequalityOptions {
                by,
                period: PeriodArgument::read(period)?,
                borders: territory.read()?,
                as_of_year,
                real: argument::prices(real)?,
            };
            release.inequality(indicator, options)
        })?;
        Inequality::of(py, &self.release, result, self.language)
    }

    /// How far counts and proportions vary by chance: an interval for every area or group, a funnel, tests of differences.
    ///
    /// Counts over an exposure have Byar's interval, below 10 the exact one; persons among persons have Wilson's. Amounts
    /// of money and ratios published without their parts are refused. A full count has no sampling error: the interval
    /// shows chance variation.
    ///
    /// Args:
    ///     indicator: The indicator's id.
    ///     by: A grouping: one row for each of its groups instead of the areas.
    ///     period: Such as ``2019``; the last one with values without it.
    ///     within: A group whose areas are shown, such as ``"region:16"``.
    ///     level: 95 or 99.8, in per cent; 95 without it.
    ///     method: ``"byar"`` or ``"exact"`` for counts, ``"wilson"`` for proportions.
    ///     funnel: ``"auto"``, ``"none"``, ``"multiplicative"`` or ``"additive"``: how over-dispersion widens the limits.
    ///     test: Areas and groups whose differences are tested, each with each; a list, or one text with commas.
    ///     territory: Borders: ``"now"``, ``"then"`` or a date.
    ///     as_of_year: The year whose groups are used.
    ///
    /// Returns:
    ///     ``Intervals``, a sequence of ``IntervalRow``.
    ///
    /// Raises:
    ///     NotFoundError: If the indicator, grouping, group, area or period is not known, or has no data.
    ///     InvalidArgumentError: If an argument cannot be read, or the indicator is no count or proportion.
    ///     InvalidDataError: If the release has been altered.
    ///
    /// Examples:
    ///     >>> release = kultti.example(language="en")
    ///     >>> shares = release.intervals("population.share_0_17", within="region:16", test=["Kokkola", "Kannus"])
    ///     >>> shares.method, len(shares), shares.tests[0].one.name
    ///     ('wilson', 8, 'Kokkola')
    #[pyo3(
        signature = (indicator, by=None, *, period=None, within=None, level=None, method=None, funnel=None, test=None, territory=BordersArgument::from("now"), as_of_year=None),
        text_signature = "($self, indicator, by=None, *, period=None, within=None, level=None, method=None, funnel=None, test=None, territory='now', as_of_year=None)"
    )]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn intervals(
        &self,
        py: Python<'_>,
        indicator: &str,
        by: Option<String>,
        period: Option<PeriodArgument>,
        within: Option<String>,
        level: Option<LevelArgument>,
        method: Option<&str>,
        funnel: Option<&str>,
        test: Option<Texts>,
        territory: BordersArgument,
        as_of_year: Option<i32>,
    ) -> PyResult<Py<Intervals>> {
        let result = self.ask(py, |release| {
            let options = IntervalsOptions {
                period: PeriodArgument::read(period)?,
                by,
                within,
                level: LevelArgument::read(level)?.unwrap_or_default(),
                method: argument::parsed(method)?,
                funnel: argument::parsed(funnel)?,
                test: Texts::split(test),
                borders: territory.read()?,
                as_of_year,
            };
            release.intervals(indicator, options)
        })?;
        Intervals::of(py, &self.release, result, self.language)
    }

    /// What a figure is made of: its parts, function by function, beside those of groups.
    ///
    /// An indicator that is a sum of measures, over a denominator or not, is taken apart. The parts add up to the whole, those of
    /// a group to the group's value (they are taken over the members that have every part), and the differences of the parts to
    /// the difference of the whole. Shares are fractions.
    ///
    /// Args:
    ///     indicator: The id of an indicator that is a sum.
    ///     area: Name or code.
    ///     period: Such as ``2019``; the last one with data without it.
    ///     peers: Groupings, groups, ``"country"``, ``"similar"``, or areas; a list, or one text with commas.
    ///     territory: Borders: ``"now"``, ``"then"`` or a date.
    ///     as_of_year: The year whose groups are used.
    ///
    /// Returns:
    ///     A ``Composition``.
    ///
    /// Raises:
    ///     InvalidArgumentError: If the indicator is no sum (the error names those that are), or an argument cannot be read.
    ///     NotFoundError: If something is not known, or has no data.
    ///     InvalidDataError: If the release has been altered.
    ///
    /// Examples:
    ///     >>> release = kultti.example(language="en")
    ///     >>> made = release.composition("culture.net_operating_cost_per_inhabitant", "Kokkola", period=2019, peers="region")
    ///     >>> library = made.parts[0]
    ///     >>> library.label, library.indicator
    ///     ('Libraries', 'library.net_operating_cost_per_inhabitant')
    ///     >>> abs(sum(part.figure.value for part in made.parts) - made.whole.value) < 1e-9
    ///     True
    #[pyo3(
        signature = (indicator, area, *, period=None, peers=None, territory=BordersArgument::from("now"), as_of_year=None),
        text_signature = "($self, indicator, area, *, period=None, peers=None, territory='now', as_of_year=None)"
    )]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn composition(
        &self,
        py: Python<'_>,
        indicator: &str,
        area: String,
        period: Option<PeriodArgument>,
        peers: Option<Texts>,
        territory: BordersArgument,
        as_of_year: Option<i32>,
    ) -> PyResult<Py<Composition>> {
        let result = self.ask(py, |release| {
            let options = CompositionOptions {
                area,
                period: PeriodArgument::read(period)?,
                peers: Texts::split(peers),
                borders: territory.read()?,
                as_of_year,
            };
            release.composition(indicator, options)
        })?;
        Composition::of(py, &self.release, result, self.language)
    }

    /// What people read about one area: its figures among all areas and beside its groups, costs by function, development in
    /// nominal and real prices, similar municipalities, and what to keep in mind, to be written as a page.
    ///
    /// Every figure is the answer of ``compare``, ``composition``, ``trend`` or ``peers``.
    ///
    /// Args:
    ///     area: Name or code.
    ///     period: Such as ``2019``; an indicator without it has its last one before. The last one with values without it.
    ///     peers: Groupings, groups, ``"country"``, ``"similar"``, or areas; a list, or one text with commas. The first usual
    ///         grouping, similar municipalities and the country without it.
    ///     indicators: Ids, the first of them leading; all with figures without it.
    ///     territory: Borders: ``"now"``, ``"then"`` or a date.
    ///     real: Prices such as ``"cpi@2018"``; the first price index in the money of the last year without it.
    ///
    /// Returns:
    ///     A ``Report``.
    ///
    /// Raises:
    ///     NotFoundError: If something is not known; an area that has ended names its successor.
    ///     InvalidArgumentError: If an argument cannot be read.
    ///     InvalidDataError: If the release has been altered.
    ///
    /// Examples:
    ///     >>> release = kultti.example(language="en")
    ///     >>> report = release.report("Kokkola", period=2019, peers=["region", "country"])
    ///     >>> report.indicators[0]
    ///     'culture.net_operating_cost_per_inhabitant'
    #[pyo3(
        signature = (area, *, period=None, peers=None, indicators=None, territory=BordersArgument::from("now"), real=None),
        text_signature = "($self, area, *, period=None, peers=None, indicators=None, territory='now', real=None)"
    )]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn report(
        &self,
        py: Python<'_>,
        area: String,
        period: Option<PeriodArgument>,
        peers: Option<Texts>,
        indicators: Option<Texts>,
        territory: BordersArgument,
        real: Option<&str>,
    ) -> PyResult<Py<Report>> {
        let report = self.ask(py, |release| {
            release.report(ReportOptions {
                area,
                period: PeriodArgument::read(period)?,
                peers: Texts::split(peers),
                indicators: Texts::split(indicators),
                borders: territory.read()?,
                real: real.map(str::parse).transpose()?,
            })
        })?;
        Report::of(py, report, self.language)
    }

    /// A cost per inhabitant beside its use: cost per use × uses per inhabitant, and where the difference comes from.
    ///
    /// Which cost belongs to which use is declared in the catalogue. Visits of a centre are not use by its inhabitants.
    ///
    /// Args:
    ///     indicator: The id of a cost per inhabitant.
    ///     area: Name or code.
    ///     period: Such as ``2019``; the last one with cost, use and inhabitants without it.
    ///     peers: Groupings, groups, ``"country"``, or areas; a list, or one text with commas.
    ///     territory: Borders: ``"now"``, ``"then"`` or a date.
    ///     as_of_year: The year whose groups are used.
    ///
    /// Returns:
    ///     A ``CostPerUse``.
    ///
    /// Raises:
    ///     NotFoundError: If no use of the cost is declared, or something is not known, or has no data.
    ///     InvalidArgumentError: If an argument cannot be read.
    ///     InvalidDataError: If the release has been altered.
    ///
    /// Examples:
    ///     >>> try:
    ///     ...     kultti.example(language="en").cost_per_use("library.expenditure_per_inhabitant", "Kokkola")
    ///     ... except kultti.NotFoundError as error:
    ///     ...     error.code
    ///     'K0408'
    #[pyo3(
        signature = (indicator, area, *, period=None, peers=None, territory=BordersArgument::from("now"), as_of_year=None),
        text_signature = "($self, indicator, area, *, period=None, peers=None, territory='now', as_of_year=None)"
    )]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn cost_per_use(
        &self,
        py: Python<'_>,
        indicator: &str,
        area: String,
        period: Option<PeriodArgument>,
        peers: Option<Texts>,
        territory: BordersArgument,
        as_of_year: Option<i32>,
    ) -> PyResult<Py<CostPerUse>> {
        let result = self.ask(py, |release| {
            let options = CostPerUseOptions {
                area,
                period: PeriodArgument::read(period)?,
                peers: Texts::split(peers),
                borders: territory.read()?,
                as_of_year,
            };
            release.cost_per_use(indicator, options)
        })?;
        CostPerUse::of(py, &self.release, result, self.language)
    }

    /// The cost that is typical of a municipality with such a structure, indicatively, and the difference from it.
    ///
    /// A robust regression of ln(n/d) on structural variables, weighted by the root of the denominator, or quasi-Poisson
    /// for zeros and for a mean in euros. What is expected is neither a norm nor a target.
    ///
    /// Args:
    ///     indicator: The indicator's id.
    ///     area: One area to look at; the model is that of all areas either way.
    ///     period: Such as ``2019``; the last one with values without it.
    ///     variables: Structural variables such as ``"population.total:log"`` or ``"population.share_65_over@2018"``; a
    ///         list, or one text with commas. Those that the catalogue declares without it.
    ///     method: ``"log"`` or ``"quasi-poisson"``.
    ///     level: Of the interval, in per cent.
    ///     territory: Borders: ``"now"``, ``"then"`` or a date.
    ///
    /// Returns:
    ///     ``Expected``.
    ///
    /// Raises:
    ///     NotFoundError: If the indicator, a variable, the area or the period is not known, or has no data.
    ///     InvalidArgumentError: If there are too few areas, too many without a positive figure, or a variable that cannot
    ///         explain the cost.
    ///     InvalidDataError: If the release has been altered.
    ///
    /// Examples:
    ///     >>> release = kultti.example(language="en")
    ///     >>> expected = release.expected("library.net_operating_cost_per_inhabitant", "Kokkola", period=2019)
    ///     >>> expected.model.n, [variable.indicator for variable in expected.model.variables][0]
    ///     (308, 'population.total')
    #[pyo3(
        signature = (indicator, area=None, *, period=None, variables=None, method="log", level=95.0, territory=BordersArgument::from("now")),
        text_signature = "($self, indicator, area=None, *, period=None, variables=None, method='log', level=95.0, territory='now')"
    )]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn expected(
        &self,
        py: Python<'_>,
        indicator: &str,
        area: Option<String>,
        period: Option<PeriodArgument>,
        variables: Option<Texts>,
        method: &str,
        level: f64,
        territory: BordersArgument,
    ) -> PyResult<Py<Expected>> {
        let (indicator, method) = (indicator.to_owned(), method.to_owned());
        let result = self.ask_long(py, move |release| {
            let options = ExpectedOptions {
                area,
                period: PeriodArgument::read(period)?,
                variables: Texts::split(variables)
                    .iter()
                    .map(|text| text.parse())
                    .collect::<Result<_>>()?,
                method: method.parse()?,
                level,
                borders: territory.read()?,
            };
            release.expected(&indicator, options)
        })?;
        Expected::of(py, &self.release, result, self.language)
    }

    /// Tells what changed between two periods in every group of a grouping, and what the change is made of.
    ///
    /// The two values of a group rest on the same areas, on the same borders and in the groups of one year. The terms of
    /// prices, volume and population add up to the change, and so do those within and between areas.
    ///
    /// Args:
    ///     indicator: The indicator's id.
    ///     by: The grouping, such as ``"region"``, one group of it (``"region:16"``), or ``"country"``.
    ///     start: First period; the first one with values without it.
    ///     end: Last period; the last one with values without it.
    ///     real: Real prices, such as ``"cpi@2018"``.
    ///     method: ``"shapley"``, or ``"lmdi"`` where every figure is positive.
    ///     panel: ``"constant"``: the same areas at both ends; ``"all"``: at each end those that have a figure.
    ///     territory: Borders: ``"now"`` or a date.
    ///     as_of_year: The year whose groups are used at both ends; that of the last period without it.
    ///     list: Whether every area's part in the change is given.
    ///
    /// Returns:
    ///     A ``Change``.
    ///
    /// Raises:
    ///     NotFoundError: If the indicator, grouping or period is not known, or has no data.
    ///     InvalidArgumentError: If an argument cannot be read, the periods are in the wrong order, or a figure is not
    ///         positive for ``"lmdi"``.
    ///     InvalidDataError: If the release has been altered.
    ///
    /// Examples:
    ///     >>> release = kultti.example(language="en")
    ///     >>> change = release.change("library.net_operating_cost_per_inhabitant", start=2015, end=2019)
    ///     >>> terms = change[0].terms
    ///     >>> round(terms.price + terms.volume + terms.population - change[0].absolute, 12)
    ///     0.0
    #[pyo3(
        signature = (indicator, by="country".to_owned(), *, start=None, end=None, real=None, method="shapley", panel="constant", territory=BordersArgument::from("now"), as_of_year=None, list=false),
        text_signature = "($self, indicator, by='country', *, start=None, end=None, real=None, method='shapley', panel='constant', territory='now', as_of_year=None, list=False)"
    )]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn change(
        &self,
        py: Python<'_>,
        indicator: &str,
        by: String,
        start: Option<PeriodArgument>,
        end: Option<PeriodArgument>,
        real: Option<&str>,
        method: &str,
        panel: &str,
        territory: BordersArgument,
        as_of_year: Option<i32>,
        list: bool,
    ) -> PyResult<Py<Change>> {
        let result = self.ask(py, |release| {
            let options = ChangeOptions {
                by,
                from: PeriodArgument::read(start)?,
                to: PeriodArgument::read(end)?,
                borders: territory.read()?,
                real: argument::prices(real)?,
                method: method.parse()?,
                panel: panel.parse()?,
                as_of_year,
                list,
            };
            release.change(indicator, options)
        })?;
        Change::of(py, &self.release, result, self.language)
    }

    /// Follows one or more areas through time: does it rise or fall, and is that more than chance?
    ///
    /// A period without a value is a point with its reason, and the change after it is missing too. Nothing is compared
    /// across a break in the series, unless it is chained.
    ///
    /// Args:
    ///     indicator: The indicator's id.
    ///     area: Name or code, or a list of them; not needed for the series of a group.
    ///     start: First period; the first one with values without it.
    ///     end: Last period; the last one with values without it.
    ///     real: Real prices, such as ``"cpi@2018"``.
    ///     territory: Borders: ``"now"``, ``"then"`` or a date.
    ///     index: The period that is 100; the first of the series without it.
    ///     chain: ``True`` to go on across breaks with the factors that the release states, or such a factor (new/old).
    ///     group: ``"country"``, or a group such as ``"region:16"``, whose series is added.
    ///     three_year: Three years as one: sums of the period and the two before it, in the money of one year.
    ///
    /// Returns:
    ///     A ``Trend``.
    ///
    /// Raises:
    ///     NotFoundError: If the indicator, area, group or price index is not known, or there are no data in the range.
    ///     InvalidArgumentError: If an argument cannot be read, the indicator is not money, or a break has no factor.
    ///     InvalidDataError: If the release has been altered.
    ///
    /// Examples:
    ///     >>> release = kultti.example(language="en")
    ///     >>> trend = release.trend("library.net_operating_cost_per_inhabitant", "Kokkola", start=2018)
    ///     >>> [point.period for point in trend], trend[0].index
    ///     (['2018', '2019'], 100.0)
    ///
    ///     The slope of five years and whether it is more than chance:
    ///
    ///     >>> fit = release.trend("culture.net_operating_cost_per_inhabitant", "Kokkola").fits[0]
    ///     >>> round(fit.slope, 3), round(fit.p, 3), fit.method
    ///     (-2.808, 0.083, 'exact')
    #[pyo3(
        signature = (indicator, area=None, *, start=None, end=None, real=None, territory=BordersArgument::from("now"), index=None, chain=None, group=None, three_year=false),
        text_signature = "($self, indicator, area=None, *, start=None, end=None, real=None, territory='now', index=None, chain=None, group=None, three_year=False)"
    )]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn trend(
        &self,
        py: Python<'_>,
        indicator: &str,
        area: Option<Texts>,
        start: Option<PeriodArgument>,
        end: Option<PeriodArgument>,
        real: Option<&str>,
        territory: BordersArgument,
        index: Option<PeriodArgument>,
        chain: Option<ChainArgument>,
        group: Option<String>,
        three_year: bool,
    ) -> PyResult<Py<Trend>> {
        let result = self.ask(py, |release| {
            let options = TrendOptions {
                areas: area.map(Texts::whole).unwrap_or_default(),
                from: PeriodArgument::read(start)?,
                to: PeriodArgument::read(end)?,
                borders: territory.read()?,
                real: argument::prices(real)?,
                index: argument::base(index)?,
                chain: ChainArgument::read(chain)?,
                group,
                three_year,
            };
            release.trend(indicator, options)
        })?;
        Trend::of(py, &self.release, result, self.language)
    }

    /// Compares all areas in every indicator and period, for an analysis of one's own: one row for each, with the columns
    /// asked for.
    ///
    /// Nothing is computed yet: the answer is a stream of rows for ``pyarrow``, ``polars`` or DuckDB, a file to write, or a
    /// summary. Rows come by indicator, period and area, whatever the number of threads, and memory does not grow with
    /// their number.
    ///
    /// A row without a value says why in ``missing``. A column is null where its method has no answer: no group value, no
    /// period before, a base that is not positive, a break in between.
    ///
    /// Args:
    ///     columns: A list, or one text with commas, of ``rank``, ``percent_rank``, ``quartile``, ``z``, ``robust_z``,
    ///         ``difference:GROUPING[:AGGREGATE]``, ``difference_relative:GROUPING[:AGGREGATE]``, ``change``,
    ///         ``change_relative``, ``index:PERIOD``, ``numerator`` and ``denominator``; rank, percent rank and quartile
    ///         without it.
    ///     indicators: Ids with ``*`` and ``?``, a list or one text with commas; all without it.
    ///     start: First period; that of each indicator without it.
    ///     end: Last period.
    ///     order: ``"asc"`` or ``"desc"``; needed for ranks and quartiles of indicators without a direction.
    ///     territory: Borders: ``"now"``, ``"then"`` (those of each period) or a date.
    ///     threads: How many threads compute; as many as the machine has without it. Results do not depend on it.
    ///     progress: ``True`` for a bar of tqdm (``pip install tqdm``), or a callable that is told how many of the
    ///         indicators are done, and of how many.
    ///
    /// Returns:
    ///     A ``CompareAll``.
    ///
    /// Raises:
    ///     NotFoundError: If nothing fits ``indicators``, a grouping is not known, or there are no data.
    ///     InvalidArgumentError: If an argument cannot be read, or an order is needed.
    ///     InvalidDataError: If the release has been altered.
    ///     ModuleNotFoundError: If a bar is asked for without tqdm.
    ///
    /// Examples:
    ///     >>> release = kultti.example(language="en")
    ///     >>> everything = release.compare_all(["rank", "difference:region"], start=2018, order="desc")
    ///     >>> everything.columns
    ///     ('indicator', 'period', 'area', 'value', 'status', 'missing', 'rank', 'difference:region')
    ///
    ///     A frame of it, without Kultti holding all rows:
    ///
    ///     >>> import polars
    ///     >>> polars.DataFrame(everything).filter(polars.col("rank") == 1).height > 10
    ///     True
    #[pyo3(
        signature = (columns=None, *, indicators=None, start=None, end=None, order=None, territory=BordersArgument::from("now"), threads=None, progress=None),
        text_signature = "($self, columns=None, *, indicators=None, start=None, end=None, order=None, territory='now', threads=None, progress=False)"
    )]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn compare_all(
        &self,
        py: Python<'_>,
        columns: Option<Texts>,
        indicators: Option<Texts>,
        start: Option<PeriodArgument>,
        end: Option<PeriodArgument>,
        order: Option<&str>,
        territory: BordersArgument,
        threads: Option<usize>,
        progress: Option<Bound<'_, PyAny>>,
    ) -> PyResult<CompareAll> {
        let progress = Progress::of(progress.as_ref())?;
        let planned = py.detach(|| {
            let mut options = CompareAllOptions::default();
            if columns.is_some() {
                options = CompareAllOptions::columns(Texts::split(columns))?;
            }
            options.indicators = indicators.map(|indicators| indicators.whole().join(","));
            options.from = PeriodArgument::read(start)?;
            options.to = PeriodArgument::read(end)?;
            options.order = argument::order(order)?;
            options.borders = territory.read()?;
            options.threads = threads;
            self.release.compare_all(options)
        });
        let planned = planned.map_err(|error| exception(py, &error, self.language))?;
        Ok(CompareAll::new(planned, self.language, progress))
    }

    /// Writes the open site of the release into a folder: a page for every area, group and indicator in Finnish, Swedish and
    /// English, comparisons, catalogue, release notes, method and downloads, with a search that needs no server.
    ///
    /// Figures are answers of ``report``, ``rank``, ``groups``, ``trend`` and ``describe``. The same release, options and
    /// templates give the same bytes. In a folder that holds a site made before, only what has changed is written; what is no
    /// longer part of the site is removed, and what Kultti did not write is left alone.
    ///
    /// Args:
    ///     folder: A folder that is not there, is empty, or holds a site made before.
    ///     areas: Names or codes of the areas that get a page; all without it.
    ///     since: The release before this one: the page about the release then says what has changed.
    ///     url: Where the site will stand, such as ``"https://example.org/culture"``; ``sitemap.xml`` needs it.
    ///     contact: Where readers can say that something is not accessible to them.
    ///     templates: A folder with templates of your own, such as a ``site.css``.
    ///     threads: How many threads work; as many as the machine has without it. The site does not depend on it.
    ///     dry_run: Whether it is only said what would be written and removed.
    ///     progress: ``True`` for a bar of tqdm, or a callable that gets the pages done and how many there are; what it raises
    ///         ends the work.
    ///
    /// Returns:
    ///     A ``SiteWritten``: pages, bytes, the names of the files written and removed, and what the site lacks.
    ///
    /// Raises:
    ///     InvalidArgumentError: If the folder holds other things, or the address is none.
    ///     NotFoundError: If an area is not known.
    ///     InvalidDataError: If a template does not fit, or the release has been altered.
    ///     FileError: If a file cannot be written.
    ///
    /// Examples:
    ///     >>> import tempfile
    ///     >>> release = kultti.example(language="en")
    ///     >>> with tempfile.TemporaryDirectory() as folder:
    ///     ...     site = release.write_site(folder, areas=["Kokkola"], dry_run=True)
    ///     >>> "sv/areas/272.html" in site.written
    ///     True
    #[pyo3(
        signature = (folder, *, areas=None, since=None, url=None, contact=None, templates=None, threads=None, dry_run=false, progress=None),
        text_signature = "($self, folder, *, areas=None, since=None, url=None, contact=None, templates=None, threads=None, dry_run=False, progress=False)"
    )]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn write_site(
        &self,
        py: Python<'_>,
        folder: PathBuf,
        areas: Option<Texts>,
        since: Option<Bound<'_, Self>>,
        url: Option<&str>,
        contact: Option<String>,
        templates: Option<PathBuf>,
        threads: Option<usize>,
        dry_run: bool,
        progress: Option<Bound<'_, PyAny>>,
    ) -> PyResult<SiteWritten> {
        let reporter = Progress::of(progress.as_ref())?.start(py, None, "page")?;
        let failed = |error| exception(py, &error, self.language);
        let mut options = SiteOptions {
            areas: Texts::split(areas),
            templates: crate::report::templates(templates).map_err(failed)?,
            since: since.map(|before| Arc::clone(&before.get().release)),
            contact,
            threads,
            dry_run,
            ..SiteOptions::default()
        };
        if let Some(url) = url {
            options = options.with_url(url).map_err(failed)?;
        }
        let site = reporter
            .during(py, |progress| {
                self.release.write_site(&folder, &options, progress)
            })?
            .map_err(failed)?;
        let remarks = site.remarks.iter().map(|remark| remark.render(self.language));
        Ok(SiteWritten {
            pages: site.pages,
            bytes: site.bytes,
            remarks: remarks.collect(),
            written: Many(site.written),
            removed: Many(site.removed),
            unchanged: site.unchanged,
        })
    }

    /// Walks a figure back to the observations it was made of: where does this number come from?
    ///
    /// An area without a value is explained as well: the measures that lack a figure say why.
    ///
    /// Args:
    ///     indicator: The indicator's id.
    ///     area: Name or code.
    ///     period: Such as ``2019``; the last one with values without it.
    ///     territory: Borders: ``"now"``, ``"then"`` or a date.
    ///     real: Real prices, such as ``"cpi@2018"``.
    ///
    /// Returns:
    ///     An ``Explanation``.
    ///
    /// Raises:
    ///     NotFoundError: If the indicator, area or period is not known, or has no data.
    ///     InvalidArgumentError: If an argument cannot be read, or the indicator is not money.
    ///     InvalidDataError: If the release has been altered.
    ///
    /// Examples:
    ///     >>> why = kultti.example().explain("library.net_operating_cost_per_inhabitant", "Kokkola", period=2019)
    ///     >>> why.formula_with_numbers
    ///     '2861000 / 47681'
    #[pyo3(
        signature = (indicator, area, *, period=None, territory=BordersArgument::from("now"), real=None),
        text_signature = "($self, indicator, area, *, period=None, territory='now', real=None)"
    )]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn explain(
        &self,
        py: Python<'_>,
        indicator: &str,
        area: String,
        period: Option<PeriodArgument>,
        territory: BordersArgument,
        real: Option<&str>,
    ) -> PyResult<Py<Explanation>> {
        let result = self.ask(py, |release| {
            let options = ExplainOptions {
                area,
                period: PeriodArgument::read(period)?,
                borders: territory.read()?,
                real: argument::prices(real)?,
            };
            release.explain(indicator, options)
        })?;
        Explanation::of(py, &self.release, result, self.language)
    }

    /// Builds a release in memory from a frame of one's own, with the checks of ``kultti release build``.
    ///
    /// Any table that speaks the Arrow PyCapsule interface will do: pandas, polars, pyarrow, DuckDB. Columns are ``measure``,
    /// ``period``, ``area`` and ``value``, and if there are such ``status``, ``missing``, ``territory``, ``origin`` and ``note``; the
    /// keywords say what is called otherwise. A null or NaN is no value: without a column ``status`` such a row is O, missing. The
    /// same figures make the same release, whichever library holds them and in whatever order.
    ///
    /// Args:
    ///     frame: The table.
    ///     catalogue: Measures and indicators: a file, a TOML text, a dict, ``"culture"`` or ``"youth_work"`` for those of the
    ///         package, a release for its own, or a list of these, each of which may use the ones before it. A text or dict
    ///         without ``schema = 1`` declares one's own as shortly as can be: see the example.
    ///     territory: A folder of areas and borders, or a release for its own; without it Finland's, as the example release has
    ///         it.
    ///     area: The column of areas; ``"area"`` without it. Codes are text; names in any language, ``"Kokkola (272)"`` and old
    ///         names work too.
    ///     period: The column of periods, or the one period of all rows (``2024``); the column ``"period"`` without it.
    ///     measure: The column of ids of measures, or the one measure of all rows; or a dict of columns of figures, each with
    ///         its measure. The column ``"measure"`` without it.
    ///     value: The column of figures, where ``measure`` is no dict; ``"value"`` without it.
    ///     borders: The borders that the figures stand on: a column of dates, a date, ``"now"``, or ``"then"`` for those of each
    ///         period's last day. Without it the column ``"territory"`` or, where there is none, ``"then"``.
    ///     mapping: A mapping file (TOML) as ``kultti import`` takes, for a table that is none of this.
    ///     source: The register that the figures come from, an id of the catalogue; without it that of the measures.
    ///     retrieved: The day on which the figures were taken over.
    ///     description: What was taken over and what was changed: a text, or a dict with ``fi``, ``sv`` and ``en``.
    ///     id: Identifier of the series of releases.
    ///     title: Title; a text or a dict.
    ///     publisher: Publisher; a text or a dict.
    ///     name: What errors call the frame; also where the figures come from, in ``explain``.
    ///     language: ``"fi"``, ``"sv"`` or ``"en"``; without it the environment decides, as in ``kultti.example``.
    ///
    /// Returns:
    ///     The release.
    ///
    /// Raises:
    ///     InvalidDataError: If a column, a cell or the catalogue breaks a rule; the message names row (from 1) and column, what was
    ///         expected and found.
    ///     InvalidArgumentError: If an argument cannot be read, or the measures are of several registers and ``source`` names none.
    ///     FileError: If a file cannot be read.
    ///     TypeError: If ``frame`` is no table.
    ///
    /// Examples:
    ///     >>> import polars
    ///     >>> survey = polars.DataFrame({"kunta": ["Kokkola", "Helsinki", "Salla"], "satisfaction": [4.1, 3.9, None]})
    ///     >>> release = kultti.Release.from_frame(
    ///     ...     survey,
    ///     ...     catalogue={
    ///     ...         "unit": {"id": "point"},
    ///     ...         "measure": {"id": "survey.satisfaction", "label": "Satisfaction", "unit": "point", "kind": "share"},
    ///     ...     },
    ///     ...     area="kunta",
    ///     ...     period=2024,
    ///     ...     measure={"satisfaction": "survey.satisfaction"},
    ///     ...     language="en",
    ///     ... )
    ///     >>> c = release.compare("survey.satisfaction", "Kokkola")
    ///     >>> c.value, c.position.rank, c.position.n
    ///     (4.1, 1, 2)
    #[staticmethod]
    #[pyo3(
        signature = (frame, *, catalogue, territory=None, area=None, period=None, measure=None, value=None, borders=None, mapping=None, source=None, retrieved=None, description=None, id=None, title=None, publisher=None, name="frame", language=None),
        text_signature = "(frame, *, catalogue, territory=None, area=None, period=None, measure=None, value=None, borders=None, mapping=None, source=None, retrieved=None, description=None, id=None, title=None, publisher=None, name='frame', language=None)"
    )]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn from_frame(
        py: Python<'_>,
        frame: FrameArgument,
        catalogue: CatalogueArgument,
        territory: Option<TerritoryArgument>,
        area: Option<String>,
        period: Option<PeriodArgument>,
        measure: Option<MeasureArgument>,
        value: Option<String>,
        borders: Option<BordersArgument>,
        mapping: Option<PathBuf>,
        source: Option<String>,
        retrieved: Option<BordersArgument>,
        description: Option<TextArgument>,
        id: Option<String>,
        title: Option<TextArgument>,
        publisher: Option<TextArgument>,
        name: &str,
        language: Option<&str>,
    ) -> PyResult<Self> {
        let language = argument::language(language).map_err(|error| exception(py, &error, Language::En))?;
        let options = FrameOptions {
            area,
            period,
            measure,
            value,
            borders,
            mapping,
            source,
            retrieved,
            description,
            id,
            title,
            publisher,
            name: name.to_owned(),
        };
        frame::from_frame(py, frame, (&catalogue, territory), options, language)
    }

    /// Builds a release with the figures of this one and those of a frame beside them.
    ///
    /// One's own measures can then be compared like all others, and with them: peers by a cost, a ratio to the inhabitants.
    ///
    /// Args:
    ///     frame: The table, as for ``from_frame``.
    ///     catalogue: Measures and indicators that the release does not have, as for ``from_frame``; they may use its units,
    ///         measures and indicators.
    ///     area: The column of areas; ``"area"`` without it. Codes are text; names in any language, ``"Kokkola (272)"`` and old
    ///         names work too.
    ///     period: The column of periods, or the one period of all rows (``2024``); the column ``"period"`` without it.
    ///     measure: The column of ids of measures, or the one measure of all rows; or a dict of columns of figures, each with
    ///         its measure. The column ``"measure"`` without it.
    ///     value: The column of figures, where ``measure`` is no dict; ``"value"`` without it.
    ///     borders: The borders that the figures stand on: a column of dates, a date, ``"now"``, or ``"then"`` for those of each
    ///         period's last day. Without it the column ``"territory"`` or, where there is none, ``"then"``.
    ///     mapping: A mapping file (TOML) as ``kultti import`` takes, for a table that is none of this.
    ///     source: The register that the figures come from, an id of the catalogue; without it that of the measures.
    ///     retrieved: The day on which the figures were taken over.
    ///     description: What was taken over and what was changed: a text, or a dict with ``fi``, ``sv`` and ``en``.
    ///     id: Identifier of the series of releases.
    ///     title: Title; a text or a dict.
    ///     publisher: Publisher; a text or a dict.
    ///     name: What errors call the frame; also where the figures come from, in ``explain``.
    ///
    /// Returns:
    ///     The release, in the language of this one.
    ///
    /// Raises:
    ///     InvalidDataError: If a column, a cell or the catalogue breaks a rule; the message names row (from 1) and column, what was
    ///         expected and found.
    ///     InvalidArgumentError: If an argument cannot be read, or the measures are of several registers and ``source`` names none.
    ///     FileError: If a file cannot be read.
    ///     TypeError: If ``frame`` is no table.
    ///
    /// Examples:
    ///     >>> import polars
    ///     >>> visits = polars.DataFrame({"kunta": ["Kokkola", "Helsinki"], "visits": [95362, 2000000]})
    ///     >>> release = kultti.example(language="en").extend(
    ///     ...     visits,
    ///     ...     catalogue='''
    ///     ...     measure = [{ id = "survey.visits", unit = "visit" }]
    ///     ...     indicator = [{ id = "survey.visits_per_inhabitant", formula = "survey.visits / population.year_end" }]
    ///     ...     ''',
    ///     ...     area="kunta",
    ///     ...     period=2019,
    ///     ...     measure={"visits": "survey.visits"},
    ///     ... )
    ///     >>> release.compare("survey.visits_per_inhabitant", "Kokkola").value
    ///     2.0
    #[pyo3(
        signature = (frame, *, catalogue=None, area=None, period=None, measure=None, value=None, borders=None, mapping=None, source=None, retrieved=None, description=None, id=None, title=None, publisher=None, name="frame"),
        text_signature = "($self, frame, *, catalogue=None, area=None, period=None, measure=None, value=None, borders=None, mapping=None, source=None, retrieved=None, description=None, id=None, title=None, publisher=None, name='frame')"
    )]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn extend(
        &self,
        py: Python<'_>,
        frame: FrameArgument,
        catalogue: Option<CatalogueArgument>,
        area: Option<String>,
        period: Option<PeriodArgument>,
        measure: Option<MeasureArgument>,
        value: Option<String>,
        borders: Option<BordersArgument>,
        mapping: Option<PathBuf>,
        source: Option<String>,
        retrieved: Option<BordersArgument>,
        description: Option<TextArgument>,
        id: Option<String>,
        title: Option<TextArgument>,
        publisher: Option<TextArgument>,
        name: &str,
    ) -> PyResult<Self> {
        let options = FrameOptions {
            area,
            period,
            measure,
            value,
            borders,
            mapping,
            source,
            retrieved,
            description,
            id,
            title,
            publisher,
            name: name.to_owned(),
        };
        frame::extend(py, self, frame, catalogue.as_ref(), options)
    }

    /// Finds the municipality of every row of a frame, and its figures.
    ///
    /// All rows stay, in their order. A text is a name in any language, a code, or both (``"Kokkola (272)"``); case and
    /// diacritics are forgiven and nothing else is guessed. Codes that became numbers get their leading zeros back. A
    /// municipality that has ended is the one that it went to whole, which a note says.
    ///
    /// Args:
    ///     frame: Any table that speaks the Arrow PyCapsule interface.
    ///     on: The column of municipalities.
    ///     indicators: The indicators whose figures are wanted, a list or one text with commas; codes and names only without it.
    ///     period: Such as ``2019``; for each indicator the last one with values without it.
    ///     territory: Borders: ``"now"``, ``"then"`` or a date.
    ///
    /// Returns:
    ///     A ``Joined``. Rows without a municipality are said in a ``TableWarning`` and stand in ``Joined.unmatched``.
    ///
    /// Raises:
    ///     InvalidDataError: If the frame has no such column.
    ///     NotFoundError: If an indicator is not known, or has no data for the period.
    ///     InvalidArgumentError: If an argument cannot be read.
    ///
    /// Examples:
    ///     >>> import polars
    ///     >>> survey = polars.DataFrame({"kunta": ["Karleby", "Valtimo"], "answer": [4, 2]})
    ///     >>> joined = kultti.example(language="en").join(
    ///     ...     survey, "kunta", indicators="library.net_operating_cost_per_inhabitant", period=2019
    ///     ... )
    ///     >>> polars.DataFrame(joined).select("answer", "name", "match").rows()
    ///     [(4, 'Kokkola', 'matched'), (2, 'Nurmes', 'merged')]
    #[pyo3(
        signature = (frame, on, *, indicators=None, period=None, territory=BordersArgument::from("now")),
        text_signature = "($self, frame, on, *, indicators=None, period=None, territory='now')"
    )]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn join(
        &self,
        py: Python<'_>,
        frame: FrameArgument,
        on: String,
        indicators: Option<Texts>,
        period: Option<PeriodArgument>,
        territory: BordersArgument,
    ) -> PyResult<Joined> {
        let options = py.detach(|| {
            Ok(JoinOptions {
                on,
                indicators: Texts::split(indicators),
                period: PeriodArgument::read(period)?,
                borders: territory.read()?,
            })
        });
        let options = options.map_err(|error| exception(py, &error, self.language))?;
        Joined::of(py, self, frame, options)
    }

    /// Answers a query in SQL over the release and the data that it was given by ``register``.
    ///
    /// ``tables`` lists the tables, views and functions. A query reads (``SELECT``, ``WITH``, ``VALUES``, ``EXPLAIN``, ``SHOW TABLES``,
    /// ``DESCRIBE``); whatever would write or open a file is refused. Mistakes in its words are raised at once; rows are computed when they
    /// are read, and then raise what is wrong with the arguments of a function.
    ///
    /// Args:
    ///     query: One statement.
    ///     memory: What sorting, joining and grouping may take together: bytes, or a text such as ``"512MB"`` or ``"2GiB"``; more goes
    ///         to temporary files where that is possible.
    ///     threads: How many threads compute; as many as the machine has without it.
    ///
    /// Returns:
    ///     A ``SqlResult``: an Arrow stream with ``to_polars``, ``to_pandas``, ``to_arrow`` and ``write``.
    ///
    /// Raises:
    ///     InvalidArgumentError: If the query cannot be read, or does something else than reading; if an argument cannot be read.
    ///     NotFoundError: If a table, column, function, indicator or period is not known.
    ///     InvalidDataError: If the memory is not enough, or the release has been altered.
    ///
    /// Examples:
    ///     >>> release = kultti.example(language="en")
    ///     >>> release.sql('''
    ///     ...     SELECT rank, name, round(value, 2) AS euros
    ///     ...     FROM compare('culture.net_operating_cost_per_inhabitant', '2019')
    ///     ...     WHERE name = 'Kokkola'
    ///     ... ''').to_polars().rows()
    ///     [(46, 'Kokkola', 154.59)]
    #[pyo3(signature = (query, *, memory=None, threads=None))]
    fn sql(
        &self,
        py: Python<'_>,
        query: String,
        memory: Option<MemoryArgument>,
        threads: Option<NonZeroUsize>,
    ) -> PyResult<SqlResult> {
        let means = Means { memory, threads };
        self.own.query(py, (query, means), &self.release, self.language)
    }

    /// Takes data of one's own as a table of ``sql``. A name of one's own that is given again stands for the new data.
    ///
    /// It holds for this release and those that ``in_language`` made of it. A frame is copied at once; a file is read by every
    /// query.
    ///
    /// Args:
    ///     name: The name in queries: letters, digits and ``_``, and none that the release has.
    ///     data: Any table that speaks the Arrow PyCapsule interface (pandas, polars, pyarrow, DuckDB, an answer of Kultti), or the path
    ///         of a Parquet, CSV or Arrow file.
    ///
    /// Raises:
    ///     InvalidArgumentError: If the name is taken by the release, or is no plain name.
    ///     InvalidDataError: If the ending of the file says no format.
    ///     TypeError: If ``data`` is neither a table nor a path.
    ///
    /// Examples:
    ///     >>> import polars
    ///     >>> release = kultti.example(language="en")
    ///     >>> release.register("visits", polars.DataFrame({"area": ["272", "091"], "visits": [95362, 2000000]}))
    ///     >>> release.sql("SELECT name_fi, visits FROM areas JOIN visits USING (area) ORDER BY area").to_polars().rows()
    ///     [('Helsinki', 2000000), ('Kokkola', 95362)]
    fn register(&self, py: Python<'_>, name: &str, data: OwnArgument) -> PyResult<()> {
        self.own.register(py, (name, data), &self.release, self.language)
    }

    /// Lists the tables, views and functions of ``sql``, and the data that ``register`` took, each with its columns.
    ///
    /// Returns:
    ///     A table with ``name``, ``kind``, ``signature``, ``description`` and ``columns``; ``to_dict`` has the columns one by one.
    ///
    /// Examples:
    ///     >>> [table["name"] for table in kultti.example().tables().to_dict() if table["kind"] == "table"][:1]
    ///     ['observations']
    fn tables(&self, py: Python<'_>) -> PyResult<Table> {
        let objects = py.detach(|| self.own.objects(&self.release, self.language));
        let objects = objects.map_err(|error| exception(py, &error, self.language))?;
        Ok(Table::new(Arc::new(objects), self.language))
    }

    /// Writes the release to a file or to an address of an object store, which ``kultti.open`` and the command line read.
    ///
    /// The file or object has its name only when it is complete.
    ///
    /// Args:
    ///     path: The file or the address.
    ///
    /// Raises:
    ///     FileError: If it cannot be written.
    ///     NotFoundError: If there is no such bucket.
    ///     InvalidArgumentError: If the address is one of no store that can be written to.
    ///
    /// Examples:
    ///     >>> import tempfile
    ///     >>> release = kultti.example()
    ///     >>> with tempfile.TemporaryDirectory() as folder:
    ///     ...     release.write(folder + "/copy.parquet")
    ///     ...     kultti.open(folder + "/copy.parquet").id == release.id
    ///     True
    fn write(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        let Some(address) = address(&path) else {
            return self.ask(py, |release| release.write_file(&path));
        };
        let release = Arc::clone(&self.release);
        let written = wait(py, async move { release.write_at(&address).await })?;
        written.map_err(|error| exception(py, &error, self.language))
    }

    /// Reads every row and compares order, counts and hashes with what the release says of itself.
    ///
    /// Returns:
    ///     A ``Verification``.
    ///
    /// Raises:
    ///     InvalidDataError: If something disagrees; the message names the first measure that does.
    ///
    /// Examples:
    ///     >>> release = kultti.example()
    ///     >>> release.verify().id == release.id
    ///     True
    fn verify(&self, py: Python<'_>) -> PyResult<Verification> {
        let verified = self.ask_long(py, release::Release::verify)?;
        Ok(Verification {
            id: verified.id,
            measures: verified.measures,
            rows: verified.rows,
        })
    }

    fn __repr__(this: &Bound<'_, Self>) -> PyResult<String> {
        shown(this.as_any(), &["name", "id", "language"])
    }

    /// What the release holds, as a fragment of HTML for notebooks.
    ///
    /// Examples:
    ///     >>> release = kultti.example()
    ///     >>> release.id in release._repr_html_()
    ///     True
    fn _repr_html_(&self, py: Python<'_>) -> String {
        py.detach(|| to_html(&ReleaseCard(&self.release).document(self.language)))
    }
}
