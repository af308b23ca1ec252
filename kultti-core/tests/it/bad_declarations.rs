//! Declarations that contradict themselves or one another: numbers, derived measures, the territory, the register of joint
//! arrangements.

use crate::bad_input::{refused, refused_at};
use crate::data::{Northland, line_of};
use kultti_core::language::Language;
use kultti_core::model::Date;

const COSTS: &str = "observations/costs.csv";
const OTHERS: &str = "observations/others.csv";
const CATALOGUE: &str = "catalogue.toml";
const CHANGES: &str = "territory/changes.csv";
const AREAS: &str = "territory/areas.csv";
const JOINT: &str = "joint_units.csv";
const MEMBERSHIPS: &str = "territory/memberships.csv";
const TERRITORY: &str = "territory/territory.toml";

/// A row is added to a table; the message is about it.
fn bad_row(file: &str, row: &str, code: &str, parts: &[&str]) {
    let northland = Northland::new().and(file, &format!("{row}\n"));
    refused_at(&northland, (file, row), code, parts);
}

// Numbers and derived measures of the catalogue.

#[test]
fn a_multiplier_is_a_finite_number_other_than_zero() {
    for (multiplier, found) in [
        ("inf", "\"inf\""),
        ("-inf", "\"-inf\""),
        ("nan", "\"NaN\""),
        ("0", "\"0\""),
        ("0.0", "\"0\""),
    ] {
        let northland = Northland::new().with(
            CATALOGUE,
            "multiplier = 100",
            &format!("multiplier = {multiplier}"),
        );
        refused_at(
            &northland,
            (CATALOGUE, "[[indicator]]\nid = \"cost_a.share_of_budget\""),
            "K0309",
            &[
                "cost_a.share_of_budget",
                "multiplier",
                "a finite number other than 0",
                found,
            ],
        );
    }
}

const LAGGED: &str = "[[measure]]\nid = \"population.year_end_previous\"";
const DERIVED: &str = "derived = { measure = \"population.year_end\", lags = [1] }";

fn bad_derived(to: &str, parts: &[&str]) {
    let northland = Northland::new().with(CATALOGUE, DERIVED, &format!("derived = {to}"));
    refused_at(&northland, (CATALOGUE, LAGGED), "K0309", parts);
}

#[test]
fn a_measure_is_not_derived_from_itself() {
    bad_derived(
        "{ measure = \"population.year_end_previous\", lags = [1] }",
        &["derived", "observed", "found \"population.year_end_previous\""],
    );
}

#[test]
fn a_measure_is_not_derived_from_a_derived_one() {
    let text = Northland::new().text(CATALOGUE);
    let start = text.find(LAGGED).expect("the derived measure");
    let end = start + text[start..].find("\n\n").expect("its end");
    let again = text[start..end]
        .replace(
            "id = \"population.year_end_previous\"",
            "id = \"population.twice\"",
        )
        .replace(
            "measure = \"population.year_end\"",
            "measure = \"population.year_end_previous\"",
        );
    let northland = Northland::new().and(CATALOGUE, &format!("\n{again}\n"));
    refused_at(
        &northland,
        (CATALOGUE, "[[measure]]\nid = \"population.twice\""),
        "K0309",
        &[
            "population.twice",
            "derived",
            "observed",
            "\"population.year_end_previous\"",
        ],
    );
}

#[test]
fn lags_are_some_years_back() {
    for lags in ["[]", "[2147483647]", "[-2147483648]", "[-1]", "[1, 101]"] {
        bad_derived(
            &format!("{{ measure = \"population.year_end\", lags = {lags} }}"),
            &[
                "population.year_end_previous",
                "derived",
                "lags of 0 to 100",
                lags,
            ],
        );
    }
}

#[test]
fn a_weight_adds_up_over_areas() {
    for weight in ["distance.longest", "survey.grade", "population.year_end_previous"] {
        let northland = Northland::new().with(
            CATALOGUE,
            "weight = \"population.year_end\"",
            &format!("weight = \"{weight}\""),
        );
        refused_at(
            &northland,
            (CATALOGUE, "[[measure]]\nid = \"wait.mean_days\""),
            "K0309",
            &["wait.mean_days", "weight", "adds up", &format!("\"{weight}\"")],
        );
    }
}

// Dates, periods and numbers of persons.

#[test]
fn a_date_has_ten_characters_of_digits_and_hyphens() {
    for text in [
        "+2021-01-1",
        "2021-+1-01",
        "2021-1-001",
        " 2021-1-01",
        "2021-01-1 ",
        "2021/01/01",
    ] {
        assert!(text.parse::<Date>().is_err(), "{text:?}");
    }
    assert!("2021-01-01".parse::<Date>().is_ok());
    let row = "cost.b,2019,03,+2021-01-1,1,A,,";
    bad_row(
        COSTS,
        row,
        "K0201",
        &["column territory", "YYYY-MM-DD", "found \"+2021-01-1\""],
    );
    let row = "08,Kasi,,,+2021-01-1,";
    bad_row(
        AREAS,
        row,
        "K0201",
        &["column valid_from", "found \"+2021-01-1\""],
    );
}

#[test]
fn a_quarter_outside_the_definition() {
    let valid = Northland::new().with(
        CATALOGUE,
        "id = \"visits.count\"\n",
        "id = \"visits.count\"\nvalid = { from = \"2020-Q2\", to = \"2021-Q3\" }\n",
    );
    let text = valid.text(CATALOGUE);
    // A year that begins before the second quarter is outside too.
    for period in ["2020-Q1", "2021-Q4", "2020", "2020-03", "2021-10"] {
        let row = format!("visits.count,{period},03,2021-01-01,1,A,,");
        let northland = Northland::new()
            .written(CATALOGUE, &text)
            .and(OTHERS, &format!("{row}\n"));
        refused_at(
            &northland,
            (OTHERS, &row),
            "K0207",
            &["visits.count", period, "2020-Q2–2021-Q3"],
        );
    }
    for period in ["2020-Q2", "2021-Q3", "2020-04", "2021-09"] {
        let row = format!("visits.count,{period},03,2021-01-01,1,A,,\n");
        let northland = Northland::new().written(CATALOGUE, &text).and(OTHERS, &row);
        assert!(northland.build().is_ok(), "{period}");
    }
    // A definition of whole years has the quarters inside them.
    bad_row(
        COSTS,
        "cost.a,2023-Q1,03,2022-01-01,1,A,,",
        "K0207",
        &["cost.a", "2023-Q1", "2018–2022"],
    );
}

#[test]
fn persons_are_not_negative() {
    let row = "population.year_end,2019,03,2021-01-01,-2000,A,,";
    bad_row(
        OTHERS,
        row,
        "K0201",
        &["column value", "persons", "not negative", "found \"-2000\""],
    );
    // Money may be.
    assert!(
        Northland::new()
            .and(COSTS, "cost.b,2021,03,2021-01-01,-2000,A,,\n")
            .build()
            .is_ok()
    );
}

#[test]
fn a_line_number_is_never_grouped() {
    let mut text = String::new();
    for year in 1000..2300 {
        text += &format!("visits.count,{year},03,2019-01-01,1,A,,\n");
    }
    let northland = Northland::new()
        .and(OTHERS, &text)
        .and(OTHERS, "visits.count,1200,03,2019-01-01,2,A,,\n");
    let last = northland.text(OTHERS).lines().count();
    let first = line_of(&northland.text(OTHERS), "visits.count,1200,");
    assert!(last > 1000);
    let error = northland.refusal();
    assert_eq!(error.code(), "K0204", "{error}");
    for language in Language::ALL {
        let text = error.message().render(language);
        for line in [first, last] {
            let place = format!("{}:{line}", northland.path(OTHERS));
            assert!(text.contains(&place), "{place}: {text}");
        }
    }
    // So is one of the catalogue, with its column.
    let northland = Northland::new()
        .and(CATALOGUE, &"\n".repeat(1000))
        .and(CATALOGUE, "x = y\n");
    let line = line_of(&northland.text(CATALOGUE), "x = y");
    assert!(line > 1000);
    for language in Language::ALL {
        let text = northland.refusal().message().render(language);
        assert!(text.contains(&format!("catalogue.toml:{line}:5:")), "{text}");
    }
}

// The territory.

#[test]
fn an_area_that_ends_or_begins_is_explained() {
    // A day after its last one, or on its first one, changes.csv must say what became of it.
    for (row, day) in [
        ("08,Kasi,,,,2020-12-31", "2021-01-01"),
        ("08,Kasi,,,2020-07-01,", "2020-07-01"),
    ] {
        let northland = Northland::new().and(AREAS, &format!("{row}\n"));
        refused(&northland, CHANGES, "K0201", &["column date", day, "08"]);
    }
    // Before the first borders and after the last ones nothing is known.
    for row in [
        "08,Kasi,,,2019-01-01,",
        "08,Kasi,,,2022-06-02,",
        "08,Kasi,,,,2022-06-01",
    ] {
        let northland = Northland::new().and(AREAS, &format!("{row}\n"));
        assert!(northland.build().is_ok(), "{row}");
    }
    // The change of Beeta is lost.
    let northland = Northland::new().with(CHANGES, "2021-01-01,02,01,1,1,1\n", "");
    refused(&northland, CHANGES, "K0201", &["column date", "2021-01-01", "02"]);
}

#[test]
fn a_grouping_has_a_name_of_its_own() {
    for name in ["country", "size"] {
        let northland = Northland::new().and("territory/groupings.csv", &format!("{name},Nimi,,,2019,\n"));
        refused(
            &northland,
            TERRITORY,
            "K0309",
            &[
                "grouping",
                "a name other than country",
                &format!("found \"{name}\""),
            ],
        );
    }
}

#[test]
fn bounds_of_size_classes_ascend() {
    for bounds in ["[2000, 1000]", "[1000, 1000]"] {
        let northland =
            Northland::new().with(TERRITORY, "bounds = [1000, 2000]", &format!("bounds = {bounds}"));
        refused(
            &northland,
            TERRITORY,
            "K0309",
            &["size", "bounds", "ascending", bounds],
        );
    }
}

#[test]
fn a_membership_lies_inside_the_years_of_its_grouping() {
    // The zones are those of 2019 and 2020; 06 has none.
    for row in ["zone,06,1,2019,2021", "zone,06,1,2018,2020", "zone,06,1,,2020"] {
        bad_row(MEMBERSHIPS, row, "K0201", &["zone is in force"]);
    }
    let northland = Northland::new().and(MEMBERSHIPS, "zone,06,1,2019,2020\n");
    assert!(northland.build().is_ok());
}

// The register of joint arrangements.

#[test]
fn a_joint_unit_has_one_host_that_is_no_member() {
    // The register has 01 host of 02 for swimming in 2019 and 2020.
    let expected = "inside one host";
    for (row, part) in [
        ("swim.cost,03,03,2019,2019,swim,,made up", "other than the host"),
        ("swim.cost,03,02,2020,2021,swim,,made up", expected),
        ("swim.cost,01,02,2019,2020,swim,,made up twice", expected),
        ("swim.cost,02,01,2019,2020,swim,,made up", expected),
        ("swim.cost,02,03,2020,,swim,,made up", expected),
        ("swim.cost,03,01,,2019,swim,,made up", expected),
    ] {
        bad_row(JOINT, row, "K0201", &["column member", part]);
    }
    bad_row(
        JOINT,
        "swim.cost,03,04,2020,2019,swim,,made up",
        "K0201",
        &["column last_period", "not before the first", "found \"2019\""],
    );
    // At another time the member may be inside another host.
    let northland = Northland::new().and(JOINT, "swim.cost,03,02,2021,,swim,,made up\n");
    assert!(northland.build().is_ok());
}

#[test]
fn observations_say_what_the_register_says() {
    for (from, to, expected) in [
        (
            "sport.cost,2019,01,2019-01-01,,K,included,",
            "sport.cost,2019,01,2019-01-01,15000,A,,",
            "expected K, ",
        ),
        (
            "sport.cost,2019,05,2019-01-01,80000,W,,",
            "sport.cost,2019,05,2019-01-01,80000,A,,",
            "expected W, ",
        ),
    ] {
        let northland = Northland::new().with(COSTS, from, to);
        refused_at(
            &northland,
            (COSTS, to),
            "K0201",
            &[
                "column status",
                expected,
                "joint arrangements",
                "2019",
                "found \"A\"",
            ],
        );
    }
}
