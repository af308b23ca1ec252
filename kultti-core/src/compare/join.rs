//! `join`: a frame of one's own, row by row beside the figures of its municipalities.

use super::compare_verb::reliable;
use super::notes;
use super::result::{AreaLabel, Context, Note};
use super::three_year::{Kind, figures};
use crate::error::{Error, Result};
use crate::formats::frame_texts;
use crate::language::{Message, Param};
use crate::model::{AreaCode, Date, Period};
use crate::panel::{Borders, Cell, Slicer};
use crate::release::Release;
use crate::territory::Area;
use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, SchemaRef};
use std::collections::HashMap;

/// Options of [`Release::join`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct JoinOptions {
    /// The column of municipalities: names in any language, codes, or both.
    pub on: String,
    /// The indicators whose figures are wanted; codes and names only when empty.
    pub indicators: Vec<String>,
    /// The period; for each indicator the last one with values when absent.
    pub period: Option<Period>,
    /// The borders.
    pub borders: Borders,
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JoinMatch {
    /// Its text names a municipality of the borders asked for.
    Matched,
    /// Its municipality had ended and went whole to one that is on the borders asked for.
    Merged,
    /// Its text names no municipality, or one that is not on the borders asked for and did not go to one other.
    Unmatched,
    /// Its text may be one of several.
    Ambiguous,
    /// It has no text.
    Empty,
}

impl JoinMatch {
    /// The name in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Matched => "matched",
            Self::Merged => "merged",
            Self::Unmatched => "unmatched",
            Self::Ambiguous => "ambiguous",
            Self::Empty => "empty",
        }
    }
}

/// A text of a frame, and the municipality that it names.
#[derive(Debug, Clone, PartialEq)]
pub struct JoinedArea {
    /// The text.
    pub found: String,
    /// What became of it.
    pub matched: JoinMatch,
    /// The municipality on the borders asked for; `None` for a row that is not matched.
    pub area: Option<AreaLabel>,
    /// Those that may have been meant.
    pub near: Vec<String>,
}

/// The figures of one indicator.
#[derive(Debug, Clone, PartialEq)]
pub struct JoinedFigures {
    /// What they have in common.
    pub context: Context,
    /// The period.
    pub period: Period,
    cells: HashMap<AreaCode, Cell>,
}

impl JoinedFigures {
    /// The figure of a municipality.
    pub fn cell(&self, area: &AreaCode) -> Option<&Cell> {
        self.cells.get(area)
    }
}

/// A frame with the municipalities of its rows and their figures.
#[derive(Debug, Clone)]
pub struct Joined {
    /// What messages call the frame.
    pub name: String,
    /// The column that was joined on.
    pub on: String,
    /// The rows as they were given.
    pub batches: Vec<RecordBatch>,
    /// The schema that they were given in.
    pub schema: SchemaRef,
    /// Distinct texts.
    pub areas: Vec<JoinedArea>,
    /// Which of the texts each row has.
    pub rows: Vec<usize>,
    /// Figures, one for each indicator.
    pub figures: Vec<JoinedFigures>,
    /// The borders.
    pub territory: String,
    /// The release.
    pub release: String,
    /// What to keep in mind.
    pub notes: Vec<Note>,
}

impl Joined {
    /// The municipality of a row.
    pub fn row(&self, row: usize) -> Option<&JoinedArea> {
        self.areas.get(*self.rows.get(row)?)
    }

    /// How many rows have a municipality.
    pub fn matched(&self) -> usize {
        let has = |text: &&usize| self.areas.get(**text).is_some_and(|area| area.area.is_some());
        self.rows.iter().filter(has).count()
    }

    /// The rows that have none, each with its number counted from 1.
    pub fn unmatched(&self) -> impl Iterator<Item = (usize, &JoinedArea)> {
        let rows = self.rows.iter().zip(1..);
        rows.filter_map(|(text, row)| Some((row, self.areas.get(*text)?)))
            .filter(|(_, area)| area.area.is_none())
    }
}

impl Release {
    /// Finds the municipality of every row of a frame, and its figures.
    ///
    /// All rows stay, in their order. A text is a code, a name in any language, or both (`Kokkola (272)`); case and diacritics
    /// are forgiven, nothing else is guessed. A column of numbers holds codes without their leading zeros, which are put back.
    /// A municipality that has ended is the one that it went to whole; one that was divided, or that did not exist yet, is not
    /// matched. The same municipality may stand in several rows.
    ///
    /// # Missing values
    /// A row without a municipality has no figures; a municipality without a figure has the reason, as in every other result.
    ///
    /// # Errors
    /// [`Error::FrameColumn`] for a column that the frame does not have; otherwise as [`Release::rank`].
    ///
    /// ```
    /// use arrow_array::{ArrayRef, RecordBatch, StringArray};
    /// use kultti_core::compare::{JoinMatch, JoinOptions};
    /// use kultti_core::release::Release;
    /// use std::sync::Arc;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// let kunta: ArrayRef = Arc::new(StringArray::from(vec!["Karleby", "Valtimo", "Kokola"]));
    /// let frame = RecordBatch::try_from_iter([("kunta", kunta)]).unwrap();
    /// let joined = release.join("survey", &frame.schema(), [Ok(frame)].into_iter(), JoinOptions {
    ///     on: "kunta".into(),
    ///     indicators: vec!["library.net_operating_cost_per_inhabitant".into()],
    ///     period: Some(2019.into()),
    ///     ..JoinOptions::default()
    /// })?;
    /// let code = |row| joined.row(row).and_then(|row| row.area.as_ref()).map(|area| area.code.as_str());
    /// // Valtimo became part of Nurmes in 2020.
    /// assert_eq!([code(0), code(1), code(2)], [Some("272"), Some("541"), None]);
    /// assert_eq!(joined.row(2).unwrap().near[0], "Kokkola (272)");
    /// let kokkola = joined.figures[0].cell(&"272".into()).unwrap();
    /// assert_eq!(kokkola.value, Some(2_861_000.0 / 47_681.0));
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn join(
        &self,
        name: &str,
        schema: &SchemaRef,
        batches: impl Iterator<Item = Result<RecordBatch, ArrowError>>,
        options: JoinOptions,
    ) -> Result<Joined> {
        let slicer = Slicer::new(self);
        let mut found = Vec::new();
        let mut dates = Vec::new();
        for id in &options.indicators {
            let indicator = self.catalogue().indicator(id)?;
            let kind = Kind::new(options.borders, None, false);
            let (slice, period, kind) = figures(&slicer, indicator, options.period, kind)?;
            let codes = slice.areas.codes().iter().enumerate();
            found.push(JoinedFigures {
                context: kind.context(&slicer, indicator),
                period,
                cells: codes
                    .map(|(index, code)| (code.clone(), reliable(indicator, &slice, index)))
                    .collect(),
            });
            dates.push(slice.date);
        }
        let date = self.join_date(&options, &dates)?;
        let mut joined = Joined {
            name: name.to_owned(),
            on: options.on,
            batches: Vec::new(),
            schema: SchemaRef::clone(schema),
            areas: Vec::new(),
            rows: Vec::new(),
            figures: found,
            territory: options.borders.name(self.territory()),
            release: self.id().to_owned(),
            notes: Vec::new(),
        };
        self.match_rows(&mut joined, batches, date)?;
        joined.notes = notes_of(&joined);
        Ok(joined)
    }

    /// The day whose borders the municipalities are of: with the borders of each period it must be the same for all figures.
    fn join_date(&self, options: &JoinOptions, dates: &[Date]) -> Result<Date> {
        let territory = self.territory();
        let one = dates.first().copied();
        if let Some(first) = one
            && dates.iter().any(|date| !territory.same_borders(first, *date))
        {
            return Err(Error::InvalidArgument {
                name: "period".into(),
                expected: "a period of all indicators, for borders of the time are those of one period"
                    .into(),
                found: options.borders.to_string(),
            });
        }
        match (one, options.period, options.borders) {
            (Some(date), ..) => Ok(date),
            (None, Some(period), borders) => borders.date(territory, period),
            (None, None, Borders::On(date)) => Borders::On(date).date(territory, date.year().into()),
            (None, None, _) => Ok(territory.now()),
        }
    }

    fn match_rows(
        &self,
        joined: &mut Joined,
        batches: impl Iterator<Item = Result<RecordBatch, ArrowError>>,
        date: Date,
    ) -> Result<()> {
        let mut known: HashMap<String, usize> = HashMap::new();
        for batch in batches {
            let batch = batch.map_err(|cause| {
                let row = joined.rows.len() + 1;
                Error::malformed(&joined.name, "arrow", row, "readable rows", &cause.to_string())
            })?;
            let (texts, whole) = frame_texts(&joined.name, &joined.schema, &batch, &joined.on)?;
            for text in texts {
                let text = match whole {
                    true => format!("{text:0>width$}", width = self.code_width(&text)),
                    false => text,
                };
                let next = joined.areas.len();
                let place = *known.entry(text.clone()).or_insert(next);
                if place == next {
                    joined.areas.push(self.matching(text, date));
                }
                joined.rows.push(place);
            }
            joined.batches.push(batch);
        }
        Ok(())
    }

    /// As many characters as a code has; none for an empty cell.
    fn code_width(&self, text: &str) -> usize {
        match text {
            "" => 0,
            _ => self.territory().document().code_length,
        }
    }

    /// The municipality that a text names on the borders of a day.
    fn matching(&self, text: String, date: Date) -> JoinedArea {
        let territory = self.territory();
        let named = |matched, area: Option<&Area>, near| JoinedArea {
            found: text.clone(),
            matched,
            area: area.map(AreaLabel::of),
            near,
        };
        if text.trim().is_empty() {
            return named(JoinMatch::Empty, None, Vec::new());
        }
        match territory.written(&text) {
            Ok(area) if area.exists_on(date) => named(JoinMatch::Matched, Some(area), Vec::new()),
            Ok(area) => {
                let went = self.went_to(area, date);
                match went.as_slice() {
                    [one] => named(JoinMatch::Merged, Some(one), Vec::new()),
                    [] => named(JoinMatch::Unmatched, None, Vec::new()),
                    several => {
                        let several = several.iter().map(|area| AreaLabel::of(area).described());
                        named(JoinMatch::Ambiguous, None, several.collect())
                    }
                }
            }
            Err(Error::AmbiguousArea { candidates, .. }) => named(JoinMatch::Ambiguous, None, candidates),
            Err(_) => named(JoinMatch::Unmatched, None, territory.near_areas(&text)),
        }
    }

    /// What an area that had ended before a day went to by then.
    fn went_to(&self, area: &Area, date: Date) -> Vec<&Area> {
        let territory = self.territory();
        let ended = area.to.filter(|last| *last < date);
        let (Some(last), Some(number)) = (ended, territory.number(area.code.as_str())) else {
            return Vec::new();
        };
        let transfer = territory.transfer(last, date);
        let codes = transfer.goes_to(number).iter();
        codes
            .filter_map(|number| territory.area(territory.codes().get(*number)?.as_str()))
            .collect()
    }
}

fn notes_of(joined: &Joined) -> Vec<Note> {
    let mut all = Vec::new();
    let merged = joined
        .areas
        .iter()
        .filter(|area| area.matched == JoinMatch::Merged);
    let merged: Vec<Param> = merged
        .filter_map(|area| {
            Some(Param::from(format!(
                "{} → {}",
                area.found,
                area.area.as_ref()?.described()
            )))
        })
        .collect();
    if !merged.is_empty() {
        let message = Message::new("note.join-merged").with("areas", Param::List(merged));
        all.push(notes::info(message));
    }
    let mut count: HashMap<&AreaCode, usize> = HashMap::new();
    for row in 0..joined.rows.len() {
        if let Some(area) = joined.row(row).and_then(|row| row.area.as_ref()) {
            *count.entry(&area.code).or_default() += 1;
        }
    }
    let several = count.values().filter(|rows| **rows > 1).count();
    if several > 0 {
        all.push(notes::info(
            Message::new("note.join-several-rows").with("count", several),
        ));
    }
    all
}
