//! Requests for each move, turn of the wheel, or key.

use super::input::{NEAR_US, Often};
use super::{Arms, Detector, Threshold};
use crate::model::{Finding, Severity, Unit};
use crate::trace::{Evidence, Work};

pub const DETECTOR: Detector = Detector {
    id: "requests_per_event",
    name: "requests per event",
    severity: Severity::Warning,
    what: "Requests that the tag makes within scroll, wheel, pointer, mouse, touch, resize, key or input events, or in what these ask for, per event. One for many events, as a tag that gathers them has, does not count.",
    example: "A heat map sends a pixel for each mousemove.",
    needs_steps: &["scroll", "hover", "type", "press", "click"],
    why: "Hundreds of requests per visit take bandwidth and battery from what the user waits for, and main-thread time for each of them.",
    fix: "Ask the owner to gather events and to send them together every few seconds, or with sendBeacon when the page is hidden.",
    thresholds: THRESHOLDS,
    detect,
};

#[rustfmt::skip]
const REQUESTS: Threshold = Threshold {
    id: "requests", name: "requests per event, beyond the control arm", value: 0.3, unit: Unit::Score,
    source: "one for each event in the worst; a tag that sends at most ten times per second has 0.17 of sixty, one that gathers at most 0.05",
};
#[rustfmt::skip]
const ENOUGH: Threshold = Threshold {
    id: "enough", name: "requests within such events in a visit", value: 4.0, unit: Unit::Count,
    source: "a tag that loads its parts at the first events needs one to three",
};

const THRESHOLDS: &[Threshold] = &[REQUESTS, ENOUGH];

const OFTEN: Often = Often {
    detector: &DETECTOR,
    limit: &REQUESTS,
    enough: &ENOUGH,
    what: "requests",
    made,
    did: |worst, times| {
        format!(
            "makes {:.1} requests for each {} event, {times:.0} in a visit",
            worst.per_event, worst.kind,
        )
    },
};

fn detect(arms: &Arms) -> Vec<Finding> {
    OFTEN.detect(arms)
}

/// The work for events within which the tag made a request, once for each request.
fn made<'e>(evidence: &'e Evidence) -> Vec<&'e Work> {
    let fetches = evidence.trace().map_or(&[][..], |trace| &trace.fetches);
    let turns = &evidence.turns().all;
    let own = fetches.iter().filter(|fetch| fetch.kind != "Document");
    let within = own.filter_map(|fetch| {
        let work = evidence.inputs().at(fetch.start_us, NEAR_US)?;
        let turn = &turns[work.turn];
        // An image's request has no stack: it is of the code that ran then.
        let tags = evidence.is_tags(turn.code, turn.script) || evidence.asked_by_tag(fetch);
        tags.then_some(work)
    });
    within.collect()
}
