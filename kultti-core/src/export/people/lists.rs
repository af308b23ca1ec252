//! Lists of indicators and areas.

use super::Writer;
use crate::compare::{AreaList, IndicatorList};
use crate::export::document::{Align, Block, Document, Grid};
use crate::export::table::{Table, Value, text};
use crate::language::Language;
use crate::model::Period;
use crate::panel::span;

impl crate::export::Export for IndicatorList {
    fn table(&self, language: Language) -> Table {
        let columns = vec![
            "indicator",
            "label",
            "unit",
            "direction",
            "scope",
            "first_period",
            "last_period",
            "definition",
            "release",
        ];
        let end = |period: Option<&Period>| Value::Text(period.map(ToString::to_string));
        let row = |row: &crate::compare::IndicatorRow| {
            vec![
                text(&row.declared.id),
                text(row.declared.label.get(language)),
                text(&row.declared.unit),
                text(row.declared.direction.name()),
                Value::Text(row.declared.scope.as_ref().map(ToString::to_string)),
                end(row.periods.first()),
                end(row.periods.last()),
                text(row.declared.definition.get(language)),
                text(&self.release),
            ]
        };
        Table {
            columns,
            rows: self.rows.iter().map(row).collect(),
            notes: Vec::new(),
            language,
        }
    }

    fn document(&self, language: Language) -> Document {
        let writer = Writer { language };
        let row = |row: &crate::compare::IndicatorRow| {
            let periods = if row.periods.is_empty() {
                writer.word("word.no-data")
            } else {
                span(&row.periods)
            };
            vec![
                row.declared.id.to_string(),
                row.declared.label.get(language).to_owned(),
                row.unit_symbol.get(language).to_owned(),
                periods,
            ]
        };
        let headers = ["word.indicator", "word.name", "word.unit", "word.periods"];
        let headers = headers.map(|code| writer.header(code, Align::Left)).to_vec();
        let rows = self.rows.iter().map(row).collect();
        writer.document(vec![Block::Grid(Grid {
            caption: String::new(),
            headers,
            rows,
        })])
    }
}

impl crate::export::Export for AreaList {
    fn table(&self, language: Language) -> Table {
        let columns = vec![
            "code",
            "name",
            "name_fi",
            "name_sv",
            "valid_from",
            "valid_to",
            "successor",
            "release",
        ];
        let row = |row: &crate::compare::AreaRow| {
            vec![
                text(&row.area.code),
                text(row.area.name.get(language)),
                text(row.area.name.get(Language::Fi)),
                Value::Text(
                    Some(row.area.name.get(Language::Sv).to_owned())
                        .filter(|_| !row.area.name.is_fallback(Language::Sv)),
                ),
                Value::Text(row.from.map(|day| day.to_string())),
                Value::Text(row.to.map(|day| day.to_string())),
                Value::Text(row.successor.as_ref().map(|area| area.code.to_string())),
                text(&self.release),
            ]
        };
        Table {
            columns,
            rows: self.rows.iter().map(row).collect(),
            notes: Vec::new(),
            language,
        }
    }

    fn document(&self, language: Language) -> Document {
        let writer = Writer { language };
        let row = |row: &crate::compare::AreaRow| {
            let end = |day: Option<crate::model::Date>| day.map(|day| day.to_string()).unwrap_or_default();
            let existed = if row.to.is_some() || row.from.is_some() {
                format!("{}–{}", end(row.from), end(row.to))
            } else {
                String::new()
            };
            let next = row
                .successor
                .as_ref()
                .map(|area| format!("{} {}", area.code, area.name.get(language)));
            vec![
                row.area.code.to_string(),
                writer.name(&row.area),
                existed,
                next.unwrap_or_default(),
            ]
        };
        let headers = ["word.code", "word.name", "word.existed", "word.successor"];
        let headers = headers.map(|code| writer.header(code, Align::Left)).to_vec();
        let rows = self.rows.iter().map(row).collect();
        writer.document(vec![Block::Grid(Grid {
            caption: String::new(),
            headers,
            rows,
        })])
    }
}
