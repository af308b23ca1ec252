//! Units with dimension: euros cannot be added to persons, and euros per inhabitant cannot be summed over areas.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// A unit as a product of powers of base units, written `EUR`, `EUR/person`, `loan/person`, `1` or `%`.
///
/// Per cent is the number one with another multiplier: it has no base units. What may be added to what is decided by the
/// catalogue, which knows that inhabitants and pupils are both persons.
///
/// ```
/// use kultti_core::model::Unit;
/// let cost: Unit = "EUR".parse()?;
/// let persons: Unit = "person".parse()?;
/// assert_eq!(cost.divide(&persons).to_string(), "EUR/person");
/// assert_eq!(cost.divide(&cost).to_string(), "1");
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Unit {
    powers: BTreeMap<String, i32>,
    percent: bool,
}

impl Unit {
    /// The unit of a pure number.
    pub fn one() -> Self {
        Self::default()
    }

    /// The product of two units.
    #[must_use]
    pub fn multiply(&self, other: &Self) -> Self {
        self.combine(other, 1)
    }

    /// The quotient of two units.
    #[must_use]
    pub fn divide(&self, other: &Self) -> Self {
        self.combine(other, -1)
    }

    fn combine(&self, other: &Self, sign: i32) -> Self {
        let mut powers = self.powers.clone();
        for (base, power) in &other.powers {
            let sum = powers.entry(base.clone()).or_default();
            *sum += sign * power;
        }
        powers.retain(|_, power| *power != 0);
        Self {
            powers,
            percent: false,
        }
    }

    /// Whether the unit is per cent.
    pub fn is_percent(&self) -> bool {
        self.percent
    }

    /// The power of a base unit, 0 where it does not occur.
    pub fn power(&self, base: &str) -> i32 {
        self.powers.get(base).copied().unwrap_or_default()
    }

    /// The base units in use.
    pub fn bases(&self) -> impl Iterator<Item = &str> {
        self.powers.keys().map(String::as_str)
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.percent {
            return f.write_str("%");
        }
        let side = |sign: i32| {
            let factors: Vec<String> = self
                .powers
                .iter()
                .filter(|(_, power)| power.signum() == sign)
                .flat_map(|(base, power)| std::iter::repeat_n(base.clone(), power.unsigned_abs() as usize))
                .collect();
            factors.join("*")
        };
        let (above, below) = (side(1), side(-1));
        f.write_str(if above.is_empty() { "1" } else { &above })?;
        if below.is_empty() {
            Ok(())
        } else {
            write!(f, "/{below}")
        }
    }
}

impl FromStr for Unit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.trim() == "%" {
            return Ok(Self {
                powers: BTreeMap::new(),
                percent: true,
            });
        }
        let mut unit = Self::one();
        for (index, side) in text.split('/').enumerate() {
            for base in side.split('*').map(str::trim) {
                let named = !base.is_empty() && base.chars().all(|c| c.is_alphanumeric() || c == '_');
                match base {
                    "1" => {}
                    _ if !named => {
                        return Err(format!("a unit such as EUR, EUR/person, % or 1, not {text:?}"));
                    }
                    _ => {
                        let one = Self {
                            powers: BTreeMap::from([(base.to_owned(), 1)]),
                            percent: false,
                        };
                        unit = unit.combine(&one, if index == 0 { 1 } else { -1 });
                    }
                }
            }
        }
        Ok(unit)
    }
}

impl Serialize for Unit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Unit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_written_as_they_are_read() {
        for text in ["EUR", "EUR/person", "1", "%", "EUR*loan/person", "1/person"] {
            assert_eq!(text.parse::<Unit>().expect("a unit").to_string(), text);
        }
        for text in ["", "EUR/", "EUR per person", "€/x"] {
            assert!(text.parse::<Unit>().is_err(), "{text:?} was read");
        }
    }
}
