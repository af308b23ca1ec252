//! A check of forms: the round's rules on their answers, each finding with the cell that it is about.

use super::{Answers, Place, Round};
use crate::error::Result;
use crate::language::Text;
use crate::model::{AreaCode, MeasureId, Period, Stage};
use crate::rules::{Finding, Records, RuleCount, RuleKind, RuleSet, Severity};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// A finding in a form.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedFinding {
    /// The finding.
    pub finding: Finding,
    /// The name of the form's file.
    pub document: String,
    /// The cells of the figures concerned, in the order of [`Finding::measures`]; empty where it is about the form as a whole.
    pub places: Vec<Place>,
    /// What the reporter wrote beside the figures concerned; empty where nothing.
    pub note: String,
}

impl PlacedFinding {
    /// Whether what a warning asks has been done: something stands beside the figure. It is still shown, and whoever
    /// approves the figure judges the explanation. An error is not explained, it is corrected or waived.
    pub fn is_explained(&self) -> bool {
        self.finding.severity < Severity::Error && !self.note.is_empty()
    }
}

/// A form that was checked.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedForm {
    /// The name of its file.
    pub document: String,
    /// SHA-256 of its file.
    pub sha256: String,
    /// The reporter.
    pub area: AreaCode,
    /// The reporter's name; its code where the round expects nothing of it.
    pub name: Text,
    /// Figures given, and figures with a reason why there are none.
    pub answered: usize,
    /// Figures asked.
    pub asked: usize,
}

/// What came of a check.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// The round.
    pub round: String,
    /// Its name.
    pub label: Text,
    /// The period of the figures.
    pub period: Period,
    /// The stage whose severities hold.
    pub stage: Stage,
    /// The forms, in the order given.
    pub forms: Vec<CheckedForm>,
    /// What was found: form by form, the gravest first, then in the order of the form.
    pub findings: Vec<PlacedFinding>,
    /// The tests of every rule of the round.
    pub rules: Vec<RuleCount>,
}

impl Check {
    /// How many findings are so grave.
    pub fn count(&self, severity: Severity) -> usize {
        let findings = self.findings.iter();
        findings
            .filter(|placed| placed.finding.severity == severity)
            .count()
    }

    /// Both checks as one, of forms of the same round.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.forms.extend(other.forms);
        self.findings.extend(other.findings);
        for counted in other.rules {
            match self.rules.iter_mut().find(|rule| rule.rule == counted.rule) {
                Some(rule) => {
                    rule.pass += counted.pass;
                    rule.fail += counted.fail;
                    rule.missing += counted.missing;
                }
                None => self.rules.push(counted),
            }
        }
        self
    }

    /// Whether anything stands in the way of approval.
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// The findings in a form.
    pub fn findings_of(&self, area: &AreaCode) -> impl Iterator<Item = &PlacedFinding> {
        self.findings
            .iter()
            .filter(move |placed| placed.finding.area == *area)
    }
}

/// Checks one form by itself, as its reporter does before sending it. Rules that need the whole round are left out; all
/// others find what the receiver will find.
///
/// # Errors
/// Those of [`RuleSet::parse`] for the rules of the round, and of [`RuleSet::check`].
///
/// ```
/// use kultti_core::collection::{Form, FormFile, FormFormat, Round, check};
/// use kultti_core::language::Language;
/// use kultti_core::model::Stage;
/// use kultti_core::release::Release;
/// use kultti_core::rules::Severity;
///
/// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
/// let round = Round::define("../datasets/collection/culture_round.toml", &release)?;
/// let empty = Form::new(&round, &"272".into(), Language::En)?.to_bytes(FormFormat::Json)?;
/// let answers = FormFile::from_bytes("kokkola.json", empty)?.answers(&round)?;
/// // The rules of the culture form require 23 figures: of a draft they only warn.
/// let draft = check(&round, &answers, Stage::Draft)?;
/// assert_eq!((draft.count(Severity::Warning), draft.has_errors()), (23, false));
/// let submitted = check(&round, &answers, Stage::Submitted)?;
/// assert_eq!(submitted.count(Severity::Error), 23);
/// # Ok::<(), kultti_core::Error>(())
/// ```
pub fn check(round: &Round, answers: &Answers, stage: Stage) -> Result<Check> {
    let forms = std::slice::from_ref(answers);
    checked(round, forms, stage, false)
}

/// Checks all forms that have come, as the receiver does: beside the rules for one form, those that compare the forms with
/// one another.
///
/// # Errors
/// As [`check`].
pub fn check_round(round: &Round, forms: &[Answers], stage: Stage) -> Result<Check> {
    checked(round, forms, stage, true)
}

fn checked(round: &Round, forms: &[Answers], stage: Stage, whole_round: bool) -> Result<Check> {
    let records = Records {
        whole_round,
        ..round.records(forms)
    };
    let mut findings: Vec<Finding> = forms.iter().flat_map(|form| &form.unreadable).cloned().collect();
    let unreadable: BTreeSet<(AreaCode, MeasureId)> = findings.iter().filter_map(key).collect();
    let mut rules = Vec::new();
    for set in rule_sets(round)? {
        let checked = set.check(&records, stage)?;
        // What cannot be read has been said; that it is missing, too, would be said twice.
        let heard = |finding: &Finding| {
            let empty = finding.values.first().is_some_and(Option::is_none);
            !(empty && key(finding).is_some_and(|key| unreadable.contains(&key)))
        };
        findings.extend(checked.findings.into_iter().filter(heard));
        rules.extend(checked.rules);
    }
    let document = round.document();
    Ok(Check {
        round: document.id.clone(),
        label: document.label.clone(),
        period: document.period,
        stage,
        forms: forms.iter().map(|form| described(round, form)).collect(),
        findings: placed(round, forms, findings),
        rules,
    })
}

fn key(finding: &Finding) -> Option<(AreaCode, MeasureId)> {
    Some((finding.area.clone(), finding.measures.first()?.clone()))
}

/// The rules of a round, and the one that follows from what it asks: what is required and no rule of its own requires.
fn rule_sets(round: &Round) -> Result<Vec<RuleSet>> {
    let document = round.document();
    let read = |file: &super::RuleFile| RuleSet::parse(&file.name, &file.text, round.catalogue());
    let mut sets = document.rules.iter().map(read).collect::<Result<Vec<_>>>()?;
    let covered: BTreeSet<MeasureId> = sets
        .iter()
        .flat_map(|set| set.measures_of(RuleKind::Required))
        .collect();
    let required = document.asked.iter().filter(|asked| asked.required);
    let required: Vec<MeasureId> = required
        .map(|asked| asked.measure.clone())
        .filter(|measure| !covered.contains(measure))
        .collect();
    if !required.is_empty() {
        sets.push(RuleSet::requiring(required, round.catalogue()));
    }
    Ok(sets)
}

fn described(round: &Round, form: &Answers) -> CheckedForm {
    let code = || Text::proper_name(form.area.as_str(), None, None);
    let figures = form.answers.iter().map(|answer| &answer.figure);
    CheckedForm {
        document: form.document.clone(),
        sha256: form.sha256.clone(),
        area: form.area.clone(),
        name: round
            .reporter(&form.area)
            .map_or_else(code, |reporter| reporter.name.clone()),
        answered: figures
            .filter(|figure| figure.value.is_some() || figure.missing.is_some())
            .count(),
        asked: form.answers.len(),
    }
}

/// Findings with their cells, in the order of the forms and of what they ask.
fn placed(round: &Round, forms: &[Answers], findings: Vec<Finding>) -> Vec<PlacedFinding> {
    let order: BTreeMap<&MeasureId, usize> = round
        .document()
        .asked
        .iter()
        .enumerate()
        .map(|(place, asked)| (&asked.measure, place))
        .collect();
    let mut out: Vec<(usize, PlacedFinding)> = Vec::with_capacity(findings.len());
    for finding in findings {
        let form = forms.iter().position(|form| form.area == finding.area);
        let answers = form.and_then(|form| forms.get(form));
        let concerned = finding.measures.iter().filter_map(|measure| {
            let answers = &answers?.answers;
            answers.iter().find(|answer| answer.measure == *measure)
        });
        let notes: Vec<&str> = concerned
            .clone()
            .map(|answer| answer.figure.note.trim())
            .filter(|note| !note.is_empty())
            .collect();
        let placed = PlacedFinding {
            document: answers
                .map(|answers| answers.document.clone())
                .unwrap_or_default(),
            places: concerned.map(|answer| answer.place.clone()).collect(),
            note: notes.join("; "),
            finding,
        };
        out.push((form.unwrap_or(usize::MAX), placed));
    }
    out.sort_by_key(|(form, placed)| {
        let finding = &placed.finding;
        let first = finding
            .measures
            .first()
            .and_then(|measure| order.get(measure))
            .copied();
        // What is about the whole form comes before what is about a cell of it.
        (
            *form,
            Reverse(finding.severity),
            first.map_or(0, |place| place + 1),
        )
    });
    out.into_iter().map(|(_, placed)| placed).collect()
}
