//! Building a release from a folder of sources.

use super::content::sha256;
use super::merge::{Run, Table, merge};
use super::open::Release;
use super::provenance::{Provenance, TableProvenance};
use super::recipe::{Recipe, TableRecipe};
use super::whole_file::WholeFile;
use super::write::{ReleaseWriter, batches};
use crate::catalogue::Catalogue;
use crate::error::{Error, Result};
use crate::formats::{ParquetObservations, ReadObservation, read_observations};
use crate::model::{Observation, ObservationColumns, Status};
use crate::source::read_text;
use crate::territory::{JointArrangement, Territory};
use std::collections::HashMap;
use std::fs::File;
use std::io::Write;
use std::path::Path;

/// What was built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    /// The id of the release.
    pub id: String,
    /// Its rows.
    pub rows: usize,
    /// The size of the file.
    pub bytes: u64,
}

/// Builds a release from the `release.toml` of a folder and answers the bytes of the file.
///
/// A table is CSV or, where its name ends in `.parquet`, Parquet; a Parquet table must be sorted by measure, period, area
/// and territory, for it is read batch by batch. The same folder gives the same bytes. Every row of every table is in the
/// release: what cannot be read is an error, never left out.
///
/// # Errors
/// Whatever is wrong with the catalogue, the territory or a table, with file, line and column;
/// [`Error::DuplicateObservation`] for two rows of one key, in one table or in two; [`Error::Unsorted`] for a Parquet
/// table that is not in key order.
pub fn build(folder: &Path) -> Result<Vec<u8>> {
    let (_, _, bytes) = build_into(folder, "release", Vec::new())?;
    Ok(bytes)
}

/// Builds a release from a folder, as [`build`] does, into a file that is whole or not there: what stood under its name
/// stays until the new release is complete, on the disk, and opens.
///
/// # Errors
/// Those of [`build`]; [`Error::Io`] when the file cannot be written.
pub fn build_file(folder: &Path, path: &Path) -> Result<Built> {
    let (id, rows, file) = build_into(folder, &path.display().to_string(), WholeFile::create(path)?)?;
    Release::open(file.partial())?;
    let bytes = file.partial().metadata().map(|metadata| metadata.len());
    let bytes = bytes.map_err(|cause| Error::io(path.display().to_string(), &cause))?;
    file.commit()?;
    Ok(Built { id, rows, bytes })
}

/// What the observations of a release are read against: the catalogue and the territory of a folder with a release.toml.
#[derive(Debug)]
pub struct Sources {
    /// Measures and indicators.
    pub catalogue: Catalogue,
    /// Areas, borders, groupings and registers.
    pub territory: Territory,
}

impl Sources {
    /// Reads the folder, tables of observations aside: they may not be there yet.
    ///
    /// # Errors
    /// Those of [`build`] for the recipe, the catalogue and the territory.
    pub fn open(folder: &Path) -> Result<Self> {
        let (catalogue, territory) = Recipe::load(folder)?.context(folder)?;
        Ok(Self { catalogue, territory })
    }
}

pub(super) fn build_into<W: Write + Send>(folder: &Path, name: &str, sink: W) -> Result<(String, usize, W)> {
    let recipe = Recipe::load(folder)?;
    let (catalogue, territory) = recipe.context(folder)?;
    let mut tables = Vec::new();
    let mut hashes = Vec::new();
    for table in &recipe.table {
        let (table, hash) = open_table(folder, table, &catalogue, &territory)?;
        tables.push(table);
        hashes.push(hash);
    }
    let mut writer = ReleaseWriter::new(name, sink)?;
    let joint = Joint::of(&territory);
    merge(&mut tables, |run| {
        joint.check(run)?;
        writer.write(run.batch)
    })?;
    let provenance = |((table, read), sha256): ((TableRecipe, &Table), String)| TableProvenance {
        file: table.file,
        source: table.source,
        retrieved: Some(table.retrieved),
        description: table.description,
        rows: read.rows(),
        sha256,
    };
    let provenance = Provenance {
        id: recipe.id,
        title: recipe.title,
        publisher: recipe.publisher,
        tables: recipe
            .table
            .into_iter()
            .zip(&tables)
            .zip(hashes)
            .map(provenance)
            .collect(),
    };
    let rows = writer.rows();
    let (id, sink) = writer.finish(catalogue.document(), territory.document(), &provenance)?;
    Ok((id, rows, sink))
}

/// Opens a table; the answer is its rows in key order and the SHA-256 of its file.
fn open_table<'a>(
    folder: &Path,
    table: &TableRecipe,
    catalogue: &'a Catalogue,
    territory: &'a Territory,
) -> Result<(Table<'a>, String)> {
    let path = folder.join(&table.file);
    let name = path.display().to_string();
    let parquet = path
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("parquet"));
    if parquet {
        let hash = File::open(&path).and_then(sha256);
        let hash = hash.map_err(|cause| Error::io(&name, &cause))?;
        let rows = ParquetObservations::open(&path, &table.file, catalogue, territory)?;
        return Ok((Table::new(name, rows, None)?, hash));
    }
    let text = read_text(&path)?;
    let mut rows = read_observations(&name, &text, &table.file, catalogue, territory)?;
    rows.sort_by(|left, right| left.observation.key().cmp(&right.observation.key()));
    let lines = rows.iter().map(|row| row.line).collect();
    let split = |ReadObservation { observation, .. }| observation;
    let rows: Vec<Observation> = rows.into_iter().map(split).collect();
    let rows: Vec<_> = batches(&rows).collect();
    let hash = sha256(text.as_bytes()).map_err(|cause| Error::io(&name, &cause))?;
    Ok((Table::new(name, rows.into_iter(), Some(lines))?, hash))
}

/// The arrangements that an area is in, with the status that its observations have in each.
type Units<'a> = HashMap<&'a str, Vec<(&'a JointArrangement, Status)>>;

/// What the register of joint arrangements says, the observations say too: a member is K, its host W.
pub(super) struct Joint<'a> {
    by_measure: HashMap<&'a str, Units<'a>>,
}

impl<'a> Joint<'a> {
    pub(super) fn of(territory: &'a Territory) -> Self {
        let mut by_measure: HashMap<&str, Units> = HashMap::new();
        for unit in &territory.document().joint_units {
            let areas = by_measure.entry(unit.measure.as_str()).or_default();
            for (area, status) in [(&unit.member, Status::Included), (&unit.host, Status::Includes)] {
                areas.entry(area.as_str()).or_default().push((unit, status));
            }
        }
        Self { by_measure }
    }

    pub(super) fn check(&self, run: &Run) -> Result<()> {
        let Some(columns) = ObservationColumns::of(run.batch) else {
            return Ok(());
        };
        let mut row = 0;
        while row < columns.rows {
            let end = columns.measure.run_end(row, columns.rows);
            let units = columns
                .measure
                .get(row)
                .and_then(|measure| self.by_measure.get(measure));
            if let Some(units) = units {
                (row..end).try_for_each(|row| check_joint(units, &columns, row, run))?;
            }
            row = end;
        }
        Ok(())
    }
}

fn check_joint(units: &Units, columns: &ObservationColumns, row: usize, run: &Run) -> Result<()> {
    let [_, period, area, _] = columns.key(row);
    let (Some(known), Ok(time)) = (units.get(area), period.parse()) else {
        return Ok(());
    };
    let needed = known
        .iter()
        .find(|(unit, _)| unit.covers(time))
        .map(|(_, status)| *status);
    let found = columns.status.get(row).and_then(Status::from_letter);
    // A unit may be missing as a whole.
    let fits = |needed| found == Some(needed) || found == Some(Status::Missing);
    match needed.filter(|needed| !fits(*needed)) {
        None => Ok(()),
        Some(needed) => {
            let (path, line) = run.place(row);
            let letter = needed.letter();
            Err(Error::Cell {
                path: path.to_owned(),
                line,
                column: "status".into(),
                expected: format!(
                    "{letter}, for the register of joint arrangements names {area} in {period}"
                ),
                found: columns.status.get(row).unwrap_or_default().to_owned(),
            })
        }
    }
}
