//! Frames within the page that never come to rest.

use super::idle::{step, thread_culprit, threads_ms_per_s};
use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{CodeLocation, Finding, Severity, ThreadKind, Unit};
use crate::trace::{BUSY_FRAME_MS_PER_S, Evidence};

pub const DETECTOR: Detector = Detector {
    id: "busy_frame",
    name: "frame that never rests",
    severity: Severity::Warning,
    what: "CPU time of frames within the page while nobody touches it, beyond that without the tag. Frames of other sites may run in processes of their own, which the page's figures leave out.",
    example: "An advertisement in an iframe animates a canvas that nobody looks at.",
    needs_steps: &[],
    why: "No measure of the page shows it, and yet it takes a core from everything else, and phones get hot and lose charge.",
    fix: "Ask the owner to rest when there is nothing to do and when the frame is out of view; load the frame when it comes into view (loading=lazy).",
    thresholds: THRESHOLDS,
    detect,
};

#[rustfmt::skip]
const CPU: Threshold = Threshold {
    id: "cpu", name: "CPU time of frames per second at rest, beyond the control arm", value: BUSY_FRAME_MS_PER_S, unit: Unit::Ms,
    source: "ninety tags in Chromium 156: at most 40 ms in those that behave, 800 ms and more in frames that spin",
};

const THRESHOLDS: &[Threshold] = &[CPU];

fn detect(arms: &Arms) -> Vec<Finding> {
    let cpu = |evidence: &Evidence| {
        let calls = embedded(evidence).into_iter();
        let shared = calls.fold(0.0, |sum, (_, _, cpu_us)| sum + cpu_us);
        threads_ms_per_s(evidence, ThreadKind::Frame) + evidence.rest().per_s(shared / 1e3)
    };
    let Some(seen) = arms.exceeds(&CPU, cpu) else {
        return Vec::new();
    };
    let culprit = thread_culprit(arms, ThreadKind::Frame);
    let culprit = culprit.or_else(|| arms.blame_places(embedded));
    let sighting = Sighting {
        seen,
        culprit,
        did: format!(
            "keeps a frame busy while nobody touches the page, for {} of CPU per second",
            Unit::Ms.show(arms.with(cpu))
        ),
        step: step(arms),
        figures: vec![arms.figure("CPU of frames per second at rest", Unit::Ms, cpu)],
    };
    vec![arms.finding(&DETECTOR, sighting)]
}

/// What frames do on the page's own thread.
fn embedded<'v>(evidence: &Evidence<'v>) -> Vec<(&'v CodeLocation, u32, f64)> {
    let span = evidence.rest().span;
    span.map_or_else(Vec::new, |span| evidence.embedded_calls(span))
}
