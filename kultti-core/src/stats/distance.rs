//! How alike areas are: standardised distances, what they are made of, and how firmly the nearest are the nearest.

use super::spread::mean_and_deviation;
use super::sum::exact_sum;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// The share of the weights that two areas must both have values for, unless something else is asked for.
pub const LEAST_COMMON_WEIGHT: f64 = 0.6;

/// From this correlation on, two variables say nearly the same, and what they say counts twice.
pub const STRONG_CORRELATION: f64 = 0.8;

/// A share that equals the smallest one allowed but for rounding is allowed.
const ROUNDING: f64 = 1e-12;

/// One of the variables that areas are likened by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DistanceVariable<'a> {
    /// The value of every area of the set; `None` where it is missing.
    pub values: &'a [Option<f64>],
    /// How much it counts beside the others; positive, of any scale.
    pub weight: f64,
    /// Whether its natural logarithm is taken first.
    pub log: bool,
}

/// Why distances cannot be computed; a variable is named by its place.
#[derive(Debug, Clone, PartialEq)]
pub enum DistanceRefusal {
    /// There are no variables.
    NoVariables,
    /// A weight that is not a positive number.
    Weight {
        /// The variable.
        variable: usize,
    },
    /// Values that have no logarithm.
    NotPositive {
        /// The variable.
        variable: usize,
        /// The areas with a value of 0 or less.
        areas: Vec<usize>,
    },
    /// Fewer than two areas have a value, or all values are equal.
    NoSpread {
        /// The variable.
        variable: usize,
        /// The areas with a value.
        n: usize,
    },
}

/// What a variable was standardised with: mean and sample standard deviation over the areas that have a value, of the
/// logarithms where these were asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standard {
    /// The mean.
    pub mean: f64,
    /// The sample standard deviation.
    pub deviation: f64,
    /// The areas with a value.
    pub n: usize,
}

/// Who may be near: how many are asked for, and how much two areas must have in common.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Nearness {
    /// The number of nearest areas.
    pub k: usize,
    /// The smallest share of the weights that both areas of a pair have values for.
    pub least_common_weight: f64,
}

/// An area beside another one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbour {
    /// The place of the area.
    pub area: usize,
    /// The distance, in standard deviations.
    pub distance: f64,
}

/// Draws of weights, each `w · (1 + u)` with `u` even between `−spread` and `spread`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeightDraws {
    /// Where the numbers come from: the same seed, the same draws.
    pub seed: u64,
    /// How many draws.
    pub count: u32,
    /// The widest relative change of a weight, such as 0.25.
    pub spread: f64,
}

/// The distances between the areas of a set.
///
/// Each variable is standardised over the whole set, `z = (x − x̄)/s` with the sample standard deviation, so that the
/// scale is the same for every pair. The distance of two areas is
/// `D_ij = √( Σ w_k (z_ik − z_jk)² / Σ w_k )`, both sums over the variables that both areas have: with all of them the
/// weights sum to 1, otherwise they are made to. A distance of 1 means that the areas differ, on the average of the
/// variables, by one standard deviation of the set.
///
/// # Missing values
/// A pair is compared by what both have (pairwise complete), from a smallest share of the weights on; below it there is
/// no distance. A missing value takes no part in mean and standard deviation.
///
/// # Ties
/// Of equal distances the area that stands first is nearer: hand areas over by code.
///
/// # Source
/// Weighted Euclidean distance of standardised variables as in the municipal comparisons of Kolada (RKA, "liknande
/// kommuner"); pairwise complete distances: Gower (1971). The smallest common weight, 0.6, is a rule of Kultti's own.
///
/// # Example: three areas on a line
/// ```
/// use kultti_core::stats::{DistanceVariable, Distances, Nearness};
///
/// let values = [Some(1.0), Some(4.0), Some(7.0)];
/// let variable = DistanceVariable { values: &values, weight: 2.0, log: false };
/// // Mean 4, standard deviation 3: z = −1, 0, 1.
/// let distances = Distances::new(&[variable]).unwrap();
/// assert_eq!(distances.standard(0).deviation, 3.0);
/// assert_eq!(distances.between(0, 2, 0.6), Some(2.0));
/// let nearest = distances.nearest(0, Nearness { k: 1, least_common_weight: 0.6 });
/// assert_eq!((nearest[0].area, nearest[0].distance), (1, 1.0));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Distances {
    /// Variable by variable, area by area.
    scores: Vec<Vec<Option<f64>>>,
    standards: Vec<Standard>,
    weights: Vec<f64>,
}

impl Distances {
    /// Standardises the variables over the areas.
    ///
    /// # Errors
    /// [`DistanceRefusal`]: a weight that is not positive, a logarithm of 0 or less, a variable without spread.
    pub fn new(variables: &[DistanceVariable]) -> Result<Self, DistanceRefusal> {
        if variables.is_empty() {
            return Err(DistanceRefusal::NoVariables);
        }
        let mut distances = Self {
            scores: Vec::new(),
            standards: Vec::new(),
            weights: Vec::new(),
        };
        for (place, variable) in variables.iter().enumerate() {
            if !variable.weight.is_finite() || variable.weight <= 0.0 {
                return Err(DistanceRefusal::Weight { variable: place });
            }
            let values = transformed(variable, place)?;
            let present: Vec<f64> = values.iter().copied().flatten().collect();
            let standard = mean_and_deviation(&present)
                .filter(|(_, deviation)| *deviation > 0.0)
                .map(|(mean, deviation)| Standard {
                    mean,
                    deviation,
                    n: present.len(),
                })
                .ok_or(DistanceRefusal::NoSpread {
                    variable: place,
                    n: present.len(),
                })?;
            let score = |value: f64| (value - standard.mean) / standard.deviation;
            distances
                .scores
                .push(values.into_iter().map(|value| value.map(score)).collect());
            distances.standards.push(standard);
            distances.weights.push(variable.weight);
        }
        Ok(distances)
    }

    /// What a variable was standardised with.
    #[must_use]
    pub fn standard(&self, variable: usize) -> Standard {
        self.standards[variable]
    }

    /// The weight of a variable, all weights together being 1.
    #[must_use]
    pub fn weight(&self, variable: usize) -> f64 {
        self.weights[variable] / exact_sum(self.weights.iter().copied())
    }

    /// The share of the weights that two areas both have values for; 1 with all of them.
    #[must_use]
    pub fn common_weight(&self, left: usize, right: usize) -> f64 {
        let common = self.gaps(left, right).map(|(variable, _)| self.weights[variable]);
        exact_sum(common) / exact_sum(self.weights.iter().copied())
    }

    /// The distance of two areas; `None` where they have too little in common.
    #[must_use]
    pub fn between(&self, left: usize, right: usize, least_common_weight: f64) -> Option<f64> {
        let share = self.common_weight(left, right);
        if share <= 0.0 || share + ROUNDING < least_common_weight {
            return None;
        }
        Some(weighted_distance(
            self.gaps(left, right)
                .map(|(variable, square)| (self.weights[variable], square)),
        ))
    }

    /// What each variable contributes to the square of a distance, `w_k (z_ik − z_jk)² / Σ w (z_i − z_j)²`: the shares sum
    /// to 1. `None` for a variable that one of the areas lacks; all are `None` where the distance is 0, for nothing
    /// separates the areas.
    #[must_use]
    pub fn contributions(&self, left: usize, right: usize) -> Vec<Option<f64>> {
        let weighted = |(variable, square): (usize, f64)| self.weights[variable] * square;
        let total = exact_sum(self.gaps(left, right).map(weighted));
        let mut shares = vec![None; self.scores.len()];
        for (variable, square) in self.gaps(left, right) {
            shares[variable] = (total > 0.0).then(|| weighted((variable, square)) / total);
        }
        shares
    }

    /// The nearest areas, nearest first; fewer than `k` where there are no more.
    #[must_use]
    pub fn nearest(&self, area: usize, nearness: Nearness) -> Vec<Neighbour> {
        let mut neighbours = self.neighbours(area, nearness.least_common_weight);
        neighbours.truncate(nearness.k);
        neighbours
    }

    /// Whether `area` is among the `k` nearest of `other`, all areas of the set being candidates.
    #[must_use]
    pub fn is_near(&self, area: usize, other: usize, nearness: Nearness) -> bool {
        let nearest = self.nearest(other, nearness);
        nearest.iter().any(|neighbour| neighbour.area == area)
    }

    /// For each of `others`, the share of the draws in which it is among the `k` nearest of `area`: how firmly it stands
    /// there while nobody knows the right weights.
    ///
    /// Each draw changes every weight on its own by up to `spread`. The number of a draw and of a variable (`streams`,
    /// one for each variable) say where in the sequence of ChaCha its random number stands, so the answer is the same for
    /// any order of the draws and of the variables, and any number of threads. Who has enough in common is decided by the
    /// weights themselves.
    #[must_use]
    pub fn stability(
        &self,
        area: usize,
        others: &[usize],
        nearness: Nearness,
        (draws, streams): (WeightDraws, &[u64]),
    ) -> Vec<f64> {
        let candidates = self.neighbours(area, nearness.least_common_weight);
        let gaps: Vec<(usize, Vec<(usize, f64)>)> = candidates
            .iter()
            .map(|candidate| (candidate.area, self.gaps(area, candidate.area).collect()))
            .collect();
        let mut stayed = vec![0_u32; others.len()];
        for draw in 0..draws.count {
            let weights: Vec<f64> = self
                .weights
                .iter()
                .zip(streams)
                .map(|(weight, stream)| weight * draws.factor(*stream, draw))
                .collect();
            let mut drawn: Vec<Neighbour> = gaps
                .iter()
                .map(|(other, squares)| Neighbour {
                    area: *other,
                    distance: weighted_distance(
                        squares
                            .iter()
                            .map(|(variable, square)| (weights[*variable], *square)),
                    ),
                })
                .collect();
            in_order(&mut drawn);
            drawn.truncate(nearness.k);
            for (count, other) in stayed.iter_mut().zip(others) {
                *count += u32::from(drawn.iter().any(|neighbour| neighbour.area == *other));
            }
        }
        let share = |count: u32| f64::from(count) / f64::from(draws.count.max(1));
        stayed.into_iter().map(share).collect()
    }

    /// The correlation `r` of two variables over the areas that have both; `None` below three of them or without spread.
    #[must_use]
    pub fn correlation(&self, left: usize, right: usize) -> Option<f64> {
        let pairs = self.scores[left].iter().zip(&self.scores[right]);
        let pairs: Vec<(f64, f64)> = pairs.filter_map(|(left, right)| left.zip(*right)).collect();
        if pairs.len() < 3 {
            return None;
        }
        let (x, y): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
        let ((mean_x, s_x), (mean_y, s_y)) = (mean_and_deviation(&x)?, mean_and_deviation(&y)?);
        let products = x.iter().zip(&y).map(|(x, y)| (x - mean_x) * (y - mean_y));
        let covariance = exact_sum(products) / (x.len() - 1) as f64;
        // Rounding must not make a perfect correlation more than perfect.
        (s_x > 0.0 && s_y > 0.0).then(|| (covariance / (s_x * s_y)).clamp(-1.0, 1.0))
    }

    /// Every other area that has enough in common, nearest first.
    fn neighbours(&self, area: usize, least_common_weight: f64) -> Vec<Neighbour> {
        let others = (0..self.scores.first().map_or(0, Vec::len)).filter(|other| *other != area);
        let mut neighbours: Vec<Neighbour> = others
            .filter_map(|other| {
                let distance = self.between(area, other, least_common_weight)?;
                Some(Neighbour {
                    area: other,
                    distance,
                })
            })
            .collect();
        in_order(&mut neighbours);
        neighbours
    }

    /// The variables that both areas have, each with the square of the difference of the scores.
    fn gaps(&self, left: usize, right: usize) -> impl Iterator<Item = (usize, f64)> + Clone + '_ {
        let variables = self.scores.iter().enumerate();
        variables.filter_map(move |(variable, scores)| {
            let difference = scores[left]? - scores[right]?;
            Some((variable, difference * difference))
        })
    }
}

impl WeightDraws {
    /// What a weight is multiplied by in one draw.
    fn factor(self, stream: u64, draw: u32) -> f64 {
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        random.set_stream(stream);
        // A number takes two words of the sequence.
        random.set_word_pos(2 * u128::from(draw));
        // The upper 53 bits, which a float holds, as a number from 0 up to 1.
        let even = (random.next_u64() >> 11) as f64 / 9_007_199_254_740_992.0;
        1.0 + self.spread * (2.0 * even - 1.0)
    }
}

/// `√(Σ w·gap² / Σ w)` of `(w, gap²)` pairs.
fn weighted_distance(squares: impl Iterator<Item = (f64, f64)> + Clone) -> f64 {
    let weights = exact_sum(squares.clone().map(|(weight, _)| weight));
    (exact_sum(squares.map(|(weight, square)| weight * square)) / weights).sqrt()
}

/// By distance, then by place.
fn in_order(neighbours: &mut [Neighbour]) {
    neighbours.sort_by(|left, right| {
        left.distance
            .total_cmp(&right.distance)
            .then(left.area.cmp(&right.area))
    });
}

/// The values, or their logarithms.
fn transformed(variable: &DistanceVariable, place: usize) -> Result<Vec<Option<f64>>, DistanceRefusal> {
    if !variable.log {
        return Ok(variable.values.to_vec());
    }
    let not_positive = |(_, value): &(usize, &Option<f64>)| value.is_some_and(|value| value <= 0.0);
    let places = variable.values.iter().enumerate().filter(not_positive);
    let areas: Vec<usize> = places.map(|(area, _)| area).collect();
    if !areas.is_empty() {
        return Err(DistanceRefusal::NotPositive {
            variable: place,
            areas,
        });
    }
    Ok(variable.values.iter().map(|value| value.map(f64::ln)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HALF: Nearness = Nearness {
        k: 2,
        least_common_weight: 0.5,
    };

    fn variable(values: &[Option<f64>], weight: f64) -> DistanceVariable<'_> {
        DistanceVariable {
            values,
            weight,
            log: false,
        }
    }

    fn draws(count: u32) -> WeightDraws {
        WeightDraws {
            seed: 1,
            count,
            spread: 0.25,
        }
    }

    #[test]
    fn distances_by_hand() {
        // x: mean 4, s = √((9 + 0 + 9)/2) = 3, z = −1, 0, 1. y: mean 10, s = √((4 + 4 + 0)/2) = 2, z = 1, −1, 0.
        let x = [1.0, 4.0, 7.0].map(Some);
        let y = [12.0, 8.0, 10.0].map(Some);
        let distances = Distances::new(&[variable(&x, 3.0), variable(&y, 1.0)]).unwrap();
        assert_eq!(
            distances.standard(1),
            Standard {
                mean: 10.0,
                deviation: 2.0,
                n: 3
            }
        );
        assert_eq!((distances.weight(0), distances.weight(1)), (0.75, 0.25));
        // 0–1: ¾·1² + ¼·2² = 1.75. 0–2: ¾·2² + ¼·1² = 3.25. 1–2: ¾·1² + ¼·1² = 1.
        assert_eq!(distances.between(0, 1, 1.0), Some(1.75_f64.sqrt()));
        assert_eq!(distances.between(0, 2, 1.0), Some(3.25_f64.sqrt()));
        assert_eq!(distances.between(2, 1, 1.0), Some(1.0));
        // 0–1: 3·1/(3·1 + 1·4) and 4/7.
        assert_eq!(distances.contributions(0, 1), [Some(3.0 / 7.0), Some(4.0 / 7.0)]);
        let near: Vec<usize> = distances.nearest(0, HALF).iter().map(|near| near.area).collect();
        assert_eq!(near, [1, 2]);
        // Of 1 the nearest is 2 and of 2 it is 1; of 0 it is 1, which 0 is not to 1.
        let one = Nearness { k: 1, ..HALF };
        assert!(distances.is_near(1, 2, one) && distances.is_near(2, 1, one));
        assert!(!distances.is_near(0, 1, one));
    }

    #[test]
    fn a_pair_is_compared_by_what_both_have() {
        let x = [1.0, 4.0, 7.0].map(Some);
        // Mean 10, s = √(2·4/1) = √8, z = −1/√2, 1/√2.
        let y = [Some(8.0), None, Some(12.0)];
        let distances = Distances::new(&[variable(&x, 3.0), variable(&y, 2.0)]).unwrap();
        assert_eq!(distances.standard(1).n, 2);
        // 3 of 5: exactly the smallest share, and the weight of what is left becomes 1.
        assert_eq!(distances.common_weight(0, 1), 0.6);
        assert_eq!(distances.between(0, 1, 0.6), Some(1.0));
        assert_eq!(distances.between(0, 1, 0.61), None);
        assert_eq!(distances.contributions(0, 1), [Some(1.0), None]);
        assert_eq!(distances.common_weight(0, 2), 1.0);
        let nearest = Nearness {
            k: 9,
            least_common_weight: 0.7,
        };
        assert_eq!(distances.nearest(1, nearest), []);
    }

    #[test]
    fn a_logarithm_makes_ratios_equal() {
        // 10 to 100 is as far as 100 to 1000: ln 10 each, the standard deviation of three evenly spaced values.
        let values = [10.0, 100.0, 1000.0].map(Some);
        let variable = DistanceVariable {
            values: &values,
            weight: 1.0,
            log: true,
        };
        let distances = Distances::new(&[variable]).unwrap();
        assert!((distances.standard(0).deviation - 10.0_f64.ln()).abs() < 1e-15);
        let pair = |left, right| distances.between(left, right, 1.0).unwrap();
        assert!((pair(0, 1) - 1.0).abs() < 1e-15 && (pair(1, 2) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn ties_go_to_the_first_and_equal_areas_have_no_contributions() {
        let x = [1.0, 3.0, 3.0, 5.0, 1.0].map(Some);
        let distances = Distances::new(&[variable(&x, 1.0)]).unwrap();
        let near: Vec<usize> = distances.nearest(1, HALF).iter().map(|near| near.area).collect();
        assert_eq!(near, [2, 0]);
        assert_eq!(distances.between(1, 2, 0.6), Some(0.0));
        assert_eq!(distances.contributions(1, 2), [None]);
    }

    #[test]
    fn what_has_no_distance_is_refused() {
        let good = [1.0, 2.0].map(Some);
        assert_eq!(Distances::new(&[]), Err(DistanceRefusal::NoVariables));
        for weight in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let refused = Distances::new(&[variable(&good, 1.0), variable(&good, weight)]);
            assert_eq!(refused, Err(DistanceRefusal::Weight { variable: 1 }));
        }
        let same = [Some(0.1), Some(0.1), None, Some(0.1)];
        let refused = Distances::new(&[variable(&same, 1.0)]);
        assert_eq!(refused, Err(DistanceRefusal::NoSpread { variable: 0, n: 3 }));
        let alone = [None, Some(2.0)];
        let refused = Distances::new(&[variable(&alone, 1.0)]);
        assert_eq!(refused, Err(DistanceRefusal::NoSpread { variable: 0, n: 1 }));
        let values = [Some(1.0), Some(0.0), None, Some(-2.0)];
        let log = DistanceVariable {
            log: true,
            ..variable(&values, 1.0)
        };
        let areas = vec![1, 3];
        assert_eq!(
            Distances::new(&[log]),
            Err(DistanceRefusal::NotPositive { variable: 0, areas })
        );
    }

    #[test]
    fn correlations_by_hand() {
        let x = [1.0, 2.0, 3.0].map(Some);
        let twice = [2.0, 4.0, 6.0].map(Some);
        // Deviations −1, 0, 1 and 1, −2, 1: their products sum to 0.
        let across = [5.0, 2.0, 5.0].map(Some);
        let short = [Some(3.0), None, Some(1.0)];
        let all = [
            variable(&x, 1.0),
            variable(&twice, 1.0),
            variable(&across, 1.0),
            variable(&short, 1.0),
        ];
        let distances = Distances::new(&all).unwrap();
        assert_eq!(distances.correlation(0, 1), Some(1.0));
        assert!(distances.correlation(0, 2).unwrap().abs() < 1e-15);
        assert_eq!(distances.correlation(0, 3), None);
    }

    #[test]
    fn what_no_weights_can_change_is_stable() {
        // One variable: its weight makes no difference.
        let x = [1.0, 2.0, 4.0, 8.0].map(Some);
        let distances = Distances::new(&[variable(&x, 1.0)]).unwrap();
        assert_eq!(
            distances.stability(0, &[1, 2, 3], HALF, (draws(50), &[0])),
            [1.0, 1.0, 0.0]
        );
    }

    #[test]
    fn two_candidates_that_hang_on_the_weights_share_the_draws() {
        // The areas 1 and 2 mirror one another around area 0, with the two variables in turn: which of them is nearer
        // depends only on which drawn weight is larger, so together they take every draw and neither takes all.
        let x = [0.0, 1.0, 2.0, 9.0].map(Some);
        let y = [0.0, 2.0, 1.0, 9.0].map(Some);
        let distances = Distances::new(&[variable(&x, 1.0), variable(&y, 1.0)]).unwrap();
        let one = Nearness { k: 1, ..HALF };
        let shares = distances.stability(0, &[1, 2, 3], one, (draws(400), &[0, 1]));
        assert!((shares[0] + shares[1] - 1.0).abs() < 1e-12);
        assert_eq!(shares[2], 0.0);
        // A fair coin stays within 5 standard errors, 5·√(¼/400) = 0.125, of a half.
        assert!((shares[0] - 0.5).abs() < 0.125, "{shares:?}");
        // Where the larger weight says which is nearer, the draws can be counted.
        let first_is_nearer = |draw| draws(400).factor(0, draw) < draws(400).factor(1, draw);
        let expected = (0..400).filter(|draw| !first_is_nearer(*draw)).count();
        assert!((shares[0] - expected as f64 / 400.0).abs() < 1e-12);
    }

    #[test]
    fn draws_are_even_and_do_not_depend_on_one_another() {
        let factors: Vec<f64> = (0..4000).map(|draw| draws(1).factor(3, draw)).collect();
        assert!(factors.iter().all(|factor| (0.75..1.25).contains(factor)));
        // An even distribution over (0.75, 1.25): mean 1, standard deviation 0.5/√12, standard error that/√4000.
        let mean = factors.iter().sum::<f64>() / 4000.0;
        assert!((mean - 1.0).abs() < 5.0 * 0.5 / 12.0_f64.sqrt() / 4000.0_f64.sqrt());
        assert_eq!(draws(1).factor(3, 17), factors[17]);
        assert!(draws(1).factor(3, 17) != draws(1).factor(4, 17));
        let other = WeightDraws { seed: 2, ..draws(1) };
        assert!(other.factor(3, 17) != factors[17]);
    }

    type Columns = Vec<Vec<Option<f64>>>;

    fn columns() -> impl Strategy<Value = (Columns, Vec<f64>)> {
        (1..5_usize, 3..12_usize).prop_flat_map(|(variables, areas)| {
            let cell = prop::option::weighted(0.85, (-20..20_i32).prop_map(f64::from));
            (
                prop::collection::vec(prop::collection::vec(cell, areas), variables),
                prop::collection::vec((1..9_u8).prop_map(f64::from), variables),
            )
        })
    }

    fn distances((values, weights): &(Columns, Vec<f64>)) -> Option<Distances> {
        let variables: Vec<_> = values
            .iter()
            .zip(weights)
            .map(|(values, weight)| variable(values, *weight))
            .collect();
        Distances::new(&variables).ok()
    }

    proptest! {
        #[test]
        fn distances_are_symmetric_and_contributions_sum_to_one(given in columns()) {
            let Some(found) = distances(&given) else { return Ok(()) };
            let areas = given.0[0].len();
            for (left, right) in (0..areas).flat_map(|left| (0..areas).map(move |right| (left, right))) {
                prop_assert_eq!(found.between(left, right, 0.6), found.between(right, left, 0.6));
                let shares: Vec<f64> = found.contributions(left, right).into_iter().flatten().collect();
                prop_assert!(shares.is_empty() || (shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
                prop_assert!(shares.iter().all(|share| *share >= 0.0));
            }
        }

        #[test]
        fn complete_areas_keep_the_triangle_inequality(given in columns()) {
            let whole = (given.0.iter().map(|column| column.iter().map(|cell| cell.or(Some(0.0))).collect()).collect(), given.1);
            let Some(found) = distances(&whole) else { return Ok(()) };
            let pair = |left, right| found.between(left, right, 0.6).unwrap();
            for far in 2..whole.0[0].len() {
                prop_assert!(pair(0, far) <= pair(0, 1) + pair(1, far) + 1e-12);
            }
        }

        #[test]
        fn another_scale_of_a_variable_or_of_all_weights_changes_nothing(given in columns()) {
            let Some(found) = distances(&given) else { return Ok(()) };
            // Powers of two, so that rounding has no part in it.
            let turned = (
                given.0.iter().map(|column| column.iter().map(|cell| cell.map(|value| -4.0 * value)).collect()).collect(),
                given.1.iter().map(|weight| 8.0 * weight).collect(),
            );
            let turned = distances(&turned).unwrap();
            for right in 1..given.0[0].len() {
                prop_assert_eq!(found.between(0, right, 0.6), turned.between(0, right, 0.6));
            }
        }

        #[test]
        fn the_order_of_variables_changes_nothing(given in columns()) {
            let Some(found) = distances(&given) else { return Ok(()) };
            let streams: Vec<u64> = (0..given.1.len() as u64).collect();
            let (mut values, mut weights) = given.clone();
            values.reverse();
            weights.reverse();
            let turned = distances(&(values, weights)).unwrap();
            let back: Vec<u64> = streams.iter().rev().copied().collect();
            let others: Vec<usize> = (1..given.0[0].len()).collect();
            prop_assert_eq!(found.nearest(0, HALF), turned.nearest(0, HALF));
            prop_assert_eq!(
                found.stability(0, &others, HALF, (draws(20), &streams)),
                turned.stability(0, &others, HALF, (draws(20), &back))
            );
        }
    }
}
