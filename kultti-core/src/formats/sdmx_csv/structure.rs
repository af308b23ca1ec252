//! Data structure definitions as they are read: SDMX-JSON 2.0 structure messages.

use super::FORMAT;
use crate::error::{Error, Result};
use crate::formats::{Cube, Dimension, Labels, Role};
use serde_json::Value;
use std::collections::HashMap;
use std::path::Path;

/// The annotation that holds the code of the cube where SDMX allows no such id.
pub(super) const ORIGINAL: &str = "KULTTI_CODE";
/// Roles of dimensions by the ends of the names that SDMX's concept roles have.
pub(super) const ROLES: [(&str, Role); 2] = [(".GEO", Role::Geo), (".VARIABLE", Role::Metric)];

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

/// A data structure definition with its code lists: which columns of an SDMX-CSV file are dimensions, measures and
/// attributes, and what they and their codes are called.
///
/// It is read from an SDMX-JSON 2.0 structure message, as the services of statistical offices answer and as
/// [`super::data_structure`] makes.
///
/// ```
/// use kultti_core::formats::{Category, Cube, DataStructure, Dimension, Role, data_structure};
/// let cube = Cube::new(vec![Dimension::new("area", Role::Geo, vec![Category::new("272")])]);
/// assert!(DataStructure::parse("structure.json", data_structure(&cube).as_bytes()).is_ok());
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DataStructure {
    /// The name of what it describes.
    pub(super) label: Labels,
    /// The languages of its names, the default one first.
    pub(super) languages: Vec<String>,
    /// Dimensions in the order of the key.
    pub(super) dimensions: Vec<Component>,
    /// Measures.
    pub(super) measures: Vec<Component>,
    /// Attributes.
    pub(super) attributes: Vec<Component>,
}

impl Component {
    /// Gives a dimension the names of the structure, and the codes it had before they were made ids.
    pub(super) fn name(&self, dimension: &mut Dimension) {
        if !self.label.is_empty() {
            dimension.label = self.label.clone();
        }
        if let Some(original) = &self.original {
            dimension.code.clone_from(original);
        }
        let codes = self.codes.iter().flatten();
        let codes: HashMap<&str, &Code> = codes.map(|code| (code.id.as_str(), code)).collect();
        for category in &mut dimension.categories {
            let Some(code) = codes.get(category.code.as_str()) else {
                continue;
            };
            if !code.label.is_empty() {
                category.label = code.label.clone();
            }
            if let Some(original) = &code.original {
                category.code.clone_from(original);
            }
        }
    }
}

impl DataStructure {
    /// A dimension, measure or attribute by its id.
    pub(super) fn component(&self, id: &str) -> Option<&Component> {
        let all = self.dimensions.iter().chain(&self.measures);
        all.chain(&self.attributes).find(|component| component.id == id)
    }

    /// A measure by its id.
    pub(super) fn measure(&self, id: &str) -> Option<&Component> {
        self.measures.iter().find(|measure| measure.id == id)
    }

    /// Gives a cube the title and the languages of the structure.
    pub(super) fn name(&self, cube: &mut Cube) {
        if !self.label.is_empty() {
            cube.label = self.label.clone();
        }
        if !self.languages.is_empty() {
            cube.languages.clone_from(&self.languages);
        }
    }

    /// Reads a structure message from its file.
    ///
    /// # Errors
    /// As [`DataStructure::parse`], and [`Error::Io`].
    pub fn open(path: &Path) -> Result<Self> {
        let name = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|cause| Error::io(&name, &cause))?;
        Self::parse(&name, &bytes)
    }

    /// Reads a structure message; the first data structure definition in it counts. `path` is what messages call it.
    ///
    /// # Errors
    /// [`Error::MalformedFile`] for what is no SDMX-JSON structure message with a data structure definition.
    pub fn parse(path: &str, bytes: &[u8]) -> Result<Self> {
        let wrong = |line: usize, found: &str| {
            let expected = "an SDMX-JSON 2.0 structure message with a data structure definition";
            Error::malformed(path, FORMAT, line, expected, found)
        };
        let message: Value =
            serde_json::from_slice(bytes).map_err(|cause| wrong(cause.line(), &cause.to_string()))?;
        let data = message.get("data").unwrap_or(&Value::Null);
        let components = data
            .pointer("/dataStructures/0/dataStructureComponents")
            .ok_or_else(|| wrong(1, "none"))?;
        let names = Names { data };
        let list = |pointer: &str| {
            let all = components.pointer(pointer).and_then(Value::as_array);
            all.into_iter()
                .flatten()
                .map(|one| names.component(one))
                .collect()
        };
        let mut structure = Self {
            label: label(data.pointer("/dataflows/0").unwrap_or(&Value::Null)),
            languages: texts(message.pointer("/meta/contentLanguages")),
            dimensions: list("/dimensionList/dimensions"),
            measures: list("/measureList/measures"),
            attributes: list("/attributeList/attributes"),
        };
        if let Some(time) = components.pointer("/dimensionList/timeDimension") {
            let mut time = names.component(time);
            time.role = Role::Time;
            structure.dimensions.push(time);
        }
        Ok(structure)
    }
}

/// The concepts and code lists of a message.
struct Names<'a> {
    data: &'a Value,
}

impl Names<'_> {
    fn component(&self, component: &Value) -> Component {
        let id = text(component, "id");
        let concept = self.concept(text(component, "conceptIdentity"));
        let local = component.get("localRepresentation");
        let core = concept.and_then(|concept| concept.get("coreRepresentation"));
        let representation = local.or(core).unwrap_or(&Value::Null);
        let kind = representation.pointer("/format/dataType").and_then(Value::as_str);
        let roles = texts(component.get("conceptRoles"));
        let role = ROLES
            .iter()
            .find(|(end, _)| roles.iter().any(|role| role.ends_with(end)));
        let enumeration = representation.get("enumeration").and_then(Value::as_str);
        Component {
            id: id.to_owned(),
            original: original(component),
            label: concept.map(label).unwrap_or_default(),
            role: role.map_or_else(|| super::categories::role(id), |(_, role)| *role),
            codes: enumeration.map(|urn| self.codes(urn)),
            numeric: enumeration.is_none()
                && !matches!(kind, Some("String" | "Alpha" | "AlphaNumeric" | "XHTML")),
        }
    }

    /// The item of a concept scheme that a URN ends with.
    fn concept(&self, urn: &str) -> Option<&Value> {
        let (scheme, item) = urn.rsplit_once('.')?;
        let scheme = self.scheme("conceptSchemes", scheme)?;
        let concepts = scheme.get("concepts")?.as_array()?;
        concepts.iter().find(|concept| text(concept, "id") == item)
    }

    fn codes(&self, urn: &str) -> Vec<Code> {
        let list = self.scheme("codelists", urn).and_then(|list| list.get("codes"));
        let codes = list.and_then(Value::as_array).into_iter().flatten();
        codes
            .map(|code| Code {
                id: text(code, "id").to_owned(),
                original: original(code),
                label: label(code),
            })
            .collect()
    }

    /// The scheme that a URN `…=AGENCY:ID(VERSION)` names.
    fn scheme(&self, kind: &str, urn: &str) -> Option<&Value> {
        let (_, reference) = urn.split_once('=')?;
        let schemes = self.data.get(kind)?.as_array()?;
        schemes.iter().find(|scheme| {
            let [agency, id, version] = ["agencyID", "id", "version"].map(|key| text(scheme, key));
            reference == format!("{agency}:{id}({version})")
        })
    }
}

/// The names of an artefact by language. One whose only name is its id has none.
fn label(artefact: &Value) -> Labels {
    let mut label = Labels::default();
    if let Some(names) = artefact.get("names").and_then(Value::as_object) {
        for (language, name) in names {
            label.set(language, name.as_str().unwrap_or_default());
        }
    } else {
        let name = text(artefact, "name");
        if !name.is_empty() && name != text(artefact, "id") {
            label.set("", name);
        }
    }
    label
}

fn original(artefact: &Value) -> Option<String> {
    let annotations = artefact.get("annotations")?.as_array()?;
    let original = annotations
        .iter()
        .find(|annotation| text(annotation, "type") == ORIGINAL)?;
    Some(text(original, "title").to_owned())
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn texts(value: Option<&Value>) -> Vec<String> {
    let all = value.and_then(Value::as_array).into_iter().flatten();
    all.filter_map(Value::as_str).map(str::to_owned).collect()
}
