//! What was done to a ledger, from its log.

use super::commit::{Counts, Input, NOTED, Noted};
use super::failure::{damaged, reading};
use super::table::Ledger;
use crate::error::Result;
use chrono::{DateTime, Utc};
use deltalake::kernel::CommitInfo as DeltaCommitInfo;
use futures::{StreamExt, TryStreamExt, stream};
use serde::Deserialize;

/// One commit of a ledger, as its log tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// The version that it made.
    pub version: i64,
    /// When; `None` where the log does not say.
    pub time: Option<DateTime<Utc>>,
    /// Who; empty where the log does not say.
    pub author: String,
    /// What: `submit`, `approve`, …; of a commit that is not Kultti's, the operation of Delta Lake, such as `OPTIMIZE`.
    pub what: String,
    /// Why.
    pub reason: String,
    /// The run that did it.
    pub run: String,
    /// The files that its lines come from.
    pub inputs: Vec<Input>,
    /// How many lines of each kind it added.
    pub lines: Counts,
    /// The program and its version.
    pub tool: String,
}

impl Ledger {
    /// Every commit up to this version, the earliest first. Version 0 is the making of the ledger.
    ///
    /// # Errors
    /// [`crate::Error::LedgerDamaged`]; [`crate::Error::Io`].
    pub async fn history(&self) -> Result<Vec<Commit>> {
        const AT_ONCE: usize = 16;
        let log = self.table.log_store();
        let newest = u64::try_from(self.version()).unwrap_or_default();
        let entries = stream::iter(0..=newest).map(|version| {
            let log = log.clone();
            async move { log.read_commit_entry(version).await.map(|entry| (version, entry)) }
        });
        let entries: Result<Vec<_>, _> = entries.buffered(AT_ONCE).try_collect().await;
        let entries = entries.map_err(|error| reading(self.address(), &error))?;
        let commits = entries.into_iter().map(|(version, entry)| {
            // Another tool may have taken the oldest entries of the log away; what they added is in a checkpoint.
            let Some(entry) = entry else { return Ok(None) };
            let version = i64::try_from(version).unwrap_or(i64::MAX);
            let info = info(&entry)
                .map_err(|error| damaged(self.address(), format!("version {version}: {error}")))?;
            Ok(Some(commit(version, info)))
        });
        commits.filter_map(Result::transpose).collect()
    }
}

/// What an entry of the log says of its commit: one of its lines, each of which is JSON.
fn info(entry: &[u8]) -> serde_json::Result<DeltaCommitInfo> {
    #[derive(Deserialize)]
    struct Line {
        #[serde(rename = "commitInfo")]
        info: Option<DeltaCommitInfo>,
    }
    for line in entry
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.trim_ascii().is_empty())
    {
        if let Some(info) = serde_json::from_slice::<Line>(line)?.info {
            return Ok(info);
        }
    }
    Ok(DeltaCommitInfo::default())
}

fn commit(version: i64, mut info: DeltaCommitInfo) -> Commit {
    let noted = info
        .info
        .remove(NOTED)
        .and_then(|noted| serde_json::from_value::<Noted>(noted).ok());
    let operation = info.operation.unwrap_or_default();
    let noted = noted.unwrap_or(Noted {
        what: operation,
        reason: String::new(),
        run: String::new(),
        inputs: Vec::new(),
        lines: Counts::default(),
    });
    let client = || {
        info.info
            .get("clientVersion")
            .and_then(|client| client.as_str())
            .map(str::to_owned)
    };
    Commit {
        version,
        time: info.timestamp.and_then(DateTime::from_timestamp_millis),
        author: info.user_name.unwrap_or_default(),
        what: noted.what,
        reason: noted.reason,
        run: noted.run,
        inputs: noted.inputs,
        lines: noted.lines,
        tool: info.engine_info.or_else(client).unwrap_or_default(),
    }
}
