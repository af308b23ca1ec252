//! The page of an indicator: what it is, all areas in order, the groups, and the country over time.

use super::{View, links, paragraph, parts_of, row};
use crate::chart::{ChartOptions, Drawn};
use crate::compare::{IndicatorCard, RankRow, Ranking, Trend, TrendOptions};
use crate::error::{ErrorKind, Result};
use crate::export::Export;
use crate::model::Direction;
use crate::report::page::{Cell, Header, Page, Part, Section, Tabular};
use crate::report::sections::plain;
use crate::report::site::facts::{Facts, IndicatorFacts};
use crate::territory::COUNTRY;

/// The card, and the country over time where it has a series.
pub(super) fn shared(facts: &Facts, place: usize) -> Result<(IndicatorCard, Option<Trend>)> {
    let row = &facts.indicators[place].row;
    let id = row.declared.id.as_str();
    let card = facts.release.describe(id)?;
    if row.periods.len() < 2 {
        return Ok((card, None));
    }
    let options = TrendOptions {
        group: Some(COUNTRY.to_owned()),
        ..TrendOptions::default()
    };
    match facts.release.trend(id, options) {
        Ok(trend) => Ok((card, Some(trend))),
        // Such as a figure of which no group has one.
        Err(error) if error.kind() == ErrorKind::InvalidArgument => Ok((card, None)),
        Err(error) => Err(error),
    }
}

pub(super) fn page(
    view: View,
    place: usize,
    (card, trend): (&IndicatorCard, Option<&Trend>),
) -> Result<Page> {
    let facts = &view.maker.facts.indicators[place];
    let declared = &facts.row.declared;
    let theme = facts.row.theme.as_ref();
    let theme = theme.map_or_else(
        || view.release_title(),
        |theme| theme.get(view.language()).to_owned(),
    );
    let mut page = view.page(declared.label.get(view.language()).to_owned(), theme);
    page.summary = vec![declared.definition.get(view.language()).to_owned()];
    if facts.ranking.is_none() {
        page.summary.push(view.words.word("site.indicator-without-data"));
    }
    if let Some(ranking) = &facts.ranking {
        page.sections.push(order(view, facts, ranking));
    }
    page.sections.extend(groups(view, facts)?);
    page.sections.extend(development(view, trend)?);
    page.sections.push(about(view, card));
    if let Some(ranking) = &facts.ranking {
        let notes = ranking
            .notes
            .iter()
            .map(|note| note.message.render(view.language()));
        let list = Part::List {
            title: String::new(),
            items: notes.collect(),
        };
        let heading = view.words.word("word.keep-in-mind");
        page.sections
            .push(view.section("keep-in-mind", heading, vec![list]));
    }
    Ok(page)
}

/// The card, without the definition, which stands above.
fn about(view: View, card: &IndicatorCard) -> Section {
    let name = view.words.word("site.about-indicator");
    let definition = card.row.declared.definition.get(view.language());
    let related = view.words.word("word.card-related");
    let mut parts = parts_of(card.document(view.language()), &name);
    parts.retain(|part| match part {
        Part::Paragraph { text } => text != definition,
        Part::List { title, .. } => *title != related,
        _ => true,
    });
    let near = card.related.iter();
    let items: Vec<_> = near
        .map(|(id, label)| view.indicator_link(id.as_str(), label))
        .collect();
    if !items.is_empty() {
        parts.push(Part::Links {
            title: related,
            items,
        });
    }
    view.section("about", name, parts)
}

/// All areas in order.
fn order(view: View, facts: &IndicatorFacts, ranking: &Ranking) -> Section {
    let words = view.words;
    let context = &ranking.context;
    let cells = |own: &RankRow| {
        row(vec![
            view.area(&own.area),
            words.figure(&own.cell, context.decimals),
            match own.rank {
                Some(rank) => Cell::number(words.0.number(rank, 0), Some(rank)),
                None => Cell::words("–"),
            },
        ])
    };
    let mut parts = Vec::new();
    if facts.row.declared.direction == Direction::None {
        parts.push(paragraph(words.word("site.order-explained")));
    }
    parts.push(Part::Table(Tabular {
        caption: format!("{} {}", words.label(context), ranking.period),
        headers: vec![
            words.header("word.area", false),
            Header {
                text: words.unit(context),
                numeric: true,
            },
            words.header("word.rank", true),
        ],
        rows: ranking.rows.iter().map(cells).collect(),
    }));
    view.section("order", words.word("site.order"), parts)
}

/// The groups of the first usual grouping, with the values of the other groupings below.
fn groups(view: View, facts: &IndicatorFacts) -> Result<Option<Section>> {
    let mut parts = Vec::new();
    for grouping in &view.maker.facts.groupings {
        let Some(groups) = facts.groups_by(&grouping.id) else {
            continue;
        };
        if grouping.first && groups.rows.iter().any(|row| row.value.is_some()) {
            let chart = groups.chart(&ChartOptions::default(), view.language())?;
            parts.push(view.words.illustration(&chart, None));
        }
        parts.push(Part::Table(super::group::values(view, groups)));
    }
    let heading = view.words.word("site.groups-of");
    Ok((!parts.is_empty()).then(|| view.section("groups", heading, parts)))
}

/// The country over time.
fn development(view: View, trend: Option<&Trend>) -> Result<Option<Section>> {
    let Some((trend, series)) = trend.and_then(|trend| Some((trend, trend.groups.first()?))) else {
        return Ok(None);
    };
    if series.points.iter().all(|point| point.value.is_none()) {
        return Ok(None);
    }
    let words = view.words;
    let context = &trend.context;
    let chart = trend.chart(&ChartOptions::default(), view.language())?;
    let rows = series.points.iter().map(|point| {
        vec![
            Cell::words(point.period.to_string()),
            words.value(point.value, point.missing, context.decimals),
        ]
    });
    let headers = vec![
        words.header("word.period", false),
        Header {
            text: words.unit(context),
            numeric: true,
        },
    ];
    let caption = format!("{}: {}", series.name.get(view.language()), words.label(context));
    let mut parts = vec![words.illustration(&chart, Some(plain(caption, headers, rows.collect())))];
    let notes: Vec<String> = trend
        .notes
        .iter()
        .map(|note| note.message.render(view.language()))
        .collect();
    if !notes.is_empty() {
        parts.push(Part::List {
            title: words.word("word.keep-in-mind"),
            items: notes,
        });
    }
    let heading = words.word("site.country-development");
    Ok(Some(view.section("development", heading, parts)))
}

/// Indicators that have figures, for a list that needs few words.
pub(super) fn all_links(view: View, ids: &[&str]) -> Part {
    let known = view.maker.facts.indicators.iter();
    let wanted = known.filter(|one| ids.contains(&one.row.declared.id.as_str()));
    let items = wanted
        .map(|one| view.indicator_link(one.row.declared.id.as_str(), &one.row.declared.label))
        .collect();
    links(items)
}
