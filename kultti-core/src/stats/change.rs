//! Change between two points in time.

use std::fmt;

/// Why a change has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChangeMissing {
    /// A value that must be positive is zero or negative: the base of a relative change or an index,
    /// either end of a growth rate, or the time between them.
    BaseNotPositive,
}

impl fmt::Display for ChangeMissing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BaseNotPositive => f.write_str("base not positive"),
        }
    }
}

impl std::error::Error for ChangeMissing {}

/// The change in the unit of the indicator: `x_t − x_0`.
///
/// Defined for every pair of values. The change of a share is in percentage points once both are
/// shown in per cent: from 20 % to 25 % is 5 points, not 5 per cent.
///
/// # Missing values
/// Missing when either value is: nothing to call this with.
///
/// # Example
/// ```
/// use kultti_core::stats::absolute_change;
///
/// // Net income turned into net cost: a relative change would have no meaning, this one has.
/// assert_eq!(absolute_change(-2.0, 3.0), 5.0);
/// ```
#[must_use]
pub fn absolute_change(from: f64, to: f64) -> f64 {
    to - from
}

/// The change as a fraction of where it started: `(x_t − x_0) / x_0`.
///
/// A fraction and not per cent: 0.25 is a growth of a quarter.
///
/// # Missing values
/// Needs a positive base. From zero every growth is infinite, and from a negative base the sign of
/// the result would say the opposite of what happened.
///
/// # Errors
/// [`ChangeMissing::BaseNotPositive`] unless `from > 0`.
///
/// # Example
/// ```
/// use kultti_core::stats::{ChangeMissing, relative_change};
///
/// // (50 − 40) / 40
/// assert_eq!(relative_change(40.0, 50.0), Ok(0.25));
/// assert_eq!(relative_change(0.0, 50.0), Err(ChangeMissing::BaseNotPositive));
/// ```
pub fn relative_change(from: f64, to: f64) -> Result<f64, ChangeMissing> {
    if from > 0.0 {
        Ok((to - from) / from)
    } else {
        Err(ChangeMissing::BaseNotPositive)
    }
}

/// The relative change of every area, `(x_t − x_0) / x_0`: [`relative_change`] for columns.
///
/// # Missing values
/// NaN in either column, or a base that is not positive, gives NaN.
///
/// # Example
/// ```
/// use kultti_core::stats::relative_changes;
///
/// let mut changes = [0.0; 3];
/// relative_changes(&[40.0, 0.0, f64::NAN], &[50.0, 50.0, 50.0], &mut changes);
/// assert_eq!(changes[0], 0.25);
/// assert!(changes[1].is_nan() && changes[2].is_nan());
/// ```
pub fn relative_changes(from: &[f64], to: &[f64], out: &mut [f64]) {
    for ((out, from), to) in out.iter_mut().zip(from).zip(to) {
        // Divided first and chosen then: which bases are positive cannot be guessed.
        let change = (to - from) / from;
        *out = if *from > 0.0 { change } else { f64::NAN };
    }
}

/// The value as an index with base 100: `100 · x / x_0`.
///
/// The base may be another year (a development index) or another area or group (a level index).
/// The value itself may be zero or negative.
///
/// # Missing values
/// Needs a positive base, as [`relative_change`].
///
/// # Errors
/// [`ChangeMissing::BaseNotPositive`] unless `base > 0`.
///
/// # Example
/// ```
/// use kultti_core::stats::index;
///
/// // 100 · 30 / 40
/// assert_eq!(index(40.0, 30.0), Ok(75.0));
/// // 100 · 165.5… would be rounded before it is divided.
/// assert_eq!(index(165.53641410979975, 165.53641410979975), Ok(100.0));
/// ```
pub fn index(base: f64, value: f64) -> Result<f64, ChangeMissing> {
    if base > 0.0 {
        // Divided first, so that the base itself is 100 to the last digit.
        Ok(100.0 * (value / base))
    } else {
        Err(ChangeMissing::BaseNotPositive)
    }
}

/// The constant yearly growth that leads from one value to the other:
/// `(x_t / x_0)^(1/(t − t_0)) − 1`.
///
/// A fraction: 0.02 is two per cent a year. It looks at the two ends only and says nothing of the
/// years between.
///
/// # Missing values
/// Needs both values positive: at zero the growth would be −1 however long it took, and for a
/// negative ratio the root does not exist.
///
/// # Errors
/// [`ChangeMissing::BaseNotPositive`] unless `from > 0`, `to > 0` and `years > 0`.
///
/// # Example
/// ```
/// use kultti_core::stats::compound_annual_growth;
///
/// // 100 · 1.1² = 121
/// let growth = compound_annual_growth(100.0, 121.0, 2.0).unwrap();
/// assert!((growth - 0.1).abs() < 1e-15);
/// ```
pub fn compound_annual_growth(from: f64, to: f64, years: f64) -> Result<f64, ChangeMissing> {
    if from > 0.0 && to > 0.0 && years > 0.0 {
        Ok((to / from).powf(years.recip()) - 1.0)
    } else {
        Err(ChangeMissing::BaseNotPositive)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MISSING: Result<f64, ChangeMissing> = Err(ChangeMissing::BaseNotPositive);

    #[test]
    fn a_base_that_is_not_positive_is_named() {
        for base in [0.0, -0.0, -4.0] {
            assert_eq!(relative_change(base, 2.0), MISSING);
            assert_eq!(index(base, 2.0), MISSING);
            assert_eq!(compound_annual_growth(base, 2.0, 1.0), MISSING);
            assert_eq!(compound_annual_growth(2.0, base, 1.0), MISSING);
            assert_eq!(compound_annual_growth(2.0, 3.0, base), MISSING);
        }
        assert_eq!(ChangeMissing::BaseNotPositive.to_string(), "base not positive");
    }

    #[test]
    fn only_the_base_needs_to_be_positive() {
        // (−2 − 8) / 8 = −1.25: the cost has become an income.
        assert_eq!(relative_change(8.0, -2.0), Ok(-1.25));
        assert_eq!(relative_change(8.0, 0.0), Ok(-1.0));
        // 100 · (−2) / 8
        assert_eq!(index(8.0, -2.0), Ok(-25.0));
    }

    #[test]
    fn growth_over_one_year_is_the_relative_change() {
        // 50 / 40 − 1
        assert_eq!(compound_annual_growth(40.0, 50.0, 1.0), Ok(0.25));
        // Halved in three years: 2^(−1/3) − 1 = −0.2062994740...
        let halved = compound_annual_growth(8.0, 4.0, 3.0).unwrap();
        assert!((halved + 0.206_299_474_015_900_26).abs() < 1e-15);
    }

    proptest! {
        #[test]
        fn growth_carries_the_first_value_to_the_last(
            from in 0.01..1e6_f64, to in 0.01..1e6_f64, years in 1..40_i32
        ) {
            let growth = compound_annual_growth(from, to, f64::from(years)).unwrap();
            let reached = from * (1.0 + growth).powi(years);
            prop_assert!((reached - to).abs() <= 1e-12 * to);
        }

        #[test]
        fn index_and_relative_change_agree(from in 0.01..1e6_f64, to in -1e6..1e6_f64) {
            let by_index = index(from, to).unwrap() / 100.0 - 1.0;
            let change = relative_change(from, to).unwrap();
            prop_assert!((by_index - change).abs() <= 1e-12 * (1.0 + change.abs()));
        }

        #[test]
        fn absolute_change_turns_its_sign_with_time(from in -1e6..1e6_f64, to in -1e6..1e6_f64) {
            prop_assert_eq!(absolute_change(from, to), -absolute_change(to, from));
        }
    }
}
