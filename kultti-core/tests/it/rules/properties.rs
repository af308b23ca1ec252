//! What holds of every check, whatever the figures.

use super::culture::{country, culture_rules};
use super::{check, value_of};
use kultti_core::model::Missing;
use kultti_core::rules::{Checked, Finding, Records};
use proptest::prelude::*;

/// A country in which some figures are changed, lost, or without a value for a reason.
fn disturbed() -> impl Strategy<Value = Records> {
    let factor = prop_oneof![
        Just(0.0),
        Just(-1.0),
        Just(1000.0),
        Just(0.001),
        Just(0.01),
        Just(3.0),
        0.2..5.0_f64
    ];
    let change = (
        0..13_usize,
        0..36_usize,
        prop_oneof![Just(None), factor.prop_map(Some)],
        any::<bool>(),
    );
    prop::collection::vec(change, 0..25).prop_map(|changes| {
        let mut records = country();
        for (area, figure, factor, reason) in changes {
            let figures = &mut records.records[area].figures;
            let Some(measure) = figures.keys().nth(figure).cloned() else {
                continue;
            };
            match factor {
                Some(factor) => {
                    let value = figures[&measure].value.unwrap_or(1.0);
                    figures.insert(measure, value_of(value * factor));
                }
                None if reason => {
                    figures.insert(measure, super::without(Missing::Included));
                }
                None => {
                    figures.remove(&measure);
                }
            }
        }
        records
    })
}

fn of_form_rules(checked: &Checked, area: &str) -> Vec<Finding> {
    let rules = culture_rules();
    let findings = checked
        .findings
        .iter()
        .filter(|finding| finding.area.as_str() == area);
    findings
        .filter(|finding| {
            !rules
                .rule(&finding.rule)
                .expect("its rule")
                .kind()
                .needs_whole_round()
        })
        .cloned()
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_the_records_does_not_matter((records, order) in disturbed().prop_flat_map(|records| {
        let count = records.records.len();
        (Just(records), Just((0..count).collect::<Vec<_>>()).prop_shuffle())
    })) {
        let before = records.clone();
        let checked = check(culture_rules(), &records);
        prop_assert_eq!(&records, &before, "a rule changes nothing");
        let mut shuffled = records.clone();
        shuffled.records = order.iter().map(|place| records.records[*place].clone()).collect();
        prop_assert_eq!(check(culture_rules(), &shuffled), checked);
    }

    #[test]
    fn whoever_fills_in_a_form_finds_what_the_receiver_finds(records in disturbed()) {
        let received = check(culture_rules(), &records);
        for record in &records.records {
            let alone = Records { records: vec![record.clone()], whole_round: false, ..records.clone() };
            let local = check(culture_rules(), &alone);
            prop_assert_eq!(&local.findings, &of_form_rules(&received, record.area.as_str()));
            prop_assert_eq!(local.findings.clone(), of_form_rules(&local, record.area.as_str()));
        }
    }

    #[test]
    fn findings_and_outcomes_tell_the_same(records in disturbed()) {
        let checked = check(culture_rules(), &records);
        let mut ids: Vec<String> = checked.findings.iter().map(Finding::id).collect();
        ids.sort();
        let count = ids.len();
        ids.dedup();
        prop_assert_eq!(ids.len(), count, "two findings with one id");
        for (place, counted) in checked.rules.iter().enumerate() {
            let cases = checked.cases.iter().filter(|case| case.rule == place).count();
            prop_assert_eq!(cases, counted.pass + counted.fail + counted.missing);
            let findings = checked.findings.iter().filter(|finding| finding.rule == counted.rule).count();
            prop_assert!(findings == 0 || counted.fail > 0, "{}", &counted.rule);
            prop_assert!(findings <= counted.fail);
        }
        for finding in &checked.findings {
            let record = records.records.iter().find(|record| record.area == finding.area).expect("its record");
            for (measure, value) in finding.measures.iter().zip(&finding.values) {
                prop_assert_eq!(*value, record.figures.get(measure).and_then(|figure| figure.value));
            }
        }
    }
}
