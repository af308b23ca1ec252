//! Random bytes as the file of a round.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| kultti_fuzz::collection::round(data));
