//! A series as a table.

use super::cube::{AREAS, PERIODS, Shape};
use super::table::{CONTEXT, Table, Value, context, status, text};
use crate::compare::{GroupPoint, GroupSeries, Trend, TrendFit, TrendPoint};
use crate::language::Language;

/// What is said of a series as a whole, the same on each of its rows.
const FIT: [&str; 10] = [
    "slope",
    "slope_lower",
    "slope_upper",
    "intercept",
    "s",
    "tau",
    "p",
    "n",
    "method",
    "trend_missing",
];

impl super::Export for Trend {
    /// One row per area and period, then one per period of a group: there the index is the chained one.
    fn table(&self, language: Language) -> Table {
        let mut columns = vec![
            "code",
            "name",
            "value",
            "change",
            "change_relative",
            "index",
            "status",
            "missing",
        ];
        columns.extend(CONTEXT);
        columns.push("value_nominal");
        columns.extend(["change_missing", "index_missing", "chain_factor"]);
        columns.extend(["index_direct", "drift"]);
        columns.extend(FIT);
        let mut rows: Vec<Vec<Value>> = Vec::new();
        for point in &self.points {
            let fit = self.fits.iter().find(|fit| fit.area == point.area);
            rows.push(self.point(point, fit, language));
        }
        for group in &self.groups {
            rows.extend(
                group
                    .points
                    .iter()
                    .map(|point| self.group_point(group, point, language)),
            );
        }
        Table {
            columns,
            rows,
            notes: self.notes.clone(),
            language,
        }
    }

    fn shape(&self) -> Option<Shape<'_>> {
        Some(Shape {
            name: "trend",
            context: &self.context,
            axes: vec![AREAS, PERIODS],
        })
    }

    fn document(&self, language: Language) -> super::Document {
        super::people::trend(self, language)
    }
}

impl Trend {
    fn point(&self, point: &TrendPoint, fit: Option<&TrendFit>, language: Language) -> Vec<Value> {
        let mut cells = vec![
            text(&point.area.code),
            text(point.area.name.get(language)),
            Value::Number(point.cell.value),
            Value::Number(point.change),
            Value::Number(point.change_relative),
            Value::Number(point.index),
        ];
        cells.extend(status(&point.cell));
        cells.extend(context(&self.context, point.period));
        let nominal = if self.context.price_basis.is_some() {
            point.nominal
        } else {
            point.cell.value
        };
        cells.push(Value::Number(nominal));
        cells.extend([
            Value::Missing(point.change_missing),
            Value::Missing(point.index_missing),
            Value::Number(point.chained),
            Value::Number(None),
            Value::Number(None),
        ]);
        cells.extend(of_fit(fit));
        cells
    }

    fn group_point(&self, group: &GroupSeries, point: &GroupPoint, language: Language) -> Vec<Value> {
        let mut cells = vec![
            text(&group.group),
            text(group.name.get(language)),
            Value::Number(point.value),
            Value::Number(None),
            Value::Number(None),
            Value::Number(point.chained),
            text(point.status),
            Value::Missing(point.missing),
        ];
        cells.extend(context(&self.context, point.period));
        cells.push(Value::Number(None));
        cells.extend([
            Value::Missing(None),
            Value::Missing(point.index_missing),
            Value::Number(None),
            Value::Number(point.direct),
            Value::Number(point.drift),
        ]);
        cells.extend(of_fit(None));
        let n = cells.len() - 3;
        cells[n] = Value::Count(point.n);
        cells
    }
}

fn of_fit(fit: Option<&TrendFit>) -> Vec<Value> {
    let number = |of: fn(&TrendFit) -> Option<f64>| Value::Number(fit.and_then(of));
    #[expect(clippy::cast_precision_loss, reason = "pairs of a series")]
    let s = fit.and_then(|fit| fit.s).map(|s| s as f64);
    vec![
        number(|fit| fit.slope),
        number(|fit| fit.slope_lower),
        number(|fit| fit.slope_upper),
        number(|fit| fit.intercept),
        Value::Number(s),
        number(|fit| fit.tau),
        number(|fit| fit.p),
        fit.map_or(Value::Number(None), |fit| Value::Count(fit.n)),
        Value::Text(
            fit.and_then(|fit| fit.method)
                .map(|method| method.name().to_owned()),
        ),
        Value::Missing(fit.and_then(|fit| fit.missing)),
    ]
}
