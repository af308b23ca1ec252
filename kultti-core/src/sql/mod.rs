//! SQL over a release: its observations, its catalogue and territory, and the verbs as table functions.
//!
//! A [`Database`] is one release, asked in SQL by DataFusion. It only reads: a query reaches the release and the files that were
//! registered, and nothing else.
//!
//! | table or function | one row for each |
//! |---|---|
//! | `observations` | measure, period, area and borders, as the release holds them |
//! | `indicators`, `measures`, `areas` | what the catalogue and the territory declare |
//! | `groupings` | area and group, with the years; size classes follow from the population and are not among them |
//! | `notes` | break, comparability flag, joint arrangement and caveat |
//! | `theme_…` | area and period, on present borders, with a column for each indicator of the theme |
//! | `compare(indicator, …)` | area: value, rank, distance to the country |
//! | `rank(indicator, …)` | area, as [`Release::rank`](crate::release::Release::rank) |
//! | `groups(indicator, …, grouping)` | group, as [`Release::groups`](crate::release::Release::groups) |
//! | `trend(indicator, area…)` | area and period, as [`Release::trend`](crate::release::Release::trend) |
//! | `compare_all(column…)` | indicator, period and area, as [`Release::compare_all`](crate::release::Release::compare_all) |
//! | `convert_territory(measure, period, …)` | area on other borders, as [`Slicer::measure`](crate::panel::Slicer::measure) |
//!
//! Arguments of functions are literal values. After the named ones come, in any order and each known by its form, a period
//! (`'2019'`), an order (`'ascending'`, `'descending'`) and borders (`'now'`, `'then'`, `'2021-01-01'`); what is left out is what
//! the verb takes by itself. Columns of `compare_all` are called as asked, with `_` for `:`
//! (`compare_all('difference:region')` has the column `difference_region`).
//!
//! Codes and periods are text: `area = '091'`, `period = '2019'`. A number equals a text that spells it (`area = 91`,
//! `period = 2019`), and none that is no number.

mod answer;
mod arguments;
mod columns;
mod compare_all;
mod database;
mod failure;
mod keys;
mod leaf;
mod listing;
mod memory;
mod objects;
mod observation_rows;
mod observations;
mod own;
mod prune;
mod slices;
mod statement;
mod tables;
mod theme;
mod verbs;
#[cfg(feature = "cluster")]
mod wanted_rows;

pub use answer::Answer;
#[cfg(feature = "cluster")]
pub(crate) use compare_all::WantedComparison;
pub use database::{Database, DatabaseOptions};
#[cfg(feature = "cluster")]
pub(crate) use failure::{external, failed};
#[cfg(feature = "cluster")]
pub(crate) use leaf::{Cut, LeafExec};
pub use listing::{ObjectCard, ObjectList};
pub use memory::MemorySize;
pub use objects::{DatabaseObject, DatabaseObjectKind};
pub use own::OwnData;
#[cfg(feature = "cluster")]
pub(crate) use wanted_rows::WantedRows;
