//! The small tables: what the catalogue and the territory declare, with texts in three languages.

use super::columns::Holds::{self, Count, Number, Text};
use super::columns::schema_of;
use super::failure::{external, made};
use crate::error::Result;
use crate::language::{Language, Text as Words, word};
use crate::release::Release;
use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::SchemaRef;
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::datasource::MemTable;
use datafusion::error::Result as EngineResult;
use datafusion::logical_expr::{Expr, TableType};
use datafusion::physical_plan::ExecutionPlan;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// A small table of a release.
pub(super) struct SmallTable {
    pub(super) name: &'static str,
    /// The code of what it is described by.
    pub(super) description: &'static str,
    pub(super) columns: &'static [(&'static str, Holds)],
    rows: fn(&Release) -> Vec<Vec<Cell>>,
}

/// A cell.
enum Cell {
    Text(Option<String>),
    Number(Option<f64>),
    Count(Option<i64>),
}

pub(super) static TABLES: [SmallTable; 5] = [
    SmallTable {
        name: "indicators",
        description: "sql.indicators",
        columns: &[
            ("indicator", Text),
            ("name_fi", Text),
            ("name_sv", Text),
            ("name_en", Text),
            ("definition_fi", Text),
            ("definition_sv", Text),
            ("definition_en", Text),
            ("theme", Text),
            ("unit", Text),
            ("decimals", Count),
            ("direction", Text),
            ("scope", Text),
            ("formula", Text),
            ("multiplier", Number),
            ("aggregator", Text),
            ("version", Count),
            ("first_period", Text),
            ("last_period", Text),
        ],
        rows: indicators,
    },
    SmallTable {
        name: "measures",
        description: "sql.measures",
        columns: &[
            ("measure", Text),
            ("name_fi", Text),
            ("name_sv", Text),
            ("name_en", Text),
            ("definition_fi", Text),
            ("definition_sv", Text),
            ("definition_en", Text),
            ("theme", Text),
            ("unit", Text),
            ("decimals", Count),
            ("direction", Text),
            ("source", Text),
            ("first_period", Text),
            ("last_period", Text),
            ("rows", Count),
        ],
        rows: measures,
    },
    SmallTable {
        name: "areas",
        description: "sql.areas",
        columns: &[
            ("area", Text),
            ("name_fi", Text),
            ("name_sv", Text),
            ("name_en", Text),
            ("valid_from", Text),
            ("valid_to", Text),
            ("successor", Text),
        ],
        rows: areas,
    },
    SmallTable {
        name: "groupings",
        description: "sql.groupings",
        columns: &[
            ("grouping", Text),
            ("grouping_fi", Text),
            ("grouping_sv", Text),
            ("grouping_en", Text),
            ("group_code", Text),
            ("group_fi", Text),
            ("group_sv", Text),
            ("group_en", Text),
            ("area", Text),
            ("first_year", Count),
            ("last_year", Count),
        ],
        rows: groupings,
    },
    SmallTable {
        name: "notes",
        description: "sql.notes",
        columns: &[
            ("kind", Text),
            ("indicator", Text),
            ("measure", Text),
            ("area", Text),
            ("host", Text),
            ("first_period", Text),
            ("last_period", Text),
            ("text_fi", Text),
            ("text_sv", Text),
            ("text_en", Text),
            ("source", Text),
        ],
        rows: notes,
    },
];

impl SmallTable {
    pub(super) fn schema(&self) -> SchemaRef {
        schema_of(self.columns.iter().copied())
    }

    /// The rows of a release.
    fn batch(&self, release: &Release) -> Result<RecordBatch> {
        let rows = (self.rows)(release);
        let column = |place: usize, holds: Holds| -> ArrayRef {
            let cells = rows.iter().map(|row| row.get(place));
            match holds {
                Number => Arc::new(
                    cells
                        .map(|cell| match cell {
                            Some(Cell::Number(number)) => *number,
                            _ => None,
                        })
                        .collect::<Float64Array>(),
                ),
                Count => Arc::new(
                    cells
                        .map(|cell| match cell {
                            Some(Cell::Count(count)) => *count,
                            _ => None,
                        })
                        .collect::<Int64Array>(),
                ),
                _ => Arc::new(
                    cells
                        .map(|cell| match cell {
                            Some(Cell::Text(text)) => text.as_deref(),
                            _ => None,
                        })
                        .collect::<StringArray>(),
                ),
            }
        };
        let columns = self.columns.iter().enumerate();
        let columns = columns.map(|(place, (_, holds))| column(place, *holds));
        RecordBatch::try_new(self.schema(), columns.collect()).map_err(|cause| made(&cause))
    }
}

/// A small table of one release; its rows are made when they are first asked for.
pub(super) struct OfRelease {
    table: &'static SmallTable,
    release: Arc<Release>,
    rows: OnceLock<RecordBatch>,
}

impl fmt::Debug for OfRelease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OfRelease").field(&self.table.name).finish()
    }
}

impl OfRelease {
    pub(super) fn new(table: &'static SmallTable, release: &Arc<Release>) -> Self {
        Self {
            table,
            release: Arc::clone(release),
            rows: OnceLock::new(),
        }
    }

    fn rows(&self) -> Result<RecordBatch> {
        if let Some(rows) = self.rows.get() {
            return Ok(rows.clone());
        }
        let rows = self.table.batch(&self.release)?;
        Ok(self.rows.get_or_init(|| rows).clone())
    }
}

#[async_trait]
impl TableProvider for OfRelease {
    fn schema(&self) -> SchemaRef {
        self.table.schema()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        session: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> EngineResult<Arc<dyn ExecutionPlan>> {
        let rows = self.rows().map_err(external)?;
        let table = MemTable::try_new(self.schema(), vec![vec![rows]])?;
        table.scan(session, projection, filters, limit).await
    }
}

fn text(text: impl ToString) -> Cell {
    Cell::Text(Some(text.to_string()))
}

fn maybe(text: Option<impl ToString>) -> Cell {
    Cell::Text(text.map(|text| text.to_string()))
}

fn count(count: impl TryInto<i64>) -> Cell {
    Cell::Count(count.try_into().ok())
}

/// Finnish, Swedish, English; null where a name has none of its own.
fn words(words: &Words) -> [Cell; 3] {
    Language::ALL.map(|language| {
        let own = Some(words.get(language)).filter(|_| !words.is_fallback(language));
        maybe(own)
    })
}

fn indicators(release: &Release) -> Vec<Vec<Cell>> {
    let rows = release.indicators("").rows.into_iter();
    let row = |row: crate::compare::IndicatorRow| {
        let declared = &row.declared;
        // A declaration that cannot be resolved has no way to be summarised; the catalogue was checked when the release was made.
        let known = release.catalogue().indicator(declared.id.as_str()).ok();
        let mut cells = vec![text(&declared.id)];
        cells.extend(words(&declared.label));
        cells.extend(words(&declared.definition));
        cells.extend([
            maybe(declared.theme.as_ref()),
            text(&declared.unit),
            count(declared.decimals),
            text(declared.direction.name()),
            maybe(declared.scope.as_ref()),
            text(&declared.formula),
            Cell::Number(Some(declared.multiplier)),
            maybe(known.map(|indicator| indicator.aggregate.name())),
            count(declared.version),
            maybe(row.periods.first()),
            maybe(row.periods.last()),
        ]);
        cells
    };
    rows.map(row).collect()
}

fn measures(release: &Release) -> Vec<Vec<Cell>> {
    let row = |measure: &crate::model::Measure| {
        let periods = release.periods(&measure.id);
        let rows: usize = periods.iter().map(|content| content.rows).sum();
        let mut cells = vec![text(&measure.id)];
        cells.extend(words(&measure.label));
        cells.extend(words(&measure.definition));
        cells.extend([
            maybe(measure.theme.as_ref()),
            text(&measure.unit),
            count(measure.decimals),
            text(measure.direction.name()),
            text(&measure.source),
            maybe(periods.first().map(|content| content.period)),
            maybe(periods.last().map(|content| content.period)),
            count(rows),
        ]);
        cells
    };
    release.catalogue().measures().map(row).collect()
}

fn areas(release: &Release) -> Vec<Vec<Cell>> {
    let row = |row: crate::compare::AreaRow| {
        let mut cells = vec![text(&row.area.code)];
        cells.extend(words(&row.area.name));
        cells.extend([
            maybe(row.from),
            maybe(row.to),
            maybe(row.successor.map(|area| area.code)),
        ]);
        cells
    };
    release.areas("").rows.into_iter().map(row).collect()
}

/// Every membership of the register, with the years in which area, group and grouping are all in force as it says itself.
fn groupings(release: &Release) -> Vec<Vec<Cell>> {
    let document = release.territory().document();
    let unnamed = Words::default();
    let row = |membership: &crate::territory::Membership| {
        let grouping = document
            .groupings
            .iter()
            .find(|one| one.id == membership.grouping);
        let group = document
            .groups
            .iter()
            .find(|one| one.grouping == membership.grouping && one.code == membership.group);
        let mut cells = vec![text(&membership.grouping)];
        cells.extend(words(grouping.map_or(&unnamed, |grouping| &grouping.name)));
        cells.push(text(&membership.group));
        cells.extend(words(group.map_or(&unnamed, |group| &group.name)));
        let year = |year: Option<i32>| Cell::Count(year.map(i64::from));
        cells.extend([
            text(&membership.area),
            year(membership.first_year),
            year(membership.last_year),
        ]);
        cells
    };
    document.memberships.iter().map(row).collect()
}

/// What one must know before comparing: breaks, comparability flags, joint arrangements, caveats.
fn notes(release: &Release) -> Vec<Vec<Cell>> {
    let document = release.territory().document();
    let mut rows = Vec::new();
    for one in &document.breaks {
        rows.extend(one.measures.iter().map(|measure| {
            let about = [none(), text(measure), maybe(one.area.as_ref()), none()];
            note(
                "break",
                about,
                [text(one.period), none()],
                (words(&one.cause), text(&one.source)),
            )
        }));
    }
    for flag in &document.comparability {
        let said = |language| text(format!("{}: {}", word(flag.kind.word(), language), flag.value));
        rows.extend(flag.measures.iter().map(|measure| {
            let about = [none(), text(measure), text(&flag.area), none()];
            let said = (Language::ALL.map(said), text(&flag.source));
            note("comparability", about, [maybe(flag.from), maybe(flag.to)], said)
        }));
    }
    rows.extend(document.joint_units.iter().map(|unit| {
        let about = [none(), text(&unit.measure), text(&unit.member), text(&unit.host)];
        // The service is an id, the same in every language.
        let said = (Language::ALL.map(|_| text(&unit.service)), text(&unit.origin));
        note("joint", about, [maybe(unit.first), maybe(unit.last)], said)
    }));
    for indicator in release.catalogue().indicators() {
        rows.extend(indicator.caveats.iter().map(|caveat| {
            let about = [text(&indicator.id), none(), none(), none()];
            note("caveat", about, [none(), none()], (words(caveat), none()))
        }));
    }
    rows
}

/// A note about an indicator, measure, area and host, for a time: what it says in each language, and who says so.
fn note(kind: &str, about: [Cell; 4], time: [Cell; 2], (said, source): ([Cell; 3], Cell)) -> Vec<Cell> {
    let mut cells = vec![text(kind)];
    cells.extend(about);
    cells.extend(time);
    cells.extend(said);
    cells.push(source);
    cells
}

fn none() -> Cell {
    Cell::Text(None)
}
