//! Which areas belong together, worked out once for each grouping, borders and year.

use super::super::members::size_classes;
use crate::error::Result;
use crate::model::Date;
use crate::panel::{Slice, Slicer};
use crate::territory::Assignment;
use std::collections::HashMap;
use std::sync::Arc;

/// Who belongs to which group.
pub(super) struct Lists {
    /// The positions of every group's areas, ascending.
    pub(super) areas: Vec<Vec<usize>>,
    /// The group of each area; `u32::MAX` for none.
    pub(super) of: Vec<u32>,
}

/// Groups by grouping, borders and year.
#[derive(Default)]
pub(super) struct GroupsOf(HashMap<(String, Date, i32), Arc<Lists>>);

impl GroupsOf {
    /// The groups of a grouping on the borders and in the year of a slice; none in a year in which it is not in force.
    pub(super) fn lists(&mut self, slicer: &Slicer, slice: &Slice, grouping: &str) -> Result<Arc<Lists>> {
        let year = slice.period.calendar_year();
        let key = (grouping.to_owned(), slice.date, year);
        if let Some(known) = self.0.get(&key) {
            return Ok(Arc::clone(known));
        }
        let territory = slicer.release().territory();
        let lists = if territory.require_valid(grouping, year).is_err() {
            Lists {
                areas: Vec::new(),
                of: vec![u32::MAX; slice.len()],
            }
        } else if territory.is_size(grouping) {
            Lists::of(&size_classes(slicer, slice.date, grouping, year)?)
        } else {
            Lists::of(&*territory.assignment(grouping, slice.date, year)?)
        };
        let lists = Arc::new(lists);
        self.0.insert(key, Arc::clone(&lists));
        Ok(lists)
    }
}

impl Lists {
    fn of(assignment: &Assignment) -> Self {
        let mut areas = vec![Vec::new(); assignment.groups.len()];
        for (position, group) in assignment.of.iter().enumerate() {
            if let Some(group) = group {
                areas[*group].push(position);
            }
        }
        let number = |group: &Option<usize>| group.and_then(|group| u32::try_from(group).ok());
        let of = assignment
            .of
            .iter()
            .map(|group| number(group).unwrap_or(u32::MAX));
        Self {
            of: of.collect(),
            areas,
        }
    }
}
