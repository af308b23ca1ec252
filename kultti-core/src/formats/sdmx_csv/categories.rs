//! Codes of one dimension as they come, and the order they take in the cube.

use super::found::Found;
use super::plan::TIME;
use super::structure::Component;
use crate::formats::{Category, Dimension, Labels, Role, TimePeriod};
use std::collections::HashMap;

/// Codes of a dimension, numbered in the order of the file.
#[derive(Debug, Default)]
pub(super) struct Categories {
    known: HashMap<String, u32>,
    list: Vec<Category>,
    last: u32,
}

impl Categories {
    /// The number of a code; a new one is added, with its name.
    pub(super) fn number<'a>(&mut self, code: &str, name: impl FnOnce() -> Option<&'a str>) -> u32 {
        // Rows mostly come in the order of their keys: the code is often that of the row before.
        let last = self.list.get(self.last as usize);
        if last.is_some_and(|last| last.code == code) {
            return self.last;
        }
        self.last = match self.known.get(code) {
            Some(number) => *number,
            None => self.add(code, name()),
        };
        self.last
    }

    fn add(&mut self, code: &str, name: Option<&str>) -> u32 {
        let number = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.known.insert(code.to_owned(), number);
        let mut category = Category::new(code);
        if let Some(name) = name {
            category.label = Labels::new("", name);
        }
        self.list.push(category);
        number
    }

    /// The dimension, and the place in it of each number.
    pub(super) fn dimension(self, place: usize, found: &Found) -> (Dimension, Vec<usize>) {
        let id = found.id(place);
        let component = found.component(place);
        let role = component.map_or_else(|| role(id), |component| component.role);
        let order = order(&self.list, role, component);
        let mut places = vec![0; order.len()];
        for (place, number) in order.iter().enumerate() {
            if let Some(slot) = places.get_mut(*number) {
                *slot = place;
            }
        }
        let mut dimension = Dimension::new(id, role, Vec::with_capacity(order.len()));
        let mut list: Vec<Option<Category>> = self.list.into_iter().map(Some).collect();
        let ordered = order.iter().filter_map(|number| list.get_mut(*number)?.take());
        dimension.categories = ordered.collect();
        let label = found
            .header
            .columns
            .get(place)
            .and_then(|column| column.label.clone());
        dimension.label = label.map(|label| Labels::new("", label)).unwrap_or_default();
        if let Some(component) = component {
            component.name(&mut dimension);
        }
        (dimension, places)
    }
}

/// Periods of one length in time order; else the order of the structure's code list; else that of the file.
fn order(list: &[Category], role: Role, component: Option<&Component>) -> Vec<usize> {
    let mut order: Vec<usize> = (0..list.len()).collect();
    if let Some(codes) = component.and_then(|component| component.codes.as_ref()) {
        let places: HashMap<&str, usize> = codes
            .iter()
            .enumerate()
            .map(|(place, code)| (code.id.as_str(), place))
            .collect();
        let place = |number: &usize| {
            let category = list.get(*number);
            category.and_then(|category| places.get(category.code.as_str()).copied())
        };
        order.sort_by_key(|number| place(number).unwrap_or(usize::MAX));
    } else if role == Role::Time {
        let periods: Option<Vec<TimePeriod>> = list
            .iter()
            .map(|category| TimePeriod::parse(&category.code))
            .collect();
        let Some(periods) = periods else { return order };
        let one_length = periods.windows(2).all(|pair| match pair {
            [first, second] => first.scale() == second.scale(),
            _ => true,
        });
        if one_length {
            order.sort_by_key(|number| periods.get(*number).copied());
        }
    }
    order
}

/// What a dimension is for, by the ids that SDMX's cross-domain concepts give.
pub(super) fn role(id: &str) -> Role {
    match id.to_ascii_uppercase().as_str() {
        TIME => Role::Time,
        "REF_AREA" | "GEO" | "REFERENCE_AREA" => Role::Geo,
        "MEASURE" | "INDICATOR" => Role::Metric,
        _ => Role::Classification,
    }
}
