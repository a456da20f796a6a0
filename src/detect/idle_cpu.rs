//! Work without end that has no other name.

use super::idle::{CPU_SOURCE, main_figure, main_ms_per_s, step};
use super::{Arms, Detector, Sighting, Threshold};
use super::{
    animation_loop, endless_animation, geometry_polling, message_loop, observer_loop, promise_loop,
    runaway_scroll, timer_storm,
};
use crate::model::{Finding, Severity, Unit};
use crate::trace::{Callback, Evidence};

pub const DETECTOR: Detector = Detector {
    id: "idle_cpu",
    name: "work while nobody touches the page",
    severity: Severity::Warning,
    what: "Main-thread CPU time while nobody touches the page, beyond that without the tag, where no other detector says what kind of work it is.",
    example: "A session recorder takes a picture of the whole page for each frame of an animation that the page itself has.",
    needs_steps: &[],
    why: "The main thread never comes to rest: every tap waits behind the work, and phones get hot and lose charge.",
    fix: "Ask the owner what the code waits for, and to do its work when that has happened, in idle callbacks and bounded pieces.",
    thresholds: THRESHOLDS,
    detect,
};

#[rustfmt::skip]
const CPU: Threshold = Threshold {
    id: "cpu", name: "main-thread CPU time per second at rest, beyond the control arm", value: 60.0, unit: Unit::Ms,
    source: CPU_SOURCE,
};

const THRESHOLDS: &[Threshold] = &[CPU];

/// They say more, each of its kind of work.
const OTHERS: &[&Detector] = &[
    &runaway_scroll::DETECTOR,
    &timer_storm::DETECTOR,
    &animation_loop::DETECTOR,
    &observer_loop::DETECTOR,
    &message_loop::DETECTOR,
    &promise_loop::DETECTOR,
    &geometry_polling::DETECTOR,
    &endless_animation::DETECTOR,
];

fn detect(arms: &Arms) -> Vec<Finding> {
    let Some(seen) = arms.exceeds(&CPU, sustained_ms_per_s) else {
        return Vec::new();
    };
    if OTHERS.iter().any(|other| arms.also_found(other)) {
        return Vec::new();
    }
    let culprit = arms.blame(|evidence: &Evidence, call: &Callback| {
        let span = evidence.rest().span;
        let at_rest = span.is_some_and(|span| span.holds(call.start_us));
        if at_rest { call.cpu_us } else { 0.0 }
    });
    let sighting = Sighting {
        seen,
        culprit,
        did: format!(
            "keeps the main thread busy while nobody touches the page, for {} of CPU per second",
            Unit::Ms.show(arms.with(main_ms_per_s))
        ),
        step: step(arms),
        figures: vec![main_figure(arms)],
    };
    vec![arms.finding(&DETECTOR, sighting)]
}

/// The smaller of both halves': what has ended, or was one piece of work, does not go on.
fn sustained_ms_per_s(evidence: &Evidence) -> f64 {
    let Some(span) = evidence.rest().span else {
        return 0.0;
    };
    let cpu = span
        .halves()
        .map(|half| evidence.main_cpu_us(&[half]) / 1e3 / (half.length_us() / 1e6).max(1e-3));
    cpu[0].min(cpu[1])
}
