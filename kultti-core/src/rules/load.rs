//! Reading a file of rules: everything that can be wrong is found here, with its place in the file.

use super::document::{Declared, File, RuleKind, Tolerance};
use super::kinds::{
    Activity, Assertion, Balance, Body, Categories, HidiroglouBerthelot, Peers, Range, YearOnYear, columns,
    of_before,
};
use super::scene::Names;
use super::{Rule, RuleSet, Severities};
use crate::catalogue::Catalogue;
use crate::error::{Error, Result};
use crate::language::{Message, Param, Text, near_matches};
use crate::model::MeasureId;
use crate::session::{Compiled, FUNCTIONS, Problem, ProblemKind, Session};
use crate::source::{parse_toml, position};
use std::collections::BTreeSet;
use toml::Spanned;

/// Parameters of a rule `hidiroglou-berthelot` that says nothing of them.
const USUAL: [f64; 3] = [0.5, 0.05, 20.0];
/// The score above which a rule `peers` that says nothing of it finds something.
const USUAL_THRESHOLD: f64 = 3.5;

pub(super) fn load(path: &str, text: &str, catalogue: &Catalogue) -> Result<RuleSet> {
    let file: File = parse_toml(path, text)?;
    let mut reader = Reader {
        path,
        text,
        catalogue,
        columns: columns(catalogue.measures().map(|measure| &measure.id)),
        session: None,
        line: 1,
        id: file.id.clone(),
    };
    if file.schema != 1 {
        return Err(reader.field("schema", Message::new("rule.expects-one"), file.schema));
    }
    reader.label("label", &file.label)?;
    let mut rules: Vec<Rule> = Vec::new();
    for declared in file.rules {
        reader.line = position(text, declared.span().start).0;
        let declared = declared.into_inner();
        reader.id.clone_from(&declared.id);
        if rules.iter().any(|rule| rule.id == declared.id) {
            return Err(Error::DuplicateId {
                path: path.to_owned(),
                line: reader.line,
                id: declared.id,
            });
        }
        rules.push(reader.rule(declared)?);
    }
    Ok(RuleSet {
        id: file.id,
        version: file.version,
        label: file.label,
        rules,
        names: Names::of(catalogue),
    })
}

struct Reader<'a> {
    path: &'a str,
    text: &'a str,
    catalogue: &'a Catalogue,
    columns: BTreeSet<String>,
    /// Made when the first expression is met.
    session: Option<Session>,
    line: usize,
    id: String,
}

impl Reader<'_> {
    fn rule(&mut self, declared: Declared) -> Result<Rule> {
        if declared.version == 0 {
            return Err(self.field("version", Message::new("rule.expects-one-or-more"), 0));
        }
        self.label("label", &declared.label)?;
        self.label("basis", &declared.basis.text)?;
        self.fields(&declared)?;
        let body = self.body(&declared)?;
        Ok(Rule {
            id: declared.id,
            version: declared.version,
            label: declared.label,
            basis: declared.basis,
            valid: declared.valid,
            severity: Severities::new(declared.severity, declared.severity_by_period),
            body,
        })
    }

    /// Each kind has fields of its own, all of them and no others.
    fn fields(&self, declared: &Declared) -> Result<()> {
        let (fields, needed) = declared.kind.fields();
        let given = declared.given();
        let of_kind = || {
            Message::new("rule.expects-fields")
                .with("kind", declared.kind.name())
                .with(
                    "fields",
                    &fields.iter().map(|field| (*field).to_owned()).collect::<Vec<_>>(),
                )
        };
        if let Some(other) = given.iter().find(|field| !fields.contains(field)) {
            return Err(self.field(other, of_kind(), other));
        }
        if let Some(lacking) = fields.iter().take(needed).find(|field| !given.contains(field)) {
            return Err(self.field(lacking, of_kind(), "\u{2013}"));
        }
        Ok(())
    }

    fn body(&mut self, declared: &Declared) -> Result<Body> {
        Ok(match declared.kind {
            RuleKind::Sql => Body::Sql(Box::new(self.assertion(declared)?)),
            RuleKind::Required => Body::Required(self.measures("measures", &declared.measures)?),
            RuleKind::Range => Body::Range(self.range(declared)?),
            RuleKind::Categories => Body::Categories(Categories {
                measures: self.measures("measures", &declared.measures)?,
                values: declared.values.clone().unwrap_or_default(),
            }),
            RuleKind::Duplicates => Body::Duplicates,
            RuleKind::Sum => {
                let parts = self.measures("parts", &declared.parts)?;
                let added = parts.into_iter().map(|part| (part, true)).collect();
                Body::Sum(self.balance("total", declared.total.as_ref(), added)?)
            }
            RuleKind::Net => {
                let parts = vec![
                    (self.one("gross", declared.gross.as_ref())?, true),
                    (self.one("income", declared.income.as_ref())?, false),
                ];
                Body::Net(self.balance("net", declared.net.as_ref(), parts)?)
            }
            RuleKind::YearOnYear => Body::YearOnYear(YearOnYear {
                measures: self.measures("measures", &declared.measures)?,
                up: self.not_negative("up", declared.up, 0.0)?,
                down: self.not_negative("down", declared.down, 0.0)?,
                least: self.not_negative("least", declared.least, 0.0)?,
            }),
            RuleKind::HidiroglouBerthelot => {
                let [u, a, c] = USUAL;
                Body::HidiroglouBerthelot(HidiroglouBerthelot {
                    measures: self.measures("measures", &declared.measures)?,
                    u: self.not_negative("u", declared.u, u)?,
                    a: self.not_negative("a", declared.a, a)?,
                    c: self.not_negative("c", declared.c, c)?,
                    least: self.not_negative("least", declared.least, 0.0)?,
                })
            }
            RuleKind::Unit => Body::Unit(self.measures("measures", &declared.measures)?),
            RuleKind::Peers => Body::Peers(Peers {
                measures: self.measures("measures", &declared.measures)?,
                threshold: self.not_negative("threshold", declared.threshold, USUAL_THRESHOLD)?,
                least: self.not_negative("least", declared.least, 0.0)?,
            }),
            RuleKind::CostWithoutActivity => Body::CostWithoutActivity(self.activity(declared)?),
            RuleKind::ActivityWithoutCost => Body::ActivityWithoutCost(self.activity(declared)?),
        })
    }

    fn range(&self, declared: &Declared) -> Result<Range> {
        let (minimum, maximum) = (declared.minimum, declared.maximum);
        let turned = minimum
            .zip(maximum)
            .is_some_and(|(minimum, maximum)| minimum > maximum);
        if turned || (minimum.is_none() && maximum.is_none()) {
            let found = maximum.map_or("\u{2013}".to_owned(), |maximum| maximum.to_string());
            return Err(self.field("maximum", Message::new("rule.expects-limits"), found));
        }
        Ok(Range {
            measures: self.measures("measures", &declared.measures)?,
            minimum,
            maximum,
            per_inhabitant: declared.per_inhabitant.unwrap_or_default(),
        })
    }

    fn activity(&self, declared: &Declared) -> Result<Activity> {
        Ok(Activity {
            cost: self.one("cost", declared.cost.as_ref())?,
            activity: self.measures("activity", &declared.activity)?,
            least: self.not_negative("least", declared.least, 0.0)?,
        })
    }

    /// A total and its parts, all of one unit and none of them twice.
    fn balance(
        &self,
        field: &'static str,
        total: Option<&Spanned<String>>,
        parts: Vec<(MeasureId, bool)>,
    ) -> Result<Balance> {
        let total = self.one(field, total)?;
        let unit = |measure: &MeasureId| self.catalogue.measure(measure).map(|measure| &measure.unit);
        for (place, (part, _)) in parts.iter().enumerate() {
            let twice = *part == total || parts[..place].iter().any(|(earlier, _)| earlier == part);
            let fits = match (unit(&total), unit(part)) {
                (Some(total), Some(part)) => self.catalogue.same_dimension(total, part),
                _ => false,
            };
            if twice || !fits {
                let expected = if twice {
                    "rule.expects-once"
                } else {
                    "rule.expects-one-unit"
                };
                return Err(self.field(field, Message::new(expected), part));
            }
        }
        Ok(Balance { total, parts })
    }

    fn assertion(&mut self, declared: &Declared) -> Result<Assertion> {
        let message = declared.message.clone().unwrap_or_default();
        self.label("message", &message)?;
        let when = match &declared.when {
            Some(when) => Some(self.truth(when)?),
            None => None,
        };
        let Some(written) = &declared.assert else {
            return Err(self.field("assert", Message::new("rule.expects-truth"), "\u{2013}"));
        };
        let assert = self.truth(written)?;
        let columns = self.columns.clone();
        let sides = self
            .session()?
            .comparison(written.get_ref(), &columns)
            .map_err(|problem| self.problem(problem, written.span().start, written.get_ref()))?
            .filter(|sides| !sides.left.is_truth() && !sides.right.is_truth());
        let tolerance = match &declared.tolerance {
            Some(tolerance) if sides.is_some() => Some(self.tolerance(tolerance)?),
            Some(_) => {
                let found = written.get_ref().as_str();
                return Err(self.field("tolerance", Message::new("rule.expects-comparison"), found));
            }
            None => None,
        };
        let mut measures: Vec<MeasureId> = Vec::new();
        let of_sides = sides
            .iter()
            .flat_map(|sides| sides.left.columns().iter().chain(sides.right.columns()));
        for column in of_sides
            .chain(assert.columns())
            .chain(when.iter().flat_map(Compiled::columns))
        {
            let measure = of_before(column).unwrap_or_else(|| MeasureId::new(column));
            if self.catalogue.measure(&measure).is_some() && !measures.contains(&measure) {
                measures.push(measure);
            }
        }
        Ok(Assertion {
            measures,
            when,
            assert,
            sides,
            tolerance,
            message,
        })
    }

    fn session(&mut self) -> Result<&Session> {
        if self.session.is_none() {
            self.session = Some(Session::new()?);
        }
        self.session
            .as_ref()
            .ok_or(Error::Engine { cause: String::new() })
    }

    fn compiled(&mut self, start: usize, expression: &str, truth: bool) -> Result<Compiled> {
        let columns = self.columns.clone();
        let compiled = self
            .session()?
            .expression(expression, &columns)
            .map_err(|problem| self.problem(problem, start, expression))?;
        if compiled.is_truth() == truth {
            return Ok(compiled);
        }
        let problem = Problem {
            kind: ProblemKind::Type,
            line: 1,
            column: 1,
            found: expression.to_owned(),
            near: Vec::new(),
        };
        let expected = if truth {
            "rule.expects-truth"
        } else {
            "rule.expects-number"
        };
        Err(self.misplaced(problem, start, expression, Message::new(expected)))
    }

    fn truth(&mut self, written: &Spanned<String>) -> Result<Compiled> {
        self.compiled(written.span().start, written.get_ref(), true)
    }

    fn tolerance(&mut self, written: &Spanned<Tolerance>) -> Result<Compiled> {
        let expression = match written.get_ref() {
            Tolerance::Number(number) if *number >= 0.0 => format!("{number:?}"),
            Tolerance::Number(number) => {
                return Err(self.field("tolerance", Message::new("rule.expects-not-negative"), number));
            }
            Tolerance::Expression(expression) => expression.clone(),
        };
        self.compiled(written.span().start, &expression, false)
    }

    /// A measure, by its id.
    fn one(&self, field: &'static str, written: Option<&Spanned<String>>) -> Result<MeasureId> {
        let Some(written) = written else {
            return Err(self.field(field, Message::new("rule.expects-measure"), "\u{2013}"));
        };
        let id = MeasureId::new(written.get_ref());
        if self.catalogue.measure(&id).is_some() {
            return Ok(id);
        }
        Err(self.unknown(field, written))
    }

    /// Measures, by their ids or by patterns such as `*.operating_cost`; each must fit one at least.
    fn measures(
        &self,
        field: &'static str,
        written: &Option<Vec<Spanned<String>>>,
    ) -> Result<Vec<MeasureId>> {
        let mut measures: Vec<MeasureId> = Vec::new();
        for item in written.iter().flatten() {
            let pattern = glob::Pattern::new(item.get_ref()).map_err(|_| self.unknown(field, item))?;
            let mut fitting = self
                .catalogue
                .measures()
                .filter(|measure| pattern.matches(measure.id.as_str()));
            let Some(first) = fitting.next() else {
                return Err(self.unknown(field, item));
            };
            for measure in std::iter::once(first).chain(fitting) {
                if !measures.contains(&measure.id) {
                    measures.push(measure.id.clone());
                }
            }
        }
        if measures.is_empty() {
            return Err(self.field(field, Message::new("rule.expects-measure"), "[]"));
        }
        Ok(measures)
    }

    fn unknown(&self, field: &str, written: &Spanned<String>) -> Error {
        let (line, column) = position(self.text, written.span().start);
        let ids = self.catalogue.measures().map(|measure| measure.id.as_str());
        let near = near_matches(written.get_ref(), ids, 3);
        Error::UnknownReference {
            path: self.path.to_owned(),
            line,
            column,
            id: self.id.clone(),
            field: field.to_owned(),
            reference: written.get_ref().clone(),
            near: near.into_iter().map(str::to_owned).collect(),
        }
    }

    fn not_negative(&self, field: &'static str, given: Option<f64>, usual: f64) -> Result<f64> {
        let number = given.unwrap_or(usual);
        if number >= 0.0 && number.is_finite() {
            return Ok(number);
        }
        Err(self.field(field, Message::new("rule.expects-not-negative"), number))
    }

    fn label(&self, field: &str, text: &Text) -> Result<()> {
        match text.gap() {
            None => Ok(()),
            Some(language) => Err(Error::MissingText {
                path: self.path.to_owned(),
                line: self.line,
                id: self.id.clone(),
                field: field.to_owned(),
                language: language.code().to_owned(),
            }),
        }
    }

    fn field(&self, field: &str, expected: Message, found: impl ToString) -> Error {
        Error::RuleField {
            path: self.path.to_owned(),
            line: self.line,
            id: self.id.clone(),
            field: field.to_owned(),
            expected,
            found: found.to_string(),
        }
    }

    /// A problem of an expression that is written at an offset of the file.
    fn problem(&self, problem: Problem, start: usize, expression: &str) -> Error {
        let expected = match problem.kind {
            ProblemKind::Syntax | ProblemKind::Type => Message::new("rule.expects-expression"),
            ProblemKind::UnknownColumn => Message::new("rule.expects-column"),
            ProblemKind::Function => {
                let names: Vec<String> = FUNCTIONS.iter().map(|name| (*name).to_owned()).collect();
                Message::new("rule.expects-function").with("functions", Param::from(&names))
            }
            ProblemKind::Refused => Message::new("rule.expects-plain"),
            ProblemKind::TooLong => Message::new("rule.expects-shorter"),
        };
        self.misplaced(problem, start, expression, expected)
    }

    fn misplaced(&self, problem: Problem, start: usize, expression: &str, expected: Message) -> Error {
        let (line, column) = place(self.text, start, expression, &problem);
        Error::RuleExpression {
            path: self.path.to_owned(),
            line,
            column,
            id: self.id.clone(),
            expected,
            found: problem.found,
            near: problem.near,
        }
    }
}

/// The place in the file of a place within a text that is written from an offset on. Where the text has escapes, so that
/// places within it cannot be counted, it is the beginning of the text.
fn place(file: &str, start: usize, expression: &str, problem: &Problem) -> (usize, usize) {
    let (line, column) = position(file, start);
    let written = file.get(start..).unwrap_or_default();
    let quotes = ["\"\"\"", "'''", "\"", "'"];
    let Some(quote) = quotes.into_iter().find(|quote| written.starts_with(quote)) else {
        return (line, column);
    };
    let inside = &written[quote.len()..];
    // The line break right after three quotes is no part of the text.
    let (inside, broken) = match inside.strip_prefix("\r\n").or_else(|| inside.strip_prefix('\n')) {
        Some(rest) if quote.len() == 3 => (rest, true),
        _ => (inside, false),
    };
    if !inside.starts_with(expression) {
        return (line, column);
    }
    let first = line + usize::from(broken);
    match (problem.line, broken) {
        (1, false) => (line, column + quote.len() + problem.column - 1),
        (within, _) => (first + within - 1, problem.column),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_within_an_expression_is_a_place_in_the_file() {
        let at = |file: &str, expression: &str, line: usize, column: usize| {
            let problem = Problem {
                kind: ProblemKind::Syntax,
                line,
                column,
                found: String::new(),
                near: Vec::new(),
            };
            place(
                file,
                file.find(['"', '\'']).expect("a quote"),
                expression,
                &problem,
            )
        };
        assert_eq!(at("\nassert = \"a < b\"", "a < b", 1, 5), (2, 15));
        assert_eq!(at("assert = 'a < b'", "a < b", 1, 1), (1, 11));
        assert_eq!(at("assert = \"\"\"a <\nb\"\"\"", "a <\nb", 2, 1), (2, 1));
        assert_eq!(at("assert = \"\"\"\na <\n  b\"\"\"", "a <\n  b", 2, 3), (3, 3));
        assert_eq!(at("assert = \"\"\"\na <\n  b\"\"\"", "a <\n  b", 1, 3), (2, 3));
        // An escape: only the beginning is known.
        assert_eq!(at("assert = \"a\\u0020< b\"", "a < b", 1, 5), (1, 10));
    }
}
