//! `change`, worked out by hand on Northland, and the stories of the example release. n is a numerator, d a denominator.

use super::data::{Northland, northland};
use kultti_core::compare::{
    AreaChange, Change, ChangeMethod, ChangeOptions, ChangePanel, ChangeRow, ChangeTerms, Derived,
};
use kultti_core::language::Language;
use kultti_core::model::Missing;
use kultti_core::panel::Borders;
use kultti_core::release::Release;

const COST: &str = "cost_a.per_inhabitant";

/// On the borders of 2021, where 02 is part of 01: there is no split between 2019 and 2021.
fn options(by: &str) -> ChangeOptions {
    ChangeOptions {
        borders: Borders::On("2021-01-01".parse().expect("a date")),
        list: true,
        ..ChangeOptions::from(by).between(2019, 2021)
    }
}

fn change(release: &Release, indicator: &str, options: ChangeOptions) -> Change {
    release.change(indicator, options).expect("a change")
}

fn row<'a>(change: &'a Change, group: &str) -> &'a ChangeRow {
    let found = change.rows.iter().find(|row| row.group.as_str() == group);
    found.unwrap_or_else(|| panic!("no group {group}"))
}

fn close(found: Option<f64>, expected: f64) {
    let found = found.unwrap_or_else(|| panic!("no value, expected {expected}"));
    let size = expected.abs().max(1.0);
    assert!(
        (found - expected).abs() <= 1e-12 * size,
        "{found} is not {expected}"
    );
}

fn sum(terms: ChangeTerms) -> f64 {
    terms.price.unwrap_or(0.0) + terms.volume + terms.population.unwrap_or(0.0)
}

fn left_out(row: &ChangeRow) -> Vec<(&str, String, Missing)> {
    let left_out = row.left_out.iter();
    left_out
        .map(|left| (left.area.code.as_str(), left.period.to_string(), left.missing))
        .collect()
}

fn texts(change: &Change, code: &str) -> Vec<String> {
    let notes = change.notes.iter().filter(|note| note.code() == code);
    notes.map(|note| note.message.render(Language::En)).collect()
}

#[test]
fn a_change_is_prices_volume_and_population() {
    // 01 (with 02), 03, 04 and 05: n 250,000 → 245,000, d 7,500 → 7,700; 06 has no figure in 2019. Prices 100 → 160, so
    // that the volume goes from 250,000 to 245,000/1.6 = 153,125. Each term is the mean over the six orders.
    let found = change(&northland(), COST, options("country"));
    let country = &found.rows[0];
    close(country.from.value, 250_000.0 / 7_500.0);
    close(country.to.value, 245_000.0 / 7_700.0);
    close(country.absolute, 245_000.0 / 7_700.0 - 250_000.0 / 7_500.0);
    close(
        country.relative,
        (245_000.0 * 7_500.0) / (7_700.0 * 250_000.0) - 1.0,
    );
    let growth = (245_000.0_f64 * 7_500.0) / (7_700.0 * 250_000.0);
    close(country.cagr, growth.sqrt() - 1.0);
    let (a, b, c) = ([1.0, 1.6], [250_000.0, 153_125.0], [1.0 / 7_500.0, 1.0 / 7_700.0]);
    let term = |x: [f64; 2], y: [f64; 2], z: [f64; 2]| {
        (x[1] - x[0]) * (2.0 * y[0] * z[0] + y[0] * z[1] + y[1] * z[0] + 2.0 * y[1] * z[1]) / 6.0
    };
    let terms = country.terms.expect("terms");
    close(terms.price, term(a, b, c));
    close(Some(terms.volume), term(b, a, c));
    close(terms.population, term(c, a, b));
    // 15.93 − 16.56 − 0.89
    close(terms.price.map(f64::round), 16.0);
    close(Some(sum(terms)), country.absolute.expect("a change"));
    assert_eq!(
        left_out(country),
        [("06", "2019".to_owned(), Missing::NotReported)]
    );
    assert_eq!((country.to.n, country.members), (4, 5));
    assert_eq!(
        texts(&found, "left-out-of-change"),
        ["Areas left out (2019, missing): Isle."]
    );
    // Of Σn: 250,000 → 245,000, with the volume per inhabitant.
    let numerator = country.numerator_terms.expect("terms");
    close(Some(sum(numerator)), -5_000.0);
    let v = [250_000.0 / 7_500.0, 153_125.0 / 7_700.0];
    close(numerator.population, term([7_500.0, 7_700.0], a, v));
}

#[test]
fn within_and_between_areas_are_the_change() {
    // x: 80/3 → 30, 20 → 22, 50 → 0, 40 → 50; s: 15, 20, 10, 30 of 75 → 17, 20, 10, 30 of 77.
    let found = change(&northland(), COST, options("country"));
    let country = &found.rows[0];
    let x = [[80.0 / 3.0, 30.0], [20.0, 22.0], [50.0, 0.0], [40.0, 50.0]];
    let s = [[15.0, 17.0], [20.0, 20.0], [10.0, 10.0], [30.0, 30.0]].map(|s| [s[0] / 75.0, s[1] / 77.0]);
    let group = (100.0 / 3.0 + 350.0 / 11.0) / 2.0;
    let mut all = 0.0;
    for (area, (x, s)) in country.areas.iter().zip(x.into_iter().zip(s)) {
        close(area.within, (s[0] + s[1]) / 2.0 * (x[1] - x[0]));
        close(area.between, (s[1] - s[0]) * ((x[0] + x[1]) / 2.0 - group));
        close(Some(area.absolute), x[1] - x[0]);
        all += area.within.unwrap_or(0.0) + area.between.unwrap_or(0.0);
    }
    let codes: Vec<&str> = country.areas.iter().map(|area| area.area.code.as_str()).collect();
    assert_eq!(codes, ["01", "03", "04", "05"]);
    close(Some(all), country.absolute.expect("a change"));
    close(country.within.zip(country.between).map(|(w, b)| w + b), all);
    // A cost that became zero fell by all of it.
    assert_eq!(country.areas[2].relative, Some(-1.0));
}

#[test]
fn a_total_is_prices_and_volume_and_needs_everybody() {
    // North: 40,000 + 40,000 + 120,000 → 245,000. Prices 0.6 · (200,000 + 153,125)/2, volume −46,875 · 2.6/2.
    let found = change(&northland(), "cost_a.total", options("province"));
    let north = row(&found, "N");
    assert_eq!(north.absolute, Some(45_000.0));
    let terms = north.terms.expect("terms");
    close(terms.price, 105_937.5);
    close(Some(terms.volume), -60_937.5);
    assert_eq!(terms.population, None);
    assert_eq!((north.numerator_terms, north.within), (None, None));
    // 06 has no figure in 2019, and the total of the others is not that of the South.
    let south = row(&found, "S");
    assert_eq!(
        (south.absolute, south.missing),
        (None, Some(Missing::TotalIncomplete))
    );
    assert_eq!(
        (south.relative_missing, south.cagr_missing),
        (south.missing, south.missing)
    );
}

#[test]
fn in_real_prices_there_is_no_price_term() {
    // In the money of 2019: 245,000/1.6 over 7,700.
    let real = ChangeOptions {
        real: "cpi@2019".parse().ok(),
        ..options("country")
    };
    let found = change(&northland(), COST, real);
    let country = &found.rows[0];
    close(country.to.value, 153_125.0 / 7_700.0);
    let terms = country.terms.expect("terms");
    assert_eq!(terms.price, None);
    close(Some(sum(terms)), 153_125.0 / 7_700.0 - 250_000.0 / 7_500.0);
    close(
        country.within.zip(country.between).map(|(w, b)| w + b),
        sum(terms),
    );
    assert_eq!(texts(&found, "no-price-term-real").len(), 1);
    // The index of buildings is another one, with other years: 120 in 2021.
    let real = ChangeOptions {
        real: "building@2021".parse().ok(),
        ..options("country")
    };
    let found = change(&northland(), COST, real);
    close(found.rows[0].from.value, 250_000.0 * 1.2 / 7_500.0);
}

#[test]
fn what_is_not_money_has_no_price_term() {
    let found = change(&northland(), "population.total", options("country"));
    let terms = found.rows[0].terms.expect("terms");
    assert_eq!((terms.price, found.prices), (None, None));
    // 1,500 + 2,000 + 1,000 + 3,000 + 500 → 1,700 + 2,000 + 1,000 + 3,000 + 300
    assert_eq!((terms.volume, found.rows[0].absolute), (0.0, Some(0.0)));
    assert_eq!(found.rows[0].relative, Some(0.0));
}

#[test]
fn membership_is_frozen_at_the_last_year_or_another() {
    // 06 is in the South until 2021, in the North from 2022. 2020 → 2022 on the borders of 2022.
    let asked = |year| ChangeOptions {
        borders: Borders::On("2021-06-01".parse().expect("a date")),
        as_of_year: year,
        ..options("province").between(2020, 2021)
    };
    let members = |found: &Change, group: &str| -> Vec<String> {
        let areas = &row(found, group).to.areas;
        areas.iter().map(ToString::to_string).collect()
    };
    let found = change(&northland(), COST, asked(None));
    assert_eq!(
        (members(&found, "S"), found.groups_of_year),
        (vec!["04".into(), "06".into()], 2021)
    );
    let found = change(&northland(), COST, asked(Some(2022)));
    assert_eq!(members(&found, "N"), ["01", "03", "05", "06"]);
    assert_eq!(members(&found, "S"), ["04"]);
    assert!(texts(&found, "constant-panel")[0].contains("2022"));
}

#[test]
fn an_area_across_whose_series_a_break_lies_is_left_out() {
    let release = Northland::new()
        .with(
            "observations/costs.csv",
            "cost.a,2021,03,2021-01-01,44000,A",
            "cost.a,2021,03,2021-01-01,44000,B",
        )
        .release();
    let found = change(&release, COST, options("province"));
    let north = row(&found, "N");
    assert_eq!(
        left_out(north),
        [("03", "2021".to_owned(), Missing::BreakInSeries)]
    );
    // (40,000 + 120,000)/4,500 → (51,000 + 150,000)/4,700
    close(north.from.value, 160_000.0 / 4_500.0);
    close(north.to.value, 201_000.0 / 4_700.0);
    // A group of one, and its series breaks: both values, and no change between them.
    let release = Northland::new()
        .with(
            "observations/costs.csv",
            "cost.a,2021,06,2021-01-01,9000,A",
            "cost.a,2021,06,2021-01-01,9000,B",
        )
        .release();
    let found = change(&release, COST, options("shore").between(2020, 2021));
    let isle = row(&found, "isle");
    assert_eq!((isle.from.value, isle.to.value), (Some(20.0), Some(30.0)));
    assert_eq!(
        (isle.absolute, isle.missing),
        (None, Some(Missing::BreakInSeries))
    );
    assert_eq!(
        (isle.relative_missing, isle.terms),
        (Some(Missing::BreakInSeries), None)
    );
}

#[test]
fn a_group_of_one_has_nothing_between() {
    // 8,000/400 → 9,000/300
    let found = change(&northland(), COST, options("shore:isle").between(2020, 2021));
    assert_eq!(found.rows.len(), 1);
    let isle = &found.rows[0];
    close(isle.within, 10.0);
    close(isle.between, 0.0);
    assert_eq!((isle.absolute, isle.relative), (Some(10.0), Some(0.5)));
}

#[test]
fn joint_figures_are_compared_where_they_are_joint_with_the_same() {
    // In 2019 the 100,000 of 03 are also those of 06; in 2020 each has its own.
    let rows = ["01", "02", "03", "04", "05", "06"]
        .map(|area| format!("music.cost,2020,{area},2020-01-01,20000,A,,\n"));
    let release = Northland::new()
        .and("observations/costs.csv", &rows.concat())
        .release();
    let asked = ChangeOptions {
        borders: Borders::On("2020-01-01".parse().expect("a date")),
        ..options("country").between(2019, 2020)
    };
    let found = change(&release, "music.per_inhabitant", asked);
    let expected = [
        ("03", "2020".to_owned(), Missing::JointWithOthers),
        ("06", "2019".to_owned(), Missing::Included),
    ];
    assert_eq!(left_out(&found.rows[0]), expected);
    assert_eq!(found.rows[0].to.n, 4);
}

#[test]
fn a_small_base_is_flagged() {
    // d is the population of the year before: 900 in 01 and 500 in 02 are below the minimum of 1,000.
    let rows = ["01", "02", "03", "05"].map(|area| format!("loans.count,2020,{area},2020-01-01,12000,A,,\n"));
    let release = Northland::new()
        .and("observations/others.csv", &rows.concat())
        .release();
    let asked = ChangeOptions {
        borders: Borders::On("2020-01-01".parse().expect("a date")),
        ..options("country").between(2019, 2020)
    };
    let found = change(&release, "loans.per_inhabitant", asked);
    let small: Vec<(&str, bool)> = found.rows[0]
        .areas
        .iter()
        .map(|area: &AreaChange| (area.area.code.as_str(), area.small_base))
        .collect();
    assert_eq!(small, [("01", true), ("02", true), ("03", false), ("05", false)]);
    assert!(!found.rows[0].small_base);
}

#[test]
fn a_published_ratio_is_not_taken_apart() {
    // The median of 10, 2, 10, 4, 5 and 3 in both years.
    let asked = ChangeOptions {
        borders: Borders::On("2020-01-01".parse().expect("a date")),
        ..options("country").between(2019, 2020)
    };
    let found = change(&northland(), "loans.published", asked);
    let country = &found.rows[0];
    assert_eq!(
        (country.from.value, country.absolute, country.relative),
        (Some(4.5), Some(0.0), Some(0.0))
    );
    assert_eq!((country.terms, country.within), (None, None));
    assert_eq!(texts(&found, "published-ratio").len(), 1);
}

#[test]
fn all_areas_of_each_end_are_another_question() {
    // In 2021 the 9,000 of 06 and its 300 inhabitants are in the value too.
    let asked = ChangeOptions {
        panel: ChangePanel::All,
        ..options("country")
    };
    let found = change(&northland(), COST, asked);
    let country = &found.rows[0];
    close(country.from.value, 250_000.0 / 7_500.0);
    close(country.to.value, 254_000.0 / 8_000.0);
    assert_eq!((country.from.n, country.to.n), (4, 5));
    assert_eq!((country.terms, country.within), (None, None));
    assert_eq!(texts(&found, "changing-panel").len(), 1);
}

#[test]
fn what_cannot_be_asked_is_refused() {
    let release = northland();
    let refused =
        |indicator: &str, options: ChangeOptions| release.change(indicator, options).expect_err("refused");
    let code = |options: ChangeOptions| refused(COST, options).code();
    assert_eq!(code(options("country").between(2021, 2019)), "K0501");
    assert_eq!(code(options("country").between(2021, 2021)), "K0501");
    assert_eq!(code(options("country").between(2011, 2021)), "K0409");
    assert_eq!(code(options("provinse")), "K0405");
    assert_eq!(code(options("province:X")), "K0406");
    let then = ChangeOptions {
        borders: Borders::Then,
        ..options("country")
    };
    assert_eq!(code(then), "K0508");
    let real = ChangeOptions {
        real: "building@2019".parse().ok(),
        borders: Borders::Now,
        ..options("country").between(2019, 2022)
    };
    assert_eq!(code(real), "K0505");
    // The 0 of 04 and the −9,000 of 06 are the South's in 2021; the country's sum is positive.
    let release = Northland::new()
        .with(
            "observations/costs.csv",
            "cost.a,2021,06,2021-01-01,9000",
            "cost.a,2021,06,2021-01-01,-9000",
        )
        .release();
    let lmdi = |by: &str| ChangeOptions {
        method: ChangeMethod::Lmdi,
        ..options(by).between(2020, 2021)
    };
    let error = release.change(COST, lmdi("province")).expect_err("refused");
    assert_eq!(error.code(), "K0731");
    for part in ["South", "2021", "-9000", "shapley"] {
        assert!(error.to_string().contains(part), "{error}");
    }
    let country = &change(&release, COST, lmdi("country")).rows[0];
    close(country.terms.map(sum), country.absolute.expect("a change"));
    // Shapley takes it as it is.
    let south = change(&release, COST, options("province").between(2020, 2021));
    close(
        row(&south, "S").terms.map(sum),
        -9_000.0 / 1_300.0 - 58_000.0 / 1_400.0,
    );
    assert!("shapely".parse::<ChangeMethod>().is_err() && "some".parse::<ChangePanel>().is_err());
}

#[test]
fn a_change_is_walked_back_to_its_observations() {
    let release = northland();
    let found = change(&release, COST, options("province"));
    let why = found.derivation(&release).expect("a derivation");
    let inputs: Vec<(String, usize)> = why
        .inputs
        .iter()
        .map(|input| (input.period.to_string(), input.areas.len()))
        .collect();
    assert_eq!(inputs, [("2019".to_owned(), 4), ("2021".to_owned(), 4)]);
    assert_eq!(why.left_out.len(), 1);
    let change = why
        .steps
        .iter()
        .find(|step| step.what.code() == "step.group-change");
    // North: 200,000/6,500 → 245,000/6,700
    let numbers = change.map(|step| step.numbers.as_str());
    assert_eq!(numbers, Some("36.567164 - 30.769231"));
    let explained = release.explain_result(&found).expect("an explanation");
    let areas = explained.inputs[0]
        .figures
        .iter()
        .map(|figure| figure.area.code.as_str());
    assert_eq!(areas.collect::<Vec<_>>(), ["01", "03", "04", "05"]);
}

fn finland() -> Release {
    Release::from_static(kultti_datasets::EXAMPLE_RELEASE).expect("the example release")
}

#[test]
fn a_cost_that_vanishes_is_named_and_not_guessed_at() {
    // Helsinki reports 7,909,000 in 2016, 45,000 in 2017, and zeros in 2018 and 2019.
    let options = ChangeOptions {
        list: true,
        ..ChangeOptions::from("region:01").between(2016, 2019)
    };
    let found = change(
        &finland(),
        "theatre_dance_circus.net_operating_cost_per_inhabitant",
        options,
    );
    let areas = &found.rows[0].areas;
    let helsinki = areas.iter().find(|area| area.area.code.as_str() == "091");
    assert_eq!(helsinki.and_then(|area| area.relative), Some(-1.0));
    assert!(texts(&found, "vanished")[0].contains("Helsinki"));
}

#[test]
fn frozen_groups_keep_an_area_that_moves_every_year_in_one_place() {
    // memberships.csv: Hollola is urban up to 2021 and semi-urban in 2022; then it changes every year.
    let release = finland();
    let group_of = |year: i32| {
        let options = ChangeOptions {
            as_of_year: Some(year),
            ..ChangeOptions::from("urban_rural").between(2015, 2019)
        };
        let found = change(&release, "library.net_operating_cost_per_inhabitant", options);
        let holds = |row: &&ChangeRow| row.to.areas.iter().any(|area| area.as_str() == "098");
        let row = found.rows.iter().find(holds).expect("Hollola is in a group");
        assert_eq!(row.from.areas, row.to.areas);
        row.group.to_string()
    };
    let groups: Vec<String> = (2021..=2026).map(group_of).collect();
    assert_eq!(groups, ["1", "2", "1", "2", "1", "2"]);
}

#[test]
fn merged_areas_are_one_at_both_ends() {
    // Honkajoki (099) has been part of Kankaanpää (214) since 2021, Valtimo (911) of Nurmes (541) since 2020.
    let options = ChangeOptions {
        list: true,
        ..ChangeOptions::from("country").between(2015, 2019)
    };
    let found = change(&finland(), "library.net_operating_cost_per_inhabitant", options);
    let codes: Vec<&str> = found.rows[0]
        .areas
        .iter()
        .map(|area| area.area.code.as_str())
        .collect();
    assert!(codes.contains(&"214") && codes.contains(&"541"));
    assert!(!codes.contains(&"099") && !codes.contains(&"911"));
    assert_eq!((found.rows[0].to.n, found.rows[0].members), (308, 308));
}
