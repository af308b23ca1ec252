//! Series over time.

use crate::chart::layout::{every_period, spread, stretches};
use crate::chart::model::{Chart, Mark, Role, Row};
use crate::chart::palette::{GROUND, INK, LINES, QUIET};
use crate::chart::scale::{Scale, with_zero};
use crate::language::word;
use crate::model::Period;
use serde_json::{Value, json};

const HEIGHT: f64 = 280.0;

/// The shapes of lines, in order, as their colours.
const SHAPES: [&str; 6] = [
    "circle",
    "diamond",
    "square",
    "triangle-up",
    "triangle-down",
    "stroke",
];

/// The most periods of a single line whose every value is written.
const WRITTEN: usize = 12;

/// The height of the plot, its data and its layers.
pub(super) fn drawn(chart: &Chart) -> (f64, Vec<Value>, Vec<Value>) {
    let values: Vec<f64> = chart.values().collect();
    let scale = Scale::of(with_zero(&values).into_iter(), 5).unwrap_or(Scale {
        low: 0.0,
        high: 1.0,
        ticks: Vec::new(),
        decimals: 0,
    });
    let periods = every_period(chart);
    let data = data(chart, &scale, &periods);
    (HEIGHT, data, layers(chart, &scale, &periods))
}

/// The figures, each with its place among the periods, the stretch of line it is on, and what is written at the end of its
/// line.
fn data(chart: &Chart, scale: &Scale, periods: &[Period]) -> Vec<Value> {
    let last = |row: &Row| {
        row.marks
            .iter()
            .rev()
            .find(|mark| mark.value.is_some())
            .map(|mark| mark.period)
    };
    let ends: Vec<Option<f64>> = chart
        .rows
        .iter()
        .map(|row| row.marks.iter().rev().find_map(|mark| mark.value))
        .collect();
    let wanted: Vec<f64> = ends
        .iter()
        .flatten()
        .map(|value| HEIGHT * (1.0 - scale.at(*value)))
        .collect();
    let mut places = spread(&wanted, 17.0, (0.0, HEIGHT)).into_iter();
    let written = chart.rows.len() == 1 && periods.len() <= WRITTEN;
    let mut data = Vec::new();
    for (line, (row, end)) in chart.rows.iter().zip(&ends).enumerate() {
        let beside = end.and_then(|value| Some((value, places.next()?)));
        let stretches = stretches(row, periods);
        for (mark, stretch) in row.marks.iter().zip(stretches) {
            let mut datum = chart.datum(row, mark);
            let at = periods.iter().position(|period| *period == mark.period);
            if let Some(fields) = datum.as_object_mut() {
                fields.insert("line".into(), json!(line));
                fields.insert("at".into(), json!(at));
                fields.insert(
                    "stretch".into(),
                    json!(stretch.map(|stretch| format!("{line}.{stretch}"))),
                );
                if let (true, Some((value, y))) = (Some(mark.period) == last(row), beside) {
                    let label = if written {
                        row.name.clone()
                    } else {
                        format!("{} {}", row.name, chart.number(value))
                    };
                    fields.insert("end".into(), json!(label));
                    fields.insert("beside".into(), json!(y));
                }
                if let Some(above) = absent_below(chart, line, mark) {
                    fields.insert("absent".into(), json!(HEIGHT - 10.0 - 13.0 * above));
                }
            }
            data.push(datum);
        }
    }
    data
}

/// How many lines before this one lack the same period; `None` for a figure that is there.
fn absent_below(chart: &Chart, line: usize, mark: &Mark) -> Option<f64> {
    let lacks = |row: &&Row| {
        row.marks
            .iter()
            .any(|other| other.period == mark.period && other.value.is_none())
    };
    let before = chart.rows.iter().take(line).filter(lacks).count();
    #[expect(clippy::cast_precision_loss, reason = "lines of a chart")]
    mark.value.is_none().then_some(before as f64)
}

fn layers(chart: &Chart, scale: &Scale, periods: &[Period]) -> Vec<Value> {
    let x = x_axis(periods);
    let mut unit = chart.axis.label.clone();
    if scale.low > 0.0 {
        unit = format!("{unit} ({})", word("chart.cut-axis", chart.language));
    }
    let y = json!({
        "field": "value", "type": "quantitative", "scale": chart.value_scale(scale),
        "axis": {
            "title": unit, "values": scale.ticks, "format": format!(",.{}f", scale.decimals), "domain": false,
            "ticks": false, "titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleY": -10, "titleX": -30,
        },
    });
    let looks = Looks::new(chart);
    let mut layers = turns(chart, periods, &x);
    layers.extend([
        looks.lines(&x, &y),
        looks.points(&x, &y),
        looks.absences(&x),
        looks.ends(periods),
    ]);
    if chart.rows.len() == 1 && periods.len() <= WRITTEN {
        layers.push(json!({
            "transform": [{ "filter": "isValid(datum.value)" }],
            "mark": { "type": "text", "dy": -13, "fontSize": 12 },
            "encoding": {
                "x": x, "y": y, "color": looks.colour(),
                "text": { "field": "value", "type": "quantitative", "format": format!(",.{}f", chart.axis.decimals) },
            },
        }));
    }
    layers
}

/// Colours, shapes and dashes of the lines.
struct Looks {
    lines: Vec<usize>,
    colours: Vec<&'static str>,
    shapes: Vec<&'static str>,
    dashes: Vec<[u32; 2]>,
}

impl Looks {
    fn new(chart: &Chart) -> Self {
        let lines: Vec<usize> = (0..chart.rows.len()).collect();
        Self {
            colours: lines.iter().map(|line| LINES[line % LINES.len()]).collect(),
            shapes: lines.iter().map(|line| SHAPES[line % SHAPES.len()]).collect(),
            dashes: lines.iter().map(|line| dash(chart, *line)).collect(),
            lines,
        }
    }

    /// A channel that differs from line to line.
    fn channel(&self, range: Value) -> Value {
        json!({ "field": "line", "type": "nominal", "scale": { "domain": self.lines, "range": range }, "legend": null })
    }

    fn colour(&self) -> Value {
        self.channel(json!(self.colours))
    }

    fn lines(&self, x: &Value, y: &Value) -> Value {
        json!({
            "transform": [{ "filter": "isValid(datum.value)" }],
            "mark": { "type": "line", "strokeWidth": 2.2 },
            "encoding": {
                "x": x, "y": y, "color": self.colour(), "strokeDash": self.channel(json!(self.dashes)),
                "detail": { "field": "stretch", "type": "nominal" },
            },
        })
    }

    fn points(&self, x: &Value, y: &Value) -> Value {
        json!({
            "transform": [{ "filter": "isValid(datum.value)" }],
            "mark": { "type": "point", "size": 60, "opacity": 1, "strokeWidth": 2 },
            "encoding": {
                "x": x, "y": y, "stroke": self.colour(), "shape": self.channel(json!(self.shapes)),
                "fill": {
                    "condition": { "test": "datum.hollow", "value": GROUND },
                    "field": "line", "type": "nominal", "scale": { "domain": self.lines, "range": self.colours }, "legend": null,
                },
                "tooltip": { "field": "said", "type": "nominal", "title": "" },
            },
        })
    }

    /// A sign where a figure is missing; the reason stands beneath the chart.
    fn absences(&self, x: &Value) -> Value {
        json!({
            "transform": [{ "filter": "isValid(datum.absent)" }],
            "mark": { "type": "text", "text": "×", "fontSize": 15, "fontWeight": 700 },
            "encoding": {
                "x": x, "y": { "field": "absent", "type": "quantitative", "scale": null, "axis": null },
                "color": self.colour(), "tooltip": { "field": "said", "type": "nominal", "title": "" },
            },
        })
    }

    /// The names where the lines end.
    fn ends(&self, periods: &[Period]) -> Value {
        json!({
            "transform": [{ "filter": "isValid(datum.end)" }],
            "mark": { "type": "text", "align": "left", "dx": 12, "fontSize": 13 },
            "encoding": {
                "x": { "datum": periods.len().saturating_sub(1), "type": "quantitative" },
                "y": { "field": "beside", "type": "quantitative", "scale": null, "axis": null },
                "text": { "field": "end" }, "color": self.colour(),
            },
        })
    }
}

/// The series of groups are dashed beside those of areas.
fn dash(chart: &Chart, line: usize) -> [u32; 2] {
    let group = chart.rows.get(line).is_some_and(|row| row.role == Role::Group);
    match (group, line / LINES.len() % 3) {
        (true, _) => [6, 4],
        (false, 0) => [1, 0],
        (false, 1) => [7, 4],
        (false, _) => [2, 4],
    }
}

/// Periods by their places; the expression holds nothing but their names.
fn x_axis(periods: &[Period]) -> Value {
    let names: Vec<String> = periods.iter().map(|period| format!("'{period}'")).collect();
    let places: Vec<usize> = (0..periods.len()).collect();
    #[expect(clippy::cast_precision_loss, reason = "periods of a series")]
    let last = (periods.len() as f64 - 1.0).max(0.0);
    json!({
        "field": "at", "type": "quantitative",
        "scale": { "domain": [-0.3, last + 0.3], "nice": false, "zero": false },
        "axis": {
            "title": null, "values": places, "labelExpr": format!("[{}][datum.value]", names.join(",")),
            "grid": false, "labelOverlap": true,
        },
    })
}

/// Breaks and mergers: a line between two periods with its words above.
fn turns(chart: &Chart, periods: &[Period], x: &Value) -> Vec<Value> {
    if chart.turns.is_empty() {
        return Vec::new();
    }
    #[expect(clippy::cast_precision_loss, reason = "periods of a series")]
    let datum = |(row, turn): (usize, &crate::chart::model::Turn)| {
        let at = periods
            .iter()
            .position(|period| *period == turn.period)
            .unwrap_or_default();
        json!({ "at": at as f64 - 0.5, "label": turn.label, "y": 8.0 + 15.0 * row as f64 })
    };
    let values: Vec<Value> = chart.turns.iter().enumerate().map(datum).collect();
    vec![
        json!({
            "data": { "values": values },
            "mark": { "type": "rule", "color": QUIET, "strokeDash": [5, 3] },
            "encoding": { "x": x },
        }),
        json!({
            "data": { "values": values },
            "mark": { "type": "text", "align": "left", "dx": 4, "fontSize": 12, "color": INK },
            "encoding": {
                "x": x, "y": { "field": "y", "type": "quantitative", "scale": null, "axis": null }, "text": { "field": "label" },
            },
        }),
    ]
}
