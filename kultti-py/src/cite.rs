//! Citations as Python has them: a text, or what `json` makes of one.

use crate::argument::{self, BordersArgument};
use crate::error::exception;
use crate::spelling::call;
use kultti_core::export::{Citation, CitationStyle};
use kultti_core::language::Language;
use pyo3::prelude::*;

/// A citation in the language asked for, or that of what is cited; its question is written as a call.
pub(crate) fn written<'py>(
    py: Python<'py>,
    citation: Citation,
    (asked, own): (Option<&str>, Language),
    style: &str,
    accessed: Option<BordersArgument>,
) -> PyResult<Bound<'py, PyAny>> {
    let refused = |error| exception(py, &error, own);
    let language = asked.map_or(Ok(own), |code| argument::language(Some(code)));
    let language = language.map_err(refused)?;
    let style: CitationStyle = style.parse().map_err(refused)?;
    let day = argument::day(accessed).map_err(refused)?;
    let question = citation.query().map(call);
    let citation = citation.accessed(day);
    let citation = match &question {
        Some(question) => citation.with_query(question),
        None => citation,
    };
    let text = citation.write(style, language);
    let text = text.trim_end_matches('\n').into_pyobject(py)?.into_any();
    match style {
        CitationStyle::CslJson => py.import("json")?.call_method1("loads", (text,)),
        CitationStyle::Text | CitationStyle::Bibtex => Ok(text),
    }
}
