//! What there is to know of an indicator, on one card.

use super::{Writer, title};
use crate::compare::{AreaLabel, CardBreak, CardMeasure, IndicatorCard};
use crate::export::document::{Align, Block, Document, Grid};
use crate::export::scalar::number_json;
use crate::export::table::{Table, Value, text};
use crate::language::{Language, Message, Text};
use crate::model::{Direction, Period};
use crate::panel::span;
use serde_json::{Value as Json, json};

/// The area in questions that a reader will fill in.
const AREA: &str = "word.area-placeholder";

impl crate::export::Export for IndicatorCard {
    /// One row for each measure of the formula.
    fn table(&self, language: Language) -> Table {
        let columns = vec![
            "indicator",
            "definition_id",
            "formula",
            "measure",
            "label",
            "description",
            "source",
            "license",
            "release",
        ];
        let license = |measure: &CardMeasure| {
            let source = self.sources.iter().find(|source| source.id == measure.source);
            Value::Text(source.map(|source| source.license.clone()))
        };
        let row = |measure: &CardMeasure| {
            vec![
                text(&self.row.declared.id),
                text(&self.definition),
                text(&self.formula),
                text(&measure.id),
                text(measure.label.get(language)),
                text(measure.definition.get(language)),
                text(&measure.source),
                license(measure),
                text(&self.release),
            ]
        };
        Table {
            columns,
            rows: self.measures.iter().map(row).collect(),
            notes: Vec::new(),
            language,
        }
    }

    fn json(&self, language: Language) -> Json {
        let (own, writer) = (&self.row.declared, Writer { language });
        let in_language = |texts: &[Text]| -> Vec<String> {
            texts.iter().map(|text| text.get(language).to_owned()).collect()
        };
        let mut card = json!({
            "schema": crate::export::json::SCHEMA,
            "indicator": own.id,
            "label": own.label.get(language),
            "definition": own.definition.get(language),
            "definition_id": self.definition,
            "theme": self.row.theme.as_ref().map(|theme| theme.get(language)),
            "formula": self.formula,
            "multiplier": number_json(Some(own.multiplier)),
            "unit": own.unit,
            "unit_symbol": self.row.unit_symbol.get(language),
            "decimals": own.decimals,
            "direction": own.direction.name(),
            "direction_text": writer.word(direction(own.direction)),
            "aggregate": self.aggregate.name(),
            "minimum_denominator": number_json(own.minimum_denominator),
            "scope": self.scope.as_ref().map(|scope| json!({
                "id": scope.id,
                "label": scope.label.get(language),
                "sentence": scope.sentence.get(language),
                "includes": in_language(&scope.includes),
                "excludes": in_language(&scope.excludes),
            })),
            "periods": self.row.periods,
            "valid_from": own.valid.from,
            "valid_to": own.valid.to,
        });
        let rest = json!({
            "measures": self.measures.iter().map(|one| measure(one, language)).collect::<Vec<_>>(),
            "sources": self.sources.iter().map(|source| json!({
                "id": source.id,
                "label": source.label.get(language),
                "publisher": source.publisher.get(language),
                "license": source.license,
                "citation": source.citation.get(language),
                "url": source.url,
            })).collect::<Vec<_>>(),
            "retrieved": self.retrieved,
            "breaks": self.breaks.iter().map(|one| series_break(one, language)).collect::<Vec<_>>(),
            "caveats": in_language(&own.caveats),
            "related": self.related.iter().map(|(id, label)| json!({
                "indicator": id,
                "label": label.get(language),
            })).collect::<Vec<_>>(),
            "release": self.release,
        });
        if let (Json::Object(card), Json::Object(rest)) = (&mut card, rest) {
            card.extend(rest);
        }
        card
    }

    fn document(&self, language: Language) -> Document {
        let writer = Writer { language };
        let own = &self.row.declared;
        let mut blocks = vec![
            title(
                format!(
                    "{}, {}",
                    own.label.get(language),
                    self.row.unit_symbol.get(language)
                ),
                String::new(),
            ),
            Block::Paragraph(own.definition.get(language).to_owned()),
            Block::Grid(self.properties(writer)),
        ];
        let list = |code: &'static str, items: Vec<String>| {
            (!items.is_empty()).then(|| Block::List {
                title: writer.word(code),
                items,
            })
        };
        let caveats = own.caveats.iter().map(|text| text.get(language).to_owned());
        let related = self.related.iter();
        let related = related.map(|(id, label)| format!("{id}: {}", label.get(language)));
        let area = writer.word(AREA);
        let asked = self.questions.iter().map(|question| {
            let sentence = writer.word(question.word_code());
            format!("{sentence}: {}", question.command(own, &area))
        });
        blocks.extend(list("word.card-breaks", self.breaks_in_words(writer)));
        blocks.extend(list("word.keep-in-mind", caveats.collect()));
        blocks.extend(list("word.card-related", related.collect()));
        blocks.extend(list("word.card-next", asked.collect()));
        let release: String = self.release.chars().take(12).collect();
        let release = Message::new("word.release").with("id", release).render(language);
        blocks.push(Block::Footer(vec![format!("{} · {release}", self.definition)]));
        writer.document(blocks)
    }
}

impl IndicatorCard {
    /// Name and content of everything that is said in a few words.
    fn properties(&self, writer: Writer) -> Grid {
        let own = &self.row.declared;
        let language = writer.language;
        let joined = |texts: &[Text]| -> String {
            let texts: Vec<&str> = texts.iter().map(|text| text.get(language)).collect();
            texts.join(", ")
        };
        let mut rows = vec![("word.indicator", own.id.to_string())];
        let theme = self
            .row
            .theme
            .as_ref()
            .map(|theme| theme.get(language).to_owned());
        rows.extend(theme.map(|theme| ("word.card-theme", theme)));
        rows.push(("word.card-formula", self.formula_in_words(writer)));
        rows.push(("word.unit", self.row.unit_symbol.get(language).to_owned()));
        rows.push(("word.card-direction", writer.word(direction(own.direction))));
        rows.push(("word.card-groups", writer.word(self.aggregate.word_code())));
        if let Some(scope) = &self.scope {
            rows.push(("word.card-includes", joined(&scope.includes)));
            let excludes = Some(joined(&scope.excludes)).filter(|excludes| !excludes.is_empty());
            rows.extend(excludes.map(|excludes| ("word.card-excludes", excludes)));
        }
        let parts = self
            .measures
            .iter()
            .filter_map(|measure| measure.area_scope.as_ref());
        let part = parts.map(|part| part.get(language).to_owned()).next();
        rows.extend(part.map(|part| ("word.card-areas", part)));
        let smallest = own.minimum_denominator.map(|least| writer.number(least, 0));
        rows.extend(smallest.map(|least| ("word.card-minimum", least)));
        rows.push(("word.card-periods", self.periods(writer)));
        rows.push(("word.card-valid", valid(writer, (own.valid.from, own.valid.to))));
        let cited = self.sources.iter().map(|source| {
            let (publisher, label) = (source.publisher.get(language), source.label.get(language));
            format!("{publisher}, {label}, {}", source.license)
        });
        rows.push(("word.card-source", cited.collect::<Vec<_>>().join("; ")));
        let headers = ["word.card-property", "word.card-content"];
        Grid {
            caption: String::new(),
            headers: headers.map(|code| writer.header(code, Align::Left)).to_vec(),
            rows: rows
                .into_iter()
                .map(|(code, content)| vec![writer.word(code), content])
                .collect(),
        }
    }

    /// The formula of the catalogue with the multiplier in front.
    fn formula_in_words(&self, writer: Writer) -> String {
        let own = &self.row.declared;
        if (own.multiplier - 1.0).abs() < f64::EPSILON {
            return own.formula.clone();
        }
        format!("{} × {}", writer.number(own.multiplier, 0), own.formula)
    }

    fn periods(&self, writer: Writer) -> String {
        if self.row.periods.is_empty() {
            return writer.word("word.no-data");
        }
        span(&self.row.periods)
    }

    fn breaks_in_words(&self, writer: Writer) -> Vec<String> {
        let one = |one: &CardBreak| {
            let names = |area: &AreaLabel| area.name.get(writer.language).to_owned();
            let areas: Vec<String> = one.areas.iter().map(names).collect();
            let cause = one.cause.as_ref().map(|cause| cause.get(writer.language));
            Message::new("word.card-break")
                .with("period", one.period.to_string())
                .with("cause", cause.unwrap_or_default())
                .with("source", one.source.as_deref().unwrap_or_default())
                .with("areas", areas.join(", "))
                .render(writer.language)
        };
        self.breaks.iter().map(one).collect()
    }
}

fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Higher => "word.direction-higher",
        Direction::Lower => "word.direction-lower",
        Direction::None => "word.direction-none",
    }
}

fn valid(writer: Writer, (from, to): (Option<Period>, Option<Period>)) -> String {
    if from.is_none() && to.is_none() {
        return writer.word("word.card-always");
    }
    let end = |period: Option<Period>| period.map(|period| period.to_string()).unwrap_or_default();
    format!("{}–{}", end(from), end(to))
}

fn measure(measure: &CardMeasure, language: Language) -> Json {
    json!({
        "measure": measure.id,
        "label": measure.label.get(language),
        "description": measure.definition.get(language),
        "unit": measure.unit_symbol.get(language),
        "source": measure.source,
        "areas": measure.area_scope.as_ref().map(|part| part.get(language)),
    })
}

fn series_break(one: &CardBreak, language: Language) -> Json {
    let area = |area: &AreaLabel| json!({ "code": area.code, "name": area.name.get(language) });
    json!({
        "period": one.period,
        "cause": one.cause.as_ref().map(|cause| cause.get(language)),
        "source": one.source,
        "factor": number_json(one.factor),
        "areas": one.areas.iter().map(area).collect::<Vec<_>>(),
    })
}
