//! Elements that the tag adds to the document again and again.

use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Finding, Severity, Unit};
use crate::trace::Held;

pub const DETECTOR: Detector = Detector {
    id: "dom_growth",
    name: "document that grows without end",
    severity: Severity::Severe,
    what: "Elements that the tag adds to the document with every interaction, or second by second while nobody touches the page. What it puts in once does not count, nor what it takes out again.",
    example: "A heat map draws each click as an element of its own and never takes one away.",
    needs_steps: &[],
    why: "Style and layout take longer with every element, and memory fills up: the longer somebody stays on the page, the slower it gets, until the tab is closed.",
    fix: "Ask the owner to draw into one canvas, to use elements again, or to take out what is no longer shown.",
    thresholds: &[ELEMENTS],
    detect,
};

#[rustfmt::skip]
const ELEMENTS: Threshold = Threshold {
    id: "elements", name: "elements gained by interactions of one kind or while nobody touches the page, beyond the control arm", value: 100.0, unit: Unit::Count,
    source: "a widget is built once, in one part, and is left out by that; what is left in tags that behave is a handful of pixels and messages; one element for each of a scroll step's sixty events and its two texts make more in two such steps",
};

const HELD: Held = Held {
    gain: |before, after| after.elements - before.elements,
    level: |after| after.nodes,
    gauge: Some(|gauge| gauge.nodes),
};

fn detect(arms: &Arms) -> Vec<Finding> {
    let Some(grown) = arms.grows(HELD, &ELEMENTS) else {
        return Vec::new();
    };
    let did = format!(
        "keeps adding elements to the document: {}",
        grown.words(arms, Unit::Count)
    );
    vec![arms.finding(
        &DETECTOR,
        Sighting {
            culprit: grown.culprit(arms),
            did,
            step: grown.step(arms),
            figures: grown.figures(arms, "elements", Unit::Count),
            seen: grown.seen,
        },
    )]
}
