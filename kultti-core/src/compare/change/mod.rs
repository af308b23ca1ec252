//! `change`: what changed between two periods, group by group, and what the change is made of.

mod options;
mod panel;
mod remarks;
mod result;
mod terms;

pub use options::{ChangeMethod, ChangeOptions, ChangePanel};
pub use result::{AreaChange, Change, ChangeEnd, ChangeRow, ChangeTerms, PriceTerm, UnpairedArea};

use super::aggregate::{Entered, GroupMethod, sums_of};
use super::comparability::Flags;
use super::compare_verb::{context, deflator, reference_year};
use super::members::{Grouper, grouping_and_group};
use crate::catalogue::UnitKind;
use crate::error::{Error, Result};
use crate::language::{Message, Text};
use crate::model::{Aggregate, Expression, Indicator, Missing, Period, Status};
use crate::panel::{Borders, Slice, Slicer};
use crate::release::Release;
use crate::stats::{PanelMember, absolute_change, compound_annual_growth, relative_change};
use crate::territory::GroupLabel;
pub(in crate::compare) use panel::{Ends, Paired};
pub(in crate::compare) use remarks::left_out_by_reason;
use remarks::{flag_notes, remarks};
use terms::{Parting, Sums, part_by_area};

impl Release {
    /// What changed between two periods in every group of a grouping: the values at both ends, the change absolute
    /// (`X_t − X_0`, of shares in percentage points), relative (`(X_t − X_0)/X_0`) and per year
    /// (`(X_t/X_0)^(1/(t − t_0)) − 1`), and what it is made of.
    ///
    /// # What is compared
    /// The two values of a group rest on the same areas, those with figures in both periods (a constant panel), on the same
    /// borders and in the groups of one year, that of the last period unless another is asked for. Who is left out is named
    /// with the reason. With [`ChangePanel::All`] each value rests on all areas that have a figure at that end, the result says
    /// so, and nothing is taken apart.
    ///
    /// # What the change is made of
    /// For a ratio of sums, `X = m·Σn/Σd = P · (Σn/P) · (m/Σd)` with P a price index: the terms of prices, volume and
    /// population add up to the change exactly ([`crate::stats::shapley`], or [`crate::stats::lmdi`] by choice), and so do
    /// those of Σn itself, `P · (Σn/(P·Σd)) · Σd`. There is a price term where the numerator is in money, the denominator is
    /// not, the release has a price index for both years, and the figures are not in real prices already. Within and between
    /// areas: [`crate::stats::within_between`].
    ///
    /// # Missing values
    /// Group values are given from a coverage of 0.6, totals only when nobody is left out. A relative change needs
    /// `X_0 > 0`, a yearly one both `> 0`; otherwise the base is not positive. Areas across whose series a break lies are
    /// left out; where that is every area, both values are shown and the change is missing.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] for a last period that is not after the first; [`Error::MethodRefused`] for the borders of
    /// each period, on which there are no constant areas; [`Error::FactorNotPositive`] for [`ChangeMethod::Lmdi`] with a sum that is not positive;
    /// [`Error::PriceIndexYear`] for real prices of a year without an index; otherwise as [`Release::groups`].
    ///
    /// # Example: prices, volume, population
    /// ```
    /// use kultti_core::compare::ChangeOptions;
    /// use kultti_core::release::Release;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// let options = ChangeOptions::from("country").between(2015, 2019);
    /// let change = release.change("library.net_operating_cost_per_inhabitant", options)?;
    /// let country = &change.rows[0];
    /// let terms = country.terms.unwrap();
    /// let sum = terms.price.unwrap() + terms.volume + terms.population.unwrap();
    /// assert!((sum - country.absolute.unwrap()).abs() < 1e-12);
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    ///
    /// Source: Sun 1998 and Ang & Liu 2007 for the terms; Griliches & Regev 1995 for within and between.
    pub fn change(&self, indicator: &str, options: impl Into<ChangeOptions>) -> Result<Change> {
        let options = options.into();
        let slicer = Slicer::new(self);
        let indicator = self.catalogue().indicator(indicator)?;
        let (grouping, group) = grouping_and_group(&options.by);
        let grouping_name = self.territory().grouping_name(grouping)?.clone();
        let method = GroupMethod::new(self, indicator, None)?;
        let (first, last) = periods(&slicer, indicator, &options)?;
        let (from, to) = slices(&slicer, indicator, &options, (first, last))?;
        let breaks = slicer.breaks(indicator, options.borders, (first, last))?;
        let year = reference_year(options.as_of_year, last)?;
        let grouper = Grouper::new(&slicer, indicator, &to, year);
        let (membership, found) = grouper.membership(grouping)?;
        let one = Some(group).filter(|group| !group.is_empty());
        let one = one
            .map(|code| self.territory().group(grouping, code, year))
            .transpose()?;
        let prices = price_term(&slicer, indicator, &options, (first, last))?;
        let asked = Asked {
            release: self,
            method: &method,
            ends: Ends::new((&from, &to), &breaks, indicator),
            parting: Parting::new(indicator, &options, prices.as_ref(), (first, last)),
            flags: [&from, &to].map(|slice| Flags::new(&slicer, indicator, slice)),
            options: &options,
        };
        let mut rows = Vec::new();
        for (position, label) in membership.labels().enumerate() {
            if one.as_ref().is_none_or(|one| one.code == label.code) {
                rows.push(asked.row(&membership.areas_of(position), label)?);
            }
        }
        let mut change = Change {
            context: context(&slicer, indicator, options.borders, options.real.as_ref())
                .asked(options.query(indicator, (first, last))),
            from: first,
            to: last,
            grouping: grouping.to_owned(),
            grouping_name,
            groups_of_year: year,
            panel: options.panel,
            method: options.method,
            prices,
            of_persons: has_below(&slicer, indicator, UnitKind::Persons),
            rows,
            notes: found,
        };
        let more = remarks(&slicer, indicator, (&from, &to), (&change, &breaks));
        let [before, after] = &asked.flags;
        change.notes.extend(flag_notes(
            self.territory(),
            (&from, &to),
            (before, after),
            &change,
        ));
        change.notes.extend(more);
        Ok(change)
    }
}

/// The two periods; both have figures, and the second is the later one.
fn periods(slicer: &Slicer, indicator: &Indicator, options: &ChangeOptions) -> Result<(Period, Period)> {
    let refused = |name: &str, expected: String, found: String| Error::InvalidArgument {
        name: name.into(),
        expected,
        found,
    };
    if options.borders == Borders::Then {
        return Err(Error::MethodRefused {
            indicator: indicator.id.to_string(),
            method: Message::new("word.change"),
            reason: Message::new("reason.borders-of-each-period"),
        });
    }
    let known = slicer.periods(indicator)?;
    let asked = options.from.or(known.first().copied());
    let from = slicer.period(indicator, asked)?;
    let to = slicer.period(indicator, options.to)?;
    if to <= from || to.frequency() != from.frequency() {
        return Err(refused("to", format!("> {from}"), to.to_string()));
    }
    Ok((from, to))
}

/// The slices of both periods, on the same borders.
fn slices(
    slicer: &Slicer,
    indicator: &Indicator,
    options: &ChangeOptions,
    (first, last): (Period, Period),
) -> Result<(Slice, Slice)> {
    let real = options.real.as_ref();
    let deflator = real.map(|basis| deflator(slicer, indicator, basis)).transpose()?;
    let slice = |period| slicer.slice(indicator, period, options.borders, deflator.as_ref());
    Ok((slice(first)?, slice(last)?))
}

/// Whether a measure of the denominator counts units of a kind.
fn has_below(slicer: &Slicer, indicator: &Indicator, kind: UnitKind) -> bool {
    let catalogue = slicer.release().catalogue();
    let below = indicator.formula.denominator.iter();
    let mut measures = below
        .flat_map(Expression::measures)
        .filter_map(|id| catalogue.measure(id));
    measures.any(|measure| catalogue.power_of(kind, &measure.unit) > 0)
}

/// The growth of prices between two periods: for money that is not divided by money, by the price index that the
/// catalogue declares first; nothing in real prices, nor where the index lacks one of the years.
fn price_term(
    slicer: &Slicer,
    indicator: &Indicator,
    options: &ChangeOptions,
    (from, to): (Period, Period),
) -> Result<Option<PriceTerm>> {
    let catalogue = slicer.release().catalogue();
    let money = catalogue.power_of(UnitKind::Money, &indicator.unit) == 1;
    if options.real.is_some() || !money || has_below(slicer, indicator, UnitKind::Money) {
        return Ok(None);
    }
    let mut names = catalogue.measures().filter_map(|measure| {
        let index = measure.price_index.as_ref()?;
        (!slicer.release().periods(&measure.id).is_empty()).then(|| index.name.clone())
    });
    let Some(index) = names.next() else {
        return Ok(None);
    };
    let basis = crate::panel::PriceBasis {
        index,
        year: from.calendar_year(),
    };
    let factor = slicer.deflator(&basis).and_then(|deflator| {
        let label = catalogue.measure(deflator.measure());
        let label = label.map_or_else(Text::default, |measure| measure.label.clone());
        Ok((deflator.factor(to, 1)?, label))
    });
    match factor {
        Ok((factor, label)) => Ok(Some(PriceTerm {
            index: basis.index,
            label,
            from: factor.base,
            to: factor.index,
        })),
        Err(Error::PriceIndexYear { .. }) => Ok(None),
        Err(other) => Err(other),
    }
}

/// What is needed for every group.
struct Asked<'a> {
    release: &'a Release,
    method: &'a GroupMethod<'a>,
    ends: Ends<'a>,
    parting: Parting<'a>,
    /// Of the areas at both ends.
    flags: [Flags<'a>; 2],
    options: &'a ChangeOptions,
}

impl Asked<'_> {
    fn indicator(&self) -> &Indicator {
        self.method.indicator
    }

    fn row(&self, group: &[usize], label: &GroupLabel) -> Result<ChangeRow> {
        let territory = self.release.territory();
        let paired = self.ends.pair(group, self.options.panel, territory);
        let mut from = self.end(self.ends.from, &paired.from);
        let mut to = self.end(self.ends.to, &paired.to);
        self.flag((&mut from, &mut to), &paired);
        let values = from.value.zip(to.value);
        let missing = match (values, paired.broken) {
            (None, _) => from.missing.or(to.missing),
            (Some(_), true) => Some(Missing::BreakInSeries),
            (Some(_), false) => None,
        };
        let pair = values.filter(|_| missing.is_none());
        let base = |found: Option<f64>| match (missing, found) {
            (Some(reason), _) => Some(reason),
            (None, None) => Some(Missing::BaseNotPositive),
            (None, Some(_)) => None,
        };
        let relative = pair.and_then(|(from, to)| relative_change(from, to).ok());
        let cagr = pair.and_then(|(from, to)| {
            let years = self.ends.to.period.years_since(self.ends.from.period)?;
            compound_annual_growth(from, to, years).ok()
        });
        let minimum = self.indicator().minimum_denominator;
        let small = |d: f64| minimum.is_some_and(|minimum| d < minimum);
        let mut row = ChangeRow {
            group: label.code.clone(),
            name: label.name.clone(),
            aggregate: self.method.aggregate,
            absolute: pair.map(|(from, to)| absolute_change(from, to)),
            missing,
            relative,
            relative_missing: base(relative),
            cagr,
            cagr_missing: base(cagr),
            small_base: from.denominator.is_some_and(small),
            from,
            to,
            members: paired.members.len(),
            left_out: paired.left_out.clone(),
            terms: None,
            numerator_terms: None,
            within: None,
            between: None,
            areas: Vec::new(),
        };
        if pair.is_some() && self.options.panel == ChangePanel::Constant {
            self.part(&mut row, &paired)?;
        }
        Ok(row)
    }

    /// A group's value at one end.
    fn end(&self, slice: &Slice, entered: &Entered) -> ChangeEnd {
        let value = entered.value(self.method, slice);
        let coverage = entered.coverage(slice, self.ends.ratio);
        let (numerator, denominator) = sums_of(self.method, slice, entered.entered());
        let any = !entered.entered().is_empty() && self.adds_up();
        ChangeEnd {
            value: value.ok(),
            numerator: any.then(|| real(slice, numerator)),
            denominator: denominator.filter(|_| any),
            status: entered.letter(slice, value.err()),
            missing: value.err(),
            n: entered.entered().len(),
            coverage_areas: coverage.areas,
            coverage_denominator: coverage.denominator,
            areas: entered
                .entered()
                .iter()
                .filter_map(|index| slice.code(*index))
                .cloned()
                .collect(),
        }
    }

    /// Gives a value the status D where its areas differ in a comparability flag, and the later one also where the flag of
    /// an area is another than in the first period.
    fn flag(&self, (from, to): (&mut ChangeEnd, &mut ChangeEnd), paired: &Paired) {
        let [before, after] = &self.flags;
        if from.value.is_some() {
            from.status = before.letter(from.status, paired.from.entered());
        }
        if to.value.is_some() {
            to.status = after.letter(to.status, paired.to.entered());
            let turned = !after.turned(before, paired.to.entered()).is_empty();
            if turned && to.status != Status::Break.letter() {
                to.status = Status::DefinitionDiffers.letter();
            }
        }
    }

    /// Whether the group's value is made of Σn and Σd.
    fn adds_up(&self) -> bool {
        matches!(self.method.aggregate, Aggregate::RatioOfSums | Aggregate::Total)
    }

    /// Takes the change apart.
    fn part(&self, row: &mut ChangeRow, paired: &Paired) -> Result<()> {
        let mut areas: Vec<AreaChange> = Vec::new();
        let mut members = Vec::new();
        for index in paired.to.entered() {
            let (area, member) = self.area(*index);
            areas.extend(area);
            members.extend(member);
        }
        let sums = |end: &ChangeEnd| {
            end.numerator.map(|numerator| Sums {
                numerator,
                denominator: end.denominator,
            })
        };
        if let Some(ends) = sums(&row.from).zip(sums(&row.to)).filter(|_| self.adds_up()) {
            let group = row.name.get(crate::language::Language::En);
            row.terms = Some(self.parting.of_value(group, ends)?);
            row.numerator_terms = self.parting.of_numerator(group, ends)?;
            if self.ends.ratio && members.len() == areas.len() {
                let parts = part_by_area(&mut areas, &members);
                row.within = parts.map(|(within, _)| within);
                row.between = parts.map(|(_, between)| between);
            }
        }
        if self.options.list {
            row.areas = areas;
        }
        Ok(())
    }

    /// An area's own change, with n in the prices asked for and m in it.
    fn area(&self, index: usize) -> (Option<AreaChange>, Option<PanelMember>) {
        let (from, to) = (self.ends.from, self.ends.to);
        let values = from.value(index).zip(to.value(index));
        let label = self.ends.label(index, self.release.territory());
        let minimum = self.indicator().minimum_denominator;
        let small = minimum.is_some_and(|minimum| from.denominator(index).is_some_and(|d| d < minimum));
        let change = values.zip(label).map(|((x_0, x_t), area)| AreaChange {
            area,
            from: x_0,
            to: x_t,
            absolute: absolute_change(x_0, x_t),
            relative: relative_change(x_0, x_t).ok(),
            within: None,
            between: None,
            small_base: small,
        });
        let side = |slice: &Slice| {
            let n = real(slice, self.indicator().multiplier * slice.numerator(index)?);
            Some((n, slice.denominator(index)?))
        };
        let member = side(from)
            .zip(side(to))
            .map(|(from, to)| PanelMember { from, to });
        (change, member)
    }
}

/// An amount in the prices asked for.
fn real(slice: &Slice, nominal: f64) -> f64 {
    slice.factor.map_or(nominal, |factor| factor.apply(nominal))
}
