//! What both ways of drawing must agree on: the periods of an axis, where a line stops, and room for words.

use super::model::{Chart, ChartKind, Row};
use crate::model::Period;

/// The periods from the first to the last, those without figures too.
pub(super) fn every_period(chart: &Chart) -> Vec<Period> {
    let mut known: Vec<Period> = chart.marks().map(|(_, mark)| mark.period).collect();
    known.sort();
    known.dedup();
    // A slope has two periods, whatever lies between them.
    if chart.kind == ChartKind::Slope {
        return known;
    }
    let (Some(first), Some(last)) = (known.first().copied(), known.last().copied()) else {
        return known;
    };
    let alike = known.iter().all(|period| period.frequency() == first.frequency());
    if !alike {
        return known;
    }
    let every = std::iter::successors(Some(first), |period| Some(period.shift(1)));
    every.take_while(|period| *period <= last).collect()
}

/// Which stretch of a line each figure is on, along its marks; `None` where there is no value. A stretch ends where a period
/// has no value and where the series breaks.
pub(super) fn stretches(row: &Row, periods: &[Period]) -> Vec<Option<usize>> {
    let mut stretch = 0;
    let mut last: Option<usize> = None;
    let place = |period: Period| periods.iter().position(|known| *known == period);
    row.marks
        .iter()
        .map(|mark| {
            mark.value?;
            let place = place(mark.period)?;
            let goes_on = last.is_none_or(|last| last + 1 == place && !mark.after_break);
            last = Some(place);
            stretch += usize::from(!goes_on);
            Some(stretch)
        })
        .collect()
}

/// Places for texts that want to stand at `wanted`, none nearer to the next than `gap`, within the ends where there is room;
/// along `wanted`.
pub(super) fn spread(wanted: &[f64], gap: f64, (low, high): (f64, f64)) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|left, right| wanted[*left].total_cmp(&wanted[*right]));
    let mut places = wanted.to_vec();
    let mut next = low;
    for at in &order {
        places[*at] = wanted[*at].max(next);
        next = places[*at] + gap;
    }
    let mut most = high.max(low);
    for at in order.iter().rev() {
        places[*at] = places[*at].min(most);
        most = places[*at] - gap;
    }
    places
}

/// The room that words take.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Room {
    pub(super) left: f64,
    pub(super) right: f64,
    /// The middle of the words.
    pub(super) y: f64,
}

impl Room {
    fn covers(&self, (x, y): (f64, f64)) -> bool {
        self.left - 3.0 < x && x < self.right + 3.0 && (y - self.y).abs() < 9.0
    }

    /// Whether the words could be taken for those of a dot.
    fn is_beside(&self, (x, y): (f64, f64)) -> bool {
        self.left - 16.0 < x && x < self.right + 16.0 && (y - self.y).abs() < 20.0
    }

    fn meets(&self, other: &Self) -> bool {
        self.left < other.right && other.left < self.right && (self.y - other.y).abs() < 16.0
    }

    /// The end that is nearer to a place.
    pub(super) fn near(&self, x: f64) -> f64 {
        if self.left > x {
            self.left - 2.0
        } else {
            self.right + 2.0
        }
    }
}

/// What words keep clear of.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Obstacles<'o> {
    /// All dots.
    pub(super) dots: &'o [(f64, f64)],
    /// Those with words of their own.
    pub(super) named: &'o [(f64, f64)],
    /// The words that stand already.
    pub(super) taken: &'o [Room],
}

/// The room beside a dot that covers fewest other dots, is not beside another one that has words of its own nor meets other
/// words where that can be, and lies within the bounds: left, right and upper.
pub(super) fn free(
    (x, y): (f64, f64),
    width: f64,
    obstacles: Obstacles,
    (left, right, upper): (f64, f64, f64),
) -> Room {
    let steps = [0.0, 8.0, -8.0, 16.0, -16.0, 26.0, -26.0, 40.0, -40.0];
    let rooms = steps.into_iter().flat_map(|step| {
        [x + 12.0, x - 12.0 - width].map(|left| Room {
            left,
            right: left + width,
            y: y + step,
        })
    });
    let cost = |room: &Room| {
        let outside = room.left < left || room.right > right || room.y < upper;
        let covered = obstacles.dots.iter().filter(|dot| room.covers(**dot)).count();
        let others = obstacles.named.iter().filter(|other| **other != (x, y));
        let beside = others.filter(|other| room.is_beside(**other)).count();
        let met = obstacles.taken.iter().filter(|other| room.meets(other)).count();
        covered + 20 * beside + 100 * met + 1000 * usize::from(outside)
    };
    let beside = Room {
        left: x + 12.0,
        right: x + 12.0 + width,
        y,
    };
    rooms.min_by_key(cost).unwrap_or(beside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::model::{Mark, Role};

    fn row(values: &[Option<f64>], break_at: usize) -> Row {
        let mark = |(at, value): (usize, &Option<f64>)| Mark {
            role: Role::Area,
            code: "1".into(),
            name: "One".into(),
            period: Period::year(2015).shift(i32::try_from(at).expect("small")),
            value: *value,
            status: 'A',
            missing: None,
            rank: None,
            after_break: at == break_at,
        };
        Row {
            role: Role::Area,
            name: "One".into(),
            marks: values.iter().enumerate().map(mark).collect(),
        }
    }

    #[test]
    fn lines_stop_at_gaps_and_breaks() {
        let periods: Vec<Period> = (2015..=2020).map(Period::year).collect();
        let values = [Some(1.0), Some(2.0), None, Some(3.0), Some(4.0), Some(5.0)];
        // 2017 is missing and a break lies before 2019: 2015–2016, 2018, 2019–2020.
        let found = stretches(&row(&values, 4), &periods);
        assert_eq!(found, [Some(0), Some(0), None, Some(1), Some(2), Some(2)]);
    }

    #[test]
    fn a_period_that_no_line_has_is_a_gap_too() {
        let mut without = row(&[Some(1.0), Some(2.0), Some(3.0)], 9);
        without.marks.remove(1);
        let periods: Vec<Period> = (2015..=2017).map(Period::year).collect();
        assert_eq!(stretches(&without, &periods), [Some(0), Some(1)]);
    }

    #[test]
    fn texts_make_room_for_one_another() {
        assert_eq!(spread(&[10.0, 12.0, 50.0], 5.0, (0.0, 100.0)), [10.0, 15.0, 50.0]);
        // The lowest cannot go further down, so those above it move up.
        assert_eq!(spread(&[98.0, 99.0], 5.0, (0.0, 100.0)), [95.0, 100.0]);
        assert_eq!(spread(&[], 5.0, (0.0, 100.0)), [0.0; 0]);
    }

    fn room(at: (f64, f64), dots: &[(f64, f64)], named: &[(f64, f64)]) -> Room {
        let obstacles = Obstacles {
            dots,
            named,
            taken: &[],
        };
        free(at, 30.0, obstacles, (0.0, 200.0, 0.0))
    }

    #[test]
    fn words_stand_where_they_cover_nothing() {
        // Alone, to the right of the dot.
        assert_eq!(room((50.0, 50.0), &[], &[]).left, 62.0);
        // Another dot there: to the left.
        assert_eq!(room((50.0, 50.0), &[(70.0, 50.0)], &[]).right, 38.0);
        // No room to the left either, for the edge is there: lower, still to the right. 8 further down the dot, which is
        // kept clear of by 9, would still be covered; 16 are enough.
        let found = room((20.0, 50.0), &[(40.0, 50.0)], &[]);
        assert_eq!((found.left, found.y), (32.0, 66.0));
    }

    #[test]
    fn words_are_not_taken_for_those_of_another_dot() {
        // To the right words would end at 92, 13 from a dot that is named too: they stand to the left.
        assert_eq!(
            room((50.0, 50.0), &[], &[(50.0, 50.0), (105.0, 55.0)]).right,
            38.0
        );
    }
}
