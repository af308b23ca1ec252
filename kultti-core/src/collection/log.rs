//! The history of a ledger: who recorded what, when and why.

use super::Round;
use super::received::figure;
use crate::error::Result;
use crate::ledger::{Commit, EntryKind, Ledger, Recorded, Select};
use crate::model::{AreaCode, MeasureId};
use crate::rules::Figure;
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// What of the history is asked for; everything where nothing is said.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LogOptions {
    /// Lines of an area.
    pub area: Option<AreaCode>,
    /// Lines of a measure.
    pub measure: Option<MeasureId>,
    /// What was known at a moment.
    pub as_of: Option<DateTime<Utc>>,
}

/// A line with the figure that stood there before it.
#[derive(Debug, Clone, PartialEq)]
pub struct LoggedLine {
    /// The line.
    pub line: Recorded,
    /// The figure of the line before, of any stage.
    pub before: Option<Figure>,
}

/// The history of a round.
#[derive(Debug, Clone, PartialEq)]
pub struct Log {
    /// The ledger.
    pub ledger: String,
    /// The commits, the earliest first; of a question about an area or a measure those that hold a line of it.
    pub commits: Vec<Commit>,
    /// The lines, the earliest first, of a question about an area or a measure; none of a question about everything.
    pub lines: Vec<LoggedLine>,
    /// Whether lines were asked for.
    pub in_lines: bool,
}

/// The history of a round: commit by commit, or line by line for an area or a measure.
///
/// # Errors
/// Those of [`Ledger::entries`] and [`Ledger::history`].
pub async fn log(ledger: &Ledger, round: &Round, options: &LogOptions) -> Result<Log> {
    let known = |commit: &Commit| {
        options
            .as_of
            .is_none_or(|moment| commit.time.is_some_and(|time| time <= moment))
    };
    let mut commits: Vec<Commit> = ledger.history().await?;
    commits.retain(known);
    commits.sort_by_key(|commit| commit.version);
    let in_lines = options.area.is_some() || options.measure.is_some();
    let mut lines = Vec::new();
    if in_lines {
        let select = Select {
            round: Some(round.document().id.clone()),
            area: options.area.clone(),
            measure: options.measure.clone(),
            as_of: options.as_of,
            ..Select::default()
        };
        lines = with_before(ledger.entries(&select).await?);
        commits.retain(|commit| lines.iter().any(|line| line.line.sequence == commit.version));
    }
    Ok(Log {
        ledger: ledger.address().to_owned(),
        commits,
        lines,
        in_lines,
    })
}

/// Each line beside the figure that it replaces.
fn with_before(lines: Vec<Recorded>) -> Vec<LoggedLine> {
    let mut last: HashMap<(AreaCode, MeasureId), Figure> = HashMap::new();
    let logged = lines.into_iter().map(|line| {
        let measure = line.entry.measure.clone();
        let key = measure.filter(|_| line.entry.kind == EntryKind::Fact);
        let key = key.map(|measure| (line.entry.area.clone(), measure));
        let before = key.and_then(|key| last.insert(key, figure(&line.entry)));
        LoggedLine { line, before }
    });
    logged.collect()
}
