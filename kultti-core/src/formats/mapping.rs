//! What the columns of a table mean: the mapping file.

/// What the columns of a table mean.
#[derive(Debug, Clone, Default)]
pub struct Mapping {}
