//! SQL over a release and one's own data: the answer of a query as a stream of record batches.

use crate::argument::expected;
use crate::compare_all::struct_field;
use crate::error::exception;
use crate::frame::FrameArgument;
use crate::interrupt::interrupt_again;
use crate::record::Many;
use crate::runtime::{PATIENCE, runtime, wait};
use crate::to_frame;
use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions, RecordBatchReader as _, StructArray};
use arrow_schema::{ArrowError, SchemaRef};
use arrow_select::concat::concat_batches;
use kultti_core::export::{
    AnswerWriter, Block, Document, ResultFormat, TextOptions, answer_document, holds_columns, to_html,
    to_text, with_provenance,
};
use kultti_core::formats::Format;
use kultti_core::language::{Language, word};
use kultti_core::release::{Release, WholeFile};
use kultti_core::sql::{Answer, Database, DatabaseOptions, MemorySize, ObjectList, OwnData};
use kultti_core::{Error, Result};
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use pyo3_arrow::PyTable;
use pyo3_arrow::error::{PyArrowError, PyArrowResult};
use pyo3_arrow::ffi::{ArrayIterator, to_schema_pycapsule, to_stream_pycapsule};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::ThreadId;
use tokio::runtime::Runtime;

/// Columns of a text: what fits beside a prompt.
const WIDTH: usize = 88;

/// An answer up to this long is shown whole.
const WHOLE: usize = 25;

/// Rows shown of a longer one.
const SHOWN: usize = 10;

/// The data of one's own that a release was given for its queries.
#[derive(Clone, Default)]
pub(crate) struct Own(Arc<Mutex<Given>>);

#[derive(Default)]
struct Given {
    /// In the order in which they came.
    data: Vec<(String, OwnData)>,
    /// The database of all of it, in a language and with the usual means; made anew when something is added, so that what has been
    /// asked before keeps what it was asked of.
    database: Option<(Language, Arc<Database>)>,
}

/// A file, or any table that speaks the Arrow PyCapsule interface.
pub(crate) enum OwnArgument {
    File(PathBuf),
    Frame(FrameArgument),
}

impl<'py> FromPyObject<'_, 'py> for OwnArgument {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(path) = value.extract() {
            return Ok(Self::File(path));
        }
        value.extract().map(Self::Frame)
    }
}

impl OwnArgument {
    /// What the core takes. The rows of a frame are read here and now, and copied: pandas writes into its columns in place, and a
    /// figure that was registered must not change because of that.
    fn read(self, py: Python<'_>, language: Language) -> PyResult<OwnData> {
        let frame = match self {
            Self::Frame(frame) => frame.into_reader(),
            Self::File(path) => {
                return OwnData::from_path(&path).map_err(|error| exception(py, &error, language));
            }
        };
        let schema = frame.schema();
        let batches = py.detach(|| {
            let copied = |batch: RecordBatch| concat_batches(&schema, [&batch, &batch.slice(0, 0)]);
            frame
                .map(|batch| batch.and_then(copied))
                .collect::<Result<_, ArrowError>>()
        });
        Ok(OwnData::Batches {
            schema,
            batches: batches.map_err(PyArrowError::from)?,
        })
    }
}

/// Memory as a number of bytes, or as people write it.
pub(crate) struct MemoryArgument(String);

impl<'py> FromPyObject<'_, 'py> for MemoryArgument {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let bytes = || value.extract::<u64>().map(|bytes| bytes.to_string());
        let text = value.extract().or_else(|_: PyErr| bytes());
        text.map(Self).map_err(|_| expected("an int or a str", value))
    }
}

/// With which means a query is answered.
#[derive(Default)]
pub(crate) struct Means {
    pub(crate) memory: Option<MemoryArgument>,
    pub(crate) threads: Option<NonZeroUsize>,
}

impl Means {
    fn options(self, language: Language) -> Result<DatabaseOptions> {
        let mut options = DatabaseOptions::default().with_language(language);
        if let Some(MemoryArgument(text)) = self.memory {
            let MemorySize(bytes) = text.parse()?;
            options = options.with_memory(bytes);
        }
        if let Some(threads) = self.threads {
            options = options.with_threads(threads.get());
        }
        Ok(options)
    }
}

impl Own {
    fn given(&self) -> MutexGuard<'_, Given> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A database of a release with these data.
    fn database(&self, release: &Arc<Release>, means: Means, language: Language) -> Result<Arc<Database>> {
        let usual = means.memory.is_none() && means.threads.is_none();
        let mut given = self.given();
        if let Some((known, database)) = given.database.as_ref().filter(|_| usual)
            && *known == language
        {
            return Ok(Arc::clone(database));
        }
        let database = Database::new(Arc::clone(release), means.options(language)?)?;
        for (name, data) in &given.data {
            database.register(name, data.clone())?;
        }
        let database = Arc::new(database);
        if usual {
            given.database = Some((language, Arc::clone(&database)));
        }
        Ok(database)
    }

    /// Takes data under a name that the database of the release does not refuse.
    pub(crate) fn register(
        &self,
        py: Python<'_>,
        (name, data): (&str, OwnArgument),
        release: &Arc<Release>,
        language: Language,
    ) -> PyResult<()> {
        let data = data.read(py, language)?;
        let taken = py.detach(|| {
            let options = Means::default().options(language)?;
            Database::new(Arc::clone(release), options)?.register(name, data.clone())?;
            let mut given = self.given();
            given.data.retain(|(known, _)| known != name);
            given.data.push((name.to_owned(), data));
            given.database = None;
            Ok(())
        });
        taken.map_err(|error| exception(py, &error, language))
    }

    /// What can be asked.
    pub(crate) fn objects(&self, release: &Arc<Release>, language: Language) -> Result<ObjectList> {
        Ok(ObjectList(
            self.database(release, Means::default(), language)?.objects(),
        ))
    }

    /// Plans a query, which finds its mistakes.
    pub(crate) fn query(
        &self,
        py: Python<'_>,
        (query, means): (String, Means),
        release: &Arc<Release>,
        language: Language,
    ) -> PyResult<SqlResult> {
        let (own, asked) = (self.clone(), Arc::clone(release));
        let planned = wait(py, async move {
            let database = own.database(&asked, means, language)?;
            let answer = database.query(&query).await?;
            Ok((database, query, answer))
        })?;
        let (database, query, answer) = planned.map_err(|error| exception(py, &error, language))?;
        Ok(SqlResult {
            schema: with_provenance(&answer.schema(), release.id(), &query),
            first: Mutex::new(Some(answer)),
            head: OnceLock::new(),
            database,
            query,
            language,
        })
    }
}

/// The answer of a query in SQL; what ``Release.sql`` gives.
///
/// It speaks the Arrow PyCapsule interface as a stream: ``pyarrow.RecordBatchReader.from_stream(x)``, ``pyarrow.table(x)``,
/// ``polars.DataFrame(x)``, ``pandas.DataFrame.from_arrow(x)`` and DuckDB read it batch by batch. Rows are computed when they are
/// read, and every reader begins anew, over the data that were registered when the query was put. Shown at a prompt it computes
/// its first rows.
#[pyclass(frozen, module = "kultti")]
pub(crate) struct SqlResult {
    database: Arc<Database>,
    query: String,
    /// The columns, with the release and the query as metadata.
    schema: SchemaRef,
    /// The answer that planning gave, for whoever reads first.
    first: Mutex<Option<Answer>>,
    /// The first rows, once they were shown.
    head: OnceLock<Vec<RecordBatch>>,
    language: Language,
}

impl SqlResult {
    /// The answer from its beginning.
    fn again(&self, py: Python<'_>) -> PyResult<Answer> {
        if let Some(answer) = self.first.lock().unwrap_or_else(PoisonError::into_inner).take() {
            return Ok(answer);
        }
        let (database, query) = (Arc::clone(&self.database), self.query.clone());
        let answer = wait(py, async move { database.query(&query).await })?;
        answer.map_err(|error| exception(py, &error, self.language))
    }

    /// Refuses what a frame or a file cannot hold.
    fn held_by(&self, py: Python<'_>, format: ResultFormat) -> PyResult<()> {
        holds_columns(format, &self.schema).map_err(|error| exception(py, &error, self.language))
    }

    /// All rows, gathered here and handed on as a whole; Ctrl-C is heard meanwhile.
    fn gathered<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.held_by(py, ARROW)?;
        let answer = self.again(py)?;
        let rows = wait(py, answer.collect())?.map_err(|error| exception(py, &error, self.language))?;
        let rows = rows
            .iter()
            .map(|batch| self.batch(batch))
            .collect::<Result<_, ArrowError>>();
        let rows = rows.map_err(PyArrowError::from)?;
        let table = PyTable::try_new(rows, Arc::clone(&self.schema))?;
        Ok(Bound::new(py, table)?.into_any())
    }

    /// The next batch of an answer, and the rest of it; Ctrl-C is heard meanwhile.
    fn next(&self, py: Python<'_>, mut answer: Answer) -> PyResult<Option<(RecordBatch, Answer)>> {
        // Where batches come without a pause, nothing else would hear.
        py.check_signals()?;
        let next = wait(py, async move {
            let batch = answer.next().await.transpose()?;
            Ok(batch.map(|batch| (batch, answer)))
        })?;
        next.map_err(|error| exception(py, &error, self.language))
    }

    /// The rows of a batch with the metadata of the answer.
    fn batch(&self, batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
        let rows = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        RecordBatch::try_new_with_options(Arc::clone(&self.schema), batch.columns().to_vec(), &rows)
    }

    /// The first rows: one more than are ever shown.
    fn head(&self, py: Python<'_>) -> PyResult<&[RecordBatch]> {
        if let Some(head) = self.head.get() {
            return Ok(head);
        }
        let mut answer = self.again(py)?;
        let (mut head, mut rows) = (Vec::new(), 0);
        while let Some((batch, rest)) = self.next(py, answer)? {
            let more = batch.num_rows().min(WHOLE + 1 - rows);
            head.push(batch.slice(0, more));
            rows += more;
            if rows > WHOLE {
                break;
            }
            answer = rest;
        }
        Ok(self.head.get_or_init(|| head))
    }

    /// The first rows for people.
    fn document(&self, py: Python<'_>) -> PyResult<Document> {
        let head = self.head(py)?;
        let rows: usize = head.iter().map(RecordBatch::num_rows).sum();
        let document = answer_document(&self.schema, head, self.language);
        let mut document = document.map_err(PyArrowError::from)?;
        if rows > WHOLE {
            if let Some(Block::Grid(grid)) = document.blocks.first_mut() {
                grid.rows.truncate(SHOWN);
            }
            let more = word("word.sql-more-rows", self.language).to_owned();
            document.blocks.push(Block::Paragraph(more));
        }
        Ok(document)
    }
}

/// What frames and streams are: columns found by their names.
const ARROW: ResultFormat = ResultFormat::Table(Format::Arrow);

#[pymethods]
impl SqlResult {
    /// The query.
    #[getter]
    fn query(&self) -> &str {
        &self.query
    }

    /// The names of the columns.
    #[getter]
    fn columns(&self) -> Many<String> {
        self.schema
            .fields()
            .iter()
            .map(|field| field.name().clone())
            .collect()
    }

    /// The id of the release.
    #[getter]
    fn release(&self) -> &str {
        self.database.release().id()
    }

    /// Exports the rows as an Arrow stream. Each call begins anew.
    ///
    /// Ctrl-C is heard where the stream is read in the thread that asked for it; readers that read in threads of their own, as
    /// DuckDB does, look after Ctrl-C themselves.
    ///
    /// Args:
    ///     requested_schema: A schema to cast to, as the interface has it.
    ///
    /// Returns:
    ///     A capsule named ``arrow_array_stream``.
    ///
    /// Raises:
    ///     InvalidArgumentError: If two columns have one name.
    ///
    /// Examples:
    ///     >>> import pyarrow
    ///     >>> answer = kultti.example().sql("SELECT area, value FROM observations")
    ///     >>> reader = pyarrow.RecordBatchReader.from_stream(answer)
    ///     >>> reader.schema.names, reader.read_next_batch().num_rows > 0
    ///     (['area', 'value'], True)
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyArrowResult<Bound<'py, PyCapsule>> {
        self.held_by(py, ARROW)?;
        let stream = Stream {
            answer: Some(self.again(py)?),
            runtime: runtime()?,
            thread: std::thread::current().id(),
            language: self.language,
            _database: Arc::clone(&self.database),
        };
        let reader = ArrayIterator::new(stream, struct_field(&self.schema));
        to_stream_pycapsule(py, Box::new(reader), requested_schema)
    }

    /// Exports the schema.
    ///
    /// Returns:
    ///     A capsule named ``arrow_schema``.
    ///
    /// Examples:
    ///     >>> import pyarrow
    ///     >>> pyarrow.schema(kultti.example().sql("SELECT value FROM observations")).field("value").type
    ///     DataType(double)
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyArrowResult<Bound<'py, PyCapsule>> {
        to_schema_pycapsule(py, self.schema.as_ref())
    }

    /// Gives all rows to pyarrow (``pip install 'kultti[arrow]'``).
    ///
    /// Returns:
    ///     A ``pyarrow.Table``; the release and the query are in the metadata of its schema.
    ///
    /// Raises:
    ///     MissingPackageError: If pyarrow is not installed.
    ///     InvalidArgumentError: If two columns have one name.
    ///
    /// Examples:
    ///     >>> release = kultti.example()
    ///     >>> table = release.sql("SELECT count(*) AS n FROM observations").to_arrow()
    ///     >>> table.num_rows, table.schema.metadata[b"kultti.release"].decode() == release.id
    ///     (1, True)
    fn to_arrow<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_frame::arrow(&self.gathered(py)?, self.language)
    }

    /// Gives all rows to polars (``pip install 'kultti[polars]'``).
    ///
    /// Returns:
    ///     A ``polars.DataFrame``.
    ///
    /// Raises:
    ///     MissingPackageError: If polars is not installed.
    ///     InvalidArgumentError: If two columns have one name.
    ///
    /// Examples:
    ///     >>> answer = kultti.example().sql("SELECT max(period) AS latest FROM observations")
    ///     >>> answer.to_polars()["latest"].to_list()
    ///     ['2022']
    fn to_polars<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_frame::polars(&self.gathered(py)?, self.language)
    }

    /// Gives all rows to pandas (``pip install 'kultti[pandas]'``). Whole numbers are ``Int64`` and yes and no ``boolean``, the types
    /// that can be missing; a missing figure is NaN, as pandas has it.
    ///
    /// Returns:
    ///     A ``pandas.DataFrame``.
    ///
    /// Raises:
    ///     MissingPackageError: If pandas or pyarrow is not installed.
    ///     InvalidArgumentError: If two columns have one name.
    ///
    /// Examples:
    ///     >>> answer = kultti.example().sql("SELECT count(*) AS n FROM observations")
    ///     >>> str(answer.to_pandas()["n"].dtype)
    ///     'Int64'
    fn to_pandas<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_frame::pandas(&self.gathered(py)?, self.language)
    }

    /// Writes all rows to a file, batch by batch. It has its name only when it is complete.
    ///
    /// Args:
    ///     path: The file; its ending says the form: ``.parquet``, ``.arrow``, ``.csv``, ``.tsv``, ``.jsonl`` and ``.json`` are written in
    ///         bounded memory, ``.xlsx``, ``.md``, ``.html`` and ``.txt`` are for reading.
    ///
    /// Returns:
    ///     How many rows were written.
    ///
    /// Raises:
    ///     InvalidDataError: If the ending says no format.
    ///     InvalidArgumentError: If two columns have one name and the format finds columns by it.
    ///     FileError: If the file cannot be written.
    ///
    /// Examples:
    ///     >>> import tempfile
    ///     >>> answer = kultti.example().sql("SELECT DISTINCT measure FROM observations")
    ///     >>> with tempfile.TemporaryDirectory() as folder:
    ///     ...     answer.write(folder + "/measures.parquet") == answer.to_arrow().num_rows
    ///     True
    fn write(&self, py: Python<'_>, path: PathBuf) -> PyResult<u64> {
        let format = ResultFormat::of(&path).map_err(|error| exception(py, &error, self.language))?;
        self.held_by(py, format)?;
        let mut answer = self.again(py)?;
        let raised = |error: Error| exception(py, &error, self.language);
        let name = path.display().to_string();
        let failed = |cause: std::io::Error| Error::io(&name, &cause);
        // The file is this thread's: whatever ends the work, it is gone when that is raised.
        let begun = py.detach(|| {
            let file = WholeFile::create(&path)?;
            AnswerWriter::new(format, &self.schema, self.language, file).map_err(failed)
        });
        let mut writer = begun.map_err(raised)?;
        let mut rows = 0;
        while let Some((batch, rest)) = self.next(py, answer)? {
            rows += batch.num_rows() as u64;
            py.detach(|| writer.write(&batch))
                .map_err(failed)
                .map_err(raised)?;
            answer = rest;
        }
        let written = py.detach(|| writer.finish().map_err(failed)?.commit());
        written.map(|()| rows).map_err(raised)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let options = TextOptions {
            width: WIDTH,
            styled: false,
        };
        Ok(to_text(&self.document(py)?, options)
            .trim_matches('\n')
            .to_owned())
    }

    /// The first rows as a fragment of HTML for notebooks.
    ///
    /// Examples:
    ///     >>> html = kultti.example(language="sv").sql("SELECT 1 AS one")._repr_html_()
    ///     >>> html.startswith('<div class="kultti" lang="sv">')
    ///     True
    fn _repr_html_(&self, py: Python<'_>) -> PyResult<String> {
        Ok(to_html(&self.document(py)?))
    }
}

/// An answer as an Arrow stream, for a reader in whatever thread.
struct Stream {
    answer: Option<Answer>,
    runtime: &'static Runtime,
    /// The thread that asked for the stream; only there is the interpreter sure to be free for the taking.
    thread: ThreadId,
    language: Language,
    /// Frames of one's own may need the interpreter when they end, so they end with the stream and not in a thread of the
    /// runtime that the holder of the interpreter waits for.
    _database: Arc<Database>,
}

/// An answer with what came next of it.
type Step = (Answer, Option<Result<RecordBatch>>);

impl Stream {
    /// Waits for the next batch, and hears Ctrl-C meanwhile.
    fn step(&self, mut answer: Answer) -> std::result::Result<Step, ArrowError> {
        let (done, waiting) = sync_channel(1);
        let task = self.runtime.spawn(async move {
            let batch = answer.next().await;
            // Whoever asked may have stopped waiting.
            let _ = done.send((answer, batch));
        });
        loop {
            // Not by the runtime's clock: the threads that look at it are those that compute.
            match waiting.recv_timeout(PATIENCE) {
                Ok(step) => return Ok(step),
                Err(RecvTimeoutError::Timeout) => self.heard().inspect_err(|_| task.abort())?,
                Err(RecvTimeoutError::Disconnected) => {
                    let text = "a thread of Kultti failed; its message is on standard error";
                    return Err(ArrowError::ComputeError(text.to_owned()));
                }
            }
        }
    }

    fn heard(&self) -> std::result::Result<(), ArrowError> {
        if std::thread::current().id() != self.thread {
            return Ok(());
        }
        Python::attach(|py| {
            py.check_signals().map_err(|raised| {
                // In words now: to ask Python for them later would be a moment in which Ctrl-C is heard and lost.
                let words = ArrowError::ComputeError(raised.to_string());
                if raised.is_instance_of::<PyKeyboardInterrupt>(py) {
                    // The reader will raise an error of its own. Where Python cannot be told, that one names Ctrl-C.
                    let _ = interrupt_again(py);
                }
                words
            })
        })
    }
}

impl Iterator for Stream {
    type Item = std::result::Result<ArrayRef, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let answer = self.answer.take()?;
        // Heard also where batches come without a pause.
        let step = self.heard().and_then(|()| self.step(answer));
        let (answer, batch) = match step {
            Ok(step) => step,
            Err(error) => return Some(Err(error)),
        };
        Some(match batch? {
            Ok(batch) => {
                self.answer = Some(answer);
                Ok(Arc::new(StructArray::from(batch)))
            }
            Err(error) => Err(ArrowError::ComputeError(error.message().render(self.language))),
        })
    }
}
