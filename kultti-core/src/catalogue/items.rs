//! Many items of which a question needs a few: found by id, parsed when they are first asked for.

use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// A text that several parties hold.
pub(crate) type SharedText = Arc<dyn AsRef<str> + Send + Sync>;

/// What begins the line of an item: ids are lower-case words, digits, `_` and `.`, so that nothing in them is escaped.
const BEFORE_ID: &str = "{\"id\":\"";

/// Items by id, in the order in which they were declared.
pub(super) struct Items<T> {
    /// The lines of JSON that the items are parsed from; absent where all of them were given.
    text: Option<SharedText>,
    places: Vec<Range<usize>>,
    items: Vec<OnceLock<Box<T>>>,
    by_id: HashMap<Box<str>, usize>,
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
        Ok(Self {
            text: None,
            places: Vec::new(),
            items: items
                .into_iter()
                .map(|item| OnceLock::from(Box::new(item)))
                .collect(),
            by_id,
        })
    }

    /// Items as lines of JSON, each of which begins with the id. `None` where one does not, or an id stands twice.
    pub(super) fn of_lines(text: SharedText) -> Option<Self> {
        let whole: &str = (*text).as_ref();
        let mut places = Vec::new();
        let mut by_id = HashMap::with_capacity(whole.len() / 512);
        let mut start = 0;
        for line in whole.split_inclusive('\n') {
            let (id, _) = line.strip_prefix(BEFORE_ID)?.split_once('"')?;
            if by_id.insert(id.into(), places.len()).is_some() {
                return None;
            }
            places.push(start..start + line.len());
            start += line.len();
        }
        Some(Self {
            items: places.iter().map(|_| OnceLock::new()).collect(),
            places,
            by_id,
            text: Some(text),
        })
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    pub(super) fn position(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// The item at a position. `None` for a line that is no such item, which only a file of another writer holds.
    pub(super) fn at(&self, index: usize) -> Option<&T> {
        let slot = self.items.get(index)?;
        if let Some(item) = slot.get() {
            return Some(item);
        }
        let text: &str = self.text.as_deref()?.as_ref();
        let line = text.get(self.places.get(index)?.clone())?;
        let item = serde_json::from_str(line).ok()?;
        Some(slot.get_or_init(|| Box::new(item)))
    }

    pub(super) fn get(&self, id: &str) -> Option<&T> {
        self.at(self.position(id)?)
    }

    /// All items, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        (0..self.items.len()).filter_map(|index| self.at(index))
    }
}

impl<T> std::fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Items")
            .field("len", &self.items.len())
            .finish_non_exhaustive()
    }
}
