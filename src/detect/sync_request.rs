//! Requests during which the page stands still.

use super::shared::{count, printable};
use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Finding, Severity, Unit};
use crate::trace::Evidence;

pub const DETECTOR: Detector = Detector {
    id: "sync_request",
    name: "synchronous request",
    severity: Severity::Warning,
    what: "XMLHttpRequests of the tag that are opened as synchronous in the page itself, beyond those that the page makes without the tag.",
    example: "A loader reads its settings with `xhr.open(\"GET\", url, false)` before it does anything else.",
    needs_steps: &[],
    why: "Until the answer is there the page is dead: nothing is drawn, scrolled or clicked. On a slow network that is seconds, and when the vendor's server hangs it is until the time-out.",
    fix: "Ask the owner to use fetch or an asynchronous XMLHttpRequest, and navigator.sendBeacon for what has to leave as the page ends.",
    thresholds: &[REQUESTS],
    detect,
};

#[rustfmt::skip]
const REQUESTS: Threshold = Threshold {
    id: "requests", name: "synchronous requests beyond the control arm", value: 1.0, unit: Unit::Count,
    source: "the XMLHttpRequest standard warns that they are being removed from the platform for what they do to users; one is one too many",
};

fn detect(arms: &Arms) -> Vec<Finding> {
    let Some(calls) = arms.calls(&["sync_request"], &REQUESTS, |_, act| f64::from(act.count))
    else {
        return vec![];
    };
    let made = |evidence: &Evidence| count(evidence, "sync_request");
    let url = calls
        .first
        .map_or(String::new(), |act| printable(&act.what, 160));
    let did = format!(
        "asks for {url} with a synchronous request: the page stands still until the answer is there"
    );
    vec![arms.finding(
        &DETECTOR,
        Sighting {
            step: arms.step_at(calls.at_us),
            seen: calls.seen,
            culprit: calls.culprit,
            did,
            figures: vec![arms.figure("synchronous requests", Unit::Count, made)],
        },
    )]
}
