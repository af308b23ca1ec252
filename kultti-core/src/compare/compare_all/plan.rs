//! What is to be computed: which indicators in which periods, and how the work is cut.

use super::super::compare_verb::group_method;
use super::super::patterns::fitting;
use super::super::position::natural_order;
use super::column::Column;
use super::options::CompareAllOptions;
use crate::error::{Error, Result};
use crate::model::{Indicator, IndicatorId, MeasureId, Period};
use crate::panel::{Borders, RowsCache, Slicer, observed, span};
use crate::release::Release;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

/// Rows that are read or made at once: enough that reading costs little more than decoding, few enough to stay in a
/// core's cache and to make memory the same for any number of indicators.
const CHUNK_ROWS: usize = 65_536;

/// A measure that more indicators need than this is read once for all of them.
const SHARED_BY: usize = 8;

/// Rows of shared measures that are held at most: some ten megabytes.
const SHARED_ROWS: usize = 1 << 20;

/// An indicator and its periods, ascending.
pub(super) struct Task {
    pub(super) indicator: IndicatorId,
    pub(super) periods: Vec<Period>,
    /// The period before the first, where the indicator has data for it.
    pub(super) before: Option<Period>,
    /// The measures to be read for it and for which periods; those that are shared are not among them.
    reads: Vec<(MeasureId, RangeInclusive<Period>)>,
}

/// Everything to be computed, in the order of the indicators' ids.
pub(super) struct Plan {
    pub(super) options: CompareAllOptions,
    pub(super) tasks: Vec<Task>,
    /// Indicators asked for that have no data in the periods asked for.
    pub(super) without_data: Vec<IndicatorId>,
    /// Neighbouring tasks that are read together.
    pub(super) chunks: Vec<Range<usize>>,
    /// Rows of the measures that many indicators need.
    pub(super) shared: Arc<RowsCache>,
}

impl Plan {
    pub(super) fn new(release: &Release, options: CompareAllOptions) -> Result<Self> {
        require_sound(&options)?;
        let chosen = chosen(release, &options)?;
        let slicer = Slicer::new(release);
        let mut tasks = Vec::new();
        let mut without_data = Vec::new();
        let mut needed: BTreeMap<MeasureId, (usize, RangeInclusive<Period>)> = BTreeMap::new();
        for id in chosen {
            let indicator = release.catalogue().indicator(id.as_str())?;
            let (periods, before) = periods(&slicer, indicator, &options)?;
            let (Some(first), Some(last)) = (periods.first(), periods.last()) else {
                without_data.push(id);
                continue;
            };
            require_order(indicator, &options)?;
            let span = with_bases(&options, *first..=*last);
            let mut reads = Vec::new();
            for measure in slicer.measures_of(indicator) {
                let (id, span) = observed(measure, span.clone());
                let known = needed.entry(id.clone()).or_insert_with(|| (0, span.clone()));
                *known = (known.0 + 1, wider(&known.1, &span));
                reads.push((id, span));
            }
            tasks.push(Task {
                indicator: id,
                periods,
                before,
                reads,
            });
        }
        if tasks.is_empty() {
            return Err(nothing(&options));
        }
        require_groupings(release, &options, &tasks)?;
        require_bases(&slicer, &options, &tasks)?;
        require_aggregates(release, &options, &tasks)?;
        let shared = shared(release, &options, &needed)?;
        let kept: BTreeSet<&MeasureId> = shared.keys().map(|(measure, _)| measure).collect();
        for task in &mut tasks {
            task.reads.retain(|(measure, _)| !kept.contains(measure));
        }
        let chunks = chunks(release, &tasks, 0..tasks.len());
        Ok(Self {
            options,
            tasks,
            without_data,
            chunks,
            shared: Arc::new(shared),
        })
    }

    /// The chunks of at most `count` parts of neighbouring indicators.
    pub(super) fn parts(&self, release: &Release, count: usize) -> Vec<Vec<Range<usize>>> {
        let sizes = self.tasks.iter().map(|task| task_rows(release, task));
        let parts = even_parts(sizes, count).into_iter();
        parts.map(|part| chunks(release, &self.tasks, part)).collect()
    }

    /// How many indicators the first chunks hold.
    pub(super) fn indicators_before(&self, chunks: usize) -> usize {
        chunks
            .checked_sub(1)
            .and_then(|last| self.chunks.get(last))
            .map_or(0, |chunk| chunk.end)
    }

    /// What a chunk has to read: each measure once, ascending.
    pub(super) fn reads(&self, chunk: &Range<usize>) -> BTreeMap<&MeasureId, RangeInclusive<Period>> {
        let mut reads: BTreeMap<&MeasureId, RangeInclusive<Period>> = BTreeMap::new();
        for (measure, span) in self.tasks[chunk.clone()].iter().flat_map(|task| &task.reads) {
            let known = reads.entry(measure).or_insert_with(|| span.clone());
            *known = wider(known, span);
        }
        reads
    }
}

/// The error for a question that no data answer.
fn nothing(options: &CompareAllOptions) -> Error {
    let end = |period: Option<Period>| period.map(|period| period.to_string()).unwrap_or_default();
    Error::NoDataForPeriod {
        indicator: options.indicators.clone().unwrap_or_else(|| "*".to_owned()),
        period: format!("{}–{}", end(options.from), end(options.to)),
        available: String::new(),
    }
}

fn wider(left: &RangeInclusive<Period>, right: &RangeInclusive<Period>) -> RangeInclusive<Period> {
    *left.start().min(right.start())..=*left.end().max(right.end())
}

/// The indicators asked for, by id.
fn chosen(release: &Release, options: &CompareAllOptions) -> Result<Vec<IndicatorId>> {
    let catalogue = release.catalogue();
    let all: Vec<&IndicatorId> = catalogue.indicators().map(|indicator| &indicator.id).collect();
    fitting(&all, options.indicators.as_deref(), |part| {
        catalogue.unknown_indicator(part)
    })
}

/// The periods of an indicator within those asked for, and the one before them. On the borders of each period, a series that
/// is not told where to begin begins where borders are known.
fn periods(
    slicer: &Slicer,
    indicator: &Indicator,
    options: &CompareAllOptions,
) -> Result<(Vec<Period>, Option<Period>)> {
    let all = match slicer.periods(indicator) {
        Ok(periods) => periods,
        Err(Error::NoData { .. }) => return Ok((Vec::new(), None)),
        Err(error) => return Err(error),
    };
    let first = slicer.release().territory().first();
    let known = |period: &Period| options.borders != Borders::Then || period.last_day() >= first;
    let asked = |period: &Period| {
        options.from.map_or_else(|| known(period), |from| from <= *period)
            && options.to.is_none_or(|to| *period <= to)
    };
    let periods: Vec<Period> = all.iter().copied().filter(asked).collect();
    let before = periods.first().map(|first| first.shift(-1));
    Ok((
        periods,
        before.filter(|before| all.contains(before) && known(before)),
    ))
}

/// The periods to be read: those asked for, the one before the first where a change is asked for, the bases of indices.
fn with_bases(options: &CompareAllOptions, span: RangeInclusive<Period>) -> RangeInclusive<Period> {
    let mut wide = span.clone();
    for column in &options.columns {
        let base = match column {
            Column::Change | Column::ChangeRelative => span.start().shift(-1),
            Column::Index(base) if base.frequency() == span.start().frequency() => *base,
            _ => continue,
        };
        wide = wider(&wide, &(base..=base));
    }
    wide
}

/// What ranks on its own refuses without an order.
fn require_order(indicator: &Indicator, options: &CompareAllOptions) -> Result<()> {
    let ordered = options.order.is_some() || natural_order(indicator.direction).is_some();
    if ordered || !options.columns.iter().any(Column::needs_order) {
        return Ok(());
    }
    Err(Error::OrderRequired {
        indicator: indicator.id.to_string(),
    })
}

/// What is wrong whatever the release holds.
fn require_sound(options: &CompareAllOptions) -> Result<()> {
    let wrong = |name: &str, expected: String, found: String| {
        let name = name.to_owned();
        Err(Error::InvalidArgument {
            name,
            expected,
            found,
        })
    };
    if let (Some(from), Some(to)) = (options.from, options.to)
        && to < from
    {
        return wrong("to", format!("a period not before {from}"), to.to_string());
    }
    if options.threads == Some(0) {
        return wrong("threads", "1 or more".into(), "0".into());
    }
    for (place, column) in options.columns.iter().enumerate() {
        if options.columns[..place].contains(column) {
            return wrong("columns", "each column once".into(), format!("{column} twice"));
        }
    }
    Ok(())
}

/// The base of an index must be a period of one of the indicators at least: a column without any figure is a slip.
fn require_bases(slicer: &Slicer, options: &CompareAllOptions, tasks: &[Task]) -> Result<()> {
    let catalogue = slicer.release().catalogue();
    for column in &options.columns {
        let Column::Index(base) = column else { continue };
        let mut known = BTreeSet::new();
        for task in tasks {
            known.extend(slicer.periods(catalogue.indicator(task.indicator.as_str())?)?);
        }
        if !known.contains(base) {
            let known: Vec<Period> = known.into_iter().collect();
            return Err(Error::NoDataForPeriod {
                indicator: column.to_string(),
                period: base.to_string(),
                available: span(&known),
            });
        }
    }
    Ok(())
}

/// Groups must be summarised in a way that every indicator allows.
fn require_aggregates(release: &Release, options: &CompareAllOptions, tasks: &[Task]) -> Result<()> {
    for against in options.columns.iter().filter_map(Column::against) {
        for task in tasks {
            let indicator = release.catalogue().indicator(task.indicator.as_str())?;
            group_method(release, indicator, against.aggregate)?;
        }
    }
    Ok(())
}

/// Every grouping must be in force in one of the years asked for; in the others there are no groups to differ from.
fn require_groupings(release: &Release, options: &CompareAllOptions, tasks: &[Task]) -> Result<()> {
    let years: BTreeSet<i32> = tasks
        .iter()
        .flat_map(|task| &task.periods)
        .map(|period| period.calendar_year())
        .collect();
    let territory = release.territory();
    for against in options.columns.iter().filter_map(Column::against) {
        territory.grouping_name(&against.grouping)?;
        let in_force = |year: &i32| territory.require_valid(&against.grouping, *year);
        if let Some(refused) = years.last().map(in_force)
            && !years.iter().any(|year| in_force(year).is_ok())
        {
            return refused;
        }
    }
    Ok(())
}

/// The rows of measures that many indicators need, and of the one that makes size classes.
fn shared(
    release: &Release,
    options: &CompareAllOptions,
    needed: &BTreeMap<MeasureId, (usize, RangeInclusive<Period>)>,
) -> Result<RowsCache> {
    let mut wanted: BTreeMap<MeasureId, RangeInclusive<Period>> = BTreeMap::new();
    let mut held = 0;
    let mut often: Vec<_> = needed.iter().filter(|(_, (uses, _))| *uses > SHARED_BY).collect();
    often.sort_by_key(|(measure, (uses, _))| (std::cmp::Reverse(*uses), *measure));
    for (measure, (_, span)) in often {
        held += rows_of(release, measure, span);
        if held > SHARED_ROWS {
            break;
        }
        wanted.insert(measure.clone(), span.clone());
    }
    let territory = release.territory();
    let by_size = options
        .columns
        .iter()
        .filter_map(Column::against)
        .any(|against| territory.is_size(&against.grouping));
    if let Some(size) = territory.document().size.as_ref().filter(|_| by_size)
        && let Some(span) = needed
            .values()
            .map(|(_, span)| span.clone())
            .reduce(|all, one| wider(&all, &one))
    {
        wanted.insert(size.measure.clone(), span);
    }
    let mut rows = RowsCache::new();
    let wanted: Vec<_> = wanted
        .iter()
        .map(|(measure, span)| (measure, span.clone()))
        .collect();
    release.scan(&wanted, &mut |measure, period, found| {
        rows.insert((measure.clone(), period), Arc::new(found));
        Ok(())
    })?;
    Ok(rows)
}

fn rows_of(release: &Release, measure: &MeasureId, span: &RangeInclusive<Period>) -> usize {
    let periods = release.periods(measure).iter();
    periods
        .filter(|content| span.contains(&content.period))
        .map(|content| content.rows)
        .sum()
}

/// Neighbouring indicators together until they have enough rows. The cut does not depend on the number of threads.
fn chunks(release: &Release, tasks: &[Task], within: Range<usize>) -> Vec<Range<usize>> {
    let mut chunks = Vec::new();
    let mut start = within.start;
    let mut rows = 0;
    for place in within.clone() {
        rows += task_rows(release, &tasks[place]);
        if rows >= CHUNK_ROWS {
            chunks.push(start..place + 1);
            (start, rows) = (place + 1, 0);
        }
    }
    if start < within.end {
        chunks.push(start..within.end);
    }
    chunks
}

/// Rows that an indicator reads or makes.
fn task_rows(release: &Release, task: &Task) -> usize {
    let reads = task.reads.iter();
    let read: usize = reads.map(|(measure, span)| rows_of(release, measure, span)).sum();
    // An indicator of shared measures reads nothing and still makes as many rows as any other.
    read.max(task.periods.len() * release.territory().codes().len())
}

/// Neighbours in at most `count` parts of about the same size; a part is never empty.
pub(crate) fn even_parts(sizes: impl Iterator<Item = usize>, count: usize) -> Vec<Range<usize>> {
    let sizes: Vec<usize> = sizes.map(|size| size.max(1)).collect();
    let total: usize = sizes.iter().sum();
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut before = 0;
    for (place, size) in sizes.iter().enumerate() {
        before += size;
        // A part is full when as much lies before its end as is its share and that of the parts before it.
        // However many are asked for: the products need not fit what counts rows.
        if before as u128 * count as u128 >= total as u128 * (parts.len() as u128 + 1) {
            parts.push(parts.last().map_or(0, |last| last.end)..place + 1);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::even_parts;

    #[test]
    fn parts_are_neighbours_and_about_as_large_as_one_another() {
        let cut = |sizes: &[usize], count| even_parts(sizes.iter().copied(), count);
        assert_eq!(cut(&[1, 1, 1, 1], 2), [0..2, 2..4]);
        assert_eq!(cut(&[5, 1, 1, 1], 2), [0..1, 1..4]);
        assert_eq!(cut(&[1, 1, 9, 1], 3), [0..3, 3..4]);
        assert_eq!(cut(&[3, 3], 5), [0..1, 1..2]);
        assert_eq!(cut(&[3, 3], usize::MAX), [0..1, 1..2]);
        assert_eq!(cut(&[0, 0, 0], 2), [0..2, 2..3]);
        assert!(cut(&[], 3).is_empty());
    }
}
