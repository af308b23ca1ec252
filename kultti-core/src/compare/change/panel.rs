//! Who is in a group at both ends of a change, and who is left out and why.

use super::options::ChangePanel;
use super::result::UnpairedArea;
use crate::compare::aggregate::Entered;
use crate::compare::result::AreaLabel;
use crate::model::{Indicator, Missing, Period};
use crate::panel::{SeriesBreak, Slice};
use crate::territory::Territory;
use std::collections::BTreeSet;

/// The two slices of a change, on the same borders, with the breaks between them.
pub(in crate::compare) struct Ends<'a> {
    pub(super) from: &'a Slice,
    pub(super) to: &'a Slice,
    pub(super) breaks: &'a [SeriesBreak],
    pub(super) ratio: bool,
}

/// A group's areas at both ends.
pub(in crate::compare) struct Paired {
    pub(in crate::compare) from: Entered,
    pub(in crate::compare) to: Entered,
    /// Areas where the figure can exist at one end at least.
    pub(in crate::compare) members: Vec<usize>,
    /// Whether a break lies in every series, so that there are two values and no change.
    pub(in crate::compare) broken: bool,
    pub(in crate::compare) left_out: Vec<UnpairedArea>,
}

impl<'a> Ends<'a> {
    pub(in crate::compare) fn new(
        (from, to): (&'a Slice, &'a Slice),
        breaks: &'a [SeriesBreak],
        indicator: &Indicator,
    ) -> Self {
        Self {
            from,
            to,
            breaks,
            ratio: indicator.formula.denominator.is_some(),
        }
    }
}

impl Ends<'_> {
    pub(in crate::compare) fn pair(
        &self,
        group: &[usize],
        panel: ChangePanel,
        territory: &Territory,
    ) -> Paired {
        let of = |slice: &Slice| {
            let mut entered = Entered::default();
            entered.fill(slice, group, self.ratio);
            entered
        };
        let (mut from, mut to) = (of(self.from), of(self.to));
        let members: BTreeSet<usize> = from.members().iter().chain(to.members()).copied().collect();
        let members: Vec<usize> = members.into_iter().collect();
        let both = |index: usize| from.has(index) && to.has(index) && self.same_unit(index);
        let candidates: Vec<usize> = members.iter().copied().filter(|index| both(*index)).collect();
        let breaks = |index: &usize| self.break_of(*index).is_some();
        let broken = !candidates.is_empty() && candidates.iter().all(breaks);
        if panel == ChangePanel::All {
            let broken = candidates.iter().any(breaks);
            return Paired {
                from,
                to,
                members,
                broken,
                left_out: Vec::new(),
            };
        }
        let whole: Vec<usize> = candidates
            .iter()
            .copied()
            .filter(|index| broken || !breaks(index))
            .collect();
        let mut left_out = Vec::new();
        for index in &members {
            if whole.binary_search(index).is_err()
                && let Some((period, missing)) = self.reason(*index, (&from, &to), &whole)
            {
                left_out.extend(self.label(*index, territory).map(|area| UnpairedArea {
                    area,
                    period,
                    missing,
                }));
            }
        }
        from.keep(&whole);
        to.keep(&whole);
        Paired {
            from,
            to,
            members,
            broken,
            left_out,
        }
    }

    pub(super) fn label(&self, index: usize, territory: &Territory) -> Option<AreaLabel> {
        let code = self.to.code(index)?;
        Some(AreaLabel::named(territory, code))
    }

    /// The first period of a new kind in the area's series.
    fn break_of(&self, index: usize) -> Option<Period> {
        let number = self.to.areas.numbers()[index];
        let ends = (self.from.period, self.to.period);
        let mut breaks = self.breaks.iter();
        breaks.find(|one| one.parts(number, ends)).map(|one| one.period)
    }

    /// Whether the area's figure is joint with the same areas at both ends.
    fn same_unit(&self, index: usize) -> bool {
        let members = |slice: &Slice| {
            let unit = slice.joint.iter().find(|unit| unit.host == index);
            unit.map(|unit| unit.members.clone())
        };
        members(self.from) == members(self.to)
    }

    /// What an area lacks, and when; nothing for one whose figure is inside that of an area of the panel at both ends.
    fn reason(
        &self,
        index: usize,
        (from, to): (&Entered, &Entered),
        panel: &[usize],
    ) -> Option<(Period, Missing)> {
        let inside = |slice: &Slice| {
            let host = slice.host_of(index);
            host.is_some_and(|host| panel.binary_search(&host).is_ok())
        };
        if inside(self.from) && inside(self.to) {
            return None;
        }
        for (slice, entered) in [(self.from, from), (self.to, to)] {
            if let Some(missing) = slice.missing(index) {
                return Some((slice.period, missing));
            }
            if !entered.has(index) {
                let own = !entered.left_out().contains(&index);
                let missing = if own {
                    Missing::DenominatorNotPositive
                } else {
                    Missing::JointWithOthers
                };
                return Some((slice.period, missing));
            }
        }
        if !self.same_unit(index) {
            return Some((self.to.period, Missing::JointWithOthers));
        }
        let period = self.break_of(index)?;
        Some((period, Missing::BreakInSeries))
    }
}
