//! What Delta Lake says went wrong, as errors of ours.

use crate::error::Error;
use crate::store;
use datafusion::error::DataFusionError;
use deltalake::DeltaTableError;
use deltalake::kernel::transaction::TransactionError;
use std::error::Error as StdError;
use std::io;

/// What kept a table from being read.
pub(super) fn reading(address: &str, error: &(dyn StdError + 'static)) -> Error {
    if let Some(cause) = shortage(error) {
        return Error::Engine { cause };
    }
    if let Some(told) = store::told(address, error) {
        return told;
    }
    match io_cause(error) {
        // A file that the log names and that is not there is damage, not an address that is wrong.
        Some(cause) if cause.kind() != io::ErrorKind::NotFound => Error::io(address, cause),
        _ => damaged(address, error),
    }
}

/// What kept a table from being written.
pub(super) fn writing(address: &str, error: &(dyn StdError + 'static)) -> Error {
    if let Some(told) = store::told(address, error) {
        return told;
    }
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

/// What the engine lacked: memory, or room on the disk for what it sorts. The ledger is as sound as before.
fn shortage(error: &(dyn StdError + 'static)) -> Option<String> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(DataFusionError::ResourcesExhausted(said)) = error.downcast_ref() {
            return Some(said.clone());
        }
        next = error.source();
    }
    None
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_want_of_memory_is_no_damage() {
        let lack = || DataFusionError::ResourcesExhausted("38 MB wanted, 34 there".into());
        for error in [lack(), lack().context("while sorting")] {
            let told = reading("ledger", &error);
            assert!(
                matches!(&told, Error::Engine { cause } if cause == "38 MB wanted, 34 there"),
                "{told:?}"
            );
        }
        let other = DataFusionError::Execution("a page is broken".into());
        assert!(matches!(reading("ledger", &other), Error::LedgerDamaged { .. }));
    }
}
