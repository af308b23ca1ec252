//! The machine forms of an expected cost.

use super::cube::{AREAS, PERIODS, Shape};
use super::json::answer;
use super::scalar::{missing_json, number_json};
use super::table::{CONTEXT, Table, Value, context, status, text};
use super::{Document, Export};
use crate::compare::{Expected, ExpectedModel, ExpectedModelVariable, ExpectedRow, UnmodelledArea};
use crate::language::Language;
use crate::stats::Coefficient;
use serde_json::{Value as Json, json};

impl Export for Expected {
    /// One row per area, with the model's key figures on each.
    fn table(&self, language: Language) -> Table {
        let mut columns = vec![
            "code",
            "name",
            "value",
            "expected",
            "lower",
            "upper",
            "difference",
            "residual",
            "residual_log",
            "leave_one_out",
            "budget_difference",
            "weight",
            "in_model",
            "status",
            "missing",
        ];
        columns.extend(CONTEXT);
        columns.extend(["model", "method", "level", "n", "r2", "sigma"]);
        let row = |row: &ExpectedRow| {
            let mut cells = vec![
                text(&row.area.code),
                text(row.area.name.get(language)),
                Value::Number(row.cell.value),
                Value::Number(row.expected),
                Value::Number(row.lower),
                Value::Number(row.upper),
                Value::Number(row.difference),
                Value::Number(row.residual),
                Value::Number(row.residual_log),
                Value::Number(row.leave_one_out),
                Value::Number(row.budget_difference),
                Value::Number(row.weight),
                Value::Flag(row.in_model),
            ];
            cells.extend(status(&row.cell));
            cells.extend(context(&self.context, self.period));
            cells.extend([
                Value::Text(self.model.definition.clone()),
                text(self.model.method.name()),
                Value::Number(Some(self.level)),
                Value::Count(self.model.n),
                Value::Number(Some(self.model.r2)),
                Value::Number(Some(self.model.sigma)),
            ]);
            cells
        };
        Table {
            columns,
            rows: self.rows.iter().map(row).collect(),
            notes: self.notes.clone(),
            language,
        }
    }

    fn json(&self, language: Language) -> Json {
        let contribution = |one: &crate::compare::VariableContribution| {
            json!({
                "indicator": one.indicator,
                "value": number_json(Some(one.value)),
                "typical": number_json(Some(one.typical)),
                "factor": number_json(Some(one.factor)),
            })
        };
        let area = self.area.as_ref();
        let own = json!({
            "area": area.map(|area| json!({ "code": area.code, "name": area.name.get(language) })),
            "level": number_json(Some(self.level)),
            "model": model(&self.model, language),
            "areas": self.rows.iter().map(|row| record(row, &self.model, language)).collect::<Vec<_>>(),
            "contributions": self.contributions.iter().map(contribution).collect::<Vec<_>>(),
            "left_out": self.left_out.iter().map(|out| left_out(out, language)).collect::<Vec<_>>(),
            "capacity": self.capacity.as_ref().map(|capacity| json!({
                "indicator": capacity.indicator,
                "label": capacity.label.get(language),
                "period": capacity.period,
            })),
        });
        answer(
            (&self.context, &self.notes),
            json!({ "period": self.period }),
            own,
            language,
        )
    }

    fn shape(&self) -> Option<Shape<'_>> {
        Some(Shape {
            name: "expected",
            context: &self.context,
            axes: vec![AREAS, PERIODS],
        })
    }

    fn document(&self, language: Language) -> Document {
        super::people::expected(self, language)
    }
}

fn coefficient(one: &Coefficient) -> Json {
    json!({
        "estimate": number_json(Some(one.estimate)),
        "standard_error": number_json(Some(one.standard_error)),
        "t": number_json(Some(one.t())),
    })
}

fn model(model: &ExpectedModel, language: Language) -> Json {
    let variable = |one: &ExpectedModelVariable| {
        json!({
            "indicator": one.indicator,
            "label": one.label.get(language),
            "period": one.period,
            "log": one.log,
            "mean": number_json(Some(one.mean)),
            "coefficient": coefficient(&one.coefficient),
            "reason": one.reason.as_ref().map(|reason| reason.get(language)),
        })
    };
    json!({
        "definition": model.definition,
        "method": model.method.name(),
        "constant": coefficient(&model.constant),
        "variables": model.variables.iter().map(variable).collect::<Vec<_>>(),
        "sigma": number_json(Some(model.sigma)),
        "r2": number_json(Some(model.r2)),
        "n": model.n,
        "members": model.members,
        "degrees_of_freedom": model.degrees_of_freedom,
        "iterations": model.iterations,
        "at_means": number_json(Some(model.at_means)),
    })
}

fn record(row: &ExpectedRow, model: &ExpectedModel, language: Language) -> Json {
    let variables = model.variables.iter().zip(&row.variables);
    let variables: serde_json::Map<String, Json> = variables
        .map(|(variable, value)| (variable.indicator.to_string(), number_json(*value)))
        .collect();
    json!({
        "code": row.area.code,
        "name": row.area.name.get(language),
        "value": number_json(row.cell.value),
        "numerator": number_json(row.cell.numerator),
        "denominator": number_json(row.cell.denominator),
        "status": row.cell.letter().to_string(),
        "missing": missing_json(row.cell.missing, language),
        "expected": number_json(row.expected),
        "expected_status": row.expected.map(|_| "E"),
        "lower": number_json(row.lower),
        "upper": number_json(row.upper),
        "difference": number_json(row.difference),
        "residual": number_json(row.residual),
        "residual_log": number_json(row.residual_log),
        "leave_one_out": number_json(row.leave_one_out),
        "budget_difference": number_json(row.budget_difference),
        "weight": number_json(row.weight),
        "in_model": row.in_model,
        "variables": variables,
        "capacity": number_json(row.capacity),
    })
}

fn left_out(out: &UnmodelledArea, language: Language) -> Json {
    json!({
        "code": out.area.code,
        "name": out.area.name.get(language),
        "status": out.status.to_string(),
        "reason": { "code": out.reason.code(), "text": out.reason.render(language) },
    })
}
