//! Requests for each move, turn of the wheel, or key.

use super::input::{NEAR_US, per_event, step, worst};
use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Fetch, Finding, Severity, Unit};
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

fn detect(arms: &Arms) -> Vec<Finding> {
    let count = |evidence: &Evidence, kind: &str| {
        let made = made(evidence).into_iter();
        made.filter(|(work, _)| work.kind == kind).count() as f64
    };
    let enough = arms.limit(&ENOUGH);
    let each = |evidence: &Evidence, kind: &str| per_event(evidence, kind, count(evidence, kind));
    let worst = worst(
        arms,
        &REQUESTS,
        |_| true,
        each,
        |evidence, kind| count(evidence, kind) >= enough,
    );
    let Some(worst) = worst else {
        return Vec::new();
    };
    let kind = worst.kind;
    let culprit = arms.blame_places(|evidence| {
        let turns = &evidence.turns().all;
        let made = made(evidence).into_iter();
        made.filter(|(work, _)| work.kind == kind)
            .map(|(work, _)| (turns[work.turn].code, turns[work.turn].script, 1.0))
            .collect()
    });
    let sighting = Sighting {
        seen: worst.seen,
        culprit,
        did: format!(
            "makes {:.1} requests for each {kind} event, {:.0} in a visit",
            worst.per_event,
            arms.with(|evidence| count(evidence, kind))
        ),
        step: step(arms, kind),
        figures: vec![
            arms.figure(format!("{kind} events"), Unit::Count, |evidence| {
                evidence.inputs().count(kind) as f64
            }),
            arms.figure(
                format!("requests within {kind} events"),
                Unit::Count,
                |evidence| count(evidence, kind),
            ),
        ],
    };
    vec![arms.finding(&DETECTOR, sighting)]
}

/// The tag's requests within the work for events, each with that work.
fn made<'e, 'v>(evidence: &'e Evidence<'v>) -> Vec<(&'e Work, &'v Fetch)> {
    let fetches = evidence.trace().map_or(&[][..], |trace| &trace.fetches);
    let turns = &evidence.turns().all;
    let own = fetches.iter().filter(|fetch| fetch.kind != "Document");
    let within = own.filter_map(|fetch| {
        let work = evidence.inputs().at(fetch.start_us, NEAR_US)?;
        let turn = &turns[work.turn];
        // An image's request has no stack: it is of the code that ran then.
        let tags = evidence.is_tags(turn.code, turn.script) || evidence.asked_by_tag(fetch);
        tags.then_some((work, fetch))
    });
    within.collect()
}
