//! Small multiples: a small picture for each series, in columns, all with the same axes.

use super::canvas::{Anchor, Canvas, Shape, Sign, Type};
use super::frame::{EDGE, Plot, as_length, dashes, sign};
use crate::chart::layout::{every_period, stretches};
use crate::chart::model::{Chart, Mark, Role, Row, TurnKind};
use crate::chart::palette::{AREA, GRID, GROUP, INK, OTHERS, QUIET};
use crate::chart::scale::{Scale, with_zero};
use crate::chart::words::Words;
use crate::language::word;
use crate::model::Period;

/// The height of a small picture, and of a line of its name.
const HIGH: f64 = 92.0;
const LINE: f64 = 17.0;

/// The air between two columns.
const AIR: f64 = 18.0;

/// How far from the sides of a small picture the first and the last period stand.
const INSET: f64 = 9.0;

/// A series with the groups behind it.
struct Panel<'c> {
    own: &'c Row,
    groups: Vec<&'c Row>,
    name: Vec<String>,
}

/// What all small pictures have in common.
struct Ground<'c> {
    chart: &'c Chart,
    scale: Scale,
    periods: Vec<Period>,
}

pub(super) fn draw(canvas: &mut Canvas, chart: &Chart, (width, top): (f64, f64)) -> f64 {
    let values: Vec<f64> = chart.values().collect();
    let Some(scale) = Scale::of(with_zero(&values).into_iter(), 3) else {
        return top;
    };
    let ground = Ground {
        chart,
        scale,
        periods: every_period(chart),
    };
    let words = Words::new(chart.language);
    let quiet = Type::new(11.5, QUIET);
    let ticks = ground.scale.ticks.iter();
    let ticks: Vec<String> = ticks
        .map(|tick| words.number(*tick, ground.scale.decimals))
        .collect();
    let side = ticks.iter().map(|tick| quiet.width(tick)).fold(0.0, f64::max) + 8.0;
    let left = EDGE + side;
    let (columns, room) = columns(chart, width, left);
    let panels = panels(chart, room);
    let mut y = ground.key(canvas, (width, top));
    for row in panels.chunks(columns) {
        let lines = row.iter().map(|panel| panel.name.len()).max().unwrap_or_default();
        let upper = y + LINE * as_length(lines) + 14.0;
        for (at, panel) in row.iter().enumerate() {
            let x = left + (room + AIR) * as_length(at);
            let plot = Plot {
                left: x,
                right: x + room,
                top: upper,
                bottom: upper + HIGH,
            };
            let spare = lines - panel.name.len();
            let name = Type::new(12.5, INK).bold();
            canvas.paragraph((x, y + 13.0 + LINE * as_length(spare)), &panel.name, name);
            ground.axes(canvas, (plot, at == 0), &ticks);
            ground.panel(canvas, panel, plot);
        }
        y = upper + HIGH + 30.0;
    }
    y - 8.0
}

/// How many small pictures stand side by side, and how wide each is: fewer where a word of a name would not fit.
fn columns(chart: &Chart, width: f64, left: f64) -> (usize, f64) {
    let own = || chart.rows.iter().filter(|row| row.role == Role::Area);
    let most = if width < 480.0 { 2 } else { 3 }.min(own().count().max(1));
    let style = Type::new(12.5, INK).bold();
    let words = own().flat_map(|row| row.name.split(' '));
    let longest = words.map(|word| style.width(word)).fold(0.0, f64::max);
    let room = |columns: usize| (width - EDGE - left - AIR * as_length(columns - 1)) / as_length(columns);
    let fitting = (1..=most).rev().find(|columns| room(*columns) >= longest);
    let columns = fitting.unwrap_or(1);
    (columns, room(columns))
}

fn panels(chart: &Chart, room: f64) -> Vec<Panel<'_>> {
    let style = Type::new(12.5, INK).bold();
    let mut panels: Vec<Panel> = Vec::new();
    for row in &chart.rows {
        match panels.last_mut().filter(|_| row.role != Role::Area) {
            Some(panel) => panel.groups.push(row),
            None => panels.push(Panel {
                own: row,
                groups: Vec::new(),
                name: style.lines(&row.name, room),
            }),
        }
    }
    panels
}

impl Ground<'_> {
    fn x(&self, plot: Plot, period: Period, steps: f64) -> f64 {
        let at = self.periods.iter().position(|known| *known == period);
        let last = as_length(self.periods.len().saturating_sub(1)).max(1.0);
        let step = (plot.right - plot.left - 2.0 * INSET) / last;
        plot.left + INSET + (as_length(at.unwrap_or_default()) + steps) * step
    }

    fn at(&self, plot: Plot, mark: &Mark) -> Option<(f64, f64)> {
        Some((self.x(plot, mark.period, 0.0), plot.y(&self.scale, mark.value?)))
    }

    /// The unit, and whose the lines are; answers where the pictures may begin.
    fn key(&self, canvas: &mut Canvas, (width, top): (f64, f64)) -> f64 {
        let mut label = self.chart.axis.label.clone();
        if self.scale.low > 0.0 {
            label = format!("{label} ({})", word("chart.cut-axis", self.chart.language));
        }
        let quiet = Type::new(12.0, QUIET);
        let mut y = canvas.paragraph(
            (EDGE, top + 16.0),
            &quiet.lines(&label, width - 2.0 * EDGE),
            quiet,
        );
        let mut seen: Vec<&str> = Vec::new();
        for row in self.chart.rows.iter().filter(|row| row.role == Role::Group) {
            let Some(name) = row.marks.first().map(|mark| mark.name.as_str()) else {
                continue;
            };
            if seen.contains(&name) {
                continue;
            }
            seen.push(name);
            let style = Type::new(12.5, GROUP);
            canvas.line(((EDGE, y - 2.0), (EDGE + 22.0, y - 2.0)), GROUP, 1.8, "5 3");
            y = canvas.paragraph(
                (EDGE + 28.0, y + 2.5),
                &style.lines(name, width - 2.0 * EDGE - 28.0),
                style,
            );
        }
        y + 2.0
    }

    fn axes(&self, canvas: &mut Canvas, (plot, numbered): (Plot, bool), ticks: &[String]) {
        let quiet = Type::new(11.5, QUIET);
        for (tick, text) in self.scale.ticks.iter().zip(ticks) {
            let y = plot.y(&self.scale, *tick);
            let colour = if *tick == 0.0 { OTHERS } else { GRID };
            canvas.line(((plot.left, y), (plot.right, y)), colour, 1.0, "");
            if numbered {
                canvas.text((plot.left - 6.0, y + 4.0), text, quiet.anchored(Anchor::End));
            }
        }
        let ends = [self.periods.first(), self.periods.last()];
        let y = plot.bottom + 15.0;
        if let [Some(first), Some(last)] = ends {
            canvas.text((plot.left, y), &first.to_string(), quiet);
            if first != last {
                canvas.text((plot.right, y), &last.to_string(), quiet.anchored(Anchor::End));
            }
        }
    }

    fn panel(&self, canvas: &mut Canvas, panel: &Panel, plot: Plot) {
        for group in &panel.groups {
            for points in self.stretches(group, plot) {
                canvas.polyline(&points, GROUP, "5 3");
            }
        }
        for points in self.stretches(panel.own, plot) {
            canvas.polyline(&points, AREA, "");
        }
        let marks = &panel.own.marks;
        for mark in marks {
            let said = format!("{} – {}", mark.period, self.chart.said(mark));
            let said = if panel.own.name == mark.name {
                said
            } else {
                format!("{}: {said}", panel.own.name)
            };
            if mark.after_break {
                let x = self.x(plot, mark.period, -0.5);
                canvas.line(
                    ((x, plot.top), (x, plot.bottom)),
                    QUIET,
                    1.2,
                    dashes(TurnKind::Break),
                );
            }
            match self.at(plot, mark) {
                Some(at) => canvas.mark(at, sign(mark, (Shape::Dot, 2.7, AREA)), &said),
                None => {
                    let cross = Sign {
                        shape: Shape::Cross,
                        radius: 3.2,
                        colour: AREA,
                        hollow: false,
                    };
                    canvas.mark((self.x(plot, mark.period, 0.0), plot.bottom - 6.0), cross, &said);
                }
            }
        }
        let first = marks.iter().find(|mark| mark.value.is_some());
        let last = marks.iter().rev().find(|mark| mark.value.is_some());
        let Some((first, last)) = first.zip(last) else {
            return;
        };
        self.number(canvas, (plot, panel), (last, Anchor::End));
        // Two numbers need room beside one another.
        let style = Type::new(11.5, AREA);
        let written = |mark: &Mark| style.width(&self.chart.number(mark.value.unwrap_or_default()));
        let apart = self.x(plot, last.period, 0.0) - self.x(plot, first.period, 0.0);
        if apart > written(first) + written(last) {
            self.number(canvas, (plot, panel), (first, Anchor::Start));
        }
    }

    /// A value above its mark, or below it where the line of a group lies above; at one side of the picture.
    fn number(&self, canvas: &mut Canvas, (plot, panel): (Plot, &Panel), (mark, anchor): (&Mark, Anchor)) {
        let Some(((x, y), value)) = self.at(plot, mark).zip(mark.value) else {
            return;
        };
        let groups = panel.groups.iter().flat_map(|row| &row.marks);
        let mut beside = groups.filter(|other| other.period == mark.period);
        let covered = beside.any(|other| {
            let above = self.at(plot, other).map(|(_, other)| y - other);
            above.is_some_and(|above| (1.0..20.0).contains(&above))
        });
        let y = if covered && y + 16.0 < plot.bottom {
            y + 15.0
        } else {
            y - 7.0
        };
        let x = if anchor == Anchor::Start { x - 4.0 } else { x + 4.0 };
        let style = Type::new(11.5, AREA).anchored(anchor);
        canvas.text((x, y), &self.chart.number(value), style);
    }

    fn stretches(&self, row: &Row, plot: Plot) -> Vec<Vec<(f64, f64)>> {
        let mut all: Vec<Vec<(f64, f64)>> = Vec::new();
        let mut last = None;
        for (mark, stretch) in row.marks.iter().zip(stretches(row, &self.periods)) {
            let Some((at, stretch)) = self.at(plot, mark).zip(stretch) else {
                continue;
            };
            match all.last_mut().filter(|_| last == Some(stretch)) {
                Some(points) => points.push(at),
                None => all.push(vec![at]),
            }
            last = Some(stretch);
        }
        all.retain(|points| points.len() > 1);
        all
    }
}
