//! The leading figure over time, in the money of each year and of one year.

use super::{Cell, Part, Section, Tabular, Words, plain};
use crate::chart::{Chart, ChartOptions, Drawn, Row};
use crate::compare::{Trend, TrendPoint};
use crate::error::Result;
use crate::language::Message;
use crate::report::facts::Report;
use crate::report::page::Header;

pub(super) fn section(report: &Report, words: Words) -> Result<Option<Section>> {
    let Some(nominal) = report.nominal.as_ref().filter(|trend| trend.points.len() > 1) else {
        return Ok(None);
    };
    let real = report.real.as_ref();
    let mut parts = vec![drawn(nominal, real.and_then(|real| real.as_ref().ok()), words)?];
    if let Some(Err(error)) = real {
        parts.push(Part::Paragraph {
            text: Message::new("report.no-real-prices")
                .with("reason", error.message().render(words.0.language))
                .render(words.0.language),
        });
    }
    parts.push(Part::Table(table(
        nominal,
        real.and_then(|real| real.as_ref().ok()),
        words,
    )));
    parts.extend(by_part(report, words)?);
    let notes = nominal
        .notes
        .iter()
        .chain(real.into_iter().flatten().flat_map(|real| &real.notes));
    let known = report
        .headline()
        .map(|headline| headline.notes.as_slice())
        .unwrap_or_default();
    let mut items: Vec<String> = Vec::new();
    for note in notes.filter(|note| !known.contains(note)) {
        let text = note.message.render(words.0.language);
        if !items.contains(&text) {
            items.push(text);
        }
    }
    if !items.is_empty() {
        parts.push(Part::List {
            title: words.word("word.keep-in-mind"),
            items,
        });
    }
    Ok(Some(words.section("development", "report.development", parts)))
}

/// The parts of the figure, each in a small picture of its own, on one scale.
fn by_part(report: &Report, words: Words) -> Result<Option<Part>> {
    if report.parts.len() < 2 || report.parts.iter().any(|trend| trend.points.len() < 2) {
        return Ok(None);
    }
    // Their own names all end in what the section is about: the function is enough.
    let parts = report.composition.iter().flat_map(|whole| &whole.parts);
    let parts = parts.filter(|part| part.indicator.is_some());
    let named = report.parts.iter().zip(parts.clone()).map(|(trend, part)| {
        let mut trend = trend.clone();
        trend.context.label = part.label.clone();
        trend
    });
    let named: Vec<Trend> = named.collect();
    let series: Vec<&Trend> = named.iter().collect();
    let names: Vec<&str> = parts.map(|part| part.label.get(words.0.language)).collect();
    let chart = Chart::of_trends(&series, words.0.language)?;
    let table = parts_table(&series, &names, words);
    Ok(Some(words.illustration(&chart, Some(table))))
}

/// The parts side by side, period by period.
fn parts_table(series: &[&Trend], names: &[&str], words: Words) -> Tabular {
    let mut headers = vec![words.header("word.period", false)];
    headers.extend(names.iter().map(|name| Header {
        text: (*name).to_owned(),
        numeric: true,
    }));
    let periods = series
        .first()
        .map(|trend| trend.points.as_slice())
        .unwrap_or_default();
    let row = |point: &TrendPoint| {
        let mut cells = vec![Cell::words(point.period.to_string())];
        cells.extend(series.iter().map(|trend| {
            let same = trend.points.iter().find(|other| other.period == point.period);
            same.map_or_else(
                || Cell::words("–"),
                |point| words.figure(&point.cell, trend.context.decimals),
            )
        }));
        cells
    };
    let unit = series
        .first()
        .map(|trend| words.unit(&trend.context))
        .unwrap_or_default();
    let caption = format!("{}, {unit}", words.word("report.composition"));
    plain(caption, headers, periods.iter().map(row).collect())
}

/// One picture of both series: the area in the money of each year, in that of one year, and the country.
fn drawn(nominal: &Trend, real: Option<&Trend>, words: Words) -> Result<Part> {
    let language = words.0.language;
    let mut chart = nominal.chart(&ChartOptions::default(), language)?;
    if let Some((real, basis)) = real.and_then(|real| Some((real, real.context.price_basis.as_ref()?))) {
        let other = real.chart(&ChartOptions::default(), language)?;
        let called = |row: &mut Row, name: &Message| {
            row.name = name.clone().with("area", row.name.clone()).render(language);
            row.marks
                .iter_mut()
                .for_each(|mark| mark.name.clone_from(&row.name));
        };
        let current = Message::new("report.line-current");
        chart
            .rows
            .iter_mut()
            .take(1)
            .for_each(|row| called(row, &current));
        let in_money_of = Message::new("report.line-real");
        let lines = other.rows.into_iter().map(|mut row| {
            called(&mut row, &in_money_of);
            row
        });
        chart.rows.splice(1..1, lines);
        chart.description = Message::new("report.development-description")
            .with("nominal", chart.description.clone())
            .with("year", basis.year.to_string())
            .with("real", other.description)
            .render(language);
    }
    Ok(words.illustration(&chart, None))
}

fn table(nominal: &Trend, real: Option<&Trend>, words: Words) -> Tabular {
    let context = &nominal.context;
    let mut headers = vec![
        words.header("word.period", false),
        words.header("word.value", true),
        words.header("word.change", true),
    ];
    let basis = real.and_then(|real| real.context.price_basis.as_ref());
    if let Some(basis) = basis {
        let title = Message::new("report.real-value").with("basis", basis.to_string());
        headers.push(Header {
            text: title.render(words.0.language),
            numeric: true,
        });
        headers.push(words.header("report.real-change", true));
    }
    headers.extend(nominal.groups.first().map(|group| Header {
        text: group.name.get(words.0.language).to_owned(),
        numeric: true,
    }));
    let row = |(place, point): (usize, &TrendPoint)| {
        let mut cells = vec![Cell::words(point.period.to_string())];
        cells.extend(value_and_change(nominal, point, words));
        if let Some(real) = real {
            let same = real.points.iter().find(|other| other.period == point.period);
            cells.extend(same.map_or_else(
                || vec![Cell::words("–"), Cell::words("–")],
                |point| value_and_change(real, point, words),
            ));
        }
        cells.extend(nominal.groups.first().map(|group| {
            let group = group.points.get(place);
            let value = group.and_then(|group| group.value);
            words.value(value, group.and_then(|group| group.missing), context.decimals)
        }));
        cells
    };
    let rows: Vec<Vec<Cell>> = nominal.points.iter().enumerate().map(row).collect();
    let caption = format!("{}, {}", words.label(context), words.unit(context));
    plain(caption, headers, rows)
}

fn value_and_change(trend: &Trend, point: &TrendPoint, words: Words) -> Vec<Cell> {
    let change = match (point.change, point.change_missing) {
        (None, Some(reason)) => Cell::words(words.word(reason.message_code())),
        (None, None) => Cell::words("–"),
        (change, _) => {
            let text = words.0.difference(change, &trend.context);
            let mut cell = Cell::number(text, change);
            let relative = point.change_relative.filter(|_| !trend.context.unit.is_percent());
            cell.aside = relative
                .map(|_| words.0.signed_percent(relative))
                .unwrap_or_default();
            cell
        }
    };
    vec![words.figure(&point.cell, trend.context.decimals), change]
}
