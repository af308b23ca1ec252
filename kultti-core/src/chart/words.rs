//! The words of charts: titles, sentences and small print.

use super::model::Axis;
use crate::compare::{Context, Note};
use crate::language::{Language, Message, format_number, word};
use crate::model::Period;

/// Writes for one language.
#[derive(Clone, Copy)]
pub(super) struct Words {
    pub(super) language: Language,
}

impl Words {
    pub(super) fn new(language: Language) -> Self {
        Self { language }
    }

    pub(super) fn number(self, value: f64, decimals: usize) -> String {
        format_number(value, decimals, self.language)
    }

    pub(super) fn render(self, message: &Message) -> String {
        message.render(self.language)
    }

    /// A figure with its unit: `154,59 € / asukas`.
    pub(super) fn figure(self, value: f64, axis: &Axis) -> String {
        let number = self.number(value, axis.decimals);
        if axis.unit.is_empty() {
            return number;
        }
        format!("{number}\u{a0}{}", axis.unit.replace(' ', "\u{a0}"))
    }

    /// The axis of an indicator: the unit, real prices and three years.
    pub(super) fn axis(self, context: &Context) -> Axis {
        let unit = context.unit_symbol.get(self.language).to_owned();
        let mut label = unit.clone();
        if let Some(basis) = &context.price_basis {
            let message = Message::new("chart.real-prices").with("basis", basis.to_string());
            label = format!("{label}, {}", self.render(&message));
        }
        if context.three_year {
            label = format!("{label}, {}", word("word.three-year-value", self.language));
        }
        Axis {
            label,
            unit,
            decimals: context.decimals,
        }
    }

    /// `Net operating cost of libraries per inhabitant: Kokkola 2019`.
    pub(super) fn title(self, context: &Context, about: &str) -> String {
        format!("{}: {about}", context.label.get(self.language))
    }

    /// `Net operating cost of libraries per inhabitant, 2019`.
    pub(super) fn title_in(self, context: &Context, periods: &str) -> String {
        format!("{}, {periods}", context.label.get(self.language))
    }

    /// Sources, borders, release and definition.
    pub(super) fn source(self, context: &Context) -> Vec<String> {
        let borders = match context.territory.as_str() {
            "then" => word("word.borders-then", self.language).to_owned(),
            date => self.render(&Message::new("word.borders").with("date", date)),
        };
        let id: String = context.release.chars().take(12).collect();
        let release = self.render(&Message::new("word.release").with("id", id));
        let mut origin = vec![borders, release];
        origin.extend(Some(context.definition.clone()).filter(|definition| !definition.is_empty()));
        let sources: Vec<&str> = context
            .sources
            .iter()
            .map(|source| source.get(self.language))
            .collect();
        let mut lines = Vec::new();
        if !sources.is_empty() {
            lines.push(format!(
                "{}: {}",
                word("word.source", self.language),
                sources.join("; ")
            ));
        }
        lines.push(origin.join(" · "));
        lines
    }
}

/// Whether one end of the indicator is the better one: a note says where it is not.
pub(super) fn has_direction(notes: &[Note]) -> bool {
    !notes.iter().any(|note| note.code() == "direction-none")
}

/// A name with a period: `Kokkola 2019`, on one line.
pub(super) fn dated(name: &str, period: Period) -> String {
    format!("{name}\u{a0}{period}")
}
