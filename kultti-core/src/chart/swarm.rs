//! Many values on one axis: every dot at its value, heaped up where values are close.

/// How high each dot stands above the axis so that none covers another, in the unit of `places` and `radius`; along
/// `places`, which ascend. A dot takes the lowest place that is free; they are set down in an order that jumps evenly over the
/// axis, for one from end to end would heap up in slants.
pub(super) fn heap(places: &[f64], radius: f64) -> Vec<f64> {
    let across = 2.0 * radius;
    let mut heights: Vec<Option<f64>> = vec![None; places.len()];
    for at in even_order(places.len()) {
        let near = |other: &usize| (places[*other] - places[at]).abs() < across;
        let before = (0..at).rev().take_while(near);
        let after = (at + 1..places.len()).take_while(near);
        let mut taken: Vec<(f64, f64)> = before
            .chain(after)
            .filter_map(|other| {
                let beside = places[other] - places[at];
                let reach = (across * across - beside * beside).max(0.0).sqrt();
                heights[other].map(|height| (height - reach, height + reach))
            })
            .collect();
        taken.sort_by(|left, right| left.0.total_cmp(&right.0));
        let height = taken.into_iter().fold(
            0.0,
            |height: f64, (from, to)| {
                if height > from && height < to { to } else { height }
            },
        );
        heights[at] = Some(height);
    }
    heights.into_iter().map(Option::unwrap_or_default).collect()
}

/// The numbers below `count`, in the order of the fractions of their multiples of the golden ratio.
fn even_order(count: usize) -> Vec<usize> {
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    let mut order: Vec<(f64, usize)> = (0..count)
        .map(|at| {
            #[expect(clippy::cast_precision_loss, reason = "a count of areas")]
            let turn = at as f64 * GOLDEN;
            (turn.fract(), at)
        })
        .collect();
    order.sort_by(|left, right| left.0.total_cmp(&right.0));
    order.into_iter().map(|(_, at)| at).collect()
}

/// The heights with the largest of the radii given with which the heap is not higher than `most`, or with the last.
pub(super) fn fitted(places: &[f64], radii: &[f64], most: f64) -> (f64, Vec<f64>) {
    let mut found = (0.0, Vec::new());
    for radius in radii {
        let heights = heap(places, *radius);
        let top = heights.iter().copied().fold(0.0, f64::max);
        found = (*radius, heights);
        if top + 2.0 * radius <= most {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_stand_on_one_another() {
        let mut heights = heap(&[0.0, 0.0, 0.0], 1.0);
        heights.sort_by(f64::total_cmp);
        assert_eq!(heights, [0.0, 2.0, 4.0]);
    }

    #[test]
    fn a_dot_that_touches_is_not_covered() {
        // 2 apart is exactly two radii; 1.2 beside the first it rises by √(4 − 1.44) = 1.6.
        assert_eq!(heap(&[0.0, 2.0], 1.0), [0.0, 0.0]);
        assert!((heap(&[0.0, 1.2], 1.0)[1] - 1.6).abs() < 1e-12);
    }

    #[test]
    fn no_two_dots_overlap() {
        // Places of a quadratic sequence: dense at one end.
        let places: Vec<f64> = (0..200).map(|at| f64::from(at * at) / 200.0).collect();
        let heights = heap(&places, 1.5);
        for one in 0..places.len() {
            for other in 0..one {
                let apart = (places[one] - places[other]).hypot(heights[one] - heights[other]);
                assert!(apart > 3.0 - 1e-9, "{one} and {other} are {apart} apart");
            }
        }
    }

    #[test]
    fn dots_shrink_until_the_heap_is_low_enough() {
        let (radius, heights) = fitted(&[0.0; 10], &[4.0, 2.0, 1.0], 45.0);
        // Ten of radius 4 stand 80 high, of radius 2 they stand 40 high: the last begins at 36.
        let top = heights.into_iter().fold(0.0, f64::max);
        assert_eq!((radius, top), (2.0, 36.0));
    }
}
