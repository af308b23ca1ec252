//! The arguments of table functions: literal values only, for they are part of the question and not of its rows.

use crate::error::{Error, Result};
use crate::language::Message;
use crate::model::Period;
use crate::panel::Borders;
use crate::stats::Order;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::Expr;
use std::collections::VecDeque;
use std::fmt;

/// The arguments of a call that have not been taken yet.
#[derive(Debug, Clone)]
pub(super) struct Arguments {
    signature: &'static str,
    texts: VecDeque<String>,
}

/// What may stand after the named arguments, in any order: each is known by its form.
#[derive(Debug)]
pub(super) struct Choices {
    signature: &'static str,
    /// `2019`, `2019-Q1`, `2019-01`.
    pub(super) periods: Vec<Period>,
    /// `ascending`, `descending`.
    pub(super) order: Option<Order>,
    /// `now`, `then` or a date.
    pub(super) borders: Option<Borders>,
    /// Everything else.
    pub(super) names: Vec<String>,
}

impl Arguments {
    /// The arguments of a call of a function, which is to be called as its signature says.
    ///
    /// # Errors
    /// [`Error::FunctionArgument`] for what is no literal text or number.
    pub(super) fn read(signature: &'static str, given: &[Expr]) -> Result<Self> {
        let text =
            |given: &Expr| literal(given).ok_or_else(|| wrong(signature, "sql.literal", &given.to_string()));
        Ok(Self {
            signature,
            texts: given.iter().map(text).collect::<Result<_>>()?,
        })
    }

    /// The next one.
    pub(super) fn next(&mut self) -> Result<String> {
        let next = self.texts.pop_front();
        next.ok_or_else(|| wrong(self.signature, "sql.more", ""))
    }

    /// All that are left; what `is_name` knows is a name, whatever else it looks like.
    pub(super) fn choices(self, is_name: impl Fn(&str) -> bool) -> Result<Choices> {
        let signature = self.signature;
        let mut choices = Choices {
            signature,
            periods: Vec::new(),
            order: None,
            borders: None,
            names: Vec::new(),
        };
        for text in self.texts {
            let twice = || wrong(signature, "sql.once", &text);
            if is_name(&text) {
                choices.names.push(text);
            } else if let Ok(period) = text.parse() {
                choices.periods.push(period);
            } else if let Some(order) = order(&text) {
                if choices.order.replace(order).is_some() {
                    return Err(twice());
                }
            } else if let Ok(borders) = text.parse() {
                if choices.borders.replace(borders).is_some() {
                    return Err(twice());
                }
            } else {
                choices.names.push(text);
            }
        }
        Ok(choices)
    }
}

impl fmt::Display for Arguments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, text) in self.texts.iter().enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            write!(f, "{comma}'{text}'")?;
        }
        Ok(())
    }
}

fn order(text: &str) -> Option<Order> {
    let orders = [Order::Ascending, Order::Descending];
    orders.into_iter().find(|order| order.name() == text)
}

impl Choices {
    /// Refuses more than a function has use for.
    pub(super) fn within(self, periods: usize, names: usize, order: bool) -> Result<Self> {
        let name = self.names.get(names).cloned();
        let period = self.periods.get(periods).map(ToString::to_string);
        let order = self.order.filter(|_| !order).map(|order| order.name().to_owned());
        match name.or(period).or(order) {
            Some(found) => Err(wrong(self.signature, "sql.choice", &found)),
            None => Ok(self),
        }
    }

    /// The one name that must be there.
    pub(super) fn one_name(&self) -> Result<String> {
        let name = self.names.first().cloned();
        name.ok_or_else(|| wrong(self.signature, "sql.more", ""))
    }
}

/// The error for an argument that is not what a function takes.
pub(super) fn wrong(signature: &'static str, expected: &'static str, found: &str) -> Error {
    Error::FunctionArgument {
        signature: signature.to_owned(),
        expected: Message::new(expected),
        found: found.to_owned(),
    }
}

/// A literal text, or a whole number as one; a year may be written without quotes.
fn literal(given: &Expr) -> Option<String> {
    let Expr::Literal(value, _) = given else {
        return None;
    };
    match value {
        ScalarValue::Int64(Some(number)) => Some(number.to_string()),
        ScalarValue::UInt64(Some(number)) => Some(number.to_string()),
        other => other.try_as_str().flatten().map(str::to_owned),
    }
}
