//! Kultti compares municipalities: an indicator model, a citable fact base and the calculations that make figures of
//! different municipalities comparable.
//!
//! Data walks through the crate once: files become observations ([`formats`]), observations with their catalogue and
//! territory become one [`release`] file, a release yields one indicator's area × period [`panel`], and the verbs of
//! [`compare`] turn panels into results that [`export`] writes. A module names only modules on the floors below it; a
//! test keeps it so.
//!
//! ```
//! use kultti_core::release::Release;
//!
//! let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
//! let comparison = release.compare("culture.net_operating_cost_per_inhabitant", "Kokkola")?;
//! assert_eq!(comparison.area.code.as_str(), "272");
//! assert!(comparison.cell.value.is_some());
//! # Ok::<(), kultti_core::Error>(())
//! ```

pub mod catalogue;
pub mod chart;
#[cfg(feature = "cluster")]
pub mod cluster;
#[cfg(feature = "ledger")]
pub mod collection;
pub mod compare;
pub mod error;
pub mod export;
pub mod formats;
pub mod language;
#[cfg(feature = "ledger")]
pub mod ledger;
pub mod model;
pub mod panel;
pub mod release;
pub mod report;
#[cfg(feature = "sql")]
pub mod rules;
#[cfg(feature = "sql")]
pub mod session;
pub mod source;
#[cfg(feature = "sql")]
pub mod sql;
pub mod stats;
pub mod store;
pub mod territory;

pub use error::{Error, ErrorKind, Result};

/// Runs the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
