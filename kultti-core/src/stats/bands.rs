//! Three bands: best, middle, worst.

use super::ordered::Ordered;
use super::quantile::QuantileType;
use super::rank::map_present;

/// Which direction of an indicator is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Higher is better: visits, access.
    Higher,
    /// Lower is better: waiting time, distance.
    Lower,
    /// Neither is better in itself: most costs. Such an indicator has no bands.
    None,
}

/// The place of a value in three bands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Band {
    /// On the good side.
    Best,
    /// Between, or on a cut that belongs to neither side.
    Middle,
    /// On the bad side.
    Worst,
}

impl Band {
    /// The band of a value known to lie above, below or on neither side of what it is held against.
    fn of(above: bool, below: bool, direction: Direction) -> Option<Self> {
        let (good, bad) = match direction {
            Direction::Higher => (above, below),
            Direction::Lower => (below, above),
            Direction::None => return None,
        };
        Some(match (good, bad) {
            (true, false) => Self::Best,
            (false, true) => Self::Worst,
            _ => Self::Middle,
        })
    }
}

/// The relative bands of a group with what is needed to check them.
#[derive(Debug, Clone, PartialEq)]
pub struct RelativeBands {
    /// The band of each value, in the order of the input; `None` for a missing one.
    pub bands: Vec<Option<Band>>,
    /// The lower quartile, type 7.
    pub lower_cut: f64,
    /// The upper quartile, type 7.
    pub upper_cut: f64,
    /// The values present.
    pub n: usize,
    /// The values equal to a cut: they are in the middle by the rule for ties.
    pub ties: usize,
}

/// Bands by the quartiles of the group itself: about 25 % best, 50 % middle, 25 % worst.
///
/// With a higher value better, best lies strictly above the upper type 7 quartile and worst strictly
/// below the lower one; with a lower value better, the other way round. The bands say where an area
/// stands among the others, not whether anyone does well: however good all are, some are worst.
///
/// # Missing values
/// A missing value has no band and is not counted in `n`. The whole answer is `None` without a
/// direction, or with fewer than four values.
///
/// # Ties
/// A value equal to a cut is in the middle, so equal values share a band and a group without spread
/// is all middle. [`RelativeBands::ties`] counts the values on a cut.
///
/// # Source
/// The 25/50/25 colours of Kolada (RKA).
///
/// # Example
/// ```
/// use kultti_core::stats::{Band, Direction, relative_bands};
///
/// let visits = [Some(1.0), Some(2.0), None, Some(3.0), Some(4.0), Some(9.0)];
/// let result = relative_bands(&visits, Direction::Higher).unwrap();
/// // n = 5: the quartiles stand on positions 2 and 4 and are middle themselves.
/// assert_eq!((result.lower_cut, result.upper_cut), (2.0, 4.0));
/// assert_eq!((result.n, result.ties), (5, 2));
/// assert_eq!(result.bands[0], Some(Band::Worst));
/// assert_eq!(result.bands[1], Some(Band::Middle));
/// assert_eq!(result.bands[2], None);
/// assert_eq!(result.bands[5], Some(Band::Best));
/// ```
#[must_use]
pub fn relative_bands(values: &[Option<f64>], direction: Direction) -> Option<RelativeBands> {
    let sorted = Ordered::of(values.iter().copied());
    if direction == Direction::None || sorted.len() < 4 {
        return None;
    }
    let lower_cut = sorted.quantile(0.25, QuantileType::Type7)?;
    let upper_cut = sorted.quantile(0.75, QuantileType::Type7)?;
    let on_a_cut = |value: &&f64| **value == lower_cut || **value == upper_cut;
    Some(RelativeBands {
        bands: band_each(values, |value| band_of(value, (lower_cut, upper_cut), direction)),
        lower_cut,
        upper_cut,
        n: sorted.len(),
        ties: sorted.values().iter().filter(on_a_cut).count(),
    })
}

/// The relative band of one value against the cuts of a group that it need not belong to.
///
/// # Missing values
/// `None` without a direction.
///
/// # Ties
/// A value equal to a cut is middle, as in [`relative_bands`].
///
/// # Source
/// The 25/50/25 colours of Kolada (RKA).
///
/// # Example
/// ```
/// use kultti_core::stats::{Band, Direction, band_of};
///
/// assert_eq!(band_of(4.5, (2.0, 4.0), Direction::Higher), Some(Band::Best));
/// assert_eq!(band_of(4.0, (2.0, 4.0), Direction::Higher), Some(Band::Middle));
/// assert_eq!(band_of(4.5, (2.0, 4.0), Direction::Lower), Some(Band::Worst));
/// ```
#[must_use]
pub fn band_of(value: f64, (lower_cut, upper_cut): (f64, f64), direction: Direction) -> Option<Band> {
    Band::of(value > upper_cut, value < lower_cut, direction)
}

/// Bands by absolute thresholds, such as those of a law or a recommendation.
///
/// Both thresholds are inclusive. With a higher value better, best is `x ≥ best_from` and worst
/// `x ≤ worst_from`; with a lower value better, best is `x ≤ best_from` and worst `x ≥ worst_from`.
/// All of the group can be best, and all can be worst.
///
/// # Missing values
/// A missing value has no band. The whole answer is `None` without a direction, or when the
/// thresholds do not lie in that direction: `worst_from` must be strictly on the bad side of
/// `best_from`.
///
/// # Ties
/// A value equal to a threshold is in that threshold's band.
///
/// # Source
/// The thresholds are the caller's, and so is their source, which is published with the bands.
///
/// # Example: at most 2 km is good, 10 km or more is bad
/// ```
/// use kultti_core::stats::{Band, Direction, threshold_bands};
///
/// let km = [Some(2.0), Some(2.1), None, Some(10.0)];
/// assert_eq!(
///     threshold_bands(&km, 2.0, 10.0, Direction::Lower),
///     Some(vec![Some(Band::Best), Some(Band::Middle), None, Some(Band::Worst)]),
/// );
/// // The same thresholds make no sense where higher is better.
/// assert_eq!(threshold_bands(&km, 2.0, 10.0, Direction::Higher), None);
/// ```
#[must_use]
pub fn threshold_bands(
    values: &[Option<f64>],
    best_from: f64,
    worst_from: f64,
    direction: Direction,
) -> Option<Vec<Option<Band>>> {
    let (upper, lower) = match direction {
        Direction::Higher => (best_from, worst_from),
        Direction::Lower => (worst_from, best_from),
        Direction::None => return None,
    };
    (lower < upper).then(|| {
        band_each(values, |value| {
            Band::of(value >= upper, value <= lower, direction)
        })
    })
}

/// The band of an interval against a benchmark: better or worse only when the whole interval is.
///
/// From `(lower, upper)` limits. Best when all of the interval lies strictly on the good side of the
/// benchmark, worst when all of it lies strictly on the bad side, and middle, "not different", when
/// the benchmark lies within it.
///
/// The interval of one area is held against a fixed benchmark here. Two areas with an interval each
/// are compared by the interval of their difference, never by overlap.
///
/// # Missing values
/// `None` without a direction, or when the lower limit lies above the upper one.
///
/// # Ties
/// A limit equal to the benchmark is middle.
///
/// # Source
/// The "better, similar, worse" of OHID's Fingertips.
///
/// # Example
/// ```
/// use kultti_core::stats::{Band, Direction, interval_band};
///
/// // 42 to 48 % of the inhabitants, against 50 % in the country.
/// assert_eq!(interval_band((0.42, 0.48), 0.50, Direction::Higher), Some(Band::Worst));
/// assert_eq!(interval_band((0.42, 0.53), 0.50, Direction::Higher), Some(Band::Middle));
/// ```
#[must_use]
pub fn interval_band(interval: (f64, f64), benchmark: f64, direction: Direction) -> Option<Band> {
    let (lower, upper) = interval;
    if lower > upper {
        return None;
    }
    Band::of(lower > benchmark, upper < benchmark, direction)
}

/// The band of each value present.
fn band_each(values: &[Option<f64>], f: impl Fn(f64) -> Option<Band>) -> Vec<Option<Band>> {
    map_present(values, f).into_iter().map(Option::flatten).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BEST: Option<Band> = Some(Band::Best);
    const MIDDLE: Option<Band> = Some(Band::Middle);
    const WORST: Option<Band> = Some(Band::Worst);

    #[test]
    fn quartiles_between_values() {
        // n = 4: h = 3·0.25 + 1 = 1.75 and 3·0.75 + 1 = 3.25; 1 + 0.75·2 = 2.5 and 10 + 0.25·30 = 17.5.
        let values = [1.0, 3.0, 10.0, 40.0].map(Some);
        let higher = relative_bands(&values, Direction::Higher).unwrap();
        assert_eq!((higher.lower_cut, higher.upper_cut, higher.ties), (2.5, 17.5, 0));
        assert_eq!(higher.bands, [WORST, MIDDLE, MIDDLE, BEST]);
        let lower = relative_bands(&values, Direction::Lower).unwrap();
        assert_eq!(lower.bands, [BEST, MIDDLE, MIDDLE, WORST]);
        // The cuts belong to the values, not to the direction.
        assert_eq!((lower.lower_cut, lower.upper_cut), (2.5, 17.5));
    }

    #[test]
    fn without_spread_all_are_middle() {
        let same = relative_bands(&[Some(0.1); 5], Direction::Lower).unwrap();
        assert_eq!(same.bands, [MIDDLE; 5]);
        assert_eq!((same.n, same.ties), (5, 5));
    }

    #[test]
    fn bands_are_refused() {
        let four = [1.0, 2.0, 3.0, 4.0].map(Some);
        assert_eq!(relative_bands(&four, Direction::None), None);
        assert_eq!(relative_bands(&four[..3], Direction::Higher), None);
        let three_and_a_gap = [Some(1.0), None, Some(2.0), Some(3.0)];
        assert_eq!(relative_bands(&three_and_a_gap, Direction::Higher), None);
        assert_eq!(relative_bands(&[None; 6], Direction::Higher), None);
        assert_eq!(threshold_bands(&four, 3.0, 1.0, Direction::None), None);
        assert_eq!(threshold_bands(&four, 2.0, 2.0, Direction::Higher), None);
        assert_eq!(interval_band((1.0, 2.0), 0.0, Direction::None), None);
        assert_eq!(interval_band((2.0, 1.0), 0.0, Direction::Higher), None);
    }

    #[test]
    fn thresholds_include_themselves() {
        let values = [0.1, 0.3, 0.5, 0.8, 0.9].map(Some);
        assert_eq!(
            threshold_bands(&values, 0.8, 0.3, Direction::Higher).unwrap(),
            [WORST, WORST, MIDDLE, BEST, BEST]
        );
    }

    #[test]
    fn an_interval_that_touches_the_benchmark_is_middle() {
        for direction in [Direction::Higher, Direction::Lower] {
            assert_eq!(interval_band((1.0, 2.0), 2.0, direction), MIDDLE);
            assert_eq!(interval_band((2.0, 3.0), 2.0, direction), MIDDLE);
            assert_eq!(interval_band((2.0, 2.0), 2.0, direction), MIDDLE);
        }
        assert_eq!(interval_band((2.1, 3.0), 2.0, Direction::Higher), BEST);
        assert_eq!(interval_band((2.1, 3.0), 2.0, Direction::Lower), WORST);
        assert_eq!(interval_band((1.0, 1.9), 2.0, Direction::Lower), BEST);
    }

    fn columns() -> impl Strategy<Value = Vec<Option<f64>>> {
        prop::collection::vec(
            prop::option::weighted(0.8, (-9..9_i32).prop_map(f64::from)),
            0..40,
        )
    }

    proptest! {
        #[test]
        fn permuting_the_areas_permutes_the_bands(
            (values, places) in columns().prop_flat_map(|v| {
                let places: Vec<usize> = (0..v.len()).collect();
                (Just(v), Just(places).prop_shuffle())
            })
        ) {
            let shuffled: Vec<_> = places.iter().map(|&place| values[place]).collect();
            let expected = relative_bands(&values, Direction::Higher).map(|mut result| {
                result.bands = places.iter().map(|&place| result.bands[place]).collect();
                result
            });
            prop_assert_eq!(relative_bands(&shuffled, Direction::Higher), expected);
        }

        #[test]
        fn turning_the_scale_and_the_direction_changes_nothing(values in columns()) {
            let turned = map_present(&values, |x| -x);
            let bands = |v: &[Option<f64>], d| relative_bands(v, d).map(|result| result.bands);
            prop_assert_eq!(bands(&values, Direction::Higher), bands(&turned, Direction::Lower));
        }

        #[test]
        fn neither_end_holds_more_than_a_quarter(values in columns()) {
            if let Some(result) = relative_bands(&values, Direction::Higher) {
                let size = |band| result.bands.iter().filter(|&&b| b == band).count();
                // Strictly beyond position (n−1)/4 + 1 lie at most ⌈(n−1)/4⌉ values.
                let most = (result.n - 1).div_ceil(4);
                prop_assert!(size(BEST) <= most && size(WORST) <= most);
                prop_assert_eq!(size(BEST) + size(MIDDLE) + size(WORST), result.n);
            }
        }
    }
}
