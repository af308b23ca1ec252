//! The machine forms of a composition.

use super::cube::{AREAS, Axis, GROUPS_OF_GROUPINGS, PERIODS, Shape};
use super::json::answer;
use super::scalar::{missing_json, number_json};
use super::table::{CONTEXT, Table, Value, context, text};
use super::{Document, Export};
use crate::compare::{Composition, CompositionGroup, CompositionPart, PartFigure};
use crate::formats::Role;
use crate::language::{Language, word};
use serde_json::{Value as Json, json};

/// The parts and the whole, which is no part: what the row is about, the area's figure and its place among the parts.
fn lines(result: &Composition) -> Vec<(Option<(usize, &CompositionPart)>, &PartFigure)> {
    let parts = result.parts.iter().enumerate();
    let mut lines: Vec<_> = parts.map(|(at, part)| (Some((at, part)), &part.figure)).collect();
    lines.push((None, &result.whole));
    lines
}

/// A group's figure of a part, or of the whole, with the difference of the area's to it.
fn of_group(group: &CompositionGroup, at: Option<usize>) -> (PartFigure, Option<f64>) {
    let part = at.and_then(|at| Some((*group.parts.get(at)?, *group.differences.get(at)?)));
    part.unwrap_or_else(|| (group.whole(), group.difference))
}

fn cells(
    result: &Composition,
    (part, own): (Option<(usize, &CompositionPart)>, &PartFigure),
    group: Option<&CompositionGroup>,
    language: Language,
) -> Vec<Value> {
    let about = part.map(|(_, part)| part);
    let name = about.map_or_else(|| word("word.whole", language), |part| part.label.get(language));
    let optional = |value: Option<String>| Value::Text(value);
    let found = group.map(|group| of_group(group, part.map(|(at, _)| at)));
    let figure = found.map(|(figure, _)| figure);
    let row = group.map(|group| &group.row);
    let count = |of: Option<usize>| of.map_or(Value::Number(None), Value::Count);
    let mut cells = vec![
        text(&result.area.code),
        text(result.area.name.get(language)),
        optional(about.map(|part| part.measure.to_string())),
        text(name),
        optional(
            about
                .and_then(|part| part.indicator.as_ref())
                .map(ToString::to_string),
        ),
        Value::Number(own.value),
        Value::Number(own.share),
        text(own.status),
        Value::Missing(own.missing),
        optional(
            about
                .and_then(|part| part.host.as_ref())
                .map(|host| host.code.to_string()),
        ),
        optional(group.map(|group| group.grouping.clone())),
        optional(row.map(|row| row.group.to_string())),
        optional(row.map(|row| row.name.get(language).to_owned())),
        Value::Number(figure.and_then(|figure| figure.value)),
        Value::Number(figure.and_then(|figure| figure.share)),
        optional(figure.map(|figure| figure.status.to_string())),
        Value::Missing(figure.and_then(|figure| figure.missing)),
        count(row.map(|row| row.n)),
        count(row.map(|row| row.members)),
        Value::Number(row.and_then(|row| row.coverage_areas)),
        Value::Number(row.and_then(|row| row.coverage_denominator)),
        group.map_or(Value::Text(None), |group| Value::Flag(group.includes_area)),
        Value::Number(found.and_then(|(_, difference)| difference)),
    ];
    cells.extend(context(&result.context, result.period));
    cells
}

impl Export for Composition {
    /// One row per part and group, with the area's own figure on each; the rows of the whole have no part.
    fn table(&self, language: Language) -> Table {
        let mut columns = vec![
            "code",
            "name",
            "part",
            "part_name",
            "part_indicator",
            "area_value",
            "area_share",
            "area_status",
            "area_missing",
            "host",
            "grouping",
            "group",
            "label",
            "value",
            "share",
            "status",
            "missing",
            "n",
            "members",
            "coverage_areas",
            "coverage_denominator",
            "includes_area",
            "difference",
        ];
        columns.extend(CONTEXT);
        let groups: Vec<Option<&CompositionGroup>> = match self.groups.as_slice() {
            [] => vec![None],
            groups => groups.iter().map(Some).collect(),
        };
        let mut rows = Vec::new();
        for line in lines(self) {
            rows.extend(groups.iter().map(|group| cells(self, line, *group, language)));
        }
        Table {
            columns,
            rows,
            notes: self.notes.clone(),
            language,
        }
    }

    fn json(&self, language: Language) -> Json {
        let part = |part: &CompositionPart| {
            json!({
                "part": part.measure,
                "label": part.label.get(language),
                "indicator": part.indicator,
                "figure": figure(&part.figure, language),
                "host": part.host.as_ref().map(|host| json!({ "code": host.code, "name": host.name.get(language) })),
            })
        };
        let own = json!({
            "area": { "code": self.area.code, "name": self.area.name.get(language) },
            "whole": figure(&self.whole, language),
            "parts": self.parts.iter().map(part).collect::<Vec<_>>(),
            "peers": self.groups.iter().map(|one| group(self, one, language)).collect::<Vec<_>>(),
        });
        answer(
            (&self.context, &self.notes),
            json!({ "period": self.period }),
            own,
            language,
        )
    }

    fn shape(&self) -> Option<Shape<'_>> {
        let parts = Axis {
            code: "part",
            within: None,
            label: Some("part_name"),
            role: Role::Classification,
            word: "word.part",
        };
        Some(Shape {
            name: "composition",
            context: &self.context,
            axes: vec![AREAS, parts, GROUPS_OF_GROUPINGS, PERIODS],
        })
    }

    fn document(&self, language: Language) -> Document {
        super::people::composition(self, language)
    }
}

fn figure(figure: &PartFigure, language: Language) -> Json {
    json!({
        "value": number_json(figure.value),
        "share": number_json(figure.share),
        "status": figure.status.to_string(),
        "missing": missing_json(figure.missing, language),
    })
}

fn group(result: &Composition, group: &CompositionGroup, language: Language) -> Json {
    let part = |(at, part): (usize, &CompositionPart)| {
        let (found, difference) = of_group(group, Some(at));
        json!({
            "part": part.measure,
            "figure": figure(&found, language),
            "difference": number_json(difference),
        })
    };
    json!({
        "label": group.row.name.get(language),
        "grouping": group.grouping,
        "group": group.row.group,
        "aggregate": group.row.aggregate.name(),
        "whole": figure(&group.whole(), language),
        "n": group.row.n,
        "members": group.row.members,
        "coverage_areas": number_json(group.row.coverage_areas),
        "coverage_denominator": number_json(group.row.coverage_denominator),
        "includes_area": group.includes_area,
        "difference": number_json(group.difference),
        "parts": result.parts.iter().enumerate().map(part).collect::<Vec<_>>(),
    })
}
