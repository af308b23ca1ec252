//! The data that travel with Kultti: catalogues, and an example release built from open registers.
//!
//! The release is a committed file; a test of `kultti-core` rebuilds it from `datasets/finland` and compares the bytes.
//! Figures: see `datasets/finland/ORIGIN.md` for registers, licences (CC BY 4.0) and citations.

/// The catalogue of municipal culture, TOML.
pub const CULTURE: &str = include_str!("../catalogue/culture.toml");

/// The catalogue of municipal youth work, TOML.
pub const YOUTH_WORK: &str = include_str!("../catalogue/youth_work.toml");

/// The example release: Finland's municipalities, a Parquet file.
pub const EXAMPLE_RELEASE: &[u8] = include_bytes!("../example.parquet");

/// The totals that the form of the culture collection asks beside [`CULTURE`]: a catalogue, TOML.
pub const CULTURE_FORM: &str = include_str!("../collection/culture_form.toml");

/// The rules of the culture collection, TOML.
pub const CULTURE_RULES: &str = include_str!("../collection/culture_rules.toml");

/// A round of the culture collection as a coordinator writes it, TOML.
pub const CULTURE_ROUND: &str = include_str!("../collection/culture_round.toml");
