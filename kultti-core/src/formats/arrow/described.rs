//! A table that says what it is by the `jsonstat.*` keys of JSON-stat's author, or that another program made of such a one.

use super::columns::{
    CHILDREN, COORDINATES, EXTENSION, LABEL, LABELS, MEASURE, ORDER, ROLE, SOURCE, STATUS, UNITS, UPDATED,
};
use crate::formats::{Category, Cube, Dimension, Labels, Role, Unit};
use arrow_schema::{Field, Schema};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// Which columns of a described table hold what.
pub(super) struct Roles {
    pub(super) dimensions: Vec<usize>,
    pub(super) value: usize,
    pub(super) status: Option<usize>,
}

/// The columns by their metadata: `None` where no field and no schema has a key of JSON-stat, or no column holds numbers.
pub(super) fn roles(schema: &Schema) -> Option<Roles> {
    let ours = |metadata: &HashMap<String, String>| metadata.keys().any(|key| key.starts_with("jsonstat."));
    let fields = schema.fields();
    if !ours(schema.metadata()) && !fields.iter().any(|field| ours(field.metadata())) {
        return None;
    }
    let marked = |key: &str, name: &str| {
        let by_key = |field: &Field| field.metadata().get(key).is_some_and(|value| value == "true");
        let by_name = |field: &Field| field.name().eq_ignore_ascii_case(name);
        let key = fields.iter().position(|field| by_key(field));
        key.or_else(|| fields.iter().position(|field| by_name(field)))
    };
    let value = marked(MEASURE, "value").or_else(|| {
        let numeric = |field: &Field| field.data_type().is_numeric() && !field.metadata().contains_key(ROLE);
        fields.iter().position(|field| numeric(field))
    })?;
    let status = marked(STATUS, "status");
    let rest = |column: &usize| *column != value && Some(*column) != status;
    Some(Roles {
        dimensions: (0..fields.len()).filter(rest).collect(),
        value,
        status,
    })
}

/// The codes that a dimension's metadata list, in their order.
pub(super) fn order(field: &Field) -> Vec<String> {
    let list = |text: &String| serde_json::from_str(text).ok();
    field.metadata().get(ORDER).and_then(list).unwrap_or_default()
}

/// The cube of a described table, once the codes of its dimensions are known.
pub(super) fn header(schema: &Schema, roles: &Roles, codes: Vec<Vec<String>>) -> Cube {
    let dimensions = roles.dimensions.iter().zip(codes);
    let dimensions = dimensions.map(|(column, codes)| dimension(schema.field(*column), codes));
    let mut cube = Cube::new(dimensions.collect());
    let text = |key: &str| schema.metadata().get(key);
    let labels = |key: &str| text(key).map_or_else(Labels::default, |text| Labels::new("", text));
    cube.label = labels(LABEL);
    cube.source = labels(SOURCE);
    cube.updated = text(UPDATED).cloned();
    let extension = text(EXTENSION).and_then(|text| serde_json::from_str::<Value>(text).ok());
    if let Some(extension) = extension {
        cube.foreign
            .insert("jsonstat".into(), json!({ "extension": extension }));
    }
    cube
}

fn dimension(field: &Field, codes: Vec<String>) -> Dimension {
    let metadata = field.metadata();
    let object = |key: &str| -> Map<String, Value> {
        let parsed = metadata.get(key).and_then(|text| serde_json::from_str(text).ok());
        parsed.unwrap_or_default()
    };
    let [labels, units, coordinates, children] = [LABELS, UNITS, COORDINATES, CHILDREN].map(object);
    let places: HashMap<&str, usize> = codes
        .iter()
        .enumerate()
        .map(|(at, code)| (code.as_str(), at))
        .collect();
    let place = |code: &Value| places.get(code.as_str()?).copied();
    let category = |code: &String| {
        let unit = units.get(code).and_then(Value::as_object);
        let decimals = unit.and_then(|unit| unit.get("decimals")?.as_u64());
        let below = children.get(code).and_then(Value::as_array);
        Category {
            code: code.clone(),
            label: text(labels.get(code)),
            unit: unit.map(unit_of),
            decimals: decimals.and_then(|decimals| u8::try_from(decimals).ok()),
            children: below.into_iter().flatten().filter_map(place).collect(),
            coordinates: coordinates
                .get(code)
                .and_then(|at| serde_json::from_value(at.clone()).ok()),
        }
    };
    Dimension {
        code: field.name().clone(),
        label: metadata
            .get(LABEL)
            .map_or_else(Labels::default, |label| Labels::new("", label)),
        role: match metadata.get(ROLE).map(String::as_str) {
            Some("time") => Role::Time,
            Some("geo") => Role::Geo,
            Some("metric") => Role::Metric,
            _ => Role::Classification,
        },
        categories: codes.iter().map(category).collect(),
    }
}

fn text(value: Option<&Value>) -> Labels {
    let text = value.and_then(Value::as_str);
    text.map_or_else(Labels::default, |text| Labels::new("", text))
}

fn unit_of(unit: &Map<String, Value>) -> Unit {
    Unit {
        label: text(unit.get("label").or_else(|| unit.get("base"))),
        symbol: unit.get("symbol").and_then(Value::as_str).map(str::to_owned),
        symbol_first: unit.get("position").and_then(Value::as_str) == Some("start"),
    }
}
