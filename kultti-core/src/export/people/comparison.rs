//! A comparison for people: the figure, its place, the groups, what to keep in mind.

use super::Writer;
use crate::compare::{Comparison, GroupRow, MemberRow, Order, PeerGroup};
use crate::export::document::{Align, Block, Document, Grid};
use crate::language::{Language, Message, Param, format_signed, word};
use crate::model::Aggregate;
use crate::stats::Band;

pub(in crate::export) fn comparison(result: &Comparison, language: Language) -> Document {
    let writer = Writer { language };
    let context = &result.context;
    let aside = result
        .cell
        .value
        .map_or_else(String::new, |_| writer.cell(&result.cell, context.decimals));
    let mut blocks = vec![Block::Heading {
        text: format!("{} {}", writer.name(&result.area), result.area.code),
        aside,
        level: 2,
    }];
    if result.cell.value.is_none() {
        blocks.push(Block::Paragraph(writer.cell(&result.cell, context.decimals)));
    }
    if let Some(found) = &result.intervals {
        let own = writer.limits_of(found.area.as_ref(), context.decimals);
        let reason = found
            .area
            .and_then(|area| area.missing)
            .filter(|_| result.cell.value.is_some());
        let reason = reason.map(|reason| word(reason.message_code(), language).to_owned());
        let method = Param::Word(found.method.word_code().to_owned());
        let title = Message::new("word.interval-of-area")
            .with("level", writer.level(found))
            .with("method", method);
        blocks.push(Block::Paragraph(format!(
            "{}: {}",
            title.render(language),
            reason.unwrap_or(own)
        )));
    }
    blocks.push(strip(writer, result));
    if !result.peers.is_empty() {
        blocks.push(Block::Grid(peers(writer, result)));
    }
    let listed = result.peers.iter().filter(|peer| !peer.standing.list.is_empty());
    blocks.extend(listed.map(|peer| Block::Grid(members(writer, result, peer))));
    writer.sheet(context, result.period.to_string(), blocks, &result.notes)
}

fn strip(writer: Writer, result: &Comparison) -> Block {
    let position = &result.position;
    // With a direction the first is the best; without one it is only the largest or the smallest.
    let code = match (position.rank, position.order) {
        (None, _) => "word.not-ranked",
        (_, Order::Descending) if !direction_is_known(result) => "word.position-descending",
        (_, Order::Ascending) if !direction_is_known(result) => "word.position-ascending",
        _ => "word.position-best",
    };
    let rank = position
        .rank
        .map_or_else(|| Param::from(""), |rank| Param::Number(rank, 0));
    let label = Message::new(code)
        .with("rank", rank)
        .with("n", position.n)
        .render(writer.language);
    let end = |code, value: Option<&f64>| {
        value.map(|value| {
            format!(
                "{} {}",
                writer.word(code),
                writer.number(*value, result.context.decimals)
            )
        })
    };
    let low = end("word.lowest", result.distribution.first()).unwrap_or_default();
    let high = result.distribution.last();
    let high = high.map(|value| {
        format!(
            "{} {}",
            writer.number(*value, result.context.decimals),
            writer.word("word.highest")
        )
    });
    Block::Strip {
        label,
        values: result.distribution.clone(),
        marked: result.cell.value,
        ends: (low, high.unwrap_or_default()),
    }
}

fn direction_is_known(result: &Comparison) -> bool {
    !result.notes.iter().any(|note| note.code() == "direction-none")
}

fn peers(writer: Writer, result: &Comparison) -> Grid {
    let usual = result
        .peers
        .iter()
        .map(|peer| peer.row.aggregate)
        .find(|aggregate| *aggregate != Aggregate::Published);
    let decimals = result.context.decimals;
    let banded = result.peers.iter().any(|peer| peer.standing.bands.is_some());
    // Per cent of per cent beside percentage points would be taken for them.
    let share = result.context.unit.is_percent();
    let row = |(place, peer): (usize, &PeerGroup)| {
        let row = &peer.row;
        let mut cells = vec![
            group_name(writer, row, usual),
            group_value(writer, row, decimals),
            writer.difference(peer.difference, &result.context),
            writer.count(row),
            writer.coverage(row.coverage_denominator.or(row.coverage_areas)),
        ];
        if !share {
            cells.insert(3, writer.signed_percent(peer.difference_relative));
        }
        if banded {
            let bands = peer.standing.bands.as_ref();
            cells.push(band(writer, bands.and_then(|bands| bands.band)));
        }
        if let Some(found) = &result.intervals {
            let significance = found.bands.get(place).copied().flatten();
            let significance = significance.map_or("–", |band| word(band.word_code(), writer.language));
            let at = if share { 3 } else { 4 };
            cells.splice(
                at..at,
                [
                    writer.limits_of(found.groups.get(place), decimals),
                    significance.to_owned(),
                ],
            );
        }
        cells
    };
    let headers = peer_headers(writer, result, (banded, share));
    Grid {
        caption: String::new(),
        headers,
        rows: result.peers.iter().enumerate().map(row).collect(),
    }
}

/// The headings over [`peers`].
fn peer_headers(writer: Writer, result: &Comparison, (banded, share): (bool, bool)) -> Vec<(String, Align)> {
    let mut headers = vec![
        writer.header("word.compared-with", Align::Left),
        writer.header("word.value", Align::Right),
        writer.header("word.difference", Align::Right),
        writer.header("word.areas", Align::Right),
        writer.header("word.covered", Align::Right),
    ];
    if !share {
        headers.insert(3, ("%".to_owned(), Align::Right));
    }
    if banded {
        headers.push(writer.header("word.band", Align::Left));
    }
    if let Some(found) = &result.intervals {
        let level = (writer.level(found), Align::Right);
        let at = if share { 3 } else { 4 };
        headers.splice(at..at, [level, writer.header("word.significance", Align::Left)]);
    }
    headers
}

/// The name of a group, with its way of summarising where that is not the usual one of the table.
fn group_name(writer: Writer, row: &GroupRow, usual: Option<Aggregate>) -> String {
    let name = row.name.get(writer.language);
    match usual {
        Some(usual) if usual != row.aggregate => {
            format!("{name} ({})", word(row.aggregate.word_code(), writer.language))
        }
        _ => name.to_owned(),
    }
}

/// The value of a group; a letter says that its areas differ in what their figures hold.
fn group_value(writer: Writer, row: &GroupRow, decimals: usize) -> String {
    let text = writer.value(row.value, row.missing, decimals);
    if row.value.is_some() && row.status == 'D' {
        return format!("{text} {}", row.status);
    }
    text
}

fn band(writer: Writer, band: Option<Band>) -> String {
    band.map_or_else(
        || "–".to_owned(),
        |band| {
            writer.word(match band {
                Band::Best => "word.band-best",
                Band::Middle => "word.band-middle",
                Band::Worst => "word.band-worst",
            })
        },
    )
}

/// The members of a group; the area itself is marked.
fn members(writer: Writer, result: &Comparison, peer: &PeerGroup) -> Grid {
    let banded = peer.standing.bands.is_some();
    let decimals = result.context.decimals;
    let row = |row: &MemberRow| {
        let rank = row
            .rank
            .map_or_else(|| "–".to_owned(), |rank| writer.number(rank, 0));
        let name = writer.name(&row.area);
        let mut cells = vec![
            rank,
            row.area.code.to_string(),
            if row.own { format!("▸ {name}") } else { name },
            writer.cell(&row.cell, decimals),
            writer.difference(row.difference, &result.context),
        ];
        if banded {
            cells.push(band(writer, row.band));
        }
        cells
    };
    let mut headers = vec![
        writer.header("word.rank", Align::Right),
        writer.header("word.code", Align::Left),
        writer.header("word.name", Align::Left),
        writer.header("word.value", Align::Right),
        writer.header("word.difference", Align::Right),
    ];
    if banded {
        headers.push(writer.header("word.band", Align::Left));
    }
    let name = peer.row.name.get(writer.language);
    let caption = peer.standing.difference_budget.map(|money| {
        // Of a ratio of money the first part of the unit is the money.
        let unit = result.context.unit_symbol.get(writer.language);
        let unit = unit.split(" / ").next().unwrap_or_default();
        let money = format!("{}\u{a0}{unit}", format_signed(money, 0, writer.language));
        Message::new("word.in-budget")
            .with("group", name)
            .with("money", money)
            .render(writer.language)
    });
    Grid {
        caption: caption.unwrap_or_else(|| name.to_owned()),
        headers,
        rows: peer.standing.list.iter().map(row).collect(),
    }
}
