//! A chart as PNG: its SVG, drawn with the fonts of this machine.

use crate::error::{Error, Result};
use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::fontdb::{Database, FaceInfo, Style};
use resvg::usvg::roxmltree::Document;
use resvg::usvg::{Group, Node, Options, Size, Tree};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// How many pixels of the picture stand for one CSS pixel, so that it is sharp on a good screen and in print.
const SCALE: f32 = 2.0;

/// How many letters that no font has are named.
const NAMED: usize = 8;

/// The SVG of a chart as PNG; `path` is the file that an error names.
pub(super) fn png(svg: &str, path: &Path) -> Result<Vec<u8>> {
    let mut fonts = Database::new();
    fonts.load_system_fonts();
    drawn(svg, fonts, path)
}

fn drawn(svg: &str, mut fonts: Database, path: &Path) -> Result<Vec<u8>> {
    // The drawing takes the serif family where it finds none of those that the picture names.
    if let Some(name) = stand_in(&fonts) {
        fonts.set_serif_family(name);
    }
    let options = Options {
        fontdb: Arc::new(fonts),
        ..Options::default()
    };
    let failed = |cause: &dyn std::fmt::Display| Error::Io {
        path: path.display().to_string(),
        cause: cause.to_string(),
    };
    let document = Document::parse(svg).map_err(|cause| failed(&cause))?;
    let tree = Tree::from_xmltree(&document, &options).map_err(|cause| failed(&cause))?;
    let letters = undrawn(&document, &tree);
    if !letters.is_empty() {
        return Err(Error::NoFont {
            path: path.display().to_string(),
            letters,
        });
    }
    let (width, height) = (tree.size().width() * SCALE, tree.size().height() * SCALE);
    let size = Size::from_wh(width, height).map(|size| size.to_int_size());
    let picture = size.and_then(|size| Pixmap::new(size.width(), size.height()));
    let mut picture = picture.ok_or_else(|| failed(&format_args!("{width} × {height} px")))?;
    picture.fill(Color::WHITE);
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut picture.as_mut());
    picture.encode_png().map_err(|cause| failed(&cause))
}

/// A family for words where no font has a name that the picture asks for: upright, of all widths and without serifs if there
/// is one.
fn stand_in(fonts: &Database) -> Option<String> {
    let name = |face: &FaceInfo| face.families.first().map(|(name, _)| name.clone());
    let far = |face: &&FaceInfo| {
        let name = name(face).unwrap_or_default();
        let serifs = !name.contains("Sans");
        (face.style != Style::Normal, face.monospaced, serifs, name)
    };
    fonts.faces().min_by_key(far).and_then(name)
}

/// The letters and digits of the picture's words that no font has: the first few, in order.
fn undrawn(document: &Document<'_>, tree: &Tree) -> Vec<String> {
    let words = document
        .descendants()
        .filter(|node| node.has_tag_name("text"))
        .filter_map(|node| node.text());
    let wanted: BTreeSet<char> = words
        .flat_map(str::chars)
        .filter(|letter| letter.is_alphanumeric())
        .collect();
    let mut found = BTreeSet::new();
    collect(tree.root(), &mut found);
    let lacking = wanted.difference(&found).take(NAMED);
    lacking.map(char::to_string).collect()
}

/// Adds what a group shows in a glyph of a font; glyph 0 is the box that a font shows for what it does not have.
fn collect(group: &Group, found: &mut BTreeSet<char>) {
    for node in group.children() {
        match node {
            Node::Group(group) => collect(group, found),
            Node::Text(text) => {
                let glyphs = text.layouted().iter().flat_map(|span| &span.positioned_glyphs);
                let there = glyphs.filter(|glyph| glyph.id.0 != 0);
                found.extend(there.flat_map(|glyph| glyph.text.chars()));
            }
            Node::Path(_) | Node::Image(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is drawn without any font of the machine.
    fn without_fonts(body: &str) -> Result<Vec<u8>> {
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 30.4 20.2\" width=\"30.4\" height=\"20.2\">{body}</svg>"
        );
        drawn(&svg, Database::new(), Path::new("chart.png"))
    }

    #[test]
    fn words_without_a_font_are_an_error_that_names_letters_once_and_in_order() {
        let error = without_fonts("<text y=\"12\">Åbo 2020</text><text>, – </text>");
        let error = error.expect_err("there is no font");
        assert_eq!(error.code(), "K0941");
        assert!(
            error
                .to_string()
                .starts_with("chart.png: no font on this machine has the letters 0, 2, b, o, Å, "),
            "{error}"
        );
        let many = without_fonts("<text>abcdefghijk</text>").expect_err("there is no font");
        let Error::NoFont { letters, .. } = many else {
            panic!("{many}");
        };
        assert_eq!(letters.concat(), "abcdefgh");
    }

    #[test]
    fn a_picture_without_words_needs_no_font_and_has_two_pixels_for_one() {
        let png = without_fonts("<title>What it shows</title><circle r=\"3\"/>").expect("drawn");
        // PNG, 11.2.2: eight bytes of signature, length and name of the first chunk, then width and height in four bytes each.
        assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
        assert_eq!(&png[16..24], &[0, 0, 0, 61, 0, 0, 0, 40]);
    }
}
