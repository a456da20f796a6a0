//! What detectors of endless work have in common.

mod threads;
mod told;

pub use threads::{cpu_ms_per_s as threads_ms_per_s, culprit as thread_culprit};
pub use told::{main_figure, main_ms_per_s, of, step, told};

/// The same for all that look at CPU time at rest.
pub const CPU_SOURCE: &str = "ninety tags in Chromium 156, nobody touching the page: at most 16 ms of main-thread CPU per second in those that behave, at least 150 ms in endless work";
