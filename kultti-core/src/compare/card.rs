//! What there is to know of one indicator before its figures are used: its card.

use super::composition::sum_of;
use super::explain::without_numbers;
use super::label::unit_symbol;
use super::lists::IndicatorRow;
use super::result::AreaLabel;
use crate::catalogue::{Catalogue, IndicatorDeclaration, SourceRegister};
use crate::error::Result;
use crate::language::Text;
use crate::model::{
    Aggregate, Date, Direction, FunctionId, Indicator, Measure, MeasureId, Period, Scope, ScopeId,
};
use crate::panel::{Borders, Slicer};
use crate::release::Release;
use crate::territory::Break;

/// How many related indicators a card names.
const RELATED: usize = 6;

/// The answer of [`Release::describe`]: an indicator with everything that the release says of it.
#[derive(Debug, Clone, PartialEq)]
pub struct IndicatorCard {
    /// The declaration, the unit as people write it, the theme, and the periods with values.
    pub row: IndicatorRow,
    /// The definition: `id@version`.
    pub definition: String,
    /// The formula with every indicator in it written out as measures.
    pub formula: String,
    /// How a group is summarised unless asked otherwise.
    pub aggregate: Aggregate,
    /// Which functions the figures cover.
    pub scope: Option<CardScope>,
    /// The measures of the formula, once each.
    pub measures: Vec<CardMeasure>,
    /// The registers of the measures.
    pub sources: Vec<SourceRegister>,
    /// The day on which the latest of their tables was taken over.
    pub retrieved: Option<Date>,
    /// Where the series breaks, by period.
    pub breaks: Vec<CardBreak>,
    /// Indicators near this one: of the same cost with another scope or base, of the same pair, of the same service.
    pub related: Vec<(crate::model::IndicatorId, Text)>,
    /// Which questions it can be asked.
    pub questions: Vec<CardQuestion>,
    /// The release.
    pub release: String,
}

/// The functions that an indicator covers.
#[derive(Debug, Clone, PartialEq)]
pub struct CardScope {
    /// Identifier.
    pub id: ScopeId,
    /// Name.
    pub label: Text,
    /// What a reader must know.
    pub sentence: Text,
    /// The functions in it.
    pub includes: Vec<Text>,
    /// The functions of the widest scope that holds this one, less those in it.
    pub excludes: Vec<Text>,
}

/// A measure of the formula.
#[derive(Debug, Clone, PartialEq)]
pub struct CardMeasure {
    /// Identifier.
    pub id: MeasureId,
    /// Name.
    pub label: Text,
    /// What exactly is counted.
    pub definition: Text,
    /// The unit as people write it.
    pub unit_symbol: Text,
    /// The register that it comes from.
    pub source: String,
    /// The part of the country that it exists for; `None` for the whole.
    pub area_scope: Option<Text>,
}

/// A place where the series breaks: figures from `period` on are not of the same kind as those before it.
#[derive(Debug, Clone, PartialEq)]
pub struct CardBreak {
    /// The first period of the new kind.
    pub period: Period,
    /// What changed; `None` where the source only marks its figures (status B).
    pub cause: Option<Text>,
    /// Who says so.
    pub source: Option<String>,
    /// New/old at the overlap, where somebody has measured it.
    pub factor: Option<f64>,
    /// The areas whose series breaks; empty for all of them.
    pub areas: Vec<AreaLabel>,
}

/// A question that goes one step deeper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardQuestion {
    /// One area among all.
    Compare,
    /// All areas in order.
    Rank,
    /// Every group of a grouping.
    Groups,
    /// A series with its trend.
    Trend,
    /// The parts that it sums: of sums only.
    Composition,
    /// What chance allows: of counts and proportions only.
    Intervals,
    /// Cost per inhabitant as cost per use times uses per inhabitant: of a declared pair only.
    CostPerUse,
    /// The cost that a municipality of such a structure has: of declared costs only.
    Expected,
}

impl CardQuestion {
    /// The code of the sentence that says what it answers.
    pub fn word_code(self) -> &'static str {
        match self {
            Self::Compare => "word.ask-compare",
            Self::Rank => "word.ask-rank",
            Self::Groups => "word.ask-groups",
            Self::Trend => "word.ask-trend",
            Self::Composition => "word.ask-composition",
            Self::Intervals => "word.ask-intervals",
            Self::CostPerUse => "word.ask-cost-per-use",
            Self::Expected => "word.ask-expected",
        }
    }

    /// The command that asks it, about an area of the reader's choice.
    pub fn command(self, indicator: &IndicatorDeclaration, area: &str) -> String {
        let id = &indicator.id;
        match self {
            Self::Compare => format!("kultti compare {id} --area {area}"),
            Self::Rank if indicator.direction == Direction::None => format!("kultti rank {id} --order desc"),
            Self::Rank => format!("kultti rank {id}"),
            Self::Groups => format!("kultti groups {id} --by region"),
            Self::Trend => format!("kultti trend {id} --area {area}"),
            Self::Composition => format!("kultti composition {id} --area {area}"),
            Self::Intervals => format!("kultti intervals {id} --by region"),
            Self::CostPerUse => format!("kultti cost-per-use {id} --area {area}"),
            Self::Expected => format!("kultti expected {id} --area {area}"),
        }
    }
}

impl Release {
    /// Everything that the release says of an indicator: what it tells and how it is computed, what it covers and leaves out,
    /// where its figures come from and for which periods, where its series breaks, and what can be asked of it next.
    ///
    /// # Errors
    /// [`crate::Error::UnknownIndicator`] with near matches; [`crate::Error::ReleaseAltered`] for a damaged release.
    ///
    /// ```
    /// use kultti_core::language::Language;
    /// use kultti_core::release::Release;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// let card = release.describe("culture_excluding_library.net_operating_cost_per_inhabitant")?;
    /// let scope = card.scope.unwrap();
    /// assert_eq!(scope.excludes[0].get(Language::En), "Libraries");
    /// assert_eq!(card.sources.len(), 2); // costs and population
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn describe(&self, indicator: &str) -> Result<IndicatorCard> {
        let catalogue = self.catalogue();
        let indicator = catalogue.indicator(indicator)?;
        let slicer = Slicer::new(self);
        let row = self.indicator_row(&slicer, catalogue.declaration(indicator.id.as_str())?);
        let measures = slicer.measures_of(indicator);
        let mut sources: Vec<SourceRegister> = Vec::new();
        for measure in &measures {
            let register = catalogue.source(&measure.source);
            sources.extend(register.filter(|one| !sources.contains(one)).cloned());
        }
        let tables = self.provenance().tables.iter();
        let of_sources = tables.filter(|table| sources.iter().any(|source| source.id == table.source));
        let scope = indicator.scope.as_ref().and_then(|id| catalogue.scope(id));
        Ok(IndicatorCard {
            definition: indicator.definition_id(),
            formula: without_numbers(indicator),
            aggregate: indicator.aggregate,
            scope: scope.map(|scope| card_scope(catalogue, scope)),
            retrieved: of_sources.filter_map(|table| table.retrieved).max(),
            breaks: self.card_breaks(&slicer, indicator, &row.periods)?,
            measures: measures
                .iter()
                .map(|measure| self.card_measure(measure))
                .collect(),
            related: related(catalogue, &row.declared),
            questions: questions(catalogue, indicator, &row.periods),
            release: self.id().to_owned(),
            sources,
            row,
        })
    }

    fn card_measure(&self, measure: &Measure) -> CardMeasure {
        let parts = &self.territory().document().scopes;
        let part = measure.area_scope.part();
        let part = part.and_then(|id| parts.iter().find(|part| part.id == id));
        CardMeasure {
            id: measure.id.clone(),
            label: measure.label.clone(),
            definition: measure.definition.clone(),
            unit_symbol: unit_symbol(self.catalogue(), &measure.unit),
            source: measure.source.clone(),
            area_scope: part.map(|part| part.label.clone()),
        }
    }

    /// The breaks that the register names, also those in periods without figures, and those that only a status says.
    fn card_breaks(
        &self,
        slicer: &Slicer,
        indicator: &Indicator,
        periods: &[Period],
    ) -> Result<Vec<CardBreak>> {
        let territory = self.territory();
        let label = |code: &crate::model::AreaCode| AreaLabel::named(territory, code);
        let mut named: Vec<(usize, &Break)> = Vec::new();
        for measure in slicer.measures_of(indicator) {
            let own = territory.breaks(&measure.id);
            named.extend(
                own.filter(|(place, _)| named.iter().all(|(known, _)| known != place))
                    .collect::<Vec<_>>(),
            );
        }
        let mut all: Vec<CardBreak> = named
            .into_iter()
            .map(|(_, one)| CardBreak {
                period: one.period,
                cause: Some(one.cause.clone()),
                source: Some(one.source.clone()),
                factor: one.factor,
                areas: one.area.iter().map(label).collect(),
            })
            .collect();
        if let (Some(first), Some(last)) = (periods.first(), periods.last()) {
            let found = slicer.breaks(indicator, Borders::Now, (*first, *last))?;
            for one in found.into_iter().filter(|one| one.declared.is_none()) {
                let numbers = one.areas.unwrap_or_default();
                let documents = &territory.document().areas;
                let areas = numbers.iter().filter_map(|number| documents.get(*number));
                all.push(CardBreak {
                    period: one.period,
                    cause: None,
                    source: None,
                    factor: None,
                    areas: areas.map(AreaLabel::of).collect(),
                });
            }
        }
        all.sort_by_key(|one| one.period);
        Ok(all)
    }
}

fn card_scope(catalogue: &Catalogue, scope: &Scope) -> CardScope {
    let holds = |wide: &&Scope| {
        scope
            .functions
            .iter()
            .all(|function| wide.functions.contains(function))
    };
    let widest = catalogue.header().scopes.iter().filter(holds);
    let widest = widest.max_by_key(|wide| wide.functions.len()).unwrap_or(scope);
    let names = |functions: &mut dyn Iterator<Item = &FunctionId>| -> Vec<Text> {
        functions
            .filter_map(|function| catalogue.function(function).cloned())
            .collect()
    };
    let outside = |function: &&FunctionId| !scope.functions.contains(function);
    CardScope {
        id: scope.id.clone(),
        label: scope.label.clone(),
        sentence: scope.sentence.clone(),
        includes: names(&mut scope.functions.iter()),
        excludes: names(&mut widest.functions.iter().filter(outside)),
    }
}

/// Those that its formula names, that name it, that belong to the same pair; then the same figure of a wider or narrower
/// scope; then the other figures of the same service.
fn related(catalogue: &Catalogue, own: &IndicatorDeclaration) -> Vec<(crate::model::IndicatorId, Text)> {
    let words = |formula: &str| -> Vec<String> {
        let apart = |sign: char| !(sign.is_alphanumeric() || sign == '.' || sign == '_');
        formula.split(apart).map(str::to_owned).collect()
    };
    let halves = |id: &str| -> (String, String) {
        let (service, figure) = id.split_once('.').unwrap_or((id, ""));
        (service.to_owned(), figure.to_owned())
    };
    let of_pair = |id: &crate::model::IndicatorId| {
        let pairs = catalogue.header().pairs.iter();
        let ids = |pair: &crate::catalogue::Pair| {
            [
                &pair.cost_per_inhabitant,
                &pair.cost_per_use,
                &pair.uses_per_inhabitant,
            ]
            .map(Clone::clone)
        };
        pairs
            .map(ids)
            .any(|ids| ids.contains(id) && ids.contains(&own.id))
    };
    let (service, figure) = halves(own.id.as_str());
    let named = words(&own.formula);
    let functions = |scope: Option<&ScopeId>| {
        scope
            .and_then(|id| catalogue.scope(id))
            .map(|scope| &scope.functions)
    };
    let closeness = |other: &IndicatorDeclaration| -> Option<u8> {
        let (their_service, their_figure) = halves(other.id.as_str());
        let id = other.id.to_string();
        if named.contains(&id) || words(&other.formula).contains(&own.id.to_string()) || of_pair(&other.id) {
            return Some(0);
        }
        let scopes = (functions(own.scope.as_ref()), functions(other.scope.as_ref()));
        let nested = scopes.0.zip(scopes.1).is_some_and(|(one, two)| {
            one.iter().all(|function| two.contains(function))
                || two.iter().all(|function| one.contains(function))
        });
        if nested && figure == their_figure {
            return Some(1);
        }
        (service == their_service).then_some(2)
    };
    let others = catalogue.indicators().filter(|other| other.id != own.id);
    let mut found: Vec<(u8, &IndicatorDeclaration)> = others
        .filter_map(|other| closeness(other).map(|near| (near, other)))
        .collect();
    found.sort_by_key(|(near, _)| *near);
    let found = found.into_iter().take(RELATED);
    found
        .map(|(_, other)| (other.id.clone(), other.label.clone()))
        .collect()
}

fn questions(catalogue: &Catalogue, indicator: &Indicator, periods: &[Period]) -> Vec<CardQuestion> {
    if periods.is_empty() {
        return Vec::new();
    }
    let id = indicator.id.as_str();
    let mut all = vec![CardQuestion::Compare, CardQuestion::Rank, CardQuestion::Groups];
    if periods.len() > 1 {
        all.push(CardQuestion::Trend);
    }
    if sum_of(indicator).is_some() {
        all.push(CardQuestion::Composition);
    }
    if catalogue.expectation(id).is_some() && indicator.formula.denominator.is_some() {
        all.push(CardQuestion::Expected);
    }
    if catalogue.chance(indicator).is_ok() {
        all.push(CardQuestion::Intervals);
    }
    if !catalogue.pairs(id).is_empty() {
        all.push(CardQuestion::CostPerUse);
    }
    all
}
