//! Comparability flags on Northland of 2019: 01 has internal rents in its cost, 03 and 05 have not; of 04 nothing is known.

use crate::data::{Northland, line_of};
use kultti_core::compare::{
    ChangeOptions, CompareOptions, GroupsOptions, InequalityOptions, IntervalsOptions, Note, RankOptions,
    TrendOptions,
};
use kultti_core::language::Language;
use kultti_core::panel::Borders;
use kultti_core::release::Release;

const COST: &str = "cost_a.per_inhabitant";

const FLAGS: &str = "area,measure,from,to,flag,value,source
01,cost.*,2019,,internal_rent,included,survey
03,cost.a,2019,2020,internal_rent,excluded,survey
03,cost.a,2021,,internal_rent,included,survey
05,cost.a,,,internal_rent,excluded,survey
";

fn flagged(table: &str) -> Northland {
    Northland::new()
        .with(
            "release.toml",
            "joint_units = \"joint_units.csv\"",
            "joint_units = \"joint_units.csv\"\ncomparability = \"comparability.csv\"",
        )
        .written("comparability.csv", table)
}

fn release() -> Release {
    flagged(FLAGS).release()
}

fn note(notes: &[Note], code: &str, language: Language) -> Option<String> {
    let found = notes.iter().find(|note| note.code() == code);
    found.map(|note| note.message.render(language))
}

fn asked(area: &str, peers: &str) -> CompareOptions {
    CompareOptions::from(area)
        .with_period(2019)
        .with_borders(Borders::Then)
        .with_peers(peers.split(';'))
}

#[test]
fn a_comparison_across_differing_flags_is_of_status_d_and_names_them() {
    let release = release();
    let found = release.compare(COST, asked("01", "03;05")).unwrap();
    assert_eq!(found.peers[0].row.status, 'D');
    for (language, text) in [
        (
            Language::Fi,
            "Sisäiset vuokrat: ei sisälly (Seeta, Epsi), sisältyy (Aapa)",
        ),
        (
            Language::Sv,
            "Interna hyror: ingår inte (Seeta, Epsi), ingår (Alfa)",
        ),
        (
            Language::En,
            "Internal rents: excluded (Seeta, Epsi), included (Alpha)",
        ),
    ] {
        let found = note(&found.notes, "comparability", language).unwrap();
        assert!(found.contains(text), "{found}");
    }
    // 03 and 05 are alike.
    let found = release.compare(COST, asked("03", "05")).unwrap();
    assert_eq!(found.peers[0].row.status, 'A');
    assert_eq!(note(&found.notes, "comparability", Language::En), None);
    // Another measure has no flags for 03.
    let found = release
        .compare("cost_b.per_inhabitant", asked("01", "03"))
        .unwrap();
    assert_eq!(found.peers[0].row.status, 'A');
    assert!(
        note(&found.notes, "comparability-unknown", Language::En)
            .unwrap()
            .contains("1 of 2")
    );
}

#[test]
fn what_is_not_known_is_not_taken_for_equal() {
    let found = release().compare(COST, asked("01", "04")).unwrap();
    assert_eq!(note(&found.notes, "comparability", Language::En), None);
    let text = note(&found.notes, "comparability-unknown", Language::En).unwrap();
    assert!(
        text.contains("Internal rents: not known for 1 of 2 areas"),
        "{text}"
    );
}

#[test]
fn groups_and_rankings_say_it_too() {
    let release = release();
    let options = GroupsOptions {
        by: "province".into(),
        period: Some(2019.into()),
        borders: Borders::Then,
        ..GroupsOptions::default()
    };
    let groups = release.groups(COST, options).unwrap();
    // North is 01, 03 and 05; South is 02 and 04 (06 has no value), of which nothing is known.
    let letters: Vec<_> = groups
        .rows
        .iter()
        .map(|row| (row.group.as_str(), row.status))
        .collect();
    assert_eq!(letters[0], ("N", 'D'));
    assert_ne!(letters[1].1, 'D');
    assert!(note(&groups.notes, "comparability", Language::En).is_some());
    let options = RankOptions {
        period: Some(2019.into()),
        borders: Borders::Then,
        ..RankOptions::default()
    };
    let ranking = release.rank(COST, options).unwrap();
    assert!(note(&ranking.notes, "comparability", Language::En).is_some());
    let text = note(&ranking.notes, "comparability-unknown", Language::En).unwrap();
    // 01, 03 and 05 of the five with a value.
    assert!(text.contains("2 of 5"), "{text}");
}

#[test]
fn a_series_names_the_year_in_which_a_flag_turned() {
    let options = TrendOptions {
        areas: vec!["03".into()],
        ..TrendOptions::default()
    };
    let found = release().trend(COST, options).unwrap();
    let letters: Vec<_> = found
        .points
        .iter()
        .map(|point| (point.period.to_string(), point.cell.letter()))
        .collect();
    let expected = [("2019", 'A'), ("2020", 'A'), ("2021", 'D'), ("2022", 'A')];
    assert_eq!(
        letters,
        expected.map(|(period, letter)| (period.to_owned(), letter))
    );
    let text = note(&found.notes, "comparability-time", Language::En).unwrap();
    assert!(
        text.contains("excluded (2019–2020), included (2021–2022)"),
        "{text}"
    );
}

#[test]
fn an_area_carries_the_flags_of_what_it_was_put_together_from() {
    let table = format!("{FLAGS}02,cost.a,,,internal_rent,excluded,survey\n");
    let release = flagged(&table).release();
    // On the borders of 2021 area 01 holds 02: both values, which is like neither 03's.
    let options = CompareOptions::from("01").with_period(2019).with_peers(["03"]);
    let found = release.compare(COST, options).unwrap();
    let text = note(&found.notes, "comparability", Language::En).unwrap();
    assert!(text.contains("excluded + included (Alpha)"), "{text}");
}

#[test]
fn a_register_that_cannot_be_read_is_refused_with_its_line() {
    for (row, column, part) in [
        ("99,cost.a,,,vat,included,survey\n", "column area", "found \"99\""),
        (
            "04,cost.z,,,vat,included,survey\n",
            "measure",
            "measures of the catalogue",
        ),
        (
            "04,cost.a,,,internal_rents,included,survey\n",
            "flag",
            "(internal_rent?)",
        ),
        ("04,cost.a,2021,2019,vat,included,survey\n", "to", "not before"),
        ("04,cost.a,,,vat,,survey\n", "value", "value"),
        (
            "01,cost.a,2021,,internal_rent,excluded,survey\n",
            "flag",
            "one value for each",
        ),
    ] {
        let table = format!("{FLAGS}{row}");
        let error = flagged(&table).refusal().to_string();
        let line = line_of(&table, row.trim_end());
        assert!(error.contains(part), "{row}: {error}");
        assert!(
            error.contains(&format!("comparability.csv:{line}")),
            "{row}: {error}"
        );
        assert!(error.contains(column), "{row}: {error}");
    }
}

#[test]
fn an_inequality_across_differing_flags_is_of_status_d() {
    let options = InequalityOptions {
        by: Some("province".into()),
        period: Some(2019.into()),
        borders: Borders::Then,
        ..InequalityOptions::default()
    };
    let found = release().inequality(COST, options).unwrap();
    // North is 01, 03 and 05, which differ; of South, 02 and 04, nothing is known.
    assert_eq!(found.whole.status, 'D');
    let letters: Vec<_> = found.groups.iter().map(|row| row.status).collect();
    assert_eq!(letters, ['D', 'A']);
    assert!(note(&found.notes, "comparability", Language::Sv).is_some());
}

#[test]
fn a_change_is_of_status_d_where_areas_differ_or_a_flag_turned() {
    let release = release();
    let change = |from: i32, to: i32| {
        let options = ChangeOptions {
            borders: Borders::On("2021-01-01".parse().unwrap()),
            ..ChangeOptions::from("province:N").between(from, to)
        };
        release.change(COST, options).unwrap()
    };
    // 01 has internal rents and 03 has not in 2019 and 2020: both ends differ within, and nothing turned.
    let found = change(2019, 2020);
    assert_eq!((found.rows[0].from.status, found.rows[0].to.status), ('D', 'D'));
    assert_eq!(note(&found.notes, "comparability-change", Language::En), None);
    assert!(note(&found.notes, "comparability", Language::En).is_some());
    // 03 turned in 2021.
    let found = change(2020, 2021);
    assert_eq!(found.rows[0].to.status, 'D');
    for (language, text) in [
        (
            Language::Fi,
            "Sisäiset vuokrat: kirjaustapa on 2021 toinen kuin 2020, joten muutos ei ole täysin vertailukelpoinen (D): Seeta.",
        ),
        (
            Language::Sv,
            "Interna hyror: bokföringssättet är ett annat 2021 än 2020, så förändringen är inte helt jämförbar (D): Seeta.",
        ),
        (
            Language::En,
            "Internal rents: recorded differently in 2021 than in 2020, so the change is not fully comparable (D): Seeta.",
        ),
    ] {
        let found = note(&found.notes, "comparability-change", language).unwrap();
        assert_eq!(found, text);
    }
}

#[test]
fn a_flag_that_turns_alone_makes_the_later_value_d() {
    let table = "area,measure,from,to,flag,value,source
03,cost.a,,2020,vat,included,survey
03,cost.a,2021,,vat,excluded,survey
";
    let options = ChangeOptions {
        borders: Borders::On("2021-01-01".parse().unwrap()),
        ..ChangeOptions::from("province:N").between(2020, 2021)
    };
    let found = flagged(table).release().change(COST, options).unwrap();
    assert_eq!((found.rows[0].from.status, found.rows[0].to.status), ('A', 'D'));
}

#[test]
fn intervals_of_groups_across_differing_flags_are_of_status_d() {
    let table = "area,measure,from,to,flag,value,source
01,loans.count,,,own_production,all,survey
03,loans.count,,,own_production,part,survey
";
    let options = IntervalsOptions {
        by: Some("province".into()),
        borders: Borders::Then,
        test: vec!["01".into(), "03".into()],
        ..IntervalsOptions::default()
    };
    let found = flagged(table)
        .release()
        .intervals("loans.per_inhabitant", options);
    let found = found.unwrap();
    let letters: Vec<_> = found.rows.iter().map(|row| row.status).collect();
    assert_eq!((letters[0], found.whole.status), ('D', 'D'));
    assert!(note(&found.notes, "comparability", Language::Fi).is_some());
}
