//! Workers that never come to rest.

use super::idle::{step, thread_culprit, threads_ms_per_s};
use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Finding, Severity, ThreadKind, Unit};
use crate::trace::Evidence;

pub const DETECTOR: Detector = Detector {
    id: "busy_worker",
    name: "worker that never rests",
    severity: Severity::Warning,
    what: "CPU time of workers while nobody touches the page, beyond that without the tag.",
    example: "A fingerprinting script computes hashes in a worker for as long as the page is open.",
    needs_steps: &[],
    why: "No measure of the main thread shows it, and yet it takes a core from everything else, and phones get hot and lose charge.",
    fix: "Ask the owner what is computed, to do it once, and to end the worker when it has nothing to do.",
    thresholds: THRESHOLDS,
    detect,
};

#[rustfmt::skip]
const CPU: Threshold = Threshold {
    id: "cpu", name: "CPU time of workers per second at rest, beyond the control arm", value: 100.0, unit: Unit::Ms,
    source: "ninety tags in Chromium 156: at most 40 ms in those that behave, 800 ms and more in workers that spin",
};

const THRESHOLDS: &[Threshold] = &[CPU];

fn detect(arms: &Arms) -> Vec<Finding> {
    let cpu = |evidence: &Evidence| threads_ms_per_s(evidence, ThreadKind::Worker);
    let Some(seen) = arms.exceeds(&CPU, cpu) else {
        return Vec::new();
    };
    let sighting = Sighting {
        seen,
        culprit: thread_culprit(arms, ThreadKind::Worker),
        did: format!(
            "keeps a worker busy while nobody touches the page, for {} of CPU per second",
            Unit::Ms.show(arms.with(cpu))
        ),
        step: step(arms),
        figures: vec![arms.figure("CPU of workers per second at rest", Unit::Ms, cpu)],
    };
    vec![arms.finding(&DETECTOR, sighting)]
}
