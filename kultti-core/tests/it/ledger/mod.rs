//! The ledger: what is written is read, by us and by others; what fails leaves it as it was.

mod damage;
mod known;
pub(crate) mod others;
pub(crate) mod processes;
mod table;

use chrono::{DateTime, Utc};
use kultti_core::ledger::{CommitInfo, Entry, EntryKind};
use kultti_core::model::{Date, Missing, Period, Scenario, Stage, Status};

/// Waits for a future in a runtime of its own.
fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new()
        .expect("a runtime")
        .block_on(future)
}

pub(crate) fn time(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

pub(crate) fn by(author: &str) -> CommitInfo {
    CommitInfo {
        what: "submit".into(),
        author: author.into(),
        ..CommitInfo::default()
    }
}

/// A figure of 2020 as it was submitted.
pub(crate) fn fact(area: &str, measure: &str, value: f64) -> Entry {
    Entry {
        kind: EntryKind::Fact,
        round: "culture-2020".into(),
        area: area.into(),
        measure: Some(measure.into()),
        period: Period::year(2020),
        territory: Date::new(2020, 1, 1).expect("a day"),
        scenario: Scenario::Actual,
        stage: Stage::Submitted,
        value: Some(value),
        status: Status::Normal,
        missing: None,
        note: String::new(),
        author: "controller@example.org".into(),
        reason: String::new(),
        document: format!("{area}.xlsx"),
        sha256: format!("{area:0>64}"),
        place: "Talous!D14".into(),
        finding: String::new(),
        until: None,
        consent: None,
    }
}

/// A line with every field said, and one of every kind.
fn lines_of_every_kind() -> Vec<Entry> {
    let all = Entry {
        stage: Stage::Corrected,
        scenario: Scenario::Budget,
        value: None,
        status: Status::Missing,
        missing: Some(Missing::NotReported),
        note: "äiti; \"siteeraus\"\nrivi 2 \u{1F3AD}".into(),
        reason: "luku oli tuhansina".into(),
        finding: "R012".into(),
        until: Date::new(2021, 12, 31),
        consent: Some(false),
        ..fact("091", "culture.net_operating_cost", 0.0)
    };
    let of = |kind, measure: Option<&str>| Entry {
        kind,
        measure: measure.map(Into::into),
        value: None,
        ..fact("272", "", 0.0)
    };
    vec![
        fact("272", "culture.net_operating_cost", -0.1),
        fact("272", "culture.visits", 9_007_199_254_740_991.0),
        all,
        of(EntryKind::Submission, None),
        Entry {
            consent: Some(true),
            ..of(EntryKind::Consent, None)
        },
        Entry {
            finding: "R007".into(),
            until: Date::new(2022, 6, 30),
            ..of(EntryKind::Waiver, Some("culture.visits"))
        },
    ]
}
