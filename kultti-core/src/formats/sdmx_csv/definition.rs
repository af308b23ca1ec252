//! The data structure definition of a cube as it is written: an SDMX-JSON 2.0 structure message.

use super::build::OWN_AGENCY;
use super::ids::{self, Reference};
use super::lift::{DECIMALS, UNIT};
use super::plan::{STATUS, TIME};
use super::sheet::{Axis, Sheet};
use super::structure::{ORIGINAL, ROLES};
use crate::formats::{Cube, Labels};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Where the schema of the message stands; readers tell the version by it.
const SCHEMA: &str = "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/structure-message/tools/schemas/2.0.0/sdmx-json-structure-schema.json";
/// The URNs of SDMX begin so.
const URN: &str = "urn:sdmx:org.sdmx.infomodel";

/// The data structure definition of a cube, as an SDMX-JSON 2.0 structure message: what its SDMX-CSV file cannot say.
///
/// It holds the dimensions with their roles and code lists, measures and attributes, all with their names in every language
/// of the cube, and the dataflow that the rows of the file belong to. Ids are those that the writer of SDMX-CSV gives; where
/// SDMX does not allow a code, the cube's own stands in an annotation. Read back as a [`super::DataStructure`], the file
/// reads with names, roles and codes as they were.
///
/// ```
/// use kultti_core::formats::{Category, Cells, Cube, Dimension, Role, data_structure};
/// let area = Dimension::new("area", Role::Geo, vec![Category::new("272"), Category::new("091")]);
/// let mut cube = Cube::new(vec![area]);
/// cube.cells = Cells::of_values(vec![1.0, 2.0]);
/// let message: serde_json::Value = serde_json::from_str(&data_structure(&cube)).unwrap();
/// let dimensions = &message["data"]["dataStructures"][0]["dataStructureComponents"]["dimensionList"]["dimensions"];
/// assert_eq!(dimensions[0]["id"], "area");
/// ```
pub fn data_structure(cube: &Cube) -> String {
    let sheet = Sheet::of(cube);
    let mut definition = Definition {
        sheet: &sheet,
        concepts: Vec::new(),
        codelists: Vec::new(),
    };
    let components = definition.components();
    let message = definition.message(components);
    serde_json::to_string_pretty(&message).unwrap_or_default()
}

struct Definition<'a> {
    sheet: &'a Sheet<'a>,
    concepts: Vec<Value>,
    codelists: Vec<Value>,
}

impl Definition<'_> {
    fn message(self, components: Value) -> Value {
        let cube = self.sheet.cube;
        let reference = &self.sheet.reference;
        let structure = self.maintainable("", &cube.label);
        let mut data_structure = structure.clone();
        data_structure.insert("dataStructureComponents".into(), components);
        let mut dataflow = structure;
        let urn = format!("{URN}.datastructure.DataStructure={}", reference.spell());
        dataflow.insert("structure".into(), urn.into());
        let mut scheme = self.maintainable("CS_", &Labels::default());
        scheme.insert("concepts".into(), self.concepts.into());
        let languages: Vec<&String> = cube
            .languages
            .iter()
            .filter(|language| !language.is_empty())
            .collect();
        // The time of the data, not of the writing: the same cube gives the same bytes.
        let prepared = cube.updated.as_deref().and_then(moment);
        let prepared = prepared.unwrap_or_else(|| "1970-01-01T00:00:00Z".to_owned());
        json!({
            "meta": {
                "schema": SCHEMA,
                "id": format!("{}_{}", OWN_AGENCY, reference.id),
                "test": false,
                "prepared": prepared,
                "contentLanguages": languages,
                "sender": {"id": OWN_AGENCY},
            },
            "data": {
                "codelists": self.codelists,
                "conceptSchemes": [scheme],
                "dataStructures": [data_structure],
                "dataflows": [dataflow],
            },
        })
    }

    /// An artefact of the same agency and version, its id after a prefix.
    fn maintainable(&self, prefix: &str, label: &Labels) -> Map<String, Value> {
        let Reference { agency, id, version } = &self.sheet.reference;
        let mut artefact = named(&format!("{prefix}{id}"), label, &self.sheet.cube.languages);
        artefact.insert("agencyID".into(), agency.clone().into());
        artefact.insert("version".into(), version.clone().into());
        artefact
    }

    fn components(&mut self) -> Value {
        let sheet = self.sheet;
        let mut dimensions = Vec::new();
        let mut time = None;
        for axis in &sheet.axes {
            let dimension = self.dimension(axis);
            if axis.id == TIME {
                time = Some(dimension);
            } else {
                dimensions.push(dimension);
            }
        }
        let mut list = json!({"id": "DimensionDescriptor", "dimensions": dimensions});
        if let (Some(time), Some(list)) = (time, list.as_object_mut()) {
            list.insert("timeDimension".into(), time);
        }
        let measures = self.measures();
        let mut components = json!({
            "dimensionList": list,
            "measureList": {"id": "MeasureDescriptor", "measures": measures},
        });
        let attributes = self.attributes();
        if let (false, Some(components)) = (attributes.is_empty(), components.as_object_mut()) {
            let list = json!({"id": "AttributeDescriptor", "attributes": attributes});
            components.insert("attributeList".into(), list);
        }
        components
    }

    fn dimension(&mut self, axis: &Axis) -> Value {
        let cube = self.sheet.cube;
        let Some(dimension) = cube.dimensions.get(axis.place) else {
            return Value::Null;
        };
        let representation = if axis.id == TIME {
            json!({"format": {"dataType": "ObservationalTimePeriod"}})
        } else {
            let codes = dimension.categories.iter().zip(&axis.codes);
            let codes = codes.map(|(category, code)| {
                with_original(
                    named(code, &category.label, &cube.languages),
                    &category.code,
                    code,
                )
            });
            let codes = codes.collect();
            self.codelist(&axis.id, codes)
        };
        let mut component = self.component(&axis.id, &dimension.label, representation);
        let role = ROLES.iter().find(|(_, role)| *role == dimension.role);
        if let Some((end, _)) = role {
            let urn = format!("{URN}.conceptscheme.Concept=SDMX:SDMX_CONCEPT_ROLES(1.0){end}");
            component.insert("conceptRoles".into(), json!([urn]));
        }
        with_original(component, &dimension.code, &axis.id)
    }

    fn measures(&mut self) -> Vec<Value> {
        let sheet = self.sheet;
        let text = sheet
            .cube
            .cells
            .distinct_marks()
            .iter()
            .any(|mark| mark.text.is_some());
        let kind = if text && !sheet.has_text {
            "String"
        } else {
            "Double"
        };
        let format = || json!({"format": {"dataType": kind}});
        let Some(spread) = &sheet.spread else {
            let label = &sheet.extras.measure_label;
            return vec![self.component(&sheet.measure, label, format()).into()];
        };
        let dimension = sheet.cube.dimensions.get(spread.place);
        let categories = dimension.map_or(&[][..], |dimension| &dimension.categories);
        let measures = categories.iter().zip(&spread.codes);
        measures
            .map(|(category, code)| self.component(code, &category.label, format()).into())
            .collect()
    }

    fn attributes(&mut self) -> Vec<Value> {
        let sheet = self.sheet;
        let mut attributes = Vec::new();
        for id in sheet.mark_columns() {
            let representation = match id {
                STATUS => self.statuses(),
                UNIT => self.units(),
                DECIMALS => json!({"format": {"dataType": "Integer"}}),
                _ => json!({"format": {"dataType": "String"}}),
            };
            attributes.push(self.attribute(id, &Labels::default(), representation).into());
        }
        for column in &sheet.attributes {
            let Some(attribute) = sheet.cube.attributes.get(column.place) else {
                continue;
            };
            let representation = match sheet
                .names(column)
                .filter(|names| names.keys().all(|code| ids::is_code(code)))
            {
                Some(names) => self.named_codes(&column.id, names),
                None => json!({"format": {"dataType": "String"}}),
            };
            let component = self.attribute(&column.id, &attribute.label, representation);
            attributes.push(with_original(component, &attribute.code, &column.id));
        }
        attributes
    }

    fn statuses(&mut self) -> Value {
        let sheet = self.sheet;
        let marks = sheet.cube.cells.distinct_marks().iter();
        let used: BTreeSet<&str> = marks.filter_map(|mark| sheet.status(mark)).collect();
        if !used.iter().all(|status| ids::is_code(status)) {
            return json!({"format": {"dataType": "String"}});
        }
        let names = sheet.extras.codes.get(STATUS).cloned().unwrap_or_default();
        let labels = used.into_iter().map(|status| {
            let label = names.get(status).cloned().unwrap_or_default();
            (status.to_owned(), label)
        });
        self.named_codes(STATUS, &labels.collect())
    }

    fn units(&mut self) -> Value {
        let sheet = self.sheet;
        let labels: BTreeMap<String, Labels> = sheet
            .units()
            .map(|unit| (sheet.unit_code(unit), unit.label.clone()))
            .collect();
        if !labels.keys().all(|code| ids::is_code(code)) {
            return json!({"format": {"dataType": "String"}});
        }
        self.named_codes(UNIT, &labels)
    }

    fn named_codes(&mut self, id: &str, names: &BTreeMap<String, Labels>) -> Value {
        let languages = &self.sheet.cube.languages;
        let codes = names
            .iter()
            .map(|(code, label)| named(code, label, languages).into());
        let codes = codes.collect();
        self.codelist(id, codes)
    }

    /// Adds a code list; the representation that refers to it.
    fn codelist(&mut self, id: &str, codes: Vec<Value>) -> Value {
        let prefix = format!("CL_{id}_");
        let mut list = self.maintainable(&prefix, &Labels::default());
        list.insert("codes".into(), codes.into());
        self.codelists.push(list.into());
        let Reference { agency, id, version } = &self.sheet.reference;
        json!({"enumeration": format!("{URN}.codelist.Codelist={agency}:{prefix}{id}({version})")})
    }

    /// A component and its concept.
    fn component(&mut self, id: &str, label: &Labels, representation: Value) -> Map<String, Value> {
        let languages = &self.sheet.cube.languages;
        self.concepts.push(named(id, label, languages).into());
        let reference = &self.sheet.reference;
        let (agency, version) = (&reference.agency, &reference.version);
        let scheme = format!("{agency}:CS_{}({version})", reference.id);
        let mut component = Map::new();
        component.insert("id".into(), id.into());
        let urn = format!("{URN}.conceptscheme.Concept={scheme}.{id}");
        component.insert("conceptIdentity".into(), urn.into());
        component.insert("localRepresentation".into(), representation);
        component
    }

    fn attribute(&mut self, id: &str, label: &Labels, representation: Value) -> Map<String, Value> {
        let mut component = self.component(id, label, representation);
        component.insert("attributeRelationship".into(), json!({"observation": {}}));
        component
    }
}

/// A date, or a date and time with or without seconds and zone, as SDMX-JSON wants a moment; `None` for anything else. A
/// time without a zone is taken as UTC, since the file does not say which it is.
fn moment(text: &str) -> Option<String> {
    let (date, time) = text.split_once('T').unwrap_or((text, "00:00:00"));
    let (time, zone) = match time.find(['Z', '+', '-']) {
        Some(at) => time.split_at_checked(at)?,
        None => (time, "Z"),
    };
    let seconds = if time.len() == 5 { ":00" } else { "" };
    let moment = format!("{date}T{time}{seconds}{zone}");
    chrono::DateTime::parse_from_rfc3339(&moment)
        .is_ok()
        .then_some(moment)
}

/// An artefact with its names; one without a name is called by its id, since SDMX wants a name.
fn named(id: &str, label: &Labels, languages: &[String]) -> Map<String, Value> {
    let mut artefact = Map::new();
    artefact.insert("id".into(), id.into());
    let first = label.in_order(languages).filter(|name| !name.is_empty());
    artefact.insert("name".into(), first.unwrap_or(id).into());
    let names: Map<String, Value> = label
        .iter()
        .filter(|(language, _)| !language.is_empty())
        .map(|(language, name)| (language.to_owned(), name.into()))
        .collect();
    if !names.is_empty() {
        artefact.insert("names".into(), names.into());
    }
    artefact
}

/// The cube's own code in an annotation, where SDMX has another.
fn with_original(mut artefact: Map<String, Value>, code: &str, id: &str) -> Value {
    if code != id {
        artefact.insert("annotations".into(), json!([{"type": ORIGINAL, "title": code}]));
    }
    artefact.into()
}
