//! Formulas are SQL expressions; this is the part of SQL that they may use.

use crate::model::{Expression, MeasureId};
use sqlparser::ast::Spanned;
use sqlparser::ast::{BinaryOperator, Expr, Ident, UnaryOperator, Value};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;

/// What is wrong with a formula, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct FormulaProblem {
    /// Column in the formula, counted from 1.
    pub column: usize,
    /// What may stand there.
    pub expected: String,
    /// What stands there.
    pub found: String,
}

const ALLOWED: &str = "+ - * / ( ), a number, a measure or an indicator";

/// Reads a formula: `+ - * / ( )`, numbers and dotted ids.
///
/// Parentheses only group. Ids come back as [`Expression::Measure`], whether they name a measure or an indicator.
///
/// # Errors
/// [`FormulaProblem`] with the column.
///
/// ```
/// use kultti_core::catalogue::parse_formula;
/// let formula = parse_formula("(a.x + b.x) / population.year_end").map_err(|problem| problem.expected)?;
/// assert_eq!(formula.measures().len(), 3);
/// let problem = parse_formula("a.x + ").unwrap_err();
/// assert_eq!(problem.found, "EOF");
/// # Ok::<(), String>(())
/// ```
pub fn parse_formula(text: &str) -> Result<Expression, FormulaProblem> {
    let dialect = GenericDialect {};
    let mut parser = Parser::new(&dialect)
        .try_with_sql(text)
        .map_err(|error| problem_of(&error, text))?;
    let expression = parser.parse_expr().map_err(|error| problem_of(&error, text))?;
    let rest = parser.peek_token();
    if rest.token != Token::EOF {
        return Err(FormulaProblem {
            column: column(rest.span.start.column),
            expected: ALLOWED.to_owned(),
            found: rest.token.to_string(),
        });
    }
    convert(&expression)
}

fn column(column: u64) -> usize {
    usize::try_from(column).unwrap_or(1).max(1)
}

/// The parser's error holds its place, if any, only in its text: `Expected: x, found: y at Line: 1, Column: 7`.
fn problem_of(error: &ParserError, formula: &str) -> FormulaProblem {
    let text = match error {
        ParserError::TokenizerError(text) | ParserError::ParserError(text) => text.as_str(),
        ParserError::RecursionLimitExceeded => "too many levels",
    };
    let (what, place) = text.rsplit_once(" at Line: ").unwrap_or((text, ""));
    let at = place
        .rsplit_once("Column: ")
        .and_then(|(_, column)| column.trim().parse().ok())
        // Without a place the formula ended too early.
        .unwrap_or(formula.chars().count() + 1);
    let found = what.rsplit_once("found: ").map_or(what, |(_, found)| found);
    FormulaProblem {
        column: at,
        expected: ALLOWED.to_owned(),
        found: found.to_owned(),
    }
}

fn convert(expression: &Expr) -> Result<Expression, FormulaProblem> {
    let pair = |left: &Expr, right: &Expr| Ok((Box::new(convert(left)?), Box::new(convert(right)?)));
    match expression {
        Expr::Nested(inner) => convert(inner),
        Expr::Identifier(part) => Ok(id(std::slice::from_ref(part))),
        Expr::CompoundIdentifier(parts) => Ok(id(parts)),
        Expr::Value(value) => match &value.value {
            Value::Number(number, _) => number
                .parse()
                .map(Expression::Number)
                .map_err(|_| refused(expression)),
            _ => Err(refused(expression)),
        },
        Expr::UnaryOp {
            op: UnaryOperator::Minus,
            expr,
        } => Ok(Expression::Negate(Box::new(convert(expr)?))),
        Expr::BinaryOp { left, op, right } => {
            let (left, right) = pair(left, right)?;
            match op {
                BinaryOperator::Plus => Ok(Expression::Add(left, right)),
                BinaryOperator::Minus => Ok(Expression::Subtract(left, right)),
                BinaryOperator::Multiply => Ok(Expression::Multiply(left, right)),
                BinaryOperator::Divide => Ok(Expression::Divide(left, right)),
                _ => Err(refused(expression)),
            }
        }
        _ => Err(refused(expression)),
    }
}

fn id(parts: &[Ident]) -> Expression {
    let text = parts
        .iter()
        .map(|part| part.value.as_str())
        .collect::<Vec<_>>()
        .join(".");
    Expression::Measure(MeasureId::new(text))
}

fn refused(expression: &Expr) -> FormulaProblem {
    FormulaProblem {
        column: column(expression.span().start.column),
        expected: ALLOWED.to_owned(),
        found: expression.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_precedence_holds() {
        let measure = |name: &str| Box::new(Expression::Measure(name.into()));
        let expected = Expression::Add(
            measure("a"),
            Box::new(Expression::Multiply(measure("b"), measure("c"))),
        );
        assert_eq!(parse_formula("a + b * c"), Ok(expected.clone()));
        assert_eq!(parse_formula("a + (b * c)"), Ok(expected));
    }

    #[test]
    fn a_problem_names_the_column() {
        assert_eq!(
            parse_formula("a.x + )").expect_err("a stray parenthesis").column,
            7
        );
        assert_eq!(parse_formula("a.x b.y").expect_err("no operator").column, 5);
        assert_eq!(
            parse_formula("a.x + 'text'").expect_err("a string").found,
            "'text'"
        );
        assert_eq!(
            parse_formula("a.x > 1").expect_err("a comparison").found,
            "a.x > 1"
        );
        assert!(parse_formula("sum(a.x)").is_err());
    }
}
