//! A cube's cells as observations: areas, periods and measures by their ids, nothing dropped that is not named.

mod mapping;
mod plan;

pub use mapping::ImportMapping;

use super::Cube;
use super::cube::{Absent, Mark};
use super::place::{Observed, Place};
use crate::catalogue::Catalogue;
use crate::error::{Error, Result};
use crate::model::{Date, Observation, Period, Status};
use crate::territory::Territory;
use plan::Plan;

/// Observations of a table, in the order of a release, and what was left out because the mapping says so.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// Observations, sorted by measure, period, area and borders.
    pub observations: Vec<Observation>,
    /// Categories that the mapping leaves out: their dimension and code.
    pub left_out: Vec<(String, String)>,
}

/// What a table is read against: its name for messages, the catalogue of its measures, the territory of its areas.
#[derive(Clone, Copy)]
pub struct ImportContext<'a> {
    /// What messages call the table; also the origin of its observations.
    pub name: &'a str,
    /// The catalogue.
    pub catalogue: &'a Catalogue,
    /// The territory.
    pub territory: &'a Territory,
}

/// Turns a table into observations.
///
/// Every cell of the mapped measures, areas and periods becomes one observation. A number has the status that the file
/// gives it, else A; it is multiplied by `multiply` and must have no more decimals than its measure. A cell without a
/// number needs a status: from the mapping's `status` by its symbol, else from the reader of the format; K, L, M, O and Q
/// become the reasons `included`, `not-collected`, `not-applicable`, `missing` and `suppressed`. The raw symbol and the
/// cell's footnotes stay in the observation's note, as `symbol(..)` and `footnote(text)`. A cell that the file does not
/// have is no observation; one of a row that PX left out as zeros is 0.
///
/// # Errors
/// [`Error::ImportMapping`] where the mapping lacks something or names what the table does not have;
/// [`Error::UnknownAreasInTable`] with every code that is no area; [`Error::ImportedCell`] for a cell whose value, status
/// or borders break a rule; [`Error::UnknownMeasureInTable`].
///
/// ```
/// use kultti_core::formats::{Category, Cells, Cube, Dimension, ImportContext, ImportMapping, Role, import_cube};
/// use kultti_core::release::Release;
/// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
/// let area = Dimension::new("Alue", Role::Geo, vec![Category::new("KU272"), Category::new("KU091")]);
/// let year = Dimension::new("Vuosi", Role::Time, vec![Category::new("2019")]);
/// let mut cube = Cube::new(vec![area, year]);
/// cube.cells = Cells::of_values(vec![7.0, 650.0]);
/// let mapping = ImportMapping {
///     measure: Some("library.loans".into()),
///     area_prefix: Some("KU".into()),
///     territory: Some("then".into()),
///     multiply: Some(1000.0),
///     ..ImportMapping::default()
/// };
/// let context = ImportContext { name: "loans.px", catalogue: release.catalogue(), territory: release.territory() };
/// let imported = import_cube(&cube, &mapping, context)?;
/// let first = &imported.observations[0];
/// assert_eq!((first.area.as_str(), first.value), ("091", Some(650_000.0)));
/// # Ok::<(), kultti_core::Error>(())
/// ```
pub fn import_cube(cube: &Cube, mapping: &ImportMapping, context: ImportContext) -> Result<Imported> {
    let place = Place {
        path: context.name,
        catalogue: context.catalogue,
        territory: context.territory,
    };
    let plan = Plan::new(cube, mapping, place)?;
    let mut observations = Vec::new();
    for (measure, observed) in &plan.measures {
        for (period, time) in &plan.periods {
            let borders = plan.borders.on(*time, &place)?;
            for (area, found) in &plan.areas {
                let key = plan.key([*measure, Some(*period), Some(*area)]);
                let importer = Importer {
                    cube,
                    mapping,
                    place,
                    key: &key,
                };
                let at = (*observed, *time, found, borders);
                observations.extend(importer.observation(&at)?);
            }
        }
    }
    observations.sort_by(|left, right| left.key().cmp(&right.key()));
    let twice = observations
        .windows(2)
        .find(|pair| pair[0].key() == pair[1].key());
    if let Some(pair) = twice {
        return Err(plan.said_twice(&pair[0]));
    }
    Ok(Imported {
        observations,
        left_out: plan.left_out,
    })
}

/// One cell on its way.
struct Importer<'a> {
    cube: &'a Cube,
    mapping: &'a ImportMapping,
    place: Place<'a>,
    key: &'a [usize],
}

impl Importer<'_> {
    /// The observation of the cell; `None` where the file has none.
    fn observation(&self, at: &(Observed, Period, &plan::Found, Date)) -> Result<Option<Observation>> {
        let (observed, period, found, borders) = at;
        let Some(position) = self.cube.position(self.key) else {
            return Ok(None);
        };
        let empty = Mark::default();
        let (value, mark) = match self.cube.cells.at(position) {
            Some(cell) => (cell.value, cell.mark),
            None if self.cube.cells.absent() == Absent::Zero => (Some(0.0), &empty),
            None => return Ok(None),
        };
        let status = self.status(value, mark)?;
        self.check(|place| place.valid(0, observed.measure, *period))?;
        self.check(|place| place.exists(0, found.area, *borders))?;
        let value = value.map(|value| scaled(value, self.mapping.multiply));
        if let Some(value) = value {
            self.check(|place| place.number(0, value, observed))?;
        }
        Ok(Some(Observation {
            measure: observed.measure.id.clone(),
            period: *period,
            area: found.code.as_str().into(),
            value,
            status,
            missing: status.usual_reason(),
            territory: *borders,
            origin: self.place.path.to_owned(),
            note: self.note(mark),
        }))
    }

    fn status(&self, value: Option<f64>, mark: &Mark) -> Result<Status> {
        let symbol = mark
            .symbol
            .as_deref()
            .or(mark.text.as_deref())
            .unwrap_or_default();
        let mapped = self.mapping.status.get(symbol).map(String::as_str);
        // A number without a symbol is not what `""` in the mapping speaks of.
        let mapped = mapped.filter(|_| value.is_none() || !symbol.is_empty());
        let letter = mapped.or(mark.status.as_deref());
        let wrong = |expected: &str| self.wrong("status", expected, letter.unwrap_or(symbol));
        match (letter, value) {
            (None, Some(_)) => Ok(Status::Normal),
            (None, None) => Err(wrong(
                "a status for this symbol, in [import.status] of the mapping",
            )),
            (Some(letter), _) => {
                let status = Status::from_letter(letter).ok_or_else(|| {
                    wrong("A B D E F I P U W with a value, K L M O Q without one; map it in [import.status]")
                })?;
                if status.is_without_value() == value.is_some() {
                    return Err(wrong(match value {
                        Some(_) => "a status of a cell with a value: A B D E F I P U W",
                        None => {
                            "a status of a cell without a value: K L M O Q; map its symbol in [import.status]"
                        }
                    }));
                }
                Ok(status)
            }
        }
    }

    /// The raw symbol and the footnotes of the cell, as codes with parameters.
    fn note(&self, mark: &Mark) -> String {
        let symbol = mark.symbol.iter().map(|symbol| format!("symbol({symbol})"));
        let footnotes = self.cube.notes.iter().filter_map(|note| {
            let super::NotePlace::Cells(key) = &note.place else {
                return None;
            };
            let here = key
                .iter()
                .zip(self.key)
                .all(|(wanted, place)| wanted.is_none_or(|wanted| wanted == *place));
            let text = note.text.in_order(&self.cube.languages)?;
            here.then(|| format!("footnote({})", text.replace('\n', " ")))
        });
        // `;` stands between codes.
        let parts: Vec<String> = symbol
            .chain(footnotes)
            .map(|part| part.replace(';', ","))
            .collect();
        parts.join(";")
    }

    /// A rule that holds for every observation, whatever file it comes from; a breach names the cell instead of a line.
    fn check(&self, rule: impl Fn(&Place) -> Result<()>) -> Result<()> {
        rule(&self.place).map_err(|error| match error {
            Error::Cell {
                column,
                expected,
                found,
                ..
            } => self.wrong(&column, &expected, &found),
            Error::OutsideValidity { period, valid, .. } => self.wrong("period", &valid, &period),
            Error::AreaOutsideTerritory { area, territory, .. } => {
                self.wrong("area", &format!("an area on the borders of {territory}"), &area)
            }
            other => other,
        })
    }

    fn wrong(&self, column: &str, expected: &str, found: &str) -> Error {
        let parts = self
            .cube
            .dimensions
            .iter()
            .zip(self.key)
            .map(|(dimension, place)| {
                let code = dimension
                    .categories
                    .get(*place)
                    .map_or("", |category| category.code.as_str());
                format!("{}={code}", dimension.code)
            });
        Error::ImportedCell {
            path: self.place.path.to_owned(),
            cell: parts.collect::<Vec<_>>().join(", "),
            column: column.to_owned(),
            expected: expected.to_owned(),
            found: found.to_owned(),
        }
    }
}

/// The product as a decimal number: 12.3 thousand are 12300, not 12300.000000000002.
fn scaled(value: f64, factor: Option<f64>) -> f64 {
    let Some(factor) = factor else {
        return value;
    };
    let product = value * factor;
    // Fifteen digits are what every decimal number keeps through a double.
    format!("{product:.14e}").parse().unwrap_or(product)
}
