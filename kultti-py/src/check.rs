//! What the rules of a round find in its forms.

use crate::argument;
use crate::error::exception;
use crate::record::{Many, records, shown};
use crate::table::Table;
use kultti_core::collection::{self as core, Answers, Form, FormFormat, PlacedFinding};
use kultti_core::export::to_sarif;
use kultti_core::language::Language;
use kultti_core::release::WholeFile;
use kultti_core::rules::{self, Severity};
use kultti_core::{Error, Result};
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

records! {
    /// A cell of a form.
    FormCell {
        /// The sheet; empty in a form that has none.
        sheet: String,
        /// The cell as people name it, such as ``"D14"``, or a line.
        cell: String,
    }

    /// A change that would mend a figure. Nothing is ever changed by a rule.
    Repair {
        /// The measure.
        measure: String,
        /// The value that would fit.
        value: f64,
    }

    /// Something that a rule found.
    Finding {
        /// A short id that the same finding always has; another value makes another finding. ``Ledger.waive`` takes it.
        finding: String,
        /// ``"error"`` stands in the way of approval, ``"warning"`` is to be corrected or explained, ``"note"`` is worth knowing.
        severity: &'static str,
        /// Whether a warning has been explained beside the figure.
        explained: bool,
        /// The rule.
        rule: String,
        /// Its version.
        version: u32,
        /// Code of the municipality, text.
        area: String,
        /// The period, text.
        period: String,
        /// The name of the form's file.
        document: String,
        /// The cells of the figures concerned, in the order of ``measures``.
        cells: Many<FormCell>,
        /// The figures concerned, the one to look at first in front.
        measures: Many<String>,
        /// Their values; ``None`` for one that is missing.
        values: Many<Option<f64>>,
        /// What was found in the figure tested, in its unit.
        observed: Option<f64>,
        /// What it was compared with.
        expected: Option<f64>,
        /// The change that would mend it, where one figure alone would.
        repair: Option<Repair>,
        /// What is wrong, with the calculation in figures, and what to do.
        message: String,
        /// What the reporter wrote beside the figures concerned.
        note: String,
    }

    /// A form that was checked.
    CheckedForm {
        /// The name of its file.
        document: String,
        /// SHA-256 of its file.
        sha256: String,
        /// Code of the municipality, text.
        area: String,
        /// Its name.
        name: String,
        /// Figures given, and figures with a reason why there are none.
        answered: usize,
        /// Figures asked.
        asked: usize,
    }

    /// How the tests of a rule ended.
    RuleCount {
        /// The rule.
        rule: String,
        /// Its version.
        version: u32,
        /// What must hold.
        label: String,
        /// Tests passed.
        passed: usize,
        /// Tests failed.
        failed: usize,
        /// Tests that could not be made, because something they need is missing.
        missing: usize,
    }
}

/// A form as it was checked: its round, what it says, and its file.
type CheckedFile = (Arc<core::Round>, Answers, PathBuf);

/// What the rules of a round find; the answer of ``Round.check`` and ``Ledger.findings``.
///
/// As a table it has one row for each finding, the gravest of each form first.
#[pyclass(frozen, extends = Table, module = "kultti")]
pub(crate) struct Check {
    check: Arc<core::Check>,
    form: Option<Arc<CheckedFile>>,
    language: Language,
}

impl Check {
    /// The check of what a ledger holds.
    pub(crate) fn of_ledger(py: Python<'_>, check: core::Check, language: Language) -> PyResult<Py<Self>> {
        Self::of(py, Arc::new(check), None, language)
    }

    /// The check of forms; of a single one with that.
    pub(crate) fn of(
        py: Python<'_>,
        check: Arc<core::Check>,
        form: Option<Arc<CheckedFile>>,
        language: Language,
    ) -> PyResult<Py<Self>> {
        let base = Table::new(Arc::clone(&check), language);
        let this = Self {
            check,
            form,
            language,
        };
        Py::new(py, PyClassInitializer::from(base).add_subclass(this))
    }

    fn finding(&self, placed: &PlacedFinding) -> Finding {
        let finding = &placed.finding;
        let cell = |place: &core::Place| FormCell {
            sheet: place.sheet.clone(),
            cell: place.cell.clone(),
        };
        let repair = |repair: &rules::Repair| Repair {
            measure: repair.measure.to_string(),
            value: repair.value,
        };
        Finding {
            finding: finding.id(),
            severity: finding.severity.name(),
            explained: placed.is_explained(),
            rule: finding.rule.clone(),
            version: finding.version,
            area: finding.area.to_string(),
            period: finding.period.to_string(),
            document: placed.document.clone(),
            cells: placed.places.iter().map(cell).collect(),
            measures: finding.measures.iter().map(ToString::to_string).collect(),
            values: finding.values.iter().copied().collect(),
            observed: finding.observed,
            expected: finding.expected,
            repair: finding.repair.as_ref().map(repair),
            message: finding.message.render(self.language),
            note: placed.note.clone(),
        }
    }

    fn write_sarif(&self, path: &Path) -> Result<()> {
        let mut file = WholeFile::create(path)?;
        let written = writeln!(file, "{:#}", to_sarif(&self.check, self.language));
        written.map_err(|cause| Error::io(path.display().to_string(), &cause))?;
        file.commit()
    }

    fn annotate(&self, path: &Path) -> Result<()> {
        let Some(form) = &self.form else {
            let found = "the findings of several forms, or of a ledger";
            return Err(argument::invalid("check", "Round.check of one form", found));
        };
        let (round, answers, original) = &**form;
        let whole = |file: &Path| std::fs::canonicalize(file).ok();
        if whole(path).is_some_and(|path| whole(original) == Some(path)) {
            return Err(Error::OntoItself {
                path: path.display().to_string(),
            });
        }
        let copy = Form::new(round, &answers.area, answers.language)?.filled(answers);
        copy.checked(&self.check).write_file(FormFormat::of(path)?, path)
    }
}

#[pymethods]
impl Check {
    /// Version of the JSON form.
    #[classattr]
    fn schema() -> u32 {
        1
    }

    /// The round's id.
    #[getter]
    fn round(&self) -> &str {
        &self.check.round
    }

    /// The round's name.
    #[getter]
    fn label(&self) -> &str {
        self.check.label.get(self.language)
    }

    /// The period of the figures, text.
    #[getter]
    fn period(&self) -> String {
        self.check.period.to_string()
    }

    /// The stage whose severities hold.
    #[getter]
    fn stage(&self) -> &'static str {
        self.check.stage.name()
    }

    /// Whether nothing stands in the way of approval; warnings may be there.
    #[getter]
    fn ok(&self) -> bool {
        !self.check.has_errors()
    }

    /// How many findings are errors.
    #[getter]
    fn errors(&self) -> usize {
        self.check.count(Severity::Error)
    }

    /// How many are warnings.
    #[getter]
    fn warnings(&self) -> usize {
        self.check.count(Severity::Warning)
    }

    /// How many are notes.
    #[getter]
    fn notes(&self) -> usize {
        self.check.count(Severity::Note)
    }

    /// The findings, the gravest of each form first, then in the order of the form.
    #[getter]
    fn findings(&self) -> Many<Finding> {
        let findings = self.check.findings.iter();
        findings.map(|placed| self.finding(placed)).collect()
    }

    /// The forms that were checked.
    #[getter]
    fn forms(&self) -> Many<CheckedForm> {
        let form = |form: &core::CheckedForm| CheckedForm {
            document: form.document.clone(),
            sha256: form.sha256.clone(),
            area: form.area.to_string(),
            name: form.name.get(self.language).to_owned(),
            answered: form.answered,
            asked: form.asked,
        };
        self.check.forms.iter().map(form).collect()
    }

    /// How the tests of every rule ended.
    #[getter]
    fn rules(&self) -> Many<RuleCount> {
        let count = |count: &rules::RuleCount| RuleCount {
            rule: count.rule.clone(),
            version: count.version,
            label: count.label.get(self.language).to_owned(),
            passed: count.pass,
            failed: count.fail,
            missing: count.missing,
        };
        self.check.rules.iter().map(count).collect()
    }

    fn __len__(&self) -> usize {
        self.check.findings.len()
    }

    /// Gives the same findings in another language. Nothing is tested again.
    ///
    /// Args:
    ///     language: ``"fi"``, ``"sv"`` or ``"en"``.
    ///
    /// Returns:
    ///     The check; this one stays as it is.
    ///
    /// Raises:
    ///     InvalidArgumentError: If the language is another one.
    ///
    /// Examples:
    ///     >>> round = kultti.Round.open("libraries-2020.round.json", language="en")
    ///     >>> round.check("kokkola.json").in_language("sv").label
    ///     'Biblioteken 2020'
    fn in_language(&self, py: Python<'_>, language: &str) -> PyResult<Py<Self>> {
        let wanted = argument::language(Some(language));
        let wanted = wanted.map_err(|error| exception(py, &error, self.language))?;
        Self::of(py, Arc::clone(&self.check), self.form.clone(), wanted)
    }

    /// The findings as SARIF 2.1.0, which tools that show findings of checks read; ``write("findings.sarif")`` writes it.
    ///
    /// Returns:
    ///     A dict: one run with the rules, the forms and every finding.
    ///
    /// Examples:
    ///     >>> round = kultti.Round.open("libraries-2020.round.json")
    ///     >>> round.check("kokkola.json").to_sarif()["version"]
    ///     '2.1.0'
    fn to_sarif<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let text = py.detach(|| to_sarif(&self.check, self.language).to_string());
        py.import("json")?.call_method1("loads", (text,))
    }

    /// Writes the findings to a file, in the format that its ending says: ``.sarif``, and those of every ``Table``.
    ///
    /// The file has its name only when it is complete.
    ///
    /// Args:
    ///     path: The file.
    ///     format: The format, where the ending does not say it: as the endings, and ``"table"`` for text.
    ///
    /// Raises:
    ///     InvalidArgumentError: If the format is not known, or is one of cubes or charts.
    ///     InvalidDataError: If the ending says no format.
    ///     FileError: If the file cannot be written.
    ///
    /// Examples:
    ///     >>> import json, pathlib
    ///     >>> round = kultti.Round.open("libraries-2020.round.json")
    ///     >>> round.check("kokkola.json").write("findings.sarif")
    ///     >>> json.loads(pathlib.Path("findings.sarif").read_text(encoding="utf-8"))["version"]
    ///     '2.1.0'
    #[pyo3(signature = (path, format=None))]
    fn write(this: PyRef<'_, Self>, path: PathBuf, format: Option<&str>) -> PyResult<()> {
        let py = this.py();
        let ending = path
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("sarif"));
        if format == Some("sarif") || (format.is_none() && ending) {
            let check: &Self = &this;
            let written = py.detach(|| check.write_sarif(&path));
            return written.map_err(|error| exception(py, &error, this.language));
        }
        this.as_super().write(py, path, format)
    }

    /// Writes a copy of the form with every finding beside its cell: in a workbook coloured, as a comment and as words.
    ///
    /// Args:
    ///     path: The copy: ``.xlsx``, ``.csv`` or ``.json``; not the form itself.
    ///
    /// Raises:
    ///     InvalidArgumentError: If the path is that of the form, the format is not known, or this is not the check of one form.
    ///     FileError: If the copy cannot be written.
    ///
    /// Examples:
    ///     >>> round = kultti.Round.open("libraries-2020.round.json")
    ///     >>> round.check("kokkola.json").write_annotated("kokkola-checked.xlsx")
    ///     >>> open("kokkola-checked.xlsx", "rb").read(2)
    ///     b'PK'
    fn write_annotated(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        let written = py.detach(|| self.annotate(&path));
        written.map_err(|error| exception(py, &error, self.language))
    }
}
