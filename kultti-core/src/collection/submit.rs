//! Submitting a form: its figures become lines of the ledger, all or none.

use super::received::{figure, is_answered, status_of};
use super::writing::{Decided, line, require_reason, write};
use super::{Act, Answer, Answers, Received, Round};
use crate::error::{Error, Result};
use crate::ledger::{Entry, EntryKind, Ledger};
use crate::model::{AreaCode, Missing, Stage};
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// What a submission did.
#[derive(Debug, Clone, PartialEq)]
pub struct Submitted {
    /// The reporter.
    pub area: AreaCode,
    /// The name of the file.
    pub document: String,
    /// SHA-256 of the file.
    pub sha256: String,
    /// The stage.
    pub stage: Stage,
    /// The version of the ledger that holds it.
    pub version: i64,
    /// Figures that are new or another than before.
    pub written: usize,
    /// Figures of the form that the ledger already had.
    pub unchanged: usize,
    /// Figures that the ledger had and the form no longer gives.
    pub withdrawn: usize,
    /// Whether it came after the last day of answering.
    pub late: bool,
    /// Since when the ledger has the very same file; nothing was written then.
    pub already: Option<DateTime<Utc>>,
}

/// Takes a filled form into the ledger: its figures, what it says of publication, and the file's name and SHA-256, in one
/// commit. Only figures that differ from what the ledger holds are written. The same file a second
/// time in a row is recognised; a file that another has replaced since is taken again.
///
/// A form is taken whatever the rules find in it, for findings are explained or corrected afterwards; only a form with cells
/// that cannot be read is refused, because those would be lost. After the last day of answering it is late, and told so.
///
/// # Errors
/// [`Error::InvalidArgument`] for a stage other than draft or submitted; [`Error::OtherRound`] for a form of another round;
/// [`Error::UnreadableCells`]; [`Error::RoundNotOpen`] before the first day and after the closing day of the round;
/// [`Error::ReasonRequired`] for a form that changes or withdraws approved figures; those of [`Ledger::commit`].
pub async fn submit(
    ledger: &mut Ledger,
    round: &Round,
    answers: &Answers,
    stage: Stage,
    act: &Act,
) -> Result<Submitted> {
    check(round, answers, stage, act)?;
    let decide = |received: &Received| decide(round, answers, (stage, act), received);
    let whose = Some(&answers.area);
    let (version, submitted) = write(ledger, (round, whose), (act, "submit"), decide).await?;
    Ok(Submitted { version, ..submitted })
}

/// Takes many forms of a round, as [`submit`] takes each: what can be taken of them becomes one commit, all or nothing, and what cannot
/// stands in the answer, which has the order of the forms. Several forms of one municipality become commits one after the
/// other, in their order, so that each is seen against the one before.
///
/// # Errors
/// Those of [`Ledger::commit`]; those that concern one form stand in its place of the answer. What was committed before stands: the
/// same forms again are recognised.
pub async fn submit_all(
    ledger: &mut Ledger,
    round: &Round,
    forms: &[Answers],
    stage: Stage,
    act: &Act,
) -> Result<Vec<Result<Submitted>>> {
    let refusal = |form| check(round, form, stage, act).err().map(Err);
    let mut outcomes: Vec<Option<Result<Submitted>>> = forms.iter().map(refusal).collect();
    let sound = |place: &usize| outcomes[*place].is_none();
    for turn in turns(forms, (0..forms.len()).filter(sound).collect()) {
        let decide = |received: &Received| {
            let mut together = Decided {
                entries: Vec::new(),
                answer: Vec::new(),
            };
            for place in &turn {
                let decided = decide(round, &forms[*place], (stage, act), received);
                together.answer.push(decided.map(|decided| {
                    together.entries.extend(decided.entries);
                    decided.answer
                }));
            }
            Ok(together)
        };
        // One form is seen against what its own municipality has given, which is quickly read.
        let whose = match turn.as_slice() {
            [only] => Some(&forms[*only].area),
            _ => None,
        };
        let (version, taken) = write(ledger, (round, whose), (act, "submit"), decide).await?;
        for (place, one) in turn.iter().zip(taken) {
            outcomes[*place] = Some(one.map(|submitted| Submitted { version, ..submitted }));
        }
    }
    Ok(outcomes.into_iter().flatten().collect())
}

/// Places of forms, parted so that no part has two forms of one area; an area's earlier form is in an earlier part.
fn turns(forms: &[Answers], places: Vec<usize>) -> Vec<Vec<usize>> {
    let mut turns: Vec<Vec<usize>> = Vec::new();
    let mut given: HashMap<&AreaCode, usize> = HashMap::new();
    for place in places {
        let turn = given.entry(&forms[place].area).or_default();
        if *turn == turns.len() {
            turns.push(Vec::new());
        }
        turns[*turn].push(place);
        *turn += 1;
    }
    turns
}

fn check(round: &Round, answers: &Answers, stage: Stage, act: &Act) -> Result<()> {
    let document = round.document();
    if stage > Stage::Submitted {
        return Err(Error::InvalidArgument {
            name: "stage".to_owned(),
            expected: "draft, submitted".to_owned(),
            found: stage.name().to_owned(),
        });
    }
    if answers.round != document.id {
        return Err(Error::OtherRound {
            path: answers.document.clone(),
            expected: document.id.clone(),
            found: answers.round.clone(),
        });
    }
    if !answers.unreadable.is_empty() {
        return Err(Error::UnreadableCells {
            path: answers.document.clone(),
            places: unreadable_places(answers),
        });
    }
    let day = act.day();
    if day < document.opens || document.closes.is_some_and(|closes| closes < day) {
        return Err(Error::RoundNotOpen {
            round: document.id.clone(),
            opens: document.opens.to_string(),
            closes: document.closes.map(|day| day.to_string()).unwrap_or_default(),
            found: day.to_string(),
        });
    }
    Ok(())
}

fn decide(
    round: &Round,
    answers: &Answers,
    (stage, act): (Stage, &Act),
    received: &Received,
) -> Result<Decided<Submitted>> {
    let late = act.day() > round.document().due;
    let mut submitted = Submitted {
        area: answers.area.clone(),
        document: answers.document.clone(),
        sha256: answers.sha256.clone(),
        stage,
        version: 0,
        written: 0,
        unchanged: 0,
        withdrawn: 0,
        late,
        already: None,
    };
    if let Some(taken) = received.taken(&answers.area, &answers.sha256, stage) {
        submitted.already = Some(taken.recorded);
        return Ok(Decided {
            entries: Vec::new(),
            answer: submitted,
        });
    }
    let of_file = |kind| Entry {
        stage,
        document: answers.document.clone(),
        sha256: answers.sha256.clone(),
        ..line(round, kind, &answers.area, act)
    };
    let mut entries = vec![of_file(EntryKind::Submission)];
    for answer in &answers.answers {
        let before = received.fact(&answers.area, &answer.measure, stage);
        let same = before.map_or(!is_answered(&answer.figure), |line| {
            same_figure(answer, &line.entry)
        });
        if same {
            submitted.unchanged += usize::from(is_answered(&answer.figure));
            continue;
        }
        if received
            .fact(&answers.area, &answer.measure, Stage::Approved)
            .is_some()
        {
            require_reason(act, "word.change-of-approved")?;
        }
        if is_answered(&answer.figure) {
            submitted.written += 1;
        } else {
            submitted.withdrawn += 1;
        }
        entries.push(fact(answer, of_file(EntryKind::Fact)));
    }
    let consent = answers.consent.filter(|_| stage >= Stage::Submitted);
    if consent.is_some() && consent != received.consent(&answers.area) {
        entries.push(Entry {
            consent,
            ..of_file(EntryKind::Consent)
        });
    }
    Ok(Decided {
        entries,
        answer: submitted,
    })
}

/// Whether an answer says what stands in the ledger.
fn same_figure(answer: &Answer, entry: &Entry) -> bool {
    if is_answered(&answer.figure) {
        return answer.figure == figure(entry);
    }
    // A withdrawn figure is not withdrawn again.
    entry.value.is_none() && entry.missing == Some(Missing::NotReported) && entry.note == answer.figure.note
}

/// The line of an answer. An answer that says nothing stands as not reported: it was there before.
fn fact(answer: &Answer, line: Entry) -> Entry {
    let figure = &answer.figure;
    let withdrawn = (!is_answered(figure)).then_some(Missing::NotReported);
    Entry {
        measure: Some(answer.measure.clone()),
        value: figure.value,
        status: status_of(figure),
        missing: figure.missing.or(withdrawn),
        note: figure.note.clone(),
        place: answer.place.to_string(),
        ..line
    }
}

/// Where the cells stand that cannot be read.
fn unreadable_places(answers: &Answers) -> Vec<String> {
    let unread = |answer: &&Answer| {
        let mut measures = answers.unreadable.iter().flat_map(|finding| &finding.measures);
        measures.any(|measure| *measure == answer.measure)
    };
    let places = answers.answers.iter().filter(unread);
    places.map(|answer| answer.place.to_string()).collect()
}
