//! Northland's figures worked out by hand.
//!
//! The north (01, 03, 05) in 2020: population 1000, 2000, 3000 (mean 2000, s = 1000); cost a per inhabitant 36, 20, 40
//! (mean 32, deviations 4, −12, 8, s² = (16 + 144 + 64)/2 = 112).

use super::{codes, peers, question};
use crate::data::{Northland, northland};
use kultti_core::compare::{CompareOptions, PeersOptions};
use kultti_core::language::Language;
use kultti_core::panel::Borders;

const BOTH: [&str; 2] = ["population.total", "cost_a.per_inhabitant"];

fn north(area: &str, k: usize) -> PeersOptions {
    PeersOptions {
        candidates: Some("province:N".into()),
        ..question(area, &BOTH).with_k(k)
    }
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-14, "{found} is not {expected}");
}

#[test]
fn distances_contributions_and_standards() {
    let found = peers(&northland(), north("01", 2));
    assert_eq!(codes(&found), ["03", "05"]);
    // 01–03: ½(1² + 16²/112) = 23/14. 01–05: ½(2² + 4²/112) = 29/14.
    near(found.peers[0].distance, (23.0_f64 / 14.0).sqrt());
    near(found.peers[1].distance, (29.0_f64 / 14.0).sqrt());
    // Of 23/7 population has 7/7 and cost 16/7; of 29/7 they have 28/7 and 1/7.
    near(found.peers[0].contributions[0].unwrap(), 7.0 / 23.0);
    near(found.peers[0].contributions[1].unwrap(), 16.0 / 23.0);
    near(found.peers[1].contributions[0].unwrap(), 28.0 / 29.0);
    assert_eq!(found.peers[0].largest().unwrap().0, 1);
    let cost = &found.variables[1];
    near(cost.standard.mean, 32.0);
    near(cost.standard.deviation, 112.0_f64.sqrt());
    assert_eq!(
        (cost.cell.value, cost.weight, cost.standard.n),
        (Some(36.0), 0.5, 3)
    );
    // The peers have 20 and 40.
    assert_eq!(cost.peers_median, Some(30.0));
    assert_eq!((found.candidates.n, found.candidates.comparable), (2, 2));
    assert_eq!(found.candidates.group.as_str(), "N");
}

#[test]
fn nearest_is_not_always_mutual() {
    // 03–05: ½(1² + 20²/112) = 32/14, so of 03 the nearest is 01, and of 05 too; of 01 it is 03.
    let release = northland();
    let nearest = |area| peers(&release, north(area, 1)).peers[0].clone();
    assert_eq!(
        (nearest("01").area.code.as_str(), nearest("01").reciprocal),
        ("03", true)
    );
    assert_eq!(
        (nearest("03").area.code.as_str(), nearest("03").reciprocal),
        ("01", true)
    );
    assert_eq!(
        (nearest("05").area.code.as_str(), nearest("05").reciprocal),
        ("01", false)
    );
    let alone = peers(&release, north("05", 1));
    assert!(alone.notes.iter().any(|note| note.code() == "peers-one-sided"));
}

#[test]
fn all_neighbours_are_stable_when_all_are_asked_for() {
    let found = peers(&northland(), north("01", 2));
    assert!(
        found
            .peers
            .iter()
            .all(|peer| peer.stability == 1.0 && peer.reciprocal)
    );
    // 01–03 is nearer whenever w₁ + 16w₂/7 < 4w₁ + w₂/7, that is w₂ < 7w₁/5. Of the square of even weights from 0.75 to
    // 1.25 the corner beyond has the legs 1.25/1.4 − 0.75 = 1/7 and 0.2, which is 0.0143 of 0.25: 5.7 % of the draws turn
    // the order. With 200 draws the standard error is 1.6 %.
    let one = peers(&northland(), north("01", 1));
    assert!((one.peers[0].stability - 0.943).abs() < 0.05);
}

#[test]
fn weights_count_in_proportion() {
    let weighted = |weights: [&str; 2]| {
        let options = PeersOptions {
            candidates: Some("province:N".into()),
            ..question("01", &weights).with_k(2)
        };
        peers(&northland(), options)
    };
    let found = weighted(["population.total:1", "cost_a.per_inhabitant:3"]);
    assert_eq!(found.variables[1].weight, 0.75);
    // 01–03: ¼·1 + ¾·16/7 = 55/28; 01–05: ¼·4 + ¾/7 = 31/28: the order turns.
    assert_eq!(codes(&found), ["05", "03"]);
    near(found.peers[0].distance, (31.0_f64 / 28.0).sqrt());
    assert_eq!(
        found.peers,
        weighted(["population.total:2", "cost_a.per_inhabitant:6"]).peers
    );
}

#[test]
fn a_logarithm_counts_ratios() {
    let options = PeersOptions {
        candidates: Some("province:N".into()),
        log: vec!["population.total".into()],
        ..question("03", &["population.total"]).with_k(2)
    };
    let found = peers(&northland(), options);
    // 2000 to 3000 is a ratio of 1.5, 1000 to 2000 one of 2.
    assert_eq!(codes(&found), ["05", "01"]);
    let ratio = found.peers[1].distance / found.peers[0].distance;
    near(ratio, 2.0_f64.ln() / 1.5_f64.ln());
    near(
        found.variables[0].standard.mean,
        (1000.0_f64 * 2000.0 * 3000.0).ln() / 3.0,
    );
}

#[test]
fn a_grouping_alone_means_the_own_group_and_an_outsider_is_taken_in() {
    let release = northland();
    let among = |area: &str, candidates: &str| {
        let options = PeersOptions {
            candidates: Some(candidates.into()),
            ..question(area, &["population.total"])
        };
        peers(&release, options)
    };
    let own = among("06", "province");
    assert_eq!((own.candidates.group.as_str(), own.candidates.n), ("S", 2));
    // The area 06 with the north: standardised over 400, 1000, 2000, 3000.
    let outside = among("06", "province:N");
    assert_eq!(
        (outside.candidates.n, outside.variables[0].standard.mean),
        (3, 1600.0)
    );
    assert_eq!(codes(&outside), ["01", "03", "05"]);
}

#[test]
fn a_pair_is_compared_by_what_both_have() {
    // Cost b of 02 is missing in 2020: one of three equal weights.
    let three = [
        "population.total",
        "cost_a.per_inhabitant",
        "cost_b.per_inhabitant",
    ];
    let found = peers(&northland(), question("04", &three).with_k(5));
    let second = found
        .peers
        .iter()
        .find(|peer| peer.area.code.as_str() == "02")
        .unwrap();
    near(second.common_weight, 2.0 / 3.0);
    assert_eq!(second.contributions[2], None);
    assert_eq!(second.cells[2].value, None);
    near(second.contributions.iter().flatten().sum(), 1.0);
    assert!(found.notes.iter().any(|note| note.code() == "peers-partial"));
    // Two variables: one half is less than 0.6, so that 02 is left out and named.
    let found = peers(
        &northland(),
        question("04", &["population.total", "cost_b.per_inhabitant"]),
    );
    assert_eq!(found.left_out.len(), 1);
    assert_eq!(found.left_out[0].area.code.as_str(), "02");
    assert_eq!(found.left_out[0].common_weight, 0.5);
    assert_eq!(found.left_out[0].lacking[0].as_str(), "cost_b.per_inhabitant");
    assert_eq!((found.candidates.n, found.candidates.comparable), (5, 4));
}

#[test]
fn a_cut_off_may_leave_fewer() {
    let options = PeersOptions {
        max_distance: Some(1.3),
        ..north("01", 2)
    };
    // √(23/14) = 1.28, √(29/14) = 1.44.
    let found = peers(&northland(), options);
    assert_eq!(codes(&found), ["03"]);
    assert!(found.notes.iter().any(|note| note.code() == "peers-cut"));
}

/// Northland with a model in its catalogue, usual for the scope of function a.
fn with_model() -> Northland {
    let text = |text: &str| format!("{{ fi = \"{text}\", sv = \"{text}\", en = \"{text}\" }}");
    let model = |id: &str, scopes: &str, indicator: &str| {
        format!(
            "\n[[peer_model]]\nid = \"{id}\"\nversion = 3\nlabel = {}\ndescription = {}\nk = 2\n{scopes}\n[[peer_model.variable]]\nindicator = \"{indicator}\"\nweight = 1\nreason = {}\n",
            text(id),
            text("what for"),
            text("why")
        )
    };
    let models =
        model("size", "", "population.total") + &model("a", "scopes = [\"only_a\"]", "cost_a.per_inhabitant");
    Northland::new().and("catalogue.toml", &models)
}

#[test]
fn the_usual_model_follows_the_scope() {
    let release = with_model().release();
    let usual = |indicator: &str| {
        let options = PeersOptions::from("01")
            .with_indicator(indicator)
            .with_period(2020);
        peers(&release, options).context.definition
    };
    assert_eq!(usual("cost_a.per_inhabitant"), "a@3");
    assert_eq!(usual("cost_b.per_inhabitant"), "size@3");
    assert_eq!(usual("loans.published"), "size@3");
    assert_eq!(peers(&release, "01".into()).context.definition, "size@3");
}

#[test]
fn peers_chosen_by_the_figure_itself_are_warned_of() {
    let release = with_model().release();
    let options = PeersOptions::from("01")
        .with_indicator("cost_a.per_inhabitant")
        .with_period(2020);
    let circular = |options: PeersOptions| {
        let found = peers(&release, options);
        found.notes.iter().any(|note| note.code() == "peers-circular")
    };
    assert!(circular(options.clone()));
    assert!(!circular(options.with_model("size")));
}

#[test]
fn compare_holds_an_area_against_the_similar_ones() {
    let release = with_model().release();
    let options = CompareOptions::from("01")
        .with_period(2020)
        .with_borders(Borders::Then)
        .with_peers(["similar:1@size", "province", "similar"]);
    let comparison = release.compare("cost_a.per_inhabitant", options).unwrap();
    let rows: Vec<(&str, &str, bool)> = comparison
        .peers
        .iter()
        .map(|peer| {
            (
                peer.grouping.as_str(),
                peer.row.group.as_str(),
                peer.includes_area,
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            ("similar", "size@3", false),
            ("province", "N", true),
            ("similar", "a@3", false)
        ]
    );
    // As large as 01 is 04: cost 50000 over 1000.
    let nearest = &comparison.peers[0];
    assert_eq!((nearest.row.value, nearest.row.n), (Some(50.0), 1));
    assert_eq!(nearest.difference, Some(-14.0));
    let note = comparison
        .notes
        .iter()
        .find(|note| note.code() == "similar-group")
        .unwrap();
    let text = note.message.render(Language::En);
    assert!(
        text.contains("Teeta") && text.contains("size") && text.contains("version 3"),
        "{text}"
    );
}

#[test]
fn a_distance_is_walked_back() {
    let release = northland();
    let found = peers(&release, north("01", 2));
    let why = release.explain_result(&found).unwrap();
    // z of 01: (1000 − 2000)/1000 and (36 − 32)/√112.
    assert_eq!(why.steps[0].value, Some(-1.0));
    assert_eq!(why.steps[0].numbers, "(1000 - 2000) / 1000");
    near(why.steps[1].value.unwrap(), 4.0 / 112.0_f64.sqrt());
    assert_eq!(why.steps[2].value, Some(found.peers[0].distance));
    assert_eq!(why.inputs.len(), 2);
    let areas: Vec<&str> = why.inputs[0]
        .figures
        .iter()
        .map(|figure| figure.area.code.as_str())
        .collect();
    assert_eq!(areas, ["01", "03", "05"]);
}
