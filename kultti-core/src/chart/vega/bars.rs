//! Parts of a figure: bars of the area, and beneath each the group's as a line that ends in its sign.

use super::{fill_of_role, stroke_of_role};
use crate::chart::model::{Chart, Mark, Role, Row};
use crate::chart::palette::{AREA, GROUP, INK};
use crate::chart::scale::Scale;
use serde_json::{Value, json};

/// The height of a row, and how far the bar and the line stand from its middle.
const PITCH: f64 = 44.0;
const OFFSET: f64 = 8.0;

/// The height of the plot, its data and its layers.
pub(super) fn drawn(chart: &Chart) -> (f64, Vec<Value>, Vec<Value>) {
    let scale = Scale::of(chart.values().chain([0.0]), 7).unwrap_or(Scale {
        low: 0.0,
        high: 1.0,
        ticks: Vec::new(),
        decimals: 0,
    });
    let mut data = Vec::new();
    for (row, mark) in chart.marks() {
        data.push(datum(chart, row, mark));
    }
    #[expect(clippy::cast_precision_loss, reason = "rows of a chart")]
    let height = chart.rows.len() as f64 * PITCH;
    (height, data, layers(chart, &scale))
}

fn datum(chart: &Chart, row: &Row, mark: &Mark) -> Value {
    let number = mark.value.map(|value| chart.number(value));
    let text = match (number, chart.remark(mark)) {
        (Some(number), Some(remark)) => format!("{number} ({remark})"),
        (number, remark) => number.or(remark).unwrap_or_else(|| "–".to_owned()),
    };
    let mut datum = chart.datum(row, mark);
    if let Some(fields) = datum.as_object_mut() {
        fields.insert("text".into(), json!(text));
        fields.insert("zero".into(), json!(0.0));
        fields.insert(
            "said".into(),
            json!(format!("{} – {}", row.name, chart.said(mark))),
        );
    }
    datum
}

fn layers(chart: &Chart, scale: &Scale) -> Vec<Value> {
    let names: Vec<&str> = chart.rows.iter().map(|row| row.name.as_str()).collect();
    let x = json!({
        "field": "value", "type": "quantitative",
        "scale": chart.value_scale(scale), "axis": chart.value_axis(scale),
    });
    let y = json!({
        "field": "row", "type": "nominal", "scale": { "domain": names },
        "axis": { "title": null, "ticks": false, "domain": false, "labelColor": INK, "labelFontSize": 13, "labelPadding": 10 },
    });
    let tooltip = json!({ "field": "said", "type": "nominal", "title": "" });
    let of = |role: &str, known: &str| format!("datum.role === '{role}' && {known}isValid(datum.value)");
    let mut layers = vec![
        json!({
            "transform": [{ "filter": of("area", "") }],
            "mark": { "type": "bar", "height": 14, "yOffset": -OFFSET, "strokeWidth": 1.6 },
            "encoding": {
                "x": x, "x2": { "datum": 0.0 }, "y": y, "fill": fill_of_role(), "stroke": stroke_of_role(), "tooltip": tooltip,
            },
        }),
        json!({
            "transform": [{ "filter": of("group", "") }],
            "mark": { "type": "rule", "color": GROUP, "strokeWidth": 1.6, "yOffset": OFFSET },
            "encoding": { "x": x, "x2": { "field": "zero" }, "y": y },
        }),
        json!({
            "transform": [{ "filter": of("group", "") }],
            "mark": { "type": "point", "shape": "diamond", "opacity": 1, "size": 70, "strokeWidth": 1.6, "yOffset": OFFSET },
            "encoding": { "x": x, "y": y, "fill": fill_of_role(), "stroke": stroke_of_role(), "tooltip": tooltip },
        }),
    ];
    for (role, colour, offset) in [("area", AREA, -OFFSET), ("group", GROUP, OFFSET)] {
        let words = |filter: String, (align, dx): (&str, f64)| {
            json!({
                "transform": [{ "filter": filter }],
                "mark": { "type": "text", "align": align, "dx": dx, "fontSize": 12.5, "color": colour, "yOffset": offset },
                "encoding": { "x": x, "y": y, "text": { "field": "text" } },
            })
        };
        layers.push(words(of(role, "datum.value >= 0 && "), ("left", 9.0)));
        layers.push(words(of(role, "datum.value < 0 && "), ("right", -9.0)));
        layers.push(json!({
            "transform": [{ "filter": of(role, "!") }],
            "mark": { "type": "text", "align": "left", "dx": 4, "fontSize": 12.5, "color": INK, "yOffset": offset },
            "encoding": {
                "x": { "field": "zero", "type": "quantitative", "scale": chart.value_scale(scale) },
                "y": y, "text": { "field": "text" },
            },
        }));
    }
    layers.push(key(chart));
    layers
}

/// Whose the bars and the lines are.
fn key(chart: &Chart) -> Value {
    let signs = |mark: &Mark| match mark.role {
        Role::Area => format!("■ {}", mark.name),
        _ => format!("◆ {}", mark.name),
    };
    let marks = chart.rows.first().map(|row| row.marks.iter().map(signs));
    let names: Vec<String> = marks.into_iter().flatten().collect();
    json!({
        "data": { "values": [{ "names": names.join("    ") }] },
        "mark": { "type": "text", "align": "left", "fontSize": 13, "color": INK, "x": 0, "y": -10 },
        "encoding": { "text": { "field": "names" } },
    })
}
