//! Kultti in Python: the extension module `kultti._kultti`, which the package `kultti` re-exports.
//!
//! Nothing here computes a figure. A class holds a record of `kultti-core` and the language of its release, its
//! attributes have the names of the JSON form, and every question runs without holding the interpreter. The only threads
//! are those of a running `compare_all` and the one that a long question is answered by, so a forked process may go on
//! asking; a ledger and SQL have a runtime, which stays in the process that it was begun in.

mod acts;
mod argument;
mod change;
mod chart;
mod check;
mod cite;
mod compare_all;
mod comparison;
mod composition;
mod cost_per_use;
mod cube;
mod derivation;
mod error;
mod expected;
mod explanation;
mod facts;
mod frame;
mod groups;
mod indicator;
mod inequality;
mod interrupt;
mod intervals;
mod join;
mod ledger;
mod lists;
mod moment;
mod peers;
mod progress;
mod ranking;
mod record;
mod release;
mod release_diff;
mod report;
mod round;
mod runtime;
mod spelling;
mod sql;
mod status;
mod table;
mod to_frame;
mod trend;

use pyo3::prelude::*;

#[pymodule(name = "_kultti", gil_used = false)]
mod extension {
    #[pymodule_export]
    use crate::acts::{Approved, CollectedFigure, Corrected, HeldBack, Submitted, Waived};
    #[pymodule_export]
    use crate::change::{AreaChange, Change, ChangeRow, ChangeTerms, UnpairedArea};
    #[pymodule_export]
    use crate::chart::Chart;
    #[pymodule_export]
    use crate::check::{Check, CheckedForm, Finding, FormCell, Repair, RuleCount};
    #[pymodule_export]
    use crate::compare_all::{Batch, Batches, CompareAll, CompareAllSummary};
    #[pymodule_export]
    use crate::comparison::{Comparison, PeerGroups};
    #[pymodule_export]
    use crate::composition::{
        Composition, CompositionGroup, CompositionGroupPart, CompositionPart, PartFigure,
    };
    #[pymodule_export]
    use crate::cost_per_use::CostPerUse;
    #[pymodule_export]
    use crate::cube::{Category, Cube, CubeNote, Dimension, read};
    #[pymodule_export]
    use crate::derivation::ResultExplanation;
    #[pymodule_export]
    use crate::expected::Expected;
    #[pymodule_export]
    use crate::explanation::Explanation;
    #[pymodule_export]
    use crate::facts::Facts;
    #[pymodule_export]
    use crate::groups::Groups;
    #[pymodule_export]
    use crate::indicator::{IndicatorBreak, IndicatorMeasure, IndicatorRow, IndicatorScope, IndicatorSource};
    #[pymodule_export]
    use crate::inequality::{Inequality, InequalityGroup, InequalityWithoutZeros, LorenzPoint, Theil};
    #[pymodule_export]
    use crate::intervals::{DifferenceTest, Funnel, FunnelPoint, Interval, IntervalRow, Intervals, TestSide};
    #[pymodule_export]
    use crate::join::Joined;
    #[pymodule_export]
    use crate::ledger::Ledger;
    #[pymodule_export]
    use crate::lists::{AreaList, IndicatorList};
    #[pymodule_export]
    use crate::peers::{
        CorrelatedVariables, IncomparableArea, Peer, PeerModel, PeerModelList, PeerModelVariable,
        PeerVariable, Peers,
    };
    #[pymodule_export]
    use crate::ranking::Ranking;
    #[pymodule_export]
    use crate::record::{
        Area, AreaRow, Capacity, Coefficient, ColumnSummary, Deflator, DerivationStep, ExpectedModel,
        ExpectedModelVariable, ExpectedRow, ExplainedFigure, ExplainedInput, GroupBands, GroupRow,
        MeasureUse, MemberRow, Missing, Note, Observation, PeerGroup, Position, RankRow, SiteWritten,
        TrendPoint, UnmodelledArea, Unranked, UseDifference, UseFigures, UseGroup, UsePair,
        VariableContribution, Verification,
    };
    #[pymodule_export]
    use crate::release::{Release, example, language, open, set_language};
    #[pymodule_export]
    use crate::release_diff::ReleaseDiff;
    #[pymodule_export]
    use crate::report::Report;
    #[pymodule_export]
    use crate::round::{AskedMeasure, Reporter, Round};
    #[pymodule_export]
    use crate::sql::SqlResult;
    #[pymodule_export]
    use crate::status::{Log, ReporterStatus, RoundStatus};
    #[pymodule_export]
    use crate::table::{Answer, Table};
    #[pymodule_export]
    use crate::trend::{GroupPoint, Trend, TrendFit};

    #[pymodule_init]
    fn version(module: &pyo3::Bound<'_, pyo3::types::PyModule>) -> pyo3::PyResult<()> {
        pyo3::types::PyModuleMethods::add(module, "__version__", env!("CARGO_PKG_VERSION"))
    }

    /// Runs the command line with these arguments, the program's name first, and answers the exit code.
    #[pyo3::pyfunction]
    fn cli_main(py: pyo3::Python<'_>, args: Vec<std::ffi::OsString>) -> u8 {
        py.detach(|| kultti_cli::run(args))
    }
}
