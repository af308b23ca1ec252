//! A data set of a document: the cube without its cells, and where these stand.

use super::dimension::{DimensionReader, Mandatory, texts};
use super::own::{Own, add_labels, apply};
use super::source::{Fields, Part, Source};
use crate::error::Result;
use crate::formats::{Cube, Dimension, Labels, Note, NotePlace, Role, Warning};
use crate::language::Message;
use serde_json::{Map, Value, json};

pub(super) const FORMAT: &str = "jsonstat";

/// A data set, of which the cells are still to be read.
pub(super) struct Dataset<'a> {
    /// The cube without cells.
    pub(super) cube: Cube,
    pub(super) value: Option<Part<'a>>,
    pub(super) status: Option<Part<'a>>,
    /// What Kultti wrote in the extension.
    pub(super) own: Option<Own>,
    /// The marks of single cells in it.
    pub(super) marked: Option<Part<'a>>,
    /// What the extension says of the statuses.
    pub(super) described: Map<String, Value>,
}

/// Reads data sets.
pub(super) struct DatasetReader<'r, 'a> {
    pub(super) source: Source<'a>,
    pub(super) warnings: &'r mut Vec<Warning>,
}

impl<'a> DatasetReader<'_, 'a> {
    /// Reads a data set; `prefix` stands before the names of its fields in messages.
    pub(super) fn read(&mut self, prefix: &str, fields: &Fields<'a>) -> Result<Dataset<'a>> {
        let mut extension = self.extension(prefix, fields)?;
        let language = extension.language();
        let mut cube = Cube::new(Vec::new());
        cube.languages = vec![language.clone()];
        let mut foreign = Map::new();
        self.dimensions(prefix, fields, &mut cube, &mut foreign)?;
        self.table(prefix, fields, &mut cube, &mut foreign)?;
        self.table_notes(prefix, fields, &mut extension, &mut cube)?;
        extension.px(&mut cube);
        if !extension.rest.is_empty() {
            foreign.insert("extension".into(), Value::Object(extension.rest.clone()));
        }
        if !foreign.is_empty() {
            cube.foreign.insert(FORMAT.into(), Value::Object(foreign));
        }
        for (language, texts) in &extension.labels {
            cube.languages.push(language.clone());
            add_labels(&mut cube, language, texts);
        }
        let described = extension.described();
        let mut own = extension.own.take();
        if let Some(own) = &mut own {
            cube = self.restored(prefix, fields, cube, std::mem::take(&mut own.cube))?;
        }
        Ok(Dataset {
            cube,
            value: fields.get("value"),
            status: fields.get("status"),
            own,
            marked: extension.marked,
            described,
        })
    }

    fn extension(&self, prefix: &str, fields: &Fields<'a>) -> Result<Extension<'a>> {
        let mut extension = Extension::default();
        let Some(part) = fields.get("extension").filter(|part| part.get().starts_with('{')) else {
            return Ok(extension);
        };
        let field = format!("{prefix}extension");
        let members = self.source.fields(part, &field)?;
        for (name, part) in members.iter() {
            let field = format!("{field}.{name}");
            if name != "kultti" {
                extension
                    .rest
                    .insert(name.into(), self.source.value(part, &field)?);
                continue;
            }
            extension.own = Some(self.source.value(part, &field)?);
            extension.marked = self.source.fields(part, &field)?.get("marked");
        }
        if extension.own.is_some() {
            // Described for others; the marks themselves stand in the part that is ours.
            extension.rest.remove("status");
            if let Some(Value::Object(labels)) = extension.rest.remove("labels") {
                extension.labels = labels;
            }
        }
        Ok(extension)
    }

    /// Title, source, date, and what only JSON-stat knows.
    fn table(
        &self,
        prefix: &str,
        fields: &Fields<'a>,
        cube: &mut Cube,
        foreign: &mut Map<String, Value>,
    ) -> Result<()> {
        let language = cube.languages.first().cloned().unwrap_or_default();
        for (name, part) in fields.iter() {
            let field = format!("{prefix}{name}");
            match name {
                "version" | "class" | "id" | "size" | "role" | "dimension" | "value" | "status" | "note" => {}
                "extension" if part.get().starts_with('{') => {}
                "label" | "source" | "updated" => {
                    let text = texts(&self.source.value(part, &field)?).into_iter().next();
                    let Some(text) = text else { continue };
                    match name {
                        "label" => cube.label = Labels::new(&language, text),
                        "source" => cube.source = Labels::new(&language, text),
                        _ => cube.updated = Some(text),
                    }
                }
                _ => {
                    foreign.insert(name.into(), self.source.value(part, &field)?);
                }
            }
        }
        Ok(())
    }

    fn table_notes(
        &self,
        prefix: &str,
        fields: &Fields<'a>,
        extension: &mut Extension,
        cube: &mut Cube,
    ) -> Result<()> {
        let mut rest = Value::Object(std::mem::take(&mut extension.rest));
        let mandatory = Mandatory::take(&mut rest).dimension;
        if let Value::Object(rest) = rest {
            extension.rest = rest;
        }
        let Some(part) = fields.get("note") else {
            return Ok(());
        };
        let texts = texts(&self.source.value(part, &format!("{prefix}note"))?);
        let language = cube.languages.first().cloned().unwrap_or_default();
        let notes = texts.into_iter().enumerate().map(|(at, text)| Note {
            text: Labels::new(&language, text),
            mandatory: mandatory.get(&at.to_string()) == Some(&Value::Bool(true)),
            place: NotePlace::Cube,
        });
        let notes: Vec<Note> = notes.collect();
        cube.notes.splice(0..0, notes);
        Ok(())
    }

    fn dimensions(
        &mut self,
        prefix: &str,
        fields: &Fields<'a>,
        cube: &mut Cube,
        foreign: &mut Map<String, Value>,
    ) -> Result<()> {
        let field = format!("{prefix}dimension");
        let Some(part) = fields.get("dimension") else {
            let expected = "a field \"dimension\"";
            return Err(self.source.error(self.source.text, prefix, expected, "none"));
        };
        let members = self.source.fields(part, &field)?;
        // Before 2.0 the order, the sizes and the roles stood among the dimensions.
        let old = |name: &str| members.get(name).filter(|_| fields.get(name).is_none());
        let either = |name: &str| fields.get(name).or_else(|| old(name));
        let order = self.order(prefix, either("id"), &members, old("id").is_some())?;
        let language = cube.languages.first().cloned().unwrap_or_default();
        let mut own = Map::new();
        for (place, code) in order.iter().enumerate() {
            let Some(part) = members.get(code) else {
                let expected = format!("the dimension \"{code}\"");
                return Err(self.source.error(part.get(), &field, &expected, "none"));
            };
            let mut reader = DimensionReader {
                source: self.source,
                language: &language,
                place,
                warnings: self.warnings,
            };
            let read = reader.read(&format!("{field}.{code}"), code, part)?;
            cube.dimensions.push(read.dimension);
            cube.notes.extend(read.notes);
            if !read.foreign.is_empty() {
                own.insert(code.clone(), Value::Object(read.foreign));
            }
        }
        if !own.is_empty() {
            foreign.insert("dimension".into(), Value::Object(own));
        }
        self.check_sizes(prefix, either("size"), cube)?;
        self.roles(prefix, either("role"), &mut cube.dimensions)
    }

    /// The codes of the dimensions in order.
    fn order(
        &mut self,
        prefix: &str,
        id: Option<Part<'a>>,
        members: &Fields,
        old: bool,
    ) -> Result<Vec<String>> {
        let listed = id.filter(|part| part.get().starts_with('['));
        if let Some(part) = listed {
            let field = format!("{prefix}id");
            let order = texts(&self.source.value(part, &field)?);
            let mut seen = std::collections::HashSet::new();
            return match order.iter().find(|code| !seen.insert(code.as_str())) {
                Some(twice) => Err(self.source.error(
                    part.get(),
                    &field,
                    "each dimension once",
                    &format!("\"{twice}\" twice"),
                )),
                None => Ok(order),
            };
        }
        // One version of an office's service wrote the id of the table there.
        let reserved = |name: &str| old && matches!(name, "id" | "size" | "role");
        let names = members.iter().map(|(name, _)| name.to_owned());
        let order: Vec<String> = names.filter(|name| !reserved(name)).collect();
        let warning = Message::new("warning.jsonstat-order").with("dimensions", &order);
        self.warnings.push(Warning(warning));
        Ok(order)
    }

    /// Sizes are checked, not believed: a dimension has the categories it lists.
    fn check_sizes(&self, prefix: &str, size: Option<Part<'a>>, cube: &Cube) -> Result<()> {
        let Some(part) = size else { return Ok(()) };
        let field = format!("{prefix}size");
        let declared = texts(&self.source.value(part, &field)?);
        let counted: Vec<String> = cube.sizes().iter().map(ToString::to_string).collect();
        let same = declared.len() == counted.len()
            && declared
                .iter()
                .zip(&counted)
                .all(|(left, right)| left.trim_end_matches(".0") == right);
        if same {
            return Ok(());
        }
        let expected = format!("the numbers of categories, {}", counted.join(", "));
        Err(self
            .source
            .error(part.get(), &field, &expected, &declared.join(", ")))
    }

    fn roles(&self, prefix: &str, role: Option<Part<'a>>, dimensions: &mut [Dimension]) -> Result<()> {
        let Some(part) = role.filter(|part| part.get() != "null") else {
            return Ok(());
        };
        let roles: Map<String, Value> = self.source.value(part, &format!("{prefix}role"))?;
        for (name, role) in [("geo", Role::Geo), ("metric", Role::Metric), ("time", Role::Time)] {
            for code in roles.get(name).map(texts).unwrap_or_default() {
                if let Some(dimension) = dimensions.iter_mut().find(|one| one.code == code) {
                    dimension.role = role;
                }
            }
        }
        Ok(())
    }

    /// The cube with what only our part of the extension says of it.
    fn restored(
        &self,
        prefix: &str,
        fields: &Fields<'a>,
        cube: Cube,
        differences: Map<String, Value>,
    ) -> Result<Cube> {
        if differences.is_empty() {
            return Ok(cube);
        }
        let sizes = cube.sizes();
        let mut whole = json!(cube);
        let applied = apply(&mut whole, differences);
        let restored: Option<Cube> = serde_json::from_value(whole).ok().filter(|_| applied);
        restored
            .filter(|cube| cube.sizes() == sizes && cube.is_sound())
            .ok_or_else(|| {
                let part = fields
                    .get("extension")
                    .map_or(self.source.text, |part| part.get());
                let field = format!("{prefix}extension.kultti.cube");
                self.source
                    .error(part, &field, "places that the document has", "others")
            })
    }
}

/// The extension of a data set, taken apart.
#[derive(Default)]
struct Extension<'a> {
    rest: Map<String, Value>,
    own: Option<Own>,
    marked: Option<Part<'a>>,
    labels: Map<String, Value>,
}

impl Extension<'_> {
    /// The language of the texts, where the document says it.
    fn language(&self) -> String {
        let px = || self.rest.get("px")?.get("language")?.as_str();
        match &self.own {
            Some(own) => own.language.clone(),
            None => px().unwrap_or_default().to_owned(),
        }
    }

    /// What PxWeb says of the table.
    fn px(&self, cube: &mut Cube) {
        if self.own.is_some() {
            return;
        }
        let text = |name: &str| self.rest.get("px")?.get(name)?.as_str();
        if let Some(contents) = text("contents") {
            let language = cube.languages.first().map(String::as_str).unwrap_or_default();
            cube.contents = Labels::new(language, contents);
        }
        let decimals = self.rest.get("px").and_then(|px| px.get("decimals")?.as_u64());
        cube.decimals = decimals.and_then(|decimals| u8::try_from(decimals).ok());
        cube.id = text("tableid").or_else(|| text("matrix")).map(str::to_owned);
    }

    /// What the extension says of the statuses: Statistics Finland's names of missing values, or a label of each.
    fn described(&self) -> Map<String, Value> {
        let missing = self.rest.get("missingValueDescriptions");
        let label = || self.rest.get("status")?.get("label");
        let found = missing.or_else(label).and_then(Value::as_object);
        found.cloned().unwrap_or_default()
    }
}
