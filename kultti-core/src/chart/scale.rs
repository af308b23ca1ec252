//! The axis of values: round numbers around the figures, and where a value stands between them.

/// A linear scale that ends at round numbers.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scale {
    pub(super) low: f64,
    pub(super) high: f64,
    /// The round numbers, ascending, the ends among them.
    pub(super) ticks: Vec<f64>,
    /// Decimals that the ticks need.
    pub(super) decimals: usize,
}

impl Scale {
    /// The scale of some values with about `count` steps of 1, 2, 2.5 or 5 times a power of ten; `None` without a value.
    pub(super) fn of(values: impl Iterator<Item = f64>, count: usize) -> Option<Self> {
        let finite = values.filter(|value| value.is_finite());
        let (low, high) = finite.fold(None, |ends: Option<(f64, f64)>, value| {
            Some(ends.map_or((value, value), |(low, high)| (low.min(value), high.max(value))))
        })?;
        // One value alone stands in the middle of a step.
        let (low, high) = if high > low { (low, high) } else { around(low) };
        let (step, decimals) = step((high - low) / count_of(count));
        let first = (low / step + 1e-9).floor();
        let last = (high / step - 1e-9).ceil();
        let ticks: Vec<f64> = whole_numbers(first, last).map(|at| at * step).collect();
        let ends = ticks.first().copied().zip(ticks.last().copied())?;
        Some(Self {
            low: ends.0,
            high: ends.1,
            ticks: ticks.into_iter().map(|tick| rounded(tick, decimals)).collect(),
            decimals,
        })
    }

    /// The scale cut off at its values, so that bars take all the room there is: ticks beyond them are left out.
    pub(super) fn cut(mut self, values: impl Iterator<Item = f64>) -> Self {
        let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        });
        if low < high {
            (self.low, self.high) = (low, high);
            self.ticks.retain(|tick| (low..=high).contains(tick));
        }
        self
    }

    /// Where a value stands: 0 at the lower end, 1 at the upper one.
    pub(super) fn at(&self, value: f64) -> f64 {
        (value - self.low) / (self.high - self.low)
    }
}

/// Values with those among them that the axis must show as well: zero where it is not far; otherwise at least three tenths of
/// the largest value, so that a small difference does not look like a large one.
pub(super) fn with_zero(values: &[f64]) -> Vec<f64> {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut values = values.to_vec();
    if low > 0.0 && low < 0.6 * high {
        values.push(0.0);
    } else if low > 0.0 && high - low < 0.3 * high {
        let middle = f64::midpoint(low, high);
        values.extend([middle - 0.15 * high, middle + 0.15 * high]);
    }
    values
}

#[expect(clippy::cast_precision_loss, reason = "a few steps")]
fn count_of(count: usize) -> f64 {
    count.max(1) as f64
}

fn around(value: f64) -> (f64, f64) {
    let half = if value == 0.0 { 1.0 } else { value.abs() / 2.0 };
    (value - half, value + half)
}

/// The smallest round step that is not smaller, and the decimals of its multiples.
fn step(least: f64) -> (f64, usize) {
    let exponent = least.log10().floor();
    let power = 10_f64.powf(exponent);
    let (factor, digits) = [(1.0, 0), (2.0, 0), (2.5, 1), (5.0, 0), (10.0, 0)]
        .into_iter()
        .find(|(factor, _)| factor * power >= least * (1.0 - 1e-9))
        .unwrap_or((10.0, 0));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "not negative and small"
    )]
    let decimals = (digits as f64 - exponent).max(0.0) as usize;
    (factor * power, decimals)
}

fn whole_numbers(first: f64, last: f64) -> impl Iterator<Item = f64> {
    let mut next = first;
    std::iter::from_fn(move || {
        let number = next;
        next += 1.0;
        (number <= last).then_some(number)
    })
}

/// A multiple of a step without the dust of binary fractions.
fn rounded(value: f64, decimals: usize) -> f64 {
    format!("{value:.decimals$}")
        .parse()
        .map_or(value, |exact: f64| exact + 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[f64], count: usize) -> (Vec<f64>, usize) {
        let scale = Scale::of(values.iter().copied(), count).expect("a value");
        (scale.ticks, scale.decimals)
    }

    #[test]
    fn ticks_are_round_and_hold_the_values() {
        // 15.5 to 297: 281.5 / 6 = 46.9, so steps of 50 from 0 to 300.
        assert_eq!(
            of(&[15.5, 297.0], 6),
            (vec![0.0, 50.0, 100.0, 150.0, 200.0, 250.0, 300.0], 0)
        );
        // 0.3 / 3 = 0.1: a step that is exactly round stays.
        assert_eq!(of(&[0.1, 0.4], 3), (vec![0.1, 0.2, 0.3, 0.4], 1));
        // 9 / 4 = 2.25: steps of 2.5 need a decimal.
        assert_eq!(of(&[-1.0, 8.0], 4), (vec![-2.5, 0.0, 2.5, 5.0, 7.5, 10.0], 1));
        assert_eq!(of(&[7.0], 2), (vec![0.0, 5.0, 10.0, 15.0], 0));
    }

    #[test]
    fn one_value_and_none() {
        let scale = Scale::of([0.0].into_iter(), 2).expect("a value");
        assert_eq!((scale.low, scale.high, scale.at(0.0)), (-1.0, 1.0, 0.5));
        assert_eq!(Scale::of([f64::NAN].into_iter(), 2), None);
    }

    #[test]
    fn zero_belongs_to_figures_that_lie_far_apart() {
        assert_eq!(with_zero(&[10.0, 20.0]), [10.0, 20.0, 0.0]);
        // 95 to 100 has its middle at 97.5: 15 to each side.
        assert_eq!(with_zero(&[95.0, 100.0]), [95.0, 100.0, 82.5, 112.5]);
        assert_eq!(with_zero(&[-5.0, 100.0]), [-5.0, 100.0]);
    }
}
