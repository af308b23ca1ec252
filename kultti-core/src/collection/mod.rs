//! The people's side of a collection: rounds, forms, checks and submissions.
//!
//! A [`Round`] is one file that says what is asked of whom. A [`Form`] of it is filled in and read back as [`Answers`], which
//! [`check()`] tests by the round's rules. [`submit()`] takes them into a [`crate::ledger::Ledger`], [`approve()`] accepts what has no open
//! errors, [`publish()`] makes a release of it; [`correct()`], [`consent()`] and [`waive()`] record what a coordinator says without a
//! form, [`status()`] and [`log()`] tell how things stand and how they came about. The time is always an argument: nothing here
//! reads a clock.
//!
//! ```
//! # tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
//! use kultti_core::collection::{
//!     self, Act, Form, FormFile, FormFormat, LogOptions, PublishOptions, Round, RoundStatus,
//! };
//! use kultti_core::language::Language;
//! use kultti_core::ledger::Ledger;
//! use kultti_core::model::{Stage, Status};
//! use kultti_core::release::Release;
//! use kultti_core::rules::Figure;
//!
//! let base = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
//! let folder = tempfile::tempdir().expect("a folder");
//! let recipe = folder.path().join("round.toml");
//! std::fs::write(&recipe, r#"
//! schema = 1
//! id = "visits-2020"
//! label = { fi = "Kirjastokäynnit", sv = "Biblioteksbesök", en = "Library visits" }
//! instructions = { fi = "Anna käynnit.", sv = "Ange besöken.", en = "Give the visits." }
//! contact = "collection@example.org"
//! period = "2020"
//! opens = "2021-03-01"
//! due = "2021-04-30"
//! areas = ["Kokkola", "Kannus"]
//! [[measure]]
//! id = "library.visits"
//! "#).expect("written");
//! let round = Round::define(&recipe, &base)?;
//!
//! // A municipality fills in its form.
//! let kokkola = round.resolve("Kokkola")?.area.clone();
//! let form = Form::new(&round, &kokkola, Language::En)?.to_bytes(FormFormat::Json)?;
//! let mut form: serde_json::Value = serde_json::from_slice(&form).expect("JSON");
//! form["answers"][0]["value"] = 290_000.into();
//! form["consent"] = true.into();
//! let filled = FormFile::from_bytes("kokkola.json", form.to_string().into_bytes())?;
//! let answers = filled.answers(&round)?;
//! assert!(collection::check(&round, &answers, Stage::Submitted)?.findings.is_empty());
//!
//! let mut ledger = Ledger::create("memory:///visits").await?;
//! let on = |author: &str, reason: &str, day: &str| Act {
//!     author: author.into(),
//!     reason: reason.into(),
//!     now: format!("{day}T12:00:00Z").parse().expect("a time"),
//! };
//! let sent = on("kokkola@example.org", "", "2021-03-20");
//! let taken = collection::submit(&mut ledger, &round, &answers, Stage::Submitted, &sent).await?;
//! assert_eq!((taken.written, taken.late), (1, false));
//!
//! // The coordinator looks, approves, and publishes.
//! let stands: RoundStatus = collection::status(&ledger, &round, None, sent.day()).await?;
//! assert_eq!(stands.response_rate(), Some(0.5));
//! let accepted = on("coordinator@example.org", "", "2021-05-03");
//! collection::approve(&mut ledger, &round, &[], Stage::Approved, &accepted).await?;
//! let rounds = [round];
//! let (first, said) = collection::publish(&ledger, &rounds, &base, &PublishOptions::default()).await?;
//! assert_eq!((said.collected, said.not_answered), (1, 1));
//! let cell = first.compare("library.visits_per_inhabitant", "Kokkola")?.cell;
//! assert_eq!(cell.value, Some(290_000.0 / 47_681.0));
//!
//! // A mistake is found: the figure before stays, the one now has a reason, and the earlier release can be made again.
//! let right = Figure { value: Some(145_000.0), ..Figure::unanswered() };
//! let found = on("coordinator@example.org", "counted twice", "2021-09-01");
//! let measure = "library.visits".into();
//! collection::correct(&mut ledger, &rounds[0], (&kokkola, &measure), &right, &found).await?;
//! let history = collection::log(&ledger, &rounds[0], &LogOptions { area: Some(kokkola), ..LogOptions::default() }).await?;
//! let last = history.lines.last().expect("a line");
//! assert_eq!(last.before.as_ref().and_then(|figure| figure.value), Some(290_000.0));
//! assert_eq!((last.line.entry.value, last.line.entry.reason.as_str()), (Some(145_000.0), "counted twice"));
//! let then = PublishOptions { as_of: Some(accepted.now), ..PublishOptions::default() };
//! let (again, _) = collection::publish(&ledger, &rounds, &base, &then).await?;
//! assert_eq!(again.id(), first.id());
//! # assert_eq!(right.status, Status::Normal);
//! # Ok::<(), kultti_core::Error>(())
//! # }).expect("the example");
//! ```

mod answers;
mod approve;
mod check;
mod correct;
mod form;
mod log;
mod publish;
mod received;
mod round;
mod status;
mod submit;
mod writing;

pub use answers::{Answer, Answers, Place};
pub use approve::{Approved, approve};
pub use check::{Check, CheckedForm, PlacedFinding, check, check_round};
pub use correct::{CorrectedFigure, Waived, consent, correct, waive};
pub use form::{Form, FormFile, FormFormat, Remark};
pub use log::{Log, LogOptions, LoggedLine, log};
pub use publish::{PublishOptions, Published, publish, rounds_of};
pub use received::Received;
pub use round::{Asked, Before, Reporter, Round, RoundDocument, RuleFile};
pub use status::{ReporterStatus, RoundStatus, open_findings, status};
pub use submit::{Submitted, submit, submit_all};
pub use writing::{Act, day_of, moment};
