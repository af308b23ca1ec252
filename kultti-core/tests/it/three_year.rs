//! Three years as one, on Northland by hand. cost_a.per_inhabitant on the borders of 2021; the price index is 100, 125 and
//! 160 (preliminary) in 2019, 2020 and 2021.

use crate::data::{Northland, northland};
use kultti_core::compare::{CompareOptions, Note, RankOptions, TrendOptions};
use kultti_core::export::Export;
use kultti_core::language::Language;
use kultti_core::model::Missing;
use kultti_core::panel::Borders;
use kultti_core::release::Release;

const COST: &str = "cost_a.per_inhabitant";

fn asked(area: &str, year: i32) -> CompareOptions {
    CompareOptions {
        three_year: true,
        ..CompareOptions::from(area)
            .with_period(year)
            .with_borders(Borders::Then)
            .with_peers(["country"])
    }
}

fn ranking(year: i32) -> RankOptions {
    RankOptions {
        period: Some(year.into()),
        borders: Borders::Then,
        three_year: true,
        ..RankOptions::default()
    }
}

fn note(notes: &[Note], code: &str, language: Language) -> Option<String> {
    let found = notes.iter().find(|note| note.code() == code);
    found.map(|note| note.message.render(language))
}

fn close(found: Option<f64>, expected: f64) {
    let found = found.unwrap_or_else(|| panic!("no value, expected {expected}"));
    assert!(
        (found - expected).abs() <= 1e-12 * expected.abs(),
        "{found} is not {expected}"
    );
}

#[test]
fn euros_are_in_the_money_of_the_last_year_by_the_longest_index() {
    let found = northland().compare(COST, asked("03", 2021)).unwrap();
    // 40000·160/100 + 40000·160/125 + 44000 = 64000 + 51200 + 44000 = 159200; three times 2000 inhabitants.
    assert_eq!(found.cell.numerator, Some(159_200.0));
    assert_eq!(found.cell.denominator, Some(6000.0));
    close(found.cell.value, 159_200.0 / 6000.0);
    // Nominal: 40000 + 40000 + 44000.
    close(found.cell.nominal, 124_000.0 / 6000.0);
    assert_eq!(found.cell.letter(), 'P', "the index of 2021 is preliminary");
    assert_eq!(
        found.context.price_basis.as_ref().unwrap().to_string(),
        "cpi@2021"
    );
    assert!(found.context.three_year);
    assert_eq!(found.json(Language::En)["three_year"], true);
    for (language, part) in [
        (Language::Fi, "Kolmen vuoden arvo (2019–2021)"),
        (Language::Sv, "Värde för tre år (2019–2021)"),
        (Language::En, "Value of three years (2019–2021)"),
    ] {
        let text = note(&found.notes, "three-year", language).unwrap();
        assert!(text.contains(part), "{text}");
    }
    assert!(
        note(&found.notes, "real-prices", Language::En)
            .unwrap()
            .contains("2021")
    );
}

#[test]
fn chosen_prices_are_kept() {
    let options = CompareOptions {
        real: Some("cpi@2019".parse().unwrap()),
        ..asked("03", 2021)
    };
    let found = northland().compare(COST, options).unwrap();
    // 40000 + 40000·100/125 + 44000·100/160 = 40000 + 32000 + 27500.
    close(found.cell.value, 99_500.0 / 6000.0);
}

#[test]
fn merged_areas_and_the_group_are_pooled_too() {
    let found = northland().compare(COST, asked("01", 2021)).unwrap();
    // 01 with 02: (30000 + 10000)·1.6 + (36000 + 12000)·1.28 + 51000 = 64000 + 61440 + 51000;
    // inhabitants 1500 + 1600 + 1700.
    close(found.cell.value, 176_440.0 / 4800.0);
    // The country without 06, whose 2019 is missing: 01, 03, 04 (80000 + 64000 + 0) and 05 (192000 + 153600 + 150000).
    let country = &found.peers[0];
    let sum = 176_440.0 + 159_200.0 + 144_000.0 + 495_600.0;
    close(country.row.value, sum / (4800.0 + 6000.0 + 3000.0 + 9000.0));
    assert_eq!((country.row.n, country.row.members), (4, 5));
    close(country.difference, 176_440.0 / 4800.0 - sum / 22_800.0);
}

#[test]
fn a_missing_year_makes_the_whole_missing() {
    let found = northland().compare(COST, asked("06", 2021)).unwrap();
    assert_eq!(found.cell.value, None);
    assert_eq!(found.cell.missing, Some(Missing::NotReported));
    // 2018 is not there at all, so that 2020 has no three years.
    let error = northland().compare(COST, asked("03", 2020)).unwrap_err();
    assert_eq!(error.code(), "K0409");
    assert!(error.to_string().contains("2018"), "{error}");
}

#[test]
fn a_ranking_is_of_one_kind_and_small_areas_reach_the_minimum_together() {
    let ranked = |release: &Release, options: RankOptions| {
        let found = release.rank(COST, options).unwrap();
        let row =
            |row: &kultti_core::compare::RankRow| (row.area.code.to_string(), row.rank, row.cell.letter());
        found.rows.iter().map(row).collect::<Vec<_>>()
    };
    // Smallest first: 26.5, 36.8, 48, 55.1.
    let row = |code: &str, rank: Option<f64>, letter: char| (code.to_owned(), rank, letter);
    assert_eq!(
        ranked(&northland(), ranking(2021)),
        [
            row("03", Some(1.0), 'P'),
            row("01", Some(2.0), 'P'),
            row("04", Some(3.0), 'P'),
            row("05", Some(4.0), 'P'),
            row("06", None, 'O'),
        ]
    );
    // A minimum of 4000: in one year nobody has so many; in three years 01, 03 and 05 have, 04 has 3000.
    let release = Northland::new()
        .with(
            "catalogue.toml",
            "formula = \"cost.a / population.year_end\"\n",
            "formula = \"cost.a / population.year_end\"\nminimum_denominator = 4000\n",
        )
        .release();
    let yearly = RankOptions {
        three_year: false,
        ..ranking(2021)
    };
    assert!(ranked(&release, yearly).iter().all(|(_, rank, _)| rank.is_none()));
    assert_eq!(
        ranked(&release, ranking(2021)),
        [
            row("03", Some(1.0), 'P'),
            row("01", Some(2.0), 'P'),
            row("05", Some(3.0), 'P'),
            row("04", None, 'U'),
            row("06", None, 'O'),
        ]
    );
}

#[test]
fn a_series_begins_with_the_third_year() {
    let options = TrendOptions {
        areas: vec!["03".into()],
        three_year: true,
        ..TrendOptions::default()
    };
    let found = northland().trend(COST, options).unwrap();
    let points: Vec<_> = found
        .points
        .iter()
        .map(|point| point.period.to_string())
        .collect();
    assert_eq!(points, ["2021", "2022"]);
    // In the money of 2022 (200): 80000 + 64000 + 55000 over 6000; then 64000 + 55000 + 60000 over 6000.
    close(found.points[0].cell.value, 199_000.0 / 6000.0);
    close(found.points[1].cell.value, 179_000.0 / 6000.0);
    close(found.points[1].change, -20_000.0 / 6000.0);
}

#[test]
fn the_small_area_note_points_to_three_years_until_they_are_used() {
    let release = northland();
    let yearly = CompareOptions::from("04")
        .with_period(2021)
        .with_borders(Borders::Then);
    let found = release.compare(COST, yearly).unwrap();
    for language in Language::ALL {
        let text = note(&found.notes, "small-area", language).unwrap();
        assert!(text.contains("--three-year"), "{text}");
    }
    let found = release.compare(COST, asked("04", 2021)).unwrap();
    // 3000 person-years are still few.
    assert!(
        !note(&found.notes, "small-area", Language::En)
            .unwrap()
            .contains("--three-year")
    );
    let found = release.compare(COST, asked("03", 2021)).unwrap();
    assert_eq!(note(&found.notes, "small-area", Language::En), None);
}

#[test]
fn what_cannot_be_pooled_is_refused() {
    let release = northland();
    for (indicator, part) in [
        ("cost_a.total", "denominator"),
        ("loans.published", "denominator"),
    ] {
        let options = CompareOptions {
            three_year: true,
            ..CompareOptions::from("03")
        };
        let error = release.compare(indicator, options).unwrap_err();
        assert_eq!(error.code(), "K0508");
        assert!(error.to_string().contains(part), "{error}");
        assert!(error.to_string().contains("value of three years"), "{error}");
    }
}

#[test]
fn the_steps_show_the_sums_and_all_three_years() {
    let release = northland();
    let found = release.compare(COST, asked("03", 2021)).unwrap();
    let why = release.explain_result(&found).unwrap();
    assert_eq!(why.steps[0].what.code(), "step.three-years");
    assert_eq!(why.steps[0].numbers, "1 * 159200 / 6000");
    let years: Vec<_> = why.inputs.iter().map(|input| input.period.to_string()).collect();
    assert_eq!(years, ["2019", "2020", "2021"]);
    // The figure of 2019 in the money of 2021: 40000 / 2000 · 160 / 100.
    let figure = why.inputs[0]
        .figures
        .iter()
        .find(|figure| figure.area.code.as_str() == "03");
    close(figure.unwrap().cell.value, 32.0);
}

const BREAKS: &str = "measure,area,period,cause_fi,cause_sv,cause_en,factor,source\n";

fn broken(rows: &str) -> Release {
    let joint = "joint_units = \"joint_units.csv\"";
    Northland::new()
        .with(
            "release.toml",
            joint,
            &format!("{joint}\nbreaks = \"breaks.csv\""),
        )
        .written("breaks.csv", format!("{BREAKS}{rows}"))
        .release()
}

#[test]
fn a_named_break_inside_the_three_years_leaves_no_value_and_is_named() {
    let release = broken("cost.a,03,2020,luokitus,klassificering,classes,1.1,Office\n");
    let found = release.compare(COST, asked("03", 2021)).unwrap();
    assert_eq!(found.cell.value, None);
    assert_eq!(found.cell.missing, Some(Missing::BreakInSeries));
    for (language, text) in [
        (
            Language::Fi,
            "Seeta: kolmen vuoden arvoa 2019–2021 ei lasketa: katkos aikasarjassa 2020: luokitus. Lähde: Office.",
        ),
        (
            Language::Sv,
            "Seeta: inget värde för de tre åren 2019–2021 beräknas: brott i tidsserien 2020: klassificering. Källa: Office.",
        ),
        (
            Language::En,
            "Seeta: no value of the three years 2019–2021: a break in the series in 2020: classes. Source: Office.",
        ),
    ] {
        assert_eq!(
            note(&found.notes, "three-year-break-named", language).unwrap(),
            text
        );
    }
    // The others are as they were: 01, 04 and 05 of five members are 0.6; 16 800 of their and 03's person-years are more.
    let other = release.compare(COST, asked("01", 2021)).unwrap();
    close(other.cell.value, 176_440.0 / 4800.0);
    let country = &other.peers[0].row;
    assert_eq!((country.n, country.members), (3, 5));
    close(country.value, (176_440.0 + 144_000.0 + 495_600.0) / 16_800.0);
    let ranked = release.rank(COST, ranking(2021)).unwrap();
    let row = ranked.rows.iter().find(|row| row.area.code.as_str() == "03");
    assert_eq!(row.unwrap().cell.missing, Some(Missing::BreakInSeries));
    assert!(note(&ranked.notes, "three-year-break-named", Language::En).is_some());
}

#[test]
fn a_break_at_the_first_of_the_three_years_lies_before_them() {
    let release = broken("cost.a,,2019,luokitus,klassificering,classes,,Office\n");
    let found = release.compare(COST, asked("03", 2021)).unwrap();
    close(found.cell.value, 159_200.0 / 6000.0);
    assert_eq!(note(&found.notes, "three-year-break-named", Language::En), None);
    // One of 2021 is in every series, so that nobody has a value, and nobody is named one by one.
    let release = broken("cost.a,,2021,luokitus,klassificering,classes,,Office\n");
    let found = release.compare(COST, asked("03", 2021)).unwrap();
    assert_eq!(found.cell.missing, Some(Missing::BreakInSeries));
    assert_eq!(found.peers[0].row.missing, Some(Missing::NoMembers));
    assert!(
        note(&found.notes, "three-year-break-named", Language::En)
            .unwrap()
            .starts_with("no value of the three years 2019–2021"),
    );
}

#[test]
fn a_series_of_three_years_has_no_points_across_a_break_and_goes_on_after_it() {
    let release = broken("cost.a,,2020,luokitus,klassificering,classes,,Office\n");
    let options = TrendOptions {
        areas: vec!["03".into()],
        three_year: true,
        ..TrendOptions::default()
    };
    let found = release.trend(COST, options).unwrap();
    let points: Vec<_> = found
        .points
        .iter()
        .map(|point| (point.period.to_string(), point.cell.missing, point.index))
        .collect();
    // 2019–2021 holds the break, 2020–2022 begins with it.
    assert_eq!(
        points,
        [
            ("2021".to_owned(), Some(Missing::BreakInSeries), None),
            ("2022".to_owned(), None, Some(100.0)),
        ]
    );
    assert!(note(&found.notes, "three-year-break-named", Language::Sv).is_some());
}

#[test]
fn a_break_that_only_a_status_tells_of_leaves_no_value_either() {
    let release = Northland::new()
        .with(
            "observations/costs.csv",
            "cost.a,2020,03,2020-01-01,40000,A",
            "cost.a,2020,03,2020-01-01,40000,B",
        )
        .release();
    let found = release.compare(COST, asked("03", 2021)).unwrap();
    assert_eq!(found.cell.missing, Some(Missing::BreakInSeries));
    let text = note(&found.notes, "three-year-break", Language::En).unwrap();
    assert_eq!(
        text,
        "Seeta: no value of the three years 2019–2021: a break in the series in 2020."
    );
}

#[test]
fn the_difference_in_the_budget_is_of_one_year() {
    let found = northland().compare(COST, asked("03", 2021)).unwrap();
    let country = &found.peers[0];
    // (x − X) times 2000 inhabitants, not times the 6000 person-years of three years.
    let difference = 159_200.0 / 6000.0 - country.row.value.unwrap();
    close(country.standing.difference_budget, difference * 2000.0);
}

#[test]
fn sums_of_three_years_in_real_prices_keep_their_fractions() {
    let release = Northland::new()
        .with(
            "observations/costs.csv",
            "cost.a,2021,03,2021-01-01,44000,A",
            "cost.a,2021,03,2021-01-01,44001,A",
        )
        .release();
    let options = CompareOptions {
        real: Some("cpi@2019".parse().unwrap()),
        peers: vec!["03".into(), "04".into()],
        ..asked("03", 2021)
    };
    let found = release.compare(COST, options).unwrap();
    // 03: 40000 + 40000·100/125 + 44001·100/160 = 99500.625; 04: 50000 + 50000·100/125 + 0 = 90000.
    close(found.peers[0].row.value, (99_500.625 + 90_000.0) / 9000.0);
}
