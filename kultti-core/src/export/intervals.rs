//! Intervals of chance for machines.

use super::cube::{AREAS, Axis, PERIODS, Shape};
use super::json::{answer, unranked};
use super::scalar::{missing_json, number_json};
use super::table::{CONTEXT, Table, Value, context, text};
use super::{Document, Export, people};
use crate::compare::{
    AreaInterval, ComparedIntervals, DifferenceTest, FunnelFigures, IntervalRow, Intervals, TestSide,
};
use crate::formats::Role;
use crate::language::Language;
use crate::stats::{Chance, Interval};
use serde_json::{Value as Json, json};

/// Columns of an interval beside other figures.
pub(super) const LIMITS: [&str; 3] = ["lower", "upper", "interval_missing"];

/// Columns of how the intervals of a row are computed.
pub(super) const HOW: [&str; 2] = ["interval_level", "interval_method"];

/// The cells under [`HOW`].
pub(super) fn how(intervals: &ComparedIntervals) -> [Value; 2] {
    [
        Value::Number(Some(intervals.level.percent())),
        text(intervals.method.name()),
    ]
}

/// The limits of an interval, and why there are none.
pub(super) fn limits(interval: Option<&AreaInterval>) -> [Value; 3] {
    let found = interval.and_then(|interval| interval.interval);
    [
        Value::Number(found.map(|interval| interval.lower)),
        Value::Number(found.map(|interval| interval.upper)),
        Value::Missing(interval.and_then(|interval| interval.missing)),
    ]
}

/// An area's own interval in a comparison.
pub(super) fn own(intervals: &ComparedIntervals, language: Language) -> Json {
    let area = intervals.area.as_ref();
    let interval = area.and_then(|area| area.interval);
    json!({
        "level": number_json(Some(intervals.level.percent())),
        "method": intervals.method.name(),
        "lower": number_json(interval.map(|interval| interval.lower)),
        "upper": number_json(interval.map(|interval| interval.upper)),
        "missing": missing_json(area.and_then(|area| area.missing), language),
    })
}

/// Columns of a row, before those of a funnel.
const ROW: [&str; 15] = [
    "code",
    "name",
    "value",
    "lower",
    "upper",
    "numerator",
    "denominator",
    "n",
    "members",
    "coverage_areas",
    "coverage_denominator",
    "status",
    "missing",
    "interval_missing",
    "level",
];
const FUNNEL: [&str; 6] = ["score", "lower_95", "upper_95", "lower_998", "upper_998", "place"];

impl Export for Intervals {
    /// One row per area or group; with a funnel its limits and place.
    fn table(&self, language: Language) -> Table {
        let mut columns = ROW.to_vec();
        columns.push("method");
        if self.funnel.is_some() {
            columns.extend(FUNNEL);
        }
        columns.extend(CONTEXT);
        let row = |row: &IntervalRow| {
            let mut cells = vec![
                text(&row.code),
                text(row.name.get(language)),
                Value::Number(row.value),
                Value::Number(row.interval.map(|interval| interval.lower)),
                Value::Number(row.interval.map(|interval| interval.upper)),
                Value::Number(row.numerator),
                Value::Number(row.denominator),
                Value::Count(row.n),
                Value::Count(row.members),
                Value::Number(row.coverage_areas),
                Value::Number(row.coverage_denominator),
                text(row.status),
                Value::Missing(row.missing),
                Value::Missing(row.interval_missing),
                Value::Number(Some(self.level.percent())),
                text(self.method.name()),
            ];
            if self.funnel.is_some() {
                let point = row.funnel;
                let side =
                    |of: fn(&crate::compare::FunnelPoint) -> f64| Value::Number(point.as_ref().map(of));
                cells.extend([
                    side(|point| point.score),
                    side(|point| point.limits_95.lower),
                    side(|point| point.limits_95.upper),
                    side(|point| point.limits_998.lower),
                    side(|point| point.limits_998.upper),
                    Value::Text(point.map(|point| point.place.name().to_owned())),
                ]);
            }
            cells.extend(context(&self.context, self.period));
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
        let own = json!({
            "level": number_json(Some(self.level.percent())),
            "method": self.method.name(),
            "kind": kind(self.chance),
            "grouping": self.grouping,
            "within": self.within,
            "whole": row(&self.whole, language),
            "rows": self.rows.iter().map(|one| row(one, language)).collect::<Vec<_>>(),
            "funnel": self.funnel.as_ref().map(funnel),
            "tests": self.tests.iter().map(|one| test(one, language)).collect::<Vec<_>>(),
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
            name: "intervals",
            context: &self.context,
            axes: vec![AREAS, PERIODS],
        })
    }

    fn document(&self, language: Language) -> Document {
        people::intervals(self, language)
    }
}

/// The tests of an answer as rows, one each; JSON and the document are those of the whole answer.
#[derive(Debug)]
pub struct Tests<'a>(pub &'a Intervals);

impl Export for Tests<'_> {
    fn table(&self, language: Language) -> Table {
        let Self(answer) = self;
        let mut columns = vec![
            "code",
            "name",
            "numerator",
            "denominator",
            "value",
            "other_code",
            "other_name",
            "other_rest",
            "other_numerator",
            "other_denominator",
            "other_value",
            "difference",
            "lower",
            "upper",
            "ratio",
            "p_value",
            "p_adjusted",
            "missing",
            "level",
            "kind",
        ];
        columns.extend(CONTEXT);
        let row = |test: &DifferenceTest| {
            let (one, other) = (&test.one, &test.other);
            let mut cells = vec![
                text(&one.code),
                text(one.name.get(language)),
                Value::Number(Some(one.numerator)),
                Value::Number(Some(one.denominator)),
                Value::Number(one.value),
                text(&other.code),
                text(other.name.get(language)),
                Value::Flag(other.rest),
                Value::Number(Some(other.numerator)),
                Value::Number(Some(other.denominator)),
                Value::Number(other.value),
                Value::Number(test.difference),
                Value::Number(test.interval.map(|interval| interval.lower)),
                Value::Number(test.interval.map(|interval| interval.upper)),
                Value::Number(test.ratio),
                Value::Number(test.p_value),
                Value::Number(test.p_adjusted),
                Value::Missing(test.missing),
                Value::Number(Some(answer.level.percent())),
                text(kind(answer.chance)),
            ];
            cells.extend(context(&answer.context, answer.period));
            cells
        };
        Table {
            columns,
            rows: answer.tests.iter().map(row).collect(),
            notes: answer.notes.clone(),
            language,
        }
    }

    fn json(&self, language: Language) -> Json {
        self.0.json(language)
    }

    fn shape(&self) -> Option<Shape<'_>> {
        let other = Axis {
            code: "other_code",
            within: None,
            label: Some("other_name"),
            role: Role::Classification,
            ..AREAS
        };
        Some(Shape {
            name: "tests",
            context: &self.0.context,
            axes: vec![AREAS, other, PERIODS],
        })
    }

    fn document(&self, language: Language) -> Document {
        self.0.document(language)
    }
}

fn kind(chance: Chance) -> &'static str {
    match chance {
        Chance::Count => "count",
        Chance::Proportion => "proportion",
    }
}

fn row(row: &IntervalRow, language: Language) -> Json {
    let point = row.funnel.map(|point| {
        json!({
            "score": number_json(Some(point.score)),
            "lower_95": number_json(Some(point.limits_95.lower)),
            "upper_95": number_json(Some(point.limits_95.upper)),
            "lower_998": number_json(Some(point.limits_998.lower)),
            "upper_998": number_json(Some(point.limits_998.upper)),
            "place": point.place.name(),
        })
    });
    json!({
        "code": row.code,
        "name": row.name.get(language),
        "value": number_json(row.value),
        "lower": number_json(row.interval.map(|interval| interval.lower)),
        "upper": number_json(row.interval.map(|interval| interval.upper)),
        "numerator": number_json(row.numerator),
        "denominator": number_json(row.denominator),
        "n": row.n,
        "members": row.members,
        "coverage_areas": number_json(row.coverage_areas),
        "coverage_denominator": number_json(row.coverage_denominator),
        "status": row.status.to_string(),
        "missing": missing_json(row.missing, language),
        "interval_missing": missing_json(row.interval_missing, language),
        "funnel": point,
    })
}

fn funnel(figures: &FunnelFigures) -> Json {
    json!({
        "target": number_json(Some(figures.target)),
        "phi": number_json(Some(figures.phi)),
        "tau_squared": number_json(Some(figures.tau_squared)),
        "dispersion": figures.dispersion.name(),
        "n": figures.n,
    })
}

fn side(side: &TestSide, language: Language) -> Json {
    json!({
        "code": side.code,
        "name": side.name.get(language),
        "rest": side.rest,
        "numerator": number_json(Some(side.numerator)),
        "denominator": number_json(Some(side.denominator)),
        "value": number_json(side.value),
    })
}

fn test(test: &DifferenceTest, language: Language) -> Json {
    let limit = |of: fn(&Interval) -> f64| number_json(test.interval.as_ref().map(of));
    json!({
        "one": side(&test.one, language),
        "other": side(&test.other, language),
        "difference": number_json(test.difference),
        "lower": limit(|interval| interval.lower),
        "upper": limit(|interval| interval.upper),
        "ratio": number_json(test.ratio),
        "p_value": number_json(test.p_value),
        "p_adjusted": number_json(test.p_adjusted),
        "missing": missing_json(test.missing, language),
    })
}
