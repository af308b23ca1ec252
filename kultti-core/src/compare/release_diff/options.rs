//! What may be chosen of a difference between releases.

use crate::error::{Error, Result};
use crate::model::Period;
use std::str::FromStr;

/// A part of a difference between releases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DiffPart {
    /// What figures mean and where they come from: measures, indicators, areas, registers, tables.
    Definitions,
    /// Observations.
    Cells,
    /// Values of groups.
    Groups,
    /// Ranks of areas.
    Ranks,
}

impl DiffPart {
    /// Every part, in the order of results.
    pub const ALL: [Self; 4] = [Self::Definitions, Self::Cells, Self::Groups, Self::Ranks];

    /// The name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Definitions => "definitions",
            Self::Cells => "cells",
            Self::Groups => "groups",
            Self::Ranks => "ranks",
        }
    }
}

impl FromStr for DiffPart {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|part| part.name() == text);
        found.ok_or_else(|| Error::InvalidArgument {
            name: "parts".into(),
            expected: Self::ALL.map(Self::name).join(", "),
            found: text.into(),
        })
    }
}

/// Options of [`crate::release::Release::diff`]; everything when nothing is chosen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DiffOptions {
    /// Patterns of indicators' ids, with commas between them; cells and definitions are then those of their measures.
    pub indicators: Option<String>,
    /// First period of the cells, groups and ranks shown.
    pub from: Option<Period>,
    /// Last period of them.
    pub to: Option<Period>,
    /// The parts wanted; all when empty.
    pub parts: Vec<DiffPart>,
}

impl DiffOptions {
    /// Whether a part is wanted.
    pub(super) fn wants(&self, part: DiffPart) -> bool {
        self.parts.is_empty() || self.parts.contains(&part)
    }

    /// Whether a period is wanted.
    pub(super) fn includes(&self, period: Period) -> bool {
        self.from.is_none_or(|from| from <= period) && self.to.is_none_or(|to| period <= to)
    }

    /// A range must not end before it begins.
    pub(super) fn check(&self) -> Result<()> {
        match (self.from, self.to) {
            (Some(from), Some(to)) if to < from => Err(Error::InvalidArgument {
                name: "to".into(),
                expected: format!("a period not before {from}"),
                found: to.to_string(),
            }),
            _ => Ok(()),
        }
    }
}
