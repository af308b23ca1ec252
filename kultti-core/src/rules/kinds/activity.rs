//! Costs and the activities that they are of.

use super::super::Outcome;
use super::super::scene::{Found, Scene, Sink, Subject};
use crate::language::Param;
use crate::model::{MeasureId, Status};

/// A cost and the activities that cause it.
///
/// Without activity means that every activity is 0 or cannot exist (M). Without a cost means that it is 0 or cannot exist; a
/// cost that another area's holds (K) is no finding. With anything else missing the rule cannot be tested.
#[derive(Debug)]
pub(in super::super) struct Activity {
    pub(in super::super) cost: MeasureId,
    pub(in super::super) activity: Vec<MeasureId>,
    /// A cost, or an activity, below this is let pass.
    pub(in super::super) least: f64,
}

/// A figure, with one that cannot exist as nothing; `None` where it is missing.
fn amount(subject: Subject<'_>, measure: &MeasureId) -> Option<f64> {
    let nothing = subject.reason(measure).filter(|reason| reason.cannot_exist());
    subject.value(measure).or(nothing.map(|_| 0.0))
}

impl Activity {
    pub(super) fn measures(&self) -> Vec<&MeasureId> {
        std::iter::once(&self.cost).chain(&self.activity).collect()
    }

    pub(super) fn cost_without_activity(&self, scene: &Scene<'_>, sink: &mut Sink<'_>) {
        for subject in scene.subjects() {
            let Some(cost) = amount(subject, &self.cost) else {
                sink.case(subject, Some(&self.cost), Outcome::Missing);
                continue;
            };
            if cost == 0.0 || cost < self.least {
                continue;
            }
            let amounts: Vec<Option<f64>> = self
                .activity
                .iter()
                .map(|measure| amount(subject, measure))
                .collect();
            if amounts
                .iter()
                .any(|amount| amount.is_some_and(|amount| amount != 0.0))
            {
                sink.case(subject, Some(&self.cost), Outcome::Pass);
            } else if amounts.contains(&None) {
                sink.case(subject, Some(&self.cost), Outcome::Missing);
            } else {
                let activities = self.activity.iter().map(|measure| scene.names.label(measure));
                let mut found = Found::in_figure(scene, subject, "finding.cost-without-activity", &self.cost)
                    .with("activities", Param::List(activities.collect()));
                found.measures.extend(self.activity.iter().cloned());
                sink.fail(subject, found);
            }
        }
    }

    pub(super) fn activity_without_cost(&self, scene: &Scene<'_>, sink: &mut Sink<'_>) {
        for subject in scene.subjects() {
            let Some(active) = self.activity.iter().find_map(|measure| {
                let amount = subject.value(measure)?;
                (amount > 0.0 && amount >= self.least).then_some(measure)
            }) else {
                if self
                    .activity
                    .iter()
                    .any(|measure| amount(subject, measure).is_none())
                {
                    sink.case(subject, Some(&self.cost), Outcome::Missing);
                }
                continue;
            };
            match amount(subject, &self.cost) {
                None if subject
                    .reason(&self.cost)
                    .is_some_and(|reason| reason.status() == Status::Included) => {}
                None => sink.case(subject, Some(&self.cost), Outcome::Missing),
                Some(cost) if cost != 0.0 => sink.case(subject, Some(&self.cost), Outcome::Pass),
                Some(_) => {
                    let mut found = Found::in_figure(scene, subject, "finding.activity-without-cost", active)
                        .with("cost", scene.names.label(&self.cost));
                    found.measures.push(self.cost.clone());
                    sink.case(subject, Some(&self.cost), Outcome::Fail);
                    sink.find(subject, found);
                }
            }
        }
    }
}
