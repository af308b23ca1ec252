//! Figures on other borders than those they were observed on.

use super::{cell, close, code, compare, groups, groups_of, missing, note, on, row, then, value};
use crate::data::{Northland, northland};
use kultti_core::compare::{CompareOptions, ExplainOptions, GroupsOptions};
use kultti_core::model::Missing;
use kultti_core::panel::Borders;
use proptest::prelude::*;

#[test]
fn a_merger_adds_exactly() {
    // 01 on the borders of 2021: 30,000 + 10,000 over 1,000 + 500.
    let release = northland();
    let found = cell(&release, "cost_a.per_inhabitant", "01", 2019, on("2021-01-01"));
    assert_eq!(
        (found.numerator, found.denominator),
        (Some(40_000.0), Some(1_500.0))
    );
    close(found.value, 40_000.0 / 1_500.0);
    assert_eq!(found.letter(), 'A');
    let options = ExplainOptions {
        period: Some(2019.into()),
        borders: on("2021-01-01"),
        ..ExplainOptions::from("01")
    };
    let why = release
        .explain("cost_a.per_inhabitant", options)
        .expect("an explanation");
    let parts: Vec<_> = why.measures[0]
        .parts
        .iter()
        .map(|part| (part.area.as_str(), part.value, part.share))
        .collect();
    assert_eq!(parts, [("01", Some(30_000.0), 1.0), ("02", Some(10_000.0), 1.0)]);
    let merged = note(&why.notes, "merged").expect("a note");
    assert!(
        merged.contains("Beeta") && merged.contains("2021-01-01"),
        "{merged}"
    );
}

#[test]
fn a_split_shares_out_by_what_is_moved() {
    // 05 in 2019: half of 120,000 crowns, 60 % of 3,000 inhabitants; 07 the rest.
    let release = northland();
    for (area, n, d) in [("05", 60_000.0, 1_800.0), ("07", 60_000.0, 1_200.0)] {
        let found = cell(&release, "cost_a.per_inhabitant", area, 2019, Borders::Now);
        close(found.numerator, n);
        close(found.denominator, d);
        close(found.value, n / d);
        assert_eq!(found.letter(), 'E', "an estimate");
        let comparison = compare(
            &release,
            "cost_a.per_inhabitant",
            CompareOptions::from(area).with_period(2019),
        );
        assert!(note(&comparison.notes, "split").is_some());
    }
    // 03 was not touched, and nor was anything on the borders before the split.
    assert_eq!(
        cell(&release, "cost_a.per_inhabitant", "03", 2019, Borders::Now).letter(),
        'A'
    );
    assert_eq!(
        cell(&release, "cost_a.per_inhabitant", "05", 2019, on("2021-12-31")).letter(),
        'A'
    );
}

#[test]
fn now_then_and_a_date_name_different_borders() {
    let release = northland();
    let areas = |borders| {
        let options = kultti_core::compare::RankOptions {
            period: Some(2020.into()),
            borders,
            ..Default::default()
        };
        let ranking = release.rank("cost_a.per_inhabitant", options).expect("a ranking");
        let mut codes: Vec<String> = ranking.rows.iter().map(|row| row.area.code.to_string()).collect();
        codes.sort();
        (codes.join(" "), ranking.context.territory)
    };
    assert_eq!(areas(Borders::Then), ("01 02 03 04 05 06".into(), "then".into()));
    assert_eq!(
        areas(on("2021-06-30")),
        ("01 03 04 05 06".into(), "2021-06-30".into())
    );
    assert_eq!(
        areas(Borders::Now),
        ("01 03 04 05 06 07".into(), "2022-06-01".into())
    );
    assert_eq!(areas(Borders::default()), areas(Borders::Now));
}

#[test]
fn figures_do_not_go_back_through_a_merger() {
    // 2021 stands on the borders of 2021. On those of 2020, 01 and 02 are not known; the others are.
    let release = northland();
    let borders = on("2020-12-31");
    for ended_or_successor in ["01", "02"] {
        let found = missing(
            &release,
            "cost_a.per_inhabitant",
            ended_or_successor,
            2021,
            borders,
        );
        assert_eq!(found, Some(Missing::NotKnownOnBorders), "{ended_or_successor}");
    }
    assert_eq!(
        value(&release, "cost_a.per_inhabitant", "03", 2021, borders),
        Some(22.0)
    );
    assert_eq!(
        value(&release, "cost_a.per_inhabitant", "05", 2021, borders),
        Some(50.0)
    );
    assert_eq!(
        value(&release, "cost_a.per_inhabitant", "01", 2021, Borders::Then),
        Some(30.0)
    );
}

#[test]
fn the_country_is_the_same_on_all_borders() {
    // 2020: 266,000 crowns and 8,000 inhabitants.
    let release = northland();
    for borders in [Borders::Then, on("2020-01-01"), on("2021-01-01"), Borders::Now] {
        let total = groups(
            &release,
            "cost_a.total",
            GroupsOptions {
                borders,
                ..groups_of("country", 2020)
            },
        );
        assert_eq!(total.rows[0].value, Some(266_000.0), "{borders}");
        let ratio = groups(
            &release,
            "cost_a.per_inhabitant",
            GroupsOptions {
                borders,
                ..groups_of("country", 2020)
            },
        );
        assert_eq!(ratio.rows[0].value, Some(33.25), "{borders}");
    }
}

#[test]
fn estimated_parts_are_not_rounded_before_they_are_added() {
    // 120,001 crowns are 60,000.5 and 60,000.5: together 120,001 again.
    // 3,001 inhabitants are 1,800.6 and 1,200.4; S on the borders of now holds 04 and 07.
    let release = Northland::new()
        .with(
            "observations/costs.csv",
            "cost.a,2020,05,2020-01-01,120000",
            "cost.a,2020,05,2020-01-01,120001",
        )
        .with(
            "observations/others.csv",
            "year_end,2020,05,2020-01-01,3000",
            "year_end,2020,05,2020-01-01,3001",
        )
        .release();
    for borders in [Borders::Then, Borders::Now] {
        let total = groups(
            &release,
            "cost_a.total",
            GroupsOptions {
                borders,
                ..groups_of("country", 2020)
            },
        );
        close(total.rows[0].value, 266_001.0);
    }
    let options = GroupsOptions {
        borders: Borders::Now,
        as_of_year: Some(2022),
        ..groups_of("province", 2020)
    };
    let found = groups(&release, "cost_a.per_inhabitant", options);
    close(
        row(&found, "S").value,
        (50_000.0 + 60_000.5) / (1_000.0 + 1_200.4),
    );
}

#[test]
fn an_ended_area_answers_with_its_successor() {
    let release = northland();
    let error = release.compare(
        "cost_a.per_inhabitant",
        CompareOptions::from("Beeta").with_period(2019),
    );
    let error = error.expect_err("Beeta has ended");
    assert_eq!(error.code(), "K0403");
    let text = error.to_string();
    for part in ["Beeta (02)", "2022-06-01", "2020-12-31", "Aapa (01)", "then"] {
        assert!(text.contains(part), "{part} is missing from: {text}");
    }
    assert_eq!(
        compare(&release, "cost_a.per_inhabitant", then("Beeta", 2019))
            .cell
            .value,
        Some(20.0)
    );
}

#[test]
fn an_area_that_has_not_begun_is_no_ended_one() {
    let error = northland()
        .compare("cost_a.per_inhabitant", then("Uusi", 2019))
        .expect_err("Uusi begins in 2022");
    assert_eq!(error.code(), "K0410");
    let text = error.to_string();
    assert!(
        text.contains("Uusi (07)") && text.contains("2022-01-01"),
        "{text}"
    );
    assert!(!text.contains("was last there"), "it begins then: {text}");
}

#[test]
fn borders_outside_what_is_known_are_refused() {
    let release = northland();
    for date in ["2018-12-31", "2022-06-02"] {
        let options = CompareOptions::from("03")
            .with_period(2019)
            .with_borders(on(date));
        let error = release
            .compare("cost_a.per_inhabitant", options)
            .expect_err("unknown borders");
        assert_eq!(error.code(), "K0501");
        let text = error.to_string();
        assert!(
            text.contains(date) && text.contains("2019-01-01") && text.contains("2022-06-01"),
            "{text}"
        );
    }
    let error = release
        .compare("population.total", then("03", 2018))
        .expect_err("2018 is before the first borders");
    assert_eq!(error.code(), "K0506");
    assert!(
        error.to_string().contains("2018") && error.to_string().contains("2019-01-01"),
        "{error}"
    );
    assert_eq!(
        value(&release, "population.total", "03", 2018, Borders::Now),
        Some(2_000.0)
    );
    assert_eq!(code("yesterday".parse::<Borders>()), "K0501");
}

#[test]
fn each_additivity_crosses_a_merger_in_its_own_way() {
    let release = northland();
    let merged = |indicator| cell(&release, indicator, "01", 2019, on("2021-01-01"));
    // Days weighted by inhabitants: (10 · 1,000 + 40 · 500)/1,500 = 20. The longest of 7 and 9.5.
    close(merged("wait.mean_days").value, 20.0);
    assert_eq!(merged("distance.longest").value, Some(9.5));
    assert_eq!(merged("survey.grade").missing, Some(Missing::NotAdditive));
    assert_eq!(merged("loans.published").missing, Some(Missing::NotAdditive));
    for (indicator, alone) in [
        ("wait.mean_days", 12.5),
        ("distance.longest", 20.0),
        ("survey.grade", 5.0),
        ("loans.published", 10.0),
    ] {
        assert_eq!(
            value(&release, indicator, "03", 2019, on("2021-01-01")),
            Some(alone)
        );
    }
}

#[test]
fn the_year_end_before_is_transferred_too() {
    // Loans of 01 and 02 over the inhabitants of 2018: (9,000 + 1,000)/(900 + 500).
    let found = cell(&northland(), "loans.per_inhabitant", "01", 2019, on("2021-01-01"));
    assert_eq!(found.denominator, Some(1_400.0));
    close(found.value, 10_000.0 / 1_400.0);
}

#[test]
fn a_missing_part_makes_the_sum_missing() {
    // 02 has not reported function b in 2020.
    let release = northland();
    assert_eq!(
        value(&release, "cost_b.per_inhabitant", "01", 2020, Borders::Then),
        Some(10.0)
    );
    let found = missing(&release, "cost_b.per_inhabitant", "01", 2020, on("2021-01-01"));
    assert_eq!(found, Some(Missing::NotReported));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// The national sum is the same before and after every merger and split, whatever the figures.
    #[test]
    fn the_national_sum_is_invariant(costs in prop::array::uniform6(-1_000_000_i64..10_000_000)) {
        let mut text = "measure,period,area,territory,value,status,missing,note\n".to_owned();
        for (area, cost) in (1..).zip(costs) {
            text += &format!("cost.a,2020,0{area},2020-01-01,{cost},A,,\n");
        }
        let release = Northland::new().written("observations/costs.csv", text).release();
        let sum = costs.iter().sum::<i64>() as f64;
        for borders in [Borders::Then, on("2021-01-01"), Borders::Now] {
            let total = groups(&release, "cost_a.total", GroupsOptions { borders, ..groups_of("country", 2020) });
            prop_assert_eq!(total.rows[0].value, Some(sum));
            let regions = groups(&release, "cost_a.total", GroupsOptions { borders, as_of_year: Some(2022), ..groups_of("province", 2020) });
            let parts: f64 = regions.rows.iter().filter_map(|row| row.value).sum();
            prop_assert_eq!(parts, sum);
        }
    }
}

#[test]
fn the_longest_of_a_split_area_may_lie_in_its_other_half() {
    // 05 had 30 km in 2019; nobody knows whether they lie in 05 or in 07 now. The merger keeps the larger of 7 and 9.5.
    let release = northland();
    for area in ["05", "07"] {
        let found = cell(&release, "distance.longest", area, 2019, Borders::Now);
        assert_eq!(
            (found.value, found.missing),
            (None, Some(Missing::NotAdditive)),
            "{area}"
        );
    }
    let merged = cell(&release, "distance.longest", "01", 2019, Borders::Now);
    assert_eq!((merged.value, merged.letter()), (Some(9.5), 'A'));
    assert_eq!(
        value(&release, "distance.longest", "05", 2019, Borders::Then),
        Some(30.0)
    );
}
