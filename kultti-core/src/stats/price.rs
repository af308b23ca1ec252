//! Real prices.

/// An amount in the prices of another year: `real_t = nominal_t · I_base / I_t`.
///
/// `index` is the price index of the year the amount was booked in, `base` the same index series in
/// the year whose prices are wanted. Only the ratio of the two matters, so the reference year of the
/// series itself (2015 = 100, 2020 = 100) does not. Only euros are deflated: a count of visits is not.
///
/// # Missing values
/// `None` when an index is not positive. A year the series does not hold is the caller's error, not
/// a missing value.
///
/// # Source
/// Deflation by a price index, the usual constant-price series.
///
/// # Example
/// ```
/// use kultti_core::stats::real_value;
///
/// // 110 euros when the index stood at 110 are 100 euros at an index of 100.
/// assert_eq!(real_value(110.0, 110.0, 100.0), Some(100.0));
/// ```
#[must_use]
pub fn real_value(nominal: f64, index: f64, base: f64) -> Option<f64> {
    (index > 0.0 && base > 0.0).then(|| nominal * base / index)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn prices_that_rose_make_old_euros_worth_more() {
        // 80 euros at an index of 100, in prices of an index of 125: 80 · 125 / 100 = 100.
        assert_eq!(real_value(80.0, 100.0, 125.0), Some(100.0));
        // Income stays income.
        assert_eq!(real_value(-80.0, 100.0, 125.0), Some(-100.0));
    }

    #[test]
    fn an_index_that_is_not_positive_is_missing() {
        for broken in [0.0, -1.0] {
            assert_eq!(real_value(80.0, broken, 125.0), None);
            assert_eq!(real_value(80.0, 100.0, broken), None);
        }
    }

    proptest! {
        #[test]
        fn the_base_year_keeps_its_amounts(nominal in -1e9..1e9_f64, index in 1.0..500.0_f64) {
            let real = real_value(nominal, index, index).unwrap();
            prop_assert!((real - nominal).abs() <= 1e-15 * nominal.abs());
        }

        #[test]
        fn rescaling_the_series_changes_nothing(
            nominal in -1e9..1e9_f64, index in 1.0..500.0_f64, base in 1.0..500.0_f64,
            factor in 0.1..10.0_f64,
        ) {
            let real = real_value(nominal, index, base).unwrap();
            let rescaled = real_value(nominal, index * factor, base * factor).unwrap();
            prop_assert!((real - rescaled).abs() <= 1e-14 * real.abs());
        }
    }
}
