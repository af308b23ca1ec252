//! What a release holds.

use super::{Writer, title};
use crate::export::document::{Align, Block, Document, Grid};
use crate::export::table::{Table, Value, text};
use crate::language::{Language, Message};
use crate::model::Period;
use crate::panel::span;
use crate::release::Release;
use serde_json::json;

/// What a release holds: title, id, tables with their registers, measures with periods and rows.
pub struct ReleaseCard<'a>(pub &'a Release);

impl crate::export::Export for ReleaseCard<'_> {
    fn table(&self, language: Language) -> Table {
        let columns = vec![
            "measure",
            "label",
            "first_period",
            "last_period",
            "rows",
            "sha256",
            "release",
        ];
        let release = self.0;
        let row = |content: &crate::release::MeasureContent| {
            let label = release
                .catalogue()
                .measure(&content.measure)
                .map(|measure| measure.label.get(language).to_owned());
            let end = |period: Option<&crate::release::PeriodContent>| {
                Value::Text(period.map(|known| known.period.to_string()))
            };
            vec![
                text(&content.measure),
                Value::Text(label),
                end(content.periods.first()),
                end(content.periods.last()),
                Value::Count(content.rows()),
                text(&content.sha256),
                text(release.id()),
            ]
        };
        Table {
            columns,
            rows: release.content().map(row).collect(),
            notes: Vec::new(),
            language,
        }
    }

    fn json(&self, language: Language) -> serde_json::Value {
        let release = self.0;
        let (provenance, territory) = (release.provenance(), release.territory());
        let catalogue = release.catalogue().header();
        let tables = provenance.tables.iter().map(|table| {
            let source = release.catalogue().source(&table.source);
            json!({
                "file": table.file,
                "source": table.source,
                "citation": source.map(|source| source.citation.get(language)),
                "license": source.map(|source| &source.license),
                "retrieved": table.retrieved,
                "description": table.description.get(language),
                "rows": table.rows,
                "sha256": table.sha256,
            })
        });
        json!({
            "release": release.id(),
            "id": provenance.id,
            "title": provenance.title.get(language),
            "publisher": provenance.publisher.get(language),
            "catalogue": { "id": catalogue.id, "version": catalogue.version },
            "territory": { "id": territory.document().id, "first": territory.first(), "now": territory.now() },
            "tables": tables.collect::<Vec<_>>(),
            "measures": self.table(language).to_json(),
        })
    }

    fn document(&self, language: Language) -> Document {
        let writer = Writer { language };
        let release = self.0;
        let provenance = release.provenance();
        let row = |content: &crate::release::MeasureContent| {
            let periods: Vec<Period> = content.periods.iter().map(|known| known.period).collect();
            vec![
                content.measure.to_string(),
                span(&periods),
                writer.count_of(content.rows() as u64),
            ]
        };
        let headers = vec![
            writer.header("word.measure", Align::Left),
            writer.header("word.periods", Align::Left),
            writer.header("word.observations", Align::Right),
        ];
        let rows = release.content().map(row).collect();
        let tables = provenance.tables.iter().map(|table| {
            let source = release.catalogue().source(&table.source);
            let cited =
                source.map(|source| format!("{} ({})", source.citation.get(language), source.license));
            format!(
                "{}: {} {}",
                table.file,
                table.description.get(language),
                cited.unwrap_or_default()
            )
        });
        let borders = Message::new("word.borders").with("date", release.territory().now().to_string());
        writer.document(vec![
            title(provenance.title.get(language).to_owned(), String::new()),
            Block::Paragraph(provenance.publisher.get(language).to_owned()),
            Block::Grid(Grid {
                caption: String::new(),
                headers,
                rows,
            }),
            Block::List {
                title: writer.word("word.source"),
                items: tables.collect(),
            },
            Block::Footer(vec![format!("{} · {}", borders.render(language), release.id())]),
        ])
    }
}
