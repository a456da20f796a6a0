//! Nodes that are no longer in the document, and that the tag does not let go.

use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{After, Finding, Severity, Unit};
use crate::trace::Held;

pub const DETECTOR: Detector = Detector {
    id: "detached_nodes",
    name: "detached nodes that pile up",
    severity: Severity::Warning,
    what: "Nodes outside the document whose number grows with every interaction, or second by second while nobody touches the page, counted after garbage collections.",
    example: "A session recorder keeps every element that the page took out in a list, for a replay that it never sends.",
    needs_steps: &[],
    why: "Memory fills up with what nobody can see; garbage collections take longer and longer, until the tab is closed or the phone kills it.",
    fix: "Ask the owner to drop references to elements that left the document: WeakMap and WeakRef instead of lists, listeners taken away with their elements.",
    thresholds: &[NODES],
    detect,
};

#[rustfmt::skip]
const NODES: Threshold = Threshold {
    id: "nodes", name: "nodes outside the document gained by interactions of one kind or while nobody touches the page, beyond the control arm", value: 150.0, unit: Unit::Count,
    source: "after a garbage collection nothing is left of what a tag that behaves made and dropped; templates and fragments kept for later are made once, and left out by that",
};

/// For each element in the document, so many nodes of text and comments besides it are usual.
const WITH_TEXT: f64 = 3.0;

const HELD: Held = Held {
    gain: detached,
    level: |after| after.nodes,
    gauge: Some(|gauge| gauge.nodes),
};

/// Nodes beyond what elements that came or went explain.
fn detached(before: &After, after: &After) -> f64 {
    let (nodes, elements) = (after.nodes - before.nodes, after.elements - before.elements);
    let in_document = if elements > 0.0 {
        WITH_TEXT * elements
    } else {
        elements
    };
    nodes - in_document
}

fn detect(arms: &Arms) -> Vec<Finding> {
    let Some(grown) = arms.grows(HELD, &NODES) else {
        return Vec::new();
    };
    let did = format!(
        "keeps nodes that are not in the document: {}",
        grown.words(arms, Unit::Count)
    );
    vec![arms.finding(
        &DETECTOR,
        Sighting {
            culprit: grown.culprit(arms),
            did,
            step: grown.step(arms),
            figures: grown.figures(arms, "detached nodes", Unit::Count),
            seen: grown.seen,
        },
    )]
}
