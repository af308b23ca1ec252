//! Results as frames of the packages that researchers use. None of them is needed by Kultti, and each is looked for only when
//! it is asked for.

use crate::error::exception;
use crate::spelling::in_python;
use kultti_core::Error;
use kultti_core::export::{Align, Block, Document, Grid};
use kultti_core::language::Language;
use pyo3::exceptions::PyModuleNotFoundError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// A module of a package that comes with an extra of Kultti.
pub(crate) fn package<'py>(
    py: Python<'py>,
    module: &str,
    extra: &str,
    language: Language,
) -> PyResult<Bound<'py, PyModule>> {
    let lacking = |error: PyErr| {
        if !error.is_instance_of::<PyModuleNotFoundError>(py) {
            return error;
        }
        let package = module.split('.').next().unwrap_or(module);
        let wanted = Error::MissingPackage {
            package: package.to_owned(),
            extra: extra.to_owned(),
        };
        let raised = exception(py, &wanted, language);
        raised.set_cause(py, Some(error));
        raised
    };
    py.import(module).map_err(lacking)
}

/// A `pyarrow.Table` of anything that speaks the Arrow stream interface.
pub(crate) fn arrow<'py>(table: &Bound<'py, PyAny>, language: Language) -> PyResult<Bound<'py, PyAny>> {
    let pyarrow = package(table.py(), "pyarrow", "arrow", language)?;
    pyarrow.call_method1("table", (table,))
}

/// A `polars.DataFrame`.
pub(crate) fn polars<'py>(table: &Bound<'py, PyAny>, language: Language) -> PyResult<Bound<'py, PyAny>> {
    let polars = package(table.py(), "polars", "polars", language)?;
    polars.call_method1("DataFrame", (table,))
}

/// A `pandas.DataFrame`: whole numbers and yes and no in the types that can be missing, so that a column has the same type
/// whether or not something in it is.
pub(crate) fn pandas<'py>(table: &Bound<'py, PyAny>, language: Language) -> PyResult<Bound<'py, PyAny>> {
    let py = table.py();
    let pandas = package(py, "pandas", "pandas", language)?;
    let pyarrow = package(py, "pyarrow", "pandas", language)?;
    let types = PyDict::new(py);
    types.set_item(pyarrow.call_method0("int64")?, pandas.call_method0("Int64Dtype")?)?;
    types.set_item(
        pyarrow.call_method0("bool_")?,
        pandas.call_method0("BooleanDtype")?,
    )?;
    let keywords = PyDict::new(py);
    keywords.set_item("types_mapper", types.getattr("get")?)?;
    let whole = pyarrow.call_method1("table", (table,))?;
    let whole = whole.call_method0("unify_dictionaries")?;
    whole.call_method("to_pandas", (), Some(&keywords))
}

/// A `great_tables.GT` of the first table of a document.
pub(crate) fn great_table<'py>(
    py: Python<'py>,
    document: &Document,
    language: Language,
) -> PyResult<Bound<'py, PyAny>> {
    let great_tables = package(py, "great_tables", "tables", language)?;
    let pandas = package(py, "pandas", "tables", language)?;
    let mut title = String::new();
    let mut beside: Vec<&str> = Vec::new();
    let mut source: Vec<String> = Vec::new();
    let mut first: Option<&Grid> = None;
    for block in &document.blocks {
        match block {
            Block::Heading { text, aside, .. } if title.is_empty() => {
                title.clone_from(text);
                beside.push(aside);
            }
            Block::Heading { text, aside, .. } => beside.extend([text.as_str(), aside.as_str()]),
            Block::Grid(grid) => first = first.or(Some(grid)),
            Block::Footer(lines) => source.extend(lines.iter().map(|line| in_python(line))),
            Block::Paragraph(_) | Block::Strip { .. } | Block::List { .. } => {}
        }
    }
    beside.retain(|text| !text.is_empty());
    let (caption, headers, rows) = first.map_or_else(Default::default, |grid| {
        let headers = grid.headers.iter();
        let headers = headers.map(|(name, align)| (name.as_str(), *align == Align::Right));
        (
            grid.caption.as_str(),
            headers.collect::<Vec<_>>(),
            grid.rows.clone(),
        )
    });
    py.import("kultti._tables")?.call_method1(
        "great_table",
        (
            great_tables,
            pandas.getattr("DataFrame")?,
            (caption, headers, rows),
            (title, beside.join(" · ")),
            source,
            language.code(),
        ),
    )
}
