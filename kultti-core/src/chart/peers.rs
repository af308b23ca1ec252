//! Similar municipalities: the area and its peers by the indicator asked about, or by how near they are.

use super::groups::by_value;
use super::model::{Axis, Chart, ChartKind, ChartOptions, Drawn, Mark, Role, Row};
use super::words::{Words, dated};
use crate::compare::{AreaLabel, Peers, PeersIndicator};
use crate::error::Result;
use crate::language::{Language, Message, word};
use crate::model::Period;
use crate::panel::Cell;

impl Drawn for Peers {
    fn kinds(&self) -> &'static [ChartKind] {
        &[ChartKind::Peers]
    }

    fn chart(&self, options: &ChartOptions, language: Language) -> Result<Chart> {
        ChartKind::among(self.kinds(), options.kind)?;
        let words = Words::new(language);
        match &self.indicator {
            Some(indicator) => Ok(by_figure(self, indicator, words)),
            None => Ok(by_distance(self, words)),
        }
    }
}

fn row(area: &AreaLabel, role: Role, (period, cell): (Period, &Cell), language: Language) -> Row {
    let name = area.name.get(language).to_owned();
    Row {
        role,
        marks: vec![Mark {
            role,
            code: area.code.to_string(),
            name: name.clone(),
            period,
            value: cell.value,
            status: cell.letter(),
            missing: cell.missing,
            rank: None,
            after_break: false,
        }],
        name,
    }
}

fn by_figure(result: &Peers, indicator: &PeersIndicator, words: Words) -> Chart {
    let language = words.language;
    let period = indicator.period;
    let own = row(&result.area, Role::Area, (period, &indicator.cell), language);
    let peers = result.peers.iter().map(|peer| {
        let none = Cell::default();
        row(
            &peer.area,
            Role::Peer,
            (period, peer.cell.as_ref().unwrap_or(&none)),
            language,
        )
    });
    let mut rows: Vec<Row> = [own].into_iter().chain(peers).collect();
    let axis = words.axis(&indicator.context);
    let value = match (indicator.cell.value, indicator.cell.missing) {
        (Some(value), _) => words.figure(value, &axis),
        (None, missing) => missing
            .map_or("–", |reason| word(reason.message_code(), language))
            .to_owned(),
    };
    let figures = || result.peers.iter().filter_map(|peer| peer.cell.as_ref()?.value);
    let end = |value: Option<f64>| value.map_or_else(String::new, |value| words.figure(value, &axis));
    let message = Message::new("chart.beside-similar")
        .with("area", dated(result.area.name.get(language), period))
        .with("value", value)
        .with("n", figures().count())
        .with("low", end(figures().min_by(f64::total_cmp)))
        .with("high", end(figures().max_by(f64::total_cmp)));
    by_value(&mut rows);
    Chart {
        kind: ChartKind::Peers,
        language,
        title: words.title(&indicator.context, &dated(result.area.name.get(language), period)),
        description: words.render(&message),
        axis,
        rows,
        turns: Vec::new(),
        bands: None,
        source: words.source(&indicator.context),
    }
}

/// Nearest first; the distance is in standard deviations of the model's variables.
fn by_distance(result: &Peers, words: Words) -> Chart {
    let language = words.language;
    let peer = |peer: &crate::compare::PeerRow| {
        let distance = Cell {
            value: Some(peer.distance),
            ..Cell::default()
        };
        row(&peer.area, Role::Peer, (result.period, &distance), language)
    };
    let rows: Vec<Row> = result.peers.iter().map(peer).collect();
    let axis = Axis {
        label: word("word.distance", language).to_owned(),
        unit: String::new(),
        decimals: result.context.decimals,
    };
    let said = |row: &Row| {
        let mark = row.marks.first()?;
        Some(format!("{} {}", mark.name, words.figure(mark.value?, &axis)))
    };
    let ends = |row: Option<&Row>| row.and_then(said).unwrap_or_default();
    let message = Message::new("chart.nearest")
        .with("area", result.area.name.get(language))
        .with("n", rows.len())
        .with("first", ends(rows.first()))
        .with("last", ends(rows.last()));
    Chart {
        kind: ChartKind::Peers,
        language,
        title: words.title(
            &result.context,
            &dated(result.area.name.get(language), result.period),
        ),
        description: words.render(&message),
        axis,
        rows,
        turns: Vec::new(),
        bands: None,
        source: words.source(&result.context),
    }
}
