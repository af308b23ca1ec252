//! Moments and days: what Python gives, and what it gets.

use crate::argument::{expected, invalid};
use chrono::{DateTime, SecondsFormat, Utc};
use kultti_core::collection::moment;
use kultti_core::model::Date;
use kultti_core::{Error, Result};
use pyo3::prelude::*;
use pyo3::types::{PyDate, PyDateTime};

/// A moment: a `datetime` with a time zone, a day (its end in UTC is meant), or either as text.
pub(crate) enum MomentArgument {
    Text(String),
    /// A `datetime` without a time zone, which is no moment.
    Naive(String),
}

impl<'py> FromPyObject<'_, 'py> for MomentArgument {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if value.is_instance_of::<PyDateTime>() {
            if value.call_method0("utcoffset")?.is_none() {
                return value.call_method0("isoformat")?.extract().map(Self::Naive);
            }
            let utc = value
                .py()
                .import("datetime")?
                .getattr("timezone")?
                .getattr("utc")?;
            let moved = value.call_method1("astimezone", (utc,))?;
            return moved.call_method0("isoformat")?.extract().map(Self::Text);
        }
        if value.is_instance_of::<PyDate>() {
            return value.call_method0("isoformat")?.extract().map(Self::Text);
        }
        let text = value.extract().map(Self::Text);
        text.map_err(|_| expected("a datetime, a date or a str", value))
    }
}

impl MomentArgument {
    /// The moment; `name` is the argument's.
    pub(crate) fn read(this: Option<Self>, name: &str) -> Result<Option<DateTime<Utc>>> {
        let refused = |found: &str| {
            let expected =
                "datetime.now(timezone.utc), \"2021-03-31T12:00:00Z\", date(2021, 3, 31), \"2021-03-31\"";
            invalid(name, expected, found)
        };
        match this {
            None => Ok(None),
            Some(Self::Naive(text)) => Err(refused(&format!("{text} (no time zone)"))),
            Some(Self::Text(text)) => moment(&text).map(Some).map_err(|error| match error {
                Error::InvalidArgument { found, .. } => refused(&found),
                other => other,
            }),
        }
    }
}

/// A moment as Python has it: a `datetime` in UTC.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Moment(pub(crate) DateTime<Utc>);

impl<'py> IntoPyObject<'py> for Moment {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let text = self.0.to_rfc3339_opts(SecondsFormat::Micros, false);
        let class = py.import("datetime")?.getattr("datetime")?;
        class.call_method1("fromisoformat", (text,))
    }
}

/// A day as Python has it: a `date`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Day(pub(crate) Date);

impl<'py> IntoPyObject<'py> for Day {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        py.import("datetime")?.getattr("date")?.call1(self.0.parts())
    }
}
