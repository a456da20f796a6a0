//! Work for a page that nobody can see.

use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Finding, Severity, StepRecord, Unit};
use crate::trace::{Callback, Evidence};

pub const DETECTOR: Detector = Detector {
    id: "hidden_work",
    name: "work in a hidden page",
    severity: Severity::Warning,
    what: "Main-thread CPU time, or calls by timers and messages, that go on while the page's window is minimised or its tab in the background, beyond those without the tag. What is sent once when the page is hidden does not count.",
    example: "A ticker goes on to rebuild its list five times per second in a tab in the background.",
    needs_steps: &[],
    why: "A page that nobody looks at takes power and a core from the page that they do look at, times the number of open tabs.",
    fix: "Ask the owner to stop at visibilitychange and to begin again when the page is visible.",
    thresholds: THRESHOLDS,
    detect,
};

#[rustfmt::skip]
const CPU: Threshold = Threshold {
    id: "cpu", name: "main-thread CPU time per second while hidden, beyond the control arm", value: 50.0, unit: Unit::Ms,
    source: "as for pages at rest: at most 16 ms in tags that behave, at least 150 ms in endless work; browsers budget 10 ms per second for the timers of a page in the background",
};
#[rustfmt::skip]
const CALLS: Threshold = Threshold {
    id: "calls", name: "calls per second while hidden, beyond the control arm", value: 50.0, unit: Unit::Count,
    source: "browsers let the timers of a page in the background fire once per second; loops of messages or timers have 100 and more",
};

const THRESHOLDS: &[Threshold] = &[CPU, CALLS];

fn detect(arms: &Arms) -> Vec<Finding> {
    let most = (arms.most_without(cpu), arms.most_without(calls));
    let (busy, often) = (arms.limit(&CPU), arms.limit(&CALLS));
    let seen = arms.seen(|with| cpu(with) - most.0 >= busy || calls(with) - most.1 >= often);
    let Some(seen) = seen else {
        return Vec::new();
    };
    let culprit = arms.blame(|evidence: &Evidence, call: &Callback| {
        let span = evidence.hidden();
        let during = span.is_some_and(|span| span.holds(call.start_us));
        // Many light calls count beside a few heavy ones.
        if during { call.cpu_us + 50.0 } else { 0.0 }
    });
    let steps = arms.with.first();
    let step = steps.and_then(|evidence| evidence.steps(StepRecord::HIDDEN).next());
    let sighting = Sighting {
        seen,
        culprit,
        did: format!(
            "works on while the page is hidden: {} of CPU and {:.0} calls per second",
            Unit::Ms.show(arms.with(cpu)),
            arms.with(calls)
        ),
        step: step.map(|step| step.text.clone()),
        figures: vec![
            arms.figure("main-thread CPU per second while hidden", Unit::Ms, cpu),
            arms.figure("calls per second while hidden", Unit::Count, calls),
        ],
    };
    vec![arms.finding(&DETECTOR, sighting)]
}

/// The smaller of both halves': what has ended does not go on.
fn cpu(evidence: &Evidence) -> f64 {
    let Some(span) = evidence.hidden() else {
        return 0.0;
    };
    let halves = span.halves().map(|half| {
        let seconds = (half.length_us() / 1e6).max(1e-3);
        evidence.main_cpu_us(&[half]) / 1e3 / seconds
    });
    halves[0].min(halves[1])
}

fn calls(evidence: &Evidence) -> f64 {
    let Some(span) = evidence.hidden() else {
        return 0.0;
    };
    let turns = &evidence.turns().all;
    let halves = span.halves().map(|half| {
        let during = turns.iter().filter(|turn| half.holds(turn.start_us));
        during.count() as f64 / (half.length_us() / 1e6).max(1e-3)
    });
    halves[0].min(halves[1])
}
