//! Verifying a release: every row is read and every hash made anew.

use super::content::ContentBuilder;
use super::guard::guarded;
use super::open::Release;
use super::order::{FlawKind, Order};
use crate::error::Result;
use crate::model::ObservationColumns;

/// What a verification went through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// The id, confirmed.
    pub id: String,
    /// Measures.
    pub measures: usize,
    /// Rows.
    pub rows: usize,
}

impl Release {
    /// Reads every row and compares order, counts and hashes with what the release says of itself, and the lists of pages
    /// with the pages.
    ///
    /// # Errors
    /// [`crate::Error::ReleaseAltered`] naming the first measure that disagrees.
    ///
    /// ```
    /// use kultti_core::release::Release;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// assert_eq!(release.verify()?.id, release.id());
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn verify(&self) -> Result<Verification> {
        guarded(self.name(), "rows", || self.read_all())
    }

    fn read_all(&self) -> Result<Verification> {
        self.check_page_lists()?;
        let reader = self.reader().with_batch_size(65_536).build();
        let reader = reader.map_err(|cause| self.altered("rows", "readable pages", &cause.to_string()))?;
        let mut content = ContentBuilder::default();
        let mut order = Order::default();
        let mut count = 0;
        for batch in reader {
            let batch = batch.map_err(|cause| self.altered("rows", "readable pages", &cause.to_string()))?;
            let columns = ObservationColumns::of(&batch);
            let columns =
                columns.ok_or_else(|| self.altered("rows", "the schema of observations", "another"))?;
            order.check(&columns).map_err(|flaw| match flaw.kind {
                FlawKind::Cell {
                    column,
                    expected,
                    found,
                } => self.altered(column, &expected, &found),
                FlawKind::Unsorted { before, key } => self.altered("order", &format!("> {before}"), &key),
                FlawKind::Duplicate { key } => self.altered("order", &format!("> {key}"), &key),
            })?;
            content.push(&columns);
            count += columns.rows;
        }
        let unreadable =
            |found: String| self.altered("catalogue", "readable measures and indicators", &found);
        self.catalogue().check_all().map_err(unreadable)?;
        if !self.content_is_sound() {
            return Err(self.altered("rows", "a readable content list", "another"));
        }
        let found = content.finish();
        for expected in self.content() {
            let same = found.binary_search_by(|content| content.measure.cmp(&expected.measure));
            let same = same.ok().and_then(|index| found.get(index));
            if same != Some(expected) {
                let hash = same.map_or("no rows", |content| &content.sha256);
                return Err(self.altered(expected.measure.as_str(), &expected.sha256, hash));
            }
        }
        if let Some(extra) = found
            .iter()
            .find(|content| self.periods(&content.measure).is_empty())
        {
            return Err(self.altered(extra.measure.as_str(), "no rows", &extra.sha256));
        }
        Ok(Verification {
            id: self.id().to_owned(),
            measures: found.len(),
            rows: count,
        })
    }

    /// Opens a release file and verifies it wholly.
    ///
    /// # Errors
    /// Those of [`Release::open`] and [`Release::verify`].
    pub fn open_verified(path: impl AsRef<std::path::Path>) -> Result<Self> {
        let release = Self::open(path)?;
        release.verify()?;
        Ok(release)
    }
}
