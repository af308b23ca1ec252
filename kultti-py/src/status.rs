//! How a round stands, and its history.

use crate::moment::{Day, Moment};
use crate::record::{Many, records, shown};
use crate::table::Table;
use kultti_core::collection as core;
use kultti_core::language::Language;
use kultti_core::rules::Severity;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use std::sync::Arc;

records! {
    /// How a municipality stands in a round.
    ReporterStatus {
        /// Its code, text.
        area: String,
        /// Its name.
        name: String,
        /// The stage that all its answered figures have reached; ``None`` where nothing has come.
        stage: Option<&'static str>,
        /// When it first answered: a ``datetime`` in UTC.
        answered: Option<Moment>,
        /// When it last did.
        last: Option<Moment>,
        /// Whether its first answer came after the last day.
        late: bool,
        /// Forms that came; drafts do not count.
        submissions: usize,
        /// Figures with a value, or a reason for having none.
        figures: usize,
        /// Figures asked.
        asked: usize,
        /// Open findings that stand in the way of approval.
        errors: usize,
        /// Open warnings: neither explained nor waived.
        warnings: usize,
        /// Open notes.
        notes: usize,
        /// Findings that were explained beside the figure.
        explained: usize,
        /// Findings that were waived and still are.
        waived: usize,
        /// Whether its figures may be published; ``None`` where that is not said.
        consent: Option<bool>,
    }
}

/// How a round stands: who has answered, how many, and what is open; the answer of ``Ledger.status``.
///
/// As a table it has one row for each municipality that is expected to answer.
#[pyclass(frozen, extends = Table, module = "kultti")]
pub(crate) struct RoundStatus {
    status: Arc<core::RoundStatus>,
    language: Language,
}

impl RoundStatus {
    pub(crate) fn of(py: Python<'_>, status: core::RoundStatus, language: Language) -> PyResult<Py<Self>> {
        let status = Arc::new(status);
        let base = Table::new(Arc::clone(&status), language);
        let this = Self { status, language };
        Py::new(py, PyClassInitializer::from(base).add_subclass(this))
    }

    fn reporter(&self, one: &core::ReporterStatus) -> ReporterStatus {
        ReporterStatus {
            area: one.area.to_string(),
            name: one.name.get(self.language).to_owned(),
            stage: one.stage.map(kultti_core::model::Stage::name),
            answered: one.answered.map(Moment),
            last: one.last.map(Moment),
            late: one.late,
            submissions: one.submissions,
            figures: one.figures,
            asked: one.asked,
            errors: one.errors,
            warnings: one.warnings,
            notes: one.notes,
            explained: one.explained,
            waived: one.waived,
            consent: one.consent,
        }
    }
}

#[pymethods]
impl RoundStatus {
    /// Version of the JSON form.
    #[classattr]
    fn schema() -> u32 {
        1
    }

    /// The round's id.
    #[getter]
    fn round(&self) -> &str {
        &self.status.round
    }

    /// The round's name.
    #[getter]
    fn label(&self) -> &str {
        self.status.label.get(self.language)
    }

    /// The last day of answering, a ``date``.
    #[getter]
    fn due(&self) -> Day {
        Day(self.status.due)
    }

    /// The version of the ledger.
    #[getter]
    fn ledger_version(&self) -> i64 {
        self.status.version
    }

    /// The moment that was asked about; ``None`` for now.
    #[getter]
    fn as_of(&self) -> Option<Moment> {
        self.status.as_of.map(Moment)
    }

    /// How many municipalities are expected to answer.
    #[getter]
    fn expected(&self) -> usize {
        self.status.reporters.len()
    }

    /// How many have; drafts do not count.
    #[getter]
    fn answered(&self) -> usize {
        self.status.answered()
    }

    /// How many did for the first time after the last day.
    #[getter]
    fn late(&self) -> usize {
        self.status.late()
    }

    /// answered / expected, a fraction; ``None`` where nobody is expected.
    #[getter]
    fn response_rate(&self) -> Option<f64> {
        self.status.response_rate()
    }

    /// Open findings that stand in the way of approval.
    #[getter]
    fn errors(&self) -> usize {
        self.status.open(Severity::Error)
    }

    /// Open warnings: neither explained nor waived.
    #[getter]
    fn warnings(&self) -> usize {
        self.status.open(Severity::Warning)
    }

    /// Open notes.
    #[getter]
    fn notes(&self) -> usize {
        self.status.open(Severity::Note)
    }

    /// The municipalities, in the order of the round.
    #[getter]
    fn reporters(&self) -> Many<ReporterStatus> {
        let reporters = self.status.reporters.iter();
        reporters.map(|one| self.reporter(one)).collect()
    }
}

/// The history of a round; the answer of ``Ledger.log``.
///
/// As a table it has one row for each commit of the ledger, or, of a question about an area or a measure, one for each line
/// with the figure before it. The earliest stands first.
#[pyclass(frozen, extends = Table, module = "kultti")]
pub(crate) struct Log {
    log: Arc<core::Log>,
}

impl Log {
    pub(crate) fn of(py: Python<'_>, log: core::Log, language: Language) -> PyResult<Py<Self>> {
        let log = Arc::new(log);
        let base = Table::new(Arc::clone(&log), language);
        Py::new(py, PyClassInitializer::from(base).add_subclass(Self { log }))
    }
}

#[pymethods]
impl Log {
    /// The ledger: a folder or an address.
    #[getter]
    fn ledger(&self) -> &str {
        &self.log.ledger
    }

    /// Whether the rows are lines; else they are commits.
    #[getter]
    fn in_lines(&self) -> bool {
        self.log.in_lines
    }

    fn __len__(&self) -> usize {
        if self.log.in_lines {
            self.log.lines.len()
        } else {
            self.log.commits.len()
        }
    }
}
