//! Small multiples: a facet for each series.

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

/// The data and the facets.
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
    let mut layers = vec![
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
    // Headers of facets speak English to assistive technology, so the names are words of the pictures themselves.
    let lines = panels.iter().map(|name| name.split('\n').count()).max();
    #[expect(clippy::cast_precision_loss, reason = "a few lines")]
    let above = 15.0 * lines.unwrap_or(1) as f64;
    layers.push(json!({
        "transform": [{ "filter": "datum.names" }],
        "mark": {
            "type": "text", "align": "left", "fontSize": 12.5, "fontWeight": 600, "color": INK, "lineBreak": "\n", "lineHeight": 15,
            "x": 0, "y": 5.0 - above,
        },
        "encoding": { "text": { "field": "panel" } },
    }));
    let facets = json!({
        "facet": { "field": "panel", "type": "nominal", "sort": panels, "header": null },
        "spacing": { "row": 20.0 + above, "column": 20.0 },
        "columns": 3,
        "spec": { "width": WIDE, "height": HIGH, "layer": layers },
    });
    (data, facets)
}

/// The figures, each with the small picture it is in and the stretch of line it is on, and the names of the pictures in order.
fn data(chart: &Chart) -> (Vec<Value>, Vec<String>) {
    let periods = every_period(chart);
    let mut panels: Vec<String> = Vec::new();
    let mut data = Vec::new();
    for (line, row) in chart.rows.iter().enumerate() {
        let begins = row.role == Role::Area || panels.is_empty();
        if begins {
            panels.push(wrapped(&row.name, NAME_LINE).join("\n"));
        }
        let stretches = stretches(row, &periods);
        for (at, (mark, stretch)) in row.marks.iter().zip(stretches).enumerate() {
            let mut datum = chart.datum(row, mark);
            if let Some(fields) = datum.as_object_mut() {
                let said = format!("{} – {}", mark.period, chart.said(mark));
                fields.insert("panel".into(), json!(panels.last()));
                fields.insert("said".into(), json!(said));
                fields.insert("names".into(), json!(at == 0 && begins));
                let stretch = stretch.map(|stretch| format!("{line}.{stretch}"));
                fields.insert("stretch".into(), json!(stretch));
            }
            data.push(datum);
        }
    }
    (data, panels)
}
