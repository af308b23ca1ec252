//! `release diff`: what changed from one release to another, and what it does to groups and ranks.
//!
//! `definitions` compares what figures mean, [`crate::release`] finds the cells, `touched` says which indicators and
//! periods they can have an effect on, and `figures` computes groups and ranks of both sides for those.

mod definitions;
mod figures;
mod options;
mod result;
mod touched;

pub use options::{DiffOptions, DiffPart};
pub use result::{
    ChangeKind, ComparedRelease, DefinitionChange, DefinitionKind, FieldChange, GroupChange, GroupFigures,
    IndicatorChanges, IndicatorPeriodChanges, MeasureChanges, RankChange, RankReason, RankedBy, RankedFigure,
    ReleaseDiff, ValueChange,
};

use super::label::{area_name, unit_symbol};
use super::notes;
use super::patterns::fitting;
use super::result::Note;
use crate::error::{Error, Result};
use crate::language::{Message, Text};
use crate::model::{AreaCode, Indicator, IndicatorId, Measure, MeasureId, Period, Unit};
use crate::panel::Slicer;
use crate::release::{PeriodChanges, Release};
use figures::Figures;
use std::collections::{BTreeMap, BTreeSet};
use touched::Touched;

/// Indicators after which slices made so far are forgotten, so that memory does not grow with the catalogue.
const FORGET_AFTER: usize = 32;

impl Release {
    /// What changed from this release to a later one: definitions, observations, the values of groups and the ranks of
    /// areas.
    ///
    /// Groups are those that an area is usually compared with and the whole country, summarised in the indicator's own
    /// way; ranks are among the areas of the country, the better end first, the largest where the indicator has no
    /// direction. Each release is asked on its own present borders.
    ///
    /// # Missing values
    /// An area that loses its figure loses its rank: that is a move, as is the opposite. A group whose value stays but
    /// whose coverage does not is listed.
    ///
    /// # Ties
    /// Equal values share the smallest rank, as in [`Release::rank`].
    ///
    /// # Errors
    /// [`Error::ReleaseAltered`] where one of the releases does not verify: every row of both is read and every hash made
    /// anew; [`Error::UnknownIndicator`] for a pattern that fits no indicator of either; [`Error::InvalidArgument`] for a
    /// range that ends before it begins.
    ///
    /// ```
    /// use kultti_core::compare::DiffOptions;
    /// use kultti_core::release::Release;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// assert!(release.diff(&release, &DiffOptions::default())?.is_empty());
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn diff(&self, after: &Self, options: &DiffOptions) -> Result<ReleaseDiff> {
        options.check()?;
        let sides = Sides {
            before: self,
            after,
            options,
        };
        let chosen = sides.indicators()?;
        let wanted = sides.measures(&chosen);
        let mut touched = Touched::default();
        let mut cells: Vec<PeriodChanges> = Vec::new();
        self.diff_cells(after, &mut |changes| {
            touched.note(&changes);
            let shown = wanted
                .as_ref()
                .is_none_or(|wanted| wanted.contains(&changes.measure));
            if shown && options.wants(DiffPart::Cells) && options.includes(changes.period) {
                cells.push(changes);
            }
            Ok(())
        })?;
        let every = definitions::definitions(self, after);
        let indicators = sides.figures(&chosen, &touched)?;
        let definitions = if options.wants(DiffPart::Definitions) {
            sides.shown(every, wanted.as_ref(), &chosen)
        } else {
            Vec::new()
        };
        Ok(ReleaseDiff {
            notes: sides.notes(&indicators),
            before: compared(self),
            after: compared(after),
            measures: sides.counts(&cells),
            area_names: sides.area_names(&cells),
            parts: options.parts.clone(),
            definitions,
            cells,
            indicators,
        })
    }
}

/// Both releases and what is asked of them.
struct Sides<'r> {
    before: &'r Release,
    after: &'r Release,
    options: &'r DiffOptions,
}

impl<'r> Sides<'r> {
    /// The indicators asked for, of either release, by id.
    fn indicators(&self) -> Result<Vec<IndicatorId>> {
        let of = |release: &'r Release| release.catalogue().indicators().map(|indicator| &indicator.id);
        let all: Vec<&IndicatorId> = of(self.before).chain(of(self.after)).collect();
        let unknown = |part: &str| self.after.catalogue().unknown_indicator(part);
        fitting(&all, self.options.indicators.as_deref(), unknown)
    }

    /// The measures of the indicators asked for, with those that they are made of; `None` for all.
    fn measures(&self, chosen: &[IndicatorId]) -> Option<BTreeSet<MeasureId>> {
        self.options.indicators.as_ref()?;
        let mut found = BTreeSet::new();
        for release in [self.before, self.after] {
            let slicer = Slicer::new(release);
            for indicator in chosen.iter().filter_map(|id| declared(release, id)) {
                for measure in slicer.measures_of(indicator) {
                    found.extend(measure.derived.as_ref().map(|derived| derived.measure.clone()));
                    found.insert(measure.id.clone());
                }
            }
        }
        Some(found)
    }

    /// The definitions that the question is about: with a choice of indicators those of no other indicator or measure.
    fn shown(
        &self,
        every: Vec<DefinitionChange>,
        wanted: Option<&BTreeSet<MeasureId>>,
        chosen: &[IndicatorId],
    ) -> Vec<DefinitionChange> {
        let asked = |change: &DefinitionChange| match (change.kind, wanted) {
            (DefinitionKind::Indicator, Some(_)) => {
                chosen.binary_search_by(|id| id.as_str().cmp(&change.id)).is_ok()
            }
            (DefinitionKind::Measure, Some(wanted)) => wanted.contains(change.id.as_str()),
            _ => true,
        };
        every.into_iter().filter(asked).collect()
    }

    /// Groups and ranks of the indicators that something touches.
    fn figures(&self, chosen: &[IndicatorId], touched: &Touched) -> Result<Vec<IndicatorChanges>> {
        let (groups, ranks) = (DiffPart::Groups, DiffPart::Ranks);
        if !self.options.wants(groups) && !self.options.wants(ranks) {
            return Ok(Vec::new());
        }
        let slicers = [Slicer::new(self.before), Slicer::new(self.after)];
        let same_territory = self.before.territory().document() == self.after.territory().document();
        let mut found = Vec::new();
        for (count, id) in chosen.iter().enumerate() {
            if count % FORGET_AFTER == 0 {
                slicers.iter().for_each(Slicer::forget);
            }
            found.extend(self.indicator(id, &slicers, touched, same_territory)?);
        }
        Ok(found)
    }

    /// What differs of one indicator.
    fn indicator(
        &self,
        id: &IndicatorId,
        slicers: &[Slicer<'r>; 2],
        touched: &Touched,
        same_territory: bool,
    ) -> Result<Option<IndicatorChanges>> {
        let [before, after] = [self.before, self.after].map(|release| declared(release, id));
        let Some(shown) = after.or(before) else {
            return Ok(None);
        };
        let [old, new] = slicers;
        let redefined = !is_same_meaning((old, before), (new, after));
        let known = [known_periods(old, before)?, known_periods(new, after)?];
        let reached = |period: &&Period| {
            let everywhere = redefined || !same_territory;
            let by_cells = || touched.reaches(old, before, **period) || touched.reaches(new, after, **period);
            self.options.includes(**period) && (everywhere || by_cells())
        };
        let periods: BTreeSet<Period> = known.iter().flatten().filter(reached).copied().collect();
        let mut changed = Vec::new();
        for period in periods {
            let figures = |slicer: &Slicer<'r>, indicator: Option<&Indicator>, known: &[Period]| {
                let asked = indicator.filter(|_| known.binary_search(&period).is_ok());
                let made = asked.map(|indicator| Figures::of(slicer, indicator, period, self.options));
                made.transpose()
            };
            let sides = (figures(old, before, &known[0])?, figures(new, after, &known[1])?);
            changed.extend(figures::changes(
                period,
                (sides.0.as_ref(), sides.1.as_ref()),
                self.options,
            ));
        }
        let catalogue = if after.is_some() { self.after } else { self.before }.catalogue();
        Ok((!changed.is_empty()).then(|| IndicatorChanges {
            indicator: id.clone(),
            label: shown.label.clone(),
            unit_symbol: unit_symbol(catalogue, &shown.unit),
            unit: shown.unit.clone(),
            decimals: shown.decimals,
            definition_before: before.map(Indicator::definition_id),
            definition_after: after.map(Indicator::definition_id),
            redefined,
            periods: changed,
        }))
    }

    /// How many cells changed, measure by measure.
    fn counts(&self, cells: &[PeriodChanges]) -> Vec<MeasureChanges> {
        let mut found: Vec<MeasureChanges> = Vec::new();
        for changes in cells {
            if found.last().is_none_or(|last| last.measure != changes.measure) {
                found.push(self.uncounted(changes));
            }
            let Some(count) = found.last_mut() else { continue };
            count.periods.1 = changes.period;
            for cell in &changes.cells {
                let kind = ChangeKind::of(cell.before.as_ref(), cell.after.as_ref());
                match kind {
                    ChangeKind::Added => count.added += 1,
                    ChangeKind::Removed => count.removed += 1,
                    ChangeKind::Changed if cell.is_text_only() => count.texts += 1,
                    ChangeKind::Changed => count.changed += 1,
                }
            }
        }
        found
    }

    /// The names of the areas whose cells changed, the later release's first.
    fn area_names(&self, cells: &[PeriodChanges]) -> BTreeMap<AreaCode, Text> {
        let codes: BTreeSet<&AreaCode> = cells
            .iter()
            .flat_map(|changes| changes.cells.iter().map(|cell| &cell.area))
            .collect();
        let name = |code: &AreaCode| {
            let known = self.after.territory().area(code.as_str()).is_some();
            area_name(if known { self.after } else { self.before }.territory(), code)
        };
        codes.into_iter().map(|code| (code.clone(), name(code))).collect()
    }

    fn uncounted(&self, changes: &PeriodChanges) -> MeasureChanges {
        let of = |release: &'r Release| release.catalogue().measure(&changes.measure);
        let measure = of(self.after).or_else(|| of(self.before));
        let name = || Text::proper_name(changes.measure.as_str(), None, None);
        let symbol = |unit: &Unit| unit_symbol(self.after.catalogue(), unit);
        MeasureChanges {
            label: measure.map_or_else(name, |measure| measure.label.clone()),
            unit_symbol: measure.map_or_else(name, |measure| symbol(&measure.unit)),
            decimals: measure.map_or(0, |measure| measure.decimals.into()),
            measure: changes.measure.clone(),
            added: 0,
            removed: 0,
            changed: 0,
            texts: 0,
            periods: (changes.period, changes.period),
        }
    }

    /// What must be known to read the moves.
    fn notes(&self, indicators: &[IndicatorChanges]) -> Vec<Note> {
        let mut found = Vec::new();
        let (old, new) = (self.before.territory().now(), self.after.territory().now());
        if old != new {
            let message = Message::new("note.diff-borders").with("before", old.to_string());
            found.push(notes::warning(message.with("after", new.to_string())));
        }
        let redefined = indicators.iter().filter(|indicator| {
            indicator.redefined
                && indicator.definition_before.is_some()
                && indicator.definition_after.is_some()
        });
        let ids: Vec<String> = redefined
            .map(|indicator| indicator.indicator.to_string())
            .collect();
        if !ids.is_empty() {
            found.push(notes::warning(
                Message::new("note.diff-redefined").with("indicators", &ids),
            ));
        }
        found
    }
}

fn compared(release: &Release) -> ComparedRelease {
    ComparedRelease {
        release: release.id().to_owned(),
        name: release.name().to_owned(),
        title: release.provenance().title.clone(),
        territory: release.territory().now(),
    }
}

fn declared<'r>(release: &'r Release, id: &IndicatorId) -> Option<&'r Indicator> {
    release.catalogue().indicator(id.as_str()).ok()
}

/// Whether an indicator is computed in the same way on both sides. Names and explanations do not matter.
fn is_same_meaning(before: (&Slicer, Option<&Indicator>), after: (&Slicer, Option<&Indicator>)) -> bool {
    let ((old, Some(before)), (new, Some(after))) = (before, after) else {
        return false;
    };
    let indicator = Indicator {
        label: before.label.clone(),
        definition: before.definition.clone(),
        synonyms: before.synonyms.clone(),
        theme: before.theme.clone(),
        caveats: before.caveats.clone(),
        formula_text: before.formula_text.clone(),
        ..after.clone()
    };
    let measure = |before: &Measure, after: &Measure| Measure {
        label: before.label.clone(),
        definition: before.definition.clone(),
        synonyms: before.synonyms.clone(),
        theme: before.theme.clone(),
        ..after.clone()
    };
    let (old, new) = (old.measures_of(before), new.measures_of(after));
    let mut pairs = old.iter().zip(&new);
    indicator == *before && old.len() == new.len() && pairs.all(|(old, new)| measure(old, new) == **old)
}

/// The periods of an indicator; none for one without data.
fn known_periods(slicer: &Slicer, indicator: Option<&Indicator>) -> Result<Vec<Period>> {
    match indicator.map(|indicator| slicer.periods(indicator)) {
        None | Some(Err(Error::NoData { .. })) => Ok(Vec::new()),
        Some(known) => known,
    }
}
