//! Similar municipalities for people: who they are, what separates them most, and by what they were found.

use super::{Writer, title};
use crate::catalogue::PeerModel;
use crate::compare::{PeerModelList, PeerRow, PeerVariableUse, Peers};
use crate::export::document::{Align, Block, Document, Grid};
use crate::language::{Language, Message};
use crate::territory::COUNTRY;

pub(in crate::export) fn peers(result: &Peers, language: Language) -> Document {
    let writer = Writer { language };
    let heading = Message::new("word.similar-to")
        .with("area", writer.name(&result.area))
        .with("code", result.area.code.as_str())
        .render(language);
    let mut blocks = vec![title(heading, result.period.to_string())];
    blocks.push(Block::Paragraph(method(writer, result)));
    blocks.push(Block::Grid(nearest(writer, result)));
    blocks.push(Block::Grid(variables(writer, result)));
    let mut lines = vec![
        writer.word("word.distance-means"),
        writer.word("word.stability-means"),
    ];
    lines.extend(result.notes.iter().map(|note| note.message.render(language)));
    blocks.push(Block::List {
        title: writer.word("word.keep-in-mind"),
        items: lines,
    });
    blocks.push(writer.footer(&result.context));
    writer.document(blocks)
}

/// By which model, and among whom.
fn method(writer: Writer, result: &Peers) -> String {
    let among = if result.candidates.grouping == COUNTRY {
        String::new()
    } else {
        result.candidates.name.get(writer.language).to_owned()
    };
    let version = match result.model.version {
        0 => String::new(),
        version => version.to_string(),
    };
    Message::new("word.peers-method")
        .with("model", &result.model.label)
        .with("version", version)
        .with("n", result.candidates.comparable)
        .with("among", among)
        .render(writer.language)
}

fn nearest(writer: Writer, result: &Peers) -> Grid {
    let beside = result.indicator.as_ref();
    let mut headers = vec![
        writer.header("word.code", Align::Left),
        writer.header("word.name", Align::Left),
        writer.header("word.distance", Align::Right),
        writer.header("word.separates", Align::Left),
        writer.header("word.mutual", Align::Left),
        writer.header("word.stability", Align::Right),
    ];
    let mut rows = Vec::new();
    if let Some(beside) = beside {
        headers.insert(2, writer.header("word.value", Align::Right));
        rows.push(vec![
            result.area.code.to_string(),
            writer.name(&result.area),
            writer.cell(&beside.cell, beside.context.decimals),
            "–".to_owned(),
            String::new(),
            String::new(),
            String::new(),
        ]);
    }
    for peer in &result.peers {
        let mut row = vec![
            peer.area.code.to_string(),
            writer.name(&peer.area),
            writer.number(peer.distance, 2),
            separates(writer, result, peer),
            writer.word(if peer.reciprocal { "word.yes" } else { "word.no" }),
            writer.percent(Some(peer.stability), 0),
        ];
        if let (Some(cell), Some(beside)) = (&peer.cell, beside) {
            row.insert(2, writer.cell(cell, beside.context.decimals));
        }
        rows.push(row);
    }
    let caption = beside.map(|beside| format!("{} {}", writer.title(&beside.context), beside.period));
    Grid {
        caption: caption.unwrap_or_default(),
        headers,
        rows,
    }
}

/// The variable that separates a peer most, its value, and how much of the distance it makes up.
fn separates(writer: Writer, result: &Peers, peer: &PeerRow) -> String {
    let Some((place, share)) = peer.largest() else {
        return writer.word("word.nothing-separates");
    };
    let used = &result.variables[place];
    format!(
        "{}: {} ({})",
        used.label.get(writer.language),
        writer.cell(&peer.cells[place], used.decimals),
        writer.percent(Some(share), 0)
    )
}

fn variables(writer: Writer, result: &Peers) -> Grid {
    let row = |used: &PeerVariableUse| {
        let unit = used.unit_symbol.get(writer.language);
        let name = match unit {
            "" => used.label.get(writer.language).to_owned(),
            unit => format!("{}, {unit}", used.label.get(writer.language)),
        };
        let median = used
            .peers_median
            .map_or_else(|| "–".to_owned(), |value| writer.number(value, used.decimals));
        vec![
            name,
            used.period.to_string(),
            writer.percent(Some(used.weight), 0),
            writer.cell(&used.cell, used.decimals),
            median,
        ]
    };
    Grid {
        caption: writer.word("word.peer-variables"),
        headers: vec![
            writer.header("word.variable", Align::Left),
            writer.header("word.period", Align::Left),
            writer.header("word.weight", Align::Right),
            (result.area.name.get(writer.language).to_owned(), Align::Right),
            writer.header("word.peers-median", Align::Right),
        ],
        rows: result.variables.iter().map(row).collect(),
    }
}

pub(in crate::export) fn peer_models(list: &PeerModelList, language: Language) -> Document {
    let writer = Writer { language };
    let mut blocks = Vec::new();
    for model in &list.models {
        let aside = Message::new("word.model-version")
            .with("version", model.version.to_string())
            .with("k", model.k)
            .render(language);
        blocks.push(title(
            format!("{} ({})", model.label.get(language), model.id),
            aside,
        ));
        blocks.push(Block::Paragraph(model.description.get(language).to_owned()));
        blocks.push(Block::Grid(reasons(writer, list, model)));
    }
    writer.document(blocks)
}

fn reasons(writer: Writer, list: &PeerModelList, model: &PeerModel) -> Grid {
    let total: f64 = model.variables.iter().map(|variable| variable.weight).sum();
    let row = |variable: &crate::catalogue::PeerVariable| {
        let label = list.label(&variable.indicator);
        let name = match (variable.log, variable.period) {
            (true, _) => format!("{} (log)", label.get(writer.language)),
            (false, Some(period)) => format!("{} {period}", label.get(writer.language)),
            (false, None) => label.get(writer.language).to_owned(),
        };
        vec![
            name,
            writer.percent(Some(variable.weight / total), 0),
            variable.reason.get(writer.language).to_owned(),
        ]
    };
    Grid {
        caption: String::new(),
        headers: vec![
            writer.header("word.variable", Align::Left),
            writer.header("word.weight", Align::Right),
            writer.header("word.why", Align::Left),
        ],
        rows: model.variables.iter().map(row).collect(),
    }
}
