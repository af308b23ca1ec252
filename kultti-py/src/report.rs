//! What people read about one area, as a page.

use crate::error::exception;
use crate::record::Area;
use crate::table::Table;
use kultti_core::Error;
use kultti_core::language::Language;
use kultti_core::report::{self as core, ReportFormat, Templates};
use pyo3::prelude::*;
use std::path::PathBuf;
use std::sync::Arc;

/// What people read about one area: summary, key figures, costs by function, development, distribution, similar
/// municipalities, what to keep in mind, method and sources; the answer of ``Release.report``.
///
/// In a notebook it is shown as it is; ``write`` makes a page of it. As a table it has a row for each figure of the area and
/// of its groups, and for each period of the leading figure.
#[pyclass(frozen, extends = Table, module = "kultti")]
pub(crate) struct Report {
    report: Arc<core::Report>,
    language: Language,
}

impl Report {
    pub(crate) fn of(py: Python<'_>, report: core::Report, language: Language) -> PyResult<Py<Self>> {
        let report = Arc::new(report);
        let base = Table::new(Arc::clone(&report), language);
        Py::new(
            py,
            PyClassInitializer::from(base).add_subclass(Self { report, language }),
        )
    }

    fn made<T: Send>(
        &self,
        py: Python<'_>,
        make: impl FnOnce(&core::Report) -> Result<T, Error> + Send,
    ) -> PyResult<T> {
        let made = py.detach(|| make(&self.report));
        made.map_err(|error| exception(py, &error, self.language))
    }
}

pub(crate) fn templates(folder: Option<PathBuf>) -> Result<Templates, Error> {
    folder.map_or_else(|| Ok(Templates::default()), Templates::in_folder)
}

#[pymethods]
impl Report {
    /// The area.
    #[getter]
    fn area(&self) -> Area {
        Area::new(&self.report.area, self.language)
    }

    /// The indicators with figures, the leading one first: their ids.
    #[getter]
    fn indicators(&self) -> Vec<String> {
        let figures = self.report.figures.iter();
        figures
            .map(|figure| figure.comparison.context.indicator.to_string())
            .collect()
    }

    /// The same report in another language.
    ///
    /// Args:
    ///     language: ``"fi"``, ``"sv"`` or ``"en"``.
    ///
    /// Returns:
    ///     A ``Report``.
    ///
    /// Raises:
    ///     InvalidArgumentError: If Kultti does not speak the language.
    ///
    /// Examples:
    ///     >>> report = kultti.example(language="en").report("Kokkola")
    ///     >>> report.in_language("sv").area.name
    ///     'Karleby'
    fn in_language(&self, py: Python<'_>, language: &str) -> PyResult<Py<Self>> {
        let language = crate::argument::language(Some(language))
            .map_err(|error| exception(py, &error, self.language))?;
        Self::of(py, core::Report::clone(&self.report), language)
    }

    /// The report as one file of HTML: nothing is fetched and nothing runs; the figures are in it as CSV, XLSX and JSON-stat.
    ///
    /// Args:
    ///     templates: A folder with templates of your own, such as a ``style.css``.
    ///
    /// Returns:
    ///     The text of the page.
    ///
    /// Raises:
    ///     InvalidArgumentError: If the folder holds no template of a known name.
    ///     InvalidDataError: If a template does not fit.
    ///
    /// Examples:
    ///     >>> page = kultti.example(language="en").report("Kokkola").to_html()
    ///     >>> "<h1>Kokkola (Karleby)</h1>" in page
    ///     True
    #[pyo3(signature = (templates=None))]
    fn to_html(&self, py: Python<'_>, templates: Option<PathBuf>) -> PyResult<String> {
        self.made(py, |report| {
            report.to_html(&self::templates(templates)?, self.language)
        })
    }

    /// Writes the report to a file, in the format that its ending says: ``.html`` (one file, without script), ``.pdf`` (tagged;
    /// printed by the Chromium of the machine), ``.xlsx`` (a sheet for each section), ``.md``, ``.txt``; ``.csv``, ``.tsv``,
    /// ``.json``, ``.jsonl``, ``.jsonstat``, ``.parquet`` and ``.arrow`` hold the figures alone.
    ///
    /// Args:
    ///     path: The file.
    ///     format: The format, where the ending does not say it: ``"html"``, ``"md"``, ``"xlsx"``, ``"pdf"`` and so on.
    ///     templates: A folder with templates of your own.
    ///
    /// Raises:
    ///     InvalidArgumentError: If a report is not written in the format.
    ///     NotFoundError: If a PDF is asked for and no browser is found that could print it.
    ///     FileError: If the file cannot be written.
    ///
    /// Examples:
    ///     >>> import pathlib, tempfile
    ///     >>> report = kultti.example(language="fi").report("Kokkola")
    ///     >>> with tempfile.TemporaryDirectory() as folder:
    ///     ...     report.write(folder + "/kokkola.html")
    ///     ...     pathlib.Path(folder, "kokkola.html").read_text(encoding="utf-8")[:15]
    ///     '<!DOCTYPE html>'
    #[pyo3(signature = (path, format=None, *, templates=None))]
    fn write(
        &self,
        py: Python<'_>,
        path: PathBuf,
        format: Option<&str>,
        templates: Option<PathBuf>,
    ) -> PyResult<()> {
        self.made(py, |report| {
            let format = match format {
                Some(format) => format.parse()?,
                None => ReportFormat::of(&path)?,
            };
            report.write_file(format, &self::templates(templates)?, self.language, &path)
        })
    }
}
