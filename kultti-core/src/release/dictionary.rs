//! A dictionary column: each distinct text is read once, and rows are read by their keys.

use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef, DictionaryArray, StringArray};
use std::ops::Range;

/// The keys of a batch's column and what the texts of its dictionary mean.
///
/// A file has one dictionary for each row group, so that the texts are read anew only when it changes.
#[derive(Debug)]
pub(super) struct Dictionary<T> {
    column: Option<DictionaryArray<Int32Type>>,
    meanings: Vec<Option<T>>,
}

impl<T> Default for Dictionary<T> {
    fn default() -> Self {
        Self {
            column: None,
            meanings: Vec::new(),
        }
    }
}

impl<T: Copy + PartialEq> Dictionary<T> {
    /// Goes over to a batch's column; `None` where it is not a dictionary of text.
    pub(super) fn read(&mut self, array: &ArrayRef, meaning: impl Fn(&str) -> Option<T>) -> Option<()> {
        let column = array.as_dictionary_opt::<Int32Type>()?;
        let texts = column.values().as_string_opt::<i32>()?;
        let known = self.column.as_ref().is_some_and(|column| same(texts, column));
        if !known {
            let texts = (0..texts.len()).map(|place| texts.is_valid(place).then(|| texts.value(place)));
            self.meanings = texts.map(|text| text.and_then(&meaning)).collect();
        }
        self.column = Some(column.clone());
        Some(())
    }

    /// The keys of some rows; those of nulls mean nothing.
    pub(super) fn keys(&self, rows: Range<usize>) -> &[i32] {
        self.column
            .as_ref()
            .map_or(&[], |column| &column.keys().values()[rows])
    }

    /// The key of a row; -1 for null.
    pub(super) fn key(&self, row: usize) -> i32 {
        let column = self.column.as_ref().filter(|column| column.is_valid(row));
        column.map_or(-1, |column| column.keys().value(row))
    }

    /// The text of a row.
    pub(super) fn text(&self, row: usize) -> Option<&str> {
        let column = self.column.as_ref().filter(|column| column.is_valid(row))?;
        let texts = column.values().as_string_opt::<i32>()?;
        let place = usize::try_from(column.keys().value(row)).ok()?;
        (place < texts.len()).then(|| texts.value(place))
    }

    /// What a row's text means.
    pub(super) fn get(&self, row: usize) -> Option<T> {
        let key = self.key(row);
        self.meaning(key)
    }

    fn meaning(&self, key: i32) -> Option<T> {
        let place = usize::try_from(key).ok()?;
        self.meanings.get(place).copied().flatten()
    }

    /// The first of some rows whose text means something else.
    pub(super) fn other_than(&self, rows: Range<usize>, expected: Option<T>) -> Option<usize> {
        // A stretch of equal keys is looked up once.
        if let Some(key) = uniform(self.keys(rows.clone()))
            && expected.is_some()
            && self.meaning(key) == expected
        {
            return None;
        }
        rows.into_iter()
            .find(|row| expected.is_none() || self.get(*row) != expected)
    }

    /// Appends what the texts of some rows mean.
    ///
    /// # Errors
    /// The first row whose text means nothing.
    pub(super) fn append(&self, rows: Range<usize>, to: &mut Vec<T>) -> Result<(), usize> {
        let keys = self.keys(rows.clone());
        let first = to.len();
        if let Some(meaning) = uniform(keys).and_then(|key| self.meaning(key)) {
            to.resize(first + keys.len(), meaning);
            return Ok(());
        }
        to.extend(keys.iter().map_while(|key| self.meaning(*key)));
        let appended = to.len() - first;
        if appended == keys.len() {
            Ok(())
        } else {
            Err(rows.start + appended)
        }
    }

    /// Appends what the texts of some rows mean, `None` for null.
    ///
    /// # Errors
    /// The first row whose text means nothing.
    pub(super) fn append_optional(&self, rows: Range<usize>, to: &mut Vec<Option<T>>) -> Result<(), usize> {
        let first = to.len();
        let Some(nulls) = self.column.as_ref().and_then(|column| column.nulls()) else {
            to.reserve(rows.len());
            for row in rows {
                to.push(Some(self.get(row).ok_or(row)?));
            }
            return Ok(());
        };
        // Few rows lack a value, and only those have a reason.
        to.resize(first + rows.len(), None);
        for place in nulls.slice(rows.start, rows.len()).valid_indices() {
            let row = rows.start + place;
            to[first + place] = Some(self.get(row).ok_or(row)?);
        }
        Ok(())
    }
}

/// Whether a batch's texts are those of the column before it. That column is still held, so that no other array can have
/// come to lie at the same address.
fn same(texts: &StringArray, before: &DictionaryArray<Int32Type>) -> bool {
    before.values().as_string_opt::<i32>().is_some_and(|known| {
        known.len() == texts.len()
            && known.offsets().inner().as_ptr() == texts.offsets().inner().as_ptr()
            && known.values().as_ptr() == texts.values().as_ptr()
            && known.nulls().is_none()
            && texts.nulls().is_none()
    })
}

/// The key that all rows share.
pub(super) fn uniform(keys: &[i32]) -> Option<i32> {
    let first = *keys.first()?;
    keys.iter().all(|key| *key == first).then_some(first)
}
