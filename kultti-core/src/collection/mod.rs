//! The people's side of a collection: rounds, forms, checks and submissions.

mod answers;
mod check;
mod form;
mod round;

pub use answers::{Answer, Answers, Place};
pub use check::{Check, CheckedForm, PlacedFinding, check, check_round};
pub use form::{Form, FormFile, FormFormat, Remark};
pub use round::{Asked, Before, Reporter, Round, RoundDocument, RuleFile};
