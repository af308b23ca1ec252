//! Adding lines to a ledger.

use super::entry::{Entry, EntryKind};
use super::failure::{is_conflict, writing};
use super::rows;
use super::table::Ledger;
use crate::error::{Error, Result};
use crate::language::Message;
use crate::model::Missing;
use chrono::{DateTime, SubsecRound, Utc};
use deltalake::DeltaTableError;
use deltalake::kernel::transaction::{CommitBuilder, TableReference};
use deltalake::kernel::{Action, Add, CommitInfo as DeltaCommitInfo, Transaction};
use deltalake::protocol::{DeltaOperation, SaveMode};
use deltalake::writer::{DeltaWriter, RecordBatchWriter};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// The application under which the time of the last commit stands in the log, in microseconds since 1970.
pub(super) const CLOCK: &str = "kultti.recorded";
/// The key of [`Noted`] in the log.
pub(super) const NOTED: &str = "kultti";

/// A file that lines of a commit come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// Its name.
    pub name: String,
    /// SHA-256 of its content.
    pub sha256: String,
}

/// What a commit says of itself in the log of the table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CommitInfo {
    /// What was done: `submit`, `approve`, `correct`, …
    pub what: String,
    /// Who did it.
    pub author: String,
    /// Why; empty where nothing was said.
    pub reason: String,
    /// The run that did it, such as the id of a job; empty where there is none.
    pub run: String,
    /// The files that the lines come from.
    pub inputs: Vec<Input>,
}

/// How many lines of each kind a commit has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Figures.
    pub facts: usize,
    /// Files taken in.
    pub submissions: usize,
    /// Permissions to publish, given or withdrawn.
    pub consents: usize,
    /// Findings accepted as they are.
    pub waivers: usize,
}

impl Counts {
    /// Lines of any kind.
    pub fn all(&self) -> usize {
        self.facts + self.submissions + self.consents + self.waivers
    }

    /// Counts lines.
    pub(super) fn of(entries: &[Entry]) -> Self {
        let count = |kind| entries.iter().filter(|entry| entry.kind == kind).count();
        Self {
            facts: count(EntryKind::Fact),
            submissions: count(EntryKind::Submission),
            consents: count(EntryKind::Consent),
            waivers: count(EntryKind::Waiver),
        }
    }
}

/// What stands in the log beside the names that Delta Lake has for it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Noted {
    pub(super) what: String,
    #[serde(default)]
    pub(super) reason: String,
    #[serde(default)]
    pub(super) run: String,
    #[serde(default)]
    pub(super) inputs: Vec<Input>,
    #[serde(default)]
    pub(super) lines: Counts,
}

impl Ledger {
    /// Adds lines as the version after [`Ledger::version`]: all of them, or none.
    ///
    /// One attempt is made. Where somebody else wrote that version first, nothing is added; [`Ledger::refresh`], look again
    /// whether the lines still hold, and try again. What the call returns is the version, which is also the `sequence` of every
    /// line. `recorded` is `now` in microseconds, or the time of the commit before where that is later: a clock that was set
    /// back never puts a line before one that was known earlier.
    ///
    /// When it returns, the lines are on the disk: they are there after the process is killed or the power is gone.
    ///
    /// # Errors
    /// [`Error::LedgerConflict`]; [`Error::NothingToRecord`] without lines; [`Error::UnsoundEntry`] for a figure without a
    /// measure, with neither a value nor a reason why there is none, with both, or that is not a number; [`Error::Io`] for a
    /// disk that is full or a folder that cannot be written to; [`Error::LedgerDamaged`].
    ///
    /// ```
    /// # tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
    /// use kultti_core::ledger::{CommitInfo, Entry, EntryKind, Ledger, Select};
    /// use kultti_core::model::{Date, Period, Scenario, Stage, Status};
    /// let mut ledger = Ledger::create("memory:///pilot").await?;
    /// let entry = Entry {
    ///     kind: EntryKind::Fact,
    ///     round: "culture-2020".into(),
    ///     area: "272".into(),
    ///     measure: Some("culture.net_operating_cost".into()),
    ///     period: Period::year(2020),
    ///     territory: Date::new(2020, 1, 1).expect("a day"),
    ///     scenario: Scenario::Actual,
    ///     stage: Stage::Submitted,
    ///     value: Some(5_480_000.0),
    ///     status: Status::Normal,
    ///     missing: None,
    ///     note: String::new(),
    ///     author: "controller@kokkola.example".into(),
    ///     reason: String::new(),
    ///     document: "kokkola.xlsx".into(),
    ///     sha256: String::new(),
    ///     place: "Talous!D14".into(),
    ///     finding: String::new(),
    ///     until: None,
    ///     consent: None,
    /// };
    /// let info = CommitInfo { what: "submit".into(), author: entry.author.clone(), ..CommitInfo::default() };
    /// let now = "2021-03-01T09:00:00Z".parse().expect("a time");
    /// let version = ledger.commit(&[entry.clone()], now, &info).await?;
    /// let lines = ledger.entries(&Select::default()).await?;
    /// assert_eq!((version, lines.len()), (1, 1));
    /// assert_eq!(lines[0].entry, entry);
    /// assert_eq!((lines[0].sequence, lines[0].line, lines[0].recorded), (1, 0, now));
    /// # Ok::<(), kultti_core::Error>(())
    /// # }).expect("the example");
    /// ```
    pub async fn commit(&mut self, entries: &[Entry], now: DateTime<Utc>, info: &CommitInfo) -> Result<i64> {
        self.sound(entries)?;
        let recorded = now.trunc_subsecs(6).max(self.last_recorded().await?);
        let sequence = self.version() + 1;
        let batch = rows::batch(&self.place.address, entries, sequence, recorded)?;
        let actions = self.actions(batch, recorded).await?;
        let noted = noted(info, Counts::of(entries), recorded);
        let written = self.write(actions, noted).await;
        match written {
            Ok(version) if i64::try_from(version) == Ok(sequence) => {}
            // One attempt at one version: anything else would give its lines another sequence than they have.
            Ok(version) => {
                return Err(super::failure::damaged(
                    &self.place.address,
                    format!("version {version} was written in place of {sequence}"),
                ));
            }
            Err(error) if is_conflict(&error) => {
                return Err(Error::LedgerConflict {
                    address: self.place.address.clone(),
                    version: sequence.to_string(),
                });
            }
            Err(error) => return Err(writing(&self.place.address, &error)),
        }
        self.committed(sequence, recorded).await;
        Ok(sequence)
    }

    /// Refuses lines that nothing could be made of.
    fn sound(&self, entries: &[Entry]) -> Result<()> {
        if entries.is_empty() {
            return Err(Error::NothingToRecord {
                address: self.place.address.clone(),
            });
        }
        for (line, entry) in entries.iter().enumerate() {
            if let Some(reason) = unsound(entry) {
                return Err(Error::UnsoundEntry {
                    line,
                    area: entry.area.to_string(),
                    measure: entry
                        .measure
                        .as_ref()
                        .map(ToString::to_string)
                        .unwrap_or_default(),
                    reason: Message::new(reason),
                });
            }
        }
        Ok(())
    }

    /// Writes the file of the lines, and says what the log should say of it.
    async fn actions(&self, batch: arrow_array::RecordBatch, recorded: DateTime<Utc>) -> Result<Vec<Action>> {
        let failed = |error: DeltaTableError| writing(&self.place.address, &error);
        let mut writer = RecordBatchWriter::for_table(&self.table).map_err(failed)?;
        writer.write(batch).await.map_err(failed)?;
        let files: Vec<Add> = writer.flush().await.map_err(failed)?;
        let clock = Transaction::new(CLOCK, recorded.timestamp_micros());
        let mut actions: Vec<Action> = files.into_iter().map(Action::Add).collect();
        actions.push(Action::Txn(clock));
        Ok(actions)
    }

    /// Writes one entry of the log, or nothing.
    async fn write(&self, actions: Vec<Action>, info: DeltaCommitInfo) -> Result<u64, DeltaTableError> {
        let operation = DeltaOperation::Write {
            mode: SaveMode::Append,
            partition_by: None,
            predicate: None,
        };
        let mut all = vec![Action::CommitInfo(info)];
        all.extend(actions);
        let state: &dyn TableReference = self.table.snapshot()?;
        let prepared = CommitBuilder::default()
            .with_actions(all)
            .with_max_retries(0)
            .build(Some(state), self.table.log_store(), operation)
            .into_prepared_commit_future()
            .await?;
        // The hooks that would follow read the table again and write a checkpoint: what they fail at must not look as if the
        // lines had not been added.
        Ok(prepared.await?.version)
    }
}

/// Why nothing could be made of a line.
fn unsound(entry: &Entry) -> Option<&'static str> {
    if entry.kind != EntryKind::Fact {
        return None;
    }
    match (&entry.measure, entry.value, entry.missing) {
        (None, _, _) => Some("entry.without_measure"),
        (_, Some(value), _) if !value.is_finite() => Some("entry.not_a_number"),
        (_, Some(_), Some(_)) => Some("entry.value_and_missing"),
        (_, None, None) => Some("entry.neither_value_nor_missing"),
        // Why a result has no value is not why a figure has none.
        (_, None, Some(missing)) if Missing::from_code(missing.code()).is_none() => {
            Some("entry.not_a_reason")
        }
        _ => None,
    }
}

/// What the log says of a commit, by the names of Delta Lake where it has one, so that other tools show it too.
fn noted(info: &CommitInfo, lines: Counts, recorded: DateTime<Utc>) -> DeltaCommitInfo {
    let noted = Noted {
        what: info.what.clone(),
        reason: info.reason.clone(),
        run: info.run.clone(),
        inputs: info.inputs.clone(),
        lines,
    };
    let noted = serde_json::to_value(noted).unwrap_or_default();
    DeltaCommitInfo {
        timestamp: Some(recorded.timestamp_millis()),
        user_name: Some(info.author.clone()).filter(|author| !author.is_empty()),
        operation: Some("WRITE".to_owned()),
        operation_parameters: Some(HashMap::from([("mode".to_owned(), "Append".into())])),
        is_blind_append: Some(true),
        engine_info: Some(concat!("kultti/", env!("CARGO_PKG_VERSION")).to_owned()),
        info: HashMap::from([(NOTED.to_owned(), noted)]),
        ..DeltaCommitInfo::default()
    }
}
