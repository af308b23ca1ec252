//! Building a release from a folder of sources.

use super::content::sha256;
use super::provenance::{Provenance, TableProvenance};
use super::write::write;
use crate::catalogue::{Catalogue, Document};
use crate::error::{Error, Result};
use crate::formats::{ReadObservation, read_observations};
use crate::language::{Text, near_matches};
use crate::model::{AreaCode, Date, MeasureId, Observation, Status};
use crate::source::{line_declaring, parse_toml, read_text};
use crate::territory::{JointArrangement, Territory};
use serde::Deserialize;
use std::collections::HashMap;
use std::path::Path;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Recipe {
    schema: u32,
    id: String,
    title: Text,
    publisher: Text,
    catalogues: Vec<String>,
    territory: String,
    joint_units: Option<String>,
    #[serde(default)]
    table: Vec<TableRecipe>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableRecipe {
    file: String,
    source: String,
    retrieved: Date,
    description: Text,
}

/// Builds a release from the `release.toml` of a folder and answers the bytes of the file.
///
/// The same folder gives the same bytes. Every row of every table is in the release: what cannot be read is an error,
/// never left out.
///
/// # Errors
/// Whatever is wrong with the catalogue, the territory or a table, with file, line and column;
/// [`Error::DuplicateObservation`] for two rows of one key, in one table or in two.
pub fn build(folder: &Path) -> Result<Vec<u8>> {
    let path = folder.join("release.toml");
    let name = path.display().to_string();
    let recipe: Recipe = parse_toml(&name, &read_text(&path)?)?;
    check(&name, &recipe)?;
    let catalogue = catalogue(folder, &name, &recipe)?;
    let joint_units = recipe.joint_units.as_ref().map(|file| folder.join(file));
    let territory = Territory::load(&folder.join(&recipe.territory), joint_units.as_deref())?;
    check_references(folder, &recipe, &catalogue, &territory)?;
    let mut rows: Vec<(Observation, String, usize)> = Vec::new();
    let mut tables = Vec::new();
    for table in recipe.table {
        let file = folder.join(&table.file);
        let file_name = file.display().to_string();
        let text = read_text(&file)?;
        if catalogue.source(&table.source).is_none() {
            return Err(invalid(
                &name,
                &table.file,
                "source",
                "a source of the catalogue",
                &table.source,
            ));
        }
        let read = read_observations(&file_name, &text, &table.file, &catalogue, &territory)?;
        tables.push(TableProvenance {
            file: table.file,
            source: table.source,
            retrieved: table.retrieved,
            description: table.description,
            rows: read.len(),
            sha256: sha256(text.as_bytes()),
        });
        rows.extend(
            read.into_iter()
                .map(|ReadObservation { observation, line }| (observation, file_name.clone(), line)),
        );
    }
    check_joint(&rows, &territory)?;
    let observations = sorted(rows)?;
    let provenance = Provenance {
        id: recipe.id,
        title: recipe.title,
        publisher: recipe.publisher,
        tables,
    };
    write(
        &observations,
        catalogue.document(),
        territory.document(),
        &provenance,
    )
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

/// What the register of joint arrangements says, the observations say too: a member is K, its host W.
fn check_joint(rows: &[(Observation, String, usize)], territory: &Territory) -> Result<()> {
    let mut units: HashMap<(&MeasureId, &AreaCode), Vec<(&JointArrangement, Status)>> = HashMap::new();
    for unit in &territory.document().joint_units {
        units
            .entry((&unit.measure, &unit.member))
            .or_default()
            .push((unit, Status::Included));
        units
            .entry((&unit.measure, &unit.host))
            .or_default()
            .push((unit, Status::Includes));
    }
    for (row, path, line) in rows {
        let known = units
            .get(&(&row.measure, &row.area))
            .map(Vec::as_slice)
            .unwrap_or_default();
        let needed = known
            .iter()
            .find(|(unit, _)| unit.covers(row.period))
            .map(|(_, status)| *status);
        // A unit may be missing as a whole.
        let fits = needed.is_none_or(|status| row.status == status || row.status == Status::Missing);
        if !fits {
            let letter = needed.map_or('K', Status::letter);
            return Err(Error::Cell {
                path: path.clone(),
                line: *line,
                column: "status".into(),
                expected: format!(
                    "{letter}, for the register of joint arrangements names {} in {}",
                    row.area, row.period
                ),
                found: row.status.letter().to_string(),
            });
        }
    }
    Ok(())
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
        let path = path.display().to_string();
        merged = Some(match merged {
            None => document,
            Some(mut whole) => {
                merge(&path, &mut whole.themes, document.themes, |item| &item.id)?;
                merge(&path, &mut whole.sources, document.sources, |item| &item.id)?;
                merge(&path, &mut whole.units, document.units, |item| &item.id)?;
                merge(&path, &mut whole.functions, document.functions, |item| &item.id)?;
                merge(&path, &mut whole.scopes, document.scopes, |item| item.id.as_str())?;
                merge(&path, &mut whole.measures, document.measures, |item| {
                    item.id.as_str()
                })?;
                merge(&path, &mut whole.indicators, document.indicators, |item| {
                    item.id.as_str()
                })?;
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

fn merge<T: PartialEq>(path: &str, whole: &mut Vec<T>, items: Vec<T>, id: impl Fn(&T) -> &str) -> Result<()> {
    for item in items {
        match whole.iter().find(|known| id(known) == id(&item)) {
            Some(known) if *known == item => {}
            Some(_) => {
                let text = read_text(Path::new(path))?;
                let line = line_declaring(&text, id(&item));
                return Err(Error::DuplicateId {
                    path: path.to_owned(),
                    line,
                    id: id(&item).to_owned(),
                });
            }
            None => whole.push(item),
        }
    }
    Ok(())
}

fn sorted(mut rows: Vec<(Observation, String, usize)>) -> Result<Vec<Observation>> {
    rows.sort_by(|left, right| left.0.key().cmp(&right.0.key()));
    for pair in rows.windows(2) {
        let [(first, first_path, first_line), (second, path, line)] = pair else {
            continue;
        };
        if first.measure == second.measure && first.period.frequency() != second.period.frequency() {
            return Err(Error::Cell {
                path: path.clone(),
                line: *line,
                column: "period".into(),
                expected: format!(
                    "one frequency per measure; {} has {} too",
                    first.measure, first.period
                ),
                found: second.period.to_string(),
            });
        }
        if first.key() == second.key() {
            return Err(Error::DuplicateObservation {
                path: path.clone(),
                line: *line,
                key: second.key_text(),
                first: format!("{first_path}:{first_line}"),
            });
        }
    }
    Ok(rows.into_iter().map(|(observation, ..)| observation).collect())
}
