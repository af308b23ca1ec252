//! The verbs that users come for: compare, rank, groups, change, trend, explain, join for a frame of one's own, and compare_all for everything
//! at once.
//!
//! Every verb is a method of [`crate::release::Release`] that takes an indicator's id and an options struct (or a plain
//! value that becomes one) and answers a record: the figures with method, aggregate, n, coverage and notes. Nothing here
//! formats or writes files.

mod aggregate;
mod card;
mod change;
mod comparability;
mod compare_all;
mod compare_verb;
mod composition;
mod cost_per_use;
mod derivation;
mod expected;
mod explain;
mod groups;
mod inequality;
mod intervals;
mod join;
mod label;
mod lists;
mod members;
mod notes;
mod options;
mod patterns;
mod peers;
mod position;
mod query;
mod rank;
mod release_diff;
mod result;
mod standing;
mod three_year;
mod trend;

pub use crate::stats::Order;
pub use card::{CardBreak, CardMeasure, CardQuestion, CardScope, IndicatorCard};
pub use change::{
    AreaChange, Change, ChangeEnd, ChangeMethod, ChangeOptions, ChangePanel, ChangeRow, ChangeTerms,
    PriceTerm, UnpairedArea,
};
#[cfg(feature = "cluster")]
pub(crate) use compare_all::Computed;
#[cfg(feature = "sql")]
pub(crate) use compare_all::even_parts;
pub use compare_all::{
    Against, Column, ColumnSummary, CompareAll, CompareAllOptions, CompareAllPart, CompareAllSummary,
    Progress, TakenBatches,
};
pub use composition::{Composition, CompositionGroup, CompositionOptions, CompositionPart, PartFigure};
pub use cost_per_use::{
    CostPerUse, CostPerUseOptions, PairIndicator, UseDifference, UseFigures, UseGroup, UsePair,
};
pub use derivation::{
    Derivation, DerivationInput, DerivationStep, Derived, ExplainedFigure, ExplainedInput, ResultExplanation,
};
pub use expected::{
    CapacityIndicator, Expected, ExpectedMethod, ExpectedModel, ExpectedModelVariable, ExpectedOptions,
    ExpectedRow, UnmodelledArea, VariableChoice, VariableContribution,
};
pub use inequality::{Inequality, InequalityGroup, InequalityOptions, InequalityWithoutZeros, TheilIndex};
pub use intervals::{
    AreaInterval, ComparedIntervals, DifferenceTest, FunnelDispersion, FunnelFigures, FunnelPlace,
    FunnelPoint, IntervalLevel, IntervalMethod, IntervalRow, Intervals, IntervalsOptions, Significance,
    TestSide,
};
pub use join::{JoinMatch, JoinOptions, Joined, JoinedArea, JoinedFigures};
pub use lists::{AreaList, AreaRow, IndicatorList, IndicatorRow};
pub use options::{Chain, CompareOptions, ExplainOptions, GroupsOptions, RankOptions, TrendOptions};
pub use peers::{
    CandidateSet, CorrelatedVariables, IncomparableArea, PeerModelList, PeerModelUse, PeerRow,
    PeerVariableUse, Peers, PeersIndicator, PeersOptions,
};
pub use release_diff::{
    ChangeKind, ComparedRelease, DefinitionChange, DefinitionKind, DiffOptions, DiffPart, FieldChange,
    GroupChange, GroupFigures, IndicatorChanges, IndicatorPeriodChanges, MeasureChanges, RankChange,
    RankReason, RankedBy, RankedFigure, ReleaseDiff, ValueChange,
};
pub use result::{
    AreaLabel, ChainLink, Comparison, Context, Explanation, GroupPoint, GroupRow, GroupSeries, Groups,
    MeasureUse, Note, PeerGroup, Position, RankRow, RankedArea, Ranking, Severity, Trend, TrendFit,
    TrendPoint, Unranked,
};
pub use standing::{Bands, GroupBands, MemberRow, Standing};
