//! Frames of other sites that never come to rest.

use super::idle::{step, thread_culprit, threads_ms_per_s};
use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Finding, Severity, ThreadKind, Unit};
use crate::trace::Evidence;

pub const DETECTOR: Detector = Detector {
    id: "busy_frame",
    name: "frame that never rests",
    severity: Severity::Warning,
    what: "CPU time of frames of other sites while nobody touches the page, beyond that without the tag. Such frames run in processes of their own, which the page's figures leave out.",
    example: "An advertisement in an iframe animates a canvas that nobody looks at.",
    needs_steps: &[],
    why: "No measure of the page shows it, and yet it takes a core from everything else, and phones get hot and lose charge.",
    fix: "Ask the owner to rest when there is nothing to do and when the frame is out of view; load the frame when it comes into view (loading=lazy).",
    thresholds: THRESHOLDS,
    detect,
};

#[rustfmt::skip]
const CPU: Threshold = Threshold {
    id: "cpu", name: "CPU time of other sites' frames per second at rest, beyond the control arm", value: 100.0, unit: Unit::Ms,
    source: "ninety tags in Chromium 156: at most 40 ms in those that behave, 800 ms and more in frames that spin",
};

const THRESHOLDS: &[Threshold] = &[CPU];

fn detect(arms: &Arms) -> Vec<Finding> {
    let cpu = |evidence: &Evidence| threads_ms_per_s(evidence, ThreadKind::Frame);
    let Some(seen) = arms.exceeds(&CPU, cpu) else {
        return Vec::new();
    };
    let sighting = Sighting {
        seen,
        culprit: thread_culprit(arms, ThreadKind::Frame),
        did: format!(
            "keeps a frame busy while nobody touches the page, for {} of CPU per second",
            Unit::Ms.show(arms.with(cpu))
        ),
        step: step(arms),
        figures: vec![arms.figure("CPU of frames per second at rest", Unit::Ms, cpu)],
    };
    vec![arms.finding(&DETECTOR, sighting)]
}
