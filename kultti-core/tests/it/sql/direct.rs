//! What SQL answers is what the verbs answer, whatever the number of threads.

use super::{example, rows};
use crate::sql::logic::texts;
use kultti_core::compare::{
    CompareAllOptions, CompareOptions, GroupsOptions, Order, RankOptions, TrendOptions,
};
use kultti_core::export::{Export, to_record_batch};
use kultti_core::language::Language;
use kultti_core::panel::{Borders, Slicer};
use kultti_core::sql::Database;

const THREADS: [usize; 3] = [1, 2, 5];

fn text(number: Option<f64>) -> String {
    number.map_or_else(|| "NULL".to_owned(), |number| number.to_string())
}

/// Columns of the machine table of an answer, as texts.
fn table(answer: &impl Export, columns: &[&str]) -> Vec<Vec<String>> {
    let batch = to_record_batch(&answer.table(Language::En)).expect("a batch");
    let places: Vec<usize> = columns
        .iter()
        .map(|name| batch.schema().index_of(name).expect("a column"))
        .collect();
    texts(&[batch.project(&places).expect("the columns")])
}

fn everywhere(sql: &str, expected: &[Vec<String>]) {
    for threads in THREADS {
        let found = rows(&example(threads), sql);
        assert!(!found.is_empty(), "{sql}");
        assert_eq!(found.len(), expected.len(), "{sql} with {threads} threads");
        for (found, expected) in found.iter().zip(expected) {
            assert_eq!(found, expected, "{sql} with {threads} threads");
        }
    }
}

fn release(database: &Database) -> &kultti_core::release::Release {
    database.release()
}

#[test]
fn rank_is_rank() {
    let one = example(1);
    for (indicator, order) in [
        ("library.loans_per_inhabitant", None),
        ("museum.net_operating_cost_per_inhabitant", Some(Order::Ascending)),
    ] {
        let options = RankOptions {
            period: Some(2018.into()),
            order,
            borders: Borders::Then,
            ..RankOptions::default()
        };
        let ranking = release(&one).rank(indicator, options).expect("a ranking");
        let columns = [
            "code",
            "name",
            "value",
            "rank",
            "percent_rank",
            "status",
            "missing",
            "n",
            "order",
            "notes",
            "territory",
        ];
        let order = order.map_or(String::new(), |order| format!(", '{}'", order.name()));
        let sql = format!(
            "SELECT area, name, value, rank, percent_rank, status, missing, n, rank_order, notes, territory \
             FROM rank('{indicator}', '2018', 'then'{order})"
        );
        everywhere(&sql, &table(&ranking, &columns));
    }
}

#[test]
fn groups_are_groups() {
    let one = example(1);
    for grouping in ["region", "size", "country"] {
        let options = GroupsOptions {
            period: Some(2017.into()),
            ..GroupsOptions::from(grouping)
        };
        let groups = release(&one)
            .groups("culture.net_operating_cost_per_inhabitant", options)
            .expect("groups");
        let columns = [
            "group",
            "name",
            "value",
            "aggregator",
            "n",
            "members",
            "coverage_areas",
            "coverage_denominator",
            "status",
            "missing",
            "zeros",
            "value_without_zeros",
            "definition",
            "unit",
        ];
        let sql = format!(
            "SELECT group_code, name, value, aggregator, n, members, coverage_areas, coverage_denominator, status, missing, \
             zeros, value_without_zeros, definition, unit \
             FROM groups('culture.net_operating_cost_per_inhabitant', '2017', '{grouping}')"
        );
        everywhere(&sql, &table(&groups, &columns));
    }
}

#[test]
fn trends_are_trends() {
    let one = example(1);
    let columns = [
        "code",
        "name",
        "period",
        "value",
        "change",
        "change_relative",
        "index",
        "status",
        "missing",
        "slope",
        "slope_lower",
        "slope_upper",
        "intercept",
        "tau",
        "p",
        "n",
        "trend_missing",
        "change_missing",
        "index_missing",
    ];
    let names = "area, name, period, value, change, change_relative, \"index\", status, missing, slope, slope_lower, \
                 slope_upper, intercept, tau, p, n, trend_missing, change_missing, index_missing";
    let options = TrendOptions {
        areas: vec!["Karleby".into(), "091".into()],
        from: Some(2016.into()),
        ..TrendOptions::default()
    };
    let trend = release(&one)
        .trend("library.loans_per_inhabitant", options)
        .expect("a trend");
    let sql = format!("SELECT {names} FROM trend('library.loans_per_inhabitant', 'Karleby', '091', '2016')");
    everywhere(&sql, &table(&trend, &columns));
    // Without an area: all of the country.
    let territory = release(&one).territory();
    let options = TrendOptions {
        areas: territory
            .areas_on(territory.now())
            .codes()
            .iter()
            .map(ToString::to_string)
            .collect(),
        ..TrendOptions::default()
    };
    let trend = release(&one)
        .trend("library.loans_per_inhabitant", options)
        .expect("a trend");
    let sql = format!("SELECT {names} FROM trend('library.loans_per_inhabitant')");
    everywhere(&sql, &table(&trend, &columns));
}

#[test]
fn compare_is_compare_for_every_area() {
    let one = example(1);
    for (indicator, year) in [
        ("library.loans_per_inhabitant", 2019),
        ("museum.net_operating_cost_per_inhabitant", 2016),
    ] {
        let sql = format!(
            "SELECT area, name, value, status, missing, rank, percent_rank, difference, difference_relative, z, robust_z \
             FROM compare('{indicator}', '{year}') ORDER BY area"
        );
        let territory = release(&one).territory();
        let mut expected = Vec::new();
        for code in territory.areas_on(territory.now()).codes() {
            let options = CompareOptions::from(code.as_str())
                .with_period(year)
                .with_peers(["country"]);
            let found = release(&one).compare(indicator, options).expect("a comparison");
            let country = &found.peers[0];
            let missing = found.cell.missing.map_or("NULL", |reason| reason.code());
            expected.push(vec![
                code.to_string(),
                found.area.name.get(Language::En).to_owned(),
                text(found.cell.value),
                found.cell.letter().to_string(),
                missing.to_owned(),
                text(found.position.rank),
                text(found.position.percent_rank),
                text(country.difference),
                text(country.difference_relative),
                text(country.standing.z),
                text(country.standing.robust_z),
            ]);
        }
        everywhere(&sql, &expected);
    }
}

#[test]
fn compare_all_is_compare_all() {
    let one = example(1);
    let asked = [
        "rank",
        "percent_rank",
        "z",
        "difference:region",
        "change",
        "index:2017",
    ];
    let options = CompareAllOptions::columns(asked)
        .expect("columns")
        .with_order(Order::Descending);
    let direct: Vec<_> = one
        .release()
        .compare_all(options)
        .expect("everything")
        .collect::<Result<_, _>>()
        .expect("batches");
    // It comes in the order that SQL is promised.
    assert!(texts(&direct).is_sorted_by(|left, right| left[..3] <= right[..3]));
    let sql = "SELECT * FROM compare_all('rank', 'percent_rank', 'z', 'difference:region', 'change', 'index:2017', \
               'descending') ORDER BY indicator, period, area";
    everywhere(sql, &texts(&direct));
    // Fewer columns in another order, fewer rows: those of the whole.
    let kept: Vec<Vec<String>> = texts(&direct)
        .into_iter()
        .filter(|row| row[0].starts_with("library.") && row[1].as_str() >= "2018" && row[2] == "272")
        .map(|row| [10, 2, 1, 6, 0].map(|column: usize| row[column].clone()).to_vec())
        .collect();
    let sql = "SELECT change, area, period, rank, indicator FROM compare_all('rank', 'percent_rank', 'z', \
               'difference:region', 'change', 'index:2017', 'descending') \
               WHERE indicator LIKE 'library.%' AND period >= '2018' AND area = '272' ORDER BY indicator, period";
    everywhere(sql, &kept);
}

#[test]
fn figures_on_other_borders_are_those_of_the_panel() {
    let one = example(1);
    let release = release(&one);
    let (measure, period) = ("population.year_end".into(), 2015.into());
    for borders in [
        Borders::Now,
        Borders::Then,
        Borders::On("2018-06-01".parse().expect("a day")),
    ] {
        let declared = release.catalogue().measure(&measure).expect("a measure");
        let date = borders.date(release.territory(), period).expect("a date");
        let slice = Slicer::new(release)
            .measure(declared, period, date)
            .expect("a slice");
        let areas = release.territory().areas_on(date);
        let row = |(place, code): (usize, &kultti_core::model::AreaCode)| {
            vec![
                code.to_string(),
                text(slice.figures.value(place)),
                slice.figures.letter(place).to_string(),
                slice.is_merged(place).to_string(),
                date.to_string(),
            ]
        };
        let expected: Vec<Vec<String>> = areas.codes().iter().enumerate().map(row).collect();
        let sql = format!(
            "SELECT area, value, status, merged, territory FROM convert_territory('population.year_end', '2015', '{borders}')"
        );
        everywhere(&sql, &expected);
    }
}

#[test]
fn a_view_of_a_theme_has_the_values_of_its_indicators() {
    let one = example(1);
    let trend = release(&one)
        .trend("library.net_operating_cost_per_inhabitant", "272")
        .expect("a trend");
    let expected: Vec<Vec<String>> = trend
        .points
        .iter()
        .map(|point| vec![point.period.to_string(), text(point.cell.value)])
        .collect();
    let sql = "SELECT period, library_net_operating_cost_per_inhabitant FROM theme_economy \
               WHERE area = '272' AND library_net_operating_cost_per_inhabitant IS NOT NULL ORDER BY period";
    everywhere(sql, &expected);
}
