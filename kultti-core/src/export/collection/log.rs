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
use crate::model::Missing;

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

/// A column of lines for people: its header, and what stands in it.
type Column<'l> = (&'static str, Align, &'l dyn Fn(&LoggedLine) -> String);

/// Lines for people. What is the same on every line (the area or measure that was asked about) stands above them instead.
fn lines_grid(lines: &[LoggedLine], writer: Writer) -> Grid {
    let area = |logged: &LoggedLine| logged.line.entry.area.to_string();
    let measure = |logged: &LoggedLine| {
        let measure = logged.line.entry.measure.as_ref();
        measure.map(ToString::to_string).unwrap_or_default()
    };
    let columns: [Column; 9] = [
        ("word.recorded", Align::Left, &|logged| {
            shown(logged.line.recorded)
        }),
        ("word.municipality", Align::Left, &area),
        ("word.measure", Align::Left, &measure),
        ("word.entry", Align::Left, &|logged| {
            writer.word(kind_word(logged.line.entry.kind))
        }),
        ("word.stage", Align::Left, &|logged| {
            writer.word(stage_word(logged.line.entry.stage))
        }),
        ("word.before-now", Align::Right, &|logged| {
            let before = logged.before.as_ref();
            before.map_or_else(String::new, |before| figure(before.value, before.missing, writer))
        }),
        ("word.now", Align::Right, &|logged| said(logged, writer)),
        ("word.author", Align::Left, &|logged| {
            logged.line.entry.author.clone()
        }),
        ("word.reason", Align::Left, &|logged| {
            logged.line.entry.reason.clone()
        }),
    ];
    let same = |of: &dyn Fn(&LoggedLine) -> String| {
        let first = lines.first().map(of)?;
        lines.iter().all(|line| of(line) == first).then_some(first)
    };
    let asked = [same(&area), same(&measure)];
    let is_asked = |code: &str| {
        (code == "word.municipality" && asked[0].is_some()) || (code == "word.measure" && asked[1].is_some())
    };
    let kept: Vec<&Column> = columns.iter().filter(|(code, ..)| !is_asked(code)).collect();
    let row = |logged: &LoggedLine| kept.iter().map(|(.., of)| of(logged)).collect();
    Grid {
        caption: asked.into_iter().flatten().collect::<Vec<_>>().join(", "),
        headers: kept
            .iter()
            .map(|(code, align, _)| writer.header(code, *align))
            .collect(),
        rows: lines.iter().map(row).collect(),
    }
}

fn figure(value: Option<f64>, missing: Option<Missing>, writer: Writer) -> String {
    match (value, missing) {
        (None, None) => String::new(),
        (value, missing) => writer.value(value, missing, 0),
    }
}

/// What a line records.
fn said(logged: &LoggedLine, writer: Writer) -> String {
    let entry = &logged.line.entry;
    match entry.kind {
        EntryKind::Fact => figure(entry.value, entry.missing, writer),
        EntryKind::Consent => writer.word(if entry.consent == Some(true) {
            "word.yes"
        } else {
            "word.no"
        }),
        EntryKind::Waiver => entry.finding.clone(),
        EntryKind::Submission => entry.document.clone(),
    }
}
