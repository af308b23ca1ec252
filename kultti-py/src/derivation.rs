//! A result walked back to its observations.

use crate::explanation::measure;
use crate::record::{
    Deflator, DerivationStep, ExplainedFigure, ExplainedInput, Many, Missing, Note, Unranked,
};
use crate::table::Table;
use kultti_core::compare as core;
use kultti_core::language::Language;
use pyo3::prelude::*;
use std::sync::Arc;

/// How a result came about; the answer of ``Result.explain``.
///
/// As a table it has one row for each observation behind each figure that entered.
#[pyclass(frozen, extends = Table, module = "kultti")]
pub(crate) struct ResultExplanation {
    result: Arc<core::ResultExplanation>,
    language: Language,
}

impl ResultExplanation {
    pub(crate) fn of(
        py: Python<'_>,
        result: core::ResultExplanation,
        language: Language,
    ) -> PyResult<Py<Self>> {
        let result = Arc::new(result);
        let table = Table::new(Arc::clone(&result), language);
        Py::new(
            py,
            PyClassInitializer::from(table).add_subclass(Self { result, language }),
        )
    }
}

#[pymethods]
impl ResultExplanation {
    /// Version of the JSON form.
    #[classattr]
    fn schema() -> u32 {
        1
    }

    /// The indicator's id.
    #[getter]
    fn indicator(&self) -> &str {
        self.result.context.indicator.as_str()
    }

    /// The id of the release.
    #[getter]
    fn release(&self) -> &str {
        &self.result.context.release
    }

    /// The calculation, step by step.
    #[getter]
    fn steps(&self) -> Many<DerivationStep> {
        let step = |step: &core::DerivationStep| DerivationStep {
            step: step.what.code().trim_start_matches("step.").to_owned(),
            text: step.what.render(self.language),
            formula: step.formula.clone(),
            formula_with_numbers: step.numbers.clone(),
            value: step.value,
            missing: Missing::new(step.missing, self.language),
        };
        self.result.steps.iter().map(step).collect()
    }

    /// The figures that entered, indicator by indicator and period by period.
    #[getter]
    fn inputs(&self) -> Many<ExplainedInput> {
        let inputs = self.result.inputs.iter();
        inputs.map(|read| input(read, self.language)).collect()
    }

    /// Areas that could have entered and did not, and why.
    #[getter]
    fn left_out(&self) -> Many<Unranked> {
        let areas = self.result.left_out.iter();
        areas.map(|area| Unranked::new(area, self.language)).collect()
    }

    /// What to keep in mind.
    #[getter]
    fn notes(&self) -> Many<Note> {
        let notes = self.result.notes.iter();
        notes.map(|note| Note::new(note, self.language)).collect()
    }
}

fn input(input: &core::ExplainedInput, language: Language) -> ExplainedInput {
    let figure = |figure: &core::ExplainedFigure| ExplainedFigure {
        code: figure.area.code.to_string(),
        name: figure.area.name.get(language).to_owned(),
        value: figure.cell.value,
        numerator: figure.cell.numerator,
        denominator: figure.cell.denominator,
        status: figure.cell.letter().to_string(),
        missing: Missing::new(figure.cell.missing, language),
        formula_with_numbers: figure.formula_with_numbers.clone(),
        measures: figure
            .measures
            .iter()
            .map(|used| measure(used, language))
            .collect(),
    };
    ExplainedInput {
        indicator: input.indicator.to_string(),
        label: input.label.get(language).to_owned(),
        period: input.period.to_string(),
        territory: input.territory.clone(),
        price_basis: input.price_basis.as_ref().map(ToString::to_string),
        deflator: input.factor.map(|factor| Deflator {
            index: factor.index,
            base: factor.base,
            power: factor.power,
        }),
        formula: input.formula.clone(),
        multiplier: input.multiplier,
        figures: input.figures.iter().map(figure).collect(),
    }
}
