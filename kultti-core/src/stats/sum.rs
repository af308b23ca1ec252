//! Exact sums: of decimals as integers, and of floats with one rounding.

/// The powers of ten that a double holds exactly.
const POWERS_OF_TEN: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];

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
    let total = values
        .into_iter()
        .map(|value| (value * scale).round() as i128)
        .fold(0_i128, i128::saturating_add);
    total as f64 / scale
}

/// Sums floats exactly and rounds once, to the nearest double with ties to even.
///
/// For values without declared decimals: squared deviations, products with weights, ratios. The
/// running total is kept as non-overlapping partial sums that together hold it without error; only
/// the answer is rounded, so it is the same for any order of the input.
///
/// The values and their partial sums must be finite.
///
/// # Missing values
/// Pass the values present. The sum of none is 0.
///
/// # Source
/// Shewchuk (1997), *Adaptive precision floating-point arithmetic and fast robust geometric
/// predicates*; the correction for ties across partial sums follows Python's `math.fsum`.
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
    let mut sum = ExactSum::default();
    for value in values {
        sum.add(value);
    }
    sum.value()
}

/// A running sum without rounding error: partial sums by growing magnitude that do not overlap.
#[derive(Debug, Default)]
pub(super) struct ExactSum {
    partials: Vec<f64>,
}

impl ExactSum {
    /// Adds one value without error.
    pub(super) fn add(&mut self, value: f64) {
        let mut carry = value;
        self.partials.retain_mut(|partial| {
            let (high, low) = two_sum(carry, *partial);
            carry = high;
            *partial = low;
            low != 0.0
        });
        if carry != 0.0 {
            self.partials.push(carry);
        }
    }

    /// The sum so far, rounded once to the nearest double, ties to even.
    pub(super) fn value(&self) -> f64 {
        let mut rest = self.partials.iter().rev().copied();
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
}

/// `a + b` as a rounded sum and its rounding error (Knuth), for any order of magnitude.
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let b_part = sum - a;
    let a_part = sum - b_part;
    (sum, (a - a_part) + (b - b_part))
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

    proptest! {
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
