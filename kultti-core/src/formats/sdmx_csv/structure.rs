//! Data structure definitions.

use crate::error::{Error, Result};
use crate::formats::{Cube, Dimension, Labels, Role};

/// A component of a structure.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Component {
    /// Its id.
    pub(super) id: String,
    /// The code it had in the cube, where SDMX allows no such id.
    pub(super) original: Option<String>,
    /// Its name.
    pub(super) label: Labels,
    /// What a dimension is for.
    pub(super) role: Role,
    /// Its codes; `None` where any value may stand.
    pub(super) codes: Option<Vec<Code>>,
    /// Whether its values are numbers.
    pub(super) numeric: bool,
}

/// A code of a code list.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Code {
    /// Its id.
    pub(super) id: String,
    /// The code it had in the cube.
    pub(super) original: Option<String>,
    /// Its name.
    pub(super) label: Labels,
}

/// A data structure definition with its code lists.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Structure {
    /// Dimensions in the order of the key.
    pub(super) dimensions: Vec<Component>,
    /// Measures.
    pub(super) measures: Vec<Component>,
    /// Attributes.
    pub(super) attributes: Vec<Component>,
}

impl Structure {
    /// A dimension, measure or attribute by its id.
    pub(super) fn component(&self, id: &str) -> Option<&Component> {
        let all = self
            .dimensions
            .iter()
            .chain(&self.measures)
            .chain(&self.attributes);
        all.into_iter().find(|component| component.id == id)
    }

    /// A measure by its id.
    pub(super) fn measure(&self, id: &str) -> Option<&Component> {
        self.measures.iter().find(|measure| measure.id == id)
    }
}

impl Component {
    /// Gives a dimension the names and the codes of the structure.
    pub(super) fn name(&self, dimension: &mut Dimension) {
        if !self.label.is_empty() {
            dimension.label = self.label.clone();
        }
    }
}

impl Structure {
    /// Reads a structure message.
    ///
    /// # Errors
    /// [`Error::MalformedFile`].
    pub(super) fn read(path: &str, _bytes: &[u8]) -> Result<Self> {
        Err(Error::malformed(path, super::FORMAT, 1, "", ""))
    }

    /// Gives a cube the names of the structure.
    pub(super) fn name(&self, _cube: &mut Cube) {}
}
