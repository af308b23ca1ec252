//! Who hears how far long work is: nobody, a bar of tqdm, or a callable. And Ctrl-C while it runs.

use kultti_core::Error;
use pyo3::exceptions::{PyModuleNotFoundError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict};

/// What was given as `progress`.
pub(crate) enum Progress {
    Silent,
    /// `tqdm.auto.tqdm`.
    Bar(Py<PyAny>),
    Callable(Py<PyAny>),
}

/// One run's view of it.
pub(crate) struct Reporter {
    bar: Option<Py<PyAny>>,
    callable: Option<Py<PyAny>>,
    told: usize,
}

impl Progress {
    /// `False`, `True` or a callable. tqdm is looked for only when it is asked for.
    pub(crate) fn of(value: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let Some(value) = value else {
            return Ok(Self::Silent);
        };
        if let Ok(flag) = value.cast::<PyBool>() {
            return if flag.is_true() {
                tqdm(value.py()).map(Self::Bar)
            } else {
                Ok(Self::Silent)
            };
        }
        if value.is_callable() {
            return Ok(Self::Callable(value.clone().unbind()));
        }
        Err(PyTypeError::new_err(format!(
            "progress: expected a bool or a callable, found {}",
            value.get_type().name()?
        )))
    }

    /// For a run over indicators or pages; how many there are may be found out on the way.
    pub(crate) fn start(&self, py: Python<'_>, of: Option<usize>, unit: &str) -> PyResult<Reporter> {
        let mut reporter = Reporter {
            bar: None,
            callable: None,
            told: 0,
        };
        match self {
            Self::Silent => {}
            Self::Callable(callable) => reporter.callable = Some(callable.clone_ref(py)),
            Self::Bar(tqdm) => {
                let named = PyDict::new(py);
                named.set_item("total", of)?;
                named.set_item("unit", unit)?;
                reporter.bar = Some(tqdm.call(py, (), Some(&named))?);
            }
        }
        Ok(reporter)
    }
}

fn tqdm(py: Python<'_>) -> PyResult<Py<PyAny>> {
    match py.import("tqdm.auto") {
        Ok(module) => Ok(module.getattr("tqdm")?.unbind()),
        Err(error) if error.is_instance_of::<PyModuleNotFoundError>(py) => {
            let text = "progress=True shows a bar of tqdm, which is not installed: pip install tqdm";
            let raised = PyModuleNotFoundError::new_err(text);
            raised.set_cause(py, Some(error));
            Err(raised)
        }
        Err(error) => Err(error),
    }
}

impl Reporter {
    /// Says that `done` of the indicators are done, and raises what Ctrl-C or the callable raises.
    pub(crate) fn at(&mut self, py: Python<'_>, done: usize, of: usize) -> PyResult<()> {
        py.check_signals()?;
        if done <= self.told {
            return Ok(());
        }
        if let Some(bar) = &self.bar {
            bar.setattr(py, "total", of)?;
            bar.call_method1(py, "update", (done - self.told,))?;
        }
        if let Some(callable) = &self.callable {
            callable.call1(py, (done, of))?;
        }
        self.told = done;
        Ok(())
    }

    /// The run is over.
    pub(crate) fn close(&self, py: Python<'_>) -> PyResult<()> {
        match &self.bar {
            Some(bar) => bar.call_method0(py, "close").map(|_| ()),
            None => Ok(()),
        }
    }

    /// Runs work that reports as it goes, without holding the interpreter, and closes the bar whatever comes of it. What
    /// Python raises on the way ends the work and is raised.
    pub(crate) fn during<T: Send>(
        mut self,
        py: Python<'_>,
        work: impl FnOnce(&mut kultti_core::compare::Progress) -> kultti_core::Result<T> + Send,
    ) -> PyResult<kultti_core::Result<T>> {
        let mut raised = None;
        let result = py.detach(|| {
            work(&mut |done, of| {
                Python::attach(|py| self.at(py, done, of)).map_err(|error| {
                    raised = Some(error);
                    Error::Interrupted {}
                })
            })
        });
        let closed = self.close(py);
        match raised {
            Some(error) => Err(error),
            None => closed.map(|()| result),
        }
    }
}
