//! How the figures are made, what the signs mean, and what the release has no figures of.

use super::{Cell, Part, Section, Words, plain};
use crate::language::Message;
use crate::report::facts::{Absent, Figure, Report};

pub(super) fn section(report: &Report, words: Words) -> Section {
    let language = words.0.language;
    let mut parts = vec![Part::Paragraph {
        text: words.word("report.method-text"),
    }];
    let row = |figure: &Figure| {
        let context = &figure.comparison.context;
        let mut name = Cell::words(words.label(context));
        name.aside.clone_from(&context.definition);
        vec![name, Cell::words(context.description.get(language))]
    };
    if !report.figures.is_empty() {
        parts.push(Part::Table(plain(
            words.word("report.definitions"),
            vec![
                words.header("word.indicator", false),
                words.header("report.what-it-tells", false),
            ],
            report.figures.iter().map(row).collect(),
        )));
    }
    let absent = |absent: &Absent| {
        let label = absent.label.get(language);
        match absent.first {
            Some(first) => Message::new("report.absent-before")
                .with("label", label)
                .with("period", first.to_string())
                .render(language),
            None => label.to_owned(),
        }
    };
    if !report.absent.is_empty() {
        parts.push(Part::List {
            title: words.word("report.absent"),
            items: report.absent.iter().map(absent).collect(),
        });
    }
    parts.extend(signs(report, words));
    parts.push(Part::Paragraph {
        text: words.word("report.explain-how"),
    });
    let explained = report.headline().map(|headline| {
        let asked = &headline.context.query;
        Part::Command {
            text: format!("{asked} --explain"),
        }
    });
    parts.extend(explained);
    words.section("method", "report.method", parts)
}

/// The letters that stand beside values of the page.
fn signs(report: &Report, words: Words) -> Option<Part> {
    let mut letters: Vec<char> = Vec::new();
    for figure in &report.figures {
        let comparison = &figure.comparison;
        let of_others = comparison.distribution_areas.iter().map(|area| area.status);
        letters.extend(comparison.cell.value.map(|_| comparison.cell.letter()));
        letters.extend(of_others);
    }
    letters.sort_unstable();
    letters.dedup();
    let items: Vec<String> = letters
        .into_iter()
        .filter_map(|letter| {
            super::status_word(letter).map(|code| format!("{letter} = {}", words.word(code)))
        })
        .collect();
    (!items.is_empty()).then(|| Part::List {
        title: words.word("report.signs"),
        items,
    })
}
