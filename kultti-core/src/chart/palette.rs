//! The colours of charts. Colour is never the only sign: shapes, places and labels say the same.

/// The ground that everything is drawn on.
pub(super) const GROUND: &str = "#ffffff";
/// Titles and the names of rows.
pub(super) const INK: &str = "#1a1a1a";
/// Other words and the numbers of axes.
pub(super) const QUIET: &str = "#595959";
/// Lines that only lead the eye; nothing is told by them.
pub(super) const GRID: &str = "#e2e2e2";
/// Dots of other areas.
pub(super) const OTHERS: &str = "#8c8c8c";
/// The area asked for.
pub(super) const AREA: &str = "#b5400a";
/// Groups and peers.
pub(super) const GROUP: &str = "#0b5394";

/// Lines of a chart of time, in order; each has a shape of its own as well.
pub(super) const LINES: [&str; 6] = [AREA, GROUP, "#3d7a1f", "#7a3f9d", "#8a6100", "#4a4a4a"];

#[cfg(test)]
mod tests {
    use super::*;

    fn channels(colour: &str) -> [f64; 3] {
        let channel = |at: usize| {
            let value = u8::from_str_radix(&colour[at..at + 2], 16).expect("a colour");
            f64::from(value) / 255.0
        };
        [channel(1), channel(3), channel(5)]
    }

    fn linear(channel: f64) -> f64 {
        match channel {
            dark if dark <= 0.040_45 => dark / 12.92,
            light => ((light + 0.055) / 1.055).powf(2.4),
        }
    }

    /// WCAG 2.2: relative luminance.
    fn luminance([red, green, blue]: [f64; 3]) -> f64 {
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let light = |colour: &str| luminance(channels(colour).map(linear)) + 0.05;
        let (one, other) = (light(one), light(other));
        one.max(other) / one.min(other)
    }

    #[test]
    fn the_formula_is_that_of_wcag() {
        // Published figures: black on white 21:1, #767676 on white 4.54:1, #777777 4.48:1.
        assert!((contrast("#000000", GROUND) - 21.0).abs() < 1e-9);
        assert!((contrast("#767676", GROUND) - 4.54).abs() < 0.005);
        assert!((contrast("#777777", GROUND) - 4.48).abs() < 0.005);
    }

    #[test]
    fn words_and_marks_stand_out_from_the_ground() {
        // Labels are written in the colours of lines, so these are held to the bound for text.
        for colour in [INK, QUIET, AREA, GROUP].into_iter().chain(LINES) {
            assert!(
                contrast(colour, GROUND) >= 4.5,
                "{colour}: {:.2}",
                contrast(colour, GROUND)
            );
        }
        assert!(
            contrast(OTHERS, GROUND) >= 3.0,
            "{OTHERS}: {:.2}",
            contrast(OTHERS, GROUND)
        );
    }

    /// What people without one kind of cone see, after Viénot, Brettel and Mollon (1999), on linear light.
    fn seen_by([red, green, blue]: [f64; 3], rows: [[f64; 3]; 3]) -> [f64; 3] {
        rows.map(|[r, g, b]| r * red + g * green + b * blue)
    }

    #[test]
    fn the_area_and_its_groups_differ_for_the_colour_blind() {
        const PROTAN: [[f64; 3]; 3] = [
            [0.112_38, 0.887_62, 0.0],
            [0.112_38, 0.887_62, 0.0],
            [0.004_01, -0.004_01, 1.0],
        ];
        const DEUTAN: [[f64; 3]; 3] = [
            [0.292_75, 0.707_25, 0.0],
            [0.292_75, 0.707_25, 0.0],
            [-0.022_34, 0.022_34, 1.0],
        ];
        for cones in [PROTAN, DEUTAN] {
            let seen = |colour| seen_by(channels(colour).map(linear), cones);
            for (one, other) in [(AREA, GROUP), (AREA, OTHERS), (GROUP, OTHERS)] {
                let (one_seen, other_seen) = (seen(one), seen(other));
                let apart: f64 = one_seen
                    .iter()
                    .zip(other_seen)
                    .map(|(a, b)| (a - b).powi(2))
                    .sum();
                assert!(apart.sqrt() > 0.15, "{one} and {other}: {:.3}", apart.sqrt());
            }
        }
    }
}
