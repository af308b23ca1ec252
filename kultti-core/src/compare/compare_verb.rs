//! `compare`: one area among all, and against the groups it belongs to.

use super::aggregate::{GroupMethod, PublishedFigure, published, summarise};
use super::comparability::Flags;
use super::intervals::{IntervalLevel, interval_rule};
use super::label::unit_symbol;
use super::members::{Grouper, Peer};
use super::notes::{self, Notes};
use super::options::CompareOptions;
use super::position::{is_too_small, natural_order, positions, ranked, unranked};
use super::result::{AreaLabel, Comparison, Context, Note, PeerGroup, Position, RankedArea};
use super::standing::{Bands, Place};
use super::three_year::{Kind, figures};
use crate::catalogue::UnitKind;
use crate::error::Result;
use crate::language::{Message, Param, Text};
use crate::model::{
    Additivity, Aggregate, Direction, Expression, Indicator, Measure, Period, Status, StatusSet,
};
use crate::panel::{Borders, Cell, PriceBasis, Slice, Slicer};
use crate::release::Release;
use crate::stats::{Order, absolute_change, relative_change};
use crate::territory::{COUNTRY, Territory};

impl Release {
    /// Compares an area with all others and with the groups it belongs to.
    ///
    /// x = m·n/d of the area; its rank and percent rank among the areas of the country (those in the measures' scope);
    /// for each group the value by the aggregate (ratio of sums m·Σn/Σd unless the indicator or `aggregate` says
    /// otherwise), with n, members and coverage, and the difference x − X and (x − X)/X.
    ///
    /// # Missing values
    /// An area without a value has no rank and no differences; the reason is in its cell. Group values are given from a
    /// coverage of 0.6.
    ///
    /// # Ties
    /// Equal values share the smallest rank.
    ///
    /// # Errors
    /// [`crate::Error::UnknownIndicator`], [`crate::Error::UnknownArea`], [`crate::Error::AreaNotInTerritory`],
    /// [`crate::Error::NoData`], [`crate::Error::NoDataForPeriod`], [`crate::Error::UnknownGrouping`],
    /// [`crate::Error::GroupingOutsideValidity`], [`crate::Error::AggregateRefused`], [`crate::Error::MethodRefused`] for intervals
    /// of what is no count, and those of [`Slicer::slice`].
    ///
    /// # Example: the groups contain the area
    /// ```
    /// use kultti_core::compare::CompareOptions;
    /// use kultti_core::release::Release;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// let options = CompareOptions::from("Kokkola").with_period(2019).with_peers(["region"]);
    /// let comparison = release.compare("culture.net_operating_cost_per_inhabitant", options)?;
    /// let region = &comparison.peers[0];
    /// assert_eq!(region.row.group.as_str(), "16");
    /// assert!(region.includes_area);
    /// assert_eq!((region.row.n, region.row.members), (8, 8));
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    ///
    /// With `three_year` every figure is Σn/Σd of the period and the two years before, in the money of one year.
    ///
    /// Source: methods of Kolada (RKA) and KOSTRA (SSB) for group values; SDMX `CL_OBS_STATUS` for missing values.
    pub fn compare(&self, indicator: &str, options: impl Into<CompareOptions>) -> Result<Comparison> {
        let options = options.into();
        let slicer = Slicer::new(self);
        let indicator = self.catalogue().indicator(indicator)?;
        let method = group_method(self, indicator, options.aggregate)?;
        let rule = interval_rule(self, (indicator, method.aggregate), level(&options)?)?;
        let kind = Kind::new(options.borders, options.real.as_ref(), options.three_year);
        let (slice, period, kind) = figures(&slicer, indicator, options.period, kind)?;
        let area = self.territory().resolve_on(&options.area, slice.date)?;
        let area = AreaLabel::of(area);
        let index = slice.position(&area.code).unwrap_or_default();
        let year = reference_year(options.as_of_year, period)?;
        let grouper = Grouper::new(&slicer, indicator, &slice, year);
        let (country, _) = grouper.within(None)?;
        let order = natural_order(indicator.direction).unwrap_or(Order::Descending);
        let (position, distribution, distribution_areas) =
            position(self.territory(), indicator, &slice, &country, (index, order));
        let (names, skipped) = peer_names(self.territory(), &options.peers, year);
        let (peers, mut found) = grouper.peers(&names, index)?;
        found.extend(skipped);
        let place = Place {
            slicer: &slicer,
            indicator,
            slice: &slice,
            area: index,
            // Those by intervals are not sorted by cuts of the group.
            bands: options.bands.as_ref().filter(|bands| bands.level().is_none()),
            list: options.list,
        };
        place.check()?;
        let mut groups = Vec::new();
        for peer in peers {
            let (group, mut noted) = peer_group(&method, &place, peer)?;
            groups.push(group);
            found.append(&mut noted);
        }
        found.extend(place.bands_note(&groups));
        let flagged = flagged(&slicer, indicator, (&slice, index), &mut groups);
        let gathered = Notes::new(&slicer, indicator, &slice);
        let mut notes = Vec::new();
        if groups.iter().any(|group| group.includes_area) && slice.value(index).is_some() {
            notes.push(notes::groups_include(method.aggregate, &area.name));
        }
        notes.extend(rule.map(|_| notes::chance()));
        notes.extend(gather(&gathered, &method, index, &country, (&groups, found)));
        notes.extend(flagged);
        notes.extend(options.as_of_year.map(notes::frozen_groups));
        notes.extend(kind.closing(&slicer, indicator, &slice, &with(&country, index))?);
        Ok(Comparison {
            context: kind
                .context(&slicer, indicator)
                .asked(options.query(indicator, &area, period)),
            period,
            area,
            cell: reliable(indicator, &slice, index),
            position,
            intervals: rule.map(|rule| rule.of_comparison(&slice, index, &groups)),
            peers: groups,
            distribution,
            distribution_areas,
            notes,
        })
    }
}

/// Some areas and one more, ascending.
fn with(areas: &[usize], area: usize) -> Vec<usize> {
    let mut all = areas.to_vec();
    all.push(area);
    all.sort_unstable();
    all.dedup();
    all
}

/// The level of the intervals: that of statistical bands, or of the intervals asked for, which may not be two.
fn level(options: &CompareOptions) -> Result<Option<IntervalLevel>> {
    let banded = options.bands.as_ref().and_then(Bands::level);
    match (banded, options.intervals) {
        (Some(banded), Some(asked)) if banded != asked => Err(crate::Error::InvalidArgument {
            name: "intervals".into(),
            expected: banded.name().into(),
            found: asked.name().into(),
        }),
        _ => Ok(banded.or(options.intervals)),
    }
}

/// Gives the groups in which areas differ in a comparability flag, among themselves or from the area, the status D, and
/// says in what.
fn flagged(
    slicer: &Slicer,
    indicator: &Indicator,
    (slice, area): (&Slice, usize),
    groups: &mut [PeerGroup],
) -> Vec<Note> {
    let flags = Flags::new(slicer, indicator, slice);
    let mut compared = vec![area];
    for group in groups {
        let mut areas = group.row.areas.clone();
        areas.push(area);
        flags.mark(&mut group.row, &areas);
        compared.extend(areas);
    }
    compared.sort_unstable();
    compared.dedup();
    flags.notes(&compared)
}

/// The cell of an area; below the indicator's minimum denominator its reliability is low.
pub(super) fn reliable(indicator: &Indicator, slice: &Slice, index: usize) -> Cell {
    let mut cell = slice.cell(index);
    if is_too_small(indicator, slice, index) {
        cell.status = cell.status.union(Status::LowReliability.into());
    }
    cell
}

/// The year whose groups are used.
pub(super) fn reference_year(asked: Option<i32>, period: Period) -> Result<i32> {
    let year = asked.unwrap_or(period.calendar_year());
    if (1000..=9999).contains(&year) {
        return Ok(year);
    }
    Err(crate::Error::InvalidArgument {
        name: "as_of_year".into(),
        expected: "1000–9999".into(),
        found: year.to_string(),
    })
}

/// How the groups are summarised that an area is held against.
pub(super) fn group_method<'a>(
    release: &'a Release,
    indicator: &'a Indicator,
    asked: Option<Aggregate>,
) -> Result<GroupMethod<'a>> {
    let chosen = asked.or_else(|| mean_for_totals(indicator));
    Ok(GroupMethod::new(release, indicator, chosen)?.asked(asked.is_some()))
}

/// A municipality's total beside a group's total says nothing: the mean of the members does.
fn mean_for_totals(indicator: &Indicator) -> Option<Aggregate> {
    (indicator.aggregate == Aggregate::Total).then_some(Aggregate::Mean)
}

/// The groups to compare with: those asked for, or the usual ones of the territory; of the usual ones, those not in force
/// in the year are left out and named.
pub(super) fn peer_names<'a>(
    territory: &'a Territory,
    asked: &'a [String],
    year: i32,
) -> (Vec<&'a str>, Vec<Note>) {
    let named: Vec<&str> = asked
        .iter()
        .map(|peer| peer.trim())
        .filter(|peer| !peer.is_empty())
        .collect();
    if !named.is_empty() {
        return (named, Vec::new());
    }
    let usual = &territory.document().peers;
    let chosen = if usual.is_empty() {
        territory.grouping_ids()
    } else {
        usual.iter().map(String::as_str).collect()
    };
    let (valid, invalid): (Vec<&str>, Vec<&str>) = chosen
        .into_iter()
        .partition(|name| territory.require_valid(name, year).is_ok());
    let named = invalid
        .into_iter()
        .filter_map(|name| territory.grouping_name(name).ok());
    let note = |name| {
        Message::new("note.grouping-not-valid")
            .with("grouping", name)
            .with("year", year.to_string())
    };
    let notes = named.map(|name| notes::info(note(name))).collect();
    (valid, notes)
}

/// The slice of a question, with its period.
pub(super) fn slice(
    slicer: &Slicer,
    indicator: &Indicator,
    period: Option<Period>,
    borders: Borders,
    real: Option<&PriceBasis>,
) -> Result<(Slice, Period)> {
    let period = slicer.period(indicator, period)?;
    let deflator = real.map(|basis| deflator(slicer, indicator, basis)).transpose()?;
    Ok((
        slicer.slice(indicator, period, borders, deflator.as_ref())?,
        period,
    ))
}

/// The deflator of a question; only euros have real prices.
pub(super) fn deflator(
    slicer: &Slicer,
    indicator: &Indicator,
    basis: &PriceBasis,
) -> Result<crate::panel::Deflator> {
    if slicer
        .release()
        .catalogue()
        .power_of(UnitKind::Money, &indicator.unit)
        == 0
    {
        return Err(crate::Error::NotMoney {
            indicator: indicator.id.to_string(),
            unit: indicator.unit.to_string(),
        });
    }
    slicer.deflator(basis)
}

/// The place of an area among those of the country, and those that are ranked: their values, ascending, and who they are.
fn position(
    territory: &Territory,
    indicator: &Indicator,
    slice: &Slice,
    country: &[usize],
    (area, order): (usize, Order),
) -> (Position, Vec<f64>, Vec<RankedArea>) {
    let mut positions = positions(indicator, slice, country, order);
    // Of equal values −0 stands before 0.
    positions.ascending.sort_by(f64::total_cmp);
    let own = country.iter().position(|index| *index == area);
    let position = Position {
        rank: own.and_then(|own| positions.ranks[own]),
        n: positions.ascending.len(),
        percent_rank: own.and_then(|own| positions.percent_ranks[own]),
        order,
        unranked: unranked(territory, slice, country, &positions),
    };
    let areas = ranked(territory, slice, country, &positions);
    (position, positions.ascending, areas)
}

fn peer_group(method: &GroupMethod, place: &Place, peer: Peer) -> Result<(PeerGroup, Vec<Note>)> {
    let (slice, area) = (place.slice, place.area);
    let code = peer.label.code.clone();
    let mut summary = summarise(method, slice, &peer.areas, peer.label.clone());
    if peer.grouping == COUNTRY
        && !method.asked
        && let Some(figure) = published_value(place.slicer, method.indicator, slice)?
    {
        summary.row = published(summary.row, figure, code);
    }
    let (standing, noted) = place.within(&peer, &summary);
    summary.notes.extend(noted);
    let own = slice.value(area);
    let pair = own.zip(summary.row.value);
    if pair.is_some_and(|(_, group)| group <= 0.0) {
        let message = Message::new("note.relative-to-group").with("group", &summary.row.name);
        summary.notes.push(notes::info(message));
    }
    Ok((
        PeerGroup {
            includes_area: peer.areas.contains(&area) && !summary.outside.contains(&area),
            difference: pair.map(|(own, group)| absolute_change(group, own)),
            difference_relative: pair.and_then(|(own, group)| relative_change(group, own).ok()),
            grouping: peer.grouping,
            model: peer.model,
            row: summary.row,
            standing,
        },
        summary.notes,
    ))
}

/// The figure that the source publishes for the whole country, for a ratio that cannot be made anew: the row of the
/// latest borders, in the prices asked for.
pub(super) fn published_value(
    slicer: &Slicer,
    indicator: &Indicator,
    slice: &Slice,
) -> Result<Option<PublishedFigure>> {
    let (Expression::Measure(id), None) = (&indicator.formula.numerator, &indicator.formula.denominator)
    else {
        return Ok(None);
    };
    let release = slicer.release();
    let measure = release.catalogue().measure(id);
    let ratio = measure.is_some_and(|measure| measure.additivity.areas != Additivity::Sum);
    if !ratio || !release.has(id, slice.period) {
        return Ok(None);
    }
    let rows = slicer.rows(id, slice.period)?;
    let country = release.territory().document().country.code.as_str();
    let country = release.territory().number(country);
    let row = (0..rows.len())
        .map(|row| rows.row(row))
        .filter(|row| Some(row.area) == country)
        .max_by_key(|row| row.territory);
    let real = |nominal: f64| slice.factor.map_or(nominal, |factor| factor.apply(nominal));
    Ok(row.and_then(|row| {
        let value = real(indicator.multiplier * row.value?);
        let prices = slice.factor.map_or(StatusSet::default(), |factor| factor.status);
        Some(PublishedFigure {
            value,
            status: StatusSet::from(row.status).union(prices).letter(),
        })
    }))
}

fn gather(
    notes: &Notes,
    method: &GroupMethod,
    index: usize,
    country: &[usize],
    (groups, found): (&[PeerGroup], Vec<Note>),
) -> Vec<Note> {
    let mut all = Vec::new();
    if groups
        .iter()
        .any(|group| group.row.aggregate == Aggregate::Published)
    {
        all.push(notes::info(Message::new("note.published-country")));
    }
    let computed = groups.iter().any(|group| group.row.aggregate == method.aggregate);
    if computed && method.aggregate == Aggregate::Median && method.indicator.formula.denominator.is_none() {
        let aggregate = Param::Word(method.aggregate.word_code().to_owned());
        all.push(notes::info(
            Message::new("note.published-ratio").with("aggregate", aggregate),
        ));
    }
    if method.indicator.aggregate == Aggregate::Total && method.aggregate == Aggregate::Mean {
        all.push(notes::info(Message::new("note.total-mean")));
    }
    if method.indicator.direction == Direction::None {
        all.push(notes::info(Message::new("note.direction-none")));
    }
    all.extend(notes.of_area(index));
    all.extend(notes.below_minimum(country));
    all.extend(notes.zeros(country));
    let whole = groups.iter().find(|group| group.grouping == COUNTRY);
    all.extend(
        whole.and_then(|group| notes.value_without_zeros(group.row.zeros, group.row.value_without_zeros)),
    );
    all.extend(found);
    all.extend(notes.without_value(country));
    all.extend(notes.merged_others(country, Some(index)));
    all.extend(notes.of_indicator());
    all
}

/// Real prices, with the series that was used.
pub(super) fn real_prices(slicer: &Slicer, basis: &PriceBasis) -> Note {
    let index = price_series(slicer, basis).map_or_else(
        || Param::from(&basis.index),
        |measure| Param::from(&measure.label),
    );
    let message = Message::new("note.real-prices").with("index", index);
    notes::info(message.with("year", basis.year.to_string()))
}

/// The measure that holds the numbers of a price index.
fn price_series<'r>(slicer: &Slicer<'r>, basis: &PriceBasis) -> Option<&'r Measure> {
    let deflator = slicer.deflator(basis).ok()?;
    slicer.release().catalogue().measure(deflator.measure())
}

/// What every figure of a result has in common.
pub(super) fn context(
    slicer: &Slicer,
    indicator: &Indicator,
    borders: Borders,
    real: Option<&PriceBasis>,
) -> Context {
    let release = slicer.release();
    let catalogue = release.catalogue();
    let prices = real.and_then(|basis| price_series(slicer, basis));
    let measures = slicer.measures_of(indicator).into_iter().chain(prices);
    let ids: Vec<&str> = measures.map(|measure| measure.source.as_str()).collect();
    let tables = release.provenance().tables.iter();
    let retrieved = tables
        .filter(|table| ids.contains(&table.source.as_str()))
        .filter_map(|table| table.retrieved)
        .max();
    let mut seen = std::collections::BTreeSet::new();
    let registers: Vec<_> = ids
        .into_iter()
        .filter(|id| seen.insert(*id))
        .filter_map(|id| catalogue.source(id))
        .collect();
    let cited = registers.iter().map(|source| {
        Text::each(|language| {
            format!(
                "{}, {}, {}",
                source.publisher.get(language),
                source.label.get(language),
                source.license
            )
        })
    });
    let scope = indicator.scope.as_ref().and_then(|id| catalogue.scope(id));
    Context {
        indicator: indicator.id.clone(),
        definition: indicator.definition_id(),
        label: indicator.label.clone(),
        description: indicator.definition.clone(),
        unit: indicator.unit.clone(),
        unit_symbol: unit_symbol(catalogue, &indicator.unit),
        decimals: indicator.decimals,
        scope: indicator.scope.clone(),
        scope_sentence: scope.map(|scope| scope.sentence.clone()),
        territory: borders.name(release.territory()),
        release: release.id().to_owned(),
        price_basis: real.cloned(),
        three_year: false,
        sources: cited.collect(),
        registers: registers.iter().map(|source| source.id.clone()).collect(),
        retrieved,
        theme: indicator
            .theme
            .as_deref()
            .and_then(|id| catalogue.theme(id))
            .cloned(),
        query: String::new(),
    }
}
