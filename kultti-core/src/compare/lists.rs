//! What there is to ask about: indicators with their periods, areas with their days.

use super::label::unit_symbol;
use super::result::AreaLabel;
use crate::catalogue::IndicatorDeclaration;
use crate::language::Text;
use crate::model::{Date, Period};
use crate::panel::Slicer;
use crate::release::Release;

/// An indicator of the catalogue and its periods in the release.
#[derive(Debug, Clone, PartialEq)]
pub struct IndicatorRow {
    /// The declaration.
    pub declared: IndicatorDeclaration,
    /// The unit as people write it.
    pub unit_symbol: Text,
    /// The theme's name.
    pub theme: Option<Text>,
    /// Periods with values; empty where the release has no data.
    pub periods: Vec<Period>,
}

/// The answer of [`Release::indicators`].
#[derive(Debug, Clone, PartialEq)]
pub struct IndicatorList {
    /// The indicators, in the catalogue's order.
    pub rows: Vec<IndicatorRow>,
    /// The release.
    pub release: String,
}

/// An area and the days it existed.
#[derive(Debug, Clone, PartialEq)]
pub struct AreaRow {
    /// The area.
    pub area: AreaLabel,
    /// First day; `None` for one that existed before the register.
    pub from: Option<Date>,
    /// Last day; `None` while it exists.
    pub to: Option<Date>,
    /// What it became part of.
    pub successor: Option<AreaLabel>,
}

/// The answer of [`Release::areas`].
#[derive(Debug, Clone, PartialEq)]
pub struct AreaList {
    /// The areas, by code or by likeness.
    pub rows: Vec<AreaRow>,
    /// The release.
    pub release: String,
}

impl Release {
    /// The indicators whose id, name, definition or synonyms hold the words of `query`; all for an empty query. An
    /// indicator without data in this release has no periods.
    ///
    /// ```
    /// use kultti_core::release::Release;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// let found = release.indicators("kirjastolainat asukas");
    /// assert_eq!(found.rows[0].declared.id.as_str(), "library.loans_per_inhabitant");
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn indicators(&self, query: &str) -> IndicatorList {
        let catalogue = self.catalogue();
        let slicer = Slicer::new(self);
        let found: Vec<&IndicatorDeclaration> = if query.trim().is_empty() {
            catalogue.indicators().collect()
        } else {
            catalogue.search(query)
        };
        let rows = found.into_iter();
        IndicatorList {
            rows: rows
                .map(|declared| self.indicator_row(&slicer, declared))
                .collect(),
            release: self.id().to_owned(),
        }
    }

    /// An indicator with its periods.
    pub(super) fn indicator_row(&self, slicer: &Slicer, declared: &IndicatorDeclaration) -> IndicatorRow {
        let catalogue = self.catalogue();
        let known = catalogue
            .indicator(declared.id.as_str())
            .and_then(|indicator| slicer.periods(indicator));
        let theme = declared.theme.as_deref();
        IndicatorRow {
            declared: declared.clone(),
            unit_symbol: unit_symbol(catalogue, &declared.unit),
            theme: theme.and_then(|id| catalogue.theme(id)).cloned(),
            periods: known.unwrap_or_default(),
        }
    }

    /// The areas whose code or name in any language is like `query`; all for an empty query.
    ///
    /// ```
    /// use kultti_core::release::Release;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// let found = release.areas("Pertunmaa");
    /// assert_eq!(found.rows[0].successor.as_ref().unwrap().code.as_str(), "507");
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn areas(&self, query: &str) -> AreaList {
        let territory = self.territory();
        let row = |area: &crate::territory::Area| AreaRow {
            area: AreaLabel::of(area),
            from: area.from,
            to: area.to,
            successor: territory.successor(area).map(AreaLabel::of),
        };
        AreaList {
            rows: territory.search(query).into_iter().map(row).collect(),
            release: self.id().to_owned(),
        }
    }
}
