//! What the engine says went wrong, as errors of ours; what we said ourselves comes out as it went in.

use super::memory::MemorySize;
use crate::error::Error;
use crate::language::near_matches;
use datafusion::common::SchemaError;
use datafusion::common::utils::quote_identifier;
use datafusion::error::DataFusionError;
use datafusion::sql::sqlparser::parser::ParserError;
use std::error::Error as StdError;

/// Near matches that are offered.
const NEAR: usize = 3;

/// An error of ours on its way through the engine.
pub(crate) fn external(error: Error) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}

/// What kept a batch from being made of sound columns.
pub(super) fn made(cause: &dyn std::fmt::Display) -> Error {
    Error::SqlExecution {
        cause: cause.to_string(),
    }
}

/// What kept a question from being asked or answered, of a session with so many bytes of memory.
pub(crate) fn failed(error: &DataFusionError, memory: usize) -> Error {
    let causes = causes(error);
    if let Some(own) = causes.iter().find_map(|cause| cause.downcast_ref::<Error>()) {
        return own.clone();
    }
    let mut inwards = causes.iter().rev();
    let root = inwards.find_map(|cause| cause.downcast_ref::<DataFusionError>());
    let root = root.unwrap_or(error);
    let said = || plain(root);
    match root {
        DataFusionError::ResourcesExhausted(_) => Error::SqlMemory {
            limit: MemorySize(memory).to_string(),
        },
        DataFusionError::SQL(cause, _) => syntax(cause),
        DataFusionError::SchemaError(cause, _) => columns(cause),
        DataFusionError::Plan(said) => {
            function(said).unwrap_or_else(|| Error::SqlMeaning { cause: plain(root) })
        }
        DataFusionError::NotImplemented(_) | DataFusionError::Configuration(_) => {
            Error::SqlMeaning { cause: said() }
        }
        _ => Error::SqlExecution { cause: said() },
    }
}

/// An error and what caused it, from the outside in.
fn causes(error: &DataFusionError) -> Vec<&(dyn StdError + 'static)> {
    let mut causes: Vec<&(dyn StdError + 'static)> = Vec::new();
    let mut next: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(cause) = next {
        causes.push(cause);
        next = cause.source();
    }
    causes
}

/// What an error says, without the engine's name for its sort.
fn plain(error: &DataFusionError) -> String {
    let said = error.message();
    let said = said.split(DataFusionError::BACK_TRACE_SEP).next();
    said.unwrap_or_default().trim_end().to_owned()
}

/// The parser's error holds its place only in its text: `Expected: x, found: y at Line: 1, Column: 7`.
pub(super) fn syntax(error: &ParserError) -> Error {
    let said = match error {
        ParserError::TokenizerError(said) | ParserError::ParserError(said) => said.as_str(),
        ParserError::RecursionLimitExceeded => {
            return Error::SqlSyntax {
                line: String::new(),
                column: String::new(),
                expected: String::new(),
                found: "((((\u{2026}".into(),
            };
        }
    };
    let (said, place) = said.split_once(" at Line: ").unwrap_or((said, ""));
    let (line, column) = place.split_once(", Column: ").unwrap_or_default();
    let digits = |text: &str| text.chars().take_while(char::is_ascii_digit).collect();
    let (expected, found) = said.split_once(", found: ").unwrap_or(("", said));
    Error::SqlSyntax {
        line: digits(line),
        column: digits(column),
        expected: expected.trim_start_matches("Expected: ").to_owned(),
        found: found.to_owned(),
    }
}

fn columns(error: &SchemaError) -> Error {
    match error {
        SchemaError::FieldNotFound { field, valid_fields } => {
            let known = valid_fields.iter().map(|column| column.name.as_str());
            let near = near_matches(&field.name, known, NEAR).into_iter();
            Error::SqlColumn {
                column: field.name.clone(),
                near: near.map(|name| quote_identifier(name).into_owned()).collect(),
            }
        }
        other => Error::SqlMeaning {
            cause: other.to_string(),
        },
    }
}

/// `Invalid function 'x'.\nDid you mean 'y'?`
fn function(said: &str) -> Option<Error> {
    let (_, rest) = said.split_once("Invalid function '")?;
    let mut parts = rest.split('\'');
    let function = parts.next()?.to_owned();
    let near = parts.nth(1).map(str::to_owned);
    Some(Error::SqlFunction {
        function,
        near: near.into_iter().collect(),
    })
}

/// Those of the known names that are like a name.
pub(super) fn near<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Vec<String> {
    let near = near_matches(name, known, NEAR).into_iter();
    near.map(str::to_owned).collect()
}
