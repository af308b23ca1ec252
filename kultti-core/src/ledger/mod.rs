//! The ledger of a collection: a Delta Lake table of every submitted figure, to which lines are only ever added.

mod entry;

pub use entry::{Entry, EntryKind, Recorded};
