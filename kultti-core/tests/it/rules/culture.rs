//! The culture form's rules: each of them with a form that passes, one that fails, and one in which it cannot be tested.

use super::{catalogue, check};
use kultti_core::catalogue::Catalogue;
use kultti_core::model::{AreaCode, MeasureId, Period};
use kultti_core::rules::{Known, Outcome, Record, Records, RuleKind, RuleSet};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// A form in which everything fits: costs and income of the six functions, their totals, and what is done with them.
const FORM: [(&str, f64); 36] = [
    ("library.operating_cost", 612_000.0),
    ("library.operating_income", 34_000.0),
    ("library.net_operating_cost", 578_000.0),
    ("museum.operating_cost", 90_000.0),
    ("museum.operating_income", 10_000.0),
    ("museum.net_operating_cost", 80_000.0),
    ("theatre_dance_circus.operating_cost", 150_000.0),
    ("theatre_dance_circus.operating_income", 20_000.0),
    ("theatre_dance_circus.net_operating_cost", 130_000.0),
    ("music.operating_cost", 80_000.0),
    ("music.operating_income", 5_000.0),
    ("music.net_operating_cost", 75_000.0),
    ("other_culture.operating_cost", 120_000.0),
    ("other_culture.operating_income", 10_000.0),
    ("other_culture.net_operating_cost", 110_000.0),
    ("basic_arts_education.operating_cost", 60_000.0),
    ("basic_arts_education.operating_income", 12_000.0),
    ("basic_arts_education.net_operating_cost", 48_000.0),
    // 612 + 90 + 150 + 80 + 120 + 60 = 1,112; 34 + 10 + 20 + 5 + 10 + 12 = 91; 1,112 − 91 = 1,021.
    ("culture.reported_operating_cost", 1_112_000.0),
    ("culture.reported_operating_income", 91_000.0),
    ("culture.reported_net_operating_cost", 1_021_000.0),
    ("culture.grants", 50_000.0),
    ("library.opening_hours", 6_000.0),
    ("library.service_points", 3.0),
    ("library.staff", 8.0),
    ("library.events", 200.0),
    ("performing_arts.performances", 40.0),
    ("basic_arts_education.pupils_under_18", 900.0),
    ("culture.events", 120.0),
    ("library.visits", 200_000.0),
    ("library.loans", 300_000.0),
    ("museum.visits", 9_000.0),
    ("performing_arts.tickets_sold", 12_000.0),
    ("management.culture_strategy_in_force", 1.0),
    ("management.culture_in_municipal_strategy", 0.0),
    ("management.combined_post", 1.0),
];

/// The area whose form is changed.
const AREA: &str = "272";

/// The measures of the form, as a round has them.
fn asked() -> Catalogue {
    let mut document = catalogue().document().clone();
    document.indicators.clear();
    document
        .measures
        .retain(|measure| FORM.iter().any(|(asked, _)| *asked == measure.id.as_str()));
    Catalogue::from_document(document).expect("a catalogue")
}

pub(super) fn culture_rules() -> &'static RuleSet {
    static RULES: OnceLock<RuleSet> = OnceLock::new();
    RULES.get_or_init(|| {
        RuleSet::parse("culture_rules.toml", kultti_datasets::CULTURE_RULES, &asked())
            .unwrap_or_else(|error| panic!("{error}"))
    })
}

/// Thirteen municipalities of 10,000 inhabitants whose figures are some per cent apart and grow by three per cent.
pub(super) fn country() -> Records {
    let mut records = Vec::new();
    let mut known = BTreeMap::new();
    for place in 0..13 {
        let area = if place == 0 {
            AREA.to_owned()
        } else {
            format!("{:03}", 800 + place)
        };
        // 1 for the first; then .88, .90, …, 1.10.
        let size = if place == 0 {
            1.0
        } else {
            0.86 + f64::from(place) * 0.02
        };
        let own = FORM.map(|(measure, value)| {
            let is_code = measure.starts_with("management.");
            (measure, if is_code { value } else { value * size })
        });
        records.push(super::answers(&area, &own));
        let before = own.map(|(measure, value)| (measure, value / 1.03));
        known.insert(AreaCode::from(area.as_str()), super::known(10_000.0, &before));
    }
    Records {
        period: Period::year(2020),
        previous_period: Some(Period::year(2019)),
        records,
        known,
        whole_round: true,
    }
}

fn record(records: &mut Records) -> &mut Record {
    &mut records.records[0]
}

fn set(records: &mut Records, measure: &str, value: f64) {
    record(records)
        .figures
        .insert(MeasureId::from(measure), super::value_of(value));
}

fn times(records: &mut Records, measure: &str, factor: f64) {
    let value = record(records).figures[measure].value.expect("a figure");
    set(records, measure, value * factor);
}

/// What came of a rule for the form that was changed.
fn outcomes_of(rule: &str, records: &Records) -> BTreeSet<Outcome> {
    let rules = culture_rules();
    let place = rules
        .rules()
        .iter()
        .position(|known| known.id == rule)
        .expect("the rule");
    let cases = check(rules, records).cases;
    let of_rule = cases
        .iter()
        .filter(|case| case.rule == place && case.area.as_str() == AREA);
    of_rule.map(|case| case.outcome).collect()
}

/// Each rule with what makes it fail.
type Change = fn(&mut Records);
const FAILING: [(&str, Change); 35] = [
    ("required", |form| {
        drop(record(form).figures.remove("library.visits"))
    }),
    ("not-negative", |form| set(form, "library.staff", -1.0)),
    ("cost-per-inhabitant", |form| {
        set(form, "library.operating_cost", 10_000_001.0)
    }),
    ("opening-hours", |form| {
        set(form, "library.opening_hours", 500_001.0)
    }),
    ("yes-or-no", |form| set(form, "management.combined_post", 2.0)),
    ("answered-once", |form| {
        let again = record(form).clone();
        form.records.push(again);
    }),
    ("total.operating-cost", |form| {
        set(form, "culture.reported_operating_cost", 1_112_004.0)
    }),
    ("total.operating-income", |form| {
        set(form, "culture.reported_operating_income", 90_996.0)
    }),
    ("total.net-operating-cost", |form| {
        set(form, "museum.net_operating_cost", 90_000.0)
    }),
    ("library.net", |form| {
        set(form, "library.net_operating_cost", 612_000.0)
    }),
    ("museum.net", |form| {
        set(form, "museum.net_operating_cost", 100_000.0)
    }),
    ("theatre_dance_circus.net", |form| {
        set(form, "theatre_dance_circus.net_operating_cost", 129_998.0)
    }),
    ("music.net", |form| set(form, "music.operating_income", 4_998.0)),
    ("other_culture.net", |form| {
        set(form, "other_culture.operating_cost", 0.0)
    }),
    ("basic_arts_education.net", |form| {
        set(form, "basic_arts_education.net_operating_cost", -48_000.0)
    }),
    ("total.net", |form| {
        set(form, "culture.reported_net_operating_cost", 1_021_002.0)
    }),
    ("unit.money", |form| {
        times(form, "library.operating_cost", 1_000.0)
    }),
    ("unit.counts", |form| times(form, "library.visits", 0.001)),
    ("change.cost", |form| times(form, "museum.operating_cost", 2.0)),
    ("change.count", |form| times(form, "library.visits", 3.0)),
    ("change.like-others", |form| times(form, "library.loans", 9.0)),
    ("peers.cost", |form| times(form, "library.operating_cost", 5.0)),
    ("peers.library-use", |form| times(form, "library.visits", 5.0)),
    ("library.cost-without-activity", |form| {
        set(form, "library.visits", 0.0);
        set(form, "library.loans", 0.0);
    }),
    ("library.activity-without-cost", |form| {
        set(form, "library.operating_cost", 0.0)
    }),
    ("museum.cost-without-activity", |form| {
        set(form, "museum.visits", 0.0)
    }),
    ("museum.activity-without-cost", |form| {
        set(form, "museum.operating_cost", 0.0)
    }),
    ("theatre.cost-without-activity", |form| {
        set(form, "performing_arts.performances", 0.0);
        set(form, "performing_arts.tickets_sold", 0.0);
    }),
    ("theatre.activity-without-cost", |form| {
        set(form, "theatre_dance_circus.operating_cost", 0.0)
    }),
    ("basic-arts-education.cost-without-activity", |form| {
        set(form, "basic_arts_education.pupils_under_18", 0.0)
    }),
    ("basic-arts-education.activity-without-cost", |form| {
        set(form, "basic_arts_education.operating_cost", 0.0)
    }),
    ("grants-within-costs", |form| {
        set(form, "culture.grants", 1_112_002.0)
    }),
    ("income-within-costs", |form| {
        set(form, "culture.reported_operating_income", 1_112_001.0)
    }),
    ("library.hours-of-points", |form| {
        set(form, "library.service_points", 0.0)
    }),
    ("library.visits-when-open", |form| {
        set(form, "library.opening_hours", 0.0)
    }),
];
const MORE_FAILING: [(&str, Change); 2] = [
    // 612,000 / 2,000 = 306 € a visit.
    ("library.cost-per-visit", |form| {
        set(form, "library.visits", 2_000.0)
    }),
    // 40 % of 10,000 are 4,000.
    ("pupils-of-inhabitants", |form| {
        set(form, "basic_arts_education.pupils_under_18", 4_001.0)
    }),
];

/// Rules that always can be tested: what is not there is what they find.
const ALWAYS_TESTED: [RuleKind; 2] = [RuleKind::Required, RuleKind::Duplicates];

#[test]
fn a_form_in_which_everything_fits_has_no_finding() {
    let checked = check(culture_rules(), &country());
    let found: Vec<_> = checked.findings.iter().map(super::english).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn every_rule_passes_fails_and_is_left_open() {
    let failing: BTreeMap<&str, Change> = FAILING.into_iter().chain(MORE_FAILING).collect();
    let ids: Vec<&str> = culture_rules()
        .rules()
        .iter()
        .map(|rule| rule.id.as_str())
        .collect();
    assert_eq!(
        failing.len(),
        FAILING.len() + MORE_FAILING.len(),
        "a rule stands twice"
    );
    for rule in culture_rules().rules() {
        let id = rule.id.as_str();
        let mut fits = country();
        if id == "library.visits-when-open" {
            // Only a closed library is asked.
            set(&mut fits, "library.opening_hours", 0.0);
            set(&mut fits, "library.visits", 0.0);
        }
        assert_eq!(outcomes_of(id, &fits), BTreeSet::from([Outcome::Pass]), "{id}");

        let mut wrong = country();
        failing
            .get(id)
            .unwrap_or_else(|| panic!("no failing form for {id}"))(&mut wrong);
        assert!(outcomes_of(id, &wrong).contains(&Outcome::Fail), "{id}");
        let findings = check(culture_rules(), &wrong).findings;
        let found = findings
            .iter()
            .find(|finding| finding.rule == id)
            .unwrap_or_else(|| panic!("{id}: no finding"));
        for language in kultti_core::language::Language::ALL {
            let text = found.message.render(language);
            assert!(!text.contains(['{', '[']) && text.len() > 20, "{id}: {text}");
        }

        let mut empty = country();
        for measure in rule.measures() {
            record(&mut empty).figures.remove(measure);
        }
        if !ALWAYS_TESTED.contains(&rule.kind()) {
            assert!(outcomes_of(id, &empty).contains(&Outcome::Missing), "{id}");
        }
    }
    assert_eq!(failing.len(), ids.len());
}

#[test]
fn a_form_in_thousands_is_one_finding_of_its_units() {
    let mut records = country();
    for (measure, _) in FORM
        .iter()
        .filter(|(measure, _)| measure.contains("operating") || *measure == "culture.grants")
    {
        times(&mut records, measure, 0.001);
    }
    let findings = check(culture_rules(), &records).findings;
    let units: Vec<_> = findings
        .iter()
        .filter(|finding| finding.rule == "unit.money")
        .collect();
    assert_eq!(units.len(), 1);
    // Six costs, six incomes, six nets, three totals and the grants.
    assert_eq!(units[0].measures.len(), 22);
    assert!(super::english(units[0]).contains("Did you write thousands where euros are asked?"));
    // What follows from it is not said figure by figure.
    let rules: BTreeSet<&str> = findings.iter().map(|finding| finding.rule.as_str()).collect();
    assert_eq!(rules, BTreeSet::from(["library.cost-per-visit", "unit.money"]));
}

/// The catalogue of the form stands by itself, and with the one beside it in one round.
#[test]
fn the_form_asks_what_its_catalogues_know() {
    let form = Catalogue::from_toml("culture_form.toml", kultti_datasets::CULTURE_FORM)
        .unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(form.measures().count(), 3);
    let culture = Catalogue::from_toml("culture.toml", kultti_datasets::CULTURE).expect("culture.toml");
    for theme in &form.header().themes {
        assert!(culture.header().themes.contains(theme), "{}", theme.id);
    }
    for unit in &form.header().units {
        assert!(culture.header().units.contains(unit), "{}", unit.id);
    }
    for source in &form.header().sources {
        assert!(culture.header().sources.contains(source), "{}", source.id);
    }
    let round: toml::Table = kultti_datasets::CULTURE_ROUND
        .parse()
        .expect("culture_round.toml");
    let asked = round["measure"].as_array().expect("measures");
    let ids: BTreeSet<MeasureId> = asked
        .iter()
        .filter_map(|measure| measure["id"].as_str())
        .map(MeasureId::from)
        .collect();
    let whole = catalogue();
    let period = Period::year(2020);
    for id in &ids {
        let measure = whole.measure(id).unwrap_or_else(|| panic!("{id}"));
        assert!(measure.valid.contains(period), "{id}");
    }
    assert_eq!(
        ids,
        FORM.iter()
            .map(|(measure, _)| MeasureId::from(*measure))
            .collect()
    );
    // The rules look at what is asked, beside what patterns find in the whole catalogue.
    for rule in culture_rules().rules() {
        assert!(
            rule.measures().iter().any(|measure| ids.contains(*measure))
                || rule.kind() == RuleKind::Duplicates
        );
    }
}

/// One area without anything known is no reason to stop: whatever needs it is left open.
#[test]
fn an_area_that_nothing_is_known_of_is_checked_by_itself() {
    let mut records = country();
    records.known.insert(AREA.into(), Known::default());
    let checked = check(culture_rules(), &records);
    assert!(checked.findings.is_empty(), "{:#?}", checked.findings);
    assert_eq!(
        outcomes_of("change.cost", &records),
        BTreeSet::from([Outcome::Missing])
    );
    assert_eq!(
        outcomes_of("library.net", &records),
        BTreeSet::from([Outcome::Pass])
    );
}

/// The rules that the guide shows are read, and say what it says.
#[test]
fn the_rules_of_the_guide_are_read() {
    // Read when it runs: the documentation is no part of the source package.
    let guide = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/how-to/rules.md");
    let guide = std::fs::read_to_string(guide).expect("the guide");
    let blocks: Vec<&str> = guide
        .split("```toml\n")
        .skip(1)
        .filter_map(|block| block.split_once("```").map(|(toml, _)| toml))
        .collect();
    assert_eq!(blocks.len(), 2);
    let rules =
        RuleSet::parse("rules.toml", &blocks.join("\n"), &asked()).unwrap_or_else(|error| panic!("{error}"));
    let mut records = country();
    assert!(check(&rules, &records).findings.is_empty());
    set(&mut records, "library.service_points", 0.5);
    let findings = check(&rules, &records).findings;
    // 0.5 · 8,784 = 4,392; 6,000 − 4,392 = 1,608.
    assert_eq!(
        super::english(&findings[0]),
        "6,000 hours, 4,392 at most. It should hold that 6,000 <= 4,392; the difference is 1,608. A difference of 1 is allowed. Correct it."
    );
    for kind in RuleKind::ALL {
        assert!(
            guide.contains(&format!("| `{}` |", kind.name())),
            "{} is not in the guide",
            kind.name()
        );
    }
    for function in kultti_core::session::FUNCTIONS {
        assert!(guide.contains(function), "{function} is not in the guide");
    }
}
