//! Every kind of rule against numbers that are worked out by hand.

use super::{answers, check, english, form, known, outcomes, round, rules, value_of, without};
use kultti_core::language::Language;
use kultti_core::model::{Missing, Period, Stage};
use kultti_core::rules::Outcome::{Fail, Missing as Untested, Pass};
use kultti_core::rules::{Checked, Known, Record, Repair, Severity};
use std::collections::BTreeMap;

const COST: &str = "library.operating_cost";

/// The only finding's message, values and repair; nothing where there is no finding.
fn found(checked: &Checked) -> Option<(String, Option<f64>, Option<f64>)> {
    assert!(checked.findings.len() <= 1, "{:#?}", checked.findings);
    checked
        .findings
        .first()
        .map(|finding| (english(finding), finding.observed, finding.expected))
}

#[test]
fn a_required_figure_is_there_or_has_a_reason() {
    let rules = rules("kind = \"required\"\nmeasures = [\"library.visits\"]");
    let nothing = known(100.0, &[("library.visits", 1200.0)]);
    assert_eq!(
        outcomes(&check(
            &rules,
            &form(answers("272", &[("library.visits", 0.0)]), nothing.clone())
        )),
        [Pass]
    );
    let mut record = answers("272", &[]);
    let checked = check(&rules, &form(record.clone(), nothing.clone()));
    assert_eq!(outcomes(&checked), [Fail]);
    assert_eq!(
        found(&checked).expect("a finding").0,
        "Library visits: there is no figure. For 2019 it was 1,200 visits. Fill it in. If there is none, mark the reason."
    );
    record
        .figures
        .insert("library.visits".into(), without(Missing::NotCollected));
    assert_eq!(outcomes(&check(&rules, &form(record, nothing))), [Pass]);
}

#[test]
fn a_figure_on_a_limit_is_within() {
    let rules = rules("kind = \"range\"\nmeasures = [\"library.visits\"]\nminimum = 0\nmaximum = 100");
    let tested = |value: f64| {
        check(
            &rules,
            &form(answers("272", &[("library.visits", value)]), Known::default()),
        )
    };
    for (value, outcome) in [(0.0, Pass), (100.0, Pass), (100.5, Fail), (-1.0, Fail)] {
        assert_eq!(outcomes(&tested(value)), [outcome], "{value}");
    }
    assert_eq!(
        found(&tested(-1.0)).expect("a finding"),
        (
            "Library visits: \u{2212}1 visits is below the lower limit of 0 visits. Correct it.".into(),
            Some(-1.0),
            Some(0.0)
        )
    );
    assert_eq!(
        outcomes(&check(&rules, &form(answers("272", &[]), Known::default()))),
        [Untested]
    );
}

#[test]
fn a_limit_per_inhabitant_needs_inhabitants() {
    let rules = rules(
        "kind = \"range\"\nmeasures = [\"library.operating_cost\"]\nmaximum = 50\nper_inhabitant = true",
    );
    let tested = |known: Known| check(&rules, &form(answers("272", &[(COST, 5100.0)]), known));
    // 5100 / 100 = 51.
    let checked = tested(known(100.0, &[]));
    assert_eq!(
        found(&checked).expect("a finding"),
        (
            "Operating cost of libraries: 5,100 \u{20ac} / 100 inhabitants = 51.00 per inhabitant, above the upper limit of 50.00. Correct it.".into(),
            Some(5100.0),
            Some(5000.0)
        )
    );
    assert_eq!(outcomes(&tested(known(102.0, &[]))), [Pass]);
    assert_eq!(outcomes(&tested(known(0.0, &[]))), [Untested]);
    assert_eq!(outcomes(&tested(Known::default())), [Untested]);
}

#[test]
fn a_code_is_one_of_its_list() {
    let rules = rules("kind = \"categories\"\nmeasures = [\"management.combined_post\"]\nvalues = [0, 1]");
    let tested = |value: f64| {
        check(
            &rules,
            &form(
                answers("272", &[("management.combined_post", value)]),
                Known::default(),
            ),
        )
    };
    assert_eq!(outcomes(&tested(-0.0)), [Pass]);
    assert_eq!(outcomes(&tested(1.0)), [Pass]);
    assert_eq!(
        found(&tested(2.0)).expect("a finding").0,
        "Combined post for cultural affairs: 2 is none of these: 0, 1. Correct it."
    );
}

#[test]
fn an_area_answers_once() {
    let rules = rules("kind = \"duplicates\"");
    let records = vec![answers("272", &[]), answers("005", &[]), answers("272", &[])];
    let checked = check(&rules, &round(records.clone(), BTreeMap::new()));
    assert_eq!(outcomes(&checked), [Pass, Fail, Fail]);
    assert_eq!(
        english(&checked.findings[0]),
        "The answer of area 272 is there 2 times. Keep only one."
    );
    let mut alone = round(records, BTreeMap::new());
    alone.whole_round = false;
    assert!(
        check(&rules, &alone).cases.is_empty(),
        "one form alone says nothing of others"
    );
}

/// Six parts: rounding of six parts and a total explains ½·(6 + 1) = 3.5.
#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn a_sum_may_be_off_by_its_rounding() {
    let parts = [
        "library.operating_cost",
        "museum.operating_cost",
        "theatre_dance_circus.operating_cost",
        "music.operating_cost",
        "other_culture.operating_cost",
        "basic_arts_education.operating_cost",
    ];
    let total = "culture.reported_operating_cost";
    let rules = rules(&format!("kind = \"sum\"\ntotal = \"{total}\"\nparts = {parts:?}"));
    let record = |sum: f64| {
        let mut figures = vec![(total, sum)];
        figures.extend(
            parts
                .iter()
                .zip([612_000.0, 23_000.0, 0.0, 40_000.0, 1_500.0, 500.0])
                .map(|(part, value)| (*part, value)),
        );
        answers("272", &figures)
    };
    // 612,000 + 23,000 + 0 + 40,000 + 1,500 + 500 = 677,000.
    for (sum, outcome) in [
        (677_000.0, Pass),
        (677_003.0, Pass),
        (677_003.5, Pass),
        (677_004.0, Fail),
        (676_996.0, Fail),
    ] {
        assert_eq!(
            outcomes(&check(&rules, &form(record(sum), Known::default()))),
            [outcome],
            "{sum}"
        );
    }
    let checked = check(&rules, &form(record(767_000.0), Known::default()));
    assert_eq!(
        found(&checked).expect("a finding"),
        (
            "Operating cost of cultural activities, total as reported: 767,000 \u{20ac}, but 612,000 + 23,000 + 0 + 40,000 + 1,500 + 500 = 677,000 \u{20ac}. The difference is 90,000 \u{20ac}; rounding explains 3.5 at most. Correct it.".into(),
            Some(767_000.0),
            Some(677_000.0)
        )
    );
    let finding = &checked.findings[0];
    assert_eq!(finding.measures.len(), 7);
    assert_eq!(
        finding.repair,
        Some(Repair {
            measure: total.into(),
            value: 677_000.0
        })
    );
    assert_eq!(
        finding.message.render(Language::Fi),
        "Kulttuuritoiminnan käyttökustannukset yhteensä, kunnan ilmoittama summa: 767\u{a0}000 \u{20ac}, mutta 612\u{a0}000 + 23\u{a0}000 + 0 + 40\u{a0}000 + 1\u{a0}500 + 500 = 677\u{a0}000 \u{20ac}. Ero on 90\u{a0}000 \u{20ac}; pyöristys selittää enintään 3,5. Korjaa luku."
    );

    // A part that cannot exist is left out, and so is its rounding: ½·(5 + 1) = 3.
    let mut record = record(677_003.5);
    record
        .figures
        .insert(parts[2].into(), without(Missing::NotApplicable));
    assert_eq!(
        outcomes(&check(&rules, &form(record.clone(), Known::default()))),
        [Fail]
    );
    record.figures.insert(total.into(), value_of(677_003.0));
    assert_eq!(
        outcomes(&check(&rules, &form(record.clone(), Known::default()))),
        [Pass]
    );
    // What is only not known is not nothing.
    record.figures.insert(parts[2].into(), without(Missing::Included));
    assert_eq!(
        outcomes(&check(&rules, &form(record, Known::default()))),
        [Untested]
    );
}

/// Twelve parts: ½·(12 + 1) = 6.5 at most; 3·√(13/12) = 3.1225 is already unlikely.
#[test]
fn many_parts_are_seldom_all_rounded_one_way() {
    let parts: Vec<String> = [
        "library",
        "museum",
        "theatre_dance_circus",
        "music",
        "other_culture",
        "basic_arts_education",
        "sport",
        "youth",
        "adult_education_centre",
        "education_and_culture",
        "operating_economy",
    ]
    .iter()
    .map(|function| format!("{function}.operating_cost"))
    .chain(["culture.grants".to_owned()])
    .collect();
    let rules = rules(&format!(
        "kind = \"sum\"\ntotal = \"culture.reported_operating_cost\"\nparts = {parts:?}"
    ));
    let tested = |total: f64| {
        let mut figures = vec![("culture.reported_operating_cost", total)];
        figures.extend(parts.iter().map(|part| (part.as_str(), 100.0)));
        check(&rules, &form(answers("272", &figures), Known::default()))
    };
    for (total, severity) in [
        (1203.0, None),
        (1204.0, Some(Severity::Warning)),
        (1206.5, Some(Severity::Warning)),
        (1207.0, Some(Severity::Error)),
    ] {
        let checked = tested(total);
        assert_eq!(
            checked.findings.first().map(|finding| finding.severity),
            severity,
            "{total}"
        );
    }
    assert!(english(&tested(1204.0).findings[0]).contains("rounding seldom explains more than 3.1."));
}

#[test]
fn net_is_gross_less_income() {
    let rules = rules(
        "kind = \"net\"\nnet = \"library.net_operating_cost\"\ngross = \"library.operating_cost\"\nincome = \"library.operating_income\"",
    );
    let tested = |net: f64| {
        let figures = [
            ("library.net_operating_cost", net),
            (COST, 612_000.0),
            ("library.operating_income", 34_000.0),
        ];
        check(&rules, &form(answers("272", &figures), Known::default()))
    };
    // 612,000 − 34,000 = 578,000; two parts and the net: ½·3 = 1.5.
    assert_eq!(outcomes(&tested(578_001.5)), [Pass]);
    let checked = tested(646_000.0);
    assert_eq!(
        found(&checked).expect("a finding"),
        (
            "Net operating cost of libraries: 646,000 \u{20ac}, but 612,000 \u{2212} 34,000 = 578,000 \u{20ac}. The difference is 68,000 \u{20ac}; rounding explains 1.5 at most. Correct it.".into(),
            Some(646_000.0),
            Some(578_000.0)
        )
    );
}

#[test]
fn changes_have_limits_and_turns_are_findings_of_their_own() {
    let rules = rules(
        "kind = \"year-on-year\"\nmeasures = [\"library.operating_cost\"]\nup = 0.5\ndown = 0.4\nleast = 10",
    );
    let tested = |before: f64, now: f64| {
        check(
            &rules,
            &form(answers("272", &[(COST, now)]), known(1.0, &[(COST, before)])),
        )
    };
    for (before, now, code) in [
        (100.0, 150.0, None),
        (100.0, 151.0, Some("finding.change-up")),
        (100.0, 60.0, None),
        (100.0, 59.0, Some("finding.change-down")),
        // 12 is 500 % more than 2, but only 10 more; 11 is 9 more, below the least that counts.
        (2.0, 12.0, Some("finding.change-up")),
        (2.0, 11.0, None),
        (0.0, 0.0, None),
        (0.0, 7.0, Some("finding.change-new")),
        (7.0, 0.0, Some("finding.change-zero")),
        (7.0, -7.0, Some("finding.change-sign")),
        (-7.0, 7.0, Some("finding.change-sign")),
        (-7.0, -8.0, Some("finding.change-negative")),
        (0.0, -8.0, Some("finding.change-negative")),
    ] {
        let checked = tested(before, now);
        assert_eq!(
            checked.findings.first().map(|finding| finding.message.code()),
            code,
            "{before} → {now}"
        );
    }
    assert_eq!(
        found(&tested(612_000.0, 950_000.0)).expect("a finding").0,
        // 950,000 / 612,000 = 1.5523
        "Operating cost of libraries: up by 55 %, from 612,000 \u{20ac} in 2019 to 950,000 \u{20ac} now. Correct it."
    );
    // Nothing known of before: nothing can be told. An empty cell ended something, and so does one that cannot exist.
    assert_eq!(
        outcomes(&check(
            &rules,
            &form(answers("272", &[(COST, 5.0)]), known(1.0, &[]))
        )),
        [Untested]
    );
    let empty = check(&rules, &form(answers("272", &[]), known(1.0, &[(COST, 5.0)])));
    assert_eq!(empty.findings[0].message.code(), "finding.change-ended");
    let mut record = answers("272", &[]);
    record
        .figures
        .insert(COST.into(), without(Missing::NotApplicable));
    assert_eq!(
        outcomes(&check(&rules, &form(record.clone(), known(1.0, &[(COST, 5.0)])))),
        [Fail]
    );
    // What another area's figure holds has not ended.
    record.figures.insert(COST.into(), without(Missing::Included));
    assert_eq!(
        outcomes(&check(&rules, &form(record, known(1.0, &[(COST, 5.0)])))),
        [Untested]
    );
}

/// Eleven areas, of which ten grow by a tenth and one thousandfold.
///
/// r = 1.1 ten times and 1000 once: r_M = 1.1, s = 0 ten times and 1000/1.1 − 1 = 908.09 once.
/// E = s·max^0.5: 0 ten times, so E_M = E_Q1 = E_Q3 = 0. The sizes are √110 ten times: their median is 10.488.
/// F = 0.05·max(0, 10.488) = 0.524; the bounds are ±20·0.524 = ±10.488.
/// The outlier, 100 → 100,000: E = 908.09·√100,000 = 287,164: above.
#[test]
fn one_change_unlike_the_others_is_found() {
    let rules = rules("kind = \"hidiroglou-berthelot\"\nmeasures = [\"library.operating_cost\"]");
    let mut records = Vec::new();
    let mut before = BTreeMap::new();
    for place in 0..10 {
        let area = format!("{place:03}");
        records.push(answers(&area, &[(COST, 110.0)]));
        before.insert(area.as_str().into(), known(1.0, &[(COST, 100.0)]));
    }
    // s = r/r_M − 1 on the bound: E = 10.488 needs s·√x = 10.488; 100 → 205: r = 2.05, s = .8636, E = 12.37: above; 100 → 190:
    // s = .7273, E = 10.02: within.
    let with = |now: f64| {
        let mut records = records.clone();
        let mut before = before.clone();
        records.push(answers("900", &[(COST, now)]));
        before.insert("900".into(), known(1.0, &[(COST, 100.0)]));
        check(&rules, &round(records, before))
    };
    assert!(with(190.0).findings.is_empty());
    assert_eq!(with(205.0).findings[0].area.as_str(), "900");
    assert_eq!(
        english(&with(100_000.0).findings[0]),
        "Operating cost of libraries: 100 \u{20ac} in 2019, now 100,000 \u{20ac}, 1,000.00 times as much; the middle change of all who answered is 1.10 times (n = 11). Correct it."
    );
    // Ten pairs are needed; what is no pair is a finding of its own, and no pair.
    let ten = check(&rules, &round(records.clone(), before.clone()));
    assert_eq!(outcomes(&ten), vec![Pass; 10]);
    let mut nine = records.clone();
    nine[0] = answers("000", &[(COST, 0.0)]);
    let nine = check(&rules, &round(nine, before.clone()));
    assert_eq!(nine.findings[0].message.code(), "finding.change-zero");
    assert_eq!(outcomes(&nine)[1..], vec![Untested; 9]);
    let mut alone = round(records, before);
    alone.whole_round = false;
    assert!(check(&rules, &alone).cases.is_empty());
}

#[test]
fn thousands_for_euros_are_found_both_ways() {
    let rules = rules("kind = \"unit\"\nmeasures = [\"library.operating_cost\"]");
    let tested = |before: f64, now: f64| {
        check(
            &rules,
            &form(answers("272", &[(COST, now)]), known(1.0, &[(COST, before)])),
        )
    };
    let large = tested(612_000.0, 612_000_000.0);
    assert_eq!(
        english(&large.findings[0]),
        "Operating cost of libraries grew from 612,000 \u{20ac} in 2019 to 612,000,000 \u{20ac}. Did you write euros where thousands are meant, or three digits too many? 612,000 \u{20ac} would fit. Correct it."
    );
    assert_eq!(
        large.findings[0].message.render(Language::Sv),
        "Driftskostnader för biblioteksverksamhet: siffran ökade från 612\u{a0}000 \u{20ac} för 2019 till 612\u{a0}000\u{a0}000 \u{20ac}. Har siffran angetts i euro fast tusentals euro avsågs, eller har den tre siffror för mycket? Siffran 612\u{a0}000 \u{20ac} skulle passa. Rätta siffran."
    );
    let small = tested(612_000.0, 590.0);
    assert_eq!(
        small.findings[0].repair,
        Some(Repair {
            measure: COST.into(),
            value: 590_000.0
        })
    );
    assert!(
        english(&small.findings[0])
            .contains("Did you write thousands where euros are asked? 590,000 \u{20ac} would fit.")
    );
    let cents = tested(612_000.0, 60_000_000.0);
    assert!(english(&cents.findings[0]).contains("cents where euros"));
    // Ten times as much is no unit.
    assert_eq!(outcomes(&tested(612_000.0, 6_120_000.0)), [Pass]);
    assert_eq!(outcomes(&tested(612_000.0, 0.0)), [Untested]);
    assert_eq!(outcomes(&tested(612_000.0, -612.0)), [Untested]);
}

/// Ten peers with 60 € per inhabitant each: in an area of 1,000 inhabitants that is 60,000 €.
#[test]
fn without_a_year_before_the_peers_tell_the_unit() {
    let rules = rules("kind = \"unit\"\nmeasures = [\"library.operating_cost\"]");
    let mut records = form(answers("272", &[(COST, 61.0)]), known(1_000.0, &[]));
    for place in 0..10 {
        records.known.insert(
            format!("{place:03}").as_str().into(),
            known(500.0, &[(COST, 30_000.0)]),
        );
    }
    let checked = check(&rules, &records);
    assert_eq!(
        english(&checked.findings[0]),
        "Operating cost of libraries: only 61 \u{20ac}; the peers' figure per inhabitant would give about 60,000 \u{20ac} here. Did you write thousands where euros are asked? 61,000 \u{20ac} would fit. Correct it."
    );
    records.known.remove("000");
    assert_eq!(
        outcomes(&check(&rules, &records)),
        [Untested],
        "nine peers are too few"
    );
}

#[test]
fn a_whole_form_in_thousands_is_one_finding() {
    let rules = rules("kind = \"unit\"\nmeasures = [\"*.operating_cost\"]");
    let figures = [
        ("library.operating_cost", 612.0),
        ("museum.operating_cost", 50.0),
        ("music.operating_cost", 7.0),
    ];
    let before: Vec<(&str, f64)> = figures
        .iter()
        .map(|(measure, value)| (*measure, value * 1000.0))
        .collect();
    let checked = check(&rules, &form(answers("272", &figures), known(1.0, &before)));
    assert_eq!(checked.rules[0].fail, 3);
    let (message, ..) = found(&checked).expect("one finding");
    assert!(message.starts_with("The form has figures that are 1,000 times too small (figures: 3). For example: Operating cost of libraries fell from 612,000 \u{20ac}"), "{message}");
    assert_eq!(checked.findings[0].measures.len(), 3);
    // One of three is that one's mistake.
    let mut mixed = before.clone();
    mixed[0].1 = 612.0;
    mixed[1].1 = 50.0;
    let checked = check(&rules, &form(answers("272", &figures), known(1.0, &mixed)));
    assert_eq!(checked.findings[0].measures, ["music.operating_cost".into()]);
}

/// Peers have 10, 20, …, 110 € per inhabitant: median 60, deviations 0, 10, 10, …, 50, 50: MAD 30; scale 1.4826·30 = 44.478.
/// With 1,000 inhabitants and 300,000 €: 300 per inhabitant, z = 240/44.478 = 5.396; the effect is 300,000 − 60,000.
#[test]
fn a_cost_unlike_the_peers_is_found_with_its_effect_in_euros() {
    let text = |threshold: f64| {
        format!(
            "kind = \"peers\"\nmeasures = [\"library.operating_cost\"]\nthreshold = {threshold}\nleast = 1000"
        )
    };
    let mut records = form(
        answers("272", &[(COST, 300_000.0)]),
        known(1_000.0, &[(COST, 1.0)]),
    );
    for place in 1..=11 {
        let value = f64::from(place) * 10.0 * 200.0;
        records.known.insert(
            format!("{place:03}").as_str().into(),
            known(200.0, &[(COST, value)]),
        );
    }
    // Zero is no peer, and nor is an area without inhabitants.
    records.known.insert("800".into(), known(200.0, &[(COST, 0.0)]));
    records.known.insert("801".into(), known(0.0, &[(COST, 9.0)]));
    assert!(check(&rules(&text(5.4)), &records).findings.is_empty());
    let checked = check(&rules(&text(5.39)), &records);
    assert_eq!(
        found(&checked).expect("a finding"),
        (
            "Operating cost of libraries: 300,000 \u{20ac} / 1,000 inhabitants = 300.00 \u{20ac} per inhabitant; the peers' median is 60.00 \u{20ac} (n = 11; robust z = 5.4). That is 240,000 \u{20ac} more than by the median. Correct it.".into(),
            Some(300_000.0),
            Some(60_000.0)
        )
    );
    // Those of the same group are the peers where there are ten: all of the group have 300.
    for place in 0..10 {
        let mut of_group = known(10.0, &[(COST, 3_000.0 + f64::from(place))]);
        of_group.group = Some("20 000–49 999".into());
        records
            .known
            .insert(format!("9{place:02}").as_str().into(), of_group);
    }
    records.known.get_mut("272").expect("272").group = Some("20 000–49 999".into());
    assert!(check(&rules(&text(3.5)), &records).findings.is_empty());
}

#[test]
fn costs_and_activities_go_together() {
    let fields = |kind: &str| {
        format!(
            "kind = \"{kind}\"\ncost = \"library.operating_cost\"\nactivity = [\"library.visits\", \"library.loans\"]\nleast = 100"
        )
    };
    let (cost, activity) = (
        rules(&fields("cost-without-activity")),
        rules(&fields("activity-without-cost")),
    );
    let record = |cost: f64, visits: f64, loans: f64| {
        answers(
            "272",
            &[(COST, cost), ("library.visits", visits), ("library.loans", loans)],
        )
    };
    let tested = |rules, record: Record| check(rules, &form(record, Known::default()));
    assert_eq!(outcomes(&tested(&cost, record(500.0, 0.0, 9.0))), [Pass]);
    assert_eq!(
        found(&tested(&cost, record(500.0, 0.0, 0.0)))
            .expect("a finding")
            .0,
        "Operating cost of libraries: 500 \u{20ac}, but there is no activity (Library visits, Library loans: 0). Correct it."
    );
    assert!(
        tested(&cost, record(99.0, 0.0, 0.0)).cases.is_empty(),
        "too small a cost to ask of"
    );
    let mut half = record(500.0, 0.0, 0.0);
    half.figures.remove("library.loans");
    assert_eq!(outcomes(&tested(&cost, half.clone())), [Untested]);
    half.figures
        .insert("library.loans".into(), without(Missing::NotApplicable));
    assert_eq!(outcomes(&tested(&cost, half)), [Fail]);

    assert_eq!(outcomes(&tested(&activity, record(1.0, 500.0, 0.0))), [Pass]);
    let mut paid_elsewhere = record(0.0, 500.0, 0.0);
    assert_eq!(
        found(&tested(&activity, paid_elsewhere.clone()))
            .expect("a finding")
            .0,
        "Library visits: 500 visits, but there is no cost (Operating cost of libraries: 0). If another municipality pays, mark that as the reason beside the cost. Correct it."
    );
    paid_elsewhere
        .figures
        .insert(COST.into(), without(Missing::Included));
    assert!(tested(&activity, paid_elsewhere).cases.is_empty());
}

#[test]
fn severity_follows_stage_and_period() {
    let text = super::rule_text("kind = \"required\"\nmeasures = [\"library.visits\"]\nvalid = { from = \"2019\", to = \"2022\" }\nseverity_by_period = [{ from = \"2021\", severity = \"note\" }]")
        .replace("severity = \"error\"", "severity = { submitted = \"warning\", approved = \"error\" }");
    let rules = kultti_core::rules::RuleSet::parse("rules.toml", &text, &super::catalogue()).expect("rules");
    let at = |year: i32, stage: Stage| rules.rules()[0].severity_at(stage, Period::year(year));
    assert_eq!(at(2020, Stage::Draft), None);
    assert_eq!(at(2020, Stage::Submitted), Some(Severity::Warning));
    assert_eq!(at(2020, Stage::Corrected), Some(Severity::Error));
    assert_eq!(at(2021, Stage::Draft), Some(Severity::Note));
    assert_eq!(at(2018, Stage::Approved), None);
    assert_eq!(at(2023, Stage::Approved), None);
    let mut records = form(answers("272", &[]), Known::default());
    records.period = Period::year(2023);
    assert!(
        rules
            .check(&records, Stage::Approved)
            .expect("a check")
            .cases
            .is_empty()
    );
}
