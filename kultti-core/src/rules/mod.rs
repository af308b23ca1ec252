//! Rules as data: what must hold of the answers of a collection, and what was found.
//!
//! A file of rules is TOML. [`RuleSet::parse`] reads it against a catalogue, [`RuleSet::check`] tests records. A rule never
//! changes a figure.

mod checked;
mod document;
mod finding;
mod kinds;
mod load;
mod record;
mod scene;
mod severity;

pub use checked::{Case, Checked, Outcome, RuleCount};
pub use document::{Basis, BasisKind, RuleKind};
pub use finding::{Finding, Repair, Severity};
pub use record::{Figure, Known, Record, Records};
pub use severity::Severities;

use crate::catalogue::Catalogue;
use crate::error::Result;
use crate::language::{Text, word};
use crate::model::{MeasureId, Period, Stage, Validity};
use kinds::Body;
use scene::{Names, Scene, Sink};
use std::collections::BTreeSet;

/// A rule, ready to be tested.
#[derive(Debug)]
pub struct Rule {
    /// Identifier.
    pub id: String,
    /// Version: another one whenever other figures may be found.
    pub version: u32,
    /// What must hold, in a few words.
    pub label: Text,
    /// Why it must hold.
    pub basis: Basis,
    /// The periods of figures that it is for.
    pub valid: Validity,
    /// How grave a finding is, by stage and period.
    pub severity: Severities,
    body: Body,
}

impl Rule {
    /// What kind of rule it is.
    pub fn kind(&self) -> RuleKind {
        self.body.kind()
    }

    /// The figures that it looks at, in the order of the rule.
    pub fn measures(&self) -> Vec<&MeasureId> {
        self.body.measures()
    }

    /// How grave a finding is for figures of a period at a stage; `None` where the rule does not apply.
    pub fn severity_at(&self, stage: Stage, period: Period) -> Option<Severity> {
        let valid = self.valid.contains(period);
        self.severity.at(stage, period).filter(|_| valid)
    }
}

/// A set of rules, read from one file.
///
/// ```
/// use kultti_core::catalogue::Catalogue;
/// use kultti_core::model::{Missing, Period, Stage, Status};
/// use kultti_core::rules::{Figure, Known, Outcome, Record, Records, RuleSet, Severity};
///
/// let catalogue = Catalogue::from_toml("culture.toml", kultti_datasets::CULTURE)?;
/// let rules = RuleSet::parse("rules.toml", r#"
/// schema = 1
/// id = "example"
/// version = "1"
/// label = { fi = "Esimerkki", sv = "Exempel", en = "Example" }
///
/// [[rule]]
/// id = "visits-without-opening"
/// version = 1
/// kind = "sql"
/// label = { fi = "Käyntejä vain avoinna", sv = "Besök bara när det är öppet", en = "Visits only when open" }
/// basis = { kind = "methodological", text = { fi = "Suljetussa ei käydä.", sv = "Ingen besöker ett stängt.", en = "Nobody visits a closed one." } }
/// severity = { draft = "note", submitted = "error" }
/// when = "library.opening_hours = 0"
/// assert = "library.visits = 0"
/// message = { fi = "Käyntejä {observed}, mutta kirjasto ei ollut auki.", sv = "Besök: {observed}, men biblioteket var inte öppet.", en = "{observed} visits, but the library was not open." }
/// "#, &catalogue)?;
///
/// let figure = |value: f64| Figure { value: Some(value), status: Status::Normal, missing: None, note: String::new() };
/// let records = Records {
///     period: Period::year(2020),
///     previous_period: None,
///     records: vec![Record {
///         area: "272".into(),
///         figures: [("library.opening_hours".into(), figure(0.0)), ("library.visits".into(), figure(12.0))].into(),
///     }],
///     known: Default::default(),
///     whole_round: false,
/// };
/// let checked = rules.check(&records, Stage::Submitted)?;
/// assert_eq!(checked.findings[0].severity, Severity::Error);
/// assert_eq!(checked.cases[0].outcome, Outcome::Fail);
/// # Ok::<(), kultti_core::Error>(())
/// ```
#[derive(Debug)]
pub struct RuleSet {
    /// Identifier.
    pub id: String,
    /// Version of the content.
    pub version: String,
    /// Name.
    pub label: Text,
    rules: Vec<Rule>,
    names: Names,
}

impl RuleSet {
    /// Reads the rules of a TOML text and checks them wholly against the measures of a catalogue. `name` is what errors call
    /// the file.
    ///
    /// # Errors
    /// [`crate::Error::MalformedToml`], [`crate::Error::MissingText`], [`crate::Error::DuplicateId`],
    /// [`crate::Error::InvalidField`], [`crate::Error::UnknownReference`], [`crate::Error::RuleField`] and
    /// [`crate::Error::RuleExpression`], each with its line.
    pub fn parse(name: &str, text: &str, catalogue: &Catalogue) -> Result<Self> {
        load::load(name, text, catalogue)
    }

    /// The set with the one rule that these measures have a figure, or a reason why not: a warning in a draft, an error from
    /// then on.
    pub(crate) fn requiring(measures: Vec<MeasureId>, catalogue: &Catalogue) -> Self {
        let text = |code| Text::each(|language| word(code, language));
        let rule = Rule {
            id: "form.required".to_owned(),
            version: 1,
            label: text("rule.form-required"),
            basis: Basis {
                kind: BasisKind::Methodological,
                text: text("rule.form-required-basis"),
                url: None,
            },
            valid: Validity::default(),
            severity: Severities::of([
                (Stage::Draft, Severity::Warning),
                (Stage::Submitted, Severity::Error),
            ]),
            body: Body::Required(measures),
        };
        Self {
            id: "form".to_owned(),
            version: "1".to_owned(),
            label: rule.label.clone(),
            rules: vec![rule],
            names: Names::of(catalogue),
        }
    }

    /// The rules, in the order of the file.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// A rule by its id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// The measures that some rule of a kind looks at.
    pub fn measures_of(&self, kind: RuleKind) -> BTreeSet<MeasureId> {
        let of_kind = self.rules.iter().filter(|rule| rule.kind() == kind);
        of_kind.flat_map(Rule::measures).cloned().collect()
    }

    /// Tests every rule that applies to figures of this period at this stage. Findings come by area, the gravest first; the
    /// order of the records does not matter.
    ///
    /// A figure that is found to be in another unit has no further finding for being unlike the year before, the others or the
    /// peers, which it is bound to be; the outcomes of those tests are told all the same **[own]**.
    ///
    /// # Errors
    /// [`crate::Error::Engine`] for what the engine of expressions cannot compute.
    pub fn check(&self, records: &Records, stage: Stage) -> Result<Checked> {
        let scene = Scene::new(records, self);
        let mut sink = Sink::new(&scene);
        for (place, rule) in self.rules.iter().enumerate() {
            if let Some(severity) = rule.severity_at(stage, records.period) {
                sink.begin(place, rule, severity);
                rule.body.check(&scene, &mut sink)?;
            }
        }
        Ok(sink.into_checked(&self.rules))
    }
}
