//! What SVG is written with: escaped text, broken lines, shapes.

use crate::chart::palette::{GROUND, INK};

/// What a program that knows no better font shows.
pub(super) const FONT: &str =
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif";

/// The side of a text that stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Type {
    pub(super) size: f64,
    pub(super) colour: &'static str,
    pub(super) anchor: Anchor,
    pub(super) bold: bool,
}

impl Type {
    pub(super) fn new(size: f64, colour: &'static str) -> Self {
        Self {
            size,
            colour,
            anchor: Anchor::Start,
            bold: false,
        }
    }

    pub(super) fn anchored(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }

    pub(super) fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    /// About how wide a text is: the fonts differ, so this leans to the wide ones.
    pub(super) fn width(self, text: &str) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "the length of a line")]
        let symbols = text.chars().count() as f64;
        symbols * self.size * if self.bold { 0.59 } else { 0.545 }
    }

    /// The text in lines that are not wider, broken at blanks.
    pub(super) fn lines(self, text: &str, width: f64) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            match lines.last_mut() {
                Some(line) if self.width(line) + self.width(word) + self.size / 3.0 <= width => {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => lines.push(word.to_owned()),
            }
        }
        lines
    }
}

/// A shape that stands for a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Dot,
    Diamond,
    Square,
    Triangle,
    Wedge,
    Bar,
    /// There is no value here.
    Cross,
}

/// How a shape looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sign {
    pub(super) shape: Shape,
    pub(super) radius: f64,
    pub(super) colour: &'static str,
    pub(super) hollow: bool,
}

/// A picture while it is drawn.
#[derive(Debug, Default)]
pub(super) struct Canvas {
    pub(super) body: String,
    /// Whether a page around the picture says what its figures are: then they have no words of their own.
    pub(super) within: bool,
}

impl Canvas {
    /// A text with a rim of the ground, so that it is read above lines.
    pub(super) fn text(&mut self, (x, y): (f64, f64), text: &str, style: Type) {
        let anchor = match style.anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let weight = if style.bold { " font-weight=\"600\"" } else { "" };
        self.body.push_str(&format!(
            "<text x=\"{}\" y=\"{}\" font-size=\"{}\" fill=\"{}\"{anchor}{weight} stroke=\"{GROUND}\" stroke-width=\"3\" \
             paint-order=\"stroke\">{}</text>\n",
            short(x),
            short(y),
            short(style.size),
            style.colour,
            escaped(text)
        ));
    }

    /// A line; dashes as SVG has them, empty for none.
    pub(super) fn line(
        &mut self,
        (from, to): ((f64, f64), (f64, f64)),
        colour: &str,
        width: f64,
        dashes: &str,
    ) {
        let dashes = match dashes {
            "" => String::new(),
            dashes => format!(" stroke-dasharray=\"{dashes}\""),
        };
        self.body.push_str(&format!(
            "<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" stroke=\"{colour}\" stroke-width=\"{}\"{dashes}/>\n",
            short(from.0),
            short(from.1),
            short(to.0),
            short(to.1),
            short(width)
        ));
    }

    /// A figure: a shape at its place, with what it says.
    pub(super) fn mark(&mut self, at: (f64, f64), sign: Sign, said: &str) {
        let title = self.title(said);
        self.shape(at, sign, "mark", &title);
    }

    fn title(&self, said: &str) -> String {
        match self.within {
            true => String::new(),
            false => format!("<title>{}</title>", escaped(said)),
        }
    }

    /// Many dots of one size as a single path: points without length, whose round ends are the dots.
    pub(super) fn dots(&mut self, at: &[(f64, f64)], radius: f64, colour: &str) {
        let points: String = at.iter().map(|(x, y)| format!("M{:.1} {:.1}h0", x, y)).collect();
        self.body.push_str(&format!(
            "<path class=\"marks\" d=\"{points}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{}\" stroke-linecap=\"round\"/>\n",
            short(2.0 * radius)
        ));
    }

    /// A figure as the length of a bar, from its corner above on the left; hollow or filled.
    pub(super) fn bar(
        &mut self,
        ((x, y), (width, height)): ((f64, f64), (f64, f64)),
        (colour, hollow): (&str, bool),
        said: &str,
    ) {
        let looks = if hollow {
            format!("fill=\"{GROUND}\" stroke=\"{colour}\" stroke-width=\"1.6\"")
        } else {
            format!("fill=\"{colour}\"")
        };
        self.body.push_str(&format!(
            "<rect class=\"mark\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" {looks}>{}</rect>\n",
            short(x),
            short(y),
            short(width),
            short(height),
            self.title(said)
        ));
    }

    /// A bar in a key.
    pub(super) fn bar_key(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), colour: &str) {
        self.body.push_str(&format!(
            "<rect class=\"key\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{colour}\"/>\n",
            short(x),
            short(y),
            short(width),
            short(height)
        ));
    }

    /// The edge of a rectangle.
    pub(super) fn outline(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), colour: &str) {
        self.body.push_str(&format!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{GROUND}\" stroke=\"{colour}\"/>\n",
            short(x),
            short(y),
            short(width),
            short(height)
        ));
    }

    /// Strokes along a path; none where it is empty.
    pub(super) fn path(&mut self, path: &str, colour: &str) {
        if !path.is_empty() {
            self.body.push_str(&format!(
                "<path d=\"{path}\" stroke=\"{colour}\" fill=\"none\"/>\n"
            ));
        }
    }

    /// A shape in a key: it stands for no figure.
    pub(super) fn key(&mut self, at: (f64, f64), sign: Sign) {
        self.shape(at, sign, "key", "");
    }

    fn shape(&mut self, (x, y): (f64, f64), sign: Sign, class: &str, inner: &str) {
        let r = sign.radius;
        let (fill, stroke) = if sign.hollow {
            (
                GROUND,
                format!(" stroke=\"{}\" stroke-width=\"1.6\"", sign.colour),
            )
        } else {
            (sign.colour, String::new())
        };
        let path = match sign.shape {
            Shape::Dot => {
                self.body.push_str(&format!(
                    "<circle class=\"{class}\" cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{fill}\"{stroke}>{inner}</circle>\n",
                    short(x),
                    short(y),
                    short(r)
                ));
                return;
            }
            Shape::Cross => {
                self.body.push_str(&format!(
                    "<path class=\"{class}\" transform=\"translate({} {})\" d=\"M{a} {a}L{b} {b}M{a} {b}L{b} {a}\" fill=\"none\" \
                     stroke=\"{}\" stroke-width=\"1.8\">{inner}</path>\n",
                    short(x),
                    short(y),
                    sign.colour,
                    a = short(-r),
                    b = short(r)
                ));
                return;
            }
            Shape::Diamond => [(0.0, -1.25), (1.25, 0.0), (0.0, 1.25), (-1.25, 0.0)].to_vec(),
            Shape::Square => [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)].to_vec(),
            Shape::Triangle => [(0.0, -1.15), (1.1, 0.85), (-1.1, 0.85)].to_vec(),
            Shape::Wedge => [(0.0, 1.15), (1.1, -0.85), (-1.1, -0.85)].to_vec(),
            Shape::Bar => [(-0.14, -1.4), (0.14, -1.4), (0.14, 1.4), (-0.14, 1.4)].to_vec(),
        };
        let points: Vec<String> = path
            .iter()
            .map(|(x, y)| format!("{} {}", short(x * r), short(y * r)))
            .collect();
        self.body.push_str(&format!(
            "<path class=\"{class}\" transform=\"translate({} {})\" d=\"M{}Z\" fill=\"{fill}\"{stroke}>{inner}</path>\n",
            short(x),
            short(y),
            points.join("L")
        ));
    }

    /// A line through points.
    pub(super) fn polyline(&mut self, points: &[(f64, f64)], colour: &str, dashes: &str) {
        let points: Vec<String> = points
            .iter()
            .map(|(x, y)| format!("{},{}", short(*x), short(*y)))
            .collect();
        let dashes = match dashes {
            "" => String::new(),
            dashes => format!(" stroke-dasharray=\"{dashes}\""),
        };
        self.body.push_str(&format!(
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2.2\" \
             stroke-linecap=\"round\"{dashes}/>\n",
            points.join(" ")
        ));
    }

    /// Lines of text from a place downwards; answers where the next line would stand.
    pub(super) fn paragraph(&mut self, (x, y): (f64, f64), lines: &[String], style: Type) -> f64 {
        let pitch = (style.size * 1.35).round();
        let mut at = y;
        for line in lines {
            self.text((x, at), line, style);
            at += pitch;
        }
        at
    }
}

/// A type for the name of a row.
pub(super) fn names() -> Type {
    Type::new(13.0, INK)
}

/// A length with at most two decimals.
pub(super) fn short(value: f64) -> String {
    let text = format!("{:.2}", value + 0.0);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" {
        "0".to_owned()
    } else {
        text.to_owned()
    }
}

/// A text as XML takes it, in an element or between quotes. What XML cannot hold at all becomes the sign for it.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for symbol in text.chars() {
        match symbol {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            control if control.is_control() => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_short() {
        assert_eq!(
            [short(12.0), short(0.126), short(-0.001), short(100.5)],
            ["12", "0.13", "0", "100.5"]
        );
    }

    #[test]
    fn hostile_text_is_text() {
        assert_eq!(
            escaped("<a b='\"'>&\u{0}\n"),
            "&lt;a b=&#39;&quot;&#39;&gt;&amp;\u{fffd} "
        );
    }

    #[test]
    fn lines_are_broken_at_blanks_only() {
        let style = Type::new(10.0, INK);
        assert_eq!(style.lines("one two\u{a0}three", 60.0), ["one", "two\u{a0}three"]);
        assert_eq!(style.lines("", 60.0), [""; 0]);
    }
}
