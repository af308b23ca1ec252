//! Figures beside those of the peers.

use super::super::Outcome;
use super::super::scene::{Found, Scene, Sink, Subject};
use crate::language::Param;
use crate::model::MeasureId;
use crate::stats::{RobustScale, median, robust_score};

/// Figures per inhabitant that are unlike those of the peers.
///
/// `z = (x/d − median) / (1.4826 · MAD)` over the peers' figures per inhabitant of the period before, so that whoever checks
/// one form finds the same as whoever checks the round; a MAD of 0 is replaced as [`robust_score`] says. A finding where
/// `|z| > threshold` and the effect, `x − median · d`, is `least` at least.
///
/// The peers are the other areas of the same group with a figure above zero, where there are ten at least, else the other
/// areas of the country; a figure of zero or less is not tested: zero mostly says
/// that another area has the service, and a net cost below zero says nothing of its size **[own]**.
#[derive(Debug)]
pub(in super::super) struct Peers {
    pub(in super::super) measures: Vec<MeasureId>,
    pub(in super::super) threshold: f64,
    pub(in super::super) least: f64,
}

/// With fewer peers there is no distribution to be unlike.
const LEAST_PEERS: usize = 10;

/// What the peers have per inhabitant.
pub(super) struct PeerFigures {
    pub(super) values: Vec<f64>,
    /// The group that they are of; none for the whole country.
    pub(super) group: Option<String>,
}

/// The peers' figures above zero of the period before, per inhabitant; `None` where they are too few.
pub(super) fn peers_per_inhabitant(
    scene: &Scene<'_>,
    subject: Subject<'_>,
    measure: &MeasureId,
) -> Option<PeerFigures> {
    let of = |group: Option<&String>| -> Vec<f64> {
        let known = scene.records.known.iter();
        let others = known.filter(|(area, _)| **area != subject.record.area);
        let of_group = others.filter(|(_, known)| group.is_none() || known.group.as_ref() == group);
        let ratio = of_group.filter_map(|(_, known)| {
            let inhabitants = known.inhabitants.filter(|inhabitants| *inhabitants > 0.0)?;
            Some(known.previous.get(measure)? / inhabitants)
        });
        ratio.filter(|ratio| *ratio > 0.0).collect()
    };
    let group = subject.known.and_then(|known| known.group.as_ref());
    if let Some(group) = group {
        let values = of(Some(group));
        if values.len() >= LEAST_PEERS {
            let group = Some(group.clone());
            return Some(PeerFigures { values, group });
        }
    }
    let values = of(None);
    (values.len() >= LEAST_PEERS).then_some(PeerFigures { values, group: None })
}

impl Peers {
    pub(super) fn check(&self, scene: &Scene<'_>, sink: &mut Sink<'_>) {
        for subject in scene.subjects() {
            for measure in &self.measures {
                // Only what is above zero is compared with what is above zero.
                if subject.value(measure).is_none_or(|value| value > 0.0) {
                    self.figure(scene, sink, subject, measure);
                }
            }
        }
    }

    fn figure(&self, scene: &Scene<'_>, sink: &mut Sink<'_>, subject: Subject<'_>, measure: &MeasureId) {
        let compared = || {
            let (value, inhabitants) = subject.value(measure).zip(subject.inhabitants())?;
            let peers = peers_per_inhabitant(scene, subject, measure)?;
            let (score, scale) = robust_score(value / inhabitants, &peers.values)?;
            let middle = median(&peers.values)?;
            Some((value, inhabitants, peers, middle, score, scale))
        };
        let Some((value, inhabitants, peers, middle, score, scale)) = compared() else {
            return sink.case(subject, Some(measure), Outcome::Missing);
        };
        let effect = value - middle * inhabitants;
        if score.abs() <= self.threshold || effect.abs() < self.least {
            return sink.case(subject, Some(measure), Outcome::Pass);
        }
        let code = if effect > 0.0 {
            "finding.peers-above"
        } else {
            "finding.peers-below"
        };
        let mut found = Found::in_figure(scene, subject, code, measure)
            .expecting(middle * inhabitants)
            .with("inhabitants", Param::Number(inhabitants, 0))
            .with("ratio", Param::Number(value / inhabitants, 2))
            .with("middle", Param::Number(middle, 2))
            .with("n", peers.values.len())
            .with("score", Param::Number(score, 1))
            .with("effect", Param::Number(effect.abs(), 0));
        if let Some(group) = peers.group {
            found = found.with("group", group);
        }
        if scale == RobustScale::MeanAbsoluteDeviation {
            found = found.with("scale", Param::Word("finding.peers-mean-deviation".to_owned()));
        }
        sink.fail(subject, found);
    }
}
