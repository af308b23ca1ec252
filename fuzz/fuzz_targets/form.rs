//! Random bytes as a filled form of the round in `seeds/round`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| kultti_fuzz::collection::form(data));
