//! The bands of a comparison in words: the cuts, who lies between them, and of which group they are.

use super::model::{BandKey, Zone};
use super::words::Words;
use crate::compare::{ComparedIntervals, Comparison, GroupBands, PeerGroup};
use crate::language::{Language, Message, format_number, word};
use crate::stats::{Band, Order};
use crate::territory::COUNTRY;

/// The bands that were asked for: of the whole country where it is among the groups, else of the first group that has any.
pub(super) fn band_key(result: &Comparison, words: Words) -> Option<BandKey> {
    let banded = |peer: &&PeerGroup| peer.standing.bands.is_some();
    let country = result
        .peers
        .iter()
        .filter(banded)
        .find(|peer| peer.grouping == COUNTRY);
    let peer = country.or_else(|| result.peers.iter().find(banded));
    match peer {
        Some(peer) => of_group(result, peer, words),
        None => against_groups(result, result.intervals.as_ref()?, words),
    }
}

fn of_group(result: &Comparison, peer: &PeerGroup, words: Words) -> Option<BandKey> {
    let bands = peer.standing.bands.as_ref()?;
    let code = match bands.method {
        "relative" => "chart.bands-relative",
        _ => "chart.bands-absolute",
    };
    let heading = Message::new(code)
        .with("group", &peer.row.name)
        .with("n", bands.n)
        .with("source", bands.source.clone().unwrap_or_default());
    let low_is_best = result.position.order == Order::Ascending;
    let names = if low_is_best {
        [Band::Best, Band::Middle, Band::Worst]
    } else {
        [Band::Worst, Band::Middle, Band::Best]
    };
    let ends = [
        (None, Some(bands.lower_cut)),
        (Some(bands.lower_cut), Some(bands.upper_cut)),
        (Some(bands.upper_cut), None),
    ];
    let zone = |(band, ends)| zone(result, bands, (band, ends), words);
    Some(BandKey {
        heading: words.render(&heading),
        zones: names.into_iter().zip(ends).map(zone).collect(),
    })
}

fn zone(
    result: &Comparison,
    bands: &GroupBands,
    (band, (low, high)): (Band, (Option<f64>, Option<f64>)),
    words: Words,
) -> Zone {
    let (code, count) = match band {
        Band::Best => ("word.band-best", bands.counts[0]),
        Band::Middle => ("word.band-middle", bands.counts[1]),
        Band::Worst => ("word.band-worst", bands.counts[2]),
    };
    let number = |value: f64| words.number(value, result.context.decimals);
    // Thresholds belong to the outer bands, quartiles to the middle one.
    let inclusive = bands.method != "relative";
    let range = match (low, high) {
        (Some(low), Some(high)) => format!("{}–{}", number(low), number(high)),
        (None, Some(high)) => format!("{}\u{a0}{}", if inclusive { "≤" } else { "<" }, number(high)),
        (Some(low), None) => format!("{}\u{a0}{}", if inclusive { "≥" } else { ">" }, number(low)),
        (None, None) => String::new(),
    };
    let own = bands.band == Some(band);
    let area = if own {
        result.area.name.get(words.language)
    } else {
        ""
    };
    let message = Message::new("chart.band")
        .with("band", word(code, words.language))
        .with("range", range)
        .with("n", count)
        .with("area", area);
    Zone {
        label: words.render(&message),
        low,
        high,
        own,
    }
}

/// The area's interval of chance, and what it says against each group.
fn against_groups(result: &Comparison, found: &ComparedIntervals, words: Words) -> Option<BandKey> {
    let interval = found.area.as_ref()?.interval?;
    let number = |value: f64| words.number(value, result.context.decimals);
    let range = format!("{}–{}", number(interval.lower), number(interval.upper));
    let mut zones = vec![Zone {
        label: format!("{}: {range}", result.area.name.get(words.language)),
        low: Some(interval.lower),
        high: Some(interval.upper),
        own: true,
    }];
    let groups = result.peers.iter().zip(&found.bands);
    zones.extend(groups.filter_map(|(peer, significance)| {
        let message = Message::new("chart.against-group")
            .with("area", &result.area.name)
            .with("group", &peer.row.name)
            .with("significance", word((*significance)?.word_code(), words.language));
        Some(Zone {
            label: words.render(&message),
            low: None,
            high: None,
            own: false,
        })
    }));
    let heading =
        Message::new("chart.interval").with("level", percent(found.level.percent(), words.language));
    Some(BandKey {
        heading: words.render(&heading),
        zones,
    })
}

fn percent(level: f64, language: Language) -> String {
    let decimals = usize::from(level.fract() != 0.0);
    format!("{}\u{a0}%", format_number(level, decimals, language))
}
