//! What a round asks, of whom, and by when.

use super::{Writer, title};
use crate::collection::{Reporter, Round};
use crate::export::document::{Align, Block, Document, Grid};
use crate::export::table::{Table, Value, text};
use crate::language::{Language, Message};
use serde_json::json;

/// What a round of a collection asks: its measures, who is expected to answer, the days, and how much is known from before.
pub struct RoundCard<'a>(pub &'a Round);

impl RoundCard<'_> {
    /// How many reporters have a value from the period before, by measure in the order asked.
    fn known(&self) -> Vec<usize> {
        let document = self.0.document();
        let reporters: Vec<_> = document
            .reporters
            .iter()
            .filter_map(|one| self.0.before(&one.area))
            .collect();
        let count = |place: usize| {
            let has = |before: &&&crate::collection::Before| {
                before.previous.get(place).copied().flatten().is_some()
            };
            reporters.iter().filter(has).count()
        };
        (0..document.asked.len()).map(count).collect()
    }

    /// A sentence on what was made: questions, reporters, rules, and how many numbers of the year before are known.
    pub fn summary(&self, path: &str) -> Message {
        let document = self.0.document();
        let message = Message::new("round.made")
            .with("path", path)
            .with("round", &document.id);
        let message = message
            .with("measures", document.asked.len())
            .with("reporters", document.reporters.len())
            .with("rules", document.rules.len());
        let message = match document.previous_period {
            Some(period) => message.with("period", period.to_string()),
            None => message.with("period", &Message::new("round.no-previous")),
        };
        message
            .with("known", self.known().iter().sum::<usize>())
            .with("all", document.asked.len() * document.reporters.len())
    }

    fn labels(&self, measure: &crate::model::MeasureId, language: Language) -> (String, String, String) {
        let catalogue = self.0.catalogue();
        let Some(measure) = catalogue.measure(measure) else {
            return (measure.to_string(), String::new(), String::new());
        };
        let theme = measure.theme.as_deref().and_then(|theme| catalogue.theme(theme));
        (
            measure.label.get(language).to_owned(),
            theme.map_or_else(String::new, |theme| theme.get(language).to_owned()),
            catalogue.unit_symbol(&measure.unit, language),
        )
    }
}

impl crate::export::Export for RoundCard<'_> {
    /// A row for each measure asked.
    fn table(&self, language: Language) -> Table {
        let document = self.0.document();
        let columns = vec![
            "round",
            "period",
            "measure",
            "label",
            "theme",
            "unit",
            "required",
            "reporters",
            "previous_period",
            "previous_known",
        ];
        let row = |(asked, known): (&crate::collection::Asked, usize)| {
            let (label, theme, _) = self.labels(&asked.measure, language);
            let unit = self
                .0
                .catalogue()
                .measure(&asked.measure)
                .map(|measure| measure.unit.to_string());
            vec![
                text(&document.id),
                text(document.period),
                text(&asked.measure),
                text(label),
                text(theme),
                Value::Text(unit),
                Value::Flag(asked.required),
                Value::Count(document.reporters.len()),
                Value::Text(document.previous_period.map(|period| period.to_string())),
                Value::Count(known),
            ]
        };
        Table {
            columns,
            rows: document.asked.iter().zip(self.known()).map(row).collect(),
            notes: Vec::new(),
            language,
        }
    }

    fn json(&self, language: Language) -> serde_json::Value {
        let document = self.0.document();
        let reporter = |reporter: &Reporter| json!({ "area": reporter.area, "name": reporter.name.get(language), "language": reporter.language });
        json!({
            "round": document.id,
            "sha256": self.0.sha256(),
            "label": document.label.get(language),
            "instructions": document.instructions.get(language),
            "contact": document.contact,
            "period": document.period,
            "territory": document.territory,
            "scenario": document.scenario.name(),
            "opens": document.opens,
            "due": document.due,
            "closes": document.closes,
            "ledger": document.ledger,
            "rules": document.rules.iter().map(|rule| &rule.name).collect::<Vec<_>>(),
            "release": document.release,
            "previous_period": document.previous_period,
            "measures": self.table(language).to_json(),
            "reporters": document.reporters.iter().map(reporter).collect::<Vec<_>>(),
        })
    }

    fn document(&self, language: Language) -> Document {
        let writer = Writer { language };
        let document = self.0.document();
        let day = |date: Option<crate::model::Date>| date.map_or_else(String::new, |date| date.to_string());
        let dates = Message::new("round.dates")
            .with("opens", document.opens.to_string())
            .with("due", document.due.to_string())
            .with("closes", day(document.closes));
        let rules: Vec<String> = document.rules.iter().map(|rule| rule.name.clone()).collect();
        let from = Message::new("round.from")
            .with("territory", document.territory.to_string())
            .with("scenario", document.scenario.name())
            .with("ledger", &document.ledger)
            .with(
                "rules",
                if rules.is_empty() {
                    "–".to_owned()
                } else {
                    rules.join(", ")
                },
            )
            .with("release", short(&document.release))
            .with("sha256", short(self.0.sha256()));
        writer.document(vec![
            title(
                document.label.get(language).to_owned(),
                document.period.to_string(),
            ),
            Block::Paragraph(document.instructions.get(language).to_owned()),
            Block::Paragraph(dates.render(language)),
            self.asked(writer),
            self.reporters(writer),
            Block::Footer(vec![document.contact.clone(), from.render(language)]),
        ])
    }
}

impl RoundCard<'_> {
    fn asked(&self, writer: Writer) -> Block {
        let document = self.0.document();
        let all = document.reporters.len();
        let row = |(asked, known): (&crate::collection::Asked, usize)| {
            let (label, theme, unit) = self.labels(&asked.measure, writer.language);
            let of = Message::new("round.of").with("known", known).with("all", all);
            let required = if asked.required { "word.yes" } else { "word.no" };
            vec![
                theme,
                label,
                unit,
                writer.word(required),
                of.render(writer.language),
            ]
        };
        let previous = document
            .previous_period
            .map_or_else(|| "–".to_owned(), |period| period.to_string());
        let known = Message::new("round.known")
            .with("period", previous)
            .render(writer.language);
        Block::Grid(Grid {
            caption: writer.word("round.asked"),
            headers: vec![
                writer.header("round.theme", Align::Left),
                writer.header("form.measure", Align::Left),
                writer.header("form.unit", Align::Left),
                writer.header("round.required", Align::Left),
                (known, Align::Right),
            ],
            rows: document.asked.iter().zip(self.known()).map(row).collect(),
        })
    }

    fn reporters(&self, writer: Writer) -> Block {
        let row = |reporter: &Reporter| {
            vec![
                reporter.area.to_string(),
                reporter.name.get(writer.language).to_owned(),
                reporter.language.clone(),
            ]
        };
        Block::Grid(Grid {
            caption: writer.word("round.reporters"),
            headers: vec![
                writer.header("word.code", Align::Left),
                writer.header("form.area", Align::Left),
                writer.header("round.language", Align::Left),
            ],
            rows: self.0.document().reporters.iter().map(row).collect(),
        })
    }
}

/// The first signs of a hash, enough to tell it from others.
fn short(hash: &str) -> String {
    hash.chars().take(12).collect()
}
