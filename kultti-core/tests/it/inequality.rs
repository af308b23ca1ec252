//! Inequality of Northland worked out by hand. x = n/d, p = d/Σd, μ = Σn/Σd.
//!
//! Province N in 2019 holds 01, 03 and 05; S holds 02, 04 and 06.

use crate::data::{Northland, northland};
use kultti_core::compare::{Inequality, InequalityGroup, InequalityOptions, Note};
use kultti_core::language::Language;
use kultti_core::model::Missing;
use kultti_core::panel::Borders;
use kultti_core::release::Release;

fn of(year: i32) -> InequalityOptions {
    InequalityOptions {
        period: Some(year.into()),
        borders: Borders::Then,
        ..InequalityOptions::default()
    }
}

fn by(grouping: &str, year: i32) -> InequalityOptions {
    InequalityOptions {
        by: Some(grouping.to_owned()),
        ..of(year)
    }
}

fn ask(release: &Release, indicator: &str, options: InequalityOptions) -> Inequality {
    release.inequality(indicator, options).expect("inequality")
}

fn group<'a>(result: &'a Inequality, code: &str) -> &'a InequalityGroup {
    let mut groups = result.groups.iter();
    let found = groups.find(|row| row.group.as_ref().is_some_and(|group| group.as_str() == code));
    found.unwrap_or_else(|| panic!("no group {code}"))
}

fn note(notes: &[Note], code: &str) -> Option<String> {
    let found = notes.iter().find(|note| note.code() == code);
    found.map(|note| note.message.render(Language::En))
}

fn close(found: Option<f64>, expected: f64) {
    let found = found.unwrap_or_else(|| panic!("no value, expected {expected}"));
    assert!(
        (found - expected).abs() <= 1e-13 * expected.abs().max(1.0),
        "{found} is not {expected}"
    );
}

/// x ln x.
fn xlnx(x: f64) -> f64 {
    x * x.ln()
}

#[test]
fn a_country_without_groups() {
    // Function a in 2019: 03 20 (d 2,000), 02 20 (500), 01 30 (1,000), 05 40 (3,000), 04 50 (1,000); 06 has not reported.
    // D = 7,500, N = 250,000, μ = 100/3. Gaps of 10 at P = 1/3, 7/15 and 13/15:
    // Σ P(1 − P)·10 = 10·(50 + 56 + 26)/225 = 88/15, over μ: 0.176.
    let result = ask(&northland(), "cost_a.per_inhabitant", of(2019));
    let whole = &result.whole;
    close(whole.gini, 0.176);
    close(whole.mean, 100.0 / 3.0);
    // p·x/μ·ln(x/μ) with x/μ = 0.6, 0.9, 1.2, 1.5.
    let expected = xlnx(0.6) / 3.0 + xlnx(0.9) * 2.0 / 15.0 + xlnx(1.2) * 0.4 + xlnx(1.5) * 2.0 / 15.0;
    close(result.theil.map(|theil| theil.total), expected);
    close(whole.theil, expected);
    assert_eq!(result.theil.and_then(|theil| theil.within), None);
    assert_eq!(
        (whole.n, whole.members, whole.coverage_denominator),
        (5, 6, Some(0.9375))
    );
    assert_eq!((whole.status, whole.missing, result.groups.len()), ('A', None, 0));
    let left_out: Vec<_> = result
        .left_out
        .iter()
        .map(|area| (area.area.code.as_str(), area.missing))
        .collect();
    assert_eq!(left_out, [("06", Some(Missing::NotReported))]);
    assert!(
        note(&result.notes, "inequality-weighted")
            .is_some_and(|text| text.contains("population.year_end en"))
    );
    assert!(note(&result.notes, "without-value").is_some_and(|text| text.contains("Isle")));
    // Lorenz: 02 before 03, for its d is smaller; shares of 250,000: 10, 50, 80, 200, 250 thousand.
    let points: Vec<(f64, f64)> = result
        .lorenz
        .iter()
        .map(|point| (point.denominator, point.numerator))
        .collect();
    let expected = [
        (0.0, 0.0),
        (500.0, 10.0),
        (2_500.0, 50.0),
        (3_500.0, 80.0),
        (6_500.0, 200.0),
        (7_500.0, 250.0),
    ];
    assert_eq!(points, expected.map(|(d, n)| (d / 7_500.0, n / 250.0)));
    // 20 % are 1,500 inhabitants: 10 + 20 thousand; 80 % are 6,000: 80 + 2,500/3,000 of 120 = 180 thousand.
    let fifths: Vec<f64> = result.fifths.iter().map(|point| point.numerator).collect();
    close(Some(fifths[0]), 30.0 / 250.0);
    close(Some(fifths[3]), 180.0 / 250.0);
}

#[test]
fn the_index_splits_exactly_by_groups() {
    // N: 190,000 over 6,000, μ = 95/3, S = 0.76; S: 60,000 over 1,500, μ = 40, share 0.24; μ of all 100/3.
    let result = ask(&northland(), "cost_a.per_inhabitant", by("province", 2019));
    let (north, south) = (group(&result, "N"), group(&result, "S"));
    close(north.share, 0.76);
    close(south.share, 0.24);
    close(north.weight, 0.8);
    close(north.mean, 95.0 / 3.0);
    close(south.mean, 40.0);
    // T_N = Σ s ln(x/μ): 30, 40 and 120 of 190, x 30, 20, 40 against 95/3; T_S: 10 and 50 of 60, x 20 and 50 against 40.
    let inside_north = 3.0 / 19.0 * (90.0_f64 / 95.0).ln()
        + 4.0 / 19.0 * (60.0_f64 / 95.0).ln()
        + 12.0 / 19.0 * (120.0_f64 / 95.0).ln();
    let inside_south = 0.5_f64.ln() / 6.0 + 5.0 / 6.0 * 1.25_f64.ln();
    close(north.theil, inside_north);
    close(south.theil, inside_south);
    // Two areas, p = 1/3 and 2/3, 20 and 50: 2·(2/9)·30/(2·40) = 1/6.
    close(south.gini, 1.0 / 6.0);
    let theil = result.theil.expect("an index");
    close(theil.within, 0.76 * inside_north + 0.24 * inside_south);
    close(theil.between, 0.76 * 0.95_f64.ln() + 0.24 * 1.2_f64.ln());
    close(Some(theil.within.unwrap() + theil.between.unwrap()), theil.total);
    assert_eq!(
        (south.n, south.members, south.coverage_denominator),
        (2, 3, Some(0.75))
    );
    // The split leaves the measures of the country as they are.
    close(result.whole.gini, 0.176);
    assert_eq!(result.grouping.as_deref(), Some("province"));
}

#[test]
fn a_group_with_too_little_coverage_is_part_of_the_split_but_not_shown() {
    // Function b in 2019: N has 3,000 of 6,000 inhabitants; all of S; 5,000 of 8,000 of the country.
    // S_N = 10,000/32,500; a zero of 03 may mean a joint arrangement.
    let result = ask(&northland(), "cost_b.per_inhabitant", by("province", 2019));
    let north = group(&result, "N");
    assert_eq!(
        (north.missing, north.status),
        (Some(Missing::CoverageTooLow), 'O')
    );
    assert_eq!((north.mean, north.theil, north.gini), (None, None, None));
    close(north.share, 100.0 / 325.0);
    assert_eq!(
        (result.whole.missing, result.whole.coverage_denominator),
        (None, Some(0.625))
    );
    let theil = result.theil.expect("an index");
    close(Some(theil.within.unwrap() + theil.between.unwrap()), theil.total);
    assert_eq!((result.whole.zeros, north.zeros), (1, 1));
    assert!(note(&result.notes, "zero-may-mean-joint").is_some());
    // Without 03: 02 10, 01 10, 04 15 and 06 5 over 500, 1,000, 1,000, 500: μ = 32.5/3,
    // Σ P(1 − P)·5 = 5·(5/36 + 2/9) = 65/36, over μ: 1/6.
    close(result.without_zeros.map(|without| without.gini), 1.0 / 6.0);
}

#[test]
fn too_little_coverage_gives_no_inequality() {
    // Without the figure of 04 as well: 4,000 of 8,000 inhabitants.
    let release = Northland::new()
        .with(
            "observations/costs.csv",
            "cost.b,2019,04,2019-01-01,15000,A,,",
            "cost.b,2019,04,2019-01-01,,O,missing,",
        )
        .release();
    let result = ask(&release, "cost_b.per_inhabitant", by("province", 2019));
    assert_eq!(
        (result.whole.missing, result.whole.gini),
        (Some(Missing::CoverageTooLow), None)
    );
    assert_eq!((result.theil, result.without_zeros), (None, None));
    assert!(result.lorenz.is_empty() && result.fifths.is_empty());
    // Nor has a group: N lacks 05, and S half of its inhabitants.
    let reasons: Vec<_> = result.groups.iter().map(|row| row.missing).collect();
    assert_eq!(reasons, [Some(Missing::CoverageTooLow); 2]);
}

#[test]
fn negative_values_are_named() {
    // In 2022 Teeta (04) has −10,000. 04 is the only one of S on the borders of that year with 07.
    let result = ask(&northland(), "cost_a.per_inhabitant", by("province", 2022));
    assert_eq!(
        (result.whole.missing, result.whole.status),
        (Some(Missing::NegativeValue), 'O')
    );
    assert_eq!((result.whole.gini, result.theil), (None, None));
    let named = note(&result.notes, "negative-values").expect("a note");
    assert!(named.contains("Teeta") && !named.contains("Alpha"), "{named}");
    // A group without it has its own figures, and the shares of a sum with negative parts are none.
    let north = group(&result, "N");
    assert!(north.gini.is_some() && north.share.is_none());
    assert_eq!(north.status, 'P');
    assert_eq!(group(&result, "S").missing, Some(Missing::NegativeValue));
}

#[test]
fn zeros_only_have_no_mean_to_share() {
    let mut country = Northland::new();
    for (area, value) in [
        ("01", "36000"),
        ("02", "12000"),
        ("03", "40000"),
        ("04", "50000"),
        ("05", "120000"),
        ("06", "8000"),
    ] {
        let (from, to) = (
            format!("cost.a,2020,{area},2020-01-01,{value},"),
            format!("cost.a,2020,{area},2020-01-01,0,"),
        );
        country = country.with("observations/costs.csv", &from, &to);
    }
    let result = ask(&country.release(), "cost_a.per_inhabitant", of(2020));
    assert_eq!(result.whole.missing, Some(Missing::MeanNotPositive));
    assert!(result.theil.is_none() && result.lorenz.is_empty());
}

#[test]
fn equal_values_are_no_inequality() {
    // 20 crowns for everybody.
    let mut country = Northland::new();
    for (area, value, even) in [
        ("01", "36000", "20000"),
        ("02", "12000", "12000"),
        ("03", "40000", "40000"),
        ("04", "50000", "20000"),
        ("05", "120000", "60000"),
        ("06", "8000", "8000"),
    ] {
        let (from, to) = (
            format!("cost.a,2020,{area},2020-01-01,{value},"),
            format!("cost.a,2020,{area},2020-01-01,{even},"),
        );
        country = country.with("observations/costs.csv", &from, &to);
    }
    let result = ask(&country.release(), "cost_a.per_inhabitant", by("province", 2020));
    assert_eq!((result.whole.gini, result.whole.theil), (Some(0.0), Some(0.0)));
    let theil = result.theil.expect("an index");
    assert_eq!((theil.within, theil.between), (Some(0.0), Some(0.0)));
}

#[test]
fn a_joint_unit_enters_whole() {
    // Sport in 2019: 05 has 80,000 for itself and 01, both of N: 20 over 4,000. 02 10 (500), 03 20 (2,000), 04 30 (1,000),
    // 06 30 (500). N = 170,000, D = 8,000, μ = 21.25.
    // Gaps of 10 at P = 1/16 and 13/16: 10·(15 + 39)/256 over 21.25.
    let result = ask(&northland(), "sport.per_inhabitant", by("province", 2019));
    close(result.whole.gini, 10.0 * 54.0 / 256.0 / 21.25);
    assert_eq!((result.whole.n, result.whole.members), (5, 6));
    assert_eq!(result.whole.coverage_denominator, Some(1.0));
    assert_eq!(result.whole.status, 'W');
    // N: everybody 20.
    close(group(&result, "N").theil, 0.0);
    assert_eq!(result.left_out.len(), 1);
    assert_eq!(result.left_out[0].missing, Some(Missing::Included));
}

#[test]
fn a_joint_unit_across_groups_stands_by_itself() {
    // Music in 2019: 03 of N has 100,000 for itself and 06 of S over 2,500 inhabitants; 01 20, 05 20 of N; 02 20, 04 20 of S.
    let result = ask(&northland(), "music.per_inhabitant", by("province", 2019));
    let last = result.groups.last().expect("a row");
    assert_eq!((last.group.as_ref(), last.n), (None, 1));
    assert_eq!(last.name.get(Language::En), "areas that no group holds whole");
    // 100,000 of 210,000; 2,500 of 8,000.
    close(last.share, 10.0 / 21.0);
    close(last.weight, 2_500.0 / 8_000.0);
    close(last.mean, 40.0);
    let theil = result.theil.expect("an index");
    // Everybody else has 20, so all of it lies between: 10/21·ln(40/26.25) + 11/21·ln(20/26.25).
    close(theil.within, 0.0);
    close(
        theil.between,
        10.0 / 21.0 * (40.0_f64 / 26.25).ln() + 11.0 / 21.0 * (20.0_f64 / 26.25).ln(),
    );
    assert!(note(&result.notes, "joint-left-out").is_some());
    // Of the 6,000 inhabitants of N, 4,000 are in its figures.
    assert_eq!(group(&result, "N").coverage_denominator, Some(4_000.0 / 6_000.0));
}

#[test]
fn areas_without_a_group_stand_by_themselves() {
    let result = ask(&northland(), "cost_a.per_inhabitant", by("zone", 2020));
    let last = result.groups.last().expect("a row");
    assert_eq!((last.group.as_ref(), last.n), (None, 1));
    assert!(note(&result.notes, "unassigned").is_some_and(|text| text.contains("Isle")));
    let theil = result.theil.expect("an index");
    close(Some(theil.within.unwrap() + theil.between.unwrap()), theil.total);
}

#[test]
fn denominators_that_are_not_positive_do_not_enter() {
    // Shares of a budget: 02 has a negative one, 03 none; 06 has not reported. 01 ½, 04 ½, 05 ½.
    let result = ask(&northland(), "cost_a.share_of_budget", of(2019));
    let reasons: Vec<_> = result.left_out.iter().filter_map(|area| area.missing).collect();
    assert_eq!(
        reasons,
        [
            Missing::DenominatorNotPositive,
            Missing::DenominatorZero,
            Missing::NotReported
        ]
    );
    // Three of six areas are too few.
    assert_eq!(result.whole.missing, Some(Missing::CoverageTooLow));
}

#[test]
fn one_area_alone_has_nothing_to_compare() {
    // The areas of the core in a country where only 01 is left inside it: the scope leaves all others out.
    let mut country = Northland::new();
    for area in ["02", "03", "04", "05"] {
        let memberships = country.text("territory/memberships.csv");
        let line = memberships
            .lines()
            .find(|line| line.starts_with(&format!("shore,{area},")))
            .expect("a line");
        let (from, to) = (line.to_owned(), line.replace("core", "isle"));
        country = country.with("territory/memberships.csv", &from, &to);
    }
    let result = ask(&country.release(), "loans.per_inhabitant", of(2019));
    assert_eq!(
        (result.whole.n, result.whole.missing),
        (1, Some(Missing::NothingToCompare))
    );
    assert_eq!((result.whole.gini, result.theil), (None, None));
}

#[test]
fn prices_change_the_mean_and_not_the_inequality() {
    // The index of 2020 is 125, of 2019 100.
    let release = northland();
    let nominal = ask(&release, "cost_a.per_inhabitant", of(2020));
    let options = InequalityOptions {
        real: Some("cpi@2019".parse().expect("prices")),
        ..of(2020)
    };
    let real = ask(&release, "cost_a.per_inhabitant", options);
    close(real.whole.mean, 266_000.0 / 8_000.0 / 1.25);
    assert_eq!(
        (real.whole.gini, real.whole.theil),
        (nominal.whole.gini, nominal.whole.theil)
    );
    assert!(note(&real.notes, "real-prices").is_some());
}

#[test]
fn groups_of_a_year_may_be_frozen() {
    // In 2022 06 belongs to N: 04 alone is left in S, with 02 inside 01.
    let options = InequalityOptions {
        as_of_year: Some(2022),
        ..by("province", 2019)
    };
    let result = ask(&northland(), "cost_a.per_inhabitant", options);
    assert_eq!((group(&result, "S").n, group(&result, "N").members), (1, 5));
    // One area has no inequality inside.
    assert_eq!(
        (group(&result, "S").gini, group(&result, "S").theil),
        (Some(0.0), Some(0.0))
    );
    assert!(note(&result.notes, "frozen-groups").is_some());
}

#[test]
fn what_has_no_parts_is_refused() {
    let release = northland();
    for (indicator, reason) in [
        ("cost_a.total", "no denominator"),
        ("loans.published", "published as a finished ratio"),
        ("wait.mean_days", "published as a finished ratio"),
        ("distance.longest", "published as a finished ratio"),
    ] {
        let error = release.inequality(indicator, of(2019)).expect_err("refused");
        assert_eq!(error.code(), "K0508");
        let text = error.to_string();
        assert!(
            text.contains(indicator) && text.contains("inequality") && text.contains(reason),
            "{text}"
        );
        for language in [Language::Fi, Language::Sv] {
            assert!(error.message().render(language).contains(indicator));
        }
    }
    let code = |result: kultti_core::Result<Inequality>| result.expect_err("an error").code().to_owned();
    assert_eq!(
        code(release.inequality("cost_a.per_inhabitant", by("provinec", 2019))),
        "K0405"
    );
    assert_eq!(
        code(release.inequality("cost_a.per_inhabitant", by("zone", 2022))),
        "K0507"
    );
    assert_eq!(
        code(release.inequality("cost_a.per_inhabitant", of(2030))),
        "K0409"
    );
    assert_eq!(code(release.inequality("cost_c", of(2019))), "K0404");
    let real = InequalityOptions {
        real: Some("cpi@2019".parse().expect("prices")),
        ..of(2019)
    };
    assert_eq!(code(release.inequality("loans.per_inhabitant", real)), "K0504");
}

#[test]
fn the_last_period_with_values_is_the_default() {
    let result = northland()
        .inequality("cost_b.per_inhabitant", InequalityOptions::default())
        .expect("inequality");
    assert_eq!(result.period.to_string(), "2020");
}

#[test]
fn the_parts_of_the_groups_add_up_to_the_index() {
    let release = northland();
    let result = ask(&release, "cost_a.per_inhabitant", by("province", 2019));
    let why = release.explain_result(&result).expect("a derivation");
    // 250,000/7,500; Gini from the double sum 0.176·2·100/3 = 11.733333; one part for each province; the index.
    assert_eq!(why.steps.len(), 5);
    assert_eq!(why.steps[0].numbers, "250000 / 7500");
    assert_eq!(why.steps[1].numbers, "11.733333 / (2 * 33.333333)");
    let parts: f64 = why.steps[2..4].iter().filter_map(|step| step.value).sum();
    close(why.steps[4].value, parts);
    assert!(
        why.steps[3].numbers.starts_with("0.24 * "),
        "{}",
        why.steps[3].numbers
    );
    assert_eq!((why.inputs[0].figures.len(), why.left_out.len()), (5, 1));
    // Without figures the steps say why.
    let negative = ask(&release, "cost_a.per_inhabitant", of(2022));
    let why = release.explain_result(&negative).expect("a derivation");
    assert!(
        why.steps
            .iter()
            .all(|step| step.value.is_none() && step.missing == Some(Missing::NegativeValue))
    );
}
