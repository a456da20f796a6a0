//! Listeners that the browser must wait for before it may scroll.

use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Act, CodeLocation, Finding, Severity, Unit};
use crate::trace::Evidence;

pub const DETECTOR: Detector = Detector {
    id: "blocking_listener",
    name: "listener that holds up scrolling",
    severity: Severity::Warning,
    what: "Listeners of the tag for wheel, touchstart or touchmove that are not passive, and that work, prevent the default, or stand at the window, the document or its body, where browsers take such listeners for passive unless told otherwise.",
    example: "A widget listens for wheel at the window with passive: false to count how often the page is scrolled.",
    needs_steps: &[],
    why: "Before each piece of scrolling the browser must ask the main thread whether the listener forbids it: scrolling stutters whenever the main thread is busy, with whatever.",
    fix: "Ask the owner to add the listener with { passive: true }; where scrolling is to be prevented, to say so with the CSS property touch-action or overscroll-behavior on the element.",
    thresholds: THRESHOLDS,
    detect,
};

#[rustfmt::skip]
const LISTENERS: Threshold = Threshold {
    id: "listeners", name: "such listeners, beyond the control arm", value: 1.0, unit: Unit::Count,
    source: "one is enough to make scrolling wait: https://developer.chrome.com/docs/lighthouse/best-practices/uses-passive-event-listeners",
};
#[rustfmt::skip]
const WORK: Threshold = Threshold {
    id: "work", name: "CPU time of a listener of an element per event, from which on it works", value: 1.0, unit: Unit::Ms,
    source: "a listener that notes a position takes 0.1 ms",
};

const THRESHOLDS: &[Threshold] = &[LISTENERS, WORK];

/// Events that scroll.
pub const KINDS: &[&str] = &["wheel", "mousewheel", "touchstart", "touchmove"];

struct Blocker<'v> {
    code: &'v CodeLocation,
    script: u32,
    kind: &'v str,
}

fn detect(arms: &Arms) -> Vec<Finding> {
    let work_us = arms.limit(&WORK) * 1e3;
    let count = |evidence: &Evidence| blockers(evidence, work_us).len() as f64;
    let Some(seen) = arms.exceeds(&LISTENERS, count) else {
        return Vec::new();
    };
    let kinds = |evidence: &Evidence| -> Vec<String> {
        let all = blockers(evidence, work_us).into_iter();
        let mut kinds: Vec<String> = all.map(|at| at.kind.to_owned()).collect();
        kinds.sort();
        kinds.dedup();
        kinds
    };
    let kinds = arms.with.iter().map(kinds).find(|kinds| !kinds.is_empty());
    let culprit = arms.blame_places(|evidence| {
        let all = blockers(evidence, work_us).into_iter();
        all.map(|at| {
            let worked = worked_us(evidence, at.code, at.kind);
            (at.code, at.script, 1.0 + worked)
        })
        .collect()
    });
    let sighting = Sighting {
        seen,
        culprit,
        did: format!(
            "listens for {} without being passive, so that scrolling waits for the main thread",
            kinds.unwrap_or_default().join(", ")
        ),
        step: None,
        figures: vec![arms.figure("listeners that hold up scrolling", Unit::Count, count)],
    };
    vec![arms.finding(&DETECTOR, sighting)]
}

fn blockers<'v>(evidence: &Evidence<'v>, work_us: f64) -> Vec<Blocker<'v>> {
    let prevents = |kind: &str| {
        let mut acts = evidence.tags_acts("prevent_default");
        acts.any(|act| act.what == kind)
    };
    let mut found = Vec::new();
    for at in evidence
        .inventory()
        .into_iter()
        .flat_map(|all| &all.listeners)
    {
        let scrolls = !at.passive && KINDS.contains(&at.kind.as_str());
        let root = ["window", "document", "html", "body"].contains(&at.target.as_str());
        if scrolls && root && evidence.is_tags(&at.code, at.script) {
            found.push(Blocker {
                code: &at.code,
                script: at.script,
                kind: &at.kind,
            });
        }
    }
    for act in evidence.tags_acts("listen") {
        let Some(kind) = blocks(act) else { continue };
        // Those at the roots were found above, unless they have been taken away.
        if found.iter().any(|at| at.kind == kind) {
            continue;
        }
        if prevents(kind) || tags_work_us(evidence, kind) >= work_us {
            found.push(Blocker {
                code: &act.code,
                script: 0,
                kind,
            });
        }
    }
    found
}

/// What a listener that is not passive was added for: `wheel passive=false`.
fn blocks(act: &Act) -> Option<&str> {
    let kind = act.what.strip_suffix(" passive=false")?;
    KINDS.contains(&kind).then_some(kind)
}

/// CPU time of the calls of one listener, microseconds.
fn worked_us(evidence: &Evidence, code: &CodeLocation, kind: &str) -> f64 {
    let calls = evidence.callbacks().calls.iter();
    let own = calls.filter(|call| call.dispatched == Some(kind) && call.code == code);
    own.fold(0.0, |sum, call| sum + call.cpu_us)
}

/// CPU time of the tag's listeners per event of the kind, microseconds.
fn tags_work_us(evidence: &Evidence, kind: &str) -> f64 {
    let calls = evidence.callbacks().calls.iter();
    let own = calls
        .filter(|call| call.dispatched == Some(kind) && evidence.is_tags(call.code, call.script));
    let (count, cpu) = own.fold((0.0, 0.0), |(count, cpu), call| {
        (count + 1.0, cpu + call.cpu_us)
    });
    if count > 0.0 { cpu / count } else { 0.0 }
}
