//! Integration tests of `kultti-core`: the rules of the house, a made-up country that can be worked out by hand, bad
//! input, damaged releases, and the example release against its sources.

#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests fail the test")]
#![allow(clippy::print_stderr, reason = "a test that could not look says so")]

mod bad_declarations;
mod bad_input;
mod breaks;
mod change;
#[cfg(feature = "cluster")]
mod cluster;
mod comparability;
mod composition;
mod cost_per_use;
mod country;
mod cubes;
mod data;
mod derivation;
mod encodings;
mod expected;
mod finland;
mod floors;
mod foreign_tables;
mod formats_arrow;
mod formats_jsonstat;
#[cfg(feature = "ledger")]
mod forms;
mod frame;
#[cfg(feature = "ledger")]
mod hostile_forms;
mod import;
mod inequality;
mod intervals;
mod layouts;
#[cfg(feature = "ledger")]
mod ledger;
mod naive;
mod office_tables;
mod oracle;
mod parquet_tables;
mod parts_said;
mod peers;
mod printed;
mod px;
mod release;
mod release_diff;
mod result_cubes;
mod round_trips;
#[cfg(feature = "ledger")]
mod rounds;
#[cfg(feature = "sql")]
mod rules;
mod sdmx_csv;
mod site;
#[cfg(feature = "sql")]
mod sql;
mod standing;
#[cfg(feature = "ledger")]
mod stores;
mod text_tables;
mod three_year;
mod workbooks;
