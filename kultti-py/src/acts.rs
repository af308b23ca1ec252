//! What a submission, an approval, a correction and a waiver did.

use crate::moment::{Day, Moment};
use crate::record::{Many, Missing, records, shown};
use crate::table::Table;
use kultti_core::collection as core;
use kultti_core::language::Language;
use kultti_core::rules::Figure;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use std::sync::Arc;

records! {
    /// A figure of a collection.
    CollectedFigure {
        /// Its value, in the measure's unit.
        value: Option<f64>,
        /// SDMX letter.
        status: String,
        /// Why there is no value.
        missing: Option<Missing>,
        /// What was written beside it.
        note: String,
    }

    /// A municipality that was not approved.
    HeldBack {
        /// Its code, text.
        area: String,
        /// The ids of the findings that stand in the way: neither corrected nor waived.
        findings: Many<String>,
    }
}

fn figure(figure: &Figure, language: Language) -> CollectedFigure {
    CollectedFigure {
        value: figure.value,
        status: figure.status.letter().to_string(),
        missing: Missing::new(figure.missing, language),
        note: figure.note.clone(),
    }
}

/// A table of what was done.
macro_rules! acts {
    ($($(#[$doc:meta])* $name:ident($core:ident);)*) => {$(
        $(#[$doc])*
        #[pyclass(frozen, extends = Table, module = "kultti")]
        pub(crate) struct $name {
            act: Arc<core::$core>,
        }

        impl $name {
            pub(crate) fn of(py: Python<'_>, act: core::$core, language: Language) -> PyResult<Py<Self>> {
                let act = Arc::new(act);
                let base = Table::new(Arc::clone(&act), language);
                Py::new(py, PyClassInitializer::from(base).add_subclass(Self { act }))
            }
        }
    )*};
}

acts! {
    /// What an approval did; the answer of ``Ledger.approve``.
    ///
    /// As a table it has one row for each municipality that was asked about; ``outcome`` says what became of it.
    Approved(Approved);

    /// What a waiver did; the answer of ``Ledger.waive``.
    Waived(Waived);
}

/// What a submission did; the answer of ``Ledger.submit``.
///
/// As a table it has one row.
#[pyclass(frozen, extends = Table, module = "kultti")]
pub(crate) struct Submitted {
    act: core::Submitted,
}

impl Submitted {
    pub(crate) fn of(py: Python<'_>, act: core::Submitted, language: Language) -> PyResult<Py<Self>> {
        let base = Table::new(Arc::new(vec![act.clone()]), language);
        Py::new(py, PyClassInitializer::from(base).add_subclass(Self { act }))
    }
}

/// What a correction did; the answer of ``Ledger.correct``.
#[pyclass(frozen, extends = Table, module = "kultti")]
pub(crate) struct Corrected {
    act: Arc<core::CorrectedFigure>,
    language: Language,
}

impl Corrected {
    pub(crate) fn of(py: Python<'_>, act: core::CorrectedFigure, language: Language) -> PyResult<Py<Self>> {
        let act = Arc::new(act);
        let base = Table::new(Arc::clone(&act), language);
        Py::new(
            py,
            PyClassInitializer::from(base).add_subclass(Self { act, language }),
        )
    }
}

#[pymethods]
impl Submitted {
    /// Code of the municipality, text.
    #[getter]
    fn area(&self) -> &str {
        self.act.area.as_str()
    }

    /// The name of the form's file.
    #[getter]
    fn document(&self) -> &str {
        &self.act.document
    }

    /// SHA-256 of that file.
    #[getter]
    fn sha256(&self) -> &str {
        &self.act.sha256
    }

    /// ``"submitted"`` or ``"draft"``.
    #[getter]
    fn stage(&self) -> &'static str {
        self.act.stage.name()
    }

    /// The version of the ledger that holds it.
    #[getter]
    fn version(&self) -> i64 {
        self.act.version
    }

    /// Figures that are new or another than before.
    #[getter]
    fn written(&self) -> usize {
        self.act.written
    }

    /// Figures of the form that the ledger already had.
    #[getter]
    fn unchanged(&self) -> usize {
        self.act.unchanged
    }

    /// Figures that the ledger had and the form no longer gives.
    #[getter]
    fn withdrawn(&self) -> usize {
        self.act.withdrawn
    }

    /// Whether it came after the last day of answering.
    #[getter]
    fn late(&self) -> bool {
        self.act.late
    }

    /// Since when the ledger has the very same file, a ``datetime`` in UTC: nothing was written then; ``None`` for a new one.
    #[getter]
    fn already(&self) -> Option<Moment> {
        self.act.already.map(Moment)
    }
}

#[pymethods]
impl Approved {
    /// The version of the ledger that holds it.
    #[getter]
    fn version(&self) -> i64 {
        self.act.version
    }

    /// The stage that the figures came to: ``"approved"`` or ``"final"``.
    #[getter]
    fn stage(&self) -> &'static str {
        self.act.stage.name()
    }

    /// The municipalities whose figures were approved: their codes, each with how many figures.
    #[getter]
    fn areas(&self) -> Many<(String, usize)> {
        let areas = self.act.areas.iter();
        areas.map(|(area, count)| (area.to_string(), *count)).collect()
    }

    /// Codes of those that had nothing new to approve.
    #[getter]
    fn unchanged(&self) -> Many<String> {
        self.act.unchanged.iter().map(ToString::to_string).collect()
    }

    /// Those that were held back, and by which findings.
    #[getter]
    fn held_back(&self) -> Many<HeldBack> {
        let held = self.act.held_back.iter();
        held.map(|(area, findings)| HeldBack {
            area: area.to_string(),
            findings: Many(findings.clone()),
        })
        .collect()
    }
}

#[pymethods]
impl Corrected {
    /// The version of the ledger that holds it.
    #[getter]
    fn version(&self) -> i64 {
        self.act.version
    }

    /// Code of the municipality, text.
    #[getter]
    fn area(&self) -> &str {
        self.act.area.as_str()
    }

    /// The measure's id.
    #[getter]
    fn measure(&self) -> &str {
        self.act.measure.as_str()
    }

    /// The figure before, which stays in the ledger.
    #[getter]
    fn before(&self) -> CollectedFigure {
        figure(&self.act.before, self.language)
    }

    /// The figure now; equal to the one before where there was nothing to correct.
    #[getter]
    fn after(&self) -> CollectedFigure {
        figure(&self.act.after, self.language)
    }
}

#[pymethods]
impl Waived {
    /// The version of the ledger that holds it.
    #[getter]
    fn version(&self) -> i64 {
        self.act.version
    }

    /// The finding's id.
    #[getter]
    fn finding(&self) -> &str {
        &self.act.finding
    }

    /// Its rule.
    #[getter]
    fn rule(&self) -> &str {
        &self.act.rule
    }

    /// Code of the municipality, text.
    #[getter]
    fn area(&self) -> &str {
        self.act.area.as_str()
    }

    /// The last day on which it holds, a ``date``; ``None`` for as long as the figures stand.
    #[getter]
    fn until(&self) -> Option<Day> {
        self.act.until.map(Day)
    }
}
