//! A group of the first usual grouping, and the list of its groups.

use super::{View, links, paragraph, row, unit_and_period};
use crate::chart::{ChartOptions, Drawn};
use crate::compare::{GroupRow, Groups};
use crate::error::Result;
use crate::language::{Message, Param, compare_names};
use crate::report::page::{Cell, Header, Link, Page, Part, TableRow, Tabular};
use crate::report::sections::capital;
use crate::report::site::address;
use crate::report::site::facts::{GroupFacts, GroupingFacts, IndicatorFacts};
use crate::territory::COUNTRY;

/// The groups, with the leading figure.
pub(super) fn list(view: View) -> Result<Page> {
    let Some(grouping) = view.maker.facts.first_grouping() else {
        return Ok(view.page(String::new(), String::new()));
    };
    let name = capital(grouping.name.get(view.language()));
    let mut page = view.page(name.clone(), view.release_title());
    let leader = view.maker.facts.leader();
    let mut parts = Vec::new();
    match leader.and_then(|leader| leader.groups_by(&grouping.id)) {
        Some(groups) => {
            let chart = groups.chart(&ChartOptions::default(), view.language())?;
            parts.push(view.words.illustration(&chart, Some(values(view, groups))));
        }
        None => {
            let link = |group: &GroupFacts| {
                address::link(&group.label.name, address_of(view, group), view.language())
            };
            let mut items: Vec<Link> = grouping.groups.iter().map(link).collect();
            items.sort_by(|left, right| compare_names(&left.text, &right.text, view.language()));
            parts.push(links(items));
        }
    }
    if let Some(groups) = leader.and_then(|leader| leader.groups_by(&grouping.id)) {
        parts.push(Part::Table(values(view, groups)));
        if let Some(Part::Figure(figure)) = parts.first_mut() {
            figure.table = None;
        }
    }
    page.sections = vec![view.section("groups", view.words.word("site.groups-of"), parts)];
    Ok(page)
}

fn address_of(view: View, group: &GroupFacts) -> String {
    view.to(&address::group(group.label.code.as_str()))
}

/// The groups of a result, the largest first.
pub(super) fn values(view: View, groups: &Groups) -> Tabular {
    let words = view.words;
    let context = &groups.context;
    let mut rows: Vec<&GroupRow> = groups.rows.iter().collect();
    rows.sort_by(|left, right| {
        let value = |row: &GroupRow| row.value.unwrap_or(f64::NEG_INFINITY);
        value(right).total_cmp(&value(left))
    });
    let mut pages = view.maker.facts.groupings.iter();
    let pages: Option<&GroupingFacts> = pages.rfind(|one| one.id == groups.grouping);
    let cells = |group: &&GroupRow| {
        let known = pages.and_then(|one| {
            let page = one.groups.iter().find(|facts| facts.label.code == group.group)?;
            Some(match one.first {
                true => address_of(view, page),
                false => view.to(&address::comparison(&one.id, group.group.as_str())),
            })
        });
        row(vec![
            address::cell(&group.name, known.unwrap_or_default(), view.language()),
            words.value(group.value, group.missing, context.decimals),
            Cell::words(words.0.count(group)),
            Cell::words(
                words
                    .0
                    .coverage(group.coverage_denominator.or(group.coverage_areas)),
            ),
            Cell::words(words.word(group.aggregate.word_code())),
        ])
    };
    Tabular {
        caption: format!(
            "{}: {}, {}",
            capital(groups.grouping_name.get(view.language())),
            words.label(context),
            unit_and_period(&context.unit_symbol, groups.period, view.language())
        ),
        headers: vec![
            words.header("word.group", false),
            words.header("word.value", true),
            words.header("word.areas", true),
            words.header("word.covered", true),
            words.header("word.aggregate", false),
        ],
        rows: rows.iter().map(cells).collect(),
    }
}

/// The page of a group.
pub(super) fn page(view: View, place: usize) -> Result<Page> {
    let Some(grouping) = view.maker.facts.first_grouping() else {
        return Ok(view.page(String::new(), String::new()));
    };
    let group = &grouping.groups[place];
    let mut page = view.page(
        group.label.name.get(view.language()).to_owned(),
        format!(
            "{} · {}",
            capital(grouping.name.get(view.language())),
            group.label.code
        ),
    );
    page.summary = vec![summary(view, grouping, group)];
    let figures = figures(view, grouping, group);
    if !figures.rows.is_empty() {
        let heading = view.words.word("site.group-figures");
        page.sections
            .push(view.section("figures", heading, vec![Part::Table(figures)]));
    }
    page.sections
        .push(view.section("members", view.words.word("site.members"), members(view, group)?));
    let beside = vec![links(vec![super::comparison::link(view, grouping, &group.label)])];
    let heading = view.words.word("site.read-on");
    page.sections.push(view.section("read-on", heading, beside));
    Ok(page)
}

/// The value of a group in an indicator.
pub(super) fn value_of<'f>(
    indicator: &'f IndicatorFacts,
    grouping: &str,
    group: &GroupFacts,
) -> Option<(&'f Groups, &'f GroupRow)> {
    let groups = indicator.groups_by(grouping)?;
    let row = groups.rows.iter().find(|row| row.group == group.label.code)?;
    Some((groups, row))
}

fn summary(view: View, grouping: &GroupingFacts, group: &GroupFacts) -> String {
    let leader = view.maker.facts.leader();
    let found = leader.and_then(|leader| value_of(leader, &grouping.id, group));
    let Some((groups, row)) = found else {
        return Message::new("site.group-areas")
            .with("n", group.members.len())
            .render(view.language());
    };
    let context = &groups.context;
    let unit = context.unit_symbol.get(view.language());
    let message = match row.value {
        Some(value) => Message::new("site.group-summary").with(
            "value",
            format!("{}\u{a0}{unit}", view.words.0.number(value, context.decimals)),
        ),
        None => {
            let reason = row
                .missing
                .map_or("missing.missing", |reason| reason.message_code());
            Message::new("site.group-no-value").with("reason", Param::Word(reason.to_owned()))
        }
    };
    message
        .with("group", &group.label.name)
        .with("period", groups.period.to_string())
        .with("label", &context.label)
        .with("n", group.members.len())
        .render(view.language())
}

/// Every figure of a group, beside that of the country.
fn figures(view: View, grouping: &GroupingFacts, group: &GroupFacts) -> Tabular {
    let words = view.words;
    let row = |indicator: &IndicatorFacts| {
        let (groups, own) = value_of(indicator, &grouping.id, group)?;
        let context = &groups.context;
        let declared = &indicator.row.declared;
        let mut name = view.indicator(declared.id.as_str(), &declared.label);
        name.aside = words.unit(context);
        let country = indicator
            .groups_by(COUNTRY)
            .and_then(|groups| groups.rows.first());
        let theme = indicator.row.theme.as_ref();
        Some(TableRow {
            group: theme.map_or("", |theme| theme.get(view.language())).to_owned(),
            own: false,
            cells: vec![
                name,
                words.value(own.value, own.missing, context.decimals),
                Cell::words(groups.period.to_string()),
                country.map_or_else(
                    || Cell::words("–"),
                    |country| words.value(country.value, country.missing, context.decimals),
                ),
                Cell::words(words.0.count(own)),
                Cell::words(words.word(own.aggregate.word_code())),
            ],
        })
    };
    let country = &view.maker.facts.release.territory().document().country;
    Tabular {
        caption: format!(
            "{}: {}",
            group.label.name.get(view.language()),
            words.word("site.group-figures").to_lowercase()
        ),
        headers: vec![
            words.header("word.indicator", false),
            words.header("word.value", true),
            words.header("word.period", true),
            Header {
                text: country.name.get(view.language()).to_owned(),
                numeric: true,
            },
            words.header("word.areas", true),
            words.header("word.aggregate", false),
        ],
        rows: view.maker.facts.indicators.iter().filter_map(row).collect(),
    }
}

/// The areas of a group in the order of the leading figure.
fn members(view: View, group: &GroupFacts) -> Result<Vec<Part>> {
    let words = view.words;
    let Some(ranking) = &group.ranking else {
        return Ok(vec![
            paragraph(
                Message::new("site.group-areas")
                    .with("n", group.members.len())
                    .render(view.language()),
            ),
            links(view.area_links(&group.members)),
        ]);
    };
    let context = &ranking.context;
    let leader = view.maker.facts.leader();
    let rank = |rank: Option<f64>| match rank {
        Some(rank) => Cell::number(words.0.number(rank, 0), Some(rank)),
        None => Cell::words("–"),
    };
    let cells = |own: &crate::compare::RankRow| {
        let country = leader.and_then(|leader| leader.of(&own.area.code));
        row(vec![
            view.area(&own.area),
            words.figure(&own.cell, context.decimals),
            rank(own.rank),
            rank(country.and_then(|row| row.rank)),
        ])
    };
    let chart = ranking.chart(&ChartOptions::default(), view.language())?;
    let caption = Message::new("site.members-caption")
        .with("group", &group.label.name)
        .with("label", &context.label)
        .with("period", ranking.period.to_string());
    Ok(vec![
        words.illustration(&chart, None),
        Part::Table(Tabular {
            caption: caption.render(view.language()),
            headers: vec![
                words.header("word.area", false),
                Header {
                    text: words.unit(context),
                    numeric: true,
                },
                words.header("site.rank-within", true),
                words.header("site.rank-country", true),
            ],
            rows: ranking.rows.iter().map(cells).collect(),
        }),
    ])
}
