//! Rules as data: what must hold of the answers of a collection, and what was found.

mod finding;
mod record;

pub use finding::{Finding, Repair, Severity};
pub use record::{Figure, Known, Record, Records};
