//! Every figure of the area with its place among all and beside its groups.

use super::{Cell, Part, Section, TableRow, Tabular, Words};
use crate::compare::{Comparison, PeerGroup};
use crate::language::Text;
use crate::model::Aggregate;
use crate::report::facts::{Figure, Report};
use crate::report::page::Header;

pub(super) fn section(report: &Report, words: Words) -> Section {
    let mut parts = Vec::new();
    if report.figures.is_empty() {
        parts.push(Part::Paragraph {
            text: words.word("report.no-figures"),
        });
    } else {
        parts.push(Part::Table(table(report, words)));
        parts.push(Part::Paragraph {
            text: words.word("report.key-figures-explained"),
        });
    }
    words.section("key-figures", "report.key-figures", parts)
}

/// A group that most figures are held against.
struct Column<'r> {
    grouping: &'r str,
    name: &'r Text,
}

fn table(report: &Report, words: Words) -> Tabular {
    let columns = columns(report);
    let mut headers = vec![
        words.header("word.indicator", false),
        words.header("word.value", true),
        words.header("word.period", true),
        words.header("word.rank", true),
    ];
    headers.extend(columns.iter().map(|column| Header {
        text: column.name.get(words.0.language).to_owned(),
        numeric: true,
    }));
    let row = |figure: &Figure| row(figure, &columns, words);
    Tabular {
        caption: words.word("report.key-figures-caption"),
        headers,
        rows: report.figures.iter().map(row).collect(),
    }
}

/// The groups of the last figure: the leading one is held against more, which stand in the section of the distribution.
fn columns(report: &Report) -> Vec<Column<'_>> {
    let first = report.figures.last().map(|figure| &figure.comparison);
    let peers = first.into_iter().flat_map(|comparison| &comparison.peers);
    let mut columns = Vec::new();
    for peer in peers {
        columns.push(Column {
            grouping: &peer.grouping,
            name: &peer.row.name,
        });
    }
    columns
}

fn row(figure: &Figure, columns: &[Column], words: Words) -> TableRow {
    let comparison = &figure.comparison;
    let context = &comparison.context;
    let mut name = Cell::words(words.label(context));
    name.aside = words.unit(context);
    let mut cells = vec![
        name,
        words.figure(&comparison.cell, context.decimals),
        Cell::words(comparison.period.to_string()),
        words.rank(comparison),
    ];
    let mut taken: Vec<&PeerGroup> = Vec::new();
    for column in columns {
        let of = |peer: &&PeerGroup| {
            peer.grouping == column.grouping && !taken.iter().any(|other| std::ptr::eq(*other, *peer))
        };
        let found = comparison.peers.iter().find(of);
        taken.extend(found);
        cells.push(found.map_or_else(|| Cell::words("–"), |peer| group(comparison, peer, column, words)));
    }
    TableRow {
        group: context.theme.as_ref().map_or_else(
            || words.word("report.background"),
            |theme| theme.get(words.0.language).to_owned(),
        ),
        own: false,
        cells,
    }
}

/// The value of a group, with the difference from it; another name or way of summarising than the usual one is said.
fn group(comparison: &Comparison, peer: &PeerGroup, column: &Column, words: Words) -> Cell {
    let context = &comparison.context;
    let row = &peer.row;
    let mut cell = words.value(row.value, row.missing, context.decimals);
    let mut beside = Vec::new();
    // A municipality's total is held against the mean of totals: a difference in per cent would say how large it is.
    let total = matches!(row.aggregate, Aggregate::Mean);
    if row.value.is_some() && !total {
        if context.unit.is_percent() {
            beside.extend(
                peer.difference
                    .map(|_| words.0.difference(peer.difference, context)),
            );
        } else {
            beside.extend(
                peer.difference_relative
                    .map(|_| words.0.signed_percent(peer.difference_relative)),
            );
        }
    }
    if row.name != *column.name {
        beside.push(row.name.get(words.0.language).to_owned());
    }
    if matches!(row.aggregate, Aggregate::Mean | Aggregate::Median) {
        beside.push(words.word(row.aggregate.word_code()));
    }
    cell.aside = beside.join("; ");
    cell
}
