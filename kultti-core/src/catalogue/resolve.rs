//! From a declared formula to numerator, denominator and unit, with other indicators written out.

use super::{Catalogue, FormulaProblem, IndicatorDeclaration, parse_formula};
use crate::error::Error;
use crate::language::near_matches;
use crate::model::{Aggregate, Expression, Formula, FunctionId, Indicator, MeasureId, Scope, Unit};

/// A mistake in an indicator; `column` counts within the formula.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Problem {
    Syntax(FormulaProblem),
    Unknown {
        id: String,
        near: Vec<String>,
    },
    Unit {
        at: Option<String>,
        expected: String,
        found: String,
    },
    Scope {
        at: Option<String>,
        /// Which of the occurrences of the id it is, from 0.
        occurrence: usize,
        scope: String,
        found: String,
    },
    Cycle {
        ids: Vec<String>,
    },
}

impl Problem {
    /// The column of the formula that the problem is about, counted from 1.
    pub(super) fn column(&self, formula: &str) -> usize {
        let (id, occurrence) = match self {
            Self::Syntax(syntax) => return syntax.column,
            Self::Unknown { id, .. } => (Some(id.as_str()), 0),
            Self::Unit { at, .. } => (at.as_deref(), 0),
            Self::Scope { at, occurrence, .. } => (at.as_deref(), *occurrence),
            Self::Cycle { ids } => (ids.get(1).map(String::as_str), 0),
        };
        let part_of_id =
            |symbol: Option<char>| symbol.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.');
        let whole = |id: &str, at: usize| {
            !part_of_id(formula[..at].chars().next_back())
                && !part_of_id(formula[at + id.len()..].chars().next())
        };
        let found = id.and_then(|id| {
            formula
                .match_indices(id)
                .map(|(at, _)| at)
                .filter(|at| whole(id, *at))
                .nth(occurrence)
        });
        found.map_or(1, |at| 1 + formula[..at].chars().count())
    }

    /// The error for a catalogue without positions, as a release holds it.
    pub(super) fn into_error(self, path: &str, id: &str) -> Error {
        self.at(path, id, 0, 0)
    }

    /// The error at a position.
    pub(super) fn at(self, path: &str, id: &str, line: usize, column: usize) -> Error {
        let (path, id) = (path.to_owned(), id.to_owned());
        match self {
            Self::Syntax(FormulaProblem { expected, found, .. }) => Error::FormulaSyntax {
                path,
                line,
                column,
                id,
                expected,
                found,
            },
            Self::Unknown { id: reference, near } => Error::UnknownReference {
                path,
                line,
                column,
                id,
                field: "formula".into(),
                reference,
                near,
            },
            Self::Unit { expected, found, .. } => Error::UnitMismatch {
                path,
                line,
                column,
                id,
                expected,
                found,
            },
            Self::Scope { scope, found, .. } => Error::ScopeMixture {
                path,
                line,
                column,
                id,
                scope,
                found,
            },
            Self::Cycle { ids } => Error::Cycle {
                path,
                line,
                column,
                ids,
            },
        }
    }
}

/// Resolves and checks one indicator.
pub(super) fn indicator(
    catalogue: &Catalogue,
    declared: &IndicatorDeclaration,
) -> Result<Indicator, Problem> {
    let mut trail = vec![declared.id.to_string()];
    let (whole, multiplier) = unaliased(catalogue, declared, &mut trail)?;
    let formula = match whole {
        Expression::Divide(left, right) => Formula {
            numerator: expand(catalogue, *left, &mut trail)?,
            denominator: Some(expand(catalogue, *right, &mut trail)?),
        },
        other => Formula {
            numerator: expand(catalogue, other, &mut trail)?,
            denominator: None,
        },
    };
    check_unit(catalogue, declared, &formula)?;
    check_scopes(catalogue, declared, &formula)?;
    let default = if formula.denominator.is_some() {
        Aggregate::RatioOfSums
    } else {
        Aggregate::Total
    };
    Ok(Indicator {
        id: declared.id.clone(),
        label: declared.label.clone(),
        definition: declared.definition.clone(),
        synonyms: declared.synonyms.clone(),
        theme: declared.theme.clone(),
        formula_text: declared.formula.clone(),
        formula,
        multiplier,
        unit: declared.unit.clone(),
        decimals: declared.decimals,
        direction: declared.direction,
        version: declared.version,
        scope: declared.scope.clone(),
        aggregate: declared.aggregate.unwrap_or(default),
        minimum_denominator: declared.minimum_denominator,
        interval: declared.interval,
        caveats: declared.caveats.clone(),
        valid: declared.valid,
    })
}

fn parse(text: &str) -> Result<Expression, Problem> {
    parse_formula(text).map_err(Problem::Syntax)
}

/// A formula that is only another indicator's name takes over that indicator's formula, top-level division and
/// multiplier included, so that it stays the ratio that it names.
fn unaliased(
    catalogue: &Catalogue,
    declared: &IndicatorDeclaration,
    trail: &mut Vec<String>,
) -> Result<(Expression, f64), Problem> {
    let mut whole = parse(&declared.formula)?;
    let mut multiplier = declared.multiplier;
    while let Expression::Measure(id) = &whole {
        let Some(inner) = alias(catalogue, id, trail)? else {
            break;
        };
        trail.push(id.to_string());
        multiplier *= inner.multiplier;
        whole = parse(&inner.formula)?;
    }
    Ok((whole, multiplier))
}

/// The indicator behind an id, where it is not a measure.
fn alias<'a>(
    catalogue: &'a Catalogue,
    id: &MeasureId,
    trail: &[String],
) -> Result<Option<&'a IndicatorDeclaration>, Problem> {
    if catalogue.measure(id).is_some() {
        return Ok(None);
    }
    let Some(declared) = catalogue.declared(id.as_str()) else {
        return Err(Problem::Unknown {
            near: near_ids(catalogue, id.as_str()),
            id: id.to_string(),
        });
    };
    if trail.iter().any(|seen| seen == id.as_str()) {
        let mut ids = trail.to_vec();
        ids.push(id.to_string());
        return Err(Problem::Cycle { ids });
    }
    Ok(Some(declared))
}

/// Writes other indicators out. A published ratio is a measure and an indicator of the same id: the measure wins.
fn expand(
    catalogue: &Catalogue,
    expression: Expression,
    trail: &mut Vec<String>,
) -> Result<Expression, Problem> {
    let pair = |left: Expression, right: Expression, trail: &mut Vec<String>| {
        Ok((
            Box::new(expand(catalogue, left, trail)?),
            Box::new(expand(catalogue, right, trail)?),
        ))
    };
    match expression {
        Expression::Number(_) => Ok(expression),
        Expression::Measure(ref id) => {
            let Some(inner) = alias(catalogue, id, trail)? else {
                return Ok(expression);
            };
            trail.push(id.to_string());
            let expanded = expand(catalogue, parse(&inner.formula)?, trail)?;
            trail.pop();
            if (inner.multiplier - 1.0).abs() < f64::EPSILON {
                return Ok(expanded);
            }
            Ok(Expression::Multiply(
                Box::new(Expression::Number(inner.multiplier)),
                Box::new(expanded),
            ))
        }
        Expression::Add(l, r) => pair(*l, *r, trail).map(|(l, r)| Expression::Add(l, r)),
        Expression::Subtract(l, r) => pair(*l, *r, trail).map(|(l, r)| Expression::Subtract(l, r)),
        Expression::Multiply(l, r) => pair(*l, *r, trail).map(|(l, r)| Expression::Multiply(l, r)),
        Expression::Divide(l, r) => pair(*l, *r, trail).map(|(l, r)| Expression::Divide(l, r)),
        Expression::Negate(inner) => Ok(Expression::Negate(Box::new(expand(catalogue, *inner, trail)?))),
    }
}

fn near_ids(catalogue: &Catalogue, query: &str) -> Vec<String> {
    let measures = catalogue.measures().map(|measure| measure.id.as_str());
    let indicators = catalogue.indicators().map(|indicator| indicator.id.as_str());
    near_matches(query, measures.chain(indicators), 3)
        .into_iter()
        .map(str::to_owned)
        .collect()
}

fn check_unit(
    catalogue: &Catalogue,
    declared: &IndicatorDeclaration,
    formula: &Formula,
) -> Result<(), Problem> {
    let mut derived = unit(catalogue, &formula.numerator)?;
    if let Some(denominator) = &formula.denominator {
        derived = derived.divide(&unit(catalogue, denominator)?);
    }
    if catalogue.same_dimension(&derived, &declared.unit) {
        return Ok(());
    }
    Err(Problem::Unit {
        at: None,
        expected: declared.unit.to_string(),
        found: derived.to_string(),
    })
}

fn unit(catalogue: &Catalogue, expression: &Expression) -> Result<Unit, Problem> {
    match expression {
        Expression::Number(_) => Ok(Unit::one()),
        Expression::Measure(id) => Ok(catalogue
            .measure(id)
            .map(|measure| measure.unit.clone())
            .unwrap_or_default()),
        Expression::Negate(inner) => unit(catalogue, inner),
        Expression::Multiply(left, right) => Ok(unit(catalogue, left)?.multiply(&unit(catalogue, right)?)),
        Expression::Divide(left, right) => Ok(unit(catalogue, left)?.divide(&unit(catalogue, right)?)),
        Expression::Add(left, right) | Expression::Subtract(left, right) => {
            let (first, second) = (unit(catalogue, left)?, unit(catalogue, right)?);
            if catalogue.same_dimension(&first, &second) {
                return Ok(first);
            }
            let at = right.measures().first().map(ToString::to_string);
            Err(Problem::Unit {
                at,
                expected: first.to_string(),
                found: second.to_string(),
            })
        }
    }
}

/// The numerator holds each function of the scope exactly once and no other; a denominator that is a cost too has a
/// scope of its own.
fn check_scopes(
    catalogue: &Catalogue,
    declared: &IndicatorDeclaration,
    formula: &Formula,
) -> Result<(), Problem> {
    let scope = declared.scope.as_ref().and_then(|id| catalogue.scope(id));
    check_scope(catalogue, &formula.numerator, scope)?;
    let scope = declared
        .denominator_scope
        .as_ref()
        .and_then(|id| catalogue.scope(id));
    formula
        .denominator
        .as_ref()
        .map_or(Ok(()), |denominator| check_scope(catalogue, denominator, scope))
}

fn check_scope(catalogue: &Catalogue, side: &Expression, scope: Option<&Scope>) -> Result<(), Problem> {
    let name = scope.map_or_else(|| "-".to_owned(), |scope| scope.id.to_string());
    // What is counted once is a measure of a function: income and cost of one function are two measures of it.
    let mut seen: Vec<(&FunctionId, &str)> = Vec::new();
    let mut problem = None;
    side.for_each_measure(&mut |id| {
        let Some(function) = catalogue
            .measure(id)
            .and_then(|measure| measure.function.as_ref())
        else {
            return;
        };
        let inside = scope.is_some_and(|scope| scope.functions.contains(function));
        let again = seen.iter().any(|(_, measure)| *measure == id.as_str());
        if (!inside || again) && problem.is_none() {
            problem = Some(Problem::Scope {
                at: Some(id.to_string()),
                occurrence: usize::from(again),
                scope: name.clone(),
                found: id.to_string(),
            });
        }
        seen.push((function, id.as_str()));
    });
    if let Some(problem) = problem {
        return Err(problem);
    }
    let absent = scope.filter(|_| !seen.is_empty()).and_then(|scope| {
        scope
            .functions
            .iter()
            .find(|function| seen.iter().all(|(known, _)| known != function))
    });
    absent.map_or(Ok(()), |function| {
        Err(Problem::Scope {
            at: None,
            occurrence: 0,
            scope: name,
            found: format!("no measure of {function}"),
        })
    })
}
