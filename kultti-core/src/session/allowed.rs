//! The part of SQL that an expression may use, and how it is handed to the engine.

use super::compiled::Operator;
use crate::language::near_matches;
use sqlparser::ast::{
    BinaryOperator, CaseWhen, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident,
    Spanned, UnaryOperator, Value,
};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Span, Token, Tokenizer};
use std::collections::BTreeSet;

/// The functions that an expression may call. `greatest` and `least` pass over what is missing, `coalesce` takes the first
/// that is not; every other function of something missing is missing.
pub const FUNCTIONS: [&str; 9] = [
    "abs", "ceil", "coalesce", "floor", "greatest", "least", "nullif", "round", "sign",
];

/// An expression of more words and signs than this is a mistake, and may be nested deeper than a stack allows.
const LONGEST: usize = 400;

/// What `coalesce` within `coalesce` may grow to for the engine, in bytes.
const LONGEST_SQL: usize = 20_000;

/// What is wrong with an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// It cannot be read.
    Syntax,
    /// A column that is not known.
    UnknownColumn,
    /// A function that is not on the list, or is called with other arguments than it takes.
    Function,
    /// Something that has no place in an expression: a query, an aggregate, a window, a text.
    Refused,
    /// A number where a truth is wanted, or the other way round.
    Type,
    /// More than anybody can follow: 400 words and signs.
    TooLong,
}

/// What is wrong with an expression, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// What sort of mistake.
    pub kind: ProblemKind,
    /// Line in the expression, counted from 1.
    pub line: usize,
    /// Column in that line, counted from 1 in characters.
    pub column: usize,
    /// What stands there.
    pub found: String,
    /// What may have been meant.
    pub near: Vec<String>,
}

impl Problem {
    pub(super) fn new(kind: ProblemKind, span: Span, found: impl Into<String>) -> Self {
        let place = |number: u64| usize::try_from(number).unwrap_or(1).max(1);
        Self {
            kind,
            line: place(span.start.line),
            column: place(span.start.column),
            found: found.into(),
            near: Vec::new(),
        }
    }
}

/// An expression as the engine is to have it: only allowed parts, whole columns in quotes, floats only.
pub(super) struct Translated {
    pub(super) sql: String,
    pub(super) columns: BTreeSet<String>,
    pub(super) span: Span,
}

impl Translated {
    pub(super) fn read(text: &str, known: &BTreeSet<String>) -> Result<Self, Problem> {
        Self::of(&parse(text)?, known)
    }

    /// Both sides of a comparison.
    pub(super) fn sides(
        text: &str,
        known: &BTreeSet<String>,
    ) -> Result<Option<(Self, Operator, Self)>, Problem> {
        let mut expression = &parse(text)?;
        while let Expr::Nested(inner) = expression {
            expression = inner;
        }
        let Expr::BinaryOp { left, op, right } = expression else {
            return Ok(None);
        };
        let Some(operator) = Operator::of(op) else {
            return Ok(None);
        };
        Ok(Some((Self::of(left, known)?, operator, Self::of(right, known)?)))
    }

    fn of(expression: &Expr, known: &BTreeSet<String>) -> Result<Self, Problem> {
        let mut walk = Walk {
            known,
            columns: BTreeSet::new(),
        };
        let sql = walk.expression(expression)?;
        Ok(Self {
            sql,
            columns: walk.columns,
            span: expression.span(),
        })
    }
}

fn parse(text: &str) -> Result<Expr, Problem> {
    let dialect = GenericDialect {};
    let failed = |error: ParserError| syntax(&error, text);
    let tokens = Tokenizer::new(&dialect, text).tokenize_with_location();
    let tokens = tokens.map_err(|error| failed(error.into()))?;
    let mut words = tokens
        .iter()
        .filter(|token| !matches!(token.token, Token::Whitespace(_)));
    if let Some(beyond) = words.nth(LONGEST) {
        let found = format!("\u{2026} {} \u{2026}", beyond.token);
        return Err(Problem::new(ProblemKind::TooLong, beyond.span, found));
    }
    let mut parser = Parser::new(&dialect).with_tokens_with_locations(tokens);
    let expression = parser.parse_expr().map_err(failed)?;
    let rest = parser.peek_token();
    if rest.token == Token::EOF {
        return Ok(expression);
    }
    Err(Problem::new(
        ProblemKind::Syntax,
        rest.span,
        rest.token.to_string(),
    ))
}

/// The parser's error holds its place, if any, only in its text: `Expected: x, found: y at Line: 1, Column: 7`.
fn syntax(error: &ParserError, text: &str) -> Problem {
    let message = match error {
        ParserError::TokenizerError(message) | ParserError::ParserError(message) => message.as_str(),
        ParserError::RecursionLimitExceeded => "too many levels",
    };
    let (what, place) = message.rsplit_once(" at Line: ").unwrap_or((message, ""));
    let (line, column) = place.split_once(", Column: ").unwrap_or(("", ""));
    // Without a place the expression ended too early.
    let last = text.lines().count().max(1);
    let end = 1 + text.lines().last().map_or(0, |line| line.chars().count());
    let found = what.rsplit_once("found: ").map_or(what, |(_, found)| found);
    Problem {
        kind: ProblemKind::Syntax,
        line: line.trim().parse().unwrap_or(last),
        column: column.trim().parse().unwrap_or(end),
        found: found.to_owned(),
        near: Vec::new(),
    }
}

struct Walk<'a> {
    known: &'a BTreeSet<String>,
    columns: BTreeSet<String>,
}

impl Walk<'_> {
    fn expression(&mut self, expression: &Expr) -> Result<String, Problem> {
        match expression {
            Expr::Nested(inner) => self.expression(inner),
            Expr::Identifier(part) => self.column(std::slice::from_ref(part), expression),
            Expr::CompoundIdentifier(parts) => self.column(parts, expression),
            Expr::Value(value) => number(&value.value).ok_or_else(|| refused(expression)),
            Expr::UnaryOp { op, expr } => {
                let inner = self.expression(expr)?;
                match op {
                    UnaryOperator::Minus => Ok(format!("(0.0 - {inner})")),
                    UnaryOperator::Plus => Ok(inner),
                    UnaryOperator::Not => Ok(format!("(NOT {inner})")),
                    _ => Err(refused(expression)),
                }
            }
            Expr::BinaryOp { left, op, right } => {
                let (first, second) = (self.expression(left)?, self.expression(right)?);
                let first = if continues(left, op) { bare(&first) } else { &first };
                binary(first, op, &second).ok_or_else(|| refused(expression))
            }
            Expr::IsNull(inner) => self.test(inner, "IS NULL"),
            Expr::IsNotNull(inner) => self.test(inner, "IS NOT NULL"),
            Expr::IsTrue(inner) => self.test(inner, "IS TRUE"),
            Expr::IsNotTrue(inner) => self.test(inner, "IS NOT TRUE"),
            Expr::IsFalse(inner) => self.test(inner, "IS FALSE"),
            Expr::IsNotFalse(inner) => self.test(inner, "IS NOT FALSE"),
            _ => self.longer(expression),
        }
    }

    /// Expressions of several parts.
    fn longer(&mut self, expression: &Expr) -> Result<String, Problem> {
        let negation = |negated: bool| if negated { "NOT " } else { "" };
        match expression {
            Expr::Between {
                expr,
                negated,
                low,
                high,
            } => Ok(format!(
                "({} {}BETWEEN {} AND {})",
                self.expression(expr)?,
                negation(*negated),
                self.expression(low)?,
                self.expression(high)?
            )),
            Expr::InList { expr, list, negated } => {
                let tested = self.expression(expr)?;
                let list = self.all(list)?.join(", ");
                Ok(format!("({tested} {}IN ({list}))", negation(*negated)))
            }
            Expr::Case {
                operand: None,
                conditions,
                else_result,
                ..
            } => self.case(conditions, else_result.as_deref()),
            Expr::Function(function) => self.function(function, expression),
            // Names with a grammar of their own.
            Expr::Ceil { expr, field: _ } if plain(expression) => {
                Ok(format!("ceil({})", self.expression(expr)?))
            }
            Expr::Floor { expr, field: _ } if plain(expression) => {
                Ok(format!("floor({})", self.expression(expr)?))
            }
            _ => Err(refused(expression)),
        }
    }

    fn all(&mut self, expressions: &[Expr]) -> Result<Vec<String>, Problem> {
        expressions.iter().map(|item| self.expression(item)).collect()
    }

    fn test(&mut self, inner: &Expr, what: &str) -> Result<String, Problem> {
        Ok(format!("({} {what})", self.expression(inner)?))
    }

    fn case(&mut self, conditions: &[CaseWhen], otherwise: Option<&Expr>) -> Result<String, Problem> {
        let mut out = "(CASE".to_owned();
        for branch in conditions {
            let (condition, result) = (
                self.expression(&branch.condition)?,
                self.expression(&branch.result)?,
            );
            out.push_str(&format!(" WHEN {condition} THEN {result}"));
        }
        if let Some(otherwise) = otherwise {
            out.push_str(&format!(" ELSE {}", self.expression(otherwise)?));
        }
        Ok(out + " END)")
    }

    fn column(&mut self, parts: &[Ident], expression: &Expr) -> Result<String, Problem> {
        self.named(&dotted(parts), expression)
    }

    fn named(&mut self, name: &str, expression: &Expr) -> Result<String, Problem> {
        if self.known.contains(name) {
            self.columns.insert(name.to_owned());
            return Ok(quoted(name));
        }
        let near = near_matches(name, self.known.iter().map(String::as_str), 3);
        Err(Problem {
            near: near.into_iter().map(str::to_owned).collect(),
            ..Problem::new(ProblemKind::UnknownColumn, expression.span(), name)
        })
    }

    fn function(&mut self, function: &Function, expression: &Expr) -> Result<String, Problem> {
        let name = function.name.to_string().to_ascii_lowercase();
        let arguments = arguments(function);
        // A column within parentheses, such as `previous(library.visits)`.
        if let Some([argument]) = arguments.as_deref()
            && let Some(inner) = identifier(argument)
            && self
                .known
                .iter()
                .any(|known| known.starts_with(&format!("{name}(")))
        {
            return self
                .named(&format!("{name}({inner})"), argument)
                .map_err(|problem| Problem {
                    found: format!("{name}({inner})"),
                    ..problem
                });
        }
        if !FUNCTIONS.contains(&name.as_str()) {
            let near = near_matches(&name, FUNCTIONS, 3);
            let near = if near.is_empty() { FUNCTIONS.to_vec() } else { near };
            return Err(Problem {
                near: near.into_iter().map(str::to_owned).collect(),
                ..Problem::new(ProblemKind::Function, expression.span(), name)
            });
        }
        let wrong = || Problem::new(ProblemKind::Function, expression.span(), expression.to_string());
        let arguments = arguments.ok_or_else(wrong)?;
        let fits = match name.as_str() {
            "coalesce" | "greatest" | "least" => !arguments.is_empty(),
            "nullif" => arguments.len() == 2,
            "round" => matches!(arguments.len(), 1 | 2),
            _ => arguments.len() == 1,
        };
        if !fits {
            return Err(wrong());
        }
        self.call(&name, &arguments).ok_or_else(wrong)?
    }

    /// The first of several that is not missing. The engine writes `coalesce` as such cases, too, but not for an expression
    /// that stands alone.
    fn first_present(arguments: &[String]) -> Option<String> {
        let (last, earlier) = arguments.split_last()?;
        let mut out = "(CASE".to_owned();
        for argument in earlier {
            out.push_str(&format!(" WHEN {argument} IS NOT NULL THEN {argument}"));
        }
        out.push_str(&format!(" ELSE {last} END)"));
        // Each level of them doubles what stands within.
        (out.len() <= LONGEST_SQL).then_some(out)
    }

    /// The call of a function of the list; `None` where `round` is told its decimals by anything but a whole number,
    /// and where `coalesce` stands too deep within itself.
    fn call(&mut self, name: &str, arguments: &[Expr]) -> Option<Result<String, Problem>> {
        if name == "round" && arguments.len() == 2 {
            let decimals = whole(arguments.get(1)?)?;
            let first = self.expression(arguments.first()?);
            return Some(first.map(|first| plain_zero(&format!("round({first}, {decimals})"))));
        }
        let arguments = match self.all(arguments) {
            Ok(arguments) => arguments,
            Err(problem) => return Some(Err(problem)),
        };
        let first = arguments.first()?;
        if name == "coalesce" {
            return Self::first_present(&arguments).map(Ok);
        }
        Some(Ok(match name {
            "sign" => plain_zero(&format!("signum({first})")),
            "ceil" | "round" => plain_zero(&format!("{name}({first})")),
            _ => format!("{name}({})", arguments.join(", ")),
        }))
    }
}

/// Whether `CEIL` or `FLOOR` is the function of numbers, without a field of a date or a scale.
fn plain(expression: &Expr) -> bool {
    use sqlparser::ast::{CeilFloorKind, DateTimeField};
    matches!(
        expression,
        Expr::Ceil {
            field: CeilFloorKind::DateTimeField(DateTimeField::NoDateTime),
            ..
        } | Expr::Floor {
            field: CeilFloorKind::DateTimeField(DateTimeField::NoDateTime),
            ..
        }
    )
}

/// Whether an operation goes on from one of the same rank, as in `a + b − c`: a long sum is one level, not many.
fn continues(left: &Expr, operator: &BinaryOperator) -> bool {
    let rank = |operator: &BinaryOperator| match operator {
        BinaryOperator::Plus | BinaryOperator::Minus => 1,
        BinaryOperator::And => 2,
        BinaryOperator::Or => 3,
        _ => 0,
    };
    match left {
        Expr::Nested(inner) => continues(inner, operator),
        Expr::BinaryOp { op, .. } => rank(op) > 0 && rank(op) == rank(operator),
        _ => false,
    }
}

/// An operation without the parentheses around it.
fn bare(sql: &str) -> &str {
    let inner = sql.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    inner.unwrap_or(sql)
}

fn binary(left: &str, operator: &BinaryOperator, right: &str) -> Option<String> {
    let sign = match operator {
        BinaryOperator::Divide => return Some(plain_zero(&format!("{left} / nullif({right}, 0.0)"))),
        BinaryOperator::Multiply => return Some(plain_zero(&format!("{left} * {right}"))),
        BinaryOperator::Plus => "+",
        BinaryOperator::Minus => "-",
        BinaryOperator::And => "AND",
        BinaryOperator::Or => "OR",
        _ => Operator::of(operator)?.sign(),
    };
    Some(format!("({left} {sign} {right})"))
}

/// What may come out as −0, as 0: to the engine −0 is less than 0.
fn plain_zero(sql: &str) -> String {
    format!("({sql} + 0.0)")
}

/// A constant: every number is a float, so that 1 / 2 is a half.
fn number(value: &Value) -> Option<String> {
    match value {
        Value::Number(digits, _) => {
            let number: f64 = digits.parse().ok().filter(|number: &f64| number.is_finite())?;
            Some(format!("{number:?}"))
        }
        Value::Boolean(truth) => Some(truth.to_string()),
        Value::Null => Some("NULL".to_owned()),
        _ => None,
    }
}

fn whole(expression: &Expr) -> Option<i64> {
    match expression {
        Expr::Value(value) => match &value.value {
            Value::Number(digits, _) => digits.parse().ok(),
            _ => None,
        },
        Expr::UnaryOp {
            op: UnaryOperator::Minus,
            expr,
        } => whole(expr).map(|number| -number),
        _ => None,
    }
}

/// The arguments of a plain call: without names, windows, filters and the like.
fn arguments(function: &Function) -> Option<Vec<Expr>> {
    let plain = function.over.is_none()
        && function.filter.is_none()
        && function.null_treatment.is_none()
        && function.within_group.is_empty()
        && matches!(function.parameters, FunctionArguments::None);
    let FunctionArguments::List(list) = &function.args else {
        return None;
    };
    if !plain || list.duplicate_treatment.is_some() || !list.clauses.is_empty() {
        return None;
    }
    let one = |argument: &FunctionArg| match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expression)) => Some(expression.clone()),
        _ => None,
    };
    list.args.iter().map(one).collect()
}

fn identifier(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Identifier(part) => Some(dotted(std::slice::from_ref(part))),
        Expr::CompoundIdentifier(parts) => Some(dotted(parts)),
        _ => None,
    }
}

fn dotted(parts: &[Ident]) -> String {
    let parts: Vec<&str> = parts.iter().map(|part| part.value.as_str()).collect();
    parts.join(".")
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn refused(expression: &Expr) -> Problem {
    Problem::new(ProblemKind::Refused, expression.span(), expression.to_string())
}
