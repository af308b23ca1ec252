//! A file of rules as it is written.

use super::severity::{ByPeriod, ByStage};
use crate::language::Text;
use crate::model::Validity;
use serde::{Deserialize, Serialize};
use toml::Spanned;

/// What kind of rule it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RuleKind {
    /// An expression of SQL that must be true.
    Sql,
    /// A figure that must be there, or a reason why not.
    Required,
    /// A figure that must lie between two limits.
    Range,
    /// A figure that must be one of some numbers: the codes of a list.
    Categories,
    /// A record that is there once.
    Duplicates,
    /// A total that must be the sum of its parts, within rounding.
    Sum,
    /// A net figure that must be gross less income, within rounding.
    Net,
    /// A change since the period before that must lie between two limits.
    YearOnYear,
    /// A change that must be like that of the others, after Hidiroglou and Berthelot.
    HidiroglouBerthelot,
    /// A figure that must not be a hundred, a thousand or a million times too large or too small.
    Unit,
    /// A figure per inhabitant that must be like that of the peers, by the robust score.
    Peers,
    /// A cost that must have an activity.
    CostWithoutActivity,
    /// An activity that must have a cost.
    ActivityWithoutCost,
}

impl RuleKind {
    /// Every kind.
    pub const ALL: [Self; 13] = [
        Self::Sql,
        Self::Required,
        Self::Range,
        Self::Categories,
        Self::Duplicates,
        Self::Sum,
        Self::Net,
        Self::YearOnYear,
        Self::HidiroglouBerthelot,
        Self::Unit,
        Self::Peers,
        Self::CostWithoutActivity,
        Self::ActivityWithoutCost,
    ];

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sql => "sql",
            Self::Required => "required",
            Self::Range => "range",
            Self::Categories => "categories",
            Self::Duplicates => "duplicates",
            Self::Sum => "sum",
            Self::Net => "net",
            Self::YearOnYear => "year-on-year",
            Self::HidiroglouBerthelot => "hidiroglou-berthelot",
            Self::Unit => "unit",
            Self::Peers => "peers",
            Self::CostWithoutActivity => "cost-without-activity",
            Self::ActivityWithoutCost => "activity-without-cost",
        }
    }

    /// Whether it can only be tested when the answers of the whole round are there.
    pub fn needs_whole_round(self) -> bool {
        matches!(self, Self::Duplicates | Self::HidiroglouBerthelot)
    }

    /// The fields of a rule of this kind, beside those that every rule has; those it cannot do without first, and how many
    /// they are.
    pub(super) fn fields(self) -> (&'static [&'static str], usize) {
        match self {
            Self::Sql => (&["assert", "message", "when", "tolerance"], 2),
            Self::Required => (&["measures"], 1),
            Self::Range => (&["measures", "minimum", "maximum", "per_inhabitant"], 1),
            Self::Categories => (&["measures", "values"], 2),
            Self::Duplicates => (&[], 0),
            Self::Sum => (&["total", "parts"], 2),
            Self::Net => (&["net", "gross", "income"], 3),
            Self::YearOnYear => (&["measures", "up", "down", "least"], 3),
            Self::HidiroglouBerthelot => (&["measures", "u", "a", "c", "least"], 1),
            Self::Unit => (&["measures"], 1),
            Self::Peers => (&["measures", "threshold", "least"], 1),
            Self::CostWithoutActivity | Self::ActivityWithoutCost => (&["cost", "activity", "least"], 2),
        }
    }
}

/// Whether a rule follows from a law or from what figures must be like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BasisKind {
    /// A law, decree or order.
    Legal,
    /// Arithmetic, a definition, or experience with such figures.
    Methodological,
}

/// Why a rule must hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// Of which sort the reason is.
    pub kind: BasisKind,
    /// The reason.
    pub text: Text,
    /// Where it can be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// A file of rules.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) schema: u32,
    pub(super) id: String,
    pub(super) version: String,
    pub(super) label: Text,
    #[serde(default, rename = "rule")]
    pub(super) rules: Vec<Spanned<Declared>>,
}

/// How far apart two sides may be: a number, or an expression.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Tolerance {
    Number(f64),
    Expression(String),
}

/// A rule as it is written. Which of the fields it has depends on its kind.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Declared {
    pub(super) id: String,
    pub(super) version: u32,
    pub(super) kind: RuleKind,
    pub(super) label: Text,
    pub(super) basis: Basis,
    #[serde(default)]
    pub(super) valid: Validity,
    pub(super) severity: ByStage,
    #[serde(default)]
    pub(super) severity_by_period: Vec<ByPeriod>,
    pub(super) when: Option<Spanned<String>>,
    pub(super) assert: Option<Spanned<String>>,
    pub(super) tolerance: Option<Spanned<Tolerance>>,
    pub(super) message: Option<Text>,
    pub(super) measures: Option<Vec<Spanned<String>>>,
    pub(super) minimum: Option<f64>,
    pub(super) maximum: Option<f64>,
    pub(super) per_inhabitant: Option<bool>,
    pub(super) values: Option<Vec<f64>>,
    pub(super) total: Option<Spanned<String>>,
    pub(super) parts: Option<Vec<Spanned<String>>>,
    pub(super) net: Option<Spanned<String>>,
    pub(super) gross: Option<Spanned<String>>,
    pub(super) income: Option<Spanned<String>>,
    pub(super) up: Option<f64>,
    pub(super) down: Option<f64>,
    pub(super) least: Option<f64>,
    pub(super) u: Option<f64>,
    pub(super) a: Option<f64>,
    pub(super) c: Option<f64>,
    pub(super) threshold: Option<f64>,
    pub(super) cost: Option<Spanned<String>>,
    pub(super) activity: Option<Vec<Spanned<String>>>,
}

impl Declared {
    /// The fields of some kind that stand in the file.
    pub(super) fn given(&self) -> Vec<&'static str> {
        let all = [
            ("when", self.when.is_some()),
            ("assert", self.assert.is_some()),
            ("tolerance", self.tolerance.is_some()),
            ("message", self.message.is_some()),
            ("measures", self.measures.is_some()),
            ("minimum", self.minimum.is_some()),
            ("maximum", self.maximum.is_some()),
            ("per_inhabitant", self.per_inhabitant.is_some()),
            ("values", self.values.is_some()),
            ("total", self.total.is_some()),
            ("parts", self.parts.is_some()),
            ("net", self.net.is_some()),
            ("gross", self.gross.is_some()),
            ("income", self.income.is_some()),
            ("up", self.up.is_some()),
            ("down", self.down.is_some()),
            ("least", self.least.is_some()),
            ("u", self.u.is_some()),
            ("a", self.a.is_some()),
            ("c", self.c.is_some()),
            ("threshold", self.threshold.is_some()),
            ("cost", self.cost.is_some()),
            ("activity", self.activity.is_some()),
        ];
        all.into_iter()
            .filter(|(_, given)| *given)
            .map(|(name, _)| name)
            .collect()
    }
}
