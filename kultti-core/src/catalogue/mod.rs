//! The catalogue: which measures and indicators there are and what they mean, as data.
//!
//! A catalogue is a TOML file; loading it checks every label, reference, formula, unit and scope and points at the line
//! and column of a mistake. A release carries the same document as JSON, measures and indicators line by line, so that a
//! question reads only those that it names.

mod check;
mod counts;
mod document;
mod expectation;
mod formula;
mod items;
mod own;
mod peer_model;
mod relations;
mod resolve;
mod search;

pub use document::{BaseUnit, Document, Entry, IndicatorDeclaration, SourceRegister, UnitKind};
pub use expectation::{Expectation, Pair, StructuralVariable};
pub use formula::{FormulaProblem, parse_formula};
pub(crate) use items::Lines;
pub use peer_model::{PeerModel, PeerVariable};

use crate::error::{Error, Result};
use crate::language::{Language, Text, near_matches};
use crate::model::{FunctionId, Indicator, Measure, MeasureId, Scope, ScopeId, Unit};
use items::Items;
use std::path::Path;
use std::sync::OnceLock;

/// Measures and indicators with everything that gives them meaning.
#[derive(Debug)]
pub struct Catalogue {
    /// The document without measures and indicators.
    header: Document,
    measures: Items<Measure>,
    indicators: Items<IndicatorDeclaration>,
    /// Indicators whose formula has been resolved, by place.
    resolved: Vec<OnceLock<Box<Indicator>>>,
    /// The whole document, once somebody has asked for it.
    document: OnceLock<Box<Document>>,
}

impl Catalogue {
    /// Reads a TOML file and checks it wholly.
    ///
    /// # Errors
    /// [`Error::Io`] and every error of [`Catalogue::from_toml`].
    pub fn load(path: &Path) -> Result<Self> {
        Self::from_toml(&path.display().to_string(), &crate::source::read_text(path)?)
    }

    /// Reads a TOML text and checks it wholly: three languages for every label, unique ids, references that exist,
    /// formulas whose units fit, scopes that do not mix, no circles.
    ///
    /// # Errors
    /// [`Error::MalformedToml`], [`Error::MissingText`], [`Error::DuplicateId`], [`Error::UnknownReference`],
    /// [`Error::InvalidField`], [`Error::FormulaSyntax`], [`Error::UnitMismatch`], [`Error::ScopeMixture`] or
    /// [`Error::Cycle`], each with line and column.
    ///
    /// ```
    /// use kultti_core::catalogue::Catalogue;
    /// let catalogue = Catalogue::from_toml("youth_work.toml", kultti_datasets::YOUTH_WORK)?;
    /// assert!(catalogue.indicators().count() > 3);
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn from_toml(path: &str, text: &str) -> Result<Self> {
        check::load(path, text)
    }

    /// The catalogue of a document that has been checked before, as a release holds it.
    ///
    /// # Errors
    /// [`Error::DuplicateId`] when several catalogues declare the same id.
    pub fn from_document(mut document: Document) -> Result<Self> {
        let (measures, indicators) = (
            std::mem::take(&mut document.measures),
            std::mem::take(&mut document.indicators),
        );
        let duplicate = |id: String| Error::DuplicateId {
            path: document.id.clone(),
            line: 0,
            id,
        };
        let measures = Items::of(measures, |item| item.id.as_str()).map_err(duplicate)?;
        let indicators = Items::of(indicators, |item| item.id.as_str()).map_err(duplicate)?;
        Ok(Self::new(document, measures, indicators))
    }

    /// The catalogue of a release: the document without measures and indicators as JSON, the measures and the indicators as
    /// lines.
    ///
    /// # Errors
    /// What was found instead.
    pub(crate) fn from_release(
        header: &str,
        measures: Box<dyn Lines>,
        indicators: Box<dyn Lines>,
    ) -> Result<Self, String> {
        let header: Document = serde_json::from_str(header).map_err(|cause| cause.to_string())?;
        if header.schema != 1 {
            return Err(format!("schema {}", header.schema));
        }
        Ok(Self::new(
            header,
            Items::of_lines(measures),
            Items::of_lines(indicators),
        ))
    }

    fn new(header: Document, measures: Items<Measure>, indicators: Items<IndicatorDeclaration>) -> Self {
        Self {
            header,
            resolved: (0..indicators.len()).map(|_| OnceLock::new()).collect(),
            measures,
            indicators,
            document: OnceLock::new(),
        }
    }

    /// Reads every measure and indicator.
    ///
    /// # Errors
    /// How many of them can be read, where that is not all.
    pub(crate) fn check_all(&self) -> Result<(), String> {
        let found = (self.measures.iter().count(), self.indicators.iter().count());
        let expected = (self.measures.len(), self.indicators.len());
        if found == expected {
            return Ok(());
        }
        Err(format!("{} measures, {} indicators", found.0, found.1))
    }

    /// The whole document. It is put together when it is first asked for; [`Catalogue::header`] is there at once.
    pub fn document(&self) -> &Document {
        self.document.get_or_init(|| {
            let mut document = self.header.clone();
            document.measures = self.measures.iter().cloned().collect();
            document.indicators = self.indicators.iter().cloned().collect();
            Box::new(document)
        })
    }

    /// The document without its measures and indicators.
    pub fn header(&self) -> &Document {
        &self.header
    }

    /// A measure.
    pub fn measure(&self, id: &MeasureId) -> Option<&Measure> {
        self.measures.get(id.as_str())
    }

    /// All measures, in the catalogue's order.
    pub fn measures(&self) -> impl Iterator<Item = &Measure> {
        self.measures.iter()
    }

    /// All indicators as declared, in the catalogue's order.
    pub fn indicators(&self) -> impl Iterator<Item = &IndicatorDeclaration> {
        self.indicators.iter()
    }

    /// An indicator as declared.
    ///
    /// # Errors
    /// [`Error::UnknownIndicator`] with near matches.
    pub fn declaration(&self, id: &str) -> Result<&IndicatorDeclaration> {
        self.declared(id).ok_or_else(|| self.unknown_indicator(id))
    }

    fn declared(&self, id: &str) -> Option<&IndicatorDeclaration> {
        self.indicators.get(id)
    }

    /// An indicator with its formula resolved.
    ///
    /// # Errors
    /// [`Error::UnknownIndicator`] with near matches.
    pub fn indicator(&self, id: &str) -> Result<&Indicator> {
        let unknown = || self.unknown_indicator(id);
        let place = self.indicators.place(id).ok_or_else(unknown)?;
        let slot = &self.resolved[place];
        if let Some(indicator) = slot.get() {
            return Ok(indicator);
        }
        let declared = self.indicators.at(place).ok_or_else(unknown)?;
        let indicator =
            resolve::indicator(self, declared).map_err(|problem| problem.into_error(&self.header.id, id))?;
        Ok(slot.get_or_init(|| Box::new(indicator)))
    }

    /// The error for an indicator that does not exist, with near matches.
    pub fn unknown_indicator(&self, id: &str) -> Error {
        Error::UnknownIndicator {
            indicator: id.to_owned(),
            near: self.near_indicators(id),
        }
    }

    fn near_indicators(&self, query: &str) -> Vec<String> {
        let ids = self.indicators.ids(|indicator| indicator.id.as_str());
        let near = near_matches(query, ids, 3);
        if !near.is_empty() {
            return near.into_iter().map(str::to_owned).collect();
        }
        self.search(query)
            .into_iter()
            .take(3)
            .map(|indicator| indicator.id.to_string())
            .collect()
    }

    /// The model declared for an indicator: the first that names it.
    pub fn expectation(&self, indicator: &str) -> Option<&Expectation> {
        self.header
            .expectations
            .iter()
            .find(|model| model.explains(indicator))
    }

    /// The pairs of cost and use that a cost per inhabitant belongs to.
    pub fn pairs(&self, cost_per_inhabitant: &str) -> Vec<&Pair> {
        let pairs = self.header.pairs.iter();
        pairs
            .filter(|pair| pair.cost_per_inhabitant.as_str() == cost_per_inhabitant)
            .collect()
    }

    /// A scope.
    pub fn scope(&self, id: &ScopeId) -> Option<&Scope> {
        self.header.scopes.iter().find(|scope| scope.id == *id)
    }

    /// The name of a theme.
    pub fn theme(&self, id: &str) -> Option<&Text> {
        let found = self.header.themes.iter().find(|theme| theme.id == id);
        found.map(|theme| &theme.label)
    }

    /// A source register.
    pub fn source(&self, id: &str) -> Option<&SourceRegister> {
        self.header.sources.iter().find(|source| source.id == id)
    }

    /// The name of a function.
    pub fn function(&self, id: &FunctionId) -> Option<&Text> {
        self.header
            .functions
            .iter()
            .find(|entry| entry.id == id.as_str())
            .map(|entry| &entry.label)
    }

    /// The power of all base units of a kind: 1 for money in euros per inhabitant, -1 for persons.
    ///
    /// ```
    /// use kultti_core::catalogue::{Catalogue, UnitKind};
    /// let catalogue = Catalogue::from_toml("culture.toml", kultti_datasets::CULTURE)?;
    /// let unit = "EUR/inhabitant".parse().map_err(|_| ()).unwrap();
    /// assert_eq!(catalogue.power_of(UnitKind::Money, &unit), 1);
    /// assert_eq!(catalogue.power_of(UnitKind::Persons, &unit), -1);
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn power_of(&self, kind: UnitKind, unit: &Unit) -> i32 {
        let of_kind = self.header.units.iter().filter(|base| base.kind == Some(kind));
        of_kind.map(|base| unit.power(&base.id)).sum()
    }

    /// Whether values of both units may be added or compared; all persons are of one dimension.
    pub fn same_dimension(&self, left: &Unit, right: &Unit) -> bool {
        let quotient = left.divide(right);
        let persons = |base: &str| {
            self.header
                .units
                .iter()
                .any(|known| known.id == base && known.kind == Some(UnitKind::Persons))
        };
        self.power_of(UnitKind::Persons, &quotient) == 0 && quotient.bases().all(persons)
    }

    /// A unit as people write it: `€ / inhabitant`.
    pub fn unit_symbol(&self, unit: &Unit, language: Language) -> String {
        if unit.is_percent() {
            return "%".to_owned();
        }
        let written = |base: &str, sign: i32| {
            let Some(known) = self.header.units.iter().find(|known| known.id == base) else {
                return base.to_owned();
            };
            let text = known.per.as_ref().filter(|_| sign < 0).unwrap_or(&known.symbol);
            text.get(language).to_owned()
        };
        let side = |sign: i32| {
            let bases = unit.bases().filter(|base| unit.power(base).signum() == sign);
            bases
                .map(|base| written(base, sign))
                .collect::<Vec<_>>()
                .join(" · ")
        };
        match (side(1), side(-1)) {
            (above, below) if below.is_empty() => above,
            (above, below) => format!("{above} / {below}"),
        }
    }
}
