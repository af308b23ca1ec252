//! Tables of statistical offices in Python: read in any format, looked at, turned into another or into observations.

use crate::argument;
use crate::error::exception;
use crate::record::{Many, records, shown};
use crate::release::Release;
use crate::spelling::in_python;
use crate::table::Table;
use crate::to_frame;
use arrow_array::{ArrayRef, RecordBatchReader, StructArray};
use arrow_schema::Field;
use kultti_core::export::{
    Export, TableCard, TextOptions, to_html, to_text, write_cube_file, write_structure_file,
};
use kultti_core::formats as core;
use kultti_core::formats::{
    DataStructure, Format, ImportContext, Mapping, ReadOptions, Reading, SdmxOptions, Warning, WriteOptions,
};
use kultti_core::language::Language;
use kultti_core::{Error, Result};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCapsule, PyTuple};
use pyo3_arrow::PyRecordBatchReader;
use pyo3_arrow::error::PyArrowResult;
use pyo3_arrow::ffi::{ArrayIterator, to_schema_pycapsule, to_stream_pycapsule};
use std::collections::BTreeMap;
use std::ffi::CString;
use std::path::PathBuf;
use std::sync::Arc;

/// Columns of a text: what fits beside a prompt.
const WIDTH: usize = 88;

records! {
    /// A category of a dimension of a table.
    Category {
        /// Code, text with its leading zeros.
        code: String,
        /// Name, in the table's language; empty where it has none.
        label: String,
        /// Unit of its figures, in a dimension of figures.
        unit: Option<String>,
        /// Decimals that its figures are shown with.
        decimals: Option<u8>,
        /// Codes of the categories below it.
        children: Many<String>,
    }

    /// A note of a table.
    CubeNote {
        /// The note, in the table's language.
        text: String,
        /// Whether it must be shown wherever the figures are.
        mandatory: bool,
        /// The category of every dimension that it belongs to, by the dimension's code; a dimension of which it speaks as a
        /// whole has ``None``. Nothing for a note on the whole table.
        place: Many<(String, Option<String>)>,
    }

    /// A dimension of a table.
    Dimension {
        /// Code.
        code: String,
        /// Name, in the table's language; empty where it has none.
        label: String,
        /// ``"time"``, ``"geo"``, ``"metric"`` (the figures themselves) or ``"classification"``.
        role: String,
        /// Categories in order.
        categories: Many<Category>,
    }
}

/// A table of a statistical office, as ``kultti.read`` gives it: dimensions, figures with their symbols and statuses, notes
/// and units.
///
/// It speaks the Arrow PyCapsule interface: a row for each cell, with the code of every dimension, ``value``, ``status`` and
/// ``symbol``. A missing figure is null, and the symbol beside it says why.
#[pyclass(frozen, module = "kultti")]
pub(crate) struct Cube {
    name: String,
    bytes: Option<u64>,
    reading: Arc<Reading>,
    language: Language,
}

impl Cube {
    fn card(&self) -> TableCard<'_> {
        TableCard {
            name: &self.name,
            bytes: self.bytes,
            reading: &self.reading,
            all: false,
        }
    }

    fn words(&self) -> Vec<String> {
        let own = self.reading.cube.languages.iter().cloned();
        std::iter::once(self.language.code().to_owned())
            .chain(own)
            .collect()
    }

    fn label(&self, labels: &core::Labels) -> String {
        labels.in_order(&self.words()).unwrap_or_default().to_owned()
    }

    fn category(&self, dimension: &core::Dimension, category: &core::Category) -> Category {
        let below = category
            .children
            .iter()
            .filter_map(|place| dimension.categories.get(*place));
        Category {
            code: category.code.clone(),
            label: self.label(&category.label),
            unit: category.unit.as_ref().map(|unit| self.label(&unit.label)),
            decimals: category.decimals,
            children: below.map(|child| child.code.clone()).collect(),
        }
    }

    fn place(&self, place: &core::NotePlace) -> Many<(String, Option<String>)> {
        let cube = &self.reading.cube;
        let named = |dimension: usize, category: Option<usize>| {
            let dimension = cube.dimensions.get(dimension)?;
            let found = category.and_then(|place| dimension.categories.get(place));
            Some((
                dimension.code.clone(),
                found.map(|category| category.code.clone()),
            ))
        };
        match place {
            core::NotePlace::Cube => Many(Vec::new()),
            core::NotePlace::Dimension(dimension) => named(*dimension, None).into_iter().collect(),
            core::NotePlace::Category(dimension, category) => {
                named(*dimension, Some(*category)).into_iter().collect()
            }
            core::NotePlace::Cells(key) => {
                let given = key.iter().enumerate().filter(|(_, category)| category.is_some());
                given
                    .filter_map(|(dimension, category)| named(dimension, *category))
                    .collect()
            }
        }
    }
}

#[pymethods]
impl Cube {
    /// The table's id; ``None`` where it has none.
    #[getter]
    fn id(&self) -> Option<&str> {
        self.reading.cube.id.as_deref()
    }

    /// The title, in the table's language.
    #[getter]
    fn title(&self) -> String {
        self.label(&self.reading.cube.label)
    }

    /// Who publishes it.
    #[getter]
    fn source(&self) -> String {
        self.label(&self.reading.cube.source)
    }

    /// When it was last updated, as the file says it.
    #[getter]
    fn updated(&self) -> Option<&str> {
        self.reading.cube.updated.as_deref()
    }

    /// Languages of the texts, the default one first.
    #[getter]
    fn languages(&self) -> Many<String> {
        Many(self.reading.cube.languages.clone())
    }

    /// The format that it was read from.
    #[getter]
    fn format(&self) -> &'static str {
        self.reading.format.name()
    }

    /// The encoding of a text file.
    #[getter]
    fn encoding(&self) -> Option<&str> {
        self.reading.encoding.as_deref()
    }

    /// The dimensions; the last runs fastest.
    #[getter]
    fn dimensions(&self) -> Many<Dimension> {
        let dimension = |dimension: &core::Dimension| {
            let categories = dimension
                .categories
                .iter()
                .map(|category| self.category(dimension, category));
            Dimension {
                code: dimension.code.clone(),
                label: self.label(&dimension.label),
                role: dimension.role.name().to_owned(),
                categories: categories.collect(),
            }
        };
        self.reading.cube.dimensions.iter().map(dimension).collect()
    }

    /// The notes, in the order of the file.
    #[getter]
    fn notes(&self) -> Many<CubeNote> {
        let note = |note: &core::Note| CubeNote {
            text: self.label(&note.text),
            mandatory: note.mandatory,
            place: self.place(&note.place),
        };
        self.reading.cube.notes.iter().map(note).collect()
    }

    /// What the reader assumed of the file, a sentence each.
    #[getter]
    fn warnings(&self) -> Many<String> {
        let warnings = self.reading.warnings.iter();
        warnings
            .map(|warning| in_python(&warning.0.render(self.language)))
            .collect()
    }

    /// How many cells the file has.
    fn __len__(&self) -> usize {
        self.reading.cube.cells.len()
    }

    /// Everything that the file says, cells aside, in all its languages.
    ///
    /// Returns:
    ///     The dict that ``kultti inspect --format json`` writes.
    ///
    /// Examples:
    ///     >>> cube = kultti.read(b"area,year,value\n005,2019,1.5\n091,2019,\n", format="csv")
    ///     >>> cube.to_dict()["cells"]["numbers"]
    ///     1
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let json = self.card().json(self.language).to_string();
        py.import("json")?.call_method1("loads", (json,))
    }

    /// Writes the table to a file, in the format that its ending says: ``.px``, ``.json`` (JSON-stat), ``.sdmx.csv``,
    /// ``.csv``, ``.tsv``, ``.xlsx``, ``.parquet`` or ``.arrow``.
    ///
    /// The file has its name only when it is complete. What the format cannot hold is said in a ``TableWarning``.
    ///
    /// Args:
    ///     path: The file.
    ///     format: The format, where the ending does not say it.
    ///     languages: The languages to keep, the default one first; without it all of them.
    ///     codepage: The encoding of a PX file, such as ``"iso-8859-15"``; without it UTF-8.
    ///     excel: Whether a CSV file is for Finnish Excel: byte order mark, semicolons, decimal commas.
    ///     structure: Where the data structure definition of an SDMX-CSV file is written (SDMX-JSON 2.0): names in all
    ///         languages, roles and code lists, which the file itself does not hold.
    ///
    /// Raises:
    ///     InvalidDataError: If the format cannot hold the table, or the ending says none.
    ///     FileError: If the file cannot be written.
    ///
    /// Examples:
    ///     >>> import tempfile
    ///     >>> cube = kultti.read(b"area,year,value\n005,2019,1.5\n091,2019,2\n", format="csv")
    ///     >>> with tempfile.TemporaryDirectory() as folder:
    ///     ...     cube.write(folder + "/areas.parquet")
    ///     ...     again = kultti.read(folder + "/areas.parquet")
    ///     >>> [category.code for category in again.dimensions[0].categories]
    ///     ['005', '091']
    #[pyo3(signature = (path, *, format=None, languages=None, codepage=None, excel=false, structure=None))]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn write(
        &self,
        py: Python<'_>,
        path: PathBuf,
        format: Option<&str>,
        languages: Option<Vec<String>>,
        codepage: Option<String>,
        excel: bool,
        structure: Option<PathBuf>,
    ) -> PyResult<()> {
        let options = WriteOptions {
            languages: languages.unwrap_or_default(),
            codepage,
            excel,
            sdmx: SdmxOptions {
                with_structure: structure.is_some(),
                ..SdmxOptions::default()
            },
        };
        let written = py.detach(|| {
            let format = match format {
                Some(name) => name.parse(),
                None => Format::of(&path.display().to_string(), b""),
            }?;
            if let Some(structure) = &structure {
                if format != Format::SdmxCsv {
                    return Err(Error::InvalidArgument {
                        name: "structure".into(),
                        expected: Format::SdmxCsv.name().into(),
                        found: format.name().into(),
                    });
                }
                write_structure_file(&self.reading.cube, &options, structure)?;
            }
            write_cube_file(&self.reading.cube, format, &options, &path)
        });
        let warnings = written.map_err(|error| exception(py, &error, self.language))?;
        warn(py, &warnings, self.language)
    }

    /// Turns the table into observations of a release, as ``kultti import`` does.
    ///
    /// Args:
    ///     release: The release whose catalogue and territory the figures are read against.
    ///     measure: The id of the measure, or a dict from categories of the table to ids.
    ///     territory: The borders that the figures stand on: ``"then"`` or a date, ``"2021-01-01"``.
    ///     mapping: A mapping file (TOML) with an ``[import]``.
    ///
    /// Returns:
    ///     The observations, in the columns that a release is built from.
    ///
    /// Raises:
    ///     InvalidDataError: If a code, period or figure cannot be an observation; nothing is dropped silently.
    ///
    /// Examples:
    ///     >>> text = b"area,year,value\n091,2019,8000000\n272,2019,500000\n"
    ///     >>> cube = kultti.read(text, format="csv")
    ///     >>> release = kultti.example()
    ///     >>> loans = cube.observations(release, measure="library.loans", territory="then")
    ///     >>> loans.to_dict()[1]["value"]
    ///     500000
    #[pyo3(signature = (release, *, measure=None, territory=None, mapping=None))]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn observations(
        &self,
        py: Python<'_>,
        release: &Release,
        measure: Option<Measures>,
        territory: Option<String>,
        mapping: Option<PathBuf>,
    ) -> PyResult<Table> {
        let language = release.language;
        let imported = py.detach(|| -> Result<_> {
            let mapping = mapping.as_deref().map(Mapping::open).transpose()?;
            let mut rules = mapping.and_then(|mapping| mapping.import).unwrap_or_default();
            rules.territory = territory.or(rules.territory);
            match measure {
                Some(Measures::One(id)) => rules.measure = Some(id),
                Some(Measures::Each(ids)) => rules.measures.extend(ids),
                None => {}
            }
            let context = ImportContext {
                name: &self.name,
                catalogue: release.release.catalogue(),
                territory: release.release.territory(),
            };
            core::import_cube(&self.reading.cube, &rules, context)
        });
        let imported = imported.map_err(|error| exception(py, &error, language))?;
        Ok(Table::new(Arc::new(imported), language))
    }

    /// Exports the cells as an Arrow stream: a row each, with codes, value, status and symbol. The labels, units and notes
    /// stand in the metadata of the schema.
    ///
    /// Args:
    ///     requested_schema: A schema to cast to, as the interface has it.
    ///
    /// Returns:
    ///     A capsule named ``arrow_array_stream``.
    ///
    /// Examples:
    ///     >>> cube = kultti.read(b"area,year,value\n005,2019,1.5\n091,2019,2\n", format="csv")
    ///     >>> type(cube.__arrow_c_stream__()).__name__
    ///     'PyCapsule'
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyArrowResult<Bound<'py, PyCapsule>> {
        let batches = core::cube_batches(&self.name, Whole(Arc::clone(&self.reading)));
        let batches = batches.map_err(|error| exception(py, &error, self.language))?;
        let schema = batches.schema();
        let field =
            Field::new_struct("", schema.fields().clone(), false).with_metadata(schema.metadata().clone());
        let arrays = batches.map(|batch| batch.map(|batch| Arc::new(StructArray::from(batch)) as ArrayRef));
        to_stream_pycapsule(
            py,
            Box::new(ArrayIterator::new(arrays, Arc::new(field))),
            requested_schema,
        )
    }

    /// Exports the schema of the cells.
    ///
    /// Returns:
    ///     A capsule named ``arrow_schema``.
    ///
    /// Examples:
    ///     >>> cube = kultti.read(b"area,year,value\n005,2019,1.5\n091,2019,2\n", format="csv")
    ///     >>> type(cube.__arrow_c_schema__()).__name__
    ///     'PyCapsule'
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyArrowResult<Bound<'py, PyCapsule>> {
        to_schema_pycapsule(py, core::cube_schema(&self.reading.cube).as_ref())
    }

    /// Gives the cells to pyarrow (``pip install 'kultti[arrow]'``).
    ///
    /// The code of every dimension is text with its leading zeros, ``value`` is ``double``; a missing figure is null, and ``symbol`` has what stands in its place.
    ///
    /// Returns:
    ///     A ``pyarrow.Table``.
    ///
    /// Raises:
    ///     MissingPackageError: If pyarrow is not installed.
    ///
    /// Examples:
    ///     >>> cube = kultti.read(b"area,year,value\n005,2019,1.5\n091,2019,2\n", format="csv")
    ///     >>> cube.to_arrow().column("area").to_pylist()
    ///     ['005', '091']
    fn to_arrow<'py>(this: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        to_frame::arrow(this.as_any(), this.get().language)
    }

    /// Gives the cells to polars (``pip install 'kultti[polars]'``).
    ///
    /// The code of every dimension is text with its leading zeros; a missing figure is null, never NaN.
    ///
    /// Returns:
    ///     A ``polars.DataFrame``.
    ///
    /// Raises:
    ///     MissingPackageError: If polars is not installed.
    ///
    /// Examples:
    ///     >>> cube = kultti.read(b"area,year,value\n005,2019,1.5\n091,2019,2\n", format="csv")
    ///     >>> cube.to_polars()["value"].to_list()
    ///     [1.5, 2.0]
    fn to_polars<'py>(this: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        to_frame::polars(this.as_any(), this.get().language)
    }

    /// Gives the cells to pandas (``pip install 'kultti[pandas]'``).
    ///
    /// The code of every dimension is ``str`` with its leading zeros, ``value`` is ``float64``; a missing figure is NaN, as pandas has it.
    ///
    /// Returns:
    ///     A ``pandas.DataFrame``.
    ///
    /// Raises:
    ///     MissingPackageError: If pandas or pyarrow is not installed.
    ///
    /// Examples:
    ///     >>> cube = kultti.read(b"area,year,value\n005,2019,1.5\n091,2019,2\n", format="csv")
    ///     >>> cube.to_pandas()["value"].sum().item()
    ///     3.5
    fn to_pandas<'py>(this: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        to_frame::pandas(this.as_any(), this.get().language)
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        py.detach(|| {
            let options = TextOptions {
                width: WIDTH,
                styled: false,
            };
            to_text(&self.card().document(self.language), options)
                .trim_matches('\n')
                .to_owned()
        })
    }

    /// What the table holds, as a fragment of HTML for notebooks.
    ///
    /// Examples:
    ///     >>> cube = kultti.read(b"area,year,value\n005,2019,1.5\n091,2019,2\n", format="csv")
    ///     >>> "<table" in cube._repr_html_()
    ///     True
    fn _repr_html_(&self, py: Python<'_>) -> String {
        py.detach(|| to_html(&self.card().document(self.language)))
    }
}

/// The cube of a reading that others hold too.
struct Whole(Arc<Reading>);

impl std::borrow::Borrow<core::Cube> for Whole {
    fn borrow(&self) -> &core::Cube {
        &self.0.cube
    }
}

/// One measure, or one for each category.
#[derive(FromPyObject)]
enum Measures {
    #[pyo3(transparent, annotation = "str")]
    One(String),
    #[pyo3(transparent, annotation = "dict[str, str]")]
    Each(BTreeMap<String, String>),
}

/// Where a table comes from.
enum Source {
    File(PathBuf),
    Bytes(Vec<u8>),
    Stream(PyRecordBatchReader),
}

impl Source {
    fn of(source: &Bound<'_, PyAny>) -> PyResult<Self> {
        if let Ok(bytes) = source.cast::<PyBytes>() {
            return Ok(Self::Bytes(bytes.as_bytes().to_vec()));
        }
        if source.hasattr("__arrow_c_stream__")? {
            return Ok(Self::Stream(source.extract()?));
        }
        Ok(Self::File(source.extract()?))
    }
}

/// Reads a table in any format of statistical offices: PX, JSON-stat, SDMX-CSV, CSV, TSV, XLSX, Parquet, Arrow.
///
/// What the reader has to assume is said in a ``TableWarning``.
///
/// Args:
///     source: A file, the bytes of one, or anything that speaks the Arrow PyCapsule interface.
///     format: ``"px"``, ``"jsonstat"``, ``"sdmx-csv"``, ``"csv"``, ``"tsv"``, ``"xlsx"``, ``"parquet"`` or ``"arrow"``;
///         without it content and ending tell.
///     mapping: A mapping file (TOML) that says what the columns of a table mean.
///     dataset: Which data set of a bundle or collection.
///     encoding: The encoding of a text file, such as ``"windows-1252"``, where the file does not say it or says it wrong.
///     structure: The data structure definition of an SDMX-CSV file (SDMX-JSON 2.0).
///     language: The language of labels and messages: ``"fi"``, ``"sv"`` or ``"en"``.
///
/// Returns:
///     The table.
///
/// Raises:
///     FileError: If the file cannot be read; a ``FileNotFoundError`` if there is none.
///     InvalidDataError: If it breaks the rules of its format; the message names line, column and keyword.
///
/// Examples:
///     >>> cube = kultti.read(b"area,year,value\n005,2019,1.5\n091,2019,2\n", format="csv")
///     >>> [dimension.code for dimension in cube.dimensions], len(cube)
///     (['area', 'year'], 2)
#[pyfunction]
#[pyo3(signature = (source, *, format=None, mapping=None, dataset=None, encoding=None, structure=None, language=None))]
#[expect(clippy::too_many_arguments, reason = "keywords in Python")]
pub(crate) fn read(
    py: Python<'_>,
    source: &Bound<'_, PyAny>,
    format: Option<&str>,
    mapping: Option<PathBuf>,
    dataset: Option<String>,
    encoding: Option<String>,
    structure: Option<PathBuf>,
    language: Option<&str>,
) -> PyResult<Cube> {
    let errors = argument::language_of_errors(language);
    let language = argument::language(language).map_err(|error| exception(py, &error, errors))?;
    let source = Source::of(source)?;
    let read = py.detach(|| {
        let options = ReadOptions {
            format: format.map(str::parse).transpose()?,
            mapping: mapping.as_deref().map(Mapping::open).transpose()?,
            dataset,
            encoding,
            structure: structure.as_deref().map(DataStructure::open).transpose()?,
        };
        from_source(source, &options)
    });
    let (name, bytes, reading) = read.map_err(|error| exception(py, &error, language))?;
    warn(py, &reading.warnings, language)?;
    Ok(Cube {
        name,
        bytes,
        reading: Arc::new(reading),
        language,
    })
}

fn from_source(source: Source, options: &ReadOptions) -> Result<(String, Option<u64>, Reading)> {
    match source {
        Source::File(path) => {
            let bytes = std::fs::metadata(&path).map(|file| file.len()).ok();
            Ok((
                path.display().to_string(),
                bytes,
                core::read_cube_file(&path, options)?,
            ))
        }
        Source::Bytes(bytes) => {
            let reading = core::read_cube("bytes", &bytes, options)?;
            Ok(("bytes".into(), Some(bytes.len() as u64), reading))
        }
        Source::Stream(stream) => {
            let name = "table";
            let refused =
                |cause: PyErr| Error::malformed(name, "arrow", 1, "an open Arrow stream", &cause.to_string());
            let reader = stream.into_reader().map_err(refused)?;
            let schema = reader.schema();
            let reading = core::read_batches(name, &schema, reader, options)?;
            Ok((name.into(), None, reading))
        }
    }
}

/// Says what was assumed or lost, in the way of Python.
pub(crate) fn warn(py: Python<'_>, warnings: &[Warning], language: Language) -> PyResult<()> {
    let category = py.import("kultti._errors")?.getattr("TableWarning")?;
    for warning in warnings {
        let text = in_python(&warning.0.render(language));
        let text = CString::new(text.replace('\0', " "))
            .map_err(|cause| PyRuntimeError::new_err(cause.to_string()))?;
        PyErr::warn(py, &category, &text, 1)?;
    }
    Ok(())
}
