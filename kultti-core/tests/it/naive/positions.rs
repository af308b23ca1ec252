//! Textbook formulas over a list of values, each as its definition reads: counts over all pairs, sums in sorted order.

/// Rank with ties at the smallest: one more than the values strictly before it.
pub(crate) fn rank(values: &[Option<f64>], descending: bool) -> Vec<Option<f64>> {
    let before = |left: f64, right: f64| if descending { left > right } else { left < right };
    let rank = |own: f64| {
        1 + values
            .iter()
            .flatten()
            .filter(|other| before(**other, own))
            .count()
    };
    values.iter().map(|own| own.map(|own| whole(rank(own)))).collect()
}

/// Strictly worse values over n − 1.
pub(crate) fn percent_rank(values: &[Option<f64>], lowest_is_worst: bool) -> Vec<Option<f64>> {
    let n = values.iter().flatten().count();
    let worse = |own: f64| {
        let worse = |other: &&f64| {
            if lowest_is_worst {
                **other < own
            } else {
                **other > own
            }
        };
        values.iter().flatten().filter(worse).count()
    };
    let share = |own: f64| (n > 1).then(|| whole(worse(own)) / whole(n - 1));
    values.iter().map(|own| own.and_then(share)).collect()
}

/// 1 + ⌊4(r − 1)/n⌋; none below four values.
pub(crate) fn quartile(values: &[Option<f64>], descending: bool) -> Vec<Option<f64>> {
    let n = whole(values.iter().flatten().count());
    let group = |rank: f64| (n >= 4.0).then(|| 1.0 + (4.0 * (rank - 1.0) / n).floor());
    rank(values, descending)
        .into_iter()
        .map(|rank| rank.and_then(group))
        .collect()
}

/// A figure, and how large a number its rounding error is relative to.
pub(crate) type Rounded = Option<(f64, f64)>;

/// (x − x̄)/s with the divisor n − 1.
pub(crate) fn z(values: &[Option<f64>]) -> Vec<Rounded> {
    let present: Vec<f64> = values.iter().flatten().copied().collect();
    let mean = mean(&present);
    let squares: Vec<f64> = present.iter().map(|x| (x - mean) * (x - mean)).collect();
    scores(
        values,
        mean,
        (sum(&squares) / (whole(present.len()) - 1.0)).sqrt(),
    )
}

/// (x − median)/(1.4826·MAD), or over 1.2533 times the mean absolute deviation where the MAD is 0.
pub(crate) fn robust_z(values: &[Option<f64>]) -> Vec<Rounded> {
    let present: Vec<f64> = values.iter().flatten().copied().collect();
    let Some(middle) = median(&present) else {
        return vec![None; values.len()];
    };
    let deviations: Vec<f64> = present.iter().map(|x| (x - middle).abs()).collect();
    let absolute = median(&deviations).expect("as many as values");
    let scale = if absolute > 0.0 {
        1.4826 * absolute
    } else {
        1.2533 * mean(&deviations)
    };
    scores(values, middle, scale)
}

/// (x − centre)/scale; nothing without spread. The centre is rounded to the last digit of the largest value.
fn scores(values: &[Option<f64>], centre: f64, scale: f64) -> Vec<Rounded> {
    let present: Vec<f64> = values.iter().flatten().copied().collect();
    let spread = present.iter().any(|x| *x != present[0]);
    let largest = present.iter().fold(0.0_f64, |largest, x| largest.max(x.abs()));
    let score = |x: f64| {
        spread.then(|| {
            (
                (x - centre) / scale,
                (x - centre).abs() / scale + largest / scale * 1e-2,
            )
        })
    };
    values.iter().map(|x| x.and_then(score)).collect()
}

/// The sum from the smallest to the largest in size.
pub(crate) fn sum(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(|left, right| left.abs().total_cmp(&right.abs()));
    sorted.iter().fold(0.0, |sum, value| sum + value)
}

pub(crate) fn mean(values: &[f64]) -> f64 {
    sum(values) / whole(values.len())
}

/// The value in the middle, or the mean of the two there.
pub(crate) fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len();
    match (n, n % 2) {
        (0, _) => None,
        (_, 1) => Some(sorted[n / 2]),
        _ => Some((sorted[n / 2 - 1] + sorted[n / 2]) / 2.0),
    }
}

/// A count as a number.
pub(crate) fn whole(count: usize) -> f64 {
    f64::from(u32::try_from(count).expect("a small count"))
}
