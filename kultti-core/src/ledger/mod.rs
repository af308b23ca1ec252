//! The ledger of a collection: a Delta Lake table of every submitted figure, to which lines are only ever added.

mod commit;
mod compact;
mod entry;
mod facts;
mod failure;
mod history;
mod rows;
mod schema;
mod select;
mod store;
mod table;

pub use commit::{CommitInfo, Counts, Input};
pub use entry::{Entry, EntryKind, Recorded};
pub use facts::{Facts, Known, KnownFigure};
pub use history::Commit;
pub use select::Select;
pub use table::Ledger;
