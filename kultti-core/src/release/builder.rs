//! Building a release in memory, from observations that are no file: a researcher's own frame, alone or beside the figures of
//! a release.

use super::build::Joint;
use super::guard::guarded;
use super::merge::{Table, merge};
use super::open::Release;
use super::provenance::{Provenance, TableProvenance};
use super::table_hash::TableHash;
use super::whole_file::WholeFile;
use super::write::{ReleaseWriter, batches};
use crate::catalogue::Catalogue;
use crate::error::{Error, Result};
use crate::formats::ReadObservation;
use crate::language::{Message, Text, near_matches};
use crate::model::{Date, MeasureId, Observation};
use crate::territory::Territory;
use arrow_array::RecordBatch;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

/// What is known of a frame beside its figures.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OwnTable {
    /// What messages call it, and the origin of its rows.
    pub name: String,
    /// The register, an id of the catalogue's sources; that of its measures where they have one.
    pub source: Option<String>,
    /// The day on which the figures were taken over; nothing is made up where it is not known.
    pub retrieved: Option<Date>,
    /// What was taken over and what was changed.
    pub description: Option<Text>,
}

/// What a release in memory is called.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OwnRelease {
    /// Identifier of the series of releases: `own`, or that of the release beside with `_own`.
    pub id: Option<String>,
    /// Title.
    pub title: Option<Text>,
    /// Publisher.
    pub publisher: Option<Text>,
}

/// Observations that come in the order of their keys, piece by piece, such as those of a ledger: each piece is held compactly as
/// soon as it has come, however many there are. The origin of an observation is the name of its table.
#[derive(Default)]
pub struct SortedRows {
    hashes: BTreeMap<String, TableHash>,
    batches: Vec<RecordBatch>,
}

impl SortedRows {
    /// Takes the next observations.
    ///
    /// # Errors
    /// [`Error::Io`] when they cannot be put into a batch.
    pub fn push(&mut self, piece: &[Observation]) -> Result<()> {
        for observation in piece {
            let origin = observation.origin.as_str();
            if let Some(hash) = self.hashes.get_mut(origin) {
                hash.push(observation)?;
                continue;
            }
            let mut hash = TableHash::new()?;
            hash.push(observation)?;
            self.hashes.insert(origin.to_owned(), hash);
        }
        for batch in batches(piece) {
            self.batches.push(batch?);
        }
        Ok(())
    }
}

/// Puts a release together in memory, with the checks of one that is built from a folder.
///
/// The id follows from the content alone: the same figures make the same release, whoever held them and in whatever order.
/// The hash of a frame in its provenance is that of the table of observations that `kultti import` would write of it, in the
/// order of the keys; so a frame and an equal file make the same release if they are called the same.
///
/// ```
/// use arrow_array::{Float64Array, RecordBatch, StringArray};
/// use kultti_core::catalogue::Catalogue;
/// use kultti_core::formats::{FrameLayout, read_frame};
/// use kultti_core::release::{OwnTable, Release, ReleaseBuilder};
/// use std::sync::Arc;
///
/// let example = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
/// let catalogue = example.catalogue().with_own("survey.toml", r#"
/// measure = [{ id = "survey.visits", unit = "visit" }]
/// indicator = [{ id = "survey.visits_per_inhabitant", formula = "survey.visits / population.year_end" }]
/// "#)?;
/// let mut builder = ReleaseBuilder::beside(&example, catalogue)?;
///
/// let survey = RecordBatch::try_from_iter([
///     ("area", Arc::new(StringArray::from(vec!["Kokkola", "Helsinki"])) as _),
///     ("value", Arc::new(Float64Array::from(vec![95_362.0, 2_000_000.0])) as _),
/// ]).unwrap();
/// let layout = FrameLayout {
///     period: Some("2019".into()),
///     measure: Some("survey.visits".into()),
///     ..FrameLayout::default()
/// };
/// let context = (builder.catalogue(), builder.territory());
/// let read = read_frame("survey", &survey.schema(), [Ok(survey)].into_iter(), &layout, context)?;
/// builder.add(OwnTable { name: "survey".into(), ..OwnTable::default() }, read.observations)?;
///
/// let release = builder.build()?;
/// // 95,362 visits by 47,681 inhabitants.
/// assert_eq!(release.compare("survey.visits_per_inhabitant", "Kokkola")?.cell.value, Some(2.0));
/// assert!(release.compare("culture.net_operating_cost_per_inhabitant", "Kokkola").is_ok());
/// # Ok::<(), kultti_core::Error>(())
/// ```
pub struct ReleaseBuilder<'r> {
    catalogue: Catalogue,
    territory: Territory,
    base: Option<&'r Release>,
    texts: OwnRelease,
    tables: Vec<(OwnTable, Vec<ReadObservation>)>,
    sorted: Vec<RecordBatch>,
    sorted_tables: Vec<TableProvenance>,
}

impl<'r> ReleaseBuilder<'r> {
    /// Begins a release of own figures only.
    ///
    /// What the territory says of measures that the catalogue does not have (joint arrangements, breaks, flags of comparability,
    /// size classes) is no part of the release.
    ///
    /// # Errors
    /// [`Error::UnknownReference`] for a measure of a part of the country that the territory does not have.
    pub fn new(catalogue: Catalogue, territory: &Territory) -> Result<Self> {
        let territory = about(territory, &catalogue);
        check_parts(&catalogue, &territory)?;
        Ok(Self {
            catalogue,
            territory,
            base: None,
            texts: OwnRelease::default(),
            tables: Vec::new(),
            sorted: Vec::new(),
            sorted_tables: Vec::new(),
        })
    }

    /// Begins with the figures of a release, whose catalogue is the one given or a part of it.
    ///
    /// # Errors
    /// Those of [`ReleaseBuilder::new`].
    pub fn beside(base: &'r Release, catalogue: Catalogue) -> Result<Self> {
        let builder = Self::new(catalogue, base.territory())?;
        Ok(Self {
            base: Some(base),
            ..builder
        })
    }

    /// The catalogue.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The territory.
    pub fn territory(&self) -> &Territory {
        &self.territory
    }

    /// What the release is called.
    #[must_use]
    pub fn called(mut self, texts: OwnRelease) -> Self {
        self.texts = texts;
        self
    }

    /// Takes the observations of a frame.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] for a name that a table of the release already has; for a source that
    /// the catalogue does not have, or none for measures of several.
    pub fn add(&mut self, table: OwnTable, observations: Vec<ReadObservation>) -> Result<()> {
        let base = self.base.iter();
        let known = base.flat_map(|release| release.provenance().tables.iter().map(|table| &table.file));
        let known: Vec<&String> = known.collect();
        for (origin, rows) in by_origin(&observations) {
            if known.iter().any(|file| *file == origin) {
                return Err(Error::InvalidArgument {
                    name: "name".into(),
                    expected: "another name than those of the tables of the release".into(),
                    found: origin.to_owned(),
                });
            }
            self.source(&table, &rows)?;
        }
        self.tables.push((table, observations));
        Ok(())
    }

    /// Takes rows of one or several tables, in the order of their keys.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] for a row whose origin no table has, and for a table whose source the catalogue does not
    /// have. What is not in order is an error of [`ReleaseBuilder::build`].
    pub fn add_sorted(&mut self, tables: &[OwnTable], rows: SortedRows) -> Result<()> {
        let mut hashes = rows.hashes;
        for table in tables {
            let source = self.source(table, &[])?;
            let hash = hashes.remove(&table.name).map_or_else(TableHash::new, Ok)?;
            self.sorted_tables.push(provenance_of(table, source, hash)?);
        }
        if let Some(origin) = hashes.into_keys().next() {
            return Err(Error::InvalidArgument {
                name: "origin".to_owned(),
                expected: tables
                    .iter()
                    .map(|table| table.name.as_str())
                    .collect::<Vec<_>>()
                    .join(", "),
                found: origin,
            });
        }
        self.sorted = rows.batches;
        Ok(())
    }

    /// The register of a frame's figures.
    fn source(&self, table: &OwnTable, rows: &[&Observation]) -> Result<String> {
        let wrong = |expected: &[&str], found: &str| Error::InvalidArgument {
            name: "source".to_owned(),
            expected: format!("one register of the catalogue: {}", expected.join(", ")),
            found: found.to_owned(),
        };
        if let Some(asked) = &table.source {
            if self.catalogue.source(asked).is_some() {
                return Ok(asked.clone());
            }
            let ids = || {
                self.catalogue
                    .header()
                    .sources
                    .iter()
                    .map(|source| source.id.as_str())
            };
            let near = near_matches(asked, ids(), 3);
            let expected = if near.is_empty() { ids().collect() } else { near };
            return Err(wrong(&expected, asked));
        }
        let distinct: BTreeSet<&str> = rows.iter().map(|row| row.measure.as_str()).collect();
        let distinct = distinct.into_iter().map(MeasureId::from);
        let sources = distinct.filter_map(|id| self.catalogue.measure(&id));
        let sources: BTreeSet<&str> = sources.map(|measure| measure.source.as_str()).collect();
        let sources: Vec<&str> = sources.into_iter().collect();
        match sources.as_slice() {
            [only] => Ok((*only).to_owned()),
            several => Err(wrong(several, "")),
        }
    }

    /// Puts everything together.
    ///
    /// # Errors
    /// [`Error::DuplicateObservation`] for two rows of one key, in one frame, in two, or in a frame and the release beside;
    /// [`Error::Cell`] for a status that contradicts the register of joint arrangements; [`Error::ReleaseAltered`] for a
    /// damaged release beside.
    pub fn build(mut self) -> Result<Release> {
        let name = self
            .tables
            .first()
            .map_or("-", |(table, _)| table.name.as_str())
            .to_owned();
        for (_, observations) in &mut self.tables {
            observations.sort_by(|left, right| left.observation.key().cmp(&right.observation.key()));
        }
        let provenance = self.provenance()?;
        let writer = match self.base {
            Some(base) => guarded(base.name(), "rows", || self.written(&name))?,
            None => self.written(&name)?,
        };
        let (_, bytes) = writer.finish(self.catalogue.document(), self.territory.document(), &provenance)?;
        Release::from_bytes(&name, bytes)
    }

    /// The rows of the release beside and of all frames, in the order of their keys.
    fn written(&self, name: &str) -> Result<ReleaseWriter<Vec<u8>>> {
        let mut tables = Vec::new();
        if let Some(base) = self.base {
            tables.push(Table::new(base.name().to_owned(), base.batches()?, None)?);
        }
        for (table, read) in &self.tables {
            let rows: Vec<Observation> = read.iter().map(|read| read.observation.clone()).collect();
            let rows: Vec<_> = batches(&rows).collect();
            let lines = read.iter().map(|read| read.line).collect();
            tables.push(Table::new(table.name.clone(), rows.into_iter(), Some(lines))?);
        }
        if let Some(first) = self.sorted_tables.first() {
            let rows = self.sorted.iter().cloned().map(Ok);
            tables.push(Table::new(first.file.clone(), rows, None)?);
        }
        let mut writer = ReleaseWriter::new(name, Vec::new())?;
        let joint = Joint::of(&self.territory);
        merge(&mut tables, |run| {
            joint.check(run)?;
            writer.write(run.batch)
        })?;
        Ok(writer)
    }

    fn provenance(&self) -> Result<Provenance> {
        let words = |code: &'static str| Text::each(|language| Message::new(code).render(language));
        let base = self.base.map(Release::provenance);
        let mut tables: Vec<TableProvenance> = base.map(|base| base.tables.clone()).unwrap_or_default();
        for (table, read) in &self.tables {
            for (origin, rows) in by_origin(read) {
                let mut hash = TableHash::new()?;
                for row in &rows {
                    hash.push(row)?;
                }
                let named = OwnTable {
                    name: origin.to_owned(),
                    ..table.clone()
                };
                tables.push(provenance_of(&named, self.source(table, &rows)?, hash)?);
            }
        }
        tables.extend(self.sorted_tables.iter().cloned());
        let titled = |base: &Provenance| {
            let message = Message::new("word.own-beside").with("title", &base.title);
            Text::each(|language| message.render(language))
        };
        let texts = &self.texts;
        Ok(Provenance {
            id: texts
                .id
                .clone()
                .unwrap_or_else(|| base.map_or_else(|| "own".to_owned(), |base| format!("{}_own", base.id))),
            title: texts
                .title
                .clone()
                .unwrap_or_else(|| base.map_or_else(|| words("word.own-release"), titled)),
            publisher: texts
                .publisher
                .clone()
                .unwrap_or_else(|| words("word.own-release")),
            tables,
        })
    }
}

/// The rows of each origin.
fn by_origin(read: &[ReadObservation]) -> BTreeMap<&str, Vec<&Observation>> {
    let mut origins: BTreeMap<&str, Vec<&Observation>> = BTreeMap::new();
    for observation in read.iter().map(|read| &read.observation) {
        let rows = origins.entry(observation.origin.as_str()).or_default();
        rows.push(observation);
    }
    origins
}

/// Where the figures of a table come from.
fn provenance_of(table: &OwnTable, source: String, hash: TableHash) -> Result<TableProvenance> {
    let frame = || Text::each(|language| Message::new("word.own-frame").render(language));
    let (rows, sha256) = hash.finish()?;
    Ok(TableProvenance {
        file: table.name.clone(),
        source,
        retrieved: table.retrieved,
        description: table.description.clone().unwrap_or_else(frame),
        rows,
        sha256,
    })
}

/// A territory without what it says of measures that the catalogue does not have.
fn about(territory: &Territory, catalogue: &Catalogue) -> Territory {
    let observed = |id: &MeasureId| {
        catalogue
            .measure(id)
            .is_some_and(|measure| measure.derived.is_none())
    };
    let mut document = territory.document().clone();
    document.joint_units.retain(|unit| observed(&unit.measure));
    for one in &mut document.breaks {
        one.measures.retain(|id| catalogue.measure(id).is_some());
    }
    document.breaks.retain(|one| !one.measures.is_empty());
    for flag in &mut document.comparability {
        flag.measures.retain(|id| catalogue.measure(id).is_some());
    }
    document.comparability.retain(|flag| !flag.measures.is_empty());
    if let Some(size) = document.size.take_if(|size| !observed(&size.measure)) {
        document
            .peers
            .retain(|grouping| grouping != size.grouping.as_str());
    }
    Territory::from_document(document)
}

/// Every measure is of the whole country or of a part that the territory knows.
fn check_parts(catalogue: &Catalogue, territory: &Territory) -> Result<()> {
    let parts: Vec<&str> = territory
        .document()
        .scopes
        .iter()
        .map(|scope| scope.id.as_str())
        .collect();
    for measure in catalogue.measures() {
        if let Some(part) = measure.area_scope.part().filter(|part| !parts.contains(part)) {
            return Err(Error::UnknownReference {
                path: catalogue.header().id.clone(),
                line: 1,
                column: 1,
                id: measure.id.to_string(),
                field: "area_scope".into(),
                reference: part.to_owned(),
                near: near_matches(part, parts.iter().copied(), 3)
                    .into_iter()
                    .map(str::to_owned)
                    .collect(),
            });
        }
    }
    Ok(())
}

impl Release {
    /// The file of the release as it is held.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let read = io::copy(&mut self.bytes()?, &mut bytes);
        read.map_err(|cause| Error::io(self.name(), &cause))?;
        Ok(bytes)
    }

    /// Writes the release to a file, byte by byte as it is held, whole or not at all.
    ///
    /// # Errors
    /// [`Error::Io`].
    ///
    /// ```
    /// use kultti_core::release::Release;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// let folder = tempfile::tempdir().unwrap();
    /// let path = folder.path().join("copy.parquet");
    /// release.write_file(&path)?;
    /// assert_eq!(Release::open(&path)?.id(), release.id());
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn write_file(&self, path: &Path) -> Result<()> {
        let mut file = WholeFile::create(path)?;
        let mut bytes = self.bytes()?;
        io::copy(&mut bytes, &mut file).map_err(|cause| Error::io(path.display().to_string(), &cause))?;
        file.commit()
    }
}
