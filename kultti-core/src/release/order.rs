//! What must hold of rows wherever they come from: keys ascend, every cell can be read, a value stands exactly where the
//! status has one.

use crate::error::Error;
use crate::model::{Date, Missing, ObservationColumns, Parsed, Period, Status};

/// What is wrong with a row, and which row of the batch it is.
#[derive(Debug)]
pub(super) struct Flaw {
    pub(super) row: usize,
    pub(super) kind: FlawKind,
}

#[derive(Debug)]
pub(super) enum FlawKind {
    /// A cell that cannot be read or does not fit the others.
    Cell {
        column: &'static str,
        expected: String,
        found: String,
    },
    /// The key is smaller than that of the row before.
    Unsorted { before: String, key: String },
    /// The key is that of the row before.
    Duplicate { key: String },
}

impl Flaw {
    /// The error for a row of a table; `before` says where the row before it stands.
    pub(super) fn into_error(self, path: String, line: usize, before: impl FnOnce() -> String) -> Error {
        match self.kind {
            FlawKind::Cell {
                column,
                expected,
                found,
            } => Error::Cell {
                path,
                line,
                column: column.to_owned(),
                expected,
                found,
            },
            FlawKind::Unsorted { before, key } => Error::Unsorted {
                path,
                line,
                before,
                row: key,
            },
            FlawKind::Duplicate { key } => Error::DuplicateObservation {
                path,
                line,
                key,
                first: before(),
            },
        }
    }
}

/// Goes through rows batch by batch and remembers the last one.
#[derive(Debug, Default)]
pub(super) struct Order {
    last: Option<[String; 4]>,
}

impl Order {
    /// Checks the next rows.
    ///
    /// # Errors
    /// The first [`Flaw`].
    pub(super) fn check(&mut self, columns: &ObservationColumns) -> Result<(), Flaw> {
        let mut cells = Cells::new(columns);
        for row in 0..columns.rows {
            let flaw = |kind| Flaw { row, kind };
            let period = cells.check(columns, row).map_err(flaw)?;
            if row == 0 {
                let before = self.last.as_ref().map(|key| key.each_ref().map(String::as_str));
                let earlier = before.filter(|key| key[0] == columns.key(0)[0]);
                let earlier = earlier.and_then(|key| key[1].parse::<Period>().ok());
                one_frequency(earlier, period, columns, 0).map_err(flaw)?;
                ascends(before, columns.key(0)).map_err(flaw)?;
            } else {
                follows(columns, row, &mut cells).map_err(flaw)?;
            }
        }
        if let Some(last) = columns.rows.checked_sub(1) {
            self.last = Some(columns.key(last).map(str::to_owned));
        }
        Ok(())
    }
}

/// A row against the one before it in the same batch: mostly the keys of the dictionaries are equal but for the area's.
fn follows(columns: &ObservationColumns, row: usize, cells: &mut Cells) -> Result<(), FlawKind> {
    let same_period = columns.period.key(row) == columns.period.key(row - 1);
    let same_measure = columns.measure.key(row) == columns.measure.key(row - 1)
        || columns.measure.get(row) == columns.measure.get(row - 1);
    if same_measure && !same_period {
        let earlier = cells.period(row - 1)?;
        one_frequency(Some(earlier), cells.period(row)?, columns, row)?;
    }
    if same_measure && same_period && columns.area.get(row - 1) < columns.area.get(row) {
        return Ok(());
    }
    ascends(Some(columns.key(row - 1)), columns.key(row))
}

fn ascends(before: Option<[&str; 4]>, key: [&str; 4]) -> Result<(), FlawKind> {
    match before.map(|before| (before.cmp(&key), before)) {
        None | Some((std::cmp::Ordering::Less, _)) => Ok(()),
        Some((std::cmp::Ordering::Equal, _)) => Err(FlawKind::Duplicate { key: key.join(", ") }),
        Some((std::cmp::Ordering::Greater, before)) => Err(FlawKind::Unsorted {
            before: before.join(", "),
            key: key.join(", "),
        }),
    }
}

/// The order of the text is the order of time only within one frequency.
fn one_frequency(
    earlier: Option<Period>,
    period: Period,
    columns: &ObservationColumns,
    row: usize,
) -> Result<(), FlawKind> {
    match earlier.filter(|earlier| earlier.frequency() != period.frequency()) {
        None => Ok(()),
        Some(earlier) => Err(FlawKind::Cell {
            column: "period",
            expected: format!(
                "one frequency per measure; {} has {earlier} too",
                columns.key(row)[0]
            ),
            found: period.to_string(),
        }),
    }
}

/// What the texts of a batch mean.
struct Cells<'a> {
    periods: Parsed<'a, Period>,
    dates: Parsed<'a, Date>,
    statuses: Parsed<'a, Status>,
    reasons: Parsed<'a, Missing>,
}

impl<'a> Cells<'a> {
    fn new(columns: &ObservationColumns<'a>) -> Self {
        Self {
            periods: Parsed::new(columns.period),
            dates: Parsed::new(columns.territory),
            statuses: Parsed::new(columns.status),
            reasons: Parsed::new(columns.missing),
        }
    }

    fn period(&mut self, row: usize) -> Result<Period, FlawKind> {
        let parse = |text: &str| {
            text.parse()
                .map_err(|_| wrong("period", "2019, 2019-Q1, 2019-01", text))
        };
        self.periods.get(row, parse)?.ok_or_else(|| null("period"))
    }

    /// Every cell of a row; the answer is its period.
    fn check(&mut self, columns: &ObservationColumns, row: usize) -> Result<Period, FlawKind> {
        for (name, column) in [
            ("measure", columns.measure),
            ("area", columns.area),
            ("origin", columns.origin),
        ] {
            column.key(row).ok_or_else(|| null(name))?;
        }
        let period = self.period(row)?;
        let date = |text: &str| text.parse().map_err(|_| wrong("territory", "YYYY-MM-DD", text));
        self.dates.get(row, date)?.ok_or_else(|| null("territory"))?;
        let letter = |text: &str| Status::from_letter(text).ok_or_else(|| wrong("status", "a status", text));
        let status = self.statuses.get(row, letter)?.ok_or_else(|| null("status"))?;
        let code = |text: &str| Missing::from_code(text).ok_or_else(|| wrong("missing", "a reason", text));
        let reason = self.reasons.get(row, code)?;
        let value = columns.value(row);
        if value.is_some_and(|value| !value.is_finite()) {
            return Err(wrong("value", "a finite number", "NaN"));
        }
        if value.is_none() != status.is_without_value() {
            let expected = if value.is_none() { "a value" } else { "no value" };
            let found = value.map(|value| value.to_string()).unwrap_or_default();
            return Err(wrong(
                "value",
                &format!("{expected}, for status {}", status.letter()),
                &found,
            ));
        }
        let fits = match reason {
            None => value.is_some(),
            Some(reason) => value.is_none() && reason.status() == status,
        };
        if fits {
            return Ok(period);
        }
        let found = columns.missing.get(row).unwrap_or_default();
        Err(wrong(
            "missing",
            &format!(
                "the reason of status {}, or nothing with a value",
                status.letter()
            ),
            found,
        ))
    }
}

fn wrong(column: &'static str, expected: &str, found: &str) -> FlawKind {
    FlawKind::Cell {
        column,
        expected: expected.to_owned(),
        found: found.to_owned(),
    }
}

fn null(column: &'static str) -> FlawKind {
    wrong(column, "a value", "")
}
