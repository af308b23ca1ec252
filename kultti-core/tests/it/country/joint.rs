//! Joint arrangements: a host's figure (W) holds that of its members (K).

use super::{cell, compare, groups, groups_of, note, on, row, then};
use crate::data::{Northland, northland};
use kultti_core::compare::{ExplainOptions, Order, RankOptions};
use kultti_core::model::Missing;
use kultti_core::panel::Borders;

#[test]
fn a_host_has_the_joint_denominator() {
    // Sport is arranged by 05 for 01 as well: 80,000 over 3,000 + 1,000.
    let release = northland();
    let host = cell(&release, "sport.per_inhabitant", "05", 2019, Borders::Then);
    assert_eq!(
        (host.numerator, host.denominator, host.own_denominator),
        (Some(80_000.0), Some(4_000.0), Some(3_000.0))
    );
    assert_eq!((host.value, host.letter()), (Some(20.0), 'W'));
    let member = cell(&release, "sport.per_inhabitant", "01", 2019, Borders::Then);
    assert_eq!(
        (member.value, member.missing, member.letter()),
        (None, Some(Missing::Included), 'K')
    );
}

#[test]
fn host_and_member_are_named() {
    let release = northland();
    let notes = compare(&release, "sport.per_inhabitant", then("05", 2019)).notes;
    assert!(note(&notes, "joint-value").is_some_and(|text| text.contains("Epsi") && text.contains("Alpha")));
    let notes = compare(&release, "sport.per_inhabitant", then("01", 2019)).notes;
    // The joint value is shown beside it.
    assert!(note(&notes, "included-in").is_some_and(|text| text.contains("Epsi") && text.contains("20")));
    let why = ExplainOptions {
        period: Some(2019.into()),
        borders: Borders::Then,
        ..ExplainOptions::from("05")
    };
    let why = release
        .explain("sport.per_inhabitant", why)
        .expect("an explanation");
    assert_eq!(why.formula_with_numbers, "80000 / 4000");
}

#[test]
fn a_joint_unit_inside_a_group_enters_whole() {
    // N holds host and member: (80,000 + 40,000)/(4,000 + 2,000) = 20, the denominator covered whole.
    // S: (5,000 + 30,000 + 15,000)/2,000 = 25. Country: 170,000/8,000.
    let release = northland();
    let found = groups(&release, "sport.per_inhabitant", groups_of("province", 2019));
    let north = row(&found, "N");
    assert_eq!(
        (north.value, north.status, north.coverage_denominator),
        (Some(20.0), 'W', Some(1.0))
    );
    assert_eq!(north.members, 3);
    assert_eq!(row(&found, "S").value, Some(25.0));
    let country = groups(&release, "sport.per_inhabitant", groups_of("country", 2019));
    assert_eq!(
        (country.rows[0].value, country.rows[0].coverage_denominator),
        (Some(21.25), Some(1.0))
    );
    assert!(note(&found.notes, "joint-left-out").is_none());
}

#[test]
fn the_total_of_a_group_with_a_whole_joint_unit_is_complete() {
    // The figure of 05 holds that of 01: nothing is missing from 80,000 + 40,000.
    let release = northland();
    let found = groups(&release, "sport.total", groups_of("province", 2019));
    assert_eq!(
        (row(&found, "N").value, row(&found, "N").missing),
        (Some(120_000.0), None)
    );
    assert_eq!(row(&found, "S").value, Some(50_000.0));
    let country = groups(&release, "sport.total", groups_of("country", 2019));
    assert_eq!(country.rows[0].value, Some(170_000.0));
}

#[test]
fn a_joint_unit_that_reaches_out_of_a_group_is_left_out_and_named() {
    // Music is arranged by 03 (N) for 06 (S): N keeps (20,000 + 60,000)/4,000 = 20, of 6,000 inhabitants; S keeps
    // (10,000 + 20,000)/1,500 = 20, of 2,000. The country holds it whole: 210,000/8,000.
    let release = northland();
    let found = groups(&release, "music.per_inhabitant", groups_of("province", 2019));
    let (north, south) = (row(&found, "N"), row(&found, "S"));
    assert_eq!((north.value, north.n, north.members), (Some(20.0), 2, 3));
    assert_eq!(north.coverage_denominator, Some(4_000.0 / 6_000.0));
    assert_eq!((south.value, south.n, south.members), (Some(20.0), 2, 3));
    assert_eq!(south.coverage_denominator, Some(0.75));
    assert!(
        note(&found.notes, "joint-left-out")
            .is_some_and(|text| text.contains("Seeta") && text.contains("North"))
    );
    let country = groups(&release, "music.per_inhabitant", groups_of("country", 2019));
    assert_eq!(country.rows[0].value, Some(26.25));
    assert!(note(&country.notes, "joint-left-out").is_none());
}

#[test]
fn a_member_is_not_ranked_and_a_host_is() {
    // 02 10, 05 20, 03 20, 04 30, 06 30.
    let options = RankOptions {
        order: Some(Order::Ascending),
        ..super::ranking(2019)
    };
    let found = northland()
        .rank("sport.per_inhabitant", options)
        .expect("a ranking");
    let places: Vec<_> = found
        .rows
        .iter()
        .map(|row| (row.area.code.as_str(), row.rank))
        .collect();
    let expected = [
        ("02", Some(1.0)),
        ("03", Some(2.0)),
        ("05", Some(2.0)),
        ("04", Some(4.0)),
        ("06", Some(4.0)),
        ("01", None),
    ];
    assert_eq!(places, expected);
}

#[test]
fn a_joint_unit_that_has_merged_is_an_area_like_others() {
    // Swimming is arranged by 01 for 02. 2019: 30,000/(1,000 + 500) = 20 for both, status W; on the borders of 2021 it is
    // the figure of 01 alone, status A, and 02 is not added a second time.
    let release = northland();
    let before = cell(&release, "swim.per_inhabitant", "01", 2019, Borders::Then);
    assert_eq!((before.value, before.letter()), (Some(20.0), 'W'));
    let after = compare(
        &release,
        "swim.per_inhabitant",
        then("01", 2019).with_borders(on("2021-01-01")),
    );
    assert_eq!((after.cell.value, after.cell.letter()), (Some(20.0), 'A'));
    assert_eq!(after.cell.denominator, Some(1_500.0));
    assert!(note(&after.notes, "joint-inside").is_some_and(|text| text.contains("Beeta")));
}

#[test]
fn a_joint_unit_that_a_split_tears_apart_has_no_figure() {
    // Sport of 05 holds that of 01: 80,000 for 4,000 inhabitants. On the borders of now half of it lies in 05 and half in
    // 07, and 01 has Beeta in it, which was never part of the unit: there is no denominator that fits either half, and
    // no key to split by. 03 is untouched.
    let release = northland();
    for area in ["01", "05", "07"] {
        let found = cell(&release, "sport.per_inhabitant", area, 2019, Borders::Now);
        assert_eq!(found.value, None, "{area}: {found:?}");
    }
    assert_eq!(
        cell(&release, "sport.per_inhabitant", "03", 2019, Borders::Now).value,
        Some(20.0)
    );
}

#[test]
fn each_measure_below_a_joint_value_has_its_own_joint_figure() {
    // Sport of 05 holds that of 01. Year-ends: 3,000 + 1,000 in 2019, 3,000 + 900 in 2018; 80,000/(4,000 + 3,900).
    let release = Northland::new()
        .with(
            "catalogue.toml",
            "formula = \"sport.cost / population.year_end\"",
            "formula = \"sport.cost / (population.year_end + population.year_end_previous)\"",
        )
        .release();
    let options = ExplainOptions {
        period: Some(2019.into()),
        borders: Borders::Then,
        ..ExplainOptions::from("05")
    };
    let why = release
        .explain("sport.per_inhabitant", options)
        .expect("an explanation");
    let used: Vec<_> = why
        .measures
        .iter()
        .map(|used| (used.measure.as_str(), used.value, used.denominator))
        .collect();
    let expected = [
        ("sport.cost", Some(80_000.0), false),
        ("population.year_end", Some(4_000.0), true),
        ("population.year_end_previous", Some(3_900.0), true),
    ];
    assert_eq!(used, expected);
    assert_eq!(why.formula_with_numbers, "80000 / (4000 + 3900)");
    assert_eq!(
        (why.cell.denominator, why.cell.own_denominator, why.cell.value),
        (Some(7_900.0), Some(6_000.0), Some(80_000.0 / 7_900.0))
    );
}

#[test]
fn a_host_left_out_of_a_group_is_not_part_of_it() {
    // Music of 03 (N) holds that of 06 (S): N leaves 03 out, the country holds both.
    let release = northland();
    let asked = |area: &str, indicator: &str, peers: &[&str]| {
        compare(
            &release,
            indicator,
            then(area, 2019).with_peers(peers.iter().copied()),
        )
    };
    let host = asked("03", "music.per_inhabitant", &["province", "country"]);
    let inside: Vec<_> = host.peers.iter().map(|peer| peer.includes_area).collect();
    assert_eq!(inside, [false, true]);
    assert!(note(&host.notes, "groups-include-area").is_some_and(|text| text.contains("Seeta")));
    let alone = asked("03", "music.per_inhabitant", &["province"]);
    assert_eq!(note(&alone.notes, "groups-include-area"), None);
    assert!(note(&alone.notes, "joint-left-out").is_some());
    // 06 has not reported function a: nothing of it is in the groups.
    let silent = asked("06", "cost_a.per_inhabitant", &["province", "country"]);
    assert_eq!(silent.cell.value, None);
    assert_eq!(note(&silent.notes, "groups-include-area"), None);
    let reported = asked("02", "cost_a.per_inhabitant", &["province"]);
    assert!(note(&reported.notes, "groups-include-area").is_some());
}
