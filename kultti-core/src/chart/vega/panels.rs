//! Small multiples: a view for each series, all with the same axes.
//!
//! They are no facets, since the headers of facets speak English to assistive technology.

use super::{fill_of_role, stroke_of_role, wrapped};
use crate::chart::layout::{every_period, stretches};
use crate::chart::model::{Chart, Role};
use crate::chart::palette::{AREA, GROUP, INK};
use crate::chart::scale::{Scale, with_zero};
use serde_json::{Value, json};

/// The size of a small picture.
const WIDE: f64 = 175.0;
const HIGH: f64 = 100.0;

/// About how many symbols of a name stand on a line above a small picture.
const NAME_LINE: usize = 28;

/// The data and the views.
pub(super) fn drawn(chart: &Chart) -> (Vec<Value>, Value) {
    let values: Vec<f64> = chart.values().collect();
    let scale = Scale::of(with_zero(&values).into_iter(), 3).unwrap_or(Scale {
        low: 0.0,
        high: 1.0,
        ticks: Vec::new(),
        decimals: 0,
    });
    let (data, panels) = data(chart);
    let periods: Vec<String> = every_period(chart).iter().map(ToString::to_string).collect();
    let ends: Vec<&String> = periods.first().into_iter().chain(periods.last()).collect();
    let x = json!({
        "field": "period", "type": "ordinal", "scale": { "domain": periods },
        "axis": { "title": null, "labelAngle": 0, "values": ends, "grid": false },
    });
    let y = json!({
        "field": "value", "type": "quantitative",
        "scale": chart.value_scale(&scale), "axis": chart.value_axis(&scale),
    });
    let line = |role: &str, colour: &str, dashes: Value| {
        json!({
            "transform": [{ "filter": format!("datum.role === '{role}' && isValid(datum.value)") }],
            "mark": { "type": "line", "color": colour, "strokeWidth": 2, "strokeDash": dashes },
            "encoding": { "x": x, "y": y, "detail": { "field": "stretch" } },
        })
    };
    let tooltip = json!({ "field": "said", "type": "nominal", "title": "" });
    let layers = vec![
        line("group", GROUP, json!([5, 3])),
        line("area", AREA, json!([])),
        json!({
            "transform": [{ "filter": "datum.role === 'area' && isValid(datum.value)" }],
            "mark": { "type": "point", "shape": "circle", "opacity": 1, "size": 28, "strokeWidth": 1.4 },
            "encoding": { "x": x, "y": y, "fill": fill_of_role(), "stroke": stroke_of_role(), "tooltip": tooltip },
        }),
        json!({
            "transform": [{ "filter": "datum.role === 'area' && !isValid(datum.value)" }],
            "mark": { "type": "text", "text": "×", "fontSize": 15, "color": AREA, "y": HIGH - 8.0 },
            "encoding": { "x": x, "tooltip": tooltip },
        }),
    ];
    let view = |(at, name): (usize, &String)| {
        json!({
            "title": {
                "text": wrapped(name, NAME_LINE), "anchor": "start", "fontSize": 12.5, "fontWeight": 600, "color": INK,
                "offset": 12, "aria": false,
            },
            "width": WIDE,
            "height": HIGH,
            "transform": [{ "filter": format!("datum.panel === {at}") }],
            "layer": layers,
        })
    };
    let views: Vec<Value> = panels.iter().enumerate().map(view).collect();
    (data, json!({ "concat": views, "columns": 3 }))
}

/// The figures, each with the small picture it is in and the stretch of line it is on, and the names of the pictures in order.
fn data(chart: &Chart) -> (Vec<Value>, Vec<String>) {
    let periods = every_period(chart);
    let mut panels: Vec<String> = Vec::new();
    let mut data = Vec::new();
    for (line, row) in chart.rows.iter().enumerate() {
        if row.role == Role::Area || panels.is_empty() {
            panels.push(row.name.clone());
        }
        let stretches = stretches(row, &periods);
        for (mark, stretch) in row.marks.iter().zip(stretches) {
            let mut datum = chart.datum(row, mark);
            if let Some(fields) = datum.as_object_mut() {
                let said = format!("{} – {}", mark.period, chart.said(mark));
                fields.insert("panel".into(), json!(panels.len().saturating_sub(1)));
                fields.insert("said".into(), json!(said));
                let stretch = stretch.map(|stretch| format!("{line}.{stretch}"));
                fields.insert("stretch".into(), json!(stretch));
            }
            data.push(datum);
        }
    }
    (data, panels)
}
