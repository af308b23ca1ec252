//! The recipe of a release, `release.toml`, with the catalogue and territory that it names.

use crate::catalogue::{Catalogue, Document};
use crate::error::{Error, Result};
use crate::language::{Text, near_matches};
use crate::model::{Date, MeasureId};
use crate::source::{line_declaring, parse_toml, read_text};
use crate::territory::Territory;
use serde::Deserialize;
use std::path::Path;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Recipe {
    pub(super) schema: u32,
    pub(super) id: String,
    pub(super) title: Text,
    pub(super) publisher: Text,
    pub(super) catalogues: Vec<String>,
    pub(super) territory: String,
    pub(super) joint_units: Option<String>,
    /// The register of breaks in series.
    pub(super) breaks: Option<String>,
    /// The register of comparability flags.
    pub(super) comparability: Option<String>,
    #[serde(default)]
    pub(super) table: Vec<TableRecipe>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableRecipe {
    pub(super) file: String,
    pub(super) source: String,
    pub(super) retrieved: Date,
    pub(super) description: Text,
}

impl Recipe {
    /// Reads `release.toml` of a folder.
    pub(super) fn load(folder: &Path) -> Result<Self> {
        let path = folder.join("release.toml");
        let name = path.display().to_string();
        let recipe: Self = parse_toml(&name, &read_text(&path)?)?;
        check(&name, &recipe)?;
        Ok(recipe)
    }

    /// The catalogue and territory, each checked, and against one another; every table's source is in the catalogue.
    pub(super) fn context(&self, folder: &Path) -> Result<(Catalogue, Territory)> {
        let name = folder.join("release.toml").display().to_string();
        let catalogue = catalogue(folder, &name, self)?;
        let joint_units = self.joint_units.as_ref().map(|file| folder.join(file));
        let territory = Territory::load(&folder.join(&self.territory), joint_units.as_deref())?;
        let measures: Vec<&str> = catalogue.measures().map(|measure| measure.id.as_str()).collect();
        let territory = match &self.breaks {
            Some(file) => territory.with_breaks(&folder.join(file), &measures)?,
            None => territory,
        };
        let territory = match &self.comparability {
            Some(file) => territory.with_comparability(&folder.join(file), &measures)?,
            None => territory,
        };
        check_references(folder, self, &catalogue, &territory)?;
        let unknown = |table: &&TableRecipe| catalogue.source(&table.source).is_none();
        match self.table.iter().find(unknown) {
            None => Ok((catalogue, territory)),
            Some(table) => {
                let expected = "a source of the catalogue";
                Err(invalid(&name, &table.file, "source", expected, &table.source))
            }
        }
    }
}

/// What catalogue and territory say of one another must exist on the other side.
fn check_references(
    folder: &Path,
    recipe: &Recipe,
    catalogue: &Catalogue,
    territory: &Territory,
) -> Result<()> {
    let document = territory.document();
    let parts = || {
        document
            .scopes
            .iter()
            .map(|scope| scope.id.as_str())
            .collect::<Vec<_>>()
    };
    let measures = || {
        catalogue
            .measures()
            .map(|measure| measure.id.as_str())
            .collect::<Vec<_>>()
    };
    for measure in catalogue.measures() {
        if let Some(part) = measure.area_scope.part().filter(|part| !parts().contains(part)) {
            let declares = |file: &&String| {
                read_text(&folder.join(file)).is_ok_and(|text| line_declaring(&text, measure.id.as_str()) > 1)
            };
            let file = recipe
                .catalogues
                .iter()
                .find(declares)
                .map(|file| folder.join(file))
                .unwrap_or_default();
            return Err(unknown(&file, (measure.id.as_str(), "area_scope"), part, parts()));
        }
    }
    // Only what is observed can be arranged jointly or make size classes.
    let unknown_measure = |id: &&MeasureId| {
        catalogue
            .measure(id)
            .is_none_or(|measure| measure.derived.is_some())
    };
    if let Some(measure) = document
        .size
        .as_ref()
        .map(|size| &size.measure)
        .filter(unknown_measure)
    {
        let file = folder.join(&recipe.territory).join("territory.toml");
        return Err(unknown(&file, ("size", "measure"), measure.as_str(), measures()));
    }
    let mut joint = document.joint_units.iter().map(|unit| &unit.measure);
    joint.find(unknown_measure).map_or(Ok(()), |measure| {
        let file = recipe
            .joint_units
            .as_ref()
            .map(|file| folder.join(file))
            .unwrap_or_default();
        Err(unknown(
            &file,
            ("joint_units", "measure"),
            measure.as_str(),
            measures(),
        ))
    })
}

fn unknown(file: &Path, (id, field): (&str, &str), reference: &str, known: Vec<&str>) -> Error {
    Error::UnknownReference {
        path: file.display().to_string(),
        line: read_text(file).map_or(1, |text| line_with(&text, reference)),
        column: 1,
        id: id.to_owned(),
        field: field.to_owned(),
        reference: reference.to_owned(),
        near: near_matches(reference, known, 3)
            .into_iter()
            .map(str::to_owned)
            .collect(),
    }
}

/// The first line that holds a text; 1 where none does.
fn line_with(text: &str, needle: &str) -> usize {
    text.lines()
        .position(|line| line.contains(needle))
        .map_or(1, |index| index + 1)
}

fn check(path: &str, recipe: &Recipe) -> Result<()> {
    if recipe.schema != 1 {
        return Err(invalid(
            path,
            &recipe.id,
            "schema",
            "1",
            &recipe.schema.to_string(),
        ));
    }
    let texts = recipe.table.iter().map(|table| (&table.file, &table.description));
    let texts = [(&recipe.id, &recipe.title), (&recipe.id, &recipe.publisher)]
        .into_iter()
        .chain(texts);
    let gap = texts
        .into_iter()
        .find_map(|(id, text)| text.gap().map(|language| (id, language)));
    gap.map_or(Ok(()), |(id, language)| {
        Err(Error::MissingText {
            path: path.to_owned(),
            line: 1,
            id: id.clone(),
            field: "title, publisher, description".into(),
            language: language.code().into(),
        })
    })
}

fn invalid(path: &str, id: &str, field: &str, expected: &str, found: &str) -> Error {
    Error::InvalidField {
        path: path.to_owned(),
        line: 1,
        id: id.to_owned(),
        field: field.to_owned(),
        expected: expected.to_owned(),
        found: found.to_owned(),
    }
}

/// One catalogue of several files: their items one after another. What two of them declare alike is the same item; what
/// they declare differently is an error.
fn catalogue(folder: &Path, recipe_path: &str, recipe: &Recipe) -> Result<Catalogue> {
    let mut merged: Option<Document> = None;
    for file in &recipe.catalogues {
        let path = folder.join(file);
        let document = Catalogue::load(&path)?.document().clone();
        merged = Some(match merged {
            None => document,
            Some(mut whole) => {
                whole
                    .join(document)
                    .or_else(|id| Err(declared_twice(&path, id)?))?;
                whole
            }
        });
    }
    let document = merged.ok_or_else(|| {
        invalid(
            recipe_path,
            &recipe.id,
            "catalogues",
            "at least one catalogue file",
            "[]",
        )
    })?;
    Catalogue::from_document(document)
}

/// The error for an id that a catalogue declares differently from one before it.
fn declared_twice(path: &Path, id: String) -> Result<Error> {
    Ok(Error::DuplicateId {
        path: path.display().to_string(),
        line: line_declaring(&read_text(path)?, &id),
        id,
    })
}
