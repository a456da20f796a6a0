//! Dialogs of the browser's that stop everything.

use super::shared::{count, printable};
use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Finding, Severity, Unit};
use crate::trace::Evidence;

pub const DETECTOR: Detector = Detector {
    id: "blocking_dialog",
    name: "blocking dialog",
    severity: Severity::Warning,
    what: "Calls of alert, confirm, prompt or print by the tag, beyond those of the page without it.",
    example: "An exit-intent tag asks confirm(\"Leave without your discount?\") when the pointer moves to the window's edge.",
    needs_steps: &[],
    why: "The page stands still, with all its timers, until the visitor has answered; the dialog looks like the browser's own and frightens people away.",
    fix: "Ask the owner for a <dialog> element or a layer within the page.",
    thresholds: &[DIALOGS],
    detect,
};

#[rustfmt::skip]
const DIALOGS: Threshold = Threshold {
    id: "dialogs", name: "dialogs beyond the control arm", value: 1.0, unit: Unit::Count,
    source: "the HTML standard calls these methods a pause of the event loop and discourages them; one is one too many",
};

fn detect(arms: &Arms) -> Vec<Finding> {
    let Some(calls) = arms.calls(&["dialog"], &DIALOGS, |_, act| f64::from(act.count)) else {
        return vec![];
    };
    let what = calls
        .first
        .map_or("a dialog".into(), |act| printable(&act.what, 20));
    let dialogs = |evidence: &Evidence| count(evidence, "dialog");
    vec![arms.finding(
        &DETECTOR,
        Sighting {
            step: arms.step_at(calls.at_us),
            seen: calls.seen,
            culprit: calls.culprit,
            did: format!(
                "opens the browser's own {what} dialog, which stops the page until it is answered"
            ),
            figures: vec![arms.figure("dialogs", Unit::Count, dialogs)],
        },
    )]
}
