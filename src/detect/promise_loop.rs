//! Promises that settle each other without end.

use super::idle::{CPU_SOURCE, main_figure, step};
use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{CodeLocation, Finding, Severity, Unit};
use crate::trace::{Evidence, Kind};

pub const DETECTOR: Detector = Detector {
    id: "promise_loop",
    name: "endless promises",
    severity: Severity::Severe,
    what: "Microtasks (promise reactions, async functions, queueMicrotask) that take CPU time without end while nobody touches the page. Microtasks that run without the tag as well do not count.",
    example: "An async function awaits a promise that has been settled, in a loop without end.",
    needs_steps: &[],
    why: "Microtasks run before anything else may: while they queue each other no click is heard and nothing is drawn. A loop that never waits for a task hangs the page.",
    fix: "Ask the owner to await something that takes time (an event, a response, a timer) in such a loop, and to end it.",
    thresholds: THRESHOLDS,
    detect,
};

#[rustfmt::skip]
const CPU: Threshold = Threshold {
    id: "cpu", name: "CPU time of microtasks per second at rest, beyond the control arm", value: 50.0, unit: Unit::Ms,
    source: CPU_SOURCE,
};

const THRESHOLDS: &[Threshold] = &[CPU];

fn detect(arms: &Arms) -> Vec<Finding> {
    let Some(seen) = arms.exceeds(&CPU, cpu_ms_per_s) else {
        return Vec::new();
    };
    let culprit = arms.blame_places(weights);
    let sighting = Sighting {
        seen,
        culprit,
        did: format!(
            "goes on in microtasks while nobody touches the page: they take {} of CPU per second",
            Unit::Ms.show(arms.with(cpu_ms_per_s))
        ),
        step: step(arms),
        figures: vec![
            arms.figure(
                "CPU of microtasks per second at rest",
                Unit::Ms,
                cpu_ms_per_s,
            ),
            main_figure(arms),
        ],
    };
    vec![arms.finding(&DETECTOR, sighting)]
}

/// Of promise reactions, and of calls that queue each other.
fn cpu_ms_per_s(evidence: &Evidence) -> f64 {
    let rest = evidence.rest();
    let Some(span) = rest.span else { return 0.0 };
    let called = queued(evidence).map(|(_, _, cpu)| cpu);
    called.fold(rest.per_s(evidence.promise_cpu_us(span) / 1e3), |a, b| {
        a + b
    })
}

/// The profile names promise reactions; where it has none, the turns that set microtasks off are named.
fn weights<'v>(evidence: &Evidence<'v>) -> Vec<(&'v CodeLocation, u32, f64)> {
    let Some(span) = evidence.rest().span else {
        return Vec::new();
    };
    let mut weights: Vec<_> = queued(evidence).collect();
    let promises = evidence.promises(span).into_iter();
    weights.extend(promises.map(|(code, script, us)| (code, script, us / 1e3)));
    if weights.is_empty() {
        let going = evidence.rest().going.iter();
        weights.extend(going.map(|going| (going.code, going.script, going.cpu_ms_per_s)));
    }
    weights
}

fn queued<'v>(evidence: &Evidence<'v>) -> impl Iterator<Item = (&'v CodeLocation, u32, f64)> {
    let loops = evidence.loops().iter();
    let queued = loops.filter(|at| at.kind == Kind::Promise);
    queued.map(|at| {
        let going = &evidence.rest().going[at.going];
        (going.code, going.script, going.cpu_ms_per_s)
    })
}
