//! `trend`: the series of areas with change, index and real prices.

mod fit;
mod group;
mod series;

use super::comparability::over_time;
use super::notes::{self, Notes};
use super::options::TrendOptions;
use super::position::is_too_small;
use super::result::{AreaLabel, Note, Trend, TrendPoint};
use super::three_year::{Kind, with_three_years};
use crate::error::{Error, Result};
use crate::language::{Message, Param};
use crate::model::{Indicator, Period, Status};
use crate::panel::{Borders, SeriesBreak, Slice, Slicer, span};
use crate::release::Release;

use fit::fit;
use group::GroupLine;
use series::Line;

impl Release {
    /// The series of one or more areas: value, difference to the period before (absolute and relative), and an index with
    /// the first value of the series = 100; in real prices if asked, real_t = nominal_t · I_base / I_t.
    ///
    /// # Missing values
    /// A period without a value is a point with its reason; the change after it is missing too. Relative change and index
    /// need a positive base. Across a break (status B, or one of the register) there is no change, and the index begins anew
    /// at 100; on a base that was asked for it is missing. With [`TrendOptions::chain`] the series goes on across its breaks:
    /// the newer level is kept, the older is multiplied by new/old; such figures are estimates whose parts no longer add up.
    ///
    /// # Trend
    /// For every area the slope by Theil and Sen per year ([`crate::stats::theil_sen`], its intercept the height of the line
    /// in the first period) and the test of Mann and Kendall ([`crate::stats::mann_kendall`]): from five points, none across
    /// a break. Both assume that a year says nothing of the next.
    ///
    /// # Groups
    /// [`TrendOptions::group`] adds the series of a group: its value on the areas that have a figure in every period, the
    /// index chained over panels that change ([`crate::stats::chained_index`]), the direct index on the areas that have the
    /// first period and the other, and the drift of the one from the other.
    ///
    /// # Errors
    /// [`Error::NoChainingFactor`] and [`Error::SeveralBreaks`] for a series that cannot be chained,
    /// [`Error::MethodRefused`] for the series of a group that has no sums,
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
        check(&options)?;
        let periods = self.trend_periods(&slicer, indicator, &options)?;
        slicer.read_ahead(indicator, &periods)?;
        let kind = Kind::new(options.borders, options.real.as_ref(), options.three_year);
        let kind = kind.priced(self, indicator, &periods)?;
        let deflator = kind.deflator(&slicer, indicator)?;
        let slice = |period: &Period| kind.slice(&slicer, indicator, *period, deflator.as_ref());
        let slices = periods.iter().map(slice).collect::<Result<Vec<_>>>()?;
        let base = options.index.map(|period| slicer.period(indicator, Some(period)));
        let base = base.transpose()?.as_ref().map(slice).transpose()?;
        let breaks = self.breaks_in(&slicer, indicator, options.borders, (&slices, base.as_ref()))?;
        let asked = options.query(self.territory(), indicator, &periods);
        let mut trend = Trend {
            context: kind.context(&slicer, indicator).asked(asked),
            points: Vec::new(),
            fits: Vec::new(),
            groups: Vec::new(),
            index_base: options.index,
            links: Vec::new(),
            notes: Vec::new(),
        };
        for text in &options.areas {
            let mut line = Line::new(self.territory(), self.trend_area(text, &slices)?, &breaks);
            trend.notes.extend(remarks(&slicer, indicator, &slices, &line));
            if let Some(chain) = options.chain {
                line.chain(indicator, self.territory(), chain)?;
            }
            let mut points = line.points(&slices, base.as_ref());
            trend.notes.extend(flagged(
                (&slicer, &kind),
                indicator,
                &slices,
                (&line.area, &mut points),
            )?);
            // Values of three years share years with their neighbours: nothing can be tested on them.
            let start = periods.first().filter(|_| !options.three_year);
            trend.fits.extend(start.map(|start| fit(&line, &points, *start)));
            trend.points.extend(points);
            trend.links.append(&mut line.links);
        }
        if let Some(group) = &options.group {
            let line = GroupLine {
                slicer: &slicer,
                indicator,
                slices: &slices,
                breaks: &breaks,
            };
            let (series, found) = line.series(group, options.borders)?;
            trend.groups.push(series);
            trend.notes.extend(found);
        }
        let mut notes = std::mem::take(&mut trend.notes);
        notes.extend(closing(&slicer, indicator, &options, (&trend, &slices)));
        notes.extend(kind.notes(&slicer, &periods));
        trend.notes = distinct(notes);
        Ok(trend)
    }

    /// The breaks from the earliest to the latest period that is compared.
    fn breaks_in(
        &self,
        slicer: &Slicer,
        indicator: &Indicator,
        borders: Borders,
        (slices, base): (&[Slice], Option<&Slice>),
    ) -> Result<Vec<SeriesBreak>> {
        let all = || slices.iter().chain(base).map(|slice| slice.period);
        match all().min().zip(all().max()) {
            Some(ends) => slicer.breaks(indicator, borders, ends),
            None => Ok(Vec::new()),
        }
    }

    /// An area that existed on the borders of one of the slices.
    fn trend_area(&self, text: &str, slices: &[Slice]) -> Result<AreaLabel> {
        let mut last = None;
        for slice in slices.iter().rev() {
            match self.territory().resolve_on(text, slice.date) {
                Ok(area) => return Ok(AreaLabel::of(area)),
                Err(error) => last = last.or(Some(error)),
            }
        }
        Err(last.unwrap_or_else(|| Error::UnknownArea {
            area: text.to_owned(),
            near: Vec::new(),
        }))
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
        if options.three_year {
            known = with_three_years(&known);
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

/// Gives a point below the indicator's minimum denominator the status U, and one whose comparability flags are others than
/// those of the point before the status D, and says in what they differ; and which breaks keep three years from being one.
fn flagged(
    (slicer, kind): (&Slicer, &Kind),
    indicator: &Indicator,
    slices: &[Slice],
    (area, points): (&AreaLabel, &mut [TrendPoint]),
) -> Result<Vec<Note>> {
    let mut all = Vec::new();
    for (point, slice) in points.iter_mut().zip(slices) {
        let index = slice.position(&area.code);
        all.extend(kind.breaks(slicer, indicator, slice, index.as_slice())?);
        if point.cell.value.is_some() && index.is_some_and(|index| is_too_small(indicator, slice, index)) {
            point.cell.status = point.cell.status.union(Status::LowReliability.into());
        }
    }
    let (changed, found) = over_time(slicer, indicator, slices, area);
    let turned = points.iter_mut().filter(|point| changed.contains(&point.period));
    for point in turned.filter(|point| point.cell.value.is_some()) {
        point.cell.status = point.cell.status.union(Status::DefinitionDiffers.into());
    }
    all.extend(found);
    all.extend(no_base(area, points));
    Ok(all)
}

/// The periods that have a change and no relative one, for the figure before is not positive.
fn no_base(area: &AreaLabel, points: &[TrendPoint]) -> Option<Note> {
    let without = |point: &&TrendPoint| point.change.is_some() && point.change_relative.is_none();
    let periods: Vec<Period> = points.iter().filter(without).map(|point| point.period).collect();
    let message = Message::new("note.relative-to-before").with("area", &area.name);
    (!periods.is_empty()).then(|| notes::info(message.with("periods", span(&periods))))
}

/// A series is of something; values of three years overlap, so that they are neither chained nor summed up for a group.
fn check(options: &TrendOptions) -> Result<()> {
    if options.areas.is_empty() && options.group.is_none() {
        return Err(Error::AreaRequired {
            group: "--group country".into(),
        });
    }
    let other = options
        .chain
        .map(|_| "chain")
        .or(options.group.as_ref().map(|_| "group"));
    other.filter(|_| options.three_year).map_or(Ok(()), |other| {
        Err(Error::InvalidArgument {
            name: "three_year".into(),
            expected: format!("three_year or {other}, not both"),
            found: format!("three_year, {other}"),
        })
    })
}

/// What must be kept in mind about the whole.
fn closing(
    slicer: &Slicer,
    indicator: &Indicator,
    options: &TrendOptions,
    (trend, slices): (&Trend, &[Slice]),
) -> Vec<Note> {
    let mut all = Vec::new();
    for link in &trend.links {
        let message = Message::new("note.chained")
            .with("area", &link.area.name)
            .with("period", link.period.to_string());
        all.push(notes::warning(
            message.with("factor", Param::Number(link.factor, 4)),
        ));
    }
    if options.chain.is_some() && trend.links.is_empty() {
        all.push(notes::info(Message::new("note.nothing-to-chain")));
    }
    if trend.fits.iter().any(|fit| fit.slope.is_some()) {
        all.push(notes::info(Message::new("note.no-serial-correlation")));
    }
    if options.borders == Borders::Then {
        all.push(notes::warning(Message::new("note.borders-of-each-period")));
    }
    let last = slices.last();
    all.extend(
        last.map(|slice| Notes::new(slicer, indicator, slice).of_indicator())
            .unwrap_or_default(),
    );
    all
}

/// What must be kept in mind about an area's figures over the periods; a small denominator is named once.
fn remarks(slicer: &Slicer, indicator: &Indicator, slices: &[Slice], line: &Line) -> Vec<Note> {
    let area = &line.area;
    let of_slice = |(at, slice): (usize, &Slice)| {
        let index = slice.position(&area.code);
        let gathered = Notes::new(slicer, indicator, slice);
        let noted = index.map(|index| gathered.of_area(index));
        let noted = noted.unwrap_or_default();
        noted
            .into_iter()
            .filter(move |note| at == 0 || note.code() != "small-area")
            .filter(|note| note.code() != "zero-in-area")
            .collect::<Vec<_>>()
    };
    let mut all: Vec<Note> = slices.iter().enumerate().flat_map(of_slice).collect();
    all.extend(zeros(slicer, indicator, slices, area));
    let territory = slicer.release().territory();
    for one in &line.breaks {
        // Where the register names the cause, a status alone adds nothing.
        let named = line
            .breaks
            .iter()
            .any(|other| other.period == one.period && other.declared.is_some());
        if one.declared.is_some() || !named {
            all.push(notes::series_break(territory, one, &area.name));
        }
    }
    all
}

/// The zeros that an area has reported, with their periods; the same ones of several periods in one sentence.
fn zeros(slicer: &Slicer, indicator: &Indicator, slices: &[Slice], area: &AreaLabel) -> Vec<Note> {
    let mut told: Vec<(Vec<Param>, Vec<Period>)> = Vec::new();
    for slice in slices {
        let index = slice.position(&area.code);
        let functions = |index| Notes::new(slicer, indicator, slice).zero_functions(index);
        let functions = index.map(functions).unwrap_or_default();
        match told.iter_mut().find(|(known, _)| *known == functions) {
            Some((_, periods)) => periods.push(slice.period),
            None => told.push((functions, vec![slice.period])),
        }
    }
    let note = |(functions, periods): (Vec<Param>, Vec<Period>)| {
        notes::zeros_in_area(&area.name, &span(&periods), functions)
    };
    told.into_iter().filter_map(note).collect()
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
