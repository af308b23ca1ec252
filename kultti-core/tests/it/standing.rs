//! Where an area stands within its groups, worked out by hand on Northland in 2020.
//!
//! Published loans of the areas 01 to 06: 10, 2, 10, 4, 5, 3; higher is better. Cost a per inhabitant in the north (01, 03,
//! 05): 36, 20, 40.

use crate::data::northland;
use kultti_core::Error;
use kultti_core::compare::{Bands, CompareOptions, Comparison, MemberRow, PeerGroup};
use kultti_core::export::Export;
use kultti_core::language::Language;
use kultti_core::panel::Borders;
use kultti_core::stats::{Band, RobustScale};

fn options(area: &str, peers: &[&str]) -> CompareOptions {
    CompareOptions::from(area)
        .with_period(2020)
        .with_borders(Borders::Then)
        .with_peers(peers.iter().copied())
}

fn compare(indicator: &str, options: CompareOptions) -> Comparison {
    northland().compare(indicator, options).expect("a comparison")
}

fn banded(area: &str, peers: &[&str], bands: &str) -> CompareOptions {
    CompareOptions {
        bands: Some(bands.parse().expect("bands")),
        list: true,
        ..options(area, peers)
    }
}

fn close(found: Option<f64>, expected: f64) {
    let found = found.expect("a value");
    assert!(
        (found - expected).abs() <= 1e-12 * expected.abs(),
        "{found} is not {expected}"
    );
}

fn row<'a>(group: &'a PeerGroup, code: &str) -> &'a MemberRow {
    let mut rows = group.standing.list.iter();
    rows.find(|row| row.area.code.as_str() == code).expect("a member")
}

#[test]
fn scores_against_the_members() {
    let comparison = compare("loans.published", options("04", &["country", "01", "03"]));
    // Mean 17/3; deviations in thirds 13, −11, 13, −5, −2, −8: s² = 552/9/5.
    let country = &comparison.peers[0].standing;
    close(country.z, (-5.0 / 3.0) / (552.0_f64 / 45.0).sqrt());
    // Median 4.5; deviations 5.5, 2.5, 5.5, 0.5, 0.5, 1.5: MAD (1.5 + 2.5)/2.
    close(country.robust_z, -0.5 / (1.4826 * 2.0));
    assert_eq!(country.robust_scale, Some(RobustScale::MedianAbsoluteDeviation));
    // 10 and 10 have no spread.
    let chosen = &comparison.peers[1].standing;
    assert_eq!(
        (chosen.z, chosen.robust_z, chosen.robust_scale),
        (None, None, None)
    );
}

#[test]
fn the_scale_of_a_robust_score_is_named() {
    // The north has 10, 10, 5: MAD 0, mean absolute deviation 5/3.
    let comparison = compare("loans.published", options("05", &["province"]));
    let standing = &comparison.peers[0].standing;
    close(standing.robust_z, -5.0 / (1.2533 * (5.0 / 3.0)));
    assert_eq!(standing.robust_scale, Some(RobustScale::MeanAbsoluteDeviation));
}

#[test]
fn a_group_without_the_area_has_a_spread_of_its_own() {
    // 04 with 4 against the north: mean 25/3, deviations in thirds 5, 5, −10: s² = 150/9/2.
    let comparison = compare("loans.published", options("04", &["province:N"]));
    let group = &comparison.peers[0];
    assert!(!group.includes_area);
    close(group.standing.z, (4.0 - 25.0 / 3.0) / (150.0_f64 / 18.0).sqrt());
}

#[test]
fn a_difference_in_the_budget_is_for_ratios_of_money() {
    let budget = |indicator: &str| {
        compare(indicator, options("01", &["province"])).peers[0]
            .standing
            .difference_budget
    };
    // 36 − 196000/6000 for each of 1000 inhabitants: 36000 − 32666.67.
    close(budget("cost_a.per_inhabitant"), 36_000.0 - 196_000.0 / 6.0);
    assert_eq!(budget("loans.published"), None);
    assert_eq!(budget("cost_a.total"), None);
}

#[test]
fn relative_bands_of_the_country() {
    let comparison = compare("loans.published", banded("04", &["country"], "relative"));
    let bands = comparison.peers[0].standing.bands.as_ref().expect("bands");
    // In order 2, 3, 4, 5, 10, 10: positions 2.25 and 4.75, so 3 + ¼·1 and 5 + ¾·5.
    assert_eq!((bands.lower_cut, bands.upper_cut), (3.25, 8.75));
    assert_eq!((bands.n, bands.ties, bands.counts), (6, 0, [2, 2, 2]));
    assert_eq!(bands.band, Some(Band::Middle));
    let group = &comparison.peers[0];
    let found = |code| row(group, code).band;
    assert_eq!(
        (found("01"), found("05"), found("06")),
        (Some(Band::Best), Some(Band::Middle), Some(Band::Worst))
    );
    let note = comparison
        .notes
        .iter()
        .find(|note| note.code() == "bands-relative")
        .expect("a note");
    let text = note.message.render(Language::En);
    assert!(text.contains("3.25") && text.contains("8.75"), "{text}");
}

#[test]
fn where_lower_is_better_the_low_end_is_best_and_a_cut_is_middle() {
    // Cost a per inhabitant in the country, lower is better: 20, 20, 20, 36, 40, 50. Positions 2.25 and 4.75: 20 and 39.
    let comparison = compare("cost_a.per_inhabitant", banded("04", &["country"], "relative"));
    let bands = comparison.peers[0].standing.bands.as_ref().expect("bands");
    assert_eq!((bands.lower_cut, bands.upper_cut), (20.0, 39.0));
    assert_eq!(
        (bands.counts, bands.ties, bands.band),
        ([0, 4, 2], 3, Some(Band::Worst))
    );
}

#[test]
fn relative_bands_need_four_values() {
    let comparison = compare("loans.published", banded("01", &["province"], "relative"));
    assert_eq!(comparison.peers[0].standing.bands, None);
    assert!(comparison.notes.iter().any(|note| note.code() == "bands-too-few"));
}

#[test]
fn absolute_bands_have_a_source_and_include_their_cuts() {
    let mut asked = banded("06", &["country"], "absolute:3,10");
    asked.bands = asked
        .bands
        .map(|bands| bands.with_source(Some("a recommendation".into())));
    let comparison = compare("loans.published", asked);
    let bands = comparison.peers[0].standing.bands.as_ref().expect("bands");
    // At least 10: 01 and 03; at most 3: 02 and 06; on a cut: 01, 03, 06.
    assert_eq!((bands.counts, bands.ties, bands.n), ([2, 2, 2], 3, 6));
    assert_eq!(
        (bands.band, bands.source.as_deref()),
        (Some(Band::Worst), Some("a recommendation"))
    );
    let note = comparison
        .notes
        .iter()
        .find(|note| note.code() == "bands-absolute")
        .expect("a note");
    assert!(note.message.render(Language::Sv).contains("a recommendation"));
}

#[test]
fn members_are_listed_with_the_area_marked() {
    let listed = CompareOptions {
        list: true,
        ..options("04", &["province:N", "province"])
    };
    let comparison = compare("loans.published", listed);
    // 01 and 03 share the first place among the three and 04, which is not a member.
    let rows: Vec<(&str, Option<f64>, Option<f64>, bool)> = comparison.peers[0]
        .standing
        .list
        .iter()
        .map(|row| (row.area.code.as_str(), row.rank, row.difference, row.own))
        .collect();
    assert_eq!(
        rows,
        [
            ("01", Some(1.0), Some(-6.0), false),
            ("03", Some(1.0), Some(-6.0), false),
            ("05", Some(3.0), Some(-1.0), false),
            ("04", Some(4.0), None, true),
        ]
    );
    assert!(
        comparison.peers[0]
            .standing
            .list
            .iter()
            .all(|row| row.band.is_none())
    );
    // The south: 04, 06, 02 with 4, 3, 2; as a table a row for each member of each group.
    let table = comparison.table(Language::En);
    assert_eq!(table.rows.len(), 4 + 3);
    assert_eq!(
        &table.columns[..5],
        ["grouping", "group", "label", "code", "name"]
    );
    let json = comparison.json(Language::En);
    assert_eq!(json["peers"][1]["list"][0]["code"], "04");
    assert_eq!(json["peers"][1]["list"][0]["own"], true);
}

#[test]
fn a_member_without_a_value_stands_last_with_its_reason() {
    let listed = CompareOptions {
        list: true,
        ..options("04", &["province"])
    };
    // Cost b of 02 is missing in 2020.
    let comparison = compare("cost_b.per_inhabitant", listed);
    let last = comparison.peers[0].standing.list.last().expect("a member");
    assert_eq!(
        (last.area.code.as_str(), last.rank, last.difference),
        ("02", None, None)
    );
    assert!(last.cell.missing.is_some());
}

#[test]
fn an_area_without_a_value_has_no_standing() {
    let comparison = compare("cost_b.per_inhabitant", options("02", &["province"]));
    let standing = &comparison.peers[0].standing;
    assert_eq!(
        (standing.z, standing.robust_z, standing.difference_budget),
        (None, None, None)
    );
}

#[test]
fn nothing_is_listed_or_banded_unless_asked() {
    let comparison = compare("loans.published", options("04", &["country"]));
    let json = comparison.json(Language::En);
    assert!(json["peers"][0].get("list").is_none() && json["peers"][0]["bands"].is_null());
    assert!(json["peers"][0]["z"].is_number());
}

fn names(error: &Error, code: &str, part: &str) {
    assert_eq!(error.code(), code);
    for language in Language::ALL {
        let text = error.message().render(language);
        assert!(text.contains(part), "{part} is not in: {text}");
    }
}

#[test]
fn bands_that_make_no_sense_are_refused() {
    for text in [
        "",
        "quartiles",
        "absolute",
        "absolute:1",
        "absolute:2,1",
        "absolute:1,1",
        "absolute:1,x",
        "absolute:NaN,1",
        "absolute:1,inf",
    ] {
        names(&text.parse::<Bands>().expect_err("a refusal"), "K0501", text);
    }
    for bands in ["relative", "absolute:1,2"] {
        let refused = northland().compare("population.total", banded("01", &["province"], bands));
        names(&refused.expect_err("a refusal"), "K0508", "population.total");
    }
}

fn told(notes: &[kultti_core::compare::Note], code: &str) -> Vec<String> {
    use kultti_core::language::Language;
    let found = notes.iter().filter(|note| note.code() == code);
    let render =
        |note: &kultti_core::compare::Note| Language::ALL.map(|language| note.message.render(language));
    found.flat_map(render).collect()
}

#[test]
fn a_group_without_spread_says_why_there_is_no_score() {
    // loans.published of 2019: 10.0 in both 01 and 03.
    let found = compare("loans.published", options("01", &["01", "03"]));
    assert_eq!(
        (found.peers[0].standing.z, found.peers[0].standing.robust_z),
        (None, None)
    );
    let texts = told(&found.notes, "no-score-equal");
    assert_eq!(texts.len(), 3);
    assert!(texts[0].ends_with("kaikilla alueilla on sama arvo, joten standardoitua arvoa ei ole."));
    // 06 alone is the isle.
    let found = compare("cost_b.per_inhabitant", options("06", &["shore"]));
    assert_eq!(found.peers[0].standing.z, None);
    assert_eq!(told(&found.notes, "no-score-single").len(), 3);
    // One area asked for by name is no group.
    let found = compare("loans.published", options("01", &["03"]));
    assert!(told(&found.notes, "no-score-single").is_empty());
}

#[test]
fn a_group_that_is_not_positive_says_why_there_is_no_relative_difference() {
    // cost.b of 03 is 0 in 2019.
    let found = compare("cost_b.per_inhabitant", options("01", &["03"]));
    let peer = &found.peers[0];
    close(peer.difference, 10.0);
    assert_eq!(peer.difference_relative, None);
    let texts = told(&found.notes, "relative-to-group");
    assert_eq!(texts.len(), 3);
    assert!(
        texts[1].contains("så den relativa skillnaden beräknas inte"),
        "{}",
        texts[1]
    );
}
