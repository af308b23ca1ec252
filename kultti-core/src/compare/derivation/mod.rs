//! How a result came about: its steps with numbers filled in, the figures that entered, and who was left out.
//!
//! A result keeps its figures only; a [`Derivation`] is made when somebody asks. [`Release::explain_result`] walks every
//! figure that entered back to the observations behind it.

mod change;
mod comparison;
mod composition;
mod cost_per_use;
mod expected;
mod groups;
mod inequality;
mod intervals;
mod peers;
mod ranking;
mod scene;
mod trend;
mod walk;

pub use walk::{ExplainedFigure, ExplainedInput, ResultExplanation};

use super::result::{AreaLabel, Context, Unranked};
use crate::error::Result;
use crate::language::Message;
use crate::model::{AreaCode, IndicatorId, Missing, Period};
use crate::panel::{Borders, PriceBasis};
use crate::release::Release;

/// A step of a calculation.
#[derive(Debug, Clone, PartialEq)]
pub struct DerivationStep {
    /// What is computed, in words; its code begins with `step.`.
    pub what: Message,
    /// The formula in symbols: `m·Σn/Σd`.
    pub formula: String,
    /// The same with numbers in it; empty where the numbers are those of the step before.
    pub numbers: String,
    /// What comes out.
    pub value: Option<f64>,
    /// Why nothing does.
    pub missing: Option<Missing>,
    /// Decimals that people are shown.
    pub decimals: usize,
}

/// Figures that entered: one indicator in one period for some areas.
#[derive(Debug, Clone, PartialEq)]
pub struct DerivationInput {
    /// The indicator.
    pub indicator: IndicatorId,
    /// The period.
    pub period: Period,
    /// The borders.
    pub borders: Borders,
    /// Real prices.
    pub real: Option<PriceBasis>,
    /// The areas whose figures entered.
    pub areas: Vec<AreaCode>,
}

/// How a result came about.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Derivation {
    /// The calculation, step by step.
    pub steps: Vec<DerivationStep>,
    /// The figures that entered.
    pub inputs: Vec<DerivationInput>,
    /// Areas that could have entered and did not, and why.
    pub left_out: Vec<Unranked>,
}

/// A result that can say how it came about.
pub trait Derived {
    /// Indicator, unit, borders, release.
    fn context(&self) -> &Context;

    /// The steps, the figures that entered and who was left out; made anew from the release that the result came from.
    ///
    /// # Errors
    /// [`crate::Error::ReleaseAltered`] for a damaged release.
    fn derivation(&self, release: &Release) -> Result<Derivation>;

    /// The areas that the result is about, if it is about some rather than all.
    fn areas(&self) -> Vec<&AreaLabel> {
        Vec::new()
    }
}

/// A number as it stands in a step: at most six decimals, so that a person can follow it; results are not rounded.
pub(super) fn shown(number: f64) -> String {
    let text = format!("{number:.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" {
        "0".to_owned()
    } else {
        text.to_owned()
    }
}
