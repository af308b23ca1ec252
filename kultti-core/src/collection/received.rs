//! What the ledger says of a round: figures by stage, submissions, consents, waivers.

use super::{Answer, Answers, Place, Round};
use crate::error::Result;
use crate::ledger::{Entry, EntryKind, Ledger, Recorded, Select};
use crate::model::{AreaCode, Date, MeasureId, Stage, Status};
use crate::rules::Figure;
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// Everything that the ledger holds of one round, as it was known at a moment.
///
/// A figure is the last line of its key (area, measure) whose stage is at least the one asked for: a form that comes after an
/// approval does not change what is approved, until it is approved too. Source: the rule of bitemporal records in the
/// methods, section 5.6.
#[derive(Debug)]
pub struct Received {
    lines: Vec<Recorded>,
    facts: HashMap<(AreaCode, MeasureId), Vec<usize>>,
}

impl Received {
    /// Reads what is known of a round now, or was known at `as_of`: of one area alone, which of a large ledger takes a part of
    /// the time, or of all.
    ///
    /// # Errors
    /// Those of [`Ledger::entries`].
    pub async fn read(
        ledger: &Ledger,
        round: &Round,
        area: Option<&AreaCode>,
        as_of: Option<DateTime<Utc>>,
    ) -> Result<Self> {
        let select = Select {
            round: Some(round.document().id.clone()),
            area: area.cloned(),
            as_of,
            ..Select::default()
        };
        Ok(Self::of(round, ledger.entries(&select).await?))
    }

    /// What some lines, in the order of the ledger, say of a round.
    pub fn of(round: &Round, lines: Vec<Recorded>) -> Self {
        let document = round.document();
        let mut facts: HashMap<_, Vec<usize>> = HashMap::new();
        for (index, line) in lines.iter().enumerate() {
            let Entry {
                kind: EntryKind::Fact,
                measure: Some(measure),
                ..
            } = &line.entry
            else {
                continue;
            };
            let asked = (&line.entry.round, line.entry.period, line.entry.scenario)
                == (&document.id, document.period, document.scenario);
            if asked {
                let key = (line.entry.area.clone(), measure.clone());
                facts.entry(key).or_default().push(index);
            }
        }
        Self { lines, facts }
    }

    /// Every line, the earliest first.
    pub fn lines(&self) -> &[Recorded] {
        &self.lines
    }

    /// The last line of a figure whose stage is at least `minimum`.
    pub fn fact(&self, area: &AreaCode, measure: &MeasureId, minimum: Stage) -> Option<&Recorded> {
        let lines = self.facts.get(&(area.clone(), measure.clone()))?;
        let lines = lines.iter().rev().map(|index| &self.lines[*index]);
        lines.into_iter().find(|line| line.entry.stage >= minimum)
    }

    /// The forms that an area has given, the earliest first; without drafts.
    pub fn submissions<'a>(&'a self, area: &'a AreaCode) -> impl DoubleEndedIterator<Item = &'a Recorded> {
        self.of_kind(EntryKind::Submission, area)
            .filter(|line| line.entry.stage >= Stage::Submitted)
    }

    /// Whether an area has kept a draft in the ledger.
    pub fn has_draft(&self, area: &AreaCode) -> bool {
        self.of_kind(EntryKind::Submission, area)
            .any(|line| line.entry.stage == Stage::Draft)
    }

    /// The line that takes in a file, where its very bytes are what the area gave last at that stage or a later one. A file
    /// that another has replaced since is news again.
    pub fn taken<'a>(&'a self, area: &'a AreaCode, sha256: &str, stage: Stage) -> Option<&'a Recorded> {
        let mut given = self.of_kind(EntryKind::Submission, area);
        given
            .rfind(|line| line.entry.stage >= stage)
            .filter(|line| line.entry.sha256 == sha256)
    }

    /// Whether an area's figures may be published: what was said last; `None` where nothing was.
    pub fn consent(&self, area: &AreaCode) -> Option<bool> {
        self.of_kind(EntryKind::Consent, area).next_back()?.entry.consent
    }

    /// The waiver of a finding that holds on a day. A finding of other values has another id, so that a waiver is void once a
    /// value moves.
    pub fn waiver(&self, finding: &str, day: Date) -> Option<&Recorded> {
        let holds = |line: &&Recorded| {
            line.entry.kind == EntryKind::Waiver
                && line.entry.finding == finding
                && line.entry.until.is_none_or(|until| day <= until)
        };
        self.lines.iter().rev().find(holds)
    }

    /// The figures of an area from a stage on, as rules see them; `None` where there is not one.
    ///
    /// What the area was asked and did not answer stands without a value.
    pub fn answers(&self, round: &Round, area: &AreaCode, minimum: Stage) -> Option<Answers> {
        let facts: Vec<_> = round
            .document()
            .asked
            .iter()
            .map(|asked| (&asked.measure, self.fact(area, &asked.measure, minimum)))
            .collect();
        let last = facts
            .iter()
            .filter_map(|(_, line)| *line)
            .max_by_key(|line| (line.sequence, line.line))?;
        let answer = |(measure, line): &(&MeasureId, Option<&Recorded>)| Answer {
            measure: (*measure).clone(),
            figure: line.map_or_else(Figure::unanswered, |line| figure(&line.entry)),
            place: line
                .map(|line| Place::parse(&line.entry.place))
                .unwrap_or_default(),
        };
        let language = round.reporter(area).map(|reporter| reporter.language.as_str());
        Some(Answers {
            document: last.entry.document.clone(),
            sha256: last.entry.sha256.clone(),
            round: round.document().id.clone(),
            round_sha256: round.sha256().to_owned(),
            area: area.clone(),
            language: language
                .and_then(crate::language::Language::of_code)
                .unwrap_or_default(),
            author: last.entry.author.clone(),
            consent: self.consent(area),
            answers: facts.iter().map(answer).collect(),
            unreadable: Vec::new(),
        })
    }

    fn of_kind<'a>(
        &'a self,
        kind: EntryKind,
        area: &'a AreaCode,
    ) -> impl DoubleEndedIterator<Item = &'a Recorded> {
        self.lines
            .iter()
            .filter(move |line| line.entry.kind == kind && &line.entry.area == area)
    }
}

/// The figure of a fact.
pub(super) fn figure(entry: &Entry) -> Figure {
    Figure {
        value: entry.value,
        status: entry.status,
        missing: entry.missing,
        note: entry.note.clone(),
    }
}

/// Whether a figure says anything: a value, or why there is none.
pub(super) fn is_answered(figure: &Figure) -> bool {
    figure.value.is_some() || figure.missing.is_some()
}

/// A figure that says nothing becomes a fact only where something stood before: it is withdrawn.
pub(super) fn status_of(figure: &Figure) -> Status {
    if is_answered(figure) {
        figure.status
    } else {
        Status::Missing
    }
}
