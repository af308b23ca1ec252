//! What a rule sees while it is tested, and where it puts what it finds.

use super::{
    Case, Checked, Finding, Known, Outcome, Record, Records, Repair, Rule, RuleCount, RuleKind, RuleSet,
    Severity,
};
use crate::catalogue::Catalogue;
use crate::language::{Message, Param, Text};
use crate::model::{AreaCode, MeasureId, Missing};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// How a measure is called and shown.
#[derive(Debug, Clone)]
pub(super) struct Name {
    pub(super) label: Text,
    pub(super) unit: Text,
    pub(super) decimals: u8,
    pub(super) money: bool,
}

/// The measures of a catalogue by id.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeMap<MeasureId, Name>);

impl Names {
    pub(super) fn of(catalogue: &Catalogue) -> Self {
        let name = |measure: &crate::model::Measure| Name {
            label: measure.label.clone(),
            unit: Text::each(|language| catalogue.unit_symbol(&measure.unit, language)),
            decimals: measure.decimals,
            money: catalogue.power_of(crate::catalogue::UnitKind::Money, &measure.unit) == 1,
        };
        Self(
            catalogue
                .measures()
                .map(|measure| (measure.id.clone(), name(measure)))
                .collect(),
        )
    }

    pub(super) fn get(&self, measure: &MeasureId) -> Option<&Name> {
        self.0.get(measure)
    }

    pub(super) fn decimals(&self, measure: &MeasureId) -> u8 {
        self.get(measure).map_or(0, |name| name.decimals)
    }

    pub(super) fn label(&self, measure: &MeasureId) -> Param {
        self.get(measure).map_or_else(
            || Param::Plain(measure.to_string()),
            |name| Param::Text(name.label.clone()),
        )
    }

    pub(super) fn unit(&self, measure: &MeasureId) -> Param {
        let unit = self.get(measure).map(|name| name.unit.clone());
        Param::Text(unit.unwrap_or_default())
    }

    /// A value of a measure as people see it: with the decimals that are declared, or two where it has others.
    pub(super) fn number(&self, measure: &MeasureId, value: f64) -> Param {
        Param::Number(value, shown_decimals(value, self.decimals(measure)))
    }
}

/// The declared decimals, or two where the value has others.
pub(super) fn shown_decimals(value: f64, declared: u8) -> usize {
    let scaled = value * 10_f64.powi(i32::from(declared));
    let as_declared = (scaled - scaled.round()).abs() < 1e-6;
    usize::from(if as_declared { declared } else { declared.max(2) })
}

/// A record with what is known of its area.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) record: &'a Record,
    pub(super) known: Option<&'a Known>,
}

impl Subject<'_> {
    pub(super) fn value(&self, measure: &MeasureId) -> Option<f64> {
        self.record.figures.get(measure)?.value
    }

    /// Why there is no value; `None` where there is one, and where nothing was answered.
    pub(super) fn reason(&self, measure: &MeasureId) -> Option<Missing> {
        let figure = self.record.figures.get(measure)?;
        figure.missing.filter(|_| figure.value.is_none())
    }

    pub(super) fn previous(&self, measure: &MeasureId) -> Option<f64> {
        self.known?.previous.get(measure).copied()
    }

    /// Inhabitants, where there are any.
    pub(super) fn inhabitants(&self) -> Option<f64> {
        self.known?.inhabitants.filter(|inhabitants| *inhabitants > 0.0)
    }
}

/// The records being checked.
pub(super) struct Scene<'a> {
    pub(super) records: &'a Records,
    pub(super) names: &'a Names,
    /// The figures that a rule misses when they are not there.
    pub(super) required: BTreeSet<MeasureId>,
    /// The figures whose changes a rule for one record looks at.
    pub(super) year_on_year: BTreeSet<MeasureId>,
}

impl<'a> Scene<'a> {
    pub(super) fn new(records: &'a Records, rules: &'a RuleSet) -> Self {
        Self {
            records,
            names: &rules.names,
            required: rules.measures_of(RuleKind::Required),
            year_on_year: rules.measures_of(RuleKind::YearOnYear),
        }
    }

    pub(super) fn subjects(&self) -> impl Iterator<Item = Subject<'a>> {
        let known = &self.records.known;
        self.records.records.iter().map(|record| Subject {
            record,
            known: known.get(&record.area),
        })
    }

    /// The period before as people see it.
    pub(super) fn before(&self) -> Param {
        let period = self.records.previous_period;
        Param::Plain(
            period
                .unwrap_or_else(|| self.records.period.shift(-1))
                .to_string(),
        )
    }
}

/// What was found in a figure, before it is a finding of a rule.
pub(super) struct Found {
    pub(super) measures: Vec<MeasureId>,
    pub(super) observed: Option<f64>,
    pub(super) expected: Option<f64>,
    pub(super) message: Message,
    pub(super) repair: Option<Repair>,
    /// At most this grave.
    pub(super) most: Severity,
}

impl Found {
    /// What was found in one figure, with the name, value and unit of the figure in the message.
    pub(super) fn in_figure(
        scene: &Scene<'_>,
        subject: Subject<'_>,
        code: &'static str,
        measure: &MeasureId,
    ) -> Self {
        let observed = subject.value(measure);
        let mut message = Message::new(code)
            .with("figure", scene.names.label(measure))
            .with("unit", scene.names.unit(measure));
        if let Some(value) = observed {
            message = message.with("value", scene.names.number(measure, value));
        }
        Self {
            measures: vec![measure.clone()],
            observed,
            expected: None,
            message,
            repair: None,
            most: Severity::Error,
        }
    }

    pub(super) fn with(mut self, name: &'static str, value: impl Into<Param>) -> Self {
        self.message = self.message.with(name, value);
        self
    }

    pub(super) fn expecting(mut self, expected: f64) -> Self {
        self.expected = Some(expected);
        self
    }
}

/// Where findings and outcomes go.
pub(super) struct Sink<'a> {
    scene: &'a Scene<'a>,
    rule: usize,
    id: &'a str,
    version: u32,
    severity: Severity,
    findings: Vec<(usize, Finding)>,
    cases: Vec<Case>,
}

impl<'a> Sink<'a> {
    pub(super) fn new(scene: &'a Scene<'a>) -> Self {
        Self {
            scene,
            rule: 0,
            id: "",
            version: 0,
            severity: Severity::Note,
            findings: Vec::new(),
            cases: Vec::new(),
        }
    }

    /// What follows is of this rule.
    pub(super) fn begin(&mut self, place: usize, rule: &'a Rule, severity: Severity) {
        self.rule = place;
        self.id = &rule.id;
        self.version = rule.version;
        self.severity = severity;
    }

    /// The outcome for a figure, or for a whole record.
    pub(super) fn case(&mut self, subject: Subject<'_>, measure: Option<&MeasureId>, outcome: Outcome) {
        self.cases.push(Case {
            rule: self.rule,
            area: subject.record.area.clone(),
            measure: measure.cloned(),
            outcome,
        });
    }

    /// A finding. Its outcome is told apart, because one finding may be about several figures.
    pub(super) fn find(&mut self, subject: Subject<'_>, found: Found) {
        let severity = self.severity.min(found.most);
        let advice = match severity {
            Severity::Error => Some("finding.advice-error"),
            Severity::Warning => Some("finding.advice-warning"),
            Severity::Note => None,
        };
        let mut message = found.message;
        if let Some(advice) = advice {
            message = message.with("advice", Param::Word(advice.to_owned()));
        }
        let values = found
            .measures
            .iter()
            .map(|measure| subject.value(measure))
            .collect();
        let finding = Finding {
            rule: self.id.to_owned(),
            version: self.version,
            severity,
            area: subject.record.area.clone(),
            period: self.scene.records.period,
            measures: found.measures,
            observed: found.observed,
            expected: found.expected,
            message,
            repair: found.repair,
            values,
        };
        self.findings.push((self.rule, finding));
    }

    /// A failed test of one figure.
    pub(super) fn fail(&mut self, subject: Subject<'_>, found: Found) {
        self.case(subject, found.measures.first(), Outcome::Fail);
        self.find(subject, found);
    }

    /// Leaves out what a figure in another unit is bound to be as well: unlike the year before, the others and the peers.
    fn without_what_units_explain(&mut self, rules: &[Rule]) {
        let kind = |place: usize| rules.get(place).map(Rule::kind);
        let in_other_units: BTreeSet<(AreaCode, MeasureId)> = self
            .findings
            .iter()
            .filter(|(rule, _)| kind(*rule) == Some(RuleKind::Unit))
            .flat_map(|(_, finding)| {
                finding
                    .measures
                    .iter()
                    .map(|measure| (finding.area.clone(), measure.clone()))
            })
            .collect();
        self.findings.retain(|(rule, finding)| {
            let follows = matches!(
                kind(*rule),
                Some(RuleKind::YearOnYear | RuleKind::HidiroglouBerthelot | RuleKind::Peers)
            );
            let figure = finding
                .measures
                .first()
                .map(|measure| (finding.area.clone(), measure.clone()));
            !(follows && figure.is_some_and(|figure| in_other_units.contains(&figure)))
        });
    }

    pub(super) fn into_checked(mut self, rules: &[Rule]) -> Checked {
        self.without_what_units_explain(rules);
        self.findings.sort_by(|(left_rule, left), (right_rule, right)| {
            let key =
                |rule: usize, finding: &Finding| (Reverse(finding.severity), rule, finding.measures.clone());
            let areas = left.area.cmp(&right.area);
            areas.then_with(|| key(*left_rule, left).cmp(&key(*right_rule, right)))
        });
        self.cases.sort();
        let count = |(place, rule): (usize, &Rule)| {
            let of = |outcome| {
                let cases = self.cases.iter().filter(|case| case.rule == place);
                cases.filter(|case| case.outcome == outcome).count()
            };
            RuleCount {
                rule: rule.id.clone(),
                version: rule.version,
                label: rule.label.clone(),
                pass: of(Outcome::Pass),
                fail: of(Outcome::Fail),
                missing: of(Outcome::Missing),
            }
        };
        let rules = rules.iter().enumerate().map(count).collect();
        Checked {
            findings: self.findings.into_iter().map(|(_, finding)| finding).collect(),
            cases: self.cases,
            rules,
        }
    }
}
