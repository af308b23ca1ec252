//! `rank`: all areas of the country or of a group in order.

use super::comparability::Flags;
use super::compare_verb::{reference_year, reliable};
use super::members::Grouper;
use super::notes::{self, Notes};
use super::options::RankOptions;
use super::position::{Positions, natural_order, positions};
use super::result::{AreaLabel, RankRow, Ranking};
use super::three_year::{Kind, figures};
use crate::error::{Error, Result};
use crate::language::Message;
use crate::model::{Direction, Indicator};
use crate::panel::{Slice, Slicer};
use crate::release::Release;
use crate::territory::Territory;

impl Release {
    /// Ranks the areas of the country, or of one group, by an indicator.
    ///
    /// Rank 1 is the first in the order; the percent rank is (areas strictly worse)/(n − 1), 0 for the worst and 1 for the
    /// best; without a direction 0 is the lowest and 1 the highest.
    ///
    /// # Missing values
    /// Areas without a value have no rank and are not counted in n; they are in the result, with the reason. Areas below
    /// the indicator's minimum denominator have a value of status U and no rank.
    ///
    /// # Ties
    /// Equal values share the smallest rank and the percent rank.
    ///
    /// # Errors
    /// [`Error::OrderRequired`] for an indicator without a direction when no order is given; otherwise as
    /// [`Release::compare`].
    ///
    /// ```
    /// use kultti_core::compare::{Order, RankOptions};
    /// use kultti_core::release::Release;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// let ranking = release.rank("library.net_operating_cost_per_inhabitant", Order::Descending)?;
    /// assert_eq!(ranking.rows[0].rank, Some(1.0));
    /// assert!(release.rank("library.net_operating_cost_per_inhabitant", RankOptions::default()).is_err());
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn rank(&self, indicator: &str, options: impl Into<RankOptions>) -> Result<Ranking> {
        let options = options.into();
        let slicer = Slicer::new(self);
        let indicator = self.catalogue().indicator(indicator)?;
        let order = options.order.or_else(|| natural_order(indicator.direction));
        let order = order.ok_or_else(|| Error::OrderRequired {
            indicator: indicator.id.to_string(),
        })?;
        let kind = Kind::new(options.borders, None, options.three_year);
        let (slice, period, kind) = figures(&slicer, indicator, options.period, kind)?;
        let year = reference_year(options.as_of_year, period)?;
        let grouper = Grouper::new(&slicer, indicator, &slice, year);
        let (members, found) = grouper.within(options.within.as_deref())?;
        let positions = positions(indicator, &slice, &members, order);
        let rows = rows(self.territory(), (indicator, &slice), &members, &positions);
        let gathered = Notes::new(&slicer, indicator, &slice);
        let mut all = Vec::new();
        if indicator.direction == Direction::None {
            all.push(notes::info(Message::new("note.direction-none")));
        }
        all.extend(gathered.zeros(&members));
        all.extend(found);
        all.extend(options.as_of_year.map(notes::frozen_groups));
        all.extend(kind.closing(&slicer, indicator, &slice, &members)?);
        all.extend(Flags::new(&slicer, indicator, &slice).notes(&members));
        all.extend(gathered.small_areas(&members));
        all.extend(gathered.below_minimum(&members));
        all.extend(gathered.without_value(&members));
        all.extend(gathered.merged_others(&members, None));
        all.extend(gathered.joint_values(&members));
        all.extend(gathered.of_indicator());
        Ok(Ranking {
            context: kind
                .context(&slicer, indicator)
                .asked(options.query(indicator, order, period)),
            period,
            n: positions.ascending.len(),
            order,
            rows,
            notes: all,
        })
    }
}

/// By rank, then by code; areas without a rank at the end.
fn rows(
    territory: &Territory,
    (indicator, slice): (&Indicator, &Slice),
    members: &[usize],
    positions: &Positions,
) -> Vec<RankRow> {
    let row = |(at, index): (usize, &usize)| {
        let cell = reliable(indicator, slice, *index);
        RankRow {
            area: AreaLabel::at(territory, slice, *index),
            cell,
            rank: positions.ranks[at],
            percent_rank: positions.percent_ranks[at],
        }
    };
    let mut rows: Vec<RankRow> = members.iter().enumerate().map(row).collect();
    rows.sort_by(|left, right| {
        let key = |row: &RankRow| row.rank.unwrap_or(f64::INFINITY);
        key(left)
            .total_cmp(&key(right))
            .then_with(|| left.area.code.cmp(&right.area.code))
    });
    rows
}
