//! The columns of a cube's table: their names, types and metadata.

use crate::formats::{Absent, Category, Cube, Dimension, Labels, Role, Unit};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The key of the schema that holds the cube without its cells.
pub(super) const CUBE: &str = "kultti.cube";
pub(super) const ROLE: &str = "jsonstat.role";
pub(super) const MEASURE: &str = "jsonstat.measure";
pub(super) const STATUS: &str = "jsonstat.status";
pub(super) const LABEL: &str = "jsonstat.label";
pub(super) const LABELS: &str = "jsonstat.categoryLabels";
pub(super) const UNITS: &str = "jsonstat.categoryUnits";
pub(super) const COORDINATES: &str = "jsonstat.categoryCoords";
pub(super) const CHILDREN: &str = "jsonstat.categoryChild";
pub(super) const ORDER: &str = "jsonstat.categoryOrder";
pub(super) const SOURCE: &str = "jsonstat.source";
pub(super) const UPDATED: &str = "jsonstat.updated";
pub(super) const EXTENSION: &str = "jsonstat.extension";
const VALUE_FORM: &str = "jsonstat.valueForm";

/// What [`CUBE`] holds.
#[derive(Deserialize)]
pub(super) struct Header {
    pub(super) absent: Absent,
    pub(super) cube: Cube,
}

#[derive(Serialize)]
struct HeaderOf<'a> {
    absent: Absent,
    cube: &'a Cube,
}

/// The names of the columns.
pub(super) struct Names {
    pub(super) dimensions: Vec<String>,
    pub(super) value: String,
    pub(super) status: String,
    pub(super) symbol: String,
    pub(super) text: String,
    pub(super) attributes: Vec<String>,
}

impl Names {
    pub(super) fn of(cube: &Cube) -> Self {
        let mut taken = HashSet::new();
        let mut name = |wanted: &str| {
            let mut name = wanted.to_owned();
            while !taken.insert(name.clone()) {
                name.push('_');
            }
            name
        };
        Self {
            dimensions: cube.dimensions.iter().map(|one| name(&one.code)).collect(),
            value: name("value"),
            status: name("status"),
            symbol: name("symbol"),
            text: name("text"),
            attributes: cube.attributes.iter().map(|one| name(&one.code)).collect(),
        }
    }
}

/// Whether a cell holds a text.
pub(super) fn has_text(cube: &Cube) -> bool {
    cube.cells.distinct_marks().iter().any(|mark| mark.text.is_some())
}

/// The schema of a cube's table, with the metadata that make a cube of it again: see [`crate::formats`] for the columns.
///
/// ```
/// use kultti_core::formats::{Category, Cells, Cube, Dimension, Role, cube_schema};
/// let area = Dimension::new("area", Role::Geo, vec![Category::new("272")]);
/// let mut cube = Cube::new(vec![area]);
/// cube.cells = Cells::of_values(vec![1.5]);
/// let schema = cube_schema(&cube);
/// let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
/// assert_eq!(names, ["area", "value", "status", "symbol"]);
/// assert_eq!(schema.field(0).metadata()["jsonstat.role"], "geo");
/// ```
pub fn cube_schema(cube: &Cube) -> SchemaRef {
    let names = Names::of(cube);
    let key = |name: &str| HashMap::from([(name.to_owned(), "true".to_owned())]);
    let mut fields: Vec<Field> = Vec::new();
    for (name, dimension) in names.dimensions.iter().zip(&cube.dimensions) {
        let metadata = dimension_metadata(cube, dimension);
        fields.push(Field::new(name, dictionary(), false).with_metadata(metadata));
    }
    fields.push(Field::new(names.value, DataType::Float64, true).with_metadata(key(MEASURE)));
    fields.push(Field::new(names.status, dictionary(), true).with_metadata(key(STATUS)));
    fields.push(Field::new(names.symbol, dictionary(), true));
    if has_text(cube) {
        fields.push(Field::new(names.text, dictionary(), true));
    }
    for name in names.attributes {
        fields.push(Field::new(name, dictionary(), true));
    }
    Arc::new(Schema::new_with_metadata(fields, schema_metadata(cube)))
}

pub(super) fn dictionary() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

fn first<'a>(cube: &Cube, labels: &'a Labels) -> Option<&'a str> {
    labels.in_order(&cube.languages)
}

fn schema_metadata(cube: &Cube) -> HashMap<String, String> {
    let mut metadata = HashMap::new();
    let mut put = |key: &str, value: Option<&str>| {
        if let Some(value) = value {
            metadata.insert(key.to_owned(), value.to_owned());
        }
    };
    put(LABEL, first(cube, &cube.label));
    put(SOURCE, first(cube, &cube.source));
    put(UPDATED, cube.updated.as_deref());
    let extension = cube.foreign.get("jsonstat").and_then(|own| own.get("extension"));
    put(EXTENSION, extension.map(Value::to_string).as_deref());
    let form = match (cube.cells.positions(), cube.cells.absent()) {
        (Some(_), Absent::NotGiven) => "sparse",
        _ => "dense",
    };
    put(VALUE_FORM, Some(form));
    let header = HeaderOf {
        absent: cube.cells.absent(),
        cube,
    };
    // Texts, numbers and lists only: JSON holds them all.
    put(CUBE, serde_json::to_string(&header).ok().as_deref());
    metadata
}

fn dimension_metadata(cube: &Cube, dimension: &Dimension) -> HashMap<String, String> {
    let mut metadata = HashMap::new();
    let role = match dimension.role {
        Role::Time => Some("time"),
        Role::Geo => Some("geo"),
        Role::Metric => Some("metric"),
        Role::Classification => None,
    };
    for (key, value) in [(ROLE, role), (LABEL, first(cube, &dimension.label))] {
        if let Some(value) = value {
            metadata.insert(key.to_owned(), value.to_owned());
        }
    }
    let mut by_code = |key: &str, value: &dyn Fn(&Category) -> Option<Value>| {
        let filled = |category: &Category| Some((category.code.clone(), value(category)?));
        let map: Map<String, Value> = dimension.categories.iter().filter_map(filled).collect();
        if !map.is_empty() {
            metadata.insert(key.to_owned(), Value::Object(map).to_string());
        }
    };
    by_code(LABELS, &|category| first(cube, &category.label).map(Value::from));
    by_code(UNITS, &|category| unit(cube, category));
    by_code(COORDINATES, &|category| category.coordinates.map(|at| json!(at)));
    by_code(CHILDREN, &|category| {
        let code = |place: &usize| Some(dimension.categories.get(*place)?.code.as_str());
        let codes: Vec<&str> = category.children.iter().filter_map(code).collect();
        (!codes.is_empty()).then(|| json!(codes))
    });
    let order: Vec<&str> = dimension.categories.iter().map(|one| one.code.as_str()).collect();
    metadata.insert(ORDER.to_owned(), json!(order).to_string());
    metadata
}

/// The unit of a category as JSON-stat writes it; its decimals stand in it.
fn unit(cube: &Cube, category: &Category) -> Option<Value> {
    if category.unit.is_none() && category.decimals.is_none() {
        return None;
    }
    let mut unit = Map::new();
    let Unit {
        label,
        symbol,
        symbol_first,
    } = category.unit.clone().unwrap_or_default();
    if let Some(label) = first(cube, &label) {
        unit.insert("label".into(), label.into());
    }
    if let Some(symbol) = symbol {
        unit.insert("symbol".into(), symbol.into());
        unit.insert(
            "position".into(),
            if symbol_first { "start" } else { "end" }.into(),
        );
    }
    if let Some(decimals) = category.decimals.or(cube.decimals) {
        unit.insert("decimals".into(), decimals.into());
    }
    Some(Value::Object(unit))
}
