//! Places row by row: the value of each as a mark, with its number beside it.

use super::canvas::{Anchor, Canvas, Shape, Type, names};
use super::frame::{AXIS_ROOM, EDGE, Plot, longest, sign, value_axis};
use crate::chart::model::{Chart, ChartKind, Mark, Role, Row};
use crate::chart::palette::{AREA, GRID, GROUP, INK, OTHERS};
use crate::chart::scale::{Scale, with_zero};

/// Below this width a row's name stands above its marks.
const NARROW: f64 = 480.0;

/// The height of a line of a name, as paragraphs have it at this size.
const LINE: f64 = 18.0;

/// A row with the lines that its name takes.
struct Place<'c> {
    row: &'c Row,
    name: Vec<String>,
    /// The middle of its marks.
    y: f64,
}

pub(super) fn draw(canvas: &mut Canvas, chart: &Chart, (width, top): (f64, f64)) -> f64 {
    let narrow = width < NARROW;
    let style = names();
    let widest = chart
        .rows
        .iter()
        .map(|row| style.bold().width(&label(chart, row)));
    let column = if narrow {
        width - 2.0 * EDGE
    } else {
        widest.fold(0.0, f64::max).min(0.4 * width)
    };
    let mut plot = Plot {
        left: if narrow { EDGE + 10.0 } else { EDGE + column + 16.0 },
        right: width - EDGE - 12.0 - numbers_width(chart),
        top: top + 6.0,
        bottom: top,
    };
    let values: Vec<f64> = chart.values().collect();
    let Some(scale) = Scale::of(with_zero(&values).into_iter(), plot.steps(longest(chart))) else {
        return top;
    };
    let (places, bottom) = laid_out(chart, (narrow, column), plot.top);
    plot.bottom = bottom;
    value_axis(canvas, chart, plot, &scale);
    reference(canvas, &places, plot, &scale);
    for place in &places {
        canvas.line(((plot.left, place.y), (plot.right, place.y)), GRID, 1.0, "1 3");
    }
    for place in &places {
        name(canvas, place, (narrow, plot));
        figures(canvas, chart, place, (plot, &scale));
    }
    plot.bottom + AXIS_ROOM
}

/// What stands beside a row: in a ranking its place too.
fn label(chart: &Chart, row: &Row) -> String {
    let rank = row.marks.first().and_then(|mark| mark.rank);
    match rank.filter(|_| chart.kind == ChartKind::Rank) {
        Some(rank) => format!("{rank:.0}. {}", row.name),
        None => row.name.clone(),
    }
}

fn laid_out<'c>(chart: &'c Chart, (narrow, column): (bool, f64), top: f64) -> (Vec<Place<'c>>, f64) {
    let mut y = top;
    let mut places = Vec::new();
    for row in &chart.rows {
        let style = if row.role == Role::Area {
            names().bold()
        } else {
            names()
        };
        let name = style.lines(&label(chart, row), column + 1.0);
        let lines = LINE * count(&name);
        let height = if narrow {
            lines + 24.0
        } else {
            (lines + 9.0).max(25.0)
        };
        let middle = if narrow {
            y + lines + 12.0
        } else {
            y + height / 2.0
        };
        places.push(Place { row, name, y: middle });
        y += height;
    }
    (places, y + 4.0)
}

fn name(canvas: &mut Canvas, place: &Place, (narrow, plot): (bool, Plot)) {
    let (colour, bold) = match place.row.role {
        Role::Area => (AREA, true),
        _ => (INK, false),
    };
    let style = Type {
        colour,
        bold,
        ..names()
    };
    let above = LINE * (count(&place.name) - 1.0);
    if narrow {
        canvas.paragraph((EDGE, place.y - 12.0 - above), &place.name, style);
        return;
    }
    let style = style.anchored(Anchor::End);
    canvas.paragraph(
        (plot.left - 16.0, place.y + 4.5 - above / 2.0),
        &place.name,
        style,
    );
}

#[expect(clippy::cast_precision_loss, reason = "a few lines")]
fn count(lines: &[String]) -> f64 {
    lines.len() as f64
}

/// The area's value through all rows.
fn reference(canvas: &mut Canvas, places: &[Place], plot: Plot, scale: &Scale) {
    let own = places.iter().find(|place| place.row.role == Role::Area);
    let value = own.and_then(|place| place.row.marks.first()?.value);
    let several = places.iter().filter(|place| place.row.role == Role::Area).count() > 1;
    if let Some(value) = value.filter(|_| !several) {
        let x = plot.x(scale, value);
        canvas.line(((x, plot.top), (x, plot.bottom)), AREA, 1.0, "4 3");
    }
}

/// Whether the numbers stand in a column of their own, where other figures lie around the marks.
fn in_column(chart: &Chart) -> bool {
    chart.rows.iter().any(|row| row.marks.len() > 1)
}

fn numbers_width(chart: &Chart) -> f64 {
    let style = Type::new(12.5, INK).bold();
    let widths = chart.rows.iter().map(|row| style.width(&numbers(chart, row)));
    if in_column(chart) {
        widths.fold(0.0, f64::max) + 4.0
    } else {
        0.0
    }
}

/// The number of a row with its status; of a change both.
fn numbers(chart: &Chart, row: &Row) -> String {
    let one = |mark: &Mark| match (mark.value.map(|value| chart.number(value)), chart.remark(mark)) {
        (Some(number), Some(remark)) => format!("{number} ({remark})"),
        (number, remark) => number.or(remark).unwrap_or_else(|| "–".to_owned()),
    };
    let shown = if chart.kind == ChartKind::Change {
        row.marks.len()
    } else {
        1
    };
    let texts: Vec<String> = row.marks.iter().take(shown).map(one).collect();
    texts.join(" → ")
}

/// The other figures of the row, then its own with its number.
fn figures(canvas: &mut Canvas, chart: &Chart, place: &Place, (plot, scale): (Plot, &Scale)) {
    let change = chart.kind == ChartKind::Change;
    let own = if change {
        place.row.marks.last()
    } else {
        place.row.marks.first()
    };
    let Some(own) = own else { return };
    let others = place.row.marks.iter().filter(|mark| !std::ptr::eq(*mark, own));
    for other in others {
        let Some(value) = other.value else { continue };
        let at = (plot.x(scale, value), place.y);
        if let Some(end) = own.value.filter(|_| change && !own.after_break) {
            canvas.line((at, (plot.x(scale, end), place.y)), GROUP, 2.0, "");
        }
        let (shape, radius) = if change {
            (Shape::Dot, 4.0)
        } else {
            (Shape::Bar, 4.5)
        };
        canvas.mark(at, sign(other, (shape, radius, OTHERS)), &said(chart, other));
    }
    let (shape, radius, colour) = match own.role {
        Role::Area => (Shape::Dot, 6.0, AREA),
        Role::Group => (Shape::Diamond, 5.0, GROUP),
        Role::Peer => (Shape::Dot, 4.5, GROUP),
        Role::Other => (Shape::Dot, 4.5, OTHERS),
    };
    let x = own.value.map(|value| plot.x(scale, value));
    if let Some(x) = x {
        canvas.mark(
            (x, place.y),
            sign(own, (shape, radius, colour)),
            &said(chart, own),
        );
    }
    let bold = own.role == Role::Area;
    let style = Type {
        bold,
        ..Type::new(12.5, if bold { AREA } else { INK })
    };
    let text = numbers(chart, place.row);
    let room = style.width(&text) + 11.0;
    let (x, anchor) = match x {
        _ if in_column(chart) => (plot.right + 12.0 + numbers_width(chart), Anchor::End),
        None => (plot.left + 4.0, Anchor::Start),
        Some(x) if x + room <= plot.right + 12.0 => (x + 11.0, Anchor::Start),
        Some(x) => (x - 11.0, Anchor::End),
    };
    canvas.text((x, place.y + 4.5), &text, style.anchored(anchor));
}

/// What a mark says; of a change its period too.
fn said(chart: &Chart, mark: &Mark) -> String {
    match chart.kind {
        ChartKind::Change => format!("{} – {}", mark.period, chart.said(mark)),
        _ => chart.said(mark),
    }
}
