//! The list of all areas, and what became of those that have ended.

use super::{View, paragraph};
use crate::compare::AreaRow;
use crate::language::{Message, compare_names};
use crate::report::page::{Link, Page, Part};
use crate::report::site::address;

/// All areas by name, as the language orders them, under their first letters.
pub(super) fn list(view: View) -> Page {
    let facts = &view.maker.facts;
    let language = view.language();
    let mut page = view.page(view.words.word("site.areas"), view.release_title());
    let sorted = |rows: &[AreaRow]| -> Vec<AreaRow> {
        let mut rows = rows.to_vec();
        rows.sort_by(|left, right| {
            compare_names(
                left.area.name.get(language),
                right.area.name.get(language),
                language,
            )
        });
        rows
    };
    let mut parts: Vec<Part> = Vec::new();
    let mut letters: Vec<(String, Vec<Link>)> = Vec::new();
    for row in sorted(&facts.areas) {
        let Some(file) = view.maker.area_page(&row.area) else {
            continue;
        };
        let link = Link {
            aside: row.area.code.to_string(),
            ..address::link(&row.area.name, view.to(&file), language)
        };
        let initial = link.text.chars().next().into_iter().flat_map(char::to_uppercase);
        let letter = initial.collect::<String>();
        match letters.last_mut().filter(|(known, _)| *known == letter) {
            Some((_, links)) => links.push(link),
            None => letters.push((letter, vec![link])),
        }
    }
    if letters.is_empty() {
        parts.push(paragraph(view.words.word("site.no-areas")));
    }
    parts.extend(
        letters
            .into_iter()
            .map(|(title, items)| Part::Links { title, items }),
    );
    page.sections = vec![view.section("areas", view.words.word("site.areas"), parts)];
    if !facts.ended.is_empty() {
        let link = |row: &AreaRow| Link {
            aside: until(view, row),
            ..address::link(
                &row.area.name,
                view.to(&address::area(row.area.code.as_str())),
                language,
            )
        };
        let items = sorted(&facts.ended).iter().map(link).collect();
        let heading = view.words.word("site.ended");
        page.sections
            .push(view.section("ended", heading, vec![super::links(items)]));
    }
    page
}

/// `until 2024-12-31; now Mäntyharju`.
fn until(view: View, row: &AreaRow) -> String {
    let successor = row.successor.as_ref();
    Message::new("site.ended-until")
        .with("date", row.to.map(|to| to.to_string()).unwrap_or_default())
        .with(
            "successor",
            successor.map_or("", |area| area.name.get(view.language())),
        )
        .render(view.language())
}

/// The page of an area that has ended.
pub(super) fn ended(view: View, place: usize) -> Page {
    let row = &view.maker.facts.ended[place];
    let language = view.language();
    let mut page = view.page(
        view.words.0.name(&row.area),
        format!("{} · {}", view.release_title(), row.area.code),
    );
    let successor = row.successor.as_ref();
    page.summary = vec![
        Message::new("site.ended-said")
            .with("area", &row.area.name)
            .with("date", row.to.map(|to| to.to_string()).unwrap_or_default())
            .with("successor", successor.map_or("", |area| area.name.get(language)))
            .render(language),
    ];
    let mut parts = vec![
        paragraph(view.words.word("site.ended-figures")),
        Part::Command {
            text: format!("kultti report --area {} --territory then", row.area.code),
        },
    ];
    let items = view.area_links(successor);
    if !items.is_empty() {
        parts.push(super::links(items));
    }
    page.sections = vec![view.section("read-on", view.words.word("site.read-on"), parts)];
    page
}
