//! Memory that the tag takes again and again and never gives back.

use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{After, Finding, Severity, Unit};
use crate::trace::Held;

pub const DETECTOR: Detector = Detector {
    id: "heap_growth",
    name: "memory that grows without end",
    severity: Severity::Severe,
    what: "JavaScript memory, after garbage collections, that grows steadily and by much with every interaction, or second by second while nobody touches the page. What nodes and listeners take is left to the findings that name them.",
    example: "A heat map keeps a copy of the page's text for each scroll event, to send it when the visitor leaves.",
    needs_steps: &[],
    why: "The longer somebody stays on the page, the more memory it takes and the longer garbage collections stop it, until the browser reloads or kills the tab; phones do so at a few hundred megabytes.",
    fix: "Ask the owner to bound buffers and queues, to send and drop early, and to keep differences instead of copies.",
    thresholds: &[BYTES],
    detect,
};

#[rustfmt::skip]
const BYTES: Threshold = Threshold {
    id: "bytes", name: "memory gained by interactions of one kind or while nobody touches the page, beyond the control arm", value: 4e6, unit: Unit::Bytes,
    source: "assumed, not measured: a queue of a thousand events takes some 100 kB, and what is taken once does not count as growth",
};

/// What a node or a listener takes with all that hangs on it, bytes.
const NODE: f64 = 2000.0;
const LISTENER: f64 = 1000.0;

const HELD: Held = Held {
    gain: beyond_nodes,
    level: |after| after.heap_bytes,
    gauge: Some(|gauge| gauge.heap_bytes),
};

fn beyond_nodes(before: &After, after: &After) -> f64 {
    let nodes = (after.nodes - before.nodes).max(0.0);
    let listeners = (after.listeners - before.listeners).max(0.0);
    after.heap_bytes - before.heap_bytes - NODE * nodes - LISTENER * listeners
}

fn detect(arms: &Arms) -> Vec<Finding> {
    let Some(grown) = arms.grows(HELD, &BYTES) else {
        return Vec::new();
    };
    let did = format!(
        "takes memory and does not give it back: {}",
        grown.words(arms, Unit::Bytes)
    );
    vec![arms.finding(
        &DETECTOR,
        Sighting {
            culprit: grown.culprit(arms),
            did,
            step: grown.step(arms),
            figures: grown.figures(arms, "heap", Unit::Bytes),
            seen: grown.seen,
        },
    )]
}
