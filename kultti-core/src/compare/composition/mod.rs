//! `composition`: what a figure is made of, part by part, beside the same parts of groups.

mod options;
mod result;

pub use options::CompositionOptions;
pub use result::{Composition, CompositionGroup, CompositionPart, PartFigure};

use super::aggregate::{Entered, GroupMethod, ratio_of_sums_method, summarise, value_of};
use super::comparability::Flags;
use super::compare_verb::{context, peer_names, reference_year, slice};
use super::members::{Grouper, Peer};
use super::notes::{self, Notes};
use super::result::{AreaLabel, GroupRow, Note};
use crate::catalogue::Catalogue;
use crate::error::{Error, Result};
use crate::language::Text;
use crate::model::{
    Aggregate, Expression, Formula, Indicator, IndicatorId, MeasureId, Missing, Period, StatusSet,
};
use crate::panel::{Borders, Slice, Slicer};
use crate::release::Release;

impl Release {
    /// What an indicator is made of: the parts that its numerator sums, for an area and its groups.
    ///
    /// With x = m·Σ_k n_k / d the part k is x_k = m·n_k/d, so that Σ_k x_k = x; its share is x_k/x. A group's parts are ratios
    /// of sums over the members that have every part, m·Σn_k/Σd, so that they add up to the group's value too, and the
    /// differences of the parts to the difference of the whole. Without a denominator a group's figures are means of its
    /// members. Where the catalogue has an indicator of a part alone, it is named: the way to go on.
    ///
    /// # Missing values
    /// A part that the area lacks says why, the other parts are given; the whole is missing then, and so are all shares. A
    /// part that another area's figure includes (status K) names that area. Shares need a whole above zero. Group figures are
    /// given from a coverage of 0.6 of areas and of the denominator.
    ///
    /// # Errors
    /// [`Error::NoParts`] for an indicator that is no sum, with those that are; otherwise as [`Release::compare`].
    ///
    /// ```
    /// use kultti_core::release::Release;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// let made = release.composition("culture.net_operating_cost_per_inhabitant", "Kokkola")?;
    /// assert_eq!(made.parts.len(), 6);
    /// let sum: f64 = made.parts.iter().filter_map(|part| part.figure.value).sum();
    /// assert!((sum - made.whole.value.unwrap()).abs() < 1e-9);
    /// let library = made.parts[0].indicator.as_ref().unwrap();
    /// assert_eq!(library.as_str(), "library.net_operating_cost_per_inhabitant");
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    ///
    /// Source: a ratio of sums is additive over the parts of its numerator; taking the same members for all parts is
    /// Kultti's own rule.
    pub fn composition(
        &self,
        indicator: &str,
        options: impl Into<CompositionOptions>,
    ) -> Result<Composition> {
        let options = options.into();
        let slicer = Slicer::new(self);
        let indicator = self.catalogue().indicator(indicator)?;
        let declared = parts_of(self.catalogue(), indicator)?;
        let (whole, period) = slice(&slicer, indicator, options.period, options.borders, None)?;
        let area = AreaLabel::of(self.territory().resolve_on(&options.area, whole.date)?);
        let index = whole.position(&area.code).unwrap_or_default();
        let read = Read {
            method: additive(self, indicator)?,
            parts: read_parts(&slicer, declared, period, options.borders)?,
            flags: Flags::new(&slicer, indicator, &whole),
            slicer: &slicer,
            slice: &whole,
            area: index,
        };
        let year = reference_year(options.as_of_year, period)?;
        let grouper = Grouper::new(&slicer, indicator, &whole, year);
        let (names, skipped) = peer_names(self.territory(), &options.peers, year);
        let (peers, mut found) = grouper.peers(&names, index)?;
        found.extend(skipped);
        let mut groups = Vec::new();
        for peer in &peers {
            let (group, mut noted) = read.group(peer);
            groups.push(group);
            found.append(&mut noted);
        }
        let mut notes = read.notes(&area, &groups, found);
        notes.extend(options.as_of_year.map(notes::frozen_groups));
        notes.extend(Notes::new(&slicer, indicator, &whole).of_indicator());
        Ok(Composition {
            context: context(&slicer, indicator, options.borders, None)
                .asked(options.query(indicator, &area, period)),
            period,
            area,
            whole: read.whole(),
            parts: read.parts(),
            groups,
            notes,
        })
    }
}

/// A part of a formula as an indicator of its own.
struct Declared<'r> {
    measure: &'r MeasureId,
    label: Text,
    own: Option<IndicatorId>,
    indicator: Indicator,
}

/// A part with its figures.
struct ReadPart<'r> {
    declared: Declared<'r>,
    slice: Slice,
}

/// The summands of a side; `None` for one that is not a sum of measures.
fn summands<'a>(side: &'a Expression, found: &mut Vec<&'a MeasureId>) -> Option<()> {
    match side {
        Expression::Measure(id) => found.push(id),
        Expression::Add(left, right) => {
            summands(left, found)?;
            summands(right, found)?;
        }
        _ => return None,
    }
    Some(())
}

/// The measures that an indicator sums, each once; `None` where it is not a sum of several.
pub(super) fn sum_of(indicator: &Indicator) -> Option<Vec<&MeasureId>> {
    let mut found = Vec::new();
    summands(&indicator.formula.numerator, &mut found)?;
    let distinct: std::collections::BTreeSet<_> = found.iter().collect();
    (found.len() > 1 && distinct.len() == found.len()).then_some(found)
}

fn parts_of<'r>(catalogue: &'r Catalogue, indicator: &'r Indicator) -> Result<Vec<Declared<'r>>> {
    let Some(measures) = sum_of(indicator) else {
        return Err(no_parts(catalogue, indicator));
    };
    let part = |measure: &'r MeasureId| {
        let formula = Formula {
            numerator: Expression::Measure(measure.clone()),
            denominator: indicator.formula.denominator.clone(),
        };
        let own = catalogue.indicators().find_map(|declared| {
            let other = catalogue.indicator(declared.id.as_str()).ok()?;
            let same =
                other.formula == formula && (other.multiplier - indicator.multiplier).abs() < f64::EPSILON;
            (same && other.unit == indicator.unit).then(|| other.id.clone())
        });
        let known = catalogue.measure(measure);
        let function = known.and_then(|known| catalogue.function(known.function.as_ref()?));
        let label = function.or(known.map(|known| &known.label)).cloned();
        Declared {
            measure,
            label: label.unwrap_or_default(),
            // A slicer knows formulas by id: no indicator of a catalogue has a name with a sign of a sum in it.
            indicator: Indicator {
                id: IndicatorId::new(format!("{}+{measure}", indicator.id)),
                formula,
                ..indicator.clone()
            },
            own,
        }
    };
    Ok(measures.into_iter().map(part).collect())
}

fn no_parts(catalogue: &Catalogue, indicator: &Indicator) -> Error {
    let sums = catalogue.indicators().filter_map(|declared| {
        let other = catalogue.indicator(declared.id.as_str()).ok()?;
        sum_of(other).map(|_| other.id.to_string())
    });
    Error::NoParts {
        indicator: indicator.id.to_string(),
        formula: indicator.formula_text.clone(),
        near: sums.collect(),
    }
}

/// The way of summarising whose parts add up: a ratio of sums, or the mean of figures without a denominator.
pub(super) fn additive<'a>(release: &'a Release, indicator: &'a Indicator) -> Result<GroupMethod<'a>> {
    if indicator.formula.denominator.is_some() {
        return ratio_of_sums_method(release, indicator, "word.composition");
    }
    Ok(GroupMethod::new(release, indicator, Some(Aggregate::Mean))?.asked(false))
}

fn read_parts<'r>(
    slicer: &Slicer<'r>,
    declared: Vec<Declared<'r>>,
    period: Period,
    borders: Borders,
) -> Result<Vec<ReadPart<'r>>> {
    let read = |declared: Declared<'r>| {
        let slice = slicer.slice(&declared.indicator, period, borders, None)?;
        Ok(ReadPart { declared, slice })
    };
    declared.into_iter().map(read).collect()
}

/// Everything that was read for one question.
struct Read<'a, 'r> {
    slicer: &'a Slicer<'r>,
    method: GroupMethod<'a>,
    slice: &'a Slice,
    parts: Vec<ReadPart<'a>>,
    flags: Flags<'a>,
    area: usize,
}

/// A part of a whole above zero.
fn share(part: Option<f64>, whole: Option<f64>) -> Option<f64> {
    let whole = whole.filter(|whole| *whole > 0.0)?;
    part.map(|part| part / whole)
}

impl Read<'_, '_> {
    fn figure(&self, slice: &Slice) -> PartFigure {
        PartFigure {
            value: slice.value(self.area),
            share: share(slice.value(self.area), self.slice.value(self.area)),
            status: slice.figures.letter(self.area),
            missing: slice.missing(self.area),
        }
    }

    fn whole(&self) -> PartFigure {
        self.figure(self.slice)
    }

    fn parts(&self) -> Vec<CompositionPart> {
        let territory = self.slicer.release().territory();
        let part = |part: &ReadPart| {
            let included = part.slice.missing(self.area) == Some(Missing::Included);
            let host = part.slice.host_of(self.area).filter(|_| included);
            CompositionPart {
                measure: part.declared.measure.clone(),
                label: part.declared.label.clone(),
                indicator: part.declared.own.clone(),
                figure: self.figure(&part.slice),
                host: host.map(|host| AreaLabel::at(territory, &part.slice, host)),
            }
        };
        self.parts.iter().map(part).collect()
    }

    /// The group's value of the whole, and its parts over the members that entered that.
    fn group(&self, peer: &Peer) -> (CompositionGroup, Vec<Note>) {
        let summary = summarise(&self.method, self.slice, &peer.areas, peer.label.clone());
        let ratio = self.method.indicator.formula.denominator.is_some();
        let entered = Entered::of(self.slice, &peer.areas, ratio);
        let mut row = summary.row;
        let mut compared = row.areas.clone();
        compared.push(self.area);
        self.flags.mark(&mut row, &compared);
        let figure = |part: &ReadPart| self.group_part(part, &row, (entered.entered(), &compared));
        let parts: Vec<PartFigure> = self.parts.iter().map(figure).collect();
        let difference =
            |own: Option<f64>, group: Option<f64>| own.zip(group).map(|(own, group)| own - group);
        let own = |part: &ReadPart| part.slice.value(self.area);
        let differences = self.parts.iter().map(own).zip(&parts);
        let codes = entered
            .entered()
            .iter()
            .filter_map(|member| self.slice.code(*member));
        let group = CompositionGroup {
            grouping: peer.grouping.clone(),
            includes_area: entered.has(self.area),
            difference: difference(self.slice.value(self.area), row.value),
            differences: differences
                .map(|(own, group)| difference(own, group.value))
                .collect(),
            entered: codes.cloned().collect(),
            parts,
            row,
        };
        (group, summary.notes)
    }

    fn group_part(
        &self,
        part: &ReadPart,
        row: &GroupRow,
        (entered, compared): (&[usize], &[usize]),
    ) -> PartFigure {
        let method = self.method.of_part(&part.declared.indicator);
        let known = row.value.is_some();
        let value = value_of(&method, &part.slice, entered).filter(|_| known);
        let statuses = entered.iter().map(|member| part.slice.figures.status(*member));
        let letter = statuses.fold(StatusSet::default(), StatusSet::union).letter();
        PartFigure {
            value,
            share: share(value, row.value),
            status: if known {
                self.flags.letter(letter, compared)
            } else {
                row.status
            },
            missing: row.missing,
        }
    }

    /// What to keep in mind of the area, its parts and the groups.
    fn notes(&self, area: &AreaLabel, groups: &[CompositionGroup], found: Vec<Note>) -> Vec<Note> {
        let gathered = Notes::new(self.slicer, self.method.indicator, self.slice);
        let mut all = Vec::new();
        if groups.iter().any(|group| group.includes_area) {
            all.push(notes::groups_include(self.method.aggregate, &area.name));
        }
        all.extend(gathered.of_area(self.area));
        for part in &self.parts {
            let of_part = Notes::new(self.slicer, &part.declared.indicator, &part.slice);
            let joint = of_part.joint_of(self.area);
            all.extend(joint.filter(|joint| !all.contains(joint)));
        }
        all.extend(found);
        let mut compared: Vec<usize> = groups.iter().flat_map(|group| group.row.areas.clone()).collect();
        compared.push(self.area);
        compared.sort_unstable();
        compared.dedup();
        all.extend(gathered.zeros(&compared));
        all.extend(self.flags.notes(&compared));
        all
    }
}
