//! Looking for similar municipalities: variables on common borders, candidates, distances.

use super::model::invalid;
use super::result::{CandidateSet, CorrelatedVariables, IncomparableArea};
use crate::catalogue::{PeerModel, PeerVariable};
use crate::compare::members::{grouping_and_group, size_classes};
use crate::compare::{AreaLabel, compare_verb::reference_year};
use crate::error::{Error, Result};
use crate::model::{Date, Indicator, IndicatorId, Period};
use crate::panel::{Borders, Slice, Slicer, span};
use crate::stats::{
    DistanceRefusal, DistanceVariable, Distances, Nearness, Neighbour, STRONG_CORRELATION, WeightDraws,
};
use crate::territory::{Assignment, COUNTRY, GroupLabel};
use std::sync::Arc;

/// The draws of weights behind each stability. With 200 of them a share of one half is known to ± 0.07.
pub(super) const DRAWS: WeightDraws = WeightDraws {
    seed: 1,
    count: 200,
    spread: 0.25,
};

/// What is looked for.
pub(in crate::compare) struct Wanted<'a> {
    pub(super) model: PeerModel,
    pub(super) area: &'a str,
    /// The period asked for.
    pub(super) period: Option<Period>,
    pub(super) borders: Borders,
    pub(super) candidates: Option<&'a str>,
    pub(super) as_of_year: Option<i32>,
    /// The number of peers asked for, if one was.
    pub(super) k: Option<usize>,
    pub(super) max_distance: Option<f64>,
}

/// A variable of the model on the borders of the question.
pub(super) struct Variable<'r> {
    pub(super) declared: PeerVariable,
    pub(super) indicator: &'r Indicator,
    pub(super) slice: Slice,
}

/// What was found.
pub(super) struct Found<'r> {
    pub(super) model: PeerModel,
    pub(super) period: Period,
    pub(super) date: Date,
    pub(super) area: AreaLabel,
    pub(super) variables: Vec<Variable<'r>>,
    pub(super) candidates: CandidateSet,
    /// The positions of the candidates and the area on the borders, ascending; distances count places in this list.
    pub(super) set: Vec<usize>,
    /// The place of the area in the list.
    pub(super) own: usize,
    pub(super) distances: Distances,
    pub(super) nearness: Nearness,
    /// The nearest, a cut-off applied.
    pub(super) peers: Vec<Neighbour>,
}

impl<'r> Found<'r> {
    /// Finds the peers of an area.
    pub(super) fn search(slicer: &Slicer<'r>, wanted: Wanted) -> Result<Self> {
        check_numbers(&wanted)?;
        let territory = slicer.release().territory();
        let known = periods(slicer, &wanted)?;
        let latest = known.iter().map(|(_, period)| *period).max();
        let period = wanted.period.or(latest).ok_or_else(no_variables)?;
        let date = wanted.borders.date(territory, period)?;
        let area = territory.resolve_on(wanted.area, date)?;
        let area = AreaLabel::of(area);
        let index = territory.areas_on(date).position(&area.code).unwrap_or_default();
        let year = reference_year(wanted.as_of_year, period)?;
        let (mut candidates, mut set) = candidates(slicer, wanted.candidates, (date, year), index)?;
        set.retain(|position| *position != index);
        candidates.n = set.len();
        let own = set.partition_point(|position| *position < index);
        set.insert(own, index);
        let codes = slicer.release().territory().areas_on(date);
        candidates.areas = set
            .iter()
            .map(|position| codes.codes()[*position].clone())
            .collect();
        let mut variables = Vec::new();
        for (declared, (indicator, period)) in wanted.model.variables.iter().zip(known) {
            variables.push(Variable {
                declared: declared.clone(),
                indicator,
                slice: slicer.slice(indicator, period, Borders::On(date), None)?,
            });
        }
        if candidates.n == 0 {
            return Err(too_few(&area, wanted.k.unwrap_or(wanted.model.k), &candidates));
        }
        let distances = distances(slicer, &variables, &set)?;
        let mut found = Self {
            nearness: Nearness {
                k: wanted.k.unwrap_or(wanted.model.k),
                least_common_weight: wanted.model.min_weight_share,
            },
            model: wanted.model,
            period,
            date,
            area,
            variables,
            candidates,
            set,
            own,
            distances,
            peers: Vec::new(),
        };
        found.choose(wanted.k.is_some(), wanted.max_distance)?;
        Ok(found)
    }

    /// The nearest of those that can be compared.
    fn choose(&mut self, asked: bool, max_distance: Option<f64>) -> Result<()> {
        self.check_own()?;
        let everyone = Nearness {
            k: usize::MAX,
            ..self.nearness
        };
        let mut near = self.distances.nearest(self.own, everyone);
        self.candidates.comparable = near.len();
        if near.is_empty() || asked && near.len() < self.nearness.k {
            return Err(too_few(&self.area, self.nearness.k, &self.candidates));
        }
        near.truncate(self.nearness.k);
        near.retain(|neighbour| max_distance.is_none_or(|most| neighbour.distance <= most));
        self.peers = near;
        Ok(())
    }

    /// An area that lacks too many variables itself cannot be compared with anybody.
    fn check_own(&self) -> Result<()> {
        let share = self.distances.common_weight(self.own, self.own);
        let least = self.nearness.least_common_weight;
        if self.distances.between(self.own, self.own, least).is_some() {
            return Ok(());
        }
        let lacking = self
            .variables
            .iter()
            .filter(|variable| variable.slice.value(self.set[self.own]).is_none());
        let named = lacking.map(|variable| format!("{} {}", variable.indicator.id, variable.slice.period));
        Err(Error::AreaWithoutVariables {
            area: self.area.described(),
            variables: named.collect(),
            share: two_decimals(share),
            least: two_decimals(least),
        })
    }

    /// The position of a place of the set on the borders.
    pub(super) fn position(&self, place: usize) -> usize {
        self.set[place]
    }

    /// The label of a place of the set.
    pub(super) fn label(&self, slicer: &Slicer, place: usize) -> AreaLabel {
        label(slicer, self.date, self.set[place])
    }

    /// How firmly each peer stands among the nearest.
    pub(super) fn stability(&self) -> Vec<f64> {
        // Random numbers go with the name of a variable, not with its place in the model.
        let ids: Vec<&IndicatorId> = self
            .variables
            .iter()
            .map(|variable| &variable.indicator.id)
            .collect();
        let before = |id: &&IndicatorId| ids.iter().filter(|other| **other < *id).count() as u64;
        let streams: Vec<u64> = ids.iter().map(before).collect();
        let peers: Vec<usize> = self.peers.iter().map(|peer| peer.area).collect();
        self.distances
            .stability(self.own, &peers, self.nearness, (DRAWS, &streams))
    }

    /// The candidates that cannot be compared.
    pub(super) fn left_out(&self, slicer: &Slicer) -> Vec<IncomparableArea> {
        let least = self.nearness.least_common_weight;
        let places = (0..self.set.len())
            .filter(|place| *place != self.own && self.distances.between(self.own, *place, least).is_none());
        let row = |place: usize| {
            let lacking = self
                .variables
                .iter()
                .filter(|variable| variable.slice.value(self.set[place]).is_none());
            IncomparableArea {
                area: self.label(slicer, place),
                common_weight: self.distances.common_weight(self.own, place),
                lacking: lacking.map(|variable| variable.indicator.id.clone()).collect(),
            }
        };
        places.map(row).collect()
    }

    /// The pairs of variables that say nearly the same.
    pub(super) fn correlated(&self) -> Vec<CorrelatedVariables> {
        let count = self.variables.len();
        let pairs = (0..count).flat_map(|left| (left + 1..count).map(move |right| (left, right)));
        let strong = pairs.filter_map(|(left, right)| {
            let r = self.distances.correlation(left, right)?;
            (r.abs() > STRONG_CORRELATION).then(|| CorrelatedVariables {
                left: self.variables[left].indicator.id.clone(),
                right: self.variables[right].indicator.id.clone(),
                r,
            })
        });
        strong.collect()
    }
}

fn check_numbers(wanted: &Wanted) -> Result<()> {
    if wanted.k == Some(0) {
        return Err(invalid("k", "1 or more", "0"));
    }
    match wanted
        .max_distance
        .filter(|most| !most.is_finite() || *most < 0.0)
    {
        Some(most) => Err(invalid("max_distance", "a number, 0 or more", &most.to_string())),
        None => Ok(()),
    }
}

fn no_variables() -> Error {
    invalid("variables", "one variable or more", "")
}

/// The variables with their periods: the fixed one, otherwise the last one not after the period asked for.
fn periods<'r>(slicer: &Slicer<'r>, wanted: &Wanted) -> Result<Vec<(&'r Indicator, Period)>> {
    let catalogue = slicer.release().catalogue();
    let period = |declared: &PeerVariable| {
        let indicator = catalogue.indicator(declared.indicator.as_str())?;
        if declared.period.is_some() {
            return Ok((indicator, slicer.period(indicator, declared.period)?));
        }
        let known = slicer.periods(indicator)?;
        let in_time = |period: &&Period| {
            wanted
                .period
                .is_none_or(|asked| period.last_day() <= asked.last_day())
        };
        let last = known.iter().rev().find(in_time).copied();
        let last = last.ok_or_else(|| Error::NoDataForPeriod {
            indicator: indicator.id.to_string(),
            period: wanted.period.map(|period| period.to_string()).unwrap_or_default(),
            available: span(&known),
        })?;
        Ok((indicator, last))
    };
    wanted.model.variables.iter().map(period).collect()
}

/// The areas to look among: all, or those of a group; a grouping alone means the area's own group.
fn candidates(
    slicer: &Slicer,
    text: Option<&str>,
    (date, year): (Date, i32),
    area: usize,
) -> Result<(CandidateSet, Vec<usize>)> {
    let territory = slicer.release().territory();
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    let (grouping, code) = text.map_or((COUNTRY, ""), grouping_and_group);
    territory.grouping_name(grouping)?;
    let assignment = if territory.is_size(grouping) {
        Arc::new(size_classes(slicer, date, grouping, year)?)
    } else {
        territory.assignment(grouping, date, year)?
    };
    let group = if code.is_empty() {
        assignment.of.get(area).copied().flatten()
    } else {
        let group = territory.group(grouping, code, year)?;
        position_of(&assignment, &group)
    };
    let group = group.ok_or_else(|| {
        let name = label(slicer, date, area);
        invalid(
            "candidates",
            &format!("a grouping that has a group of {}", name.described()),
            grouping,
        )
    })?;
    let members = (0..assignment.of.len()).filter(|index| assignment.of[*index] == Some(group));
    let GroupLabel { code, name } = assignment.groups[group].clone();
    let set = CandidateSet {
        grouping: grouping.to_owned(),
        group: code,
        name,
        n: 0,
        comparable: 0,
        areas: Vec::new(),
    };
    Ok((set, members.collect()))
}

fn position_of(assignment: &Assignment, group: &GroupLabel) -> Option<usize> {
    let mut groups = assignment.groups.iter();
    groups.position(|known| known.code == group.code)
}

/// The distances among the areas of the set; what cannot be computed is named.
fn distances(slicer: &Slicer, variables: &[Variable], set: &[usize]) -> Result<Distances> {
    let values: Vec<Vec<Option<f64>>> = variables
        .iter()
        .map(|variable| {
            set.iter()
                .map(|position| variable.slice.value(*position))
                .collect()
        })
        .collect();
    let inputs: Vec<DistanceVariable> = variables
        .iter()
        .zip(&values)
        .map(|(variable, values)| DistanceVariable {
            values,
            weight: variable.declared.weight,
            log: variable.declared.log,
        })
        .collect();
    let id = |place: usize| variables[place].indicator.id.to_string();
    let period = |place: usize| variables[place].slice.period.to_string();
    Distances::new(&inputs).map_err(|refusal| match refusal {
        DistanceRefusal::NoVariables => no_variables(),
        DistanceRefusal::Weight { variable } => {
            let weight = variables[variable].declared.weight;
            invalid("weight", "a number above 0", &weight.to_string())
        }
        DistanceRefusal::NotPositive { variable, areas } => {
            let date = variables[variable].slice.date;
            let named = areas
                .iter()
                .map(|place| label(slicer, date, set[*place]).described());
            Error::PeerVariableNotPositive {
                variable: id(variable),
                period: period(variable),
                areas: named.collect(),
            }
        }
        DistanceRefusal::NoSpread { variable, n } => Error::PeerVariableWithoutSpread {
            variable: id(variable),
            period: period(variable),
            n: n.to_string(),
        },
    })
}

fn too_few(area: &AreaLabel, asked: usize, candidates: &CandidateSet) -> Error {
    let group = if candidates.grouping == COUNTRY {
        candidates.grouping.clone()
    } else {
        format!("{}:{}", candidates.grouping, candidates.group)
    };
    Error::TooFewCandidates {
        area: area.described(),
        asked: asked.to_string(),
        found: candidates.comparable.to_string(),
        candidates: group,
    }
}

fn label(slicer: &Slicer, date: Date, position: usize) -> AreaLabel {
    let territory = slicer.release().territory();
    AreaLabel::named(territory, &territory.areas_on(date).codes()[position])
}

fn two_decimals(share: f64) -> String {
    format!("{share:.2}")
}
