//! Intervals of chance in Northland worked out by hand.
//!
//! Province N in 2019 holds 01, 03 and 05; S holds 02, 04 and 06. Visits of 2019: 3, 0, 12, 5, 21 and 1, of 1,000, 500, 2,000,
//! 1,000, 3,000 and 500 inhabitants.

use crate::data::{Northland, northland};
use kultti_core::Error;
use kultti_core::compare::{
    CompareOptions, DifferenceTest, FunnelDispersion, FunnelPlace, GroupsOptions, IntervalLevel,
    IntervalMethod, IntervalRow, Intervals, IntervalsOptions, Note, Significance,
};
use kultti_core::export::Export;
use kultti_core::language::Language;
use kultti_core::model::{Aggregate, Missing};
use kultti_core::panel::Borders;
use kultti_core::release::Release;
use kultti_core::stats::{Chance, Dispersion};

const VISITS: &str = "visits.per_inhabitant";
/// Φ⁻¹(0.975) and Φ⁻¹(0.999), from tables.
const Z95: f64 = 1.959_963_984_540_054;
const Z998: f64 = 3.090_232_306_167_813;

/// Northland with visits, declared to be of a kind.
fn visited(kind: &str) -> Northland {
    let rows: String = [
        ("01", "3"),
        ("02", "0"),
        ("03", "12"),
        ("04", "5"),
        ("05", "21"),
        ("06", "1"),
    ]
    .map(|(area, value)| format!("visits.count,2019,{area},2019-01-01,{value},A,,\n"))
    .concat();
    let first = "wait.mean_days,2019,01,";
    let formula = "formula = \"visits.count / population.year_end\"";
    Northland::new()
        .with("observations/others.csv", first, &(rows + first))
        .with(
            "catalogue.toml",
            formula,
            &format!("{formula}\ninterval = \"{kind}\""),
        )
}

fn of(year: i32) -> IntervalsOptions {
    IntervalsOptions {
        period: Some(year.into()),
        borders: Borders::Then,
        ..IntervalsOptions::default()
    }
}

fn ask(release: &Release, indicator: &str, options: IntervalsOptions) -> Intervals {
    release.intervals(indicator, options).expect("intervals")
}

fn row<'a>(result: &'a Intervals, code: &str) -> &'a IntervalRow {
    let mut rows = result.rows.iter();
    rows.find(|row| row.code == code)
        .unwrap_or_else(|| panic!("no row {code}"))
}

fn note(notes: &[Note], code: &str) -> Option<String> {
    let found = notes.iter().find(|note| note.code() == code);
    found.map(|note| note.message.render(Language::En))
}

fn near(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() <= 1e-9 * expected.abs().max(1e-9),
        "{found} is not {expected}"
    );
}

fn limits(row: &IntervalRow, lower: f64, upper: f64) {
    let interval = row
        .interval
        .unwrap_or_else(|| panic!("no interval for {}", row.code));
    near(interval.lower, lower);
    near(interval.upper, upper);
}

/// Breslow & Day's formula, written out.
fn byar(count: f64, z: f64) -> (f64, f64) {
    let limit = |x: f64, side: f64| x * (1.0 - 1.0 / (9.0 * x) + side * z / (3.0 * x.sqrt())).powi(3);
    (limit(count, -1.0), limit(count + 1.0, 1.0))
}

#[test]
fn counts_have_byars_interval_and_small_ones_the_exact_one() {
    let result = ask(&visited("count").release(), VISITS, of(2019));
    assert_eq!(
        (result.method, result.chance),
        (IntervalMethod::Byar, Chance::Count)
    );
    let (lower, upper) = byar(12.0, Z95);
    limits(row(&result, "03"), lower / 2_000.0, upper / 2_000.0);
    // None of 500: exp(−U) = 0.025.
    limits(row(&result, "02"), 0.0, -(0.025_f64.ln()) / 500.0);
    // 3 of 1,000: Garwood's limits are 0.6187 and 8.7673 (Biometrika Tables, table 40: 0.619 and 8.77).
    let three = row(&result, "01").interval.expect("an interval");
    assert_eq!(
        format!("{:.3} {:.2}", three.lower * 1e3, three.upper * 1e3),
        "0.619 8.77"
    );
    // All of them: 42 of 8,000.
    let (lower, upper) = byar(42.0, Z95);
    limits(&result.whole, lower / 8_000.0, upper / 8_000.0);
    assert!(note(&result.notes, "interval-chance").is_some_and(|text| text.contains("no sampling error")));
    let wide = ask(
        &visited("count").release(),
        VISITS,
        IntervalsOptions {
            level: IntervalLevel::P998,
            ..of(2019)
        },
    );
    let (lower, upper) = byar(21.0, Z998);
    limits(row(&wide, "05"), lower / 3_000.0, upper / 3_000.0);
}

#[test]
fn proportions_have_wilsons_interval() {
    // x = 12 of 2,000: (24 + z² ∓ z√(z² + 48·0.994)) / (2(2,000 + z²)).
    let result = ask(&visited("proportion").release(), VISITS, of(2019));
    assert_eq!(
        (result.method, result.chance),
        (IntervalMethod::Wilson, Chance::Proportion)
    );
    let square = Z95 * Z95;
    let spread = Z95 * (square + 48.0 * 0.994).sqrt();
    let scale = 2.0 * (2_000.0 + square);
    limits(
        row(&result, "03"),
        (24.0 + square - spread) / scale,
        (24.0 + square + spread) / scale,
    );
    limits(row(&result, "02"), 0.0, square / (500.0 + square));
}

#[test]
fn loans_need_no_declaration_and_the_method_may_be_chosen() {
    // 9,000 loans for the 900 inhabitants of 2018; 04 has not reported, 06 is outside the library statistics.
    let release = northland();
    let result = ask(&release, "loans.per_inhabitant", of(2019));
    let (lower, upper) = byar(9_000.0, Z95);
    limits(row(&result, "01"), lower / 900.0, upper / 900.0);
    let missing = row(&result, "04");
    assert_eq!(
        (missing.value, missing.interval, missing.missing),
        (None, None, Some(Missing::NotReported))
    );
    assert_eq!(missing.interval_missing, Some(Missing::NotReported));
    assert_eq!(result.left_out.len(), 1);
    assert!(result.rows.iter().all(|row| row.code != "06"));
    // Below 1,000 inhabitants a figure is of low reliability.
    assert_eq!(row(&result, "01").status, 'U');
    let exact = IntervalsOptions {
        method: Some(IntervalMethod::Exact),
        ..of(2019)
    };
    let exact = ask(&release, "loans.per_inhabitant", exact);
    let found = row(&exact, "01").interval.expect("an interval");
    assert!((found.lower * 900.0 - lower).abs() < 0.1 && found.lower * 900.0 != lower);
}

#[test]
fn groups_have_the_interval_of_their_sums() {
    let options = IntervalsOptions {
        by: Some("province".into()),
        ..of(2019)
    };
    let result = ask(&visited("count").release(), VISITS, options);
    let north = row(&result, "N");
    assert_eq!(
        (north.numerator, north.denominator, north.n),
        (Some(36.0), Some(6_000.0), 3)
    );
    let (lower, upper) = byar(36.0, Z95);
    limits(north, lower / 6_000.0, upper / 6_000.0);
    // Loans of S: one of two areas, 500 of 1,500 inhabitants.
    let options = IntervalsOptions {
        by: Some("province".into()),
        ..of(2019)
    };
    let result = ask(&northland(), "loans.per_inhabitant", options);
    let south = row(&result, "S");
    assert_eq!(
        (south.value, south.interval, south.missing),
        (None, None, Some(Missing::CoverageTooLow))
    );
    assert_eq!((south.n, south.members), (1, 2));
}

#[test]
fn the_areas_of_a_group() {
    let options = IntervalsOptions {
        within: Some("province:S".into()),
        ..of(2019)
    };
    let result = ask(&visited("count").release(), VISITS, options);
    let codes: Vec<&str> = result.rows.iter().map(|row| row.code.as_str()).collect();
    assert_eq!(codes, ["02", "04", "06"]);
    // 6 of 2,000.
    assert_eq!(
        (result.whole.numerator, result.whole.denominator),
        (Some(6.0), Some(2_000.0))
    );
}

#[test]
fn what_is_no_count_has_a_value_without_an_interval() {
    // 600 of 500 are no proportion; 21 of an area that gave 40 % away are 12.6.
    let country = visited("proportion").with(
        "observations/others.csv",
        "visits.count,2019,02,2019-01-01,0,",
        "visits.count,2019,02,2019-01-01,600,",
    );
    let result = ask(&country.release(), VISITS, of(2019));
    let found = row(&result, "02");
    assert!(found.value.is_some() && found.missing.is_none());
    let reason = Some(Missing::NumeratorAboveDenominator);
    assert_eq!((found.interval, found.interval_missing), (None, reason));
    // More loans taken back than given.
    let country = Northland::new().with(
        "observations/others.csv",
        "loans.count,2019,02,2019-01-01,1000,",
        "loans.count,2019,02,2019-01-01,-1000,",
    );
    let result = ask(&country.release(), "loans.per_inhabitant", of(2019));
    let found = row(&result, "02");
    assert_eq!(
        (found.value, found.interval_missing),
        (Some(-2.0), Some(Missing::NegativeValue))
    );
    let now = IntervalsOptions {
        borders: Borders::Now,
        ..of(2019)
    };
    let result = ask(&visited("count").release(), VISITS, now);
    let split = row(&result, "05");
    near(split.numerator.unwrap(), 12.6);
    assert_eq!(
        (split.status, split.interval_missing),
        ('E', Some(Missing::NotACount))
    );
    // Nobody lives there.
    let empty = visited("count")
        .with(
            "observations/others.csv",
            "population.year_end,2019,04,2019-01-01,1000,",
            "population.year_end,2019,04,2019-01-01,0,",
        )
        .release();
    assert_eq!(
        row(&ask(&empty, VISITS, of(2019)), "04").missing,
        Some(Missing::DenominatorZero)
    );
}

fn tested(kind: &str, test: &[&str]) -> Vec<DifferenceTest> {
    let options = IntervalsOptions {
        test: test.iter().map(|name| (*name).to_owned()).collect(),
        ..of(2019)
    };
    ask(&visited(kind).release(), VISITS, options).tests
}

#[test]
fn two_counts_are_tested_exactly() {
    // 3 of 1,000 against 0 of 500: n = 3, p = 2/3. P = 1, 6, 12, 8 of 27; as likely as 8/27 or less: 15/27.
    let tests = tested("count", &["01", "02"]);
    assert_eq!(tests.len(), 1);
    near(tests[0].p_value.unwrap(), 15.0 / 27.0);
    assert_eq!(tests[0].p_adjusted, tests[0].p_value);
    assert_eq!((tests[0].ratio, tests[0].interval), (None, None));
    near(tests[0].difference.unwrap(), 0.003);
    // 5 of 1,000 against 1 of 500: n = 6, p = 2/3: P(5) = 192/729, P(6) = 64, P(2) = 60, P(1) = 12, P(0) = 1; P(4) = 240,
    // P(3) = 160. All but 240: 489/729; ratio 0.005/0.002.
    let tests = tested("count", &["04", "Isle"]);
    near(tests[0].p_value.unwrap(), 489.0 / 729.0);
    near(tests[0].ratio.unwrap(), 2.5);
}

#[test]
fn an_area_is_tested_against_the_rest_of_its_group() {
    let tests = tested("count", &["01", "province:N"]);
    // N without 01: 33 of 5,000.
    let other = &tests[0].other;
    assert!(other.rest && !tests[0].one.rest);
    assert_eq!((other.numerator, other.denominator), (33.0, 5_000.0));
    assert_eq!(other.name.get(Language::En), "North, other areas");
    // The other way round, and against a group that it is not in.
    let tests = tested("count", &["province:N", "01", "province:S"]);
    assert_eq!(tests.len(), 3);
    assert_eq!((tests[0].one.numerator, tests[0].one.rest), (33.0, true));
    assert_eq!((tests[1].one.numerator, tests[1].other.numerator), (36.0, 6.0));
    assert_eq!((tests[2].other.numerator, tests[2].other.rest), (6.0, false));
    // Adjusted: the largest stays, the others are at most 3/k times as large.
    let mut sorted: Vec<(f64, f64)> = tests
        .iter()
        .map(|test| (test.p_value.unwrap(), test.p_adjusted.unwrap()))
        .collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    near(sorted[2].1, sorted[2].0);
    near(sorted[1].1, sorted[2].0.min(1.5 * sorted[1].0));
    near(sorted[0].1, sorted[1].1.min(3.0 * sorted[0].0));
}

#[test]
fn two_proportions_have_newcombes_interval() {
    // 12 of 2,000 against 0 of 500, with Wilson's limits l = 0.003435, u = 0.010460 of the first and 0, 0.007624 of the second:
    // 0.006 − √((0.006 − l)² + 0.007624²) and 0.006 + √((u − 0.006)² + 0).
    let tests = tested("proportion", &["03", "02"]);
    let square = Z95 * Z95;
    let spread = Z95 * (square + 48.0 * 0.994).sqrt();
    let scale = 2.0 * (2_000.0 + square);
    let (l, u) = ((24.0 + square - spread) / scale, (24.0 + square + spread) / scale);
    let none = square / (500.0 + square);
    let interval = tests[0].interval.expect("an interval");
    near(
        interval.lower,
        0.006 - ((0.006 - l).powi(2) + none.powi(2)).sqrt(),
    );
    near(interval.upper, u);
    assert!(tests[0].p_value.unwrap() > 0.05 && tests[0].ratio.is_none());
}

#[test]
fn a_test_without_a_figure_says_why() {
    let options = IntervalsOptions {
        test: vec!["01".into(), "04".into(), "03".into()],
        ..of(2019)
    };
    let tests = ask(&northland(), "loans.per_inhabitant", options).tests;
    let missing: Vec<_> = tests
        .iter()
        .map(|test| (test.missing, test.p_adjusted.is_some()))
        .collect();
    let none = Some(Missing::NotReported);
    assert_eq!(missing, [(none, false), (None, true), (none, false)]);
    assert_eq!(tests[0].difference, None);
    // 10 for everybody in 01 and 03: 9,000 of 29,000 where 900 of 2,900 are expected is the likeliest outcome.
    assert_eq!(tests[1].p_value, Some(1.0));
}

/// The English text of a refusal.
fn refusal(release: &Release, indicator: &str, options: IntervalsOptions) -> String {
    let error = release.intervals(indicator, options).expect_err("refused");
    assert_eq!(error.code(), "K0508");
    for language in [Language::Fi, Language::Sv] {
        let text = error.message().render(language);
        assert!(
            text.contains(indicator) && !text.contains("reason.") && !text.contains("word."),
            "{text}"
        );
    }
    error.to_string()
}

#[test]
fn what_has_no_interval_is_refused_with_the_reason() {
    let release = northland();
    for (indicator, reason) in [
        ("cost.per_inhabitant", "euros are not counts"),
        ("cost_a.share_of_budget", "euros are not counts"),
        ("cost_a.total", "euros are not counts"),
        ("loans.published", "published as a finished ratio"),
        ("survey.grade", "published as a finished ratio"),
        ("population.total", "no denominator"),
        (VISITS, "does not say whether the numerator is a part"),
    ] {
        let text = refusal(&release, indicator, of(2019));
        assert!(text.contains(indicator) && text.contains(reason), "{text}");
    }
    let none = visited("none").release();
    assert!(refusal(&none, VISITS, of(2019)).contains("no chance variation"));
    let wilson = IntervalsOptions {
        method: Some(IntervalMethod::Wilson),
        ..of(2019)
    };
    assert!(refusal(&release, "loans.per_inhabitant", wilson).contains("use byar or exact"));
    let byar = IntervalsOptions {
        method: Some(IntervalMethod::Byar),
        ..of(2019)
    };
    assert!(refusal(&visited("proportion").release(), VISITS, byar).contains("use wilson"));
    let funnel = IntervalsOptions {
        funnel: Some(FunnelDispersion::Auto),
        ..of(2019)
    };
    assert!(refusal(&release, "loans.per_inhabitant", funnel).contains("at least 10"));
    let visits = visited("count").release();
    for (test, reason) in [
        (vec!["01"], "at least two"),
        (vec!["01", "Alpha"], "at least two"),
        (vec!["zone:1", "province:S"], "share some"),
    ] {
        let options = IntervalsOptions {
            test: test.into_iter().map(str::to_owned).collect(),
            ..of(2019)
        };
        assert!(refusal(&visits, VISITS, options).contains(reason));
    }
}

#[test]
fn names_that_nobody_knows_are_refused() {
    let release = northland();
    let code = |options: IntervalsOptions| {
        let result = release.intervals("loans.per_inhabitant", options);
        result.expect_err("an error").code().to_owned()
    };
    let by = |by: &str| IntervalsOptions {
        by: Some(by.into()),
        ..of(2019)
    };
    let within = |within: &str| IntervalsOptions {
        within: Some(within.into()),
        ..of(2019)
    };
    let test = |test: &str| IntervalsOptions {
        test: vec!["01".into(), test.into()],
        ..of(2019)
    };
    assert_eq!(code(by("provinec")), "K0405");
    assert_eq!(code(within("province:X")), "K0406");
    assert_eq!(code(within("nothing:X")), "K0405");
    assert_eq!(code(test("Nowhere")), "K0405");
    assert_eq!(code(test("province:X")), "K0406");
    assert_eq!(code(of(1999)), "K0409");
    assert!(matches!(
        "90".parse::<IntervalLevel>(),
        Err(Error::InvalidArgument { .. })
    ));
    assert!(matches!(
        "wald".parse::<IntervalMethod>(),
        Err(Error::InvalidArgument { .. })
    ));
    assert!(matches!(
        "wide".parse::<FunnelDispersion>(),
        Err(Error::InvalidArgument { .. })
    ));
    assert_eq!(
        "additive".parse::<FunnelDispersion>(),
        Ok(FunnelDispersion::As(Dispersion::Additive))
    );
}

#[test]
fn a_declaration_that_the_measures_contradict_is_refused() {
    for (indicator, kind, expected) in [
        (
            "loans.count / population.year_end_previous",
            "proportion",
            "counts persons among persons",
        ),
        (
            "(cost.a + cost.b) / population.year_end",
            "count",
            "whole, additive counts",
        ),
        ("sport.cost", "count", "whole, additive counts"),
        ("loans.published", "count", "whole, additive counts"),
    ] {
        let formula = format!("formula = \"{indicator}\"");
        let country = Northland::new().with(
            "catalogue.toml",
            &formula,
            &format!("{formula}\ninterval = \"{kind}\""),
        );
        let error = country.refusal();
        assert_eq!(error.code(), "K0309");
        let text = error.to_string();
        assert!(
            text.contains("interval") && text.contains(expected) && text.contains(kind),
            "{text}"
        );
    }
    assert_eq!(visited("sometimes").refusal().code(), "K0301");
}

#[test]
fn a_comparison_carries_intervals_and_bands_where_they_are_asked_for() {
    let release = northland();
    let options = CompareOptions {
        intervals: Some(IntervalLevel::P95),
        ..CompareOptions::from("05")
            .with_period(2019)
            .with_borders(Borders::Then)
            .with_peers(["province", "province:S"])
    };
    let comparison = release
        .compare("loans.per_inhabitant", options.clone())
        .expect("a comparison");
    let found = comparison.intervals.as_ref().expect("intervals");
    // 15,000 of 3,000; N has 44,000 of 5,900 = 7.46, higher is better; S has too little coverage.
    let (lower, upper) = byar(15_000.0, Z95);
    let own = found.area.and_then(|area| area.interval).expect("an interval");
    near(own.lower, lower / 3_000.0);
    near(own.upper, upper / 3_000.0);
    assert_eq!(found.bands, [Some(Significance::Worse), None]);
    let (lower, upper) = byar(44_000.0, Z95);
    let north = found.groups[0].interval.expect("an interval");
    near(north.lower, lower / 5_900.0);
    near(north.upper, upper / 5_900.0);
    assert_eq!(found.groups[1].missing, Some(Missing::CoverageTooLow));
    let json = comparison.json(Language::En);
    assert_eq!(json["interval"]["method"], "byar");
    assert_eq!(json["peers"][0]["significance"], "worse");
    assert!(json["peers"][1]["lower"].is_null());
    // A place without a good side is only higher or lower.
    let visits = visited("count").release();
    let comparison = visits
        .compare(VISITS, options.clone().with_peers(["country"]))
        .expect("a comparison");
    assert_eq!(
        comparison.intervals.expect("intervals").bands,
        [Some(Significance::Similar)]
    );
    // Without being asked for there are none.
    let plain = CompareOptions {
        intervals: None,
        ..options
    };
    let plain = release
        .compare("loans.per_inhabitant", plain)
        .expect("a comparison");
    assert!(plain.intervals.is_none() && plain.json(Language::En).get("interval").is_none());
}

#[test]
fn groups_carry_intervals_of_ratios_of_sums_only() {
    let release = northland();
    let options = GroupsOptions {
        by: "province".into(),
        period: Some(2019.into()),
        borders: Borders::Then,
        intervals: Some(IntervalLevel::P998),
        ..GroupsOptions::default()
    };
    let groups = release
        .groups("loans.per_inhabitant", options.clone())
        .expect("groups");
    let (lower, _) = byar(44_000.0, Z998);
    let found = groups.intervals.as_ref().expect("intervals");
    near(
        found.groups[0].interval.expect("an interval").lower,
        lower / 5_900.0,
    );
    assert!(groups.table(Language::En).columns.contains(&"lower"));
    let median = GroupsOptions {
        aggregate: Some(Aggregate::Median),
        ..options.clone()
    };
    let error = release
        .groups("loans.per_inhabitant", median)
        .expect_err("refused");
    assert!(error.code() == "K0508" && error.to_string().contains("ratio-of-sums"));
    let error = release
        .groups("cost.per_inhabitant", options)
        .expect_err("refused");
    assert!(error.code() == "K0508" && error.to_string().contains("euros"));
}

#[test]
fn a_funnel_of_the_municipalities() {
    let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE).expect("the example release");
    let options = IntervalsOptions {
        funnel: Some(FunnelDispersion::Auto),
        ..IntervalsOptions::default()
    };
    let result = ask(&release, "population.share_0_17", options);
    let funnel = result.funnel.as_ref().expect("a funnel");
    assert!(funnel.phi > 4.0 && funnel.dispersion == Dispersion::Additive);
    near(funnel.target, result.whole.value.unwrap());
    for row in result.rows.iter().filter(|row| row.interval.is_some()) {
        let (point, value) = (row.funnel.expect("a place"), row.value.unwrap());
        let expected = match value {
            value if value > point.limits_998.upper => FunnelPlace::FarAbove,
            value if value > point.limits_95.upper => FunnelPlace::Above,
            value if value < point.limits_998.lower => FunnelPlace::FarBelow,
            value if value < point.limits_95.lower => FunnelPlace::Below,
            _ => FunnelPlace::Within,
        };
        assert_eq!(point.place, expected, "{}", row.code);
    }
    assert!(note(&result.notes, "funnel-additive").is_some());
    let chance = IntervalsOptions {
        funnel: Some(FunnelDispersion::As(Dispersion::None)),
        ..IntervalsOptions::default()
    };
    let narrow = ask(&release, "population.share_0_17", chance);
    assert!(note(&narrow.notes, "funnel-chance-only").is_some());
    let outside = |result: &Intervals| {
        let points = result.rows.iter().filter_map(|row| row.funnel);
        points.filter(|point| point.place != FunnelPlace::Within).count()
    };
    assert!(outside(&narrow) > outside(&result));
}

#[test]
fn intervals_are_walked_back() {
    let release = visited("count").release();
    let options = IntervalsOptions {
        within: Some("province:S".into()),
        test: vec!["02".into(), "country".into()],
        ..of(2019)
    };
    let result = ask(&release, VISITS, options);
    let why = release.explain_result(&result).expect("a derivation");
    // Two limits for each of three areas and a test; the rest of the country is among the figures.
    assert_eq!((why.steps.len(), why.inputs[0].figures.len()), (7, 6));
    assert!(why.steps[0].formula.contains("χ²") && why.steps[0].numbers == "m = 1, n = 0, d = 500, α = 0.05");
    assert_eq!(why.steps[6].numbers, "0 / 500; 42 / 7500");
    assert_eq!(why.steps[6].value, result.tests[0].p_value);
}

#[test]
fn the_limits_beside_other_figures_are_walked_back_too() {
    let release = visited("count").release();
    let level = "95".parse().ok();
    let options = CompareOptions {
        intervals: level,
        ..CompareOptions::from("03")
            .with_period(2019)
            .with_borders(Borders::Then)
            .with_peers(["province"])
    };
    let comparison = release.compare(VISITS, options).expect("a comparison");
    let why = release.explain_result(&comparison).expect("a derivation");
    let limits: Vec<_> = why
        .steps
        .iter()
        .filter(|step| step.what.code().ends_with("-limit"))
        .collect();
    // The area's own two limits and those of province N: 12 of 2,000, and 3 + 12 + 21 of 1,000 + 2,000 + 3,000.
    let numbers: Vec<&str> = limits.iter().map(|step| step.numbers.as_str()).collect();
    let own = "m = 1, n = 12, d = 2000, z = 1.959964";
    let province = "m = 1, n = 36, d = 6000, z = 1.959964";
    assert_eq!(numbers, [own, own, province, province]);
    // Byar by hand: 12·(1 − 1/108 − z/(3√12))³/2000 and 13·(1 − 1/117 + z/(3√13))³/2000.
    let lower = 12.0 * (1.0 - 1.0 / 108.0 - Z95 / (3.0 * 12.0_f64.sqrt())).powi(3) / 2000.0;
    let upper = 13.0 * (1.0 - 1.0 / 117.0 + Z95 / (3.0 * 13.0_f64.sqrt())).powi(3) / 2000.0;
    near(limits[0].value.expect("a limit"), lower);
    near(limits[1].value.expect("a limit"), upper);
    assert_eq!(limits[0].what.render(Language::Sv), "Seeta: nedre gräns");
    let options = GroupsOptions {
        by: "province".into(),
        period: Some(2019.into()),
        borders: Borders::Then,
        intervals: level,
        ..GroupsOptions::default()
    };
    let groups = release.groups(VISITS, options).expect("groups");
    let why = release.explain_result(&groups).expect("a derivation");
    let steps: Vec<_> = why
        .steps
        .iter()
        .map(|step| (step.what.code(), step.numbers.as_str()))
        .collect();
    // South: 0 + 5 + 1 of 500 + 1,000 + 500, below ten and therefore exact.
    let south = "m = 1, n = 6, d = 2000, α = 0.05";
    assert_eq!(
        steps,
        [
            ("step.group-value", "36 / 6000"),
            ("step.lower-limit", province),
            ("step.upper-limit", province),
            ("step.group-value", "6 / 2000"),
            ("step.lower-limit", south),
            ("step.upper-limit", south),
        ]
    );
}
