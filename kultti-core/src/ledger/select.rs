//! Lines of a ledger, chosen by what stands in them.

use super::entry::{EntryKind, Recorded};
use super::failure::reading;
use super::rows;
use super::table::Ledger;
use crate::error::Result;
use crate::model::{AreaCode, MeasureId, Period, Scenario};
use crate::session;
use chrono::{DateTime, Utc};
use datafusion::common::ScalarValue;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::Expr;
use datafusion::prelude::{DataFrame, ident, lit};
use futures::{FutureExt, StreamExt};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

/// Which lines of a ledger: every one that agrees with all that is said here.
///
/// ```
/// use kultti_core::ledger::{EntryKind, Select};
/// let select = Select {
///     kind: Some(EntryKind::Fact),
///     area: Some("272".into()),
///     ..Select::default()
/// };
/// assert!(select.measure.is_none());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Select {
    /// What is recorded.
    pub kind: Option<EntryKind>,
    /// The round.
    pub round: Option<String>,
    /// The reporter.
    pub area: Option<AreaCode>,
    /// The measure.
    pub measure: Option<MeasureId>,
    /// The period.
    pub period: Option<Period>,
    /// The scenario.
    pub scenario: Option<Scenario>,
    /// SHA-256 of the file that the line came from.
    pub sha256: Option<String>,
    /// What was known then: lines recorded at that time or earlier.
    pub as_of: Option<DateTime<Utc>>,
}

impl Select {
    /// The conditions, each on one column.
    fn conditions(&self) -> Vec<Expr> {
        let mut conditions: Vec<Expr> = [
            ("kind", self.kind.map(|kind| kind.name().to_owned())),
            ("round", self.round.clone()),
            ("area", self.area.as_ref().map(ToString::to_string)),
            ("measure", self.measure.as_ref().map(ToString::to_string)),
            ("period", self.period.map(|period| period.to_string())),
            (
                "scenario",
                self.scenario.map(|scenario| scenario.name().to_owned()),
            ),
            ("sha256", self.sha256.clone()),
        ]
        .into_iter()
        .filter_map(|(column, value)| Some(ident(column).eq(lit(value?))))
        .collect();
        conditions.extend(self.as_of.map(known_by));
        conditions
    }
}

/// What was recorded at a time or earlier.
pub(super) fn known_by(time: DateTime<Utc>) -> Expr {
    let time = ScalarValue::TimestampMicrosecond(Some(time.timestamp_micros()), Some("UTC".into()));
    ident("recorded").lt_eq(lit(time))
}

impl Ledger {
    /// The lines that agree with `select`, in the order in which they were added.
    ///
    /// # Errors
    /// [`Error::LedgerDamaged`](crate::Error::LedgerDamaged) for a file that is not there or cannot be read;
    /// [`Error::LedgerCell`](crate::Error::LedgerCell) for a line with a name that this version of Kultti does not know;
    /// [`Error::Io`](crate::Error::Io).
    pub async fn entries(&self, select: &Select) -> Result<Vec<Recorded>> {
        let mut lines = Vec::new();
        self.guarded(async {
            let frame = self.frame(select.conditions(), None).await?;
            let mut batches = frame.execute_stream().await?;
            while let Some(batch) = batches.next().await {
                lines.push(rows::lines(self.address(), &batch?));
            }
            Ok(())
        })
        .await?;
        let lines: Result<Vec<Vec<Recorded>>> = lines.into_iter().collect();
        let mut lines = lines?.concat();
        lines.sort_by_key(|recorded| (recorded.sequence, recorded.line));
        Ok(lines)
    }

    /// The rows of the table that meet every condition, in so many partitions; as many as suit the machine where nothing is said.
    pub(super) async fn frame(
        &self,
        conditions: Vec<Expr>,
        partitions: Option<usize>,
    ) -> Result<DataFrame, DataFusionError> {
        let context = session::reader(partitions)?;
        let state = context.state();
        let outside = |error: deltalake::DeltaTableError| DataFusionError::External(Box::new(error));
        self.table.update_datafusion_session(&state).map_err(outside)?;
        let table = self.table.table_provider().with_session(Arc::new(state)).await?;
        let mut frame = context.read_table(table)?;
        for condition in conditions {
            frame = frame.filter(condition)?;
        }
        Ok(frame)
    }

    /// Reads files that may be damaged; some make a decoder panic that we did not write, and that is an error like any other.
    pub(super) async fn guarded<T>(
        &self,
        read: impl Future<Output = Result<T, DataFusionError>>,
    ) -> Result<T> {
        match AssertUnwindSafe(read).catch_unwind().await {
            Ok(read) => read.map_err(|error| reading(self.address(), &error)),
            Err(_) => Err(super::failure::damaged(
                self.address(),
                "a file of it cannot be decoded",
            )),
        }
    }
}
