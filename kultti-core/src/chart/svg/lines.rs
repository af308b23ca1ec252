//! Lines over time: a line ends where a figure is missing or the series breaks, and its name stands where it ends.

use super::canvas::{Anchor, Canvas, Shape, Sign, Type};
use super::frame::{EDGE, Plot, as_length, dashes};
use crate::chart::layout::{every_period, spread, stretches};
use crate::chart::model::{Chart, Mark, Role, Row};
use crate::chart::palette::{GRID, INK, LINES, OTHERS, QUIET};
use crate::chart::scale::{Scale, with_zero};
use crate::chart::words::Words;
use crate::language::word;
use crate::model::Period;

/// The shapes of lines, in order, as their colours.
pub(super) const SHAPES: [Shape; 6] = [
    Shape::Dot,
    Shape::Diamond,
    Shape::Square,
    Shape::Triangle,
    Shape::Wedge,
    Shape::Bar,
];

/// Dashes of the lines whose colours come round again.
const DASHES: [&str; 3] = ["", "7 4", "2 4"];

/// Below this width names stand beneath the lines instead of at their ends.
const NARROW: f64 = 480.0;

/// How far from the ends of the plot the first and the last period stand.
const INSET: f64 = 24.0;

/// The most periods of a single line whose every value is written.
const WRITTEN: usize = 12;

/// A line with its looks.
struct Line<'c> {
    row: &'c Row,
    colour: &'static str,
    shape: Shape,
    dashes: &'static str,
}

/// Where everything stands.
struct Ground<'c> {
    plot: Plot,
    scale: Scale,
    periods: Vec<Period>,
    lines: Vec<Line<'c>>,
}

pub(super) fn draw(canvas: &mut Canvas, chart: &Chart, (width, top): (f64, f64)) -> f64 {
    let values: Vec<f64> = chart.values().collect();
    let Some(scale) = Scale::of(with_zero(&values).into_iter(), 5) else {
        return top;
    };
    let words = Words::new(chart.language);
    let number = Type::new(12.0, QUIET);
    let ticks: Vec<String> = scale
        .ticks
        .iter()
        .map(|tick| words.number(*tick, scale.decimals))
        .collect();
    let side = ticks.iter().map(|tick| number.width(tick)).fold(0.0, f64::max);
    let room = if width < NARROW {
        10.0
    } else {
        ends_width(chart, width)
    };
    let turns = chart.turns.iter().fold(0.0, |room, _| room + 15.0);
    let top = top + 22.0 + turns;
    let ground = Ground {
        plot: Plot {
            left: EDGE + side + 20.0,
            right: width - EDGE - room,
            top,
            bottom: top + if width < NARROW { 210.0 } else { 260.0 },
        },
        scale,
        periods: every_period(chart),
        lines: lines(chart),
    };
    ground.axes(canvas, chart, &ticks);
    ground.turns(canvas, chart);
    ground.series(canvas, chart);
    let bottom = ground.plot.bottom + 26.0;
    if width < NARROW {
        return ground.key(canvas, chart, bottom);
    }
    ground.ends(canvas, chart, width);
    bottom
}

/// What stands at the end of a line: its name, and the last value.
fn end_label(chart: &Chart, row: &Row) -> String {
    if all_written(chart) {
        return row.name.clone();
    }
    let last = row.marks.iter().rev().find_map(|mark| mark.value);
    last.map_or_else(
        || row.name.clone(),
        |value| format!("{} {}", row.name, chart.number(value)),
    )
}

/// Whether every value is written beside its mark: of a single line with few periods.
fn all_written(chart: &Chart) -> bool {
    chart.rows.len() == 1 && every_period(chart).len() <= WRITTEN
}

/// The same in lines, none of which takes more than a third of the picture.
fn end_lines(chart: &Chart, row: &Row, width: f64) -> Vec<String> {
    Type::new(13.0, INK)
        .bold()
        .lines(&end_label(chart, row), 0.3 * width)
}

fn ends_width(chart: &Chart, width: f64) -> f64 {
    let style = Type::new(13.0, INK).bold();
    let widest = chart.rows.iter().flat_map(|row| end_lines(chart, row, width));
    14.0 + widest.map(|line| style.width(&line)).fold(0.0, f64::max)
}

fn lines(chart: &Chart) -> Vec<Line<'_>> {
    let line = |(at, row)| Line {
        row,
        colour: LINES[at % LINES.len()],
        shape: SHAPES[at % SHAPES.len()],
        dashes: DASHES[at / LINES.len() % DASHES.len()],
    };
    chart.rows.iter().enumerate().map(line).collect()
}

impl Ground<'_> {
    /// Where the figures of a period stand; `steps` of periods further, as the beginning of a period is half a step before.
    fn x(&self, period: Period, steps: f64) -> f64 {
        let at = self.periods.iter().position(|known| *known == period);
        let last = as_length(self.periods.len().saturating_sub(1)).max(1.0);
        let step = (self.plot.right - self.plot.left - 2.0 * INSET) / last;
        self.plot.left + INSET + (as_length(at.unwrap_or_default()) + steps) * step
    }

    fn at(&self, mark: &Mark) -> Option<(f64, f64)> {
        Some((self.x(mark.period, 0.0), self.plot.y(&self.scale, mark.value?)))
    }

    fn axes(&self, canvas: &mut Canvas, chart: &Chart, ticks: &[String]) {
        let plot = self.plot;
        let number = Type::new(12.0, QUIET);
        for (tick, text) in self.scale.ticks.iter().zip(ticks) {
            let y = plot.y(&self.scale, *tick);
            let colour = if *tick == 0.0 { OTHERS } else { GRID };
            canvas.line(((plot.left, y), (plot.right, y)), colour, 1.0, "");
            canvas.text((plot.left - 8.0, y + 4.0), text, number.anchored(Anchor::End));
        }
        let unit = (EDGE, plot.top - 12.0 - 15.0 * as_length(chart.turns.len()));
        let mut label = chart.axis.label.clone();
        if self.scale.low > 0.0 {
            // Heights are compared by the eye: it must know where they begin.
            label = format!("{label} ({})", word("chart.cut-axis", chart.language));
        }
        canvas.text(unit, &label, number);
        let widest = self
            .periods
            .iter()
            .map(|period| number.width(&period.to_string()));
        let widest = widest.fold(0.0, f64::max) + 10.0;
        let mut free = f64::NEG_INFINITY;
        for period in &self.periods {
            let x = self.x(*period, 0.0);
            if x - widest / 2.0 >= free {
                canvas.text(
                    (x, plot.bottom + 18.0),
                    &period.to_string(),
                    number.anchored(Anchor::Middle),
                );
                free = x + widest / 2.0;
            }
        }
    }

    /// Breaks and mergers: a line between two periods with its words above.
    fn turns(&self, canvas: &mut Canvas, chart: &Chart) {
        let style = Type::new(12.0, INK);
        for (at, turn) in chart.turns.iter().enumerate() {
            let x = self.x(turn.period, -0.5);
            let y = self.plot.top - 4.0 - 15.0 * as_length(chart.turns.len() - 1 - at);
            canvas.line(
                ((x, y + 3.0), (x, self.plot.bottom)),
                QUIET,
                1.4,
                dashes(turn.kind),
            );
            let half = style.width(&turn.label) / 2.0;
            let room = (EDGE + half, (self.plot.right - half).max(EDGE + half));
            canvas.text(
                (x.clamp(room.0, room.1), y),
                &turn.label,
                style.anchored(Anchor::Middle),
            );
        }
    }

    fn series(&self, canvas: &mut Canvas, chart: &Chart) {
        for line in &self.lines {
            let dashes = match line.row.role {
                Role::Group => "6 4",
                _ => line.dashes,
            };
            for stretch in self.stretches(line.row) {
                canvas.polyline(&stretch, line.colour, dashes);
            }
        }
        let written = all_written(chart);
        let mut absent: Vec<(Period, f64)> = Vec::new();
        for line in &self.lines {
            for mark in &line.row.marks {
                match self.at(mark) {
                    Some(at) => {
                        canvas.mark(at, line.sign(mark), &said(chart, mark));
                        if written {
                            self.number(canvas, chart, (mark, at), line.colour);
                        }
                    }
                    None => self.absence(canvas, chart, (mark, line.colour), &mut absent),
                }
            }
        }
    }

    /// The points that a line joins: neighbours in time, with no break between them.
    fn stretches(&self, row: &Row) -> Vec<Vec<(f64, f64)>> {
        let mut all: Vec<Vec<(f64, f64)>> = Vec::new();
        let mut last = None;
        for (mark, stretch) in row.marks.iter().zip(stretches(row, &self.periods)) {
            let Some((at, stretch)) = self.at(mark).zip(stretch) else {
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

    /// A value above its mark, or below it where the line comes from above.
    fn number(
        &self,
        canvas: &mut Canvas,
        chart: &Chart,
        (mark, (x, y)): (&Mark, (f64, f64)),
        colour: &'static str,
    ) {
        let Some(value) = mark.value else { return };
        let near: Vec<f64> = chart
            .rows
            .iter()
            .flat_map(|row| &row.marks)
            .filter(|other| other.period == mark.period.shift(-1) || other.period == mark.period.shift(1))
            .filter_map(|other| other.value)
            .collect();
        let valley = !near.is_empty() && near.iter().all(|other| *other > value);
        let y = if valley { y + 20.0 } else { y - 11.0 };
        let style = Type::new(12.0, colour).anchored(Anchor::Middle);
        canvas.text((x, y), &chart.number(value), style);
    }

    /// A sign above the axis where a figure is missing, with the reason in its title and beneath the chart.
    fn absence(
        &self,
        canvas: &mut Canvas,
        chart: &Chart,
        (mark, colour): (&Mark, &'static str),
        absent: &mut Vec<(Period, f64)>,
    ) {
        let above = absent.iter().filter(|(period, _)| *period == mark.period).count();
        let y = self.plot.bottom - 8.0 - 11.0 * as_length(above);
        absent.push((mark.period, y));
        let sign = Sign {
            shape: Shape::Cross,
            radius: 3.8,
            colour,
            hollow: false,
        };
        canvas.mark((self.x(mark.period, 0.0), y), sign, &said(chart, mark));
    }

    /// The names where the lines end.
    fn ends(&self, canvas: &mut Canvas, chart: &Chart, width: f64) {
        let ends: Vec<(&Line, (f64, f64))> = self
            .lines
            .iter()
            .filter_map(|line| {
                let last = line.row.marks.iter().rev().find(|mark| mark.value.is_some())?;
                Some((line, self.at(last)?))
            })
            .collect();
        let wanted: Vec<f64> = ends.iter().map(|(_, (_, y))| *y).collect();
        let labels: Vec<Vec<String>> = ends
            .iter()
            .map(|(line, _)| end_lines(chart, line.row, width))
            .collect();
        let most = labels.iter().map(Vec::len).max().unwrap_or(1);
        let pitch = 17.0 * as_length(most);
        let places = spread(&wanted, pitch, (self.plot.top, self.plot.bottom));
        let x = self.plot.right + 6.0;
        for (((line, (from, own)), y), label) in ends.into_iter().zip(places).zip(labels) {
            let style = Type {
                bold: line.row.role == Role::Area,
                ..Type::new(13.0, line.colour)
            };
            if (y - own).abs() > 2.0 || x - from > INSET + 12.0 {
                canvas.line(((from + 6.0, own), (x - 2.0, y)), line.colour, 0.8, "1 2");
            }
            let first = y + 4.5 - 9.0 * (as_length(label.len()) - 1.0);
            canvas.paragraph((x, first), &label, style);
        }
    }

    /// The names beneath a narrow chart, each behind its sign.
    fn key(&self, canvas: &mut Canvas, chart: &Chart, top: f64) -> f64 {
        let mut y = top + 16.0;
        for line in &self.lines {
            canvas.key((EDGE + 6.0, y - 4.5), line.looks(false));
            canvas.text(
                (EDGE + 18.0, y),
                &end_label(chart, line.row),
                Type::new(13.0, line.colour),
            );
            y += 19.0;
        }
        y - 8.0
    }
}

impl Line<'_> {
    fn sign(&self, mark: &Mark) -> Sign {
        self.looks(mark.is_uncertain())
    }

    fn looks(&self, hollow: bool) -> Sign {
        Sign {
            shape: self.shape,
            radius: 4.2,
            colour: self.colour,
            hollow,
        }
    }
}

/// What a point says: its period too.
fn said(chart: &Chart, mark: &Mark) -> String {
    format!("{} – {}", mark.period, chart.said(mark))
}
