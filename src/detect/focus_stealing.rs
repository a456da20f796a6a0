//! Fields that take the keyboard without being asked.

use super::shared::printable;
use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Act, Finding, Severity, Unit};
use crate::trace::{Evidence, soon_after};

pub const DETECTOR: Detector = Detector {
    id: "focus_stealing",
    name: "focus taken",
    severity: Severity::Warning,
    what: "Calls of focus() on form fields by the tag that do not follow a click or touch of the user's.",
    example: "A newsletter layer focuses its own e-mail field two seconds after load, while the visitor types into the search box.",
    needs_steps: &[],
    why: "What people type goes somewhere else, phones open their keyboard over the page, and screen readers lose their place.",
    fix: "Focus a field only in answer to a click on the tag's own button.",
    thresholds: &[CALLS],
    detect,
};

#[rustfmt::skip]
const CALLS: Threshold = Threshold {
    id: "calls", name: "unasked calls of focus(), beyond the control arm", value: 1.0, unit: Unit::Count,
    source: "WCAG 2.2, 3.2.1 and 3.2.5: the context changes only on the user's request; one is one too many",
};

/// A layer that a click opens may be animated before it takes the focus.
const ANSWER_US: f64 = 1e6;

fn detect(arms: &Arms) -> Vec<Finding> {
    let Some(calls) = arms.calls(&["focus"], &CALLS, unasked) else {
        return vec![];
    };
    let field = calls
        .first
        .map_or("a field".into(), |act| printable(&act.what, 80));
    let count = |evidence: &Evidence| {
        let acts = evidence.inventory().into_iter().flat_map(|all| &all.acts);
        let focus = acts.filter(|act| act.kind == "focus");
        focus
            .map(|act| unasked(evidence, act))
            .fold(0.0, |a, b| a + b)
    };
    vec![arms.finding(
        &DETECTOR,
        Sighting {
            step: arms.step_at(calls.at_us),
            seen: calls.seen,
            culprit: calls.culprit,
            did: format!("moves the focus to {field} though nobody clicked"),
            figures: vec![arms.figure("unasked calls of focus()", Unit::Count, count)],
        },
    )]
}

/// How many of an act's calls do not follow a click or touch.
pub fn unasked(evidence: &Evidence, act: &Act) -> f64 {
    let asked = evidence.asked_us();
    let unasked = act.times_ms.iter().filter(|time_ms| {
        let at_us = evidence.at_us(**time_ms);
        at_us.is_some_and(|at_us| !soon_after(&asked, at_us, ANSWER_US))
    });
    unasked.count() as f64
}
