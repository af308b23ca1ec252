//! A round of a collection: what is asked of whom, its forms, and their check.

use crate::argument;
use crate::check::Check;
use crate::error::exception;
use crate::interrupt::heard;
use crate::moment::Day;
use crate::record::{Many, records, shown};
use crate::release::Release;
use crate::table::{as_html, as_text};
use kultti_core::collection::{self as core, Answers, Form, FormFile, FormFormat};
use kultti_core::export::{Export, RoundCard};
use kultti_core::language::Language;
use kultti_core::model::Stage;
use kultti_core::{Error, Result, release};
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use std::path::PathBuf;
use std::sync::Arc;

records! {
    /// A measure that a round asks for.
    AskedMeasure {
        /// The measure's id.
        measure: String,
        /// Its name.
        label: String,
        /// The unit of the figure, such as ``"EUR"``.
        unit: String,
        /// Whether a form without it has an error.
        required: bool,
    }

    /// A municipality that is expected to answer.
    Reporter {
        /// Its code, text.
        area: String,
        /// Its name.
        name: String,
        /// The language of its form: ``"fi"``, ``"sv"`` or ``"en"``.
        language: String,
    }
}

/// A round of a collection: what is asked, of whom and by when, with the rules and last year's figures; one file, which
/// travels with the forms.
///
/// Made by ``Round.define`` of a coordinator's recipe, and by ``Round.open`` of the file that came of it. It never changes:
/// forms carry the SHA-256 of the round that they are of.
///
/// Examples:
///     From the recipe to a checked form, in a folder of its own:
///
///     >>> import json, pathlib, tempfile
///     >>> folder = pathlib.Path(tempfile.mkdtemp())
///     >>> recipe = folder / "round.toml"
///     >>> _ = recipe.write_text('''
///     ... schema = 1
///     ... id = "libraries-2020"
///     ... label = { fi = "Kirjastot 2020", sv = "Biblioteken 2020", en = "Libraries 2020" }
///     ... instructions = { fi = "Tilinpäätöksestä.", sv = "Ur bokslutet.", en = "Of the accounts." }
///     ... contact = "collection@example.org"
///     ... period = "2020"
///     ... opens = "2021-03-01"
///     ... due = "2021-04-30"
///     ... areas = ["Kokkola", "Pietarsaari"]
///     ... [[measure]]
///     ... id = "library.net_operating_cost"
///     ... ''', encoding="utf-8")
///     >>> round = kultti.Round.define(recipe, language="en")
///     >>> round.write(folder / "libraries-2020.round.json")
///     >>> round.write_form("Kokkola", folder / "kokkola.json")
///     >>> form = json.loads((folder / "kokkola.json").read_text(encoding="utf-8"))
///     >>> form["answers"][0]["value"] = 2_900_000
///     >>> _ = (folder / "kokkola.json").write_text(json.dumps(form), encoding="utf-8")
///     >>> round.check(folder / "kokkola.json").ok
///     True
#[pyclass(frozen, module = "kultti")]
pub(crate) struct Round {
    pub(crate) round: Arc<core::Round>,
    pub(crate) language: Language,
}

/// Opens a round without holding the interpreter.
fn made(
    py: Python<'_>,
    language: Option<&str>,
    make: impl FnOnce() -> Result<core::Round> + Send + 'static,
) -> PyResult<Round> {
    let errors = argument::language_of_errors(language);
    let language = argument::language(language).map_err(|error| exception(py, &error, errors))?;
    let round = heard(py, make)?.map_err(|error| exception(py, &error, errors))?;
    Ok(Round {
        round: Arc::new(round),
        language,
    })
}

/// The stage of that name.
pub(crate) fn stage(name: &str, argument: &str) -> Result<Stage> {
    let known = || Stage::ALL.map(Stage::name).join(", ");
    Stage::parse(name).ok_or_else(|| argument::invalid(argument, &known(), name))
}

/// One path or several.
struct Paths(Vec<PathBuf>);

impl<'py> FromPyObject<'_, 'py> for Paths {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(path) = value.extract::<PathBuf>() {
            return Ok(Self(vec![path]));
        }
        let paths = || {
            let items = value.try_iter()?;
            items.map(|item| item?.extract()).collect::<PyResult<_>>()
        };
        let paths = paths().map(Self);
        paths.map_err(|_: PyErr| argument::expected("a path or a list of paths", value))
    }
}

/// What is found in forms: each by itself, or all that have come beside one another.
fn checked(round: &core::Round, forms: &[Answers], stage: Stage, whole_round: bool) -> Result<core::Check> {
    if whole_round && !forms.is_empty() {
        return core::check_round(round, forms, stage);
    }
    let mut found: Option<core::Check> = None;
    for form in forms {
        let one = core::check(round, form, stage)?;
        found = Some(match found {
            Some(others) => others.and(one),
            None => one,
        });
    }
    found.ok_or_else(|| argument::invalid("forms", "one at least", "[]"))
}

impl Round {
    fn document(&self) -> &core::RoundDocument {
        self.round.document()
    }

    fn failed(&self, py: Python<'_>, error: &Error) -> PyErr {
        exception(py, error, self.language)
    }

    fn measure(&self, asked: &core::Asked) -> AskedMeasure {
        let measure = self.round.catalogue().measure(&asked.measure);
        AskedMeasure {
            measure: asked.measure.to_string(),
            label: measure.map_or_else(String::new, |measure| measure.label.get(self.language).to_owned()),
            unit: measure.map_or_else(String::new, |measure| measure.unit.to_string()),
            required: asked.required,
        }
    }
}

#[pymethods]
impl Round {
    /// Makes a round of its recipe, ``round.toml``, and of what a release knows from before.
    ///
    /// The recipe names the measures, the municipalities, the period, the days, and the files of catalogues and rules beside
    /// it. The release gives last year's values, the inhabitants and the borders; a value that is missing there stays missing.
    ///
    /// Args:
    ///     recipe: The file of the recipe.
    ///     release: What is known from before; the example release without it.
    ///     language: ``"fi"``, ``"sv"`` or ``"en"`` for names and messages; that of ``kultti.language`` without it.
    ///
    /// Returns:
    ///     The round.
    ///
    /// Raises:
    ///     FileError: If the recipe or a file that it names cannot be read.
    ///     InvalidDataError: If the recipe breaks a rule; the message names the line and what is near.
    ///     InvalidArgumentError: If the language is another one.
    ///
    /// Examples:
    ///     >>> round = kultti.Round.define("round.toml", language="en")
    ///     >>> round.id, len(round.measures), [reporter.name for reporter in round.reporters]
    ///     ('libraries-2020', 2, ['Kokkola', 'Pietarsaari'])
    #[staticmethod]
    #[pyo3(signature = (recipe, release=None, *, language=None))]
    fn define(
        py: Python<'_>,
        recipe: PathBuf,
        release: Option<Bound<'_, Release>>,
        language: Option<&str>,
    ) -> PyResult<Self> {
        let known = release.map(|release| Arc::clone(&release.get().release));
        made(py, language, move || match known {
            Some(release) => core::Round::define(recipe, &release),
            None => {
                let example = release::Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
                core::Round::define(recipe, &example)
            }
        })
    }

    /// Opens the file of a round and checks it wholly: it may have been damaged on its way.
    ///
    /// Args:
    ///     path: The file, ``….round.json``.
    ///     language: ``"fi"``, ``"sv"`` or ``"en"`` for names and messages; that of ``kultti.language`` without it.
    ///
    /// Returns:
    ///     The round.
    ///
    /// Raises:
    ///     FileError: If the file cannot be read.
    ///     InvalidDataError: If it is no round, or a part of it breaks a rule.
    ///     InvalidArgumentError: If the language is another one.
    ///
    /// Examples:
    ///     >>> round = kultti.Round.open("libraries-2020.round.json", language="sv")
    ///     >>> round.label, round.due.isoformat()
    ///     ('Biblioteken 2020', '2021-04-30')
    #[staticmethod]
    #[pyo3(signature = (path, *, language=None))]
    fn open(py: Python<'_>, path: PathBuf, language: Option<&str>) -> PyResult<Self> {
        made(py, language, move || core::Round::open(path))
    }

    /// Writes the file of the round, which ``Round.open`` and the command line read. Equal rounds make equal bytes.
    ///
    /// The file has its name only when it is complete. Keep it with the forms: ``kultti check`` finds it there.
    ///
    /// Args:
    ///     path: The file; its name ends in ``.round.json``.
    ///
    /// Raises:
    ///     FileError: If the file cannot be written.
    ///
    /// Examples:
    ///     >>> round = kultti.Round.open("libraries-2020.round.json")
    ///     >>> round.write("copy.round.json")
    ///     >>> kultti.Round.open("copy.round.json").sha256 == round.sha256
    ///     True
    fn write(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        let written = py.detach(|| self.round.write_file(&path));
        written.map_err(|error| self.failed(py, &error))
    }

    /// Writes the form of a municipality, in the format that the ending says: ``.xlsx`` (a workbook with instructions, last
    /// year's values beside the cells and locked structure), ``.csv``, or ``.json`` for programs.
    ///
    /// Args:
    ///     area: The municipality: code or name.
    ///     path: The file.
    ///     language: The language of the form; the one that the round has for the municipality without it.
    ///     format: ``"xlsx"``, ``"csv"`` or ``"json"``, where the ending does not say it.
    ///
    /// Raises:
    ///     NotFoundError: If the round expects nothing of the area; the message names those like it.
    ///     InvalidArgumentError: If the format or the language is not known.
    ///     FileError: If the file cannot be written.
    ///
    /// Examples:
    ///     >>> round = kultti.Round.open("libraries-2020.round.json")
    ///     >>> round.write_form("Kokkola", "karleby.csv", language="sv")
    ///     >>> open("karleby.csv", encoding="utf-8-sig").read().count("Karleby") > 0
    ///     True
    #[pyo3(signature = (area, path, *, language=None, format=None))]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn write_form(
        &self,
        py: Python<'_>,
        area: &str,
        path: PathBuf,
        language: Option<&str>,
        format: Option<&str>,
    ) -> PyResult<()> {
        let written = py.detach(|| {
            let reporter = self.round.resolve(area)?;
            let language = match language {
                Some(code) => argument::language(Some(code))?,
                None => reporter.language(),
            };
            let format = format.map_or_else(|| FormFormat::of(&path), FormFormat::parse)?;
            Form::new(&self.round, &reporter.area, language)?.write_file(format, &path)
        });
        written.map_err(|error| self.failed(py, &error))
    }

    /// Tests filled forms by the rules of the round, as their receiver will: nothing is sent anywhere, no figure is changed.
    ///
    /// A rule that needs a figure that is missing is not broken; it is counted as not tested.
    ///
    /// Args:
    ///     forms: The filled form, workbook, CSV or JSON; or several, such as ``pathlib.Path("forms").glob("*.xlsx")``.
    ///     stage: The stage whose severities hold: ``"draft"``, ``"submitted"``, ``"approved"``, ``"final"`` or
    ///         ``"corrected"``.
    ///     whole_round: Whether the forms are all that have come, so that rules which compare them with one another apply too.
    ///
    /// Returns:
    ///     A ``Check``, with a row for each finding.
    ///
    /// Raises:
    ///     FileError: If a form cannot be read.
    ///     InvalidDataError: If it is no form, of another round, or its rows were moved.
    ///     NotFoundError: If the round expects nothing of its area.
    ///     InvalidArgumentError: If the stage is not known, or there is no form.
    ///
    /// Examples:
    ///     >>> round = kultti.Round.open("libraries-2020.round.json", language="en")
    ///     >>> check = round.check("kokkola.json")
    ///     >>> check.ok, check.errors, check.forms[0].answered
    ///     (True, 0, 2)
    #[pyo3(signature = (forms, *, stage="submitted", whole_round=false))]
    fn check(&self, py: Python<'_>, forms: Paths, stage: &str, whole_round: bool) -> PyResult<Py<Check>> {
        let stage = self::stage(stage, "stage").map_err(|error| self.failed(py, &error))?;
        let (round, paths) = (Arc::clone(&self.round), forms.0.clone());
        let checked = heard(py, move || {
            let read = |path: &PathBuf| FormFile::open(path)?.answers(&round);
            let answers = paths.iter().map(read).collect::<Result<Vec<_>>>()?;
            let check = checked(&round, &answers, stage, whole_round)?;
            Ok((check, answers))
        })?;
        let (check, answers) = checked.map_err(|error| self.failed(py, &error))?;
        let only = answers
            .into_iter()
            .zip(forms.0)
            .filter(|_| check.forms.len() == 1);
        let only = only
            .last()
            .map(|(answers, path)| (Arc::clone(&self.round), answers, path));
        Check::of(py, Arc::new(check), only.map(Arc::new), self.language)
    }

    /// Everything that the round says, as dicts and lists.
    ///
    /// Returns:
    ///     The dict that ``kultti round show --format json`` writes.
    ///
    /// Examples:
    ///     >>> round = kultti.Round.open("libraries-2020.round.json")
    ///     >>> round.to_dict()["territory"]
    ///     '2020-01-01'
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let json = py.detach(|| RoundCard(&self.round).json(self.language).to_string());
        py.import("json")?.call_method1("loads", (json,))
    }

    /// Identifier.
    #[getter]
    fn id(&self) -> &str {
        &self.document().id
    }

    /// SHA-256 of the file, in hexadecimal: two rounds that differ in anything differ in this.
    #[getter]
    fn sha256(&self) -> &str {
        self.round.sha256()
    }

    /// The language of names and messages.
    #[getter]
    fn language(&self) -> &'static str {
        self.language.code()
    }

    /// The name.
    #[getter]
    fn label(&self) -> &str {
        self.document().label.get(self.language)
    }

    /// What answerers should know.
    #[getter]
    fn instructions(&self) -> &str {
        self.document().instructions.get(self.language)
    }

    /// Whom to ask.
    #[getter]
    fn contact(&self) -> &str {
        &self.document().contact
    }

    /// The period that is asked for, text.
    #[getter]
    fn period(&self) -> String {
        self.document().period.to_string()
    }

    /// The period before, whose values the forms show; ``None`` where nothing is known.
    #[getter]
    fn previous_period(&self) -> Option<String> {
        self.document().previous_period.map(|period| period.to_string())
    }

    /// The borders that the answers stand on, by the first day on which they hold: a ``date``.
    #[getter]
    fn territory(&self) -> Day {
        Day(self.document().territory)
    }

    /// ``"actual"``, ``"budget"`` or ``"forecast"``.
    #[getter]
    fn scenario(&self) -> &'static str {
        self.document().scenario.name()
    }

    /// The first day of answering.
    #[getter]
    fn opens(&self) -> Day {
        Day(self.document().opens)
    }

    /// The last day of answering; later answers are taken and marked as late.
    #[getter]
    fn due(&self) -> Day {
        Day(self.document().due)
    }

    /// The last day on which answers are taken; ``None`` where there is none.
    #[getter]
    fn closes(&self) -> Option<Day> {
        self.document().closes.map(Day)
    }

    /// Where the ledger is that the round names: an address, or a folder beside the round's file; ``None`` where it names none.
    #[getter]
    fn ledger(&self) -> Option<String> {
        self.round.ledger().ok()
    }

    /// What is asked, in the order of the form.
    #[getter]
    fn measures(&self) -> Many<AskedMeasure> {
        let asked = self.document().asked.iter();
        asked.map(|asked| self.measure(asked)).collect()
    }

    /// Who is expected to answer.
    #[getter]
    fn reporters(&self) -> Many<Reporter> {
        let reporter = |reporter: &core::Reporter| Reporter {
            area: reporter.area.to_string(),
            name: reporter.name.get(self.language).to_owned(),
            language: reporter.language.clone(),
        };
        self.document().reporters.iter().map(reporter).collect()
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        py.detach(|| as_text(&RoundCard(&self.round), self.language))
    }

    /// The round as a fragment of HTML for notebooks.
    ///
    /// Examples:
    ///     >>> html = kultti.Round.open("libraries-2020.round.json", language="sv")._repr_html_()
    ///     >>> html.startswith('<div class="kultti" lang="sv">')
    ///     True
    fn _repr_html_(&self, py: Python<'_>) -> String {
        py.detach(|| as_html(&RoundCard(&self.round), self.language))
    }
}
