//! The catalogue as it is written: the TOML of an author, the JSON in a release.

use super::PeerModel;
use super::{Expectation, Pair};
use crate::language::Text;
use crate::model::{
    Aggregate, Direction, IndicatorId, IntervalKind, Measure, Scope, ScopeId, Synonyms, Unit, Validity,
};
use serde::{Deserialize, Serialize};

/// A catalogue document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document<M = Measure, I = IndicatorDeclaration, P = PeerModel> {
    /// Version of this schema.
    pub schema: u32,
    /// Identifier.
    pub id: String,
    /// Version of the content.
    pub version: String,
    /// Name.
    pub label: Text,
    /// What it holds.
    pub description: Text,
    /// Themes.
    #[serde(default, rename = "theme")]
    pub themes: Vec<Entry>,
    /// Source registers.
    #[serde(default, rename = "source")]
    pub sources: Vec<SourceRegister>,
    /// Base units.
    #[serde(default, rename = "unit")]
    pub units: Vec<BaseUnit>,
    /// Functions.
    #[serde(default, rename = "function")]
    pub functions: Vec<Entry>,
    /// Scopes.
    #[serde(default = "Vec::new", rename = "scope")]
    pub scopes: Vec<Scope>,
    /// Which variables explain which costs.
    #[serde(default, rename = "expectation", skip_serializing_if = "Vec::is_empty")]
    pub expectations: Vec<Expectation>,
    /// Costs and uses that belong together.
    #[serde(default, rename = "pair", skip_serializing_if = "Vec::is_empty")]
    pub pairs: Vec<Pair>,
    /// Measures.
    #[serde(default = "Vec::new", rename = "measure")]
    pub measures: Vec<M>,
    /// Indicators.
    #[serde(default = "Vec::new", rename = "indicator")]
    pub indicators: Vec<I>,
    /// Peer models.
    #[serde(
        default = "Vec::new",
        rename = "peer_model",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub peer_models: Vec<P>,
}

impl Document {
    /// What a release holds: the document without measures and indicators as JSON, and the lines of the measures and of the
    /// indicators by id: id, number in the order of declaration, and JSON, tabs between them.
    pub(crate) fn to_release(&self) -> serde_json::Result<(String, Vec<String>, Vec<String>)> {
        fn lines<T: Serialize>(items: &[T], id: impl Fn(&T) -> &str) -> serde_json::Result<Vec<String>> {
            let mut order: Vec<(usize, &T)> = items.iter().enumerate().collect();
            order.sort_by_key(|(_, item)| id(item));
            let line = |(number, item): (usize, &T)| -> serde_json::Result<String> {
                Ok(format!(
                    "{}\t{number}\t{}\n",
                    id(item),
                    serde_json::to_string(item)?
                ))
            };
            order.into_iter().map(line).collect()
        }
        let header = Self {
            schema: self.schema,
            id: self.id.clone(),
            version: self.version.clone(),
            label: self.label.clone(),
            description: self.description.clone(),
            themes: self.themes.clone(),
            sources: self.sources.clone(),
            units: self.units.clone(),
            functions: self.functions.clone(),
            scopes: self.scopes.clone(),
            expectations: self.expectations.clone(),
            pairs: self.pairs.clone(),
            measures: Vec::new(),
            indicators: Vec::new(),
            peer_models: self.peer_models.clone(),
        };
        Ok((
            serde_json::to_string(&header)?,
            lines(&self.measures, |measure| measure.id.as_str())?,
            lines(&self.indicators, |indicator| indicator.id.as_str())?,
        ))
    }
}

/// Appends items that are not there yet.
///
/// # Errors
/// The id of an item that is there and is another one.
fn join<T: PartialEq>(whole: &mut Vec<T>, items: Vec<T>, id: impl Fn(&T) -> &str) -> Result<(), String> {
    for item in items {
        match whole.iter().find(|known| id(known) == id(&item)) {
            Some(known) if *known == item => {}
            Some(_) => return Err(id(&item).to_owned()),
            None => whole.push(item),
        }
    }
    Ok(())
}

impl Document {
    /// Takes over the items of another catalogue. What both declare alike is the same item.
    ///
    /// # Errors
    /// The id of what they declare differently.
    pub(crate) fn join(&mut self, other: Self) -> Result<(), String> {
        join(&mut self.themes, other.themes, |item| &item.id)?;
        join(&mut self.sources, other.sources, |item| &item.id)?;
        join(&mut self.units, other.units, |item| &item.id)?;
        join(&mut self.functions, other.functions, |item| &item.id)?;
        join(&mut self.scopes, other.scopes, |item| item.id.as_str())?;
        join(&mut self.expectations, other.expectations, |item| &item.id)?;
        join(&mut self.pairs, other.pairs, |item| &item.id)?;
        join(&mut self.measures, other.measures, |item| item.id.as_str())?;
        join(&mut self.indicators, other.indicators, |item| item.id.as_str())?;
        join(&mut self.peer_models, other.peer_models, |item| &item.id)
    }
}

/// An id with a name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Identifier.
    pub id: String,
    /// Name.
    pub label: Text,
}

/// A register that figures come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceRegister {
    /// Identifier.
    pub id: String,
    /// Name.
    pub label: Text,
    /// Publisher.
    pub publisher: Text,
    /// Licence.
    pub license: String,
    /// How to cite it.
    pub citation: Text,
    /// Public address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// What a base unit counts, where that matters to a calculation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnitKind {
    /// Money: it has real prices, and a negative denominator in it is refused.
    Money,
    /// Persons: inhabitants, pupils and borrowers are of one dimension.
    Persons,
}

/// A base unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaseUnit {
    /// Identifier, as in unit expressions.
    pub id: String,
    /// What it counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<UnitKind>,
    /// Name.
    pub label: Text,
    /// As it is written after a number: `loans`.
    pub symbol: Text,
    /// As it is written after a slash, where that is another word: `loan`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per: Option<Text>,
}

/// An indicator as declared; [`super::Catalogue::indicator`] resolves its formula.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndicatorDeclaration<F = String> {
    /// Identifier.
    pub id: IndicatorId,
    /// Name.
    pub label: Text,
    /// What it tells.
    pub definition: Text,
    /// Other words for it.
    #[serde(default, skip_serializing_if = "Synonyms::is_empty")]
    pub synonyms: Synonyms,
    /// Theme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theme: Option<String>,
    /// `+ - * / ( )`, numbers, measures and other indicators.
    pub formula: F,
    /// m, 1 when absent.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub multiplier: f64,
    /// Unit of the result.
    pub unit: Unit,
    /// Decimals shown.
    pub decimals: usize,
    /// Which values are better.
    #[serde(default)]
    pub direction: Direction,
    /// Version of the definition.
    pub version: u32,
    /// Functions covered by the numerator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<ScopeId>,
    /// Functions covered by the denominator, where it is a cost too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denominator_scope: Option<ScopeId>,
    /// How groups are summarised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aggregate: Option<Aggregate>,
    /// The smallest denominator that is ranked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_denominator: Option<f64>,
    /// What the figures are made of, which decides the interval of chance: `count`, `proportion` (the numerator counts some
    /// of the persons in the denominator) or `none`. Needed only for persons over persons; otherwise it follows from the
    /// measures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<IntervalKind>,
    /// What to keep in mind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub caveats: Vec<Text>,
    /// The periods of this definition.
    #[serde(default)]
    pub valid: Validity,
}

impl<F> IndicatorDeclaration<F> {
    /// The same declaration with another form of its formula.
    pub(super) fn with_formula<G>(self, form: impl FnOnce(F) -> G) -> IndicatorDeclaration<G> {
        IndicatorDeclaration {
            id: self.id,
            label: self.label,
            definition: self.definition,
            synonyms: self.synonyms,
            theme: self.theme,
            formula: form(self.formula),
            multiplier: self.multiplier,
            unit: self.unit,
            decimals: self.decimals,
            direction: self.direction,
            version: self.version,
            scope: self.scope,
            denominator_scope: self.denominator_scope,
            aggregate: self.aggregate,
            minimum_denominator: self.minimum_denominator,
            interval: self.interval,
            caveats: self.caveats,
            valid: self.valid,
        }
    }
}

fn one() -> f64 {
    1.0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_one(multiplier: &f64) -> bool {
    (*multiplier - 1.0).abs() < f64::EPSILON
}
