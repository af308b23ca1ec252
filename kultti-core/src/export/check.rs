//! Checks of forms, for machines and for people.

use super::Export;
use super::document::{Block, Document};
use super::people::Writer;
use super::scalar::number_json;
use super::table::{Table, Value, text};
use crate::collection::{Check, CheckedForm, PlacedFinding};
use crate::language::{Language, Message};
use crate::rules::{RuleCount, Severity};
use serde_json::{Value as Json, json};

/// Version of the JSON schema.
const SCHEMA: u32 = 1;

/// Several ids or cells in one cell of a table.
fn joined<T: ToString>(items: &[T]) -> Value {
    text(
        items
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(" "),
    )
}

impl Export for Check {
    /// One row for each finding. A cell that is not known is empty; so is what a finding does not have.
    fn table(&self, language: Language) -> Table {
        let columns = vec![
            "finding",
            "severity",
            "explained",
            "rule",
            "version",
            "area",
            "period",
            "document",
            "sheet",
            "cell",
            "measures",
            "cells",
            "observed",
            "expected",
            "repair_measure",
            "repair",
            "message",
            "note",
            "round",
            "stage",
        ];
        let row = |placed: &PlacedFinding| {
            let finding = &placed.finding;
            let repair = finding.repair.as_ref();
            let place = placed.places.first();
            vec![
                text(finding.id()),
                text(finding.severity.name()),
                Value::Flag(placed.is_explained()),
                text(&finding.rule),
                Value::Count(usize::try_from(finding.version).unwrap_or_default()),
                text(&finding.area),
                text(finding.period),
                text(&placed.document),
                Value::Text(
                    place
                        .map(|place| place.sheet.clone())
                        .filter(|sheet| !sheet.is_empty()),
                ),
                Value::Text(place.map(|place| place.cell.clone())),
                joined(&finding.measures),
                joined(&placed.places),
                Value::Number(finding.observed),
                Value::Number(finding.expected),
                Value::Text(repair.map(|repair| repair.measure.to_string())),
                Value::Number(repair.map(|repair| repair.value)),
                text(finding.message.render(language)),
                Value::Text(Some(placed.note.clone()).filter(|note| !note.is_empty())),
                text(&self.round),
                text(self.stage.name()),
            ]
        };
        Table {
            columns,
            rows: self.findings.iter().map(row).collect(),
            notes: Vec::new(),
            language,
        }
    }

    /// The round, the forms, every finding, and how the tests of every rule ended.
    fn json(&self, language: Language) -> Json {
        let form = |form: &CheckedForm| {
            json!({
                "document": form.document,
                "sha256": form.sha256,
                "area": form.area,
                "name": form.name.get(language),
                "answered": form.answered,
                "asked": form.asked,
            })
        };
        let rule = |rule: &RuleCount| {
            json!({
                "rule": rule.rule,
                "version": rule.version,
                "label": rule.label.get(language),
                "pass": rule.pass,
                "fail": rule.fail,
                "missing": rule.missing,
            })
        };
        json!({
            "schema": SCHEMA,
            "round": self.round,
            "label": self.label.get(language),
            "period": self.period,
            "stage": self.stage,
            "errors": self.count(Severity::Error),
            "warnings": self.count(Severity::Warning),
            "notes": self.count(Severity::Note),
            "forms": self.forms.iter().map(form).collect::<Vec<_>>(),
            "findings": self.findings.iter().map(|placed| finding_json(placed, language)).collect::<Vec<_>>(),
            "rules": self.rules.iter().map(rule).collect::<Vec<_>>(),
        })
    }

    /// A line for each finding.
    fn is_list(&self) -> bool {
        true
    }

    fn document(&self, language: Language) -> Document {
        let writer = Writer { language };
        let mut blocks = vec![Block::Heading {
            text: self.label.get(language).to_owned(),
            aside: self.period.to_string(),
            level: 1,
        }];
        for form in &self.forms {
            blocks.extend(self.form(form, writer));
        }
        blocks.push(Block::Footer(vec![self.tests().render(language)]));
        writer.document(blocks)
    }
}

fn finding_json(placed: &PlacedFinding, language: Language) -> Json {
    let finding = &placed.finding;
    let repair = |repair: &crate::rules::Repair| json!({ "measure": repair.measure, "value": number_json(Some(repair.value)) });
    let places = placed.places.iter();
    json!({
        "finding": finding.id(),
        "severity": finding.severity,
        "explained": placed.is_explained(),
        "rule": finding.rule,
        "version": finding.version,
        "area": finding.area,
        "period": finding.period,
        "document": placed.document,
        "cells": places.map(|place| json!({ "sheet": place.sheet, "cell": place.cell })).collect::<Vec<_>>(),
        "measures": finding.measures,
        "values": finding.values.iter().map(|value| number_json(*value)).collect::<Vec<_>>(),
        "observed": number_json(finding.observed),
        "expected": number_json(finding.expected),
        "repair": finding.repair.as_ref().map(repair),
        "code": finding.message.code(),
        "message": finding.message.render(language),
        "note": placed.note,
    })
}

impl Check {
    /// One form: who answers, and what was found by gravity.
    fn form(&self, form: &CheckedForm, writer: Writer) -> Vec<Block> {
        let language = writer.language;
        let answered = Message::new("check.answered")
            .with("answered", form.answered)
            .with("asked", form.asked);
        let mut blocks = vec![Block::Heading {
            text: format!("{} ({}) · {}", form.name.get(language), form.area, form.document),
            aside: answered.render(language),
            level: 2,
        }];
        let before = blocks.len();
        for (severity, code) in [
            (Severity::Error, "check.errors"),
            (Severity::Warning, "check.warnings"),
            (Severity::Note, "check.notes"),
        ] {
            let items: Vec<String> = self
                .findings_of(&form.area)
                .filter(|placed| placed.finding.severity == severity && placed.document == form.document)
                .map(|placed| sentence(placed).render(language))
                .collect();
            if !items.is_empty() {
                blocks.push(Block::List {
                    title: Message::new(code).with("n", items.len()).render(language),
                    items,
                });
            }
        }
        if blocks.len() == before {
            blocks.push(Block::Paragraph(writer.word("check.nothing")));
        }
        blocks
    }

    fn tests(&self) -> Message {
        let sum = |of: fn(&RuleCount) -> usize| -> usize { self.rules.iter().map(of).sum() };
        Message::new("check.tests")
            .with("rules", self.rules.len())
            .with("pass", sum(|rule| rule.pass))
            .with("fail", sum(|rule| rule.fail))
            .with("missing", sum(|rule| rule.missing))
    }
}

/// The cell, what is wrong with it, what was written beside it, and the finding's id.
fn sentence(placed: &PlacedFinding) -> Message {
    let place = placed.places.first().map(ToString::to_string).unwrap_or_default();
    Message::new("check.finding")
        .with("place", place)
        .with("message", &placed.finding.message)
        .with("note", &placed.note)
        .with("rule", &placed.finding.rule)
        .with("id", placed.finding.id())
}
