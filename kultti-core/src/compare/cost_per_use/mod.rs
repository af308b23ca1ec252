//! `cost_per_use`: who uses and who pays: cost per inhabitant as cost per use × uses per inhabitant.

mod options;
mod result;

pub use options::CostPerUseOptions;
pub use result::{CostPerUse, PairIndicator, UseDifference, UseFigures, UseGroup, UsePair};

use super::aggregate::Entered;
use super::comparability::Flags;
use super::compare_verb::{context, peer_names, reference_year};
use super::label::unit_symbol;
use super::members::{Grouper, Peer};
use super::notes::{self, Notes};
use super::result::{AreaLabel, Note};
use crate::catalogue::Pair;
use crate::error::{Error, Result};
use crate::language::Message;
use crate::model::{Indicator, Missing, Period, StatusSet};
use crate::panel::{Slice, Slicer, span};
use crate::release::Release;
use crate::stats::{COVERAGE_THRESHOLD, exact_sum, lmdi};

/// A pair with its figures of one period.
struct Read<'r> {
    declared: &'r Pair,
    whole: &'r Indicator,
    price: &'r Indicator,
    volume: &'r Indicator,
    costs: Slice,
    prices: Slice,
    uses: Slice,
}

impl Release {
    /// A cost per inhabitant beside its use: x = p·u, the cost per use times the uses per inhabitant, for an area and its
    /// groups, and what of the difference comes from each factor.
    ///
    /// Which cost belongs to which use is declared in the catalogue. Group figures are ratios of sums over the members that
    /// have cost, use and inhabitants: X = Σcost/Σinhabitants, P = Σcost/Σuses, U = Σuses/Σinhabitants, so that X = P·U
    /// there too. The difference is exactly additive: x − X = L·ln(p/P) + L·ln(u/U) with L = (x − X)/ln(x/X).
    ///
    /// Visits of a centre are not use by its inhabitants: a note says so.
    ///
    /// # Missing values
    /// An area without cost, use or inhabitants has no factors and says why. Group figures are given from a coverage of 0.6.
    /// A difference needs positive figures on both sides.
    ///
    /// # Errors
    /// [`Error::NoPair`] where the catalogue declares no use of the cost; [`Error::NoData`] and
    /// [`Error::NoDataForPeriod`] where cost, use and inhabitants have no period in common; otherwise as
    /// [`Release::compare`].
    ///
    /// ```
    /// use kultti_core::release::Release;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// // The example release has no counts of visits: that is an error, not a guess.
    /// let error = release.cost_per_use("library.expenditure_per_inhabitant", "Kokkola").unwrap_err();
    /// assert_eq!(error.code(), "K0408");
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    ///
    /// Source: Ang & Liu (2001) for the logarithmic mean; showing both factors together is Kultti's own rule.
    pub fn cost_per_use(&self, indicator: &str, options: impl Into<CostPerUseOptions>) -> Result<CostPerUse> {
        let options = options.into();
        let slicer = Slicer::new(self);
        let indicator = self.catalogue().indicator(indicator)?;
        let (read, period, mut found) = read_pairs(&slicer, indicator, &options)?;
        let slice = &read[0].costs;
        let area = self.territory().resolve_on(&options.area, slice.date)?;
        let area = AreaLabel::of(area);
        let index = slice.position(&area.code).unwrap_or_default();
        let year = reference_year(options.as_of_year, period)?;
        let grouper = Grouper::new(&slicer, indicator, slice, year);
        let (names, skipped) = peer_names(self.territory(), &options.peers, year);
        let (peers, noted) = grouper.peers(&names, index)?;
        let pairs = read
            .iter()
            .map(|pair| pair.answer(&slicer, index, &peers))
            .collect();
        let gathered = Notes::new(&slicer, indicator, slice);
        let mut compared: Vec<usize> = peers.iter().flat_map(|peer| &peer.areas).copied().collect();
        compared.push(index);
        compared.sort_unstable();
        compared.dedup();
        let mut all = vec![notes::warning(Message::new("note.use-is-not-by-inhabitants"))];
        all.extend(gathered.of_area(index));
        all.append(&mut found);
        all.extend(skipped.into_iter().chain(noted));
        all.extend(Flags::new(&slicer, indicator, slice).notes(&compared));
        all.extend(options.as_of_year.map(notes::frozen_groups));
        all.extend(gathered.of_indicator());
        Ok(CostPerUse {
            context: context(&slicer, indicator, options.borders, None)
                .asked(options.query(indicator, &area, period)),
            period,
            area,
            pairs,
            notes: all,
        })
    }
}

/// The pairs of a cost with their figures; of several those without data are named and left out.
fn read_pairs<'r>(
    slicer: &Slicer<'r>,
    indicator: &'r Indicator,
    options: &CostPerUseOptions,
) -> Result<(Vec<Read<'r>>, Period, Vec<Note>)> {
    let catalogue = slicer.release().catalogue();
    let declared = catalogue.pairs(indicator.id.as_str());
    let mut first = None;
    let mut found = Vec::new();
    let mut usable = Vec::new();
    for pair in declared {
        match periods(slicer, indicator, pair) {
            Ok(periods) => usable.push((pair, periods)),
            Err(error) => {
                let message = Message::new("note.pair-without-data").with("use", &pair.label);
                found.push(notes::info(message));
                first = first.or(Some(error));
            }
        }
    }
    let common = usable
        .iter()
        .map(|(_, periods)| periods.clone())
        .reduce(|mut common, periods| {
            common.retain(|period| periods.contains(period));
            common
        });
    let Some(common) = common else {
        return Err(first.unwrap_or_else(|| no_pair(slicer, indicator)));
    };
    let period = options
        .period
        .or(common.last().copied())
        .filter(|period| common.contains(period));
    let period = period.ok_or_else(|| Error::NoDataForPeriod {
        indicator: indicator.id.to_string(),
        period: options
            .period
            .map(|period| period.to_string())
            .unwrap_or_default(),
        available: span(&common),
    })?;
    let read = |(pair, _): (&'r Pair, Vec<Period>)| -> Result<Read<'r>> {
        let price = catalogue.indicator(pair.cost_per_use.as_str())?;
        let volume = catalogue.indicator(pair.uses_per_inhabitant.as_str())?;
        let slice = |of: &Indicator| slicer.slice(of, period, options.borders, None);
        Ok(Read {
            declared: pair,
            costs: slice(indicator)?,
            prices: slice(price)?,
            uses: slice(volume)?,
            whole: indicator,
            price,
            volume,
        })
    };
    Ok((
        usable.into_iter().map(read).collect::<Result<_>>()?,
        period,
        found,
    ))
}

/// The periods with cost, use and inhabitants.
fn periods(slicer: &Slicer, whole: &Indicator, pair: &Pair) -> Result<Vec<Period>> {
    let catalogue = slicer.release().catalogue();
    let mut common = slicer.periods(whole)?;
    for id in [&pair.cost_per_use, &pair.uses_per_inhabitant] {
        let periods = slicer.periods(catalogue.indicator(id.as_str())?)?;
        common.retain(|period| periods.contains(period));
    }
    Ok(common)
}

fn no_pair(slicer: &Slicer, indicator: &Indicator) -> Error {
    let pairs = slicer.release().catalogue().header().pairs.iter();
    let mut near: Vec<String> = pairs.map(|pair| pair.cost_per_inhabitant.to_string()).collect();
    near.dedup();
    Error::NoPair {
        indicator: indicator.id.to_string(),
        near,
    }
}

impl Read<'_> {
    fn answer(&self, slicer: &Slicer, index: usize, peers: &[Peer]) -> UsePair {
        let own = self.own(index);
        let about = |indicator: &Indicator| {
            let catalogue = slicer.release().catalogue();
            PairIndicator {
                indicator: indicator.id.clone(),
                unit_symbol: unit_symbol(catalogue, &indicator.unit),
                decimals: indicator.decimals,
            }
        };
        let flags = Flags::new(slicer, self.whole, &self.costs);
        UsePair {
            id: self.declared.id.clone(),
            label: self.declared.label.clone(),
            cost_per_use: about(self.price),
            uses_per_inhabitant: about(self.volume),
            groups: peers
                .iter()
                .map(|peer| self.group(peer, (index, &own), &flags))
                .collect(),
            area: own,
        }
    }

    /// Whether cost and use of an area stand over the same inhabitants, which joint arrangements may keep them from.
    fn is_whole(&self, index: usize) -> bool {
        self.costs.denominator(index) == self.uses.denominator(index)
    }

    fn own(&self, index: usize) -> UseFigures {
        let whole = self.is_whole(index);
        let factor = |slice: &Slice| slice.value(index).filter(|_| whole);
        let reason = |slice: &Slice| slice.missing(index);
        let missing = reason(&self.costs)
            .or(reason(&self.prices))
            .or(reason(&self.uses));
        let missing = missing.or((!whole).then_some(Missing::JointlyMixed));
        let slices = [&self.costs, &self.prices, &self.uses];
        let status = slices.iter().map(|slice| slice.figures.status(index));
        UseFigures {
            cost_per_inhabitant: self.costs.value(index),
            cost_per_use: factor(&self.prices),
            uses_per_inhabitant: factor(&self.uses),
            status: missing.map_or_else(
                || status.fold(StatusSet::default(), StatusSet::union).letter(),
                |reason| reason.status().letter(),
            ),
            missing,
        }
    }

    /// A group over the members that have cost, use and inhabitants.
    fn group(&self, peer: &Peer, (index, own): (usize, &UseFigures), flags: &Flags) -> UseGroup {
        let mut entered = Entered::of(&self.costs, &peer.areas, true);
        let uses = Entered::of(&self.uses, &peer.areas, true);
        let both = uses
            .entered()
            .iter()
            .copied()
            .filter(|member| self.is_whole(*member));
        entered.keep(&both.collect::<Vec<_>>());
        let coverage = entered.coverage(&self.costs, true);
        let sufficient = coverage.is_sufficient(COVERAGE_THRESHOLD);
        let figures = match (entered.entered().is_empty(), sufficient) {
            (true, _) => absent(Missing::NoMembers),
            (false, false) => absent(Missing::CoverageTooLow),
            (false, true) => {
                let figures = self.sums(entered.entered());
                let mut compared = entered.entered().to_vec();
                compared.push(index);
                let status = match figures.missing {
                    None => flags.letter(figures.status, &compared),
                    Some(_) => figures.status,
                };
                UseFigures { status, ..figures }
            }
        };
        let codes = entered
            .entered()
            .iter()
            .filter_map(|member| self.costs.code(*member));
        UseGroup {
            grouping: peer.grouping.clone(),
            group: peer.label.code.clone(),
            name: peer.label.name.clone(),
            n: coverage.n,
            members: coverage.members,
            coverage_areas: coverage.areas,
            coverage_denominator: coverage.denominator,
            includes_area: entered.has(index),
            difference: difference(own, &figures),
            entered: codes.cloned().collect(),
            figures,
        }
    }

    /// Ratios of sums over the same members.
    fn sums(&self, entered: &[usize]) -> UseFigures {
        let sum = |values: &[f64]| exact_sum(entered.iter().map(|member| values[*member]));
        let cost = sum(&self.costs.numerators);
        let uses = sum(&self.uses.numerators);
        let inhabitants = sum(&self.costs.denominators);
        let statuses = entered
            .iter()
            .flat_map(|member| [&self.costs, &self.uses].map(|slice| slice.figures.status(*member)));
        let missing = (uses == 0.0).then_some(Missing::DenominatorZero);
        UseFigures {
            cost_per_inhabitant: Some((self.whole.multiplier * cost) / inhabitants),
            cost_per_use: (uses != 0.0).then(|| (self.price.multiplier * cost) / uses),
            uses_per_inhabitant: Some((self.volume.multiplier * uses) / inhabitants),
            status: missing.map_or_else(
                || statuses.fold(StatusSet::default(), StatusSet::union).letter(),
                |reason| reason.status().letter(),
            ),
            missing,
        }
    }
}

fn absent(missing: Missing) -> UseFigures {
    UseFigures {
        cost_per_inhabitant: None,
        cost_per_use: None,
        uses_per_inhabitant: None,
        status: missing.status().letter(),
        missing: Some(missing),
    }
}

/// The difference of an area to a group in its two factors.
fn difference(own: &UseFigures, group: &UseFigures) -> Option<UseDifference> {
    let (from, to) = (
        [group.cost_per_use?, group.uses_per_inhabitant?],
        [own.cost_per_use?, own.uses_per_inhabitant?],
    );
    let terms = lmdi(&from, &to)?;
    Some(UseDifference {
        total: own.cost_per_inhabitant? - group.cost_per_inhabitant?,
        by_cost_per_use: terms[0],
        by_uses: terms[1],
        log_cost_per_use: (to[0] / from[0]).ln(),
        log_uses: (to[1] / from[1]).ln(),
    })
}
