//! How a round stands, as a table and for people.

use super::{moment, shown, version};
use crate::collection::{ReporterStatus, RoundStatus, day_of};
use crate::export::Export;
use crate::export::document::{Align, Block, Document, Grid};
use crate::export::people::Writer;
use crate::export::table::{Table, Value, text};
use crate::language::{Language, Message};
use crate::model::Stage;
use crate::rules::Severity;
use serde_json::json;

/// The word for a stage.
pub(super) fn stage_word(stage: Stage) -> &'static str {
    match stage {
        Stage::Draft => "word.stage-draft",
        Stage::Submitted => "word.stage-submitted",
        Stage::Approved => "word.stage-approved",
        Stage::Final => "word.stage-final",
        Stage::Corrected => "word.stage-corrected",
    }
}

fn consent_code(consent: Option<bool>) -> &'static str {
    match consent {
        Some(true) => "yes",
        Some(false) => "no",
        None => "not-said",
    }
}

fn consent_word(consent: Option<bool>) -> &'static str {
    match consent {
        Some(true) => "word.yes",
        Some(false) => "word.no",
        None => "word.not-said",
    }
}

impl Export for RoundStatus {
    /// One row for each expected reporter.
    fn table(&self, language: Language) -> Table {
        let columns = vec![
            "round",
            "area",
            "name",
            "stage",
            "answered",
            "last",
            "late",
            "submissions",
            "figures",
            "asked",
            "errors",
            "warnings",
            "notes",
            "explained",
            "waived",
            "consent",
            "ledger_version",
        ];
        let row = |one: &ReporterStatus| {
            vec![
                text(&self.round),
                text(&one.area),
                text(one.name.get(language)),
                Value::Text(one.stage.map(|stage| stage.name().to_owned())),
                moment(one.answered),
                moment(one.last),
                Value::Flag(one.late),
                Value::Count(one.submissions),
                Value::Count(one.figures),
                Value::Count(one.asked),
                Value::Count(one.errors),
                Value::Count(one.warnings),
                Value::Count(one.notes),
                Value::Count(one.explained),
                Value::Count(one.waived),
                text(consent_code(one.consent)),
                text(version(self.version)),
            ]
        };
        Table {
            columns,
            rows: self.reporters.iter().map(row).collect(),
            notes: Vec::new(),
            language,
        }
    }

    fn json(&self, language: Language) -> serde_json::Value {
        json!({
            "schema": 1,
            "round": self.round,
            "label": self.label.get(language),
            "due": self.due,
            "ledger_version": self.version,
            "as_of": self.as_of.map(|time| time.to_rfc3339()),
            "expected": self.reporters.len(),
            "answered": self.answered(),
            "late": self.late(),
            "response_rate": self.response_rate(),
            "open": {
                "errors": self.open(Severity::Error),
                "warnings": self.open(Severity::Warning),
                "notes": self.open(Severity::Note),
            },
            "reporters": self.table(language).to_json(),
        })
    }

    fn document(&self, language: Language) -> Document {
        let writer = Writer { language };
        let heading = Block::Heading {
            text: self.label.get(language).to_owned(),
            aside: self.as_of.map(shown).unwrap_or_default(),
            level: 1,
        };
        let summary = Message::new("collection.status")
            .with("answered", self.answered())
            .with("expected", self.reporters.len())
            .with("rate", writer.percent(self.response_rate(), 1))
            .with("late", self.late())
            .with("due", self.due.to_string());
        let open = Message::new("collection.open")
            .with("errors", self.open(Severity::Error))
            .with("warnings", self.open(Severity::Warning));
        let (answered, silent): (Vec<_>, Vec<_>) = self.reporters.iter().partition(|one| one.stage.is_some());
        let mut blocks = vec![
            heading,
            Block::Paragraph(summary.render(language)),
            Block::Paragraph(open.render(language)),
        ];
        if !answered.is_empty() {
            blocks.push(Block::Grid(grid(&answered, writer)));
        }
        if !silent.is_empty() {
            blocks.push(Block::List {
                title: writer.word("collection.not-yet"),
                items: silent
                    .iter()
                    .map(|one| format!("{} {}", one.area, one.name.get(language)))
                    .collect(),
            });
        }
        let ledger = Message::new("collection.ledger-version").with("version", version(self.version));
        blocks.push(Block::Footer(vec![ledger.render(language)]));
        writer.document(blocks)
    }
}

fn grid(reporters: &[&ReporterStatus], writer: Writer) -> Grid {
    let row = |one: &&ReporterStatus| {
        let time = one.last.map(|time| day_of(time).to_string()).unwrap_or_default();
        let late = if one.late {
            format!(" ({})", writer.word("word.late"))
        } else {
            String::new()
        };
        vec![
            format!("{} {}", one.area, one.name.get(writer.language)),
            one.stage
                .map(|stage| writer.word(stage_word(stage)))
                .unwrap_or_default(),
            format!("{time}{late}"),
            format!("{}/{}", one.figures, one.asked),
            one.errors.to_string(),
            one.warnings.to_string(),
            (one.explained + one.waived).to_string(),
            writer.word(consent_word(one.consent)),
        ]
    };
    let headers = [
        ("word.municipality", Align::Left),
        ("word.stage", Align::Left),
        ("word.answered", Align::Left),
        ("word.figures", Align::Right),
        ("word.errors", Align::Right),
        ("word.warnings", Align::Right),
        ("word.explained", Align::Right),
        ("word.consent", Align::Left),
    ];
    Grid {
        caption: String::new(),
        headers: headers.map(|(code, align)| writer.header(code, align)).to_vec(),
        rows: reporters.iter().map(row).collect(),
    }
}
