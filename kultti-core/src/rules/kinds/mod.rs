//! What each kind of rule tests: one file for each family.

mod activity;
mod balance;
mod change;
mod expression;
mod figure;
mod others;
mod peers;
mod unit;

pub(super) use activity::Activity;
pub(super) use balance::Balance;
pub(super) use change::YearOnYear;
pub(super) use expression::{Assertion, columns, of_before};
pub(super) use figure::{Categories, Range};
pub(super) use others::HidiroglouBerthelot;
pub(super) use peers::Peers;

use super::RuleKind;
use super::scene::{Scene, Sink};
use crate::error::Result;
use crate::model::MeasureId;

/// What a rule tests.
#[derive(Debug)]
pub(super) enum Body {
    Sql(Box<Assertion>),
    Required(Vec<MeasureId>),
    Range(Range),
    Categories(Categories),
    Duplicates,
    Sum(Balance),
    Net(Balance),
    YearOnYear(YearOnYear),
    HidiroglouBerthelot(HidiroglouBerthelot),
    Unit(Vec<MeasureId>),
    Peers(Peers),
    CostWithoutActivity(Activity),
    ActivityWithoutCost(Activity),
}

impl Body {
    pub(super) fn kind(&self) -> RuleKind {
        match self {
            Self::Sql(_) => RuleKind::Sql,
            Self::Required(_) => RuleKind::Required,
            Self::Range(_) => RuleKind::Range,
            Self::Categories(_) => RuleKind::Categories,
            Self::Duplicates => RuleKind::Duplicates,
            Self::Sum(_) => RuleKind::Sum,
            Self::Net(_) => RuleKind::Net,
            Self::YearOnYear(_) => RuleKind::YearOnYear,
            Self::HidiroglouBerthelot(_) => RuleKind::HidiroglouBerthelot,
            Self::Unit(_) => RuleKind::Unit,
            Self::Peers(_) => RuleKind::Peers,
            Self::CostWithoutActivity(_) => RuleKind::CostWithoutActivity,
            Self::ActivityWithoutCost(_) => RuleKind::ActivityWithoutCost,
        }
    }

    pub(super) fn measures(&self) -> Vec<&MeasureId> {
        match self {
            Self::Sql(rule) => rule.measures.iter().collect(),
            Self::Required(measures) | Self::Unit(measures) => measures.iter().collect(),
            Self::Range(rule) => rule.measures.iter().collect(),
            Self::Categories(rule) => rule.measures.iter().collect(),
            Self::Duplicates => Vec::new(),
            Self::Sum(rule) | Self::Net(rule) => rule.measures(),
            Self::YearOnYear(rule) => rule.measures.iter().collect(),
            Self::HidiroglouBerthelot(rule) => rule.measures.iter().collect(),
            Self::Peers(rule) => rule.measures.iter().collect(),
            Self::CostWithoutActivity(rule) | Self::ActivityWithoutCost(rule) => rule.measures(),
        }
    }

    pub(super) fn check(&self, scene: &Scene<'_>, sink: &mut Sink<'_>) -> Result<()> {
        match self {
            Self::Sql(rule) => return rule.check(scene, sink),
            Self::Required(measures) => figure::required(measures, scene, sink),
            Self::Range(rule) => rule.check(scene, sink),
            Self::Categories(rule) => rule.check(scene, sink),
            Self::Duplicates => figure::duplicates(scene, sink),
            Self::Sum(rule) | Self::Net(rule) => rule.check(scene, sink),
            Self::YearOnYear(rule) => rule.check(scene, sink),
            Self::HidiroglouBerthelot(rule) => rule.check(scene, sink),
            Self::Unit(measures) => unit::check(measures, scene, sink),
            Self::Peers(rule) => rule.check(scene, sink),
            Self::CostWithoutActivity(rule) => rule.cost_without_activity(scene, sink),
            Self::ActivityWithoutCost(rule) => rule.activity_without_cost(scene, sink),
        }
        Ok(())
    }
}
