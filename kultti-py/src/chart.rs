//! Charts: what a result shows as a picture.

use crate::error::exception;
use crate::table::Table;
use crate::to_frame;
use kultti_core::Error;
use kultti_core::chart::{self as core, ChartFormat, ChartKind, Drawn, Mark, Row, write_chart_file};
use kultti_core::compare;
use kultti_core::export::{self, Align, Block, Document, Export, Grid, Value};
use kultti_core::language::Language;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::path::PathBuf;
use std::sync::Arc;

/// The extra that draws Vega-Lite.
const EXTRA: &str = "plot";

/// The version of Vega-Lite that a page of its own is made with: the last of those that the specification is written for.
const VEGA_LITE: &str = "5.20";

/// A chart of a result: what it says in words, its figures, and the picture.
///
/// A notebook shows it by itself, also without a network. Its texts and numbers are in the language of the release, estimated
/// and provisional values are hollow, and a missing one is named with its reason. The figures are in ``data``.
#[pyclass(frozen, module = "kultti")]
pub(crate) struct Chart {
    chart: Arc<core::Chart>,
}

impl Chart {
    pub(crate) fn new(chart: core::Chart) -> Self {
        Self {
            chart: Arc::new(chart),
        }
    }

    fn fail(&self, py: Python<'_>, error: &Error) -> PyErr {
        exception(py, error, self.chart.language)
    }

    /// A module of the extra.
    fn package<'py>(&self, py: Python<'py>, module: &str) -> PyResult<Bound<'py, PyModule>> {
        to_frame::package(py, module, EXTRA, self.chart.language)
    }

    fn specification<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let text = py.detach(|| self.chart.to_vega_lite().to_string());
        py.import("json")?.call_method1("loads", (text,))
    }
}

#[pymethods]
impl Chart {
    /// What it shows: ``"distribution"``, ``"peers"``, ``"rank"``, ``"trend"``, ``"groups"``, ``"change"``,
    /// ``"composition"``, ``"slope"`` or ``"multiples"``.
    #[getter]
    fn kind(&self) -> &'static str {
        self.chart.kind.name()
    }

    /// What it is about.
    #[getter]
    fn title(&self) -> &str {
        &self.chart.title
    }

    /// One sentence with what is to be seen, made from the figures: the text for those who do not see the picture.
    #[getter]
    fn description(&self) -> &str {
        &self.chart.description
    }

    /// The figures, a row for each: a table for pandas, polars and all that read Arrow.
    #[getter]
    fn data(&self) -> Table {
        Table::new(Arc::new(Figures(Arc::clone(&self.chart))), self.chart.language)
    }

    /// Draws the chart as SVG: one static picture without script.
    ///
    /// Args:
    ///     width: Its width in CSS pixels, 280 at least; words keep their size, so a narrow page takes a narrow chart.
    ///
    /// Returns:
    ///     The text of the SVG, the same for the same chart.
    ///
    /// Examples:
    ///     >>> c = kultti.example(language="en").compare("library.loans_per_inhabitant", "Kokkola", period=2019)
    ///     >>> svg = c.plot().to_svg(width=360)
    ///     >>> svg.startswith("<svg "), "<script" in svg
    ///     (True, False)
    #[pyo3(signature = (width=720.0))]
    fn to_svg(&self, py: Python<'_>, width: f64) -> String {
        py.detach(|| self.chart.to_svg(width))
    }

    /// Writes the chart as a Vega-Lite specification (version 5, valid in 6 too) with its data inside.
    ///
    /// Returns:
    ///     The specification.
    ///
    /// Examples:
    ///     >>> spec = kultti.example().trend("library.loans_per_inhabitant", "Kokkola").plot().to_vega_lite()
    ///     >>> spec["$schema"], spec["config"]["locale"]["number"]["decimal"]
    ///     ('https://vega.github.io/schema/vega-lite/v5.json', ',')
    fn to_vega_lite<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.specification(py)
    }

    /// Gives the chart to Altair, to go on with (``pip install 'kultti[plot]'``).
    ///
    /// Returns:
    ///     An ``altair.LayerChart``; of small multiples an ``altair.VConcatChart``.
    ///
    /// Raises:
    ///     MissingPackageError: If Altair is not installed.
    ///
    /// Examples:
    ///     >>> chart = kultti.example().trend("library.loans_per_inhabitant", "Kokkola").plot().to_altair()
    ///     >>> type(chart.properties(width=400)).__name__
    ///     'LayerChart'
    fn to_altair<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let altair = self.package(py, "altair")?;
        let specification = self.specification(py)?;
        // Small multiples stand above one another; all else lies in layers.
        let class = match self.chart.kind {
            ChartKind::Multiples => "VConcatChart",
            _ => "LayerChart",
        };
        altair.getattr(class)?.call_method1("from_dict", (specification,))
    }

    /// Writes the chart to a file, in the format that its ending says: ``.svg``; ``.png``, drawn with the fonts of this machine;
    /// ``.json`` for Vega-Lite; ``.pdf`` and ``.html`` (a page that works without a network) with ``pip install 'kultti[plot]'``.
    ///
    /// Args:
    ///     path: The file.
    ///
    /// Raises:
    ///     InvalidArgumentError: If charts have no such format.
    ///     MissingPackageError: If the format needs a package that is not installed.
    ///     NotFoundError: If a PNG was asked for and no font of this machine has its letters.
    ///     FileError: If the file cannot be written.
    ///
    /// Examples:
    ///     >>> import pathlib, tempfile
    ///     >>> chart = kultti.example().trend("library.loans_per_inhabitant", "Kokkola").plot()
    ///     >>> with tempfile.TemporaryDirectory() as folder:
    ///     ...     chart.save(folder + "/loans.png")
    ///     ...     pathlib.Path(folder, "loans.png").read_bytes()[1:4]
    ///     b'PNG'
    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        let ending = path
            .extension()
            .map(|ending| ending.to_string_lossy().to_lowercase());
        let ending = ending.unwrap_or_default();
        let write = |format| {
            let written = py.detach(|| write_chart_file(&self.chart, format, &path));
            written.map_err(|error| self.fail(py, &error))
        };
        match ending.as_str() {
            "svg" => return write(ChartFormat::Svg),
            "png" => return write(ChartFormat::Png),
            "json" => return write(ChartFormat::VegaLite),
            "pdf" | "html" => {}
            _ => {
                let known = [".svg", ".png", ".json", ".pdf", ".html"];
                let unknown = Error::UnknownChartFormat {
                    path: path.display().to_string(),
                    known: known.map(str::to_owned).to_vec(),
                };
                return Err(self.fail(py, &unknown));
            }
        }
        let converter = self.package(py, "vl_convert")?;
        let bytes: Vec<u8> = match ending.as_str() {
            "html" => {
                let keywords = PyDict::new(py);
                keywords.set_item("bundle", true)?;
                keywords.set_item("vl_version", VEGA_LITE)?;
                let page =
                    converter.call_method("vegalite_to_html", (self.specification(py)?,), Some(&keywords))?;
                page.extract::<String>()?.into_bytes()
            }
            _ => converter
                .call_method1("svg_to_pdf", (self.chart.to_svg(720.0),))?
                .extract()?,
        };
        let written = py.detach(|| core::write_whole(&path, &bytes));
        written.map_err(|error| self.fail(py, &error))
    }

    fn __repr__(&self) -> String {
        format!("{}\n{}", self.chart.title, self.chart.description)
    }

    /// What notebooks show: Vega-Lite where it is drawn (JupyterLab does, without a network), else the SVG, else the words.
    ///
    /// Args:
    ///     include: The media types wanted; all without it.
    ///     exclude: Media types not wanted.
    ///
    /// Returns:
    ///     The forms by media type.
    ///
    /// Examples:
    ///     >>> chart = kultti.example().trend("library.loans_per_inhabitant", "Kokkola").plot()
    ///     >>> list(chart._repr_mimebundle_())
    ///     ['text/plain', 'image/svg+xml', 'application/vnd.vegalite.v5+json']
    #[pyo3(signature = (include=None, exclude=None))]
    fn _repr_mimebundle_<'py>(
        &self,
        py: Python<'py>,
        include: Option<Bound<'py, PyAny>>,
        exclude: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let bundle = PyDict::new(py);
        let wanted = |kind: &str| -> PyResult<bool> {
            let kept = include
                .as_ref()
                .map_or(Ok(true), |include| include.contains(kind))?;
            let left = exclude
                .as_ref()
                .map_or(Ok(false), |exclude| exclude.contains(kind))?;
            Ok(kept && !left)
        };
        if wanted("text/plain")? {
            bundle.set_item("text/plain", self.__repr__())?;
        }
        if wanted("image/svg+xml")? {
            bundle.set_item("image/svg+xml", self.to_svg(py, 720.0))?;
        }
        const VEGA: &str = "application/vnd.vegalite.v5+json";
        if wanted(VEGA)? {
            bundle.set_item(VEGA, self.specification(py)?)?;
        }
        Ok(bundle)
    }
}

/// The figures of a chart, as any table.
struct Figures(Arc<core::Chart>);

impl Export for Figures {
    fn table(&self, language: Language) -> export::Table {
        let text = |text: &str| Value::Text(Some(text.to_owned()));
        let row = |(row, mark): (&Row, &Mark)| {
            vec![
                text(&row.name),
                text(&mark.code),
                text(&mark.name),
                text(mark.role.name()),
                text(&mark.period.to_string()),
                Value::Number(mark.value),
                text(&mark.status.to_string()),
                Value::Missing(mark.missing),
                Value::Number(mark.rank),
                text(&self.0.axis.unit),
            ]
        };
        export::Table {
            columns: vec![
                "row", "code", "name", "role", "period", "value", "status", "missing", "rank", "unit",
            ],
            rows: self.0.marks().map(row).collect(),
            notes: Vec::new(),
            language,
        }
    }

    fn document(&self, language: Language) -> Document {
        let table = self.0.table();
        let value = table.headers.len().saturating_sub(2);
        let side = |at| if at == value { Align::Right } else { Align::Left };
        let headers = table.headers.into_iter().enumerate();
        Document {
            language: language.code(),
            blocks: vec![
                Block::Grid(Grid {
                    caption: self.0.title.clone(),
                    headers: headers.map(|(at, header)| (header, side(at))).collect(),
                    rows: table.rows,
                }),
                Block::Footer(self.0.source.clone()),
            ],
        }
    }
}

/// Whether an answer can be drawn.
pub(crate) trait Pictured {
    /// The answer as what can be drawn; `None` where there is nothing to draw.
    fn picture(self: Arc<Self>) -> Option<Arc<dyn Drawn + Send + Sync>>;
}

macro_rules! pictured {
    ($($result:ident),*; without: $($other:ident),*) => {
        $(impl Pictured for compare::$result {
            fn picture(self: Arc<Self>) -> Option<Arc<dyn Drawn + Send + Sync>> {
                Some(self)
            }
        })*
        $(impl Pictured for compare::$other {
            fn picture(self: Arc<Self>) -> Option<Arc<dyn Drawn + Send + Sync>> {
                None
            }
        })*
    };
}

pictured!(
    Change, Comparison, Composition, Ranking, Groups, Trend;
    without: Inequality, Intervals, Explanation, Expected, CostPerUse
);
