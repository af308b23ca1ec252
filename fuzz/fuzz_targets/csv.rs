//! Random bytes as a file in the format that the target is named after.

#![no_main]

use kultti_core::formats::Format;

libfuzzer_sys::fuzz_target!(|data: &[u8]| kultti_fuzz::there_and_back(Format::Csv, data));
