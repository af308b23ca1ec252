//! Distributions, rows and rankings.

use super::{WIDTH, fill_of_role, stroke_of_role};
use crate::chart::layout::{Obstacles, Room, free};
use crate::chart::model::{Chart, ChartKind, Mark, Role, Row};
use crate::chart::palette::{AREA, GROUP, INK, OTHERS, QUIET};
use crate::chart::scale::{Scale, with_zero};
use crate::chart::swarm::fitted;
use crate::language::word;
use serde_json::{Value, json};

/// The height of a row, and of a dot in a long ranking.
const PITCH: f64 = 26.0;
const DOT_PITCH: f64 = 1.6;

/// Rows that are still named one by one in a ranking.
const NAMED_ROWS: usize = 40;

/// The height of the plot, its data and its layers.
pub(super) fn drawn(chart: &Chart) -> (f64, Vec<Value>, Vec<Value>) {
    let values: Vec<f64> = chart.values().collect();
    let values = match chart.kind {
        ChartKind::Distribution => values,
        _ => with_zero(&values),
    };
    let scale = Scale::of(values.into_iter(), 7).unwrap_or(Scale {
        low: 0.0,
        high: 1.0,
        ticks: Vec::new(),
        decimals: 0,
    });
    match chart.kind {
        ChartKind::Distribution => distribution(chart, &scale),
        ChartKind::Rank if chart.rows.len() > NAMED_ROWS => order(chart, &scale),
        _ => rows(chart, &scale),
    }
}

fn x(chart: &Chart, scale: &Scale) -> Value {
    json!({
        "field": "value", "type": "quantitative",
        "scale": chart.value_scale(scale), "axis": chart.value_axis(scale),
    })
}

/// Where a datum stands from above, in pixels.
fn y(height: f64) -> Value {
    json!({
        "field": "y", "type": "quantitative", "axis": null,
        "scale": { "domain": [0.0, height], "range": [0.0, height], "nice": false, "zero": false },
    })
}

fn with(mut datum: Value, key: &str, value: impl Into<Value>) -> Value {
    if let Some(fields) = datum.as_object_mut() {
        fields.insert(key.to_owned(), value.into());
    }
    datum
}

fn tooltip() -> Value {
    json!({ "field": "said", "type": "nominal", "title": "" })
}

/// The area's value down through the plot.
fn rule(chart: &Chart, scale: &Scale) -> Value {
    json!({
        "transform": [{ "filter": "datum.role === 'area' && isValid(datum.value)" }],
        "mark": { "type": "rule", "color": AREA, "strokeDash": [4, 3] },
        "encoding": { "x": x(chart, scale) },
    })
}

fn distribution(chart: &Chart, scale: &Scale) -> (f64, Vec<Value>, Vec<Value>) {
    let (everyone, groups) = chart.rows.split_at(1.min(chart.rows.len()));
    let mut marks: Vec<(&Row, &Mark)> = everyone
        .iter()
        .flat_map(|row| row.marks.iter().map(move |mark| (row, mark)))
        .collect();
    // Those without a value stand at the end.
    marks.sort_by(|left, right| {
        let value = |mark: &Mark| mark.value.unwrap_or(f64::INFINITY);
        value(left.1).total_cmp(&value(right.1))
    });
    let known = marks.iter().filter_map(|(_, mark)| mark.value);
    let places: Vec<f64> = known.map(|value| scale.at(value) * WIDTH).collect();
    let (radius, heights) = fitted(&places, &[4.4, 3.8, 3.2, 2.6, 2.0, 1.4], 170.0);
    let ground = heights.iter().copied().fold(0.0, f64::max) + 2.0 * radius + 24.0;
    let heights = heights.iter().map(Some).chain(std::iter::repeat(None));
    let mut data: Vec<Value> = marks
        .iter()
        .zip(heights)
        .map(|((row, mark), height)| {
            let y = height.map(|height| ground - radius - height);
            with(chart.datum(row, mark), "y", y)
        })
        .collect();
    let mut next = ground + 26.0;
    for row in groups {
        for mark in &row.marks {
            data.push(with(chart.datum(row, mark), "y", next));
            next += PITCH;
        }
    }
    let height = next;
    let size = radius * radius * std::f64::consts::PI;
    (height, data, heap_layers(chart, scale, (height, size)))
}

fn heap_layers(chart: &Chart, scale: &Scale, (height, size): (f64, f64)) -> Vec<Value> {
    let (x, y) = (x(chart, scale), y(height));
    vec![
        json!({
            "transform": [{ "filter": "datum.role === 'other' && isValid(datum.value)" }],
            "mark": { "type": "point", "shape": "circle", "size": size, "opacity": 1, "strokeWidth": 1 },
            "encoding": { "x": x, "y": y, "fill": fill_of_role(), "stroke": stroke_of_role(), "tooltip": tooltip() },
        }),
        cuts(chart, &x),
        rule(chart, scale),
        json!({
            "transform": [{ "filter": "datum.role !== 'other' && isValid(datum.value)" }],
            "mark": { "type": "point", "opacity": 1, "strokeWidth": 2 },
            "encoding": {
                "x": x, "y": y, "fill": fill_of_role(), "stroke": stroke_of_role(), "tooltip": tooltip(),
                "shape": { "condition": { "test": "datum.role === 'area'", "value": "circle" }, "value": "diamond" },
                "size": { "value": 90 },
            },
        }),
        json!({
            "transform": [{ "filter": "datum.role === 'area' && isValid(datum.value)" }],
            "mark": { "type": "text", "color": AREA, "fontSize": 14, "fontWeight": 600, "y": -8 },
            "encoding": { "x": x, "text": { "field": "said" } },
        }),
        // Words keep to the side that has room.
        side(&x, &y, (scale, "left"), 10.0),
        side(&x, &y, (scale, "right"), -10.0),
        json!({
            "transform": [{ "filter": "datum.role === 'group' && !isValid(datum.value)" }],
            "mark": { "type": "text", "align": "left", "fontSize": 13, "color": INK, "x": 0 },
            "encoding": { "y": y, "text": { "field": "said" } },
        }),
    ]
}

/// The cuts of bands.
fn cuts(chart: &Chart, x: &Value) -> Value {
    let zones = chart.bands.iter().flat_map(|key| &key.zones);
    let cuts = zones.flat_map(|zone| [zone.low, zone.high]).flatten();
    let values: Vec<Value> = cuts.map(|cut| json!({ "value": cut })).collect();
    json!({
        "data": { "values": values },
        "mark": { "type": "rule", "color": INK, "strokeDash": [3, 3] },
        "encoding": { "x": x },
    })
}

/// The names of the groups beside their values, in one half of the plot.
fn side(x: &Value, y: &Value, (scale, align): (&Scale, &str), dx: f64) -> Value {
    let middle = f64::midpoint(scale.low, scale.high);
    let half = if align == "left" { "<=" } else { ">" };
    json!({
        "transform": [{ "filter": format!("datum.role === 'group' && isValid(datum.value) && datum.value {half} {middle}") }],
        "mark": { "type": "text", "align": align, "dx": dx, "fontSize": 13, "color": INK },
        "encoding": { "x": x, "y": y, "text": { "field": "said" } },
    })
}

/// What a row is called: its name, with the code where another has the same name.
fn key(chart: &Chart, row: &Row) -> String {
    let first = row.marks.first();
    let rank = first
        .and_then(|mark| mark.rank)
        .filter(|_| chart.kind == ChartKind::Rank);
    let name = rank.map_or_else(|| row.name.clone(), |rank| format!("{rank:.0}. {}", row.name));
    let alike = chart.rows.iter().filter(|other| other.name == row.name).count();
    match first.filter(|_| alike > 1) {
        Some(mark) => format!("{name} ({})", mark.code),
        None => name,
    }
}

fn rows(chart: &Chart, scale: &Scale) -> (f64, Vec<Value>, Vec<Value>) {
    let change = chart.kind == ChartKind::Change;
    let keys: Vec<String> = chart.rows.iter().map(|row| key(chart, row)).collect();
    let mut data = Vec::new();
    for (row, key) in chart.rows.iter().zip(&keys) {
        let own = if change {
            row.marks.len().saturating_sub(1)
        } else {
            0
        };
        for (at, mark) in row.marks.iter().enumerate() {
            let mut datum = with(chart.datum(row, mark), "key", key.as_str());
            datum = with(datum, "own", at == own);
            if at == own {
                datum = with(datum, "text", written(chart, row));
                let before = row.marks.first().and_then(|first| first.value);
                datum = with(datum, "before", before.filter(|_| change && !mark.after_break));
            }
            data.push(datum);
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "rows of a chart")]
    let height = chart.rows.len() as f64 * PITCH;
    let y = json!({
        "field": "key", "type": "nominal", "scale": { "domain": keys },
        "axis": { "title": null, "ticks": false, "domain": false, "labelColor": INK, "labelFontSize": 13, "labelPadding": 10 },
    });
    let x = x(chart, scale);
    let mut layers = Vec::new();
    if chart.rows.iter().filter(|row| row.role == Role::Area).count() == 1 {
        layers.push(rule(chart, scale));
    }
    layers.extend(row_marks(&x, &y, change));
    layers.extend(row_words(chart, &x, &y));
    (height, data, layers)
}

/// What is written on a row: its value with its status, or why there is none; of a change both values.
fn written(chart: &Chart, row: &Row) -> String {
    let one = |mark: &Mark| match (mark.value.map(|value| chart.number(value)), chart.remark(mark)) {
        (Some(number), Some(remark)) => format!("{number} ({remark})"),
        (number, remark) => number.or(remark).unwrap_or_default(),
    };
    let shown = if chart.kind == ChartKind::Change {
        row.marks.len()
    } else {
        1
    };
    let texts: Vec<String> = row.marks.iter().take(shown).map(one).collect();
    texts.join(" → ")
}

fn row_marks(x: &Value, y: &Value, change: bool) -> Vec<Value> {
    let others = if change {
        json!({ "type": "point", "shape": "circle", "color": OTHERS, "filled": true, "size": 60, "opacity": 1 })
    } else {
        json!({ "type": "tick", "color": OTHERS, "thickness": 1.5, "size": 12, "opacity": 1 })
    };
    vec![
        json!({
            "transform": [{ "filter": "isValid(datum.before) && isValid(datum.value)" }],
            "mark": { "type": "rule", "color": GROUP, "strokeWidth": 2 },
            "encoding": { "x": x, "x2": { "field": "before" }, "y": y },
        }),
        json!({
            "transform": [{ "filter": "!datum.own && isValid(datum.value)" }],
            "mark": others,
            "encoding": { "x": x, "y": y, "tooltip": tooltip() },
        }),
        json!({
            "transform": [{ "filter": "datum.own && isValid(datum.value)" }],
            "mark": { "type": "point", "opacity": 1, "size": 90, "strokeWidth": 2 },
            "encoding": {
                "x": x, "y": y, "fill": fill_of_role(), "stroke": stroke_of_role(), "tooltip": tooltip(),
                "shape": { "condition": { "test": "datum.role === 'group'", "value": "diamond" }, "value": "circle" },
            },
        }),
    ]
}

/// The words of rows: beside their marks, or in a column where other figures lie around these.
fn row_words(chart: &Chart, x: &Value, y: &Value) -> Vec<Value> {
    let colour = json!({ "condition": { "test": "datum.role === 'area'", "value": AREA }, "value": INK });
    let words = |filter: &str, mark: Value, x: Option<&Value>| {
        let mut encoding = json!({ "y": y, "text": { "field": "text" }, "color": colour });
        if let Some((x, fields)) = x.zip(encoding.as_object_mut()) {
            fields.insert("x".into(), x.clone());
        }
        json!({ "transform": [{ "filter": filter }], "mark": mark, "encoding": encoding })
    };
    if chart.rows.iter().any(|row| row.marks.len() > 1) {
        let column = json!({ "type": "text", "align": "left", "x": WIDTH + 12.0, "fontSize": 12.5 });
        return vec![words("datum.own", column, None)];
    }
    let beside = json!({ "type": "text", "align": "left", "dx": 10, "fontSize": 12.5 });
    let reason = json!({ "type": "text", "align": "left", "x": 4, "fontSize": 12.5 });
    vec![
        words("datum.own && isValid(datum.value)", beside, Some(x)),
        words("datum.own && !isValid(datum.value)", reason, None),
    ]
}

/// A long ranking, from the first down to the last.
fn order(chart: &Chart, scale: &Scale) -> (f64, Vec<Value>, Vec<Value>) {
    let shown: Vec<&Mark> = chart
        .marks()
        .map(|(_, mark)| mark)
        .filter(|mark| mark.value.is_some())
        .collect();
    #[expect(clippy::cast_precision_loss, reason = "rows of a ranking")]
    let count = shown.len() as f64;
    let height = (count * DOT_PITCH).clamp(300.0, 560.0);
    let mut labels = labels(chart, &shown, (scale, height)).into_iter();
    let mut place = 0_u32;
    let mut data = Vec::new();
    for (row, mark) in chart.marks() {
        let mut datum = chart.datum(row, mark);
        if mark.value.is_some() {
            place += 1;
            datum = with(datum, "place", place);
            if let Some((text, room)) = labels.next().flatten() {
                datum = with(datum, "label", text);
                datum = with(datum, "label_x", room.left);
                datum = with(datum, "label_y", room.y);
            }
        }
        data.push(datum);
    }
    let x = x(chart, scale);
    let y = json!({
        "field": "place", "type": "quantitative",
        "scale": { "domain": [0.5, count + 0.5], "reverse": true, "nice": false, "zero": false },
        "axis": {
            "title": word("word.rank", chart.language), "format": ",d", "grid": false, "titleColor": QUIET, "values": ranks(count),
        },
    });
    let dots = |role: &str, size: f64| {
        json!({
            "transform": [{ "filter": format!("datum.role === '{role}' && isValid(datum.value)") }],
            "mark": { "type": "point", "shape": "circle", "opacity": 1, "size": size, "strokeWidth": 1 },
            "encoding": { "x": x, "y": y, "fill": fill_of_role(), "stroke": stroke_of_role(), "tooltip": tooltip() },
        })
    };
    let pixels = |field: &str| json!({ "field": field, "type": "quantitative", "scale": null, "axis": null });
    let words = json!({
        "transform": [{ "filter": "isValid(datum.label)" }],
        "mark": { "type": "text", "align": "left", "fontSize": 13 },
        "encoding": {
            "x": pixels("label_x"), "y": pixels("label_y"), "text": { "field": "label" },
            "color": { "condition": { "test": "datum.role === 'area'", "value": AREA }, "value": INK },
        },
    });
    (height, data, vec![dots("other", 14.0), dots("area", 90.0), words])
}

/// What is written beside the dots of a long ranking, and where: the marked areas, or the two ends without any; along `shown`.
fn labels(chart: &Chart, shown: &[&Mark], (scale, height): (&Scale, f64)) -> Vec<Option<(String, Room)>> {
    let marked = shown.iter().any(|mark| mark.role == Role::Area);
    let last = shown.iter().rposition(|mark| mark.rank.is_some());
    #[expect(clippy::cast_precision_loss, reason = "rows of a ranking")]
    let place = |(at, mark): (usize, &&Mark)| {
        let x = mark.value.map_or(0.0, |value| scale.at(value) * WIDTH);
        (x, (at as f64 + 0.5) / shown.len() as f64 * height)
    };
    let dots: Vec<(f64, f64)> = shown.iter().enumerate().map(place).collect();
    let is_named = |(at, mark): &(usize, &&Mark)| {
        let end = *at == 0 || Some(*at) == last;
        mark.rank.is_some() && if marked { mark.role == Role::Area } else { end }
    };
    let named = shown.iter().enumerate().filter(is_named);
    let named: Vec<(f64, f64)> = named.map(|(at, _)| dots[at]).collect();
    let mut taken: Vec<Room> = Vec::new();
    let mut label = |(at, mark): (usize, &&Mark)| {
        let rank = mark.rank.filter(|_| is_named(&(at, mark)))?;
        let text = format!("{rank:.0}. {}", chart.said(mark));
        #[expect(clippy::cast_precision_loss, reason = "the length of a label")]
        let width = text.chars().count() as f64 * 7.1;
        let obstacles = Obstacles {
            dots: &dots,
            named: &named,
            taken: &taken,
        };
        let room = free(dots[at], width, obstacles, (0.0, WIDTH + 120.0, -8.0));
        taken.push(room);
        Some((text, room))
    };
    shown.iter().enumerate().map(&mut label).collect()
}

/// The ranks beside the axis: the first, then round numbers.
fn ranks(last: f64) -> Vec<f64> {
    let round = Scale::of([0.0, last].into_iter(), 7).map(|scale| scale.ticks);
    let round = round.unwrap_or_default().into_iter().skip(1);
    [1.0]
        .into_iter()
        .chain(round.filter(|rank| *rank <= last))
        .collect()
}
