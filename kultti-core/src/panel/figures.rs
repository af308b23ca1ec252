//! A figure for every area of some borders, column by column.

use crate::model::{Missing, Status, StatusSet};

/// Stands for "there is a value" where a reason for its absence would stand: it comes after every reason, so that the
/// smaller of two is the reason that takes precedence, or that there is a value.
pub(super) const PRESENT: u8 = u8::MAX;

/// The reason of a number.
pub(super) fn reason_of(code: u8) -> Option<Missing> {
    Missing::ALL.get(usize::from(code)).copied()
}

/// Figures in the order of the areas: a value, or why there is none, and the statuses that went into it.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// NaN where there is none.
    pub(super) values: Vec<f64>,
    pub(super) status: Vec<StatusSet>,
    /// [`PRESENT`], or the number of a reason.
    pub(super) reasons: Vec<u8>,
}

impl Figures {
    pub(super) fn with_capacity(areas: usize) -> Self {
        Self {
            values: Vec::with_capacity(areas),
            status: Vec::with_capacity(areas),
            reasons: Vec::with_capacity(areas),
        }
    }

    /// Figures of which none has a value.
    pub(super) fn missing_all(reason: Missing, areas: usize) -> Self {
        Self {
            values: vec![f64::NAN; areas],
            status: vec![StatusSet::default(); areas],
            reasons: vec![reason as u8; areas],
        }
    }

    /// Sets a figure to an observation's.
    #[inline]
    pub(super) fn set(&mut self, index: usize, (value, status, missing): (f64, Status, Option<Missing>)) {
        let absent = value.is_nan();
        let reason = missing.unwrap_or(Missing::NotReported) as u8;
        self.values[index] = value;
        self.status[index] = if absent {
            StatusSet::default()
        } else {
            status.into()
        };
        self.reasons[index] = if absent { reason } else { PRESENT };
    }

    /// Takes the areas outside what a measure covers away.
    pub(super) fn leave_out(&mut self, within: &[bool]) {
        let outside = within.iter().enumerate().filter(|(_, within)| !**within);
        for (index, _) in outside {
            self.set_missing(index, Missing::OutOfScope);
        }
    }

    #[inline]
    pub(super) fn push(&mut self, value: f64, status: StatusSet) {
        self.values.push(value);
        self.status.push(status);
        self.reasons.push(PRESENT);
    }

    #[inline]
    pub(super) fn push_missing(&mut self, missing: Missing) {
        self.values.push(f64::NAN);
        self.status.push(StatusSet::default());
        self.reasons.push(missing as u8);
    }

    pub(super) fn set_missing(&mut self, index: usize, missing: Missing) {
        self.values[index] = f64::NAN;
        self.status[index] = StatusSet::default();
        self.reasons[index] = missing as u8;
    }

    /// Number of areas.
    #[inline]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are no areas.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The values; NaN where there is none.
    #[inline]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The value of the area at a position.
    #[inline]
    pub fn value(&self, index: usize) -> Option<f64> {
        self.values.get(index).copied().filter(|value| !value.is_nan())
    }

    /// Why the area at a position has no value.
    #[inline]
    pub fn missing(&self, index: usize) -> Option<Missing> {
        self.reasons.get(index).copied().and_then(reason_of)
    }

    /// The statuses that went into the value; none where there is no value.
    #[inline]
    pub fn status(&self, index: usize) -> StatusSet {
        self.status.get(index).copied().unwrap_or_default()
    }

    /// Whether the datum of the area at a position cannot exist, so that it is not counted among a group's members.
    #[inline]
    pub fn cannot_exist(&self, index: usize) -> bool {
        // The reasons of status M come first.
        self.reasons[index] <= Missing::OutOfScope as u8
    }

    /// The statuses that went into the values.
    pub fn statuses(&self) -> &[StatusSet] {
        &self.status
    }

    /// How many areas lack a value for each reason, in the places of [`Missing::ALL`].
    pub fn count_missing(&self) -> [u64; Missing::ALL.len()] {
        const PLACES: usize = Missing::ALL.len() + 1;
        // Four counts side by side: one that grows by the same reason again and again would wait for itself.
        let mut counts = [[0_u32; PLACES]; 4];
        for (place, reason) in self.reasons.iter().enumerate() {
            counts[place % 4][usize::from(*reason).min(PLACES - 1)] += 1;
        }
        std::array::from_fn(|reason| counts.iter().map(|count| u64::from(count[reason])).sum())
    }

    /// The SDMX letter: of the value, or of its absence.
    ///
    /// Source: SDMX code list `CL_OBS_STATUS`.
    pub fn letter(&self, index: usize) -> char {
        self.missing(index)
            .map_or_else(|| self.status(index).letter(), |reason| reason.status().letter())
    }
}
