//! What a ledger knows of every figure, as a stream of record batches.

use crate::error::exception;
use crate::runtime::{runtime, wait};
use crate::to_frame;
use arrow_array::{ArrayRef, RecordBatch, StructArray};
use arrow_schema::{ArrowError, Field, FieldRef};
use kultti_core::Result;
use kultti_core::language::Language;
use kultti_core::ledger::{self as core, Known, Ledger};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use pyo3_arrow::PyTable;
use pyo3_arrow::error::PyArrowResult;
use pyo3_arrow::ffi::{ArrayIterator, to_schema_pycapsule, to_stream_pycapsule};
use std::sync::Arc;
use tokio::runtime::Runtime;

/// What a ledger knows of every figure: its last line; the answer of ``Ledger.facts``.
///
/// It speaks the Arrow PyCapsule interface as a stream: ``pyarrow.RecordBatchReader.from_stream(x)``, ``pyarrow.table(x)``,
/// ``polars.DataFrame(x)`` and DuckDB read it batch by batch, in bounded memory. Every reader begins anew, and all of them see
/// the same version of the ledger. The rows stand in the order of measure, period, area and borders; where there is no value it
/// is null, and ``missing`` has the code of the reason.
#[pyclass(frozen, module = "kultti")]
pub(crate) struct Facts {
    ledger: Ledger,
    known: Known,
    language: Language,
}

impl Facts {
    pub(crate) fn new(ledger: Ledger, known: Known, language: Language) -> Self {
        Self {
            ledger,
            known,
            language,
        }
    }

    /// All rows, gathered here and handed on as a whole; Ctrl-C is heard meanwhile.
    fn gathered<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let (ledger, known) = (self.ledger.clone(), self.known.clone());
        let rows = wait(py, async move {
            let mut facts = ledger.facts(&known).await?;
            let mut rows = Vec::new();
            while let Some(batch) = facts.next().await? {
                rows.push(batch);
            }
            Ok(rows)
        })?;
        let rows = rows.map_err(|error| exception(py, &error, self.language))?;
        let table = PyTable::try_new(rows, core::Facts::schema())?;
        Ok(Bound::new(py, table)?.into_any())
    }
}

#[pymethods]
impl Facts {
    /// The version of the ledger.
    #[getter]
    fn version(&self) -> i64 {
        self.ledger.version()
    }

    /// The earliest stage that counts.
    #[getter]
    fn minimum(&self) -> &'static str {
        self.known.minimum.name()
    }

    /// ``"actual"``, ``"budget"`` or ``"forecast"``.
    #[getter]
    fn scenario(&self) -> &'static str {
        self.known.scenario.name()
    }

    /// Exports the rows as an Arrow stream. Each call begins anew.
    ///
    /// Args:
    ///     requested_schema: A schema to cast to, as the interface has it.
    ///
    /// Returns:
    ///     A capsule named ``arrow_array_stream``.
    ///
    /// Examples:
    ///     >>> import pyarrow
    ///     >>> facts = kultti.Ledger.open("ledger").facts(minimum="submitted")
    ///     >>> pyarrow.RecordBatchReader.from_stream(facts).schema.names[:5]
    ///     ['measure', 'period', 'area', 'territory', 'value']
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyArrowResult<Bound<'py, PyCapsule>> {
        let (ledger, known) = (self.ledger.clone(), self.known.clone());
        let facts = wait(py, async move { ledger.facts(&known).await })?;
        let stream = Stream {
            facts: facts.map_err(|error| exception(py, &error, self.language))?,
            runtime: runtime()?,
            language: self.language,
        };
        let schema = core::Facts::schema();
        let field: FieldRef = Arc::new(Field::new_struct("", schema.fields().clone(), false));
        let reader = ArrayIterator::new(stream, field);
        to_stream_pycapsule(py, Box::new(reader), requested_schema)
    }

    /// Exports the schema.
    ///
    /// Returns:
    ///     A capsule named ``arrow_schema``.
    ///
    /// Examples:
    ///     >>> import pyarrow
    ///     >>> pyarrow.schema(kultti.Ledger.open("ledger").facts()).field("recorded").type
    ///     TimestampType(timestamp[us, tz=UTC])
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyArrowResult<Bound<'py, PyCapsule>> {
        to_schema_pycapsule(py, core::Facts::schema().as_ref())
    }

    /// Gives all rows to pyarrow (``pip install 'kultti[arrow]'``).
    ///
    /// Returns:
    ///     A ``pyarrow.Table``.
    ///
    /// Raises:
    ///     MissingPackageError: If pyarrow is not installed.
    ///     InvalidDataError: If the ledger has been damaged.
    ///
    /// Examples:
    ///     >>> facts = kultti.Ledger.open("ledger").facts(minimum="submitted")
    ///     >>> facts.to_arrow().column("value").to_pylist()
    ///     [41.0, 2900000.0]
    fn to_arrow<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_frame::arrow(&self.gathered(py)?, self.language)
    }

    /// Gives all rows to polars (``pip install 'kultti[polars]'``). A missing value is null, never NaN.
    ///
    /// Returns:
    ///     A ``polars.DataFrame``.
    ///
    /// Raises:
    ///     MissingPackageError: If polars is not installed.
    ///     InvalidDataError: If the ledger has been damaged.
    ///
    /// Examples:
    ///     >>> facts = kultti.Ledger.open("ledger").facts(minimum="submitted")
    ///     >>> facts.to_polars()["area"].to_list()
    ///     ['272', '272']
    fn to_polars<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_frame::polars(&self.gathered(py)?, self.language)
    }

    /// Gives all rows to pandas (``pip install 'kultti[pandas]'``). A missing value is NaN, as pandas has it; codes are text with
    /// their leading zeros.
    ///
    /// Returns:
    ///     A ``pandas.DataFrame``.
    ///
    /// Raises:
    ///     MissingPackageError: If pandas or pyarrow is not installed.
    ///     InvalidDataError: If the ledger has been damaged.
    ///
    /// Examples:
    ///     >>> facts = kultti.Ledger.open("ledger").facts(minimum="submitted").to_pandas()
    ///     >>> facts.loc[0, "measure"], float(facts.loc[0, "value"])
    ///     ('library.events', 41.0)
    fn to_pandas<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_frame::pandas(&self.gathered(py)?, self.language)
    }

    fn __repr__(&self) -> String {
        format!(
            "Facts(ledger={:?}, version={}, minimum={:?}, scenario={:?})",
            self.ledger.address(),
            self.version(),
            self.minimum(),
            self.scenario()
        )
    }
}

/// Facts as an Arrow stream, for a reader in whatever thread.
struct Stream {
    facts: core::Facts,
    runtime: &'static Runtime,
    language: Language,
}

impl Stream {
    fn advance(&mut self) -> Result<Option<RecordBatch>> {
        self.runtime.block_on(self.facts.next())
    }
}

impl Iterator for Stream {
    type Item = std::result::Result<ArrayRef, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.advance().transpose()?;
        let array = batch.map(|batch| -> ArrayRef { Arc::new(StructArray::from(batch)) });
        Some(array.map_err(|error| ArrowError::ComputeError(error.message().render(self.language))))
    }
}
