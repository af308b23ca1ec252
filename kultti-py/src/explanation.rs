//! A figure walked back to its observations.

use crate::record::{Area, Deflator, Many, MeasureUse, Missing, Observation, Unranked};
use crate::table::Answer;
use kultti_core::compare as core;
use kultti_core::language::Language;
use kultti_core::panel::UsedPart;
use kultti_core::release::Release;
use pyo3::prelude::*;
use std::sync::Arc;

/// A figure with its formula, its numbers and the observations behind them; the answer of ``Release.explain``.
///
/// As a table it has one row for each observation used.
#[pyclass(frozen, extends = Answer, module = "kultti")]
pub(crate) struct Explanation {
    result: Arc<core::Explanation>,
    language: Language,
}

impl Explanation {
    pub(crate) fn of(
        py: Python<'_>,
        release: &Arc<Release>,
        result: impl Into<Arc<core::Explanation>>,
        language: Language,
    ) -> PyResult<Py<Self>> {
        let result = result.into();
        let base = Answer::of(release, Arc::clone(&result), language);
        Py::new(py, base.add_subclass(Self { result, language }))
    }
}

#[pymethods]
impl Explanation {
    /// Version of the JSON form.
    #[classattr]
    fn schema() -> u32 {
        1
    }

    /// The period, text.
    #[getter]
    fn period(&self) -> String {
        self.result.period.to_string()
    }

    /// The area.
    #[getter]
    fn area(&self) -> Area {
        Area::new(&self.result.area, self.language)
    }

    /// The formula as the catalogue has it.
    #[getter]
    fn formula(&self) -> &str {
        &self.result.formula
    }

    /// The formula with numbers in it.
    #[getter]
    fn formula_with_numbers(&self) -> &str {
        &self.result.formula_with_numbers
    }

    /// What the ratio is multiplied by: 1, or 100 for per cent.
    #[getter]
    fn multiplier(&self) -> f64 {
        self.result.multiplier
    }

    /// The figure, not rounded.
    #[getter]
    fn value(&self) -> Option<f64> {
        self.result.cell.value
    }

    /// The figure's numerator.
    #[getter]
    fn numerator(&self) -> Option<f64> {
        self.result.cell.numerator
    }

    /// The figure's denominator; that of the whole joint unit where the numerator is joint.
    #[getter]
    fn denominator(&self) -> Option<f64> {
        self.result.cell.denominator
    }

    /// The two index numbers, if the figure is in real prices.
    #[getter]
    fn deflator(&self) -> Option<Deflator> {
        self.result.factor.map(|factor| Deflator {
            index: factor.index,
            base: factor.base,
            power: factor.power,
        })
    }

    /// SDMX letter of the value, or of its absence.
    #[getter]
    fn status(&self) -> String {
        self.result.cell.letter().to_string()
    }

    /// Why there is no value.
    #[getter]
    fn missing(&self) -> Option<Missing> {
        Missing::new(self.result.cell.missing, self.language)
    }

    /// The measures used, each with its observations.
    #[getter]
    fn measures(&self) -> Many<MeasureUse> {
        self.result
            .measures
            .iter()
            .map(|used| measure(used, self.language))
            .collect()
    }

    /// The areas of the country without a value, and why.
    #[getter]
    fn left_out(&self) -> Many<Unranked> {
        self.result
            .left_out
            .iter()
            .map(|area| Unranked::new(area, self.language))
            .collect()
    }
}

pub(crate) fn measure(used: &core::MeasureUse, language: Language) -> MeasureUse {
    MeasureUse {
        measure: used.measure.to_string(),
        label: used.label.get(language).to_owned(),
        side: if used.denominator {
            "denominator"
        } else {
            "numerator"
        },
        unit: used.unit.to_string(),
        value: used.value,
        status: used.status.to_string(),
        missing: Missing::new(used.missing, language),
        source: used.source.get(language).to_owned(),
        observations: used
            .parts
            .iter()
            .map(|part| observation(part, language))
            .collect(),
    }
}

fn observation(part: &UsedPart, language: Language) -> Observation {
    Observation {
        area: part.area.to_string(),
        period: part.period.to_string(),
        value: part.value,
        status: part.status.letter().to_string(),
        missing: Missing::new(part.missing, language),
        share: part.share,
        territory: part.territory.to_string(),
        origin: part.origin.clone(),
        note: Some(part.note.clone()).filter(|note| !note.is_empty()),
    }
}
