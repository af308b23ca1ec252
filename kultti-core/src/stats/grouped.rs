//! The values of several groups of areas, each ascending.

use super::quantile::{QuantileType, median_of_ascending, quantile};

/// The values of several groups of areas, each group ascending: what
/// [`Ordered::split`](super::Ordered::split) fills.
///
/// The memory is kept from one slice to the next.
///
/// # Missing values
/// Only values present are here; a group may be empty.
///
/// # Example: the medians of two regions
/// ```
/// use kultti_core::stats::{Grouped, Ordered};
///
/// let mut slice = Ordered::new();
/// slice.sort(&[9.0, 1.0, 3.0, 5.0, 7.0]);
/// let mut regions = Grouped::new();
/// slice.split(&[0, 0, 1, 1, 1], 2, &mut regions);
/// assert_eq!(regions.median(0), Some(5.0));
/// assert_eq!(regions.median(1), Some(5.0));
/// assert_eq!(regions.values(1), [3.0, 5.0, 7.0]);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Grouped {
    /// The values of all groups, one group after another; last those without a group.
    values: Vec<f64>,
    /// Where each group ends among the values.
    ends: Vec<u32>,
}

impl Grouped {
    /// Holds no groups yet.
    ///
    /// # Example
    /// ```
    /// use kultti_core::stats::Grouped;
    ///
    /// assert_eq!(Grouped::new().groups(), 0);
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many groups there are, empty ones included.
    ///
    /// # Example
    /// ```
    /// use kultti_core::stats::{Grouped, Ordered};
    ///
    /// let mut parts = Grouped::new();
    /// Ordered::new().split(&[], 3, &mut parts);
    /// assert_eq!(parts.groups(), 3);
    /// ```
    #[must_use]
    pub fn groups(&self) -> usize {
        // The last end is that of the values without a group.
        self.ends.len().saturating_sub(1)
    }

    /// The values of one group, ascending.
    ///
    /// # Missing values
    /// Empty when no member has a value, or when there is no such group.
    ///
    /// # Example
    /// ```
    /// use kultti_core::stats::{Grouped, Ordered};
    ///
    /// let mut slice = Ordered::new();
    /// slice.sort(&[4.0, 2.0, f64::NAN]);
    /// let mut parts = Grouped::new();
    /// slice.split(&[0, 0, 1], 2, &mut parts);
    /// assert_eq!(parts.values(0), [2.0, 4.0]);
    /// assert!(parts.values(1).is_empty());
    /// ```
    #[must_use]
    pub fn values(&self, group: usize) -> &[f64] {
        if group >= self.groups() {
            return &[];
        }
        let start = group.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.values[start as usize..self.ends[group] as usize]
    }

    /// The median of one group; see [`median`](super::median).
    ///
    /// # Missing values
    /// `None` when no member has a value, or when there is no such group.
    ///
    /// # Example
    /// ```
    /// use kultti_core::stats::{Grouped, Ordered};
    ///
    /// let mut slice = Ordered::new();
    /// slice.sort(&[4.0, 2.0, 1.0]);
    /// let mut parts = Grouped::new();
    /// slice.split(&[0, 0, u32::MAX], 1, &mut parts);
    /// assert_eq!(parts.median(0), Some(3.0));
    /// assert_eq!(parts.median(1), None);
    /// ```
    #[must_use]
    pub fn median(&self, group: usize) -> Option<f64> {
        median_of_ascending(self.values(group))
    }

    /// The quantile of order `p` of one group; see [`quantile`](fn@super::quantile).
    ///
    /// # Missing values
    /// `None` when no member has a value, when there is no such group, or when `p` lies outside `[0, 1]`.
    ///
    /// # Example
    /// ```
    /// use kultti_core::stats::{Grouped, Ordered, QuantileType};
    ///
    /// let mut slice = Ordered::new();
    /// slice.sort(&[5.0, 1.0, 3.0]);
    /// let mut parts = Grouped::new();
    /// slice.split(&[0, 0, 0], 1, &mut parts);
    /// // h = 2 · 0.25 + 1 = 1.5: halfway from 1 to 3.
    /// assert_eq!(parts.quantile(0, 0.25, QuantileType::Type7), Some(2.0));
    /// ```
    #[must_use]
    pub fn quantile(&self, group: usize, p: f64, kind: QuantileType) -> Option<f64> {
        quantile(self.values(group), p, kind)
    }

    /// Takes ascending values, with the position of each area, into the groups of those areas.
    pub(super) fn fill(&mut self, values: &[f64], positions: &[u32], division: (&[u32], usize)) {
        let (group_of, groups) = division;
        let group = |position: u32| {
            let given = group_of
                .get(position as usize)
                .map_or(groups, |&group| group as usize);
            given.min(groups)
        };
        self.ends.clear();
        self.ends.resize(groups + 1, 0);
        for &position in positions {
            self.ends[group(position)] += 1;
        }
        // From sizes to where each group starts; placing its values moves that on to where it ends.
        let mut start = 0;
        for end in &mut self.ends {
            start += std::mem::replace(end, start);
        }
        self.values.resize(values.len(), 0.0);
        for (&position, &value) in positions.iter().zip(values) {
            let end = &mut self.ends[group(position)];
            self.values[*end as usize] = value;
            *end += 1;
        }
    }
}
