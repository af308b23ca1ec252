//! Inequality for people: the two measures, what the fifths have, and the groups.

use super::Writer;
use crate::compare::{Inequality, InequalityGroup};
use crate::export::document::{Align, Block, Document, Grid};
use crate::language::{Language, Message};

/// Decimals of Gini and Theil.
const DECIMALS: usize = 3;

pub(in crate::export) fn inequality(result: &Inequality, language: Language) -> Document {
    let writer = Writer { language };
    let mut blocks = vec![Block::Heading {
        text: format!(
            "{}: {}",
            writer.word("word.inequality-title"),
            result.whole.name.get(language)
        ),
        aside: result.whole.gini.map_or_else(String::new, |gini| {
            format!("{} {}", writer.word("word.gini"), writer.number(gini, DECIMALS))
        }),
        level: 2,
    }];
    blocks.push(Block::Grid(measures(writer, result)));
    if !result.fifths.is_empty() {
        blocks.push(Block::Grid(fifths(writer, result)));
    }
    if !result.groups.is_empty() {
        blocks.push(Block::Grid(groups(writer, result)));
    }
    writer.sheet(&result.context, result.period.to_string(), blocks, &result.notes)
}

/// Gini, Theil and its parts, the mean, and how many areas stand behind them.
fn measures(writer: Writer, result: &Inequality) -> Grid {
    let whole = &result.whole;
    let line = |code: &'static str, text: String| vec![writer.word(code), text, String::new()];
    let mut rows = vec![
        line("word.gini", writer.value(whole.gini, whole.missing, DECIMALS)),
        line("word.theil", writer.value(whole.theil, whole.missing, DECIMALS)),
    ];
    if let Some(theil) = result.theil {
        let part = |code: &'static str, part: f64| {
            let share = (theil.total > 0.0).then_some(part / theil.total);
            vec![
                writer.word(code),
                writer.number(part, DECIMALS),
                writer.percent(share, 0),
            ]
        };
        rows.extend(theil.within.map(|within| part("word.theil-within", within)));
        rows.extend(theil.between.map(|between| part("word.theil-between", between)));
    }
    if let Some(without) = result.without_zeros {
        let number = |value: f64| writer.number(value, DECIMALS);
        rows.push(line("word.gini-without-zeros", number(without.gini)));
        rows.push(line("word.theil-without-zeros", number(without.theil)));
    }
    rows.push(line(
        "word.ratio-of-sums",
        writer.value(whole.mean, whole.missing, result.context.decimals),
    ));
    rows.push(line("word.areas", count(writer, whole)));
    rows.push(line(
        "word.covered",
        writer.coverage(whole.coverage_denominator.or(whole.coverage_areas)),
    ));
    let mut headers = vec![
        writer.header("word.figure", Align::Left),
        writer.header("word.value", Align::Right),
        writer.header("word.share", Align::Right),
    ];
    if result.grouping.is_none() {
        headers.truncate(2);
        rows.iter_mut().for_each(|row| row.truncate(2));
    }
    Grid {
        caption: String::new(),
        headers,
        rows,
    }
}

fn fifths(writer: Writer, result: &Inequality) -> Grid {
    let row = |point: &crate::stats::LorenzPoint| {
        vec![
            writer.percent(Some(point.denominator), 0),
            writer.percent(Some(point.numerator), 1),
        ]
    };
    Grid {
        caption: writer.word("word.lorenz-caption"),
        headers: vec![
            writer.header("word.lorenz-denominator", Align::Right),
            writer.header("word.lorenz-numerator", Align::Right),
        ],
        rows: result.fifths.iter().map(row).collect(),
    }
}

fn groups(writer: Writer, result: &Inequality) -> Grid {
    let row = |row: &InequalityGroup| {
        vec![
            row.group
                .as_ref()
                .map_or_else(|| "–".to_owned(), ToString::to_string),
            row.name.get(writer.language).to_owned(),
            writer.value(row.mean, row.missing, result.context.decimals),
            writer.percent(row.share, 1),
            writer.percent(row.weight, 1),
            writer.value(row.theil, None, DECIMALS),
            writer.value(row.gini, None, DECIMALS),
            count(writer, row),
            writer.coverage(row.coverage_denominator.or(row.coverage_areas)),
        ]
    };
    let name = result
        .grouping_name
        .as_ref()
        .map(|name| name.get(writer.language));
    Grid {
        caption: name.unwrap_or_default().to_owned(),
        headers: vec![
            writer.header("word.code", Align::Left),
            writer.header("word.group", Align::Left),
            writer.header("word.value", Align::Right),
            writer.header("word.share-numerator", Align::Right),
            writer.header("word.share-denominator", Align::Right),
            writer.header("word.theil", Align::Right),
            writer.header("word.gini", Align::Right),
            writer.header("word.areas", Align::Right),
            writer.header("word.covered", Align::Right),
        ],
        rows: result.groups.iter().map(row).collect(),
    }
}

/// n of members.
fn count(writer: Writer, row: &InequalityGroup) -> String {
    Message::new("word.of")
        .with("n", row.n)
        .with("members", row.members)
        .render(writer.language)
}
