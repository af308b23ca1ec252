//! `trend`: the series of areas with change, index and real prices.

use super::compare_verb::{context, deflator, real_prices};
use super::notes::{self, Notes};
use super::options::TrendOptions;
use super::result::{AreaLabel, Note, Trend, TrendPoint};
use crate::error::{Error, Result};
use crate::language::Message;
use crate::model::{Indicator, Missing, Period};
use crate::panel::{Borders, Cell, SeriesBreak, Slice, Slicer, span};
use crate::release::Release;
use crate::stats::{absolute_change, index, relative_change};

impl Release {
    /// The series of one or more areas: value, difference to the period before (absolute and relative), and an index with
    /// the first value of the series = 100; in real prices if asked, real_t = nominal_t · I_base / I_t.
    ///
    /// # Missing values
    /// A period without a value is a point with its reason; the change after it is missing too. Relative change and index
    /// need a positive base. Across a break (status B) there is no change, and the index begins anew at 100.
    ///
    /// # Errors
    /// [`Error::NoDataForPeriod`] for a range without data, [`Error::NotMoney`] and [`Error::PriceIndexYear`] for real
    /// prices; otherwise as [`Release::compare`].
    ///
    /// ```
    /// use kultti_core::release::Release;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// let trend = release.trend("library.net_operating_cost_per_inhabitant", "Karleby")?;
    /// assert_eq!(trend.points.len(), 5);
    /// assert_eq!(trend.points[0].index, Some(100.0));
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn trend(&self, indicator: &str, options: impl Into<TrendOptions>) -> Result<Trend> {
        let options = options.into();
        let slicer = Slicer::new(self);
        let indicator = self.catalogue().indicator(indicator)?;
        if options.areas.is_empty() {
            return Err(Error::InvalidArgument {
                name: "area".into(),
                expected: "one or more areas".into(),
                found: String::new(),
            });
        }
        let periods = self.trend_periods(&slicer, indicator, &options)?;
        slicer.read_ahead(indicator, &periods)?;
        let deflator = options
            .real
            .as_ref()
            .map(|basis| deflator(&slicer, indicator, basis))
            .transpose()?;
        let slices = periods
            .iter()
            .map(|period| slicer.slice(indicator, *period, options.borders, deflator.as_ref()))
            .collect::<Result<Vec<_>>>()?;
        let breaks = match (periods.first(), periods.last()) {
            (Some(first), Some(last)) => slicer.breaks(indicator, options.borders, (*first, *last))?,
            _ => Vec::new(),
        };
        let mut points = Vec::new();
        let mut all = Vec::new();
        for text in &options.areas {
            let area = self.trend_area(text, &slices)?;
            let breaks: Vec<&SeriesBreak> = self.breaks_of(&breaks, &area).collect();
            points.extend(series(&slices, &area, &breaks));
            all.extend(remarks(&slicer, indicator, &slices, &area));
        }
        if options.borders == Borders::Then {
            all.push(notes::warning(Message::new("note.borders-of-each-period")));
        }
        all.extend(options.real.as_ref().map(|basis| real_prices(&slicer, basis)));
        all.extend(
            slices
                .last()
                .map(|slice| Notes::new(&slicer, indicator, slice).of_indicator())
                .unwrap_or_default(),
        );
        Ok(Trend {
            context: context(&slicer, indicator, options.borders, options.real.as_ref()),
            points,
            notes: distinct(all),
        })
    }

    /// An area that existed on the borders of one of the slices.
    fn trend_area(&self, text: &str, slices: &[Slice]) -> Result<AreaLabel> {
        let mut last = None;
        for slice in slices.iter().rev() {
            match self.territory().resolve_on(text, slice.date) {
                Ok(area) => {
                    return Ok(AreaLabel {
                        code: area.code.clone(),
                        name: area.name.clone(),
                    });
                }
                Err(error) => last = last.or(Some(error)),
            }
        }
        Err(last.unwrap_or_else(|| Error::UnknownArea {
            area: text.to_owned(),
            near: Vec::new(),
        }))
    }

    /// The breaks in the series of an area.
    fn breaks_of<'b>(
        &self,
        breaks: &'b [SeriesBreak],
        area: &AreaLabel,
    ) -> impl Iterator<Item = &'b SeriesBreak> {
        let number = self.territory().number(area.code.as_str());
        let of_area =
            move |one: &&SeriesBreak| number.is_some_and(|number| one.areas.binary_search(&number).is_ok());
        breaks.iter().filter(of_area)
    }

    fn trend_periods(
        &self,
        slicer: &Slicer,
        indicator: &Indicator,
        options: &TrendOptions,
    ) -> Result<Vec<Period>> {
        if let (Some(from), Some(to)) = (options.from, options.to)
            && to < from
        {
            return Err(Error::InvalidArgument {
                name: "to".into(),
                expected: format!("a period not before {from}"),
                found: to.to_string(),
            });
        }
        let mut known = slicer.periods(indicator)?;
        if options.borders == Borders::Then && options.from.is_none() {
            // Without a first period the series begins where borders are known.
            let first = self.territory().first();
            known.retain(|period| period.last_day() >= first);
        }
        let inside = |period: &&Period| {
            options.from.is_none_or(|from| from <= **period) && options.to.is_none_or(|to| **period <= to)
        };
        let chosen: Vec<Period> = known.iter().filter(inside).copied().collect();
        if chosen.is_empty() {
            let end = |period: Option<Period>| period.map(|period| period.to_string()).unwrap_or_default();
            return Err(Error::NoDataForPeriod {
                indicator: indicator.id.to_string(),
                period: format!("{}–{}", end(options.from), end(options.to)),
                available: span(&known),
            });
        }
        Ok(chosen)
    }
}

fn series(slices: &[Slice], area: &AreaLabel, breaks: &[&SeriesBreak]) -> Vec<TrendPoint> {
    let absent = || Cell {
        missing: Some(Missing::NotApplicable),
        ..Cell::default()
    };
    let mut points: Vec<TrendPoint> = Vec::new();
    let mut first: Option<f64> = None;
    for slice in slices {
        let cell = slice.cell_of(&area.code).unwrap_or_else(absent);
        // A series may break in a period without figures, of which there is no slice.
        let last = points.last().map(|point| point.period);
        let since =
            |one: &&SeriesBreak| last.is_some_and(|last| last < one.period) && one.period <= slice.period;
        let broken = breaks.iter().any(since);
        // Nothing is compared across a break: the series begins anew.
        first = if broken { cell.value } else { first.or(cell.value) };
        let before = points
            .last()
            .filter(|point| point.period.shift(1) == slice.period && !broken)
            .and_then(|point| point.cell.value);
        let pair = before.zip(cell.value);
        points.push(TrendPoint {
            area: area.clone(),
            period: slice.period,
            nominal: cell.nominal.filter(|_| slice.factor.is_some()),
            change: pair.map(|(before, now)| absolute_change(before, now)),
            change_relative: pair.and_then(|(before, now)| relative_change(before, now).ok()),
            index: first
                .zip(cell.value)
                .and_then(|(first, value)| index(first, value).ok()),
            cell,
        });
    }
    points
}

/// What must be kept in mind about an area's figures over the periods; a small denominator is named once.
fn remarks(slicer: &Slicer, indicator: &Indicator, slices: &[Slice], area: &AreaLabel) -> Vec<Note> {
    let of_slice = |(at, slice): (usize, &Slice)| {
        let index = slice.position(&area.code);
        let gathered = Notes::new(slicer, indicator, slice);
        let noted = index.map(|index| {
            let mut notes = gathered.of_area(index);
            notes.extend(gathered.broken(index));
            notes
        });
        let noted = noted.unwrap_or_default();
        noted
            .into_iter()
            .filter(move |note| at == 0 || note.code() != "small-area")
            .collect::<Vec<_>>()
    };
    slices.iter().enumerate().flat_map(of_slice).collect()
}

/// Each note once, in the order of first appearance.
fn distinct(notes: Vec<Note>) -> Vec<Note> {
    let mut unique: Vec<Note> = Vec::new();
    for note in notes {
        if !unique.contains(&note) {
            unique.push(note);
        }
    }
    unique
}
