//! The history of a round, commit by commit or line by line.

use super::status::stage_word;
use super::{moment, optional, shown, version};
use crate::collection::{Log, LoggedLine};
use crate::export::Export;
use crate::export::document::{Align, Block, Document, Grid};
use crate::export::people::Writer;
use crate::export::table::{Table, Value, text};
use crate::language::Language;
use crate::ledger::{Commit, EntryKind};

fn kind_word(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Fact => "word.entry-fact",
        EntryKind::Submission => "word.entry-submission",
        EntryKind::Consent => "word.entry-consent",
        EntryKind::Waiver => "word.entry-waiver",
    }
}

impl Export for Log {
    fn table(&self, language: Language) -> Table {
        let (columns, rows) = if self.in_lines {
            (LINES.to_vec(), self.lines.iter().map(line).collect())
        } else {
            (COMMITS.to_vec(), self.commits.iter().map(commit).collect())
        };
        Table {
            columns,
            rows,
            notes: Vec::new(),
            language,
        }
    }

    fn document(&self, language: Language) -> Document {
        let writer = Writer { language };
        let grid = if self.in_lines {
            lines_grid(&self.lines, writer)
        } else {
            commits_grid(&self.commits, writer)
        };
        writer.document(vec![
            Block::Heading {
                text: writer.word("collection.log"),
                aside: self.ledger.clone(),
                level: 1,
            },
            Block::Grid(grid),
        ])
    }
}

const COMMITS: [&str; 7] = [
    "version",
    "recorded",
    "operation",
    "author",
    "reason",
    "lines",
    "tool",
];

fn commit(commit: &Commit) -> Vec<Value> {
    vec![
        text(version(commit.version)),
        moment(commit.time),
        text(&commit.what),
        optional(&commit.author),
        optional(&commit.reason),
        Value::Count(commit.lines.all()),
        optional(&commit.tool),
    ]
}

const LINES: [&str; 24] = [
    "sequence",
    "line",
    "recorded",
    "kind",
    "round",
    "area",
    "measure",
    "period",
    "scenario",
    "stage",
    "value_before",
    "missing_before",
    "value",
    "status",
    "missing",
    "note",
    "author",
    "reason",
    "document",
    "sha256",
    "place",
    "finding",
    "until",
    "consent",
];

fn line(logged: &LoggedLine) -> Vec<Value> {
    let (line, before) = (&logged.line, logged.before.as_ref());
    let entry = &line.entry;
    vec![
        text(version(line.sequence)),
        Value::Count(usize::try_from(line.line).unwrap_or_default()),
        moment(Some(line.recorded)),
        text(entry.kind.name()),
        text(&entry.round),
        text(&entry.area),
        Value::Text(entry.measure.as_ref().map(ToString::to_string)),
        text(entry.period),
        text(entry.scenario.name()),
        text(entry.stage.name()),
        Value::Number(before.and_then(|figure| figure.value)),
        Value::Missing(before.and_then(|figure| figure.missing)),
        Value::Number(entry.value),
        text(entry.status.letter()),
        Value::Missing(entry.missing),
        optional(&entry.note),
        text(&entry.author),
        optional(&entry.reason),
        optional(&entry.document),
        optional(&entry.sha256),
        optional(&entry.place),
        optional(&entry.finding),
        Value::Text(entry.until.map(|day| day.to_string())),
        Value::Text(entry.consent.map(|consent| consent.to_string())),
    ]
}

fn commits_grid(commits: &[Commit], writer: Writer) -> Grid {
    let row = |commit: &Commit| {
        vec![
            version(commit.version),
            commit.time.map(shown).unwrap_or_default(),
            commit.what.clone(),
            commit.author.clone(),
            writer.count_of(commit.lines.all() as u64),
            commit.reason.clone(),
        ]
    };
    let headers = [
        ("word.version", Align::Right),
        ("word.recorded", Align::Left),
        ("word.operation", Align::Left),
        ("word.author", Align::Left),
        ("word.lines", Align::Right),
        ("word.reason", Align::Left),
    ];
    Grid {
        caption: String::new(),
        headers: headers.map(|(code, align)| writer.header(code, align)).to_vec(),
        rows: commits.iter().map(row).collect(),
    }
}

fn lines_grid(lines: &[LoggedLine], writer: Writer) -> Grid {
    let row = |logged: &LoggedLine| {
        let entry = &logged.line.entry;
        let before = logged.before.as_ref();
        let figure = |value: Option<f64>, missing| match (value, missing) {
            (None, None) => String::new(),
            (value, missing) => writer.value(value, missing, 0),
        };
        let said = match entry.kind {
            EntryKind::Fact => figure(entry.value, entry.missing),
            EntryKind::Consent => {
                let allowed = entry.consent == Some(true);
                writer.word(if allowed { "word.yes" } else { "word.no" })
            }
            EntryKind::Waiver => entry.finding.clone(),
            EntryKind::Submission => entry.document.clone(),
        };
        vec![
            shown(logged.line.recorded),
            entry.area.to_string(),
            entry
                .measure
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
            writer.word(kind_word(entry.kind)),
            writer.word(stage_word(entry.stage)),
            before
                .map(|figure_before| figure(figure_before.value, figure_before.missing))
                .unwrap_or_default(),
            said,
            entry.author.clone(),
            entry.reason.clone(),
        ]
    };
    let headers = [
        ("word.recorded", Align::Left),
        ("word.municipality", Align::Left),
        ("word.measure", Align::Left),
        ("word.entry", Align::Left),
        ("word.stage", Align::Left),
        ("word.before-now", Align::Right),
        ("word.now", Align::Right),
        ("word.author", Align::Left),
        ("word.reason", Align::Left),
    ];
    Grid {
        caption: String::new(),
        headers: headers.map(|(code, align)| writer.header(code, align)).to_vec(),
        rows: lines.iter().map(row).collect(),
    }
}
