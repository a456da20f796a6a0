//! Observers that cause what they observe.

use super::idle::{CPU_SOURCE, of, step, told};
use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Finding, Severity, Unit};
use crate::trace::Kind;

pub const DETECTOR: Detector = Detector {
    id: "observer_loop",
    name: "observer that feeds itself",
    severity: Severity::Severe,
    what: "A MutationObserver, ResizeObserver or IntersectionObserver whose callback changes what it observes, at once or through a timer or frame that it asks for, so that it is called again while nobody touches the page. Observers that hear of changes which others make do not count, nor do those that run so without the tag as well.",
    example: "A translation widget rewrites the text of a node for each mutation of that node.",
    needs_steps: &[],
    why: "The loop has no end: it takes a part of every frame, or all of the main thread, for as long as the page is open.",
    fix: "Ask the owner to disconnect the observer while its callback changes the page, or to change nothing when there is nothing to change.",
    thresholds: THRESHOLDS,
    detect,
};

#[rustfmt::skip]
const CALLS: Threshold = Threshold {
    id: "calls", name: "calls per second at rest that an observer causes itself, beyond the control arm", value: 20.0, unit: Unit::Count,
    source: "loops in Chromium 156: 60 per second when they wait for a frame, 240 by way of a timer, thousands within microtasks; observers that change nothing: none",
};
#[rustfmt::skip]
const CPU: Threshold = Threshold {
    id: "cpu", name: "CPU time of such calls per second at rest, beyond the control arm", value: 50.0, unit: Unit::Ms,
    source: CPU_SOURCE,
};

const THRESHOLDS: &[Threshold] = &[CALLS, CPU];

fn detect(arms: &Arms) -> Vec<Finding> {
    let Some(told) = told(
        arms,
        "observers' calls",
        Some(&CALLS),
        Some(&CPU),
        of(Kind::Observer),
    ) else {
        return Vec::new();
    };
    let sighting = Sighting {
        did: format!(
            "causes its own next call as an observer: {:.0} calls per second while nobody touches the page, which take {} of CPU",
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
