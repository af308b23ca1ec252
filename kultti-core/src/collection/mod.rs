//! The people's side of a collection: rounds, forms, checks and submissions.

mod answers;
mod round;

pub use answers::{Answer, Answers, Place};
pub use round::{Asked, Before, Reporter, Round, RoundDocument, RuleFile};
