//! The similar municipalities as a group that `compare` holds an area against.

use super::model::{invalid, named};
use super::search::{Found, Wanted};
use crate::compare::Note;
use crate::compare::members::Peer;
use crate::compare::notes::info;
use crate::error::Result;
use crate::language::{Message, Param, Text};
use crate::model::{GroupCode, Indicator};
use crate::panel::{Borders, Slice, Slicer};
use crate::territory::GroupLabel;

/// The word that stands for similar municipalities where groupings are named.
pub(in crate::compare) const SIMILAR: &str = "similar";

/// `similar[:k][@model]`, where groupings are named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::compare) struct Similar {
    k: Option<usize>,
    model: Option<String>,
}

impl Similar {
    /// `None` where another group is meant.
    pub(in crate::compare) fn parse(token: &str) -> Option<Result<Self>> {
        let rest = token.trim().strip_prefix(SIMILAR)?;
        let (count, model) = match rest.split_once('@') {
            Some((count, model)) => (count, Some(model.trim())),
            None => (rest, None),
        };
        if !count.is_empty() && !count.starts_with(':') {
            return None;
        }
        let wrong = || invalid("peers", "similar[:K][@MODEL]", token);
        let k = match count.strip_prefix(':') {
            None => Ok(None),
            Some(k) => k.trim().parse().map(Some).map_err(|_| wrong()),
        };
        Some(k.and_then(|k| match model {
            Some("") => Err(wrong()),
            model => Ok(Self {
                k,
                model: model.map(str::to_owned),
            }),
        }))
    }

    /// The question that the word stands for.
    pub(in crate::compare) fn question(self, area: &str) -> super::PeersOptions {
        super::PeersOptions {
            k: self.k,
            model: self.model,
            ..super::PeersOptions::from(area)
        }
    }

    /// The group of similar municipalities, without the area itself.
    pub(in crate::compare) fn group(
        &self,
        slicer: &Slicer,
        indicator: &Indicator,
        slice: &Slice,
        area: usize,
    ) -> Result<(Peer, Vec<Note>)> {
        let code = slice.areas.codes()[area].clone();
        let wanted = Wanted {
            model: named(slicer.release(), self.model.as_deref(), Some(indicator))?,
            area: code.as_str(),
            period: Some(slice.period),
            borders: Borders::On(slice.date),
            candidates: None,
            as_of_year: None,
            k: self.k,
            max_distance: None,
        };
        let found = Found::search(slicer, wanted)?;
        let label = label(&found);
        let message = Message::new("note.similar-group")
            .with("group", &label.name)
            .with("model", &found.model.label)
            .with("version", found.model.version.to_string());
        let names = found
            .peers
            .iter()
            .map(|peer| Param::Text(found.label(slicer, peer.area).name));
        let message = message.with("areas", Param::List(names.collect()));
        let mut notes = vec![info(message)];
        notes.extend(super::circular(&found, indicator));
        let mut areas: Vec<usize> = found.peers.iter().map(|peer| found.position(peer.area)).collect();
        areas.sort_unstable();
        let peer = Peer {
            grouping: SIMILAR.to_owned(),
            label,
            model: Some(found.model),
            areas,
        };
        Ok((peer, notes))
    }
}

/// The name says how many there are, the code by which model they were found.
fn label(found: &Found) -> GroupLabel {
    let message = Message::new("word.similar-areas").with("n", found.peers.len());
    GroupLabel {
        code: GroupCode::new(found.model.definition_id()),
        name: Text::each(|language| message.render(language)),
    }
}
