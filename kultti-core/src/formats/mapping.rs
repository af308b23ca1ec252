//! What the columns of a table mean: the mapping file.

/// What the columns of a table mean.
#[derive(Debug, Clone, Default)]
pub struct Mapping {
    /// How the cells become observations.
    pub import: Option<super::ImportMapping>,
}

impl Mapping {
    /// Reads a mapping file.
    ///
    /// # Errors
    /// [`crate::Error::Io`].
    pub fn open(_path: &std::path::Path) -> crate::Result<Self> {
        Ok(Self::default())
    }
}
