//! Markup written into the document as it is parsed.

use super::shared::count;
use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Act, Finding, Severity, Unit};
use crate::trace::Evidence;

pub const DETECTOR: Detector = Detector {
    id: "document_write",
    name: "document.write",
    severity: Severity::Warning,
    what: "Calls of document.write and document.writeln by the tag, beyond those of the page without the tag.",
    example: "An advertising tag writes a second script element with document.write(\"<script src=…>\").",
    needs_steps: &[],
    why: "The parser has to stop and start anew with the written text, the preload scanner does not see what it asks for, and a script that is written holds the page up until it has arrived. Written after load, it erases the page. Browsers refuse it on slow connections.",
    fix: "Ask the owner to create elements with createElement and to put them in with append, with async scripts.",
    thresholds: &[WRITES],
    detect,
};

#[rustfmt::skip]
const WRITES: Threshold = Threshold {
    id: "writes", name: "calls beyond the control arm", value: 1.0, unit: Unit::Count,
    source: "the HTML standard discourages the method strongly; one is one too many",
};

fn detect(arms: &Arms) -> Vec<Finding> {
    let writes = |_: &Evidence, act: &Act| {
        if act.what == "open" || act.what.ends_with(" in frame") {
            0.0
        } else {
            f64::from(act.count)
        }
    };
    let Some(calls) = arms.calls(&["document_write"], &WRITES, writes) else {
        return vec![];
    };
    let length = |evidence: &Evidence| {
        let acts = evidence.inventory().into_iter().flat_map(|all| &all.acts);
        let acts = acts.filter(|act| act.kind == "document_write");
        acts.map(|act| act.length).fold(0.0, |a, b| a + b)
    };
    let written = |evidence: &Evidence| count(evidence, "document_write");
    let did = format!(
        "writes {} characters of markup into the document with document.write",
        Unit::Count.show(arms.with(length).round())
    );
    vec![arms.finding(
        &DETECTOR,
        Sighting {
            step: arms.step_at(calls.at_us),
            seen: calls.seen,
            culprit: calls.culprit,
            did,
            figures: vec![
                arms.figure("calls of document.write", Unit::Count, written),
                arms.figure("characters written", Unit::Count, length),
            ],
        },
    )]
}
