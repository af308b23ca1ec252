//! Slopes: two periods as two upright lines, and between them a line for each area or group with its words at both ends.

use super::canvas::{Anchor, Canvas, Shape, Type};
use super::frame::{EDGE, Plot, as_length, sign};
use super::lines::SHAPES;
use crate::chart::layout::{every_period, spread};
use crate::chart::model::{Chart, Mark, Role, Row};
use crate::chart::palette::{AREA, GROUP, INK, LINES, OTHERS, QUIET};
use crate::chart::scale::{Scale, with_zero};
use crate::language::word;
use crate::model::Period;

/// The height of a line of words.
const LINE: f64 = 15.0;

/// A line with its looks.
struct Line<'c> {
    row: &'c Row,
    colour: &'static str,
    shape: Shape,
    dashes: &'static str,
    /// What stands at its last value.
    words: Vec<String>,
}

impl Line<'_> {
    fn at(&self, period: Period) -> Option<&Mark> {
        self.row.marks.iter().find(|mark| mark.period == period)
    }

    fn is_marked(&self) -> bool {
        self.row.role == Role::Area
    }

    fn style(&self) -> Type {
        let colour = if self.row.role == Role::Other {
            QUIET
        } else {
            self.colour
        };
        Type {
            bold: self.is_marked(),
            ..Type::new(12.5, colour)
        }
    }

    /// A value of the line, and the words that stand at it: the number, at the end with the name.
    fn text(&self, chart: &Chart, period: Period, last: bool) -> Option<(f64, Vec<String>)> {
        let value = self.at(period)?.value?;
        let words = if last {
            self.words.clone()
        } else {
            vec![chart.number(value)]
        };
        Some((value, words))
    }
}

/// The least room between the two periods.
const NARROWEST: f64 = 90.0;

pub(super) fn draw(canvas: &mut Canvas, chart: &Chart, (width, top): (f64, f64)) -> f64 {
    let values: Vec<f64> = chart.values().collect();
    let periods = every_period(chart);
    let scale = Scale::of(with_zero(&values).into_iter(), 5);
    let (Some(scale), Some(first), Some(last)) = (scale, periods.first(), periods.last()) else {
        return top;
    };
    let number = Type::new(12.5, INK).bold();
    let numbers = values.iter().map(|value| number.width(&chart.number(*value)));
    let numbers = numbers.fold(0.0, f64::max);
    let room = width - 2.0 * EDGE - 28.0 - numbers - NARROWEST.max(0.4 * width);
    let lines = lines(chart, *last, room);
    let words_of = lines.iter().flat_map(|line| &line.words);
    let widest = words_of.map(|text| number.width(text)).fold(0.0, f64::max);
    let most = lines.iter().map(|line| line.words.len()).max().unwrap_or(1);
    let gap = LINE * as_length(most.max(1)) + 2.0;
    let high = (gap * as_length(lines.len())).max(if width < 480.0 { 220.0 } else { 260.0 });
    let plot = Plot {
        left: EDGE + numbers + 14.0,
        // A word that is longer than its room takes some of the picture's.
        right: (width - EDGE - 14.0 - widest).max(EDGE + numbers + 14.0 + 0.4 * NARROWEST),
        top: top + 44.0,
        bottom: top + 44.0 + high,
    };
    axes(canvas, chart, (plot, &scale), [*first, *last]);
    for line in &lines {
        line.draw(canvas, chart, (plot, &scale), [*first, *last]);
    }
    let room = (plot, &scale, gap);
    words(canvas, chart, &lines, (room, *first, false));
    if first != last {
        words(canvas, chart, &lines, (room, *last, true));
    }
    plot.bottom + 10.0
}

fn lines(chart: &Chart, last: Period, room: f64) -> Vec<Line<'_>> {
    let areas = chart.rows.iter().filter(|row| row.role == Role::Area).count();
    let mut all = Vec::new();
    for (at, row) in chart.rows.iter().enumerate() {
        let (colour, shape) = match row.role {
            Role::Area if areas > 1 => (LINES[at % LINES.len()], SHAPES[at % SHAPES.len()]),
            Role::Area => (AREA, Shape::Dot),
            Role::Other => (OTHERS, Shape::Dot),
            _ => (GROUP, Shape::Diamond),
        };
        let style = Type::new(12.5, colour).bold();
        let end = row.marks.iter().find(|mark| mark.period == last);
        let number = end.and_then(|mark| mark.value).map(|value| chart.number(value));
        let text = format!("{} {}", number.unwrap_or_default(), row.name);
        all.push(Line {
            row,
            colour,
            shape,
            // Groups beside areas; groups alone need no sign of that.
            dashes: if row.role == Role::Group && areas > 0 {
                "6 4"
            } else {
                ""
            },
            words: style.lines(&text, room),
        });
    }
    // What is marked lies above the others.
    all.sort_by_key(Line::is_marked);
    all
}

fn axes(canvas: &mut Canvas, chart: &Chart, (plot, scale): (Plot, &Scale), periods: [Period; 2]) {
    let quiet = Type::new(12.0, QUIET);
    let mut label = chart.axis.label.clone();
    if scale.low > 0.0 {
        label = format!("{label} ({})", word("chart.cut-axis", chart.language));
    }
    canvas.text((EDGE, plot.top - 28.0), &label, quiet);
    for (x, period) in [plot.left, plot.right].into_iter().zip(periods) {
        canvas.line(((x, plot.top - 4.0), (x, plot.bottom + 4.0)), OTHERS, 1.0, "");
        let style = Type::new(13.0, INK).anchored(Anchor::Middle);
        canvas.text((x, plot.top - 9.0), &period.to_string(), style);
    }
}

impl Line<'_> {
    fn draw(&self, canvas: &mut Canvas, chart: &Chart, (plot, scale): (Plot, &Scale), periods: [Period; 2]) {
        let ends = periods.map(|period| self.at(period));
        let at = |end: Option<&Mark>, x: f64| Some((x, plot.y(scale, end?.value?)));
        let (from, to) = (at(ends[0], plot.left), at(ends[1], plot.right));
        let joined = ends[1].is_some_and(|mark| !mark.after_break);
        if let (Some(from), Some(to), true) = (from, to, joined) {
            canvas.polyline(&[from, to], self.colour, self.dashes);
        }
        for (mark, at) in ends.into_iter().zip([from, to]) {
            let Some((mark, at)) = mark.zip(at) else { continue };
            let said = format!("{} – {}", mark.period, chart.said(mark));
            canvas.mark(at, sign(mark, (self.shape, 4.2, self.colour)), &said);
        }
    }
}

/// The words at one of the axes, none over another.
fn words(
    canvas: &mut Canvas,
    chart: &Chart,
    lines: &[Line],
    ((plot, scale, gap), period, last): ((Plot, &Scale, f64), Period, bool),
) {
    let known: Vec<(&Line, f64, Vec<String>)> = lines
        .iter()
        .filter_map(|line| {
            let (value, words) = line.text(chart, period, last)?;
            Some((line, plot.y(scale, value), words))
        })
        .collect();
    let wanted: Vec<f64> = known.iter().map(|(_, y, _)| *y).collect();
    let gap = if last { gap } else { LINE + 2.0 };
    let places = spread(&wanted, gap, (plot.top, plot.bottom));
    for ((line, own, words), y) in known.into_iter().zip(places) {
        let (x, anchor, side) = if last {
            (plot.right + 14.0, Anchor::Start, 1.0)
        } else {
            (plot.left - 14.0, Anchor::End, -1.0)
        };
        if (y - own).abs() > 3.0 {
            let axis = x - side * 14.0;
            canvas.line(
                ((axis + side * 6.0, own), (x - side * 2.0, y)),
                line.colour,
                0.8,
                "1 2",
            );
        }
        canvas.paragraph((x, y + 4.5), &words, line.style().anchored(anchor));
    }
}
