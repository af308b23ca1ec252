//! A chart as Vega-Lite: a specification with its data inside, which notebooks draw and researchers go on with.
//!
//! It is written for version 5 of the schema, which notebooks know, with nothing that version 6 does not have. The English
//! labels that Vega makes for assistive technology are switched off: title and description are ours. Numbers are written by
//! Vega in the reader's language; words of figures are written here, as data, so that no text becomes an expression.

mod bars;
mod lines;
mod panels;
mod places;

use super::model::{Chart, ChartKind, Mark, Role, Row};
use super::palette::{AREA, GRID, GROUND, GROUP, INK, OTHERS, QUIET};
use super::scale::Scale;
use crate::language::{Language, Message};
use serde_json::{Value, json};

/// The width of the plot, in pixels.
const WIDTH: f64 = 620.0;

/// The version of the schema.
const SCHEMA: &str = "https://vega.github.io/schema/vega-lite/v5.json";

/// How far the small print stands below the plot.
const FOOT: f64 = 48.0;

/// About how many symbols of a title and of smaller words stand on a line.
const TITLE_LINE: usize = 72;
const TEXT_LINE: usize = 105;

impl Chart {
    /// The chart as a Vega-Lite specification (v5, valid in v6 too) with its data inside.
    ///
    /// A datum has `name`, `code`, `role` (`area`, `peer`, `group`, `other`), `period`, `value`, `status`, `remark` (its status
    /// or why it is missing, in words), `rank`, and `said`: all of it as a person reads it.
    ///
    /// ```
    /// use kultti_core::chart::{ChartOptions, Drawn};
    /// use kultti_core::language::Language;
    /// use kultti_core::release::Release;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// let trend = release.trend("library.net_operating_cost_per_inhabitant", "Kokkola")?;
    /// let spec = trend.chart(&ChartOptions::default(), Language::Fi)?.to_vega_lite();
    /// assert_eq!(spec["config"]["locale"]["number"]["decimal"], ",");
    /// assert_eq!(spec["data"]["values"][0]["value"].as_f64(), trend.points[0].cell.value);
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn to_vega_lite(&self) -> Value {
        let (height, data, mut layers) = match self.kind {
            ChartKind::Multiples => return self.multiples(),
            ChartKind::Trend | ChartKind::Slope => lines::drawn(self),
            ChartKind::Composition => bars::drawn(self),
            _ => places::drawn(self),
        };
        layers.push(self.foot(height));
        json!({
            "$schema": SCHEMA,
            "title": self.heading(),
            "description": format!("{}. {}", self.title, self.description),
            "width": WIDTH,
            "height": height,
            "data": { "values": data },
            "layer": layers,
            "config": config(self.language),
        })
    }

    /// Small multiples above their small print.
    fn multiples(&self) -> Value {
        let (data, views) = panels::drawn(self);
        let mut foot = self.foot(-FOOT);
        if let Some(fields) = foot.as_object_mut() {
            fields.insert("width".into(), json!(WIDTH));
            fields.insert("height".into(), json!(60));
        }
        json!({
            "$schema": SCHEMA,
            "title": self.heading(),
            "description": format!("{}. {}", self.title, self.description),
            "data": { "values": data },
            "vconcat": [views, foot],
            "config": config(self.language),
        })
    }

    fn heading(&self) -> Value {
        json!({
            "text": wrapped(&self.title, TITLE_LINE),
            "subtitle": wrapped(&self.description, TEXT_LINE),
            "anchor": "start",
            "frame": "bounds",
            "aria": false,
        })
    }

    /// What hollow marks are, who has no value and why, and the sources: words beneath the chart.
    fn foot(&self, height: f64) -> Value {
        let mut lines = Vec::new();
        if let Some(statuses) = self.hollow() {
            let message = Message::new("chart.hollow").with("statuses", statuses);
            lines.extend(wrapped(
                &format!("○ {}", message.render(self.language)),
                TEXT_LINE,
            ));
        }
        for absence in self.absences() {
            lines.extend(wrapped(&format!("× {absence}"), TEXT_LINE));
        }
        if let Some(key) = &self.bands {
            lines.extend(wrapped(&key.heading, TEXT_LINE));
            lines.extend(key.zones.iter().flat_map(|zone| wrapped(&zone.label, TEXT_LINE)));
        }
        if self.kind == ChartKind::Multiples {
            let mut groups: Vec<&str> = Vec::new();
            for (_, mark) in self.marks().filter(|(_, mark)| mark.role == Role::Group) {
                if !groups.contains(&mark.name.as_str()) {
                    groups.push(&mark.name);
                }
            }
            lines.extend(groups.iter().map(|name| format!("- - {name}")));
        }
        if self.tells_turns() {
            lines.extend(self.turns.iter().flat_map(|turn| wrapped(&turn.label, TEXT_LINE)));
        }
        for line in &self.source {
            lines.extend(wrapped(line, TEXT_LINE));
        }
        json!({
            "data": { "values": [{ "lines": lines }] },
            "mark": {
                "type": "text", "align": "left", "baseline": "top", "fontSize": 11, "lineHeight": 15, "color": QUIET,
                "x": 0, "y": height + FOOT,
            },
            "encoding": { "text": { "field": "lines" } },
        })
    }

    /// A figure as a datum.
    fn datum(&self, row: &Row, mark: &Mark) -> Value {
        json!({
            "row": row.name,
            "name": mark.name,
            "code": mark.code,
            "role": mark.role.name(),
            "period": mark.period.to_string(),
            "value": mark.value,
            "status": mark.status.to_string(),
            "hollow": mark.value.is_some() && mark.is_uncertain(),
            "remark": self.remark(mark),
            "rank": mark.rank,
            "said": self.said(mark),
        })
    }

    /// The axis of values, with round numbers at its ends.
    fn value_scale(&self, scale: &Scale) -> Value {
        json!({ "domain": [scale.low, scale.high], "nice": false, "zero": false })
    }

    fn value_axis(&self, scale: &Scale) -> Value {
        json!({
            "title": self.axis.label,
            "values": scale.ticks,
            "format": format!(",.{}f", scale.decimals),
        })
    }
}

/// How everything looks, and how the language writes numbers.
fn config(language: Language) -> Value {
    let (decimal, thousands) = match language {
        Language::Fi | Language::Sv => (",", "\u{a0}"),
        Language::En => (".", ","),
    };
    json!({
        "background": GROUND,
        "font": "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif",
        "locale": { "number": {
            "decimal": decimal, "thousands": thousands, "grouping": [3], "currency": ["", "\u{a0}€"],
        } },
        "mark": { "aria": false },
        "view": { "stroke": null },
        "axis": {
            "aria": false, "gridColor": GRID, "domainColor": OTHERS, "tickColor": OTHERS, "labelColor": QUIET,
            "titleColor": QUIET, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelLimit": 0,
        },
        "title": {
            "color": INK, "fontSize": 18, "subtitleColor": QUIET, "subtitleFontSize": 13, "subtitleLineHeight": 18,
            "subtitlePadding": 6, "offset": 22,
        },
    })
}

/// A text in lines of about so many symbols, broken at blanks.
fn wrapped(text: &str, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The colour of the ground inside hollow marks, and of a role everywhere else.
fn fill_of_role() -> Value {
    json!({
        "condition": [
            { "test": "datum.hollow", "value": GROUND },
            { "test": "datum.role === 'area'", "value": AREA },
            { "test": "datum.role === 'other'", "value": OTHERS },
        ],
        "value": GROUP,
    })
}

fn stroke_of_role() -> Value {
    json!({
        "condition": [
            { "test": "datum.role === 'area'", "value": AREA },
            { "test": "datum.role === 'other'", "value": OTHERS },
        ],
        "value": GROUP,
    })
}
