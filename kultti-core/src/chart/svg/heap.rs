//! A distribution: every area a dot at its value, the area asked for and its groups named.

use super::bands;
use super::canvas::{Anchor, Canvas, Shape, Sign, Type, names};
use super::frame::{AXIS_ROOM, EDGE, Plot, as_length, longest, sign, value_axis};
use crate::chart::model::{Chart, Mark, Role, Row};
use crate::chart::palette::{AREA, GROUP, OTHERS};
use crate::chart::scale::Scale;
use crate::chart::swarm::fitted;

/// The radii that dots are tried with, and how high their heap may be.
const RADII: [f64; 7] = [5.0, 4.4, 3.8, 3.2, 2.6, 2.0, 1.4];
const HIGHEST: f64 = 170.0;

/// The height of a group's row below the axis.
const PITCH: f64 = 24.0;

pub(super) fn draw(canvas: &mut Canvas, chart: &Chart, (width, top): (f64, f64)) -> f64 {
    let mut plot = Plot {
        left: EDGE + 14.0,
        right: width - EDGE - 14.0,
        top: top + 30.0 + if chart.bands.is_some() { bands::STRIP } else { 0.0 },
        bottom: top,
    };
    let Some(scale) = Scale::of(chart.values(), plot.steps(longest(chart))) else {
        return top;
    };
    let (everyone, groups) = chart.rows.split_at(1.min(chart.rows.len()));
    let mut marks: Vec<(f64, &Mark)> = everyone
        .iter()
        .flat_map(|row| &row.marks)
        .filter_map(|mark| Some((plot.x(&scale, mark.value?), mark)))
        .collect();
    marks.sort_by(|left, right| left.0.total_cmp(&right.0));
    let places: Vec<f64> = marks.iter().map(|(x, _)| *x).collect();
    let (radius, heights) = fitted(&places, &RADII, HIGHEST);
    let highest = heights.iter().copied().fold(0.0, f64::max);
    plot.bottom = plot.top + highest + 2.0 * radius + 8.0;
    value_axis(canvas, chart, plot, &scale);
    bands::draw(canvas, chart, (plot, &scale, plot.top - bands::STRIP));
    let own = marks
        .iter()
        .zip(&heights)
        .find(|((_, mark), _)| mark.role == Role::Area);
    let base = plot.bottom - 2.0 - radius;
    let placed = marks
        .iter()
        .zip(&heights)
        .map(|((x, mark), height)| ((*x, base - height), *mark));
    others(canvas, chart, placed, radius);
    let last = plot.bottom + AXIS_ROOM;
    // The words of the area stand above everything.
    let upper = top + 16.0;
    if let Some(((x, _), _)) = own {
        let end = last + as_length(groups.len()) * PITCH;
        canvas.line(((*x, upper + 6.0), (*x, end - 4.0)), AREA, 1.2, "");
    }
    let end = rows(canvas, groups, chart, (plot, &scale, last));
    if let Some(((x, mark), height)) = own {
        let y = plot.bottom - 2.0 - radius - height;
        canvas.mark(
            (*x, y),
            sign(mark, (Shape::Dot, (radius + 1.5).max(4.5), AREA)),
            &chart.said(mark),
        );
        let label = Type::new(14.0, AREA).bold();
        let text = chart.said(mark);
        beside(canvas, (*x, upper), &text, (label, plot));
    }
    match &chart.bands {
        Some(key) => bands::legend(canvas, key, (width, end)),
        None => end,
    }
}

/// The dots of the other areas; in a page, which has their names in a table, the ordinary ones are one path.
fn others<'m>(
    canvas: &mut Canvas,
    chart: &Chart,
    placed: impl Iterator<Item = ((f64, f64), &'m Mark)>,
    radius: f64,
) {
    let mut plain = Vec::new();
    for (at, mark) in placed.filter(|(_, mark)| mark.role != Role::Area) {
        if canvas.within && !mark.is_uncertain() {
            plain.push(at);
        } else {
            canvas.mark(at, sign(mark, (Shape::Dot, radius, OTHERS)), &chart.said(mark));
        }
    }
    if !plain.is_empty() {
        canvas.dots(&plain, radius, OTHERS);
    }
}

/// A text above its place, kept inside the plot.
fn beside(canvas: &mut Canvas, (x, y): (f64, f64), text: &str, (style, plot): (Type, Plot)) {
    let half = style.width(text) / 2.0;
    let (x, anchor) = if x - half < plot.left {
        (plot.left - 8.0, Anchor::Start)
    } else if x + half > plot.right {
        (plot.right + 8.0, Anchor::End)
    } else {
        (x, Anchor::Middle)
    };
    canvas.text((x, y), text, style.anchored(anchor));
}

/// The values of the groups beneath the axis, each on a row of its own with its name beside it.
fn rows(canvas: &mut Canvas, groups: &[Row], chart: &Chart, (plot, scale, top): (Plot, &Scale, f64)) -> f64 {
    let mut y = top + 14.0;
    for mark in groups.iter().flat_map(|row| &row.marks) {
        let text = chart.said(mark);
        let style = names();
        match mark.value {
            Some(value) => {
                let x = plot.x(scale, value);
                let sign = Sign {
                    shape: Shape::Diamond,
                    radius: 5.0,
                    colour: GROUP,
                    hollow: mark.is_uncertain(),
                };
                let room = style.width(&text) + 12.0;
                if x + room <= plot.right + 14.0 {
                    canvas.text((x + 12.0, y), &text, style);
                } else if x - room >= plot.left - 14.0 {
                    canvas.text((x - 12.0, y), &text, style.anchored(Anchor::End));
                } else {
                    // Too narrow for both side by side: the words stand above their sign.
                    let lines = style.lines(&text, plot.right - plot.left + 28.0);
                    let end = x > f64::midpoint(plot.left, plot.right);
                    let (side, anchor) = if end {
                        (plot.right + 14.0, Anchor::End)
                    } else {
                        (plot.left - 14.0, Anchor::Start)
                    };
                    y = canvas.paragraph((side, y), &lines, style.anchored(anchor)) + 1.0;
                }
                canvas.mark((x, y - 4.5), sign, &text);
            }
            None => canvas.text((plot.left, y), &text, style),
        }
        y += PITCH;
    }
    y - 8.0
}
