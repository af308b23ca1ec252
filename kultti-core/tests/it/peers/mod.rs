//! Similar municipalities: figures worked out by hand, real municipalities, and what is refused.

mod by_hand;
mod finland;
mod refused;

use kultti_core::compare::{Peers, PeersOptions};
use kultti_core::panel::Borders;
use kultti_core::release::Release;

/// Northland in 2020 on the borders of the time: population 1000, 2000 and 3000 in the areas 01, 03 and 05 of the north.
fn question(area: &str, variables: &[&str]) -> PeersOptions {
    PeersOptions::from(area)
        .with_period(2020)
        .with_borders(Borders::Then)
        .with_variables(variables.iter().copied())
}

fn peers(release: &Release, options: PeersOptions) -> Peers {
    release.peers(options).expect("peers")
}

fn codes(peers: &Peers) -> Vec<&str> {
    peers.peers.iter().map(|peer| peer.area.code.as_str()).collect()
}
