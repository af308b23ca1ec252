//! Where an area stands within a group: scores, bands, its difference in money, and the members one by one.

use super::aggregate::Summary;
use super::intervals::IntervalLevel;
use super::members::{NAMED, Peer};
use super::notes::{in_all, info};
use super::position::positions;
use super::result::{AreaLabel, Note, PeerGroup};
use crate::catalogue::UnitKind;
use crate::error::{Error, Result};
use crate::language::{Message, Param, Text};
use crate::model::{Direction, Indicator};
use crate::panel::{Cell, Slice, Slicer};
use crate::stats::{
    Band, Order, RobustScale, absolute_change, band_of, relative_bands, robust_score, standard_score,
    threshold_bands,
};
use std::fmt;
use std::str::FromStr;

/// How the members of a group are sorted into three bands.
///
/// ```
/// use kultti_core::compare::Bands;
/// assert_eq!("relative".parse::<Bands>()?, Bands::Relative);
/// assert_eq!("absolute:25,50".parse::<Bands>()?, Bands::Absolute { low: 25.0, high: 50.0, source: None });
/// assert_eq!("statistical".parse::<Bands>()?, "statistical:95".parse()?);
/// # Ok::<(), kultti_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum Bands {
    /// By the quartiles of the group itself.
    Relative,
    /// By two thresholds: the direction of the indicator says which of them is the good one.
    Absolute {
        /// The lower threshold.
        low: f64,
        /// The upper threshold.
        high: f64,
        /// Where the thresholds come from, such as a law or a recommendation.
        source: Option<String>,
    },
    /// By the area's interval of chance of this level against the value of the group: the same question as
    /// [`CompareOptions::intervals`](super::CompareOptions::intervals), answered in
    /// [`ComparedIntervals`](super::ComparedIntervals).
    Statistical(IntervalLevel),
}

impl Bands {
    /// Says where thresholds come from.
    #[must_use]
    pub fn with_source(self, text: Option<String>) -> Self {
        match self {
            Self::Absolute { low, high, .. } => Self::Absolute {
                low,
                high,
                source: text,
            },
            other => other,
        }
    }

    /// The level of the intervals that the bands are made by.
    pub(super) fn level(&self) -> Option<IntervalLevel> {
        match self {
            Self::Statistical(level) => Some(*level),
            Self::Relative | Self::Absolute { .. } => None,
        }
    }

    /// The name in results.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Relative => "relative",
            Self::Absolute { .. } => "absolute",
            Self::Statistical(_) => "statistical",
        }
    }
}

impl fmt::Display for Bands {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Relative => f.write_str("relative"),
            Self::Absolute { low, high, .. } => write!(f, "absolute:{low},{high}"),
            Self::Statistical(level) => write!(f, "statistical:{}", level.name()),
        }
    }
}

impl FromStr for Bands {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let wrong = || Error::InvalidArgument {
            name: "bands".into(),
            expected: "relative, absolute:LOW,HIGH (LOW < HIGH), statistical, statistical:99.8".into(),
            found: text.to_owned(),
        };
        if text.trim() == "relative" {
            return Ok(Self::Relative);
        }
        if let Some(level) = text.trim().strip_prefix("statistical") {
            let level = if level.is_empty() {
                Some("95")
            } else {
                level.strip_prefix(':')
            };
            let level = level.and_then(|level| level.parse().ok());
            return level.map(Self::Statistical).ok_or_else(wrong);
        }
        let cuts = text.trim().strip_prefix("absolute:").ok_or_else(wrong)?;
        let (low, high) = cuts.split_once(',').ok_or_else(wrong)?;
        let number = |text: &str| text.trim().parse().ok().filter(|number: &f64| number.is_finite());
        match number(low).zip(number(high)) {
            Some((low, high)) if low < high => Ok(Self::Absolute {
                low,
                high,
                source: None,
            }),
            _ => Err(wrong()),
        }
    }
}

/// The bands of a group, with what is needed to check them.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupBands {
    /// `relative` or `absolute`.
    pub method: &'static str,
    /// The lower cut.
    pub lower_cut: f64,
    /// The upper cut.
    pub upper_cut: f64,
    /// Members with a value.
    pub n: usize,
    /// Members whose value equals a cut.
    pub ties: usize,
    /// Members in the best, the middle and the worst band.
    pub counts: [usize; 3],
    /// The area's own band.
    pub band: Option<Band>,
    /// Where absolute thresholds come from.
    pub source: Option<String>,
}

/// A member of a group beside the area.
#[derive(Debug, Clone, PartialEq)]
pub struct MemberRow {
    /// The member.
    pub area: AreaLabel,
    /// Whether it is the area that was asked about.
    pub own: bool,
    /// Its figure.
    pub cell: Cell,
    /// Its rank among the members and the area; `None` for one without.
    pub rank: Option<f64>,
    /// Value of the area − value of the member.
    pub difference: Option<f64>,
    /// Its band, where bands were asked for.
    pub band: Option<Band>,
}

/// Where an area stands within a group.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Standing {
    /// (x − x̄)/s over the members' values, whether the area is one of them or not.
    pub z: Option<f64>,
    /// (x − median)/scale over the members' values.
    pub robust_z: Option<f64>,
    /// What the robust score was divided by.
    pub robust_scale: Option<RobustScale>,
    /// For a ratio of money: (x − X)·d/m, the difference in the money of the area's budget; with figures of three years that
    /// of one year, d being the mean of theirs.
    pub difference_budget: Option<f64>,
    /// The bands, where they were asked for and the group has enough values.
    pub bands: Option<GroupBands>,
    /// The members, where they were asked for: by rank, then by code.
    pub list: Vec<MemberRow>,
}

/// What is asked of every group.
pub(super) struct Place<'a, 'r> {
    pub(super) slicer: &'a Slicer<'r>,
    pub(super) indicator: &'a Indicator,
    pub(super) slice: &'a Slice,
    /// The area.
    pub(super) area: usize,
    pub(super) bands: Option<&'a Bands>,
    pub(super) list: bool,
}

/// The bands of a group's values, along them.
struct Banded {
    bands: Vec<Option<Band>>,
    record: GroupBands,
}

impl Place<'_, '_> {
    /// Refuses bands of an indicator without a direction: neither end is the good one.
    pub(super) fn check(&self) -> Result<()> {
        if self.bands.is_none() || self.indicator.direction != Direction::None {
            return Ok(());
        }
        Err(Error::MethodRefused {
            indicator: self.indicator.id.to_string(),
            method: Message::new("word.bands"),
            reason: Message::new("reason.bands-need-direction"),
        })
    }

    /// Where the area stands in a group with this value, and what must be said of it.
    pub(super) fn within(&self, peer: &Peer, summary: &Summary) -> (Standing, Vec<Note>) {
        // Those that have no part in the group's value have none in its spread.
        let members: Vec<usize> = peer
            .areas
            .iter()
            .copied()
            .filter(|index| !summary.outside.contains(index))
            .collect();
        let own = self.slice.value(self.area);
        let values: Vec<f64> = members
            .iter()
            .filter_map(|index| self.slice.value(*index))
            .collect();
        let robust = own.and_then(|own| robust_score(own, &values));
        let banded = self.bands.and_then(|bands| self.banded(bands, &members));
        let too_few = self.bands.filter(|_| banded.is_none());
        let too_few = too_few.map(|_| Message::new("note.bands-too-few").with("group", &peer.label.name));
        let mut notes: Vec<Note> = too_few.map(info).into_iter().collect();
        notes.extend(own.and_then(|_| no_score(peer, &values)));
        let standing = Standing {
            z: own.and_then(|own| standard_score(own, &values)),
            robust_z: robust.map(|(score, _)| score),
            robust_scale: robust.map(|(_, scale)| scale),
            difference_budget: own
                .zip(summary.row.value)
                .and_then(|(own, group)| self.in_budget(own - group)),
            list: if self.list {
                self.rows(&peer.areas, &members, banded.as_ref())
            } else {
                Vec::new()
            },
            bands: banded.map(|banded| banded.record),
        };
        (standing, notes)
    }

    /// (x − X)·d/m, for ratios of money only; d is that of a year, for a budget is.
    fn in_budget(&self, difference: f64) -> Option<f64> {
        let catalogue = self.slicer.release().catalogue();
        let money = catalogue.power_of(UnitKind::Money, &self.indicator.unit) == 1;
        let denominator = self.slice.denominator(self.area).filter(|_| money)?;
        #[expect(clippy::cast_precision_loss, reason = "one year or three")]
        let years = self.slice.years as f64;
        Some(difference * (denominator / years) / self.indicator.multiplier)
    }

    fn banded(&self, bands: &Bands, members: &[usize]) -> Option<Banded> {
        let direction = stats_direction(self.indicator.direction);
        let values: Vec<Option<f64>> = members.iter().map(|index| self.slice.value(*index)).collect();
        let own = self.slice.value(self.area);
        let (found, (lower_cut, upper_cut), band, source) = match bands {
            Bands::Statistical(_) => return None,
            Bands::Relative => {
                let found = relative_bands(&values, direction)?;
                let cuts = (found.lower_cut, found.upper_cut);
                let band = own.and_then(|own| band_of(own, cuts, direction));
                (found.bands, cuts, band, None)
            }
            Bands::Absolute { low, high, source } => {
                let (best, worst) = if self.indicator.direction == Direction::Higher {
                    (*high, *low)
                } else {
                    (*low, *high)
                };
                let found = threshold_bands(&values, best, worst, direction)?;
                let band = threshold_bands(&[own], best, worst, direction)?;
                (
                    found,
                    (*low, *high),
                    band.first().copied().flatten(),
                    source.clone(),
                )
            }
        };
        let present = || values.iter().flatten();
        let count = |wanted: Band| found.iter().filter(|band| **band == Some(wanted)).count();
        let on_a_cut = |value: &&f64| **value == lower_cut || **value == upper_cut;
        let record = GroupBands {
            method: bands.name(),
            lower_cut,
            upper_cut,
            n: present().count(),
            ties: present().filter(on_a_cut).count(),
            counts: [Band::Best, Band::Middle, Band::Worst].map(count),
            band,
            source,
        };
        Some(Banded { bands: found, record })
    }

    /// One note for all groups: thresholds are the same in each, quartiles are each group's own.
    pub(super) fn bands_note(&self, groups: &[PeerGroup]) -> Option<Note> {
        let cut = |value| Param::Number(value, self.indicator.decimals);
        let cuts = |message: Message, record: &GroupBands| {
            message
                .with("lower", cut(record.lower_cut))
                .with("upper", cut(record.upper_cut))
        };
        let banded = |group: &'_ PeerGroup| {
            group
                .standing
                .bands
                .clone()
                .map(|record| (group.row.name.clone(), record))
        };
        let found: Vec<(Text, GroupBands)> = groups.iter().filter_map(banded).collect();
        let (_, first) = found.first()?;
        if let Bands::Absolute { source, .. } = self.bands? {
            let source = source.clone().unwrap_or_default();
            return Some(info(
                cuts(Message::new("note.bands-absolute"), first).with("source", source),
            ));
        }
        let one = |(name, record): &(Text, GroupBands)| {
            let message = Message::new("word.bands-of-group").with("group", name);
            let message = message.with("n", record.n).with("ties", record.ties);
            Param::Text(in_all(&cuts(message, record)))
        };
        let groups = Param::List(found.iter().map(one).collect());
        Some(info(Message::new("note.bands-relative").with("groups", groups)))
    }

    /// The members and the area by rank, then by code; those without a rank at the end.
    fn rows(&self, group: &[usize], members: &[usize], banded: Option<&Banded>) -> Vec<MemberRow> {
        let mut all = group.to_vec();
        if let Err(place) = all.binary_search(&self.area) {
            all.insert(place, self.area);
        }
        let order = super::position::natural_order(self.indicator.direction).unwrap_or(Order::Descending);
        let ranks = positions(self.indicator, self.slice, &all, order).ranks;
        let territory = self.slicer.release().territory();
        let own = self.slice.value(self.area);
        let band = |index: usize| {
            let banded = banded?;
            if index == self.area {
                return banded.record.band;
            }
            let place = members.binary_search(&index).ok()?;
            banded.bands[place]
        };
        let row = |(index, rank): (usize, Option<f64>)| {
            let cell = super::compare_verb::reliable(self.indicator, self.slice, index);
            let pair = own.zip(cell.value).filter(|_| index != self.area);
            MemberRow {
                area: AreaLabel::at(territory, self.slice, index),
                own: index == self.area,
                difference: pair.map(|(own, member)| absolute_change(member, own)),
                band: band(index),
                rank,
                cell,
            }
        };
        let mut rows: Vec<MemberRow> = all.into_iter().zip(ranks).map(row).collect();
        let key = |row: &MemberRow| row.rank.unwrap_or(f64::INFINITY);
        // The order by code stays among equals.
        rows.sort_by(|left, right| key(left).total_cmp(&key(right)));
        rows
    }
}

/// Why nobody in a group has a score: its values are all equal, or there is only one. A single area that was asked for by
/// name needs no telling.
fn no_score(peer: &Peer, values: &[f64]) -> Option<Note> {
    let group = &peer.label.name;
    let (first, rest) = values.split_first()?;
    if rest.is_empty() {
        let named = peer.areas.len() == 1 && peer.grouping == NAMED;
        return (!named).then(|| info(Message::new("note.no-score-single").with("group", group)));
    }
    #[expect(clippy::float_cmp, reason = "values that are equal, not near")]
    let equal = rest.iter().all(|value| value == first);
    equal.then(|| info(Message::new("note.no-score-equal").with("group", group)))
}

fn stats_direction(direction: Direction) -> crate::stats::Direction {
    match direction {
        Direction::Higher => crate::stats::Direction::Higher,
        Direction::Lower => crate::stats::Direction::Lower,
        Direction::None => crate::stats::Direction::None,
    }
}
