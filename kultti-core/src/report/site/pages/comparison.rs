//! The areas of a group and the key figures side by side in one table.

use super::{View, paragraph, row};
use crate::compare::AreaLabel;
use crate::language::{Message, compare_names};
use crate::report::page::{Cell, Header, Link, Page, Part, TableRow, Tabular};
use crate::report::sections::capital;
use crate::report::site::address;
use crate::report::site::facts::{GroupingFacts, IndicatorFacts};
use crate::territory::GroupLabel;

/// The most cells of a table, so that its page stays small.
const CELLS: usize = 1200;

/// The way to the comparison of a group.
pub(super) fn link(view: View, grouping: &GroupingFacts, label: &GroupLabel) -> Link {
    let file = address::comparison(&grouping.id, label.code.as_str());
    Link {
        text: Message::new("site.side-by-side")
            .with("group", &label.name)
            .render(view.language()),
        href: view.to(&file),
        ..Link::default()
    }
}

/// All comparisons.
pub(super) fn list(view: View) -> Page {
    let mut page = view.page(view.words.word("site.comparisons"), view.release_title());
    let mut parts = Vec::new();
    for grouping in &view.maker.facts.groupings {
        let item = |group: &crate::report::site::facts::GroupFacts| {
            let file = address::comparison(&grouping.id, group.label.code.as_str());
            Link {
                aside: view.words.0.count_of(group.members.len() as u64),
                ..address::link(&group.label.name, view.to(&file), view.language())
            }
        };
        let mut items: Vec<Link> = grouping.groups.iter().map(item).collect();
        // Size classes stand in the order of their bounds.
        if !view.maker.facts.release.territory().is_size(&grouping.id) {
            items.sort_by(|left, right| compare_names(&left.text, &right.text, view.language()));
        }
        parts.push(Part::Links {
            title: capital(grouping.name.get(view.language())),
            items,
        });
    }
    let heading = view.words.word("site.comparisons-said");
    page.sections = vec![view.section("comparisons", heading, parts)];
    page
}

pub(super) fn page(view: View, at: usize, place: usize) -> Page {
    let words = view.words;
    let grouping = &view.maker.facts.groupings[at];
    let group = &grouping.groups[place];
    let title = link(view, grouping, &group.label).text;
    let mut page = view.page(title, capital(grouping.name.get(view.language())));
    let mut indicators: Vec<&IndicatorFacts> = view.maker.facts.with_figures().collect();
    // Figures that can be held against one another whatever the size of the area come first.
    indicators.sort_by_key(|one| !one.row.declared.formula.contains('/'));
    let all = indicators.len();
    indicators.truncate((CELLS / (group.members.len() + 1)).max(1));
    let mut parts = Vec::new();
    if indicators.is_empty() {
        parts.push(paragraph(words.word("report.no-figures")));
        parts.push(super::links(view.area_links(&group.members)));
    } else {
        parts.push(Part::Table(table(view, grouping, (place, &indicators))));
    }
    if indicators.len() < all {
        let message = Message::new("site.some-indicators")
            .with("n", indicators.len())
            .with("all", all);
        parts.push(paragraph(message.render(view.language())));
    }
    page.sections = vec![view.section("figures", words.word("report.key-figures"), parts)];
    page
}

fn table(view: View, grouping: &GroupingFacts, (place, indicators): (usize, &[&IndicatorFacts])) -> Tabular {
    let words = view.words;
    let group = &grouping.groups[place];
    let period = |one: &IndicatorFacts| one.ranking.as_ref().map(|ranking| ranking.period.to_string());
    let header = |one: &&IndicatorFacts| Header {
        text: format!(
            "{}, {} {}",
            one.row.declared.label.get(view.language()),
            one.row.unit_symbol.get(view.language()).replace(' ', "\u{a0}"),
            period(one).unwrap_or_default()
        ),
        numeric: true,
    };
    let mut headers = vec![words.header("word.area", false)];
    headers.extend(indicators.iter().map(header));
    let mut whole = vec![Cell::words(words.word("site.group-value"))];
    whole.extend(indicators.iter().map(|one| {
        super::group::value_of(one, &grouping.id, group).map_or_else(
            || Cell::words("–"),
            |(groups, row)| words.value(row.value, row.missing, groups.context.decimals),
        )
    }));
    let mut rows = vec![TableRow {
        own: true,
        ..row(whole)
    }];
    let mut members: Vec<&AreaLabel> = group.members.iter().collect();
    members.sort_by(|left, right| {
        compare_names(
            left.name.get(view.language()),
            right.name.get(view.language()),
            view.language(),
        )
    });
    rows.extend(members.into_iter().map(|area| {
        let mut cells = vec![view.area(area)];
        cells.extend(indicators.iter().map(|one| {
            one.of(&area.code).map_or_else(
                || Cell::words("–"),
                |own| words.figure(&own.cell, one.row.declared.decimals),
            )
        }));
        row(cells)
    }));
    Tabular {
        caption: words.word("site.side-by-side-caption"),
        headers,
        rows,
    }
}
