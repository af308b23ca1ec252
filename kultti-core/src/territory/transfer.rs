//! How figures travel between borders: along the graph of mergers and splits.

use super::{Territory, Weights};
use crate::model::{AreaCode, Date};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is being moved, which decides whose shares count when an area is split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Basis {
    /// Inhabitants, and anything without euros.
    Population,
    /// Euros.
    Euros,
}

impl Weights {
    /// Everything.
    pub const WHOLE: Self = Self {
        population: 1.0,
        euros: 1.0,
        area: 1.0,
    };

    /// The share for a basis.
    pub fn get(self, basis: Basis) -> f64 {
        match basis {
            Basis::Population => self.population,
            Basis::Euros => self.euros,
        }
    }

    fn times(self, other: Self) -> Self {
        Self {
            population: self.population * other.population,
            euros: self.euros * other.euros,
            area: self.area * other.area,
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            population: self.population + other.population,
            euros: self.euros + other.euros,
            area: self.area + other.area,
        }
    }

    /// Whether the source goes to the target whole.
    pub fn is_whole(self) -> bool {
        [self.population, self.euros, self.area]
            .iter()
            .all(|share| (share - 1.0).abs() < 1e-12)
    }
}

/// A source area and the share of it that belongs to the target.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The area on the source's borders.
    pub area: AreaCode,
    /// Its share.
    pub weights: Weights,
}

/// Where a target area's figure comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum Origin {
    /// Nothing changed: the figure is the same area's.
    Same,
    /// From these parts, forward through mergers (whole) or splits (shares).
    Parts(Vec<Part>),
    /// The borders were changed later in a way that cannot be undone: back through a merger.
    Unknown,
}

impl Origin {
    /// Whether the parts go over whole, so that sums are exact.
    pub fn is_exact(&self) -> bool {
        match self {
            Self::Same => true,
            Self::Parts(parts) => parts.iter().all(|part| part.weights.is_whole()),
            Self::Unknown => false,
        }
    }
}

/// The way from one set of borders to another, target by target.
#[derive(Debug, Clone, PartialEq)]
pub struct Transfer {
    origins: BTreeMap<AreaCode, Origin>,
    flows: BTreeMap<AreaCode, BTreeMap<AreaCode, Weights>>,
}

impl Transfer {
    /// Where the figure of `target` comes from.
    pub fn origin(&self, target: &AreaCode) -> &Origin {
        self.origins.get(target).unwrap_or(&Origin::Unknown)
    }

    /// The areas on the later borders that an area of the earlier ones went to; itself where nothing changed.
    pub fn goes_to(&self, area: &AreaCode) -> Vec<&AreaCode> {
        self.flows
            .get(area)
            .map(|flows| flows.keys().collect())
            .unwrap_or_default()
    }
}

impl Territory {
    /// How figures on the borders of `from` become figures on the borders of `to`.
    ///
    /// Forward through a merger the parts go over whole; through a split by the declared shares; shares of chains
    /// multiply and parallel paths add. Backward only areas without a change are known.
    ///
    /// ```
    /// use kultti_core::release::Release;
    /// use kultti_core::territory::Origin;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// let transfer = release.territory().transfer("2019-12-31".parse()?, "2026-01-01".parse()?);
    /// let Origin::Parts(parts) = transfer.origin(&"541".into()) else { panic!() };
    /// assert_eq!(parts.len(), 2); // Nurmes and Valtimo
    /// assert_eq!(transfer.origin(&"272".into()), &Origin::Same);
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn transfer(&self, from: Date, to: Date) -> Arc<Transfer> {
        let key = (self.version(from), self.version(to));
        let cached = self
            .transfers
            .lock()
            .ok()
            .and_then(|cache| cache.get(&key).cloned());
        if let Some(transfer) = cached {
            return transfer;
        }
        let transfer = Arc::new(if key.0 <= key.1 {
            self.forward(from, to)
        } else {
            self.backward(from, to)
        });
        if let Ok(mut cache) = self.transfers.lock() {
            cache.insert(key, Arc::clone(&transfer));
        }
        transfer
    }

    /// Where one area went between two dates.
    pub(super) fn flow(&self, area: &AreaCode, from: Date, to: Date) -> BTreeMap<AreaCode, Weights> {
        let mut current = BTreeMap::from([(area.clone(), Weights::WHOLE)]);
        for date in self
            .change_dates
            .iter()
            .filter(|date| from < **date && **date <= to)
        {
            let mut next: BTreeMap<AreaCode, Weights> = BTreeMap::new();
            for (code, share) in current {
                let changes = self
                    .document
                    .changes
                    .iter()
                    .filter(|change| change.date == *date && change.source == code);
                let mut moved = false;
                for change in changes {
                    moved = true;
                    add(&mut next, &change.target, share.times(change.weights));
                }
                if !moved {
                    add(&mut next, &code, share);
                }
            }
            current = next;
        }
        current
    }

    fn flows(&self, from: Date, to: Date) -> BTreeMap<AreaCode, BTreeMap<AreaCode, Weights>> {
        self.areas_on(from)
            .into_iter()
            .map(|area| (area.code.clone(), self.flow(&area.code, from, to)))
            .collect()
    }

    fn forward(&self, from: Date, to: Date) -> Transfer {
        let flows = self.flows(from, to);
        let mut parts: BTreeMap<AreaCode, Vec<Part>> = BTreeMap::new();
        for (source, targets) in &flows {
            for (target, weights) in targets {
                parts.entry(target.clone()).or_default().push(Part {
                    area: source.clone(),
                    weights: *weights,
                });
            }
        }
        let origins = parts
            .into_iter()
            .map(|(target, parts)| {
                let same = parts.len() == 1
                    && parts
                        .iter()
                        .all(|part| part.area == target && part.weights.is_whole());
                (target, if same { Origin::Same } else { Origin::Parts(parts) })
            })
            .collect();
        Transfer { origins, flows }
    }

    /// `from` is the later date: only an area that went over whole and alone into itself keeps its figure.
    fn backward(&self, from: Date, to: Date) -> Transfer {
        let flows = self.flows(to, from);
        let mut arrivals: BTreeMap<&AreaCode, BTreeSet<&AreaCode>> = BTreeMap::new();
        for (earlier, targets) in &flows {
            for later in targets.keys() {
                arrivals.entry(later).or_default().insert(earlier);
            }
        }
        let origins = flows
            .iter()
            .map(|(earlier, targets)| {
                let alone = targets.len() == 1
                    && targets.contains_key(earlier)
                    && arrivals.get(earlier).is_some_and(|sources| sources.len() == 1);
                (
                    earlier.clone(),
                    if alone { Origin::Same } else { Origin::Unknown },
                )
            })
            .collect();
        Transfer { origins, flows }
    }
}

fn add(flows: &mut BTreeMap<AreaCode, Weights>, target: &AreaCode, share: Weights) {
    flows
        .entry(target.clone())
        .and_modify(|sum| *sum = sum.plus(share))
        .or_insert(share);
}
