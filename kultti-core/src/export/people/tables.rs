//! Rankings, groups and series for people.

use super::Writer;
use crate::compare::{
    AreaLabel, Context, GroupPoint, GroupRow, GroupSeries, Groups, Ranking, Trend, TrendFit,
};
use crate::export::document::{Align, Block, Document, Grid};
use crate::language::{Language, Message, Param, word};
use crate::model::Missing;
use crate::stats::TrendTest;

pub(in crate::export) fn ranking(result: &Ranking, language: Language) -> Document {
    let writer = Writer { language };
    let context = &result.context;
    let row = |row: &crate::compare::RankRow| {
        vec![
            row.rank
                .map_or_else(|| "–".to_owned(), |rank| writer.number(rank, 0)),
            row.area.code.to_string(),
            writer.name(&row.area),
            writer.cell(&row.cell, context.decimals),
            row.percent_rank
                .map_or_else(|| "–".to_owned(), |rank| writer.number(rank, 3)),
        ]
    };
    let grid = Grid {
        caption: String::new(),
        headers: vec![
            writer.header("word.rank", Align::Right),
            writer.header("word.code", Align::Left),
            writer.header("word.name", Align::Left),
            writer.header("word.value", Align::Right),
            writer.header("word.percent-rank", Align::Right),
        ],
        rows: result.rows.iter().map(row).collect(),
    };
    writer.sheet(
        context,
        result.period.to_string(),
        vec![Block::Grid(grid)],
        &result.notes,
    )
}

pub(in crate::export) fn groups(result: &Groups, language: Language) -> Document {
    let writer = Writer { language };
    let context = &result.context;
    // One way of summarising for all groups stands above the table.
    let usual = result.rows.first().map(|row| row.aggregate);
    let usual = usual.filter(|usual| result.rows.iter().all(|row| row.aggregate == *usual));
    let row = |(place, row): (usize, &GroupRow)| {
        let mut cells = vec![
            row.group.to_string(),
            row.name.get(language).to_owned(),
            writer.value(row.value, row.missing, context.decimals),
            writer.count(row),
            writer.coverage(row.coverage_denominator.or(row.coverage_areas)),
        ];
        if usual.is_none() {
            cells.insert(3, word(row.aggregate.word_code(), language).to_owned());
        }
        if let Some(found) = &result.intervals {
            cells.insert(3, writer.limits_of(found.groups.get(place), context.decimals));
        }
        cells
    };
    let mut headers = vec![
        writer.header("word.code", Align::Left),
        writer.header("word.group", Align::Left),
        writer.header("word.value", Align::Right),
        writer.header("word.areas", Align::Right),
        writer.header("word.covered", Align::Right),
    ];
    if usual.is_none() {
        headers.insert(3, writer.header("word.aggregate", Align::Left));
    }
    if let Some(found) = &result.intervals {
        headers.insert(3, (writer.level(found), Align::Right));
    }
    let name = result.grouping_name.get(language);
    let caption = usual.map(|usual| format!("{name} ({})", word(usual.word_code(), language)));
    let grid = Grid {
        caption: caption.unwrap_or_else(|| name.to_owned()),
        headers,
        rows: result.rows.iter().enumerate().map(row).collect(),
    };
    writer.sheet(
        context,
        result.period.to_string(),
        vec![Block::Grid(grid)],
        &result.notes,
    )
}

pub(in crate::export) fn trend(result: &Trend, language: Language) -> Document {
    let writer = Writer { language };
    let context = &result.context;
    let real = context.price_basis.is_some();
    let mut headers = vec![
        writer.header("word.period", Align::Left),
        writer.header("word.value", Align::Right),
        writer.header("word.change", Align::Right),
        writer.header("word.change-relative", Align::Right),
        writer.header("word.index", Align::Right),
    ];
    if real {
        headers.push(writer.header("word.nominal", Align::Right));
    }
    let mut blocks = Vec::new();
    for area in distinct(result.points.iter().map(|point| &point.area)) {
        let points = result.points.iter().filter(|point| point.area == *area);
        let row = |point: &crate::compare::TrendPoint| {
            let mut row = vec![
                point.period.to_string(),
                writer.cell(&point.cell, context.decimals),
                writer.difference(point.change, context),
                writer.signed_percent(point.change_relative),
                point
                    .index
                    .map_or_else(|| "–".to_owned(), |index| writer.number(index, 1)),
            ];
            if real {
                row.push(
                    point
                        .nominal
                        .map_or_else(|| "–".to_owned(), |value| writer.number(value, context.decimals)),
                );
            }
            row
        };
        blocks.push(Block::Grid(Grid {
            caption: format!("{} {}", writer.name(area), area.code),
            headers: headers.clone(),
            rows: points.map(row).collect(),
        }));
        let fit = result.fits.iter().find(|fit| fit.area == *area);
        blocks.extend(fit.map(|fit| Block::Paragraph(fitted(writer, context, fit))));
    }
    blocks.extend(
        result
            .groups
            .iter()
            .map(|group| Block::Grid(group_series(writer, context, group))),
    );
    writer.sheet(context, String::new(), blocks, &result.notes)
}

/// The trend of an area in a sentence, or why there is none.
fn fitted(writer: Writer, context: &Context, fit: &TrendFit) -> String {
    let decimals = context.decimals + 1;
    let signed = |value| Param::from(writer.signed(value, decimals));
    let Some((p, method)) = fit.p.zip(fit.method) else {
        let reason = fit.missing.unwrap_or(Missing::TooFewPoints).message_code();
        let message = Message::new("word.no-trend").with("n", fit.n);
        return message
            .with("reason", Param::Word(reason.to_owned()))
            .render(writer.language);
    };
    let probability = if p < 0.001 {
        format!("< {}", writer.number(0.001, 3))
    } else {
        format!("= {}", writer.number(p, 3))
    };
    let method = match method {
        TrendTest::Exact => "word.exact",
        TrendTest::Normal => "word.approximate",
    };
    Message::new("word.trend-fit")
        .with("slope", signed(fit.slope))
        .with("lower", signed(fit.slope_lower))
        .with("upper", signed(fit.slope_upper))
        .with("p", probability)
        .with("method", Param::Word(method.to_owned()))
        .with("n", fit.n)
        .render(writer.language)
}

/// The series of a group.
fn group_series(writer: Writer, context: &Context, group: &GroupSeries) -> Grid {
    let index = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| writer.number(value, 1));
    let row = |point: &GroupPoint| {
        vec![
            point.period.to_string(),
            writer.value(point.value, point.missing, context.decimals),
            index(point.chained),
            index(point.direct),
            writer.signed_percent(point.drift),
            writer.of(point.n, group.members),
        ]
    };
    Grid {
        caption: group.name.get(writer.language).to_owned(),
        headers: vec![
            writer.header("word.period", Align::Left),
            writer.header("word.value", Align::Right),
            writer.header("word.index-chained", Align::Right),
            writer.header("word.index-direct", Align::Right),
            writer.header("word.drift", Align::Right),
            writer.header("word.areas", Align::Right),
        ],
        rows: group.points.iter().map(row).collect(),
    }
}

fn distinct<'a>(areas: impl Iterator<Item = &'a AreaLabel>) -> Vec<&'a AreaLabel> {
    let mut found: Vec<&AreaLabel> = Vec::new();
    for area in areas {
        if !found.contains(&area) {
            found.push(area);
        }
    }
    found
}
