//! Parts of a figure: a bar for each of the area's, and beneath it the group's as a line that ends in its sign.

use super::canvas::{Anchor, Canvas, Shape, Sign, Type, names};
use super::frame::{AXIS_ROOM, EDGE, Plot, as_length, longest, sign, value_axis};
use crate::chart::model::{Chart, Mark, Role, Row};
use crate::chart::palette::{AREA, GROUP, INK, OTHERS};
use crate::chart::scale::Scale;

/// Below this width a row's name stands above its bars.
const NARROW: f64 = 480.0;

/// The height of a line of a name, as paragraphs have it at this size.
const LINE: f64 = 18.0;

/// The height of the area's bar, and of the line of a group with its sign.
const BAR: f64 = 14.0;
const STEM: f64 = 15.0;

/// The air between two rows.
const AIR: f64 = 12.0;

pub(super) fn draw(canvas: &mut Canvas, chart: &Chart, (width, top): (f64, f64)) -> f64 {
    let narrow = width < NARROW;
    let widest = chart.rows.iter().map(|row| names().width(&row.name));
    let column = if narrow {
        width - 2.0 * EDGE
    } else {
        widest.fold(0.0, f64::max).min(0.36 * width)
    };
    let number = numbers(Role::Area);
    let numbers_width = chart.values().map(|value| number.width(&chart.number(value)));
    let mut plot = Plot {
        left: if narrow { EDGE + 6.0 } else { EDGE + column + 14.0 },
        right: width - EDGE - 10.0 - numbers_width.fold(0.0, f64::max),
        top: key(canvas, chart, (width, top)),
        bottom: top,
    };
    // Lengths are compared, so they begin at zero.
    let values = chart.values().chain([0.0]);
    let Some(scale) = Scale::of(values, plot.steps(longest(chart))) else {
        return top;
    };
    let scale = scale.cut(chart.values().chain([0.0]));
    let placed = laid_out(chart, (narrow, column), plot.top);
    plot.bottom = placed.last().map_or(plot.top, |row| row.bottom) + 4.0;
    value_axis(canvas, chart, plot, &scale);
    let zero = plot.x(&scale, 0.0);
    canvas.line(((zero, plot.top), (zero, plot.bottom)), OTHERS, 1.0, "");
    let paper = Paper {
        plot,
        scale: &scale,
        edge: width - EDGE,
    };
    for row in &placed {
        let style = if narrow {
            names()
        } else {
            names().anchored(Anchor::End)
        };
        let x = if narrow { EDGE } else { plot.left - 12.0 };
        canvas.paragraph((x, row.name_top), &row.name, style);
        paper.bars(canvas, chart, row);
    }
    plot.bottom + AXIS_ROOM
}

/// Where bars are drawn.
struct Paper<'s> {
    plot: Plot,
    scale: &'s Scale,
    edge: f64,
}

/// A row with where it stands.
struct Placed<'c> {
    row: &'c Row,
    name: Vec<String>,
    /// The foot of the first line of its name.
    name_top: f64,
    /// The upper edge of its bar.
    bar: f64,
    bottom: f64,
}

/// What the bar and the sign stand for; answers where the plot may begin.
fn key(canvas: &mut Canvas, chart: &Chart, (width, top): (f64, f64)) -> f64 {
    let Some(row) = chart.rows.first() else {
        return top;
    };
    let (mut x, mut y) = (EDGE, top + 16.0);
    for mark in &row.marks {
        let style = Type {
            bold: mark.role == Role::Area,
            ..Type::new(13.0, colour(mark.role))
        };
        let lines = style.lines(&mark.name, width - 2.0 * EDGE - 20.0);
        let room = lines.iter().map(|line| style.width(line)).fold(0.0, f64::max) + 20.0;
        if x > EDGE && x + room > width - EDGE {
            (x, y) = (EDGE, y + 20.0);
        }
        if mark.role == Role::Area {
            canvas.bar_key((x, y - 10.0), (12.0, 11.0), AREA);
        } else {
            let looks = Sign {
                shape: Shape::Diamond,
                radius: 4.6,
                colour: GROUP,
                hollow: false,
            };
            canvas.key((x + 6.0, y - 4.5), looks);
        }
        let next = canvas.paragraph((x + 18.0, y), &lines, style);
        y = next - LINE;
        x += room + 22.0;
    }
    y + 12.0
}

fn colour(role: Role) -> &'static str {
    if role == Role::Area { AREA } else { GROUP }
}

fn numbers(role: Role) -> Type {
    Type {
        bold: role == Role::Area,
        ..Type::new(12.5, colour(role))
    }
}

fn laid_out(chart: &Chart, (narrow, column): (bool, f64), top: f64) -> Vec<Placed<'_>> {
    let mut y = top + 4.0;
    let mut placed = Vec::new();
    for row in &chart.rows {
        let name = names().lines(&row.name, column + 1.0);
        let lines = LINE * as_length(name.len());
        let bars = if row.marks.len() > 1 { BAR + STEM } else { BAR };
        let height = if narrow { lines + bars } else { lines.max(bars) };
        let bar = if narrow {
            y + lines
        } else {
            y + (height - bars) / 2.0
        };
        let name_top = if narrow {
            y + 13.0
        } else {
            y + (height - lines) / 2.0 + 13.5
        };
        y += height + AIR;
        placed.push(Placed {
            row,
            name,
            name_top,
            bar,
            bottom: y - AIR,
        });
    }
    placed
}

impl Paper<'_> {
    fn bars(&self, canvas: &mut Canvas, chart: &Chart, placed: &Placed) {
        let zero = self.plot.x(self.scale, 0.0);
        for mark in &placed.row.marks {
            let own = mark.role == Role::Area;
            let middle = if own {
                placed.bar + BAR / 2.0
            } else {
                placed.bar + BAR + STEM / 2.0
            };
            let said = format!("{} – {}", placed.row.name, chart.said(mark));
            let Some(value) = mark.value else {
                let cross = (Shape::Cross, 3.8, colour(mark.role));
                canvas.mark((zero + 8.0, middle), sign(mark, cross), &said);
                self.reason(canvas, chart, (mark, (zero + 18.0, middle)));
                continue;
            };
            let x = self.plot.x(self.scale, value);
            if own {
                let corner = (x.min(zero), placed.bar);
                canvas.bar(
                    (corner, ((x - zero).abs(), BAR)),
                    (AREA, mark.is_uncertain()),
                    &said,
                );
            } else {
                canvas.line(((zero, middle), (x, middle)), GROUP, 1.6, "");
                canvas.mark((x, middle), sign(mark, (Shape::Diamond, 4.2, GROUP)), &said);
            }
            self.number(canvas, chart, (mark, (x, middle)));
        }
    }

    /// Why there is no bar, in lines that keep to the room there is.
    fn reason(&self, canvas: &mut Canvas, chart: &Chart, (mark, (x, y)): (&Mark, (f64, f64))) {
        let style = Type::new(12.0, INK);
        let text = chart.remark(mark).unwrap_or_else(|| "–".to_owned());
        let fits = x + style.width(&text) <= self.edge;
        let text = if fits { text } else { "–".to_owned() };
        canvas.text((x, y + 4.5), &text, style);
    }

    /// The number at the end of a bar, with its status where there is room for it.
    fn number(&self, canvas: &mut Canvas, chart: &Chart, (mark, (x, y)): (&Mark, (f64, f64))) {
        let Some(value) = mark.value else { return };
        let style = numbers(mark.role);
        let zero = self.plot.x(self.scale, 0.0);
        let number = chart.number(value);
        let whole = chart.remark(mark).map(|remark| format!("{number} ({remark})"));
        let air = if mark.role == Role::Area { 5.0 } else { 9.0 };
        if value < 0.0 {
            let room = x - air - style.width(&number) >= self.plot.left - 10.0;
            // Where the bar reaches the edge its number stands on the other side of zero.
            let (x, anchor) = if room {
                (x - air, Anchor::End)
            } else {
                (zero + air, Anchor::Start)
            };
            canvas.text((x, y + 4.5), &number, style.anchored(anchor));
            return;
        }
        let fits = |text: &String| x + air + style.width(text) <= self.edge;
        let text = whole.filter(fits).unwrap_or(number);
        canvas.text((x + air, y + 4.5), &text, style);
    }
}
