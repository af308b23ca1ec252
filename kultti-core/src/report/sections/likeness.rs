//! The municipalities that the area is likened to, and why it is those.

use super::{Cell, Header, Part, Section, TableRow, Tabular, Words};
use crate::chart::{ChartOptions, Drawn};
use crate::compare::{PeerRow, PeerVariableUse, Peers};
use crate::error::Result;
use crate::language::Message;
use crate::report::facts::{Report, SimilarAreas};

pub(super) fn section(report: &Report, words: Words) -> Result<Option<Section>> {
    let parts = match &report.similar {
        SimilarAreas::NotAsked => return Ok(None),
        SimilarAreas::Failed(error) => vec![Part::Paragraph {
            text: Message::new("report.no-similar")
                .with("reason", error.message().render(words.0.language))
                .render(words.0.language),
        }],
        SimilarAreas::Found(peers) => found(peers, words)?,
    };
    Ok(Some(words.section("peers", "report.peers", parts)))
}

fn found(peers: &Peers, words: Words) -> Result<Vec<Part>> {
    let language = words.0.language;
    let model = &peers.model;
    let said = Message::new("report.peers-chosen")
        .with("model", &model.label)
        .with("version", model.version.to_string())
        .with("n", peers.candidates.n)
        .render(language);
    let mut parts = vec![
        Part::Paragraph { text: said },
        Part::Paragraph {
            text: model.description.get(language).to_owned(),
        },
    ];
    if peers.indicator.is_some() {
        let chart = peers.chart(&ChartOptions::default(), language)?;
        parts.push(words.illustration(&chart, None));
    }
    parts.push(Part::Table(who(peers, words)));
    parts.push(Part::Table(why(peers, words)));
    let notes = peers.notes.iter().map(|note| note.message.render(language));
    parts.push(Part::List {
        title: words.word("word.keep-in-mind"),
        items: notes.collect(),
    });
    parts.retain(|part| !matches!(part, Part::Paragraph { text } if text.is_empty()));
    Ok(parts)
}

/// The area and its peers, with their figures.
fn who(peers: &Peers, words: Words) -> Tabular {
    let mut headers = vec![
        words.header("word.area", false),
        words.header("word.distance", true),
    ];
    let beside = peers.indicator.as_ref();
    if let Some(indicator) = beside {
        headers.push(Header {
            text: format!(
                "{}, {} {}",
                words.label(&indicator.context),
                words.unit(&indicator.context),
                indicator.period
            ),
            numeric: true,
        });
    }
    headers.extend(peers.variables.iter().map(|variable| Header {
        text: format!(
            "{}, {} {}",
            variable.label.get(words.0.language),
            variable.unit_symbol.get(words.0.language),
            variable.period
        ),
        numeric: true,
    }));
    let mut own = vec![Cell::words(words.0.name(&peers.area)), Cell::words("–")];
    own.extend(beside.map(|indicator| words.figure(&indicator.cell, indicator.context.decimals)));
    let of_variable = |variable: &PeerVariableUse| words.figure(&variable.cell, variable.decimals);
    own.extend(peers.variables.iter().map(of_variable));
    let row = |peer: &PeerRow| {
        let mut cells = vec![
            Cell::words(words.0.name(&peer.area)),
            Cell::number(words.0.number(peer.distance, 2), Some(peer.distance)),
        ];
        if let Some(indicator) = beside {
            cells.push(peer.cell.as_ref().map_or_else(
                || Cell::words("–"),
                |cell| words.figure(cell, indicator.context.decimals),
            ));
        }
        let figures = peer.cells.iter().zip(&peers.variables);
        cells.extend(figures.map(|(cell, variable)| words.figure(cell, variable.decimals)));
        TableRow {
            group: String::new(),
            own: false,
            cells,
        }
    };
    let mut rows = vec![TableRow {
        group: String::new(),
        own: true,
        cells: own,
    }];
    rows.extend(peers.peers.iter().map(row));
    Tabular {
        caption: words.word("report.peers-caption"),
        headers,
        rows,
    }
}

/// The variables of the model, each with its weight and its reason.
fn why(peers: &Peers, words: Words) -> Tabular {
    let row = |variable: &PeerVariableUse| {
        vec![
            Cell::words(variable.label.get(words.0.language)),
            Cell::number(words.0.percent(Some(variable.weight), 0), Some(variable.weight)),
            Cell::words(variable.reason.get(words.0.language)),
        ]
    };
    super::plain(
        words.word("report.peers-variables"),
        vec![
            words.header("word.variable", false),
            words.header("word.weight", true),
            words.header("report.why", false),
        ],
        peers.variables.iter().map(row).collect(),
    )
}
