//! What stands around every chart: title and sentence above; what is missing, and the small print, below.

use super::canvas::{Anchor, Canvas, Shape, Sign, Type};
use crate::chart::model::{Chart, Mark, TurnKind};
use crate::chart::palette::{GRID, INK, OTHERS, QUIET};
use crate::chart::scale::Scale;
use crate::chart::words::Words;
use crate::language::Message;

/// The white around everything.
pub(super) const EDGE: f64 = 16.0;

/// A mark as a shape: hollow where its figure is uncertain.
pub(super) fn sign(mark: &Mark, (shape, radius, colour): (Shape, f64, &'static str)) -> Sign {
    Sign {
        shape,
        radius,
        colour,
        hollow: mark.is_uncertain(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "rows and periods of a chart")]
pub(super) fn as_length(count: usize) -> f64 {
    count as f64
}

/// Title and description; answers where the chart may begin.
pub(super) fn head(canvas: &mut Canvas, chart: &Chart, width: f64) -> f64 {
    if chart.title.is_empty() && chart.description.is_empty() {
        return EDGE;
    }
    let room = width - 2.0 * EDGE;
    let title = Type::new(if width < 480.0 { 16.0 } else { 18.0 }, INK).bold();
    let next = canvas.paragraph((EDGE, EDGE + title.size), &title.lines(&chart.title, room), title);
    let words = Type::new(13.5, QUIET);
    canvas.paragraph((EDGE, next - 2.0), &words.lines(&chart.description, room), words) + 4.0
}

/// What hollow marks are, who has no value and why, and where the figures come from; answers the height of the picture.
pub(super) fn foot(canvas: &mut Canvas, chart: &Chart, (width, top): (f64, f64)) -> f64 {
    let room = width - 2.0 * EDGE;
    let said = Type::new(12.0, INK);
    let mut y = top + 12.0;
    if let Some(statuses) = chart.hollow() {
        let key = Sign {
            shape: Shape::Dot,
            radius: 4.0,
            colour: QUIET,
            hollow: true,
        };
        canvas.key((EDGE + 5.0, y + 8.0), key);
        let message = Message::new("chart.hollow").with("statuses", statuses);
        let lines = said.lines(&message.render(chart.language), room - 16.0);
        y = canvas.paragraph((EDGE + 16.0, y + 12.0), &lines, said) - 8.0;
    }
    for absence in chart.absences() {
        let key = Sign {
            shape: Shape::Cross,
            radius: 3.5,
            colour: QUIET,
            hollow: false,
        };
        canvas.key((EDGE + 5.0, y + 8.0), key);
        y = canvas.paragraph((EDGE + 16.0, y + 12.0), &said.lines(&absence, room - 16.0), said) - 8.0;
    }
    // Where no axis of time has room for them, turns are told in words.
    for turn in chart.turns.iter().filter(|_| chart.tells_turns()) {
        let x = EDGE + 5.0;
        canvas.line(((x, y + 2.0), (x, y + 14.0)), QUIET, 1.4, dashes(turn.kind));
        y = canvas.paragraph(
            (EDGE + 16.0, y + 12.0),
            &said.lines(&turn.label, room - 16.0),
            said,
        ) - 8.0;
    }
    let small = Type::new(11.0, QUIET);
    if chart.source.is_empty() {
        return y + EDGE;
    }
    y += 18.0;
    for line in &chart.source {
        y = canvas.paragraph((EDGE, y), &small.lines(line, room), small);
    }
    y - 15.0 + EDGE - 4.0
}

/// The line of a turn.
pub(super) fn dashes(kind: TurnKind) -> &'static str {
    match kind {
        TurnKind::Break => "5 3",
        TurnKind::Merger => "1.5 3",
    }
}

/// The axis of values along the bottom: lines that lead the eye up, numbers, and the unit beneath.
pub(super) fn value_axis(canvas: &mut Canvas, chart: &Chart, plot: Plot, scale: &Scale) {
    let words = Words::new(chart.language);
    let number = Type::new(12.0, QUIET).anchored(Anchor::Middle);
    for tick in &scale.ticks {
        let x = plot.x(scale, *tick);
        canvas.line(((x, plot.top), (x, plot.bottom)), GRID, 1.0, "");
        canvas.text(
            (x, plot.bottom + 16.0),
            &words.number(*tick, scale.decimals),
            number,
        );
    }
    canvas.line(
        ((plot.left, plot.bottom), (plot.right, plot.bottom)),
        OTHERS,
        1.0,
        "",
    );
    let unit = Type::new(12.0, QUIET).anchored(Anchor::End);
    canvas.text((plot.right, plot.bottom + 32.0), &chart.axis.label, unit);
}

/// The room below a value axis.
pub(super) const AXIS_ROOM: f64 = 38.0;

/// Where figures are drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plot {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
}

impl Plot {
    /// Where a value stands from left to right.
    pub(super) fn x(self, scale: &Scale, value: f64) -> f64 {
        self.left + scale.at(value) * (self.right - self.left)
    }

    /// Where a value stands from the bottom up.
    pub(super) fn y(self, scale: &Scale, value: f64) -> f64 {
        self.bottom - scale.at(value) * (self.bottom - self.top)
    }

    /// How many steps an axis of values has room for, a number of `symbols` beside each.
    pub(super) fn steps(self, symbols: usize) -> usize {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a few steps"
        )]
        let steps = ((self.right - self.left) / (symbols.max(4) as f64 * 14.0)) as usize;
        steps.clamp(2, 8)
    }
}

/// How long a number of the chart is.
pub(super) fn longest(chart: &Chart) -> usize {
    let lengths = chart.values().map(|value| chart.number(value).chars().count());
    lengths.max().unwrap_or(1)
}
