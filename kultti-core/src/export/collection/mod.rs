//! What the acts of a collection did, how a round stands, and its history.

mod acts;
mod log;
mod status;

use super::document::{Block, Document};
use super::people::Writer;
use super::table::Value;
use crate::language::{Language, Message};
use chrono::{DateTime, SecondsFormat, Utc};

/// A moment for machines: ISO 8601 in UTC, to the second.
fn moment(time: Option<DateTime<Utc>>) -> Value {
    Value::Text(time.map(|time| time.to_rfc3339_opts(SecondsFormat::Secs, true)))
}

/// A moment for people: the day and the minute, in UTC.
fn shown(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d %H:%M").to_string()
}

/// A text, or nothing where it is empty.
fn optional(text: &str) -> Value {
    Value::Text(Some(text.to_owned()).filter(|text| !text.is_empty()))
}

/// Sentences one after another.
fn sentences(language: Language, messages: &[Message]) -> Document {
    let writer = Writer { language };
    let paragraph = |message: &Message| Block::Paragraph(message.render(language));
    writer.document(messages.iter().map(paragraph).collect())
}

/// The number of a version as a text: it names, and is never grouped.
fn version(version: i64) -> String {
    version.to_string()
}
