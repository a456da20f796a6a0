//! Timers that fire without end, too often or with too much work.

use super::idle::{CPU_SOURCE, of, step, told};
use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Finding, Severity, Unit};
use crate::trace::Kind;

pub const DETECTOR: Detector = Detector {
    id: "timer_storm",
    name: "timer storm",
    severity: Severity::Warning,
    what: "Timers that go on while nobody touches the page, and fire too often or take too much CPU time. Timers that fire without the tag as well do not count, nor do those that only serve an observer, messages, or the polling of geometry.",
    example: "A loader asks every 4 ms whether a variable has been set, and never stops.",
    needs_steps: &[],
    why: "The main thread never comes to rest: every tap waits behind the timer, and phones get hot and lose charge. Each firing is short, so that no long task shows it.",
    fix: "Ask the owner to wait for an event or a promise instead of asking again and again; otherwise to ask at most a few times per second and to stop after some time, and to do work of any length when something has changed and not at each tick.",
    thresholds: THRESHOLDS,
    detect,
};

#[rustfmt::skip]
const FIRES: Threshold = Threshold {
    id: "fires", name: "timers that fire per second at rest, beyond the control arm", value: 50.0, unit: Unit::Count,
    source: "a tag that polls with care asks 1 to 20 times per second; setInterval with 10 ms or less has 100 to 250",
};
#[rustfmt::skip]
const CPU: Threshold = Threshold {
    id: "cpu", name: "CPU time of timers per second at rest, beyond the control arm", value: 50.0, unit: Unit::Ms,
    source: CPU_SOURCE,
};

const THRESHOLDS: &[Threshold] = &[FIRES, CPU];

fn detect(arms: &Arms) -> Vec<Finding> {
    let Some(told) = told(arms, "timers", Some(&FIRES), Some(&CPU), of(Kind::Timer)) else {
        return Vec::new();
    };
    let sighting = Sighting {
        did: format!(
            "goes on by timers while nobody touches the page: they fire {:.0} times per second and take {} of CPU",
            told.per_s,
            Unit::Ms.show(told.cpu_ms_per_s),
        ),
        seen: told.seen,
        culprit: told.culprit,
        step: step(arms),
        figures: told.figures,
    };
    vec![arms.finding(&DETECTOR, sighting)]
}
