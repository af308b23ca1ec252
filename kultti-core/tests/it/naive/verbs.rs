//! The cells of `compare_all` on the example release are those of the verbs that answer one question.

use super::everything::{number, text};
use kultti_core::compare::{CompareAllOptions, CompareOptions, Order, RankOptions, TrendOptions};
use kultti_core::panel::Borders;
use kultti_core::release::Release;
use std::collections::BTreeMap;
use std::sync::Arc;

const COLUMNS: [&str; 7] = [
    "rank",
    "percent_rank",
    "difference:region",
    "difference_relative:region",
    "difference:country",
    "change",
    "change_relative",
];

/// The value and the columns of every row of an indicator by period and area.
type Rows = BTreeMap<(String, String), Vec<Option<f64>>>;

fn everything(release: &Arc<Release>, indicator: &str, borders: Borders) -> Rows {
    let options = CompareAllOptions {
        indicators: Some(indicator.to_owned()),
        ..CompareAllOptions::columns(COLUMNS).expect("columns")
    };
    let options = options.with_order(Order::Descending).with_borders(borders);
    let mut rows = Rows::new();
    for batch in release.compare_all(options).expect("planned") {
        let batch = batch.expect("a batch");
        for row in 0..batch.num_rows() {
            let key = (text(&batch, "period", row), text(&batch, "area", row));
            let figures = [3].into_iter().chain(6..batch.num_columns());
            rows.insert(key, figures.map(|column| number(&batch, column, row)).collect());
        }
    }
    rows
}

/// One indicator in one period on some borders: every area's rank, and a few areas' differences and changes.
fn check(release: &Arc<Release>, indicator: &str, borders: Borders, year: i32) {
    let rows = everything(release, indicator, borders);
    let options = RankOptions {
        period: Some(year.into()),
        order: Some(Order::Descending),
        borders,
        ..RankOptions::default()
    };
    let ranking = release.rank(indicator, options).expect("a ranking");
    let row = |area: &str, year: &str| &rows[&(year.to_owned(), area.to_owned())];
    for (place, ranked) in ranking.rows.iter().enumerate() {
        let area = ranked.area.code.as_str();
        let found = row(area, &year.to_string());
        assert_eq!(
            found[..3],
            [ranked.cell.value, ranked.rank, ranked.percent_rank],
            "{indicator} {area} {year}"
        );
        if place % 60 != 0 {
            continue;
        }
        let options = CompareOptions::from(area).with_period(year).with_borders(borders);
        let compared = release.compare(indicator, options.with_peers(["region", "country"]));
        let compared = compared.expect("a comparison");
        let peer = |grouping: &str| compared.peers.iter().find(|peer| peer.grouping == grouping);
        let (region, country) = (peer("region"), peer("country"));
        let expected = [
            region.and_then(|peer| peer.difference),
            region.and_then(|peer| peer.difference_relative),
            country.and_then(|peer| peer.difference),
        ];
        assert_eq!(found[3..6], expected, "{indicator} {area} {year}");
        let options = TrendOptions {
            borders,
            ..TrendOptions::from(area)
        };
        for point in release.trend(indicator, options).expect("a trend").points {
            let key = (point.period.to_string(), area.to_owned());
            let Some(found) = rows.get(&key) else { continue };
            let expected = [point.change, point.change_relative];
            assert_eq!(
                (found[0], &found[6..]),
                (point.cell.value, &expected[..]),
                "{indicator} {key:?}"
            );
        }
    }
}

#[test]
fn the_verbs_give_the_same_figures() {
    let release = Arc::new(Release::from_static(kultti_datasets::EXAMPLE_RELEASE).expect("opened"));
    let wanted = [
        "culture.net_operating_cost_per_inhabitant",
        "library.loans_per_inhabitant",
        "library.net_operating_cost_per_inhabitant",
    ];
    for (indicator, year) in wanted.into_iter().zip([2019, 2018, 2017]) {
        check(&release, indicator, Borders::Now, year);
        check(&release, indicator, Borders::Then, year);
    }
}
