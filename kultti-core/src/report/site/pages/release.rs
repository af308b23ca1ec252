//! About the release: where its figures come from, and what has changed since the one before.

use super::indicator::all_links;
use super::{View, paragraph, parts_of};
use crate::compare::{AreaLabel, ReleaseDiff};
use crate::export::{Citation, CitationStyle, Export, ReleaseCard};
use crate::language::Message;
use crate::model::AreaCode;
use crate::report::page::{Cell, Page, Part, Section};
use crate::report::sections::plain;
use std::collections::BTreeSet;

pub(super) fn page(view: View, diff: Option<&ReleaseDiff>) -> Page {
    let words = view.words;
    let release = view.maker.facts.release;
    let provenance = release.provenance();
    let mut page = view.page(words.word("site.release"), view.release_title());
    page.summary = vec![
        Message::new("site.published-by")
            .with("publisher", &provenance.publisher)
            .render(view.language()),
        Message::new("site.release-id")
            .with("id", release.id())
            .render(view.language()),
    ];
    page.sections.extend(diff.map(|diff| changes(view, diff)));
    page.sections.push(tables(view));
    let name = words.word("site.measures");
    let content = parts_of(ReleaseCard(release).document(view.language()), &name);
    let content = content.into_iter().filter(|part| matches!(part, Part::Table(_)));
    page.sections
        .push(view.section("measures", name, content.collect()));
    let cited = Citation::of_release(release).write(CitationStyle::Text, view.language());
    let list = Part::List {
        title: String::new(),
        items: cited
            .lines()
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect(),
    };
    page.sections
        .push(view.section("cite", words.word("report.cite"), vec![list]));
    page
}

/// The tables that the release was built from.
fn tables(view: View) -> Section {
    let words = view.words;
    let release = view.maker.facts.release;
    let rows = release.provenance().tables.iter().map(|table| {
        let source = release.catalogue().source(&table.source);
        let mut file = Cell::words(&table.file);
        file.aside = format!("SHA-256 {}", table.sha256);
        vec![
            file,
            Cell::words(table.description.get(view.language())),
            Cell::words(source.map_or("", |source| source.license.as_str())),
            Cell::words(table.retrieved.map(|day| day.to_string()).unwrap_or_default()),
            Cell::words(words.0.count_of(table.rows as u64)),
        ]
    });
    let headers = vec![
        words.header("site.file", false),
        words.header("word.card-content", false),
        words.header("site.license", false),
        words.header("site.taken-over", false),
        words.header("word.rows", true),
    ];
    let heading = words.word("site.tables");
    let table = Part::Table(plain(heading.clone(), headers, rows.collect()));
    view.section("tables", heading, vec![table])
}

/// What has changed, with ways to the pages of what it is about.
fn changes(view: View, diff: &ReleaseDiff) -> Section {
    let words = view.words;
    let name = words.word("site.changed-since");
    let mut parts = parts_of(diff.document(view.language()), &name);
    let codes = diff.cells.iter().flat_map(|period| &period.cells);
    let codes: BTreeSet<&AreaCode> = codes.map(|cell| &cell.area).collect();
    let labels: Vec<AreaLabel> = codes
        .into_iter()
        .filter_map(|code| {
            Some(AreaLabel {
                code: code.clone(),
                name: diff.area_names.get(code)?.clone(),
            })
        })
        .collect();
    let areas = view.area_links(&labels);
    if !areas.is_empty() {
        parts.push(Part::Links {
            title: words.word("site.touched-areas"),
            items: areas,
        });
    }
    let ids: Vec<&str> = diff.indicators.iter().map(|one| one.indicator.as_str()).collect();
    if !ids.is_empty() {
        parts.push(paragraph(words.word("site.touched-indicators")));
        parts.push(all_links(view, &ids));
    }
    view.section("changes", name, parts)
}
