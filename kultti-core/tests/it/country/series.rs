//! Series: change, index, real prices; and figures walked back to their observations.
//!
//! Function a per inhabitant. 03: 20, 20, 22, 30 in 2019–2022. 04: 50, 50, 0, −10. Prices: 100, 125, 160 (provisional),
//! 200.

use super::{close, code, compare, note};
use crate::data::{Northland, northland};
use kultti_core::compare::{CompareOptions, ExplainOptions, Trend, TrendOptions, TrendPoint};
use kultti_core::model::Missing;
use kultti_core::panel::{Borders, PriceBasis};

fn real(basis: &str) -> Option<PriceBasis> {
    Some(basis.parse().expect("a price basis"))
}

fn trend(indicator: &str, options: impl Into<TrendOptions>) -> Trend {
    northland().trend(indicator, options).expect("a trend")
}

fn each<T>(trend: &Trend, of: impl Fn(&TrendPoint) -> T) -> Vec<T> {
    trend.points.iter().map(of).collect()
}

#[test]
fn change_is_absolute_relative_and_an_index() {
    let found = trend("cost_a.per_inhabitant", "03");
    assert_eq!(
        each(&found, |point| point.period.to_string()),
        ["2019", "2020", "2021", "2022"]
    );
    assert_eq!(
        each(&found, |point| point.cell.value),
        [Some(20.0), Some(20.0), Some(22.0), Some(30.0)]
    );
    assert_eq!(
        each(&found, |point| point.change),
        [None, Some(0.0), Some(2.0), Some(8.0)]
    );
    assert_eq!(
        each(&found, |point| point.change_relative),
        [None, Some(0.0), Some(0.1), Some(8.0 / 22.0)]
    );
    for (point, expected) in found.points.iter().zip([100.0, 100.0, 110.0, 150.0]) {
        close(point.index, expected);
    }
}

#[test]
fn a_base_that_is_not_positive_has_no_relative_change() {
    let found = trend("cost_a.per_inhabitant", "04");
    assert_eq!(
        each(&found, |point| point.change),
        [None, Some(0.0), Some(-50.0), Some(-10.0)]
    );
    assert_eq!(
        each(&found, |point| point.change_relative),
        [None, Some(0.0), Some(-1.0), None]
    );
    assert_eq!(
        each(&found, |point| point.index),
        [Some(100.0), Some(100.0), Some(0.0), Some(-20.0)]
    );
    let options = TrendOptions {
        from: Some(2021.into()),
        ..TrendOptions::from("04")
    };
    let found = trend("cost_a.per_inhabitant", options);
    assert_eq!(each(&found, |point| point.cell.value), [Some(0.0), Some(-10.0)]);
    assert_eq!(each(&found, |point| point.index), [None, None]);
}

#[test]
fn a_gap_breaks_the_change() {
    // Function b of 05: not reported in 2019, 30,000/3,000 in 2020.
    let options = TrendOptions {
        borders: Borders::Then,
        ..TrendOptions::from("05")
    };
    let found = trend("cost_b.per_inhabitant", options);
    assert_eq!(
        each(&found, |point| point.cell.missing),
        [Some(Missing::NotReported), None]
    );
    assert_eq!(each(&found, |point| point.change), [None, None]);
    assert_eq!(each(&found, |point| point.index), [None, Some(100.0)]);
}

#[test]
fn real_prices_take_the_longest_series_of_the_name() {
    // In the money of 2019: 20, 20 · 100/125 = 16, 22 · 100/160 = 13.75, 30 · 100/200 = 15. The short series would give
    // another price level for 2022.
    let options = TrendOptions {
        real: real("cpi@2019"),
        ..TrendOptions::from("03")
    };
    let found = trend("cost_a.per_inhabitant", options);
    assert_eq!(
        each(&found, |point| point.cell.value),
        [Some(20.0), Some(16.0), Some(13.75), Some(15.0)]
    );
    for (point, nominal) in found.points.iter().zip([20.0, 20.0, 22.0, 30.0]) {
        close(point.nominal, nominal);
    }
    assert_eq!(each(&found, |point| point.cell.letter()), ['A', 'A', 'P', 'A']);
    assert_eq!(
        each(&found, |point| point.change),
        [None, Some(-4.0), Some(-2.25), Some(1.25)]
    );
    assert_eq!(
        each(&found, |point| point.index),
        [Some(100.0), Some(80.0), Some(68.75), Some(75.0)]
    );
    assert_eq!(found.context.price_basis, real("cpi@2019"));
    // In the money of 2021: 30 · 160/200.
    let options = TrendOptions {
        real: real("cpi@2021"),
        from: Some(2022.into()),
        ..TrendOptions::from("03")
    };
    assert_eq!(
        each(&trend("cost_a.per_inhabitant", options), |point| point.cell.value),
        [Some(24.0)]
    );
}

#[test]
fn groups_are_in_the_same_money() {
    // 2020: 266,000/8,000 = 33.25 is 26.6 in the money of 2019; 03 has 16.
    let options = CompareOptions::from("03")
        .with_period(2020)
        .with_borders(Borders::Then)
        .with_peers(["country"]);
    let options = CompareOptions {
        real: real("cpi@2019"),
        ..options
    };
    let comparison = compare(&northland(), "cost_a.per_inhabitant", options);
    assert_eq!(comparison.cell.value, Some(16.0));
    close(comparison.peers[0].row.value, 26.6);
    close(comparison.peers[0].difference, -10.6);
}

#[test]
fn prices_that_are_not_known_are_refused() {
    let release = northland();
    let asked = |indicator: &str, basis: &str| {
        let options = TrendOptions {
            real: real(basis),
            ..TrendOptions::from("03")
        };
        release.trend(indicator, options).expect_err("refused")
    };
    let error = asked("cost_a.per_inhabitant", "cpi@2018");
    assert_eq!(error.code(), "K0505");
    assert!(
        error.to_string().contains("2018") && error.to_string().contains("2019–2022"),
        "{error}"
    );
    // The building index ends in 2021, the series in 2022.
    let error = asked("cost_a.per_inhabitant", "building@2019");
    assert_eq!(error.code(), "K0505");
    assert!(
        error.to_string().contains("2022") && error.to_string().contains("2019–2021"),
        "{error}"
    );
    let error = asked("cost_a.per_inhabitant", "wages@2019");
    assert_eq!(error.code(), "K0407");
    assert!(
        error.to_string().contains("cpi") && error.to_string().contains("building"),
        "{error}"
    );
    let error = asked("loans.per_inhabitant", "cpi@2019");
    assert_eq!(error.code(), "K0504");
    assert!(error.to_string().contains("loan/person"), "{error}");
    // A share of money in money has no money in it.
    assert_eq!(asked("cost_a.share_of_budget", "cpi@2019").code(), "K0504");
    assert_eq!(code("cpi2018".parse::<PriceBasis>()), "K0501");
}

#[test]
fn a_range_without_figures_is_named() {
    let options = TrendOptions {
        from: Some(2005.into()),
        to: Some(2010.into()),
        ..TrendOptions::from("03")
    };
    let error = northland()
        .trend("cost_a.per_inhabitant", options)
        .expect_err("no figures");
    assert_eq!(error.code(), "K0409");
    assert!(
        error.to_string().contains("2005–2010") && error.to_string().contains("2019–2022"),
        "{error}"
    );
}

#[test]
fn an_ended_area_has_a_series_on_the_borders_of_each_period() {
    // 02: 10,000/500 and 12,000/600; then it is part of 01.
    let options = TrendOptions {
        to: Some(2020.into()),
        borders: Borders::Then,
        ..TrendOptions::from("02")
    };
    assert_eq!(
        each(&trend("cost_a.per_inhabitant", options), |point| point.cell.value),
        [Some(20.0), Some(20.0)]
    );
}

#[test]
fn an_ended_area_has_its_series_up_to_its_end() {
    // Without an end the series goes to 2022; 02 has its figures of 2019 and 2020 all the same.
    let options = TrendOptions {
        borders: Borders::Then,
        ..TrendOptions::from("02")
    };
    let found = northland()
        .trend("cost_a.per_inhabitant", options)
        .map(|trend| each(&trend, |point| point.cell.value));
    assert_eq!(
        found.map(|values| values[..2].to_vec()),
        Ok(vec![Some(20.0), Some(20.0)])
    );
}

#[test]
fn a_new_area_has_no_figures_before_it_began() {
    let options = TrendOptions {
        borders: Borders::Then,
        ..TrendOptions::from("07")
    };
    let found = trend("cost_a.per_inhabitant", options);
    assert_eq!(
        each(&found, |point| point.cell.value),
        [None, None, None, Some(50.0)]
    );
    assert_eq!(each(&found, |point| point.change), [None; 4]);
}

#[test]
fn a_figure_is_walked_back_to_its_observations() {
    let options = ExplainOptions {
        period: Some(2019.into()),
        borders: Borders::Then,
        ..ExplainOptions::from("01")
    };
    let why = northland()
        .explain("cost.per_inhabitant", options)
        .expect("an explanation");
    assert_eq!(why.formula, "(cost.a + cost.b) / population.year_end");
    assert_eq!(why.formula_with_numbers, "(30000 + 10000) / 1000");
    assert_eq!(why.cell.value, Some(40.0));
    let used: Vec<_> = why
        .measures
        .iter()
        .map(|used| (used.measure.as_str(), used.value, used.denominator))
        .collect();
    let expected = [
        ("cost.a", Some(30_000.0), false),
        ("cost.b", Some(10_000.0), false),
        ("population.year_end", Some(1_000.0), true),
    ];
    assert_eq!(used, expected);
    assert_eq!(why.measures[0].parts[0].origin, "observations/costs.csv");
    assert_eq!(why.measures[2].parts[0].origin, "observations/others.csv");
    assert_eq!(why.measures[0].parts[0].territory.to_string(), "2019-01-01");
    let left_out: Vec<_> = why.left_out.iter().map(|area| area.area.code.as_str()).collect();
    assert_eq!(left_out, ["05", "06"]);
}

#[test]
fn the_year_end_before_is_explained_with_its_own_year() {
    let options = ExplainOptions {
        period: Some(2019.into()),
        borders: Borders::Then,
        ..ExplainOptions::from("03")
    };
    let why = northland()
        .explain("loans.per_inhabitant", options)
        .expect("an explanation");
    assert_eq!(why.measures[1].value, Some(2_000.0));
    assert_eq!(why.measures[1].parts[0].period.to_string(), "2018");
}

#[test]
fn a_break_begins_the_series_anew() {
    // 03: 20, 20, 22, 30, and the figure of 2021 is a break: nothing is compared with 20, and 2021 is 100 again.
    let release = Northland::new()
        .with(
            "observations/costs.csv",
            "cost.a,2021,03,2021-01-01,44000,A",
            "cost.a,2021,03,2021-01-01,44000,B",
        )
        .release();
    let found = release.trend("cost_a.per_inhabitant", "03").expect("a trend");
    assert_eq!(
        each(&found, |point| point.change),
        [None, Some(0.0), None, Some(8.0)]
    );
    assert_eq!(
        each(&found, |point| point.change_relative),
        [None, Some(0.0), None, Some(8.0 / 22.0)]
    );
    assert_eq!(each(&found, |point| point.cell.letter()), ['A', 'A', 'B', 'A']);
    for (point, expected) in found.points.iter().zip([100.0, 100.0, 100.0, 3_000.0 / 22.0]) {
        close(point.index, expected);
    }
    let text = note(&found.notes, "break").expect("a note");
    assert!(text.contains("Seeta") && text.contains("2021"), "{text}");
    let usual = trend("cost_a.per_inhabitant", "03");
    assert_eq!(note(&usual.notes, "break"), None);
}

#[test]
fn every_observation_keeps_its_own_reason() {
    // On the borders of 2021, 01 is made of 01 and 02. On the left 01 is not applicable and 02 suppressed, together not
    // applicable; on the right 01 is suppressed and 02 included, together suppressed.
    let options = ExplainOptions {
        period: Some(2019.into()),
        borders: super::on("2021-01-01"),
        ..ExplainOptions::from("01")
    };
    let why = northland().explain("mix.sum", options).expect("an explanation");
    let found: Vec<_> = why
        .measures
        .iter()
        .map(|used| {
            let parts: Vec<_> = used
                .parts
                .iter()
                .map(|part| (part.area.as_str(), part.missing))
                .collect();
            (used.missing, parts)
        })
        .collect();
    let expected = [
        (
            Some(Missing::NotApplicable),
            vec![
                ("01", Some(Missing::NotApplicable)),
                ("02", Some(Missing::Suppressed)),
            ],
        ),
        (
            Some(Missing::Suppressed),
            vec![("01", Some(Missing::Suppressed)), ("02", Some(Missing::Included))],
        ),
    ];
    assert_eq!(found, expected);
    assert_eq!(why.cell.missing, Some(Missing::NotApplicable));
}
