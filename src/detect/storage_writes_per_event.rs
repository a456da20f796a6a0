//! Writes to storage for each move, turn of the wheel, or key.

use super::input::{NEAR_US, Often};
use super::{Arms, Detector, Threshold};
use crate::model::{Finding, Severity, Unit};
use crate::trace::{Evidence, Work};

pub const DETECTOR: Detector = Detector {
    id: "storage_writes_per_event",
    name: "storage writes per event",
    severity: Severity::Warning,
    what: "Writes of the tag to localStorage, sessionStorage or document.cookie within scroll, wheel, pointer, mouse, touch, resize, key or input events, or in what these ask for, per event.",
    example: "A session recorder keeps its queue in localStorage and writes it anew for each scroll event.",
    needs_steps: &["scroll", "hover", "type", "press", "click"],
    why: "These interfaces make the main thread wait, for another process or for the disk, in the middle of the user's movement; cookies also grow every later request.",
    fix: "Ask the owner to keep the state in memory and to write it when the user rests or when the page is hidden, or to use IndexedDB.",
    thresholds: THRESHOLDS,
    detect,
};

#[rustfmt::skip]
const WRITES: Threshold = Threshold {
    id: "writes", name: "writes per event, beyond the control arm", value: 0.3, unit: Unit::Score,
    source: "one or more for each event in the worst; a tag that writes at most ten times per second has 0.17 of sixty, one that waits for rest at most 0.05",
};
#[rustfmt::skip]
const ENOUGH: Threshold = Threshold {
    id: "enough", name: "writes within such events in a visit", value: 4.0, unit: Unit::Count,
    source: "a session's or a visitor's mark is written once or twice at the first event",
};

const THRESHOLDS: &[Threshold] = &[WRITES, ENOUGH];

const OFTEN: Often = Often {
    detector: &DETECTOR,
    limit: &WRITES,
    enough: &ENOUGH,
    what: "storage writes",
    made,
    did: |worst, times| {
        format!(
            "writes to storage {:.1} times for each {} event, {times:.0} times in a visit",
            worst.per_event, worst.kind,
        )
    },
};

fn detect(arms: &Arms) -> Vec<Finding> {
    OFTEN.detect(arms)
}

/// The work for events within which the tag wrote, once for each write.
fn made<'e>(evidence: &'e Evidence) -> Vec<&'e Work> {
    let stored = evidence.tags_acts("storage_write");
    let writes = stored.chain(evidence.tags_acts("cookie_write"));
    let times = writes.flat_map(|act| evidence.times_of(act));
    times
        .filter_map(|time| evidence.inputs().at(time, NEAR_US))
        .collect()
}
