//! The people's side of a collection: rounds, forms, checks and submissions.

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
pub use submit::{Submitted, submit};
pub use writing::{Act, day_of, moment};
