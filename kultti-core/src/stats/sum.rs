//! Exact sums: of decimals as integers, and of floats with one rounding.

use super::exact::ExactSum;

/// The powers of ten that a double holds exactly.
const POWERS_OF_TEN: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];

/// Below this a value in units of its last decimal has a fraction to round and is a 64-bit integer.
const SMALL: f64 = (1_u64 << 51) as f64;

/// Sums values of a declared number of decimals exactly.
///
/// Facts are integers of their declared decimals (cents, persons). Each value is taken back to that
/// integer, `k = round(v · 10^decimals)` with halves away from zero, the integers are summed in 128
/// bits, and the total is divided once: `Σk / 10^decimals`. The result is the same for any order and
/// any partition of the input, which a running sum of floats is not.
///
/// While `|Σk| ≤ 2^53` the result is the double nearest to the true sum. Each value is recovered
/// exactly while `|v| · 10^decimals < 2^51`: in cents, up to 22 000 billion
/// euros. More than 22 decimals are treated as 22, the last power of ten that a double holds exactly.
///
/// # Missing values
/// Pass the values present. The sum of none is 0; whether that is a total or a missing value is the
/// caller's question.
///
/// # Source
/// Kultti's own rule for facts of declared decimals.
///
/// # Example: ten cents, ten times
/// ```
/// use kultti_core::stats::decimal_sum;
///
/// // A running sum of floats gives 0.9999999999999999.
/// assert_eq!(decimal_sum([0.10; 10], 2), 1.0);
/// ```
#[must_use]
pub fn decimal_sum(values: impl IntoIterator<Item = f64>, decimals: u8) -> f64 {
    let scale = POWERS_OF_TEN.get(usize::from(decimals)).copied().unwrap_or(1e22);
    let mut total = 0_i128;
    // What does not fill 64 bits is summed there, which is several times faster.
    let mut recent = 0_i64;
    for value in values {
        let scaled = value * scale;
        if scaled.abs() < SMALL {
            let whole = scaled as i64;
            let rest = scaled - whole as f64;
            recent += whole + i64::from(rest >= 0.5) - i64::from(rest <= -0.5);
            if recent.unsigned_abs() > 1 << 62 {
                total = total.saturating_add(i128::from(recent));
                recent = 0;
            }
        } else {
            total = total.saturating_add(scaled.round() as i128);
        }
    }
    total.saturating_add(i128::from(recent)) as f64 / scale
}

/// Sums floats exactly and rounds once, to the nearest double with ties to even.
///
/// For values without declared decimals: squared deviations, products with weights, ratios. Only the
/// answer is rounded, so it is the same for any order of the input. A sum that grows bit by bit, or is
/// merged from parts, is an [`ExactSum`].
///
/// The sum of values whose exact sum is beyond the largest double is infinite.
///
/// # Missing values
/// Pass the values present. The sum of none is 0.
///
/// # Source
/// The error-free extraction of Rump, Ogita & Oishi (2008), *Accurate floating-point summation part I:
/// faithful rounding*, SIAM Journal on Scientific Computing 31(1), repeated until nothing is left.
///
/// # Example: a small value beside large ones
/// ```
/// use kultti_core::stats::exact_sum;
///
/// // From left to right the 1 is lost in 10^16 and the answer would be 0.
/// assert_eq!(exact_sum([1e16, 1.0, -1e16]), 1.0);
/// ```
#[must_use]
pub fn exact_sum(values: impl IntoIterator<Item = f64>) -> f64 {
    let values = values.into_iter();
    match values.size_hint().1 {
        // A group of areas: a block of the usual size would take longer to clear than to add.
        Some(most) if most < SMALL_BLOCK => sum_of_blocks::<SMALL_BLOCK>(values),
        _ => sum_of_blocks::<BLOCK>(values),
    }
}

fn sum_of_blocks<const SIZE: usize>(mut values: impl Iterator<Item = f64>) -> f64 {
    let mut block = [0.0; SIZE];
    let mut parts = Parts::default();
    loop {
        let mut filled = 0_usize;
        for (slot, value) in block.iter_mut().zip(values.by_ref()) {
            *slot = value;
            filled += 1;
        }
        let lanes = filled.next_multiple_of(LANES);
        block[filled..lanes].fill(0.0);
        parts.extract(&mut block[..lanes]);
        if filled < SIZE {
            return parts.value();
        }
    }
}

/// The values taken at a time: a slice of areas is one block.
const BLOCK: usize = 512;

/// The values of a group of areas.
const SMALL_BLOCK: usize = 64;

/// Values added side by side: sums that do not wait for each other.
const LANES: usize = 8;

/// A power of two of at least `BLOCK + 2`: what a block can add up to, in units of its largest value.
const GROWTH: f64 = 1024.0;

/// A sum as a few parts, each without error; two of them, the usual case, need no accumulator.
#[derive(Default)]
struct Parts {
    first: f64,
    second: f64,
    count: usize,
    rest: Option<ExactSum>,
}

impl Parts {
    fn add(&mut self, part: f64) {
        match (self.count, &mut self.rest) {
            (0, _) => self.first = part,
            (1, _) => self.second = part,
            (_, rest) => rest.get_or_insert_default().add(part),
        }
        self.count += 1;
    }

    fn value(self) -> f64 {
        match self.rest {
            // One addition, one rounding.
            None => self.first + self.second,
            Some(mut sum) => {
                sum.add(self.first);
                sum.add(self.second);
                sum.value()
            }
        }
    }

    /// Adds a block of values, which are used up.
    ///
    /// Added to a power of two so large that all of the block cannot double it, each value is cut at the
    /// same bit. The upper pieces are then multiples of one unit that add up without rounding, and what is
    /// cut off is a double again: the next round. About 43 bits go in a round, so costs and populations
    /// take one or two.
    fn extract(&mut self, block: &mut [f64]) {
        let mut largest = largest_magnitude(block);
        if largest == 0.0 {
            // Nothing but zeros; or a NaN, which is larger than nothing and must not be lost.
            self.add(block.iter().sum::<f64>() + 0.0);
        }
        while largest > 0.0 {
            let Some(anchor) = anchor_above(largest) else {
                block.iter().for_each(|&value| self.add(value));
                return;
            };
            self.add(cut(block, anchor));
            largest = largest_magnitude(block);
        }
    }
}

/// A power of two above `largest` times [`GROWTH`]; `None` at either end of the doubles, where there is
/// none or a cut would leave the rest uncut.
fn anchor_above(largest: f64) -> Option<f64> {
    // Its bits without the significand are the power of two at or below it.
    let below = f64::from_bits(largest.to_bits() >> 52 << 52);
    let anchor = below * (2.0 * GROWTH);
    (largest >= f64::MIN_POSITIVE && anchor.is_finite()).then_some(anchor)
}

/// Takes the upper piece of each value away from it, and returns the sum of the pieces.
fn cut(block: &mut [f64], anchor: f64) -> f64 {
    let mut sums = [0.0; LANES];
    for lanes in block.as_chunks_mut::<LANES>().0 {
        for (value, sum) in lanes.iter_mut().zip(&mut sums) {
            let piece = (anchor + *value) - anchor;
            *value -= piece;
            *sum += piece;
        }
    }
    sums.iter().sum()
}

/// The largest absolute value.
fn largest_magnitude(block: &[f64]) -> f64 {
    let mut largest = [0.0_f64; LANES];
    for lanes in block.as_chunks::<LANES>().0 {
        for (value, largest) in lanes.iter().zip(&mut largest) {
            let magnitude = value.abs();
            *largest = if magnitude > *largest { magnitude } else { *largest };
        }
    }
    largest.into_iter().fold(0.0, f64::max)
}

/// Shewchuk's expansions: exact sums by another method, for tests to compare with.
#[cfg(test)]
pub(super) mod expansion {
    /// The sum, rounded once; the correction for ties across partial sums follows Python's `math.fsum`.
    pub(crate) fn sum(values: impl Iterator<Item = f64>) -> f64 {
        let mut partials: Vec<f64> = Vec::new();
        for value in values {
            let mut carry = value;
            partials.retain_mut(|partial| {
                let (high, low) = two_sum(carry, *partial);
                carry = high;
                *partial = low;
                low != 0.0
            });
            if carry != 0.0 {
                partials.push(carry);
            }
        }
        round(&partials)
    }

    fn round(partials: &[f64]) -> f64 {
        let mut rest = partials.iter().rev().copied();
        let mut high = rest.next().unwrap_or(0.0);
        let mut low = 0.0;
        for partial in rest.by_ref() {
            (high, low) = two_sum(high, partial);
            if low != 0.0 {
                break;
            }
        }
        // `low` may be exactly half a unit of `high`; what is left then decides the tie.
        let next = rest.next().unwrap_or(0.0);
        if low != 0.0 && next != 0.0 && (low < 0.0) == (next < 0.0) {
            let doubled = low * 2.0;
            let away = high + doubled;
            if away - high == doubled {
                high = away;
            }
        }
        high
    }

    /// `a + b` as a rounded sum and its rounding error (Knuth), for any order of magnitude.
    fn two_sum(a: f64, b: f64) -> (f64, f64) {
        let sum = a + b;
        let b_part = sum - a;
        let a_part = sum - b_part;
        (sum, (a - a_part) + (b - b_part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn cents_add_up() {
        // 12 + 1 023 + 7 = 1 042 cents.
        assert_eq!(decimal_sum([0.12, 10.23, 0.07], 2), 10.42);
        // 1 - 3 = -2 tenths.
        assert_eq!(decimal_sum([0.1, -0.3], 1), -0.2);
    }

    #[test]
    fn a_value_with_more_decimals_is_rounded_half_away_from_zero() {
        // 12.5 cents become 13, -12.5 become -13; 0.125 is exact in binary.
        assert_eq!(decimal_sum([0.125], 2), 0.13);
        assert_eq!(decimal_sum([-0.125], 2), -0.13);
    }

    #[test]
    fn sums_of_nothing_are_zero() {
        assert_eq!(decimal_sum([], 2), 0.0);
        assert_eq!(exact_sum([]), 0.0);
        assert!(exact_sum([-0.0]).is_sign_positive());
        assert!(decimal_sum([-0.0], 2).is_sign_positive());
    }

    #[test]
    fn more_decimals_than_a_double_holds_are_capped() {
        assert_eq!(decimal_sum([1.0, 2.0], 255), 3.0);
    }

    #[test]
    fn a_tie_is_decided_by_what_lies_below_it() {
        // At 10^16 neighbouring doubles are 2 apart, so 1 is exactly half a unit.
        let large = 1e16;
        // The tie alone goes to the even neighbour 10^16; a little more goes up.
        assert_eq!(exact_sum([large, 1.0]), large);
        assert_eq!(exact_sum([large, 1.0, 1e-16]), large + 2.0);
        // Mirrored below zero; and a little less than half stays.
        assert_eq!(exact_sum([-large, -1.0, -1e-16]), -large - 2.0);
        assert_eq!(exact_sum([large, 1.0, -1e-16]), large);
    }

    #[test]
    fn ten_tenths_round_to_one() {
        // Ten times the double nearest 0.1 is 1 + 5.6e-17, and the nearest double to it is 1.
        assert_eq!(exact_sum([0.1; 10]), 1.0);
    }

    #[test]
    fn values_that_are_not_finite_give_what_they_give_in_any_sum() {
        assert_eq!(exact_sum([1.0, f64::INFINITY]), f64::INFINITY);
        assert!(exact_sum([f64::INFINITY, f64::NEG_INFINITY]).is_nan());
        assert!(exact_sum([f64::NAN]).is_nan());
        assert!(exact_sum([1.0, f64::NAN, 3.0]).is_nan());
    }

    #[test]
    fn sums_that_pass_the_largest_double_come_back() {
        assert_eq!(exact_sum([f64::MAX, f64::MAX, -f64::MAX]), f64::MAX);
        assert_eq!(exact_sum([f64::MAX, f64::MAX]), f64::INFINITY);
    }

    /// A significand and an exponent; hundreds of such integers add up within 128 bits.
    fn scaled() -> impl Strategy<Value = (i64, u32)> {
        (
            -(1_i64 << 53)..=(1 << 53),
            prop_oneof![3 => 0..20_u32, 1 => 0..60_u32],
        )
    }

    fn double((significand, exponent): (i64, u32)) -> f64 {
        significand as f64 * 2_f64.powi(exponent as i32 - 40)
    }

    /// The nearest double of the sum in 128-bit integers, in units of `2^-40`.
    fn wide_sum(values: &[(i64, u32)]) -> f64 {
        let total: i128 = values.iter().map(|&(m, e)| i128::from(m) << e).sum();
        total as f64 * 2_f64.powi(-40)
    }

    /// Magnitudes from one end of the doubles to the other.
    fn any_size() -> impl Strategy<Value = f64> {
        prop_oneof![
            3 => (-1.0..1.0_f64, -40..40_i32).prop_map(|(x, e)| x * 2_f64.powi(e)),
            2 => (-1.0..1.0_f64, -1000..1000_i32).prop_map(|(x, e)| x * 2_f64.powi(e)),
            1 => (0..9_u64).prop_map(f64::from_bits),
            1 => Just(-0.0),
        ]
    }

    proptest! {
        #[test]
        fn exact_sum_is_the_rounded_sum_of_128_bit_integers(
            values in prop::collection::vec(scaled(), 0..600)
        ) {
            let expected = wide_sum(&values);
            prop_assert_eq!(exact_sum(values.iter().copied().map(double)).to_bits(), expected.to_bits());
            let mut sum = ExactSum::new();
            values.iter().for_each(|&value| sum.add(double(value)));
            prop_assert_eq!(sum.value().to_bits(), expected.to_bits());
        }

        #[test]
        fn nothing_is_left_of_values_and_their_opposites(
            values in prop::collection::vec(any_size(), 0..40), small in any_size(),
        ) {
            let opposite = values.iter().map(|x| -x).rev();
            let all = values.iter().copied().chain([small]).chain(opposite);
            prop_assert_eq!(exact_sum(all), small);
        }

        #[test]
        fn three_methods_agree_on_all_magnitudes(
            values in prop::collection::vec(any_size(), 0..700)
        ) {
            let expected = expansion::sum(values.iter().copied());
            prop_assert_eq!(exact_sum(values.iter().copied()), expected);
            let mut sum = ExactSum::new();
            values.iter().for_each(|&value| sum.add(value));
            prop_assert_eq!(sum.value(), expected);
        }

        #[test]
        fn decimal_sum_is_that_of_rounding_each_value(
            values in prop::collection::vec(prop_oneof![
                3 => -1e9..1e9_f64,
                2 => (-4_000..4_000_i32).prop_map(|eighths| f64::from(eighths) / 8.0),
                1 => -1e18..1e18_f64,
                1 => any::<f64>().prop_filter("finite and far from the ends", |x| x.abs() < 1e30),
            ], 0..60),
            decimals in 0..4_u8,
        ) {
            let scale = 10_f64.powi(i32::from(decimals));
            let total: i128 = values.iter().map(|value| (value * scale).round() as i128).sum();
            prop_assert_eq!(decimal_sum(values, decimals).to_bits(), (total as f64 / scale).to_bits());
        }

        #[test]
        fn decimal_sum_does_not_depend_on_order(
            (values, permuted) in prop::collection::vec(-1e9..1e9_f64, 0..40)
                .prop_flat_map(|v| (Just(v.clone()), Just(v).prop_shuffle()))
        ) {
            prop_assert_eq!(
                decimal_sum(values, 2).to_bits(),
                decimal_sum(permuted, 2).to_bits()
            );
        }

        #[test]
        fn exact_sum_does_not_depend_on_order(
            (values, permuted) in prop::collection::vec(
                (-1.0..1.0_f64, -40..40_i32).prop_map(|(x, e)| x * 2_f64.powi(e)), 0..40)
                .prop_flat_map(|v| (Just(v.clone()), Just(v).prop_shuffle()))
        ) {
            prop_assert_eq!(exact_sum(values).to_bits(), exact_sum(permuted).to_bits());
        }

        #[test]
        fn integers_add_up_to_the_integer_sum(
            values in prop::collection::vec(-1_000_000_000_i64..1_000_000_000, 0..60)
        ) {
            let expected = values.iter().map(|&v| i128::from(v)).sum::<i128>() as f64;
            let floats = || values.iter().map(|&v| v as f64);
            prop_assert_eq!(decimal_sum(floats(), 0), expected);
            prop_assert_eq!(exact_sum(floats()), expected);
        }

        #[test]
        fn exact_sum_is_the_rounded_integer_sum(
            values in prop::collection::vec(-(1_i64 << 53)..(1 << 53), 0..60)
        ) {
            // Every value is a double, the total often is not: one rounding, as the cast does.
            let expected = values.iter().map(|&v| i128::from(v)).sum::<i128>() as f64;
            prop_assert_eq!(exact_sum(values.iter().map(|&v| v as f64)), expected);
        }

        #[test]
        fn cents_come_back_from_their_floats(
            cents in prop::collection::vec(-10_000_000_000_i64..10_000_000_000, 0..60)
        ) {
            let expected = cents.iter().map(|&c| i128::from(c)).sum::<i128>() as f64 / 100.0;
            let euros = cents.iter().map(|&c| c as f64 / 100.0);
            prop_assert_eq!(decimal_sum(euros, 2), expected);
        }
    }
}
