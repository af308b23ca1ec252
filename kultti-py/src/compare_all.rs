//! A comparison of everything: a stream of record batches, a file, or what it comes to.

use crate::error::exception;
use crate::interrupt::interrupt_again;
use crate::progress::{Progress, Reporter};
use crate::record::{ColumnSummary, Many};
use crate::table::Table;
use crate::to_frame;
use arrow_array::{Array, ArrayRef, RecordBatch, StructArray};
use arrow_schema::{ArrowError, Field, FieldRef, Schema};
use kultti_core::compare as core;
use kultti_core::export::{outline, to_html, write_file};
use kultti_core::language::Language;
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyTuple};
use pyo3_arrow::PyTable;
use pyo3_arrow::error::PyArrowResult;
use pyo3_arrow::ffi::{ArrayIterator, to_array_pycapsules, to_schema_pycapsule, to_stream_pycapsule};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::ThreadId;

/// Every indicator in every period for every area; the answer of ``Release.compare_all``.
///
/// It speaks the Arrow PyCapsule interface as a stream: ``pyarrow.RecordBatchReader.from_stream(x)``, ``pyarrow.table(x)``,
/// ``polars.DataFrame(x)`` and DuckDB read it batch by batch. Every reader, every ``for`` and every method begins anew.
/// Its threads live only while one of them runs, so a process may fork between two, but not while one runs.
#[pyclass(frozen, module = "kultti")]
pub(crate) struct CompareAll {
    /// Never run itself: every run is another one.
    planned: core::CompareAll,
    language: Language,
    progress: Progress,
}

impl CompareAll {
    pub(crate) fn new(planned: core::CompareAll, language: Language, progress: Progress) -> Self {
        Self {
            planned,
            language,
            progress,
        }
    }

    /// All rows, gathered here and handed on as a whole. A package that is called from here may let go of the interpreter
    /// while it reads a stream, which PyO3 cannot know; so what it is given needs the interpreter no more.
    fn gathered<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let batches = self.__iter__(py)?;
        let mut rows = Vec::new();
        while let Some(batch) = batches.__next__(py)? {
            rows.push(batch.batch);
        }
        let table = PyTable::try_new(rows, self.planned.schema())?;
        Ok(Bound::new(py, table)?.into_any())
    }

    fn reporter(&self, py: Python<'_>) -> PyResult<Reporter> {
        self.progress
            .start(py, Some(self.planned.progress().1), "indicator")
    }
}

#[pymethods]
impl CompareAll {
    /// The names of the columns.
    #[getter]
    fn columns(&self) -> Many<String> {
        let schema = self.planned.schema();
        schema.fields().iter().map(|field| field.name().clone()).collect()
    }

    /// The borders: an ISO date, or ``"then"``.
    #[getter]
    fn territory(&self) -> String {
        self.planned.territory()
    }

    /// The id of the release.
    #[getter]
    fn release(&self) -> &str {
        self.planned.release()
    }

    /// How many indicators have data.
    #[getter]
    fn indicators(&self) -> usize {
        self.planned.progress().1
    }

    /// Indicators asked for that have no data in the periods asked for.
    #[getter]
    fn indicators_without_data(&self) -> Many<&str> {
        let ids = self.planned.without_data().iter();
        ids.map(kultti_core::model::IndicatorId::as_str).collect()
    }

    /// Computes everything and adds it up: counts, sums and checksums of every column.
    ///
    /// Returns:
    ///     A ``CompareAllSummary``.
    ///
    /// Raises:
    ///     InvalidDataError: If the release has been altered.
    ///
    /// Examples:
    ///     >>> release = kultti.example(language="en")
    ///     >>> summary = release.compare_all(["change"], indicators="library.loans_*").summary()
    ///     >>> [column.column for column in summary.columns]
    ///     ['value', 'change']
    fn summary(&self, py: Python<'_>) -> PyResult<Py<CompareAllSummary>> {
        let run = self.planned.again();
        let result = self.reporter(py)?.during(py, |progress| run.summary(progress))?;
        let result = Arc::new(result.map_err(|error| exception(py, &error, self.language))?);
        let table = Table::new(Arc::clone(&result), self.language);
        Py::new(
            py,
            PyClassInitializer::from(table).add_subclass(CompareAllSummary { result }),
        )
    }

    /// Writes all rows to a file. It has its name only when it is complete.
    ///
    /// Args:
    ///     path: The file; its ending says the form: ``.parquet``, ``.arrow``, ``.csv`` or ``.tsv``.
    ///
    /// Returns:
    ///     How many rows were written.
    ///
    /// Raises:
    ///     InvalidArgumentError: If the ending is another one.
    ///     FileError: If the file cannot be written.
    ///     InvalidDataError: If the release has been altered.
    ///
    /// Examples:
    ///     >>> import tempfile
    ///     >>> everything = kultti.example().compare_all(["z"], start=2019)
    ///     >>> with tempfile.TemporaryDirectory() as folder:
    ///     ...     rows = everything.write(folder + "/z.parquet")
    ///     >>> rows == everything.summary().rows
    ///     True
    fn write(&self, py: Python<'_>, path: PathBuf) -> PyResult<u64> {
        let run = self.planned.again();
        let written = self
            .reporter(py)?
            .during(py, |progress| write_file(run, &path, progress))?;
        let written = written.map_err(|error| exception(py, &error, self.language))?;
        Ok(written.rows)
    }

    fn __iter__(&self, py: Python<'_>) -> PyResult<Batches> {
        Ok(Batches {
            run: Mutex::new(Some((self.planned.again(), self.reporter(py)?))),
            language: self.language,
        })
    }

    /// Exports the rows as an Arrow stream. Each call begins anew.
    ///
    /// Ctrl-C and ``progress`` are heard where the stream is read in the thread that asked for it; readers that read in
    /// threads of their own, as DuckDB does, look after Ctrl-C themselves.
    ///
    /// Args:
    ///     requested_schema: A schema to cast to, as the interface has it.
    ///
    /// Returns:
    ///     A capsule named ``arrow_array_stream``.
    ///
    /// Examples:
    ///     >>> import pyarrow
    ///     >>> everything = kultti.example().compare_all(["z"], start=2019)
    ///     >>> reader = pyarrow.RecordBatchReader.from_stream(everything)
    ///     >>> reader.schema.names[-1], reader.read_next_batch().num_rows > 300
    ///     ('z', True)
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyArrowResult<Bound<'py, PyCapsule>> {
        let stream = Stream {
            run: Some(self.planned.again()),
            reporter: self.reporter(py)?,
            thread: std::thread::current().id(),
        };
        let reader = ArrayIterator::new(stream, struct_field(&self.planned.schema()));
        to_stream_pycapsule(py, Box::new(reader), requested_schema)
    }

    /// Exports the schema.
    ///
    /// Returns:
    ///     A capsule named ``arrow_schema``.
    ///
    /// Examples:
    ///     >>> import pyarrow
    ///     >>> pyarrow.schema(kultti.example().compare_all(["z"])).field("z").type
    ///     DataType(double)
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyArrowResult<Bound<'py, PyCapsule>> {
        to_schema_pycapsule(py, self.planned.schema().as_ref())
    }

    /// Gives all rows to pyarrow (``pip install 'kultti[arrow]'``).
    ///
    /// Codes and ids are dictionaries of text, figures ``double``; a missing value is null, and ``missing`` says why.
    ///
    /// Returns:
    ///     A ``pyarrow.Table``.
    ///
    /// Raises:
    ///     MissingPackageError: If pyarrow is not installed.
    ///
    /// Examples:
    ///     >>> everything = kultti.example().compare_all(["z"], start=2019)
    ///     >>> everything.to_arrow().num_rows == everything.summary().rows
    ///     True
    fn to_arrow<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_frame::arrow(&self.gathered(py)?, self.language)
    }

    /// Gives all rows to polars (``pip install 'kultti[polars]'``).
    ///
    /// Codes and ids are categorical; a missing value is null, never NaN.
    ///
    /// Returns:
    ///     A ``polars.DataFrame``.
    ///
    /// Raises:
    ///     MissingPackageError: If polars is not installed.
    ///
    /// Examples:
    ///     >>> everything = kultti.example().compare_all(["z"], start=2019)
    ///     >>> everything.to_polars()["z"].is_nan().any()
    ///     False
    fn to_polars<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_frame::polars(&self.gathered(py)?, self.language)
    }

    /// Gives all rows to pandas (``pip install 'kultti[pandas]'``).
    ///
    /// Codes and ids are categories of text, figures ``float64``, ranks and quartiles ``Int64``; a missing figure is NaN, as pandas has it.
    ///
    /// Returns:
    ///     A ``pandas.DataFrame``.
    ///
    /// Raises:
    ///     MissingPackageError: If pandas or pyarrow is not installed.
    ///
    /// Examples:
    ///     >>> everything = kultti.example().compare_all(["z"], start=2019)
    ///     >>> str(everything.to_pandas()["area"].dtype)
    ///     'category'
    fn to_pandas<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_frame::pandas(&self.gathered(py)?, self.language)
    }

    fn __repr__(&self) -> String {
        let short: String = self.planned.release().chars().take(12).collect();
        let names: Vec<String> = self.columns().0.split_off(6);
        format!(
            "CompareAll(indicators={}, columns={}, territory={}, release={short})",
            self.indicators(),
            names.join(","),
            self.planned.territory()
        )
    }

    /// What is compared, as a fragment of HTML for notebooks; nothing is computed for it.
    ///
    /// Examples:
    ///     >>> html = kultti.example(language="sv").compare_all(["z"])._repr_html_()
    ///     >>> html.startswith('<div class="kultti" lang="sv">')
    ///     True
    fn _repr_html_(&self) -> String {
        to_html(&outline(&self.planned, self.language))
    }
}

/// The rows of a batch as one array, which is how they stand in a stream.
pub(crate) fn struct_field(schema: &Schema) -> FieldRef {
    let field = Field::new_struct("", schema.fields().clone(), false);
    Arc::new(field.with_metadata(schema.metadata().clone()))
}

/// A run as an Arrow stream.
struct Stream {
    run: Option<core::CompareAll>,
    reporter: Reporter,
    /// The thread that asked for the stream; only there is the interpreter sure to be free for the taking.
    thread: ThreadId,
}

impl Stream {
    fn report(&mut self, done: usize, of: usize) -> Result<(), ArrowError> {
        if std::thread::current().id() != self.thread {
            return Ok(());
        }
        Python::attach(|py| {
            let Err(raised) = self.reporter.at(py, done, of) else {
                return Ok(());
            };
            // In words now: to ask Python for them later would be a moment in which Ctrl-C is heard and lost.
            let words = ArrowError::ComputeError(raised.to_string());
            if raised.is_instance_of::<PyKeyboardInterrupt>(py) {
                // The reader will raise an error of its own. Where Python cannot be told, that one names Ctrl-C.
                let _ = interrupt_again(py);
            }
            Err(words)
        })
    }
}

impl Iterator for Stream {
    type Item = Result<ArrayRef, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut run = self.run.take()?;
        // Arrow's interface is C: a panic must not pass through it.
        let batch = catch_unwind(AssertUnwindSafe(|| run.next())).unwrap_or_else(|_| {
            let text = "a thread of Kultti failed; its message is on standard error";
            Some(Err(kultti_core::Error::Io {
                path: "compare_all".to_owned(),
                cause: text.to_owned(),
            }))
        });
        let (done, of) = run.progress();
        let made = match batch? {
            Ok(batch) => self
                .report(done, of)
                .map(|()| Arc::new(StructArray::from(batch)) as ArrayRef),
            Err(error) => Err(ArrowError::ExternalError(Box::new(error))),
        };
        if made.is_ok() {
            self.run = Some(run);
        }
        Some(made)
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        // The work ends before the bar is closed.
        self.run = None;
        if std::thread::current().id() == self.thread {
            // There is nobody to tell that a bar could not be closed.
            let _ = Python::attach(|py| self.reporter.close(py));
        }
    }
}

/// A run as an iterator over record batches.
#[pyclass(frozen, module = "kultti")]
pub(crate) struct Batches {
    run: Mutex<Option<(core::CompareAll, Reporter)>>,
    language: Language,
}

#[pymethods]
impl Batches {
    fn __iter__(this: Py<Self>) -> Py<Self> {
        this
    }

    fn __repr__(&self) -> String {
        let run = self.run.lock().unwrap_or_else(PoisonError::into_inner);
        let progress = run.as_ref().map(|(run, _)| run.progress());
        match progress {
            Some((done, of)) => format!("Batches(indicators={done}, of={of})"),
            None => "Batches(finished)".to_owned(),
        }
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Batch>> {
        let taken = self.run.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some((mut run, mut reporter)) = taken else {
            return Ok(None);
        };
        let batch = py.detach(|| run.next());
        let (done, of) = run.progress();
        match batch {
            Some(Ok(batch)) => {
                reporter.at(py, done, of)?;
                *self.run.lock().unwrap_or_else(PoisonError::into_inner) = Some((run, reporter));
                Ok(Some(Batch { batch }))
            }
            Some(Err(error)) => Err(exception(py, &error, self.language)),
            None => reporter.close(py).map(|()| None),
        }
    }
}

/// Some rows of a comparison of everything: one indicator's, by period and area.
///
/// It speaks the Arrow PyCapsule interface: ``pyarrow.record_batch(x)``, ``polars.DataFrame(x)``.
#[pyclass(frozen, module = "kultti")]
pub(crate) struct Batch {
    batch: RecordBatch,
}

#[pymethods]
impl Batch {
    fn __len__(&self) -> usize {
        self.batch.num_rows()
    }

    /// Exports the rows as an Arrow array.
    ///
    /// Args:
    ///     requested_schema: A schema to cast to, as the interface has it.
    ///
    /// Returns:
    ///     Two capsules, named ``arrow_schema`` and ``arrow_array``.
    ///
    /// Examples:
    ///     >>> import pyarrow
    ///     >>> batch = next(iter(kultti.example().compare_all(["z"])))
    ///     >>> pyarrow.record_batch(batch).num_rows == len(batch)
    ///     True
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyArrowResult<Bound<'py, PyTuple>> {
        let array = StructArray::from(self.batch.clone());
        let field = struct_field(self.batch.schema_ref());
        to_array_pycapsules(py, field, &array as &dyn Array, requested_schema)
    }

    /// Exports the schema.
    ///
    /// Returns:
    ///     A capsule named ``arrow_schema``.
    ///
    /// Examples:
    ///     >>> batch = next(iter(kultti.example().compare_all(["z"])))
    ///     >>> type(batch.__arrow_c_schema__()).__name__
    ///     'PyCapsule'
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyArrowResult<Bound<'py, PyCapsule>> {
        to_schema_pycapsule(py, self.batch.schema_ref().as_ref())
    }

    fn __repr__(&self) -> String {
        format!("Batch(rows={})", self.batch.num_rows())
    }
}

/// What a comparison of everything comes to; the answer of ``CompareAll.summary``.
///
/// As a table it has one row for each column.
#[pyclass(frozen, extends = Table, module = "kultti")]
pub(crate) struct CompareAllSummary {
    result: Arc<core::CompareAllSummary>,
}

#[pymethods]
impl CompareAllSummary {
    /// Version of the JSON form.
    #[classattr]
    fn schema() -> u32 {
        1
    }

    /// The id of the release.
    #[getter]
    fn release(&self) -> &str {
        &self.result.release
    }

    /// The borders: an ISO date, or ``"then"``.
    #[getter]
    fn territory(&self) -> &str {
        &self.result.territory
    }

    /// How many indicators have data.
    #[getter]
    fn indicators(&self) -> usize {
        self.result.indicators
    }

    /// Indicators asked for that have no data in the periods asked for.
    #[getter]
    fn indicators_without_data(&self) -> Many<&str> {
        let ids = self.result.without_data.iter();
        ids.map(kultti_core::model::IndicatorId::as_str).collect()
    }

    /// Cross-sections: indicators times their periods.
    #[getter]
    fn slices(&self) -> u64 {
        self.result.slices
    }

    /// Rows.
    #[getter]
    fn rows(&self) -> u64 {
        self.result.rows
    }

    /// The value and every column asked for.
    #[getter]
    fn columns(&self) -> Many<ColumnSummary> {
        let column = |column: &core::ColumnSummary| ColumnSummary {
            column: column.column.clone(),
            n: column.n,
            missing: column.missing,
            sum: column.sum,
            min: column.min,
            max: column.max,
            checksum: format!("{:016x}", column.checksum),
        };
        self.result.columns.iter().map(column).collect()
    }

    /// Rows by SDMX letter.
    #[getter]
    fn status<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let counts = PyDict::new(py);
        for (letter, rows) in &self.result.statuses {
            counts.set_item(letter.to_string(), rows)?;
        }
        Ok(counts)
    }

    /// Rows without a value by the code of their reason.
    #[getter]
    fn missing<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let counts = PyDict::new(py);
        for (reason, rows) in &self.result.reasons {
            counts.set_item(reason.code(), rows)?;
        }
        Ok(counts)
    }
}
