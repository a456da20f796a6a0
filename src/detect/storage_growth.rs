//! Storage of the page's origin that the tag fills bit by bit.

use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Finding, Severity, Unit};
use crate::trace::Evidence;

pub const DETECTOR: Detector = Detector {
    id: "storage_growth",
    name: "storage that fills up",
    severity: Severity::Warning,
    what: "What the tag writes into localStorage and sessionStorage, again and again during the visit, so that they hold more and more. What it writes once does not count, nor a value that is written over.",
    example: "A funnel tracker stores each scroll position under a key of its own.",
    needs_steps: &[],
    why: "Each write stops the main thread until it is stored, and all tags and the shop itself share some 5 MB: when they are full, writing fails for all of them, the basket included.",
    fix: "Ask the owner to keep what is yet to be sent in memory, to bound what is stored, and to delete it once sent.",
    thresholds: &[LENGTH, KEYS, WRITES],
    detect,
};

#[rustfmt::skip]
const LENGTH: Threshold = Threshold {
    id: "length", name: "characters gained after the page has loaded, beyond the control arm", value: 2000.0, unit: Unit::Count,
    source: "identifiers and settings take some hundred characters and are written over; a visit of a few seconds that leaves 2000 more fills the usual 5 million of an origin within hours",
};
#[rustfmt::skip]
const KEYS: Threshold = Threshold {
    id: "keys", name: "keys that the tag left, beyond the control arm", value: 20.0, unit: Unit::Count,
    source: "assumed, not measured: a tag that behaves needs few keys, under fixed names",
};
#[rustfmt::skip]
const WRITES: Threshold = Threshold {
    id: "writes", name: "writes by the tag that lie at least half a second apart from first to last", value: 6.0, unit: Unit::Count,
    source: "fewer may be what one visit has to say; a cache is filled at once",
};

const KIND: &str = "storage_write";

/// From the first to the last, seconds.
const SPREAD_S: f64 = 0.5;

/// By how much storage is larger at the end than when the page had loaded.
fn gained(evidence: &Evidence) -> f64 {
    evidence.gained(|after| after.storage_length)
}

/// Keys that are there at the end.
fn keys(evidence: &Evidence) -> f64 {
    evidence
        .inventory()
        .map_or(0.0, |all| all.stored.len() as f64)
}

fn detect(arms: &Arms) -> Vec<Finding> {
    let (most_length, most_keys) = (arms.most_without(gained), arms.most_without(keys));
    let seen = arms.seen(|evidence| {
        let written = arms.acts(evidence, KIND);
        let grows = gained(evidence) - most_length >= arms.limit(&LENGTH)
            || keys(evidence) - most_keys >= arms.limit(&KEYS);
        grows && written.count() >= arms.limit(&WRITES) && written.spread_s() >= SPREAD_S
    });
    let Some(seen) = seen else {
        return Vec::new();
    };
    let did = format!(
        "keeps filling the page's storage: {} characters more and {} keys in {} writes, and none is taken away",
        arms.with(gained).round(),
        arms.with(keys).round(),
        arms.with(|evidence| arms.acts(evidence, KIND).count())
            .round(),
    );
    let figures = vec![
        arms.figure("characters gained in storage", Unit::Count, gained),
        arms.figure("keys in storage at the end", Unit::Count, keys),
        arms.figure("writes by the tag", Unit::Count, |evidence| {
            arms.acts(evidence, KIND).count()
        }),
        arms.figure("characters that the tag wrote", Unit::Count, |evidence| {
            arms.acts(evidence, KIND).length()
        }),
    ];
    vec![arms.finding(
        &DETECTOR,
        Sighting {
            seen,
            culprit: arms.blame_acts(KIND),
            did,
            step: None,
            figures,
        },
    )]
}
