//! A sum of floats without rounding error, which can be merged from parts.

/// Bits of the sum that one limb stands for; the rest of its 64 bits is room for carries.
const LIMB_BITS: u32 = 32;
const LIMB_MASK: i64 = (1 << LIMB_BITS) - 1;
/// From the lowest bit of the smallest double, 2^-1074, past the highest of the largest, 2^1023, and
/// two more for sums beyond any double.
const LIMBS: usize = 67;
/// From here on the highest limb in use is overfull and is moved on to the next.
const OVERFULL: u64 = 1 << 40;
/// One value adds less than 2^53 to a limb, so this many leave the limb inside 63 bits.
const VALUES_BETWEEN_CARRIES: u32 = 1 << 9;

/// A running sum of floats without rounding error, in any order and merged from any parts.
///
/// The sum is kept as one integer, in units of the smallest double, that is wide enough for every double:
/// adding is integer addition, and only [`value`](Self::value) rounds, to the nearest double with ties
/// to even. A million values added in one go, in reverse, or in seven parts merged afterwards give the
/// same bytes, so a sum over a whole result can serve as its checksum. One answer over values at hand is
/// [`exact_sum`](super::exact_sum).
///
/// The sum of none is 0, and a sum that is zero is `0.0`. Adding an infinity or NaN gives what IEEE 754
/// gives, and nothing brings the sum back.
///
/// # Missing values
/// Add the values present: a NaN is not skipped.
///
/// # Source
/// Neal (2015), *Fast exact summation using small and large superaccumulators*, arXiv:1505.05571.
///
/// # Example: parts in any order
/// ```
/// use kultti_core::stats::ExactSum;
///
/// let mut first = ExactSum::new();
/// first.add(1e16);
/// first.add(1.0);
/// let mut second = ExactSum::new();
/// second.add(-1e16);
/// second.merge(&first);
/// // In doubles 10^16 + 1 is 10^16 and the answer would be 0.
/// assert_eq!(second.value(), 1.0);
/// ```
#[derive(Debug, Clone)]
pub struct ExactSum {
    /// The sum in units of 2^-1074, `limbs[i]` times 2^(32 i); a limb may be negative or overfull.
    limbs: [i64; LIMBS],
    /// The limbs in use are `lowest..=highest`, a few of them when the values are of like size.
    lowest: usize,
    highest: usize,
    /// Values added since carries were last moved up.
    pending: u32,
    /// The sum of the infinities and NaN; 0 while all are finite.
    not_finite: f64,
}

impl Default for ExactSum {
    fn default() -> Self {
        Self {
            limbs: [0; LIMBS],
            lowest: LIMBS - 1,
            highest: 0,
            pending: 0,
            not_finite: 0.0,
        }
    }
}

impl ExactSum {
    /// The sum of none.
    ///
    /// # Example
    /// ```
    /// use kultti_core::stats::ExactSum;
    ///
    /// assert_eq!(ExactSum::new().value(), 0.0);
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one value without error.
    ///
    /// # Example
    /// ```
    /// use kultti_core::stats::ExactSum;
    ///
    /// let mut sum = ExactSum::new();
    /// for _ in 0..10 {
    ///     sum.add(0.1);
    /// }
    /// // A running sum of floats gives 0.9999999999999999.
    /// assert_eq!(sum.value(), 1.0);
    /// ```
    pub fn add(&mut self, value: f64) {
        if !value.is_finite() {
            self.not_finite += value;
            return;
        }
        let bits = value.to_bits();
        let exponent = (bits >> 52) & 0x7ff;
        // Zero and the subnormals have no leading bit of their own and the unit of exponent 1.
        let normal = u64::from(exponent != 0);
        let significand = (bits & ((1 << 52) - 1)) | (normal << 52);
        let place = exponent - normal;
        let (limb, shift) = ((place / 32) as usize, (place % 32) as u32);
        let low = (significand << shift) as i64 & LIMB_MASK;
        let high = (significand >> (LIMB_BITS - shift)) as i64;
        // All bits set for a negative value: turning the bits and taking that away changes the sign.
        let sign = bits as i64 >> 63;
        self.limbs[limb] += (low ^ sign) - sign;
        self.limbs[limb + 1] += (high ^ sign) - sign;
        self.lowest = self.lowest.min(limb);
        self.highest = self.highest.max(limb + 1);
        self.pending += 1;
        if self.pending == VALUES_BETWEEN_CARRIES {
            self.carry();
        }
    }

    /// Adds everything another sum holds, without error.
    ///
    /// # Example
    /// ```
    /// use kultti_core::stats::ExactSum;
    ///
    /// let (mut north, mut south) = (ExactSum::new(), ExactSum::new());
    /// north.add(2.5);
    /// south.add(-1.0);
    /// north.merge(&south);
    /// assert_eq!(north.value(), 1.5);
    /// ```
    pub fn merge(&mut self, other: &Self) {
        self.carry();
        let mut other = other.clone();
        other.carry();
        for (limb, part) in self.limbs.iter_mut().zip(other.limbs) {
            *limb += part;
        }
        self.lowest = self.lowest.min(other.lowest);
        self.highest = self.highest.max(other.highest);
        self.not_finite += other.not_finite;
    }

    /// The sum so far, rounded once to the nearest double, ties to even.
    ///
    /// # Example
    /// ```
    /// use kultti_core::stats::ExactSum;
    ///
    /// let mut sum = ExactSum::new();
    /// // At 10^16 doubles are 2 apart: 1 is a tie, and a little more goes up.
    /// for value in [1e16, 1.0, 1e-16] {
    ///     sum.add(value);
    /// }
    /// assert_eq!(sum.value(), 1e16 + 2.0);
    /// ```
    #[must_use]
    pub fn value(&self) -> f64 {
        if self.not_finite != 0.0 {
            return self.not_finite;
        }
        let mut magnitude = self.clone();
        magnitude.carry();
        let negative = magnitude.limbs[magnitude.highest] < 0;
        if negative {
            magnitude.limbs.iter_mut().for_each(|limb| *limb = -*limb);
            magnitude.carry();
        }
        let rounded = magnitude.round();
        if negative { -rounded } else { rounded }
    }

    /// Moves what does not fit a limb to the next: all but the highest in use are then between 0 and 2^32,
    /// and the sign of the highest is that of the sum.
    fn carry(&mut self) {
        let mut carried = 0;
        for place in self.lowest..self.highest {
            let full = self.limbs[place] + carried;
            self.limbs[place] = full & LIMB_MASK;
            carried = full >> LIMB_BITS;
        }
        self.limbs[self.highest] += carried;
        while self.limbs[self.highest].unsigned_abs() >= OVERFULL && self.highest < LIMBS - 1 {
            let full = self.limbs[self.highest];
            self.limbs[self.highest] = full & LIMB_MASK;
            self.highest += 1;
            self.limbs[self.highest] += full >> LIMB_BITS;
        }
        self.pending = 0;
    }

    /// The nearest double of a sum that is not negative, once carries are moved.
    fn round(&self) -> f64 {
        let limbs = &self.limbs[..=self.highest];
        let highest = limbs.iter().rposition(|&limb| limb != 0).unwrap_or(0);
        let lowest = highest.saturating_sub(2);
        let head = limbs[lowest..=highest]
            .iter()
            .rev()
            .fold(0_u128, |head, &limb| (head << LIMB_BITS) + limb as u128);
        // Three limbs hold at least 65 bits, more than a double, so all that is below them can do is to
        // decide a tie: one lowest bit stands for it.
        let below = limbs[self.lowest.min(lowest)..lowest]
            .iter()
            .any(|&limb| limb != 0);
        // The conversion rounds to even; the unit is a power of two, so the product is exact.
        (head | u128::from(below)) as f64 * power_of_two(LIMB_BITS * lowest as u32)
    }
}

/// 2^(places − 1074), the unit at so many places above the smallest double.
fn power_of_two(places: u32) -> f64 {
    if places < 52 {
        f64::from_bits(1 << places)
    } else {
        f64::from_bits(u64::from(places - 51) << 52)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::sum::expansion;
    use proptest::prelude::*;

    fn sum_of(values: &[f64]) -> ExactSum {
        let mut sum = ExactSum::new();
        values.iter().for_each(|&value| sum.add(value));
        sum
    }

    #[test]
    fn the_ends_of_the_doubles() {
        let smallest = f64::from_bits(1);
        assert_eq!(sum_of(&[smallest; 3]).value(), f64::from_bits(3));
        assert_eq!(sum_of(&[-smallest]).value(), -smallest);
        assert_eq!(
            sum_of(&[f64::MIN_POSITIVE, -smallest]).value(),
            f64::from_bits((1 << 52) - 1)
        );
        assert_eq!(sum_of(&[f64::MAX, smallest]).value(), f64::MAX);
        assert_eq!(sum_of(&[f64::MAX, f64::MAX]).value(), f64::INFINITY);
        assert_eq!(sum_of(&[f64::MIN, f64::MIN]).value(), f64::NEG_INFINITY);
        // Beyond the doubles and back.
        assert_eq!(
            sum_of(&[f64::MAX, f64::MAX, smallest, -f64::MAX]).value(),
            f64::MAX
        );
    }

    #[test]
    fn zero_has_no_sign() {
        for values in [&[][..], &[-0.0], &[-0.0, -0.0], &[1.5, -1.5]] {
            assert_eq!(sum_of(values).value().to_bits(), 0);
        }
    }

    #[test]
    fn infinities_and_nan_stay() {
        assert_eq!(sum_of(&[f64::INFINITY, 1.0]).value(), f64::INFINITY);
        assert_eq!(sum_of(&[1.0, f64::NEG_INFINITY]).value(), f64::NEG_INFINITY);
        assert!(sum_of(&[f64::INFINITY, f64::NEG_INFINITY]).value().is_nan());
        assert!(sum_of(&[f64::NAN, 1.0]).value().is_nan());
    }

    #[test]
    fn carries_are_moved_in_time() {
        // 10 000 times the largest significand in one place, and the same below zero: 10 000·(2^53 − 1).
        let value = ((1_u64 << 53) - 1) as f64;
        let expected = (10_000 * ((1_i128 << 53) - 1)) as f64;
        for shift in 0..33 {
            let unit = 2_f64.powi(shift);
            assert_eq!(sum_of(&[value * unit; 10_000]).value(), expected * unit);
            assert_eq!(sum_of(&[-value * unit; 10_000]).value(), -expected * unit);
        }
        // Merging 10 000 times, too.
        let mut merged = ExactSum::new();
        for _ in 0..10_000 {
            merged.merge(&sum_of(&[value]));
        }
        assert_eq!(merged.value(), expected);
    }

    proptest! {
        #[test]
        fn parts_merged_in_any_order_are_the_whole(
            (values, permuted) in prop::collection::vec(
                (any::<f64>().prop_filter("finite", |x| x.is_finite())).prop_map(|x| x / 4096.0), 0..60)
                .prop_flat_map(|v| (Just(v.clone()), Just(v).prop_shuffle())),
            parts in 1..8_usize,
        ) {
            let mut merged = ExactSum::new();
            for part in permuted.chunks(permuted.len().div_ceil(parts).max(1)) {
                merged.merge(&sum_of(part));
            }
            let whole = sum_of(&values).value();
            prop_assert_eq!(merged.value().to_bits(), whole.to_bits());
            prop_assert_eq!(whole, expansion::sum(values.iter().copied()));
        }
    }
}
