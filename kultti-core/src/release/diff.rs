//! What changed between two releases, cell by cell.
//!
//! Both releases are verified first, so that the hashes of their measures may be trusted; measures of equal hashes are
//! equal and are not read again. The others are read side by side in the order of their keys, some periods at a time.

use super::open::Release;
use super::period_rows::{PeriodRows, Row};
use crate::error::Result;
use crate::model::{AreaCode, Date, MeasureId, Missing, Period, Status};
use crate::territory::Territory;
use std::collections::{BTreeMap, HashSet};
use std::ops::RangeInclusive;
use std::sync::Arc;

/// Rows of one release that are held at once.
const ROWS_AT_ONCE: usize = 1 << 16;

/// What an observation says of its cell.
#[derive(Debug, Clone, PartialEq)]
pub struct CellFacts {
    /// The value.
    pub value: Option<f64>,
    /// Its status.
    pub status: Status,
    /// Why there is none.
    pub missing: Option<Missing>,
    /// The borders it stands on.
    pub territory: Date,
    /// The table that it came from.
    pub origin: Arc<str>,
    /// Its notes; empty for none.
    pub note: Arc<str>,
}

/// A field of an observation that may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CellField {
    /// The value.
    Value,
    /// The status.
    Status,
    /// The reason for having no value.
    Missing,
    /// The borders.
    Territory,
    /// The table it came from.
    Origin,
    /// The note.
    Note,
}

impl CellField {
    /// The name in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Status => "status",
            Self::Missing => "missing",
            Self::Territory => "territory",
            Self::Origin => "origin",
            Self::Note => "note",
        }
    }
}

/// A cell that is not the same in two releases: added where there is nothing before, removed where there is nothing after.
///
/// An area that stood on one version of the borders and now stands on another is one cell whose borders changed; where it
/// stands on several, each is a cell of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct CellChange {
    /// The area.
    pub area: AreaCode,
    /// What stood there.
    pub before: Option<CellFacts>,
    /// What stands there.
    pub after: Option<CellFacts>,
}

impl CellChange {
    /// The fields that differ; none for a cell that was added or removed.
    pub fn fields(&self) -> Vec<CellField> {
        let (Some(before), Some(after)) = (&self.before, &self.after) else {
            return Vec::new();
        };
        let fields = [
            (CellField::Value, before.value != after.value),
            (CellField::Status, before.status != after.status),
            (CellField::Missing, before.missing != after.missing),
            (CellField::Territory, before.territory != after.territory),
            (CellField::Origin, before.origin != after.origin),
            (CellField::Note, before.note != after.note),
        ];
        let differing = fields.into_iter().filter(|(_, differs)| *differs);
        differing.map(|(field, _)| field).collect()
    }

    /// Whether nothing but texts differs, of which no figure is made: the origin and the note.
    pub fn is_text_only(&self) -> bool {
        let textual = |field: &CellField| matches!(field, CellField::Origin | CellField::Note);
        self.before.is_some() && self.after.is_some() && self.fields().iter().all(textual)
    }
}

/// The changed cells of one measure in one period, by area.
#[derive(Debug, Clone, PartialEq)]
pub struct PeriodChanges {
    /// The measure.
    pub measure: MeasureId,
    /// The period.
    pub period: Period,
    /// The cells, by area and borders.
    pub cells: Vec<CellChange>,
}

/// Takes the changed cells of each (measure, period) as they are found.
pub type TakenChanges<'t> = dyn FnMut(PeriodChanges) -> Result<()> + 't;

impl Release {
    /// The cells in which a later release differs from this one, measure by measure and period by period, both ascending.
    ///
    /// Every row of both releases is read and every hash made anew before anything is compared. Values are equal when
    /// their numbers are: −0 is 0. Nothing is held but the periods being compared.
    ///
    /// # Errors
    /// [`crate::Error::ReleaseAltered`] for a release that does not verify; those of `each`.
    ///
    /// ```
    /// use kultti_core::release::Release;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// let mut changed = 0;
    /// release.diff_cells(&release, &mut |period| {
    ///     changed += period.cells.len();
    ///     Ok(())
    /// })?;
    /// assert_eq!(changed, 0);
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn diff_cells(&self, after: &Self, each: &mut TakenChanges) -> Result<()> {
        verify_both(self, after)?;
        let hashes = |release: &Self| -> BTreeMap<MeasureId, String> {
            let content = release.content();
            content
                .map(|content| (content.measure.clone(), content.sha256.clone()))
                .collect()
        };
        let (before_hashes, after_hashes) = (hashes(self), hashes(after));
        let mut measures: Vec<&MeasureId> = before_hashes.keys().chain(after_hashes.keys()).collect();
        measures.sort_unstable();
        measures.dedup();
        for measure in measures {
            if before_hashes.get(measure) != after_hashes.get(measure) {
                self.diff_measure(after, measure, each)?;
            }
        }
        Ok(())
    }

    /// The changed cells of one measure, some periods at a time.
    fn diff_measure(&self, after: &Self, measure: &MeasureId, each: &mut TakenChanges) -> Result<()> {
        let mut periods: BTreeMap<Period, usize> = BTreeMap::new();
        for content in self.periods(measure).iter().chain(after.periods(measure)) {
            *periods.entry(content.period).or_default() += content.rows;
        }
        let mut texts = KnownTexts::default();
        let periods: Vec<(Period, usize)> = periods.into_iter().collect();
        let mut rest = periods.as_slice();
        while let (together, [_, ..]) = (window(rest), rest) {
            let (now, later) = rest.split_at(together);
            rest = later;
            let (Some((first, _)), Some((last, _))) = (now.first(), now.last()) else {
                return Ok(());
            };
            let span = *first..=*last;
            let (old, new) = (
                self.texted_rows(measure, &span)?,
                after.texted_rows(measure, &span)?,
            );
            let none = PeriodRows::default();
            for (period, _) in now {
                let before = (old.get(period).unwrap_or(&none), self.territory());
                let after = (new.get(period).unwrap_or(&none), after.territory());
                let cells = changed_cells(before, after, &mut texts);
                if !cells.is_empty() {
                    each(PeriodChanges {
                        measure: measure.clone(),
                        period: *period,
                        cells,
                    })?;
                }
            }
        }
        Ok(())
    }

    /// The rows of a measure with their texts. They are not kept for later questions: nobody may ever ask for them again.
    fn texted_rows(
        &self,
        measure: &MeasureId,
        periods: &RangeInclusive<Period>,
    ) -> Result<BTreeMap<Period, PeriodRows>> {
        let mut found = BTreeMap::new();
        self.read_runs(&self.runs(measure, periods), true, &mut |_, period, rows| {
            found.insert(period, rows);
            Ok(())
        })?;
        Ok(found)
    }
}

/// How many of the periods are read together: at least one.
fn window(periods: &[(Period, usize)]) -> usize {
    let mut rows = 0;
    let fits = periods.iter().take_while(|(_, more)| {
        rows += more;
        rows <= ROWS_AT_ONCE
    });
    fits.count().max(1)
}

/// Verifies two releases at the same time.
fn verify_both(before: &Release, after: &Release) -> Result<()> {
    let (own, other) = std::thread::scope(|scope| {
        let other = scope.spawn(|| after.verify());
        (before.verify(), other.join())
    });
    own?;
    other.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
    Ok(())
}

/// Origins and notes that were met, each held once.
#[derive(Default)]
struct KnownTexts(HashSet<Arc<str>>);

impl KnownTexts {
    fn get(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return Arc::clone(known);
        }
        let text: Arc<str> = text.into();
        self.0.insert(Arc::clone(&text));
        text
    }

    fn facts(&mut self, row: &Row) -> CellFacts {
        CellFacts {
            value: row.value,
            status: row.status,
            missing: row.missing,
            territory: row.territory,
            origin: self.get(row.origin),
            note: self.get(row.note),
        }
    }
}

/// Rows of one release with the codes that their areas are numbers of.
type Side<'s> = (&'s PeriodRows, &'s Territory);

/// The changed cells of one period: both sides are read area by area, in the order of their codes.
fn changed_cells(before: Side, after: Side, texts: &mut KnownTexts) -> Vec<CellChange> {
    let mut cells = Vec::new();
    let (mut old, mut new) = (0, 0);
    while let Some(area) = next_area(before, old, after, new) {
        let (old_rows, new_rows) = (rows_of(before, old, area), rows_of(after, new, area));
        old += old_rows.len();
        new += new_rows.len();
        changed_area(area, (old_rows, new_rows), texts, &mut cells);
    }
    cells
}

/// The code of the area of a row.
fn code<'s>((rows, territory): Side<'s>, row: usize) -> Option<&'s AreaCode> {
    territory.codes().get(*rows.areas().get(row)? as usize)
}

/// The smaller of the next areas of both sides.
fn next_area<'s>(before: Side<'s>, old: usize, after: Side<'s>, new: usize) -> Option<&'s AreaCode> {
    match (code(before, old), code(after, new)) {
        (Some(old), Some(new)) => Some(old.min(new)),
        (one, other) => one.or(other),
    }
}

/// The rows of an area that begin at a row, by borders; none where another area stands there.
fn rows_of<'s>(side: Side<'s>, from: usize, area: &AreaCode) -> Vec<Row<'s>> {
    let same = (from..side.0.len()).take_while(|row| code(side, *row) == Some(area));
    same.map(|row| side.0.row(row)).collect()
}

/// Compares the rows of one area border by border. One row on each side that finds no other is the same cell on other
/// borders.
fn changed_area(
    area: &AreaCode,
    (old, new): (Vec<Row>, Vec<Row>),
    texts: &mut KnownTexts,
    cells: &mut Vec<CellChange>,
) {
    let change = |before: Option<&Row>, after: Option<&Row>, texts: &mut KnownTexts| CellChange {
        area: area.clone(),
        before: before.map(|row| texts.facts(row)),
        after: after.map(|row| texts.facts(row)),
    };
    let on = |rows: &[Row], territory: Date| rows.iter().position(|row| row.territory == territory);
    let left: Vec<&Row> = old
        .iter()
        .filter(|row| on(&new, row.territory).is_none())
        .collect();
    let come: Vec<&Row> = new
        .iter()
        .filter(|row| on(&old, row.territory).is_none())
        .collect();
    let first = cells.len();
    if let ([left], [come]) = (left.as_slice(), come.as_slice()) {
        cells.push(change(Some(left), Some(come), texts));
    } else {
        cells.extend(left.into_iter().map(|row| change(Some(row), None, texts)));
        cells.extend(come.into_iter().map(|row| change(None, Some(row), texts)));
    }
    for row in &old {
        let same = new.iter().find(|other| other.territory == row.territory);
        if let Some(other) = same.filter(|other| !is_same(row, other)) {
            cells.push(change(Some(row), Some(other), texts));
        }
    }
    let territory = |facts: &Option<CellFacts>| facts.as_ref().map(|facts| facts.territory);
    cells[first..].sort_by_key(|cell| territory(&cell.before).or(territory(&cell.after)));
}

/// Whether two rows on the same borders say the same. Areas are numbers of their own release and are not compared.
fn is_same(row: &Row, other: &Row) -> bool {
    (row.value, row.status, row.missing, row.origin, row.note)
        == (other.value, other.status, other.missing, other.origin, other.note)
}
