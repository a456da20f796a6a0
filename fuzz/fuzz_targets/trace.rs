//! Arbitrary bytes in arbitrary pieces: no panic, and the same trace as in one piece.
//!
//! ```sh
//! cargo install cargo-fuzz
//! cargo +nightly fuzz run trace fuzz/corpus/trace fuzz/seeds/trace -- -max_total_time=60
//! ```

#![no_main]

use libfuzzer_sys::fuzz_target;
use tagperf::browser::read_trace;

fuzz_target!(|input: &[u8]| {
    let Some((size, text)) = input.split_first() else {
        return;
    };
    let pieces = read_trace(text.chunks(usize::from(*size) + 1), "MAIN");
    assert!(pieces == read_trace([text], "MAIN"));
    let threads = pieces.threads.len();
    assert!(pieces.events.iter().all(|event| (event.thread as usize) < threads));
});
