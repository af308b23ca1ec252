//! How lines of a round come into the ledger: decided against what stands there, and decided again when somebody else was
//! first.

use super::Round;
use crate::error::{Error, ErrorKind, Result};
use crate::language::Message;
use crate::ledger::{CommitInfo, Entry, EntryKind, Input, Ledger};
use crate::model::{AreaCode, Date, Stage, Status};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use std::time::Duration;

use super::Received;

/// How often a commit is tried before the conflict is told. Every lost attempt is another writer's success.
const ATTEMPTS: u64 = 24;

/// Who writes, when and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Act {
    /// Who: a name or an address, as the law of the country wants it.
    pub author: String,
    /// Why; empty where nothing has to be explained.
    pub reason: String,
    /// The present moment.
    pub now: DateTime<Utc>,
}

impl Act {
    /// What a commit of the act says of itself: what was done, and the files that its lines come from.
    fn info(&self, what: &str, entries: &[Entry]) -> CommitInfo {
        let forms = entries.iter().filter(|entry| entry.kind == EntryKind::Submission);
        CommitInfo {
            what: what.to_owned(),
            author: self.author.clone(),
            reason: self.reason.clone(),
            inputs: forms
                .map(|form| Input {
                    name: form.document.clone(),
                    sha256: form.sha256.clone(),
                })
                .collect(),
            ..CommitInfo::default()
        }
    }

    /// Who acts: the one named, or else the one that the environment knows as `KULTTI_AUTHOR`, or as the user of the machine.
    ///
    /// ```
    /// use kultti_core::collection::Act;
    /// let variable = |name: &str| (name == "USER").then(|| "ahonen".to_owned());
    /// assert_eq!(Act::author(None, variable)?, "ahonen");
    /// assert_eq!(Act::author(Some("Aino Ahonen".to_owned()), variable)?, "Aino Ahonen");
    /// assert!(Act::author(Some(" ".to_owned()), variable).is_err());
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::AuthorRequired`] where nobody is known, or the name is empty.
    pub fn author(named: Option<String>, variable: impl Fn(&str) -> Option<String>) -> Result<String> {
        let known = ["KULTTI_AUTHOR", "USER", "USERNAME"];
        let known = || known.into_iter().find_map(&variable);
        let author = named.or_else(known).unwrap_or_default();
        if author.trim().is_empty() {
            return Err(Error::AuthorRequired {});
        }
        Ok(author)
    }

    /// The day of the act, in UTC.
    pub fn day(&self) -> Date {
        day_of(self.now)
    }
}

/// The day of a moment, in UTC.
///
/// ```
/// use kultti_core::collection::day_of;
/// let moment = "2021-03-31T23:30:00Z".parse().expect("a moment");
/// assert_eq!(day_of(moment).to_string(), "2021-03-31");
/// ```
pub fn day_of(moment: DateTime<Utc>) -> Date {
    Date::new(moment.year(), moment.month(), moment.day()).unwrap_or(Date::MIN)
}

/// The moment that a text names: `2021-03-31T12:00:00Z` or with another zone, or a day, whose end in UTC is meant.
///
/// ```
/// use kultti_core::collection::moment;
/// assert_eq!(moment("2021-03-31T15:00:00+03:00")?, moment("2021-03-31T12:00:00Z")?);
/// assert!(moment("2021-03-31")? > moment("2021-03-31T23:59:59Z")?);
/// assert!(moment("2021-03-31T12:00:00").is_err(), "without a zone it is no moment");
/// # Ok::<(), kultti_core::Error>(())
/// ```
///
/// # Errors
/// [`Error::InvalidArgument`] for anything else.
pub fn moment(text: &str) -> Result<DateTime<Utc>> {
    let day = || {
        let day: NaiveDate = text.parse().ok()?;
        Some(day.and_hms_micro_opt(23, 59, 59, 999_999)?.and_utc())
    };
    DateTime::parse_from_rfc3339(text)
        .ok()
        .map(|time| time.to_utc())
        .or_else(day)
        .ok_or_else(|| Error::InvalidArgument {
            name: "time".to_owned(),
            expected: "2021-03-31T12:00:00Z, 2021-03-31".to_owned(),
            found: text.to_owned(),
        })
}

/// What an act decided to write, and what it answers once that is written.
pub(super) struct Decided<T> {
    pub(super) entries: Vec<Entry>,
    pub(super) answer: T,
}

/// Writes what `decide` makes of what the ledger says of a round, or of one area in it, and answers the version that it stands in; nothing is
/// written, and the version is the present one, where there is nothing to write. When somebody else writes first, it is
/// decided again.
pub(super) async fn write<T>(
    ledger: &mut Ledger,
    (round, area): (&Round, Option<&AreaCode>),
    (act, what): (&Act, &str),
    decide: impl Fn(&Received) -> Result<Decided<T>>,
) -> Result<(i64, T)> {
    let mut attempt = 0;
    loop {
        ledger.refresh().await?;
        let received = Received::read(ledger, round, area, None).await?;
        let decided = decide(&received)?;
        if decided.entries.is_empty() {
            return Ok((ledger.version(), decided.answer));
        }
        match ledger
            .commit(&decided.entries, act.now, &act.info(what, &decided.entries))
            .await
        {
            Ok(version) => return Ok((version, decided.answer)),
            Err(error) if error.kind() == ErrorKind::Conflict && attempt < ATTEMPTS => {
                attempt += 1;
                // Writers that wait equally long meet again.
                let spread = u64::from(std::process::id()) * 31 % 17;
                tokio::time::sleep(Duration::from_millis(attempt * (5 + spread))).await;
            }
            Err(error) => return Err(error),
        }
    }
}

/// A line of a round without anything of its own yet.
pub(super) fn line(round: &Round, kind: EntryKind, area: &AreaCode, act: &Act) -> Entry {
    let document = round.document();
    Entry {
        kind,
        round: document.id.clone(),
        area: area.clone(),
        measure: None,
        period: document.period,
        territory: document.territory,
        scenario: document.scenario,
        stage: Stage::Submitted,
        value: None,
        status: Status::Normal,
        missing: None,
        note: String::new(),
        author: act.author.clone(),
        reason: act.reason.clone(),
        document: String::new(),
        sha256: String::new(),
        place: String::new(),
        finding: String::new(),
        until: None,
        consent: None,
    }
}

/// The reason of an act that may not go without one.
pub(super) fn require_reason(act: &Act, what: &'static str) -> Result<()> {
    if act.reason.trim().is_empty() {
        return Err(Error::ReasonRequired {
            what: Message::new(what),
        });
    }
    Ok(())
}
