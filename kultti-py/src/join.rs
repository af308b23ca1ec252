//! A frame joined to a release by municipality.

use crate::cube::warn;
use crate::error::exception;
use crate::frame::FrameArgument;
use crate::record::{Many, Note};
use crate::release::Release;
use crate::spelling::in_python;
use crate::table::Table;
use crate::to_frame;
use arrow_array::{ArrayRef, RecordBatchReader, StructArray};
use arrow_schema::Field;
use kultti_core::compare::{self as core, JoinOptions};
use kultti_core::export::{Export, TextOptions, Unmatched, joined_batches, to_html, to_text};
use kultti_core::formats::Warning;
use kultti_core::language::{Language, Message, Param};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use pyo3_arrow::error::PyArrowResult;
use pyo3_arrow::ffi::{ArrayIterator, to_schema_pycapsule, to_stream_pycapsule};
use std::sync::Arc;

/// Rows named in a warning.
const NAMED: usize = 5;

/// A frame with the municipalities of its rows and their figures.
///
/// Made by ``Release.join``. It speaks the Arrow PyCapsule interface: the frame's own columns as they were given, then ``code``,
/// ``name``, ``match`` (``"matched"``, ``"merged"``, ``"unmatched"``, ``"ambiguous"`` or ``"empty"``), and for every indicator
/// its value under its id, ``<id>.status`` and ``<id>.missing``. A name that is taken gets ``_`` at its end.
///
/// Examples:
///     >>> import polars
///     >>> survey = polars.DataFrame({"kunta": ["Karleby", "Kokola"], "answer": [4, 2]})
///     >>> joined = kultti.example(language="en").join(survey, "kunta")
///     >>> polars.DataFrame(joined)["code"].to_list()
///     ['272', None]
#[pyclass(frozen, module = "kultti")]
pub(crate) struct Joined {
    joined: Arc<core::Joined>,
    language: Language,
}

impl Joined {
    pub(crate) fn of(
        py: Python<'_>,
        release: &Release,
        frame: FrameArgument,
        options: JoinOptions,
    ) -> PyResult<Self> {
        let language = release.language;
        let joined = py.detach(|| {
            let reader = frame.into_reader();
            let schema = reader.schema();
            release.release.join("frame", &schema, reader, options)
        });
        let joined = joined.map_err(|error| exception(py, &error, language))?;
        let lost = joined.unmatched().take(NAMED);
        let mut lost: Vec<Param> = lost
            .map(|(row, area)| Param::from(format!("{row} \"{}\"", area.found)))
            .collect();
        if joined.rows.len() - joined.matched() > NAMED {
            lost.push(Param::from("…"));
        }
        if !lost.is_empty() {
            let message = Message::new("warning.join-unmatched").with("path", &joined.name);
            let message = message.with("rows", Param::List(lost));
            warn(py, &[Warning(message)], language)?;
        }
        Ok(Self {
            joined: Arc::new(joined),
            language,
        })
    }
}

#[pymethods]
impl Joined {
    /// How many rows have a municipality.
    #[getter]
    fn matched(&self) -> usize {
        self.joined.matched()
    }

    /// The rows that have none: their number counted from 1, the text found, and what may have been meant.
    #[getter]
    fn unmatched(&self) -> Table {
        Table::new(Arc::new(Unmatched(Arc::clone(&self.joined))), self.language)
    }

    /// What to keep in mind: which municipalities have merged, and how many have several rows.
    #[getter]
    fn notes(&self) -> Many<Note> {
        let notes = self.joined.notes.iter();
        notes.map(|note| Note::new(note, self.language)).collect()
    }

    /// How many rows there are: as many as the frame has.
    fn __len__(&self) -> usize {
        self.joined.rows.len()
    }

    /// Gives the rows to pyarrow (``pip install 'kultti[arrow]'``).
    ///
    /// Returns:
    ///     A ``pyarrow.Table``: the frame's own columns, then those of the join.
    ///
    /// Raises:
    ///     MissingPackageError: If pyarrow is not installed.
    ///
    /// Examples:
    ///     >>> import polars
    ///     >>> joined = kultti.example().join(polars.DataFrame({"kunta": ["Kokkola"]}), "kunta")
    ///     >>> joined.to_arrow().column_names
    ///     ['kunta', 'code', 'name', 'match']
    fn to_arrow<'py>(this: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        to_frame::arrow(this.as_any(), this.get().language)
    }

    /// Gives the rows to polars (``pip install 'kultti[polars]'``).
    ///
    /// Returns:
    ///     A ``polars.DataFrame``.
    ///
    /// Raises:
    ///     MissingPackageError: If polars is not installed.
    ///
    /// Examples:
    ///     >>> import polars
    ///     >>> joined = kultti.example().join(polars.DataFrame({"kunta": ["Karleby"]}), "kunta")
    ///     >>> joined.to_polars()["code"].to_list()
    ///     ['272']
    fn to_polars<'py>(this: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        to_frame::polars(this.as_any(), this.get().language)
    }

    /// Gives the rows to pandas (``pip install 'kultti[pandas]'``).
    ///
    /// Returns:
    ///     A ``pandas.DataFrame``; whole numbers are ``Int64``, which can be missing.
    ///
    /// Raises:
    ///     MissingPackageError: If pandas or pyarrow is not installed.
    ///
    /// Examples:
    ///     >>> import pandas
    ///     >>> joined = kultti.example().join(pandas.DataFrame({"kunta": ["Karleby"]}), "kunta")
    ///     >>> joined.to_pandas()["code"].tolist()
    ///     ['272']
    fn to_pandas<'py>(this: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        to_frame::pandas(this.as_any(), this.get().language)
    }

    /// Exports the rows as an Arrow stream.
    ///
    /// Args:
    ///     requested_schema: A schema to cast to, as the interface has it.
    ///
    /// Returns:
    ///     A capsule named ``arrow_array_stream``.
    ///
    /// Examples:
    ///     >>> import polars
    ///     >>> joined = kultti.example().join(polars.DataFrame({"kunta": ["Kokkola"]}), "kunta")
    ///     >>> type(joined.__arrow_c_stream__()).__name__
    ///     'PyCapsule'
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyArrowResult<Bound<'py, PyCapsule>> {
        let (schema, batches) = py.detach(|| joined_batches(&self.joined, self.language))?;
        let field = Field::new_struct("", schema.fields().clone(), false);
        let field = Arc::new(field.with_metadata(schema.metadata().clone()));
        let arrays: Vec<_> = batches
            .into_iter()
            .map(|batch| Ok(Arc::new(StructArray::from(batch)) as ArrayRef))
            .collect();
        to_stream_pycapsule(py, Box::new(ArrayIterator::new(arrays, field)), requested_schema)
    }

    /// Exports the schema of the rows.
    ///
    /// Returns:
    ///     A capsule named ``arrow_schema``.
    ///
    /// Examples:
    ///     >>> import polars
    ///     >>> joined = kultti.example().join(polars.DataFrame({"kunta": ["Kokkola"]}), "kunta")
    ///     >>> type(joined.__arrow_c_schema__()).__name__
    ///     'PyCapsule'
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyArrowResult<Bound<'py, PyCapsule>> {
        let (schema, _) = py.detach(|| joined_batches(&self.joined, self.language))?;
        to_schema_pycapsule(py, schema.as_ref())
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        py.detach(|| {
            let options = TextOptions {
                width: 88,
                styled: false,
            };
            let text = to_text(&self.joined.document(self.language), options);
            in_python(text.trim_matches('\n'))
        })
    }

    /// What was joined, as a fragment of HTML for notebooks.
    ///
    /// Examples:
    ///     >>> import polars
    ///     >>> joined = kultti.example().join(polars.DataFrame({"kunta": ["Kokkola"]}), "kunta")
    ///     >>> "<table" in joined._repr_html_()
    ///     True
    fn _repr_html_(&self, py: Python<'_>) -> String {
        py.detach(|| to_html(&self.joined.document(self.language)))
    }
}
