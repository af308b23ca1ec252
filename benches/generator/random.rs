//! Numbers that look random and are the same on every machine: integers only, and no state that depends on the order in
//! which cells are made.

/// The finaliser of splitmix64 (Steele, Lea & Flood 2014, *Fast splittable pseudorandom number generators*).
fn mix(mut z: u64) -> u64 {
    z = z.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// The number of a place: what is drawn, and for which measure, area and year.
pub(crate) fn draw(what: &str, place: &[u64]) -> u64 {
    let name = what.bytes().fold(0, |hash, byte| mix(hash ^ u64::from(byte)));
    place.iter().fold(name, |hash, part| mix(hash ^ mix(*part)))
}

/// `start` times `factors` random factors of 24/64 to 120/64: skewed as a lognormal number is, by integers alone.
pub(crate) fn skewed(start: i64, factors: u32, random: u64) -> i64 {
    let mut state = random;
    (0..factors).fold(start, |product, _| {
        state = mix(state);
        product * (24 + i64::try_from(state % 97).unwrap_or(0)) / 64
    })
}
