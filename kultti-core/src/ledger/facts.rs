//! What is known of every figure: its last line.

use super::entry::EntryKind;
use super::rows;
use super::schema;
use super::select::known_by;
use super::table::Ledger;
use crate::error::Result;
use crate::model::{Observation, Scenario, Stage};
use arrow_array::RecordBatch;
use arrow_array::builder::BooleanBuilder;
use arrow_array::cast::AsArray;
use arrow_array::types::Date32Type;
use arrow_schema::{Schema, SchemaRef};
use chrono::{DateTime, Utc};
use datafusion::arrow::compute::filter_record_batch;
use datafusion::error::DataFusionError;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::prelude::{ident, lit};
use futures::StreamExt;
use std::sync::Arc;

/// Which figures, and what was known of them when.
///
/// ```
/// use kultti_core::ledger::Known;
/// use kultti_core::model::{Scenario, Stage};
/// let known = Known::from_stage(Stage::Approved);
/// assert_eq!(known.scenario, Scenario::Actual);
/// assert_eq!(known.as_of, None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// What was known then; `None` for everything in this version.
    pub as_of: Option<DateTime<Utc>>,
    /// The earliest stage that counts.
    pub minimum: Stage,
    /// The scenario: stages are ordered within one only.
    pub scenario: Scenario,
    /// Figures of these rounds only; empty for every round.
    pub rounds: Vec<String>,
}

impl Known {
    /// Actual figures from a stage on, as known now.
    pub fn from_stage(minimum: Stage) -> Self {
        Self {
            as_of: None,
            minimum,
            scenario: Scenario::Actual,
            rounds: Vec::new(),
        }
    }
}

/// The columns of [`Facts`], the key first.
const COLUMNS: [&str; 19] = [
    "measure",
    "period",
    "area",
    "territory",
    "value",
    "status",
    "missing",
    "note",
    "stage",
    "round",
    "author",
    "reason",
    "document",
    "sha256",
    "place",
    "sequence",
    "line",
    "recorded",
    "scenario",
];
/// How many of them are the key.
const KEY: usize = 4;

impl Ledger {
    /// The last line of every figure: of the lines with its measure, period, area and territory that were recorded at
    /// `known.as_of` or earlier and have reached `known.minimum`, the one recorded last, and of lines recorded at the same time
    /// the one added last. In the order of measure, period, area and territory, as a release has them. A figure that was
    /// withdrawn is there, without a value and with the reason.
    ///
    /// Memory is bounded however many lines there are: what does not fit is sorted on disk.
    ///
    /// # Errors
    /// [`crate::Error::LedgerDamaged`] for a file that is not there or cannot be read; [`crate::Error::Io`].
    pub async fn facts(&self, known: &Known) -> Result<Facts> {
        let batches = self.guarded(self.sorted(known)).await?;
        Ok(Facts {
            ledger: self.clone(),
            batches,
            last: None,
        })
    }

    async fn sorted(&self, known: &Known) -> Result<SendableRecordBatchStream, DataFusionError> {
        let stages = Stage::ALL.into_iter().filter(|stage| *stage >= known.minimum);
        let stages = stages.map(|stage| lit(stage.name())).collect();
        let mut conditions = vec![
            ident("kind").eq(lit(EntryKind::Fact.name())),
            ident("scenario").eq(lit(known.scenario.name())),
            ident("stage").in_list(stages, false),
        ];
        conditions.extend(known.as_of.map(known_by));
        if !known.rounds.is_empty() {
            let rounds = known.rounds.iter().map(|round| lit(round.as_str())).collect();
            conditions.push(ident("round").in_list(rounds, false));
        }
        let mut order: Vec<_> = COLUMNS[..KEY]
            .iter()
            .map(|column| ident(*column).sort(true, false))
            .collect();
        order.extend(["recorded", "sequence", "line"].map(|column| ident(column).sort(false, false)));
        let frame = self.frame(conditions, Some(1)).await?;
        frame
            .select(COLUMNS.map(ident).to_vec())?
            .sort(order)?
            .execute_stream()
            .await
    }
}

/// Figures in key order, batch by batch; see [`Ledger::facts`].
///
/// The columns are `measure, period, area, territory, value, status, missing, note, stage, round, author, reason, document,
/// sha256, place, sequence, line, recorded, scenario`, of the types that the ledger has.
pub struct Facts {
    ledger: Ledger,
    batches: SendableRecordBatchStream,
    /// The key of the last row of the batch before.
    last: Option<Key>,
}

type Key = (String, String, String, i32);

/// A figure as it is known: what a release would have of it, with its stage, the reason of its last line, and the version of the
/// ledger that brought it. The origin of the observation is the round.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownFigure {
    /// What is known.
    pub observation: Observation,
    /// The stage of the last line.
    pub stage: Stage,
    /// Its reason; empty where it has none.
    pub reason: String,
    /// The version of the ledger that it came with.
    pub sequence: i64,
}

impl Facts {
    /// The columns of every batch.
    pub fn schema() -> SchemaRef {
        let all = schema::arrow();
        let columns = COLUMNS
            .iter()
            .filter_map(|column| all.field_with_name(column).ok());
        Arc::new(Schema::new(columns.cloned().collect::<Vec<_>>()))
    }

    /// The next figures; `None` after the last. No batch is empty.
    ///
    /// # Errors
    /// Those of [`Ledger::facts`].
    pub async fn next(&mut self) -> Result<Option<RecordBatch>> {
        loop {
            let ledger = &self.ledger;
            let batches = &mut self.batches;
            let Some(batch) = ledger.guarded(async { batches.next().await.transpose() }).await? else {
                return Ok(None);
            };
            let batch = rows::as_written(ledger.address(), &batch)?;
            let firsts = self.firsts(&batch)?;
            if firsts.num_rows() > 0 {
                return Ok(Some(firsts));
            }
        }
    }

    /// The next figures, as [`Facts::next`], row by row; `None` after the last.
    ///
    /// # Errors
    /// Those of [`Facts::next`]; [`crate::Error::LedgerCell`] for what no version of Kultti writes.
    pub async fn next_figures(&mut self) -> Result<Option<Vec<KnownFigure>>> {
        match self.next().await? {
            Some(batch) => rows::figures(self.ledger.address(), &batch).map(Some),
            None => Ok(None),
        }
    }

    /// The first row of every key: the one recorded last.
    fn firsts(&mut self, batch: &RecordBatch) -> Result<RecordBatch> {
        let [measure, period, area] = [0, 1, 2].map(|column| batch.column(column).as_string::<i32>());
        let territory = batch.column(3).as_primitive::<Date32Type>();
        let key = |row: usize| {
            (
                measure.value(row),
                period.value(row),
                area.value(row),
                territory.value(row),
            )
        };
        let mut keep = BooleanBuilder::with_capacity(batch.num_rows());
        for row in 0..batch.num_rows() {
            let same = match row.checked_sub(1) {
                Some(before) => key(before) == key(row),
                None => self
                    .last
                    .as_ref()
                    .is_some_and(|(measure, period, area, territory)| {
                        (measure.as_str(), period.as_str(), area.as_str(), *territory) == key(row)
                    }),
            };
            keep.append_value(!same);
        }
        if let Some(row) = batch.num_rows().checked_sub(1) {
            let (measure, period, area, territory) = key(row);
            self.last = Some((measure.to_owned(), period.to_owned(), area.to_owned(), territory));
        }
        let kept = filter_record_batch(batch, &keep.finish());
        kept.map_err(|error| super::failure::damaged(self.ledger.address(), error))
    }
}
