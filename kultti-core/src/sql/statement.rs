//! What may be asked: one statement that reads.

use super::failure::{failed, syntax};
use crate::error::{Error, Result};
use datafusion::common::utils::quote_identifier;
use datafusion::error::DataFusionError;
use datafusion::sql::parser::{DFParserBuilder, Statement};
use datafusion::sql::sqlparser::ast::{
    ObjectNamePart, Query, SetExpr, Statement as SqlStatement, TableFactor, VisitMut, VisitorMut,
};
use datafusion::sql::sqlparser::keywords::RESERVED_FOR_TABLE_ALIAS;
use datafusion::sql::sqlparser::tokenizer::Token;
use std::ops::ControlFlow;

/// A statement that may be asked.
pub(super) enum Question {
    /// The tables there are.
    Tables,
    /// The columns of a table or function.
    Columns(String),
    /// Anything that the engine answers.
    Other(Box<Statement>),
}

impl Question {
    /// Reads one statement, and names the table functions it calls in small letters.
    pub(super) fn read(sql: &str) -> Result<(Self, Vec<String>)> {
        let mut statement = one(sql)?;
        require_reading(&statement)?;
        let mut called = Called::default();
        if let Some(inner) = inner(&mut statement) {
            let _ = inner.visit(&mut called);
        }
        let question = match &statement {
            Statement::Statement(inner) => match inner.as_ref() {
                SqlStatement::ShowTables { .. } => Self::Tables,
                SqlStatement::ExplainTable { table_name, .. } => {
                    let name = table_name.0.last().and_then(ObjectNamePart::as_ident);
                    Self::Columns(name.map_or_else(String::new, |name| name.value.clone()))
                }
                _ => Self::Other(Box::new(statement)),
            },
            _ => Self::Other(Box::new(statement)),
        };
        Ok((question, called.0))
    }
}

/// Whether SQL reads a text as the name of a table, without quotes.
pub(super) fn is_name(text: &str) -> bool {
    let first = text.starts_with(|symbol: char| symbol.is_ascii_lowercase());
    let reserved = matches!(
        Token::make_keyword(text),
        Token::Word(word) if RESERVED_FOR_TABLE_ALIAS.contains(&word.keyword)
    );
    first && quote_identifier(text) == text && !reserved
}

fn one(sql: &str) -> Result<Statement> {
    let parsed = DFParserBuilder::new(sql).build();
    let parsed = parsed.and_then(|mut parser| parser.parse_statements());
    let mut statements = parsed.map_err(|error| match &error {
        DataFusionError::SQL(cause, _) => syntax(cause),
        _ => failed(&error, 0),
    })?;
    match (statements.pop_back(), statements.len()) {
        (Some(statement), 0) => Ok(statement),
        (last, before) => Err(Error::SqlStatements {
            count: before + usize::from(last.is_some()),
        }),
    }
}

/// Refuses whatever would change something, or ask for something else than data.
fn require_reading(statement: &Statement) -> Result<()> {
    let reads = match statement {
        Statement::Explain(explained) => return require_reading(&explained.statement),
        Statement::Statement(inner) => match inner.as_ref() {
            SqlStatement::Query(query) => reads(query),
            SqlStatement::ExplainTable { .. } => true,
            // There is one list: of no other schema, and with no pattern.
            SqlStatement::ShowTables { .. } => inner.to_string() == "SHOW TABLES",
            SqlStatement::Explain { statement, .. } => {
                matches!(statement.as_ref(), SqlStatement::Query(query) if reads(query))
            }
            _ => false,
        },
        _ => false,
    };
    if reads {
        return Ok(());
    }
    let text = statement.to_string();
    let word = |word: &&str| word.chars().all(|symbol| symbol.is_ascii_uppercase());
    let words: Vec<&str> = text.split_whitespace().take_while(word).take(3).collect();
    Err(Error::SqlStatement {
        statement: words.join(" "),
    })
}

/// Whether a query only reads: it may hold statements that write.
fn reads(query: &Query) -> bool {
    let ctes = query.with.iter().flat_map(|with| &with.cte_tables);
    ctes.into_iter().all(|cte| reads(&cte.query)) && body_reads(&query.body)
}

fn body_reads(body: &SetExpr) -> bool {
    match body {
        SetExpr::Select(select) => select.into.is_none(),
        SetExpr::Query(query) => reads(query),
        SetExpr::SetOperation { left, right, .. } => body_reads(left) && body_reads(right),
        SetExpr::Values(_) | SetExpr::Table(_) => true,
        _ => false,
    }
}

fn inner(statement: &mut Statement) -> Option<&mut SqlStatement> {
    match statement {
        Statement::Statement(statement) => Some(statement),
        Statement::Explain(explained) => inner(&mut explained.statement),
        _ => None,
    }
}

/// The table functions that are called. The engine takes their names as they are written; a name without quotes is in small
/// letters, as every other.
#[derive(Default)]
struct Called(Vec<String>);

impl VisitorMut for Called {
    type Break = ();

    fn pre_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<()> {
        if let TableFactor::Table {
            name, args: Some(_), ..
        } = factor
        {
            for part in &mut name.0 {
                if let ObjectNamePart::Identifier(ident) = part
                    && ident.quote_style.is_none()
                {
                    ident.value = ident.value.to_lowercase();
                }
            }
            self.0.push(name.to_string());
        }
        ControlFlow::Continue(())
    }
}
