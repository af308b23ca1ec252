//! A researcher's own measures and indicators beside those of a catalogue, declared as shortly as can be.

use super::check::checked;
use super::document::{BaseUnit, Document, Entry, IndicatorDeclaration, SourceRegister, UnitKind};
use super::items::Items;
use super::peer_model::{CheckedDocument, Positioned as PositionedModel};
use super::{Catalogue, Expectation, Pair, parse_formula};
use crate::error::{Error, Result};
use crate::language::{Message, Text};
use crate::model::{
    Additivity, AdditivityPair, Aggregate, AreaScope, CountedAt, Direction, Expression, FunctionId,
    IndicatorId, IntervalKind, Kind, Measure, MeasureId, Scope, ScopeId, Synonyms, Unit, Validity,
};
use crate::source::parse_toml;
use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::HashMap;
use std::ops::Range;
use toml::Spanned;

/// The source of measures that name none.
const OWN: &str = "own";

impl Catalogue {
    /// A catalogue without measures and indicators, to which own ones can be added.
    ///
    /// ```
    /// use kultti_core::catalogue::Catalogue;
    /// assert_eq!(Catalogue::empty().measures().count(), 0);
    /// ```
    pub fn empty() -> Self {
        let named = |code: &'static str| Text::each(|language| Message::new(code).render(language));
        Self::new(
            Document {
                schema: 1,
                id: OWN.to_owned(),
                version: "1".to_owned(),
                label: named("word.own-catalogue"),
                description: named("word.own-catalogue"),
                themes: Vec::new(),
                sources: Vec::new(),
                units: Vec::new(),
                functions: Vec::new(),
                scopes: Vec::new(),
                expectations: Vec::new(),
                pairs: Vec::new(),
                measures: Vec::new(),
                indicators: Vec::new(),
                peer_models: Vec::new(),
            },
            Items::default(),
            Items::default(),
        )
    }

    /// This catalogue with a researcher's own measures and indicators, which may use its units, sources, themes, measures and
    /// indicators.
    ///
    /// The text is TOML with the tables of a catalogue but without its header, or the same as a JSON object. What is not
    /// said is filled in:
    ///
    /// - a text may be one text, which then stands for all three languages; a definition is the label, a label the id;
    /// - a unit's label and symbol are its id; a register's publisher is its label, its citation too, its licence `not stated`;
    /// - a measure is a `flow` (over areas and time a `sum`; a `stock` a sum over areas only; any other kind adds up over
    ///   nothing), has 0 decimals (2, where it is a share or an index), is of the register `own` and is counted at the
    ///   `residence`;
    /// - an indicator has version 1, the unit that its formula comes to, and 2 decimals (a measure alone: that measure's);
    /// - every measure without a function is an indicator too, of the same id, unless one is declared.
    ///
    /// A text that has a header (`schema = 1`) is a whole catalogue and is added as such: what both declare alike is the same.
    ///
    /// # Errors
    /// Those of [`Catalogue::from_toml`], with line and column of the text; [`Error::DuplicateId`] for an id that this
    /// catalogue has already.
    ///
    /// ```
    /// use kultti_core::catalogue::Catalogue;
    /// let culture = Catalogue::from_toml("culture.toml", kultti_datasets::CULTURE)?;
    /// let own = culture.with_own("own.toml", r#"
    /// measure = [{ id = "survey.visits", unit = "visit" }]
    /// indicator = [{ id = "survey.visits_per_inhabitant", formula = "survey.visits / population.year_end" }]
    /// "#)?;
    /// assert_eq!(own.indicator("survey.visits_per_inhabitant")?.unit.to_string(), "visit/inhabitant");
    /// assert_eq!(own.indicator("survey.visits")?.label.get(Default::default()), "survey.visits");
    /// let wrong = culture.with_own("own.toml", "measure = [{ id = \"survey.visits\", unit = \"visits\" }]");
    /// assert!(wrong.unwrap_err().to_string().contains("Did you mean visit?"));
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn with_own(&self, path: &str, text: &str) -> Result<Self> {
        let toml = of_json(path, text)?;
        let text = toml.as_deref().unwrap_or(text);
        // What is no TOML is said by the reader of the document.
        let header = text.parse::<toml::Table>();
        if header.is_ok_and(|table| table.contains_key("schema")) {
            return self.with_text(path, text, &Self::from_toml(path, text)?);
        }
        let own: Own = parse_toml(path, text)?;
        let document = Together::new(self.document().clone(), own).document();
        checked(path, text, document)
    }

    fn with_text(&self, path: &str, text: &str, other: &Self) -> Result<Self> {
        self.joined(other).map_err(|id| Error::DuplicateId {
            path: path.to_owned(),
            line: crate::source::line_declaring(text, &id),
            id,
        })
    }

    /// This catalogue with the items of another. What both declare alike is the same item; a catalogue without any items is
    /// the other one.
    ///
    /// # Errors
    /// [`Error::DuplicateId`] for what they declare differently.
    ///
    /// ```
    /// use kultti_core::catalogue::Catalogue;
    /// let culture = Catalogue::from_toml("culture.toml", kultti_datasets::CULTURE)?;
    /// let both = culture.with(&Catalogue::from_toml("youth_work.toml", kultti_datasets::YOUTH_WORK)?)?;
    /// assert!(both.indicators().count() > culture.indicators().count());
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn with(&self, other: &Self) -> Result<Self> {
        self.joined(other).map_err(|id| Error::DuplicateId {
            path: other.header().id.clone(),
            line: 1,
            id,
        })
    }

    fn joined(&self, other: &Self) -> Result<Self, String> {
        let mut whole = match self.measures.len() + self.indicators.len() {
            0 => return Self::from_document(other.document().clone()).map_err(|error| error.to_string()),
            _ => self.document().clone(),
        };
        whole.join(other.document().clone())?;
        Self::from_document(whole).map_err(|error| error.to_string())
    }
}

/// A JSON object as TOML; `None` for a text that is no object of JSON, as no TOML begins with a brace.
fn of_json(path: &str, text: &str) -> Result<Option<String>> {
    if !text.trim_start().starts_with('{') {
        return Ok(None);
    }
    let malformed = |cause: String, (line, column): (usize, usize)| Error::MalformedToml {
        path: path.to_owned(),
        line,
        column,
        cause,
    };
    let tables: serde_json::Map<String, Json> = serde_json::from_str(text)
        .map_err(|cause| malformed(cause.to_string(), (cause.line(), cause.column())))?;
    let line = |(name, value): (String, Json)| match value {
        // One item where a list of items is expected is a list of one.
        Json::Object(_) if ITEMS.contains(&name.as_str()) => entry(&name, &Json::Array(vec![value])),
        _ => entry(&name, &value),
    };
    let lines: Vec<String> = tables.into_iter().filter_map(line).collect();
    Ok(Some(lines.join("\n")))
}

/// `"name" = value`; nothing for a null.
fn entry(name: &str, value: &Json) -> Option<String> {
    // Texts of JSON are texts of TOML.
    toml_of(value).map(|value| format!("{} = {value}", Json::from(name)))
}

fn toml_of(value: &Json) -> Option<String> {
    match value {
        Json::Null => None,
        Json::Array(items) => {
            let items: Vec<String> = items.iter().filter_map(toml_of).collect();
            Some(format!("[{}]", items.join(", ")))
        }
        Json::Object(fields) => {
            let fields: Vec<String> = fields
                .iter()
                .filter_map(|(name, value)| entry(name, value))
                .collect();
            Some(format!("{{ {} }}", fields.join(", ")))
        }
        plain => Some(plain.to_string()),
    }
}

/// The tables of a catalogue that may stand several times.
const ITEMS: [&str; 10] = [
    "theme",
    "source",
    "unit",
    "function",
    "scope",
    "expectation",
    "pair",
    "measure",
    "indicator",
    "peer_model",
];

/// A text in each language, or one for all of them.
#[derive(Deserialize)]
#[serde(untagged)]
enum OwnText {
    One(String),
    Each(Text),
}

impl From<OwnText> for Text {
    fn from(text: OwnText) -> Self {
        match text {
            OwnText::One(text) => Self::each(|_| text.clone()),
            OwnText::Each(text) => text,
        }
    }
}

/// The text given, or the one that stands for it.
fn text_or(text: Option<OwnText>, other: impl FnOnce() -> Text) -> Text {
    text.map_or_else(other, Text::from)
}

fn same(text: &str) -> Text {
    Text::each(|_| text)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Own {
    #[serde(default)]
    theme: Vec<OwnEntry>,
    #[serde(default)]
    source: Vec<OwnSource>,
    #[serde(default)]
    unit: Vec<OwnUnit>,
    #[serde(default)]
    function: Vec<OwnEntry>,
    #[serde(default)]
    scope: Vec<Scope>,
    #[serde(default)]
    expectation: Vec<Expectation>,
    #[serde(default)]
    pair: Vec<Pair>,
    #[serde(default)]
    measure: Vec<Spanned<OwnMeasure>>,
    #[serde(default)]
    indicator: Vec<Spanned<OwnIndicator>>,
    #[serde(default)]
    peer_model: Vec<PositionedModel>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OwnEntry {
    id: String,
    label: Option<OwnText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OwnSource {
    id: String,
    label: Option<OwnText>,
    publisher: Option<OwnText>,
    license: Option<String>,
    citation: Option<OwnText>,
    url: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OwnUnit {
    id: String,
    kind: Option<UnitKind>,
    label: Option<OwnText>,
    symbol: Option<OwnText>,
    per: Option<OwnText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OwnMeasure {
    id: MeasureId,
    label: Option<OwnText>,
    definition: Option<OwnText>,
    #[serde(default)]
    synonyms: Synonyms,
    theme: Option<String>,
    unit: Unit,
    decimals: Option<u8>,
    kind: Option<Kind>,
    additivity: Option<AdditivityPair>,
    weight: Option<MeasureId>,
    #[serde(default)]
    direction: Direction,
    source: Option<String>,
    counted_at: Option<CountedAt>,
    #[serde(default)]
    valid: Validity,
    successor: Option<MeasureId>,
    function: Option<FunctionId>,
    #[serde(default)]
    area_scope: AreaScope,
    #[serde(default)]
    zero_may_mean_joint: bool,
    derived: Option<crate::model::Derived>,
    price_index: Option<crate::model::PriceIndex>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OwnIndicator {
    id: IndicatorId,
    label: Option<OwnText>,
    definition: Option<OwnText>,
    #[serde(default)]
    synonyms: Synonyms,
    theme: Option<String>,
    formula: Spanned<String>,
    multiplier: Option<f64>,
    unit: Option<Unit>,
    decimals: Option<usize>,
    direction: Option<Direction>,
    version: Option<u32>,
    scope: Option<ScopeId>,
    denominator_scope: Option<ScopeId>,
    aggregate: Option<Aggregate>,
    minimum_denominator: Option<f64>,
    interval: Option<IntervalKind>,
    #[serde(default)]
    caveats: Vec<OwnText>,
    #[serde(default)]
    valid: Validity,
}

/// A catalogue and what is declared beside it, on the way to one document.
struct Together {
    document: CheckedDocument,
    own: Own,
}

impl Together {
    /// The catalogue's items stand before the first place of the text: they are sound, and no error is about them.
    fn new(base: Document, own: Own) -> Self {
        let nowhere = || Range { start: 0, end: 0 };
        let indicator = |item: IndicatorDeclaration| {
            Spanned::new(nowhere(), item.with_formula(|text| Spanned::new(nowhere(), text)))
        };
        let document = CheckedDocument {
            schema: base.schema,
            id: base.id,
            version: base.version,
            label: base.label,
            description: base.description,
            themes: base.themes,
            sources: base.sources,
            units: base.units,
            functions: base.functions,
            scopes: base.scopes,
            expectations: base.expectations,
            pairs: base.pairs,
            measures: base
                .measures
                .into_iter()
                .map(|item| Spanned::new(nowhere(), item))
                .collect(),
            indicators: base.indicators.into_iter().map(indicator).collect(),
            peer_models: base
                .peer_models
                .into_iter()
                .map(|model| model.positioned(nowhere()))
                .collect(),
        };
        Self { document, own }
    }

    fn document(mut self) -> CheckedDocument {
        let own = self.own;
        let document = &mut self.document;
        let entry = |entry: OwnEntry| Entry {
            label: text_or(entry.label, || same(&entry.id)),
            id: entry.id,
        };
        document.themes.extend(own.theme.into_iter().map(entry));
        document.functions.extend(own.function.into_iter().map(entry));
        document.units.extend(own.unit.into_iter().map(BaseUnit::from));
        document
            .sources
            .extend(own.source.into_iter().map(SourceRegister::from));
        document.scopes.extend(own.scope);
        document.expectations.extend(own.expectation);
        document.pairs.extend(own.pair);
        document.peer_models.extend(own.peer_model);
        let unnamed = own.measure.iter().any(|item| item.get_ref().source.is_none());
        if unnamed && !document.sources.iter().any(|source| source.id == OWN) {
            document.sources.push(own_source());
        }
        let declared: Vec<String> = own
            .indicator
            .iter()
            .map(|item| item.get_ref().id.to_string())
            .collect();
        let measures: Vec<Spanned<Measure>> = own
            .measure
            .into_iter()
            .map(|item| Spanned::new(item.span(), item.into_inner().into()))
            .collect();
        let alone = measures
            .iter()
            .filter(|item| item.get_ref().function.is_none())
            .filter(|item| !declared.iter().any(|id| id == item.get_ref().id.as_str()))
            .map(of_measure);
        let alone: Vec<_> = alone.collect();
        document.measures.extend(measures);
        let units = units(document);
        let finished = own
            .indicator
            .into_iter()
            .map(|item| Spanned::new(item.span(), item.into_inner().finished(&units)));
        document.indicators.extend(finished.chain(alone));
        self.document
    }
}

/// The unit and the decimals of every measure and indicator; a measure alone has its own decimals.
type Units = HashMap<String, (Unit, usize)>;

fn units(document: &CheckedDocument) -> Units {
    let indicators = document.indicators.iter().map(|item| {
        let item = item.get_ref();
        (item.id.to_string(), (item.unit.clone(), item.decimals))
    });
    let measures = document.measures.iter().map(|item| {
        let item = item.get_ref();
        (
            item.id.to_string(),
            (item.unit.clone(), usize::from(item.decimals)),
        )
    });
    // A published ratio is a measure and an indicator of the same id: the measure wins.
    indicators.chain(measures).collect()
}

/// The unit that a formula comes to; what cannot be read or is not known is found by the check of the catalogue.
fn unit(formula: &Expression, units: &Units) -> Unit {
    let both = |left, right| (unit(left, units), unit(right, units));
    match formula {
        Expression::Number(_) => Unit::one(),
        Expression::Measure(id) => units
            .get(id.as_str())
            .map(|known| known.0.clone())
            .unwrap_or_default(),
        Expression::Negate(inner) => unit(inner, units),
        Expression::Add(left, _) | Expression::Subtract(left, _) => unit(left, units),
        Expression::Multiply(left, right) => {
            let (left, right) = both(left, right);
            left.multiply(&right)
        }
        Expression::Divide(left, right) => {
            let (left, right) = both(left, right);
            left.divide(&right)
        }
    }
}

impl OwnIndicator {
    fn finished(self, units: &Units) -> IndicatorDeclaration<Spanned<String>> {
        let label = text_or(self.label, || same(self.id.as_str()));
        let formula = parse_formula(self.formula.get_ref()).ok();
        let alone = match &formula {
            Some(Expression::Measure(id)) => units.get(id.as_str()),
            _ => None,
        };
        let derived = || {
            formula
                .as_ref()
                .map(|formula| unit(formula, units))
                .unwrap_or_default()
        };
        IndicatorDeclaration {
            definition: text_or(self.definition, || label.clone()),
            label,
            synonyms: self.synonyms,
            theme: self.theme,
            multiplier: self.multiplier.unwrap_or(1.0),
            unit: self.unit.unwrap_or_else(derived),
            decimals: self.decimals.unwrap_or(alone.map_or(2, |known| known.1)),
            direction: self.direction.unwrap_or_default(),
            version: self.version.unwrap_or(1),
            scope: self.scope,
            denominator_scope: self.denominator_scope,
            aggregate: self.aggregate,
            minimum_denominator: self.minimum_denominator,
            interval: self.interval,
            caveats: self.caveats.into_iter().map(Text::from).collect(),
            valid: self.valid,
            id: self.id,
            formula: self.formula,
        }
    }
}

/// The indicator that a measure is by itself.
fn of_measure(item: &Spanned<Measure>) -> Spanned<IndicatorDeclaration<Spanned<String>>> {
    let measure = item.get_ref();
    let declared = IndicatorDeclaration {
        id: IndicatorId::new(measure.id.as_str()),
        label: measure.label.clone(),
        definition: measure.definition.clone(),
        synonyms: measure.synonyms.clone(),
        theme: measure.theme.clone(),
        formula: Spanned::new(item.span(), measure.id.to_string()),
        multiplier: 1.0,
        unit: measure.unit.clone(),
        decimals: usize::from(measure.decimals),
        direction: measure.direction,
        version: 1,
        scope: None,
        denominator_scope: None,
        aggregate: None,
        minimum_denominator: None,
        interval: None,
        caveats: Vec::new(),
        valid: measure.valid,
    };
    Spanned::new(item.span(), declared)
}

impl From<OwnMeasure> for Measure {
    fn from(own: OwnMeasure) -> Self {
        let label = text_or(own.label, || same(own.id.as_str()));
        let kind = own.kind.unwrap_or(Kind::Flow);
        let (areas, time, decimals) = match kind {
            Kind::Flow => (Additivity::Sum, Additivity::Sum, 0),
            Kind::Stock => (Additivity::Sum, Additivity::None, 0),
            Kind::Category => (Additivity::None, Additivity::None, 0),
            Kind::Share | Kind::Index => (Additivity::None, Additivity::None, 2),
        };
        Self {
            definition: text_or(own.definition, || label.clone()),
            label,
            synonyms: own.synonyms,
            theme: own.theme,
            unit: own.unit,
            decimals: own.decimals.unwrap_or(decimals),
            kind,
            additivity: own.additivity.unwrap_or(AdditivityPair { areas, time }),
            weight: own.weight,
            direction: own.direction,
            source: own.source.unwrap_or_else(|| OWN.to_owned()),
            counted_at: own.counted_at.unwrap_or(CountedAt::Residence),
            valid: own.valid,
            successor: own.successor,
            function: own.function,
            area_scope: own.area_scope,
            zero_may_mean_joint: own.zero_may_mean_joint,
            derived: own.derived,
            price_index: own.price_index,
            id: own.id,
        }
    }
}

impl From<OwnUnit> for BaseUnit {
    fn from(own: OwnUnit) -> Self {
        Self {
            label: text_or(own.label, || same(&own.id)),
            symbol: text_or(own.symbol, || same(&own.id)),
            per: own.per.map(Text::from),
            kind: own.kind,
            id: own.id,
        }
    }
}

impl From<OwnSource> for SourceRegister {
    fn from(own: OwnSource) -> Self {
        let label = text_or(own.label, || same(&own.id));
        Self {
            publisher: text_or(own.publisher, || label.clone()),
            citation: text_or(own.citation, || label.clone()),
            label,
            license: own.license.unwrap_or_else(|| "not stated".to_owned()),
            url: own.url,
            id: own.id,
        }
    }
}

/// The register of figures of which nobody says where they come from.
fn own_source() -> SourceRegister {
    let label = Text::each(|language| Message::new("word.own-figures").render(language));
    SourceRegister {
        id: OWN.to_owned(),
        publisher: label.clone(),
        citation: label.clone(),
        label,
        license: "not stated".to_owned(),
        url: None,
    }
}
