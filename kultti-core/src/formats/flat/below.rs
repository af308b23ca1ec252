//! What stands below a table: notes that people write under it.

/// Rows with one filled cell after an empty row: notes, unless the table goes on after them.
///
/// A row like any other is one of the table's, however few of its cells are filled: only the empty row between tells
/// that the table has ended.
#[derive(Debug, Default)]
pub(in crate::formats) struct Below {
    rows: bool,
    parted: bool,
    held: Vec<Lone>,
}

/// A row with one filled cell, the first.
#[derive(Debug)]
pub(in crate::formats) struct Lone {
    /// Its line or row.
    pub(in crate::formats) row: usize,
    /// The text; empty in an empty row.
    pub(in crate::formats) text: String,
    /// How many cells the row has, empty ones too.
    pub(in crate::formats) cells: usize,
}

impl Below {
    /// A row that is one of the table's; so are those that were held.
    pub(in crate::formats) fn row(&mut self) -> Vec<Lone> {
        (self.rows, self.parted) = (true, false);
        std::mem::take(&mut self.held)
    }

    /// An empty row.
    pub(in crate::formats) fn gap(&mut self) {
        self.parted = self.rows;
    }

    /// Keeps a row where the table has ended before it, and says whether it did.
    pub(in crate::formats) fn holds(&mut self, row: usize, text: &str, cells: usize) -> bool {
        if self.parted {
            let text = text.to_owned();
            self.held.push(Lone { row, text, cells });
        }
        self.parted
    }

    /// The notes.
    pub(in crate::formats) fn notes(self) -> Vec<String> {
        let texts = self.held.into_iter().map(|lone| lone.text);
        texts.filter(|text| !text.trim().is_empty()).collect()
    }
}
