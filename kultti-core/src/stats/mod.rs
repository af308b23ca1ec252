//! Statistical kernels: pure functions on slices, one file per family.
//!
//! Every figure Kultti computes comes out of a function on this page. A kernel knows nothing of
//! municipalities, tables or files, so each rule can be read, tested and cited on its own.
//!
//! | family | items |
//! |---|---|
//! | exact sums | [`decimal_sum`], [`exact_sum`], [`ExactSum`] |
//! | one sort for a whole slice | [`Ordered`], [`Grouped`] |
//! | rank | [`rank`](fn@rank), [`percent_rank`] |
//! | quantiles | [`quantile`](fn@quantile), [`median`], [`weighted_quantile`], [`quantile_groups`] |
//! | location and spread | [`mean`], [`weighted_mean`], [`standard_deviation`], [`median_absolute_deviation`], [`z_scores`], [`robust_z_scores`], [`standard_score`], [`robust_score`] |
//! | group values | [`ratio_of_sums`], [`Coverage`] |
//! | change over time | [`absolute_change`], [`relative_change`], [`index`], [`compound_annual_growth`] |
//! | real prices | [`real_value`] |
//! | trend | [`theil_sen`], [`mann_kendall`], [`chained_index`] |
//! | what a change is made of | [`shapley`], [`lmdi`], [`within_between`] |
//! | bands | [`relative_bands`], [`band_of`], [`threshold_bands`], [`interval_band`] |
//! | inequality | [`gini`], [`theil`], [`theil_decomposition`], [`lorenz`], [`lorenz_share`] |
//! | intervals of chance | [`byar_interval`], [`exact_interval`], [`wilson_interval`], [`normal_quantile`] |
//! | funnels | [`funnel`](fn@funnel) |
//! | tests of a difference | [`conditional_test`], [`newcombe_difference`], [`benjamini_hochberg`] |
//! | similarity | [`Distances`], [`WeightDraws`] |
//! | expected rates | [`expected_rates`] |
//!
//! # Missing values
//! A positional kernel, one that answers for each area, takes `&[Option<f64>]` and returns a vector of
//! the same length in the same order: a missing value is `None`, stays `None`, and is not counted in
//! `n`. A reducer, one that answers for the group, takes `&[f64]` of the values present. [`Ordered`], for
//! many slices one after another, takes and gives `&[f64]` in which NaN is missing. Missing is never 0,
//! and a reported 0 is a value like any other.
//!
//! # Precondition
//! Values are finite: no NaN and no infinity. A kernel does not panic on them, but its answer then
//! means nothing.
//!
//! # Order of the input
//! No result depends on the order of the input: where floats are added the sum is exact and rounded
//! once, so one partition and seven give the same bytes. Permuting the input of a positional kernel
//! permutes its output. `-0.0` and `0.0` are the same value everywhere.

mod aggregate;
mod bands;
mod change;
mod decompose;
mod difference;
mod distance;
mod exact;
mod funnel;
mod grouped;
mod inequality;
mod intervals;
mod ordered;
mod price;
mod quantile;
mod rank;
mod regression;
mod spread;
mod sum;
mod trend;

pub use aggregate::{COVERAGE_THRESHOLD, Coverage, ratio_of_sums};
pub use bands::{Band, Direction, RelativeBands, band_of, interval_band, relative_bands, threshold_bands};
pub use change::{
    ChangeMissing, absolute_change, compound_annual_growth, index, relative_change, relative_changes,
};
pub use decompose::{Contribution, PanelMember, lmdi, shapley, within_between};
pub use difference::{ProportionDifference, benjamini_hochberg, conditional_test, newcombe_difference};
pub use distance::{
    DistanceRefusal, DistanceVariable, Distances, LEAST_COMMON_WEIGHT, Nearness, Neighbour,
    STRONG_CORRELATION, Standard, WeightDraws,
};
pub use exact::ExactSum;
pub use funnel::{ADDITIVE_ABOVE, Chance, Dispersion, FUNNEL_MINIMUM, Funnel, funnel};
pub use grouped::Grouped;
pub use inequality::{
    InequalityMissing, LorenzPoint, TheilDecomposition, TheilGroup, gini, lorenz, lorenz_share, theil,
    theil_decomposition,
};
pub use intervals::{EXACT_BELOW, Interval, byar_interval, exact_interval, normal_quantile, wilson_interval};
pub use ordered::Ordered;
pub use price::real_value;
pub use quantile::{QuantileType, median, quantile, quantile_groups, weighted_quantile};
pub use rank::{Order, Ties, Worst, percent_rank, rank};
pub use regression::{
    AREAS_PER_VARIABLE, Coefficient, FittedArea, HUBER_K, Prediction, Regression, RegressionMethod,
    RegressionRefused, RegressionRow, expected_rates,
};
pub use spread::{
    MEAN_ABSOLUTE_DEVIATION_SCALE, MEDIAN_ABSOLUTE_DEVIATION_SCALE, RobustScale, mean,
    median_absolute_deviation, robust_score, robust_z_scores, standard_deviation, standard_score,
    weighted_mean, z_scores,
};
pub use sum::{decimal_sum, exact_sum};
pub use trend::{MannKendall, TREND_MINIMUM, TheilSen, TrendTest, chained_index, mann_kendall, theil_sen};
