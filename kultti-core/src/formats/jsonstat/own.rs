//! What Kultti adds to a document so that no cube loses anything in it: `extension.labels` and `extension.kultti`.

use crate::formats::{Absent, Cube, Labels, Mark, Note, NotePlace, Unit};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// `extension.kultti`, but for the marks of cells.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Own {
    /// The language of the document's texts.
    pub(super) language: String,
    /// Which cells the table has.
    pub(super) cells: Given,
    /// What each text of `status` means.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) status: BTreeMap<String, Mark>,
    /// What the rest of the document does not say of the cube, by JSON pointer.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub(super) cube: Map<String, Value>,
    /// Marks that no text of `status` stands for; `marked` says which cells have them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) marks: Vec<Mark>,
}

/// Which cells a table has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Given {
    /// Every one; one that is not in `value` has no number.
    #[default]
    Every,
    /// Those in `value` or `status`.
    Some,
    /// Those in `value` or `status`; the others are zero.
    OthersZero,
}

impl Given {
    pub(super) fn of(cube: &Cube) -> Self {
        let whole = cube.size() == Some(cube.cells.len() as u64);
        match (cube.cells.positions(), cube.cells.absent()) {
            (None, _) if whole => Self::Every,
            // A header without figures.
            (None, _) | (Some(_), Absent::NotGiven) => Self::Some,
            (Some(_), Absent::Zero) => Self::OthersZero,
        }
    }
}

/// What `true_cube` says that `said` does not, by JSON pointer: both are cubes without cells.
pub(super) fn differences(said: &Value, truth: &Value) -> Map<String, Value> {
    let mut found = Map::new();
    compare(said, truth, &mut String::new(), &mut found);
    found
}

fn compare(said: &Value, truth: &Value, path: &mut String, found: &mut Map<String, Value>) {
    let length = path.len();
    match (said, truth) {
        (Value::Object(left), Value::Object(right)) if left.keys().all(|key| right.contains_key(key)) => {
            for (key, truth) in right {
                path.push('/');
                path.push_str(&key.replace('~', "~0").replace('/', "~1"));
                match left.get(key) {
                    Some(said) => compare(said, truth, path, found),
                    None => {
                        found.insert(path.clone(), truth.clone());
                    }
                }
                path.truncate(length);
            }
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            for (place, (said, truth)) in left.iter().zip(right).enumerate() {
                path.push_str(&format!("/{place}"));
                compare(said, truth, path, found);
                path.truncate(length);
            }
        }
        _ if said == truth => {}
        _ => {
            found.insert(path.clone(), truth.clone());
        }
    }
}

/// Puts differences in; `false` where one has no place.
pub(super) fn apply(cube: &mut Value, differences: Map<String, Value>) -> bool {
    differences.into_iter().all(|(path, truth)| {
        if let Some(place) = cube.pointer_mut(&path) {
            *place = truth;
            return true;
        }
        let Some((parent, key)) = path.rsplit_once('/') else {
            return false;
        };
        let parent = cube.pointer_mut(parent).and_then(Value::as_object_mut);
        let key = key.replace("~1", "/").replace("~0", "~");
        parent.is_some_and(|parent| parent.insert(key, truth).is_none())
    })
}

/// The texts of one more language, in the shape of the document: `label`, `source`, `note`, and for each dimension `label`,
/// `note` and `category` with `label`, `note` and `unit`.
pub(super) fn labels(cube: &Cube, language: &str) -> Value {
    let mut out = Map::new();
    put(&mut out, "label", cube.label.get(language));
    put(&mut out, "source", cube.source.get(language));
    notes(&mut out, cube, language, |place| *place == NotePlace::Cube);
    let mut dimensions = Map::new();
    for (at, dimension) in cube.dimensions.iter().enumerate() {
        let mut own = Map::new();
        put(&mut own, "label", dimension.label.get(language));
        notes(&mut own, cube, language, |place| {
            *place == NotePlace::Dimension(at)
        });
        let mut category = Map::new();
        let by_code = |text: &dyn Fn(usize) -> Option<Value>| -> Map<String, Value> {
            let each = dimension.categories.iter().enumerate();
            each.filter_map(|(place, one)| Some((one.code.clone(), text(place)?)))
                .collect()
        };
        let label = by_code(&|place| Some(dimension.categories.get(place)?.label.get(language)?.into()));
        let unit = by_code(&|place| {
            let unit = dimension.categories.get(place)?.unit.as_ref()?;
            Some(serde_json::json!({ "label": unit.label.get(language)? }))
        });
        let note = by_code(&|place| {
            let mut one = Map::new();
            notes(&mut one, cube, language, |of| {
                *of == NotePlace::Category(at, place)
            });
            one.remove("note")
        });
        for (name, map) in [("label", label), ("unit", unit), ("note", note)] {
            if !map.is_empty() {
                category.insert(name.into(), Value::Object(map));
            }
        }
        if !category.is_empty() {
            own.insert("category".into(), Value::Object(category));
        }
        if !own.is_empty() {
            dimensions.insert(dimension.code.clone(), Value::Object(own));
        }
    }
    if !dimensions.is_empty() {
        out.insert("dimension".into(), Value::Object(dimensions));
    }
    Value::Object(out)
}

fn put(out: &mut Map<String, Value>, name: &str, text: Option<&str>) {
    if let Some(text) = text {
        out.insert(name.into(), text.into());
    }
}

/// The notes of a place, each where the document has it; null where this language has no text.
fn notes(out: &mut Map<String, Value>, cube: &Cube, language: &str, here: impl Fn(&NotePlace) -> bool) {
    let of_place = cube.notes.iter().filter(|note| here(&note.place));
    let texts: Vec<Option<&str>> = of_place.map(|note| note.text.get(language)).collect();
    if texts.iter().any(Option::is_some) {
        out.insert("note".into(), serde_json::json!(texts));
    }
}

/// Adds the texts of one more language to a cube.
pub(super) fn add_labels(cube: &mut Cube, language: &str, texts: &Value) {
    set(&mut cube.label, language, texts.get("label"));
    set(&mut cube.source, language, texts.get("source"));
    set_notes(&mut cube.notes, language, &NotePlace::Cube, texts.get("note"));
    for (at, dimension) in cube.dimensions.iter_mut().enumerate() {
        let Some(own) = texts.get("dimension").and_then(|all| all.get(&dimension.code)) else {
            continue;
        };
        set(&mut dimension.label, language, own.get("label"));
        set_notes(
            &mut cube.notes,
            language,
            &NotePlace::Dimension(at),
            own.get("note"),
        );
        let Some(all) = own.get("category") else {
            continue;
        };
        for (place, category) in dimension.categories.iter_mut().enumerate() {
            let of = |name: &str| all.get(name)?.get(&category.code);
            let unit = of("unit").and_then(|unit| unit.get("label"));
            let (label, note) = (of("label"), of("note"));
            set_notes(&mut cube.notes, language, &NotePlace::Category(at, place), note);
            set(&mut category.label, language, label);
            if unit.is_some() {
                set(
                    &mut category.unit.get_or_insert_with(Unit::default).label,
                    language,
                    unit,
                );
            }
        }
    }
}

fn set(labels: &mut Labels, language: &str, text: Option<&Value>) {
    if let Some(text) = text.and_then(Value::as_str) {
        labels.set(language, text);
    }
}

fn set_notes(notes: &mut [Note], language: &str, place: &NotePlace, texts: Option<&Value>) {
    let texts = texts.and_then(Value::as_array);
    let here = notes.iter_mut().filter(|note| note.place == *place);
    for (note, text) in here.zip(texts.into_iter().flatten()) {
        set(&mut note.text, language, Some(text));
    }
}
