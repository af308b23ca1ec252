//! What Delta Lake says went wrong, as errors of ours.

use crate::error::Error;
use deltalake::DeltaTableError;
use deltalake::kernel::transaction::TransactionError;
use std::error::Error as StdError;
use std::io;

/// What kept a table from being read.
pub(super) fn reading(address: &str, error: &(dyn StdError + 'static)) -> Error {
    match io_cause(error) {
        // A file that the log names and that is not there is damage, not an address that is wrong.
        Some(cause) if cause.kind() != io::ErrorKind::NotFound => Error::io(address, cause),
        _ => damaged(address, error),
    }
}

/// What kept a table from being written.
pub(super) fn writing(address: &str, error: &(dyn StdError + 'static)) -> Error {
    match io_cause(error) {
        Some(cause) => Error::io(address, cause),
        None => damaged(address, error),
    }
}

/// Whether somebody else wrote the version that was to be written.
pub(super) fn is_conflict(error: &DeltaTableError) -> bool {
    match error {
        DeltaTableError::VersionAlreadyExists(_) => true,
        DeltaTableError::Transaction { source } => matches!(
            source,
            TransactionError::VersionAlreadyExists(_)
                | TransactionError::CommitConflict(_)
                | TransactionError::MaxCommitAttempts(_)
        ),
        _ => false,
    }
}

pub(super) fn damaged(address: &str, cause: impl ToString) -> Error {
    Error::LedgerDamaged {
        address: address.to_owned(),
        cause: cause.to_string(),
    }
}

/// What the system said, wherever in the chain of causes it stands.
fn io_cause<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a io::Error> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(cause) = error.downcast_ref::<io::Error>() {
            return Some(cause);
        }
        next = error.source();
    }
    None
}
