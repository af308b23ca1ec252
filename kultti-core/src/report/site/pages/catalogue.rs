//! What the release knows: themes, measures, peer models with their reasons, groupings and scopes.

use super::{View, paragraph, row};
use crate::panel::span;
use crate::report::page::{Cell, Link, Page, Part, Section, Tabular};
use crate::report::sections::{capital, plain};
use crate::report::site::address;

pub(super) fn page(view: View) -> Page {
    let header = view.maker.facts.release.catalogue().header();
    let mut page = view.page(view.words.word("site.catalogue"), view.release_title());
    page.summary = vec![
        format!("{} {}", header.label.get(view.language()), header.version),
        header.description.get(view.language()).to_owned(),
    ];
    page.summary.retain(|text| !text.trim().is_empty());
    let sections = [
        themes(view),
        measures(view),
        models(view),
        groupings(view),
        scopes(view),
    ];
    page.sections = sections.into_iter().flatten().collect();
    page
}

fn themes(view: View) -> Option<Section> {
    let header = view.maker.facts.release.catalogue().header();
    let mut parts = Vec::new();
    for theme in &header.themes {
        let of_theme = view.maker.facts.indicators.iter();
        let of_theme = of_theme.filter(|one| one.row.declared.theme.as_deref() == Some(theme.id.as_str()));
        let link = |one: &crate::report::site::facts::IndicatorFacts| Link {
            aside: match one.row.periods.as_slice() {
                [] => view.words.word("word.no-data"),
                periods => span(periods),
            },
            ..view.indicator_link(one.row.declared.id.as_str(), &one.row.declared.label)
        };
        let items: Vec<Link> = of_theme.map(link).collect();
        if !items.is_empty() {
            parts.push(Part::Links {
                title: theme.label.get(view.language()).to_owned(),
                items,
            });
        }
    }
    (!parts.is_empty()).then(|| view.section("themes", view.words.word("site.themes"), parts))
}

fn measures(view: View) -> Option<Section> {
    let words = view.words;
    let release = view.maker.facts.release;
    let catalogue = release.catalogue();
    let rows: Vec<_> = catalogue
        .measures()
        .map(|measure| {
            let periods: Vec<_> = release
                .periods(&measure.id)
                .iter()
                .map(|known| known.period)
                .collect();
            let source = catalogue.source(&measure.source);
            let mut name = Cell::words(measure.label.get(view.language()));
            name.aside = measure.id.to_string();
            vec![
                name,
                Cell::words(catalogue.unit_symbol(&measure.unit, view.language())),
                Cell::words(match periods.as_slice() {
                    [] => words.word("word.no-data"),
                    periods => span(periods),
                }),
                Cell::words(source.map_or("", |source| source.label.get(view.language()))),
            ]
        })
        .collect();
    let headers = vec![
        words.header("word.measure", false),
        words.header("word.unit", false),
        words.header("word.periods", false),
        words.header("word.source", false),
    ];
    let heading = words.word("site.measures");
    let table = Part::Table(plain(heading.clone(), headers, rows));
    (catalogue.measures().next().is_some()).then(|| view.section("measures", heading, vec![table]))
}

fn models(view: View) -> Option<Section> {
    let words = view.words;
    let catalogue = view.maker.facts.release.catalogue();
    let mut parts = Vec::new();
    for model in catalogue.peer_models() {
        parts.push(paragraph(model.description.get(view.language())));
        let rows = model.variables.iter().map(|variable| {
            let declared = catalogue.declaration(variable.indicator.as_str()).ok();
            let name = declared.map_or_else(
                || Cell::words(variable.indicator.as_str()),
                |declared| view.indicator(declared.id.as_str(), &declared.label),
            );
            row(vec![
                name,
                Cell::number(words.0.number(variable.weight, 2), Some(variable.weight)),
                Cell::words(variable.reason.get(view.language())),
            ])
        });
        parts.push(Part::Table(Tabular {
            caption: format!(
                "{} ({} {})",
                model.label.get(view.language()),
                model.id,
                model.version
            ),
            headers: vec![
                words.header("word.variable", false),
                words.header("word.weight", true),
                words.header("report.why", false),
            ],
            rows: rows.collect(),
        }));
    }
    (!parts.is_empty()).then(|| view.section("peer-models", words.word("site.peer-models"), parts))
}

fn groupings(view: View) -> Option<Section> {
    let words = view.words;
    let territory = view.maker.facts.release.territory();
    let now = territory.now().year();
    let rows: Vec<_> = territory
        .grouping_ids()
        .into_iter()
        .filter_map(|id| {
            let name = territory.grouping_name(id).ok()?;
            let shown = view.maker.facts.first_grouping().filter(|first| first.id == id);
            let page = shown.map(|_| view.to(address::GROUPS)).unwrap_or_default();
            let mut name = address::cell(name, page, view.language());
            name.text = capital(&name.text);
            name.aside = id.to_owned();
            let groups = territory.groups(id, now).map_or(0, |groups| groups.len());
            let years = territory.grouping(id).ok().map_or_else(String::new, |grouping| {
                let end = |year: Option<i32>| year.map(|year| year.to_string()).unwrap_or_default();
                format!("{}–{}", end(grouping.first_year), end(grouping.last_year))
            });
            Some(row(vec![
                name,
                Cell::words(words.0.count_of(groups as u64)),
                Cell::words(years.trim_matches('–').to_owned()),
            ]))
        })
        .collect();
    let table = Part::Table(Tabular {
        caption: words.word("site.groupings"),
        headers: vec![
            words.header("word.diff-grouping", false),
            words.header("site.groups-count", true),
            words.header("word.existed", false),
        ],
        rows,
    });
    Some(view.section("groupings", words.word("site.groupings"), vec![table]))
}

fn scopes(view: View) -> Option<Section> {
    let catalogue = view.maker.facts.release.catalogue();
    let scopes = &catalogue.header().scopes;
    let rows = scopes.iter().map(|scope| {
        let functions = scope.functions.iter().filter_map(|id| catalogue.function(id));
        let names: Vec<&str> = functions.map(|name| name.get(view.language())).collect();
        vec![
            Cell::words(scope.label.get(view.language())),
            Cell::words(names.join(", ")),
            Cell::words(scope.sentence.get(view.language())),
        ]
    });
    let headers = vec![
        view.words.header("word.diff-scope", false),
        view.words.header("site.covers", false),
        view.words.header("word.keep-in-mind", false),
    ];
    let heading = view.words.word("site.scopes");
    let table = Part::Table(plain(heading.clone(), headers, rows.collect()));
    (!scopes.is_empty()).then(|| view.section("scopes", heading, vec![table]))
}
