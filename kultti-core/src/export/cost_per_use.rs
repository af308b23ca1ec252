//! The machine forms of a cost and its use.

use super::cube::{AREAS, Axis, GROUPS_OF_GROUPINGS, PERIODS, Shape};
use super::json::answer;
use super::scalar::{missing_json, number_json};
use super::table::{CONTEXT, Table, Value, context, text};
use super::{Document, Export};
use crate::compare::{CostPerUse, UseFigures, UseGroup, UsePair};
use crate::formats::Role;
use crate::language::Language;
use serde_json::{Value as Json, json};

fn own_cells(figures: &UseFigures) -> [Value; 5] {
    [
        Value::Number(figures.cost_per_inhabitant),
        Value::Number(figures.cost_per_use),
        Value::Number(figures.uses_per_inhabitant),
        text(figures.status),
        Value::Missing(figures.missing),
    ]
}

/// The row of a group, or of the area alone where there is no group.
fn cells(result: &CostPerUse, pair: &UsePair, group: Option<&UseGroup>, language: Language) -> Vec<Value> {
    let mut cells = vec![
        text(&result.area.code),
        text(result.area.name.get(language)),
        text(&pair.id),
    ];
    cells.extend(own_cells(&pair.area));
    let optional = |value: Option<String>| Value::Text(value);
    cells.extend([
        optional(group.map(|group| group.grouping.clone())),
        optional(group.map(|group| group.group.to_string())),
        optional(group.map(|group| group.name.get(language).to_owned())),
    ]);
    let figures = group.map(|group| &group.figures);
    let difference = group.and_then(|group| group.difference);
    let count =
        |of: fn(&UseGroup) -> usize| group.map_or(Value::Number(None), |group| Value::Count(of(group)));
    cells.extend([
        Value::Number(figures.and_then(|figures| figures.cost_per_inhabitant)),
        Value::Number(figures.and_then(|figures| figures.cost_per_use)),
        Value::Number(figures.and_then(|figures| figures.uses_per_inhabitant)),
        Value::Missing(figures.and_then(|figures| figures.missing)),
        count(|group| group.n),
        count(|group| group.members),
        Value::Number(group.and_then(|group| group.coverage_denominator)),
        Value::Number(difference.map(|difference| difference.total)),
        Value::Number(difference.map(|difference| difference.by_cost_per_use)),
        Value::Number(difference.map(|difference| difference.by_uses)),
    ]);
    cells.extend(context(&result.context, result.period));
    cells
}

impl Export for CostPerUse {
    /// One row per use and group, with the area's own figures on each.
    fn table(&self, language: Language) -> Table {
        let mut columns = vec![
            "code",
            "name",
            "pair",
            "cost_per_inhabitant",
            "cost_per_use",
            "uses_per_inhabitant",
            "status",
            "missing",
            "grouping",
            "group",
            "label",
            "group_cost_per_inhabitant",
            "group_cost_per_use",
            "group_uses_per_inhabitant",
            "group_missing",
            "n",
            "members",
            "coverage_denominator",
            "difference",
            "difference_by_cost_per_use",
            "difference_by_uses",
        ];
        columns.extend(CONTEXT);
        let rows = self.pairs.iter().flat_map(|pair| {
            let groups = pair
                .groups
                .iter()
                .map(|group| cells(self, pair, Some(group), language));
            let alone = pair.groups.is_empty().then(|| cells(self, pair, None, language));
            groups.chain(alone).collect::<Vec<_>>()
        });
        Table {
            columns,
            rows: rows.collect(),
            notes: self.notes.clone(),
            language,
        }
    }

    fn json(&self, language: Language) -> Json {
        let own = json!({
            "area": { "code": self.area.code, "name": self.area.name.get(language) },
            "pairs": self.pairs.iter().map(|one| pair(one, language)).collect::<Vec<_>>(),
        });
        answer(
            (&self.context, &self.notes),
            json!({ "period": self.period }),
            own,
            language,
        )
    }

    fn shape(&self) -> Option<Shape<'_>> {
        let pairs = Axis {
            code: "pair",
            within: None,
            label: None,
            role: Role::Classification,
            word: "word.diff-pair",
        };
        Some(Shape {
            name: "cost-per-use",
            context: &self.context,
            axes: vec![AREAS, pairs, GROUPS_OF_GROUPINGS, PERIODS],
        })
    }

    fn document(&self, language: Language) -> Document {
        super::people::cost_per_use(self, language)
    }
}

fn figures(figures: &UseFigures, language: Language) -> Json {
    json!({
        "cost_per_inhabitant": number_json(figures.cost_per_inhabitant),
        "cost_per_use": number_json(figures.cost_per_use),
        "uses_per_inhabitant": number_json(figures.uses_per_inhabitant),
        "status": figures.status.to_string(),
        "missing": missing_json(figures.missing, language),
    })
}

fn pair(pair: &UsePair, language: Language) -> Json {
    let group = |group: &UseGroup| {
        json!({
            "label": group.name.get(language),
            "grouping": group.grouping,
            "group": group.group,
            "figures": figures(&group.figures, language),
            "n": group.n,
            "members": group.members,
            "coverage_areas": number_json(group.coverage_areas),
            "coverage_denominator": number_json(group.coverage_denominator),
            "includes_area": group.includes_area,
            "difference": group.difference.map(|one| json!({
                "total": number_json(Some(one.total)),
                "by_cost_per_use": number_json(Some(one.by_cost_per_use)),
                "by_uses": number_json(Some(one.by_uses)),
                "log_cost_per_use": number_json(Some(one.log_cost_per_use)),
                "log_uses": number_json(Some(one.log_uses)),
            })),
        })
    };
    json!({
        "pair": pair.id,
        "label": pair.label.get(language),
        "cost_per_use": pair.cost_per_use.indicator,
        "uses_per_inhabitant": pair.uses_per_inhabitant.indicator,
        "figures": figures(&pair.area, language),
        "peers": pair.groups.iter().map(group).collect::<Vec<_>>(),
    })
}
