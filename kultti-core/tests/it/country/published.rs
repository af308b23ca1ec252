//! The country's figure of a ratio that the source publishes as such.

use super::{close, compare, groups, groups_of, note, then};
use crate::data::Northland;
use kultti_core::compare::{CompareOptions, GroupsOptions};
use kultti_core::model::Aggregate;
use kultti_core::panel::Borders;

const OTHERS: &str = "observations/others.csv";
const COUNTRY: &str = "loans.published,2019,NL,2019-01-01,6.25,A,,";

fn country() -> CompareOptions {
    then("01", 2019).with_peers(["country"])
}

#[test]
fn a_published_figure_keeps_its_own_status() {
    // All areas are A; the row of the country is P.
    let release = Northland::new()
        .with(OTHERS, COUNTRY, "loans.published,2019,NL,2019-01-01,6.25,P,,")
        .release();
    let found = groups(&release, "loans.published", groups_of("country", 2019));
    let row = &found.rows[0];
    assert_eq!(
        (row.aggregate, row.value, row.status),
        (Aggregate::Published, Some(6.25), 'P')
    );
    let peer = compare(&release, "loans.published", country()).peers.remove(0);
    assert_eq!(
        (peer.row.aggregate, peer.row.value, peer.row.status),
        (Aggregate::Published, Some(6.25), 'P')
    );
}

#[test]
fn a_mean_that_was_asked_for_is_not_the_published_figure() {
    // (10 + 2 + 10 + 4 + 5 + 3)/6 = 34/6.
    let release = Northland::new().release();
    let options = CompareOptions {
        aggregate: Some(Aggregate::Mean),
        ..country()
    };
    let comparison = compare(&release, "loans.published", options);
    assert_eq!(comparison.peers[0].row.aggregate, Aggregate::Mean);
    close(comparison.peers[0].row.value, 34.0 / 6.0);
    assert_eq!(note(&comparison.notes, "published-country"), None);
    let options = GroupsOptions {
        aggregate: Some(Aggregate::Mean),
        ..groups_of("country", 2019)
    };
    let found = groups(&release, "loans.published", options);
    assert_eq!(found.rows[0].aggregate, Aggregate::Mean);
    close(found.rows[0].value, 34.0 / 6.0);
    // The usual way is the published figure, and says so.
    let usual = compare(&release, "loans.published", country());
    assert!(note(&usual.notes, "published-country").is_some());
}

#[test]
fn of_several_borders_the_latest_is_the_published_figure() {
    // 6.25 on the borders of 2019, 7.5 on those of 2021, 9 on those of 2020, in no order.
    let release = Northland::new()
        .and(OTHERS, "loans.published,2019,NL,2021-01-01,7.5,A,,\n")
        .and(OTHERS, "loans.published,2019,NL,2020-01-01,9,A,,\n")
        .release();
    for borders in [Borders::Then, Borders::Now] {
        let options = GroupsOptions {
            borders,
            ..groups_of("country", 2019)
        };
        let found = groups(&release, "loans.published", options);
        assert_eq!(found.rows[0].value, Some(7.5), "{borders}");
    }
    let comparison = compare(&release, "loans.published", country());
    assert_eq!(comparison.peers[0].row.value, Some(7.5));
    assert_eq!(comparison.peers[0].difference, Some(2.5));
}
