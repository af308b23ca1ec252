//! A cube as a document, but for its figures.

use super::dataset::FORMAT;
use super::meaning::status_name;
use super::own::{Own, labels};
use crate::formats::{Category, Cells, Cube, Dimension, Labels, NotePlace, Role};
use serde_json::{Map, Value, json};

/// Decimals that are looked for where a table does not say how many it shows.
const MOST_DECIMALS: u8 = 6;

/// The fields of a data set but for the extension, the figures and the statuses.
pub(super) fn fields(cube: &Cube) -> Map<String, Value> {
    let mut out = Map::from_iter([
        ("version".to_owned(), json!("2.0")),
        ("class".to_owned(), json!("dataset")),
    ]);
    let foreign = |name: &str| cube.foreign.get(FORMAT).and_then(|own| own.get(name));
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            out.insert(name.to_owned(), value);
        }
    };
    put("href", foreign("href").filter(|href| href.is_string()).cloned());
    put("label", text(cube, &cube.label));
    put("source", text(cube, &cube.source));
    put("updated", cube.updated.as_deref().and_then(date));
    put("note", notes(cube, &NotePlace::Cube).0);
    put("link", foreign("link").filter(|link| link.is_object()).cloned());
    let codes: Vec<&str> = cube.dimensions.iter().map(|one| one.code.as_str()).collect();
    put("id", Some(json!(codes)));
    put("size", Some(json!(cube.sizes())));
    put("role", roles(cube));
    let decimals = cube.decimals.unwrap_or_else(|| decimals_of(&cube.cells));
    let dimension = |(at, one): (usize, &Dimension)| (one.code.clone(), dimension(cube, at, one, decimals));
    let dimensions: Map<String, Value> = cube.dimensions.iter().enumerate().map(dimension).collect();
    put("dimension", Some(Value::Object(dimensions)));
    out
}

/// The extension but for what is ours alone.
pub(super) fn extension(cube: &Cube, own: &Own) -> Map<String, Value> {
    let foreign = cube.foreign.get(FORMAT).and_then(|own| own.get("extension"));
    let mut out = foreign.and_then(Value::as_object).cloned().unwrap_or_default();
    out.remove("kultti");
    if let Some(marked) = notes(cube, &NotePlace::Cube).1 {
        out.insert("noteMandatory".into(), marked);
    }
    let others = cube
        .languages
        .iter()
        .skip(1)
        .filter(|language| **language != own.language);
    let texts: Map<String, Value> = others
        .map(|language| (language.clone(), labels(cube, language)))
        .collect();
    if !texts.is_empty() {
        out.entry("labels").or_insert(Value::Object(texts));
    }
    let named = |(text, mark): (&String, &crate::formats::Mark)| {
        Some((text.clone(), status_name(mark.status.as_deref()?)?.into()))
    };
    let names: Map<String, Value> = own.status.iter().filter_map(named).collect();
    if !names.is_empty() {
        out.entry("status").or_insert(json!({ "label": names }));
    }
    out
}

fn text(cube: &Cube, labels: &Labels) -> Option<Value> {
    labels.in_order(&cube.languages).map(Value::from)
}

/// A date as the format has it: a whole date and time with its zone, else only the date.
fn date(updated: &str) -> Option<Value> {
    let (date, time) = updated.split_once('T').unwrap_or((updated, ""));
    let shaped = |text: &str, shape: &str| {
        text.len() == shape.len()
            && text
                .bytes()
                .zip(shape.bytes())
                .all(|(found, wanted)| match wanted {
                    b'0' => found.is_ascii_digit(),
                    other => found == other,
                })
    };
    let number = |from: usize| {
        updated
            .get(from..from + 2)
            .and_then(|text| text.parse::<u8>().ok())
            .unwrap_or(0)
    };
    let century = matches!(updated.get(..2), Some("19" | "20"));
    let real = shaped(date, "0000-00-00")
        && century
        && (1..=12).contains(&number(5))
        && (1..=31).contains(&number(8));
    let clock = shaped(time, "00:00:00Z") && number(11) < 24 && number(14) < 60 && number(17) < 60;
    // A day that its month may not have is left to what is ours: a validator would refuse the document.
    match (real && days_fit(number(5), number(8)), clock) {
        (true, true) => Some(updated.into()),
        (true, false) => Some(date.into()),
        (false, _) => None,
    }
}

fn days_fit(month: u8, day: u8) -> bool {
    day <= match month {
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn roles(cube: &Cube) -> Option<Value> {
    let mut roles = Map::new();
    for (name, role) in [("time", Role::Time), ("geo", Role::Geo), ("metric", Role::Metric)] {
        let codes = cube
            .dimensions
            .iter()
            .filter(|one| one.role == role)
            .map(|one| one.code.as_str());
        let codes: Vec<&str> = codes.collect();
        if !codes.is_empty() {
            roles.insert(name.into(), json!(codes));
        }
    }
    (!roles.is_empty()).then_some(Value::Object(roles))
}

/// The notes of a place, each text once, and which of them must be shown.
fn notes(cube: &Cube, place: &NotePlace) -> (Option<Value>, Option<Value>) {
    let (mut texts, mut marked) = (Vec::new(), Map::new());
    for note in cube.notes.iter().filter(|note| note.place == *place) {
        let Some(text) = note
            .text
            .in_order(&cube.languages)
            .filter(|text| !texts.contains(text))
        else {
            continue;
        };
        if note.mandatory {
            marked.insert(texts.len().to_string(), true.into());
        }
        texts.push(text);
    }
    let texts = (!texts.is_empty()).then(|| json!(texts));
    (texts, (!marked.is_empty()).then_some(Value::Object(marked)))
}

fn dimension(cube: &Cube, at: usize, dimension: &Dimension, decimals: u8) -> Value {
    let foreign = cube
        .foreign
        .get(FORMAT)
        .and_then(|own| own.get("dimension")?.get(&dimension.code));
    let foreign = |name: &str| foreign.and_then(|own| own.get(name));
    let mut out = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            out.insert(name.to_owned(), value);
        }
    };
    put("label", text(cube, &dimension.label));
    put("href", foreign("href").filter(|href| href.is_string()).cloned());
    let (texts, marked) = notes(cube, &NotePlace::Dimension(at));
    put("note", texts);
    put("link", foreign("link").filter(|link| link.is_object()).cloned());
    let (category, marked_categories) = category(cube, at, dimension, foreign("unit"), decimals);
    put("category", Some(category));
    let mut extension = foreign("extension")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    for (name, marked) in [
        ("noteMandatory", marked),
        ("categoryNoteMandatory", marked_categories),
    ] {
        if let Some(marked) = marked {
            extension.insert(name.into(), marked);
        }
    }
    put(
        "extension",
        (!extension.is_empty()).then_some(Value::Object(extension)),
    );
    Value::Object(out)
}

/// The categories of a dimension, and which of their notes must be shown.
fn category(
    cube: &Cube,
    at: usize,
    dimension: &Dimension,
    foreign: Option<&Value>,
    decimals: u8,
) -> (Value, Option<Value>) {
    let codes: Vec<&str> = dimension.categories.iter().map(|one| one.code.as_str()).collect();
    let mut out = Map::from_iter([("index".to_owned(), json!(codes))]);
    let mut by_code = |name: &str, value: &dyn Fn(usize, &Category) -> Option<Value>| {
        let each = dimension.categories.iter().enumerate();
        let each = each.filter_map(|(place, one)| Some((one.code.clone(), value(place, one)?)));
        let map: Map<String, Value> = each.collect();
        if !map.is_empty() {
            out.insert(name.to_owned(), Value::Object(map));
        }
    };
    let has_notes =
        |note: &crate::formats::Note| matches!(note.place, NotePlace::Category(of, _) if of == at);
    let has_notes = cube.notes.iter().any(has_notes);
    by_code("label", &|_, one| text(cube, &one.label));
    by_code("child", &|_, one| {
        let codes: Vec<&str> = one
            .children
            .iter()
            .filter_map(|child| codes.get(*child).copied())
            .collect();
        (!codes.is_empty()).then(|| json!(codes))
    });
    by_code("coordinates", &|_, one| {
        one.coordinates.map(|coordinates| json!(coordinates))
    });
    by_code("unit", &|_, one| {
        let rest = foreign
            .and_then(|all| all.get(&one.code))
            .and_then(Value::as_object);
        unit(cube, dimension, one, decimals, rest)
    });
    let mut marked = Map::new();
    if has_notes {
        by_code("note", &|place, _| notes(cube, &NotePlace::Category(at, place)).0);
        for (place, one) in dimension.categories.iter().enumerate() {
            if let Some(own) = notes(cube, &NotePlace::Category(at, place)).1 {
                marked.insert(one.code.clone(), own);
            }
        }
    }
    (
        Value::Object(out),
        (!marked.is_empty()).then_some(Value::Object(marked)),
    )
}

/// The unit of a category; decimals are required beside it.
fn unit(
    cube: &Cube,
    dimension: &Dimension,
    category: &Category,
    decimals: u8,
    rest: Option<&Map<String, Value>>,
) -> Option<Value> {
    let own = category.unit.as_ref();
    let unit = own.or(cube.unit.as_ref().filter(|_| dimension.role == Role::Metric));
    if unit.is_none() && category.decimals.is_none() && dimension.role != Role::Metric {
        return None;
    }
    let mut out = Map::new();
    if let Some(label) = unit.and_then(|unit| text(cube, &unit.label)) {
        out.insert("label".into(), label);
    }
    out.insert("decimals".into(), category.decimals.unwrap_or(decimals).into());
    if let Some(symbol) = unit.and_then(|unit| unit.symbol.as_deref()) {
        out.insert("symbol".into(), symbol.into());
    }
    if unit.is_some_and(|unit| unit.symbol.is_some() || unit.symbol_first) {
        let first = unit.is_some_and(|unit| unit.symbol_first);
        out.insert("position".into(), if first { "start" } else { "end" }.into());
    }
    for (name, value) in rest.into_iter().flatten() {
        out.entry(name.clone()).or_insert(value.clone());
    }
    Some(Value::Object(out))
}

/// The decimals that every figure can be written with, at most six.
fn decimals_of(cells: &Cells) -> u8 {
    let mut decimals = 0u8;
    for value in cells.values().iter().filter(|value| value.is_finite()) {
        while decimals < MOST_DECIMALS {
            let scaled = value * 10f64.powi(i32::from(decimals));
            if (scaled - scaled.round()).abs() <= 1e-9 * scaled.abs().max(1.0) {
                break;
            }
            decimals += 1;
        }
    }
    decimals
}
