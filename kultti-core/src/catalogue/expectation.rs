//! What a catalogue declares of comparisons with several indicators: which variables explain a cost, and which costs
//! belong together with a use.

use crate::language::Text;
use crate::model::{IndicatorId, Period};
use serde::{Deserialize, Serialize};

/// Which structural variables explain a cost: named, versioned, each with its reason.
///
/// ```
/// use kultti_core::catalogue::Catalogue;
/// let catalogue = Catalogue::from_toml("culture.toml", kultti_datasets::CULTURE)?;
/// let model = catalogue.expectation("culture.net_operating_cost_per_inhabitant").unwrap();
/// assert_eq!(model.variables[0].indicator.as_str(), "population.total");
/// # Ok::<(), kultti_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// Identifier.
    pub id: String,
    /// Version of the choice of variables.
    pub version: u32,
    /// Name.
    pub label: Text,
    /// The indicators that it explains, as ids with `*` and `?`.
    pub indicators: Vec<String>,
    /// The variables, in the order of the coefficients.
    pub variables: Vec<StructuralVariable>,
    /// What the area can afford: shown beside the expected cost, never in the model, for capacity is not need.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<StructuralVariable>,
}

impl Expectation {
    /// The model as results name it: `id@version`.
    pub fn definition_id(&self) -> String {
        format!("{}@{}", self.id, self.version)
    }

    /// Whether it explains an indicator.
    pub(super) fn explains(&self, indicator: &str) -> bool {
        let matches =
            |pattern: &String| glob::Pattern::new(pattern).is_ok_and(|pattern| pattern.matches(indicator));
        self.indicators.iter().any(matches)
    }
}

/// A variable of a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StructuralVariable {
    /// The indicator.
    pub indicator: IndicatorId,
    /// Whether its natural logarithm enters.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub log: bool,
    /// A period of its own, where the variable is not known for the others; that of the cost when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// Why it belongs there.
    pub reason: Text,
}

/// A cost and a use that belong together: cost per inhabitant = cost per use × uses per inhabitant.
///
/// Loading a catalogue checks the identity: the costs are the same expression, the uses are the same expression, the
/// inhabitants are the same expression (of the same day), and the multipliers fit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// Identifier.
    pub id: String,
    /// Name of the use: visits, loans.
    pub label: Text,
    /// Cost per inhabitant.
    pub cost_per_inhabitant: IndicatorId,
    /// Cost per use.
    pub cost_per_use: IndicatorId,
    /// Uses per inhabitant.
    pub uses_per_inhabitant: IndicatorId,
}
