//! Many items of which a question needs a few: found by id, parsed when they are first asked for.

use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::sync::OnceLock;

/// Lines by key, in the order of the keys, read when they are asked for.
pub(crate) trait Lines: Send + Sync {
    /// How many there are.
    fn len(&self) -> usize;

    /// The place of a key.
    fn place(&self, key: &str) -> Option<usize>;

    /// The key at a place.
    fn key(&self, place: usize) -> Option<&str>;

    /// What stands behind the key at a place.
    fn line(&self, place: usize) -> Option<&str>;
}

/// Items by id.
pub(super) struct Items<T> {
    /// By place: that of the declaration where the items were given, that of the id where they are read.
    items: Vec<OnceLock<Box<T>>>,
    source: Source,
}

/// Where items come from.
enum Source {
    /// All of them were given: places by id.
    Given(HashMap<Box<str>, usize>),
    /// Lines by id: the number of the item in the order of declaration, a tab, and JSON.
    Lines {
        lines: Box<dyn Lines>,
        /// The places in the order of declaration, once all items have been asked for.
        order: OnceLock<Vec<usize>>,
    },
}

impl<T> Default for Items<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            source: Source::Given(HashMap::new()),
        }
    }
}

impl<T: DeserializeOwned> Items<T> {
    /// Items that have been read.
    ///
    /// # Errors
    /// The id that stands twice.
    pub(super) fn of(items: Vec<T>, id: impl Fn(&T) -> &str) -> Result<Self, String> {
        let mut by_id = HashMap::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            if by_id.insert(id(item).into(), index).is_some() {
                return Err(id(item).to_owned());
            }
        }
        let items = items.into_iter().map(|item| OnceLock::from(Box::new(item)));
        Ok(Self {
            items: items.collect(),
            source: Source::Given(by_id),
        })
    }

    /// Items as lines, which are read when they are asked for.
    pub(super) fn of_lines(lines: Box<dyn Lines>) -> Self {
        Self {
            items: (0..lines.len()).map(|_| OnceLock::new()).collect(),
            source: Source::Lines {
                lines,
                order: OnceLock::new(),
            },
        }
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    /// The place of an item.
    pub(super) fn place(&self, id: &str) -> Option<usize> {
        match &self.source {
            Source::Given(by_id) => by_id.get(id).copied(),
            Source::Lines { lines, .. } => lines.place(id),
        }
    }

    /// The item at a place. `None` for a line that is no such item, which only a file of another writer holds.
    pub(super) fn at(&self, place: usize) -> Option<&T> {
        let slot = self.items.get(place)?;
        if let Some(item) = slot.get() {
            return Some(item);
        }
        let Source::Lines { lines, .. } = &self.source else {
            return None;
        };
        let (_, json) = lines.line(place)?.split_once('\t')?;
        let item = serde_json::from_str(json).ok()?;
        Some(slot.get_or_init(|| Box::new(item)))
    }

    pub(super) fn get(&self, id: &str) -> Option<&T> {
        self.at(self.place(id)?)
    }

    /// The places of all items, in the order of declaration.
    fn places(&self) -> Vec<usize> {
        match &self.source {
            Source::Given(_) => (0..self.items.len()).collect(),
            Source::Lines { lines, order } => order.get_or_init(|| by_declaration(lines.as_ref())).clone(),
        }
    }

    /// All items, in the order of declaration.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.places().into_iter().filter_map(|place| self.at(place))
    }

    /// The ids of all items, in the order of declaration; `id` is that of an item that was given.
    pub(super) fn ids<'a>(&'a self, id: impl Fn(&'a T) -> &'a str) -> Vec<&'a str> {
        let places = self.places().into_iter();
        match &self.source {
            Source::Given(_) => places.filter_map(|place| self.at(place).map(&id)).collect(),
            Source::Lines { lines, .. } => places.filter_map(|place| lines.key(place)).collect(),
        }
    }
}

/// The places of lines by the numbers that stand behind their keys.
fn by_declaration(lines: &dyn Lines) -> Vec<usize> {
    let number = |place: usize| -> Option<usize> { lines.line(place)?.split_once('\t')?.0.parse().ok() };
    let mut places: Vec<(usize, usize)> = (0..lines.len())
        .filter_map(|place| Some((number(place)?, place)))
        .collect();
    places.sort_unstable();
    places.into_iter().map(|(_, place)| place).collect()
}

impl<T> std::fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Items")
            .field("len", &self.items.len())
            .finish_non_exhaustive()
    }
}
