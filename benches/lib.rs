//! Benchmarks of Kultti; see `compare.rs`.
