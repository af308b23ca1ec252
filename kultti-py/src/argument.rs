//! What Python gives, as what the core takes. Texts that cannot be read become [`Error::InvalidArgument`]; a value of
//! another type is a `TypeError`.

use kultti_core::compare::{Bands, Chain, IntervalLevel, Order};
use kultti_core::language::Language;
use kultti_core::model::{Aggregate, Date, Period};
use kultti_core::panel::{Borders, PriceBasis};
use kultti_core::{Error, Result};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDate, PyDateAccess, PyDateTime};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A period as a year or as text.
pub(crate) struct PeriodArgument(String);

impl<'py> FromPyObject<'_, 'py> for PeriodArgument {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let year = || value.extract::<i64>().map(|year| year.to_string());
        let text = value.extract().or_else(|_: PyErr| year());
        text.map(Self).map_err(|_| expected("an int or a str", value))
    }
}

impl PeriodArgument {
    /// As it was given.
    pub(crate) fn text(self) -> String {
        self.0
    }

    pub(crate) fn read(this: Option<Self>) -> Result<Option<Period>> {
        this.map(|period| period.0.parse()).transpose()
    }
}

/// One text or several.
pub(crate) enum Texts {
    One(String),
    Several(Vec<String>),
}

impl<'py> FromPyObject<'_, 'py> for Texts {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let items = || {
            value
                .try_iter()?
                .map(|item| item?.extract())
                .collect::<PyResult<_>>()
        };
        let texts = value
            .extract()
            .map(Self::One)
            .or_else(|_: PyErr| items().map(Self::Several));
        texts.map_err(|_| expected("a str or a list of str", value))
    }
}

impl Texts {
    /// As they were given.
    pub(crate) fn whole(self) -> Vec<String> {
        match self {
            Self::One(text) => vec![text],
            Self::Several(texts) => texts,
        }
    }

    /// A single text is split at its commas.
    pub(crate) fn split(this: Option<Self>) -> Vec<String> {
        match this {
            None => Vec::new(),
            Some(Self::One(text)) => text.split(',').map(|part| part.trim().to_owned()).collect(),
            Some(Self::Several(texts)) => texts,
        }
    }
}

/// Borders as `now`, `then`, an ISO date or a `datetime.date`.
pub(crate) enum BordersArgument {
    Text(String),
    Day(i32, u32, u32),
}

impl<'py> FromPyObject<'_, 'py> for BordersArgument {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        // A moment is a date to Python, but borders have no time of day.
        match value.cast::<PyDate>() {
            Ok(day) if !value.is_instance_of::<PyDateTime>() => Ok(Self::Day(
                day.get_year(),
                u32::from(day.get_month()),
                u32::from(day.get_day()),
            )),
            _ => value
                .extract()
                .map(Self::Text)
                .map_err(|_| expected("a str or a date", value)),
        }
    }
}

impl BordersArgument {
    /// As it was given; a date as ISO 8601 writes it.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Day(year, month, day) => format!("{year:04}-{month:02}-{day:02}"),
        }
    }

    pub(crate) fn read(&self) -> Result<Borders> {
        match self {
            Self::Text(text) => text.parse(),
            Self::Day(year, month, day) => Date::new(*year, *month, *day)
                .map(Borders::On)
                .ok_or_else(|| invalid("territory", "YYYY-MM-DD", &format!("{year}-{month}-{day}"))),
        }
    }
}

impl From<&str> for BordersArgument {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// The name of an aggregate.
pub(crate) fn aggregate(name: Option<&str>) -> Result<Option<Aggregate>> {
    name.map(str::parse).transpose()
}

/// An index and a year, such as `cpi@2018`.
pub(crate) fn prices(text: Option<&str>) -> Result<Option<PriceBasis>> {
    text.map(str::parse).transpose()
}

/// How a series goes on across breaks: `True` with the stated factor, a number with that one, `False` not at all.
pub(crate) enum ChainArgument {
    Stated(bool),
    Factor(f64),
}

impl<'py> FromPyObject<'_, 'py> for ChainArgument {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let stated = value
            .cast::<PyBool>()
            .map(|stated| Self::Stated(stated.is_true()));
        let factor = || value.extract().map(Self::Factor);
        let found = stated.or_else(|_| factor());
        found.map_err(|_: PyErr| expected("a bool or a float", value))
    }
}

impl ChainArgument {
    pub(crate) fn read(this: Option<Self>) -> Result<Option<Chain>> {
        match this {
            None | Some(Self::Stated(false)) => Ok(None),
            Some(Self::Stated(true)) => Ok(Some(Chain::Stated)),
            Some(Self::Factor(factor)) => factor.to_string().parse().map(Some),
        }
    }
}

/// Bands, and where their thresholds come from.
pub(crate) fn bands(bands: Option<&str>, source: Option<String>) -> Result<Option<Bands>> {
    match (bands, source) {
        (None, Some(source)) => Err(invalid("bands_source", "bands beside it", &source)),
        (bands, source) => Ok(bands
            .map(str::parse::<Bands>)
            .transpose()?
            .map(|bands| bands.with_source(source))),
    }
}

/// The base of an index; `first` is the first period.
pub(crate) fn base(period: Option<PeriodArgument>) -> Result<Option<Period>> {
    PeriodArgument::read(period.filter(|period| period.0 != "first"))
}

/// A level of intervals: `"95"`, 95 or 99.8, or `True` for the usual one.
pub(crate) enum LevelArgument {
    Usual(bool),
    Text(String),
}

impl<'py> FromPyObject<'_, 'py> for LevelArgument {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(usual) = value.cast::<PyBool>() {
            return Ok(Self::Usual(usual.is_true()));
        }
        let number = || value.extract::<f64>().map(|level| level.to_string());
        let text = value.extract().or_else(|_: PyErr| number());
        text.map(Self::Text)
            .map_err(|_| expected("a number, a str or a bool", value))
    }
}

impl LevelArgument {
    pub(crate) fn read(this: Option<Self>) -> Result<Option<IntervalLevel>> {
        match this {
            None | Some(Self::Usual(false)) => Ok(None),
            Some(Self::Usual(true)) => Ok(Some(IntervalLevel::default())),
            Some(Self::Text(text)) => text.parse().map(Some),
        }
    }
}

/// A name that stands for one of several choices.
pub(crate) fn parsed<T: std::str::FromStr<Err = Error>>(name: Option<&str>) -> Result<Option<T>> {
    name.map(str::parse).transpose()
}

/// Which end of a ranking comes first.
pub(crate) fn order(name: Option<&str>) -> Result<Option<Order>> {
    match name {
        None => Ok(None),
        Some("asc" | "ascending") => Ok(Some(Order::Ascending)),
        Some("desc" | "descending") => Ok(Some(Order::Descending)),
        Some(other) => Err(invalid("order", "asc, desc, ascending, descending", other)),
    }
}

/// The language that was set for the process: its place among all of them, or [`UNSET`].
static LANGUAGE: AtomicUsize = AtomicUsize::new(UNSET);

const UNSET: usize = usize::MAX;

/// The language that was set for the process.
fn set() -> Option<Language> {
    Language::ALL.get(LANGUAGE.load(Ordering::Relaxed)).copied()
}

/// Sets the language of the process, or leaves it to the environment again.
pub(crate) fn set_language(language: Option<Language>) {
    let place = Language::ALL.iter().position(|known| Some(*known) == language);
    LANGUAGE.store(place.unwrap_or(UNSET), Ordering::Relaxed);
}

/// The language of what has no release: the one that was set, or that of the environment.
pub(crate) fn current_language() -> Language {
    set().unwrap_or_else(|| Language::from_environment(|name| std::env::var(name).ok()))
}

/// The language of errors before there is a release: one that somebody chose, or English.
pub(crate) fn language_of_errors(asked: Option<&str>) -> Language {
    asked
        .and_then(Language::parse)
        .or_else(set)
        .unwrap_or(Language::En)
}

/// A language that was asked for, or the current one.
pub(crate) fn language(code: Option<&str>) -> Result<Language> {
    match code {
        None => Ok(current_language()),
        Some(code) => Language::parse(code).ok_or_else(|| invalid("language", "fi, sv, en", code)),
    }
}

/// A day as a `datetime.date` or as text.
pub(crate) fn day(given: Option<BordersArgument>) -> Result<Option<Date>> {
    match given {
        None => Ok(None),
        Some(BordersArgument::Text(text)) => text.parse().map(Some),
        Some(BordersArgument::Day(year, month, day)) => Date::new(year, month, day)
            .map(Some)
            .ok_or_else(|| invalid("accessed", "YYYY-MM-DD", &format!("{year}-{month}-{day}"))),
    }
}

/// A `TypeError`; PyO3 adds a note with the argument's name.
pub(crate) fn expected(what: &str, value: Borrowed<'_, '_, PyAny>) -> PyErr {
    let found = value
        .get_type()
        .name()
        .map_or_else(|_| String::new(), |name| name.to_string());
    PyTypeError::new_err(format!("expected {what}, found {found}"))
}

pub(crate) fn invalid(name: &str, expected: &str, found: &str) -> Error {
    Error::InvalidArgument {
        name: name.to_owned(),
        expected: expected.to_owned(),
        found: found.to_owned(),
    }
}
