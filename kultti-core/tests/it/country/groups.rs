//! Values of groups: aggregates, coverage, membership.
//!
//! Province N in 2019 holds 01, 03 and 05; S holds 02, 04 and 06.

use super::{close, code, compare, groups, groups_of, note, on, row, then};
use crate::data::northland;
use kultti_core::compare::{CompareOptions, GroupsOptions};
use kultti_core::model::{Aggregate, Missing};
use kultti_core::panel::Borders;

#[test]
fn every_aggregate_gives_its_own_value() {
    // N: n = 30,000 + 40,000 + 120,000 = 190,000, d = 1,000 + 2,000 + 3,000 = 6,000; values 30, 20, 40.
    // S: n = 10,000 + 50,000 = 60,000, d = 500 + 1,000 = 1,500; values 20 and 50; 06 has not reported.
    // A mean weighted by d is the ratio of sums again.
    let release = northland();
    let expected = [
        (None, 190_000.0 / 6_000.0, 40.0),
        (Some(Aggregate::RatioOfSums), 190_000.0 / 6_000.0, 40.0),
        (Some(Aggregate::Mean), 30.0, 35.0),
        (Some(Aggregate::Median), 30.0, 35.0),
        (Some(Aggregate::WeightedMean), 190_000.0 / 6_000.0, 40.0),
    ];
    for (aggregate, north, south) in expected {
        let found = groups(
            &release,
            "cost_a.per_inhabitant",
            GroupsOptions {
                aggregate,
                ..groups_of("province", 2019)
            },
        );
        close(row(&found, "N").value, north);
        close(row(&found, "S").value, south);
        assert_eq!(
            row(&found, "N").aggregate,
            aggregate.unwrap_or(Aggregate::RatioOfSums)
        );
    }
}

#[test]
fn coverage_is_shown_in_areas_and_in_the_denominator() {
    let found = groups(&northland(), "cost_a.per_inhabitant", groups_of("province", 2019));
    let south = row(&found, "S");
    // Two of three areas, 1,500 of 2,000 inhabitants.
    assert_eq!((south.n, south.members), (2, 3));
    assert_eq!(
        (south.coverage_areas, south.coverage_denominator),
        (Some(2.0 / 3.0), Some(0.75))
    );
    let north = row(&found, "N");
    assert_eq!(
        (
            north.n,
            north.members,
            north.coverage_areas,
            north.coverage_denominator
        ),
        (3, 3, Some(1.0), Some(1.0))
    );
    assert!(note(&found.notes, "without-value").is_some_and(|text| text.contains("Isle")));
}

#[test]
fn too_little_coverage_gives_no_value() {
    // Function b, N: 05 has not reported: two of three areas, but only 3,000 of 6,000 inhabitants.
    // S: (5,000 + 15,000 + 2,500)/(500 + 1,000 + 500) = 11.25.
    let release = northland();
    let found = groups(&release, "cost_b.per_inhabitant", groups_of("province", 2019));
    let north = row(&found, "N");
    assert_eq!(
        (north.value, north.missing, north.status),
        (None, Some(Missing::CoverageTooLow), 'O')
    );
    assert_eq!((north.n, north.coverage_denominator), (2, Some(0.5)));
    assert_eq!(row(&found, "S").value, Some(11.25));
    // Loans, S: 04 has not reported and 06 is outside: one of two areas, 500 of the 1,500 inhabitants of 2018.
    let found = groups(&release, "loans.per_inhabitant", groups_of("province", 2019));
    let south = row(&found, "S");
    assert_eq!(
        (south.n, south.members, south.missing),
        (1, 2, Some(Missing::CoverageTooLow))
    );
    assert_eq!(
        (south.coverage_areas, south.coverage_denominator),
        (Some(0.5), Some(500.0 / 1_500.0))
    );
}

#[test]
fn a_total_needs_every_member() {
    let release = northland();
    let found = groups(&release, "cost_a.total", groups_of("province", 2019));
    assert_eq!(
        (row(&found, "N").aggregate, row(&found, "N").value),
        (Aggregate::Total, Some(190_000.0))
    );
    assert_eq!(
        (row(&found, "S").value, row(&found, "S").missing),
        (None, Some(Missing::TotalIncomplete))
    );
    let found = groups(&release, "cost_a.total", groups_of("country", 2019));
    assert_eq!(found.rows[0].missing, Some(Missing::TotalIncomplete));
    // 2020: 36,000 + 12,000 + 40,000 + 50,000 + 120,000 + 8,000.
    let found = groups(&release, "cost_a.total", groups_of("country", 2020));
    assert_eq!(found.rows[0].value, Some(266_000.0));
}

#[test]
fn an_area_is_compared_with_the_mean_of_totals() {
    let comparison = compare(
        &northland(),
        "cost_a.total",
        then("01", 2019).with_peers(["province"]),
    );
    // (30,000 + 40,000 + 120,000)/3
    close(comparison.peers[0].row.value, 190_000.0 / 3.0);
    assert_eq!(comparison.peers[0].row.aggregate, Aggregate::Mean);
    assert!(note(&comparison.notes, "total-mean").is_some());
}

#[test]
fn aggregates_that_do_not_fit_are_refused_with_the_reason() {
    let release = northland();
    let refused = [
        (
            "cost_a.per_inhabitant",
            Aggregate::Total,
            "ratios cannot be summed",
        ),
        ("loans.published", Aggregate::RatioOfSums, "published as a"),
        ("loans.published", Aggregate::Total, "published as a"),
        ("cost_a.total", Aggregate::RatioOfSums, ""),
        ("survey.grade", Aggregate::Total, ""),
    ];
    for (indicator, aggregate, reason) in refused {
        let options = GroupsOptions {
            aggregate: Some(aggregate),
            ..groups_of("province", 2019)
        };
        let error = release.groups(indicator, options).expect_err("refused");
        assert_eq!(error.code(), "K0503");
        let text = error.to_string();
        assert!(
            text.contains(indicator) && text.contains(aggregate.name()) && text.contains(reason),
            "{text}"
        );
    }
}

#[test]
fn a_published_ratio_has_medians_and_the_published_country() {
    // 2019: N 10, 10, 5; S 2, 4, 3; the office publishes 6.25 for the country.
    let release = northland();
    let found = groups(&release, "loans.published", groups_of("province", 2019));
    assert_eq!(
        (row(&found, "N").aggregate, row(&found, "N").value),
        (Aggregate::Median, Some(10.0))
    );
    assert_eq!(row(&found, "S").value, Some(3.0));
    let country = compare(
        &release,
        "loans.published",
        then("01", 2019).with_peers(["country"]),
    );
    assert_eq!(country.peers[0].row.aggregate, Aggregate::Published);
    assert_eq!(
        (country.peers[0].row.value, country.peers[0].difference),
        (Some(6.25), Some(3.75))
    );
    // 2020: the country's figure is missing; the median of 2, 3, 4, 5, 10, 10 is 4.5.
    let country = compare(
        &release,
        "loans.published",
        then("01", 2020).with_peers(["country"]),
    );
    assert_eq!(
        (country.peers[0].row.aggregate, country.peers[0].row.value),
        (Aggregate::Median, Some(4.5))
    );
}

#[test]
fn zeros_are_counted_where_they_may_mean_a_joint_arrangement() {
    // Function b in 2020, N: 10,000 + 0 + 30,000 over 6,000; without the zero of 03 40,000/4,000.
    let release = northland();
    let found = groups(&release, "cost_b.per_inhabitant", groups_of("province", 2020));
    let north = row(&found, "N");
    close(north.value, 40_000.0 / 6_000.0);
    assert_eq!((north.zeros, north.value_without_zeros), (1, Some(10.0)));
    assert!(note(&found.notes, "zero-may-mean-joint").is_some());
    // A zero that is a zero: a is not marked so.
    let found = groups(&release, "cost_a.per_inhabitant", groups_of("country", 2021));
    assert_eq!(found.rows[0].zeros, 0);
    // A reported zero is a value, and it is ranked.
    let comparison = compare(&release, "cost_a.per_inhabitant", then("04", 2021));
    assert_eq!(
        (comparison.cell.value, comparison.position.rank),
        (Some(0.0), Some(1.0))
    );
}

#[test]
fn size_classes_take_the_population_with_inclusive_bounds() {
    // 2019: up to 1,000: 01, 02, 04 and 06; up to 2,000: 03; above: 05.
    // The first: (30,000 + 10,000 + 50,000)/(1,000 + 500 + 1,000) = 36, of 3,000 inhabitants.
    let found = groups(&northland(), "cost_a.per_inhabitant", groups_of("size", 2019));
    let first = row(&found, "1");
    assert_eq!((first.value, first.n, first.members), (Some(36.0), 3, 4));
    assert_eq!(first.coverage_denominator, Some(2_500.0 / 3_000.0));
    assert_eq!(
        (row(&found, "2").value, row(&found, "3").value),
        (Some(20.0), Some(40.0))
    );
}

#[test]
fn groups_of_a_year_may_be_frozen() {
    // The groups of 2022: 02 has become part of 01 and counts with N, and 06 has moved to N; S keeps 04.
    // N: (30,000 + 10,000 + 40,000 + 120,000)/6,500, 06 has not reported.
    let release = northland();
    let options = GroupsOptions {
        as_of_year: Some(2022),
        ..groups_of("province", 2019)
    };
    let found = groups(&release, "cost_a.per_inhabitant", options);
    close(row(&found, "N").value, 200_000.0 / 6_500.0);
    assert_eq!((row(&found, "N").n, row(&found, "N").members), (4, 5));
    assert_eq!(
        (row(&found, "S").value, row(&found, "S").members),
        (Some(50.0), 1)
    );
    assert!(note(&found.notes, "frozen-groups").is_some_and(|text| text.contains("2022")));
}

#[test]
fn a_grouping_outside_its_validity_is_refused() {
    let release = northland();
    let error = release
        .groups("cost_a.per_inhabitant", groups_of("zone", 2022))
        .expect_err("not in force");
    assert_eq!(error.code(), "K0507");
    let text = error.to_string();
    assert!(
        text.contains("zone") && text.contains("2022") && text.contains("2019–2020"),
        "{text}"
    );
    let before = GroupsOptions {
        as_of_year: Some(2018),
        ..groups_of("province", 2019)
    };
    assert_eq!(code(release.groups("cost_a.per_inhabitant", before)), "K0507");
    let options = CompareOptions {
        as_of_year: Some(2021),
        ..then("01", 2019).with_peers(["zone"])
    };
    assert_eq!(code(release.compare("cost_a.per_inhabitant", options)), "K0507");
    let frozen = GroupsOptions {
        as_of_year: Some(2020),
        ..groups_of("zone", 2022)
    };
    // 2022: 01 68,000, 03 60,000, 04 −10,000, 05 90,000 over 1,700 + 2,000 + 1,000 + 1,800.
    close(
        groups(&release, "cost_a.per_inhabitant", frozen).rows[0].value,
        208_000.0 / 6_500.0,
    );
}

#[test]
fn an_area_without_a_group_is_named() {
    let found = groups(&northland(), "cost_a.per_inhabitant", groups_of("zone", 2020));
    assert!(note(&found.notes, "unassigned").is_some_and(|text| text.contains("Isle")));
    assert_eq!(found.rows[0].members, 5);
}

#[test]
fn merged_parts_of_different_groups_go_with_the_successor() {
    // On the borders of 2021 Beeta, which was in S, is inside 01 of N: N (40,000 + 40,000 + 120,000)/6,500.
    let options = GroupsOptions {
        borders: on("2021-01-01"),
        ..groups_of("province", 2019)
    };
    let found = groups(&northland(), "cost_a.per_inhabitant", options);
    close(row(&found, "N").value, 200_000.0 / 6_500.0);
    assert!(note(&found.notes, "merged-across-groups").is_some_and(|text| text.contains("Alpha")));
}

#[test]
fn an_unknown_denominator_leaves_its_coverage_open() {
    // The figures of 2021 stand on the borders of 2021; on those of 2020 nobody knows 01, and 03 and 05 have 44,000 and
    // 150,000 over 5,000 inhabitants: two of the three areas of N as it was in 2020.
    let options = GroupsOptions {
        borders: on("2020-01-01"),
        as_of_year: Some(2020),
        ..groups_of("province", 2021)
    };
    let found = groups(&northland(), "cost_a.per_inhabitant", options);
    let north = row(&found, "N");
    assert_eq!((north.value, north.n, north.members), (Some(38.8), 2, 3));
    assert_eq!(
        (north.coverage_areas, north.coverage_denominator),
        (Some(2.0 / 3.0), None)
    );
    assert!(note(&found.notes, "coverage-unknown").is_some_and(|text| text.contains("Alpha")));
}

#[test]
fn a_provisional_member_makes_its_group_provisional() {
    let release = northland();
    let now = GroupsOptions {
        borders: Borders::Now,
        ..groups_of("province", 2022)
    };
    let found = groups(&release, "cost_a.per_inhabitant", now);
    assert_eq!((row(&found, "N").status, row(&found, "S").status), ('P', 'A'));
    assert_eq!(
        compare(&release, "cost_a.per_inhabitant", then("01", 2022))
            .cell
            .letter(),
        'P'
    );
}

#[test]
fn peers_say_whether_they_include_the_area() {
    let peers = ["province", "province:S", "country"];
    let comparison = compare(
        &northland(),
        "cost_a.per_inhabitant",
        then("01", 2019).with_peers(peers),
    );
    let found: Vec<_> = comparison
        .peers
        .iter()
        .map(|peer| (peer.row.group.as_str(), peer.includes_area))
        .collect();
    assert_eq!(found, [("N", true), ("S", false), ("NL", true)]);
    // 30 against 40: ten less, a quarter.
    assert_eq!(
        (
            comparison.peers[1].difference,
            comparison.peers[1].difference_relative
        ),
        (Some(-10.0), Some(-0.25))
    );
    close(comparison.peers[2].row.value, 250_000.0 / 7_500.0);
    assert_eq!(
        comparison.peers[2].row.coverage_denominator,
        Some(7_500.0 / 8_000.0)
    );
}
