//! `peers`: the municipalities that are most like one, and why.

mod group;
mod list;
mod model;
mod options;
mod result;
mod search;

pub(super) use group::{SIMILAR, Similar};
pub use list::PeerModelList;
pub use options::PeersOptions;
pub use result::{
    CandidateSet, CorrelatedVariables, IncomparableArea, PeerModelUse, PeerRow, PeerVariableUse, Peers,
    PeersIndicator,
};

use super::compare_verb::{context, reliable};
use super::notes::{Notes, info, warning, word_text};
use super::{AreaLabel, Context, Note, PeerGroup};
use crate::catalogue::PeerModel;
use crate::error::Result;
use crate::language::{Message, Param, Text};
use crate::model::{Indicator, IndicatorId, Unit};
use crate::panel::{Borders, Slice, Slicer};
use crate::release::Release;
use crate::stats::{Neighbour, median};
use search::{DRAWS, Found, Variable, Wanted};

impl Release {
    /// The municipalities most like one, by a peer model: distance, what separates them, and how firmly they stand.
    ///
    /// Each variable is standardised over the candidates and the area, `z = (x − x̄)/s`; the distance of two areas is
    /// `D = √ Σ w_k (z_ik − z_jk)²` with `Σ w = 1`, and `w_k (Δz)²/D²` is what a variable contributes to it (the
    /// contributions sum to 1). A peer is reciprocal when the area is among its own k nearest as well. Its stability is the
    /// share of 200 seeded draws, in which every weight is changed on its own by up to a quarter, where it stays among the
    /// k nearest.
    ///
    /// A variable without a period of its own takes the last one that is not after the period asked for. All variables
    /// stand on the same borders, those of the period asked for.
    ///
    /// # Missing values
    /// Two areas are compared by the variables that both have, with weights that again sum to 1, from a share of the
    /// weights on that the model names (0.6 unless it says another one). A candidate below it is left out and named; an
    /// area below it is refused.
    ///
    /// # Ties
    /// Of equal distances the smaller code is nearer.
    ///
    /// # Errors
    /// [`crate::Error::UnknownPeerModel`]; [`crate::Error::PeerVariableWithoutSpread`] and
    /// [`crate::Error::PeerVariableNotPositive`] for variables that no distance can be made of;
    /// [`crate::Error::TooFewCandidates`] for more peers than there are, [`crate::Error::AreaWithoutVariables`] for an area
    /// that lacks too many of them; otherwise as [`Release::compare`].
    ///
    /// # Example: those that spend alike on libraries and on museums
    /// ```
    /// use kultti_core::compare::PeersOptions;
    /// use kultti_core::release::Release;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// let options = PeersOptions::from("Kokkola").with_period(2019).with_k(3).with_variables([
    ///     "library.net_operating_cost_per_inhabitant:2",
    ///     "museum.net_operating_cost_per_inhabitant",
    /// ]);
    /// let peers = release.peers(options)?;
    /// assert_eq!(peers.peers.len(), 3);
    /// let shares: f64 = peers.peers[0].contributions.iter().flatten().sum();
    /// assert!((shares - 1.0).abs() < 1e-12);
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    ///
    /// Source: the similar municipalities of Kolada (RKA); Gower (1971) for pairwise complete distances. Stability under
    /// drawn weights after the uncertainty analysis of composite indicators (OECD/JRC 2008).
    pub fn peers(&self, options: impl Into<PeersOptions>) -> Result<Peers> {
        let options = options.into();
        if options.area.is_empty() {
            return Err(crate::Error::AreaRequired { group: String::new() });
        }
        let slicer = Slicer::new(self);
        let indicator = options.indicator.as_deref();
        let indicator = indicator.map(|id| self.catalogue().indicator(id)).transpose()?;
        let model = model::of_question(self, &options, indicator)?;
        let period = match indicator {
            Some(indicator) => Some(slicer.period(indicator, options.period)?),
            None => options.period,
        };
        let found = Found::search(
            &slicer,
            Wanted {
                model,
                area: &options.area,
                period,
                borders: options.borders,
                candidates: options.candidates.as_deref(),
                as_of_year: options.as_of_year,
                k: options.k,
                max_distance: options.max_distance,
            },
        )?;
        let beside = indicator
            .map(|indicator| {
                let slice = slicer.slice(indicator, found.period, Borders::On(found.date), None)?;
                Ok::<_, crate::Error>((indicator, slice))
            })
            .transpose()?;
        let beside = beside.as_ref().map(|(indicator, slice)| (*indicator, slice));
        let mut peers = answer(&slicer, &found, beside, options.max_distance);
        peers.context = peers.context.asked(options.query(&found.area, found.period));
        Ok(peers)
    }
}

/// The similar areas of a group that an area was compared with, found anew.
pub(in crate::compare) fn similar_to(
    slicer: &Slicer,
    model: PeerModel,
    slice: &Slice,
    (area, group): (&AreaLabel, &PeerGroup),
) -> Result<Peers> {
    let wanted = Wanted {
        model,
        area: area.code.as_str(),
        period: Some(slice.period),
        borders: Borders::On(slice.date),
        candidates: None,
        as_of_year: None,
        k: Some(group.row.areas.len()),
        max_distance: None,
    };
    let found = Found::search(slicer, wanted)?;
    Ok(answer(slicer, &found, None, None))
}

fn answer(
    slicer: &Slicer,
    found: &Found,
    beside: Option<(&Indicator, &Slice)>,
    max_distance: Option<f64>,
) -> Peers {
    let stability = found.stability();
    let row = |(peer, stability): (&Neighbour, f64)| {
        let position = found.position(peer.area);
        PeerRow {
            area: found.label(slicer, peer.area),
            distance: peer.distance,
            common_weight: found.distances.common_weight(found.own, peer.area),
            contributions: found.distances.contributions(found.own, peer.area),
            cells: found
                .variables
                .iter()
                .map(|variable| reliable(variable.indicator, &variable.slice, position))
                .collect(),
            reciprocal: found.distances.is_near(found.own, peer.area, found.nearness),
            stability,
            cell: beside.map(|(indicator, slice)| reliable(indicator, slice, position)),
        }
    };
    let peers: Vec<PeerRow> = found.peers.iter().zip(stability).map(row).collect();
    let own = found.position(found.own);
    let borders = Borders::On(found.date);
    let model = PeerModelUse {
        id: found.model.id.clone(),
        version: found.model.version,
        label: found.model.label.clone(),
        description: found.model.description.clone(),
        k: found.nearness.k,
        min_weight_share: found.nearness.least_common_weight,
        max_distance,
        draws: DRAWS.count,
        draw_spread: DRAWS.spread,
    };
    Peers {
        context: of_model(slicer, found),
        period: found.period,
        borders: found.date,
        area: found.area.clone(),
        candidates: found.candidates.clone(),
        variables: variables(slicer, found),
        indicator: beside.map(|(indicator, slice)| PeersIndicator {
            context: context(slicer, indicator, borders, None),
            period: slice.period,
            cell: reliable(indicator, slice, own),
        }),
        left_out: found.left_out(slicer),
        correlated: found.correlated(),
        notes: remarks(slicer, found, beside, &peers),
        peers,
        model,
    }
}

/// The distances are figures of the model, which takes the place of an indicator.
fn of_model(slicer: &Slicer, found: &Found) -> Context {
    let borders = Borders::On(found.date);
    let mut sources: Vec<Text> = Vec::new();
    let mut registers: Vec<String> = Vec::new();
    let mut retrieved = None;
    for variable in &found.variables {
        let common = context(slicer, variable.indicator, borders, None);
        retrieved = retrieved.max(common.retrieved);
        for (source, register) in common.sources.into_iter().zip(common.registers) {
            if !registers.contains(&register) {
                sources.push(source);
                registers.push(register);
            }
        }
    }
    Context {
        indicator: IndicatorId::from(found.model.id.as_str()),
        definition: found.model.definition_id(),
        label: found.model.label.clone(),
        description: found.model.description.clone(),
        unit: Unit::one(),
        unit_symbol: word_text("word.distance"),
        decimals: 2,
        scope: None,
        scope_sentence: None,
        territory: found.date.to_string(),
        release: slicer.release().id().to_owned(),
        price_basis: None,
        three_year: false,
        sources,
        registers,
        retrieved,
        theme: None,
        query: String::new(),
    }
}

fn variables(slicer: &Slicer, found: &Found) -> Vec<PeerVariableUse> {
    let borders = Borders::On(found.date);
    let used = |(place, variable): (usize, &Variable)| {
        let common = context(slicer, variable.indicator, borders, None);
        let of_peers = found
            .peers
            .iter()
            .filter_map(|peer| variable.slice.value(found.position(peer.area)));
        PeerVariableUse {
            indicator: common.indicator,
            definition: common.definition,
            label: common.label,
            unit: common.unit,
            unit_symbol: common.unit_symbol,
            decimals: common.decimals,
            period: variable.slice.period,
            weight: found.distances.weight(place),
            log: variable.declared.log,
            reason: variable.declared.reason.clone(),
            standard: found.distances.standard(place),
            cell: reliable(variable.indicator, &variable.slice, found.position(found.own)),
            peers_median: median(&of_peers.collect::<Vec<f64>>()),
        }
    };
    found.variables.iter().enumerate().map(used).collect()
}

/// A warning where the peers were chosen by the very figures that they are then compared by.
fn circular(found: &Found, indicator: &Indicator) -> Option<Note> {
    let measured = indicator.formula.numerator.measures();
    let overlaps = |variable: &&Variable| {
        let measures = variable.indicator.formula.numerator.measures();
        measures.iter().any(|measure| measured.contains(measure))
    };
    let names: Vec<Param> = found
        .variables
        .iter()
        .filter(overlaps)
        .map(|variable| Param::from(&variable.indicator.label))
        .collect();
    (!names.is_empty())
        .then(|| warning(Message::new("note.peers-circular").with("variables", Param::List(names))))
}

fn remarks(
    slicer: &Slicer,
    found: &Found,
    beside: Option<(&Indicator, &Slice)>,
    peers: &[PeerRow],
) -> Vec<Note> {
    let mut notes = Vec::new();
    let label = |id: &IndicatorId| {
        let mut variables = found.variables.iter();
        let variable = variables.find(|variable| variable.indicator.id == *id);
        variable.map_or_else(
            || Param::from(id.as_str()),
            |variable| Param::from(&variable.indicator.label),
        )
    };
    for pair in found.correlated() {
        let message = Message::new("note.peers-correlated").with("left", label(&pair.left));
        let message = message.with("right", label(&pair.right));
        notes.push(warning(message.with("r", Param::Number(pair.r, 2))));
    }
    notes.extend(beside.and_then(|(indicator, _)| circular(found, indicator)));
    notes.extend(how_many(found));
    if !peers.is_empty() && peers.iter().all(|peer| !peer.reciprocal) {
        notes.push(info(
            Message::new("note.peers-one-sided").with("area", &found.area.name),
        ));
    }
    let lacking = found
        .variables
        .iter()
        .filter(|variable| variable.slice.value(found.position(found.own)).is_none());
    let lacking: Vec<Param> = lacking.map(|variable| label(&variable.indicator.id)).collect();
    if !lacking.is_empty() {
        let message = Message::new("note.peers-area-lacks").with("area", &found.area.name);
        notes.push(warning(message.with("variables", Param::List(lacking))));
    }
    let named = |areas: Vec<&Text>| Param::List(areas.into_iter().map(Param::from).collect());
    let own = found.distances.common_weight(found.own, found.own);
    let partly = peers.iter().filter(|peer| peer.common_weight < own);
    let partly: Vec<&Text> = partly.map(|peer| &peer.area.name).collect();
    if !partly.is_empty() {
        notes.push(info(
            Message::new("note.peers-partial").with("areas", named(partly)),
        ));
    }
    let left_out = found.left_out(slicer);
    if !left_out.is_empty() {
        let names = named(left_out.iter().map(|left_out| &left_out.area.name).collect());
        notes.push(info(Message::new("note.peers-left-out").with("areas", names)));
    }
    if let Some((indicator, slice)) = beside {
        let shown: Vec<usize> = found.peers.iter().map(|peer| found.position(peer.area)).collect();
        let gathered = Notes::new(slicer, indicator, slice);
        notes.extend(gathered.without_value(&shown));
        notes.extend(gathered.of_indicator());
    }
    notes
}

/// Fewer peers than the model names: there are no more to compare with, or they are too far away.
fn how_many(found: &Found) -> Vec<Note> {
    let (k, comparable) = (found.nearness.k, found.candidates.comparable);
    let mut notes = Vec::new();
    if comparable < k {
        let message = Message::new("note.peers-fewer").with("n", comparable);
        notes.push(info(message.with("k", k)));
    }
    let cut = k.min(comparable) - found.peers.len();
    if cut > 0 {
        notes.push(info(Message::new("note.peers-cut").with("count", cut)));
    }
    notes
}
