//! What every result of Kultti is in Python: something that Arrow readers, notebooks and people can read.

use crate::argument::{self, BordersArgument, Texts};
use crate::chart::{Chart, Pictured};
use crate::cite;
use crate::cube::warn;
use crate::derivation::ResultExplanation;
use crate::error::exception;
use crate::interrupt::heard;
use crate::record::{Many, Note};
use crate::spelling::{in_python, texts_in_python};
use crate::to_frame;
use arrow_array::{Array, ArrayRef, RecordBatch, StructArray};
use arrow_schema::Field;
use kultti_core::chart::{ChartFormat, ChartOptions, Drawn, without_chart, write_chart_file};
use kultti_core::compare::{self as core, Context, Derived};
use kultti_core::export::{
    Block, Citation, Document, Export, TextOptions, to_html, to_record_batch, to_text, write_result_file,
};
use kultti_core::language::{Language, Message};
use kultti_core::release::Release;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use pyo3_arrow::error::PyArrowResult;
use pyo3_arrow::ffi::{ArrayIterator, to_schema_pycapsule, to_stream_pycapsule};
use std::path::PathBuf;
use std::sync::Arc;

/// Columns of a text: what fits beside a prompt.
const WIDTH: usize = 88;

/// A table up to this long is shown whole.
const WHOLE: usize = 25;

/// Rows shown of a longer one.
const SHOWN: usize = 10;

/// Rows shown of all the tables of a result; after them each shows its first [`LEAST`].
const MOST: usize = 50;
const LEAST: usize = 3;

/// Anything that can be read as a table.
///
/// It speaks the Arrow PyCapsule interface, so ``pyarrow.table(x)``, ``polars.DataFrame(x)``,
/// ``pandas.DataFrame.from_arrow(x)`` and DuckDB read it without a copy and without Kultti knowing them. Where there is
/// no value the table has a null.
#[pyclass(frozen, subclass, module = "kultti")]
pub(crate) struct Table {
    source: Arc<dyn Export + Send + Sync>,
    /// The same result as what can be drawn, if it can.
    picture: Option<Arc<dyn Drawn + Send + Sync>>,
    language: Language,
}

impl Table {
    pub(crate) fn new(source: Arc<impl Export + Send + Sync + 'static>, language: Language) -> Self {
        Self {
            source,
            picture: None,
            language,
        }
    }

    /// The table of a result that can be drawn.
    pub(crate) fn drawn(
        source: Arc<impl Export + Drawn + Send + Sync + 'static>,
        language: Language,
    ) -> Self {
        Self {
            picture: Some(Arc::clone(&source) as Arc<dyn Drawn + Send + Sync>),
            source,
            language,
        }
    }

    /// The chart of the result.
    pub(crate) fn plot(&self, py: Python<'_>, options: &ChartOptions) -> PyResult<Chart> {
        let picture = self.picture.as_ref();
        let made = py.detach(|| {
            let picture = picture.ok_or_else(|| without_chart("".as_ref()))?;
            picture.chart(options, self.language)
        });
        let made = made.map_err(|error| exception(py, &error, self.language))?;
        Ok(Chart::new(made))
    }

    /// The chart of a kind, with some areas or groups marked.
    pub(crate) fn plot_as(&self, py: Python<'_>, kind: &str, mark: Option<Texts>) -> PyResult<Chart> {
        let kind = kind
            .parse()
            .map_err(|error| exception(py, &error, self.language))?;
        let options = ChartOptions {
            kind: Some(kind),
            mark: mark.map(Texts::whole).unwrap_or_default(),
        };
        self.plot(py, &options)
    }

    fn batch(&self, py: Python<'_>) -> PyArrowResult<RecordBatch> {
        Ok(py.detach(|| to_record_batch(&self.source.table(self.language)))?)
    }
}

#[pymethods]
impl Table {
    /// Exports the table as an Arrow stream.
    ///
    /// Args:
    ///     requested_schema: A schema to cast to, as the interface has it.
    ///
    /// Returns:
    ///     A capsule named ``arrow_array_stream``.
    ///
    /// Examples:
    ///     >>> groups = kultti.example().groups("library.loans_per_inhabitant", by="region")
    ///     >>> type(groups.__arrow_c_stream__()).__name__
    ///     'PyCapsule'
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyArrowResult<Bound<'py, PyCapsule>> {
        let batch = self.batch(py)?;
        let array: ArrayRef = Arc::new(StructArray::from(batch));
        let field = Arc::new(Field::new("", array.data_type().clone(), false));
        let reader = ArrayIterator::new([Ok(array)], field);
        to_stream_pycapsule(py, Box::new(reader), requested_schema)
    }

    /// Exports the table's schema.
    ///
    /// Returns:
    ///     A capsule named ``arrow_schema``.
    ///
    /// Examples:
    ///     >>> groups = kultti.example().groups("library.loans_per_inhabitant", by="region")
    ///     >>> type(groups.__arrow_c_schema__()).__name__
    ///     'PyCapsule'
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyArrowResult<Bound<'py, PyCapsule>> {
        to_schema_pycapsule(py, self.batch(py)?.schema_ref().as_ref())
    }

    /// Turns the result into the JSON form's dicts and lists.
    ///
    /// Returns:
    ///     A dict for a comparison or explanation, else a list with a dict for each row.
    ///
    /// Examples:
    ///     >>> release = kultti.example()
    ///     >>> c = release.compare("culture.net_operating_cost_per_inhabitant", "Kokkola", period=2019)
    ///     >>> c.to_dict()["position"]["rank"]
    ///     46
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        py.import("json")?.call_method1("loads", (self.to_json(py)?,))
    }

    /// Writes the result as JSON.
    ///
    /// Returns:
    ///     The text, the same as ``kultti --format json`` gives, on one line; notes name keywords instead of options.
    ///
    /// Examples:
    ///     >>> release = kultti.example()
    ///     >>> c = release.compare("culture.net_operating_cost_per_inhabitant", "Kokkola", period=2019)
    ///     >>> c.to_json()[:60]
    ///     '{"schema":1,"indicator":"culture.net_operating_cost_per_inha'
    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        let text = py.detach(|| {
            let mut json = self.source.json(self.language);
            texts_in_python(&mut json);
            serde_json::to_string(&json)
        });
        text.map_err(|cause| PyRuntimeError::new_err(cause.to_string()))
    }

    /// Writes the result to a file, in the format that its ending says: ``.csv``, ``.tsv``, ``.xlsx``, ``.parquet`` and
    /// ``.arrow`` hold the table; ``.px``, ``.jsonstat`` and ``.sdmx.csv`` hold it as a cube with labels, units and notes in
    /// three languages; ``.json``, ``.jsonl``, ``.md``, ``.html`` and ``.txt`` are the answer as it is shown at a shell; ``.svg``
    /// and ``.vl.json`` are its chart, as a picture and as Vega-Lite.
    ///
    /// The file has its name only when it is complete. What the format cannot hold is said in a ``TableWarning``.
    ///
    /// Args:
    ///     path: The file.
    ///     format: The format, where the ending does not say it: as the endings, and ``"table"`` for text.
    ///
    /// Raises:
    ///     InvalidArgumentError: If the format is not known, or is one of cubes and the result a list, or one of charts and the
    ///         result has none.
    ///     InvalidDataError: If the ending says no format.
    ///     FileError: If the file cannot be written.
    ///
    /// Examples:
    ///     >>> import tempfile, pyarrow.parquet
    ///     >>> groups = kultti.example().groups("library.loans_per_inhabitant", by="region", period=2019)
    ///     >>> with tempfile.TemporaryDirectory() as folder:
    ///     ...     groups.write(folder + "/groups.parquet")
    ///     ...     pyarrow.parquet.read_table(folder + "/groups.parquet").num_rows
    ///     19
    #[pyo3(signature = (path, format=None))]
    pub(crate) fn write(&self, py: Python<'_>, path: PathBuf, format: Option<&str>) -> PyResult<()> {
        let written = py.detach(|| {
            if let (Some(format), None) = (ChartFormat::of(&path), format) {
                let picture = self.picture.as_ref().ok_or_else(|| without_chart(&path))?;
                let chart = picture.chart(&ChartOptions::default(), self.language)?;
                return write_chart_file(&chart, format, &path).map(|()| Vec::new());
            }
            let format = format.map(str::parse).transpose()?;
            write_result_file(&*self.source, format, self.language, &path)
        });
        let lost = written.map_err(|error| exception(py, &error, self.language))?;
        warn(py, &lost, self.language)
    }

    /// Gives the table to pyarrow (``pip install 'kultti[arrow]'``).
    ///
    /// Codes, ids and periods are text with their leading zeros, figures ``double``, counts and ranks ``int64``, yes and no
    /// ``bool``. Where there is no value the table has a null, and the column ``missing`` has the code of the reason.
    ///
    /// Returns:
    ///     A ``pyarrow.Table``.
    ///
    /// Raises:
    ///     MissingPackageError: If pyarrow is not installed.
    ///
    /// Examples:
    ///     >>> groups = kultti.example().groups("library.loans_per_inhabitant", by="region", period=2019)
    ///     >>> groups.to_arrow().column("group")[0].as_py()
    ///     '01'
    fn to_arrow<'py>(this: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        to_frame::arrow(this.as_any(), this.get().language)
    }

    /// Gives the table to polars (``pip install 'kultti[polars]'``).
    ///
    /// Types as in ``to_arrow``; a missing value is null, never NaN.
    ///
    /// Returns:
    ///     A ``polars.DataFrame``.
    ///
    /// Raises:
    ///     MissingPackageError: If polars is not installed.
    ///
    /// Examples:
    ///     >>> ranking = kultti.example().rank("library.loans_per_inhabitant", order="desc", period=2019)
    ///     >>> ranking.to_polars()["value"].is_nan().any()
    ///     False
    fn to_polars<'py>(this: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        to_frame::polars(this.as_any(), this.get().language)
    }

    /// Gives the table to pandas (``pip install 'kultti[pandas]'``).
    ///
    /// Text is ``str`` with its leading zeros, figures ``float64`` (a missing one is NaN, as pandas has it, with its reason in
    /// the column ``missing``), counts and ranks ``Int64``, yes and no ``boolean``: the types that can be missing, so that a
    /// column has the same type in every table.
    ///
    /// Returns:
    ///     A ``pandas.DataFrame``.
    ///
    /// Raises:
    ///     MissingPackageError: If pandas or pyarrow is not installed.
    ///
    /// Examples:
    ///     >>> ranking = kultti.example().rank("library.loans_per_inhabitant", order="desc", period=2019)
    ///     >>> [str(ranking.to_pandas()[name].dtype) for name in ("code", "value", "rank")]
    ///     ['str', 'float64', 'Int64']
    fn to_pandas<'py>(this: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        to_frame::pandas(this.as_any(), this.get().language)
    }

    /// Sets the table for publication with great_tables (``pip install 'kultti[tables]'``): title, headers, numbers in the
    /// language of the result, reasons where there is no value, and the sources below.
    ///
    /// Its rows are all those of the table that the result shows first; ``to_polars`` and ``to_pandas`` have every column.
    ///
    /// Returns:
    ///     A ``great_tables.GT``, which can be styled further.
    ///
    /// Raises:
    ///     MissingPackageError: If great_tables or pandas is not installed.
    ///
    /// Examples:
    ///     >>> groups = kultti.example(language="fi").groups("library.loans_per_inhabitant", by="region", period=2019)
    ///     >>> "Ahvenanmaa" in groups.to_gt().as_raw_html() or "Uusimaa" in groups.to_gt().as_raw_html()
    ///     True
    fn to_gt<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let document = py.detach(|| self.source.document(self.language));
        to_frame::great_table(py, &document, self.language)
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        py.detach(|| as_text(&*self.source, self.language))
    }

    /// The result as a fragment of HTML for notebooks: headed tables, no script, no style sheet.
    ///
    /// Examples:
    ///     >>> html = kultti.example(language="sv").areas("Karleby")._repr_html_()
    ///     >>> html.startswith('<div class="kultti" lang="sv">')
    ///     True
    fn _repr_html_(&self, py: Python<'_>) -> String {
        py.detach(|| as_html(&*self.source, self.language))
    }
}

/// What a prompt shows.
pub(crate) fn as_text(source: &dyn Export, language: Language) -> String {
    let options = TextOptions {
        width: WIDTH,
        styled: false,
    };
    let document = shortened(source.document(language), language);
    to_text(&document, options).trim_matches('\n').to_owned()
}

/// What a notebook shows.
pub(crate) fn as_html(source: &dyn Export, language: Language) -> String {
    to_html(&shortened(source.document(language), language))
}

/// A document for Python: its long tables show their first rows and how many more there are, its sentences name keywords.
fn shortened(mut document: Document, language: Language) -> Document {
    let mut blocks = Vec::new();
    let mut room = MOST;
    for mut block in document.blocks {
        let mut left = 0;
        match &mut block {
            Block::Grid(grid) => {
                let rows = grid.rows.len();
                let shown = if rows > WHOLE { SHOWN } else { rows };
                let shown = shown.min(room.max(LEAST));
                room = room.saturating_sub(shown);
                left = rows - shown;
                grid.rows.truncate(shown);
            }
            Block::Paragraph(text) => *text = in_python(text),
            Block::List { items, .. } | Block::Footer(items) => {
                for text in items {
                    *text = in_python(text);
                }
            }
            _ => {}
        }
        blocks.push(block);
        if left > 0 {
            blocks.push(Block::Paragraph(
                Message::new("word.more-rows")
                    .with("count", left)
                    .render(language),
            ));
        }
    }
    document.blocks = blocks;
    document
}

/// The answer to a question about one indicator: what all its figures have in common.
#[pyclass(frozen, subclass, extends = Table, name = "Result", module = "kultti")]
pub(crate) struct Answer {
    answer: Arc<dyn Answered>,
    release: Arc<Release>,
    language: Language,
}

/// A result that says what its figures have in common and what to keep in mind.
pub(crate) trait Answered: Export + Derived + Pictured + Send + Sync {
    fn notes(&self) -> &[core::Note];

    /// The same answer as an object in another language.
    fn in_language(
        self: Arc<Self>,
        py: Python<'_>,
        release: &Arc<Release>,
        language: Language,
    ) -> PyResult<Py<PyAny>>;
}

macro_rules! answered {
    ($($module:ident::$result:ident),*) => {$(
        impl Answered for core::$result {
            fn notes(&self) -> &[core::Note] {
                &self.notes
            }

            fn in_language(
                self: Arc<Self>,
                py: Python<'_>,
                release: &Arc<Release>,
                language: Language,
            ) -> PyResult<Py<PyAny>> {
                let made = crate::$module::$result::of(py, release, self, language)?;
                Ok(made.into_any())
            }
        }
    )*};
}

answered!(
    change::Change,
    comparison::Comparison,
    composition::Composition,
    ranking::Ranking,
    groups::Groups,
    inequality::Inequality,
    intervals::Intervals,
    trend::Trend,
    explanation::Explanation,
    expected::Expected,
    cost_per_use::CostPerUse
);

impl Answer {
    /// The two base objects of an answer.
    pub(crate) fn of(
        release: &Arc<Release>,
        answer: Arc<impl Answered + 'static>,
        language: Language,
    ) -> PyClassInitializer<Self> {
        let source = Arc::clone(&answer);
        let picture = Arc::clone(&answer).picture();
        let table = Table {
            source,
            picture,
            language,
        };
        PyClassInitializer::from(table).add_subclass(Self {
            answer,
            release: Arc::clone(release),
            language,
        })
    }

    fn context(&self) -> &Context {
        self.answer.context()
    }
}

#[pymethods]
impl Answer {
    /// The indicator's id.
    #[getter]
    fn indicator(&self) -> &str {
        self.context().indicator.as_str()
    }

    /// The definition used: ``id@version``.
    #[getter]
    fn definition(&self) -> &str {
        &self.context().definition
    }

    /// The indicator's name.
    #[getter]
    fn label(&self) -> &str {
        self.context().label.get(self.language)
    }

    /// What the indicator tells.
    #[getter]
    fn description(&self) -> &str {
        self.context().description.get(self.language)
    }

    /// The unit, such as ``"EUR/inhabitant"``.
    #[getter]
    fn unit(&self) -> String {
        self.context().unit.to_string()
    }

    /// Decimals that the figures are shown with; the values themselves are not rounded.
    #[getter]
    fn decimals(&self) -> usize {
        self.context().decimals
    }

    /// The scope of functions, if the indicator has one.
    #[getter]
    fn scope(&self) -> Option<String> {
        self.context().scope.as_ref().map(ToString::to_string)
    }

    /// Real prices, such as ``"cpi@2018"``; ``None`` for the money of each year.
    #[getter]
    fn price_basis(&self) -> Option<String> {
        self.context().price_basis.as_ref().map(ToString::to_string)
    }

    /// Whether each figure is one of three years.
    #[getter]
    fn three_year(&self) -> bool {
        self.context().three_year
    }

    /// The borders: an ISO date, or ``"then"``.
    #[getter]
    fn territory(&self) -> &str {
        &self.context().territory
    }

    /// The id of the release.
    #[getter]
    fn release(&self) -> &str {
        &self.context().release
    }

    /// Gives the same answer in another language: names, notes, texts and errors. Nothing is computed again.
    ///
    /// Args:
    ///     language: ``"fi"``, ``"sv"`` or ``"en"``.
    ///
    /// Returns:
    ///     The answer; this one stays as it is.
    ///
    /// Raises:
    ///     InvalidArgumentError: If the language is another one.
    ///
    /// Examples:
    ///     >>> c = kultti.example(language="fi").compare("library.loans_per_inhabitant", "Kokkola", period=2019)
    ///     >>> c.in_language("sv").area.name
    ///     'Karleby'
    fn in_language(&self, py: Python<'_>, language: &str) -> PyResult<Py<PyAny>> {
        let wanted = argument::language(Some(language));
        let wanted = wanted.map_err(|error| exception(py, &error, self.language))?;
        Arc::clone(&self.answer).in_language(py, &self.release, wanted)
    }

    /// Says how the answer is cited: the registers of its figures as their publishers want to be cited, the release, and the
    /// question as it can be put again.
    ///
    /// Args:
    ///     language: ``"fi"``, ``"sv"`` or ``"en"``; that of the answer without it.
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
    ///     >>> c = release.compare("culture.net_operating_cost_per_inhabitant", "Kokkola", period=2019)
    ///     >>> print(c.cite("fi").splitlines()[0])
    ///     Tilastokeskus: Kuntien talous ja toiminta [verkkojulkaisu]. Helsinki: Tilastokeskus [viitattu: ...
    ///     >>> [item["type"] for item in c.cite(style="csl-json")]
    ///     ['dataset', 'dataset', 'dataset', 'software']
    #[pyo3(signature = (language=None, style="text", *, accessed=None))]
    fn cite<'py>(
        &self,
        py: Python<'py>,
        language: Option<&str>,
        style: &str,
        accessed: Option<BordersArgument>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let citation = Citation::of_answer(&self.release, self.context());
        cite::written(py, citation, (language, self.language), style, accessed)
    }

    /// Walks the result back to the observations it was made of.
    ///
    /// Returns:
    ///     A ``ResultExplanation``: the steps of the calculation with numbers in them, every figure that entered with its
    ///     formula filled in and the observations behind it, and who was left out and why. As a table it has one row for
    ///     each observation.
    ///
    /// Raises:
    ///     InvalidDataError: If the release has been altered.
    ///
    /// Examples:
    ///     >>> groups = kultti.example(language="en").groups("library.net_operating_cost_per_inhabitant", by="country")
    ///     >>> why = groups.explain()
    ///     >>> why.steps[0].formula, len(why.inputs[0].figures) == groups[0].n
    ///     ('m·Σn/Σd', True)
    fn explain(&self, py: Python<'_>) -> PyResult<Py<ResultExplanation>> {
        let (answer, release) = (Arc::clone(&self.answer), Arc::clone(&self.release));
        let explained = heard(py, move || {
            let derived: &dyn Derived = &*answer;
            release.explain_result(derived)
        })?;
        let explained = explained.map_err(|error| exception(py, &error, self.language))?;
        ResultExplanation::of(py, explained, self.language)
    }

    /// What to keep in mind.
    #[getter]
    fn notes(&self) -> Many<Note> {
        self.answer
            .notes()
            .iter()
            .map(|note| Note::new(note, self.language))
            .collect()
    }

    /// The registers, with publishers and licences.
    #[getter]
    fn sources(&self) -> Many<&str> {
        self.context()
            .sources
            .iter()
            .map(|source| source.get(self.language))
            .collect()
    }
}
