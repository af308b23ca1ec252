//! What to keep in mind, in words, with the figures that it is about.

use super::{Part, Section, Words};
use crate::language::Message;
use crate::report::facts::Report;

/// A note about more figures than this says how many instead of which.
const NAMED: usize = 4;

pub(super) fn section(report: &Report, words: Words) -> Option<Section> {
    let language = words.0.language;
    let mut items: Vec<String> = Vec::new();
    for (note, about) in report.notes() {
        let text = note.message.render(language);
        let item = if about.is_empty() {
            text
        } else if about.len() > NAMED {
            Message::new("report.note-of-many")
                .with("note", text)
                .with("n", about.len())
                .render(language)
        } else {
            let names: Vec<&str> = about
                .iter()
                .map(|figure| figure.context.label.get(language))
                .collect();
            Message::new("report.note-of")
                .with("note", text)
                .with("figures", names.join("; "))
                .render(language)
        };
        if !items.contains(&item) {
            items.push(item);
        }
    }
    let list = Part::List {
        title: String::new(),
        items,
    };
    (!report.figures.is_empty()).then(|| words.section("keep-in-mind", "word.keep-in-mind", vec![list]))
}
