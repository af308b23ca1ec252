//! The ledger of a collection: every submitted figure, who gave it, and what became of it.

use crate::acts::{Approved, Corrected, Submitted, Waived};
use crate::argument::{self, BordersArgument, Texts, invalid};
use crate::check::Check;
use crate::error::exception;
use crate::facts::Facts;
use crate::moment::MomentArgument;
use crate::release::Release;
use crate::round::{Round, stage};
use crate::runtime::wait;
use crate::status::{Log, RoundStatus};
use chrono::Utc;
use kultti_core::collection::{self, Act, FormFile, LogOptions, PublishOptions};
use kultti_core::language::Language;
use kultti_core::ledger::{self as core, Known};
use kultti_core::model::{AreaCode, Date, MeasureId, Missing, Scenario, Stage, Status};
use kultti_core::rules::Figure;
use kultti_core::{Error, Result, release};
use pyo3::prelude::*;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// The ledger of a collection: a Delta Lake table of every submitted figure, with its stage, author, reason and file, to which
/// lines are only ever added.
///
/// Made by ``Ledger.create`` and ``Ledger.open``. Every method looks at the newest version, unless the ledger was opened at
/// another one, which is for reading. Many threads and processes may write at once: each writes all of its lines or none, and
/// who comes second decides again on what the first has written. ``deltalake``, ``polars`` and DuckDB read the same table.
///
/// Ctrl-C is heard at once. What was being written is then there as a whole or not at all, and the same form submitted again
/// is recognised. In a process that was forked after a ledger was used, ledgers raise a ``RuntimeError``.
///
/// Examples:
///     A round, from the form to the release:
///
///     >>> round = kultti.Round.open("libraries-2020.round.json", language="en")
///     >>> ledger = kultti.Ledger.create("new-ledger", language="en")
///     >>> ledger.submit(round, "kokkola.json", author="Aino Ahonen").written
///     2
///     >>> status = ledger.status(round)
///     >>> status.answered, status.expected, status.response_rate
///     (1, 2, 0.5)
///     >>> ledger.approve(round, author="Bo Berg").areas
///     (('272', 2),)
///     >>> ledger.consent(round, "Kokkola", author="Aino Ahonen")
///     3
///     >>> release = ledger.publish([round])
///     >>> release.write("libraries-2020.parquet")
#[pyclass(frozen, module = "kultti")]
pub(crate) struct Ledger {
    /// The newest version that was seen; each piece of work has a copy.
    ledger: Mutex<core::Ledger>,
    pinned: bool,
    language: Language,
}

/// A figure as it is given: a value, or the reason for having none.
fn figure(value: Option<f64>, missing: Option<&str>, note: String) -> Result<Figure> {
    let reasons = || {
        let all = Missing::ALL.into_iter().map(Missing::code);
        let told: Vec<&str> = all.filter(|code| Missing::from_code(code).is_some()).collect();
        told.join(", ")
    };
    let reason = match missing {
        Some(code) => Some(Missing::from_code(code).ok_or_else(|| invalid("missing", &reasons(), code))?),
        None => None,
    };
    if let Some(value) = value.filter(|value| !value.is_finite()) {
        return Err(invalid("value", "a finite number", &value.to_string()));
    }
    if value.is_some() == reason.is_some() {
        let found = if value.is_some() { "both" } else { "neither" };
        return Err(invalid(
            "value",
            "a value, or missing with the reason for having none",
            found,
        ));
    }
    Ok(Figure {
        value,
        status: reason.map_or(Status::Normal, Missing::status),
        missing: reason,
        note,
    })
}

fn act(author: Option<String>, reason: &str, now: Option<MomentArgument>) -> Result<Act> {
    Ok(Act {
        author: Act::author(author, |name| std::env::var(name).ok())?,
        reason: reason.to_owned(),
        now: MomentArgument::read(now, "now")?.unwrap_or_else(Utc::now),
    })
}

/// The codes of areas, each a reporter of the round.
fn reporters(round: &Round, areas: Option<Texts>) -> Result<Vec<AreaCode>> {
    let areas = areas.map_or_else(Vec::new, Texts::whole);
    let code = |text: &String| Ok(round.round.resolve(text)?.area.clone());
    areas.iter().map(code).collect()
}

fn day(given: Option<BordersArgument>, name: &str) -> Result<Option<Date>> {
    let read = |given: BordersArgument| {
        let text = given.text();
        let day = text.parse();
        day.map_err(|_: Error| invalid(name, "YYYY-MM-DD", &text))
    };
    given.map(read).transpose()
}

fn scenario(name: &str) -> Result<Scenario> {
    let known = || Scenario::ALL.map(Scenario::name).join(", ");
    Scenario::parse(name).ok_or_else(|| invalid("scenario", &known(), name))
}

/// What a folder or an address is called by the core.
fn address(path: PathBuf) -> String {
    path.display().to_string()
}

impl Ledger {
    fn opened(
        py: Python<'_>,
        language: Option<&str>,
        pinned: bool,
        work: impl Future<Output = Result<core::Ledger>> + Send + 'static,
    ) -> PyResult<Self> {
        let errors = argument::language_of_errors(language);
        let language = argument::language(language).map_err(|error| exception(py, &error, errors))?;
        let ledger = wait(py, work)?.map_err(|error| exception(py, &error, errors))?;
        Ok(Self {
            ledger: Mutex::new(ledger),
            pinned,
            language,
        })
    }

    fn seen(&self) -> core::Ledger {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn failed(&self, py: Python<'_>, error: &Error) -> PyErr {
        exception(py, error, self.language)
    }

    /// What the arguments say.
    fn said<T>(&self, py: Python<'_>, read: impl FnOnce() -> Result<T>) -> PyResult<T> {
        read().map_err(|error| self.failed(py, &error))
    }

    /// The ledger to read: the newest version, or the one that it was opened at.
    async fn newest(mut ledger: core::Ledger, pinned: bool) -> Result<core::Ledger> {
        if !pinned {
            ledger.refresh().await?;
        }
        Ok(ledger)
    }

    /// The ledger to write to.
    fn writable(&self) -> Result<core::Ledger> {
        let ledger = self.seen();
        if self.pinned {
            let expected = "a ledger that was opened without a version, to write to";
            return Err(invalid("version", expected, &ledger.version().to_string()));
        }
        Ok(ledger)
    }

    /// Waits for work on a copy of the ledger, and keeps the version that it has come to.
    fn wait<T: Send + 'static>(
        &self,
        py: Python<'_>,
        work: impl Future<Output = Result<(core::Ledger, T)>> + Send + 'static,
    ) -> PyResult<T> {
        let (ledger, answer) = wait(py, work)?.map_err(|error| self.failed(py, &error))?;
        let mut seen = self.ledger.lock().unwrap_or_else(PoisonError::into_inner);
        if ledger.version() > seen.version() {
            *seen = ledger;
        }
        Ok(answer)
    }
}

#[pymethods]
impl Ledger {
    /// Opens a ledger.
    ///
    /// Args:
    ///     address: A folder, or the address of a store.
    ///     version: The version to look at from now on, for reading; without it always the newest.
    ///     language: ``"fi"``, ``"sv"`` or ``"en"`` for messages; that of ``kultti.language`` without it.
    ///
    /// Returns:
    ///     The ledger.
    ///
    /// Raises:
    ///     NotFoundError: If there is no ledger, or no such version; the message says what is there.
    ///     InvalidDataError: If it is another table, damaged, or made by a newer Kultti.
    ///     InvalidArgumentError: If the store is of a kind that cannot be reached, or the language is another one.
    ///     FileError: If it cannot be read.
    ///
    /// Examples:
    ///     >>> ledger = kultti.Ledger.open("ledger")
    ///     >>> ledger.version
    ///     1
    ///     >>> kultti.Ledger.open("ledger", version=0).facts(minimum="draft").to_arrow().num_rows
    ///     0
    #[staticmethod]
    #[pyo3(signature = (address, *, version=None, language=None))]
    fn open(
        py: Python<'_>,
        address: PathBuf,
        version: Option<i64>,
        language: Option<&str>,
    ) -> PyResult<Self> {
        let address = self::address(address);
        Self::opened(py, language, version.is_some(), async move {
            let ledger = core::Ledger::open(&address).await?;
            match version {
                Some(version) => ledger.at(version).await,
                None => Ok(ledger),
            }
        })
    }

    /// Makes an empty ledger.
    ///
    /// Args:
    ///     address: A folder that is made where there is none, or the address of a store.
    ///     language: ``"fi"``, ``"sv"`` or ``"en"`` for messages; that of ``kultti.language`` without it.
    ///
    /// Returns:
    ///     The ledger, at version 0.
    ///
    /// Raises:
    ///     InvalidArgumentError: If there is a table already, the store is of a kind that cannot be reached, or the language is
    ///         another one.
    ///     FileError: If it cannot be written.
    ///
    /// Examples:
    ///     >>> kultti.Ledger.create("another").version
    ///     0
    #[staticmethod]
    #[pyo3(signature = (address, *, language=None))]
    fn create(py: Python<'_>, address: PathBuf, language: Option<&str>) -> PyResult<Self> {
        let address = self::address(address);
        Self::opened(py, language, false, async move {
            core::Ledger::create(&address).await
        })
    }

    /// The folder or address, as it was given.
    #[getter]
    fn address(&self) -> String {
        self.seen().address().to_owned()
    }

    /// The version that was looked at last: 0 for an empty ledger, and one more for every commit.
    #[getter]
    fn version(&self) -> i64 {
        self.seen().version()
    }

    /// The language of messages.
    #[getter]
    fn language(&self) -> &'static str {
        self.language.code()
    }

    /// Takes a filled form into the ledger: its figures, what it says of publication, and the file's SHA-256, in one commit.
    ///
    /// Only figures that differ from what the ledger holds are written, and the same file a second time is recognised. A form
    /// is taken whatever the rules find in it; one with cells that cannot be read is refused, because those would be lost.
    ///
    /// Args:
    ///     round: The round.
    ///     form: The filled form: workbook, CSV or JSON.
    ///     author: Who submits it; ``KULTTI_AUTHOR``, or else the user of the machine, without it.
    ///     reason: Why; needed where approved figures are changed or withdrawn.
    ///     draft: Whether it is kept as a draft, which counts as no answer.
    ///     now: The moment to record, never earlier than what is recorded already: a ``datetime`` with a time zone, a ``date``
    ///         (its end in UTC), or either as ISO text; the present one without it.
    ///
    /// Returns:
    ///     A ``Submitted``.
    ///
    /// Raises:
    ///     InvalidDataError: If it is no form, of another round, or has cells that cannot be read.
    ///     InvalidArgumentError: If the round is not open, a reason or an author is lacking, or ``now`` has no time zone.
    ///     ConflictError: If others went on writing at the same moment; try again.
    ///     FileError: If the form cannot be read, or the ledger not written.
    ///
    /// Examples:
    ///     >>> round = kultti.Round.open("libraries-2020.round.json", language="en")
    ///     >>> ledger = kultti.Ledger.create("new-ledger", language="en")
    ///     >>> done = ledger.submit(round, "kokkola.json", author="Aino Ahonen", now="2021-04-15T12:00:00Z")
    ///     >>> done.written, done.late, done.version
    ///     (2, False, 1)
    ///     >>> ledger.submit(round, "kokkola.json", author="Aino Ahonen").already.isoformat()
    ///     '2021-04-15T12:00:00+00:00'
    #[pyo3(signature = (round, form, *, author=None, reason="", draft=false, now=None))]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn submit(
        &self,
        py: Python<'_>,
        round: Bound<'_, Round>,
        form: PathBuf,
        author: Option<String>,
        reason: &str,
        draft: bool,
        now: Option<MomentArgument>,
    ) -> PyResult<Py<Submitted>> {
        let (act, mut ledger) = self.said(py, || Ok((act(author, reason, now)?, self.writable()?)))?;
        let stage = if draft { Stage::Draft } else { Stage::Submitted };
        let round = Arc::clone(&round.get().round);
        let submitted = self.wait(py, async move {
            let answers = FormFile::open(form)?.answers(&round)?;
            let submitted = collection::submit(&mut ledger, &round, &answers, stage, &act).await?;
            Ok((ledger, submitted))
        })?;
        Submitted::of(py, submitted, self.language)
    }

    /// Takes many filled forms of a round into the ledger, in one commit.
    ///
    /// Each is taken as ``submit`` takes it, and far faster than one by one. A form that cannot be taken keeps no other from it.
    /// Several forms of one municipality become commits one after the other, in their order.
    ///
    /// Args:
    ///     round: The round.
    ///     forms: The filled forms: workbooks, CSV or JSON.
    ///     author: Who submits them; ``KULTTI_AUTHOR``, or else the user of the machine, without it.
    ///     reason: Why; needed where approved figures are changed or withdrawn.
    ///     draft: Whether they are kept as drafts, which count as no answer.
    ///     now: The moment to record, never earlier than what is recorded already: a ``datetime`` with a time zone, a ``date``
    ///         (its end in UTC), or either as ISO text; the present one without it.
    ///
    /// Returns:
    ///     In the order of the forms, a ``Submitted`` for each that was taken, and for each that was not the exception that
    ///     ``submit`` would raise: look through them.
    ///
    /// Raises:
    ///     InvalidArgumentError: If an author is lacking, or ``now`` has no time zone.
    ///     ConflictError: If others went on writing at the same moment; nothing was taken, try again.
    ///     FileError: If the ledger cannot be written; nothing was taken.
    ///
    /// Examples:
    ///     >>> round = kultti.Round.open("libraries-2020.round.json", language="en")
    ///     >>> ledger = kultti.Ledger.create("many", language="en")
    ///     >>> done, refused = ledger.submit_all(round, ["kokkola.json", "nowhere.json"], author="Aino Ahonen",
    ///     ...                                   now="2021-04-15T12:00:00Z")
    ///     >>> done.written, type(refused).__name__
    ///     (2, 'MissingFileError')
    #[pyo3(signature = (round, forms, *, author=None, reason="", draft=false, now=None))]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn submit_all(
        &self,
        py: Python<'_>,
        round: Bound<'_, Round>,
        forms: Vec<PathBuf>,
        author: Option<String>,
        reason: &str,
        draft: bool,
        now: Option<MomentArgument>,
    ) -> PyResult<Vec<Py<PyAny>>> {
        let (act, mut ledger) = self.said(py, || Ok((act(author, reason, now)?, self.writable()?)))?;
        let stage = if draft { Stage::Draft } else { Stage::Submitted };
        let round = Arc::clone(&round.get().round);
        let (read, taken) = self.wait(py, async move {
            let answers = |form| FormFile::open(form)?.answers(&round);
            let (mut readable, mut read) = (Vec::new(), Vec::new());
            for form in forms {
                read.push(answers(form).map(|answers| readable.push(answers)));
            }
            let taken = collection::submit_all(&mut ledger, &round, &readable, stage, &act).await?;
            Ok((ledger, (read, taken)))
        })?;
        let mut taken = taken.into_iter();
        let outcomes = read.into_iter().filter_map(|read| match read {
            Ok(()) => taken.next(),
            Err(error) => Some(Err(error)),
        });
        let told = |outcome: Result<collection::Submitted>| match outcome {
            Ok(submitted) => Ok(Submitted::of(py, submitted, self.language)?.into_any()),
            Err(error) => Ok(self.failed(py, &error).into_value(py).into_any()),
        };
        outcomes.map(told).collect()
    }

    /// Tells how a round stands: who has answered, how many, and what is open.
    ///
    /// Args:
    ///     round: The round.
    ///     as_of: What was known then, and which waivers held: a ``datetime`` with a time zone, a ``date`` (its end in UTC), or
    ///         either as ISO text; now without it.
    ///
    /// Returns:
    ///     A ``RoundStatus``, with a row for each municipality that is expected to answer.
    ///
    /// Raises:
    ///     InvalidArgumentError: If ``as_of`` cannot be read, or has no time zone.
    ///     InvalidDataError: If the ledger has been damaged.
    ///
    /// Examples:
    ///     >>> round = kultti.Round.open("libraries-2020.round.json", language="en")
    ///     >>> ledger = kultti.Ledger.open("ledger")
    ///     >>> [(one.name, one.stage) for one in ledger.status(round).reporters]
    ///     [('Kokkola', 'submitted'), ('Pietarsaari', None)]
    ///     >>> ledger.status(round, as_of="2021-03-31").answered
    ///     0
    #[pyo3(signature = (round, *, as_of=None))]
    fn status(
        &self,
        py: Python<'_>,
        round: Bound<'_, Round>,
        as_of: Option<MomentArgument>,
    ) -> PyResult<Py<RoundStatus>> {
        let as_of = self.said(py, || MomentArgument::read(as_of, "as_of"))?;
        let day = collection::day_of(as_of.unwrap_or_else(Utc::now));
        let language = round.get().language;
        let (round, ledger, pinned) = (Arc::clone(&round.get().round), self.seen(), self.pinned);
        let status = self.wait(py, async move {
            let ledger = Self::newest(ledger, pinned).await?;
            let status = collection::status(&ledger, &round, as_of, day).await?;
            Ok((ledger, status))
        })?;
        RoundStatus::of(py, status, language)
    }

    /// Finds what is open in a round: the findings that were neither corrected, nor explained beside the figure, nor waived.
    ///
    /// All forms that have come are tested together, so that rules which compare them are among the rules.
    ///
    /// Args:
    ///     round: The round.
    ///     as_of: As in ``status``.
    ///
    /// Returns:
    ///     A ``Check``.
    ///
    /// Raises:
    ///     InvalidArgumentError: If ``as_of`` cannot be read, or has no time zone.
    ///     InvalidDataError: If the ledger has been damaged.
    ///
    /// Examples:
    ///     >>> round = kultti.Round.open("libraries-2020.round.json", language="en")
    ///     >>> kultti.Ledger.open("ledger").findings(round).ok
    ///     True
    #[pyo3(signature = (round, *, as_of=None))]
    fn findings(
        &self,
        py: Python<'_>,
        round: Bound<'_, Round>,
        as_of: Option<MomentArgument>,
    ) -> PyResult<Py<Check>> {
        let as_of = self.said(py, || MomentArgument::read(as_of, "as_of"))?;
        let day = collection::day_of(as_of.unwrap_or_else(Utc::now));
        let language = round.get().language;
        let (round, ledger, pinned) = (Arc::clone(&round.get().round), self.seen(), self.pinned);
        let check = self.wait(py, async move {
            let ledger = Self::newest(ledger, pinned).await?;
            let check = collection::open_findings(&ledger, &round, as_of, day).await?;
            Ok((ledger, check))
        })?;
        Check::of_ledger(py, check, language)
    }

    /// Approves submitted figures, or settles approved ones. A figure that replaces an approved one becomes a corrected one, with
    /// the reason that its form gave.
    ///
    /// Args:
    ///     round: The round.
    ///     areas: The municipalities, by code or name: one, or a list; all that have answered without it, except those with open
    ///         errors, which are named in ``held_back``.
    ///     final: Whether approved figures are settled, because the accounts are closed.
    ///     author: As in ``submit``.
    ///     reason: Why.
    ///     now: As in ``submit``.
    ///
    /// Returns:
    ///     An ``Approved``.
    ///
    /// Raises:
    ///     NotFoundError: If the round expects nothing of an area.
    ///     InvalidArgumentError: If an area that was named has open errors, an author is lacking, or ``now`` has no time zone.
    ///     ConflictError: If others went on writing at the same moment; try again.
    ///     FileError: If the ledger cannot be written.
    ///
    /// Examples:
    ///     >>> round = kultti.Round.open("libraries-2020.round.json")
    ///     >>> approved = kultti.Ledger.open("ledger").approve(round, "Kokkola", author="Bo Berg")
    ///     >>> approved.areas, approved.held_back
    ///     ((('272', 2),), ())
    #[pyo3(signature = (round, areas=None, *, r#final=false, author=None, reason="", now=None))]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn approve(
        &self,
        py: Python<'_>,
        round: Bound<'_, Round>,
        areas: Option<Texts>,
        r#final: bool,
        author: Option<String>,
        reason: &str,
        now: Option<MomentArgument>,
    ) -> PyResult<Py<Approved>> {
        let round = round.get();
        let (areas, act, mut ledger) = self.said(py, || {
            let areas = named(areas, "areas")?;
            Ok((
                reporters(round, areas)?,
                act(author, reason, now)?,
                self.writable()?,
            ))
        })?;
        let stage = if r#final { Stage::Final } else { Stage::Approved };
        let round = Arc::clone(&round.round);
        let approved = self.wait(py, async move {
            let approved = collection::approve(&mut ledger, &round, &areas, stage, &act).await?;
            Ok((ledger, approved))
        })?;
        Approved::of(py, approved, self.language)
    }

    /// Accepts a finding as it is. The waiver is void once a figure concerned gets another value.
    ///
    /// Args:
    ///     round: The round.
    ///     finding: The finding's id, or one of ``Ledger.findings``.
    ///     reason: Why; always needed.
    ///     until: The last day on which it holds, a ``date`` or ISO text; for as long as the figures stand without it.
    ///     author: As in ``submit``.
    ///     now: As in ``submit``.
    ///
    /// Returns:
    ///     A ``Waived``.
    ///
    /// Raises:
    ///     NotFoundError: If no open finding has the id; the message names those like it.
    ///     InvalidArgumentError: If the reason is empty, the day has passed or cannot be read, or an author is lacking.
    ///     ConflictError: If others went on writing at the same moment; try again.
    ///     FileError: If the ledger cannot be written.
    ///
    /// Examples:
    ///     >>> round = kultti.Round.open("libraries-2020.round.json", language="en")
    ///     >>> ledger = kultti.Ledger.open("ledger", language="en")
    ///     >>> try:
    ///     ...     ledger.waive(round, "0123456789ab", reason="confirmed by telephone", author="Bo Berg")
    ///     ... except kultti.NotFoundError as error:
    ///     ...     error.code
    ///     'K1067'
    #[pyo3(signature = (round, finding, *, reason, until=None, author=None, now=None))]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn waive(
        &self,
        py: Python<'_>,
        round: Bound<'_, Round>,
        finding: FindingArgument,
        reason: &str,
        until: Option<BordersArgument>,
        author: Option<String>,
        now: Option<MomentArgument>,
    ) -> PyResult<Py<Waived>> {
        let (until, act, mut ledger) = self.said(py, || {
            Ok((day(until, "until")?, act(author, reason, now)?, self.writable()?))
        })?;
        let round = Arc::clone(&round.get().round);
        let waived = self.wait(py, async move {
            let waived = collection::waive(&mut ledger, &round, &finding.0, until, &act).await?;
            Ok((ledger, waived))
        })?;
        Waived::of(py, waived, self.language)
    }

    /// Corrects one figure that has been approved. The figure before stays in the ledger; a figure that has not been approved is
    /// mended by another form.
    ///
    /// Args:
    ///     round: The round.
    ///     area: The municipality: code or name.
    ///     measure: The measure's id.
    ///     value: The right value.
    ///     missing: Why there is no value, where there is none: ``"missing"`` (not reported), ``"not-applicable"``,
    ///         ``"not-collected"``, ``"included"`` or ``"suppressed"``.
    ///     note: What readers should know of the figure.
    ///     reason: Why it is corrected; always needed.
    ///     author: As in ``submit``.
    ///     now: As in ``submit``.
    ///
    /// Returns:
    ///     A ``Corrected``, with the figure before and the one after.
    ///
    /// Raises:
    ///     NotFoundError: If the round does not ask the measure, or expects nothing of the area.
    ///     InvalidArgumentError: If there is neither a value nor a reason for having none, or both; if the reason is empty, the
    ///         figure has not been approved, or an author is lacking.
    ///     ConflictError: If others went on writing at the same moment; try again.
    ///     FileError: If the ledger cannot be written.
    ///
    /// Examples:
    ///     >>> round = kultti.Round.open("libraries-2020.round.json")
    ///     >>> ledger = kultti.Ledger.open("ledger")
    ///     >>> _ = ledger.approve(round, author="Bo Berg")
    ///     >>> done = ledger.correct(round, "Kokkola", "library.events", 14, reason="counted twice", author="Bo Berg")
    ///     >>> done.before.value, done.after.value
    ///     (41.0, 14.0)
    #[pyo3(signature = (round, area, measure, value=None, *, missing=None, note=String::new(), reason, author=None, now=None), text_signature = "($self, round, area, measure, value=None, *, missing=None, note='', reason, author=None, now=None)")]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn correct(
        &self,
        py: Python<'_>,
        round: Bound<'_, Round>,
        area: &str,
        measure: &str,
        value: Option<f64>,
        missing: Option<&str>,
        note: String,
        reason: &str,
        author: Option<String>,
        now: Option<MomentArgument>,
    ) -> PyResult<Py<Corrected>> {
        let round = Arc::clone(&round.get().round);
        let (key, after, act, mut ledger) = self.said(py, || {
            let key = (round.resolve(area)?.area.clone(), MeasureId::from(measure));
            let after = figure(value, missing, note)?;
            Ok((key, after, act(author, reason, now)?, self.writable()?))
        })?;
        let corrected = self.wait(py, async move {
            let key = (&key.0, &key.1);
            let corrected = collection::correct(&mut ledger, &round, key, &after, &act).await?;
            Ok((ledger, corrected))
        })?;
        Corrected::of(py, corrected, self.language)
    }

    /// Records whether the figures of municipalities may be published, each in a commit of its own; one that has said the same
    /// before needs none.
    ///
    /// Args:
    ///     round: The round.
    ///     areas: The municipalities, by code or name: one, or a list.
    ///     publish: Whether their figures may be published.
    ///     author: As in ``submit``.
    ///     reason: Why.
    ///     now: As in ``submit``.
    ///
    /// Returns:
    ///     The version of the ledger that says so.
    ///
    /// Raises:
    ///     NotFoundError: If the round expects nothing of an area.
    ///     InvalidArgumentError: If no area is named, an author is lacking, or ``now`` has no time zone.
    ///     ConflictError: If others went on writing at the same moment; try again.
    ///     FileError: If the ledger cannot be written.
    ///
    /// Examples:
    ///     >>> round = kultti.Round.open("libraries-2020.round.json")
    ///     >>> ledger = kultti.Ledger.open("ledger")
    ///     >>> ledger.consent(round, "Kokkola", publish=False, author="Aino Ahonen")
    ///     2
    ///     >>> ledger.status(round).reporters[0].consent
    ///     False
    #[pyo3(signature = (round, areas, *, publish=true, author=None, reason="", now=None))]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn consent(
        &self,
        py: Python<'_>,
        round: Bound<'_, Round>,
        areas: Texts,
        publish: bool,
        author: Option<String>,
        reason: &str,
        now: Option<MomentArgument>,
    ) -> PyResult<i64> {
        let round = round.get();
        let (areas, act, mut ledger) = self.said(py, || {
            let areas = named(Some(areas), "areas")?;
            Ok((
                reporters(round, areas)?,
                act(author, reason, now)?,
                self.writable()?,
            ))
        })?;
        let round = Arc::clone(&round.round);
        self.wait(py, async move {
            let mut version = ledger.version();
            for area in &areas {
                version = collection::consent(&mut ledger, &round, area, publish, &act).await?;
            }
            Ok((ledger, version))
        })
    }

    /// Tells who recorded what, when and why.
    ///
    /// Args:
    ///     round: The round.
    ///     area: A municipality, by code or name: every line of it.
    ///     measure: The id of a measure: every line of it.
    ///     as_of: As in ``status``.
    ///
    /// Returns:
    ///     A ``Log``: with neither an area nor a measure a row for each commit, else one for each line, with the figure before.
    ///
    /// Raises:
    ///     NotFoundError: If the round does not ask the measure, or expects nothing of the area.
    ///     InvalidArgumentError: If ``as_of`` cannot be read, or has no time zone.
    ///     InvalidDataError: If the ledger has been damaged.
    ///
    /// Examples:
    ///     >>> round = kultti.Round.open("libraries-2020.round.json")
    ///     >>> log = kultti.Ledger.open("ledger").log(round, "Kokkola", "library.events")
    ///     >>> [(row["kind"], row["value"], row["author"]) for row in log.to_dict()]
    ///     [('fact', 41, 'Aino Ahonen')]
    #[pyo3(signature = (round, area=None, measure=None, *, as_of=None))]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn log(
        &self,
        py: Python<'_>,
        round: Bound<'_, Round>,
        area: Option<&str>,
        measure: Option<&str>,
        as_of: Option<MomentArgument>,
    ) -> PyResult<Py<Log>> {
        let language = round.get().language;
        let round = Arc::clone(&round.get().round);
        let options = self.said(py, || {
            let area = area.map(|text| round.resolve(text)).transpose()?;
            let measure = measure.map(|id| round.asked(&MeasureId::from(id))).transpose()?;
            Ok(LogOptions {
                area: area.map(|reporter| reporter.area.clone()),
                measure: measure.map(|asked| asked.measure.clone()),
                as_of: MomentArgument::read(as_of, "as_of")?,
            })
        })?;
        let (ledger, pinned) = (self.seen(), self.pinned);
        let log = self.wait(py, async move {
            let ledger = Self::newest(ledger, pinned).await?;
            let log = collection::log(&ledger, &round, &options).await?;
            Ok((ledger, log))
        })?;
        Log::of(py, log, language)
    }

    /// Reads what is known of every figure: of its lines that have reached a stage, the last. A figure that was withdrawn is
    /// there, without a value and with the reason.
    ///
    /// Args:
    ///     as_of: As in ``status``.
    ///     minimum: The lowest stage that counts: ``"draft"``, ``"submitted"``, ``"approved"``, ``"final"`` or ``"corrected"``.
    ///     scenario: ``"actual"``, ``"budget"`` or ``"forecast"``.
    ///     rounds: Ids of rounds, one or a list; every round without it.
    ///
    /// Returns:
    ///     A ``Facts``, which is read as a stream: by measure, period, area and borders.
    ///
    /// Raises:
    ///     InvalidArgumentError: If an argument cannot be read.
    ///     InvalidDataError: If the ledger has been damaged.
    ///
    /// Examples:
    ///     >>> ledger = kultti.Ledger.open("ledger")
    ///     >>> ledger.facts(minimum="submitted").to_polars().select("measure", "value").rows()
    ///     [('library.events', 41.0), ('library.net_operating_cost', 2900000.0)]
    ///     >>> ledger.facts().to_polars().height                # nothing is approved yet
    ///     0
    #[pyo3(signature = (*, as_of=None, minimum="approved", scenario="actual", rounds=None))]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn facts(
        &self,
        py: Python<'_>,
        as_of: Option<MomentArgument>,
        minimum: &str,
        scenario: &str,
        rounds: Option<Texts>,
    ) -> PyResult<Facts> {
        let known = self.said(py, || {
            Ok(Known {
                as_of: MomentArgument::read(as_of, "as_of")?,
                minimum: stage(minimum, "minimum")?,
                scenario: self::scenario(scenario)?,
                rounds: named(rounds, "rounds")?.map_or_else(Vec::new, Texts::whole),
            })
        })?;
        let (ledger, pinned) = (self.seen(), self.pinned);
        let ledger = self.wait(py, async move {
            let ledger = Self::newest(ledger, pinned).await?;
            Ok((ledger.clone(), ledger))
        })?;
        Ok(Facts::new(ledger, known, self.language))
    }

    /// Makes a release of what has been collected, beside the figures of another release, such as population.
    ///
    /// Municipalities that have not allowed publication are in it without values, as suppressed; what was asked and not
    /// answered, as not reported: nothing is left out. Figures that are not approved are provisional. The note of a corrected
    /// figure ends with the reason, so that ``Release.diff`` tells it. The same ledger version, rounds and base make the same
    /// release, byte by byte.
    ///
    /// Args:
    ///     rounds: The rounds that the ledger holds figures of: one, or a list; the ``….round.json`` beside the ledger and in the
    ///         current folder without it.
    ///     base: The release with everything else; the example release without it.
    ///     minimum: The lowest stage that is published.
    ///     as_of: As in ``status``: what was published at a time can be made again.
    ///     id: Identifier of the series of releases; that of the round without it.
    ///     title: Title, in every language the same; the name of the round without it.
    ///
    /// Returns:
    ///     A ``Release``; its ``write`` makes the file.
    ///
    /// Raises:
    ///     NotFoundError: If the ledger holds figures of a round that is not given or found.
    ///     InvalidArgumentError: If an argument cannot be read, or a round is not one of actual figures.
    ///     InvalidDataError: If a figure is in the base already, or the ledger has been damaged.
    ///
    /// Examples:
    ///     >>> round = kultti.Round.open("libraries-2020.round.json")
    ///     >>> ledger = kultti.Ledger.open("ledger")
    ///     >>> _ = ledger.approve(round, author="Bo Berg")
    ///     >>> ledger.publish([round]).id == ledger.publish([round]).id
    ///     True
    #[pyo3(signature = (rounds=None, *, base=None, minimum="approved", as_of=None, id=None, title=None))]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn publish(
        &self,
        py: Python<'_>,
        rounds: Option<RoundsArgument>,
        base: Option<Bound<'_, Release>>,
        minimum: &str,
        as_of: Option<MomentArgument>,
        id: Option<String>,
        title: Option<String>,
    ) -> PyResult<Release> {
        let options = self.said(py, || {
            Ok(PublishOptions {
                minimum: stage(minimum, "minimum")?,
                as_of: MomentArgument::read(as_of, "as_of")?,
                id,
                title,
            })
        })?;
        let base = base.map(|base| Arc::clone(&base.get().release));
        let given = rounds.map_or_else(Vec::new, |rounds| rounds.0);
        let (ledger, pinned) = (self.seen(), self.pinned);
        let release = self.wait(py, async move {
            let ledger = Self::newest(ledger, pinned).await?;
            let base = match base {
                Some(base) => base,
                None => Arc::new(release::Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?),
            };
            let rounds = collection::rounds_of(&ledger, given).await?;
            let (release, _) = collection::publish(&ledger, &rounds, &base, &options).await?;
            Ok((ledger, release))
        })?;
        Ok(Release::new(Arc::new(release), self.language))
    }

    fn __repr__(&self) -> String {
        let ledger = self.seen();
        format!("Ledger({:?}, version={})", ledger.address(), ledger.version())
    }
}

/// A list that was given and holds nothing: most likely a mistake, and never everything.
fn named(texts: Option<Texts>, name: &str) -> Result<Option<Texts>> {
    match texts {
        Some(Texts::Several(several)) if several.is_empty() => Err(invalid(name, "one at least", "[]")),
        texts => Ok(texts),
    }
}

/// A finding, or its id.
pub(crate) struct FindingArgument(String);

impl<'py> FromPyObject<'_, 'py> for FindingArgument {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(finding) = value.cast::<crate::check::Finding>() {
            return Ok(Self(finding.get().finding.clone()));
        }
        let text = value.extract().map(Self);
        text.map_err(|_| argument::expected("a str or a Finding", value))
    }
}

/// One round or several.
pub(crate) struct RoundsArgument(Vec<collection::Round>);

impl<'py> FromPyObject<'_, 'py> for RoundsArgument {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let refused = |_: PyErr| argument::expected("a Round or a list of them", value);
        let one = |item: &Bound<'py, PyAny>| -> PyResult<collection::Round> {
            let round = item.cast::<Round>()?;
            Ok(collection::Round::clone(&round.get().round))
        };
        if let Ok(round) = one(&value) {
            return Ok(Self(vec![round]));
        }
        let items = value.try_iter().map_err(refused)?;
        let rounds = items.map(|item| one(&item?)).collect::<PyResult<_>>();
        rounds.map(Self).map_err(refused)
    }
}
