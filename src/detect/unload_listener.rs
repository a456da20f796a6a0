//! Listeners that wait for the page to be left in the way that phones never tell.

use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Finding, Severity, Unit};
use crate::trace::Evidence;

pub const DETECTOR: Detector = Detector {
    id: "unload_listener",
    name: "listener for unload",
    severity: Severity::Warning,
    what: "Listeners for `unload` that the tag adds. Those for `beforeunload` are told as a note: Chromium keeps pages in spite of them, Firefox does not.",
    example: "An analytics tag sends its queue in an `unload` listener.",
    needs_steps: &[],
    why: "A page with an unload listener is not kept in the back/forward cache: going back loads it from scratch instead of showing it at once. On phones the event mostly does not come at all, so that the data is lost as well.",
    fix: "Ask the owner to use `pagehide` and `visibilitychange` instead, with sendBeacon: https://web.dev/articles/bfcache#never-use-the-unload-event.",
    thresholds: &[LISTENERS],
    detect,
};

#[rustfmt::skip]
const LISTENERS: Threshold = Threshold {
    id: "listeners", name: "listeners for unload or beforeunload, beyond the control arm", value: 1.0, unit: Unit::Count,
    source: "one is enough: https://web.dev/articles/bfcache#never-use-the-unload-event",
};

/// The worse first.
const KINDS: &[&str] = &["unload", "beforeunload"];

/// Listeners that are there at the end, or that were added and taken away again: a page may be left in between.
fn count(arms: &Arms, evidence: &Evidence, kind: &str) -> f64 {
    let left = arms.listeners(evidence, &[kind]).len() as f64;
    let added = arms.acts(evidence, "listen").acts.into_iter();
    let added = added.filter(|act| is_for(&act.what, kind));
    left.max(added.map(|act| f64::from(act.count)).sum())
}

/// `unload passive=false`
fn is_for(what: &str, kind: &str) -> bool {
    what.split(' ').next() == Some(kind)
}

fn detect(arms: &Arms) -> Vec<Finding> {
    let found = KINDS.iter().find_map(|kind| {
        let enough = |evidence: &Evidence| count(arms, evidence, kind) >= arms.limit(&LISTENERS);
        Some((*kind, arms.seen(enough)?))
    });
    let Some((kind, seen)) = found else {
        return Vec::new();
    };
    let from_listeners = arms.blame_listeners(&[kind], |_| true);
    let culprit = from_listeners.or_else(|| {
        arms.blame_places(|evidence| {
            let added = arms.acts(evidence, "listen").acts.into_iter();
            let added = added.filter(|act| is_for(&act.what, kind));
            added
                .map(|act| (&act.code, 0, f64::from(act.count)))
                .collect()
        })
    });
    let figures = KINDS
        .iter()
        .map(|kind| {
            arms.figure(format!("{kind} listeners"), Unit::Count, |evidence| {
                count(arms, evidence, kind)
            })
        })
        .collect();
    let harm = if kind == "unload" {
        "the browser does not keep the page for going back"
    } else {
        "Firefox does not keep the page for going back"
    };
    let mut finding = arms.finding(
        &DETECTOR,
        Sighting {
            seen,
            culprit,
            did: format!("listens for {kind}: {harm}"),
            step: None,
            figures,
        },
    );
    if kind != "unload" {
        finding.severity = Severity::Note;
    }
    vec![finding]
}
