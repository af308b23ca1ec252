//! A release from a frame: what Python gives, as what the builder of the core takes.

use crate::argument::{BordersArgument, PeriodArgument, expected, invalid};
use crate::cube::warn;
use crate::error::exception;
use crate::release::Release;
use arrow_array::RecordBatchReader;
use kultti_core::catalogue::Catalogue;
use kultti_core::formats::{
    FrameLayout, FrameObservations, ImportContext, Mapping, ReadObservation, ReadOptions, import_cube,
    read_batches, read_frame,
};
use kultti_core::language::{Language, Text, near_matches};
use kultti_core::release::{self, OwnRelease, OwnTable, ReleaseBuilder};
use kultti_core::source::read_text;
use kultti_core::territory::Territory;
use kultti_core::{Error, Result};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};
use pyo3_arrow::input::AnyRecordBatch;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// Any table that speaks the Arrow PyCapsule interface.
pub(crate) struct FrameArgument(Box<dyn RecordBatchReader + Send>);

impl<'py> FromPyObject<'_, 'py> for FrameArgument {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if value.hasattr("__arrow_c_stream__")? || value.hasattr("__arrow_c_array__")? {
            // A program that cannot make its columns Arrow's says why, and nobody can say it better.
            return Ok(Self(value.extract::<AnyRecordBatch>()?.into_reader()?));
        }
        let refused = expected(
            "a table that speaks the Arrow PyCapsule interface (pandas, polars, pyarrow, DuckDB)",
            value,
        );
        if value.hasattr("collect")? {
            return Err(PyTypeError::new_err(format!(
                "{}: it has no rows yet; give its .collect()",
                refused.value(value.py())
            )));
        }
        Err(refused)
    }
}

impl FrameArgument {
    pub(crate) fn into_reader(self) -> Box<dyn RecordBatchReader + Send> {
        self.0
    }
}

/// A text, or one in each language.
#[derive(FromPyObject)]
pub(crate) enum TextArgument {
    #[pyo3(transparent, annotation = "str")]
    One(String),
    #[pyo3(transparent, annotation = "dict[str, str]")]
    Each(BTreeMap<String, String>),
}

impl TextArgument {
    fn read(this: Option<Self>, name: &str) -> Result<Option<Text>> {
        match this {
            None => Ok(None),
            Some(Self::One(text)) => Ok(Some(Text::each(|_| text.clone()))),
            Some(Self::Each(texts)) => {
                let of = |language: Language| texts.get(language.code()).cloned();
                match (of(Language::Fi), of(Language::Sv), of(Language::En)) {
                    (Some(fi), Some(sv), Some(en)) if texts.len() == 3 => Ok(Some(Text::new(fi, sv, en))),
                    _ => {
                        let found: Vec<&str> = texts.keys().map(String::as_str).collect();
                        Err(invalid(
                            name,
                            "a text, or one for each of fi, sv, en",
                            &found.join(", "),
                        ))
                    }
                }
            }
        }
    }
}

/// One measure or column of measures, or columns of figures with the measure of each.
#[derive(FromPyObject)]
pub(crate) enum MeasureArgument {
    #[pyo3(transparent, annotation = "str")]
    One(String),
    #[pyo3(transparent, annotation = "dict[str, str]")]
    Each(BTreeMap<String, String>),
}

/// Measures and indicators, from wherever they come.
pub(crate) enum CatalogueArgument {
    Of(Arc<release::Release>),
    File(PathBuf),
    Named(String),
    Declared(String),
    Several(Vec<Self>),
}

impl<'py> FromPyObject<'_, 'py> for CatalogueArgument {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(release) = value.cast::<Release>() {
            return Ok(Self::Of(Arc::clone(&release.get().release)));
        }
        if value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() {
            let items = value.try_iter()?.map(|item| item?.extract());
            return items.collect::<PyResult<_>>().map(Self::Several);
        }
        if value.is_instance_of::<PyDict>() {
            let json = value.py().import("json")?.call_method1("dumps", (value,))?;
            return Ok(Self::Declared(json.extract()?));
        }
        if let Ok(text) = value.extract::<String>() {
            return Ok(match text.contains(['\n', '=']) {
                true => Self::Declared(text),
                false if text.ends_with(".toml") => Self::File(text.into()),
                false => Self::Named(text),
            });
        }
        let file = value.extract().map(Self::File);
        file.map_err(|_: PyErr| expected("a path, a TOML text, a dict, a Release, or a list of them", value))
    }
}

/// The catalogues that travel with the package.
const NAMED: [(&str, &str); 2] = [
    ("culture", kultti_datasets::CULTURE),
    ("youth_work", kultti_datasets::YOUTH_WORK),
];

impl CatalogueArgument {
    /// The catalogue with these items.
    fn beside(&self, catalogue: Catalogue) -> Result<Catalogue> {
        match self {
            Self::Of(release) => catalogue.with(release.catalogue()),
            Self::File(path) => catalogue.with_own(&path.display().to_string(), &read_text(path)?),
            Self::Declared(text) => catalogue.with_own("catalogue", text),
            Self::Several(items) => items
                .iter()
                .try_fold(catalogue, |catalogue, item| item.beside(catalogue)),
            Self::Named(name) => {
                let id = name.replace(' ', "_");
                let known = NAMED.iter().find(|(known, _)| *known == id);
                let known = known.ok_or_else(|| {
                    let near = near_matches(&id, NAMED.map(|(known, _)| known), 1);
                    let near = near.first().copied().unwrap_or("culture, youth_work");
                    invalid(
                        "catalogue",
                        &format!("{near}, a file *.toml or a TOML text"),
                        name,
                    )
                })?;
                catalogue.with_own(&format!("{id}.toml"), known.1)
            }
        }
    }
}

/// Whose areas and borders.
pub(crate) enum TerritoryArgument {
    Of(Arc<release::Release>),
    Folder(PathBuf),
}

impl<'py> FromPyObject<'_, 'py> for TerritoryArgument {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(release) = value.cast::<Release>() {
            return Ok(Self::Of(Arc::clone(&release.get().release)));
        }
        let folder = value.extract().map(Self::Folder);
        folder.map_err(|_: PyErr| expected("a folder or a Release", value))
    }
}

/// What is said of a frame.
pub(crate) struct FrameOptions {
    pub(crate) area: Option<String>,
    pub(crate) period: Option<PeriodArgument>,
    pub(crate) measure: Option<MeasureArgument>,
    pub(crate) value: Option<String>,
    pub(crate) borders: Option<BordersArgument>,
    pub(crate) mapping: Option<PathBuf>,
    pub(crate) source: Option<String>,
    pub(crate) retrieved: Option<BordersArgument>,
    pub(crate) description: Option<TextArgument>,
    pub(crate) id: Option<String>,
    pub(crate) title: Option<TextArgument>,
    pub(crate) publisher: Option<TextArgument>,
    pub(crate) name: String,
}

impl FrameOptions {
    fn texts(&mut self) -> Result<(OwnTable, OwnRelease)> {
        let retrieved = self.retrieved.take().map(|day| day.text());
        let table = OwnTable {
            name: self.name.clone(),
            source: self.source.take(),
            retrieved: retrieved
                .map(|day| {
                    let wrong = || invalid("retrieved", "YYYY-MM-DD", &day);
                    day.parse().map_err(|_| wrong())
                })
                .transpose()?,
            description: TextArgument::read(self.description.take(), "description")?,
        };
        let release = OwnRelease {
            id: self.id.take(),
            title: TextArgument::read(self.title.take(), "title")?,
            publisher: TextArgument::read(self.publisher.take(), "publisher")?,
        };
        Ok((table, release))
    }

    /// The observations of a frame: of its columns, or by a mapping file.
    fn read(self, frame: FrameArgument, context: (&Catalogue, &Territory)) -> Result<FrameObservations> {
        let reader = frame.into_reader();
        let schema = reader.schema();
        let Some(path) = &self.mapping else {
            let name = self.name.clone();
            return read_frame(&name, &schema, reader, &self.layout(), context);
        };
        let mapping = Mapping::open(path)?;
        let mut rules = mapping.import.clone().unwrap_or_default();
        rules.territory = self
            .borders
            .as_ref()
            .map(BordersArgument::text)
            .or(rules.territory);
        match self.measure {
            Some(MeasureArgument::One(id)) => rules.measure = Some(id),
            Some(MeasureArgument::Each(ids)) => rules.measures.extend(ids),
            None => {}
        }
        let options = ReadOptions {
            mapping: Some(mapping),
            ..ReadOptions::default()
        };
        let reading = read_batches(&self.name, &schema, reader, &options)?;
        let (catalogue, territory) = context;
        let context = ImportContext {
            name: &self.name,
            catalogue,
            territory,
        };
        let imported = import_cube(&reading.cube, &rules, context)?;
        let numbered = imported.observations.into_iter().zip(1..);
        Ok(FrameObservations {
            observations: numbered
                .map(|(observation, line)| ReadObservation { observation, line })
                .collect(),
            warnings: reading.warnings,
        })
    }

    fn layout(self) -> FrameLayout {
        let (measure, figures) = match self.measure {
            Some(MeasureArgument::One(measure)) => (Some(measure), Vec::new()),
            Some(MeasureArgument::Each(figures)) => (None, figures.into_iter().collect()),
            None => (None, Vec::new()),
        };
        FrameLayout {
            area: self.area,
            period: self.period.map(PeriodArgument::text),
            measure,
            value: self.value,
            figures,
            territory: self.borders.map(|borders| borders.text()),
        }
    }
}

/// A release of a frame's figures only.
pub(crate) fn from_frame(
    py: Python<'_>,
    frame: FrameArgument,
    (catalogue, territory): (&CatalogueArgument, Option<TerritoryArgument>),
    options: FrameOptions,
    language: Language,
) -> PyResult<Release> {
    let built = py.detach(|| {
        let catalogue = catalogue.beside(Catalogue::empty())?;
        let builder = match territory {
            Some(TerritoryArgument::Of(release)) => ReleaseBuilder::new(catalogue, release.territory()),
            Some(TerritoryArgument::Folder(folder)) => {
                ReleaseBuilder::new(catalogue, &Territory::load(&folder, None)?)
            }
            None => {
                let example = release::Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
                ReleaseBuilder::new(catalogue, example.territory())
            }
        };
        built(builder?, frame, options)
    });
    opened(py, built, language)
}

/// A release with a frame's figures beside its own.
pub(crate) fn extend(
    py: Python<'_>,
    base: &Release,
    frame: FrameArgument,
    catalogue: Option<&CatalogueArgument>,
    options: FrameOptions,
) -> PyResult<Release> {
    let built = py.detach(|| {
        let release = &base.release;
        let known = Catalogue::from_document(release.catalogue().document().clone())?;
        let catalogue = match catalogue {
            Some(own) => own.beside(known)?,
            None => known,
        };
        built(ReleaseBuilder::beside(release, catalogue)?, frame, options)
    });
    opened(py, built, base.language)
}

type Made = (release::Release, Vec<kultti_core::formats::Warning>);

fn built(mut builder: ReleaseBuilder<'_>, frame: FrameArgument, mut options: FrameOptions) -> Result<Made> {
    let (table, texts) = options.texts()?;
    let read = options.read(frame, (builder.catalogue(), builder.territory()))?;
    builder.add(table, read.observations)?;
    Ok((builder.called(texts).build()?, read.warnings))
}

fn opened(py: Python<'_>, built: Result<Made, Error>, language: Language) -> PyResult<Release> {
    let (release, warnings) = built.map_err(|error| exception(py, &error, language))?;
    warn(py, &warnings, language)?;
    Ok(Release::new(Arc::new(release), language))
}
