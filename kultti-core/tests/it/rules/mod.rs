//! Rules of a collection: by hand, against oracles, refused, and the culture form's own set.

mod by_hand;
mod culture;
mod oracles;
mod properties;
mod refused;

use kultti_core::catalogue::Catalogue;
use kultti_core::language::Language;
use kultti_core::model::{AreaCode, MeasureId, Missing, Period, Stage, Status};
use kultti_core::rules::{Checked, Figure, Finding, Known, Outcome, Record, Records, RuleSet};
use std::collections::BTreeMap;

/// The measures of culture.toml and those of its form.
pub(crate) fn catalogue() -> Catalogue {
    let form = format!(
        "{}\n{}",
        kultti_datasets::CULTURE,
        kultti_datasets::CULTURE_FORM
            .split_once("[[measure]]")
            .map(|(_, measures)| format!("[[measure]]{measures}"))
            .expect("measures")
    );
    Catalogue::from_toml("culture.toml", &form).expect("the catalogue")
}

/// A rule of the fields of its kind.
pub(crate) fn rule_text(fields: &str) -> String {
    format!(
        r#"
schema = 1
id = "test"
version = "1"
label = {{ fi = "a", sv = "b", en = "c" }}

[[rule]]
id = "r"
version = 1
label = {{ fi = "a", sv = "b", en = "c" }}
basis = {{ kind = "methodological", text = {{ fi = "a", sv = "b", en = "c" }} }}
severity = "error"
{fields}
"#
    )
}

pub(crate) fn rules(fields: &str) -> RuleSet {
    RuleSet::parse("rules.toml", &rule_text(fields), &catalogue()).unwrap_or_else(|error| panic!("{error}"))
}

/// The answers of one area.
pub(crate) fn answers(area: &str, figures: &[(&str, f64)]) -> Record {
    let figure = |(measure, value): &(&str, f64)| (MeasureId::from(*measure), value_of(*value));
    Record {
        area: area.into(),
        figures: figures.iter().map(figure).collect(),
    }
}

pub(crate) fn value_of(value: f64) -> Figure {
    Figure {
        value: Some(value),
        status: Status::Normal,
        missing: None,
        note: String::new(),
    }
}

/// A cell without a value, with a reason.
pub(crate) fn without(reason: Missing) -> Figure {
    Figure {
        value: None,
        status: reason.status(),
        missing: Some(reason),
        note: String::new(),
    }
}

pub(crate) fn known(inhabitants: f64, previous: &[(&str, f64)]) -> Known {
    Known {
        inhabitants: Some(inhabitants),
        group: None,
        previous: previous
            .iter()
            .map(|(measure, value)| (MeasureId::from(*measure), *value))
            .collect(),
    }
}

pub(crate) fn form(record: Record, known: Known) -> Records {
    let known = BTreeMap::from([(record.area.clone(), known)]);
    Records {
        period: Period::year(2020),
        previous_period: Some(Period::year(2019)),
        records: vec![record],
        known,
        whole_round: false,
    }
}

pub(crate) fn round(records: Vec<Record>, known: BTreeMap<AreaCode, Known>) -> Records {
    Records {
        period: Period::year(2020),
        previous_period: Some(Period::year(2019)),
        records,
        known,
        whole_round: true,
    }
}

pub(crate) fn check(rules: &RuleSet, records: &Records) -> Checked {
    rules.check(records, Stage::Submitted).expect("a check")
}

/// What came of the only rule for the only form.
pub(crate) fn outcomes(checked: &Checked) -> Vec<Outcome> {
    checked.cases.iter().map(|case| case.outcome).collect()
}

pub(crate) fn english(finding: &Finding) -> String {
    finding.message.render(Language::En)
}
