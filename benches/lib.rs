//! Benchmarks of Kultti: `generate.rs` makes the data, `run.py` runs Kultti and its peers over it, `decode_floor.rs` is
//! what no reader of the file can beat, `formats.rs` and `formats.py` read and write tables of statistical offices beside
//! other libraries, `ledger.rs` fills and reads the ledger of a collection, `sql.rs` asks in SQL what is asked directly
//! beside it, and `compare.rs` times the kernels; see `docs/performance.md`.
