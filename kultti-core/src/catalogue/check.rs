//! Loading a catalogue from TOML: everything that can be wrong is found here, with its place in the file.

use super::document::{Document, Entry};
use super::peer_model::{self, CheckedDocument as Positioned};
use super::{Catalogue, IndicatorDeclaration, resolve};
use crate::error::{Error, Result};
use crate::language::{Text, near_matches};
use crate::model::{Additivity, Indicator, IntervalKind, Measure, MeasureId, Unit, Validity};
use crate::source::{line_declaring, parse_toml, position};
use std::collections::HashMap;
use toml::Spanned;

/// The file being checked.
pub(super) struct File<'a> {
    pub(super) path: &'a str,
    pub(super) text: &'a str,
}

pub(super) fn load(path: &str, text: &str) -> Result<Catalogue> {
    checked(path, text, parse_toml(path, text)?)
}

/// Checks what was read of a text; items from elsewhere stand before its first place.
pub(super) fn checked(path: &str, text: &str, positioned: Positioned) -> Result<Catalogue> {
    let file = File { path, text };
    let lines = file.lines(&positioned);
    let formulas: Vec<usize> = positioned
        .indicators
        .iter()
        .map(|item| item.get_ref().formula.span().start)
        .collect();
    let models = peer_model::check(path, text, &positioned);
    let document = plain(positioned);
    if document.schema != 1 {
        return Err(Error::InvalidField {
            path: path.to_owned(),
            line: file.line_of(text.find("schema").unwrap_or(0)),
            id: document.id,
            field: "schema".into(),
            expected: "1".into(),
            found: document.schema.to_string(),
        });
    }
    file.check_ids(&document, &lines)?;
    file.check_texts(&document, &lines)?;
    file.check_references(&document, &lines)?;
    file.check_numbers(&document, &lines)?;
    models?;
    let catalogue = Catalogue::from_document(document)?;
    for (index, declared) in catalogue.indicators().enumerate() {
        let resolved = resolve::indicator(&catalogue, declared)
            .map_err(|problem| file.formula_error(problem, declared, formulas[index]))?;
        file.check_interval(&catalogue, &resolved, lines.indicators[index])?;
        let _ = catalogue.resolved[index].set(Box::new(resolved));
    }
    file.check_relations(&catalogue)?;
    Ok(catalogue)
}

fn plain(positioned: Positioned) -> Document {
    let indicator = |item: Spanned<IndicatorDeclaration<Spanned<String>>>| {
        item.into_inner().with_formula(Spanned::into_inner)
    };
    Document {
        schema: positioned.schema,
        id: positioned.id,
        version: positioned.version,
        label: positioned.label,
        description: positioned.description,
        themes: positioned.themes,
        sources: positioned.sources,
        units: positioned.units,
        functions: positioned.functions,
        scopes: positioned.scopes,
        expectations: positioned.expectations,
        pairs: positioned.pairs,
        measures: positioned.measures.into_iter().map(Spanned::into_inner).collect(),
        indicators: positioned.indicators.into_iter().map(indicator).collect(),
        peer_models: positioned
            .peer_models
            .into_iter()
            .map(peer_model::plain)
            .collect(),
    }
}

/// The lines on which measures and indicators begin, in the order of the document.
struct Lines {
    measures: Vec<usize>,
    indicators: Vec<usize>,
}

impl File<'_> {
    fn line_of(&self, offset: usize) -> usize {
        position(self.text, offset).0
    }

    /// The lines of all items. Items are many, so the ends of lines are looked for once.
    fn lines(&self, document: &Positioned) -> Lines {
        let ends: Vec<usize> = self.text.match_indices('\n').map(|(end, _)| end).collect();
        let line = |offset: usize| 1 + ends.partition_point(|end| *end < offset);
        Lines {
            measures: document
                .measures
                .iter()
                .map(|item| line(item.span().start))
                .collect(),
            indicators: document
                .indicators
                .iter()
                .map(|item| line(item.span().start))
                .collect(),
        }
    }

    /// The line on which a quoted text first stands; 1 where it does not.
    fn line_with(&self, text: &str) -> usize {
        self.text
            .find(&format!("\"{text}\""))
            .map_or(1, |offset| self.line_of(offset))
    }

    fn check_ids(&self, document: &Document, lines: &Lines) -> Result<()> {
        let measures = document
            .measures
            .iter()
            .zip(&lines.measures)
            .map(|(item, line)| (item.id.as_str(), *line));
        let indicators = document
            .indicators
            .iter()
            .zip(&lines.indicators)
            .map(|(item, line)| (item.id.as_str(), *line));
        let entries = |items: &[Entry]| items.iter().map(|item| item.id.clone()).collect::<Vec<_>>();
        self.unique(measures)?;
        self.unique(indicators)?;
        for ids in [
            entries(&document.themes),
            entries(&document.functions),
            document.units.iter().map(|item| item.id.clone()).collect(),
            document.sources.iter().map(|item| item.id.clone()).collect(),
            document.scopes.iter().map(|item| item.id.to_string()).collect(),
        ] {
            self.unique(ids.iter().map(|id| (id.as_str(), line_declaring(self.text, id))))?;
        }
        let all = document
            .measures
            .iter()
            .zip(&lines.measures)
            .map(|(item, line)| (item.id.as_str(), *line));
        for (id, line) in all.chain(
            document
                .indicators
                .iter()
                .zip(&lines.indicators)
                .map(|(item, line)| (item.id.as_str(), *line)),
        ) {
            if !is_identifier(id) {
                return Err(Error::InvalidField {
                    path: self.path.into(),
                    line,
                    id: id.into(),
                    field: "id".into(),
                    expected: "lower-case words joined by _ and .".into(),
                    found: id.into(),
                });
            }
        }
        Ok(())
    }

    fn unique<'a>(&self, ids: impl Iterator<Item = (&'a str, usize)>) -> Result<()> {
        let mut seen = HashMap::new();
        for (id, line) in ids {
            if seen.insert(id, line).is_some() {
                return Err(Error::DuplicateId {
                    path: self.path.into(),
                    line,
                    id: id.into(),
                });
            }
        }
        Ok(())
    }

    fn check_texts(&self, document: &Document, lines: &Lines) -> Result<()> {
        let header = [("label", &document.label), ("description", &document.description)];
        self.complete(&document.id, 1, &header)?;
        for entry in document.themes.iter().chain(&document.functions) {
            self.complete(&entry.id, self.line_with(&entry.id), &[("label", &entry.label)])?;
        }
        for unit in &document.units {
            let texts = [("label", &unit.label), ("symbol", &unit.symbol)];
            let texts: Vec<_> = texts
                .into_iter()
                .chain(unit.per.iter().map(|per| ("per", per)))
                .collect();
            self.complete(&unit.id, self.line_with(&unit.id), &texts)?;
        }
        for source in &document.sources {
            let texts = [
                ("label", &source.label),
                ("publisher", &source.publisher),
                ("citation", &source.citation),
            ];
            self.complete(&source.id, self.line_with(&source.id), &texts)?;
        }
        for scope in &document.scopes {
            let texts = [("label", &scope.label), ("sentence", &scope.sentence)];
            self.complete(scope.id.as_str(), self.line_with(scope.id.as_str()), &texts)?;
        }
        for (measure, line) in document.measures.iter().zip(&lines.measures) {
            let texts = [("label", &measure.label), ("definition", &measure.definition)];
            self.complete(measure.id.as_str(), *line, &texts)?;
        }
        for (indicator, line) in document.indicators.iter().zip(&lines.indicators) {
            let texts = [("label", &indicator.label), ("definition", &indicator.definition)];
            let caveats = indicator.caveats.iter().map(|caveat| ("caveats", caveat));
            let texts: Vec<_> = texts.into_iter().chain(caveats).collect();
            self.complete(indicator.id.as_str(), *line, &texts)?;
        }
        Ok(())
    }

    pub(super) fn complete(&self, id: &str, line: usize, texts: &[(&str, &Text)]) -> Result<()> {
        let gap = texts
            .iter()
            .find_map(|(field, text)| text.gap().map(|language| (field, language)));
        gap.map_or(Ok(()), |(field, language)| {
            Err(Error::MissingText {
                path: self.path.into(),
                line,
                id: id.into(),
                field: (*field).into(),
                language: language.code().into(),
            })
        })
    }

    fn check_references(&self, document: &Document, lines: &Lines) -> Result<()> {
        let names = Names::of(document);
        for (measure, line) in document.measures.iter().zip(&lines.measures) {
            let at = |field: &str, known: &[String], reference: Option<&str>| {
                self.known((*line, measure.id.as_str()), field, known, reference)
            };
            at("theme", &names.themes, measure.theme.as_deref())?;
            at("source", &names.sources, Some(&measure.source))?;
            at(
                "function",
                &names.functions,
                measure.function.as_ref().map(|id| id.as_str()),
            )?;
            at(
                "successor",
                &names.measures,
                measure.successor.as_ref().map(|id| id.as_str()),
            )?;
            at(
                "weight",
                &names.measures,
                measure.weight.as_ref().map(|id| id.as_str()),
            )?;
            at(
                "derived",
                &names.measures,
                measure.derived.as_ref().map(|derived| derived.measure.as_str()),
            )?;
            self.units(*line, measure.id.as_str(), &names.units, &measure.unit)?;
        }
        for (indicator, line) in document.indicators.iter().zip(&lines.indicators) {
            let at = |field: &str, known: &[String], reference: Option<&str>| {
                self.known((*line, indicator.id.as_str()), field, known, reference)
            };
            at("theme", &names.themes, indicator.theme.as_deref())?;
            at(
                "scope",
                &names.scopes,
                indicator.scope.as_ref().map(|id| id.as_str()),
            )?;
            at(
                "denominator_scope",
                &names.scopes,
                indicator.denominator_scope.as_ref().map(|id| id.as_str()),
            )?;
            self.units(*line, indicator.id.as_str(), &names.units, &indicator.unit)?;
        }
        for scope in &document.scopes {
            for function in &scope.functions {
                let line = self.line_with(scope.id.as_str());
                self.known(
                    (line, scope.id.as_str()),
                    "functions",
                    &names.functions,
                    Some(function.as_str()),
                )?;
            }
        }
        Ok(())
    }

    fn check_numbers(&self, document: &Document, lines: &Lines) -> Result<()> {
        let measures = document.measures.iter().zip(&lines.measures);
        measures
            .into_iter()
            .try_for_each(|(item, line)| self.check_derived(document, item, *line))?;
        for (item, line) in document.indicators.iter().zip(&lines.indicators) {
            let id = item.id.as_str();
            if !item.multiplier.is_finite() || item.multiplier == 0.0 {
                let expected = ("a finite number other than 0", item.multiplier.to_string());
                return Err(self.invalid((*line, id), "multiplier", expected));
            }
            if let Some(minimum) = item.minimum_denominator.filter(|minimum| !minimum.is_finite()) {
                let expected = ("a finite number", minimum.to_string());
                return Err(self.invalid((*line, id), "minimum_denominator", expected));
            }
        }
        Ok(())
    }

    /// What an indicator is declared to be made of is what its measures are.
    fn check_interval(&self, catalogue: &Catalogue, indicator: &Indicator, line: usize) -> Result<()> {
        let expected = match indicator.interval {
            Some(IntervalKind::Proportion) if !catalogue.counts_persons_among_persons(indicator) => {
                "count or none; a proportion counts persons among persons"
            }
            Some(IntervalKind::Count | IntervalKind::Proportion) if catalogue.chance(indicator).is_err() => {
                "none; only whole, additive counts over an additive denominator have an interval"
            }
            _ => return Ok(()),
        };
        let found = format!("{:?}", indicator.interval.unwrap_or(IntervalKind::None)).to_lowercase();
        Err(self.invalid((line, indicator.id.as_str()), "interval", (expected, found)))
    }

    /// A derived measure stands on an observed one, some years back; a weighted mean has a weight that adds up over areas;
    /// a definition does not end before it begins.
    fn check_derived(&self, document: &Document, item: &Measure, line: usize) -> Result<()> {
        const LAGS: std::ops::RangeInclusive<i32> = 0..=100;
        let measure = |id: &MeasureId| document.measures.iter().find(|measure| measure.id == *id);
        let place = (line, item.id.as_str());
        if let Some(derived) = &item.derived {
            if measure(&derived.measure).is_some_and(|base| base.derived.is_some()) {
                let expected = (
                    "a measure that is observed, not derived",
                    derived.measure.to_string(),
                );
                return Err(self.invalid(place, "derived", expected));
            }
            if derived.lags.is_empty() || !derived.lags.iter().all(|lag| LAGS.contains(lag)) {
                let expected = (
                    "one or more lags of 0 to 100 years",
                    format!("{:?}", derived.lags),
                );
                return Err(self.invalid(place, "derived", expected));
            }
        }
        if item.additivity.areas == Additivity::WeightedMean && item.weight.is_none() {
            let expected = ("the measure that weighs the mean", String::new());
            return Err(self.invalid(place, "weight", expected));
        }
        let backwards = |valid: &Validity| {
            valid
                .from
                .zip(valid.to)
                .is_some_and(|(from, to)| to.last_day() < from.first_day())
        };
        if backwards(&item.valid) {
            return Err(self.invalid(
                place,
                "valid",
                ("an end not before the beginning", item.valid.to_string()),
            ));
        }
        let sums = |weight: &&Measure| weight.additivity.areas == Additivity::Sum && weight.derived.is_none();
        match item
            .weight
            .as_ref()
            .and_then(measure)
            .filter(|weight| !sums(weight))
        {
            Some(weight) => {
                let expected = (
                    "an observed measure that adds up over areas",
                    weight.id.to_string(),
                );
                Err(self.invalid(place, "weight", expected))
            }
            None => Ok(()),
        }
    }

    pub(super) fn invalid(
        &self,
        (line, id): (usize, &str),
        field: &str,
        (expected, found): (&str, String),
    ) -> Error {
        let (path, id, field) = (self.path.to_owned(), id.to_owned(), field.to_owned());
        Error::InvalidField {
            path,
            line,
            id,
            field,
            expected: expected.to_owned(),
            found,
        }
    }

    fn units(&self, line: usize, id: &str, known: &[String], unit: &Unit) -> Result<()> {
        unit.bases()
            .try_for_each(|base| self.known((line, id), "unit", known, Some(base)))
    }

    pub(super) fn known(
        &self,
        (line, id): (usize, &str),
        field: &str,
        known: &[String],
        reference: Option<&str>,
    ) -> Result<()> {
        let Some(reference) = reference.filter(|reference| !known.iter().any(|name| name == reference))
        else {
            return Ok(());
        };
        let near = near_matches(reference, known.iter().map(String::as_str), 3);
        Err(Error::UnknownReference {
            path: self.path.into(),
            line,
            column: 1,
            id: id.into(),
            field: field.into(),
            reference: reference.into(),
            near: near.into_iter().map(str::to_owned).collect(),
        })
    }

    /// Turns a problem into an error that points into the formula; `offset` is where its opening quote stands.
    fn formula_error(
        &self,
        problem: resolve::Problem,
        declared: &IndicatorDeclaration,
        offset: usize,
    ) -> Error {
        let (line, quote) = position(self.text, offset);
        let within = problem.column(&declared.formula);
        problem.at(self.path, declared.id.as_str(), line, quote + within)
    }
}

/// Everything that can be referred to.
struct Names {
    themes: Vec<String>,
    sources: Vec<String>,
    functions: Vec<String>,
    scopes: Vec<String>,
    units: Vec<String>,
    measures: Vec<String>,
}

impl Names {
    fn of(document: &Document) -> Self {
        Self {
            themes: document.themes.iter().map(|item| item.id.clone()).collect(),
            sources: document.sources.iter().map(|item| item.id.clone()).collect(),
            functions: document.functions.iter().map(|item| item.id.clone()).collect(),
            scopes: document.scopes.iter().map(|item| item.id.to_string()).collect(),
            units: document.units.iter().map(|item| item.id.clone()).collect(),
            measures: document.measures.iter().map(|item| item.id.to_string()).collect(),
        }
    }
}

fn is_identifier(id: &str) -> bool {
    !id.is_empty()
        && id.split('.').all(|part| {
            part.starts_with(|c: char| c.is_ascii_lowercase())
                && part
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        })
}
