//! Checks of forms in SARIF, which tools that show findings of checks read.

use crate::collection::{Check, CheckedForm, Place, PlacedFinding};
use crate::language::Language;
use crate::rules::RuleCount;
use serde_json::{Map, Value as Json, json};

/// A check as SARIF 2.1.0, the exchange format of OASIS for findings: one run with the rules, the forms and every finding.
///
/// A cell stands as a logical location, since SARIF knows lines and no cells; a line of a form in CSV is a region. A finding
/// keeps its id as a fingerprint. A warning that is explained is not suppressed: its note stands among the properties.
///
/// ```
/// # use kultti_core::collection::Check;
/// # use kultti_core::export::to_sarif;
/// # use kultti_core::language::{Language, Text};
/// # use kultti_core::model::{Period, Stage};
/// let check = Check {
///     round: "culture-2020".into(), label: Text::new("a", "b", "c"), period: Period::year(2020), stage: Stage::Submitted,
///     forms: vec![], findings: vec![], rules: vec![],
/// };
/// let sarif = to_sarif(&check, Language::En);
/// assert_eq!(sarif["version"], "2.1.0");
/// assert_eq!(sarif["runs"][0]["tool"]["driver"]["name"], "Kultti");
/// ```
pub fn to_sarif(check: &Check, language: Language) -> Json {
    let forms = check.forms.iter();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "Kultti",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "language": language.code(),
                "rules": check.rules.iter().map(|counted| rule(counted, language)).collect::<Vec<_>>(),
            } },
            "automationDetails": { "id": format!("{}/{}/", check.round, check.stage.name()) },
            "language": language.code(),
            "artifacts": forms.map(artifact).collect::<Vec<_>>(),
            "results": check.findings.iter().map(|placed| result(check, placed, language)).collect::<Vec<_>>(),
        }],
    })
}

fn rule(counted: &RuleCount, language: Language) -> Json {
    json!({
        "id": counted.rule,
        "shortDescription": { "text": counted.label.get(language) },
        "properties": {
            "version": counted.version,
            "pass": counted.pass,
            "fail": counted.fail,
            "missing": counted.missing,
        },
    })
}

fn artifact(form: &CheckedForm) -> Json {
    json!({
        "location": { "uri": uri(&form.document) },
        "hashes": { "sha-256": form.sha256 },
        "roles": ["analysisTarget"],
    })
}

fn result(check: &Check, placed: &PlacedFinding, language: Language) -> Json {
    let finding = &placed.finding;
    let form = check
        .forms
        .iter()
        .position(|form| form.area == finding.area && form.document == placed.document);
    let mut locations: Vec<Json> = placed
        .places
        .iter()
        .map(|place| location(&placed.document, form, Some(place)))
        .collect();
    if locations.is_empty() {
        locations.push(location(&placed.document, form, None));
    }
    let mut out = json!({
        "ruleId": finding.rule,
        "level": finding.severity.name(),
        "message": { "text": finding.message.render(language) },
        "locations": [locations.remove(0)],
        "partialFingerprints": { "kulttiFinding/v1": finding.id() },
        "properties": {
            "area": finding.area,
            "period": finding.period,
            "measures": finding.measures,
            "explained": placed.is_explained(),
        },
    });
    let mut also = Map::new();
    if let Some(index) = check.rules.iter().position(|rule| rule.rule == finding.rule) {
        also.insert("ruleIndex".into(), json!(index));
    }
    if !locations.is_empty() {
        also.insert("relatedLocations".into(), json!(locations));
    }
    if let Some(out) = out.as_object_mut() {
        out.extend(also);
    }
    if !placed.note.is_empty() {
        out["properties"]["note"] = json!(placed.note);
    }
    out
}

fn location(document: &str, form: Option<usize>, place: Option<&Place>) -> Json {
    let mut artifact = json!({ "uri": uri(document) });
    if let Some(form) = form {
        artifact["index"] = json!(form);
    }
    let mut out = json!({ "physicalLocation": { "artifactLocation": artifact } });
    let Some(place) = place else {
        return out;
    };
    if let Some(line) = place.cell.parse::<u32>().ok().filter(|line| *line > 0) {
        out["physicalLocation"]["region"] = json!({ "startLine": line });
        return out;
    }
    out["logicalLocations"] = json!([{
        "name": place.cell,
        "fullyQualifiedName": place.to_string(),
        "kind": "cell",
    }]);
    out
}

/// A file's name as a reference: everything but letters and digits of ASCII and what a path is made of is escaped.
fn uri(name: &str) -> String {
    let kept = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/');
    let mut out = String::with_capacity(name.len());
    for byte in name.bytes() {
        if kept(byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
