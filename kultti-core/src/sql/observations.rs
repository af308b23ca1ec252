//! The table `observations`: the rows of the release as they stand.

use super::keys::{Key, in_order};
use super::leaf::{LeafExec, Take, Work, parts_at_most};
use super::observation_rows::ObservationRows;
use super::prune::{fulfilling, pushed_down};
#[cfg(feature = "cluster")]
use super::wanted_rows::WantedRows;
use crate::compare::even_parts;
use crate::error::Result;
use crate::model::{MeasureId, Period, observation_schema};
use crate::release::{MeasureContent, Release, Wanted};
use arrow_schema::SchemaRef;
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::error::Result as EngineResult;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown, TableType};
use datafusion::physical_plan::ExecutionPlan;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

/// The columns by which rows are found without reading any.
const FOUND_BY: [&str; 2] = ["measure", "period"];

/// The table.
#[derive(Debug)]
pub(super) struct Observations(pub(super) Arc<Release>);

#[async_trait]
impl TableProvider for Observations {
    fn schema(&self) -> SchemaRef {
        observation_schema()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> EngineResult<Vec<TableProviderFilterPushDown>> {
        Ok(pushed_down(
            filters,
            FOUND_BY,
            &TableProviderFilterPushDown::Exact,
        ))
    }

    async fn scan(
        &self,
        session: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> EngineResult<Arc<dyn ExecutionPlan>> {
        let columns = match projection {
            Some(columns) => columns.clone(),
            None => (0..observation_schema().fields().len()).collect(),
        };
        let stretches = if filters.is_empty() {
            None
        } else {
            let pairs = || self.0.content().flat_map(of_periods);
            let texts = pairs().map(|(measure, period, _)| (measure.as_str(), period.to_string()));
            let kept = fulfilling(session, filters, FOUND_BY, texts)?;
            Some(stretches(pairs().zip(kept)))
        };
        let measures = match &stretches {
            Some(stretches) => stretches.chunk_by(of_one_measure).count(),
            None => self.0.content().count(),
        };
        let wanted = WantedObservations {
            parts: parts_at_most(session, measures),
            stretches,
            columns,
            limit,
        };
        Ok(Arc::new(Self(Arc::clone(&self.0)).leaf(wanted)?))
    }
}

impl Observations {
    /// The leaf that reads some rows.
    pub(super) fn leaf(self, wanted: WantedObservations) -> EngineResult<LeafExec> {
        let all = || stretches(self.0.content().flat_map(of_periods).map(|pair| (pair, true)));
        let stretches = wanted.stretches.clone().unwrap_or_else(all);
        let schema = Arc::new(observation_schema().project(&wanted.columns)?);
        let limit = wanted.limit;
        let work = ObservationsWork {
            parts: parts(&stretches, wanted.parts),
            release: self.0,
            stretches,
            wanted,
            schema,
        };
        let periods = work
            .stretches
            .iter()
            .flat_map(|stretch| [stretch.periods.start(), stretch.periods.end()]);
        let period = is_same(periods);
        let measure = is_same(work.stretches.iter().map(|stretch| &stretch.measure));
        let key = |name, same| Key { name, same };
        let keys = [
            key("measure", measure),
            key("period", period),
            key("area", false),
            key("territory", false),
        ];
        let firsts: Vec<&str> = work.parts[1..]
            .iter()
            .map(|part| work.stretches[part.start].measure.as_str())
            .collect();
        let properties = in_order(&work.schema, &keys, &firsts)?;
        Ok(LeafExec::new(Arc::new(work), properties, limit))
    }
}

/// Which rows are read, in words that travel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct WantedObservations {
    /// All rows where none are named.
    stretches: Option<Vec<Stretch>>,
    /// The places of the wanted columns.
    columns: Vec<usize>,
    /// In how many parts they are cut at most.
    parts: usize,
    /// No part needs to make more rows.
    limit: Option<usize>,
}

fn is_same<T: PartialEq>(mut all: impl Iterator<Item = T>) -> bool {
    let first = all.next();
    all.all(|one| Some(one) == first)
}

/// The periods of a measure with the rows of each.
fn of_periods(content: &MeasureContent) -> impl Iterator<Item = (&MeasureId, Period, usize)> {
    let periods = content.periods.iter();
    periods.map(|period| (&content.measure, period.period, period.rows))
}

/// Rows of a measure that stand one after another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Stretch {
    measure: MeasureId,
    periods: RangeInclusive<Period>,
    rows: usize,
}

fn of_one_measure(left: &Stretch, right: &Stretch) -> bool {
    left.measure == right.measure
}

/// The rows that are kept, in as few stretches as they make.
fn stretches<'r>(pairs: impl Iterator<Item = ((&'r MeasureId, Period, usize), bool)>) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    let mut goes_on = false;
    for ((measure, period, rows), kept) in pairs {
        match stretches
            .last_mut()
            .filter(|last| goes_on && last.measure == *measure)
        {
            Some(last) if kept => {
                last.periods = *last.periods.start()..=period;
                last.rows += rows;
            }
            _ if kept => stretches.push(Stretch {
                measure: measure.clone(),
                periods: period..=period,
                rows,
            }),
            _ => {}
        }
        goes_on = kept;
    }
    stretches
}

/// Neighbouring stretches, cut where a measure begins; one empty part where there are none.
fn parts(wanted: &[Stretch], count: usize) -> Vec<Range<usize>> {
    let measures: Vec<&[Stretch]> = wanted.chunk_by(of_one_measure).collect();
    let rows = |stretches: &&[Stretch]| stretches.iter().map(|stretch| stretch.rows).sum();
    let mut parts = Vec::new();
    let mut start = 0;
    for part in even_parts(measures.iter().map(rows), count) {
        let end = start
            + measures[part]
                .iter()
                .map(|stretches| stretches.len())
                .sum::<usize>();
        parts.push(start..end);
        start = end;
    }
    if parts.is_empty() {
        parts.push(0..0);
    }
    parts
}

/// Reads stretches.
struct ObservationsWork {
    release: Arc<Release>,
    wanted: WantedObservations,
    stretches: Vec<Stretch>,
    parts: Vec<Range<usize>>,
    schema: SchemaRef,
}

impl fmt::Debug for ObservationsWork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.describe(f)
    }
}

impl Work for ObservationsWork {
    fn name(&self) -> &'static str {
        "ObservationsExec"
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let measures = self.stretches.chunk_by(of_one_measure);
        let names = self.schema.fields().iter().map(|field| field.name().as_str());
        let names: Vec<&str> = names.collect();
        let rows: usize = self.stretches.iter().map(|stretch| stretch.rows).sum();
        write!(
            f,
            "columns=[{}], measures={}, rows={rows}",
            names.join(", "),
            measures.count()
        )
    }

    fn rows(&self, part: usize) -> Option<usize> {
        let stretches = &self.stretches[self.parts[part].clone()];
        Some(stretches.iter().map(|stretch| stretch.rows).sum())
    }

    #[cfg(feature = "cluster")]
    fn wanted(&self) -> Option<WantedRows> {
        Some(WantedRows::Observations(self.wanted.clone()))
    }

    fn run(&self, part: usize, take: &mut Take) -> Result<()> {
        let stretches = self.stretches[self.parts[part].clone()].iter();
        let wanted: Vec<Wanted> = stretches
            .map(|stretch| (&stretch.measure, stretch.periods.clone()))
            .collect();
        let mut rows = ObservationRows::new(&self.release, &self.wanted.columns, &self.schema);
        let texts = rows.need_texts();
        let each = &mut |measure: &MeasureId, period, read| {
            rows.push(measure, period, &read);
            if rows.is_full() {
                take(rows.finish()?)?;
            }
            Ok(())
        };
        if texts {
            self.release.scan_with_texts(&wanted, each)?;
        } else {
            self.release.scan(&wanted, each)?;
        }
        if rows.is_empty() {
            Ok(())
        } else {
            take(rows.finish()?)
        }
    }
}
