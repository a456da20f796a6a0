//! Entries in the session history that nobody asked for.

use super::focus_stealing::unasked;
use super::shared::count;
use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Finding, Severity, Unit};
use crate::trace::Evidence;

pub const DETECTOR: Detector = Detector {
    id: "history_spam",
    name: "back button trap",
    severity: Severity::Warning,
    what: "Calls of history.pushState by the tag that do not follow a click, and many of history.replaceState, beyond those of the page without it.",
    example: "A recommendation tag pushes the page's own address on load, and shows its offers when the visitor goes back.",
    needs_steps: &[],
    why: "The back button does not lead back: people have to press it several times, or cannot leave at all. Many calls also make browsers throttle the page's own navigation.",
    fix: "Ask the owner to leave the history alone; a state that belongs into the address may be set once with replaceState.",
    thresholds: &[PUSHES, CALLS],
    detect,
};

#[rustfmt::skip]
const PUSHES: Threshold = Threshold {
    id: "pushes", name: "entries pushed unasked, beyond the control arm", value: 1.0, unit: Unit::Count,
    source: "Chromium skips entries that a page adds without user activation for the same reason",
};
#[rustfmt::skip]
const CALLS: Threshold = Threshold {
    id: "calls", name: "calls of pushState and replaceState in all, beyond the control arm", value: 20.0, unit: Unit::Count,
    source: "WebKit refuses more than 100 in 10 s; tags that tidy an address call it once or twice",
};

fn detect(arms: &Arms) -> Vec<Finding> {
    let pushes = arms.calls(&["history"], &PUSHES, |evidence, act| {
        if act.what == "pushState" {
            unasked(evidence, act)
        } else {
            0.0
        }
    });
    let pushed = pushes.is_some();
    let calls = pushes.or_else(|| arms.calls(&["history"], &CALLS, |_, act| f64::from(act.count)));
    let Some(calls) = calls else {
        return vec![];
    };
    let all = arms.figure(
        "calls of pushState and replaceState",
        Unit::Count,
        |evidence: &Evidence| count(evidence, "history"),
    );
    let did = if pushed {
        "adds entries to the session history though nobody clicked: the back button leads to the same page".into()
    } else {
        format!(
            "changes the session history {} times",
            Unit::Count.show(all.with)
        )
    };
    vec![arms.finding(
        &DETECTOR,
        Sighting {
            step: arms.step_at(calls.at_us),
            seen: calls.seen,
            culprit: calls.culprit,
            did,
            figures: vec![all],
        },
    )]
}
