//! Publishing: the figures of a ledger become a release.

use super::Round;
use super::round::rounds_beside;
use crate::error::{Error, Result};
use crate::language::{Message, Text};
use crate::ledger::{EntryKind, Known, KnownFigure, Ledger, Select};
use crate::model::{AreaCode, MeasureId, Missing, Observation, Period, Scenario, Stage, Status};
use crate::release::{OwnRelease, OwnTable, Release, ReleaseBuilder, SortedRows};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::iter::Peekable;

/// What of a ledger is published.
#[derive(Debug, Clone, PartialEq)]
pub struct PublishOptions {
    /// The lowest stage.
    pub minimum: Stage,
    /// What was known at a moment; everything known where absent.
    pub as_of: Option<DateTime<Utc>>,
    /// Identifier of the series of releases; that of the only round, or `collection`.
    pub id: Option<String>,
    /// Title; the name of the only round, or of the collection.
    pub title: Option<String>,
}

impl Default for PublishOptions {
    /// What is approved, as known now.
    fn default() -> Self {
        Self {
            minimum: Stage::Approved,
            as_of: None,
            id: None,
            title: None,
        }
    }
}

/// What was published.
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    /// The id of the release.
    pub release: String,
    /// Its file; empty where it was not written to one.
    pub path: String,
    /// The last version of the ledger that a figure of it comes from.
    pub version: i64,
    /// Its rows.
    pub rows: usize,
    /// Those that come from the ledger, with a value or a reason for having none.
    pub collected: usize,
    /// Figures whose municipality has not allowed publication.
    pub withheld: usize,
    /// Figures that were asked and not answered, or have not reached the stage.
    pub not_answered: usize,
    /// Figures that are not approved yet.
    pub provisional: usize,
}

/// The rounds whose figures a ledger holds: those given, and where none is given, the files beside the ledger and in the
/// present folder.
///
/// # Errors
/// [`Error::RoundsMissing`] for rounds in the ledger of which no file was found.
pub async fn rounds_of(ledger: &Ledger, given: Vec<Round>) -> Result<Vec<Round>> {
    let submissions = Select {
        kind: Some(EntryKind::Submission),
        ..Select::default()
    };
    let held: BTreeSet<String> = ledger
        .entries(&submissions)
        .await?
        .into_iter()
        .map(|line| line.entry.round)
        .collect();
    let mut rounds = if given.is_empty() {
        rounds_beside(ledger.address())
    } else {
        given
    };
    rounds.retain(|round| held.contains(&round.document().id));
    let known = |id: &&String| rounds.iter().any(|round| &round.document().id == *id);
    let missing: Vec<String> = held.iter().filter(|id| !known(id)).cloned().collect();
    if missing.is_empty() {
        rounds.sort_by(|left, right| left.document().id.cmp(&right.document().id));
        return Ok(rounds);
    }
    Err(Error::RoundsMissing {
        ledger: ledger.address().to_owned(),
        rounds: missing,
    })
}

/// Makes a release of the figures of `base`, such as population, and those that a ledger holds of some rounds.
///
/// Of every figure the last line counts whose stage is at least the minimum and that was known at the moment asked for. A
/// figure below [`Stage::Approved`] has status P. Figures of a municipality that has not allowed publication stand without
/// value as suppressed (Q); what was asked and not answered stands as not reported (O): nothing is left out. The note of a
/// corrected figure ends with the reason, so that the difference between two releases tells it. Scenario is `actual`.
///
/// The same lines, rounds and base make the same release, byte by byte.
///
/// # Errors
/// [`Error::InvalidArgument`] for rounds of another scenario; [`Error::DuplicateObservation`] for a figure that is in the base
/// already, or in two rounds; [`Error::DuplicateId`] for catalogues that contradict one another; those of [`Ledger::facts`].
pub async fn publish(
    ledger: &Ledger,
    rounds: &[Round],
    base: &Release,
    options: &PublishOptions,
) -> Result<(Release, Published)> {
    let mut catalogue = base.catalogue().with(&crate::catalogue::Catalogue::empty())?;
    for round in rounds {
        actual(round)?;
        catalogue = catalogue.with(round.catalogue())?;
    }
    let known = Known {
        as_of: options.as_of,
        minimum: options.minimum,
        scenario: Scenario::Actual,
        rounds: rounds.iter().map(|round| round.document().id.clone()).collect(),
    };
    let consents = Consents::read(ledger, rounds, options.as_of).await?;
    let mut collected = Collected::new(rounds, consents);
    let mut rows = SortedRows::default();
    let mut facts = ledger.facts(&known).await?;
    while let Some(figures) = facts.next_figures().await? {
        rows.push(&collected.observations(figures))?;
    }
    rows.push(&collected.rest())?;
    let mut builder = ReleaseBuilder::beside(base, catalogue)?.called(called(rounds, options));
    let tables: Vec<OwnTable> = rounds
        .iter()
        .map(|round| table(round, collected.version))
        .collect();
    builder.add_sorted(&tables, rows)?;
    let release = builder.build()?;
    let published = Published {
        release: release.id().to_owned(),
        path: String::new(),
        version: collected.version,
        rows: release.content().map(crate::release::MeasureContent::rows).sum(),
        collected: collected.rows,
        withheld: collected.withheld,
        not_answered: collected.not_answered,
        provisional: collected.provisional,
    };
    Ok((release, published))
}

fn actual(round: &Round) -> Result<()> {
    let document = round.document();
    if document.scenario == Scenario::Actual {
        return Ok(());
    }
    Err(Error::InvalidArgument {
        name: format!("scenario ({})", document.id),
        expected: Scenario::Actual.name().to_owned(),
        found: document.scenario.name().to_owned(),
    })
}

/// What the release is called.
fn called(rounds: &[Round], options: &PublishOptions) -> OwnRelease {
    let only = match rounds {
        [only] => Some(only.document()),
        _ => None,
    };
    let id = options.id.clone().or_else(|| only.map(|round| round.id.clone()));
    let title = options.title.as_ref().map(|title| Text::each(|_| title.clone()));
    let words = || Text::each(|language| Message::new("word.collection").render(language));
    let title = title.unwrap_or_else(|| only.map_or_else(words, |round| round.label.clone()));
    OwnRelease {
        id: Some(id.unwrap_or_else(|| "collection".to_owned())),
        publisher: Some(title.clone()),
        title: Some(title),
    }
}

/// The table of a round: its rows, and up to where in the ledger they come from.
fn table(round: &Round, version: i64) -> OwnTable {
    let document = round.document();
    let message = Message::new("word.collected-table")
        .with("round", &document.label)
        .with("version", version.to_string())
        .with("sha256", round.sha256());
    OwnTable {
        name: document.id.clone(),
        source: Some(document.source.clone()),
        retrieved: None,
        description: Some(Text::each(|language| message.render(language))),
    }
}

/// What municipalities have said of publication, by round and area.
struct Consents {
    allowed: HashMap<(String, String), bool>,
    version: i64,
}

impl Consents {
    async fn read(ledger: &Ledger, rounds: &[Round], as_of: Option<DateTime<Utc>>) -> Result<Self> {
        let select = Select {
            kind: Some(EntryKind::Consent),
            as_of,
            ..Select::default()
        };
        let mut consents = Self {
            allowed: HashMap::new(),
            version: 0,
        };
        for line in ledger.entries(&select).await? {
            if rounds.iter().any(|round| round.document().id == line.entry.round) {
                consents.version = consents.version.max(line.sequence);
                let key = (line.entry.round, line.entry.area.to_string());
                consents.allowed.insert(key, line.entry.consent == Some(true));
            }
        }
        Ok(consents)
    }
}

/// The key of a figure that was asked, in the order of a release.
type Key<'r> = (&'r MeasureId, Period, &'r AreaCode);

/// Figures that were asked, each with its round.
type Asked<'r> = dyn Iterator<Item = (Key<'r>, &'r Round)> + Send + 'r;

/// What rounds ask, in the order of the keys: of millions of figures, those of one measure and period at a time. What two rounds
/// ask of the same municipality is asked by the later one.
fn asked(rounds: &[Round]) -> Box<Asked<'_>> {
    let mut figures: BTreeMap<(&MeasureId, Period), Vec<&Round>> = BTreeMap::new();
    for round in rounds {
        let document = round.document();
        for one in &document.asked {
            let askers = figures.entry((&one.measure, document.period)).or_default();
            askers.push(round);
        }
    }
    Box::new(figures.into_iter().flat_map(|((measure, period), askers)| {
        let reporters = askers.into_iter().flat_map(|round| {
            let reporters = round.document().reporters.iter();
            reporters.map(move |reporter| (&reporter.area, round))
        });
        let areas: BTreeMap<&AreaCode, &Round> = reporters.collect();
        areas
            .into_iter()
            .map(move |(area, round)| ((measure, period, area), round))
    }))
}

/// What has been collected becomes observations, and is counted.
struct Collected<'r> {
    allowed: HashMap<(String, String), bool>,
    /// What was asked and has not been met yet, in the order of the keys.
    asked: Peekable<Box<Asked<'r>>>,
    version: i64,
    rows: usize,
    withheld: usize,
    not_answered: usize,
    provisional: usize,
}

impl<'r> Collected<'r> {
    fn new(rounds: &'r [Round], consents: Consents) -> Self {
        Self {
            allowed: consents.allowed,
            asked: asked(rounds).peekable(),
            version: consents.version,
            rows: 0,
            withheld: 0,
            not_answered: 0,
            provisional: 0,
        }
    }

    /// Figures in key order, with what was asked before them and not answered.
    fn observations(&mut self, figures: Vec<KnownFigure>) -> Vec<Observation> {
        let mut out = Vec::with_capacity(figures.len());
        for figure in figures {
            let known = &figure.observation;
            let key = (&known.measure, known.period, &known.area);
            while let Some((before, round)) = self.asked.next_if(|(asked, _)| *asked < key) {
                out.push(self.unanswered(before, round));
            }
            self.asked.next_if(|(asked, _)| *asked == key);
            self.version = self.version.max(figure.sequence);
            out.push(self.published(figure));
        }
        out
    }

    /// What was asked after the last fact and not answered.
    fn rest(&mut self) -> Vec<Observation> {
        let mut out = Vec::new();
        while let Some((key, round)) = self.asked.next() {
            out.push(self.unanswered(key, round));
        }
        out
    }

    /// A fact as it is published.
    fn published(&mut self, fact: KnownFigure) -> Observation {
        let observation = fact.observation;
        let key = (observation.origin.clone(), observation.area.to_string());
        if self.allowed.get(&key) != Some(&true) {
            self.withheld += 1;
            return Observation {
                value: None,
                status: Status::Suppressed,
                missing: Some(Missing::Suppressed),
                note: String::new(),
                ..observation
            };
        }
        self.rows += 1;
        let provisional = fact.stage < Stage::Approved && observation.status == Status::Normal;
        self.provisional += usize::from(provisional);
        let reason = Some(&fact.reason).filter(|reason| fact.stage == Stage::Corrected && !reason.is_empty());
        let notes = [Some(&observation.note).filter(|note| !note.is_empty()), reason];
        let notes: Vec<&str> = notes.into_iter().flatten().map(String::as_str).collect();
        Observation {
            status: if provisional {
                Status::Provisional
            } else {
                observation.status
            },
            note: notes.join("; "),
            ..observation
        }
    }

    /// A figure that was asked and that the ledger does not have.
    fn unanswered(&mut self, (measure, period, area): Key, round: &Round) -> Observation {
        self.not_answered += 1;
        Observation {
            measure: measure.clone(),
            period,
            area: area.clone(),
            value: None,
            status: Status::Missing,
            missing: Some(Missing::NotReported),
            territory: round.document().territory,
            origin: round.document().id.clone(),
            note: String::new(),
        }
    }
}
