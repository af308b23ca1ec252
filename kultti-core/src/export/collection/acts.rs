//! What a submission, an approval, a correction, a waiver and a publication did.

use super::{moment, optional, sentences, version};
use crate::collection::{Approved, CorrectedFigure, Published, Submitted, Waived};
use crate::export::table::{Table, Value, text};
use crate::export::{Document, Export};
use crate::language::{Language, Message, Param};
use crate::model::AreaCode;
use crate::rules::Figure;

fn table(columns: Vec<&'static str>, rows: Vec<Vec<Value>>, language: Language) -> Table {
    Table {
        columns,
        rows,
        notes: Vec::new(),
        language,
    }
}

impl Export for Vec<Submitted> {
    /// One row for each form.
    fn table(&self, language: Language) -> Table {
        let columns = vec![
            "area",
            "document",
            "sha256",
            "stage",
            "version",
            "written",
            "unchanged",
            "withdrawn",
            "late",
            "already",
        ];
        let row = |one: &Submitted| {
            vec![
                text(&one.area),
                text(&one.document),
                text(&one.sha256),
                text(one.stage.name()),
                text(version(one.version)),
                Value::Count(one.written),
                Value::Count(one.unchanged),
                Value::Count(one.withdrawn),
                Value::Flag(one.late),
                moment(one.already),
            ]
        };
        table(columns, self.iter().map(row).collect(), language)
    }

    fn document(&self, language: Language) -> Document {
        let messages: Vec<Message> = self.iter().flat_map(submitted).collect();
        sentences(language, &messages)
    }
}

/// What became of one form.
fn submitted(form: &Submitted) -> Vec<Message> {
    if let Some(time) = form.already {
        let message = Message::new("collection.already").with("document", &form.document);
        return vec![message.with("time", super::shown(time))];
    }
    let code = match form.stage {
        crate::model::Stage::Draft => "collection.kept-draft",
        _ => "collection.submitted",
    };
    let message = Message::new(code)
        .with("document", &form.document)
        .with("area", form.area.as_str())
        .with("written", form.written)
        .with("unchanged", form.unchanged)
        .with("version", version(form.version));
    let mut messages = vec![message];
    if form.withdrawn > 0 {
        messages.push(Message::new("collection.withdrawn").with("count", form.withdrawn));
    }
    if form.late {
        messages.push(Message::new("collection.late"));
    }
    messages
}

impl Export for Approved {
    /// One row for each area that was asked about; `outcome` says what became of it.
    fn table(&self, language: Language) -> Table {
        let columns = vec!["area", "outcome", "stage", "figures", "findings", "version"];
        let row = |area: &AreaCode, outcome: &str, figures: usize, findings: &str| {
            vec![
                text(area),
                text(outcome),
                text(self.stage.name()),
                Value::Count(figures),
                optional(findings),
                text(version(self.version)),
            ]
        };
        let approved = self
            .areas
            .iter()
            .map(|(area, count)| row(area, "approved", *count, ""));
        let unchanged = self.unchanged.iter().map(|area| row(area, "unchanged", 0, ""));
        let held = self.held_back.iter();
        let held = held.map(|(area, findings)| row(area, "held-back", 0, &findings.join(";")));
        table(columns, approved.chain(unchanged).chain(held).collect(), language)
    }

    fn document(&self, language: Language) -> Document {
        let figures: usize = self.areas.iter().map(|(_, count)| count).sum();
        let stage = match self.stage {
            crate::model::Stage::Final => "word.stage-final",
            _ => "word.stage-approved",
        };
        let mut messages = vec![
            Message::new("collection.approved")
                .with("areas", self.areas.len())
                .with("figures", figures)
                .with("stage", Param::Word(stage.to_owned()))
                .with("unchanged", self.unchanged.len())
                .with("version", version(self.version)),
        ];
        for (area, findings) in &self.held_back {
            let message = Message::new("collection.held-back").with("area", area.as_str());
            messages.push(message.with("findings", findings));
        }
        sentences(language, &messages)
    }
}

/// A figure in a sentence: the value as it is, or the code of the reason for having none.
fn said(figure: &Figure) -> Param {
    match (figure.value, figure.missing) {
        (Some(value), _) => Param::Plain(value.to_string()),
        (None, Some(missing)) => Param::Word(missing.message_code().to_owned()),
        (None, None) => Param::Plain("–".to_owned()),
    }
}

impl Export for CorrectedFigure {
    fn table(&self, language: Language) -> Table {
        let columns = vec![
            "area",
            "measure",
            "value_before",
            "missing_before",
            "value_after",
            "missing_after",
            "version",
        ];
        let row = vec![
            text(&self.area),
            text(&self.measure),
            Value::Number(self.before.value),
            Value::Missing(self.before.missing),
            Value::Number(self.after.value),
            Value::Missing(self.after.missing),
            text(version(self.version)),
        ];
        table(columns, vec![row], language)
    }

    fn document(&self, language: Language) -> Document {
        let code = if self.before == self.after {
            "collection.nothing-to-correct"
        } else {
            "collection.corrected"
        };
        let message = Message::new(code)
            .with("area", self.area.as_str())
            .with("measure", self.measure.as_str())
            .with("before", said(&self.before))
            .with("after", said(&self.after))
            .with("version", version(self.version));
        sentences(language, &[message])
    }
}

impl Export for Waived {
    fn table(&self, language: Language) -> Table {
        let row = vec![
            text(&self.finding),
            text(&self.rule),
            text(&self.area),
            Value::Text(self.until.map(|day| day.to_string())),
            text(version(self.version)),
        ];
        table(
            vec!["finding", "rule", "area", "until", "version"],
            vec![row],
            language,
        )
    }

    fn document(&self, language: Language) -> Document {
        let message = Message::new("collection.waived")
            .with("finding", &self.finding)
            .with("rule", &self.rule)
            .with("area", self.area.as_str())
            .with("until", self.until.map(|day| day.to_string()).unwrap_or_default())
            .with("version", version(self.version));
        sentences(language, &[message])
    }
}

impl Export for Published {
    fn table(&self, language: Language) -> Table {
        let columns = vec![
            "release",
            "path",
            "ledger_version",
            "rows",
            "collected",
            "withheld",
            "not_answered",
            "provisional",
        ];
        let row = vec![
            text(&self.release),
            optional(&self.path),
            text(version(self.version)),
            Value::Count(self.rows),
            Value::Count(self.collected),
            Value::Count(self.withheld),
            Value::Count(self.not_answered),
            Value::Count(self.provisional),
        ];
        table(columns, vec![row], language)
    }

    fn document(&self, language: Language) -> Document {
        let message = Message::new("collection.published")
            .with("path", &self.path)
            .with("rows", self.rows)
            .with("collected", self.collected)
            .with("id", &self.release)
            .with("version", version(self.version));
        let mut messages = vec![message];
        for (code, count) in [
            ("collection.withheld", self.withheld),
            ("collection.not-answered", self.not_answered),
            ("collection.provisional", self.provisional),
        ] {
            if count > 0 {
                messages.push(Message::new(code).with("count", count));
            }
        }
        sentences(language, &messages)
    }
}
