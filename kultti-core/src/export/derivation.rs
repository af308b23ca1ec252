//! The explanation of a result as a table of observations and as JSON.

use super::json::{measure, notes, sources, unranked};
use super::scalar::{missing_json, number_json};
use super::table::{CONTEXT, Table, Value, context, observed, text};
use crate::compare::{DerivationStep, ExplainedFigure, ExplainedInput, ResultExplanation};
use crate::language::Language;
use serde_json::{Value as Json, json};

impl super::Export for ResultExplanation {
    /// One row for each observation behind each figure that entered; a measure without any has one row that says why.
    fn table(&self, language: Language) -> Table {
        let mut columns = vec!["code", "name", "figure", "figure_status", "figure_missing"];
        columns.extend([
            "measure",
            "side",
            "measure_value",
            "measure_unit",
            "area",
            "observed_period",
            "value",
            "share",
            "status",
            "missing",
            "borders",
            "origin",
            "note",
        ]);
        columns.extend(CONTEXT);
        let mut rows = Vec::new();
        for input in &self.inputs {
            for figure in &input.figures {
                rows.extend(self.figure_rows(input, figure, language));
            }
        }
        Table {
            columns,
            rows,
            notes: self.notes.clone(),
            language,
        }
    }

    fn json(&self, language: Language) -> Json {
        let context = &self.context;
        json!({
            "schema": super::json::SCHEMA,
            "indicator": context.indicator,
            "definition": context.definition,
            "label": context.label.get(language),
            "description": context.description.get(language),
            "unit": context.unit,
            "scope": context.scope,
            "price_basis": context.price_basis.as_ref().map(ToString::to_string),
            "territory": context.territory,
            "release": context.release,
            "steps": self.steps.iter().map(|item| step(item, language)).collect::<Vec<_>>(),
            "inputs": self.inputs.iter().map(|item| input(item, language)).collect::<Vec<_>>(),
            "left_out": unranked(&self.left_out, language),
            "notes": notes(&self.notes, language),
            "sources": sources(context, language),
        })
    }

    fn document(&self, language: Language) -> super::Document {
        super::people::derivation(self, language)
    }
}

impl ResultExplanation {
    fn figure_rows(
        &self,
        input: &ExplainedInput,
        figure: &ExplainedFigure,
        language: Language,
    ) -> Vec<Vec<Value>> {
        let mut common = context(&self.context, input.period);
        // The figure may be of another indicator than the result, and on borders of its own.
        common[0] = text(&input.indicator);
        common[2] = text(&input.territory);
        let row = |observation: Vec<Value>| {
            let mut row = vec![
                text(&figure.area.code),
                text(figure.area.name.get(language)),
                Value::Number(figure.cell.value),
                text(figure.cell.letter()),
                Value::Missing(figure.cell.missing),
            ];
            row.extend(observation);
            row.extend(common.clone());
            row
        };
        figure.measures.iter().flat_map(observed).map(row).collect()
    }
}

fn step(step: &DerivationStep, language: Language) -> Json {
    json!({
        "step": step.what.code().trim_start_matches("step."),
        "text": step.what.render(language),
        "formula": step.formula,
        "formula_with_numbers": step.numbers,
        "value": number_json(step.value),
        "missing": missing_json(step.missing, language),
    })
}

fn input(input: &ExplainedInput, language: Language) -> Json {
    let figure = |figure: &ExplainedFigure| {
        json!({
            "code": figure.area.code,
            "name": figure.area.name.get(language),
            "formula_with_numbers": figure.formula_with_numbers,
            "numerator": number_json(figure.cell.numerator),
            "denominator": number_json(figure.cell.denominator),
            "value": number_json(figure.cell.value),
            "status": figure.cell.letter().to_string(),
            "missing": missing_json(figure.cell.missing, language),
            "measures": figure.measures.iter().map(|used| measure(used, language)).collect::<Vec<_>>(),
        })
    };
    json!({
        "indicator": input.indicator,
        "label": input.label.get(language),
        "period": input.period,
        "territory": input.territory,
        "price_basis": input.price_basis.as_ref().map(ToString::to_string),
        "deflator": input.factor.map(|factor| json!({ "index": factor.index, "base": factor.base, "power": factor.power })),
        "formula": input.formula,
        "multiplier": number_json(Some(input.multiplier)),
        "figures": input.figures.iter().map(figure).collect::<Vec<_>>(),
    })
}
