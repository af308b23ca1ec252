//! The kinds of documents: a data set, a dimension, a collection, and the bundles of JSON-stat 1.x.

use super::cells::CellReader;
use super::dataset::{DatasetReader, FORMAT};
use super::dimension::DimensionReader;
use super::source::{Fields, Part, Source};
use crate::error::{Error, Result};
use crate::formats::{Category, Cells, Cube, Dimension, Labels, Mark, ReadOptions, Role, Warning};
use crate::language::Message;
use serde_json::{Map, Value, json};

/// Reads a document.
///
/// # Errors
/// [`Error::MalformedFile`] with line, column and field; [`Error::UnknownDataset`] where the data set asked for is not in
/// it; [`Error::DatasetElsewhere`] where only its address is.
pub(super) fn read_document(
    source: Source,
    options: &ReadOptions,
    warnings: &mut Vec<Warning>,
) -> Result<Cube> {
    let fields = source.document()?;
    let wanted = options.dataset.as_deref();
    let class: Option<String> = fields
        .get("class")
        .map(|part| source.value(part, "class"))
        .transpose()?;
    match class.as_deref() {
        Some("collection") => {
            let items = collection(source, &fields)?;
            listed(source, &fields, &items, wanted, warnings)
        }
        Some("dimension") => dimension(source, &fields, warnings),
        Some("dataset") | None if is_dataset(&fields) => {
            let own = Item::alone(source, &fields)?;
            check_wanted(source, &[own], wanted)?;
            dataset(source, "", &fields, warnings)
        }
        Some("dataset") => dataset(source, "", &fields, warnings),
        None => {
            let items = bundle(source, &fields)?;
            listed(source, &fields, &items, wanted, warnings)
        }
        Some(other) => {
            let part = fields.get("class").map_or(source.text, |part| part.get());
            Err(source.error(part, "class", "dataset, dimension or collection", other))
        }
    }
}

/// One of the data sets of a document.
struct Item<'a> {
    /// Its name in a bundle, its address in a collection.
    name: String,
    class: Option<String>,
    href: Option<String>,
    label: Option<String>,
    /// Where the data set stands, if it stands in the document.
    part: Option<Part<'a>>,
    field: String,
}

impl<'a> Item<'a> {
    fn of(source: Source<'a>, name: &str, field: &str, part: Part<'a>) -> Result<(Self, bool)> {
        let fields = source.fields(part, field)?;
        let mut item = Self::alone(source, &fields)?;
        if !name.is_empty() {
            item.name = name.to_owned();
        }
        item.field = field.to_owned();
        let here = is_dataset(&fields);
        item.part = here.then_some(part);
        Ok((item, here))
    }

    /// What the fields of a data set say of it.
    fn alone(source: Source<'a>, fields: &Fields<'a>) -> Result<Self> {
        let text = |name: &str| -> Result<Option<String>> {
            let value: Option<Value> = fields
                .get(name)
                .map(|part| source.value(part, name))
                .transpose()?;
            Ok(value.and_then(|value| value.as_str().map(str::to_owned)))
        };
        let href = text("href")?;
        Ok(Self {
            name: href.clone().unwrap_or_default(),
            class: text("class")?,
            href,
            label: text("label")?,
            part: None,
            field: String::new(),
        })
    }

    /// Whether `wanted` means it: its name, address, the last part of it, its label, or its number.
    fn is(&self, wanted: &str, number: usize) -> bool {
        let last = self.name.rsplit('/').next().unwrap_or_default();
        let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
        [self.name.as_str(), last, stem].contains(&wanted)
            || self.label.as_deref() == Some(wanted)
            || number.to_string() == wanted
    }

    fn shown(&self) -> String {
        if self.name.is_empty() {
            return self.label.clone().unwrap_or_default();
        }
        self.name.clone()
    }
}

fn is_dataset(fields: &Fields) -> bool {
    fields
        .get("dimension")
        .is_some_and(|part| part.get().starts_with('{'))
}

/// The data sets of a bundle, by their names.
fn bundle<'a>(source: Source<'a>, fields: &Fields<'a>) -> Result<Vec<Item<'a>>> {
    let mut items = Vec::new();
    for (name, part) in fields.iter().filter(|(_, part)| part.get().starts_with('{')) {
        let (item, here) = Item::of(source, name, name, part)?;
        if here {
            items.push(item);
        }
    }
    if items.is_empty() {
        let names: Vec<&str> = fields.iter().map(|(name, _)| name).take(10).collect();
        let expected = "a data set, collection or dimension of JSON-stat";
        return Err(source.error(
            source.text,
            "",
            expected,
            &format!("the fields {}", names.join(", ")),
        ));
    }
    Ok(items)
}

/// The items of a collection.
fn collection<'a>(source: Source<'a>, fields: &Fields<'a>) -> Result<Vec<Item<'a>>> {
    let link = fields
        .get("link")
        .map(|link| source.fields(link, "link"))
        .transpose()?;
    let Some(list) = link.as_ref().and_then(|link| link.get("item")) else {
        return Err(source.error(source.text, "link", "the items of a collection", "none"));
    };
    let mut items = Vec::new();
    // Before 2.0 the items were an object by their names.
    if list.get().starts_with('{') {
        for (name, part) in source.fields(list, "link.item")?.iter() {
            items.push(Item::of(source, name, &format!("link.item.{name}"), part)?.0);
        }
    } else {
        for (place, part) in source.members(list, "link.item")?.into_iter().enumerate() {
            items.push(Item::of(source, "", &format!("link.item.{place}"), part)?.0);
        }
    }
    Ok(items)
}

/// The data set asked for; else the only one; else the list of them.
fn listed<'a>(
    source: Source<'a>,
    fields: &Fields<'a>,
    items: &[Item<'a>],
    wanted: Option<&str>,
    warnings: &mut Vec<Warning>,
) -> Result<Cube> {
    let chosen = match (check_wanted(source, items, wanted)?, items) {
        (Some(item), _) => Some(item),
        (None, [only]) if only.part.is_some() => Some(only),
        _ => None,
    };
    if let Some(item) = chosen {
        let Some(part) = item.part else {
            return Err(Error::DatasetElsewhere {
                path: source.name.to_owned(),
                dataset: item.shown(),
                href: item.href.clone().unwrap_or_default(),
            });
        };
        let fields = source.fields(part, &item.field)?;
        let mut cube = dataset(source, &format!("{}.", item.field), &fields, warnings)?;
        if cube.id.is_none() && item.href.as_deref() != Some(&item.name) && item.name != "dataset" {
            cube.id = Some(item.name.clone()).filter(|name| !name.is_empty());
        }
        return Ok(cube);
    }
    let names: Vec<String> = items.iter().map(Item::shown).collect();
    let warning = Message::new("warning.jsonstat-list")
        .with("count", names.len())
        .with("names", &names);
    warnings.push(Warning(warning));
    list_cube(source, fields, items)
}

fn check_wanted<'i, 'a>(
    source: Source,
    items: &'i [Item<'a>],
    wanted: Option<&str>,
) -> Result<Option<&'i Item<'a>>> {
    let Some(wanted) = wanted else { return Ok(None) };
    let found = items
        .iter()
        .enumerate()
        .find(|(place, item)| item.is(wanted, place + 1));
    match found {
        Some((_, item)) => Ok(Some(item)),
        None => Err(Error::UnknownDataset {
            path: source.name.to_owned(),
            dataset: wanted.to_owned(),
            known: items
                .iter()
                .map(Item::shown)
                .filter(|name| !name.is_empty())
                .collect(),
        }),
    }
}

/// A cube that lists data sets: no figures, the class and address of each as attributes.
fn list_cube(source: Source, fields: &Fields, items: &[Item]) -> Result<Cube> {
    let mut seen = std::collections::HashSet::new();
    let category = |(place, item): (usize, &Item)| {
        let name = Some(item.name.clone()).filter(|name| !name.is_empty() && seen.insert(name.clone()));
        Category {
            code: name.unwrap_or_else(|| (place + 1).to_string()),
            label: item
                .label
                .as_ref()
                .map_or_else(Labels::default, |label| Labels::new("", label)),
            ..Category::default()
        }
    };
    let categories = items.iter().enumerate().map(category).collect();
    let mut cube = Cube::new(vec![Dimension::new("item", Role::Classification, categories)]);
    for code in ["class", "href"] {
        cube.attribute(code);
    }
    cube.cells = Cells::dense();
    for item in items {
        let mut attributes = vec![item.class.clone(), item.href.clone()];
        while attributes.pop_if(|last| last.is_none()).is_some() {}
        let mark = Mark {
            attributes,
            ..Mark::default()
        };
        cube.cells.push(None, mark);
    }
    let alone = Item::alone(source, fields)?;
    cube.label = alone
        .label
        .map_or_else(Labels::default, |label| Labels::new("", label));
    let updated: Option<Value> = fields
        .get("updated")
        .map(|part| source.value(part, "updated"))
        .transpose()?;
    cube.updated = updated.and_then(|updated| updated.as_str().map(str::to_owned));
    Ok(cube)
}

fn dataset<'a>(
    source: Source<'a>,
    prefix: &str,
    fields: &Fields<'a>,
    warnings: &mut Vec<Warning>,
) -> Result<Cube> {
    let dataset = DatasetReader { source, warnings }.read(prefix, fields)?;
    let mut reader = CellReader {
        source,
        prefix,
        warnings,
    };
    let cells = reader.read(&dataset)?;
    let mut cube = dataset.cube;
    cube.cells = cells;
    Ok(cube)
}

/// A document of one dimension: a cube of its categories without figures.
fn dimension<'a>(source: Source<'a>, fields: &Fields<'a>, warnings: &mut Vec<Warning>) -> Result<Cube> {
    let part = source.whole()?;
    let mut reader = DimensionReader {
        source,
        language: "",
        place: 0,
        warnings,
    };
    let read = reader.read("dimension", "dimension", part)?;
    let mut foreign = read.foreign;
    for known in ["version", "class", "updated", "source"] {
        foreign.remove(known);
    }
    let mut cube = Cube::new(vec![read.dimension]);
    cube.notes = read.notes;
    cube.label = cube.dimensions[0].label.clone();
    let text = |name: &str| -> Result<Option<Value>> {
        fields.get(name).map(|part| source.value(part, name)).transpose()
    };
    cube.updated = text("updated")?.and_then(|text| text.as_str().map(str::to_owned));
    if let Some(Value::String(text)) = text("source")? {
        cube.source = Labels::new("", text);
    }
    if !foreign.is_empty() {
        let dimensions = Map::from_iter([("dimension".to_owned(), Value::Object(foreign))]);
        cube.foreign
            .insert(FORMAT.into(), json!({ "dimension": dimensions }));
    }
    cube.cells = Cells::sparse(crate::formats::Absent::NotGiven);
    warnings.push(Warning(Message::new("warning.jsonstat-no-values")));
    Ok(cube)
}
