//! A comparison as a distribution of all areas, or as an area beside its groups.

use super::bands::band_key;
use super::model::{Chart, ChartKind, ChartOptions, Drawn, Mark, Role, Row};
use super::words::{Words, dated, has_direction};
use crate::compare::{Comparison, MemberRow, PeerGroup, RankedArea, Unranked};
use crate::error::Result;
use crate::language::{Language, Message, Param, word};
use crate::model::Period;
use crate::stats::Order;

impl Drawn for Comparison {
    fn kinds(&self) -> &'static [ChartKind] {
        &[ChartKind::Distribution, ChartKind::Peers]
    }

    fn chart(&self, options: &ChartOptions, language: Language) -> Result<Chart> {
        let kind = ChartKind::among(self.kinds(), options.kind)?;
        let words = Words::new(language);
        let mut rows = Vec::new();
        if kind == ChartKind::Distribution {
            rows.push(everyone(self, words));
            rows.extend(self.peers.iter().map(|peer| value_of(peer, self.period, words)));
        } else {
            rows.push(Row {
                role: Role::Area,
                name: self.area.name.get(language).to_owned(),
                marks: vec![own(self, words)],
            });
            rows.extend(
                self.peers
                    .iter()
                    .map(|peer| with_members(peer, self.period, words)),
            );
        }
        let about = dated(self.area.name.get(language), self.period);
        let axis = words.axis(&self.context);
        Ok(Chart {
            kind,
            language,
            title: words.title(&self.context, &about),
            description: described(self, words),
            axis,
            rows,
            turns: Vec::new(),
            bands: band_key(self, words).filter(|_| kind == ChartKind::Distribution),
            source: words.source(&self.context),
        })
    }
}

/// The area's own figure.
fn own(result: &Comparison, words: Words) -> Mark {
    Mark {
        role: Role::Area,
        code: result.area.code.to_string(),
        name: result.area.name.get(words.language).to_owned(),
        period: result.period,
        value: result.cell.value,
        status: result.cell.letter(),
        missing: result.cell.missing,
        rank: result.position.rank,
        after_break: false,
    }
}

/// All areas of the country, the area asked for among them; one that is not ranked stands at the end.
fn everyone(result: &Comparison, words: Words) -> Row {
    let own_code = &result.area.code;
    let ranked = |(value, one): (&f64, &RankedArea)| Mark {
        role: Role::Other,
        code: one.area.code.to_string(),
        name: one.area.name.get(words.language).to_owned(),
        period: result.period,
        value: Some(*value),
        status: one.status,
        missing: None,
        rank: None,
        after_break: false,
    };
    let left_out = |one: &Unranked| Mark {
        role: Role::Other,
        code: one.area.code.to_string(),
        name: one.area.name.get(words.language).to_owned(),
        period: result.period,
        value: None,
        status: one.status,
        missing: one.missing,
        rank: None,
        after_break: false,
    };
    let others = result.distribution.iter().zip(&result.distribution_areas);
    let others = others.filter(|(_, one)| one.area.code != *own_code).map(ranked);
    let unranked = result.position.unranked.iter();
    let unranked = unranked.filter(|one| one.area.code != *own_code).map(left_out);
    Row {
        role: Role::Other,
        name: word("chart.all-areas", words.language).to_owned(),
        marks: others.chain([own(result, words)]).chain(unranked).collect(),
    }
}

/// A group's value.
fn value_of(peer: &PeerGroup, period: Period, words: Words) -> Row {
    let name = peer.row.name.get(words.language).to_owned();
    Row {
        role: Role::Group,
        marks: vec![Mark {
            role: Role::Group,
            code: peer.row.group.to_string(),
            name: name.clone(),
            period,
            value: peer.row.value,
            status: peer.row.status,
            missing: peer.row.missing,
            rank: None,
            after_break: false,
        }],
        name,
    }
}

/// A group's value and its members, where they were asked for. The area itself has a row of its own.
fn with_members(peer: &PeerGroup, period: Period, words: Words) -> Row {
    let mut row = value_of(peer, period, words);
    let member = |member: &MemberRow| Mark {
        role: Role::Peer,
        code: member.area.code.to_string(),
        name: member.area.name.get(words.language).to_owned(),
        period,
        value: member.cell.value,
        status: member.cell.letter(),
        missing: member.cell.missing,
        rank: member.rank,
        after_break: false,
    };
    let members = peer.standing.list.iter().filter(|member| !member.own);
    row.marks.extend(members.map(member));
    row
}

/// `Kokkola 2019: 154.59 € / inhabitant, rank 46 of 308, largest first. Compared with: Central Ostrobothnia 141.20, …`
fn described(result: &Comparison, words: Words) -> String {
    let axis = words.axis(&result.context);
    let about = dated(result.area.name.get(words.language), result.period);
    let value = match (result.cell.value, result.cell.missing) {
        (Some(value), _) => words.figure(value, &axis),
        (None, missing) => missing
            .map_or("–", |reason| word(reason.message_code(), words.language))
            .to_owned(),
    };
    let groups: Vec<String> = result
        .peers
        .iter()
        .filter_map(|peer| {
            let value = words.number(peer.row.value?, axis.decimals);
            Some(format!("{}\u{a0}{value}", peer.row.name.get(words.language)))
        })
        .collect();
    let message = Message::new("chart.compared")
        .with("area", about)
        .with("value", value)
        .with("place", place(result, words))
        .with("groups", groups.join("; "));
    words.render(&message)
}

/// Where the area stands among all; empty for one without a rank.
fn place(result: &Comparison, words: Words) -> String {
    let Some(rank) = result.position.rank else {
        return String::new();
    };
    let code = match (has_direction(&result.notes), result.position.order) {
        (true, _) => "word.position-best",
        (false, Order::Descending) => "word.position-descending",
        (false, Order::Ascending) => "word.position-ascending",
    };
    let message = Message::new(code)
        .with("rank", Param::Number(rank, 0))
        .with("n", result.position.n);
    words.render(&message)
}
