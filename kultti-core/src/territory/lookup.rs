//! Finding an area by code or by name in any language, and saying what became of one that has ended.

use super::{Area, Territory};
use crate::error::{Error, Result};
use crate::language::{Language, fold, near_matches};
use crate::model::Date;
use std::collections::BTreeSet;

impl Territory {
    /// The area of a code or name; case and diacritics are forgiven where that leaves one area.
    ///
    /// # Errors
    /// [`Error::AmbiguousArea`] with the candidates; [`Error::UnknownArea`] with near matches (`5` suggests `005`).
    ///
    /// ```
    /// use kultti_core::release::Release;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// for text in ["272", "Kokkola", "karleby", " KOKKOLA "] {
    ///     assert_eq!(release.territory().resolve(text)?.code.as_str(), "272");
    /// }
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn resolve(&self, text: &str) -> Result<&Area> {
        let text = text.trim();
        if let Some(area) = self.area(text) {
            return Ok(area);
        }
        let named = |same: &dyn Fn(&str) -> bool| -> Vec<&Area> {
            let names = |area: &Area| {
                Language::ALL
                    .iter()
                    .any(|language| same(area.name.get(*language)))
            };
            self.document.areas.iter().filter(|area| names(area)).collect()
        };
        let exact = named(&|name| name == text);
        let folded = fold(text);
        let found = if exact.len() == 1 {
            exact
        } else {
            named(&|name| fold(name) == folded)
        };
        match found.as_slice() {
            [area] => Ok(area),
            [] => Err(Error::UnknownArea {
                area: text.to_owned(),
                near: self.near_areas(text),
            }),
            several => Err(Error::AmbiguousArea {
                area: text.to_owned(),
                candidates: several.iter().map(|area| described(area)).collect(),
            }),
        }
    }

    /// The area of a code or name on the borders of a day.
    ///
    /// # Errors
    /// Those of [`Territory::resolve`]; [`Error::AreaNotInTerritory`] with the last day and the successor of an area
    /// that had ended, [`Error::AreaNotBegun`] with the first day of one that did not exist yet.
    pub fn resolve_on(&self, text: &str, date: Date) -> Result<&Area> {
        let area = self.resolve(text)?;
        if area.exists_on(date) {
            return Ok(area);
        }
        if let Some(from) = area.from.filter(|from| *from > date) {
            return Err(Error::AreaNotBegun {
                area: described(area),
                territory: date.to_string(),
                from: from.to_string(),
            });
        }
        let successor = self
            .successor(area)
            .filter(|_| area.to.is_some_and(|to| to < date))
            .map(described);
        Err(Error::AreaNotInTerritory {
            area: described(area),
            territory: date.to_string(),
            until: area.to.map(|day| day.to_string()).unwrap_or_default(),
            successor: successor.unwrap_or_default(),
        })
    }

    /// What an ended area became part of on the last known borders; of several the one with most of its inhabitants.
    pub fn successor(&self, area: &Area) -> Option<&Area> {
        let flow = self.flow(&area.code, area.to?, self.now());
        let most = flow
            .into_iter()
            .max_by(|left, right| left.1.population.total_cmp(&right.1.population));
        most.and_then(|(code, _)| self.area(code.as_str()))
    }

    /// Areas whose code or name in any language is like `query`, best first; all areas for an empty query.
    pub fn search(&self, query: &str) -> Vec<&Area> {
        if query.trim().is_empty() {
            return self.document.areas.iter().collect();
        }
        let folded = fold(query);
        let holds = |area: &&Area| {
            area.code.as_str().contains(&folded)
                || Language::ALL
                    .iter()
                    .any(|language| fold(area.name.get(*language)).contains(&folded))
        };
        let found: Vec<&Area> = self.document.areas.iter().filter(holds).collect();
        if found.is_empty() { self.near(query) } else { found }
    }

    /// Near matches of a code or name, written `Kokkola (272)`.
    pub fn near_areas(&self, query: &str) -> Vec<String> {
        let digits = !query.is_empty() && query.chars().all(|symbol| symbol.is_ascii_digit());
        let padded = format!("{query:0>width$}", width = self.document.code_length);
        if let Some(area) = self.area(&padded).filter(|_| digits) {
            return vec![described(area)];
        }
        self.near(query).into_iter().take(3).map(described).collect()
    }

    fn near(&self, query: &str) -> Vec<&Area> {
        let names = self.document.areas.iter().flat_map(|area| {
            [
                area.code.as_str(),
                area.name.get(Language::Fi),
                area.name.get(Language::Sv),
            ]
        });
        let mut seen = BTreeSet::new();
        near_matches(query, names, 12)
            .into_iter()
            .flat_map(|near| {
                let named = move |area: &&Area| {
                    area.code.as_str() == near
                        || Language::ALL
                            .iter()
                            .any(|language| area.name.get(*language) == near)
                };
                self.document.areas.iter().filter(named)
            })
            .filter(|area| seen.insert(area.code.clone()))
            .collect()
    }
}

/// An area for a message: `Kokkola (272)`.
pub(super) fn described(area: &Area) -> String {
    format!("{} ({})", area.name.get(Language::Fi), area.code)
}
