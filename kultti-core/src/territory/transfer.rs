//! How figures travel between borders: along the graph of mergers and splits.

use super::{Territory, Weights};
use crate::model::{AreaCode, Date};
use std::collections::{BTreeMap, HashSet};
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
    /// The number of its code.
    pub number: usize,
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

/// The way from one set of borders to another, target by target. Areas are given by the numbers of their codes
/// ([`Territory::number`]).
#[derive(Debug, Clone, PartialEq)]
pub struct Transfer {
    /// By number of the target; areas that do not exist on the borders aimed at are unknown.
    origins: Vec<Origin>,
    /// By number of an area of the earlier borders: the areas of the later ones that it went to.
    flows: Vec<Vec<usize>>,
    /// By number: whether the area is on the borders aimed at and nothing changed for it.
    same: Vec<bool>,
    /// Numbers of the areas on the borders aimed at for which something changed, ascending.
    changed: Vec<usize>,
}

impl Transfer {
    /// Where the figure of a target comes from.
    #[inline]
    pub fn origin(&self, target: usize) -> &Origin {
        self.origins.get(target).unwrap_or(&Origin::Unknown)
    }

    /// Whether an area is on the borders aimed at and keeps its figure.
    #[inline]
    pub fn is_same(&self, target: usize) -> bool {
        self.same.get(target).copied().unwrap_or(false)
    }

    /// The areas on the borders aimed at that do not simply keep their figure, ascending.
    pub fn changed(&self) -> &[usize] {
        &self.changed
    }

    /// The areas on the later borders that an area of the earlier ones went to; itself where nothing changed.
    pub fn goes_to(&self, area: usize) -> &[usize] {
        self.flows.get(area).map_or(&[], Vec::as_slice)
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
    /// let territory = release.territory();
    /// let transfer = territory.transfer("2019-12-31".parse()?, "2026-01-01".parse()?);
    /// let number = |code| territory.number(code).unwrap();
    /// let Origin::Parts(parts) = transfer.origin(number("541")) else { panic!() };
    /// assert_eq!(parts.len(), 2); // Nurmes and Valtimo
    /// assert_eq!(transfer.origin(number("272")), &Origin::Same);
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn transfer(&self, from: Date, to: Date) -> Arc<Transfer> {
        let key = (self.version(from), self.version(to));
        self.transfers.get(key, || {
            if key.0 <= key.1 {
                self.forward(from, to)
            } else {
                self.backward(from, to)
            }
        })
    }

    /// A way with its origins by number of the target.
    fn way(&self, to: Date, origins: Vec<Origin>, flows: &[BTreeMap<usize, Weights>]) -> Transfer {
        let targets = self.areas_on(to);
        let mut same = vec![false; self.codes.len()];
        for target in targets.numbers() {
            same[*target] = origins[*target] == Origin::Same;
        }
        let changed = targets.numbers().iter().copied().filter(|target| !same[*target]);
        Transfer {
            changed: changed.collect(),
            same,
            flows: flows
                .iter()
                .map(|targets| targets.keys().copied().collect())
                .collect(),
            origins,
        }
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

    /// Where every area went, by number.
    fn flows(&self, from: Date, to: Date) -> Vec<BTreeMap<usize, Weights>> {
        let mut flows = vec![BTreeMap::new(); self.codes.len()];
        let changes = self.document.changes.iter();
        let between = changes.filter(|change| from < change.date && change.date <= to);
        let moved: HashSet<&AreaCode> = between.map(|change| &change.source).collect();
        for number in self.areas_on(from).numbers() {
            // Most areas never change.
            if !moved.contains(&self.codes[*number]) {
                flows[*number].insert(*number, Weights::WHOLE);
                continue;
            }
            let targets = self.flow(&self.codes[*number], from, to).into_iter();
            flows[*number] = targets
                .filter_map(|(code, weights)| Some((self.number(code.as_str())?, weights)))
                .collect();
        }
        flows
    }

    fn forward(&self, from: Date, to: Date) -> Transfer {
        let flows = self.flows(from, to);
        let mut parts: Vec<Vec<Part>> = vec![Vec::new(); self.codes.len()];
        for (source, targets) in flows.iter().enumerate() {
            for (target, weights) in targets {
                parts[*target].push(Part {
                    area: self.codes[source].clone(),
                    number: source,
                    weights: *weights,
                });
            }
        }
        let origin = |(target, parts): (usize, Vec<Part>)| match parts.as_slice() {
            [] => Origin::Unknown,
            [only] if only.number == target && only.weights.is_whole() => Origin::Same,
            _ => Origin::Parts(parts),
        };
        let origins = parts.into_iter().enumerate().map(origin).collect();
        self.way(to, origins, &flows)
    }

    /// `from` is the later date: only an area that went over whole and alone into itself keeps its figure.
    fn backward(&self, from: Date, to: Date) -> Transfer {
        let flows = self.flows(to, from);
        let mut arrivals = vec![0_usize; self.codes.len()];
        for later in flows.iter().flat_map(BTreeMap::keys) {
            arrivals[*later] += 1;
        }
        let origin = |(earlier, targets): (usize, &BTreeMap<usize, Weights>)| {
            let alone = targets.len() == 1 && targets.contains_key(&earlier) && arrivals[earlier] == 1;
            if alone { Origin::Same } else { Origin::Unknown }
        };
        self.way(to, flows.iter().enumerate().map(origin).collect(), &flows)
    }
}

fn add(flows: &mut BTreeMap<AreaCode, Weights>, target: &AreaCode, share: Weights) {
    flows
        .entry(target.clone())
        .and_modify(|sum| *sum = sum.plus(share))
        .or_insert(share);
}
