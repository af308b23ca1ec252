//! A long ranking: every area a dot at its value, from the first down to the last, and those that matter named.

use super::canvas::{Anchor, Canvas, Shape, Type};
use super::frame::{AXIS_ROOM, EDGE, Plot, as_length, longest, sign, value_axis};
use crate::chart::layout::{Obstacles, Room, free};
use crate::chart::model::{Chart, Mark, Role};
use crate::chart::palette::{AREA, INK, OTHERS, QUIET};
use crate::chart::scale::{Scale, with_zero};
use crate::chart::words::Words;
use crate::language::word;

/// The height of a row, and the bounds of the chart's height.
const PITCH: f64 = 1.6;
const LOWEST: f64 = 300.0;
const HIGHEST: f64 = 560.0;

/// A dot and where it stands.
struct Place<'c> {
    mark: &'c Mark,
    at: (f64, f64),
}

pub(super) fn draw(canvas: &mut Canvas, chart: &Chart, (width, top): (f64, f64)) -> f64 {
    let marks: Vec<&Mark> = chart
        .marks()
        .map(|(_, mark)| mark)
        .filter(|mark| mark.value.is_some())
        .collect();
    let count = as_length(marks.len());
    let height = (count * PITCH).clamp(LOWEST, HIGHEST);
    let plot = Plot {
        left: EDGE + 34.0,
        right: width - EDGE - 12.0,
        top: top + 18.0,
        bottom: top + 18.0 + height,
    };
    let values: Vec<f64> = chart.values().collect();
    let Some(scale) = Scale::of(with_zero(&values).into_iter(), plot.steps(longest(chart))) else {
        return top;
    };
    value_axis(canvas, chart, plot, &scale);
    let places: Vec<Place> = marks
        .iter()
        .enumerate()
        .filter_map(|(row, mark)| {
            let y = plot.top + (as_length(row) + 0.5) / count * height;
            let at = (plot.x(&scale, mark.value?), y);
            Some(Place { mark, at })
        })
        .collect();
    ranks(canvas, chart, &places, plot);
    for place in places.iter().filter(|place| place.mark.role != Role::Area) {
        canvas.mark(
            place.at,
            sign(place.mark, (Shape::Dot, 2.3, OTHERS)),
            &chart.said(place.mark),
        );
    }
    labels(canvas, chart, &places, plot);
    plot.bottom + AXIS_ROOM
}

/// The ranks down the side: the first, then round numbers.
fn ranks(canvas: &mut Canvas, chart: &Chart, places: &[Place], plot: Plot) {
    let style = Type::new(12.0, QUIET).anchored(Anchor::End);
    let words = Words::new(chart.language);
    canvas.text(
        (plot.left - 8.0, plot.top - 8.0),
        word("word.rank", chart.language),
        style,
    );
    let Some(scale) = Scale::of([0.0, as_length(places.len())].into_iter(), 7) else {
        return;
    };
    let wanted = [1.0].into_iter().chain(scale.ticks.iter().copied().skip(1));
    for rank in wanted {
        let row = places
            .iter()
            .find(|place| place.mark.rank.is_some_and(|own| own >= rank));
        if let Some(place) = row {
            let text = words.number(rank, 0);
            canvas.text((plot.left - 8.0, place.at.1 + 4.0), &text, style);
        }
    }
}

/// The marked areas above the others, named; without any the two ends are.
fn labels(canvas: &mut Canvas, chart: &Chart, places: &[Place], plot: Plot) {
    let ends = [places.first(), places.last()].into_iter().flatten();
    let own = places.iter().filter(|place| place.mark.role == Role::Area);
    let mut named: Vec<&Place> = own.collect();
    if named.is_empty() {
        named = ends.collect();
    }
    let dots: Vec<(f64, f64)> = places.iter().map(|place| place.at).collect();
    let marked: Vec<(f64, f64)> = named.iter().map(|place| place.at).collect();
    let bounds = (plot.left, plot.right + 12.0, plot.top - 6.0);
    let mut taken: Vec<Room> = Vec::new();
    for place in &named {
        let is_own = place.mark.role == Role::Area;
        let colour = if is_own { AREA } else { INK };
        let style = Type {
            bold: is_own,
            ..Type::new(13.0, colour)
        };
        let rank = place
            .mark
            .rank
            .map_or_else(String::new, |rank| format!("{rank:.0}. "));
        let text = format!("{rank}{}", chart.said(place.mark));
        let obstacles = Obstacles {
            dots: &dots,
            named: &marked,
            taken: &taken,
        };
        let words = free(place.at, style.width(&text), obstacles, bounds);
        if is_own {
            canvas.mark(
                place.at,
                sign(place.mark, (Shape::Dot, 5.5, AREA)),
                &chart.said(place.mark),
            );
        }
        if (words.y - place.at.1).abs() > 14.0 {
            canvas.line(
                (place.at, (words.near(place.at.0), words.y - 4.0)),
                colour,
                1.0,
                "",
            );
        }
        canvas.text((words.left, words.y + 4.5), &text, style);
        taken.push(words);
    }
}
