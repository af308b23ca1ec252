//! Values and places among others, 2019 on the borders of 2019.
//!
//! Costs of function a per inhabitant: 01 30,000/1,000 = 30; 02 10,000/500 = 20; 03 40,000/2,000 = 20;
//! 04 50,000/1,000 = 50; 05 120,000/3,000 = 40; 06 has not reported.

use super::{code, compare, groups_of, note, ranking, then};
use crate::data::{Northland, northland};
use kultti_core::compare::{CompareOptions, ExplainOptions, GroupsOptions, Order, RankOptions, Ranking};
use kultti_core::language::Language;
use kultti_core::model::Missing;
use kultti_core::panel::Borders;

fn places(ranking: &Ranking) -> Vec<(&str, Option<f64>, Option<f64>)> {
    ranking
        .rows
        .iter()
        .map(|row| (row.area.code.as_str(), row.rank, row.percent_rank))
        .collect()
}

#[test]
fn a_country_loads_with_no_change_of_code() {
    let release = northland();
    assert_eq!(release.territory().document().code_length, 2);
    assert_eq!(
        release
            .territory()
            .areas_on("2019-12-31".parse().expect("a date"))
            .len(),
        6
    );
    let cell = compare(&release, "cost_a.per_inhabitant", then("Alpha", 2019)).cell;
    assert_eq!(
        (cell.numerator, cell.denominator, cell.value),
        (Some(30_000.0), Some(1_000.0), Some(30.0))
    );
    assert_eq!((cell.letter(), cell.missing), ('A', None));
}

#[test]
fn every_name_and_code_finds_its_area() {
    let release = northland();
    for text in ["06", "Saari", "Holm", "isle", " SAARI "] {
        assert_eq!(release.territory().resolve(text).expect(text).code.as_str(), "06");
    }
    let error = release
        .territory()
        .resolve("6")
        .expect_err("a code without its zero");
    assert_eq!(error.to_string(), "no area \"6\". Did you mean Saari (06)?");
}

#[test]
fn lower_is_better_ranks_the_smallest_first_with_ties() {
    // Strictly worse means higher: of 02 and 03 (20) three of the other four, of 01 (30) two, of 05 (40) one, of 04 none.
    let ranking = northland()
        .rank("cost_a.per_inhabitant", ranking(2019))
        .expect("a ranking");
    assert_eq!(ranking.order, Order::Ascending);
    assert_eq!(ranking.n, 5);
    let expected = [
        ("02", Some(1.0), Some(0.75)),
        ("03", Some(1.0), Some(0.75)),
        ("01", Some(3.0), Some(0.5)),
        ("05", Some(4.0), Some(0.25)),
        ("04", Some(5.0), Some(0.0)),
        ("06", None, None),
    ];
    assert_eq!(places(&ranking), expected);
    assert_eq!(ranking.rows[5].cell.missing, Some(Missing::NotReported));
}

#[test]
fn higher_is_better_ranks_the_largest_first_with_ties() {
    // Loans as published: 10, 2, 10, 4, 5, 3. Strictly worse means lower.
    let ranking = northland()
        .rank("loans.published", ranking(2019))
        .expect("a ranking");
    assert_eq!(ranking.order, Order::Descending);
    let expected = [
        ("01", Some(1.0), Some(0.8)),
        ("03", Some(1.0), Some(0.8)),
        ("05", Some(3.0), Some(0.6)),
        ("04", Some(4.0), Some(0.4)),
        ("06", Some(5.0), Some(0.2)),
        ("02", Some(6.0), Some(0.0)),
    ];
    assert_eq!(places(&ranking), expected);
}

#[test]
fn the_percent_rank_counts_the_worse_whatever_the_order() {
    let options = RankOptions {
        order: Some(Order::Descending),
        ..ranking(2019)
    };
    let ranking = northland()
        .rank("cost_a.per_inhabitant", options)
        .expect("a ranking");
    assert_eq!(ranking.rows[0].area.code.as_str(), "04");
    assert_eq!(
        (ranking.rows[0].rank, ranking.rows[0].percent_rank),
        (Some(1.0), Some(0.0))
    );
}

#[test]
fn without_a_direction_an_order_must_be_given() {
    let release = northland();
    let error = release
        .rank("cost.per_inhabitant", ranking(2019))
        .expect_err("no order");
    assert_eq!(error.code(), "K0502");
    assert!(error.to_string().contains("cost.per_inhabitant"), "{error}");
    // (a + b)/d: 01 40,000/1,000 = 40; 02 15,000/500 = 30; 03 40,000/2,000 = 20; 04 65,000/1,000 = 65.
    for (order, expected) in [
        (Order::Ascending, ["03", "02", "01", "04"]),
        (Order::Descending, ["04", "01", "02", "03"]),
    ] {
        let options = RankOptions {
            order: Some(order),
            ..ranking(2019)
        };
        let ranking = release.rank("cost.per_inhabitant", options).expect("a ranking");
        let codes: Vec<&str> = ranking
            .rows
            .iter()
            .take(4)
            .map(|row| row.area.code.as_str())
            .collect();
        assert_eq!(codes, expected);
        let smallest = ranking
            .rows
            .iter()
            .find(|row| row.area.code.as_str() == "03")
            .expect("03");
        assert_eq!(smallest.percent_rank, Some(0.0), "0 is the lowest");
        assert!(note(&ranking.notes, "direction-none").is_some());
    }
}

#[test]
fn compare_without_a_direction_counts_from_the_largest() {
    let comparison = compare(&northland(), "cost.per_inhabitant", then("04", 2019));
    assert_eq!(comparison.cell.value, Some(65.0));
    assert_eq!(comparison.position.order, Order::Descending);
    assert_eq!((comparison.position.rank, comparison.position.n), (Some(1.0), 4));
    assert_eq!(comparison.position.percent_rank, Some(1.0));
    assert_eq!(comparison.distribution, [20.0, 30.0, 40.0, 65.0]);
    assert!(note(&comparison.notes, "direction-none").is_some());
}

#[test]
fn areas_below_the_minimum_have_status_u_and_no_rank() {
    // Loans per inhabitant of the year-end before: 01 9,000/900 = 10 and 02 1,000/500 = 2 are below 1,000 inhabitants;
    // 03 20,000/2,000 = 10; 05 15,000/3,000 = 5; 04 has not reported; the isle 06 is outside the statistics.
    let release = northland();
    let found = release
        .rank("loans.per_inhabitant", ranking(2019))
        .expect("a ranking");
    assert_eq!(found.n, 2);
    let expected = [
        ("03", Some(1.0), Some(1.0)),
        ("05", Some(2.0), Some(0.0)),
        ("01", None, None),
        ("02", None, None),
        ("04", None, None),
    ];
    assert_eq!(places(&found), expected);
    let values: Vec<_> = found
        .rows
        .iter()
        .map(|row| (row.cell.value, row.cell.letter()))
        .collect();
    assert_eq!(
        values,
        [
            (Some(10.0), 'A'),
            (Some(5.0), 'A'),
            (Some(10.0), 'U'),
            (Some(2.0), 'U'),
            (None, 'O')
        ]
    );
    assert!(
        note(&found.notes, "below-minimum")
            .is_some_and(|text| text.contains("Alpha") && text.contains("Beeta"))
    );
    let comparison = compare(&release, "loans.per_inhabitant", then("01", 2019));
    assert_eq!(
        (comparison.cell.value, comparison.position.rank),
        (Some(10.0), None)
    );
    let unranked: Vec<_> = comparison
        .position
        .unranked
        .iter()
        .map(|area| (area.area.code.as_str(), area.status))
        .collect();
    assert_eq!(unranked, [("01", 'U'), ("02", 'U'), ("04", 'O')]);
}

#[test]
fn an_area_outside_the_statistics_is_no_member() {
    // Loans know 01 to 05; 04 has not reported.
    let release = northland();
    let isle = compare(
        &release,
        "loans.per_inhabitant",
        then("06", 2019).with_peers(["province:N"]),
    );
    assert_eq!(isle.cell.missing, Some(Missing::OutOfScope));
    assert_eq!(isle.cell.letter(), 'M');
    let country = compare(
        &release,
        "loans.per_inhabitant",
        then("05", 2019).with_peers(["country"]),
    );
    assert_eq!((country.peers[0].row.members, country.peers[0].row.n), (5, 4));
    // The part of the country that the statistics cover has a name of its own.
    assert_eq!(
        country.peers[0].row.name.get(Language::En),
        "Northland without its isle en"
    );
}

#[test]
fn a_group_that_was_asked_for_is_there_for_an_outsider_too() {
    let isle = compare(
        &northland(),
        "loans.per_inhabitant",
        then("06", 2019).with_peers(["country"]),
    );
    let found: Vec<_> = isle
        .peers
        .iter()
        .map(|peer| (peer.row.group.as_str(), peer.includes_area))
        .collect();
    assert_eq!(found, [("NL", false)]);
}

#[test]
fn a_ranking_within_a_group_counts_its_members() {
    // S in 2019 holds 02 (20), 04 (50) and 06, which has not reported.
    let release = northland();
    let options = RankOptions {
        within: Some("province:S".to_owned()),
        ..ranking(2019)
    };
    let found = release.rank("cost_a.per_inhabitant", options).expect("a ranking");
    assert_eq!(
        places(&found),
        [
            ("02", Some(1.0), Some(1.0)),
            ("04", Some(2.0), Some(0.0)),
            ("06", None, None)
        ]
    );
    let unknown = RankOptions {
        within: Some("province:X".to_owned()),
        ..ranking(2019)
    };
    assert_eq!(code(release.rank("cost_a.per_inhabitant", unknown)), "K0406");
}

#[test]
fn one_area_alone_has_no_percent_rank() {
    // 06 in 2020: 8,000/400 = 20.
    let options = RankOptions {
        within: Some("shore:isle".to_owned()),
        ..ranking(2020)
    };
    let found = northland()
        .rank("cost_a.per_inhabitant", options)
        .expect("a ranking");
    assert_eq!(places(&found), [("06", Some(1.0), None)]);
    assert_eq!(found.rows[0].cell.value, Some(20.0));
}

#[test]
fn peers_may_be_areas_by_name() {
    // 01 and 05: (30,000 + 120,000)/(1,000 + 3,000) = 37.5; 04 has 50, 12.5 or a third more.
    let comparison = compare(
        &northland(),
        "cost_a.per_inhabitant",
        then("04", 2019).with_peers(["Alpha", "05"]),
    );
    let peers = &comparison.peers[0];
    assert_eq!(
        (peers.row.value, peers.row.n, peers.row.members),
        (Some(37.5), 2, 2)
    );
    assert_eq!(
        (peers.difference, peers.difference_relative),
        (Some(12.5), Some(12.5 / 37.5))
    );
    assert!(!peers.includes_area);
}

#[test]
fn what_does_not_exist_is_named() {
    let release = northland();
    let error = release
        .compare("cost_a.per_inhabitent", "01")
        .expect_err("no such indicator");
    assert_eq!(error.code(), "K0404");
    assert!(
        error.to_string().contains("Did you mean cost_a.per_inhabitant"),
        "{error}"
    );
    let error = release
        .compare("cost_a.per_inhabitant", "Aalpha")
        .expect_err("no such area");
    assert_eq!(error.code(), "K0401");
    let error = release.compare("cost_a.per_inhabitant", then("01", 2019).with_peers(["provinse"]));
    assert!(
        error
            .expect_err("no such grouping")
            .to_string()
            .contains("province")
    );
    let error = release
        .compare("visits.per_inhabitant", "01")
        .expect_err("no data");
    assert_eq!(error.code(), "K0408");
    assert!(error.to_string().contains("visits.count"), "{error}");
    let error = release
        .compare(
            "cost_a.per_inhabitant",
            CompareOptions::from("01").with_period(2017),
        )
        .expect_err("a year");
    assert_eq!(error.code(), "K0409");
    assert!(
        error.to_string().contains("2017") && error.to_string().contains("2019–2022"),
        "{error}"
    );
}

#[test]
fn an_area_below_the_minimum_is_compared_without_a_place() {
    // Loans of 01: 9,000/900 = 10 with the minimum at 1,000; 03 20,000/2,000 = 10, 05 15,000/3,000 = 5 are ranked, 02 is
    // below the minimum too, 04 has not reported.
    let release = northland();
    let comparison = compare(&release, "loans.per_inhabitant", then("01", 2019));
    assert_eq!(
        (comparison.cell.value, comparison.cell.letter()),
        (Some(10.0), 'U')
    );
    assert_eq!(comparison.distribution, [5.0, 10.0]);
    let text = note(&comparison.notes, "below-minimum").expect("a note");
    assert!(
        text.contains("Alpha") && text.contains("Beeta") && text.contains("1,000"),
        "{text}"
    );
    let options = ExplainOptions {
        period: Some(2019.into()),
        borders: Borders::Then,
        ..ExplainOptions::from("01")
    };
    let why = release
        .explain("loans.per_inhabitant", options)
        .expect("an explanation");
    assert_eq!((why.cell.value, why.cell.letter()), (Some(10.0), 'U'));
    let left_out: Vec<_> = why.left_out.iter().map(|area| area.area.code.as_str()).collect();
    assert_eq!(left_out, ["04"], "01 and 02 have a value");
}

#[test]
fn a_ranking_names_its_small_areas() {
    // 03 has 5,000 inhabitants, which is no longer small; 04 has 4,999.
    let release = Northland::new()
        .with(
            "observations/others.csv",
            "year_end,2019,03,2019-01-01,2000",
            "year_end,2019,03,2019-01-01,5000",
        )
        .with(
            "observations/others.csv",
            "year_end,2019,04,2019-01-01,1000",
            "year_end,2019,04,2019-01-01,4999",
        )
        .release();
    let found = release
        .rank("cost_a.per_inhabitant", ranking(2019))
        .expect("a ranking");
    let text = note(&found.notes, "small-area").expect("a note");
    for name in ["Alpha", "Beeta", "Teeta", "Epsi"] {
        assert!(text.contains(name), "{name}: {text}");
    }
    assert!(!text.contains("Seeta"), "{text}");
}

#[test]
fn a_year_of_groups_that_no_calendar_has_is_refused() {
    let release = northland();
    for year in [i32::MAX, i32::MIN, 999, 10_000] {
        let as_of_year = Some(year);
        let compared = CompareOptions {
            as_of_year,
            ..then("01", 2019).with_peers(["province"])
        };
        let ranked = RankOptions {
            as_of_year,
            within: Some("province:N".to_owned()),
            ..ranking(2019)
        };
        let grouped = GroupsOptions {
            as_of_year,
            ..groups_of("province", 2019)
        };
        let errors = [
            release.compare("cost_a.per_inhabitant", compared).err(),
            release.rank("cost_a.per_inhabitant", ranked).err(),
            release.groups("cost_a.per_inhabitant", grouped).err(),
        ];
        for error in errors {
            let error = error.expect("the year is refused");
            assert_eq!(error.code(), "K0501", "{error}");
            let text = error.to_string();
            assert!(
                text.contains("as_of_year") && text.contains(&year.to_string()),
                "{text}"
            );
        }
    }
}
