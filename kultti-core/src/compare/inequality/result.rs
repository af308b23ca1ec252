//! What inequality answers.

use crate::compare::result::{Context, Note, Unranked};
use crate::language::Text;
use crate::model::{GroupCode, Missing, Period};
use crate::stats::LorenzPoint;

/// A Theil index and its exact split.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TheilIndex {
    /// T = Σ p (x/μ) ln(x/μ).
    pub total: f64,
    /// Σ S_g T_g: what would be left if all groups had the same mean; `None` without a grouping.
    pub within: Option<f64>,
    /// Σ S_g ln(μ_g/μ): what would be left if every area had the mean of its group; `None` without a grouping.
    pub between: Option<f64>,
}

/// Inequality without the areas whose numerator is zero, where a zero may mean a joint arrangement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InequalityWithoutZeros {
    /// Gini coefficient.
    pub gini: f64,
    /// Theil index.
    pub theil: f64,
}

/// A group's part in the inequality of the country.
#[derive(Debug, Clone, PartialEq)]
pub struct InequalityGroup {
    /// The group's code; `None` for areas that no group holds whole, which have a row of their own.
    pub group: Option<GroupCode>,
    /// The group's name.
    pub name: Text,
    /// S_g: its share of Σn.
    pub share: Option<f64>,
    /// Its share of Σd.
    pub weight: Option<f64>,
    /// μ_g, the ratio of sums m·Σn/Σd.
    pub mean: Option<f64>,
    /// T_g: inequality between the group's areas.
    pub theil: Option<f64>,
    /// The same as a Gini coefficient.
    pub gini: Option<f64>,
    /// The SDMX letter.
    pub status: char,
    /// Why there are no figures.
    pub missing: Option<Missing>,
    /// Members that entered.
    pub n: usize,
    /// Members where the figure can exist.
    pub members: usize,
    /// n / members.
    pub coverage_areas: Option<f64>,
    /// Share of the members' denominator that entered.
    pub coverage_denominator: Option<f64>,
    /// Members whose numerator is zero, where that may mean a joint arrangement.
    pub zeros: usize,
    /// The positions of the areas that entered, on the borders of the result, from which its derivation is made.
    pub(crate) areas: Vec<usize>,
}

/// The answer of [`crate::release::Release::inequality`].
#[derive(Debug, Clone, PartialEq)]
pub struct Inequality {
    /// Indicator, unit, borders, release.
    pub context: Context,
    /// The period.
    pub period: Period,
    /// The country of the measures, all areas together; its shares are 1.
    pub whole: InequalityGroup,
    /// The Theil index with its split.
    pub theil: Option<TheilIndex>,
    /// Both measures without the zeros that may mean a joint arrangement, where there are some.
    pub without_zeros: Option<InequalityWithoutZeros>,
    /// The Lorenz curve; empty where there is no inequality to speak of.
    pub lorenz: Vec<LorenzPoint>,
    /// The shares of Σn that fall on the 20, 40, 60 and 80 % of Σd with the smallest values.
    pub fifths: Vec<LorenzPoint>,
    /// The grouping, if the inequality is split.
    pub grouping: Option<String>,
    /// The grouping's name.
    pub grouping_name: Option<Text>,
    /// The groups, by code; areas that no group holds whole stand at the end.
    pub groups: Vec<InequalityGroup>,
    /// Areas without a value, and why.
    pub left_out: Vec<Unranked>,
    /// What to keep in mind.
    pub notes: Vec<Note>,
}
