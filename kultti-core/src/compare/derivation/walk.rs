//! From a derivation back to the observations: every figure that entered, with its formula filled in.

use super::{Derivation, DerivationInput, DerivationStep, Derived};
use crate::compare::explain::{measure_uses, with_numbers, without_numbers};
use crate::compare::notes::Notes;
use crate::compare::result::{AreaLabel, Context, MeasureUse, Note, Unranked};
use crate::error::Result;
use crate::language::Text;
use crate::model::{AreaCode, IndicatorId, Period};
use crate::panel::{Cell, Factor, PriceBasis, Slice, Slicer};
use crate::release::Release;

/// A figure that entered a result.
#[derive(Debug, Clone, PartialEq)]
pub struct ExplainedFigure {
    /// The area.
    pub area: AreaLabel,
    /// The figure.
    pub cell: Cell,
    /// The formula with its numbers.
    pub formula_with_numbers: String,
    /// The measures, each with the observations behind it.
    pub measures: Vec<MeasureUse>,
}

/// The figures of one indicator in one period that entered a result.
#[derive(Debug, Clone, PartialEq)]
pub struct ExplainedInput {
    /// The indicator.
    pub indicator: IndicatorId,
    /// Its name.
    pub label: Text,
    /// Decimals shown.
    pub decimals: usize,
    /// The period.
    pub period: Period,
    /// The borders: an ISO date.
    pub territory: String,
    /// Real prices, if the figures are in them.
    pub price_basis: Option<PriceBasis>,
    /// The two index numbers of real prices.
    pub factor: Option<Factor>,
    /// The formula as the catalogue has it, other indicators written out.
    pub formula: String,
    /// m.
    pub multiplier: f64,
    /// The figures.
    pub figures: Vec<ExplainedFigure>,
}

/// The answer of [`Release::explain_result`]: a result walked back to the observations it was made of.
#[derive(Debug, Clone, PartialEq)]
pub struct ResultExplanation {
    /// Indicator, unit, borders, release of the result.
    pub context: Context,
    /// The calculation, step by step.
    pub steps: Vec<DerivationStep>,
    /// The figures that entered.
    pub inputs: Vec<ExplainedInput>,
    /// Areas that could have entered and did not, and why.
    pub left_out: Vec<Unranked>,
    /// What to keep in mind.
    pub notes: Vec<Note>,
}

impl Release {
    /// Walks a result back: the steps of its calculation with numbers in them, every figure that entered with its formula
    /// filled in and the observations behind it (area, period, borders, share, status, table), and who was left out and
    /// why.
    ///
    /// The figures are read anew from the release, so the answer is of this release only: a result of another one is
    /// refused.
    ///
    /// # Missing values
    /// A figure that is missing and still entered, as the area itself in a comparison, is there with its reason.
    ///
    /// # Errors
    /// [`crate::Error::InvalidArgument`] for a result of another release; [`crate::Error::ReleaseAltered`] for a damaged
    /// one.
    ///
    /// ```
    /// use kultti_core::release::Release;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// let groups = release.groups("library.net_operating_cost_per_inhabitant", "region")?;
    /// let why = release.explain_result(&groups)?;
    /// assert_eq!(why.steps.len(), 19); // one for each region
    /// let kokkola = why.inputs[0].figures.iter().find(|figure| figure.area.code.as_str() == "272").unwrap();
    /// assert_eq!(kokkola.formula_with_numbers, "2861000 / 47681");
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn explain_result(&self, result: &dyn Derived) -> Result<ResultExplanation> {
        let context = result.context().clone();
        if context.release != self.id() {
            return Err(crate::Error::InvalidArgument {
                name: "result".into(),
                expected: format!("a result of release {}", self.id()),
                found: context.release,
            });
        }
        let Derivation {
            steps,
            inputs,
            left_out,
        } = result.derivation(self)?;
        let slicer = Slicer::new(self);
        let mut notes = Vec::new();
        let mut explained = Vec::new();
        for input in &inputs {
            explained.push(self.explain_input(&slicer, input, &mut notes)?);
        }
        Ok(ResultExplanation {
            context,
            steps,
            inputs: explained,
            left_out,
            notes,
        })
    }

    fn explain_input(
        &self,
        slicer: &Slicer,
        input: &DerivationInput,
        notes: &mut Vec<Note>,
    ) -> Result<ExplainedInput> {
        let indicator = self.catalogue().indicator(input.indicator.as_str())?;
        let deflator = input
            .real
            .as_ref()
            .map(|basis| slicer.deflator(basis))
            .transpose()?;
        let slice = slicer.slice(indicator, input.period, input.borders, deflator.as_ref())?;
        let figure = |code: &AreaCode| -> Option<Result<ExplainedFigure>> {
            let index = slice.position(code)?;
            let measures = match measure_uses(slicer, indicator, &slice, index) {
                Ok(measures) => measures,
                Err(error) => return Some(Err(error)),
            };
            Some(Ok(ExplainedFigure {
                area: AreaLabel::named(self.territory(), code),
                cell: slice.cell(index),
                formula_with_numbers: with_numbers(indicator, &measures),
                measures,
            }))
        };
        let figures = input
            .areas
            .iter()
            .filter_map(figure)
            .collect::<Result<Vec<_>>>()?;
        for note in remarks(slicer, indicator, &slice, &input.areas) {
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        Ok(ExplainedInput {
            indicator: indicator.id.clone(),
            label: indicator.label.clone(),
            decimals: indicator.decimals,
            period: input.period,
            territory: slice.date.to_string(),
            price_basis: input.real.clone(),
            factor: slice.factor,
            formula: without_numbers(indicator),
            multiplier: indicator.multiplier,
            figures,
        })
    }
}

/// Mergers and joint values among the areas, and what the catalogue says of the indicator.
fn remarks(
    slicer: &Slicer,
    indicator: &crate::model::Indicator,
    slice: &Slice,
    areas: &[AreaCode],
) -> Vec<Note> {
    let positions: Vec<usize> = areas.iter().filter_map(|code| slice.position(code)).collect();
    let gathered = Notes::new(slicer, indicator, slice);
    let mut notes: Vec<Note> = gathered.merged_others(&positions, None).into_iter().collect();
    notes.extend(gathered.joint_values(&positions));
    notes.extend(gathered.of_indicator());
    notes
}
