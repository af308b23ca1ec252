//! The difference between two releases for machines: one record per change, and the same in nested JSON.

use super::json::{SCHEMA, notes};
use super::table::{Table, Value, text};
use super::{Document, Export, people};
use crate::compare::{
    ChangeKind, ComparedRelease, DefinitionChange, DiffPart, GroupChange, GroupFigures, IndicatorChanges,
    IndicatorPeriodChanges, MeasureChanges, RankChange, RankedFigure, ReleaseDiff, ValueChange,
};
use crate::language::Language;
use crate::release::{CellChange, CellFacts, PeriodChanges};
use serde_json::{Map, Value as Json, json};

/// Columns of every part.
const HEAD: [&str; 2] = ["part", "change"];
const DEFINITIONS: [&str; 5] = ["kind", "id", "field", "before", "after"];
const CELLS: [&str; 11] = [
    "measure",
    "period",
    "code",
    "name",
    "fields",
    "territory_before",
    "territory_after",
    "origin_before",
    "origin_after",
    "note_before",
    "note_after",
];
const GROUPS: [&str; 14] = [
    "indicator",
    "period",
    "grouping",
    "code",
    "name",
    "aggregator_before",
    "aggregator_after",
    "n_before",
    "n_after",
    "members_before",
    "members_after",
    "coverage_denominator_before",
    "coverage_denominator_after",
    "redefined",
];
const RANKS: [&str; 11] = [
    "indicator",
    "period",
    "code",
    "name",
    "rank_before",
    "rank_after",
    "places",
    "ranked_before",
    "ranked_after",
    "reason",
    "redefined",
];
/// Columns of every part that is made of figures.
const FIGURES: [&str; 8] = [
    "value_before",
    "value_after",
    "difference",
    "difference_relative",
    "status_before",
    "status_after",
    "missing_before",
    "missing_after",
];
const FOOT: [&str; 2] = ["release_before", "release_after"];

/// The columns of some parts, each once.
fn columns(result: &ReleaseDiff) -> Vec<&'static str> {
    let mut all = HEAD.to_vec();
    let parts: [(DiffPart, &[&'static str], bool); 4] = [
        (DiffPart::Definitions, &DEFINITIONS, false),
        (DiffPart::Cells, &CELLS, true),
        (DiffPart::Groups, &GROUPS, true),
        (DiffPart::Ranks, &RANKS, true),
    ];
    for (part, own, figures) in parts {
        if result.has(part) {
            let more = own.iter().chain(if figures { FIGURES.as_slice() } else { &[] });
            for name in more {
                if !all.contains(name) {
                    all.push(name);
                }
            }
        }
    }
    all.extend(FOOT);
    all
}

/// A row in which columns that it does not name are empty.
struct Row<'c> {
    columns: &'c [&'static str],
    cells: Vec<Value>,
}

impl<'c> Row<'c> {
    fn new(columns: &'c [&'static str], part: DiffPart, change: ChangeKind) -> Self {
        let cells = columns.iter().map(|name| empty(name)).collect();
        let row = Self { columns, cells };
        row.with("part", text(part.name()))
            .with("change", text(change.name()))
    }

    fn with(mut self, name: &str, value: Value) -> Self {
        let place = self.columns.iter().position(|column| *column == name);
        if let Some(cell) = place.and_then(|place| self.cells.get_mut(place)) {
            *cell = value;
        }
        self
    }

    /// The columns that every part made of figures has.
    fn figures(self, before: Option<&Side>, after: Option<&Side>) -> Self {
        let value = |side: Option<&Side>| side.and_then(|side| side.value);
        let change = ValueChange::between(value(before), value(after));
        let letter = |side: Option<&Side>| Value::Text(side.map(|side| side.status.to_string()));
        let missing = |side: Option<&Side>| Value::Missing(side.and_then(|side| side.missing));
        self.with("value_before", Value::Number(value(before)))
            .with("value_after", Value::Number(value(after)))
            .with("difference", Value::Number(change.difference))
            .with("difference_relative", Value::Number(change.relative))
            .with("status_before", letter(before))
            .with("status_after", letter(after))
            .with("missing_before", missing(before))
            .with("missing_after", missing(after))
    }
}

/// What a column holds where a row says nothing of it.
fn empty(name: &str) -> Value {
    let numbers = [
        "value_",
        "difference",
        "rank_",
        "places",
        "ranked_",
        "n_",
        "members_",
        "coverage_",
    ];
    if numbers.iter().any(|start| name.starts_with(start)) {
        Value::Number(None)
    } else if name.starts_with("missing_") {
        Value::Missing(None)
    } else if name == "redefined" {
        Value::Flag(false)
    } else {
        Value::Text(None)
    }
}

/// A figure of one side.
struct Side {
    value: Option<f64>,
    status: char,
    missing: Option<crate::model::Missing>,
}

impl From<&CellFacts> for Side {
    fn from(facts: &CellFacts) -> Self {
        Self {
            value: facts.value,
            status: facts.status.letter(),
            missing: facts.missing,
        }
    }
}

impl From<&GroupFigures> for Side {
    fn from(figures: &GroupFigures) -> Self {
        Self {
            value: figures.value,
            status: figures.status,
            missing: figures.missing,
        }
    }
}

impl From<&RankedFigure> for Side {
    fn from(figure: &RankedFigure) -> Self {
        Self {
            value: figure.value,
            status: figure.status,
            missing: figure.missing,
        }
    }
}

fn side<'s, T>(of: &'s Option<T>) -> Option<Side>
where
    Side: From<&'s T>,
{
    of.as_ref().map(Side::from)
}

#[expect(clippy::cast_precision_loss, reason = "counts are below 2^53")]
fn count(of: Option<usize>) -> Value {
    Value::Number(of.map(|count| count as f64))
}

fn kind<T>(before: &Option<T>, after: &Option<T>) -> ChangeKind {
    match (before, after) {
        (None, Some(_)) => ChangeKind::Added,
        (Some(_), None) => ChangeKind::Removed,
        _ => ChangeKind::Changed,
    }
}

/// A value of a definition as text: texts as they are, everything else as JSON.
fn written(value: Option<&Json>) -> Value {
    Value::Text(value.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
}

fn definition<'c>(change: &DefinitionChange, columns: &'c [&'static str]) -> Vec<Row<'c>> {
    let head = || {
        Row::new(columns, DiffPart::Definitions, change.change)
            .with("kind", text(change.kind.name()))
            .with("id", text(&change.id))
    };
    if change.fields.is_empty() {
        return vec![head()];
    }
    let fields = change.fields.iter().map(|field| {
        head()
            .with("field", text(&field.field))
            .with("before", written(field.before.as_ref()))
            .with("after", written(field.after.as_ref()))
    });
    fields.collect()
}

fn cell<'c>(
    result: &ReleaseDiff,
    period: &PeriodChanges,
    cell: &CellChange,
    (columns, language): (&'c [&'static str], Language),
) -> Row<'c> {
    let name = result.area_names.get(&cell.area);
    let facts = |of: fn(&CellFacts) -> String, side: &Option<CellFacts>| {
        Value::Text(side.as_ref().map(of).filter(|text| !text.is_empty()))
    };
    let (before, after) = (&cell.before, &cell.after);
    let fields: Vec<&str> = cell.fields().into_iter().map(|field| field.name()).collect();
    Row::new(columns, DiffPart::Cells, kind(before, after))
        .with("measure", text(&period.measure))
        .with("period", text(period.period))
        .with("code", text(&cell.area))
        .with(
            "name",
            Value::Text(name.map(|name| name.get(language).to_owned())),
        )
        .with(
            "fields",
            Value::Text(Some(fields.join(";")).filter(|fields| !fields.is_empty())),
        )
        .with(
            "territory_before",
            facts(|facts| facts.territory.to_string(), before),
        )
        .with(
            "territory_after",
            facts(|facts| facts.territory.to_string(), after),
        )
        .with("origin_before", facts(|facts| facts.origin.to_string(), before))
        .with("origin_after", facts(|facts| facts.origin.to_string(), after))
        .with("note_before", facts(|facts| facts.note.to_string(), before))
        .with("note_after", facts(|facts| facts.note.to_string(), after))
        .figures(side(before).as_ref(), side(after).as_ref())
}

/// Where a group or a rank stands.
type Place<'p> = (&'p IndicatorChanges, &'p IndicatorPeriodChanges);

fn placed<'c>(row: Row<'c>, (indicator, period): Place) -> Row<'c> {
    row.with("indicator", text(&indicator.indicator))
        .with("period", text(period.period))
        .with("redefined", Value::Flag(indicator.redefined))
}

fn group<'c>(
    place: Place,
    change: &GroupChange,
    (columns, language): (&'c [&'static str], Language),
) -> Row<'c> {
    let (before, after) = (change.before.as_ref(), change.after.as_ref());
    let aggregator =
        |side: Option<&GroupFigures>| Value::Text(side.map(|side| side.aggregate.name().to_owned()));
    let covered =
        |side: Option<&GroupFigures>| Value::Number(side.and_then(|side| side.coverage_denominator));
    let row = Row::new(columns, DiffPart::Groups, kind(&change.before, &change.after));
    placed(row, place)
        .with("grouping", text(&change.grouping))
        .with("code", text(&change.group))
        .with("name", text(change.name.get(language)))
        .with("aggregator_before", aggregator(before))
        .with("aggregator_after", aggregator(after))
        .with("n_before", count(before.map(|side| side.n)))
        .with("n_after", count(after.map(|side| side.n)))
        .with("members_before", count(before.map(|side| side.members)))
        .with("members_after", count(after.map(|side| side.members)))
        .with("coverage_denominator_before", covered(before))
        .with("coverage_denominator_after", covered(after))
        .figures(side(&change.before).as_ref(), side(&change.after).as_ref())
}

fn rank<'c>(
    place: Place,
    change: &RankChange,
    (columns, language): (&'c [&'static str], Language),
) -> Row<'c> {
    let rank = |side: &Option<RankedFigure>| Value::Number(side.as_ref().and_then(|side| side.rank));
    let row = Row::new(columns, DiffPart::Ranks, kind(&change.before, &change.after));
    placed(row, place)
        .with("code", text(&change.area.code))
        .with("name", text(change.area.name.get(language)))
        .with("rank_before", rank(&change.before))
        .with("rank_after", rank(&change.after))
        .with("places", Value::Number(change.places()))
        .with("ranked_before", count(place.1.before.map(|by| by.n)))
        .with("ranked_after", count(place.1.after.map(|by| by.n)))
        .with("reason", text(change.reason.name()))
        .figures(side(&change.before).as_ref(), side(&change.after).as_ref())
}

impl Export for ReleaseDiff {
    /// One row per changed field of a definition, changed cell, group and rank. `part` says which of them it is; columns
    /// that belong to other parts are empty.
    fn table(&self, language: Language) -> Table {
        let columns = columns(self);
        let how = (columns.as_slice(), language);
        let definitions = self
            .definitions
            .iter()
            .flat_map(|change| definition(change, how.0));
        let cells = self.cells.iter().flat_map(|period| {
            let cells = period.cells.iter();
            cells.map(move |changed| cell(self, period, changed, how))
        });
        let groups = self
            .groups()
            .map(|(indicator, period, change)| group((indicator, period), change, how));
        let ranks = self
            .ranks()
            .map(|(indicator, period, change)| rank((indicator, period), change, how));
        let all = definitions.chain(cells).chain(groups).chain(ranks);
        let rows = all
            .map(|row| {
                row.with("release_before", text(&self.before.release))
                    .with("release_after", text(&self.after.release))
                    .cells
            })
            .collect();
        Table {
            columns,
            rows,
            notes: self.notes.clone(),
            language,
        }
    }

    fn json(&self, language: Language) -> Json {
        let table = self.table(language);
        let part = |part: DiffPart| records(&table, part);
        json!({
            "schema": SCHEMA,
            "same": self.is_empty(),
            "before": release(&self.before, language),
            "after": release(&self.after, language),
            "definitions": self.definitions.iter().map(definition_json).collect::<Vec<_>>(),
            "measures": self.measures.iter().map(|measure| measure_json(measure, language)).collect::<Vec<_>>(),
            "cells": part(DiffPart::Cells),
            "groups": part(DiffPart::Groups),
            "ranks": part(DiffPart::Ranks),
            "notes": notes(&self.notes, language),
        })
    }

    fn document(&self, language: Language) -> Document {
        people::release_diff(self, people::DIFF_ROWS, language)
    }
}

/// The rows of a part as objects with the columns of that part.
fn records(table: &Table, part: DiffPart) -> Json {
    let own: &[&str] = match part {
        DiffPart::Definitions => &DEFINITIONS,
        DiffPart::Cells => &CELLS,
        DiffPart::Groups => &GROUPS,
        DiffPart::Ranks => &RANKS,
    };
    let wanted = |name: &str| name == "change" || own.contains(&name) || FIGURES.contains(&name);
    let of_part = |row: &&Vec<Value>| row.first() == Some(&text(part.name()));
    let record = |row: &Vec<Value>| match table.record(row) {
        Json::Object(fields) => Json::Object(
            fields
                .into_iter()
                .filter(|(name, _)| wanted(name))
                .collect::<Map<_, _>>(),
        ),
        other => other,
    };
    table.rows.iter().filter(of_part).map(record).collect()
}

fn release(side: &ComparedRelease, language: Language) -> Json {
    json!({
        "release": side.release,
        "name": side.name,
        "title": side.title.get(language),
        "territory": side.territory,
    })
}

fn definition_json(change: &DefinitionChange) -> Json {
    let fields = change
        .fields
        .iter()
        .map(|field| json!({ "field": field.field, "before": field.before, "after": field.after }));
    json!({
        "kind": change.kind.name(),
        "id": change.id,
        "change": change.change.name(),
        "fields": fields.collect::<Vec<_>>(),
    })
}

fn measure_json(measure: &MeasureChanges, language: Language) -> Json {
    json!({
        "measure": measure.measure,
        "label": measure.label.get(language),
        "first_period": measure.periods.0,
        "last_period": measure.periods.1,
        "added": measure.added,
        "removed": measure.removed,
        "changed": measure.changed,
        "texts": measure.texts,
    })
}

/// A difference between releases with another number of rows for people.
pub struct DiffShown<'d> {
    /// The difference.
    pub diff: &'d ReleaseDiff,
    /// Rows of each table for people; machine formats hold everything.
    pub limit: usize,
}

impl Export for DiffShown<'_> {
    fn table(&self, language: Language) -> Table {
        self.diff.table(language)
    }

    fn json(&self, language: Language) -> Json {
        self.diff.json(language)
    }

    fn document(&self, language: Language) -> Document {
        people::release_diff(self.diff, self.limit, language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_of_a_part_stands_once() {
        for own in [DEFINITIONS.as_slice(), &CELLS, &GROUPS, &RANKS] {
            let mut names: Vec<&str> = own
                .iter()
                .chain(&FIGURES)
                .chain(&HEAD)
                .chain(&FOOT)
                .copied()
                .collect();
            let all = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), all);
        }
    }
}
