//! What a change is made of: terms that add up to it exactly.

use super::sum::exact_sum;

/// The terms of the change of a product `X = x_1 · x_2 · … · x_k`, one for each factor, by Shapley.
///
/// Each term is what the change of its factor does to X, as the mean over all orders in which the factors may move from
/// their first to their last value:
/// `φ_i = Δx_i · Σ_S |S|!(k−|S|−1)!/k! · Π_{j∈S} x_j(t) · Π_{j∉S, j≠i} x_j(0)` over the sets S of the other factors. The
/// terms add up to `X(t) − X(0)`, with nothing left over, and it does not matter which factor is named first. Factors may be
/// zero or negative, as a net cost can be.
///
/// # Missing values
/// Pass factors that are there. `None` when the two lists are of different length, empty, or of more than 16 factors.
///
/// # Source
/// Shapley 1953; Sun 1998 for the decomposition of change, where it is called complete.
///
/// # Example: prices and volume
/// ```
/// use kultti_core::stats::shapley;
///
/// // 100 · 2 = 200 becomes 110 · 3 = 330. Prices: 10 · (2 + 3)/2 = 25; volume: 1 · (100 + 110)/2 = 105.
/// assert_eq!(shapley(&[100.0, 2.0], &[110.0, 3.0]), Some(vec![25.0, 105.0]));
/// ```
#[must_use]
pub fn shapley(from: &[f64], to: &[f64]) -> Option<Vec<f64>> {
    let count = from.len();
    if count != to.len() || count == 0 || count > 16 {
        return None;
    }
    // w(s) = s!(k − s − 1)!/k!: from one size to the next it is multiplied by s/(k − s).
    let mut weights = vec![1.0 / whole(count)];
    for size in 1..count {
        let before = weights[size - 1];
        weights.push(before * whole(size) / whole(count - size));
    }
    let term = |own: usize| {
        let sets = (0..1_u32 << count).filter(|set| set >> own & 1 == 0);
        let of_set = |set: u32| {
            let others = (0..count).filter(|other| *other != own);
            let product = others.fold(1.0, |product, other| {
                let moved = set >> other & 1 == 1;
                product * if moved { to[other] } else { from[other] }
            });
            weights[set.count_ones() as usize] * product * (to[own] - from[own])
        };
        exact_sum(sets.map(of_set))
    };
    Some((0..count).map(term).collect())
}

/// The terms of the change of a product of positive factors by the logarithmic mean (LMDI-I):
/// `L(X(t), X(0)) · ln(x_i(t)/x_i(0))` with `L(a, b) = (a − b)/(ln a − ln b)` and `L(a, a) = a`.
///
/// The terms add up to the change. A factor that grows by half and then falls by a third has a term of 0 over both, which
/// Shapley's need not have; the price is that every factor must be positive.
///
/// # Missing values
/// `None` unless every factor is positive at both ends, and the two lists are of equal length and not empty.
///
/// # Source
/// Ang & Liu 2001; Ang & Liu 2007 for zero values, which are refused here.
///
/// # Example
/// ```
/// use kultti_core::stats::lmdi;
///
/// // Both factors double, X goes from 1 to 4: each has half of the change of 3.
/// let terms = lmdi(&[1.0, 1.0], &[2.0, 2.0]).unwrap();
/// assert!((terms[0] - 1.5).abs() < 1e-15 && (terms[1] - 1.5).abs() < 1e-15);
/// assert_eq!(lmdi(&[1.0, 0.0], &[2.0, 2.0]), None);
/// ```
#[must_use]
pub fn lmdi(from: &[f64], to: &[f64]) -> Option<Vec<f64>> {
    let positive = |factors: &[f64]| factors.iter().all(|factor| *factor > 0.0);
    if from.len() != to.len() || from.is_empty() || !positive(from) || !positive(to) {
        return None;
    }
    let growth: Vec<f64> = from
        .iter()
        .zip(to)
        .map(|(from, to)| log_ratio(*from, *to))
        .collect();
    let before: f64 = from.iter().product();
    let after: f64 = to.iter().product();
    let whole = exact_sum(growth.iter().copied());
    // The logarithm of the whole is the sum of those of its factors, so that the terms add up.
    let mean = if whole == 0.0 {
        before
    } else {
        (after - before) / whole
    };
    Some(growth.into_iter().map(|growth| mean * growth).collect())
}

/// ln(to/from), also where they are close to each other.
fn log_ratio(from: f64, to: f64) -> f64 {
    let change = (to - from) / from;
    if change.abs() < 0.5 {
        change.ln_1p()
    } else {
        (to / from).ln()
    }
}

/// Numerator and denominator of an area of a panel at two times; the denominators are positive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PanelMember {
    /// n and d in the first period.
    pub from: (f64, f64),
    /// n and d in the last.
    pub to: (f64, f64),
}

/// What an area contributes to the change of its group's Σn/Σd.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contribution {
    /// Its own ratio changed: `s̄_i · Δx_i`.
    pub within: f64,
    /// Its weight changed, and its ratio is above or below the group's: `Δs_i · (x̄_i − X̄)`.
    pub between: f64,
}

/// Splits the change of a group's `X = Σn/Σd` on a constant panel into what happened within areas and what happened because
/// weight moved between them.
///
/// With `x_i = n_i/d_i` and `s_i = d_i/Σd`: within is `s̄_i · Δx_i`, between `Δs_i · (x̄_i − X̄)`; a bar is the mean of the two
/// periods, X̄ that of the group's two values. Because the weights add up to 1 in both periods, Σ within + Σ between = ΔX
/// exactly.
///
/// # Missing values
/// Pass the areas that have n and d > 0 in both periods. `None` for an empty panel or one with a denominator that is not
/// positive. A panel of one area has a between of 0.
///
/// # Source
/// The shift-share decomposition with mean weights (Fabricant 1942; Griliches & Regev 1995).
///
/// # Example
/// ```
/// use kultti_core::stats::{PanelMember, within_between};
///
/// // 10 and 20 € per inhabitant in towns of 100 each. The dear one grows to 300, nothing else changes: X goes from 15 to
/// // 17.5, all of it between. Weights: 0.5 → 0.25 and 0.5 → 0.75; X̄ = 16.25.
/// let cheap = PanelMember { from: (1_000.0, 100.0), to: (1_000.0, 100.0) };
/// let dear = PanelMember { from: (2_000.0, 100.0), to: (6_000.0, 300.0) };
/// let parts = within_between(&[cheap, dear]).unwrap();
/// // −0.25 · (10 − 16.25) and 0.25 · (20 − 16.25)
/// assert_eq!((parts[0].within, parts[0].between), (0.0, 1.5625));
/// assert_eq!((parts[1].within, parts[1].between), (0.0, 0.9375));
/// ```
#[must_use]
pub fn within_between(panel: &[PanelMember]) -> Option<Vec<Contribution>> {
    let positive = |member: &PanelMember| member.from.1 > 0.0 && member.to.1 > 0.0;
    if panel.is_empty() || !panel.iter().all(positive) {
        return None;
    }
    let sums = |at: fn(&PanelMember) -> (f64, f64)| {
        let n = exact_sum(panel.iter().map(|member| at(member).0));
        (n, exact_sum(panel.iter().map(|member| at(member).1)))
    };
    let (before, after) = (sums(|member| member.from), sums(|member| member.to));
    let group = f64::midpoint(before.0 / before.1, after.0 / after.1);
    let of = |member: &PanelMember| {
        let (x_0, x_t) = (member.from.0 / member.from.1, member.to.0 / member.to.1);
        let (s_0, s_t) = (member.from.1 / before.1, member.to.1 / after.1);
        Contribution {
            within: f64::midpoint(s_0, s_t) * (x_t - x_0),
            between: (s_t - s_0) * (f64::midpoint(x_0, x_t) - group),
        }
    };
    Some(panel.iter().map(of).collect())
}

#[expect(clippy::cast_precision_loss, reason = "at most 16")]
fn whole(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn product(factors: &[f64]) -> f64 {
        factors.iter().product()
    }

    fn largest(from: &[f64], to: &[f64]) -> f64 {
        let each = from.iter().zip(to);
        each.map(|(from, to)| from.abs().max(to.abs()))
            .product::<f64>()
            .max(1.0)
    }

    /// The mean over every order, one by one.
    fn by_orders(from: &[f64], to: &[f64]) -> Vec<f64> {
        fn orders(left: Vec<usize>) -> Vec<Vec<usize>> {
            if left.is_empty() {
                return vec![Vec::new()];
            }
            let mut all = Vec::new();
            for place in 0..left.len() {
                let mut rest = left.clone();
                let first = rest.remove(place);
                for mut order in orders(rest) {
                    order.insert(0, first);
                    all.push(order);
                }
            }
            all
        }
        let all = orders((0..from.len()).collect());
        let mut terms = vec![0.0; from.len()];
        for order in &all {
            let mut state = from.to_vec();
            for factor in order {
                let before = product(&state);
                state[*factor] = to[*factor];
                terms[*factor] += product(&state) - before;
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "few orders")]
        let count = all.len() as f64;
        terms.into_iter().map(|term| term / count).collect()
    }

    #[test]
    fn a_cost_that_vanished_is_decomposed_all_the_same() {
        // 100 · 50 · 0.02 = 100 becomes 110 · 0 · 0.025 = 0. Of the −100 the term of volume is
        // −50 · [2·(100·0.02) + (110·0.02) + (100·0.025) + 2·(110·0.025)]/6 = −50 · 14.2/6 = −118.333….
        let terms = shapley(&[100.0, 50.0, 0.02], &[110.0, 0.0, 0.025]).unwrap();
        assert!((terms[1] + 50.0 * 14.2 / 6.0).abs() < 1e-12, "{terms:?}");
        assert!((terms.iter().sum::<f64>() + 100.0).abs() < 1e-12, "{terms:?}");
        assert_eq!(lmdi(&[100.0, 50.0, 0.02], &[110.0, 0.0, 0.025]), None);
    }

    #[test]
    fn what_cannot_be_decomposed() {
        assert_eq!(shapley(&[], &[]), None);
        assert_eq!(shapley(&[1.0], &[1.0, 2.0]), None);
        assert_eq!(lmdi(&[], &[]), None);
        assert_eq!(lmdi(&[1.0, -2.0], &[1.0, -2.0]), None);
        assert_eq!(within_between(&[]), None);
        let none = PanelMember {
            from: (1.0, 0.0),
            to: (1.0, 1.0),
        };
        assert_eq!(within_between(&[none]), None);
    }

    #[test]
    fn factors_that_stand_still_have_no_term() {
        assert_eq!(lmdi(&[3.0, 5.0], &[3.0, 5.0]), Some(vec![0.0, 0.0]));
        assert_eq!(shapley(&[3.0, -5.0], &[3.0, -5.0]), Some(vec![0.0, 0.0]));
        assert_eq!(shapley(&[3.0, 5.0], &[3.0, -5.0]), Some(vec![0.0, -30.0]));
    }

    #[test]
    fn a_panel_of_one_has_nothing_between() {
        let only = PanelMember {
            from: (10.0, 4.0),
            to: (9.0, 3.0),
        };
        // 9/3 − 10/4
        assert_eq!(
            within_between(&[only]),
            Some(vec![Contribution {
                within: 0.5,
                between: 0.0
            }])
        );
    }

    fn factors(of: std::ops::Range<f64>) -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
        let pairs = prop::collection::vec((of.clone(), of), 1..=4);
        pairs.prop_map(|pairs| pairs.into_iter().unzip())
    }

    proptest! {
        #[test]
        fn shapley_adds_up_for_every_sign((from, to) in factors(-1e3..1e3)) {
            let terms = shapley(&from, &to).unwrap();
            let left = terms.iter().sum::<f64>() - (product(&to) - product(&from));
            prop_assert!(left.abs() <= 1e-12 * largest(&from, &to), "{left}");
            for (term, expected) in terms.iter().zip(by_orders(&from, &to)) {
                prop_assert!((term - expected).abs() <= 1e-12 * largest(&from, &to));
            }
        }

        #[test]
        fn lmdi_adds_up((from, to) in factors(1e-3..1e3)) {
            let left = lmdi(&from, &to).unwrap().iter().sum::<f64>() - (product(&to) - product(&from));
            prop_assert!(left.abs() <= 1e-11 * largest(&from, &to), "{left}");
        }

        #[test]
        fn within_and_between_are_the_change(
            panel in prop::collection::vec((-1e5..1e5_f64, 1.0..1e4_f64, -1e5..1e5_f64, 1.0..1e4_f64), 1..20)
        ) {
            let member = |(n_0, d_0, n_t, d_t): &(f64, f64, f64, f64)| PanelMember { from: (*n_0, *d_0), to: (*n_t, *d_t) };
            let members: Vec<PanelMember> = panel.iter().map(member).collect();
            let parts = within_between(&members).unwrap();
            let sum = |at: fn(&PanelMember) -> (f64, f64)| {
                let n: f64 = members.iter().map(|member| at(member).0).sum();
                n / members.iter().map(|member| at(member).1).sum::<f64>()
            };
            let change = sum(|member| member.to) - sum(|member| member.from);
            let total: f64 = parts.iter().map(|part| part.within + part.between).sum();
            let size: f64 = members.iter().map(|m| (m.from.0 / m.from.1).abs() + (m.to.0 / m.to.1).abs()).sum();
            prop_assert!((total - change).abs() <= 1e-12 * size.max(1.0));
        }
    }
}
