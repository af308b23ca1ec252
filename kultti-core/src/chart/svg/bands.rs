//! The bands of a distribution: cuts through the dots, a strip above them, and a legend in words beneath.

use super::canvas::{Canvas, Type, short};
use super::frame::{EDGE, Plot};
use crate::chart::model::{BandKey, Chart};
use crate::chart::palette::{AREA, INK, QUIET};
use crate::chart::scale::Scale;

/// The height of the strip, and how far apart its hatching stands.
const HIGH: f64 = 8.0;
const STEP: f64 = 10.0;

/// The room that the strip takes above the dots.
pub(super) const STRIP: f64 = 12.0;

/// The hatching of a band: its place among the bands, from below.
fn hatched(place: usize, (left, right, top): (f64, f64, f64)) -> String {
    let mut path = String::new();
    let slopes: &[bool] = match place {
        0 => &[true],
        1 => &[],
        _ => &[true, false],
    };
    for rising in slopes {
        let mut x = left;
        while x + 6.0 <= right {
            let (from, to) = if *rising { (HIGH, -HIGH) } else { (0.0, HIGH) };
            path.push_str(&format!("M{} {}l6 {}", short(x), short(top + from), short(to)));
            x += STEP;
        }
    }
    path
}

fn strip(canvas: &mut Canvas, place: usize, (left, right, top): (f64, f64, f64)) {
    canvas.outline((left, top), (right - left, HIGH), QUIET);
    canvas.path(&hatched(place, (left, right, top)), QUIET);
}

/// The cuts and the strip; `top` is the upper edge of the strip.
pub(super) fn draw(canvas: &mut Canvas, chart: &Chart, (plot, scale, top): (Plot, &Scale, f64)) {
    let zones = chart.bands.iter().flat_map(|key| &key.zones).enumerate();
    for (place, zone) in zones.filter(|(_, zone)| zone.low.is_some() || zone.high.is_some()) {
        let x = |cut: Option<f64>, end: f64| {
            cut.map_or(end, |cut| plot.x(scale, cut).clamp(plot.left, plot.right))
        };
        let (left, right) = (x(zone.low, plot.left), x(zone.high, plot.right));
        strip(canvas, place, (left, right, top));
        for cut in [zone.low, zone.high].into_iter().flatten() {
            let at = plot.x(scale, cut);
            if (plot.left..=plot.right).contains(&at) {
                canvas.line(((at, top), (at, plot.bottom)), INK, 1.2, "3 3");
            }
        }
    }
}

/// The legend; answers where the next thing may stand.
pub(super) fn legend(canvas: &mut Canvas, key: &BandKey, (width, top): (f64, f64)) -> f64 {
    let style = Type::new(12.5, INK);
    let room = width - 2.0 * EDGE;
    let mut y = canvas.paragraph(
        (EDGE, top + 14.0),
        &style.bold().lines(&key.heading, room),
        style.bold(),
    );
    for (place, zone) in key.zones.iter().enumerate() {
        let placed = zone.low.is_some() || zone.high.is_some();
        if placed {
            strip(canvas, place, (EDGE, EDGE + 27.0, y - HIGH));
        }
        let own = Type {
            colour: if zone.own { AREA } else { INK },
            bold: zone.own,
            ..style
        };
        y = canvas.paragraph((EDGE + 34.0, y), &own.lines(&zone.label, room - 34.0), own) + 1.0;
    }
    y - 10.0
}
