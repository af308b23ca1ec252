//! Real municipalities: what must hold of them whatever the figures are, and stories that can be checked by eye.

use super::{codes, peers};
use kultti_core::compare::{Peers, PeersOptions};
use kultti_core::panel::Borders;
use kultti_core::release::Release;

fn finland() -> Release {
    Release::from_static(kultti_datasets::EXAMPLE_RELEASE).expect("the example release")
}

fn general(area: &str) -> PeersOptions {
    PeersOptions::from(area).with_model("general").with_period(2019)
}

fn whole(found: &Peers) {
    assert_eq!(found.peers.len(), 8);
    assert!(
        found
            .peers
            .is_sorted_by(|left, right| left.distance <= right.distance)
    );
    for peer in &found.peers {
        let shares: f64 = peer.contributions.iter().flatten().sum();
        assert!((shares - 1.0).abs() < 1e-12);
        assert!((0.0..=1.0).contains(&peer.stability));
    }
}

#[test]
fn mutual_peers_name_one_another() {
    let release = finland();
    let kokkola = peers(&release, general("Kokkola"));
    whole(&kokkola);
    for peer in &kokkola.peers {
        let theirs = peers(&release, general(peer.area.code.as_str()));
        assert_eq!(
            codes(&theirs).contains(&"272"),
            peer.reciprocal,
            "{:?}",
            peer.area.name
        );
        let back = theirs
            .peers
            .iter()
            .find(|other| other.area.code.as_str() == "272");
        // The scale is the same for every pair, so the way back is as long.
        assert!(back.is_none_or(|back| back.distance == peer.distance));
    }
}

#[test]
fn the_capital_is_far_from_all() {
    let release = finland();
    let helsinki = peers(&release, general("Helsinki"));
    whole(&helsinki);
    let kokkola = peers(&release, general("Kokkola"));
    // Its nearest is further away than the furthest peer of a middle-sized town.
    assert!(helsinki.peers[0].distance > kokkola.peers[7].distance);
}

#[test]
fn aland_takes_part_where_the_figures_do() {
    let release = finland();
    whole(&peers(&release, general("Mariehamn")));
    // Library loans are a statistic of the mainland: a model that rests on them cannot liken an Åland municipality.
    let loans =
        PeersOptions::from("Mariehamn").with_variables(["library.loans_per_inhabitant", "population.total"]);
    assert_eq!(
        release.peers(loans.clone()).expect_err("a refusal").code(),
        "K0725"
    );
    let from_the_mainland = PeersOptions {
        area: "Kokkola".into(),
        ..loans
    };
    let found = peers(&release, from_the_mainland);
    let aland = found
        .left_out
        .iter()
        .filter(|area| area.lacking.len() == 1)
        .count();
    assert!(aland >= 16, "{aland}");
    assert!(found.left_out.iter().any(|area| area.area.code.as_str() == "478"));
}

#[test]
fn a_merged_municipality_is_likened_as_one() {
    let release = finland();
    // Honkajoki became part of Kankaanpää in 2021; the table has 1666 and 11471 inhabitants at the end of 2018.
    let now = peers(&release, general("Kankaanpää").with_period(2018));
    assert_eq!(now.variables[0].cell.value, Some(13_137.0));
    assert!(!now.candidates.areas.iter().any(|code| code.as_str() == "099"));
    let error = release.peers(general("Honkajoki")).expect_err("a refusal");
    assert_eq!(error.code(), "K0403");
    let then = general("Honkajoki").with_period(2018).with_borders(Borders::Then);
    // Its population five years earlier is not known on the borders of 2018: two of three variables remain.
    let then = peers(&release, then);
    assert_eq!(then.variables[0].cell.value, Some(1_666.0));
    assert!((then.peers[0].common_weight - 2.0 / 3.0).abs() < 1e-12);
}

#[test]
fn shipped_models_hold_no_cost_and_no_twins() {
    let release = finland();
    for model in release.catalogue().peer_models() {
        for variable in &model.variables {
            let indicator = release
                .catalogue()
                .indicator(variable.indicator.as_str())
                .unwrap();
            assert!(!indicator.unit.to_string().contains("EUR"), "{}", indicator.id);
        }
        let found = peers(
            &release,
            PeersOptions::from("Kokkola").with_model(model.id.as_str()),
        );
        assert!(
            found.correlated.is_empty(),
            "{}: {:?}",
            model.id,
            found.correlated
        );
        assert!(found.left_out.is_empty());
    }
}

#[test]
fn twins_are_warned_of() {
    let options = PeersOptions::from("Kokkola").with_period(2018).with_variables([
        "population.total",
        "population.share_0_17",
        "population.share_65_over",
    ]);
    let found = peers(&finland(), options);
    assert_eq!(found.correlated.len(), 1);
    assert!(found.correlated[0].r < -0.8);
    assert!(found.notes.iter().any(|note| note.code() == "peers-correlated"));
}
