//! What is compared: an indicator as a formula over measures, with a numerator and a denominator.

use super::{Direction, FunctionId, IndicatorId, MeasureId, ScopeId, Synonyms, Unit, Validity};
use crate::error::Error;
use crate::language::Text;
use serde::{Deserialize, Serialize};

/// An arithmetic expression over measures.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// A number.
    Number(f64),
    /// A measure's value.
    Measure(MeasureId),
    /// A sum.
    Add(Box<Expression>, Box<Expression>),
    /// A difference.
    Subtract(Box<Expression>, Box<Expression>),
    /// A product.
    Multiply(Box<Expression>, Box<Expression>),
    /// A quotient.
    Divide(Box<Expression>, Box<Expression>),
    /// The opposite.
    Negate(Box<Expression>),
}

impl Expression {
    /// Calls `visit` with every measure, left to right, as often as it occurs.
    pub fn for_each_measure<'a>(&'a self, visit: &mut impl FnMut(&'a MeasureId)) {
        match self {
            Self::Number(_) => {}
            Self::Measure(id) => visit(id),
            Self::Add(left, right)
            | Self::Subtract(left, right)
            | Self::Multiply(left, right)
            | Self::Divide(left, right) => {
                left.for_each_measure(visit);
                right.for_each_measure(visit);
            }
            Self::Negate(inner) => inner.for_each_measure(visit),
        }
    }

    /// Every measure, once, in order of first occurrence.
    pub fn measures(&self) -> Vec<&MeasureId> {
        let mut found: Vec<&MeasureId> = Vec::new();
        self.for_each_measure(&mut |id| {
            if !found.contains(&id) {
                found.push(id);
            }
        });
        found
    }

    /// Whether the expression is a sum of measures with signs, so that it adds up wherever they do.
    pub fn is_linear(&self) -> bool {
        match self {
            Self::Measure(_) => true,
            Self::Add(left, right) | Self::Subtract(left, right) => left.is_linear() && right.is_linear(),
            Self::Negate(inner) => inner.is_linear(),
            Self::Number(_) | Self::Multiply(..) | Self::Divide(..) => false,
        }
    }
}

/// A formula: its numerator, and its denominator when the top level is a division.
#[derive(Debug, Clone, PartialEq)]
pub struct Formula {
    /// n.
    pub numerator: Expression,
    /// d; absent for a sum.
    pub denominator: Option<Expression>,
}

impl Formula {
    /// Every measure of numerator and denominator, once.
    pub fn measures(&self) -> Vec<&MeasureId> {
        let mut found = self.numerator.measures();
        for id in self.denominator.iter().flat_map(Expression::measures) {
            if !found.contains(&id) {
                found.push(id);
            }
        }
        found
    }
}

/// How values of areas become the value of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Aggregate {
    /// m·Σn / Σd.
    RatioOfSums,
    /// Unweighted mean of the areas' values.
    Mean,
    /// Median of the areas' values, type 7.
    Median,
    /// Mean of the areas' values, weighted by the denominator.
    WeightedMean,
    /// Σn, only when every member has its figure.
    Total,
    /// The figure that the source itself publishes for the whole country.
    Published,
}

impl Aggregate {
    /// Those that can be asked for.
    pub const ALL: [Self; 5] = [
        Self::RatioOfSums,
        Self::Mean,
        Self::Median,
        Self::WeightedMean,
        Self::Total,
    ];

    /// The name in options and results.
    pub fn name(self) -> &'static str {
        match self {
            Self::RatioOfSums => "ratio-of-sums",
            Self::Mean => "mean",
            Self::Median => "median",
            Self::WeightedMean => "weighted-mean",
            Self::Total => "total",
            Self::Published => "published",
        }
    }

    /// The code of the word for people.
    pub fn word_code(self) -> &'static str {
        match self {
            Self::RatioOfSums => "word.ratio-of-sums",
            Self::Mean => "word.mean",
            Self::Median => "word.median",
            Self::WeightedMean => "word.weighted-mean",
            Self::Total => "word.total",
            Self::Published => "word.published",
        }
    }
}

impl std::str::FromStr for Aggregate {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|aggregate| aggregate.name() == text);
        found.ok_or_else(|| Error::InvalidArgument {
            name: "aggregate".into(),
            expected: Self::ALL.map(Self::name).join(", "),
            found: text.into(),
        })
    }
}

/// A set of functions that a figure covers, such as culture with or without libraries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// Identifier.
    pub id: ScopeId,
    /// Name.
    pub label: Text,
    /// The functions.
    pub functions: Vec<FunctionId>,
    /// What a reader must know: "Includes libraries and basic arts education".
    pub sentence: Text,
}

/// What an indicator's figures are made of, where the catalogue says it: which interval of chance they may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IntervalKind {
    /// Events or persons counted over an exposure; the numerator need not be a part of the denominator.
    Count,
    /// The numerator counts some of the persons that the denominator counts.
    Proportion,
    /// Neither: the figures have no interval of chance.
    None,
}

/// An indicator: x = m · n / d with everything that must be the same before two values are compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Indicator {
    /// Identifier.
    pub id: IndicatorId,
    /// Name.
    pub label: Text,
    /// What it tells.
    pub definition: Text,
    /// Other words for it.
    pub synonyms: Synonyms,
    /// Theme.
    pub theme: Option<String>,
    /// The formula as it is written in the catalogue.
    pub formula_text: String,
    /// The formula with other indicators written out.
    pub formula: Formula,
    /// m.
    pub multiplier: f64,
    /// Unit of x.
    pub unit: Unit,
    /// Decimals shown.
    pub decimals: usize,
    /// Which values are better.
    pub direction: Direction,
    /// Version of the definition.
    pub version: u32,
    /// The functions covered.
    pub scope: Option<ScopeId>,
    /// How a group is summarised unless asked otherwise.
    pub aggregate: Aggregate,
    /// Areas with a smaller denominator are not ranked.
    pub minimum_denominator: Option<f64>,
    /// What the figures are made of, where it is declared.
    pub interval: Option<IntervalKind>,
    /// What to keep in mind.
    pub caveats: Vec<Text>,
    /// The periods of this definition.
    pub valid: Validity,
}

impl Indicator {
    /// The definition as results name it: `id@version`.
    pub fn definition_id(&self) -> String {
        format!("{}@{}", self.id, self.version)
    }
}
