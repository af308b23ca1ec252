//! `compare`: one area among all, and against the groups it belongs to.

use super::aggregate::{Method, published, summarise};
use super::members::{Grouper, Peer};
use super::notes::{self, Notes};
use super::options::CompareOptions;
use super::position::{natural_order, positions, unranked};
use super::result::{AreaLabel, Comparison, Context, Note, PeerGroup, Position};
use crate::catalogue::UnitKind;
use crate::error::Result;
use crate::language::{Language, Message, Param, Text};
use crate::model::{Additivity, Aggregate, Direction, Expression, Indicator, Period};
use crate::panel::{Borders, PriceBasis, Slice, Slicer};
use crate::release::Release;
use crate::stats::{Order, absolute_change, relative_change};
use crate::territory::{COUNTRY, Territory};

/// The groupings an area is compared with unless others are asked for, where the territory has them.
const USUAL_PEERS: [&str; 5] = ["region", "urban_rural", "language", "size", COUNTRY];

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
    /// [`crate::Error::GroupingOutsideValidity`], [`crate::Error::AggregateRefused`] and those of [`Slicer::slice`].
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
    /// Source: methods of Kolada (RKA) and KOSTRA (SSB) for group values; SDMX `CL_OBS_STATUS` for missing values.
    pub fn compare(&self, indicator: &str, options: impl Into<CompareOptions>) -> Result<Comparison> {
        let options = options.into();
        let slicer = Slicer::new(self);
        let indicator = self.catalogue().indicator(indicator)?;
        let asked = options.aggregate.or_else(|| mean_for_totals(indicator));
        let method = Method::new(self, indicator, asked)?;
        let (slice, period) = slice(
            &slicer,
            indicator,
            options.period,
            options.borders,
            options.real.as_ref(),
        )?;
        let area = self.territory().resolve_on(&options.area, slice.date)?;
        let area = AreaLabel {
            code: area.code.clone(),
            name: area.name.clone(),
        };
        let index = slice.position(&area.code).unwrap_or_default();
        let year = options.as_of_year.unwrap_or(period.calendar_year());
        let grouper = Grouper::new(&slicer, indicator, &slice, year);
        let (country, _) = grouper.within(None)?;
        let order = natural_order(indicator.direction).unwrap_or(Order::Descending);
        let position = position(self.territory(), indicator, &slice, &country, (index, order));
        let (names, skipped) = peer_names(self.territory(), &options.peers, year);
        let (peers, mut found) = grouper.peers(&names, index)?;
        found.extend(skipped);
        let mut groups = Vec::new();
        for peer in peers {
            let (group, mut noted) = peer_group(&slicer, &method, &slice, peer, index)?;
            groups.push(group);
            found.append(&mut noted);
        }
        let gathered = Notes::new(&slicer, indicator, &slice);
        let mut notes = Vec::new();
        if groups.iter().any(|group| group.includes_area) {
            notes.push(notes::groups_include(method.aggregate, &area.name));
        }
        notes.extend(gather(&gathered, &method, index, &country, (&groups, found)));
        let notes = with_choices(notes, &options);
        let mut distribution: Vec<f64> = country
            .iter()
            .filter_map(|index| slice.cells[*index].value)
            .collect();
        distribution.sort_by(f64::total_cmp);
        Ok(Comparison {
            context: context(&slicer, indicator, options.borders, options.real.as_ref()),
            period,
            area,
            cell: slice.cells[index].clone(),
            position,
            peers: groups,
            distribution,
            notes,
        })
    }
}

/// A municipality's total beside a group's total says nothing: the mean of the members does.
fn mean_for_totals(indicator: &Indicator) -> Option<Aggregate> {
    (indicator.aggregate == Aggregate::Total).then_some(Aggregate::Mean)
}

/// The groups to compare with: those asked for, or the usual ones; of the usual ones, those not in force in the year are
/// left out and named.
fn peer_names(territory: &Territory, asked: &[String], year: i32) -> (Vec<String>, Vec<Note>) {
    if !asked.is_empty() {
        return (asked.to_vec(), Vec::new());
    }
    let known = territory.grouping_ids();
    let usual: Vec<&str> = USUAL_PEERS
        .into_iter()
        .filter(|name| known.contains(name))
        .collect();
    let chosen = if usual.len() > 1 { usual } else { known };
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
    (valid.into_iter().map(str::to_owned).collect(), notes)
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

fn position(
    territory: &Territory,
    indicator: &Indicator,
    slice: &Slice,
    country: &[usize],
    (area, order): (usize, Order),
) -> Position {
    let positions = positions(indicator, slice, country, order);
    let own = country.iter().position(|index| *index == area);
    Position {
        rank: own.and_then(|own| positions.ranks[own]),
        n: positions.n,
        percent_rank: own.and_then(|own| positions.percent_ranks[own]),
        order,
        unranked: unranked(territory, slice, country, &positions),
    }
}

fn peer_group(
    slicer: &Slicer,
    method: &Method,
    slice: &Slice,
    peer: Peer,
    area: usize,
) -> Result<(PeerGroup, Vec<Note>)> {
    let code = peer.label.code.clone();
    let mut summary = summarise(method, slice, &peer.areas, peer.label);
    if peer.grouping == COUNTRY
        && let Some(value) = published_value(slicer, method.indicator, slice.period)?
    {
        summary.row = published(summary.row, value, code);
    }
    let own = slice.cells[area].value;
    let pair = own.zip(summary.row.value);
    Ok((
        PeerGroup {
            includes_area: peer.areas.contains(&area),
            difference: pair.map(|(own, group)| absolute_change(group, own)),
            difference_relative: pair.and_then(|(own, group)| relative_change(group, own).ok()),
            grouping: peer.grouping,
            row: summary.row,
        },
        summary.notes,
    ))
}

/// The figure that the source publishes for the whole country, for a ratio that cannot be made anew.
pub(super) fn published_value(slicer: &Slicer, indicator: &Indicator, period: Period) -> Result<Option<f64>> {
    let (Expression::Measure(id), None) = (&indicator.formula.numerator, &indicator.formula.denominator)
    else {
        return Ok(None);
    };
    let release = slicer.release();
    let ratio = release
        .catalogue()
        .measure(id)
        .is_some_and(|measure| measure.additivity.areas != Additivity::Sum);
    if !ratio || !release.has(id, period) {
        return Ok(None);
    }
    let rows = slicer.observations(id, period)?;
    let country = &release.territory().document().country.code;
    Ok(rows
        .iter()
        .find(|row| row.area == *country)
        .and_then(|row| row.value)
        .map(|value| indicator.multiplier * value))
}

fn gather(
    notes: &Notes,
    method: &Method,
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
    if method.aggregate == Aggregate::Median && method.indicator.formula.denominator.is_none() {
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
    all.extend(notes.zeros());
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

/// Notes on what was chosen: frozen groups, real prices.
fn with_choices(mut notes: Vec<Note>, options: &CompareOptions) -> Vec<Note> {
    notes.extend(options.as_of_year.map(notes::frozen_groups));
    notes.extend(options.real.as_ref().map(real_prices));
    notes
}

pub(super) fn real_prices(basis: &PriceBasis) -> Note {
    let message = Message::new("note.real-prices").with("index", basis.index.clone());
    notes::info(message.with("year", basis.year.to_string()))
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
    let symbol = |language| catalogue.unit_symbol(&indicator.unit, language);
    let mut ids: Vec<&str> = slicer
        .measures_of(indicator)
        .iter()
        .map(|measure| measure.source.as_str())
        .collect();
    ids.dedup();
    let mut seen = std::collections::BTreeSet::new();
    let registers = ids
        .into_iter()
        .filter(|id| seen.insert(*id))
        .filter_map(|id| catalogue.source(id));
    let cited = registers.map(|source| {
        let line = |language| {
            format!(
                "{}, {}, {}",
                source.publisher.get(language),
                source.label.get(language),
                source.license
            )
        };
        Text::new(line(Language::Fi), line(Language::Sv), line(Language::En))
    });
    let scope = indicator.scope.as_ref().and_then(|id| catalogue.scope(id));
    Context {
        indicator: indicator.id.clone(),
        definition: indicator.definition_id(),
        label: indicator.label.clone(),
        description: indicator.definition.clone(),
        unit: indicator.unit.clone(),
        unit_symbol: Text::new(symbol(Language::Fi), symbol(Language::Sv), symbol(Language::En)),
        decimals: indicator.decimals,
        scope: indicator.scope.clone(),
        scope_sentence: scope.map(|scope| scope.sentence.clone()),
        territory: borders.name(release.territory()),
        release: release.id().to_owned(),
        price_basis: real.cloned(),
        sources: cited.collect(),
    }
}
