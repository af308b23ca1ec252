//! The figures of a question: of one year, or of three years as one.

use super::compare_verb::{context, deflator, real_prices};
use super::notes;
use super::result::{Context, Note};
use crate::catalogue::UnitKind;
use crate::error::{Error, Result};
use crate::language::Message;
use crate::model::{Expression, Indicator, Missing, Period};
use crate::panel::{Borders, Deflator, PriceBasis, Slice, Slicer};
use crate::release::Release;

/// What figures are asked for: the borders, the prices, and whether three years stand for one.
#[derive(Debug, Clone)]
pub(super) struct Kind {
    pub(super) borders: Borders,
    pub(super) real: Option<PriceBasis>,
    pub(super) three_year: bool,
}

impl Kind {
    pub(super) fn new(borders: Borders, real: Option<&PriceBasis>, three_year: bool) -> Self {
        Self {
            borders,
            real: real.cloned(),
            three_year,
        }
    }

    /// Three years of euros need the money of one year: unless one was chosen, that of the last year by the longest price
    /// index of the catalogue.
    pub(super) fn priced(
        mut self,
        release: &Release,
        indicator: &Indicator,
        periods: &[Period],
    ) -> Result<Self> {
        if let Some(last) = periods.last()
            && self.three_year
            && self.real.is_none()
            && has_money(release, indicator)
        {
            self.real = Some(longest_index(release, indicator, *last)?);
        }
        Ok(self)
    }

    /// The deflator of the prices asked for. Three years may have euros in both sides, so that none are left in the unit.
    pub(super) fn deflator(&self, slicer: &Slicer, indicator: &Indicator) -> Result<Option<Deflator>> {
        let read = |basis: &PriceBasis| {
            if self.three_year && has_money(slicer.release(), indicator) {
                slicer.deflator(basis)
            } else {
                deflator(slicer, indicator, basis)
            }
        };
        self.real.as_ref().map(read).transpose()
    }

    /// The slice of a period.
    pub(super) fn slice(
        &self,
        slicer: &Slicer,
        indicator: &Indicator,
        period: Period,
        deflator: Option<&Deflator>,
    ) -> Result<Slice> {
        if self.three_year {
            slicer.three_years(indicator, period, self.borders, deflator)
        } else {
            slicer.slice(indicator, period, self.borders, deflator)
        }
    }

    /// What was chosen: three years, real prices.
    pub(super) fn notes(&self, slicer: &Slicer, periods: &[Period]) -> Vec<Note> {
        let mut all = Vec::new();
        if let Some(last) = periods.last().filter(|_| self.three_year) {
            let message = Message::new("note.three-year").with("from", last.shift(-2).to_string());
            all.push(notes::info(message.with("to", last.to_string())));
        }
        all.extend(self.real.as_ref().map(|basis| real_prices(slicer, basis)));
        all
    }

    /// What was chosen, and the breaks that keep areas among `shown` from having a value of three years.
    pub(super) fn closing(
        &self,
        slicer: &Slicer,
        indicator: &Indicator,
        slice: &Slice,
        shown: &[usize],
    ) -> Result<Vec<Note>> {
        let mut all = self.breaks(slicer, indicator, slice, shown)?;
        all.extend(self.notes(slicer, &[slice.period]));
        Ok(all)
    }

    /// The breaks inside the three years of a period, each with the areas among `shown` that have no value for it.
    pub(super) fn breaks(
        &self,
        slicer: &Slicer,
        indicator: &Indicator,
        slice: &Slice,
        shown: &[usize],
    ) -> Result<Vec<Note>> {
        let mut all = Vec::new();
        if !self.three_year {
            return Ok(all);
        }
        for one in slicer.breaks_within(indicator, slice.period, self.borders)? {
            let without = |index: &&usize| {
                let missing = slice.missing(**index) == Some(Missing::BreakInSeries);
                missing && one.touches(slice.areas.numbers()[**index])
            };
            let areas: Vec<usize> = shown.iter().filter(without).copied().collect();
            if !areas.is_empty() {
                all.push(notes::three_year_break(slicer, slice, &one, &areas));
            }
        }
        Ok(all)
    }

    pub(super) fn context(&self, slicer: &Slicer, indicator: &Indicator) -> Context {
        Context {
            three_year: self.three_year,
            ..context(slicer, indicator, self.borders, self.real.as_ref())
        }
    }
}

/// The slice of a question with its period, and the prices that it is in.
pub(super) fn figures(
    slicer: &Slicer,
    indicator: &Indicator,
    period: Option<Period>,
    kind: Kind,
) -> Result<(Slice, Period, Kind)> {
    let period = slicer.period(indicator, period)?;
    let kind = kind.priced(slicer.release(), indicator, &[period])?;
    let deflator = kind.deflator(slicer, indicator)?;
    Ok((
        kind.slice(slicer, indicator, period, deflator.as_ref())?,
        period,
        kind,
    ))
}

/// Whether there are euros on either side.
fn has_money(release: &Release, indicator: &Indicator) -> bool {
    let catalogue = release.catalogue();
    let formula = &indicator.formula;
    let mut measures = formula
        .numerator
        .measures()
        .into_iter()
        .chain(formula.denominator.iter().flat_map(Expression::measures));
    measures.any(|id| {
        let measure = catalogue.measure(id);
        measure.is_some_and(|measure| catalogue.power_of(UnitKind::Money, &measure.unit) != 0)
    })
}

/// The price index with the most years, in the money of a period; of equally long ones the first declared.
fn longest_index(release: &Release, indicator: &Indicator, last: Period) -> Result<PriceBasis> {
    let indices = release.catalogue().measures().filter_map(|measure| {
        let years = release.periods(&measure.id).len();
        let index = measure.price_index.as_ref().filter(|_| years > 0)?;
        Some((std::cmp::Reverse(years), index))
    });
    let longest = indices.min_by_key(|(years, _)| *years);
    let (_, index) = longest.ok_or_else(|| Error::MethodRefused {
        indicator: indicator.id.to_string(),
        method: Message::new("word.three-year-value"),
        reason: Message::new("reason.three-year-no-index"),
    })?;
    Ok(PriceBasis {
        index: index.name.clone(),
        year: last.calendar_year(),
    })
}

/// The periods that have the two before them.
pub(super) fn with_three_years(known: &[Period]) -> Vec<Period> {
    let whole = |period: &&Period| (1..=2).all(|back| known.binary_search(&period.shift(-back)).is_ok());
    known.iter().filter(whole).copied().collect()
}
