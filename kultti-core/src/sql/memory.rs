//! How much memory a database may take, as people write it.

use crate::error::Error;
use std::fmt;
use std::str::FromStr;

/// Bytes of memory, written `512MB`, `1.5 GiB` or as a plain number of bytes.
///
/// `kB`, `MB`, `GB` and `TB` are powers of a thousand, `KiB`, `MiB`, `GiB` and `TiB` of 1,024; case does not count.
///
/// ```
/// use kultti_core::sql::MemorySize;
/// assert_eq!("1.5 GiB".parse(), Ok(MemorySize(1_610_612_736)));
/// assert_eq!("64mb".parse(), Ok(MemorySize(64_000_000)));
/// assert!("a lot".parse::<MemorySize>().is_err());
/// assert_eq!(MemorySize(1_610_612_736).to_string(), "1536 MiB");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemorySize(
    /// The bytes.
    pub usize,
);

/// What a number is multiplied by.
const UNITS: [(&str, u64); 9] = [
    ("B", 1),
    ("kB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("TiB", 1 << 40),
];

impl fmt::Display for MemorySize {
    /// As a whole number of the largest unit that fits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.0 as u64;
        let whole = UNITS.iter().filter(|(_, factor)| bytes.is_multiple_of(*factor));
        let largest = whole.max_by_key(|(_, factor)| factor);
        let (unit, factor) = largest.unwrap_or(&UNITS[0]);
        write!(f, "{} {unit}", bytes / factor)
    }
}

impl FromStr for MemorySize {
    type Err = Error;

    /// # Errors
    /// [`Error::InvalidArgument`] for what is no size, for less than a byte, and for more than the machine can count.
    fn from_str(text: &str) -> Result<Self, Error> {
        let refused = || Error::InvalidArgument {
            name: "memory".to_owned(),
            expected: "512MB, 1GB, 1.5GiB".to_owned(),
            found: text.to_owned(),
        };
        let bare = text.trim();
        let digits = bare.find(|symbol: char| !symbol.is_ascii_digit() && symbol != '.');
        let (number, unit) = bare.split_at(digits.unwrap_or(bare.len()));
        let unit = match unit.trim() {
            "" => "B",
            unit => unit,
        };
        let known = UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit));
        let (_, factor) = known.ok_or_else(refused)?;
        let bytes = number.parse::<f64>().map_err(|_| refused())? * *factor as f64;
        // The largest whole number that a float holds exactly is far beyond any machine.
        if !(1.0..9_007_199_254_740_992.0).contains(&bytes) {
            return Err(refused());
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 1 and 2^53; a fraction of a byte is nothing"
        )]
        usize::try_from(bytes as u64).map(Self).map_err(|_| refused())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        for (text, bytes) in [
            ("1", 1),
            ("1000000", 1_000_000),
            ("512MB", 512_000_000),
            ("512 MiB", 536_870_912),
            ("1gb", 1_000_000_000),
            (" 0.5 kB ", 500),
        ] {
            assert_eq!(text.parse(), Ok(MemorySize(bytes)), "{text}");
        }
        for (bytes, text) in [
            (512_000_000, "512 MB"),
            (1 << 30, "1 GiB"),
            (1_500, "1500 B"),
            (3 << 20, "3 MiB"),
        ] {
            assert_eq!(MemorySize(bytes).to_string(), text);
            assert_eq!(text.parse(), Ok(MemorySize(bytes)));
        }
        for text in [
            "",
            "MB",
            "0",
            "-1GB",
            "1 PB",
            "1,5GB",
            "1GB2",
            "1..5GB",
            "99999999TB",
        ] {
            let error = text.parse::<MemorySize>().expect_err(text);
            assert_eq!(error.code(), "K0501", "{text}");
        }
    }
}
