//! All indicators by theme.

use super::View;
use crate::panel::span;
use crate::report::page::{Cell, Page, Part, TableRow, Tabular};
use crate::report::site::facts::IndicatorFacts;

pub(super) fn list(view: View) -> Page {
    let words = view.words;
    let mut page = view.page(words.word("site.indicators"), view.release_title());
    let facts = &view.maker.facts;
    let themes = facts.release.catalogue().header().themes.iter();
    let mut order: Vec<Option<&str>> = themes.map(|theme| Some(theme.id.as_str())).collect();
    order.push(None);
    let mut rows = Vec::new();
    for theme in order {
        let of_theme = |one: &&IndicatorFacts| {
            let own = one.row.declared.theme.as_deref();
            own.filter(|_| one.row.theme.is_some()) == theme
        };
        rows.extend(facts.indicators.iter().filter(of_theme).map(|one| row(view, one)));
    }
    let table = Tabular {
        caption: words.word("site.indicators-said"),
        headers: vec![
            words.header("word.indicator", false),
            words.header("word.unit", false),
            words.header("word.periods", false),
        ],
        rows,
    };
    let parts = vec![Part::Table(table)];
    page.sections = vec![view.section("indicators", words.word("site.indicators-said"), parts)];
    page
}

fn row(view: View, one: &IndicatorFacts) -> TableRow {
    let declared = &one.row.declared;
    let theme = one.row.theme.as_ref();
    TableRow {
        group: theme.map_or_else(
            || view.words.word("site.without-theme"),
            |theme| theme.get(view.language()).to_owned(),
        ),
        own: false,
        cells: vec![
            view.indicator(declared.id.as_str(), &declared.label),
            Cell::words(one.row.unit_symbol.get(view.language())),
            Cell::words(match one.row.periods.as_slice() {
                [] => view.words.word("word.no-data"),
                periods => span(periods),
            }),
        ],
    }
}
