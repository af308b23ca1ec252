//! Where the area stands among all areas of the country, and beside every group it belongs to.

use super::{Cell, Part, Section, TableRow, Tabular, Words, plain};
use crate::chart::{ChartKind, ChartOptions, Drawn};
use crate::compare::{Comparison, PeerGroup};
use crate::error::Result;
use crate::report::facts::Report;

pub(super) fn section(report: &Report, words: Words) -> Result<Option<Section>> {
    let Some(headline) = report.headline() else {
        return Ok(None);
    };
    let options = ChartOptions {
        kind: Some(ChartKind::Distribution),
        ..ChartOptions::default()
    };
    let chart = headline.chart(&options, words.0.language)?;
    let mut parts = vec![words.illustration(&chart, Some(everyone(headline, words)))];
    if !headline.peers.is_empty() {
        parts.push(Part::Table(groups(headline, words)));
    }
    Ok(Some(words.section("distribution", "report.distribution", parts)))
}

/// The groups, as in the answer at a shell.
fn groups(headline: &Comparison, words: Words) -> Tabular {
    let context = &headline.context;
    let headers = vec![
        words.header("word.compared-with", false),
        words.header("word.value", true),
        words.header("word.difference", true),
        words.header("word.areas", true),
        words.header("word.covered", true),
        words.header("word.aggregate", false),
    ];
    let row = |peer: &PeerGroup| {
        let row = &peer.row;
        let text = words.0.difference(peer.difference, context);
        let mut difference = Cell::number(text, peer.difference);
        if peer.difference_relative.is_some() && !context.unit.is_percent() {
            difference.aside = words.0.signed_percent(peer.difference_relative);
        }
        vec![
            Cell::words(row.name.get(words.0.language)),
            words.value(row.value, row.missing, context.decimals),
            difference,
            Cell::words(words.0.count(row)),
            Cell::words(words.0.coverage(row.coverage_denominator.or(row.coverage_areas))),
            Cell::words(words.word(row.aggregate.word_code())),
        ]
    };
    let caption = format!(
        "{} {}, {}",
        words.label(context),
        headline.period,
        words.unit(context)
    );
    plain(caption, headers, headline.peers.iter().map(row).collect())
}

/// Every area with its value, the largest first; those without one at the end, with the reason.
fn everyone(headline: &Comparison, words: Words) -> Tabular {
    let context = &headline.context;
    let language = words.0.language;
    let ranked = headline.distribution.iter().zip(&headline.distribution_areas);
    let with_value = ranked.rev().map(|(value, ranked)| {
        let mut cell = words.value(Some(*value), None, context.decimals);
        if ranked.status != 'A' {
            cell.status = Some(ranked.status);
            cell.meaning = super::status_word(ranked.status)
                .map(|code| words.word(code))
                .unwrap_or_default();
        }
        (&ranked.area, cell)
    });
    let without = headline.position.unranked.iter().map(|unranked| {
        (
            &unranked.area,
            words.value(None, unranked.missing, context.decimals),
        )
    });
    let row = |(area, cell): (&crate::compare::AreaLabel, Cell)| TableRow {
        group: String::new(),
        own: area.code == headline.area.code,
        cells: vec![Cell::words(area.name.get(language)), cell],
    };
    Tabular {
        caption: format!("{} {}", words.label(context), headline.period),
        headers: vec![
            words.header("word.area", false),
            super::Header {
                text: words.unit(context),
                numeric: true,
            },
        ],
        rows: with_value.chain(without).map(row).collect(),
    }
}
