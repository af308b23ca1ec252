//! A change as a table and as JSON.

use super::cube::{AREAS, Axis, GROUPS, PERIODS, Shape};
use super::json::answer;
use super::scalar::{missing_json, number_json};
use super::table::{CONTEXT, Table, Value, context, text};
use crate::compare::{AreaChange, Change, ChangeEnd, ChangeRow, ChangeTerms, UnpairedArea};
use crate::formats::Role;
use crate::language::Language;
use serde_json::{Value as Json, json};

/// What a group has in every row.
const GROUP: [&str; 27] = [
    "group",
    "name",
    "value_from",
    "value_to",
    "absolute",
    "relative",
    "relative_missing",
    "cagr",
    "cagr_missing",
    "status",
    "missing",
    "aggregator",
    "n",
    "members",
    "coverage_areas",
    "coverage_denominator",
    "price",
    "volume",
    "population",
    "within",
    "between",
    "small_base",
    "left_out",
    "panel",
    "method",
    "price_index",
    "period_from",
];

/// What is said of an area, where areas are listed.
const AREA: [&str; 8] = [
    "code",
    "area",
    "area_from",
    "area_to",
    "area_absolute",
    "area_relative",
    "area_within",
    "area_between",
];

impl super::Export for Change {
    /// One row per group; where areas are listed one per area, with its group's figures on each.
    fn table(&self, language: Language) -> Table {
        let listed = self.rows.iter().any(|row| !row.areas.is_empty());
        let mut columns: Vec<&'static str> = Vec::new();
        if listed {
            columns.extend(AREA);
        }
        columns.extend(GROUP);
        columns.extend(CONTEXT);
        let mut rows = Vec::new();
        for row in &self.rows {
            let mut common = self.group(row, language);
            common.extend(context(&self.context, self.to));
            if !listed {
                rows.push(common);
                continue;
            }
            for area in &row.areas {
                let mut cells = area_cells(area, language);
                cells.extend(common.clone());
                rows.push(cells);
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
        let own = json!({
            "grouping": self.grouping,
            "groups_of_year": self.groups_of_year,
            "price_index": self.prices.as_ref().map(|prices| json!({
                "index": prices.index,
                "label": prices.label.get(language),
                "from": number_json(Some(prices.from)),
                "to": number_json(Some(prices.to)),
            })),
            "rows": self.rows.iter().map(|row| self.row(row, language)).collect::<Vec<_>>(),
        });
        answer(
            (&self.context, &self.notes),
            json!({ "from": self.from, "to": self.to }),
            own,
            language,
        )
    }

    fn shape(&self) -> Option<Shape<'_>> {
        let mut axes = vec![GROUPS, PERIODS];
        if self.rows.iter().any(|row| !row.areas.is_empty()) {
            axes.insert(
                1,
                Axis {
                    label: Some("area"),
                    role: Role::Classification,
                    ..AREAS
                },
            );
        }
        Some(Shape {
            name: "change",
            context: &self.context,
            axes,
        })
    }

    fn document(&self, language: Language) -> super::Document {
        super::people::change(self, language)
    }
}

impl Change {
    fn group(&self, row: &ChangeRow, language: Language) -> Vec<Value> {
        let left_out: Vec<&str> = row.left_out.iter().map(|left| left.area.code.as_str()).collect();
        let terms = row.terms;
        vec![
            text(&row.group),
            text(row.name.get(language)),
            Value::Number(row.from.value),
            Value::Number(row.to.value),
            Value::Number(row.absolute),
            Value::Number(row.relative),
            Value::Missing(row.relative_missing),
            Value::Number(row.cagr),
            Value::Missing(row.cagr_missing),
            text(row.to.status),
            Value::Missing(row.missing),
            text(row.aggregate.name()),
            Value::Count(row.to.n),
            Value::Count(row.members),
            Value::Number(row.to.coverage_areas),
            Value::Number(row.to.coverage_denominator),
            Value::Number(terms.and_then(|terms| terms.price)),
            Value::Number(terms.map(|terms| terms.volume)),
            Value::Number(terms.and_then(|terms| terms.population)),
            Value::Number(row.within),
            Value::Number(row.between),
            Value::Flag(row.small_base),
            Value::Text(Some(left_out.join(";")).filter(|codes| !codes.is_empty())),
            text(self.panel),
            text(self.method),
            Value::Text(self.prices.as_ref().map(|prices| prices.index.clone())),
            text(self.from),
        ]
    }

    fn row(&self, row: &ChangeRow, language: Language) -> Json {
        json!({
            "group": row.group,
            "name": row.name.get(language),
            "aggregator": row.aggregate.name(),
            "from": end(&row.from, language),
            "to": end(&row.to, language),
            "absolute": number_json(row.absolute),
            "missing": missing_json(row.missing, language),
            "relative": number_json(row.relative),
            "relative_missing": missing_json(row.relative_missing, language),
            "cagr": number_json(row.cagr),
            "cagr_missing": missing_json(row.cagr_missing, language),
            "small_base": row.small_base,
            "panel": {
                "kind": self.panel.name(),
                "n": row.to.n,
                "members": row.members,
                "left_out": row.left_out.iter().map(|left| left_out(left, language)).collect::<Vec<_>>(),
            },
            "decomposition": row.terms.map(|terms| self.terms(terms)),
            "decomposition_numerator": row.numerator_terms.map(|terms| self.terms(terms)),
            "within": number_json(row.within),
            "between": number_json(row.between),
            "areas": row.areas.iter().map(|item| area(item, language)).collect::<Vec<_>>(),
        })
    }

    fn terms(&self, terms: ChangeTerms) -> Json {
        json!({
            "method": self.method.name(),
            "change": number_json(Some(terms.change)),
            "price": number_json(terms.price),
            "volume": number_json(Some(terms.volume)),
            "population": number_json(terms.population),
        })
    }
}

fn end(end: &ChangeEnd, language: Language) -> Json {
    json!({
        "value": number_json(end.value),
        "numerator": number_json(end.numerator),
        "denominator": number_json(end.denominator),
        "status": end.status.to_string(),
        "missing": missing_json(end.missing, language),
        "n": end.n,
        "coverage_areas": number_json(end.coverage_areas),
        "coverage_denominator": number_json(end.coverage_denominator),
    })
}

fn left_out(left: &UnpairedArea, language: Language) -> Json {
    json!({
        "code": left.area.code,
        "name": left.area.name.get(language),
        "period": left.period,
        "missing": missing_json(Some(left.missing), language),
    })
}

fn area(area: &AreaChange, language: Language) -> Json {
    json!({
        "code": area.area.code,
        "name": area.area.name.get(language),
        "from": number_json(Some(area.from)),
        "to": number_json(Some(area.to)),
        "absolute": number_json(Some(area.absolute)),
        "relative": number_json(area.relative),
        "within": number_json(area.within),
        "between": number_json(area.between),
        "small_base": area.small_base,
    })
}

fn area_cells(area: &AreaChange, language: Language) -> Vec<Value> {
    vec![
        text(&area.area.code),
        text(area.area.name.get(language)),
        Value::Number(Some(area.from)),
        Value::Number(Some(area.to)),
        Value::Number(Some(area.absolute)),
        Value::Number(area.relative),
        Value::Number(area.within),
        Value::Number(area.between),
    ]
}
