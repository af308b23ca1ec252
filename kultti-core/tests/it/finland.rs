//! The example release against its sources: the tables are read here with nothing but `split`, as an oracle.

use crate::data::finland;
use kultti_core::catalogue::Catalogue;
use kultti_core::compare::{CompareOptions, Comparison, ExplainOptions, GroupRow, GroupsOptions};
use kultti_core::language::Language;
use kultti_core::model::{Aggregate, Missing, Period};
use kultti_core::panel::Borders;
use kultti_core::release::Release;
use kultti_core::territory::Origin;
use std::collections::BTreeMap;

const CULTURE: [&str; 6] = [
    "library",
    "museum",
    "theatre_dance_circus",
    "music",
    "other_culture",
    "basic_arts_education",
];
const COST: &str = "culture.net_operating_cost_per_inhabitant";
const LOANS: &str = "library.loans_per_inhabitant";

fn release() -> Release {
    Release::from_static(kultti_datasets::EXAMPLE_RELEASE).expect("the example release")
}

/// Columns of a table without quoted cells, line by line.
fn table(file: &str) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(finland().join(file)).expect("a table");
    assert!(!text.contains('"'), "{file} has quoted cells");
    text.lines()
        .skip(1)
        .map(|line| line.split(',').map(str::to_owned).collect())
        .collect()
}

/// Σ of the values of culture in a year, of one area or of all.
fn culture(year: &str, area: Option<&str>) -> f64 {
    let measures = CULTURE.map(|function| format!("{function}.net_operating_cost"));
    table("observations/net_operating_costs.csv")
        .iter()
        .filter(|row| measures.contains(&row[0]) && row[1] == year && area.is_none_or(|area| row[2] == area))
        .filter(|row| !row[4].is_empty())
        .map(|row| row[4].parse::<f64>().expect("a number"))
        .sum()
}

/// Inhabitants by area, of a year on the borders of a date.
fn population(year: &str, borders: &str) -> BTreeMap<String, f64> {
    table("observations/population.csv")
        .into_iter()
        .filter(|row| row[1] == year && row[3] == borders)
        .map(|row| (row[2].clone(), row[4].parse().expect("a number")))
        .collect()
}

fn compare(release: &Release, indicator: &str, area: &str, year: i32, borders: Borders) -> Comparison {
    let options = CompareOptions::from(area).with_period(year).with_borders(borders);
    release.compare(indicator, options).expect("a comparison")
}

fn groups(release: &Release, indicator: &str, by: &str, year: i32, borders: Borders) -> Vec<GroupRow> {
    let options = GroupsOptions {
        borders,
        period: Some(year.into()),
        ..GroupsOptions::from(by)
    };
    release.groups(indicator, options).expect("groups").rows
}

fn on(date: &str) -> Borders {
    Borders::On(date.parse().expect("a date"))
}

#[test]
fn kokkola_has_many_names() {
    let release = release();
    for text in ["Kokkola", "Karleby", "272", "KOKKOLA", "karleby"] {
        let comparison = release
            .compare(COST, CompareOptions::from(text).with_period(2019))
            .expect(text);
        assert_eq!(comparison.area.code.as_str(), "272");
        assert_eq!(comparison.area.name.get(Language::Sv), "Karleby");
    }
}

#[test]
fn the_culture_of_kokkola_is_the_sum_of_its_table() {
    // Libraries 2,861 + museums 1,181 + theatre 1,110 + music 1,001 + other 573 + arts education 645 thousand euros.
    assert_eq!(culture("2019", Some("272")), 7_371_000.0);
    assert_eq!(population("2019", "2021-01-01")["272"], 47_681.0);
    let release = release();
    let cell = compare(&release, COST, "Kokkola", 2019, Borders::Now).cell;
    assert_eq!(
        (cell.numerator, cell.denominator),
        (Some(7_371_000.0), Some(47_681.0))
    );
    assert_eq!(cell.value, Some(7_371_000.0 / 47_681.0));
    for year in 2015..=2018 {
        let cell = compare(&release, COST, "272", year, Borders::Then).cell;
        assert_eq!(
            cell.numerator,
            Some(culture(&year.to_string(), Some("272"))),
            "{year}"
        );
    }
}

#[test]
fn every_municipality_has_the_figures_of_its_tables() {
    // Where nothing was merged the figure is that of the table, whatever the borders.
    let release = release();
    let (populations, changed) = (
        population("2019", "2021-01-01"),
        ["541", "911", "214", "099", "507", "588"],
    );
    let mut compared = 0;
    for (area, persons) in populations
        .iter()
        .filter(|(area, _)| !changed.contains(&area.as_str()))
        .step_by(7)
    {
        let cell = compare(&release, COST, area, 2019, Borders::Now).cell;
        assert_eq!(cell.value, Some(culture("2019", Some(area)) / persons), "{area}");
        compared += 1;
    }
    assert!(compared > 40, "{compared}");
}

/// The total of the country, and that of its nineteen regions together, are the sum of the table.
fn adds_up(borders: Borders) {
    let release = release();
    let expected = culture("2019", None);
    let total = |by| -> Vec<Option<f64>> {
        groups(&release, "culture.net_operating_cost", by, 2019, borders)
            .iter()
            .map(|row| row.value)
            .collect()
    };
    assert_eq!(total("country"), [Some(expected)], "{borders}");
    let regions = total("region");
    assert_eq!(regions.len(), 19);
    assert!(
        regions.iter().all(Option::is_some),
        "{borders}: a region lacks its total"
    );
    assert_eq!(regions.iter().flatten().sum::<f64>(), expected, "{borders}");
}

#[test]
fn the_country_is_the_sum_of_its_table() {
    assert!(
        culture("2019", None) > 8e8,
        "more than eight hundred million euros"
    );
    adds_up(Borders::Now);
    adds_up(on("2021-01-01"));
}

#[test]
fn the_country_is_the_sum_of_its_table_with_joint_units() {
    // On the borders of 2019 the figure of Nurmes holds that of Valtimo: nothing is missing from the sum.
    adds_up(Borders::Then);
}

#[test]
fn the_ratio_of_the_country_is_that_of_the_sums() {
    let release = release();
    let persons: f64 = population("2019", "2021-01-01").values().sum();
    let row = &groups(&release, COST, "country", 2019, Borders::Now)[0];
    assert_eq!(row.aggregate, Aggregate::RatioOfSums);
    assert_eq!(row.value, Some(culture("2019", None) / persons));
    assert_eq!(row.coverage_denominator, Some(1.0));
}

#[test]
fn nurmes_and_valtimo_are_joint_before_their_merger() {
    // 2017 on its own borders: the population is known for both together, on the borders of 2021.
    let release = release();
    let nurmes = compare(&release, COST, "Nurmes", 2017, Borders::Then);
    assert_eq!(nurmes.cell.letter(), 'W');
    assert_eq!(nurmes.cell.numerator, Some(culture("2017", Some("541"))));
    assert_eq!(
        nurmes.cell.denominator,
        Some(population("2017", "2021-01-01")["541"])
    );
    assert!(nurmes.notes.iter().any(|note| note.code() == "joint-value"));
    let valtimo = compare(&release, COST, "Valtimo", 2017, Borders::Then);
    assert_eq!(
        (valtimo.cell.letter(), valtimo.cell.missing),
        ('K', Some(Missing::Included))
    );
    let included = valtimo
        .notes
        .iter()
        .find(|note| note.code() == "included-in")
        .expect("the host is named");
    assert!(included.message.render(Language::En).contains("Nurmes"));
    // On the borders of today it is one municipality with one figure, status A.
    let now = compare(&release, COST, "Nurmes", 2017, Borders::Now).cell;
    assert_eq!((now.value, now.letter()), (nurmes.cell.value, 'A'));
}

#[test]
fn kankaanpaa_and_honkajoki_are_known_apart_in_2018_only() {
    let release = release();
    for (area, persons) in [("214", 11_471.0), ("099", 1_666.0)] {
        assert_eq!(population("2018", "2020-01-01")[area], persons);
        let cell = compare(&release, COST, area, 2018, Borders::Then).cell;
        assert_eq!((cell.denominator, cell.missing), (Some(persons), None));
        assert_eq!(cell.value, Some(culture("2018", Some(area)) / persons));
        let cell = compare(&release, COST, area, 2019, Borders::Then).cell;
        assert_eq!(
            (cell.value, cell.missing),
            (None, Some(Missing::NotKnownOnBorders)),
            "{area}"
        );
    }
    let now = compare(&release, COST, "214", 2018, Borders::Now).cell;
    assert_eq!(
        now.numerator,
        Some(culture("2018", Some("214")) + culture("2018", Some("099")))
    );
    assert_eq!(now.denominator, Some(13_137.0));
    let error = release
        .compare(COST, CompareOptions::from("Honkajoki").with_period(2018))
        .expect_err("it has ended");
    assert_eq!(error.code(), "K0403");
    assert!(
        error.to_string().contains("Kankaanpää (214)") && error.to_string().contains("2020-12-31"),
        "{error}"
    );
}

#[test]
fn the_borders_of_2012_are_not_known() {
    let release = release();
    let options = || {
        CompareOptions::from("272")
            .with_period(2012)
            .with_peers(["country"])
    };
    let error = release
        .compare(LOANS, options().with_borders(Borders::Then))
        .expect_err("borders are known from 2013");
    assert_eq!(error.code(), "K0506");
    assert!(
        error.to_string().contains("2012") && error.to_string().contains("2013-01-01"),
        "{error}"
    );
    assert!(
        release
            .compare(LOANS, options())
            .expect("a comparison")
            .cell
            .value
            .is_some()
    );
}

#[test]
fn a_year_before_the_usual_groupings_is_compared_all_the_same() {
    // Regions are known from 2013; whoever asks for 2012 has not asked for them.
    let found = release().compare(LOANS, CompareOptions::from("272").with_period(2012));
    assert!(found.is_ok_and(|comparison| comparison.peers.iter().any(|peer| peer.grouping == "country")));
}

#[test]
fn a_grouping_that_ended_is_refused_after_its_end() {
    let release = release();
    assert!(groups(&release, COST, "avi", 2019, Borders::Now).len() >= 6);
    let options = GroupsOptions {
        period: Some(2019.into()),
        as_of_year: Some(2026),
        ..GroupsOptions::from("avi")
    };
    let error = release
        .groups(COST, options)
        .expect_err("the agencies ended in 2025");
    assert_eq!(error.code(), "K0507");
    assert!(
        error.to_string().contains("avi") && error.to_string().contains("2013–2025"),
        "{error}"
    );
    let options = GroupsOptions {
        period: Some(2019.into()),
        as_of_year: Some(2026),
        ..GroupsOptions::from("vitality_centre")
    };
    assert!(release.groups(COST, options).is_ok());
}

#[test]
fn loans_are_published_ratios() {
    let release = release();
    let options = GroupsOptions {
        aggregate: Some(Aggregate::RatioOfSums),
        ..GroupsOptions::from("region")
    };
    assert_eq!(
        release.groups(LOANS, options).expect_err("not additive").code(),
        "K0503"
    );
    let country = |year| groups(&release, LOANS, "country", year, Borders::Now).remove(0);
    assert_eq!(
        (country(2019).aggregate, country(2019).value),
        (Aggregate::Published, Some(15.66))
    );
    // The published country of 2017 is missing: the median of the municipalities stands in its place.
    let mut values: Vec<f64> = table("observations/library_loans.csv")
        .iter()
        .filter(|row| row[1] == "2017" && row[2] != "SSS" && !row[4].is_empty())
        .map(|row| row[4].parse().expect("a number"))
        .collect();
    values.sort_by(f64::total_cmp);
    let row = groups(&release, LOANS, "country", 2017, on("2018-01-01")).remove(0);
    let middle = values.len() / 2;
    let median = if values.len() % 2 == 1 {
        values[middle]
    } else {
        f64::midpoint(values[middle - 1], values[middle])
    };
    assert_eq!((row.aggregate, row.n), (Aggregate::Median, values.len()));
    assert_eq!(row.value, Some(median));
}

#[test]
fn aland_is_outside_the_library_statistics() {
    let release = release();
    let cell = compare(&release, LOANS, "478", 2019, Borders::Now).cell;
    assert_eq!((cell.letter(), cell.missing), ('M', Some(Missing::OutOfScope)));
    let aland = groups(&release, LOANS, "region", 2019, Borders::Now)
        .into_iter()
        .find(|row| row.group.as_str() == "21");
    assert!(aland.is_none_or(|row| row.members == 0 && row.value.is_none()));
    // Costs have it.
    assert!(
        compare(&release, COST, "478", 2019, Borders::Now)
            .cell
            .value
            .is_some()
    );
}

#[test]
fn mergers_carry_the_population_of_2013_to_that_of_2021() {
    // 2000–2012 are published on both borders: the graph of mergers must lead from one table to the other, exactly.
    let release = release();
    let transfer = release.territory().transfer(
        "2013-01-01".parse().expect("a date"),
        "2021-01-01".parse().expect("a date"),
    );
    for year in 2000..=2012 {
        let (before, after) = (
            population(&year.to_string(), "2013-01-01"),
            population(&year.to_string(), "2021-01-01"),
        );
        assert!(before.len() > after.len() && after.len() > 300);
        for (area, persons) in &after {
            let sum: f64 = match transfer.origin(release.territory().number(area).expect("a code")) {
                Origin::Same => before[area],
                Origin::Parts(parts) => parts
                    .iter()
                    .map(|part| before[part.area.as_str()] * part.weights.population)
                    .sum(),
                Origin::Unknown => panic!("{area} cannot be carried over"),
            };
            assert_eq!(sum, *persons, "{area} in {year}");
        }
    }
}

#[test]
fn each_borders_has_its_own_table_of_population() {
    // Kaarina and Lieto apart: 423 was joined by 838 in 2015.
    let release = release();
    let population = |area: &str, borders| {
        let id = "population.year_end".into();
        let measure = release.catalogue().measure(&id).expect("the measure");
        let date = Borders::date(borders, release.territory(), Period::year(2012)).expect("a date");
        let slice = kultti_core::panel::Slicer::new(&release)
            .measure(measure, Period::year(2012), date)
            .expect("a slice");
        let areas = release.territory().areas_on(date);
        let index = areas.position(&area.into()).expect("the area");
        slice.figures.value(index)
    };
    assert_eq!(population("423", on("2013-01-01")), Some(17_023.0));
    assert_eq!(population("838", on("2013-01-01")), Some(1_959.0));
    assert_eq!(population("423", Borders::Now), Some(18_982.0));
}

#[test]
fn an_indicator_without_figures_says_which_measures_lack_them() {
    let release = release();
    let error = release
        .compare("library.visits_per_inhabitant", "272")
        .expect_err("declared, but without figures");
    assert_eq!(error.code(), "K0408");
    assert!(error.to_string().contains("library.visits"), "{error}");
}

#[test]
fn catalogues_load_and_resolve() {
    for (path, text, least) in [
        ("youth_work.toml", kultti_datasets::YOUTH_WORK, 4),
        ("culture.toml", kultti_datasets::CULTURE, 20),
    ] {
        let catalogue = Catalogue::from_toml(path, text).expect(path);
        let ids: Vec<String> = catalogue
            .indicators()
            .map(|indicator| indicator.id.to_string())
            .collect();
        assert!(ids.len() >= least);
        for id in ids {
            let indicator = catalogue.indicator(&id).expect(&id);
            assert!(!indicator.formula.measures().is_empty(), "{id}");
        }
    }
}

#[test]
fn indicators_are_found_in_every_language() {
    let release = release();
    for word in ["kirjasto", "bibliotek", "library", "KIRJASTO", "lainat", "lån"] {
        let found = release.catalogue().search(word);
        assert!(
            found.iter().any(|indicator| indicator.id.as_str() == LOANS),
            "{word}"
        );
        assert!(
            found.len() < release.catalogue().indicators().count(),
            "{word} finds everything"
        );
    }
    assert!(release.catalogue().search("zzzzzz").is_empty());
}

#[test]
fn no_group_has_more_figures_than_members() {
    let release = release();
    for indicator in [COST, LOANS, "culture.share_of_operating_economy"] {
        for by in [
            "region",
            "sub_region",
            "urban_rural",
            "language",
            "size",
            "major_region",
            "wellbeing_county",
            "country",
        ] {
            for borders in [Borders::Now, Borders::Then] {
                for row in groups(&release, indicator, by, 2019, borders) {
                    let name = format!("{indicator} {by} {} {borders}", row.group);
                    assert!(row.n <= row.members, "{name}: {} of {}", row.n, row.members);
                    let share = |share: Option<f64>| share.is_none_or(|share| (0.0..=1.0).contains(&share));
                    assert!(
                        share(row.coverage_areas) && share(row.coverage_denominator),
                        "{name}"
                    );
                    assert_eq!(row.value.is_none(), row.missing.is_some(), "{name}");
                }
            }
        }
    }
}

#[test]
fn every_area_of_a_region_is_counted_once() {
    let release = release();
    for (borders, areas) in [(Borders::Now, 308), (Borders::Then, 311)] {
        let members: usize = groups(&release, COST, "region", 2019, borders)
            .iter()
            .map(|row| row.members)
            .sum();
        assert_eq!(members, areas, "{borders}");
    }
}

#[test]
fn a_figure_of_kokkola_names_its_tables() {
    let options = ExplainOptions {
        period: Some(2019.into()),
        ..ExplainOptions::from("Kokkola")
    };
    let why = release().explain(COST, options).expect("an explanation");
    assert_eq!(why.measures.len(), 7);
    assert_eq!(
        why.formula_with_numbers,
        "(2861000 + 1181000 + 1110000 + 1001000 + 573000 + 645000) / 47681"
    );
    for used in &why.measures {
        let origin = if used.denominator {
            "observations/population.csv"
        } else {
            "observations/net_operating_costs.csv"
        };
        assert_eq!(used.parts[0].origin, origin);
    }
}
