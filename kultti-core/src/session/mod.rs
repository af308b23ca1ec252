//! The only maker of DataFusion sessions: configuration, memory limit, functions.

#[cfg(feature = "ledger")]
mod reader;

#[cfg(feature = "ledger")]
pub(crate) use reader::reader;
