//! Inequality for machines.

use super::cube::{GROUPS, PERIODS, Shape};
use super::json::{answer, unranked};
use super::scalar::{missing_json, number_json};
use super::table::{CONTEXT, Table, Value, context, text};
use super::{Document, Export, people};
use crate::compare::{Inequality, InequalityGroup};
use crate::language::Language;
use crate::stats::LorenzPoint;
use serde_json::{Value as Json, json};

impl Export for Inequality {
    /// The country in the first row, then one row per group.
    fn table(&self, language: Language) -> Table {
        let mut columns = vec![
            "group",
            "name",
            "gini",
            "theil",
            "theil_within",
            "theil_between",
            "mean",
            "share_numerator",
            "share_denominator",
            "n",
            "members",
            "coverage_areas",
            "coverage_denominator",
            "status",
            "missing",
            "zeros",
        ];
        columns.extend(CONTEXT);
        let row = |row: &InequalityGroup, parts: [Option<f64>; 2]| {
            let mut cells = vec![
                Value::Text(row.group.as_ref().map(ToString::to_string)),
                text(row.name.get(language)),
                Value::Number(row.gini),
                Value::Number(row.theil),
            ];
            cells.extend(parts.map(Value::Number));
            cells.extend([
                Value::Number(row.mean),
                Value::Number(row.share),
                Value::Number(row.weight),
                Value::Count(row.n),
                Value::Count(row.members),
                Value::Number(row.coverage_areas),
                Value::Number(row.coverage_denominator),
                text(row.status),
                Value::Missing(row.missing),
                Value::Count(row.zeros),
            ]);
            cells.extend(context(&self.context, self.period));
            cells
        };
        let parts = self
            .theil
            .map_or([None; 2], |theil| [theil.within, theil.between]);
        let mut rows = vec![row(&self.whole, parts)];
        rows.extend(self.groups.iter().map(|group| row(group, [None; 2])));
        Table {
            columns,
            rows,
            notes: self.notes.clone(),
            language,
        }
    }

    fn json(&self, language: Language) -> Json {
        let whole = &self.whole;
        let theil = self.theil.map(|theil| {
            json!({
                "total": number_json(Some(theil.total)),
                "within": number_json(theil.within),
                "between": number_json(theil.between),
            })
        });
        let without_zeros = self.without_zeros.map(|without| {
            json!({ "gini": number_json(Some(without.gini)), "theil": number_json(Some(without.theil)) })
        });
        let own = json!({
            "gini": number_json(whole.gini),
            "theil": theil,
            "mean": number_json(whole.mean),
            "status": whole.status.to_string(),
            "missing": missing_json(whole.missing, language),
            "n": whole.n,
            "members": whole.members,
            "coverage_areas": number_json(whole.coverage_areas),
            "coverage_denominator": number_json(whole.coverage_denominator),
            "zeros": whole.zeros,
            "without_zeros": without_zeros,
            "lorenz": points(&self.lorenz),
            "fifths": points(&self.fifths),
            "grouping": self.grouping,
            "groups": self.groups.iter().map(|row| group(row, language)).collect::<Vec<_>>(),
            "left_out": unranked(&self.left_out, language),
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
            name: "inequality",
            context: &self.context,
            axes: vec![GROUPS, PERIODS],
        })
    }

    fn document(&self, language: Language) -> Document {
        people::inequality(self, language)
    }
}

fn points(curve: &[LorenzPoint]) -> Json {
    let point = |point: &LorenzPoint| {
        json!({
            "denominator": number_json(Some(point.denominator)),
            "numerator": number_json(Some(point.numerator)),
        })
    };
    curve.iter().map(point).collect()
}

fn group(row: &InequalityGroup, language: Language) -> Json {
    json!({
        "group": row.group,
        "name": row.name.get(language),
        "share_numerator": number_json(row.share),
        "share_denominator": number_json(row.weight),
        "mean": number_json(row.mean),
        "theil": number_json(row.theil),
        "gini": number_json(row.gini),
        "status": row.status.to_string(),
        "missing": missing_json(row.missing, language),
        "n": row.n,
        "members": row.members,
        "coverage_areas": number_json(row.coverage_areas),
        "coverage_denominator": number_json(row.coverage_denominator),
        "zeros": row.zeros,
    })
}
