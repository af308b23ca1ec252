//! What the ledger of a collection takes: adding forms one by one and all at once, opening, asking, reading what is known for a
//! release, and what the number of commits costs.
//!
//! `ledger forms FOLDER COUNT` adds so many forms of 60 figures, each in a commit of its own; `ledger rounds FOLDER
//! ROUND…` answers all that rounds ask, each round in one commit; `ledger read FOLDER` opens, asks and reads. Each prints
//! seconds, and the process's greatest memory: three processes, so that none counts the memory of another.

use chrono::{DateTime, TimeDelta, Utc};
use kultti_core::collection::Round;
use kultti_core::ledger::{CommitInfo, Entry, EntryKind, Known, Ledger, Select};
use kultti_core::model::{Date, Period, Scenario, Stage, Status};
use std::error::Error;
use std::io::Write;
use std::time::Instant;

type Failure = Box<dyn Error + Send + Sync>;

const MUNICIPALITIES: usize = 309;
const FORM: usize = 60;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let texts: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let runtime = tokio::runtime::Runtime::new()?;
    match texts.as_slice() {
        ["forms", folder, count] => runtime.block_on(forms(folder, count.parse()?))?,
        ["rounds", folder, files @ ..] => runtime.block_on(rounds(folder, files))?,
        ["read", folder] => runtime.block_on(read(folder))?,
        _ => return Err("usage: ledger forms FOLDER COUNT | rounds FOLDER ROUND… | read FOLDER".into()),
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    say(
        "greatest memory",
        peak.unwrap_or("not known on this system").trim(),
    )
}

fn say(what: &str, figure: &str) -> Result<(), Failure> {
    writeln!(std::io::stdout(), "{what:<44} {figure}")?;
    Ok(())
}

/// Says how many seconds something took.
async fn timed<T>(what: &str, work: impl Future<Output = kultti_core::Result<T>>) -> Result<T, Failure> {
    let begun = Instant::now();
    let done = work.await?;
    say(what, &format!("{:.4} s", begun.elapsed().as_secs_f64()))?;
    Ok(done)
}

fn now(second: usize) -> Result<DateTime<Utc>, Failure> {
    let begin: DateTime<Utc> = "2021-03-01T09:00:00Z".parse()?;
    Ok(begin + TimeDelta::try_seconds(i64::try_from(second)?).unwrap_or_default())
}

fn info() -> CommitInfo {
    CommitInfo {
        what: "submit".into(),
        author: "controller@example.org".into(),
        ..CommitInfo::default()
    }
}

fn entry(area: usize, measure: usize, year: i32) -> Entry {
    // A made-up figure of cents that no two neighbours share.
    let value = ((area * 7_919 + measure * 104_729) % 10_000_019) as f64 + f64::from(year);
    Entry {
        kind: EntryKind::Fact,
        round: format!("culture-{year}"),
        area: format!("{area:03}").as_str().into(),
        measure: Some(format!("culture.measure_{measure:03}").as_str().into()),
        period: Period::year(year),
        territory: Date::new(year, 1, 1).unwrap_or(Date::MIN),
        scenario: Scenario::Actual,
        stage: Stage::Approved,
        value: Some(value),
        status: Status::Normal,
        missing: None,
        note: String::new(),
        author: "controller@example.org".into(),
        reason: String::new(),
        document: format!("{area:03}-{year}.xlsx"),
        sha256: format!(
            "{:064x}",
            area * 10_000 + usize::try_from(year).unwrap_or_default()
        ),
        place: format!("Talous!D{measure}"),
        finding: String::new(),
        until: None,
        consent: None,
    }
}

async fn forms(folder: &str, count: usize) -> Result<(), Failure> {
    let mut ledger = Ledger::open_or_create(folder).await?;
    let mut taken = Vec::with_capacity(count);
    for form in 0..count {
        let year = 2001 + i32::try_from(form / MUNICIPALITIES)?;
        let entries: Vec<Entry> = (0..FORM)
            .map(|measure| entry(form % MUNICIPALITIES, measure, year))
            .collect();
        let begun = Instant::now();
        ledger.commit(&entries, now(form)?, &info()).await?;
        taken.push(begun.elapsed().as_secs_f64());
    }
    say("forms, each its own commit", &count.to_string())?;
    say("all of them", &format!("{:.3} s", taken.iter().sum::<f64>()))?;
    taken.sort_by(f64::total_cmp);
    say("median form", &format!("{:.4} s", taken[count / 2]))?;
    say("slowest form", &format!("{:.4} s", taken[count - 1]))?;
    Ok(())
}

/// Everything that rounds ask, answered, approved and allowed to be published.
async fn rounds(folder: &str, files: &[&str]) -> Result<(), Failure> {
    let mut ledger = Ledger::open_or_create(folder).await?;
    for (second, file) in files.iter().enumerate() {
        let round = Round::open(file)?;
        let document = round.document();
        let mut entries = Vec::new();
        for (place, reporter) in document.reporters.iter().enumerate() {
            let of = |measure| Entry {
                round: document.id.clone(),
                area: reporter.area.clone(),
                period: document.period,
                territory: document.territory,
                ..entry(place, measure, document.period.calendar_year())
            };
            let said = |kind| Entry {
                kind,
                measure: None,
                value: None,
                ..of(0)
            };
            entries.push(said(EntryKind::Submission));
            entries.push(Entry {
                consent: Some(true),
                ..said(EntryKind::Consent)
            });
            entries.extend(document.asked.iter().enumerate().map(|(measure, asked)| Entry {
                measure: Some(asked.measure.clone()),
                ..of(measure)
            }));
        }
        let what = format!("{}: {} lines in one commit", document.id, entries.len());
        timed(&what, ledger.commit(&entries, now(second)?, &info())).await?;
    }
    Ok(())
}

async fn read(folder: &str) -> Result<(), Failure> {
    let ledger = timed("open", Ledger::open(folder)).await?;
    say("version", &ledger.version().to_string())?;
    let area = Select {
        area: Some("272".into()),
        ..Select::default()
    };
    let lines = timed("lines of an area", ledger.entries(&area)).await?;
    say("  lines", &lines.len().to_string())?;
    let then = Select {
        as_of: lines.get(lines.len() / 2).map(|line| line.recorded),
        ..area
    };
    timed("lines of an area as of a day", ledger.entries(&then)).await?;
    let measure = Select {
        measure: lines.iter().find_map(|line| line.entry.measure.clone()),
        ..Select::default()
    };
    timed("lines of a measure", ledger.entries(&measure)).await?;
    timed("log", ledger.history()).await?;
    let begun = Instant::now();
    let mut facts = ledger.facts(&Known::from_stage(Stage::Approved)).await?;
    let mut rows = 0;
    while let Some(batch) = facts.next().await? {
        rows += batch.num_rows();
    }
    say(
        "what is known, in key order",
        &format!("{:.3} s", begun.elapsed().as_secs_f64()),
    )?;
    say("  figures", &rows.to_string())
}
